//! A second party that signs for a ledger by files, and what it refuses.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::BASE64;
use gamyeong::ledger::cosignature::{Cosigner, WitnessKey, cosign, cosigned_by};
use gamyeong::ledger::note::BadKey;
use gamyeong::ledger::witness::{Stopped, Witness};
use gamyeong::pipeline::signer::WitnessSigner;
use gamyeong::vault::cosigning::CosigningKey;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::house::{House, Said, files, gamyeong, log, put};
use crate::leak::written::strace_is_there;

/// A witness in a directory of its own.
pub(crate) struct Desk {
    _dir: TempDir,
    pub(crate) dir: PathBuf,
    pub(crate) key: String,
}

impl Desk {
    #[track_caller]
    pub(crate) fn new(name: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("witness");
        let said = say(&["ledger", "witness", dir.to_str().unwrap(), "--init", name]).exits(0);
        Self { _dir: home, dir, key: said.out.trim().to_owned() }
    }

    /// One that knows the keys of a house.
    #[track_caller]
    pub(crate) fn of(house: &House) -> Self {
        let desk = Self::new("audit.example.kr/witness");
        fs::copy(house.path("ledger/keys.txt"), desk.dir.join("logs.txt")).unwrap();
        desk
    }

    #[track_caller]
    pub(crate) fn say(&self) -> Said {
        say(&["ledger", "witness", self.dir.to_str().unwrap()])
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.dir.join(relative)
    }

    /// A file with its public key.
    pub(crate) fn keys(&self) -> PathBuf {
        let path = self.dir.join("public.txt");
        put(&path, format!("{}\n", self.key).as_bytes());
        path
    }

    /// Names below a part of it.
    fn names(&self, part: &str) -> Vec<String> {
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let dir = self.dir.join(part);
        if dir.exists() { files(&dir).into_iter().map(name).collect() } else { Vec::new() }
    }

    /// Has a house ask and the witness answer; gives the co-signed note.
    #[track_caller]
    pub(crate) fn sign(&self, house: &House, since: &str) -> PathBuf {
        ask(house, since, &self.path("in/request"));
        self.say().exits(0);
        self.path("out/request.note")
    }
}

#[track_caller]
fn say(args: &[&str]) -> Said {
    gamyeong().args(args).output().unwrap().into()
}

/// Writes the request of a house for what it has since a size.
#[track_caller]
pub(crate) fn ask(house: &House, since: &str, to: &Path) {
    let to = to.to_str().unwrap();
    house.say(&["ledger", "consistency", "--since", since, "--out", to]).exits(0);
}

/// A house with records.
fn house() -> House {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(12, 240));
    house.run(&[]).exits(0);
    house
}

/// A night without input leaves a heartbeat; of one date only one.
pub(crate) fn more(house: &House) {
    let before = house.records().len();
    house.night(&format!("2026-10-{before:02}"), &[]).output().unwrap();
    assert!(house.records().len() > before);
}

fn size(house: &House) -> String {
    house.records().len().to_string()
}

#[test]
fn a_ledger_is_signed_for_from_its_first_night_on() {
    let house = house();
    let first = size(&house);
    let desk = Desk::of(&house);
    assert!(desk.say().exits(0).out.contains("nothing to sign"));
    let key: WitnessKey = desk.key.parse().unwrap();
    assert_eq!(key.to_string(), desk.key);
    let shown = say(&["ledger", "witness", desk.dir.to_str().unwrap(), "--show-key"]).exits(0);
    assert_eq!(shown.out.trim(), desk.key);

    let note = fs::read(desk.sign(&house, "0")).unwrap();
    let head = fs::read(house.path("ledger/head.note")).unwrap();
    assert!(note.starts_with(&head));
    let cosigned = cosigned_by(&note, std::slice::from_ref(&key)).unwrap();
    assert_eq!(cosigned.len(), 1);
    assert_eq!(desk.names("in"), Vec::<String>::new());
    assert_eq!(desk.names("seen").len(), 1);

    more(&house);
    let second = size(&house);
    assert_ne!(first, second);
    let later = fs::read(desk.sign(&house, &first)).unwrap();
    assert!(cosigned_by(&later, &[key]).unwrap()[0].time >= cosigned[0].time);
    // And by the note itself: what was signed is an earlier checkpoint.
    more(&house);
    put(&desk.path("kept.note"), &later);
    let (kept, to) = (desk.path("kept.note"), desk.path("in/request"));
    let args = ["ledger", "consistency", kept.to_str().unwrap(), "--out", to.to_str().unwrap()];
    house.say(&args).exits(0);
    desk.say().exits(0);
}

