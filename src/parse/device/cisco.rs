//! What a wireless controller of Cisco writes to the system log in; event and
//! client out.
//!
//! ```text
//! %CLIENT_ORCH_LOG-6-CLIENT_ADDED_TO_RUN_STATE: R0/0: wncd: Username entry (kim) joined
//!     with ssid (lib) for device with MAC: 0000.5e00.5301
//! %CLIENT_ORCH_LOG-7-CLIENT_MOVED_TO_RUN_STATE: R0/0: wncd: Username (kim), MAC:
//!     0000.5e00.5301, IP 192.0.2.7 associated to AP (ap1) with SSID (lib)
//! %APF-3-AUTHENTICATION_TRAP: apf_80211.c:21442 Client Authenticated: MACAddress:
//!     00:00:5e:00:53:01 Base Radio MAC:00:00:5e:00:53:ff Slot:1 User Name:kim
//!     Ip Address:192.0.2.7 SSID:lib
//! %DOT11-6-ASSOC: Interface Dot11Radio0, Station 0000.5e00.5301 Associated KEY_MGMT[WPAv2]
//! ```
//!
//! Each on one line. The event is the name behind the severity. A client with
//! several addresses has the first that is not of its link alone. The time is that at the start of the line,
//! or else the controller's own before the message.
//!
//! Source: Cisco, "Configure Syslog Server in Access Points and Controllers",
//! Catalyst 9800 17.x; "System Message Guide" of Wireless LAN Controller 8.x and
//! of Cisco IOS; `LogZilla`, "Cisco WLC".
//!
//! Not here: traps that are not in the system log, and `debug` output.

use jiff::civil::Date;

use super::header::{self, without_priority};
use super::syslog::{NO_EVENT, OTHER_PROGRAM, set_time};
use super::text::{around, before, behind, is_ip, is_mac, word, words};
use super::when::{self, When};
use super::{Family, Field, Listed, Outcome, Rows};

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Server,
    Field::Event,
    Field::Mac,
    Field::Ip,
    Field::User,
    Field::Ssid,
    Field::Ap,
    Field::Reason,
];

pub(super) const LISTED: Listed = Listed {
    name: "cisco-wlc",
    about: "Cisco wireless controllers (AireOS, Catalyst 9800): clients in the system log",
    example: "<134>Oct  1 15:22:29 wlc1 77: Oct  1 15:22:29.168: %CLIENT_ORCH_LOG-6-CLIENT_ADDED_TO_RUN_STATE: R0/0: wncd: Username entry (kim) joined with ssid (lib) for device with MAC: 0000.5e00.5301",
};

/// Reads lines.
pub(super) struct Cisco {
    /// The date of the run.
    date: Option<Date>,
}

/// A message: its kind, its name and what it says.
struct Message<'a> {
    facility: &'a [u8],
    name: &'a [u8],
    text: &'a [u8],
}

impl Cisco {
    pub(super) fn new(date: Option<Date>) -> Cisco {
        Cisco { date }
    }

    /// The time at the start of a line, or the last one before the message. A
    /// clock that is not set has `*` or `.` before its time.
    fn time<'a>(&self, before: &'a [u8]) -> Option<When<'a>> {
        if let Some((when, _)) = when::read(before, self.date) {
            return Some(when);
        }
        let starts = memchr::memchr3_iter(b' ', b'*', b'.', before).rev();
        let mut times = starts.filter_map(|at| when::read(&before[at + 1..], self.date));
        times.next().map(|(when, _)| when)
    }
}

impl Family for Cisco {
    type State = ();

    fn begin(&self, _head: &[u8]) {}

    fn record<'a>(&self, (): &mut (), line: &'a [u8], rows: &mut Rows<'_, 'a>) -> Outcome {
        let line = without_priority(line.trim_ascii());
        if line.is_empty() {
            return Outcome::Blank;
        }
        let Some((before, message)) = message(line) else {
            return Outcome::Excluded(OTHER_PROGRAM);
        };
        if !event(&message, rows) {
            return Outcome::Excluded(NO_EVENT);
        }
        if let Some(when) = self.time(before) {
            set_time(rows, when);
        }
        // `wlc1 77:`, `wlc1:`; a task of the controller begins with `*`.
        let header = header::read(before, self.date);
        let server = header.server.or(header.program).filter(|_| header.when.is_some());
        rows.set_some(Field::Server, server.filter(|name| is_name(name)));
        Outcome::Row
    }
}

/// True for what may be a server's name: no number of a message, no task.
fn is_name(name: &[u8]) -> bool {
    !name.starts_with(b"*") && !name.iter().all(u8::is_ascii_digit)
}

/// Longer than any tag.
const MOST_TAG_BYTES: usize = 96;

