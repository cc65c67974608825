//! The ledgers of the page and those of the workbook: they say the same, and of the same days.

use std::fs;

use gamyeong::ledger::items::{self, Form, Item, example};
use gamyeong::ledger::record::{KINDS, Kind, Record};
use gamyeong::report::history::{Days, History};
use gamyeong::report::ledgers;
use gamyeong::report::table::Table;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::browser::Browser;
use super::{made, page_of, with_data};
use crate::house::{House, put};

/// Ledgers of the workbook, and where they stand on the page.
const LEDGERS: [(&str, &str, usize); 9] = [
    ("처리대장", "processing", 0),
    ("접근권한 관리대장", "rights", 0),
    ("제공대장", "provision", 0),
    ("파기대장", "destruction", 0),
    ("파기 요청과 승인", "destruction", 1),
    ("유출등 대장", "incident", 0),
    ("접속기록 점검", "access", 0),
    ("접속기록", "access", 1),
    ("검토·승인", "reviews", 0),
];

/// A body with texts that stand nowhere else.
fn unique(items: &[Item], mark: &str, body: &mut Map<String, Value>) {
    for (place, item) in items.iter().enumerate() {
        let Some(value) = body.get_mut(item.key) else { continue };
        if matches!(item.form, Form::Number) {
            *value = json!(701 + place);
        } else if matches!(item.form, Form::Text) {
            *value = json!(format!("{}.{}{mark}", item.korean, item.key));
        } else if let (Form::Table(inner), Value::Object(table)) = (item.form, value) {
            unique(inner, &format!(".{}{mark}", item.key), table);
        }
    }
}

/// One record of each kind that a ledger lists, with all of its items, and a processing without
/// an end; entered long before what they tell of.
fn data() -> Value {
    const NUMBER: &str = "26-01";
    let kinds = [
        Kind::RunBegin,
        Kind::RunCommit,
        Kind::RunPublished,
        Kind::RiskReview,
        Kind::AdequacyReview,
        Kind::PlanApproved,
        Kind::RightsGranted,
        Kind::RightsChanged,
        Kind::RightsRevoked,
        Kind::Provision,
        Kind::CombinationFiles,
        Kind::KeyCreate,
        Kind::KeyRetired,
        Kind::KeyDestroyed,
        Kind::AdditionalDestroyed,
        Kind::DataDestroyed,
        Kind::Incident,
        Kind::Access,
        Kind::ConfigChange,
        Kind::RetentionRequested,
        Kind::RetentionApproved,
        Kind::RetentionDone,
        // What was entered again, as it is right.
        Kind::RightsGranted,
        Kind::Provision,
        Kind::KeyRetired,
        Kind::DataDestroyed,
        Kind::Incident,
        Kind::RetentionRequested,
    ];
    let first = |kind: Kind| 1 + kinds.iter().position(|one| *one == kind).unwrap();
    let requested = first(Kind::RetentionRequested);
    let night: Vec<(String, Value)> = kinds
        .into_iter()
        .zip(1..)
        .map(|(kind, number)| {
            let mut body = example::body(kind);
            if number > first(kind) {
                body.insert("corrects".to_owned(), json!(first(kind)));
            }
            unique(items::of(kind).items, &format!("/{}", kind.as_str()), &mut body);
            body.insert("management_no".to_owned(), json!(NUMBER));
            if matches!(kind, Kind::RunCommit | Kind::Provision) {
                body.remove("period_end");
            }
            if matches!(kind, Kind::RetentionApproved | Kind::RetentionDone) {
                body.insert("request".to_owned(), json!(requested));
            }
            (kind.as_str().to_owned(), Value::Object(body))
        })
        .collect();
    made::ledger(night.len(), &night, 28)
}

