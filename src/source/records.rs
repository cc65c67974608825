//! Bytes in; where the record at their start ends out.
//!
//! ```text
//! lines     a record ends after the first LF; so do directives
//! tables    a record ends after the first LF outside quotes
//! both      a record longer than `LINE_BYTES` ends after the next LF, wherever
//! ```
//!
//! A quote opens only where a field starts and is written twice inside one,
//! so a stray quote in mid-field hides nothing. One that opens and is never
//! closed hides the lines up to the cap, not the rest of the file.
//!
//! Source: RFC 4180, section 2, rules 5 to 7.
//!
//! Not here: which bytes are a field (`parse`).

/// The longest line, in bytes without its LF. Longer ones are rejects: the
/// servers whose formats are read here cut a request at 8 to 64 KiB, and a
/// Cookie field can hold no more.
pub const LINE_BYTES: usize = 256 * 1024;

/// Where one record ends and the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// After every LF.
    Lines,
    /// After every LF; lines that begin with `#` hold for those after them.
    Directives,
    /// After every LF outside quotes.
    Records {
        /// What separates two fields, such as `,`.
        delimiter: u8,
        /// What a field with an LF inside stands in, such as `"`.
        quote: u8,
    },
}

impl Cut {
    /// The length of the record at the start of `bytes`, with its LF. `None`
    /// if its end is not among them.
    #[must_use]
    pub fn first(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Cut::Lines | Cut::Directives => memchr::memchr(b'\n', bytes).map(|at| at + 1),
            Cut::Records { delimiter, quote } => record(bytes, delimiter, quote),
        }
    }

    /// The length of all whole records at the start of `bytes`. `None` if
    /// there is none.
    #[must_use]
    pub fn last(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Cut::Lines | Cut::Directives => memchr::memrchr(b'\n', bytes).map(|at| at + 1),
            Cut::Records { .. } => {
                let mut end = 0;
                while let Some(length) = self.first(&bytes[end..]) {
                    end += length;
                }
                (end > 0).then_some(end)
            }
        }
    }
}

/// The directives in `bytes`, which begin with a line: lines that begin with
/// `#`, with their LF.
pub(super) fn directives(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'#', bytes).filter_map(|at| {
        let is_first = at == 0 || bytes[at - 1] == b'\n';
        let rest = &bytes[at..];
        is_first.then(|| &rest[..memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)])
    })
}

fn record(bytes: &[u8], delimiter: u8, quote: u8) -> Option<usize> {
    let mut is_quoted = false;
    // A quote at this place is the second half of a doubled one.
    let mut doubled = None;
    for at in memchr::memchr2_iter(b'\n', quote, bytes) {
        if bytes[at] == b'\n' {
            if !is_quoted || at > LINE_BYTES {
                return Some(at + 1);
            }
        } else if is_quoted {
            if doubled == Some(at) {
                continue;
            }
            if bytes.get(at + 1) == Some(&quote) {
                doubled = Some(at + 1);
            } else {
                is_quoted = false;
            }
        } else {
            is_quoted = at == 0 || bytes[at - 1] == delimiter;
        }
    }
    None
}
