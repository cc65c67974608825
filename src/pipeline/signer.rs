//! Lets the vault's keys sign for the ledger: the two never name each other.

use crate::ledger::cosignature::Cosigner;
use crate::ledger::note::Signer;
use crate::vault::cosigning::CosigningKey;
use crate::vault::signing::SigningKeys;

/// The keys, and the name under which they sign.
pub struct HouseSigner {
    name: String,
    keys: SigningKeys,
}

impl HouseSigner {
    /// Signs for the ledger of a controller.
    #[must_use]
    pub fn new(controller: &str, keys: SigningKeys) -> Self {
        Self { name: origin(controller), keys }
    }
}

/// Name of a controller's ledger: the first line of its checkpoints.
#[must_use]
pub fn origin(controller: &str) -> String {
    format!("gamyeong/{controller}")
}

impl Signer for HouseSigner {
    fn name(&self) -> &str {
        &self.name
    }

    fn ed25519_public(&self) -> [u8; 32] {
        self.keys.ed25519_public()
    }

    fn p256_public_spki(&self) -> Vec<u8> {
        self.keys.p256_public_spki()
    }

    fn sign_ed25519(&self, message: &[u8]) -> [u8; 64] {
        self.keys.sign_ed25519(message)
    }

    fn sign_p256_der(&self, message: &[u8]) -> Vec<u8> {
        self.keys.sign_p256_der(message)
    }
}

/// The key of a witness, and the name under which it signs.
pub struct WitnessSigner {
    name: String,
    key: CosigningKey,
}

impl WitnessSigner {
    /// Signs under this name.
    #[must_use]
    pub fn new(name: &str, key: CosigningKey) -> Self {
        Self { name: name.to_owned(), key }
    }
}

impl Cosigner for WitnessSigner {
    fn name(&self) -> &str {
        &self.name
    }

    fn public(&self) -> [u8; 32] {
        self.key.public()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message)
    }
}
