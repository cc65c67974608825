//! `gamyeong ledger anchor`: what others vouch for, asked for and taken in.
//!
//! Not here: whether it vouches for this ledger (`ledger::voucher`).

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::language::Language;
use crate::cli::{self, named, outside};
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::cosignature::WitnessKey;
use crate::ledger::openssl::{self, Authority};
use crate::ledger::voucher::{self, Voucher};
use crate::pipeline::vouching::{self, Recorded};

/// Have others vouch for the ledger: a time stamping authority, or a witness
///
/// What is taken in is checked, kept beside the records and recorded. `ledger verify` finds a
/// ledger that was cut or rewritten behind it.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
#[group(id = "what", required = true, multiple = false, args = ["request", "stamp", "cosigned"])]
pub(super) struct Args {
    /// Write the request for a time stamp (시점확인) on the newest checkpoint: RFC 3161, SHA-256
    #[arg(long, value_name = "FILE.tsq")]
    request: Option<PathBuf>,
    /// Take in the answer of a time stamping authority; `openssl` checks it
    #[arg(long, value_name = "FILE.tsr", requires = "authority")]
    stamp: Option<PathBuf>,
    #[command(flatten)]
    authority: AuthorityArgs,
    /// Take in a checkpoint that a witness has signed: its `out/NAME.note`
    #[arg(long, value_name = "FILE.note", requires = "witness_keys")]
    cosigned: Option<PathBuf>,
    /// File with public keys of witnesses, one a line
    #[arg(long, value_name = "FILE")]
    witness_keys: Option<PathBuf>,
}

/// Whose time stamps are believed.
#[derive(Debug, clap::Args)]
pub(super) struct AuthorityArgs {
    /// Certificates of the time stamping authority that you trust, as PEM
    #[arg(long, value_name = "FILE.pem")]
    authority: Option<PathBuf>,
    /// Certificates between those and the one that signed, as PEM
    #[arg(long, value_name = "FILE.pem", requires = "authority")]
    untrusted: Option<PathBuf>,
}

impl AuthorityArgs {
    /// The files that were named, if they are there.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if one holds no certificate; if one cannot be read.
    pub(super) fn read(&self) -> Result<Option<Authority>, Error> {
        for (option, path) in [("--authority", &self.authority), ("--untrusted", &self.untrusted)] {
            let Some(path) = path else { continue };
            if !openssl::has_certificate(&named::read(option, path)?) {
                return Err(Error::Usage(Usage::Certificates { option, path: path.clone() }));
            }
        }
        let between = self.untrusted.clone();
        Ok(self.authority.clone().map(|roots| Authority { roots, between }))
    }
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if a request would be written into a store; [`Error::Outside`] if what is to be taken in does not vouch for this ledger; as
/// [`vouching::import`]; [`Error::File`] if a file cannot be read or written.
pub(super) fn run(
    args: &Args,
    house: &House,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    if let Some(path) = &args.request {
        outside::of_stores(Some(house), "--request", path)?;
        let (size, request) =
            voucher::request(&house.ledger).map_err(|source| super::fault(house, source))?;
        fs::write_durably(path, &request, fs::SHARED_FILE)?;
        let asked = match language {
            Language::Ko => format!("기록 {size}건의 체크포인트에 대한 시점확인 요청"),
            Language::En => format!("request for a time stamp on {size} records"),
        };
        return writeln!(out, "{asked}: {}", path.display()).map_err(Error::Output);
    }
    let night = cli::now_at(house);
    let recorded = if let Some(path) = &args.stamp {
        let Some(authority) = args.authority.read()? else { return Ok(()) };
        let bytes = named::read("--stamp", path)?;
        let read = |ledger: &_| Voucher::of_stamp(&bytes, ledger, &authority);
        vouching::import(house, &night, path, read)?
    } else if let (Some(path), Some(keys)) = (&args.cosigned, &args.witness_keys) {
        let (note, keys) = (named::read("--cosigned", path)?, witnesses(keys)?);
        let read = |ledger: &_| Voucher::of_note(&note, ledger, &keys);
        vouching::import(house, &night, path, read)?
    } else {
        return Ok(());
    };
    writeln!(out, "{}", line(&recorded, language)).map_err(Error::Output)
}

fn line(recorded: &Recorded, language: Language) -> String {
    let Recorded { seq, is_again, voucher } = recorded;
    let (size, time, path) = (voucher.size, voucher.time, voucher.path());
    match language {
        Language::Ko => {
            let again = if *is_again { " (이미 있음)" } else { "" };
            format!("기록 {seq}: {size}건까지 {time}에 확인됨, {path}{again}")
        }
        Language::En => {
            let again = if *is_again { " (there already)" } else { "" };
            format!("record {seq}: {size} records vouched for at {time}, {path}{again}")
        }
    }
}

/// The public keys of witnesses in a file.
///
/// # Errors
///
/// [`Error::Usage`] if a line is none.
pub(super) fn witnesses(path: &Path) -> Result<Vec<WitnessKey>, Error> {
    let text = String::from_utf8_lossy(&named::read("--witness-keys", path)?).into_owned();
    voucher::witnesses(&text)
        .map_err(|line| Error::Usage(Usage::WitnessKeys { path: path.to_owned(), line }))
}
