//! One chunk of what networks note of devices in; columns by common names out.
//!
//! | field | what it is | `dhcpd` | `kea` | `dnsmasq` | `dhcpd-syslog` | `windows-dhcp` | `radius` | `hostapd` | `cisco-wlc` | `aruba` |
//! |---|---|---|---|---|---|---|---|---|---|---|
//! | `time` | when it was noted | `cltt` | `start` | • | • | • | `Timestamp` … | • | • | • |
//! | `start`, `end` | from when to when a lease holds | • | • | | | | | | | |
//! | `lifetime` | of a lease, in seconds | v6 | • | | | | | | | |
//! | `event` | what happened, in the words of the source | binding state | `state` | • | • | `ID` | `Acct-Status-Type` | • | • | • |
//! | `mac` | the device: its MAC address, or what holds it | • | • | • | • | • | `Calling-Station-Id` | • | • | • |
//! | `ip` | its address | • | • | • | • | • | `Framed-IP-Address` … | | • | • |
//! | `user` | its account | | | | | • | `User-Name` | • | • | • |
//! | `hostname` | its name for itself | v4 | • | • | • | • | | | | |
//! | `duid` | its DUID | v6 | v6 | v6 | v6 | v6 | | | | |
//! | `client_identifier` | its client identifier | v4 | v4 | | | | | | | |
//! | `iaid` | its number for an interface | v6 | v6 | | | | | | | |
//! | `prefix_len` | length of a prefix that was delegated | v6 | v6 | | | | | | | |
//! | `subnet` | number of the subnet | | • | | | | | | | |
//! | `session` | the session | | | | | | `Acct-Session-Id` | • | | |
//! | `ssid` | the network | | | | | | of `Called-Station-Id` | | • | • |
//! | `ap` | the access point: its name, or its MAC address | | | | | | of `Called-Station-Id` | | • | • |
//! | `server` | who noted it | | | • | • | | `NAS-Identifier` … | • | • | • |
//! | `interface` | the server's interface | | | • | • | | | • | | |
//! | `reason` | why | | | • | • | | `Acct-Terminate-Cause` | • | • | • |
//! | `description` | the event in words | | | | | • | | | | |
//!
//! Where a v6 lease has no `hardware`, `mac` is its DUID, from which `protect`
//! takes the address; one that holds none tells devices apart as `duid` with
//! `kind = "text"`. DUIDs and client identifiers are written as bytes in
//! hexadecimal with colons, whoever wrote them. `radius` has every attribute by
//! its name too. A field that a record does not have is null; so are `-`, empty
//! values and a server's word for none.
//!
//! `event` and `reason` are for statistics: what a server quotes in them, such as
//! an account or an address, is left out.
//!
//! What is in the format and tells of no device is no row and no reject but
//! excluded, with its reason: a line of another program (`other-program`), one
//! that tells of something else (`no-event`), a statement of a lease file
//! (`no-lease`), an event without a client (`no-client`), text before a header
//! line (`preamble`).
//!
//! Not here: what a MAC address is (`protect`).

mod aruba;
mod cisco;
mod dhcp;
mod dhcpd;
mod header;
mod hostapd;
mod kea;
mod radius;
mod rows;
pub(super) mod sessions;
mod syslog;
mod text;
mod tokens;
mod when;
mod windows;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::source::{Chunk, Cut, LINE_BYTES};

use super::format::{Clock, Listed};
use super::lines::content;
use super::{Columns, Cutter, Error, Reason, Reject, Values};
use rows::Rows;

/// Formats of this family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    Dhcpd,
    Kea,
    Dnsmasq,
    DhcpdSyslog,
    WindowsDhcp,
    Radius,
    Hostapd,
    CiscoWlc,
    Aruba,
}

/// Common fields. Their numbers are places in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Time,
    Start,
    End,
    Lifetime,
    Event,
    Mac,
    Ip,
    User,
    Hostname,
    Duid,
    ClientId,
    Iaid,
    PrefixLen,
    Subnet,
    Session,
    Ssid,
    Ap,
    Server,
    Interface,
    Reason,
    Description,
}

