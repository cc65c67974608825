use super::*;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use jiff::civil::date;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const TABLE: Cut = Cut::Records { delimiter: b',', quote: b'"' };

fn file(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 1).unwrap()
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

#[test]
fn storage_changes_the_digest_and_no_chunk() {
    let text: Vec<u8> = (0..3000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
    let (head, tail) = text.split_at(7000);
    let members = [gzip(head), gzip(tail)].concat();
    let frames = [zstd(head), zstd(tail)].concat();
    let dir = TempDir::new().unwrap();
    let plain = chunks(&[file(&dir, "p", &text)], Cut::Lines, 512).unwrap();
    for (name, stored) in [("g", gzip(&text)), ("m", members), ("z", zstd(&text)), ("f", frames)] {
        let path = file(&dir, name, &stored);
        let mut reader = open(std::slice::from_ref(&path), Cut::Lines, 512);
        for chunk in &plain {
            assert_eq!(reader.next().unwrap().unwrap().bytes, chunk.bytes, "{name}");
        }
        assert!(reader.next().unwrap().is_none());
        let sha256 = Sha256::digest(&stored).into();
        assert_eq!(
            reader.seen(),
            [Seen { path: path.clone(), sha256, bytes: stored.len() as u64 }]
        );
        assert_eq!(digest(&path).unwrap(), reader.seen()[0]);
    }
    assert_eq!(joined(&plain), text);
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
fn every_truncation_of_a_compressed_file_is_an_error() {
    let text = b"192.0.2.7 kim\n".repeat(20);
    for (name, stored) in [("a.gz", gzip(&text)), ("a.zst", zstd(&text))] {
        assert_eq!(read(name, &stored).unwrap(), text);
        for end in 4..stored.len() {
            let error = read(name, &stored[..end]).unwrap_err();
            assert!(matches!(error, Error::Damaged { .. }), "{name} of {end} bytes: {error}");
        }
        assert!(matches!(read(name, b""), Err(Error::Empty { .. })));
    }
    assert_eq!(read("a.log", b"").unwrap(), b"");
}

#[test]
fn damage_and_bytes_behind_the_last_member_are_errors() {
    let text: Vec<u8> = (0..500).flat_map(|n| format!("{}\n", n * 7919).into_bytes()).collect();
    let mut stored = gzip(&text);
    let middle = stored.len() / 2;
    stored[middle] ^= 0x10;
    assert!(matches!(read("a", &stored), Err(Error::Damaged { .. })));
    let behind = [gzip(&text), b"and so on".to_vec()].concat();
    assert!(matches!(read("a", &behind), Err(Error::Damaged { .. })));
}

#[test]
fn a_file_that_grows_beyond_the_ratio_is_an_error_and_ends_the_reader() {
    let text = b"x\n".repeat(4 << 20);
    for stored in [gzip(&text), zstd(&text)] {
        let dir = TempDir::new().unwrap();
        let files = [file(&dir, "bomb", &stored), file(&dir, "next", b"x\n")];
        let mut reader = open(&files, Cut::Lines, CHUNK_BYTES);
        let error = loop {
            match reader.next() {
                Ok(chunk) => assert!(chunk.is_some()),
                Err(error) => break error,
            }
        };
        let Error::Expands { given, .. } = error else { panic!("{error}") };
        assert!(given <= EXPANSION_FREE_BYTES + CHUNK_BYTES as u64, "{given}");
        assert!(reader.next().unwrap().is_none());
        assert!(reader.seen().is_empty());
    }
    let short = b"x\n".repeat(usize::try_from(EXPANSION_FREE_BYTES).unwrap() / 2);
    assert_eq!(read("short", &gzip(&short)).unwrap(), short);
}

#[test]
fn a_window_beyond_the_limit_is_an_error() {
    let mut encoder = ::zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(ZSTD_WINDOW_LOG + 1).unwrap();
    encoder.write_all(b"line\n").unwrap();
    let stored = encoder.finish().unwrap();
    assert!(matches!(read("a", &stored), Err(Error::Damaged { .. })));
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
    assert_eq!(head(&files[1], TABLE).unwrap().as_slice(), b"name,id\n");
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

#[test]
fn a_pattern_gives_regular_files_once_and_sorted() {
    let dir = TempDir::new().unwrap();
    for name in ["access-2025-10-10.log", "access-2025-10-10.log.1", "access-2025-10-11.log"] {
        file(&dir, name, b"");
    }
    file(&dir, ".access-2025-10-10.log", b"");
    fs::create_dir(dir.path().join("access-2025-10-10.dir")).unwrap();
    symlink("access-2025-10-10.log", dir.path().join("access-2025-10-10.zzz")).unwrap();
    symlink("nowhere", dir.path().join("access-2025-10-10.yyy")).unwrap();
    symlink("access-2025-10-11.log", dir.path().join("access-2025-10-10.new")).unwrap();

    let names = |pattern: &str| -> Vec<String> {
        let pattern = format!("{}/{pattern}", dir.path().display());
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        resolve(&pattern, date(2025, 10, 10)).unwrap().iter().map(name).collect()
    };
    let expected = ["access-2025-10-10.log", "access-2025-10-10.log.1", "access-2025-10-10.new"];
    assert_eq!(names("access-{date}*"), expected);
    assert_eq!(names("*-{date:%Y}-{date:%m}-10.log"), expected[..1]);
    assert!(names("{date:%Y%m%d}.log").is_empty());
}

#[test]
fn a_placeholder_that_a_date_cannot_fill_is_an_error() {
    for pattern in ["{date", "{date:%H}", "{date:%z}", "{date%Y}", "{dates}"] {
        let error = resolve(pattern, date(2025, 10, 10)).unwrap_err();
        assert!(matches!(error, Error::Placeholder { .. }), "{pattern}: {error}");
    }
    assert!(matches!(resolve("a***", date(2025, 10, 10)), Err(Error::Pattern { .. })));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = open(&["no/such.log".into()], Cut::Lines, 64).next().err().unwrap();
    assert_eq!(error.to_string(), "no/such.log: could not open");
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
