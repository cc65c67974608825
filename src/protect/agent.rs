//! A user agent in; what kind of program sent it out.
//!
//! Source: the woothee project's classification of agents; COUNTER Code of
//! Practice 5.1, Appendix I, for the list of robots and how it is compared.
//!
//! Not here: versions. With them an agent nearly tells devices apart.

use regex::bytes::{RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use woothee::parser::{Parser, WootheeResult};

/// Family, system and class of agents that no rule knows.
pub const UNKNOWN_AGENT: &str = "UNKNOWN";

/// The class of robots.
const CRAWLER: &str = "crawler";

/// Writes the name of a browser or robot without version, [`UNKNOWN_AGENT`] if
/// no rule knows it. A family says little about one person; the full agent
/// nearly tells devices apart.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::agent::{agent_class, agent_family, agent_system};
///
/// let agent = b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
/// let mut out = Vec::new();
/// agent_family(agent, &mut out);
/// assert_eq!(out, b"Chrome");
///
/// out.clear();
/// agent_system(agent, &mut out);
/// assert_eq!(out, b"Windows");
///
/// out.clear();
/// agent_class(agent, &mut out);
/// assert_eq!(out, b"pc");
/// ```
pub fn agent_family(agent: &[u8], out: &mut Vec<u8>) {
    write(agent, out, |found| found.name);
}

/// Writes the name of the operating system without version, such as `Windows`,
/// `Android`, `iOS` or `Linux`; [`UNKNOWN_AGENT`] if no rule knows it, and for
/// robots. Phones, tablets and players of Apple are one, consoles of one maker
/// and line are one.
pub fn agent_system(agent: &[u8], out: &mut Vec<u8>) {
    write(agent, out, |found| without_version(found.os));
}

/// Writes the class: `pc`, `smartphone`, `mobilephone`, `appliance` (televisions,
/// consoles), `crawler`, `misc` (programs), or [`UNKNOWN_AGENT`].
pub fn agent_class(agent: &[u8], out: &mut Vec<u8>) {
    write(agent, out, |found| found.category);
}

/// True if woothee calls the agent a robot. Agents that are absent or `-` are
/// none; COUNTER's own list, which [`Robots`] reads, calls them robots.
#[must_use]
pub fn is_robot(agent: &[u8]) -> bool {
    let agent = String::from_utf8_lossy(agent);
    Parser::new().parse(&agent).is_some_and(|found| found.category == CRAWLER)
}

fn write(agent: &[u8], out: &mut Vec<u8>, part: impl for<'a> Fn(&WootheeResult<'a>) -> &'a str) {
    let agent = String::from_utf8_lossy(agent);
    let found = Parser::new().parse(&agent);
    let found = found.as_ref().map_or(UNKNOWN_AGENT, part);
    out.extend_from_slice(if found.is_empty() { UNKNOWN_AGENT } else { found }.as_bytes());
}

fn without_version(system: &str) -> &str {
    const LINES: [(&str, &str); 5] = [
        ("Windows Phone", "Windows Phone OS"),
        ("Windows CE", "Windows CE"),
        ("Windows", "Windows"),
        ("BlackBerry", "BlackBerry"),
        ("PlayStation", "PlayStation"),
    ];
    if matches!(system, "iPhone" | "iPad" | "iPod" | "iOS") {
        return "iOS";
    }
    for maker in ["Nintendo", "Xbox"] {
        if system.starts_with(maker) {
            return maker;
        }
    }
    LINES.iter().find(|(line, _)| system.starts_with(line)).map_or(system, |(_, name)| name)
}

/// Entries of a list of robots, at most. COUNTER's has some 330.
pub const ROBOTS_MAX: usize = 10_000;

/// Bytes of a list of robots, at most.
pub const ROBOTS_BYTES_MAX: usize = 4 << 20;

/// Bytes that the compiled expressions may take together: many times what COUNTER's
/// list takes, which is less than a million.
const COMPILED_MAX: usize = 16 << 20;

/// Bytes that one of them may take.
const PATTERN_MAX: usize = 1 << 20;

/// Bytes that the states of a search may take.
const STATES_MAX: usize = 64 << 20;

