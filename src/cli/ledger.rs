//! `gamyeong ledger`: for auditors (감사).
//!
//! Reads only, but for `enter`, `anchor` and `verify --record`. Needs neither keys nor input,
//! so that it can be run on a copy.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::enter;
use super::language::Language;
use super::named;
use super::outside;
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::ledger::fault::Fault;
use crate::ledger::note::VerifierKey;
use crate::ledger::report::{Report, Status};
use crate::ledger::steady::steadily;
use crate::ledger::verify::{self, Brought, Earlier};
use crate::pipeline::opened;
use crate::pipeline::verify::{self as files, Checked};
use crate::report::secrets::Secrets;
use crate::vault::recognise::{holds_secret, text_holds_secret};

mod anchor;
mod data;
mod evidence;
mod given;
mod list;
mod proof;
mod proofs;
mod prune;
mod recorded;
mod report;
mod status;
mod table;
mod text;
mod witness;

/// What no report hands on.
const SECRETS: Secrets = Secrets { in_bytes: holds_secret, in_text: text_holds_secret };

/// Verify, list, show, prove and enter processing records
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check every record, signature and count from the first to the last
    ///
    /// Give the checkpoints and proofs that you were handed earlier, or the number of records and
    /// the root that you wrote down (`--earlier`): a ledger that is intact but shorter than it was
    /// is one that was cut. Exit code 6 if a
    /// record is not intact, 1 if a table is not the one that was recorded.
    Verify {
        /// Hash every published table and sealed file of the vault too, and ask every side-car
        #[arg(long)]
        data: bool,
        /// File with the ledger's public keys, one a line, received elsewhere: one in the ledger
        /// or another store of the house does not count
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
        /// A checkpoint, proof or time stamp of an earlier day, kept elsewhere, which the ledger
        /// must continue, or what was written down then, as `71:e8ae…`: records and root; several
        /// if given several times
        #[arg(long, value_name = "FILE|RECORDS:ROOT")]
        earlier: Vec<PathBuf>,
        /// File with public keys of witnesses, one a line, received elsewhere
        #[arg(long, value_name = "FILE")]
        witness_keys: Option<PathBuf>,
        #[command(flatten)]
        authority: anchor::AuthorityArgs,
        /// Record who looked, and what was found (`verify.done`), as the last of an intact ledger;
        /// needs its signing keys; not where a run was interrupted, which the next one ends (75)
        #[arg(long)]
        record: bool,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Proof that a record is in the ledger, for somebody who has not got it
    ///
    /// A C2SP tlog-proof: with it, the record as `show SEQ --json` prints it and the public keys
    /// anybody can check that it stands where it stands. Whoever keeps one is a witness: a
    /// ledger that is cut or rewritten does not continue it (`verify --earlier`).
    Prove {
        /// Number of the record, from 0
        seq: u64,
        /// Write it there
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Proof that the ledger continues an earlier checkpoint
    ///
    /// The earlier size, hashes, and the newest checkpoint: the form in which witnesses of
    /// transparency logs ask for it (C2SP tlog-witness). Exit code 6 if the ledger does not
    /// continue the checkpoint.
    Consistency {
        /// The earlier checkpoint, such as `checkpoints/0000000012.note`, or a proof
        earlier: Option<PathBuf>,
        /// In place of it the size that a witness signed for last; 0 if it never did
        #[arg(long, value_name = "SIZE", conflicts_with = "earlier")]
        since: Option<u64>,
        /// File with the ledger's public keys, one a line, received elsewhere
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
        /// Write it there
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    Enter(enter::Args),
    /// One line per record
    List(list::Args),
    /// One record, whole
    Show(list::ShowArgs),
    CheckTable(table::Args),
    CheckProof(proof::Args),
    /// Write the page for auditors, or the ledgers (대장) as a workbook or as CSV
    ///
    /// The page opens in any browser of today without a network, holds every record, and
    /// checks them itself: it is written of a ledger that is not intact too, and says so.
    /// A workbook and CSV are written of an intact ledger alone (else exit code 6).
    Report(report::Args),
    Witness(witness::Args),
    Anchor(anchor::Args),
    /// Write the public tables (가명정보 처리현황) and the text for the privacy policy
    ///
    /// 이용, 제공, 위탁, 결합 and the unified table, by purpose and not by night. Without
    /// accounts, addresses and posts. Exit code 6 if the ledger is not intact.
    Status(status::Args),
    /// Pack the evidence of a year (보호수준 평가): the ledger, ledgers, approvals, certificates
    ///
    /// The year chooses what is listed; the ledger goes in whole, and whoever unpacks it can
    /// verify it. Nothing of keys or vault goes in. Exit code 6 if the ledger is not intact.
    Evidence(evidence::Args),
    /// Which records need not be kept any longer: a proposal, nothing is removed
    ///
    /// Records of a pipeline are kept for three years after all that it made was destroyed
    /// (법 제28조의4제3항). What has no record of its destruction is kept.
    Prune(prune::Args),
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Ledger`] if the records are not intact, [`Error::NotVerified`] if
/// a table is not what was recorded, [`Error::Busy`] if a night appends all the while.
pub fn run(
    args: &Args,
    house: Option<&Path>,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    if let Command::Enter(args) = &args.command {
        return enter::run(args, house, language, out);
    }
    if let Command::CheckTable(args) = &args.command {
        return table::run(args, language, out);
    }
    if let Command::CheckProof(args) = &args.command {
        return proof::run(args, language, out);
    }
    // A witness has no house: the ledgers are those of others.
    if let Command::Witness(args) = &args.command {
        return witness::run(args, language, super::now(), out);
    }
    let house = super::house_at(house, Path::new("."))?;
    match &args.command {
        Command::Enter(_)
        | Command::CheckTable(_)
        | Command::CheckProof(_)
        | Command::Witness(_) => Ok(()),
        Command::Verify { data, trust, earlier, witness_keys, authority, record, json } => {
            let (trust, witnesses) = (trust.as_deref(), witness_keys.as_deref());
            let (with_data, is_recorded) = (*data, *record);
            let asked = Asked { with_data, trust, earlier, witnesses, authority, is_recorded };
            check(&house, &asked, *json, language, out)
        }
        Command::Prove { seq, out: to } => proofs::prove(&house, *seq, to.as_deref(), out),
        Command::Consistency { earlier, since, trust, out: to } => {
            let trusted = trust.as_deref().map(keys).transpose()?;
            let to = to.as_deref();
            match (earlier, since) {
                (Some(earlier), _) => {
                    proofs::consistency(&house, earlier, trusted.as_deref(), to, out)
                }
                (None, Some(size)) => proofs::since(&house, *size, to, out),
                (None, None) => Err(Error::Usage(Usage::NoEarlier)),
            }
        }
        Command::List(args) => list::run(args, &house, language, out),
        Command::Show(args) => list::show(args, &house, out),
        Command::Anchor(args) => anchor::run(args, &house, language, out),
        Command::Report(args) => report::run(args, &house, super::now(), language, out),
        Command::Status(args) => status::run(args, &house, out),
        Command::Evidence(args) => evidence::run(args, &house, language, out),
        Command::Prune(args) => prune::run(args, &house, super::today(&house), language, out),
    }
}

fn fault(house: &House, source: Fault) -> Error {
    Error::Ledger { path: house.ledger.clone(), source: Box::new(source) }
}

/// What a ledger is compared with.
struct Asked<'a> {
    with_data: bool,
    trust: Option<&'a Path>,
    earlier: &'a [PathBuf],
    witnesses: Option<&'a Path>,
    authority: &'a anchor::AuthorityArgs,
    is_recorded: bool,
}

fn check(
    house: &House,
    asked: &Asked<'_>,
    is_json: bool,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let trusted = asked.trust.map(|path| given::trusted(house, path)).transpose()?.flatten();
    let earlier = asked.earlier.iter().filter_map(|path| given::earlier(house, path).transpose());
    let earlier: Vec<Earlier> = earlier.collect::<Result<_, _>>()?;
    let is_brought = |path: &Path| !outside::is_of_stores(house, path);
    let witnesses = asked.witnesses.map(anchor::witnesses).transpose()?;
    let witnesses = witnesses.filter(|_| asked.witnesses.is_some_and(is_brought));
    let authority = asked.authority.read()?.filter(|authority| is_brought(&authority.roots));
    let brought = Brought {
        trusted: trusted.as_deref(),
        earlier: &earlier,
        witnesses: witnesses.as_deref(),
        authority: authority.as_ref(),
    };
    let verify = || verify::with(&house.ledger, &brought);
    let is_sound =
        |found: &Result<Report, _>| matches!(found, Ok(report) if report.status() != Status::Fail);
    let report = steadily(&house.ledger, verify, is_sound)
        .ok_or_else(|| opened::busy(house))?
        .map_err(|failure| fault(house, Fault::from(failure)))?;
    let is_intact = report.status() != Status::Fail;
    // Records that are not intact say nothing about tables.
    let tables = if asked.with_data && is_intact {
        Some(data::check(house, trusted.as_deref())?)
    } else {
        None
    };
    let recorded = if asked.is_recorded {
        recorded::record(house, &report, &brought, tables.as_deref())
    } else {
        Ok(None)
    };
    let seq = recorded.as_ref().ok().copied().flatten();
    let written = if is_json {
        writeln!(out, "{}", as_json(&report, tables.as_deref(), seq))
    } else {
        text::write(&report, tables.as_deref(), seq, language, out)
    };
    let written = written.map_err(Error::Output);
    if !is_intact {
        if asked.is_recorded {
            recorded::refuse(language);
        }
        return Err(Error::LedgerBroken { path: house.ledger.clone() });
    }
    let tables = tables.unwrap_or_default();
    let failed = tables.iter().filter(|table| table.finding.is_bad()).count();
    if failed == 0 {
        return recorded.and(written);
    }
    recorded::tell(recorded);
    Err(Error::NotVerified { failed, checked: tables.len() })
}

/// Public keys in a file, one a line.
///
/// # Errors
///
/// [`Error::Usage`] if it cannot be read, a line is none, or there is none.
fn keys(path: &Path) -> Result<Vec<VerifierKey>, Error> {
    let text = String::from_utf8_lossy(&named::read("--trust", path)?).into_owned();
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let key = |(line, text): (usize, &str)| {
        text.trim().parse().map_err(|_| Error::Usage(Usage::Trust { path: path.to_owned(), line }))
    };
    let keys: Vec<VerifierKey> = lines.map(key).collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err(Error::Usage(Usage::NoTrust { path: path.to_owned() }));
    }
    Ok(keys)
}

fn as_json(report: &Report, tables: Option<&[Checked]>, recorded: Option<u64>) -> Value {
    let mut value = report.to_value();
    if tables.is_some_and(|tables| files::status(tables) == Status::Fail) {
        value["status"] = json!(Status::Fail.as_str());
    }
    let tables = tables.map(|tables| tables.iter().map(data::value).collect::<Vec<_>>());
    value["data"] = json!(tables);
    if let Some(seq) = recorded {
        value["recorded"] = json!(seq);
    }
    value
}
