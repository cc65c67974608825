//! A value of JSON as it is written in; its texts out.
//!
//! Not here: columns, in which every line has one value or none (`super`).

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
    fn lists_without_end_are_not_followed() {
        let depth = 100_000;
        assert!(all(&format!("{}1{}", "[".repeat(depth), "]".repeat(depth))).is_empty());
    }
}
