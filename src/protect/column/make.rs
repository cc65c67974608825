//! A rule and the keys of its table in; the column that it asks for out.

use super::numbers::{Read, read_integer};
use super::texts::{Make, Maker};
use super::{Column, Held, Numbers, Outcome, Text};
use crate::notation::mac::{is_randomised, mac};
use crate::notation::time;
use crate::protect::canonical::canonical;
use crate::protect::distinct::HashSeeds;
use crate::protect::keys::KeyRing;
use crate::protect::pseudonyms::{How, Pseudonyms};
use crate::protect::settings::Kind;
use crate::protect::technique::Technique;
use crate::protect::text::{self, Written};
use crate::protect::{Rule, address, device};

/// The column of a rule.
pub(crate) fn column(rule: &Rule, keys: &KeyRing<'_>, seeds: HashSeeds) -> Column {
    let is_held = rule.is_held();
    if let Technique::Pseudonym(settings, kind) = &rule.technique {
        let how = How::new(settings, *kind, keys);
        return Column::Pseudonym(Box::new(Pseudonyms::new(how, settings.bytes.bytes(), seeds)));
    }
    if let Some(maker) = maker(&rule.technique) {
        return Column::Text(Box::new(Text::new(maker, seeds, is_held)));
    }
    if is_held {
        return Column::Held(Box::new(Held::new(held(&rule.technique), seeds)));
    }
    Column::Number(Box::new(Numbers::new(read(&rule.technique), rule.technique.form())))
}

/// How the text of a technique is made before all values are known; `None` if that is
/// no text.
fn maker(technique: &Technique) -> Option<Maker> {
    let with = |make: Make| Some(Maker::With(make));
    match technique.clone() {
        Technique::KeepText => Some(Maker::Whole),
        Technique::Path => Some(Maker::Path),
        Technique::Query(listed) => Some(Maker::Query(listed)),
        Technique::Family => with(Box::new(|value, out| {
            device::agent_family(value, out);
            Outcome::Made
        })),
        Technique::Prefix { v4, v6 } => with(Box::new(move |value, out| {
            made(address::network(value, v4.bits(), v6.bits(), out))
        })),
        Technique::Category { map, other } => with(Box::new(move |value, out| {
            let value = text::read(value, Written::Plain);
            let category = map.get(value.text.as_ref());
            let Some(category) = category.or(other.as_ref()) else { return Outcome::Nothing };
            out.extend_from_slice(category.as_bytes());
            Outcome::Made
        })),
        Technique::KeepInteger(_)
        | Technique::Pseudonym(..)
        | Technique::Serial(..)
        | Technique::Vendor { .. }
        | Technique::Randomised
        | Technique::Round { .. } => None,
    }
}

/// What stands for a value, if all of them are held.
fn held(technique: &Technique) -> Make {
    match technique.clone() {
        Technique::Serial(_, kind) => Box::new(move |value, out| canonical_bytes(kind, value, out)),
        Technique::Vendor { .. } => Box::new(|value, out| canonical_bytes(Kind::Mac, value, out)),
        other => {
            let read = read(&other);
            Box::new(move |value, out| {
                let number = match &read {
                    Read::Integer(digits) => read_integer(*digits, value),
                    Read::With(read) => read(value),
                };
                let Some(number) = number else { return Outcome::Unread };
                out.extend_from_slice(&number.to_le_bytes());
                Outcome::Made
            })
        }
    }
}

fn canonical_bytes(kind: Kind, value: &[u8], out: &mut Vec<u8>) -> Outcome {
    let Some(canonical) = canonical(kind, value) else { return Outcome::Unread };
    out.extend_from_slice(canonical.bytes());
    Outcome::Made
}

/// How the number of a technique is read.
fn read(technique: &Technique) -> Read {
    match technique.clone() {
        Technique::KeepInteger(digits) => Read::Integer(digits),
        Technique::Round { unit, written, zone } => Read::With(Box::new(move |value| {
            time::read(value, written, zone.as_ref()).map(|local| local.floor(unit.seconds()))
        })),
        Technique::Randomised => {
            Read::With(Box::new(|value| mac(value).map(|mac| i64::from(is_randomised(mac)))))
        }
        // They are texts or pseudonyms, or held by other bytes.
        _ => Read::With(Box::new(|_| None)),
    }
}

fn made(is_made: bool) -> Outcome {
    if is_made { Outcome::Made } else { Outcome::Unread }
}
