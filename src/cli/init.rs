//! `gamyeong init`: makes a house.

use std::io;
use std::path::{Path, PathBuf};

use super::language::Language;
use crate::config::house::{House, INSTITUTION_FILE};
use crate::demo::geo;
use crate::error::{Error, Usage};
use crate::fs;
use crate::pipeline;
use crate::vault::custodian;
use crate::vault::keys::Keys;
use crate::vault::random::Os;
use crate::vault::signing::SigningKeys;

/// Make a house: configuration, example pipelines, keys and an empty ledger
///
/// The files are commented; change them to what your institution has published
/// before the first run.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A directory that is new or empty
    dir: PathBuf,

    /// Which example to begin with
    #[arg(long, value_enum, default_value_t = Example::Library)]
    institution: Example,
}

/// The example institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Example {
    /// A city's library office (도서관사업소)
    Library,
    /// A city's welfare centre for foreign residents (외국인주민복지지원센터)
    Welfare,
}

/// Name of the folder for the custodian's key, to be taken away.
const CUSTODIAN: &str = "custodian";

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The house.
    pub root: PathBuf,
    /// The custodian's private key, to be taken away.
    pub custodian: PathBuf,
    /// Its pipelines.
    pub pipelines: Vec<PathBuf>,
}

/// The files of an example: path in the house, text.
macro_rules! files {
    ($institution:literal: $($pipeline:literal)*; $($list:literal)*) => {
        &[
            (
                INSTITUTION_FILE,
                include_str!(concat!("../../pipelines/", $institution, "/institution.toml")),
            ),
            $((
                concat!("pipelines/", $pipeline, ".toml"),
                include_str!(concat!("../../pipelines/", $institution, "/", $pipeline, ".toml")),
            ),)*
            $((
                concat!("lists/", $list),
                include_str!(concat!("../../pipelines/", $institution, "/lists/", $list)),
            ),)*
        ]
    };
}

impl Example {
    /// One pipeline at least for each of the six items that both policies list, and the
    /// lists that they name.
    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Library => files!("library": "web-visits" "network-use" "network-origins"
                "site-sessions" "site-readers" "page-flow" "wifi-sessions" "gate-visits"
                "seat-visits" "lecture-attendance" "loans" "borrowing-study" "book-flow"
                "misuse" "overdue-study"; "branches.csv" "robots.json"),
            Self::Welfare => files!("welfare": "web-visits" "network-use" "site-sessions"
                "wifi-sessions" "visits" "misuse"; "nationalities.csv"),
        }
    }
}

/// The one list that is no text: which networks are where, all of them invented.
const NETWORKS: &str = "lists/networks.mmdb";

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if the directory is not empty; otherwise if something
/// cannot be written.
pub fn run(args: &Args) -> Result<Report, Error> {
    make(&args.dir, args.institution)
}

/// Makes a house in `root`.
pub(super) fn make(root: &Path, example: Example) -> Result<Report, Error> {
    if !fs::list(root)?.is_empty() {
        return Err(Error::Usage(Usage::NotEmpty { path: root.to_owned() }));
    }
    fs::create_dir(root, fs::SHARED_DIR)?;
    let mut pipelines = Vec::new();
    for (name, text) in example.files() {
        let path = root.join(name);
        if let Some(dir) = path.parent() {
            fs::create_dir(dir, fs::SHARED_DIR)?;
        }
        fs::write_new_durably(&path, text.as_bytes(), fs::SHARED_FILE)?;
        if name.starts_with("pipelines/") {
            pipelines.push(path);
        }
    }
    if example == Example::Library {
        fs::write_new_durably(&root.join(NETWORKS), &geo::invented(), fs::SHARED_FILE)?;
    }
    for dir in ["logs", "tables"] {
        fs::create_dir(&root.join(dir), fs::SHARED_DIR)?;
    }
    let house = House::open(root)?;
    for (dir, mode) in [
        (&house.vault, fs::PRIVATE_DIR),
        (&house.store, fs::SHARED_DIR),
        (&house.releases, fs::SHARED_DIR),
        (&house.ledger, fs::SHARED_DIR),
    ] {
        fs::create_dir(dir, mode)?;
    }
    let custodian = keys(&house)?;
    Ok(Report { root: root.to_owned(), custodian, pipelines })
}

/// Makes all keys and the ledger. Gives the custodian's private key.
fn keys(house: &House) -> Result<PathBuf, Error> {
    let keys = Keys::create(&house.keys, &house.institution.controller.id)?;
    let (identity, recipient) = custodian::generate();
    keys.create_custodian(&recipient)?;
    let dir = house.root.join(CUSTODIAN);
    fs::create_dir(&dir, fs::PRIVATE_DIR)?;
    let path = dir.join("custodian.key");
    identity.write_new(&path)?;
    let signing = SigningKeys::generate(&keys, &mut Os)?;
    let night = super::now_at(house);
    pipeline::opened::create_ledger(house, &night, signing)?;
    Ok(path)
}

impl Report {
    /// What was made and what to do now.
    ///
    /// # Errors
    ///
    /// Whatever `out` reports.
    pub fn write(&self, language: Language, out: &mut impl io::Write) -> io::Result<()> {
        let root = self.root.display();
        let custodian = self.custodian.display();
        match language {
            Language::Ko => {
                writeln!(out, "{root}: 새 가명처리 환경을 만들었습니다.")?;
                writeln!(
                    out,
                    "  1. {custodian}: 추가정보 관리자의 개인키입니다. 지금 다른 곳으로 옮기십시오."
                )?;
                writeln!(
                    out,
                    "  2. {root}/institution.toml, {root}/pipelines/: 기관의 처리방침에 맞게 고치십시오."
                )?;
                writeln!(out, "  3. gamyeong check {root}/pipelines/*.toml")
            }
            Language::En => {
                writeln!(out, "{root}: made a new house")?;
                writeln!(
                    out,
                    "  1. {custodian} is the custodian's private key: move it away from this machine now"
                )?;
                writeln!(
                    out,
                    "  2. change {root}/institution.toml and {root}/pipelines/ to what your institution has published"
                )?;
                writeln!(out, "  3. gamyeong check {root}/pipelines/*.toml")
            }
        }
    }
}
