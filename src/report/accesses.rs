//! What happened, in; who opened what, and how often (접속기록과 그 점검), out.
//!
//! ```text
//! access ──────────────┐
//! usage of run.commit ─┼─► accesses, in order of time ─► by month, account and task
//! run.begin without it ┘
//! ```
//!
//! A night opens what it reads: the five fields of its own access stand in its record. One that
//! was refused or undone has opened it too, and no such record: it is listed by who began it, when
//! and from where, and what is not recorded is said not to be. Days and months are those of the
//! access, which may have been entered much later.
//!
//! Source: 개인정보의 안전성 확보조치 기준 제8조.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::history::{Days, Entry, History};
use super::reasons;
use super::table::{Cell, Table, joined, text};
use crate::ledger::record::Kind;

const SOURCE: &str = "개인정보의 안전성 확보조치 기준 제8조";

/// One access: the record, and the table in it that has the five fields.
struct Access<'a> {
    entry: &'a Entry,
    fields: Fields<'a>,
}

/// How nights end that make no table.
const ENDS: &[Kind] = &[Kind::RunRefused, Kind::RunUndone];

/// What no record says of an access.
const NOT_RECORDED: &str = "기록 없음";

enum Fields<'a> {
    /// The record is about nothing else.
    Own,
    /// An entry of `usage`.
    Usage(&'a Value),
    /// A night that began and recorded no use; how it ended, if it did.
    Begun(Option<&'a Entry>),
}

impl<'a> Access<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        match self.fields {
            Fields::Own | Fields::Begun(_) => self.entry.get(key),
            Fields::Usage(usage) => usage.get(key),
        }
    }

    fn account(&self) -> String {
        match self.fields {
            Fields::Begun(_) => self.entry.actor.clone(),
            Fields::Own | Fields::Usage(_) => self.get("account").map(text).unwrap_or_default(),
        }
    }

    fn at(&self) -> Option<Timestamp> {
        match self.fields {
            Fields::Begun(_) => self.entry.time.parse().ok(),
            Fields::Own | Fields::Usage(_) => self.get("at")?.as_str()?.parse().ok(),
        }
    }

    /// What was done; of a night that made no table, how it ended.
    fn task(&self) -> String {
        let Fields::Begun(end) = self.fields else {
            return self.get("task").map(text).unwrap_or_default();
        };
        let end = match end.and_then(|end| end.kind) {
            Some(Kind::RunRefused) => "거부",
            Some(Kind::RunUndone) => "취소",
            _ => "끝나지 않음",
        };
        format!("가명처리({end})")
    }

    /// Why: of a night that made no table, why it made none.
    fn reason(&self) -> String {
        match self.fields {
            Fields::Begun(end) => {
                end.map(|end| reasons::korean(&end.text("reason"))).unwrap_or_default()
            }
            Fields::Own | Fields::Usage(_) => self.entry.text("reason"),
        }
    }

    /// An item of the access; what a night that made no table did not record is said not to be
    /// there.
    fn cell(&self, value: impl Fn(Option<&Value>) -> Cell, key: &str) -> Cell {
        let found = self.get(key);
        let is_unsaid = matches!(self.fields, Fields::Begun(_)) && found.is_none();
        if is_unsaid { Cell::from(NOT_RECORDED) } else { value(found) }
    }

    fn at_cell(&self, zone: &TimeZone) -> Cell {
        let begun = Value::from(self.entry.time.as_str());
        match self.fields {
            Fields::Begun(_) => Cell::moment(Some(&begun), zone),
            Fields::Own | Fields::Usage(_) => Cell::moment(self.get("at"), zone),
        }
    }

    /// The day on which it was opened, by the clock of the institution.
    fn day(&self, zone: &TimeZone) -> Option<Date> {
        let day = self.at().map(|at| at.to_zoned(zone.clone()).date());
        day.or_else(|| self.entry.day())
    }

    /// What was opened: of a night, that of its pipeline and date.
    fn object(&self) -> String {
        match self.fields {
            Fields::Own => self.entry.text("object"),
            Fields::Usage(_) | Fields::Begun(_) => {
                joined(&[self.entry.text("pipeline"), self.entry.text("date")], " ")
            }
        }
    }
}

