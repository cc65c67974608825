//! An IP address in; another address out that shares exactly as many leading
//! bits with every other one as before.
//!
//! ```text
//! bit i of the result = bit i of the address ⊕ lowest bit of AES(K1, p) ⊕ AES(K2, p)
//! p = 0…0 ‖ 1 ‖ the i bits before it                              128 bits
//! ```
//!
//! An IPv4 address is treated as the last 32 bits of `::ffff:0:0/96` and stays
//! IPv4. The sum of two permutations is a pseudorandom function; with equal
//! keys it would be zero everywhere, so the two always differ.
//!
//! The bits before bit i are known from the start, so no block waits for
//! another, and AES-NI works on eight at a time. An [`Encrypter`] also keeps
//! what the last address shares with the next one.
//!
//! What this gives away: the tree of networks, with its sizes. Who knows some
//! networks of an institution, or how busy each is, can name the others.
//!
//! Source: draft-denis-ipcrypt, `ipcrypt-pfx`; Fan, Xu, Ammar and Moon,
//! "Prefix-preserving IP address anonymization", Computer Networks 46 (2004).
//!
//! Not here: how the key is derived (`pseudonym`), how addresses are written,
//! the way back: a table never needs it.

use std::net::{IpAddr, Ipv6Addr};

use aes::cipher::{BlockEncrypt as _, KeyInit as _};
use aes::{Aes128, Block};
use zeroize::Zeroizing;

use super::secret::LENGTH;

/// Bits of an address, of IPv6 and of IPv4 in it.
const BITS: u32 = u128::BITS;

/// Bits before an IPv4 address in IPv6, which stay as they are.
const BEFORE_V4: u32 = BITS - u32::BITS;

/// Blocks that are encrypted at once: a whole IPv4 address, and a multiple of
/// the eight that AES-NI works on.
const LANES: usize = 32;

/// Makes the prefix-preserving pseudonyms of one domain. Threads may share it.
///
/// No `Debug`, `Display` or `Clone`. On the heap, so that moving the value
/// leaves no copy; overwritten when dropped.
pub struct PreservingKey(Box<[Aes128; 2]>);

impl PreservingKey {
    /// Takes 32 bytes, K1 and then K2. Should the halves be equal, which happens
    /// to one key in 2¹²⁸, a bit of K2 is turned: no key gives the mask zero.
    pub(super) fn new(bytes: &[u8; LENGTH]) -> PreservingKey {
        let mut bytes = Zeroizing::new(*bytes);
        let (first, second) = bytes.split_at_mut(LENGTH / 2);
        // Looks at every byte, whatever they are.
        let difference =
            first.iter().zip(&*second).fold(0, |all, (one, other)| all | (one ^ other));
        if difference == 0 {
            second[0] ^= 1;
        }
        PreservingKey(Box::new([Aes128::new((&*first).into()), Aes128::new((&*second).into())]))
    }

    /// The pseudonym (가명) of an address, an address of the same family.
    /// One-to-one within a family. An IPv4 address that is written as IPv6,
    /// `::ffff:192.0.2.7`, is that IPv4 address.
    ///
    /// Costs 64 blocks of AES-128 for IPv4, 256 for IPv6.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::vault::pseudonym::{EpochSecret, Label};
    /// # use gamyeong::vault::random::Os;
    ///
    /// let label = Label {
    ///     controller: "library.example.kr",
    ///     purpose: "network-planning",
    ///     recipient: "store",
    ///     domain: "ip",
    /// };
    /// let key = EpochSecret::in_memory("web-visits", &mut Os)?.preserving(&label);
    /// let network = |address: [u8; 4]| match key.encrypt(address.into()) {
    ///     std::net::IpAddr::V4(v4) => v4.octets()[..3].to_vec(),
    ///     std::net::IpAddr::V6(_) => vec![],
    /// };
    /// assert_eq!(network([192, 0, 2, 7]), network([192, 0, 2, 99]));
    /// assert_ne!(network([192, 0, 2, 7]), network([192, 0, 3, 7]));
    /// # Ok::<(), gamyeong::vault::Error>(())
    /// ```
    #[must_use]
    pub fn encrypt(&self, address: IpAddr) -> IpAddr {
        let (number, before) = number(address);
        written(number ^ self.mask(number, before), before)
    }

    /// Encrypts a column, address by address; the same results as [`Self::encrypt`].
    #[must_use]
    pub fn encrypter(&self) -> Encrypter<'_> {
        Encrypter { key: self, v4: Last::default(), v6: Last::default() }
    }

    /// What the bits `from` to 127 of an address are combined with, `from` being
    /// a multiple of eight; the bits before it are zero.
    fn mask(&self, number: u128, from: u32) -> u128 {
        let mut mask = 0;
        for start in (from..BITS).step_by(LANES) {
            let lanes = LANES.min((BITS - start) as usize);
            let mut first = [Block::default(); LANES];
            for (block, place) in first[..lanes].iter_mut().zip(start..) {
                *block = padded(number, place).to_be_bytes().into();
            }
            let mut second = first;
            self.0[0].encrypt_blocks(&mut first[..lanes]);
            self.0[1].encrypt_blocks(&mut second[..lanes]);
            for (one, other) in first[..lanes].iter().zip(&second[..lanes]) {
                mask = mask << 1 | u128::from((one[15] ^ other[15]) & 1);
            }
        }
        mask
    }
}

/// Makes pseudonyms one after the other, and works out again only what an
/// address does not share with the last one of its family.
///
/// Sorted addresses share most.
pub struct Encrypter<'a> {
    key: &'a PreservingKey,
    v4: Last,
    v6: Last,
}

/// An address and what its bits were combined with.
#[derive(Clone, Copy, Default)]
struct Last {
    number: u128,
    mask: u128,
    /// Bits that the mask holds for: none before the first address.
    known: u32,
}

impl Encrypter<'_> {
    /// As [`PreservingKey::encrypt`].
    pub fn encrypt(&mut self, address: IpAddr) -> IpAddr {
        let (number, before) = number(address);
        let last = if before == 0 { &mut self.v6 } else { &mut self.v4 };
        // Bit i of the mask depends on the bits before it alone: it holds for
        // one bit more than are shared.
        let shared = (number ^ last.number).leading_zeros() + 1;
        let from = before.max(shared.min(last.known)) & !7;
        if from < BITS {
            let kept = last.mask & !(u128::MAX >> from);
            *last = Last { number, mask: kept | self.key.mask(number, from), known: BITS };
        }
        written(number ^ last.mask, before)
    }
}

/// The `place` bits before bit `place`, after a one that says how many they are.
fn padded(number: u128, place: u32) -> u128 {
    1 << place | number.checked_shr(BITS - place).unwrap_or(0)
}

/// The address as a number, and the bits of it that stay as they are.
fn number(address: IpAddr) -> (u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(address) => (address.to_ipv6_mapped().to_bits(), BEFORE_V4),
        IpAddr::V6(address) => (address.to_bits(), 0),
    }
}

/// The number as an address again, with as many bits unchanged.
fn written(number: u128, before: u32) -> IpAddr {
    let address = Ipv6Addr::from_bits(number);
    // What stays before an IPv4 address maps it. An IPv6 address that happens
    // to begin like that, one in 2⁹⁶, stays IPv6.
    if before == 0 { IpAddr::V6(address) } else { address.to_canonical() }
}

#[cfg(test)]
mod tests;
