//! One test for each bug that was found, with what found it.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use arrow::array::AsArray as _;
use arrow::datatypes::DataType;
use gamyeong::parse::{Format, Parser};
use gamyeong::source;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use serde_json::Value;

use crate::house::{DATE, House, PIPELINE, Said, log, put};

fn gamyeong(arguments: &[&str], dir: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gamyeong"))
        .args(arguments)
        .current_dir(dir)
        .env("LC_ALL", "C")
        .output()
        .unwrap()
}

/// All texts of a column of a table, each once.
fn texts(table: &Path, column: &str) -> Vec<String> {
    let file = std::fs::File::open(table).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let mut texts = Vec::new();
    for batch in reader {
        let column = batch.unwrap().column_by_name(column).unwrap().clone();
        let column = arrow::compute::cast(&column, &DataType::Utf8).unwrap();
        texts.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
    }
    texts.sort();
    texts.dedup();
    texts
}

/// Found by reading the demo's table in `DuckDB`: `GET /index.do HTTP/1.1` and
/// `kdc=320 HTTP/1.1` stood in it.
#[test]
fn path_and_query_of_a_request_line_are_those_of_its_target() {
    let dir = tempfile::tempdir().unwrap();
    assert!(gamyeong(&["demo", "house"], dir.path()).status.success());
    let table: PathBuf =
        dir.path().join("house/store/web-visits/web/date=2026-11-20/part-0.parquet");
    let (paths, queries) = (texts(&table, "path"), texts(&table, "query"));
    assert!(paths.len() > 10 && queries.len() > 10, "{} {}", paths.len(), queries.len());
    assert_eq!(paths.iter().find(|path| !path.starts_with('/') || path.contains(' ')), None);
    assert_eq!(queries.iter().find(|query| query.contains(' ')), None);
}

/// Found by mistyping a name: `check` said that there is no house.
#[test]
fn a_pipeline_file_that_is_not_there_is_said_to_be_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let said = gamyeong(&["check", "nope.toml"], dir.path());
    let text = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(3));
    assert!(text.starts_with("error: nope.toml: could not inspect\n"), "{text}");
}

/// Found by reading a report: `record null, "head.note" at byte null`.
#[test]
fn a_finding_without_record_or_byte_names_neither() {
    let dir = tempfile::tempdir().unwrap();
    assert!(gamyeong(&["init", "house"], dir.path()).status.success());
    let head = dir.path().join("house/ledger/head.note");
    let text = std::fs::read_to_string(&head).unwrap();
    let other = text.replacen("\n1\n", "\n2\n", 1);
    assert_ne!(other, text);
    let mut file = std::fs::File::create(&head).unwrap();
    std::io::Write::write_all(&mut file, other.as_bytes()).unwrap();
    let said = gamyeong(&["--house", "house", "ledger", "verify"], dir.path());
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.status.code(), Some(6), "{text}");
    assert!(text.contains("    head.note: found ") && !text.contains("null"), "{text}");
}

/// What `check` says about the good pipeline with one text replaced.
#[track_caller]
fn refusal(from: &str, to: &str) -> String {
    let house = House::new();
    house.put("pipelines/visits.toml", PIPELINE.replace(from, to));
    let path = house.path("pipelines/visits.toml");
    house.say(&["check", path.to_str().unwrap()]).exits(3).err
}

/// Found by breaking the example pipelines by hand: a slip inside the rule of
/// a field was reported as `found table, expected string or string`.
#[test]
fn a_slip_inside_a_rule_is_named() {
    let said = refusal("round = \"1h\"", "rond = \"1h\"");
    assert!(
        said.contains("unknown key `rond` (`round` meant?), expected one of `as`, `keep`"),
        "{said}"
    );
    let said = refusal("domain = \"ip\"", "domain = 7");
    assert!(said.contains("found integer, expected string"), "{said}");
}

/// Found by a new user: of a bracket that was not closed every later line was told, and
/// not its own.
#[test]
fn a_bracket_that_is_not_closed_is_named_once() {
    let said = refusal("as = \"hour\", round = \"1h\" }", "as = \"hour\", round = \"1h\"");
    let line = PIPELINE.lines().position(|line| line.contains("as = \"hour\"")).unwrap() + 1;
    let named = format!("expected `,`, within the `{{` of line {line}: is it closed?");
    assert!(said.contains(&named) && said.contains("1 fault"), "{said}");
    let said = refusal("query = [\"kdc\"]", "query = [\"kdc\"");
    assert!(said.contains("1 fault"), "{said}");
}

