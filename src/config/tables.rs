//! What a source says of how its tables are written in; the format with it, or
//! what speaks against it, out.
//!
//! Not here: columns (`fields`).

use super::check::Check;
use super::pipeline_file::Source as SourceFile;
use super::problem::What;
use crate::parse::Format;

impl Check<'_> {
    /// Takes the keys that say how a table is written into the format. Refuses
    /// those that do not belong to it.
    pub(super) fn table(&mut self, source: &SourceFile, at: &str, format: &mut Format) {
        let of_csv = (format.csv_mut().is_some(), "csv");
        let of_workbook = (format.sheet_mut().is_some(), "xlsx");
        let given = [
            ("delimiter", source.delimiter.is_some(), of_csv),
            ("quote", source.quote.is_some(), of_csv),
            ("encoding", source.encoding.is_some(), of_csv),
            ("names", source.names.is_some(), of_csv),
            ("sheet", source.sheet.is_some(), of_workbook),
            ("header_row", source.header_row.is_some(), of_workbook),
        ];
        for (key, is_given, (is_fit, format)) in given {
            if is_given && !is_fit {
                self.fault(&format!("{at}.{key}"), What::FormatOnly { key, format });
            }
        }
        if let Some(sheet) = format.sheet_mut() {
            sheet.name.clone_from(&source.sheet);
            sheet.header_row = source.header_row;
        }
        let delimiter = self.mark(source.delimiter, "delimiter", at);
        let quote = self.mark(source.quote, "quote", at);
        if let Some(csv) = format.csv_mut() {
            csv.delimiter = delimiter.unwrap_or(csv.delimiter);
            csv.quote = quote.unwrap_or(csv.quote);
            csv.encoding = source.encoding.unwrap_or_default();
            if csv.delimiter == csv.quote {
                let key = if quote.is_some() { "quote" } else { "delimiter" };
                self.fault(&format!("{at}.{key}"), What::Mark { key });
            }
        }
        if let Some(names) = &source.names {
            self.names(names, &format!("{at}.names"));
            format.set_names(names);
        }
    }

    /// A byte that divides a table: one that is no part of a letter or a line
    /// ending.
    fn mark(&mut self, given: Option<char>, key: &'static str, at: &str) -> Option<u8> {
        let byte =
            u8::try_from(given?).ok().filter(|byte| byte.is_ascii() && !b"\r\n".contains(byte));
        if byte.is_none() {
            self.fault(&format!("{at}.{key}"), What::Mark { key });
        }
        byte
    }

    fn names(&mut self, names: &[String], key: &str) {
        if names.is_empty() {
            self.fault(key, What::TooFew { least: 1 });
        }
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                self.fault(&format!("{key}[{index}]"), What::Twice { name: name.clone() });
            }
        }
    }
}
