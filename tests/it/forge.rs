//! Ledgers made by hand, without this program's store: what a thief with the keys could
//! make, and as many records as one likes in a moment. [`tamper`](crate::tamper) holds that
//! they are those of the program, byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use gamyeong::ledger::note::{Signer, VerifierKey};
use gamyeong::ledger::tree::{Hash, Tree, leaf_hash};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::house::put;

#[path = "../../src/ledger/tests/shared.rs"]
mod shared;

pub(crate) use shared::{ORIGIN, TestSigner, fill};

/// Records in one file.
const SEGMENT_RECORDS: usize = 1024;

/// What a record tells.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) time: String,
    pub(crate) kind: String,
    pub(crate) run: Option<String>,
    pub(crate) body: Value,
}

/// The files of a ledger by their names. A directory that is empty ends in `/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// In place of a kind: another file begins here, with a seal as the body wishes.
pub(crate) const NEW_FILE: &str = "+file";

/// Which checkpoints are truly signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    All,
    /// Those of the file that is open. Nobody looks at the signatures of others again.
    Open,
}

/// A ledger of these records, sealed by month as the program seals: seals are added.
pub(crate) fn ledger(told: &[Told], signer: &TestSigner, which: Signed) -> Files {
    ledger_by(told, signer, which, &[])
}

/// A ledger of these records by any signer, also one that lies. Where a checkpoint says the
/// same as the one of its size in `known`, it is that one.
pub(crate) fn ledger_by(
    told: &[Told],
    signer: &dyn Signer,
    which: Signed,
    known: &[String],
) -> Files {
    let mut made = Made {
        signer,
        keys: VerifierKey::of(signer).unwrap(),
        signed: which,
        known,
        tree: Tree::default(),
        files: Files::new(),
        segments: 0,
        lines: String::new(),
        open: Vec::new(),
        month: told[0].time[..7].to_owned(),
    };
    for one in told {
        if one.kind == NEW_FILE {
            made.seal(&one.time, &one.body);
            continue;
        }
        if made.open.len() == SEGMENT_RECORDS || one.time[..7] != made.month {
            made.seal(&one.time, &Value::Null);
        }
        made.line(one);
    }
    made.end()
}

/// A ledger that grows.
struct Made<'a> {
    signer: &'a dyn Signer,
    keys: [VerifierKey; 2],
    signed: Signed,
    known: &'a [String],
    tree: Tree,
    files: Files,
    segments: usize,
    lines: String,
    /// Sizes and roots of the checkpoints of the file that is open.
    open: Vec<(u64, Hash)>,
    month: String,
}

