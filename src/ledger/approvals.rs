//! Records of reviews and approvals in; whether what was signed is what they say, and by whom
//! it was signed, out.
//!
//! ```text
//! gamyeong approval v1                  text: what was signed, line by line
//! kind = "plan.approved"
//! controller = "seongnam-library"
//! approved_on = "2026-11-20"            every other key of the body, sorted: key = JSON
//! …
//!
//! — cpo-1 base64(key id ‖ signature)    signatures: one line for each who signed
//! ```
//!
//! The text is made anew from the record and must be the same, so that nobody has to trust
//! what a program shows: what was signed stands in the record, and is the record. The keys are
//! those that earlier records gave to reviewers and the privacy officer (`rights.granted`,
//! `public_key`), so that the ledger alone is enough. It names its controller and can be
//! entered once: it is of no use elsewhere or again.
//!
//! What it cannot show: that a key is of whom the record says. Whoever grants rights can grant
//! them to a key of his own: compare the key with its owner, as with the keys of the ledger.
//!
//! Source: C2SP signed-note v1.0.0, Ed25519 (type 1).
//!
//! Not here: private keys (`vault`), who may write records.

use std::collections::{BTreeMap, BTreeSet};

use bumpalo::Bump;
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};

use super::items::constants::{ALL_NUMBERS, CPO, REVIEWER};
use super::json;
use super::note::{self, Algorithm, Rejected, VerifierKey};
use super::record::{Kind, Record};

/// First line of what is signed.
pub const MAGIC: &str = "gamyeong approval v1";

/// What is not part of what is signed.
const APART: [&str; 2] = ["text", "signatures"];

/// Who may sign records of a kind; nobody those of other kinds. Reviews are the reviewers',
/// destruction is approved by the privacy officer (표준 개인정보 보호지침 제55조), and a plan
/// by either, as the institution has it.
#[must_use]
pub fn signers(kind: Kind) -> Option<&'static [&'static str]> {
    if matches!(kind, Kind::RiskReview | Kind::AdequacyReview) {
        Some(&[REVIEWER])
    } else if kind == Kind::PlanApproved {
        Some(&[REVIEWER, CPO])
    } else if kind == Kind::RetentionApproved {
        Some(&[CPO])
    } else {
        None
    }
}

/// True for the kinds that [`Approvals::see`] makes something of, wherever they stand.
pub(super) fn is_about(kind: Kind) -> bool {
    let is_right = matches!(kind, Kind::RightsGranted | Kind::RightsChanged | Kind::RightsRevoked);
    is_right || signers(kind).is_some()
}

/// How an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On paper: nothing was signed here.
    Unsigned,
    /// Signed by so many.
    Signed(usize),
}

/// Why an approval does not count. Names no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The ledger does not say whose it is.
    #[error("approval: the ledger's first record names no controller")]
    Controller,
    /// The text is not the one that follows from the items.
    #[error("approval: what was signed says something else than the record")]
    Text,
    /// The lines of signatures are none.
    #[error("approval: not in the form of a signed note")]
    Form,
    /// No record before it gave this key rights for the management number, or they were taken
    /// away.
    #[error("approval: key {} has no right to sign it", HEXLOWER.encode(key_id))]
    Key {
        /// Id of the key.
        key_id: [u8; 4],
    },
    /// The key is of somebody who may not approve this.
    #[error("approval: key {} is of another role", HEXLOWER.encode(key_id))]
    Role {
        /// Id of the key.
        key_id: [u8; 4],
    },
    /// The key did not make the signature.
    #[error("approval: signature does not verify, key {}", HEXLOWER.encode(key_id))]
    Signature {
        /// Id of the key.
        key_id: [u8; 4],
    },
    /// Fewer have signed than have reviewed.
    #[error("approval: signed by {found}, and {least} have reviewed")]
    Few {
        /// Who have signed.
        found: usize,
        /// Who must.
        least: usize,
    },
    /// The same text was entered before.
    #[error("approval: record {seq} has the same text already")]
    Again {
        /// Leaf index of that record.
        seq: u64,
    },
}

/// What has been read of a ledger, as far as approvals need it.
#[derive(Debug, Default)]
pub struct Approvals {
    is_begun: bool,
    controller: Option<String>,
    rights: Vec<Right>,
    texts: BTreeMap<Vec<String>, u64>,
}

/// A record about rights.
#[derive(Debug)]
struct Right {
    management_no: String,
    account: String,
    what: Change,
}

#[derive(Debug)]
enum Change {
    Granted { key: Option<VerifierKey>, role: String },
    Changed { role: String },
    Revoked { key: Option<VerifierKey> },
}

