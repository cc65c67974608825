//! The findings of a check of a ledger in; one answer and its reasons out.
//!
//! Not here: the checks (`verify`, `laws`).

use serde_json::{Value, json};

use super::tree::Hash;

/// Findings kept per check. A ledger of which everything is wrong does not
/// need a million of them.
pub const MAX_FINDINGS: usize = 100;

/// What was checked, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The directory holds the files of a ledger, no more and no fewer.
    Files,
    /// The public keys can be read, and are those that the reader trusts.
    Keys,
    /// The public keys came from somewhere else than the ledger.
    Trust,
    /// Every record can be read and keeps the limits.
    Records,
    /// Every record has its place and names the one before it.
    Chain,
    /// No record is of a time before that of the one before it.
    Time,
    /// Every file of records but the last is full, and what the next one begins with tells
    /// its digest and that of its checkpoints.
    Seals,
    /// Every record has the items that the law asks of its kind.
    Items,
    /// What was signed of reviews and approvals is what their records say, by keys that had
    /// the right to.
    Approvals,
    /// Every size has a checkpoint, with the root of the stored records.
    Checkpoints,
    /// Every checkpoint has both signatures.
    Signatures,
    /// The head is the newest checkpoint and covers all records.
    Head,
    /// The checkpoints that the reader brought are continued.
    Continuity,
    /// What others vouched for is of this ledger, and where a record names it.
    Anchors,
    /// Records of runs stand in order.
    Order,
    /// Lines that came in are accounted for.
    Conservation,
}

/// The answer to one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was found.
    Pass,
    /// Something was.
    Fail {
        /// The first [`MAX_FINDINGS`], in the order of the ledger.
        findings: Vec<Finding>,
        /// How many more there were.
        omitted: u64,
    },
    /// The question could not be asked.
    NotChecked(Reason),
}

/// Why something could not be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The keys came from the ledger itself: whoever rewrote it could have
    /// replaced them.
    KeysFromLedger,
    /// No usable key was there to check with.
    NoKeys,
    /// The reader brought no earlier checkpoint: that records were cut off at
    /// the end together with their checkpoints would not show.
    NoEarlierCheckpoint,
    /// Nobody else has vouched for this ledger.
    NoVouchers,
    /// What others vouched for is of this ledger. That it was they who did was not checked with
    /// keys and certificates that the reader brought.
    VouchersFromLedger,
    /// The reader brought certificates of a time stamping authority, and `openssl`, which checks
    /// them, is not there or did not answer.
    NoOpenssl,
}

/// One thing that is wrong. Holds hashes, counts and names of files, never
/// the content of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Leaf index of the record.
    pub seq: Option<u64>,
    /// File, relative to the ledger.
    pub file: String,
    /// Byte in the file, from 0.
    pub offset: Option<u64>,
    /// What should be there.
    pub expected: String,
    /// What is.
    pub found: String,
}

/// Something to look at that is no evidence of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lint {
    /// The line could be written differently.
    NotCanonical {
        /// Leaf index.
        seq: u64,
    },
    /// The type is not known to this version.
    UnknownType {
        /// Leaf index.
        seq: u64,
    },
    /// A review or approval that nobody signed here: there is one on paper, or none.
    Unsigned {
        /// Leaf index.
        seq: u64,
    },
    /// The run neither ended nor was undone.
    UnfinishedRun {
        /// Its name.
        run: String,
    },
}

/// One check and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Which.
    pub check: Check,
    /// How many things were looked at: records, files, checkpoints.
    pub examined: u64,
    /// The answer.
    pub outcome: Outcome,
}

/// The answer to all checks together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything was checked and nothing found.
    Pass,
    /// Nothing was found, and something that matters was not checked.
    NotChecked,
    /// Something was found.
    Fail,
}

/// What a check of a ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which ledger, if its head could be read.
    pub origin: Option<String>,
    /// Whole lines stored.
    pub size: u64,
    /// Root over them, computed from the stored bytes.
    pub root: Hash,
    /// Every check, in order.
    pub checks: Vec<Checked>,
    /// What is odd and breaks nothing.
    pub lints: Vec<Lint>,
}

