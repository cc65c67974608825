//! Invented lines and records of every format, field by field.

use std::fs::File;
use std::io::Write as _;

use arrow::buffer::Buffer;
use jiff::civil::date;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::parse::{Format, Parser};
use crate::source;

type Row = Vec<Option<Vec<u8>>>;

const DATE: Date = date(2026, 10, 1);

fn parser(format: &str, wanted: &[&str]) -> (Format, Parser) {
    let format = Format::new(format).unwrap().unwrap();
    let parser = Parser::dated(&format, wanted, DATE).unwrap();
    (format, parser)
}

fn parse(format: &str, wanted: &[&str], bytes: &[u8]) -> Columns {
    let (_, parser) = parser(format, wanted);
    let (head, overlong) = (Buffer::from_vec(Vec::<u8>::new()), None);
    let bytes = Buffer::from_slice_ref(bytes);
    let columns = parser.chunk(&Chunk { file: 0, is_first: true, bytes, head, overlong }).unwrap();
    conserved(&columns);
    columns
}

#[track_caller]
fn conserved(columns: &Columns) {
    let excluded: u64 = columns.excluded.values().sum();
    let accounted = columns.rows as u64 + columns.rejects.len() as u64 + excluded + columns.blank;
    assert_eq!(columns.lines, accounted);
    assert!(columns.fields.iter().all(|field| field.len() == columns.rows));
}

fn rows(columns: &Columns) -> Vec<Row> {
    let mut fields: Vec<_> = columns.fields.iter().map(Values::iter).collect();
    (0..columns.rows)
        .map(|_| fields.iter_mut().map(|field| field.next().unwrap().map(<[u8]>::to_vec)).collect())
        .collect()
}

/// Checks what each row of a text has; an empty text stands for null.
#[track_caller]
fn gives(format: &str, wanted: &[&str], text: &str, expected: &[&[&str]]) {
    let columns = parse(format, wanted, text.as_bytes());
    let text = |value: Option<Vec<u8>>| String::from_utf8(value.unwrap_or_default()).unwrap();
    let found: Vec<Vec<String>> =
        rows(&columns).into_iter().map(|row| row.into_iter().map(text).collect()).collect();
    assert_eq!(found, expected);
}

/// Checks that a text is no row but excluded once, for that reason.
#[track_caller]
fn excludes(format: &str, text: &str, reason: &str) {
    let columns = parse(format, &["event"], text.as_bytes());
    assert_eq!((columns.rows, columns.rejects.len()), (0, 0), "{text}");
    assert_eq!(columns.excluded.into_iter().collect::<Vec<_>>(), [(reason, 1)], "{text}");
}

#[track_caller]
fn rejects(format: &str, text: &str, code: &str) {
    let columns = parse(format, &["event"], text.as_bytes());
    let codes: Vec<String> = columns.rejects.iter().map(|reject| reject.reason.code()).collect();
    assert_eq!(codes, [code], "{text}");
}

const LEASE: &str = r#"lease 192.0.2.7 {
  starts 4 2026/10/01 15:22:29;
  ends never;
  cltt epoch 1790868149; # Thu Oct  1 15:22:29 2026
  binding state active;
  next binding state free;
  hardware ethernet 00:00:5e:00:53:01;
  uid "\001\000\000^\000S\001";
  set note = "a } b";
  on expiry { log (debug, "{"); }
  client-hostname "kim\"s";
}
"#;

const ASSOCIATION: &str = r#"ia-na "\001\000\000\000\000\003\000\001\000\000^\000S\001" {
  cltt 4 2026/10/01 15:22:29;
  iaaddr 2001:db8::7 {
    binding state active;
    max-life 7200;
    ends 4 2026/10/01 17:22:29;
    on expiry {
      log (debug, "x");
    }
  }
  iaaddr 2001:db8::8 {
    binding state expired;
  }
}
"#;

#[test]
fn a_lease_of_dhcpd() {
    let wanted = ["ip", "time", "start", "end", "event", "mac", "client_identifier", "hostname"];
    gives(
        "dhcpd",
        &wanted,
        LEASE,
        &[&[
            "192.0.2.7",
            "1790868149",
            "2026-10-01T15:22:29Z",
            "",
            "active",
            "00:00:5e:00:53:01",
            "01:00:00:5e:00:53:01",
            "kim\"s",
        ]],
    );
}

