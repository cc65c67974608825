//! A format string in; a parser of lines that look like it out.
//!
//! ```text
//! "%h %l %u %t" ─► directives ─► Layout: lead, field, lead, field, …, tail ─► Lines
//! ```
//!
//! A format string is compiled once. A line is then read from left to right:
//! before every field stands a text that is always the same, and the field ends
//! where the next such text begins. Between quotes a backslash hides the byte
//! after it, and what servers escape there is undone.
//!
//! Not here: what a directive says (`apache`, `nginx`), named formats
//! (`format`).

pub(super) mod apache;
pub(super) mod compile;
mod line;
mod lines;
pub(super) mod nginx;
mod pattern;
pub(super) mod preset;
pub(super) mod usual;

pub use compile::FormatError;
pub(super) use compile::Layout;
pub(super) use lines::Lines;

use super::reason::Name;
use pattern::Pattern;

/// What stands between two texts that are always the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Its name; the name that it takes if another field before it has that.
    pub(super) names: [Option<Name>; 2],
    pub(super) kind: Kind,
    /// It cannot be wanted: it may hold anything.
    pub(super) is_hidden: bool,
}

/// What a field holds: what is looked at before a line becomes a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything. `-` and nothing at all are null.
    Text,
    /// A text that may be nothing at all, such as the query of a request.
    Optional,
    /// Texts with `, ` or ` : ` between.
    List,
    /// An address, perhaps with a port behind its last colon, which is left out.
    Endpoint,
    /// Anything, `-` too.
    Sign,
    /// Three digits, or `-` or zeros where nothing was answered.
    Status,
    /// Digits that fit a `u64`, or `-`.
    Count,
    /// Digits, perhaps with a sign and a fraction, or `-`.
    Decimal,
    /// `10/Oct/2025:13:55:36 +0900`.
    Clf,
    /// Any other time, by a pattern.
    Time(Pattern),
}

impl Field {
    pub(super) fn new(name: impl Into<Name>, kind: Kind) -> Field {
        Field { names: [Some(name.into()), None], kind, is_hidden: false }
    }

    pub(super) fn hidden(mut self) -> Field {
        self.is_hidden = true;
        self
    }

    pub(super) fn or(mut self, second: &'static str) -> Field {
        self.names[1] = Some(second.into());
        self
    }
}

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// `\"`, `\\`, `\xHH` and the like.
    Backslash,
    /// As they are.
    None,
}
