//! The techniques, against what they promise: laws that hold for any rows, and
//! definitions that are slower and shorter than the program.
//!
//! [`Night`] runs the program on a table of invented loans; [`Rules`] drives the
//! library alone, over row groups as small as a test wants them.

mod columns;
mod configuration;
mod generalising;
mod hidden;
mod identified;
mod laws;
mod leaks;
mod lists;
mod numbers;
mod order;
mod paths;
mod personal;
mod records;
mod residents;
mod reviewed;
mod row_groups;
mod witnessed;

use std::collections::BTreeMap;

use arrow::buffer::Buffer;
use gamyeong::aside::Aside;
use gamyeong::config::check;
use gamyeong::config::house::House as Configured;
use gamyeong::config::plan::Plan;
use gamyeong::parse::{Format, Parser};
use gamyeong::protect::keys::KeyRing;
use gamyeong::protect::settings::rows::{DropRows, Sample};
use gamyeong::protect::whole::Whole;
use gamyeong::protect::whole::rows::RowRules;
use gamyeong::protect::{Output, Protected, Rule};
use gamyeong::source::Chunk;
use gamyeong::split::{self, Divided};
use gamyeong::vault::ephemeral::Ephemeral;
use gamyeong::vault::pseudonym::Label;
use gamyeong::vault::random::Os;
use jiff::civil::date;
use serde_json::Value;

use crate::house::{DATE, House, Said, column, conserved, texts};

