//! The lease file of ISC dhcpd in; its leases out.
//!
//! ```text
//! lease 192.0.2.7 {
//!   starts 4 2026/10/01 15:22:29;
//!   ends never;
//!   binding state active;
//!   hardware ethernet 00:00:5e:00:53:01;
//!   uid "\001\000\000^\000S\001";
//!   client-hostname "laptop";
//! }
//! ia-na "\001\000\000\000\000\003\000\001\000\000^\000S\001" {
//!   cltt 4 2026/10/01 15:22:29;
//!   iaaddr 2001:db8::7 {
//!     binding state active;
//!     max-life 7200;
//!     ends 4 2026/10/01 17:22:29;
//!   }
//! }
//! ```
//!
//! Each address and each prefix is a row, and counts as a record. Times are in
//! UTC, or counted from 1970 (`epoch`). A v6 lease starts at `cltt`, when the
//! server last heard of the client. The string of an `ia` is the client's
//! number for the interface, four bytes, and its DUID.
//!
//! Source: ISC DHCP 4.4, `dhcpd.leases(5)`, and `common/conflex.c` for strings.
//!
//! Not here: where a record ends (`source::Cut`); which record of a lease is the
//! last: the server adds one whenever it changes.

use super::text::{write_hex, write_unescaped};
use super::tokens::{Token, Tokens};
use super::when::{Told, civil, told};
use super::{Family, Field, Listed, Outcome, Reason, Rows};

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Start,
    Field::End,
    Field::Event,
    Field::Mac,
    Field::Ip,
    Field::Hostname,
    Field::ClientId,
    Field::Duid,
    Field::Iaid,
    Field::PrefixLen,
    Field::Lifetime,
];

pub(super) const LISTED: Listed = Listed {
    name: "dhcpd",
    about: "ISC dhcpd: leases of IPv4 and IPv6",
    example: "lease 192.0.2.7 {\n  starts 4 2026/10/01 15:22:29;\n  ends 4 2026/10/01 17:22:29;\n  binding state active;\n  hardware ethernet 00:00:5e:00:53:01;\n}",
};

/// What is in the file and no lease.
const NO_LEASE: &str = "no-lease";

/// Reads leases.
pub(super) struct Leases;

/// A point in time of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment<'a> {
    Told(Told),
    /// Counted from 1970.
    Epoch(&'a [u8]),
    Never,
}

/// What a lease says.
#[derive(Default, Clone, Copy)]
struct Lease<'a> {
    address: &'a [u8],
    heard: Option<Moment<'a>>,
    starts: Option<Moment<'a>>,
    ends: Option<Moment<'a>>,
    state: &'a [u8],
    hardware: &'a [u8],
    uid: Option<Token<'a>>,
    hostname: &'a [u8],
    lifetime: &'a [u8],
}

impl Family for Leases {
    type State = ();

    fn begin(&self, _head: &[u8]) {}

    fn record<'a>(&self, (): &mut (), record: &'a [u8], rows: &mut Rows<'_, 'a>) -> Outcome {
        let mut tokens = Tokens::of(record);
        let first = match tokens.next() {
            None => return Outcome::Blank,
            Some(Token::Word(first)) => first,
            Some(_) => return Outcome::Excluded(NO_LEASE),
        };
        let found = match first {
            b"lease" => single(tokens).map(|lease| {
                lease.set(rows);
                rows.add();
                1
            }),
            b"ia-na" | b"ia-ta" | b"ia-pd" => association(tokens).map(|(client, leases)| {
                for lease in &leases {
                    rows.clear();
                    lease.set(rows);
                    set_client(rows, client);
                    rows.add();
                }
                leases.len() as u64
            }),
            _ => return Outcome::Excluded(NO_LEASE),
        };
        match found {
            // An association that holds nothing any more.
            Ok(0) => Outcome::Excluded(NO_LEASE),
            Ok(rows) => Outcome::Rows(rows),
            Err(reason) => Outcome::Reject(reason),
        }
    }
}

/// `192.0.2.7 { … }`.
fn single(mut tokens: Tokens<'_>) -> Result<Lease<'_>, Reason> {
    let (Some(Token::Word(address)), Some(Token::Open)) = (tokens.next(), tokens.next()) else {
        return Err(Reason::Delimiter("lease".into()));
    };
    let mut lease = Lease { address, ..Lease::default() };
    statements(&mut tokens, &mut lease, |tokens, _, _| skip(tokens))?;
    end(tokens)?;
    Ok(lease)
}

/// `"…" { … iaaddr 2001:db8::7 { … } }`.
fn association(mut tokens: Tokens<'_>) -> Result<(&[u8], Vec<Lease<'_>>), Reason> {
    let (Some(Token::String(client)), Some(Token::Open)) = (tokens.next(), tokens.next()) else {
        return Err(Reason::Delimiter("ia".into()));
    };
    let mut leases: Vec<Lease<'_>> = Vec::new();
    let mut outer = Lease::default();
    statements(&mut tokens, &mut outer, |tokens, kind, words| {
        if !matches!(kind, b"iaaddr" | b"iaprefix") {
            return skip(tokens);
        }
        let [Some(Token::Word(address)), ..] = words else {
            return Err(Reason::Delimiter("ip".into()));
        };
        let mut lease = Lease { address, ..Lease::default() };
        statements(tokens, &mut lease, |tokens, _, _| skip(tokens))?;
        leases.push(lease);
        Ok(())
    })?;
    end(tokens)?;
    for lease in &mut leases {
        lease.heard = lease.heard.or(outer.heard);
        lease.starts = lease.starts.or(outer.heard);
    }
    Ok((client, leases))
}

/// Nothing may follow on the line that closes a lease.
fn end(mut tokens: Tokens<'_>) -> Result<(), Reason> {
    if tokens.next().is_none() { Ok(()) } else { Err(Reason::Trailing) }
}

/// Words of a statement behind its first.
type Words<'a> = [Option<Token<'a>>; 4];

