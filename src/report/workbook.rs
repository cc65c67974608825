//! Tables in; a workbook (ECMA-376) with a sheet for each, out.
//!
//! To be printed and signed: A4 landscape, as wide as the page, the headings on every page,
//! a line for each signature. Days and instants are dates, numbers are numbers, and a text
//! is a text whatever it begins with. The same tables give the same bytes: the time of
//! creation is that of the newest record.

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use unicode_width::UnicodeWidthStr as _;

use super::table::{Cell, Table};

/// What stands above each table.
#[derive(Debug, Clone)]
pub struct Head {
    /// Whose ledger it is.
    pub controller: String,
    /// Which days, how many records, and the root over them.
    pub about: String,
    /// When the newest record was made, in UTC.
    pub made: DateTime,
}

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A sheet has no room for so many rows.
    #[error("{title}: {rows} rows, a sheet has room for {MAX_ROWS}")]
    Long {
        /// Which.
        title: &'static str,
        /// Its rows.
        rows: usize,
    },
    /// It could not be written.
    #[error("workbook not written")]
    Written(#[from] XlsxError),
}

/// Rows of a sheet (1,048,576) without those above and below the table.
pub const MAX_ROWS: usize = 1_048_560;

/// Gives the workbook.
///
/// # Errors
///
/// [`Fault`] if a table has too many rows, or the writer fails.
pub fn write(tables: &[Table], head: &Head) -> Result<Vec<u8>, Fault> {
    let mut workbook = Workbook::new();
    let made = date_time(head.made).unwrap_or_default();
    let properties = DocProperties::new()
        .set_title("가명정보 처리 기록")
        .set_company(&head.controller)
        .set_comment(&head.about)
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);
    let looks = Looks::new();
    for table in tables {
        if table.rows.len() > MAX_ROWS {
            return Err(Fault::Long { title: table.title, rows: table.rows.len() });
        }
        sheet(workbook.add_worksheet(), table, head, &looks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// How cells look.
struct Looks {
    title: Format,
    about: Format,
    heading: Format,
    text: Format,
    number: Format,
    day: Format,
    moment: Format,
    sign: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = || {
            let format = Format::new().set_border(FormatBorder::Thin).set_font_size(9);
            format.set_text_wrap().set_align(FormatAlign::Top)
        };
        let plain = || Format::new().set_align(FormatAlign::VerticalCenter);
        Self {
            title: plain().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            about: plain().set_font_size(9).set_text_wrap(),
            heading: cell()
                .set_bold()
                .set_background_color(0x00E7_E6E6)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            // A text also after somebody has edited it.
            text: cell().set_num_format("@"),
            number: cell().set_num_format("#,##0"),
            day: cell().set_num_format("yyyy-mm-dd"),
            moment: cell().set_num_format("yyyy-mm-dd hh:mm:ss"),
            sign: plain().set_font_size(11).set_align(FormatAlign::Left),
        }
    }
}

const HEADING_ROW: u32 = 2;

fn sheet(
    sheet: &mut Worksheet,
    table: &Table,
    head: &Head,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.set_name(table.sheet)?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer("&L&8&A&C&8&P / &N");
    sheet.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
    sheet.set_freeze_panes(HEADING_ROW + 1, 0)?;
    sheet.merge_range(0, 0, 0, last, table.title, &looks.title)?;
    sheet.set_row_height(0, 30)?;
    let Table { source, zone, .. } = table;
    let zone = if zone.is_empty() { String::new() } else { format!("   시각: {zone}") };
    let about =
        format!("개인정보처리자: {}   {}   근거: {source}{zone}", head.controller, head.about);
    sheet.merge_range(1, 0, 1, last, &fitting(&about), &looks.about)?;
    sheet.set_row_height(1, 30)?;
    for (at, column) in (0..).zip(&table.columns) {
        sheet.set_column_width(at, column.width)?;
        sheet.write_string_with_format(HEADING_ROW, at, column.name, &looks.heading)?;
    }
    let widths = || table.columns.iter().map(|column| column.width);
    let names: Vec<Cell> = table.columns.iter().map(|column| Cell::from(column.name)).collect();
    sheet.set_row_height(HEADING_ROW, height(names.iter().zip(widths())))?;
    let mut row = HEADING_ROW + 1;
    if table.rows.is_empty() {
        sheet.merge_range(row, 0, row, last, "해당하는 기록이 없습니다.", &looks.text)?;
        row += 1;
    }
    for cells in &table.rows {
        for (at, cell) in (0..).zip(cells) {
            write_cell(sheet, (row, at), cell, looks)?;
        }
        sheet.set_row_height(row, height(cells.iter().zip(widths())))?;
        row += 1;
    }
    signatures(sheet, row + 1, last, table.signers, looks)
}

/// A line for each who signs, half the page each.
fn signatures(
    sheet: &mut Worksheet,
    row: u32,
    last: u16,
    signers: [&str; 2],
    looks: &Looks,
) -> Result<(), XlsxError> {
    let middle = last / 2;
    let line =
        |who: &str| format!("{who}:                              (서명)    일자:              ");
    sheet.set_row_height(row, 36)?;
    sheet.merge_range(row, 0, row, middle, &line(signers[0]), &looks.sign)?;
    sheet.merge_range(row, middle + 1, row, last, &line(signers[1]), &looks.sign)?;
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let as_date = match cell {
        Cell::Day(day) => date_time(day.at(0, 0, 0, 0)).map(|date| (date, &looks.day)),
        Cell::Moment(at) => date_time(*at).map(|date| (date, &looks.moment)),
        Cell::Empty | Cell::Text(_) | Cell::Number(_) => None,
    };
    match (cell, as_date) {
        (_, Some((date, format))) => {
            sheet.write_datetime_with_format(row, column, &date, format)?;
        }
        (Cell::Empty, None) => {
            sheet.write_blank(row, column, &looks.text)?;
        }
        (Cell::Number(number), None) => {
            // Numbers of records are below 2^53: exact in a workbook.
            #[expect(clippy::cast_precision_loss, reason = "records hold none that is larger")]
            let number = *number as f64;
            sheet.write_number_with_format(row, column, number, &looks.number)?;
        }
        (Cell::Text(_) | Cell::Day(_) | Cell::Moment(_), None) => {
            let text = fitting(&cell.plain());
            sheet.write_string_with_format(row, column, &text, &looks.text)?;
        }
    }
    Ok(())
}

/// Points of a row in which all its texts have room, as near as can be told without their font:
/// not every program finds out by itself, and what has none is printed over the next row.
fn height<'a>(cells: impl Iterator<Item = (&'a Cell, f64)>) -> f64 {
    let lines = cells.map(|(cell, width)| {
        #[expect(clippy::cast_precision_loss, reason = "a cell has 32,767 letters at most")]
        let of_line = |line: &str| (line.width() as f64 / (width * PER_WIDTH)).ceil().max(1.0);
        cell.plain().split('\n').map(of_line).sum::<f64>()
    });
    (lines.fold(1.0, f64::max) * LINE + SPACE).min(MOST)
}

