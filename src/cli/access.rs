//! Nothing that identifies people is shown without a record of it (접속기록).
//!
//! Used by `vault open`, and by `parse --show-values` in a house.
//!
//! Not here: what the record holds (`pipeline::access`).

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::outside;
use crate::config;
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::fs;
use crate::pipeline::access::Access;
use crate::pipeline::personal;

/// Where the record goes.
pub(super) struct Asked<'a> {
    /// The house that was named.
    pub(super) house: Option<&'a Path>,
    /// What is opened: without a name, the house around it.
    pub(super) file: &'a Path,
    /// Where to write the record if no ledger can be reached.
    pub(super) record_to: Option<&'a PathBuf>,
}

/// The house that a file belongs to, if there is one.
///
/// # Errors
///
/// If a house was named and is none, or its institution file is not usable.
pub(super) fn house(named: Option<&Path>, file: &Path) -> Result<Option<House>, Error> {
    match super::house_at(named, file.parent().unwrap_or(file)) {
        Ok(house) => Ok(Some(house)),
        Err(Error::Config(config::Error::NoHouse { .. })) if named.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}

/// A reason as it may stand in a record.
///
/// # Errors
///
/// [`Usage::Why`] if it says nothing or is more than a line; [`Usage::Personal`] if it looks like
/// personal data or a secret.
pub(super) fn reason(text: &str) -> Result<String, Error> {
    let is_said = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if !is_said {
        return Err(Error::Usage(Usage::Why));
    }
    impersonal("--reason", text)?;
    Ok(text.to_owned())
}

/// An option that stands in a record holds no personal data.
///
/// # Errors
///
/// [`Usage::Personal`] if it looks like some.
pub(super) fn impersonal(option: &'static str, text: &str) -> Result<(), Error> {
    let kinds: Vec<String> = personal::kinds(text).into_iter().collect();
    if kinds.is_empty() {
        return Ok(());
    }
    Err(Error::Usage(Usage::Personal { option, kinds: kinds.join(", ") }))
}

/// Records an opening before it happens: in the ledger, or, where that is out of reach and a
/// file was named, in that.
///
/// # Errors
///
/// [`Error::Usage`] if the named file lies in a store; [`Error::Unrecorded`] if it can be recorded nowhere; [`Error::Busy`] if a run is at work;
/// [`Error::Ledger`] and the like if the ledger is not intact; [`Error::File`] if the named
/// file is there already or cannot be written. Nothing may be shown then.
pub(super) fn record(access: &Access, asked: &Asked<'_>) -> Result<(), Error> {
    let account = super::actor();
    let house = house(asked.house, asked.file)?;
    // Before anything is recorded: a place that is refused is no opening.
    if let Some(path) = asked.record_to {
        outside::of_stores(house.as_ref(), "--record-to", path)?;
    }
    let cause = match house {
        None => None,
        Some(house) => {
            let night = super::now_at(&house);
            match access.record(&house, &night, &account) {
                Ok(_) => return Ok(()),
                // Somebody must act on these, and it is not whoever opens.
                Err(
                    error @ (Error::Busy { .. }
                    | Error::Ledger { .. }
                    | Error::LedgerBroken { .. }
                    | Error::OtherLedger { .. }
                    | Error::Record { .. }),
                ) => return Err(error),
                Err(error) => Some(Box::new(error)),
            }
        }
    };
    let Some(path) = asked.record_to else {
        return Err(Error::Unrecorded { path: asked.file.to_owned(), source: cause });
    };
    let night = super::night(jiff::civil::Date::MIN);
    fs::write_new_durably(path, access.toml(&night, &account).as_bytes(), fs::PRIVATE_FILE)?;
    // Whether anybody reads this changes nothing.
    let _ = writeln!(
        io::stderr(),
        "{}: to be entered in the house: gamyeong ledger enter access --file {}",
        path.display(),
        path.display()
    );
    Ok(())
}
