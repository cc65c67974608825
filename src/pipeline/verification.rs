//! What a check of a ledger found in; a record of it (`verify.done`) in that ledger out.
//!
//! ```text
//! verify, with no lock ─► lock, open ─► still what was verified? ─► verify.done
//!                                 └─► a run or record left open ─► nothing
//! ```
//!
//! Nothing of the house is ended, undone or repaired on the way: that is for the next night.
//! The record is about the records before it: `size` and `root` are those of the check, and a
//! night may have appended since.
//!
//! Not here: the checks (`ledger::verify`, `verify`).

use serde_json::{Value, json};

use super::verify::{Checked, Finding, status};
use super::{Night, opened};
use crate::config::house::House;
use crate::error::Error;
use crate::ledger::note::VerifierKey;
use crate::ledger::record::Kind;
use crate::ledger::report::{Check, Outcome, Report, Status};
use crate::ledger::store::Ledger;
use crate::ledger::verify::Brought;

/// Records a check of an intact ledger with what the reader brought, and with what was found of
/// the files that it names, if they were looked at. Gives the number of the record.
///
/// # Errors
///
/// [`Error::LedgerBroken`] if the check found something, or if the ledger does not begin with
/// what was checked. Otherwise as [`opened::open_settled`]. Nothing is recorded then.
pub fn record(
    house: &House,
    night: &Night<'_>,
    account: &str,
    report: &Report,
    brought: &Brought<'_>,
    files: Option<&[Checked]>,
) -> Result<u64, Error> {
    let broken = || Error::LedgerBroken { path: house.ledger.clone() };
    if report.status() == Status::Fail {
        return Err(broken());
    }
    let mut body = body(night, account, report, files);
    let mut opened = opened::open_settled(house)?;
    // Somebody may have put another ledger there since.
    if opened.ledger().root_at(report.size) != Some(report.root) {
        return Err(broken());
    }
    if passed(report, Check::Trust) {
        body["trusted_keys"] = json!(trusted(opened.ledger(), brought));
    }
    if passed(report, Check::Continuity) {
        body["earlier"] = json!(earlier(opened.ledger(), brought));
    }
    opened.append(night, Kind::VerifyDone, None, &body)?;
    Ok(opened.ledger().size() - 1)
}

fn passed(report: &Report, check: Check) -> bool {
    report.checks.iter().any(|found| found.check == check && found.outcome == Outcome::Pass)
}

/// The ids of the keys that the reader brought for this ledger.
fn trusted(ledger: &Ledger, brought: &Brought<'_>) -> Vec<String> {
    let keys = brought.trusted.unwrap_or_default().iter();
    keys.filter(|key| key.name() == ledger.origin()).map(VerifierKey::id).collect()
}

/// The largest size that the ledger was found to continue.
fn earlier(ledger: &Ledger, brought: &Brought<'_>) -> Option<u64> {
    brought.earlier.iter().filter_map(|earlier| earlier.size(ledger)).max()
}

/// What the record says.
fn body(night: &Night<'_>, account: &str, report: &Report, files: Option<&[Checked]>) -> Value {
    let of_files = files.map_or(Status::NotChecked, status);
    // That they were not looked at, or could not be, is said beside it.
    let result = if of_files == Status::Fail { of_files } else { report.status() };
    let told = report.to_value();
    let checks = told["checks"].as_array().into_iter().flatten();
    let checks = checks.map(|check| {
        let mut check = json!({"check": check["check"], "outcome": check["outcome"],
            "examined": check["examined"], "reason": check["reason"]});
        if let Some(table) = check.as_object_mut() {
            table.retain(|_, value| !value.is_null());
        }
        check
    });
    let count = |is_it: fn(Finding) -> bool| {
        files.unwrap_or_default().iter().filter(|file| is_it(file.finding)).count()
    };
    json!({
        "account": account,
        "at": format!("{:.3}", (night.now)()),
        "from": night.from,
        "size": report.size,
        "root": report.root.to_hex(),
        "result": result.as_str(),
        "checks": checks.collect::<Vec<_>>(),
        "data": {
            "asked": files.is_some(),
            "result": of_files.as_str(),
            "files": count(|_| true),
            "bad": count(Finding::is_bad),
            "unread": count(|finding| finding == Finding::NotChecked),
            "destroyed": count(|finding| finding == Finding::Destroyed),
        },
    })
}