/// As many as there are fields.
const FIELDS: usize = Field::Description as usize + 1;

impl Field {
    fn name(self) -> &'static str {
        match self {
            Field::Time => "time",
            Field::Start => "start",
            Field::End => "end",
            Field::Lifetime => "lifetime",
            Field::Event => "event",
            Field::Mac => "mac",
            Field::Ip => "ip",
            Field::User => "user",
            Field::Hostname => "hostname",
            Field::Duid => "duid",
            Field::ClientId => "client_identifier",
            Field::Iaid => "iaid",
            Field::PrefixLen => "prefix_len",
            Field::Subnet => "subnet",
            Field::Session => "session",
            Field::Ssid => "ssid",
            Field::Ap => "ap",
            Field::Server => "server",
            Field::Interface => "interface",
            Field::Reason => "reason",
            Field::Description => "description",
        }
    }
}

impl Device {
    /// All of them, for lists.
    pub(super) const LISTED: [(Device, Listed); 9] = [
        (Device::Dhcpd, dhcpd::LISTED),
        (Device::Kea, kea::LISTED),
        (Device::Dnsmasq, dhcp::DNSMASQ),
        (Device::DhcpdSyslog, dhcp::DHCPD),
        (Device::WindowsDhcp, windows::LISTED),
        (Device::Radius, radius::LISTED),
        (Device::Hostapd, hostapd::LISTED),
        (Device::CiscoWlc, cisco::LISTED),
        (Device::Aruba, aruba::LISTED),
    ];

    /// The format of a name.
    pub(super) fn named(name: &str) -> Option<Device> {
        Device::LISTED.iter().find(|(_, listed)| listed.name == name).map(|(device, _)| *device)
    }

    /// The names of the common fields that it has.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        self.common().iter().map(|field| field.name())
    }

    /// Names that may be wanted of any record: of many attributes of RADIUS also those
    /// that say who somebody is and are no common field.
    pub(super) fn asked(self) -> impl Iterator<Item = &'static str> {
        let more = if self == Device::Radius { radius::PERSONAL } else { &[] };
        self.names().chain(more.iter().copied())
    }

    fn common(self) -> &'static [Field] {
        match self {
            Device::Dhcpd => dhcpd::FIELDS,
            Device::Kea => kea::FIELDS,
            Device::Dnsmasq | Device::DhcpdSyslog => dhcp::FIELDS,
            Device::WindowsDhcp => windows::FIELDS,
            Device::Radius => radius::FIELDS,
            Device::Hostapd => hostapd::FIELDS,
            Device::CiscoWlc => cisco::FIELDS,
            Device::Aruba => aruba::FIELDS,
        }
    }

    /// The names of its fields; `None` if the input names others besides.
    pub(super) fn fields(self) -> Option<Vec<&'static str>> {
        (self != Device::Radius).then(|| self.names().collect())
    }

    /// What a time without an offset means, in this field.
    pub(super) fn clock(self, field: &str) -> Clock {
        let is_local = match self {
            Device::Dhcpd | Device::Kea => false,
            Device::Radius => radius::is_local(field),
            Device::Dnsmasq
            | Device::DhcpdSyslog
            | Device::WindowsDhcp
            | Device::Hostapd
            | Device::CiscoWlc
            | Device::Aruba => field == Field::Time.name(),
        };
        if is_local { Clock::Local } else { Clock::Offset }
    }

    pub(super) fn cut(self) -> Cut {
        match self {
            Device::Dhcpd => Cut::Leases,
            Device::Kea => Cut::Headed(kea::HEADER),
            Device::WindowsDhcp => Cut::Headed(windows::HEADER),
            Device::Radius => Cut::Indented,
            Device::Dnsmasq
            | Device::DhcpdSyslog
            | Device::Hostapd
            | Device::CiscoWlc
            | Device::Aruba => Cut::Lines,
        }
    }

    /// What cuts the wanted fields out of chunks, or which is not among them.
    pub(super) fn cutter(
        self,
        wanted: &[&str],
        date: Option<Date>,
    ) -> Result<Box<dyn Cutter>, usize> {
        let mut others = Vec::new();
        let mut places = Vec::with_capacity(wanted.len());
        for (at, name) in wanted.iter().enumerate() {
            places.push(match self.common().iter().find(|field| field.name() == *name) {
                Some(field) => *field as usize,
                None if self == Device::Radius => {
                    others.push((*name).to_owned());
                    FIELDS + others.len() - 1
                }
                None => return Err(at),
            });
        }
        let cut = self.cut();
        Ok(match self {
            Device::Dhcpd => boxed(dhcpd::Leases, cut, places),
            Device::Kea => boxed(kea::Kea, cut, places),
            Device::Dnsmasq => boxed(syslog::Syslog::new(dhcp::dnsmasq, date), cut, places),
            Device::DhcpdSyslog => boxed(syslog::Syslog::new(dhcp::dhcpd, date), cut, places),
            Device::WindowsDhcp => boxed(windows::Audit, cut, places),
            Device::Radius => boxed(radius::Detail::new(others, date), cut, places),
            Device::Hostapd => boxed(syslog::Syslog::new(hostapd::event, date), cut, places),
            Device::CiscoWlc => boxed(cisco::Cisco::new(date), cut, places),
            Device::Aruba => boxed(syslog::Syslog::new(aruba::event, date), cut, places),
        })
    }
}

