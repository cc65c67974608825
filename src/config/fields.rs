//! `[source.fields]` in; columns, or what speaks against them, out: which
//! technique is fit for which kind of field.

use jiff::tz::TimeZone;

use super::check::Check;
use super::document::join;
use super::pipeline_file::Source as SourceFile;
use super::plan::{Column, SUBJECT, Watched};
use super::problem::What;
use super::techniques::technique;
use crate::notation::time::Written;
use crate::parse::{Clock, Format, Parser};
use crate::protect::settings::{Keep, Rule, Rules, Word};
use crate::protect::technique::{Clock as TimesOf, OfIdentifier, Refinement, Technique};
use crate::split::dictionary::{Class, class};
use crate::split::unknown::Kind;

impl Check<'_> {
    /// The format of a source and the options that belong to it.
    pub(super) fn format(&mut self, source: &SourceFile, at: &str) -> Option<Format> {
        let key = format!("{at}.format");
        let mut format = match Format::new(&source.format) {
            Some(Ok(format)) => Some(format),
            Some(Err(error)) => {
                self.fault(&key, What::FormatString { error });
                None
            }
            None => {
                let expected = Format::listed().map(|listed| listed.name.to_owned()).collect();
                self.fault(&key, What::Format { found: source.format.clone(), expected });
                None
            }
        };
        if let Some(format) = &mut format {
            self.table(source, at, format);
        }
        format
    }
}

/// The columns of a source, in the order of the file.
pub(super) fn columns(
    check: &mut Check<'_>,
    source: &SourceFile,
    at: &str,
    format: Option<&Format>,
) -> Vec<Column> {
    let zone = zone(source);
    if let Some(name) = source.zone.as_ref().filter(|_| zone.is_none()) {
        check.fault(&format!("{at}.zone"), What::Zone { found: name.clone() });
    }
    let mut fields: Vec<(&String, &Rules)> = source.fields.iter().collect();
    let table = format!("{at}.fields");
    fields.sort_by_key(|(field, _)| check.document.position(&join(&table, field)));
    let mut columns: Vec<Column> = Vec::new();
    for (field, rules) in fields {
        let key = join(&table, field);
        if parameter(source, field).is_some() {
            if !matches!(rules, Rules::Word(Word::Drop)) {
                check.fault(&key, What::OnlyDropped { field: field.clone() });
            }
            continue;
        }
        if class(field) == Class::Forbidden {
            check.fault(&key, What::Forbidden { field: field.clone() });
            continue;
        }
        let is_looked_up = source.subject.is_some() && field == SUBJECT;
        if !is_looked_up {
            known(check, field, source, format, &key);
        }
        for (key, rule) in each(rules, &key) {
            check.not_empty(&format!("{key}.reason"), rule.reason.as_ref());
            check.not_empty(&format!("{key}.label"), rule.label.as_ref());
            let written = written(format.map_or(Clock::Offset, |format| format.clock(field)));
            let clock = TimesOf { written, zone: zone.clone() };
            let name = rule.column.clone().unwrap_or_else(|| field.clone());
            let Some(mut technique) = technique(check, field, &rule, &clock, &key) else {
                check.failed.insert(name);
                continue;
            };
            if format.is_some_and(Format::is_table) {
                technique.set_grouped();
            }
            if let Some(what) = domains(field, is_looked_up, &technique) {
                check.fault(&key, what);
            }
            if class(&name) == Class::Forbidden {
                check.fault(&key, What::Forbidden { field: name });
                continue;
            }
            if columns.iter().any(|column| column.name == name) {
                check.fault(&key, What::Twice { name: name.clone() });
            }
            let label = rule.label.clone().unwrap_or_else(|| name.clone());
            let reason = rule.reason.clone();
            let field = read_from(field, &technique, format);
            let refinement = Refinement { rare: rule.rare, is_permuted: rule.permute };
            columns.push(Column { name, field, technique, refinement, label, reason });
        }
    }
    if columns.is_empty() {
        check.fault(&table, What::NoColumn);
    }
    margins(check, &columns, source, &table);
    columns
}

/// The groups of controlled rounding are a column that is there before all values are
/// known.
fn margins(check: &mut Check<'_>, columns: &[Column], source: &SourceFile, table: &str) {
    for column in columns {
        let Some(margins) = column.technique.margins() else { continue };
        let is_held = |of: &Column| {
            of.technique.needs_all()
                || !of.refinement.is_none()
                || source.drop_rows.contains_key(&of.name)
        };
        let found = columns.iter().find(|of| of.name == margins);
        if found.is_none_or(is_held) {
            let what = What::Margins { found: margins.to_owned(), column: column.name.clone() };
            check.fault(table, what);
        }
    }
}

/// The field that a column is made from. Path and query of a request line are
/// those of its target: what stands around it, `GET` and `HTTP/1.1`, is neither.
fn read_from(field: &str, technique: &Technique, format: Option<&Format>) -> String {
    let is_line = field == "request" && format.is_some_and(Format::has_request_line);
    if is_line && reads_target(technique) { "request.target".to_owned() } else { field.to_owned() }
}

fn reads_target(technique: &Technique) -> bool {
    matches!(technique, Technique::Url(_))
}

