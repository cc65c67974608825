//! What others hold of the ledger: lines of a witness, and the answers of a time stamping
//! authority that OpenSSL runs.

use std::collections::BTreeMap;
use std::sync::Mutex;

use gamyeong::ledger::checkpoint::Checkpoint;
use gamyeong::ledger::cosignature::{Cosigner, WitnessKey, cosign};
use gamyeong::ledger::note::Signer as _;
use gamyeong::ledger::openssl::Authority;
use gamyeong::ledger::stamp;
use gamyeong::ledger::tree::Hash;

use super::say;
use crate::anchor::Tsa;
use crate::forge::TestSigner;

const WITNESS: &str = "audit.example.kr/witness";

pub(super) struct Vouched {
    witness: Witness,
    pub(super) key: WitnessKey,
    tsa: Option<Tsa>,
    /// Of the sizes that were asked for: each is a call of OpenSSL.
    stamps: Mutex<BTreeMap<u64, Vec<u8>>>,
}

struct Witness(TestSigner);

impl Cosigner for Witness {
    fn name(&self) -> &str {
        WITNESS
    }

    fn public(&self) -> [u8; 32] {
        self.0.ed25519_public()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign_ed25519(message)
    }
}

impl Vouched {
    pub(super) fn new() -> Self {
        let witness = Witness(TestSigner::new(9));
        let key = WitnessKey::of(&witness).unwrap();
        let tsa = Tsa::start();
        if tsa.is_none() {
            say("skipped: time stamps, no openssl");
        }
        Self { witness, key, tsa, stamps: Mutex::default() }
    }

    pub(super) fn authority(&self) -> Option<Authority> {
        self.tsa.as_ref().map(Tsa::authority)
    }

    /// A checkpoint with the line of the witness under it.
    pub(super) fn line(&self, note: &str) -> String {
        let checkpoint = checkpoint(note);
        let text = checkpoint.to_string();
        let time = 1_790_000_000 + checkpoint.size;
        format!("{note}{}", cosign(&text, time, &self.key, &self.witness).unwrap())
    }

    /// The time stamp on a checkpoint; `None` without OpenSSL.
    pub(super) fn stamp(&self, note: &str) -> Option<Vec<u8>> {
        let tsa = self.tsa.as_ref()?;
        let checkpoint = checkpoint(note);
        let mut stamps = self.stamps.lock().unwrap();
        let stamp = stamps.entry(checkpoint.size);
        Some(stamp.or_insert_with(|| tsa.answer(&stamp::request(&checkpoint))).clone())
    }
}

fn checkpoint(note: &str) -> Checkpoint {
    Checkpoint::parse(&format!("{}\n", note.split_once("\n\n").unwrap().0)).unwrap()
}

/// The name under which a ledger keeps a voucher.
pub(super) fn name(dir: &str, size: u64, bytes: &[u8], ending: &str) -> String {
    format!("{dir}/{size:010}-{}.{ending}", &Hash::of(bytes).to_hex()[..8])
}