fn boxed<F: Family + 'static>(family: F, cut: Cut, wanted: Vec<usize>) -> Box<dyn Cutter> {
    Box::new(Records { family, cut, wanted })
}

/// How the records of one format are read.
trait Family: Send + Sync {
    /// What holds from record to record.
    type State;

    /// What holds at the start of a chunk with this [`Chunk::head`].
    fn begin(&self, head: &[u8]) -> Self::State;

    /// How many values a row has.
    fn width(&self) -> usize {
        FIELDS
    }

    /// Reads a record without its line ending.
    fn record<'a>(
        &self,
        state: &mut Self::State,
        record: &'a [u8],
        rows: &mut Rows<'_, 'a>,
    ) -> Outcome;
}

/// What a record is.
enum Outcome {
    /// The row that was set.
    Row,
    /// Rows that were added already, one or more, each counted as a record.
    Rows(u64),
    /// Empty, a comment or a header.
    Blank,
    /// Nothing of what the format is about, and why.
    Excluded(&'static str),
    /// Not in the format.
    Reject(Reason),
}

/// Cuts the wanted fields out of the records of one format.
struct Records<F> {
    family: F,
    cut: Cut,
    /// Places in a row.
    wanted: Vec<usize>,
}

impl<F: Family> Cutter for Records<F> {
    fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        let bytes = chunk.bytes.as_slice();
        let mut found = Columns::empty();
        let mut state = self.family.begin(&chunk.head);
        let columns = self.wanted.iter().map(|_| Values::new(0, &chunk.bytes)).collect();
        let mut rows = Rows::new(bytes, &self.wanted, columns, self.family.width());
        let mut start = 0;
        while start < bytes.len() {
            let rest = &bytes[start..];
            let whole = &rest[..self.cut.first(rest).unwrap_or(rest.len())];
            let record = content(whole.strip_suffix(b"\n").unwrap_or(whole));
            let line = found.lines;
            found.lines += 1;
            rows.clear();
            let outcome = if record.len() > LINE_BYTES {
                Outcome::Reject(Reason::TooLong)
            } else {
                self.family.record(&mut state, record, &mut rows)
            };
            match outcome {
                Outcome::Row => {
                    rows.add();
                    found.rows += 1;
                }
                Outcome::Rows(added) => {
                    found.lines += added.saturating_sub(1);
                    found.rows += usize::try_from(added).unwrap_or_default();
                }
                Outcome::Blank => found.blank += 1,
                Outcome::Excluded(reason) => *found.excluded.entry(reason).or_default() += 1,
                Outcome::Reject(reason) => {
                    let span = start..start + record.len().min(LINE_BYTES);
                    found.rejects.push(Reject { line, span, reason });
                }
            }
            start += whole.len();
        }
        found.fields = rows.into_columns();
        Ok(found)
    }
}
