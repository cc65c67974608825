//! A plan and the records in; what was changed since its baseline, whether somebody
//! approved it, and whether a night repeats an earlier one, out.
//!
//! ```text
//! first night ─► baseline ─► repeated … ─► changed in one of five ─► blocked
//!                   ▲                                                   │
//!                   └───────────── config.change ◄── plan.approved ◄────┘
//! ```
//!
//! A change of anything else needs a reason and leaves the baseline where it is.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), on repeated use (반복·유사 활용).
//!
//! Not here: what was changed (`plan::facts`), who may approve.

use serde_json::{Value, json};

use super::opened::Opened;
use super::plan::Need;
use super::{Night, history, plan};
use crate::config::plan::Plan;
use crate::error::Error;
use crate::ledger::approvals::{Approvals, Standing};
use crate::ledger::items::constants::{CONDITIONAL, FIT, REPEATED};
use crate::ledger::record::{Kind, Record};

/// A pipeline that is not the one that was recorded last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// Digest that was recorded last.
    was: String,
    /// Digest as it is.
    is: String,
    /// Which of what a review is about were changed.
    changed: Vec<&'static str>,
    /// The record that approves it.
    approval: Option<u64>,
}

/// What a night is among those of its pipeline, as its record has it.
pub(super) struct Turn {
    /// 신규, 변경 or 반복·유사 활용.
    pub(super) word: &'static str,
    /// The night that this one repeats.
    pub(super) baseline: Option<u64>,
    /// The record that approves the plan.
    pub(super) approval: Option<u64>,
}

impl Change {
    /// What was changed since the last record of the pipeline, if anything.
    pub(super) fn of(records: &[Record], plan: &Plan, digest: &str) -> Option<Self> {
        let was = history::drift(records, plan.name(), digest)?.to_owned();
        let changed = plan::changed(records, plan);
        let approval = approval(records, plan, digest);
        Some(Self { was, is: digest.to_owned(), changed, approval })
    }

    /// True if a review is about it and nobody approved it.
    pub(super) fn is_unapproved(&self) -> bool {
        !self.changed.is_empty() && self.approval.is_none()
    }

    /// What a night would want before it does this.
    pub(super) fn need(self) -> Option<Need> {
        if self.is_unapproved() {
            Some(Need::Unapproved { sha256: self.is, changed: self.changed })
        } else {
            self.approval.is_none().then_some(Need::Changed)
        }
    }

    /// Why a night cannot run, whatever its reason if a review is about the change.
    ///
    /// # Errors
    ///
    /// [`Error::Unapproved`] without an approval that is needed; [`Error::Drift`] without
    /// an approval or a reason.
    pub(super) fn check(&self, plan: &Plan, reason: Option<&str>) -> Result<(), Error> {
        if self.is_unapproved() {
            return Err(Error::Unapproved {
                pipeline: plan.name().to_owned(),
                changed: self.changed.clone(),
                sha256: self.is.clone(),
            });
        }
        if reason.is_some() || self.approval.is_some() {
            return Ok(());
        }
        let start = |digest: &str| digest.chars().take(12).collect();
        Err(Error::Drift {
            pipeline: plan.name().to_owned(),
            found: start(&self.is),
            expected: start(&self.was),
        })
    }

    /// `config.change`.
    fn body(&self, plan: &Plan, records: &[Record], reason: Option<&str>) -> Value {
        let approved = self.approval.and_then(|seq| records.iter().find(|of| of.seq == seq));
        let reason = reason.or_else(|| history::text(approved?, "reason"));
        let number = plan.file.management_no.as_str();
        // Whoever looks for the old number on paper is led to the new one.
        let was = history::management_no(records, plan.name()).filter(|was| *was != number);
        json!({
            "pipeline": plan.name(),
            "pipeline_sha256": self.is,
            "was_sha256": self.was,
            "management_no": number,
            "was_management_no": was,
            "changed": self.changed,
            "approval": self.approval,
            "reason": reason,
        })
    }
}

impl Turn {
    /// What the next night of a pipeline is. A change is on record by then.
    pub(super) fn of(records: &[Record], plan: &Plan, digest: &str) -> Self {
        let is_of = |record: &&Record, kind| {
            record.kind() == Some(kind) && history::text(record, "pipeline") == Some(plan.name())
        };
        let is_reviewed = |record: &&Record| {
            let changed = record.body.get("changed").and_then(Value::as_array);
            is_of(record, Kind::ConfigChange) && changed.is_some_and(|list| !list.is_empty())
        };
        let change = records.iter().rfind(is_reviewed);
        let since = change.map_or(0, |record| record.seq);
        let is_since = |record: &&Record| record.seq >= since && is_of(record, Kind::RunCommit);
        let baseline = records.iter().find(is_since).map(|record| record.seq);
        let earlier = change.and_then(|record| record.body.get("approval")?.as_u64());
        let word = match (baseline, change) {
            (Some(_), _) => REPEATED,
            (None, Some(_)) => "변경",
            (None, None) => "신규",
        };
        Self { word, baseline, approval: approval(records, plan, digest).or(earlier) }
    }
}

/// The record that approves a pipeline of this digest: the newest about it that counts, unless
/// a later one says no.
///
/// It counts for the management number that it names alone: rights are given by number. Where
/// somebody had a key to sign it with, a record without a signature is anybody's.
fn approval(records: &[Record], plan: &Plan, digest: &str) -> Option<u64> {
    let number = plan.file.management_no.as_str();
    let is_about = |record: &Record| {
        let says = |key, what| history::text(record, key) == Some(what);
        record.kind() == Some(Kind::PlanApproved)
            && says("pipeline", plan.name())
            && says("pipeline_sha256", digest)
            && says("management_no", number)
    };
    let last = records.iter().rposition(is_about)?;
    let mut seen = Approvals::default();
    let mut approval = None;
    for record in records.iter().take(last + 1) {
        let standing = seen.see(record);
        if !is_about(record) {
            continue;
        }
        if !matches!(history::text(record, "result"), Some(FIT | CONDITIONAL)) {
            approval = None;
        } else if match standing {
            Some(Ok(Standing::Signed(_))) => true,
            Some(Ok(Standing::Unsigned)) => !seen.has_signer(Kind::PlanApproved, number),
            Some(Err(_)) | None => false,
        } {
            approval = Some(record.seq);
        }
    }
    approval
}

impl Opened {
    /// A pipeline that differs from its last record needs an approval or a reason.
    ///
    /// # Errors
    ///
    /// As [`Change::check`]. Nothing is recorded then.
    pub(super) fn accept(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        digest: &str,
    ) -> Result<(), Error> {
        let records = self.ledger.records();
        let Some(change) = Change::of(records, plan, digest) else { return Ok(()) };
        let reason = night.accept_change.as_deref();
        change.check(plan, reason)?;
        let body = change.body(plan, records, reason);
        self.append(night, Kind::ConfigChange, None, &body)
    }
}
