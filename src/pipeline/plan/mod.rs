//! A pipeline and the input of a date in; what would become of it, without a row
//! written, out.
//!
//! It is what the guideline's forms of plan and result ask for (가명처리 계획서,
//! 가명처리 결과서): kind and technique of each column, distributions before and after,
//! what is suppressed; and what was changed since the plan that was last recorded.
//!
//! The secret is drawn for this alone and forgotten. Numbers that depend on it, as
//! those of noise, are not those of the night.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), forms 4 and 5.
//!
//! Not here: printing (`cli`), whether anybody approves.

mod after;
mod baseline;
pub(super) mod before;
mod json;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::count::Tally;
use super::table::{Gathered, Means, gather};
use super::{Night, bind, body, inputs, opened, seeds, sessions};
use crate::assess;
use crate::assess::gate::Gate;
use crate::assess::leak::LeakTest;
use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::ledger::record::Record;
use crate::protect::Rule;
use crate::protect::technique::{Form, OfAddress, OfText, OfUrl, Technique};
use crate::protect::whole::Effect;
use crate::vault;
use crate::vault::ephemeral::Ephemeral;
use crate::vault::keys::Keys;
use crate::vault::pseudonym::EpochSecret;
use crate::vault::random::Randomness;
use after::After;
pub use baseline::{Baseline, Difference};
use before::{Before, Counted};

/// What would become of the input of a date.
#[derive(Debug)]
pub struct Report {
    /// Name of the pipeline.
    pub pipeline: String,
    /// The date.
    pub date: String,
    /// Purpose, in the words of the pipeline.
    pub purpose: String,
    /// The tables; none if there is no input for the date.
    pub tables: Vec<Table>,
    /// What was recorded last, if anything was.
    pub baseline: Option<Baseline>,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Lines and what would become of them, by the names of the records.
    pub counts: BTreeMap<&'static str, u64>,
    /// Persons before suppression, smallest class in rows and in persons; `None` if
    /// the gate refuses.
    pub risk: Option<Risk>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Rules about whole rows and thresholds, as records have them.
    pub rules: Value,
    /// True if something is drawn: a night draws otherwise.
    pub is_drawn: bool,
    /// Why a night would be refused, if it would.
    pub refused: Option<Error>,
}

/// What the gate would measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the records")]
pub struct Risk {
    pub persons: u64,
    pub k: u64,
    pub k_persons: u64,
}

/// One column, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its Korean name.
    pub label: String,
    /// The field it is made from.
    pub field: String,
    /// What kind of item it is.
    pub kind: Kind,
    /// The technique's name, as in the pipeline file.
    pub technique: &'static str,
    /// All that is done, in Korean.
    pub technique_ko: String,
    /// The parameters.
    pub parameters: String,
    /// Part it plays in the assessment, in Korean.
    pub role_ko: &'static str,
    /// As it is logged; `None` for what is looked up.
    pub before: Option<Side>,
    /// As it would be released; `None` if the gate refuses.
    pub after: Option<Side>,
    /// Cells that would be blanked because their value is rare, that were masked, and
    /// that a technique changed or blanked for the sake of others.
    pub blanked: u64,
    /// See `blanked`.
    pub masked: u64,
    /// Commonest values of a category after, with their rows, commonest first.
    pub shares: Vec<(String, u64)>,
}

/// Kinds of items (항목 유형).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It stands for a person, device or session (KEY).
    Key,
    /// One of some values (범주형).
    Category,
    /// A number or a time (수치형).
    Number,
    /// Text (텍스트).
    Text,
}

/// A column before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// Rows.
    pub rows: u64,
    /// Different values.
    pub distinct: u64,
    /// Rows without a value.
    pub nulls: u64,
    /// The smallest and largest number or time.
    pub extremes: Option<Extremes>,
}

/// The smallest and largest number, or seconds of a time, each with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extremes {
    /// The smallest.
    pub min: (i64, u64),
    /// The largest.
    pub max: (i64, u64),
    /// True if they are seconds since 1970, by the clock of the source.
    pub are_times: bool,
}

impl Extremes {
    /// Those of numbers with their rows.
    fn of(numbers: impl Iterator<Item = (i64, u64)>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for (number, rows) in numbers {
            let extremes =
                found.get_or_insert(Self { min: (number, 0), max: (number, 0), are_times: false });
            let (below, above) = (number < extremes.min.0, number > extremes.max.0);
            for (extreme, is_beyond) in [(&mut extremes.min, below), (&mut extremes.max, above)] {
                if is_beyond {
                    *extreme = (number, rows);
                } else if extreme.0 == number {
                    extreme.1 += rows;
                }
            }
        }
        found
    }
}

