//! A path in; the regular file that it leads to, and that it still leads to when
//! it is opened, out.
//!
//! ```text
//! look (metadata) ─► remember device, inode, creation, length
//! open (without waiting) ─► look at what was opened ─► the same file, no shorter?
//! ```
//!
//! Logs are rotated while they are read. A file that has another name by then
//! is not read in place of the one that was found, and a FIFO is never waited
//! for.
//!
//! Source: open(2), `O_NONBLOCK`; inode(7).
//!
//! Not here: which paths (`pattern`), what the file holds (`stored`).

use std::fmt;
use std::fs::{File, Metadata};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::fs;

use super::{Error, Table};

/// A file to read: its path, and which file was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    path: PathBuf,
    found: Option<Found>,
    table: Option<Arc<Table>>,
}

/// Which file it is, whatever its name is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    device: u64,
    inode: u64,
    /// The number of an inode is given to the next file, once it is free.
    created: Option<SystemTime>,
    bytes: u64,
}

/// What is no regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Kind {
    Directory,
    Fifo,
    Socket,
    Device,
    /// A symbolic link to a name that is not there.
    Dangling,
    /// A symbolic link that comes back to itself.
    Loop,
    /// A file that gives bytes and has no length, as those in `/proc`: where it
    /// ends cannot be known before it is read.
    Lengthless,
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Directory => "a directory",
            Kind::Fifo => "a FIFO (named pipe)",
            Kind::Socket => "a socket",
            Kind::Device => "a device",
            Kind::Dangling => "a symbolic link that leads nowhere",
            Kind::Loop => "a symbolic link that leads in a circle",
            Kind::Lengthless => "a file of unknown length",
            Kind::Other => "something unknown",
        })
    }
}

impl Input {
    /// The regular file that a path leads to now.
    ///
    /// # Errors
    ///
    /// - [`Error::Special`]: it leads to something else, or in a circle.
    /// - [`Error::File`]: it is not there or may not be looked at.
    pub fn find(path: &Path) -> Result<Input, Error> {
        let not_found = || {
            let source = Errno::NOENT.into();
            fs::Failure { action: fs::Action::Inspect, path: path.to_owned(), source }
        };
        Ok(Input::look_for(path)?.ok_or_else(not_found)?)
    }

    /// As [`Input::find`], `None` if nothing is there.
    pub(super) fn look_for(path: &Path) -> Result<Option<Input>, Error> {
        let Some(metadata) = look(path)? else { return Ok(None) };
        regular(path, &metadata)?;
        let found = Some(Found::of(&metadata));
        Ok(Some(Input { path: path.to_owned(), found, table: None }))
    }

    /// A query in place of a file, under a name for messages.
    #[must_use]
    pub fn query(name: &str, table: Table) -> Input {
        Input { path: name.into(), found: None, table: Some(Arc::new(table)) }
    }

    /// The same file, read as a table that is no text.
    #[must_use]
    pub fn read_as(self, table: Option<Table>) -> Input {
        Input { table: table.map(Arc::new), ..self }
    }

    /// The table that it is read as; `None` for text.
    pub(super) fn table(&self) -> Option<&Arc<Table>> {
        self.table.as_ref()
    }

    /// Where it was found.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its length on the disk when it was found; 0 if nobody has looked.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.found.map_or(0, |found| found.bytes)
    }

    /// Device and inode, if somebody has looked.
    pub(super) fn identity(&self) -> Option<(u64, u64)> {
        self.found.map(|found| (found.device, found.inode))
    }

    /// Opens it, and gives how long it is now.
    pub(super) fn open(&self) -> Result<(File, u64), Error> {
        let path = &self.path;
        let opened = |source| Error::from(fs::Failure::of(fs::Action::Open, path)(source));
        let gone = |errno: Errno| {
            // Its name was taken away: it was rotated, and is not to be lost.
            let is_rotated = errno == Errno::NOENT && self.found.is_some();
            if is_rotated { self.replaced() } else { opened(errno.into()) }
        };
        // Looked at before, because to open a device may do something to it.
        let before = look(path)?.ok_or_else(|| gone(Errno::NOENT))?;
        regular(path, &before)?;
        // Something else may have its name since. A FIFO would be waited for.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = rustix::fs::open(path, flags, Mode::empty()).map(File::from).map_err(gone)?;
        let now = file.metadata().map_err(fs::Failure::of(fs::Action::Inspect, path))?;
        regular(path, &now)?;
        if let Some(found) = self.found {
            let now = Found::of(&now);
            // The length apart, which grows.
            if (Found { bytes: found.bytes, ..now }) != found {
                return Err(self.replaced());
            }
            self.no_shorter(now.bytes, found.bytes)?;
        }
        Ok((file, now.len()))
    }

    /// Refuses a file that has fewer bytes than it had before.
    pub(super) fn no_shorter(&self, found: u64, expected: u64) -> Result<(), Error> {
        if found < expected {
            return Err(Error::Shrunk { path: self.path.clone(), found, expected });
        }
        Ok(())
    }

    fn replaced(&self) -> Error {
        Error::Replaced { path: self.path.clone() }
    }
}

/// Whatever regular file is there when it is opened.
impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        Input { path, found: None, table: None }
    }
}

/// Whatever regular file is there when it is opened.
impl From<&Path> for Input {
    fn from(path: &Path) -> Self {
        Input::from(path.to_owned())
    }
}

impl Found {
    fn of(metadata: &Metadata) -> Found {
        Found {
            device: metadata.dev(),
            inode: metadata.ino(),
            created: metadata.created().ok(),
            bytes: metadata.len(),
        }
    }
}

/// What a path leads to. `None` if its name is not there.
pub(super) fn look(path: &Path) -> Result<Option<Metadata>, Error> {
    let error = match std::fs::metadata(path) {
        Ok(metadata) => return Ok(Some(metadata)),
        Err(error) => error,
    };
    let special = |found| Err(Error::Special { path: path.to_owned(), found });
    match Errno::from_io_error(&error) {
        Some(Errno::LOOP) => special(Kind::Loop),
        Some(Errno::NOENT) if std::fs::symlink_metadata(path).is_ok() => special(Kind::Dangling),
        Some(Errno::NOENT) => Ok(None),
        _ => Err(fs::Failure::of(fs::Action::Inspect, path)(error).into()),
    }
}

/// Refuses what is no regular file: it has no end, or waits for somebody.
fn regular(path: &Path, metadata: &Metadata) -> Result<(), Error> {
    let kind = metadata.file_type();
    let found = match kind {
        _ if kind.is_file() => return Ok(()),
        _ if kind.is_dir() => Kind::Directory,
        _ if kind.is_fifo() => Kind::Fifo,
        _ if kind.is_socket() => Kind::Socket,
        _ if kind.is_block_device() || kind.is_char_device() => Kind::Device,
        _ => Kind::Other,
    };
    Err(Error::Special { path: path.to_owned(), found })
}
