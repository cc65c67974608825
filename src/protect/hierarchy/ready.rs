//! A class number, an age, an address or the name of a room in; its category out,
//! by the hierarchies that come with the program.
//!
//! ```text
//! kdc         813.7            ─► 810 한국문학  ─► 800 문학  ─► *
//! age         38               ─► 35~39세 ─► 30대 ─► 성인(20~59세) ─► *
//! region      서울 강남구 …    ─► 서울특별시 ─► 수도권 ─► *
//! department  2층 종합자료실   ─► 자료실 ─► *
//! ```
//!
//! Source: 한국십진분류법, 6th edition (한국도서관협회, 2013), main classes and divisions;
//! 가명정보 처리 가이드라인 (2026.3) for `80세 이상`; `region` see [`region`](super::region). The
//! bands of life end at tens, so that none splits a band of ten years: 노인 are 60
//! and older, not 65 as in 노인복지법.
//!
//! Not here: hierarchies of an institution's own ([`Hierarchy`]).

use std::borrow::Cow;

use super::region::Regions;
use super::{Hierarchy, HierarchyError};
use crate::protect::settings::category::Ready as Name;

const KDC: &str = include_str!("kdc.csv");
const AGE: &str = include_str!("age.csv");
const DEPARTMENT: &str = include_str!("department.csv");

/// Age in years, at most.
const AGE_MAX: u16 = 150;

/// Characters that may stand before a class number.
const PREFIX_MAX: usize = 20;

/// Characters of the name of a room, at most.
const ROOM_MAX: usize = 100;

/// A hierarchy that comes with the program, and how its values are written.
#[derive(Debug, Clone)]
pub enum Ready {
    /// Class numbers.
    Kdc(Hierarchy),
    /// Ages in years.
    Age(Hierarchy),
    /// Addresses.
    Region(Regions),
    /// Rooms of a library.
    Department(Hierarchy),
}

impl Ready {
    /// Reads the hierarchy of a name.
    ///
    /// # Errors
    ///
    /// Never in a program whose tests have passed.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::hierarchy::ready::Ready;
    /// use gamyeong::protect::settings::category::Ready as Name;
    ///
    /// let kdc = Ready::read(Name::Kdc)?;
    /// assert_eq!(kdc.at("아 813.7-김12ㅎ", 1), Some("810 한국문학"));
    /// assert_eq!(kdc.at("813", 2), Some("800 문학"));
    /// assert_eq!(kdc.at("소설", 1), None);
    /// # Ok::<(), gamyeong::protect::hierarchy::HierarchyError>(())
    /// ```
    pub fn read(name: Name) -> Result<Self, HierarchyError> {
        Ok(match name {
            Name::Kdc => Self::Kdc(Hierarchy::read(KDC.as_bytes())?),
            Name::Age => Self::Age(Hierarchy::read(AGE.as_bytes())?),
            Name::Region => Self::Region(Regions::new()?),
            Name::Department => Self::Department(Hierarchy::read(DEPARTMENT.as_bytes())?),
        })
    }

    /// The table: its values in the one way that it has them.
    #[must_use]
    pub fn hierarchy(&self) -> &Hierarchy {
        match self {
            Self::Kdc(table) | Self::Age(table) | Self::Department(table) => table,
            Self::Region(regions) => regions.list(),
        }
    }

    /// The category of a value as it is logged; `None` if it cannot be read or the
    /// table has no such value or level.
    #[must_use]
    pub fn at(&self, raw: &str, level: usize) -> Option<&str> {
        match self {
            Self::Kdc(table) => {
                let [first, second] = division(raw)?;
                let value = [first, second, b'0'];
                table.at(str::from_utf8(&value).ok()?, level)
            }
            Self::Age(table) => table.at(&age(raw)?.to_string(), level),
            Self::Region(regions) => regions.list().at(regions.sigungu(raw)?, level),
            Self::Department(table) => room(raw, table, level),
        }
    }
}

