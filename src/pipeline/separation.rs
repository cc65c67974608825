//! A house in; how additional and pseudonymised information are kept apart in
//! it, for the processing record, out.
//!
//! Source: 개인정보 보호법 제28조의4제1항.
//!
//! Not here: stores that lie in one another (`config`), rights to key files
//! (`vault`): both are refused.

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
    /// Looks at the directories of both.
    pub(super) fn of(house: &House) -> Result<Self, Error> {
        let keys = fs::standing(&house.keys)?;
        let store = fs::standing(&house.store)?;
        Ok(Self {
            same_owner: keys.owner == store.owner,
            same_file_system: keys.device == store.device,
        })
    }

    /// As the record has it.
    pub(super) fn body(&self) -> Value {
        json!({
            "keys_and_store_same_owner": self.same_owner,
            "keys_and_store_same_file_system": self.same_file_system,
        })
    }
}
