//! Path in; contents out, if the owner alone has rights to them. And back.
//!
//! The check is made on the open file, not on the path: what was looked at is
//! what is read. A symbolic link is refused, because its target can lie
//! anywhere, a released folder included.
//!
//! Source: open(2), `O_NOFOLLOW`; 개인정보의 안전성 확보조치 기준 §7⑥.
//!
//! Not here: the meaning of the bytes, the directories above.

use std::fs::{File, FileType};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use zeroize::Zeroizing;

use crate::fs;

use super::{Error, Kind};

/// Reads a whole private file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut file = open(path)?;
    // One byte more than allowed shows that there is more, and a buffer that
    // never grows leaves no copy behind.
    let mut bytes = Zeroizing::new(vec![0; limit + 1]);
    let mut length = 0;
    while length < bytes.len() {
        match file.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(fs::Failure::of(fs::Action::Read, path)(error).into()),
        }
    }
    if length > limit {
        return Err(Error::Oversized { path: path.to_owned(), limit });
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// Writes a private file that was not there, durably.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // `write_new_durably` would notice only at its last step, and leave the
    // new key beside the old one. A link that leads nowhere counts as there.
    if path.is_symlink() || path.exists() {
        return Err(Error::Exists { path: path.to_owned() });
    }
    fs::write_new_durably(path, bytes, fs::PRIVATE_FILE).map_err(not_replaced)
}

/// Says of a file that could not be made whether one was there.
pub(super) fn not_replaced(failure: fs::Failure) -> Error {
    if failure.source.kind() == io::ErrorKind::AlreadyExists {
        Error::Exists { path: failure.path }
    } else {
        failure.into()
    }
}

/// Refuses a directory that is a link or that others may look into.
pub(super) fn check_dir(path: &Path) -> Result<(), Error> {
    let metadata =
        std::fs::symlink_metadata(path).map_err(fs::Failure::of(fs::Action::Inspect, path))?;
    check(path, metadata.file_type(), metadata.permissions().mode(), Kind::Directory)
}

/// Opens a private file. A pipe in its place would be waited for without
/// `NONBLOCK`, which a regular file ignores.
fn open(path: &Path) -> Result<File, Error> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::LOOP) => {
            let (found, expected) = (Kind::SymbolicLink, Kind::File);
            return Err(Error::Kind { path: path.to_owned(), found, expected });
        }
        Err(errno) => return Err(fs::Failure::of(fs::Action::Open, path)(errno.into()).into()),
    };
    let metadata = file.metadata().map_err(fs::Failure::of(fs::Action::Inspect, path))?;
    check(path, metadata.file_type(), metadata.permissions().mode(), Kind::File)?;
    Ok(file)
}

fn check(path: &Path, found: FileType, mode: u32, expected: Kind) -> Result<(), Error> {
    let found = kind(found);
    if found != expected {
        return Err(Error::Kind { path: path.to_owned(), found, expected });
    }
    let most = if expected == Kind::Directory { fs::PRIVATE_DIR } else { fs::PRIVATE_FILE };
    let mode = mode & 0o777;
    if mode & 0o077 != 0 {
        let path = path.to_owned();
        return Err(Error::Exposed { path, kind: expected, found: mode, expected: most });
    }
    Ok(())
}

fn kind(found: FileType) -> Kind {
    if found.is_file() {
        Kind::File
    } else if found.is_dir() {
        Kind::Directory
    } else if found.is_symlink() {
        Kind::SymbolicLink
    } else {
        Kind::Special
    }
}
