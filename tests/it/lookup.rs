//! Who was behind an address: records in, lines in, and nights over both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use arrow::buffer::Buffer;
use gamyeong::lookup::{Counts, Fields, Known, Lookup, Moment, Reading, settings};
use gamyeong::notation::time::Written;
use gamyeong::parse::{Columns, Format, Parser};
use gamyeong::source::Chunk;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;

use crate::house::{DATE, House, PIPELINE, column, conserved, log};

type Field = Option<usize>;

fn columns(format: &str, text: &str, wanted: &[&str]) -> Columns {
    let format = Format::new(format).unwrap().unwrap();
    let parser = Parser::dated(&format, wanted, date(2026, 11, 20)).unwrap();
    let mut head = Vec::new();
    if format.name() == "csv" || format.name() == "kea" {
        head = text.split_inclusive('\n').next().unwrap().as_bytes().to_vec();
    }
    let (bytes, head) = (Buffer::from_slice_ref(text), Buffer::from_vec(head));
    let chunk = Chunk { file: 0, is_first: true, bytes, head, overlong: None };
    parser.chunk(&chunk).unwrap()
}

/// Fields of sessions as a format has them ready.
fn ready(format: &str) -> (Fields, Vec<&'static str>) {
    let told = Format::new(format).unwrap().unwrap().sessions();
    let mut wanted: Vec<&'static str> = Vec::new();
    let mut place = |name: Option<&'static str>| -> Field {
        let name = name?;
        wanted.push(name);
        Some(wanted.len() - 1)
    };
    let moment = |field: Field| {
        let field = field?;
        Some(Moment { field, written: Written::Local, zone: Some(TimeZone::UTC) })
    };
    let own = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let fields = Fields {
        address: place(told.address),
        device: place(told.device),
        user: place(told.user),
        time: moment(place(told.time)),
        start: moment(place(told.start)),
        end: moment(place(told.end)),
        length: place(told.length),
        session: place(told.session),
        server: place(told.server),
        delay: place(told.delay),
        event: place(told.event),
        begins: Some(own(told.begins)).filter(|begins| !begins.is_empty()),
        ends: own(told.ends),
        longest: Some(settings::Duration::try_from("12h".to_owned()).unwrap()),
    };
    (fields, wanted)
}

/// What is known from a text, and how many records told of nobody.
fn known(format: &str, text: &str) -> (Arc<Known>, u64) {
    let (fields, wanted) = ready(format);
    let mut reading = Reading::new(&fields);
    reading.add(&columns(format, text, &wanted)).unwrap();
    let (known, silent) = reading.finish();
    (Arc::new(known), silent)
}

/// Subjects of lines of an address and a time of day.
fn subjects(known: &[&Arc<Known>], keeps_randomised: bool, lines: &[(&str, &str)]) -> Vec<String> {
    let mut text = "ip,time\n".to_owned();
    for (ip, time) in lines {
        let day = if time.is_empty() { "" } else { "2026-11-20 " };
        let _ = writeln!(text, "{ip},{day}{time}");
    }
    let time = Moment { field: 1, written: Written::Local, zone: Some(TimeZone::UTC) };
    let known = known.iter().map(|known| Arc::clone(known)).collect();
    let lookup = Lookup::new(0, time, known, keeps_randomised);
    let found = lookup.add(columns("csv", &text, &["ip", "time"]));
    let counts = lookup.counts();
    let subjects: Vec<String> = found.fields[2]
        .iter()
        .map(|value| {
            value.map_or_else(String::new, |value| String::from_utf8(value.to_vec()).unwrap())
        })
        .collect();
    let count =
        |kind: &str| subjects.iter().filter(|subject| subject.starts_with(kind)).count() as u64;
    let expected =
        Counts { users: count("user:"), devices: count("device:"), addresses: count("address:") };
    assert_eq!(counts, expected);
    subjects
}