/// The two digits that name the division of a class number: three digits, with
/// decimals or without, behind letters for the collection (별치기호) or nothing. A
/// longer number, and one that goes on like a date or telephone number, is none.
fn division(raw: &str) -> Option<[u8; 2]> {
    let start = raw
        .char_indices()
        .take(PREFIX_MAX + 1)
        .find_map(|(at, c)| c.is_ascii_digit().then_some(at))?;
    let is_prefix =
        |c: char| c.is_alphabetic() || c.is_whitespace() || "[](){}<>.-_·/:".contains(c);
    if !raw[..start].chars().all(is_prefix) {
        return None;
    }
    let (number, behind) = raw.as_bytes()[start..].split_at_checked(3)?;
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let decimals = behind.strip_prefix(b".").map(|rest| {
        let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        rest.split_at(end)
    });
    let behind = match decimals {
        Some((digits, behind)) if !digits.is_empty() => behind,
        _ => behind,
    };
    match behind {
        [b'0'..=b'9', ..] | [b'.' | b'-' | b'/' | b':', b'0'..=b'9', ..] => None,
        _ => Some([number[0], number[1]]),
    }
}

/// An age in whole years: `38`, `38세`, `만 38세`.
fn age(raw: &str) -> Option<u16> {
    let text = raw.trim();
    let text = text.strip_prefix('만').unwrap_or(text);
    let text = text.strip_suffix(['세', '살']).unwrap_or(text).trim();
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|years| is_number && *years <= AGE_MAX)
}

/// The category of a room: as written, else without storey and number.
fn room<'a>(raw: &str, table: &'a Hierarchy, level: usize) -> Option<&'a str> {
    let name = plain(raw)?;
    table.at(&name, level).or_else(|| table.at(without_number(&name), level))
}

/// The name without blanks and what stands in brackets, Latin letters in upper
/// case.
fn plain(raw: &str) -> Option<Cow<'_, str>> {
    if raw.chars().nth(ROOM_MAX).is_some() {
        return None;
    }
    let is_plain = |c: char| !c.is_whitespace() && !"()[]".contains(c) && !c.is_ascii_lowercase();
    if raw.chars().all(is_plain) {
        return Some(raw.into());
    }
    let mut depth = 0usize;
    let mut name = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            c if depth == 0 && !c.is_whitespace() => name.push(c.to_ascii_uppercase()),
            _ => {}
        }
    }
    (depth == 0).then(|| name.into())
}

