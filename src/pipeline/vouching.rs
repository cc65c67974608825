//! What somebody else vouches for in; a file beside the records of a house, and a record of it,
//! out.
//!
//! The file comes first: a record names nothing that is not there. After a crash between the
//! two the same call completes it.
//!
//! Not here: whether it vouches for this ledger (`ledger::voucher`).

use std::path::Path;

use super::Night;
use super::opened;
use crate::config::house::House;
use crate::error::{Error, Outside};
use crate::fs;
use crate::ledger::record::Kind;
use crate::ledger::store::Ledger;
use crate::ledger::voucher::{Unfit, Voucher};

/// A voucher that is stored and recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Number of its record.
    pub seq: u64,
    /// True if it was there already.
    pub is_again: bool,
    /// What was stored.
    pub voucher: Voucher,
}

/// Stores and records what was read from `path`, if it vouches for the ledger of a house.
///
/// # Errors
///
/// [`Outside::Voucher`] if it does not: nothing is changed then. Otherwise as [`opened::open`].
pub fn import(
    house: &House,
    night: &Night<'_>,
    path: &Path,
    read: impl FnOnce(&Ledger) -> Result<Voucher, Unfit>,
) -> Result<Recorded, Error> {
    let mut opened = opened::open(house, night)?;
    let unfit = |source| Outside::Voucher { path: path.to_owned(), source: Box::new(source) };
    let voucher = read(opened.ledger()).map_err(unfit)?;
    let place = voucher.path();
    voucher.store(&house.ledger)?;
    fs::kill_point("after-voucher");
    let is_named = |body: &serde_json::Map<_, serde_json::Value>| {
        body.get("path").and_then(serde_json::Value::as_str) == Some(place.as_str())
    };
    let mut anchors = opened.ledger().records().iter();
    let known = anchors.find(|one| one.kind() == Some(Kind::Anchor) && is_named(&one.body));
    if let Some(record) = known {
        return Ok(Recorded { seq: record.seq, is_again: true, voucher });
    }
    opened.append(night, Kind::Anchor, None, &voucher.body())?;
    Ok(Recorded { seq: opened.ledger().size() - 1, is_again: false, voucher })
}
