//! An entry in; one line of JSON out, and back.
//!
//! ```text
//! {"seq":7,"type":"run.begin","time":"2026-11-22T18:00:00.000Z","run":"r-1","actor":"operator","prev":"…","body":{…}}
//! ```
//!
//! The keys stand in this order, without white space. What is hashed are the
//! stored bytes: that a line could be written differently is reported and
//! breaks nothing.
//!
//! Source: C2SP tlog-tiles (65,535 bytes per entry, so that the log can become
//! one of tiles); RFC 3339 section 5.6.
//!
//! Not here: what the bodies of runs must say (`laws`), where lines are kept
//! (`store`).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::{Map, Value};

use super::json::{self, Node, Table, Unreadable};
use super::tree::Hash;

/// Longest line, without its line feed.
pub const MAX_BYTES: usize = 65_535;

/// Something to be recorded.
///
/// It must hold no personal data and no pseudonym: records are handed out.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// What happened.
    pub kind: Kind,
    /// When, in UTC with milliseconds: `2026-11-22T18:00:00.000Z`.
    pub time: &'a str,
    /// The run it belongs to.
    pub run: Option<&'a str>,
    /// Who did it, as a role or key id.
    pub actor: &'a str,
    /// The facts: a JSON object with integers below 2^53, without control
    /// characters. The order of its keys is kept.
    pub body: &'a Value,
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The ledger was created.
    LedgerInit,
    /// A key was created.
    KeyCreate,
    /// A run starts.
    RunBegin,
    /// A run has read a source.
    RunInput,
    /// A run has written its outputs under a temporary name.
    RunCommit,
    /// The outputs of a run have their name.
    RunPublished,
    /// A run was refused; there are no outputs.
    RunRefused,
    /// What a run had written was removed.
    RunUndone,
    /// The settings of the institution changed.
    ConfigChange,
    /// The ledger was opened after a crash.
    Recovery,
    /// Nothing happened that night.
    Heartbeat,
    /// A key makes no new pseudonyms any more.
    KeyRetired,
    /// A key was destroyed.
    KeyDestroyed,
    /// A file of records is full, and was checked as a whole.
    SegmentSealed,
    /// The risk of a processing was reviewed (위험성 검토).
    RiskReview,
    /// What was made was reviewed (적정성 검토).
    AdequacyReview,
    /// A plan was approved (계획 승인).
    PlanApproved,
    /// Pseudonymised information was given to somebody (제공).
    Provision,
    /// Files for a combination agency were made (결합 파일).
    CombinationFiles,
    /// Additional information was destroyed (추가정보 파기).
    AdditionalDestroyed,
    /// Pseudonymised information was destroyed (가명정보 파기).
    DataDestroyed,
    /// Destruction was asked for (파기 요청).
    RetentionRequested,
    /// Destruction was approved (파기 승인).
    RetentionApproved,
    /// Destruction was carried out and looked at (파기 확인).
    RetentionDone,
    /// Information leaked, or a person became recognisable (유출등).
    Incident,
    /// Somebody was given rights (접근권한 부여).
    RightsGranted,
    /// Somebody's rights were changed (접근권한 변경).
    RightsChanged,
    /// Somebody's rights were taken away (접근권한 말소).
    RightsRevoked,
    /// Somebody opened information (접속기록).
    Access,
    /// The ledger was verified.
    VerifyDone,
    /// A time stamp or a witness vouches for a checkpoint.
    Anchor,
}

/// Every kind, in the order of the declaration.
pub const KINDS: [Kind; 31] = [
    Kind::LedgerInit,
    Kind::KeyCreate,
    Kind::RunBegin,
    Kind::RunInput,
    Kind::RunCommit,
    Kind::RunPublished,
    Kind::RunRefused,
    Kind::RunUndone,
    Kind::ConfigChange,
    Kind::Recovery,
    Kind::Heartbeat,
    Kind::KeyRetired,
    Kind::KeyDestroyed,
    Kind::SegmentSealed,
    Kind::RiskReview,
    Kind::AdequacyReview,
    Kind::PlanApproved,
    Kind::Provision,
    Kind::CombinationFiles,
    Kind::AdditionalDestroyed,
    Kind::DataDestroyed,
    Kind::RetentionRequested,
    Kind::RetentionApproved,
    Kind::RetentionDone,
    Kind::Incident,
    Kind::RightsGranted,
    Kind::RightsChanged,
    Kind::RightsRevoked,
    Kind::Access,
    Kind::VerifyDone,
    Kind::Anchor,
];

