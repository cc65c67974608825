//! Files that are written to, cut or renamed between listing and end.
//!
//! What is done to a file is done between two chunks. The reader has looked
//! ahead by less than [`long`] then.

use std::fs::OpenOptions;

use super::listing::fifo;
use super::resolve::steady;
use super::*;

/// Whole lines, 512 KiB.
fn long() -> Vec<u8> {
    b"0123456789abcde\n".repeat(32 << 10)
}

fn append(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

fn cut(path: &Path, length: usize) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length as u64).unwrap();
}

/// Reads a file to which something happens after its first chunk.
fn read_while(path: &Path, cut: Cut, happens: impl FnOnce()) -> Result<(Vec<Chunk>, Seen), Error> {
    let mut reader = open(&[Input::find(path).unwrap()], cut, 64 << 10);
    let mut chunks = vec![reader.next().unwrap().unwrap()];
    happens();
    loop {
        match reader.next() {
            Ok(Some(chunk)) => chunks.push(chunk),
            Ok(None) => return Ok((chunks, reader.seen()[0].clone())),
            Err(error) => {
                assert!(reader.next().unwrap().is_none());
                assert!(reader.seen().is_empty());
                return Err(error);
            }
        }
    }
}

#[test]
fn a_file_that_grows_is_read_up_to_its_last_whole_line() {
    let dir = TempDir::new().unwrap();
    let quoted = b"\"half\na rec".to_vec();
    for (cut, half) in [(Cut::Lines, b"half a li".to_vec()), (TABLE, quoted)] {
        let path = file(&dir, "a", &[long(), half.clone()].concat());
        let grows = || append(&path, b"ne\"\nnext\n");
        let (found, seen) = read_while(&path, cut, grows).unwrap();
        assert_eq!(joined(&found), long());
        assert_eq!(seen.sha256, *Sha256::digest(long()));
        assert_eq!(seen.bytes, long().len() as u64);
        // The next run sees that it is another file, and reads it all.
        let all = [long(), half, b"ne\"\nnext\n".to_vec()].concat();
        assert_ne!(digest(&path.as_path().into()).unwrap().sha256, seen.sha256);
        assert_eq!(joined(&chunks(&[path], cut, 1024).unwrap()), all);
    }
}

#[test]
fn a_last_line_without_its_end_is_a_line_if_nothing_is_added() {
    let dir = TempDir::new().unwrap();
    let text = [long(), b"the last".to_vec()].concat();
    let path = file(&dir, "a", &text);
    let (found, seen) = read_while(&path, Cut::Lines, || {}).unwrap();
    assert_eq!(joined(&found), text);
    assert_eq!(seen.bytes, text.len() as u64);
}

#[test]
fn what_is_added_behind_the_last_line_is_not_read() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "a", &long());
    let grows = || append(&path, &long().repeat(3));
    let (found, seen) = read_while(&path, Cut::Lines, grows).unwrap();
    assert_eq!(joined(&found), long());
    assert_eq!(seen.bytes, long().len() as u64);
}

#[test]
fn an_overlong_line_that_is_being_written_is_left() {
    let dir = TempDir::new().unwrap();
    let line = vec![b'y'; 3 * LINE_BYTES + 5];
    let text = [long(), line.clone()].concat();
    let path = file(&dir, "half", &text);
    let (found, seen) = read_while(&path, Cut::Lines, || append(&path, b"\n")).unwrap();
    assert_eq!(joined(&found), long());
    assert!(found.iter().all(|chunk| chunk.overlong.is_none()));
    assert_eq!(seen.bytes, long().len() as u64);
    assert_eq!(seen.sha256, *Sha256::digest(long()));

    // One that is whole, with half a line behind it.
    let whole = [&text[..], b"\n"].concat();
    let path = file(&dir, "whole", &[&whole[..], b"half"].concat());
    let (found, seen) = read_while(&path, Cut::Lines, || append(&path, b"\n")).unwrap();
    assert_eq!(found.last().unwrap().overlong, Some(line.len() as u64));
    assert_eq!(seen.bytes, whole.len() as u64);
    assert_eq!(seen.sha256, *Sha256::digest(&whole));

    // One that nobody goes on with is a line.
    let path = file(&dir, "last", &text);
    let (found, seen) = read_while(&path, Cut::Lines, || {}).unwrap();
    assert_eq!(found.last().unwrap().overlong, Some(line.len() as u64));
    assert_eq!(seen.sha256, *Sha256::digest(&text));
}

