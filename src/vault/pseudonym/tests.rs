//! What makes pseudonyms equal and what makes them differ.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::super::random::NoRandomness;
use super::*;

const LABEL: Label<'_> = Label {
    controller: "library.example.kr",
    purpose: "opening-hours",
    recipient: "store",
    domain: "ip",
};

/// Always the same byte: no randomness at all, and so comparable.
struct Constant(u8);

impl Randomness for Constant {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(self.0);
        Ok(())
    }
}

fn secret(byte: u8, pipeline: &str, epoch: &str) -> EpochSecret {
    EpochSecret::new(Secret::random(&mut Constant(byte)).unwrap(), pipeline, epoch)
}

fn kim(secret: &EpochSecret, label: &Label) -> [u8; 32] {
    secret.derive(label).pseudonym(b"kim")
}

/// Computed with `hmac` and `hashlib` of Python 3 from the formula in the
/// module's documentation. If it changes, no old pseudonym is found again.
#[test]
fn the_derivation_never_changes() {
    let key = secret(7, "web-visits", "2026-11").derive(&LABEL);
    assert_eq!(
        HEXLOWER.encode(&key.pseudonym(&[192, 0, 2, 7])),
        "53e580b239503a1076b6efe70a426db16f464de455aecf50729313db12102315"
    );
}

/// Computed with `cryptography` 48 and `hmac` of Python 3 from the formulas in the
/// documentation of this module, of `preserving` and of `sealing`.
#[test]
fn the_derivation_of_the_other_keys_never_changes() {
    let secret = secret(7, "web-visits", "2026-11");

    let preserving = secret.preserving(&LABEL);
    let after = |address: &str| preserving.encrypt(address.parse().unwrap()).to_string();
    assert_eq!(after("192.0.2.7"), "81.176.11.9");
    assert_eq!(after("2001:db8::7"), "835c:d1ac:3ec8:8563:73b4:ec6f:8097:42f2");

    let mut sealed = Vec::new();
    secret.sealing(&LABEL).seal("ip", b"kim", &mut sealed);
    assert_eq!(HEXLOWER.encode(&sealed), "4ec7412ce474e346233f00bfebfc2b76828d04");
}

#[test]
fn the_keys_of_one_label_have_nothing_in_common() {
    let secret = secret(7, "web-visits", "2026-11");
    let mut keys = BTreeSet::new();
    for version in [VERSION, DRAWS, PRESERVING, SEALING] {
        for length in [LENGTH, sealing::KEY] {
            let mut key = vec![0; length];
            secret.fill(version, &LABEL, &mut key);
            keys.extend(key.chunks(LENGTH / 2).map(<[u8]>::to_vec));
        }
    }
    assert_eq!(keys.len(), 4 * (2 + 4));
}

#[test]
fn every_part_of_the_label_makes_other_keys_of_each_kind() {
    let base = secret(7, "web-visits", "2026-11");
    let labels = [
        LABEL,
        Label { controller: "centre.example.kr", ..LABEL },
        Label { purpose: "staffing", ..LABEL },
        Label { recipient: "university", ..LABEL },
        Label { domain: "user", ..LABEL },
    ];
    let address = "2001:db8::7".parse().unwrap();
    let preserved: BTreeSet<_> =
        labels.iter().map(|label| base.preserving(label).encrypt(address)).collect();
    let sealed: BTreeSet<_> = labels
        .iter()
        .map(|label| {
            let mut sealed = Vec::new();
            base.sealing(label).seal("ip", b"kim", &mut sealed);
            sealed
        })
        .collect();
    assert_eq!((preserved.len(), sealed.len()), (labels.len(), labels.len()));
}

#[test]
fn every_part_of_the_label_and_context_makes_another_pseudonym() {
    let base = secret(7, "web-visits", "2026-11");
    let pseudonyms = [
        kim(&base, &LABEL),
        kim(&base, &Label { controller: "centre.example.kr", ..LABEL }),
        kim(&base, &Label { purpose: "staffing", ..LABEL }),
        kim(&base, &Label { recipient: "university", ..LABEL }),
        kim(&base, &Label { domain: "user", ..LABEL }),
        kim(&secret(7, "web-visits", "2026-12"), &LABEL),
        kim(&secret(7, "gate", "2026-11"), &LABEL),
        kim(&secret(8, "web-visits", "2026-11"), &LABEL),
    ];
    let distinct: BTreeSet<_> = pseudonyms.iter().collect();
    assert_eq!(distinct.len(), pseudonyms.len());
}

