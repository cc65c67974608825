//! `gamyeong ledger enter`: what no program saw, entered by a person.
//!
//! Not here: which items a record has (`ledger::items`), signatures (`pipeline::approval`).

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::language::Language;
use crate::config::document::Document;
use crate::config::problem::{Problem, What};
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::items::{self, Writer, example};
use crate::ledger::record::{KINDS, Kind};
use crate::pipeline::opened;

/// Enter something that no program saw: a review, an approval, a provision on paper, rights
///
/// Without KIND, the kinds that there are. The file is TOML with the items of the kind;
/// `--example` prints one to fill in. All faults are told at once, and nothing is
/// recorded then. Who runs this is recorded with it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What happened, such as `rights.granted`
    kind: Option<String>,
    /// File with its items
    #[arg(long, value_name = "FILE.toml", conflicts_with = "example", requires = "kind")]
    file: Option<PathBuf>,
    /// Print a file with all of its items, to be filled in
    #[arg(long, requires = "kind")]
    example: bool,
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if the kind is none that a person enters, [`Error::Entered`] if the
/// file lacks something, [`Error::Ledger`] and the like if it cannot be recorded.
pub fn run(
    args: &Args,
    house: Option<&Path>,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let Some(name) = &args.kind else { return list(language, out).map_err(Error::Output) };
    let kind = kind(name)?;
    if args.example {
        return write!(out, "{}", example::toml(kind)).map_err(Error::Output);
    }
    let Some(path) = &args.file else { return Err(Error::Usage(Usage::NoEntry)) };
    let body = read(kind, path)?;
    let house = super::house_at(house, Path::new("."))?;
    let night = super::now_at(&house);
    let seq = opened::enter(&house, &night, kind, |_| Ok(body))?;
    let told = match language {
        Language::Ko => format!("기록 {seq}: {} ({})", items::of(kind).korean, kind.as_str()),
        Language::En => format!("record {seq}: {} ({})", items::of(kind).english, kind.as_str()),
    };
    writeln!(out, "{told}").map_err(Error::Output)
}

/// A kind that a person may enter.
fn kind(name: &str) -> Result<Kind, Error> {
    let kind = name.parse::<Kind>().map_err(|_| Error::Usage(Usage::NoKind(name.to_owned())))?;
    match items::of(kind).writer {
        Writer::Person => Ok(kind),
        Writer::Program => Err(Error::Usage(Usage::ProgramOnly(kind.as_str()))),
    }
}

/// The kinds that a person may enter, one a line.
fn list(language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let entered = KINDS.into_iter().filter(|kind| items::of(*kind).writer == Writer::Person);
    for kind in entered {
        let kept = items::of(kind);
        let name = language.choose(kept.korean, kept.english);
        writeln!(out, "{:<22} {name} ({})", kind.as_str(), kept.form)?;
    }
    Ok(())
}

/// Reads a file as the body of a record of this kind.
///
/// # Errors
///
/// [`Error::Entered`] with everything that is wrong with it, and its places.
fn read(kind: Kind, path: &Path) -> Result<Value, Error> {
    let bytes = fs::read(path)?;
    let entered = |problems: Vec<Problem>| Error::Entered {
        kind,
        problems: problems.into_iter().map(without_content).collect(),
    };
    let (document, body): (_, Value) =
        Document::read_as(path, bytes, &items::schema(kind)).map_err(entered)?;
    let empty = serde_json::Map::new();
    match items::check(kind, body.as_object().unwrap_or(&empty)) {
        Ok(()) => Ok(body),
        Err(lacking) => {
            let problem =
                |lack: &items::Lack| document.problem(&lack.path, What::Setting(lack.to_string()));
            let mut problems: Vec<Problem> = lacking.lacks.iter().map(problem).collect();
            problems.sort_by_key(|problem| (problem.line, problem.column));
            Err(entered(problems))
        }
    }
}

/// A problem that does not say what was found: somebody may have put a name there.
fn without_content(problem: Problem) -> Problem {
    let What::NotOneOf { found, expected } = &problem.what else { return problem };
    let words: Vec<String> = expected.iter().map(|word| format!("`{word}`")).collect();
    let wrong = if found.is_empty() { "is missing" } else { "not one of its words" };
    let what = What::Setting(format!("{wrong}, expected one of {}", words.join(", ")));
    Problem { what, ..problem }
}