/// A stored record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Leaf index, from 0.
    pub seq: u64,
    /// Wire name of its kind; [`Record::kind`] is `None` if a later version
    /// of this program wrote it.
    pub type_name: String,
    /// When it happened, as [`Entry::time`].
    pub time: String,
    /// The run it belongs to.
    pub run: Option<String>,
    /// Who did it.
    pub actor: String,
    /// Leaf hash of the record before; `None` in the first.
    pub prev: Option<Hash>,
    /// The facts.
    pub body: Map<String, Value>,
}

/// Why a line is no record. Names the field, never its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The line is longer than [`MAX_BYTES`].
    #[error("record: {found} bytes, at most {MAX_BYTES}")]
    Long {
        /// Bytes in the line.
        found: usize,
    },
    /// The line cannot be read.
    #[error("record: not readable")]
    Json(#[from] Unreadable),
    /// The line is not an object with the seven keys and no other.
    #[error("record: keys differ from `seq, type, time, run, actor, prev, body`")]
    Keys,
    /// A field is not what it should be.
    #[error("`{0}`: not in the form that the field needs")]
    Field(Field),
}

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "documented on `Record`")]
pub enum Field {
    Seq,
    Type,
    Time,
    Run,
    Actor,
    Prev,
    Body,
}

/// The keys of a line, in their order.
const KEYS: [&str; 7] = ["seq", "type", "time", "run", "actor", "prev", "body"];

#[derive(Serialize)]
struct Line<'a, B> {
    seq: u64,
    r#type: &'a str,
    time: &'a str,
    run: Option<&'a str>,
    actor: &'a str,
    prev: Option<String>,
    body: &'a B,
}

/// What a line says, as long as the line is there.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pub(super) seq: u64,
    pub(super) type_name: Cow<'a, str>,
    pub(super) time: Cow<'a, str>,
    pub(super) run: Option<Cow<'a, str>>,
    pub(super) actor: Cow<'a, str>,
    pub(super) prev: Option<Hash>,
    pub(super) body: Table<'a>,
}

impl Entry<'_> {
    /// Gives the line of this entry as the record `seq`, without line feed,
    /// and the record that it reads back as.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if a field is not in its form, the body is no object or
    /// holds a float, an integer of 2^53 or more or a control character, or
    /// if the line is too long.
    pub fn line(&self, seq: u64, prev: Option<Hash>) -> Result<(Vec<u8>, Record), Malformed> {
        let Value::Object(body) = self.body else { return Err(Malformed::Field(Field::Body)) };
        let record = Record {
            seq,
            type_name: self.kind.as_str().to_owned(),
            time: self.time.to_owned(),
            run: self.run.map(str::to_owned),
            actor: self.actor.to_owned(),
            prev,
            body: body.clone(),
        };
        let line = record.line().ok_or(Malformed::Field(Field::Body))?;
        // What is read back from these bytes is what counts, here and later.
        let record = Record::parse(&line)?;
        Ok((line, record))
    }
}

impl Record {
    /// Reads a line, without its line feed.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if it is not a record. White space and another order of
    /// keys are none of that; compare with [`Record::line`].
    pub fn parse(line: &[u8]) -> Result<Self, Malformed> {
        let Fields { seq, type_name, time, run, actor, prev, body } = Fields::read(line)?;
        Ok(Self {
            seq,
            type_name: type_name.into_owned(),
            time: time.into_owned(),
            run: run.map(Cow::into_owned),
            actor: actor.into_owned(),
            prev,
            body: body.into_map(),
        })
    }

    /// The line as this program writes it, without line feed. `None` if the
    /// body cannot be written, which no body read from a line can be.
    #[must_use]
    pub fn line(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(&Line {
            seq: self.seq,
            r#type: &self.type_name,
            time: &self.time,
            run: self.run.as_deref(),
            actor: &self.actor,
            prev: self.prev.map(|prev| prev.to_hex()),
            body: &self.body,
        })
        .ok()
    }

    /// What the record is about, if this version knows it.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.type_name.parse().ok()
    }
}

