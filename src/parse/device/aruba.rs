//! What an Aruba controller writes to the system log in; event and station out.
//!
//! ```text
//! stm[2452]: <501100> <2452> <NOTI> <md1 192.0.2.1>  Assoc success @ 20:30:58.606562:
//!     00:00:5e:00:53:01: AP 192.0.2.9-00:00:5e:00:53:ff-ap1
//! stm[2452]: <501080> …  Deauth to sta: 00:00:5e:00:53:01: Ageout AP 192.0.2.9-…-ap1 STA has
//!     roamed to another AP
//! authmgr[3956]: <522008> …  User Authentication Successful: username=kim
//!     MAC=00:00:5e:00:53:01 IP=192.0.2.7 role=guest VLAN=100 AP=ap1 SSID=lib …
//! authmgr[3956]: <522035> …  MAC=00:00:5e:00:53:01 Station UP: BSSID=… ESSID=lib VLAN=100 AP-name=ap1
//! ```
//!
//! Each on one line. The event is what stands before its colon, without the time
//! of day.
//!
//! Source: Aruba, "Syslog Reference Guide" of AOS 8, messages 501080 to 501109
//! and 522005 to 522275; logs that operators have published.
//!
//! Not here: what the events mean.

use super::header::Header;
use super::syslog::{NO_EVENT, OTHER_PROGRAM};
use super::text::{around, before, behind, is_ip, is_mac, word};
use super::{Field, Listed, Outcome, Rows};

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
    name: "aruba",
    about: "Aruba controllers (AOS 8): stations in the system log",
    example: "Sep  7 20:30:58 md1 stm[2452]: <501100> <2452> <NOTI> <md1 192.0.2.1>  Assoc success @ 20:30:58.606562: 00:00:5e:00:53:01: AP 192.0.2.9-00:00:5e:00:53:ff-ap1",
};

/// An event of a controller.
pub(super) fn event<'a>(header: &Header<'a>, rows: &mut Rows<'_, 'a>) -> Outcome {
    let message = without_marks(header.message);
    let is_event = match header.program {
        Some(b"stm") => station(message, rows),
        Some(b"authmgr") => user(message, rows),
        _ => return Outcome::Excluded(OTHER_PROGRAM),
    };
    if is_event { Outcome::Row } else { Outcome::Excluded(NO_EVENT) }
}

/// Without `<501100> <2452> <NOTI> <md1 192.0.2.1>`.
fn without_marks(message: &[u8]) -> &[u8] {
    let mut rest = message.trim_ascii();
    while let Some((_, behind)) = rest.strip_prefix(b"<").and_then(|text| around(text, b">")) {
        rest = behind.trim_ascii_start();
    }
    rest
}

/// `Assoc success @ 20:30:58.606562: 00:00:5e:00:53:01: AP …`.
fn station<'a>(message: &'a [u8], rows: &mut Rows<'_, 'a>) -> bool {
    let Some((event, rest)) = around(message, b": ") else { return false };
    // A station may have a number behind it: `00:00:5e:00:53:01 (SN 12):`.
    let (first, rest) = word(rest);
    let mac = first.strip_suffix(b":").unwrap_or(first);
    if !is_mac(mac) {
        return false;
    }
    rows.set_sentence(Field::Event, before(event, b" @"));
    rows.set(Field::Mac, mac);
    // Behind the access point stands why, if anything does.
    if rest == b"AP" {
        return true;
    }
    let Some(rest) = rest.strip_prefix(b"AP ").or_else(|| behind(rest, b" AP ")) else {
        rows.set_sentence(Field::Reason, rest);
        return true;
    };
    let (first, behind) = word(rest);
    match access_point(first) {
        Some(name) => {
            rows.set(Field::Ap, name);
            rows.set_sentence(Field::Reason, behind);
        }
        None if first.is_empty() => {}
        None => rows.set_sentence(Field::Reason, rest),
    }
    true
}

/// The name in `192.0.2.9-00:00:5e:00:53:ff-ap1`.
fn access_point(text: &[u8]) -> Option<&[u8]> {
    let (ip, rest) = around(text, b"-")?;
    let (mac, rest) = rest.split_at_checked(17)?;
    let name = rest.strip_prefix(b"-")?;
    (is_ip(ip) && is_mac(mac)).then_some(name)
}

/// How messages of `authmgr` begin that tell of a station, behind pairs. A list,
/// because others may begin with a name.
const EVENTS: [&[u8]; 8] = [
    b"User Authentication Successful",
    b"User Authentication failed",
    b"User de-authenticated",
    b"User entry added",
    b"User entry deleted",
    b"User miss",
    b"Station UP",
    b"Station DN",
];

/// `User Authentication Successful: username=kim MAC=…`, and
/// `MAC=… IP=… User entry added: reason=…`.
fn user<'a>(message: &'a [u8], rows: &mut Rows<'_, 'a>) -> bool {
    let value = |keys: [&[u8]; 2]| {
        keys.into_iter().find_map(|key| pair(message, key)).map(|text| word(text).0)
    };
    let Some(mac) = value([b"MAC=", b"usermac="]).filter(|mac| is_mac(mac)) else { return false };
    let mut said = message;
    while let (first, rest) = word(said)
        && first.contains(&b'=')
    {
        said = rest;
    }
    let Some(event) = EVENTS.into_iter().find(|event| said.starts_with(event)) else {
        return false;
    };
    rows.set(Field::Event, &said[..event.len()]);
    rows.set(Field::Mac, mac);
    let ip = value([b"IP=", b"userip="]);
    rows.set_some(Field::Ip, ip.filter(|ip| is_ip(ip) && *ip != b"0.0.0.0"));
    let name = pair(message, b"username=").or_else(|| pair(message, b"name="));
    // A name may have blanks: what follows it is known.
    let ends: [&[u8]; 3] = [b" MAC=", b" userip=", b" usermac="];
    let name = name.map(|name| ends.iter().fold(name, |name, end| before(name, end)));
    rows.set_some(Field::User, name);
    let network = pair(message, b"ESSID=").or_else(|| pair(message, b"SSID="));
    let network = network.map(|text| before(before(text, b" VLAN="), b" AAA profile="));
    rows.set_some(Field::Ssid, network);
    let ap = value([b"AP-name=", b"AP="]).or_else(|| value([b"apname=", b"apname="]));
    rows.set_some(Field::Ap, ap);
    if let Some(reason) = pair(message, b"reason=") {
        rows.set_sentence(Field::Reason, reason);
    }
    true
}

/// What stands behind a key that begins a word.
fn pair<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut found = memchr::memmem::find_iter(text, key);
    let at = found.find(|at| *at == 0 || text[at - 1] == b' ')?;
    Some(&text[at + key.len()..])
}
