//! What a DHCP server writes to the system log in; event, device and lease out.
//!
//! ```text
//! dnsmasq-dhcp[1]: DHCPACK(br0) 192.0.2.7 00:00:5e:00:53:01 laptop
//! dnsmasq-dhcp[1]: 3744951815 DHCPREPLY(br0) 2001:db8::7 00:03:00:01:… laptop
//! dhcpd: DHCPACK on 192.0.2.7 to 00:00:5e:00:53:01 (laptop) via eth1
//! dhcpd: DHCPREQUEST for 192.0.2.7 from 00:00:5e:00:53:01 via eth1: wrong network.
//! dhcpd: Reply NA: address 2001:db8::7 to client with duid 00:03:00:01:… iaid = 1 …
//! ```
//!
//! Source: dnsmasq 2.90, `rfc2131.c` and `rfc3315.c`, `log_packet`; ISC DHCP
//! 4.4, `server/dhcp.c` and `server/dhcpv6.c`.
//!
//! Not here: what the message types are (RFC 2131, RFC 8415).

use super::header::Header;
use super::syslog::{NO_EVENT, OTHER_PROGRAM};
use super::text::{around, before, is_identifier, is_ip, is_mac, word};
use super::{Field, Listed, Outcome, Rows};

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Server,
    Field::Event,
    Field::Interface,
    Field::Ip,
    Field::Mac,
    Field::Duid,
    Field::Hostname,
    Field::Reason,
];

pub(super) const DNSMASQ: Listed = Listed {
    name: "dnsmasq",
    about: "dnsmasq: DHCP in the system log",
    example: "Aug 15 10:30:45 gate dnsmasq-dhcp[1834]: DHCPACK(br-lan) 192.0.2.7 00:00:5e:00:53:01 laptop",
};

pub(super) const DHCPD: Listed = Listed {
    name: "dhcpd-syslog",
    about: "ISC dhcpd: DHCP in the system log",
    example: "Aug 15 10:30:45 gate dhcpd: DHCPACK on 192.0.2.7 to 00:00:5e:00:53:01 (laptop) via eth1",
};

/// An event of dnsmasq.
pub(super) fn dnsmasq<'a>(header: &Header<'a>, rows: &mut Rows<'_, 'a>) -> Outcome {
    if !matches!(header.program, Some(b"dnsmasq-dhcp" | b"dnsmasq")) {
        return Outcome::Excluded(OTHER_PROGRAM);
    }
    let mut message = header.message;
    let (first, rest) = word(message);
    // The number of the exchange.
    if !first.is_empty() && first.iter().all(u8::is_ascii_digit) {
        message = rest;
    }
    let Some((event, rest)) = around(message, b"(") else { return Outcome::Excluded(NO_EVENT) };
    let is_event = event.starts_with(b"DHCP") || event == b"BOOTP";
    if !is_event || !event.iter().all(u8::is_ascii_uppercase) {
        return Outcome::Excluded(NO_EVENT);
    }
    let Some((interface, rest)) = around(rest, b")") else { return Outcome::Excluded(NO_EVENT) };
    rows.set(Field::Event, event);
    rows.set(Field::Interface, interface);
    let mut rest = rest.trim_ascii();
    loop {
        let (first, behind) = word(rest);
        if is_ip(first) && !rows.has(Field::Ip) {
            rows.set(Field::Ip, first);
        } else if !set_device(rows, first) {
            break;
        }
        rest = behind;
    }
    // Who gets an address is named; all else is said by the server.
    let names_host = matches!(event, b"DHCPACK" | b"DHCPREPLY" | b"DHCPADVERTISE");
    if names_host && rows.has(Field::Ip) {
        rows.set(Field::Hostname, rest);
    } else {
        rows.set_sentence(Field::Reason, rest);
    }
    Outcome::Row
}

/// Sets the device, if the word is one and there is none.
fn set_device<'a>(rows: &mut Rows<'_, 'a>, word: &'a [u8]) -> bool {
    if rows.has(Field::Mac) {
        return false;
    }
    if is_identifier(word) {
        rows.set(Field::Duid, word);
    } else if !is_mac(word) {
        return false;
    }
    rows.set(Field::Mac, word);
    true
}

/// An event of ISC dhcpd.
pub(super) fn dhcpd<'a>(header: &Header<'a>, rows: &mut Rows<'_, 'a>) -> Outcome {
    if header.program != Some(b"dhcpd") {
        return Outcome::Excluded(OTHER_PROGRAM);
    }
    let (event, rest) = word(header.message);
    let is_event = event.starts_with(b"DHCP") || event.starts_with(b"BOOTRE");
    if is_event && event.iter().all(u8::is_ascii_uppercase) {
        rows.set(Field::Event, event);
        exchange(rest, rows);
        Outcome::Row
    } else if let Some((event, rest)) = around(header.message, b": address ")
        && matches!(event, b"Reply NA" | b"Advertise NA" | b"Reply TA" | b"Advertise TA")
        && let Some((ip, rest)) = around(rest, b" to client with duid ")
    {
        rows.set(Field::Event, event);
        rows.set(Field::Ip, ip);
        set_device(rows, word(rest).0);
        Outcome::Row
    } else {
        Outcome::Excluded(NO_EVENT)
    }
}

/// `on IP to MAC (host) via eth1: reason` and its like.
fn exchange<'a>(mut rest: &'a [u8], rows: &mut Rows<'_, 'a>) {
    loop {
        let (first, behind) = word(rest);
        match first {
            b"on" | b"for" | b"of" | b"from" | b"to" => {
                let (who, behind) = word(behind);
                if is_ip(who) {
                    rows.set(Field::Ip, who);
                } else {
                    set_device(rows, who);
                }
                rest = in_parentheses(behind, rows);
            }
            b"via" => {
                let (interface, behind) = word(behind);
                rows.set(Field::Interface, interface.strip_suffix(b":").unwrap_or(interface));
                rows.set_sentence(Field::Reason, behind.trim_ascii());
                return;
            }
            _ => return,
        }
    }
}

/// What the device calls itself, the server, or the device of an address; gives
/// what stands behind.
fn in_parentheses<'a>(text: &'a [u8], rows: &mut Rows<'_, 'a>) -> &'a [u8] {
    let Some(text) = text.strip_prefix(b"(") else { return text };
    // A name may have parentheses, too: what follows it is known.
    let marks: [&[u8]; 2] = [b") via ", b") from "];
    let ends = marks.iter().map(|mark| before(text, mark).len());
    let end = ends.filter(|end| *end < text.len()).min();
    let end = end.or_else(|| memchr::memchr(b')', text)).unwrap_or(text.len());
    let inside = &text[..end];
    if !is_ip(inside) && !set_device(rows, inside) {
        rows.set(Field::Hostname, inside);
    }
    text.get(end + 1..).unwrap_or_default().trim_ascii_start()
}
