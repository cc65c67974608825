//! What happened, in; the tables that an institution publishes (가명정보 처리현황) out.
//!
//! A processing that ran every night is one row. Nothing in it is about a person: no
//! account, no address, no post.
//!
//! ```text
//! provision ───────────────────────────────► 제공
//! run.commit for somebody else ─┬──────────► 제공 예정, until a provision to that recipient
//! run.commit of any other form ─┴──────────► 이용
//! ```
//!
//! Source: 개인정보 보호법 제30조제1항제4호의2; 개인정보 처리방침 작성지침, 가명정보의 처리.
//!
//! Not here: the text of the privacy policy (`policy`), the tables of rows (`tables`).

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use super::history::{Days, Entry, History};
use super::html;
use super::policy::{self, Section};
use super::table::{text, zoned};
use crate::ledger::record::Kind;
use crate::ledger::report::Report;

mod tables;

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
    /// 제공: what provisions were recorded of.
    pub provided: Vec<Provided>,
    /// 제공 예정: made for somebody to whom no provision was recorded yet.
    pub planned: Vec<Provided>,
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
        let (mut used, mut provided) = (Vec::new(), Vec::new());
        let (mut planned, mut entrusted) = (Vec::new(), Vec::new());
        for entry in history.right(&[Kind::Provision], days) {
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
                once(&mut planned, self::provided(entry, &controller));
            }
        }
        let mut combined = Vec::new();
        for entry in history.right(&[Kind::CombinationFiles], days) {
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
                newest: history.newest.clone(),
            },
            used,
            provided,
            planned,
            entrusted,
            combined,
            policy: Vec::new(),
        };
        status.policy = policy::of(&status, &commits, history, days);
        status
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

impl Period {
    fn of(entry: &Entry) -> Self {
        let text = |key: &str| Some(entry.text(key)).filter(|text| !text.is_empty());
        Self {
            start: text("period_start"),
            end: text("period_end"),
            none_reason: text("period_none_reason"),
        }
    }
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

/// True if what a run made for somebody is told by the record of a provision to the same. What
/// the settings of a run name is whom it is meant for: nothing was handed over by that.
fn was_provided(history: &History, run: &Entry, days: Days) -> bool {
    let recipient = |entry: &Entry| -> Vec<String> {
        entry.text("recipient").split_whitespace().map(str::to_owned).collect()
    };
    let is_of = |entry: &Entry| {
        entry.get("pipeline") == run.get("pipeline") && recipient(entry) == recipient(run)
    };
    history.right(&[Kind::Provision], days).any(is_of)
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
