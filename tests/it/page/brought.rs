//! What an auditor brings: files of any kind, a number on paper, a record with its proof.

use std::fs;
use std::path::PathBuf;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{Draws, house, page_of};
use crate::house::{House, log, put};

/// A page that is open, and a house whose ledger it shows.
struct Desk {
    browser: Browser,
    house: House,
    page: PathBuf,
}

/// One thing in the list: what it is said to be, its badge, and the words behind it.
type Said = (String, Option<String>, String);

impl Desk {
    fn new() -> Option<Self> {
        let browser = Browser::start()?;
        let house = house();
        let page = page_of(&house, &[]);
        let desk = Self { browser, house, page };
        desk.reopen();
        Some(desk)
    }

    /// The page as it is when it is opened, with the institution's keys brought.
    fn reopen(&self) {
        assert_eq!(self.browser.open(&self.page), "not-checked");
        self.drop(&[("keys.txt", &self.read("ledger/keys.txt"))]);
        assert_eq!(self.verdict(), "pass");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.house.path(name)).unwrap()
    }

    fn after(&self, act: &str, args: &Value) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             show('proof');
             const before = shown.report;
             {act}
             const look = () => shown.report === before ? setTimeout(look, 10) : setTimeout(() => done(null));
             look();"
        );
        assert_eq!(self.browser.run_later(&script, args), Value::Null);
    }

    fn drop(&self, files: &[(&str, &[u8])]) {
        let files: Vec<Value> =
            files.iter().map(|(name, bytes)| json!([name, BASE64.encode(bytes)])).collect();
        self.after(
            "const transfer = new DataTransfer();
             for (const [name, base64] of arguments[0]) transfer.items.add(new File([fromBase64(base64)], name));
             document.querySelector('.drop').dispatchEvent(
               new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));",
            &json!([files]),
        );
    }

    /// Enters what stands on paper, as a person would.
    fn enter(&self, text: &str) {
        self.after(
            "byId('noted').value = arguments[0]; byId('noted-ask').click();",
            &json!([text]),
        );
    }

    /// What stands on paper is not what the ledger has: the verdict turns, and says why.
    #[track_caller]
    fn refuses(&self, text: &str, words: &[String]) {
        self.reopen();
        self.enter(text);
        assert_eq!(self.verdict(), "fail", "{text}");
        let [answer, why] = self.row("연속성");
        assert_eq!(answer, "실패");
        for word in words.iter().map(String::as_str).chain([text]) {
            assert!(why.contains(word), "{word}: {why}");
        }
    }

    fn verdict(&self) -> String {
        let said = self.browser.run(
            "return [document.documentElement.dataset.verdict, document.querySelector('header .badge').className]",
        );
        let verdict = said[0].as_str().unwrap().to_owned();
        assert_eq!(said[1], format!("badge {verdict}"));
        verdict
    }

    fn text(&self, selector: &str) -> String {
        let text = self.browser.run_with(
            "return document.querySelector(arguments[0])?.textContent ?? ''",
            &json!([selector]),
        );
        text.as_str().unwrap().to_owned()
    }

    fn list(&self) -> Vec<Said> {
        let said = self.browser.run(
            "return [...document.querySelectorAll('.drop li')].map((one) =>
               [one.querySelector('.what').textContent, one.querySelector('.badge')?.textContent ?? null, one.querySelector('.note').textContent])",
        );
        serde_json::from_value(said).unwrap()
    }

    fn last(&self) -> Said {
        self.list().pop().unwrap()
    }

    /// The answer to a check, and its reason or findings.
    fn row(&self, name: &str) -> [String; 2] {
        let row = self.browser.run_with(
            "show('proof');
             const row = [...document.querySelectorAll('main tbody tr')].find((one) => one.cells[1]?.querySelector('b')?.textContent === arguments[0]);
             return [row.cells[0].textContent, row.cells[3].textContent]",
            &json!([name]),
        );
        serde_json::from_value(row).unwrap()
    }
}

const UNKNOWN: &str = "알 수 없는 파일 (체크포인트, 증명, 시점확인, 공개키가 아님)";
const INTACT: &str = "모든 기록이 온전합니다.";

