//! Why a line was not understood, as numbers, words and codes. Nothing of the
//! line itself.
//!
//! Not here: where the line stands (`Reject`), what becomes of it (`vault`).

use std::borrow::Cow;

/// The name of a field: one of a format's own, or one that its format string
/// or its header gives.
pub type Name = Cow<'static, str>;

/// Why a line is not in the format. Names the field, never its contents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// The line ended before the field's closing delimiter.
    #[error("line ends inside `{0}`")]
    Truncated(Name),
    /// What stands before the field, such as a space or a quote, is missing.
    #[error("`{0}` does not start where it should")]
    Delimiter(Name),
    /// The field is not a number in range.
    #[error("`{0}` is not a number in range")]
    Number(Name),
    /// The field is not a time as the format has it.
    #[error("`{0}` is not a time as the format has it")]
    Time(Name),
    /// Bytes remain after the last field.
    #[error("line goes on after its last field")]
    Trailing,
    /// The line is longer than [`crate::source::LINE_BYTES`].
    #[error("line longer than 256 KiB")]
    TooLong,
    /// The record has more or fewer fields than its header.
    #[error("record and header differ in their number of fields")]
    Fields,
    /// A quoted value does not end before the record does.
    #[error("quoted value does not end")]
    Quote,
    /// The record is not in the encoding of the source.
    #[error("not in the encoding of the source")]
    Encoding,
    /// The line is no JSON object, or has a key twice.
    #[error("no JSON object, or a key stands twice")]
    Json,
    /// The fields that the file names before this line lack a wanted one.
    #[error("`{0}` is not among the fields that the file names before this line")]
    Missing(Name),
    /// The file has not said yet which fields it has.
    #[error("no `#Fields` before this line")]
    NoHeader,
}

impl Reason {
    /// A short name that stays the same from version to version, for counts
    /// in records: `truncated:agent`, `delimiter:user`, `number:status`,
    /// `time:time`, `trailing`, `too-long`, `fields`, `quote`, `encoding`,
    /// `json`, `missing:cs(Cookie)`, `no-header`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::parse::Reason;
    ///
    /// assert_eq!(Reason::Number("status".into()).code(), "number:status");
    /// ```
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Reason::Truncated(field) => format!("truncated:{field}"),
            Reason::Delimiter(field) => format!("delimiter:{field}"),
            Reason::Number(field) => format!("number:{field}"),
            Reason::Time(field) => format!("time:{field}"),
            Reason::Trailing => "trailing".to_owned(),
            Reason::TooLong => "too-long".to_owned(),
            Reason::Fields => "fields".to_owned(),
            Reason::Quote => "quote".to_owned(),
            Reason::Encoding => "encoding".to_owned(),
            Reason::Json => "json".to_owned(),
            Reason::Missing(field) => format!("missing:{field}"),
            Reason::NoHeader => "no-header".to_owned(),
        }
    }
}
