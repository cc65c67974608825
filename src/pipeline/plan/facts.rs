//! A processing record in; what a review is about, named and told in Korean and English,
//! out.
//!
//! What a record does not have because it is older than the fact is not recorded, which
//! is not the same as none.

use std::collections::BTreeMap;

use serde_json::Value;

use super::aspect;
use crate::assess::settings::percent;
use crate::protect::brief::Words;

/// Something that a pipeline says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) name: Words,
    /// The fact without which this one is not: a table or a column. If that is new or
    /// gone, so are all others of it, and it is said once.
    pub(super) of: Option<String>,
    /// Which of what a review is about it belongs to: see `aspect`.
    pub(super) aspect: Option<&'static str>,
    pub(super) said: Said,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// The record is older than the fact.
    NotRecorded,
    /// Nothing.
    Nothing,
    /// As it is compared, and in words.
    Something(String, Words),
}

/// How a value is put into words.
type InWords = fn(&Value) -> Words;

impl Said {
    fn of(value: Option<&Value>, in_words: InWords) -> Self {
        match value {
            None => Self::NotRecorded,
            Some(Value::Null) => Self::Nothing,
            Some(Value::Array(list)) if list.is_empty() => Self::Nothing,
            Some(value) => Self::Something(value.to_string(), in_words(value)),
        }
    }
}

