//! What is done to a column, with its parameters, and what it is called.
//!
//! Source of the Korean names: 가명정보 처리 가이드라인 (2026.3), annex on
//! techniques.
//!
//! Not here: keys (`keys`), how it is done (`column`, `whole`).

use std::collections::BTreeMap;

use arrow::datatypes::{DataType, TimeUnit};
use jiff::tz::TimeZone;

use super::settings::{self, BitsV4, BitsV6, Encoding, Kind, Randomised, Rare, Unit};
use crate::notation::time::Written;

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
    /// An address becomes its network.
    Prefix {
        /// Bits that stay of an IPv4 address.
        v4: BitsV4,
        /// Bits that stay of an IPv6 address.
        v6: BitsV6,
    },
    /// A MAC address becomes its vendor, if as many devices share it.
    Vendor {
        /// The least number of devices.
        devices_min: u64,
    },
    /// A MAC address becomes a flag: is it randomised?
    Randomised,
    /// A time is rounded down.
    Round {
        /// To what.
        unit: Unit,
        /// What a time without an offset means.
        written: Written,
        /// The zone of such times if they are local, and the one in which
        /// every time is rounded; that of each time if absent.
        zone: Option<TimeZone>,
    },
    /// A URL without query, fragment and parameters.
    Path,
    /// The allowed parameters of a query.
    Query(Vec<String>),
    /// The family of a user agent.
    Family,
    /// A value becomes a category.
    Category {
        /// Value → category.
        map: BTreeMap<String, String>,
        /// Category of all others.
        other: Option<String>,
    },
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

impl Technique {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KeepText | Self::KeepInteger(_) => "keep",
            Self::Pseudonym(..) => "pseudonym",
            Self::Serial(..) => "serial",
            Self::Prefix { .. } => "prefix",
            Self::Vendor { .. } | Self::Randomised => "mac",
            Self::Round { .. } => "round",
            Self::Path => "path",
            Self::Query(_) => "query",
            Self::Family => "agent",
            Self::Category { .. } => "category",
        }
    }

    /// Its Korean name, as records and forms have it.
    #[must_use]
    pub fn korean(&self) -> &'static str {
        match self {
            Self::KeepText | Self::KeepInteger(_) => "미적용",
            Self::Pseudonym(..) => "일방향 암호화(HMAC-SHA-256)",
            Self::Serial(..) => "대체(무작위 일련번호)",
            Self::Prefix { .. } | Self::Path | Self::Query(_) => "부분삭제",
            Self::Vendor { .. } | Self::Randomised | Self::Family | Self::Category { .. } => {
                "문자데이터 범주화"
            }
            Self::Round { .. } => "일반 라운딩(내림)",
        }
    }

    /// Its parameters in words. Never a key, nor anything computed from one.
    #[must_use]
    pub fn parameters(&self) -> String {
        match self {
            Self::KeepText => "text".to_owned(),
            Self::KeepInteger(_) => "integer".to_owned(),
            Self::Pseudonym(settings, kind) => of_pseudonym(settings, *kind),
            Self::Serial(settings, kind) => {
                format!("domain={} kind={}", settings.domain, kind.name())
            }
            Self::Prefix { v4, v6 } => format!("v4=/{} v6=/{}", v4.bits(), v6.bits()),
            Self::Vendor { devices_min } => format!("vendor devices_min={devices_min}"),
            Self::Randomised => "randomised".to_owned(),
            Self::Round { unit, zone, .. } => {
                let zone = zone.as_ref().and_then(TimeZone::iana_name).unwrap_or("as logged");
                format!("down unit={}s zone={zone}", unit.seconds())
            }
            Self::Path => "plain".to_owned(),
            Self::Query(names) => format!("parameters={}", names.join(",")),
            Self::Family => "family".to_owned(),
            Self::Category { map, other } => {
                format!("values={} other={}", map.len(), other.as_deref().unwrap_or("null"))
            }
        }
    }

    /// The kind of column it gives.
    #[must_use]
    pub fn form(&self) -> Form {
        match self {
            Self::KeepText
            | Self::Prefix { .. }
            | Self::Vendor { .. }
            | Self::Path
            | Self::Query(_)
            | Self::Family
            | Self::Category { .. } => Form::Text,
            Self::KeepInteger(_) | Self::Serial(..) => Form::Integer,
            Self::Pseudonym(settings, _) => {
                Form::Pseudonym(settings.encoding, settings.bytes.bytes())
            }
            Self::Randomised => Form::Flag,
            Self::Round { .. } => Form::Time,
        }
    }

    /// True if what it makes of a value depends on the others: it is made after the
    /// last row.
    #[must_use]
    pub fn needs_all(&self) -> bool {
        matches!(self, Self::Serial(..) | Self::Vendor { .. })
    }

    /// What is drawn for a column named so, if anything is.
    #[must_use]
    pub fn draws(&self, _column: &str) -> Option<String> {
        match self {
            Self::Serial(settings, _) => Some(format!("serial:{}", settings.domain)),
            _ => None,
        }
    }

    /// True if pieces of values stand in the output as they were logged.
    #[must_use]
    pub fn passes_on(&self) -> bool {
        matches!(self, Self::KeepText | Self::KeepInteger(_) | Self::Path | Self::Query(_))
    }

    /// True if it gives pseudonyms.
    #[must_use]
    pub fn is_pseudonym(&self) -> bool {
        matches!(self, Self::Pseudonym(..))
    }

    /// True if it computes with a key: who has that can compute it again.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.is_pseudonym() || self.draws("").is_some()
    }

    /// The parameters that it lets out of a query, if it reads one.
    #[must_use]
    pub fn listed_parameters(&self) -> Option<&[String]> {
        if let Self::Query(listed) = self { Some(listed) } else { None }
    }
}

