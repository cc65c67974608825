//! Proofs of records and of continuity, as an auditor gets them, and what a program that
//! nobody here wrote says of them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use gamyeong::ledger::checkpoint::Checkpoint;
use gamyeong::ledger::items;
use gamyeong::ledger::note::VerifierKey;
use gamyeong::ledger::record::{Entry, Kind};
use gamyeong::ledger::side_car;
use gamyeong::ledger::store::Ledger;
use gamyeong::ledger::tlog_proof::{Continuation, Inclusion};
use gamyeong::pipeline::signer::HouseSigner;
use gamyeong::vault::keys::Keys;
use gamyeong::vault::random::Os;
use gamyeong::vault::signing::SigningKeys;
use serde_json::Value;

use crate::house::{DATE, House, Said, gamyeong, log, put};

/// A house whose ledger has a night in it.
fn after_a_night() -> House {
    let house = House::new();
    house.put(&format!("logs/access-{DATE}.log"), log(12, 240));
    house.run(&[]).exits(0);
    house
}

fn keys_of(house: &House) -> Vec<VerifierKey> {
    let text = fs::read_to_string(house.path("ledger/keys.txt")).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn a_record_is_proven_by_what_the_program_prints() {
    let house = after_a_night();
    let keys = keys_of(&house);
    let count = house.records().len();
    for seq in 0..count {
        let seq = seq.to_string();
        let proof = house.say(&["ledger", "prove", &seq]).exits(0).out;
        let line = house.say(&["ledger", "show", &seq, "--json"]).exits(0).out;
        let proof = Inclusion::parse(&proof).unwrap();
        let found = proof.verify(line.trim_end().as_bytes(), &keys).unwrap();
        assert_eq!(found.size, count as u64);
    }
    // There is nothing wrong with the ledger.
    let said = house.say(&["ledger", "prove", &count.to_string()]).exits(2);
    assert!(said.err.contains(&format!("the ledger has 0 to {}", count - 1)), "{}", said.err);
}

#[test]
fn a_proof_is_never_written_over_an_earlier_one() {
    let house = after_a_night();
    let kept = house.path("kept.tlog-proof");
    let prove = ["ledger", "prove", "1", "--out", kept.to_str().unwrap()];
    assert_eq!(house.say(&prove).exits(0).out.trim_end(), kept.to_str().unwrap());
    let before = fs::read(&kept).unwrap();
    house.say(&prove).exits(0);
    house.say(&["ledger", "verify", "--record"]).exits(0);
    let said = house.say(&prove).exits(2);
    assert!(said.err.contains("there already, with something else in it"), "{}", said.err);
    assert_eq!(fs::read(&kept).unwrap(), before);
}

#[test]
fn whoever_has_a_proof_and_its_record_needs_no_ledger() {
    let house = after_a_night();
    let [keys, proof, record, other] = ["keys.txt", "1.tlog-proof", "1.json", "2.json"]
        .map(|name| house.root.with_file_name(name));
    fs::copy(house.path("ledger/keys.txt"), &keys).unwrap();
    house.say(&["ledger", "prove", "1", "--out", proof.to_str().unwrap()]).exits(0);
    for (seq, path) in [("1", &record), ("2", &other)] {
        put(path, house.say(&["ledger", "show", seq, "--json"]).exits(0).out.as_bytes());
    }
    let side_car = house.table(DATE).with_extension("parquet.tlog-proof");
    let elsewhere = tempfile::tempdir().unwrap();
    let check = |proof: &Path, more: &[&str]| {
        let mut command = gamyeong();
        command
            .args(["ledger", "check-proof"])
            .current_dir(&elsewhere)
            .arg(proof)
            .arg("--trust")
            .arg(&keys)
            .args(more);
        Said::from(command.output().unwrap())
    };
    let of = |record: &Path| ["--record".to_owned(), record.to_str().unwrap().to_owned()];
    let [flag, path] = &of(&record);
    let said = check(&proof, &[flag, path]).exits(0);
    assert!(said.out.contains("pass") && said.out.contains("record: 1\n"), "{}", said.out);
    let said = check(&proof, &[flag, path, "--json"]).exits(0).json().remove(0);
    assert_eq!((&said["status"], &said["seq"]), (&"pass".into(), &1.into()));
    check(&side_car, &[]).exits(0);

    let [flag, path] = &of(&other);
    let said = check(&proof, &[flag, path, "--lang", "ko"]).exits(1);
    assert!(said.out.contains("통과") && said.out.contains("실패"), "{}", said.out);
    let said = check(&proof, &[]).exits(2);
    assert!(said.err.contains("`--record FILE` is missing"), "{}", said.err);
    check(&record, &[]).exits(2);
    let [flag, path] = &of(Path::new("nowhere"));
    assert!(check(&proof, &[flag, path]).exits(2).err.contains("`--record nowhere`"));
    // Of another ledger.
    fs::copy(House::of("welfare").path("ledger/keys.txt"), &keys).unwrap();
    let [flag, path] = &of(&record);
    let said = check(&proof, &[flag, path, "--json"]).exits(1).json().remove(0);
    assert_eq!(said["checks"][0]["outcome"], "fail");
    assert_eq!(said["checks"][1]["outcome"], "not-checked");
}

/// What somebody wrote on paper is as good as a file.
#[test]
fn the_number_of_records_and_the_root_on_paper_show_that_a_ledger_was_cut() {
    let house = after_a_night();
    let then = house.say(&["ledger", "verify", "--json"]).exits(0).json().remove(0);
    let (size, root) = (then["size"].as_u64().unwrap(), then["root"].as_str().unwrap().to_owned());
    house.say(&["ledger", "verify", "--record"]).exits(0);
    let verify = |noted: &str| house.say(&["ledger", "verify", "--earlier", noted]);
    let said = verify(&format!("{size}:{root}")).exits(0);
    assert!(said.out.contains("pass         continuity (1)"), "{}", said.out);
    // As people write.
    verify(&format!("{size}: {} {}", root[..32].to_uppercase(), &root[32..])).exits(0);
    for noted in [format!("{}:{root}", size - 1), format!("{}:{root}", size + 9)] {
        let said = verify(&noted).exits(6);
        assert!(said.out.contains(&format!("{noted}: found ")), "{}", said.out);
    }
    for odd in [root.clone(), format!("{size}:{}", &root[1..]), format!("-{size}:{root}")] {
        verify(&odd).exits(2);
    }
    let number =
        house.say(&["ledger", "verify", "--record", "--earlier", &format!("{size}:{root}")]);
    number.exits(0);
    assert_eq!(house.records().last().unwrap()["body"]["earlier"], size);
}

#[test]
fn what_cannot_be_read_is_a_wrong_argument_and_no_broken_ledger() {
    let house = after_a_night();
    let empty = house.root.with_file_name("empty");
    put(&empty, b"\n");
    for args in [
        ["verify", "--trust", "nowhere"],
        ["verify", "--trust", "."],
        ["verify", "--trust", empty.to_str().unwrap()],
        ["verify", "--earlier", "nowhere"],
        ["verify", "--earlier", "."],
        ["verify", "--witness-keys", "nowhere"],
        ["verify", "--authority", "nowhere"],
    ] {
        let said = house.say(&["ledger", args[0], args[1], args[2]]).exits(2);
        assert!(said.err.contains(args[1]), "{}", said.err);
    }
    house.say(&["ledger", "consistency", "nowhere"]).exits(2);
}

/// Whoever kept a proof sees that a ledger was cut, though all in it is right.
#[test]
fn a_proof_that_somebody_kept_shows_that_a_ledger_was_cut() {
    let house = after_a_night();
    let kept = house.path("kept.tlog-proof");
    let kept = kept.to_str().unwrap();
    house.say(&["ledger", "prove", "1", "--out", kept]).exits(0);
    let whole = house.say(&["ledger", "verify", "--earlier", kept]).exits(0);
    assert!(whole.out.contains("pass         continuity (1)"), "{}", whole.out);
    house.say(&["ledger", "consistency", kept]).exits(0);

    // The last record and all that tells of it.
    let records = house.path("ledger/records/000000.jsonl");
    let stored = fs::read_to_string(&records).unwrap();
    let count = stored.lines().count();
    let shorter: String = stored.split_inclusive('\n').take(count - 1).collect();
    put(&records, shorter.as_bytes());
    let note = |size: usize| house.path(&format!("ledger/checkpoints/{size:010}.note"));
    fs::remove_file(note(count)).unwrap();
    fs::copy(note(count - 1), house.path("ledger/head.note")).unwrap();
    house.say(&["ledger", "verify"]).exits(0);
    let cut = house.say(&["ledger", "verify", "--earlier", kept]).exits(6);
    assert!(cut.out.contains("fail         continuity (1)"), "{}", cut.out);
    house.say(&["ledger", "consistency", kept]).exits(6);
}

#[test]
fn what_is_no_checkpoint_is_a_wrong_argument() {
    let house = after_a_night();
    house.put("note.txt", "nothing\n");
    let path = house.path("note.txt");
    let said = house.say(&["ledger", "consistency", path.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("no checkpoint or proof of this ledger"), "{}", said.err);
    let said = house.say(&["ledger", "verify", "--earlier", path.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("cannot be read as a checkpoint"), "{}", said.err);
    assert_eq!(said.out, "");
    let said = house.say(&["ledger", "verify", "--authority", path.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("note.txt`: no certificates in PEM"), "{}", said.err);
    let welfare = House::of("welfare");
    let other = welfare.path("ledger/keys.txt");
    let said = house.say(&["ledger", "verify", "--trust", other.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("the ledger is of"), "{}", said.err);
}

#[test]
fn nothing_is_written_over_what_a_house_keeps() {
    let house = after_a_night();
    let before = house.tree();
    let head = house.path("ledger/head.note");
    let head = head.to_str().unwrap();
    for place in ["ledger/keys.txt", "ledger/more", "keys/ledger-ed25519.key", "store/x", "vault/x"]
    {
        let place = house.path(place);
        let place = place.to_str().unwrap();
        for args in [
            vec!["ledger", "prove", "0", "--out", place],
            vec!["ledger", "consistency", head, "--out", place],
            vec!["ledger", "consistency", "--since", "0", "--out", place],
            vec!["ledger", "anchor", "--request", place],
        ] {
            let said = house.say(&args).exits(2);
            assert!(said.err.contains("of the house"), "{args:?}: {}", said.err);
            assert_eq!(house.tree(), before, "{args:?}");
        }
    }
}

/// A ledger of three months, of which two are sealed, and all of its proofs.
fn three_months(dir: &Path) {
    let keys = Keys::create(&dir.join("keys"), "three-months").unwrap();
    let signing = SigningKeys::generate(&keys, &mut Os).unwrap();
    let signer = HouseSigner::new("three-months", signing);
    let ledger = dir.join("ledger");
    let body = |kind| Value::Object(items::example::body(kind));
    let (kind, heartbeat) = (Kind::LedgerInit, body(Kind::Heartbeat));
    let body = body(kind);
    let begins = "2026-09-01T00:00:00.000Z";
    let first = Entry { kind, time: begins, run: None, actor: "a", body: &body };
    let mut open = Ledger::create(&ledger, &signer, &first).unwrap();
    for month in 9..=11 {
        for day in 1..=12 {
            let time = format!("2026-{month:02}-{day:02}T18:00:00.000Z");
            let entry = Entry { kind: Kind::Heartbeat, time: &time, body: &heartbeat, ..first };
            open.append(&signer, &entry).unwrap();
        }
    }
    let proofs = dir.join("proofs");
    fs::create_dir(&proofs).unwrap();
    let size = open.size();
    assert_eq!(size, 1 + 3 * 12 + 2);
    for seq in 0..size {
        // Every other one as it lies beside a table.
        let proof =
            if seq % 2 == 0 { side_car::of(&open, seq) } else { Inclusion::of(&ledger, seq) };
        let proof = proof.unwrap();
        put(&proofs.join(format!("{seq}.tlog-proof")), proof.to_string().as_bytes());
        let old = seq + 1;
        let proof = Continuation::of(&ledger, old).unwrap();
        let root = open.root_at(old).unwrap();
        let earlier = Checkpoint { origin: open.origin().to_owned(), size: old, root };
        assert_eq!(Continuation::parse(&proof.to_string()), Ok(proof.clone()));
        proof.verify(&earlier, open.keys()).unwrap();
        put(&proofs.join(format!("{old}.consistency")), proof.to_string().as_bytes());
    }
}

/// Packages of Go that Debian has, outside of any module.
const GO_PACKAGES: &str = "/usr/share/gocode";

#[test]
fn go_reads_a_ledger_and_its_proofs_as_this_program_does() {
    let note = Path::new(GO_PACKAGES).join("src/golang.org/x/mod/sumdb/note");
    let has_go = Command::new("go").arg("version").output().is_ok_and(|said| said.status.success());
    if !has_go || !note.is_dir() {
        let why = "skipped: no go, or no golang-golang-x-mod-dev";
        let _ = writeln!(std::io::stderr(), "{why}");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    three_months(dir.path());
    let program = dir.path().join("ledger-by-go");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/ledger.go");
    let built = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &source])
        .env("GO111MODULE", "off")
        .env("GOPATH", GO_PACKAGES)
        .env("GOCACHE", dir.path().join("cache"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let say = || {
        let ledger = dir.path().join("ledger");
        let said =
            Command::new(&program).args([ledger, dir.path().join("proofs")]).output().unwrap();
        let (out, err) = (said.stdout, said.stderr);
        let text = [out, err].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        (said.status.success(), text)
    };
    let (is_sound, said) = say();
    assert!(is_sound && said.contains("39 records, 39 checkpoints"), "{said}");
    // One bit of any file, also of what is sealed.
    for (file, at) in [
        ("ledger/records/000000.jsonl", 40),
        ("ledger/records/000002.jsonl", 40),
        ("ledger/checkpoints/000001.notes", 20),
        ("ledger/head.note", 20),
        ("proofs/7.tlog-proof", 40),
        ("proofs/8.tlog-proof", 60),
        ("proofs/30.consistency", 10),
    ] {
        let path = dir.path().join(file);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[at] ^= 1;
        put(&path, &bad);
        let (is_sound, said) = say();
        assert!(!is_sound, "{file}: {said}");
        put(&path, &good);
    }
}
