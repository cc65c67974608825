//! Chunks; and helpers of the tests below.

use super::*;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

mod compressed;
mod listing;
mod rotation;

const TABLE: Cut = Cut::Records { delimiter: b',', quote: b'"' };

fn file(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    path
}

fn chunks(files: &[PathBuf], cut: Cut, chunk_bytes: usize) -> Result<Vec<Chunk>, Error> {
    let mut reader = open(files, cut, chunk_bytes);
    let mut chunks = Vec::new();
    while let Some(chunk) = reader.next()? {
        chunks.push(chunk);
    }
    assert_eq!(reader.seen().len(), files.len());
    Ok(chunks)
}

fn joined(chunks: &[Chunk]) -> Vec<u8> {
    chunks.iter().flat_map(|chunk| chunk.bytes.to_vec()).collect()
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let dir = TempDir::new().unwrap();
    chunks(&[file(&dir, name, bytes)], Cut::Lines, 1024).map(|chunks| joined(&chunks))
}

#[test]
fn chunks_are_whole_lines_no_longer_than_asked_for() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "a", b"one\ntwo\nthree\nfour");
    let found = chunks(&[path], Cut::Lines, 9).unwrap();
    let lines: Vec<&[u8]> = found.iter().map(|chunk| chunk.bytes.as_slice()).collect();
    assert_eq!(lines, [b"one\ntwo\n".as_slice(), b"three\n", b"four"]);
    assert_eq!(found.iter().map(|chunk| chunk.is_first).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn chunks_never_hold_lines_of_two_files() {
    let dir = TempDir::new().unwrap();
    let files = [file(&dir, "a", b"x"), file(&dir, "b", b""), file(&dir, "c", b"y\n")];
    let found = chunks(&files, Cut::Lines, 1024).unwrap();
    let places: Vec<_> = found.iter().map(|chunk| (chunk.file, chunk.is_first)).collect();
    assert_eq!(places, [(0, true), (2, true)]);
}

/// Whatever the chunks are, and whether or not lines are too long for any.
#[test]
fn the_digest_of_a_plain_file_is_that_of_its_bytes() {
    let long = |length: usize| [b"x".repeat(length), b"\nnext\n".to_vec()].concat();
    let dir = TempDir::new().unwrap();
    let texts = [
        b"one\ntwo\nthree".to_vec(),
        Vec::new(),
        long(LINE_BYTES),
        long(LINE_BYTES + 1),
        [b"a\n".to_vec(), long(5 * LINE_BYTES), long(2 * LINE_BYTES)].concat(),
        b"y".repeat(3 * LINE_BYTES),
    ];
    let paths: Vec<_> =
        texts.iter().enumerate().map(|(n, text)| file(&dir, &n.to_string(), text)).collect();
    for (cut, chunk_bytes) in [(Cut::Lines, 9), (TABLE, 1024), (Cut::Lines, CHUNK_BYTES)] {
        let mut reader = open(&paths, cut, chunk_bytes);
        while reader.next().unwrap().is_some() {}
        let expected = paths.iter().zip(&texts).map(|(path, text)| Seen {
            path: path.clone(),
            sha256: Sha256::digest(text).into(),
            bytes: text.len() as u64,
        });
        assert_eq!(reader.seen(), expected.collect::<Vec<_>>());
    }
}

#[test]
fn an_overlong_line_is_cut_and_those_around_it_stay() {
    let dir = TempDir::new().unwrap();
    for length in [LINE_BYTES + 1, 2 * LINE_BYTES, 5 * LINE_BYTES + 3] {
        let text = [b"a\n".to_vec(), vec![b'x'; length], b"\nb\n".to_vec()].concat();
        let found = chunks(&[file(&dir, "long", &text)], Cut::Lines, 1024).unwrap();
        let overlong: Vec<_> =
            found.iter().map(|chunk| (chunk.bytes.len(), chunk.overlong)).collect();
        assert_eq!(overlong, [(2, None), (LINE_BYTES, Some(length as u64)), (2, None)]);
    }
    let longest = [vec![b'x'; LINE_BYTES], b"\n".to_vec()].concat();
    let found = chunks(&[file(&dir, "longest", &longest)], Cut::Lines, 1024).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].overlong, None);
}

#[test]
fn records_end_outside_quotes() {
    #[track_caller]
    fn first(text: &str, expected: Option<usize>) {
        assert_eq!(TABLE.first(text.as_bytes()), expected);
    }
    first("a,b\nc", Some(4));
    first("a,\"b\nc\"\nd", Some(8));
    first("\"a\"\"\n\"\nd", Some(7));
    first("\"\",x\nd", Some(5));
    first("5\" disk,x\nd", Some(10));
    first("\"open\nnever closed", None);
    first("", None);
}

#[test]
fn an_unclosed_quote_hides_lines_up_to_the_cap_only() {
    let lines = b"0123456789abcde\n".repeat(LINE_BYTES / 16 + 10);
    let text = [b"\"".to_vec(), lines].concat();
    let end = TABLE.first(&text).unwrap();
    assert!(end > LINE_BYTES && end <= LINE_BYTES + 17, "{end}");
}

#[test]
fn every_chunk_of_a_table_has_the_first_record_of_its_file() {
    let dir = TempDir::new().unwrap();
    let files = [file(&dir, "a", b"id,\"na\nme\"\n1,kim\n2,lee\n"), file(&dir, "b", b"name,id\n")];
    let found = chunks(&files, TABLE, 12).unwrap();
    assert!(found.len() > 2);
    for chunk in &found {
        let expected: &[u8] = if chunk.file == 0 { b"id,\"na\nme\"\n" } else { b"name,id\n" };
        assert_eq!(chunk.head.as_slice(), expected);
    }
    assert_eq!(head(&files[1].clone().into(), TABLE).unwrap().as_slice(), b"name,id\n");
}

#[test]
fn memory_is_taken_back_only_when_nobody_else_holds_it() {
    let dir = TempDir::new().unwrap();
    let mut reader = open(&[file(&dir, "a", b"one\ntwo\nsix\n")], Cut::Lines, 4);
    let first = reader.next().unwrap().unwrap();
    let held = first.bytes.clone();
    reader.recycle(first);
    let second = reader.next().unwrap().unwrap();
    let address = second.bytes.as_ptr();
    reader.recycle(second);
    // Both were due to be digested: the second is held by nobody then.
    while reader.digest().piece() {}
    let third = reader.next().unwrap().unwrap();
    assert_eq!(third.bytes.as_ptr(), address);
    assert_eq!(
        (held.as_slice(), third.bytes.as_slice()),
        (b"one\n".as_slice(), b"six\n".as_slice())
    );
}

proptest! {
    #[test]
    fn chunks_join_to_the_file_whatever_their_size(
        text in prop::collection::vec(prop::sample::select(b"a,\"\n\r".to_vec()), 0..400),
        chunk_bytes in 1_usize..500,
        is_table: bool,
    ) {
        let dir = TempDir::new().unwrap();
        let cut = if is_table { TABLE } else { Cut::Lines };
        let found = chunks(&[file(&dir, "a", &text)], cut, chunk_bytes).unwrap();
        prop_assert_eq!(joined(&found), text);
        for chunk in found.iter().rev().skip(1) {
            prop_assert_eq!(cut.last(&chunk.bytes), Some(chunk.bytes.len()));
        }
    }
}