const LEASES: &str = "lease 192.0.2.7 {
  starts 5 2026/11/20 01:00:00;
  ends 5 2026/11/20 03:00:00;
  binding state active;
  hardware ethernet 00:00:5e:00:53:01;
}
lease 192.0.2.7 {
  starts 5 2026/11/20 01:00:00;
  ends 5 2026/11/20 02:00:00;
  binding state free;
  hardware ethernet 00:00:5e:00:53:01;
}
lease 192.0.2.7 {
  starts 5 2026/11/20 04:00:00;
  ends 5 2026/11/20 06:00:00;
  binding state active;
  hardware ethernet 00:00:5e:00:53:02;
}
lease 192.0.2.7 {
  starts 5 2026/11/20 05:00:00;
  ends 5 2026/11/20 07:00:00;
  binding state active;
  hardware ethernet 00:00:5e:00:53:03;
}
lease 192.0.2.8 {
  starts 5 2026/11/20 01:00:00;
  ends 5 2026/11/20 03:00:00;
  binding state abandoned;
  hardware ethernet 00:00:5e:00:53:04;
}
lease 192.0.2.9 {
  starts 5 2026/11/20 01:00:00;
  ends 5 2026/11/20 03:00:00;
  binding state active;
  hardware ethernet 02:00:5e:00:53:05;
}
";

#[test]
fn a_lease_holds_from_its_first_second_to_its_last() {
    let (known, silent) = known("dhcpd", LEASES);
    assert_eq!(silent, 1);
    let at = |time| subjects(&[&known], false, &[("192.0.2.7", time)]).remove(0);
    let address = "address:192.0.2.7";
    for (time, subject) in [
        ("00:59:59", address),
        ("01:00:00", "device:00:00:5e:00:53:01"),
        ("01:59:59", "device:00:00:5e:00:53:01"),
        // Released before the end that was told first.
        ("02:00:00", address),
        ("04:30:00", "device:00:00:5e:00:53:02"),
        // Whom the server gave it to next has it, told or not that it was free.
        ("05:00:00", "device:00:00:5e:00:53:03"),
        ("06:59:59", "device:00:00:5e:00:53:03"),
        ("07:00:00", address),
        // A line without a time.
        ("", address),
    ] {
        assert_eq!(at(time), subject, "{time}");
    }
}

#[test]
fn abandoned_addresses_randomised_devices_and_what_is_no_address() {
    let (known, _) = known("dhcpd", LEASES);
    let lines = [
        ("192.0.2.8", "01:30:00"),
        ("192.0.2.9", "01:30:00"),
        ("::ffff:192.0.2.7", "01:30:00"),
        ("kim", "01:30:00"),
        ("2001:db8::7", "01:30:00"),
    ];
    let mapped = "device:00:00:5e:00:53:01";
    assert_eq!(
        subjects(&[&known], false, &lines),
        ["address:192.0.2.8", "address:192.0.2.9", mapped, "", "address:2001:db8::7"]
    );
    assert_eq!(subjects(&[&known], true, &lines)[1], "device:02:00:5e:00:53:05");
}

/// One record of accounting.
fn record(attributes: &[(&str, &str)]) -> String {
    let mut text = "Fri Nov 20 00:00:00 2026\n".to_owned();
    for (name, value) in attributes {
        let _ = writeln!(text, "\t{name} = {value}");
    }
    text + "\n"
}

/// Seconds since 1970 of a time on 2026-11-20.
fn stamp(time: &str) -> String {
    let moment: jiff::Timestamp = format!("2026-11-20T{time}Z").parse().unwrap();
    moment.as_second().to_string()
}

