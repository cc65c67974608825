//! What somebody typed for a record in; which of it looks like personal data or a secret, by its
//! place and kind, out.
//!
//! A ledger is never rewritten: what got into it stays.
//!
//! Not here: what personal data look like (`scan`), and keys (`vault::recognise`).

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::config::document::join;
use crate::ledger::items::{self, Form};
use crate::ledger::record::Kind;
use crate::protect::layers;
use crate::scan;
use crate::vault::recognise::text_holds_secret;

/// What is no text that somebody puts into words: keys, signatures and what they are of (made
/// of the other items). Asked for secrets alone.
const APART: [&str; 3] = ["public_key", "text", "signatures"];

/// Where an address of a machine may stand, which is asked for. Anything else is in words.
const PLACES: [&str; 2] = ["holder_ip", "from"];

/// Names of the kinds that a text looks like, in two languages: `mobile (휴대전화번호)`. Empty
/// if there is none.
#[must_use]
pub fn kinds(text: &str) -> BTreeSet<String> {
    let mut hits = Vec::new();
    scan::find(text, &mut hits);
    let below = layers(text);
    below.texts.iter().for_each(|layer| scan::find(layer, &mut hits));
    let names = hits.iter().map(|hit| format!("{} ({})", hit.kind.name(), hit.kind.korean()));
    // Nobody escapes so often but to hide.
    let names = names.chain(below.is_deeper.then(|| "escaped text (이스케이프된 글)".to_owned()));
    let is_secret = text_holds_secret(text) || below.texts.iter().any(|t| text_holds_secret(t));
    names.chain(is_secret.then(|| SECRET.to_owned())).collect()
}

/// The kind of what is nobody's data and still not told.
const SECRET: &str = "key or password (비밀키·비밀번호)";

/// Places in the body of a record that look like personal data or a secret, such as
/// `operator.post`, with their kinds.
#[must_use]
pub fn places(kind: Kind, body: &Map<String, Value>) -> Vec<(String, String)> {
    let is_digest = |key: &str| {
        let mut items = items::of(kind).items.iter();
        items.any(|item| item.key == key && matches!(item.form, Form::Digest))
    };
    let mut found = Vec::new();
    for (key, value) in body {
        let is_address = || value.as_str().is_some_and(is_address);
        if PLACES.contains(&key.as_str()) && is_address() {
            continue;
        }
        let before = found.len();
        entry("", key, value, &mut found);
        if APART.contains(&key.as_str()) || is_digest(key) {
            let made = found.split_off(before).into_iter();
            let secret = made.filter(|asked| asked.kinds.contains(SECRET));
            found.extend(secret.map(|asked| Asked { kinds: [SECRET.to_owned()].into(), ..asked }));
        }
    }
    found.into_iter().map(|asked| (asked.key, joined(&asked.kinds))).collect()
}

/// True for addresses of machines or ranges of them, with commas between them, and nothing else.
fn is_address(text: &str) -> bool {
    text.split(',').all(|one| {
        let one = one.trim();
        let (address, bits) = one.split_once('/').unwrap_or((one, "0"));
        address.parse::<IpAddr>().is_ok() && bits.len() <= 3 && bits.parse::<u8>().is_ok()
    })
}

/// Something that looks like personal data or a secret.
pub(super) struct Asked {
    /// Path of the value, or of the table if the key itself is what looks so.
    pub(super) key: String,
    /// Path of the value whatever the key looks like: not to be shown.
    pub(super) place: String,
    /// What it looks like.
    pub(super) kinds: BTreeSet<String>,
}

impl Asked {
    /// Its kinds with commas between them.
    pub(super) fn kinds(&self) -> String {
        joined(&self.kinds)
    }
}

/// Looks at a key and what stands under it. A key that looks like data is not named.
pub(super) fn entry(table: &str, key: &str, value: &Value, found: &mut Vec<Asked>) {
    let kinds = kinds(key);
    let path = join(table, key);
    if kinds.is_empty() {
        leaf(&path, value, found);
    } else {
        found.push(Asked { key: table.to_owned(), place: path, kinds });
    }
}

/// Looks at a value and what lies in it.
pub(super) fn leaf(path: &str, value: &Value, found: &mut Vec<Asked>) {
    let asked = |kinds| Asked { key: path.to_owned(), place: path.to_owned(), kinds };
    match value {
        Value::String(text) => {
            let names = kinds(text);
            // A digest in a list, such as that of a file.
            let is_digest = path.ends_with(".sha256")
                && text.len() == 64
                && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !names.is_empty() && !is_digest {
                found.push(asked(names));
            }
        }
        Value::Number(number) => {
            let names = kinds(&number.to_string());
            if !names.is_empty() {
                found.push(asked(names));
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                leaf(&format!("{path}[{index}]"), value, found);
            }
        }
        Value::Object(table) => {
            for (key, value) in table {
                entry(path, key, value, found);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn joined(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ledger::items::example;
    use crate::ledger::record::KINDS;

    /// A record of a kind with one item changed, and the places in it.
    fn found(kind: Kind, key: &str, value: &Value) -> Vec<(String, String)> {
        let mut body = example::body(kind);
        body.insert(key.to_owned(), value.clone());
        places(kind, &body)
    }

    #[test]
    fn every_item_is_asked_and_an_address_of_a_machine_is_none() {
        for (kind, key, value) in [
            (Kind::Access, "from", "postgresql://job:geheim@db/library"),
            (Kind::Access, "from", "010-1234-5678"),
            (Kind::Access, "from", "192.0.2.7, kim@example.kr"),
            (Kind::Access, "from", "192.0.2.7/890101-1234568"),
            (Kind::RightsGranted, "holder_ip", "010-1234-5678"),
            (Kind::RightsGranted, "public_key", "https://job:geheim@db/x"),
            (Kind::PlanApproved, "text", "password=geheim"),
            (Kind::PlanApproved, "signatures", "password=geheim"),
            (Kind::Provision, "sha256", "password=geheim"),
        ] {
            let found = found(kind, key, &json!(value));
            assert_eq!(found.len(), 1, "{key}: {value}: {found:?}");
            assert_eq!(found[0].0, key);
        }
        for (kind, key, value) in [
            (Kind::Access, "from", "192.0.2.7"),
            (Kind::Access, "from", "nas-2"),
            (Kind::RightsGranted, "holder_ip", "192.0.2.0/24, 2001:db8:101:1234:567:890:101:1234"),
            // Made of the other items, which are asked themselves.
            (Kind::PlanApproved, "text", "010-1234-5678"),
        ] {
            assert_eq!(found(kind, key, &json!(value)), [], "{key}: {value}");
        }
        for kind in KINDS {
            assert_eq!(places(kind, &example::body(kind)), [], "{kind:?}");
        }
    }
}
