//! What the records of one source tell, in; the account or device of an address
//! at a moment out.
//!
//! Records of one session number (of one server) tell of one session while they do
//! not contradict: it began when the first says and ends when the last says, with
//! all addresses that it had. Servers count from the beginning again, so a record of
//! another account, or of a time after the end, tells of another session.

use std::net::IpAddr;

use ahash::RandomState;
use hashbrown::HashMap;

use super::TooMany;
use super::timeline::{Found, Session};

/// An address as key. IPv4 is mapped into IPv6.
type Address = [u8; 16];
/// A MAC address as key.
pub(super) type Device = [u8; 6];
/// Number of an account.
type User = u32;

/// Sessions of one source that are kept, of addresses and of devices each: some 80
/// bytes each while they are read.
pub const SESSIONS: usize = 1 << 22;

/// Bytes of account names and of session numbers that are kept.
const NAME_BYTES: usize = 256 << 20;

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
    /// The session's number, and what counts it.
    pub(super) number: Option<(&'a [u8], &'a [u8])>,
    /// When the record was made.
    pub(super) at: i64,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) is_end_given: bool,
    /// True if nobody has it any longer.
    pub(super) is_over: bool,
}

/// Sessions of one source while they are read.
pub(super) struct Collected {
    addresses: Vec<(Address, Session<Who>)>,
    devices: Vec<(Device, Session<User>)>,
    /// Where the sessions of a number are.
    numbered: HashMap<Box<[u8]>, Numbered, RandomState>,
    users: HashMap<Box<[u8]>, User, RandomState>,
    name_bytes: usize,
}

/// Places of the sessions of one number.
#[derive(Default)]
struct Numbered {
    addresses: Vec<usize>,
    devices: Vec<usize>,
}

/// Who had which address and device, by the records of one source.
///
/// Holds raw values, so there is no `Debug`.
pub struct Known {
    addresses: Found<Address, Who>,
    devices: Found<Device, User>,
    users: Vec<Box<[u8]>>,
}

/// What may be known by halves.
trait Partly: Copy {
    /// Both together; `None` if they contradict.
    fn with(self, other: Self) -> Option<Self>;
}

impl Partly for User {
    fn with(self, other: User) -> Option<User> {
        (self == other).then_some(self)
    }
}

impl Partly for Who {
    fn with(self, other: Who) -> Option<Who> {
        let device = match (self.device, other.device) {
            (Some(one), Some(another)) if one != another => return None,
            (one, another) => one.or(another),
        };
        let user = match (self.user, other.user) {
            (Some(one), Some(another)) if one != another => return None,
            (one, another) => one.or(another),
        };
        Some(Who { device, user })
    }
}

impl Collected {
    pub(super) fn new() -> Collected {
        Collected {
            addresses: Vec::new(),
            devices: Vec::new(),
            numbered: HashMap::with_hasher(RandomState::new()),
            users: HashMap::with_hasher(RandomState::new()),
            name_bytes: 0,
        }
    }

