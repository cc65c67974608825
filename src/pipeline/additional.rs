//! Rejected lines, suppressed rows and the mapping in; sealed files out.
//!
//! ```text
//! {"file":0,"line":17,"reason":"truncated:agent","text":"…"}     rejects
//! {"visitor":"mfrggzdfmztwq2lk…","hour":1765324800000000,…}      suppressed
//! {"column":"visitor","value":"192.0.2.7","pseudonym":"…"}       mapping
//! ```
//!
//! One JSON object a line. Bytes that are not UTF-8 stand as `base64`. A file
//! is begun with its first line: no empty ones are left behind.

use std::io::{self, Write as _};
use std::path::PathBuf;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType, UInt32Type};
use data_encoding::{BASE32_NOPAD, BASE64};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::fs::{Action, Failure};
use crate::vault;
use crate::vault::custodian::Recipient;
use crate::vault::sealed::Sealed;

/// A sealed file that may never be begun.
pub(super) struct Lazy<'r> {
    path: PathBuf,
    /// `None` where nothing is to be kept.
    recipient: Option<&'r Recipient>,
    sealed: Option<Sealed>,
    entries: u64,
}

/// A sealed file as records have it.
pub(super) struct Finished {
    pub(super) path: PathBuf,
    pub(super) entries: u64,
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
}

impl<'r> Lazy<'r> {
    /// Without a recipient entries are counted and go nowhere.
    pub(super) fn new(path: PathBuf, recipient: Option<&'r Recipient>) -> Self {
        Self { path, recipient, sealed: None, entries: 0 }
    }

    fn write(&mut self, entry: &Map<String, Value>) -> io::Result<()> {
        let Some(recipient) = self.recipient else {
            self.entries += 1;
            return Ok(());
        };
        let sealed = match &mut self.sealed {
            Some(sealed) => sealed,
            none => {
                none.insert(vault::sealed::seal(&self.path, recipient).map_err(io::Error::other)?)
            }
        };
        serde_json::to_writer(&mut *sealed, entry)?;
        sealed.write_all(b"\n")?;
        self.entries += 1;
        Ok(())
    }

    /// A line that is not in the format. `line` is from 1.
    pub(super) fn reject(
        &mut self,
        file: usize,
        line: u64,
        reason: &str,
        bytes: &[u8],
    ) -> io::Result<()> {
        let mut entry = Map::new();
        entry.insert("file".into(), json!(file));
        entry.insert("line".into(), json!(line));
        entry.insert("reason".into(), json!(reason));
        put(&mut entry, "text", bytes);
        self.write(&entry)
    }

    /// Rows that the gate took out.
    pub(super) fn rows(&mut self, rows: &RecordBatch) -> io::Result<()> {
        for row in 0..rows.num_rows() {
            let mut entry = Map::new();
            for (field, column) in rows.schema_ref().fields().iter().zip(rows.columns()) {
                entry.insert(field.name().clone(), cell(column, row));
            }
            self.write(&entry)?;
        }
        Ok(())
    }

    /// An identifier and its pseudonym.
    pub(super) fn pair(&mut self, column: &str, raw: &[u8], pseudonym: &[u8]) -> io::Result<()> {
        let mut entry = Map::new();
        entry.insert("column".into(), json!(column));
        put(&mut entry, "value", raw);
        entry.insert("pseudonym".into(), json!(written(pseudonym)));
        self.write(&entry)
    }

    /// Names the file of a failure.
    pub(super) fn failed(&self, error: io::Error) -> Error {
        Error::File(Failure { action: Action::Write, path: self.path.clone(), source: error })
    }

    /// Ends the file, if it was begun.
    pub(super) fn finish(self) -> Result<Option<Finished>, vault::Error> {
        let Some(sealed) = self.sealed else { return Ok(None) };
        let seal = sealed.finish()?;
        Ok(Some(Finished {
            path: self.path,
            entries: self.entries,
            bytes: seal.bytes,
            sha256: seal.sha256,
        }))
    }
}

fn put(entry: &mut Map<String, Value>, name: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => entry.insert(name.into(), json!(text)),
        Err(_) => entry.insert(format!("{name}_base64"), json!(BASE64.encode(bytes))),
    };
}

/// The base32 form, whatever the table has: one form to search for.
fn written(pseudonym: &[u8]) -> String {
    BASE32_NOPAD.encode(pseudonym).to_ascii_lowercase()
}

fn cell(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    if let Some(column) = column.as_dictionary_opt::<UInt32Type>() {
        let key = column.keys().value(row) as usize;
        match column.values().as_string_opt::<i32>() {
            Some(texts) => json!(texts.value(key)),
            None => json!(written(column.values().as_fixed_size_binary().value(key))),
        }
    } else if let Some(column) = column.as_primitive_opt::<Int64Type>() {
        json!(column.value(row))
    } else if let Some(column) = column.as_boolean_opt() {
        json!(column.value(row))
    } else {
        json!(column.as_primitive::<TimestampMicrosecondType>().value(row))
    }
}
