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

use std::fmt;

use bumpalo::Bump;
use serde::Serialize;
use serde_json::{Map, Value};

use super::json::{self, Node, Table, Unreadable};
use super::tree::Hash;

pub use super::kind::{KINDS, Kind, UnknownKind};

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

/// How an instant is written, with `0` for a digit.
const TIME: &str = "0000-00-00T00:00:00.000Z";
/// Bytes of an instant.
pub(super) const TIME_BYTES: usize = TIME.len();

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
    pub(super) type_name: &'a str,
    pub(super) time: &'a str,
    pub(super) run: Option<&'a str>,
    pub(super) actor: &'a str,
    pub(super) prev: Option<Hash>,
    pub(super) body: Table<'a>,
    /// True if the line is surely as this program writes it; if not, it may be all the same.
    is_plain: bool,
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
        Fields::read(line, &Bump::new()).map(|fields| fields.to_record())
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
    /// See [`Record::parse`]. What is read is put into `arena`.
    ///
    /// # Errors
    ///
    /// As there.
    pub(super) fn read(line: &'a [u8], arena: &'a Bump) -> Result<Self, Malformed> {
        if line.len() > MAX_BYTES {
            return Err(Malformed::Long { found: line.len() });
        }
        let (Node::Table(table), is_tight) = json::read_line(line, arena)? else {
            return Err(Malformed::Keys);
        };
        let is_in_order = table.keys().eq(KEYS);
        if table.len() != KEYS.len() {
            return Err(Malformed::Keys);
        }
        let mut place = 0;
        let mut values = KEYS.map(|key| table.get_behind(key, &mut place)).into_iter();
        let mut next = || values.next().flatten().ok_or(Malformed::Keys);
        let (seq, type_name, time) = (next()?, next()?, next()?);
        let (run, actor, prev, body) = (next()?, next()?, next()?, next()?);
        let malformed = Malformed::Field;
        Ok(Self {
            seq: seq.as_u64().ok_or(malformed(Field::Seq))?,
            type_name: text(type_name, is_type_name).ok_or(malformed(Field::Type))?,
            time: text(time, is_time).ok_or(malformed(Field::Time))?,
            run: optional(run, Field::Run, |run| text(run, is_name))?,
            actor: text(actor, is_name).ok_or(malformed(Field::Actor))?,
            prev: optional(prev, Field::Prev, |prev| Hash::from_hex(prev.as_str()?))?,
            body: body.as_table().ok_or(malformed(Field::Body))?,
            is_plain: is_tight && is_in_order,
        })
    }

    /// The same, which borrows nothing.
    pub(super) fn to_record(&self) -> Record {
        Record {
            seq: self.seq,
            type_name: self.type_name.to_owned(),
            time: self.time.to_owned(),
            run: self.run.map(str::to_owned),
            actor: self.actor.to_owned(),
            prev: self.prev,
            body: self.body.to_map(),
        }
    }

    /// What the record is about, if this version knows it.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.type_name.parse().ok()
    }

    /// True if `line` is how this program writes the record. `room` is overwritten.
    pub(super) fn is_written_as(&self, line: &[u8], room: &mut Vec<u8>) -> bool {
        if self.is_plain {
            return true;
        }
        room.clear();
        let written = Line {
            seq: self.seq,
            r#type: self.type_name,
            time: self.time,
            run: self.run,
            actor: self.actor,
            prev: self.prev.map(|prev| prev.to_hex()),
            body: &self.body,
        };
        serde_json::to_writer(&mut *room, &written).is_ok() && room == line
    }
}

fn text<'a>(node: &Node<'a>, is_valid: fn(&str) -> bool) -> Option<&'a str> {
    node.as_str().filter(|text| is_valid(text))
}

/// `None` for null only.
fn optional<'a, T>(
    node: &Node<'a>,
    field: Field,
    read: impl FnOnce(&Node<'a>) -> Option<T>,
) -> Result<Option<T>, Malformed> {
    if *node == Node::Null {
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
    let is_like = |(shape, byte): (u8, u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    };
    text.len() == TIME_BYTES
        && TIME.bytes().zip(text.bytes()).all(is_like)
        // A leap second, which the library takes for the one before.
        && text.get(17..19) != Some("60")
        && text.parse::<jiff::Timestamp>().is_ok()
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
