//! Entry point. Everything else is in the library, where tests can reach it; but
//! what concerns the whole process is here: what is in its memory stays there.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;
use std::thread;

use clap::Parser as _;
use gamyeong::cli::{self, Cli};
use gamyeong::source;
use rustix::process::{self, DumpableBehavior, Resource, Rlimit};

fn main() -> ExitCode {
    panic::set_hook(Box::new(say_where));
    if let Err(error) = refuse_core() {
        let _ = writeln!(io::stderr(), "warning: a crash could leave a core file: {error}");
    }
    match cli::run(&Cli::parse(), &mut io::stdout().lock()) {
        Ok(code) => code,
        // Whoever reads our output has seen enough: `gamyeong ledger list | head`.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // Nowhere is left to complain to if this fails.
            let _ = cli::report(&error, &mut io::stderr().lock());
            error.code()
        }
    }
}

/// Says where a panic was, and nothing of what: a message of a library often quotes
/// the value that it could not do with, as `str` does where a letter is cut.
fn say_where(panic: &PanicHookInfo<'_>) {
    // In a thread that reads tables it is an error of its file, reported as such.
    if thread::current().name() == Some(source::THREAD) {
        return;
    }
    let mut err = io::stderr().lock();
    let place = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    // Nowhere is left to complain to if this fails.
    let _ = writeln!(err, "fault of this program at {place}: please report it");
    let _ = writeln!(err, "  what it says of it is not shown, that may be what was read");
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        let _ = write!(err, "{backtrace}");
    }
}

/// The memory of this process is in no core file, whoever asks for one. The limit is
/// for files; a program that takes cores from the kernel is kept off by the other, and
/// so are debuggers and other processes of the account.
fn refuse_core() -> rustix::io::Result<()> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    process::setrlimit(Resource::Core, none)?;
    if is_traced() {
        return Ok(());
    }
    process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// Crash tests count system calls, which whoever is not root may not see of a process
/// that is closed to others.
fn is_traced() -> bool {
    cfg!(debug_assertions)
        && std::fs::read_to_string("/proc/self/status").is_ok_and(|status| {
            let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"));
            tracer.is_some_and(|tracer| tracer.trim() != "0")
        })
}
