//! `gamyeong ledger evidence`: the evidence of a year (보호수준 평가), in one archive.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::given;
use crate::cli::language::Language;
use crate::config::house::{House, INSTITUTION_FILE};
use crate::error::{Error, Usage};
use crate::fs;
use crate::report::evidence::{self, Evidence, Policy};
use crate::report::history::{Days, Entry, History};

/// Which year, and where to write it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The year, such as 2026
    year: i16,
    /// File to write, `.zip`
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// File with the ledger's public keys, one a line, received elsewhere: what is packed is
    /// verified with them
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
}

/// Writes the archive.
///
/// # Errors
///
/// [`Error::Usage`] if nothing was recorded in the year, the file is of another kind or lies in
/// a store, or the keys are none of this ledger; [`Error::LedgerBroken`] if the ledger is not intact, [`Error::Ledger`] if
/// it cannot be read, [`Error::Busy`] if a night appends all the while, [`Error::File`] if the
/// archive cannot be written.
pub(super) fn run(
    args: &Args,
    house: &House,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    given::outside_stores(house, &args.out)?;
    given::ending(&args.out, &["zip"])?;
    let trusted = args.trust.as_deref().map(|path| given::trusted(house, path)).transpose()?;
    let trusted = trusted.flatten();
    let (mut verified, mut history) = given::history_by(house, trusted.as_deref())?;
    let left_out = evidence::leave_out(&mut verified, &mut history, super::SECRETS);
    let days = days(args.year, &history)?;
    let policies = house.institution.policy.iter().map(|policy| Policy {
        from: policy.from,
        purposes: policy.purposes.iter().map(|purpose| purpose.korean()).collect(),
    });
    let evidence = Evidence {
        year: args.year,
        verified: &verified,
        left_out: &left_out,
        history: &history,
        zone: &house.institution.zone,
        policies: &policies.collect::<Vec<_>>(),
        institution: institution(&house.root.join(INSTITUTION_FILE))?,
    };
    let head = given::head(&verified.report, &history, days);
    let files = evidence.files(given::workbook(&evidence.tables(), &head)?);
    let files = evidence.with_index(files);
    let archive = evidence::pack(&verified, &files);
    let archive = archive.map_err(|source| Error::Output(io::Error::other(source)))?;
    fs::write_durably(&args.out, &archive, fs::SHARED_FILE)?;
    writeln!(out, "{}", args.out.display()).map_err(Error::Output)?;
    for file in &left_out {
        writeln!(out, "{} (SHA-256 {})", given::left_out(&file.path, language), file.sha256)
            .map_err(Error::Output)?;
    }
    Ok(())
}

/// The days of a year in which something was recorded.
fn days(year: i16, history: &History) -> Result<Days, Error> {
    let recorded: Vec<Date> = history.entries.iter().filter_map(Entry::day).collect();
    let days = Days::of_year(year);
    let has_any = |days: &Days| recorded.iter().any(|day| days.has(Some(*day)));
    days.filter(has_any).ok_or_else(|| {
        let year_of = |day: Option<&Date>| day.map_or(year, |day| day.year());
        let (first, last) = (year_of(recorded.first()), year_of(recorded.last()));
        Error::Usage(Usage::NoYear { found: year, first, last })
    })
}

/// The institution file without comments and without the places of its stores: in the
/// archive the ledger lies beside it.
fn institution(path: &Path) -> Result<Vec<u8>, Error> {
    let text = String::from_utf8_lossy(&fs::read(path)?).into_owned();
    let not_read = |source: toml::de::Error| Error::Output(io::Error::other(source));
    let mut table: toml::Table = text.parse().map_err(not_read)?;
    table.remove("stores");
    let text = toml::to_string(&table);
    Ok(text.map_err(|source| Error::Output(io::Error::other(source)))?.into_bytes())
}
