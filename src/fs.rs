//! Paths and bytes in; files that are wholly there or not at all out.
//!
//! ```text
//! write to `.NAME.partial` ─► fsync file ─► rename to NAME ─► fsync directory
//! ```
//!
//! A rename without the fsync of its directory can be lost although the
//! file's own fsync succeeded, so no function here does one without the other.
//! A failed fsync is an error and is never tried again: the kernel has marked
//! the pages clean, and a second fsync would answer "success" for lost bytes.
//!
//! Source: fsync(2), rename(2), open(2); Rebello et al., "Can Applications
//! Recover from fsync Failures?", USENIX ATC 2020.
//!
//! Not here: what the bytes mean, which of two files is the newer one.

use std::ffi::OsString;
use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, OFlags, RenameFlags};
use rustix::io::Errno;

mod points;
mod read;

pub use points::{kill_point, panic_point};
pub use read::{Kind, kind, read, read_at_most, read_own, read_regular};

/// Mode of files that hold additional information: the owner alone.
pub const PRIVATE_FILE: u32 = 0o600;
/// Mode of directories that hold additional information: the owner alone.
pub const PRIVATE_DIR: u32 = 0o700;
/// Mode of files that a group may read, such as released tables and records.
pub const SHARED_FILE: u32 = 0o640;
/// Mode of directories that a group may list.
pub const SHARED_DIR: u32 = 0o750;

/// An operation on the file system that did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("{}: could not {action}", path.display())]
pub struct Failure {
    /// What was being done.
    pub action: Action,
    /// The file or directory it was done to.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// The operations that can fail, as they appear in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Action {
    Create,
    Open,
    Read,
    Write,
    Sync,
    Rename,
    Remove,
    List,
    Lock,
    Inspect,
}

impl Action {
    /// True if something was to be changed.
    #[must_use]
    pub fn is_of_writing(self) -> bool {
        match self {
            Action::Create | Action::Write | Action::Sync | Action::Rename | Action::Remove => true,
            Action::Open | Action::Read | Action::List | Action::Lock | Action::Inspect => false,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Create => "create",
            Action::Open => "open",
            Action::Read => "read",
            Action::Write => "write",
            Action::Sync => "sync to disk",
            Action::Rename => "rename",
            Action::Remove => "remove",
            Action::List => "list",
            Action::Lock => "lock",
            Action::Inspect => "inspect",
        })
    }
}

impl Failure {
    /// Names the operation and the path of an I/O error.
    ///
    /// For `map_err`: `file.read(…).map_err(Failure::of(Action::Read, path))`.
    pub fn of(action: Action, path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
        move |source| Failure { action, path: path.to_owned(), source }
    }

    /// True if whoever runs this may not do it.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.source.kind() == io::ErrorKind::PermissionDenied
    }

    /// True if the file or directory is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Creates a file that was not there, for writing.
///
/// # Errors
///
/// If it exists already, through a symbolic link too, or cannot be created.
pub fn create(path: &Path, mode: u32) -> Result<File, Failure> {
    OpenOptions::new()
        .write(true)
        .read(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .map_err(Failure::of(Action::Create, path))
}

/// Opens a file that has no name and is gone when it is closed, on the file
/// system of `dir`: a crash cannot leave it behind.
///
/// # Errors
///
/// If `dir` cannot be written to.
pub fn create_unnamed(dir: &Path) -> Result<File, Failure> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(dir, flags, rustix::fs::Mode::from_raw_mode(PRIVATE_FILE)) {
        Ok(file) => Ok(File::from(file)),
        // Overlays, which containers run on, have none before Linux 6.1.
        Err(Errno::OPNOTSUPP | Errno::ISDIR) => create_unlinked(dir),
        Err(errno) => Err(Failure::of(Action::Create, dir)(errno.into())),
    }
}

/// Creates a file in `dir` and takes its name away before anything is in it.
fn create_unlinked(dir: &Path) -> Result<File, Failure> {
    let path = dir.join(".unnamed");
    remove_if_there(&path)?;
    let file = create(&path, PRIVATE_FILE)?;
    remove_if_there(&path)?;
    Ok(file)
}

/// Creates a directory and those above it, each of them durably. Directories
/// that are there already stay as they are.
///
/// # Errors
///
/// If one cannot be created, or its parent not synced.
pub fn create_dir(path: &Path, mode: u32) -> Result<(), Failure> {
    if path.is_dir() {
        // Whoever made it may have died before its name was safe. The names
        // above it were safe before it was made.
        return match sync_parent(path) {
            // Nobody makes a directory in one that may not be opened.
            Err(Failure { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
                Ok(())
            }
            other => other,
        };
    }
    if let Some(parent) = parent(path) {
        create_dir(parent, mode)?;
    }
    match DirBuilder::new().mode(mode).create(path) {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(Failure::of(Action::Create, path)(error)),
    }
}

/// Flushes a file's bytes to the disk.
///
/// # Errors
///
/// If the system reports that they may not be there. The caller must treat
/// the file as lost.
pub fn sync(file: &File, path: &Path) -> Result<(), Failure> {
    file.sync_all().map_err(Failure::of(Action::Sync, path))
}

/// Takes the rights of group and others to a file away, durably.
///
/// # Errors
///
/// If that fails, or the system reports that it may not last.
pub fn make_private(path: &Path) -> Result<(), Failure> {
    let file = File::open(path).map_err(Failure::of(Action::Open, path))?;
    let private = std::fs::Permissions::from_mode(PRIVATE_FILE);
    file.set_permissions(private).map_err(Failure::of(Action::Write, path))?;
    sync(&file, path)
}

/// Flushes a directory: after this, names made or removed in it stay so.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_dir(path: &Path) -> Result<(), Failure> {
    let dir = File::open(path).map_err(Failure::of(Action::Open, path))?;
    sync(&dir, path)
}

