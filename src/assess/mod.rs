//! Protected row groups in; what may be released, and how re-identifiable it
//! is, out.
//!
//! ```text
//! Protected ─► gate: count classes, lay the row group aside
//!              … all row groups …
//!              decide ─► Cleared ─► row groups without what was suppressed
//! ```
//!
//! *k* is the number of rows in the smallest equivalence class (동질집합), *k of
//! persons* the number of different persons in it. Two rows are equivalent if
//! they agree on every quasi-identifier; an absent value is a value.
//!
//! Source: Samarati and Sweeney, "Protecting Privacy when Disclosing
//! Information", 1998; 가명정보 처리 가이드라인 (2026.3), 특이정보.
//!
//! Not here: diversity, closeness, unicity; what people say about adequacy.

mod blank;
pub mod classes;
mod frame;
pub mod gate;
pub mod leak;
pub mod measure;
pub mod settings;
mod tuples;

use crate::aside;

/// A threshold that the output does not meet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Shortfall {
    /// Too many rows would have to go.
    #[error(
        "{suppressed} of {rows} rows lie in classes below `assess.k_min` or \
         `assess.k_persons_min`, limit is {}",
        settings::percent(*limit_ppm)
    )]
    Suppression {
        /// Rows in classes that are too small.
        suppressed: u64,
        /// Rows there were.
        rows: u64,
        /// `assess.max_suppressed` in parts per million.
        limit_ppm: u64,
    },
    /// Nothing would be left.
    #[error("all {rows} rows lie in classes below `assess.k_min` or `assess.k_persons_min`")]
    Nothing {
        /// Rows there were.
        rows: u64,
    },
    /// The quasi-identifiers tell nearly every row apart.
    #[error("quasi-identifiers make more than {limit} equivalence classes")]
    Classes {
        /// [`gate::MAX_CLASSES`].
        limit: usize,
    },
}

/// Why no table was cleared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table does not meet a threshold.
    #[error("release refused: {0}")]
    Shortfall(Shortfall),
    /// Something in it leads back to people.
    #[error("release refused: {0}")]
    Leak(leak::Leak),
    /// Whoever takes suppressed rows could not.
    #[error("suppressed rows could not be sealed")]
    Sink(#[source] std::io::Error),
    /// Row groups could not be laid aside or read back.
    #[error(transparent)]
    Aside(#[from] aside::Error),
    /// A row group was not what it should be.
    #[error("row group could not be put together")]
    Arrow(#[source] arrow::error::ArrowError),
    /// Classes could not be counted.
    #[error("equivalence classes could not be counted")]
    Polars(#[source] polars::error::PolarsError),
}

impl Error {
    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Shortfall(_) => Some("generalise a quasi-identifier or drop one, then run again"),
            Self::Leak(_) => Some(
                "drop the column, or choose a technique that leaves out where this comes from: `path = { learn = { … } }`, a shorter `query`",
            ),
            Self::Sink(_) | Self::Aside(_) | Self::Arrow(_) | Self::Polars(_) => None,
        }
    }
}

/// What was measured, and what was taken out for it. Counts only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Rows before suppression.
    pub rows: u64,
    /// Rows in the smallest class that is released.
    pub k: u64,
    /// Different persons in the released class that has the fewest.
    pub k_persons: u64,
    /// Equivalence classes released.
    pub classes: u64,
    /// Different persons before suppression.
    pub persons: u64,
    /// Rows suppressed because their class was too small.
    pub suppressed: u64,
    /// Classes they were in.
    pub suppressed_classes: u64,
    /// Cells blanked because too few persons had their value, by column.
    pub blanked: Vec<Blanked>,
}

/// Cells of one column that were blanked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blanked {
    /// The column.
    pub column: String,
    /// Least number of persons per value.
    pub persons_min: u64,
    /// Values that too few persons had.
    pub values: u64,
    /// Cells blanked.
    pub cells: u64,
}
