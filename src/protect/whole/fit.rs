//! A column whose values are all known, and how often each stands there, in; what
//! each becomes out.
//!
//! Not here: single rows (`finish`).

use std::collections::BTreeMap;

use super::distribution::{Distribution, Extents};
use super::finish::{Draw, Finish, Shifted};
use super::rare::{Moved, generalise};
use super::{Change, Effect};
use crate::protect::column::Column;
use crate::protect::column::make::to_local;
use crate::protect::device;
use crate::protect::moment::Shift;
use crate::protect::number::coding::{self, Misfit};
use crate::protect::number::controlled::Controlled;
use crate::protect::number::noise::Noise;
use crate::protect::number::{draw, microaggregate, round};
use crate::protect::screen::{Masked, Screen, Screened};
use crate::protect::settings::number::{RoundNumber, Rounding, Step};
use crate::protect::settings::url::Learn;
use crate::protect::technique::{
    Form, OfCategory, OfDevice, OfIdentifier, OfNumber, OfTime, OfUrl, Technique,
};
use crate::protect::url::learn::{Learned, Learning, Visited};
use crate::protect::url::template::OTHER;
use crate::protect::{Output, number_of};
use crate::scan::Kind;

/// What becomes of a column.
#[derive(Default)]
pub(super) struct Fitted {
    pub(super) finish: Finish,
    pub(super) changes: Vec<Change>,
    /// Rows whose text is in no encoding that is known.
    pub(super) undecoded: u64,
    /// Rows, by kind, in whose text personal data was masked.
    pub(super) masked: Masked,
    /// The same rows, each once.
    pub(super) masked_rows: u64,
}

/// Decides what each value of a column becomes.
///
/// # Errors
///
/// [`Misfit`] if its tails cannot be coded as asked for.
pub(super) fn fit(output: &Output, facts: Facts<'_>) -> Result<Fitted, Misfit> {
    let distribution = facts.distribution;
    match &output.rule.technique {
        Technique::Identifier(OfIdentifier::Serial(_), _) => {
            Ok(of_numbers(output, serials(output, distribution)))
        }
        Technique::Device(OfDevice::Vendor { devices_min }) => {
            let (vendors, change) = vendors(output, distribution, *devices_min);
            let mut fitted = of_texts(output, distribution, vendors);
            fitted.changes.extend(change);
            Ok(fitted)
        }
        Technique::Number(of, _) if output.rule.form() == Form::Integer => {
            of_number(output, of, facts)
        }
        Technique::Time(OfTime::Shift(settings), clock) => {
            let Some(key) = &output.draws else { return Ok(Fitted::default()) };
            let shifted = Shifted {
                shift: Shift::new(settings),
                zone: clock.zone.clone(),
                times: output.bytes_held().map(to_local).collect(),
                extents: facts.extents,
            };
            Ok(Fitted { finish: Finish::shifted(key, shifted), ..Fitted::default() })
        }
        Technique::KeepText
        | Technique::Identifier(..)
        | Technique::Address(_)
        | Technique::Device(_)
        | Technique::Time(..)
        | Technique::Number(..)
        | Technique::Url(_)
        | Technique::Agent(_)
        | Technique::Text(_)
        | Technique::Category(_) => Ok(other(output, distribution)),
    }
}

/// Techniques on whole numbers.
fn of_number(output: &Output, of: &OfNumber, facts: Facts<'_>) -> Result<Fitted, Misfit> {
    let distribution = facts.distribution;
    let numbers = || output.bytes_held().map(number_of);
    Ok(match of {
        OfNumber::Coding(settings) => {
            let coded = coding::fit(settings, &ascending(output, distribution))?;
            let numbers = numbers().map(|number| coded.apply(number)).collect();
            with_change(output, numbers, distribution)
        }
        OfNumber::Microaggregate(settings) => {
            let grouped = microaggregate::fit(settings.k, &ascending(output, distribution));
            let numbers = numbers().map(|number| grouped.apply(number)).collect();
            with_change(output, numbers, distribution)
        }
        OfNumber::Noise(settings) => {
            let noise = Noise::new(*settings);
            drawn(output, Box::new(move |value, draw| Some(noise.apply(value, draw))))
        }
        OfNumber::Round(RoundNumber { unit, how }) => match how {
            Rounding::Controlled { .. } => controlled(output, *unit, facts.sums),
            Rounding::Random => {
                let unit = *unit;
                let make = move |value, draw: &[u8; 32]| {
                    round::random(value, unit, &draw::derived(draw, value))
                };
                drawn(output, Box::new(make))
            }
            // They are rounded when they are read.
            Rounding::Down | Rounding::Up | Rounding::Half => other(output, distribution),
        },
        OfNumber::Keep | OfNumber::Range(_) => other(output, distribution),
    })
}

