//! Bytes in; a JSON value that every reader understands alike out.
//!
//! JSON leaves open what two equal keys mean, how exact a number is and what
//! becomes of control characters. Evidence must not depend on any of that, so
//! all three are refused.
//!
//! Source: RFC 8259 sections 4 and 6; RFC 7493 (I-JSON) sections 2.2 and 2.3.
//!
//! Not here: which keys a record has (`record`).

use std::collections::BTreeSet;
use std::fmt;

use bumpalo::Bump;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

mod tight;

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
    Text(&'a str),
    List(&'a [Node<'a>]),
    Table(Table<'a>),
}

/// Keys and values, in their order; no key stands there twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Table<'a>(&'a [(&'a str, Node<'a>)]);

/// Reads one value and nothing after it. Its parts are put into `arena`, which is cheaper than
/// an allocation for each.
///
/// # Errors
///
/// See [`Unreadable`].
pub(super) fn read<'a>(bytes: &'a [u8], arena: &'a Bump) -> Result<Node<'a>, Unreadable> {
    read_line(bytes, arena).map(|(node, _)| node)
}

/// As [`read`]. True beside it if the value is surely written as this program writes it: without
/// white space, and without escapes, which nearly no text needs. Every part of it has one
/// spelling then.
///
/// # Errors
///
/// As there.
pub(super) fn read_line<'a>(
    bytes: &'a [u8],
    arena: &'a Bump,
) -> Result<(Node<'a>, bool), Unreadable> {
    let text = simdutf8::basic::from_utf8(bytes)
        // Which is faster, and does not tell where.
        .or_else(|_| std::str::from_utf8(bytes))
        .map_err(|error| Unreadable::Syntax { column: error.valid_up_to() + 1 })?;
    match tight::read(text, arena) {
        Some(node) => Ok((node, true)),
        None => Ok((by_library(text, arena)?, false)),
    }
}

fn by_library<'a>(text: &'a str, arena: &'a Bump) -> Result<Node<'a>, Unreadable> {
    let mut state = State { arena, refused: None };
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Strict(&mut state).deserialize(&mut reader);
    let node = node.and_then(|node| reader.end().map(|()| node));
    let node = node.map_err(|error| match error.classify() {
        Category::Data => Unreadable::DuplicateKey { column: error.column() },
        Category::Io | Category::Syntax | Category::Eof => {
            Unreadable::Syntax { column: error.column() }
        }
    })?;
    state.refused.map_or(Ok(node), Err)
}

impl<'a> Node<'a> {
    /// A value that somebody else read.
    pub(super) fn of(value: &'a Value, arena: &'a Bump) -> Self {
        match value {
            Value::Null => Node::Null,
            Value::Bool(flag) => Node::Flag(*flag),
            Value::Number(number) => Node::Number(number.clone()),
            Value::String(text) => Node::Text(text),
            Value::Array(list) => {
                let nodes = list.iter().map(|value| Node::of(value, arena));
                Node::List(arena.alloc_slice_fill_iter(nodes))
            }
            Value::Object(map) => Node::Table(Table::of(map, arena)),
        }
    }

    /// The same value, which borrows nothing.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Node::Null => Value::Null,
            Node::Flag(flag) => Value::Bool(*flag),
            Node::Number(number) => Value::Number(number.clone()),
            Node::Text(text) => Value::String((*text).to_owned()),
            Node::List(list) => Value::Array(list.iter().map(Node::to_value).collect()),
            Node::Table(table) => Value::Object(table.to_map()),
        }
    }

    pub(super) fn as_str(&self) -> Option<&'a str> {
        if let Node::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        if let Node::Number(number) = self { number.as_u64() } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&'a [Node<'a>]> {
        if let Node::List(list) = self { Some(list) } else { None }
    }

    pub(super) fn as_table(&self) -> Option<Table<'a>> {
        if let Node::Table(table) = self { Some(*table) } else { None }
    }
}

impl<'a> Table<'a> {
    /// A table that somebody else read.
    pub(super) fn of(map: &'a Map<String, Value>, arena: &'a Bump) -> Self {
        let pairs = map.iter().map(|(key, value)| (key.as_str(), Node::of(value, arena)));
        // Which tells how many it has.
        Self(arena.alloc_slice_fill_iter(pairs))
    }

