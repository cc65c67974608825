//! `gamyeong check`: may these pipelines run?
//!
//! Changes nothing, and takes no lock. What needs a date, such as the files of
//! a night and the secret of its epoch, is found by `run`.

use std::io;
use std::path::{Path, PathBuf};

use super::language::Language;
use crate::config;
use crate::config::check;
use crate::config::house::House;
use crate::config::plan::Plan;
use crate::config::problem::Problem;
use crate::error::{Error, Usage};
use crate::fs;
use crate::pipeline;
use crate::pipeline::stated;

/// Check pipelines and the house they are in
///
/// What `run` checks before the first line of input: all faults of the files at
/// once, with line and column; then keys, ledger, and whether a pipeline was
/// changed since its last record.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Pipeline files
    #[arg(required = true, value_name = "PIPELINE")]
    pipelines: Vec<PathBuf>,
}

/// What was checked, all of it in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// For each pipeline its file, name, number of sources and of columns.
    pub pipelines: Vec<(PathBuf, String, usize, usize)>,
}

/// Runs the command.
///
/// # Errors
///
/// What speaks against running: configuration first, then keys, then ledger.
pub fn run(args: &Args, house: Option<&Path>) -> Result<Report, Error> {
    let plans = plans(&args.pipelines, house)?;
    let mut pipelines = Vec::new();
    for (path, plan) in args.pipelines.iter().zip(&plans) {
        let columns = plan.sources.iter().map(|source| source.columns.len()).sum();
        pipelines.push((path.clone(), plan.name().to_owned(), plan.sources.len(), columns));
    }
    if let Some(plan) = plans.first() {
        pipeline::opened::examine(&plan.house, &plans)?;
    }
    Ok(Report { pipelines })
}

/// Pipeline files, as they were found.
pub(super) struct Read {
    /// The house of all of them; `None` if there are none.
    pub(super) house: Option<House>,
    /// What the institution file says and should not.
    pub(super) of_house: Vec<Problem>,
    /// In the order in which they were named.
    pub(super) files: Vec<File>,
}

/// A pipeline file.
pub(super) struct File {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What stands in it; empty if it cannot be read.
    pub(super) bytes: Vec<u8>,
    /// The plan, or what is wrong.
    pub(super) plan: Result<Plan, config::Error>,
}

/// Reads and checks pipeline files. A fault of one of them says nothing of the others.
pub(super) fn read(paths: &[PathBuf], named: Option<&Path>) -> Result<Read, Error> {
    let mut house: Option<House> = None;
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let standing = fs::standing(path);
        let its = match super::house_at(named, path) {
            Ok(its) => its,
            // A file that is not there has no house either, and that is not the news.
            Err(Error::Config(error @ config::Error::NoHouse { .. })) => {
                let plan = Err(standing.err().map_or(error, config::Error::from));
                files.push(File { path: path.clone(), bytes: Vec::new(), plan });
                continue;
            }
            Err(error) => return Err(error),
        };
        if let Some(first) = house.as_ref().filter(|first| first.root != its.root) {
            let (first, second) = (first.root.clone(), its.root);
            return Err(Error::Usage(Usage::TwoHouses { first, second }));
        }
        files.push(File::read(path, &its));
        house.get_or_insert(its);
    }
    let of_house = house.as_ref().map(stated::of_house).unwrap_or_default();
    Ok(Read { house, of_house, files })
}

/// The plans of all, or the faults of all of them together.
pub(super) fn plans(paths: &[PathBuf], named: Option<&Path>) -> Result<Vec<Plan>, Error> {
    let whole = read(paths, named)?.whole()?;
    Ok(whole.files.into_iter().filter_map(|file| file.plan.ok()).collect())
}

impl File {
    fn read(path: &Path, house: &House) -> Self {
        let path = path.to_owned();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(failure) => return Self { path, bytes: Vec::new(), plan: Err(failure.into()) },
        };
        let plan = check::of_bytes(&path, bytes.clone(), house, super::today(house));
        let plan = match plan {
            Ok(plan) => match stated::of_plan(&plan) {
                problems if problems.is_empty() => Ok(plan),
                problems => Err(config::Error::Problems { problems }),
            },
            Err(config::Error::Problems { problems }) => {
                Err(config::Error::Problems { problems: stated::without_content(problems) })
            }
            Err(other) => Err(other),
        };
        Self { path, bytes, plan }
    }
}

impl Read {
    /// Those that can be used.
    pub(super) fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.files.iter().filter_map(|file| file.plan.as_ref().ok())
    }

    /// The same if nothing is wrong with any of them or with the house; otherwise the first that
    /// cannot be read, or all that is wrong.
    pub(super) fn whole(self) -> Result<Self, Error> {
        let mut faults = self.of_house;
        let mut files = Vec::with_capacity(self.files.len());
        for file in self.files {
            match file.plan {
                Err(config::Error::Problems { mut problems }) => faults.append(&mut problems),
                Err(other) => return Err(other.into()),
                Ok(_) => files.push(file),
            }
        }
        if faults.is_empty() {
            Ok(Self { house: self.house, of_house: faults, files })
        } else {
            Err(config::Error::Problems { problems: faults }.into())
        }
    }
}

impl Report {
    /// One line per pipeline.
    ///
    /// # Errors
    ///
    /// Whatever `out` reports.
    pub fn write(&self, language: Language, out: &mut impl io::Write) -> io::Result<()> {
        for (path, name, sources, columns) in &self.pipelines {
            let path = path.display();
            match language {
                Language::Ko => writeln!(
                    out,
                    "{path}: 이상 없음 (`{name}`, 원천 {sources}개, 항목 {columns}개)"
                )?,
                Language::En => {
                    writeln!(out, "{path}: ok (`{name}`; sources {sources}, columns {columns})")?;
                }
            }
        }
        Ok(())
    }
}
