//! Groups of digits in; resident registration number or foreigner's, or not, out.
//!
//! ```text
//! yymmdd gap cnnnnnn        c: 9 0 of 18yy, 1 2 5 6 of 19yy, 3 4 7 8 of 20yy; 5 to 8 foreigners
//! check = (11 - s mod 11) mod 10, foreigners (13 - s mod 11) mod 10,
//! s = the first twelve digits times 2 3 4 5 6 7 8 9 2 3 4 5
//! ```
//!
//! With a gap, the date alone decides. With one that stands between numbers of their own as
//! well (`.` `,` `/` `:` `;` `*` `|` `(`), a word or key must say so, or the check digit be
//! right and, but for `.`, the day be none of a page or a bill. Without one, thirteen digits are
//! a number if a word or key says so, or if the digit c and the check digit leave little else:
//!
//! | thirteen digits together | are one if |
//! |---|---|
//! | behind `jumin=`, 주민번호 and the like | the date exists |
//! | c 1 to 4, 9, 0 | the check digit is right |
//! | c 3 4, born from 2020-10 on; c 5 to 8 | the date exists: since 2020-10 there is no check digit |
//! | milliseconds of 2014 to 2033 | born then too, the check digit is right, and they are no time, path or file name |
//! | a bar code of Korea, `880…`, with its check digit | the resident check digit is right too |
//!
//! Source: 주민등록법 시행규칙 §2; for foreigners 출입국관리법 시행규칙 §49의3.
//!
//! Behind a date in eight digits only a hyphen is a gap, and the digit c must be of the century;
//! of 20yy only a person born until 2009, with the right check digit, is told from an order.
//!
//! Not here: numbers of which digits are hidden (`900101-1******`), the date by itself.

use super::context::View;
use super::number::{Gap, Number, is_ean};
use super::{Hit, Kind, words};

/// Digits of a number.
const LENGTH: usize = 13;

/// Milliseconds since 1970 from May 2014 to May 2033: what `Date.now()` gives.
const MILLISECONDS: std::ops::Range<u64> = 1_400_000_000_000..2_000_000_000_000;

/// Parts of keys of a resident number.
const KEYS: [&str; 16] = [
    "jumin", "ssn", "rrn", "resno", "resid", "regno", "regid", "psno", "psnno", "socno", "socid",
    "ihidnum", "juminno", "alien", "foreign", "fgnno",
];

/// Words before a resident number.
const WORDS: [&str; 6] = ["주민", "외국인등록", "등록번호", "resident", "거소신고", "rrn"];

/// Keys and parts of keys of a point in time.
const TIMES: [&str; 12] =
    ["time", "ts", "date", "stamp", "rand", "cache", "seed", "ver", "nonce", "dt", "rnd", "uniq"];

/// The number that begins with the first group.
pub(super) fn at(view: View<'_>, number: &Number) -> Option<Hit> {
    let is_long = number.has_lengths(&[8, 7]);
    let is_apart = number.has_lengths(&[6, 7]) || is_long;
    let is_together = number.has_lengths(&[LENGTH]);
    let groups = if is_apart { 2 } else { 1 };
    let digits = number.digits(groups);
    let (century, digits) = digits.split_at_checked(if is_long { 2 } else { 0 })?;
    let digits = digits.first_chunk::<LENGTH>()?;
    let is_number = (is_apart && is_date(digits) && are_halves(view, number, digits, century))
        || (is_together && is_date(digits) && is_meant(view, number, digits));
    let span = number.start()..number.end(groups);
    is_number.then_some(Hit { kind: Kind::Resident, span })
}

/// True if what stands between six and seven digits makes them one number. The digits of the
/// century stand before the six, or nothing.
fn are_halves(view: View<'_>, number: &Number, digits: &[u8; LENGTH], century: &[u8]) -> bool {
    let Some(gap) = number.groups().first().map(|group| group.gap) else { return false };
    match century {
        [] => {}
        [1, 9] => return gap == Gap::Hyphen && matches!(digits[6], 1 | 2 | 5 | 6),
        // Orders of a shop are numbered `20260101-1234567`.
        [2, 0] => {
            let is_this_century = matches!(digits[6], 3 | 4 | 7 | 8);
            return gap == Gap::Hyphen && is_this_century && is_grown(digits) && is_checked(digits);
        }
        _ => return false,
    }
    let is_about = || view.is_about(number.start(), &KEYS, &WORDS);
    match gap {
        Gap::Hyphen | Gap::Blank | Gap::Line | Gap::Dash | Gap::Field => true,
        // Coordinates are written as `200123.4567891`.
        Gap::Dot => is_checked(digits) || is_about(),
        // So are `/240101/3456789`, a page of that day, and `240101, 3456789`, what was paid.
        Gap::Bracket | Gap::List => (is_checked(digits) && is_grown(digits)) || is_about(),
    }
}

