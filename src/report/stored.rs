//! The directory of a ledger in; its files, byte for byte, as one JSON value out.
//!
//! Nothing is judged and nothing left out: a ledger that is broken goes into the page as
//! it is, because the page is where that is to be seen.

use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::Serialize;

use crate::fs::{self, Failure};

/// A file: its text, or its bytes where they are no UTF-8.
#[derive(Debug, Clone, Serialize)]
pub struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// The text of a file that has a place of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Single {
    Text(String),
    Bytes(File),
}

/// One large file, to be put beside the others.
#[derive(Debug, Serialize)]
pub struct Part {
    of: &'static str,
    file: File,
}

/// All files of a ledger. What is not there is null, and an empty directory is a list of nothing.
#[derive(Debug, Clone, Serialize)]
pub struct Stored {
    origin: Option<String>,
    keys: Option<Single>,
    head: Option<Single>,
    segments: Option<Vec<File>>,
    bundles: Option<Vec<File>>,
    checkpoints: Option<Vec<File>>,
    quarantine: Option<Vec<File>>,
    witness: Option<Vec<File>>,
    anchor: Option<Vec<File>>,
    foreign: Vec<String>,
}

/// Reads every file of the ledger in `dir`.
///
/// # Errors
///
/// If a file or directory is there and cannot be read.
pub fn read(dir: &Path) -> Result<Stored, Failure> {
    let mut stored = Stored {
        origin: None,
        keys: None,
        head: None,
        segments: None,
        bundles: None,
        checkpoints: None,
        quarantine: None,
        witness: None,
        anchor: None,
        foreign: Vec::new(),
    };
    for path in fs::list(dir)? {
        match name(&path).as_str() {
            "keys.txt" => stored.keys = Some(single(&path)?),
            "head.note" => stored.head = Some(single(&path)?),
            "records" => {
                stored.segments = Some(stored.files_of(&path, |name| is_numbered(name, ".jsonl"))?);
            }
            "checkpoints" => stored.checkpoints(&path)?,
            "quarantine" => {
                stored.quarantine = Some(
                    fs::list(&path)?.iter().map(|path| binary(path)).collect::<Result<_, _>>()?,
                );
            }
            "witness" => stored.witness = Some(stored.files_of(&path, |_| true)?),
            "anchor" => stored.anchor = Some(stored.files_of(&path, |_| true)?),
            other => stored.foreign.push(other.to_owned()),
        }
    }
    let origin = stored.head_lines().next().map(str::to_owned);
    Ok(Stored { origin, ..stored })
}

impl Stored {
    /// True if the head covers the records that are there: nobody is appending just now, or
    /// the ledger is not intact.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let lines = |file: &File| file.text.as_deref().unwrap_or_default().matches('\n').count();
        let records: usize = self.segments.iter().flatten().map(lines).sum();
        self.head_lines().nth(1) == Some(records.to_string().as_str())
    }

    /// Takes out the files that grow with the ledger, in order.
    ///
    /// A browser takes one text of 200 MB ten times as long as a hundred of 2 MB: it
    /// looks at what it has of a text again for each piece that it reads.
    pub fn take_parts(&mut self) -> Vec<Part> {
        let segments = self.segments.iter_mut().flat_map(|files| files.drain(..));
        let segments = segments.map(|file| Part { of: "segments", file });
        let bundles = self.bundles.iter_mut().flat_map(|files| files.drain(..));
        segments.chain(bundles.map(|file| Part { of: "bundles", file })).collect()
    }

    fn head_lines(&self) -> impl Iterator<Item = &str> {
        let text = match &self.head {
            Some(Single::Text(text)) => text.as_str(),
            Some(Single::Bytes(_)) | None => "",
        };
        text.lines()
    }

    fn checkpoints(&mut self, dir: &Path) -> Result<(), Failure> {
        let (bundles, notes): (Vec<PathBuf>, Vec<PathBuf>) =
            fs::list(dir)?.into_iter().partition(|path| is_numbered(&name(path), ".notes"));
        let (notes, foreign): (Vec<PathBuf>, Vec<PathBuf>) =
            notes.into_iter().partition(|path| is_numbered(&name(path), ".note"));
        self.foreign.extend(foreign.iter().map(|path| within(dir, path)));
        self.bundles = Some(bundles.iter().map(|path| file(path)).collect::<Result<_, _>>()?);
        self.checkpoints = Some(notes.iter().map(|path| file(path)).collect::<Result<_, _>>()?);
        Ok(())
    }

    /// The files of a directory whose names belong there; names of others are kept.
    fn files_of(&mut self, dir: &Path, belongs: fn(&str) -> bool) -> Result<Vec<File>, Failure> {
        let mut files = Vec::new();
        for path in fs::list(dir)? {
            if belongs(&name(&path)) {
                files.push(file(&path)?);
            } else {
                self.foreign.push(within(dir, &path));
            }
        }
        Ok(files)
    }
}

