//! Text and the custodian's public key in; a file that only the custodian can
//! open out. And back, for the custodian.
//!
//! The nightly job can add to the vault and cannot read it: what seals is a
//! public key. `age -d -i custodian.key FILE` opens a file without this
//! program.
//!
//! The age library draws a new key for every file from the operating system,
//! so sealing the same text twice gives different bytes: sealed files are the
//! one output that is outside the promise that a run replays byte for byte.
//!
//! Source: age-encryption.org/v1 (X25519, HKDF-SHA-256, ChaCha20-Poly1305 in
//! blocks of 64 KiB of which the last is marked).
//!
//! Not here: what is sealed, names of files, who the custodian is (`keys`).

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, Write};
use std::iter;
use std::path::{Path, PathBuf};

use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::fs;

use super::custodian::{self, Recipient};
use super::{Error, private};

/// How every age file starts, up to the end of the version.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";

/// Bytes that are moved at once when a file is opened: one block of age.
const BLOCK: usize = 64 * 1024;

/// A sealed file that is being written.
///
/// What is written is encrypted at once; the text never touches the disk.
/// Dropped before [`Sealed::finish`], it leaves a file that nobody can open
/// as a whole.
pub struct Sealed {
    stream: StreamWriter<Hashed>,
    path: PathBuf,
}

/// What a sealed file looks like from outside, for the processing record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Length of the sealed file.
    pub bytes: u64,
    /// SHA-256 of the sealed file, not of the text: that would tell whoever
    /// guesses the text that the guess is right.
    pub sha256: [u8; 32],
}

/// Starts a sealed file that was not there, with mode 0600.
///
/// # Errors
///
/// [`Error::Exists`] if something is at `path`: it stays. [`Error::File`] if
/// the file cannot be written.
///
/// # Examples
///
/// ```
/// use std::io::Write as _;
///
/// use gamyeong::vault::custodian;
/// use gamyeong::vault::sealed::{open, seal};
///
/// # let dir = tempfile::tempdir()?;
/// let (identity, recipient) = custodian::generate();
/// identity.write_new(&dir.path().join("custodian.key"))?;
///
/// let path = dir.path().join("mapping.age");
/// let mut sealed = seal(&path, &recipient)?;
/// sealed.write_all(b"kim 192.0.2.7")?;
/// assert_eq!(sealed.finish()?.bytes, std::fs::metadata(&path)?.len());
///
/// let mut text = Vec::new();
/// open(&path, &dir.path().join("custodian.key"), &mut text)?;
/// assert_eq!(text, b"kim 192.0.2.7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn seal(path: &Path, recipient: &Recipient) -> Result<Sealed, Error> {
    let file = fs::create(path, fs::PRIVATE_FILE).map_err(private::not_replaced)?;
    let output = Hashed { file, digest: Sha256::new(), bytes: 0 };
    let stream = Encryptor::with_recipients(iter::once(recipient.as_age()))
        .map_err(io::Error::other)
        .and_then(|encryptor| encryptor.wrap_output(output))
        .map_err(fs::Failure::of(fs::Action::Write, path))?;
    Ok(Sealed { stream, path: path.to_owned() })
}

impl Sealed {
    /// Writes the last block and flushes file and directory to the disk.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if that fails. The file is lost then.
    pub fn finish(self) -> Result<Seal, Error> {
        let Sealed { stream, path } = self;
        let written = stream.finish().map_err(fs::Failure::of(fs::Action::Write, &path))?;
        fs::sync(&written.file, &path)?;
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        fs::sync_dir(parent.unwrap_or(Path::new(".")))?;
        Ok(Seal { bytes: written.bytes, sha256: written.digest.finalize().into() })
    }
}

impl Write for Sealed {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.stream.write(text)
    }

    /// Hands whole blocks on. A block that is not full waits for
    /// [`Sealed::finish`].
    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Opens a sealed file with the custodian's identity file and writes the text
/// to `out`.
///
/// Blocks are written as they authenticate, so after an error `out` may hold
/// the beginning of the text, genuine but not all of it.
///
/// # Errors
///
/// [`Error::Exposed`] if others have rights to the identity file.
/// [`Error::Malformed`] if it holds something else than X25519 identities.
/// [`Error::NotSealed`] if `path` is no age file.
/// [`Error::NoMatchingIdentity`] if it is sealed to somebody else.
/// [`Error::Truncated`] if it ends between two blocks, [`Error::Altered`] if
/// it ends inside one or was changed. [`Error::Output`] if `out` cannot be
/// written. [`Error::File`] if one of the files cannot be read.
pub fn open(path: &Path, identity: &Path, out: &mut impl Write) -> Result<(), Error> {
    Opening::begin(path, identity)?.write_to(out)
}

/// A sealed file and who may open it: one file, however often it is read.
pub struct Opening {
    file: File,
    path: PathBuf,
    identity: PathBuf,
    identities: Vec<age::x25519::Identity>,
}

