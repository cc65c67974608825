//! A request line or a Cookie field in; the place of one part of it out.
//!
//! ```text
//! GET /a?b=c HTTP/1.1        a=1; JSESSIONID=2F; b=3
//! └┬┘ └──┬─┘ └───┬──┘                        └┤
//! method target protocol                  cookie.JSESSIONID
//! ```
//!
//! Source: RFC 9112, section 3 (request line; RFC 1945 leaves the protocol
//! out); RFC 9110, section 5.6.2 (token); RFC 6265, section 4.2.1 (Cookie).
//!
//! Not here: escapes and percent-encoding: the parts are as logged.

use super::span::Span;

/// The three parts of a request line, as places within it.
#[derive(Clone, Copy)]
pub(super) struct Request {
    pub(super) method: Span,
    pub(super) target: Span,
    /// `None` for a request as of HTTP/0.9.
    pub(super) protocol: Option<Span>,
}

/// Divides `METHOD target[ HTTP/x]`. `None` for anything else, such as what
/// a TLS client sends to a plain port.
///
/// A target with spaces is taken where a protocol follows: clients send it,
/// servers log it.
#[inline]
pub(super) fn divide(line: &[u8]) -> Option<Request> {
    let method = line.iter().position(|&byte| !IS_TOKEN[usize::from(byte)])?;
    if method == 0 || line[method] != b' ' {
        return None;
    }
    let start = method + 1;
    let (end, protocol) = match last_space(&line[start..]) {
        Some(space) if line[start + space + 1..].starts_with(b"HTTP/") => {
            (start + space, Some(Span { start: start + space + 1, end: line.len() }))
        }
        Some(_) => return None,
        None => (line.len(), None),
    };
    let target = Span { start, end };
    (start < end).then_some(Request { method: Span { start: 0, end: method }, target, protocol })
}

/// Where the last space stands: mostly before `HTTP/1.1`.
#[inline]
fn last_space(bytes: &[u8]) -> Option<usize> {
    match bytes.last_chunk::<9>() {
        Some([b' ', protocol @ ..]) if !protocol.contains(&b' ') => Some(bytes.len() - 9),
        _ => memchr::memrchr(b' ', bytes),
    }
}

/// Bytes that a method is made of.
static IS_TOKEN: [bool; 256] = {
    let mut is_token = [false; 256];
    let mut byte = b'0';
    while byte <= b'z' {
        is_token[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut marks: &[u8] = b"!#$%&'*+-.^_`|~";
    while let [mark, rest @ ..] = marks {
        is_token[*mark as usize] = true;
        marks = rest;
    }
    is_token
};

/// The value of the first cookie of that name. `None` if there is none.
#[inline]
pub(super) fn cookie(field: &[u8], name: &[u8]) -> Option<Span> {
    let mut start = 0;
    while start < field.len() {
        let end =
            memchr::memchr(b';', &field[start..]).map_or(field.len(), |length| start + length);
        let blanks = field[start..end].iter().take_while(|&&byte| byte == b' ').count();
        let pair = &field[start + blanks..end];
        if let Some(value) = pair.strip_prefix(name).and_then(|rest| rest.strip_prefix(b"=")) {
            return Some(Span { start: end - value.len(), end });
        }
        start = end + 1;
    }
    None
}
