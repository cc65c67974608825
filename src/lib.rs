//! Reads what the systems of a public institution collect automatically and
//! gives pseudonymised tables, with a record of how they were made.
//!
//! ```text
//! source ─► parse ─► lookup ─► split ─► protect ─► assess ─► release
//!    │         │                  │         ▲          │         │
//!  digest   rejects            mapping     keys      report    table
//!    │         └────────┬─────────┘         │          │         │
//!    └────────┐       vault ────────────────┘          │         │
//!             └─────────────► ledger ◄─────────────────┴─────────┘
//! ```
//!
//! The modules below stand in the order of the data, side services and the
//! program around them last. `ARCHITECTURE.md` is the map.

pub mod source;

pub mod parse;

pub mod lookup;

pub mod split;

pub mod protect;

pub mod assess;

pub mod release;

pub mod ledger;

pub mod vault;

pub mod scan;

pub mod notation;

pub mod aside;

mod sha256;

pub mod fs;

pub mod error;

pub mod config;

pub mod pipeline;

pub mod report;

pub mod demo;

pub mod cli;
