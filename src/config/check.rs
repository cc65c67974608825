//! A pipeline file and its house in; a plan, or everything that speaks against
//! it, out.
//!
//! Not here: structure (`document`), single fields (`fields`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;

use super::Error;
use super::document::{Document, join};
use super::fields;
use super::house::{House, is_name};
use super::pipeline_file::{Environment, PipelineFile, Source as SourceFile};
use super::plan::{Column, Plan, Source};
use super::problem::{Problem, What};
use super::sessions;
use crate::assess::settings::{Settings as Assess, Share};
use crate::fs;
use crate::protect::technique::Form;
use crate::vault::window::Window;

/// A purpose must say more than its category: shorter ones cannot.
const PURPOSE_CHARACTERS: usize = 10;

/// Share of rejected lines that a source may have if its file says nothing.
pub const MAX_REJECTS: f64 = 0.01;

/// Reads a pipeline file and checks everything that can be known before the
/// first line of input. `today` decides which policy is in force.
///
/// # Errors
///
/// [`Error::File`] if it cannot be read; [`Error::Problems`] with all faults.
pub fn pipeline(path: &Path, house: &House, today: Date) -> Result<Plan, Error> {
    of_bytes(path, fs::read(path)?, house, today)
}

/// The same of a file that was read.
///
/// # Errors
///
/// [`Error::Problems`] with all faults.
pub fn of_bytes(path: &Path, bytes: Vec<u8>, house: &House, today: Date) -> Result<Plan, Error> {
    let (document, file) = Document::read::<PipelineFile>(path, bytes)
        .map_err(|problems| Error::Problems { problems })?;
    let mut check = Check {
        document: &document,
        root: &house.root,
        lists: BTreeMap::new(),
        failed: BTreeSet::new(),
        problems: Vec::new(),
    };
    let policy = check.purpose(&file, house, today);
    check.who(&file, house);
    let sources: Vec<Source> = file
        .source
        .iter()
        .enumerate()
        .filter_map(|(index, source)| check.source(&file, house, source, index))
        .collect();
    let Check { mut problems, lists, .. } = check;
    if !problems.is_empty() {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        return Err(Error::Problems { problems });
    }
    Ok(Plan { house: house.clone(), file, document, lists, policy, sources })
}

