//! Arguments that do not go together, and what to type instead.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::parse;

/// Arguments that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Usage {
    #[error("`--input {name}=…`: no source `{name}` in the pipelines given")]
    NoSource { name: String },
    #[error("`--input {name}=…`: given twice, a source reads one file in place of its path")]
    InputTwice { name: String },
    #[error("`--input {name}=…`: the source reads a query, no file takes its place")]
    InputOfQuery { name: String },
    #[error("format `{0}` reads a query, not a file")]
    NoFile(String),
    #[error("`--accept-change`: reason has a line break or control character, or is empty")]
    Reason,
    #[error("`--reason`: has a line break or control character, or is empty")]
    Why,
    #[error("`{option}`: looks like personal data or a secret: {kinds}")]
    Personal { option: &'static str, kinds: String },
    #[error("`--show-values` in a house: `--reason TEXT` is missing, it stands in the record")]
    NoWhy,
    #[error("`--input {text}`: not of the form SOURCE=PATH")]
    Input { text: String },
    #[error("{}: not empty, a house is made in a new or empty directory", path.display())]
    NotEmpty { path: PathBuf },
    #[error("{}: no checkpoint or proof of this ledger, with both its signatures", path.display())]
    NoCheckpoint { path: PathBuf },
    #[error("`--management-no {number}`: no record has it")]
    NoNumber { number: String },
    #[error("no record `{found}`, the ledger has 0 to {last}")]
    NoRecord { found: u64, last: u64 },
    #[error("pipelines of two houses in one run: {} and {}", first.display(), second.display())]
    TwoHouses { first: PathBuf, second: PathBuf },
    #[error("`--trust {}`: line {line} is no public key of the form `name+id+base64`", path.display())]
    Trust { path: PathBuf, line: usize },
    #[error("`--trust {}`: keys of {found}, the ledger is of {origin}", path.display())]
    OtherTrust { path: PathBuf, found: String, origin: String },
    #[error("`--trust {}`: no public key in it", path.display())]
    NoTrust { path: PathBuf },
    #[error("{}: no proof of a record, as `ledger prove` makes it", path.display())]
    NoProof { path: PathBuf },
    #[error(
        "`--record FILE` is missing, what `ledger show SEQ --json` prints: the proof has none in it"
    )]
    RecordMissing,
    #[error("`--out {}`: there already, with something else in it", path.display())]
    Exists { path: PathBuf },
    #[error("`--earlier {}`: cannot be read as a checkpoint, proof, time stamp, or records and root as `71:e8ae…`", path.display())]
    Earlier { path: PathBuf },
    #[error("`{option} {}`: no certificates in PEM", path.display())]
    Certificates { option: &'static str, path: PathBuf },
    #[error("no witness in {}: no `key`", dir.display())]
    NoWitness { dir: PathBuf },
    #[error(
        "`--init {name}`: not a name that can stand in a signature, such as `audit.example.kr/witness`"
    )]
    WitnessName { name: String },
    #[error("`--witness-keys {}`: line {line} is no public key of a witness, `name+id+base64`", path.display())]
    WitnessKeys { path: PathBuf, line: usize },
    #[error("an earlier checkpoint or `--since SIZE` is missing")]
    NoEarlier,
    #[error("no kind of record `{0}`")]
    NoKind(String),
    #[error("records of kind `{0}` are written by the program alone")]
    ProgramOnly(&'static str),
    #[error("records of kind `{0}` are not signed")]
    NotSigned(String),
    #[error("`--name {0}`: lower-case letters, digits and hyphens expected")]
    SignerName(String),
    #[error("{}: lies in a house, and whoever runs its nights must not be able to approve them", path.display())]
    KeyInHouse { path: PathBuf },
    #[error("{}: lies in a house, and a witness is somebody else than whose ledger it signs for", dir.display())]
    WitnessInHouse { dir: PathBuf },
    #[error("the note is of kind `{found}`, not `{asked}`")]
    OtherKind { asked: &'static str, found: &'static str },
    #[error("`{option} {}`: cannot be read: {why}", path.display())]
    Unread { option: &'static str, path: PathBuf, why: String },
    #[error("`--file FILE.toml` or `--example` is missing")]
    NoEntry,
    #[error("no format `{0}`, and no format string: that has `%` or `$`")]
    Format(String),
    #[error("format string: {0}")]
    FormatString(parse::FormatError),
    #[error("{}: its first lines are in no format that has a name", path.display())]
    NoGuess { path: PathBuf },
    #[error("`--from {from}`: after `--to {to}`")]
    Days { from: Date, to: Date },
    #[error("`--out {}`: does not end in {}", path.display(), ends(endings))]
    Ending { path: PathBuf, endings: &'static [&'static str] },
    #[error("`--csv --out {}`: not a directory, one file is written for each ledger", path.display())]
    NoDirectory { path: PathBuf },
    #[error("`{option} {}`: lies in `{store}` of the house", path.display())]
    InStore { option: &'static str, path: PathBuf, store: &'static str },
    #[error("nothing was recorded in {found}, the ledger has {first} to {last}")]
    NoYear { found: i16, first: i16, last: i16 },
    #[error("{title}: {rows} rows are more than a sheet has room for")]
    Long { title: &'static str, rows: usize },
    #[error("`--show-values`: raw personal data would go to a file or another program")]
    ShowValues,
}

impl Usage {
    pub(super) fn hint(&self) -> Option<&'static str> {
        match self {
            Usage::NoGuess { .. } => Some(
                "take the format string from the server's configuration, and try it with `gamyeong parse`",
            ),
            Usage::Format(_) => Some("`gamyeong formats` lists those that have a name"),
            Usage::ShowValues => {
                Some("leave it out to see where fields begin and end, or add `--i-understand`")
            }
            Usage::Personal { .. } => Some(
                "it stands in a record that is never rewritten: name a post or a document instead",
            ),
            Usage::NoKind(_) | Usage::ProgramOnly(_) => {
                Some("`gamyeong ledger enter` lists the kinds that a person enters")
            }
            Usage::Ending { endings, .. } if endings.contains(&"xlsx") => {
                Some("a directory with `--csv` takes one `.csv` for each ledger")
            }
            Usage::InStore { .. } => Some("write it beside the house, such as in `reports/`"),
            Usage::Long { .. } => Some("name fewer days by `--from` and `--to`, or write `--csv`"),
            Usage::Exists { .. } => Some("name another file: an earlier proof is evidence"),
            Usage::NotEmpty { .. } => Some("name a directory that is not there yet"),
            Usage::NoWitness { .. } => Some("`gamyeong ledger witness DIR --init NAME` makes one"),
            Usage::NoEarlier => Some("`--since 0` is for a witness that has signed nothing yet"),
            // Years of the ledger have four digits, unless a clock was far off.
            Usage::NoYear { found: ..1000, .. } => {
                Some("a year of four digits is meant, such as 2026")
            }
            Usage::WitnessName { .. }
            | Usage::WitnessKeys { .. }
            | Usage::NoTrust { .. }
            | Usage::NoProof { .. }
            | Usage::RecordMissing
            | Usage::NoSource { .. }
            | Usage::InputTwice { .. }
            | Usage::InputOfQuery { .. }
            | Usage::NoFile(_)
            | Usage::Reason
            | Usage::Why
            | Usage::NotSigned(_)
            | Usage::SignerName(_)
            | Usage::KeyInHouse { .. }
            | Usage::WitnessInHouse { .. }
            | Usage::OtherTrust { .. }
            | Usage::Earlier { .. }
            | Usage::Certificates { .. }
            | Usage::OtherKind { .. }
            | Usage::NoWhy
            | Usage::NoEntry
            | Usage::Unread { .. }
            | Usage::Input { .. }
            | Usage::NoCheckpoint { .. }
            | Usage::NoNumber { .. }
            | Usage::NoRecord { .. }
            | Usage::TwoHouses { .. }
            | Usage::Trust { .. }
            | Usage::Days { .. }
            | Usage::Ending { .. }
            | Usage::NoDirectory { .. }
            | Usage::NoYear { .. }
            | Usage::FormatString(_) => None,
        }
    }
}

/// As a message names them: `.html` or `.xlsx`.
fn ends(endings: &[&str]) -> String {
    let endings: Vec<String> = endings.iter().map(|ending| format!("`.{ending}`")).collect();
    match endings.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