/// As `ledger verify --earlier` does: what can be read as nothing says nothing about the ledger.
#[test]
fn a_file_that_is_nothing_of_the_ledger_leaves_the_verdict_alone() {
    let Some(desk) = Desk::new() else { return };
    let note = String::from_utf8(desk.read("ledger/head.note")).unwrap();
    let mut draws = Draws(4);
    let random = (0..999).map(|_| u8::try_from(draws.below(256)).unwrap()).collect();
    let pretty = desk.house.say(&["ledger", "show", "4"]).exits(0).out;
    let files: [(&str, Vec<u8>); 8] = [
        ("empty", Vec::new()),
        ("random.bin", random),
        ("table", fs::read(desk.house.table("2026-11-18")).unwrap()),
        ("pretty.json", pretty.into_bytes()),
        ("page.html", desk.read("page.html")),
        // A note, of something else.
        ("other.note", note.replacen('\n', "\nmore\n", 1).into_bytes()),
        ("cut.note", note.as_bytes()[..40].to_vec()),
        ("latin.note", [b"\xff", note.as_bytes()].concat()),
    ];
    for (name, bytes) in &files {
        desk.drop(&[(name, bytes)]);
        assert_eq!(desk.verdict(), "pass", "{name}");
        assert!(desk.text("#verdict").contains(INTACT), "{name}");
        let unused = "확인에 쓰지 않았습니다.".to_owned();
        assert_eq!(desk.last(), (format!("{name}: {UNKNOWN}"), None, unused));
        assert_eq!(desk.row("연속성")[0], "확인 안 함", "{name}");
    }
    assert_eq!(desk.list().len(), 1 + files.len());
    // The program says the same of them.
    for (name, bytes) in &files {
        let path = desk.house.root.with_file_name(name);
        put(&path, bytes);
        desk.house.say(&["ledger", "verify", "--earlier", path.to_str().unwrap()]).exits(2);
    }
}

#[test]
fn what_is_in_the_form_and_does_not_fit_fails_and_says_which_file_and_why() {
    let Some(desk) = Desk::new() else { return };
    let note = desk.read("ledger/checkpoints/0000000004.note");
    let note = String::from_utf8(note).unwrap();
    let changed = note.replacen("\n4\n", "\n5\n", 1).into_bytes();
    let own = note.lines().next().unwrap();
    // Of another name, and signed under that: by keys that nobody here knows.
    let elsewhere = note.replace(own, "other.example/ledger").into_bytes();
    let cases = [
        ("changed.note", changed, vec!["서명이 맞지 않음".to_owned()]),
        (
            "other.note",
            elsewhere,
            vec![
                format!("기록부 {own} 의 체크포인트"),
                "기록부 other.example/ledger 의 체크포인트".to_owned(),
            ],
        ),
    ];
    for (name, bytes, words) in cases {
        desk.drop(&[(name, &bytes)]);
        assert_eq!(desk.verdict(), "fail", "{name}");
        let verdict = desk.text("#verdict");
        assert!(
            verdict.contains("가져온 것에서 이어지지 않습니다") && !verdict.contains("온전하지"),
            "{verdict}"
        );
        let (what, badge, _) = desk.last();
        assert_eq!((what, badge.as_deref()), (format!("{name}: 체크포인트"), Some("실패")));
        let [answer, why] = desk.row("연속성");
        assert_eq!(answer, "실패");
        for word in words.iter().map(String::as_str).chain([name]) {
            assert!(why.contains(word), "{word}: {why}");
        }
        // It can be taken back, and was no fault of the ledger.
        desk.after("[...document.querySelectorAll('.drop li button')].pop().click();", &json!([]));
        assert_eq!((desk.verdict().as_str(), desk.list().len()), ("pass", 1), "{name}");
    }
    // A ledger that went on differently: which root it has and which it should have.
    let twin = desk.house.copied();
    for house in [&desk.house, &twin] {
        house.put("logs/access-2026-11-22.log", log(20, 200));
        house.night("2026-11-22", &[]).output().unwrap();
    }
    let head = fs::read_to_string(twin.path("ledger/head.note")).unwrap();
    page_of(&desk.house, &[]);
    desk.reopen();
    desk.drop(&[("head.note", head.as_bytes()), ("head.note", head.as_bytes())]);
    let [_, why] = desk.row("연속성");
    let root = |house: &House| {
        let said = house.say(&["ledger", "verify", "--json"]).exits(0).out;
        serde_json::from_str::<Value>(&said).unwrap()["root"].as_str().unwrap().to_owned()
    };
    let size = desk.house.records().len();
    for text in [
        format!("있어야 할 것: 뿌리값 {} (가져온 것의 처음 {size}개)", root(&twin)),
        format!("있는 것: 뿌리값 {} (이 기록부의 처음 {size}개)", root(&desk.house)),
        "head.note (2)".to_owned(),
    ] {
        assert!(why.contains(&text), "{text}: {why}");
    }
}

