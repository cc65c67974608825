//! A body that is to be entered and the records before it in; where it does not go with them,
//! or tells of what cannot have happened yet, out.
//!
//! ```text
//! retention.requested ◄─ request ─ retention.approved ◄─ approval ─ data.destroyed
//!          ▲──────────── request ─ retention.done
//! run.commit ◄─ paths ─ data.destroyed, additional.destroyed
//! rights.granted ◄─ account ─ rights.changed, rights.revoked
//! ```
//!
//! Source: 표준 개인정보 보호지침 제55조, 별지 4호 and 5호; 서식 ❿.
//!
//! Not here: what a body must have by itself (`items`), signatures (`approvals`).

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::destroyed;
use super::items::{self, Form};
use super::record::{Kind, Record};

/// An item that does not go with the records before it. Says which, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {what}")]
pub struct Misfit {
    /// Where it stands in the body.
    pub path: &'static str,
    /// What is wrong.
    pub what: Wrong,
}

/// Why it does not go with them, and what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It names no record, or one of another kind.
    #[error("no earlier record of this number is a `{}`: `gamyeong ledger list` shows those that are", kind.as_str())]
    Kind {
        /// The kind that it should be of.
        kind: Kind,
    },
    /// It names a record about something else.
    #[error("that record is of another `management_no`: name the one of the same")]
    Number,
    /// Nobody granted rights to the account.
    #[error(
        "no earlier `rights.granted` names this account: spell it as that does, or enter it first"
    )]
    Account,
    /// A path of nothing that was made.
    #[error(
        "number {number} is no file in `{list}` of an earlier record, and no folder of one: write it as that record does, such as `loans/books/date=2026-11-20/part-0.parquet`, or `loans` for all below it; leave out what no record names"
    )]
    Uncovered {
        /// Its place in the list of paths, from 1.
        number: usize,
        /// The items of a record that name such files.
        list: &'static str,
    },
    /// A period that ends before it begins.
    #[error("before `period_start`: one of the two is another day")]
    Period,
    /// What has not happened.
    #[error("after today, {today}: enter it when it has happened")]
    Future {
        /// The institution's day.
        today: Date,
    },
}

/// Days that may be to come: those of what is planned.
const PLANNED: [&str; 3] = ["due", "period_start", "period_end"];

/// Looks for what does not go with the records before it, on this day of the institution.
#[must_use]
pub fn check(
    records: &[Record],
    kind: Kind,
    body: &Map<String, Value>,
    today: Date,
    zone: &TimeZone,
) -> Vec<Misfit> {
    let mut found = Vec::new();
    if matches!(kind, Kind::RetentionApproved | Kind::RetentionDone) {
        found.extend(named(records, body, "request", Kind::RetentionRequested));
    } else if kind == Kind::DataDestroyed {
        found.extend(named(records, body, "approval", Kind::RetentionApproved));
        found.extend(uncovered(records, body, "outputs"));
    } else if kind == Kind::AdditionalDestroyed {
        found.extend(uncovered(records, body, "sealed"));
    } else if matches!(kind, Kind::RightsChanged | Kind::RightsRevoked) {
        let is_granted = is_granted(records, kind, body);
        found.extend((!is_granted).then_some(Misfit { path: "account", what: Wrong::Account }));
    } else if kind == Kind::Provision {
        let day = |key| body.get(key)?.as_str()?.parse::<Date>().ok();
        let is_turned = day("period_start").zip(day("period_end")).is_some_and(|(a, b)| b < a);
        found.extend(is_turned.then_some(Misfit { path: "period_end", what: Wrong::Period }));
    }
    for item in items::of(kind).items.iter().filter(|item| !PLANNED.contains(&item.key)) {
        let text = body.get(item.key).and_then(Value::as_str).unwrap_or_default();
        let day = if matches!(item.form, Form::Day) {
            text.parse::<Date>().ok()
        } else if matches!(item.form, Form::Instant) {
            let at = text.parse::<Timestamp>().ok();
            at.map(|at| at.to_zoned(zone.clone()).date())
        } else {
            None
        };
        if day.is_some_and(|day| day > today) {
            found.push(Misfit { path: item.key, what: Wrong::Future { today } });
        }
    }
    found
}

/// What is wrong with the record that an item names, if it names one.
fn named(
    records: &[Record],
    body: &Map<String, Value>,
    path: &'static str,
    kind: Kind,
) -> Option<Misfit> {
    let value = body.get(path).filter(|value| !value.is_null())?;
    let of = |record: &&Record| Some(record.seq) == value.as_u64() && record.kind() == Some(kind);
    let what = match records.iter().find(of) {
        None => Wrong::Kind { kind },
        Some(record) if record.body.get("management_no") != body.get("management_no") => {
            Wrong::Number
        }
        Some(_) => return None,
    };
    Some(Misfit { path, what })
}

/// The first path of a destruction that covers no file of an earlier record: it would be told
/// of, and the file be missed all the same.
fn uncovered(records: &[Record], body: &Map<String, Value>, list: &'static str) -> Option<Misfit> {
    let paths = body.get("paths").and_then(Value::as_array).filter(|paths| !paths.is_empty())?;
    let known = destroyed::known(records, list);
    let is_known = |path: &Value| path.as_str().is_some_and(|path| known.contains(Path::new(path)));
    let number = paths.iter().position(|path| !is_known(path))? + 1;
    Some(Misfit { path: "paths", what: Wrong::Uncovered { number, list } })
}

/// True if an earlier record granted rights to the account, or, of what is taken away, to the
/// key: a key that was stolen goes, whatever its holder is called.
fn is_granted(records: &[Record], kind: Kind, body: &Map<String, Value>) -> bool {
    let keys: &[&str] =
        if kind == Kind::RightsRevoked { &["account", "public_key"] } else { &["account"] };
    let is_same = |record: &Record| {
        keys.iter().any(|key| {
            let asked = body.get(*key).filter(|value| value.is_string());
            asked.is_some() && record.body.get(*key) == asked
        })
    };
    records.iter().any(|record| record.kind() == Some(Kind::RightsGranted) && is_same(record))
}
