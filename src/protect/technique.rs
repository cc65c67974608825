//! What is done to a column, with its parameters.
//!
//! Not here: what it is called (`names`), keys (`keys`), how it is done (`column`,
//! `whole`).

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, TimeUnit};
use jiff::tz::TimeZone;

use super::address::class::Classes;
use super::address::place::Places;
use super::agent::Robots;
use super::hierarchy::Hierarchy;
use super::hierarchy::ready::Ready;
use super::hierarchy::region::Regions;
use super::list::List;
use super::settings::address::{PlaceField, Preserve, Seal};
use super::settings::agent::AgentWord;
use super::settings::coding::Coding;
use super::settings::number::{Microaggregate, Noise, Range, RoundNumber, Rounding};
use super::settings::part::{First, Mask, Region};
use super::settings::time::{HourBand, Shift, Unit};
use super::settings::url::Learn;
use super::settings::{self, BitsV4, BitsV6, Encoding, Kind, Rare};
use super::url::template::Templates;
use crate::notation::time::{self, Local, Written};

/// What is done to one column, by families of what it is done to.
#[derive(Debug, Clone)]
pub enum Technique {
    /// Kept as text.
    KeepText,
    /// Something that tells who somebody is, over this canonical form.
    Identifier(OfIdentifier, Kind),
    /// An IP address.
    Address(OfAddress),
    /// A MAC address.
    Device(OfDevice),
    /// A time.
    Time(OfTime, Clock),
    /// A whole number.
    Number(OfNumber, Digits),
    /// The address of a page.
    Url(OfUrl),
    /// A user agent.
    Agent(OfAgent),
    /// A part of a text.
    Text(OfText),
    /// A value becomes a category.
    Category(OfCategory),
}

/// Techniques on what tells who somebody is.
#[derive(Debug, Clone)]
pub enum OfIdentifier {
    /// A keyed pseudonym.
    Pseudonym(settings::Pseudonym),
    /// A serial number, in random order.
    Serial(settings::Serial),
    /// Sealed, so that it can be opened again.
    Seal(Seal),
}

/// Techniques on IP addresses.
#[derive(Debug, Clone)]
pub enum OfAddress {
    /// It becomes its network.
    Prefix {
        /// Bits that stay of an IPv4 address.
        v4: BitsV4,
        /// Bits that stay of an IPv6 address.
        v6: BitsV6,
    },
    /// It becomes another, and networks stay networks.
    Preserve(Preserve),
    /// It becomes the name of its network, or its kind.
    Class(Classes),
    /// It becomes its country or autonomous system.
    Place(List<Places>, PlaceField),
}

/// Techniques on MAC addresses.
#[derive(Debug, Clone, Copy)]
pub enum OfDevice {
    /// It becomes its vendor, if as many devices share it.
    Vendor {
        /// The least number of devices.
        devices_min: u64,
    },
    /// It becomes a flag: is it randomised?
    Randomised,
}

/// Techniques on times.
#[derive(Debug, Clone)]
pub enum OfTime {
    /// It is rounded down.
    Round(Unit),
    /// It becomes the day of its week.
    Weekday,
    /// It becomes the band of hours that it lies in.
    HourBand(HourBand),
    /// All times of a person move by whole weeks.
    Shift(Shift),
}

/// Techniques on whole numbers.
#[derive(Debug, Clone)]
pub enum OfNumber {
    /// It is kept.
    Keep,
    /// It is rounded.
    Round(RoundNumber),
    /// It becomes an interval, as text.
    Range(Range),
    /// Beyond a bound it becomes that bound, or null.
    Coding(Coding),
    /// A number is drawn for each person and added.
    Noise(Noise),
    /// It becomes the mean of those like it.
    Microaggregate(Microaggregate),
}

/// Techniques on addresses of pages.
#[derive(Debug, Clone)]
pub enum OfUrl {
    /// Without query, fragment and parameters.
    Path,
    /// The allowed parameters of a query.
    Query(Vec<String>),
    /// The template of a list that a path matches.
    Templates {
        /// The list.
        templates: Arc<Templates>,
        /// What other paths become; null if absent.
        other: Option<String>,
    },
    /// The template that a path has among those of all.
    Learned(Learn),
    /// The site that it is of.
    Site,
}

/// Techniques on user agents.
#[derive(Debug, Clone)]
pub enum OfAgent {
    /// A property of it.
    Word(AgentWord),
    /// Whether it is a robot, by a list.
    Robots(List<Robots>),
}

