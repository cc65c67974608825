//! What a run will do, all defaults filled in. Made by `check` alone.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::document::Document;
use super::house::House;
use super::institution::Item;
use super::pipeline_file::{OnUnknown, PipelineFile};
use crate::assess::settings::{Settings as Assess, Share};
use crate::lookup;
use crate::notation::time::Written;
use crate::parse::Format;
use crate::protect::settings::rows::{DropRows, Sample};
use crate::protect::technique::{Refinement, Technique};
use crate::split::unknown::Kind;

/// A pipeline that may run in its house.
pub struct Plan {
    /// The house.
    pub house: House,
    /// The pipeline file, for what records take from it as it is.
    pub file: PipelineFile,
    /// Its text, whose digest stands in the records, and where in it every key is.
    pub document: Document,
    /// Lists that techniques need: path in the house → SHA-256 of the file.
    pub lists: BTreeMap<String, String>,
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
    /// What becomes of a run that meets others.
    pub on_unknown: OnUnknown,
    /// Fields in which names are looked for that it does not name.
    pub watched: Vec<Watched>,
    /// Which persons stay, if not all.
    pub sample: Option<Sample>,
    /// Columns of which some values take their rows away.
    pub drop_rows: Vec<(String, DropRows)>,
    /// Thresholds; `None` if there is no table.
    pub assess: Option<Assess>,
    /// Its records tell who had which address, and give no table.
    pub sessions: Option<Sessions>,
    /// How whom a line is about is looked up.
    pub subject: Option<Subject>,
}

/// A field in which others have put names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Parameters or cookies.
    pub kind: Kind,
    /// Its name in the file.
    pub listed: String,
    /// The field that is read.
    pub field: String,
    /// Names that are known.
    pub known: Vec<String>,
}

/// How records tell who had which address.
#[derive(Debug, Clone)]
pub struct Sessions {
    /// Where everything stands among `wanted`.
    pub fields: lookup::Fields,
    /// Fields that are read.
    pub wanted: Vec<String>,
    /// Days before the date whose logs are read too.
    pub days_before: u32,
}

/// How whom a line is about is looked up.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Field of the address.
    pub address: String,
    /// Field of the time.
    pub time: String,
    /// What a time without an offset means.
    pub written: Written,
    /// The zone of such times.
    pub zone: Option<TimeZone>,
    /// Sources of sessions, first to last.
    pub sessions: Vec<String>,
    /// Devices count that made their address up.
    pub keeps_randomised: bool,
}

/// The field that a look-up gives.
pub const SUBJECT: &str = "subject";

/// One column to be made.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The field it is made from.
    pub field: String,
    /// How.
    pub technique: Technique,
    /// What is done besides, once all values are known.
    pub refinement: Refinement,
    /// Korean name.
    pub label: String,
    /// Why it is kept as it is, if somebody said so.
    pub reason: Option<String>,
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

    /// Where the input of its tables is looked for, as the file has it.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        let tables = self.sources.iter().filter(|source| source.sessions.is_none());
        tables.map(|source| source.pattern.as_str()).filter(|pattern| !pattern.is_empty())
    }
}

impl Source {
    /// The part that a column plays.
    #[must_use]
    pub fn role(&self, column: &str) -> Role {
        match &self.assess {
            Some(assess) if assess.subject == column => Role::Subject,
            Some(assess) if assess.quasi_identifiers.names().iter().any(|name| name == column) => {
                Role::QuasiIdentifier
            }
            Some(assess) if assess.sensitive.iter().any(|name| name == column) => Role::Sensitive,
            Some(_) | None => Role::Other,
        }
    }

    /// Fields that are read, each once, in order of first use. A subject that is
    /// looked up is none of them: it comes behind them.
    #[must_use]
    pub fn wanted(&self) -> Vec<&str> {
        if let Some(sessions) = &self.sessions {
            return sessions.wanted.iter().map(String::as_str).collect();
        }
        let read = self.columns.iter().filter(|column| !self.is_looked_up(&column.field));
        let read = read.map(|column| column.field.as_str());
        let watched = self.watched.iter().map(|watched| watched.field.as_str());
        let for_subject = self.subject.iter().flat_map(|subject| [&subject.address, &subject.time]);
        let mut wanted: Vec<&str> = Vec::new();
        for field in read.chain(for_subject.map(String::as_str)).chain(watched) {
            if !wanted.contains(&field) {
                wanted.push(field);
            }
        }
        wanted
    }

    /// The parameters that the first column of a field's query lists; `None` if it
    /// has no such column.
    #[must_use]
    pub fn listed_parameters(&self, field: &str) -> Option<&[String]> {
        let is_of = |read: &str| read == field || read.strip_prefix(field) == Some(".target");
        let mut of_field = self.columns.iter().filter(|column| is_of(&column.field));
        of_field.find_map(|column| column.technique.listed_parameters())
    }

    /// True if the file names a path, or what it lies in.
    #[must_use]
    pub fn names(&self, path: &str) -> bool {
        let is_within = |listed: &String| {
            path.strip_prefix(listed.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        self.listed.iter().any(|listed| listed == path || is_within(listed))
    }

    /// True for the field that a look-up gives.
    #[must_use]
    pub fn is_looked_up(&self, field: &str) -> bool {
        self.subject.is_some() && field == SUBJECT
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
