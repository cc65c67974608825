//! A format in; which of its fields tell who had an address, and from when to
//! when, out.
//!
//! Source: those of the formats; Microsoft, "Analyze DHCP Server log files" (event
//! numbers); Kea 2.6, `lease.h` (states).
//!
//! Not here: what becomes of it (`lookup`).

use super::{Device, Field};

/// Fields that tell of sessions, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "documented on `lookup::settings::Sessions`")]
pub struct Sessions {
    pub address: Option<&'static str>,
    pub device: Option<&'static str>,
    pub user: Option<&'static str>,
    pub time: Option<&'static str>,
    pub start: Option<&'static str>,
    pub end: Option<&'static str>,
    pub length: Option<&'static str>,
    pub session: Option<&'static str>,
    pub server: Option<&'static str>,
    pub delay: Option<&'static str>,
    pub event: Option<&'static str>,
    /// Empty: all events that do not end one.
    pub begins: &'static [&'static str],
    pub ends: &'static [&'static str],
}

impl Device {
    /// How the records of this format tell of sessions.
    pub(in crate::parse) fn sessions(self) -> Sessions {
        let name = |field: Field| Some(field.name());
        let client = Sessions {
            address: name(Field::Ip),
            device: name(Field::Mac),
            time: name(Field::Time),
            event: name(Field::Event),
            ..Sessions::default()
        };
        let lease = Sessions { start: name(Field::Start), end: name(Field::End), ..client };
        let account = Sessions { user: name(Field::User), ..client };
        match self {
            // A lease that is over was one; an address that was abandoned was
            // somebody else's.
            Device::Dhcpd => {
                Sessions { begins: &["active", "expired", "released", "free", "backup"], ..lease }
            }
            // 0 in use, 2 expired, 3 released; not 1, declined.
            Device::Kea => Sessions { begins: &["0", "2", "3"], ..lease },
            Device::Dnsmasq => {
                Sessions { begins: &["DHCPACK", "DHCPREPLY"], ends: &["DHCPRELEASE"], ..client }
            }
            Device::DhcpdSyslog => Sessions {
                begins: &["DHCPACK", "Reply NA", "Reply TA"],
                ends: &["DHCPRELEASE"],
                ..client
            },
            // Assigned, renewed; released, deleted, expired.
            Device::WindowsDhcp => {
                Sessions { begins: &["10", "11"], ends: &["12", "16", "17", "18"], ..client }
            }
            Device::Radius => Sessions {
                length: Some("Acct-Session-Time"),
                session: name(Field::Session),
                server: name(Field::Server),
                delay: Some("Acct-Delay-Time"),
                begins: &["Start", "Interim-Update", "Alive"],
                ends: &["Stop"],
                ..account
            },
            // It names who wants to come in, and not who was let in.
            Device::Hostapd => Sessions::default(),
            Device::CiscoWlc => Sessions {
                begins: &[
                    "CLIENT_ADDED_TO_RUN_STATE",
                    "CLIENT_MOVED_TO_RUN_STATE",
                    "AUTHENTICATION_TRAP",
                ],
                ..account
            },
            Device::Aruba => Sessions {
                begins: &["User Authentication Successful", "User entry added"],
                ends: &["User entry deleted", "User de-authenticated"],
                ..account
            },
        }
    }
}
