//! Logs that nobody of this project wrote, read where they lie: `shared/data`
//! beside the checkout, or `GAMYEONG_SHARED`. Without them a line says so.
//!
//! The numbers of lines and addresses are those of the list that came with
//! the files.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use memchr::memmem;
use serde_json::Value;

use crate::house::{DATE, House, PIPELINE, Said, column, conserved, files, is_table, rows, texts};

/// The file of that name, unpacked, or `None` with a line that says so.
fn real(name: &str) -> Option<(PathBuf, Vec<u8>)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let data = std::env::var_os("GAMYEONG_SHARED").map_or(beside, PathBuf::from);
    let path = data.join(name);
    let Ok(packed) = fs::read(&path) else {
        let _ = writeln!(std::io::stderr(), "skipped: {} is not there", path.display());
        return None;
    };
    let mut text = Vec::new();
    // A damaged file gives what is before the damage.
    let _ = MultiGzDecoder::new(&*packed).read_to_end(&mut text);
    Some((path, text))
}

/// A house with a pipeline over a real log that takes no row out: everybody
/// is in one class.
fn house(format: &str, max_rejects: &str) -> House {
    let house = House::new();
    let mut text = PIPELINE
        .replace("format = \"combined\"", &format!("format = \"{format}\""))
        .replace("max_rejects = 0.2", &format!("max_rejects = {max_rejects}"))
        .replace(
            "user = \"drop\"",
            "status = { as = \"all\", category = { map = {}, other = \"all\" } }",
        )
        .replace("status = { as = \"status\", keep = \"integer\" }\n", "")
        .replace("quasi_identifiers = [\"net\", \"hour\"]", "quasi_identifiers = [\"all\"]")
        .replace("path = 2\n", "path = 3\nquery = 3\nmethod = 3\nnet = 3\n")
        .replace("referer = 2\n", "referer = 3\nbrowser = 3\n");
    if format == "common" {
        for field in [
            "referer = { as = \"referer\", path = \"plain\" }\n",
            "agent = { as = \"browser\", agent = \"family\" }\n",
            "referer = 3\n",
            "browser = 3\n",
        ] {
            text = text.replace(field, "");
        }
    }
    house.put("pipelines/visits.toml", text);
    house
}

#[track_caller]
fn run(house: &House, log: &Path, threads: &str) -> Value {
    let input = format!("web={}", log.display());
    let mut night = house.night(DATE, &["--json", "--input", &input]);
    let said = Said::from(night.env("RAYON_NUM_THREADS", threads).output().unwrap());
    said.exits(0).json().pop().unwrap()
}

/// What stands between two quotes, counted from the end.
fn quoted(line: &[u8], from_end: usize) -> Option<&[u8]> {
    line.rsplit(|byte| *byte == b'"').nth(2 * from_end + 1)
}

/// Everything in a house that may leave it: files but for the vault, and the
/// values of tables.
fn leaves(house: &House) -> Vec<u8> {
    let kept_apart = ["vault", "keys", "custodian"].map(|dir| house.path(dir));
    let mut all = Vec::new();
    for path in files(&house.root) {
        if kept_apart.iter().any(|dir| path.starts_with(dir)) {
            continue;
        }
        all.extend(fs::read(&path).unwrap());
        if is_table(&path) {
            for batch in rows(&path) {
                for column in batch.columns() {
                    // Each value once, for the sake of time.
                    let values: BTreeSet<_> = texts(column).into_iter().flatten().collect();
                    all.extend(values.into_iter().flat_map(|value| (value + "\n").into_bytes()));
                }
            }
        }
    }
    all
}

/// Checks that none of the words is in what leaves.
#[track_caller]
fn holds_none<'w>(hay: &[u8], words: impl IntoIterator<Item = &'w [u8]>) {
    let mut searched = 0;
    for word in words {
        searched += 1;
        let found = memmem::find(hay, word);
        assert_eq!(found, None, "{}", String::from_utf8_lossy(word));
    }
    assert!(searched > 0);
}

fn addresses(text: &[u8]) -> BTreeSet<&[u8]> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| line.split(|byte| *byte == b' ').next().unwrap()).collect()
}

/// User agents that one address alone has, and that are more than a name.
fn rare_agents(text: &[u8], from_end: usize) -> Vec<&[u8]> {
    let mut seen = std::collections::BTreeMap::<&[u8], BTreeSet<&[u8]>>::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Some(agent) = quoted(line, from_end).filter(|agent| agent.len() > 40) else { continue };
        seen.entry(agent).or_default().insert(line.split(|byte| *byte == b' ').next().unwrap());
    }
    seen.into_iter().filter(|(_, hosts)| hosts.len() == 1).map(|(agent, _)| agent).collect()
}

