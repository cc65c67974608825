//! `gamyeong ledger check-table`: for a researcher who has a table and no house.
//!
//! Not here: what is checked and how (`ledger::side_car`).

use std::cmp::Ordering;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Language, keys, text};
use crate::error::Error;
use crate::ledger::proof::ProofError;
use crate::ledger::report::Status;
use crate::ledger::side_car::{Unvouched, Vouched};
use crate::ledger::tlog_proof::Unproven;
use crate::pipeline::side_car::{Looked, look};
use crate::report::words;

/// Check a table by the side-car beside it: no house and no ledger are needed
///
/// Hashes the table, and asks `TABLE.tlog-proof`: both signatures, that the record of the run
/// is in the ledger that was signed for, and that the record names this table. The public keys
/// must come from the institution some other way than the table. Exit code 1 if anything fails.
/// Whether a later run put another table in its place is for the ledger to say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The table, a Parquet file
    table: PathBuf,
    /// File with the ledger's public keys, one a line, received elsewhere
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// The side-car, if it does not lie beside the table
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The four things that are checked, in their order.
const CHECKS: [(&str, &str, &str); 4] = [
    ("side-car", "증명 파일이 있음", "there is a side-car, and it is a proof"),
    ("signatures", "두 서명이 받은 공개키의 것임", "both signatures are by the keys given"),
    ("inclusion", "처리 기록이 서명된 기록부 안에 있음", "the record is in the ledger signed for"),
    (
        "table",
        "처리 기록이 이 표의 SHA-256을 적고 있음",
        "the record names the SHA-256 of this table",
    ),
];

/// Runs the command.
///
/// # Errors
///
/// [`Error::NotVerified`] if the side-car vouches for something else or is not there,
/// [`Error::Input`] if the table cannot be read, [`Error::Usage`] if the keys cannot.
pub(super) fn run(args: &Args, language: Language, out: &mut impl io::Write) -> Result<(), Error> {
    let keys = keys(&args.trust)?;
    let looked = look(&args.table, args.proof.as_deref(), &keys)?;
    let passed = passed(&looked);
    let written = if args.json {
        writeln!(out, "{}", value(&args.table, &looked, passed))
    } else {
        tell(&args.table, &looked, passed, language, out)
    };
    written.map_err(Error::Output)?;
    if passed == CHECKS.len() {
        return Ok(());
    }
    Err(Error::NotVerified { failed: 1, checked: passed + 1 })
}

/// How many of the checks passed before the one that did not.
fn passed(looked: &Looked) -> usize {
    match &looked.answer {
        None | Some(Err(Unvouched::Altered(Unproven::Form))) => 0,
        Some(Err(
            Unvouched::OtherLedger | Unvouched::Altered(Unproven::Checkpoint(_) | Unproven::Origin),
        )) => 1,
        Some(Err(Unvouched::Altered(Unproven::Proof(_)))) => 2,
        Some(Err(Unvouched::OtherTable)) => 3,
        Some(Ok(_)) => CHECKS.len(),
    }
}

/// Passed, failed, and what could not be asked any more.
pub(super) fn outcome(place: usize, passed: usize) -> Status {
    match place.cmp(&passed) {
        Ordering::Less => Status::Pass,
        Ordering::Equal => Status::Fail,
        Ordering::Greater => Status::NotChecked,
    }
}

fn why(looked: &Looked, language: Language) -> Option<String> {
    let unvouched = match &looked.answer {
        None => {
            let what = language.choose("없음", "not there");
            return Some(format!("{}: {what}", looked.side_car.display()));
        }
        Some(Err(unvouched)) => unvouched,
        Some(Ok(_)) => return None,
    };
    Some(match (unvouched, language) {
        (Unvouched::Altered(unproven), Language::En) => unproven.to_string(),
        (unvouched, Language::En) => unvouched.to_string(),
        (unvouched, Language::Ko) => korean(unvouched),
    })
}

fn korean(unvouched: &Unvouched) -> String {
    match unvouched {
        Unvouched::OtherLedger => {
            "증명 파일: 다른 기록부의 것이거나, 받은 공개키가 이 기록부의 것이 아님".to_owned()
        }
        Unvouched::OtherTable => "증명 파일: 그 처리 기록이 적은 것은 다른 표임".to_owned(),
        Unvouched::Altered(unproven) => unproven_korean(unproven),
    }
}

