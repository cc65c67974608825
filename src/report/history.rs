//! Records in; what happened, by the institution's days and by runs, out.
//!
//! Not here: what tables are made of it.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::table::{Cell, joined, moment, text};
use crate::ledger::approvals::{Approvals, Standing};
use crate::ledger::record::{Kind, Record};

/// The days that are asked for; a side that is open has no end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Option<Date>,
    /// The last.
    pub to: Option<Date>,
}

/// A record with the time of its institution.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number.
    pub seq: u64,
    /// What it is about; `None` if a later version of this program wrote it.
    pub kind: Option<Kind>,
    /// When it was made, as the institution's clock showed it.
    pub at: Option<DateTime>,
    /// When it was made, as it is stored.
    pub time: String,
    /// Who made it.
    pub actor: String,
    /// The run it belongs to.
    pub run: Option<String>,
    /// How many people signed it (`ledger::approvals`): two keys of one account are one.
    pub signers: u64,
    /// The earlier record that it takes the place of.
    pub corrects: Option<u64>,
    /// The later record that takes its place: what it says was wrong, and counts no more.
    pub corrected_by: Option<u64>,
    /// What it says.
    pub body: Map<String, Value>,
}

/// A run: how far it came, and its record.
#[derive(Debug, Clone)]
pub struct Run {
    /// The kind of its last record.
    pub last: Kind,
    /// Place of its `run.commit` among the entries.
    pub commit: Option<usize>,
}

/// All records.
#[derive(Debug)]
pub struct History {
    /// From the first.
    pub entries: Vec<Entry>,
    /// By name.
    pub runs: BTreeMap<String, Run>,
    /// Where days begin.
    pub zone: TimeZone,
    /// When the newest record was made, as it says; empty without records.
    pub newest: String,
}

impl Days {
    /// True if a day is among them, or not known.
    #[must_use]
    pub fn has(&self, day: Option<Date>) -> bool {
        day.is_none_or(|day| {
            self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
        })
    }

    /// All days of a year.
    #[must_use]
    pub fn of_year(year: i16) -> Option<Self> {
        let from = Date::new(year, 1, 1).ok()?;
        let to = Date::new(year, 12, 31).ok()?;
        Some(Self { from: Some(from), to: Some(to) })
    }

    /// In words.
    #[must_use]
    pub fn korean(&self) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        match (self.from, self.to) {
            (None, None) => "전체 기간".to_owned(),
            (from, to) => format!("{} ~ {}", day(from), day(to)),
        }
    }
}

impl Entry {
    /// The day it was made.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.at.map(DateTime::date)
    }

    /// That day as a cell.
    #[must_use]
    pub fn day_cell(&self) -> Cell {
        self.day().map_or(Cell::Empty, Cell::Day)
    }

    /// An item of its body.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.body.get(key)
    }

    /// An item as text; empty if it is not there.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.get(key).map(text).unwrap_or_default()
    }

    /// One item of each table of a list, such as the labels of all items.
    #[must_use]
    pub fn each(&self, list: &str, key: &str) -> Vec<String> {
        let tables = self.get(list).and_then(Value::as_array).into_iter().flatten();
        let texts = tables.filter_map(|table| table.get(key)).map(text);
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// The sum of a number over the tables of a list.
    #[must_use]
    pub fn sum(&self, list: &str, key: &str) -> u64 {
        let tables = self.get(list).and_then(Value::as_array).into_iter().flatten();
        tables.filter_map(|table| table.get(key)?.as_u64()).sum()
    }

    /// True if both are about the same processing, by its management number. All records of a
    /// ledger are of one controller.
    #[must_use]
    pub fn is_of_same(&self, other: &Self) -> bool {
        self.get("management_no") == other.get("management_no")
    }

    /// What it corrects, and what corrects it (정정), as ledgers say so.
    #[must_use]
    pub fn correction(&self) -> String {
        let after = self.corrected_by.map(|seq| format!("정정됨 → 일련번호 {seq}"));
        let before = self.corrects.map(|seq| format!("정정: 일련번호 {seq}"));
        joined(&[after.unwrap_or_default(), before.unwrap_or_default()], "\n")
    }

    /// The names of the items that it is about: those that a run made, or those listed.
    #[must_use]
    pub fn items(&self) -> String {
        let labels = self.each("items", "label");
        if labels.is_empty() { self.text("items") } else { labels.join(", ") }
    }
}