#[test]
fn what_was_written_down_is_compared_with_the_first_records() {
    let Some(desk) = Desk::new() else { return };
    let states = desk.browser.run(
        "show('proof');
         return [...document.querySelectorAll('#verdict code')].map((one) => one.textContent)",
    );
    let [number, pair] = [0, 1].map(|at| states[at].as_str().unwrap().to_owned());
    let size = desk.house.records().len();
    // Records are added: the page of that day shows others, and takes those.
    desk.house.put("logs/access-2026-11-22.log", log(20, 200));
    desk.house.night("2026-11-22", &[]).output().unwrap();
    let more = desk.house.records().len();
    assert!(more > size);
    page_of(&desk.house, &[]);
    desk.reopen();
    assert!(!desk.text("#verdict").contains(&number) && !desk.text("#verdict").contains(&pair));
    let (count, root) = pair.split_once(':').unwrap();
    let spaced = format!(" {count} : {} {} ", root[..32].to_uppercase(), &root[32..]);
    for text in [&pair, &spaced, &number, &number.to_uppercase(), &pair.replace(':', "：")] {
        desk.enter(text);
        assert_eq!(desk.verdict(), "pass", "{text}");
        let (what, badge, _) = desk.last();
        assert!(what.ends_with(": 적어 둔 값"), "{what}");
        assert_eq!(badge.as_deref(), Some("통과"));
        assert_eq!(desk.row("연속성")[0], "통과", "{text}");
    }
    assert_eq!(desk.list().len(), 6);

    let long = format!("{}:{root}", more + 1);
    let words = [
        format!("기록 {}개 이상", more + 1),
        format!("이 기록부에는 기록 {more}개, 가져온 것에는 {}개", more + 1),
    ];
    desk.refuses(&long, &words);
    let other = if root.starts_with('0') { "1" } else { "0" };
    let other = format!("{other}{}", &root[1..]);
    let words = [
        format!("뿌리값 {other} (가져온 것의 처음 {size}개)"),
        format!("뿌리값 {root} (이 기록부의 처음 {size}개)"),
    ];
    desk.refuses(&format!("{size}:{other}"), &words);
    let letter = if number.ends_with('a') { "b" } else { "a" };
    let other = format!("{}{letter}", &number[..number.len() - 1]);
    desk.refuses(&other, &[format!("감사 확인번호 {other}"), format!("감사 확인번호 {number}")]);
}

#[test]
fn what_is_no_size_and_root_is_not_asked() {
    let Some(desk) = Desk::new() else { return };
    let root = "ab".repeat(32);
    let zero = format!("0:{root}");
    let short = format!("4:{}", &root[1..]);
    for text in ["", "71", &root, "0:", &zero, &short, "7-abcde", "7-abcde-fghij-klmno-pqr01", "x"]
    {
        desk.browser.run_with(
            "show('proof'); byId('noted').value = arguments[0]; byId('noted-ask').click()",
            &json!([text]),
        );
        assert!(desk.text("#noted-fault").contains("16진수 64자리"), "{text}");
        assert_eq!((desk.verdict().as_str(), desk.list().len()), ("pass", 1), "{text}");
    }
}

