//! A line that is as nearly all are, in; the places of its fields out.
//!
//! Such a line has its quotes around fields alone, and no backslash. What can be
//! said of it beforehand is compiled into steps that look at a few bytes each.
//!
//! Not here: any other line (`line`).

use super::Kind;
use super::compile::{End, Layout, Lead};
use super::line::{clf, is_count, is_decimal, is_status};
use crate::parse::span::Span;

/// What usual lines are read by.
pub(super) struct Usual {
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
        layout.quotes?;
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
        Some(Usual { steps, tail: tail.clone() })
    }

    /// Finds the fields of the line that stands at `start..end` and has its
    /// quotes at `quotes`. `None` says nothing about the line, and leaves nothing
    /// of use in `spans`.
    #[inline(never)]
    pub(super) fn fields(
        &self,
        bytes: &[u8],
        (start, end): (usize, usize),
        mut quotes: &[u32],
        spans: &mut [Span],
    ) -> Option<()> {
        let mut at = start;
        for (step, span) in self.steps.iter().zip(spans) {
            // What is behind the line may be looked at, but not behind the chunk.
            let window = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
            if window & step.mask != step.lead {
                return None;
            }
            at += step.length as usize;
            // As many of the bytes that follow as are in the window: nearly
            // always the whole of a word.
            let next = window >> (8 * step.length);
            let stop = if step.end == Ends::Quote {
                let (&[open, close], rest) = quotes.split_first_chunk()?;
                if open as usize + 1 != at {
                    return None;
                }
                quotes = rest;
                close as usize
            } else if step.end == Ends::Clf {
                at + clf(bytes.get(at..)?)?
            } else {
                let stop = word_from(next, bytes, at, end)?;
                if step.end != Ends::Word && !is_number(step.end, &bytes[at..stop]) {
                    return None;
                }
                stop
            };
            *span = Span { start: at, end: stop };
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

#[inline]
fn is_number(end: Ends, word: &[u8]) -> bool {
    match end {
        Ends::Status => is_status(word),
        Ends::Decimal => is_decimal(word),
        Ends::Word | Ends::Count | Ends::Clf | Ends::Quote => is_count(word),
    }
}

/// As [`word`], given some of its first bytes, and zeros behind them.
#[inline]
fn word_from(next: u64, bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    match blank(next) {
        Some(0) => None,
        Some(length) => Some((at + length).min(end)).filter(|&stop| stop > at),
        None => word(bytes, at, end),
    }
}

/// Where the word at `at` ends: at the first blank, or with the line. Eight bytes
/// at a time: words are short, and a call of `memchr` costs more than it saves.
#[inline]
pub(in crate::parse) fn word(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let mut stop = at;
    loop {
        let word = u64::from_le_bytes(*bytes.get(stop..)?.first_chunk()?);
        if let Some(length) = blank(word) {
            stop += length;
            break;
        }
        stop += 8;
        if stop >= end {
            break;
        }
    }
    let stop = stop.min(end);
    (stop > at).then_some(stop)
}

/// The place of the first blank among eight bytes, of which the first is lowest.
#[inline]
fn blank(word: u64) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    const BLANKS: u64 = ONES * 0x20;
    // Zero where there was a blank. The subtraction borrows into the top bit of
    // the lowest zero byte; what it does above does not matter.
    let word = word ^ BLANKS;
    let hit = word.wrapping_sub(ONES) & !word & TOPS;
    (hit != 0).then(|| hit.trailing_zeros() as usize / 8)
}