/// The zone of a source, if it names one that there is.
pub(super) fn zone(source: &SourceFile) -> Option<TimeZone> {
    TimeZone::get(source.zone.as_ref()?).ok()
}

/// What speaks against the domains of a pseudonym. An account of four letters and
/// an address have the same bytes, so the three kinds of a subject that is looked
/// up have a key each.
fn domains(field: &str, is_looked_up: bool, technique: &Technique) -> Option<What> {
    let Technique::Identifier(OfIdentifier::Pseudonym(settings), _) = technique else {
        return is_looked_up.then(|| What::LookedUp { field: field.to_owned() });
    };
    let (device, address) = (&settings.device_domain, &settings.address_domain);
    if !is_looked_up {
        return (device.is_some() || address.is_some()).then_some(What::NotLookedUp);
    }
    let is_apart = match (device, address) {
        (Some(device), Some(address)) => {
            device != address && settings.domain != *device && settings.domain != *address
        }
        _ => false,
    };
    let is_bare = settings.kind.is_none() && settings.randomised.is_none();
    (!is_apart || !is_bare).then(|| What::LookedUp { field: field.to_owned() })
}

/// A field of a log format must exist; those that the input names are known
/// only from its header.
pub(super) fn known(
    check: &mut Check<'_>,
    field: &str,
    source: &SourceFile,
    format: Option<&Format>,
    key: &str,
) {
    let Some(format) = format else { return };
    if Parser::new(format, &[field]).is_err() {
        let expected = format.fields().into_iter().flatten().map(str::to_owned);
        let what = What::Field {
            field: field.to_owned(),
            format: source.format.clone(),
            expected: expected.collect(),
        };
        check.fault(key, what);
    }
}

/// Fields of a log that the pipeline names neither whole nor in part. Those
/// that the input names stand there alone.
pub(super) fn unlisted(format: &Format, source: &SourceFile) -> Vec<String> {
    let is_listed = |field: &str| {
        let is_part =
            |listed: &str| listed.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'));
        source.fields.keys().any(|listed| listed == field || is_part(listed))
    };
    let fields = format.fields().unwrap_or_default();
    fields.into_iter().filter(|field| !is_listed(field)).map(str::to_owned).collect()
}

/// The parameter that `request?name` means: one that is known, and dropped.
fn parameter<'f>(source: &SourceFile, field: &'f str) -> Option<(&'f str, &'f str)> {
    field.split_once('?').filter(|(field, _)| source.fields.contains_key(*field))
}

/// Fields in which others put names: queries that are read, unless of where
/// somebody came from, and cookies.
pub(super) fn watched(format: &Format, source: &SourceFile, columns: &[Column]) -> Vec<Watched> {
    let mut watched: Vec<Watched> = Vec::new();
    for column in columns {
        let listed = match column.technique.listed_parameters() {
            Some(listed) => listed,
            None if reads_target(&column.technique) => &[],
            None => continue,
        };
        if column.field.to_lowercase().contains("refer") {
            continue;
        }
        let known = listed.iter().cloned();
        if let Some(same) = watched.iter_mut().find(|one| one.field == column.field) {
            same.known.extend(known);
            continue;
        }
        let name = column.field.strip_suffix(".target").unwrap_or(&column.field);
        let name = if source.fields.contains_key(name) { name } else { &column.field };
        let dropped = source.fields.keys().filter_map(|key| parameter(source, key));
        let dropped = dropped.filter(|(field, _)| *field == name).map(|(_, name)| name.to_owned());
        watched.push(Watched {
            kind: Kind::Parameter,
            listed: name.to_owned(),
            field: column.field.clone(),
            known: known.chain(dropped).collect(),
        });
    }
    let has_cookies = format.fields().is_some_and(|fields| fields.contains(&COOKIE));
    if has_cookies && !source.fields.contains_key(COOKIE) {
        let names = source.fields.keys().filter_map(|key| key.strip_prefix("cookie."));
        watched.push(Watched {
            kind: Kind::Cookie,
            listed: COOKIE.to_owned(),
            field: COOKIE.to_owned(),
            known: names.map(str::to_owned).collect(),
        });
    }
    watched
}

/// The field of a log that has all cookies.
const COOKIE: &str = "cookie";

/// The rules of a field with the key of each. `drop` gives none.
fn each(rules: &Rules, key: &str) -> Vec<(String, Rule)> {
    match rules {
        Rules::Word(Word::Drop) => Vec::new(),
        Rules::Word(Word::Keep) => {
            vec![(key.to_owned(), Rule { keep: Some(Keep::Text), ..Rule::default() })]
        }
        Rules::One(rule) => vec![(key.to_owned(), (**rule).clone())],
        Rules::Several(rules) => rules
            .iter()
            .enumerate()
            .map(|(index, rule)| (format!("{key}[{index}]"), rule.clone()))
            .collect(),
    }
}

/// What a time without an offset means, for whoever reads it.
pub(super) fn written(clock: Clock) -> Written {
    match clock {
        Clock::Offset => Written::Offset,
        Clock::Utc => Written::Utc,
        Clock::Local => Written::Local,
    }
}
