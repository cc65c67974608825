//! Laws of pseudonyms and of the one form that all spellings of an identifier
//! share.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use arrow::array::{Array as _, AsArray as _};
use arrow::buffer::Buffer;
use arrow::datatypes::UInt32Type;
use gamyeong::parse::{Format, Parser};
use gamyeong::protect::canonical::{Canonical, canonical};
use gamyeong::protect::keys::KeyRing;
use gamyeong::protect::settings::{Kind, Pseudonym};
use gamyeong::protect::technique::{OfIdentifier, Technique};
use gamyeong::protect::{Output, Rule};
use gamyeong::source::Chunk;
use gamyeong::split::{self, Divided};
use gamyeong::vault::keys::Keys;
use gamyeong::vault::pseudonym::{EpochSecret, Label};
use gamyeong::vault::random::{NoRandomness, Randomness};
use proptest::prelude::*;

use crate::house::{DATE, House, column};

/// The same byte again and again: no two keys differ by chance.
pub(crate) struct Same(pub(crate) u8);

impl Randomness for Same {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(self.0);
        Ok(())
    }
}

pub(crate) const LABEL: Label<'_> = Label {
    controller: "library.example.kr",
    purpose: "과학적 연구",
    recipient: "store",
    domain: "ip",
};

/// Labels that differ from [`LABEL`] in one part, or only in where one part
/// ends and the next begins.
pub(crate) const OTHERS: [Label<'_>; 7] = [
    Label { controller: "welfare.example.kr", ..LABEL },
    Label { purpose: "통계작성", ..LABEL },
    Label { recipient: "university", ..LABEL },
    Label { domain: "user", ..LABEL },
    Label { domain: "", ..LABEL },
    Label { recipient: "storei", domain: "p", ..LABEL },
    Label { recipient: "stor", domain: "eip", ..LABEL },
];

/// The keys of [`LABEL`].
pub(crate) fn ring(secret: &EpochSecret) -> KeyRing<'_> {
    let Label { controller, purpose, recipient, .. } = LABEL;
    KeyRing { secret, controller, purpose, recipient, table: "" }
}

pub(crate) fn secret(pipeline: &str, byte: u8) -> EpochSecret {
    EpochSecret::in_memory(pipeline, &mut Same(byte)).unwrap()
}

#[track_caller]
fn bytes(kind: Kind, form: &str) -> Option<Vec<u8>> {
    canonical(kind, form.as_bytes()).as_ref().map(Canonical::bytes).map(<[u8]>::to_vec)
}

