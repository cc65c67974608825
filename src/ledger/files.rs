//! The directory of a ledger in; paths, lines and names that do not belong
//! out.
//!
//! Not here: what lines mean (`record`), which of them are signed for
//! (`recover`, `verify`).

use std::path::{Path, PathBuf};

use super::tree::Hash;
use crate::fs;

/// Records in one file: as many as a busy month has. Two signatures are checked for each
/// record of the last one whenever a ledger is looked at.
pub(super) const SEGMENT_RECORDS: u64 = 1024;
/// Bytes in one file.
pub(super) const SEGMENT_BYTES: u64 = 16 << 20;

/// Names the files of one ledger.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    dir: PathBuf,
}

/// One file of records, whole.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// One line of a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Position of its first byte.
    pub(super) offset: u64,
    /// Without the line feed.
    pub(super) bytes: &'a [u8],
    /// False for what stands behind the last line feed.
    pub(super) is_whole: bool,
}

impl Layout {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn keys(&self) -> PathBuf {
        self.dir.join("keys.txt")
    }

    pub(super) fn head(&self) -> PathBuf {
        self.dir.join("head.note")
    }

    pub(super) fn records(&self) -> PathBuf {
        self.dir.join("records")
    }

    pub(super) fn segment(&self, index: usize) -> PathBuf {
        self.records().join(format!("{index:06}.jsonl"))
    }

    pub(super) fn checkpoints(&self) -> PathBuf {
        self.dir.join("checkpoints")
    }

    pub(super) fn checkpoint(&self, size: u64) -> PathBuf {
        self.checkpoints().join(format!("{size:010}.note"))
    }

    /// The checkpoints of a sealed file of records.
    pub(super) fn bundle(&self, segment: usize) -> PathBuf {
        self.checkpoints().join(format!("{segment:06}.notes"))
    }

    pub(super) fn quarantine(&self) -> PathBuf {
        self.dir.join("quarantine")
    }

    /// `SEGMENT-OFFSET-DIGEST.bin`: the same tail gets the same name when a
    /// crash lets it be moved twice.
    pub(super) fn quarantined(&self, segment: usize, offset: u64, bytes: &[u8]) -> PathBuf {
        let digest = Hash::of(bytes);
        self.quarantine().join(format!("{segment:06}-{offset:08}-{digest}.bin"))
    }

    /// `path` as it appears in reports.
    pub(super) fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.dir).unwrap_or(path).display().to_string()
    }

    /// The record files, in order, and the first path in their directory that
    /// is not the next one.
    pub(super) fn segments(&self) -> Result<(Vec<Segment>, Option<PathBuf>), fs::Failure> {
        let (paths, foreign) = self.segment_paths()?;
        let segments = paths.into_iter().map(Segment::read).collect::<Result<_, _>>()?;
        Ok((segments, foreign))
    }

    /// As [`Layout::segments`], without what is in them.
    pub(super) fn segment_paths(&self) -> Result<(Vec<PathBuf>, Option<PathBuf>), fs::Failure> {
        let mut paths = Vec::new();
        for path in fs::list(&self.records())? {
            if path != self.segment(paths.len()) {
                return Ok((paths, Some(path)));
            }
            paths.push(path);
        }
        Ok((paths, None))
    }

    /// The sizes for which there is a checkpoint by itself, ascending, and the paths
    /// beside them that are neither that nor those of a file of records.
    pub(super) fn checkpoint_sizes(&self) -> Result<(Vec<u64>, Vec<PathBuf>), fs::Failure> {
        let (mut sizes, mut foreign) = (Vec::new(), Vec::new());
        for path in fs::list(&self.checkpoints())? {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let size = stem.and_then(|stem| stem.parse().ok());
            match size.filter(|&size| size > 0 && self.checkpoint(size) == path) {
                Some(size) => sizes.push(size),
                None if self.is_bundle(&path) => {}
                None => foreign.push(path),
            }
        }
        sizes.sort_unstable();
        Ok((sizes, foreign))
    }

    /// Files of checkpoints with the number of their file of records, ascending.
    pub(super) fn bundles(&self) -> Result<Vec<(usize, PathBuf)>, fs::Failure> {
        let paths = fs::list(&self.checkpoints())?.into_iter();
        let bundles = paths.filter(|path| self.is_bundle(path)).filter_map(|path| {
            let segment = path.file_stem()?.to_str()?.parse().ok()?;
            Some((segment, path))
        });
        Ok(bundles.collect())
    }

    /// True if a path is named as the checkpoints of a file of records are.
    fn is_bundle(&self, path: &Path) -> bool {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let segment = stem.and_then(|stem| stem.parse().ok());
        segment.is_some_and(|segment| self.bundle(segment) == path)
    }
}

impl Segment {
    pub(super) fn read(path: PathBuf) -> Result<Self, fs::Failure> {
        let bytes = fs::read_regular(&path)?;
        Ok(Self { path, bytes })
    }

    /// See [`lines`].
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        lines(&self.bytes)
    }
}

/// True for a name that [`Layout::quarantined`] gives bytes with this digest.
pub(super) fn is_quarantined(path: &Path, digest: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let place = name.strip_suffix(&format!("-{digest}.bin")).unwrap_or_default();
    let mut numbers = place.split('-');
    let is_number = |number: Option<&str>| {
        number.is_some_and(|n| n.len() >= 6 && n.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_number(numbers.next()) && is_number(numbers.next()) && numbers.next().is_none()
}

/// The lines of a file, the last one perhaps not whole.
pub(super) fn lines(stored: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (offset, rest) = (from as u64, &stored[from..]);
        let end = memchr::memchr(b'\n', rest);
        let bytes = &rest[..end.unwrap_or(rest.len())];
        from += bytes.len() + usize::from(end.is_some());
        let is_there = end.is_some() || !bytes.is_empty();
        is_there.then_some(Line { offset, bytes, is_whole: end.is_some() })
    })
}
