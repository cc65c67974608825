//! An IP address as logged in; the address out.
//!
//! | written as | example |
//! |---|---|
//! | address | `192.0.2.7`, `2001:db8::7` |
//! | with its port | `192.0.2.7:8080`, `[2001:db8::7]:443` |
//! | with its zone | `fe80::7%eth0` |
//! | IPv4 in IPv6 | `::ffff:192.0.2.7` |
//! | list of those it was forwarded for | `192.0.2.7, 198.51.100.1`: the first |
//!
//! Source: RFC 4291 section 2.2 (text forms), 2.5.5.2 (mapped addresses),
//! RFC 4007 section 11 (zones).

use std::net::{IpAddr, Ipv6Addr};

/// Reads an IP address; a mapped IPv4 address comes out as IPv4.
#[must_use]
pub fn address(raw: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(raw).ok()?;
    let first = text.split(',').next().unwrap_or(text).trim();
    let address = match first.strip_prefix('[') {
        Some(rest) => {
            let (inner, port) = rest.split_once(']')?;
            if !(port.is_empty() || port.strip_prefix(':').is_some_and(is_port)) {
                return None;
            }
            IpAddr::V6(v6(inner)?)
        }
        None => match first.split_once(':') {
            // One colon: IPv4 and a port. More: IPv6.
            Some((host, port)) if !port.contains(':') => {
                IpAddr::V4(host.parse().ok().filter(|_| is_port(port))?)
            }
            Some(_) => IpAddr::V6(v6(first)?),
            None => IpAddr::V4(first.parse().ok()?),
        },
    };
    Some(address.to_canonical())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

pub(super) fn v6(text: &str) -> Option<Ipv6Addr> {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    if zone.is_empty() { None } else { address.parse().ok() }
}
