//! Places of addresses by the file's own content, and files that are none: files
//! that the demo wrote, and those of `shared/data`, without which a line says so.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use gamyeong::demo::geo::{Located, database};
use gamyeong::protect::address::place::{Error, Places};
use gamyeong::protect::settings::address::PlaceField;
use proptest::prelude::*;
use serde_json::Value;

const FIELDS: [PlaceField; 2] = [PlaceField::Country, PlaceField::Asn];

fn located(address: &str, bits: u8, country: [u8; 2], system: u32) -> Located {
    Located { address: address.parse().unwrap(), bits, country, system }
}

fn file() -> Vec<u8> {
    let networks = [
        located("192.0.2.0", 24, *b"KR", 64_496),
        located("192.0.2.128", 25, *b"VN", 64_497),
        located("203.0.113.7", 32, *b"UZ", 4_200_000_001),
        located("2001:db8::", 32, *b"KR", 64_496),
    ];
    database(&networks, 1_700_000_000)
}

fn place(places: &Places, address: IpAddr) -> Option<String> {
    let mut out = Vec::new();
    places.of(address, &mut out).then(|| String::from_utf8(out).unwrap())
}

fn error(file: &[u8], field: PlaceField) -> String {
    Places::new(file.to_vec(), field).err().unwrap().to_string()
}

/// The file with other bytes, as many, wherever it has these.
fn replaced(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut file = file();
    for at in 0..file.len() {
        if file[at..].starts_with(from) {
            file[at..at + from.len()].copy_from_slice(to);
        }
    }
    file
}

#[test]
fn an_address_has_the_place_of_its_network() {
    let [countries, systems] = FIELDS.map(|field| Places::new(file(), field).unwrap());
    for (address, country, system) in [
        ("192.0.2.7", Some("KR"), Some("AS64496")),
        ("::ffff:192.0.2.7", Some("KR"), Some("AS64496")),
        ("192.0.2.255", Some("VN"), Some("AS64497")),
        ("203.0.113.7", Some("UZ"), Some("AS4200000001")),
        ("2001:db8::7", Some("KR"), Some("AS64496")),
        ("203.0.113.8", None, None),
        ("2001:db9::7", None, None),
    ] {
        let address = address.parse().unwrap();
        assert_eq!(place(&countries, address).as_deref(), country, "{address}");
        assert_eq!(place(&systems, address).as_deref(), system, "{address}");
    }
    assert_eq!(countries.database_type(), "gamyeong-Demo");
    assert_eq!(countries.build_epoch(), 1_700_000_000);
}

#[test]
fn a_place_is_appended() {
    let places = Places::new(file(), PlaceField::Country).unwrap();
    let mut out = b"at ".to_vec();
    assert!(!places.of([198, 51, 100, 1].into(), &mut out));
    assert_eq!(out, b"at ");
    assert!(places.of([192, 0, 2, 7].into(), &mut out));
    assert_eq!(out, b"at KR");
}

#[test]
fn what_is_no_such_file_is_refused_with_its_reason() {
    for field in FIELDS {
        assert_eq!(error(b"", field), "not a sound MaxMind DB file");
        assert_eq!(error(b"\xab\xcd\xefMaxMind.com", field), "not a sound MaxMind DB file");
    }
    assert_eq!(
        error(&replaced(b"iso_code", b"iso_kode"), PlaceField::Country),
        "no record has `country.iso_code`, and the type of the file is `gamyeong-Demo`"
    );
    assert_eq!(
        error(&database(&[], 0), PlaceField::Asn),
        "no record has `autonomous_system_number`, and the type of the file is `gamyeong-Demo`"
    );
    assert_eq!(
        error(&replaced(b"KR", b"K\x12"), PlaceField::Country),
        r"not a sound MaxMind DB file: `country.iso_code` is `K\u{12}`, expected two capital letters"
    );
    let nobody = database(&[located("192.0.2.0", 24, *b"KR", 0)], 0);
    assert_eq!(
        error(&nobody, PlaceField::Asn),
        "not a sound MaxMind DB file: `autonomous_system_number` is `0`, expected 1 or more"
    );
}

/// A chain of 97 nodes, each with the next on both sides: 2⁹⁶ ways lead to its
/// end. All but one of them are what IPv4 is mapped to.
#[test]
fn a_file_in_which_everything_leads_everywhere_is_refused() {
    let mut file = Vec::new();
    for node in 1..=97_u32 {
        let next = if node == 97 { 97 } else { node };
        file.extend([next.to_be_bytes(), next.to_be_bytes()].concat());
    }
    let end = database(&[], 0);
    let marker = end.windows(11).position(|bytes| bytes == b"MaxMind.com").unwrap() - 3;
    file.extend([0; 16]);
    file.extend(&end[marker..]);
    let count = file.windows(10).rposition(|bytes| bytes == b"node_count").unwrap() + 11;
    file[count..count + 4].copy_from_slice(&97_u32.to_be_bytes());
    assert_eq!(
        error(&file, PlaceField::Country),
        "not a sound MaxMind DB file: over 582 networks in 97 nodes"
    );
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let file = file();
    for end in 0..file.len() {
        assert!(Places::new(file[..end].to_vec(), PlaceField::Country).is_err(), "{end} bytes");
    }
}

