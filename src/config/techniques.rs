//! One rule of a field in; the technique that it asks for, or what speaks against it,
//! out.
//!
//! Not here: which columns a source has (`fields`).

use std::sync::Arc;

use super::check::Check;
use super::problem::What;
use super::unfit::unfit;
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
use crate::protect::technique::{
    Categories, Clock, Digits, OfAddress, OfAgent, OfCategory, OfDevice, OfIdentifier, OfNumber,
    OfText, OfTime, OfUrl, Technique,
};
use crate::protect::url::template::{OTHER, Templates};
use crate::split::dictionary::{Class, Identifier, class};

/// The one technique of a rule, if it is fit for the field.
pub(super) fn technique(
    check: &mut Check<'_>,
    field: &str,
    rule: &Rule,
    clock: &Clock,
    key: &str,
) -> Option<Technique> {
    let found = count(rule);
    if found != 1 {
        check.fault(key, What::Techniques { field: field.to_owned(), found });
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
            return Some(Technique::Identifier(OfIdentifier::Pseudonym(settings), kind));
        }
        if let Some(settings) = rule.serial.clone() {
            let kind = kind(settings.kind);
            return Some(Technique::Identifier(OfIdentifier::Serial(settings), kind));
        }
        if let Some(settings) = rule.seal.clone() {
            return Some(Technique::Identifier(OfIdentifier::Seal(settings), self.kind()));
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
        let time = |of| Technique::Time(of, self.clock.clone());
        let number = |of| Technique::Number(of, digits);
        let vendor = |devices_min| Technique::Device(OfDevice::Vendor { devices_min });
        let candidates = [
            rule.keep.map(|keep| match keep {
                Keep::Text => Technique::KeepText,
                Keep::Integer => Technique::Number(OfNumber::Keep, digits),
            }),
            rule.preserve.clone().map(|of| Technique::Address(OfAddress::Preserve(of))),
            rule.mac.map(|mac| match mac {
                Mac::Vendor => vendor(settings::DEVICES_MIN),
                Mac::VendorOf { vendor: of } => vendor(of.devices_min.count()),
                Mac::Randomised => Technique::Device(OfDevice::Randomised),
            }),
            rule.round.map(|unit| time(OfTime::Round(unit))),
            rule.weekday.map(|_| time(OfTime::Weekday)),
            rule.hour_band.clone().map(|band| time(OfTime::HourBand(band))),
            rule.shift.clone().map(|shift| time(OfTime::Shift(shift))),
            rule.round_number.clone().map(|round| number(OfNumber::Round(round))),
            rule.range.clone().map(|range| number(OfNumber::Range(range))),
            rule.coding.clone().map(|coding| number(OfNumber::Coding(coding))),
            rule.noise.map(|noise| number(OfNumber::Noise(noise))),
            rule.microaggregate.map(|means| number(OfNumber::Microaggregate(means))),
            rule.site.map(|_| Technique::Url(OfUrl::Site)),
            rule.query.clone().map(|names| Technique::Url(OfUrl::Query(names))),
        ];
        candidates.into_iter().flatten().next()
    }

    fn of_address(&mut self) -> Option<Technique> {
        if let Some(class) = &self.rule.class {
            return match Classes::new(class) {
                Ok(classes) => Some(Technique::Address(OfAddress::Class(classes))),
                Err(error) => self.fault(What::Networks(error.to_string())),
            };
        }
        if let Some(place) = &self.rule.place {
            let make = |bytes| Places::new(bytes, place.field);
            let list = self.check.list(&place.file, self.key, make)?;
            return Some(Technique::Address(OfAddress::Place(list, place.field)));
        }
        let prefix = self.rule.prefix?;
        Some(Technique::Address(OfAddress::Prefix { v4: prefix.v4, v6: prefix.v6 }))
    }

    fn path(&mut self, form: &PathForm) -> Option<Technique> {
        match form {
            PathForm::Word(_) => Some(Technique::Url(OfUrl::Path)),
            PathForm::Listed(listed) => match Templates::new(&listed.templates) {
                Ok(templates) => {
                    let other = match listed.unlisted {
                        Unlisted::Other => Some(OTHER.to_owned()),
                        Unlisted::Null => None,
                    };
                    let templates = Arc::new(templates);
                    Some(Technique::Url(OfUrl::Templates { templates, other }))
                }
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
            PathForm::Learned(learned) => match learned.learn.check() {
                Ok(()) => Some(Technique::Url(OfUrl::Learned(learned.learn))),
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
        }
    }

    fn agent(&mut self, agent: &Agent) -> Option<Technique> {
        match agent {
            Agent::Word(word) => Some(Technique::Agent(OfAgent::Word(*word))),
            Agent::Listed(listed) => {
                let make = |bytes: Vec<u8>| Robots::read(&bytes);
                let list = self.check.list(listed.bot.list.as_ref(), self.key, make);
                list.map(|list| Technique::Agent(OfAgent::Robots(list)))
            }
        }
    }

    fn category(&mut self, category: Category) -> Option<Technique> {
        let (list, level, other) = match category {
            Category::Mapped(mapped) => {
                let of = OfCategory::Map { map: mapped.map, other: mapped.other };
                return Some(Technique::Category(of));
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
        Some(Technique::Category(OfCategory::Hierarchy { list, level, other }))
    }

    fn part(&mut self) -> Option<Technique> {
        if let Some(mask) = self.rule.mask {
            return match mask.check() {
                Ok(()) => Some(Technique::Text(OfText::Mask(mask))),
                Err(error) => self.fault(What::Setting(error.to_string())),
            };
        }
        match self.rule.partial? {
            Partial::First(first) => match first.check() {
                Ok(()) => Some(Technique::Text(OfText::First(first))),
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
            Partial::Region(region) => match Regions::new() {
                Ok(regions) => {
                    Some(Technique::Text(OfText::Region(region.region, Arc::new(regions))))
                }
                Err(error) => self.fault(What::Setting(error.to_string())),
            },
        }
    }

    fn fault(&mut self, what: What) -> Option<Technique> {
        self.check.fault(self.key, what);
        None
    }
}
