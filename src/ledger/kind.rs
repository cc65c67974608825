//! The name of a kind of record in; the kind out, and back.

use std::str::FromStr;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The ledger was created.
    LedgerInit,
    /// A key was created.
    KeyCreate,
    /// A run starts.
    RunBegin,
    /// A run has read a source.
    RunInput,
    /// A run has written its outputs under a temporary name.
    RunCommit,
    /// The outputs of a run have their name.
    RunPublished,
    /// A run was refused; there are no outputs.
    RunRefused,
    /// What a run had written was removed.
    RunUndone,
    /// The settings of the institution changed.
    ConfigChange,
    /// The ledger was opened after a crash.
    Recovery,
    /// Nothing happened that night.
    Heartbeat,
    /// A night was stopped before its run began.
    NightBlocked,
    /// A key makes no new pseudonyms any more.
    KeyRetired,
    /// A key was destroyed.
    KeyDestroyed,
    /// A file of records is full, and was checked as a whole.
    SegmentSealed,
    /// The risk of a processing was reviewed (위험성 검토).
    RiskReview,
    /// What was made was reviewed (적정성 검토).
    AdequacyReview,
    /// A plan was approved (계획 승인).
    PlanApproved,
    /// Pseudonymised information was given to somebody (제공).
    Provision,
    /// Files for a combination agency were made (결합 파일).
    CombinationFiles,
    /// Additional information was destroyed (추가정보 파기).
    AdditionalDestroyed,
    /// Pseudonymised information was destroyed (가명정보 파기).
    DataDestroyed,
    /// Destruction was asked for (파기 요청).
    RetentionRequested,
    /// Destruction was approved (파기 승인).
    RetentionApproved,
    /// Destruction was carried out and looked at (파기 확인).
    RetentionDone,
    /// Information leaked, or a person became recognisable (유출등).
    Incident,
    /// Somebody was given rights (접근권한 부여).
    RightsGranted,
    /// Somebody's rights were changed (접근권한 변경).
    RightsChanged,
    /// Somebody's rights were taken away (접근권한 말소).
    RightsRevoked,
    /// Somebody opened information (접속기록).
    Access,
    /// The ledger was verified.
    VerifyDone,
    /// A time stamp or a witness vouches for a checkpoint.
    Anchor,
}

/// Every kind, in the order of the declaration.
pub const KINDS: [Kind; 32] = [
    Kind::LedgerInit,
    Kind::KeyCreate,
    Kind::RunBegin,
    Kind::RunInput,
    Kind::RunCommit,
    Kind::RunPublished,
    Kind::RunRefused,
    Kind::RunUndone,
    Kind::ConfigChange,
    Kind::Recovery,
    Kind::Heartbeat,
    Kind::NightBlocked,
    Kind::KeyRetired,
    Kind::KeyDestroyed,
    Kind::SegmentSealed,
    Kind::RiskReview,
    Kind::AdequacyReview,
    Kind::PlanApproved,
    Kind::Provision,
    Kind::CombinationFiles,
    Kind::AdditionalDestroyed,
    Kind::DataDestroyed,
    Kind::RetentionRequested,
    Kind::RetentionApproved,
    Kind::RetentionDone,
    Kind::Incident,
    Kind::RightsGranted,
    Kind::RightsChanged,
    Kind::RightsRevoked,
    Kind::Access,
    Kind::VerifyDone,
    Kind::Anchor,
];

impl Kind {
    /// The name in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::LedgerInit => "ledger.init",
            Kind::KeyCreate => "key.create",
            Kind::RunBegin => "run.begin",
            Kind::RunInput => "run.input",
            Kind::RunCommit => "run.commit",
            Kind::RunPublished => "run.published",
            Kind::RunRefused => "run.refused",
            Kind::RunUndone => "run.undone",
            Kind::ConfigChange => "config.change",
            Kind::Recovery => "recovery",
            Kind::Heartbeat => "heartbeat",
            Kind::NightBlocked => "night.blocked",
            Kind::KeyRetired => "key.retired",
            Kind::KeyDestroyed => "key.destroyed",
            Kind::SegmentSealed => "segment.sealed",
            Kind::RiskReview => "risk.review",
            Kind::AdequacyReview => "adequacy.review",
            Kind::PlanApproved => "plan.approved",
            Kind::Provision => "provision",
            Kind::CombinationFiles => "combination.files",
            Kind::AdditionalDestroyed => "additional.destroyed",
            Kind::DataDestroyed => "data.destroyed",
            Kind::RetentionRequested => "retention.requested",
            Kind::RetentionApproved => "retention.approved",
            Kind::RetentionDone => "retention.done",
            Kind::Incident => "incident",
            Kind::RightsGranted => "rights.granted",
            Kind::RightsChanged => "rights.changed",
            Kind::RightsRevoked => "rights.revoked",
            Kind::Access => "access",
            Kind::VerifyDone => "verify.done",
            Kind::Anchor => "anchor",
        }
    }

    /// True if it is about a run, and names it.
    #[must_use]
    pub fn is_of_run(self) -> bool {
        self.as_str().starts_with("run.")
    }
}

/// A name that stands for no [`Kind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`type`: not one that this version knows")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        KINDS.into_iter().find(|kind| kind.as_str() == name).ok_or(UnknownKind)
    }
}
