//! A house in; how its stores are kept apart out.
//!
//! Source: 시행령 제29조의5제1항제2호, 제3호.

use serde_json::{Value, json};

use crate::config::house::House;
use crate::error::Error;
use crate::fs;

/// How additional and pseudonymised information are kept apart, as found.
pub(super) struct Separation {
    same_owner: bool,
    same_file_system: bool,
}

impl Separation {
    pub(super) fn of(house: &House) -> Result<Self, Error> {
        let keys = fs::standing(&house.keys)?;
        let store = fs::standing(&house.store)?;
        Ok(Self {
            same_owner: keys.owner == store.owner,
            same_file_system: keys.device == store.device,
        })
    }

    pub(super) fn body(&self) -> Value {
        json!({
            "keys_and_store_same_owner": self.same_owner,
            "keys_and_store_same_file_system": self.same_file_system,
        })
    }
}
