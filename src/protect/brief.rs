//! A rule in; what somebody who approves it must know of its parameters, in Korean and
//! English, out: what decides how coarse the result is comes first.
//!
//! Not here: all parameters, as records have them (`names`).

use jiff::tz::TimeZone;

use super::Rule;
use super::settings::address::PlaceField;
use super::settings::agent::AgentWord;
use super::settings::coding::{Coding, Limit, Outside, Tail};
use super::settings::number::{Range, RoundNumber, Rounding, Shape};
use super::settings::part::Region;
use super::settings::time::Unit;
use super::settings::{self, Kind, Randomised};
use super::technique::{
    Categories, Clock, OfAddress, OfAgent, OfCategory, OfDevice, OfIdentifier, OfNumber, OfText,
    OfTime, OfUrl, Technique,
};

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Words {
    pub korean: String,
    pub english: String,
}

impl Words {
    /// Both texts.
    #[must_use]
    pub fn new(korean: impl Into<String>, english: impl Into<String>) -> Self {
        Self { korean: korean.into(), english: english.into() }
    }
}

/// Templates and categories that are spelled out at most.
const SPELLED_OUT: usize = 12;

impl Rule {
    /// What must be known of its parameters.
    #[must_use]
    pub fn brief(&self) -> Vec<Words> {
        let mut phrases = of(&self.technique);
        if let Some(rare) = &self.refinement.rare {
            let persons = rare.persons_min.count();
            phrases.push(words(
                format!("{persons}명 미만의 값은 {}", becomes_ko(rare.other.as_ref())),
                format!("values of fewer than {persons} persons {}", becomes(rare.other.as_ref())),
            ));
        }
        if self.refinement.is_permuted {
            phrases.push(words("열 안에서 값을 서로 바꿈", "values change places"));
        }
        phrases
    }
}

fn of(technique: &Technique) -> Vec<Words> {
    match technique {
        Technique::KeepText | Technique::Number(OfNumber::Keep, _) => Vec::new(),
        Technique::Identifier(of, kind) => of_identifier(of, *kind),
        Technique::Address(of) => of_address(of),
        Technique::Device(OfDevice::Vendor { devices_min }) => vec![
            words("제조사", "vendor"),
            words(
                format!("단말 {devices_min}대 미만이면 비움"),
                format!("null if of fewer than {devices_min} devices"),
            ),
        ],
        Technique::Device(OfDevice::Randomised) => vec![words("임의 주소 여부", "randomised")],
        Technique::Time(of, clock) => of_time(of, clock),
        Technique::Number(of, _) => of_number(of),
        Technique::Url(of) => of_url(of),
        Technique::Agent(OfAgent::Word(word)) => vec![match word {
            AgentWord::Family => words("브라우저 종류", "family"),
            AgentWord::Os => words("운영체제", "os"),
            AgentWord::Class => words("기기 종류", "class"),
            AgentWord::Bot => words("로봇 여부", "bot"),
        }],
        Technique::Agent(OfAgent::Robots(robots)) => vec![words(
            format!("로봇 여부(목록 {})", robots.file()),
            format!("bot, by {}", robots.file()),
        )],
        Technique::Text(of) => vec![of_text(of)],
        Technique::Category(of) => of_category(of),
    }
}

fn words(korean: impl Into<String>, english: impl Into<String>) -> Words {
    Words::new(korean, english)
}

fn becomes(other: Option<&String>) -> String {
    other.map_or("become null".to_owned(), |other| format!("become {other}"))
}

fn becomes_ko(other: Option<&String>) -> String {
    other.map_or("비움".to_owned(), |other| format!("‘{other}’로"))
}

fn others(other: Option<&String>) -> Words {
    words(format!("그 밖의 값은 {}", becomes_ko(other)), format!("others {}", becomes(other)))
}

fn of_identifier(of: &OfIdentifier, kind: Kind) -> Vec<Words> {
    let domain = |domain: &str| words(format!("영역 {domain}"), format!("domain {domain}"));
    match of {
        OfIdentifier::Pseudonym(settings) => of_pseudonym(settings, kind),
        OfIdentifier::Serial(settings) => vec![domain(&settings.domain)],
        OfIdentifier::Seal(settings) => vec![
            words("열쇠로 되돌릴 수 있음", "can be opened with the key"),
            domain(&settings.domain),
        ],
    }
}

