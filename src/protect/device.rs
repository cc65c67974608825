//! A MAC address in; who made the device out.
//!
//! Source: IEEE Registration Authority, MA-L, MA-M and MA-S assignments, as
//! packed in `oui-data`.
//!
//! Not here: user agents (`agent`).

use std::fmt::Write as _;

use crate::notation::mac::is_randomised;

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
