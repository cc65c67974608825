//! What happened, in; who opened what, and how often (접속기록과 그 점검), out.
//!
//! ```text
//! access ──────────────┐
//! usage of run.commit ─┴─► accesses, in order of time ─► by month, account and task
//! ```
//!
//! A night opens what it reads: the five fields of its own access stand in its record. Days
//! and months are those of the access, which may have been entered much later.
//!
//! Source: 개인정보의 안전성 확보조치 기준 제8조.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::history::{Days, Entry, History};
use super::table::{Cell, Table, joined, text};
use crate::ledger::record::Kind;

const SOURCE: &str = "개인정보의 안전성 확보조치 기준 제8조";

/// One access: the record, and the table in it that has the five fields.
struct Access<'a> {
    entry: &'a Entry,
    fields: Fields<'a>,
}

enum Fields<'a> {
    /// The record is about nothing else.
    Own,
    /// An entry of `usage`.
    Usage(&'a Value),
}

impl<'a> Access<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        match self.fields {
            Fields::Own => self.entry.get(key),
            Fields::Usage(usage) => usage.get(key),
        }
    }

    fn text(&self, key: &str) -> String {
        self.get(key).map(text).unwrap_or_default()
    }

    fn at(&self) -> Option<Timestamp> {
        self.get("at")?.as_str()?.parse().ok()
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
            Fields::Usage(_) => {
                joined(&[self.entry.text("pipeline"), self.entry.text("date")], " ")
            }
        }
    }
}

/// All of these days, in order of time.
fn of(history: &History, days: Days) -> Vec<Access<'_>> {
    let mut found = Vec::new();
    for entry in history.within(&[Kind::Access, Kind::RunCommit], Days::default()) {
        if entry.kind == Some(Kind::Access) {
            found.push(Access { entry, fields: Fields::Own });
        } else {
            let usage = entry.get("usage").and_then(Value::as_array).into_iter().flatten();
            found.extend(usage.map(|usage| Access { entry, fields: Fields::Usage(usage) }));
        }
    }
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
        *groups.entry([month, access.text("account"), access.text("task")]).or_default() += 1;
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
            Cell::text(access.get("account")),
            Cell::moment(access.get("at"), &history.zone),
            Cell::text(access.get("from")),
            Cell::from(access.object()),
            Cell::number(access.get("subjects")),
            Cell::number(access.get("entries")),
            Cell::text(entry.get("info_kind")),
            Cell::text(access.get("task")),
            Cell::text(entry.get("reason")),
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
        ("기록", 7.0),
    ];
    let names = ["accesses", "접속기록", "접속기록", SOURCE];
    Table::new(names, columns, rows).numbered().timed(&["접속일시"], &history.zone)
}
