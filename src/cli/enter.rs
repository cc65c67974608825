//! `gamyeong ledger enter`: what no program saw, entered by a person.
//!
//! Not here: which items a record has (`ledger::items`), signatures (`pipeline::approval`).

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::language::Language;
use super::named;
use crate::config::document::Document;
use crate::config::problem::{Problem, What};
use crate::error::{Error, Usage};
use crate::ledger::approvals::{Approval, MAGIC, Standing, public_key};
use crate::ledger::items::{self, Lack, Need, Writer, Wrong, example};
use crate::ledger::record::{KINDS, Kind};
use crate::ledger::references::{self, Misfit};
use crate::pipeline::{approval, opened, personal};

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
    let house = super::house_at(house, Path::new("."))?;
    let night = super::now_at(&house);
    let zone = TimeZone::get(&house.institution.zone).unwrap_or(TimeZone::UTC);
    let File { body, place, .. } = read(kind, path, Some((night.date, &zone)))?;
    let mut standing = None;
    let seq = opened::enter(&house, &night, kind, |records| {
        standing = approval::judge(records, kind, &body)?;
        faultless(kind, misfit(&place, &references::check(records, kind, &body, &zone)))?;
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

/// What is to be entered or signed.
pub(super) struct File {
    /// Its items.
    pub(super) body: Map<String, Value>,
    /// Whose ledger it is for, if it is a signed note.
    pub(super) controller: Option<String>,
    place: Place,
}

/// Where the items of a file stand.
enum Place {
    Items(Document),
    Note { path: PathBuf, text: Vec<String> },
}

impl Place {
    /// A fault at an item.
    fn problem(&self, item: &str, what: What) -> Problem {
        match self {
            Place::Items(document) => document.problem(item, what),
            Place::Note { path, text } => {
                let key = item.split(['.', '[']).next().unwrap_or_default();
                let is_its = |line: &String| {
                    line.strip_prefix(key).is_some_and(|rest| rest.starts_with(" = "))
                };
                let line = text.iter().position(is_its).map_or(1, |index| index + 1);
                Problem { path: path.clone(), line, column: 1, what }
            }
        }
    }
}

/// Reads a file of items or a signed note as the body of a record of this kind. With the day
/// and the zone of the institution, what the body says that cannot be is a fault too.
///
/// # Errors
///
/// [`Error::Entered`] with everything that is wrong with it, and its places, personal data
/// among it; [`Error::Approval`] if it is a note that was changed, [`Error::Usage`] if that
/// approves something of another kind, or the file cannot be read.
pub(super) fn read(
    kind: Kind,
    path: &Path,
    today: Option<(Date, &TimeZone)>,
) -> Result<File, Error> {
    let bytes = named::read("--file", path)?;
    let mut problems = Vec::new();
    let (body, controller, place) = if bytes.starts_with(MAGIC.as_bytes()) {
        let approval = Approval::read(&bytes).map_err(|source| Error::Approval { source })?;
        if approval.kind != kind {
            let (asked, found) = (kind.as_str(), approval.kind.as_str());
            return Err(Error::Usage(Usage::OtherKind { asked, found }));
        }
        let text = String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect();
        let place = Place::Note { path: path.to_owned(), text };
        (approval.body, Some(approval.controller), place)
    } else {
        let (document, body) = items(kind, path, bytes, &mut problems)?;
        (body, None, Place::Items(document))
    };
    problems.extend(personal(kind, &body, &place));
    if let Some((today, zone)) = today {
        problems.extend(misfit(&place, &references::alone(kind, &body, today, zone)));
    }
    faultless(kind, problems)?;
    Ok(File { body, controller, place })
}

/// What stands in a file of items; what is wrong with its structure or lacks in it goes to the
/// problems.
fn items(
    kind: Kind,
    path: &Path,
    bytes: Vec<u8>,
    problems: &mut Vec<Problem>,
) -> Result<(Document, Map<String, Value>), Error> {
    let (document, body, structure): (_, Map<String, Value>, _) =
        Document::read_all(path, bytes, &items::schema(kind))
            .map_err(|problems| Error::Entered { kind, problems: without_content(problems) })?;
    let lacks = items::check(kind, &body).map_or_else(|lacking| lacking.lacks, |()| Vec::new());
    problems.extend(together(&document, kind, structure, &lacks));
    let key = body.get("public_key").and_then(Value::as_str).filter(|key| !key.trim().is_empty());
    if key.is_some_and(|key| public_key(key).is_none()) {
        let what = What::Setting("no Ed25519 key `name+id+base64`".to_owned());
        problems.push(document.problem("public_key", what));
    }
    Ok((document, body))
}

/// Faults of the structure and what is lacking, each told once: what is missing by its item, what
/// has another type or is none of its words by the structure.
fn together(
    document: &Document,
    kind: Kind,
    structure: Vec<Problem>,
    lacks: &[Lack],
) -> Vec<Problem> {
    let is_told_elsewhere = |problem: &Problem| {
        let is_blank =
            matches!(&problem.what, What::NotOneOf { found, .. } if found.trim().is_empty());
        is_blank || matches!(problem.what, What::MissingKey { .. })
    };
    let (mut problems, mut told) = (Vec::new(), BTreeSet::new());
    let (missing, faults): (Vec<Problem>, Vec<Problem>) =
        structure.into_iter().partition(is_told_elsewhere);
    for lack in lacks {
        let is_told = told.contains(lack.path.as_str())
            || matches!(lack.what, Wrong::Form(_))
                && faults.iter().any(|fault| document.is_within(&lack.path, fault));
        if is_told {
            continue;
        }
        let mut what = lack.to_string();
        if let Some((other, both)) = alternative(kind, lack, lacks) {
            told.insert(other);
            what = both;
        }
        let words = missing.iter().find(|blank| document.is_within(&lack.path, blank));
        if let Some(What::NotOneOf { expected, .. }) = words.map(|blank| &blank.what) {
            what = format!("{what}, expected one of {}", quoted(expected));
        }
        problems.push(document.problem(&lack.path, What::Setting(what)));
    }
    problems.extend(without_content(faults));
    problems
}

/// Of an item that is missing and needed without another, which is missing too: that other, and
/// what is said of both.
fn alternative(kind: Kind, lack: &Lack, lacks: &[Lack]) -> Option<(&'static str, String)> {
    let item = items::of(kind).items.iter().find(|item| item.key == lack.path)?;
    let Need::Without(other) = item.need else { return None };
    let other = items::of(kind).items.iter().find(|item| item.key == other)?;
    let is_wrong = lacks.iter().any(|lack| lack.path == other.key && lack.what != Wrong::Missing);
    if lack.what != Wrong::Missing || is_wrong {
        return None;
    }
    let name = |item: &items::Item| format!("{} ({})", item.english, item.korean);
    let keys = format!("one of `{}` and `{}` is missing", item.key, other.key);
    let what = format!("{keys}: {}, or {}", name(item), name(other));
    let law = if lack.law == "-" { String::new() } else { format!(", asked for by {}", lack.law) };
    Some((other.key, what + &law))
}

/// Where items do not go together, with each other or with earlier records.
fn misfit(place: &Place, misfits: &[Misfit]) -> Vec<Problem> {
    let problem = |of: &Misfit| place.problem(of.path, What::Setting(of.to_string()));
    misfits.iter().map(problem).collect()
}

/// What looks like personal data or a secret, by item and kind.
fn personal(kind: Kind, body: &Map<String, Value>, place: &Place) -> Vec<Problem> {
    let found = personal::places(kind, body).into_iter();
    let problem = |(item, kinds): (String, String)| {
        let what = format!(
            "`{item}`: looks like personal data or a secret: {kinds}. A record is never rewritten: name a post, an account or a document instead"
        );
        place.problem(&item, What::Setting(what))
    };
    found.map(problem).collect()
}

/// An error if there are problems, in the order of their places.
fn faultless(kind: Kind, mut problems: Vec<Problem>) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort_by_key(|problem| (problem.line, problem.column));
    Err(Error::Entered { kind, problems })
}

/// Problems that do not say what was found: somebody may have put a name there.
fn without_content(problems: Vec<Problem>) -> Vec<Problem> {
    let told = |problem: Problem| {
        let what = if let What::NotOneOf { expected, .. } = &problem.what {
            format!("not one of its words, expected one of {}", quoted(expected))
        } else if let What::Type { found, expected } = &problem.what
            && found.to_string() == "date"
        {
            format!("found a date, expected {}: put it in quotes", expected.join(" or "))
        } else if let What::UnknownKey { found, .. } = &problem.what
            && !personal::kinds(found).is_empty()
        {
            "unknown key, looks like personal data or a secret".to_owned()
        } else {
            return problem;
        };
        Problem { what: What::Setting(what), ..problem }
    };
    problems.into_iter().map(told).collect()
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
