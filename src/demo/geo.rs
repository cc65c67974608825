//! Invented networks in; a file that says which country and autonomous system
//! each belongs to out, in the `MaxMind DB` format.
//!
//! ```text
//! nodes       left and right record, 32 bits each, for the next bit 0 or 1:
//!             another node, nodes (nothing), or nodes + 16 + place in the data
//! 16 × 0
//! data        { country: { iso_code }, autonomous_system_number }, each pair once
//! 0xABCDEF "MaxMind.com"
//! metadata
//! ```
//!
//! An IPv4 network lies at `::/96`, as everywhere in this format. Networks may
//! lie in each other; then the one with the longest prefix counts.
//!
//! Source: `MaxMind DB` File Format Specification 2.0.
//!
//! Not here: who the networks belong to in the real world, and reading.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// A network and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// An address in it.
    pub address: IpAddr,
    /// Length of its prefix; at most 32 or 128 count.
    pub bits: u8,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: [u8; 2],
    /// Number of its autonomous system.
    pub system: u32,
}

/// The networks that invented persons and robots reach sites from, as a file: those of
/// documentation alone (RFC 5737, RFC 3849), with the numbers of systems that are
/// kept for it (RFC 5398).
#[must_use]
pub fn invented() -> Vec<u8> {
    let v6 = |group| [0x2001, 0xdb8, group, 0, 0, 0, 0, 0].into();
    let located = |address, bits, country: &[u8; 2], system| Located {
        address,
        bits,
        country: *country,
        system,
    };
    let networks = [
        located(v6(0), 32, b"KR", 64_496),
        located(v6(0x00), 44, b"KR", 64_497),
        located(v6(0x10), 44, b"KR", 64_498),
        located(v6(0x20), 44, b"KR", 64_499),
        located(v6(0x2e), 47, b"VN", 64_500),
        located([192, 0, 2, 0].into(), 24, b"KR", 64_501),
        located([198, 51, 100, 0].into(), 24, b"KR", 64_502),
        located([198, 51, 100, 192].into(), 26, b"US", 64_503),
        located([203, 0, 113, 0].into(), 24, b"KR", 64_504),
        located([203, 0, 113, 192].into(), 27, b"US", 64_503),
    ];
    // The first of January 2026.
    database(&networks, 1_767_225_600)
}

/// What a record of a node says.
#[derive(Clone, Copy)]
enum Record {
    Nothing,
    Node(usize),
    Data(u32),
}

/// Zeros between the nodes and the data.
const SEPARATOR: u32 = 16;

/// Types of values, in the upper three bits of their first byte.
const STRING: u8 = 2;
const UNSIGNED_16: u8 = 5;
const UNSIGNED_32: u8 = 6;
const MAP: u8 = 7;

/// Types for which those bits are zero and a second byte follows, from 7 on.
const UNSIGNED_64: u8 = 9;
const ARRAY: u8 = 11;

/// The file. `built` is in seconds since 1970. Same arguments, same bytes.
///
/// # Examples
///
/// ```
/// use gamyeong::demo::geo::{Located, database};
///
/// let address = [192, 0, 2, 0].into();
/// let file = database(&[Located { address, bits: 24, country: *b"KR", system: 64_496 }], 0);
/// assert!(file.windows(11).any(|bytes| bytes == b"MaxMind.com"));
/// ```
#[must_use]
pub fn database(networks: &[Located], built: u64) -> Vec<u8> {
    let mut networks = networks.to_vec();
    // The longest last: it cuts what the others have said.
    networks.sort_by_key(|network| prefix(network).1);
    let (mut nodes, mut data, mut places) =
        (vec![[Record::Nothing; 2]], Vec::new(), BTreeMap::new());
    for network in &networks {
        let place = *places.entry((network.country, network.system)).or_insert_with(|| {
            let place = narrow(data.len());
            push_located(&mut data, network);
            place
        });
        insert(&mut nodes, prefix(network), Record::Data(place));
    }

    let count = narrow(nodes.len());
    let mut file = Vec::new();
    for record in nodes.iter().flatten() {
        let value = match *record {
            Record::Nothing => count,
            Record::Node(node) => narrow(node),
            Record::Data(place) => count + SEPARATOR + place,
        };
        file.extend_from_slice(&value.to_be_bytes());
    }
    file.extend_from_slice(&[0; SEPARATOR as usize]);
    file.extend_from_slice(&data);
    file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    push_metadata(&mut file, count, built);
    file
}

/// The place of a network in IPv6, and its bits there.
fn prefix(network: &Located) -> (u128, u32) {
    let bits = u32::from(network.bits);
    match network.address {
        IpAddr::V4(v4) => (v4.to_bits().into(), 96 + bits.min(32)),
        IpAddr::V6(v6) => (v6.to_bits(), bits.min(128)),
    }
}

