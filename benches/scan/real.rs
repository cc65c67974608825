//! Files that others wrote in; what is found in them out.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use gamyeong::scan::{Kind, find};

use crate::Failure;

/// Hits in text that nobody made up.
pub(crate) fn real() -> Result<(), Failure> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/korean");
    let mut out = io::stdout().lock();
    if !dir.is_dir() {
        writeln!(out, "\n{}: absent, nothing scanned", dir.display())?;
        return Ok(());
    }
    writeln!(out, "\ntext of others             values      bytes  hits")?;
    let loans: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("get_popular_loans_response.txt"))?)?;
    let libraries: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("search_libraries_response.txt"))?)?;
    let detail: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("get_book_detail_response.txt"))?)?;
    report(&mut out, "loans", &strings(&loans), "none")?;
    report(&mut out, "detail of a book", &strings(&detail), "none")?;
    report(&mut out, "libraries", &strings(&libraries), "telephone and fax of ten")?;
    let queries = log_lines(&dir.join("access_mixed_encoding.log"))?;
    report(&mut out, "lines of a log", &queries, "none")?;
    let cells = table(&dir.join("library_info.cp949.csv.gz"))?;
    report(
        &mut out,
        "table of libraries",
        &cells,
        "telephones: as many as the next line has values",
    )?;
    let is_telephone =
        |text: &&String| text.starts_with('0') && text.len() > 8 && text.matches('-').count() == 2;
    let telephones: Vec<String> = cells.iter().filter(is_telephone).cloned().collect();
    report(&mut out, "telephones of the table", &telephones, "all")?;
    let others: Vec<String> = cells.iter().filter(|text| !is_telephone(text)).cloned().collect();
    report(&mut out, "all else in the table", &others, "telephones of another form")
}

fn report(
    out: &mut impl io::Write,
    what: &str,
    texts: &[String],
    expected: &str,
) -> Result<(), Failure> {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut examples = Vec::new();
    let mut hits = Vec::new();
    for text in texts {
        hits.clear();
        find(text, &mut hits);
        for hit in &hits {
            *counts.entry(hit.kind).or_default() += 1;
            if hit.kind != Kind::Landline || examples.len() < 2 {
                examples.push(text.get(hit.span.clone()).unwrap_or_default());
            }
        }
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let counts: Vec<String> =
        counts.iter().map(|(kind, count)| format!("{} {count}", kind.name())).collect();
    writeln!(
        out,
        "{what:24} {:8} {bytes:10}  {} (expected: {expected})",
        texts.len(),
        counts.join(", ")
    )?;
    examples.truncate(12);
    if !examples.is_empty() {
        writeln!(out, "{:24} such as {}", "", examples.join(" | "))?;
    }
    Ok(())
}

/// All texts of a JSON value, and `key=text` as a query would have it.
fn strings(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(values) => values.iter().flat_map(strings).collect(),
        serde_json::Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| {
                let mut found = strings(value);
                if let serde_json::Value::String(text) = value {
                    found.push(format!("{key}={text}"));
                }
                found
            })
            .collect(),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            Vec::new()
        }
    }
}

/// Lines, as far as they are text: what is escaped stays so.
fn log_lines(path: &Path) -> Result<Vec<String>, Failure> {
    let bytes = fs::read(path)?;
    let decode = |line: &[u8]| match str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::EUC_KR.decode(line).0.into_owned(),
    };
    Ok(bytes.split(|byte| *byte == b'\n').map(decode).collect())
}

/// Cells of a packed table in code page 949.
fn table(path: &PathBuf) -> Result<Vec<String>, Failure> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(path)?).read_to_end(&mut bytes)?;
    let (text, _, _) = encoding_rs::EUC_KR.decode(&bytes);
    let mut cells = Vec::new();
    for row in csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes()).records() {
        cells.extend(row?.iter().filter(|cell| !cell.is_empty()).map(str::to_owned));
    }
    Ok(cells)
}