#[test]
fn accounting_tells_of_one_session_in_several_records() {
    let accounting = |status, time: &str, more: &[(&str, &str)]| {
        let time = stamp(time);
        let mut attributes = vec![
            ("User-Name", "\"kim\""),
            ("Calling-Station-Id", "\"00-00-5E-00-53-01\""),
            ("Acct-Session-Id", "\"S1\""),
            ("Acct-Status-Type", status),
            ("Timestamp", &time),
        ];
        attributes.extend(more);
        record(&attributes)
    };
    let ip = ("Framed-IP-Address", "192.0.2.7");
    let text = [
        accounting("Start", "01:00:00", &[ip]),
        accounting("Interim-Update", "02:00:00", &[ip, ("Acct-Session-Time", "3600")]),
        // Its access point counts a second more.
        accounting("Stop", "03:00:00", &[ip, ("Acct-Session-Time", "7201")]),
    ]
    .concat();
    let (found, _) = known("radius", &text);
    let at = |time| subjects(&[&found], false, &[("192.0.2.7", time)]).remove(0);
    for (time, subject) in [
        ("00:59:58", "address:192.0.2.7"),
        ("00:59:59", "user:kim"),
        ("02:59:59", "user:kim"),
        ("03:00:00", "address:192.0.2.7"),
    ] {
        assert_eq!(at(time), subject, "{time}");
    }
    // Only the end was logged.
    let stop = accounting("Stop", "03:00:00", &[ip, ("Acct-Session-Time", "3600")]);
    let (found, _) = known("radius", &stop);
    let lines = [("192.0.2.7", "01:59:59"), ("192.0.2.7", "02:00:00"), ("192.0.2.7", "03:00:00")];
    assert_eq!(
        subjects(&[&found], false, &lines),
        ["address:192.0.2.7", "user:kim", "address:192.0.2.7"]
    );
    // No end was logged: it holds for as long as the pipeline says, here 12 hours.
    let (found, _) = known("radius", &accounting("Start", "01:00:00", &[ip]));
    let lines = [("192.0.2.7", "12:59:59"), ("192.0.2.7", "13:00:00")];
    assert_eq!(subjects(&[&found], false, &lines), ["user:kim", "address:192.0.2.7"]);
}

/// An access point that tells the address late would claim it from the beginning
/// of the session, when somebody else had it.
#[test]
fn a_session_told_of_later_takes_no_time_of_another() {
    let text = [
        record(&[
            ("User-Name", "\"lee\""),
            ("Acct-Session-Id", "\"A\""),
            ("Acct-Status-Type", "Stop"),
            ("Framed-IP-Address", "192.0.2.7"),
            ("Acct-Session-Time", "3600"),
            ("Timestamp", &stamp("02:00:00")),
        ]),
        record(&[
            ("User-Name", "\"kim\""),
            ("Acct-Session-Id", "\"B\""),
            ("Acct-Status-Type", "Interim-Update"),
            ("Framed-IP-Address", "192.0.2.7"),
            ("Acct-Session-Time", "5400"),
            ("Timestamp", &stamp("03:00:00")),
        ]),
    ]
    .concat();
    let (known, _) = known("radius", &text);
    let at = |time| subjects(&[&known], false, &[("192.0.2.7", time)]).remove(0);
    assert_eq!(at("01:45:00"), "user:lee");
    assert_eq!(at("02:00:00"), "user:kim");
}

#[test]
fn a_device_of_the_leases_is_whose_account_used_it() {
    let radius = record(&[
        ("User-Name", "\"kim\""),
        ("Calling-Station-Id", "\"00-00-5E-00-53-01:eduroam\""),
        ("Acct-Session-Id", "\"S1\""),
        ("Acct-Status-Type", "Start"),
        ("Timestamp", &stamp("01:30:00")),
    ]);
    let (leases, _) = known("dhcpd", LEASES);
    let (accounts, silent) = known("radius", &radius);
    assert_eq!(silent, 0);
    let lines = [("192.0.2.7", "01:15:00"), ("192.0.2.7", "01:45:00")];
    for order in [[&leases, &accounts], [&accounts, &leases]] {
        assert_eq!(subjects(&order, false, &lines), ["device:00:00:5e:00:53:01", "user:kim"]);
    }
}

