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
use super::{Hit, Kind};

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
    /// The value is the name of something.
    Anything,
}

/// The whole of what stands before `name` or `nm`.
const WHOSE: [&str; 18] = [
    "mb", "mbr", "mem", "emp", "std", "han", "my", "eng", "kor", "usr", "cust", "psn", "h", "e",
    "k", "u", "rsv", "m",
];

/// What ends that.
const WHOSE_ENDS: [&str; 50] = [
    "user",
    "member",
    "customer",
    "patient",
    "applicant",
    "reader",
    "borrower",
    "loaner",
    "real",
    "full",
    "first",
    "last",
    "family",
    "given",
    "sur",
    "sender",
    "receiver",
    "recipient",
    "owner",
    "cardholder",
    "accountholder",
    "guardian",
    "child",
    "student",
    "stdnt",
    "teacher",
    "employee",
    "staff",
    "worker",
    "visitor",
    "guest",
    "contact",
    "person",
    "depositor",
    "buyer",
    "orderer",
    "payer",
    "writer",
    "registrant",
    "reserver",
    "attendee",
    "participant",
    "resident",
    "nick",
    "pupil",
    "foreigner",
    "counselor",
    "counselee",
    "middle",
    "korean",
];

/// Korean keys of a person.
const KOREAN_KEYS: [&str; 34] = [
    "성명",
    "성함",
    "회원명",
    "이용자명",
    "신청자명",
    "신청인",
    "신청자",
    "민원인",
    "대출자",
    "대출자명",
    "예약자",
    "예약자명",
    "보호자",
    "보호자명",
    "예금주",
    "수령인",
    "담당자",
    "작성자",
    "접수자",
    "참가자",
    "상담자",
    "본명",
    "실명",
    "고객명",
    "학생명",
    "환자명",
    "가입자명",
    "가입자",
    "사용자명",
    "회원이름",
    "사용자이름",
    "한글이름",
    "영문이름",
    "내담자",
];

/// The name behind a mark of so many bytes at `place`.
pub(super) fn after(view: View<'_>, place: usize, width: usize) -> Option<Hit> {
    let last = view.before(place).last()?;
    // What all keys end with: most marks are told apart here.
    let is_end = matches!(
        last,
        b'e' | b'E' | b'm' | b'M' | b' ' | b'+' | b'"' | b'\'' | b'\\' | b']' | b'0' | b'2'
    );
    if last.is_ascii() && !is_end {
        return None;
    }
    let sure = sureness(&view.key_before(place)?)?;
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
    if whose.is_empty() {
        return Some(Sure::Anything);
    }
    let is_person = WHOSE.iter().any(|word| whose == word.as_bytes())
        || WHOSE_ENDS.iter().any(|end| whose.ends_with(end.as_bytes()));
    is_person.then_some(Sure::Person)
}

fn korean_sureness(raw: &[u8]) -> Option<Sure> {
    let word = raw.rsplit(u8::is_ascii).next()?;
    if KOREAN_KEYS.iter().any(|key| word == key.as_bytes()) {
        return Some(Sure::Person);
    }
    (word == "이름".as_bytes()).then_some(Sure::Anything)
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
    let word = str::from_utf8(&value[..first * 3]).ok()?;
    let has_surname = surnames::is_korean(word);
    if sure == Sure::Person && surnames::is_surname(word) {
        return given_name_behind(value, first);
    }
    let is_name = match sure {
        Sure::Person => first >= 2,
        Sure::Anything => has_surname && first >= 2,
    };
    (is_name && !is_stopped(word)).then_some(first * 3)
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
/// address are none: the address is masked, and the name would be seen then.
fn is_hidden(behind: &[u8]) -> bool {
    if ["*", "○", "〇", "◯", "●", "＊"].iter().any(|mark| behind.starts_with(mark.as_bytes()))
    {
        return true;
    }
    let letters =
        behind.iter().take(4).take_while(|byte| matches!(byte, b'O' | b'o' | b'X' | b'x')).count();
    let goes_on = match &behind[letters..] {
        [first, ..] if first.is_ascii_alphanumeric() => true,
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
    let (mut has_surname, mut is_capital) = (false, true);
    while words < WORDS {
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
        {
            break;
        }
        has_surname |= surnames::is_latin(word);
        is_capital &= word.first().is_some_and(u8::is_ascii_uppercase);
        letters += length;
        words += 1;
        end = start + length;
    }
    let is_name = match sure {
        Sure::Person => letters >= 2,
        Sure::Anything => (2..=4).contains(&words) && has_surname && is_capital,
    };
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
