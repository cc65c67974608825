//! The directory of a ledger in; its files, byte for byte, as one JSON value out.
//!
//! Nothing is judged: a ledger that is broken goes into the page as it is, because the page is
//! where that is to be seen. Of what no ledger has, links and directories among it, the name
//! alone goes there, and of a file that holds a key or secret, wherever it lies, the digest; of
//! a record that does, the hash ([`Stored::leave_out`]).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::secrets::{self, Secrets};
use crate::fs::{self, Failure, Kind};
use crate::ledger::record::Record;
use crate::ledger::tree::leaf_hash;
use crate::ledger::verify::MOST_BYTES;

/// A file: its text, or its bytes where they are no UTF-8, or its digest in place of them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    /// Of a file that is held back, or of which a line is: as it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// Lines that are held back, by their place from 0. The text has blanks there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    held: BTreeMap<usize, Held>,
}

/// What stands in the place of a record: its hash, and what of it the checks of others need.
#[derive(Debug, Clone, Serialize)]
struct Held {
    leaf: String,
    #[serde(rename = "type")]
    type_name: String,
    time: String,
    run: Option<String>,
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
#[derive(Debug, Clone, Default, Serialize)]
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

/// Reads every file of the ledger in `dir`. Of what does not belong there the name is told, and
/// nothing is read.
///
/// # Errors
///
/// If a file or directory is there and cannot be read.
pub fn read(dir: &Path) -> Result<Stored, Failure> {
    let mut stored = Stored::default();
    for path in fs::list(dir)? {
        let outer = name(&path);
        if fs::kind(&path)? == Kind::Directory && stored.open(&outer) {
            for path in fs::list(&path)? {
                stored.take_path(&outer, &path)?;
            }
        } else {
            stored.take_path("", &path)?;
        }
    }
    Ok(stored.named())
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

    /// Keeps the digest alone of what holds a key or secret, and gives the paths, with the line
    /// where it is a record alone. But in the quarantine, the page takes such a file for another
    /// than should be there; what it has the hash of is not checked.
    pub fn leave_out(&mut self, secrets: Secrets) -> Vec<String> {
        let mut left_out = self.hold_lines(secrets);
        let mut is_out = |path: String, bytes: Option<Cow<'_, [u8]>>| {
            let bytes = bytes.filter(|bytes| secrets::holds(&path, bytes, secrets))?;
            left_out.push(path);
            Some(HEXLOWER.encode(&Sha256::digest(&bytes)))
        };
        for (name, single) in [("keys.txt", &mut self.keys), ("head.note", &mut self.head)] {
            let bytes = single.as_ref().and_then(Single::bytes);
            let Some(sha256) = is_out(name.to_owned(), bytes) else { continue };
            *single = Some(Single::Bytes(File { sha256: Some(sha256), ..File::default() }));
        }
        for (dir, files) in [
            ("records", &mut self.segments),
            ("checkpoints", &mut self.bundles),
            ("checkpoints", &mut self.checkpoints),
            ("quarantine", &mut self.quarantine),
            ("witness", &mut self.witness),
            ("anchor", &mut self.anchor),
        ] {
            for file in files.iter_mut().flatten() {
                let path = format!("{dir}/{}", file.name.as_deref().unwrap_or_default());
                let Some(sha256) = is_out(path, file.bytes()) else { continue };
                let name = file.name.take();
                *file = File { name, sha256: Some(sha256), ..File::default() };
            }
        }
        // It was the first line of the head.
        let origin = self.head_lines().next().map(str::to_owned);
        self.origin = origin;
        left_out
    }

    /// Holds back records alone, where the others of their file are of use without them.
    fn hold_lines(&mut self, secrets: Secrets) -> Vec<String> {
        let mut left_out = Vec::new();
        for file in self.segments.iter_mut().flatten() {
            let Some(text) = &file.text else { continue };
            if !(secrets.in_bytes)(text.as_bytes()) {
                continue;
            }
            let found = secrets::lines(text, secrets);
            if found.is_empty() {
                continue;
            }
            file.sha256 = Some(HEXLOWER.encode(&Sha256::digest(text.as_bytes())));
            let mut lines: Vec<Cow<'_, str>> = text.split('\n').map(Cow::Borrowed).collect();
            for (index, Record { type_name, time, run, .. }) in found {
                let Some(line) = lines.get_mut(index) else { continue };
                let leaf = leaf_hash(line.as_bytes()).to_hex();
                // As long as the record: the others stay where they are.
                *line = Cow::Owned(" ".repeat(line.len()));
                file.held.insert(index, Held { leaf, type_name, time, run });
                let name = file.name.as_deref().unwrap_or_default();
                left_out.push(format!("records/{name}:{}", index + 1));
            }
            file.text = Some(lines.join("\n"));
        }
        left_out
    }