impl Opening {
    /// Opens both files and reads the identities.
    ///
    /// # Errors
    ///
    /// Those of [`open`] about the two files.
    pub fn begin(path: &Path, identity: &Path) -> Result<Self, Error> {
        let identities = custodian::read_identities(identity)?;
        let file = File::open(path).map_err(fs::Failure::of(fs::Action::Open, path))?;
        Ok(Self { file, path: path.to_owned(), identity: identity.to_owned(), identities })
    }

    /// Reads all of it and tells how many lines the text has, and nothing else: what is told
    /// of an opening has to be known before anything of it is shown.
    ///
    /// # Errors
    ///
    /// As [`open`].
    pub fn entries(&mut self) -> Result<u64, Error> {
        let mut lines = Lines::default();
        self.write_to(&mut lines)?;
        Ok(lines.ended + u64::from(lines.is_open))
    }

    /// SHA-256 of the sealed file, as its record has it.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read.
    pub fn sha256(&mut self) -> Result<[u8; 32], Error> {
        self.rewind()?;
        let (mut digest, mut block) = (Sha256::new(), vec![0; BLOCK]);
        loop {
            let length = self.file.read(&mut block);
            match length.map_err(fs::Failure::of(fs::Action::Read, &self.path))? {
                0 => return Ok(digest.finalize().into()),
                length => digest.update(&block[..length]),
            }
        }
    }

    /// Writes the text to `out`.
    ///
    /// # Errors
    ///
    /// As [`open`].
    pub fn write_to(&mut self, out: &mut impl Write) -> Result<(), Error> {
        self.rewind()?;
        let Self { file, path, identity, identities } = self;
        let mut file = BufReader::with_capacity(BLOCK, &*file);
        check_magic(&mut file, path)?;
        let mut text = Decryptor::new_buffered(file)
            .and_then(|file| file.decrypt(identities.iter().map(|identity| identity as _)))
            .map_err(|error| reason(error, path, identity))?;
        let mut block = Zeroizing::new(vec![0; BLOCK]);
        loop {
            let length = read(&mut text, &mut block, path)?;
            if length == 0 {
                break;
            }
            out.write_all(&block[..length]).map_err(output(path))?;
        }
        out.flush().map_err(output(path))
    }

    fn rewind(&mut self) -> Result<(), Error> {
        self.file.rewind().map_err(fs::Failure::of(fs::Action::Read, &self.path))?;
        Ok(())
    }
}

/// Counts lines and keeps none of them.
#[derive(Default)]
struct Lines {
    ended: u64,
    is_open: bool,
}

impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.ended += text.split(|&byte| byte == b'\n').skip(1).count() as u64;
        self.is_open = text.last().map_or(self.is_open, |&byte| byte != b'\n');
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Looks at the first line before age does, which would read a file without
/// a line ending into memory as a whole.
fn check_magic(file: &mut impl BufRead, path: &Path) -> Result<(), Error> {
    let start = file.fill_buf().map_err(fs::Failure::of(fs::Action::Read, path))?;
    if start.starts_with(MAGIC) {
        Ok(())
    } else if MAGIC.starts_with(start) {
        Err(Error::Truncated { path: path.to_owned() })
    } else {
        Err(Error::NotSealed { path: path.to_owned() })
    }
}

fn read(
    text: &mut StreamReader<BufReader<&File>>,
    block: &mut [u8],
    path: &Path,
) -> Result<usize, Error> {
    text.read(block).map_err(|error| io_reason(error, path))
}

fn reason(error: DecryptError, path: &Path, identity: &Path) -> Error {
    let path_buf = path.to_owned();
    match error {
        DecryptError::Io(error) => io_reason(error, path),
        DecryptError::NoMatchingKeys
        | DecryptError::KeyDecryptionFailed
        | DecryptError::ExcessiveWork { .. } => {
            Error::NoMatchingIdentity { path: path_buf, identity: identity.to_owned() }
        }
        DecryptError::UnknownFormat => Error::NotSealed { path: path_buf },
        // Variants that a later age may add are about the file too.
        DecryptError::DecryptionFailed
        | DecryptError::InvalidHeader
        | DecryptError::InvalidMac
        | _ => Error::Altered { path: path_buf },
    }
}

/// age reports a block that does not authenticate as invalid data, and a file
/// that ends before its last block as an unexpected end.
fn io_reason(error: io::Error, path: &Path) -> Error {
    let kind = error.kind();
    if kind == io::ErrorKind::UnexpectedEof {
        Error::Truncated { path: path.to_owned() }
    } else if kind == io::ErrorKind::InvalidData {
        Error::Altered { path: path.to_owned() }
    } else {
        fs::Failure::of(fs::Action::Read, path)(error).into()
    }
}

fn output(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |source| Error::Output { path: path.to_owned(), source }
}

/// A file whose digest is known when its last byte is written.
struct Hashed {
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests;
