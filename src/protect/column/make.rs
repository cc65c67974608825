//! A rule and the keys of its table in; the column that it asks for out.

use std::io::Write as _;

use data_encoding::BASE32_NOPAD;

use super::numbers::{Read, read_integer};
use super::texts::{Cut, Make, Maker};
use super::{Column, Held, Numbers, Outcome, Text};
use crate::notation::address::address;
use crate::notation::mac::{is_randomised, mac};
use crate::notation::time::Local;
use crate::protect::address::network;
use crate::protect::canonical::canonical;
use crate::protect::distinct::{Distinct, HashSeeds};
use crate::protect::keys::KeyRing;
use crate::protect::moment::{self, HourBand};
use crate::protect::number::{range, round};
use crate::protect::pseudonyms::{How, Pseudonyms};
use crate::protect::settings::Kind;
use crate::protect::settings::address::{Preserve, Seal};
use crate::protect::settings::agent::AgentWord;
use crate::protect::settings::number::{RoundNumber, Rounding};
use crate::protect::settings::part::Region;
use crate::protect::technique::{
    Clock, Digits, OfAddress, OfAgent, OfCategory, OfDevice, OfIdentifier, OfNumber, OfText,
    OfTime, OfUrl, Technique,
};
use crate::protect::text::{self, Written};
use crate::protect::url::{self, site::site};
use crate::protect::{Rule, agent, part};

/// The column of a rule.
pub(crate) fn column(rule: &Rule, keys: &KeyRing<'_>, seeds: HashSeeds) -> Column {
    let is_held = rule.is_held();
    let technique = &rule.technique;
    if let Technique::Identifier(OfIdentifier::Pseudonym(settings), kind) = technique {
        let how = How::new(settings, *kind, keys);
        return Column::Pseudonym(Box::new(Pseudonyms::new(how, settings.bytes.bytes(), seeds)));
    }
    if let Some(maker) = maker(rule, keys) {
        let text = Text::new(maker, seeds, is_held, technique.passes_on());
        return Column::Text(Box::new(match part(rule) {
            Some(cut) => text.cut(cut),
            None => text,
        }));
    }
    if is_held {
        return Column::Held(Box::new(Held::new(held(technique), seeds)));
    }
    Column::Number(Box::new(Numbers::new(read(technique, seeds), technique.form())))
}

/// How the text of a technique is made before all values are known; `None` if that is
/// no text.
fn maker(rule: &Rule, keys: &KeyRing<'_>) -> Option<Maker> {
    let make: Make = match &rule.technique {
        Technique::KeepText => return Some(Maker::Whole),
        Technique::Url(of) => return Some(of_url(of.clone())),
        Technique::Text(of) => return Some(of_text(of)),
        // Of rare values coarser levels are asked for.
        Technique::Category(OfCategory::Hierarchy { .. }) if rule.is_held() => {
            return Some(Maker::Whole);
        }
        Technique::Category(of) => of_category(of.clone()),
        Technique::Identifier(OfIdentifier::Seal(settings), kind) => {
            sealed(settings.clone(), *kind, keys)
        }
        Technique::Address(of) => of_address(of.clone(), keys),
        Technique::Time(of, clock) => of_time(of, clock.clone())?,
        Technique::Number(OfNumber::Range(ranges), digits) => {
            let (ranges, digits) = (ranges.clone(), *digits);
            Box::new(move |value, out| {
                let Some(number) = read_integer(digits, value) else { return Outcome::Unread };
                range::write(&ranges, number, out);
                Outcome::Made
            })
        }
        Technique::Agent(OfAgent::Word(word)) => agent_word(*word)?,
        Technique::Identifier(..)
        | Technique::Device(_)
        | Technique::Number(..)
        | Technique::Agent(OfAgent::Robots(_)) => return None,
    };
    Some(Maker::With(make))
}

fn of_url(of: OfUrl) -> Maker {
    match of {
        OfUrl::Path | OfUrl::Learned(_) => Maker::Path,
        OfUrl::Query(listed) => Maker::Query(listed),
        OfUrl::Templates { templates, other } => Maker::With(Box::new(move |value, out| {
            let found = templates.find(&url::path(value));
            write_or_nothing(found.or(other.as_deref()), out)
        })),
        OfUrl::Site => {
            Maker::With(Box::new(
                |value, out| {
                    if site(value, out) { Outcome::Made } else { Outcome::Nothing }
                },
            ))
        }
    }
}

