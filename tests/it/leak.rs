//! Canaries: a marker in every raw field and in every rejected line, and none
//! of them in anything that leaves, whatever happens.
//!
//! A marker is searched for as it is, in other case, percent-encoded, in hex,
//! in base64 and in base32 at every alignment; in every byte that was printed,
//! in every file but those that hold raw data, and in the values of tables.

#[cfg(debug_assertions)]
mod core;
mod faults;
mod formats;
mod marker;
mod samples;
pub(crate) mod written;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use bzip2::write::BzEncoder;
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, HEXLOWER};
use flate2::Compression;
use flate2::write::GzEncoder;
use liblzma::write::XzEncoder;
use memchr::memmem;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use self::marker::{MARKERS, forms, found, needles};
use crate::house::{DATE, House, Said, files, gamyeong, is_table, put, rows, texts};

const WEB: &str = r#"name = "web"
purpose = { category = "과학적 연구", detail = "야간 시간대 홈페이지 이용과 대출의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "month", reason = "한 달 안의 재방문율을 본다" }
vault = { mapping = "재방문 설문 대상자 추출" }

[[source]]
name = "web"
path = "logs/access-{date}.log*"
format = "combined+cookie"
item = "서비스 이용기록"
max_rejects = 0.1

[source.fields]
host = [{ as = "visitor", pseudonym = { domain = "ip" } }, { as = "net", prefix = { v4 = 24, v6 = 32 } }]
ident = { as = "ident", pseudonym = { domain = "user", encoding = "hex" } }
user = { as = "user", pseudonym = { domain = "user", encoding = "binary", bytes = 32 } }
time = { as = "hour", round = "1h" }
request = [{ as = "path", path = "plain" }, { as = "query", query = ["kdc"] }]
"request.method" = { as = "method", keep = "text" }
status = { as = "status", keep = "integer" }
referer = { as = "referer", path = "plain" }
agent = { as = "browser", agent = "family" }
cookie = "drop"
"cookie.JSESSIONID" = { as = "session", pseudonym = { domain = "session" } }

[assess]
subject = "visitor"
quasi_identifiers = ["net"]
k_min = 2
k_persons_min = 2
max_suppressed = 0.1

[assess.value_persons_min]
path = 3
method = 3
referer = 3
browser = 3
"#;

const WIFI: &str = r#"name = "wifi"
purpose = { category = "과학적 연구", detail = "도서관별 무선인터넷 이용 시간대와 체류 시간을 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "run" }

[[source]]
name = "wifi"
path = "tables/wifi-{date}.csv*"
format = "csv"
zone = "Asia/Seoul"
item = "MAC주소"
max_rejects = 0.1

[source.fields]
mac = [{ as = "device", pseudonym = { domain = "device" } }, { as = "vendor", mac = "vendor" }, { as = "randomised", mac = "randomised" }]
card = { as = "person", pseudonym = { domain = "card" } }
start = { as = "hour", round = "1h" }
minutes = { as = "minutes", keep = "integer" }
branch = [{ as = "branch", keep = "text" }, { as = "region", category = { other = "그 밖", map = { "중앙" = "중앙" } } }]
"성명" = "drop"
phone = "drop"

[assess]
subject = "device"
quasi_identifiers = ["region"]
k_min = 2
k_persons_min = 2
max_suppressed = 0.1

[assess.value_persons_min]
branch = 3
vendor = 3
"#;

/// A web log of 200 good lines in one network, markers on the last, and two
/// that are no lines of it.
fn web_log() -> Vec<u8> {
    let mut log = Vec::new();
    for line in 0..198 {
        let (person, second) = (line % 40 + 1, line % 60);
        log.extend(format!("198.51.100.{person} - - [20/Nov/2026:20:10:{second:02} +0900] \"GET /search?kdc=800 HTTP/1.1\" 200 512 \"https://www.example.kr/\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\" \"JSESSIONID=S{person}\"\n").bytes());
    }
    for host in ["198.51.100.231", "2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f60"] {
        log.extend(host.as_bytes());
        log.extend(b" kanari-ident-5217 kanari.user.8364 [31/Kan/2026:03:17:29 +0900] \"KANARIGET /my/kanari-wish-6408?kdc=100&q=kanari+search+word&w=\xb1\xe8\xc4\xab\xb3\xaa\xb8\xae HTTP/1.1\" 200 93 \"https://www.example.kr/kanari-referer-page?kanariref=20394857\" \"KanariBrowser/93.71\" \"_ga=GA1.2.7193820465; JSESSIONID=KA7NA1RI9SESSION35\"\n");
    }
    log.extend(rejected()[0]);
    log.extend(b"\n");
    log.extend(rejected()[1]);
    log.extend(b"\n");
    log
}

/// The lines of the web log that are none.
fn rejected() -> [&'static [u8]; 2] {
    [
        b"kanari-no-line-1593 \xff\xfe \"quoted\" and a tab\t",
        b"198.51.100.231 - kanari.user.8364 [20/Nov/2026:20:11:00 +0900] \"GET /kanari-cut-line-7751",
    ]
}

fn wifi_table() -> String {
    let mut table = String::from("mac,card,start,minutes,branch,성명,phone,kanari-header-1122\n");
    for line in 0..100 {
        let device = line % 25;
        let _ = writeln!(
            table,
            "00:00:5e:00:53:{device:02x},C{device},2026-11-20 20:10:00,30,중앙,홍,010-0000-00{device:02},-"
        );
    }
    table += "00:00:5e:00:53:c7,CARD-4929-7781-KANARI,2026-11-20 20:10:00,kanari-minutes,중앙,김카나리,010-9753-8642,kanari-remark-2468\n";
    table += "00:00:5e:00:53:c7,CARD-4929-7781-KANARI,2026-11-20 20:10:00,10,카나리분관,김카나리,010-9753-8642,kanari-remark-2468\n";
    table += "00:00:5e:00:53:01,C1,2026-11-20 20:10:00,10,카나리분관,김카나리,010-9753-8642,kanari-remark-2468\n";
    table + "00:00:5e:00:53:c7,kanari-record-3344,김카나리\n"
}

/// A house with both inputs and pipelines.
fn canary_house() -> House {
    let house = House::of("library");
    house.put("pipelines/web.toml", WEB);
    house.put("pipelines/wifi.toml", WIFI);
    house.put("logs/access-2026-11-20.log", web_log());
    house.put("tables/wifi-2026-11-20.csv", wifi_table());
    house
}

#[test]
fn every_form_of_a_marker_would_be_found() {
    let needles = needles();
    for (name, bytes) in MARKERS {
        for before in 0..5 {
            let text = [&b"######"[..before], bytes, b"##"].concat();
            let percent = HEXLOWER.encode(bytes).into_bytes();
            let percent = percent.chunks(2).flat_map(|digits| [&b"%"[..], digits].concat());
            for hay in [
                text.clone(),
                text.to_ascii_uppercase(),
                HEXLOWER.encode(&text).into_bytes(),
                BASE64_NOPAD.encode(&text).into_bytes(),
                BASE32_NOPAD.encode(&text).to_lowercase().into_bytes(),
                percent.collect(),
            ] {
                let found = found(&needles, &hay);
                assert!(found.iter().any(|form| form.starts_with(name)), "{name} {before}");
            }
        }
    }
    assert_eq!(found(&needles, b"nothing of it"), Vec::<&str>::new());
    let input = [web_log(), wifi_table().into_bytes()].concat();
    for (name, bytes) in MARKERS {
        assert!(memmem::find(&input, bytes).is_some(), "{name} is not in the input");
    }
}

/// A house in which something happens, and all that was said.
struct Scene {
    house: House,
    /// Working and temporary directory of the commands.
    surroundings: TempDir,
    said: Vec<u8>,
}

impl Scene {
    fn new(house: House) -> Self {
        Self { house, surroundings: tempfile::tempdir().unwrap(), said: Vec::new() }
    }

    /// Runs the program as a nightly job would.
    #[track_caller]
    fn say(&mut self, code: i32, args: &[&OsStr]) {
        let mut command = gamyeong();
        command.arg("--house").arg(&self.house.root).args(args);
        self.take(code, &mut command);
    }

    #[track_caller]
    fn take(&mut self, code: i32, command: &mut Command) {
        command.current_dir(self.surroundings.path());
        command.env("TMPDIR", self.surroundings.path()).env("RUST_BACKTRACE", "full");
        let output = command.output().unwrap();
        self.said.extend(&output.stdout);
        self.said.extend(&output.stderr);
        Said::from(output).exits(code);
    }

    /// Runs a pipeline in both languages, for people and for programs.
    #[track_caller]
    fn run(&mut self, code: i32, pipeline: &str, more: &[&str]) {
        let path = self.house.path(&format!("pipelines/{pipeline}.toml"));
        for given in
            [&["--lang", "ko"][..], &["--lang", "en"], &["--lang", "ko", "--json"], &["--json"]]
        {
            let fixed =
                [OsStr::new("run"), path.as_os_str(), OsStr::new("--date"), OsStr::new(DATE)];
            let more = more.iter().chain(given).map(OsStr::new);
            self.say(code, &fixed.into_iter().chain(more).collect::<Vec<_>>());
        }
    }

    /// Reads the records in every way, whatever the answer.
    fn audit(&mut self) {
        for args in [
            &["list"][..],
            &["list", "--json"],
            &["verify", "--data"],
            &["verify", "--json", "--data"],
            &["show", "3"],
        ] {
            let output = self.house.command(&[&["ledger"], args].concat()).output().unwrap();
            self.said.extend(&output.stdout);
            self.said.extend(&output.stderr);
        }
    }

    /// Nothing that was said or written holds one of the needles, but for
    /// files below `but`.
    #[track_caller]
    fn holds_none(&self, needles: &[(String, Vec<u8>)], but: &[&str]) {
        assert_eq!(
            found(needles, &self.said),
            Vec::<&str>::new(),
            "{}",
            String::from_utf8_lossy(&self.said)
        );
        let inside = files(&self.house.root)
            .into_iter()
            .filter(|path| !but.iter().any(|dir| path.starts_with(self.house.path(dir))));
        for path in inside.chain(files(self.surroundings.path())) {
            let found_in = |hay: &[u8]| {
                assert_eq!(found(needles, hay), Vec::<&str>::new(), "{}", path.display());
            };
            found_in(path.as_os_str().as_bytes());
            found_in(&fs::read(&path).unwrap());
            if is_table(&path) {
                found_in(values(&path).as_bytes());
            }
        }
    }
}

/// All values of a Parquet file as text, and the names and descriptions of
/// its columns.
fn values(path: &Path) -> String {
    let mut text = String::new();
    for batch in rows(path) {
        let _ = writeln!(text, "{}", batch.schema());
        for array in batch.columns() {
            for value in texts(array).into_iter().flatten() {
                text += &value;
                text.push('\n');
            }
        }
    }
    text
}

/// Where raw data may lie.
const RAW: &[&str] = &["logs", "tables", "keys", "custodian"];

/// Runs a house to an end and searches everything.
#[track_caller]
fn ends(code: i32, pipeline: &str, more: &[&str], prepare: impl FnOnce(&House)) -> Scene {
    let house = canary_house();
    prepare(&house);
    let mut scene = Scene::new(house);
    scene.run(code, pipeline, more);
    scene.audit();
    scene.holds_none(&needles(), RAW);
    scene
}

#[test]
fn a_published_night_holds_no_marker() {
    for (pipeline, table) in [("web", "store/web/web"), ("wifi", "store/wifi/wifi")] {
        let scene = ends(0, pipeline, &[], |_| {});
        // Rows with markers were published, without them.
        let table = scene.house.path(table).join(format!("date={DATE}/part-0.parquet"));
        let rows: usize = rows(&table).iter().map(arrow::array::RecordBatch::num_rows).sum();
        let lines = if pipeline == "web" { 199 } else { 103 };
        assert_eq!(rows, lines);
        assert!(!files(&scene.house.path("vault")).is_empty());
    }
}

/// The search looks into tables: their values are compressed.
#[test]
fn a_marker_in_a_table_would_be_found() {
    let house = canary_house();
    house.put("pipelines/web.toml", WEB.replace("\npath = 3", ""));
    let mut scene = Scene::new(house);
    scene.run(0, "web", &[]);
    let values = values(&scene.house.path("store/web/web/date=2026-11-20/part-0.parquet"));
    let needles = needles();
    let found = found(&needles, values.as_bytes());
    assert!(found.contains(&"path, as it is"), "{found:?}");
    assert!(found.iter().all(|name| name.starts_with("path, ")), "{found:?}");
}

#[test]
fn the_custodian_and_nobody_else_reads_the_vault() {
    let scene = ends(0, "web", &[], |_| {});
    let mut kinds = Vec::new();
    for path in files(&scene.house.path("vault")) {
        let key = scene.house.path("custodian/custodian.key");
        let mut command = gamyeong();
        command.args(["vault", "open", "--reason", "거부된 행 확인"]).arg(&path);
        command.arg("--identity").arg(&key);
        let opened = Said::from(command.output().unwrap()).exits(0);
        let entries = opened.json();
        let name = path.file_name().unwrap().to_str().unwrap();
        kinds.push(name.split('-').next().unwrap().to_owned());
        match kinds.last().unwrap().as_str() {
            "rejects" => {
                let [first, second] = rejected();
                let first = data_encoding::BASE64.encode(first);
                assert_eq!(entries.len(), 2);
                assert_eq!(
                    (&entries[0]["line"], &entries[0]["text_base64"]),
                    (&201.into(), &first.into())
                );
                let second = std::str::from_utf8(second).unwrap();
                assert_eq!(
                    (&entries[1]["line"], &entries[1]["text"]),
                    (&202.into(), &second.into())
                );
            }
            "mapping" => {
                let of_user = entries.iter().filter(|entry| entry["value"] == "kanari.user.8364");
                assert_eq!(of_user.count(), 1);
            }
            kind => assert_eq!(kind, "suppressed"),
        }
        // The key files of the nightly job do not open it.
        let mut command = gamyeong();
        command.args(["vault", "open", "--reason", "시험"]).arg(&path).arg("--identity");
        command.arg(scene.house.path("keys/ledger-ed25519.key"));
        Said::from(command.output().unwrap()).exits(5);
    }
    assert_eq!(kinds, ["mapping", "rejects", "suppressed"]);
}

#[test]
fn secrets_stay_where_keys_are() {
    let mut scene = Scene::new(canary_house());
    scene.run(0, "web", &[]);
    scene.run(0, "wifi", &[]);
    scene.audit();
    let mut needles = Vec::new();
    for path in files(&scene.house.path("keys")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        forms(&format!("{name}, digest of the file"), &Sha256::digest(&text), &mut needles);
        let Some(last) = text.lines().last().filter(|_| name != "controller") else { continue };
        match HEXLOWER.decode(last.as_bytes()) {
            Ok(secret) => {
                assert_eq!(secret.len(), 32);
                forms(name, &secret, &mut needles);
                forms(&format!("{name}, digest"), &Sha256::digest(&secret), &mut needles);
            }
            // `custodian.pub`: public, and yet nobody else's business.
            Err(_) => forms(name, last.as_bytes(), &mut needles),
        }
    }
    assert!(needles.iter().any(|(name, _)| name.starts_with("2026-11.secret")));
    scene.holds_none(&needles, &["keys", "custodian"]);

    let key = fs::read_to_string(scene.house.path("custodian/custodian.key")).unwrap();
    let secret = key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
    let mut needles = Vec::new();
    forms("custodian", secret.as_bytes(), &mut needles);
    scene.holds_none(&needles, &["custodian"]);
}

#[test]
fn a_night_of_too_many_rejects_holds_no_marker() {
    ends(4, "web", &[], |house| {
        house.edit("pipelines/web.toml", "max_rejects = 0.1", "max_rejects = 0");
    })
    .house
    .holds_no_output();
    ends(4, "wifi", &[], |house| {
        house.edit("pipelines/wifi.toml", "max_rejects = 0.1", "max_rejects = 0");
    })
    .house
    .holds_no_output();
    // Read as another format, every line is a reject.
    ends(4, "web", &["--input", "web=../house/tables/wifi-2026-11-20.csv"], |_| {});
}

#[test]
fn a_refused_night_holds_no_marker() {
    for (from, to) in [
        ("k_min = 2\n", "k_min = 5000\n"),
        ("max_suppressed = 0.1", "max_suppressed = 0"),
        (
            "quasi_identifiers = [\"net\"]",
            "quasi_identifiers = [\"net\", \"path\", \"session\", \"referer\"]",
        ),
    ] {
        let scene = ends(1, "web", &[], |house| house.edit("pipelines/web.toml", from, to));
        scene.house.holds_no_output();
    }
}

#[test]
fn damaged_input_holds_no_marker() {
    let gz = |house: &House, bytes: &[u8]| {
        fs::remove_file(house.path("logs/access-2026-11-20.log")).unwrap();
        house.put("logs/access-2026-11-20.log.gz", bytes);
    };
    let pack = |level| {
        let mut encoder = GzEncoder::new(Vec::new(), level);
        encoder.write_all(&web_log()).unwrap();
        encoder.finish().unwrap()
    };
    // Stored, so that what is read before the damage are lines.
    let packed = pack(Compression::none());
    // Cut off, a changed checksum, rubbish behind, not to be recognised, nothing.
    let mut changed = packed.clone();
    let checksum = changed.len() - 6;
    changed[checksum] ^= 1;
    let behind = [&packed[..], b"kanari-no-line-1593"].concat();
    let headless = &pack(Compression::best())[1..];
    for bytes in [&packed[..packed.len() / 2], &changed, &behind, headless, &[]] {
        ends(4, "web", &[], |house| gz(house, bytes)).house.holds_no_output();
    }
    let packed = zstd::encode_all(&web_log()[..], 1).unwrap();
    ends(4, "web", &[], |house| gz(house, &packed[..packed.len() - 9])).house.holds_no_output();
    let mut packed = BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    packed.write_all(&web_log()).unwrap();
    let packed = packed.finish().unwrap();
    ends(4, "web", &[], |house| gz(house, &packed[..packed.len() - 9])).house.holds_no_output();
    let mut packed = XzEncoder::new(Vec::new(), 1);
    packed.write_all(&web_log()).unwrap();
    let packed = packed.finish().unwrap();
    ends(4, "web", &[], |house| gz(house, &packed[..packed.len() - 9])).house.holds_no_output();
    // A directory in place of a log.
    ends(4, "web", &["--input", "web=."], |_| {}).house.holds_no_output();
    ends(4, "web", &["--input", "web=/nowhere/access.log"], |_| {});
    ends(2, "web", &["--input", "wifi=/nowhere/access.log"], |_| {});
}

#[test]
fn a_table_without_its_header_holds_no_marker() {
    let table = wifi_table();
    let last = table.lines().rfind(|line| line.contains("kanari-minutes")).unwrap();
    // The header line is somebody's data then.
    let scene = ends(3, "wifi", &[], |house| {
        house.put("tables/wifi-2026-11-20.csv", format!("{last}\n{last}\n"));
    });
    scene.house.holds_no_output();
    ends(3, "wifi", &[], |house| {
        house.put("tables/wifi-2026-11-20.csv", table.replace("start", "김카나리"));
    });
}

#[test]
fn output_that_cannot_be_written_holds_no_marker() {
    // Nobody may write there, not even root.
    let nowhere = |house: &House, store: &str| {
        house.edit(
            "institution.toml",
            &format!("{store} = \"{store}\""),
            &format!("{store} = \"/proc\""),
        );
    };
    ends(7, "web", &[], |house| nowhere(house, "store"));
    ends(7, "web", &[], |house| nowhere(house, "vault"));
    ends(7, "web", &[], |house| {
        fs::remove_dir(house.path("store")).unwrap();
        house.put("store", "");
    });
}

/// Files may not grow: as on a full disk, a write fails half-way.
#[test]
fn a_full_disk_leaves_no_marker() {
    let house = canary_house();
    let mut long = web_log();
    for _ in 0..8 {
        long.extend(web_log());
    }
    house.put("logs/access-2026-11-20.log", long);
    house.put("pipelines/web.toml", WEB.replace("max_rejects = 0.1", "max_rejects = 0.5"));
    let mut codes = Vec::new();
    for blocks in [4, 16, 24, 32, 64, 128] {
        let mut scene = Scene::new(house.copied());
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limit, "sh", env!("CARGO_BIN_EXE_gamyeong"), "--house"]);
        command.arg(&scene.house.root).arg("run").arg(scene.house.path("pipelines/web.toml"));
        command.args(["--date", DATE]).current_dir(scene.surroundings.path());
        let output = command.output().unwrap();
        codes.push(output.status.code().unwrap());
        scene.said.extend(&output.stdout);
        scene.said.extend(&output.stderr);
        scene.audit();
        scene.holds_none(&needles(), RAW);
        // With room again it is all made up for.
        scene.run(0, "web", &[]);
        scene.holds_none(&needles(), RAW);
        scene.house.verify();
    }
    assert!(codes.contains(&7), "{codes:?}");
}

