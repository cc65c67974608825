//! `gamyeong check`: may these pipelines run?
//!
//! Changes nothing, and takes no lock. What needs a date, such as the files of
//! a night and the secret of its epoch, is found by `run`.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::language::Language;
use crate::config::check;
use crate::config::plan::Plan;
use crate::error::Error;
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

/// Reads and checks pipeline files. Faults of all of them come together.
pub(super) fn plans(paths: &[PathBuf], named: Option<&Path>) -> Result<Vec<Plan>, Error> {
    let mut plans: Vec<Plan> = Vec::new();
    let mut faults = Vec::new();
    let mut houses = BTreeSet::new();
    for path in paths {
        // A file that is not there has no house either, and that is not the news.
        fs::standing(path).map_err(crate::config::Error::from)?;
        let house = super::house_at(named, path)?;
        if houses.insert(house.root.clone()) {
            faults.append(&mut stated::of_house(&house));
        }
        match check::pipeline(path, &house, super::today(&house)) {
            Ok(plan) => {
                faults.append(&mut stated::of_plan(&plan));
                plans.push(plan);
            }
            Err(crate::config::Error::Problems { problems }) => {
                faults.append(&mut stated::without_content(problems));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if !faults.is_empty() {
        return Err(crate::config::Error::Problems { problems: faults }.into());
    }
    if let Some([first, second]) = plans.array_windows().find(|[a, b]| a.house.root != b.house.root)
    {
        return Err(Error::Usage(crate::error::Usage::TwoHouses {
            first: first.house.root.clone(),
            second: second.house.root.clone(),
        }));
    }
    Ok(plans)
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
