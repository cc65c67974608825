//! `gamyeong ledger prune`: which records need not be kept any longer. Removes nothing.

use std::io;

use jiff::civil::Date;

use super::given;
use crate::cli::language::Language;
use crate::cli::plan::padded;
use crate::config::house::House;
use crate::error::Error;
use crate::report::pruning::{self, Finding, Proposal};

/// On which day, and how to print it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Day to ask about, today if not given
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Prints the proposal.
///
/// # Errors
///
/// [`Error::LedgerBroken`] if the ledger is not intact, [`Error::Ledger`] if it cannot be
/// read, [`Error::Busy`] if a night appends all the while.
pub(super) fn run(
    args: &Args,
    house: &House,
    today: Date,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let (_, history) = given::history(house)?;
    let proposal = pruning::propose(&history, args.on.unwrap_or(today));
    let written = if args.json {
        out.write_all(&given::json(&proposal)?)
    } else {
        as_text(&proposal, language, out)
    };
    written.map_err(Error::Output)
}

fn as_text(proposal: &Proposal, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let on = proposal.on;
    match language {
        Language::Ko => writeln!(out, "{on} 기준 제안이며 아무것도 지우지 않음")?,
        Language::En => writeln!(out, "on {on}: a proposal, nothing is removed")?,
    }
    for of in &proposal.pipelines {
        let (name, records) = (padded(&of.pipeline, 24), of.records);
        match language {
            Language::Ko => {
                writeln!(out, "  {name} {records:>6}건: {}", korean(of.finding))?;
            }
            Language::En => {
                writeln!(out, "  {name} {records:>6} records: {}", english(of.finding))?;
            }
        }
    }
    for of in &proposal.segments {
        let (segment, free, records) = (of.segment, of.free, of.records);
        let is_whole = free == records;
        match language {
            Language::Ko => {
                let said = if is_whole { "파일째 가능" } else { "파일째로는 불가" };
                writeln!(
                    out,
                    "  records/{segment:06}.jsonl: 기록 {records}건 중 {free}건, {said}"
                )?;
            }
            Language::En => {
                let said = if is_whole { "as a whole" } else { "not as a whole" };
                writeln!(out, "  records/{segment:06}.jsonl: {free} of {records} records, {said}")?;
            }
        }
    }
    let decided = language.choose(
        "공공기관 기록물의 폐기는 기록물관리 절차(공공기록물 관리에 관한 법률)에 따라 정합니다",
        "what becomes of a public body's records is decided by its records management",
    );
    writeln!(out, "{decided}")
}

fn english(finding: Finding) -> String {
    match finding {
        Finding::Free { from } => format!("need not be kept since {from}"),
        Finding::Waiting { from } => format!("kept, need not be from {from}"),
        Finding::NotDestroyed { files } => {
            format!("kept, no record says that {} destroyed", were(files, "file"))
        }
        Finding::KeysHeld { keys } => {
            format!("kept, no record says that {} destroyed", were(keys, "key"))
        }
        Finding::HandedOver => {
            "kept, what was handed over may still be with its recipient".to_owned()
        }
    }
}

fn korean(finding: Finding) -> String {
    match finding {
        Finding::Free { from } => format!("{from}부터 보관 의무 없음"),
        Finding::Waiting { from } => format!("보관, {from}부터 의무 없음"),
        Finding::NotDestroyed { files } => format!("보관, 파일 {files}개의 파기 기록이 없음"),
        Finding::KeysHeld { keys } => format!("보관, 키 {keys}개의 파기 기록이 없음"),
        Finding::HandedOver => "보관, 제공한 것이 받은 곳에 남아 있을 수 있음".to_owned(),
    }
}

/// One file was, two files were.
fn were(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what} was") } else { format!("{number} {what}s were") }
}
