//! A file of a ledger in; whether it may not be handed on out.
//!
//! Keys get into a ledger by mistake: the file has a name of the ledger's, or lies where any
//! file may. Records are asked text by text, and one that holds a secret is held back alone
//! where the others are of use without it.

use serde_json::Value;

use crate::ledger::record::{Kind, Record};

/// What stands in a table in the place of a key.
const MASKED: &str = "(비밀키나 비밀값으로 보여 적지 않음)";

/// What tells that somebody's key or secret lies in something, which this room does not know.
#[derive(Debug, Clone, Copy)]
pub struct Secrets {
    /// In the bytes of a file.
    pub in_bytes: fn(&[u8]) -> bool,
    /// In a text of a record, which may tell of keys.
    pub in_text: fn(&str) -> bool,
}

/// True if the file of a ledger holds a key or secret. `path` is that in the ledger.
pub(super) fn holds(path: &str, bytes: &[u8], secrets: Secrets) -> bool {
    if !(secrets.in_bytes)(bytes) {
        return false;
    }
    let in_line = |line: &[u8]| match Record::parse(line) {
        Ok(record) => in_names(&record, secrets) || in_body(&record, secrets),
        Err(_) => (secrets.in_bytes)(line),
    };
    !path.starts_with("records/") || bytes.split(|&byte| byte == b'\n').any(in_line)
}

/// The lines of a file of records that hold a secret, each with its record, where the others are
/// of use without them; nothing otherwise.
pub(super) fn lines(text: &str, secrets: Secrets) -> Vec<(usize, Record)> {
    let mut found = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        match Record::parse(line.as_bytes()) {
            Ok(record) if in_names(&record, secrets) => return Vec::new(),
            Ok(record) if in_body(&record, secrets) => match record.kind() {
                Some(kind) if is_apart(kind) => found.push((index, record)),
                Some(_) | None => return Vec::new(),
            },
            Err(_) if (secrets.in_bytes)(line.as_bytes()) => return Vec::new(),
            Ok(_) | Err(_) => {}
        }
    }
    found
}

/// True if whether other records are as they should be can be told without the body of one of
/// this kind: signatures are checked by keys and names in others, files by their seal.
fn is_apart(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::LedgerInit
            | Kind::SegmentSealed
            | Kind::Recovery
            | Kind::Anchor
            | Kind::RightsGranted
            | Kind::RightsChanged
            | Kind::RightsRevoked
            | Kind::RiskReview
            | Kind::AdequacyReview
            | Kind::PlanApproved
            | Kind::RetentionApproved
    )
}

/// What stands beside the body in the place of a record.
fn in_names(record: &Record, secrets: Secrets) -> bool {
    let mut names = [Some(&record.actor), record.run.as_ref()].into_iter().flatten();
    names.any(|name| (secrets.in_text)(name))
}

fn in_body(record: &Record, secrets: Secrets) -> bool {
    record.body.values().any(|value| in_value(value, secrets))
}

fn in_value(value: &Value, secrets: Secrets) -> bool {
    match value {
        Value::String(text) => (secrets.in_text)(text),
        Value::Array(values) => values.iter().any(|value| in_value(value, secrets)),
        Value::Object(table) => table.values().any(|value| in_value(value, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Puts words in the place of every text of a record that holds a key or secret.
pub(super) fn mask(value: &mut Value, secrets: Secrets) {
    match value {
        Value::String(text) if (secrets.in_text)(text) => MASKED.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(|value| mask(value, secrets)),
        Value::Object(table) => table.values_mut().for_each(|value| mask(value, secrets)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ledger::items::example;
    use crate::ledger::record::Kind;

    /// As the vault says it, in short.
    const SECRETS: Secrets = Secrets {
        in_bytes: |bytes| String::from_utf8_lossy(bytes).contains("KEY"),
        in_text: |text| text.contains("KEY-"),
    };

    fn line(happened: &str) -> Vec<u8> {
        let mut body = example::body(Kind::Incident);
        body.insert("happened".to_owned(), json!(happened));
        let record = Record {
            seq: 0,
            type_name: Kind::Incident.as_str().to_owned(),
            time: "2026-11-26T00:00:00.000Z".to_owned(),
            run: None,
            actor: "uid 0".to_owned(),
            prev: None,
            body,
        };
        [record.line().unwrap().as_slice(), b"\n"].concat()
    }

    #[test]
    fn records_are_asked_text_by_text_and_what_is_none_as_a_whole() {
        let path = "records/000000.jsonl";
        assert!(!holds(path, &line("a KEY got lost"), SECRETS));
        assert!(holds(path, &line("KEY-1"), SECRETS));
        for key in ["a KEY got lost", "KEY-1"] {
            // Nor between records, nor in another file.
            let torn = [line("가"), key.as_bytes().to_vec()].concat();
            assert!(holds(path, &torn, SECRETS), "{key}");
            assert!(holds("keys.txt", key.as_bytes(), SECRETS), "{key}");
        }
    }

    #[test]
    fn words_stand_in_the_place_of_a_key_alone() {
        let mut body = json!({"a": ["KEY-1", "a KEY got lost"], "b": {"c": "KEY-2"}, "d": 1});
        mask(&mut body, SECRETS);
        let expected = json!({"a": [MASKED, "a KEY got lost"], "b": {"c": MASKED}, "d": 1});
        assert_eq!(body, expected);
    }
}
