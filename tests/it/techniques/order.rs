//! Order of rows and number of threads, through the program: the same rows are
//! published, and on any number of threads the same bytes.

use std::fs;
use std::path::Path;

use crate::house::{DATE, Said, column, conserved};

use super::{Night, Row, csv, loans, pipeline};

/// One column of every technique that needs no list.
const EVERY: &str = r#"
row = { keep = "integer" }
mac = [
    { as = "vendor", mac = { vendor = { devices_min = 6 } } },
    { as = "made_up", mac = "randomised" },
    { as = "phone", serial = { domain = "mac" } },
]
ip = [
    { as = "visitor", pseudonym = { domain = "ip" } },
    { as = "subnet", preserve = { domain = "ip" } },
    { as = "sealed", seal = { domain = "ip" }, reason = "장애 신고 시 역추적" },
    { as = "net", prefix = { v4 = 16, v6 = 32 } },
    { as = "site", class = { networks = { "본관" = ["10.1.0.0/16"] } } },
]
when = [
    { as = "moved", shift = { weeks = 8, keep = "term", terms = ["03-01", "09-01"] } },
    { as = "day", weekday = "name" },
    { as = "band", hour_band = { bounds = [0, 9, 12, 18] } },
    { as = "month", round = "month" },
]
genre = [
    { as = "shelf", keep = "text", rare = { persons_min = 30, other = "기타" } },
    { as = "kind", category = { map = { "소설" = "문학", "시" = "문학" }, other = "그 밖" } },
]
fee = [
    { as = "tens", round_number = { unit = 100, how = "random" } },
    { as = "halves", round_number = { unit = 100, how = "half" } },
    { as = "noisy", noise = { spread = 50, shape = "uniform" } },
    { as = "means", microaggregate = { k = 10 } },
    { as = "capped", coding = { bottom = { percentile = 10 }, top = { sigma = 1, outside = "blank" } } },
    { as = "interval", range = { width = 500 } },
]
age = [{ as = "life", category = { ready = "age", level = 2 } }]
page = { as = "template", path = { learn = { persons_min = 2 } } }
words = [{ as = "beginning", partial = { first = 3 } }, { as = "hidden", mask = { from = 2, to = 3 } }]
"#;

/// What depends on the order of rows by intent.
const ORDERED: &str = r#"
fee = [
    { as = "moved", keep = "integer", permute = true },
    { as = "sums", round_number = { unit = 100, how = "controlled", margins = "branch" } },
]
"#;

/// A house whose secret was made by the night before, and copies of it.
fn keyed(fields: &str) -> Night {
    let source = "sample = { one_in = 2 }\ndrop_rows = { interval = { values = [\"[0,500)\"] } }";
    let source = if fields == EVERY { source } else { "" };
    let night = Night::new(source, fields);
    night.house.put("tables/loans-2026-11-19.csv", csv(&loans(300, 80)));
    night.run_on("2026-11-19", &[]).exits(0);
    night
}

fn copied(night: &Night) -> Night {
    Night { house: night.house.copied() }
}

fn published(night: &Night, rows: &[Row]) -> Vec<Vec<Option<String>>> {
    let night = copied(night);
    night.put(csv(rows));
    let report = night.run(&[]).exits(0).json().pop().unwrap();
    conserved(&report);
    let batches = crate::house::rows(&night.table());
    let schema = batches[0].schema();
    let columns = schema.fields().iter().map(|field| night.column(field.name()));
    columns.collect()
}

#[test]
fn shuffled_rows_give_the_same_rows() {
    let night = keyed(EVERY);
    let rows = loans(600, 90);
    let expected = published(&night, &rows);
    assert!(expected[0].len() > 150);
    let mut shuffled: Vec<Row> = rows.clone();
    for step in [7, 11, 13] {
        shuffled.reverse();
        shuffled.sort_by_key(|row| row["row"].parse::<usize>().unwrap() * step % 601);
        let found = published(&night, &shuffled);
        assert_eq!(found, expected);
    }
}

#[test]
fn threads_do_not_change_a_byte_of_any_technique() {
    for fields in [EVERY, ORDERED] {
        let night = keyed(fields);
        // Three chunks, so that two threads have something to share.
        let text = csv(&loans(16_000, 900));
        assert!(text.len() > 2 * gamyeong::source::CHUNK_BYTES, "{}", text.len());
        let tables = ["1", "2", "3"].map(|threads| {
            let night = copied(&night);
            night.put(&text);
            let pipeline = night.house.path("pipelines/loans.toml");
            let mut command = night.house.command(&["run", "--date", DATE, "--json"]);
            let command = command.arg(pipeline).env("RAYON_NUM_THREADS", threads);
            let said = Said::from(command.output().unwrap()).exits(0);
            let [lines, rows, ..] = conserved(&said.json()[0]);
            assert!(lines == 16_001 && rows > 4_000, "{rows}");
            fs::read(night.table()).unwrap()
        });
        assert!(tables[0] == tables[1] && tables[0] == tables[2]);
    }
}

/// Where each row of the input stands in a table.
fn places(table: &Path) -> Vec<usize> {
    let rows = column(table, "row").into_iter().flatten();
    let mut places: Vec<(usize, usize)> = rows.map(|row| row.parse().unwrap()).zip(0..).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, place)| place).collect()
}

/// How often two orders both rise or both fall.
fn in_step(one: &[usize], other: &[usize]) -> usize {
    let rises = |order: &[usize]| order.windows(2).map(|two| two[0] < two[1]).collect::<Vec<_>>();
    rises(one).into_iter().zip(rises(other)).filter(|(one, other)| one == other).count()
}

/// In the order of the input, the rows of an hour would tell their minute, and two
/// tables of one input could be laid side by side although their pseudonyms differ.
#[test]
fn the_order_of_rows_says_nothing_of_the_input_nor_of_another_table() {
    let rows = loans(2_000, 90);
    let night = Night::new("", "").publish(&rows);
    night.house.put("pipelines/other.toml", pipeline("", "").replacen("loans", "other", 1));
    let other = night.house.path("pipelines/other.toml");
    night.house.say(&["run", other.to_str().unwrap(), "--date", DATE]).exits(0);
    let other = night.house.path(&format!("store/other/loans/date={DATE}/part-0.parquet"));
    let orders = [(0..rows.len()).collect(), places(&night.table()), places(&other)];
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        // Half of them, if they have nothing to do with each other: 1,000, and around it
        // more than five times the deviation, which is 22 at most.
        let alike = in_step(&orders[one], &orders[other]);
        assert!((877..=1_123).contains(&alike), "{one} and {other}: {alike}");
    }
}
