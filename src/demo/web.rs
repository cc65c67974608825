//! A site and its visitors in; one day of its access log out.
//!
//! ```text
//! 192.0.2.7 - - [22/Nov/2026:13:55:36 +0900] "GET / HTTP/1.1" 200 2326 "-" "x" "JSESSIONID=…; _ga=…"
//! host      i u  time                         request        st size   ref agent cookie
//! ```
//!
//! A fixed number of visits is under way at once; each line continues one of
//! them, so that pages, files and referers of a visit follow each other
//! between those of others, as in a real log.
//!
//! Source: Apache HTTP Server 2.4, `mod_log_config`, the combined format with
//! `"%{Cookie}i"` behind it.
//!
//! Not here: what stands in addresses (`site`), who the visitors are
//! (`person`).

use std::io::{self, Write};

use super::Setting;
use super::clock::Curve;
use super::lines::{Lines, push_clock, push_hex, push_number};
use super::person::{People, Person, push_robot};
use super::random::Random;
use super::site::{Site, push_probe};

/// One line of so many is damaged: below the 1 % that a source may lose.
const DAMAGE_EVERY: u64 = 512;
/// Where in each run of [`DAMAGE_EVERY`] lines the damaged one stands: early
/// enough for small days to have one.
const DAMAGE_AT: u64 = 200;
/// Seconds after which somebody who comes back starts a new visit, as servlet
/// containers have it by default.
const IDLE: u64 = 1_800;

/// Lines per visit that is under way at once.
const LINES_PER_VISIT: u64 = 800;
/// Lines per person of the institution.
pub(super) const LINES_PER_PERSON: u64 = 3;

/// How a damaged line is damaged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Damage {
    /// It stops in the middle.
    Halved,
    /// The status is no number.
    Status,
    /// Something follows the last field.
    Trailing,
    /// The time has no brackets.
    Time,
}

/// What a line of a visit asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The next page.
    Page,
    /// The login page.
    Login,
    /// What no visitor asks for.
    Probe,
    /// Something the present page loads.
    File,
}

/// Somebody on the site.
struct Visit {
    person: Person,
    address: String,
    agent: &'static str,
    is_robot: bool,
    /// True if the person's name stands in the log's third field.
    is_named: bool,
    session: [u64; 2],
    /// The page being looked at and the one before it, without the host.
    page: String,
    previous: String,
    pages_left: u64,
    files_left: u64,
    /// When the visit's last line was written.
    second: u64,
}

/// Writes the log; gives its lines and how many of them are damaged.
pub(super) fn write(
    setting: &Setting,
    site: &Site,
    curve: &Curve,
    file: Box<dyn Write>,
) -> io::Result<(u64, u64)> {
    let count = setting.web_lines;
    let mut random = setting.random(1);
    let people = setting.people(count / LINES_PER_PERSON);
    let mut lines = Lines::new(file, "\n");
    let slots = (count / LINES_PER_VISIT).clamp(6, 20_000);
    let mut visits: Vec<Option<Visit>> = (0..slots).map(|_| None).collect();
    let date = setting.date.strftime("%d/%b/%Y:").to_string();
    let mut damaged = 0;

    for number in 0..count {
        let second = curve.second(number, count, &mut random);
        let stamp = Stamp { date: &date, second };
        let damage = Damage::of_line(number);
        damaged += u64::from(damage.is_some());
        if damage.is_none() && random.one_in(700) {
            write_handshake(lines.line(), stamp, &mut random);
        } else {
            let slot = &mut visits[usize::try_from(random.below(slots)).unwrap_or_default()];
            let visit = match slot.take().filter(|visit| visit.goes_on(second)) {
                Some(visit) => slot.insert(visit),
                None => slot.insert(Visit::start(people, second, &mut random)),
            };
            visit.write(lines.line(), site, stamp, damage, &mut random);
        }
        match damage {
            Some(Damage::Halved) => lines.halve(),
            Some(Damage::Trailing) => lines.line().push_str(" 0.004"),
            Some(Damage::Status | Damage::Time) | None => {}
        }
        lines.end()?;
    }
    Ok((lines.finish()?, damaged))
}

impl Damage {
    fn of_line(number: u64) -> Option<Self> {
        if number % DAMAGE_EVERY != DAMAGE_AT {
            return None;
        }
        Some(match number / DAMAGE_EVERY % 4 {
            0 => Self::Halved,
            1 => Self::Status,
            2 => Self::Trailing,
            _ => Self::Time,
        })
    }
}

/// When a line was written.
#[derive(Clone, Copy)]
struct Stamp<'a> {
    /// The day as `22/Nov/2026:`.
    date: &'a str,
    /// Second of the day.
    second: u64,
}

