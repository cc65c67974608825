//! A text in; the value out that it is, if it is surely written as this program writes it.
//!
//! Nearly every line that was ever stored is: to read those here takes a tenth off the check of a
//! ledger. What is not is no error: the library reads it.
//!
//! Without white space, escapes and control characters, which nearly no text needs, every value
//! has one spelling but for the order of its keys.

use bumpalo::Bump;
use serde_json::Number;

use super::{INTEGER_LIMIT, Node, Table};

/// Parts of open tables and lists that there is room for from the start.
const ROOM: usize = 64;
/// What is nested deeper is left to the library.
const DEPTH: usize = 32;
/// As is a table of more keys than these that do not ascend.
const FEW: usize = 64;

/// Reads one value and nothing after it.
pub(super) fn read<'a>(text: &'a str, arena: &'a Bump) -> Option<Node<'a>> {
    if !is_plain(text.as_bytes()) {
        return None;
    }
    let (pairs, members) = (Vec::with_capacity(ROOM), Vec::with_capacity(ROOM));
    let mut reader = Reader { text, at: 0, arena, pairs, members };
    let node = reader.value(DEPTH)?;
    (reader.at == text.len()).then_some(node)
}

/// True if no text in these bytes holds a control character or an escape: seen at once, and
/// not for each text by itself.
fn is_plain(bytes: &[u8]) -> bool {
    let is_odd = |byte: u8| byte < b' ' || byte == 0x7f || byte == b'\\';
    // Without a way out, so that the compiler takes many bytes at a time.
    let is_plain = !bytes.iter().fold(false, |found, &byte| found | is_odd(byte));
    // The control characters beyond ASCII are this byte and one of these.
    let is_control = |at: usize| matches!(bytes.get(at + 1), Some(0x80..=0x9f));
    is_plain && !memchr::memchr_iter(0xc2, bytes).any(is_control)
}

struct Reader<'a> {
    text: &'a str,
    /// Bytes that were read.
    at: usize,
    arena: &'a Bump,
    /// Pairs of the tables that are not closed yet, the innermost ones last.
    pairs: Vec<(&'a str, Node<'a>)>,
    /// Members of the lists that are not closed yet.
    members: Vec<Node<'a>>,
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

    /// Nothing in it is escaped: it ends where the next mark stands.
    fn string(&mut self) -> Option<&'a str> {
        if !self.is_next(b'"') {
            return None;
        }
        let rest = &self.text[self.at..];
        let end = memchr::memchr(b'"', rest.as_bytes())?;
        self.at += end + 1;
        Some(&rest[..end])
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
        let from = self.members.len();
        while !self.is_next(b']') {
            if self.members.len() > from && !self.is_next(b',') {
                return None;
            }
            let node = self.value(depth)?;
            self.members.push(node);
        }
        Some(Node::List(self.arena.alloc_slice_fill_iter(self.members.drain(from..))))
    }

    fn table(&mut self, depth: usize) -> Option<Node<'a>> {
        self.at += 1;
        let from = self.pairs.len();
        let mut is_ascending = true;
        while !self.is_next(b'}') {
            if self.pairs.len() > from && !self.is_next(b',') {
                return None;
            }
            let key = self.string()?;
            let table = &self.pairs[from..];
            // As nearly all tables are: a key is compared with one and not with all then.
            is_ascending &= table.last().is_none_or(|(last, _)| *last < key);
            if !is_ascending && (table.len() >= FEW || table.iter().any(|(known, _)| *known == key))
            {
                return None;
            }
            if !self.is_next(b':') {
                return None;
            }
            let node = self.value(depth)?;
            self.pairs.push((key, node));
        }
        Some(Node::Table(Table(self.arena.alloc_slice_fill_iter(self.pairs.drain(from..)))))
    }
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
            "\"\u{7f}\"",
            "\"\u{85}\"",
            "\"\t\"",
        ] {
            assert_eq!(read(text, &Bump::new()), None, "{text}");
        }
    }

    #[test]
    fn keys_that_do_not_ascend_are_read_and_told_from_those_that_come_twice() {
        assert!(agrees(r#"{"seq":0,"type":"a","time":"b","run":null,"body":{}}"#));
        let table = |keys: &[usize]| {
            let pairs: Vec<String> = keys.iter().map(|key| format!("\"{key:03}\":0")).collect();
            format!("{{{}}}", pairs.join(","))
        };
        let ascending: Vec<usize> = (0..200).collect();
        assert!(agrees(&table(&ascending)));
        for twice in [0, 63, 64, 199] {
            assert!(!agrees(&table(&[ascending.as_slice(), &[twice]].concat())), "{twice}");
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
