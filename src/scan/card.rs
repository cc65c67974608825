//! Groups of digits in; payment card, or not, out.
//!
//! | digits | groups | begin with |
//! |---|---|---|
//! | 16 | 4-4-4-4 | 4, 51–55, 2221–2720 (Mastercard), 35 (JCB), 62, 6011, 644–649, 65, 9 (Korea alone), 50, 56–58 |
//! | 15 | 4-6-5 | 34, 37 |
//! | 14 | 4-6-4 | 36, 38, 300–305 |
//! | 19 | 4-4-4-4-3 | 4, 62 |
//!
//! With Luhn's check digit, and together or in these groups. Of 13 digits together none
//! is one (no such cards are left, and ISBNs have 13), of 19 only behind a word: numbers of records have
//! as many.
//!
//! Source: ISO/IEC 7812-1, annex B (Luhn); the ranges that the schemes publish.
//!
//! Not here: cards whose middle is hidden.

use super::context::View;
use super::number::{Gap, Number};
use super::{Hit, Kind};

/// The groups in which the numbers are printed.
const PRINTED: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

const GAPS: &[Gap] = &[Gap::Hyphen, Gap::Blank, Gap::Dot, Gap::Line, Gap::Field];

const KEYS: [&str; 3] = ["card", "crdno", "pan"];
const WORDS: [&str; 2] = ["카드", "card"];

/// The card that begins with the first group.
pub(super) fn at(view: View<'_>, number: &Number) -> Option<Hit> {
    let groups = PRINTED
        .iter()
        .find(|lengths| {
            number.has_lengths(lengths)
                && number.has_gaps(lengths.len(), GAPS)
                && is_card(number.digits(lengths.len()))
        })
        .map(|lengths| lengths.len())
        .or_else(|| is_together(view, number).then_some(1))?;
    Some(Hit { kind: Kind::Card, span: number.start()..number.end(groups) })
}

/// True if the first group is a card by itself.
fn is_together(view: View<'_>, number: &Number) -> bool {
    let digits = number.digits(1);
    let (start, end) = (number.start(), number.end(1));
    matches!(digits.len(), 14..=16 | 19)
        && is_card(digits)
        && !view.is_word_before(start)
        && !view.is_word_at(end)
        && !view.is_number_before(start)
        && (digits.len() < 19 || view.is_about(start, &KEYS, &WORDS))
}

fn is_card(digits: &[u8]) -> bool {
    let first = digits.iter().take(4).fold(0, |value, digit| value * 10 + u32::from(*digit));
    let is_known = match digits.len() {
        16 => matches!(
            first,
            2221..=2720 | 3500..=3599 | 4000..=5899 | 6011 | 6200..=6299 | 6440..=6599 | 9000..=9999
        ),
        15 => matches!(first, 3400..=3499 | 3700..=3799),
        14 => matches!(first, 3000..=3059 | 3600..=3699 | 3800..=3899),
        19 => matches!(first, 4000..=4999 | 6200..=6299),
        _ => false,
    };
    is_known && is_luhn(digits)
}

/// True if the last digit is Luhn's check digit, and not all are alike.
fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit @ 0..=4) => digit * 2,
            (_, digit) => digit * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10) && digits.windows(2).any(|pair| pair[0] != pair[1])
}