fn of_category(of: OfCategory) -> Make {
    match of {
        OfCategory::Map { map, other } => Box::new(move |value, out| {
            let value = text::read(value, Written::Plain);
            let category = map.get(value.text.as_ref());
            write_or_nothing(category.or(other.as_ref()).map(String::as_str), out)
        }),
        OfCategory::Hierarchy { list, level, other } => Box::new(move |value, out| {
            let value = text::read(value, Written::Plain);
            write_or_nothing(list.at(&value.text, level).or(other.as_deref()), out)
        }),
    }
}

fn of_address(of: OfAddress, keys: &KeyRing<'_>) -> Make {
    match of {
        OfAddress::Prefix { v4, v6 } => {
            Box::new(move |value, out| made(network(value, v4.bits(), v6.bits(), out)))
        }
        OfAddress::Preserve(settings) => preserved(&settings, keys),
        OfAddress::Class(classes) => Box::new(move |value, out| {
            let Some(address) = address(value) else { return Outcome::Unread };
            out.extend_from_slice(classes.of(address).as_bytes());
            Outcome::Made
        }),
        OfAddress::Place(places, _) => Box::new(move |value, out| {
            let Some(address) = address(value) else { return Outcome::Unread };
            if places.of(address, out) { Outcome::Made } else { Outcome::Nothing }
        }),
    }
}

/// How a text is made of a time; `None` if it becomes a time.
fn of_time(of: &OfTime, clock: Clock) -> Option<Make> {
    match of {
        OfTime::Weekday => Some(Box::new(move |value, out| {
            let Some(local) = clock.read(value) else { return Outcome::Unread };
            out.extend_from_slice(moment::weekday(local).as_bytes());
            Outcome::Made
        })),
        OfTime::HourBand(settings) => {
            let bands = HourBand::new(settings);
            Some(Box::new(move |value, out| {
                let Some(local) = clock.read(value) else { return Outcome::Unread };
                out.extend_from_slice(bands.name(local).as_bytes());
                Outcome::Made
            }))
        }
        OfTime::Round(_) | OfTime::Shift(_) => None,
    }
}

/// What is cut later is needed whole until then.
fn of_text(of: &OfText) -> Maker {
    let OfText::Region(region, regions) = of.clone() else { return Maker::Whole };
    Maker::With(Box::new(move |value, out| {
        let address = text::read(value, Written::Plain);
        let found = match region {
            Region::Sido => regions.sido(&address.text),
            Region::Sigungu => regions.sigungu(&address.text),
        };
        write_or_nothing(found, out)
    }))
}

/// How a text is made of a user agent; `None` if it is none.
fn agent_word(word: AgentWord) -> Option<Make> {
    let write = match word {
        AgentWord::Family => agent::agent_family,
        AgentWord::Os => agent::agent_system,
        AgentWord::Class => agent::agent_class,
        AgentWord::Bot => return None,
    };
    Some(Box::new(move |value, out| {
        write(value, out);
        Outcome::Made
    }))
}

/// A part of a text. Of what tells a person, a text that would stay whole becomes null.
fn part(rule: &Rule) -> Option<Cut> {
    let is_identifier = rule.is_identifier();
    match &rule.technique {
        Technique::Text(OfText::First(first)) => {
            let count = places(first.first);
            Some(Box::new(move |text| {
                let stays = !is_identifier || part::hides(text, count + 1, usize::MAX, None);
                stays.then(|| part::first(text, count).to_owned())
            }))
        }
        Technique::Text(OfText::Mask(mask)) => {
            let (from, to, with) = (places(mask.from), places(mask.to), mask.with);
            Some(Box::new(move |text| {
                let stays = !is_identifier || part::hides(text, from, to, Some(with));
                stays.then(|| {
                    let mut masked = String::new();
                    part::mask(text, from, to, with, &mut masked);
                    masked
                })
            }))
        }
        Technique::Text(OfText::Region(..))
        | Technique::KeepText
        | Technique::Identifier(..)
        | Technique::Address(_)
        | Technique::Device(_)
        | Technique::Time(..)
        | Technique::Number(..)
        | Technique::Url(_)
        | Technique::Agent(_)
        | Technique::Category(_) => None,
    }
}

