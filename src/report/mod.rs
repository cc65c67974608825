//! The directory of a ledger in; what people read, print and check out.
//!
//! Not here: whether the ledger is intact, which the page finds out by itself and
//! `ledger::verify` without it.

pub mod page;
pub mod stored;
