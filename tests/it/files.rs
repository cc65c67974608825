//! Input files as a machine has them at night: hostile, special, rotated. What is
//! read is counted to the last line; otherwise nothing is published and the exit
//! code is 4.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use gamyeong::error::Error;
use gamyeong::source::{self, Cut, Input};
use jiff::civil::date;
use liblzma::write::XzEncoder;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::house::{DATE, House, PIPELINE, Said, conserved, gamyeong, log};

const LOG: &str = "logs/access-2026-11-20.log";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

type Store = fn(&[u8]) -> Vec<u8>;

/// Suffix and compressor.
const STORED: [(&str, Store); 4] = [("gz", gzip), ("zst", zstd), ("bz2", bzip2), ("xz", xz)];

/// Checks that a run was refused for its input, with a hint, and left nothing.
#[track_caller]
fn refused(house: &House, said: Said, message: &str) {
    let said = said.exits(4);
    assert!(said.err.contains(message), "{message}: {}", said.err);
    assert!(said.err.contains("\nhint: "), "{}", said.err);
    house.holds_no_output();
    house.verify();
}

/// Runs [`PIPELINE`] with so little memory that a bomb would not fit.
#[track_caller]
fn run_in_two_gib(house: &House) -> Said {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 2097152; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_gamyeong")]);
    command.arg("--house").arg(&house.root).arg("run").arg(house.path("pipelines/visits.toml"));
    command.args(["--date", DATE, "--json"]).env("RAYON_NUM_THREADS", "2");
    Said::from(command.output().unwrap())
}

#[test]
fn a_bomb_is_refused_before_it_takes_room_or_time() {
    // A thousand times ten million zeros.
    let zeros = vec![0; 10_000_000];
    for (suffix, store) in STORED {
        let house = House::new();
        house.put(&format!("{LOG}.{suffix}"), store(&zeros).repeat(1_000));
        let said = run_in_two_gib(&house);
        assert!(said.err.contains(&format!("access-2026-11-20.log.{suffix}")), "{}", said.err);
        refused(&house, said, "decompresses beyond reason");
    }
}

#[test]
fn a_line_of_100_mb_is_one_reject() {
    let house = House::new();
    let text = log(20, 200);
    let (before, after) = text.split_at(text.find('\n').unwrap() + 1);
    let long = [before.as_bytes(), &b"z".repeat(100_000_000), b"\n", after.as_bytes()].concat();
    house.put(LOG, long);
    let said = run_in_two_gib(&house).exits(0);
    let [lines, rows, rejected, suppressed, excluded, blank] = conserved(&said.json()[0]);
    assert_eq!((lines, rows + suppressed), (201, 200));
    assert_eq!((rejected, excluded, blank), (1, 0, 0));
    house.verify();

    // Too many for `max_rejects`, and nothing of them in the message.
    let house = House::new();
    house.put(LOG, b"z".repeat(100_000_000));
    let said = run_in_two_gib(&house);
    assert!(!said.err.contains("zzz") && !said.out.contains("zzz"));
    refused(&house, said, "1 of 1 lines rejected");
}

#[test]
fn every_way_to_store_a_log_is_read_to_its_last_line() {
    let text = log(50, 2_000);
    let (head, tail) = text.as_bytes().split_at(70_000);
    for (suffix, store) in STORED {
        let house = House::new();
        house.put(&format!("{LOG}.{suffix}"), [store(head), store(tail)].concat());
        let [lines, rows, rejected, suppressed, ..] = conserved(&house.run_json(&[]));
        assert_eq!((lines, rows + suppressed, rejected), (2_000, 2_000, 0), "{suffix}");
        house.verify();
    }
}

#[test]
fn a_log_that_was_cut_off_is_refused_however_it_is_stored() {
    let text = log(50, 2_000);
    for (suffix, store) in STORED {
        let house = House::new();
        let stored = store(text.as_bytes());
        house.put(&format!("{LOG}.{suffix}"), &stored[..stored.len() - 7]);
        let said = house.run(&[]).exits(4);
        assert!(said.err.contains("data not usable after"), "{}", said.err);
        house.holds_no_output();
        house.put(&format!("{LOG}.{suffix}"), "");
        refused(&house, house.run(&[]), "file is empty, its name promises");
    }
}

#[test]
fn a_log_beside_a_compressed_copy_is_refused() {
    let text = log(20, 200);
    for (suffix, store) in STORED {
        let house = House::new();
        house.put(LOG, &text);
        house.put(&format!("{LOG}.{suffix}"), store(text.as_bytes()));
        refused(&house, house.run(&[]), &format!("{suffix} is a copy of"));
    }
}

/// Makes something that is no file, and keeps it while it is needed.
type Make = fn(&Path) -> Option<UnixListener>;

