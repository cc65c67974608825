//! A body that is to be entered and the records before it in; where it does not go with them,
//! or tells of what cannot be or cannot have happened yet, out.
//!
//! ```text
//! retention.requested ◄─ request ─ retention.approved ◄─ approval ─ data.destroyed
//!          ▲──────────── request ─ retention.done
//! run.commit ◄─ paths ─ data.destroyed, additional.destroyed
//! rights.granted ◄─ account ─ rights.changed, rights.revoked
//! any record ◄─ pipeline, management_no ─ provision, incident, retention.requested, *.destroyed
//! the same kind ◄─ corrects ─ what a person enters and nobody signs
//! ```
//!
//! Source: 표준 개인정보 보호지침 제55조, 별지 4호 and 5호; 서식 ❿.
//!
//! Not here: what a body must have by itself (`items`), signatures (`approvals`).

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::destroyed;
use super::record::{Kind, Record};

mod alone;

pub use alone::alone;
use alone::day;

/// An item that does not go with the records before it. Says which, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {what}")]
pub struct Misfit {
    /// Where it stands in the body.
    pub path: &'static str,
    /// What is wrong.
    pub what: Wrong,
}

/// Why it does not go with them, and what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It names no record, or one of another kind.
    #[error("no earlier record of this number is a `{}`: `gamyeong ledger list` shows those that are", kind.as_str())]
    Kind {
        /// The kind that it should be of.
        kind: Kind,
    },
    /// It names a record about something else.
    #[error("that record is of another `management_no`: name the one of the same")]
    Number,
    /// The record that it corrects was corrected.
    #[error("record {by} corrects that one already: name that one, if it is wrong too")]
    Corrected {
        /// The one that does.
        by: u64,
    },
    /// Nobody granted rights to the account.
    #[error(
        "no earlier `rights.granted` names this account: spell it as that does, or enter it first"
    )]
    Account,
    /// The account has these rights.
    #[error(
        "record {seq} grants the same rights, and none after it changes or revokes them: enter `rights.changed` for what is different, or nothing"
    )]
    Granted {
        /// The record that grants them.
        seq: u64,
    },
    /// Others are named by earlier records, and this is not.
    #[error(
        "no earlier record names this one, and others do: spell it as those do (`gamyeong ledger list --json`); of a processing on paper, enter its `risk.review` with pipeline and number first"
    )]
    Unheard,
    /// A path of nothing that was made.
    #[error(
        "number {number} is no file in `{list}` of an earlier record, and no folder of one: write it as that record does, such as `loans/books/date=2026-11-20/part-0.parquet`, or `loans` for all below it; leave out what no record names"
    )]
    Uncovered {
        /// Its place in the list of paths, from 1.
        number: usize,
        /// The items of a record that name such files.
        list: &'static str,
    },
    /// A day before what comes first.
    #[error("before `{first}`: one of the two is another day")]
    Order {
        /// The item that comes first.
        first: &'static str,
    },
    /// A day before that of an earlier record.
    #[error("before `{first}` of record {seq}: it is another day, or not of that record")]
    Before {
        /// The item of that record.
        first: &'static str,
        /// Its number.
        seq: u64,
    },
    /// What has not happened.
    #[error("after today, {today}: enter it when it has happened")]
    Future {
        /// The institution's day.
        today: Date,
    },
    /// What nobody can have for an address.
    #[error(
        "no IP address: write it as `192.0.2.7`, a range as `192.0.2.0/24`, several with commas between them"
    )]
    Address,
}

