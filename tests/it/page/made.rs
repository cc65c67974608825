//! Ledgers made by hand: as many records as one likes, sealed by month, without a disk.

use std::fmt::Write as _;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::Signer as _;
use gamyeong::ledger::note::{Signer, VerifierKey, sign};
use gamyeong::ledger::tree::{Hash, Tree, leaf_hash};
use p256::pkcs8::EncodePublicKey as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const ORIGIN: &str = "lib.example.kr/gamyeong";
/// Records in one file.
const SEGMENT_RECORDS: usize = 1024;

pub(super) struct TestSigner {
    ed25519: ed25519_dalek::SigningKey,
    p256: p256::ecdsa::SigningKey,
}

impl Signer for TestSigner {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn ed25519_public(&self) -> [u8; 32] {
        self.ed25519.verifying_key().to_bytes()
    }

    fn p256_public_spki(&self) -> Vec<u8> {
        self.p256.verifying_key().to_public_key_der().unwrap().into_vec()
    }

    fn sign_ed25519(&self, text: &[u8]) -> [u8; 64] {
        self.ed25519.sign(text).to_bytes()
    }

    fn sign_p256_der(&self, text: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::DerSignature =
            p256::ecdsa::signature::Signer::sign(&self.p256, text);
        signature.as_bytes().to_vec()
    }
}

/// Keys that everybody knows.
pub(super) fn signer() -> TestSigner {
    let p256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    TestSigner { ed25519: [7; 32].into(), p256 }
}

/// A ledger that grows: the data of a page.
struct Made {
    tree: Tree,
    segments: Vec<Value>,
    bundles: Vec<Value>,
    lines: String,
    /// Sizes and roots of the checkpoints of the file that is open.
    open: Vec<(u64, Hash)>,
    month: String,
}

/// The data of a page of `size` records or a few more: `nights` in turn, each a list of
/// `(type, body)`, a month after the next 40 nights.
pub(super) fn ledger(size: usize, night: &[(String, Value)]) -> Value {
    let signer = signer();
    let keys = VerifierKey::of(&signer).unwrap();
    let mut made = Made {
        tree: Tree::default(),
        segments: Vec::new(),
        bundles: Vec::new(),
        lines: String::new(),
        open: Vec::new(),
        month: "2010-01".to_owned(),
    };
    made.append(
        "2010-01-01T00:00:00.000Z",
        "ledger.init",
        None,
        &json!({"name": "시험 도서관", "controller": "test"}),
    );
    for number in 0.. {
        if made.tree.size() >= size as u64 {
            break;
        }
        let (year, month, day) = (2010 + number / 336, 1 + number / 28 % 12, 1 + number % 28);
        let time = format!("{year}-{month:02}-{day:02}T18:00:00.000Z");
        let run = format!("visits-{number}");
        for (kind, body) in night {
            made.append(&time, kind, kind.starts_with("run.").then_some(run.as_str()), body);
        }
    }
    let text = |size: u64, root: Hash| format!("{ORIGIN}\n{size}\n{}\n", root.to_base64());
    let notes: Vec<Value> = made
        .open
        .iter()
        .map(|(size, root)| {
            let note = sign(&text(*size, *root), &signer, &keys).unwrap();
            json!({"name": format!("{size:010}.note"), "text": String::from_utf8(note).unwrap()})
        })
        .collect();
    let head = notes.last().unwrap()["text"].clone();
    made.close();
    json!({
        "origin": ORIGIN,
        "keys": format!("{}\n{}\n", keys[0], keys[1]),
        "head": head,
        "segments": made.segments,
        "bundles": made.bundles,
        "checkpoints": notes,
        "quarantine": [],
        "foreign": [],
        "zone": "Asia/Seoul",
        "made": "2026-11-26T00:00:00Z",
        "from": null,
        "to": null,
    })
}

impl Made {
    fn append(&mut self, time: &str, kind: &str, run: Option<&str>, body: &Value) {
        let is_full = self.open.len() == SEGMENT_RECORDS;
        if is_full || time[..7] != self.month {
            self.seal(time);
        }
        self.line(time, kind, run, body);
    }

    fn line(&mut self, time: &str, kind: &str, run: Option<&str>, body: &Value) {
        let prev = self.tree.leaves().last().map(Hash::to_hex);
        let line = json!({"seq": self.tree.size(), "type": kind, "time": time, "run": run,
            "actor": "uid 0", "prev": prev, "body": body})
        .to_string();
        self.tree.push(leaf_hash(line.as_bytes()));
        self.open.push((self.tree.size(), self.tree.root()));
        let _ = writeln!(self.lines, "{line}");
    }

    /// Who signed sealed checkpoints is not looked at again: theirs are made up.
    fn seal(&mut self, time: &str) {
        let mut notes = String::new();
        let made_up = BASE64.encode(&[3; 68]);
        for (size, root) in &self.open {
            let root = root.to_base64();
            let _ = write!(
                notes,
                "{ORIGIN}\n{size}\n{root}\n\n— {ORIGIN} {made_up}\n— {ORIGIN} {made_up}\n"
            );
        }
        let digest = |text: &str| HEXLOWER.encode(&Sha256::digest(text));
        let body = json!({
            "segment": self.segments.len(),
            "first": self.open[0].0 - 1,
            "records": self.open.len(),
            "records_sha256": digest(&self.lines),
            "checkpoints_sha256": digest(&notes),
        });
        self.bundles
            .push(json!({"name": format!("{:06}.notes", self.bundles.len()), "text": notes}));
        self.close();
        time[..7].clone_into(&mut self.month);
        self.open.clear();
        self.line(time, "segment.sealed", None, &body);
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.lines);
        self.segments
            .push(json!({"name": format!("{:06}.jsonl", self.segments.len()), "text": text}));
    }
}