#[test]
fn every_address_of_an_association_is_a_row() {
    let wanted = ["ip", "time", "start", "end", "event", "mac", "duid", "iaid", "lifetime"];
    let duid = "00:03:00:01:00:00:5e:00:53:01";
    let time = "2026-10-01T15:22:29Z";
    let first = [
        "2001:db8::7",
        time,
        time,
        "2026-10-01T17:22:29Z",
        "active",
        duid,
        duid,
        "01:00:00:00",
        "7200",
    ];
    let second = ["2001:db8::8", time, time, "", "expired", duid, duid, "01:00:00:00", ""];
    gives("dhcpd", &wanted, ASSOCIATION, &[&first, &second]);
    assert_eq!(parse("dhcpd", &[], ASSOCIATION.as_bytes()).lines, 2);
    let prefix = ASSOCIATION.replace("ia-na", "ia-pd").replace("iaaddr", "iaprefix");
    let prefix = prefix.replace("2001:db8::7", "2001:db8:7::/56");
    let columns = parse("dhcpd", &["ip", "prefix_len"], prefix.as_bytes());
    assert_eq!(rows(&columns)[0], [Some(b"2001:db8:7::".to_vec()), Some(b"56".to_vec())]);
}

#[test]
fn a_lease_file_has_more_than_leases() {
    excludes("dhcpd", "server-duid \"\\000\\001\";\n", "no-lease");
    excludes(
        "dhcpd",
        "failover peer \"a\" state {\n  my state normal at 4 2026/10/01 15:22:29;\n}\n",
        "no-lease",
    );
    excludes("dhcpd", "ia-na \"abcd\" {\n  cltt 4 2026/10/01 15:22:29;\n}\n", "no-lease");
    let columns = parse("dhcpd", &[], b"# comment {\n\nauthoring-byte-order little-endian;\n");
    assert_eq!((columns.lines, columns.blank), (3, 2));
}

/// The server died while it wrote: what it wrote next is not lost.
#[test]
fn a_lease_that_does_not_end_hides_no_other() {
    let cut = &LEASE[..LEASE.find("next").unwrap()];
    let text = format!("{cut}\n{LEASE}{cut}\n{ASSOCIATION}");
    let columns = parse("dhcpd", &["ip"], text.as_bytes());
    assert_eq!((columns.rows, columns.rejects.len()), (3, 2));
    assert_eq!(columns.rejects[0].reason.code(), "truncated:lease");
    rejects("dhcpd", &LEASE.replace("2026/10/01 15", "2026/13/01 15"), "time:start");
    rejects("dhcpd", "lease {\n}\n", "delimiter:lease");
    rejects("dhcpd", &format!("{}{LEASE}", LEASE.trim_end()), "trailing");
}

const KEA4: &str = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n\
192.0.2.7,00:00:5e:00:53:01,01:00:00:5e:00:53:01,3600,1790868149,5,1,1,a&#x2cb,0,{ \"a\": \"b\" },0\n\
192.0.2.8,,31:32:33,4294967295,6085835444,5,1,1,,2,,0\n";

const KEA6: &str = "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state\n\
2001:db8::7,00:03:00:01:00:00:5e:00:53:01,3600,1790868149,5,50,0,60,128,1,1,laptop,,0\n";

#[test]
fn leases_of_kea() {
    let wanted = [
        "ip",
        "mac",
        "client_identifier",
        "start",
        "end",
        "lifetime",
        "subnet",
        "hostname",
        "event",
    ];
    gives(
        "kea",
        &wanted,
        KEA4,
        &[
            &[
                "192.0.2.7",
                "00:00:5e:00:53:01",
                "01:00:00:5e:00:53:01",
                "1790864549",
                "1790868149",
                "3600",
                "5",
                "a,b",
                "0",
            ],
            &["192.0.2.8", "", "31:32:33", "1790868149", "", "4294967295", "5", "", "2"],
        ],
    );
    let duid = "00:03:00:01:00:00:5e:00:53:01";
    gives(
        "kea",
        &["ip", "mac", "duid", "iaid", "prefix_len", "start", "time"],
        KEA6,
        &[&["2001:db8::7", duid, duid, "60", "128", "1790864549", "1790864549"]],
    );
    rejects("kea", "192.0.2.7,,\n", "no-header");
    rejects("kea", &format!("{KEA4}192.0.2.7,\n"), "fields");
    rejects("kea", &KEA4.replace("1790868149", "x"), "number:end");
}