/// A list of robots: an agent that one of its expressions occurs in is one.
#[derive(Debug, Clone)]
pub struct Robots {
    set: RegexSet,
}

/// Why a list of robots cannot be used. Entries are numbered from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum RobotsError {
    #[error("list of robots has {found} bytes, must be at most {ROBOTS_BYTES_MAX}")]
    TooLong { found: usize },
    #[error("list of robots is no JSON array of objects, line {line} column {column}")]
    Json { line: usize, column: usize },
    #[error("list of robots has no entry, must have at least one")]
    None,
    #[error("list of robots has {found} entries, must be at most {ROBOTS_MAX}")]
    TooMany { found: usize },
    #[error("entry {number} of the list of robots has no `pattern`")]
    NoPattern { number: usize },
    #[error("entry {number} of the list of robots is no regular expression of linear time")]
    Pattern { number: usize },
    #[error("list of robots compiles to more than {COMPILED_MAX} bytes")]
    TooLarge,
}

/// An object of the list. COUNTER's have `last_changed` and sometimes a
/// `description` and an `url` beside it, which say nothing of the agent.
#[derive(Deserialize)]
struct Entry {
    pattern: Option<String>,
}

impl Robots {
    /// Reads a list in the form of COUNTER's: a JSON array of objects whose
    /// `pattern` is a regular expression, which is looked for anywhere in the
    /// agent, whatever the case of its letters. Back references and look-around
    /// are refused: what is left takes time in proportion to the agent.
    ///
    /// # Errors
    ///
    /// More than [`ROBOTS_BYTES_MAX`] bytes or [`ROBOTS_MAX`] entries, or none; no
    /// such JSON; an entry without pattern, or with one that does not compile; all
    /// together too large.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::agent::{Robots, RobotsError};
    ///
    /// let robots = Robots::read(br#"[{"pattern": "bot"}, {"pattern": "^IDA$"}]"#)?;
    /// assert!(robots.has(b"ExampleBot/1.0"));
    /// assert!(!robots.has(b"IDA 2"));
    ///
    /// let refused = Robots::read(br#"[{"pattern": "bot"}, {"pattern": "("}]"#).unwrap_err();
    /// assert_eq!(refused, RobotsError::Pattern { number: 2 });
    /// # Ok::<(), RobotsError>(())
    /// ```
    pub fn read(json: &[u8]) -> Result<Self, RobotsError> {
        if json.len() > ROBOTS_BYTES_MAX {
            return Err(RobotsError::TooLong { found: json.len() });
        }
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let entries: Vec<Entry> = serde_json::from_slice(json)
            .map_err(|fault| RobotsError::Json { line: fault.line(), column: fault.column() })?;
        match entries.len() {
            0 => return Err(RobotsError::None),
            found if found > ROBOTS_MAX => return Err(RobotsError::TooMany { found }),
            _ => {}
        }
        let patterns = (1..)
            .zip(entries)
            .map(|(number, entry)| entry.pattern.ok_or(RobotsError::NoPattern { number }))
            .collect::<Result<Vec<_>, _>>()?;
        let set = RegexSetBuilder::new(&patterns)
            .case_insensitive(true)
            .size_limit(COMPILED_MAX)
            .dfa_size_limit(STATES_MAX)
            .build();
        match set {
            Ok(set) => Ok(Self { set }),
            Err(_) => Err(faulty(&patterns)),
        }
    }

    /// True if the agent is one of the list's robots.
    #[must_use]
    pub fn has(&self, agent: &[u8]) -> bool {
        self.set.is_match(agent)
    }

    /// Entries of the list.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.set.len()
    }
}

/// The first expression that does not compile by itself.
fn faulty(patterns: &[String]) -> RobotsError {
    let is_faulty = |pattern: &String| {
        RegexBuilder::new(pattern).case_insensitive(true).size_limit(PATTERN_MAX).build().is_err()
    };
    match patterns.iter().position(is_faulty) {
        Some(index) => RobotsError::Pattern { number: index + 1 },
        None => RobotsError::TooLarge,
    }
}

#[cfg(test)]
mod tests;