/// What stands before `%FACILITY-6-NAME: ` and the message.
fn message(line: &[u8]) -> Option<(&[u8], Message<'_>)> {
    memchr::memchr_iter(b'%', line).find_map(|at| {
        // A tag is short, and there may be many a percent sign.
        let start = &line[at + 1..line.len().min(at + 1 + MOST_TAG_BYTES)];
        let (tag, _) = around(start, b": ")?;
        let text = &line[at + 1 + tag.len() + 2..];
        let is_part =
            |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
        let mut parts = tag.split(|byte| *byte == b'-');
        let (facility, severity, name) = (parts.next()?, parts.next()?, parts.next()?);
        let is_message = parts.next().is_none()
            && matches!(severity, [b'0'..=b'7'])
            && !facility.is_empty()
            && [facility, name].iter().all(|part| part.iter().all(is_part));
        is_message.then_some((&line[..at], Message { facility, name, text }))
    })
}

/// Sets an event; false if the message tells of no client.
fn event<'a>(message: &Message<'a>, rows: &mut Rows<'_, 'a>) -> bool {
    let text = message.text;
    let is_event = match message.facility {
        b"CLIENT_ORCH_LOG" => {
            orchestrator(text, rows);
            true
        }
        b"DOT11" => {
            let is_event = matches!(message.name, b"ASSOC" | b"DISASSOC" | b"ROAMED");
            radio(text, rows);
            is_event
        }
        // AireOS: the source file, then the event in words.
        _ => behind(text, b"Client ").is_some() && trap(text, rows),
    };
    if is_event {
        rows.set(Field::Event, message.name);
    }
    is_event && rows.has(Field::Mac)
}

/// Catalyst 9800.
fn orchestrator<'a>(text: &'a [u8], rows: &mut Rows<'_, 'a>) {
    let user =
        in_parentheses(text, b"Username entry (").or_else(|| in_parentheses(text, b"Username ("));
    set(rows, Field::User, user);
    let ssid = in_parentheses(text, b"ssid (").or_else(|| in_parentheses(text, b"SSID ("));
    set(rows, Field::Ssid, ssid);
    let ap = in_parentheses(text, b"AP name (").or_else(|| in_parentheses(text, b" AP ("));
    set(rows, Field::Ap, ap);
    set(rows, Field::Mac, behind(text, b"MAC: ").map(bare));
    let addresses =
        || words(behind(text, b", IP ").unwrap_or_default()).take_while(|word| is_ip(word));
    let routed = addresses().find(|ip| !ip.starts_with(b"fe80:"));
    set(rows, Field::Ip, routed.or_else(|| addresses().next()));
    set_reason(rows, in_parentheses(text, b"reason ("));
}

/// Cisco IOS on an access point.
fn radio<'a>(text: &'a [u8], rows: &mut Rows<'_, 'a>) {
    set(rows, Field::Mac, words(text).map(bare).find(|word| is_mac(word)));
    set_reason(rows, behind(text, b"Reason: ").map(<[u8]>::trim_ascii));
}

/// `AireOS`. False if it is another message.
fn trap<'a>(text: &'a [u8], rows: &mut Rows<'_, 'a>) -> bool {
    let Some(client) = behind(text, b"MACAddress:") else { return false };
    set(rows, Field::Mac, Some(word(client).0));
    let radio = behind(text, b"Base Radio MAC:").or_else(|| behind(text, b"Base Radio MAC :"));
    set(rows, Field::Ap, behind(text, b"AP Name:").or(radio).map(|text| word(text).0));
    set(rows, Field::User, until(text, b"User Name:", &[b" Ip Address:", b" SSID:", b" Reason:"]));
    set(rows, Field::Ip, behind(text, b"Ip Address:").map(|text| word(text).0));
    set(rows, Field::Ssid, until(text, b"SSID:", &[b" AP Name:", b" Reason:"]));
    set_reason(rows, until(text, b"Reason:", &[b" ReasonCode:"]));
    true
}

/// Sets a field, but for the words that mean none.
fn set<'a>(rows: &mut Rows<'_, 'a>, field: Field, value: Option<&'a [u8]>) {
    let is_none = |value: &[u8]| {
        let is_word = matches!(value, b"null" | b"unknown" | b"(null)" | b"N/A");
        let is_no_address = value == b"0.0.0.0" || !is_ip(value);
        field == Field::User && is_word || field == Field::Ip && is_no_address
    };
    rows.set_some(field, value.filter(|value| !is_none(value)));
}

fn set_reason<'a>(rows: &mut Rows<'_, 'a>, reason: Option<&'a [u8]>) {
    if let Some(reason) = reason {
        rows.set_sentence(Field::Reason, reason);
    }
}

/// What stands between a mark, which ends in a parenthesis, and the one that
/// closes it before a word or the end.
fn in_parentheses<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let inside = behind(text, mark)?;
    let mut closing = memchr::memchr_iter(b')', inside);
    let end = closing.find(|at| matches!(inside.get(at + 1), None | Some(b' ' | b',' | b'.')))?;
    Some(&inside[..end])
}

/// A word without the comma behind it.
fn bare(text: &[u8]) -> &[u8] {
    let word = word(text).0;
    word.strip_suffix(b",").unwrap_or(word)
}

/// What stands between a mark and the first of those that may follow.
fn until<'a>(text: &'a [u8], mark: &[u8], ends: &[&[u8]]) -> Option<&'a [u8]> {
    let value = behind(text, mark)?;
    let end = ends.iter().map(|end| before(value, end).len()).min();
    Some(value[..end.unwrap_or(value.len())].trim_ascii())
}