/// Looks for what does not go with the records before it.
#[must_use]
pub fn check(
    records: &[Record],
    kind: Kind,
    body: &Map<String, Value>,
    zone: &TimeZone,
) -> Vec<Misfit> {
    let mut found = Vec::new();
    found.extend(corrected(records, kind, body));
    if is_of_processing(kind) {
        let items = ["pipeline", "management_no"].into_iter();
        found.extend(items.filter_map(|item| unheard(records, body, item)));
    }
    if kind == Kind::RetentionApproved {
        let named = named(records, body, "request", Kind::RetentionRequested);
        let request = found_or(&mut found, named);
        found.extend(request.and_then(|it| before(body, "approved_on", it, "requested_on", zone)));
    } else if kind == Kind::RetentionDone {
        let named = named(records, body, "request", Kind::RetentionRequested);
        let request = found_or(&mut found, named);
        let first = request.map(|it| approved(records, it).unwrap_or((it, "requested_on")));
        let early = first.and_then(|(it, item)| before(body, "destroyed_at", it, item, zone));
        found.extend(early);
    } else if kind == Kind::DataDestroyed {
        let named = named(records, body, "approval", Kind::RetentionApproved);
        let approval = found_or(&mut found, named);
        let early = approval.and_then(|it| before(body, "destroyed_at", it, "approved_on", zone));
        found.extend(early);
        found.extend(uncovered(records, body, "outputs"));
    } else if kind == Kind::AdditionalDestroyed {
        found.extend(uncovered(records, body, "sealed"));
    } else if kind == Kind::RightsGranted {
        found.extend(granted_again(records, body));
    } else if kind == Kind::RightsChanged {
        found.extend(rights(records, kind, body, "changed_on", zone));
    } else if kind == Kind::RightsRevoked {
        found.extend(rights(records, kind, body, "revoked_on", zone));
    }
    found
}

/// What is told of a processing that ran, or was planned, before.
fn is_of_processing(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Provision
            | Kind::Incident
            | Kind::RetentionRequested
            | Kind::DataDestroyed
            | Kind::AdditionalDestroyed
            | Kind::KeyRetired
            | Kind::KeyDestroyed
    )
}

/// What says of a processing that there is one: a plan, a review, and what this program does.
fn tells_of_processing(kind: Kind) -> bool {
    let is_planned = matches!(kind, Kind::PlanApproved | Kind::RiskReview | Kind::AdequacyReview);
    let is_run = matches!(kind, Kind::RunBegin | Kind::RunCommit | Kind::Heartbeat);
    is_planned || is_run || kind == Kind::KeyCreate
}

/// A text that is there and not empty.
fn text<'b>(body: &'b Map<String, Value>, item: &str) -> Option<&'b str> {
    body.get(item).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// An item that no earlier record has, although plans and runs name others. A ledger without any
/// has nothing to compare it with.
fn unheard(records: &[Record], body: &Map<String, Value>, item: &'static str) -> Option<Misfit> {
    let asked = text(body, item)?;
    let tells = |record: &&Record| record.kind().is_some_and(tells_of_processing);
    let is_told = records.iter().filter(tells).any(|record| text(&record.body, item).is_some());
    let is_heard = records.iter().any(|record| text(&record.body, item) == Some(asked));
    (is_told && !is_heard).then_some(Misfit { path: item, what: Wrong::Unheard })
}

/// What is wrong with the record that this one corrects, if it corrects one.
fn corrected(records: &[Record], kind: Kind, body: &Map<String, Value>) -> Option<Misfit> {
    let path = "corrects";
    let seq = body.get(path).filter(|value| !value.is_null())?.as_u64();
    let is_it = |record: &&Record| Some(record.seq) == seq && record.kind() == Some(kind);
    let number = "management_no";
    let is_other = |record: &Record| {
        let was = text(&record.body, number);
        was.is_some() && was != text(body, number)
    };
    let corrects = |record: &&Record| {
        record.kind() == Some(kind) && record.body.get(path).and_then(Value::as_u64) == seq
    };
    let what = match (records.iter().find(is_it), records.iter().find(corrects)) {
        (None, _) => Wrong::Kind { kind },
        (Some(record), _) if is_other(record) => Wrong::Number,
        (Some(_), Some(by)) => Wrong::Corrected { by: by.seq },
        (Some(_), None) => return None,
    };
    Some(Misfit { path, what })
}

/// The record that an item names, or what is wrong with it; `None` if it names none.
fn named<'r>(
    records: &'r [Record],
    body: &Map<String, Value>,
    path: &'static str,
    kind: Kind,
) -> Option<Result<&'r Record, Misfit>> {
    let value = body.get(path).filter(|value| !value.is_null())?;
    let of = |record: &&Record| Some(record.seq) == value.as_u64() && record.kind() == Some(kind);
    let what = match records.iter().find(of) {
        None => Wrong::Kind { kind },
        Some(record) if record.body.get("management_no") != body.get("management_no") => {
            Wrong::Number
        }
        Some(record) => return Some(Ok(record)),
    };
    Some(Err(Misfit { path, what }))
}

/// The record, if that is what was found; what is wrong goes to the rest of it.
fn found_or<'r>(
    found: &mut Vec<Misfit>,
    named: Option<Result<&'r Record, Misfit>>,
) -> Option<&'r Record> {
    named?.map_err(|misfit| found.push(misfit)).ok()
}