    /// Adds what a record tells, and says whether it told of anybody.
    pub(super) fn add(&mut self, told: &Told<'_>) -> Result<bool, TooMany> {
        let user = told.user.map(|name| self.user(name)).transpose()?;
        let who = Who { device: told.device, user };
        let is_somebody = who.device.is_some() || who.user.is_some();
        let mut alone = Numbered::default();
        let of_number = match told.number {
            Some((server, number)) => {
                let number = [server, b"\0", number].concat().into_boxed_slice();
                if !self.numbered.contains_key(&number) {
                    self.name_bytes += number.len();
                }
                self.numbered.entry(number).or_default()
            }
            None => &mut alone,
        };
        if told.is_over {
            end(&mut self.addresses, &of_number.addresses, told.at, |_| true);
            end(&mut self.devices, &of_number.devices, told.at, |_| true);
        }
        let lasts = !told.is_over || told.start < told.end;
        let mut tells = false;
        if let Some(address) = told.address {
            let key = key(address);
            // A session has one address of a kind at a time.
            let is_other = |other: &Address| *other != key && is_v4(other) == is_v4(&key);
            end(&mut self.addresses, &of_number.addresses, told.at, is_other);
            let who = Some(who).filter(|_| is_somebody && lasts);
            if who.is_some() || told.is_over {
                add(&mut self.addresses, &mut of_number.addresses, key, told.session(who));
                tells |= who.is_some();
            }
        }
        if let Some(device) = told.device {
            let user = user.filter(|_| lasts);
            if user.is_some() || told.is_over {
                add(&mut self.devices, &mut of_number.devices, device, told.session(user));
                tells |= user.is_some();
            }
        }
        let is_full = self.addresses.len().max(self.devices.len()) > SESSIONS;
        if is_full || self.name_bytes > NAME_BYTES { Err(too_many()) } else { Ok(tells) }
    }

    /// The number of an account.
    fn user(&mut self, name: &[u8]) -> Result<User, TooMany> {
        if let Some(user) = self.users.get(name) {
            return Ok(*user);
        }
        self.name_bytes += name.len();
        let user = User::try_from(self.users.len()).map_err(|_| too_many())?;
        self.users.insert(name.into(), user);
        Ok(user)
    }

    pub(super) fn finish(self) -> Known {
        let mut users = vec![Box::default(); self.users.len()];
        for (name, number) in self.users {
            if let Some(place) = users.get_mut(number as usize) {
                *place = name;
            }
        }
        Known { addresses: Found::new(self.addresses), devices: Found::new(self.devices), users }
    }
}

impl Told<'_> {
    fn session<W>(&self, who: Option<W>) -> Session<W> {
        let &Told { at, start, end, is_end_given, .. } = self;
        let is_end_told = is_end_given;
        Session { seen: at, start: start.min(at), last: at, end, is_end_told, who }
    }
}

/// Ends sessions of a number, those of some keys, unless they are told to have ended.
fn end<K, W>(
    sessions: &mut [(K, Session<W>)],
    of_number: &[usize],
    at: i64,
    is_one: impl Fn(&K) -> bool,
) {
    for &place in of_number {
        let (key, session) = &mut sessions[place];
        if is_one(key) && !session.is_end_told {
            (session.end, session.last) = (at.max(session.last), at.max(session.last));
            session.is_end_told = true;
        }
    }
}

/// Adds a session, or what a record tells of one that is known by its number.
fn add<K: Copy + Eq, W: Partly>(
    sessions: &mut Vec<(K, Session<W>)>,
    of_number: &mut Vec<usize>,
    key: K,
    told: Session<W>,
) {
    let of_key = of_number.iter().rev().find(|&&place| sessions[place].0 == key).copied();
    if let Some(place) = of_key {
        let known = &mut sessions[place].1;
        let who = match (known.who, told.who) {
            (Some(known), Some(told)) => known.with(told).map(Some),
            (known, told) => Some(known.or(told)),
        };
        let is_another = known.is_end_told && told.start > known.end;
        if let Some(who) = who.filter(|_| !is_another) {
            known.who = who;
            known.seen = known.seen.min(told.seen);
            known.start = known.start.min(told.start);
            // What is told behind its end came late.
            if !known.is_end_told && told.last >= known.last {
                known.end = told.end;
                known.is_end_told = told.is_end_told;
                known.last = told.last;
            }
            return;
        }
    }
    of_number.push(sessions.len());
    sessions.push((key, told));
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

fn too_many() -> TooMany {
    TooMany { limit: SESSIONS, bytes: NAME_BYTES }
}

fn key(address: IpAddr) -> Address {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

/// IPv4 is mapped: RFC 4291, section 2.5.5.2.
fn is_v4(address: &Address) -> bool {
    address.starts_with(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
}
