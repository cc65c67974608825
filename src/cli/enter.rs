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
use crate::ledger::approvals::{Approval, MAGIC, Standing, public_key};
use crate::ledger::items::{self, Writer, example};
use crate::ledger::record::{KINDS, Kind};
use crate::pipeline::{approval, opened};

/// Enter something that no program saw: a review, an approval, a provision on paper, rights
///
/// Without KIND, the kinds that there are. The file is TOML with the items of the kind;
/// `--example` prints one to fill in. All faults are told at once, and nothing is
/// recorded then. Who runs this is recorded with it. A review or approval may be the note that
/// `gamyeong approve sign` gives: its signatures are checked, and stand in the record.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What happened, such as `rights.granted`
    kind: Option<String>,
    /// File with its items, or a signed note
    #[arg(long, value_name = "FILE", conflicts_with = "example", requires = "kind")]
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
    let body = match note(kind, path)? {
        Some(approval) => approval.body,
        None => read(kind, path)?.as_object().cloned().unwrap_or_default(),
    };
    let house = super::house_at(house, Path::new("."))?;
    let night = super::now_at(&house);
    let mut standing = None;
    let seq = opened::enter(&house, &night, kind, |records| {
        standing = approval::judge(records, kind, &body)?;
        Ok(Value::Object(body))
    })?;
    let kept = items::of(kind);
    let (record, name) =
        (language.choose("기록", "record"), language.choose(kept.korean, kept.english));
    let signed = match standing {
        None => String::new(),
        Some(Standing::Unsigned) => language.choose(", 서명 없음", ", unsigned").to_owned(),
        Some(Standing::Signed(by)) => match language {
            Language::Ko => format!(", {by}명 서명"),
            Language::En => format!(", signed by {by}"),
        },
    };
    writeln!(out, "{record} {seq}: {name} ({}){signed}", kind.as_str()).map_err(Error::Output)
}

/// A file as a signed note, if it is one.
///
/// # Errors
///
/// [`Error::Approval`] if it is one that was changed, [`Error::Usage`] if it approves something
/// of another kind.
pub(super) fn note(kind: Kind, path: &Path) -> Result<Option<Approval>, Error> {
    let bytes = fs::read(path)?;
    if !bytes.starts_with(MAGIC.as_bytes()) {
        return Ok(None);
    }
    let approval = Approval::read(&bytes).map_err(|source| Error::Approval { source })?;
    if approval.kind == kind {
        return Ok(Some(approval));
    }
    Err(Error::Usage(Usage::OtherKind { asked: kind.as_str(), found: approval.kind.as_str() }))
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
pub(super) fn read(kind: Kind, path: &Path) -> Result<Value, Error> {
    let bytes = fs::read(path)?;
    let entered = |problems: Vec<Problem>| Error::Entered {
        kind,
        problems: problems.into_iter().map(without_content).collect(),
    };
    let (document, body): (_, Value) =
        Document::read_as(path, bytes, &items::schema(kind)).map_err(entered)?;
    let empty = serde_json::Map::new();
    let object = body.as_object().unwrap_or(&empty);
    let key = object.get("public_key").and_then(Value::as_str).filter(|key| !key.trim().is_empty());
    if key.is_some_and(|key| public_key(key).is_none()) {
        let what = What::Setting("no Ed25519 key `name+id+base64`".to_owned());
        return Err(entered(vec![document.problem("public_key", what)]));
    }
    match items::check(kind, object) {
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
