//! A path pattern and a date in; the files it stands for out.
//!
//! ```text
//! {date}            2025-10-10
//! {date:%Y%m%d}     20251010, any strftime directive of a calendar date
//! * ? [a-z] **      as in a shell; a leading dot only if written
//! ```
//!
//! Source: strftime(3), glob(7).
//!
//! Not here: what the files hold.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use glob::{MatchOptions, Pattern};
use jiff::civil::Date;
use jiff::fmt::strtime;

use crate::fs;

use super::Error;

/// The regular files that a pattern stands for on one date, sorted by path.
///
/// A symbolic link counts as what it leads to. A file that is reached by two
/// names is given once, under the first: its lines must not count twice.
/// Empty if nothing matches.
///
/// # Errors
///
/// - [`Error::Placeholder`]: `{date` without its `}`, or a directive that a
///   calendar date cannot answer, such as `%H` or `%z`.
/// - [`Error::Pattern`]: not a glob.
/// - [`Error::File`]: a directory cannot be listed or a file not inspected.
///
/// # Examples
///
/// ```
/// use gamyeong::source;
///
/// let date = jiff::civil::date(2025, 10, 10);
/// assert!(source::resolve("no-such-folder/access-{date}*.log*", date)?.is_empty());
/// assert!(source::resolve("access-{date:%H}.log", date).is_err());
/// # Ok::<(), source::Error>(())
/// ```
pub fn resolve(pattern: &str, date: Date) -> Result<Vec<PathBuf>, Error> {
    let expanded = expand(pattern, date)?;
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let paths = glob::glob_with(&expanded, options)
        .map_err(|source| Error::Pattern { pattern: pattern.to_owned(), source })?;

    let mut files = Vec::new();
    for path in paths {
        files.push(path.map_err(|error| {
            let path = error.path().to_owned();
            fs::Failure { action: fs::Action::List, path, source: error.into() }
        })?);
    }
    files.sort();

    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for path in files {
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            // A link that leads nowhere is not a regular file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(fs::Failure::of(fs::Action::Inspect, &path)(error).into()),
        };
        if metadata.is_file() && seen.insert((metadata.dev(), metadata.ino())) {
            kept.push(path);
        }
    }
    Ok(kept)
}

/// Writes the date into the pattern, as text that no glob character of it
/// can change.
fn expand(pattern: &str, date: Date) -> Result<String, Error> {
    let refused = |source| Error::Placeholder { pattern: pattern.to_owned(), source };
    let mut expanded = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("{date") {
        let (directives, behind) = match after.split_once('}') {
            Some(("", behind)) => ("%Y-%m-%d", behind),
            Some((inner, behind)) => {
                (inner.strip_prefix(':').ok_or_else(|| refused(None))?, behind)
            }
            None => return Err(refused(None)),
        };
        let text = strtime::format(directives, date).map_err(|source| refused(Some(source)))?;
        expanded.push_str(before);
        expanded.push_str(&Pattern::escape(&text));
        rest = behind;
    }
    expanded.push_str(rest);
    Ok(expanded)
}