/// What is known of a column besides its values.
pub(super) struct Facts<'a> {
    pub(super) distribution: &'a Distribution,
    /// Sums of the groups of controlled rounding, by the bytes of the group.
    pub(super) sums: BTreeMap<Option<Vec<u8>>, i128>,
    /// From when to when each person is there in each term.
    pub(super) extents: Extents,
}

/// Techniques that decide on each value alone, with what is done besides.
fn other(output: &Output, distribution: &Distribution) -> Fitted {
    let Column::Text(text) = &output.column else {
        let numbers = output.bytes_held().map(|bytes| Some(number_of(bytes))).collect();
        return of_numbers(output, numbers);
    };
    let technique = &output.rule.technique;
    let learn =
        if let Technique::Url(OfUrl::Learned(learn)) = technique { Some(learn) } else { None };
    let mut screen = Screen::default();
    let mut undecoded = 0;
    // Of all rows that were read, as in columns that are not held.
    let texts = text.held().zip(text.read_rows()).map(|(read, rows)| {
        let is_undecoded = read.is_undecoded;
        if !technique.passes_on() {
            undecoded += if is_undecoded { *rows } else { 0 };
            return Some(read.text.into_owned());
        }
        // A template has no place for what tells one person: it is learned from paths as
        // they are. A resident number stops the source all the same.
        let whole = learn.map(|_| read.text.clone().into_owned());
        let Screened { text: masked, mut kinds, is_unread } = screen.mask(read.text);
        undecoded += if is_undecoded || is_unread { *rows } else { 0 };
        if whole.is_some() {
            kinds.retain(|kind| *kind == Kind::Resident);
        }
        screen.count(&kinds, *rows);
        // Nobody can tell what stands in a path that is not read.
        let whole = whole.filter(|_| !is_unread);
        text.finish(whole.unwrap_or_else(|| masked.into_owned()))
    });
    let texts: Vec<Option<String>> = texts.collect();
    let steps = if let Technique::Category(OfCategory::Hierarchy { list, level, other }) = technique
    {
        let steps = |text: &String| {
            let levels = *level..=list.levels();
            let found: Vec<_> =
                levels.filter_map(|level| list.at(text, level)).map(str::to_owned).collect();
            if found.is_empty() { other.iter().cloned().collect() } else { found }
        };
        texts.iter().map(|text| text.as_ref().map(steps).unwrap_or_default()).collect()
    } else if let Some(learn) = learn {
        let paths: Vec<String> = texts.into_iter().map(Option::unwrap_or_default).collect();
        learned(*learn, &paths, distribution)
    } else {
        texts.into_iter().map(|text| text.into_iter().collect()).collect()
    };
    Fitted {
        undecoded,
        masked: screen.masked().clone(),
        masked_rows: screen.rows(),
        ..of_texts(output, distribution, steps)
    }
}

/// The template of each path.
fn learned(learn: Learn, paths: &[String], distribution: &Distribution) -> Vec<Vec<String>> {
    let persons: Vec<Vec<u32>> =
        distribution.persons.iter().map(|persons| persons.iter().copied().collect()).collect();
    let there: Vec<usize> = (0..paths.len()).filter(|path| distribution.rows[*path] > 0).collect();
    let visited: Vec<Visited<'_>> =
        there.iter().map(|&path| Visited { path: &paths[path], persons: &persons[path] }).collect();
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let learning = Learning { persons_min: size(learn.persons_min), depth: size(learn.depth) };
    let templates = Learned::fit(&visited, learning);
    let mut steps = vec![Vec::new(); paths.len()];
    for (visit, path) in there.into_iter().enumerate() {
        steps[path] = vec![templates.of(visit).unwrap_or(OTHER).to_owned()];
    }
    steps
}

