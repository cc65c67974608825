//! One entry, one line, one meaning.

use bumpalo::Bump;
use serde_json::{Value, json};

use super::super::json::Unreadable;
use super::super::record::{
    Entry, Field, Fields, KINDS, Kind, MAX_BYTES, Malformed, Record, UnknownKind,
};
use super::super::tree::Hash;
use super::TIME;

fn entry(body: &Value) -> Entry<'_> {
    Entry { kind: Kind::Heartbeat, time: TIME, run: None, actor: "operator", body }
}

#[track_caller]
fn refuses(line: &str, expected: Malformed) {
    assert_eq!(Record::parse(line.as_bytes()).err(), Some(expected), "{line}");
}

fn line() -> String {
    let (line, _) = entry(&json!({"b": 1, "a": [null, true, "가명"]})).line(0, None).unwrap();
    String::from_utf8(line).unwrap()
}

#[test]
fn a_line_has_its_keys_in_order_and_the_body_in_the_callers() {
    assert_eq!(
        line(),
        r#"{"seq":0,"type":"heartbeat","time":"2026-11-22T18:00:00.000Z","run":null,"actor":"operator","prev":null,"body":{"b":1,"a":[null,true,"가명"]}}"#
    );
}

#[test]
fn what_is_written_reads_back_equal() {
    let body = json!({"text": "\"\\/ 가", "n": -9_007_199_254_740_991_i64});
    let (line, record) = entry(&body).line(7, Some(Hash::of(b"x"))).unwrap();
    assert_eq!(record.line(), Some(line));
    assert_eq!((record.seq, record.kind()), (7, Some(Kind::Heartbeat)));
    assert_eq!(record.prev, Some(Hash::of(b"x")));
    assert_eq!(Value::Object(record.body), body);
}

#[test]
fn every_prefix_is_refused_and_none_panics() {
    for end in 0..line().len() {
        assert!(Record::parse(&line().as_bytes()[..end]).is_err(), "prefix of {end} bytes");
    }
}

#[test]
fn bodies_without_one_meaning_are_refused() {
    let refused = |body: Value| entry(&body).line(0, None).unwrap_err();
    assert_eq!(refused(json!([])), Malformed::Field(Field::Body));
    assert_eq!(refused(json!({"a": 0.5})), Malformed::Json(Unreadable::Float));
    assert_eq!(refused(json!({"a": 1_u64 << 53})), Malformed::Json(Unreadable::Integer));
    assert_eq!(refused(json!({"a": "\t"})), Malformed::Json(Unreadable::Control));
}

#[test]
fn the_limit_of_a_line_is_exact() {
    let empty = entry(&json!({"a": ""})).line(0, None).unwrap().0.len();
    let room = MAX_BYTES - empty;
    assert!(entry(&json!({"a": "x".repeat(room)})).line(0, None).is_ok());
    let found = entry(&json!({"a": "x".repeat(room + 1)})).line(0, None).unwrap_err();
    assert_eq!(found, Malformed::Long { found: MAX_BYTES + 1 });
}

#[test]
fn fields_have_one_form() {
    let bad = |from: &str, to: &str, field| {
        assert!(line().contains(from));
        refuses(&line().replace(from, to), Malformed::Field(field));
    };
    bad("\"seq\":0", "\"seq\":-1", Field::Seq);
    bad("\"heartbeat\"", "\"Heart beat\"", Field::Type);
    bad("\"operator\"", "\"\"", Field::Actor);
    bad("\"run\":null", "\"run\":\"\"", Field::Run);
    bad("\"prev\":null", "\"prev\":\"00\"", Field::Prev);
    for time in [
        "2026-11-22T18:00:00Z",
        "2026-11-22T18:00:00.0000",
        "2026-11-22 18:00:00.000Z",
        "2026-02-29T18:00:00.000Z",
        "2026-11-22T18:00:60.000Z",
        "2026-11-22T24:00:00.000Z",
        "2026-11-22t18:00:00.000z",
    ] {
        bad(TIME, time, Field::Time);
    }
}

#[test]
fn keys_are_those_seven() {
    refuses(&line().replace("\"run\":null,", ""), Malformed::Keys);
    refuses(&line().replace("\"run\"", "\"ran\""), Malformed::Keys);
    refuses(&line().replace("{\"seq\"", "{\"x\":1,\"seq\""), Malformed::Keys);
    refuses("[]", Malformed::Keys);
}

#[test]
fn an_unknown_type_is_a_record_still() {
    let record = Record::parse(line().replace("heartbeat", "later.kind").as_bytes()).unwrap();
    assert_eq!((record.kind(), record.type_name.as_str()), (None, "later.kind"));
}

#[test]
fn names_of_kinds_read_back() {
    for kind in KINDS {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    assert_eq!("run".parse::<Kind>(), Err(UnknownKind));
}

#[test]
fn only_the_one_spelling_is_the_one_that_is_written() {
    let is_written = |line: &str| {
        let arena = Bump::new();
        let fields = Fields::read(line.as_bytes(), &arena).unwrap();
        let found = fields.is_written_as(line.as_bytes(), &mut Vec::new());
        let record = Record::parse(line.as_bytes()).unwrap();
        assert_eq!(found, record.line().as_deref() == Some(line.as_bytes()), "{line}");
        found
    };
    let body = json!({"a": [null, true, false, -10, {}, []], "\"": "\\", "가": "정보·추가"});
    for line in [line(), String::from_utf8(entry(&body).line(0, None).unwrap().0).unwrap()] {
        assert!(is_written(&line));
        assert!(!is_written(&line.replacen(':', ": ", 1)));
        assert!(!is_written(&format!("{line} ")));
        assert!(!is_written(&line.replace(
            "\"run\":null,\"actor\":\"operator\"",
            "\"actor\":\"operator\",\"run\":null"
        )));
        assert!(!is_written(&line.replace("operator", "\\u006fperator")));
    }
    // As long as what is written, and something else.
    let line = line().replace("operator", "o\\/r").replace("\"seq\":0", "\"seq\": 0");
    assert!(!is_written(&line));
}
