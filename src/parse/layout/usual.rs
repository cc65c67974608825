//! A line that is as nearly all are, in; the places of its fields out.
//!
//! Such a line has its quotes around fields alone, and no backslash. What can be
//! said of it beforehand is compiled into steps that look at a few bytes each.
//!
//! Not here: any other line (`line`).

use wide::u8x16;

use super::Kind;
use super::compile::{End, Layout, Lead};
use super::line::{clf, is_count, is_decimal, is_status};
use crate::parse::span::Span;
use crate::parse::values::Place;

/// What usual lines are read by.
pub(super) struct Usual {
    /// Quotes of such a line.
    quotes: usize,
    steps: Vec<Step>,
    tail: Box<[u8]>,
}

/// One field and what stands before it.
#[derive(Clone, Copy)]
struct Step {
    /// The bytes of the lead, the first one lowest, and which of eight they are.
    lead: u64,
    mask: u64,
    length: u32,
    end: Ends,
}

/// Where a field ends, and what is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// At a blank, or with the line.
    Word,
    /// As a word, which must be a number.
    Count,
    /// As a word, which must be a status.
    Status,
    /// As a word, which must be a number with or without a fraction.
    Decimal,
    /// After a time of the Common Log Format.
    Clf,
    /// At the next quote.
    Quote,
}

impl Usual {
    /// `None` if the layout has something that is not usual.
    pub(super) fn new(layout: &Layout) -> Option<Usual> {
        let quotes = layout.quotes?;
        let step = |step: &super::compile::Step| {
            let Lead::Text(text) = &step.lead else { return None };
            // One of eight bytes is left for what follows.
            let mut lead = [0; 8];
            lead[..7].get_mut(..text.len())?.copy_from_slice(text);
            let mut mask = [0; 8];
            mask[..text.len()].fill(0xff);
            let end = match (&step.end, &step.kind) {
                (End::Quote, Kind::Text | Kind::Optional | Kind::List | Kind::Sign) => Ends::Quote,
                (End::Clf, _) => Ends::Clf,
                (End::Lead(b' ') | End::Blank, Kind::Text) => Ends::Word,
                (End::Lead(b' ') | End::Blank, Kind::Count) => Ends::Count,
                (End::Lead(b' ') | End::Blank, Kind::Status) => Ends::Status,
                (End::Lead(b' ') | End::Blank, Kind::Decimal) => Ends::Decimal,
                _ => return None,
            };
            Some(Step {
                lead: u64::from_le_bytes(lead),
                mask: u64::from_le_bytes(mask),
                length: u32::try_from(text.len()).ok()?,
                end,
            })
        };
        let Lead::Text(tail) = &layout.tail else { return None };
        let steps = layout.steps.iter().map(step).collect::<Option<_>>()?;
        Some(Usual { quotes, steps, tail: tail.clone() })
    }

    /// Finds the fields of the line that stands at `start..end` and has its
    /// quotes at `quotes`. `None` says nothing about the line, and leaves nothing
    /// of use in `places`.
    #[inline(never)]
    pub(super) fn fields(
        &self,
        bytes: &[u8],
        (start, end): (usize, usize),
        mut quotes: &[u32],
        places: &mut [Place],
    ) -> Option<()> {
        if quotes.len() != self.quotes {
            return None;
        }
        let mut at = start;
        let mut places = places.iter_mut();
        for step in &self.steps {
            // What is behind the line may be looked at, but not behind the chunk.
            let window = *bytes.get(at..)?.first_chunk::<16>()?;
            let low = u64::from_le_bytes(*window.first_chunk()?);
            if low & step.mask != step.lead {
                return None;
            }
            let next_window = at + window.len();
            at += step.length as usize;
            let stop = match step.end {
                Ends::Quote => {
                    let (&[open, close], rest) = quotes.split_first_chunk()?;
                    if open as usize + 1 != at {
                        return None;
                    }
                    quotes = rest;
                    close as usize
                }
                Ends::Clf => at + clf(bytes.get(at..)?)?,
                Ends::Word | Ends::Count | Ends::Status | Ends::Decimal => {
                    // As many of the bytes that follow as are in the window: nearly
                    // always the whole of a number.
                    let next = low >> (8 * step.length);
                    let blanks = blanks(window) >> step.length;
                    let stop = if blanks == 0 {
                        word(bytes, next_window, end)?
                    } else {
                        (at + blanks.trailing_zeros() as usize).min(end)
                    };
                    if stop <= at {
                        return None;
                    }
                    if step.end != Ends::Word && !is_number(step.end, &bytes[at..stop], next) {
                        return None;
                    }
                    stop
                }
            };
            *places.next()? = Place::of(Span { start: at, end: stop });
            at = stop;
        }
        // Mostly one quote, for which a call of `memcmp` is too much.
        let is_end = match (&*self.tail, bytes.get(at..end)?) {
            ([], []) => true,
            ([wanted], [found]) => wanted == found,
            (wanted, found) => wanted.len() > 1 && wanted == found,
        };
        is_end.then_some(())
    }
}

