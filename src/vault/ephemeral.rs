//! Random bytes in; a cover for files that nobody else will ever read, out.
//!
//! Rows wait in files without a name until all are counted, and some of them are then
//! taken out or blanked. What lies on the disk meanwhile is on it after a crash too, and
//! in a snapshot that somebody takes in the night. So it is covered under a key that is
//! drawn for the night and is in memory alone.
//!
//! Source: NIST SP 800-38A, section 6.5 (counter mode), with AES-256.
//!
//! Not here: what must be opened again (`sealed`); proof that the bytes are the same:
//! nobody else has the file.

use std::sync::atomic::{AtomicU64, Ordering};

use aes::Aes256;
use ctr::cipher::{
    InnerIvInit as _, KeyInit as _, StreamCipher as _, StreamCipherCoreWrapper,
    StreamCipherSeek as _,
};
use ctr::{CtrCore, flavors};

use super::random::{NoRandomness, Randomness};
use super::secret::Secret;

/// The key of a night. Every file has a cover of its own.
pub struct Ephemeral {
    key: Secret,
    files: AtomicU64,
}

/// Covers the bytes of one file, and uncovers them.
pub struct Cover {
    cipher: Aes256,
    start: [u8; 16],
}

impl Ephemeral {
    /// Draws a key.
    ///
    /// # Errors
    ///
    /// If there are no random bytes.
    pub fn draw(random: &mut dyn Randomness) -> Result<Self, NoRandomness> {
        Ok(Self { key: Secret::random(random)?, files: AtomicU64::new(0) })
    }

    /// The cover of another file: no two have the same.
    #[must_use]
    pub fn cover(&self) -> Cover {
        // The first half of the counter is the number of the file, the other counts
        // its blocks.
        let file = self.files.fetch_add(1, Ordering::Relaxed);
        let mut start = [0; 16];
        start[..8].copy_from_slice(&file.to_be_bytes());
        Cover::new(self.key.expose(), start)
    }
}

impl Cover {
    fn new(key: &[u8; 32], start: [u8; 16]) -> Self {
        Self { cipher: Aes256::new(key.into()), start }
    }

    /// Covers the bytes that stand at a place of the file, or uncovers them.
    pub fn turn(&self, at: u64, bytes: &mut [u8]) {
        let core =
            CtrCore::<_, flavors::Ctr128BE>::inner_iv_init(self.cipher.clone(), &self.start.into());
        let mut stream = StreamCipherCoreWrapper::from_core(core);
        stream.seek(at);
        stream.apply_keystream(bytes);
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;
    use crate::vault::random::Os;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
    }

    /// NIST SP 800-38A, F.5.5.
    #[test]
    fn the_vector_of_the_standard() {
        let key = bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let cover = Cover::new(&key, bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
        let plain: [u8; 64] = bytes(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51\
             30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        );
        let covered: [u8; 64] = bytes(
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5\
             2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
        );
        let mut turned = plain;
        cover.turn(0, &mut turned);
        assert_eq!(turned, covered);
        // From the middle of a block, and back.
        cover.turn(21, &mut turned[21..]);
        assert_eq!((&turned[..21], &turned[21..]), (&covered[..21], &plain[21..]));
    }

    #[test]
    fn no_two_files_and_no_two_nights_have_the_same_cover() {
        let nights = [Ephemeral::draw(&mut Os).unwrap(), Ephemeral::draw(&mut Os).unwrap()];
        let mut covered: Vec<[u8; 32]> = Vec::new();
        for cover in nights.iter().flat_map(|night| [night.cover(), night.cover()]) {
            let mut bytes = [0; 32];
            cover.turn(0, &mut bytes);
            covered.push(bytes);
        }
        covered.sort_unstable();
        covered.dedup();
        assert_eq!(covered.len(), 4);
    }
}
