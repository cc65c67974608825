//! Somebody opens what is kept apart, in; the record that says so (접속기록), or the file from
//! which it can be entered, out.
//!
//! ```text
//! count, without showing ─► record ─► show
//! ```
//!
//! The record comes first: a reader that goes away, or a disk that is full, takes nothing back
//! of what somebody could have seen. Counted is therefore all that could be seen.
//!
//! Source: 개인정보의 안전성 확보조치 기준 제2조제3호 (its five fields), 제8조 (reasons of
//! downloads are looked at).
//!
//! Not here: what is opened (`vault::sealed`, `trial`), who asks (`cli`).

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::history::text;
use super::{Night, opened};
use crate::config::house::House;
use crate::error::Error;
use crate::ledger::record::{Kind, Record};

/// What is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A sealed file of the vault (추가정보).
    Sealed,
    /// A file of input (개인정보).
    Input,
}

/// One opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What is opened.
    pub subject: Subject,
    /// SHA-256 of its file. A name could hold somebody's.
    pub sha256: [u8; 32],
    /// How many entries could be seen.
    pub entries: u64,
    /// True if they go to a file or another program, not to a screen.
    pub is_download: bool,
    /// Why.
    pub reason: String,
}

impl Access {
    /// The items of the record. What was opened is named as the records name it, if they do.
    fn items(&self, night: &Night<'_>, account: &str, records: &[Record]) -> Map<String, Value> {
        let sha256 = HEXLOWER.encode(&self.sha256);
        let (what, kind, list) = match self.subject {
            Subject::Sealed => ("봉인 파일", "추가정보", "sealed"),
            Subject::Input => ("원천 자료", "개인정보", "files"),
        };
        let named = named(records, list, &sha256);
        let path = named.and_then(|(_, entry)| entry["path"].as_str());
        let object = match path {
            Some(path) => path.to_owned(),
            None => format!("{what}, SHA-256 {sha256}"),
        };
        let management_no = named.and_then(|(record, _)| management_no(records, record));
        let body = json!({
            "account": account,
            "at": format!("{:.3}", (night.now)()),
            "from": night.from,
            "entries": self.entries,
            "info_kind": kind,
            "object": object,
            "task": if self.is_download { "다운로드" } else { "조회" },
            "reason": self.reason,
            "management_no": management_no,
        });
        let mut items = body.as_object().cloned().unwrap_or_default();
        items.retain(|_, value| !value.is_null());
        items
    }

    /// Records it in a house. Gives the number of the record.
    ///
    /// # Errors
    ///
    /// Those of [`opened::enter`].
    pub fn record(&self, house: &House, night: &Night<'_>, account: &str) -> Result<u64, Error> {
        opened::enter(house, night, Kind::Access, |records| {
            Ok(Value::Object(self.items(night, account, records)))
        })
    }

    /// The file from which it can be entered where the ledger is: `gamyeong ledger enter access
    /// --file FILE`.
    #[must_use]
    pub fn toml(&self, night: &Night<'_>, account: &str) -> String {
        let mut text = "# 접속기록: gamyeong ledger enter access --file …\n".to_owned();
        for (key, value) in self.items(night, account, &[]) {
            // JSON strings and numbers are TOML as well. Writing to a string does not fail.
            let _ = writeln!(text, "{key} = {value}");
        }
        text
    }
}

/// The record that names a file of this digest, and its entry.
fn named<'r>(records: &'r [Record], list: &str, sha256: &str) -> Option<(&'r Record, &'r Value)> {
    records.iter().find_map(|record| {
        let kind = record.kind()?;
        if !matches!(kind, Kind::RunCommit | Kind::RunInput) {
            return None;
        }
        let mut entries = record.body.get(list)?.as_array()?.iter();
        Some((record, entries.find(|entry| entry["sha256"].as_str() == Some(sha256))?))
    })
}

/// The management number of the run that a record is of.
fn management_no(records: &[Record], of: &Record) -> Option<String> {
    let is_its = |record: &&Record| record.kind() == Some(Kind::RunBegin) && record.run == of.run;
    Some(text(records.iter().find(is_its)?, "management_no")?.to_owned())
}