#[test]
fn events_of_dnsmasq() {
    let wanted =
        ["time", "server", "event", "interface", "ip", "mac", "duid", "hostname", "reason"];
    for (text, expected) in [
        (
            "<30>Oct  1 10:30:45 gate dnsmasq-dhcp[1834]: DHCPACK(br-lan) 192.0.2.7 00:00:5e:00:53:01 laptop",
            "2026-10-01T10:30:45|gate|DHCPACK|br-lan|192.0.2.7|00:00:5e:00:53:01||laptop|",
        ),
        (
            "dnsmasq-dhcp[1]: DHCPDISCOVER(eth1) 00:00:5e:00:53:01 no address available",
            "||DHCPDISCOVER|eth1||00:00:5e:00:53:01|||no address available",
        ),
        (
            "Thu Oct  1 10:30:45 2026 daemon.info dnsmasq-dhcp[1]: 374495 DHCPREQUEST(br0) 192.0.2.7 00:00:5e:00:53:01",
            "2026-10-01T10:30:45||DHCPREQUEST|br0|192.0.2.7|00:00:5e:00:53:01|||",
        ),
        (
            "[Oct 1, 2026, 12:30:45 AM UTC] daemon.info: dnsmasq-dhcp[1]: DHCPREPLY(br0) 2001:db8::7 00:03:00:01:00:00:5e:00:53:01 laptop",
            "2026-10-01T00:30:45Z||DHCPREPLY|br0|2001:db8::7|00:03:00:01:00:00:5e:00:53:01|00:03:00:01:00:00:5e:00:53:01|laptop|",
        ),
        (
            "<30>1 2026-10-01T10:30:45.25+09:00 gate dnsmasq-dhcp 1834 - [a b=\"]\"][c] DHCPRELEASE(br0) 192.0.2.7 00:00:5e:00:53:01 unknown lease",
            "2026-10-01T10:30:45.25+09:00|gate|DHCPRELEASE|br0|192.0.2.7|00:00:5e:00:53:01|||unknown lease",
        ),
        (
            "10월  1 10:30:45 gate dnsmasq-dhcp[1]: DHCPACK(br0) 192.0.2.7 00:00:5e:00:53:01",
            "2026-10-01T10:30:45|gate|DHCPACK|br0|192.0.2.7|00:00:5e:00:53:01|||",
        ),
    ] {
        let expected: Vec<&str> = expected.split('|').collect();
        gives("dnsmasq", &wanted, text, &[&expected]);
    }
    excludes(
        "dnsmasq",
        "Oct  1 10:30:45 gate dnsmasq-dhcp[1]: not giving name a to the lease",
        "no-event",
    );
    // What another program quotes is not what this one says.
    excludes(
        "dnsmasq",
        "Oct  1 10:30:45 gate cron[1]: dnsmasq-dhcp[1]: DHCPACK(br0) 192.0.2.7",
        "other-program",
    );
}

#[test]
fn events_of_dhcpd() {
    let wanted = ["event", "ip", "mac", "hostname", "interface", "reason"];
    let mac = "00:00:5e:00:53:01";
    let long = "DHCPREQUEST for 192.0.2.7 (192.0.2.1) from 00:00:5e:00:53:01 (kim (2)) via eth1: wrong network.";
    for (text, expected) in [
        (
            "DHCPACK on 192.0.2.7 to 00:00:5e:00:53:01 (laptop) via eth1",
            ["DHCPACK", "192.0.2.7", mac, "laptop", "eth1", ""],
        ),
        (
            "DHCPREQUEST for 192.0.2.7 from 00:00:5e:00:53:01 via eth1: lease 192.0.2.7 unavailable.",
            ["DHCPREQUEST", "192.0.2.7", mac, "", "eth1", "lease unavailable."],
        ),
        (long, ["DHCPREQUEST", "192.0.2.7", mac, "kim (2)", "eth1", "wrong network."]),
        (
            "DHCPDISCOVER from 00:00:5e:00:53:01 via 192.0.2.1: network 192.0.2/24: no free leases",
            ["DHCPDISCOVER", "", mac, "", "192.0.2.1", "network no free leases"],
        ),
        (
            "DHCPACK to 192.0.2.7 (00:00:5e:00:53:01) via eth1",
            ["DHCPACK", "192.0.2.7", mac, "", "eth1", ""],
        ),
        (
            "DHCPRELEASE of 192.0.2.7 from 00:00:5e:00:53:01 (laptop) via eth1 (found)",
            ["DHCPRELEASE", "192.0.2.7", mac, "laptop", "eth1", "(found)"],
        ),
        (
            "Reply NA: address 2001:db8::7 to client with duid 00:03:00:01:00:00:5e:00:53:01 iaid = 1 valid for 60 seconds",
            ["Reply NA", "2001:db8::7", "00:03:00:01:00:00:5e:00:53:01", "", "", ""],
        ),
    ] {
        let line = format!("Oct  1 10:30:45 gate dhcpd[7]: {text}\n");
        gives("dhcpd-syslog", &wanted, &line, &[&expected]);
    }
    excludes(
        "dhcpd-syslog",
        "Oct  1 10:30:45 gate dhcpd: Wrote 3 leases to leases file.",
        "no-event",
    );
    excludes("dhcpd-syslog", "Oct  1 10:30:45 gate kernel: x", "other-program");
}

