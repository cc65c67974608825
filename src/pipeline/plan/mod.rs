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
mod aspect;
mod baseline;
pub(super) mod before;
mod facts;
mod gated;
mod json;
mod kind;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::count::{Lines, Tally};
use super::drift::Change;
use super::table::{Gathered, Means, gather};
use super::{Night, bind, digest, fewer, history, inputs, opened, said, seeds, sessions, unknown};
use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::ledger::record::Record;
use crate::lookup::Counts;
use crate::protect::Rule;
pub use crate::protect::brief::Words;
use crate::protect::technique::Technique;
use crate::protect::whole::Effect;
use crate::vault;
use crate::vault::ephemeral::Ephemeral;
use crate::vault::keys::Keys;
use crate::vault::pseudonym::EpochSecret;
use crate::vault::random::Randomness;
pub(super) use baseline::changed;
pub use baseline::{Accepted, Baseline, Difference};
use before::{Before, Counted};
pub use facts::{rows, term, window};
use gated::Gated;
pub use kind::Kind;
use kind::kind;

/// What would become of the input of a date.
#[derive(Debug)]
pub struct Report {
    /// Name of the pipeline.
    pub pipeline: String,
    /// The date.
    pub date: String,
    /// What the pipeline says, as a record would have it.
    pub said: Value,
    /// What a run would want before it does this.
    pub needs: Vec<Need>,
    /// Where their input is looked for.
    pub looked_for: Vec<String>,
    /// The tables; none if there is no input for the date.
    pub tables: Vec<Table>,
    /// What was recorded last, if anything was.
    pub baseline: Option<Baseline>,
}

/// What a run refuses without a reason (`--accept-change`) or an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The pipeline file is not the one that was recorded last.
    Changed,
    /// What a review is about was changed, which nobody approved: no reason will do.
    Unapproved {
        /// Digest of the pipeline as it is, which an approval names.
        sha256: String,
        /// Which of purpose, items, recipient, method and scope, in Korean.
        changed: Vec<&'static str>,
    },
    /// A source has fewer rows than what was published for the date.
    Fewer {
        /// Name of the source.
        source: String,
        /// Its rows now.
        found: u64,
        /// Those that were published.
        published: u64,
    },
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What the pipeline says of it, as a record would have it.
    pub said: Value,
    /// Lines and what would become of them, by the names of the records. Of rows and
    /// suppressed rows nothing is known if the gate refuses.
    pub counts: BTreeMap<&'static str, Option<u64>>,
    /// What it has and the pipeline does not name: see `unknown`.
    pub unlisted: Vec<Value>,
    /// Columns of its header that the pipeline does not name.
    pub unlisted_columns: u64,
    /// Fields that the pipeline names and no line has.
    pub absent: Vec<String>,
    /// What its lines were found to be about, if that was looked up.
    pub subjects: Option<Counts>,
    /// Persons before and after suppression, smallest class in rows and in persons;
    /// `None` if the gate refuses.
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
    pub persons_after: u64,
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
    /// What of them must be known to approve it.
    pub brief: Vec<Words>,
    /// Why it is kept or sealed, if somebody said so.
    pub reason: Option<String>,
    /// Part it plays in the assessment, in Korean.
    pub role_ko: &'static str,
    /// As it is logged; `None` for what is looked up.
    pub before: Option<Side>,
    /// As it would be released; `None` if the gate refuses.
    pub after: Option<Side>,
    /// Values that were there and could not be read: of all rows that were read.
    pub unread: u64,
    /// Cells that would be blanked because their value is rare or a technique asks for it.
    pub blanked: u64,
    /// Cells in which personal data was masked: of all rows that were read.
    pub masked: u64,
    /// Commonest values of a category after, with their rows, commonest first.
    pub shares: Vec<(String, u64)>,
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
    let mut report = Report {
        pipeline: plan.name().to_owned(),
        date: night.date.to_string(),
        said: baseline::current(plan),
        needs: Vec::new(),
        looked_for: plan.patterns().map(str::to_owned).collect(),
        tables: Vec::new(),
        baseline: Baseline::of(&records, plan),
    };
    report.needs.extend(Change::of(&records, plan, &digest(plan)).and_then(Change::need));
    if of_tables.all(|(_, files)| files.is_empty()) {
        return Ok(report);
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
    let (known, of_sessions) = sessions::all(plan, &files, &means)?;
    for (place, (source, files)) in plan.sources.iter().zip(&files).enumerate() {
        let Some(assess) = &source.assess else {
            let tally = of_sessions.get(&place).map(|made| &made.tally);
            report.needs.extend(tally.and_then(|tally| need(&records, night, plan, source, tally)));
            continue;
        };
        let rules = bind::rules(source, 0);
        let wanted = source.wanted().len();
        // A subject that is looked up stands behind what is read; where, is not known yet.
        let read = rules.iter().map(|rule| rule.input).filter(|input| *input < wanted);
        let before = Before::new(read, means.seeds);
        let gathered = gather(plan, (source, assess), files, &known, &means, Some(before))?;
        report.needs.extend(need(&records, night, plan, source, &gathered.tally));
        report.tables.push(table(plan, source, &rules, &zone, gathered)?);
    }
    Ok(report)
}

