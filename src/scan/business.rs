//! Groups of digits in; business registration number, or not, out.
//!
//! ```text
//! ddd-dd-ddddd      check = (10 - s mod 10) mod 10,
//! s = the first nine digits times 1 3 7 1 3 7 1 3 5, plus the tens of the ninth product
//! ```
//!
//! Together only behind a word: one in ten of all numbers of ten digits has the check digit.
//!
//! Source: 국세청, 사업자등록번호 검증 (the check digit).
//!
//! Not here: registration numbers of corporations (6-7 digits, taken for a resident's).

use super::context::View;
use super::number::{Gap, Number};
use super::{Hit, Kind};

pub(super) const KEYS: [&str; 7] = ["biz", "bsn", "business", "saup", "brn", "corpno", "compno"];
pub(super) const WORDS: [&str; 3] = ["사업자", "business", "biz"];

const GAPS: &[Gap] = &[Gap::Hyphen, Gap::Blank, Gap::Dot, Gap::Line, Gap::Field];

/// The number that begins with the first group.
pub(super) fn at(view: View<'_>, number: &Number) -> Option<Hit> {
    let is_apart = number.has_lengths(&[3, 2, 5]) && number.has_gaps(3, GAPS);
    let is_together = number.has_lengths(&[10]);
    let groups = if is_apart { 3 } else { 1 };
    let (start, end) = (number.start(), number.end(groups));
    let is_number = (is_apart || is_together)
        && number.digits(groups).first_chunk().is_some_and(is_business)
        && !view.is_word_before(start)
        && !view.is_word_at(end)
        && !view.is_number_before(start)
        && (is_apart || view.is_about(start, &KEYS, &WORDS));
    is_number.then_some(Hit { kind: Kind::Business, span: start..end })
}

/// True if the office exists (101 and up) and the last digit is the check digit.
fn is_business(digits: &[u8; 10]) -> bool {
    let weights = [1, 3, 7, 1, 3, 7, 1, 3, 5];
    let products = digits.iter().zip(weights).map(|(digit, by)| u32::from(*digit) * by);
    let sum = products.sum::<u32>() + u32::from(digits[8]) * 5 / 10;
    let is_office = digits[0] > 0 && digits[..3] != [1, 0, 0];
    is_office && (10 - sum % 10) % 10 == u32::from(digits[9])
}
