//! A world in; every way of tampering with it that needs no key out, and what must be named.

use data_encoding::BASE64;
use gamyeong::ledger::report::Check;
use serde_json::{Value, json};

use super::world::{Place, SIZE, World, at};
use super::{fabricated, step, vouched};
use crate::forge::{self, Files};
use crate::page::Draws;

/// What is done to one file.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Put(String, Vec<u8>),
    Remove(String),
    Flip { file: String, at: usize, bit: usize },
}

/// What somebody kept: a checkpoint, the proof in a package, the line of a witness, a time stamp.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) what: &'static str,
    pub(super) bytes: Vec<u8>,
    /// Whether the ledger continues it.
    pub(super) is_continued: bool,
}

/// What must be said of a case.
#[derive(Debug, Clone)]
pub(super) enum Expect {
    Intact,
    /// A finding names this file, and this byte where one is given. The first record that is
    /// named at all, if one is, is this one.
    Found {
        seq: Option<u64>,
        file: String,
        offset: Option<u64>,
        only: Option<&'static str>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) changes: Vec<Change>,
    pub(super) earlier: Vec<Kept>,
    pub(super) expect: Expect,
}

impl Change {
    pub(super) fn file(&self) -> &str {
        match self {
            Change::Put(file, _) | Change::Remove(file) | Change::Flip { file, .. } => file,
        }
    }

    /// What the file then holds; `None` if it is gone.
    pub(super) fn bytes(&self, world: &World) -> Option<Vec<u8>> {
        match self {
            Change::Put(_, bytes) => Some(bytes.clone()),
            Change::Remove(_) => None,
            Change::Flip { file, at, bit } => {
                let mut bytes = world.files[file].clone();
                bytes[*at] ^= 1 << bit;
                Some(bytes)
            }
        }
    }
}

impl Kept {
    pub(super) fn new(what: &'static str, bytes: Vec<u8>, is_continued: bool) -> Self {
        Self { what, bytes, is_continued }
    }
}

impl Case {
    pub(super) fn new(name: String, changes: Vec<Change>, expect: Expect) -> Self {
        Self { name, changes, earlier: Vec::new(), expect }
    }

    pub(super) fn with(self, earlier: Vec<Kept>) -> Self {
        Self { earlier, ..self }
    }
}

impl Expect {
    pub(super) fn file(file: &str) -> Self {
        Expect::Found { seq: None, file: file.to_owned(), offset: None, only: None }
    }

    pub(super) fn only(self, check: Check) -> Self {
        match self {
            Expect::Intact => self,
            Expect::Found { seq, file, offset, .. } => {
                Expect::Found { seq, file, offset, only: Some(check.as_str()) }
            }
        }
    }

