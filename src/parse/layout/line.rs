//! One line in; the places of its fields, or a reason, out.
//!
//! Not here: lines of a chunk, columns (`lines`).

use super::compile::{End, Layout, Lead, Step};
use super::{Escapes, Kind};
use crate::parse::Reason;
use crate::parse::span::Span;
use crate::parse::values::Place;

/// Finds the fields of one line, given without its line ending, which stands at
/// `start` in a chunk.
///
/// On `Err` the places are those of the fields before the one named.
pub(super) fn fields(
    layout: &Layout,
    line: &[u8],
    start: usize,
    places: &mut [Place],
) -> Result<(), Reason> {
    let hides = layout.escapes == Escapes::Backslash;
    let mut at = 0;
    for (number, (step, place)) in layout.steps.iter().zip(places).enumerate() {
        at = lead(&step.lead, line, at).ok_or_else(|| missing(step, line, at))?;
        let rest = &line[at..];
        let next = layout.steps.get(number + 1).map_or(&layout.tail, |step| &step.lead);
        let length = match step.end {
            End::Quote => quote(rest, next, hides),
            // A word with a blank in it would be taken for two, and two for one:
            // a line of another format must not be read as one of this.
            End::Lead(b' ') | End::Blank => Some(blank(rest)),
            End::Lead(first) => until(rest, first, next),
            End::Line => Some(rest.len()),
            End::List => Some(list(rest)),
            End::Clf => Some(clf(rest).ok_or_else(|| match rest.len() {
                0..CLF_BYTES => Reason::Truncated(step.name.clone()),
                _ => Reason::Time(step.name.clone()),
            })?),
            End::Time => match &step.kind {
                Kind::Time(pattern) => {
                    Some(pattern.length(rest).ok_or_else(|| Reason::Time(step.name.clone()))?)
                }
                Kind::Text
                | Kind::Optional
                | Kind::List
                | Kind::Endpoint
                | Kind::Sign
                | Kind::Status
                | Kind::Count
                | Kind::Decimal
                | Kind::Clf => None,
            },
            End::Query(stop) => Some(memchr::memchr2(b'?', stop, rest).unwrap_or(rest.len())),
        };
        let length = length.ok_or_else(|| Reason::Truncated(step.name.clone()))?;
        check(step, &rest[..length])?;
        let value = if step.kind == Kind::Endpoint { host(&rest[..length]) } else { length };
        *place = Place::of(Span { start: at, end: at + value }.moved(start));
        at += length;
    }
    let end = lead(&layout.tail, line, at).ok_or(Reason::Trailing)?;
    if end == line.len() || layout.is_open { Ok(()) } else { Err(Reason::Trailing) }
}

/// The place behind a lead that begins at `at`.
fn lead(lead: &Lead, line: &[u8], at: usize) -> Option<usize> {
    match lead {
        Lead::Text(text) => line.get(at..)?.starts_with(text).then_some(at + text.len()),
        Lead::Blanks(text) => {
            let rest = line.get(at..)?;
            let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
            let is_there = blanks > 0 && rest[blanks..].starts_with(text);
            is_there.then_some(at + blanks + text.len())
        }
    }
}

/// Why a lead is not there: the line ended, or it goes on with something else.
fn missing(step: &Step, line: &[u8], at: usize) -> Reason {
    let text = match &step.lead {
        Lead::Text(text) => text.as_ref(),
        Lead::Blanks(_) => b" ",
    };
    let rest = &line[at..];
    if rest.len() < text.len() && text.starts_with(rest) {
        Reason::Truncated(step.name.clone())
    } else {
        Reason::Delimiter(step.name.clone())
    }
}

