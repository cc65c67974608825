//! Keys and signatures at the edge of what counts: the browser takes what the program takes.
//!
//! Libraries differ in which Ed25519 keys and signatures of small order they accept, and in
//! how strictly they read DER. Two verifiers that differ would give two answers.

use data_encoding::{BASE64, HEXLOWER};
use gamyeong::ledger::note::{Note, Signer as _, VerifierKey, sign};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::browser::Browser;
use super::{Draws, made, page_of};
use crate::house::House;

/// Points of small order, and numbers that are no point or no element of the field.
const EDGES: [&str; 12] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0200000000000000000000000000000000000000000000000000000000000000",
];

fn line(name: &str, kind: u8, bytes: &[u8]) -> String {
    let encoded = [&[kind], bytes].concat();
    let hashed =
        if kind == 1 { [name.as_bytes(), b"\n", &encoded].concat() } else { bytes.to_vec() };
    format!("{name}+{}+{}", HEXLOWER.encode(&Sha256::digest(hashed)[..4]), BASE64.encode(&encoded))
}

#[test]
fn keys_are_read_alike() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let signer = made::signer();
    let (ed25519, spki) = (signer.ed25519_public(), signer.p256_public_spki());
    let mut keys = vec![line("a", 1, &ed25519), line("a", 2, &spki), line("a", 3, &spki)];
    keys.extend(EDGES.map(|hex| line("a", 1, &HEXLOWER.decode(hex.as_bytes()).unwrap())));
    keys.extend((0..60u8).map(|number| line("a", 1, &Sha256::digest([number]))));
    keys.extend(["a b", "", "a\u{a0}b", "a\u{7f}", "가"].map(|name| line(name, 1, &ed25519)));
    keys.extend((0..spki.len()).map(|at| {
        let mut bytes = spki.clone();
        bytes[at] ^= 1;
        line("a", 2, &bytes)
    }));
    keys.push(keys[0].to_uppercase());
    keys.push(keys[0].trim_end_matches('=').to_owned());
    keys.push(line("a", 1, &ed25519[..31]));
    let taken = browser.run_later(
        "const [keys, done] = arguments; done(keys.map((key) => readKey(key) !== null));",
        &json!([keys]),
    );
    for (key, taken) in keys.iter().zip(taken.as_array().unwrap()) {
        assert_eq!(json!(key.parse::<VerifierKey>().is_ok()), *taken, "{key}");
    }
}

#[test]
fn signatures_are_judged_alike() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let signer = made::signer();
    let keys = VerifierKey::of(&signer).unwrap();
    let text = "lib.example.kr/gamyeong\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    let notes =
        notes(text, &keys, &String::from_utf8(sign(text, &signer, &keys).unwrap()).unwrap());
    let lines = keys.each_ref().map(ToString::to_string).join("\n");
    let judged = browser.run_later(
        "const [lines, notes, done] = arguments;
         const keys = readKeys(lines);
         Promise.all(notes.map((note) => openNote(toUtf8(note), keys))).then(
           (all) => done(all.map(({ problem }) => problem ?? null)));",
        &json!([lines, notes]),
    );
    let judged = judged.as_array().unwrap();
    let mut taken = 0;
    for (note, said) in notes.iter().zip(judged) {
        let program = Note::parse(note.as_bytes()).and_then(|note| note.verify(&keys).map(drop));
        taken += usize::from(program.is_ok());
        assert_eq!(
            program.err().map_or(Value::Null, |error| json!(error.to_string())),
            *said,
            "{note}"
        );
    }
    assert!(taken > 1, "a signature with the other s is one as well");
}

/// Notes with signatures that were changed a little.
fn notes(text: &str, keys: &[VerifierKey; 2], signed: &str) -> Vec<String> {
    let lines: Vec<&str> = signed.lines().skip(4).collect();
    let bytes = lines
        .iter()
        .map(|line| BASE64.decode(line.rsplit(' ').next().unwrap().as_bytes()).unwrap());
    let [ed25519, p256] = <[Vec<u8>; 2]>::try_from(bytes.collect::<Vec<_>>()).unwrap();
    let name = keys[0].name();
    let note = |ed25519: &[u8], p256: &[u8]| {
        format!("{text}\n— {name} {}\n— {name} {}\n", BASE64.encode(ed25519), BASE64.encode(p256))
    };
    let mut notes = vec![note(&ed25519, &p256)];
    let mut draws = Draws(5);
    for at in 0..p256.len() {
        for value in [p256[at] ^ 0x80, p256[at].wrapping_add(1), 0] {
            let mut changed = p256.clone();
            changed[at] = value;
            notes.push(note(&ed25519, &changed));
        }
        notes.push(note(&ed25519, &p256[..at.max(5)]));
    }
    for edge in EDGES {
        let mut changed = ed25519.clone();
        changed[4..36].copy_from_slice(&HEXLOWER.decode(edge.as_bytes()).unwrap());
        notes.push(note(&changed, &p256));
        changed[36..].fill(0);
        notes.push(note(&changed, &p256));
    }
    for _ in 0..60 {
        let mut changed = ed25519.clone();
        changed[draws.below(ed25519.len())] ^= 1 << draws.below(8);
        notes.push(note(&changed, &p256));
    }
    let parsed = p256::ecdsa::Signature::from_der(&p256[4..]).unwrap();
    let (r, s) = parsed.split_scalars();
    let other = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
    notes.push(note(&ed25519, &[&p256[..4], other.to_der().as_bytes()].concat()));
    notes.push(note(&ed25519, &[&p256[..], &[0]].concat()));
    notes
}
