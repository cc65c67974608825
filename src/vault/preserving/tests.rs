//! Addresses against the draft's vectors, and what prefix-preserving means.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::*;

/// draft-denis-ipcrypt, `implementations/python/test_vectors.json` of its
/// repository, all of `ipcrypt-pfx`: a key, K1 and then K2, and addresses before
/// and after.
const DRAFT: [(&str, &[(&str, &str)]); 2] = [
    (
        "0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301",
        &[
            ("0.0.0.0", "151.82.155.134"),
            ("255.255.255.255", "94.185.169.89"),
            ("192.0.2.1", "100.115.72.131"),
            ("2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"),
        ],
    ),
    (
        "2b7e151628aed2a6abf7158809cf4f3ca9f5ba40db214c3798f2e1c23456789a",
        &[
            ("10.0.0.47", "19.214.210.244"),
            ("10.0.0.129", "19.214.210.80"),
            ("10.0.0.234", "19.214.210.30"),
            ("172.16.5.193", "210.78.229.136"),
            ("172.16.97.42", "210.78.179.241"),
            ("172.16.248.177", "210.78.121.215"),
            ("2001:db8::a5c9:4e2f:bb91:5a7d", "7cec:702c:1243:f70:1956:125:b9bd:1aba"),
            ("2001:db8::7234:d8f1:3c6e:9a52", "7cec:702c:1243:f70:a3ef:c8e:95c1:cd0d"),
            ("2001:db8::f1e0:937b:26d4:8c1a", "7cec:702c:1243:f70:443c:c8e:6a62:b64d"),
            ("2001:db8:3a5c:0:e7d1:4b9f:2c8a:f673", "7cec:702c:3503:bef:e616:96bd:be33:a9b9"),
            ("2001:db8:9f27:0:b4e2:7a3d:5f91:c8e6", "7cec:702c:a504:b74e:194a:3d90:b047:2d1a"),
            ("2001:db8:d8b4:0:193c:a5e7:8b2f:46d1", "7cec:702c:f840:aa67:1b8:e84f:ac9d:77fb"),
        ],
    ),
];

fn key(hexadecimal: &str) -> PreservingKey {
    let bytes = HEXLOWER.decode(hexadecimal.as_bytes()).unwrap();
    PreservingKey::new(&bytes.try_into().unwrap())
}

fn encrypted(key: &PreservingKey, address: &str) -> String {
    key.encrypt(address.parse().unwrap()).to_string()
}

/// The address again, bit by bit: the bits before each are known by then.
fn decrypt(key: &PreservingKey, address: IpAddr) -> IpAddr {
    let (mut number, before) = number(address);
    for place in before..BITS {
        let mask = key.mask(number, place & !7);
        number ^= mask & (1 << (BITS - 1 - place));
    }
    written(number, before)
}

fn shared_bits(one: IpAddr, other: IpAddr) -> u32 {
    (number(one).0 ^ number(other).0).leading_zeros()
}

#[test]
fn addresses_become_those_of_the_draft() {
    let mut vectors = 0;
    for (bytes, addresses) in DRAFT {
        let key = key(bytes);
        for (before, after) in addresses {
            assert_eq!(encrypted(&key, before), *after, "{before}");
            assert_eq!(decrypt(&key, after.parse().unwrap()).to_string(), *before);
            vectors += 1;
        }
    }
    assert_eq!(vectors, 16);
}

#[test]
fn one_encrypter_gives_the_same_for_the_whole_draft() {
    for (bytes, addresses) in DRAFT {
        let key = key(bytes);
        let mut encrypter = key.encrypter();
        for (before, after) in addresses.iter().chain(addresses.iter().rev()) {
            assert_eq!(encrypter.encrypt(before.parse().unwrap()).to_string(), *after);
        }
    }
}

#[test]
fn a_mapped_address_is_the_ipv4_address() {
    let key = key(DRAFT[0].0);
    assert_eq!(encrypted(&key, "::ffff:192.0.2.1"), encrypted(&key, "192.0.2.1"));
    assert_eq!(encrypted(&key, "::ffff:192.0.2.1"), "100.115.72.131");
}

