//! What was done, in; a log that nobody can change unnoticed, out.
//!
//! ```text
//! entry ─► one JSON line ─► records/NNNNNN.jsonl ─► fsync ─► read back ─► leaf hash
//!                                                                          │
//! head.note ◄─ checkpoints/SIZE.note ◄─ two signatures ◄─ origin, size, root of the tree
//! ```
//!
//! The log is a Merkle tree over the exact bytes of the stored lines, and its
//! head is a note that both an Ed25519 and an ECDSA P-256 key have signed.
//! Reading back before signing costs one read and closes a gap that has ended
//! public logs: the tree was right, the stored bytes were not.
//!
//! ```text
//! keys.txt                     the two public keys; trust comes from a copy kept elsewhere
//! records/000000.jsonl         of one month, at most 1024 records or 16 MiB each
//! checkpoints/0000012345.note  every checkpoint since the last file was sealed, by its size
//! checkpoints/000000.notes     those of a sealed file of records
//! head.note                    copy of the newest
//! quarantine/                  torn tails, named after their place and digest
//! witness/, anchor/            what others signed for: see [`voucher`]
//! ```
//!
//! What this cannot show by itself: that the newest records were not cut off
//! together with their checkpoints, or that everything was not rewritten by
//! whoever holds both keys. Either needs a checkpoint held by somebody else,
//! see [`verify::against`], or one for which somebody else vouches.
//!
//! Source: RFC 6962 section 2.1; C2SP signed-note v1.0.0 and tlog-checkpoint
//! v1.0.0.
//!
//! Not here: personal data and pseudonyms, which no record may hold; private
//! keys, which stay behind [`note::Signer`]; the lock against a second writer,
//! which the caller holds.

pub mod approvals;
pub mod checkpoint;
pub mod cosignature;
pub mod destroyed;
pub mod fault;
pub mod items;
pub mod json;
mod kind;
pub mod laws;
pub mod note;
pub mod openssl;
pub mod proof;
pub mod record;
pub mod references;
pub mod report;
pub mod side_car;
pub mod stamp;
pub mod steady;
pub mod store;
pub mod tlog_proof;
pub mod tree;
pub mod verify;
pub mod voucher;
pub mod witness;

mod base64;
mod files;
mod recover;
mod seal;

#[cfg(test)]
mod tests;