    fn head_lines(&self) -> impl Iterator<Item = &str> {
        let text = match &self.head {
            Some(Single::Text(text)) => text.as_str(),
            Some(Single::Bytes(_)) | None => "",
        };
        text.lines()
    }

    /// The same of files that were read before, by their paths in the ledger: nothing of
    /// what is given is left out.
    #[must_use]
    pub fn of(files: &[(String, Vec<u8>)]) -> Self {
        let mut stored = Self::default();
        // An archive of files knows no empty directory.
        for dir in ["records", "checkpoints", "quarantine"] {
            stored.open(dir);
        }
        for (path, bytes) in files {
            let (dir, name) = path.split_once('/').unwrap_or(("", path));
            let Ok(()) = stored.take(dir, name, || Ok::<_, Infallible>(bytes.clone()));
        }
        stored.named()
    }

    /// Takes note of a directory. False if none of this name belongs here.
    fn open(&mut self, dir: &str) -> bool {
        let lists = match dir {
            "records" => [Some(&mut self.segments), None],
            "checkpoints" => [Some(&mut self.bundles), Some(&mut self.checkpoints)],
            "quarantine" => [Some(&mut self.quarantine), None],
            "witness" => [Some(&mut self.witness), None],
            "anchor" => [Some(&mut self.anchor), None],
            _ => return false,
        };
        lists.into_iter().flatten().for_each(|list| {
            list.get_or_insert_default();
        });
        true
    }

    /// As [`Stored::take`]. What a link leads to is no file of the ledger.
    fn take_path(&mut self, dir: &str, path: &Path) -> Result<(), Failure> {
        if !fs::kind(path)?.is_file_within(MOST_BYTES) {
            self.pass_by(dir, &name(path));
            return Ok(());
        }
        self.take(dir, &name(path), || fs::read_regular(path))
    }

    /// Keeps the name of what does not belong here.
    fn pass_by(&mut self, dir: &str, name: &str) {
        let path = if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
        self.foreign.push(path);
    }

    /// Puts a file of a directory where it belongs, or its name among those that do not.
    fn take<E>(
        &mut self,
        dir: &str,
        name: &str,
        read: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        let list = match dir {
            "" if name == "keys.txt" => {
                self.keys = Some(single(read()?));
                return Ok(());
            }
            "" if name == "head.note" => {
                self.head = Some(single(read()?));
                return Ok(());
            }
            "records" if is_numbered(name, ".jsonl") => &mut self.segments,
            "checkpoints" if is_numbered(name, ".notes") => &mut self.bundles,
            "checkpoints" if is_numbered(name, ".note") => &mut self.checkpoints,
            "quarantine" => &mut self.quarantine,
            "witness" if is_voucher(name, ".note") => &mut self.witness,
            "anchor" if is_voucher(name, ".tsr") => &mut self.anchor,
            _ => {
                self.pass_by(dir, name);
                return Ok(());
            }
        };
        let bytes = read()?;
        // What lies there may be half a character.
        let file = if dir == "quarantine" { binary(&bytes) } else { file(bytes) };
        list.get_or_insert_default().push(File { name: Some(name.to_owned()), ..file });
        Ok(())
    }

    /// With the name that stands in its head.
    fn named(self) -> Self {
        let origin = self.head_lines().next().map(str::to_owned);
        Self { origin, ..self }
    }
}

/// Digits, and what follows them.
fn is_numbered(name: &str, ending: &str) -> bool {
    let digits = name.strip_suffix(ending).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A size and the begin of a digest (`ledger::voucher`), and what follows them.
fn is_voucher(name: &str, ending: &str) -> bool {
    let stem = name.strip_suffix(ending).unwrap_or_default();
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    stem.split_once('-').is_some_and(|(size, digest)| {
        is_numbered(size, "") && digest.len() == 8 && digest.bytes().all(is_hex)
    })
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl File {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        let decoded = |text: &String| BASE64.decode(text.as_bytes()).ok().map(Cow::Owned);
        let text = self.text.as_ref().map(|text| Cow::Borrowed(text.as_bytes()));
        text.or_else(|| self.base64.as_ref().and_then(decoded))
    }
}

impl Single {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Single::Text(text) => Some(Cow::Borrowed(text.as_bytes())),
            Single::Bytes(file) => file.bytes(),
        }
    }
}

fn single(bytes: Vec<u8>) -> Single {
    match file(bytes) {
        File { text: Some(text), .. } => Single::Text(text),
        bytes => Single::Bytes(bytes),
    }
}

fn file(bytes: Vec<u8>) -> File {
    match String::from_utf8(bytes) {
        Ok(text) => File { text: Some(text), ..File::default() },
        Err(error) => binary(error.as_bytes()),
    }
}

fn binary(bytes: &[u8]) -> File {
    File { base64: Some(BASE64.encode(bytes)), ..File::default() }
}
