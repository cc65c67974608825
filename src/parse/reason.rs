//! Why a line was not understood, as numbers, words and codes. Nothing of the
//! line itself.
//!
//! Not here: where the line stands (`Reject`), what becomes of it (`vault`).

use std::fmt;

/// Why a line is not in the format. Names the field, never its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// The line ended before the field's closing delimiter.
    #[error("line ends inside `{0}`")]
    Truncated(Field),
    /// The space or the opening delimiter before the field is missing.
    #[error("`{0}` does not start where it should")]
    Delimiter(Field),
    /// The field is not a number in range.
    #[error("`{0}` is not a number in range")]
    Number(Field),
    /// Bytes remain after the last field.
    #[error("line goes on after its last field")]
    Trailing,
    /// The line is longer than [`crate::source::LINE_BYTES`].
    #[error("line longer than 256 KiB")]
    TooLong,
    /// The record has more or fewer fields than the header line.
    #[error("record and header differ in their number of fields")]
    Fields,
    /// A quoted value does not end before the record does, which is at the
    /// end of the file.
    #[error("quoted value does not end")]
    Quote,
    /// The record is not UTF-8.
    #[error("not UTF-8")]
    Encoding,
}

impl Reason {
    /// A short name that stays the same from version to version, for counts
    /// in records: `truncated:agent`, `delimiter:user`, `number:status`,
    /// `trailing`, `too-long`, `csv:fields`, `csv:quote`, `csv:encoding`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::parse::{Field, Reason};
    ///
    /// assert_eq!(Reason::Number(Field::Status).code(), "number:status");
    /// ```
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Reason::Truncated(field) => format!("truncated:{field}"),
            Reason::Delimiter(field) => format!("delimiter:{field}"),
            Reason::Number(field) => format!("number:{field}"),
            Reason::Trailing => "trailing".to_owned(),
            Reason::TooLong => "too-long".to_owned(),
            Reason::Fields => "csv:fields".to_owned(),
            Reason::Quote => "csv:quote".to_owned(),
            Reason::Encoding => "csv:encoding".to_owned(),
        }
    }
}

/// A field of the log formats, in the order in which they are written.
///
/// Source: Apache HTTP Server 2.4, `mod_log_config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `%h`: client address or, under `HostnameLookups On`, a host name.
    Host,
    /// `%l`: RFC 1413 identity. `-` in practice.
    Ident,
    /// `%u`: authenticated user.
    User,
    /// `%t`: local time with offset, without the brackets.
    Time,
    /// `%r`: request line, escapes not undone.
    Request,
    /// `%>s`: final status, `100..=599`.
    Status,
    /// `%b`: body bytes sent, as decimal digits. Null where the log has `-`,
    /// which means zero bytes or no body: the format cannot tell which.
    Size,
    /// `%{Referer}i`, escapes not undone.
    Referer,
    /// `%{User-agent}i`, escapes not undone.
    Agent,
    /// `%{Cookie}i`, escapes not undone.
    Cookie,
    /// `%{X-Forwarded-For}i`, escapes not undone.
    Xff,
}

impl Field {
    /// The name in pipeline files, reports and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Field::Host => "host",
            Field::Ident => "ident",
            Field::User => "user",
            Field::Time => "time",
            Field::Request => "request",
            Field::Status => "status",
            Field::Size => "size",
            Field::Referer => "referer",
            Field::Agent => "agent",
            Field::Cookie => "cookie",
            Field::Xff => "xff",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
