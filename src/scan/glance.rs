//! A run of digits in; whether a number of any kind could begin with it out, at a glance.
//!
//! Most runs are dates, times, and numbers of books and records: how long they are
//! and the bytes at their two ends tell them from all kinds, before any group is read.
//!
//! | digits with no others near | could be |
//! |---|---|
//! | 3, 7, 8 | a passport, behind a letter |
//! | 9 to 12 | a telephone, from 0 or 82 on |
//! | 13 | a resident number, if month and day could be; so written, `82 010…` too |
//! | 14, 15 | a card from 3 on, a telephone from 0 on |
//! | 16, 19 | a card |
//! | 10 to 14 | an account; 10 a business and 12 a licence; behind a word |
//!
//! The word is not read: where one of its letters is missing, the word is too.
//!
//! Not here: which kind it is; full-width digits and groups, which could be any.

use super::context::View;
use super::number::{GOES_ON, could_be_gap};
use super::{account, business, document};

/// Bytes before a run in which the letters of a word are looked for.
const NEAR: usize = 32;

/// Letters of words, a set each.
const ACCOUNT: ([u32; 9], [u32; 17]) = (sets(account::KEYS), sets(account::WORDS));
const BUSINESS: ([u32; 7], [u32; 3]) = (sets(business::KEYS), sets(business::WORDS));
const LICENCE: ([u32; 3], [u32; 3]) = (sets(document::LICENCE_KEYS), sets(document::LICENCE_WORDS));

/// False if nothing begins with the run of so many ASCII digits at `start`.
#[inline]
pub(super) fn could_begin(view: View<'_>, start: usize, length: usize) -> bool {
    let (before, run) = (view.before(start), view.from(start));
    let Some((digits, behind)) = run.split_at_checked(length) else { return true };
    if length == 0 || !is_single(before, length, behind) {
        return true;
    }
    match (length, digits) {
        (3 | 7 | 8, _) => before.last().is_some_and(u8::is_ascii_alphabetic),
        (9..=12 | 14 | 15, [b'0', ..])
        | (12, [b'8', b'2', ..])
        | (13, [_, _, b'0' | b'1', _, b'0'..=b'3', ..])
        | (14 | 15, [b'3', ..])
        | (16, _)
        | (19, [b'4' | b'6', ..]) => true,
        (10..=14, _) => could_be_named(before, length),
        _ => false,
    }
}

/// True if the run is the only group of its number.
#[inline]
fn is_single(before: &[u8], length: usize, behind: &[u8]) -> bool {
    match *behind {
        [b'&', ..] => !matches!(before, [.., b'0'..=b'9', b'=']),
        [first, ..] if !could_be_gap(first, length) => true,
        [first, ..] if length > GOES_ON => first.is_ascii(),
        // A mark, and something else behind it.
        [b'%' | 0x80.., ..] => false,
        [_, next, ..] => !next.is_ascii_digit() && !could_be_gap(next, length),
        [] | [_] => true,
    }
}

/// True if the letters of a word stand before that asks for so many digits.
#[inline]
fn could_be_named(before: &[u8], length: usize) -> bool {
    let Some(letters) = letters(before) else { return true };
    has_any(letters, &ACCOUNT.0)
        || has_any(letters, &ACCOUNT.1)
        || length == 10 && (has_any(letters, &BUSINESS.0) || has_any(letters, &BUSINESS.1))
        || length == 12 && (has_any(letters, &LICENCE.0) || has_any(letters, &LICENCE.1))
}

#[inline]
fn has_any(letters: u32, sets: &[u32]) -> bool {
    sets.iter().any(|set| letters & set == *set)
}

/// The letters of the parameter or line that ends here: no word is looked for further
/// before. None if it is long, or not all of it is ASCII.
#[inline]
fn letters(before: &[u8]) -> Option<u32> {
    let mut set = 0;
    for byte in before.iter().rev().take(NEAR) {
        match byte {
            b'&' | b'\n' => return Some(set),
            b'a'..=b'z' | b'A'..=b'Z' => set |= letter(*byte),
            0x80.. => return None,
            _ => {}
        }
    }
    (before.len() <= NEAR).then_some(set)
}

/// The letters of words; of one in Hangul, what no text in ASCII has.
const fn sets<const N: usize>(words: [&str; N]) -> [u32; N] {
    let mut sets = [0; N];
    let mut index = 0;
    while index < N {
        let word = words[index].as_bytes();
        let mut place = 0;
        while place < word.len() {
            let byte = word[place];
            sets[index] |= match byte {
                b'a'..=b'z' => letter(byte),
                0x80.. => NEVER,
                _ => 0,
            };
            place += 1;
        }
        index += 1;
    }
    sets
}

/// What is no letter.
const NEVER: u32 = 1;

/// The set of one letter, be it capital or small.
const fn letter(byte: u8) -> u32 {
    1 << (byte & 31)
}