/// True if a whole number, such as a cell of a table, is a resident number. Those
/// of persons born from 2000 to 2009 begin with zeros, which a whole number lacks.
///
/// Without a word beside it, such a number must have the right check digit, or
/// be one that needs none: of a foreigner, or of a person born since 2020-10.
/// Numbers below ten digits, milliseconds of 2014 to 2033 and telephone numbers
/// without their zero (`1012345678`) are none: a column of those would have
/// some that look alike.
///
/// # Examples
///
/// ```
/// use gamyeong::scan::is_resident_number;
///
/// assert!(is_resident_number(9_001_011_234_568));
/// assert!(!is_resident_number(9_001_011_234_567));
/// assert!(!is_resident_number(1_710_123_456_789));
/// ```
#[must_use]
pub fn is_resident_number(digits: i64) -> bool {
    let Ok(value) = u64::try_from(digits) else { return false };
    if value >= 10_000_000_000_000 || MILLISECONDS.contains(&value) {
        return false;
    }
    let mut rest = value;
    let mut digits = [0; LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    if !is_date(&digits) {
        return false;
    }
    // `010…` of a telephone would be the first nine days of the year 2000.
    let is_telephone = (1_000_000_000..1_100_000_000).contains(&value);
    match digits[0] {
        0 => !is_telephone && matches!(digits[6], 3 | 4 | 7 | 8) && is_checked(&digits),
        _ => is_likely(&digits),
    }
}

/// True if thirteen digits together are meant as a resident number.
fn is_meant(view: View<'_>, number: &Number, digits: &[u8; LENGTH]) -> bool {
    let (start, end) = (number.start(), number.end(1));
    if view.is_word_before(start) || view.is_word_at(end) {
        return false;
    }
    if view.is_about(start, &KEYS, &WORDS) {
        return true;
    }
    // `82 010…`: a telephone abroad, as nobody writes it who knows better.
    if digits.starts_with(&[8, 2, 0, 1, 0])
        && (view.before(start).ends_with(b"+") || !is_checked(digits))
    {
        return false;
    }
    let value = digits.iter().fold(0, |value, digit| value * 10 + u64::from(*digit));
    if MILLISECONDS.contains(&value) {
        // Nobody who is born in 1914 to 1919 is left to be looked for.
        return matches!(digits[6], 3 | 4 | 7 | 8) && is_checked(digits) && is_no_time(view, start);
    }
    // Behind a decimal point, or in a longer identifier.
    !view.is_number_before(start) && is_likely(digits)
}

/// True if the day is of a person born from 1940 to 2009, and so none that pages and bills of
/// now have.
fn is_grown(digits: &[u8; LENGTH]) -> bool {
    match digits[6] {
        1 | 2 | 5 | 6 => digits[0] >= 4,
        3 | 4 | 7 | 8 => digits[0] == 0,
        _ => false,
    }
}

/// True if the digits are those of a resident number rather than of chance.
fn is_likely(digits: &[u8; LENGTH]) -> bool {
    if is_checked(digits) {
        return true;
    }
    let is_bar_code = digits.starts_with(&[8, 8, 0]) && is_ean(digits);
    let [year, month] = [0, 2].map(|at| digits[at] * 10 + digits[at + 1]);
    let is_unchecked = match digits[6] {
        // Nobody knows how long; a century of births fits into two digits.
        3 | 4 => (year, month) >= (20, 10) && year < 40,
        5 | 6 => true,
        // Born up to a year that no log has seen yet.
        7 | 8 => year < 40,
        _ => false,
    };
    is_unchecked && !is_bar_code
}

/// True if the first six digits are a day of the century that the seventh names.
fn is_date(digits: &[u8; LENGTH]) -> bool {
    let two = |tens: u8, ones: u8| u32::from(tens * 10 + ones);
    let (year, month, day) =
        (two(digits[0], digits[1]), two(digits[2], digits[3]), two(digits[4], digits[5]));
    let century = match digits[6] {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => 1800,
    };
    let year = century + year;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// True if the last digit is the check digit.
fn is_checked(digits: &[u8; LENGTH]) -> bool {
    let weights = (2..=9).chain(2..=5);
    let sum: u32 = digits.iter().zip(weights).map(|(digit, by)| u32::from(*digit) * by).sum();
    let base = if matches!(digits[6], 5..=8) { 13 } else { 11 };
    (base - sum % 11) % 10 == u32::from(digits[LENGTH - 1])
}

/// True if what stands before says neither time nor file: `_=`, `t=`, `/`, `-`.
fn is_no_time(view: View<'_>, start: usize) -> bool {
    let is_value = match view.before(start).last() {
        None | Some(b'=' | b':' | b' ' | b'+' | b'"' | b'\'' | b'(' | b'>' | b'\t' | b'\n') => true,
        Some(byte) => !byte.is_ascii(),
    };
    let is_time = view.key_of_value(start).is_some_and(|key| match key.letters() {
        b"q" | b"no" | b"id" => false,
        letters => {
            letters.len() < 3 || TIMES.iter().any(|part| words::contains(letters, part.as_bytes()))
        }
    });
    is_value && !is_time
}