/// Found by breaking the example pipelines by hand: a number that is none of
/// those allowed was reported as `data did not match any variant of untagged
/// enum Rules`.
#[test]
fn a_number_inside_a_rule_is_named() {
    let said = refusal("v4 = 16", "v4 = 15");
    assert!(said.contains("found 15, expected 8 or 16 or 24"), "{said}");
    let said = refusal("v4 = 16", "v4 = 0x0f");
    assert!(said.contains("found 15, expected 8 or 16 or 24"), "{said}");
}

/// Found by breaking nights off.
#[cfg(debug_assertions)]
mod nights {
    use std::fs::{self, File};

    use crate::crash::house::{House, State, gamyeong, said};
    use crate::crash::order::syncs_after_a_kill;

    /// Found by `crash::calls`: a directory that was there counted as safe, also
    /// when its maker had died between making and syncing it.
    #[test]
    fn a_directory_whose_maker_died_is_synced_by_whoever_needs_it_next() {
        syncs_after_a_kill(State::New, "keys");
        syncs_after_a_kill(State::New, "store/visits/gate");
        syncs_after_a_kill(State::New, "vault/visits/gate");
    }

    /// Found by `crash::calls`: a secret was recorded as made, and pseudonyms with
    /// it published, while its name could still be lost.
    #[test]
    fn a_secret_whose_maker_died_is_synced_before_it_is_recorded() {
        syncs_after_a_kill(State::New, "keys/visits");
    }

    /// Found by `crash::calls`: a table that already had its name was recorded as
    /// published while the name could still be lost.
    #[test]
    fn a_table_that_was_renamed_before_a_crash_is_synced_after_it() {
        syncs_after_a_kill(State::New, "store/visits/gate/date=2026-11-20");
        // Set aside, with nothing in its place.
        syncs_after_a_kill(State::Changed, "store/visits/wifi/date=2026-11-20");
    }

    /// Found by reading `pipeline` for `crash`: a run that failed after its commit
    /// was followed by another one of the same pipeline in the same night. The
    /// next start could not publish both, and no start could from then on.
    #[test]
    fn a_pipeline_given_twice_does_not_overtake_its_own_failure() {
        let house = House::of(State::Secret);
        let obstacle = house.root().join("store/visits");
        File::create(&obstacle).unwrap();
        let mut arguments = house.night();
        arguments.insert(1, arguments[1].clone());
        let output = gamyeong().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{}", said(&output));

        fs::remove_file(&obstacle).unwrap();
        house.runs().unwrap();
        house.is_settled(State::Secret).unwrap();
    }
}

/// Found by the golden command lines: `ledger verify` checked the counts of
/// sources and not those of files, so that a file whose lines did not add up
/// was found by the chain alone.
#[test]
fn lines_of_a_file_that_do_not_add_up_are_a_finding() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    house.run(&[]).exits(0);
    house.edit(
        "ledger/records/000000.jsonl",
        "\"lines\":200,\"rows\":200,\"rejected\":0,\"suppressed\":0,\"excluded\":0,\"blank\":0}]}",
        "\"lines\":200,\"rows\":199,\"rejected\":0,\"suppressed\":0,\"excluded\":0,\"blank\":0}]}",
    );
    let said = house.say(&["ledger", "verify", "--json"]).exits(6);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let conservation = checks.iter().find(|check| check["check"] == "conservation").unwrap();
    assert_eq!(conservation["outcome"], "fail");
    assert_eq!(conservation["findings"][0]["found"], "199 lines accounted for");
}

/// Found by a review: a purpose of several lines passed `check`, and the night
/// ended with an unwritable record after all its work.
#[test]
fn texts_of_several_lines_are_refused_before_anything_is_read() {
    let said = refusal("basis = \"28-2\"", "basis = \"28-2\"\nrecipient = \"\"\"a\nb\"\"\"");
    assert!(said.contains("text has a line break or control character"), "{said}");
}

/// Found by a review: the second of two `--input` for one source was read, and
/// the first was not.
#[test]
fn one_source_reads_one_file_in_place_of_its_path() {
    let house = House::new();
    let said = house.run(&["--input", "web=a.log", "--input", "web=b.log"]).exits(2);
    assert!(said.err.contains("given twice"), "{}", said.err);
}

/// Found by a review: a file in another encoding was taken over with U+FFFD in
/// the place of what it said.
#[test]
fn a_pipeline_file_that_is_not_utf8_is_refused_where_it_is_not() {
    let house = House::new();
    let path = house.path("pipelines/visits.toml");
    let mut bytes = PIPELINE.as_bytes().to_vec();
    bytes.extend_from_slice(b"# \xb0\xa1\n");
    std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), &bytes).unwrap();
    let said = house.say(&["check", path.to_str().unwrap()]).exits(3).err;
    assert!(said.contains("file is not UTF-8"), "{said}");
}