#[test]
fn the_same_subject_has_the_same_pseudonym_in_one_epoch() {
    let (one, other) = (secret(7, "web-visits", "2026-11"), secret(7, "web-visits", "2026-11"));
    assert_eq!(kim(&one, &LABEL), kim(&other, &LABEL));
    assert_ne!(kim(&one, &LABEL), one.derive(&LABEL).pseudonym(b"lee"));
}

#[test]
fn a_secret_in_memory_differs_from_the_same_bytes_in_an_epoch() {
    let in_memory = EpochSecret::in_memory("web-visits", &mut Constant(7)).unwrap();
    assert_ne!(kim(&in_memory, &LABEL), kim(&secret(7, "web-visits", "2026-11"), &LABEL));
}

#[test]
fn moving_a_letter_to_the_neighbour_makes_another_label() {
    let moved = Label { purpose: "opening-hour", recipient: "sstore", ..LABEL };
    assert_ne!(LABEL.to_bytes(VERSION), moved.to_bytes(VERSION));
}

/// Short strings of few letters, the separator and length bytes among them, so
/// that two lists that run together into the same letters turn up.
fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!['a', 'b', '\0', '\u{1}', '가']), 0..4)
        .prop_map(|letters| letters.into_iter().collect())
}

fn names() -> impl Strategy<Value = [String; 4]> {
    [name(), name(), name(), name()]
}

fn label(names: &[String; 4]) -> Label<'_> {
    let [controller, purpose, recipient, domain] = names;
    Label { controller, purpose, recipient, domain }
}

/// Reads a label back. That this can be done is what makes it injective.
fn parts(mut bytes: &[u8]) -> Vec<String> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = usize::try_from(u64::from_be_bytes(*length)).unwrap();
        parts.push(String::from_utf8(rest[..length].to_vec()).unwrap());
        bytes = &rest[length..];
    }
    parts
}

proptest! {
    #[test]
    fn a_label_can_be_read_back(names in names()) {
        let parts = parts(&label(&names).to_bytes(VERSION));
        prop_assert_eq!(&parts[0], VERSION);
        prop_assert_eq!(&parts[1..], &names[..]);
    }

    #[test]
    fn labels_are_equal_only_if_their_parts_are(one in names(), other in names()) {
        let (left, right) = (label(&one), label(&other));
        prop_assert_eq!(left == right, left.to_bytes(VERSION) == right.to_bytes(VERSION));
    }

    /// The same letters, cut at other places: the case that plain
    /// concatenation gets wrong.
    #[test]
    fn the_same_letters_cut_elsewhere_make_another_key(
        letters in "[ab]{1,12}",
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 6),
    ) {
        let cut = |cuts: &[prop::sample::Index]| {
            let mut at: Vec<usize> =
                cuts.iter().map(|cut| cut.index(letters.len() + 1)).collect();
            at.sort_unstable();
            [
                letters[..at[0]].to_owned(),
                letters[at[0]..at[1]].to_owned(),
                letters[at[1]..at[2]].to_owned(),
                letters[at[2]..].to_owned(),
            ]
        };
        let (one, other) = (cut(&cuts[..3]), cut(&cuts[3..]));
        let secret = secret(7, "web-visits", "2026-11");
        prop_assert_eq!(
            one == other,
            kim(&secret, &label(&one)) == kim(&secret, &label(&other))
        );
    }

    #[test]
    fn label_and_context_do_not_run_into_each_other(
        one in (names(), name(), name()),
        other in (names(), name(), name()),
    ) {
        let fixed = |(names, pipeline, epoch): &([String; 4], String, String)| {
            fixed_input(&label(names).to_bytes(VERSION), &joined(&[pipeline, epoch]), LENGTH)
        };
        prop_assert_eq!(one == other, fixed(&one) == fixed(&other));
    }
}
