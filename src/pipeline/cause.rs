//! An error in; what to say of its cause in a record, out: never a path, and never a text of
//! others.
//!
//! Whoever asks in the morning why there is no table has the record alone: what was printed in
//! the night is gone.

use std::io::ErrorKind;

use crate::config;
use crate::config::problem::{Problem, What};
use crate::fs::Failure;
use crate::source;
use crate::vault;

/// What is the matter with a configuration: what the law asks of it, or where to look.
pub(super) fn of_config(error: &config::Error) -> String {
    let problems = match error {
        config::Error::Problems { problems } => problems,
        config::Error::File(failure) => return of_file(failure).to_owned(),
        config::Error::NoHouse { .. } => return "no house".to_owned(),
        config::Error::Overlap { .. } => return "stores lie in one another".to_owned(),
    };
    if let Some(cause) = problems.iter().find_map(of_law) {
        return cause;
    }
    let count = problems.len();
    let line = problems.first().map_or(0, |first| first.line);
    format!("faults found: {count}, the first in line {line}")
}

fn of_law(problem: &Problem) -> Option<String> {
    if let What::PeriodOver { last } = &problem.what {
        return Some(format!("its processing period ended on {last}"));
    }
    let cause = if matches!(problem.what, What::PurposeNotPublished { .. }) {
        "its purpose is not in the privacy policy in force"
    } else if matches!(problem.what, What::NoPolicy { .. }) {
        "no privacy policy is in force"
    } else if matches!(problem.what, What::Personal { .. }) {
        "it holds what looks like personal data or a secret"
    } else {
        return None;
    };
    Some(cause.to_owned())
}

/// What is the matter with an input.
pub(super) fn of_input(error: &source::Error) -> &'static str {
    match error {
        source::Error::File(failure) => of_file(failure),
        source::Error::Damaged { .. } => "compressed data damaged or cut off",
        source::Error::Empty { .. } => "empty where compressed data should be",
        source::Error::Expands { .. } | source::Error::TooLarge { .. } => "larger than is read",
        source::Error::Special { .. } => "no regular file",
        source::Error::Replaced { .. }
        | source::Error::Shrunk { .. }
        | source::Error::Changed { .. }
        | source::Error::Unsteady { .. } => "changed while it was read",
        source::Error::Table { .. } => "no table as expected",
        source::Error::Placeholder { .. } | source::Error::Pattern { .. } => "no usable path",
    }
}

/// What is the matter with keys, or with the vault.
pub(super) fn of_vault(error: &vault::Error) -> &'static str {
    match error {
        vault::Error::File(failure) => of_file(failure),
        vault::Error::Exposed { .. } => "a key or its directory is open to others",
        vault::Error::Kind { .. } => "something else where a key should be",
        vault::Error::Controller { .. } => "keys of another institution",
        vault::Error::Exists { .. } => "a key is there already",
        vault::Error::Oversized { .. } | vault::Error::Malformed { .. } => {
            "a key file is not whole"
        }
        vault::Error::Name { .. } => "a name that no key can have",
        vault::Error::Random(_) => "no randomness",
        vault::Error::NotSealed { .. }
        | vault::Error::NoMatchingIdentity { .. }
        | vault::Error::Truncated { .. }
        | vault::Error::Altered { .. } => "a sealed file cannot be opened",
        vault::Error::Output { .. } => "output not written",
    }
}

fn of_file(failure: &Failure) -> &'static str {
    let kind = failure.source.kind();
    if kind == ErrorKind::NotFound {
        "a file is not there"
    } else if kind == ErrorKind::PermissionDenied {
        "no permission for a file"
    } else if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        "no room on the disk"
    } else {
        "a file could not be read or written"
    }
}
