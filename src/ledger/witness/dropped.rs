//! What somebody else dropped into `in/`: read, kept where it was refused, taken away.
//!
//! Any name, any kind of file and any rights on it: none may stop the requests of others.
//!
//! Not here: whether it is a request, and one to be signed (`witness`).

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use crate::fs::{self, Action, Failure};
use crate::ledger::tree::Hash;

/// 63 hashes and a note of a hundred signatures are far less.
const MAX_BYTES: u64 = 1 << 20;

/// Longest name that files are called after: `DIGEST-NAME` and `.NAME.refused.partial` are names
/// too, of 255 bytes at most.
const NAME_BYTES: usize = 160;

/// What the files of a request are called after: its own name if it is short and UTF-8.
pub(super) fn name(path: &Path) -> String {
    let own = path.file_name().unwrap_or_default();
    match own.to_str() {
        Some(name) if name.len() <= NAME_BYTES => name.to_owned(),
        _ => {
            let digest = &Hash::of(own.as_encoded_bytes()).to_hex()[..16];
            let begin: String = own.to_string_lossy().chars().take(30).collect();
            format!("{begin}-{digest}")
        }
    }
}

/// What may not be taken out of `in/` stays there, is answered again the next time, and stops
/// nothing else.
///
/// # Errors
///
/// If it could not be taken away for another reason than want of rights.
pub(super) fn done(taken: Result<(), Failure>) -> Result<(), Failure> {
    match taken {
        Err(failure) if failure.is_denied() || failure.is_not_found() => Ok(()),
        other => other,
    }
}

/// Keeps what was refused in `refused`, and makes room for the next. Of what has the same bytes
/// one is enough; of what could not be read, nothing says that it is the same.
///
/// # Errors
///
/// If it cannot be kept, but for want of rights to take it away.
pub(super) fn keep(
    refused: &Path,
    name: &str,
    path: &Path,
    bytes: Option<&[u8]>,
) -> Result<(), Failure> {
    fs::create_dir(refused, fs::SHARED_DIR)?;
    let digest = &Hash::of(bytes.unwrap_or_default()).to_hex()[..16];
    for number in 1_u32.. {
        let more = if number == 1 { String::new() } else { format!("-{number}") };
        let kept = refused.join(format!("{digest}{more}-{name}"));
        // A link counts, wherever it leads.
        if kept.symlink_metadata().is_err() {
            done(fs::rename_new(path, &kept))?;
            break;
        }
        if bytes.is_some() && matches!(read(&kept), Ok(found) if found.as_deref() == bytes) {
            done(fs::remove_if_there(path))?;
            break;
        }
    }
    fs::sync_parent(path)
}

/// Reads what somebody else dropped; `None` if it is longer than any request, or no file. A
/// pipe in its place would be waited for without `NONBLOCK`, and a link may lead anywhere.
///
/// # Errors
///
/// If it cannot be opened or read.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::NXIO) => return Ok(None),
        Err(errno) => return Err(Failure::of(Action::Open, path)(errno.into())),
    };
    if !file.metadata().map_err(Failure::of(Action::Inspect, path))?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(Failure::of(Action::Read, path))?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= MAX_BYTES))
}
