//! The lease file of Kea in; its leases out.
//!
//! ```text
//! address,hwaddr,client_id,valid_lifetime,expire,subnet_id,…,hostname,state,…
//! 192.0.2.7,00:00:5e:00:53:01,01:00:00:5e:00:53:01,3600,1790868149,1,…,laptop,0,…
//! address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,…
//! ```
//!
//! The header line names the columns, and so says whether the leases are of
//! IPv4 or IPv6. A lease starts where its end was counted from: `expire` less
//! `valid_lifetime`. That is also when the server last heard of the client. Commas in values stand as `&#x2c`, so that every comma
//! separates. A line is one state of a lease; later ones replace it.
//!
//! Source: Kea 2.6, `csv_lease_file4.cc`, `csv_lease_file6.cc` and
//! `csv_file.cc`.
//!
//! Not here: which line of a lease is the last.

use std::io::Write as _;

use super::{Family, Field, Listed, Outcome, Reason, Rows};
use crate::parse::escape::hex;

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Start,
    Field::End,
    Field::Lifetime,
    Field::Event,
    Field::Mac,
    Field::Ip,
    Field::Hostname,
    Field::ClientId,
    Field::Duid,
    Field::Iaid,
    Field::PrefixLen,
    Field::Subnet,
];

pub(super) const LISTED: Listed = Listed {
    name: "kea",
    about: "Kea: leases of IPv4 and IPv6",
    example: "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n192.0.2.7,00:00:5e:00:53:01,,3600,1790868149,1,0,0,laptop,0,,0",
};

/// How a header line begins.
pub(super) const HEADER: &[u8] = b"address,";

/// A lifetime without an end, as of RFC 2131 and RFC 8415.
const INFINITE: u64 = 0xffff_ffff;

/// Reads leases.
pub(super) struct Kea;

/// What each column is.
pub(super) type Names = Vec<Option<Field>>;

impl Family for Kea {
    type State = Names;

    fn begin(&self, head: &[u8]) -> Names {
        names(head)
    }

    fn record<'a>(&self, state: &mut Names, line: &'a [u8], rows: &mut Rows<'_, 'a>) -> Outcome {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        if line.is_empty() {
            return Outcome::Blank;
        }
        if line.starts_with(HEADER) {
            *state = names(line);
            return Outcome::Blank;
        }
        if state.is_empty() {
            return Outcome::Reject(Reason::NoHeader);
        }
        let commas = memchr::memchr_iter(b',', line).count();
        if commas + 1 != state.len() {
            return Outcome::Reject(Reason::Fields);
        }
        let mut lifetime = None;
        let mut end = None;
        for (value, field) in line.split(|byte| *byte == b',').zip(state.iter()) {
            let Some(field) = *field else { continue };
            let counts = [(Field::Lifetime, &mut lifetime), (Field::End, &mut end)];
            for (_, count) in counts.into_iter().filter(|(counted, _)| *counted == field) {
                *count = number(value);
                if count.is_none() {
                    return Outcome::Reject(Reason::Number(field.name().into()));
                }
            }
            if value.contains(&b'&') {
                rows.make(field, |out| unescape(value, out));
            } else {
                rows.set(field, value);
            }
        }
        if lifetime == Some(INFINITE) {
            rows.set(Field::End, b"");
        }
        if let Some(start) = end.zip(lifetime).and_then(|(end, life)| end.checked_sub(life)) {
            rows.make(Field::Start, |out| {
                // Writing to memory does not fail.
                let _ = write!(out, "{start}");
            });
            rows.copy(Field::Start, Field::Time);
        }
        if !rows.has(Field::Mac) {
            rows.copy(Field::Duid, Field::Mac);
        }
        Outcome::Row
    }
}

fn names(header: &[u8]) -> Names {
    let header = header.trim_ascii_end();
    if header.is_empty() {
        return Vec::new();
    }
    let field = |name: &[u8]| {
        Some(match name {
            b"address" => Field::Ip,
            b"hwaddr" => Field::Mac,
            b"client_id" => Field::ClientId,
            b"duid" => Field::Duid,
            b"valid_lifetime" => Field::Lifetime,
            b"expire" => Field::End,
            b"subnet_id" => Field::Subnet,
            b"iaid" => Field::Iaid,
            b"prefix_len" => Field::PrefixLen,
            b"hostname" => Field::Hostname,
            b"state" => Field::Event,
            _ => return None,
        })
    };
    header.split(|byte| *byte == b',').map(field).collect()
}

fn number(value: &[u8]) -> Option<u64> {
    if value.first() == Some(&b'+') { None } else { str::from_utf8(value).ok()?.parse().ok() }
}

/// Writes `&#x2c` as the byte that it stands for.
fn unescape(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let Some(at) = memchr::memmem::find(rest, b"&#x") {
        out.extend_from_slice(&rest[..at]);
        let byte = match rest.get(at + 3..at + 5) {
            Some(&[high, low]) => hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        out.push(byte.unwrap_or(b'&'));
        rest = &rest[if byte.is_some() { at + 5 } else { at + 1 }..];
    }
    out.extend_from_slice(rest);
}
