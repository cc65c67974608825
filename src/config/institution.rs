//! `institution.toml`: who is responsible, what was published, where things lie.

use std::path::PathBuf;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The institution file of a house.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Who decides and is liable (개인정보처리자).
    pub controller: Controller,
    /// The privacy officer in charge (개인정보 보호책임자): a post, no name.
    pub cpo: Officer,
    /// Who does the pseudonymising (담당자) and stands so in every record.
    pub operator: Officer,
    /// Who answers for it (책임자), such as the head of the department.
    pub supervisor: Officer,
    /// Who approves destruction (파기 승인자), of this or of a parent body.
    pub destruction_approver: Officer,
    /// Companies that work on the controller's behalf (수탁자).
    #[serde(default)]
    pub processor: Vec<Processor>,
    /// Published privacy policies (개인정보 처리방침), in any order.
    pub policy: Vec<Policy>,
    /// Items that are collected and how long they are kept.
    pub item: Vec<Item>,
    /// Time zone of the institution, such as `Asia/Seoul`: days begin here.
    pub zone: String,
    /// Where the stores lie, relative to this file unless absolute.
    #[serde(default)]
    pub stores: Stores,
}

/// A personal information controller (개인정보처리자).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// Short name that keys, records and pseudonyms are bound to: lower-case
    /// letters, digits and hyphens. Never changed and never shared.
    pub id: String,
    /// Official name, as in the policy.
    pub name: String,
    /// The body it belongs to, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A post that answers for something. No personal names: records outlive them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Body the post belongs to, if not the controller itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Post, such as `행정기획조정실장`.
    pub post: String,
}

/// A processor (수탁자).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Processor {
    /// Name of the company.
    pub name: String,
    /// What it does (위탁 업무).
    pub work: String,
    /// Number of the contract, if known (위탁 계약 번호).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
}

/// A published version of the privacy policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// First day on which it was in force.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Date,
    /// Purposes for which it allows pseudonymised information.
    pub purposes: Vec<PurposeCategory>,
}

/// The three purposes of article 28-2.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum PurposeCategory {
    /// Statistics.
    #[serde(rename = "통계작성")]
    Statistics,
    /// Scientific research.
    #[serde(rename = "과학적 연구")]
    Research,
    /// Archiving in the public interest.
    #[serde(rename = "공익적 기록보존")]
    Archiving,
}

/// An item of personal information that is collected (수집 항목).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Name as in the policy, such as `서비스 이용기록`.
    pub name: String,
    /// Purpose for which it was collected (당초 수집 목적).
    pub collected_for: String,
    /// How long the original is kept (보유 기간), such as `1년`. A source whose
    /// item has none is refused.
    pub retention: Option<String>,
    /// Where that period is laid down (보유 근거).
    pub basis: Option<String>,
}

/// Where the stores lie.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stores {
    /// Secrets: additional information.
    pub keys: PathBuf,
    /// Mapping, rejects, suppressed rows: sealed additional information.
    pub vault: PathBuf,
    /// Pseudonymised information.
    pub store: PathBuf,
    /// Packages handed over.
    pub releases: PathBuf,
    /// Processing records.
    pub ledger: PathBuf,
}

impl Default for Stores {
    fn default() -> Self {
        Self {
            keys: "keys".into(),
            vault: "vault".into(),
            store: "store".into(),
            releases: "releases".into(),
            ledger: "ledger".into(),
        }
    }
}

impl PurposeCategory {
    /// All three, in the order of the law.
    pub const ALL: [Self; 3] = [Self::Statistics, Self::Research, Self::Archiving];

    /// The Korean term, as records have it.
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Self::Statistics => "통계작성",
            Self::Research => "과학적 연구",
            Self::Archiving => "공익적 기록보존",
        }
    }
}

impl Institution {
    /// The policy in force on a day: the newest that had come into force.
    #[must_use]
    pub fn policy_on(&self, day: Date) -> Option<&Policy> {
        self.policy.iter().filter(|policy| policy.from <= day).max_by_key(|policy| policy.from)
    }

    /// The collected item of a name.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<&Item> {
        self.item.iter().find(|item| item.name == name)
    }
}