/// A source with fewer rows than what was published.
fn need(
    records: &[Record],
    night: &Night<'_>,
    plan: &Plan,
    source: &Source,
    tally: &Tally,
) -> Option<Need> {
    let run = history::published(records, plan.name(), &night.date.to_string())?;
    let (found, published) = fewer(&run, source, tally)?;
    Some(Need::Fewer { source: source.name.clone(), found, published })
}

/// A directory for files without a name: that of the store, where there is room for
/// a night.
fn scratch(plan: &Plan) -> PathBuf {
    let store = &plan.house.store;
    if store.is_dir() { store.clone() } else { std::env::temp_dir() }
}

fn table(
    plan: &Plan,
    source: &Source,
    rules: &[Rule],
    zone: &TimeZone,
    gathered: Gathered<'_>,
) -> Result<Table, Error> {
    let Gathered { tally, gate, leak_test, file_rows, before, .. } = gathered;
    let gated = Gated::of(source, rules, zone, (gate, leak_test, file_rows))?;
    let named = rules.iter().enumerate();
    let columns = named.map(|(index, rule)| {
        let counted = before.as_ref().and_then(|before| before.of(rule.input));
        column(source, (index, rule), &tally, counted, &gated)
    });
    let columns: Vec<Column> = columns.collect();
    let draws = |rule: &Rule| rule.technique.draws("").is_some() || rule.refinement.is_permuted;
    let mut rules_about_rows = said::row_rules(source);
    rules_about_rows.insert("gate".into(), source.assess.as_ref().map(said::thresholds).into());
    Ok(Table {
        name: source.name.clone(),
        said: Value::Object(said::of_source(plan, source)),
        counts: counts(&tally.total(), &gated),
        unlisted: unknown::entries(source, &tally),
        unlisted_columns: tally.unlisted.columns,
        absent: tally.found.absent(source).into_iter().map(str::to_owned).collect(),
        subjects: tally.subjects,
        risk: gated.risk,
        columns,
        rules: Value::Object(rules_about_rows),
        is_drawn: source.sample.is_some() || rules.iter().any(draws),
        refused: gated.refused,
    })
}

fn counts(total: &Lines, gated: &Gated) -> BTreeMap<&'static str, Option<u64>> {
    let released = gated.refused.is_none().then(|| total.rows - gated.suppressed);
    let suppressed = gated.refused.is_none().then_some(gated.suppressed);
    BTreeMap::from([
        ("lines", Some(total.lines)),
        ("rows", released),
        ("rejected", Some(total.rejected)),
        ("suppressed", suppressed),
        ("excluded", Some(total.excluded)),
        ("blank", Some(total.blank)),
    ])
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
        brief: rule.brief(),
        reason: source.columns.get(index).and_then(|column| column.reason.clone()),
        role_ko: source.role(&rule.name).korean(),
        before: before.map(|counted| {
            let logged = logged(&rule.technique, counted);
            Side { extremes: logged.extremes.filter(|_| is_shown), ..logged }
        }),
        after: gated.risk.is_some().then(|| gated.after.side(index)),
        blanked: gated.blanked.get(&rule.name).copied().unwrap_or(0) + gone,
        unread: tally.unread.get(&rule.name).copied().unwrap_or(0),
        masked: tally.masked_rows.get(&rule.name).copied().unwrap_or(0),
        shares: if gated.risk.is_some() { gated.after.shares(index) } else { Vec::new() },
    }
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

impl Column {
    /// How many values are there, if more than half of them could not be read.
    #[must_use]
    pub fn mostly_unread(&self) -> Option<u64> {
        let before = self.before?;
        let there = before.rows - before.nulls;
        (self.unread * 2 > there).then_some(there)
    }

    /// How many different values there were, if none of them is left.
    #[must_use]
    pub fn emptied(&self) -> Option<u64> {
        let (before, after) = (self.before?, self.after?);
        let is_empty = after.rows > 0 && after.nulls == after.rows;
        (is_empty && before.distinct > 0).then_some(before.distinct)
    }
}

impl Report {
    /// The first refusal, if a night would be refused.
    #[must_use]
    pub fn refused(&self) -> Option<&Error> {
        self.tables.iter().find_map(|table| table.refused.as_ref())
    }

    /// The exit code of a run without `--accept-change`.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let refused = self.refused().map(Error::number);
        // A run looks for a changed file first, and at rows that are gone last.
        let is_changed = |need: &Need| matches!(need, Need::Changed | Need::Unapproved { .. });
        if self.needs.iter().any(is_changed) {
            1
        } else if self.needs.is_empty() {
            refused.unwrap_or(0)
        } else {
            refused.unwrap_or(4)
        }
    }
}
