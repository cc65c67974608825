//! Bytes in; a JSON value that every reader understands alike out.
//!
//! JSON leaves open what two equal keys mean, how exact a number is and what
//! becomes of control characters. Evidence must not depend on any of that, so
//! all three are refused.
//!
//! Source: RFC 8259 sections 4 and 6; RFC 7493 (I-JSON) sections 2.2 and 2.3.
//!
//! Not here: which keys a record has (`record`).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
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

/// A value. Texts stay where they were read as far as they can.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    Null,
    Flag(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Table(Table<'a>),
}

/// Keys and values, in their order; no key stands there twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

/// Reads one value and nothing after it.
///
/// # Errors
///
/// See [`Unreadable`].
pub(super) fn read(bytes: &[u8]) -> Result<Node<'_>, Unreadable> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Unreadable::Syntax { column: error.valid_up_to() + 1 })?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Strict.deserialize(&mut reader).and_then(|node| reader.end().map(|()| node));
    let node = node.map_err(|error| match error.classify() {
        Category::Data => Unreadable::DuplicateKey { column: error.column() },
        Category::Io | Category::Syntax | Category::Eof => {
            Unreadable::Syntax { column: error.column() }
        }
    })?;
    check(&node, !is_plain(bytes))?;
    Ok(node)
}

/// True if no text in these bytes holds a control character or an escape, which nearly none
/// does: seen at once, and not for each text by itself.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let is_odd = |byte: u8| byte < b' ' || byte == 0x7f || byte == b'\\';
    // Without a way out, so that the compiler takes many bytes at a time.
    let is_plain = !bytes.iter().fold(false, |found, &byte| found | is_odd(byte));
    // The control characters beyond ASCII are this byte and one of these.
    let is_control = |at: usize| matches!(bytes.get(at + 1), Some(0x80..=0x9f));
    is_plain && !memchr::memchr_iter(0xc2, bytes).any(is_control)
}

impl<'a> Node<'a> {
    /// A value that somebody else read.
    pub(super) fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Node::Null,
            Value::Bool(flag) => Node::Flag(*flag),
            Value::Number(number) => Node::Number(number.clone()),
            Value::String(text) => Node::Text(Cow::Borrowed(text)),
            Value::Array(list) => Node::List(list.iter().map(Node::of).collect()),
            Value::Object(map) => Node::Table(Table::of(map)),
        }
    }

    /// The same value, which borrows nothing.
    pub(super) fn into_value(self) -> Value {
        match self {
            Node::Null => Value::Null,
            Node::Flag(flag) => Value::Bool(flag),
            Node::Number(number) => Value::Number(number),
            Node::Text(text) => Value::String(text.into_owned()),
            Node::List(list) => Value::Array(list.into_iter().map(Node::into_value).collect()),
            Node::Table(table) => Value::Object(table.into_map()),
        }
    }

    /// Bytes of the value as it is written without white space, if no text in it needs an
    /// escape.
    pub(super) fn plain_length(&self) -> usize {
        let commas = |values: usize| values.saturating_sub(1);
        match self {
            Node::Null | Node::Flag(true) => 4,
            Node::Flag(false) => 5,
            Node::Number(number) => {
                let magnitude = number.as_i64().map_or(0, i64::unsigned_abs);
                let digits = magnitude.checked_ilog10().unwrap_or_default() as usize + 1;
                digits + usize::from(number.as_i64().is_some_and(|number| number < 0))
            }
            Node::Text(text) => text.len() + 2,
            Node::List(list) => {
                2 + commas(list.len()) + list.iter().map(Node::plain_length).sum::<usize>()
            }
            Node::Table(table) => table.plain_length(),
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Node::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        if let Node::Number(number) = self { number.as_u64() } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&[Node<'a>]> {
        if let Node::List(list) = self { Some(list) } else { None }
    }

    pub(super) fn as_table(&self) -> Option<&Table<'a>> {
        if let Node::Table(table) = self { Some(table) } else { None }
    }
}

impl<'a> Table<'a> {
    pub(super) fn of(map: &'a Map<String, Value>) -> Self {
        let entry =
            |(key, value): (&'a String, &'a Value)| (Cow::Borrowed(key.as_str()), Node::of(value));
        Self(map.iter().map(entry).collect())
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        self.0.into_iter().map(|(key, node)| (key.into_owned(), node.into_value())).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, node)| node)
    }

    /// As [`Table::get`], where keys are asked for about in their order: looks from `from`
    /// on first, and leaves it behind what it found.
    pub(super) fn get_behind(&self, key: &str, from: &mut usize) -> Option<&Node<'a>> {
        let (before, behind) = self.0.split_at((*from).min(self.0.len()));
        let is_it = |(known, _): &&(Cow<'a, str>, Node<'a>)| known == key;
        let found = match behind.iter().position(|entry| is_it(&entry)) {
            Some(place) => before.len() + place,
            None => before.iter().position(|entry| is_it(&entry))?,
        };
        *from = found + 1;
        Some(&self.0[found].1)
    }

    /// The keys, in their order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_ref())
    }

    /// See [`Node::plain_length`].
    pub(super) fn plain_length(&self) -> usize {
        let pair = |(key, node): &(Cow<'_, str>, Node<'_>)| key.len() + 3 + node.plain_length();
        2 + self.len().saturating_sub(1) + self.0.iter().map(pair).sum::<usize>()
    }

    /// Takes a value out; the order of what is left is not kept.
    pub(super) fn take(&mut self, key: &str) -> Option<Node<'a>> {
        let place = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.swap_remove(place).1)
    }
}

