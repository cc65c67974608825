//! `docs/records.md` is written from the table that the program goes by.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gamyeong::ledger::items::{self, Item, Need, Writer};
use gamyeong::ledger::record::KINDS;

/// Stands before the part that is made.
const MARK: &str = "<!-- made from src/ledger/items by tests/it/records/documented.rs -->\n";

#[test]
fn the_document_says_what_the_program_asks_for() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/records.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, made) = text.split_once(MARK).unwrap();
    let expected = tables();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        crate::house::put(&path, format!("{before}{MARK}{expected}").as_bytes());
        return;
    }
    assert_eq!(made, expected, "run this test with UPDATE_DOCS=1");
}

fn tables() -> String {
    let mut text = String::new();
    for kind in KINDS {
        let kept = items::of(kind);
        let writer =
            if kept.writer == Writer::Program { "프로그램" } else { "프로그램, 사람" };
        writeln!(text, "\n## {} — {} ({})\n", kind.as_str(), kept.korean, kept.english).unwrap();
        writeln!(text, "{}; {writer}\n", kept.form).unwrap();
        text.push_str("| key | 항목 | item | 근거 | 형식 | 필요 |\n|---|---|---|---|---|---|\n");
        rows(kept.items, "", &mut text);
    }
    text
}

fn rows(items: &[Item], path: &str, text: &mut String) {
    for item in items {
        let key = format!("{path}{}", item.key);
        let need = match item.need {
            Need::Always => "예".to_owned(),
            Need::Never => "있을 때".to_owned(),
            Need::If(key, word) => format!("`{key}` = {word}"),
            Need::Without(key) => format!("`{key}` 없을 때"),
            Need::With(key) => format!("`{key}` 있을 때"),
        };
        let words = item.form.words().map(|words| words.join(" · "));
        let form = words.unwrap_or_else(|| item.form.expected().to_owned());
        let Item { korean, english, law, .. } = item;
        writeln!(text, "| `{key}` | {korean} | {english} | {law} | {form} | {need} |").unwrap();
        let mark = if item.form.is_list() { "[]." } else { "." };
        rows(item.form.items().unwrap_or_default(), &format!("{key}{mark}"), text);
    }
}