/// What a witness says of a request.
#[track_caller]
fn refuses(desk: &Desk, request: &[u8], why: &str, known: Option<&str>) {
    let seen = desk.path("seen");
    let before: Vec<_> = files(&seen).iter().map(|path| fs::read(path).unwrap()).collect();
    put(&desk.path("in/bad"), request);
    let said = desk.say().exits(1);
    assert!(said.out.contains(&format!("bad: refused: {why}")), "{}", said.out);
    let told = fs::read_to_string(desk.path("out/bad.refused")).unwrap();
    assert!(told.contains(why), "{told}");
    assert_eq!(told.lines().next().and_then(|line| line.strip_prefix("known ")), known, "{told}");
    assert!(!desk.path("out/bad.note").exists());
    assert_eq!(desk.names("in"), Vec::<String>::new());
    let kept = files(&desk.path("refused"));
    assert!(kept.iter().any(|path| fs::read(path).unwrap() == request), "{why}");
    let after: Vec<_> = files(&seen).iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(before, after);
    fs::remove_file(desk.path("out/bad.refused")).unwrap();
}

fn request(house: &House, since: &str) -> Vec<u8> {
    let path = house.path("request");
    ask(house, since, &path);
    fs::read(path).unwrap()
}

#[test]
fn a_fork_a_shorter_ledger_and_an_old_request_get_no_signature() {
    let house = house();
    let desk = Desk::of(&house);
    let first = size(&house);
    let old = request(&house, "0");
    let (twin, other) = (house.copied(), house.copied());
    more(&house);
    let second = size(&house);
    desk.sign(&house, "0");

    // The ledger of before, and a request that was answered long ago.
    refuses(&desk, &old, "ledger shrinks", Some(&second));
    refuses(&desk, &request(&twin, &first), "ledger shrinks", Some(&second));

    // Other records in place of the newest, signed with the same keys: of the same size …
    other.night("2026-11-22", &[]).output().unwrap();
    assert_eq!(size(&other), second);
    refuses(&desk, &request(&other, "0"), "fork: another checkpoint", Some(&second));
    refuses(&desk, &request(&other, &first), "fork: another checkpoint", Some(&second));
    // … and longer, with the proof that its own records give.
    other.night("2026-11-23", &[]).output().unwrap();
    let forked = request(&other, &second);
    refuses(&desk, &forked, "fork: does not continue", Some(&second));

    // The right ledger goes on all the same; from a size that is not the one it has to be
    // from, the witness says from which.
    more(&house);
    refuses(&desk, &request(&house, "0"), "proof from 0 records", Some(&second));
    refuses(&desk, &request(&house, &first), "proof from", Some(&second));
    desk.sign(&house, &second);
}

#[test]
fn who_is_not_known_or_did_not_sign_gets_no_signature() {
    let house = house();
    let desk = Desk::of(&house);
    let good = request(&house, "0");
    let stranger = House::of("welfare");
    refuses(&desk, &request(&stranger, "0"), "ledger unknown", None);
    for bad in [b"nothing".to_vec(), Vec::new(), vec![b'x'; (1 << 20) + 1], vec![0xff; 9]] {
        // What is longer than any request is kept, and not looked at.
        put(&desk.path("in/bad"), &bad);
        let said = desk.say().exits(1);
        assert!(said.out.contains("not a file of an earlier size"), "{}", said.out);
    }
    // A signature of the ledger is missing, or another one's.
    let text = String::from_utf8(good.clone()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let without = |left: usize| {
        let kept = lines.iter().enumerate().filter(|(index, _)| *index != left);
        kept.map(|(_, line)| *line).collect::<String>()
    };
    for left in [lines.len() - 1, lines.len() - 2] {
        let why = "checkpoint not acceptable: note: no signature by a known";
        refuses(&desk, without(left).as_bytes(), why, None);
    }
    // Keys of the name, and others: as if the ledger had been made anew.
    let again = self::house();
    refuses(&desk, &request(&again, "0"), "checkpoint not acceptable", None);
    // Any byte of a request that is flipped.
    let mut at = 0;
    while at < good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        put(&desk.path("in/bad"), &bad);
        let said = desk.say().exits(1);
        assert!(said.out.contains("refused"), "{at}: {}", said.out);
        at += 7;
    }
    assert_eq!(desk.names("seen"), Vec::<String>::new());
    put(&desk.path("in/good"), &good);
    desk.say().exits(0);
}