/// What it is called, and how it is made.
const SPECIAL: [(&str, Make); 5] = [
    ("is a directory", |path| {
        fs::create_dir(path).unwrap();
        None
    }),
    ("is a FIFO (named pipe)", |path| {
        mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        None
    }),
    ("is a socket", |path| Some(UnixListener::bind(path).unwrap())),
    ("is a symbolic link that leads nowhere", |path| {
        symlink("nowhere", path).unwrap();
        None
    }),
    ("is a symbolic link that leads in a circle", |path| {
        symlink(path.file_name().unwrap(), path).unwrap();
        None
    }),
];

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    for (message, make) in SPECIAL {
        let house = House::new();
        // Its lines are there, and are not published without the others.
        house.put(LOG, log(20, 200));
        let path = house.path(&format!("{LOG}.1"));
        let _kept = make(&path);
        let message = format!("access-2026-11-20.log.1: {message}, expected a regular file");
        refused(&house, house.run(&[]), &message);
        let input = format!("web={}", path.display());
        refused(&house, house.run(&["--input", &input]), &message);
        // Nothing but that.
        fs::remove_file(house.path(LOG)).unwrap();
        refused(&house, house.run(&[]), &message);
    }
}

/// What happens in between cannot be timed from outside the program.
#[test]
fn a_log_that_is_rotated_or_cut_between_listing_and_reading_is_refused() {
    let house = House::new();
    let listed = || source::resolve(&house.root, "logs/access-{date}.log", date(2026, 11, 20));
    let refusal = |input: &Input| {
        let files = std::slice::from_ref(input);
        let error = source::open(files, Cut::Lines, 1024).next().err().unwrap();
        let error = Error::from(error);
        assert_eq!(error.number(), 4);
        assert!(error.hint().unwrap().contains("this run published nothing and can be repeated"));
        std::error::Error::source(&error).unwrap().to_string()
    };
    house.put(LOG, log(20, 200));
    let found = listed().unwrap();
    fs::rename(house.path(LOG), house.path("logs/access-2026-11-20.log.1")).unwrap();
    assert!(refusal(&found[0]).contains("replaced while it was being read"));
    house.put(LOG, log(20, 400));
    assert!(refusal(&found[0]).contains("replaced while it was being read"));
    // `copytruncate`, and a new line.
    let found = listed().unwrap();
    house.put(LOG, log(20, 1));
    assert!(refusal(&found[0]).contains("became shorter while it was read"));
}

#[test]
fn a_file_under_two_names_is_counted_once() {
    let house = House::new();
    house.put(LOG, log(20, 200));
    fs::hard_link(house.path(LOG), house.path("logs/access-2026-11-20.log.1")).unwrap();
    symlink("access-2026-11-20.log", house.path("logs/access-2026-11-20.log.2")).unwrap();
    let report = house.run_json(&[]);
    assert_eq!(conserved(&report)[0], 200);
    assert_eq!(report["sources"][0]["files"].as_array().unwrap().len(), 1);
}

/// The same lines in two files are lines of two files.
#[test]
fn equal_lines_of_different_files_are_all_counted() {
    let house = House::new();
    let text = log(20, 200);
    let (first, second) = (text.clone() + &text, text);
    house.put(LOG, first);
    house.put("logs/access-2026-11-20.log.1", second);
    assert_eq!(conserved(&house.run_json(&[]))[0], 600);
}

#[test]
fn a_log_that_grew_since_its_run_is_read_again() {
    let house = House::new();
    let text = log(20, 400);
    let half = text.len() / 2;
    house.put(LOG, &text[..half]);
    let first = conserved(&house.run_json(&[]));
    assert_eq!(first[0], text[..half].lines().count() as u64);
    assert_eq!(house.run_json(&[])["outcome"], "unchanged");
    house.put(LOG, &text);
    let report = house.run_json(&[]);
    assert_eq!(report["outcome"], "published");
    assert_eq!(conserved(&report)[0], 400);
    house.verify();
}

/// Once a walk over names panicked on these.
#[test]
fn a_log_whose_name_is_not_utf8_is_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let house = House::new();
    house.put(LOG, log(20, 200));
    let name = OsStr::from_bytes(b"logs/access-2026-11-20-\xc1\xa2.log");
    fs::copy(house.path(LOG), house.root.join(name)).unwrap();
    fs::remove_file(house.path(LOG)).unwrap();
    assert_eq!(conserved(&house.run_json(&[]))[0], 200);
    let said = house.run(&["--lang", "ko"]).exits(0);
    assert!(!said.out.is_empty());
}

/// `[` and `*` of a house are no pattern.
#[test]
fn a_house_may_lie_in_a_directory_named_like_a_pattern() {
    let dir = tempfile::tempdir().unwrap();
    let root: PathBuf = dir.path().join("[house]*");
    let init = gamyeong().arg("init").arg(&root).args(["--institution", "library"]).output();
    Said::from(init.unwrap()).exits(0);
    crate::house::put(&root.join("pipelines/visits.toml"), PIPELINE.as_bytes());
    crate::house::put(&root.join(LOG), log(20, 200).as_bytes());
    let mut command = gamyeong();
    command.arg("--house").arg(&root).arg("run").arg(root.join("pipelines/visits.toml"));
    let said = Said::from(command.args(["--date", DATE, "--json"]).output().unwrap()).exits(0);
    assert_eq!(conserved(&said.json()[0])[0], 200);
}
