//! What happened, in; the tables that an institution publishes (가명정보 처리현황) out.
//!
//! A processing that ran every night is one row. Nothing in it is about a person: no
//! account, no address, no post.
//!
//! Source: 개인정보 보호법 제30조제1항제4호의2; 개인정보 처리방침 작성지침, 가명정보의 처리.
//!
//! Not here: the text of the privacy policy (`policy`).

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use super::history::{Days, Entry, History};
use super::html;
use super::policy::{self, Section};
use super::table::{Cell, Table, text, zoned};
use crate::ledger::record::Kind;
use crate::ledger::report::Report;

/// The period of a processing, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    /// First day.
    pub start: Option<String>,
    /// Last day.
    pub end: Option<String>,
    /// Why there is none.
    pub none_reason: Option<String>,
}

/// Pseudonymised information that is used (이용).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Used {
    /// 개인정보처리자.
    pub controller: String,
    /// 구분: one of the three purposes.
    pub category: String,
    /// 처리 목적.
    pub purpose: String,
    /// 이용 항목.
    pub items: Vec<String>,
    /// Which collected items they were made of (수집 항목).
    pub collected: Vec<String>,
    /// 보유 및 이용 기간.
    pub period: Period,
}

/// What was given to somebody (제공).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provided {
    /// 개인정보처리자.
    pub controller: String,
    /// 제공받는 자.
    pub recipient: String,
    /// 구분: one of the three purposes.
    pub category: String,
    /// 제공받는 자의 이용 목적.
    pub purpose: String,
    /// 제공하는 항목.
    pub items: Vec<String>,
    /// 제공받는 자의 보유·이용기간.
    pub period: Period,
}

/// Who works on the controller's behalf (위탁).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entrusted {
    /// 개인정보처리자.
    pub controller: String,
    /// 위탁받는 자(수탁자).
    pub processor: String,
    /// 위탁업무.
    pub work: String,
}

/// What was made for combination (결합).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Combined {
    /// 개인정보처리자.
    pub controller: String,
    /// 결합전문기관.
    pub agency: String,
    /// 결합키관리기관.
    pub key_agency: String,
    /// 결합 상대 기관.
    pub other: String,
    /// 구분: one of the three purposes.
    pub category: String,
    /// 결합 목적.
    pub purpose: String,
    /// 결합 대상 항목.
    pub items: Vec<String>,
}

/// Which ledger all of it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its name.
    pub origin: Option<String>,
    /// Its records.
    pub size: u64,
    /// Root over them.
    pub root: String,
    /// When the newest was made.
    pub newest: String,
}

/// Everything that is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Whose it is.
    pub controller: String,
    /// First day that was asked for.
    pub from: Option<String>,
    /// Last day that was asked for.
    pub to: Option<String>,
    /// Where it comes from.
    pub ledger: Source,
    /// 이용.
    pub used: Vec<Used>,
    /// 제공.
    pub provided: Vec<Provided>,
    /// 위탁.
    pub entrusted: Vec<Entrusted>,
    /// 결합.
    pub combined: Vec<Combined>,
    /// 개인정보 처리방침.
    pub policy: Vec<Section>,
}

/// A processing that is made for somebody else.
const FOR_OTHERS: &str = "제3자 제공";

impl Status {
    /// What ran and was handed over on these days. Runs that were undone did not happen.
    #[must_use]
    pub fn of(report: &Report, history: &History, days: Days) -> Self {
        let controller = history.opened("name");
        let commits = history.within(&[Kind::RunCommit], days);
        let commits: Vec<&Entry> =
            commits.filter(|entry| history.last_of(entry) == Some(Kind::RunPublished)).collect();
        let (mut used, mut provided, mut entrusted) = (Vec::new(), Vec::new(), Vec::new());
        let corrected = corrected(history);
        let is_right = |entry: &&Entry| !corrected.contains(&entry.seq);
        for entry in history.within(&[Kind::Provision], days).filter(is_right) {
            once(&mut provided, self::provided(entry, &controller));
        }
        for entry in &commits {
            let controller = controller_of(entry, &controller);
            for (processor, work) in processors(entry) {
                let controller = controller.clone();
                once(&mut entrusted, Entrusted { controller, processor, work });
            }
            if entry.text("environment") != FOR_OTHERS {
                once(&mut used, self::used(entry, controller));
            } else if !was_provided(history, entry, days) {
                once(&mut provided, self::provided(entry, &controller));
            }
        }
        let mut combined = Vec::new();
        for entry in history.within(&[Kind::CombinationFiles], days).filter(is_right) {
            once(&mut combined, self::combined(entry, &controller));
        }
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let mut status = Self {
            controller,
            from: day(days.from),
            to: day(days.to),
            ledger: Source {
                origin: report.origin.clone(),
                size: report.size,
                root: report.root.to_hex(),
                newest: history.newest.to_string(),
            },
            used,
            provided,
            entrusted,
            combined,
            policy: Vec::new(),
        };
        status.policy = policy::of(&status, &commits, history, days);
        status
    }