/// The parameters of a pseudonym.
fn of_pseudonym(settings: &settings::Pseudonym, kind: Kind) -> String {
    let settings::Pseudonym { domain, encoding, bytes, randomised, .. } = settings;
    let (encoding, width) = (encoding.name(), bytes.bytes());
    if let Some((device_domain, address_domain)) = settings.looked_up() {
        return format!(
            "domain={domain} device_domain={device_domain} address_domain={address_domain} \
             kind=subject encoding={encoding} bytes={width}"
        );
    }
    let common = format!("domain={domain} kind={} encoding={encoding} bytes={width}", kind.name());
    match kind {
        Kind::Mac => format!("{common} randomised={}", randomised.unwrap_or_default().name()),
        Kind::Ip | Kind::Text => common,
    }
}

impl Refinement {
    /// True if nothing is done besides.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Its parameters in words, empty for none.
    #[must_use]
    pub fn parameters(&self) -> String {
        let rare = self.rare.as_ref().map(|rare| {
            let other = rare.other.as_deref().unwrap_or("null");
            format!(" rare: persons_min={} other={other}", rare.persons_min.count())
        });
        let permuted = self.is_permuted.then_some(" permuted");
        format!("{}{}", rare.unwrap_or_default(), permuted.unwrap_or_default())
    }

    /// Its Korean names, empty for none.
    #[must_use]
    pub fn korean(&self) -> String {
        let rare = self.rare.as_ref().map(|_| " + 로컬 일반화(특이정보)");
        let permuted = self.is_permuted.then_some(" + 순열(치환)");
        format!("{}{}", rare.unwrap_or_default(), permuted.unwrap_or_default())
    }
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

impl Kind {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ip => "ip",
            Kind::Mac => "mac",
            Kind::Text => "text",
        }
    }
}

impl Randomised {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Randomised::Null => "null",
            Randomised::Keep => "keep",
        }
    }
}

impl Encoding {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Base32 => "base32",
            Encoding::Hex => "hex",
            Encoding::Binary => "binary",
        }
    }
}
