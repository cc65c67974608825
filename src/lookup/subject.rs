//! Lines with an address and a time in; the same with whoever was behind it out.

use std::io::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::known::{Device, Known};
use super::reading::Moment;
use crate::notation::address::address;
use crate::notation::mac::is_randomised;
use crate::notation::time;
use crate::parse::Columns;

/// Looks subjects up. Shared by the threads that do so.
pub struct Lookup {
    /// Index of the field with the address.
    address: usize,
    time: Moment,
    known: Vec<Arc<Known>>,
    keeps_randomised: bool,
    users: AtomicU64,
    devices: AtomicU64,
    addresses: AtomicU64,
}

/// What the lines were found to be about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines of an account.
    pub users: u64,
    /// Lines of a device.
    pub devices: u64,
    /// Lines that keep their address.
    pub addresses: u64,
}

/// Whom a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject<'k> {
    User(&'k [u8]),
    Device(Device),
    Address(IpAddr),
}

impl Lookup {
    /// Prepares to look up in what is `known`, first to last. `address` and `time`
    /// are among the fields that the parser gives.
    #[must_use]
    pub fn new(
        address: usize,
        time: Moment,
        known: Vec<Arc<Known>>,
        keeps_randomised: bool,
    ) -> Lookup {
        let [users, devices, addresses] = [(); 3].map(|()| AtomicU64::new(0));
        Lookup { address, time, known, keeps_randomised, users, devices, addresses }
    }

    /// Adds the subject of each row as another field, behind the others. Null
    /// where a row has no address.
    #[must_use]
    pub fn add(&self, mut columns: Columns) -> Columns {
        let mut counts = Counts::default();
        let (addresses, times) = (&columns.fields[self.address], &columns.fields[self.time.field]);
        // Lines of one second follow each other.
        let mut last: (&[u8], Option<i64>) = (b"", None);
        let mut subjects = addresses.beside();
        for (raw, time) in addresses.iter().zip(times.iter()) {
            let Some(address) = raw.and_then(address) else {
                subjects.push_null();
                continue;
            };
            let time = time.unwrap_or_default();
            if last.0 != time {
                last = (time, self.moment(time));
            }
            let subject = self.subject(address, last.1);
            subjects.push_written(|into| subject.write(into));
            match subject {
                Subject::User(_) => counts.users += 1,
                Subject::Device(_) => counts.devices += 1,
                Subject::Address(_) => counts.addresses += 1,
            }
        }
        columns.fields.push(subjects);
        self.users.fetch_add(counts.users, Ordering::Relaxed);
        self.devices.fetch_add(counts.devices, Ordering::Relaxed);
        self.addresses.fetch_add(counts.addresses, Ordering::Relaxed);
        columns
    }

    /// What was found so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            users: self.users.load(Ordering::Relaxed),
            devices: self.devices.load(Ordering::Relaxed),
            addresses: self.addresses.load(Ordering::Relaxed),
        }
    }

    fn moment(&self, raw: &[u8]) -> Option<i64> {
        let local = time::read(raw, self.time.written, self.time.zone.as_ref())?;
        Some(local.seconds - local.offset)
    }

    fn subject(&self, address: IpAddr, moment: Option<i64>) -> Subject<'_> {
        let unknown = Subject::Address(address);
        let Some(moment) = moment else { return unknown };
        let found =
            self.known.iter().find_map(|known| Some((known, known.of_address(address, moment)?)));
        let Some((known, who)) = found else { return unknown };
        if let Some(user) = who.user {
            return Subject::User(known.user(user));
        }
        let Some(device) = who.device else { return unknown };
        match self.known.iter().find_map(|known| known.of_device(device, moment)) {
            Some(user) => Subject::User(user),
            None if is_randomised(device) && !self.keeps_randomised => unknown,
            None => Subject::Device(device),
        }
    }
}

impl Subject<'_> {
    /// Its kind, a colon, and what it is.
    fn write(self, into: &mut Vec<u8>) {
        match self {
            Subject::User(name) => {
                into.extend_from_slice(b"user");
                into.push(b':');
                into.extend_from_slice(name);
            }
            Subject::Device(mac) => {
                into.extend_from_slice(b"device");
                for byte in mac {
                    let digit = |half: u8| b"0123456789abcdef"[usize::from(half & 0xf)];
                    into.extend_from_slice(&[b':', digit(byte >> 4), digit(byte)]);
                }
            }
            Subject::Address(address) => {
                // Writing to memory does not fail.
                let _ = write!(into, "address:{address}");
            }
        }
    }
}