/// The distinct numbers that a row has, ascending, with their rows.
fn ascending(output: &Output, distribution: &Distribution) -> Vec<(i64, u64)> {
    let numbers = output.bytes_held().map(number_of).zip(distribution.rows.iter().copied());
    let mut numbers: Vec<_> = numbers.filter(|(_, rows)| *rows > 0).collect();
    numbers.sort_unstable();
    numbers
}

fn with_change(output: &Output, numbers: Vec<Option<i64>>, distribution: &Distribution) -> Fitted {
    let before = output.bytes_held().map(number_of).zip(&numbers).zip(&distribution.rows);
    let differing = before.filter(|((before, after), rows)| Some(*before) != **after && **rows > 0);
    let (mut values, mut blanked) = ((0, 0), (0, 0));
    for ((_, after), rows) in differing {
        let count = if after.is_some() { &mut values } else { &mut blanked };
        *count = (count.0 + 1, count.1 + rows);
    }
    let technique = &output.rule.technique;
    let done = |effect, technique_ko, (values, rows)| Change {
        column: output.rule.name.clone(),
        technique: technique.name(),
        effect,
        technique_ko,
        values,
        rows,
    };
    let mut changes = vec![done(Effect::Changed, technique.korean(), values)];
    if blanked.1 > 0 {
        changes.push(done(Effect::Blanked, "로컬 삭제", blanked));
    }
    Fitted { changes, ..of_numbers(output, numbers) }
}

fn drawn(output: &Output, make: Draw) -> Fitted {
    let Some(key) = &output.draws else { return Fitted::default() };
    let numbers = output.bytes_held().map(number_of).collect();
    Fitted { finish: Finish::drawn(key, numbers, make), ..Fitted::default() }
}

fn controlled(output: &Output, unit: Step, sums: BTreeMap<Option<Vec<u8>>, i128>) -> Fitted {
    let Some(key) = &output.draws else { return Fitted::default() };
    let (groups, sums): (Vec<_>, Vec<_>) = sums.into_iter().unzip();
    let rounding = Controlled::new(unit, &key.pseudonym(b"offset"), &sums);
    let numbers = output.bytes_held().map(number_of).collect();
    Fitted { finish: Finish::controlled(rounding, groups, numbers), ..Fitted::default() }
}

fn of_numbers(output: &Output, numbers: Vec<Option<i64>>) -> Fitted {
    let finish = Finish::Numbers { form: output.rule.form(), numbers };
    Fitted { finish, ..Fitted::default() }
}

/// Texts, each with what may take its place if it is rare, from the finest on.
fn of_texts(output: &Output, distribution: &Distribution, mut steps: Vec<Vec<String>>) -> Fitted {
    let Some(rare) = &output.rule.refinement.rare else {
        let texts = steps.into_iter().map(|steps| steps.into_iter().next()).collect();
        return Fitted { finish: Finish::texts(texts), ..Fitted::default() };
    };
    if let Some(other) = &rare.other {
        // What is no text is not rare: it stays null.
        let there = steps.iter_mut().filter(|steps| !steps.is_empty());
        there.for_each(|steps| steps.push(other.clone()));
    }
    let Moved { texts, generalised, blanked } =
        generalise(&steps, distribution, rare.persons_min.count());
    let change = |effect, technique_ko, (values, rows): (u64, u64)| Change {
        column: output.rule.name.clone(),
        technique: "rare",
        effect,
        technique_ko,
        values,
        rows,
    };
    let changes = vec![
        change(Effect::Generalised, "로컬 일반화", generalised),
        change(Effect::Blanked, "로컬 삭제", blanked),
    ];
    Fitted { finish: Finish::texts(texts), changes, ..Fitted::default() }
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
        technique: output.rule.technique.name(),
        effect: Effect::Blanked,
        technique_ko: "로컬 삭제(제조사별 단말 수 미달)",
        values: devices.keys().filter(|vendor| is_rare(vendor)).count() as u64,
        rows: rows.map(|(_, rows)| rows).sum(),
    };
    let kept =
        of_each.iter().map(|vendor| vendor.iter().filter(|v| !is_rare(v)).cloned().collect());
    (kept.collect(), Some(change))
}