/// Techniques on texts.
#[derive(Debug, Clone)]
pub enum OfText {
    /// The first characters.
    First(First),
    /// The region of a Korean address.
    Region(Region, Arc<Regions>),
    /// Some characters are hidden.
    Mask(Mask),
}

/// Techniques that give categories.
#[derive(Debug, Clone)]
pub enum OfCategory {
    /// By a table.
    Map {
        /// Value → category.
        map: BTreeMap<String, String>,
        /// Category of all others; null if absent.
        other: Option<String>,
    },
    /// What a hierarchy has at a level.
    Hierarchy {
        /// The hierarchy.
        list: Categories,
        /// The level, from 1.
        level: usize,
        /// What others become; null if absent.
        other: Option<String>,
    },
}

/// A hierarchy, and how its values are written.
#[derive(Debug, Clone)]
pub enum Categories {
    /// Of the institution.
    Listed(List<Hierarchy>),
    /// One that comes with the program.
    Ready(settings::category::Ready, Arc<Ready>),
}

/// How the times of a field are read.
#[derive(Debug, Clone)]
pub struct Clock {
    /// What a time without an offset means.
    pub written: Written,
    /// The zone of such times if they are local, and the one by whose clock
    /// every time is taken; that of each time if absent.
    pub zone: Option<TimeZone>,
}

/// What is done besides, once all values of a column are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refinement {
    /// What becomes of rare values.
    pub rare: Option<Rare>,
    /// Its values change places.
    pub is_permuted: bool,
}

/// How a whole number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// Digits alone: what programs write into logs, where a comma stands between
    /// values.
    Plain,
    /// Digits, or groups of three with a comma between them, `1,234,567`: what
    /// people write into tables.
    Grouped,
}

/// Kinds of output columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// UTF-8 text: a dictionary array of strings.
    Text,
    /// A pseudonym of so many bytes: a dictionary array of fixed-size binary.
    Pseudonym(Encoding, usize),
    /// A signed 64-bit number.
    Integer,
    /// Microseconds since 1970 in UTC.
    Time,
    /// True or false.
    Flag,
}

impl Technique {
    /// The kind of column it gives.
    #[must_use]
    pub fn form(&self) -> Form {
        match self {
            Self::Identifier(of, _) => match of {
                OfIdentifier::Pseudonym(settings) => {
                    Form::Pseudonym(settings.encoding, settings.bytes.bytes())
                }
                OfIdentifier::Serial(_) => Form::Integer,
                OfIdentifier::Seal(_) => Form::Text,
            },
            Self::Device(OfDevice::Randomised)
            | Self::Agent(OfAgent::Robots(_) | OfAgent::Word(AgentWord::Bot)) => Form::Flag,
            Self::Time(OfTime::Round(_) | OfTime::Shift(_), _) => Form::Time,
            Self::Number(of, _) if !matches!(of, OfNumber::Range(_)) => Form::Integer,
            Self::KeepText
            | Self::Number(..)
            | Self::Address(_)
            | Self::Device(OfDevice::Vendor { .. })
            | Self::Time(OfTime::Weekday | OfTime::HourBand(_), _)
            | Self::Url(_)
            | Self::Agent(_)
            | Self::Text(_)
            | Self::Category(_) => Form::Text,
        }
    }

    /// True if what it makes of a value depends on the others, or on the person: it is
    /// made after the last row.
    #[must_use]
    pub fn needs_all(&self) -> bool {
        let of_number = |of: &OfNumber| match of {
            OfNumber::Round(settings) => {
                matches!(settings.how, Rounding::Random | Rounding::Controlled { .. })
            }
            OfNumber::Coding(_) | OfNumber::Noise(_) | OfNumber::Microaggregate(_) => true,
            OfNumber::Keep | OfNumber::Range(_) => false,
        };
        matches!(
            self,
            Self::Identifier(OfIdentifier::Serial(_), _)
                | Self::Device(OfDevice::Vendor { .. })
                | Self::Time(OfTime::Shift(_), _)
                | Self::Url(OfUrl::Learned(_))
        ) || matches!(self, Self::Number(of, _) if of_number(of))
    }

