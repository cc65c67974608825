//! The files of a ledger in; one HTML page that shows and checks them out.
//!
//! ```text
//! page/page.html  ◄─ page.css
//!                 ◄─ the items of every kind, the phrases of findings   a part of the script
//!                 ◄─ verify/*.js, show/*.js      one script, in the order below
//!                 ◄─ the files of the ledger     as JSON, `<` escaped, large ones one by one
//! ```
//!
//! The page needs nothing else: no network, no second file, no program. Its policy allows
//! the one script and the one style sheet by their digests, and nothing besides.
//!
//! Not here: what the records mean (`show/*.js`), whether they are intact (`verify/*.js`).

use data_encoding::BASE64;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::reasons;
use super::stored::Stored;
use super::words;

mod items;

/// The shell: its marks are filled in [`write`].
const SHELL: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");

/// The check of a ledger.
const VERIFIER: &[&str] = &[
    include_str!("page/verify/bytes.js"),
    include_str!("page/verify/sha256.js"),
    include_str!("page/verify/json.js"),
    include_str!("page/verify/record.js"),
    include_str!("page/verify/tree.js"),
    include_str!("page/verify/hasher.js"),
    include_str!("page/verify/note.js"),
    include_str!("page/verify/approvals.js"),
    include_str!("page/verify/items.js"),
    include_str!("page/verify/laws.js"),
    include_str!("page/verify/audit.js"),
    include_str!("page/verify/seals.js"),
    include_str!("page/verify/checkpoints.js"),
    include_str!("page/verify/vouchers.js"),
    include_str!("page/verify/proved.js"),
];

const SHOW: &[&str] = &[
    include_str!("page/show/words.js"),
    include_str!("page/show/collect.js"),
    include_str!("page/show/draw.js"),
    include_str!("page/show/ledgers.js"),
    include_str!("page/show/reviews.js"),
    include_str!("page/show/overview.js"),
    include_str!("page/show/forms.js"),
    include_str!("page/show/results.js"),
    include_str!("page/show/records.js"),
    include_str!("page/show/proof.js"),
    include_str!("page/show/page.js"),
];

/// What a page is about.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The files of the ledger.
    #[serde(flatten)]
    pub stored: Stored,
    /// The time zone in which days begin.
    pub zone: String,
    /// When the page was made.
    pub made: String,
    /// First day that is shown; all of them are checked.
    pub from: Option<String>,
    /// Last day that is shown.
    pub to: Option<String>,
}

/// Gives the page.
#[must_use]
pub fn write(mut page: Page) -> String {
    let parts = page.stored.take_parts();
    let block = |part| {
        format!("<script type=\"application/json\" class=\"part\">{}</script>\n", json(part))
    };
    let files: String = parts.iter().map(block).collect();
    let phrases = format!(
        "const FINDING_PHRASES = {};\nconst NIGHT_REASONS = {};\n",
        json(&words::PHRASES),
        json(&reasons::REASONS)
    );
    let code = [VERIFIER.concat(), SHOW.concat()].concat();
    let script = format!("\"use strict\";\n{}{phrases}{code}", items::script());
    let parts = [
        ("style-digest", digest(STYLE)),
        ("script-digest", digest(&script)),
        ("style", STYLE.to_owned()),
        ("script", script),
        ("ledger", json(&page)),
        ("files", files),
    ];
    let mut html = String::new();
    let mut rest = SHELL;
    // One way through, so that a mark in what is put in is left alone.
    while let Some((before, behind)) = rest.split_once("{{") {
        let (mark, after) = behind.split_once("}}").unwrap_or((behind, ""));
        html.push_str(before);
        let part = parts.iter().find(|(name, _)| *name == mark);
        html.push_str(part.map_or("", |(_, text)| text));
        rest = after;
    }
    html.push_str(rest);
    html
}

/// Text only: what could end the block, or begin another, is written as an escape.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
}

/// As a content security policy names it.
fn digest(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(text)))
}
