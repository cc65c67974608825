//! The same input, keys and pipeline give the same bytes; anything else gives
//! pseudonyms that cannot be joined.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use bzip2::write::BzEncoder;
use flate2::Compression;
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::{Value, json};

use crate::house::{DATE, House, PIPELINE, Said, column, conserved, files, log};

/// A house whose secret for [`DATE`] was made by an earlier night, so that its
/// copies have the same.
fn keyed() -> House {
    let house = House::new();
    house.put("logs/access-2026-11-19.log", log(20, 200));
    said(&mut house.night("2026-11-19", &[])).exits(0);
    house
}

#[track_caller]
fn said(command: &mut Command) -> Said {
    command.output().unwrap().into()
}

/// The table of [`DATE`] of a copy of the house with this input.
#[track_caller]
fn table_of(house: &House, name: &str, bytes: &[u8]) -> Vec<u8> {
    let house = house.copied();
    house.put(&format!("logs/{name}"), bytes);
    house.run(&[]).exits(0);
    fs::read(house.table(DATE)).unwrap()
}

/// The different pseudonyms of a column.
#[track_caller]
fn pseudonyms(table: &Path, name: &str) -> BTreeSet<String> {
    let found: BTreeSet<String> = column(table, name).into_iter().flatten().collect();
    assert!(!found.is_empty());
    for pseudonym in &found {
        assert_eq!(pseudonym.len(), 26, "{pseudonym}");
    }
    found
}

/// Six chunks, so that four threads have something to share.
fn long_log() -> String {
    let mut text = log(3_000, 100_000);
    text.push_str("no line of a log\n\n");
    assert!(text.len() > 5 * gamyeong::source::CHUNK_BYTES);
    text
}

#[test]
fn threads_do_not_change_a_byte() {
    let house = keyed();
    house.put("logs/access-2026-11-20.log", long_log());
    let tables = ["1", "2", "4"].map(|threads| {
        let house = house.copied();
        let mut night = house.night(DATE, &["--json"]);
        let said = said(night.env("RAYON_NUM_THREADS", threads)).exits(0);
        let [lines, rows, rejected, _, _, blank] = conserved(&said.json()[0]);
        assert_eq!((lines, rejected, blank), (100_002, 1, 1));
        assert!(rows > 90_000);
        fs::read(house.table(DATE)).unwrap()
    });
    assert!(tables[0] == tables[1] && tables[0] == tables[2]);
}

/// More rows than go into one row group.
#[test]
fn a_night_of_several_row_groups_is_the_same_on_any_number_of_threads() {
    let house = keyed();
    house.put("logs/access-2026-11-20.log", log(3_000, 100_000).repeat(17));
    let tables = ["1", "4"].map(|threads| {
        let house = house.copied();
        let mut night = house.night(DATE, &["--json"]);
        let said = said(night.env("RAYON_NUM_THREADS", threads)).exits(0);
        let [lines, rows, ..] = conserved(&said.json()[0]);
        let file = fs::File::open(house.table(DATE)).unwrap();
        let footer = SerializedFileReader::new(file).unwrap();
        let footer = footer.metadata();
        assert_eq!((lines, footer.num_row_groups()), (1_700_000, 4));
        assert_eq!(
            rows,
            footer.row_groups().iter().map(|g| g.num_rows().unsigned_abs()).sum::<u64>()
        );
        fs::read(house.table(DATE)).unwrap()
    });
    assert!(tables[0] == tables[1]);
}

/// The gate has a row group by then, and threads have chunks under way.
#[test]
fn a_file_that_breaks_off_after_a_row_group_publishes_nothing() {
    let house = keyed();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(log(3_000, 100_000).repeat(6).as_bytes()).unwrap();
    let mut gzip = gzip.finish().unwrap();
    gzip.truncate(gzip.len() - 9);
    house.put("logs/access-2026-11-20.log.gz", gzip);
    let said = said(house.night(DATE, &[]).env("RAYON_NUM_THREADS", "3")).exits(4);
    assert!(said.err.contains("access-2026-11-20.log.gz"), "{}", said.err);
    assert!(!house.table(DATE).exists());
    house.verify();
}

