//! A `=` or `:` in; the name of a person behind it, or none, out.
//!
//! | key | value that is a name |
//! |---|---|
//! | of a person: `userName`, `mb_name`, `user[name]`, 성명, 신청자명 | 2 to 10 syllables of Hangul; 1 to 5 words of Latin letters |
//! | `name`, `nm`, 이름 | a Korean surname and 1 to 3 syllables; 2 to 4 Latin words with a surname among them |
//!
//! Values that are words of such systems (전체, 관리자, `admin`) or end like places and
//! things (…도서관, …센터) are none. Neither are names of which a part is hidden (`홍*동`).
//! Names of authors are public and none here: `author=`, 저자.
//!
//! Source: 통계청, 인구주택총조사 (surnames).
//!
//! Not here: names in free text and search words.

use super::context::{Key, View};
use super::surnames::{self, is_stopped, is_stopped_latin};
use super::{Hit, Kind, words};

/// Most syllables behind a key of a person, and behind any other.
const SYLLABLES: usize = 10;
const KOREAN_SYLLABLES: usize = 4;

/// Most bytes and words of a name in Latin letters.
const LATIN: usize = 48;
const WORDS: usize = 5;

/// How sure a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// The value is a person's name.
    Person,
    /// The value is a name, most often a person's: 이름.
    Name,
    /// The value is the name of something: `name`.
    Anything,
}

/// The whole of what stands before `name` or `nm`.
const WHOSE: &str = "cust e emp eng h han k kor m mb mbr mem my psn rsv std u usr";

/// Korean keys of a person.
const KOREAN_KEYS: &str = "가입자 가입자명 고객명 내담자 담당자 대출자 대출자명 민원인 보호자 \
보호자명 본명 사용자명 사용자이름 상담자 성명 성함 수령인 신청인 신청자 신청자명 실명 \
영문이름 예금주 예약자 예약자명 이용자명 작성자 접수자 참가자 학생명 한글이름 환자명 회원명 \
회원이름";

/// The name behind a mark of so many bytes at `place`, if `key` asks for one.
pub(super) fn after(view: View<'_>, key: &Key<'_>, place: usize, width: usize) -> Option<Hit> {
    let sure = sureness(key)?;
    let bytes = view.from(place + width);
    let skipped = skipped(bytes);
    let start = place + width + skipped;
    let value = &bytes[skipped..];
    let length = hangul_name(value, sure).or_else(|| latin_name(value, sure))?;
    Some(Hit { kind: Kind::Name, span: start..start + length })
}

/// How sure a key is, if it asks for a name at all.
fn sureness(key: &Key<'_>) -> Option<Sure> {
    if !key.raw.last()?.is_ascii() {
        return korean_sureness(key.raw);
    }
    let letters = key.letters();
    let whose = letters.strip_suffix(b"name").or_else(|| letters.strip_suffix(b"nm"))?;
    let Some(last) = whose.last() else { return Some(Sure::Anything) };
    let is_person =
        words::is_among(WHOSE, whose) || whose_ends(*last).iter().any(|end| whose.ends_with(end));
    is_person.then_some(Sure::Person)
}

/// What ends what stands before `name`, of those that end with a letter.
fn whose_ends(last: u8) -> &'static [&'static [u8]] {
    match last {
        b'd' => &[b"child"],
        b'e' => &[b"attendee", b"counselee", b"employee", b"middle"],
        b'f' => &[b"staff"],
        b'k' => &[b"nick"],
        b'l' => &[b"full", b"pupil", b"real"],
        b'n' => &[b"given", b"guardian", b"korean", b"person"],
        b'r' => &[
            b"member",
            b"user",
            b"accountholder",
            b"borrower",
            b"buyer",
            b"cardholder",
            b"counselor",
            b"customer",
            b"depositor",
            b"foreigner",
            b"loaner",
            b"orderer",
            b"owner",
            b"payer",
            b"reader",
            b"receiver",
            b"reserver",
            b"sender",
            b"sur",
            b"teacher",
            b"visitor",
            b"worker",
            b"writer",
        ],
        b't' => &[
            b"applicant",
            b"contact",
            b"first",
            b"guest",
            b"last",
            b"participant",
            b"patient",
            b"recipient",
            b"registrant",
            b"resident",
            b"stdnt",
            b"student",
        ],
        b'y' => &[b"family"],
        _ => &[],
    }
}

fn korean_sureness(raw: &[u8]) -> Option<Sure> {
    let word = raw.rsplit(u8::is_ascii).next()?;
    if words::is_among(KOREAN_KEYS, word) {
        return Some(Sure::Person);
    }
    (word == "이름".as_bytes()).then_some(Sure::Name)
}

/// Bytes of blanks and quotes before a value.
fn skipped(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    for _ in 0..4 {
        rest = match rest {
            [b' ' | b'+' | b'"' | b'\'' | b'\\', after @ ..]
            | [b'%', b'2', b'0' | b'2' | b'7', after @ ..] => after,
            _ => break,
        };
    }
    bytes.len() - rest.len()
}

