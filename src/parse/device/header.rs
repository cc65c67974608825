//! A line of a system log in; when, by which program and what, out.
//!
//! ```text
//! <30>Aug 15 10:30:45 gate dhcpd[1834]: DHCPACK on 192.0.2.7 to …
//!     └────when─────┘  │   └─program──┘ └message
//!                    server
//! <30>1 2026-08-15T10:30:45+09:00 gate dhcpd 1834 - - DHCPACK on …
//! Sat Aug 15 10:30:45 2026 daemon.info dnsmasq-dhcp[1]: DHCPACK(br-lan) …
//! wlan0: STA …
//! ```
//!
//! The program is the first word with a colon behind it, within the first
//! few: what a client says may hold the like.
//!
//! Source: RFC 3164, section 4; RFC 5424, section 6; `OpenWrt`, `logread`.
//!
//! Not here: what the message says.

use jiff::civil::Date;

use super::text::word;
use super::when::{When, read as read_time};

/// Words before the program: a server's name, its address, numbers.
const MOST_WORDS: usize = 6;

/// A line, taken apart.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Header<'a> {
    pub(super) when: Option<When<'a>>,
    pub(super) server: Option<&'a [u8]>,
    pub(super) program: Option<&'a [u8]>,
    pub(super) message: &'a [u8],
}

pub(super) fn read(line: &[u8], date: Option<Date>) -> Header<'_> {
    let line = without_priority(line.trim_ascii());
    if let Some(header) = line.strip_prefix(b"1 ").and_then(structured) {
        return header;
    }
    let (when, rest) = match read_time(line, date) {
        Some((when, length)) => (Some(when), line[length..].trim_ascii_start()),
        None => (None, line),
    };
    let mut server = None;
    let mut at = rest;
    for _ in 0..MOST_WORDS {
        let (first, behind) = word(at);
        let Some(tag) = first.strip_suffix(b":") else {
            if first.is_empty() {
                break;
            }
            if server.is_none() && !is_facility(first) {
                server = Some(first);
            }
            at = behind;
            continue;
        };
        if is_facility(tag) {
            at = behind;
            continue;
        }
        return Header { when, server, program: Some(program(tag)), message: behind };
    }
    Header { when, server: None, program: None, message: rest }
}

/// Without `<30>`.
pub(super) fn without_priority(line: &[u8]) -> &[u8] {
    let Some(rest) = line.strip_prefix(b"<") else { return line };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match rest.get(digits) {
        Some(b'>') if (1..=3).contains(&digits) => &rest[digits + 1..],
        _ => line,
    }
}

/// A line as of RFC 5424, behind its version.
fn structured(line: &[u8]) -> Option<Header<'_>> {
    let (time, rest) = word(line);
    let when = match read_time(time, None) {
        Some((when, length)) if length == time.len() => Some(when),
        None if time == b"-" => None,
        _ => return None,
    };
    let (server, rest) = word(rest);
    let (program, rest) = word(rest);
    let (_, rest) = word(rest);
    let (_, rest) = word(rest);
    let message = match rest {
        [b'-', rest @ ..] => rest,
        [b'[', ..] => behind_elements(rest),
        _ => return None,
    };
    let message = message.strip_prefix(b" ").unwrap_or(message);
    let message = message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message);
    Some(Header { when, server: Some(server), program: Some(program), message })
}

/// What stands behind structured data: `[a b="c]"][d]`.
fn behind_elements(data: &[u8]) -> &[u8] {
    let mut is_quoted = false;
    let mut bytes = data.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if is_quoted => drop(bytes.next()),
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted && data.get(at + 1) != Some(&b'[') => return &data[at + 1..],
            _ => {}
        }
    }
    b""
}

/// `dhcpd[1834]` without its number.
fn program(tag: &[u8]) -> &[u8] {
    match memchr::memchr(b'[', tag) {
        Some(at) if tag.ends_with(b"]") => &tag[..at],
        _ => tag,
    }
}

/// `daemon.notice`.
fn is_facility(word: &[u8]) -> bool {
    let Some(dot) = memchr::memchr(b'.', word) else { return false };
    let facilities: [&[u8]; 13] = [
        b"kern",
        b"user",
        b"mail",
        b"daemon",
        b"auth",
        b"syslog",
        b"lpr",
        b"news",
        b"uucp",
        b"cron",
        b"authpriv",
        b"ftp",
        b"ntp",
    ];
    let levels: [&[u8]; 9] =
        [b"emerg", b"alert", b"crit", b"err", b"error", b"warning", b"warn", b"notice", b"info"];
    let (facility, level) = (&word[..dot], &word[dot + 1..]);
    (facilities.contains(&facility) || facility.starts_with(b"local"))
        && (levels.contains(&level) || level == b"debug")
}
