//! Text in; where personal data stand in it, and the text without them, out.
//!
//! ```text
//! bytes ─► marks ─► is it one of the kinds? ─► hits ─► `[kind]`
//!          digits close together, `@`, `=`, `:`
//! ```
//!
//! Text is read once, from left to right. A hit ends what stands before it: what
//! follows is read as if `[kind]` stood there already. So a masked text is clean.
//! For the same reason, what stands behind a value counts only as far as no other
//! hit could begin there.
//!
//! | kind | is | is not |
//! |---|---|---|
//! | resident | `900101-1234567`, `９００１０１－１２３４５６７`, `jumin1=900101&jumin2=1234567`; 13 digits together if more than the date speaks for it | `900101-1******`, ISBN, milliseconds |
//! | card | 14 to 19 digits with a known beginning and Luhn's digit | |
//! | passport | `M12345678`, `M123A4567` | `M20240101` without the word |
//! | licence | `11-90-123456-78`, `서울 90-123456-78` | 12 digits without the word |
//! | mobile | `010-1234-5678`, `+82 10 1234 5678`, `01012345678` | |
//! | landline | `031-123-4567`, `02)1234-5678`, `070…`, `0505…` | `1588-1234`, `080-…` |
//! | business | 3-2-5 digits with the right check digit | 10 digits without the word |
//! | account | 10 to 14 digits near a bank or behind `account=` | |
//! | token | CI (88 characters), DI (64 or 66) | digests, session identifiers |
//! | e-mail | `kim@example.kr`, `kim%40example.kr` | `icon@2x.png`, `pkg@1.2.3` |
//! | name | a value of `userName=`, `성명:` and the like; of `name=` if it begins with a surname | titles, search words |
//!
//! Where two could begin at one place, the one further up is taken.
//!
//! Source: 주민등록법 시행규칙 §2 (resident numbers: no check digit since
//! 2020-10); 출입국관리법 시행규칙 §49의3 (foreigners); 여권법 시행규칙 (passports
//! since 2021-12); 전기통신번호관리세칙 (telephones); 방송통신위원회 고시
//! 본인확인기관 (CI, DI); ISO/IEC 7812-1 (cards); RFC 5321, section 4.5.3.1.1 (length of a
//! local part); ISO 2108 (ISBN).
//!
//! Not here: names, addresses and the like in free text; undoing `%HH`, of which
//! only marks that escaped twice are known, and letters without width
//! (`protect::layers`); what is done with a hit.

mod account;
mod block;
mod business;
mod card;
mod context;
mod document;
mod email;
mod glance;
mod name;
mod number;
mod phone;
mod resident;
mod surnames;
mod token;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use block::Marks;
use context::View;
use number::Number;

pub use resident::is_resident_number;

/// Kinds of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Resident registration number or foreigner's (주민등록번호,
    /// 외국인등록번호).
    Resident,
    /// Passport number (여권번호).
    Passport,
    /// Driver's licence number (운전면허번호).
    Licence,
    /// Mobile telephone (휴대전화번호).
    Mobile,
    /// Other telephone of a person or an office (유선전화번호).
    Landline,
    /// E-mail address (전자우편주소).
    Email,
    /// Payment card (카드번호).
    Card,
    /// Bank account (계좌번호).
    Account,
    /// Business registration number (사업자등록번호).
    Business,
    /// Value of an identity check: CI or DI (연계정보, 중복가입확인정보).
    Token,
    /// Name of a person (성명).
    Name,
}

impl Kind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 11] = [
        Self::Resident,
        Self::Passport,
        Self::Licence,
        Self::Mobile,
        Self::Landline,
        Self::Email,
        Self::Card,
        Self::Account,
        Self::Business,
        Self::Token,
        Self::Name,
    ];

    /// The name in records and in masked text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Passport => "passport",
            Self::Licence => "licence",
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::Email => "email",
            Self::Card => "card",
            Self::Account => "account",
            Self::Business => "business",
            Self::Token => "token",
            Self::Name => "name",
        }
    }

    /// The name in Korean, for reports.
    #[must_use]
    pub const fn korean(self) -> &'static str {
        match self {
            Self::Resident => "주민등록번호·외국인등록번호",
            Self::Passport => "여권번호",
            Self::Licence => "운전면허번호",
            Self::Mobile => "휴대전화번호",
            Self::Landline => "유선전화번호",
            Self::Email => "전자우편주소",
            Self::Card => "카드번호",
            Self::Account => "계좌번호",
            Self::Business => "사업자등록번호",
            Self::Token => "본인확인값(CI·DI)",
            Self::Name => "성명",
        }
    }
}

/// A place in a text that holds personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, on character boundaries.
    pub span: Range<usize>,
}

/// Adds the places of personal data to `hits`, in order; spans do not overlap.
///
/// Time is linear in the length of the text.
///
/// # Examples
///
/// ```
/// use gamyeong::scan::{Kind, find};
///
/// let text = "q=홍길동 010-1234-5678&isbn=9788936433673&page=2";
/// let mut hits = Vec::new();
/// find(text, &mut hits);
/// assert_eq!(hits.len(), 1);
/// assert_eq!(hits[0].kind, Kind::Mobile);
/// assert_eq!(&text[hits[0].span.clone()], "010-1234-5678");
/// ```
pub fn find(text: &str, hits: &mut Vec<Hit>) {
    hits.extend(Hits::new(text));
}

