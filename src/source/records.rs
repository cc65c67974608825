//! Bytes in; where the record at their start ends out.
//!
//! ```text
//! lines     a record ends after the first LF; so do directives and headed lines
//! tables    a record ends after the first LF outside quotes
//! leases    a record ends after the line that closes its braces
//! indented  a record ends before the next line that is not indented
//! all       a record longer than `LINE_BYTES` ends after the next LF, wherever
//! ```
//!
//! A quote opens only where a field starts and is written twice inside one,
//! so a stray quote in mid-field hides nothing. One that opens and is never
//! closed hides the lines up to the cap, not the rest of the file.
//!
//! A lease whose braces never close ends before the next one begins; a string
//! ends with its line at the latest.
//!
//! Source: RFC 4180, section 2, rules 5 to 7; ISC DHCP 4.4, `dhcpd.leases(5)`;
//! `FreeRADIUS` 3, `rlm_detail`.
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
    /// After every LF; a line that begins so names the columns of those after
    /// it.
    Headed(&'static [u8]),
    /// After the line that closes the braces which the record opens.
    Leases,
    /// Before every line that is not indented and not empty.
    Indented,
}

impl Cut {
    /// The length of the record at the start of `bytes`, with its LF. `None`
    /// if its end is not among them.
    #[must_use]
    pub fn first(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Cut::Lines | Cut::Directives | Cut::Headed(_) => {
                memchr::memchr(b'\n', bytes).map(|at| at + 1)
            }
            Cut::Records { delimiter, quote } => record(bytes, delimiter, quote),
            Cut::Leases => lease(bytes),
            Cut::Indented => indented(bytes),
        }
    }

    /// The length of all whole records at the start of `bytes`. `None` if
    /// there is none.
    #[must_use]
    pub fn last(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Cut::Lines | Cut::Directives | Cut::Headed(_) => {
                memchr::memrchr(b'\n', bytes).map(|at| at + 1)
            }
            Cut::Records { .. } | Cut::Leases | Cut::Indented => {
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

/// The lines in `bytes`, which begin with a line, that begin with `prefix`; with
/// their LF.
pub(super) fn headers<'a>(bytes: &'a [u8], prefix: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    memchr::memmem::find_iter(bytes, prefix).filter_map(move |at| {
        let before = &bytes[..at];
        // A byte-order mark stands before the first line of some files.
        let is_first = matches!(before, [] | [.., b'\n'] | b"\xef\xbb\xbf");
        let rest = &bytes[at..];
        is_first.then(|| &rest[..memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)])
    })
}

/// Words that begin a lease at the start of a line.
const LEASES: [&[u8]; 4] = [b"lease ", b"ia-na ", b"ia-ta ", b"ia-pd "];

/// Bytes that must be there to know whether a lease begins.
const LEASE_BYTES: usize = 6;

/// Where in a lease file a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    String,
    Escape,
    Comment,
}

fn lease(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    let mut within = Within::Text;
    for (at, &byte) in bytes.iter().enumerate() {
        within = match (within, byte) {
            (_, b'\n') => {
                if depth == 0 || at > LINE_BYTES {
                    return Some(at + 1);
                }
                if begins(bytes, at + 1)? {
                    return Some(at + 1);
                }
                Within::Text
            }
            (Within::String, b'\\') => Within::Escape,
            (Within::String, b'"') => Within::Text,
            (Within::String | Within::Escape, _) | (Within::Text, b'"') => Within::String,
            (Within::Comment, _) | (Within::Text, b'#') => Within::Comment,
            (Within::Text, _) => {
                depth = match byte {
                    b'{' => depth + 1,
                    b'}' => depth.saturating_sub(1),
                    _ => depth,
                };
                Within::Text
            }
        };
    }
    None
}

/// Whether a lease begins at `at`; `None` if the bytes that say so may follow.
/// Bytes behind the longest record never say so: a reader that looks for its
/// end does not see them.
fn begins(bytes: &[u8], at: usize) -> Option<bool> {
    if at + LEASE_BYTES > LINE_BYTES {
        return Some(false);
    }
    let word = &bytes[at..bytes.len().min(at + LEASE_BYTES)];
    let may_be = LEASES.iter().any(|lease| lease.starts_with(word));
    if word.len() < LEASE_BYTES && may_be { None } else { Some(may_be) }
}

fn indented(bytes: &[u8]) -> Option<usize> {
    for at in memchr::memchr_iter(b'\n', bytes) {
        if at > LINE_BYTES {
            return Some(at + 1);
        }
        // The next byte is not seen by a reader that looks for the end of the
        // longest record.
        if at < LINE_BYTES && !matches!(bytes.get(at + 1)?, b' ' | b'\t' | b'\r' | b'\n') {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cuts(cut: Cut, records: &[&str]) {
        let text = records.concat();
        let mut found = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (record, behind) = rest.split_at(cut.first(rest.as_bytes()).unwrap_or(rest.len()));
            found.push(record);
            rest = behind;
        }
        assert_eq!(found, records);
    }

    #[test]
    fn a_lease_ends_with_the_line_that_closes_its_braces() {
        cuts(
            Cut::Leases,
            &[
                "# lease {\n",
                "\n",
                "lease 192.0.2.7 {\n  on expiry { log (\"}\\\"}\"); }\n  # }\n}\n",
                "ia-na \"{\" { iaaddr x { } }\n",
                "}\n",
                "lease 192.0.2.7 {\n  uid \"\n  lease ;\n",
                "lease 192.0.2.8 {\n}",
            ],
        );
    }

    #[test]
    fn an_indented_record_ends_before_the_next_line_that_is_not() {
        cuts(Cut::Indented, &["\n", "a\n\tb = \"c\"\n        \n\r\n", "d\n", "e\n f"]);
    }

    #[test]
    fn what_ends_is_known_only_with_the_bytes_behind_it() {
        assert_eq!(Cut::Indented.first(b"a\n b\n"), None);
        assert_eq!(Cut::Indented.last(b"a\n b\nc\n"), Some(5));
        assert_eq!(Cut::Leases.first(b"lease {\nia-n"), None);
        assert_eq!(Cut::Leases.first(b"lease {\nia-na "), Some(8));
        assert_eq!(Cut::Leases.last(b"lease {\n}\n\nlease"), Some(11));
    }

    #[test]
    fn a_header_begins_a_line() {
        let found: Vec<_> = headers(b"\xef\xbb\xbfID,a\nUUID,b\nID,c\nID,d", b"ID,").collect();
        assert_eq!(found, [b"ID,a\n".as_slice(), b"ID,c\n", b"ID,d"]);
    }
}