/// Bytes of a name in Hangul that a value begins with.
fn hangul_name(value: &[u8], sure: Sure) -> Option<usize> {
    let most = if sure == Sure::Person { SYLLABLES } else { KOREAN_SYLLABLES };
    let first = syllables(value, most);
    if first == 0 || first > most || is_hidden(&value[first * 3..]) {
        return None;
    }
    let word = &value[..first * 3];
    if sure == Sure::Person && first <= 2 && surnames::is_surname(word) {
        return given_name_behind(value, first);
    }
    let is_name = match sure {
        Sure::Person => first >= 2,
        Sure::Name => surnames::is_korean(word),
        Sure::Anything => surnames::is_korean(word) && !is_title(&value[first * 3..]),
    };
    (is_name && !is_stopped(word)).then_some(first * 3)
}

/// True if another word of Hangul follows: `엄마를 부탁해`.
fn is_title(behind: &[u8]) -> bool {
    let ([b' ' | b'+', word @ ..] | [b'%', b'2', b'0', word @ ..] | word) = behind;
    word.len() < behind.len() && syllables(word, 1) > 0
}

/// `홍 길동`: the surname apart.
fn given_name_behind(value: &[u8], first: usize) -> Option<usize> {
    let surname = first * 3;
    let whole = || (first >= 2).then_some(surname);
    let Some([b' ' | b'+', given @ ..]) = value.get(surname..) else { return whole() };
    let count = syllables(given, 3);
    if (1..=3).contains(&count) && !is_hidden(&given[count * 3..]) {
        Some(surname + 1 + count * 3)
    } else {
        whole()
    }
}

/// Syllables of Hangul that text begins with, at most one more than `most`.
fn syllables(bytes: &[u8], most: usize) -> usize {
    bytes.chunks(3).take(most + 1).take_while(|bytes| is_syllable(bytes)).count()
}

/// True for U+AC00 to U+D7A3 in UTF-8.
fn is_syllable(bytes: &[u8]) -> bool {
    match *bytes {
        [0xea, 0xb0..=0xbf, _] | [0xeb | 0xec, _, _] | [0xed, 0x80..=0x9d, _] => true,
        [0xed, 0x9e, third] => third <= 0xa3,
        _ => false,
    }
}

/// True if a part of the name is hidden behind a mark. Letters that go on to an
/// address or token are none: that is masked, and the name would be seen then.
fn is_hidden(behind: &[u8]) -> bool {
    if ["*", "○", "〇", "◯", "●", "＊"].iter().any(|mark| behind.starts_with(mark.as_bytes()))
    {
        return true;
    }
    let letters =
        behind.iter().take(4).take_while(|byte| matches!(byte, b'O' | b'o' | b'X' | b'x')).count();
    let goes_on = match &behind[letters..] {
        [first, ..] if first.is_ascii_alphanumeric() => true,
        // Base64, but not `홍길O/남`.
        [b'/', next, ..] => next.is_ascii(),
        [b'.' | b'_' | b'+' | b'-' | b'%' | b'\'' | b'@' | 0xef, ..] => true,
        _ => false,
    };
    letters > 0 && !goes_on
}

/// Bytes of a name in Latin letters that a value begins with. It ends before a word
/// that goes on as something else.
fn latin_name(value: &[u8], sure: Sure) -> Option<usize> {
    let near = &value[..value.len().min(LATIN)];
    let (mut end, mut words, mut letters) = (0, 0, 0);
    let (is_person, mut has_surname) = (sure == Sure::Person, false);
    let most = if is_person { WORDS } else { WORDS - 1 };
    while words < most {
        let start = if words == 0 { 0 } else { end + separator(&near[end..]) };
        let length = latin_word(&near[start..]);
        let is_cut = start + length == near.len() && value.len() > near.len();
        let is_joined = words > 0 && start == end;
        let word = &near[start..start + length];
        if length == 0
            || is_cut
            || is_joined
            || is_blocked(&value[start + length..])
            || is_stopped_latin(word)
            || !(is_person || word[0].is_ascii_uppercase())
        {
            break;
        }
        has_surname |= surnames::is_latin(word);
        letters += length;
        words += 1;
        end = start + length;
    }
    let is_name = if is_person { letters >= 2 } else { words >= 2 && has_surname };
    is_name.then_some(end)
}

/// Bytes of a word of letters, with a hyphen or apostrophe inside or not.
fn latin_word(bytes: &[u8]) -> usize {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let mut length = 0;
    while is_letter(bytes.get(length)) {
        length += 1;
        if matches!(bytes.get(length), Some(b'-' | b'\'')) && is_letter(bytes.get(length + 1)) {
            length += 1;
        }
    }
    length
}

/// Bytes between two words of a name: a blank, or a comma or full stop and a blank.
fn separator(bytes: &[u8]) -> usize {
    match bytes {
        [b',' | b'.', b' ' | b'+', ..] => 2,
        [b'%', b'2', b'0', ..] => 3,
        [b' ' | b'+' | b'.', ..] => 1,
        _ => 0,
    }
}

/// True if what stands behind a word makes it part of something longer. `[` too: a number
/// that stood there may have been masked.
fn is_blocked(behind: &[u8]) -> bool {
    match behind {
        [b'%', b'4', b'0', ..] | [0xef, 0xbc, 0xa0, ..] => true,
        [first, ..] => {
            first.is_ascii_digit()
                || matches!(first, b'_' | b'@' | b'[' | b'/' | b'(' | b'*' | b'-')
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order() {
        assert!([WHOSE, KOREAN_KEYS].into_iter().all(words::is_in_order));
    }
}