    /// The four tables, and the one that has all of them (통합형).
    #[must_use]
    pub fn tables(&self) -> [Table; 5] {
        [
            self.use_table(),
            self.provision_table(),
            self.entrusted_table(),
            self.combined_table(),
            self.unified(),
        ]
    }

    fn use_table(&self) -> Table {
        let rows = self.used.iter().map(|row| {
            let [start, end] = row.period.cells();
            [
                Cell::from(row.controller.as_str()),
                Cell::from(row.category.as_str()),
                Cell::from(row.purpose.as_str()),
                Cell::from(row.items.join(", ")),
                start,
                end,
            ]
        });
        let columns = [
            ("개인정보처리자", 20.0),
            ("구분", 12.0),
            ("처리 목적", 40.0),
            ("이용 항목", 40.0),
            ("보유 및 이용 기간(시작)", 12.0),
            ("보유 및 이용 기간(끝)", 12.0),
        ];
        Table::new(["used", "이용", "가명정보 이용 현황", LAW], columns, rows)
    }

    fn provision_table(&self) -> Table {
        let rows = self.provided.iter().map(|row| {
            let [start, end] = row.period.cells();
            [
                Cell::from(row.controller.as_str()),
                Cell::from(row.recipient.as_str()),
                Cell::from(format!("{}\n{}", row.category, row.purpose)),
                Cell::from(row.items.join(", ")),
                start,
                end,
            ]
        });
        let columns = [
            ("개인정보처리자", 20.0),
            ("제공받는 자", 20.0),
            ("제공받는 자의 이용 목적", 40.0),
            ("제공하는 항목", 40.0),
            ("제공받는 자의 보유·이용기간(시작)", 12.0),
            ("제공받는 자의 보유·이용기간(끝)", 12.0),
        ];
        Table::new(["provided", "제공", "가명정보 제공 현황", LAW], columns, rows)
    }

    fn entrusted_table(&self) -> Table {
        let rows = self.entrusted.iter().map(|row| {
            [&row.controller, &row.processor, &row.work].map(|text| Cell::from(text.as_str()))
        });
        let columns = [("개인정보처리자", 20.0), ("위탁받는 자(수탁자)", 30.0), ("위탁업무", 60.0)];
        Table::new(["entrusted", "위탁", "가명정보 처리 위탁 현황", LAW], columns, rows)
    }

    fn combined_table(&self) -> Table {
        let rows = self.combined.iter().map(|row| {
            [
                Cell::from(row.controller.as_str()),
                Cell::from(row.agency.as_str()),
                Cell::from(row.key_agency.as_str()),
                Cell::from(row.other.as_str()),
                Cell::from(format!("{}\n{}", row.category, row.purpose)),
                Cell::from(row.items.join(", ")),
            ]
        });
        let columns = [
            ("개인정보처리자", 20.0),
            ("결합전문기관", 20.0),
            ("결합키관리기관", 20.0),
            ("결합 상대 기관", 20.0),
            ("결합 목적", 40.0),
            ("결합 대상 항목", 40.0),
        ];
        Table::new(["combined", "결합", "가명정보 결합 현황", LAW], columns, rows)
    }

    /// 통합형: all of them in one table, which a CSV file is.
    #[must_use]
    pub fn unified(&self) -> Table {
        let mut rows: Vec<[Cell; 7]> = Vec::new();
        let mut add = |act: &str, texts: [&str; 3], items: &[String], period: [Cell; 2]| {
            let [controller, recipient, purpose] = texts.map(Cell::from);
            let [start, end] = period;
            rows.push([
                controller,
                act.into(),
                recipient,
                purpose,
                items.join(", ").into(),
                start,
                end,
            ]);
        };
        for row in &self.used {
            let purpose = format!("{}: {}", row.category, row.purpose);
            add("이용", [&row.controller, "", &purpose], &row.items, row.period.cells());
        }
        for row in &self.provided {
            let purpose = format!("{}: {}", row.category, row.purpose);
            add(
                "제공",
                [&row.controller, &row.recipient, &purpose],
                &row.items,
                row.period.cells(),
            );
        }
        for row in &self.entrusted {
            add(
                "위탁",
                [&row.controller, &row.processor, &row.work],
                &[],
                [Cell::Empty, Cell::Empty],
            );
        }
        for row in &self.combined {
            let purpose = format!("{}: {}", row.category, row.purpose);
            let agencies = format!("{}, {}, {}", row.agency, row.key_agency, row.other);
            let none = [Cell::Empty, Cell::Empty];
            add("결합", [&row.controller, &agencies, &purpose], &row.items, none);
        }
        let columns = [
            ("개인정보처리자", 20.0),
            ("구분", 8.0),
            ("제공받는 자(수탁자·결합기관)", 24.0),
            ("처리 목적(위탁업무)", 40.0),
            ("처리 항목", 40.0),
            ("처리 기간(시작)", 12.0),
            ("처리 기간(끝)", 12.0),
        ];
        Table::new(["status", "통합형", "가명정보 처리현황(통합형)", LAW], columns, rows)
    }

