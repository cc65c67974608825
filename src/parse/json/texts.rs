//! A value of JSON as it is written in; its texts, or the members of objects within lists and
//! texts of it, out.
//!
//! Not here: columns, in which every line has one value or none (`super`).

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Lists within each other that are looked into. Each is read again for every list around
/// it, and nobody who writes a log has more.
const DEEPEST: usize = 8;

/// Gives the text of a value, given how it is written; of a list each. Objects, truth
/// values and null have none.
pub fn texts(raw: &str, each: &mut dyn FnMut(&str)) {
    within(raw, 0, each);
}

fn within(raw: &str, depth: usize, each: &mut dyn FnMut(&str)) {
    match raw.as_bytes() {
        [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => {
            each(&raw[1..raw.len() - 1]);
        }
        // Half of a surrogate pair is no text of anybody's.
        [b'"', ..] => serde_json::from_str::<String>(raw).iter().for_each(|text| each(text)),
        [b'[', ..] if depth < DEEPEST => {
            for element in serde_json::from_str::<Vec<&RawValue>>(raw).unwrap_or_default() {
                within(element.get(), depth + 1, each);
            }
        }
        [b'-' | b'0'..=b'9', ..] => each(raw),
        _ => {}
    }
}

/// Gives key and value, as it is written, of every member of an object that stands in a list
/// or in a text: programs log what they were sent. An object within one of these has its
/// members given as well.
pub fn members(raw: &str, each: &mut dyn FnMut(&str, &str)) {
    // Most values are neither.
    if matches!(raw.as_bytes(), [b'[' | b'"', ..]) && memchr::memchr(b'{', raw.as_bytes()).is_some()
    {
        members_within(raw, 0, each);
    }
}

fn members_within(raw: &str, depth: usize, each: &mut dyn FnMut(&str, &str)) {
    if depth >= DEEPEST {
        return;
    }
    match raw.as_bytes() {
        [b'[', ..] => {
            for element in serde_json::from_str::<Vec<&RawValue>>(raw).unwrap_or_default() {
                members_within(element.get(), depth + 1, each);
            }
        }
        [b'{', ..] => {
            let read = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw);
            for (key, value) in read.unwrap_or_default() {
                each(&key, value.get());
                members_within(value.get(), depth + 1, each);
            }
        }
        [b'"', ..] if memchr::memchr(b'{', raw.as_bytes()).is_some() => {
            let text = serde_json::from_str::<String>(raw).unwrap_or_default();
            let inner = text.trim();
            if inner.starts_with(['{', '[']) {
                members_within(inner, depth + 1, each);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(raw: &str) -> Vec<String> {
        let mut found = Vec::new();
        texts(raw, &mut |text| found.push(text.to_owned()));
        found
    }

    #[test]
    fn each_text_of_a_list_is_given() {
        assert_eq!(all(r#""kim""#), ["kim"]);
        assert_eq!(all(r#"["a\u0062", -1.5, [" ", null, true], {"a": "b"}]"#), ["ab", "-1.5", " "]);
        for none in ["null", "{}", "[]", "false", r#""\ud800""#, "", "[", "\""] {
            assert!(all(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn members_of_objects_in_lists_and_texts_are_given() {
        let raw = r#"[1, {"user": "kim", "a": {"b": [{"c": 2}]}}, "{\"user\": \"lee\"}"]"#;
        let mut found = Vec::new();
        members(raw, &mut |key, value| found.push(format!("{key}={value}")));
        let all =
            [r#"a={"b": [{"c": 2}]}"#, r#"b=[{"c": 2}]"#, "c=2", r#"user="kim""#, r#"user="lee""#];
        assert_eq!(found, all);
        for none in ["{", "[{", r#""{""#, "1", "[]", r#"{"a":1}"#] {
            members(none, &mut |key, _| panic!("{key}"));
        }
    }

    #[test]
    fn lists_without_end_are_not_followed() {
        let depth = 100_000;
        assert!(all(&format!("{}1{}", "[".repeat(depth), "]".repeat(depth))).is_empty());
    }
}
