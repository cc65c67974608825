//! An identifier as logged in; its one canonical form out.
//!
//! | kind | canonical bytes |
//! |---|---|
//! | IP | 4 bytes (IPv4, and IPv6 that maps one) or 16; port, brackets and zone removed; of a list, the first |
//! | MAC | 6 bytes, from any notation and from what holds one: see [`crate::notation::mac`] |
//! | text | the bytes as logged |
//!
//! Empty values, `-` and whatever is not of the kind have no canonical form:
//! the pseudonym of a placeholder would stand for many people at once.
//!
//! Not here: in how many ways each can be written (`notation`).

use std::net::IpAddr;

use super::settings::Kind;
use crate::notation::address::address;
use crate::notation::mac::mac;

/// The canonical bytes of an identifier; up to 16, or borrowed for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canonical<'a> {
    /// IPv4.
    V4([u8; 4]),
    /// IPv6.
    V6([u8; 16]),
    /// MAC.
    Mac([u8; 6]),
    /// As logged.
    Text(&'a [u8]),
}

impl Canonical<'_> {
    /// The bytes that the pseudonym is computed over.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Canonical::V4(bytes) => bytes,
            Canonical::V6(bytes) => bytes,
            Canonical::Mac(bytes) => bytes,
            Canonical::Text(bytes) => bytes,
        }
    }
}

/// The canonical form of `raw`, or `None` if it has none.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::canonical::canonical;
/// use gamyeong::protect::settings::Kind;
///
/// let mapped = canonical(Kind::Ip, b"[::ffff:192.0.2.7]:443").map(|c| c.bytes().to_vec());
/// assert_eq!(mapped, Some(vec![192, 0, 2, 7]));
/// assert!(canonical(Kind::Ip, b"-").is_none());
/// ```
#[must_use]
pub fn canonical(kind: Kind, raw: &[u8]) -> Option<Canonical<'_>> {
    if raw.is_empty() || raw == b"-" {
        return None;
    }
    match kind {
        Kind::Ip => address(raw).map(|address| match address {
            IpAddr::V4(v4) => Canonical::V4(v4.octets()),
            IpAddr::V6(v6) => Canonical::V6(v6.octets()),
        }),
        Kind::Mac => mac(raw).map(Canonical::Mac),
        Kind::Text => Some(Canonical::Text(raw)),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    #[track_caller]
    fn same(kind: Kind, forms: &[&str], bytes: &[u8]) {
        for form in forms {
            let found = canonical(kind, form.as_bytes());
            assert_eq!(found.as_ref().map(Canonical::bytes), Some(bytes), "{form}");
        }
    }

    #[track_caller]
    fn none(kind: Kind, forms: &[&str]) {
        for form in forms {
            assert_eq!(canonical(kind, form.as_bytes()), None, "{form}");
        }
    }

    #[test]
    fn every_notation_of_an_address_has_one_form() {
        same(
            Kind::Ip,
            &[
                "192.0.2.7",
                "192.0.2.7:8080",
                "::ffff:192.0.2.7",
                "[::ffff:c000:207]:80",
                "192.0.2.7, 198.51.100.1",
            ],
            &[192, 0, 2, 7],
        );
        let v6: Ipv6Addr = "2001:db8::1".parse().unwrap();
        same(
            Kind::Ip,
            &["2001:db8::1", "2001:DB8:0::1", "[2001:db8::1]", "2001:db8::1%eth0"],
            &v6.octets(),
        );
    }

    #[test]
    fn placeholders_and_malformed_values_have_none() {
        none(
            Kind::Ip,
            &[
                "",
                "-",
                "localhost",
                "1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "[::1",
                "::1%",
                "1.2.3.4:99999",
                "[::1]x",
            ],
        );
        none(Kind::Mac, &["", "-"]);
        none(Kind::Text, &["", "-"]);
    }
}
