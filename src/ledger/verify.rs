//! The directory of a ledger in; a report on all of it out.
//!
//! Every stored byte is hashed anew and nothing is taken over from the
//! program that wrote it. No private key is needed, nothing is changed, and
//! one fault does not hide the next: the whole ledger is looked at.
//!
//! Costs two signature checks for each record of the last file; of sealed ones, whose
//! signatures were checked when they were sealed, one digest of all.
//!
//! Not here: what the answers are called (`report`), what records of runs
//! must say about each other (`laws`).

use std::path::Path;

use super::cosignature::WitnessKey;
use super::files::{Layout, SEGMENT_BYTES};
use super::laws::{self, Runs, Step, Violation};
use super::note::{Algorithm, VerifierKey};
use super::openssl::Authority;
use super::record::{self, Record};
use super::report::{Check, Checked, Finding, Lint, MAX_FINDINGS, Outcome, Reason, Report};
use super::seal::Seal;
use super::store;
use super::tree::{Hash, Tree};
use crate::fs::Failure;

mod approvals;
mod checkpoints;
mod earlier;
mod files;
mod records;
mod seals;
mod vouchers;

pub use earlier::Earlier;
use files::{content, listed, read_if_there};

/// Bytes of the longest file of a ledger that is read: no room is to be lost to what somebody
/// put there.
pub const MOST_BYTES: u64 = 4 * SEGMENT_BYTES;

/// Checks a ledger by itself.
///
/// `trusted` are public keys that came from somewhere else than the ledger.
/// Without them the keys in the ledger are used, and the report says so.
///
/// # Errors
///
/// If a file is there and cannot be read. One that is missing is a finding.
pub fn verify(dir: &Path, trusted: Option<&[VerifierKey]>) -> Result<Report, Failure> {
    against(dir, trusted, &[])
}

/// Checks a ledger by itself, and that it continues `earlier` checkpoints:
/// notes that were handed out with packages, or that a witness holds. Only
/// they can show that a ledger was cut or rewritten by whoever holds its
/// private keys.
///
/// # Errors
///
/// As [`verify`].
pub fn against(
    dir: &Path,
    trusted: Option<&[VerifierKey]>,
    earlier: &[&[u8]],
) -> Result<Report, Failure> {
    let named = earlier
        .iter()
        .enumerate()
        .map(|(index, bytes)| Earlier::file(&format!("earlier checkpoint {}", index + 1), bytes));
    let earlier: Vec<Earlier> = named.collect();
    with(dir, &Brought { trusted, earlier: &earlier, ..Brought::default() })
}

/// What a reader brings, all of it from somewhere else than the ledger.
#[derive(Debug, Clone, Copy, Default)]
pub struct Brought<'a> {
    /// Public keys of the ledger.
    pub trusted: Option<&'a [VerifierKey]>,
    /// What was kept of it from an earlier day.
    pub earlier: &'a [Earlier],
    /// Public keys of witnesses.
    pub witnesses: Option<&'a [WitnessKey]>,
    /// The certificates of a time stamping authority.
    pub authority: Option<&'a Authority>,
}

/// As [`against`], with all that a reader can bring.
///
/// # Errors
///
/// As [`verify`].
pub fn with(dir: &Path, brought: &Brought<'_>) -> Result<Report, Failure> {
    let layout = Layout::new(dir);
    let (segments, foreign) = listed(&layout.records(), || layout.segment_paths())?;
    let mut audit = Audit::new(layout);
    audit.files(&segments, foreign.as_deref())?;
    let keys = audit.keys(brought.trusted)?;
    audit.names = keys.iter().map(|key| key.name().to_owned()).collect();
    audit.records(&segments)?;
    let steps = std::mem::take(&mut audit.steps);
    let (runs, looked) = rayon::join(
        move || laws::check(&steps),
        || {
            audit.aside();
            audit.approvals();
            audit.seals()?;
            audit.checkpoints(&keys)?;
            audit.continuity(&keys, brought);
            audit.anchors(&keys, brought)
        },
    );
    looked?;
    audit.runs(runs);
    Ok(audit.report())
}

