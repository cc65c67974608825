//! What others vouch for: taken in, kept, and compared with a ledger that was changed since.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gamyeong::ledger::checkpoint::Checkpoint;
use gamyeong::ledger::openssl::Authority;
use gamyeong::ledger::record::Kind;
use gamyeong::ledger::stamp;
use gamyeong::ledger::tree::Hash;
use serde_json::Value;
use tempfile::TempDir;

use crate::approvals::force;
use crate::house::{House, Said, files, log, put};
use crate::witness::{Desk, more};

/// A time stamping authority that OpenSSL runs, with a certificate of its own.
pub(crate) struct Tsa {
    dir: TempDir,
}

const CONFIG: &str = r"
[ req ]
distinguished_name = dn
prompt = no
[ dn ]
CN = tsa.example.kr
[ root ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[ tsa ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ stamping ]
serial = DIR/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
";

impl Tsa {
    /// One, if there is an OpenSSL.
    pub(crate) fn start() -> Option<Self> {
        Command::new("openssl").arg("version").output().is_ok().then(Self::new)
    }

    #[track_caller]
    pub(crate) fn new() -> Self {
        let tsa = Self { dir: tempfile::tempdir().unwrap() };
        let dir = tsa.dir.path().to_str().unwrap();
        put(&tsa.path("tsa.cnf"), CONFIG.replace("DIR", dir).as_bytes());
        put(&tsa.path("serial"), b"01\n");
        let new = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf";
        tsa.openssl(&format!(
            "req -x509 {new} -extensions root -keyout root.key -out root.pem -days 30 -subj /CN=root"
        ));
        tsa.openssl(&format!("req {new} -keyout tsa.key -out tsa.csr"));
        tsa.openssl(
            "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 \
             -extfile tsa.cnf -extensions tsa -out tsa.pem",
        );
        tsa
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    #[track_caller]
    fn openssl(&self, args: &str) {
        let mut command = Command::new("openssl");
        let said = command.args(args.split_whitespace()).current_dir(self.dir.path());
        let said = said.output().unwrap();
        assert!(said.status.success(), "{args}: {}", String::from_utf8_lossy(&said.stderr));
    }

    /// The answer to a request.
    #[track_caller]
    pub(crate) fn answer(&self, request: &[u8]) -> Vec<u8> {
        put(&self.path("request.tsq"), request);
        self.openssl(
            "ts -reply -config tsa.cnf -section stamping -queryfile request.tsq -inkey tsa.key \
             -signer tsa.pem -out answer.tsr",
        );
        fs::read(self.path("answer.tsr")).unwrap()
    }

    pub(crate) fn root(&self) -> String {
        self.path("root.pem").to_str().unwrap().to_owned()
    }

    pub(crate) fn authority(&self) -> Authority {
        Authority { roots: self.path("root.pem"), between: None }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn house() -> House {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(12, 240));
    house.run(&[]).exits(0);
    house
}

/// Has the newest checkpoint of a house stamped; gives the file with the answer.
#[track_caller]
pub(crate) fn stamp_of(house: &House, tsa: &Tsa) -> PathBuf {
    let request = tsa.path("head.tsq");
    let said = house.say(&["ledger", "anchor", "--request", text(&request)]).exits(0);
    assert!(said.out.contains("request for a time stamp on"), "{}", said.out);
    let size = house.records().len();
    let path = tsa.path(&format!("{size}.tsr"));
    put(&path, &tsa.answer(&fs::read(request).unwrap()));
    path
}

#[track_caller]
pub(crate) fn import_stamp(house: &House, stamp: &Path, tsa: &Tsa) -> Said {
    house.say(&["ledger", "anchor", "--stamp", text(stamp), "--authority", &tsa.root()])
}

#[track_caller]
pub(crate) fn import_note(house: &House, note: &Path, keys: &Path) -> Said {
    house.say(&["ledger", "anchor", "--cosigned", text(note), "--witness-keys", text(keys)])
}

/// The line of a check, as it is printed.
#[track_caller]
fn line(said: &Said, check: &str) -> String {
    let line = said.out.lines().find(|line| line.contains(&format!(" {check} (")));
    assert!(line.is_some(), "{}", said.out);
    line.unwrap().trim().to_owned()
}

/// The one file below a directory of a ledger.
#[track_caller]
pub(crate) fn only(house: &House, dir: &str) -> PathBuf {
    let found = files(&house.path(dir));
    assert_eq!(found.len(), 1);
    found.into_iter().next().unwrap()
}

#[test]
fn a_request_is_what_openssl_makes_of_the_same_checkpoint() {
    let tsa = Tsa::new();
    let root = Hash::of(b"root");
    for size in [1, 60, 123_456] {
        let checkpoint = Checkpoint { origin: "gamyeong/x".to_owned(), size, root };
        put(&tsa.path("text"), checkpoint.to_string().as_bytes());
        tsa.openssl("ts -query -data text -sha256 -no_nonce -cert -out by-openssl.tsq");
        assert_eq!(stamp::request(&checkpoint), fs::read(tsa.path("by-openssl.tsq")).unwrap());
    }
}

#[test]
fn an_answer_is_read_as_openssl_shows_it() {
    let tsa = Tsa::new();
    let checkpoint =
        Checkpoint { origin: "gamyeong/x".to_owned(), size: 7, root: Hash::of(b"root") };
    let answer = tsa.answer(&stamp::request(&checkpoint));
    let found = stamp::read(&answer).unwrap();
    assert_eq!(found.imprint, stamp::imprint(&checkpoint));
    assert_eq!((found.policy.as_str(), found.serial.as_str()), ("1.3.6.1.4.1.99999.1", "02"));
    let mut show = Command::new("openssl");
    show.args(["ts", "-reply", "-text", "-in"]).arg(tsa.path("answer.tsr"));
    let shown = show.output().unwrap().stdout;
    let shown = String::from_utf8(shown).unwrap();
    let time = found.time.strftime("%b %e %H:%M:%S %Y GMT").to_string();
    assert!(shown.contains(&time), "{time}: {shown}");
    // What is cut or longer is none, and any byte that is changed gives an answer.
    for length in 0..answer.len() {
        assert!(stamp::read(&answer[..length]).is_err(), "{length} bytes");
        let mut bad = answer.clone();
        bad[length] ^= 0x41;
        let _ = stamp::read(&bad);
    }
    assert!(stamp::read(&[answer.as_slice(), b"\0"].concat()).is_err());
    // An authority that refuses, and one that stamps another digest.
    put(&tsa.path("text"), b"x");
    tsa.openssl("ts -query -data text -sha384 -out q.tsq");
    let refused = tsa.answer(&fs::read(tsa.path("q.tsq")).unwrap());
    assert_eq!(stamp::read(&refused), Err(stamp::NoStamp::Status { status: 2 }));
    tsa.openssl("ts -query -data text -sha512 -out q.tsq");
    let other = tsa.answer(&fs::read(tsa.path("q.tsq")).unwrap());
    assert_eq!(stamp::read(&other), Err(stamp::NoStamp::Digest));
}

#[test]
fn a_stamp_is_taken_in_checked_recorded_and_found_again() {
    let (house, tsa) = (house(), Tsa::new());
    let said = house.say(&["ledger", "verify"]).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (0): no-vouchers");
    let size = house.records().len();
    let stamp = stamp_of(&house, &tsa);
    more(&house);
    let said = import_stamp(&house, &stamp, &tsa).exits(0);
    assert!(said.out.contains(&format!("{size} records vouched for at ")), "{}", said.out);
    let records = house.records();
    let body = &records.last().unwrap()["body"];
    assert_eq!(records.last().unwrap()["type"], "anchor");
    assert_eq!((&body["means"], &body["size"]), (&"시점확인".into(), &size.into()));
    let kept = only(&house, "ledger/anchor");
    assert_eq!(fs::read(&kept).unwrap(), fs::read(&stamp).unwrap());
    assert!(kept.ends_with(body["path"].as_str().unwrap()));

    // The same once more changes nothing.
    let said = import_stamp(&house, &stamp, &tsa).exits(0);
    assert!(said.out.contains("there already"), "{}", said.out);
    assert_eq!(house.records().len(), records.len());

    let said = house.say(&["ledger", "verify"]).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (1): vouchers-from-ledger");
    let root = tsa.root();
    let said = house.say(&["ledger", "verify", "--authority", &root]).exits(0);
    assert_eq!(line(&said, "anchors"), "pass         anchors (1)");
    // What lies in the house was not brought.
    let inside = house.path("store/root.pem");
    fs::copy(&root, &inside).unwrap();
    let said = house.say(&["ledger", "verify", "--authority", text(&inside)]).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (1): vouchers-from-ledger");
    let earlier = ["ledger", "verify", "--earlier", text(&stamp), "--authority", &root];
    let said = house.say(&earlier).exits(0);
    assert_eq!(line(&said, "continuity"), "pass         continuity (1)");
    // Another authority of the same name.
    let other = Tsa::new();
    let said = house.say(&["ledger", "verify", "--authority", &other.root()]).exits(6);
    assert_eq!(line(&said, "anchors"), "fail         anchors (1)");
    let refused = house.say(&["ledger", "verify", "--earlier", text(&stamp), "--authority"]);
    assert_eq!(refused.code, Some(2));
    let args = ["ledger", "verify", "--earlier", text(&stamp), "--authority", &other.root()];
    let said = house.say(&args).exits(6);
    assert_eq!(line(&said, "continuity"), "fail         continuity (1)");
}

#[test]
fn a_co_signed_checkpoint_is_taken_in_checked_recorded_and_found_again() {
    let house = house();
    let desk = Desk::of(&house);
    let note = desk.sign(&house, "0");
    more(&house);
    import_note(&house, &note, &desk.keys()).exits(0);
    let records = house.records();
    let body = &records.last().unwrap()["body"];
    assert_eq!((&body["means"], &body["witness"]), (&"증인 서명".into(), &desk.key.clone().into()));
    assert_eq!(fs::read(only(&house, "ledger/witness")).unwrap(), fs::read(&note).unwrap());
    let said = house.say(&["ledger", "verify"]).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (1): vouchers-from-ledger");
    let keys = desk.keys();
    let said = house.say(&["ledger", "verify", "--witness-keys", text(&keys)]).exits(0);
    assert_eq!(line(&said, "anchors"), "pass         anchors (1)");
    // What lies in the house was not brought.
    let inside = house.path("store/audit.pub");
    fs::copy(&keys, &inside).unwrap();
    let said = house.say(&["ledger", "verify", "--witness-keys", text(&inside)]).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (1): vouchers-from-ledger");
    let args = ["ledger", "verify", "--earlier", text(&note), "--witness-keys", text(&keys)];
    let said = house.say(&args).exits(0);
    assert_eq!(line(&said, "continuity"), "pass         continuity (1)");
    // A witness that nobody here knows.
    let other = Desk::new("other.example.kr/witness");
    let said = import_note(&house, &note, &other.keys()).exits(1);
    assert!(said.err.contains("no signature by a known witness"), "{}", said.err);
    let said = house.say(&["ledger", "verify", "--witness-keys", text(&other.keys())]).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (1): vouchers-from-ledger");
    // A file of keys that are none.
    let said = import_note(&house, &note, &house.path("ledger/keys.txt")).exits(2);
    assert!(said.err.contains("line 1 is no public key of a witness"), "{}", said.err);
    assert_eq!(house.records().len(), records.len());
}

#[test]
fn what_vouches_for_nothing_here_is_not_taken_in() {
    let (house, tsa) = (house(), Tsa::new());
    let before = house.tree();
    let refuses = |said: Said, why: &str| {
        let said = said.exits(1);
        assert!(said.err.contains(why), "{}", said.err);
        assert!(said.err.contains("does not vouch for this ledger"), "{}", said.err);
    };
    // A stamp on another ledger: of the same keys, of other ones, on no ledger at all.
    let twin = house.copied();
    more(&twin);
    refuses(import_stamp(&house, &stamp_of(&twin, &tsa), &tsa), "not on a checkpoint");
    let stranger = House::of("welfare");
    refuses(import_stamp(&house, &stamp_of(&stranger, &tsa), &tsa), "not on a checkpoint");
    put(&tsa.path("nothing"), b"nothing");
    refuses(import_stamp(&house, &tsa.path("nothing"), &tsa), "not an RFC 3161 answer");
    put(&tsa.path("long"), &vec![b'0'; (1 << 18) + 1]);
    refuses(import_stamp(&house, &tsa.path("long"), &tsa), "bytes, 262144 at most");
    // One that was changed after it was given, in any part of it.
    let good = fs::read(stamp_of(&house, &tsa)).unwrap();
    let bad = tsa.path("bad.tsr");
    for at in (0..good.len()).step_by(29) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        put(&bad, &bytes);
        let said = import_stamp(&house, &bad, &tsa);
        assert_eq!(said.code, Some(1), "byte {at}: {}", said.err);
    }
    // One of another authority.
    let stamp = stamp_of(&house, &tsa);
    refuses(import_stamp(&house, &stamp, &Tsa::new()), "`openssl ts -verify` refuses it");
    // A witness that signed for another history, or not at all.
    let desk = Desk::of(&house);
    let note = desk.sign(&twin, "0");
    refuses(import_note(&house, &note, &desk.keys()), "records, ");
    let head = house.path("ledger/head.note");
    refuses(import_note(&house, &head, &desk.keys()), "no signature by a known witness");
    let bytes = fs::read_to_string(&note).unwrap();
    put(&desk.path("bad.note"), bytes.replacen("\n\n", "\n\n\n", 1).as_bytes());
    refuses(import_note(&house, &desk.path("bad.note"), &desk.keys()), "no checkpoint");
    assert_eq!(house.tree(), before);
    import_stamp(&house, &stamp, &tsa).exits(0);
}

#[test]
fn without_openssl_a_stamp_is_not_taken_in_and_the_check_says_so() {
    let (house, tsa) = (house(), Tsa::new());
    let stamp = stamp_of(&house, &tsa);
    let nothing = tsa.path("bin");
    fs::create_dir(&nothing).unwrap();
    let root = tsa.root();
    let mut command =
        house.command(&["ledger", "anchor", "--stamp", text(&stamp), "--authority", &root]);
    let said = Said::from(command.env("PATH", &nothing).output().unwrap()).exits(7);
    assert!(said.err.contains("`openssl` is not on this machine"), "{}", said.err);
    import_stamp(&house, &stamp, &tsa).exits(0);
    let mut command = house.command(&["ledger", "verify", "--authority", &root]);
    let said = Said::from(command.env("PATH", &nothing).output().unwrap()).exits(0);
    assert_eq!(line(&said, "anchors"), "not-checked  anchors (1): no-openssl");
    // A file of certificates that is not there.
    let none = tsa.path("none.pem");
    house.say(&["ledger", "verify", "--authority", text(&none)]).exits(2);
}

/// A crash between the file and its record: the same call completes it.
#[cfg(debug_assertions)]
#[test]
fn a_crash_before_the_record_is_made_good_by_the_same_call() {
    let (house, tsa) = (house(), Tsa::new());
    let stamp = stamp_of(&house, &tsa);
    let root = tsa.root();
    let mut command =
        house.command(&["ledger", "anchor", "--stamp", text(&stamp), "--authority", &root]);
    let killed = command.env("GAMYEONG_KILL_AT", "after-voucher").output().unwrap();
    assert_eq!(killed.status.code(), None);
    house.verify();
    let before = house.records().len();
    only(&house, "ledger/anchor");
    import_stamp(&house, &stamp, &tsa).exits(0);
    assert_eq!(house.records().len(), before + 1);
    let kept = only(&house, "ledger/anchor");
    house.verify();
    // One amid the writing of the file: the next start, whatever it is for, takes it away.
    let name = format!(".{}.partial", kept.file_name().unwrap().to_str().unwrap());
    put(&kept.with_file_name(name), b"half");
    house.say(&["ledger", "verify"]).exits(6);
    more(&house);
    house.verify();
}

/// What no finding shows: it stands in a record.
const UNSEEN: &str = "kanari-7f3a9c";

/// Houses with one more record of a voucher that they have, which says something else of it.
pub(crate) fn lying(house: &House) -> Vec<(String, House)> {
    let records = house.records();
    let anchors = records.iter().filter(|record| record["type"] == "anchor");
    let lies = [
        ("size", Value::from(1)),
        ("root", "00".repeat(32).into()),
        ("at", "2001-01-01T00:00:00Z".into()),
        ("witness", "?".into()),
        ("policy", "1.2.3".into()),
        ("serial", "ff".into()),
        ("path", UNSEEN.into()),
        ("path", format!("witness/{UNSEEN}.note").into()),
        ("path", "witness/0000000012-1a2b3c4d.note".into()),
    ];
    let mut houses = Vec::new();
    for anchor in anchors {
        for (key, lie) in &lies {
            let mut body = anchor["body"].as_object().unwrap().clone();
            body.insert((*key).to_owned(), lie.clone());
            let other = house.copied();
            force(&other, Kind::Anchor, &body);
            houses.push((format!("{key} of {}", body["path"]), other));
        }
    }
    houses
}

#[test]
fn what_a_record_says_of_its_voucher_is_what_the_voucher_says() {
    let (house, tsa) = (house(), Tsa::new());
    let desk = Desk::of(&house);
    let (note, stamp) = (desk.sign(&house, "0"), stamp_of(&house, &tsa));
    import_note(&house, &note, &desk.keys()).exits(0);
    import_stamp(&house, &stamp, &tsa).exits(0);
    for (case, other) in lying(&house) {
        let said = other.say(&["ledger", "verify"]).exits(6);
        assert!(line(&said, "anchors").starts_with("fail"), "{case}: {}", said.out);
        assert!(!said.out.contains(UNSEEN), "{case}: {}", said.out);
    }
    // A checkpoint that nobody but the ledger signed.
    let head = fs::read(house.path("ledger/head.note")).unwrap();
    let size = house.records().len();
    let name = format!("ledger/witness/{size:010}-{}.note", &Hash::of(&head).to_hex()[..8]);
    house.put(&name, &head);
    let said = house.say(&["ledger", "verify"]).exits(6);
    assert!(line(&said, "anchors").starts_with("fail"), "{}", said.out);
}

/// Each byte of what is kept, and its name, and that it is there.
#[test]
fn a_kept_voucher_that_was_touched_is_named() {
    let (house, tsa) = (house(), Tsa::new());
    let desk = Desk::of(&house);
    let (note, stamp) = (desk.sign(&house, "0"), stamp_of(&house, &tsa));
    import_note(&house, &note, &desk.keys()).exits(0);
    import_stamp(&house, &stamp, &tsa).exits(0);
    house.verify();
    for dir in ["ledger/witness", "ledger/anchor"] {
        let path = only(&house, dir);
        let good = fs::read(&path).unwrap();
        let within = text(&path).split_once("/ledger/").unwrap().1.to_owned();
        let fails = |case: &str, check: &str| {
            let said = house.say(&["ledger", "verify"]).exits(6);
            assert!(line(&said, check).starts_with("fail"), "{case}: {}", said.out);
            assert!(said.out.contains(&within), "{case}: {}", said.out);
        };
        for at in (0..good.len()).step_by(97) {
            let mut bad = good.clone();
            bad[at] ^= 4;
            put(&path, &bad);
            fails(&format!("byte {at}"), "files");
            fails(&format!("byte {at}"), "anchors");
        }
        fs::remove_file(&path).unwrap();
        fails("gone", "anchors");
        // Under the name of a checkpoint of another size.
        let other = within.rsplit('/').next().unwrap().replacen('-', "0-", 1);
        put(&path.with_file_name(&other), &good);
        let said = house.say(&["ledger", "verify"]).exits(6);
        assert!(line(&said, "files").starts_with("fail"), "{}", said.out);
        fs::remove_file(path.with_file_name(&other)).unwrap();
        put(&path, &good);
        house.verify();
    }
    // What does not belong there: a file, and a directory.
    for name in ["ledger/witness/more", "ledger/anchor/.x.partial", "ledger/anchor/dir/more"] {
        house.put(name, b"x");
        let said = house.say(&["ledger", "verify"]).exits(6);
        assert!(line(&said, "files").starts_with("fail"), "{name}: {}", said.out);
        fs::remove_file(house.path(name)).unwrap();
        if name.contains("/dir/") {
            fs::remove_dir(house.path("ledger/anchor/dir")).unwrap();
        }
        house.verify();
    }
    // A stamp on another ledger, put there under the name that it would have.
    let twin = house.copied();
    more(&twin);
    let size = twin.records().len();
    let bytes = fs::read(stamp_of(&twin, &tsa)).unwrap();
    more(&house);
    let digest = Hash::of(&bytes).to_hex();
    let name = format!("ledger/anchor/{size:010}-{}.tsr", &digest[..8]);
    house.put(&name, &bytes);
    let said = house.say(&["ledger", "verify"]).exits(6);
    assert!(line(&said, "anchors").starts_with("fail"), "{}", said.out);
    assert!(said.out.contains(name.strip_prefix("ledger/").unwrap()), "{}", said.out);
}
