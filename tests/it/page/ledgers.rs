//! A ledger that three nights wrote, tampered with file by file and line by line: what the
//! page says of it is what the program says.

use std::fs;
use std::path::PathBuf;

use data_encoding::BASE64;
use gamyeong::ledger::note::VerifierKey;
use gamyeong::ledger::verify;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{Draws, agree, data, house, in_browser, page_of};
use crate::house::{files, put};

/// A copy of a ledger that is changed and looked at, and then as it was.
struct Bench<'a> {
    browser: &'a Browser,
    ledger: PathBuf,
    trusted: Vec<VerifierKey>,
    keys: String,
    earlier: Vec<String>,
    cases: usize,
}

impl Bench<'_> {
    #[track_caller]
    fn look(&mut self, case: &str, is_intact: bool) {
        self.cases += 1;
        let earlier: Vec<&[u8]> = self.earlier.iter().map(String::as_bytes).collect();
        let program =
            verify::against(&self.ledger, Some(&self.trusted), &earlier).unwrap().to_value();
        let name = |(index, text)| json!({"name": format!("earlier checkpoint {}", index + 1), "text": text});
        let earlier: Vec<Value> = self.earlier.iter().enumerate().map(name).collect();
        let options = json!({"trusted": self.keys, "earlier": earlier});
        let browser = in_browser(self.browser, &data(&self.ledger), &options);
        agree(case, &program, &browser);
        assert_eq!(browser["status"] == "fail", !is_intact, "{case}: {browser:#}");
    }

    /// Writes a file, looks, and puts back what was there.
    #[track_caller]
    fn with(&mut self, case: &str, name: &str, bytes: &[u8]) {
        let path = self.ledger.join(name);
        let before = fs::read(&path).ok();
        put(&path, bytes);
        self.look(case, before.as_deref() == Some(bytes));
        match before {
            Some(before) => put(&path, &before),
            None => fs::remove_file(&path).unwrap(),
        }
    }

    #[track_caller]
    fn without(&mut self, name: &str) {
        let path = self.ledger.join(name);
        let before = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        self.look(&format!("without {name}"), false);
        put(&path, &before);
    }
}

#[test]
fn the_page_and_the_program_say_the_same_of_every_tampered_ledger() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    assert_eq!(browser.open(&page_of(&house, &[])), "not-checked");
    let ledger = house.path("ledger");
    let keys = fs::read_to_string(ledger.join("keys.txt")).unwrap();
    let trusted = keys.lines().map(|line| line.parse().unwrap()).collect();
    let earlier = fs::read_to_string(ledger.join("checkpoints/0000000009.note")).unwrap();
    let mut bench =
        Bench { browser: &browser, ledger, trusted, keys, earlier: vec![earlier], cases: 0 };
    bench.look("untouched", true);
    flips(&mut bench);
    moved_lines(&mut bench);
    other_lines(&mut bench);
    other_files(&mut bench);
    other_kinds(&mut bench);
    bench.look("untouched again", true);
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("{} ledgers, the same answer in the browser\n", bench.cases),
    );
}

/// Found by a review: whatever lay in the quarantine was bound to nothing.
#[test]
fn what_a_record_says_was_set_aside_is_missed_by_both() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    let records = house.path("ledger").join(NAME);
    let torn = [fs::read(&records).unwrap(), b"{\"seq\":".to_vec()].concat();
    put(&records, &torn);
    assert!(house.night("2026-11-21", &[]).output().unwrap().status.success());
    let recovery = house.records().into_iter().find(|record| record["type"] == "recovery");
    let file = recovery.unwrap()["body"]["quarantined"][0].clone();
    assert_eq!(file["bytes"], 7);
    browser.open(&page_of(&house, &[]));
    let ledger = house.path("ledger");
    let look = |is_intact: bool| {
        let program = verify::verify(&ledger, None).unwrap();
        let page = in_browser(&browser, &data(&ledger), &json!({}));
        agree("set aside", &program.to_value(), &page);
        assert_eq!(program.status().as_str() != "fail", is_intact, "{}", program.to_value());
    };
    look(true);
    fs::remove_file(ledger.join("quarantine").join(file["file"].as_str().unwrap())).unwrap();
    look(false);
}