#[test]
fn a_house_in_disorder_holds_no_marker() {
    let published = canary_house();
    let mut scene = Scene::new(published.copied());
    scene.run(0, "web", &[]);
    let published = scene.house;

    let mut tampered = Scene::new(published.copied());
    let records: PathBuf = tampered.house.path("ledger/records/000000.jsonl");
    let text = fs::read_to_string(&records).unwrap();
    put(&records, text.replacen("\"rows\":", "\"rowz\":", 1).as_bytes());
    tampered.run(6, "web", &[]);
    tampered.audit();
    tampered.holds_none(&needles(), RAW);

    let mut locked = Scene::new(published.copied());
    let lock = File::options().write(true).open(locked.house.path(".lock")).unwrap();
    lock.lock().unwrap();
    locked.run(75, "web", &[]);
    locked.holds_none(&needles(), RAW);
    drop(lock);

    for (path, code) in [
        ("keys/web/2026-11.secret", 5),
        ("keys/ledger-p256.key", 5),
        ("keys/controller", 5),
        ("ledger/records/000000.jsonl", 6),
    ] {
        let mut lost = Scene::new(published.copied());
        fs::remove_file(lost.house.path(path)).unwrap();
        put(&lost.house.path("logs/access-2026-11-20.log"), &[web_log(), web_log()].concat());
        lost.run(code, "web", &[]);
        lost.audit();
        lost.holds_none(&needles(), RAW);
    }

    let mut exposed = Scene::new(published.copied());
    let key = exposed.house.path("keys/ledger-p256.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    exposed.run(5, "web", &[]);
    exposed.holds_none(&needles(), RAW);

    let mut changed = Scene::new(published.copied());
    changed.house.edit("pipelines/web.toml", "k_min = 2\n", "k_min = 3\n");
    changed.run(1, "web", &[]);
    changed.holds_none(&needles(), RAW);
}

/// A run that is cut off leaves files behind until the next start.
#[cfg(debug_assertions)]
#[test]
fn a_crash_leaves_no_marker() {
    for point in [
        "after-begin",
        "after-partial",
        "after-table",
        "before-commit",
        "after-inputs",
        "after-commit",
        "publish-before-rename",
        "publish-after-rename",
        "after-publish",
    ] {
        let mut scene = Scene::new(canary_house());
        let mut command = scene.house.command(&["run"]);
        command.arg(scene.house.path("pipelines/web.toml")).args(["--date", DATE]);
        command.env("GAMYEONG_KILL_AT", point).env("TMPDIR", scene.surroundings.path());
        let output = command.current_dir(scene.surroundings.path()).output().unwrap();
        assert_eq!(output.status.code(), None, "{point} was not reached");
        scene.said.extend(&output.stdout);
        scene.said.extend(&output.stderr);
        scene.holds_none(&needles(), RAW);
        let mut again = scene.house.command(&["run", "--lang", "ko"]);
        again.arg(scene.house.path("pipelines/web.toml")).args(["--date", DATE]);
        scene.take(0, &mut again);
        scene.holds_none(&needles(), RAW);
    }
}
