//! A text in; the value out that it is, if it is surely written as this program writes it.
//!
//! Nearly every line that was ever stored is: to read those here takes nearly a fifth off the
//! check of a ledger. What is not is no error: the library reads it.
//!
//! Without white space, escapes and control characters, which nearly no text needs, every value
//! has one spelling but for the order of its keys. Texts begin and end at a quote then: where
//! those stand is found in one pass, which also tells whether there is anything else.
//!
//! Source: Langdale and Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019,
//! section 3.1.

use bumpalo::Bump;
use bumpalo::collections::Vec as Parts;
use serde_json::Number;
use wide::u8x16;

use super::{INTEGER_LIMIT, Node, Table};

/// Bytes of which the quotes are the bits of one number.
const BLOCK: usize = u64::BITS as usize;
/// Parts that there is room for when the first of a table or list is put there.
const ROOM: usize = 8;
/// What is nested deeper is left to the library.
const DEPTH: usize = 32;
/// As is a table of more keys.
const FEW: usize = 64;

/// Reads one value and nothing after it.
pub(super) fn read<'a>(text: &'a str, arena: &'a Bump) -> Option<Node<'a>> {
    let quotes = quotes(text.as_bytes(), arena)?;
    let mut reader = Reader { text, at: 0, arena, quotes };
    let node = reader.value(DEPTH)?;
    (reader.at == text.len()).then_some(node)
}

/// Where quotes stand, a bit for each byte; `None` if a control character or an escape does
/// anywhere.
fn quotes<'a>(bytes: &[u8], arena: &'a Bump) -> Option<&'a [u64]> {
    let [quote, escape, last, delete, latin] = [b'"', b'\\', 0x1f, 0x7f, 0xc2].map(u8x16::splat);
    let (mut is_odd, mut is_latin) = (u8x16::splat(0), u8x16::splat(0));
    let mut look = |block: &[u8; BLOCK]| {
        let parts = block.as_chunks::<16>().0.iter().rev();
        parts.fold(0, |quotes, part| {
            let part = u8x16::new(*part);
            let is_control = part.min(last).simd_eq(part) | part.simd_eq(delete);
            is_odd |= is_control | part.simd_eq(escape);
            is_latin |= part.simd_eq(latin);
            quotes << 16 | u64::from(part.simd_eq(quote).to_bitmask())
        })
    };
    let (blocks, rest) = bytes.as_chunks();
    let mut behind = [b' '; BLOCK];
    behind[..rest.len()].copy_from_slice(rest);
    let block = |index: usize| look(blocks.get(index).unwrap_or(&behind));
    let quotes = arena.alloc_slice_fill_with(blocks.len() + 1, block);
    // The control characters beyond ASCII are this byte and one of these.
    let is_control = |at: usize| matches!(bytes.get(at + 1), Some(0x80..=0x9f));
    let is_odd = is_odd.to_bitmask() != 0
        || is_latin.to_bitmask() != 0 && memchr::memchr_iter(0xc2, bytes).any(is_control);
    (!is_odd).then_some(quotes)
}

struct Reader<'a> {
    text: &'a str,
    /// Bytes that were read.
    at: usize,
    arena: &'a Bump,
    quotes: &'a [u64],
}

impl<'a> Reader<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on if this is the next byte.
    fn is_next(&mut self, byte: u8) -> bool {
        let is_it = self.next() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    fn value(&mut self, depth: usize) -> Option<Node<'a>> {
        match self.next()? {
            b'"' => self.string().map(Node::Text),
            b'{' => self.table(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'n' => self.word("null", Node::Null),
            b't' => self.word("true", Node::Flag(true)),
            b'f' => self.word("false", Node::Flag(false)),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, node: Node<'a>) -> Option<Node<'a>> {
        let is_it = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        is_it.then_some(node)
    }

    /// Nothing in it is escaped: it ends at the next quote.
    #[inline]
    fn string(&mut self) -> Option<&'a str> {
        if !self.is_next(b'"') {
            return None;
        }
        let (from, mut block) = (self.at, self.at / BLOCK);
        let mut quotes = self.quotes.get(block)? & u64::MAX << (from % BLOCK);
        while quotes == 0 {
            block += 1;
            quotes = *self.quotes.get(block)?;
        }
        let end = block * BLOCK + quotes.trailing_zeros() as usize;
        self.at = end + 1;
        self.text.get(from..end)
    }

    fn number(&mut self) -> Option<Node<'a>> {
        let from = self.at;
        let is_negative = self.is_next(b'-');
        let digits = &self.text.as_bytes()[self.at..];
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        let has_one_spelling = count == 1 || digits.first() != Some(&b'0');
        let number: i64 = self.text[from..self.at].parse().ok()?;
        let is_good = has_one_spelling
            && number.unsigned_abs() < INTEGER_LIMIT
            && !(is_negative && number == 0);
        is_good.then(|| Node::Number(Number::from(number)))
    }

    fn list(&mut self, depth: usize) -> Option<Node<'a>> {
        self.at += 1;
        let mut members = Parts::new_in(self.arena);
        while !self.is_next(b']') {
            if members.is_empty() {
                members.reserve(ROOM);
            } else if !self.is_next(b',') {
                return None;
            }
            if self.next() == Some(b'"') {
                members.push(Node::Text(self.string()?));
            } else {
                members.push(self.value(depth)?);
            }
        }
        Some(Node::List(members.into_bump_slice()))
    }

    fn table(&mut self, depth: usize) -> Option<Node<'a>> {
        self.at += 1;
        let (mut pairs, mut seen) = (Parts::new_in(self.arena), 0);
        while !self.is_next(b'}') {
            if pairs.is_empty() {
                pairs.reserve(ROOM);
            } else if !self.is_next(b',') {
                return None;
            }
            let key = self.string()?;
            let bit = bit(key);
            let is_known = |(known, _): &(&str, Node<'_>)| *known == key;
            if pairs.len() == FEW || seen & bit != 0 && pairs.iter().any(is_known) {
                return None;
            }
            seen |= bit;
            if !self.is_next(b':') {
                return None;
            }
            // Most are texts, which are put here straight: by way of a value they would be
            // written in parts, and read as a whole before those have arrived.
            if self.next() == Some(b'"') {
                pairs.push((key, Node::Text(self.string()?)));
            } else {
                pairs.push((key, self.value(depth)?));
            }
        }
        Some(Node::Table(Table(pairs.into_bump_slice())))
    }
}