/// Let in by the address of the device: that is no account.
#[test]
fn an_account_that_is_the_devices_address_is_the_device() {
    let radius = record(&[
        ("User-Name", "\"00005e005301\""),
        ("Calling-Station-Id", "\"00-00-5E-00-53-01\""),
        ("Framed-IP-Address", "192.0.2.7"),
        ("Acct-Status-Type", "Start"),
        ("Timestamp", &stamp("01:30:00")),
    ]);
    let (known, _) = known("radius", &radius);
    assert_eq!(
        subjects(&[&known], false, &[("192.0.2.7", "01:30:00")]),
        ["device:00:00:5e:00:53:01"]
    );
}

#[test]
fn a_server_log_tells_who_was_given_an_address_and_who_gave_it_back() {
    let log = "2026-11-20T01:00:00+00:00 gate dnsmasq-dhcp[1]: DHCPREQUEST(br0) 192.0.2.8 00:00:5e:00:53:02
2026-11-20T01:00:00+00:00 gate dnsmasq-dhcp[1]: DHCPACK(br0) 192.0.2.7 00:00:5e:00:53:01 laptop
2026-11-20T02:00:00+00:00 gate dnsmasq-dhcp[1]: DHCPRELEASE(br0) 192.0.2.7 00:00:5e:00:53:01
";
    let (known, silent) = known("dnsmasq", log);
    assert_eq!(silent, 2);
    let lines = [("192.0.2.7", "01:59:59"), ("192.0.2.7", "02:00:00"), ("192.0.2.8", "01:30:00")];
    assert_eq!(
        subjects(&[&known], false, &lines),
        ["device:00:00:5e:00:53:01", "address:192.0.2.7", "address:192.0.2.8"]
    );
}

/// Accounting of one access point: user, device, number, status, address, length and
/// time; empty for none.
fn accounting(records: &[[&str; 7]]) -> Arc<Known> {
    let names = [
        "User-Name",
        "Calling-Station-Id",
        "Acct-Session-Id",
        "Acct-Status-Type",
        "Framed-IP-Address",
        "Acct-Session-Time",
    ];
    let mut text = String::new();
    for values in records {
        let time = stamp(values[6]);
        let given = names.iter().zip(values).filter(|(_, value)| !value.is_empty());
        let quoted: Vec<(&str, String)> = given
            .map(|(name, value)| match *name {
                "User-Name" | "Calling-Station-Id" | "Acct-Session-Id" => {
                    (*name, format!("\"{value}\""))
                }
                _ => (*name, (*value).to_owned()),
            })
            .collect();
        let mut attributes: Vec<(&str, &str)> =
            quoted.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.push(("Timestamp", &time));
        text.push_str(&record(&attributes));
    }
    known("radius", &text).0
}

/// Who is behind 192.0.2.7 at some times of day.
#[track_caller]
fn behind(known: &Arc<Known>, expected: &[(&str, &str)]) {
    for (time, subject) in expected {
        let found = subjects(&[known], false, &[("192.0.2.7", time)]).remove(0);
        let subject = if subject.is_empty() { "address:192.0.2.7" } else { subject };
        assert_eq!(found, subject, "{time}");
    }
}

const IP: &str = "192.0.2.7";

#[test]
fn a_number_that_is_counted_again_is_another_session() {
    let known = accounting(&[
        ["kim", "", "1", "Start", IP, "", "09:00:00"],
        ["kim", "", "1", "Stop", IP, "3600", "10:00:00"],
        ["lee", "", "1", "Start", IP, "", "11:00:00"],
        ["lee", "", "1", "Stop", IP, "3600", "12:00:00"],
    ]);
    let kim = "user:kim";
    behind(
        &known,
        &[("09:30:00", kim), ("10:30:00", ""), ("11:30:00", "user:lee"), ("12:00:00", "")],
    );
    let known = accounting(&[
        ["kim", "", "1", "Stop", IP, "3600", "10:00:00"],
        ["kim", "", "1", "Stop", IP, "3600", "12:00:00"],
    ]);
    behind(&known, &[("09:30:00", kim), ("10:30:00", ""), ("11:30:00", kim)]);
}