/// Goes down to the last bit of the prefix, making the nodes on the way.
fn insert(nodes: &mut Vec<[Record; 2]>, (number, bits): (u128, u32), data: Record) {
    let mut node = 0;
    for place in 1..bits {
        let side = usize::from(number >> (128 - place) & 1 == 1);
        node = match nodes[node][side] {
            Record::Node(next) => next,
            // What was said of all of it is said of both halves.
            said @ (Record::Nothing | Record::Data(_)) => {
                nodes.push([said; 2]);
                nodes[node][side] = Record::Node(nodes.len() - 1);
                nodes.len() - 1
            }
        };
    }
    match bits {
        0 => nodes[0] = [data; 2],
        _ => nodes[node][usize::from(number >> (128 - bits) & 1 == 1)] = data,
    }
}

fn push_located(out: &mut Vec<u8>, network: &Located) {
    push_head(out, MAP, 2);
    push_text(out, b"country");
    push_head(out, MAP, 1);
    push_text(out, b"iso_code");
    push_text(out, &network.country);
    push_text(out, b"autonomous_system_number");
    push_number(out, UNSIGNED_32, &network.system.to_be_bytes());
}

fn push_metadata(out: &mut Vec<u8>, nodes: u32, built: u64) {
    push_head(out, MAP, 9);
    for (name, number) in [
        ("binary_format_major_version", 2_u16),
        ("binary_format_minor_version", 0),
        ("ip_version", 6),
        ("record_size", 32),
    ] {
        push_text(out, name.as_bytes());
        push_number(out, UNSIGNED_16, &number.to_be_bytes());
    }
    push_text(out, b"node_count");
    push_number(out, UNSIGNED_32, &nodes.to_be_bytes());
    push_text(out, b"build_epoch");
    push_number(out, UNSIGNED_64, &built.to_be_bytes());
    push_text(out, b"database_type");
    push_text(out, b"gamyeong-Demo");
    push_text(out, b"languages");
    push_head(out, ARRAY, 0);
    push_text(out, b"description");
    push_head(out, MAP, 1);
    push_text(out, b"en");
    push_text(out, b"Invented networks");
}

fn push_text(out: &mut Vec<u8>, text: &[u8]) {
    push_head(out, STRING, text.len());
    out.extend_from_slice(text);
}

fn push_number(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    push_head(out, kind, bytes.len());
    out.extend_from_slice(bytes);
}

/// The type of a value and its length, below 29: longer ones are written
/// otherwise, and are not written here.
fn push_head(out: &mut Vec<u8>, kind: u8, length: usize) {
    let length = length.to_le_bytes()[0];
    if kind <= MAP {
        out.push(kind << 5 | length);
    } else {
        out.extend_from_slice(&[length, kind - MAP]);
    }
}

/// Invented networks never fill 32 bits.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use maxminddb::{Reader, path};

    use super::*;

    fn located(address: &str, bits: u8, country: [u8; 2], system: u32) -> Located {
        Located { address: address.parse().unwrap(), bits, country, system }
    }

    #[test]
    fn the_reader_of_others_finds_every_network() {
        let file = database(
            &[
                located("10.1.7.9", 32, *b"JP", 4_200_000_001),
                located("10.0.0.0", 8, *b"KR", 64_496),
                located("10.1.0.0", 16, *b"VN", 64_497),
                located("255.255.255.255", 32, *b"KR", 64_496),
                located("2001:db8::", 32, *b"KR", 64_496),
                located("2001:db8::1", 128, *b"UZ", 64_498),
                located("8000::", 1, *b"MN", 64_499),
            ],
            1_700_000_000,
        );
        let reader = Reader::from_source(file).unwrap();
        reader.verify().unwrap();
        assert_eq!(reader.metadata().build_epoch, 1_700_000_000);

        let found = |address: &str| {
            let found = reader.lookup(address.parse().unwrap()).unwrap();
            let country: Option<String> = found.decode_path(&path!["country", "iso_code"]).unwrap();
            let system: Option<u32> =
                found.decode_path(&path!["autonomous_system_number"]).unwrap();
            country.zip(system)
        };
        let is = |country: &str, system| Some((country.to_owned(), system));
        assert_eq!(found("10.0.0.0"), is("KR", 64_496));
        assert_eq!(found("10.1.7.8"), is("VN", 64_497));
        assert_eq!(found("10.1.7.9"), is("JP", 4_200_000_001));
        assert_eq!(found("10.2.0.0"), is("KR", 64_496));
        assert_eq!(found("255.255.255.255"), is("KR", 64_496));
        assert_eq!(found("2001:db8::2"), is("KR", 64_496));
        assert_eq!(found("2001:db8::1"), is("UZ", 64_498));
        assert_eq!(found("ffff::"), is("MN", 64_499));
        for nowhere in ["9.255.255.255", "11.0.0.0", "255.255.255.254", "2001:db7::", "::1"] {
            assert_eq!(found(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn the_order_of_networks_does_not_matter_and_hosts_neither() {
        let one = [located("10.0.0.0", 8, *b"KR", 1), located("10.1.0.0", 16, *b"KR", 1)];
        let other = [located("10.1.2.3", 16, *b"KR", 1), located("10.9.9.9", 8, *b"KR", 1)];
        assert_eq!(database(&one, 7), database(&other, 7));
    }

    #[test]
    fn no_network_and_all_of_them_are_files_too() {
        for networks in [&[][..], &[located("::", 0, *b"KR", 1)]] {
            Reader::from_source(database(networks, 0)).unwrap().verify().unwrap();
        }
    }
}
