//! The ledger that is tampered with: 500 records in twelve files, five of them in the last one,
//! and all that was kept of it.

use gamyeong::ledger::items::example;
use gamyeong::ledger::note::VerifierKey;
use gamyeong::ledger::proof;
use gamyeong::ledger::record::{Entry, Kind};
use gamyeong::ledger::store::Ledger;
use gamyeong::ledger::tlog_proof::Inclusion;
use gamyeong::ledger::tree::{Tree, leaf_hash};
use serde_json::{Value, json};

use super::cases::Kept;
use super::vouched::Vouched;
use crate::forge::{self, Files, Signed, TestSigner, Told};
use crate::house::files;

/// Records in all, seals among them.
pub(super) const SIZE: u64 = 500;

/// Where a record stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) file: String,
    /// Of its first byte.
    pub(super) start: usize,
    /// Of the byte behind its line feed.
    pub(super) end: usize,
}

pub(super) struct World {
    pub(super) signer: TestSigner,
    pub(super) keys: Vec<VerifierKey>,
    pub(super) told: Vec<Told>,
    /// Of each of `told`, its leaf index: seals come between.
    pub(super) seqs: Vec<u64>,
    pub(super) files: Files,
    /// Of each record.
    pub(super) places: Vec<Place>,
    /// Of each size from 1, its checkpoint.
    pub(super) notes: Vec<String>,
    pub(super) vouched: Vouched,
    tree: Tree,
}

impl World {
    pub(super) fn new() -> Self {
        let signer = TestSigner::new(7);
        let (told, seqs) = records();
        let mut files = forge::ledger(&told, &signer, Signed::All);
        let places = places(&files);
        assert_eq!(places.len() as u64, SIZE);
        let mut tree = Tree::default();
        for place in &places {
            tree.push(leaf_hash(&files[&place.file][place.start..place.end - 1]));
        }
        let notes = notes(&files);
        // What a crash once left.
        let tail = b"{\"seq\":7,\"type\":\"run.be";
        let digest = gamyeong::ledger::tree::Hash::of(tail);
        files.insert(format!("quarantine/000000-00001234-{digest}.bin"), tail.to_vec());
        let keys = signer.keys().to_vec();
        let vouched = Vouched::new();
        Self { signer, keys, told, seqs, files, places, notes, vouched, tree }
    }

    /// The checkpoint of a size, as somebody kept it.
    pub(super) fn checkpoint(&self, size: u64, is_continued: bool) -> Kept {
        Kept::new("checkpoint", self.note(size).into(), is_continued)
    }

    /// The proof of a record by the checkpoint of a size, as a package holds it.
    pub(super) fn proof(&self, index: u64, size: u64, is_continued: bool) -> Kept {
        let path = self.tree.prove_inclusion(index, size).unwrap();
        let leaf = self.tree.leaves()[at(index)];
        let root = self.tree.root_at(size).unwrap();
        proof::verify_inclusion(leaf, index, size, &path, root).unwrap();
        let note = self.note(size).to_owned();
        let proof = Inclusion { index, path, extra: None, checkpoint: note };
        Kept::new("package", proof.to_string().into(), is_continued)
    }

    /// The checkpoint of a size, signed by a witness as well.
    pub(super) fn line(&self, size: u64, is_continued: bool) -> Kept {
        Kept::new("witness line", self.vouched.line(self.note(size)).into(), is_continued)
    }

    /// A time stamp on the checkpoint of a size; `None` without OpenSSL.
    pub(super) fn stamp(&self, size: u64, is_continued: bool) -> Option<Kept> {
        let stamp = self.vouched.stamp(self.note(size))?;
        Some(Kept::new("time stamp", stamp, is_continued))
    }

    pub(super) fn note(&self, size: u64) -> &str {
        &self.notes[at(size - 1)]
    }

    /// Leaf index of the first record of the file that a record is in.
    pub(super) fn first_of_file(&self, seq: u64) -> u64 {
        let file = &self.places[at(seq)].file;
        self.places.iter().position(|place| place.file == *file).unwrap() as u64
    }
}

/// As an index.
pub(super) fn at(seq: u64) -> usize {
    usize::try_from(seq).unwrap()
}

/// Where each record stands.
pub(super) fn places(files: &Files) -> Vec<Place> {
    let mut places = Vec::new();
    for (file, bytes) in files.iter().filter(|(name, _)| name.starts_with("records/")) {
        let mut start = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let end = start + line.len();
            places.push(Place { file: file.clone(), start, end });
            start = end;
        }
    }
    places
}

