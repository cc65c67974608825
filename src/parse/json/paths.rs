//! A line of JSON in; the paths of its values, and how these are written, out.
//!
//! As lenient as what reads the lines: of a value only its first byte is looked at,
//! so that a line which became a row has its paths told.
//!
//! Not here: which of them are wanted.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A path that is longer is not followed: nobody names such, and strangers could
/// make many of them.
const PATH_BYTES: usize = 256;

/// Paths of the lines that are looked at, one line after the other.
#[derive(Default)]
pub(super) struct Paths<'a> {
    /// Where in the line the walk is.
    path: String,
    /// The paths of the line, one after the other, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// The value of each.
    values: Vec<&'a str>,
}

impl<'a> Paths<'a> {
    /// Gives every path of a value of the line, and that. False if it is no object.
    pub(super) fn each(&mut self, line: &'a [u8], mut each: impl FnMut(&str, &str)) -> bool {
        self.path.clear();
        self.text.clear();
        self.ends.clear();
        self.values.clear();
        let is_read = str::from_utf8(line).is_ok_and(|text| self.object(text).is_ok());
        if !is_read {
            return false;
        }
        let mut start = 0;
        for (&end, value) in self.ends.iter().zip(&self.values) {
            each(&self.text[start..end], value);
            start = end;
        }
        true
    }

    fn object(&mut self, text: &'a str) -> serde_json::Result<()> {
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(Members { paths: self })?;
        json.end()
    }
}

/// The members of one object.
struct Members<'p, 'a> {
    paths: &'p mut Paths<'a>,
}

impl<'de> Visitor<'de> for Members<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let paths = self.paths;
        let before = paths.path.len();
        while map.next_key_seed(Key { path: &mut paths.path })?.is_some() {
            let value: &'de RawValue = map.next_value()?;
            if value.get().starts_with('{') && paths.path.len() <= PATH_BYTES {
                paths.object(value.get()).map_err(A::Error::custom)?;
            } else {
                paths.text.push_str(&paths.path);
                paths.ends.push(paths.text.len());
                paths.values.push(value.get());
            }
            paths.path.truncate(before);
        }
        Ok(())
    }
}

/// The key of a member, added to the path.
struct Key<'p> {
    path: &'p mut String,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        // What is cut off is told from a name that anybody would give.
        let end = key.floor_char_boundary(PATH_BYTES + 1);
        self.path.push_str(&key[..end]);
        Ok(())
    }
}