/// Digits, and what follows them.
fn is_numbered(name: &str, ending: &str) -> bool {
    let digits = name.strip_suffix(ending).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn within(dir: &Path, path: &Path) -> String {
    format!("{}/{}", name(dir), name(path))
}

fn single(path: &Path) -> Result<Single, Failure> {
    Ok(match String::from_utf8(fs::read(path)?) {
        Ok(text) => Single::Text(text),
        Err(error) => Single::Bytes(File {
            name: None,
            text: None,
            base64: Some(BASE64.encode(error.as_bytes())),
        }),
    })
}

fn file(path: &Path) -> Result<File, Failure> {
    let name = Some(name(path));
    Ok(match String::from_utf8(fs::read(path)?) {
        Ok(text) => File { name, text: Some(text), base64: None },
        Err(error) => File { name, text: None, base64: Some(BASE64.encode(error.as_bytes())) },
    })
}

fn binary(path: &Path) -> Result<File, Failure> {
    Ok(File { name: Some(name(path)), text: None, base64: Some(BASE64.encode(&fs::read(path)?)) })
}

impl Stored {
    /// The same of files that were read before, by their paths in the ledger: nothing of
    /// what is given is left out.
    #[must_use]
    pub fn of(files: &[(String, Vec<u8>)]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec());
        let single = |bytes: &[u8]| match text(bytes) {
            Ok(text) => Single::Text(text),
            Err(_) => {
                Single::Bytes(File { name: None, text: None, base64: Some(BASE64.encode(bytes)) })
            }
        };
        let mut stored = Self {
            origin: None,
            keys: None,
            head: None,
            segments: Some(Vec::new()),
            bundles: Some(Vec::new()),
            checkpoints: Some(Vec::new()),
            quarantine: Some(Vec::new()),
            witness: None,
            anchor: None,
            foreign: Vec::new(),
        };
        for (path, bytes) in files {
            let (dir, name) = path.split_once('/').unwrap_or(("", path));
            let plain = text(bytes).ok().filter(|_| dir != "quarantine");
            let base64 = plain.is_none().then(|| BASE64.encode(bytes));
            let file = File { name: Some(name.to_owned()), text: plain, base64 };
            let list = match dir {
                "" if name == "keys.txt" => {
                    stored.keys = Some(single(bytes));
                    continue;
                }
                "" if name == "head.note" => {
                    stored.head = Some(single(bytes));
                    continue;
                }
                "records" if is_numbered(name, ".jsonl") => &mut stored.segments,
                "checkpoints" if is_numbered(name, ".notes") => &mut stored.bundles,
                "checkpoints" if is_numbered(name, ".note") => &mut stored.checkpoints,
                "quarantine" => &mut stored.quarantine,
                "witness" => &mut stored.witness,
                "anchor" => &mut stored.anchor,
                _ => {
                    stored.foreign.push(path.clone());
                    continue;
                }
            };
            list.get_or_insert_default().push(file);
        }
        let origin = stored.head_lines().next().map(str::to_owned);
        Self { origin, ..stored }
    }
}
