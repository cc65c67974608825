//! A pipeline file that cannot be used in; a record of the night that it stands in the way of,
//! and a report, out.
//!
//! Not here: what is wrong with it (`config::check`).

use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::Night;
use super::history;
use super::opened::Opened;
use super::report::{Outcome, Report};
use crate::config::pipeline_file::name_in;
use crate::error::Error;

/// A pipeline file with a fault.
#[derive(Debug, Clone, Copy)]
pub struct Unusable<'a> {
    /// The file.
    pub path: &'a Path,
    /// What stands in it; empty if it cannot be read.
    pub bytes: &'a [u8],
    /// What is wrong with it.
    pub error: &'a Error,
}

/// Records that a night was blocked, if the ledger knows the pipeline: name and management number
/// are taken from there, since nothing in a faulty file is to be trusted in a record. The digest
/// is that of the file alone. Of a pipeline that was never recorded no night is missing. Gives
/// what `run` tells of it, by its name or, if it has none, by its path.
///
/// A record that cannot be written is not told: what went wrong first is what somebody must act
/// on, and the next record fails as well.
pub fn stopped(file: &Unusable<'_>, night: &Night<'_>, opened: &mut Opened) -> Report {
    let name = name_in(file.bytes);
    let records = opened.ledger.records();
    let number = name.as_ref().and_then(|name| history::management_no(records, name));
    if let (Some(name), Some(number)) = (&name, number.map(str::to_owned)) {
        let sha256 = HEXLOWER.encode(&Sha256::digest(file.bytes));
        let _ = opened.block((name, &number, &sha256), night, file.error);
    }
    let name = name.unwrap_or_else(|| file.path.display().to_string());
    Report::unread(&name, &night.date.to_string(), Outcome::Failed, &opened.ledger)
}
