//! A file of the store or the vault in; the paths by which a record of a destruction may name
//! it, out.
//!
//! A path names a file or a folder, from inside the store on, as `outputs` of a processing
//! record does, or from inside the vault on, as `sealed` does; a folder is all that is in it. Whoever asks what was destroyed asks here, or one
//! answer would let records go whose table another answer misses.
//!
//! Not here: when it was destroyed, and whether it is gone (`pipeline::verify`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::record::{Kind, Record};

/// The path of a file, and those of the folders that it lies in. They are compared by their
/// parts: `loans` is no folder of `loans2/a`, and `loans/` is `loans`.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// use gamyeong::ledger::destroyed::covering;
///
/// let is_covered = |path| covering("loans/a/part-0.parquet").any(|found| found == Path::new(path));
/// assert!(is_covered("loans/") && is_covered("loans/a/part-0.parquet"));
/// assert!(!is_covered("loan") && !is_covered("") && !is_covered("store/loans"));
/// ```
pub fn covering(file: &str) -> impl Iterator<Item = &Path> {
    // The last is the store itself, which nobody names.
    Path::new(file).ancestors().filter(|path| !path.as_os_str().is_empty())
}

/// The name under which the table of a superseded run stays.
#[must_use]
pub fn aside(table: &str, run: &str) -> String {
    format!("{table}.superseded-{run}")
}

/// Every path that covers a file which these records name in `list`: `outputs` or `sealed`.
pub(super) fn known(records: &[Record], list: &str) -> BTreeSet<PathBuf> {
    let mut known = BTreeSet::new();
    for record in records.iter().filter(|record| record.kind() == Some(Kind::RunCommit)) {
        let files = record.body.get(list).and_then(Value::as_array).into_iter().flatten();
        for path in files.filter_map(|file| file["path"].as_str()) {
            known.extend(covering(path).map(Path::to_owned));
            // What is sealed stays where it is.
            let run = record.run.as_deref().filter(|_| list == "outputs");
            known.extend(run.map(|run| PathBuf::from(aside(path, run))));
        }
    }
    known
}
