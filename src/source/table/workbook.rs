//! A sheet of a workbook in; its rows, as text, out.
//!
//! The row that names the columns is followed by one line of text for each row of
//! the sheet, empty ones too: line 2 is the row below the header. What stands
//! beside the named columns is left out. Cells of formulas have the value that was
//! computed last; an error such as `#N/A` is no value. Hidden rows are read.
//!
//! Source: ECMA-376 part 1, 18.3 (sheets), 18.17.4.1 (dates).
//!
//! Not here: what a ZIP file may expand to (`package`).

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Seek as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::sink::{Sink, Stop};
use super::{Fault, Sheet, Table, Wanted, cell, package};
use crate::source::LINE_BYTES;

/// Rows of a sheet, and columns.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// Reads a sheet to its end.
pub(super) fn read(
    mut file: File,
    sheet: &Sheet,
    table: &Table,
    sink: &mut Sink,
) -> Result<(), Stop> {
    let no_workbook = |_| Fault::NotA { expected: package::FORMAT };
    let stored = file.metadata().map_err(no_workbook)?.len();
    package::check(&mut file, stored)?;
    file.rewind().map_err(no_workbook)?;
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|error| fault(&error))?;
    let is_1904 = workbook.has_1904_epoch();
    let name = name(&workbook, sheet)?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| fault(&error))?;
    let mut rows = Rows {
        sheet,
        table,
        is_1904,
        names: None,
        cells: Vec::new(),
        has_value: false,
        bytes: 0,
        row: 0,
        sink,
    };
    let mut reached = None;
    loop {
        let place = || {
            let row = reached.map_or(0, |(row, _)| row + 1);
            Fault::Damaged { place: format!("behind row {row}") }
        };
        let Some(cell) = cells.next_cell().map_err(|_| place())? else { break };
        let (row, column) = cell.get_position();
        if Some((row, column)) <= reached || row >= ROWS || column >= COLUMNS {
            return Err(place().into());
        }
        reached = Some((row, column));
        rows.cell(row, column, cell.get_value())?;
    }
    rows.end()
}

/// The name of the sheet that is read.
fn name(workbook: &Xlsx<BufReader<File>>, sheet: &Sheet) -> Result<String, Fault> {
    let sheets = workbook.sheets_metadata();
    let is_table = |found: &&calamine::Sheet| found.typ == SheetType::WorkSheet;
    let mut tables = sheets.iter().filter(is_table);
    let found = if let Some(name) = &sheet.name {
        let no_sheet = || Fault::NoSheet { name: name.clone(), sheets: sheets.len() };
        tables.find(|found| found.name == *name).ok_or_else(no_sheet)?
    } else {
        tables.find(|found| found.visible == SheetVisible::Visible).ok_or(Fault::NoSheets)?
    };
    Ok(found.name.clone())
}

/// The rows of a sheet, of which the cells come one by one.
struct Rows<'r> {
    sheet: &'r Sheet,
    table: &'r Table,
    is_1904: bool,
    /// Whether each column is read, once the header is.
    names: Option<Vec<bool>>,
    /// Those of the row so far.
    cells: Vec<String>,
    /// Their length together.
    bytes: usize,
    /// Whether anything stands in the row, wanted or not.
    has_value: bool,
    /// The row of those, from 0; before the header the first that may be it.
    row: u32,
    sink: &'r mut Sink,
}

impl Rows<'_> {
    fn cell(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> Result<(), Stop> {
        if is_nothing(value) {
            return Ok(());
        }
        if self.names.is_none() {
            let header = self.sheet.header_row.map(|row| row.saturating_sub(1));
            match header {
                Some(header) if row < header => return Ok(()),
                Some(header) if row > header && self.cells.is_empty() => {
                    return Err(Fault::NoHeader { row: header + 1 }.into());
                }
                _ if self.cells.is_empty() => self.row = row,
                _ => {}
            }
        }
        while self.row < row {
            self.end_row()?;
        }
        let column = column as usize;
        match &self.names {
            Some(names) => {
                self.has_value |= column < names.len();
                if names.get(column) != Some(&true) {
                    return Ok(());
                }
            }
            None if self.cells.len() <= column => self.cells.resize(column + 1, String::new()),
            None => {}
        }
        if self.bytes <= LINE_BYTES {
            // The rest of a row that is too long already is not seen.
            write(value, self.is_1904, &mut self.cells[column]);
            self.bytes += self.cells[column].len();
        }
        Ok(())
    }

    /// Hands over the row, and begins the next.
    fn end_row(&mut self) -> Result<(), Stop> {
        self.row += 1;
        self.bytes = 0;
        if self.names.is_none() {
            return self.header();
        }
        if !std::mem::take(&mut self.has_value) {
            return self.sink.blank();
        }
        for cell in &mut self.cells {
            self.sink.cell(cell.as_bytes());
            cell.clear();
        }
        self.sink.end_row()
    }

    /// Takes the row as the names of the columns.
    fn header(&mut self) -> Result<(), Stop> {
        let wants = |name: &String| self.table.wants(name) != Wanted::No;
        self.names = Some(self.cells.iter().map(wants).collect());
        self.sink.header(self.cells.iter().map(String::as_str))?;
        self.cells.iter_mut().for_each(String::clear);
        Ok(())
    }

    /// Hands over the last row, if anything is in it.
    fn end(mut self) -> Result<(), Stop> {
        if self.names.is_some() && !self.has_value {
            return Ok(());
        }
        if self.cells.is_empty() {
            let row = self.sheet.header_row.unwrap_or(1);
            return Err(Fault::NoHeader { row }.into());
        }
        self.end_row()
    }
}