/// Takes the file in if it can be, and looks addresses up in it: any answer will
/// do, and is written as answers are.
fn survives(file: &[u8]) -> Result<(), TestCaseError> {
    for field in FIELDS {
        let Ok(places) = Places::new(file.to_vec(), field) else { continue };
        let v4 = (0..=255).map(|host| IpAddr::from([192, 0, 2, host]));
        let v6 = (0..128).map(|bit| IpAddr::V6(Ipv6Addr::from_bits(1 << bit)));
        for address in v4.chain(v6) {
            match (field, place(&places, address)) {
                (_, None) => {}
                (PlaceField::Country, Some(found)) => prop_assert_eq!(found.len(), 2),
                (PlaceField::Asn, Some(found)) => prop_assert!(found.starts_with("AS")),
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn flipped_bits_are_an_error_or_a_file(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u32), 1..8),
    ) {
        let mut file = file();
        for (at, bit) in flips {
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
        }
        survives(&file)?;
    }

    #[test]
    fn other_bytes_are_an_error_or_a_file(
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..24),
        removed in 0..24usize,
    ) {
        let mut file = file();
        let at = at.index(file.len());
        let end = file.len().min(at + removed);
        file.splice(at..end, bytes);
        survives(&file)?;
    }

    #[test]
    fn any_bytes_are_an_error_or_a_file(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        survives(&[&bytes, b"\xab\xcd\xefMaxMind.com".as_slice(), &rest].concat())?;
    }
}

/// A file of real form and its content as JSON, or `None` with a line that says
/// so. Not part of the repository.
fn real(name: &str) -> Option<(Vec<u8>, Vec<Value>)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let data = std::env::var_os("GAMYEONG_SHARED").map_or(beside, PathBuf::from);
    let path = data.join("geo").join(name);
    let (file, json) = (path.with_extension("mmdb"), path.with_extension("json"));
    if !file.is_file() || !json.is_file() {
        let _ = writeln!(std::io::stderr(), "skipped: {} is not there", path.display());
        return None;
    }
    let json = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    Some((std::fs::read(file).unwrap(), json))
}

/// The networks of the JSON, each with its first and last address.
fn networks(json: &[Value]) -> Vec<(IpAddr, IpAddr, &Value)> {
    let networks = json.iter().flat_map(|object| object.as_object().unwrap());
    let ends = networks.map(|(network, record)| {
        let (address, bits) = network.split_once('/').unwrap();
        let bits: u32 = bits.parse().unwrap();
        let (first, last) = match address.parse().unwrap() {
            IpAddr::V4(first) => {
                let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
                (first.into(), Ipv4Addr::from_bits(first.to_bits() | hosts).into())
            }
            IpAddr::V6(first) => {
                let hosts = u128::MAX.checked_shr(bits).unwrap_or(0);
                (first.into(), Ipv6Addr::from_bits(first.to_bits() | hosts).into())
            }
        };
        (first, last, record)
    });
    ends.collect()
}

#[test]
fn places_are_those_of_the_file_as_json() {
    for (name, field) in
        [("GeoIP2-Country-Test", PlaceField::Country), ("GeoLite2-ASN-Test", PlaceField::Asn)]
    {
        let Some((file, json)) = real(name) else { return };
        let places = Places::new(file, field).unwrap();
        let networks = networks(&json);
        for (first, last, record) in &networks {
            let expected = match field {
                PlaceField::Country => record["country"]["iso_code"].as_str().map(str::to_owned),
                PlaceField::Asn => {
                    record["autonomous_system_number"].as_u64().map(|number| format!("AS{number}"))
                }
            };
            assert_eq!(place(&places, *first), expected, "{first}");
            assert_eq!(place(&places, *last), expected, "{last}");
        }
        assert!(networks.len() > 100, "{name}");
        assert_eq!(place(&places, [192, 0, 2, 7].into()), None);
    }
}

#[test]
fn a_file_of_the_other_kind_is_refused() {
    for (name, field) in
        [("GeoIP2-Country-Test", PlaceField::Asn), ("GeoLite2-ASN-Test", PlaceField::Country)]
    {
        let Some((file, _)) = real(name) else { return };
        assert!(matches!(Places::new(file, field), Err(Error::Another { .. })));
    }
}

#[test]
fn real_files_with_a_flipped_bit_are_an_error_or_a_file() {
    for name in ["GeoIP2-Country-Test", "GeoLite2-ASN-Test"] {
        let Some((file, _)) = real(name) else { return };
        // Every 97th byte, another bit each: all parts of the file are met.
        for (number, at) in (0..file.len()).step_by(97).enumerate() {
            let mut file = file.clone();
            file[at] ^= 1 << (number % 8);
            survives(&file).unwrap();
        }
    }
}