/// Why a proof shows nothing, in Korean. What a checkpoint lacks has a phrase already.
pub(super) fn unproven_korean(unproven: &Unproven) -> String {
    match unproven {
        Unproven::Form => "증명 파일: 증명의 형식이 아님".to_owned(),
        Unproven::Origin => "증명 파일: 다른 기록부의 체크포인트임".to_owned(),
        Unproven::Checkpoint(unacceptable) => words::finding(&unacceptable.to_string()),
        Unproven::Proof(ProofError::Root { found, expected }) => {
            format!("증명: 실제로는 뿌리값 {found}, 있어야 할 것은 {expected}")
        }
        Unproven::Proof(ProofError::Index { index, size }) => {
            format!("증명: 기록 {index}번이 기록 {size}개 안에 없음")
        }
        Unproven::Proof(
            ProofError::Length { .. } | ProofError::Shrinks { .. } | ProofError::NothingToCompare,
        ) => "증명: 해시의 수가 기록의 수에 맞지 않음".to_owned(),
    }
}

fn value(table: &Path, looked: &Looked, passed: usize) -> Value {
    let checks = CHECKS.iter().enumerate();
    let checks = checks.map(
        |(place, (name, ..))| json!({"check": name, "outcome": outcome(place, passed).as_str()}),
    );
    let mut value = json!({
        "status": if passed == CHECKS.len() { "pass" } else { "fail" },
        "table": table.display().to_string(),
        "sha256": looked.sha256,
        "side_car": looked.side_car.display().to_string(),
        "checks": checks.collect::<Vec<_>>(),
        "reason": why(looked, Language::En),
    });
    if let (Some(Ok(vouched)), Some(object)) = (&looked.answer, value.as_object_mut()) {
        object
            .extend(told(vouched).into_iter().map(|(name, _, _, value)| (name.to_owned(), value)));
    }
    value
}

/// What a table is, by its record: a name for machines, one in Korean and in English, a value.
fn told(vouched: &Vouched) -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let Vouched { record, checkpoint, path } = vouched;
    let of = |key: &str| record.body.get(key).cloned().unwrap_or(Value::Null);
    let period = match (of("period_start").as_str(), of("period_end").as_str()) {
        (Some(start), Some(end)) => json!(format!("{start} ~ {end}")),
        _ => of("period_none_reason"),
    };
    let outputs = record.body.get("outputs").and_then(Value::as_array).into_iter().flatten();
    let rows =
        outputs.filter(|one| one["path"] == json!(path)).map(|one| one["rows"].clone()).next();
    let controller = of("controller").get("name").cloned().unwrap_or(Value::Null);
    vec![
        ("ledger", "처리 기록부", "ledger", json!(checkpoint.origin)),
        ("size", "서명된 기록 수", "records signed for", json!(checkpoint.size)),
        ("seq", "처리 기록 번호", "record", json!(record.seq)),
        ("time", "기록 일시", "recorded at", json!(record.time)),
        ("controller", "개인정보처리자", "controller", controller),
        ("management_no", "관리번호", "management number", of("management_no")),
        ("pipeline", "가명처리 이름", "pipeline", of("pipeline")),
        ("run", "처리", "run", json!(record.run)),
        ("date", "원천 일자", "date of the input", of("date")),
        ("path", "저장 위치", "path in the store", json!(path)),
        ("rows", "행 수", "rows", rows.unwrap_or(Value::Null)),
        ("purpose_category", "처리 목적", "purpose", of("purpose_category")),
        ("purpose_detail", "세부 목적", "purpose in detail", of("purpose_detail")),
        ("environment", "활용 형태", "form of use", of("environment")),
        ("recipient", "제공받는 자", "recipient", of("recipient")),
        ("period", "처리 기간", "period", period),
    ]
}

fn tell(
    table: &Path,
    looked: &Looked,
    passed: usize,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    writeln!(out, "{}", table.display())?;
    writeln!(out, "  SHA-256 {}", looked.sha256)?;
    for (place, (_, korean, english)) in CHECKS.iter().enumerate() {
        let what = language.choose(korean, english);
        writeln!(out, "  {} {what}", text::outcome(outcome(place, passed), language))?;
        if place == passed
            && let Some(why) = why(looked, language)
        {
            writeln!(out, "    {why}")?;
        }
    }
    let Some(Ok(vouched)) = &looked.answer else { return Ok(()) };
    let later = language.choose(
        "이 표가 나중에 대체되었는지 (기록부에서 확인: 이후 실행의 supersedes)",
        "whether a later run replaced it (the ledger says: `supersedes` of a later run)",
    );
    writeln!(out, "  {} {later}", text::outcome(Status::NotChecked, language))?;
    for (_, korean, english, value) in told(vouched) {
        let value = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                value.to_string()
            }
        };
        writeln!(out, "{}: {value}", language.choose(korean, english))?;
    }
    Ok(())
}