/// True for a cell in which nothing stands, as one of a formula that gives no text.
fn is_nothing(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        DataRef::Int(_)
        | DataRef::Float(_)
        | DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_)
        | DataRef::Error(_) => false,
    }
}

/// Writes the value of a cell; nothing for one that is none.
fn write(value: &DataRef<'_>, is_1904: bool, out: &mut String) {
    match value {
        DataRef::Int(number) => {
            let _ = write!(out, "{number}");
        }
        DataRef::Float(number) => cell::number(*number, out),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            cell::text(text, out);
        }
        DataRef::SharedString(text) => cell::text(text, out),
        DataRef::Bool(is_true) => {
            let _ = write!(out, "{is_true}");
        }
        DataRef::DateTime(time) => moment(*time, is_1904, out),
        DataRef::Error(_) | DataRef::Empty => {}
    }
}

/// Writes a number that is formatted as a day, a time or both: without the time
/// at midnight, without the day where there is none. As a number if there is no
/// such day.
fn moment(time: ExcelDateTime, is_1904: bool, out: &mut String) {
    /// Seconds of a day.
    const DAY: i64 = 86_400;
    /// The last second of the year 9999, about.
    const MOST: f64 = 3e6;
    let number = time.as_f64();
    if !(0.0..MOST).contains(&number) {
        return cell::number(number, out);
    }
    #[expect(clippy::cast_possible_truncation, reason = "days of less than 10,000 years")]
    let seconds = (number * 86_400.0).round() as i64;
    let (days, clock) = (seconds / DAY, seconds % DAY);
    if time.is_duration() {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let _ = write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60);
        return;
    }
    // Days from 1970-01-01 to the day 0. That of 1900 was a leap year to whoever
    // began with it: its day 60 is none.
    let first = match (is_1904, days) {
        (true, _) => -24_107,
        (false, ..60) => -25_568,
        (false, 60) => return cell::number(number, out),
        (false, _) => -25_569,
    };
    let before = out.len();
    let is_written = match (days, clock) {
        (0, _) if !is_1904 => cell::clock(clock, 0, out),
        (_, 0) => cell::day(days + first, out),
        _ => cell::time(days * DAY + first * DAY + clock, 0, false, out),
    };
    if is_written.is_none() {
        out.truncate(before);
        cell::number(number, out);
    }
}

/// What the library says, without what it read.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed is told apart by nobody")]
fn fault(error: &XlsxError) -> Fault {
    let place = match error {
        XlsxError::Password => return Fault::Sealed,
        XlsxError::Zip(_) | XlsxError::Io(_) => "ZIP file",
        XlsxError::WorksheetNotFound(_) | XlsxError::FileNotFound(_) => "a part is missing",
        XlsxError::NotAWorksheet(_) => "sheet is no table",
        _ => "its description",
    };
    Fault::Damaged { place: place.to_owned() }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn written(number: f64, kind: ExcelDateTimeType, is_1904: bool) -> String {
        let mut text = String::new();
        moment(ExcelDateTime::new(number, kind, is_1904), is_1904, &mut text);
        text
    }

    #[test]
    fn days_are_those_of_both_systems() {
        let day = |number| written(number, ExcelDateTimeType::DateTime, false);
        assert_eq!(day(1.0), "1900-01-01");
        assert_eq!(day(59.0), "1900-02-28");
        assert_eq!(day(60.0), "60");
        assert_eq!(day(61.0), "1900-03-01");
        assert_eq!(day(46_346.0), "2026-11-20");
        assert_eq!(day(2_958_465.0), "9999-12-31");
        assert_eq!(day(2_958_466.0), "2958466");
        assert_eq!(day(-1.5), "-1.5");
        let of_1904 = |number| written(number, ExcelDateTimeType::DateTime, true);
        assert_eq!(of_1904(0.0), "1904-01-01");
        assert_eq!(of_1904(44_884.0), "2026-11-20");
    }

    #[test]
    fn times_are_rounded_to_the_second() {
        let time = |number| written(number, ExcelDateTimeType::DateTime, false);
        assert_eq!(time(46_346.541_666_666_664), "2026-11-20 13:00:00");
        assert_eq!(time(46_345.999_999_999_9), "2026-11-20");
        assert_eq!(time(0.75), "18:00:00");
        assert_eq!(written(1.5, ExcelDateTimeType::TimeDelta, false), "36:00:00");
        assert_eq!(time(f64::NAN), "NaN");
    }
}