proptest! {
    #[test]
    fn the_same_value_and_key_give_the_same_pseudonym(value: Vec<u8>, byte: u8) {
        let one = secret("web", byte).derive(&LABEL);
        let again = secret("web", byte).derive(&LABEL);
        prop_assert_eq!(one.pseudonym(&value), again.pseudonym(&value));
    }

    #[test]
    fn another_value_gives_another_pseudonym(one: Vec<u8>, other: Vec<u8>) {
        let key = secret("web", 7).derive(&LABEL);
        let (first, second) = (key.pseudonym(&one), key.pseudonym(&other));
        // The 16 bytes that are kept usually, and their ends.
        prop_assert_eq!(first[..16] == second[..16], one == other);
    }

    #[test]
    fn another_label_pipeline_or_secret_gives_another_pseudonym(value: Vec<u8>) {
        let this = secret("web", 7).derive(&LABEL).pseudonym(&value);
        for label in OTHERS {
            prop_assert_ne!(this, secret("web", 7).derive(&label).pseudonym(&value), "{:?}", label);
        }
        prop_assert_ne!(this, secret("wifi", 7).derive(&LABEL).pseudonym(&value));
        prop_assert_ne!(this, secret("web", 8).derive(&LABEL).pseudonym(&value));
    }

    #[test]
    fn every_spelling_of_an_ipv4_address_has_one_form(number: u32, port: u16) {
        let address = Ipv4Addr::from(number);
        let [a, b, c, d] = address.octets();
        let expected = Some(vec![a, b, c, d]);
        for form in [
            format!("{address}"),
            format!("{address}:{port}"),
            format!(" {address} "),
            format!("{address}, 192.0.2.1, 2001:db8::1"),
            format!("::ffff:{address}"),
            format!("::FFFF:{:x}:{:x}", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])),
            format!("0:0:0:0:0:ffff:{a:02x}{b:02x}:{c:02x}{d:02x}"),
            format!("[::ffff:{address}]:{port}"),
            format!("::ffff:{address}%eth0"),
        ] {
            prop_assert_eq!(bytes(Kind::Ip, &form), expected.clone(), "{}", form);
        }
    }

    #[test]
    fn every_spelling_of_an_ipv6_address_has_one_form(number: u128, port: u16) {
        let address = Ipv6Addr::from(number | 1 << 127);
        let expected = Some(address.octets().to_vec());
        let groups = address.segments();
        for form in [
            format!("{address}"),
            format!("{address}").to_uppercase(),
            groups.map(|group| format!("{group:04x}")).join(":"),
            groups.map(|group| format!("{group:X}")).join(":"),
            format!("[{address}]"),
            format!("[{address}]:{port}"),
            format!("{address}%1"),
            format!("{address},192.0.2.1"),
        ] {
            prop_assert_eq!(bytes(Kind::Ip, &form), expected.clone(), "{}", form);
        }
    }

    #[test]
    fn every_spelling_of_a_mac_address_has_one_form(mac: [u8; 6]) {
        // Neither of a group nor all zeros, which are nobody's.
        let mac = [mac[0] & !1, mac[1], mac[2], mac[3], mac[4], mac[5] | 1];
        let digits = mac.map(|byte| format!("{byte:02x}"));
        let groups = [0, 2, 4].map(|at| [&*digits[at], &*digits[at + 1]].concat());
        for form in [digits.join(":"), digits.join("-"), groups.join("."), digits.concat()] {
            for form in [form.to_uppercase(), form] {
                prop_assert_eq!(bytes(Kind::Mac, &form), Some(mac.to_vec()), "{}", form);
            }
        }
    }

    #[test]
    fn any_bytes_have_one_form_or_none(raw: Vec<u8>) {
        for (kind, lengths) in [(Kind::Ip, &[4, 16][..]), (Kind::Mac, &[6])] {
            let length = canonical(kind, &raw).map(|form| form.bytes().len());
            prop_assert!(length.is_none_or(|length| lengths.contains(&length)));
        }
        let text = canonical(Kind::Text, &raw).map(|form| form.bytes().to_vec());
        prop_assert_eq!(text, (!raw.is_empty() && raw != b"-").then_some(raw));
    }
}

/// Even if the same bytes were drawn for both.
#[test]
fn another_epoch_gives_another_pseudonym() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::create(&dir.path().join("keys"), "library").unwrap();
    let pseudonym = |epoch: &str| {
        let secret = keys.create_epoch_secret("web", epoch, &mut Same(7)).unwrap();
        let made = secret.derive(&LABEL).pseudonym(b"kim");
        let read = keys.epoch_secret("web", epoch).unwrap().unwrap();
        assert_eq!(read.derive(&LABEL).pseudonym(b"kim"), made);
        made
    };
    assert_ne!(pseudonym("2026-11"), pseudonym("2026-12"));
}