impl<'a> Fields<'a> {
    /// See [`Record::parse`].
    ///
    /// # Errors
    ///
    /// As there.
    pub(super) fn read(line: &'a [u8]) -> Result<Self, Malformed> {
        if line.len() > MAX_BYTES {
            return Err(Malformed::Long { found: line.len() });
        }
        let Node::Table(mut table) = json::read(line)? else { return Err(Malformed::Keys) };
        if table.len() != KEYS.len() || !KEYS.iter().all(|key| table.get(key).is_some()) {
            return Err(Malformed::Keys);
        }
        let mut take = |key: &str| table.take(key).unwrap_or(Node::Null);
        Ok(Self {
            seq: take("seq").as_u64().ok_or(Malformed::Field(Field::Seq))?,
            type_name: text(take("type"), is_type_name).ok_or(Malformed::Field(Field::Type))?,
            time: text(take("time"), is_time).ok_or(Malformed::Field(Field::Time))?,
            run: optional(take("run"), Field::Run, |run| text(run, is_name))?,
            actor: text(take("actor"), is_name).ok_or(Malformed::Field(Field::Actor))?,
            prev: optional(take("prev"), Field::Prev, |prev| Hash::from_hex(prev.as_str()?))?,
            body: match take("body") {
                Node::Table(body) => body,
                Node::Null | Node::Flag(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => {
                    return Err(Malformed::Field(Field::Body));
                }
            },
        })
    }

    /// What the record is about, if this version knows it.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.type_name.parse().ok()
    }

    /// True if `line` is how this program writes the record. `room` is overwritten.
    pub(super) fn is_written_as(&self, line: &[u8], room: &mut Vec<u8>) -> bool {
        room.clear();
        let written = Line {
            seq: self.seq,
            r#type: &self.type_name,
            time: &self.time,
            run: self.run.as_deref(),
            actor: &self.actor,
            prev: self.prev.map(|prev| prev.to_hex()),
            body: &self.body,
        };
        serde_json::to_writer(&mut *room, &written).is_ok() && room == line
    }
}

fn text(node: Node<'_>, is_valid: fn(&str) -> bool) -> Option<Cow<'_, str>> {
    match node {
        Node::Text(text) if is_valid(&text) => Some(text),
        Node::Null
        | Node::Flag(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::List(_)
        | Node::Table(_) => None,
    }
}

/// `None` for null only.
fn optional<'a, T>(
    node: Node<'a>,
    field: Field,
    read: impl FnOnce(Node<'a>) -> Option<T>,
) -> Result<Option<T>, Malformed> {
    if node == Node::Null {
        return Ok(None);
    }
    read(node).map(Some).ok_or(Malformed::Field(field))
}

fn is_type_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=64).contains(&text.len()) && text.bytes().all(|b| is_letter(b) || b"._-".contains(&b))
}

fn is_name(text: &str) -> bool {
    (1..=256).contains(&text.len())
}

/// True for one spelling of each instant only.
fn is_time(text: &str) -> bool {
    const SHAPE: &str = "2026-11-22T18:00:00.000Z";
    text.len() == SHAPE.len()
        && text.parse::<jiff::Timestamp>().is_ok_and(|instant| format!("{instant:.3}") == text)
}

impl Kind {
    /// The name in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::LedgerInit => "ledger.init",
            Kind::KeyCreate => "key.create",
            Kind::RunBegin => "run.begin",
            Kind::RunInput => "run.input",
            Kind::RunCommit => "run.commit",
            Kind::RunPublished => "run.published",
            Kind::RunRefused => "run.refused",
            Kind::RunUndone => "run.undone",
            Kind::ConfigChange => "config.change",
            Kind::Recovery => "recovery",
            Kind::Heartbeat => "heartbeat",
            Kind::KeyRetired => "key.retired",
            Kind::KeyDestroyed => "key.destroyed",
            Kind::SegmentSealed => "segment.sealed",
            Kind::RiskReview => "risk.review",
            Kind::AdequacyReview => "adequacy.review",
            Kind::PlanApproved => "plan.approved",
            Kind::Provision => "provision",
            Kind::CombinationFiles => "combination.files",
            Kind::AdditionalDestroyed => "additional.destroyed",
            Kind::DataDestroyed => "data.destroyed",
            Kind::RetentionRequested => "retention.requested",
            Kind::RetentionApproved => "retention.approved",
            Kind::RetentionDone => "retention.done",
            Kind::Incident => "incident",
            Kind::RightsGranted => "rights.granted",
            Kind::RightsChanged => "rights.changed",
            Kind::RightsRevoked => "rights.revoked",
            Kind::Access => "access",
            Kind::VerifyDone => "verify.done",
            Kind::Anchor => "anchor",
        }
    }

    /// True if it is about a run, and names it.
    #[must_use]
    pub fn is_of_run(self) -> bool {
        self.as_str().starts_with("run.")
    }
}

/// A name that stands for no [`Kind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`type`: not one that this version knows")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        KINDS.into_iter().find(|kind| kind.as_str() == name).ok_or(UnknownKind)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Field::Seq => "seq",
            Field::Type => "type",
            Field::Time => "time",
            Field::Run => "run",
            Field::Actor => "actor",
            Field::Prev => "prev",
            Field::Body => "body",
        })
    }
}
