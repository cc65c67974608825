//! Bytes in; a JSON value that every reader understands alike out.
//!
//! JSON leaves open what two equal keys mean, how exact a number is and what
//! becomes of control characters. Evidence must not depend on any of that, so
//! all three are refused.
//!
//! Source: RFC 8259 sections 4 and 6; RFC 7493 (I-JSON) sections 2.2 and 2.3.
//!
//! Not here: which keys a record has (`record`).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

/// Integers stay below this: an IEEE 754 double holds them exactly.
pub(super) const INTEGER_LIMIT: u64 = 1 << 53;

/// Why bytes are not a value of this kind. Says where, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON, or nested more than 127 deep.
    #[error("column {column}: not JSON")]
    Syntax {
        /// Byte at which the reader stopped, from 1.
        column: usize,
    },
    /// An object has the same key twice.
    #[error("column {column}: a key stands there twice")]
    DuplicateKey {
        /// Byte at which the reader stopped, from 1.
        column: usize,
    },
    /// A number with a fraction or an exponent.
    #[error("a number is not an integer")]
    Float,
    /// An integer of 2^53 or more, or of -2^53 or less.
    #[error("an integer is too large, must be below 2^53")]
    Integer,
    /// A key or a string holds a control character, escaped or not.
    #[error("a string holds a control character")]
    Control,
}

/// Reads one value and nothing after it.
///
/// # Errors
///
/// See [`Unreadable`].
pub(super) fn read(bytes: &[u8]) -> Result<Value, Unreadable> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    let value = value.map_err(|error| match error.classify() {
        Category::Data => Unreadable::DuplicateKey { column: error.column() },
        Category::Io | Category::Syntax | Category::Eof => {
            Unreadable::Syntax { column: error.column() }
        }
    })?;
    check(&value)?;
    Ok(value)
}

fn check(value: &Value) -> Result<(), Unreadable> {
    match value {
        Value::Null | Value::Bool(_) => Ok(()),
        Value::Number(number) => check_number(number),
        Value::String(text) => check_text(text),
        Value::Array(items) => items.iter().try_for_each(check),
        Value::Object(map) => map.iter().try_for_each(|(key, value)| {
            check_text(key)?;
            check(value)
        }),
    }
}

fn check_number(number: &Number) -> Result<(), Unreadable> {
    let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    match magnitude {
        None => Err(Unreadable::Float),
        Some(magnitude) if magnitude >= INTEGER_LIMIT => Err(Unreadable::Integer),
        Some(_) => Ok(()),
    }
}

fn check_text(text: &str) -> Result<(), Unreadable> {
    if text.chars().any(char::is_control) { Err(Unreadable::Control) } else { Ok(()) }
}

/// Builds a [`Value`] as `serde_json` does, except that a key that comes
/// twice is an error instead of the last one winning. That is the only error
/// it makes itself.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom("duplicate key"));
            }
            let value = access.next_value_seed(self)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(text: &str, expected: Unreadable) {
        assert_eq!(read(text.as_bytes()).err(), Some(expected), "{text}");
    }

    #[test]
    fn equal_keys_are_refused_at_every_depth() {
        refuses(r#"{"a":1,"a":1}"#, Unreadable::DuplicateKey { column: 10 });
        refuses(r#"[{"a":{"b":1,"\u0062":2}}]"#, Unreadable::DuplicateKey { column: 21 });
    }

    #[test]
    fn numbers_are_integers_that_a_double_holds() {
        assert!(read(b"[9007199254740991,-9007199254740991,0]").is_ok());
        refuses("9007199254740992", Unreadable::Integer);
        refuses("-9007199254740992", Unreadable::Integer);
        refuses("18446744073709551615", Unreadable::Integer);
        refuses("18446744073709551616", Unreadable::Float);
        refuses("1.0", Unreadable::Float);
        refuses("1e3", Unreadable::Float);
        refuses("-0", Unreadable::Float);
    }

    #[test]
    fn control_characters_are_refused_in_keys_and_values() {
        refuses(r#"{"a":"\u0000"}"#, Unreadable::Control);
        refuses(r#"{"a\n":1}"#, Unreadable::Control);
        refuses("\"\u{7f}\"", Unreadable::Control);
        refuses("\"\u{85}\"", Unreadable::Control);
        refuses("\"\n\"", Unreadable::Syntax { column: 0 });
    }

    #[test]
    fn nothing_follows_the_value() {
        refuses("{} {}", Unreadable::Syntax { column: 4 });
        refuses("", Unreadable::Syntax { column: 0 });
        refuses(&"[".repeat(200), Unreadable::Syntax { column: 128 });
    }
}
