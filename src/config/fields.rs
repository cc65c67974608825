//! `[source.fields]` in; columns, or what speaks against them, out: which
//! technique is fit for which kind of field.

use jiff::tz::TimeZone;

use super::check::Check;
use super::document::join;
use super::pipeline_file::Source as SourceFile;
use super::plan::{Column, SUBJECT, Watched};
use super::problem::What;
use crate::notation::time::Written;
use crate::parse::{Clock, Format, Parser};
use crate::protect::settings::{self, Keep, Mac, Rule, Rules, Word};
use crate::protect::technique::{Digits, Refinement, Technique};
use crate::split::dictionary::{Class, Identifier, Observation, class, is_query};
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
            let clock = format.map_or(Clock::Offset, |format| format.clock(field));
            let Some(mut technique) = technique(check, field, &rule, (clock, zone.as_ref()), &key)
            else {
                continue;
            };
            if let Technique::KeepInteger(digits) = &mut technique
                && format.is_some_and(Format::is_table)
            {
                *digits = Digits::Grouped;
            }
            if let Some(what) = domains(field, is_looked_up, &technique) {
                check.fault(&key, what);
            }
            let name = rule.column.clone().unwrap_or_else(|| field.clone());
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
    columns
}

/// The field that a column is made from. Path and query of a request line are
/// those of its target: what stands around it, `GET` and `HTTP/1.1`, is neither.
fn read_from(field: &str, technique: &Technique, format: Option<&Format>) -> String {
    let is_line = field == "request" && format.is_some_and(Format::has_request_line);
    if is_line && matches!(technique, Technique::Path | Technique::Query(_)) {
        "request.target".to_owned()
    } else {
        field.to_owned()
    }
}

/// The zone of a source, if it names one that there is.
pub(super) fn zone(source: &SourceFile) -> Option<TimeZone> {
    TimeZone::get(source.zone.as_ref()?).ok()
}

