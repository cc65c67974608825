//! Records of who had which address when, and lines with an address and a time,
//! in; who was behind each line's address out.
//!
//! ```text
//! leases, accounting ─► parse ─► Reading ─► Timeline ─► Known ─┐
//! web log            ─► parse ─► Columns ──────────────► Lookup ┴─► Columns + subject
//! ```
//!
//! | known at the line's time | subject | written as |
//! |---|---|---|
//! | an account | the account | `user:kim` |
//! | a device, and in other records the account that used it | the account | `user:kim` |
//! | a device alone | the device | `device:00:00:5e:00:53:01` |
//! | nothing | the address, as it would be without a look-up | `address:192.0.2.7` |
//!
//! All of it happens before anything is pseudonymised, in memory, and nothing of
//! it is written. Where records leave it open who it was, nobody is named: a line
//! laid at the wrong person's door is worse than one that keeps its address.
//! An account of which only the outer identity is known (`anonymous@…`) is nobody.
//!
//! Source: RFC 2131, section 4.3 (leases); RFC 2866, section 5.1 (start, interim
//! and stop); RFC 3580, section 3.20 (`Calling-Station-Id`).
//!
//! Not here: which fields of a format say what (`parse`), what becomes of the
//! subject (`protect`).

mod known;
mod reading;
pub mod settings;
mod subject;
mod timeline;

pub use known::{Known, SESSIONS};
pub use reading::{Fields, Moment, Reading};
pub use subject::{Counts, Lookup};

/// More is told than is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} sessions, or {bytes} bytes of account names")]
pub struct TooMany {
    /// Sessions that are kept.
    pub limit: usize,
    /// Bytes of names that are kept.
    pub bytes: usize,
}