impl Approvals {
    /// What the records of a ledger say, which stand in order from the first.
    #[must_use]
    pub fn of(records: &[Record]) -> Self {
        let mut approvals = Self::default();
        for record in records {
            approvals.see(record);
        }
        approvals
    }

    /// Looks at the next record. `None` if it is none that is signed.
    pub fn see(&mut self, record: &Record) -> Option<Result<Standing, Refusal>> {
        if !self.is_begun {
            self.is_begun = true;
            let is_first = record.kind() == Some(Kind::LedgerInit);
            self.controller = text(&record.body, "controller").filter(|_| is_first);
        }
        let kind = record.kind()?;
        if let Some(what) = change(kind, &record.body) {
            let of = |key| text(&record.body, key).unwrap_or_default();
            let (management_no, account) = (of("management_no"), of("account"));
            self.rights.push(Right { management_no, account, what });
        }
        let found = self.judge(kind, &record.body)?;
        if let Some(lines) = texts(&record.body, "text") {
            self.texts.entry(lines).or_insert(record.seq);
        }
        Some(found)
    }

    /// Says how a record with this body would stand behind what has been seen. `None` if it is
    /// of a kind that is not signed.
    #[must_use]
    pub fn judge(
        &self,
        kind: Kind,
        body: &Map<String, Value>,
    ) -> Option<Result<Standing, Refusal>> {
        let roles = signers(kind)?;
        let is_there = |key: &&str| body.get(*key).is_some_and(|value| !value.is_null());
        if !APART.iter().any(is_there) {
            return Some(Ok(Standing::Unsigned));
        }
        Some(self.signed(kind, roles, body))
    }

    /// True if somebody has a key and may sign a record of this kind for this management number.
    #[must_use]
    pub fn has_signer(&self, kind: Kind, management_no: &str) -> bool {
        let roles = signers(kind).unwrap_or_default();
        self.granted(management_no).values().any(|holder| roles.contains(&holder.role))
    }

    fn signed(
        &self,
        kind: Kind,
        roles: &[&str],
        body: &Map<String, Value>,
    ) -> Result<Standing, Refusal> {
        let controller = self.controller.as_deref().ok_or(Refusal::Controller)?;
        let lines = texts(body, "text").ok_or(Refusal::Form)?;
        let signatures = texts(body, "signatures").ok_or(Refusal::Form)?;
        if lines != self::lines(kind, controller, body) {
            return Err(Refusal::Text);
        }
        let signed = format!("{}\n", lines.join("\n"));
        let management_no = text(body, "management_no").unwrap_or_default();
        let granted = self.granted(&management_no);
        let mut by = BTreeSet::new();
        for line in &signatures {
            let keys = granted.values().map(|holder| holder.key);
            let (key_id, found) =
                note::signer(line, signed.as_bytes(), keys).map_err(|rejected| match rejected {
                    Rejected::Signature { key_id } => Refusal::Signature { key_id },
                    Rejected::Form | Rejected::Missing { .. } => Refusal::Form,
                })?;
            let holder = found.and_then(|key| granted.get(&key.to_string()));
            let holder = holder.ok_or(Refusal::Key { key_id })?;
            if !roles.contains(&holder.role) {
                return Err(Refusal::Role { key_id });
            }
            // Two keys of one account are one person.
            by.insert(holder.account);
        }
        let reviewers = body.get("reviewers").and_then(Value::as_array).map_or(0, Vec::len);
        let (found, least) = (by.len(), reviewers.max(1));
        if found < least {
            return Err(Refusal::Few { found, least });
        }
        match self.texts.get(&lines) {
            Some(&seq) => Err(Refusal::Again { seq }),
            None => Ok(Standing::Signed(found)),
        }
    }

    /// The keys that have rights for a management number, by their text.
    fn granted(&self, management_no: &str) -> BTreeMap<String, Holder<'_>> {
        let mut granted: BTreeMap<String, Holder<'_>> = BTreeMap::new();
        let is_about = |right: &&Right| {
            right.management_no == management_no || right.management_no == ALL_NUMBERS
        };
        for Right { account, what, .. } in self.rights.iter().filter(is_about) {
            match what {
                Change::Granted { key: Some(key), role } => {
                    granted.insert(key.to_string(), Holder { key, account, role });
                }
                Change::Granted { key: None, .. } => {}
                Change::Changed { role } => {
                    let of_account = |holder: &&mut Holder<'_>| holder.account == account;
                    granted.values_mut().filter(of_account).for_each(|holder| holder.role = role);
                }
                // Whichever of the two it names: rights that were to go are gone.
                Change::Revoked { key } => granted.retain(|_, holder| {
                    holder.account != account && key.as_ref() != Some(holder.key)
                }),
            }
        }
        granted
    }
}

