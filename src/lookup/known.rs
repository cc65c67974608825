//! What the records of one source tell, in; the account or device of an address
//! at a moment out.

use std::net::IpAddr;

use ahash::RandomState;
use hashbrown::HashMap;

use super::TooMany;
use super::timeline::{Found, SESSIONS, Session, Timeline};

/// An address as key. IPv4 is mapped into IPv6.
pub(super) type Address = [u8; 16];
/// A MAC address as key.
pub(super) type Device = [u8; 6];
/// Number of an account.
type User = u32;

/// Bytes of account names that are kept.
const USER_BYTES: usize = 256 << 20;

/// Who has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) device: Option<Device>,
    pub(super) user: Option<User>,
}

/// What one record tells.
pub(super) struct Told<'a> {
    pub(super) address: Option<IpAddr>,
    pub(super) device: Option<Device>,
    pub(super) user: Option<&'a [u8]>,
    pub(super) number: Option<&'a [u8]>,
    /// When the record was made.
    pub(super) at: i64,
    pub(super) start: i64,
    pub(super) end: i64,
    /// True if nobody has it any longer.
    pub(super) is_over: bool,
}

/// Sessions of one source while they are read.
pub(super) struct Collected {
    addresses: Timeline<Address, Who>,
    devices: Timeline<Device, User>,
    users: Users,
}

/// Account names, each once.
struct Users {
    numbers: HashMap<Box<[u8]>, User, RandomState>,
    bytes: usize,
}

/// Who had which address and device, by the records of one source.
///
/// Holds raw values, so there is no `Debug`.
pub struct Known {
    addresses: Found<Address, Who>,
    devices: Found<Device, User>,
    users: Vec<Box<[u8]>>,
}

impl Collected {
    pub(super) fn new() -> Collected {
        let users = Users { numbers: HashMap::with_hasher(RandomState::new()), bytes: 0 };
        Collected {
            addresses: Timeline::at_most(SESSIONS),
            devices: Timeline::at_most(SESSIONS),
            users,
        }
    }

    /// Adds what a record tells, and says whether it told of anybody.
    pub(super) fn add(&mut self, told: &Told<'_>) -> Result<bool, TooMany> {
        let user = told.user.map(|name| self.users.number(name)).transpose()?;
        let session = |start| Session { seen: told.at, start, end: told.end, who: None::<Who> };
        let mut tells = false;
        if let Some(address) = told.address {
            let who = Who { device: told.device, user };
            let is_somebody = who.device.is_some() || who.user.is_some();
            let who = Some(who).filter(|_| is_somebody && (!told.is_over || told.start < told.end));
            // A session that is over when it is first told of, and is not told to
            // have lasted, says that nobody has the address now.
            if who.is_some() || told.is_over {
                let session = Session { who, ..session(told.start) };
                self.addresses.add(key(address), session, told.number, told.at)?;
                tells |= who.is_some();
            }
        }
        if let (Some(device), Some(user)) = (told.device, user) {
            let who = Some(user).filter(|_| !told.is_over || told.start < told.end);
            let Session { seen, start, end, .. } = session(told.start);
            let session = Session { seen, start, end, who };
            self.devices.add(device, session, told.number, told.at)?;
            tells |= who.is_some();
        }
        Ok(tells)
    }

    pub(super) fn finish(self) -> Known {
        let mut users = vec![Box::default(); self.users.numbers.len()];
        for (name, number) in self.users.numbers {
            if let Some(place) = users.get_mut(number as usize) {
                *place = name;
            }
        }
        Known { addresses: self.addresses.finish(), devices: self.devices.finish(), users }
    }
}

impl Users {
    fn number(&mut self, name: &[u8]) -> Result<User, TooMany> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        self.bytes += name.len();
        let limit = SESSIONS;
        let number = self.numbers.len();
        if number >= limit || self.bytes > USER_BYTES {
            return Err(TooMany { limit, bytes: USER_BYTES });
        }
        let number = User::try_from(number).map_err(|_| TooMany { limit, bytes: USER_BYTES })?;
        self.numbers.insert(name.into(), number);
        Ok(number)
    }
}

impl Known {
    /// How many sessions there are of addresses and of devices.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.addresses.count() + self.devices.count()
    }

    pub(super) fn of_address(&self, address: IpAddr, moment: i64) -> Option<Who> {
        self.addresses.at(key(address), moment)
    }

    /// The account that used a device.
    pub(super) fn of_device(&self, device: Device, moment: i64) -> Option<&[u8]> {
        self.devices.at(device, moment).map(|user| self.user(user))
    }

    pub(super) fn user(&self, user: User) -> &[u8] {
        self.users.get(user as usize).map(AsRef::as_ref).unwrap_or_default()
    }
}

fn key(address: IpAddr) -> Address {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}
