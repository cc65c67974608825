//! Persons who log in to the institution's network in; the accounting of their
//! sessions out, as `FreeRADIUS` writes it (`detail`).
//!
//! Who uses the web site from an internal address has an account there, and is
//! logged in for as long as they are usually about: lines at other hours belong to
//! no session.
//!
//! Source: RFC 2866, section 5 (attributes); `FreeRADIUS` 3.2, `rlm_detail`.
//!
//! Not here: what is asked of the web site (`web`).

use std::io::{self, Write};

use super::Setting;
use super::clock::DAY;
use super::lines::{Lines, push_number};
use super::person::Person;
use super::web::LINES_PER_PERSON;
use super::wifi::{Notation, mac, push_mac};

/// What Korea's clocks are ahead of UTC, in seconds.
const OFFSET: i64 = 9 * 3_600;

/// Writes the end of every session of the day, in the order of time.
pub(super) fn write(setting: &Setting, file: Box<dyn Write>) -> io::Result<u64> {
    let people = setting.people(setting.web_lines / LINES_PER_PERSON);
    let midnight = jiff::civil::date(1970, 1, 1)
        .until(setting.date)
        .map_or(0, |days| i64::from(days.get_days()) * 86_400 - OFFSET);
    let mut lines = Lines::new(file, "\n");
    // They log out at the full hour, so an hour at a time is in order.
    for hour in 1..=24 {
        for (number, person) in people.all().enumerate() {
            let (first, end) = person.hours();
            if end == hour && person.is_inside() {
                let second = (end * 3_600).min(DAY - 1);
                record(setting, &mut lines, (number, person), (first * 3_600, second), midnight)?;
            }
        }
    }
    lines.finish()
}

/// One record, of the end of a session.
fn record(
    setting: &Setting,
    lines: &mut Lines,
    (number, person): (usize, Person),
    (start, end): (u64, u64),
    midnight: i64,
) -> io::Result<()> {
    let line = lines.line();
    line.push_str(&setting.date.strftime("%a %b %e ").to_string());
    super::lines::push_clock(line, end);
    line.push_str(&setting.date.strftime(" %Y").to_string());
    lines.end()?;
    let mut attribute = |name: &str, value: &mut dyn FnMut(&mut String)| {
        let line = lines.line();
        line.push('\t');
        line.push_str(name);
        line.push_str(" = ");
        value(line);
        lines.end()
    };
    let quoted = |line: &mut String, value: &mut dyn FnMut(&mut String)| {
        line.push('"');
        value(line);
        line.push('"');
    };
    attribute("User-Name", &mut |line| quoted(line, &mut |line| person.push_login(line)))?;
    attribute("Calling-Station-Id", &mut |line| {
        quoted(line, &mut |line| push_mac(line, mac(person), Notation::Hyphens));
    })?;
    attribute("Acct-Session-Id", &mut |line| {
        quoted(line, &mut |line| push_number(line, number as u64, 8));
    })?;
    attribute("Acct-Status-Type", &mut |line| line.push_str("Stop"))?;
    attribute("Framed-IP-Address", &mut |line| person.push_address(line))?;
    attribute("Acct-Session-Time", &mut |line| push_number(line, end - start, 1))?;
    let stamp = midnight + i64::try_from(end).unwrap_or_default();
    attribute("Timestamp", &mut |line| line.push_str(&stamp.to_string()))?;
    lines.end()
}