/// `지하1층`, `2층` or `제1` in front and a number at the end dropped.
fn without_number(name: &str) -> &str {
    let behind = |text: &'static str| {
        let inner = name.strip_prefix(text)?;
        let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < inner.len()).then_some(rest)
    };
    let storey = |text| behind(text).and_then(|rest| rest.strip_prefix('층'));
    let rest = storey("지하").or_else(|| storey("B")).or_else(|| storey("")).unwrap_or(name);
    let rest = if rest.len() < name.len() { rest } else { behind("제").unwrap_or(name) };
    rest.trim_end_matches(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    const ALL: [Name; 4] = [Name::Kdc, Name::Age, Name::Region, Name::Department];

    static READY: LazyLock<[Ready; 4]> =
        LazyLock::new(|| ALL.map(|name| Ready::read(name).unwrap()));

    #[track_caller]
    fn reads(name: Name, raw: &str, expected: &[&str]) {
        let ready = Ready::read(name).unwrap();
        let found: Vec<&str> = (1..).map_while(|level| ready.at(raw, level)).collect();
        assert_eq!(found, expected, "{raw}");
    }

    #[test]
    fn class_numbers_become_divisions_and_main_classes() {
        for raw in [
            "813.7",
            "813",
            "810",
            "J 813.8",
            "아813.8",
            "[아동] 819",
            "813.7-ㄱ123",
            "813.7 김12",
            "R 815",
            "813.",
            "818한12",
            "813/김",
            "813.6 82ㄱ",
        ] {
            reads(Name::Kdc, raw, &["810 한국문학", "800 문학", "*"]);
        }
        reads(Name::Kdc, "005.133", &["000 총류", "000 총류", "*"]);
        reads(Name::Kdc, "024", &["020 문헌정보학", "000 총류", "*"]);
        reads(Name::Kdc, "999", &["990 전기", "900 역사", "*"]);
    }

    #[test]
    fn what_is_no_class_number_is_none() {
        for raw in [
            "",
            "소설",
            "81",
            "8137",
            "2026-01-01",
            "979-11-1234",
            "031-620-2817",
            "192.168.0.1",
            "813.7.1",
            "81 3",
            "8,13",
            "12:30:00",
            "#813",
            "도서관 이름이 아주 길어서 번호가 아닌 것 813",
        ] {
            reads(Name::Kdc, raw, &[]);
        }
        reads(Name::Kdc, &"가".repeat(1_000_000), &[]);
    }

    #[test]
    fn ages_become_bands() {
        reads(Name::Age, "38", &["35~39세", "30대", "성인(20~59세)", "*"]);
        reads(Name::Age, " 만 9세", &["5~9세", "10세 미만", "어린이(9세 이하)", "*"]);
        reads(Name::Age, "007", &["5~9세", "10세 미만", "어린이(9세 이하)", "*"]);
        reads(Name::Age, "19", &["15~19세", "10대", "청소년(10~19세)", "*"]);
        reads(Name::Age, "79살", &["75~79세", "70대", "노인(60세 이상)", "*"]);
        for raw in ["80", "81", "150"] {
            reads(Name::Age, raw, &["80세 이상", "80세 이상", "노인(60세 이상)", "*"]);
        }
        for raw in ["", "-1", "+5", "151", "1998", "3.5", "서른", "세", "0038"] {
            reads(Name::Age, raw, &[]);
        }
    }

    #[test]
    fn addresses_become_provinces() {
        reads(Name::Region, "경기 성남시 분당구 1", &["경기도", "수도권", "*"]);
        reads(Name::Region, "세종시 1", &["세종특별자치시", "충청권", "*"]);
        reads(Name::Region, "경북 군위군", &["대구광역시", "영남권", "*"]);
        reads(Name::Region, "서울 강낭구", &[]);
    }

    #[test]
    fn rooms_become_kinds_of_rooms() {
        for raw in [
            "종합자료실",
            "종합 자료실",
            "2층 종합자료실",
            "종합자료실(2층)",
            "지하1층종합자료실",
            "종합자료실2",
        ] {
            reads(Name::Department, raw, &["자료실", "*"]);
        }
        reads(Name::Department, "제1열람실", &["열람실", "*"]);
        reads(Name::Department, "열람실 3", &["열람실", "*"]);
        reads(Name::Department, "pc실", &["디지털자료실", "*"]);
        reads(Name::Department, "어린이 자료실", &["어린이·청소년자료실", "*"]);
        for raw in ["", "관장", "종합자료실)", "(종합자료실", "제열람실", "층열람실", "123"]
        {
            reads(Name::Department, raw, &[]);
        }
        reads(Name::Department, &"(".repeat(1_000_000), &[]);
    }

    /// Whatever the data: going up never splits a class, and ends in one.
    #[test]
    fn generalising_never_splits_a_class() {
        for name in ALL {
            let ready = Ready::read(name).unwrap();
            let table = ready.hierarchy();
            for one in table.iter() {
                assert_eq!(table.at(one, table.levels()), Some("*"));
                for other in table.iter() {
                    for level in 1..table.levels() {
                        if table.at(one, level) == table.at(other, level) {
                            assert_eq!(table.at(one, level + 1), table.at(other, level + 1));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_value_of_a_table_is_read_as_itself() {
        for name in ALL {
            let ready = Ready::read(name).unwrap();
            let table = ready.hierarchy();
            for value in table.iter() {
                for level in 0..=table.levels() {
                    assert_eq!(ready.at(value, level), table.at(value, level), "{value}");
                }
            }
        }
    }

    #[test]
    fn every_number_of_three_digits_has_a_division_of_its_own_main_class() {
        let kdc = Ready::read(Name::Kdc).unwrap();
        for number in 0..1_000 {
            let raw = format!("{number:03}");
            let found = [1, 2].map(|level| kdc.at(&raw, level).unwrap());
            assert!(found[0].starts_with(&raw[..2]) && found[1].starts_with(&raw[..1]));
            assert!(found[1][1..].starts_with("00 "));
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(raw in "\\PC{0,40}") {
            for ready in &*READY {
                for level in 0..6 {
                    let found = ready.at(&raw, level).is_some();
                    prop_assert_eq!(found, ready.at(&raw, 0).is_some() && level <= ready.hierarchy().levels());
                }
            }
        }

        #[test]
        fn decimals_and_book_marks_change_nothing(
            number in "[0-9]{3}", decimals in "(\\.[0-9]{1,6})?", mark in "([ -][가-힣ㄱ-ㅎa-z][0-9]{1,4}[ㄱ-ㅎ]?)?",
            prefix in "([가-힣A-Z]{1,3} ?)?",
        ) {
            let raw = format!("{prefix}{number}{decimals}{mark}");
            prop_assert_eq!(division(&raw), division(&number), "{}", raw);
        }
    }
}
