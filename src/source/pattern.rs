//! A path pattern and a date in; the paths that it stands for out.
//!
//! ```text
//! {date}            2025-10-10
//! {date:%Y%m%d}     20251010, any strftime directive of a calendar date
//! * ? [a-z] **      as in a shell; a leading dot only if written
//! ```
//!
//! Names that are not UTF-8, such as those of an archive made on Windows, are
//! matched too: what is not UTF-8 counts as one character. The walk is our own
//! because that of the crate passes over them, or panics.
//!
//! Source: strftime(3), glob(7).
//!
//! Not here: what a path leads to (`input`).

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use glob::MatchOptions;
use jiff::civil::Date;
use jiff::fmt::strtime;

use crate::fs;

use super::Error;
use super::input::look;

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// Any number of directories, none among them.
const RECURSIVE: &str = "**";

/// A pattern with its date filled in.
pub(super) struct Pattern {
    /// Where it starts.
    from: PathBuf,
    /// What stands between its slashes.
    parts: Vec<Part>,
}

enum Part {
    Name(String),
    Glob(glob::Pattern),
    Recursive,
}

impl Pattern {
    /// A pattern below a directory, unless it starts with a slash.
    pub(super) fn new(dir: &Path, pattern: &str, date: Date) -> Result<Pattern, Error> {
        let refused = |source| Error::Pattern { pattern: pattern.to_owned(), source };
        let expanded = expand(pattern, date)?;
        // As a whole first: positions in messages are those in the text.
        glob::Pattern::new(&expanded).map_err(refused)?;
        let from = if expanded.starts_with('/') { Path::new("/") } else { dir };
        let from = if from.as_os_str().is_empty() { Path::new(".") } else { from };
        let parts =
            expanded.split('/').filter(|part| !matches!(*part, "" | ".")).map(|part| match part {
                RECURSIVE => Ok(Part::Recursive),
                _ if part.contains(['*', '?', '[']) => glob::Pattern::new(part).map(Part::Glob),
                _ => Ok(Part::Name(part.to_owned())),
            });
        Ok(Pattern {
            from: from.to_owned(),
            parts: parts.collect::<Result<_, _>>().map_err(refused)?,
        })
    }

    /// All paths that it stands for now, sorted.
    pub(super) fn paths(&self) -> Result<Vec<PathBuf>, Error> {
        let mut walk = Walk::default();
        walk.below(&self.from, &self.parts)?;
        walk.found.sort();
        walk.found.dedup();
        Ok(walk.found)
    }
}

#[derive(Default)]
struct Walk {
    found: Vec<PathBuf>,
    /// Directories that were searched to any depth, by device and inode, and for
    /// how many parts: symbolic links can lead in circles.
    searched: BTreeSet<(u64, u64, usize)>,
}

impl Walk {
    fn below(&mut self, dir: &Path, parts: &[Part]) -> Result<(), Error> {
        let Some((part, rest)) = parts.split_first() else {
            self.found.push(dir.to_owned());
            return Ok(());
        };
        match part {
            Part::Name(name) => self.name(&dir.join(name), rest),
            Part::Glob(pattern) => {
                for (path, name) in children(dir)? {
                    if pattern.matches_with(&name, OPTIONS)
                        && (rest.is_empty() || directory(&path).is_some())
                    {
                        self.below(&path, rest)?;
                    }
                }
                Ok(())
            }
            Part::Recursive => {
                let Some((device, inode)) = directory(dir) else { return Ok(()) };
                if !self.searched.insert((device, inode, parts.len())) {
                    return Ok(());
                }
                self.below(dir, rest)?;
                for (path, name) in children(dir)? {
                    if !name.starts_with('.') && directory(&path).is_some() {
                        self.below(&path, parts)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// One that is written out. A link in its place that leads nowhere is an
    /// error: it may be a disk that is not mounted.
    fn name(&mut self, path: &Path, rest: &[Part]) -> Result<(), Error> {
        match look(path)? {
            Some(_) => self.below(path, rest),
            None => Ok(()),
        }
    }
}

/// What is in a directory, with names as text; nothing if it is not there.
fn children(dir: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(fs::list(dir)?.into_iter().map(|path| (path.clone(), name(&path))).collect())
}

/// Device and inode, if it is a directory.
fn directory(path: &Path) -> Option<(u64, u64)> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_dir)?;
    Some((metadata.dev(), metadata.ino()))
}

/// Writes the date into the pattern, as text that no glob character of it
/// can change.
fn expand(pattern: &str, date: Date) -> Result<String, Error> {
    fill(pattern, date, glob::Pattern::escape)
}

/// Writes the date into a text that is no pattern.
pub(super) fn dated(text: &str, date: Date) -> Result<String, Error> {
    fill(text, date, str::to_owned)
}

fn fill(pattern: &str, date: Date, escape: fn(&str) -> String) -> Result<String, Error> {
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
        expanded.push_str(&escape(&text));
        rest = behind;
    }
    expanded.push_str(rest);
    Ok(expanded)
}
