//! What a user sees: command line in, text and exit code out, file by file.
//!
//! `TRYCMD=overwrite cargo test cmd` rewrites the expected text. Read the
//! diff before committing it: it is the user's changelog.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use crate::house::{DATE, House, Said, files, gamyeong, log};

#[test]
fn as_written() {
    let cases = trycmd::TestCases::new();
    for tool in ["chmod", "cp", "mv", "rm", "sed"] {
        cases.register_bin(tool, PathBuf::from("/bin").join(tool));
    }
    // In English, whoever runs the tests.
    cases.env("LC_ALL", "C.UTF-8").case("tests/cmd/*.trycmd");
}

/// `gamyeong ledger list | head -1`, and the like.
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    house.run(&[]).exits(0);
    for args in [&["schema"][..], &["ledger", "list", "--json"], &["ledger", "verify", "--data"]] {
        let mut command = house.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let said = Said::from(child.wait_with_output().unwrap()).exits(0);
        assert_eq!(said.err, "", "{args:?}");
    }
}

/// A pipe that nobody reads from the start.
#[test]
fn output_to_nobody_is_no_failure() {
    let house = House::new();
    for args in [&["schema"][..], &["schema", "--institution"], &["ledger", "list"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = house.command(args).stdout(writer).output().unwrap();
        assert_eq!(Said::from(output).exits(0).err, "", "{args:?}");
    }
}

/// Found by a new user: `vault open FILE | head` said that the keys are not usable.
#[test]
fn a_reader_of_the_vault_that_has_seen_enough_is_no_failure() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", format!("{}broken\n", log(20, 200)));
    house.run(&[]).exits(0);
    let is_rejects = |path: &PathBuf| path.to_string_lossy().contains("/rejects-");
    let sealed = files(&house.path("vault")).into_iter().find(is_rejects).unwrap();
    let identity = house.path("custodian/custodian.key");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut open = gamyeong();
    open.args(["vault", "open", "--reason", "a look", "--identity"])
        .arg(identity)
        .arg(sealed)
        .stdout(writer);
    assert_eq!(Said::from(open.output().unwrap()).exits(0).err, "");
}

/// Standard output on a full device.
#[test]
fn output_that_cannot_be_printed_is_exit_7() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = gamyeong();
    let said = Said::from(command.arg("schema").stdout(full).output().unwrap()).exits(7);
    assert!(said.err.starts_with("error: output not written\n  because: "), "{}", said.err);
}

#[test]
fn a_house_that_is_at_work_is_exit_75_and_untouched() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    let lock = File::create(house.path(".lock")).unwrap();
    lock.lock().unwrap();
    let before = house.tree();
    let said = house.run(&[]).exits(75);
    assert_eq!(said.out, "");
    assert_eq!(
        said.err,
        format!("error: {}: another run holds the lock\n", house.path(".lock").display())
    );
    assert_eq!(house.tree(), before);
    drop(lock);
    house.run(&[]).exits(0);
    assert!(house.table(DATE).is_file());
}