/// Letters of a column of 1: its width is told in larger ones, of 11 points.
const PER_WIDTH: f64 = 1.2;
/// Points of a line of 9 points, of what is left around the text, and of the highest row there
/// can be.
const LINE: f64 = 12.0;
const SPACE: f64 = 3.0;
const MOST: f64 = 409.0;

/// As a workbook counts days; `None` before March 1900, where its calendar is wrong.
fn date_time(at: DateTime) -> Option<ExcelDateTime> {
    if at.date() < jiff::civil::date(1900, 3, 1) {
        return None;
    }
    let part = |number: i8| u8::try_from(number).ok();
    let date =
        ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?);
    let (hour, minute) = (u16::try_from(at.hour()).ok()?, part(at.minute())?);
    date.and_then(|date| date.and_hms(hour, minute, f64::from(at.second()))).ok()
}

/// Most UTF-16 units of a cell.
const MAX_UNITS: usize = 32_767;
const CUT: &str = "…(뒤는 줄임: 기록 참조)";

/// A text that a cell has room for, without the two characters that no XML file may have.
fn fitting(text: &str) -> String {
    let text = text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    if text.encode_utf16().count() <= MAX_UNITS {
        return text;
    }
    let room = MAX_UNITS - CUT.encode_utf16().count();
    let mut units = 0;
    let kept = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units <= room
    });
    kept.collect::<String>() + CUT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by looking at a printed page: texts of two lines stood over the row below.
    #[test]
    fn a_row_has_room_for_every_line_of_its_texts() {
        let of = |texts: &[(&str, f64)]| {
            let cells: Vec<Cell> = texts.iter().map(|(text, _)| Cell::from(*text)).collect();
            height(cells.iter().zip(texts.iter().map(|(_, width)| *width))).to_string()
        };
        assert_eq!(of(&[]), "15");
        assert_eq!(of(&[("통계작성", 34.0), ("", 10.0)]), "15");
        // Of 24 letters that take two places each a column of 20 has room for a half.
        assert_eq!(of(&[("가".repeat(24).as_str(), 20.0)]), "27");
        assert_eq!(of(&[("비밀키 생성\n가명처리: visits", 34.0), ("가", 8.0)]), "27");
        assert_eq!(of(&[("가\n나\n다", 34.0)]), "39");
        assert_eq!(of(&["가\n".repeat(200).as_str()].map(|text| (text, 34.0))), "409");
    }
}
