//! What a run will do, all defaults filled in. Made by `check` alone.

use jiff::tz::TimeZone;

use super::house::House;
use super::institution::Item;
use super::pipeline_file::PipelineFile;
use crate::assess::settings::{Settings as Assess, Share};
use crate::parse::Format;
use crate::protect::settings as protect;
use crate::protect::technique::Digits;
use crate::protect::time::Written;

/// A pipeline that may run in its house.
pub struct Plan {
    /// The house.
    pub house: House,
    /// The pipeline file, for what records take from it as it is.
    pub file: PipelineFile,
    /// Text of the pipeline file: its digest stands in the records.
    pub text: String,
    /// First day of the privacy policy that was in force.
    pub policy: String,
    /// Its sources, in the order of the file.
    pub sources: Vec<Source>,
}

/// One table to be made.
pub struct Source {
    /// Name of the table.
    pub name: String,
    /// Pattern of its input files, relative to the house. Empty for a query.
    pub pattern: String,
    /// File in the keys with the URL of the database that a query is put to.
    pub database: Option<String>,
    /// Format of its lines.
    pub format: Format,
    /// Name of the format, as in the pipeline file.
    pub format_name: String,
    /// The collected item.
    pub item: Item,
    /// Largest share of rejected lines.
    pub max_rejects: Share,
    /// Columns, in the order of the file.
    pub columns: Vec<Column>,
    /// Fields that the file names, also those that are dropped.
    pub listed: Vec<String>,
    /// Fields of a log format that the file does not name: they give no column.
    pub unlisted: Vec<String>,
    /// Thresholds.
    pub assess: Assess,
}

/// One column to be made.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The field it is made from.
    pub field: String,
    /// How, as far as the file says: keys come when it runs.
    pub technique: Technique,
    /// Korean name.
    pub label: String,
    /// Why it is kept as it is, if somebody said so.
    pub reason: Option<String>,
}

/// A technique with its parameters and without keys.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "documented on `protect::technique::Technique`")]
pub enum Technique {
    KeepText,
    KeepInteger(Digits),
    Pseudonym(protect::Pseudonym, protect::Kind),
    Prefix(protect::Prefix),
    Vendor,
    Randomised,
    Round { unit: protect::Unit, written: Written, zone: Option<TimeZone> },
    Path,
    Query(Vec<String>),
    Family,
    Category(protect::Category),
}

/// Part a column plays in the assessment (항목 구분).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The pseudonym that tells persons apart.
    Subject,
    /// An outsider could know it.
    QuasiIdentifier,
    /// An intruder wants to learn it.
    Sensitive,
    /// Anything else.
    Other,
}

impl Plan {
    /// Name of the pipeline.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }
}

impl Source {
    /// The part that a column plays.
    #[must_use]
    pub fn role(&self, column: &str) -> Role {
        if self.assess.subject == column {
            Role::Subject
        } else if self.assess.quasi_identifiers.names().iter().any(|name| name == column) {
            Role::QuasiIdentifier
        } else if self.assess.sensitive.iter().any(|name| name == column) {
            Role::Sensitive
        } else {
            Role::Other
        }
    }

    /// Fields that columns are made from, each once, in order of first use.
    #[must_use]
    pub fn wanted(&self) -> Vec<&str> {
        let mut wanted: Vec<&str> = Vec::new();
        for column in &self.columns {
            if !wanted.contains(&column.field.as_str()) {
                wanted.push(&column.field);
            }
        }
        wanted
    }
}

impl Role {
    /// Its name in metadata and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Subject => "subject",
            Role::QuasiIdentifier => "quasi-identifier",
            Role::Sensitive => "sensitive",
            Role::Other => "other",
        }
    }

    /// Its Korean name (항목 구분).
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Role::Subject => "식별자(가명)",
            Role::QuasiIdentifier => "준식별자",
            Role::Sensitive => "민감 속성",
            Role::Other => "그 밖의 항목",
        }
    }
}