/// What speaks against the domains of a pseudonym. An account of four letters and
/// an address have the same bytes, so the three kinds of a subject that is looked
/// up have a key each.
fn domains(field: &str, is_looked_up: bool, technique: &Technique) -> Option<What> {
    let Technique::Pseudonym(settings, _) = technique else {
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
            None if matches!(column.technique, Technique::Path) => &[],
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

/// The one technique of a rule, if it is fit for the field.
fn technique(
    check: &mut Check<'_>,
    field: &str,
    rule: &Rule,
    (clock, zone): (Clock, Option<&TimeZone>),
    key: &str,
) -> Option<Technique> {
    let owned = || field.to_owned();
    if rule.hash.is_some() {
        check.fault(key, What::BareHash { field: owned() });
        return None;
    }
    let mut given = given(rule, field, clock, zone);
    if given.len() != 1 {
        check.fault(key, What::Techniques { field: owned(), found: given.len() });
        return None;
    }
    let technique = given.pop()?;
    match unfit(&technique, field, rule) {
        Some(what) => {
            check.fault(key, what);
            None
        }
        None => Some(technique),
    }
}

/// What speaks against a technique for a field.
fn unfit(technique: &Technique, field: &str, rule: &Rule) -> Option<What> {
    let owned = || field.to_owned();
    let unfit = |technique, needs| Some(What::Unfit { technique, field: owned(), needs });
    if let Technique::Query(names) = technique {
        for name in names {
            let field = format!("{field}?{name}");
            match class(name) {
                Class::Forbidden => return Some(What::Forbidden { field }),
                Class::Identifier(_) => return Some(What::KeepIdentifier { field, also: "" }),
                Class::Observation(_) => {}
            }
        }
    }
    if let Some(what) = unkept(technique, field, rule) {
        return Some(what);
    }
    match (technique, class(field)) {
        (Technique::Prefix { .. }, class) if class != Class::Identifier(Identifier::Address) => {
            unfit("prefix", "IP address")
        }
        (Technique::Vendor { .. } | Technique::Randomised, class)
            if class != Class::Identifier(Identifier::Device) =>
        {
            unfit("mac", "MAC address")
        }
        // What stands before a question mark is all of it.
        (Technique::Path, _) if is_query(field) => {
            unfit("path", "address of a page but its query, for which there is `query`")
        }
        (
            Technique::Path | Technique::Query(_),
            Class::Identifier(_) | Class::Observation(Observation::Time | Observation::Agent),
        ) => unfit("path", "address of a page"),
        (Technique::Family, Class::Identifier(_)) => unfit("agent", "user agent"),
        (Technique::Pseudonym(settings, kind), _)
            if settings.randomised.is_some() && *kind != settings::Kind::Mac =>
        {
            unfit("randomised", "MAC address")
        }
        (Technique::Round { written: Written::Local, zone: None, .. }, _) => {
            Some(What::NeedsZone { field: owned() })
        }
        _ => None,
    }
}

/// What speaks against keeping a field as it is.
fn unkept(technique: &Technique, field: &str, rule: &Rule) -> Option<What> {
    let has_reason = rule.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    let whole = |why| Some(What::KeepWhole { field: field.to_owned(), why });
    match (technique, class(field)) {
        (Technique::KeepText | Technique::KeepInteger(_), Class::Identifier(identifier)) => {
            let also = match identifier {
                Identifier::Address => " or `prefix`",
                Identifier::Device => " or `mac`",
                Identifier::Other => "",
            };
            Some(What::KeepIdentifier { field: field.to_owned(), also })
        }
        (Technique::KeepText, Class::Observation(Observation::Url)) if is_query(field) => {
            whole("queries hold names and search words; use `query`")
        }
        (Technique::KeepText, Class::Observation(Observation::Url)) => {
            whole("addresses hold names and search words; use `path` or `query`")
        }
        (Technique::KeepText, Class::Observation(Observation::Agent)) if !has_reason => {
            whole("agents nearly tell devices apart; use `agent`, or say why in `reason`")
        }
        (
            Technique::KeepText | Technique::KeepInteger(_),
            Class::Observation(Observation::Time),
        ) if !has_reason => whole("a second tells rows apart; use `round`, or say why in `reason`"),
        _ => None,
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

/// All techniques that a rule gives.
fn given(rule: &Rule, field: &str, clock: Clock, zone: Option<&TimeZone>) -> Vec<Technique> {
    let written = written(clock);
    let kind = match class(field) {
        Class::Identifier(Identifier::Address) => settings::Kind::Ip,
        Class::Identifier(Identifier::Device) => settings::Kind::Mac,
        Class::Identifier(Identifier::Other) | Class::Observation(_) | Class::Forbidden => {
            settings::Kind::Text
        }
    };
    let candidates = [
        rule.keep.map(|keep| match keep {
            Keep::Text => Technique::KeepText,
            Keep::Integer => Technique::KeepInteger(Digits::Plain),
        }),
        rule.pseudonym.clone().map(|settings| {
            let kind = settings.kind.unwrap_or(kind);
            Technique::Pseudonym(settings, kind)
        }),
        rule.serial.clone().map(|settings| {
            let kind = settings.kind.unwrap_or(kind);
            Technique::Serial(settings, kind)
        }),
        rule.prefix.map(|prefix| Technique::Prefix { v4: prefix.v4, v6: prefix.v6 }),
        rule.mac.map(|mac| match mac {
            Mac::Vendor => Technique::Vendor { devices_min: settings::DEVICES_MIN },
            Mac::VendorOf { vendor } => {
                Technique::Vendor { devices_min: vendor.devices_min.count() }
            }
            Mac::Randomised => Technique::Randomised,
        }),
        rule.round.map(|unit| Technique::Round { unit, written, zone: zone.cloned() }),
        rule.path.map(|_| Technique::Path),
        rule.query.clone().map(Technique::Query),
        rule.agent.map(|_| Technique::Family),
        rule.category
            .clone()
            .map(|category| Technique::Category { map: category.map, other: category.other }),
    ];
    candidates.into_iter().flatten().collect()
}
