//! What is stored in another way is read the same, or refused.

use bzip2::write::BzEncoder;
use flate2::Crc;
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;

use super::*;

type Store = fn(&[u8]) -> Vec<u8>;

/// Suffix and compressor.
const STORED: [(&str, Store); 4] = [("gz", gzip), ("zst", zstd), ("bz2", bzip2), ("xz", xz)];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 1).unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn storage_changes_the_digest_and_no_chunk() {
    let text: Vec<u8> = (0..3000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
    let (head, tail) = text.split_at(7000);
    let dir = TempDir::new().unwrap();
    let plain = chunks(&[file(&dir, "p", &text)], Cut::Lines, 512).unwrap();
    let mut files = vec![("padded".to_owned(), [xz(head), vec![0; 8], xz(tail)].concat())];
    for (suffix, store) in STORED {
        files.push((format!("one {suffix}"), store(&text)));
        files.push((format!("two {suffix}"), [store(head), store(tail)].concat()));
        files.push((format!("none {suffix}"), [store(b""), store(&text), store(b"")].concat()));
    }
    for (name, stored) in files {
        let path = file(&dir, &name, &stored);
        let mut reader = open(std::slice::from_ref(&path), Cut::Lines, 512);
        for chunk in &plain {
            assert_eq!(reader.next().unwrap().unwrap().bytes, chunk.bytes, "{name}");
        }
        assert!(reader.next().unwrap().is_none());
        let sha256 = Sha256::digest(&stored).into();
        let seen = Seen { path: path.clone(), sha256, bytes: stored.len() as u64 };
        assert_eq!(reader.seen(), [seen]);
        assert_eq!(digest(&path.into()).unwrap(), reader.seen()[0]);
    }
    assert_eq!(joined(&plain), text);
}

#[test]
fn every_truncation_of_a_compressed_file_is_an_error() {
    let text = b"192.0.2.7 kim\n".repeat(20);
    for (suffix, store) in STORED {
        let (name, stored) = (format!("a.{suffix}"), store(&text));
        assert_eq!(read(&name, &stored).unwrap(), text);
        for end in 4..stored.len() {
            let error = read(&name, &stored[..end]).unwrap_err();
            assert!(matches!(error, Error::Damaged { .. }), "{name} of {end} bytes: {error}");
        }
        // In the second of two, too.
        let two = [&stored[..], &stored[..stored.len() - 1]].concat();
        assert!(matches!(read(&name, &two), Err(Error::Damaged { .. })), "{name}");
        assert!(matches!(read(&name, b""), Err(Error::Empty { .. })), "{name}");
    }
    assert_eq!(read("a.log", b"").unwrap(), b"");
}

/// The program `zstd` adds a checksum, its library does not unless asked.
#[test]
fn damage_never_changes_what_is_read() {
    let text: Vec<u8> = (0..40).flat_map(|n| format!("{}\n", n * 7919).into_bytes()).collect();
    for (suffix, store) in STORED.into_iter().filter(|(suffix, _)| *suffix != "zst") {
        let stored = store(&text);
        for at in 4..stored.len() {
            let mut damaged = stored.clone();
            damaged[at] ^= 0x10;
            match read("a", &damaged) {
                // A time in a header, bits that fill up the last byte.
                Ok(same) => assert_eq!(same, text, "{suffix} at {at}"),
                Err(error) => assert!(matches!(error, Error::Damaged { .. }), "{error}"),
            }
        }
        let mut damaged = stored.clone();
        damaged[stored.len() / 2] ^= 0x10;
        assert!(matches!(read("a", &damaged), Err(Error::Damaged { .. })), "{suffix}");
    }
}

#[test]
fn bytes_behind_the_last_member_are_an_error() {
    for (suffix, store) in STORED {
        let behind = [store(b"line\n"), b"and so on".to_vec()].concat();
        assert!(matches!(read("a", &behind), Err(Error::Damaged { .. })), "{suffix}");
    }
}

#[test]
fn a_file_that_grows_beyond_the_ratio_is_an_error_and_ends_the_reader() {
    for text in [b"x\n".repeat(1 << 20), vec![0; 16 << 20]] {
        for (suffix, store) in STORED {
            let dir = TempDir::new().unwrap();
            let files = [file(&dir, "bomb", &store(&text)), file(&dir, "next", b"x\n")];
            let mut reader = open(&files, Cut::Lines, CHUNK_BYTES);
            let error = loop {
                match reader.next() {
                    Ok(chunk) => assert!(chunk.is_some()),
                    Err(error) => break error,
                }
            };
            let Error::Expands { given, .. } = error else { panic!("{suffix}: {error}") };
            assert!(given <= EXPANSION_FREE_BYTES + CHUNK_BYTES as u64, "{suffix}: {given}");
            assert!(reader.next().unwrap().is_none());
            assert!(reader.seen().is_empty());
        }
    }
    let short = b"x\n".repeat(usize::try_from(EXPANSION_FREE_BYTES).unwrap() / 2);
    for (suffix, store) in STORED {
        assert_eq!(read("short", &store(&short)).unwrap(), short, "{suffix}");
    }
}

/// Within the ratio, and still too much. A file that is not compressed takes
/// nothing that was not there before.
#[test]
fn a_file_that_grows_beyond_the_total_is_an_error() {
    let text: Vec<u8> = (0..3000).flat_map(|n| format!("{n}\n").into_bytes()).collect();
    let dir = TempDir::new().unwrap();
    let read = |stored: &[u8], most| {
        let mut reader = open(&[file(&dir, "a", stored)], Cut::Lines, 512).at_most(most);
        while reader.next()?.is_some() {}
        Ok::<_, Error>(reader.seen().len())
    };
    let length = text.len() as u64;
    for (suffix, store) in STORED {
        let stored = store(&text);
        assert_eq!(read(&stored, length).unwrap(), 1, "{suffix}");
        let error = read(&stored, length - 1).unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit, .. } if limit == length - 1), "{error}");
    }
    assert_eq!(read(&text, 1).unwrap(), 1);
}