/// Either may have had it: an access point tells an address late, and an end is lost.
#[test]
fn nobody_is_named_between_a_lost_end_and_the_next_record() {
    let known = accounting(&[
        ["kim", "", "A", "Interim-Update", IP, "", "08:00:00"],
        ["lee", "", "B", "Interim-Update", IP, "900", "10:15:00"],
    ]);
    behind(&known, &[("09:59:59", "user:kim"), ("10:05:00", ""), ("10:15:00", "user:lee")]);
}

#[test]
fn an_end_without_an_address_ends_all_addresses_of_its_session() {
    let known = accounting(&[
        ["kim", "", "A", "Start", IP, "", "09:00:00"],
        ["kim", "", "A", "Stop", "", "3600", "10:00:00"],
        ["lee", "", "B", "Start", "", "", "11:00:00"],
        ["lee", "", "B", "Interim-Update", IP, "900", "11:15:00"],
        ["lee", "", "B", "Stop", "", "3600", "12:00:00"],
    ]);
    let lee = "user:lee";
    behind(
        &known,
        &[("09:30:00", "user:kim"), ("10:30:00", ""), ("11:05:00", lee), ("11:30:00", lee)],
    );
    behind(&known, &[("13:00:00", "")]);
}

#[test]
fn a_session_that_changes_its_address_frees_the_one_before() {
    let known = accounting(&[
        ["kim", "", "A", "Start", IP, "", "09:00:00"],
        ["kim", "", "A", "Interim-Update", "192.0.2.8", "3600", "10:00:00"],
    ]);
    behind(&known, &[("09:59:59", "user:kim"), ("10:00:00", "")]);
}

#[test]
fn what_comes_after_the_end_of_a_session_does_not_bring_it_back() {
    let known = accounting(&[
        ["kim", "", "A", "Start", IP, "", "09:00:00"],
        ["kim", "", "A", "Stop", IP, "3600", "10:00:00"],
        ["kim", "", "A", "Interim-Update", IP, "3600", "10:00:00"],
        ["kim", "", "A", "Interim-Update", IP, "3600", "10:00:20"],
    ]);
    behind(&known, &[("09:30:00", "user:kim"), ("10:00:00", ""), ("10:10:00", "")]);
}

#[test]
fn an_end_told_late_takes_nothing_from_who_has_it_now() {
    let known = accounting(&[
        ["lee", "", "B", "Start", IP, "", "10:00:00"],
        ["kim", "", "A", "Stop", IP, "7200", "10:05:00"],
    ]);
    behind(&known, &[("09:00:00", "user:kim"), ("10:02:00", "user:lee"), ("10:10:00", "user:lee")]);
}

#[test]
fn a_record_that_says_less_leaves_what_is_known() {
    let known = accounting(&[
        ["kim", "00-00-5E-00-53-01", "A", "Start", IP, "", "09:00:00"],
        ["", "00-00-5E-00-53-01", "A", "Interim-Update", IP, "1800", "09:30:00"],
    ]);
    behind(&known, &[("09:15:00", "user:kim"), ("09:45:00", "user:kim")]);
}

#[test]
fn a_mac_address_as_account_is_a_device_and_an_outer_identity_is_nobody() {
    let known = accounting(&[
        ["025e00530101", "", "A", "Start", IP, "", "09:00:00"],
        ["anonymous@example.kr", "", "B", "Start", IP, "", "10:00:00"],
        ["@example.kr", "00-00-5E-00-53-01", "C", "Start", IP, "", "11:00:00"],
        // The number of a card.
        ["202312345678", "", "D", "Start", IP, "", "12:00:00"],
    ]);
    behind(&known, &[("09:30:00", ""), ("11:30:00", "device:00:00:5e:00:53:01")]);
    behind(&known, &[("12:30:00", "user:202312345678")]);
    let kept = subjects(&[&known], true, &[(IP, "09:30:00")]);
    assert_eq!(kept, ["device:02:5e:00:53:01:01"]);
}

