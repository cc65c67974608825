//! Row groups as they would be released in; the distribution of each column out.

use std::collections::BTreeMap;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType, UInt32Type};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Extremes, Kind, Side, kind};
use crate::config::plan::Source;
use crate::protect::Rule;
use crate::protect::codes::member;
use crate::protect::technique::Form;

/// Values whose shares are shown.
const SHARES: usize = 5;

/// Distributions of columns.
pub(super) struct After {
    columns: Vec<Distribution>,
}

#[derive(Default)]
struct Distribution {
    form: Option<Form>,
    is_category: bool,
    texts: BTreeMap<Vec<u8>, u64>,
    numbers: BTreeMap<i64, u64>,
    rows: u64,
    nulls: u64,
    /// By whose clock times are shown.
    zone: Option<TimeZone>,
}

impl After {
    /// `zone` is that of times of which no other is known.
    pub(super) fn new(source: &Source, rules: &[Rule], zone: &TimeZone) -> Self {
        let zone_of = |rule: &Rule| rule.technique.clock().and_then(|clock| clock.zone.clone());
        let of = |rule: &Rule| Distribution {
            zone: Some(zone_of(rule).unwrap_or_else(|| zone.clone())),
            form: Some(rule.form()),
            is_category: kind(source, rule) == Kind::Category,
            ..Distribution::default()
        };
        Self { columns: rules.iter().map(of).collect() }
    }

    pub(super) fn see(&mut self, row_group: &RecordBatch) {
        for (column, array) in self.columns.iter_mut().zip(row_group.columns()) {
            column.see(array);
        }
    }

    pub(super) fn side(&self, column: usize) -> Side {
        let Some(column) = self.columns.get(column) else { return Side::default() };
        let distinct = (column.texts.len() + column.numbers.len()) as u64;
        let extremes = match column.form {
            Some(Form::Integer) => {
                Extremes::of(column.numbers.iter().map(|(number, rows)| (*number, *rows)))
            }
            Some(Form::Time) => {
                let seconds = |micros: &i64| {
                    let utc = micros.div_euclid(1_000_000);
                    let moment = Timestamp::from_second(utc).ok();
                    let zone = column.zone.as_ref().zip(moment);
                    utc + zone.map_or(0, |(zone, moment)| zone.to_offset(moment).seconds().into())
                };
                let times = column.numbers.iter().map(|(time, rows)| (seconds(time), *rows));
                Extremes::of(times).map(|times| Extremes { are_times: true, ..times })
            }
            Some(Form::Text | Form::Flag | Form::Pseudonym(..)) | None => None,
        };
        Side { rows: column.rows, distinct, nulls: column.nulls, extremes }
    }

    /// The commonest values of a column of categories.
    pub(super) fn shares(&self, column: usize) -> Vec<(String, u64)> {
        let Some(column) = self.columns.get(column).filter(|column| column.is_category) else {
            return Vec::new();
        };
        let texts = column.texts.iter();
        let texts = texts.map(|(text, rows)| (String::from_utf8_lossy(text).into_owned(), *rows));
        let flags = column.numbers.iter();
        let flags = flags.map(|(flag, rows)| ((*flag != 0).to_string(), *rows));
        let mut shares: Vec<_> = texts.chain(flags).collect();
        shares.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        shares.truncate(SHARES);
        shares
    }
}

impl Distribution {
    fn see(&mut self, array: &ArrayRef) {
        self.rows += array.len() as u64;
        self.nulls += array.null_count() as u64;
        if let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() {
            let mut rows = vec![0u64; dictionary.values().len()];
            for key in dictionary.keys().iter().flatten() {
                rows[key as usize] += 1;
            }
            for (value, rows) in rows.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
                let bytes = member(dictionary.values(), value);
                match self.texts.get_mut(bytes) {
                    Some(known) => *known += rows,
                    None => {
                        self.texts.insert(bytes.to_vec(), rows);
                    }
                }
            }
        } else if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
            self.add(numbers.iter().flatten());
        } else if let Some(times) = array.as_primitive_opt::<TimestampMicrosecondType>() {
            self.add(times.iter().flatten());
        } else if let Some(flags) = array.as_boolean_opt() {
            self.add(flags.iter().flatten().map(i64::from));
        }
    }

    fn add(&mut self, numbers: impl Iterator<Item = i64>) {
        for number in numbers {
            *self.numbers.entry(number).or_default() += 1;
        }
    }
}
