//! Settings that are written as a word, a table or an array in; what they are, or what
//! is wrong in them, out.
//!
//! Which of them it is decides how it is read. Of an untagged enum it would only be said
//! that no variant fits, and not that `k` must be 2 or more.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Mac, Rule, Rules, VendorOf, Word};

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl<'de> Visitor<'de> for Written {
            type Value = Rules;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word, a rule or several rules")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Rules, E> {
                Word::deserialize(StrDeserializer::new(word)).map(Rules::Word)
            }

            fn visit_map<A: MapAccess<'de>>(self, rule: A) -> Result<Rules, A::Error> {
                Rule::deserialize(MapAccessDeserializer::new(rule)).map(Box::new).map(Rules::One)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, rules: A) -> Result<Rules, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(rules)).map(Rules::Several)
            }
        }

        deserializer.deserialize_any(Written)
    }
}

/// `mac`, as a word.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MacWord {
    Vendor,
    Randomised,
}

/// `mac`, as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MacTable {
    vendor: VendorOf,
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl<'de> Visitor<'de> for Written {
            type Value = Mac;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`vendor`, `randomised` or a table with `vendor`")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Mac, E> {
                Ok(match MacWord::deserialize(StrDeserializer::new(word))? {
                    MacWord::Vendor => Mac::Vendor,
                    MacWord::Randomised => Mac::Randomised,
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Mac, A::Error> {
                let MacTable { vendor } = MacTable::deserialize(MapAccessDeserializer::new(table))?;
                Ok(Mac::VendorOf { vendor })
            }
        }

        deserializer.deserialize_any(Written)
    }
}
