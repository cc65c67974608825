//! What techniques and their parameters are called: in English as in pipeline files, in
//! Korean as in records and forms.
//!
//! Source of the Korean names: 가명정보 처리 가이드라인 (2026.3), annex on
//! techniques.

use data_encoding::HEXLOWER;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::settings::agent::AgentWord;
use super::settings::coding::{Coding, Limit, Outside, Tail};
use super::settings::number::{Range, Rounding, Shape};
use super::settings::part::Region;
use super::settings::{self, Encoding, Kind, Randomised};
use super::technique::{
    Categories, OfAddress, OfAgent, OfCategory, OfDevice, OfIdentifier, OfNumber, OfText, OfTime,
    OfUrl, Refinement, Technique,
};

impl Technique {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KeepText | Self::Number(OfNumber::Keep, _) => "keep",
            Self::Identifier(OfIdentifier::Pseudonym(_), _) => "pseudonym",
            Self::Identifier(OfIdentifier::Serial(_), _) => "serial",
            Self::Identifier(OfIdentifier::Seal(_), _) => "seal",
            Self::Address(OfAddress::Prefix { .. }) => "prefix",
            Self::Address(OfAddress::Preserve(_)) => "preserve",
            Self::Address(OfAddress::Class(_)) => "class",
            Self::Address(OfAddress::Place(..)) => "place",
            Self::Device(_) => "mac",
            Self::Time(OfTime::Round(_), _) => "round",
            Self::Time(OfTime::Weekday, _) => "weekday",
            Self::Time(OfTime::HourBand(_), _) => "hour_band",
            Self::Time(OfTime::Shift(_), _) => "shift",
            Self::Number(OfNumber::Round(_), _) => "round_number",
            Self::Number(OfNumber::Range(_), _) => "range",
            Self::Number(OfNumber::Coding(_), _) => "coding",
            Self::Number(OfNumber::Noise(_), _) => "noise",
            Self::Number(OfNumber::Microaggregate(_), _) => "microaggregate",
            Self::Url(OfUrl::Path | OfUrl::Templates { .. } | OfUrl::Learned(_)) => "path",
            Self::Url(OfUrl::Query(_)) => "query",
            Self::Url(OfUrl::Site) => "site",
            Self::Agent(_) => "agent",
            Self::Text(OfText::First(_) | OfText::Region(..)) => "partial",
            Self::Text(OfText::Mask(_)) => "mask",
            Self::Category(_) => "category",
        }
    }

    /// Its Korean name, as records and forms have it.
    #[must_use]
    pub fn korean(&self) -> &'static str {
        match self {
            Self::KeepText | Self::Number(OfNumber::Keep, _) => "미적용",
            Self::Identifier(OfIdentifier::Pseudonym(_), _) => "일방향 암호화(HMAC-SHA-256)",
            Self::Identifier(OfIdentifier::Serial(_), _) => "대체(무작위 일련번호)",
            Self::Identifier(OfIdentifier::Seal(_), _) => "양방향 암호화(AES-256-SIV)",
            Self::Address(OfAddress::Preserve(_)) => "양방향 암호화(접두부 보존, ipcrypt-pfx)",
            Self::Address(OfAddress::Prefix { .. })
            | Self::Time(OfTime::Weekday, _)
            | Self::Url(OfUrl::Path | OfUrl::Query(_) | OfUrl::Site)
            | Self::Text(OfText::First(_) | OfText::Region(..)) => "부분삭제",
            Self::Text(OfText::Mask(_)) => "마스킹",
            Self::Address(OfAddress::Class(_) | OfAddress::Place(..))
            | Self::Device(_)
            | Self::Url(OfUrl::Templates { .. } | OfUrl::Learned(_))
            | Self::Agent(_)
            | Self::Category(_) => "문자데이터 범주화",
            Self::Time(OfTime::Round(_), _) => "일반 라운딩(내림)",
            Self::Time(OfTime::HourBand(_), _) | Self::Number(OfNumber::Range(_), _) => "범위 방법",
            Self::Time(OfTime::Shift(_), _) | Self::Number(OfNumber::Noise(_), _) => "잡음 추가",
            Self::Number(OfNumber::Round(settings), _) => match settings.how {
                Rounding::Down => "일반 라운딩(내림)",
                Rounding::Up => "일반 라운딩(올림)",
                Rounding::Half => "일반 라운딩(반올림)",
                Rounding::Random => "랜덤 라운딩",
                Rounding::Controlled { .. } => "제어 라운딩",
            },
            Self::Number(OfNumber::Coding(settings), _) => match (settings.bottom, settings.top) {
                (Some(_), None) => "하단코딩",
                (None, Some(_)) => "상단코딩",
                (Some(_), Some(_)) | (None, None) => "상하단코딩",
            },
            Self::Number(OfNumber::Microaggregate(_), _) => "부분총계",
        }
    }

    /// Its parameters in words. Never a key, nor anything computed from one.
    #[must_use]
    pub fn parameters(&self) -> String {
        match self {
            Self::KeepText => "text".to_owned(),
            Self::Identifier(of, kind) => match of {
                OfIdentifier::Pseudonym(settings) => of_pseudonym(settings, *kind),
                OfIdentifier::Serial(settings) => {
                    format!("domain={} kind={}", settings.domain, kind.name())
                }
                OfIdentifier::Seal(settings) => {
                    format!("domain={} kind={} encoding=base32", settings.domain, kind.name())
                }
            },
            Self::Address(of) => of_address(of),
            Self::Device(OfDevice::Vendor { devices_min }) => {
                format!("vendor devices_min={devices_min}")
            }
            Self::Device(OfDevice::Randomised) => "randomised".to_owned(),
            Self::Time(of, clock) => {
                let zone = clock.zone.as_ref().and_then(TimeZone::iana_name);
                format!("{} zone={}", of_time(of), zone.unwrap_or("as logged"))
            }
            Self::Number(of, _) => of_number(of),
            Self::Url(of) => of_url(of),
            Self::Agent(OfAgent::Word(word)) => match word {
                AgentWord::Family => "family".to_owned(),
                AgentWord::Os => "os".to_owned(),
                AgentWord::Class => "class".to_owned(),
                AgentWord::Bot => "bot".to_owned(),
            },
            Self::Agent(OfAgent::Robots(robots)) => {
                format!("bot patterns={} {}", robots.entries(), robots.parameters())
            }
            Self::Text(of) => match of {
                OfText::First(first) => format!("first={}", first.first),
                OfText::Region(Region::Sido, _) => "region=sido".to_owned(),
                OfText::Region(Region::Sigungu, _) => "region=sigungu".to_owned(),
                OfText::Mask(mask) => {
                    format!("from={} to={} with={}", mask.from, mask.to, mask.with)
                }
            },
            Self::Category(of) => of_category(of),
        }
    }
}