/// Reads statements up to the brace that closes them. `block` reads what stands
/// in braces, up to the closing one.
fn statements<'a>(
    tokens: &mut Tokens<'a>,
    lease: &mut Lease<'a>,
    mut block: impl FnMut(&mut Tokens<'a>, &'a [u8], Words<'a>) -> Result<(), Reason>,
) -> Result<(), Reason> {
    loop {
        let mut words: Words<'_> = [None; 4];
        let mut count = 0;
        let mut kind: &[u8] = b"";
        loop {
            match tokens.next().ok_or(Reason::Truncated("lease".into()))? {
                Token::Close => return Ok(()),
                Token::Semicolon => {
                    lease.state(kind, words)?;
                    break;
                }
                Token::Open => {
                    block(tokens, kind, words)?;
                    break;
                }
                Token::Word(word) if count == 0 => kind = word,
                token @ (Token::Word(_) | Token::String(_)) => {
                    if let Some(place) = words.get_mut(count - usize::from(count > 0)) {
                        *place = Some(token);
                    }
                }
            }
            count += 1;
        }
    }
}

/// Passes over a block.
fn skip(tokens: &mut Tokens<'_>) -> Result<(), Reason> {
    let mut depth = 1;
    while depth > 0 {
        match tokens.next().ok_or(Reason::Truncated("lease".into()))? {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            Token::Word(_) | Token::String(_) | Token::Semicolon => {}
        }
    }
    Ok(())
}

impl<'a> Lease<'a> {
    /// Takes a statement.
    fn state(&mut self, kind: &[u8], words: Words<'a>) -> Result<(), Reason> {
        let bare = |place: usize| match words[place] {
            Some(Token::Word(word) | Token::String(word)) => word,
            _ => b"",
        };
        match kind {
            b"starts" => self.starts = Some(moment(words, "start")?),
            b"ends" => self.ends = Some(moment(words, "end")?),
            b"cltt" => self.heard = Some(moment(words, "time")?),
            b"binding" if bare(0) == b"state" => self.state = bare(1),
            b"hardware" => self.hardware = bare(1),
            b"uid" => self.uid = words[0],
            b"client-hostname" => self.hostname = bare(0),
            b"max-life" => self.lifetime = bare(0),
            _ => {}
        }
        Ok(())
    }

    fn set(&self, rows: &mut Rows<'_, 'a>) {
        for (field, moment) in
            [(Field::Time, self.heard), (Field::Start, self.starts), (Field::End, self.ends)]
        {
            match moment {
                Some(Moment::Told(told)) => rows.make(field, |out| told.write(out)),
                Some(Moment::Epoch(count)) => rows.set(field, count),
                Some(Moment::Never) | None => {}
            }
        }
        rows.set(Field::Event, self.state);
        rows.set(Field::Mac, self.hardware);
        rows.set(Field::Lifetime, self.lifetime);
        match memchr::memchr(b'/', self.address) {
            Some(slash) => {
                rows.set(Field::Ip, &self.address[..slash]);
                rows.set(Field::PrefixLen, &self.address[slash + 1..]);
            }
            None => rows.set(Field::Ip, self.address),
        }
        if self.hostname.contains(&b'\\') {
            rows.make(Field::Hostname, |out| write_unescaped(self.hostname, out));
        } else {
            rows.set(Field::Hostname, self.hostname);
        }
        match self.uid {
            Some(Token::String(uid)) => {
                let mut bytes = Vec::with_capacity(uid.len());
                write_unescaped(uid, &mut bytes);
                rows.make(Field::ClientId, |out| write_hex(&bytes, out));
            }
            Some(Token::Word(uid)) => rows.set(Field::ClientId, uid),
            _ => {}
        }
    }
}

/// Sets what the string of an association says.
fn set_client(rows: &mut Rows<'_, '_>, client: &[u8]) {
    let mut bytes = Vec::with_capacity(client.len());
    write_unescaped(client, &mut bytes);
    if let Some((iaid, duid)) = bytes.split_at_checked(4) {
        rows.make(Field::Iaid, |out| write_hex(iaid, out));
        rows.make(Field::Duid, |out| write_hex(duid, out));
        rows.copy(Field::Duid, Field::Mac);
    }
}

/// `4 2026/10/01 15:22:29`, `epoch 1790868149` or `never`.
fn moment<'a>(words: Words<'a>, field: &'static str) -> Result<Moment<'a>, Reason> {
    let moment = match words {
        [Some(Token::Word(b"never")), ..] => Some(Moment::Never),
        [Some(Token::Word(b"epoch")), Some(Token::Word(count)), ..] => {
            count.iter().all(u8::is_ascii_digit).then_some(Moment::Epoch(count))
        }
        [Some(Token::Word(_)), Some(Token::Word(date)), Some(Token::Word(time)), ..] => {
            calendar(date, time).map(Moment::Told)
        }
        _ => None,
    };
    moment.ok_or(Reason::Time(field.into()))
}

fn calendar(date: &[u8], time: &[u8]) -> Option<Told> {
    let numbers = |text: &[u8], between: u8| -> Option<[u16; 3]> {
        let mut parts = text.split(|byte| *byte == between);
        let mut numbers = [0; 3];
        for number in &mut numbers {
            *number = str::from_utf8(parts.next()?).ok()?.parse().ok()?;
        }
        parts.next().is_none().then_some(numbers)
    };
    let [year, month, day] = numbers(date, b'/')?;
    told(civil(year, month, day)?, numbers(time, b':')?, "Z")
}