    /// What is drawn for a column named so, if anything is.
    #[must_use]
    pub fn draws(&self, column: &str) -> Option<String> {
        if let Self::Identifier(OfIdentifier::Serial(settings), _) = self {
            Some(format!("serial:{}", settings.domain))
        } else if let Self::Time(OfTime::Shift(_), _) = self {
            // All times of a person move alike, in whatever column they stand.
            Some("shift".to_owned())
        } else if let Self::Number(OfNumber::Noise(_), _) = self {
            Some(format!("noise:{column}"))
        } else if let Self::Number(OfNumber::Round(_), _) = self {
            self.needs_all().then(|| format!("round:{column}"))
        } else {
            None
        }
    }

    /// True if pieces of values stand in the output as they were logged.
    #[must_use]
    pub fn passes_on(&self) -> bool {
        match self {
            Self::KeepText => true,
            Self::Number(of, _) => matches!(of, OfNumber::Keep | OfNumber::Coding(_)),
            // What is listed was written by the institution.
            Self::Url(of) => !matches!(of, OfUrl::Templates { .. }),
            Self::Text(of) => !matches!(of, OfText::Region(..)),
            Self::Identifier(..)
            | Self::Address(_)
            | Self::Device(_)
            | Self::Time(..)
            | Self::Agent(_)
            | Self::Category(_) => false,
        }
    }

    /// How many persons of each value count for it.
    #[must_use]
    pub fn persons_asked(&self) -> u64 {
        if let Self::Url(OfUrl::Learned(learn)) = self { u64::from(learn.persons_min) } else { 0 }
    }

    /// True if it gives pseudonyms.
    #[must_use]
    pub fn is_pseudonym(&self) -> bool {
        matches!(self, Self::Identifier(OfIdentifier::Pseudonym(_), _))
    }

    /// True if it is for what tells who somebody is.
    #[must_use]
    pub fn is_of_identifier(&self) -> bool {
        matches!(self, Self::Identifier(..))
    }

    /// True if it computes with a key: who has that can compute it again.
    #[must_use]
    pub fn has_key(&self) -> bool {
        matches!(self, Self::Identifier(..) | Self::Address(OfAddress::Preserve(_)))
            || self.draws("").is_some()
    }

    /// The parameters that it lets out of a query, if it reads one.
    #[must_use]
    pub fn listed_parameters(&self) -> Option<&[String]> {
        if let Self::Url(OfUrl::Query(listed)) = self { Some(listed) } else { None }
    }

    /// The same for numbers as people write them into tables.
    pub fn set_grouped(&mut self) {
        if let Self::Number(_, digits) = self {
            *digits = Digits::Grouped;
        }
    }

    /// How its numbers are written, if it reads whole numbers.
    #[must_use]
    pub fn digits(&self) -> Option<Digits> {
        if let Self::Number(_, digits) = self { Some(*digits) } else { None }
    }

    /// How its times are read, if it reads times.
    #[must_use]
    pub fn clock(&self) -> Option<&Clock> {
        if let Self::Time(_, clock) = self { Some(clock) } else { None }
    }

    /// The column whose groups keep their sums, if there is one.
    #[must_use]
    pub fn margins(&self) -> Option<&str> {
        if let Self::Number(OfNumber::Round(settings), _) = self
            && let Rounding::Controlled { margins } = &settings.how
        {
            Some(margins)
        } else {
            None
        }
    }
}

impl Categories {
    /// What a value becomes at a level.
    #[must_use]
    pub fn at(&self, value: &str, level: usize) -> Option<&str> {
        match self {
            Self::Listed(list) => list.at(value, level),
            Self::Ready(_, ready) => ready.at(value, level),
        }
    }

    /// How many levels there are.
    #[must_use]
    pub fn levels(&self) -> usize {
        match self {
            Self::Listed(list) => list.levels(),
            Self::Ready(_, ready) => ready.hierarchy().levels(),
        }
    }
}

impl Clock {
    /// Reads a time.
    #[must_use]
    pub fn read(&self, raw: &[u8]) -> Option<Local> {
        time::read(raw, self.written, self.zone.as_ref())
    }
}

impl Refinement {
    /// True if nothing is done besides.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Form {
    /// The type of its arrays.
    #[must_use]
    pub fn data_type(self) -> DataType {
        let dictionary =
            |values| DataType::Dictionary(Box::new(DataType::UInt32), Box::new(values));
        match self {
            Self::Text => dictionary(DataType::Utf8),
            Self::Pseudonym(_, width) => {
                dictionary(DataType::FixedSizeBinary(i32::try_from(width).unwrap_or(32)))
            }
            Self::Integer => DataType::Int64,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Flag => DataType::Boolean,
        }
    }
}