/// The approval of a request that is of the first day, and the item of that: one that was entered
/// with another day may stand there too.
fn approved<'r>(records: &'r [Record], request: &Record) -> Option<(&'r Record, &'static str)> {
    let item = "approved_on";
    let is_its = |record: &&Record| {
        record.kind() == Some(Kind::RetentionApproved)
            && record.body.get("request").and_then(Value::as_u64) == Some(request.seq)
    };
    let first = records.iter().filter(is_its).min_by_key(|record| text(&record.body, item));
    first.map(|record| (record, item))
}

/// A day before that of an earlier record.
fn before(
    body: &Map<String, Value>,
    path: &'static str,
    earlier: &Record,
    first: &'static str,
    zone: &TimeZone,
) -> Option<Misfit> {
    let (then, now) = (day(earlier.body.get(first), zone)?, day(body.get(path), zone)?);
    let what = Wrong::Before { first, seq: earlier.seq };
    (now < then).then_some(Misfit { path, what })
}

/// The first path of a destruction that covers no file of an earlier record: it would be told
/// of, and the file be missed all the same.
fn uncovered(records: &[Record], body: &Map<String, Value>, list: &'static str) -> Option<Misfit> {
    let paths = body.get("paths").and_then(Value::as_array).filter(|paths| !paths.is_empty())?;
    let known = destroyed::known(records, list);
    let is_known = |path: &Value| path.as_str().is_some_and(|path| known.contains(Path::new(path)));
    let number = paths.iter().position(|path| !is_known(path))? + 1;
    Some(Misfit { path: "paths", what: Wrong::Uncovered { number, list } })
}

/// What is wrong with the change or the end of rights: nobody granted any to the account, or, of
/// what is taken away, to the key (a key that was stolen goes, whatever its holder is called), or
/// all of them later.
fn rights(
    records: &[Record],
    kind: Kind,
    body: &Map<String, Value>,
    path: &'static str,
    zone: &TimeZone,
) -> Option<Misfit> {
    let keys: &[&str] =
        if kind == Kind::RightsRevoked { &["account", "public_key"] } else { &["account"] };
    let is_same = |record: &&Record| {
        record.kind() == Some(Kind::RightsGranted)
            && keys.iter().any(|key| is_of(record, body, key))
    };
    let grants: Vec<&Record> = records.iter().filter(is_same).collect();
    let Some(first) = grants.first() else {
        return Some(Misfit { path: "account", what: Wrong::Account });
    };
    let late = |grant: &&Record| before(body, path, grant, "granted_on", zone).is_some();
    grants.iter().all(late).then(|| before(body, path, first, "granted_on", zone)).flatten()
}

/// True if a record says the same text of an item.
fn is_of(record: &Record, body: &Map<String, Value>, key: &str) -> bool {
    let asked = body.get(key).filter(|value| value.is_string());
    asked.is_some() && record.body.get(key) == asked
}

/// The same rights to an account that has them. A change, and an end of any of its rights, lets
/// them be granted anew: which were meant, a text may say.
fn granted_again(records: &[Record], body: &Map<String, Value>) -> Option<Misfit> {
    // Words may stand in any order.
    let said = |body: &Map<String, Value>, key: &str| -> BTreeSet<String> {
        let value = body.get(key).cloned().unwrap_or_default();
        let one = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
        let all = value.as_array().map(|list| list.iter().map(one).collect());
        all.unwrap_or_else(|| BTreeSet::from([one(&value)]))
    };
    let is_same = |record: &Record| {
        let keys =
            ["account", "management_no", "role", "info_kind", "scope", "holder_ip", "public_key"];
        keys.iter().all(|key| said(&record.body, key) == said(body, key))
    };
    let corrects = body.get("corrects").and_then(Value::as_u64);
    let mut standing = None;
    for record in records {
        let kind = record.kind();
        let is_other = Some(record.seq) != corrects;
        if kind == Some(Kind::RightsGranted) && is_other && is_same(record) {
            standing = Some(record.seq);
        } else if matches!(kind, Some(Kind::RightsChanged | Kind::RightsRevoked))
            && (is_of(record, body, "account") || is_of(record, body, "public_key"))
        {
            standing = None;
        }
    }
    standing.map(|seq| Misfit { path: "account", what: Wrong::Granted { seq } })
}