#[test]
fn compression_of_the_input_does_not_change_a_byte() {
    let house = keyed();
    let text = log(50, 2_000);
    let plain = table_of(&house, "access-2026-11-20.log", text.as_bytes());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = table_of(&house, "access-2026-11-20.log.gz", &gzip.finish().unwrap());
    let zstd = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let zstd = table_of(&house, "access-2026-11-20.log.zst", &zstd);
    let mut bzip2 = BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(text.as_bytes()).unwrap();
    let bzip2 = table_of(&house, "access-2026-11-20.log.bz2", &bzip2.finish().unwrap());
    let mut xz = XzEncoder::new(Vec::new(), 1);
    xz.write_all(text.as_bytes()).unwrap();
    let xz = table_of(&house, "access-2026-11-20.log.xz", &xz.finish().unwrap());
    for table in [gzip, zstd, bzip2, xz] {
        assert!(plain == table);
    }
}

#[test]
fn where_the_input_lies_does_not_change_a_byte() {
    let house = keyed();
    let text = log(50, 2_000);
    let plain = table_of(&house, "access-2026-11-20.log", text.as_bytes());
    let house = house.copied();
    house.put("elsewhere/kim.log", text);
    let input = format!("web={}", house.path("elsewhere/kim.log").display());
    house.run(&["--input", &input]).exits(0);
    assert!(fs::read(house.table(DATE)).unwrap() == plain);
    house.verify();
}

#[test]
fn other_keys_change_every_pseudonym() {
    let text = log(50, 2_000);
    let [one, other] = [House::new(), House::new()].map(|house| {
        house.put("logs/access-2026-11-20.log", &text);
        house.run(&[]).exits(0);
        pseudonyms(&house.table(DATE), "visitor")
    });
    assert_eq!(one.len(), other.len());
    assert!(one.is_disjoint(&other));
}

#[test]
fn every_line_is_counted_once() {
    let house = House::new();
    let text = log(50, 2_000) + "\n\nnot a line\n" + &"x".repeat(2 << 20) + "\nno end of line";
    house.put("logs/access-2026-11-20.log", &text);
    house.put("logs/access-2026-11-20-b.log", log(7, 70));
    house.put("logs/access-2026-11-20-c.log", "");
    let report = house.run_json(&[]);
    let [lines, rows, rejected, suppressed, excluded, blank] = conserved(&report);
    assert_eq!(lines, 2_000 + 5 + 70);
    assert_eq!((rejected, excluded, blank), (3, 0, 2));
    assert_eq!(report["sources"][0]["files"].as_array().unwrap().len(), 3);
    assert_eq!(column(&house.table(DATE), "net").len() as u64, rows);
    assert_eq!(rows + suppressed, 2_070);
    house.verify();
}

#[test]
fn a_second_run_changes_nothing() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 400));
    let first = house.run_json(&[]);
    assert_eq!(first["outcome"], "published");
    let before = house.tree();
    let second = house.run_json(&[]);
    assert_eq!(second["outcome"], "unchanged");
    assert_eq!((&second["run"], &second["sources"]), (&first["run"], &first["sources"]));
    let said = house.run(&[]).exits(0);
    assert!(
        said.out.contains("nothing to do: the same input was published before"),
        "{}",
        said.out
    );
    house.run(&["--exit-if-nothing", "99"]).exits(99);
    assert_eq!(house.tree(), before);
}

