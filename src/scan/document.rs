//! Groups of digits in; passport or driver's licence, or not, out.
//!
//! | | written | without a word beside it |
//! |---|---|---|
//! | passport | `M12345678`: M S R G D and 8 digits | if in capitals, and no year nor three zeros come first |
//! | passport since 2021-12 | `M123A4567` | if in capitals |
//! | passport until 2008 | `JB1234567`: two letters and 7 digits | no |
//! | licence | `11-90-123456-78`: region 11 to 28, year, six digits, check | with gaps |
//! | licence with its region in words | `서울 90-123456-78` | with gaps |
//!
//! Source: 여권법 시행규칙 (form of the passport number); 도로교통법 시행규칙 (form of the licence).
//!
//! Not here: passports of other countries; of the check digits of a licence no
//! public rule is known.

use super::context::View;
use super::number::{Gap, Number};
use super::{Hit, Kind};

const PASSPORT_KEYS: [&str; 3] = ["passport", "pspt", "psprt"];
const PASSPORT_WORDS: [&str; 2] = ["여권", "passport"];

pub(super) const LICENCE_KEYS: [&str; 3] = ["licen", "driver", "drvlic"];
pub(super) const LICENCE_WORDS: [&str; 3] = ["면허", "licen", "driver"];

const GAPS: &[Gap] = &[Gap::Hyphen, Gap::Blank, Gap::Dot, Gap::Line, Gap::Field];

/// Regions as they stand on old licences.
const REGIONS: [&str; 20] = [
    "서울",
    "부산",
    "경기남부",
    "경기북부",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "경기도",
];

/// The passport whose digits begin with the first group.
pub(super) fn passport(view: View<'_>, number: &Number) -> Option<Hit> {
    let place = number.start();
    let [.., first] = view.before(place) else { return None };
    if !first.is_ascii_alphabetic() {
        return None;
    }
    let is_two = view.before(place - 1).last().is_some_and(u8::is_ascii_alphabetic)
        && view.is_word_before(place - 1);
    let start = place - if is_two { 2 } else { 1 };
    if view.is_word_before(start) {
        return None;
    }
    let end = number.end(1);
    let is_kind = matches!(first.to_ascii_uppercase(), b'M' | b'S' | b'R' | b'G' | b'D');
    let is_sure = first.is_ascii_uppercase();
    let is_about = || view.is_about(start, &PASSPORT_KEYS, &PASSPORT_WORDS);
    let (is_passport, end) = match (number.digits(1), is_two) {
        ([one, two, three, _, _, _, _, _], false) if is_kind => {
            let is_year = matches!([one, two], [1, 9] | [2, 0]);
            let is_filled = [one, two, three] == [&0; 3];
            (is_sure && !is_year && !is_filled || is_about(), end)
        }
        ([_, _, _], false) if is_kind => (is_four_more(view.from(end)), end + 5),
        ([_, _, _, _, _, _, _], true) => (is_about(), end),
        _ => return None,
    };
    let is_kept = is_sure || is_about();
    let is_hit = is_passport && is_kept && !view.is_word_at(end);
    is_hit.then_some(Hit { kind: Kind::Passport, span: start..end })
}

/// True if a letter and four digits follow.
fn is_four_more(bytes: &[u8]) -> bool {
    match bytes {
        [letter, digits @ ..] if letter.is_ascii_alphabetic() => {
            digits.len() >= 4 && digits.iter().take(4).all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The licence whose digits begin with the first group.
pub(super) fn licence(view: View<'_>, number: &Number) -> Option<Hit> {
    let place = number.start();
    if is_behind_region(view, number) {
        return Some(Hit { kind: Kind::Licence, span: place..number.end(3) });
    }
    let is_apart = number.has_lengths(&[2, 2, 6, 2]) && number.has_gaps(4, GAPS);
    let is_together = number.has_lengths(&[12]);
    let groups = if is_apart { 4 } else { 1 };
    let [tens @ 1..=2, ones, ..] = number.digits(groups) else { return None };
    // Inside a date and time.
    let is_inside = view.is_number_before(place) || view.is_word_before(place);
    let is_licence = (11..=28).contains(&(tens * 10 + ones))
        && !is_inside
        && (is_apart
            || is_together
                && !view.is_word_at(number.end(1))
                && view.is_about(place, &LICENCE_KEYS, &LICENCE_WORDS));
    is_licence.then_some(Hit { kind: Kind::Licence, span: place..number.end(groups) })
}

/// True if year, six digits and check stand behind a region. It is no part of the
/// hit: what stands before it must not change by masking.
fn is_behind_region(view: View<'_>, number: &Number) -> bool {
    if !number.has_lengths(&[2, 6, 2]) || !number.has_gaps(3, GAPS) {
        return false;
    }
    let ([words @ .., b' ' | b'-' | b'+'] | [words @ .., b'%', b'2', b'0'] | words) =
        view.before(number.start());
    REGIONS.iter().any(|region| words.ends_with(region.as_bytes()))
}