/// A pipeline over loans, but for more of its source and fields. Two branches that
/// every class is larger than: nothing is suppressed.
const PIPELINE: &str = r#"name = "loans"
purpose = { category = "과학적 연구", detail = "분관별 대출 시간대와 권수의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "month", reason = "한 달 안의 재방문율을 본다" }

[[source]]
name = "loans"
path = "tables/loans-{date}*.csv"
format = "csv"
zone = "Asia/Seoul"
item = "서비스 이용기록"
#SOURCE

[source.fields]
card = { as = "reader", pseudonym = { domain = "card" } }
branch = "keep"
#FIELDS
#LINE

[assess]
subject = "reader"
quasi_identifiers = ["branch"]
k_min = 2
k_persons_min = 2
max_suppressed = 0
"#;

/// Names of the columns of the table.
const HEADER: [&str; 11] =
    ["card", "branch", "row", "mac", "ip", "when", "genre", "fee", "age", "page", "words"];

/// A row of it, with a value for each name.
type Row = BTreeMap<&'static str, String>;

fn pipeline(source: &str, fields: &str) -> String {
    let line = if fields.contains("row =") { "" } else { "row = { keep = \"integer\" }" };
    let pipeline = PIPELINE.replace("#SOURCE", source).replace("#FIELDS", fields);
    pipeline.replace("#LINE", line)
}

/// The file that holds the rows.
fn csv(rows: &[Row]) -> String {
    let mut text = HEADER.join(",") + "\n";
    for row in rows {
        let cells = HEADER.map(|name| {
            let cell = row.get(name).map_or("", String::as_str);
            if cell.contains([',', '\n']) { format!("\"{cell}\"") } else { cell.to_owned() }
        });
        text += &(cells.join(",") + "\n");
    }
    text
}

/// So many loans of so many readers, of which each has a card, a phone and an address.
fn loans(rows: u32, readers: u32) -> Vec<Row> {
    let loan = |row: u32| {
        let reader = row * 7 % readers;
        let day = 1 + row * 3 % 28;
        BTreeMap::from([
            ("card", format!("L{:05}", 40_000 + reader)),
            ("branch", ["중앙", "분당"][(row % 2) as usize].to_owned()),
            ("row", row.to_string()),
            ("mac", mac(reader)),
            ("ip", format!("10.{}.{}.{}", reader % 3, reader / 3 % 5, 1 + reader % 250)),
            ("when", format!("2026-11-{day:02} {:02}:{:02}:07", 9 + row % 12, row % 60)),
            ("genre", GENRES[(row * row % 41 % 9) as usize].to_owned()),
            ("fee", (row * row % 977 * 10).to_string()),
            ("age", (10 + reader * 13 % 80).to_string()),
            ("page", format!("/book/{}", 1_000 + row % 40)),
            ("words", format!("책 {}", row % 5)),
        ])
    };
    (0..rows).map(loan).collect()
}

const GENRES: [&str; 9] = ["소설", "시", "수필", "사진", "회화", "건축", "요리", "천문", "물리"];

/// Phones of three vendors, of which the third made one in eleven; some made up their
/// address.
fn mac(reader: u32) -> String {
    let block = match reader % 11 {
        0 => "00:00:0c",
        1..=3 => "da:a1:19",
        4..=6 => "64:1b:2f",
        _ => "00:1b:63",
    };
    format!("{block}:00:{:02x}:{:02x}", reader / 256, reader % 256)
}

/// A house with the pipeline.
struct Night {
    house: House,
}

impl Night {
    /// With more lines of the source and of its fields.
    #[track_caller]
    fn new(source: &str, fields: &str) -> Self {
        let house = House::of("library");
        house.put("pipelines/loans.toml", pipeline(source, fields));
        Self { house }
    }

    /// Puts the table of the night there.
    fn put(&self, bytes: impl AsRef<[u8]>) {
        self.house.put(&format!("tables/loans-{DATE}.csv"), bytes);
    }

    fn run(&self, more: &[&str]) -> Said {
        self.run_on(DATE, more)
    }

    fn run_on(&self, date: &str, more: &[&str]) -> Said {
        let pipeline = self.house.path("pipelines/loans.toml");
        let command = ["run", pipeline.to_str().unwrap(), "--date", date, "--json"];
        self.house.say(&[&command, more].concat())
    }

    /// Runs on these rows, which are published, and checks the records.
    #[track_caller]
    fn publish(self, rows: &[Row]) -> Self {
        self.put(csv(rows));
        let report = self.run(&[]).exits(0).json().pop().unwrap();
        conserved(&report);
        self.house.verify();
        self
    }

    fn table(&self) -> std::path::PathBuf {
        self.house.path(&format!("store/loans/loans/date={DATE}/part-0.parquet"))
    }

    /// A column of what was published, in the order of the input.
    #[track_caller]
    fn column(&self, name: &str) -> Vec<Option<String>> {
        let row = |text: Option<String>| text.map(|text| text.parse::<u64>().unwrap());
        let rows = column(&self.table(), "row").into_iter().map(row);
        let mut cells: Vec<_> = rows.zip(column(&self.table(), name)).collect();
        cells.sort_by_key(|(row, _)| *row);
        cells.into_iter().map(|(_, cell)| cell).collect()
    }

    /// A column of whole numbers.
    #[track_caller]
    fn numbers(&self, name: &str) -> Vec<Option<i64>> {
        let texts = self.column(name).into_iter();
        texts.map(|text| text.map(|text| text.parse().unwrap())).collect()
    }

    /// The last record of a kind.
    #[track_caller]
    fn record(&self, kind: &str) -> Value {
        let mut records = self.house.records().into_iter();
        records.rfind(|record| record["type"] == kind).unwrap()["body"].clone()
    }

    /// What the processing record says of the source.
    #[track_caller]
    fn source(&self) -> Value {
        self.record("run.commit")["sources"][0].clone()
    }

    /// The plan.
    fn plan(&self) -> Plan {
        let house = Configured::open(&self.house.root).unwrap();
        let path = self.house.path("pipelines/loans.toml");
        check::pipeline(&path, &house, date(2026, 11, 20)).unwrap()
    }

    /// Checks the pipeline, which may not run, and what is said of it.
    #[track_caller]
    fn refused(&self, message: &str) {
        self.refused_for(&[message]);
    }

    #[track_caller]
    fn refused_for<T: AsRef<str>>(&self, messages: &[T]) {
        let path = self.house.path("pipelines/loans.toml");
        let said = self.house.say(&["check", path.to_str().unwrap()]).exits(3);
        for message in messages.iter().map(AsRef::as_ref) {
            assert!(said.err.contains(message), "{message}\n{}", said.err);
        }
    }

    /// Runs, is refused with exit 1 and leaves nothing but a record; gives what it said.
    #[track_caller]
    fn stops(&self) -> String {
        let said = self.run(&[]).exits(1);
        self.house.holds_no_output();
        self.house.verify();
        let refused = self.record("run.refused");
        assert_eq!((&refused["pipeline"], &refused["exit_code"]), (&"loans".into(), &1.into()));
        let reports = said.json();
        assert_eq!(reports[0]["outcome"], "refused");
        said.err
    }
}

/// The rules of a pipeline, for the library alone.
struct Rules {
    all: Vec<Rule>,
    sample: Option<Sample>,
    drops: Vec<(usize, DropRows)>,
}

impl Rules {
    /// Of a pipeline with more lines of the source and of its fields.
    #[track_caller]
    fn new(source: &str, fields: &str) -> Self {
        let plan = Night::new(source, fields).plan();
        let source = &plan.sources[0];
        let rules = source.columns.iter().map(|column| Rule {
            input: HEADER.iter().position(|name| *name == column.field).unwrap(),
            refinement: column.refinement.clone(),
            decides_rows: source.drop_rows.iter().any(|(name, _)| *name == column.name),
            ..Rule::new(&column.name, &column.field, 0, column.technique.clone())
        });
        let index = |name: &String| source.columns.iter().position(|of| of.name == *name).unwrap();
        let drops = source.drop_rows.iter();
        let drops = drops.map(|(name, when)| (index(name), when.clone())).collect();
        Self { all: rules.collect(), sample: source.sample, drops }
    }

    /// Protects the rows in row groups of so many, and gives the cells of each column.
    fn protect(&self, keys: &KeyRing<'_>, rows: &[Row], size: usize) -> Cells {
        let seeds = [1, 2, 3, 4];
        let rules = self.all.iter().cloned();
        let mut outputs: Vec<Output> =
            rules.map(|rule| Output::new(rule, keys, seeds, false)).collect();
        let row_rules = RowRules::new(self.sample, self.drops.clone(), keys);
        let cover = Ephemeral::draw(&mut Os).unwrap().cover();
        let aside = Aside::new(tempfile::tempfile().unwrap(), cover);
        let mut whole = Whole::new(&outputs, 0, row_rules, aside, seeds);
        for group in rows.chunks(size) {
            // A row group of two chunks.
            let (first, second) = group.split_at(group.len() / 2);
            for rows in [first, second] {
                let chunk = chunk(rows);
                for output in &mut outputs {
                    output.push(&chunk);
                }
            }
            let arrays = outputs.iter_mut().map(Output::take).collect();
            whole.add(Protected { arrays, rows: group.len() }).unwrap();
        }
        let settled = whole.settle(&mut outputs, vec![rows.len() as u64]).unwrap();
        let mut columns = vec![Vec::new(); outputs.len()];
        for protected in settled {
            for (column, array) in columns.iter_mut().zip(&protected.unwrap().arrays) {
                column.extend(texts(array));
            }
        }
        let names = self.all.iter().map(|rule| rule.name.clone());
        Cells(names.zip(columns).collect())
    }
}

/// Cells by column.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cells(BTreeMap<String, Vec<Option<String>>>);

impl Cells {
    #[track_caller]
    fn of(&self, name: &str) -> &[Option<String>] {
        &self.0[name]
    }

    #[track_caller]
    fn numbers(&self, name: &str) -> Vec<i64> {
        self.of(name).iter().map(|cell| cell.as_ref().unwrap().parse().unwrap()).collect()
    }

    /// The rows in the order of their texts: what there is without its order.
    fn sorted(&self) -> Vec<Vec<Option<String>>> {
        let rows = self.0.values().next().map_or(0, Vec::len);
        let row = |row: usize| self.0.values().map(|column| column[row].clone()).collect();
        let mut rows: Vec<Vec<_>> = (0..rows).map(row).collect();
        rows.sort();
        rows
    }
}

/// Rows as the parser gives them.
fn chunk(rows: &[Row]) -> Divided {
    let text = csv(rows);
    let chunk = Chunk {
        file: 0,
        is_first: true,
        bytes: Buffer::from_slice_ref(&text),
        head: Buffer::from_slice_ref(HEADER.join(",") + "\n"),
        overlong: None,
    };
    let parser = Parser::new(&Format::new("csv").unwrap().unwrap(), &HEADER).unwrap();
    split::columns(parser.chunk(&chunk).unwrap(), chunk.bytes.clone()).0
}

/// Keys of another label.
fn ring_of<'a>(
    secret: &'a gamyeong::vault::pseudonym::EpochSecret,
    label: &Label<'a>,
) -> KeyRing<'a> {
    let Label { controller, purpose, recipient, .. } = *label;
    KeyRing { secret, controller, purpose, recipient, table: "" }
}
