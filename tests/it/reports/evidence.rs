//! The archive of a year: what is in it, that it can be verified, and what is not in it.

use std::io::{Cursor, Read as _};
use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::*;

/// Of the newest record, by the clock of the institution: the last hours of a year are in the next.
fn year(house: &House) -> String {
    let newest: jiff::Timestamp =
        house.records().last().unwrap()["time"].as_str().unwrap().parse().unwrap();
    newest.in_tz("Asia/Seoul").unwrap().year().to_string()
}

fn archive(house: &House, file: &str) -> Vec<u8> {
    let path = house.root.with_file_name(file);
    let mut command = house.command(&["ledger", "evidence", &year(house), "--out"]);
    Said::from(command.arg(&path).output().unwrap()).exits(0);
    fs::read(path).unwrap()
}

/// The index of the archive of the newest year.
pub(super) fn index(house: &House) -> String {
    let files = files(archive(house, "a.zip"));
    let index = files.iter().find(|(name, _)| name == "index.html").unwrap();
    String::from_utf8_lossy(&index.1).into_owned()
}

fn files(archive: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn unpack(files: &[(String, Vec<u8>)], dir: &Path) {
    for (name, bytes) in files {
        if name.ends_with('/') {
            fs::create_dir_all(dir.join(name)).unwrap();
        } else {
            put(&dir.join(name), bytes);
        }
    }
}

#[test]
fn whoever_unpacks_it_verifies_the_ledger_and_every_digest() {
    let house = house();
    let files = files(archive(&house, "a.zip"));
    let dir = house.root.with_file_name("unpacked");
    unpack(&files, &dir);
    let mut command = crate::house::gamyeong();
    command.arg("--house").arg(&dir).args(["ledger", "verify", "--json"]);
    let said = Said::from(command.output().unwrap()).exits(0);
    assert_eq!(said.out, fs::read_to_string(dir.join("verification.json")).unwrap());
    // The ledger is the one of the house, byte for byte and whole.
    for path in crate::house::files(&house.path("ledger")) {
        let name = path.strip_prefix(&house.root).unwrap();
        assert_eq!(fs::read(&path).unwrap(), fs::read(dir.join(name)).unwrap(), "{name:?}");
    }
    let sums = fs::read_to_string(dir.join("SHA256SUMS")).unwrap();
    let index = fs::read_to_string(dir.join("index.html")).unwrap();
    let (directories, files): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|(name, _)| name.ends_with('/'));
    assert_eq!(directories.len(), 3);
    assert_eq!(sums.lines().count(), files.len() - 1, "all but itself");
    for (name, bytes) in &files {
        let digest = HEXLOWER.encode(&Sha256::digest(bytes));
        let is_sums = name == "SHA256SUMS";
        assert!(is_sums || sums.contains(&format!("{digest}  {name}\n")), "{name}");
        let is_index = is_sums || name == "index.html";
        assert!(is_index || (index.contains(&digest) && index.contains(name.as_str())), "{name}");
    }
    let page = fs::read_to_string(dir.join("page.html")).unwrap();
    assert!(page.contains("id=\"ledger\""));
    assert!(fs::read(dir.join("ledgers.xlsx")).unwrap().starts_with(b"PK"));
}

/// The page in the archive is made of the bytes that were verified, and not of a second look.
#[test]
fn the_page_in_it_holds_the_files_as_the_page_of_the_house_does() {
    let house = house();
    let torn = b"{\"seq\":99,";
    let digest = HEXLOWER.encode(&Sha256::digest(torn));
    house.put(&format!("ledger/quarantine/000000-00012345-{digest}.bin"), torn);
    let verified = gamyeong::report::verified::read(&house.path("ledger"), None).unwrap();
    let of = |stored: &gamyeong::report::stored::Stored| serde_json::to_value(stored).unwrap();
    let packed = gamyeong::report::stored::Stored::of(&verified.files);
    assert_eq!(of(&packed), of(&gamyeong::report::stored::read(&house.path("ledger")).unwrap()));
    assert!(packed.is_settled());
}

