//! Any bytes in; a panic if a law of reading does not hold for them.
//!
//! Used by the fuzz targets, and by the tests of the package on the inputs that
//! the targets kept.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use gamyeong::parse::{Format, Parser, Values};
use gamyeong::source::{self, CHUNK_BYTES, Input, LINE_BYTES};
use jiff::civil::{Date, date};

/// Tells the year of times that have none.
const DATE: Date = date(2026, 11, 25);

/// Formats of each family, by the name of its target.
pub fn formats(family: &str) -> Vec<Format> {
    let names = Format::listed().map(|listed| listed.name);
    let chosen: Vec<&str> = match family {
        "w3c" => vec!["w3c", "cloudfront"],
        "json" => vec!["json"],
        "table" => vec!["csv", "kea", "windows-dhcp"],
        "workbook" => vec!["xlsx", "parquet"],
        "database" => vec!["postgresql", "mysql"],
        "leases" => vec!["dhcpd", "radius"],
        "system_log" => vec!["dnsmasq", "dhcpd-syslog", "hostapd", "cisco-wlc", "aruba"],
        _ => {
            let others = ["w3c", "json", "table", "workbook", "database", "leases", "system_log"];
            let others = others.map(formats).concat();
            return names.map(format).filter(|format| !others.contains(format)).collect();
        }
    };
    chosen.into_iter().map(format).collect()
}

fn format(name: &str) -> Format {
    Format::new(name).unwrap().unwrap()
}

/// What a file comes to.
#[derive(Debug, Default, PartialEq)]
struct Total {
    lines: u64,
    blank: u64,
    excluded: u64,
    rejected: u64,
    rows: Vec<Vec<Option<Vec<u8>>>>,
}

/// Every line is accounted for, and where chunks end changes nothing. For bytes
/// in one of the formats, by their first byte.
pub fn reading(formats: &[Format], bytes: &[u8]) {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    reading_of(&formats[usize::from(choice) % formats.len()], bytes);
}

/// As [`reading`], for a file in a format.
pub fn reading_of(format: &Format, bytes: &[u8]) {
    let file = File::new(bytes);
    let Some(names) = names(format, &file.0) else { return };
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    let Ok(parser) = Parser::dated(format, &wanted, DATE) else { return };
    let input = Input::from(file.0.as_path());
    let whole = total(format, &parser, &input, CHUNK_BYTES);
    let small = total(format, &parser, &input, 64);
    assert_eq!(whole, small, "{}: chunks change what is read", format.name());
}

/// A format string is compiled or refused, and what it reads obeys the same laws.
pub fn format_string(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (string, lines) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(Ok(format)) = Format::new(string) {
        reading_of(&format, lines.as_bytes());
    }
}

/// Stored bytes are decompressed or refused.
pub fn stored(bytes: &[u8]) {
    let file = File::new(bytes);
    let mut reader = source::open(std::slice::from_ref(&file.0), source::Cut::Lines, CHUNK_BYTES);
    while let Ok(Some(chunk)) = reader.next() {
        reader.recycle(chunk);
    }
}

/// A file of Parquet or a workbook is read or refused, and what is read of it obeys
/// the laws of tables: no panic gets out of the thread that reads it.
pub fn workbook(bytes: &[u8]) {
    for format in formats("workbook") {
        let file = File::new(bytes);
        let input = Input::from(file.0.as_path()).read_as(format.table(None));
        let Ok(head) = source::head(&input, format.cut()) else { continue };
        let names = Parser::new(&format, &[]).unwrap().columns(&head);
        let names: Vec<String> =
            names.into_iter().map(|name| String::from_utf8(name).unwrap()).collect();
        let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
        let Ok(parser) = Parser::new(&format, &wanted) else { continue };
        let whole = total(&format, &parser, &input, CHUNK_BYTES);
        let small = total(&format, &parser, &input, 64);
        assert_eq!(whole, small, "{}: chunks change what is read", format.name());
        // Only what is too long for a record cannot be written as one.
        let is_short = bytes.len() < LINE_BYTES / 200;
        let rejected = whole.map_or(0, |total| total.rejected);
        assert!(rejected == 0 || !is_short, "{}: a row is rejected", format.name());
    }
}

/// The fields that the file names, or those of the format.
fn names(format: &Format, path: &Path) -> Option<Vec<String>> {
    let mut reader = source::open(&[path.to_owned()], format.cut(), CHUNK_BYTES);
    let chunk = reader.next().ok()??;
    format.named_by(&chunk)
}

/// `None` if the header has not what was found in it: a name may stand twice.
fn total(format: &Format, parser: &Parser, input: &Input, chunk_bytes: usize) -> Option<Total> {
    let mut reader = source::open(std::slice::from_ref(input), format.cut(), chunk_bytes);
    let mut total = Total::default();
    while let Some(chunk) = reader.next().ok()? {
        let columns = parser.chunk(&chunk).ok()?;
        let excluded: u64 = columns.excluded.values().sum();
        let rejected = columns.rejects.len() as u64;
        let known = columns.rows as u64 + columns.blank + excluded + rejected;
        assert_eq!(columns.lines, known, "{}: a line is not accounted for", format.name());
        for reject in &columns.rejects {
            assert!(chunk.bytes.get(reject.span.clone()).is_some(), "{}", format.name());
        }
        total.lines += columns.lines;
        total.blank += columns.blank;
        total.excluded += excluded;
        total.rejected += rejected;
        let mut fields: Vec<_> = columns.fields.iter().map(Values::iter).collect();
        for _ in 0..columns.rows {
            let row = fields.iter_mut().map(|field| field.next().flatten().map(<[u8]>::to_vec));
            total.rows.push(row.collect());
        }
        reader.recycle(chunk);
    }
    Some(total)
}

/// A file in memory.
struct File(PathBuf);

impl File {
    fn new(bytes: &[u8]) -> File {
        let name =
            format!("gamyeong-fuzz-{}-{:?}", std::process::id(), std::thread::current().id());
        let path = Path::new("/dev/shm").join(name);
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(bytes).unwrap();
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
