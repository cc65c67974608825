//! Every way a command can fail, and who has to act on it.
//!
//! The order of the variants is the order of the exit codes. A new variant
//! does not compile until it has a code.

mod outside;
mod usage;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

pub use outside::Outside;
pub use usage::Usage;

use crate::assess;
use crate::config;
use crate::fs;
use crate::ledger;
use crate::lookup;
use crate::parse;
use crate::protect;
use crate::release;
use crate::source;
use crate::vault;

/// What went wrong. [`Error::code`] says who acts on it.
///
/// `Display` is one line: what failed, where, what was found, what was
/// expected. It never shows data of a data subject: lines are given by number.
/// Causes are not repeated in it; the printer walks `source()`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output may not be released, or counting for that failed.
    #[error("{source_name}: table not cleared for release")]
    Assess {
        /// Name of the source.
        source_name: String,
        /// Threshold or failure.
        source: assess::Error,
    },
    /// The pipeline is not the one that was recorded last.
    #[error(
        "pipeline `{pipeline}` was changed since its last recorded run: found digest {found}, \
         expected {expected}"
    )]
    Drift {
        /// Name of the pipeline.
        pipeline: String,
        /// First digits of the digest of the file as it is.
        found: String,
        /// First digits of the digest that was recorded.
        expected: String,
    },
    /// Input lies in another controller's house.
    #[error("{}: input lies in the house of controller `{found}`, this house is of `{expected}`", path.display())]
    OtherHouse {
        /// The input file.
        path: PathBuf,
        /// That house's controller.
        found: String,
        /// This house's controller.
        expected: String,
    },
    /// A published table is not what the records say, or they cannot vouch.
    #[error("{} of {checked} checks failed", failed)]
    NotVerified {
        /// Checks that failed.
        failed: usize,
        /// Checks that were made.
        checked: usize,
    },
    /// The input has what the pipeline does not name, and the pipeline refuses that.
    #[error(
        "source `{source_name}`: not named in the pipeline: {}{}", lines.join("; "),
        if *hidden > 0 { format!(" ({hidden} more not shown: rare, or perhaps data)") } else { String::new() }
    )]
    Unknown {
        /// Name of the source.
        source_name: String,
        /// Each with the line that would let it in.
        lines: Vec<String>,
        /// Rows of those that are not shown.
        hidden: u64,
    },
    /// A technique could not be applied to all values.
    #[error("source `{source_name}`: table not protected")]
    Protect {
        /// Name of the source.
        source_name: String,
        /// Which column and why, or a failure.
        source: protect::whole::Error,
    },
    /// A record would lack what the law asks for. Nothing was recorded.
    #[error("processing record is not whole")]
    Items {
        /// The items.
        source: Box<ledger::items::Lacking>,
    },
    /// A signed review or approval that does not count. Nothing was recorded.
    #[error("signed approval refused")]
    Approval {
        /// Why not.
        source: ledger::approvals::Refusal,
    },
    /// What the review is about was changed, and nobody approved it.
    #[error(
        "pipeline `{pipeline}` was changed in {} since its baseline and has no approval: digest {sha256}",
        changed.join(", ")
    )]
    Unapproved {
        /// Name of the pipeline.
        pipeline: String,
        /// Which of what a review is about: see [`ledger::items::constants::REVIEWED`].
        changed: Vec<&'static str>,
        /// Digest of the file as it is.
        sha256: String,
    },
    /// Personal data or additional information would be shown, and no record of it made.
    #[error("{}: not opened, for no record of it can be made from here", path.display())]
    Unrecorded {
        /// What would be shown.
        path: PathBuf,
        /// Why not, if there is a house.
        source: Option<Box<Error>>,
    },
    /// Resident numbers stand in columns that would be released.
    #[error(
        "source `{source_name}`: resident numbers in {}",
        columns.iter().map(|(column, rows)| format!("column `{column}` ({rows} rows)")).collect::<Vec<_>>().join(", ")
    )]
    Resident {
        /// Name of the source.
        source_name: String,
        /// Columns, and in how many rows of each.
        columns: Vec<(String, u64)>,
    },
    /// Arguments that do not go together.
    #[error("{0}")]
    Usage(Usage),
    /// The configuration is not usable. No input was read.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The pipeline names fields that the input does not have.
    #[error("{}: fields of the pipeline not found", path.display())]
    Fields {
        /// The input file.
        path: PathBuf,
        /// Which.
        source: parse::Error,
    },
    /// The processing record of a run would not be one: it is too long, or
    /// holds what no record may. The ledger is untouched.
    #[error("processing record cannot be written")]
    Record {
        /// What is wrong with it.
        source: ledger::record::Malformed,
    },
    /// A record that was to be entered lacks something. Nothing was recorded.
    #[error("record `{}`: {} {}", kind.as_str(), problems.len(), if problems.len() == 1 { "fault" } else { "faults" })]
    Entered {
        /// What was to be entered.
        kind: ledger::record::Kind,
        /// In the order of their places.
        problems: Vec<config::problem::Problem>,
    },
    /// Input cannot be read.
    #[error("input not readable")]
    Input(#[from] source::Error),
    /// More lines were rejected than the pipeline allows.
    #[error(
        "source `{source_name}`: {rejected} of {lines} lines rejected, limit is {}; most often {reason}, first {}:{line}",
        assess::settings::percent(*limit_ppm),
        path.display()
    )]
    Rejects {
        /// Name of the source.
        source_name: String,
        /// Lines rejected.
        rejected: u64,
        /// Lines read.
        lines: u64,
        /// `max_rejects` in parts per million.
        limit_ppm: u64,
        /// The reason that was counted most often.
        reason: String,
        /// File of the first line that was rejected for it.
        path: PathBuf,
        /// Its number, from 1.
        line: u64,
    },
    /// A date has fewer rows than what was published for it.
    #[error(
        "source `{source_name}`: {found} rows read, {published} are in what was published for this date"
    )]
    FewerRows {
        /// Name of the source.
        source_name: String,
        /// Rows read now, before any is suppressed.
        found: u64,
        /// Rows of the run that was published.
        published: u64,
    },
    /// Sources of sessions tell of more than is kept.
    #[error("source `{source_name}`: sessions not read")]
    Lookup {
        /// Name of the source.
        source_name: String,
        /// What there is too much of.
        source: lookup::TooMany,
    },
    /// A table asks whom its lines are about, and the records that tell are not
    /// there.
    #[error("source `{source_name}`: no file of sessions for this date")]
    NoSessions {
        /// Name of the source.
        source_name: String,
    },
    /// An input file twice: under two names, or beside its compressed copy.
    #[error(
        "source `{source_name}`: {} is a copy of {}, every row would be there twice",
        second.display(),
        first.display()
    )]
    SameInput {
        /// Name of the source.
        source_name: String,
        /// The file that was read first.
        first: PathBuf,
        /// The other one.
        second: PathBuf,
    },
    /// Keys or vault.
    #[error("keys or vault not usable")]
    Vault(#[from] vault::Error),
    /// The address of a database is none that raw data is asked of.
    #[error("{}: address of the database not used", path.display())]
    Address {
        /// The file in the keys.
        path: PathBuf,
        /// Why.
        source: source::Unfit,
    },
    /// The secret of an epoch is recorded and not there.
    #[error(
        "secret of epoch `{epoch}` of pipeline `{pipeline}` was made once and is not there now"
    )]
    SecretLost {
        /// Name of the pipeline.
        pipeline: String,
        /// The epoch.
        epoch: String,
    },
    /// The ledger does not hold together, or could not be written.
    #[error("{}: {}", path.display(), source.told())]
    Ledger {
        /// The ledger's directory.
        path: PathBuf,
        /// The check that failed.
        source: Box<ledger::fault::Fault>,
    },
    /// The ledger was checked and records are not intact. What is wrong stands
    /// in the report.
    #[error("{}: records are not intact", path.display())]
    LedgerBroken {
        /// The ledger's directory.
        path: PathBuf,
    },
    /// A witness or a voucher of a ledger.
    #[error(transparent)]
    Outside(#[from] Outside),
    /// The ledger is of another controller.
    #[error("{}: ledger of controller `{found}`, this house is of `{expected}`", path.display())]
    OtherLedger {
        /// The ledger's directory.
        path: PathBuf,
        /// Whom its first record names.
        found: String,
        /// The institution file's controller.
        expected: String,
    },
    /// A table could not be written.
    #[error("table not written")]
    Release(#[source] release::table::Fault),
    /// What a run committed is not there to be published.
    #[error("{}: committed by run `{run}` and not there any more", path.display())]
    OutputLost {
        /// Where it should be.
        path: PathBuf,
        /// The run.
        run: String,
    },
    /// A file could not be written, moved or looked at.
    #[error(transparent)]
    File(#[from] fs::Failure),
    /// A report could not be written.
    #[error("output not written")]
    Output(#[source] io::Error),
    /// Another run works on this house.
    #[error("{}: another run holds the lock", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// A run or a record was interrupted, and nothing may be changed to end it.
    #[error("{}: something was interrupted and is open still: the check is not recorded", path.display())]
    Unfinished {
        /// The ledger's directory.
        path: PathBuf,
    },
}

const REVIEW: &str = "have the change reviewed, then run with `--accept-change REASON`";
const APPROVE: &str = "have the change reviewed, then enter `plan.approved` for this digest and management number with `gamyeong ledger enter`: signed (`gamyeong approve sign`) if a reviewer or the privacy officer has a key granted for that number";
const SAY_IT: &str = "say it in `institution.toml` or the pipeline file: a processing without it may not be (article 28-4)";
const RECORD_TO: &str = "name the house with `--house DIR`, or open with `--record-to FILE.toml` and have that entered in the house: `gamyeong ledger enter access --file FILE.toml`";
const NEXT_RUN: &str =
    "the next `gamyeong run` ends it, and says so in the ledger: check again then";
const FILL_IN: &str = "`gamyeong ledger enter KIND --example` prints a file with all items";

impl Error {
    /// The number of the exit code: one per person who has to act.
    #[must_use]
    pub fn number(&self) -> u8 {
        match self {
            Error::Assess {
                source: assess::Error::Shortfall(_) | assess::Error::Leak(_), ..
            }
            | Error::Resident { .. }
            | Error::Protect { source: protect::whole::Error::Misfit { .. }, .. }
            | Error::Drift { .. }
            | Error::Unapproved { .. }
            | Error::Approval { .. }
            | Error::Items { .. }
            | Error::OtherHouse { .. }
            | Error::Unknown { .. }
            | Error::Unrecorded { .. }
            | Error::NotVerified { .. } => 1,
            Error::Outside(outside) => outside.number(),
            Error::Usage(_) => 2,
            Error::Config(_)
            | Error::Fields { .. }
            | Error::Record { .. }
            | Error::Entered { .. } => 3,
            Error::Input(_)
            | Error::Rejects { .. }
            | Error::FewerRows { .. }
            | Error::Lookup { .. }
            | Error::NoSessions { .. }
            | Error::SameInput { .. } => 4,
            // Of what was opened, and not of what opened it.
            Error::Vault(vault::Error::Output { .. })
            | Error::Assess { .. }
            | Error::Protect { .. }
            | Error::Release(_)
            | Error::OutputLost { .. }
            | Error::File(_)
            | Error::Output(_) => 7,
            Error::Ledger { source, .. } if source.is_of_disk() => 7,
            Error::Vault(_) | Error::Address { .. } | Error::SecretLost { .. } => 5,
            Error::Ledger { .. } | Error::LedgerBroken { .. } | Error::OtherLedger { .. } => 6,
            // EX_TEMPFAIL of sysexits.h: try again later.
            Error::Busy { .. } | Error::Unfinished { .. } => 75,
        }
    }

    /// The exit code.
    #[must_use]
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.number())
    }

    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Record { .. } => {
                Some("make it shorter: fewer columns in one pipeline, or shorter texts")
            }
            Error::Entered { .. } => Some(FILL_IN),
            Error::Assess { source, .. } => source.hint(),
            Error::Unrecorded { .. } => Some(RECORD_TO),
            Error::Resident { .. } => Some(
                "no statute, no processing (article 24-2): drop the column, and have its system stop collecting them",
            ),
            Error::Drift { .. } => Some(REVIEW),
            Error::Unapproved { .. } => Some(APPROVE),
            Error::Items { .. } => Some(SAY_IT),
            Error::OtherHouse { .. } => Some(
                "data of two controllers are joined by a designated agency only (article 28-3)",
            ),
            Error::Rejects { .. } => Some("check `format` of the source against that line"),
            Error::SameInput { .. } => Some("take one of them away, or make `path` narrower"),
            Error::Fields { source: parse::Error::Missing { .. }, .. } => Some(
                "check `encoding` and `delimiter` of a table, or `sheet` and `header_row`, and that it begins with its header",
            ),
            Error::FewerRows { .. } => Some(
                "bring the input back; if it is right as it is, run with `--accept-change REASON`",
            ),
            Error::Unknown { .. } => Some(
                "let in what the purpose needs; what it does not need is named by `\"NAME\" = \"drop\"`, a parameter by `\"FIELD?NAME\" = \"drop\"`",
            ),
            Error::NoSessions { .. } => Some(
                "bring the records: without them accounts would become addresses; if there were none, put an empty file there",
            ),
            Error::Lookup { .. } => {
                Some("make `path` of the sessions narrower, or `days_before` less")
            }
            Error::SecretLost { .. } => Some(
                "restore the key file from the custodian's copy: a new secret would split the epoch",
            ),
            Error::Input(error) => error.hint(),
            Error::Address { source, .. } => Some(source.hint()),
            Error::Vault(error) => error.hint(),
            Error::Ledger { source, .. } => Some(source.hint()),
            Error::LedgerBroken { .. } => Some(ledger::fault::NEVER_REPAIRED),
            Error::Unfinished { .. } => Some(NEXT_RUN),
            Error::Usage(usage) => usage.hint(),
            Error::Outside(outside) => outside.hint(),
            Error::OutputLost { .. } => Some("restore the file from a backup, then run again"),
            Error::Config(config::Error::NoHouse { .. }) => {
                Some("`gamyeong init DIR` makes a house; `--house DIR` names one")
            }
            Error::Config(_)
            | Error::Approval { .. }
            | Error::Protect { .. }
            | Error::NotVerified { .. }
            | Error::Fields { .. }
            | Error::OtherLedger { .. }
            | Error::Release(_)
            | Error::File(_)
            | Error::Output(_)
            | Error::Busy { .. } => None,
        }
    }

    /// True if the reader of our output went away, which is no failure.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        let (Error::Output(cause) | Error::Vault(vault::Error::Output { source: cause, .. })) =
            self
        else {
            return false;
        };
        cause.kind() == io::ErrorKind::BrokenPipe
    }
}