impl History {
    /// Sorts records that were verified.
    #[must_use]
    pub fn of(records: Vec<Record>, zone: &TimeZone) -> Self {
        let newest = records.last().map(|record| record.time.clone()).unwrap_or_default();
        let mut runs: BTreeMap<String, Run> = BTreeMap::new();
        let mut entries: Vec<Entry> = Vec::with_capacity(records.len());
        let mut approvals = Approvals::default();
        for (place, record) in records.into_iter().enumerate() {
            let kind = record.kind();
            let signers = match approvals.see(&record) {
                Some(Ok(Standing::Signed(by))) => by as u64,
                _ => 0,
            };
            let of_run = kind.filter(|kind| kind.as_str().starts_with("run."));
            if let (Some(name), Some(kind)) = (&record.run, of_run) {
                let run = runs.entry(name.clone()).or_insert(Run { last: kind, commit: None });
                run.last = kind;
                if kind == Kind::RunCommit {
                    run.commit = Some(place);
                }
            }
            let mut entry = Entry {
                seq: record.seq,
                kind,
                at: moment(&record.time, zone),
                time: record.time,
                actor: record.actor,
                run: record.run,
                signers,
                corrects: None,
                corrected_by: None,
                body: record.body,
            };
            if let Some(was) = wrong(&mut entries, &entry) {
                entry.corrects = Some(was.seq);
                was.corrected_by = Some(entry.seq);
            }
            entries.push(entry);
        }
        Self { entries, runs, zone: zone.clone(), newest }
    }

    /// Records of these kinds that were made on these days.
    pub fn within<'a>(
        &'a self,
        kinds: &'a [Kind],
        days: Days,
    ) -> impl Iterator<Item = &'a Entry> + 'a {
        let is_of = |entry: &Entry| entry.kind.is_some_and(|kind| kinds.contains(&kind));
        self.entries.iter().filter(move |entry| is_of(entry) && days.has(entry.day()))
    }

    /// Records of these kinds whose first version was made on these days, as they are right.
    pub fn right<'a>(
        &'a self,
        kinds: &'a [Kind],
        days: Days,
    ) -> impl Iterator<Item = &'a Entry> + 'a {
        let all = self.within(kinds, Days::default());
        all.filter(move |entry| {
            entry.corrected_by.is_none() && days.has(self.first_version(entry).day())
        })
    }

    /// What was entered first, of a record and all those that it corrects.
    fn first_version<'a>(&'a self, entry: &'a Entry) -> &'a Entry {
        let mut first = entry;
        while let Some(was) = first.corrects.and_then(|seq| self.numbered(seq)) {
            first = was;
        }
        first
    }

    /// The record as it is right: itself, or what corrects it last.
    #[must_use]
    pub fn last_version<'a>(&'a self, entry: &'a Entry) -> &'a Entry {
        let mut last = entry;
        while let Some(by) = last.corrected_by.and_then(|seq| self.numbered(seq)) {
            last = by;
        }
        last
    }

    fn numbered(&self, seq: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(seq).ok()?)
    }

    /// How the run of a record ended.
    #[must_use]
    pub fn last_of(&self, entry: &Entry) -> Option<Kind> {
        Some(self.runs.get(entry.run.as_deref()?)?.last)
    }

    /// The first record of a kind that names a request before it or another version of that,
    /// and is about the same processing: one that is not vouches for nothing here, as in
    /// `ledger::references`. Of records that were corrected the one that is right.
    #[must_use]
    pub fn about(&self, kind: Kind, request: &Entry) -> Option<&Entry> {
        let first = self.first_version(request).seq;
        let is_named = |entry: &Entry| {
            let named = entry.get("request").and_then(Value::as_u64);
            let named = named.filter(|seq| *seq < entry.seq).and_then(|seq| self.numbered(seq));
            named.is_some_and(|named| self.first_version(named).seq == first)
        };
        let is_it = |entry: &&Entry| {
            entry.kind == Some(kind)
                && entry.corrected_by.is_none()
                && is_named(entry)
                && entry.is_of_same(request)
        };
        self.entries.iter().find(is_it)
    }

    /// The record of a number, if it is of this kind.
    #[must_use]
    pub fn at(&self, kind: Kind, seq: Option<u64>) -> Option<&Entry> {
        let entry = self.numbered(seq?)?;
        (entry.kind == Some(kind)).then_some(entry)
    }

    /// An item of the first record, which names the controller.
    #[must_use]
    pub fn opened(&self, key: &str) -> String {
        let first = self.entries.first().filter(|entry| entry.kind == Some(Kind::LedgerInit));
        first.map(|entry| entry.text(key)).unwrap_or_default()
    }
}

/// The record that this one corrects: an earlier one of the same kind and, if that has one, of
/// the same management number, which nothing corrects yet. Another is not corrected by it, as in
/// `ledger::references`.
fn wrong<'a>(earlier: &'a mut [Entry], entry: &Entry) -> Option<&'a mut Entry> {
    let seq = entry.get("corrects")?.as_u64()?;
    let was = earlier.get_mut(usize::try_from(seq).ok()?)?;
    let is_numbered = was.get("management_no").is_some_and(|number| !number.is_null());
    let is_its = was.kind.is_some()
        && was.kind == entry.kind
        && was.corrected_by.is_none()
        && (!is_numbered || was.is_of_same(entry));
    is_its.then_some(was)
}
