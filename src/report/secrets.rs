//! A file of a ledger in; whether it may not be handed on out.
//!
//! Keys get into a ledger by mistake: the file has a name of the ledger's, or lies where any
//! file may. Records tell of keys in words and hold digests, and a file of them is of no use in
//! parts. They are asked text by text: a mark counts with what a key is made of beside it.

use serde_json::Value;

use crate::ledger::record::Record;

/// Characters of a key in one piece, at least: half of the shortest that is written in hex.
const PIECE: usize = 32;
/// What stands in a table in the place of a key.
const MASKED: &str = "(비밀키나 비밀값으로 보여 적지 않음)";
/// Characters of a digest, which is no key.
const DIGEST: usize = 64;

/// True if the file of a ledger holds a key or secret, as `is_secret` says of bytes. `path` is
/// that in the ledger.
pub(super) fn holds(path: &str, bytes: &[u8], is_secret: fn(&[u8]) -> bool) -> bool {
    if !is_secret(bytes) {
        return false;
    }
    let in_line = |line: &[u8]| match Record::parse(line) {
        Ok(Record { actor, body, .. }) => {
            in_text(&actor, is_secret) || body.values().any(|value| in_value(value, is_secret))
        }
        Err(_) => is_secret(line),
    };
    !path.starts_with("records/") || bytes.split(|&byte| byte == b'\n').any(in_line)
}

fn in_value(value: &Value, is_secret: fn(&[u8]) -> bool) -> bool {
    match value {
        Value::String(text) => in_text(text, is_secret),
        Value::Array(values) => values.iter().any(|value| in_value(value, is_secret)),
        Value::Object(table) => table.values().any(|value| in_value(value, is_secret)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Puts words in the place of every text of a record that holds a key or secret.
pub(super) fn mask(value: &mut Value, is_secret: fn(&[u8]) -> bool) {
    match value {
        Value::String(text) if in_text(text, is_secret) => MASKED.clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(|value| mask(value, is_secret)),
        Value::Object(table) => table.values_mut().for_each(|value| mask(value, is_secret)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn in_text(text: &str, is_secret: fn(&[u8]) -> bool) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut pieces = text.as_bytes().split(|&byte| !is_of_key(byte));
    let has_piece = text.len() > DIGEST && pieces.any(|piece| piece.len() >= PIECE);
    (has_piece || text.contains("://")) && is_secret(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ledger::items::example;
    use crate::ledger::record::Kind;

    /// As the vault says it of every line, which this room does not know.
    fn holds_secret(bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        let marks = ["private key", "age-secret-key-", "# gamyeong ", ":geheim@"];
        let is_digits =
            |line: &str| line.len() == 64 && line.bytes().all(|b| b.is_ascii_hexdigit());
        marks.iter().any(|mark| text.contains(mark)) || text.lines().any(is_digits)
    }

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
    fn records_tell_of_keys_and_hold_none() {
        let hex = "0123456789abcdef".repeat(4);
        let path = "records/000000.jsonl";
        for words in [
            "서명용 private key 유출",
            "AGE-SECRET-KEY- 로 시작하는 파일",
            "# gamyeong 로 시작하는 파일",
            hex.as_str(),
        ] {
            assert!(!holds(path, &line(words), holds_secret), "{words}");
        }
        for key in [
            format!("AGE-SECRET-KEY-1{}", &hex[..58].to_uppercase()),
            format!("-----BEGIN PRIVATE KEY----- MC4CAQAw{} ", &hex[..56]),
            format!("# gamyeong signing key {hex}"),
            "postgresql://job:geheim@db/library".to_owned(),
        ] {
            assert!(holds(path, &line(&key), holds_secret), "{key}");
            // Nor between records, nor in another file.
            let torn = [line("가"), key.as_bytes().to_vec()].concat();
            assert!(holds(path, &torn, holds_secret), "{key}");
            assert!(holds("keys.txt", key.as_bytes(), holds_secret), "{key}");
        }
    }
}