    /// The record at a place.
    pub(super) fn record(seq: u64, file: &str, start: usize) -> Self {
        let offset = Some(start as u64);
        Expect::Found { seq: Some(seq), file: file.to_owned(), offset, only: None }
    }
}

/// All cases, with this many bit flips.
pub(super) fn all(world: &World, flips: usize) -> Vec<Case> {
    let mut cases = untouched(world);
    cases.extend(self::flips(world, flips));
    // The last records are those of which nothing behind them tells.
    for seq in (0..SIZE).step_by(step(13)).chain(SIZE - 3..SIZE) {
        cases.push(deleted(world, seq));
        cases.push(doubled(world, seq));
        cases.extend((seq + 1 < SIZE).then(|| swapped(world, seq)));
    }
    cases.extend(without_files(world));
    cases.extend((1..SIZE).step_by(step(23)).flat_map(|size| cut(world, size)));
    cases.extend(fabricated::all(world));
    cases
}

/// Copies that nobody touched, with everything that was ever kept of them.
fn untouched(world: &World) -> Vec<Case> {
    let case =
        |name: &str, earlier| Case::new(name.to_owned(), Vec::new(), Expect::Intact).with(earlier);
    let mut draws = Draws(11);
    let checkpoints = (1..=SIZE).map(|size| world.checkpoint(size, true)).collect();
    let proofs = (1..=SIZE).map(|size| {
        let index = draws.below(at(size)) as u64;
        world.proof(index, size, true)
    });
    let proofs: Vec<Kept> = proofs.collect();
    let lines = (1..=SIZE).map(|size| world.line(size, true)).collect();
    // OpenSSL is asked about each.
    let stamps = (1..=SIZE).step_by(step(97)).filter_map(|size| world.stamp(size, true));
    vec![
        case("untouched", Vec::new()),
        case("checkpoints", checkpoints),
        case("proofs", proofs),
        case("witness lines", lines),
        case("time stamps", stamps.collect()),
    ]
}

/// One bit: half of them in a file that is drawn, half in any byte of all.
fn flips(world: &World, count: usize) -> Vec<Case> {
    let mut draws = Draws(20_261_126);
    let files: Vec<(&String, &Vec<u8>)> =
        world.files.iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
    let all: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut flip = |number: usize| {
        let (file, place) = if number.is_multiple_of(2) {
            let (file, bytes) = files[draws.below(files.len())];
            (file, draws.below(bytes.len()))
        } else {
            let mut place = draws.below(all);
            let is_in = |(_, bytes): &&(&String, &Vec<u8>)| {
                let is_in = place < bytes.len();
                place -= if is_in { 0 } else { bytes.len() };
                is_in
            };
            let (file, _) = files.iter().find(is_in).unwrap();
            (*file, place)
        };
        let bit = draws.below(8);
        let record = world
            .places
            .iter()
            .position(|record| record.file == *file && (record.start..record.end).contains(&place));
        let expect = match record {
            Some(seq) => Expect::record(seq as u64, file, world.places[seq].start),
            None => Expect::file(file),
        };
        let name = format!("bit {bit} of byte {place} of {file}");
        Case::new(name, vec![Change::Flip { file: file.clone(), at: place, bit }], expect)
    };
    (0..count).map(&mut flip).collect()
}

/// The line of a record, with its line feed.
fn line(world: &World, seq: u64) -> &[u8] {
    let Place { file, start, end } = &world.places[at(seq)];
    &world.files[file][*start..*end]
}

/// A file in which these bytes are replaced.
fn spliced(world: &World, place: &Place, start: usize, end: usize, with: &[u8]) -> Change {
    let bytes = &world.files[&place.file];
    Change::Put(place.file.clone(), [&bytes[..start], with, &bytes[end..]].concat())
}

fn deleted(world: &World, seq: u64) -> Case {
    let place = &world.places[at(seq)];
    let change = spliced(world, place, place.start, place.end, b"");
    let next = world.places.get(at(seq + 1));
    let expect = match next {
        Some(next) if next.file == place.file => Expect::record(seq, &place.file, place.start),
        // The seal of the file tells.
        Some(_) => {
            Expect::Found { seq: Some(seq), file: place.file.clone(), offset: None, only: None }
        }
        None => Expect::file(&forge::checkpoint(SIZE)),
    };
    Case::new(format!("record {seq} deleted"), vec![change], expect)
}

fn doubled(world: &World, seq: u64) -> Case {
    let place = &world.places[at(seq)];
    let change = spliced(world, place, place.end, place.end, line(world, seq));
    let expect = Expect::record(seq + 1, &place.file, place.end);
    Case::new(format!("record {seq} twice"), vec![change], expect)
}

fn swapped(world: &World, seq: u64) -> Case {
    let (one, two) = (&world.places[at(seq)], &world.places[at(seq + 1)]);
    let (first, second) = (line(world, seq), line(world, seq + 1));
    let changes = if one.file == two.file {
        vec![spliced(world, one, one.start, two.end, &[second, first].concat())]
    } else {
        vec![
            spliced(world, one, one.start, one.end, second),
            spliced(world, two, two.start, two.end, first),
        ]
    };
    let expect = Expect::record(seq, &one.file, one.start);
    Case::new(format!("records {seq} and {} swapped", seq + 1), changes, expect)
}

/// Each file taken away, but for those in quarantine, which nothing tells of.
fn without_files(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    for file in world.files.keys().filter(|file| !file.ends_with('/')) {
        // Records are missed by the file after them, or by the head.
        let gone = |file: &String| match file.strip_prefix("records/") {
            Some(_) if *file == world.places.last().unwrap().file => Expect::file("head.note"),
            Some(_) => {
                let number: usize = file[8..14].parse().unwrap();
                Expect::Found {
                    seq: world
                        .places
                        .iter()
                        .position(|place| place.file == *file)
                        .map(|at| at as u64),
                    file: format!("records/{:06}.jsonl", number + 1),
                    offset: None,
                    only: None,
                }
            }
            None => Expect::file(file),
        };
        if !file.starts_with("quarantine/") {
            cases.push(Case::new(
                format!("no {file}"),
                vec![Change::Remove(file.clone())],
                gone(file),
            ));
        }
    }
    cases
}

/// True for the checkpoints of a sealed file.
pub(super) fn is_bundle(file: &str) -> bool {
    file.split_once('.').is_some_and(|(_, ending)| ending == "notes")
}

/// The changes that leave a ledger of its first `size` records, as it was then.
pub(super) fn cut_to(world: &World, size: u64) -> Vec<Change> {
    let last = &world.places[at(size - 1)];
    let first = world.first_of_file(size - 1);
    let bytes = &world.files[&last.file];
    let mut changes = Vec::new();
    if last.end < bytes.len() {
        changes.push(Change::Put(last.file.clone(), bytes[..last.end].to_vec()));
    }
    let segment: usize = last.file[8..14].parse().unwrap();
    let number = |file: &str| -> Option<u64> { file.split(['/', '.']).nth(1)?.parse().ok() };
    for file in world.files.keys() {
        let is_gone = match file.split('/').next() {
            Some("records") => number(file).is_some_and(|of| of > segment as u64),
            Some("checkpoints") if is_bundle(file) => {
                number(file).is_some_and(|of| of >= segment as u64)
            }
            Some("checkpoints") => number(file).is_some_and(|of| of > size || of <= first),
            Some(_) | None => false,
        };
        if is_gone {
            changes.push(Change::Remove(file.clone()));
        }
    }
    for size in first + 1..=size {
        let file = forge::checkpoint(size);
        if !world.files.contains_key(&file) {
            changes.push(Change::Put(file, world.note(size).as_bytes().to_vec()));
        }
    }
    changes.push(Change::Put("head.note".to_owned(), world.note(size).as_bytes().to_vec()));
    changes
}

type Keeper = fn(&World, u64, bool) -> Option<Kept>;

/// What is kept of a size, by each who keeps something.
pub(super) const KEEPERS: [Keeper; 4] = [
    |world, size, is_continued| Some(world.checkpoint(size, is_continued)),
    |world, size, is_continued| Some(world.proof(index_below(size), size, is_continued)),
    |world, size, is_continued| Some(world.line(size, is_continued)),
    World::stamp,
];

/// The tail cut off with all that tells of it. Only what somebody else kept can show it, and
/// anything of that does, with nothing else at hand.
fn cut(world: &World, size: u64) -> Vec<Case> {
    let mut draws = Draws(size);
    let mut cases = Vec::new();
    let mut case = |what: &str, earlier: Vec<Kept>| {
        let expect = Expect::file("earlier checkpoint 1").only(Check::Continuity);
        let name = format!("cut to {size}, {what}");
        cases.push(Case::new(name, cut_to(world, size), expect).with(earlier));
    };
    for keeper in KEEPERS {
        let newer = size + 1 + draws.below(at(SIZE - size)) as u64;
        let Some(kept) = keeper(world, newer, false) else { continue };
        case(&format!("one {} of {newer} records at hand", kept.what), vec![kept]);
    }
    // What is of the first record that is gone, and of the last one that is not.
    let of = |size, is| KEEPERS.iter().filter_map(move |keeper| keeper(world, size, is));
    case("all at hand", of(size + 1, false).chain(of(size, true)).collect());
    // Vouchers that were left beside the records.
    let newer = size + 1 + draws.below(at(SIZE - size)) as u64;
    let line = Some(world.line(newer, false));
    for (kept, dir, ending) in
        [(line, "witness", "note"), (world.stamp(newer, false), "anchor", "tsr")]
    {
        let Some(Kept { bytes, .. }) = kept else { continue };
        let file = vouched::name(dir, newer, &bytes, ending);
        let expect = Expect::file(&file).only(Check::Anchors);
        let mut changes = cut_to(world, size);
        changes.push(Change::Put(file, bytes));
        cases.push(Case::new(format!("cut to {size}, {dir} of {newer} left"), changes, expect));
    }
    cases
}

/// Any record below a size.
fn index_below(size: u64) -> u64 {
    (size.wrapping_mul(2_654_435_761) >> 7) % size
}

/// What turns the files of the world into others.
pub(super) fn difference(world: &World, files: &Files) -> Vec<Change> {
    let gone = world
        .files
        .keys()
        .filter(|name| !files.contains_key(*name) && !name.starts_with("quarantine/"));
    let gone = gone.map(|name| Change::Remove(name.clone()));
    let put = files
        .iter()
        .filter(|(name, bytes)| !name.ends_with('/') && world.files.get(*name) != Some(*bytes));
    gone.chain(put.map(|(name, bytes)| Change::Put(name.clone(), bytes.clone()))).collect()
}

/// For the browser.
pub(super) fn value(case: &Case) -> Value {
    let changes = case.changes.iter().map(|change| match change {
        Change::Put(file, bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => json!({"file": file, "text": text}),
            Err(_) => json!({"file": file, "bytes": bytes}),
        },
        Change::Remove(file) => json!({"file": file}),
        Change::Flip { file, at, bit } => json!({"file": file, "at": at, "bit": bit}),
    });
    let earlier = case.earlier.iter().enumerate().map(|(index, kept)| {
        let name = format!("earlier checkpoint {}", index + 1);
        json!({"name": name, "base64": BASE64.encode(&kept.bytes)})
    });
    json!({
        "name": case.name,
        "changes": changes.collect::<Vec<_>>(),
        "earlier": earlier.collect::<Vec<_>>(),
    })
}