#[test]
fn a_device_whose_account_left_is_nobodys() {
    let device = "00-00-5E-00-53-01";
    let (leases, _) = known("dhcpd", LEASES);
    let accounts = accounting(&[
        ["kim", device, "A", "Start", "", "", "01:00:00"],
        ["", device, "A", "Stop", "", "1800", "01:30:00"],
    ]);
    let lines = [("192.0.2.7", "01:15:00"), ("192.0.2.7", "01:45:00")];
    assert_eq!(
        subjects(&[&leases, &accounts], false, &lines),
        ["user:kim", "device:00:00:5e:00:53:01"]
    );
}

/// A table of seats that are still taken tells no end.
#[test]
fn a_session_without_an_end_holds_only_if_the_pipeline_says_how_long() {
    let fields = Fields {
        address: Some(0),
        user: Some(1),
        start: Some(Moment { field: 2, written: Written::Local, zone: Some(TimeZone::UTC) }),
        end: Some(Moment { field: 3, written: Written::Local, zone: Some(TimeZone::UTC) }),
        ..Fields::default()
    };
    let text = "ip,user,from,to\n192.0.2.7,kim,2026-11-20 09:00:00,\n";
    let mut reading = Reading::new(&fields);
    reading.add(&columns("csv", text, &["ip", "user", "from", "to"])).unwrap();
    let (known, silent) = reading.finish();
    assert_eq!((known.sessions(), silent), (0, 1));
}

/// Two sources of sessions, and the web log of people behind them.
pub(crate) fn house() -> House {
    let house = House::new();
    let subject = r#"[source.subject]
address = "host"
time = "time"
sessions = ["accounts", "leases"]

[source.fields]
subject = { as = "person", pseudonym = { domain = "user", device_domain = "mac", address_domain = "ip" } }
"#;
    let sessions = r#"
[[source]]
name = "accounts"
path = "logs/radius-{date}.detail"
format = "radius"
zone = "Asia/Seoul"
item = "MAC주소"

[source.sessions]
longest = "12h"

[[source]]
name = "leases"
path = "logs/dhcpd-{date}.leases"
format = "dhcpd"
item = "MAC주소"
sessions = { days_before = 1 }
"#;
    let pipeline = PIPELINE.replace("[source.fields]\n", subject);
    let pipeline = pipeline.replace("subject = \"visitor\"", "subject = \"person\"");
    house.put("pipelines/visits.toml", pipeline + sessions);
    house.put("logs/radius-2026-11-20.detail", accounts());
    house.put("logs/dhcpd-2026-11-19.leases", lease("192.0.2.0", 0x10));
    house.put("logs/dhcpd-2026-11-20.leases", lease("192.0.2.2", 0x12));
    house.put("logs/access-2026-11-20.log", log(12, 240));
    house
}

/// kim has 192.0.2.4 until 21:00 in Seoul, and 192.0.2.6 from then on.
fn accounts() -> String {
    let session = |number, address, from: &str, status, length| {
        record(&[
            ("User-Name", "\"kim-canary\""),
            ("Calling-Station-Id", "\"00-00-5E-00-53-99\""),
            ("Acct-Session-Id", number),
            ("Acct-Status-Type", status),
            ("Framed-IP-Address", address),
            ("Acct-Session-Time", length),
            ("Timestamp", &stamp(from)),
        ])
    };
    [
        session("\"A\"", "192.0.2.4", "12:00:00", "Stop", "14400"),
        session("\"B\"", "192.0.2.6", "12:00:00", "Start", "0"),
    ]
    .concat()
}

fn lease(address: &str, device: u8) -> String {
    format!(
        "lease {address} {{\n  starts 5 2026/11/20 00:00:00;\n  ends 6 2026/11/21 00:00:00;\n  binding state active;\n  hardware ethernet 00:00:5e:00:53:{device:02x};\n}}\n"
    )
}