/// Found by a new user: `access.log` and its `access.log.gz` were both read, and
/// every class was twice as large as it was.
#[test]
fn a_log_and_its_compressed_copy_are_not_both_read() {
    let house = House::new();
    let text = log(20, 200);
    house.put("logs/access-2026-11-20.log", &text);
    house.put("logs/access-2026-11-20.log.zst", zstd::encode_all(text.as_bytes(), 3).unwrap());
    let said = house.run(&[]).exits(4);
    assert!(said.err.contains("access-2026-11-20.log.zst is a copy of"), "{}", said.err);
    house.holds_no_output();
    std::fs::remove_file(house.path("logs/access-2026-11-20.log.zst")).unwrap();
    house.put("logs/access-2026-11-20.log.1", &text);
    let said = house.run(&[]).exits(4);
    assert!(said.err.contains("access-2026-11-20.log.1 is a copy of"), "{}", said.err);
    house.holds_no_output();
    std::fs::remove_file(house.path("logs/access-2026-11-20.log.1")).unwrap();
    house.run(&[]).exits(0);
    house.verify();
}

/// Two branches without a loan send the same header.
#[test]
fn tables_without_rows_may_be_the_same() {
    let house = House::new();
    let text = log(20, 200);
    house.put("logs/access-2026-11-20.log", &text);
    house.put("logs/access-2026-11-20.log.1", "\n");
    house.put("logs/access-2026-11-20.log.2", "\n");
    house.run(&[]).exits(0);
}

/// Found by a new user: the table was gone and the night said that it was there.
#[test]
fn a_published_table_that_is_gone_is_not_called_published() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    house.run(&[]).exits(0);
    let table = house.table(DATE);
    let aside = house.path("aside");
    std::fs::rename(&table, &aside).unwrap();
    let said = house.run(&[]).exits(7);
    assert!(said.err.contains("part-0.parquet: committed by run `visits-2026-11-20-"));
    std::fs::rename(&aside, &table).unwrap();
    house.run(&[]).exits(0);
}

/// Found by a new user: `check` looked at the signing keys and not at the others.
#[test]
fn check_refuses_a_secret_that_others_may_read() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    house.run(&[]).exits(0);
    let secret = house.path("keys/visits/2026-11.secret");
    std::fs::set_permissions(&secret, Permissions::from_mode(0o640)).unwrap();
    let said = house.command(&["check"]).arg(house.path("pipelines/visits.toml")).output();
    let said = Said::from(said.unwrap()).exits(5);
    assert!(said.err.contains("2026-11.secret: file has mode 0640"), "{}", said.err);
}

/// Found by trying: with few lines every table is refused, and the summary named
/// tables that were not there.
#[test]
fn a_demo_of_few_lines_names_no_table_that_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let said = gamyeong(&["demo", "house", "--lines", "20"], dir.path());
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(said.status.success() && text.contains("try more `--lines`"), "{text}");
    assert!(!text.contains(".parquet") && !text.contains(".age"), "{text}");
}

/// A house with a table of `visits` and what a night over `text` said.
fn night_of_a_table(text: &[u8], code: i32) -> (House, Said) {
    let house = House::new();
    house.put("pipelines/visits.toml", TABLE);
    house.put("logs/access-2026-11-20.csv", text);
    let said = house.run(&["--json"]).exits(code);
    (house, said)
}