/// A byte of a packed record that was altered is found by whoever unpacks it.
#[test]
fn an_altered_archive_does_not_verify() {
    let house = house();
    let mut files = files(archive(&house, "a.zip"));
    let records = files.iter_mut().find(|(name, _)| name == "ledger/records/000000.jsonl");
    let (_, bytes) = records.unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap().replacen("파기-26-1", "파기-26-2", 1);
    *bytes = text.into_bytes();
    let dir = house.root.with_file_name("unpacked");
    unpack(&files, &dir);
    let mut command = crate::house::gamyeong();
    command.arg("--house").arg(&dir).args(["ledger", "verify"]);
    Said::from(command.output().unwrap()).exits(6);
}

#[test]
fn the_same_ledger_gives_the_same_archive() {
    let house = house();
    let first = archive(&house, "a.zip");
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == archive(&house, "b.zip"));
}

const CANARY: &str = "kanari-7f3a9c";

/// Keys, sealed files, tables and comments of the institution file are not in it: neither
/// as they are, nor in any encoding that is used here.
#[test]
fn nothing_of_keys_or_vault_is_in_it() {
    let house = house();
    house.put("logs/access-2026-11-21.log", format!("{}broken\n", log(20, 200)));
    Said::from(house.night("2026-11-21", &[]).output().unwrap()).exits(0);
    for path in ["keys/more.txt", "vault/more.txt", "store/more.txt", "custodian/more.txt"] {
        house.put(path, CANARY);
    }
    house.edit(
        "institution.toml",
        "zone = \"Asia/Seoul\"",
        &format!("zone = \"Asia/Seoul\" # {CANARY}"),
    );
    let packed = files(archive(&house, "a.zip"));
    let mut secrets: Vec<Vec<u8>> = vec![CANARY.into()];
    let mut kept = 0;
    for store in ["keys", "vault", "custodian"] {
        for path in crate::house::files(&house.path(store)) {
            let bytes = fs::read(&path).unwrap();
            kept += 1;
            // What is public stands in the ledger too.
            let is_public = path.extension().is_some_and(|ending| ending == "pub");
            let lines = bytes.split(|&byte| byte == b'\n').filter(|line| line.len() >= 24);
            let lines = lines.filter(|line| !is_public && !line.starts_with(b"-----"));
            let lines = lines.filter(|line| !line.starts_with(b"#"));
            secrets.extend(lines.map(<[u8]>::to_vec));
        }
    }
    assert!(kept > 5 && secrets.len() > 5, "{kept} files, {} secrets", secrets.len());
    for (name, bytes) in &packed {
        for secret in &secrets {
            let hex = HEXLOWER.encode(secret).into_bytes();
            let base64 = data_encoding::BASE64.encode(secret).into_bytes();
            for form in [secret, &hex, &base64] {
                let is_in = memchr::memmem::find(bytes, form).is_some();
                assert!(!is_in, "{name}: {}", String::from_utf8_lossy(secret));
            }
        }
    }
    let names: Vec<&str> = packed.iter().map(|(name, _)| name.as_str()).collect();
    for name in &names {
        let top = name.split('/').next().unwrap();
        assert!(!["keys", "vault", "store", "custodian"].contains(&top), "{name}");
    }
}