/// What is signed is on the disk before the signature leaves.
#[cfg(debug_assertions)]
#[test]
fn after_a_crash_the_same_request_gets_the_same_answer() {
    for point in ["witness-after-seen", "witness-after-out"] {
        let house = house();
        let desk = Desk::of(&house);
        ask(&house, "0", &desk.path("in/request"));
        let mut command = gamyeong();
        command.args(["ledger", "witness", desk.dir.to_str().unwrap()]);
        let killed = command.env("GAMYEONG_KILL_AT", point).output().unwrap();
        assert_eq!(killed.status.code(), None);
        let seen = fs::read(&files(&desk.path("seen"))[0]).unwrap();
        // Meanwhile the ledger goes on, and asks anew from where it thinks that it stands.
        more(&house);
        ask(&house, "0", &desk.path("in/second"));
        let said = desk.say().exits(1);
        assert!(said.out.contains("request: signed before"), "{}", said.out);
        assert!(said.out.contains("second: refused: proof from 0"), "{}", said.out);
        assert_eq!(fs::read(desk.path("out/request.note")).unwrap(), seen);
        assert_eq!(desk.names("in"), Vec::<String>::new());
    }
}

#[test]
fn a_witness_that_is_not_whole_signs_nothing() {
    let house = house();
    let desk = Desk::of(&house);
    let dir = desk.dir.to_str().unwrap();
    // No key is made without being told to, and none is replaced.
    let nowhere = desk.path("nowhere");
    let said = say(&["ledger", "witness", nowhere.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("no witness in"), "{}", said.err);
    assert!(!nowhere.exists());
    say(&["ledger", "witness", dir, "--init", "audit.example.kr/witness"]).exits(5);
    say(&["ledger", "witness", nowhere.to_str().unwrap(), "--init", "two words"]).exits(2);
    assert!(!nowhere.exists());

    ask(&house, "0", &desk.path("in/request"));
    let wait = |code: i32, part: &str| {
        let said = desk.say().exits(code);
        assert!(said.err.contains(part), "{}", said.err);
        assert_eq!(desk.names("in"), ["request"]);
        assert_eq!(desk.names("out"), Vec::<String>::new());
    };
    // A key that others may read.
    let mode = |mode| fs::set_permissions(desk.path("key"), fs::Permissions::from_mode(mode));
    mode(0o640).unwrap();
    wait(5, "mode 0640");
    mode(0o600).unwrap();
    // A list of ledgers with a line that is no key.
    let logs = fs::read(desk.path("logs.txt")).unwrap();
    put(&desk.path("logs.txt"), b"\nx\n");
    wait(3, "logs.txt:2");
    put(&desk.path("logs.txt"), &logs);
    // Without what it saw every ledger would be new to it.
    fs::rename(desk.path("seen"), desk.path("gone")).unwrap();
    wait(6, "not the checkpoint that this witness signed");
    fs::rename(desk.path("gone"), desk.path("seen")).unwrap();
    desk.say().exits(0);
    // What it saw, changed in any byte.
    let seen = files(&desk.path("seen")).remove(0);
    let good = fs::read(&seen).unwrap();
    more(&house);
    for at in (0..good.len()).step_by(11) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        put(&seen, &bad);
        fs::remove_file(desk.path("out/request.note")).ok();
        ask(&house, &size(&house), &desk.path("in/request"));
        let said = desk.say();
        // Lines of the ledger's own signatures are not what the witness goes by.
        assert_ne!(said.code, Some(0), "byte {at}: {}", said.out);
    }
}

#[test]
fn what_is_dropped_and_no_file_is_not_followed() {
    let house = house();
    let desk = Desk::of(&house);
    ask(&house, "0", &desk.path("elsewhere"));
    std::os::unix::fs::symlink(desk.path("elsewhere"), desk.path("in/link")).unwrap();
    // Still being written.
    ask(&house, "0", &desk.path("in/.request.partial"));
    let said = desk.say().exits(1);
    assert!(said.out.contains("link: refused"), "{}", said.out);
    assert_eq!(desk.names("in"), [".request.partial"]);
    assert!(desk.path("elsewhere").exists());
    let made = Command::new("mkfifo").arg(desk.path("in/pipe")).status().unwrap();
    assert!(made.success());
    assert!(desk.say().exits(1).out.contains("pipe: refused"));
}

