//! `gamyeong ledger verify --record`: the check as a record of the ledger that was checked.
//!
//! Not here: what the record holds (`pipeline::verification`).

use std::io::{self, Write as _};

use crate::cli;
use crate::cli::language::Language;
use crate::config::house::House;
use crate::error::Error;
use crate::ledger::report::{Report, Status};
use crate::ledger::verify::Brought;
use crate::pipeline::verification;
use crate::pipeline::verify::Checked;

/// Records a check, if its ledger is intact. Gives the number of the record.
///
/// # Errors
///
/// As [`verification::record`].
pub(super) fn record(
    house: &House,
    report: &Report,
    brought: &Brought<'_>,
    files: Option<&[Checked]>,
) -> Result<Option<u64>, Error> {
    if report.status() == Status::Fail {
        return Ok(None);
    }
    let night = cli::now_at(house);
    verification::record(house, &night, &cli::actor(), report, brought, files).map(Some)
}

/// Says that the ledger was left as it is, byte for byte.
pub(super) fn refuse(language: Language) {
    let said = language.choose(
        "기록하지 않음: 기록부가 온전하지 않으며, 증거 위에는 아무것도 쓰지 않습니다",
        "not recorded: the ledger is not intact, and nothing is written over evidence",
    );
    // Whether anybody reads this changes nothing.
    let _ = writeln!(io::stderr(), "{said}");
}

/// Says that a check could not be recorded, where something else decides how the command ends.
pub(super) fn tell(recorded: Result<Option<u64>, Error>) {
    if let Err(error) = recorded {
        // Whether anybody reads this changes nothing.
        let _ = cli::report(&error, &mut io::stderr());
    }
}