#[test]
fn late_input_supersedes_and_overwrites_nothing() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 400));
    let first = house.run_json(&[]);
    let old = fs::read(house.table(DATE)).unwrap();

    house.put("logs/access-2026-11-20-late.log", log(30, 300));
    let second = house.run_json(&[]);
    assert_eq!(second["outcome"], "published");
    assert_ne!(fs::read(house.table(DATE)).unwrap(), old);
    let aside = format!("part-0.parquet.superseded-{}", first["run"].as_str().unwrap());
    let aside = house.table(DATE).with_file_name(aside);
    assert!(fs::read(&aside).unwrap() == old);
    // Found by a new user: beside the new table it shows what was suppressed.
    assert_eq!(fs::metadata(aside).unwrap().permissions().mode() & 0o777, 0o600);
    house.verify();
    let superseding = house.records().into_iter().rfind(|record| record["type"] == "run.begin");
    assert_eq!(superseding.unwrap()["body"]["supersedes"], first["run"]);

    // Changed input does so too, any number of times.
    house.put("logs/access-2026-11-20-late.log", log(30, 330));
    assert_eq!(house.run_json(&[])["outcome"], "published");
    // Three tables, each with its side-car.
    assert_eq!(files(house.table(DATE).parent().unwrap()).len(), 6);
    house.verify();
    assert_eq!(house.run_json(&[])["outcome"], "unchanged");

    // And going back to the first input, if somebody says why.
    fs::remove_file(house.path("logs/access-2026-11-20-late.log")).unwrap();
    let report = house.run_json(&["--accept-change", "came twice"]);
    assert_eq!(report["outcome"], "published");
    let commit = house.records().into_iter().rfind(|record| record["type"] == "run.commit");
    let fewer = &commit.unwrap()["body"]["fewer_rows"];
    assert_eq!(fewer["reason"], "came twice");
    assert_eq!(fewer["sources"], json!([{"source": "web", "rows": 400, "published": 730}]));
    assert!(fs::read(house.table(DATE)).unwrap() == old);
    house.verify();
}

/// Found by a reviewer: a log of no bytes took a published table away, and a
/// shorter one took its place, without a word.
#[test]
fn a_log_that_was_emptied_or_cut_takes_no_table_away() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 400));
    house.run(&[]).exits(0);
    let published = fs::read(house.table(DATE)).unwrap();
    for text in [String::new(), log(20, 399)] {
        house.put("logs/access-2026-11-20.log", &text);
        let said = house.run(&[]).exits(4);
        let found = text.lines().count();
        let expected = format!("source `web`: {found} rows read, 400 are in what was published");
        assert!(said.err.contains(&expected), "{}", said.err);
        assert!(said.err.contains("--accept-change REASON"), "{}", said.err);
        assert!(fs::read(house.table(DATE)).unwrap() == published);
        house.verify();
    }
    // As many or more is a change like any other.
    house.put("logs/access-2026-11-20.log", log(21, 400));
    assert_eq!(house.run_json(&[])["outcome"], "published");
}

#[test]
fn input_that_is_gone_takes_no_table_away() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 400));
    house.run(&[]).exits(0);
    let published = fs::read(house.table(DATE)).unwrap();
    fs::remove_file(house.path("logs/access-2026-11-20.log")).unwrap();
    assert_eq!(house.run_json(&[])["outcome"], "heartbeat");
    assert!(fs::read(house.table(DATE)).unwrap() == published);
    house.verify();
}

#[test]
fn a_night_without_input_leaves_one_heartbeat() {
    let house = House::new();
    let report = house.run_json(&[]);
    assert_eq!(report["outcome"], "heartbeat");
    assert_eq!(conserved(&report), [0; 6]);
    let said = house.run(&[]).exits(0);
    assert!(said.out.contains("nothing to do: no input, a heartbeat was recorded"), "{}", said.out);
    house.run(&["--exit-if-nothing", "99"]).exits(99);
    let records = house.records();
    assert_eq!(records.iter().filter(|record| record["type"] == "heartbeat").count(), 1);
    house.holds_no_output();
    house.verify();

    // Input that comes after all is published.
    house.put("logs/access-2026-11-20.log", log(20, 400));
    house.run(&["--exit-if-nothing", "99"]).exits(0);
    house.verify();
}

/// Runs [`PIPELINE`] over the same lines as another pipeline or for another
/// date, and gives the table.
#[track_caller]
fn again(house: &House, date: &str, name: &str, (from, to): (&str, &str)) -> PathBuf {
    let text = PIPELINE.replace("name = \"visits\"", &format!("name = \"{name}\""));
    assert!(text.contains(from));
    house.put(&format!("pipelines/{name}.toml"), text.replace(from, to));
    house.put(&format!("logs/access-{date}.log"), log(20, 400));
    let pipeline = house.path(&format!("pipelines/{name}.toml"));
    house.say(&["run", pipeline.to_str().unwrap(), "--date", date]).exits(0);
    house.path(&format!("store/{name}/web/date={date}/part-0.parquet"))
}