    /// The same table, which borrows nothing.
    pub(super) fn to_map(self) -> Map<String, Value> {
        self.0.iter().map(|(key, node)| ((*key).to_owned(), node.to_value())).collect()
    }

    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn get(self, key: &str) -> Option<&'a Node<'a>> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, node)| node)
    }

    /// As [`Table::get`], where keys are asked for about in their order: looks from `from`
    /// on first, and leaves it behind what it found.
    pub(super) fn get_behind(self, key: &str, from: &mut usize) -> Option<&'a Node<'a>> {
        let (before, behind) = self.0.split_at((*from).min(self.0.len()));
        let is_it = |(known, _): &(&str, Node<'_>)| *known == key;
        let found = match behind.iter().position(is_it) {
            Some(place) => before.len() + place,
            None => before.iter().position(is_it)?,
        };
        *from = found + 1;
        Some(&self.0[found].1)
    }

    /// The keys, in their order.
    pub(super) fn keys(self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// What is known while a value is read.
struct State<'a> {
    arena: &'a Bump,
    /// The first part that must not be. It is told of what can be read to its end alone.
    refused: Option<Unreadable>,
}

impl<'a> State<'a> {
    fn text(&mut self, text: &'a str) -> &'a str {
        if text.chars().any(char::is_control) {
            self.refuse(Unreadable::Control);
        }
        text
    }

    fn number(&mut self, number: Number) -> Node<'a> {
        let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
        match magnitude {
            None => self.refuse(Unreadable::Float),
            Some(magnitude) if magnitude >= INTEGER_LIMIT => self.refuse(Unreadable::Integer),
            Some(_) => {}
        }
        Node::Number(number)
    }

    fn refuse(&mut self, why: Unreadable) {
        self.refused.get_or_insert(why);
    }
}

/// Builds a value as `serde_json` does, except that a key that comes twice is an error instead
/// of the last one winning. That is the only error it makes itself.
struct Strict<'s, 'a>(&'s mut State<'a>);

impl<'a> DeserializeSeed<'a> for Strict<'_, 'a> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Node<'a>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Strict<'_, 'a> {
    type Value = Node<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'a>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'a>, E> {
        Ok(Node::Flag(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'a>, E> {
        Ok(self.0.number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'a>, E> {
        Ok(self.0.number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node<'a>, E> {
        // JSON has no number that is none.
        let number = Number::from_f64(value).ok_or_else(|| E::custom("no number"))?;
        Ok(self.0.number(number))
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<Node<'a>, E> {
        Ok(Node::Text(self.0.text(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'a>, E> {
        let text = self.0.arena.alloc_str(value);
        Ok(Node::Text(self.0.text(text)))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut access: A) -> Result<Node<'a>, A::Error> {
        let state = self.0;
        let mut members = Vec::new();
        while let Some(node) = access.next_element_seed(Strict(state))? {
            members.push(node);
        }
        Ok(Node::List(state.arena.alloc_slice_fill_iter(members)))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut access: A) -> Result<Node<'a>, A::Error> {
        let state = self.0;
        let (mut pairs, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some(key) = access.next_key_seed(Key(state))? {
            if !seen.insert(key) {
                return Err(A::Error::custom("duplicate key"));
            }
            pairs.push((key, access.next_value_seed(Strict(state))?));
        }
        Ok(Node::Table(Table(state.arena.alloc_slice_fill_iter(pairs))))
    }
}

/// A key.
struct Key<'s, 'a>(&'s mut State<'a>);

impl<'a> DeserializeSeed<'a> for Key<'_, 'a> {
    type Value = &'a str;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<&'a str, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key<'_, 'a> {
    type Value = &'a str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<&'a str, E> {
        Ok(self.0.text(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<&'a str, E> {
        let key = self.0.arena.alloc_str(value);
        Ok(self.0.text(key))
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => writer.serialize_unit(),
            Node::Flag(flag) => writer.serialize_bool(*flag),
            Node::Number(number) => number.serialize(writer),
            Node::Text(text) => writer.serialize_str(text),
            Node::List(list) => writer.collect_seq(*list),
            Node::Table(table) => table.serialize(writer),
        }
    }
}

impl Serialize for Table<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut map = writer.serialize_map(Some(self.0.len()))?;
        for (key, node) in self.0 {
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
        assert_eq!(read(text.as_bytes(), &Bump::new()).err(), Some(expected), "{text}");
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
        let arena = Bump::new();
        assert!(read(many("1000").as_bytes(), &arena).is_ok());
        for last in [0, 63, 64, 65, 999] {
            let found = read(many(&last.to_string()).as_bytes(), &arena).err();
            assert!(matches!(found, Some(Unreadable::DuplicateKey { .. })), "{last}");
        }
    }

    #[test]
    fn keys_are_found_from_any_place() {
        let arena = Bump::new();
        let node = read(br#"{"a":1,"b":2,"c":3}"#, &arena).unwrap();
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
    fn a_value_without_white_space_is_told_from_one_with_it() {
        let text = r#"{"b":[null,true,false,-1,0,10,9007199254740991,"가·나"],"a":{},"":[]}"#;
        let arena = Bump::new();
        let is_tight = |text: &str| read_line(text.as_bytes(), &arena).unwrap().1;
        assert!(is_tight(text));
        for at in text.match_indices([':', ',', '[', ']', '{', '}']).map(|(at, _)| at) {
            let (before, behind) = text.split_at(at);
            assert!(!is_tight(&format!("{before} {behind}")), "{at}");
        }
    }

    #[test]
    fn what_is_read_is_written_as_it_was() {
        for text in [r#"{"b":[null,true,-1,"가\"\\"],"a":{}}"#, "[]", "0", r#""\u0041""#] {
            let arena = Bump::new();
            let node = read(text.as_bytes(), &arena).unwrap();
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&node).unwrap(), value.to_string());
            assert_eq!(Node::of(&value, &arena), node);
            assert_eq!(node.to_value(), value);
        }
    }

    #[test]
    fn numbers_are_integers_that_a_double_holds() {
        assert!(read(b"[9007199254740991,-9007199254740991,0]", &Bump::new()).is_ok());
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