const AUDIT: &str = "\t\tMicrosoft DHCP Service Activity Log\r\n\r\n\
00\tThe log was started.\r\n\
ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult\r\n\
00,10/01/26,00:00:04,Started,,,,,0,6\r\n\
10,10/01/26,15:22:29,Assign,192.0.2.7,laptop.example.org,00005E005301,,77,0\r\n";

#[test]
fn events_of_windows() {
    let wanted = ["time", "event", "description", "ip", "hostname", "mac", "user"];
    let row = [
        "2026-10-01T15:22:29",
        "10",
        "Assign",
        "192.0.2.7",
        "laptop.example.org",
        "00005E005301",
        "",
    ];
    gives("windows-dhcp", &wanted, AUDIT, &[&row]);
    let columns = parse("windows-dhcp", &[], AUDIT.as_bytes());
    let excluded: Vec<_> = columns.excluded.into_iter().collect();
    assert_eq!(excluded, [("no-client", 1), ("preamble", 2)]);
    assert_eq!(columns.blank, 2);
    rejects("windows-dhcp", &AUDIT.replace("15:22:29", "15:22"), "time:time");

    let v6 = "ID,Date,Time,Description,IPv6 Address,Host Name,Error Code, Duid Length, Duid Bytes(Hex),User Name\n\
              11000,10/01/26,15:22:29,DHCPV6 Solicit,2001:db8::7,laptop,,10,0003000100005E005301,,\n";
    let duid = "00:03:00:01:00:00:5e:00:53:01";
    gives("windows-dhcp", &["ip", "duid", "mac"], v6, &[&["2001:db8::7", duid, duid]]);
}

#[test]
fn windows_writes_in_either_encoding() {
    let text = AUDIT.replace("Assign", "할당").replace("Host Name", "호스트 이름");
    let (cp949, _, _) = encoding_rs::EUC_KR.encode(&text);
    for bytes in [text.as_bytes(), &cp949] {
        let columns = parse("windows-dhcp", &["description"], bytes);
        assert_eq!(rows(&columns), [[Some("할당".as_bytes().to_vec())]]);
    }
    let neither = [AUDIT.as_bytes(), b"10,10/01/26,15:22:29,\xff\xff,192.0.2.7,a,,\n"].concat();
    let columns = parse("windows-dhcp", &[], &neither);
    assert_eq!(columns.rejects[0].reason, Reason::Encoding);
}

const DETAIL: &str = "Thu Oct  1 15:22:29 2026\n\
\tUser-Name = \"kim\\\\guest\"\n\
\tNAS-IP-Address = 192.0.2.1\n\
\tCalling-Station-Id = \"00-00-5E-00-53-01\"\n\
\tCalled-Station-Id = \"00-00-5E-00-53-FF:lib\\353\\217\\204\"\n\
\tAcct-Session-Id = '5F3A-01'\n\
\tAcct-Status-Type = Stop\n\
\tAcct-Terminate-Cause = User-Request\n\
\tFramed-IP-Address = 192.0.2.7\n\
\tEvent-Timestamp = \"Oct  1 2026 15:22:28 KST\"\n\
\tTimestamp = 1790868149\n        \n";

