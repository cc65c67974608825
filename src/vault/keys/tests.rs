//! The keys directory: what is found again, and what is refused.

use std::error::Error as _;
use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::super::Kind;
use super::super::custodian;
use super::super::pseudonym::Label;
use super::super::random::{NoRandomness, Os};
use super::super::signing::SigningKeys;
use super::*;

const CONTROLLER: &str = "library.example.kr";
const LABEL: Label<'_> =
    Label { controller: CONTROLLER, purpose: "hours", recipient: "store", domain: "ip" };

/// A house that is gone when dropped, and its keys.
struct House {
    dir: tempfile::TempDir,
    keys: Keys,
}

impl House {
    fn new() -> House {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::create(&dir.path().join("keys"), CONTROLLER).unwrap();
        House { dir, keys }
    }

    /// With the secret of `web`, `2026-11`, and its file.
    fn with_secret() -> (House, PathBuf) {
        let house = House::new();
        house.keys.create_epoch_secret("web", "2026-11", &mut Os).unwrap();
        let path = house.keys.dir().join("web/2026-11.secret");
        (house, path)
    }

    fn secret(&self) -> Result<Option<EpochSecret>, Error> {
        self.keys.epoch_secret("web", "2026-11")
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// Overwrites in place: the mode stays as it was.
fn overwrite(path: &Path, text: &str) {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).truncate(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[track_caller]
fn refused<T>(result: Result<T, Error>) -> Error {
    result.err().unwrap()
}

#[test]
fn a_secret_is_found_again_with_the_same_pseudonyms() {
    let house = House::new();
    assert!(house.secret().unwrap().is_none());
    let made = house.keys.create_epoch_secret("web", "2026-11", &mut Os).unwrap();

    let keys = Keys::open(house.keys.dir(), CONTROLLER).unwrap();
    let found = keys.epoch_secret("web", "2026-11").unwrap().unwrap();
    assert_eq!(made.derive(&LABEL).pseudonym(b"kim"), found.derive(&LABEL).pseudonym(b"kim"));
    assert!(keys.epoch_secret("web", "2026-12").unwrap().is_none());
    assert_eq!(keys.epochs("web").unwrap(), ["2026-11"]);
    assert!(keys.epochs("gate").unwrap().is_empty());
}

#[test]
fn directories_and_files_are_made_for_the_owner_alone() {
    let (house, secret) = House::with_secret();
    SigningKeys::generate(&house.keys, &mut Os).unwrap();
    house.keys.create_custodian(&custodian::generate().1).unwrap();
    let dir = house.keys.dir();
    assert_eq!([mode(dir), mode(&dir.join("web"))], [0o700; 2]);
    for name in ["controller", "custodian.pub", "ledger-ed25519.key", "ledger-p256.key"] {
        assert_eq!(mode(&dir.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&secret), 0o600);
}

#[test]
fn a_secret_is_never_replaced() {
    let (house, path) = House::with_secret();
    let before = std::fs::read(&path).unwrap();
    let again = house.keys.create_epoch_secret("web", "2026-11", &mut Os);
    assert!(matches!(refused(again), Error::Exists { path: found } if found == path));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let others: Vec<_> = fs::list(path.parent().unwrap()).unwrap();
    assert_eq!(others, [path], "nothing is left beside it");
}

#[test]
fn files_that_others_may_read_are_refused() {
    let (house, path) = House::with_secret();
    for open in [0o640, 0o604, 0o620, 0o602, 0o610, 0o666] {
        set_mode(&path, open);
        let error = refused(house.secret());
        assert!(error.hint().unwrap().contains("chmod 600"));
        assert!(matches!(
            error,
            Error::Exposed { kind: Kind::File, found, expected: 0o600, .. } if found == open
        ));
    }
    set_mode(&path, 0o400);
    assert!(house.secret().unwrap().is_some());
}

#[test]
fn directories_that_others_may_enter_are_refused() {
    let (house, path) = House::with_secret();
    let pipeline = path.parent().unwrap();
    set_mode(pipeline, 0o750);
    assert!(matches!(
        refused(house.secret()),
        Error::Exposed { kind: Kind::Directory, found: 0o750, expected: 0o700, .. }
    ));
    let made = house.keys.create_epoch_secret("web", "2026-12", &mut Os);
    assert!(matches!(refused(made), Error::Exposed { .. }));

    set_mode(house.keys.dir(), 0o701);
    let error = refused(Keys::open(house.keys.dir(), CONTROLLER));
    assert!(error.hint().unwrap().contains("chmod 700"));
    assert_eq!(
        error.to_string(),
        format!("{}: directory has mode 0701, expected 0700 or less", house.keys.dir().display())
    );
}

#[test]
fn signing_keys_and_the_custodian_are_checked_too() {
    let house = House::new();
    SigningKeys::generate(&house.keys, &mut Os).unwrap();
    house.keys.create_custodian(&custodian::generate().1).unwrap();
    for name in ["ledger-ed25519.key", "ledger-p256.key"] {
        let path = house.keys.dir().join(name);
        set_mode(&path, 0o640);
        assert!(matches!(refused(SigningKeys::load(&house.keys)), Error::Exposed { .. }), "{name}");
        set_mode(&path, 0o600);
    }
    set_mode(&house.keys.dir().join("custodian.pub"), 0o622);
    assert!(matches!(refused(house.keys.custodian()), Error::Exposed { found: 0o622, .. }));
}

#[test]
fn links_are_refused() {
    let (house, path) = House::with_secret();
    let elsewhere = house.dir.path().join("elsewhere");
    std::fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    let is_link = |error: Error| matches!(error, Error::Kind { found: Kind::SymbolicLink, .. });
    assert!(is_link(refused(house.secret())));

    let keys = house.dir.path().join("linked-keys");
    symlink(house.keys.dir(), &keys).unwrap();
    assert!(is_link(refused(Keys::open(&keys, CONTROLLER))));
    assert!(is_link(refused(Keys::create(&keys, CONTROLLER))));

    let pipeline = house.keys.dir().join("gate");
    symlink(house.dir.path(), &pipeline).unwrap();
    assert!(is_link(refused(house.keys.create_epoch_secret("gate", "2026", &mut Os))));
    assert!(is_link(refused(house.keys.epoch_secret("gate", "2026"))));
}

#[test]
fn a_link_that_leads_nowhere_is_not_written_through() {
    let house = House::new();
    let target = house.dir.path().join("target");
    symlink(&target, house.keys.dir().join("custodian.pub")).unwrap();
    let written = house.keys.create_custodian(&custodian::generate().1);
    assert!(matches!(refused(written), Error::Exists { .. }));
    assert!(!target.exists());
}

#[test]
fn something_else_than_a_file_is_refused() {
    let (house, path) = House::with_secret();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(
        refused(house.secret()),
        Error::Kind { found: Kind::Directory, expected: Kind::File, .. }
    ));
    std::fs::remove_dir(&path).unwrap();

    // Nobody writes into this pipe: whoever waited for it would wait for ever.
    let pipe = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &path, pipe, rustix::fs::Mode::RUSR, 0).unwrap();
    assert!(matches!(refused(house.secret()), Error::Kind { found: Kind::Special, .. }));
}

#[test]
fn keys_of_another_controller_are_refused() {
    let house = House::new();
    let error = refused(Keys::open(house.keys.dir(), "centre.example.kr"));
    assert_eq!(
        error.to_string(),
        format!(
            "{}/controller: keys of controller `library.example.kr`, expected `centre.example.kr`",
            house.keys.dir().display()
        )
    );
    for controller in [CONTROLLER, "centre.example.kr"] {
        let made = Keys::create(house.keys.dir(), controller);
        assert!(matches!(refused(made), Error::Exists { .. }));
    }
    overwrite(&house.keys.dir().join("controller"), "library.example.kr\nmore\n");
    let error = refused(Keys::open(house.keys.dir(), CONTROLLER));
    assert!(matches!(error, Error::Malformed { line: 1, expected: Line::Controller, .. }));
}

#[test]
fn opening_creates_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys");
    let error = refused(Keys::open(&path, CONTROLLER));
    assert!(matches!(error, Error::File(failure) if failure.is_not_found()));
    assert!(!path.exists());

    let house = House::new();
    assert!(house.secret().unwrap().is_none());
    assert!(!house.keys.dir().join("web").exists());
    assert!(matches!(refused(house.keys.custodian()), Error::File(_)));
    assert!(matches!(refused(SigningKeys::load(&house.keys)), Error::File(_)));
}

#[test]
fn names_cannot_leave_the_directory() {
    let house = House::new();
    let long = "a".repeat(NAME_LENGTH + 1);
    for name in ["", ".", "..", "../web", "/web", "web/2026", ".web", "web\0", "웹", "a b", &long]
    {
        let error = refused(house.keys.epoch_secret(name, "2026"));
        assert!(matches!(error, Error::Name { place: Place::Pipeline, .. }), "{name}");
        let error = refused(house.keys.create_epoch_secret("web", name, &mut Os));
        assert!(matches!(error, Error::Name { place: Place::Epoch, .. }), "{name}");
    }
    for taken in ["controller", "custodian.pub", "ledger-p256.key"] {
        let error = refused(house.keys.create_epoch_secret(taken, "2026", &mut Os));
        assert!(matches!(error, Error::Name { .. }), "{taken}");
    }
    for controller in ["", "a\nb", &"a".repeat(CONTROLLER_LIMIT)] {
        let made = Keys::create(&house.dir.path().join("other"), controller);
        assert!(matches!(refused(made), Error::Name { place: Place::Controller, .. }));
    }
    assert_eq!(fs::list(house.keys.dir()).unwrap().len(), 1, "nothing was made");
}

#[test]
fn a_secret_under_another_name_is_refused() {
    let (house, path) = House::with_secret();
    std::fs::copy(&path, path.with_file_name("2026-12.secret")).unwrap();
    let error = refused(house.keys.epoch_secret("web", "2026-12"));
    assert!(matches!(error, Error::Malformed { line: 1, expected: Line::Heading, .. }));
}

#[test]
fn without_randomness_nothing_is_written() {
    struct Empty;
    impl Randomness for Empty {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), NoRandomness> {
            Err(NoRandomness::System(std::io::Error::other("none")))
        }
    }
    let house = House::new();
    let made = house.keys.create_epoch_secret("web", "2026-11", &mut Empty);
    let error = refused(made);
    assert_eq!(error.to_string(), "no random bytes from the system");
    assert_eq!(error.source().unwrap().to_string(), "none");
    assert!(!house.keys.dir().join("web").exists());
}