fn places(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn write_or_nothing(text: Option<&str>, out: &mut Vec<u8>) -> Outcome {
    let Some(text) = text else { return Outcome::Nothing };
    out.extend_from_slice(text.as_bytes());
    Outcome::Made
}

fn preserved(settings: &Preserve, keys: &KeyRing<'_>) -> Make {
    let key = keys.preserving(&settings.domain);
    Box::new(move |value, out| {
        let Some(address) = address(value) else { return Outcome::Unread };
        // Writing to memory does not fail.
        let _ = write!(out, "{}", key.encrypt(address));
        Outcome::Made
    })
}

/// Sealed bytes in lower-case base32.
fn sealed(settings: Seal, kind: Kind, keys: &KeyRing<'_>) -> Make {
    let key = keys.sealing(&settings.domain);
    Box::new(move |value, out| {
        let Some(canonical) = canonical(kind, value) else { return Outcome::Unread };
        let mut sealed = Vec::new();
        key.seal(&settings.domain, canonical.bytes(), &mut sealed);
        let written = BASE32_NOPAD.encode(&sealed);
        out.extend(written.bytes().map(|letter| letter.to_ascii_lowercase()));
        Outcome::Made
    })
}

/// What stands for a value, if all of them are held.
fn held(technique: &Technique) -> Make {
    if let Technique::Identifier(_, kind) = technique {
        let kind = *kind;
        return Box::new(move |value, out| canonical_bytes(kind, value, out));
    }
    if let Technique::Device(OfDevice::Vendor { .. }) = technique {
        return Box::new(|value, out| canonical_bytes(Kind::Mac, value, out));
    }
    if let Technique::Time(OfTime::Shift(_), clock) = technique {
        let clock = clock.clone();
        return Box::new(move |value, out| {
            let Some(local) = clock.read(value) else { return Outcome::Unread };
            out.extend_from_slice(&to_bytes(local));
            Outcome::Made
        });
    }
    // No table: each value is read once, and held.
    let read = read(technique, [0; 4]);
    Box::new(move |value, out| {
        let number = match &read {
            Read::Integer(digits) => read_integer(*digits, value),
            Read::With(read) | Read::Once(read, _) => read(value),
        };
        let Some(number) = number else { return Outcome::Unread };
        out.extend_from_slice(&number.to_le_bytes());
        Outcome::Made
    })
}

/// A time as the bytes that stand for it.
fn to_bytes(local: Local) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&local.seconds.to_le_bytes());
    bytes[8..].copy_from_slice(&local.offset.to_le_bytes());
    bytes
}

/// The time that bytes stand for.
pub(crate) fn to_local(bytes: &[u8]) -> Option<Local> {
    let (seconds, offset) = bytes.split_first_chunk::<8>()?;
    let offset = i64::from_le_bytes(offset.try_into().ok()?);
    Some(Local { seconds: i64::from_le_bytes(*seconds), offset })
}

fn canonical_bytes(kind: Kind, value: &[u8], out: &mut Vec<u8>) -> Outcome {
    let Some(canonical) = canonical(kind, value) else { return Outcome::Unread };
    out.extend_from_slice(canonical.bytes());
    Outcome::Made
}

/// How the number of a technique is read, as far as it is made before all values are
/// known.
fn read(technique: &Technique, seeds: HashSeeds) -> Read {
    let once = |read| Read::Once(read, Box::new(Distinct::new(seeds)));
    match technique.clone() {
        Technique::Number(OfNumber::Round(settings), digits) => rounded(settings, digits),
        Technique::Number(_, digits) => Read::Integer(digits),
        Technique::Time(OfTime::Round(unit), clock) => Read::With(Box::new(move |value| {
            moment::floor(clock.read(value)?, unit, clock.zone.as_ref()).and_then(moment::utc)
        })),
        Technique::Agent(OfAgent::Word(_)) => {
            once(Box::new(|value| Some(i64::from(agent::is_robot(value)))))
        }
        Technique::Agent(OfAgent::Robots(robots)) => {
            once(Box::new(move |value| Some(i64::from(robots.has(value)))))
        }
        Technique::Device(_) => {
            once(Box::new(|value| mac(value).map(|mac| i64::from(is_randomised(mac)))))
        }
        // They are texts or pseudonyms, or held by other bytes.
        Technique::KeepText
        | Technique::Identifier(..)
        | Technique::Address(_)
        | Technique::Time(..)
        | Technique::Url(_)
        | Technique::Text(_)
        | Technique::Category(_) => Read::With(Box::new(|_| None)),
    }
}

fn rounded(settings: RoundNumber, digits: Digits) -> Read {
    let RoundNumber { unit, how } = settings;
    let round = match how {
        Rounding::Down => round::down,
        Rounding::Up => round::up,
        Rounding::Half => round::half,
        // Which way depends on more than the value; either must fit.
        Rounding::Random | Rounding::Controlled { .. } => {
            |value, unit| round::down(value, unit).and(round::up(value, unit)).and(Some(value))
        }
    };
    Read::With(Box::new(move |value| round(read_integer(digits, value)?, unit)))
}

fn made(is_made: bool) -> Outcome {
    if is_made { Outcome::Made } else { Outcome::Unread }
}
