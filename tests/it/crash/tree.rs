//! Directories in; what is in them out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A name that only a night under way may use.
pub(super) fn is_left_over(path: &Path) -> bool {
    path.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        part.starts_with(".partial-") || part.ends_with(".partial")
    })
}

/// Every file below a directory with its bytes, and every empty directory.
pub(super) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                if fs::read_dir(&path).unwrap().next().is_none() {
                    found.insert(name, Vec::new());
                }
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Copies a directory, permissions included.
pub(super) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        if !to.is_dir() {
            fs::create_dir(to).unwrap();
        }
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
        fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    } else {
        fs::copy(from, to).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own files need not survive")]
pub(super) fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}
