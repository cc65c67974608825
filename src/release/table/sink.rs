//! Bytes in; the same bytes in a file, and their SHA-256, out.
//!
//! Source: FIPS 180-4.
//!
//! Not here: what the bytes mean, when they are safe on the disk (`fs`).

use std::fs::File;
use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

/// A new file that is hashed while it is written, so that the digest is of
/// what was meant to be there and not of what a disk gave back.
pub(super) struct Sink {
    file: File,
    sha256: Sha256,
    bytes: u64,
    /// Bytes that are on the disk.
    synced: u64,
}

/// Bytes after which the disk is waited for, while the next row groups are made.
/// A disk is slower than this program: if all of them waited for the end, so
/// would the night.
const SYNC_BYTES: u64 = 8 << 20;

impl Sink {
    /// Starts at the end of an empty file.
    pub(super) fn new(file: File) -> Self {
        Self { file, sha256: Sha256::new(), bytes: 0, synced: 0 }
    }

    /// The file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Bytes written so far and their digest.
    pub(super) fn so_far(&self) -> (u64, [u8; 32]) {
        (self.bytes, self.sha256.clone().finalize().into())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sha256.update(&bytes[..written]);
        self.bytes += written as u64;
        if self.bytes - self.synced >= SYNC_BYTES {
            // As another kind of error: one that says "interrupted" would have
            // the same bytes written once more.
            self.file.sync_data().map_err(io::Error::other)?;
            self.synced = self.bytes;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;
    use std::thread;

    use super::*;

    /// What is written to a pipe arrives, and cannot be synced.
    #[test]
    fn a_sync_that_fails_is_no_success_of_the_write() {
        let (mut reader, writer) = io::pipe().unwrap();
        let drain = thread::spawn(move || io::copy(&mut reader, &mut io::sink()));
        let mut sink = Sink::new(File::from(OwnedFd::from(writer)));
        let block = vec![0; 1 << 20];
        for _ in 1..SYNC_BYTES >> 20 {
            sink.write_all(&block).unwrap();
        }
        assert_eq!(sink.write_all(&block).unwrap_err().kind(), io::ErrorKind::Other);
        drop(sink);
        assert_eq!(drain.join().unwrap().unwrap(), SYNC_BYTES);
    }
}