    /// The page to publish; instants by the clock of the institution's zone.
    #[must_use]
    pub fn html(&self, days: Days, zone: &TimeZone) -> String {
        let about = [
            ("개인정보처리자", self.controller.clone()),
            ("기간", days.korean()),
            ("마지막 기록", zoned(&self.ledger.newest, zone)),
            ("작성 근거", format!("처리 기록 {}건, 뿌리값 {}", self.ledger.size, self.ledger.root)),
        ];
        let mut body = html::fields(&about);
        body.extend(self.tables().iter().map(html::section));
        body.push_str(&html::element("h2", policy::TITLE));
        body.push('\n');
        for section in &self.policy {
            body.push_str(&html::element("h3", &section.heading));
            body.push('\n');
            for paragraph in &section.paragraphs {
                body.push_str(&html::element("p", paragraph));
                body.push('\n');
            }
        }
        html::document("가명정보 처리현황", &body)
    }
}

const LAW: &str = "개인정보 보호법 제30조제1항제4호의2";

impl Period {
    fn of(entry: &Entry) -> Self {
        let text = |key: &str| Some(entry.text(key)).filter(|text| !text.is_empty());
        Self {
            start: text("period_start"),
            end: text("period_end"),
            none_reason: text("period_none_reason"),
        }
    }

    fn cells(&self) -> [Cell; 2] {
        let day = |text: &Option<String>| Cell::day(text.clone().map(Value::from).as_ref());
        let end = if self.end.is_some() { &self.end } else { &self.none_reason };
        [day(&self.start), day(end)]
    }
}

/// Numbers of the records that a later one corrects: what they say is not published.
fn corrected(history: &History) -> BTreeSet<u64> {
    history.entries.iter().filter_map(|entry| entry.get("corrects")?.as_u64()).collect()
}

fn once<T: PartialEq>(rows: &mut Vec<T>, row: T) {
    if !rows.contains(&row) {
        rows.push(row);
    }
}

fn controller_of(entry: &Entry, otherwise: &str) -> String {
    let name = entry.get("controller").and_then(|of| of.get("name")).map(text);
    name.unwrap_or_else(|| otherwise.to_owned())
}

fn processors(entry: &Entry) -> Vec<(String, String)> {
    let names = entry.each("processor", "name");
    names.into_iter().zip(entry.each("processor", "work")).collect()
}

/// The labels of what a run made, or the items that are listed.
fn items(entry: &Entry) -> Vec<String> {
    let labels = entry.each("items", "label");
    if !labels.is_empty() {
        return labels;
    }
    let listed = entry.get("items").and_then(Value::as_array);
    listed.into_iter().flatten().map(text).collect()
}

fn used(entry: &Entry, controller: String) -> Used {
    let mut collected = Vec::new();
    for item in entry.each("sources", "item") {
        once(&mut collected, item);
    }
    Used {
        controller,
        category: entry.text("purpose_category"),
        purpose: entry.text("purpose_detail"),
        items: items(entry),
        collected,
        period: Period::of(entry),
    }
}

fn provided(entry: &Entry, controller: &str) -> Provided {
    Provided {
        controller: controller.to_owned(),
        recipient: entry.text("recipient"),
        category: entry.text("purpose_category"),
        purpose: entry.text("purpose_detail"),
        items: items(entry),
        period: Period::of(entry),
    }
}

/// True if what a run made for somebody is told by the record of a provision.
fn was_provided(history: &History, run: &Entry, days: Days) -> bool {
    let is_of = |entry: &Entry| entry.get("pipeline") == run.get("pipeline");
    history.within(&[Kind::Provision], days).any(is_of)
}

fn combined(entry: &Entry, controller: &str) -> Combined {
    Combined {
        controller: controller.to_owned(),
        agency: entry.text("agency"),
        key_agency: entry.text("key_agency"),
        other: entry.text("other"),
        category: entry.text("purpose_category"),
        purpose: entry.text("purpose_detail"),
        items: items(entry),
    }
}
