//! A column whose values are all known, and how often each stands there, in; what
//! each becomes out.
//!
//! Not here: single rows (`finish`).

use std::collections::BTreeMap;

use super::Change;
use super::distribution::Distribution;
use super::finish::Finish;
use super::rare::{Moved, generalise};
use crate::protect::column::Column;
use crate::protect::device;
use crate::protect::technique::Technique;
use crate::protect::{Output, number_of};

/// What becomes of a column.
pub(super) struct Fitted {
    pub(super) finish: Finish,
    pub(super) changes: Vec<Change>,
}

/// Decides what each value of a column becomes.
pub(super) fn fit(output: &Output, distribution: &Distribution) -> Fitted {
    match &output.rule.technique {
        Technique::Serial(..) => of_numbers(output, serials(output, distribution)),
        Technique::Vendor { devices_min } => {
            let (vendors, change) = vendors(output, distribution, *devices_min);
            let mut fitted = of_texts(output, distribution, vendors);
            fitted.changes.extend(change);
            fitted
        }
        _ => match &output.column {
            Column::Text(_) => {
                let texts = output.texts_held().into_iter().flatten();
                let texts = texts.map(|text| vec![text.text.into_owned()]).collect();
                of_texts(output, distribution, texts)
            }
            Column::Pseudonym(_) | Column::Number(_) | Column::Held(_) => {
                let numbers = output.bytes_held().map(|bytes| Some(number_of(bytes))).collect();
                of_numbers(output, numbers)
            }
        },
    }
}

fn of_numbers(output: &Output, numbers: Vec<Option<i64>>) -> Fitted {
    let finish = Finish::Numbers { form: output.rule.form(), numbers };
    Fitted { finish, changes: Vec::new() }
}

/// Texts, each with what may take its place if it is rare, from the finest on.
fn of_texts(output: &Output, distribution: &Distribution, mut steps: Vec<Vec<String>>) -> Fitted {
    let Some(rare) = &output.rule.refinement.rare else {
        let texts = steps.into_iter().map(|steps| steps.into_iter().next()).collect();
        return Fitted { finish: Finish::texts(texts), changes: Vec::new() };
    };
    if let Some(other) = &rare.other {
        // What is no text is not rare: it stays null.
        let there = steps.iter_mut().filter(|steps| !steps.is_empty());
        there.for_each(|steps| steps.push(other.clone()));
    }
    let Moved { texts, generalised, blanked } =
        generalise(&steps, distribution, rare.persons_min.count());
    let change = |technique_ko, (values, rows): (u64, u64)| Change {
        column: output.rule.name.clone(),
        technique_ko,
        values,
        rows,
    };
    let changes = vec![change("로컬 일반화", generalised), change("로컬 삭제", blanked)];
    Fitted { finish: Finish::texts(texts), changes }
}

/// A number from 1 for each value that a row has, in the order of what is drawn for
/// them: it depends on the key and on nothing that could be known of a value.
fn serials(output: &Output, distribution: &Distribution) -> Vec<Option<i64>> {
    let Some(key) = &output.draws else { return Vec::new() };
    let there = output.bytes_held().zip(&distribution.rows).enumerate();
    let there = there.filter(|(_, (_, rows))| **rows > 0);
    let mut drawn: Vec<([u8; 32], usize)> =
        there.map(|(value, (bytes, _))| (key.pseudonym(bytes), value)).collect();
    drawn.sort_unstable();
    let mut numbers = vec![None; distribution.rows.len()];
    for ((_, value), number) in drawn.into_iter().zip(1..) {
        numbers[value] = Some(number);
    }
    numbers
}

/// The vendor of each address, if as many addresses are of it.
fn vendors(
    output: &Output,
    distribution: &Distribution,
    devices_min: u64,
) -> (Vec<Vec<String>>, Option<Change>) {
    let of_each: Vec<Option<String>> = output.bytes_held().map(device::vendor).collect();
    let mut devices: BTreeMap<&str, u64> = BTreeMap::new();
    for (vendor, rows) in of_each.iter().zip(&distribution.rows) {
        if let Some(vendor) = vendor.as_deref().filter(|_| *rows > 0) {
            *devices.entry(vendor).or_default() += 1;
        }
    }
    let is_rare = |vendor: &str| devices.get(vendor).is_none_or(|count| *count < devices_min);
    let rows = of_each.iter().zip(&distribution.rows);
    let rows = rows.filter(|(vendor, _)| vendor.as_deref().is_some_and(is_rare));
    let change = Change {
        column: output.rule.name.clone(),
        technique_ko: "로컬 삭제(제조사별 단말 수 미달)",
        values: devices.keys().filter(|vendor| is_rare(vendor)).count() as u64,
        rows: rows.map(|(_, rows)| rows).sum(),
    };
    let kept =
        of_each.iter().map(|vendor| vendor.iter().filter(|v| !is_rare(v)).cloned().collect());
    (kept.collect(), Some(change))
}
