//! Messages in; their SHA-256 digests out, two at a time.
//!
//! Each round of a digest waits for the one before. A processor that has instructions for them
//! works on another digest in that time, if it is given a block of each in turn and finds little
//! else between them: lines and the file that they stand in take 0.73 of the time, nodes of a tree
//! 0.6. A check of a ledger hashes little else.
//!
//! Padding is here, the compression of a block is the library's. So is all that is hashed alone.
//!
//! Source: FIPS 180-4 sections 5.1.1, 5.2.1, 5.3.3 and 6.2.2.
//!
//! Not here: what is hashed (`ledger::tree`), digests of keys, which are overwritten
//! (`vault::hmac`).

use std::ops::Range;

use sha2::block_api::compress256;

/// Bytes of a block.
const BLOCK: usize = 64;
/// Bytes that the length of a message takes at its end.
const LENGTH: usize = size_of::<u64>();
/// Bytes of a prefix and two hashes.
const NODE: usize = 65;
/// FIPS 180-4 section 5.3.3: the first 32 bits of the fractional parts of the square roots of the
/// first eight primes.
pub(crate) const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A message, of which some blocks are hashed.
pub(crate) struct Message<'a> {
    state: [u32; 8],
    /// The block that begins with the prefix.
    head: Option<[u8; BLOCK]>,
    /// Those that stand in the text.
    blocks: &'a [[u8; BLOCK]],
    /// Those with the end of the text and the padding.
    tail: [[u8; BLOCK]; 2],
    /// Which of the tail are still to be hashed.
    left: Range<usize>,
}

impl<'a> Message<'a> {
    /// A text.
    pub(crate) fn of(text: &'a [u8]) -> Self {
        Self::new(None, text)
    }

    /// A byte, and a text behind it.
    pub(crate) fn prefixed(prefix: u8, text: &'a [u8]) -> Self {
        Self::new(Some(prefix), text)
    }

    fn new(prefix: Option<u8>, text: &'a [u8]) -> Self {
        let bits = (text.len() + usize::from(prefix.is_some())) as u64 * 8;
        let (mut head, mut rest, mut from) = (None, text, 0);
        let mut blocks_of_tail = [[0; BLOCK]; 2];
        let tail = blocks_of_tail.as_flattened_mut();
        if let Some(prefix) = prefix {
            if let Some((first, behind)) = text.split_first_chunk::<{ BLOCK - 1 }>() {
                head.insert([prefix; BLOCK])[1..].copy_from_slice(first);
                rest = behind;
            } else {
                tail[0] = prefix;
                from = 1;
            }
        }
        let (blocks, last) = rest.as_chunks();
        let end = from + last.len();
        tail[from..end].copy_from_slice(last);
        tail[end] = 0x80;
        // One block, if the length has room in it.
        let count = if end < BLOCK - LENGTH { 1 } else { 2 };
        tail[count * BLOCK - LENGTH..count * BLOCK].copy_from_slice(&bits.to_be_bytes());
        Self { state: INITIAL, head, blocks, tail: blocks_of_tail, left: 0..count }
    }

    /// Hashes the next block, if there is one.
    #[inline]
    fn block(&mut self) -> bool {
        if let Some(head) = self.head.take() {
            compress256(&mut self.state, &[head]);
        } else if let Some((block, behind)) = self.blocks.split_at_checked(1) {
            compress256(&mut self.state, block);
            self.blocks = behind;
        } else if let Some(index) = self.left.next() {
            compress256(&mut self.state, &self.tail[index..=index]);
        } else {
            return false;
        }
        true
    }

    /// Hashes all that is left of this one, and as many blocks of another in turn.
    pub(crate) fn beside(mut self, other: &mut Message<'_>) -> [u8; 32] {
        while self.block() {
            other.block();
        }
        self.digest()
    }

    /// Hashes all that is left.
    pub(crate) fn digest(mut self) -> [u8; 32] {
        if let Some(head) = self.head.take() {
            compress256(&mut self.state, &[head]);
        }
        compress256(&mut self.state, self.blocks);
        compress256(&mut self.state, &self.tail[self.left]);
        bytes(self.state)
    }
}

/// The digests of two nodes: of a prefix and two hashes each.
pub(crate) fn two_nodes(prefix: u8, nodes: [[&[u8; 32]; 2]; 2]) -> [[u8; 32]; 2] {
    let [one, other] = nodes.map(|[left, right]| {
        let mut blocks = [[0; BLOCK]; 2];
        let node = blocks.as_flattened_mut();
        node[0] = prefix;
        node[1..33].copy_from_slice(left);
        node[33..NODE].copy_from_slice(right);
        node[NODE] = 0x80;
        node[2 * BLOCK - LENGTH..].copy_from_slice(&(NODE as u64 * 8).to_be_bytes());
        blocks
    });
    let mut states = [INITIAL; 2];
    for index in 0..2 {
        compress256(&mut states[0], &one[index..=index]);
        compress256(&mut states[1], &other[index..=index]);
    }
    states.map(bytes)
}

fn bytes(state: [u32; 8]) -> [u8; 32] {
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// By the library.
    fn expected(prefix: Option<u8>, text: &[u8]) -> [u8; 32] {
        let prefix: Vec<u8> = prefix.into_iter().collect();
        Sha256::new().chain_update(prefix).chain_update(text).finalize().into()
    }

    fn text(length: usize, step: u8) -> Vec<u8> {
        (0..length)
            .scan(step, |byte, _| Some(std::mem::replace(byte, byte.wrapping_mul(5) ^ step)))
            .collect()
    }

    #[test]
    fn digests_are_the_librarys_at_every_length() {
        for length in 0..5 * BLOCK {
            let text = text(length, 7);
            for prefix in [None, Some(0), Some(1), Some(0xff)] {
                let message = Message::new(prefix, &text);
                assert_eq!(message.digest(), expected(prefix, &text), "{length} {prefix:?}");
            }
        }
    }

    #[test]
    fn two_in_turn_are_the_librarys_whichever_is_longer() {
        for length in 0..3 * BLOCK {
            for other in [0, 1, 55, 56, 64, 119, 120, 1_000] {
                let (text, long) = (text(length, 3), text(other, 9));
                let mut beside = Message::of(&long);
                let digest = Message::prefixed(0, &text).beside(&mut beside);
                assert_eq!(digest, expected(Some(0), &text), "{length} {other}");
                assert_eq!(beside.digest(), expected(None, &long), "{length} {other}");
            }
        }
    }

    #[test]
    fn two_nodes_are_the_librarys() {
        let hashes: Vec<[u8; 32]> = (0..4).map(|byte| [byte; 32]).collect();
        let [a, b, c, d] = [&hashes[0], &hashes[1], &hashes[2], &hashes[3]];
        let node = |left: &[u8; 32], right: &[u8; 32]| expected(Some(1), &[*left, *right].concat());
        assert_eq!(two_nodes(1, [[a, b], [c, d]]), [node(a, b), node(c, d)]);
    }

    #[test]
    fn published_digests() {
        // FIPS 180-4 examples (csrc.nist.gov, SHA256.pdf): "abc", and 56 letters.
        let hex =
            |text: &str| data_encoding::HEXLOWER.encode(&Message::of(text.as_bytes()).digest());
        let one = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex("abc"), one);
        let two = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
        assert_eq!(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), two);
    }
}
