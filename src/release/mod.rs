//! Rows that may be handed over in; the files that hold them out.
//!
//! Not here: whether they may be handed over (`assess`).

pub mod table;