#[test]
fn one_person_at_two_addresses_is_one_pseudonym() {
    let house = house();
    let report = house.run_json(&[]);
    let counts = conserved(&report);
    assert_eq!(counts[0], 240 + 2 + 2);
    let (people, visitors) =
        (column(&house.table(DATE), "person"), column(&house.table(DATE), "visitor"));
    // Who stands behind each address, by the pseudonym of the address.
    let mut behind: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (visitor, person) in visitors.iter().zip(&people) {
        behind.entry(visitor.clone().unwrap()).or_default().insert(person.clone().unwrap());
    }
    assert_eq!(behind.len(), 12);
    // Those without a session keep the pseudonym of their address.
    let same = behind.iter().filter(|(visitor, people)| people.contains(*visitor));
    assert_eq!(same.count(), 10);
    let mut of_kim: BTreeMap<_, usize> = BTreeMap::new();
    for people in behind.values() {
        for person in people.iter().filter(|person| !behind.contains_key(*person)) {
            *of_kim.entry(person).or_default() += 1;
        }
    }
    // Two devices at an address each, and an account at two.
    let mut found: Vec<usize> = of_kim.into_values().collect();
    found.sort_unstable();
    assert_eq!(found, [1, 1, 2]);

    let commit =
        house.records().into_iter().rfind(|record| record["type"] == "run.commit").unwrap();
    let of = |name: &str| {
        let sources = commit["body"]["sources"].as_array().unwrap();
        sources.iter().find(|source| source["name"] == name).unwrap().clone()
    };
    assert_eq!(of("accounts")["sessions"], json!({"found": 4, "records_of_nobody": 0}));
    assert_eq!(of("leases")["files"], 2);
    // They are in no output.
    let said = house.run(&[]).exits(0).out;
    assert!(said.contains("  accounts: lines 2, records read 2, rejected 0"), "{said}");
    assert!(said.contains("  web: lines 240, rows "), "{said}");
    let subject = &of("web")["subject"];
    let counts = ["users", "devices", "addresses"].map(|kind| subject[kind].as_u64().unwrap());
    assert_eq!(counts, [20, 40, 180]);
    house.verify();
    let ledger = house.say(&["ledger", "list", "--json"]).out;
    for raw in ["kim-canary", "00:00:5e", "192.0.2"] {
        assert!(!ledger.contains(raw), "{raw}");
        assert!(!report.to_string().contains(raw), "{raw}");
    }
}

#[test]
fn the_same_sessions_change_nothing_and_others_do() {
    let house = house();
    house.run(&[]).exits(0);
    let first = house.tree();
    assert_eq!(house.run_json(&[])["outcome"], "unchanged");
    assert_eq!(house.tree(), first);
    house.put("logs/dhcpd-2026-11-20.leases", lease("192.0.2.8", 0x12));
    let report = house.run_json(&["--accept-change", "leases came late"]);
    assert_eq!(report["outcome"], "published");
    house.verify();
}

#[test]
fn a_table_is_not_made_without_the_sessions_it_asks_for() {
    let house = house();
    fs::remove_file(house.path("logs/radius-2026-11-20.detail")).unwrap();
    let said = house.run(&[]).exits(4);
    assert!(
        said.err.contains("source `accounts`: no file of sessions for this date"),
        "{}",
        said.err
    );
    assert!(said.err.contains("put an empty file there"), "{}", said.err);
    house.holds_no_output();
    // Those of the day before do not stand for it.
    fs::remove_file(house.path("logs/dhcpd-2026-11-20.leases")).unwrap();
    house.put("logs/radius-2026-11-20.detail", "");
    let said = house.run(&[]).exits(4);
    assert!(said.err.contains("source `leases`: no file of sessions"), "{}", said.err);
    house.put("logs/dhcpd-2026-11-20.leases", lease("192.0.2.2", 0x12));
    house.run(&[]).exits(0);
    // Sessions alone are nothing to do.
    fs::remove_file(house.path("logs/access-2026-11-20.log")).unwrap();
    let house = self::house();
    fs::remove_file(house.path("logs/access-2026-11-20.log")).unwrap();
    assert_eq!(house.run_json(&[])["outcome"], "heartbeat");
}

