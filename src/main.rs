//! Entry point. Everything else is in the library, where tests can reach it.

use std::io;
use std::panic;
use std::process::ExitCode;
use std::thread;

use clap::Parser as _;
use gamyeong::cli::{self, Cli};
use gamyeong::source;

fn main() -> ExitCode {
    silence_tables();
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

/// A panic in a thread that reads tables is an error of its file, reported as
/// such. What the library says there may be what it read.
fn silence_tables() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(source::THREAD) {
            usual(panic);
        }
    }));
}
