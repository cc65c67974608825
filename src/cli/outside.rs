//! What leaves a house lies in none of its stores.

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
    for (store, dir) in house.into_iter().chain(&around).flat_map(House::stores) {
        if place.starts_with(real(dir)) {
            return Err(Error::Usage(Usage::InStore { option, path: path.to_owned(), store }));
        }
    }
    Ok(())
}
