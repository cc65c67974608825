//! One rule of a field in; the technique that it asks for, or what speaks against it,
//! out.
//!
//! Not here: which columns a source has (`fields`).

use std::sync::Arc;

use super::check::Check;
use super::problem::{Refused, What};
use crate::notation::time::Written;
use crate::protect::address::class::Classes;
use crate::protect::address::place::Places;
use crate::protect::agent::Robots;
use crate::protect::hierarchy::ready::Ready;
use crate::protect::hierarchy::region::Regions;
use crate::protect::hierarchy::{Hierarchy, HierarchyError};
use crate::protect::settings::agent::Agent;
use crate::protect::settings::category::Category;
use crate::protect::settings::part::Partial;
use crate::protect::settings::url::{PathForm, Unlisted};
use crate::protect::settings::{self, Keep, Mac, Rule};
use crate::protect::technique::{Categories, Clock, Digits, Form, Technique};
use crate::protect::url::template::{OTHER, Templates};
use crate::split::dictionary::{Class, Identifier, Observation, class, is_query};

/// The one technique of a rule, if it is fit for the field.
pub(super) fn technique(
    check: &mut Check<'_>,
    field: &str,
    rule: &Rule,
    clock: &Clock,
    key: &str,
) -> Option<Technique> {
    let owned = || field.to_owned();
    if rule.hash.is_some() {
        check.fault(key, What::BareHash { field: owned() });
        return None;
    }
    if let Some(what) = refused(rule) {
        check.fault(key, what);
        return None;
    }
    let found = count(rule);
    if found != 1 {
        check.fault(key, What::Techniques { field: owned(), found });
        return None;
    }
    let technique = Given { check, rule, field, clock, key }.technique()?;
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
        (
            Technique::Prefix { .. }
            | Technique::Preserve(_)
            | Technique::Class(_)
            | Technique::Place(..),
            class,
        ) if class != Class::Identifier(Identifier::Address) => {
            unfit(technique.name(), "IP address")
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
            Technique::Path
            | Technique::Query(_)
            | Technique::Templates { .. }
            | Technique::Learned(_)
            | Technique::Site,
            Class::Identifier(_) | Class::Observation(Observation::Time | Observation::Agent),
        ) => unfit(technique.name(), "address of a page"),
        (Technique::Agent(_) | Technique::Robots(_), Class::Identifier(_)) => {
            unfit("agent", "user agent")
        }
        (
            Technique::First(_) | Technique::Mask(_),
            Class::Identifier(Identifier::Address | Identifier::Device)
            | Class::Observation(Observation::Url | Observation::Agent | Observation::Time),
        ) => unfit(technique.name(), "text of its own, there are techniques for what it is"),
        (
            Technique::Coding(..)
            | Technique::Noise(..)
            | Technique::Microaggregate(..)
            | Technique::RoundNumber(..)
            | Technique::Range(..),
            Class::Identifier(_),
        ) => unfit(technique.name(), "number that says how much"),
        (Technique::Seal(..), _) if !has_reason(rule) => Some(What::SealReason),
        (Technique::Pseudonym(settings, kind), _)
            if settings.randomised.is_some() && *kind != settings::Kind::Mac =>
        {
            unfit("randomised", "MAC address")
        }
        (
            Technique::Round(_, clock)
            | Technique::Weekday(clock)
            | Technique::HourBand(_, clock)
            | Technique::Shift(_, clock),
            _,
        ) if clock.written == Written::Local && clock.zone.is_none() => {
            Some(What::NeedsZone { field: owned() })
        }
        _ => unrefined(technique, rule),
    }
}