/// One in each of eight bytes.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Whether a word is what it must be; `next` are some of its first bytes.
#[inline]
fn is_number(end: Ends, word: &[u8], next: u64) -> bool {
    match end {
        Ends::Status if word.len() == 3 && are_digits(next, 3) => word[0] != b'0' || word == b"000",
        Ends::Count if word.len() < 7 && are_digits(next, word.len()) => true,
        Ends::Status => is_status(word),
        Ends::Decimal => is_decimal(word),
        Ends::Word | Ends::Count | Ends::Clf | Ends::Quote => is_count(word),
    }
}

/// Whether the first of eight bytes, the lowest ones, are digits.
#[inline]
fn are_digits(bytes: u64, count: usize) -> bool {
    const HIGH: u64 = ONES * 0xf0;
    const DIGIT: u64 = ONES * 0x33;
    // What a byte that is none carries into the next one does not matter.
    let halves = bytes & HIGH | (bytes.wrapping_add(ONES * 6) & HIGH) >> 4;
    (halves ^ DIGIT) << (64 - 8 * count) == 0
}

/// Where the word ends that goes on at `from`: at the first blank, or with the
/// line. Sixteen bytes at a time: words are short, and a call of `memchr` costs more
/// than it saves.
#[inline]
fn word(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    let mut stop = from;
    while stop < end {
        let blanks = blanks(*bytes.get(stop..)?.first_chunk()?);
        if blanks != 0 {
            stop += blanks.trailing_zeros() as usize;
            break;
        }
        stop += 16;
    }
    Some(stop.min(end))
}

/// A bit for each blank.
#[inline]
fn blanks(window: [u8; 16]) -> u32 {
    u8x16::new(window).simd_eq(u8x16::splat(b' ')).to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parse::layout::apache::{self, Server};
    use crate::parse::layout::{Escapes, line};

    const FORMAT: &str = r#"%h %l %t "%r" %>s %b %T "%{User-agent}i" %u %D"#;

    /// Lines in the format, or nearly.
    fn text() -> impl Strategy<Value = String> {
        let count = "-|[0-9]{1,9}|[0-9]{18,21}|[0-9/:]{1,8}|[0-9]{0,3}x?";
        let status = "[0-9]{3}|-|0|0[0-9]{2}|[0-9a-z]{1,4}";
        let decimal = "[+-]?[0-9]{0,3}[.]?[0-9]{0,3}";
        let time = "10/Oct/2025:13:55:36 [+-]0900|10.Oct/2025:13:55:36 -0900?";
        (
            ("[0-9a-f:.]{0,20}", "-|[a-zé]{1,9}", time, "[A-Z]{0,4} ?/[a-z\"]{0,9}", status, count),
            (decimal, "[a-z ]{0,20}", "-|[a-z]{1,9}", count, "|||\r| |x"),
        )
            .prop_map(|((host, ident, time, request, status, size), rest)| {
                let (seconds, agent, user, micros, end) = rest;
                format!("{host} {ident} [{time}] \"{request}\" {status} {size} {seconds} \"{agent}\" {user} {micros}{end}")
            })
    }

    proptest! {
        /// The short way says of a line what the long one does, or nothing.
        #[test]
        fn usual_lines_are_read_as_all_lines_are(text in text(), behind in "[\n x0-9]{8}") {
            let pieces = apache::pieces(FORMAT, Server::Apache).unwrap();
            let layout = Layout::new(pieces, Escapes::Backslash).unwrap();
            let usual = Usual::new(&layout).unwrap();
            let quotes: Vec<u32> = (0..).zip(text.bytes()).filter(|(_, byte)| *byte == b'"').map(|(at, _)| at).collect();
            let mut short = vec![Place::NONE; layout.steps.len()];
            let mut long = short.clone();
            let bytes = format!("{text}\n{behind}").into_bytes();
            if usual.fields(&bytes, (0, text.len()), &quotes, &mut short).is_some() {
                prop_assert_eq!(line::fields(&layout, text.as_bytes(), 0, &mut long), Ok(()), "{}", text);
                prop_assert_eq!(short, long);
            }
        }

        #[test]
        fn digits_are_those_of_the_definition(bytes in prop::array::uniform8(any::<u8>()), digits in "[/-:]{8}", count in 1usize..8) {
            for bytes in [&bytes[..], digits.as_bytes()] {
                let word = u64::from_le_bytes(*bytes.first_chunk().unwrap());
                let expected = bytes[..count].iter().all(u8::is_ascii_digit);
                prop_assert_eq!(are_digits(word, count), expected);
            }
        }
    }
}
