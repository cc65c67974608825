//! Rules about the sources, checked against the sources: the arrows of
//! ARCHITECTURE.md, the length of files, who prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::house::files;

/// What each module of `src` may name. Top of the program first: a module may
/// only name modules further down, so the table has no cycle.
///
/// An arrow that is missing here fails the test, and so does one that is here
/// and no longer drawn in the sources.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "cli",
        &[
            "assess", "config", "demo", "error", "fs", "ledger", "parse", "pipeline", "report",
            "split", "vault",
        ],
    ),
    ("demo", &[]),
    ("report", &["fs", "ledger"]),
    (
        "pipeline",
        &[
            "aside", "assess", "config", "error", "fs", "ledger", "lookup", "parse", "protect",
            "release", "scan", "source", "split", "vault",
        ],
    ),
    (
        "error",
        &[
            "assess", "config", "fs", "ledger", "lookup", "parse", "protect", "release", "source",
            "vault",
        ],
    ),
    ("config", &["assess", "fs", "lookup", "notation", "parse", "protect", "split", "vault"]),
    ("release", &["assess", "fs"]),
    ("assess", &["aside", "protect", "scan"]),
    ("protect", &["aside", "notation", "scan", "split", "vault"]),
    ("split", &["parse"]),
    ("lookup", &["notation", "parse"]),
    ("parse", &["source"]),
    ("source", &["fs"]),
    ("notation", &[]),
    ("scan", &[]),
    ("aside", &["vault"]),
    ("vault", &["fs", "sha256"]),
    ("ledger", &["fs", "sha256"]),
    ("sha256", &[]),
    ("fs", &[]),
];

/// Most lines of a file, its unit tests not counted.
const MOST_LINES: usize = 450;

#[test]
fn sources_follow_the_table() {
    let table: BTreeMap<String, BTreeSet<String>> = ARROWS
        .iter()
        .map(|(module, targets)| {
            (module.to_string(), targets.iter().map(ToString::to_string).collect())
        })
        .collect();

    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in sources() {
        let module = module(&path);
        if module == "lib" || module == "main" {
            continue;
        }
        let mut targets = named(&code(&path));
        targets.remove(&module);
        found.entry(module).or_default().append(&mut targets);
    }

    assert_eq!(found, table);
}

#[test]
fn table_points_down_only() {
    for (row, (module, targets)) in ARROWS.iter().enumerate() {
        for target in *targets {
            let is_below = ARROWS[row + 1..].iter().any(|(below, _)| below == target);
            assert!(is_below, "`{module}` points up at `{target}`");
        }
    }
}

#[test]
fn vault_and_ledger_never_name_each_other() {
    for (module, targets) in ARROWS {
        let other = match *module {
            "vault" => "ledger",
            "ledger" => "vault",
            _ => continue,
        };
        assert!(!targets.contains(&other), "`{module}` names `{other}`");
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<(PathBuf, usize)> = sources()
        .into_iter()
        .filter(|path| !is_test(path))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().take_while(|line| *line != "mod tests {").count();
            (path, lines)
        })
        .filter(|(_, lines)| *lines > MOST_LINES)
        .collect();
    assert!(long.is_empty(), "more than {MOST_LINES} lines: {long:?}");
}

#[test]
fn no_test_is_left_out() {
    let attribute = ["#[", "ignore"].concat();
    for path in sources().into_iter().chain(files(&root().join("tests/it"))) {
        assert!(!code(&path).contains(&attribute), "{}", path.display());
    }
}

#[test]
fn only_the_command_line_prints() {
    // Tests say what they skip.
    for path in sources().into_iter().filter(|path| module(path) != "cli" && !is_test(path)) {
        let code = code(&path);
        for call in ["println!", "print!(", "dbg!(", "io::stdout()", "io::stderr()"] {
            // `main` hands the two streams to `cli`.
            let is_handed_over = module(&path) == "main" && call.starts_with("io::");
            assert!(is_handed_over || !code.contains(call), "{call} in {}", path.display());
        }
    }
}

#[test]
fn modules_are_named_from_the_top_not_over_two_parents() {
    let path_up = ["super", "super"].join("::");
    for path in sources().into_iter().filter(|path| !is_test(path)) {
        assert!(!code(&path).contains(&path_up), "{}", path.display());
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<PathBuf> {
    files(&root().join("src"))
}

/// True for `tests.rs` and what lies in `tests/`: their grandparent is the
/// module they test.
fn is_test(path: &Path) -> bool {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    path.ends_with("tests.rs") || inside.iter().any(|part| part == "tests")
}

/// The top-level module that a file belongs to.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    Path::new(inside.iter().next().unwrap()).file_stem().unwrap().to_str().unwrap().to_owned()
}

/// A file without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines.join("\n")
}

/// The top-level modules that one file names.
fn named(code: &str) -> BTreeSet<String> {
    let group = ["crate", "{"].join("::");
    assert!(!code.contains(&group), "one `use` per module, so that arrows can be counted");
    let is_ident = |c: &char| c.is_alphanumeric() || *c == '_';
    code.split("crate::").skip(1).map(|path| path.chars().take_while(is_ident).collect()).collect()
}