/// True if [`find`] finds nothing.
///
/// # Examples
///
/// ```
/// use gamyeong::scan::is_clean;
///
/// assert!(is_clean("/search?q=1984&kdc=813.7&date=2026-11-20"));
/// assert!(!is_clean("/reset?email=kim@example.kr"));
/// ```
#[must_use]
pub fn is_clean(text: &str) -> bool {
    Hits::new(text).next().is_none()
}

/// Writes `text` to `out` with `[kind]` in the place of each hit, and replaces
/// what `out` held.
///
/// `hits` are those that [`find`] gave for `text`; others are left out if they
/// do not fit into it. The result is clean.
///
/// # Examples
///
/// ```
/// use gamyeong::scan::{find, is_clean, mask};
///
/// let text = "성명: 홍길동, 02)123-4567";
/// let (mut hits, mut masked) = (Vec::new(), String::new());
/// find(text, &mut hits);
/// mask(text, &hits, &mut masked);
/// assert_eq!(masked, "성명: [name], [landline]");
/// assert!(is_clean(&masked));
/// ```
pub fn mask(text: &str, hits: &[Hit], out: &mut String) {
    write_masked(text, hits, out);
    if hits.is_empty() {
        return;
    }
    // Never seen to run, but a promise: each round takes characters away that
    // were in the text, so there is an end.
    let mut left = Vec::new();
    loop {
        find(out, &mut left);
        if left.is_empty() {
            return;
        }
        let dirty = std::mem::take(out);
        write_masked(&dirty, &left, out);
        left.clear();
    }
}

fn write_masked(text: &str, hits: &[Hit], out: &mut String) {
    out.clear();
    let mut end = 0;
    for hit in hits {
        let Some(before) = text.get(end..hit.span.start) else { continue };
        if text.get(hit.span.clone()).is_none() {
            continue;
        }
        out.push_str(before);
        out.push('[');
        out.push_str(hit.kind.name());
        out.push(']');
        end = hit.span.end;
    }
    out.push_str(text.get(end..).unwrap_or_default());
}

/// The hits of a text, one after the other.
struct Hits<'a> {
    view: View<'a>,
    marks: Marks<'a>,
    /// The number that was read last.
    number: Number,
    /// What begins before this byte is done with.
    resume: usize,
}

impl<'a> Hits<'a> {
    fn new(text: &'a str) -> Self {
        let view = View { bytes: text.as_bytes(), floor: 0 };
        Self { view, marks: Marks::new(text.as_bytes()), number: Number::NONE, resume: 0 }
    }

    /// What stands at a mark.
    fn at(&mut self, place: usize) -> Option<Hit> {
        let bytes = self.view.bytes;
        // The last alternatives are full-width: digits, `＠`, `：`, `＝`.
        match *bytes.get(place..)? {
            [b'0'..=b'9', ..] | [0xef, 0xbc, 0x90..=0x99, ..] => self.number(place),
            [b'@', ..] => email::at(self.view, place, 1),
            [b'%', b'4', b'0', ..] | [0xef, 0xbc, 0xa0, ..] => email::at(self.view, place, 3),
            [b'=' | b':', ..] => self.value(place, 1),
            [b'%', b'3', b'A' | b'a' | b'D' | b'd', ..] | [0xef, 0xbc, 0x9a | 0x9d, ..] => {
                self.value(place, 3)
            }
            _ => None,
        }
    }

    /// A number that begins at `place`, or is no kind.
    fn number(&mut self, place: usize) -> Option<Hit> {
        let start = self.view.digits_start(place)?;
        // Behind an escape the run is another one.
        if start == place && !glance::could_begin(self.view, start, self.marks.run(place)) {
            return None;
        }
        self.number_at(start)
    }

    /// A number with its first digit at `start`, or is no kind.
    #[inline(never)]
    fn number_at(&mut self, start: usize) -> Option<Hit> {
        if let Err(end) = self.number.read(self.view, start) {
            self.resume = end;
            return None;
        }
        let number = &self.number;
        if let Some(end) = number.isbn_end() {
            self.resume = end;
            return None;
        }
        resident::at(self.view, number)
            .or_else(|| card::at(self.view, number))
            .or_else(|| document::passport(self.view, number))
            .or_else(|| document::licence(self.view, number))
            .or_else(|| phone::mobile(self.view, number))
            .or_else(|| phone::landline(self.view, number))
            .or_else(|| business::at(self.view, number))
            .or_else(|| account::at(self.view, number))
    }

    /// What stands on either side of `=` or `:`.
    fn value(&mut self, place: usize, width: usize) -> Option<Hit> {
        let view = self.view;
        if let Some(hit) = token::before(view, place) {
            return Some(hit);
        }
        if !view.is_key_of_interest(place) {
            return None;
        }
        let key = view.key_before(place)?;
        token::after(view, &key, place, width).or_else(|| name::after(view, &key, place, width))
    }
}

impl Iterator for Hits<'_> {
    type Item = Hit;

    fn next(&mut self) -> Option<Hit> {
        loop {
            let place = self.marks.next()?;
            if place < self.resume {
                continue;
            }
            if let Some(hit) = self.at(place) {
                self.view.floor = hit.span.end;
                self.resume = hit.span.end;
                return Some(hit);
            }
        }
    }
}