#[test]
fn a_file_that_is_cut_while_it_is_read_is_refused() {
    let dir = TempDir::new().unwrap();
    let length = long().len();
    // At once, behind what was read, and by its last byte.
    for left in [0, length / 2, length - 1] {
        let path = file(&dir, "a", &long());
        let error = read_while(&path, Cut::Lines, || cut(&path, left)).err().unwrap();
        let Error::Shrunk { found, expected, .. } = error else { panic!("{error}") };
        assert_eq!((found, expected), (left as u64, length as u64));
        assert!(error.hint().unwrap().contains("run again"));
    }
}

/// `copytruncate` in the middle of a chunk's time: the file grows before and
/// after, and is longer than when it was opened.
#[test]
fn a_file_that_is_cut_after_it_grew_is_refused() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "a", &long());
    let mut reader = open(std::slice::from_ref(&path), Cut::Lines, 64 << 10);
    reader.next().unwrap();
    append(&path, &long());
    reader.next().unwrap();
    cut(&path, long().len() + 1);
    let error = reader.next().err().unwrap();
    assert!(matches!(error, Error::Shrunk { .. }), "{error}");
}

/// Where a member ends nothing is missing to the decoder.
#[test]
fn a_compressed_file_that_is_cut_between_members_is_refused() {
    let dir = TempDir::new().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(&long()).unwrap();
    let member = encoder.finish().unwrap();
    let path = file(&dir, "a.gz", &member.repeat(2));
    let error = read_while(&path, Cut::Lines, || cut(&path, member.len())).err().unwrap();
    assert!(matches!(error, Error::Shrunk { .. }), "{error}");
}

#[test]
fn a_file_with_another_name_is_read_to_its_end() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, "a.log", &long());
    let rotate = || {
        fs::rename(&path, dir.path().join("a.log.1")).unwrap();
        file(&dir, "a.log", b"of the next day\n");
    };
    assert_eq!(joined(&read_while(&path, Cut::Lines, rotate).unwrap().0), long());
}

/// What a run does with a file that it has found.
fn refusals(input: &Input) -> [Error; 3] {
    [
        open(std::slice::from_ref(input), Cut::Lines, 64).next().err().unwrap(),
        head(input, Cut::Lines).unwrap_err(),
        digest(input).unwrap_err(),
    ]
}

#[test]
fn a_file_in_the_place_of_the_one_that_was_found_is_refused() {
    let dir = TempDir::new().unwrap();
    let found = Input::find(&file(&dir, "a.log", b"one\n")).unwrap();
    fs::rename(found.path(), dir.path().join("a.log.1")).unwrap();
    for error in refusals(&found) {
        assert!(matches!(error, Error::Replaced { .. }), "{error}");
    }
    file(&dir, "a.log", b"two and more\n");
    for error in refusals(&found) {
        assert!(matches!(error, Error::Replaced { .. }), "{error}");
        assert!(error.to_string().contains("replaced while it was being read"), "{error}");
        assert!(error.hint().unwrap().contains("can be repeated"));
    }
    fs::remove_file(found.path()).unwrap();
    fifo(found.path());
    for error in refusals(&found) {
        assert!(matches!(error, Error::Special { found: Kind::Fifo, .. }), "{error}");
    }
}

#[test]
fn a_file_that_was_cut_since_it_was_found_is_refused() {
    let dir = TempDir::new().unwrap();
    let found = Input::find(&file(&dir, "a.log", b"one\ntwo\n")).unwrap();
    append(found.path(), b"more\n");
    assert_eq!(digest(&found).unwrap().bytes, 13);
    cut(found.path(), 4);
    for error in refusals(&found) {
        assert!(matches!(error, Error::Shrunk { found: 4, expected: 8, .. }), "{error}");
    }
}

#[test]
fn a_directory_is_listed_until_it_is_steady() {
    let dir = TempDir::new().unwrap();
    let [a, b] = ["a", "b"].map(|name| {
        let path = file(&dir, name, b"");
        (path.clone(), Some(Input::find(&path).unwrap()))
    });
    // A file that is renamed while it is listed: under its old name, then both.
    let gone = (a.0.clone(), None);
    let renamed = (b.0.clone(), a.1.clone());
    let after = vec![a.clone(), b.clone()];
    let listings =
        [vec![gone.clone()], vec![gone], vec![a.clone(), renamed], after.clone(), after.clone()];
    let mut listings = listings.into_iter();
    let found = steady(|| Ok(listings.next().unwrap())).unwrap().unwrap();
    assert_eq!(found, after);

    let mut is_there = false;
    let flickers = || {
        is_there = !is_there;
        Ok(if is_there { vec![a.clone()] } else { Vec::new() })
    };
    assert!(steady(flickers).unwrap().is_none());
    assert_eq!(steady(|| Ok(Vec::new())).unwrap(), Some(Vec::new()));
}