#[test]
fn records_of_radius() {
    let wanted = [
        "time",
        "event",
        "mac",
        "ip",
        "user",
        "session",
        "ap",
        "ssid",
        "server",
        "reason",
        "event-timestamp",
        "User-Name",
        "Class",
    ];
    let mut row = [
        "1790868149",
        "Stop",
        "00-00-5E-00-53-01",
        "192.0.2.7",
        "kim\\guest",
        "5F3A-01",
        "00-00-5E-00-53-FF",
        "lib도",
        "192.0.2.1",
        "User-Request",
        "2026-10-01T15:22:28+09:00",
        "kim\\guest",
        "",
    ];
    let text = format!("{DETAIL}{DETAIL}");
    gives("radius", &wanted, &text, &[&row, &row]);
    let without = DETAIL.replace("\tTimestamp = 1790868149\n", "");
    row[0] = "2026-10-01T15:22:28+09:00";
    gives("radius", &wanted, &without, &[&row]);
    let without = without.replace("Event-Timestamp", "Other");
    gives("radius", &["time"], &without, &[&["2026-10-01T15:22:29"]]);
}

#[test]
fn what_is_no_record_of_a_client() {
    excludes(
        "radius",
        "Thu Oct  1 15:22:29 2026\n\tNAS-IP-Address = 192.0.2.1\n\tAcct-Status-Type = Accounting-On\n",
        "no-client",
    );
    rejects("radius", "Thu Oct  1 15:22:29 2026\n", "truncated:attribute");
    rejects("radius", &DETAIL[..DETAIL.find("Name").unwrap()], "delimiter:attribute");
    rejects("radius", "kim\n\tUser-Name = \"kim\"\n", "time:time");
    rejects("radius", "\tUser-Name = \"kim\"\n", "delimiter:time");
    let columns = parse("radius", &["user"], format!("\n{DETAIL}\n\n{DETAIL}").as_bytes());
    assert_eq!((columns.rows, columns.blank), (2, 1));
}

#[test]
fn events_of_hostapd() {
    let wanted = ["time", "server", "event", "interface", "mac", "session", "reason", "user"];
    let mac = "00:00:5e:00:53:01";
    for (text, expected) in [
        (
            "Oct  1 10:32:50 ap1 hostapd: ath0: STA 00:00:5e:00:53:01 IEEE 802.11: associated (aid 1)",
            ["2026-10-01T10:32:50", "ap1", "associated", "ath0", mac, "", "", ""],
        ),
        (
            "wlan0: STA 00:00:5e:00:53:01 IEEE 802.11: deauthenticated due to inactivity (timer DEAUTH/REMOVE)",
            ["", "", "deauthenticated", "wlan0", mac, "", "inactivity (timer DEAUTH/REMOVE)", ""],
        ),
        (
            "Oct  1 10:32:50 ap1 hostapd: wlan1: AP-STA-DISCONNECTED 00:00:5e:00:53:01",
            ["2026-10-01T10:32:50", "ap1", "AP-STA-DISCONNECTED", "wlan1", mac, "", "", ""],
        ),
        (
            "wlan0: STA 00:00:5e:00:53:01 RADIUS: starting accounting session 5F3A-01",
            ["", "", "starting accounting session", "wlan0", mac, "5F3A-01", "", ""],
        ),
        (
            "wlan0: STA 00:00:5e:00:53:01 IEEE 802.1X: authenticated - EAP type: 25 (PEAP)",
            ["", "", "authenticated", "wlan0", mac, "", "", ""],
        ),
        (
            "wlan0: STA 00:00:5e:00:53:01 IEEE 802.1X: STA identity 'kim'",
            ["", "", "STA identity", "wlan0", mac, "", "", "kim"],
        ),
    ] {
        gives("hostapd", &wanted, text, &[&expected]);
    }
    excludes("hostapd", "Oct  1 10:32:50 ap1 hostapd: wlan0: interface state ENABLED", "no-event");
    excludes(
        "hostapd",
        "Oct  1 10:32:50 ap1 kernel: wlan0: STA 00:00:5e:00:53:01",
        "other-program",
    );
}

