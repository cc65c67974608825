//! `gamyeong ledger check-proof`: for whoever has the proof of a record and no house.
//!
//! Not here: what is checked and how (`ledger::tlog_proof`).

use std::io;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::keys;
use super::table::{outcome, unproven_korean};
use crate::cli::language::Language;
use crate::cli::named;
use crate::error::{Error, Usage};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::record::Record;
use crate::ledger::tlog_proof::{Inclusion, Unproven};

/// Check the proof of a record: no house and no ledger are needed
///
/// Asks both signatures of the checkpoint in the proof, and that the record leads to its root:
/// that it stood at its place in a ledger of that size. The public keys must come from the
/// institution some other way. Exit code 1 if anything fails. Whether the ledger still goes on
/// from there is for the ledger to say (`ledger verify --earlier PROOF`).
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The proof, as `ledger prove SEQ` makes it
    proof: PathBuf,
    /// File with the ledger's public keys, one a line, received elsewhere
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// The record, as `ledger show SEQ --json` prints it; the side-car of a table has it in it
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What is checked, in its order: a name, and what it says in two languages.
const CHECKS: [(&str, &str, &str); 2] = [
    ("signatures", "두 서명이 받은 공개키의 것임", "both signatures are by the keys given"),
    ("inclusion", "기록이 서명된 기록부 안에 있음", "the record is in the ledger signed for"),
];

/// What was found.
struct Found {
    proof: Inclusion,
    line: Vec<u8>,
    answer: Result<Checkpoint, Unproven>,
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if a file cannot be read or is none of its kind, or no record is given;
/// [`Error::NotVerified`] if the proof is of another record or ledger.
pub(super) fn run(args: &Args, language: Language, out: &mut impl io::Write) -> Result<(), Error> {
    let keys = keys(&args.trust)?;
    let text = named::read("PROOF", &args.proof)?;
    let proof = Inclusion::parse(&String::from_utf8_lossy(&text))
        .map_err(|_| Error::Usage(Usage::NoProof { path: args.proof.clone() }))?;
    let line = match &args.record {
        Some(path) => {
            let mut line = named::read("--record", path)?;
            if line.ends_with(b"\n") {
                line.pop();
            }
            line
        }
        None => proof.extra.clone().ok_or(Error::Usage(Usage::RecordMissing))?,
    };
    let answer = proof.verify(&line, &keys);
    let found = Found { proof, line, answer };
    let passed = found.passed();
    let written = if args.json {
        writeln!(out, "{}", found.value(passed))
    } else {
        found.text(passed, language, out)
    };
    written.map_err(Error::Output)?;
    if passed == CHECKS.len() {
        return Ok(());
    }
    Err(Error::NotVerified { failed: 1, checked: passed + 1 })
}

impl Found {
    /// How many of the checks passed before the one that did not.
    fn passed(&self) -> usize {
        match self.answer {
            Ok(_) => CHECKS.len(),
            Err(Unproven::Proof(_)) => 1,
            Err(Unproven::Form | Unproven::Checkpoint(_) | Unproven::Origin) => 0,
        }
    }

    /// What it is the proof of, if it is one: a name, one in Korean and in English, a value.
    fn told(&self) -> Vec<(&'static str, &'static str, &'static str, Value)> {
        let Ok(checkpoint) = &self.answer else { return Vec::new() };
        let Ok(record) = Record::parse(&self.line) else { return Vec::new() };
        vec![
            ("ledger", "처리 기록부", "ledger", json!(checkpoint.origin)),
            ("size", "서명된 기록 수", "records signed for", json!(checkpoint.size)),
            ("root", "뿌리값", "root", json!(checkpoint.root.to_hex())),
            ("seq", "일련번호", "record", json!(self.proof.index)),
            ("time", "기록 일시", "recorded at", json!(record.time)),
            ("type", "종류", "kind", json!(record.type_name)),
        ]
    }

    fn value(&self, passed: usize) -> Value {
        let checks = CHECKS.iter().enumerate().map(|(place, (name, ..))| {
            json!({"check": name, "outcome": outcome(place, passed).as_str()})
        });
        let mut value = json!({
            "status": outcome(CHECKS.len() - 1, passed).as_str(),
            "checks": checks.collect::<Vec<_>>(),
            "reason": self.answer.as_ref().err().map(ToString::to_string),
        });
        if let Some(table) = value.as_object_mut() {
            table.extend(self.told().into_iter().map(|(name, _, _, told)| (name.to_owned(), told)));
        }
        value
    }

    fn text(&self, passed: usize, language: Language, out: &mut impl io::Write) -> io::Result<()> {
        for (place, (_, korean, english)) in CHECKS.iter().enumerate() {
            let outcome = super::text::outcome(outcome(place, passed), language);
            writeln!(out, "  {outcome} {}", language.choose(korean, english))?;
            if let Some(unproven) = self.answer.as_ref().err().filter(|_| place == passed) {
                let why = match language {
                    Language::Ko => unproven_korean(unproven),
                    Language::En => unproven.to_string(),
                };
                writeln!(out, "    {why}")?;
            }
        }
        for (_, korean, english, told) in self.told() {
            let told = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
            writeln!(out, "{}: {told}", language.choose(korean, english))?;
        }
        Ok(())
    }
}
