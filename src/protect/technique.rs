//! What is done to a column, with its parameters, and what it is called.
//!
//! Source of the Korean names: 가명정보 처리 가이드라인 (2026.3), annex on
//! techniques.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::canonical::{Canonical, canonical};
use super::settings::{BitsV4, BitsV6, Encoding, Kind, Randomised, Unit};
use crate::notation::time::Written;
use crate::vault::pseudonym::PseudonymKey;

/// What is done to one column.
pub enum Technique {
    /// Kept as text.
    KeepText,
    /// Kept as a whole number.
    KeepInteger(Digits),
    /// A keyed pseudonym.
    Pseudonym(Pseudonym),
    /// An address becomes its network.
    Prefix {
        /// Bits that stay of an IPv4 address.
        v4: BitsV4,
        /// Bits that stay of an IPv6 address.
        v6: BitsV6,
    },
    /// A MAC address becomes its vendor.
    Vendor,
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

/// How a column of pseudonyms is made.
pub struct Pseudonym {
    /// The key of its domain, purpose, recipient and epoch.
    pub key: PseudonymKey,
    /// The pseudonymisation domain, for the record.
    pub domain: String,
    /// The canonical form it is computed over.
    pub kind: Kind,
    /// How it is written.
    pub encoding: Encoding,
    /// Bytes that are kept, 16 or 32.
    pub width: usize,
    /// What becomes of randomised MAC addresses.
    pub randomised: Randomised,
    /// How those are made that a look-up found to be of no account; `None` if
    /// nothing was looked up.
    pub looked_up: Option<Box<LookedUp>>,
}

/// Keys of subjects that are known by less than an account.
pub struct LookedUp {
    /// The key of devices.
    pub device: PseudonymKey,
    /// Its domain.
    pub device_domain: String,
    /// The key of addresses.
    pub address: PseudonymKey,
    /// Its domain.
    pub address_domain: String,
}

impl Pseudonym {
    /// The canonical form of a value, and the key that its pseudonym is made with.
    /// What was looked up has its kind before a colon: see [`crate::lookup`].
    pub(super) fn read<'a>(&self, raw: &'a [u8]) -> Option<(&PseudonymKey, Canonical<'a>)> {
        let Some(looked_up) = &self.looked_up else {
            return canonical(self.kind, raw).map(|canonical| (&self.key, canonical));
        };
        let (key, kind, value) = if let Some(name) = raw.strip_prefix(b"user:") {
            (&self.key, Kind::Text, name)
        } else if let Some(mac) = raw.strip_prefix(b"device:") {
            (&looked_up.device, Kind::Mac, mac)
        } else {
            (&looked_up.address, Kind::Ip, raw.strip_prefix(b"address:")?)
        };
        canonical(kind, value).map(|canonical| (key, canonical))
    }

    fn parameters(&self) -> String {
        let Self { domain, kind, encoding, width, randomised, looked_up, .. } = self;
        if let Some(looked_up) = looked_up {
            let LookedUp { device_domain, address_domain, .. } = looked_up.as_ref();
            let encoding = encoding.name();
            return format!(
                "domain={domain} device_domain={device_domain} address_domain={address_domain} \
                 kind=subject encoding={encoding} bytes={width}"
            );
        }
        let (kind_name, encoding) = (kind.name(), encoding.name());
        let common = format!("domain={domain} kind={kind_name} encoding={encoding} bytes={width}");
        match kind {
            Kind::Mac => format!("{common} randomised={}", randomised.name()),
            Kind::Ip | Kind::Text => common,
        }
    }
}

impl Technique {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KeepText | Self::KeepInteger(_) => "keep",
            Self::Pseudonym(_) => "pseudonym",
            Self::Prefix { .. } => "prefix",
            Self::Vendor | Self::Randomised => "mac",
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
            Self::Pseudonym(_) => "일방향 암호화(HMAC-SHA-256)",
            Self::Prefix { .. } | Self::Path | Self::Query(_) => "부분삭제",
            Self::Vendor | Self::Randomised | Self::Family | Self::Category { .. } => {
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
            Self::Pseudonym(p) => p.parameters(),
            Self::Prefix { v4, v6 } => format!("v4=/{} v6=/{}", v4.bits(), v6.bits()),
            Self::Vendor => "vendor".to_owned(),
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
            | Self::Vendor
            | Self::Path
            | Self::Query(_)
            | Self::Family
            | Self::Category { .. } => Form::Text,
            Self::KeepInteger(_) => Form::Integer,
            Self::Pseudonym(p) => Form::Pseudonym(p.encoding, p.width),
            Self::Randomised => Form::Flag,
            Self::Round { .. } => Form::Time,
        }
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
