//! Classes by their definition, and what makes none.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use proptest::prelude::*;

use super::*;

fn settings(networks: &[(&str, &[&str])]) -> Class {
    let networks = networks.iter().map(|(name, list)| {
        let list = list.iter().map(|network| (*network).to_owned().try_into().unwrap());
        ((*name).to_owned(), list.collect())
    });
    Class { networks: networks.collect() }
}

fn classes(networks: &[(&str, &[&str])]) -> Classes {
    Classes::new(&settings(networks)).unwrap()
}

fn says(networks: &[(&str, &[&str])]) -> String {
    Classes::new(&settings(networks)).unwrap_err().to_string()
}

#[track_caller]
fn are(classes: &Classes, class: &str, addresses: &[&str]) {
    for address in addresses {
        assert_eq!(classes.of(address.parse().unwrap()), class, "{address}");
    }
}

#[test]
fn the_longest_prefix_counts() {
    let classes = classes(&[
        ("본관", &["10.1.0.0/16", "2001:db8:1::/48"]),
        ("서고", &["10.1.7.0/24", "10.1.255.0/24"]),
        ("사서", &["10.1.7.9/32"]),
        ("이동도서관", &["10.2.0.0/16", "2001:db8:1:ff00::/56"]),
    ]);
    are(&classes, "본관", &["10.1.0.0", "10.1.6.255", "10.1.8.0", "::ffff:10.1.0.1"]);
    are(&classes, "서고", &["10.1.7.0", "10.1.7.8", "10.1.7.10", "10.1.255.255"]);
    are(&classes, "사서", &["10.1.7.9"]);
    are(&classes, "이동도서관", &["10.2.0.0", "10.2.255.255", "2001:db8:1:ffff::1"]);
    are(&classes, "본관", &["2001:db8:1::", "2001:db8:1:fe00::1"]);
    are(&classes, PRIVATE, &["10.0.255.255", "10.3.0.0"]);
    are(&classes, PUBLIC, &["2001:db8:2::", "2001:db8:0:ffff::"]);
}

#[test]
fn what_is_not_listed_is_private_shared_or_public() {
    let classes = classes(&[("본관", &["203.0.113.0/24"])]);
    are(&classes, PRIVATE, &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255"]);
    are(&classes, PRIVATE, &["192.168.0.0", "192.168.255.255", "169.254.0.1", "127.0.0.1"]);
    are(&classes, PRIVATE, &["fc00::", "fdff::1", "fe80::1", "febf::1", "::1"]);
    are(&classes, SHARED, &["100.64.0.0", "100.127.255.255", "::ffff:100.64.0.1"]);
    are(&classes, PUBLIC, &["100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0"]);
    are(&classes, PUBLIC, &["9.255.255.255", "11.0.0.0", "192.167.255.255", "192.169.0.0"]);
    are(
        &classes,
        PUBLIC,
        &["fbff::", "fe00::", "fec0::1", "::2", "2001:db8::1", "255.255.255.255"],
    );
}

/// A listed network counts, however wide; IPv6 does not take IPv4 along.
#[test]
fn a_whole_family_may_be_listed() {
    let classes = classes(&[("모두", &["::/0"]), ("끝", &["255.255.255.255/32", "ffff::/16"])]);
    are(&classes, "모두", &["::", "::1", "fe80::1", "fffe:ffff::"]);
    are(&classes, "끝", &["255.255.255.255", "ffff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]);
    are(&classes, PRIVATE, &["10.0.0.1", "::ffff:10.0.0.1"]);
}

#[test]
fn a_class_may_be_called_like_one_that_is_not_listed() {
    let classes = classes(&[("private", &["203.0.113.0/24"])]);
    are(&classes, PRIVATE, &["203.0.113.7", "10.0.0.1"]);
}

#[test]
fn what_makes_no_classes_is_refused_with_its_reason() {
    assert_eq!(says(&[]), "`networks` lists no class, must list one or more");
    assert_eq!(says(&[("본관", &[])]), "class `본관` lists no network, must list one or more");
    assert_eq!(says(&[(" ", &["10.1.0.0/16"])]), "a class has an empty name");
    assert_eq!(
        says(&[("b", &["10.1.0.0/16", "::/0"]), ("a", &["10.0.0.0/8", "10.1.0.0/16"])]),
        "network `10.1.0.0/16` stands twice, in class `a` and in class `b`"
    );
    assert_eq!(
        says(&[("a", &["2001:db8::/32", "2001:DB8::/32"])]),
        "network `2001:db8::/32` stands twice, in class `a` and in class `a`"
    );
}

/// Networks of a few lengths in a corner of the address space, so that many lie
/// in each other and side by side, and some at its end.
fn networks() -> impl Strategy<Value = Vec<Network>> {
    let v4 = (0..8u32, 24..=32u8, any::<bool>()).prop_map(|(start, bits, is_last)| {
        let start = if is_last { u32::MAX - start * 16 } else { start * 16 };
        (IpAddr::V4(Ipv4Addr::from_bits(start)), bits)
    });
    let v6 = (0..8u128, 120..=128u8, any::<bool>()).prop_map(|(start, bits, is_last)| {
        let start = if is_last { u128::MAX - start * 16 } else { start * 16 };
        (IpAddr::V6(Ipv6Addr::from_bits(start)), bits)
    });
    let network = prop_oneof![v4, v6].prop_map(|(address, bits)| {
        let most = if address.is_ipv4() { 32 } else { 128 };
        let start = number(address) >> (most - bits) << (most - bits);
        let start = match address {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(start).unwrap())),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(start)),
        };
        Network::try_from(format!("{start}/{bits}")).unwrap()
    });
    prop::collection::btree_set(network, 1..12)
        .prop_map(|networks| networks.into_iter().collect())
        .prop_shuffle()
}

proptest! {
    /// The definition, word by word: of the networks that hold the address, the
    /// one with the longest prefix.
    #[test]
    fn agrees_with_the_definition(networks in networks()) {
        let named: BTreeMap<String, Vec<Network>> = networks
            .iter()
            .enumerate()
            .map(|(at, network)| (format!("{at} {network}"), vec![*network]))
            .collect();
        let classes = Classes::new(&Class { networks: named.clone() }).unwrap();
        let corner = |last: u128| (0..300).chain(last - 300..=last);
        let v4 = corner(u32::MAX.into())
            .map(|bits| IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits).unwrap())));
        let v6 = corner(u128::MAX).map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)));
        for address in v4.chain(v6) {
            let holds = |network: &Network| {
                network.address().is_ipv4() == address.is_ipv4()
                    && number(address) & !hosts(*network) == number(network.address())
            };
            let expected = named
                .iter()
                .filter(|(_, networks)| holds(&networks[0]))
                .max_by_key(|(_, networks)| networks[0].bits())
                .map_or_else(|| unlisted(address), |(name, _)| name.as_str());
            prop_assert_eq!(classes.of(address), expected, "{}", address);
        }
    }
}
