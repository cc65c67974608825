//! Tables however they are held: what a night makes of the same rows is the same
//! table, and what cannot be read is refused without a word of what it says.

mod columnar;
pub(crate) mod database;
mod records;
mod workbook;

use std::path::Path;

use data_encoding::HEXLOWER;
use gamyeong::error::Error;
use gamyeong::parse::Format;
use gamyeong::source::{self, CHUNK_BYTES, Input};
use sha2::{Digest as _, Sha256};

use crate::house::{DATE, House, Said, column, conserved, files};

/// A pipeline over loans, but for what says where they are.
const LOANS: &str = r#"name = "loans"
purpose = { category = "과학적 연구", detail = "분관별 대출 시간대와 권수의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "month", reason = "한 달 안의 재방문율을 본다" }

[[source]]
name = "loans"
zone = "Asia/Seoul"
item = "서비스 이용기록"
SOURCE

[source.fields]
card = { as = "reader", pseudonym = { domain = "card" } }
branch = "keep"
time = { as = "hour", round = "1h" }
books = { as = "books", keep = "integer" }

[assess]
subject = "reader"
quasi_identifiers = ["branch"]
k_min = 3
k_persons_min = 2
max_suppressed = 0.5
"#;

/// Columns of a table, in the order in which they are written.
const NAMES: [&str; 5] = ["card", "branch", "time", "books", "remark"];

/// One loan: card, branch, hour, books, and a remark that nobody asked for.
type Loan = (u32, &'static str, u16, i32, &'static str);

/// Loans of ten readers in two branches. Remarks would break a careless table.
fn loans() -> Vec<Loan> {
    let remarks = ["", "a,b", "\"quoted\"", "two\nlines", "kanari-remark-2468"];
    let loan = |row: u16| {
        let (card, branch) =
            (90_000 + u32::from(row % 10), ["중앙", "분당, 정자"][usize::from(row % 2)]);
        (card, branch, 9 + row % 3, i32::from(row) * 100, remarks[usize::from(row % 5)])
    };
    (0..40).map(loan).collect()
}

/// A house with a pipeline of which the source has these lines.
fn house(source: &str) -> House {
    let house = House::of("library");
    house.put("pipelines/loans.toml", LOANS.replace("SOURCE", source));
    house
}

fn run(house: &House, more: &[&str]) -> Said {
    let pipeline = house.path("pipelines/loans.toml");
    let command = ["run", pipeline.to_str().unwrap(), "--date", DATE, "--json"];
    house.say(&[&command, more].concat())
}

/// Runs it, and gives what was published, column by column; pseudonyms by the
/// number of the first row that has them.
#[track_caller]
fn published(house: &House) -> Vec<Vec<Option<String>>> {
    let report = run(house, &[]).exits(0).json().pop().unwrap();
    conserved(&report);
    house.verify();
    let path = house.path(&format!("store/loans/loans/date={DATE}/part-0.parquet"));
    let mut columns = ["reader", "branch", "hour", "books"].map(|name| column(&path, name));
    // Rows are released in any order; no two loans are of as many books.
    let books = |text: &Option<String>| text.as_ref().map(|text| text.parse::<i64>().unwrap());
    let mut order: Vec<(Option<i64>, usize)> = columns[3].iter().map(books).zip(0..).collect();
    order.sort_unstable();
    columns = columns.map(|column| order.iter().map(|(_, row)| column[*row].clone()).collect());
    let readers = columns[0].clone();
    for reader in &mut columns[0] {
        *reader = readers.iter().position(|first| first == reader).map(|row| row.to_string());
    }
    columns.to_vec()
}

/// What [`published`] gives of [`loans`].
fn expected() -> Vec<Vec<Option<String>>> {
    let loans = loans();
    let each = |value: fn(usize, &Loan) -> String| {
        loans.iter().enumerate().map(|(row, loan)| Some(value(row, loan))).collect()
    };
    vec![
        each(|row, _| (row % 10).to_string()),
        each(|_, loan| loan.1.to_owned()),
        each(|_, loan| format!("2026-11-20T{:02}:00:00", loan.2 - 9)),
        each(|_, loan| loan.3.to_string()),
    ]
}

/// The text that a file becomes.
fn text(format: &Format, path: &Path, wanted: Option<&[&str]>) -> Result<String, source::Error> {
    let input = Input::from(path).read_as(format.table(wanted));
    let mut reader = source::open(&[input], format.cut(), CHUNK_BYTES);
    let mut text = Vec::new();
    while let Some(chunk) = reader.next()? {
        text.extend_from_slice(&chunk.bytes);
    }
    Ok(String::from_utf8(text).unwrap())
}

fn format(name: &str) -> Format {
    Format::new(name).unwrap().unwrap()
}

/// Checks that a file is refused with a message and a hint.
#[track_caller]
fn refused(format: &Format, path: &Path, wanted: Option<&[&str]>, message: &str) {
    let error = text(format, path, wanted).unwrap_err();
    assert!(error.hint().is_some(), "{error}");
    let shown = error.to_string();
    assert!(shown.contains(message), "{message}: {shown}");
    assert_eq!(Error::from(error).number(), 4, "{shown}");
}

/// Checks that a run was refused and left nothing.
#[track_caller]
fn run_refused(house: &House, code: i32, message: &str) {
    let said = run(house, &[]).exits(code);
    assert!(said.err.contains(message), "{message}: {}", said.err);
    assert!(said.err.contains("\nhint: "), "{}", said.err);
    // Of a library that panics nothing is heard.
    for word in ["kanari", "9000", "panicked"] {
        assert!(!said.err.contains(word), "{word}: {}", said.err);
    }
    house.holds_no_output();
    house.verify();
}

fn sha256(path: &Path) -> String {
    HEXLOWER.encode(&Sha256::digest(std::fs::read(path).unwrap()))
}

/// Checks that nothing of a house but the input itself holds what stands there
/// and nobody asked for.
#[track_caller]
fn holds_no_remark(house: &House, input: &str) {
    for path in files(&house.root) {
        let bytes = std::fs::read(&path).unwrap();
        let is_there = memchr::memmem::find(&bytes, b"kanari-remark-2468").is_some();
        assert!(!is_there || path == house.path(input), "{}", path.display());
    }
}

/// Checks that words are not released, for who stands in a column that nobody listed.
#[track_caller]
fn refused_for_words(house: &House) {
    house.edit(
        "pipelines/loans.toml",
        "branch = \"keep\"\n",
        "branch = \"keep\"\nwords = \"keep\"\n",
    );
    run_refused(house, 1, "column `words`: identifier of the input in 40 cells");
}

#[test]
fn keys_of_another_format_are_refused() {
    let cases = [
        ("format = \"csv\"\nsheet = \"a\"", "`sheet` is for format `xlsx` only"),
        ("format = \"parquet\"\nheader_row = 2", "`header_row` is for format `xlsx` only"),
        ("format = \"xlsx\"\nnames = [\"card\"]", "`names` is for format `csv` only"),
        ("format = \"parquet\"\nencoding = \"cp949\"", "`encoding` is for format `csv` only"),
        ("format = \"combined\"\nquote = \"'\"", "`quote` is for format `csv` only"),
        ("format = \"csv\"\nquote = \"가\"", "`quote` must be one ASCII character"),
        ("format = \"csv\"\nquote = \",\"", "`quote` must be one ASCII character"),
        ("format = \"csv\"\nnames = []", "too few entries"),
        ("format = \"csv\"\nnames = [\"card\", \"card\"]", "`card` stands twice"),
        (
            "format = \"csv\"\nnames = [\"card\", \"branch\", \"time\"]",
            "field `books` is not in format `csv`, which has `card`, `branch`, `time`",
        ),
    ];
    for (source, message) in cases {
        let house = house(&format!("path = \"tables/{{date}}\"\n{source}"));
        let said = house.say(&["check", house.path("pipelines/loans.toml").to_str().unwrap()]);
        let said = said.exits(3);
        assert!(said.err.contains(message), "{message}: {}", said.err);
    }
}