/// Reads the input of a date and says what would become of it.
///
/// # Errors
///
/// As those of a run, but for a gate that refuses: that stands in the report.
pub fn plan(plan: &Plan, night: &Night<'_>, random: &mut dyn Randomness) -> Result<Report, Error> {
    let keys = Keys::open(&plan.house.keys, &plan.house.institution.controller.id)?;
    let records = opened::records(&plan.house, &keys)?;
    let files = inputs::resolve(plan, night.date, &night.instead, &keys)?;
    let is_table = |source: &Source| source.sessions.is_none();
    let mut of_tables = plan.sources.iter().zip(&files).filter(|(source, _)| is_table(source));
    if of_tables.all(|(_, files)| files.is_empty()) {
        return Ok(report(plan, night, &records, Vec::new()));
    }
    let secret = EpochSecret::in_memory(plan.name(), random)?;
    let means = Means {
        secret: &secret,
        recipient: None,
        seeds: seeds(random)?,
        ephemeral: Ephemeral::draw(random).map_err(vault::Error::from)?,
        store: scratch(plan),
        vault: PathBuf::new(),
        date: night.date,
        progress: night.progress,
    };
    let zone = TimeZone::get(&plan.house.institution.zone).unwrap_or(TimeZone::UTC);
    let (known, _) = sessions::all(plan, &files, &means)?;
    let mut tables = Vec::new();
    for (source, files) in plan.sources.iter().zip(&files) {
        let Some(assess) = &source.assess else { continue };
        let rules = bind::rules(source, 0);
        let wanted = source.wanted().len();
        // A subject that is looked up stands behind what is read; where, is not known yet.
        let read = rules.iter().map(|rule| rule.input).filter(|input| *input < wanted);
        let before = Before::new(read, means.seeds);
        let gathered = gather(plan, (source, assess), files, &known, &means, Some(before))?;
        tables.push(table(source, &rules, &zone, gathered)?);
    }
    Ok(report(plan, night, &records, tables))
}

fn report(plan: &Plan, night: &Night<'_>, records: &[Record], tables: Vec<Table>) -> Report {
    Report {
        pipeline: plan.name().to_owned(),
        date: night.date.to_string(),
        purpose: format!("{} — {}", plan.file.purpose.category.korean(), plan.file.purpose.detail),
        tables,
        baseline: Baseline::of(records, plan),
    }
}

/// A directory for files without a name: that of the store, where there is room for
/// a night.
fn scratch(plan: &Plan) -> PathBuf {
    let store = &plan.house.store;
    if store.is_dir() { store.clone() } else { std::env::temp_dir() }
}

fn table(
    source: &Source,
    rules: &[Rule],
    zone: &TimeZone,
    gathered: Gathered<'_>,
) -> Result<Table, Error> {
    let Gathered { tally, gate, leak_test, file_rows, before, .. } = gathered;
    let gated = Gated::of(source, rules, zone, (gate, leak_test, file_rows))?;
    let total = tally.total();
    let counts = BTreeMap::from([
        ("lines", total.lines),
        ("rows", total.rows - gated.suppressed),
        ("rejected", total.rejected),
        ("suppressed", gated.suppressed),
        ("excluded", total.excluded),
        ("blank", total.blank),
    ]);
    let named = rules.iter().enumerate();
    let columns = named.map(|(index, rule)| {
        let counted = before.as_ref().and_then(|before| before.of(rule.input));
        column(source, (index, rule), &tally, counted, &gated)
    });
    let columns: Vec<Column> = columns.collect();
    let draws = |rule: &Rule| rule.technique.draws("").is_some() || rule.refinement.is_permuted;
    let mut rules_about_rows = body::row_rules(source);
    rules_about_rows.insert("gate".into(), source.assess.as_ref().map(body::thresholds).into());
    Ok(Table {
        name: source.name.clone(),
        counts,
        risk: gated.risk,
        columns,
        rules: Value::Object(rules_about_rows),
        is_drawn: source.sample.is_some() || rules.iter().any(draws),
        refused: gated.refused,
    })
}

/// What the gate makes of a table.
struct Gated {
    after: After,
    risk: Option<Risk>,
    suppressed: u64,
    /// Cells by column.
    blanked: BTreeMap<String, u64>,
    refused: Option<Error>,
}

