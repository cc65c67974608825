//! Groups of digits in; telephone number, or not, out.
//!
//! | | begins | written |
//! |---|---|---|
//! | mobile | 010, 011, 016 to 019 | `010-1234-5678`, `010-12345678`, `01012345678`, `+82 10…` |
//! | landline | 02, 031–033, 041–044, 051–055, 061–064, 070, 0502–0508 | `02-123-4567`, `031)123-4567`, `0311234567`, `+82-2-…` |
//!
//! Ten digits together that are an ISBN-10 are that. Nine digits together (`021234567`)
//! are a number only behind a word: records of catalogues are numbered so.
//!
//! Numbers of services are none: `1588-1234`, `080-…`, `060-…`, `112`.
//!
//! Source: 전기통신번호관리세칙 (numbering plan); ITU-T E.164.
//!
//! Not here: numbers of other countries.

use super::context::View;
use super::number::{Gap, Number};
use super::{Hit, Kind};

const KEYS: [&str; 8] = ["tel", "phone", "hp", "fax", "mobile", "contact", "cell", "hand"];
const WORDS: [&str; 6] = ["전화", "연락", "팩스", "tel", "phone", "fax"];

const GAPS: &[Gap] = &[Gap::Hyphen, Gap::Blank, Gap::Dot, Gap::Line, Gap::Bracket, Gap::Field];

const NO_BLANK: &[Gap] = &[Gap::Hyphen, Gap::Dot, Gap::Line, Gap::Bracket, Gap::Field];

/// How many digits stand behind the beginning, and how they are divided.
const REST: [&[usize]; 4] = [&[4, 4], &[3, 4], &[8], &[7]];

/// The mobile number that begins with the first group.
pub(super) fn mobile(view: View<'_>, number: &Number) -> Option<Hit> {
    let (groups, from) = match number.group_digits(0) {
        [0, 1, 0 | 1 | 6..=9] => (divided(number, 1, true)?, 0),
        // `0101234-5678`.
        [0, 1, 0 | 1 | 6..=9, _, _, _, _] if is_four_behind(number, 0) => (2, 0),
        [0, 1, 0 | 1 | 6..=9, rest @ ..] => (is_together(view, number, rest)?, 0),
        [8, 2] | [0, 0, 8, 2] => (abroad(number, true)?, 2),
        // `8210-1234-5678`.
        [8, 2, 1, 0] => (divided(number, 1, true)?, 2),
        [8, 2, code @ ..] | [0, 0, 8, 2, code @ ..] => (abroad_together(view, number, code)?, 2),
        _ => return None,
    };
    Some(hit(view, number, groups, Kind::Mobile, from != 0))
}

/// The landline number that begins with the first group.
pub(super) fn landline(view: View<'_>, number: &Number) -> Option<Hit> {
    let digits = number.group_digits(0);
    let (groups, is_abroad) = match digits {
        [8, 2] | [0, 0, 8, 2] => (abroad_area(view, number)?, true),
        [0, code @ ..] if is_area_code(code) => (divided(number, 1, false)?, false),
        [0, ..] => (together_by_area(view, number)?, false),
        _ => return None,
    };
    Some(hit(view, number, groups, Kind::Landline, is_abroad))
}

/// A hit with the mark in front that belongs to it: `+82`, `(02)`.
fn hit(view: View<'_>, number: &Number, groups: usize, kind: Kind, is_abroad: bool) -> Hit {
    let start = number.start();
    let is_closed = number.groups().first().is_some_and(|group| group.gap == Gap::Bracket);
    let is_mark = match view.before(start).last() {
        Some(b'+') => is_abroad,
        Some(b'(') => is_closed && groups > 1,
        _ => false,
    };
    Hit { kind, span: start - usize::from(is_mark)..number.end(groups) }
}

/// Groups in all, if those behind the first `known` are the digits of a subscriber.
fn divided(number: &Number, known: usize, is_mobile: bool) -> Option<usize> {
    let lengths = number.groups().get(known..)?;
    let rest = REST.iter().find(|rest| {
        lengths.len() >= rest.len()
            && lengths.iter().zip(**rest).all(|(group, length)| group.length == *length)
    })?;
    let groups = known + rest.len();
    // No exchange begins with 0 or 1, but `02-123-4567` is what everybody writes who
    // makes one up. Of `02 1234 5678` that is not as likely.
    let is_used = match number.group_digits(known) {
        [0, ..] => is_mobile,
        [1, ..] => is_mobile || number.has_gaps(groups, NO_BLANK),
        _ => true,
    };
    // With a blank alone, seven or eight digits are any number.
    let is_split =
        rest.len() == 2 || number.groups().get(known - 1)?.gap != Gap::Blank || is_mobile;
    (is_used && is_split && number.has_gaps(groups, GAPS)).then_some(groups)
}