#[test]
fn no_dropped_name_stops_the_requests_of_others() {
    let house = house();
    let desk = Desk::of(&house);
    for round in 1..=2 {
        fs::create_dir(desk.path("in/x")).unwrap();
        put(&desk.path("in/long"), &vec![b'0' + round; (1 << 20) + 1]);
        put(&desk.path(&format!("in/{}", "n".repeat(255))), &[round]);
        ask(&house, "0", &desk.path("in/zz"));
        let said = desk.say().exits(1);
        assert!(said.out.contains("zz: ") && !said.out.contains("zz: refused"), "{}", said.out);
        assert_eq!(fs::read_dir(desk.path("in")).unwrap().count(), 0);
        let kept = fs::read_dir(desk.path("refused")).unwrap().count();
        assert_eq!(kept, 3 * usize::from(round));
    }
}

/// What the system denies to whoever is not root: opening a dropped file, or taking it away.
#[test]
fn a_dropped_file_that_is_denied_does_not_stop_the_requests_of_others() {
    if !strace_is_there() {
        return;
    }
    let house = house();
    for call in ["open,openat", "renameat2"] {
        let desk = Desk::of(&house);
        let secret = desk.path("in/secret");
        put(&secret, b"not a request");
        ask(&house, "0", &desk.path("in/zz"));
        let (log, calls) = (desk.path("calls"), format!("trace={call}"));
        let denied = format!("inject={call}:error=EACCES");
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o"]).arg(&log).arg("-P").arg(&secret);
        command.args(["-e", &calls, "-e", &denied, env!("CARGO_BIN_EXE_gamyeong")]);
        command.args(["ledger", "witness"]).arg(&desk.dir);
        let said = Said::from(command.output().unwrap()).exits(1);
        let calls = fs::read_to_string(log).unwrap();
        assert!(calls.contains("EACCES (Permission denied) (INJECTED)"), "{call}: {calls}");
        assert!(said.out.contains("secret: refused: not a file of"), "{call}: {}", said.out);
        assert!(said.out.contains("zz: ") && !said.out.contains("zz: refused"), "{}", said.out);
        assert!(desk.path("out/zz.note").exists(), "{call}");
        // What could not be taken away is answered again.
        let is_left = call == "renameat2";
        assert_eq!(desk.names("in"), if is_left { vec!["secret"] } else { vec![] }, "{call}");
        assert_eq!(desk.names("refused").len(), usize::from(!is_left), "{call}");
        desk.say().exits(i32::from(is_left));
    }
}

#[test]
fn no_witness_is_made_in_a_house() {
    let house = house();
    let before = house.tree();
    for place in ["ledger", "store/w", "w"] {
        let dir = house.path(place);
        let init = ["ledger", "witness", dir.to_str().unwrap(), "--init", "a.example.kr/w"];
        let said = say(&init).exits(2);
        assert!(said.err.contains("lies in a house"), "{}", said.err);
        assert_eq!(house.tree(), before);
    }
}

#[test]
fn a_witness_signs_nothing_by_a_clock_that_was_set_back_or_beside_itself() {
    let house = house();
    let desk = Desk::of(&house);
    let key = CosigningKey::load(&desk.path("key")).unwrap();
    let signer = WitnessSigner::new("audit.example.kr/witness", key);
    let at = |second| Timestamp::from_second(second).unwrap();
    ask(&house, "0", &desk.path("in/request"));
    let first = size(&house);
    {
        let witness = Witness::open(&desk.dir, &signer).unwrap();
        let said = desk.say().exits(75);
        assert!(said.err.contains(".lock: held by another process"), "{}", said.err);
        assert_eq!(witness.answer(at(1_790_000_000)).unwrap().len(), 1);
        more(&house);
        ask(&house, &first, &desk.path("in/request"));
        let back = witness.answer(at(1_789_999_999)).unwrap_err();
        let is_clock = matches!(back, Stopped::Clock { newest: 1_790_000_000, .. });
        assert!(is_clock, "{back}");
        assert_eq!(desk.names("in"), ["request"]);
        let answered = witness.answer(at(1_790_000_000)).unwrap();
        assert_eq!(answered[0].answer.as_ref().unwrap().time, 1_790_000_000);
    }
    assert!(desk.say().exits(0).out.contains("nothing to sign"));
}

