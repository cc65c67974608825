//! What a pattern stands for, and what it must not stand for.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::os::unix::net::UnixListener;

use jiff::civil::date;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;

pub(super) fn fifo(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

/// Paths below `dir`, of those that a pattern stands for.
#[track_caller]
fn names(dir: &TempDir, pattern: &str) -> Vec<String> {
    let name = |input: &Input| {
        input.path().strip_prefix(dir.path()).unwrap().to_string_lossy().into_owned()
    };
    resolve(dir.path(), pattern, date(2025, 10, 10)).unwrap().iter().map(name).collect()
}

#[test]
fn a_pattern_gives_regular_files_once_and_sorted() {
    let dir = TempDir::new().unwrap();
    for name in ["access-2025-10-10.log", "access-2025-10-10.log.1", "access-2025-10-11.log"] {
        file(&dir, name, b"");
    }
    file(&dir, ".access-2025-10-10.log", b"");
    symlink("access-2025-10-10.log", dir.path().join("access-2025-10-10.zzz")).unwrap();
    symlink("access-2025-10-11.log", dir.path().join("access-2025-10-10.new")).unwrap();
    fs::hard_link(dir.path().join("access-2025-10-10.log.1"), dir.path().join("b.log")).unwrap();

    let expected = ["access-2025-10-10.log", "access-2025-10-10.log.1", "access-2025-10-10.new"];
    assert_eq!(names(&dir, "access-{date}*"), expected);
    assert_eq!(names(&dir, "*-{date:%Y}-{date:%m}-10.log"), expected[..1]);
    assert_eq!(names(&dir, "./access-{date}.log"), expected[..1]);
    assert_eq!(names(&dir, "*og*"), [expected[0], expected[1], "access-2025-10-11.log"]);
    assert_eq!(names(&dir, ".*"), [".access-2025-10-10.log"]);
    assert!(names(&dir, "{date:%Y%m%d}.log").is_empty());
    assert!(names(&dir, "no-such-folder/*").is_empty());
    let absolute = format!("{}/access-{{date}}.log", dir.path().display());
    assert_eq!(names(&dir, &absolute), expected[..1]);
}

#[test]
fn directories_are_searched_to_any_depth_and_each_once() {
    let dir = TempDir::new().unwrap();
    for name in ["a/b", ".hidden", "elsewhere"] {
        fs::create_dir_all(dir.path().join(name)).unwrap();
    }
    for name in ["x.log", "a/x.log", "a/b/x.log", ".hidden/x.log", "elsewhere/x.log"] {
        file(&dir, name, name.as_bytes());
    }
    symlink("..", dir.path().join("a/b/up")).unwrap();
    symlink("../elsewhere", dir.path().join("a/linked")).unwrap();
    let all = ["a/b/x.log", "a/linked/x.log", "a/x.log", "x.log"];
    assert_eq!(names(&dir, "**/*.log"), all);
    assert_eq!(names(&dir, "a/**/x.log"), all[..3]);
    assert_eq!(names(&dir, "*/x.log"), ["a/x.log", "elsewhere/x.log"]);
    assert_eq!(names(&dir, ".hidden/*"), [".hidden/x.log"]);
}

/// As an archive from Windows leaves them: EUC-KR for 접속.
#[test]
fn names_that_are_not_utf8_are_found() {
    let dir = TempDir::new().unwrap();
    let name = OsStr::from_bytes(b"\xc1\xa2\xbc\xd3-2025-10-10.log");
    fs::File::create(dir.path().join(name)).unwrap();
    let found = resolve(dir.path(), "*-{date}.log", date(2025, 10, 10)).unwrap();
    assert_eq!(found[0].path().file_name(), Some(name));
    assert_eq!(names(&dir, "access-{date}.log"), Vec::<String>::new());
}

/// The directory is no part of the pattern.
#[test]
fn a_directory_may_be_named_like_a_pattern() {
    let dir = TempDir::new().unwrap();
    let inner = dir.path().join("[a]*");
    fs::create_dir(&inner).unwrap();
    file(&dir, "[a]*/x.log", b"");
    assert_eq!(resolve(&inner, "*.log", date(2025, 10, 10)).unwrap().len(), 1);
}

#[test]
fn what_is_no_regular_file_is_refused_and_never_waited_for() {
    let dir = TempDir::new().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::create_dir(path("directory")).unwrap();
    fifo(&path("fifo"));
    let _socket = UnixListener::bind(path("socket")).unwrap();
    symlink("nowhere", path("dangling")).unwrap();
    symlink("circle", path("circle")).unwrap();
    symlink("fifo", path("link")).unwrap();
    for (name, expected) in [
        ("directory", Kind::Directory),
        ("fifo", Kind::Fifo),
        ("link", Kind::Fifo),
        ("socket", Kind::Socket),
        ("dangling", Kind::Dangling),
        ("circle", Kind::Loop),
    ] {
        let path = path(name);
        let by_pattern = resolve(dir.path(), &format!("{name}*"), date(2025, 10, 10)).map(drop);
        let by_name = resolve(dir.path(), name, date(2025, 10, 10)).map(drop);
        let found = Input::find(&path).map(drop);
        let digested = digest(&path.clone().into()).map(drop);
        let begun = head(&path.clone().into(), Cut::Lines).map(drop);
        let read = open(&[path], Cut::Lines, 64).next().map(drop);
        for refused in [by_pattern, by_name, found, digested, begun, read] {
            let error = refused.unwrap_err();
            let Error::Special { found, .. } = error else { panic!("{name}: {error}") };
            assert_eq!(found, expected);
            assert!(error.hint().is_some());
        }
    }
    // In place of a directory, it may be a disk that is not mounted.
    for name in ["dangling/*.log", "circle/*.log", "dangling/a.log"] {
        let error = resolve(dir.path(), name, date(2025, 10, 10)).unwrap_err();
        assert!(matches!(error, Error::Special { .. }), "{name}: {error}");
    }
}

/// Some containers have plain files in place of devices.
#[test]
fn devices_are_refused() {
    let is_device =
        |path: &str| fs::metadata(path).is_ok_and(|file| file.file_type().is_char_device());
    for path in ["/dev/null", "/dev/zero"].into_iter().filter(|path| is_device(path)) {
        let error = Input::find(Path::new(path)).unwrap_err();
        assert_eq!(error.to_string(), format!("{path}: is a device, expected a regular file"));
    }
}

/// Its length is 0 whatever it holds, so it would be read as an empty file.
#[test]
fn a_file_that_does_not_tell_its_length_is_refused() {
    let error = open(&[PathBuf::from("/proc/self/status")], Cut::Lines, 64).next().err().unwrap();
    assert!(matches!(error, Error::Special { found: Kind::Lengthless, .. }), "{error}");
}

#[test]
fn a_placeholder_that_a_date_cannot_fill_is_an_error() {
    let resolve = |pattern| resolve(Path::new(""), pattern, date(2025, 10, 10));
    for pattern in ["{date", "{date:%H}", "{date:%z}", "{date%Y}", "{dates}"] {
        let error = resolve(pattern).unwrap_err();
        assert!(matches!(error, Error::Placeholder { .. }), "{pattern}: {error}");
    }
    for pattern in ["a***", "a/b**", "[a", "[a/b]"] {
        let error = resolve(pattern).unwrap_err();
        assert!(matches!(error, Error::Pattern { .. }), "{pattern}: {error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let path = PathBuf::from("no/such.log");
    let error = open(std::slice::from_ref(&path), Cut::Lines, 64).next().err().unwrap();
    assert_eq!(error.to_string(), "no/such.log: could not open");
    let error = Input::find(&path).unwrap_err();
    assert_eq!(error.to_string(), "no/such.log: could not inspect");
}
