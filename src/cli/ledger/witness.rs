//! `gamyeong ledger witness`: a second party that signs for ledgers of others.
//!
//! Not here: what is signed and what refused (`ledger::witness`).

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::cli::language::Language;
use crate::config::house::root_of;
use crate::error::{Error, Outside, Usage};
use crate::ledger::cosignature::WitnessKey;
use crate::ledger::note::BadKey;
use crate::ledger::witness::{self, Answered, Stopped, Witness};
use crate::pipeline::signer::WitnessSigner;
use crate::vault::cosigning::CosigningKey;
use crate::vault::random::Os;

/// Sign, as a second party, for the ledgers of others
///
/// Run by somebody else than whose ledger it is: another institution, or the audit office. It
/// answers every request in DIR/in, which `ledger consistency` writes: checks both signatures
/// against DIR/logs.txt and that the ledger goes on from what was signed before, and puts the
/// checkpoint with its own signature and the time into DIR/out. A ledger that was forked, cut
/// or rewritten gets none. Exit code 1 if a request was refused.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Directory of the witness
    dir: PathBuf,
    /// Make the directory and its key, which signs under this name
    ///
    /// A name like a URL without scheme. Prints the public key, for whoever verifies.
    #[arg(long, value_name = "NAME", conflicts_with = "show_key")]
    init: Option<String>,
    /// Print the public key
    #[arg(long)]
    show_key: bool,
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if there is no witness, or one would be made in a house; [`Error::Vault`] if its key is not usable;
/// [`Error::Outside`] if it cannot work, or refused a request.
pub(super) fn run(
    args: &Args,
    language: Language,
    now: Timestamp,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    if let Some(name) = &args.init {
        return init(&args.dir, name, out);
    }
    let key = witness::key_file(&args.dir);
    if !key.exists() {
        return Err(Error::Usage(Usage::NoWitness { dir: args.dir.clone() }));
    }
    let name = witness::name(&args.dir).map_err(Outside::from)?;
    let signer = WitnessSigner::new(&name, CosigningKey::load(&key)?);
    if args.show_key {
        return show(&signer, out);
    }
    let witness = Witness::open(&args.dir, &signer).map_err(Outside::from)?;
    let answered = witness.answer(now).map_err(Outside::from)?;
    for one in &answered {
        writeln!(out, "{}", line(one, language)).map_err(Error::Output)?;
    }
    if answered.is_empty() {
        let nothing = language.choose("서명할 요청이 없습니다", "nothing to sign");
        writeln!(out, "{nothing}").map_err(Error::Output)?;
    }
    let refused = answered.iter().filter(|one| one.answer.is_err()).count();
    if refused == 0 {
        return Ok(());
    }
    Err(Outside::NotWitnessed { refused, asked: answered.len() }.into())
}

/// Makes a witness, and its key if there is none.
fn init(dir: &Path, name: &str, out: &mut impl io::Write) -> Result<(), Error> {
    // Whoever runs the nights could sign for them, and its files would lie among theirs.
    if root_of(dir).is_some() {
        return Err(Error::Usage(Usage::WitnessInHouse { dir: dir.to_owned() }));
    }
    witness::prepare(dir, name).map_err(|stopped| {
        if matches!(stopped, Stopped::Key(BadKey::Name)) {
            Error::Usage(Usage::WitnessName { name: name.to_owned() })
        } else {
            Outside::from(stopped).into()
        }
    })?;
    let key = CosigningKey::generate(&witness::key_file(dir), &mut Os)?;
    show(&WitnessSigner::new(name, key), out)
}

fn show(signer: &WitnessSigner, out: &mut impl io::Write) -> Result<(), Error> {
    let key = WitnessKey::of(signer).map_err(Stopped::Key).map_err(Outside::from)?;
    writeln!(out, "{key}").map_err(Error::Output)
}

fn line(one: &Answered, language: Language) -> String {
    match &one.answer {
        Ok(signed) => {
            let seconds = i64::try_from(signed.time).unwrap_or_default();
            let time = Timestamp::from_second(seconds).unwrap_or_default();
            let (origin, size) = (&signed.checkpoint.origin, signed.checkpoint.size);
            let done = if signed.is_again {
                language.choose("이미 서명함", "signed before")
            } else {
                language.choose("서명함", "signed")
            };
            format!("{}: {done}, {origin}, {size} records, {time}", one.name)
        }
        Err(refusal) => {
            let refused = language.choose("거부", "refused");
            format!("{}: {refused}: {refusal}", one.name)
        }
    }
}
