//! A body that is to be entered in; where its items gainsay each other, or say what cannot be, out.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{Misfit, Wrong};
use crate::ledger::items::{self, Form};
use crate::ledger::record::Kind;

/// Days that may be to come: those of what is planned.
const PLANNED: [&str; 3] = ["due", "period_start", "period_end"];

/// Days and instants of which the first is not after the second. When an incident was stopped is
/// in none: it may have ended by itself before anybody knew.
const ORDERS: [(Kind, &str, &str); 7] = [
    (Kind::RightsGranted, "requested_on", "granted_on"),
    (Kind::RightsChanged, "requested_on", "changed_on"),
    (Kind::Provision, "period_start", "period_end"),
    (Kind::Incident, "known_at", "reported_at"),
    (Kind::RetentionRequested, "created_on", "requested_on"),
    (Kind::DataDestroyed, "created_on", "destroyed_at"),
    (Kind::RetentionDone, "destroyed_at", "confirmed_on"),
];

/// Looks for what a body says that cannot be, on this day of the institution.
#[must_use]
pub fn alone(kind: Kind, body: &Map<String, Value>, today: Date, zone: &TimeZone) -> Vec<Misfit> {
    let mut found = Vec::new();
    for (_, first, second) in ORDERS.into_iter().filter(|(of, ..)| *of == kind) {
        if is_turned(body, first, second, zone) {
            found.push(Misfit { path: second, what: Wrong::Order { first } });
        }
    }
    let addresses = body.get("holder_ip").and_then(Value::as_str).unwrap_or_default();
    if !addresses.trim().is_empty() && !addresses.split(',').all(is_address) {
        found.push(Misfit { path: "holder_ip", what: Wrong::Address });
    }
    for item in items::of(kind).items.iter().filter(|item| !PLANNED.contains(&item.key)) {
        let is_dated = matches!(item.form, Form::Day | Form::Instant);
        let at = body.get(item.key).filter(|_| is_dated);
        if day(at, zone).is_some_and(|day| day > today) {
            found.push(Misfit { path: item.key, what: Wrong::Future { today } });
        }
    }
    found
}

/// The institution's day of a day or an instant.
pub(super) fn day(value: Option<&Value>, zone: &TimeZone) -> Option<Date> {
    let text = value?.as_str()?;
    instant(text).map(|at| at.to_zoned(zone.clone()).date()).or_else(|| text.parse().ok())
}

/// An instant; `None` of a day.
fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// True if the second is before the first: by the clock if both are instants, by the day if not.
fn is_turned(body: &Map<String, Value>, first: &str, second: &str, zone: &TimeZone) -> bool {
    let [first, second] = [first, second].map(|key| body.get(key));
    let at = |value: Option<&Value>| value.and_then(Value::as_str).and_then(instant);
    match (at(first), at(second)) {
        (Some(first), Some(second)) => second < first,
        _ => day(first, zone).zip(day(second, zone)).is_some_and(|(first, second)| second < first),
    }
}

/// True for an address, or a range of them as an address and the length of what they share.
fn is_address(text: &str) -> bool {
    let (address, length) = match text.trim().split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text.trim(), None),
    };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| {
        length.bytes().all(|byte| byte.is_ascii_digit())
            && length.parse::<u8>().is_ok_and(|length| length <= most)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_addresses_or_ranges() {
        for good in ["192.0.2.7", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32", " 192.0.2.7 "] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "not an ip", "192.0.2", "192.0.2.7/33", "192.0.2.7/", "192.0.2.7/+8", "a/8"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
