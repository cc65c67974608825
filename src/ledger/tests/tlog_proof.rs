//! Proofs as texts: written, read, checked, and damaged.

use proptest::prelude::*;

use super::super::checkpoint::Checkpoint;
use super::super::note::VerifierKey;
use super::super::proof::ProofError;
use super::super::store::Ledger;
use super::super::tlog_proof::{Continuation, Inclusion, Unproven};
use super::{TestSigner, keys, ledger_of};

fn line(ledger: &Ledger, seq: u64) -> Vec<u8> {
    ledger.records()[usize::try_from(seq).unwrap()].line().unwrap()
}

#[test]
fn every_record_is_proven_to_whoever_has_the_keys_alone() {
    let (_home, dir, ledger) = ledger_of(7);
    for seq in 0..7 {
        let text = Inclusion::of(&dir, seq).unwrap().to_string();
        assert!(text.starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {seq}\n")), "{text}");
        let proof = Inclusion::parse(&text).unwrap();
        assert_eq!(proof.to_string(), text);
        let found = proof.verify(&line(&ledger, seq), &keys()).unwrap();
        assert_eq!((found.size, found.root), (7, ledger.root()));
        // With extra data, as others write them.
        let extra = text.replacen('\n', "\nextra YQ==\n", 1);
        let read = Inclusion::parse(&extra).unwrap();
        assert_eq!(read.to_string(), extra);
        assert_eq!(read, Inclusion { extra: Some(b"a".to_vec()), ..proof.clone() });
        // The last but one is two texts of base64, one behind the other.
        for unreadable in
            ["extra YQ=\n", "extra Y*==\n", "extra QQ==QUJD\n", "extra YQ==\nextra YQ==\n"]
        {
            let text = text.replacen('\n', &format!("\n{unreadable}"), 1);
            assert_eq!(Inclusion::parse(&text), Err(Unproven::Form), "{unreadable}");
        }
        // Another record, and keys of somebody else.
        let other = proof.verify(&line(&ledger, (seq + 1) % 7), &keys());
        assert!(matches!(other, Err(Unproven::Proof(ProofError::Root { .. }))), "{other:?}");
        let strangers =
            VerifierKey::of(&TestSigner { name: "other.example", ..TestSigner::new(9) }).unwrap();
        let unknown = proof.verify(&line(&ledger, seq), &strangers);
        assert!(matches!(unknown, Err(Unproven::Checkpoint(_))), "{unknown:?}");
    }
    assert!(Inclusion::of(&dir, 7).is_err());
}

#[test]
fn a_later_ledger_is_shown_to_continue_every_earlier_one() {
    let (_home, dir, ledger) = ledger_of(7);
    for old in 1..=7 {
        let root = ledger.tree.root_at(old).unwrap();
        let earlier = Checkpoint { origin: ledger.origin().to_owned(), size: old, root };
        let text = Continuation::of(&dir, old).unwrap().to_string();
        let proof = Continuation::parse(&text).unwrap();
        assert_eq!(proof.to_string(), text);
        assert_eq!(proof.verify(&earlier, &keys()).unwrap().size, 7);
        // A fork: other records up to there.
        let forked =
            Checkpoint { root: ledger.tree.root_at(old % 7 + 1).unwrap(), ..earlier.clone() };
        assert!(proof.verify(&forked, &keys()).is_err(), "{old}");
        let elsewhere = Checkpoint { origin: "other.example".to_owned(), ..earlier };
        assert_eq!(proof.verify(&elsewhere, &keys()), Err(Unproven::Origin));
    }
    // A ledger that was cut.
    assert!(Continuation::of(&dir, 8).is_err());
    assert!(Continuation::of(&dir, 0).is_err());
}

proptest! {
    #[test]
    fn a_damaged_text_never_proves(at in 0usize..2_000, bit in 0u8..8) {
        let (_home, dir, ledger) = ledger_of(5);
        let text = Inclusion::of(&dir, 3).unwrap().to_string();
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let Ok(damaged) = String::from_utf8(bytes) else { return Ok(()) };
        let found = Inclusion::parse(&damaged)
            .and_then(|proof| proof.verify(&line(&ledger, 3), &keys()));
        prop_assert!(found.is_err(), "{}", damaged);
    }

    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,80}(\n\\PC{0,40}){0,6}") {
        let _ = (Inclusion::parse(&text), Continuation::parse(&text));
    }
}
