//! Sheets of workbooks.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::process::Command;

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

const PATH: &str = "tables/loans-2026-11-20.xlsx";
const SOURCE: &str = "path = \"tables/loans-{date}.xlsx\"\nformat = \"xlsx\"";

/// [`loans`] as somebody keeps them: below a title, behind a hidden sheet.
fn kept(first: u32, name: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("설정").unwrap().set_hidden(true);
    let sheet = workbook.add_worksheet().set_name(name).unwrap().set_active(true);
    if first > 0 {
        sheet.merge_range(0, 0, 0, 4, "2026년 대출 현황", &CellFormat::new()).unwrap();
    }
    for (column, name) in (0..).zip(NAMES) {
        sheet.write(first, column, name).unwrap();
    }
    let (date, grouped) = (CellFormat::new(), CellFormat::new().set_num_format("#,##0"));
    let date = date.set_num_format("yyyy-mm-dd hh:mm");
    for (row, (card, branch, hour, books, remark)) in (first + 1..).zip(loans()) {
        let time = ExcelDateTime::from_ymd(2026, 11, 20).unwrap();
        let time = time.and_hms(hour, 30, 0).unwrap();
        sheet.write(row, 0, card).unwrap();
        sheet.write(row, 1, branch).unwrap();
        sheet.write_datetime_with_format(row, 2, &time, &date).unwrap();
        sheet.write_number_with_format(row, 3, books, &grouped).unwrap();
        sheet.write(row, 4, remark).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn who_stands_in_a_column_that_nobody_listed_is_looked_for() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let names = ["card", "branch", "time", "books", "words", "성명"];
    for (column, name) in (0..).zip(names) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, (card, branch, hour, books, _)) in (1..).zip(loans()) {
        sheet.write(row, 0, card).unwrap();
        sheet.write(row, 1, branch).unwrap();
        sheet.write(row, 2, format!("2026-11-20 {hour:02}:30:00")).unwrap();
        sheet.write(row, 3, books).unwrap();
        sheet.write(row, 4, "kanari.kim 님").unwrap();
        sheet.write(row, 5, "kanari.kim").unwrap();
    }
    let house = house(SOURCE);
    house.put(PATH, workbook.save_to_buffer().unwrap());
    refused_for_words(&house);
}