/// One bit, the same for equal keys and mostly another for others: few keys need be compared with
/// those before them then.
fn bit(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let ends = [bytes.first(), bytes.get(bytes.len() / 2), bytes.last()];
    let [first, middle, last] = ends.map(|end| end.map_or(0, |byte| usize::from(*byte)));
    let mixed = first * 0x9e37 + middle * 0x85eb + last * 0xc2b3;
    1 << ((mixed / 0x100 + bytes.len()) % BLOCK)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::ledger::json::by_library;

    /// Values that a record may hold, of texts that need no escape.
    fn value() -> impl Strategy<Value = Value> {
        let limit = INTEGER_LIMIT.cast_signed();
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (1 - limit..limit).prop_map(Value::from),
            "[ !#-\\[\\]-~가-힣é]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-d]{0,2}", inner), 0..6)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    /// Whatever is read here, the library reads alike, and it is written so.
    fn agrees(text: &str) -> bool {
        let arena = Bump::new();
        let found = read(text, &arena);
        if let Some(found) = &found {
            assert_eq!(Ok(found), by_library(text, &arena).as_ref(), "{text}");
            assert_eq!(serde_json::to_string(found).unwrap(), text);
        }
        found.is_some()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_this_program_writes_is_read_here_and_as_the_library_does(value in value()) {
            prop_assert!(agrees(&value.to_string()));
        }

        #[test]
        fn a_text_with_one_letter_another_is_read_as_the_library_does_or_not_here(
            value in value(),
            at in any::<prop::sample::Index>(),
            letter in "[-\"\\\\{}\\[\\],: 0-9eE.+a-d\u{1}\u{7f}\u{85}]?",
        ) {
            let text = value.to_string();
            let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
            let start = starts[at.index(starts.len())];
            let mut rest = text[start..].chars();
            let (before, behind) = (&text[..start], &text[start..]);
            agrees(&format!("{before}{letter}{behind}"));
            rest.next();
            agrees(&format!("{before}{letter}{}", rest.as_str()));
        }
    }

    #[test]
    fn what_has_another_spelling_or_is_no_value_is_not_read() {
        for text in [
            "",
            " 0",
            "0 ",
            "[1,]",
            "[,1]",
            "[1 2]",
            r#"{"a":1,}"#,
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1"b":2}"#,
            "[",
            "{",
            "\"",
            "nul",
            "nulll",
            "00",
            "01",
            "-",
            "-0",
            "-01",
            "+1",
            "1.0",
            "1e3",
            "9007199254740992",
            "-9007199254740992",
            "99999999999999999999",
            r#""\u0041""#,
            r#"{"a":1,"a":1}"#,
            r#"{"b":1,"a":1,"b":1}"#,
            "{1:2}",
            // What follows a quote without its other one is no value of its own.
            "[\"1]",
            "{\"a\":\"1}",
            "\"\u{7f}\"",
            "\"\u{85}\"",
            "\"\t\"",
        ] {
            assert_eq!(read(text, &Bump::new()), None, "{text}");
        }
    }

    #[test]
    fn a_key_that_comes_twice_is_found_wherever_it_stands() {
        assert!(agrees(r#"{"seq":0,"type":"a","time":"b","run":null,"body":{}}"#));
        let table = |keys: &[usize]| {
            let pairs: Vec<String> = keys.iter().map(|key| format!("\"{key:03}\":0")).collect();
            format!("{{{}}}", pairs.join(","))
        };
        let known: Vec<usize> = (0..FEW).collect();
        assert!(agrees(&table(&known)));
        assert!(!agrees(&table(&[known.as_slice(), &[FEW]].concat())));
        for twice in 0..FEW - 1 {
            let keys = [&known[..FEW - 1], &[twice]].concat();
            assert!(!agrees(&table(&keys)), "{twice}");
        }
    }

    #[test]
    fn quotes_are_found_at_every_place_of_a_block() {
        for length in 0..3 * BLOCK {
            let text = "x".repeat(length);
            assert!(agrees(&format!("[\"{text}\",\"\",{{\"{text}\":null}}]")), "{length}");
            for odd in ["\\", "\u{1f}", "\u{7f}", "\u{80}", "\u{9f}"] {
                assert!(!agrees(&format!("\"{text}{odd}{text}\"")), "{length} {odd:?}");
            }
            for plain in ["\u{a0}", "\u{b7}", "가"] {
                assert!(agrees(&format!("\"{text}{plain}{text}\"")), "{length} {plain}");
            }
        }
    }

    #[test]
    fn depth_has_a_bound() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(agrees(&nested(DEPTH)));
        assert!(!agrees(&nested(DEPTH + 1)));
        assert!(!agrees(&"[".repeat(100_000)));
        assert!(agrees(&json!({"a": [{"b": null}]}).to_string()));
    }
}