fn of_address(of: &OfAddress) -> String {
    match of {
        OfAddress::Prefix { v4, v6 } => format!("v4=/{} v6=/{}", v4.bits(), v6.bits()),
        OfAddress::Preserve(settings) => format!("domain={}", settings.domain),
        OfAddress::Class(classes) => {
            format!("networks={} sha256={}", classes.names().join(","), short(classes.written()))
        }
        OfAddress::Place(places, field) => {
            format!("field={} {}", field.name(), places.parameters())
        }
    }
}

fn of_time(of: &OfTime) -> String {
    match of {
        OfTime::Round(unit) => format!("down unit={}", unit.name()),
        OfTime::Weekday => "name".to_owned(),
        OfTime::HourBand(settings) => format!("bounds={}", list(settings.bounds.hours())),
        OfTime::Shift(settings) => of_shift(settings),
    }
}

fn of_number(of: &OfNumber) -> String {
    match of {
        OfNumber::Keep => "integer".to_owned(),
        OfNumber::Round(settings) => of_rounding(settings),
        OfNumber::Range(Range::Width { width, origin }) => {
            format!("width={} origin={origin}", width.size())
        }
        OfNumber::Range(Range::Bounds(bounds)) => format!("bounds={}", list(bounds.numbers())),
        OfNumber::Coding(settings) => of_coding(settings),
        OfNumber::Noise(settings) => {
            let shape = match settings.shape() {
                Shape::Uniform => "uniform",
                Shape::Laplace => "laplace",
            };
            format!("spread={} shape={shape}", settings.spread())
        }
        OfNumber::Microaggregate(settings) => format!("k={}", settings.k.rows()),
    }
}