impl Made<'_> {
    fn line(&mut self, told: &Told) {
        let Told { time, kind, run, body } = told;
        let prev = self.tree.leaves().last().map(Hash::to_hex);
        let line = json!({"seq": self.tree.size(), "type": kind, "time": time, "run": run,
            "actor": "uid 0", "prev": prev, "body": body})
        .to_string();
        self.tree.push(leaf_hash(line.as_bytes()));
        self.open.push((self.tree.size(), self.tree.root()));
        let _ = writeln!(self.lines, "{line}");
    }

    fn note(&self, size: u64, root: Hash, which: Signed) -> Vec<u8> {
        let text = format!("{ORIGIN}\n{size}\n{}\n", root.to_base64());
        let known = usize::try_from(size - 1).ok().and_then(|index| self.known.get(index));
        if let Some(known) = known.filter(|known| known.starts_with(&text)) {
            return known.clone().into_bytes();
        }
        let signatures = match which {
            // Without looking at what comes out, as the program would: a signer may lie.
            Signed::All => [
                self.signer.sign_ed25519(text.as_bytes()).to_vec(),
                self.signer.sign_p256_der(text.as_bytes()),
            ],
            Signed::Open => [vec![3; 64], vec![3; 64]],
        };
        let [one, two]: [String; 2] = std::array::from_fn(|index| {
            let id = HEXLOWER.decode(self.keys[index].id().as_bytes()).unwrap();
            BASE64.encode(&[&id[..], &signatures[index]].concat())
        });
        format!("{text}\n— {ORIGIN} {one}\n— {ORIGIN} {two}\n").into_bytes()
    }

    /// Begins a file. `wish` has what its seal is to say instead of the truth; `notes`, which of the
    /// checkpoints are to be kept, by number or as text; `seal`: false, if there is to be none.
    fn seal(&mut self, time: &str, wish: &Value) {
        let mut notes: Vec<u8> = self
            .open
            .iter()
            .flat_map(|(size, root)| self.note(*size, *root, self.signed))
            .collect();
        if let Some(others) = wish["notes"].as_array() {
            let all: Vec<Vec<u8>> =
                self.open.iter().map(|(size, root)| self.note(*size, *root, self.signed)).collect();
            let chosen = others.iter().map(|at| match at.as_u64() {
                Some(at) => all[usize::try_from(at).unwrap()].clone(),
                None => at.as_str().unwrap().as_bytes().to_vec(),
            });
            notes = chosen.collect::<Vec<_>>().concat();
        }
        let digest = |bytes: &[u8]| HEXLOWER.encode(&Sha256::digest(bytes));
        let mut body = json!({
            "segment": self.segments,
            "first": self.open[0].0 - 1,
            "records": self.open.len(),
            "records_sha256": digest(self.lines.as_bytes()),
            "checkpoints_sha256": digest(&notes),
        });
        self.files.insert(format!("checkpoints/{:06}.notes", self.segments), notes);
        self.close();
        time[..7].clone_into(&mut self.month);
        self.open.clear();
        if wish["seal"] == false {
            return;
        }
        for (key, value) in wish.as_object().into_iter().flatten() {
            if body.get(key).is_some() {
                body[key] = value.clone();
            }
        }
        let kind = "segment.sealed".to_owned();
        self.line(&Told { time: time.to_owned(), kind, run: None, body });
    }

    fn close(&mut self) {
        let lines = std::mem::take(&mut self.lines).into_bytes();
        self.files.insert(format!("records/{:06}.jsonl", self.segments), lines);
        self.segments += 1;
    }

    fn end(mut self) -> Files {
        for (size, root) in self.open.clone() {
            let note = self.note(size, root, Signed::All);
            self.files.insert("head.note".to_owned(), note.clone());
            self.files.insert(checkpoint(size), note);
        }
        self.close();
        let keys = format!("{}\n{}\n", self.keys[0], self.keys[1]).into_bytes();
        self.files.insert("keys.txt".to_owned(), keys);
        self.files.insert("quarantine/".to_owned(), Vec::new());
        self.files
    }
}

/// The name of the checkpoint of a size.
pub(crate) fn checkpoint(size: u64) -> String {
    format!("checkpoints/{size:010}.note")
}

/// Puts the files of a ledger into a directory that is not there.
pub(crate) fn write(files: &Files, dir: &Path) {
    for (name, bytes) in files {
        let path = dir.join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            put(&path, bytes);
        }
    }
}

/// The data of a page with this ledger in it.
pub(crate) fn data(files: &Files) -> Value {
    let list = |dir: &str, ending: &str| -> Vec<Value> {
        let of_dir = files.iter().filter_map(|(name, bytes)| {
            let name = name.strip_prefix(dir)?;
            let text = String::from_utf8(bytes.clone()).unwrap();
            name.ends_with(ending).then(|| json!({"name": name, "text": text}))
        });
        of_dir.collect()
    };
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    json!({
        "origin": ORIGIN,
        "keys": text("keys.txt"),
        "head": text("head.note"),
        "segments": list("records/", ".jsonl"),
        "bundles": list("checkpoints/", ".notes"),
        "checkpoints": list("checkpoints/", ".note"),
        "quarantine": [],
        "foreign": [],
        "zone": "Asia/Seoul",
        "made": "2026-11-26T00:00:00Z",
        "from": null,
        "to": null,
    })
}
