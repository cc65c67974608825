//! Names of files that techniques need in; the files, read and ready, or what speaks
//! against them, out.
//!
//! They are read before the first line of input, and their digests are a part of the
//! pipeline's: another list is another pipeline.

use std::path::{Component, Path};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::check::Check;
use super::problem::What;
use crate::fs;
use crate::protect::list::List;

/// Bytes of the largest list that is read.
const MOST_BYTES: u64 = 1 << 30;

impl Check<'_> {
    /// What `make` makes of a file of the house.
    pub(super) fn list<T, E: std::fmt::Display>(
        &mut self,
        file: &Path,
        key: &str,
        make: impl FnOnce(Vec<u8>) -> Result<T, E>,
    ) -> Option<List<T>> {
        let name = file.display().to_string();
        let is_within = file.components().all(|part| matches!(part, Component::Normal(_)));
        let path = self.root.join(file);
        let size = path.metadata().map(|metadata| metadata.len());
        let why = if !is_within {
            "a path within the house expected".to_owned()
        } else if size.is_ok_and(|bytes| bytes > MOST_BYTES) {
            format!("more than {MOST_BYTES} bytes")
        } else {
            match fs::read(&path) {
                Err(failure) => failure.source.to_string(),
                Ok(bytes) => {
                    let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));
                    match make(bytes) {
                        Ok(list) => {
                            self.lists.insert(name.clone(), sha256.clone());
                            return Some(List::new(list, name, sha256));
                        }
                        Err(error) => error.to_string(),
                    }
                }
            }
        };
        self.fault(key, What::List { file: name, why });
        None
    }
}
