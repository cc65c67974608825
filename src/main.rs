//! Entry point. Everything else is in the library, where tests can reach it.

use std::io;
use std::process::ExitCode;

use clap::Parser as _;
use gamyeong::cli::{self, Cli};

fn main() -> ExitCode {
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