#[test]
fn events_of_cisco() {
    let wanted = ["time", "server", "event", "mac", "ip", "user", "ssid", "ap", "reason"];
    for (text, expected) in [
        (
            "Oct  1 10:18:33.637: %CLIENT_ORCH_LOG-6-CLIENT_ADDED_TO_RUN_STATE: Chassis 1 R0/0: wncd: Username entry (kim (2)) joined with ssid (lib) for device with MAC: 0000.5e00.5301",
            "2026-10-01T10:18:33||CLIENT_ADDED_TO_RUN_STATE|0000.5e00.5301||kim (2)|lib||",
        ),
        (
            "<135>77: wlc1: Oct  1 10:18:33.207 UTC: %CLIENT_ORCH_LOG-7-CLIENT_MOVED_TO_DELETE_STATE: R0/0: wncd: Username (null), MAC: 0000.5e00.5301, IP fe80::1 192.0.2.7 disconnected from AP (ap1) with SSID (lib)",
            "2026-10-01T10:18:33Z||CLIENT_MOVED_TO_DELETE_STATE|0000.5e00.5301|192.0.2.7||lib|ap1|",
        ),
        (
            "Oct  1 10:18:33 wlc1 *apfReceiveTask: Oct  1 10:18:33.207: %APF-3-AUTHENTICATION_TRAP: apf_80211.c:21442 Client Authenticated: MACAddress:00:00:5e:00:53:01 Base Radio MAC:00:00:5e:00:53:ff Slot:1 User Name:ex\\kim Ip Address:192.0.2.7 SSID:lib wifi",
            "2026-10-01T10:18:33|wlc1|AUTHENTICATION_TRAP|00:00:5e:00:53:01|192.0.2.7|ex\\kim|lib wifi|00:00:5e:00:53:ff|",
        ),
        (
            "*Oct  1 10:18:33.207: %DOT11-6-DISASSOC: Interface Dot11Radio0, Deauthenticating Station 0000.5e00.5301 Reason: Sending station has left the BSS",
            "2026-10-01T10:18:33||DISASSOC|0000.5e00.5301|||||Sending station has left the BSS",
        ),
    ] {
        let expected: Vec<&str> = expected.split('|').collect();
        gives("cisco-wlc", &wanted, text, &[&expected]);
    }
    excludes(
        "cisco-wlc",
        "Oct  1 10:18:33: %CAPWAP-3-ERRORLOG: AP 00:00:5e:00:53:ff failed to join",
        "no-event",
    );
    excludes("cisco-wlc", "Oct  1 10:18:33 gate kernel: 100% x", "other-program");
}

#[test]
fn events_of_aruba() {
    let wanted = ["time", "server", "event", "mac", "ip", "user", "ssid", "ap", "reason"];
    let mac = "00:00:5e:00:53:01";
    let time = "2026-09-07T20:30:58";
    for (text, expected) in [
        (
            "stm[2452]: <501100> <2452> <NOTI> <md1 192.0.2.1>  Assoc success @ 20:30:58.606562: 00:00:5e:00:53:01: AP 192.0.2.9-00:00:5e:00:53:ff-ap1",
            [time, "", "Assoc success", mac, "", "", "", "ap1", ""],
        ),
        (
            "md1 stm[2452]: <501080> <2452> <NOTI> <md1>  Deauth to sta: 00:00:5e:00:53:01: Ageout AP 192.0.2.9-00:00:5e:00:53:ff-ap1 STA has roamed to another AP",
            [time, "md1", "Deauth to sta", mac, "", "", "", "ap1", "STA has roamed to another AP"],
        ),
        (
            "md1 authmgr[3956]: <522008> <5194> <NOTI> <md1>  User Authentication Successful: username=kim lee MAC=00:00:5e:00:53:01 IP=192.0.2.7 role=guest VLAN=100 AP=ap1 SSID=lib wifi AAA profile=p auth method=802.1x",
            [
                time,
                "md1",
                "User Authentication Successful",
                mac,
                "192.0.2.7",
                "kim lee",
                "lib wifi",
                "ap1",
                "",
            ],
        ),
        (
            "md1 authmgr[3956]: <522035> <5194> <INFO> <md1>  MAC=00:00:5e:00:53:01 Station UP: BSSID=00:00:5e:00:53:ff ESSID=lib VLAN=400 AP-name=ap1",
            [time, "md1", "Station UP", mac, "", "", "lib", "ap1", ""],
        ),
        (
            "md1 authmgr[3956]: <522006> <5194> <INFO> <md1>  MAC=00:00:5e:00:53:01 IP=192.0.2.7 User entry added: reason=Sibtye kim2",
            [time, "md1", "User entry added", mac, "192.0.2.7", "", "", "", "Sibtye"],
        ),
        (
            "md1 authmgr[3956]: <522275> <5194> <WARN> <md1>  User Authentication failed. username=kim lee userip=0.0.0.0 usermac=00:00:5e:00:53:01 servername=r1 apname=ap1",
            [time, "md1", "User Authentication failed", mac, "", "kim lee", "", "ap1", ""],
        ),
    ] {
        gives("aruba", &wanted, &format!("Sep  7 20:30:58 {text}"), &[&expected]);
    }
    excludes(
        "aruba",
        "Sep  7 20:30:58 authmgr[2435]: <522125> <2435> <WARN> <md1>  Could not find x",
        "no-event",
    );
    excludes(
        "aruba",
        "Sep  7 20:30:58 authmgr[2]: <5> MAC=00:00:5e:00:53:01 Kim lee logged in: x",
        "no-event",
    );
    excludes("aruba", "Sep  7 20:30:58 <md1> rsyncd[2]: connect from x", "other-program");
}