#[test]
fn records_of_sessions_that_cannot_be_read_are_sealed_and_counted() {
    let house = house();
    let mut leases = lease("192.0.2.2", 0x12);
    leases.push_str("lease nowhere {\n  starts never-canary;\n}\n");
    house.put("logs/dhcpd-2026-11-20.leases", leases);
    let said = house.run(&[]).exits(4);
    assert!(said.err.contains("source `leases`: 1 of 3 lines rejected"), "{}", said.err);
    assert!(!said.err.contains("canary"), "{}", said.err);
    house.edit(
        "pipelines/visits.toml",
        "sessions = { days_before = 1 }",
        "max_rejects = 0.5\nsessions = { days_before = 1 }",
    );
    let report = house.run_json(&["--accept-change", "a broken lease is known"]);
    assert_eq!(conserved(&report)[2], 1);
    house.verify();
}

#[test]
fn what_cannot_be_looked_up_is_refused_at_its_place() {
    let house = house();
    let good = fs::read_to_string(house.path("pipelines/visits.toml")).unwrap();
    for (from, to, expected) in [
        (
            "sessions = [\"accounts\", \"leases\"]",
            "sessions = [\"wifi\"]",
            "`wifi` is no source with `sessions` of this pipeline, which has `accounts`, `leases`",
        ),
        ("device_domain = \"mac\"", "device_domain = \"user\"", "all different"),
        (", address_domain = \"ip\" }", " }", "all different"),
        (
            "subject = { as = \"person\", pseudonym = { domain = \"user\", device_domain = \"mac\", address_domain = \"ip\" } }",
            "subject = \"keep\"",
            "`subject` is looked up: `pseudonym` expected",
        ),
        (
            "host = [{ as = \"visitor\", pseudonym = { domain = \"ip\" } }",
            "host = [{ as = \"visitor\", pseudonym = { domain = \"ip\", device_domain = \"mac\" } }",
            "are for a subject that is looked up",
        ),
        (
            "address = \"host\"",
            "address = \"lantern\"",
            "field `lantern` is not in format `combined`",
        ),
        ("[source.sessions]\nlongest = \"12h\"", "[source.sessions]", "`longest` is missing"),
        ("longest = \"12h\"", "longest = \"12 hours\"", "not a length of time"),
        ("zone = \"Asia/Seoul\"\n", "", "times of `time` need the source's `zone`"),
        ("format = \"dhcpd\"", "format = \"json\"", "sessions of nobody"),
        ("sessions = { days_before = 1 }", "sessions = { days_before = 32 }", "32"),
        ("sessions = { days_before = 1 }", "sessions = { user = \"password\" }", "never read"),
        (
            "sessions = { days_before = 1 }",
            "sessions = {}\nfields = { ip = \"drop\" }",
            "`fields` is for a table",
        ),
    ] {
        assert_eq!(good.matches(from).count(), 1, "{from}");
        house.put("pipelines/visits.toml", good.replace(from, to));
        let path = house.path("pipelines/visits.toml");
        let said = house.say(&["check", path.to_str().unwrap()]).exits(3);
        assert!(said.err.contains(expected), "{to}\n{}", said.err);
    }
}

/// `docs/subjects.md` shows three sources; with the rest of a pipeline they may run.
#[test]
fn the_example_of_the_page_may_run() {
    let page = include_str!("../../docs/subjects.md");
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let (head, _) = PIPELINE.split_once("[[source]]").unwrap();
    let assess = "\n[assess]\nsubject = \"person\"\nquasi_identifiers = [\"hour\"]\nk_min = 5\nk_persons_min = 3\nmax_suppressed = 0.1\n";
    let house = House::new();
    house.put("pipelines/visits.toml", format!("{head}{example}{assess}"));
    let path = house.path("pipelines/visits.toml");
    let said = house.say(&["check", path.to_str().unwrap()]).exits(0);
    assert!(said.out.contains("sources 3"), "{}", said.out);
}

proptest! {
    #[test]
    fn any_rows_give_an_answer(text in "[ -~\n]{0,200}") {
        let (fields, wanted) = ready("dnsmasq");
        let mut reading = Reading::new(&fields);
        prop_assert!(reading.add(&columns("dnsmasq", &text, &wanted)).is_ok());
    }
}