fn of_url(of: &OfUrl) -> String {
    match of {
        OfUrl::Path => "plain".to_owned(),
        OfUrl::Query(names) => format!("parameters={}", names.join(",")),
        OfUrl::Templates { templates, other } => {
            let (count, sha256) = (templates.len(), short(&templates.written()));
            format!("templates={count} sha256={sha256} other={}", or_null(other.as_ref()))
        }
        OfUrl::Learned(learn) => {
            format!("learned persons_min={} depth={}", learn.persons_min, learn.depth)
        }
        OfUrl::Site => "domain".to_owned(),
    }
}

fn of_category(of: &OfCategory) -> String {
    match of {
        OfCategory::Map { map, other } => {
            let pairs: Vec<String> =
                map.iter().map(|(value, to)| format!("{value}\0{to}")).collect();
            let (count, sha256) = (map.len(), short(&pairs.join("\0")));
            format!("values={count} sha256={sha256} other={}", or_null(other.as_ref()))
        }
        OfCategory::Hierarchy { list, level, other } => {
            let of = match list {
                Categories::Listed(list) => format!("hierarchy {}", list.parameters()),
                Categories::Ready(name, _) => format!("ready={}", name.name()),
            };
            let levels = list.levels();
            format!("{of} level={level} of {levels} other={}", or_null(other.as_ref()))
        }
    }
}

/// The first digits of a digest: enough to see that a list was changed.
fn short(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..8])
}

/// A category of others as it is written; one that is called `null` in quotes.
fn or_null(other: Option<&String>) -> &str {
    match other.map(String::as_str) {
        None => "null",
        Some("null") => "\"null\"",
        Some(other) => other,
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

fn of_shift(settings: &settings::time::Shift) -> String {
    let terms = settings.terms.as_ref().map(|terms| {
        let days = terms.days().iter().map(|day| format!("{:02}-{:02}", day.month(), day.day()));
        format!(" keep=term terms={}", days.collect::<Vec<_>>().join(","))
    });
    format!("weeks={}{}", settings.weeks.weeks(), terms.unwrap_or_default())
}

fn of_rounding(settings: &settings::number::RoundNumber) -> String {
    let unit = settings.unit.size();
    match &settings.how {
        Rounding::Down => format!("down unit={unit}"),
        Rounding::Up => format!("up unit={unit}"),
        Rounding::Half => format!("half unit={unit}"),
        Rounding::Random => format!("random unit={unit}"),
        Rounding::Controlled { margins } => format!("controlled unit={unit} margins={margins}"),
    }
}

fn of_coding(settings: &Coding) -> String {
    let tail = |name: &str, tail: Tail| {
        let limit = match tail.limit {
            Limit::Value(value) => format!("value:{value}"),
            Limit::Percentile(percentile) => {
                let thousandths = percentile.thousandths();
                format!("percentile:{}.{}", thousandths / 10, thousandths % 10)
            }
            Limit::Sigma(sigma) => format!("sigma:{}", sigma.deviations()),
        };
        let outside = match tail.outside {
            Outside::Blank => "blank".to_owned(),
            Outside::Bound { least } => format!("bound least:{least}"),
        };
        format!("{name}={limit} outside={outside}")
    };
    let bottom = settings.bottom.map(|of| tail("bottom", of));
    let top = settings.top.map(|of| tail("top", of));
    bottom.into_iter().chain(top).collect::<Vec<_>>().join(" ")
}

fn list<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl Refinement {
    /// Its parameters in words, empty for none.
    #[must_use]
    pub fn parameters(&self) -> String {
        let rare = self.rare.as_ref().map(|rare| {
            let other = or_null(rare.other.as_ref());
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

impl Kind {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::Text => "text",
        }
    }
}

impl Randomised {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Keep => "keep",
        }
    }
}

impl Encoding {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Base32 => "base32",
            Self::Hex => "hex",
            Self::Binary => "binary",
        }
    }
}
