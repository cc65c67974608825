//! A directory in; the institution and the places of its stores out.
//!
//! Not here: making a house (`cli::init`), what lies in the stores.

use std::path::{Path, PathBuf};

use super::Error;
use super::document::Document;
use super::institution::Institution;
use super::problem::What;
use crate::fs;

/// Name of the file that makes a directory a house.
pub const INSTITUTION_FILE: &str = "institution.toml";

/// One institution's configuration and stores.
#[derive(Debug, Clone)]
pub struct House {
    /// Directory of the institution file.
    pub root: PathBuf,
    /// Its text, and where in it every key is.
    pub document: Document,
    /// What it says.
    pub institution: Institution,
    /// Secrets.
    pub keys: PathBuf,
    /// Sealed additional information.
    pub vault: PathBuf,
    /// Pseudonymised information.
    pub store: PathBuf,
    /// Packages handed over.
    pub releases: PathBuf,
    /// Processing records.
    pub ledger: PathBuf,
}

impl House {
    /// Finds the house that `start` lies in: the nearest directory with an
    /// institution file, `start` itself included.
    ///
    /// # Errors
    ///
    /// [`Error::NoHouse`] if there is none above; else those of [`House::open`].
    pub fn find(start: &Path) -> Result<Self, Error> {
        match root_of(start) {
            Some(root) => Self::open(&root),
            None => Err(Error::NoHouse { start: start.to_owned() }),
        }
    }

    /// Reads the institution file of `root` and places the stores.
    ///
    /// # Errors
    ///
    /// [`Error::NoHouse`] if there is no such file, [`Error::Problems`] if it
    /// is not usable, [`Error::Overlap`] if secrets would lie among what is
    /// handed out or the other way round.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let path = root.join(INSTITUTION_FILE);
        let bytes = match fs::read(&path) {
            Err(failure) if failure.is_not_found() => {
                return Err(Error::NoHouse { start: root.to_owned() });
            }
            other => other?,
        };
        let (document, institution) = Document::read::<Institution>(&path, bytes)
            .map_err(|problems| Error::Problems { problems })?;
        let problems = faults(&document, &institution);
        if !problems.is_empty() {
            return Err(Error::Problems { problems });
        }
        let stores = &institution.stores;
        let house = Self {
            keys: root.join(&stores.keys),
            vault: root.join(&stores.vault),
            store: root.join(&stores.store),
            releases: root.join(&stores.releases),
            ledger: root.join(&stores.ledger),
            root: root.to_owned(),
            document,
            institution,
        };
        house.check_separation()?;
        Ok(house)
    }

    /// All five stores, with the names that `institution.toml` has for them.
    #[must_use]
    pub fn stores(&self) -> [(&'static str, &Path); 5] {
        [
            ("keys", &self.keys),
            ("vault", &self.vault),
            ("store", &self.store),
            ("releases", &self.releases),
            ("ledger", &self.ledger),
        ]
    }

    /// No store may lie in another or be another: whoever may read the one
    /// could read the other.
    fn check_separation(&self) -> Result<(), Error> {
        let places: Vec<PathBuf> = self.stores().iter().map(|(_, path)| real(path)).collect();
        for (index, inner) in places.iter().enumerate() {
            for (other, outer) in places.iter().enumerate() {
                if index != other && inner.starts_with(outer) {
                    return Err(Error::Overlap { inner: inner.clone(), outer: outer.clone() });
                }
            }
        }
        Ok(())
    }
}

/// The nearest directory with an institution file, from `start` upwards.
#[must_use]
pub fn root_of(start: &Path) -> Option<PathBuf> {
    let start = real(start);
    let root = start.ancestors().find(|directory| directory.join(INSTITUTION_FILE).is_file());
    root.map(Path::to_owned)
}

/// Follows symbolic links as far as the path exists, so that a link cannot
/// hide that two stores are one.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = absolute.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
    match existing {
        Some((part, real)) => match absolute.strip_prefix(part) {
            Ok(rest) if rest.as_os_str().is_empty() => real,
            Ok(rest) => real.join(rest),
            Err(_) => absolute,
        },
        None => absolute,
    }
}

fn faults(document: &Document, institution: &Institution) -> Vec<super::problem::Problem> {
    let mut problems = Vec::new();
    let id = &institution.controller.id;
    if !is_name(id) {
        problems.push(document.problem("controller.id", What::Name { found: id.clone() }));
    }
    if jiff::tz::TimeZone::get(&institution.zone).is_err() {
        let found = institution.zone.clone();
        problems.push(document.problem("zone", What::Zone { found }));
    }
    let posts = [
        ("cpo", &institution.cpo),
        ("operator", &institution.operator),
        ("supervisor", &institution.supervisor),
        ("destruction_approver", &institution.destruction_approver),
    ];
    for (key, officer) in posts {
        if officer.post.trim().is_empty() {
            problems.push(document.problem(&format!("{key}.post"), What::Empty));
        }
    }
    for (index, item) in institution.item.iter().enumerate() {
        if institution.item[..index].iter().any(|earlier| earlier.name == item.name) {
            let what = What::Twice { name: item.name.clone() };
            problems.push(document.problem(&format!("item[{index}].name"), what));
        }
    }
    problems
}

/// Names become folders and labels of keys, so they are kept simple.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= 64 && !text.starts_with('-') && text.bytes().all(is_part)
}