/// Somebody put keys where a broken tail would lie.
#[test]
fn a_quarantined_key_is_named_and_not_packed() {
    let house = house();
    let put = |place: u32, bytes: &[u8]| {
        let digest = HEXLOWER.encode(&Sha256::digest(bytes));
        let name = format!("ledger/quarantine/000000-{place:08}-{digest}.bin");
        house.put(&name, bytes);
        (name, digest)
    };
    let torn = put(0, b"{\"seq\":99,");
    let pem = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGthbmFyaQ==\n";
    let mut secrets = vec![pem.to_vec()];
    for key in ["keys/ledger-ed25519.key", "custodian/custodian.key"] {
        secrets.push(fs::read(house.path(key)).unwrap());
    }
    let stray: Vec<_> = (1..).zip(&secrets).map(|(place, bytes)| put(place, bytes)).collect();

    let path = house.root.with_file_name("a.zip");
    let mut command = house.command(&["ledger", "evidence", &year(&house), "--out"]);
    let said = Said::from(command.arg(&path).output().unwrap()).exits(0);
    let packed = files(fs::read(&path).unwrap());
    let index = packed.iter().find(|(name, _)| name == "index.html").unwrap().1.clone();
    let index = String::from_utf8(index).unwrap();
    let has = |name: &str| packed.iter().any(|(packed, _)| packed == name);
    assert!(has(&torn.0), "a broken tail is evidence");
    for (name, digest) in &stray {
        assert!(!has(name), "{name}");
        assert!(said.out.contains(&format!("{name}: left out")), "{}", said.out);
        assert!(index.contains("넣지 않은 파일") && index.contains(digest), "{name}");
    }
    let page = house.root.with_file_name("a.html");
    let packed_again = house.root.with_file_name("b.zip");
    for (args, out) in [(vec!["evidence", &year(&house)], packed_again), (vec!["report"], page)] {
        let mut command = house.command(&["--lang", "ko", "ledger"]);
        let said = Said::from(command.args(args).arg("--out").arg(out).output().unwrap()).exits(0);
        for (name, _) in &stray {
            let told = format!("{name}: 개인키나 비밀값이 든 것으로 보여 넣지 않음");
            assert!(said.out.contains(&told), "{}", said.out);
        }
    }
    // Neither the file, nor its secret line on the page in the archive.
    for bytes in &secrets {
        let line = bytes.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b"#"));
        let line = line.max_by_key(|line| line.len()).unwrap();
        let whole = data_encoding::BASE64.encode(bytes).into_bytes();
        for (name, packed) in &packed {
            for form in [line, &whole] {
                assert!(memchr::memmem::find(packed, form).is_none(), "{name}");
            }
        }
    }
    let dir = house.root.with_file_name("unpacked");
    unpack(&packed, &dir);
    let mut command = crate::house::gamyeong();
    command.arg("--house").arg(&dir).args(["ledger", "verify"]);
    Said::from(command.output().unwrap()).exits(0);
}

/// Somebody wrote a key into a record: the file of it stays behind, and the index says that the
/// rest cannot be verified.
#[test]
fn a_record_with_a_key_is_named_and_not_packed() {
    let house = House::new();
    // Words are not a key.
    enter(&house, Kind::Incident, &json!({"happened": "서명용 private key 유출"}));
    let packed = files(archive(&house, "a.zip"));
    assert!(packed.iter().any(|(name, _)| name == "ledger/records/000000.jsonl"));
    let key = fs::read_to_string(house.path("custodian/custodian.key")).unwrap();
    let key = key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap();
    let mut body = example::body(Kind::Incident);
    body.insert("happened".to_owned(), json!(format!("유출된 키는 {key}")));
    crate::approvals::force(&house, Kind::Incident, &body);
    let packed = files(archive(&house, "b.zip"));
    assert!(!packed.iter().any(|(name, _)| name == "ledger/records/000000.jsonl"));
    let of = |name: &str| {
        let (_, bytes) = packed.iter().find(|(of, _)| of == name).unwrap();
        String::from_utf8_lossy(bytes).into_owned()
    };
    let index = of("index.html");
    assert!(index.contains("ledger/records/000000.jsonl"), "{index}");
    assert!(index.contains("나머지만으로는 검증되지 않음"), "{index}");
    assert!(of("incidents.csv").contains("(비밀키나 비밀값으로 보여 적지 않음)"));
    assert!(of("incidents.csv").contains("서명용 private key 유출"));
    let book = packed.iter().find(|(name, _)| name == "ledgers.xlsx").unwrap().1.clone();
    for (name, bytes) in packed.iter().chain(&files(book)) {
        assert!(memchr::memmem::find(bytes, key.as_bytes()).is_none(), "{name}");
    }
}

