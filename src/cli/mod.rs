//! The command line: one module per subcommand, and the only place that
//! prints, reads the clock or draws randomness.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::config;
use crate::config::house::House;
use crate::error::Error;
use crate::pipeline::{Night, stated};

mod access;
pub mod approve;
pub mod check;
pub mod demo;
pub mod enter;
pub mod formats;
pub mod guess;
pub mod init;
pub mod language;
pub mod ledger;
mod named;
mod outside;
pub mod parse;
pub mod plan;
pub mod run;
pub mod schema;
mod told;
pub mod vault;

use language::Language;

/// Pseudonymise what public institutions collect automatically, and be able
/// to show later what was done
///
/// 공공기관이 자동으로 수집하는 접속기록 등을 가명처리하고, 그 처리 기록을 남깁니다.
#[derive(Debug, clap::Parser)]
#[command(version, arg_required_else_help = true, subcommand_required = true)]
pub struct Cli {
    /// Directory of the house; without it, the one around the pipeline file
    /// or the working directory
    #[arg(long, global = true, value_name = "DIR")]
    house: Option<PathBuf>,

    /// Language of what is said to people; without it, that of `LC_ALL` or `LANG`
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Language>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Check(check::Args),
    Plan(plan::Args),
    Run(run::Args),
    Schema(schema::Args),
    Formats(formats::Args),
    Parse(parse::Args),
    Guess(guess::Args),

    Ledger(ledger::Args),
    Approve(approve::Args),
    Vault(vault::Args),
}

/// Runs one subcommand.
///
/// Reports go to `out` because they may be piped on; everything said to a
/// person on the way goes to the standard error stream.
///
/// # Errors
///
/// Those of the subcommand, and [`Error::Output`] if `out` cannot be written.
pub fn run(cli: &Cli, out: &mut impl io::Write) -> Result<ExitCode, Error> {
    let language = cli.lang.unwrap_or_else(Language::of_environment);
    let house = cli.house.as_deref();
    match &cli.command {
        Command::Demo(args) => demo::run(args, language, out)?,
        Command::Init(args) => init::run(args)?.write(language, out).map_err(Error::Output)?,
        Command::Check(args) => {
            check::run(args, house)?.write(language, out).map_err(Error::Output)?;
        }
        Command::Plan(args) => return plan::run(args, house, language, out),
        Command::Run(args) => return run::run(args, house, language, out),
        Command::Schema(args) => schema::run(args, out)?,
        Command::Formats(args) => formats::run(args, out)?,
        Command::Parse(args) => parse::run(args, house, language, out)?,
        Command::Guess(args) => guess::run(args, language, out)?,

        Command::Ledger(args) => ledger::run(args, house, language, out)?,
        Command::Approve(args) => approve::run(args, house, language, out)?,
        Command::Vault(args) => vault::run(args, house, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes an error, what caused it, and what to try next.
///
/// # Errors
///
/// Whatever `err` reports. The caller can only drop it.
pub fn report(error: &Error, err: &mut impl io::Write) -> io::Result<()> {
    writeln!(err, "error: {error}")?;
    if let Error::Config(config::Error::Problems { problems }) = error {
        for problem in problems {
            writeln!(err, "  {problem}")?;
            if let Some(hint) = problem.what.hint() {
                writeln!(err, "    hint: {hint}")?;
            }
        }
    }
    if let Error::Entered { problems, .. } = error {
        for problem in problems {
            writeln!(err, "  {problem}")?;
        }
    }
    let mut cause = error.source();
    while let Some(current) = cause {
        writeln!(err, "  because: {}", current.to_string().trim_end().replace('\n', "\n  "))?;
        cause = current.source();
    }
    match error.hint() {
        Some(hint) => writeln!(err, "hint: {hint}"),
        None => Ok(()),
    }
}

/// The one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "from here on the instant is an argument")]
fn now() -> Timestamp {
    Timestamp::try_from(std::time::SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Today where the institution is.
fn today(house: &House) -> Date {
    let zone = TimeZone::get(&house.institution.zone).unwrap_or(TimeZone::UTC);
    now().to_zoned(zone).date()
}

/// The account that runs this (식별자), for records: what the system calls it, which should be a
/// role, and behind `sudo` the one that became it.
fn actor() -> String {
    let user = rustix::process::getuid();
    let account = format!("uid {}", user.as_raw());
    let sudo = std::env::var("SUDO_UID").ok();
    // Whoever is not root can set the variable to anything.
    let sudo = sudo.filter(|_| user.is_root());
    match sudo.and_then(|uid| uid.parse::<u32>().ok()) {
        Some(uid) => format!("{account} (sudo, uid {uid})"),
        None => account,
    }
}

/// What varies, for recording something that is no run.
fn now_at(house: &House) -> Night<'static> {
    night(today(house))
}

/// The same where there is no house.
fn night(date: Date) -> Night<'static> {
    Night {
        date,
        instead: BTreeMap::new(),
        accept_change: None,
        actor: actor(),
        from: place(),
        now: &now,
        progress: &|_| {},
    }
}

/// Where whoever runs this sits, for records (접속지): the address that `sshd` tells, else
/// the name of this machine.
fn place() -> String {
    let address = std::env::var("SSH_CONNECTION").ok();
    let address = address.as_deref().and_then(|words| words.split(' ').next());
    // Whoever sets the variable can set it to anything: only an address is taken over.
    let address: Option<std::net::IpAddr> = address.and_then(|word| word.parse().ok());
    match address {
        Some(address) => address.to_string(),
        None => rustix::system::uname().nodename().to_string_lossy().into_owned(),
    }
}

/// The house that was named, or the one around `start`.
fn house_at(named: Option<&Path>, start: &Path) -> Result<House, Error> {
    let house = match named {
        Some(root) => House::open(root),
        None => House::find(start),
    };
    house.map_err(|error| match error {
        config::Error::Problems { problems } => {
            config::Error::Problems { problems: stated::without_content(problems) }.into()
        }
        config::Error::NoHouse { .. } | config::Error::Overlap { .. } | config::Error::File(_) => {
            error.into()
        }
    })
}
