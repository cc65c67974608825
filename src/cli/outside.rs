//! What leaves a house lies in none of its stores, nor over its settings.

use std::path::Path;

use crate::config::house::{House, real, root_of};
use crate::error::{Error, Usage};

/// Refuses a file in a store: among the records it would be foreign in every later check of
/// them, or be written over one; among keys or tables it would be where nobody may, or must,
/// look for it. The stores are those of `house` and of the house around the file, if there are
/// such; `option` is what named the file.
///
/// # Errors
///
/// [`Usage::InStore`] if the file lies in a store; as [`House::open`] if the house around it
/// does not say where its stores are.
pub(super) fn of_stores(
    house: Option<&House>,
    option: &'static str,
    path: &Path,
) -> Result<(), Error> {
    let place = real(path);
    let around =
        root_of(&place).filter(|root| house.is_none_or(|house| real(&house.root) != *root));
    let around = around.map(|root| House::open(&root)).transpose()?;
    let houses = || house.into_iter().chain(&around);
    // What nights are configured by is written by people alone.
    let settings = houses().flat_map(|house| SETTINGS.map(|name| (name, house.root.join(name))));
    let stores = houses().flat_map(House::stores).map(|(name, dir)| (name, dir.to_owned()));
    for (store, dir) in stores.chain(settings) {
        if place.starts_with(real(&dir)) {
            return Err(Error::Usage(Usage::InStore { option, path: path.to_owned(), store }));
        }
    }
    Ok(())
}

/// True if a file lies in a store of a house, a ledger's own among them. What it says of the
/// ledger says whoever keeps that.
pub(super) fn is_of_stores(house: &House, path: &Path) -> bool {
    let place = real(path);
    house.stores().iter().any(|(_, dir)| place.starts_with(real(dir)))
}

/// What a house has beside its stores.
const SETTINGS: [&str; 3] = ["institution.toml", "pipelines", "lists"];