#[test]
fn a_record_that_was_brought_is_checked_by_the_proof_brought_with_it() {
    let Some(desk) = Desk::new() else { return };
    let line =
        |seq: &str| desk.house.say(&["ledger", "show", seq, "--json"]).exits(0).out.into_bytes();
    let proof = desk.house.say(&["ledger", "prove", "4"]).exits(0).out.into_bytes();
    let (record, other) = (line("4"), line("5"));
    let changed =
        String::from_utf8(record.clone()).unwrap().replacen("\"actor\":\"", "\"actor\":\"x", 1);
    assert_ne!(changed.as_bytes(), record);

    desk.drop(&[("record-4.json", &record)]);
    let (what, badge, said) = desk.last();
    assert_eq!((what.as_str(), badge.as_deref()), ("record-4.json: 기록", Some("확인 안 함")));
    assert!(
        said.contains("gamyeong ledger prove 4")
            && said.contains("이 기록부의 기록 4번과 같습니다"),
        "{said}"
    );
    assert_eq!(desk.verdict(), "pass");

    desk.drop(&[
        ("4.tlog-proof", &proof),
        ("5.json", &other),
        ("changed.json", changed.as_bytes()),
    ]);
    let of = |name: &str| {
        let found = desk.list().into_iter().find(|(what, ..)| what.starts_with(name)).unwrap();
        (found.1, found.2)
    };
    let (badge, said) = of("record-4.json");
    assert_eq!(badge.as_deref(), Some("통과"));
    assert!(said.starts_with("증명한 기록 4번입니다"), "{said}");
    assert_eq!(of("4.tlog-proof").0.as_deref(), Some("통과"));
    assert_eq!(of("5.json").0.as_deref(), Some("확인 안 함"), "the proof is of another");
    let (badge, said) = of("changed.json");
    assert_eq!(badge.as_deref(), Some("실패"));
    assert!(
        said.contains("증명한 기록 4번이 아닙니다") && said.contains("기록 4번과 다릅니다"),
        "{said}"
    );
    // Anybody can write a line: the ledger is as intact as it was.
    assert_eq!(desk.verdict(), "pass");
    assert_eq!(desk.row("연속성")[0], "통과");

    // A proof that nobody signed shows nothing.
    desk.reopen();
    let forged = String::from_utf8(proof).unwrap().replacen("index 4", "index 5", 1);
    desk.drop(&[("5.json", &other), ("5.tlog-proof", forged.as_bytes())]);
    assert_eq!(of("5.json").0.as_deref(), Some("실패"));
    assert_eq!(desk.verdict(), "fail", "a proof of another record");
}

#[test]
fn the_tables_are_said_not_to_be_looked_at() {
    let Some(desk) = Desk::new() else { return };
    let [answer, why] = desk.row("자료(표·봉인 파일)");
    assert_eq!(answer, "확인 안 함");
    assert!(
        why.contains("표가 없습니다") && why.contains("gamyeong ledger verify --data"),
        "{why}"
    );
    // The answer is without it.
    assert_eq!(desk.verdict(), "pass");
    assert!(desk.text("#verdict").contains(INTACT));
}

#[test]
fn what_is_wrong_and_what_is_looked_at_is_said_as_it_is() {
    let Some(desk) = Desk::new() else { return };
    let about = |name: &str| {
        let text = desk.browser.run_with(
            "return [...document.querySelectorAll('main td:nth-child(2)')].map((one) => one.textContent).find((one) => one.startsWith(arguments[0]))",
            &json!([name]),
        );
        text.as_str().unwrap().to_owned()
    };
    // Whether they are believed is the next check.
    assert!(about("공개키").contains("따로 받은 키를 놓았으면"), "{}", about("공개키"));
    desk.house.put("ledger/notes.txt", "what is this");
    page_of(&desk.house, &[]);
    assert_eq!(desk.browser.open(&desk.page), "fail");
    let [answer, why] = desk.row("파일 구성");
    assert_eq!(answer, "실패");
    let said = "notes.txt있어야 할 것: 파일 없음(이 파일은 없어야 함)있는 것: 파일 있음";
    assert_eq!(why, said);
    assert!(desk.text("#verdict").contains("온전하지 않습니다"));
}