/// A workbook of one sheet, written by hand: its rows, its words, its properties.
fn made(rows: &str, words: &str, properties: &str) -> Vec<u8> {
    const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let package = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{TYPES}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |each: &str| format!("<Relationships {package}>{each}</Relationships>");
    let parts = [
        ("_rels/.rels", relations(&relation("a", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {MAIN} xmlns:r=\"{TYPES}\"><workbookPr {properties}/><sheets>\
                 <sheet name=\"표\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(
                &[
                    relation("b", "worksheet", "worksheets/sheet1.xml"),
                    relation("c", "sharedStrings", "sharedStrings.xml"),
                    relation("d", "styles", "styles.xml"),
                ]
                .concat(),
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet {MAIN}><cellXfs count=\"3\"><xf numFmtId=\"0\"/>\
                 <xf numFmtId=\"22\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst {MAIN} {words}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let is_long = text.len() > 100 << 20 && name.contains("Strings");
        let method = if is_long { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What a sheet with these rows becomes.
fn sheet(rows: &str, properties: &str) -> Result<String, source::Error> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("made.xlsx");
    crate::house::put(&path, &made(rows, "uniqueCount=\"1\"><si><t>가</t></si>", properties));
    text(&format("xlsx"), &path, None)
}

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c>\
                      <c r=\"B1\" t=\"inlineStr\"><is><t>b</t></is></c></row>";

/// A row with [`NAMES`].
fn header() -> String {
    let cell = |name| format!("<c t=\"inlineStr\"><is><t>{name}</t></is></c>");
    format!("<row r=\"1\">{}</row>", NAMES.map(cell).concat())
}

#[test]
fn the_same_rows_give_the_same_table() {
    for (source, bytes) in [
        (SOURCE.to_owned(), kept(0, "대출")),
        (format!("{SOURCE}\nsheet = \"대출\"\nheader_row = 4"), kept(3, "대출")),
    ] {
        let house = house(&source);
        house.put(PATH, bytes);
        assert_eq!(published(&house), expected());
        holds_no_remark(&house, PATH);
        let before = house.tree();
        run(&house, &[]).exits(0);
        assert_eq!(house.tree(), before);
    }
}

#[test]
fn a_title_is_passed_over_only_if_somebody_says_so() {
    let house = house(SOURCE);
    house.put(PATH, kept(3, "대출"));
    run_refused(&house, 3, "not among the 1 names of the header line");
}

/// As `docs/tables.md` has it.
#[test]
fn every_cell_becomes_text() {
    let rows = [
        HEADER,
        "<row r=\"2\"><c r=\"A2\"><v>1234567</v></c><c r=\"B2\"><v>0.1</v></c></row>",
        "<row r=\"3\"><c r=\"A3\" t=\"b\"><v>1</v></c><c r=\"B3\" t=\"s\"><v>0</v></c></row>",
        // A row that is not there, and one in which nothing stands.
        "<row r=\"5\"><c r=\"A5\" t=\"str\"><f>T(\"\")</f><v></v></c></row>",
        "<row r=\"6\"><c r=\"A6\" t=\"e\"><v>#N/A</v></c></row>",
        "<row r=\"7\"><c r=\"B7\" t=\"str\"><f>A2&amp;\"x\"</f><v>&lt;x&gt;, \"y\"</v></c></row>",
        // Beside the table.
        "<row r=\"8\"><c r=\"A8\" s=\"1\"><v>46346.5</v></c><c r=\"Z8\"><v>9</v></c></row>",
        "<row r=\"9\"><c r=\"A9\" s=\"1\"><v>46346</v></c><c r=\"B9\" s=\"2\"><v>1.5</v></c></row>",
        "<row r=\"10\"><c r=\"Z10\"><v>9</v></c></row>",
    ];
    let lines = [
        "\"a\",\"b\"\n",
        "1234567,0.1\n",
        "true,가\n",
        "\n",
        "\n",
        ",\n",
        ",\"<x>, \"\"y\"\"\"\n",
        "2026-11-20 12:00:00,\n",
        "2026-11-20,36:00:00\n",
    ];
    assert_eq!(sheet(&rows.concat(), "").unwrap(), lines.concat());
    let of_1904 = rows[7].replace("A9", "A2").replace("B9", "B2");
    let text = sheet(&format!("{HEADER}{of_1904}"), "date1904=\"1\"").unwrap();
    assert_eq!(text, "\"a\",\"b\"\n2030-11-21,36:00:00\n");
}

/// The number of a reject is that of the row, counted from the header.
#[test]
fn a_row_that_is_too_long_is_one_reject() {
    let house = house(&format!("{SOURCE}\nmax_rejects = 0.1"));
    let mut rows = header();
    for (row, (card, _, hour, books, _)) in (2..).zip(loans()) {
        let remark = if row == 20 { "a,\"\n".repeat(100_000) } else { String::new() };
        let _ = write!(
            rows,
            "<row r=\"{row}\"><c><v>{card}</v></c><c t=\"inlineStr\"><is><t>중앙</t></is></c>\
             <c t=\"inlineStr\"><is><t>2026-11-20 {hour:02}:00</t></is></c><c><v>{books}</v></c>\
             <c t=\"inlineStr\"><is><t>{remark}</t></is></c></row>"
        );
    }
    house.put(PATH, made(&rows, ">", ""));
    // Nobody wants the remark, so it does no harm …
    let report = run(&house, &[]).exits(0).json().pop().unwrap();
    assert_eq!(conserved(&report)[..3], [41, 40, 0]);
    // … and a branch is wanted.
    house.edit(
        "pipelines/loans.toml",
        "branch = \"keep\"",
        "branch = \"keep\"\nremark = { as = \"words\", category = { map = {}, other = \"x\" } }",
    );
    let digest = House::unapproved(&run(&house, &[]).exits(1));
    house.approve("loans", &digest, "비고");
    // An approval of the plan says nothing of rows that are gone.
    run(&house, &[]).exits(4);
    let said = run(&house, &["--accept-change", "비고"]).exits(0);
    let report = said.json().pop().unwrap();
    assert_eq!(conserved(&report)[..3], [41, 39, 1]);
}

#[test]
fn what_cannot_be_read_is_refused() {
    let whole = kept(0, "대출");
    let compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100);
    let half =
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\" t=\"b\"><v>kanari</v>";
    let back =
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"9\"><c r=\"A99999999\"><v>1</v></c></row>";
    let wide = "<row r=\"1\"><c r=\"ZZZZZZZZZ1\"><v>1</v></c></row>";
    let cases = [
        (b"".to_vec(), SOURCE.to_owned(), "not a workbook (.xlsx)"),
        (b"card,branch,time,books\n".to_vec(), SOURCE.to_owned(), "not a workbook (.xlsx)"),
        (whole[..whole.len() / 2].to_vec(), SOURCE.to_owned(), "not a workbook (.xlsx)"),
        (compound, SOURCE.to_owned(), "encrypted, or of before 2007"),
        (
            whole.clone(),
            format!("{SOURCE}\nsheet = \"반납\""),
            "sheet `반납`: not among the 2 sheets",
        ),
        (whole.clone(), format!("{SOURCE}\nheader_row = 400"), "row 400: empty"),
        (whole, format!("{SOURCE}\nsheet = \"설정\""), "row 1: empty, expected the names"),
        (made(half, ">", ""), SOURCE.to_owned(), "behind row 1"),
        (made(back, ">", ""), SOURCE.to_owned(), "behind row 2"),
        (made(far, ">", ""), SOURCE.to_owned(), "behind row 1"),
        (made(wide, ">", ""), SOURCE.to_owned(), "damaged, or not as"),
        (made("", "uniqueCount=\"9999999999\">", ""), SOURCE.to_owned(), "more words are said"),
    ];
    for (bytes, source, message) in cases {
        let house = house(&source);
        house.put(PATH, bytes);
        run_refused(&house, 4, message);
    }
}

/// In so little memory that the bomb would not fit.
#[test]
fn a_bomb_is_refused_before_it_takes_room_or_time() {
    let cells = " ".repeat(300 << 20);
    let words = |mib: usize| format!("uniqueCount=\"1\"><si><t>{}</t></si>", "a".repeat(mib << 20));
    // One long word, in every cell.
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(NAMES.len()));
    let long = format!("{}{}", header(), row.repeat(20));
    for (bytes, message) in [
        (made(&cells, ">", ""), "expands beyond reason"),
        (made(HEADER, &words(150), ""), "part 5: more than 128 MiB"),
        (made(&long, &words(110), ""), "20 of 21 lines rejected"),
    ] {
        let house = house(SOURCE);
        house.put(PATH, bytes);
        let mut command = Command::new("sh");
        let limited = "ulimit -v 2097152; exec \"$@\"";
        command.args(["-c", limited, "sh", env!("CARGO_BIN_EXE_gamyeong"), "--house"]);
        command.arg(&house.root).arg("run").arg(house.path("pipelines/loans.toml"));
        command.args(["--date", DATE]).env("RAYON_NUM_THREADS", "2");
        let said = Said::from(command.output().unwrap()).exits(4);
        assert!(said.err.contains(message), "{message}: {}", said.err);
        house.holds_no_output();
    }
}
