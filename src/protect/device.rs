//! A user agent or MAC address in; what kind of device it is out.
//!
//! Source: the woothee project's classification of agents; IEEE Registration
//! Authority, MA-L, MA-M and MA-S assignments, as packed in `oui-data`.

use std::fmt::Write as _;

use crate::notation::mac::is_randomised;

/// Family of agents that no rule knows.
pub const UNKNOWN_AGENT: &str = "UNKNOWN";

/// Writes the name of a browser or robot without version, [`UNKNOWN_AGENT`] if
/// no rule knows it. A family says little about one person; the full agent
/// nearly tells devices apart.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::device::agent_family;
///
/// let mut out = Vec::new();
/// agent_family(b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", &mut out);
/// assert_eq!(out, b"Chrome");
/// ```
pub fn agent_family(agent: &[u8], out: &mut Vec<u8>) {
    let agent = String::from_utf8_lossy(agent);
    let found = woothee::parser::Parser::new().parse(&agent);
    out.extend_from_slice(found.map_or(UNKNOWN_AGENT, |found| found.name).as_bytes());
}

/// The vendor that a MAC address, 6 bytes, was assigned to. Randomised and unassigned
/// addresses have none.
#[must_use]
pub fn vendor(mac: &[u8]) -> Option<String> {
    let mac: [u8; 6] = mac.try_into().ok()?;
    if is_randomised(mac) {
        return None;
    }
    let mut digits = String::with_capacity(12);
    for byte in mac {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02X}");
    }
    oui_data::lookup(&digits).map(|record| record.organization().to_owned())
}
