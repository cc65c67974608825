//! Texts and tables in; one page that needs nothing else out.
//!
//! No script, no network: the policy of the page allows its own style sheet by digest and
//! nothing besides. Whatever a record says is text.

use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::table::{Cell, Table};

const STYLE: &str = "\
:root{color-scheme:light}\
body{font:16px/1.6 \"Malgun Gothic\",\"Apple SD Gothic Neo\",\"Noto Sans KR\",sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#111}\
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}\
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}\
th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;white-space:pre-line;word-break:keep-all;overflow-wrap:break-word}\
th{background:#eee}th[scope=row]{width:11rem}td.number{text-align:right}\
td.day{white-space:nowrap}\
td.long{overflow-wrap:anywhere;word-break:break-all}\
.note{color:#555;font-size:.9rem}\
.sign{display:flex;justify-content:space-around;margin-top:3rem;white-space:pre}\
@page{size:A4;margin:15mm}\
@media print{body{margin:0;max-width:none;font-size:10pt}tr{break-inside:avoid}thead{display:table-header-group}}\
";

/// A page of this title; `body` is markup.
pub(super) fn document(title: &str, body: &str) -> String {
    let digest = BASE64.encode(&Sha256::digest(STYLE));
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         {body}</body>\n</html>\n"
    )
}

/// Text that is only text.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A heading, and the table below it.
pub(super) fn section(table: &Table) -> String {
    format!("<h2>{}</h2>\n{}", escaped(table.title), self::table(table))
}

/// A table with its headings.
pub(super) fn table(table: &Table) -> String {
    let heads = table.columns.iter().map(|column| element("th scope=\"col\"", column.name));
    let mut rows: String = table.rows.iter().map(|row| self::row(row)).collect();
    if rows.is_empty() {
        let columns = table.columns.len();
        rows = format!("<tr><td colspan=\"{columns}\">해당 사항이 없습니다.</td></tr>\n");
    }
    let heads: String = heads.collect();
    format!("<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
}

/// A form of two columns.
pub(super) fn fields(pairs: &[(&str, String)]) -> String {
    let row = |(name, value): &(&str, String)| {
        format!("<tr>{}{}</tr>\n", element("th scope=\"row\"", name), element("td", value))
    };
    let rows: String = pairs.iter().map(row).collect();
    format!("<table>\n<tbody>\n{rows}</tbody>\n</table>\n")
}

/// Text in an element, whose attributes stand behind its name.
pub(super) fn element(tag: &str, text: &str) -> String {
    let name = tag.split(' ').next().unwrap_or(tag);
    format!("<{tag}>{}</{name}>", escaped(text))
}

/// Bytes of a word that is wider than a column.
const LONG: usize = 60;

fn row(cells: &[Cell]) -> String {
    let cell = |cell: &Cell| {
        let plain = cell.plain();
        // A digest may break anywhere, a word may not.
        let is_long = plain.split_whitespace().any(|word| word.len() > LONG);
        let tag = match cell {
            Cell::Number(_) => "td class=\"number\"",
            Cell::Text(_) if is_long => "td class=\"long\"",
            Cell::Day(_) => "td class=\"day\"",
            Cell::Empty | Cell::Text(_) | Cell::Moment(_) => "td",
        };
        element(tag, &plain)
    };
    format!("<tr>{}</tr>\n", cells.iter().map(cell).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_record_says_is_never_markup() {
        let rows = [[Cell::from("<script>alert('\"&')</script>")]];
        let html = table(&Table::new(["a", "a", "a", "a"], [("가", 1.0)], rows));
        assert!(
            html.contains("<td>&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;</td>"),
            "{html}"
        );
        assert!(document("<b>", "").contains("<title>&lt;b&gt;</title>"));
    }
}
