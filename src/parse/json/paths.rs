//! A line of JSON in; the paths of its values out.
//!
//! Not here: which of them are wanted.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer as _, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// Paths of the lines that are looked at, one line after the other.
#[derive(Default)]
pub(super) struct Paths {
    /// Where in the line the walk is.
    path: String,
    /// The paths of the line, one after the other, and where each ends.
    text: String,
    ends: Vec<usize>,
}

impl Paths {
    /// Gives every path of a value of the line; none if it is no object.
    pub(super) fn each(&mut self, line: &[u8], mut each: impl FnMut(&str)) {
        self.path.clear();
        self.text.clear();
        self.ends.clear();
        let mut json = serde_json::Deserializer::from_slice(line);
        let is_read = json.deserialize_map(Walk { paths: self, is_top: true }).is_ok();
        if !is_read || json.end().is_err() {
            return;
        }
        let mut start = 0;
        for &end in &self.ends {
            each(&self.text[start..end]);
            start = end;
        }
    }
}

/// The walk through one value.
struct Walk<'p> {
    paths: &'p mut Paths,
    is_top: bool,
}

impl Walk<'_> {
    #[expect(clippy::unnecessary_wraps, reason = "what visitors return")]
    fn leaf<E>(self) -> Result<(), E> {
        self.paths.text.push_str(&self.paths.path);
        self.paths.ends.push(self.paths.text.len());
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let before = self.paths.path.len();
        while map.next_key_seed(Key { paths: self.paths, is_top: self.is_top })?.is_some() {
            map.next_value_seed(Walk { paths: self.paths, is_top: false })?;
            self.paths.path.truncate(before);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.leaf()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.leaf()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.leaf()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.leaf()
    }
}

/// The key of a member, added to the path.
struct Key<'p> {
    paths: &'p mut Paths,
    is_top: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        if !self.is_top {
            self.paths.path.push('.');
        }
        self.paths.path.push_str(key);
        Ok(())
    }
}