/// Where a record is stored.
#[derive(Debug, Clone, Copy)]
struct Place {
    segment: usize,
    offset: u64,
}

/// When a record says that it was written: an instant of one spelling, which has one length
/// and sorts as the instants do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Time([u8; record::TIME_BYTES]);

/// A record that could be read: what later checks ask for.
#[derive(Debug)]
struct Known {
    /// Its leaf index: what it says itself may be wrong.
    seq: u64,
    time: Time,
    is_seal: bool,
    /// What it tells of the file before, if it is a seal.
    seal: Option<Box<Seal>>,
}

/// What one file of records has.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// Leaf index of its first record.
    first: u64,
    records: u64,
    bytes: u64,
    sha256: Hash,
}

impl Time {
    /// Of a record's field, which has this length.
    fn of(text: &str) -> Self {
        Self(text.as_bytes().try_into().unwrap_or_default())
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Year and month, in UTC.
    fn month(&self) -> &str {
        store::month(self.as_str())
    }
}

/// What has been found so far.
struct Audit {
    layout: Layout,
    tree: Tree,
    /// Of each leaf.
    places: Vec<Place>,
    /// All records but those that could not be read.
    known: Vec<Known>,
    /// Those that approvals and vouchers are about, and the first one.
    whole: Vec<(u64, Record)>,
    /// What they say about runs.
    steps: Vec<(u64, Step)>,
    /// The largest size of a checkpoint that has the root of the stored records: up to there
    /// they are those that were signed for.
    agreed: u64,
    /// The smallest size above that of one that has another root.
    departed: Option<u64>,
    /// Of each file of records.
    spans: Vec<Span>,
    /// Of the keys that are checked with.
    names: Vec<String>,
    origin: Option<String>,
    checks: Vec<Checked>,
    lints: Vec<Lint>,
}

impl Audit {
    fn new(layout: Layout) -> Self {
        Self {
            layout,
            tree: Tree::default(),
            places: Vec::new(),
            known: Vec::new(),
            whole: Vec::new(),
            steps: Vec::new(),
            agreed: 0,
            departed: None,
            spans: Vec::new(),
            names: Vec::new(),
            origin: None,
            checks: Vec::new(),
            lints: Vec::new(),
        }
    }

    /// The check, which is begun if it has not been.
    fn check(&mut self, check: Check) -> &mut Checked {
        let index = self.checks.iter().position(|checked| checked.check == check);
        let index = index.unwrap_or_else(|| {
            self.checks.push(Checked { check, examined: 0, outcome: Outcome::Pass });
            self.checks.len() - 1
        });
        &mut self.checks[index]
    }

    fn examined(&mut self, check: Check, number: u64) {
        self.check(check).examined += number;
    }

    fn fail(&mut self, check: Check, finding: Finding) {
        let outcome = &mut self.check(check).outcome;
        match outcome {
            Outcome::Fail { findings, omitted } if findings.len() >= MAX_FINDINGS => *omitted += 1,
            Outcome::Fail { findings, .. } => findings.push(finding),
            Outcome::Pass | Outcome::NotChecked(_) => {
                *outcome = Outcome::Fail { findings: vec![finding], omitted: 0 };
            }
        }
    }

    /// Puts a finding before all others of its check.
    fn fail_first(&mut self, check: Check, finding: Finding) {
        let before = std::mem::replace(&mut self.check(check).outcome, Outcome::Pass);
        self.fail(check, finding);
        if let Outcome::Fail { findings, omitted } = before {
            for finding in findings {
                self.fail(check, finding);
            }
            if let Outcome::Fail { omitted: more, .. } = &mut self.check(check).outcome {
                *more += omitted;
            }
        }
    }

