//! What happens in; rows of a table in the order of time out.
//!
//! Source: RFC 4180 for the fields; times are local, without an offset, as the
//! systems of institutions write them.
//!
//! Not here: what a row says (`library`, `welfare`, `wifi`).

use std::io::{self, Write};

use super::Setting;
use super::clock::Curve;
use super::lines::{Lines, push_clock};
use super::random::Random;

/// A table of events over one day.
pub(super) struct Table {
    /// The header line, from its first byte.
    pub(super) header: &'static str,
    /// What each line ends with.
    pub(super) ending: &'static str,
    /// Rows.
    pub(super) rows: u64,
    /// Number of the file within the institution, so that files differ.
    pub(super) file: u64,
}

/// One row being written. Fields are added in the order of the header.
pub(super) struct Row<'a> {
    line: &'a mut String,
    date: &'a str,
    is_first: bool,
    /// Second of the day at which it happened.
    pub(super) second: u64,
}

impl Table {
    /// Writes the table; `add_fields` adds the fields of each row. Gives the lines.
    pub(super) fn write(
        &self,
        setting: &Setting,
        curve: &Curve,
        file: Box<dyn Write>,
        add_fields: &mut dyn FnMut(&mut Row<'_>, &mut Random),
    ) -> io::Result<u64> {
        let mut random = setting.random(self.file);
        let date = setting.date.to_string();
        let mut lines = Lines::new(file, self.ending);
        lines.line().push_str(self.header);
        lines.end()?;
        for number in 0..self.rows {
            let second = curve.second(number, self.rows, &mut random);
            let line = lines.line();
            add_fields(&mut Row::new(line, &date, second), &mut random);
            lines.end()?;
        }
        lines.finish()
    }
}

impl<'a> Row<'a> {
    /// A row at the end of `line`, of what happened in a second of a day.
    pub(super) fn new(line: &'a mut String, date: &'a str, second: u64) -> Self {
        Self { line, date, is_first: true, second }
    }
}

impl Row<'_> {
    /// Adds a field that holds no comma, quote or line end.
    pub(super) fn text(&mut self, field: &str) {
        self.field().push_str(field);
    }

    /// Adds a field in quotes, as programs do that quote whatever people typed.
    pub(super) fn quoted(&mut self, field: &str) {
        let line = self.field();
        line.push('"');
        line.push_str(field);
        line.push('"');
    }

    /// Adds a second of the day as `2026-11-22 13:55:36`.
    pub(super) fn time(&mut self, second: u64) {
        let date = self.date;
        let line = self.field();
        line.push_str(date);
        line.push(' ');
        push_clock(line, second);
    }

    /// Starts a field, to be added to.
    pub(super) fn field(&mut self) -> &mut String {
        if !self.is_first {
            self.line.push(',');
        }
        self.is_first = false;
        self.line
    }
}