fn is_four_behind(number: &Number, index: usize) -> bool {
    number.has_gaps(index + 2, &[Gap::Hyphen]) && number.group_digits(index + 1).len() == 4
}

/// One group, if the digits behind `010` are those of a subscriber.
fn is_together(view: View<'_>, number: &Number, rest: &[u8]) -> Option<usize> {
    let digits = number.digits(1);
    let is_length = rest.len() == 8 || (rest.len() == 7 && digits.get(2) != Some(&0));
    let is_used = matches!(rest, [2..=9, ..]) || digits.get(2) == Some(&0);
    (is_length && is_used && is_alone(view, number) && !is_isbn(digits)).then_some(1)
}

/// One group, if it is an area and a subscriber.
fn together_by_area(view: View<'_>, number: &Number) -> Option<usize> {
    let digits = number.digits(1);
    let code = match digits {
        [0, 2, ..] => 2,
        [0, 5, 0, ..] => 4,
        _ => 3,
    };
    let (area, rest) = digits.split_at_checked(code)?;
    let is_number = is_area_code(area.get(1..)?)
        && matches!((rest.len(), code), (8, _) | (7, 2..=4))
        && matches!(rest, [2..=9, ..])
        && !(area == [0, 7, 0] && rest.len() != 8)
        && is_alone(view, number)
        && !is_isbn(digits)
        && (digits.len() > 9 || view.is_about(number.start(), &KEYS, &WORDS));
    is_number.then_some(1)
}

/// Groups in all behind `82`: `82 10 1234 5678`, `82-(0)10-…`, `82-1012345678`.
fn abroad(number: &Number, is_mobile: bool) -> Option<usize> {
    let is_code = if is_mobile { is_mobile_code } else { is_area_code };
    let known = match (number.group_digits(1), number.group_digits(2)) {
        ([0], code) if is_code(code) => 3,
        ([0, code @ ..] | code, _) if is_code(code) => 2,
        ([code @ .., _, _, _, _, _, _, _, _], _) if is_code(code) => {
            return number.has_gaps(2, GAPS).then_some(2);
        }
        _ => return None,
    };
    divided(number, known, is_mobile)
}

/// One group, if `10` and a subscriber stand behind `82`. Without a mark before them,
/// numbers that nobody has are none.
fn abroad_together(view: View<'_>, number: &Number, code: &[u8]) -> Option<usize> {
    let is_marked =
        number.group_digits(0).first() == Some(&0) || view.before(number.start()).ends_with(b"+");
    let is_number = match code {
        [1, 0, rest @ ..] | [0, 1, 0, rest @ ..] => {
            rest.len() == 8 && (is_marked || matches!(rest, [2..=9, ..]))
        }
        _ => false,
    };
    (is_number && is_alone(view, number)).then_some(1)
}

/// What [`abroad`] gives, for a landline. Blanks alone are not enough: `82 2 2024 1120`.
fn abroad_area(view: View<'_>, number: &Number) -> Option<usize> {
    let groups = abroad(number, false)?;
    let is_marked = view.before(number.start()).ends_with(b"+")
        || number.group_digits(0).len() == 4
        || number.has_gaps(2, &[Gap::Hyphen, Gap::Bracket]);
    is_marked.then_some(groups)
}

/// True for a code of mobile numbers without its zero.
fn is_mobile_code(code: &[u8]) -> bool {
    matches!(code, [1, 0 | 1 | 6..=9])
}

/// True for an area code without its zero.
fn is_area_code(code: &[u8]) -> bool {
    matches!(code, [2] | [3, 1..=3] | [4 | 6, 1..=4] | [5, 1..=5] | [7, 0] | [5, 0, 2..=8])
}

/// True if no letter stands on either side of the first group, and it is not what stands behind a
/// decimal point.
fn is_alone(view: View<'_>, number: &Number) -> bool {
    let (start, end) = (number.start(), number.end(1));
    let is_fraction = matches!(view.before(start), [.., b'0'..=b'9', b'.']);
    !view.is_word_before(start) && !view.is_word_at(end) && !is_fraction
}

/// True for ten digits with the check digit of an ISBN-10.
fn is_isbn(digits: &[u8]) -> bool {
    let weighed = digits.iter().zip((1..=10).rev());
    digits.len() == 10
        && weighed.map(|(digit, by)| u32::from(*digit) * by).sum::<u32>().is_multiple_of(11)
}
