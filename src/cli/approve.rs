//! `gamyeong approve`: for reviewers (검토자) and the privacy officer (개인정보 보호책임자).
//!
//! Needs no house: who approves works elsewhere than who runs the nights.
//!
//! Not here: entering what was signed (`enter`), what counts (`ledger::approvals`).

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::enter::{self, File};
use super::language::Language;
use super::outside;
use crate::config::house::{House, is_name, root_of};
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::approvals;
use crate::ledger::items;
use crate::ledger::record::Kind;
use crate::pipeline::approval;
use crate::vault::approver::ApproverKey;
use crate::vault::random::Os;

/// Make a key to approve with, and sign reviews and approvals
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a key: `NAME.key`, for its owner alone, and `NAME.pub`, to be granted
    ///
    /// Keep the key where only its owner can read it, on no machine that runs nights. It counts
    /// when a record has granted it: `gamyeong ledger enter rights.granted`, with the line of
    /// `NAME.pub` as `public_key`.
    Keygen {
        /// Directory to write both files to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Name to sign under: a role such as `reviewer-1`, no name of a person
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Sign a review or approval
    ///
    /// Prints what is signed with its signature, to be read and handed to whoever enters it:
    /// `gamyeong ledger enter KIND --file NOTE`. Of a review by several, each signs the note of
    /// the one before.
    Sign {
        /// What it is: `risk.review`, `adequacy.review`, `plan.approved` or `retention.approved`
        kind: String,
        /// File with its items, as `gamyeong ledger enter KIND --example` prints it, or a note
        /// that another one has signed
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// The key of who signs
        #[arg(long, value_name = "KEY")]
        key: PathBuf,
        /// Whose ledger it is for, if no house is at hand: `controller.id` of its institution
        #[arg(long, value_name = "ID")]
        controller: Option<String>,
        /// Write it to this new file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if the kind is none that is signed, the name none, the place a house or a
/// store of one, or nothing says whose ledger it is for; [`Error::Entered`] if the file lacks
/// something; [`Error::Vault`] if the key cannot be made or used; [`Error::Approval`] if a note was changed.
pub fn run(
    args: &Args,
    house: Option<&Path>,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    match &args.command {
        Command::Keygen { out: dir, name } => keygen(dir, name, language, out),
        Command::Sign { kind, file, key, controller, out: to } => {
            let kind = kind_of(kind)?;
            if let Some(path) = to {
                let named = house.map(House::open).transpose()?;
                outside::of_stores(named.as_ref(), "--out", path)?;
            }
            let (text, others) = unsigned(kind, file, || match controller {
                Some(id) => Ok(id.clone()),
                None => Ok(super::house_at(house, Path::new("."))?.institution.controller.id),
            })?;
            let key = ApproverKey::load(key)?;
            // Who signs is to see what is signed before it is, wherever it is written.
            out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)?;
            let note = approval::sign(&text, &others, &key);
            let note = note.map_err(|source| Error::Approval { source })?;
            if let Some(path) = to {
                fs::write_new_durably(path, note.as_bytes(), fs::SHARED_FILE)?;
            }
            let signatures = note.strip_prefix(&text).unwrap_or(&note);
            out.write_all(signatures.as_bytes()).map_err(Error::Output)
        }
    }
}

fn kind_of(name: &str) -> Result<Kind, Error> {
    let kind = name.parse::<Kind>().ok().filter(|kind| approvals::signers(*kind).is_some());
    kind.ok_or_else(|| Error::Usage(Usage::NotSigned(name.to_owned())))
}

fn keygen(
    dir: &Path,
    name: &str,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    if !is_name(name) {
        return Err(Error::Usage(Usage::SignerName(name.to_owned())));
    }
    if root_of(dir).is_some() {
        return Err(Error::Usage(Usage::KeyInHouse { path: dir.to_owned() }));
    }
    fs::create_dir(dir, fs::PRIVATE_DIR)?;
    let (key, path) = ApproverKey::generate(dir, name, &mut Os)?;
    let public = approval::public_key(&key);
    let public = public.map_err(|_| Error::Usage(Usage::SignerName(name.to_owned())))?;
    let beside = path.with_extension("pub");
    fs::write_durably(&beside, format!("{public}\n").as_bytes(), fs::SHARED_FILE)?;
    let told = language.choose(
        "본인만 읽을 수 있는 곳에 두고, 공개키는 rights.granted의 public_key로 부여받습니다",
        "keep it where only its owner can read it, and have the public key granted: rights.granted, public_key",
    );
    let written = writeln!(out, "{}\n{}\n{public}\n{told}", path.display(), beside.display());
    written.map_err(Error::Output)
}

/// What is to be signed of a file of items or a note, and the signatures that it has.
fn unsigned(
    kind: Kind,
    file: &Path,
    controller: impl FnOnce() -> Result<String, Error>,
) -> Result<(String, Vec<String>), Error> {
    let File { body, controller: named, .. } = enter::read(kind, file, None)?;
    let Some(named) = named else {
        return Ok((approval::text(kind, &controller()?, &body), Vec::new()));
    };
    check(kind, &body)?;
    let signatures = body.get("signatures").and_then(Value::as_array).into_iter().flatten();
    let others = signatures.filter_map(|line| line.as_str().map(str::to_owned)).collect();
    Ok((approval::text(kind, &named, &body), others))
}

/// What nobody could enter is not signed either.
fn check(kind: Kind, body: &Map<String, Value>) -> Result<(), Error> {
    items::check(kind, body).map_err(|source| Error::Items { source })
}
