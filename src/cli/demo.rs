//! `gamyeong demo`: a house with an invented day, and everything run on it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::init::{self, Example};
use super::language::Language;
use super::run::{self, grouped};
use super::told;
use crate::demo::{Institution, WEB_LINES, Written, write_day};
use crate::error::Error;
use crate::fs::{self, Action, Failure};

/// Make a house with an invented day and run every pipeline on it
///
/// Nobody in it exists. The house stays, and all other commands work on it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A directory that is new or empty
    #[arg(default_value = "gamyeong-demo")]
    dir: PathBuf,

    /// Lines of the web log; the tables have a tenth of that
    #[arg(long, default_value_t = WEB_LINES)]
    lines: u64,

    /// Which institution to play
    #[arg(long, value_enum, default_value_t = Example::Library)]
    institution: Example,

    /// Another seed gives other people
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Exit code of a refusal.
const REFUSED: u8 = 1;

/// The invented day.
fn day() -> Date {
    jiff::civil::date(2026, 11, 20)
}

/// Runs the command and prints what happened.
///
/// # Errors
///
/// Those of making a house and of running pipelines.
pub fn run(args: &Args, language: Language, out: &mut impl Write) -> Result<(), Error> {
    let made = init::make(&args.dir, args.institution)?;
    let institution = match args.institution {
        Example::Library => Institution::Library,
        Example::Welfare => Institution::Welfare,
    };
    let written = write_files(&args.dir, institution, args.lines, args.seed)?;
    went_in(&written, &args.dir, language, out).map_err(Error::Output)?;

    let arguments = run::Args {
        pipelines: made.pipelines,
        date: day(),
        input: Vec::new(),
        accept_change: None,
        json: false,
        exit_if_nothing: 0,
    };
    let say = |korean, english| language.choose(korean, english);
    writeln!(out, "\n{}", say("나온 것", "What came out")).map_err(Error::Output)?;
    let (mut table, mut sealed) = (None, None);
    for report in run::reports(&arguments, Some(&args.dir))? {
        let (report, error) = report;
        match error {
            Some(error) if error.number() == REFUSED => {
                refused(&error, language, out).map_err(Error::Output)?;
                continue;
            }
            Some(error) => return Err(error),
            None => {}
        }
        told::write(&report, language, out).map_err(Error::Output)?;
        let path = report.outputs.first().and_then(|output| output["path"].as_str());
        table = table.or(path.map(str::to_owned));
        let mut listed = report.commit["sealed"].as_array().into_iter().flatten();
        let path = listed.find_map(|entry| entry["path"].as_str());
        sealed = sealed.or(path.map(str::to_owned));
    }
    let found = [table.as_deref(), sealed.as_deref()];
    look_next(&args.dir, found, language, out).map_err(Error::Output)
}

fn write_files(
    root: &Path,
    institution: Institution,
    lines: u64,
    seed: u64,
) -> Result<Vec<Written>, Error> {
    let mut open = |path: &str| -> io::Result<Box<dyn Write>> {
        let file: File =
            fs::create(&root.join(path), fs::PRIVATE_FILE).map_err(io::Error::other)?;
        Ok(Box::new(BufWriter::with_capacity(1 << 20, file)))
    };
    write_day(institution, day(), lines, seed, &mut open).map_err(|source| {
        Error::File(Failure { action: Action::Write, path: root.to_owned(), source })
    })
}

fn went_in(
    written: &[Written],
    root: &Path,
    language: Language,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        language.choose("들어간 것 (지어낸 하루)", "What went in (an invented day)")
    )?;
    for file in written {
        let (path, lines) = (root.join(&file.path), grouped(file.lines));
        let unit = language.choose("행", "lines");
        writeln!(out, "  {}  {lines} {unit}", path.display())?;
    }
    Ok(())
}

/// With few lines there are too few people to hide among, and the gate says
/// so. For a demonstration that is a result like any other.
fn refused(error: &Error, language: Language, out: &mut impl Write) -> io::Result<()> {
    let why = language.choose(
        "행이 적어 숨을 무리가 작습니다. `--lines`를 늘려 보십시오",
        "few lines are few people to hide among: try more `--lines`",
    );
    super::report(error, out)?;
    writeln!(out, "  {why}")
}

/// Names what is there: where all tables were refused, there is none to open.
fn look_next(
    root: &Path,
    [table, sealed]: [Option<&str>; 2],
    language: Language,
    out: &mut impl Write,
) -> io::Result<()> {
    let root = root.display();
    let say = |korean, english| language.choose(korean, english);
    writeln!(out, "\n{}", say("다음에 볼 것", "What to look at next"))?;
    if let Some(table) = table {
        let what = say(
            "가명정보 (DuckDB, pandas, Polars로 열립니다)",
            "the pseudonymised tables, with DuckDB, pandas or Polars",
        );
        writeln!(out, "  {what}\n    {root}/store/{table}")?;
    }
    let what = say(
        "처리 기록, 그리고 기록과 표가 그대로인지 확인",
        "the processing records, and whether they and the tables are unaltered",
    );
    writeln!(out, "  {what}\n    gamyeong --house {root} ledger list")?;
    writeln!(out, "    gamyeong --house {root} ledger verify --data")?;
    if let Some(sealed) = sealed {
        let what = say(
            "표에서 빠진 행 (추가정보 관리자의 키로만 열립니다)",
            "what was taken out, with the custodian's key alone",
        );
        let identity = format!("{root}/custodian/custodian.key");
        let why = say("\"빠진 행 확인\"", "\"a look at what was taken out\"");
        writeln!(
            out,
            "  {what}\n    gamyeong vault open --reason {why} --identity {identity} {root}/vault/{sealed}"
        )?;
    }
    Ok(())
}