/// What is no file of the ledger's own, and places that are none: neither takes it for one.
fn other_kinds(bench: &mut Bench<'_>) {
    let places = [
        "records/000000.jsonl",
        "head.note",
        "keys.txt",
        "checkpoints/0000000005.note",
        "quarantine/x",
    ];
    for name in places {
        let (path, aside) = (bench.ledger.join(name), bench.ledger.with_file_name("aside"));
        let before = fs::read(&path).ok();
        put(&aside, before.as_deref().unwrap_or_default());
        for is_link in [true, false] {
            let _ = fs::remove_file(&path);
            if is_link {
                std::os::unix::fs::symlink(&aside, &path).unwrap();
            } else {
                fs::create_dir(&path).unwrap();
            }
            let program = verify::verify(&bench.ledger, Some(&bench.trusted)).unwrap();
            let options = json!({"trusted": bench.keys});
            let browser = in_browser(bench.browser, &data(&bench.ledger), &options);
            assert_eq!(program.status().as_str(), "fail", "{name}, link {is_link}");
            assert_eq!(browser["status"], "fail", "{name}, link {is_link}");
            bench.cases += 1;
            if is_link { fs::remove_file(&path).unwrap() } else { fs::remove_dir(&path).unwrap() }
        }
        if let Some(before) = before {
            put(&path, &before);
        }
    }
}

/// One bit of any file.
fn flips(bench: &mut Bench<'_>) {
    let mut draws = Draws(20_261_126);
    let all = files(&bench.ledger);
    for number in 0..120 {
        // Half of them in the records, which are one file of many.
        let path = if number % 2 == 0 {
            bench.ledger.join("records/000000.jsonl")
        } else {
            all[draws.below(all.len())].clone()
        };
        let name = path.strip_prefix(&bench.ledger).unwrap().to_str().unwrap().to_owned();
        let mut bytes = fs::read(&path).unwrap();
        let (at, bit) = (draws.below(bytes.len()), draws.below(8));
        bytes[at] ^= 1 << bit;
        bench.with(&format!("bit {bit} of byte {at} of {name}"), &name, &bytes);
    }
}

/// The one file of records.
const NAME: &str = "records/000000.jsonl";

/// Records that are taken out, doubled, swapped or cut off, and others in their place.
fn moved_lines(bench: &mut Bench<'_>) {
    let text = fs::read_to_string(bench.ledger.join(NAME)).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        let mut some = lines.clone();
        some.remove(at);
        bench.with(&format!("record {at} taken out"), NAME, some.concat().as_bytes());
        let mut some = lines.clone();
        some.insert(at, lines[at]);
        bench.with(&format!("record {at} twice"), NAME, some.concat().as_bytes());
        if at > 0 {
            let mut some = lines.clone();
            some.swap(at - 1, at);
            bench.with(&format!("record {at} before its time"), NAME, some.concat().as_bytes());
            bench.with(&format!("cut before {at}"), NAME, lines[..at].concat().as_bytes());
        }
    }
    bench.with("no record", NAME, b"");
    bench.with("torn", NAME, &text.as_bytes()[..text.len() - 9]);
    bench.with("no last line feed", NAME, text.trim_end().as_bytes());
}

/// What JSON leaves open, and records of another form.
fn other_lines(bench: &mut Bench<'_>) {
    let text = fs::read_to_string(bench.ledger.join(NAME)).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let record = |line: &str| {
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        lines[2] = format!("{line}\n");
        lines.concat()
    };
    let third = lines[2].trim_end();
    let edits = [
        ("\"seq\":2", "\"seq\":2.0"),
        ("\"seq\":2", "\"seq\":-2"),
        ("\"seq\":2", "\"seq\":02"),
        ("\"seq\":2", "\"seq\":9007199254740992"),
        ("\"seq\":2", "\"seq\":2,\"seq\":2"),
        ("\"seq\":2", "\"seq\": 2"),
        ("\"seq\":2", "\"s\\u0065q\":2"),
        ("\"type\":\"run", "\"type\":\"Run"),
        ("Z\",", "z\","),
        ("T", " "),
        ("\"body\":{", "\"body\":{\"a\":1e3,"),
        ("\"body\":{", "\"body\":{\"a\":\"\\u0007\","),
        ("\"body\":{", "\"body\":{\"a\":\"\u{85}\","),
        ("\"body\":{", "\"body\":{\"a\":\"\\ud800\","),
        ("\"body\":{", "\"body\":{\"__proto__\":{},\"a\":-0,"),
        ("\"body\":{", "\"body\":{\"a\":[{\"b\":1,\"b\":1}],"),
        ("\"actor\":\"", "\"actor\":null,\"extra\":\""),
        ("\"run\":\"", "\"run\":\"x\",\"run\":\""),
        ("}", "} {}"),
    ];
    for (from, to) in edits {
        let edited = record(&third.replacen(from, to, 1));
        bench.with(&format!("record 2 with {from} as {to}"), NAME, edited.as_bytes());
    }
    let deep = |depth: usize| {
        third.replacen(
            "\"body\":{",
            &format!("\"body\":{{\"a\":{}{},", "[".repeat(depth), "]".repeat(depth)),
            1,
        )
    };
    for depth in [125, 126] {
        bench.with(&format!("{depth} deep"), NAME, record(&deep(depth)).as_bytes());
    }
    let long =
        third.replacen("\"body\":{", &format!("\"body\":{{\"a\":\"{}\",", "가".repeat(22_000)), 1);
    bench.with("too long", NAME, record(&long).as_bytes());
}