/// Signs with a key that everybody knows: the one of RFC 8032, test 1.
struct Rfc8032(ed25519_dalek::SigningKey, String);

impl Rfc8032 {
    fn new() -> Self {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed = data_encoding::HEXLOWER.decode(seed.as_bytes()).unwrap();
        let key = ed25519_dalek::SigningKey::from_bytes(&seed.try_into().unwrap());
        Self(key, "witness.example/w1".to_owned())
    }
}

impl Cosigner for Rfc8032 {
    fn name(&self) -> &str {
        &self.1
    }

    fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        ed25519_dalek::Signer::sign(&self.0, message).to_bytes()
    }
}

const TEXT: &str = "example.com/log\n123\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n";

/// OpenSSL signs the same bytes in the same way, with nothing of this program.
#[test]
fn a_cosignature_is_what_openssl_makes_of_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let signer = Rfc8032::new();
    let key = WitnessKey::of(&signer).unwrap();
    let time = 1_790_000_000_u64;
    let line = cosign(TEXT, time, &key, &signer).unwrap();

    // PKCS 8 of the seed, as RFC 8410 lays down.
    let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    put(&at("key.der"), &[prefix.as_slice(), signer.0.as_bytes()].concat());
    put(&at("message"), format!("cosignature/v1\ntime {time}\n{TEXT}").as_bytes());
    let said = Command::new("openssl")
        .args(["pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey"])
        .args([at("key.der"), "-in".into(), at("message")])
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    put(&at("id"), &[b"witness.example/w1\n\x04".as_slice(), &signer.public()].concat());
    let mut digest = Command::new("openssl");
    let id = digest.args(["dgst", "-sha256", "-binary"]).arg(at("id")).output().unwrap().stdout;
    let bytes = [&id[..4], &time.to_be_bytes(), &said.stdout].concat();
    assert_eq!(line, format!("— witness.example/w1 {}\n", BASE64.encode(&bytes)));
    let public = [&[4], signer.public().as_slice()].concat();
    let hex = data_encoding::HEXLOWER.encode(&id[..4]);
    assert_eq!(key.to_string(), format!("witness.example/w1+{hex}+{}", BASE64.encode(&public)));
}

#[test]
fn a_line_counts_only_as_it_was_signed() {
    let signer = Rfc8032::new();
    let key = WitnessKey::of(&signer).unwrap();
    let line = cosign(TEXT, 5, &key, &signer).unwrap();
    let note = format!("{TEXT}\n{line}");
    let keys = [key.clone()];
    assert_eq!(cosigned_by(note.as_bytes(), &keys).unwrap()[0].time, 5);
    let other = note.replace("\n123\n", "\n124\n");
    assert!(cosigned_by(other.as_bytes(), &keys).is_err());
    assert_eq!(cosigned_by(other.as_bytes(), &[]).unwrap(), []);
    // Every bit of the signature, the time in it among them.
    let encoded = line.trim_end().rsplit(' ').next().unwrap();
    let good = BASE64.decode(encoded.as_bytes()).unwrap();
    assert_eq!(good.len(), 4 + 8 + 64);
    for bit in 4 * 8..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let bad = note.replace(encoded, &BASE64.encode(&bad));
        assert!(cosigned_by(bad.as_bytes(), &keys).is_err(), "bit {bit}");
    }
    // No time at all, and one beyond what a reader can hold.
    assert!(cosign(TEXT, 0, &key, &signer).is_err());
    assert!(cosign(TEXT, 1 << 63, &key, &signer).is_err());
    // A key of a ledger is none of a witness, and the other way round.
    let parse = |line: &str| line.parse::<WitnessKey>();
    let ledger = gamyeong::ledger::note::VerifierKey::ed25519("a.example", &signer.public());
    let ledger = ledger.unwrap().to_string();
    assert_eq!(parse(&ledger), Err(BadKey::NoWitness));
    let witness = key.to_string();
    assert_eq!(witness.parse::<gamyeong::ledger::note::VerifierKey>(), Err(BadKey::Type));
    assert_eq!(parse(&witness.replace("w1+", "w2+")), Err(BadKey::Id));
    assert_eq!(parse("x"), Err(BadKey::Form));
}
