//! What techniques and their parameters are called: in English as in pipeline files, in
//! Korean as in records and forms.
//!
//! Source of the Korean names: 가명정보 처리 가이드라인 (2026.3), annex on
//! techniques.

use jiff::tz::TimeZone;

use super::settings::agent::AgentWord;
use super::settings::coding::{Coding, Limit, Outside, Tail};
use super::settings::number::{Bounds, Range, Rounding, Shape};
use super::settings::part::Region;
use super::settings::{self, Encoding, Kind, Randomised};
use super::technique::{Categories, Clock, Refinement, Technique};

impl Technique {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KeepText | Self::KeepInteger(_) => "keep",
            Self::Pseudonym(..) => "pseudonym",
            Self::Serial(..) => "serial",
            Self::Seal(..) => "seal",
            Self::Prefix { .. } => "prefix",
            Self::Preserve(_) => "preserve",
            Self::Class(_) => "class",
            Self::Place(..) => "place",
            Self::Vendor { .. } | Self::Randomised => "mac",
            Self::Round(..) => "round",
            Self::Weekday(_) => "weekday",
            Self::HourBand(..) => "hour_band",
            Self::Shift(..) => "shift",
            Self::RoundNumber(..) => "round_number",
            Self::Range(..) => "range",
            Self::Coding(..) => "coding",
            Self::Noise(..) => "noise",
            Self::Microaggregate(..) => "microaggregate",
            Self::Path | Self::Templates { .. } | Self::Learned(_) => "path",
            Self::Query(_) => "query",
            Self::Site => "site",
            Self::Agent(_) | Self::Robots(_) => "agent",
            Self::First(_) | Self::Region(..) => "partial",
            Self::Mask(_) => "mask",
            Self::Hierarchy { .. } | Self::Category { .. } => "category",
        }
    }

    /// Its Korean name, as records and forms have it.
    #[must_use]
    pub fn korean(&self) -> &'static str {
        match self {
            Self::KeepText | Self::KeepInteger(_) => "미적용",
            Self::Pseudonym(..) => "일방향 암호화(HMAC-SHA-256)",
            Self::Serial(..) => "대체(무작위 일련번호)",
            Self::Seal(..) => "양방향 암호화(AES-256-SIV)",
            Self::Preserve(_) => "양방향 암호화(접두부 보존, ipcrypt-pfx)",
            Self::Prefix { .. }
            | Self::Path
            | Self::Query(_)
            | Self::Site
            | Self::Weekday(_)
            | Self::First(_)
            | Self::Region(..) => "부분삭제",
            Self::Mask(_) => "마스킹",
            Self::Class(_)
            | Self::Place(..)
            | Self::Vendor { .. }
            | Self::Randomised
            | Self::Templates { .. }
            | Self::Learned(_)
            | Self::Agent(_)
            | Self::Robots(_)
            | Self::Hierarchy { .. }
            | Self::Category { .. } => "문자데이터 범주화",
            Self::Round(..) => "일반 라운딩(내림)",
            Self::HourBand(..) | Self::Range(..) => "범위 방법",
            Self::Shift(..) | Self::Noise(..) => "잡음 추가",
            Self::RoundNumber(settings, _) => match settings.how {
                Rounding::Down => "일반 라운딩(내림)",
                Rounding::Up => "일반 라운딩(올림)",
                Rounding::Half => "일반 라운딩(반올림)",
                Rounding::Random => "랜덤 라운딩",
                Rounding::Controlled { .. } => "제어 라운딩",
            },
            Self::Coding(settings, _) => match (settings.bottom, settings.top) {
                (Some(_), None) => "하단코딩",
                (None, Some(_)) => "상단코딩",
                _ => "상하단코딩",
            },
            Self::Microaggregate(..) => "부분총계",
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
            Self::Seal(settings, kind) => {
                format!("domain={} kind={} encoding=base32", settings.domain, kind.name())
            }
            Self::Prefix { v4, v6 } => format!("v4=/{} v6=/{}", v4.bits(), v6.bits()),
            Self::Preserve(settings) => format!("domain={}", settings.domain),
            Self::Class(classes) => format!("networks={}", classes.names().join(",")),
            Self::Place(places, field) => {
                format!("field={} {}", field.name(), places.parameters())
            }
            Self::Vendor { devices_min } => format!("vendor devices_min={devices_min}"),
            Self::Randomised => "randomised".to_owned(),
            Self::Round(unit, clock) => format!("down unit={} {}", unit.name(), clock.parameters()),
            Self::Weekday(clock) => format!("name {}", clock.parameters()),
            Self::HourBand(settings, clock) => {
                format!("bounds={} {}", list(settings.bounds.hours()), clock.parameters())
            }
            Self::Shift(settings, clock) => of_shift(settings, clock),
            Self::RoundNumber(settings, _) => of_rounding(settings),
            Self::Range(Range::Width { width, origin }, _) => {
                format!("width={} origin={origin}", width.size())
            }
            Self::Range(Range::Bounds(bounds), _) => format!("bounds={}", of_bounds(bounds)),
            Self::Coding(settings, _) => of_coding(settings),
            Self::Noise(settings, _) => {
                let shape = match settings.shape() {
                    Shape::Uniform => "uniform",
                    Shape::Laplace => "laplace",
                };
                format!("spread={} shape={shape}", settings.spread())
            }
            Self::Microaggregate(settings, _) => format!("k={}", settings.k.rows()),
            Self::Path => "plain".to_owned(),
            Self::Query(names) => format!("parameters={}", names.join(",")),
            Self::Templates { templates, other } => {
                format!("templates={} other={}", templates.len(), or_null(other.as_ref()))
            }
            Self::Learned(learn) => {
                format!("learned persons_min={} depth={}", learn.persons_min, learn.depth)
            }
            Self::Site => "domain".to_owned(),
            Self::Agent(word) => match word {
                AgentWord::Family => "family".to_owned(),
                AgentWord::Os => "os".to_owned(),
                AgentWord::Class => "class".to_owned(),
                AgentWord::Bot => "bot".to_owned(),
            },
            Self::Robots(robots) => {
                format!("bot patterns={} {}", robots.entries(), robots.parameters())
            }
            Self::First(first) => format!("first={}", first.first),
            Self::Region(region, _) => match region {
                Region::Sido => "region=sido".to_owned(),
                Region::Sigungu => "region=sigungu".to_owned(),
            },
            Self::Mask(mask) => format!("from={} to={} with={}", mask.from, mask.to, mask.with),
            Self::Hierarchy { list, level, other } => {
                let of = match list {
                    Categories::Listed(list) => format!("hierarchy {}", list.parameters()),
                    Categories::Ready(name, _) => format!("ready={}", name.name()),
                };
                let levels = list.levels();
                format!("{of} level={level} of {levels} other={}", or_null(other.as_ref()))
            }
            Self::Category { map, other } => {
                format!("values={} other={}", map.len(), or_null(other.as_ref()))
            }
        }
    }
}

fn or_null(other: Option<&String>) -> &str {
    other.map_or("null", String::as_str)
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

fn of_shift(settings: &settings::time::Shift, clock: &Clock) -> String {
    let terms = settings.terms.as_ref().map(|terms| {
        let days = terms.days().iter().map(|day| format!("{:02}-{:02}", day.month(), day.day()));
        format!(" keep=term terms={}", days.collect::<Vec<_>>().join(","))
    });
    let weeks = settings.weeks.weeks();
    format!("weeks={weeks}{} {}", terms.unwrap_or_default(), clock.parameters())
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

fn of_bounds(bounds: &Bounds) -> String {
    list(bounds.numbers())
}

fn list<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl Clock {
    fn parameters(&self) -> String {
        let zone = self.zone.as_ref().and_then(TimeZone::iana_name).unwrap_or("as logged");
        format!("zone={zone}")
    }
}

impl Refinement {
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
