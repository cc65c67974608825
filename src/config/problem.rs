//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::PathBuf;

use super::document::TypeName;
use crate::parse::FormatError;

/// One fault, and its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
    /// The fault.
    pub what: What,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path.display(), self.line, self.column, self.what)
    }
}

/// Faults of configurations. Names and values of the configuration itself are
/// shown, unless they look like a secret or personal data (`pipeline::stated`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum What {
    #[error("{0}")]
    Toml(String),
    #[error("{error}, within the `{bracket}` of line {line}: is it closed?")]
    Open { error: String, bracket: &'static str, line: usize },
    #[error(
        "unknown key `{found}`{}, expected one of {}",
        question(found, expected),
        list(expected)
    )]
    UnknownKey { found: String, expected: Vec<String> },
    #[error("key `{key}` is missing")]
    MissingKey { key: String },
    #[error("found {found}, expected {}", expected.join(" or "))]
    Type { found: TypeName, expected: Vec<String> },
    #[error("found `{found}`{}, expected one of {}", question(found, expected), list(expected))]
    NotOneOf { found: String, expected: Vec<String> },
    #[error("found {found}, expected {}", expected.join(" or "))]
    NumberNotOneOf { found: String, expected: Vec<String> },
    #[error("too few entries, at least {least} expected")]
    TooFew { least: u64 },

    #[error("file is not UTF-8 from here on: save it as UTF-8")]
    NotUtf8,
    #[error("text has a line break or control character: write it on one line")]
    Control,
    #[error(
        "{} looks like personal data or a secret: {kinds}",
        key.as_ref().map_or("what stands here".to_owned(), |key| format!("`{key}`"))
    )]
    Personal { key: Option<String>, kinds: String },
    #[error("`{found}` is not a name: lower-case letters, digits and hyphens expected")]
    Name { found: String },
    #[error("`{found}` is not a time zone of the IANA database")]
    Zone { found: String },
    #[error("`{name}` stands twice")]
    Twice { name: String },
    #[error("pipeline is of controller `{found}`, this house is of `{expected}`")]
    Controller { found: String, expected: String },
    #[error(
        "purpose `{found}` is not in the privacy policy in force since {policy}, which allows {}",
        list(allowed)
    )]
    PurposeNotPublished { found: &'static str, policy: String, allowed: Vec<String> },
    #[error("no privacy policy was in force on {date}")]
    NoPolicy { date: String },
    #[error(
        "purpose is not concrete: found {found} characters, at least {least} that are more than the category expected"
    )]
    PurposeVague { found: usize, least: usize },
    #[error("processing period ended on {last}")]
    PeriodOver { last: String },
    #[error("linkage longer than one run needs a `reason`")]
    LinkageReason,
    #[error("`제3자 제공` needs a `recipient`")]
    Recipient,
    #[error("found an empty text, expected a reason or name: leave the key out if there is none")]
    Empty,
    #[error("no source, at least one is needed")]
    NoSource,
    #[error("item `{found}` is not in the institution file, which has {}", list(expected))]
    Item { found: String, expected: Vec<String> },
    #[error("item `{item}` has no `{key}` in the institution file")]
    Retention { item: String, key: &'static str },
    #[error("unknown format `{found}`, expected one of {}", list(expected))]
    Format { found: String, expected: Vec<String> },
    #[error("format string: {error}")]
    FormatString { error: FormatError },
    #[error("`path` is not for format `{format}`, which reads a `query`")]
    NoPath { format: String },
    #[error("query does not say in which order its rows come: `ORDER BY` expected")]
    Unordered,
    #[error("`{found}` is not a file `NAME.url` in the house's keys, {}", keys.display())]
    Database { found: String, keys: PathBuf },
    #[error("`{key}` is for format `{format}` only")]
    FormatOnly { key: &'static str, format: &'static str },
    #[error("`{key}` must be one ASCII character, no line break, and not that of the other")]
    Mark { key: &'static str },
    #[error("field `{field}` is not in format `{format}`, which has {}", list(expected))]
    Field { field: String, format: String, expected: Vec<String> },
    #[error(
        "field `{field}` is a password, picture, resident number or identity-verification value: never read, not even if listed"
    )]
    Forbidden { field: String },
    #[error("`{field}` identifies a person and cannot be kept; use `pseudonym`{also}")]
    KeepIdentifier { field: String, also: &'static str },
    #[error(
        "`{field}` may hold anything of anybody and cannot be kept; use `partial` or `category`, or drop it"
    )]
    KeepRemark { field: String },
    #[error(
        "`{field}` identifies a person and cannot be kept: no technique is for one parameter of a query"
    )]
    KeepParameter { field: String },
    #[error("`{field}` cannot be kept whole: {why}")]
    KeepWhole { field: String, why: &'static str },
    #[error("list `{file}`: {why}")]
    List { file: String, why: String },
    #[error("{0}")]
    Setting(String),
    #[error(
        "`margins` of `{column}` must name a column that does not need all values first, found `{found}`"
    )]
    Margins { found: String, column: String },
    #[error("networks: {0}")]
    Networks(String),
    #[error("`seal` can be undone by whoever has the key: say in `reason` why that is needed")]
    SealReason,
    #[error("`{field}` may open a session while that lasts: only `pseudonym` is for it")]
    OnlyPseudonym { field: String },
    #[error(
        "`seal` needs a `linkage.window` longer than `run`: the secret of a run is gone with it, and nothing could be opened again"
    )]
    SealRun,
    #[error("`{name}` is refused: {why}")]
    Refused { name: String, why: &'static str },
    #[error("`rare` is for texts, not for `{technique}`")]
    RareText { technique: &'static str },
    #[error("`permute` is not for `{technique}`: {why}")]
    Permuted { technique: &'static str, why: &'static str },
    #[error("exactly one technique expected for `{field}`, found {found}")]
    Techniques { field: String, found: usize },
    #[error("`{technique}` is not for field `{field}`, which is no {needs}")]
    Unfit { technique: &'static str, field: String, needs: &'static str },
    #[error("times of `{field}` need the source's `zone`")]
    NeedsZone { field: String },
    #[error("`{key}` is for a table; a source with `sessions` gives none")]
    NoTable { key: &'static str },
    #[error(
        "sessions of nobody: an address with `device` or `user`, or a `device` with `user` expected"
    )]
    SessionsOfNobody,
    #[error("`{key}` is for files: a query says itself of which days it asks")]
    FilesOnly { key: &'static str },
    #[error("`{key}` is missing: the records of this format do not tell it")]
    SessionsWithout { key: &'static str },
    #[error(
        "`{found}` is no source with `sessions` of this pipeline, which has {}",
        list(expected)
    )]
    NoSessions { found: String, expected: Vec<String> },
    #[error("`{field}` is looked up and not listed in `fields`")]
    NotListed { field: &'static str },
    #[error(
        "`{field}` is looked up: `pseudonym` expected, with `domain`, `device_domain` and `address_domain`, all different"
    )]
    LookedUp { field: String },
    #[error("`device_domain` and `address_domain` are for a subject that is looked up")]
    NotLookedUp,
    #[error("`{field}` is a parameter of a query: `drop` expected, or its name in a `query` list")]
    OnlyDropped { field: String },
    #[error("no table: every source has `sessions`")]
    OnlySessions,
    #[error("no column: every field is dropped")]
    NoColumn,
    #[error("no thresholds: `[assess]` or `[source.assess]` is needed")]
    NoAssess,
    #[error("`{found}` is not a column of source `{source_name}`, which has {}", list(expected))]
    Column { found: String, source_name: String, expected: Vec<String> },
    #[error("subject `{found}` must be a column of pseudonyms")]
    Subject { found: String },
    #[error(
        "rows cannot go by column `{found}`: `values` of a text that is made of its row alone, or `below`, `above` or `sigma` of whole numbers, expected"
    )]
    DropRows { found: String },
    #[error("column `{found}` must be text, because its values are counted")]
    NotText { found: String },
    #[error(
        "values of column `{found}` change places (`permute`): whose they are cannot be counted then"
    )]
    CountedMoved { found: String },
}