/// Who has rights.
struct Holder<'a> {
    key: &'a VerifierKey,
    account: &'a str,
    role: &'a str,
}

/// What a record changes of rights.
fn change(kind: Kind, body: &Map<String, Value>) -> Option<Change> {
    let role = || text(body, "role").unwrap_or_default();
    let key = || text(body, "public_key").and_then(|key| public_key(&key));
    if kind == Kind::RightsGranted {
        Some(Change::Granted { key: key(), role: role() })
    } else if kind == Kind::RightsChanged {
        Some(Change::Changed { role: role() })
    } else if kind == Kind::RightsRevoked {
        Some(Change::Revoked { key: key() })
    } else {
        None
    }
}

/// A key as rights name it: Ed25519, `name+id+base64`.
#[must_use]
pub fn public_key(text: &str) -> Option<VerifierKey> {
    let key: VerifierKey = text.parse().ok()?;
    (key.algorithm() == Algorithm::Ed25519).then_some(key)
}

/// The lines that are signed for a record of this kind and body, in the ledger of this
/// controller.
///
/// # Examples
///
/// ```
/// use gamyeong::ledger::approvals::lines;
/// use gamyeong::ledger::record::Kind;
/// use serde_json::json;
///
/// let body = json!({"result": "적정", "approver": {"post": "CPO", "body": "시청"}});
/// let lines = lines(Kind::PlanApproved, "library", body.as_object().unwrap());
/// assert_eq!(lines[3], r#"approver = {"body":"시청","post":"CPO"}"#);
/// assert_eq!(lines[4], r#"result = "적정""#);
/// ```
#[must_use]
pub fn lines(kind: Kind, controller: &str, body: &Map<String, Value>) -> Vec<String> {
    let mut lines = vec![
        MAGIC.to_owned(),
        format!("kind = {}", Value::from(kind.as_str())),
        format!("controller = {}", Value::from(controller)),
    ];
    let sorted: BTreeMap<&String, &Value> =
        body.iter().filter(|(key, _)| !APART.contains(&key.as_str())).collect();
    lines.extend(sorted.into_iter().map(|(key, value)| format!("{key} = {}", canonical(value))));
    lines
}

/// JSON without white space, keys sorted by their bytes.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            let pairs = sorted
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
        Value::Array(list) => {
            format!("[{}]", list.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// An approval as its approver hands it over.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// What is approved.
    pub kind: Kind,
    /// In whose ledger.
    pub controller: String,
    /// The body of its record, `text` and `signatures` among it.
    pub body: Map<String, Value>,
}

impl Approval {
    /// Reads a signed note. Whether it counts is for [`Approvals::judge`].
    ///
    /// # Errors
    ///
    /// [`Refusal::Form`] if it is no note of an approval; [`Refusal::Text`] if its text is not
    /// written as it would be.
    pub fn read(note: &[u8]) -> Result<Self, Refusal> {
        let note = std::str::from_utf8(note).map_err(|_| Refusal::Form)?;
        let (text, signatures) = note.split_once("\n\n").ok_or(Refusal::Form)?;
        let signatures = signatures.strip_suffix('\n').ok_or(Refusal::Form)?;
        let mut lines = text.split('\n');
        if lines.next() != Some(MAGIC) {
            return Err(Refusal::Form);
        }
        let pair = |line: &str| -> Option<(String, Value)> {
            let (key, value) = line.split_once(" = ")?;
            Some((key.to_owned(), json::read(value.as_bytes(), &Bump::new()).ok()?.to_value()))
        };
        let mut named = |name: &str| -> Option<String> {
            let (key, value) = pair(lines.next()?)?;
            (key == name).then(|| value.as_str().map(str::to_owned))?
        };
        let kind = named("kind").and_then(|kind| kind.parse().ok()).ok_or(Refusal::Form)?;
        let controller = named("controller").ok_or(Refusal::Form)?;
        let mut body: Map<String, Value> =
            lines.map(pair).collect::<Option<_>>().ok_or(Refusal::Form)?;
        if self::lines(kind, &controller, &body).join("\n") != text {
            return Err(Refusal::Text);
        }
        let list = |text: &str| text.split('\n').map(Value::from).collect::<Vec<_>>();
        body.insert("text".into(), list(text).into());
        body.insert("signatures".into(), list(signatures).into());
        Ok(Self { kind, controller, body })
    }
}

fn text(body: &Map<String, Value>, key: &str) -> Option<String> {
    Some(body.get(key)?.as_str()?.to_owned())
}

/// A list of texts.
fn texts(body: &Map<String, Value>, key: &str) -> Option<Vec<String>> {
    let list = body.get(key)?.as_array()?;
    list.iter().map(|line| line.as_str().map(str::to_owned)).collect()
}
