//! What networks note of devices: real files, read field by field, and a night
//! over them. Without `shared/data` a line says so; see `real.rs`.
//!
//! The expected digests are of what a person reads in those files.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _};
use arrow::buffer::Buffer;
use arrow::datatypes::UInt32Type;
use data_encoding::HEXLOWER;
use gamyeong::notation::mac::mac;
use gamyeong::parse::{Columns, Format, Parser, Values};
use gamyeong::protect::keys::KeyRing;
use gamyeong::protect::settings::{Kind, Pseudonym, Randomised};
use gamyeong::protect::technique::{OfIdentifier, Technique};
use gamyeong::protect::{Output, Rule};
use gamyeong::source::{self, CHUNK_BYTES, Chunk};
use gamyeong::split;
use gamyeong::vault::pseudonym::EpochSecret;
use gamyeong::vault::random::{NoRandomness, Randomness};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::house::{DATE, House, Said, column, conserved, files, texts};

/// The file of that name, or `None` with a line that says so.
fn real(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let data = std::env::var_os("GAMYEONG_SHARED").map_or(beside, PathBuf::from);
    let path = data.join("mac").join(name);
    if !path.is_file() {
        let _ = writeln!(std::io::stderr(), "skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// What a file holds.
#[derive(Default)]
struct Read {
    rows: Vec<Vec<String>>,
    lines: u64,
    blank: u64,
    excluded: u64,
    rejected: Vec<String>,
}

/// Reads a file as a run of that date does. An empty text stands for null.
fn read(path: &Path, format: &str, wanted: &[&str], date: Date) -> Read {
    let format = Format::new(format).unwrap().unwrap();
    let parser = Parser::dated(&format, wanted, date).unwrap();
    let mut read = Read::default();
    let mut reader = source::open(&[path.to_owned()], format.cut(), CHUNK_BYTES);
    while let Some(chunk) = reader.next().unwrap() {
        let Columns { lines, rows, blank, excluded, fields, rejects, beside: _ } =
            parser.chunk(&chunk).unwrap();
        let excluded: u64 = excluded.values().sum();
        assert_eq!(lines, rows as u64 + rejects.len() as u64 + excluded + blank);
        read.lines += lines;
        read.blank += blank;
        read.excluded += excluded;
        read.rejected.extend(rejects.iter().map(|reject| reject.reason.code()));
        let mut fields: Vec<_> = fields.iter().map(Values::iter).collect();
        for _ in 0..rows {
            let text =
                |value: Option<&[u8]>| String::from_utf8(value.unwrap_or(b"").into()).unwrap();
            read.rows.push(fields.iter_mut().map(|field| text(field.next().unwrap())).collect());
        }
    }
    read
}

/// Checks how many rows a file has and the digest of what a person read in them,
/// values apart by `|`: the files are not part of the repository, and so is
/// nothing of what they say. And how many of its lines are rejected, excluded and
/// blank.
#[track_caller]
fn holds((name, format): (&str, &str), wanted: &[&str], expected: (usize, &str), others: [u64; 3]) {
    let Some(path) = real(name) else { return };
    let found = read(&path, format, wanted, date(2026, 8, 15));
    let rows: Vec<String> = found.rows.iter().map(|row| row.join("|")).collect();
    let digest = HEXLOWER.encode(&Sha256::digest(rows.join("\n"))[..8]);
    assert_eq!((rows.len(), digest.as_str()), expected, "{name}: {rows:#?}");
    let rejected = found.rejected.len() as u64;
    assert_eq!([rejected, found.excluded, found.blank], others, "{name}");
}

#[test]
fn leases_of_ipv4() {
    let wanted = ["ip", "start", "end", "time", "event", "mac", "client_identifier", "hostname"];
    holds(("pfsense.leases", "dhcpd"), &wanted, (2, "1734060fed34b32a"), [0, 0, 3]);
    holds(("backup.leases", "dhcpd"), &wanted, (2, "aefe5d72bd9870d3"), [0, 0, 1]);
    holds(("epoch.leases", "dhcpd"), &wanted, (2, "f61e86f72b31fa41"), [0, 0, 0]);
    holds(("options.leases", "dhcpd"), &wanted, (1, "74d6cfc54b6478b3"), [0, 0, 1]);
    holds(("static.leases", "dhcpd"), &wanted, (1, "be38d7df65b35397"), [0, 0, 0]);
    holds(
        ("debian7.leases", "dhcpd"),
        &["ip", "end", "event", "mac", "client_identifier"],
        (6, "95d8baa96f3d64dc"),
        [0, 0, 3],
    );
}

#[test]
fn leases_of_ipv6() {
    holds(
        ("dhcpd6-4.2.4.leases", "dhcpd"),
        &["ip", "prefix_len", "start", "end", "lifetime", "event", "iaid", "duid"],
        (2, "a71bd53c3afa359c"),
        [0, 1, 4],
    );
    holds(
        ("dhcpd6-4.3.3.leases", "dhcpd"),
        &["ip", "prefix_len", "time", "end", "iaid", "mac"],
        (4, "5bc11078322b1e95"),
        [0, 1, 7],
    );
}

#[test]
fn leases_of_kea() {
    holds(
        ("lease4_dump_test.reference.csv", "kea"),
        &["ip", "mac", "client_identifier", "start", "end", "hostname", "event", "subnet"],
        (3, "f2d6a5418aabd137"),
        [0, 0, 1],
    );
    holds(
        ("lease6_dump_test.reference.csv", "kea"),
        &["ip", "mac", "duid", "time", "end", "iaid", "prefix_len", "hostname"],
        (4, "ecaacdece0ba3f38"),
        [0, 0, 1],
    );
}

#[test]
fn accounting_of_radius() {
    let wanted = [
        "time",
        "event",
        "user",
        "mac",
        "ap",
        "ssid",
        "session",
        "server",
        "reason",
        "Acct-Session-Time",
        "Event-Timestamp",
        "Connect-Info",
    ];
    // Summer time of Spain: an abbreviation that no program may guess.
    holds(("freeradius_detail_acct.txt", "radius"), &wanted, (2, "7806ebaf902afe46"), [0, 0, 0]);
    holds(
        ("one.txt", "radius"),
        &["time", "event", "user", "mac", "server", "NAS-Port-Type"],
        (1, "fe6dace61fda05ab"),
        [0, 0, 0],
    );
    let Some(list) = real("mac-list.txt") else { return };
    // All of these are addresses of groups: 11 has the bit.
    let list = fs::read_to_string(list).unwrap();
    assert!(list.lines().all(|line| mac(line.as_bytes()).is_none()));
}

#[test]
fn system_logs_of_access_points() {
    let name = "hostapd_dnsmasq_mixed.log";
    holds(
        (name, "hostapd"),
        &["time", "server", "event", "interface", "mac"],
        (5, "3b0f14eba7b10c12"),
        [0, 16, 0],
    );
    let wanted = ["time", "server", "event", "interface", "ip", "mac", "hostname"];
    holds((name, "dnsmasq"), &wanted, (12, "ff7b118d7024add5"), [0, 9, 0]);
    holds((name, "dhcpd-syslog"), &wanted, (1, "6254c3f94e08fd13"), [0, 20, 0]);
}

/// Those who published it took the access points out.
#[test]
fn system_logs_of_controllers() {
    holds(
        ("aruba_aos8_syslog.log", "aruba"),
        &["time", "server", "event", "mac", "ap", "reason"],
        (2, "9e5e4ea46d471f19"),
        [0, 4, 0],
    );
}

struct Same;

impl Randomness for Same {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(7);
        Ok(())
    }
}

/// The pseudonyms of values as MAC addresses, how many could not be read, and
/// how many a device made up.
fn pseudonyms(values: &[String], randomised: Randomised) -> (Vec<Option<Vec<u8>>>, u64, u64) {
    let secret = EpochSecret::in_memory("wifi", &mut Same).unwrap();
    let keys =
        KeyRing { secret: &secret, controller: "a", purpose: "b", recipient: "c", table: "" };
    let settings =
        Pseudonym { randomised: Some(randomised), ..toml::from_str("domain = \"mac\"").unwrap() };
    let rule = Rule::new(
        "device",
        "mac",
        0,
        Technique::Identifier(OfIdentifier::Pseudonym(settings), Kind::Mac),
    );
    let text = format!("mac\n{}\n", values.join("\n"));
    let chunk = Chunk {
        file: 0,
        is_first: true,
        bytes: Buffer::from_slice_ref(&text),
        head: Buffer::from_slice_ref("mac\n"),
        overlong: None,
    };
    let parser = Parser::new(&Format::new("csv").unwrap().unwrap(), &["mac"]).unwrap();
    let (divided, _) = split::columns(parser.chunk(&chunk).unwrap(), chunk.bytes.clone());
    let mut output = Output::new(rule, &keys, [1, 2, 3, 4], true);
    output.push(&divided);
    let array = output.take();
    let array = array.as_dictionary::<UInt32Type>();
    let made = array.values().as_fixed_size_binary();
    let keys = array.keys().iter();
    let found = keys.map(|key| key.map(|key| made.value(key as usize).to_vec())).collect();
    (found, output.unread(), output.randomised())
}

/// One device in the notations of all sources.
fn notations(mac: [u8; 6]) -> Vec<String> {
    let hex = |bytes: &[u8], between: &str| {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(between)
    };
    let bare = hex(&mac, "");
    let ll = [&[0, 3, 0, 1], &mac[..]].concat();
    let llt = [&[0, 1, 0, 1, 9, 8, 7, 6], &mac[..]].concat();
    vec![
        bare.to_uppercase(),
        hex(&mac, ":"),
        hex(&mac, "-").to_uppercase(),
        format!("{}.{}.{}", &bare[..4], &bare[4..8], &bare[8..]),
        format!("{}:library", hex(&mac, "-")),
        hex(&ll, ":"),
        hex(&llt, ""),
        hex(&[&[1], &mac[..]].concat(), ":"),
        hex(&[&[0xff, 0, 0, 0, 1], &llt[..]].concat(), ":"),
        format!(
            "fe80::{:02x}{:02x}:{:02x}ff:fe{:02x}:{:02x}{:02x}",
            mac[0] ^ 2,
            mac[1],
            mac[2],
            mac[3],
            mac[4],
            mac[5]
        ),
    ]
}

proptest! {
    #[test]
    fn every_notation_of_a_device_gives_one_pseudonym(mac: [u8; 6]) {
        let mac = [mac[0] & !3, mac[1], mac[2], mac[3], mac[4], mac[5] | 1];
        let values = notations(mac);
        let (found, unread, randomised) = pseudonyms(&values, Randomised::Null);
        prop_assert_eq!((unread, randomised), (0, 0));
        prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 1);
        prop_assert!(found[0].is_some());
    }

    #[test]
    fn what_is_no_mac_address_is_null_and_counted(mac: [u8; 6]) {
        let mac = [mac[0] & !3, mac[1], mac[2], mac[3], mac[4], mac[5] | 1];
        let group = [mac[0] | 1, mac[1], mac[2], mac[3], mac[4], mac[5]];
        let none = ["0123456789", "32:30", "kim", "00:00:00:00:00:00"].map(str::to_owned);
        let values = [none.to_vec(), notations(group), notations(mac)].concat();
        let (found, unread, randomised) = pseudonyms(&values, Randomised::Null);
        let nulls = none.len() + notations(group).len();
        prop_assert_eq!((unread, randomised), (nulls as u64, 0));
        prop_assert!(found[..nulls].iter().all(Option::is_none));
        prop_assert!(found[nulls..].iter().all(Option::is_some));
    }

    /// Unless the pipeline says so, what a device made up is nobody's key.
    #[test]
    fn a_randomised_address_is_no_key(mac: [u8; 6]) {
        let mac = [mac[0] & !1 | 2, mac[1], mac[2], mac[3], mac[4], mac[5]];
        let values = notations(mac);
        let (found, unread, randomised) = pseudonyms(&values, Randomised::Null);
        prop_assert_eq!((unread, randomised), (0, values.len() as u64));
        prop_assert!(found.iter().all(Option::is_none));
        let (found, unread, randomised) = pseudonyms(&values, Randomised::Keep);
        prop_assert_eq!((unread, randomised), (0, 0));
        prop_assert_eq!(found.into_iter().flatten().collect::<BTreeSet<_>>().len(), 1);
    }
}

const WIFI: &str = r#"name = "visits"
controller = "seongnam-library"
purpose = { category = "과학적 연구", detail = "야간 시간대 무선망 이용과 대출의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"

[linkage]
window = "run"

[[source]]
name = "web"
path = "logs/wifi-{date}.log"
format = "hostapd"
item = "서비스 이용기록"
zone = "Asia/Seoul"

[source.fields]
mac = [{ as = "device", pseudonym = { domain = "mac" } }, { as = "made_up", mac = "randomised" }]
time = { as = "hour", round = "1h" }
event = "keep"
server = "drop"
interface = "drop"
session = "drop"
reason = "drop"

[assess]
subject = "device"
quasi_identifiers = ["event"]
k_min = 3
k_persons_min = 2
max_suppressed = 1.0
"#;

/// A night over a log that is mostly of others, in which half the devices made
/// their addresses up.
#[test]
fn a_night_counts_what_it_leaves_out() {
    let house = House::new();
    house.put("pipelines/visits.toml", WIFI);
    let mut log = String::new();
    for device in 0..40u8 {
        let first = if device % 2 == 0 { "00" } else { "02" };
        let _ = write!(
            log,
            "Nov 20 10:00:{device:02} ap1 hostapd: wlan0: AP-STA-CONNECTED {first}:00:5e:00:53:{device:02x}\n\
             Nov 20 10:00:{device:02} ap1 kernel: wlan0: something\n",
        );
    }
    log += "\nNov 20 10:01:00 ap1 hostapd: wlan0: interface state UNINITIALIZED->ENABLED\n";
    house.put(&format!("logs/wifi-{DATE}.log"), log);
    let report = house.run_json(&[]);
    let [lines, rows, rejected, suppressed, excluded, blank] = conserved(&report);
    assert_eq!([lines, rows + suppressed, rejected, excluded, blank], [82, 40, 0, 41, 1]);
    let records = house.records();
    let commit = records.iter().find(|record| record["type"] == "run.commit").unwrap();
    let source = &commit["body"]["sources"][0];
    assert_eq!(source["excluded_by"], json!({"no-event": 1, "other-program": 40}));
    assert_eq!(source["randomised"], json!({"device": 20}));
    assert_eq!(source["unread"], json!({}));
    house.verify();
}

/// A time without a year is one of the year of the run's date, in the zone of
/// the source, which must say it.
#[test]
fn a_time_without_a_year_needs_the_zone_of_the_source() {
    let house = House::new();
    house.put("pipelines/visits.toml", WIFI.replace("zone = \"Asia/Seoul\"\n", ""));
    let said: Said = house.run(&[]).exits(3);
    assert!(said.err.contains("times of `time` need the source's `zone`"), "{}", said.err);
    house.put("pipelines/visits.toml", WIFI);
    let line = |device: u8| {
        format!(
            "Nov 20 23:30:00 ap1 hostapd: wlan0: AP-STA-CONNECTED 00:00:5e:00:53:{device:02x}\n"
        )
    };
    house.put(&format!("logs/wifi-{DATE}.log"), (0..5).map(line).collect::<String>());
    house.run(&[]).exits(0);
    let hours = column(&house.table(DATE), "event");
    assert_eq!(hours.len(), 5);
    let batches = crate::house::rows(&house.table(DATE));
    let hour = batches[0].column_by_name("hour").unwrap();
    let hour = hour.as_primitive::<arrow::datatypes::TimestampMicrosecondType>();
    let expected: jiff::Timestamp = "2026-11-20T14:00:00Z".parse().unwrap();
    assert!(hour.iter().all(|hour| hour == Some(expected.as_microsecond())));
    assert!(texts(batches[0].column_by_name("device").unwrap()).iter().all(Option::is_some));
    assert_eq!(hour.null_count(), 0);
}

/// A pipeline over a source of one format.
fn pipeline(format: &str, fields: &str) -> String {
    let start = WIFI.find("[source.fields]").unwrap();
    let end = WIFI.find("[assess]").unwrap();
    let text = format!("{}[source.fields]\n{fields}\n{}", &WIFI[..start], &WIFI[end..]);
    text.replace("\"hostapd\"", &format!("\"{format}\""))
}

fn check(house: &House) -> Said {
    house.say(&["check", house.path("pipelines/visits.toml").to_str().unwrap()])
}

#[test]
fn a_pipeline_over_every_format_passes_the_check() {
    let device =
        "mac = { as = \"device\", pseudonym = { domain = \"mac\", randomised = \"keep\" } }";
    let event = "event = \"keep\"";
    let time = "time = { as = \"hour\", round = \"1h\" }";
    let lease = "start = { round = \"1h\" }\nend = { round = \"1h\" }";
    let ip = "ip = { as = \"net\", prefix = { v4 = 16, v6 = 32 } }";
    let user = "user = { as = \"person\", pseudonym = { domain = \"user\" } }";
    let ssid = "ssid = \"keep\"\nap = \"keep\"";
    let radius = "\"Calling-Station-Id\" = { as = \"station\", mac = \"vendor\" }\n\
                  \"Acct-Session-Time\" = { as = \"seconds\", keep = \"integer\" }\n\
                  \"Event-Timestamp\" = { as = \"noted\", round = \"1h\" }";
    for (format, fields) in [
        ("dhcpd", [lease, ip, "duid = { pseudonym = { domain = \"mac\" } }"]),
        ("kea", [lease, ip, "subnet = \"keep\""]),
        ("dnsmasq", [time, ip, "interface = \"keep\""]),
        ("dhcpd-syslog", [time, ip, "reason = \"keep\""]),
        ("windows-dhcp", [time, ip, user]),
        ("radius", [time, ssid, radius]),
        ("hostapd", [time, "server = \"keep\"", ""]),
        ("cisco-wlc", [time, ssid, user]),
        ("aruba", [time, ssid, user]),
    ] {
        let house = House::new();
        let fields = format!("{device}\n{event}\n{}", fields.join("\n"));
        house.put("pipelines/visits.toml", pipeline(format, &fields));
        check(&house).exits(0);
        // What is known of a person cannot be kept, whatever the format calls it.
        for field in ["mac", "ip", "user", "hostname", "duid", "session"] {
            house.put("pipelines/visits.toml", pipeline(format, &format!("{field} = \"keep\"")));
            check(&house).exits(3);
        }
    }
}

#[test]
fn only_a_mac_address_may_be_randomised() {
    let house = House::new();
    let fields = "user = { pseudonym = { domain = \"user\", randomised = \"keep\" } }";
    house.put("pipelines/visits.toml", pipeline("radius", fields));
    let said = check(&house).exits(3);
    assert!(said.err.contains("`randomised` is not for field `user`"), "{}", said.err);
}

/// What leaves a house after a night over a real file holds no device of it.
#[test]
fn no_device_of_a_real_file_leaves() {
    let time = "time = { as = \"hour\", round = \"1h\" }";
    for (name, format, devices) in [
        ("freeradius_detail_acct.txt", "radius", ["4C-74-03-F1-79-B2", "student-a"]),
        ("debian7.leases", "dhcpd", ["60:a4:4c:b5:6a:dd", "9c:2a:70:7c:43:6a"]),
        ("lease4_dump_test.reference.csv", "kea", ["32:30", "one.example.com"]),
        ("hostapd_dnsmasq_mixed.log", "dnsmasq", ["00:1a:64:6a:a2:4d", "iPhone-2qi"]),
        ("aruba_aos8_syslog.log", "aruba", ["88:63:df:ae:d3:83", "ae:d3:83"]),
    ] {
        let Some(path) = real(name) else { continue };
        let house = House::new();
        let device = "mac = { as = \"device\", pseudonym = { domain = \"mac\" } }";
        let fields = format!("{device}\nevent = \"keep\"\n{time}");
        house.put("pipelines/visits.toml", pipeline(format, &fields));
        let input = format!("web={}", path.display());
        let said = house.run(&["--json", "--input", &input]);
        // Files of two or three devices are too small for a table.
        assert!(matches!(said.code, Some(0 | 1)), "{name}: {}", said.err);
        assert!(!said.err.contains("rejected"), "{name}: {}", said.err);
        house.verify();
        let kept_apart = ["vault", "keys", "custodian"].map(|dir| house.path(dir));
        for file in files(&house.root) {
            if kept_apart.iter().any(|dir| file.starts_with(dir)) {
                continue;
            }
            let bytes = fs::read(&file).unwrap();
            for device in devices {
                assert_eq!(memchr::memmem::find(&bytes, device.as_bytes()), None, "{name}");
            }
        }
    }
}