/// With equal halves every mask would be zero, and every address itself.
#[test]
fn equal_halves_hide_addresses_too() {
    let equal = PreservingKey::new(&[7; LENGTH]);
    let mut turned = [7; LENGTH];
    turned[LENGTH / 2] = 6;
    let turned = PreservingKey::new(&turned);
    for address in ["192.0.2.1", "0.0.0.0", "2001:db8::1"] {
        assert_ne!(encrypted(&equal, address), address);
        assert_eq!(encrypted(&equal, address), encrypted(&turned, address));
    }
}

#[test]
fn all_of_a_network_fill_a_network() {
    let key = key(DRAFT[1].0);
    let after: BTreeSet<IpAddr> =
        (0..=255).map(|host| key.encrypt(IpAddr::from([10, 1, 2, host]))).collect();
    let networks: BTreeSet<u128> = after.iter().map(|&address| number(address).0 >> 8).collect();
    assert_eq!((after.len(), networks.len()), (256, 1));
}

fn v4() -> impl Strategy<Value = IpAddr> {
    any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)))
}

fn v6() -> impl Strategy<Value = IpAddr> {
    any::<u128>()
        .prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)))
        .prop_filter("IPv4 in IPv6", |address| address.to_canonical().is_ipv6())
}

/// Two addresses of a family that share any number of bits.
fn pair() -> impl Strategy<Value = (IpAddr, IpAddr)> {
    let near = |address: IpAddr, difference: u128, shared: u32| {
        let (number, before) = number(address);
        let difference = difference.checked_shr(before + shared).unwrap_or(0);
        (address, written(number ^ difference, before))
    };
    prop_oneof![
        (v4(), any::<u128>(), 0..=32u32)
            .prop_map(move |(one, bits, shared)| near(one, bits, shared)),
        (v6(), any::<u128>(), 0..=128u32)
            .prop_map(move |(one, bits, shared)| near(one, bits, shared))
            .prop_filter("IPv4 in IPv6", |(_, other)| other.to_canonical().is_ipv6()),
    ]
}

proptest! {
    #[test]
    fn as_many_leading_bits_are_shared_as_before(
        bytes in any::<[u8; LENGTH]>(),
        (one, other) in pair(),
    ) {
        let key = PreservingKey::new(&bytes);
        let after = shared_bits(key.encrypt(one), key.encrypt(other));
        prop_assert_eq!(after, shared_bits(one, other));
    }

    #[test]
    fn the_family_stays_and_the_address_can_be_had_again(
        bytes in any::<[u8; LENGTH]>(),
        address in prop_oneof![v4(), v6()],
    ) {
        let key = PreservingKey::new(&bytes);
        let after = key.encrypt(address);
        prop_assert_eq!(after.is_ipv4(), address.is_ipv4());
        prop_assert_eq!(decrypt(&key, after), address);
    }

    /// One bit of either half is turned. That four addresses all become the
    /// same all the same has a chance of less than 2⁻³⁰.
    #[test]
    fn another_key_gives_other_addresses(bytes in any::<[u8; LENGTH]>(), bit in 0..8 * LENGTH) {
        let mut others = bytes;
        others[bit / 8] ^= 1 << (bit % 8);
        let (one, other) = (PreservingKey::new(&bytes), PreservingKey::new(&others));
        let differs = |address| one.encrypt(address) != other.encrypt(address);
        prop_assert!((0..4).any(|host| differs(IpAddr::from([192, 0, 2, host]))));
    }

    #[test]
    fn an_encrypter_gives_what_the_key_gives(
        bytes in any::<[u8; LENGTH]>(),
        pairs in prop::collection::vec(pair(), 0..8),
    ) {
        let key = PreservingKey::new(&bytes);
        let mut encrypter = key.encrypter();
        for (one, other) in pairs {
            for address in [one, other, one, one] {
                prop_assert_eq!(encrypter.encrypt(address), key.encrypt(address));
            }
        }
    }
}