const TABLE: &str = r#"
name = "visits"
purpose = { category = "과학적 연구", detail = "분관별 이용 양상을 시간대에 따라 연구한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"

[linkage]
window = "run"

[[source]]
name = "web"
path = "logs/access-{date}.csv"
format = "csv"
item = "서비스 이용기록"

[source.fields]
card = { as = "visitor", pseudonym = { domain = "user" } }
branch = "keep"
note = "drop"

[assess]
subject = "visitor"
quasi_identifiers = ["branch"]
k_min = 2
k_persons_min = 2
max_suppressed = 0.5
"#;

/// Found by a new user: branches in CP949 were published, made of U+FFFD, and four
/// of them were one.
#[test]
fn a_table_in_another_encoding_is_refused_and_not_guessed() {
    // 서현, 구미 and 수정 in CP949.
    let text = b"card,branch,note\n1,\xbc\xad\xc7\xf6,\n2,\xb1\xb8\xb9\xcc,\n3,\xbc\xf6\xc1\xa4,\n";
    let (house, said) = night_of_a_table(text, 4);
    assert!(said.err.contains("most often encoding"), "{}", said.err);
    house.holds_no_output();
}

/// Found by a new user: the record said that no column was left out. The names
/// stay out of records: a column may be called after somebody.
#[test]
fn columns_that_are_not_listed_are_counted_in_report_and_record() {
    let text = "card,branch,note,kim,lee\n1,서현,x,y,z\n2,서현,,,\n3,구미,,,\n4,구미,,,\n";
    let (house, _) = night_of_a_table(text.as_bytes(), 0);
    let records = house.records();
    let commit = records.iter().find(|record| record["type"] == "run.commit").unwrap();
    assert_eq!(commit["body"]["sources"][0]["unlisted_columns"], 2);
    house.put("logs/access-2026-11-20.csv", text.replace("구미", "수정"));
    let said = house.run(&[]).exits(0);
    assert!(said.out.contains("columns not listed, so not in the output: 2"), "{}", said.out);
    assert!(!said.out.contains("kim"), "{}", said.out);
}

/// Found by a new user: the status was that of the records alone.
#[test]
fn json_of_an_altered_table_has_the_status_fail() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    house.run(&[]).exits(0);
    let status = |code| {
        let said = house.say(&["ledger", "verify", "--data", "--json"]).exits(code);
        said.json()[0]["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status(0), "not-checked");
    let mut table = std::fs::read(house.table(DATE)).unwrap();
    table.push(b'x');
    put(&house.table(DATE), &table);
    assert_eq!(status(1), "fail");
}

/// Found by a new user: the ledger was said not to be intact.
#[test]
fn a_file_without_public_keys_is_a_wrong_argument_and_no_broken_ledger() {
    let house = House::new();
    house.put("elsewhere.txt", "\nroot:x:0:0\n");
    let path = house.path("elsewhere.txt");
    let said = house.say(&["ledger", "verify", "--trust", path.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("elsewhere.txt`: line 2 is no public key"), "{}", said.err);
    assert!(!said.err.contains("root:x"), "{}", said.err);
}

/// Found by fuzzing. What parses lines took it for a directive, what cuts chunks did
/// not, so a row was one or none by where a chunk ended.
#[test]
fn a_directive_behind_blanks_is_none_wherever_chunks_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("u_ex.log");
    put(
        &path,
        b"#Fields: date time c-ip\n#\x0bFields: c-ip time date\n2025-10-10 04:55:36 192.0.2.7\n",
    );
    let format = Format::new("w3c").unwrap().unwrap();
    let parser = Parser::new(&format, &["c-ip"]).unwrap();
    for chunk_bytes in [1, 30, 1 << 20] {
        let mut reader = source::open(&[path.as_path()], format.cut(), chunk_bytes);
        let mut found = Vec::new();
        while let Some(chunk) = reader.next().unwrap() {
            let columns = parser.chunk(&chunk).unwrap();
            found.extend(columns.fields[0].iter().map(|value| value.map(<[u8]>::to_vec)));
        }
        assert_eq!(found, [Some(b"192.0.2.7".to_vec())], "{chunk_bytes}");
    }
}

/// Found by writing the documentation: rows that were to go by a category of a hierarchy
/// were compared with what was logged, so none went.
#[test]
fn rows_go_by_the_category_that_stands_in_the_table() {
    let house = House::of("library");
    house.edit(
        "pipelines/borrowing-study.toml",
        "drop_rows = { loans = { sigma = 3 } }",
        "drop_rows = { subject_class = { values = [\"810 한국문학\"] } }",
    );
    let mut table = "대출자번호,나이,주소,자료실,KDC,대출권수\n".to_owned();
    for row in 0..400 {
        let class = if row % 4 == 0 { "813.7" } else { "740" };
        let _ = writeln!(table, "SNL{:08},34,경기도 성남시,종합자료실,{class},1", row / 2);
    }
    house.put("tables/loans-2026-11-20.csv", table);
    let pipeline = house.path("pipelines/borrowing-study.toml");
    let said = house.say(&["run", pipeline.to_str().unwrap(), "--date", DATE, "--json"]).exits(0);
    let report = said.json().pop().unwrap();
    assert_eq!(report["sources"][0]["excluded"], 100, "{report}");
}

/// Found by the same: of vendors, which are known only when all rows are, none went, and
/// nothing said so.
#[test]
fn rows_cannot_go_by_a_vendor() {
    let house = House::of("library");
    let path = "pipelines/wifi-sessions.toml";
    let from = "item = \"MAC주소\"\n";
    house.edit(
        path,
        from,
        &format!("{from}drop_rows = {{ vendor = {{ values = [\"Apple, Inc.\"] }} }}\n"),
    );
    let said = house.say(&["check", house.path(path).to_str().unwrap()]).exits(3);
    assert!(said.err.contains("rows cannot go by column `vendor`"), "{}", said.err);
}