fn of_pseudonym(settings: &settings::Pseudonym, kind: Kind) -> Vec<Words> {
    let domain = &settings.domain;
    if let Some((device, address)) = settings.looked_up() {
        return vec![words(
            format!("영역: 계정 {domain}, 기기 {device}, 주소 {address}"),
            format!("domains: account {domain}, device {device}, address {address}"),
        )];
    }
    let mut phrases = vec![words(format!("영역 {domain}"), format!("domain {domain}"))];
    if kind == Kind::Mac {
        phrases.push(match settings.randomised.unwrap_or_default() {
            Randomised::Null => words("임의 주소는 비움", "randomised become null"),
            Randomised::Keep => words("임의 주소도 남김", "randomised stay"),
        });
    }
    phrases
}

fn of_address(of: &OfAddress) -> Vec<Words> {
    vec![match of {
        OfAddress::Prefix { v4, v6 } => words(
            format!("IPv4 /{}, IPv6 /{}까지", v4.bits(), v6.bits()),
            format!("v4 /{}, v6 /{}", v4.bits(), v6.bits()),
        ),
        OfAddress::Preserve(settings) => {
            words(format!("영역 {}", settings.domain), format!("domain {}", settings.domain))
        }
        OfAddress::Class(classes) => {
            let names = spelled(classes.names());
            words(format!("망 이름: {names}"), format!("networks: {names}"))
        }
        OfAddress::Place(places, PlaceField::Country) => {
            words(format!("나라(목록 {})", places.file()), format!("country, by {}", places.file()))
        }
        OfAddress::Place(places, PlaceField::Asn) => {
            words(format!("통신망(목록 {})", places.file()), format!("asn, by {}", places.file()))
        }
    }]
}

fn of_time(of: &OfTime, clock: &Clock) -> Vec<Words> {
    let mut phrases = vec![match of {
        OfTime::Round(unit) => words(format!("{} 단위", unit_ko(*unit)), unit.name()),
        OfTime::Weekday => words("요일", "name"),
        OfTime::HourBand(settings) => {
            let hours = spelled(settings.bounds.hours());
            words(format!("경계 {hours}시"), format!("bounds {hours}"))
        }
        OfTime::Shift(settings) => {
            let weeks = settings.weeks.weeks();
            words(
                format!("사람마다 최대 {weeks}주 옮김"),
                format!("by up to {weeks} weeks, for each person"),
            )
        }
    }];
    if let OfTime::Shift(settings) = of
        && settings.terms.is_some()
    {
        phrases.push(words("학기 안에서", "within the term"));
    }
    if let Some(zone) = clock.zone.as_ref().and_then(TimeZone::iana_name) {
        phrases.push(words(format!("{zone} 시각"), format!("zone {zone}")));
    }
    phrases
}

fn unit_ko(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute => "1분",
        Unit::TenMinutes => "10분",
        Unit::QuarterHour => "15분",
        Unit::HalfHour => "30분",
        Unit::Hour => "1시간",
        Unit::QuarterDay => "6시간",
        Unit::Day => "1일",
        Unit::Week => "1주",
        Unit::Month => "1월",
        Unit::Quarter => "분기",
        Unit::Year => "1년",
    }
}

fn of_number(of: &OfNumber) -> Vec<Words> {
    match of {
        OfNumber::Keep => Vec::new(),
        OfNumber::Round(settings) => of_rounding(settings),
        OfNumber::Range(Range::Width { width, origin }) => vec![
            words(format!("폭 {}", width.size()), format!("width {}", width.size())),
            words(format!("시작 {origin}"), format!("origin {origin}")),
        ],
        OfNumber::Range(Range::Bounds(bounds)) => {
            let bounds = spelled(bounds.numbers());
            vec![words(format!("경계 {bounds}"), format!("bounds {bounds}"))]
        }
        OfNumber::Coding(settings) => of_coding(settings),
        OfNumber::Noise(settings) => {
            let spread = settings.spread();
            let shape = match settings.shape() {
                Shape::Uniform => words("균등분포", "uniform"),
                Shape::Laplace => words("라플라스분포", "laplace"),
            };
            vec![words(format!("크기 {spread}"), format!("spread {spread}")), shape]
        }
        OfNumber::Microaggregate(settings) => {
            let k = settings.k.rows();
            vec![words(format!("{k}행 이상씩 묶어 평균"), format!("means of {k} rows or more"))]
        }
    }
}

