//! A date and a seed in; an invented day of an institution out, as its systems
//! would have logged it.
//!
//! ```text
//! logs/access-DATE.log     web site          combined+cookie   both
//! logs/radius-DATE.detail  network accounts  radius            library
//! tables/wifi-DATE.csv     wireless network  csv               both
//! tables/gate-DATE.csv     entrance gates    csv               library
//! tables/seats-DATE.csv    reading rooms     csv               library
//! tables/loans-DATE.csv    loans, returns    csv, BOM, CRLF    library
//! tables/lectures-DATE.csv courses of a term csv               library
//! tables/visits-DATE.csv   programmes        csv               welfare
//! tables/misuse-DATE.csv   rule breaches     csv               both
//! ```
//!
//! Nobody in it exists. It holds on purpose what must not reach a table:
//! names, telephone numbers, titles of books, names of devices.
//! The same seed and date give the same bytes; another date with the same seed
//! has the same persons on another day.
//!
//! Not here: where the files are put, and what becomes of them.

mod accounts;
mod clock;
pub mod geo;
mod lectures;
mod library;
mod lines;
mod person;
mod random;
mod site;
mod table;
mod web;
mod welfare;
mod wifi;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use jiff::civil::{Date, Weekday};

use self::person::People;
use self::random::{Random, mix};

/// Lines of the web log where nobody asks for another number.
pub const WEB_LINES: u64 = 20_000;

/// The institutions that come as examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Institution {
    /// A city's library office (도서관사업소).
    Library,
    /// A city's welfare centre for foreign residents (외국인주민복지지원센터).
    Welfare,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path relative to the house, such as `logs/access-2026-11-22.log`.
    pub path: String,
    /// Lines, the header line of a table included.
    pub lines: u64,
    /// Lines that are not in the file's format, on purpose: a reader has to
    /// reject exactly these.
    pub malformed: u64,
}

/// What all files of a day depend on.
struct Setting {
    institution: Institution,
    date: Date,
    web_lines: u64,
    seed: u64,
}

/// Writes one day: the web log and the tables of the institution.
///
/// The web log has `web_lines` lines, the tables a tenth of that in rows, misuse
/// and courses about a twentieth. `file` is given each path relative to the house and
/// opens it; files are written one after the other, in the order of the
/// result. Memory stays below some 10 MiB, whatever `web_lines` is.
///
/// # Errors
///
/// If `file` cannot open a path, or what it gave cannot be written. The files
/// before it are complete then.
///
/// # Examples
///
/// ```
/// use gamyeong::demo::{Institution, write_day};
///
/// let date = jiff::civil::date(2026, 11, 22);
/// let sink = &mut |_: &str| Ok(Box::new(std::io::sink()) as Box<dyn std::io::Write>);
/// let written = write_day(Institution::Library, date, 1_000, 7, sink)?;
/// assert_eq!(written[0].path, "logs/access-2026-11-22.log");
/// assert_eq!(written[0].lines, 1_000);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_day(
    institution: Institution,
    date: Date,
    web_lines: u64,
    seed: u64,
    file: &mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
) -> io::Result<Vec<Written>> {
    let setting = Setting { institution, date, web_lines, seed };
    let mut written = Vec::new();

    let (site, curve) = match institution {
        Institution::Library => (&site::LIBRARY, &clock::LIBRARY_SITE),
        Institution::Welfare => (&site::WELFARE, &clock::WELFARE_SITE),
    };
    let path = format!("logs/access-{date}.log");
    let (lines, malformed) = web::write(&setting, site, curve, file(&path)?)?;
    written.push(Written { path, lines, malformed });

    if institution == Institution::Library {
        let path = format!("logs/radius-{date}.detail");
        let lines = accounts::write(&setting, file(&path)?)?;
        written.push(Written { path, lines, malformed: 0 });
    }
    for (name, write) in setting.tables() {
        let path = format!("tables/{name}-{date}.csv");
        let lines = write(&setting, file(&path)?)?;
        written.push(Written { path, lines, malformed: 0 });
    }
    Ok(written)
}

/// Writes one table and gives its lines.
type WriteTable = fn(&Setting, Box<dyn Write>) -> io::Result<u64>;

impl Setting {
    fn tables(&self) -> &'static [(&'static str, WriteTable)] {
        match self.institution {
            Institution::Library => &[
                ("wifi", library::write_wifi),
                ("gate", library::write_gate),
                ("seats", library::write_seats),
                ("loans", library::write_loans),
                ("misuse", library::write_misuse),
                ("lectures", lectures::write),
            ],
            Institution::Welfare => &[
                ("wifi", welfare::write_wifi),
                ("visits", welfare::write_visits),
                ("misuse", welfare::write_misuse),
            ],
        }
    }

    /// What happens on this day, for one of its files.
    fn random(&self, file: u64) -> Random {
        let day = u64::from(self.date.year().unsigned_abs()) * 512
            + u64::from(self.date.day_of_year().unsigned_abs());
        Random::new(mix(mix(self.house(), day), file))
    }

    /// The people of the institution: the same on every day.
    fn people(&self, count: u64) -> People {
        People::new(mix(self.house(), 0), count)
    }

    /// The two institutions are strangers to each other, with the same seed too.
    fn house(&self) -> u64 {
        mix(
            self.seed,
            match self.institution {
                Institution::Library => 1,
                Institution::Welfare => 2,
            },
        )
    }

    fn is_weekend(&self) -> bool {
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
}
