//! Chunks in; what stands in them that the pipeline does not name, with the line
//! that would let it in, out.
//!
//! Names of what others have written are told to whoever runs it and are in no
//! record: strangers choose them.
//!
//! Not here: fields of formats, which are known before a line is read (`config`).

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use serde_json::{Map, Value, json};

use super::count::Tally;
use super::witness;
use crate::config::pipeline_file::OnUnknown;
use crate::config::plan::Source;
use crate::config::suggest::Suggest;
use crate::error::Error;
use crate::parse::{Columns, Values};
use crate::source::{Chunk, Cut};
use crate::split::person::tells_who;
use crate::split::unknown::{Kind, Name, Unknown, Watched};

/// A parameter, cookie or key of fewer rows is counted and not shown: it may be
/// somebody's words, which happen to look like a name.
const SHOWN_ROWS: u64 = 5;

/// Different paths of JSON that are kept of one chunk.
const PATHS: usize = 10_000;

/// A name must stand in one of so many rows of a large source to be shown.
const SHOWN_SHARE: u64 = 1_000;

/// Looks for names.
pub(super) struct Watch<'s> {
    source: &'s Source,
    watched: Vec<Watched>,
}

/// What was found in a chunk, or in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) unknown: Unknown,
    /// Paths of JSON that the pipeline names and that were there.
    met: BTreeSet<String>,
    /// Whether there were lines in which nothing could be looked for.
    is_partial: bool,
}

impl<'s> Watch<'s> {
    pub(super) fn new(source: &'s Source) -> Watch<'s> {
        let wanted = source.wanted();
        let watched = source.watched.iter().filter_map(|watched| {
            Some(Watched {
                kind: watched.kind,
                field: watched.listed.clone(),
                column: wanted.iter().position(|wanted| *wanted == watched.field)?,
                known: watched.known.clone(),
            })
        });
        Watch { source, watched: watched.collect() }
    }

    /// What is in a chunk. Adds to the columns what JSON has of people under keys that
    /// give none: the walk is the same.
    pub(super) fn look(&self, chunk: &Chunk, columns: &mut Columns) -> Found {
        let mut found = Found::default();
        for watched in &self.watched {
            watched.look(columns, &mut found.unknown);
        }
        self.paths(chunk, columns, &mut found);
        self.header(chunk, columns, &mut found.unknown);
        found
    }

    fn paths(&self, chunk: &Chunk, columns: &mut Columns, found: &mut Found) {
        let mut paths: HashMap<String, (u64, bool)> = HashMap::new();
        let mut crowded = 0;
        let wanted = self.source.wanted();
        let is_sought = |path: &str| tells_who(path) && !wanted.contains(&path);
        let mut beside = columns.fields.first().map(Values::beside);
        let others = self.source.format.each_path(chunk, |path, raw| {
            let is_one = if let Some((rows, is_one)) = paths.get_mut(path) {
                *rows += 1;
                *is_one
            } else {
                // Keys that are values have no end, and asking of each takes long.
                if paths.len() < PATHS {
                    let is_one = is_sought(path);
                    paths.insert(path.to_owned(), (1, is_one));
                    is_one
                } else {
                    crowded += 1;
                    false
                }
            };
            if let Some(beside) = &mut beside {
                if is_one {
                    witness::add(beside, raw);
                }
                witness::add_within(beside, raw);
            }
        });
        columns.beside.extend(beside);
        // Rejected lines need no names. Of others that were not read nothing is known.
        let unread = others.saturating_sub(columns.rejects.len() as u64);
        found.is_partial = unread + crowded > 0;
        found.unknown.add_others(unread + crowded);
        // In the order of their names, so that the first thousand are the same.
        for (path, (rows, _)) in paths.into_iter().collect::<BTreeMap<_, _>>() {
            if self.source.names(&path) {
                found.met.insert(path);
            } else {
                found.unknown.add(Kind::Key, "", &path, rows);
            }
        }
    }

    /// The columns of a table, or of a log whose lines say which they are.
    fn header(&self, chunk: &Chunk, columns: &Columns, unknown: &mut Unknown) {
        let kind = match self.source.format.cut() {
            Cut::Records { .. } if chunk.is_first => Kind::Column,
            Cut::Directives => Kind::Field,
            Cut::Records { .. } | Cut::Lines | Cut::Headed(_) | Cut::Leases | Cut::Indented => {
                return;
            }
        };
        for name in self.source.format.named_by(chunk).unwrap_or_default() {
            if !self.source.names(&name) {
                unknown.add(kind, "", &name, columns.rows as u64);
            }
        }
    }
}

impl Found {
    /// Adds what is in the chunk behind.
    pub(super) fn merge(&mut self, other: Found) {
        self.unknown.merge(other.unknown);
        self.met.extend(other.met);
        self.is_partial |= other.is_partial;
    }

