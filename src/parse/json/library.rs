//! Any line in; the wanted values, where they stand, out.
//!
//! Not here: lines that are read faster (`usual`).

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Met, Node};
use crate::parse::Reason;
use crate::parse::span::Span;

/// Finds the wanted values of the one object in a line: how they are written,
/// quotes included.
pub(super) fn object(line: &str, wanted: &Node, values: &mut [Option<Span>]) -> Result<(), Reason> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let object = Object { line, wanted, values };
    object.deserialize(&mut reader).and_then(|()| reader.end()).map_err(|_| Reason::Json)
}

/// Where a piece of a text stands in it.
pub(super) fn offset(whole: &[u8], piece: &str) -> usize {
    piece.as_ptr().addr() - whole.as_ptr().addr()
}

/// An object, and what is wanted of it.
struct Object<'w, 'v, 'a> {
    line: &'a str,
    wanted: &'w Node,
    values: &'v mut [Option<Span>],
}

impl<'a> DeserializeSeed<'a> for Object<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Object<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let mut met = Met::default();
        while let Some(key) = map.next_key_seed(Key)? {
            let Some((number, entry)) = self.wanted.find(key.as_bytes()) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if met.again(number) {
                return Err(A::Error::custom("twice"));
            }
            let raw = map.next_value::<&RawValue>()?.get();
            let start = offset(self.line.as_bytes(), raw);
            for &place in &entry.columns {
                let found = Span { start, end: start + raw.len() };
                if self.values[place].replace(found).is_some() {
                    return Err(A::Error::custom("twice"));
                }
            }
            if let Some(wanted) = entry.inner.as_ref().filter(|_| raw.starts_with('{')) {
                let mut reader = serde_json::Deserializer::from_str(raw);
                let inner = Object { line: self.line, wanted, values: self.values };
                inner.deserialize(&mut reader).map_err(A::Error::custom)?;
            }
        }
        Ok(())
    }
}

/// A key, copied only if it has an escape.
struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Cow<'a, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'a str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}
