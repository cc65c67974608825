//! `pipelines/*.toml`: one processing activity each.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use super::house::is_name;
use super::institution::PurposeCategory;
use crate::assess::settings::{Settings as Assess, Share};
use crate::lookup::settings::{Sessions, Subject};
use crate::parse::Encoding;
use crate::protect::settings::rows::{DropRows, Sample};
use crate::protect::settings::{Rules, Word};
use crate::vault::window::Window;

/// The name in a pipeline file, faulty as that may be; `None` if there is none.
///
/// ```
/// use gamyeong::config::pipeline_file::name_in;
///
/// assert_eq!(name_in(b"name = \"web-visits\"\npurpose = {").as_deref(), Some("web-visits"));
/// assert_eq!(name_in(b"# \xb0\xa1\nname = \"loans\"").as_deref(), Some("loans"));
/// assert_eq!(name_in(b"name = \"../keys\""), None);
/// assert_eq!(name_in(b"name = \"loans\"\nname = \"misuse\""), None);
/// assert_eq!(name_in(b"[[source]]\nname = \"loans\""), None);
/// ```
#[must_use]
pub fn name_in(bytes: &[u8]) -> Option<String> {
    // A comment in another encoding hides no name: that has plain letters alone.
    let text = String::from_utf8_lossy(bytes);
    // What stands in a table is the name of something else, and of two neither is to be taken.
    let head: Vec<&str> =
        text.lines().take_while(|line| !line.trim_start().starts_with('[')).collect();
    let is_name_of = |line: &&&str| {
        let rest = line.trim_start().strip_prefix("name");
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    if head.iter().filter(is_name_of).count() != 1 {
        return None;
    }
    let head = head.join("\n");
    let (table, _) = DeTable::parse_recoverable(&head);
    let name = table.get_ref().get("name")?.get_ref().as_str()?;
    is_name(name).then(|| name.to_owned())
}

/// A pipeline file.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "gamyeong pipeline")]
pub struct PipelineFile {
    /// Name of the activity and of its folder in the store: lower-case
    /// letters, digits and hyphens.
    pub name: String,
    /// Id of the controller whose data this is, checked against the house's
    /// `institution.toml`. Data of two controllers are never joined.
    pub controller: Option<String>,
    /// Number under which the institution keeps the processing (관리번호), such as
    /// `26-01`. It stands in every record, and links it with the forms on paper.
    pub management_no: String,
    /// Why (처리 목적) and until when.
    pub purpose: Purpose,
    /// Legal basis.
    pub basis: Basis,
    /// Form of use (활용 형태).
    pub environment: Environment,
    /// Risk grade (위험도) and its reason. Optional until a review asks for it.
    pub risk: Option<Risk>,
    /// Who gets the result, if somebody else does (제공받는 자).
    pub recipient: Option<String>,
    /// How long the same person keeps the same pseudonym.
    pub linkage: Linkage,
    /// What is kept as additional information beyond rejects and suppressed rows.
    pub vault: Option<VaultSettings>,
    /// What is read. At least one.
    pub source: Vec<Source>,
    /// Thresholds for every source that has none of its own.
    pub assess: Option<Assess>,
}

/// Purpose of processing (처리 목적).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// One of the three of article 28-2.
    pub category: PurposeCategory,
    /// The concrete purpose in words: more than the category again.
    pub detail: String,
    /// Processing period (처리 기간), as `2026-12-01/2028-11-30`.
    pub period: Period,
}

/// First and last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^\\d{4}-\\d{2}-\\d{2}/\\d{4}-\\d{2}-\\d{2}$"))]
pub struct Period {
    /// First day.
    pub first: jiff::civil::Date,
    /// Last day, not before the first.
    pub last: jiff::civil::Date,
}

/// A text that is not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum NoPeriod {
    #[error("period is not two dates with a slash, expected `2026-12-01/2028-11-30`")]
    Form,
    #[error("period ends before it begins")]
    Order,
}

/// Legal basis of the processing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Basis {
    /// Article 28-2: pseudonymised information without consent.
    #[serde(rename = "28-2", alias = "법 제28조의2")]
    Article28_2,
}

/// Form of use (활용 형태).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Environment {
    /// Used by the controller itself.
    #[serde(rename = "내부 활용")]
    Internal,
    /// Given to a third party.
    #[serde(rename = "제3자 제공")]
    ThirdParty,
}

/// Risk grade and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// 저위험, 중위험 or 고위험.
    pub grade: Grade,
    /// Why this grade.
    pub reason: String,
}

/// Grades of risk (위험도).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Grade {
    /// Low.
    #[serde(rename = "저위험")]
    Low,
    /// Middle.
    #[serde(rename = "중위험")]
    Middle,
    /// High.
    #[serde(rename = "고위험")]
    High,
}

/// How long the same person keeps the same pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Linkage {
    /// Length of an epoch. A longer one lets behaviour be followed for longer.
    pub window: Window,
    /// Why. Needed for everything longer than `run`.
    pub reason: Option<String>,
}