fn of_rounding(settings: &RoundNumber) -> Vec<Words> {
    let unit = settings.unit.size();
    let how = match &settings.how {
        Rounding::Down => "down",
        Rounding::Up => "up",
        Rounding::Half => "half",
        Rounding::Random => "random",
        Rounding::Controlled { .. } => "controlled",
    };
    let mut phrases = vec![words(format!("{unit} 단위"), format!("{how}, unit {unit}"))];
    if let Rounding::Controlled { margins } = &settings.how {
        phrases.push(words(format!("{margins}별 합계 유지"), format!("sums by {margins} stay")));
    }
    phrases
}

fn of_coding(settings: &Coding) -> Vec<Words> {
    let tail = |(korean, english): (&str, &str), tail: Tail| {
        let limit = match tail.limit {
            Limit::Value(value) => words(value.to_string(), value.to_string()),
            Limit::Percentile(percentile) => {
                let tenths = percentile.thousandths();
                let shown = format!("{}.{}", tenths / 10, tenths % 10);
                words(format!("백분위 {shown}"), format!("percentile {shown}"))
            }
            Limit::Sigma(sigma) => {
                let deviations = sigma.deviations();
                words(format!("{deviations}시그마"), format!("{deviations} sigma"))
            }
        };
        let outside = match tail.outside {
            Outside::Blank => words("비움", "null"),
            Outside::Bound { least: 0 } => words("그 값으로", "that value"),
            Outside::Bound { least } => words(
                format!("그 값으로({least}행 이상)"),
                format!("that value, of {least} rows or more"),
            ),
        };
        words(
            format!("{korean} {} 밖은 {}", limit.korean, outside.korean),
            format!("{english} {}: beyond it {}", limit.english, outside.english),
        )
    };
    let bottom = settings.bottom.map(|of| tail(("하단", "bottom"), of));
    let top = settings.top.map(|of| tail(("상단", "top"), of));
    bottom.into_iter().chain(top).collect()
}

fn of_url(of: &OfUrl) -> Vec<Words> {
    match of {
        OfUrl::Path => vec![words("쿼리 뺀 경로", "plain")],
        OfUrl::Query(names) => {
            let names = names.join(", ");
            vec![words(format!("남기는 매개변수: {names}"), format!("parameters {names}"))]
        }
        OfUrl::Templates { templates, other } => {
            let written = templates.written();
            let lines: Vec<&str> = written.lines().collect();
            let shown = spelled(&lines);
            vec![
                words(format!("틀: {shown}"), format!("templates {shown}")),
                others(other.as_ref()),
            ]
        }
        OfUrl::Learned(learn) => {
            let persons = learn.persons_min;
            vec![words(
                format!("{persons}명 이상이 쓴 틀(깊이 {})", learn.depth),
                format!("templates of {persons} persons or more, depth {}", learn.depth),
            )]
        }
        OfUrl::Site => vec![words("도메인만", "domain")],
    }
}

fn of_text(of: &OfText) -> Words {
    match of {
        OfText::First(first) => {
            words(format!("앞 {}자", first.first), format!("first {}", first.first))
        }
        OfText::Region(Region::Sido, _) => words("시·도까지", "region sido"),
        OfText::Region(Region::Sigungu, _) => words("시·군·구까지", "region sigungu"),
        OfText::Mask(mask) => words(
            format!("{}번째부터 {}번째까지 {}로", mask.from, mask.to, mask.with),
            format!("from {} to {} with {}", mask.from, mask.to, mask.with),
        ),
    }
}

fn of_category(of: &OfCategory) -> Vec<Words> {
    match of {
        OfCategory::Map { map, other } => {
            let pairs: Vec<String> = map.iter().map(|(from, to)| format!("{from}→{to}")).collect();
            let pairs = spelled(&pairs);
            vec![words(pairs.clone(), pairs), others(other.as_ref())]
        }
        OfCategory::Hierarchy { list, level, other } => {
            let name = match list {
                Categories::Listed(list) => list.file().to_owned(),
                Categories::Ready(name, _) => name.name().to_owned(),
            };
            let levels = list.levels();
            vec![
                words(
                    format!("{levels}단계 가운데 {level}단계(분류 {name})"),
                    format!("level {level} of {levels} of {name}"),
                ),
                others(other.as_ref()),
            ]
        }
    }
}

/// The first of a list, and how many there are if not all are shown.
fn spelled<T: ToString>(list: &[T]) -> String {
    let shown: Vec<String> = list.iter().take(SPELLED_OUT).map(ToString::to_string).collect();
    let shown = shown.join(", ");
    if list.len() > SPELLED_OUT { format!("{shown}, … ({})", list.len()) } else { shown }
}
