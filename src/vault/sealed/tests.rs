//! Sealed files: there and back, cut, altered, for somebody else.

use std::error::Error as _;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use super::super::Line;
use super::*;

/// A custodian, and a directory that is gone when dropped.
struct House {
    dir: tempfile::TempDir,
    recipient: Recipient,
}

impl House {
    fn new() -> House {
        let dir = tempfile::tempdir().unwrap();
        let (identity, recipient) = custodian::generate();
        identity.write_new(&dir.path().join("custodian.key")).unwrap();
        House { dir, recipient }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn seal(&self, text: &[u8]) -> Seal {
        let mut sealed = seal(&self.path("sealed.age"), &self.recipient).unwrap();
        sealed.write_all(text).unwrap();
        sealed.finish().unwrap()
    }

    fn open(&self) -> Result<Vec<u8>, Error> {
        let mut text = Vec::new();
        open(&self.path("sealed.age"), &self.path("custodian.key"), &mut text)?;
        Ok(text)
    }

    fn put(&self, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
        let path = self.path(name);
        let _ = std::fs::remove_file(&path);
        fs::create(&path, mode).unwrap().write_all(bytes).unwrap();
        path
    }
}

/// Bytes that do not repeat with the block.
fn text(length: usize) -> Vec<u8> {
    (0..251).cycle().take(length).collect()
}

#[test]
fn every_length_around_a_block_comes_back() {
    for length in [0, 1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 7] {
        let house = House::new();
        house.seal(&text(length));
        assert!(house.open().unwrap() == text(length), "{length} bytes");
    }
}

#[test]
fn text_may_come_in_pieces() {
    let house = House::new();
    let mut sealed = seal(&house.path("sealed.age"), &house.recipient).unwrap();
    let text = text(3 * BLOCK);
    for piece in text.chunks(1013) {
        sealed.write_all(piece).unwrap();
        sealed.flush().unwrap();
    }
    sealed.finish().unwrap();
    assert!(house.open().unwrap() == text);
}

#[test]
fn the_seal_describes_the_file_and_the_owner_alone_has_rights() {
    let house = House::new();
    let seal = house.seal(b"kim");
    let bytes = std::fs::read(house.path("sealed.age")).unwrap();
    assert_eq!(seal.bytes, bytes.len() as u64);
    assert_eq!(seal.sha256.as_slice(), Sha256::digest(&bytes).as_slice());
    let mode = std::fs::metadata(house.path("sealed.age")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_text_does_not_stand_in_the_file() {
    let house = House::new();
    house.seal(&b"kim 192.0.2.7 ".repeat(1000));
    let bytes = std::fs::read(house.path("sealed.age")).unwrap();
    assert!(!bytes.windows(9).any(|window| window == b"192.0.2.7"));
}

#[test]
fn the_same_text_is_sealed_differently_each_time() {
    let (one, other) = (House::new(), House::new());
    assert_ne!(one.seal(b"kim").sha256, other.seal(b"kim").sha256);
}

#[test]
fn what_is_there_is_not_overwritten() {
    let house = House::new();
    let path = house.put("sealed.age", b"before", 0o600);
    let error = seal(&path, &house.recipient).err().unwrap();
    assert!(matches!(error, Error::Exists { .. }));
    assert_eq!(std::fs::read(&path).unwrap(), b"before");
}

/// The library itself opens it with nothing but the identity in the file.
#[test]
fn the_age_crate_opens_it_without_this_module() {
    let house = House::new();
    house.seal(b"kim");
    let identity = std::fs::read_to_string(house.path("custodian.key")).unwrap();
    let line = identity.lines().find(|line| !line.starts_with('#')).unwrap();
    let identity: age::x25519::Identity = line.parse().unwrap();
    let bytes = std::fs::read(house.path("sealed.age")).unwrap();
    assert_eq!(age::decrypt(&identity, &bytes).unwrap(), b"kim");
}

#[test]
fn every_truncation_fails_to_open() {
    let house = House::new();
    house.seal(b"kim 192.0.2.7");
    let bytes = std::fs::read(house.path("sealed.age")).unwrap();
    for length in 0..bytes.len() {
        house.put("sealed.age", &bytes[..length], 0o600);
        let error = house.open().unwrap_err();
        let is_named = matches!(error, Error::Truncated { .. } | Error::Altered { .. });
        assert!(is_named, "{length} bytes: {error}");
    }
}

#[test]
fn truncation_between_blocks_is_called_so() {
    let house = House::new();
    house.seal(&text(2 * BLOCK + 1));
    let bytes = std::fs::read(house.path("sealed.age")).unwrap();
    let tag = 16;
    let last_block = 1 + tag;
    for blocks in [0, 1, 2] {
        let length = bytes.len() - last_block - blocks * (BLOCK + tag);
        house.put("sealed.age", &bytes[..length], 0o600);
        assert!(matches!(house.open(), Err(Error::Truncated { .. })), "{blocks} blocks less");
    }
}

#[test]
fn a_file_that_was_not_finished_fails_to_open() {
    let house = House::new();
    let mut sealed = seal(&house.path("sealed.age"), &house.recipient).unwrap();
    sealed.write_all(&text(BLOCK + 1)).unwrap();
    drop(sealed);
    assert!(matches!(house.open(), Err(Error::Truncated { .. })));
}

#[test]
fn every_altered_byte_is_noticed() {
    let house = House::new();
    house.seal(b"kim");
    let bytes = std::fs::read(house.path("sealed.age")).unwrap();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        house.put("sealed.age", &altered, 0o600);
        assert!(house.open().is_err(), "byte {at}");
    }
    let longer = [&bytes[..], b"\n"].concat();
    house.put("sealed.age", &longer, 0o600);
    assert!(matches!(house.open(), Err(Error::Altered { .. })));
}

#[test]
fn another_identity_does_not_open_it() {
    let (house, other) = (House::new(), House::new());
    house.seal(b"kim");
    let result = open(&house.path("sealed.age"), &other.path("custodian.key"), &mut io::sink());
    let error = result.unwrap_err();
    assert!(error.hint().is_some());
    assert!(matches!(error, Error::NoMatchingIdentity { .. }));
    house.put("custodian.key", b"# none\n", 0o600);
    assert!(matches!(house.open(), Err(Error::NoMatchingIdentity { .. })));
}

#[test]
fn the_second_identity_of_a_file_opens_it_too() {
    let (house, other) = (House::new(), House::new());
    house.seal(b"kim");
    let both = [
        std::fs::read(other.path("custodian.key")).unwrap(),
        b"\n\r\n".to_vec(),
        std::fs::read(house.path("custodian.key")).unwrap(),
    ];
    house.put("custodian.key", &both.concat(), 0o600);
    assert_eq!(house.open().unwrap(), b"kim");
}

#[test]
fn an_identity_that_others_may_read_is_refused() {
    let house = House::new();
    house.seal(b"kim");
    let identity = std::fs::read(house.path("custodian.key")).unwrap();
    house.put("custodian.key", &identity, 0o600);
    let path = house.path("custodian.key");
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(house.open(), Err(Error::Exposed { found: 0o640, .. })));
}

#[test]
fn other_files_are_not_sealed_files() {
    let house = House::new();
    for bytes in [&b"kim"[..], b"age-encryption.org/v2\n", &vec![0; 100_000]] {
        house.put("sealed.age", bytes, 0o600);
        assert!(matches!(house.open(), Err(Error::NotSealed { .. })));
    }
    std::fs::remove_file(house.path("sealed.age")).unwrap();
    assert!(matches!(house.open(), Err(Error::File(failure)) if failure.is_not_found()));
}

#[test]
fn a_receiver_that_fails_is_named_with_its_reason() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let house = House::new();
    house.seal(b"kim");
    let result = open(&house.path("sealed.age"), &house.path("custodian.key"), &mut Full);
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Output { .. }));
    assert_eq!(error.source().unwrap().to_string(), "full");
}