impl Visit {
    fn start(people: People, second: u64, random: &mut Random) -> Self {
        let person = people.meet(second, random);
        let mut address = String::new();
        let is_robot = random.one_in(40);
        let agent = if is_robot {
            push_robot(&mut address, random)
        } else {
            person.push_address(&mut address);
            person.browser()
        };
        Self {
            person,
            address,
            agent,
            is_robot,
            is_named: !is_robot && person.random(10).one_in(60),
            session: [random.number(), random.number()],
            page: String::new(),
            previous: String::new(),
            pages_left: 1 + random.skewed(11),
            files_left: 0,
            second,
        }
    }

    fn goes_on(&self, second: u64) -> bool {
        self.pages_left + self.files_left > 0 && second - self.second < IDLE
    }

    /// Goes to the next page, or to the next file of the present one.
    fn step(&mut self, site: &Site, random: &mut Random) -> Asked {
        if self.files_left > 0 {
            self.files_left -= 1;
            return Asked::File;
        }
        self.pages_left -= 1;
        std::mem::swap(&mut self.page, &mut self.previous);
        self.page.clear();
        if self.is_robot && random.one_in(8) {
            push_probe(random, &mut self.page);
            return Asked::Probe;
        }
        // Robots read pages and load nothing.
        self.files_left = if self.is_robot { 0 } else { random.skewed(3) };
        if site.push_page(self.person, random, &mut self.page) { Asked::Login } else { Asked::Page }
    }

    fn write(
        &mut self,
        line: &mut String,
        site: &Site,
        stamp: Stamp<'_>,
        damage: Option<Damage>,
        random: &mut Random,
    ) {
        // The answer to the first request sets the cookies.
        let has_cookies = !self.is_robot && !self.page.is_empty();
        let asked = self.step(site, random);
        self.second = stamp.second;

        line.push_str(&self.address);
        line.push_str(" - ");
        if self.is_named {
            self.person.push_login(line);
        } else {
            line.push('-');
        }
        push_time(line, stamp, damage != Some(Damage::Time));
        line.push_str(if asked == Asked::Login && has_cookies { "POST " } else { "GET " });
        if asked == Asked::File {
            site.push_file(random, line);
        } else {
            line.push_str(&self.page);
        }
        line.push_str(" HTTP/1.1\" ");
        push_answer(line, asked, damage == Some(Damage::Status), random);
        line.push_str(" \"");
        self.push_referer(line, site, asked, random);
        line.push_str("\" \"");
        line.push_str(self.agent);
        line.push_str("\" \"");
        if has_cookies {
            self.push_cookies(line);
        } else {
            line.push('-');
        }
        line.push('"');
    }

    fn push_referer(&self, line: &mut String, site: &Site, asked: Asked, random: &mut Random) {
        let from = if asked == Asked::File { &self.page } else { &self.previous };
        if !from.is_empty() && !self.is_robot {
            line.push_str(site.host);
            line.push_str(from);
        } else if !self.is_robot && random.one_in(3) {
            site.push_engine(random, line);
        } else {
            line.push('-');
        }
    }

    fn push_cookies(&self, line: &mut String) {
        line.push_str("JSESSIONID=");
        for half in self.session {
            push_hex(line, half, 16);
        }
        line.push_str("; _ga=");
        self.person.push_analytics(line);
    }
}

/// Adds ` [22/Nov/2026:13:55:36 +0900] "`: Korea has had no summer time since
/// 1988.
fn push_time(line: &mut String, stamp: Stamp<'_>, has_brackets: bool) {
    line.push_str(if has_brackets { " [" } else { " " });
    line.push_str(stamp.date);
    push_clock(line, stamp.second);
    line.push_str(if has_brackets { " +0900] \"" } else { " +0900 \"" });
}

/// Adds status and size.
fn push_answer(line: &mut String, asked: Asked, is_damaged: bool, random: &mut Random) {
    const PAGES: [(u64, &str); 4] = [(96, "200"), (2, "404"), (1, "302"), (1, "500")];
    const FILES: [(u64, &str); 2] = [(70, "200"), (30, "304")];
    let status = match asked {
        Asked::Page => random.weighted(&PAGES),
        Asked::Login => "302",
        Asked::Probe => "404",
        Asked::File => random.weighted(&FILES),
    };
    line.push_str(if is_damaged { "ok" } else { status });
    line.push(' ');
    if matches!(status, "302" | "304") {
        line.push('-');
    } else {
        push_number(line, 400 + random.skewed(60_000), 1);
    }
}

/// Adds a line of somebody who speaks TLS to the plain port: well-formed, and
/// its request is none.
fn write_handshake(line: &mut String, stamp: Stamp<'_>, random: &mut Random) {
    push_robot(line, random);
    line.push_str(" - -");
    push_time(line, stamp, true);
    line.push_str(r#"\x16\x03\x01\x02" 400 226 "-" "-" "-""#);
}