impl Gated {
    fn of(
        source: &Source,
        rules: &[Rule],
        zone: &TimeZone,
        (gate, leak_test, file_rows): (Gate, LeakTest, Vec<u64>),
    ) -> Result<Self, Error> {
        let after = After::new(source, rules, zone);
        let mut gated =
            Self { after, risk: None, suppressed: 0, blanked: BTreeMap::new(), refused: None };
        if gate.rows() == 0 {
            return Ok(gated);
        }
        let failed = |error| Error::Assess { source_name: source.name.clone(), source: error };
        let mut cleared = match gate.clear(file_rows, Box::new(|_| Ok(())), leak_test) {
            Ok(cleared) => cleared,
            Err(error) => return Ok(Self { refused: Some(refusal(failed(error))?), ..gated }),
        };
        for row_group in cleared.by_ref() {
            match row_group {
                Ok(row_group) => gated.after.see(&row_group),
                Err(error) => {
                    gated.refused = Some(refusal(failed(error))?);
                    break;
                }
            }
        }
        let found = cleared.assessment();
        let (persons, k, k_persons) = (found.persons, found.k, found.k_persons);
        // What leads back to people is not shown to those who plan either.
        gated.risk = gated.refused.is_none().then_some(Risk { persons, k, k_persons });
        gated.suppressed = found.suppressed;
        gated.blanked = found.blanked.iter().map(|of| (of.column.clone(), of.cells)).collect();
        Ok(gated)
    }
}

fn column(
    source: &Source,
    (index, rule): (usize, &Rule),
    tally: &Tally,
    before: Option<&Counted>,
    gated: &Gated,
) -> Column {
    let changed = tally.changes.iter().filter(|change| change.column == rule.name);
    let gone = changed.filter(|change| change.effect == Effect::Blanked);
    let gone: u64 = gone.map(|change| change.rows).sum();
    let is_shown = gated.risk.is_some() || gated.refused.is_none();
    Column {
        name: rule.name.clone(),
        label: rule.label.clone(),
        field: rule.field.clone(),
        kind: kind(source, rule),
        technique: rule.technique.name(),
        technique_ko: rule.korean(),
        parameters: rule.parameters(),
        role_ko: source.role(&rule.name).korean(),
        before: before.map(|counted| {
            let logged = logged(&rule.technique, counted);
            Side { extremes: logged.extremes.filter(|_| is_shown), ..logged }
        }),
        after: gated.risk.is_some().then(|| gated.after.side(index)),
        blanked: gated.blanked.get(&rule.name).copied().unwrap_or(0) + gone,
        masked: tally.masked.get(&rule.name).map_or(0, |kinds| kinds.values().sum()),
        shares: if gated.risk.is_some() { gated.after.shares(index) } else { Vec::new() },
    }
}

/// An answer of the gate is a part of the report; a failure is not.
fn refusal(error: Error) -> Result<Error, Error> {
    let is_answer = matches!(
        error,
        Error::Assess { source: assess::Error::Shortfall(_) | assess::Error::Leak(_), .. }
    );
    if is_answer { Ok(error) } else { Err(error) }
}

/// A field as it is logged.
fn logged(technique: &Technique, counted: &Counted) -> Side {
    let extremes = if let Some(digits) = technique.digits() {
        counted.extremes(|value| crate::protect::read_number(digits, value))
    } else if let Some(clock) = technique.clock() {
        let times = counted.extremes(|value| clock.read(value).map(|local| local.seconds));
        times.map(|times| Extremes { are_times: true, ..times })
    } else {
        None
    };
    Side { rows: counted.rows(), distinct: counted.distinct(), nulls: counted.nulls(), extremes }
}

/// What kind of item a column is. Text that is kept is one of some values only if each
/// is of several persons.
fn kind(source: &Source, rule: &Rule) -> Kind {
    let set = source.assess.as_ref();
    let is_counted = set.is_some_and(|set| set.value_persons_min.contains_key(&rule.name))
        || rule.refinement.rare.is_some();
    match &rule.technique {
        Technique::KeepText if !is_counted => Kind::Text,
        Technique::Identifier(..) | Technique::Address(OfAddress::Preserve(_)) => Kind::Key,
        Technique::Url(OfUrl::Path | OfUrl::Query(_))
        | Technique::Text(OfText::First(_) | OfText::Mask(_)) => Kind::Text,
        Technique::KeepText
        | Technique::Address(_)
        | Technique::Device(_)
        | Technique::Time(..)
        | Technique::Number(..)
        | Technique::Url(_)
        | Technique::Agent(_)
        | Technique::Text(_)
        | Technique::Category(_) => match rule.form() {
            Form::Integer | Form::Time => Kind::Number,
            Form::Text | Form::Flag | Form::Pseudonym(..) => Kind::Category,
        },
    }
}

impl Kind {
    /// Its Korean name (항목 유형).
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Self::Key => "KEY",
            Self::Category => "범주형",
            Self::Number => "수치형",
            Self::Text => "텍스트",
        }
    }

    /// Its English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Category => "category",
            Self::Number => "number",
            Self::Text => "text",
        }
    }
}

impl Report {
    /// The first refusal, if a night would be refused.
    #[must_use]
    pub fn refused(&self) -> Option<&Error> {
        self.tables.iter().find_map(|table| table.refused.as_ref())
    }
}