fn history(data: &Value) -> History {
    let segments = data["segments"].as_array().unwrap().iter();
    let lines = segments.flat_map(|file| file["text"].as_str().unwrap().lines());
    let records = lines.map(|line| Record::parse(line.as_bytes()).unwrap());
    History::of(records.collect(), &TimeZone::get("Asia/Seoul").unwrap())
}

fn table(history: &History, days: Days, sheet: &str) -> Table {
    let found = ledgers::all(history, days).into_iter().find(|table| table.sheet == sheet);
    found.unwrap()
}

/// What is shown of a ledger of the page, row by row.
fn rows(browser: &Browser, tab: &str, place: usize) -> Vec<String> {
    let shown = browser.run(&format!(
        "show('{tab}');
         const text = (row) => [...row.cells].map((cell) => cell.textContent).join('\\n');
         return [...document.querySelectorAll('main table')[{place}].querySelectorAll('tbody tr')]
           .filter((row) => !row.querySelector('td.note')).map(text)"
    ));
    serde_json::from_value(shown).unwrap()
}

/// Opens a page with these records.
fn open(browser: &Browser, house: &House, data: &Value) {
    let page = fs::read_to_string(page_of(house, &[])).unwrap();
    let path = house.path("tables.html");
    put(&path, with_data(&page, data).as_bytes());
    browser.open(&path);
}

/// What the page has by opening the record.
const OPENED: [(&str, &str); 1] = [("검토·승인", "처리 설정 요약값")];

/// Whoever adds a column to the workbook adds it to the page, or to those above.
#[test]
fn every_cell_of_a_ledger_in_the_workbook_is_on_the_page() {
    let Some(browser) = Browser::start() else { return };
    let (house, data) = (House::new(), data());
    open(&browser, &house, &data);
    let history = history(&data);
    let mut missing = Vec::new();
    // The page has its own words for kinds.
    let is_kind = |line: &str| KINDS.into_iter().any(|kind| items::of(kind).korean == line);
    for (sheet, tab, place) in LEDGERS {
        let table = table(&history, Days::default(), sheet);
        let shown = rows(&browser, tab, place);
        assert_eq!(table.rows.len(), shown.len(), "{sheet}");
        assert!(!shown.is_empty(), "{sheet}");
        for (row, shown) in table.rows.iter().zip(&shown) {
            for (column, cell) in table.columns.iter().zip(row) {
                let is_there =
                    cell.plain().lines().all(|line| is_kind(line) || shown.contains(line));
                if !is_there && !missing.contains(&(sheet, column.name)) {
                    missing.push((sheet, column.name));
                }
            }
        }
    }
    assert_eq!(missing, OPENED);
}

/// What was entered later is of the day on which it was.
#[test]
fn accesses_are_of_the_day_on_which_somebody_had_access() {
    let Some(browser) = Browser::start() else { return };
    let (house, data) = (House::new(), data());
    open(&browser, &house, &data);
    let history = history(&data);
    // That of the night and the one by itself, both at 2026-11-22T18:00:00Z.
    for (from, to, number) in [
        ("", "", 2),
        ("2026-11-23", "2026-11-23", 2),
        ("2026-11-24", "", 0),
        ("", "2026-11-22", 0),
        ("2010-01-01", "2010-12-31", 0),
    ] {
        let days = Days { from: from.parse().ok(), to: to.parse().ok() };
        assert_eq!(table(&history, days, "접속기록").rows.len(), number, "{from} ~ {to}");
        let months = table(&history, days, "접속기록 점검").rows;
        assert!(months.iter().all(|row| row[1].plain() == "2026-11"), "{months:?}");
        browser.run(&format!("Object.assign(shown.filter, {{from: '{from}', to: '{to}'}})"));
        assert_eq!(rows(&browser, "access", 1).len(), number, "{from} ~ {to}");
        let shown = rows(&browser, "access", 0);
        assert_eq!(shown.len(), months.len(), "{from} ~ {to}");
        assert!(shown.iter().all(|row| row.starts_with("2026-11\n")), "{shown:?}");
    }
}
