//! A pipeline file that cannot be used in; a record of the night that it stands in the way of,
//! and a report, out.
//!
//! Not here: what is wrong with it (`config::check`).

use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::Night;
use super::body::Blocked;
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
    /// Names of the pipelines that run beside it: a draft of one of them stops nothing.
    pub sound: &'a [String],
}

/// Records that a night was blocked, if the ledger knows the pipeline and has no table of it
/// for this date. Name and management number are taken from the ledger, since nothing in a faulty
/// file is to be trusted in a record; the digest is that of the file. Gives what `run` tells
/// of it, by that name or else by its path.
///
/// A record that cannot be written is not told: what went wrong first is what somebody must act
/// on.
pub fn stopped(file: &Unusable<'_>, night: &Night<'_>, opened: &mut Opened) -> Report {
    let date = night.date.to_string();
    let records = opened.ledger.records();
    let known = name_in(file.bytes).and_then(|name| {
        let number = history::management_no(records, &name)?.to_owned();
        Some((name, number))
    });
    let Some((name, number)) = known else {
        let path = file.path.display().to_string();
        let report = Report::unread(&path, &date, Outcome::Failed, &opened.ledger);
        return report.because(file.error);
    };
    // A night without input may have got some since.
    let is_done = history::published(records, &name, &date).is_some();
    if !is_done && !file.sound.contains(&name) {
        let sha256 = HEXLOWER.encode(&Sha256::digest(file.bytes));
        let of = Blocked {
            pipeline: &name,
            management_no: &number,
            pipeline_sha256: None,
            file_sha256: Some(&sha256),
        };
        let _ = opened.block(&of, night, file.error);
    }
    Report::unread(&name, &date, Outcome::Failed, &opened.ledger).because(file.error)
}
