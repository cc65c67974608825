//! A path in; what lies there out, whoever put it there.

use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{Action, Failure};

/// Reads a whole file.
///
/// # Errors
///
/// If it cannot be opened or read.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(Failure::of(Action::Read, path))
}

/// Reads a whole file from where others may have put what they like: at a pipe, of which
/// reading would have no end, nobody waits.
///
/// # Errors
///
/// If it cannot be opened or read, or is no regular file.
pub fn read_regular(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let is_read = open_and_read(path, OFlags::NONBLOCK, u64::MAX, &mut bytes)?;
    let odd = || io::Error::new(io::ErrorKind::InvalidInput, "not a regular file");
    if is_read { Ok(bytes) } else { Err(Failure::of(Action::Read, path)(odd())) }
}

/// Reads a whole file that lies there itself over what `room` held. False, and nothing is read,
/// of a link, of what is no file, and of one that is longer than `most` bytes.
///
/// # Errors
///
/// If it is not there, or cannot be read.
pub fn read_own(path: &Path, most: u64, room: &mut Vec<u8>) -> Result<bool, Failure> {
    room.clear();
    match open_and_read(path, OFlags::NONBLOCK | OFlags::NOFOLLOW, most, room) {
        Err(failure) if Errno::from_io_error(&failure.source) == Some(Errno::LOOP) => Ok(false),
        other => other,
    }
}

/// False, and nothing is read, of what is no regular file or longer than `most` bytes.
fn open_and_read(path: &Path, how: OFlags, most: u64, room: &mut Vec<u8>) -> Result<bool, Failure> {
    let how = how.bits().cast_signed();
    let mut read = || {
        let mut file = OpenOptions::new().read(true).custom_flags(how).open(path)?;
        let found = file.metadata()?;
        let is_one = found.is_file() && found.len() <= most;
        if is_one {
            file.read_to_end(room)?;
        }
        Ok(is_one)
    };
    read().map_err(Failure::of(Action::Read, path))
}

/// What lies at a path itself, and not what it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// How long it is.
        bytes: u64,
    },
    /// A directory.
    Directory,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, a socket or a device.
    Special,
}

/// Looks at what lies at a path.
///
/// # Errors
///
/// If nothing does, or it may not be looked at.
pub fn kind(path: &Path) -> Result<Kind, Failure> {
    let found = std::fs::symlink_metadata(path).map_err(Failure::of(Action::Inspect, path))?;
    Ok(if found.is_file() {
        Kind::File { bytes: found.len() }
    } else if found.is_dir() {
        Kind::Directory
    } else if found.is_symlink() {
        Kind::Link
    } else {
        Kind::Special
    })
}

impl Kind {
    /// True for a file of at most so many bytes.
    #[must_use]
    pub fn is_file_within(self, most: u64) -> bool {
        matches!(self, Kind::File { bytes } if bytes <= most)
    }
}

/// Reads a file that somebody else wrote. Nothing is read of one that is longer than `most`
/// bytes, or is no regular file.
///
/// # Errors
///
/// If it is not there, or cannot be read.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let metadata = std::fs::metadata(path).map_err(Failure::of(Action::Inspect, path))?;
    if metadata.is_file() && metadata.len() <= most { read(path) } else { Ok(Vec::new()) }
}
