//! All integration tests, in one binary: one link, one place to look.

#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]

mod access;
mod agents;
mod anchor;
mod answers;
mod approvals;
mod assess;
mod cmd;
mod corpus;
// Release builds cannot be killed at a named point.
#[cfg(debug_assertions)]
mod crash;
mod destroyed;
mod files;
mod forge;
mod house;
mod layers;
mod lookup;
mod leak;
mod mac;
mod page;
mod place;
mod plan;
mod proofs;
mod protect;
mod readme;
mod real;
mod records;
mod regressions;
mod replay;
mod reports;
mod settings;
mod shipped;
mod side_car;
mod stated;
mod tables;
mod tamper;
mod techniques;
mod unknown;
mod unusable;
mod vectors;
mod witness;