#[test]
fn a_wrong_line_of_an_identity_file_is_named_and_not_shown() {
    let house = House::new();
    house.seal(b"kim");
    let identity = std::fs::read_to_string(house.path("custodian.key")).unwrap();
    let key = identity.lines().last().unwrap();
    let path = house.put("custodian.key", format!("# one\n\n{key}Q\n").as_bytes(), 0o600);
    let error = house.open().unwrap_err();
    assert!(matches!(error, Error::Malformed { line: 3, expected: Line::Identity, .. }));
    let said = format!("{error} {error:?}").to_uppercase();
    assert!(said.contains(&path.display().to_string().to_uppercase()));
    for start in 0..key.len() - 8 {
        assert!(!said.contains(&key[start..start + 8]));
    }
}

#[test]
fn a_recipient_reads_as_it_is_written() {
    let (_, recipient) = custodian::generate();
    assert_eq!(recipient.to_string().parse(), Ok(recipient));
    for text in ["", "age1", "kim", "AGE-SECRET-KEY-1"] {
        assert_eq!(text.parse::<Recipient>(), Err(custodian::NotARecipient));
    }
}

#[test]
fn every_custodian_is_another() {
    let [one, other] = [custodian::generate().1, custodian::generate().1];
    assert_ne!(one, other);
}