const WIFI: &str = r#"name = "wifi"
purpose = { category = "과학적 연구", detail = "도서관별 무선인터넷 이용 시간대와 체류 시간을 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "run" }

[[source]]
name = "wifi"
path = "tables/wifi-{date}.csv"
format = "csv"
zone = "Asia/Seoul"
item = "MAC주소"

[source.fields]
mac = [{ as = "device", pseudonym = { domain = "device" } }, { as = "randomised", mac = "randomised" }]
start = { as = "hour", round = "1h" }

[assess]
subject = "device"
quasi_identifiers = ["randomised", "hour"]
k_min = 3
k_persons_min = 2
max_suppressed = 0.5
"#;

/// From the table that goes in to the table that comes out.
#[test]
fn one_device_has_one_pseudonym_however_it_is_spelt() {
    let house = House::of("library");
    let mut table = "mac,start,minutes,branch\n".to_owned();
    for round in 0..10 {
        for mac in ["64:1b:2f:00:53:01", "64-1B-2F-00-53-01", "641b.2f00.5301", "641B2F005301"] {
            table += &[mac, ",2026-11-20 10:00:00,5,중앙\n"].concat();
        }
        for other in ["64:1b:2f:00:53:02", "64:1b:2f:00:53:03"] {
            table += &[other, ",2026-11-20 10:00:00,5,중앙\n"].concat();
        }
        // No device: no pseudonym, and not the same one for all.
        table += [
            "-,2026-11-20 10:00:00,5,중앙\n",
            ",2026-11-20 10:00:00,5,중앙\n",
            "64:1b:2f,2026-11-20 10:00:00,5,중앙\n",
        ][round % 3];
    }
    house.put("tables/wifi-2026-11-20.csv", table);
    house.put("pipelines/wifi.toml", WIFI);
    let pipeline = house.path("pipelines/wifi.toml");
    house.say(&["run", pipeline.to_str().unwrap(), "--date", DATE]).exits(0);
    let path = house.path(&format!("store/wifi/wifi/date={DATE}/part-0.parquet"));
    let devices = column(&path, "device");
    let count = |wanted: &Option<String>| devices.iter().filter(|found| *found == wanted).count();
    assert_eq!(devices.len(), 60, "rows without a device are a class of their own and too small");
    let mut counts: Vec<usize> = BTreeSet::from_iter(&devices).into_iter().map(count).collect();
    counts.sort_unstable();
    assert_eq!(counts, [10, 10, 40]);
}

/// A chunk with one column. No value may need quotes.
fn chunk(values: &[&str]) -> Divided {
    let text = format!("host\n{}\n", values.join("\n"));
    let chunk = Chunk {
        file: 0,
        is_first: true,
        bytes: Buffer::from_slice_ref(&text),
        head: Buffer::from_slice_ref("host\n"),
        overlong: None,
    };
    let parser = Parser::new(&Format::new("csv").unwrap().unwrap(), &["host"]).unwrap();
    split::columns(parser.chunk(&chunk).unwrap(), chunk.bytes.clone()).0
}

/// Against the definition, over row groups: spellings of one address in any
/// order, values that are none, both widths.
#[test]
fn a_column_of_pseudonyms_is_that_of_each_value() {
    let groups: [&[&str]; 3] = [
        &["192.0.2.7", "localhost", "::ffff:192.0.2.7", "192.0.2.8", "192.0.2.7:80", "192.0.2.7"],
        &["192.0.2.7:80", "[2001:db8::1]:9", "192.0.2.7", "localhost", "2001:db8::1"],
        &["::ffff:192.0.2.7", "192.0.2.7:80", "192.0.2.9"],
    ];
    let key = || secret("web", 7).derive(&LABEL);
    for width in [16, 32] {
        let settings: Pseudonym =
            toml::from_str(&format!("domain = \"ip\"\nbytes = {width}")).unwrap();
        let rule = Rule::new(
            "visitor",
            "host",
            0,
            Technique::Identifier(OfIdentifier::Pseudonym(settings), Kind::Ip),
        );
        let secret = secret("web", 7);
        let mut output = Output::new(rule, &ring(&secret), [1, 2, 3, 4], true);
        for values in groups {
            output.push(&chunk(&values[..2]));
            output.push(&chunk(&values[2..]));
            let array = output.take();
            let array = array.as_dictionary::<UInt32Type>();
            let made = array.values().as_fixed_size_binary();
            let found: Vec<_> =
                array.keys().iter().map(|k| k.map(|k| made.value(k as usize).to_vec())).collect();
            let expected: Vec<_> = values
                .iter()
                .map(|value| {
                    bytes(Kind::Ip, value).map(|bytes| key().pseudonym(&bytes)[..width].to_vec())
                })
                .collect();
            assert_eq!(found, expected);
            let different: BTreeSet<_> = made.iter().collect();
            assert_eq!(different.len(), made.len(), "a value stands twice");
        }
        assert_eq!(output.unread(), 2);
        assert_eq!(output.pairs().count(), 7);
    }
}
