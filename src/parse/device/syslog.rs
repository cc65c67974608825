//! A line of a system log in; the event that a program tells of out.
//!
//! Not here: the header of a line (`header`), what programs say.

use jiff::civil::Date;

use super::header::{self, Header};
use super::when::When;
use super::{Family, Field, Outcome, Rows};

/// Reasons to exclude a line.
pub(super) const OTHER_PROGRAM: &str = "other-program";
pub(super) const NO_EVENT: &str = "no-event";

/// Reads what a program says; sets the fields but time and server.
type Event = for<'a> fn(&Header<'a>, &mut Rows<'_, 'a>) -> Outcome;

/// The lines of one program in a system log.
pub(super) struct Syslog {
    event: Event,
    /// The date of the run.
    date: Option<Date>,
}

impl Syslog {
    pub(super) fn new(event: Event, date: Option<Date>) -> Syslog {
        Syslog { event, date }
    }
}

impl Family for Syslog {
    type State = ();

    fn begin(&self, _head: &[u8]) {}

    fn record<'a>(&self, (): &mut (), line: &'a [u8], rows: &mut Rows<'_, 'a>) -> Outcome {
        if line.trim_ascii().is_empty() {
            return Outcome::Blank;
        }
        let header = header::read(line, self.date);
        rows.set_some(Field::Server, header.server);
        if let Some(when) = header.when {
            set_time(rows, when);
        }
        (self.event)(&header, rows)
    }
}

pub(super) fn set_time<'a>(rows: &mut Rows<'_, 'a>, when: When<'a>) {
    match when {
        When::Raw(raw) => rows.set(Field::Time, raw),
        When::Told(told) => rows.make(Field::Time, |out| told.write(out)),
        When::Yearless => {}
    }
}