/// What the vault keeps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VaultSettings {
    /// Keep the table from identifiers to pseudonyms, sealed, and this is why.
    /// Absent: no such table is ever written.
    pub mapping: Option<String>,
}

/// One table of the output and the files it is made from.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name of the table and its folder: lower-case letters, digits, hyphens.
    pub name: String,
    /// Input files, relative to the house: globs, and `{date}` for the day as
    /// `2026-11-22` or, in another form, `{date:%Y%m%d}`. Plain, `.gz`, `.zst`, `.bz2`,
    /// `.xz`. Whatever else matches, such as a directory, is refused. Needed for all
    /// formats but those of databases.
    pub path: Option<String>,
    /// A name that `gamyeong formats` lists, or a format string as in the
    /// configuration of Apache (`%h %l %u %t "%r" %>s %b`) or nginx
    /// (`$remote_addr …`). `tomcat:`, `tomcat10:` or `webtob:` before it: the
    /// directives are those of that server.
    pub format: String,
    /// Item of `institution.toml` that these records are.
    pub item: String,
    /// Time zone of times without offset, such as `Asia/Seoul`; and the one
    /// whose days and hours times are rounded to, if it is not that of the log.
    pub zone: Option<String>,
    /// How the text of `csv` is encoded: `utf-8` if absent, or `cp949`.
    pub encoding: Option<Encoding>,
    /// Byte between the fields of `csv`. A comma if absent.
    pub delimiter: Option<char>,
    /// Byte around fields of `csv` that hold a delimiter or line break. A double
    /// quote if absent.
    pub quote: Option<char>,
    /// Names of the columns of `csv` files that have no header line, from the
    /// first. Absent: the first record of each file is its header.
    pub names: Option<Vec<String>>,
    /// Name of the sheet of an `xlsx` workbook. The first that is not hidden if
    /// absent.
    pub sheet: Option<String>,
    /// Row of an `xlsx` sheet with the names of the columns, from 1: what stands
    /// above it is passed over. The first row with anything in it if absent.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub header_row: Option<u32>,
    /// What a database is asked, in its SQL, with `{date}` as in paths. It must say
    /// in which order the rows come, `ORDER BY` something that tells them apart, so
    /// that the same rows give the same table. Needed for `postgresql` and `mysql`.
    pub query: Option<String>,
    /// File in the house's keys with the URL of the database on its one line, as
    /// `keys/loans.url`. Needed for `postgresql` and `mysql`.
    pub database: Option<String>,
    /// Largest share of lines that may be rejected, from 0 to 1. Above it the
    /// source is refused. 0.01 if absent.
    pub max_rejects: Option<Share>,
    /// What a run does that meets fields, keys, cookies or query parameters that
    /// `fields` does not name: `report` if absent.
    pub on_unknown: Option<OnUnknown>,
    /// What becomes of each field. A field not listed gives no column.
    #[serde(default)]
    pub fields: BTreeMap<String, Rules>,
    /// Technique 표본추출: only some of the persons stay.
    pub sample: Option<Sample>,
    /// Technique 행 항목 삭제: columns, and values that take their rows away.
    #[serde(default)]
    pub drop_rows: BTreeMap<String, DropRows>,
    /// These records tell who had which address. They give no table.
    pub sessions: Option<Sessions>,
    /// Whom each line is about is looked up in the sessions of other sources.
    pub subject: Option<Subject>,
    /// Thresholds of this table, instead of the pipeline's.
    pub assess: Option<Assess>,
}

/// What becomes of a run that meets what its pipeline does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnUnknown {
    /// It is reported, with the line that would let it in. It does not get out.
    #[default]
    Report,
    /// The run is refused. Whoever asks for pages of a public site can bring that
    /// about.
    Refuse,
}

impl Source {
    /// Fields, cookies and parameters that are left out, and said to be.
    #[must_use]
    pub fn dropped(&self) -> Vec<&str> {
        let dropped = self.fields.iter().filter(|(_, rules)| **rules == Rules::Word(Word::Drop));
        dropped.map(|(field, _)| field.as_str()).collect()
    }
}

impl TryFrom<String> for Period {
    type Error = NoPeriod;

    fn try_from(text: String) -> Result<Self, NoPeriod> {
        let (first, last) = text.split_once('/').ok_or(NoPeriod::Form)?;
        let date = |text: &str| text.parse().map_err(|_| NoPeriod::Form);
        let period = Self { first: date(first)?, last: date(last)? };
        if period.last < period.first { Err(NoPeriod::Order) } else { Ok(period) }
    }
}

impl Basis {
    /// The Korean term, as records have it.
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Self::Article28_2 => "법 제28조의2",
        }
    }
}

impl Environment {
    /// The Korean term, as records have it.
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Self::Internal => "내부 활용",
            Self::ThirdParty => "제3자 제공",
        }
    }
}

impl Grade {
    /// The Korean term, as records have it.
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Self::Low => "저위험",
            Self::Middle => "중위험",
            Self::High => "고위험",
        }
    }
}
