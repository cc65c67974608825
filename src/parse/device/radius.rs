//! The accounting log of `FreeRADIUS` (`detail`) in; its records out.
//!
//! ```text
//! Thu Oct  1 15:22:29 2026
//!         User-Name = "kim"
//!         Calling-Station-Id = "00-00-5E-00-53-01"
//!         Called-Station-Id = "00-00-5E-00-53-FF:eduroam"
//!         Acct-Status-Type = Start
//!         Timestamp = 1790868149
//! ```
//!
//! Besides the common fields every attribute is one, by its name; capitals do
//! not matter, and of several of one name the first counts. One that no record
//! has is null. `time` is `Timestamp`, which the server counts from 1970, else
//! `Event-Timestamp` of the access point, else the line that begins the record.
//! `ip` is `Framed-IP-Address` or `Framed-IPv6-Address`, `server` is
//! `NAS-Identifier` or `NAS-IP-Address`. `Called-Station-Id` has the access point
//! before the colon and the network behind it.
//!
//! Source: `FreeRADIUS` 3.2, `rlm_detail`, and `print.c` for quotes; RFC 2866;
//! RFC 3580, section 3.20.
//!
//! Not here: what an attribute says.

use jiff::civil::Date;

use super::syslog::set_time;
use super::text::{is_mac, write_unescaped};
use super::when::{self, When};
use super::{FIELDS as COMMON, Family, Field, Listed, Outcome, Reason, Rows};

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Event,
    Field::Mac,
    Field::Ip,
    Field::User,
    Field::Session,
    Field::Ap,
    Field::Ssid,
    Field::Server,
    Field::Reason,
];

pub(super) const LISTED: Listed = Listed {
    name: "radius",
    about: "FreeRADIUS: accounting (detail); every attribute by its name",
    example: "Thu Oct  1 15:22:29 2026\n\tUser-Name = \"kim\"\n\tCalling-Station-Id = \"00-00-5E-00-53-01\"\n\tAcct-Status-Type = Start\n\tTimestamp = 1790868149",
};

/// Attributes that say who somebody is, and are no common field.
pub(super) const PERSONAL: &[&str] = &[
    "Stripped-User-Name",
    "Chargeable-User-Identity",
    "EAP-Identity",
    "Acct-Multi-Session-Id",
    "Framed-IPv6-Address",
    "3GPP-IMSI",
];

/// A record of no client, such as that an access point was switched on.
const NO_CLIENT: &str = "no-client";

/// When the access point noted it, as text.
const EVENT_TIMESTAMP: &str = "Event-Timestamp";

/// Reads records.
pub(super) struct Detail {
    /// Attributes that are wanted by name.
    others: Vec<String>,
    /// The date of the run.
    date: Option<Date>,
}

/// What a record says of the common fields.
#[derive(Default, Clone, Copy)]
struct Seen<'a> {
    timestamp: Option<&'a [u8]>,
    event_timestamp: Option<&'a [u8]>,
    ipv6: Option<&'a [u8]>,
    nas_address: Option<&'a [u8]>,
}

/// Whether a field has local times.
pub(super) fn is_local(field: &str) -> bool {
    field == Field::Time.name() || field.eq_ignore_ascii_case(EVENT_TIMESTAMP)
}

impl Detail {
    pub(super) fn new(others: Vec<String>, date: Option<Date>) -> Detail {
        Detail { others, date }
    }

    /// Takes one attribute, with the quotes of its value.
    fn attribute<'a>(
        &self,
        name: &[u8],
        raw: &'a [u8],
        seen: &mut Seen<'a>,
        rows: &mut Rows<'_, 'a>,
    ) {
        let value = unquoted(raw);
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        for (at, other) in self.others.iter().enumerate() {
            if is(other) && !rows.has_at(COMMON + at) {
                if is(EVENT_TIMESTAMP) {
                    self.put_time(COMMON + at, value, rows);
                } else {
                    put(rows, COMMON + at, raw);
                }
            }
        }
        let common = [
            ("Acct-Status-Type", Field::Event),
            ("Calling-Station-Id", Field::Mac),
            ("Framed-IP-Address", Field::Ip),
            ("User-Name", Field::User),
            ("Acct-Session-Id", Field::Session),
            ("NAS-Identifier", Field::Server),
            ("Acct-Terminate-Cause", Field::Reason),
        ];
        if let Some((_, field)) = common.into_iter().find(|(other, _)| is(other)) {
            if !rows.has(field) {
                put(rows, field as usize, raw);
            }
        } else if is("Called-Station-Id") {
            set_station(rows, value);
        } else if is("Timestamp") {
            seen.timestamp = seen.timestamp.or(Some(value));
        } else if is(EVENT_TIMESTAMP) {
            seen.event_timestamp = seen.event_timestamp.or(Some(value));
        } else if is("Framed-IPv6-Address") {
            seen.ipv6 = seen.ipv6.or(Some(value));
        } else if is("NAS-IP-Address") {
            seen.nas_address = seen.nas_address.or(Some(value));
        }
    }

    /// A time as text, which must be all of a value.
    fn time<'a>(&self, value: &'a [u8]) -> Option<When<'a>> {
        let (when, length) = when::read(value, self.date)?;
        // What may follow is the abbreviation of a zone.
        let is_zone = |rest: &[u8]| rest.iter().all(u8::is_ascii_alphabetic);
        is_zone(value[length..].trim_ascii()).then_some(when)
    }

    fn put_time<'a>(&self, place: usize, value: &'a [u8], rows: &mut Rows<'_, 'a>) {
        match self.time(value) {
            Some(When::Raw(raw)) => rows.put(place, raw),
            Some(When::Told(told)) => rows.put_made(place, |out| told.write(out)),
            // What is no time is null where it is read as one, and counted.
            None => rows.put(place, value),
            Some(When::Yearless) => {}
        }
    }
}