#[test]
fn what_is_packed_is_verified_with_keys_from_outside() {
    let (house, other) = (house(), House::new());
    let keys = house.root.with_file_name("received.txt");
    put(&keys, &fs::read(house.path("ledger/keys.txt")).unwrap());
    let trust = |archive: Vec<u8>| {
        let verification = files(archive).into_iter().find(|(name, _)| name == "verification.json");
        let said: Value = serde_json::from_slice(&verification.unwrap().1).unwrap();
        let checks = said["checks"].as_array().unwrap().clone();
        let trust = checks.into_iter().find(|check| check["check"] == "trust").unwrap();
        [said["status"].clone(), trust["outcome"].clone()]
    };
    assert_eq!(trust(archive(&house, "a.zip")), ["not-checked", "not-checked"]);
    let evidence = |keys: &Path, file: &str| {
        let path = house.root.with_file_name(file);
        let mut command = house.command(&["ledger", "evidence", &year(&house), "--trust"]);
        (Said::from(command.arg(keys).arg("--out").arg(&path).output().unwrap()), path)
    };
    let (said, path) = evidence(&keys, "b.zip");
    said.exits(0);
    assert_eq!(trust(fs::read(path).unwrap()), ["pass", "pass"]);
    // Keys of another ledger of the same name, and what is no key.
    let (said, path) = evidence(&other.path("ledger/keys.txt"), "c.zip");
    said.exits(6);
    assert!(!path.exists());
    let (said, path) = evidence(&house.path("institution.toml"), "d.zip");
    said.exits(2);
    assert!(!path.exists());
}

/// A link or a file with a name of its own in the ledger does not get in.
#[test]
fn what_does_not_belong_into_the_ledger_is_refused() {
    for is_link in [true, false] {
        let house = House::new();
        let secret = crate::house::files(&house.path("keys")).remove(0);
        let bytes = fs::read(&secret).unwrap();
        let digest = HEXLOWER.encode(&Sha256::digest(&bytes));
        // The one name under which verification lets a strange file be, if it is one.
        let name = format!("ledger/quarantine/000000-00000000-{digest}.bin");
        if is_link {
            fs::create_dir_all(house.path("ledger/quarantine")).unwrap();
            std::os::unix::fs::symlink(&secret, house.path(&name)).unwrap();
            house.say(&["ledger", "verify"]).exits(6);
        } else {
            house.put("ledger/private.key", &bytes);
        }
        let out = house.root.with_file_name("a.zip");
        let mut command = house.command(&["ledger", "evidence", &year(&house), "--out"]);
        Said::from(command.arg(&out).output().unwrap()).exits(6);
        assert!(!out.exists());
    }
}

#[test]
fn every_destruction_has_a_certificate_that_says_what_is_known() {
    let house = house();
    let files = files(archive(&house, "a.zip"));
    let certificates: Vec<(&str, String)> = files
        .iter()
        .filter(|(name, _)| name.starts_with("certificates/"))
        .map(|(name, bytes)| (name.as_str(), String::from_utf8(bytes.clone()).unwrap()))
        .collect();
    // Three destructions; the confirmation belongs to one of them.
    assert_eq!(certificates.len(), 3);
    let (_, last) = &certificates[2];
    for text in [
        "파기-26-1",
        "방문 기록",
        "2026-11-24 00:30:00",
        "추정: 위 방법으로 파기하였으나",
        "입회자",
        "(서명)",
        "성남시 도서관사업소",
    ] {
        assert!(last.contains(text), "{text}: {last}");
    }
    let first = &certificates[0].1;
    assert!(first.contains("비밀키 파기") && first.contains("2026-10"), "{first}");
    assert!(first.contains("확인: 파기되었음을 확인하였습니다."), "{first}");
    assert!(!last.contains("<script"));
}

/// A confirmation on paper alone is a destruction too.
#[test]
fn a_confirmation_without_a_record_of_the_destruction_has_a_certificate() {
    let house = House::new();
    let request = enter(&house, Kind::RetentionRequested, &json!({"file_name": "대출 기록"}));
    let done = enter(&house, Kind::RetentionDone, &json!({"request": request}));
    let files = files(archive(&house, "a.zip"));
    let name = format!("certificates/{done:06}.html");
    let (_, bytes) = files.iter().find(|(of, _)| *of == name).unwrap();
    assert!(String::from_utf8_lossy(bytes).contains("대출 기록"));
}