/// All of these days, in order of time.
fn of(history: &History, days: Days) -> Vec<Access<'_>> {
    let mut found = Vec::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for entry in history.within(&[Kind::Access, Kind::RunCommit], Days::default()) {
        if entry.kind == Some(Kind::Access) {
            found.push(Access { entry, fields: Fields::Own });
        } else {
            let usage = entry.get("usage").and_then(Value::as_array).into_iter().flatten();
            let usage: Vec<&Value> = usage.collect();
            told.extend(entry.run.as_deref().filter(|_| !usage.is_empty()));
            let of = |usage| Access { entry, fields: Fields::Usage(usage) };
            found.extend(usage.into_iter().map(of));
        }
    }
    let ends = history.within(ENDS, Days::default());
    let ends: BTreeMap<&str, &Entry> =
        ends.filter_map(|entry| Some((entry.run.as_deref()?, entry))).collect();
    let begun = history.within(&[Kind::RunBegin], Days::default());
    let is_told = |entry: &Entry| entry.run.as_deref().is_some_and(|run| told.contains(run));
    found.extend(begun.filter(|entry| !is_told(entry)).map(|entry| {
        let end = entry.run.as_deref().and_then(|run| ends.get(run).copied());
        Access { entry, fields: Fields::Begun(end) }
    }));
    found.retain(|access| days.has(access.day(&history.zone)));
    // What was entered later happened earlier.
    found.sort_by_key(|access| (access.at(), access.entry.seq));
    found
}

/// 접속기록 점검: how often each account did what in a month.
#[must_use]
pub fn by_month(history: &History, days: Days) -> Table {
    let mut groups: BTreeMap<[String; 3], u64> = BTreeMap::new();
    for access in of(history, days) {
        let day = access.day(&history.zone);
        let month = day.map(|day| day.strftime("%Y-%m").to_string()).unwrap_or_default();
        *groups.entry([month, access.account(), access.task()]).or_default() += 1;
    }
    let rows = groups.into_iter().map(|([month, account, task], number)| {
        [Cell::from(month), Cell::from(account), Cell::from(task), Cell::Number(number)]
    });
    let columns = [("월", 12.0), ("식별자", 40.0), ("수행업무", 30.0), ("건수", 12.0)];
    let names = ["accesses-by-month", "접속기록 점검", "접속기록 점검(월별 집계)", SOURCE];
    Table::new(names, columns, rows).numbered()
}

/// 접속기록, one by one.
#[must_use]
pub fn accesses(history: &History, days: Days) -> Table {
    let rows = of(history, days).into_iter().map(|access| {
        let entry = access.entry;
        [
            Cell::from(access.account()),
            access.at_cell(&history.zone),
            access.cell(Cell::text, "from"),
            Cell::from(access.object()),
            access.cell(Cell::number, "subjects"),
            Cell::number(access.get("entries")),
            Cell::text(entry.get("info_kind")),
            Cell::from(access.task()),
            Cell::from(access.reason()),
            Cell::text(entry.get("management_no")),
            Cell::Number(entry.seq),
        ]
    });
    let columns = [
        ("식별자", 18.0),
        ("접속일시", 19.0),
        ("접속지", 18.0),
        ("처리한 정보", 24.0),
        ("정보주체 수", 10.0),
        ("열람한 건수", 10.0),
        ("정보구분", 10.0),
        ("수행업무", 10.0),
        ("사유", 28.0),
        ("관리번호", 9.0),
        ("일련번호", 8.0),
    ];
    let names = ["accesses", "접속기록", "접속기록", SOURCE];
    Table::new(names, columns, rows).numbered().timed(&["접속일시"], &history.zone)
}