/// Every checkpoint, out of those of sealed files and the single ones.
fn notes(files: &Files) -> Vec<String> {
    let bundles = files.iter().filter(|(name, _)| super::cases::is_bundle(name));
    let singles = files
        .iter()
        .filter(|(name, _)| name.starts_with("checkpoints/") && !super::cases::is_bundle(name));
    let text: Vec<u8> = bundles.chain(singles).flat_map(|(_, bytes)| bytes.clone()).collect();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.chunks(6).map(<[&str]>::concat).collect()
}

/// Nights with and without input, refused ones, accesses and provisions: what a year brings.
fn records() -> (Vec<Told>, Vec<u64>) {
    let mut told: Vec<Told> = Vec::new();
    let mut seqs = Vec::new();
    let mut seals = 0;
    for number in 0u64.. {
        let (year, month) = (2025 + number.div_ceil(12), (number + 11) % 12 + 1);
        for one in month_of(number) {
            let Told { time, .. } = &one;
            let time = time.replacen("YYYY-MM", &format!("{year}-{month:02}"), 1);
            if told.last().is_some_and(|last| last.time[..7] != time[..7]) {
                seals += 1;
            }
            if told.len() as u64 + seals == SIZE {
                return (told, seqs);
            }
            seqs.push(told.len() as u64 + seals);
            told.push(Told { time, ..one });
        }
    }
    (told, seqs)
}

fn month_of(number: u64) -> Vec<Told> {
    let mut told = Vec::new();
    let mut tell = |day: u64, second: u64, kind: &str, run: Option<String>, body: Value| {
        let time = format!("YYYY-MM-{:02}T18:00:{second:02}.000Z", day + 1);
        told.push(Told { time, kind: kind.to_owned(), run, body });
    };
    if number == 0 {
        tell(0, 0, "ledger.init", None, body(Kind::LedgerInit, &json!({})));
    }
    tell(0, 1, "key.create", None, body(Kind::KeyCreate, &json!({})));
    for day in 0..12 {
        let lines = 100 * number + day;
        tell(day, 2, "heartbeat", None, body(Kind::Heartbeat, &json!({})));
        tell(day, 3, "access", None, body(Kind::Access, &json!({"subjects": lines})));
        if !matches!(day, 1 | 3 | 6 | 9) {
            continue;
        }
        let run = Some(format!("visits-{number}-{day}"));
        let counts = json!({"lines": lines, "rows": lines, "rejected": 0, "suppressed": 0,
            "excluded": 0, "blank": 0});
        tell(day, 4, "run.begin", run.clone(), body(Kind::RunBegin, &json!({})));
        let input = json!({"source": "web", "files": [counts]});
        tell(day, 5, "run.input", run.clone(), body(Kind::RunInput, &input));
        if day == 9 {
            tell(day, 6, "run.refused", run, body(Kind::RunRefused, &json!({})));
            continue;
        }
        let mut source = counts;
        source["name"] = json!("web");
        let commit = json!({"sources": [source]});
        tell(day, 7, "run.commit", run.clone(), body(Kind::RunCommit, &commit));
        tell(day, 8, "run.published", run, body(Kind::RunPublished, &json!({})));
    }
    for (second, kind) in [Kind::Provision, Kind::RightsGranted, Kind::VerifyDone, Kind::KeyRetired]
        .into_iter()
        .enumerate()
    {
        tell(20, second as u64, kind.as_str(), None, body(kind, &json!({"size": number})));
    }
    told
}

/// A body with these facts, and the other items of its kind filled in.
fn body(kind: Kind, facts: &Value) -> Value {
    let mut body = facts.clone();
    forge::fill(&mut body, &Value::Object(example::body(kind)));
    body
}

/// The first 120 records, by the program and by the forge.
pub(super) fn forged_as_the_program_writes() {
    let signer = TestSigner::new(7);
    let (told, _) = records();
    let told = &told[..120];
    let home = super::memory();
    let dir = home.path().join("ledger");
    let entry = |told: &'static Told| Entry {
        kind: told.kind.parse().unwrap(),
        time: &told.time,
        run: told.run.as_deref(),
        actor: "uid 0",
        body: &told.body,
    };
    let told: &'static [Told] = Box::leak(told.to_vec().into_boxed_slice());
    let mut program = Ledger::create(&dir, &signer, &entry(&told[0])).unwrap();
    for one in &told[1..] {
        program.append(&signer, &entry(one)).unwrap();
    }
    let stored = files(&dir).into_iter().map(|path| {
        let name = path.strip_prefix(&dir).unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(&path).unwrap())
    });
    let mut stored: Files = stored.collect();
    stored.insert("quarantine/".to_owned(), Vec::new());
    let forged = forge::ledger(told, &signer, Signed::All);
    assert!(forged.contains_key("records/000002.jsonl"), "three months at least");
    assert_eq!(stored.keys().collect::<Vec<_>>(), forged.keys().collect::<Vec<_>>());
    for (name, bytes) in &stored {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&forged[name]), "{name}");
    }
}