impl Report {
    /// The answer to all checks together: the worst of them.
    ///
    /// [`Reason::NoEarlierCheckpoint`] does not lower it. Whoever runs this
    /// nightly has none to bring, and the answer is about what is there; that
    /// nothing more was there is what [`Check::Continuity`] is about. So with
    /// [`Reason::NoVouchers`] and [`Reason::VouchersFromLedger`].
    #[must_use]
    pub fn status(&self) -> Status {
        let status = |checked: &Checked| match checked.outcome {
            Outcome::Pass
            | Outcome::NotChecked(
                Reason::NoEarlierCheckpoint | Reason::NoVouchers | Reason::VouchersFromLedger,
            ) => Status::Pass,
            Outcome::NotChecked(Reason::KeysFromLedger | Reason::NoKeys | Reason::NoOpenssl) => {
                Status::NotChecked
            }
            Outcome::Fail { .. } => Status::Fail,
        };
        self.checks.iter().map(status).max().unwrap_or(Status::NotChecked)
    }

    /// The answer to one check.
    #[must_use]
    pub fn outcome(&self, check: Check) -> Option<&Outcome> {
        self.checks.iter().find(|checked| checked.check == check).map(|checked| &checked.outcome)
    }

    /// The report for machines. Its keys do not change between versions.
    #[must_use]
    pub fn to_value(&self) -> Value {
        json!({
            "status": self.status().as_str(),
            "origin": self.origin,
            "size": self.size,
            "root": self.root.to_hex(),
            "checks": self.checks.iter().map(Checked::to_value).collect::<Vec<_>>(),
            "lints": self.lints.iter().map(Lint::to_value).collect::<Vec<_>>(),
        })
    }
}

impl Checked {
    fn to_value(&self) -> Value {
        let (findings, omitted) = match &self.outcome {
            Outcome::Fail { findings, omitted } => (findings.as_slice(), *omitted),
            Outcome::Pass | Outcome::NotChecked(_) => ([].as_slice(), 0),
        };
        let (outcome, reason) = match self.outcome {
            Outcome::Pass => (Status::Pass, None),
            Outcome::Fail { .. } => (Status::Fail, None),
            Outcome::NotChecked(reason) => (Status::NotChecked, Some(reason.as_str())),
        };
        json!({
            "check": self.check.as_str(),
            "outcome": outcome.as_str(),
            "examined": self.examined,
            "reason": reason,
            "findings": findings.iter().map(Finding::to_value).collect::<Vec<_>>(),
            "omitted": omitted,
        })
    }
}

impl Finding {
    fn to_value(&self) -> Value {
        json!({
            "seq": self.seq,
            "file": self.file,
            "offset": self.offset,
            "expected": self.expected,
            "found": self.found,
        })
    }
}

impl Lint {
    /// The name in reports.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Lint::NotCanonical { .. } => "not-canonical",
            Lint::UnknownType { .. } => "unknown-type",
            Lint::Unsigned { .. } => "unsigned",
            Lint::UnfinishedRun { .. } => "unfinished-run",
        }
    }

    fn to_value(&self) -> Value {
        let (seq, run) = match self {
            Lint::NotCanonical { seq } | Lint::UnknownType { seq } | Lint::Unsigned { seq } => {
                (Some(seq), None)
            }
            Lint::UnfinishedRun { run } => (None, Some(run)),
        };
        json!({ "lint": self.as_str(), "seq": seq, "run": run })
    }
}

impl Check {
    /// All of them, in the order of the report.
    pub const ALL: [Check; 16] = [
        Check::Files,
        Check::Keys,
        Check::Trust,
        Check::Records,
        Check::Chain,
        Check::Time,
        Check::Seals,
        Check::Items,
        Check::Approvals,
        Check::Checkpoints,
        Check::Signatures,
        Check::Head,
        Check::Continuity,
        Check::Anchors,
        Check::Order,
        Check::Conservation,
    ];

    /// The check of a name in reports; `None` if a later version of this program wrote it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.as_str() == name)
    }

    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Check::Files => "files",
            Check::Keys => "keys",
            Check::Trust => "trust",
            Check::Records => "records",
            Check::Chain => "chain",
            Check::Time => "time",
            Check::Seals => "seals",
            Check::Items => "items",
            Check::Approvals => "approvals",
            Check::Checkpoints => "checkpoints",
            Check::Signatures => "signatures",
            Check::Head => "head",
            Check::Continuity => "continuity",
            Check::Anchors => "anchors",
            Check::Order => "order",
            Check::Conservation => "conservation",
        }
    }
}

impl Reason {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::KeysFromLedger => "keys-from-ledger",
            Reason::NoKeys => "no-keys",
            Reason::NoEarlierCheckpoint => "no-earlier-checkpoint",
            Reason::NoVouchers => "no-vouchers",
            Reason::VouchersFromLedger => "vouchers-from-ledger",
            Reason::NoOpenssl => "no-openssl",
        }
    }
}

impl Status {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::NotChecked => "not-checked",
        }
    }
}