#[test]
fn the_custodian_is_found_again() {
    let house = House::new();
    let (_, recipient) = custodian::generate();
    house.keys.create_custodian(&recipient).unwrap();
    assert_eq!(house.keys.custodian().unwrap(), recipient);
    let other = house.keys.create_custodian(&custodian::generate().1);
    assert!(matches!(refused(other), Error::Exists { .. }));
    assert_eq!(house.keys.custodian().unwrap(), recipient);
}

/// Every way in which the file of a secret can be damaged, with the secret in
/// it: what is said about it must not contain a piece of the secret.
#[test]
fn no_message_contains_a_piece_of_a_key() {
    let (house, path) = House::with_secret();
    let good = std::fs::read_to_string(&path).unwrap();
    let (heading, digits) = good.trim_end().split_once('\n').unwrap();
    let pieces: Vec<String> = (0..=digits.len() - 6)
        .map(|start| digits[start..start + 6].to_owned())
        .filter(|piece| !path.to_str().unwrap().contains(piece.as_str()))
        .collect();
    assert!(pieces.len() > 50);

    let broken = [
        (digits.to_owned(), 1),
        (format!("{digits}\n{heading}\n"), 1),
        (format!("# {digits}\n{digits}\n"), 1),
        (format!("{heading}\n{digits}"), 2),
        (format!("{heading}\n{digits}\n\n"), 2),
        (format!("{heading}\n{digits}0\n"), 2),
        (format!("{heading}\n{}\n", &digits[1..]), 2),
        (format!("{heading}\n{}g\n", &digits[1..]), 2),
        (format!("{heading}\n{}A\n", &digits[1..]), 2),
        (format!("{heading}\r\n{digits}\r\n"), 1),
        (String::new(), 1),
    ];
    let mut messages = Vec::new();
    for (text, expected) in broken {
        overwrite(&path, &text);
        let error = refused(house.secret());
        assert!(matches!(error, Error::Malformed { line, .. } if line == expected), "{error}");
        messages.push(error);
    }
    overwrite(&path, &format!("{heading}\n{}\n", digits.repeat(40)));
    messages.push(refused(house.secret()));
    overwrite(&path, &good);
    set_mode(&path, 0o644);
    messages.push(refused(house.secret()));
    set_mode(&path, 0o600);
    messages.push(refused(house.keys.create_epoch_secret("web", "2026-11", &mut Os)));
    overwrite(&house.keys.dir().join("controller"), &good);
    messages.push(refused(Keys::open(house.keys.dir(), CONTROLLER)));

    for error in messages {
        let mut said = format!("{error} {error:?}").to_lowercase();
        let mut cause = error.source();
        while let Some(current) = cause {
            said.push_str(&format!("{current} {current:?}").to_lowercase());
            cause = current.source();
        }
        for piece in &pieces {
            assert!(!said.contains(piece.as_str()), "a piece of the key in {error}");
        }
    }
    // The search finds what it looks for when it is there.
    assert!(pieces.iter().all(|piece| good.contains(piece.as_str())));
}