#[test]
fn pseudonyms_link_within_an_epoch_of_a_pipeline_and_nowhere_else() {
    let house = House::new();
    let same = ("", "");
    let visitor = |table: &PathBuf| pseudonyms(table, "visitor");
    let one = visitor(&again(&house, "2026-11-20", "visits", same));
    assert_eq!(one.len(), 20);
    assert_eq!(visitor(&again(&house, "2026-11-30", "visits", same)), one);

    for (date, name, change) in [
        ("2026-12-01", "visits", same),
        ("2026-11-20", "visits-again", same),
        ("2026-11-20", "other-domain", ("domain = \"ip\"", "domain = \"address\"")),
        ("2026-11-20", "other-recipient", ("basis =", "recipient = \"university\"\nbasis =")),
        ("2026-11-20", "other-window", ("window = \"month\"", "window = \"year\"")),
    ] {
        let other = visitor(&again(&house, date, name, change));
        assert_eq!(other.len(), 20, "{name}");
        assert!(one.is_disjoint(&other), "{name}");
    }
    house.verify();
}

#[test]
fn domains_decide_which_columns_of_a_table_can_be_joined() {
    let house = House::new();
    let host = "host = [{ as = \"visitor\", pseudonym = { domain = \"ip\" } },";
    let more = format!(
        "{host} {{ as = \"same\", pseudonym = {{ domain = \"ip\" }} }}, {{ as = \"other\", pseudonym = {{ domain = \"ip2\" }} }},"
    );
    let table = again(&house, DATE, "visits", (host, &more));
    assert_eq!(column(&table, "visitor"), column(&table, "same"));
    assert!(pseudonyms(&table, "visitor").is_disjoint(&pseudonyms(&table, "other")));
}

#[test]
fn a_window_of_one_run_leaves_no_key_and_no_link() {
    let house = House::new();
    let run = ("window = \"month\"", "window = \"run\"");
    let before = files(&house.path("keys"));
    let one = pseudonyms(&again(&house, "2026-11-20", "visits", run), "visitor");
    let other = pseudonyms(&again(&house, "2026-11-21", "visits", run), "visitor");
    assert_eq!((one.len(), other.len()), (20, 20));
    assert!(one.is_disjoint(&other));
    assert_eq!(files(&house.path("keys")), before);
    assert!(house.records().iter().all(|record| record["type"] != "key.create"));
    let types: Vec<Value> =
        house.records().into_iter().map(|record| record["type"].clone()).collect();
    assert_eq!(types.iter().filter(|name| *name == "run.published").count(), 2, "{types:?}");
}

/// The key of a run is gone after it; rows that were sealed, and a mapping, are not.
#[test]
fn what_is_sealed_or_mapped_is_kept_though_the_key_is_not() {
    let key = "비밀키(실행)";
    for (mapping, lines, kinds) in [
        ("", String::new(), vec![key]),
        ("", "no line of a log\n".repeat(2), vec![key, "해석하지 못한 행(봉인)"]),
        ("", log(1, 1).replace("192.0.2", "198.51.100"), vec![key, "삭제한 행(봉인)"]),
        ("vault = { mapping = \"설문\" }\n", String::new(), vec![key, "매핑테이블(봉인)"]),
    ] {
        let house = House::new();
        let run = PIPELINE.replace("window = \"month\"", "window = \"run\"");
        let run = run.replace("[linkage]", &format!("{mapping}[linkage]"));
        house.put("pipelines/visits.toml", run);
        house.put("logs/access-2026-11-20.log", log(4, 400) + &lines);
        house.run(&[]).exits(0);
        let records = house.records();
        let commit = records.iter().find(|record| record["type"] == "run.commit").unwrap();
        let additional = &commit["body"]["additional_info"];
        assert_eq!(additional["kinds"], json!(kinds));
        assert_eq!(additional["kept"], kinds.len() > 1, "{additional}");
        assert!(additional["destruction"].as_str().unwrap().starts_with("비밀키:"));
    }
}