/// The bytes before the quote that ends a field.
///
/// Where a backslash hides nothing, and a quote in a field is written as it is,
/// that is the first one that is followed as the last of a field is.
fn quote(rest: &[u8], next: &Lead, hides: bool) -> Option<usize> {
    if !hides {
        return until(rest, b'"', next);
    }
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', rest.get(from..)?) {
        let at = from + found;
        if rest[at] == b'"' {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// The bytes before the first place where the next lead stands.
fn until(rest: &[u8], first: u8, next: &Lead) -> Option<usize> {
    memchr::memchr_iter(first, rest).find(|&at| lead(next, rest, at).is_some())
}

/// Bytes of `10/Oct/2025:13:55:36 +0900`.
pub(super) const CLF_BYTES: usize = 26;

/// The length of a time of the Common Log Format, if `rest` begins with what
/// looks like one. What its digits say is read where it is used.
#[inline]
pub(super) fn clf(rest: &[u8]) -> Option<usize> {
    let time = rest.first_chunk::<CLF_BYTES>()?;
    let marks = [time[2], time[6], time[11], time[14], time[17], time[20]];
    (marks == *b"//::: " && matches!(time[21], b'+' | b'-')).then_some(CLF_BYTES)
}

/// The bytes of a list: up to the first blank that has no comma or colon of the
/// list beside it.
///
/// Source: nginx, `ngx_http_upstream_module`, `$upstream_addr`.
fn list(rest: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += blank(&rest[at..]);
        let is_inside = at > 0 && rest[at - 1] == b',' || rest[at..].starts_with(b" : ");
        if at == rest.len() || !is_inside {
            return at;
        }
        at += if rest[at..].starts_with(b" : ") { 3 } else { 1 };
    }
}

/// The length of an address without its port: what a proxy writes behind the last
/// colon is one, also of an IPv6 address, which has no brackets there.
fn host(endpoint: &[u8]) -> usize {
    let colon = memchr::memrchr(b':', endpoint).filter(|&at| {
        let port = &endpoint[at + 1..];
        at > 0 && !port.is_empty() && port.iter().all(u8::is_ascii_digit)
    });
    colon.unwrap_or(endpoint.len())
}

/// The bytes before the first blank, or all of them.
fn blank(rest: &[u8]) -> usize {
    memchr::memchr(b' ', rest).unwrap_or(rest.len())
}

/// Looks whether a field holds what it should.
fn check(step: &Step, value: &[u8]) -> Result<(), Reason> {
    let fits = match step.kind {
        // Nothing at all is no word.
        Kind::Text | Kind::List | Kind::Endpoint
            if value.is_empty() && !matches!(step.end, End::Quote | End::Line) =>
        {
            return Err(Reason::Delimiter(step.name.clone()));
        }
        Kind::Text
        | Kind::Optional
        | Kind::List
        | Kind::Endpoint
        | Kind::Sign
        | Kind::Clf
        | Kind::Time(_) => true,
        Kind::Status => is_status(value),
        Kind::Count => is_count(value),
        Kind::Decimal => is_decimal(value),
    };
    if fits { Ok(()) } else { Err(Reason::Number(step.name.clone())) }
}

/// Three digits, also those that no standard names: servers pass on what others
/// answered. Zeros and `-` where nothing was.
pub(super) fn is_status(word: &[u8]) -> bool {
    matches!(word, [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] | b"000" | b"0" | b"-")
}

/// `-`, or digits that fit a `u64`. Stricter than `str::parse`, which also
/// takes a leading `+`.
pub(super) fn is_count(word: &[u8]) -> bool {
    /// As many digits as always fit.
    const SAFE_DIGITS: usize = 19;
    match word {
        b"-" => true,
        [] => false,
        digits if digits.len() <= SAFE_DIGITS => digits.iter().all(u8::is_ascii_digit),
        digits => digits
            .iter()
            .try_fold(0u64, |number, &byte| {
                let digit = u64::from(byte.wrapping_sub(b'0'));
                if digit > 9 { None } else { number.checked_mul(10)?.checked_add(digit) }
            })
            .is_some(),
    }
}

/// `-`, or a number such as `12`, `0.003`, `-1` or `+2750`.
pub(super) fn is_decimal(word: &[u8]) -> bool {
    let unsigned = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
    if unsigned.is_empty() {
        return word == b"-";
    }
    let mut parts = unsigned.splitn(2, |&byte| byte == b'.');
    parts.all(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}
