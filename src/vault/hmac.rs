//! Key and message in; HMAC-SHA-256 and keys derived with it out.
//!
//! ```text
//! key ─► inner, outer: the two states after the padded key     (once)
//! message ─► compress(inner, message) ─► compress(outer, digest)   (each time)
//! ```
//!
//! The states after the padded key do not depend on the message, so they are
//! kept: a message of up to 55 bytes then costs two compressions instead of
//! four (RFC 2104 section 4 proposes it). Working on the compression function
//! instead of cloning a keyed state of the `hmac` crate saves the buffers
//! between the two; `benches/pseudonym.rs` measures both.
//!
//! Source: RFC 2104; FIPS 198-1; FIPS 180-4 sections 5.1.1, 5.3.3;
//! NIST SP 800-108r1 section 4.1.
//!
//! Not here: what the keys are for, comparison in constant time (nothing here
//! is verified, only computed).

use sha2::block_api::compress256;
use zeroize::{Zeroize as _, Zeroizing};

use crate::sha256::INITIAL;

/// Length of a block of SHA-256 in bytes.
const BLOCK: usize = 64;

/// Length of a result in bytes.
const OUTPUT: usize = 32;

/// Bytes of a block that are left for the message in the last one: the rest is
/// the bit that ends it and its length.
const LAST: usize = BLOCK - 1 - size_of::<u64>();

/// HMAC-SHA-256 under one key.
///
/// The two states are as good as the key, so they are treated like one:
/// no `Debug`, `Display` or `Clone`, overwritten when dropped.
pub(super) struct Hmac {
    inner: [u32; 8],
    outer: [u32; 8],
}

impl Hmac {
    /// Takes in a key of any length. Longer than a block, it is hashed first.
    pub(super) fn new(key: &[u8]) -> Hmac {
        let mut block = Zeroizing::new([0; BLOCK]);
        if key.len() > BLOCK {
            let hashed = Zeroizing::new(finish(INITIAL, 0, key));
            block[..OUTPUT].copy_from_slice(hashed.as_slice());
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let mut hmac = Hmac { inner: INITIAL, outer: INITIAL };
        for byte in block.iter_mut() {
            *byte ^= 0x36;
        }
        compress256(&mut hmac.inner, &[*block]);
        for byte in block.iter_mut() {
            *byte ^= 0x36 ^ 0x5c;
        }
        compress256(&mut hmac.outer, &[*block]);
        hmac
    }

    /// The code of one message.
    pub(super) fn code(&self, message: &[u8]) -> [u8; OUTPUT] {
        finish(self.outer, BLOCK, &finish(self.inner, BLOCK, message))
    }
}

impl Drop for Hmac {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// Fills `output` with key material: SP 800-108 counter mode, the 32-bit
/// counter, big endian, before the fixed input.
pub(super) fn derive(key: &[u8], fixed_input: &[u8], output: &mut [u8]) {
    let hmac = Hmac::new(key);
    let mut message = Vec::with_capacity(size_of::<u32>() + fixed_input.len());
    for (counter, output) in (1u32..).zip(output.chunks_mut(OUTPUT)) {
        message.clear();
        message.extend_from_slice(&counter.to_be_bytes());
        message.extend_from_slice(fixed_input);
        let block = Zeroizing::new(hmac.code(&message));
        output.copy_from_slice(&block[..output.len()]);
    }
}

/// The digest of what has brought SHA-256 to `state`, `before` bytes in whole
/// blocks, followed by `message`.
#[inline]
fn finish(mut state: [u32; 8], before: usize, message: &[u8]) -> [u8; OUTPUT] {
    let (blocks, rest) = message.as_chunks::<BLOCK>();
    if !blocks.is_empty() {
        compress256(&mut state, blocks);
    }
    let bits = 8 * (before as u64 + message.len() as u64);

    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    if rest.len() > LAST {
        compress256(&mut state, &[last]);
        last = [0; BLOCK];
    }
    last[BLOCK - size_of::<u64>()..].copy_from_slice(&bits.to_be_bytes());
    compress256(&mut state, &[last]);

    let mut digest = [0; OUTPUT];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

#[cfg(test)]
mod tests;
