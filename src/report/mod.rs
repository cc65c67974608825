//! The directory of a ledger in; what people read, print, publish and check out.
//!
//! ```text
//! stored ─► page                              for auditors, broken or not
//! verified ─► history ─► ledgers ─► workbook, csv   for departments
//!                     ─► status, policy              for the public
//!                     ─► evidence                    for the yearly assessment
//!                     ─► pruning                     for the records officer
//! ```
//!
//! Whatever leaves here but the page comes from a ledger that was verified just before.
//!
//! Not here: whether the ledger is intact (`ledger::verify`), which the page finds out by
//! itself.

pub mod accesses;
pub mod certificate;
pub mod csv;
pub mod evidence;
pub mod history;
pub mod incidents;
pub mod ledgers;
pub mod page;
pub mod policy;
pub mod pruning;
pub mod reasons;
pub mod status;
pub mod stored;
pub mod table;
pub mod verifications;
pub mod verified;
pub mod words;
pub mod workbook;

mod html;
mod phrases;
pub mod secrets;

#[cfg(test)]
mod tests;
