//! What hostapd writes to the system log in; event and station out.
//!
//! ```text
//! hostapd: wlan1: AP-STA-CONNECTED 00:00:5e:00:53:01
//! hostapd: ath0: STA 00:00:5e:00:53:01 IEEE 802.11: associated (aid 1)
//! wlan0: STA 00:00:5e:00:53:01 RADIUS: starting accounting session 5F3A-01
//! ```
//!
//! The last is hostapd's own log, in which no program is named. The event is the
//! words behind the module, without what follows them in parentheses or after
//! ` due to `, which is the reason, and up to the first number or quote.
//!
//! Source: hostapd 2.11, `hostapd_logger` and `wpa_ctrl.h`.
//!
//! Not here: what the events mean.

use super::header::Header;
use super::syslog::{NO_EVENT, OTHER_PROGRAM};
use super::text::{around, before, behind, is_mac, is_plain, word};
use super::{Field, Listed, Outcome, Rows};

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Server,
    Field::Event,
    Field::Interface,
    Field::Mac,
    Field::User,
    Field::Session,
    Field::Reason,
];

pub(super) const LISTED: Listed = Listed {
    name: "hostapd",
    about: "hostapd: stations in the system log",
    example: "Aug 15 10:32:50 ap1 hostapd: wlan0: AP-STA-CONNECTED 00:00:5e:00:53:01",
};

/// An event of hostapd.
pub(super) fn event<'a>(header: &Header<'a>, rows: &mut Rows<'_, 'a>) -> Outcome {
    let (interface, message) = match header.program {
        Some(b"hostapd") => match around(header.message, b": ") {
            Some((interface, message)) if !interface.contains(&b' ') => (interface, message),
            _ => (b"".as_slice(), header.message),
        },
        // Its own log: the interface stands where the program would.
        Some(interface) if header.when.is_none() && header.server.is_none() => {
            (interface, header.message)
        }
        _ => return Outcome::Excluded(OTHER_PROGRAM),
    };
    let (first, rest) = word(message);
    let (station, rest) = word(rest);
    if !is_mac(station) {
        return Outcome::Excluded(NO_EVENT);
    }
    if first.starts_with(b"AP-STA-") {
        rows.set(Field::Event, first);
    } else if first == b"STA" {
        let said = behind(rest, b": ").unwrap_or(rest).trim_ascii();
        rows.set(Field::Event, words_of(said));
        if let Some(reason) = behind(said, b" due to ") {
            rows.set_sentence(Field::Reason, reason);
        }
        rows.set_some(Field::User, behind(said, b"STA identity '").map(|text| before(text, b"'")));
        rows.set_some(
            Field::Session,
            behind(said, b" accounting session ").map(|text| word(text).0),
        );
    } else {
        return Outcome::Excluded(NO_EVENT);
    }
    rows.set(Field::Interface, interface);
    rows.set(Field::Mac, station);
    Outcome::Row
}

/// The words of an event, up to what differs from one to the next.
fn words_of(said: &[u8]) -> &[u8] {
    let said = before(before(before(said, b" ("), b" due to "), b" - ");
    let mut end = 0;
    while end < said.len() {
        let rest = &said[end..];
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let (next, _) = word(rest);
        if next.is_empty() || !is_plain(next) {
            break;
        }
        end += blanks + next.len();
    }
    &said[..end]
}
