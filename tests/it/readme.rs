//! The commands of `README.md` and of the audit's walk-through, run in their order in an empty directory, and
//! the paths and tests that the documents name.
//!
//! `...` stands for any lines of output, `[..]` for any part of a line. `cargo
//! run --release --` is this build's program here, because a second build would
//! take minutes and test the compiler. A `toml` block whose first line is a
//! comment with a path is written there. The `python` block is run by `.ci/run`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Commands that are shown and not run here, and why.
const NOT_RUN: [(&str, &str); 2] = [
    ("cargo test", "it is what runs this"),
    ("cargo install --path .", "it writes outside the directory; `.ci/run` builds the same"),
];

const CARGO_RUN: &str = "cargo run --release -- ";

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
}

/// A command, and the output that is shown for it, if any is.
struct Shown {
    command: String,
    output: Option<Vec<String>>,
}

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language: language.to_owned(), lines: Vec::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

impl Block {
    fn commands(&self) -> Vec<Shown> {
        let mut commands: Vec<Shown> = Vec::new();
        for line in &self.lines {
            if let Some(command) = line.strip_prefix("$ ") {
                commands.push(Shown { command: command.to_owned(), output: Some(Vec::new()) });
            } else if self.language == "sh" {
                let command = line.split("  #").next().unwrap().trim().to_owned();
                commands.push(Shown { command, output: None });
            } else {
                commands.last_mut().unwrap().output.as_mut().unwrap().push(line.clone());
            }
        }
        commands
    }
}

/// Runs a command in `dir` and gives its standard output.
fn output(command: &str, dir: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_gamyeong"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let command = match command.strip_prefix(CARGO_RUN) {
        Some(arguments) => format!("gamyeong {arguments}"),
        None => command.to_owned(),
    };
    let is_run = ["gamyeong ", "cp "].iter().any(|program| command.starts_with(program));
    assert!(is_run, "`{command}` is neither run nor in `NOT_RUN`");
    // A shell, because the page has globs.
    let done = Command::new("sh")
        .args(["-c", &command])
        .current_dir(dir)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "$ {command}\n{stderr}");
    assert_eq!(stderr, "", "$ {command}");
    String::from_utf8(done.stdout).unwrap()
}

fn matches(pattern: &str, line: &str) -> bool {
    let Some((start, rest)) = pattern.split_once("[..]") else { return pattern == line };
    let Some(line) = line.strip_prefix(start) else { return false };
    let mut ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    ends.any(|at| matches(rest, &line[at..]))
}

fn all_match(patterns: &[String], lines: &[&str]) -> bool {
    match patterns.split_first() {
        None => lines.is_empty(),
        Some((pattern, rest)) if pattern == "..." => {
            (0..=lines.len()).any(|skipped| all_match(rest, &lines[skipped..]))
        }
        Some((pattern, rest)) => match lines.split_first() {
            Some((line, lines)) => matches(pattern, line) && all_match(rest, lines),
            None => false,
        },
    }
}

#[test]
fn every_command_does_what_the_page_shows() {
    assert!(runs("README.md") >= 8);
}

#[test]
fn an_audit_goes_as_the_walk_through_shows_it() {
    assert_eq!(runs("docs/audit.md"), 11);
}

#[test]
fn an_audit_goes_as_the_korean_walk_through_shows_it() {
    assert_eq!(runs("docs/audit.ko.md"), 11);
}

/// Runs the commands of a page and compares. Gives their number.
fn runs(page: &str) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let mut done: BTreeMap<String, String> = BTreeMap::new();
    for block in blocks(&document(page)) {
        match block.language.as_str() {
            "sh" | "console" => {}
            "toml" => {
                let path = block.lines[0].strip_prefix("# ").unwrap();
                std::fs::File::create(dir.path().join(path))
                    .and_then(|mut file| {
                        std::io::Write::write_all(&mut file, block.lines.join("\n").as_bytes())
                    })
                    .unwrap();
                continue;
            }
            "python" => continue,
            other => assert_eq!(other, "", "a block in another language is not checked"),
        }
        for shown in block.commands() {
            if NOT_RUN.iter().any(|(command, _)| *command == shown.command) {
                continue;
            }
            // A command that stands twice is one run, told and then shown.
            let text = done
                .entry(shown.command.clone())
                .or_insert_with(|| output(&shown.command, dir.path()));
            let lines: Vec<&str> = text.lines().collect();
            if let Some(patterns) = &shown.output {
                assert!(
                    all_match(patterns, &lines),
                    "$ {}\n{text}\nthe page shows\n{}",
                    shown.command,
                    patterns.join("\n")
                );
            }
        }
    }
    done.len()
}

#[test]
fn wildcards_stand_for_any_lines_and_any_part_of_a_line() {
    let patterns = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let shown = patterns("a\n...\nc [..] e");
    assert!(all_match(&shown, &["a", "c d e"]));
    assert!(all_match(&shown, &["a", "b", "c ", "c dd e"]));
    assert!(!all_match(&shown, &["a", "b", "c d f"]));
    assert!(!all_match(&shown, &["a", "c d e", "f"]));
    assert!(!all_match(&shown, &["b", "a", "c d e"]));
}

#[test]
fn commands_that_are_not_run_stand_on_the_page() {
    let commands: Vec<String> = blocks(&document("README.md"))
        .iter()
        .filter(|block| block.language == "sh")
        .flat_map(Block::commands)
        .map(|shown| shown.command)
        .collect();
    for (command, _) in NOT_RUN {
        assert!(commands.iter().any(|shown| shown == command), "{command}");
    }
}

/// Pieces of a line in backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn every_file_and_test_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["src/", "tests/", "benches/", "pipelines/", ".ci/", "keys."];
    let mut named = 0;
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        for line in document(name).lines() {
            let mut text = String::new();
            for piece in quoted(line) {
                if places.iter().any(|place| piece.starts_with(place)) && !piece.contains('<') {
                    let path = root.join(piece);
                    assert!(path.exists(), "{name} names `{piece}`, which is not there");
                    text = std::fs::read_to_string(path).unwrap_or_default();
                    named += 1;
                } else if !text.is_empty() && piece.matches('_').count() > 2 {
                    let head = format!("fn {piece}(");
                    assert!(text.contains(&head), "{name} names `{piece}`, which is not there");
                    named += 1;
                }
            }
        }
    }
    assert!(named > 20, "only {named} were found");
}