/// Checkpoints, keys and whatever else lies there.
fn other_files(bench: &mut Bench<'_>) {
    let read = |bench: &Bench<'_>, name: &str| fs::read_to_string(bench.ledger.join(name)).unwrap();
    let (third, fourth) =
        (read(bench, "checkpoints/0000000003.note"), read(bench, "checkpoints/0000000004.note"));
    bench.with("a checkpoint of another size", "checkpoints/0000000003.note", fourth.as_bytes());
    bench.with("an old head", "head.note", third.as_bytes());
    bench.with("a checkpoint too many", "checkpoints/0000000099.note", third.as_bytes());
    bench.with("a checkpoint of nothing", "checkpoints/0000000000.note", third.as_bytes());
    let signatures: Vec<&str> = third.split_inclusive('\n').collect();
    let of = |lines: &[&str]| lines.concat();
    let [text, one, two] =
        [of(&signatures[..4]), signatures[4].to_owned(), signatures[5].to_owned()];
    let unknown = format!("— somebody {}\n", BASE64.encode(&[9; 68]));
    let notes = [
        ("one signature", format!("{text}{one}")),
        ("the other signature", format!("{text}{two}")),
        ("turned round", format!("{text}{two}{one}")),
        ("an unknown one besides", format!("{text}{one}{two}{unknown}")),
        ("an unknown one alone", format!("{text}{unknown}")),
        ("the same twice", format!("{text}{one}{one}{two}")),
        ("a line of extension", third.replacen("\n\n", "\nmore\n\n", 1)),
        ("no line feed", third.trim_end().to_owned()),
        ("a tab", third.replacen('\n', "\t\n", 1)),
        ("nothing", String::new()),
    ];
    for (case, note) in notes {
        let is_intact =
            ["turned round", "an unknown one besides", "the same twice"].contains(&case);
        let path = bench.ledger.join("checkpoints/0000000003.note");
        put(&path, note.as_bytes());
        bench.look(&format!("a checkpoint with {case}"), is_intact);
        put(&path, third.as_bytes());
    }
    for name in ["head.note", "keys.txt", "checkpoints/0000000002.note", "records/000000.jsonl"] {
        bench.without(name);
    }
    for name in [
        "more",
        "records/000002.jsonl",
        "records/.tmp",
        "records/more",
        "checkpoints/more",
        "quarantine/000000-00000000-00.bin",
    ] {
        bench.with(&format!("also {name}"), name, b"what is this");
    }
    let keys = bench.keys.clone();
    let (first, second) = keys.trim_end().split_once('\n').unwrap();
    let turned = format!("{second}\n{first}\n");
    put(&bench.ledger.join("keys.txt"), turned.as_bytes());
    bench.look("keys turned round", true);
    put(&bench.ledger.join("keys.txt"), keys.as_bytes());
    bench.with("one key", "keys.txt", format!("{}\n", keys.lines().next().unwrap()).as_bytes());
    for earlier in
        [read(bench, "head.note"), fourth.replacen("\n4\n", "\n5\n", 1), "no note".to_owned()]
    {
        let is_intact = earlier == read(bench, "head.note");
        bench.earlier.push(earlier);
        bench.look("another earlier checkpoint", is_intact);
        bench.earlier.pop();
    }
}
