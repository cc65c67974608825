//! A file that the command line names in; its bytes, or that the command line is wrong, out.
//!
//! Not here: files of the house, whose faults are those of their place.

use std::path::Path;

use crate::error::{Error, Usage};
use crate::fs;

/// Reads the file that an option names.
///
/// # Errors
///
/// [`Usage::Unread`] if it cannot be read.
pub(super) fn read(option: &'static str, path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|failure| {
        let (path, why) = (path.to_owned(), failure.source.to_string());
        Error::Usage(Usage::Unread { option, path, why })
    })
}
