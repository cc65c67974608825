//! An IP address in; the network it lies in out.
//!
//! Source: RFC 4632 (prefixes), RFC 4291 section 2.3.

pub mod class;
pub mod place;

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::notation::address::address;

/// Writes the network of the address as text, and answers false if `raw` is
/// no address. `v4` is from 1 to 32 bits, `v6` from 1 to 128.
pub fn network(raw: &[u8], v4: u32, v6: u32, out: &mut Vec<u8>) -> bool {
    let written = match address(raw) {
        Some(IpAddr::V4(address)) => {
            let network = u32::from(address) & !u32::MAX.checked_shr(v4).unwrap_or(0);
            write!(out, "{}/{v4}", Ipv4Addr::from(network))
        }
        Some(IpAddr::V6(address)) => {
            let network = u128::from(address) & !u128::MAX.checked_shr(v6).unwrap_or(0);
            write!(out, "{}/{v6}", Ipv6Addr::from(network))
        }
        None => return false,
    };
    written.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_are_gone() {
        let network = |raw: &str, v4, v6| {
            let mut out = Vec::new();
            network(raw.as_bytes(), v4, v6, &mut out).then(|| String::from_utf8(out).unwrap())
        };
        assert_eq!(network("192.0.2.77", 24, 32).as_deref(), Some("192.0.2.0/24"));
        assert_eq!(network("192.0.2.77", 8, 32).as_deref(), Some("192.0.0.0/8"));
        assert_eq!(network("2001:db8:1:2::3", 24, 48).as_deref(), Some("2001:db8:1::/48"));
        assert_eq!(network("::ffff:192.0.2.77", 16, 48).as_deref(), Some("192.0.0.0/16"));
        assert_eq!(network("kim", 16, 48), None);
    }
}
