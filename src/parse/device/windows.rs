//! The audit log of the DHCP server of Windows in; its events out.
//!
//! ```text
//! Microsoft DHCP Service Activity Log
//! Event ID  Meaning
//! …
//! ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID,…
//! 10,10/01/26,15:22:29,Assign,192.0.2.7,laptop.example.org,00005E005301,,12345,…
//! ```
//!
//! The header line is in the language of the server and has more columns from
//! version to version, so columns are taken by their places: those above, or for
//! IPv6 `ID,Date,Time,Description,IPv6 Address,Host Name,Error Code,Duid Length,
//! Duid Bytes(Hex),User Name`. It may come again when the service starts. Text is
//! UTF-8 or code page 949. Times are local.
//!
//! Source: Microsoft, "Analyze DHCP Server log files", and the log's own preamble
//! on Windows Server 2008 to 2022.
//!
//! Not here: what the event numbers mean: the preamble lists them.

use encoding_rs::EUC_KR;

use super::text::write_hex;
use super::when::{Told, civil, told};
use super::{Family, Field, Listed, Outcome, Reason, Rows};
use crate::parse::escape::hex;

pub(super) const FIELDS: &[Field] = &[
    Field::Time,
    Field::Event,
    Field::Description,
    Field::Ip,
    Field::Hostname,
    Field::Mac,
    Field::Duid,
    Field::User,
];

pub(super) const LISTED: Listed = Listed {
    name: "windows-dhcp",
    about: "DHCP server of Windows: audit log",
    example: "ID,Date,Time,Description,IP Address,Host Name,MAC Address\n10,10/01/26,15:22:29,Assign,192.0.2.7,laptop.example.org,00005E005301",
};

/// How a header line begins, in every language.
pub(super) const HEADER: &[u8] = b"ID,";

/// Text before the header line.
const PREAMBLE: &str = "preamble";
/// An event of the server itself.
const NO_CLIENT: &str = "no-client";

/// Columns of events of IPv4 and of IPv6 that must be there.
const V4_COLUMNS: usize = 7;
const V6_COLUMNS: usize = 9;
/// Columns that are looked at.
const COLUMNS: usize = 10;

/// Reads events.
pub(super) struct Audit;

/// What the events are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// No header line was seen.
    Unknown,
    V4,
    V6,
}

impl Family for Audit {
    type State = Version;

    fn begin(&self, head: &[u8]) -> Version {
        version(head)
    }

    fn record<'a>(&self, state: &mut Version, line: &'a [u8], rows: &mut Rows<'_, 'a>) -> Outcome {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            return Outcome::Blank;
        }
        if line.starts_with(HEADER) {
            *state = version(line);
            return Outcome::Blank;
        }
        // Events begin with their number and a comma; the preamble lists numbers
        // with a tab behind them.
        let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_event = (1..=5).contains(&digits) && line.get(digits) == Some(&b',');
        if *state == Version::Unknown || !is_event {
            return Outcome::Excluded(PREAMBLE);
        }
        match event(*state, line, rows) {
            Ok(true) => Outcome::Row,
            Ok(false) => Outcome::Excluded(NO_CLIENT),
            Err(reason) => Outcome::Reject(reason),
        }
    }
}

fn version(header: &[u8]) -> Version {
    let fifth = header.split(|byte| *byte == b',').nth(4).unwrap_or_default();
    if header.is_empty() {
        Version::Unknown
    } else if memchr::memmem::find(fifth, b"v6").is_some() {
        Version::V6
    } else {
        Version::V4
    }
}

/// Sets an event; false if it has no client.
fn event<'a>(version: Version, line: &'a [u8], rows: &mut Rows<'_, 'a>) -> Result<bool, Reason> {
    let mut values: [&[u8]; COLUMNS] = [b""; COLUMNS];
    let mut count = 0;
    for value in line.split(|byte| *byte == b',') {
        if let Some(place) = values.get_mut(count) {
            *place = value.trim_ascii();
        }
        count += 1;
    }
    let needed = if version == Version::V6 { V6_COLUMNS } else { V4_COLUMNS };
    if count < needed {
        return Err(Reason::Fields);
    }
    let [id, date, time, description, ip, hostname, ..] = values;
    let told = local(date, time).ok_or(Reason::Time("time".into()))?;
    rows.make(Field::Time, |out| told.write(out));
    rows.set(Field::Event, id);
    rows.set(Field::Ip, ip);
    set_text(rows, Field::Description, description)?;
    set_text(rows, Field::Hostname, hostname)?;
    if version == Version::V6 {
        set_duid(rows, values[8]);
        set_text(rows, Field::User, values[9])?;
    } else {
        rows.set(Field::Mac, values[6]);
        set_text(rows, Field::User, values[7])?;
    }
    Ok(rows.has(Field::Ip) || rows.has(Field::Mac) || rows.has(Field::Hostname))
}

/// Sets a field to text in UTF-8.
fn set_text<'a>(rows: &mut Rows<'_, 'a>, field: Field, value: &'a [u8]) -> Result<(), Reason> {
    if str::from_utf8(value).is_ok() {
        rows.set(field, value);
        return Ok(());
    }
    let text = EUC_KR.decode_without_bom_handling_and_without_replacement(value);
    let text = text.ok_or(Reason::Encoding)?;
    rows.make(field, |out| out.extend_from_slice(text.as_bytes()));
    Ok(())
}

/// Sets a DUID that is written as digits, as other servers write it.
fn set_duid<'a>(rows: &mut Rows<'_, 'a>, value: &'a [u8]) {
    let digits = value.strip_prefix(b"0x").unwrap_or(value);
    let byte = |pair: &[u8]| match *pair {
        [high, low] => hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low),
        _ => None,
    };
    match digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>() {
        Some(bytes) => rows.make(Field::Duid, |out| write_hex(&bytes, out)),
        None => rows.set(Field::Duid, value),
    }
    rows.copy(Field::Duid, Field::Mac);
}

/// `10/01/26` and `15:22:29`; the year may have four digits.
fn local(date: &[u8], time: &[u8]) -> Option<Told> {
    let numbers = |text: &[u8], between: u8| -> Option<[u16; 3]> {
        let mut parts = text.split(|byte| *byte == between);
        let mut numbers = [0; 3];
        for number in &mut numbers {
            let part = parts.next()?;
            let is_number = (1..=4).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
            let digit = |number: u16, byte: &u8| number * 10 + u16::from(byte - b'0');
            *number = is_number.then(|| part.iter().fold(0, digit))?;
        }
        parts.next().is_none().then_some(numbers)
    };
    let [month, day, year] = numbers(date, b'/')?;
    let year = if year < 100 { 2000 + year } else { year };
    told(civil(year, month, day)?, numbers(time, b':')?, "")
}