    /// Fields of JSON that the pipeline names and no line has.
    pub(super) fn absent<'s>(&self, source: &'s Source) -> Vec<&'s str> {
        let is_json = source.format.is_named_by_data() && source.format.cut() == Cut::Lines;
        if !is_json || self.is_partial {
            return Vec::new();
        }
        let is_met = |field: &str| {
            let is_it = |path: &String| {
                path.strip_prefix(field)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            self.met.iter().any(is_it)
        };
        source.wanted().into_iter().filter(|field| !is_met(field)).collect()
    }
}

/// Refuses a table of which the pipeline says so.
pub(super) fn refuse(source: &Source, tally: &Tally) -> Result<(), Error> {
    let is_known = tally.found.unknown.is_empty()
        && tally.unlisted.fields.is_empty()
        && tally.unlisted.columns == 0;
    if source.on_unknown == OnUnknown::Report || is_known {
        return Ok(());
    }
    let mut lines: Vec<String> = Vec::new();
    for entry in entries(source, tally) {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        if !entry["name"].is_null() {
            let line = entry["toml"].as_str().unwrap_or("may not leave");
            lines.push(format!("{} `{}`: {line}", text("kind"), text("name")));
        }
    }
    if tally.unlisted.columns > 0 {
        lines.push(format!("{} columns of the header line", tally.unlisted.columns));
    }
    let hidden = tally.found.unknown.others() + rare(tally).1;
    Err(Error::Unknown { source_name: source.name.clone(), lines, hidden })
}

/// What a source has and its pipeline does not name, each as an object: `source`,
/// `kind`, `name`, `field` of a parameter, `rows`, and `toml`, the line that would
/// let it in, null if it may not leave. What is not shown is counted.
pub(super) fn entries(source: &Source, tally: &Tally) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut suggest = Suggest::beside(source);
    for field in &tally.unlisted.fields {
        entries.push(json!({
            "source": source.name,
            "kind": "field",
            "name": field,
            "toml": suggest.rule(field),
        }));
    }
    for (name, rows) in
        tally.found.unknown.names().filter(|(name, rows)| is_shown(name, *rows, tally))
    {
        let mut entry = Map::new();
        entry.insert("source".into(), json!(source.name));
        entry.insert("kind".into(), json!(kind(name.kind)));
        entry.insert("name".into(), json!(name.name));
        if !name.field.is_empty() {
            entry.insert("field".into(), json!(name.field));
        }
        // Of a column nobody has counted in how many rows it has a value.
        if !matches!(name.kind, Kind::Field | Kind::Column) {
            entry.insert("rows".into(), json!(rows));
        }
        entry.insert("toml".into(), json!(suggest.admitting(source, name)));
        entries.push(Value::Object(entry));
    }
    let (names, rows) = rare(tally);
    let others = tally.found.unknown.others();
    if names > 0 || others > 0 {
        let kind = "not shown: rare, or perhaps data";
        entries.push(json!({"source": source.name, "kind": kind, "rows": rows + others}));
    }
    entries
}

/// How many names there are of each kind, for the record.
pub(super) fn counts(tally: &Tally) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for (name, _) in tally.found.unknown.names() {
        *counts.entry(kind(name.kind)).or_default() += 1;
    }
    counts
}

/// Names that are not shown, and rows that they stand in.
fn rare(tally: &Tally) -> (u64, u64) {
    let rare = tally.found.unknown.names().filter(|(name, rows)| !is_shown(name, *rows, tally));
    rare.fold((0, 0), |(names, sum), (_, rows)| (names + 1, sum + rows))
}

fn is_shown(name: &Name, rows: u64, tally: &Tally) -> bool {
    let least = SHOWN_ROWS.max(tally.total().lines / SHOWN_SHARE);
    rows >= least || matches!(name.kind, Kind::Field | Kind::Column)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Field => "field",
        Kind::Column => "column",
        Kind::Key => "key",
        Kind::Cookie => "cookie",
        Kind::Parameter => "parameter",
    }
}