#[test]
fn a_zstandard_window_beyond_the_limit_is_an_error() {
    let mut encoder = ::zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(ZSTD_WINDOW_LOG + 1).unwrap();
    encoder.write_all(b"line\n").unwrap();
    let stored = encoder.finish().unwrap();
    assert!(matches!(read("a", &stored), Err(Error::Damaged { .. })));
}

/// The .xz File Format 1.2.1, sections 3.1 and 5.3.1: a header of one block
/// with one filter, whose only property is the size of its dictionary.
#[test]
fn an_xz_dictionary_beyond_the_limit_is_an_error() {
    let with_dictionary = |bits: u8| {
        let mut stored = xz(b"line\n");
        let header = &mut stored[12..24];
        assert_eq!(header[..4], [2, 0, 0x21, 1]);
        header[4] = bits;
        let mut crc = Crc::new();
        crc.update(&header[..8]);
        header[8..].copy_from_slice(&crc.sum().to_le_bytes());
        stored
    };
    // 96 MiB, 128 MiB and what the decoder needs besides, 4 GiB.
    assert_eq!(read("a", &with_dictionary(29)).unwrap(), b"line\n");
    for bits in [30, 40] {
        let error = read("a", &with_dictionary(bits)).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
    }
}

proptest! {
    /// Decoders are code by others, one of them in C.
    #[test]
    fn any_bytes_in_a_compressed_file_give_an_answer(
        which in 0..STORED.len(),
        at: prop::sample::Index,
        bytes in prop::collection::vec(any::<u8>(), 1..40),
        is_cut: bool,
    ) {
        let (_, store) = STORED[which];
        let mut stored = store(b"192.0.2.7 kim\n198.51.100.9 lee\n");
        let at = at.index(stored.len());
        let end = if is_cut { stored.len() } else { stored.len().min(at + bytes.len()) };
        stored.splice(at..end, bytes);
        if let Err(error) = read("a", &stored) {
            prop_assert!(matches!(error, Error::Damaged { .. } | Error::Expands { .. }), "{}", error);
        }
    }
}