    /// A finding about a file as a whole.
    fn fail_file(&mut self, check: Check, path: &Path, expected: &str, found: &str) {
        let finding = Finding {
            seq: None,
            file: self.layout.name(path),
            offset: None,
            expected: expected.to_owned(),
            found: found.to_owned(),
        };
        self.fail(check, finding);
    }

    /// A finding about a record as a whole.
    fn fail_record(&mut self, check: Check, seq: u64, expected: &str, found: &str) {
        let finding = self.of_record(seq, expected, found);
        self.fail(check, finding);
    }

    fn of_record(&self, seq: u64, expected: &str, found: &str) -> Finding {
        let place = usize::try_from(seq).ok().and_then(|seq| self.places.get(seq));
        let file = place.map(|place| self.layout.name(&self.layout.segment(place.segment)));
        Finding {
            seq: Some(seq),
            file: file.unwrap_or_default(),
            offset: place.map(|place| place.offset),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    /// The keys to check with: those that are trusted, else the ledger's own.
    fn keys(&mut self, trusted: Option<&[VerifierKey]>) -> Result<Vec<VerifierKey>, Failure> {
        let path = self.layout.keys();
        let text = read_if_there(&path)?.unwrap_or_default();
        let stored: Option<Vec<VerifierKey>> = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.lines().map(|line| line.parse().ok()).collect());
        let stored = stored.filter(|keys| store::keys_text(keys).as_bytes() == text);
        let stored = stored.unwrap_or_default();
        self.examined(Check::Keys, stored.len() as u64);
        let has = |algorithm| stored.iter().any(|key| key.algorithm() == algorithm);
        if !has(Algorithm::Ed25519) || !has(Algorithm::EcdsaP256) {
            let expected = "an Ed25519 and an ECDSA P-256 key, one per line";
            self.fail_file(Check::Keys, &path, expected, "something else");
        }
        // Of two names no checkpoint could bear both: the file that is wrong is this one.
        if stored.iter().any(|key| key.name() != stored[0].name()) {
            self.fail_file(Check::Keys, &path, "keys of one name", "keys of several");
        }
        let Some(trusted) = trusted else {
            self.check(Check::Trust).outcome = Outcome::NotChecked(Reason::KeysFromLedger);
            return Ok(stored);
        };
        self.examined(Check::Trust, trusted.len() as u64);
        for key in stored.iter().filter(|key| !trusted.contains(key)) {
            let found = format!("{} with id {}", key.algorithm(), key.id());
            self.fail_file(Check::Keys, &path, "only keys that are trusted", &found);
        }
        Ok(trusted.to_vec())
    }

    fn runs(&mut self, runs: Runs) {
        self.examined(Check::Order, runs.runs);
        self.examined(Check::Conservation, runs.sources);
        self.violations(Check::Order, &runs.order);
        self.violations(Check::Conservation, &runs.conservation);
        self.lints.extend(runs.unfinished.into_iter().map(|run| Lint::UnfinishedRun { run }));
    }

    fn violations(&mut self, check: Check, violations: &[Violation]) {
        for violation in violations {
            let Violation { seq, breach } = violation;
            self.fail_record(check, *seq, &breach.expected(), &breach.found());
        }
    }

    fn report(mut self) -> Report {
        // A check that had nothing to look at is in the report all the same.
        for check in [
            Check::Records,
            Check::Chain,
            Check::Time,
            Check::Seals,
            Check::Items,
            Check::Approvals,
            Check::Checkpoints,
            Check::Signatures,
        ] {
            self.examined(check, 0);
        }
        if self.tree.size() == 0 {
            let path = self.layout.records();
            self.fail_file(Check::Records, &path, "one record at least", "none");
        }
        self.checks.sort_by_key(|checked| checked.check);
        Report {
            origin: self.origin,
            size: self.tree.size(),
            root: self.tree.root(),
            checks: self.checks,
            lints: self.lints,
        }
    }
}
