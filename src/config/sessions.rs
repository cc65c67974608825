//! `[source.sessions]` and `[source.subject]` in; where everything stands, or what
//! speaks against it, out.
//!
//! Not here: what the records say (`lookup`).

use super::check::Check;
use super::document::join;
use super::fields::{known, written, zone};
use super::pipeline_file::{PipelineFile, Source as SourceFile};
use super::plan::{SUBJECT, Sessions, Subject};
use super::problem::What;
use crate::lookup::settings::Sessions as Settings;
use crate::lookup::{Fields, Moment};
use crate::notation::time::Written;
use crate::parse::Format;
use crate::split::dictionary::{Class, class};

/// Collects the fields that are read.
struct Names<'c, 'd> {
    check: &'c mut Check<'d>,
    source: &'c SourceFile,
    format: &'c Format,
    at: String,
    wanted: Vec<String>,
}

/// How the records of a source tell of sessions.
pub(super) fn sessions(
    check: &mut Check<'_>,
    source: &SourceFile,
    settings: &Settings,
    at: &str,
    format: &Format,
) -> Sessions {
    let others = [
        ("fields", !source.fields.is_empty()),
        ("assess", source.assess.is_some()),
        ("subject", source.subject.is_some()),
        ("on_unknown", source.on_unknown.is_some()),
    ];
    for (key, _) in others.into_iter().filter(|(_, is_given)| *is_given) {
        check.fault(&format!("{at}.{key}"), What::NoTable { key });
    }
    let ready = format.sessions();
    let at = format!("{at}.sessions");
    let events = |given: &Option<Vec<String>>, ready: &[&str]| match given {
        Some(events) => events.clone(),
        None => ready.iter().map(ToString::to_string).collect(),
    };
    let begins = events(&settings.begins, ready.begins);
    let ends = events(&settings.ends, ready.ends);
    let mut names = Names { check, source, format, at, wanted: Vec::new() };
    let fields = Fields {
        address: names.field("address", settings.address.as_ref(), ready.address),
        device: names.field("device", settings.device.as_ref(), ready.device),
        user: names.field("user", settings.user.as_ref(), ready.user),
        time: names.moment("time", settings.time.as_ref(), ready.time),
        start: names.moment("start", settings.start.as_ref(), ready.start),
        end: names.moment("end", settings.end.as_ref(), ready.end),
        length: names.field("length", settings.length.as_ref(), ready.length),
        session: names.field("session", settings.session.as_ref(), ready.session),
        server: names.field("server", settings.server.as_ref(), ready.server),
        delay: names.field("delay", settings.delay.as_ref(), ready.delay),
        event: names.field("event", settings.event.as_ref(), ready.event),
        begins: Some(begins).filter(|begins| !begins.is_empty()),
        ends,
        longest: settings.longest,
    };
    let Names { check, at, wanted, .. } = names;
    if source.query.is_some() && settings.days_before.count() > 0 {
        check.fault(&join(&at, "days_before"), What::FilesOnly { key: "days_before" });
    }
    let has_key = fields.address.is_some() || fields.device.is_some();
    let has_whom = fields.device.is_some() || fields.user.is_some();
    let tells_nobody = !(has_key && has_whom) || fields.address.is_none() && fields.user.is_none();
    if tells_nobody {
        check.fault(&at, What::SessionsOfNobody);
    }
    if fields.time.is_none() && fields.start.is_none() {
        check.fault(&at, What::SessionsWithout { key: "time" });
    }
    if fields.end.is_none() && fields.longest.is_none() {
        check.fault(&at, What::SessionsWithout { key: "longest" });
    }
    if fields.event.is_none() && (fields.begins.is_some() || !fields.ends.is_empty()) {
        check.fault(&at, What::SessionsWithout { key: "event" });
    }
    Sessions { fields, wanted, days_before: settings.days_before.count() }
}

impl Names<'_, '_> {
    /// The place of a field among those that are read.
    fn field(&mut self, key: &str, given: Option<&String>, ready: Option<&str>) -> Option<usize> {
        let name = given.map(String::as_str).or(ready)?;
        if let Some(given) = given {
            let key = join(&self.at, key);
            if class(given) == Class::Forbidden {
                self.check.fault(&key, What::Forbidden { field: given.clone() });
            }
            known(self.check, given, self.source, Some(self.format), &key);
        }
        let place = self.wanted.iter().position(|wanted| wanted == name);
        Some(place.unwrap_or_else(|| {
            self.wanted.push(name.to_owned());
            self.wanted.len() - 1
        }))
    }

    fn moment(&mut self, key: &str, given: Option<&String>, ready: Option<&str>) -> Option<Moment> {
        let name = given.map(String::as_str).or(ready)?;
        let field = self.field(key, given, ready)?;
        let written = written(self.format.clock(name));
        let zone = zone(self.source);
        if written == Written::Local && zone.is_none() {
            self.check.fault(&self.at, What::NeedsZone { field: name.to_owned() });
        }
        Some(Moment { field, written, zone })
    }
}

/// How whom the lines of a source are about is looked up.
pub(super) fn subject(
    check: &mut Check<'_>,
    file: &PipelineFile,
    source: &SourceFile,
    at: &str,
    format: &Format,
) -> Option<Subject> {
    let settings = source.subject.as_ref()?;
    let at = format!("{at}.subject");
    for (key, field) in [("address", &settings.address), ("time", &settings.time)] {
        let key = join(&at, key);
        if class(field) == Class::Forbidden {
            check.fault(&key, What::Forbidden { field: field.clone() });
        }
        known(check, field, source, Some(format), &key);
    }
    if !source.fields.contains_key(SUBJECT) {
        check.fault(&at, What::NotListed { field: SUBJECT });
    }
    let mut expected = file.source.iter().filter(|one| one.sessions.is_some());
    if settings.sessions.is_empty() {
        check.fault(&at, What::SessionsWithout { key: "sessions" });
    }
    for name in &settings.sessions {
        if !expected.clone().any(|one| one.name == *name) {
            let expected = expected.by_ref().map(|one| one.name.clone()).collect();
            let what = What::NoSessions { found: name.clone(), expected };
            check.fault(&join(&at, "sessions"), what);
            break;
        }
    }
    let written = written(format.clock(&settings.time));
    let zone = zone(source);
    if written == Written::Local && zone.is_none() {
        check.fault(&at, What::NeedsZone { field: settings.time.clone() });
    }
    Some(Subject {
        address: settings.address.clone(),
        time: settings.time.clone(),
        written,
        zone,
        sessions: settings.sessions.clone(),
        keeps_randomised: settings.randomised.is_some(),
    })
}