/// One night over a whole log: what comes out, and that nothing else does.
#[track_caller]
fn night(name: &str, format: &str, lines: u64, persons: usize, agent_from_end: usize) {
    let Some((path, text)) = real(name) else { return };
    let house = house(format, "0.01");
    // The secret of the month, for the copy to have too.
    house.put("one.log", &text[..=memchr::memchr(b'\n', &text).unwrap()]);
    let one = format!("web={}", house.path("one.log").display());
    let _ = house.night("2026-11-19", &["--input", &one]).output().unwrap();
    fs::remove_file(house.path("one.log")).unwrap();
    let other = house.copied();

    let report = run(&house, &path, "1");
    assert_eq!(report["outcome"], "published");
    let [read, kept, rejected, suppressed, excluded, blank] = conserved(&report);
    assert_eq!(read, lines);
    assert_eq!((suppressed, excluded, blank), (0, 0, 0));
    assert_eq!(kept + rejected, lines);
    let table = house.table(DATE);
    let visitors: BTreeSet<String> = column(&table, "visitor").into_iter().flatten().collect();
    assert_eq!(visitors.len(), persons);

    // Every rejected line is explained.
    let records = house.records();
    let commit = records.iter().rfind(|record| record["type"] == "run.commit").unwrap();
    let by = commit["body"]["sources"][0]["rejected_by"].as_object().unwrap();
    assert_eq!(by.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), rejected);
    assert_eq!(commit["body"]["sources"][0]["unread"], serde_json::json!({}));

    let hay = leaves(&house);
    holds_none(&hay, addresses(&text));
    holds_none(&hay, rare_agents(&text, agent_from_end));
    house.verify();

    let before = house.tree();
    assert_eq!(run(&house, &path, "2")["outcome"], "unchanged");
    assert_eq!(house.tree(), before);

    run(&other, &path, "2");
    assert!(fs::read(other.table(DATE)).unwrap() == fs::read(&table).unwrap());
}

#[test]
fn the_log_of_a_shop_gives_its_visitors_and_nothing_else() {
    night("web/zanbil-100k.log.gz", "combined+xff", 100_000, 3_672, 1);
}

#[test]
fn the_log_of_a_blog_gives_its_visitors_and_nothing_else() {
    night("web/apache-10k.log.gz", "combined", 10_000, 1_753, 0);
}

#[test]
fn broken_lines_are_rejected_with_their_reasons() {
    let Some((path, text)) = real("web/nasa-broken-lines.log.gz") else { return };
    let house = house("common", "0.05");
    // Names of hosts, not addresses.
    house.edit(
        "pipelines/visits.toml",
        "pseudonym = { domain = \"ip\" }",
        "pseudonym = { domain = \"ip\", kind = \"text\" }",
    );
    let report = run(&house, &path, "2");
    let [lines, kept, rejected, suppressed, _, blank] = conserved(&report);
    assert_eq!((lines, rejected, suppressed, blank), (1_930, 89, 0, 0));
    // A line that was broken has one of its two quotes.
    let whole = text.split(|byte| *byte == b'\n').filter(|line| {
        memchr::memchr_iter(b'"', line).count() == 2 && memmem::find(line, b" - - [").is_some()
    });
    let hosts: BTreeSet<&[u8]> =
        whole.map(|line| line.split(|byte| *byte == b' ').next().unwrap()).collect();
    let visitors = column(&house.table(DATE), "visitor");
    assert_eq!(visitors.len() as u64, kept);
    let different: BTreeSet<_> = visitors.into_iter().map(Option::unwrap).collect();
    assert_eq!(different.len(), hosts.len());
    holds_none(&leaves(&house), hosts.into_iter().filter(|host| host.len() > 8));
    house.verify();

    // With the usual limit it is refused.
    let strict = self::house("common", "0.01");
    let input = format!("web={}", path.display());
    let said = strict.run(&["--input", &input]).exits(4);
    assert!(said.err.contains("89 of 1930 lines rejected"), "{}", said.err);
    strict.holds_no_output();
}

#[test]
fn a_damaged_file_leaves_nothing_behind() {
    let (Some((lost, _)), Some((whole, text))) =
        (real("web/hackers-3k.log.gz"), real("web/apache-10k.log.gz"))
    else {
        return;
    };
    let house = house("combined", "1.0");
    let packed = fs::read(whole).unwrap();
    house.put("half.log.gz", &packed[..packed.len() / 2]);
    for (path, expected) in
        [(lost, "input not readable"), (house.path("half.log.gz"), "gzip data not usable after")]
    {
        let said = house.run(&["--input", &format!("web={}", path.display())]).exits(4);
        assert!(said.err.contains(expected), "{}", said.err);
        house.holds_no_output();
        house.verify();
    }
    fs::remove_file(house.path("half.log.gz")).unwrap();
    holds_none(&leaves(&house), addresses(&text));
}