/// Faults found so far.
pub(super) struct Check<'d> {
    pub(super) document: &'d Document,
    /// Directory of the house.
    pub(super) root: &'d Path,
    /// Lists that were read: path → SHA-256.
    pub(super) lists: BTreeMap<String, String>,
    /// Columns whose technique is at fault: nothing more is said of them.
    pub(super) failed: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    pub(super) fn fault(&mut self, key: &str, what: What) {
        self.problems.push(self.document.problem(key, what));
    }

    /// That a text that is given says something.
    pub(super) fn not_empty(&mut self, key: &str, text: Option<&String>) {
        if text.is_some_and(|text| text.trim().is_empty()) {
            self.fault(key, What::Empty);
        }
    }

    /// Purpose, period and policy. Gives the first day of the policy.
    fn purpose(&mut self, file: &PipelineFile, house: &House, today: Date) -> String {
        let category = file.purpose.category;
        let detail = file.purpose.detail.trim();
        let found = detail.replace(category.korean(), "").trim().chars().count();
        if found < PURPOSE_CHARACTERS {
            let least = PURPOSE_CHARACTERS;
            self.fault("purpose.detail", What::PurposeVague { found, least });
        }
        if file.purpose.period.last < today {
            let last = file.purpose.period.last.to_string();
            self.fault("purpose.period", What::PeriodOver { last });
        }
        let Some(policy) = house.institution.policy_on(today) else {
            self.fault("purpose.category", What::NoPolicy { date: today.to_string() });
            return String::new();
        };
        if !policy.purposes.contains(&category) {
            let allowed = policy.purposes.iter().map(|purpose| purpose.korean().to_owned());
            let what = What::PurposeNotPublished {
                found: category.korean(),
                policy: policy.from.to_string(),
                allowed: allowed.collect(),
            };
            self.fault("purpose.category", what);
        }
        policy.from.to_string()
    }

    /// Names, controller, recipient, linkage, and that there is a source.
    fn who(&mut self, file: &PipelineFile, house: &House) {
        if !is_name(&file.name) {
            self.fault("name", What::Name { found: file.name.clone() });
        }
        let expected = &house.institution.controller.id;
        if let Some(found) = file.controller.as_ref().filter(|found| *found != expected) {
            let what = What::Controller { found: found.clone(), expected: expected.clone() };
            self.fault("controller", what);
        }
        if file.environment == Environment::ThirdParty && file.recipient.is_none() {
            self.fault("environment", What::Recipient);
        }
        let mapping = file.vault.as_ref().and_then(|vault| vault.mapping.as_ref());
        self.not_empty("vault.mapping", mapping);
        self.not_empty("recipient", file.recipient.as_ref());
        self.not_empty("management_no", Some(&file.management_no));
        let has_reason = file.linkage.reason.as_ref().is_some_and(|text| !text.trim().is_empty());
        if file.linkage.window != Window::Run && !has_reason {
            self.fault("linkage", What::LinkageReason);
        }
        if file.source.is_empty() {
            self.fault("source", What::NoSource);
        } else if file.source.iter().all(|source| source.sessions.is_some()) {
            self.fault("source", What::OnlySessions);
        }
        for (index, source) in file.source.iter().enumerate() {
            if file.source[..index].iter().any(|earlier| earlier.name == source.name) {
                let what = What::Twice { name: source.name.clone() };
                self.fault(&format!("source[{index}].name"), what);
            }
        }
    }

    fn source(
        &mut self,
        file: &PipelineFile,
        house: &House,
        source: &SourceFile,
        index: usize,
    ) -> Option<Source> {
        let at = format!("source[{index}]");
        if !is_name(&source.name) {
            self.fault(&format!("{at}.name"), What::Name { found: source.name.clone() });
        }
        let item = self.item(house, source, &at);
        let format = self.format(source, &at);
        let database = self.database(house, source, &at, format.as_ref());
        let of_sessions = source.sessions.as_ref().zip(format.as_ref());
        let (columns, assess, sessions, subject) = match of_sessions {
            Some((settings, format)) => {
                let sessions = sessions::sessions(self, source, settings, &at, format);
                (Vec::new(), None, Some(sessions), None)
            }
            // Its format is at fault.
            None if source.sessions.is_some() => return None,
            None => {
                let columns = fields::columns(self, source, &at, format.as_ref());
                self.seals(file, &columns, &at);
                let assess = self.thresholds(file, source, &columns, &at);
                let subject = format.as_ref();
                let subject = subject.and_then(|it| sessions::subject(self, file, source, &at, it));
                (columns, Some(assess?), None, subject)
            }
        };
        let format = format?;
        let unlisted = match sessions {
            Some(_) => Vec::new(),
            None => fields::unlisted(&format, source),
        };
        Some(Source {
            name: source.name.clone(),
            pattern: source.path.clone().unwrap_or_default(),
            database,
            unlisted,
            on_unknown: source.on_unknown.unwrap_or_default(),
            watched: fields::watched(&format, source, &columns),
            format,
            format_name: source.format.clone(),
            item: item?,
            max_rejects: source.max_rejects.or_else(|| Share::try_from(MAX_REJECTS).ok())?,
            listed: source.fields.keys().cloned().collect(),
            drop_rows: self.rows(source, &columns, &at),
            sample: source.sample,
            columns,
            assess,
            sessions,
            subject,
        })
    }

    /// What is sealed is opened with a secret that outlives the run.
    fn seals(&mut self, file: &PipelineFile, columns: &[Column], at: &str) {
        let is_sealed = |column: &Column| column.technique.name() == "seal";
        if file.linkage.window == Window::Run && columns.iter().any(is_sealed) {
            self.fault(&format!("{at}.fields"), What::SealRun);
        }
    }

    /// The thresholds of a table: its own, or the pipeline's.
    fn thresholds(
        &mut self,
        file: &PipelineFile,
        source: &SourceFile,
        columns: &[Column],
        at: &str,
    ) -> Option<Assess> {
        let (assess, key) = match (&source.assess, &file.assess) {
            (Some(assess), _) => (assess, format!("{at}.assess")),
            (None, Some(assess)) => (assess, "assess".to_owned()),
            (None, None) => {
                self.fault(at, What::NoAssess);
                return None;
            }
        };
        self.assess(assess, columns, &source.name, &key);
        Some(assess.clone())
    }

    /// The collected item: it must be known, with a period and its basis.
    fn item(
        &mut self,
        house: &House,
        source: &SourceFile,
        at: &str,
    ) -> Option<super::institution::Item> {
        let key = format!("{at}.item");
        let Some(item) = house.institution.item(&source.item) else {
            let expected = house.institution.item.iter().map(|item| item.name.clone()).collect();
            self.fault(&key, What::Item { found: source.item.clone(), expected });
            return None;
        };
        for (name, value) in [("retention", &item.retention), ("basis", &item.basis)] {
            if value.as_ref().is_none_or(|text| text.trim().is_empty()) {
                self.fault(&key, What::Retention { item: item.name.clone(), key: name });
            }
        }
        Some(item.clone())
    }

    /// Thresholds name columns that exist and are of the right kind.
    fn assess(&mut self, assess: &Assess, columns: &[Column], source_name: &str, at: &str) {
        let named = |name: &String| columns.iter().find(|column| column.name == *name);
        let unknown = |found: &String| What::Column {
            found: found.clone(),
            source_name: source_name.to_owned(),
            expected: columns.iter().map(|column| column.name.clone()).collect(),
        };
        let key = format!("{at}.subject");
        match named(&assess.subject) {
            None if self.failed.contains(&assess.subject) => {}
            None => self.fault(&key, unknown(&assess.subject)),
            Some(column) if !column.technique.is_pseudonym() => {
                self.fault(&key, What::Subject { found: assess.subject.clone() });
            }
            Some(_) => {}
        }
        let quasi = assess.quasi_identifiers.names().iter().map(|name| ("quasi_identifiers", name));
        let sensitive = assess.sensitive.iter().map(|name| ("sensitive", name));
        for (list, name) in quasi.chain(sensitive) {
            if named(name).is_none() && !self.failed.contains(name) {
                self.fault(&format!("{at}.{list}"), unknown(name));
            }
        }
        for name in assess.value_persons_min.keys() {
            let key = join(&format!("{at}.value_persons_min"), name);
            match named(name) {
                None if self.failed.contains(name) => {}
                None => self.fault(&key, unknown(name)),
                Some(column) if column.technique.form() != Form::Text => {
                    self.fault(&key, What::NotText { found: name.clone() });
                }
                Some(column) if column.refinement.is_permuted => {
                    self.fault(&key, What::CountedMoved { found: name.clone() });
                }
                Some(_) => {}
            }
        }
    }
}