impl What {
    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        if matches!(self, What::PurposeNotPublished { .. }) {
            Some("change the policy, publish it, then enter its version in institution.toml")
        } else if matches!(self, What::Retention { .. }) {
            Some("decide a period for the collected item and name where it is laid down")
        } else if matches!(self, What::Personal { .. }) {
            Some(
                "records have what these files say, and are never rewritten: name a post or a document instead",
            )
        } else if matches!(self, What::CountedMoved { .. }) {
            Some("use `rare = { persons_min = … }` beside `permute`, which counts before")
        } else if matches!(self, What::KeepParameter { .. }) {
            Some(
                "take it out of the list of `query`; `\"FIELD?NAME\" = \"drop\"` says that it is known",
            )
        } else if matches!(self, What::UnknownKey { .. }) {
            Some(
                "`gamyeong schema` prints what a pipeline file may hold, with `--institution` the other",
            )
        } else {
            None
        }
    }

    /// That a technique of this name is not offered, and why, however it is spelt; `None`
    /// of any other name.
    pub(super) fn refused(name: &str) -> Option<Self> {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let why = match letters.collect::<String>().to_lowercase().as_str() {
            "ope" | "ore" | "orderpreserving" => ORDER_PRESERVING,
            "fpe" | "ff1" | "ff3" | "ff31" | "formatpreserving" => FORMAT_PRESERVING,
            "he" | "fhe" | "phe" | "homomorphic" => HOMOMORPHIC,
            "hash" | "sha" | "sha1" | "sha2" | "sha3" | "sha224" | "sha256" | "sha384"
            | "sha512" | "sha3256" | "sha3512" | "md5" | "md4" | "crc32" | "blake2" | "blake3" => {
                HASH
            }
            _ => return None,
        };
        Some(Self::Refused { name: name.to_owned(), why })
    }
}

const HASH: &str =
    "a bare hash hides nothing, all addresses can be hashed in minutes; use `pseudonym`";
const ORDER_PRESERVING: &str = "order-preserving encryption (순서보존 암호화) shows the order of all values, and with what is known of how they are distributed most of them (Naveed, Kamara and Wright, CCS 2015); use `range` or `coding`";
const FORMAT_PRESERVING: &str = "format-preserving encryption (형태보존 암호화) is broken as FF3 (Beyne, CRYPTO 2021) and taken back by NIST, and weak as FF1 where there are few values; use `pseudonym`, or `seal` where it must be undone";
const HOMOMORPHIC: &str = "homomorphic encryption (동형 암호화) gives ciphertexts to compute with, no column that a researcher can read; use `noise` or `microaggregate`";

/// The name that is most like another, if it is much like it.
fn meant<'n>(found: &str, expected: &'n [String]) -> Option<&'n str> {
    /// As much as command lines ask for before they ask back.
    const ALIKE: f64 = 0.8;
    let likeness = |name: &&String| strsim::jaro_winkler(found, name);
    let nearest = expected.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&nearest) > ALIKE).then_some(nearest.as_str())
}

/// A question that shortens a list.
fn question(found: &str, expected: &[String]) -> String {
    meant(found, expected).map(|name| format!(" (`{name}` meant?)")).unwrap_or_default()
}

/// Names in backticks, with commas between them.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
