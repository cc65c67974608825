//! What networks note of devices: each a table, and the sessions of another.

use super::Sample;

/// The subject is the device; where one is told by its DUID, that holds its address.
macro_rules! of_device {
    ($more:literal) => {
        concat!(
            r#"
mac = [{ as = "who", pseudonym = { domain = "device" } }, { as = "vendor", mac = "vendor" }]
ip = [{ as = "address", pseudonym = { domain = "ip" } }, { as = "net", prefix = { v4 = 8, v6 = 32 } }]
"#,
            $more
        )
    };
}

const NO_RECORD: &str = "«kanari-no-line-1591» 김카나리\n";

pub(in crate::leak) const DEVICES: &[Sample] = &[
    Sample {
        format: "dhcpd",
        head: "",
        row: r#"lease «203.0.113.171» {
  starts 4 «2026/11/19 18:17:21»;
  ends 4 «2026/11/20 08:17:21»;
  cltt 4 «2026/11/19 18:17:11»;
  binding state active;
  hardware ethernet «00:00:5e:00:53:c1»;
  uid "«kanari-uid-1»";
  client-hostname "«kanari-laptop-771»";
}
ia-na "«kiad»\000\003\000\001\000\000^\000S\301" {
  cltt 4 «2026/11/19 18:17:31»;
  iaaddr «2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61» {
    binding state active;
    max-life «734512891»;
    ends 4 «2026/11/20 09:17:21»;
  }
}
"#,
        tail: "lease {\n  «kanari-no-line-1591»;\n}\n",
        fields: of_device!(
            r#"
start = { as = "q", round = "1d" }
hostname = { as = "name", pseudonym = { domain = "name" } }
lifetime = { as = "lifetime", range = { width = 1_000_000 } }
client_identifier = "drop"
"#
        ),
        blanked: &[],
        bare: &["event", "prefix_len", "iaid", "duid"],
    },
    Sample {
        format: "kea",
        head: "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n",
        row: "«203.0.113.171»,«00:00:5e:00:53:c1»,«6b:61:6e:61:72:69:2d:75:69:64:31»,«86400001»,«1795155441»,«734512801»,1,1,«kanari-laptop-771»,0,{ \"a\": \"«kanari-context-1»\" },0\n",
        tail: NO_RECORD,
        fields: of_device!(
            r#"
end = { as = "q", round = "1d" }
hostname = { as = "name", pseudonym = { domain = "name" } }
subnet = { as = "subnet", range = { width = 1_000_000 } }
"#
        ),
        blanked: &[],
        bare: &["event", "prefix_len", "iaid", "duid", "start", "time"],
    },
    Sample {
        format: "kea",
        head: "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state\n",
        row: "«2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61»,«00:03:00:01:00:00:5e:00:53:c1»,«86400001»,«1795155441»,«734512801»,50,0,«734512861»,128,1,1,«kanari-laptop-771»,,0\n",
        tail: NO_RECORD,
        fields: r#"
end = { as = "q", round = "1d" }
duid = { as = "who", pseudonym = { domain = "device", kind = "text" } }
iaid = "drop"
ip = { as = "address", pseudonym = { domain = "ip" } }
"#,
        blanked: &[],
        bare: &[],
    },
    Sample {
        format: "dnsmasq",
        head: "",
        row: "«Nov 20 03:17:21» «kanari-gate1» dnsmasq-dhcp[1834]: DHCPACK(«kanari-br1») «203.0.113.171» «00:00:5e:00:53:c1» «kanari-laptop-771»\n\
              «Nov 20 03:17:31» «kanari-gate1» dnsmasq-dhcp[1834]: DHCPREPLY(«kanari-br1») «2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61» «00:03:00:01:00:00:5e:00:53:c1» «kanari-laptop-771»\n\
              «Nov 20 03:17:41» «kanari-gate1» dnsmasq-dhcp[1834]: DHCPDISCOVER(«kanari-br1») «00:00:5e:00:53:c1» no «kanari-addresses-a» available\n",
        tail: "Nov 20 03:17:51 «kanari-gate1» cron[1]: «kanari-other-1591»\n«kanari-no-line-1591»\n",
        fields: of_device!(
            r#"
time = { as = "q", round = "1h" }
server = { as = "server", keep = "text" }
interface = { as = "interface", keep = "text" }
hostname = { as = "name", pseudonym = { domain = "name" } }
reason = { as = "reason", keep = "text" }
event = { as = "event", keep = "text" }
"#
        ),
        blanked: &["server", "interface", "reason"],
        bare: &["event"],
    },
    Sample {
        format: "dhcpd-syslog",
        head: "",
        row: "«Nov 20 03:17:21» «kanari-gate1» dhcpd: DHCPACK on «203.0.113.171» to «00:00:5e:00:53:c1» («kanari-laptop-771») via «kanari-eth1»\n\
              «Nov 20 03:17:31» «kanari-gate1» dhcpd: DHCPREQUEST for «203.0.113.171» from «00:00:5e:00:53:c1» («kanari-laptop-771») via «kanari-eth1»: «kanari-wrong-network-a»\n\
              «Nov 20 03:17:41» «kanari-gate1» dhcpd: Reply NA: address «2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61» to client with duid «00:03:00:01:00:00:5e:00:53:c1» iaid = «734512861» valid for 60 seconds\n",
        tail: "Nov 20 03:17:51 gate dhcpd[7]: Wrote «kanari-other-1591» leases\n«kanari-no-line-1591»\n",
        fields: of_device!(
            r#"
time = { as = "q", round = "1h" }
server = { as = "server", keep = "text" }
interface = { as = "interface", keep = "text" }
reason = { as = "reason", keep = "text" }
"#
        ),
        blanked: &["server", "interface", "reason"],
        bare: &["event"],
    },
    Sample {
        format: "windows-dhcp",
        head: "\t\tMicrosoft DHCP Service Activity Log\r\n\r\n\
               ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult\r\n",
        row: "10,«11/20/26,03:17:21»,«카나리-Assign1»,«203.0.113.171»,«kanari-laptop-771»,«00005E0053C1»,«김카나리.8361»,«734512891»,0\r\n",
        tail: "10,«11/20/26»,«kanari-no-line-1591»,,\r\n",
        fields: of_device!(
            r#"
time = { as = "q", round = "1h" }
description = { as = "description", keep = "text" }
user = { as = "user", pseudonym = { domain = "user" } }
"#
        ),
        blanked: &["description"],
        bare: &["event", "duid"],
    },
    Sample {
        format: "windows-dhcp",
        head: "ID,Date,Time,Description,IPv6 Address,Host Name,Error Code, Duid Length, Duid Bytes(Hex),User Name\r\n",
        row: "11000,«11/20/26,03:17:21»,«카나리-Solicit1»,«2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61»,«kanari-laptop-771»,,10,«0003000100005E0053C1»,«김카나리.8361»\r\n",
        tail: "",
        fields: r#"
time = { as = "q", round = "1h" }
hostname = { as = "name", serial = { domain = "name" } }
mac = { as = "who", pseudonym = { domain = "device" } }
"#,
        blanked: &[],
        bare: &[],
    },
    Sample {
        format: "radius",
        head: "",
        row: "«Fri Nov 20 03:17:21 2026»\n\
              \tUser-Name = \"«김카나리.8361»\"\n\
              \tNAS-IP-Address = «203.0.113.181»\n\
              \tNAS-Identifier = \"«kanari-nas-1»\"\n\
              \tCalling-Station-Id = \"«00-00-5E-00-53-C1»\"\n\
              \tCalled-Station-Id = \"«00-00-5E-00-53-F1»:«카나리망-1»\"\n\
              \tAcct-Session-Id = '«5F3A-KANARI-1»'\n\
              \tAcct-Status-Type = Start\n\
              \tAcct-Terminate-Cause = «Kanari-Cause-1»\n\
              \tFramed-IP-Address = «203.0.113.171»\n\
              \tClass = 0x«6b616e6172692d636c61737331»\n\
              \tAcct-Input-Octets = «734512891»\n\
              \tEvent-Timestamp = \"«Nov 20 2026 03:17:31» KST\"\n\
              \tTimestamp = «1795112241»\n\n",
        tail: "«Fri Nov 20 03:17:51 2026»\n\t«kanari-no-line-1591»\n\n",
        fields: r#"
time = { as = "q", round = "1h" }
user = { as = "who", pseudonym = { domain = "user" } }
mac = { as = "device", pseudonym = { domain = "device", kind = "mac" } }
session = { as = "session", pseudonym = { domain = "session" } }
ssid = { as = "ssid", keep = "text" }
ap = { as = "ap", keep = "text" }
server = { as = "server", keep = "text" }
reason = { as = "reason", keep = "text" }
"Acct-Input-Octets" = { as = "octets", range = { width = 1_000_000 } }
"Event-Timestamp" = { as = "hour", round = "1h" }
"Framed-IP-Address" = "drop"
"#,
        blanked: &["ssid", "ap", "server", "reason"],
        bare: &["event", "Acct-Status-Type"],
    },
    Sample {
        format: "hostapd",
        head: "",
        row: "«Nov 20 03:17:21» «kanari-ap1» hostapd: «kanari-wlan1»: STA «00:00:5e:00:53:c1» RADIUS: starting accounting session «5F3A-KANARI-1»\n\
              «Nov 20 03:17:31» «kanari-ap1» hostapd: «kanari-wlan1»: STA «00:00:5e:00:53:c1» IEEE 802.1X: STA identity '«김카나리.8361»'\n\
              «Nov 20 03:17:41» «kanari-ap1» hostapd: «kanari-wlan1»: STA «00:00:5e:00:53:c1» IEEE 802.11: deauthenticated due to «kanari-inactivity-a»\n",
        tail: "Nov 20 03:17:51 ap1 kernel: «kanari-other-1591»\n«kanari-no-line-1591»\n",
        fields: r#"
time = { as = "q", round = "1h" }
mac = { as = "who", pseudonym = { domain = "device" } }
user = { as = "user", pseudonym = { domain = "user" } }
session = { as = "session", pseudonym = { domain = "session" } }
server = { as = "server", keep = "text" }
interface = { as = "interface", keep = "text" }
reason = { as = "reason", keep = "text" }
event = { as = "event", keep = "text" }
"#,
        blanked: &["server", "interface", "reason", "event"],
        bare: &["event"],
    },
    Sample {
        format: "cisco-wlc",
        head: "",
        row: "«Nov 20 03:17:21» «kanari-wlc1» *apfReceiveTask: «Nov 20 03:17:31».207: %APF-3-AUTHENTICATION_TRAP: apf_80211.c:21442 Client Authenticated: MACAddress:«00:00:5e:00:53:c1» Base Radio MAC:«00:00:5e:00:53:f1» Slot:1 User Name:«김카나리.8361» Ip Address:«203.0.113.171» SSID:«카나리망-1»\n\
              *«Nov 20 03:17:41».207: %DOT11-6-DISASSOC: Interface Dot11Radio0, Deauthenticating Station «0000.5e00.53c1» Reason: Sending station «kanari-has-left-a»\n",
        tail: "Nov 20 03:17:51: %CAPWAP-3-ERRORLOG: AP «kanari-other-1591» failed to join\n«kanari-no-line-1591»\n",
        fields: of_device!(
            r#"
time = { as = "q", round = "1h" }
user = { as = "user", pseudonym = { domain = "user" } }
server = { as = "server", keep = "text" }
ssid = { as = "ssid", keep = "text" }
ap = { as = "ap", keep = "text" }
reason = { as = "reason", keep = "text" }
"#
        ),
        blanked: &["server", "ssid", "ap", "reason"],
        bare: &["event"],
    },
    Sample {
        format: "aruba",
        head: "",
        row: "«Nov 20 03:17:21» «kanari-md1» authmgr[3956]: <522008> <5194> <NOTI> <md1>  User Authentication Successful: username=«김카나리.8361» MAC=«00:00:5e:00:53:c1» IP=«203.0.113.171» role=«kanari-role-1» VLAN=100 AP=«kanari-ap-1» SSID=«카나리망-1» AAA profile=«kanari-profile-1» auth method=802.1x\n\
              «Nov 20 03:17:31» «kanari-md1» stm[2452]: <501080> <2452> <NOTI> <md1>  Deauth to sta: «00:00:5e:00:53:c1»: Ageout AP «203.0.113.191»-«00:00:5e:00:53:f1»-«kanari-ap-1» STA has «kanari-roamed-a»\n",
        tail: "Nov 20 03:17:51 authmgr[2]: <5> Could not find «kanari-other-1591»\n«kanari-no-line-1591»\n",
        fields: of_device!(
            r#"
time = { as = "q", round = "1h" }
user = { as = "user", pseudonym = { domain = "user" } }
server = { as = "server", keep = "text" }
ssid = { as = "ssid", keep = "text" }
ap = { as = "ap", keep = "text" }
reason = { as = "reason", keep = "text" }
"#
        ),
        blanked: &["server", "ssid", "ap", "reason"],
        bare: &["event"],
    },
];
