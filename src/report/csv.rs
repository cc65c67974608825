//! A table in; a file that every spreadsheet opens, out.
//!
//! UTF-8 with a byte order mark, without which Excel takes it for code page 949; lines end
//! with CR LF (RFC 4180). A text that a spreadsheet would take for a formula gets an
//! apostrophe before it: what a record says must not be computed by whoever opens it.

use super::table::{Cell, Table};

/// Gives the file.
#[must_use]
pub fn write(table: &Table) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let headings = table.columns.iter().map(|column| quoted(&table.heading(column)));
    text.push_str(&headings.collect::<Vec<_>>().join(","));
    text.push_str("\r\n");
    for row in &table.rows {
        let cells = row.iter().map(|cell| quoted(&guarded(cell)));
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// What begins a formula: Korean and Japanese spreadsheets take the wide forms too.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

fn guarded(cell: &Cell) -> String {
    let plain = cell.plain();
    let is_formula = matches!(cell, Cell::Text(text) if text.starts_with(FORMULA));
    if is_formula { format!("'{plain}") } else { plain }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> String {
        let rows = [[Cell::from(text), Cell::Number(7)]];
        let table = Table::new(["a", "a", "a", "a"], [("가", 1.0), ("나", 1.0)], rows);
        String::from_utf8(write(&table)).unwrap()
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+82-31", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠a"] {
            let file = file(text);
            let cell = file.split("\r\n").nth(1).unwrap_or_default();
            assert!(cell.trim_start_matches('"').starts_with('\''), "{cell}");
        }
        assert_eq!(file("a=1"), "\u{feff}가,나\r\na=1,7\r\n");
    }

    /// Whoever gets the file alone must know by which clock a time is.
    #[test]
    fn headings_of_instants_name_their_zone() {
        let seoul = jiff::tz::TimeZone::get("Asia/Seoul").unwrap();
        let columns = [("접속일시", 1.0), ("사유", 1.0)];
        let table = Table::new(["a", "a", "a", "a"], columns, [] as [[Cell; 2]; 0]);
        let file = String::from_utf8(write(&table.timed(&["접속일시"], &seoul))).unwrap();
        assert_eq!(file, "\u{feff}접속일시 (Asia/Seoul),사유\r\n");
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        assert_eq!(file("a,\"b\"\nc"), "\u{feff}가,나\r\n\"a,\"\"b\"\"\nc\",7\r\n");
        assert_eq!(file(" a "), "\u{feff}가,나\r\n\" a \",7\r\n");
    }
}
