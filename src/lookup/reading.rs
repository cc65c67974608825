//! Columns of a source of sessions in; who had which address out.
//!
//! A record tells of a session if it has an address or a device, a time, and an
//! event that begins or ends one. All others tell nothing, and are counted.
//!
//! Not here: when which session counts (`timeline`).

use jiff::tz::TimeZone;

use super::known::{Collected, Known, Told};
use super::{TooMany, settings};
use crate::notation::address::address;
use crate::notation::mac::mac;
use crate::notation::time::{self, Written};
use crate::parse::{Columns, Values};

/// Where a time stands, and how it is written.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Index of the field among those that the parser gives.
    pub field: usize,
    /// What a time without an offset means.
    pub written: Written,
    /// The zone of such times.
    pub zone: Option<TimeZone>,
}

/// Where everything stands. Numbers are indices among the fields that the parser
/// gives.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "documented on `settings::Sessions`")]
pub struct Fields {
    pub address: Option<usize>,
    pub device: Option<usize>,
    pub user: Option<usize>,
    pub time: Option<Moment>,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub length: Option<usize>,
    pub session: Option<usize>,
    pub server: Option<usize>,
    pub delay: Option<usize>,
    pub event: Option<usize>,
    /// Events that begin a session; `None`: all that do not end one.
    pub begins: Option<Vec<String>>,
    pub ends: Vec<String>,
    pub longest: Option<settings::Duration>,
}

/// Reads sessions, chunk by chunk.
pub struct Reading<'f> {
    fields: &'f Fields,
    collected: Collected,
    silent: u64,
}

impl<'f> Reading<'f> {
    /// Begins.
    #[must_use]
    pub fn new(fields: &'f Fields) -> Reading<'f> {
        Reading { fields, collected: Collected::new(), silent: 0 }
    }

    /// Adds the records of a chunk.
    ///
    /// # Errors
    ///
    /// [`TooMany`]: more than [`super::SESSIONS`] sessions, or more names than
    /// memory is given for.
    pub fn add(&mut self, columns: &Columns) -> Result<(), TooMany> {
        let mut values: Vec<_> = columns.fields.iter().map(Values::iter).collect();
        let mut row = vec![None; values.len()];
        for _ in 0..columns.rows {
            for (value, column) in row.iter_mut().zip(&mut values) {
                *value = column.next().flatten();
            }
            let tells = match self.fields.told(&row) {
                Some(told) => self.collected.add(&told)?,
                None => false,
            };
            self.silent += u64::from(!tells);
        }
        Ok(())
    }

    /// Ends: what is known, and how many records told of nobody.
    #[must_use]
    pub fn finish(self) -> (Known, u64) {
        (self.collected.finish(), self.silent)
    }
}

impl Fields {
    /// What a row tells, if it tells anything.
    fn told<'a>(&self, row: &[Option<&'a [u8]>]) -> Option<Told<'a>> {
        let value = |field: Option<usize>| row.get(field?).copied().flatten();
        let moment = |moment: &Option<Moment>| {
            let moment = moment.as_ref()?;
            let raw = value(Some(moment.field))?;
            let local = time::read(raw, moment.written, moment.zone.as_ref())?;
            Some(local.seconds - local.offset)
        };
        let event = value(self.event);
        let is_among = |events: &[String]| {
            event.is_some_and(|event| events.iter().any(|one| one.as_bytes() == event))
        };
        let is_over = is_among(&self.ends);
        if !is_over && self.begins.as_ref().is_some_and(|begins| !is_among(begins)) {
            return None;
        }
        let address = value(self.address).and_then(address);
        let (device, user) = whose(value(self.device).and_then(mac), value(self.user));
        let delay = value(self.delay).and_then(whole).unwrap_or(0);
        let made = moment(&self.time).map(|made| made.saturating_sub(delay));
        let start = moment(&self.start);
        // A server that says when a session began knew of it then.
        let at = start.or(made)?;
        let made = made.unwrap_or(at);
        let length = value(self.length).and_then(whole).unwrap_or(0);
        let start = start.unwrap_or_else(|| at.saturating_sub(length));
        let end = match moment(&self.end) {
            Some(end) if end < start => return None,
            Some(end) => Some(end),
            None => is_over.then_some(made),
        };
        let is_end_given = end.is_some();
        let end = match end {
            Some(end) => end,
            None => made.saturating_add(self.longest?.seconds()),
        };
        let number = value(self.session).map(|number| (value(self.server).unwrap_or(b""), number));
        let at = at.min(made);
        Some(Told { address, device, user, number, at, start, end, is_end_given, is_over })
    }
}

/// The device and the account of a record. An account that is a device's address is
/// the device: an access point let it in by that. The outer identity of a tunnel
/// (RFC 7542, section 2.4) is nobody's.
fn whose(device: Option<[u8; 6]>, user: Option<&[u8]>) -> (Option<[u8; 6]>, Option<&[u8]>) {
    let Some(name) = user else { return (device, None) };
    let by_name = mac(name);
    // Twelve digits alone are as well the number of a card.
    let is_card = name.iter().all(u8::is_ascii_digit);
    if by_name.is_some() && (!is_card || by_name == device) {
        return (device.or(by_name), None);
    }
    let own = name.split(|byte| *byte == b'@').next().unwrap_or_default();
    let is_nobody = own.is_empty() || own.to_ascii_lowercase().starts_with(b"anonymous");
    (device, user.filter(|_| !is_nobody))
}

fn whole(raw: &[u8]) -> Option<i64> {
    str::from_utf8(raw).ok()?.parse().ok().filter(|seconds| *seconds >= 0)
}