/// Where a fact stands in a record, what it is called, and how it is told.
type Entry = (&'static str, &'static str, &'static str, InWords);

/// What leads back to people comes first.
const PROCESSING: [Entry; 14] = [
    ("/additional_info/mapping_reason", MAPPING.0, MAPPING.1, plain),
    ("/purpose_category", "처리 목적", "purpose", term),
    ("/purpose_detail", "세부 목적", "purpose in detail", plain),
    ("/legal_basis", "처리 근거", "legal basis", term),
    ("/environment", "활용 형태", "form of use", term),
    ("/recipient", "제공받는 자", "recipient", plain),
    ("/period_start", "처리 기간 첫날", "first day of the period", plain),
    ("/period_end", "처리 기간 끝날", "last day of the period", plain),
    ("/risk/grade", "위험도", "risk grade", term),
    ("/risk/reason", "위험도 판단 이유", "reason of the risk grade", plain),
    ("/additional_info/window", "연결 기간", "linkage window", window),
    ("/additional_info/reason", "연결 기간 사유", "reason of the linkage window", plain),
    ("/policy", "개인정보 처리방침(시행일)", "privacy policy of", plain),
    ("/processor", "수탁자", "processor", plain),
];

/// The table that leads from pseudonyms back to people.
pub(super) const MAPPING: (&str, &str) = (
    "매핑테이블(가명에서 사람을 되찾는 표)",
    "mapping table (leads from pseudonyms back to people)",
);

/// Of a table.
const TABLE: [Entry; 9] = [
    ("/item", "수집 항목", "collected item", plain),
    ("/collected_for", "당초 수집 목적", "purpose of collection", plain),
    ("/retention", "보유 기간", "retention", plain),
    ("/retention_basis", "보유 근거", "basis of the retention", plain),
    ("/format", "입력 형식", "input format", plain),
    ("/path", "입력 경로", "input path", plain),
    ("/max_rejects_ppm", "해석 불가 행의 최대 비율", "largest share of rejected lines", share),
    ("/on_unknown", "적지 않은 것이 있을 때", "when something is not listed", unknown),
    ("/dropped", "버리는 필드", "dropped fields", plain),
];

/// How its input is read: all in one object, so that an older record has none of it.
const READING: [Entry; 9] = [
    ("/zone", "시간대", "time zone", plain),
    ("/encoding", "문자 집합", "encoding", plain),
    ("/delimiter", "구분 문자", "delimiter", plain),
    ("/quote", "인용 문자", "quote", plain),
    ("/names", "열 이름", "names of the columns", plain),
    ("/sheet", "시트", "sheet", plain),
    ("/header_row", "머리글 행", "header row", plain),
    ("/database", "데이터베이스 주소 파일", "file with the database's address", plain),
    ("/query_sha256", "질의(SQL)", "query", digest),
];

/// Columns that the gate names.
const NAMED: [(&str, &str, &str); 2] = [
    ("/subject", "정보주체를 가르는 항목", "column that tells persons apart"),
    ("/quasi_identifiers", "준식별자", "quasi-identifiers"),
];

/// What the gate asks of a table.
const GATE: [Entry; 3] = [
    ("/k_min", "동질집합 최소 행 수", "least rows per class", number),
    ("/k_persons_min", "동질집합 최소 정보주체 수", "least persons per class", number),
    ("/max_suppressed_ppm", "최대 삭제 비율", "largest share of suppressed rows", share),
];

/// How the persons behind its lines are looked up.
const SUBJECT: [Entry; 4] = [
    ("/sessions", "주체를 찾는 기록", "records that tell who it was", plain),
    ("/address", "주체를 찾는 주소 필드", "field of the address looked up", plain),
    ("/time", "주체를 찾는 시각 필드", "field of the time looked up", plain),
    ("/randomised_kept", "임의 MAC 단말도 주체로 봄", "randomised devices count", plain),
];

/// Of a column, besides how it is made.
const COLUMN: [Entry; 4] = [
    ("/field", "원천 필드", "field", plain),
    ("/role", "항목 구분", "role", term),
    ("/label", "한글 이름", "label", plain),
    ("/reason", "사유", "reason", plain),
];

/// What a record says, in the order in which it is reviewed.
pub(super) fn facts(record: &Value) -> Vec<Fact> {
    let mut facts = Vec::new();
    put(&mut facts, &PROCESSING, record, None);
    for source in list(&record["sources"]) {
        let labels = Labels::of(record, &source["name"]);
        table(source, &labels, &mut facts);
    }
    for item in list(&record["items"]) {
        column(item, &mut facts);
    }
    facts
}

/// Korean names of the columns of a table.
struct Labels(BTreeMap<String, String>);

impl Labels {
    fn of(record: &Value, source: &Value) -> Self {
        let items = list(&record["items"]).filter(|item| item["source"] == *source);
        Self(items.map(|item| (text(&item["name"]), text(&item["label"]))).collect())
    }

    /// A column, or some of them, with its name behind in Korean.
    fn named(&self, value: &Value) -> Words {
        let korean = |name: &Value| match self.0.get(&text(name)) {
            Some(label) if *label != text(name) => format!("{label}({})", text(name)),
            _ => text(name),
        };
        let words = match value.as_array() {
            Some(names) => names.iter().map(korean).collect::<Vec<_>>().join(", "),
            None => korean(value),
        };
        Words::new(words, in_line(value))
    }
}

/// A table, with how its input is read and what is asked of it.
fn table(source: &Value, labels: &Labels, facts: &mut Vec<Fact>) {
    let name = text(&source["name"]);
    let whole = Words::new(format!("표 {name}"), format!("table {name}"));
    let of = Some(&whole);
    let there = Said::Something(String::new(), Words::new("있음", "there"));
    let aspect = Some(aspect::ITEMS);
    facts.push(Fact { name: whole.clone(), of: None, aspect, said: there });
    put(facts, &TABLE, source, of);
    put(facts, &READING, &source["reading"], of);
    let sessions = [(
        "/sessions_from",
        "접속 구간을 읽는 법",
        "how sessions are read",
        sessions_from as InWords,
    )];
    put(facts, &sessions, source, of);
    if !source["subject"].is_null() {
        put(facts, &SUBJECT, &source["subject"], of);
    }
    asked(source, (&whole, labels), facts);
    if !source["sample"].is_null() {
        let one_in = [(
            "/one_in",
            "표본추출(몇 명 가운데 1명)",
            "sample: one person stays of",
            number as InWords,
        )];
        put(facts, &one_in, &source["sample"], of);
    }
    for drop in list(&source["drop_rows"]) {
        let column = labels.named(&drop["column"]);
        let name = (
            format!("행 항목 삭제 {}", column.korean),
            format!("rows that go by {}", column.english),
        );
        let said = Said::of(Some(&drop["parameters"]), rows);
        facts.push(fact(of, name, Some(aspect::SCOPE), said));
    }
}

/// The thresholds of a table. Those of an older record stand beside what was found.
fn asked(source: &Value, (whole, labels): (&Words, &Labels), facts: &mut Vec<Fact>) {
    if !source["sessions"].is_null() || !source["sessions_from"].is_null() {
        return;
    }
    let has_own = !source["assess"].is_null();
    let gate = if has_own { &source["assess"] } else { &source["gate"] };
    for (pointer, korean, english) in NAMED {
        let said = Said::of(gate.pointer(pointer), plain);
        let said = match (said, gate.pointer(pointer)) {
            (Said::Something(compared, _), Some(names)) => {
                Said::Something(compared, labels.named(names))
            }
            (said, _) => said,
        };
        let name = (korean.to_owned(), english.to_owned());
        facts.push(fact(Some(whole), name, aspect::of(pointer), said));
    }
    put(facts, &GATE, gate, Some(whole));
    let now = gate["value_persons_min"].as_object().into_iter().flatten();
    let now = now.map(|(column, persons)| (column.clone(), persons));
    // A quasi-identifier without a threshold is not blanked.
    let blanked = list(&gate["blanked"]).filter(|blanked| blanked["persons_min"] != 0);
    let then = blanked.map(|blanked| (text(&blanked["column"]), &blanked["persons_min"]));
    for (column, persons) in now.chain(then) {
        let korean = labels.named(&Value::String(column.clone())).korean;
        let korean = format!("값마다 최소 정보주체 수 {korean}");
        let name = (korean, format!("least persons per value of {column}"));
        let said = Said::of(Some(persons), number);
        facts.push(fact(Some(whole), name, Some(aspect::METHOD), said));
    }
}

/// A column: how it is made, and what else is said of it.
fn column(item: &Value, facts: &mut Vec<Fact>) {
    let (source, name, label) = (text(&item["source"]), text(&item["name"]), text(&item["label"]));
    let label = if label == name { String::new() } else { format!("({label})") };
    let whole =
        Words::new(format!("항목 {source}.{name}{label}"), format!("column {source}.{name}"));
    let [technique, korean, parameters] =
        ["technique", "technique_ko", "parameters"].map(|key| text(&item[key]));
    let shown = without_digests(&parameters);
    // An older record has no Korean ones.
    let shown_ko = item["parameters_ko"].as_str().unwrap_or(&shown);
    let made = Words::new(in_short(&korean, shown_ko), in_short(&technique, &shown));
    let said = Said::Something(format!("{technique} {korean} {parameters}"), made);
    facts.push(Fact { name: whole.clone(), of: None, aspect: Some(aspect::ITEMS), said });
    put(facts, &COLUMN, item, Some(&whole));
}

/// A technique, and its parameters if it has any.
fn in_short(technique: &str, parameters: &str) -> String {
    if parameters.is_empty() { technique.to_owned() } else { format!("{technique}: {parameters}") }
}

fn put(facts: &mut Vec<Fact>, entries: &[Entry], record: &Value, of: Option<&Words>) {
    for (pointer, korean, english, in_words) in entries {
        let name = ((*korean).to_owned(), (*english).to_owned());
        let said = Said::of(record.pointer(pointer), *in_words);
        facts.push(fact(of, name, aspect::of(pointer), said));
    }
}

fn fact(
    of: Option<&Words>,
    (korean, english): (String, String),
    aspect: Option<&'static str>,
    said: Said,
) -> Fact {
    let name = match of {
        Some(of) => {
            Words::new(format!("{}: {korean}", of.korean), format!("{}: {english}", of.english))
        }
        None => Words::new(korean, english),
    };
    Fact { name, of: of.map(|of| of.english.clone()), aspect, said }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Parameters without the digests of lists, which say nothing to people.
fn without_digests(parameters: &str) -> String {
    let words = parameters.split(' ').filter(|word| !word.starts_with("sha256="));
    words.collect::<Vec<_>>().join(" ")
}

fn plain(value: &Value) -> Words {
    let words = in_line(value);
    Words::new(words.clone(), words)
}

fn in_line(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(in_line).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let given = map.iter().filter(|(_, value)| !value.is_null());
            let given = given.map(|(key, value)| format!("{key} {}", in_line(value)));
            given.collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn number(value: &Value) -> Words {
    plain(value)
}

fn share(value: &Value) -> Words {
    let words = percent(value.as_u64().unwrap_or(0));
    Words::new(words.clone(), words)
}

/// A rule about rows in words.
#[must_use]
pub fn rows(value: &Value) -> Words {
    let english = text(value);
    let (mut korean, words) = (english.clone(), ["below=", "above=", "sigma=", "values="]);
    for (word, of) in words.into_iter().zip(["미만 ", "초과 ", "시그마 밖 ", "값 "]) {
        korean = korean.replacen(word, of, 1);
    }
    Words { korean, english }
}

fn digest(value: &Value) -> Words {
    let start: String = text(value).chars().take(8).collect();
    Words::new(format!("요약값 {start}…"), format!("digest {start}…"))
}

/// How sessions are read: the keys that are given.
fn sessions_from(value: &Value) -> Words {
    let given = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let korean = given.map(|(key, value)| {
        let key = match key.as_str() {
            "address" => "주소 필드",
            "device" => "단말 필드",
            "user" => "계정 필드",
            "time" => "기록 시각 필드",
            "start" => "시작 시각 필드",
            "end" => "끝 시각 필드",
            "length" => "길이 필드",
            "session" => "구간 번호 필드",
            "server" => "서버 필드",
            "delay" => "지연 필드",
            "event" => "사건 필드",
            "begins" => "시작하는 사건",
            "ends" => "끝내는 사건",
            "longest" => "끝이 없을 때의 길이",
            "days_before" => "며칠 전 기록까지",
            other => other,
        };
        format!("{key} {}", in_line(value))
    });
    Words::new(korean.collect::<Vec<_>>().join(", "), in_line(value))
}

fn unknown(value: &Value) -> Words {
    if value == "refuse" {
        Words::new("거부", "refused")
    } else {
        Words::new("알림", "reported")
    }
}

/// A linkage window in words.
#[must_use]
pub fn window(value: &Value) -> Words {
    let window = text(value);
    Words::new(window_ko(&window), window.as_str())
}

/// The Korean name of a window.
fn window_ko(window: &str) -> &str {
    match window {
        "run" => "실행마다",
        "day" => "하루",
        "week" => "한 주",
        "month" => "한 달",
        "quarter" => "한 분기",
        "year" => "한 해",
        "project" => "전체 기간",
        other => other,
    }
}

/// A term of the law in words.
#[must_use]
pub fn term(value: &Value) -> Words {
    let korean = text(value);
    let english = english(&korean).to_owned();
    Words { korean, english }
}

/// The English name of a term of the law, as records have it in Korean.
fn english(korean: &str) -> &str {
    match korean {
        "통계작성" => "statistics",
        "과학적 연구" => "scientific research",
        "공익적 기록보존" => "archiving in the public interest",
        "내부 활용" => "used by the institution itself",
        "제3자 제공" => "given to a third party",
        "법 제28조의2" => "article 28-2",
        "저위험" => "low",
        "중위험" => "middle",
        "고위험" => "high",
        "식별자(가명)" => "subject",
        "준식별자" => "quasi-identifier",
        "민감 속성" => "sensitive",
        "그 밖의 항목" => "other",
        other => other,
    }
}