/// Looks at numbers, and at texts if they may hold something that they must not.
fn check(node: &Node<'_>, has_odd_texts: bool) -> Result<(), Unreadable> {
    match node {
        Node::Number(number) => check_number(number),
        Node::Text(text) if has_odd_texts => check_text(text),
        Node::Null | Node::Flag(_) | Node::Text(_) => Ok(()),
        Node::List(list) => list.iter().try_for_each(|node| check(node, has_odd_texts)),
        Node::Table(table) => table.0.iter().try_for_each(|(key, node)| {
            if has_odd_texts {
                check_text(key)?;
            }
            check(node, has_odd_texts)
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

/// Up to so many keys are compared with each other, which is faster than to sort them.
const FEW: usize = 64;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Node<'de>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Flag(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node<'de>, E> {
        // JSON has no number that is none.
        Number::from_f64(value).map(Node::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = access.next_element_seed(self)? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut table: Vec<(Cow<'de, str>, Node<'de>)> = Vec::new();
        // Of a table with many keys: its keys.
        let mut seen = BTreeSet::new();
        while let Some(key) = access.next_key_seed(Key)? {
            let is_there = if table.len() < FEW {
                table.iter().any(|(known, _)| *known == key)
            } else {
                if table.len() == FEW {
                    seen.extend(table.iter().map(|(known, _)| known.clone()));
                }
                !seen.insert(key.clone())
            };
            if is_there {
                return Err(A::Error::custom("duplicate key"));
            }
            let node = access.next_value_seed(self)?;
            table.push((key, node));
        }
        Ok(Node::Table(Table(table)))
    }
}

/// A key, which is borrowed if nothing in it is escaped.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Cow<'de, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => writer.serialize_unit(),
            Node::Flag(flag) => writer.serialize_bool(*flag),
            Node::Number(number) => number.serialize(writer),
            Node::Text(text) => writer.serialize_str(text),
            Node::List(list) => writer.collect_seq(list),
            Node::Table(table) => table.serialize(writer),
        }
    }
}

impl Serialize for Table<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut map = writer.serialize_map(Some(self.0.len()))?;
        for (key, node) in &self.0 {
            map.serialize_entry(key, node)?;
        }
        map.end()
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
    fn equal_keys_are_refused_among_many() {
        let many = |last: &str| {
            let keys: Vec<String> = (0..1_000).map(|key| format!("\"{key}\":0")).collect();
            format!("{{{},\"{last}\":0}}", keys.join(","))
        };
        assert!(read(many("1000").as_bytes()).is_ok());
        for last in [0, 63, 64, 65, 999] {
            let found = read(many(&last.to_string()).as_bytes()).err();
            assert!(matches!(found, Some(Unreadable::DuplicateKey { .. })), "{last}");
        }
    }

    #[test]
    fn keys_are_found_from_any_place() {
        let node = read(br#"{"a":1,"b":2,"c":3}"#).unwrap();
        let table = node.as_table().unwrap();
        for from in 0..5 {
            for (key, number) in [("a", 1), ("b", 2), ("c", 3)] {
                let mut behind = from;
                let found = table.get_behind(key, &mut behind).and_then(Node::as_u64);
                assert_eq!((found, behind), (Some(number), usize::try_from(number).unwrap()));
            }
            assert_eq!(table.get_behind("d", &mut from.clone()), None);
        }
    }

    #[test]
    fn a_plain_value_is_as_long_as_it_is_written() {
        let text = r#"{"b":[null,true,false,-1,0,10,9007199254740991,"가·나"],"a":{},"":[]}"#;
        assert!(is_plain(text.as_bytes()));
        assert_eq!(read(text.as_bytes()).unwrap().plain_length(), text.len());
        for odd in ["\\", "\t", "\u{7f}", "\u{80}", "\u{9f}"] {
            assert!(!is_plain(odd.as_bytes()), "{odd:?}");
        }
        assert!(is_plain("\u{a0}\u{b7}\u{c0}".as_bytes()));
    }

    #[test]
    fn what_is_read_is_written_as_it_was() {
        for text in [r#"{"b":[null,true,-1,"가\"\\"],"a":{}}"#, "[]", "0", r#""\u0041""#] {
            let node = read(text.as_bytes()).unwrap();
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&node).unwrap(), value.to_string());
            assert_eq!(Node::of(&value), node);
            assert_eq!(node.into_value(), value);
        }
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
