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
use crate::ledger::proof::ProofError;
use crate::ledger::witness::{self, Answered, Refusal, Stopped, Witness};
use crate::pipeline::signer::WitnessSigner;
use crate::report::words;
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
            let size = match language {
                Language::Ko => format!("기록 {size}건"),
                Language::En => format!("{size} records"),
            };
            format!("{}: {done}, {origin}, {size}, {time}", one.name)
        }
        Err(refusal) => match language {
            Language::Ko => format!("{}: 거부: {}", one.name, korean(refusal)),
            Language::En => format!("{}: refused: {refusal}", one.name),
        },
    }
}

/// Why a request gets no signature. `out/NAME.refused` is for the one who asked, in English.
fn korean(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Form => "이전 크기, 해시, 체크포인트로 된 파일이 아님".to_owned(),
        Refusal::Unknown => "모르는 기록부: `logs.txt`에 그 이름의 공개키가 없음".to_owned(),
        Refusal::Checkpoint(why) => words::finding(&why.to_string()),
        Refusal::Fork { size } => {
            format!("갈라짐: 기록 {size}건의 체크포인트에 이미 서명했고 그 뿌리값이 다름")
        }
        Refusal::Shrinks { found, known } => {
            format!("줄어듦: 기록 {found}건, 이미 {known}건에 서명함")
        }
        Refusal::OldSize { found, known } => {
            format!("증명이 기록 {found}건부터임, 마지막으로 서명한 것은 {known}건")
        }
        Refusal::Proof { known, source } => {
            format!("갈라짐: 서명했던 기록 {known}건에서 이어지지 않음: {}", of_proof(source))
        }
    }
}

fn of_proof(error: &ProofError) -> String {
    match error {
        ProofError::Index { index, size } => {
            format!("{index}번 기록이 크기 {size}의 기록부에 없음")
        }
        ProofError::Shrinks { old, new } => {
            format!("기록 {new}건, 이어야 할 것은 {old}건")
        }
        ProofError::NothingToCompare => "이전 크기가 0이라 비교할 것이 없음".to_owned(),
        ProofError::Length { found } => {
            format!("증명의 해시 {found}개가 크기에 맞지 않음")
        }
        ProofError::Root { found, expected } => {
            format!("증명한 뿌리값 {found}, 있어야 할 것은 {expected}")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::checkpoint::Unacceptable;
    use crate::ledger::note::{Algorithm, Rejected};
    use crate::ledger::tree::Hash;

    use super::*;

    /// Found by a review: beside `거부` the reason stood in English.
    #[test]
    fn a_refusal_is_told_in_korean_with_its_figures() {
        let (found, expected) = (Hash::of(b"a"), Hash::of(b"b"));
        let missing = Rejected::Missing { algorithm: Algorithm::Ed25519 };
        let proofs = [
            ProofError::Index { index: 41, size: 7 },
            ProofError::Shrinks { old: 41, new: 7 },
            ProofError::NothingToCompare,
            ProofError::Length { found: 41 },
            ProofError::Root { found, expected },
        ];
        let proofs = proofs.map(|source| Refusal::Proof { known: 60, source });
        let others = [
            Refusal::Form,
            Refusal::Unknown,
            Refusal::Checkpoint(Unacceptable::Text),
            Refusal::Checkpoint(Unacceptable::Note(missing)),
            Refusal::Fork { size: 41 },
            Refusal::Shrinks { found: 41, known: 60 },
            Refusal::OldSize { found: 41, known: 60 },
        ];
        let digits = |text: &str| {
            let words = text.split(|letter: char| !letter.is_ascii_hexdigit());
            let mut found: Vec<String> = words
                .filter(|word| word.chars().any(|letter| letter.is_ascii_digit()))
                .map(str::to_owned)
                .collect();
            found.sort();
            found
        };
        for answer in others.into_iter().chain(proofs) {
            let english = answer.to_string();
            let one = Answered { name: "x".to_owned(), answer: Err(answer) };
            let told = line(&one, Language::Ko);
            let told = told.strip_prefix("x: 거부: ").unwrap();
            let is_english = |word: &str| {
                let word = word.trim_matches(|letter: char| !letter.is_ascii_alphabetic());
                !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphabetic())
            };
            // The names of the two algorithms have no Korean.
            let words = told.replace("Ed25519", "").replace("ECDSA P-256", "");
            assert!(!words.split_whitespace().any(is_english), "{told}");
            // `0` is what there is nothing of, in both.
            if !told.contains("비교할 것이 없음") {
                assert_eq!(digits(told), digits(&english), "{told}");
            }
        }
    }
}
