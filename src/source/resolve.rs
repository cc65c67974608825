//! A path pattern and a date in; the files it stands for out.
//!
//! ```text
//! pattern ─► paths ─► which file is each? ─► the same again? ─► each file once
//! ```
//!
//! A directory that changes while it is listed may show a file under its old
//! name and its new one, or under neither.
//!
//! Source: readdir(3).
//!
//! Not here: what the files hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::pattern::Pattern;
use super::{Error, Input};

/// How often a directory is listed until two times in a row agree.
const MOST_LISTINGS: usize = 5;

/// A path, and what is found there; nothing if it is gone already.
type Listed = (PathBuf, Option<Input>);

/// The regular files that a pattern stands for on one date, sorted by path.
///
/// `pattern` is below `dir` unless it starts with a slash. A symbolic link
/// counts as what it leads to. A file that is reached by two names is given
/// once, under the first: its lines must not count twice. Empty if nothing
/// matches.
///
/// # Errors
///
/// - [`Error::Placeholder`]: `{date` without its `}`, or a directive that a
///   calendar date cannot answer, such as `%H` or `%z`.
/// - [`Error::Pattern`]: not a glob.
/// - [`Error::Special`]: something matches that is no regular file. Nobody would
///   notice that its lines are missing.
/// - [`Error::Unsteady`]: names were given and taken away all the while.
/// - [`Error::File`]: a directory cannot be listed or a file not inspected.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// use gamyeong::source;
///
/// let (dir, date) = (Path::new("no-such-folder"), jiff::civil::date(2025, 10, 10));
/// assert!(source::resolve(dir, "access-{date}*.log*", date)?.is_empty());
/// assert!(source::resolve(dir, "access-{date:%H}.log", date).is_err());
/// # Ok::<(), source::Error>(())
/// ```
pub fn resolve(dir: &Path, pattern: &str, date: Date) -> Result<Vec<Input>, Error> {
    let paths = Pattern::new(dir, pattern, date)?;
    let list = || paths.paths()?.into_iter().map(listed).collect();
    let Some(listed) = steady(list)? else {
        return Err(Error::Unsteady { pattern: pattern.to_owned() });
    };
    let mut seen = BTreeSet::new();
    let files = listed.into_iter().filter_map(|(_, input)| input);
    Ok(files.filter(|input| seen.insert(input.identity())).collect())
}

fn listed(path: PathBuf) -> Result<Listed, Error> {
    let input = Input::look_for(&path)?;
    Ok((path, input))
}

/// What was listed two times in a row: the same names of the same files, with
/// nothing gone in between. Lengths may differ, logs grow.
pub(super) fn steady(
    mut list: impl FnMut() -> Result<Vec<Listed>, Error>,
) -> Result<Option<Vec<Listed>>, Error> {
    let mut before = list()?;
    for _ in 1..MOST_LISTINGS {
        let now = list()?;
        let is_same = |((path, input), (old_path, old)): (&Listed, &Listed)| {
            let identity = |input: &Option<Input>| input.as_ref().and_then(Input::identity);
            input.is_some() && path == old_path && identity(input) == identity(old)
        };
        if now.len() == before.len() && now.iter().zip(&before).all(is_same) {
            return Ok(Some(now));
        }
        before = now;
    }
    Ok(None)
}
