//! A file that an institution supplies, read and ready: a database of addresses, a
//! hierarchy, a list of robots.
//!
//! Not here: reading files (`config`).

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// What was made of a file, and which file that was.
pub struct List<T> {
    made: Arc<T>,
    /// Its path, as in the pipeline file.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal: for records.
    pub sha256: String,
}

impl<T> List<T> {
    /// What was made of `file`.
    #[must_use]
    pub fn new(made: T, file: String, sha256: String) -> Self {
        Self { made: Arc::new(made), file, sha256 }
    }

    /// Path of the file in the house.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Which file it was, in words.
    #[must_use]
    pub fn parameters(&self) -> String {
        format!("file={} sha256={}", self.file, self.sha256)
    }
}

impl<T> Deref for List<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.made
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        let Self { made, file, sha256 } = self;
        Self { made: Arc::clone(made), file: file.clone(), sha256: sha256.clone() }
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("file", &self.file).finish_non_exhaustive()
    }
}