/// What speaks against keeping a field as it is.
fn unkept(technique: &Technique, field: &str, rule: &Rule) -> Option<What> {
    let has_reason = has_reason(rule);
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

fn has_reason(rule: &Rule) -> bool {
    rule.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
}

/// What speaks against what is done besides.
fn unrefined(technique: &Technique, rule: &Rule) -> Option<What> {
    let technique_name = technique.name();
    if rule.rare.is_some() && technique.form() != Form::Text {
        return Some(What::RareText { technique: technique_name });
    }
    let why = if technique.is_pseudonym() {
        "pseudonyms keep their rows"
    } else if technique.margins().is_some() {
        "the sums of its groups would not stay"
    } else if matches!(technique, Technique::Shift(settings, _) if settings.terms.is_some()) {
        "times would leave their terms"
    } else {
        return None;
    };
    rule.permute.then_some(What::Permuted { technique: technique_name, why })
}

/// Techniques of the guideline that this program does not offer, and why.
fn refused(rule: &Rule) -> Option<What> {
    let asked = [
        ("ope", rule.ope.is_some(), Refused::OPE),
        ("fpe", rule.fpe.is_some(), Refused::FPE),
        ("homomorphic", rule.homomorphic.is_some(), Refused::HOMOMORPHIC),
    ];
    let found = asked.into_iter().find(|(_, is_asked, _)| *is_asked);
    found.map(|(name, _, why)| What::Refused { name, why })
}

/// How many techniques a rule names.
fn count(rule: &Rule) -> usize {
    let named = [
        rule.keep.is_some(),
        rule.pseudonym.is_some(),
        rule.serial.is_some(),
        rule.seal.is_some(),
        rule.prefix.is_some(),
        rule.preserve.is_some(),
        rule.class.is_some(),
        rule.place.is_some(),
        rule.mac.is_some(),
        rule.round.is_some(),
        rule.weekday.is_some(),
        rule.hour_band.is_some(),
        rule.shift.is_some(),
        rule.round_number.is_some(),
        rule.range.is_some(),
        rule.coding.is_some(),
        rule.noise.is_some(),
        rule.microaggregate.is_some(),
        rule.partial.is_some(),
        rule.mask.is_some(),
        rule.path.is_some(),
        rule.site.is_some(),
        rule.query.is_some(),
        rule.agent.is_some(),
        rule.category.is_some(),
    ];
    named.into_iter().filter(|is_named| *is_named).count()
}

/// A rule with what is needed to understand it.
struct Given<'g, 'd> {
    check: &'g mut Check<'d>,
    rule: &'g Rule,
    field: &'g str,
    clock: &'g Clock,
    key: &'g str,
}

impl Given<'_, '_> {
    /// The technique that the rule names: it names one.
    fn technique(mut self) -> Option<Technique> {
        let rule = self.rule;
        let kind = |given: Option<settings::Kind>| given.unwrap_or_else(|| self.kind());
        if let Some(settings) = rule.pseudonym.clone() {
            let kind = kind(settings.kind);
            return Some(Technique::Pseudonym(settings, kind));
        }
        if let Some(settings) = rule.serial.clone() {
            let kind = kind(settings.kind);
            return Some(Technique::Serial(settings, kind));
        }
        if let Some(settings) = rule.seal.clone() {
            return Some(Technique::Seal(settings, self.kind()));
        }
        if rule.class.is_some() || rule.place.is_some() || rule.prefix.is_some() {
            return self.of_address();
        }
        if let Some(form) = &rule.path {
            return self.path(form);
        }
        if let Some(agent) = &rule.agent {
            return self.agent(agent);
        }
        if let Some(category) = rule.category.clone() {
            return self.category(category);
        }
        if rule.partial.is_some() || rule.mask.is_some() {
            return self.part();
        }
        self.plain()
    }

    /// The canonical form of the field's identifiers.
    fn kind(&self) -> settings::Kind {
        match class(self.field) {
            Class::Identifier(Identifier::Address) => settings::Kind::Ip,
            Class::Identifier(Identifier::Device) => settings::Kind::Mac,
            Class::Identifier(Identifier::Other) | Class::Observation(_) | Class::Forbidden => {
                settings::Kind::Text
            }
        }
    }

    /// Techniques that need nothing but their settings.
    fn plain(&self) -> Option<Technique> {
        let (rule, digits) = (self.rule, Digits::Plain);
        let clock = || self.clock.clone();
        let candidates = [
            rule.keep.map(|keep| match keep {
                Keep::Text => Technique::KeepText,
                Keep::Integer => Technique::KeepInteger(digits),
            }),
            rule.preserve.clone().map(Technique::Preserve),
            rule.mac.map(|mac| match mac {
                Mac::Vendor => Technique::Vendor { devices_min: settings::DEVICES_MIN },
                Mac::VendorOf { vendor } => {
                    Technique::Vendor { devices_min: vendor.devices_min.count() }
                }
                Mac::Randomised => Technique::Randomised,
            }),
            rule.round.map(|unit| Technique::Round(unit, clock())),
            rule.weekday.map(|_| Technique::Weekday(clock())),
            rule.hour_band.clone().map(|band| Technique::HourBand(band, clock())),
            rule.shift.clone().map(|shift| Technique::Shift(shift, clock())),
            rule.round_number.clone().map(|round| Technique::RoundNumber(round, digits)),
            rule.range.clone().map(|range| Technique::Range(range, digits)),
            rule.coding.clone().map(|coding| Technique::Coding(coding, digits)),
            rule.noise.map(|noise| Technique::Noise(noise, digits)),
            rule.microaggregate.map(|means| Technique::Microaggregate(means, digits)),
            rule.site.map(|_| Technique::Site),
            rule.query.clone().map(Technique::Query),
        ];
        candidates.into_iter().flatten().next()
    }

    fn of_address(&mut self) -> Option<Technique> {
        if let Some(class) = &self.rule.class {
            return match Classes::new(class) {
                Ok(classes) => Some(Technique::Class(classes)),
                Err(error) => self.fault(What::Networks(error.to_string())),
            };
        }
        if let Some(place) = &self.rule.place {
            let make = |bytes| Places::new(bytes, place.field);
            let list = self.check.list(&place.file, self.key, make)?;
            return Some(Technique::Place(list, place.field));
        }
        self.rule.prefix.map(|prefix| Technique::Prefix { v4: prefix.v4, v6: prefix.v6 })
    }

    fn path(&mut self, form: &PathForm) -> Option<Technique> {
        match form {
            PathForm::Word(_) => Some(Technique::Path),
            PathForm::Listed(listed) => match Templates::new(&listed.templates) {
                Ok(templates) => {
                    let other = match listed.unlisted {
                        Unlisted::Other => Some(OTHER.to_owned()),
                        Unlisted::Null => None,
                    };
                    Some(Technique::Templates { templates: Arc::new(templates), other })
                }
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
            PathForm::Learned(learned) => match learned.learn.check() {
                Ok(()) => Some(Technique::Learned(learned.learn)),
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
        }
    }

    fn agent(&mut self, agent: &Agent) -> Option<Technique> {
        match agent {
            Agent::Word(word) => Some(Technique::Agent(*word)),
            Agent::Listed(listed) => {
                let make = |bytes: Vec<u8>| Robots::read(&bytes);
                let list = self.check.list(listed.bot.list.as_ref(), self.key, make);
                list.map(Technique::Robots)
            }
        }
    }

    fn category(&mut self, category: Category) -> Option<Technique> {
        let (list, level, other) = match category {
            Category::Mapped(mapped) => {
                return Some(Technique::Category { map: mapped.map, other: mapped.other });
            }
            Category::Listed(listed) => {
                let make = |bytes: Vec<u8>| Hierarchy::read(&bytes);
                let list = self.check.list(listed.hierarchy.as_ref(), self.key, make)?;
                (Categories::Listed(list), listed.level, listed.other)
            }
            Category::Ready(ready) => match Ready::read(ready.ready) {
                Ok(read) => {
                    (Categories::Ready(ready.ready, Arc::new(read)), ready.level, ready.other)
                }
                Err(error) => return self.fault(What::Setting(error.to_string())),
            },
        };
        let level = usize::try_from(level).unwrap_or(usize::MAX);
        if level == 0 || level > list.levels() {
            let error = HierarchyError::Level { found: level, levels: list.levels() };
            return self.fault(What::Setting(error.to_string()));
        }
        Some(Technique::Hierarchy { list, level, other })
    }

    fn part(&mut self) -> Option<Technique> {
        if let Some(mask) = self.rule.mask {
            return match mask.check() {
                Ok(()) => Some(Technique::Mask(mask)),
                Err(error) => self.fault(What::Setting(error.to_string())),
            };
        }
        match self.rule.partial? {
            Partial::First(first) => match first.check() {
                Ok(()) => Some(Technique::First(first)),
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
            Partial::Region(region) => match Regions::new() {
                Ok(regions) => Some(Technique::Region(region.region, Arc::new(regions))),
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
        }
    }

    fn fault(&mut self, what: What) -> Option<Technique> {
        self.check.fault(self.key, what);
        None
    }
}