/// An approval of another processing, or no approval at all, that got into a ledger before
/// such were refused.
#[test]
fn what_does_not_fit_a_destruction_does_not_stand_in_its_certificate() {
    let house = House::new();
    let number = |no: &str| json!({"management_no": no, "file_name": "대출 기록"});
    let force = |kind: Kind, key: &str, seq: u64, method: &str| {
        let mut body = example::body(kind);
        body.remove("public_key");
        body.insert("management_no".into(), json!("26-01"));
        body.insert(key.into(), json!(seq));
        body.insert("method".into(), json!(method));
        crate::approvals::force(&house, kind, &body)
    };
    let mine = enter(&house, Kind::RetentionRequested, &number("26-01"));
    let others = enter(&house, Kind::RetentionRequested, &number("26-02"));
    let good = force(Kind::RetentionApproved, "request", mine, "소각");
    let of_others = force(Kind::RetentionApproved, "request", others, "소각");
    let other = json!({"management_no": "26-02", "request": others});
    let approved_elsewhere = enter(&house, Kind::RetentionApproved, &other);
    let cases = [
        (good, Some(good), Some(mine)),
        (of_others, Some(of_others), None),
        (approved_elsewhere, None, None),
        (mine, None, None),
    ];
    let destroyed =
        cases.map(|(approval, ..)| force(Kind::DataDestroyed, "approval", approval, "소각"));
    let files = files(archive(&house, "a.zip"));
    for ((approval, shown, request), seq) in cases.into_iter().zip(destroyed) {
        let name = format!("certificates/{seq:06}.html");
        let (_, bytes) = files.iter().find(|(of, _)| *of == name).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        for number in [good, of_others, approved_elsewhere, mine, others] {
            let is_shown = Some(number) == shown || Some(number) == request;
            assert_eq!(text.contains(&format!("(기록 {number})")), is_shown, "{approval} {number}");
        }
    }
}

#[test]
fn policies_rights_and_approvals_are_listed() {
    let house = house();
    let files = files(archive(&house, "a.zip"));
    let of = |name: &str| {
        let (_, bytes) = files.iter().find(|(of, _)| of == name).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let policies = of("policies.csv");
    let row = policies.lines().find(|line| line.contains("visits")).unwrap();
    assert!(row.starts_with("20") && row.contains(",2,visits"), "{row}");
    assert_eq!(of("rights.csv").matches("kim-a").count(), 3);
    assert!(of("approvals.csv").contains("적정성 검토"));
    assert!(of("incidents.csv").contains("메일 오발송"));
    let index = of("index.html");
    for (name, number) in [("검토·승인", "4건"), ("유출등 사고", "1건")] {
        let (_, after) = index.split_once(name).unwrap();
        assert!(after.chars().take(40).collect::<String>().contains(number), "{index}");
    }
    assert!(index.contains("incidents.csv"));
}

#[test]
fn a_year_without_records_and_a_broken_ledger_are_refused() {
    let house = house();
    let out = house.root.with_file_name("a.zip");
    let mut command = house.command(&["ledger", "evidence", "1999", "--out"]);
    let said = Said::from(command.arg(&out).output().unwrap()).exits(2);
    assert!(said.err.contains("nothing was recorded in 1999"), "{}", said.err);
    assert!(!said.err.contains("four digits"), "{}", said.err);
    let mut command = house.command(&["ledger", "evidence", "26", "--out"]);
    let said = Said::from(command.arg(&out).output().unwrap()).exits(2);
    assert!(said.err.contains("hint: a year of four digits is meant"), "{}", said.err);
    let path = house.path("ledger/records/000000.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    put(&path, text.replacen("파기-26-1", "파기-26-2", 1).as_bytes());
    let mut command = house.command(&["ledger", "evidence", &year(&house), "--out"]);
    Said::from(command.arg(&out).output().unwrap()).exits(6);
    assert!(!out.exists());
}

/// The stores of a house may lie elsewhere: in the archive the ledger lies beside the
/// institution file.
#[test]
fn a_house_with_a_ledger_elsewhere_can_be_verified_where_it_is_unpacked() {
    let house = House::new();
    let elsewhere = house.root.with_file_name("records-of-the-house");
    fs::rename(house.path("ledger"), &elsewhere).unwrap();
    house.edit("institution.toml", "ledger = \"ledger\"", &format!("ledger = {elsewhere:?}"));
    let files = files(archive(&house, "a.zip"));
    let dir = house.root.with_file_name("unpacked");
    unpack(&files, &dir);
    fs::remove_dir_all(&elsewhere).unwrap();
    let mut command = crate::house::gamyeong();
    command.arg("--house").arg(&dir).args(["ledger", "verify"]);
    Said::from(command.output().unwrap()).exits(0);
}