#[test]
fn the_year_is_the_one_nearest_to_the_date() {
    for (text, on, expected) in [
        ("Dec 31 23:59:59", date(2026, 1, 1), "2025-12-31T23:59:59"),
        ("Jan  1 00:00:01", date(2025, 12, 31), "2026-01-01T00:00:01"),
        ("Jan  2 00:00:01", date(2025, 12, 31), "2025-01-02T00:00:01"),
        ("Feb 29 00:00:01", date(2026, 10, 1), "2024-02-29T00:00:01"),
        ("Oct  1 2020 00:00:01", date(2026, 10, 1), "2020-10-01T00:00:01"),
        ("Oct  1 00:00:01 2020 gate", date(2026, 10, 1), "2020-10-01T00:00:01"),
    ] {
        let Some((when::When::Told(told), _)) = when::read(text.as_bytes(), Some(on)) else {
            panic!("{text}")
        };
        let mut out = Vec::new();
        told.write(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{text}");
    }
    for text in
        ["Okt  1 00:00:01", "Oct 32 00:00:01", "Oct  1 24:00:01", "Oct  1", "2026-13-01 00:00:00"]
    {
        assert_eq!(when::read(text.as_bytes(), Some(DATE)), None, "{text}");
    }
    assert_eq!(when::read(b"Oct  1 00:00:01", None), Some((when::When::Yearless, 15)));
}

/// A record of each format, whole.
fn records() -> Vec<(&'static str, String)> {
    let listed = Device::LISTED.map(|(_, listed)| (listed.name, format!("{}\n", listed.example)));
    let more = [
        ("dhcpd", LEASE),
        ("dhcpd", ASSOCIATION),
        ("kea", KEA4),
        ("kea", KEA6),
        ("windows-dhcp", AUDIT),
        ("radius", DETAIL),
    ];
    listed.into_iter().chain(more.map(|(name, text)| (name, text.to_owned()))).collect()
}

/// All fields of a format, and of `radius` an attribute.
fn all(format: &str) -> Vec<&'static str> {
    let device = Device::named(format).unwrap();
    let mut names: Vec<_> = device.common().iter().map(|field| field.name()).collect();
    if device == Device::Radius {
        names.extend(["User-Name", "Event-Timestamp"]);
    }
    names
}

#[test]
fn every_example_is_a_row_and_every_prefix_is_accounted_for() {
    for (format, text) in records() {
        assert!(parse(format, &all(format), text.as_bytes()).rows > 0, "{format}");
        for end in 0..text.len() {
            parse(format, &all(format), &text.as_bytes()[..end]);
        }
    }
}

#[test]
fn a_field_that_a_format_has_not_is_an_error() {
    for (_, listed) in Device::LISTED {
        let format = Format::new(listed.name).unwrap().unwrap();
        let is_known = Parser::new(&format, &["lantern"]).is_ok();
        assert_eq!(is_known, listed.name == "radius");
    }
}