impl Family for Detail {
    type State = ();

    fn begin(&self, _head: &[u8]) {}

    fn width(&self) -> usize {
        COMMON + self.others.len()
    }

    fn record<'a>(&self, (): &mut (), record: &'a [u8], rows: &mut Rows<'_, 'a>) -> Outcome {
        if record.trim_ascii().is_empty() {
            return Outcome::Blank;
        }
        let mut lines = record.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        // A record that begins in mid-file after blanks begins with a line that
        // is none.
        let first = lines.next().unwrap_or_default();
        if record.first().is_some_and(u8::is_ascii_whitespace) {
            return Outcome::Reject(Reason::Delimiter("time".into()));
        }
        let Some(begun) = self.time(first) else {
            return Outcome::Reject(Reason::Time("time".into()));
        };
        let mut seen = Seen::default();
        let mut count = 0;
        for line in lines.filter(|line| !line.is_empty()) {
            let Some((name, value)) = pair(line) else {
                return Outcome::Reject(Reason::Delimiter("attribute".into()));
            };
            self.attribute(name, value, &mut seen, rows);
            count += 1;
        }
        if count == 0 {
            return Outcome::Reject(Reason::Truncated("attribute".into()));
        }
        let is_count = |value: &[u8]| value.len() == 10 && value.iter().all(u8::is_ascii_digit);
        if let Some(count) = seen.timestamp.filter(|value| is_count(value)) {
            rows.set(Field::Time, count);
        } else {
            let noted = seen.event_timestamp.and_then(|value| self.time(value));
            set_time(rows, noted.unwrap_or(begun));
        }
        if !rows.has(Field::Ip) {
            rows.set_some(Field::Ip, seen.ipv6);
        }
        if !rows.has(Field::Server) {
            rows.set_some(Field::Server, seen.nas_address);
        }
        let has_client =
            [Field::Mac, Field::User, Field::Ip].into_iter().any(|field| rows.has(field));
        if has_client { Outcome::Row } else { Outcome::Excluded(NO_CLIENT) }
    }
}

/// Name and value of `Name = value`; `:=`, `+=` and `==` are other operators.
fn pair(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(u8::is_ascii_whitespace)?;
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_ascii_start();
    let operators: [&[u8]; 4] = [b"= ", b":= ", b"+= ", b"== "];
    let value = operators.iter().find_map(|operator| rest.strip_prefix(*operator));
    // An empty value has no blank behind the operator.
    value.or_else(|| (rest == b"=").then_some(b"")).map(|value| (name, value.trim_ascii()))
}

/// A value without its quotes.
fn unquoted(raw: &[u8]) -> &[u8] {
    match raw {
        [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] => inside,
        _ => raw,
    }
}

/// Puts a value without quotes and escapes.
fn put<'a>(rows: &mut Rows<'_, 'a>, place: usize, raw: &'a [u8]) {
    let value = unquoted(raw);
    if value.len() < raw.len() && value.contains(&b'\\') {
        rows.put_made(place, |out| write_unescaped(value, out));
    } else {
        rows.put(place, value);
    }
}

/// The access point and the network of `00-00-5E-00-53-FF:eduroam`.
fn set_station<'a>(rows: &mut Rows<'_, 'a>, value: &'a [u8]) {
    match value.split_at_checked(17) {
        Some((ap, [b':', ssid @ ..])) if is_mac(ap) => {
            rows.set(Field::Ap, ap);
            if ssid.contains(&b'\\') {
                rows.make(Field::Ssid, |out| write_unescaped(ssid, out));
            } else {
                rows.set(Field::Ssid, ssid);
            }
        }
        _ => rows.set(Field::Ap, value),
    }
}