/// Flushes the directory that a path lies in: after this, the path stays.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_parent(path: &Path) -> Result<(), Failure> {
    parent(path).map_or(Ok(()), sync_dir)
}

/// Replaces the contents of `path`, or creates it: readers see the old bytes
/// or the new ones, and a crash leaves one of the two.
///
/// # Errors
///
/// If any step fails. The old contents are still there then, unless only the
/// last step failed, the sync of the directory.
pub fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let partial = partial_of(path);
    remove_if_there(&partial)?;
    let mut file = create(&partial, mode)?;
    file.write_all(bytes).map_err(Failure::of(Action::Write, &partial))?;
    sync(&file, &partial)?;
    std::fs::rename(&partial, path).map_err(Failure::of(Action::Rename, path))?;
    sync_parent(path)
}

/// As [`write_durably`], for a file that must not be there yet.
///
/// # Errors
///
/// If any step fails, or `path` exists: then it is untouched.
pub fn write_new_durably(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let partial = partial_of(path);
    remove_if_there(&partial)?;
    let mut file = create(&partial, mode)?;
    file.write_all(bytes).map_err(Failure::of(Action::Write, &partial))?;
    sync(&file, &partial)?;
    rename_new(&partial, path)
}

/// Gives a file another name, durably, and replaces nothing.
///
/// # Errors
///
/// If `to` exists, if the rename fails, or if a directory cannot be synced.
pub fn rename_new(from: &Path, to: &Path) -> Result<(), Failure> {
    rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)
        .map_err(|errno| Failure::of(Action::Rename, to)(errno.into()))?;
    sync_parent(to)?;
    if parent(from) == parent(to) { Ok(()) } else { sync_parent(from) }
}

/// Removes a file if it is there. Not synced: a name that comes back after a
/// crash is removed again at the next start.
///
/// # Errors
///
/// If it is there and cannot be removed.
pub fn remove_if_there(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::of(Action::Remove, path)(error))
        }
        _ => Ok(()),
    }
}

/// Removes a directory with everything in it, if it is there.
///
/// # Errors
///
/// If something in it cannot be removed.
pub fn remove_dir_if_there(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::of(Action::Remove, path)(error))
        }
        _ => Ok(()),
    }
}

/// The names in a directory, sorted. Empty if the directory is not there.
///
/// # Errors
///
/// If it cannot be listed.
pub fn list(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match std::fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(Failure::of(Action::List, path))?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(Failure::of(Action::List, path))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Who may use a file, and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// User id of the owner.
    pub owner: u32,
    /// Device number of the file system.
    pub device: u64,
    /// Permission bits, `0o000..=0o777`.
    pub mode: u32,
}

impl Standing {
    /// True if nobody but the owner has any right.
    #[must_use]
    pub fn is_private(self) -> bool {
        self.mode.trailing_zeros() >= 6
    }
}

/// Looks at the owner, file system and permissions of a path.
///
/// # Errors
///
/// If it is not there or may not be looked at.
pub fn standing(path: &Path) -> Result<Standing, Failure> {
    let metadata = std::fs::metadata(path).map_err(Failure::of(Action::Inspect, path))?;
    Ok(Standing { owner: metadata.uid(), device: metadata.dev(), mode: metadata.mode() & 0o777 })
}

/// Held by the one process that may change a house. Gone when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock on `path`, or `None` if another process holds it.
///
/// # Errors
///
/// If the file cannot be created or the file system cannot lock.
pub fn lock(path: &Path) -> Result<Option<Lock>, Failure> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(PRIVATE_FILE)
        .open(path)
        .map_err(Failure::of(Action::Open, path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Failure::of(Action::Lock, path)(error)),
    }
}

/// `DIR/.NAME.partial`, beside `DIR/NAME` so that the rename stays on one
/// file system.
fn partial_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".partial");
    path.with_file_name(name)
}

/// The directory a path lies in; `.` for a bare name, `None` for the root.
fn parent(path: &Path) -> Option<&Path> {
    path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Seek as _};

    use super::*;

    #[test]
    fn an_unnamed_file_holds_bytes_and_is_not_in_its_directory() {
        let dir = tempfile::tempdir().unwrap();
        // Left by a crash between the two steps.
        create(&dir.path().join(".unnamed"), PRIVATE_FILE).unwrap();
        for make in [create_unlinked, create_unnamed] {
            let mut file = make(dir.path()).unwrap();
            file.write_all(b"rows").unwrap();
            file.rewind().unwrap();
            let mut back = String::new();
            file.read_to_string(&mut back).unwrap();
            assert_eq!(back, "rows");
            assert_eq!(list(dir.path()).unwrap(), Vec::<PathBuf>::new());
        }
    }
}
