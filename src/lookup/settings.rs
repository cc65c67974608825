//! `[source.sessions]` and `[source.subject]` of a pipeline file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the records of a source tell who had which address from when to when.
///
/// A source with this gives no table: others look subjects up in it. Formats of
/// DHCP, RADIUS and Wi-Fi have all of it ready; what is given here is used in its
/// place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// Field of the IP address. Without it the records only say whose a device is.
    pub address: Option<String>,
    /// Field of the MAC address, or of what holds one.
    pub device: Option<String>,
    /// Field of the account.
    pub user: Option<String>,
    /// Field of when the record was made. The session holds from then on, if
    /// there is no `start`.
    pub time: Option<String>,
    /// Field of when the session began.
    pub start: Option<String>,
    /// Field of when it ended or will end.
    pub end: Option<String>,
    /// Field of how many seconds it had lasted at `time`.
    pub length: Option<String>,
    /// Field of the session's number, where several records tell of one.
    pub session: Option<String>,
    /// Field of who counts those numbers.
    pub server: Option<String>,
    /// Field of how many seconds the record was under way before `time`.
    pub delay: Option<String>,
    /// Field of what happened.
    pub event: Option<String>,
    /// Events that say that somebody has the address. All, if absent.
    pub begins: Option<Vec<String>>,
    /// Events that say that nobody has it any longer.
    pub ends: Option<Vec<String>>,
    /// How long a session holds of which no end is told, such as `12h`. Needed
    /// where records do not tell it.
    pub longest: Option<Duration>,
    /// Logs of so many days before the date are read too, for sessions that began
    /// then: 0 if absent, at most 31.
    #[serde(default)]
    pub days_before: Days,
}

/// Whom the lines of a source are about: the account or device that had the
/// address at the line's time, by the sessions of other sources. Gives the field
/// `subject`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Field of the line's address.
    pub address: String,
    /// Field of the line's time.
    pub time: String,
    /// Names of sources with `[source.sessions]`. Of two that know of somebody,
    /// the one that is named first counts.
    pub sessions: Vec<String>,
    /// What becomes of a device that made its address up: the line keeps its IP
    /// address if absent.
    pub randomised: Option<Randomised>,
}

/// What becomes of devices with a randomised MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Randomised {
    /// They are subjects like the others.
    Keep,
}

/// As many as `days_before` may reach back.
const MOST_SECONDS: i64 = 31 * 86_400;

/// A length of time: a number and `m`, `h` or `d`; at most 31 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[1-9][0-9]{0,4}[mhd]$"))]
pub struct Duration(i64);

/// A number of days, at most 31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("maximum" = 31))]
pub struct Days(u32);

/// What is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Senseless {
    #[error(
        "not a length of time, expected a number and m, h or d, such as `12h`, at most 31 days"
    )]
    Duration,
    #[error("{0} days before, must be at most 31")]
    Days(u32),
}

impl TryFrom<String> for Duration {
    type Error = Senseless;

    fn try_from(text: String) -> Result<Self, Senseless> {
        let unit = match text.as_bytes().last() {
            Some(b'm') => 60,
            Some(b'h') => 3_600,
            Some(b'd') => 86_400,
            _ => return Err(Senseless::Duration),
        };
        let digits = &text[..text.len() - 1];
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        let number = digits.parse::<i64>().ok().filter(|_| is_plain && digits.len() <= 5);
        let seconds = number.map(|number| number * unit).filter(|seconds| *seconds <= MOST_SECONDS);
        seconds.map(Self).ok_or(Senseless::Duration)
    }
}

impl From<Duration> for String {
    /// In the largest unit that leaves no rest, so that `24h` and `1d` are the same.
    fn from(duration: Duration) -> Self {
        let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
        let whole = units.into_iter().find(|(seconds, _)| duration.0 % seconds == 0);
        let (seconds, unit) = whole.unwrap_or((1, 's'));
        format!("{}{unit}", duration.0 / seconds)
    }
}

impl TryFrom<u32> for Days {
    type Error = Senseless;

    fn try_from(days: u32) -> Result<Self, Senseless> {
        if days <= 31 { Ok(Self(days)) } else { Err(Senseless::Days(days)) }
    }
}

impl Duration {
    /// In seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl Days {
    /// As a number.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_written_in_its_largest_unit() {
        for (text, written) in [("12h", "12h"), ("720m", "12h"), ("24h", "1d"), ("90m", "90m")] {
            let duration = Duration::try_from(text.to_owned()).unwrap();
            assert_eq!(String::from(duration), written);
        }
    }
}
