//! The `keys` directory of an institution in; secrets and public keys out.
//!
//! ```text
//! keys/                          0700, every file 0600
//!   controller                   id of the institution, one line
//!   ledger-ed25519.key           signing keys of the processing records
//!   ledger-p256.key
//!   custodian.pub                age recipient of sealed files, one line
//!   <pipeline>/<epoch>.secret    pseudonymisation secrets (가명처리 비밀값)
//!   <name>.url                   where a database is, with its password
//! ```
//!
//! Nothing is replaced and nothing is made by reading: a wrong path is an
//! error and not a second set of keys. Links are refused.
//!
//! Source: 개인정보의 안전성 확보조치 기준 §7⑥; 시행령 §29의5①.
//!
//! Not here: whether a missing secret ever existed (the caller asks the
//! ledger), destruction, the custodian's private key.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::fs;

use super::custodian::Recipient;
use super::pseudonym::EpochSecret;
use super::random::Randomness;
use super::secret::Secret;
use super::{Error, Line, NAME_LENGTH, Place, private};

/// Suffix of the file of an epoch secret.
const SECRET: &str = "secret";

/// Longest `controller` file, in bytes.
const CONTROLLER_LIMIT: usize = 256;

/// Longest `custodian.pub` file, in bytes. A recipient has 62.
const RECIPIENT_LIMIT: usize = 256;

/// Longest file with the URL of a database, in bytes.
const ADDRESS_LIMIT: usize = 4096;

/// The keys of one controller. Holds paths; a secret is read when asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    dir: PathBuf,
}

impl Keys {
    /// Makes the directory for a controller. It may exist already, without
    /// keys and private.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if keys were made there before, for whomever.
    /// [`Error::Name`] if `controller` is empty, longer than 255 bytes or has
    /// a control character. [`Error::Exposed`] if the directory is open to
    /// others. [`Error::Kind`] if it is something else. [`Error::File`] if it
    /// cannot be written.
    pub fn create(dir: &Path, controller: &str) -> Result<Keys, Error> {
        if !is_controller(controller) {
            let (place, name) = (Place::Controller, controller.to_owned());
            return Err(Error::Name { place, name });
        }
        if !dir.is_symlink() {
            fs::create_dir(dir, fs::PRIVATE_DIR)?;
        }
        private::check_dir(dir)?;
        let keys = Keys { dir: dir.to_owned() };
        private::write_new(&keys.controller_path(), format!("{controller}\n").as_bytes())?;
        Ok(keys)
    }