/// Reads a file in chunks of so many bytes.
fn chunked(format: &str, path: &std::path::Path, chunk_bytes: usize) -> (Vec<Row>, u64, u64) {
    let (format, parser) = parser(format, &all(format));
    let mut reader = source::open(&[path.to_owned()], format.cut(), chunk_bytes);
    let (mut found, mut lines, mut rejects) = (Vec::new(), 0, 0);
    while let Some(chunk) = reader.next().unwrap() {
        let columns = parser.chunk(&chunk).unwrap();
        conserved(&columns);
        found.extend(rows(&columns));
        lines += columns.lines;
        rejects += columns.rejects.len() as u64;
    }
    (found, lines, rejects)
}

/// Around the cap, a reader of small chunks sees no more than it must.
#[test]
fn records_as_long_as_they_may_be_end_where_they_end() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("log");
    for (format, record, next) in [
        ("dhcpd", "lease 192.0.2.7 {\n  x ;\n", LEASE),
        ("dhcpd", "lease 192.0.2.7 {\n  x ;\n}\n", LEASE),
        ("radius", "Thu Oct  1 15:22:29 2026\n\tUser-Name = x\n", DETAIL),
    ] {
        for length in LINE_BYTES - 9..LINE_BYTES + 3 {
            let filler = "x".repeat(length - record.len());
            let text = record.replace('x', &format!("x{filler}"));
            let text = format!("{text}{next}{next}");
            File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            let whole = chunked(format, &path, 1 << 20);
            assert_eq!(chunked(format, &path, 1), whole, "{format} {length}");
            assert!(!whole.0.is_empty(), "{format} {length}");
        }
    }
}

/// Pieces of records of any format, with what breaks them.
fn pieces() -> impl Strategy<Value = (usize, String)> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("}\n".to_owned()),
        Just("\tlease \n\nlease".to_owned()),
        Just("\"".to_owned()),
        Just("  x = \"{\"\n".to_owned()),
        "[ -~]{0,12}",
        (0..records().len(), 0usize..400, 0usize..400).prop_map(|(at, start, end)| {
            let text = &records()[at].1;
            let (start, end) = (start.min(text.len()), end.min(text.len()));
            String::from_utf8_lossy(&text.as_bytes()[start.min(end)..]).into_owned()
        }),
    ];
    (0..records().len(), prop::collection::vec(piece, 0..8))
        .prop_map(|(at, pieces)| (at, pieces.concat()))
}

proptest! {
    #[test]
    fn any_bytes_are_accounted_for(
        at in 0usize..9,
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let (_, listed) = Device::LISTED[at];
        parse(listed.name, &all(listed.name), &bytes);
    }

    /// What is said of a client around words that are understood.
    #[test]
    fn what_a_server_says_holds_nothing_of_one_client(
        at in 0usize..5,
        said in prop::collection::vec(
            prop::sample::select(vec![
                "STA", "AP-STA-CONNECTED", "00:00:5e:00:53:01", "IEEE 802.11:", "'kim3'", "due to",
                "Assoc success", "@ 10:00:00:", "AP", "192.0.2.7-00:00:5e:00:53:ff-ap1", "kim3",
                "DHCPACK(br0)", "DHCPNAK(br0)", "DHCPREQUEST for", "192.0.2.7", "from", "via eth1:",
                "Client kim3: MACAddress:00:00:5e:00:53:01", "Reason:", "ReasonCode:",
                "MAC=00:00:5e:00:53:01", "User entry added:", "reason=", "session", ": ",
            ]),
            1..12,
        ),
    ) {
        let (format, header) = [
            ("dnsmasq", "dnsmasq-dhcp: "),
            ("dhcpd-syslog", "dhcpd: "),
            ("hostapd", "hostapd: wlan0: "),
            ("cisco-wlc", "%APF-3-AUTHENTICATION_TRAP: "),
            ("aruba", "Oct  1 10:00:00 stm: "),
        ][at];
        let line = header.to_owned() + &said.join(" ");
        let columns = parse(format, &["event", "reason"], line.as_bytes());
        for value in rows(&columns).into_iter().flatten().flatten() {
            prop_assert!(text::words(&value).all(text::is_plain), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn chunks_make_no_difference((at, text) in pieces(), chunk_bytes in 1usize..300) {
        let (format, whole) = &records()[at];
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("log");
        let text = format!("{whole}{text}{whole}");
        File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        prop_assert_eq!(chunked(format, &path, chunk_bytes), chunked(format, &path, 1 << 20));
    }
}
