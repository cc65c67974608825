//! Rules about whole rows in; which rows of a row group stay out.
//!
//! ```text
//! sample     one of every n persons stays, with all of their rows (표본추출)
//! drop_rows  rows with a value outside bounds, or one of a list, go (행 항목 삭제)
//! ```
//!
//! Not here: rows that go because too few are like them (`assess`).

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::UInt32Type;

use super::distribution::Surveyed;
use crate::protect::codes::member;
use crate::protect::column::{Column, Text};
use crate::protect::keys::KeyRing;
use crate::protect::screen::Screen;
use crate::protect::settings::rows::{DropRows, Sample};
use crate::protect::technique::{OfCategory, Technique};
use crate::protect::{Output, number_of};
use crate::vault::pseudonym::PseudonymKey;

/// What the key of a sample is drawn for.
const SAMPLE: &str = "sample";

/// Rules about whole rows, for the columns of one table.
#[derive(Default)]
pub struct RowRules {
    sample: Option<(Sample, PseudonymKey)>,
    drops: Vec<Drop>,
}

/// Rows of which values of one column go.
struct Drop {
    column: usize,
    when: DropRows,
    /// Which of its values, once they are all known.
    goes: Vec<bool>,
}

/// Rows that went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// Of persons that are not in the sample.
    pub not_sampled: u64,
    /// With a value that was to go.
    pub dropped: u64,
}

impl RowRules {
    /// `drops` name their columns by index.
    #[must_use]
    pub fn new(sample: Option<Sample>, drops: Vec<(usize, DropRows)>, keys: &KeyRing<'_>) -> Self {
        let drops = drops.into_iter();
        Self {
            sample: sample.map(|sample| (sample, keys.draws(SAMPLE))),
            drops: drops.map(|(column, when)| Drop { column, when, goes: Vec::new() }).collect(),
        }
    }

    /// True if every row stays.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sample.is_none() && self.drops.is_empty()
    }

    /// True if the bounds of a column are asked of its values.
    pub(super) fn needs_distribution(&self) -> bool {
        self.drops.iter().any(|drop| drop.when.sigma.is_some())
    }

    /// True if rows go by what stands in this column.
    pub(super) fn is_about(&self, column: usize) -> bool {
        self.drops.iter().any(|drop| drop.column == column)
    }

    /// Decides which values go.
    pub(super) fn fit(&mut self, outputs: &[Output], surveyed: &Surveyed) {
        for drop in &mut self.drops {
            let output = &outputs[drop.column];
            if let Column::Text(texts) = &output.column {
                let listed: BTreeSet<&str> = drop.when.values.iter().map(String::as_str).collect();
                let made = texts.held().map(|read| made(&output.rule.technique, texts, read.text));
                drop.goes = made
                    .map(|text| text.is_some_and(|text| listed.contains(text.as_str())))
                    .collect();
                continue;
            }
            let numbers: Vec<i64> = output.bytes_held().map(number_of).collect();
            let rows = surveyed.columns.get(&drop.column).map(|column| column.rows.as_slice());
            let tails = drop.when.tails(&numbers, rows.unwrap_or_default());
            drop.goes = numbers.iter().map(|number| !tails.contains(number)).collect();
        }
    }

    /// Which rows stay. `first_row` is the number of the first among all of the table;
    /// those that go are counted.
    pub(super) fn stays(
        &self,
        row_group: &RecordBatch,
        subject: usize,
        first_row: u64,
        gone: &mut Gone,
    ) -> BooleanBuffer {
        let rows = row_group.num_rows();
        if self.is_empty() {
            return BooleanBuffer::new_set(rows);
        }
        let sampled = self
            .sample
            .as_ref()
            .map(|(sample, key)| in_sample(*sample, key, row_group.column(subject), first_row));
        let mut dropped = vec![false; rows];
        for drop in &self.drops {
            let numbers = row_group.column(drop.column).as_primitive_opt::<UInt32Type>();
            for (row, number) in numbers.into_iter().flatten().enumerate() {
                let goes = number.and_then(|number| drop.goes.get(number as usize));
                dropped[row] |= goes.copied().unwrap_or(false);
            }
        }
        BooleanBuffer::collect_bool(rows, |row| {
            let is_sampled = sampled.as_ref().is_none_or(|sampled| sampled[row]);
            gone.not_sampled += u64::from(!is_sampled);
            gone.dropped += u64::from(is_sampled && dropped[row]);
            is_sampled && !dropped[row]
        })
    }
}

/// The text that a technique makes of one that is held.
fn made(technique: &Technique, texts: &Text, held: Cow<'_, str>) -> Option<String> {
    // Held as the value it is looked up by.
    if let Technique::Category(OfCategory::Hierarchy { list, level, other }) = technique {
        return list.at(&held, *level).or(other.as_deref()).map(str::to_owned);
    }
    let text = if technique.passes_on() { Screen::default().mask(held).text } else { held };
    texts.finish(text.into_owned())
}

/// Whether each row is in the sample: by its person, so that a person is there with
/// all rows or with none; a row of nobody by its place.
fn in_sample(sample: Sample, key: &PseudonymKey, subject: &ArrayRef, first_row: u64) -> Vec<bool> {
    let Some(dictionary) = subject.as_dictionary_opt::<UInt32Type>() else {
        return vec![true; subject.len()];
    };
    let persons: Vec<bool> = (0..dictionary.values().len())
        .map(|index| sample.takes(&key.pseudonym(member(dictionary.values(), index))))
        .collect();
    let rows = dictionary.keys().iter().zip(first_row..);
    rows.map(|(person, row)| match person {
        Some(person) => persons[person as usize],
        None => sample.takes(&key.pseudonym(&row.to_le_bytes())),
    })
    .collect()
}