    /// Opens the directory, if it is that of this controller.
    ///
    /// # Errors
    ///
    /// [`Error::Controller`] if it is another's. [`Error::Exposed`] if the
    /// directory or its file `controller` is open to others. [`Error::Kind`]
    /// if one is a link. [`Error::File`] if one is not there.
    pub fn open(dir: &Path, controller: &str) -> Result<Keys, Error> {
        private::check_dir(dir)?;
        let keys = Keys { dir: dir.to_owned() };
        let path = keys.controller_path();
        let text = private::read(&path, CONTROLLER_LIMIT)?;
        let found = one_line(&text).filter(|found| is_controller(found)).ok_or_else(|| {
            Error::Malformed { path: path.clone(), line: 1, expected: Line::Controller }
        })?;
        if found != controller {
            let (found, expected) = (found.to_owned(), controller.to_owned());
            return Err(Error::Controller { path, found, expected });
        }
        Ok(keys)
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The secret of an epoch, or `None` if there is no file for it: never
    /// made, or destroyed. The caller knows which.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] if `pipeline` or `epoch` cannot be part of a path.
    /// [`Error::Exposed`], [`Error::Kind`], [`Error::Oversized`] or
    /// [`Error::Malformed`] if the file is not as it was written.
    pub fn epoch_secret(&self, pipeline: &str, epoch: &str) -> Result<Option<EpochSecret>, Error> {
        let path = self.secret_path(pipeline, epoch)?;
        match self.check_pipeline_dir(pipeline) {
            Err(Error::File(failure)) if failure.is_not_found() => return Ok(None),
            other => other?,
        }
        match Secret::read(&path, &heading(pipeline, epoch)) {
            Ok(secret) => Ok(Some(EpochSecret::new(secret, pipeline, epoch))),
            Err(Error::File(failure)) if failure.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Draws the secret of an epoch and writes it down, durably.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is one: it stays. [`Error::Name`] as
    /// [`Keys::epoch_secret`]. [`Error::Random`] if there is no randomness:
    /// nothing is written then. [`Error::File`] if it cannot be written.
    pub fn create_epoch_secret(
        &self,
        pipeline: &str,
        epoch: &str,
        random: &mut dyn Randomness,
    ) -> Result<EpochSecret, Error> {
        let path = self.secret_path(pipeline, epoch)?;
        let secret = Secret::random(random)?;
        let pipeline_dir = self.dir.join(pipeline);
        if !pipeline_dir.is_symlink() {
            fs::create_dir(&pipeline_dir, fs::PRIVATE_DIR)?;
        }
        self.check_pipeline_dir(pipeline)?;
        secret.write_new(&path, &heading(pipeline, epoch))?;
        Ok(EpochSecret::new(secret, pipeline, epoch))
    }

    /// Makes sure that the secrets of a pipeline that are there stay there:
    /// whoever made one may have died before its name was safe.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] if `pipeline` cannot be part of a path.
    /// [`Error::File`] if a directory cannot be synced.
    pub fn sync(&self, pipeline: &str) -> Result<(), Error> {
        let dir = self.dir.join(part(Place::Pipeline, pipeline)?);
        fs::sync_dir(&dir)?;
        fs::sync_dir(&self.dir)?;
        Ok(())
    }

    /// The epochs of a pipeline that have a secret, sorted by name.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] if `pipeline` cannot be part of a path.
    /// [`Error::File`] if its directory cannot be listed.
    pub fn epochs(&self, pipeline: &str) -> Result<Vec<String>, Error> {
        let dir = self.dir.join(part(Place::Pipeline, pipeline)?);
        let epochs = fs::list(&dir)?
            .iter()
            .filter(|path| path.extension().is_some_and(|suffix| suffix == SECRET))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|epoch| is_part(epoch))
            .collect();
        Ok(epochs)
    }

    /// Whose key files are sealed to (추가정보 관리자).
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] if `custodian.pub` is no recipient of age.
    /// [`Error::Exposed`] if others have rights to it: who can write there
    /// reads the vault from then on. [`Error::File`] if it is not there.
    pub fn custodian(&self) -> Result<Recipient, Error> {
        let path = self.custodian_path();
        let text = private::read(&path, RECIPIENT_LIMIT)?;
        one_line(&text).and_then(|line| line.parse().ok()).ok_or(Error::Malformed {
            path,
            line: 1,
            expected: Line::Recipient,
        })
    }

    /// Writes down whose key files are sealed to.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is one already. [`Error::File`] if it cannot
    /// be written.
    pub fn create_custodian(&self, recipient: &Recipient) -> Result<(), Error> {
        private::write_new(&self.custodian_path(), format!("{recipient}\n").as_bytes())
    }

    /// Where a database is, and with which password: the one line of a file.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] if `name` cannot be part of a path. [`Error::Exposed`],
    /// [`Error::Kind`] or [`Error::Oversized`] as for a secret.
    /// [`Error::Malformed`] if it has not one line. [`Error::File`] if it is not there.
    pub fn address(&self, name: &str) -> Result<Zeroizing<String>, Error> {
        let path = self.dir.join(part(Place::Database, name)?);
        let text = private::read(&path, ADDRESS_LIMIT)?;
        match one_line(&text) {
            Some(line) if !line.is_empty() => Ok(Zeroizing::new(line.to_owned())),
            _ => Err(Error::Malformed { path, line: 1, expected: Line::Address }),
        }
    }

    fn controller_path(&self) -> PathBuf {
        self.dir.join("controller")
    }

    fn custodian_path(&self) -> PathBuf {
        self.dir.join("custodian.pub")
    }

    fn secret_path(&self, pipeline: &str, epoch: &str) -> Result<PathBuf, Error> {
        let pipeline = part(Place::Pipeline, pipeline)?;
        let epoch = part(Place::Epoch, epoch)?;
        Ok(self.dir.join(pipeline).join(format!("{epoch}.{SECRET}")))
    }

    fn check_pipeline_dir(&self, pipeline: &str) -> Result<(), Error> {
        private::check_dir(&self.dir.join(pipeline))
    }
}

/// First line of the file of an epoch secret.
fn heading(pipeline: &str, epoch: &str) -> String {
    format!(
        "gamyeong epoch secret v1, pipeline {pipeline}, epoch {epoch}: \
         additional information (추가정보), keep apart"
    )
}

/// The text of a file that has one line, with or without its line ending.
fn one_line(text: &[u8]) -> Option<&str> {
    let text = str::from_utf8(text).ok()?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    (!line.contains('\n')).then_some(line)
}

fn is_controller(id: &str) -> bool {
    !id.is_empty() && id.len() < CONTROLLER_LIMIT && !id.contains(char::is_control)
}

/// A name that may be put into a path: it cannot leave the directory, hide or
/// be a file of `keys` itself.
fn part(place: Place, name: &str) -> Result<&str, Error> {
    let is_taken = ["controller", "custodian.pub", "ledger-ed25519.key", "ledger-p256.key"]
        .contains(&name.to_ascii_lowercase().as_str());
    if is_part(name) && !is_taken {
        Ok(name)
    } else {
        Err(Error::Name { place, name: name.to_owned() })
    }
}

fn is_part(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    name.len() <= NAME_LENGTH
        && name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && name.bytes().all(is_inner)
}

#[cfg(test)]
mod tests;
