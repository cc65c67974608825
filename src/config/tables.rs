//! What a source says of how its tables are written in; the format with it, or
//! what speaks against it, out.
//!
//! Not here: columns (`fields`).

use std::path::Path;

use super::check::Check;
use super::house::House;
use super::pipeline_file::Source as SourceFile;
use super::problem::What;
use crate::parse::Format;

impl Check<'_> {
    /// Takes the keys that say how a table is written into the format. Refuses
    /// those that do not belong to it.
    pub(super) fn table(&mut self, source: &SourceFile, at: &str, format: &mut Format) {
        let of_csv = (format.csv_mut().is_some(), "csv");
        let of_workbook = (format.sheet_mut().is_some(), "xlsx");
        let of_database = (format.query().is_some(), "postgresql` or `mysql");
        let given = [
            ("delimiter", source.delimiter.is_some(), of_csv),
            ("quote", source.quote.is_some(), of_csv),
            ("encoding", source.encoding.is_some(), of_csv),
            ("names", source.names.is_some(), of_csv),
            ("sheet", source.sheet.is_some(), of_workbook),
            ("header_row", source.header_row.is_some(), of_workbook),
            ("query", source.query.is_some(), of_database),
            ("database", source.database.is_some(), of_database),
        ];
        for (key, is_given, (is_fit, format)) in given {
            if is_given && !is_fit {
                self.fault(&format!("{at}.{key}"), What::FormatOnly { key, format });
            }
        }
        if let (Some(query), Some(text)) = (format.query_mut(), &source.query) {
            query.text.clone_from(text);
            if !query.is_ordered() {
                self.fault(&format!("{at}.query"), What::Unordered);
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

    /// The file that says where the database of a source is. Refuses a source that
    /// reads neither files nor a query, or both.
    pub(super) fn database(
        &mut self,
        house: &House,
        source: &SourceFile,
        at: &str,
        format: Option<&Format>,
    ) -> Option<String> {
        let is_query = format?.query().is_some();
        let needed = [
            ("path", source.path.is_some(), !is_query),
            ("query", source.query.is_some(), is_query),
            ("database", source.database.is_some(), is_query),
        ];
        for (key, is_given, is_needed) in needed {
            if is_needed && !is_given {
                self.fault(at, What::MissingKey { key: key.to_owned() });
            }
        }
        if !is_query {
            return None;
        }
        if source.path.is_some() {
            self.fault(&format!("{at}.path"), What::NoPath { format: source.format.clone() });
        }
        let found = source.database.as_ref()?;
        let path = house.root.join(found);
        let name = path.strip_prefix(&house.keys).ok().and_then(Path::to_str);
        let name = name.filter(|name| name.strip_suffix(".url").is_some() && !name.contains('/'));
        if name.is_none() {
            let what = What::Database { found: found.clone(), keys: house.keys.clone() };
            self.fault(&format!("{at}.database"), what);
        }
        name.map(str::to_owned)
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
