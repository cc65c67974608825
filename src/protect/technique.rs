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

/// What is done to one column.
#[derive(Debug, Clone)]
pub enum Technique {
    /// Kept as text.
    KeepText,
    /// Kept as a whole number.
    KeepInteger(Digits),
    /// A keyed pseudonym, over this canonical form.
    Pseudonym(settings::Pseudonym, Kind),
    /// A serial number, in random order, over this canonical form.
    Serial(settings::Serial, Kind),
    /// Sealed, so that it can be opened again, over this canonical form.
    Seal(Seal, Kind),
    /// An address becomes its network.
    Prefix {
        /// Bits that stay of an IPv4 address.
        v4: BitsV4,
        /// Bits that stay of an IPv6 address.
        v6: BitsV6,
    },
    /// An address becomes another, and networks stay networks.
    Preserve(Preserve),
    /// An address becomes the name of its network, or its kind.
    Class(Classes),
    /// An address becomes its country or autonomous system.
    Place(List<Places>, PlaceField),
    /// A MAC address becomes its vendor, if as many devices share it.
    Vendor {
        /// The least number of devices.
        devices_min: u64,
    },
    /// A MAC address becomes a flag: is it randomised?
    Randomised,
    /// A time is rounded down.
    Round(Unit, Clock),
    /// A time becomes the day of its week.
    Weekday(Clock),
    /// A time becomes the band of hours that it lies in.
    HourBand(HourBand, Clock),
    /// The times of a person move by whole weeks.
    Shift(Shift, Clock),
    /// A number is rounded.
    RoundNumber(RoundNumber, Digits),
    /// A number becomes an interval, as text.
    Range(Range, Digits),
    /// A number beyond a bound becomes that bound, or null.
    Coding(Coding, Digits),
    /// A number is drawn for each person and added.
    Noise(Noise, Digits),
    /// A number becomes the mean of those like it.
    Microaggregate(Microaggregate, Digits),
    /// A URL without query, fragment and parameters.
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
    /// The site that an address of a page is of.
    Site,
    /// A property of a user agent.
    Agent(AgentWord),
    /// Whether a user agent is a robot, by a list.
    Robots(List<Robots>),
    /// The first characters of a text.
    First(First),
    /// The region of a Korean address.
    Region(Region, Arc<Regions>),
    /// A text with some characters hidden.
    Mask(Mask),
    /// A value becomes what a hierarchy has for it at a level.
    Hierarchy {
        /// The hierarchy.
        list: Categories,
        /// The level, from 1.
        level: usize,
        /// What others become; null if absent.
        other: Option<String>,
    },
    /// A value becomes a category.
    Category {
        /// Value → category.
        map: BTreeMap<String, String>,
        /// Category of all others.
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
            Self::KeepText
            | Self::Seal(..)
            | Self::Prefix { .. }
            | Self::Preserve(_)
            | Self::Class(_)
            | Self::Place(..)
            | Self::Vendor { .. }
            | Self::Weekday(_)
            | Self::HourBand(..)
            | Self::Range(..)
            | Self::Path
            | Self::Query(_)
            | Self::Templates { .. }
            | Self::Learned(_)
            | Self::Site
            | Self::Agent(AgentWord::Family | AgentWord::Os | AgentWord::Class)
            | Self::First(_)
            | Self::Region(..)
            | Self::Mask(_)
            | Self::Hierarchy { .. }
            | Self::Category { .. } => Form::Text,
            Self::KeepInteger(_)
            | Self::Serial(..)
            | Self::RoundNumber(..)
            | Self::Coding(..)
            | Self::Noise(..)
            | Self::Microaggregate(..) => Form::Integer,
            Self::Pseudonym(settings, _) => {
                Form::Pseudonym(settings.encoding, settings.bytes.bytes())
            }
            Self::Randomised | Self::Agent(AgentWord::Bot) | Self::Robots(_) => Form::Flag,
            Self::Round(..) | Self::Shift(..) => Form::Time,
        }
    }

    /// True if what it makes of a value depends on the others, or on the person: it is
    /// made after the last row.
    #[must_use]
    pub fn needs_all(&self) -> bool {
        match self {
            Self::RoundNumber(settings, _) => {
                matches!(settings.how, Rounding::Random | Rounding::Controlled { .. })
            }
            Self::Serial(..)
            | Self::Vendor { .. }
            | Self::Shift(..)
            | Self::Coding(..)
            | Self::Noise(..)
            | Self::Microaggregate(..)
            | Self::Learned(_) => true,
            _ => false,
        }
    }

    /// What is drawn for a column named so, if anything is.
    #[must_use]
    pub fn draws(&self, column: &str) -> Option<String> {
        match self {
            Self::Serial(settings, _) => Some(format!("serial:{}", settings.domain)),
            // All times of a person move alike, in whatever column they stand.
            Self::Shift(..) => Some("shift".to_owned()),
            Self::Noise(..) => Some(format!("noise:{column}")),
            Self::RoundNumber(..) if self.needs_all() => Some(format!("round:{column}")),
            _ => None,
        }
    }

    /// True if pieces of values stand in the output as they were logged.
    #[must_use]
    pub fn passes_on(&self) -> bool {
        matches!(
            self,
            Self::KeepText
                | Self::KeepInteger(_)
                | Self::Coding(..)
                | Self::Path
                | Self::Query(_)
                | Self::Learned(_)
                | Self::Site
                | Self::First(_)
                | Self::Mask(_)
        )
    }

    /// How many persons of each value count for it.
    #[must_use]
    pub fn persons_asked(&self) -> u64 {
        if let Self::Learned(learn) = self { u64::from(learn.persons_min) } else { 0 }
    }

    /// True if it gives pseudonyms.
    #[must_use]
    pub fn is_pseudonym(&self) -> bool {
        matches!(self, Self::Pseudonym(..))
    }

    /// True if it computes with a key: who has that can compute it again.
    #[must_use]
    pub fn has_key(&self) -> bool {
        matches!(self, Self::Pseudonym(..) | Self::Seal(..) | Self::Preserve(_))
            || self.draws("").is_some()
    }

    /// The parameters that it lets out of a query, if it reads one.
    #[must_use]
    pub fn listed_parameters(&self) -> Option<&[String]> {
        if let Self::Query(listed) = self { Some(listed) } else { None }
    }

    /// The same for numbers as people write them into tables.
    pub fn set_grouped(&mut self) {
        match self {
            Self::KeepInteger(digits)
            | Self::RoundNumber(_, digits)
            | Self::Range(_, digits)
            | Self::Coding(_, digits)
            | Self::Noise(_, digits)
            | Self::Microaggregate(_, digits) => *digits = Digits::Grouped,
            _ => {}
        }
    }

    /// How its numbers are written, if it reads whole numbers.
    #[must_use]
    pub fn digits(&self) -> Option<Digits> {
        match self {
            Self::KeepInteger(digits)
            | Self::RoundNumber(_, digits)
            | Self::Range(_, digits)
            | Self::Coding(_, digits)
            | Self::Noise(_, digits)
            | Self::Microaggregate(_, digits) => Some(*digits),
            _ => None,
        }
    }

    /// How its times are read, if it reads times.
    #[must_use]
    pub fn clock(&self) -> Option<&Clock> {
        match self {
            Self::Round(_, clock)
            | Self::Weekday(clock)
            | Self::HourBand(_, clock)
            | Self::Shift(_, clock) => Some(clock),
            _ => None,
        }
    }

    /// The column whose groups keep their sums, if there is one.
    #[must_use]
    pub fn margins(&self) -> Option<&str> {
        match self {
            Self::RoundNumber(RoundNumber { how: Rounding::Controlled { margins }, .. }, _) => {
                Some(margins)
            }
            _ => None,
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
