//! Ledgers that whoever holds keys can make: every record and checkpoint in them is of one
//! piece, and only what somebody else knows can show what they are.

use std::collections::BTreeMap;

use gamyeong::ledger::note::{Signer, VerifierKey};
use gamyeong::ledger::report::Check;
use serde_json::json;

use super::cases::{Case, Change, Expect, KEEPERS, Kept, cut_to, difference};
use super::step;
use super::world::{SIZE, World, at, places};
use crate::forge::{self, ORIGIN, Signed, TestSigner, Told};

pub(super) fn all(world: &World) -> Vec<Case> {
    let mut cases = rewritten(world);
    cases.extend(one_key(world));
    cases.extend(two_writers(world));
    cases.extend(clock_set_back(world));
    cases
}

/// One record changed and everything from there made anew with both keys. What was kept from
/// before it fits, what was kept from behind it does not: so it is known where.
fn rewritten(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    for index in (0..world.told.len()).step_by(step(61)) {
        let mut told = world.told.clone();
        told[index].body["note"] = json!("nothing happened");
        let seq = world.seqs[index];
        // Signatures of sealed files are not looked at: one case with all of them will do.
        let signed = if index == 0 { Signed::All } else { Signed::Open };
        let files = forge::ledger_by(&told, &world.signer, signed, &world.notes);
        let kept = |size, is| KEEPERS.iter().filter_map(move |keeper| keeper(world, size, is));
        let mut earlier: Vec<Kept> = kept(seq + 1, false).collect();
        earlier.push(world.proof(seq, SIZE, false));
        if seq > 0 {
            earlier.extend(kept(seq, true));
        }
        let expect = Expect::file("earlier checkpoint 1").only(Check::Continuity);
        let name = format!("rewritten from record {seq}");
        cases.push(Case::new(name, difference(world, &files), expect).with(earlier));
    }
    cases
}

/// A signer that has one key, and makes up what the other signs.
struct Half<'a> {
    real: &'a TestSigner,
    thief: &'a TestSigner,
    has_ed25519: bool,
    /// Signatures are said to be by the real key, which they are not.
    pretends: bool,
}

impl Signer for Half<'_> {
    fn name(&self) -> &str {
        ORIGIN
    }

    fn ed25519_public(&self) -> [u8; 32] {
        let is_real = self.has_ed25519 || self.pretends;
        if is_real { self.real } else { self.thief }.ed25519_public()
    }

    fn p256_public_spki(&self) -> Vec<u8> {
        let is_real = !self.has_ed25519 || self.pretends;
        if is_real { self.real } else { self.thief }.p256_public_spki()
    }

    fn sign_ed25519(&self, text: &[u8]) -> [u8; 64] {
        if self.has_ed25519 { self.real } else { self.thief }.sign_ed25519(text)
    }

    fn sign_p256_der(&self, text: &[u8]) -> Vec<u8> {
        if self.has_ed25519 { self.thief } else { self.real }.sign_p256_der(text)
    }
}

/// History rewritten by whoever stole one of the two keys.
fn one_key(world: &World) -> Vec<Case> {
    let thief = TestSigner::new(8);
    let mut told = world.told.clone();
    told[40].body["note"] = json!("nothing happened");
    let mut cases = Vec::new();
    for (has_ed25519, pretends) in [(true, true), (true, false), (false, true), (false, false)] {
        let half = Half { real: &world.signer, thief: &thief, has_ed25519, pretends };
        let mut files = forge::ledger_by(&told, &half, Signed::Open, &[]);
        let forged_keys = files.insert("keys.txt".to_owned(), world.files["keys.txt"].clone());
        let name = format!("one key, Ed25519: {has_ed25519}, pretends: {pretends}");
        let first = places(&files).iter().rposition(|place| place.start == 0).unwrap() as u64;
        let expect = Expect::file(&forge::checkpoint(first + 1));
        cases.push(Case::new(name.clone(), difference(world, &files), expect));
        if !pretends {
            files.insert("keys.txt".to_owned(), forged_keys.unwrap());
            let expect = Expect::file("keys.txt");
            let name = format!("{name}, with its public key");
            cases.push(Case::new(name, difference(world, &files), expect));
        }
    }
    assert_ne!(VerifierKey::of(&thief).unwrap().to_vec(), world.keys);
    cases
}

/// Two programs that both went on from the same record.
fn two_writers(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    for index in (1..world.told.len()).step_by(step(97)) {
        let seq = world.seqs[index];
        // The other one wrote something else here, and nothing more.
        let mut told: Vec<Told> = world.told[..=index].to_vec();
        told[index].body["note"] = json!("by the other writer");
        let other = forge::ledger_by(&told, &world.signer, Signed::Open, &world.notes);
        let size = seq + 1;
        let note = forge::checkpoint(size);
        let place = places(&other).pop().unwrap();
        let line = other[&place.file][place.start..].to_vec();
        let ours = cut_to(world, size);
        let mut with = |what: &str, change: Option<Change>, expect: Expect| {
            let mut changes: BTreeMap<String, Change> =
                ours.iter().map(|one| (one.file().to_owned(), one.clone())).collect();
            changes.extend(change.map(|change| (change.file().to_owned(), change)));
            let name = format!("two writers at record {seq}: {what}");
            cases.push(Case::new(name, changes.into_values().collect(), expect));
        };
        let put = |file: &str| Some(Change::Put(file.to_owned(), other[file].clone()));
        with("one of them", None, Expect::Intact);
        with("the other's checkpoint", put(&note), Expect::file(&note));
        with("the other's head", put("head.note"), Expect::file("head.note"));
        let of_file = world.files[&place.file][..world.places[at(seq)].end].to_vec();
        let start = world.places[at(seq)].start;
        let both = [&of_file[..], &line].concat();
        let expect = Expect::record(size, &place.file, of_file.len());
        with("both records", Some(Change::Put(place.file.clone(), both)), expect);
        let theirs = [&of_file[..start], &line].concat();
        let expect = Expect::record(seq, &place.file, start);
        with("the other's record", Some(Change::Put(place.file.clone(), theirs)), expect);
        // Each of them is whole, and somebody has seen the other.
        let kept = world.checkpoint(size, false);
        let expect = Expect::file("earlier checkpoint 1").only(Check::Continuity);
        let mut changes = difference(world, &other);
        changes.retain(|change| change.file() != "keys.txt");
        let name = format!("two writers at record {seq}: the other, against one of them");
        cases.push(Case::new(name, changes, expect).with(vec![kept]));
    }
    cases
}

/// A record before the one before it, signed for with both keys.
fn clock_set_back(world: &World) -> Vec<Case> {
    let mut cases = Vec::new();
    for index in (1..world.told.len()).step_by(step(31)) {
        let mut told = world.told.clone();
        let before = told[index - 1].time.clone();
        if before[..7] != told[index].time[..7] {
            // The seal between them has the time of the second.
            continue;
        }
        told[index].time = earlier(&before);
        let files = forge::ledger_by(&told, &world.signer, Signed::Open, &world.notes);
        let seq = world.seqs[index];
        let place = &places(&files)[at(seq)];
        let expect = Expect::record(seq, &place.file, place.start).only(Check::Time);
        let name = format!("clock set back at record {seq}");
        cases.push(Case::new(name, difference(world, &files), expect));
    }
    cases
}

/// A millisecond before a whole second of the evening.
fn earlier(time: &str) -> String {
    let second: u32 = time[17..19].parse().unwrap();
    match second.checked_sub(1) {
        Some(second) => format!("{}{second:02}.999Z", &time[..17]),
        None => format!("{}17:59:59.999Z", &time[..11]),
    }
}
