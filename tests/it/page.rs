//! The page for auditors, in a real browser: what it shows, and that its own check and
//! the program's say the same of every ledger.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use gamyeong::ledger::items::{self, Form, example};
use gamyeong::ledger::record::{KINDS, Kind};
use gamyeong::report::{stored, words};
use regex::Regex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::house::{House, Said, log, put};

pub(crate) mod browser;
mod brought;
mod drawn;
mod held;
mod missing;
mod sealed;
mod keys;
mod ledgers;
mod forms;
mod made;
mod signed;
mod tables;
mod vouchers;

use browser::Browser;

/// A house in which three nights ran, and one that was refused.
fn house() -> House {
    let house = House::new();
    for date in ["2026-11-18", "2026-11-19", "2026-11-21"] {
        house.put(&format!("logs/access-{date}.log"), log(20, 200));
        house.night(date, &[]).output().unwrap();
    }
    house.put("logs/access-2026-11-20.log", log(1, 3));
    house.night("2026-11-20", &[]).output().unwrap();
    house
}

/// The page of a house, in a file beside it.
pub(crate) fn page_of(house: &House, more: &[&str]) -> PathBuf {
    let page = house.path("page.html");
    let mut command = house.command(&["ledger", "report", "--out"]);
    Said::from(command.arg(&page).args(more).output().unwrap()).exits(0);
    page
}

fn data(ledger: &Path) -> Value {
    serde_json::to_value(stored::read(ledger).unwrap()).unwrap()
}

/// What the verifier of the page says of a ledger.
#[track_caller]
fn in_browser(browser: &Browser, data: &Value, options: &Value) -> Value {
    browser.run_later(
        "const [data, options, done] = arguments;
         const untold = ({checks}) => checks.flatMap(({findings}) => findings)
           .flatMap(({expected, found}) => [expected, found])
           .filter((one) => /^(another|none|null)$| /.test(one))
           .filter((one) => !/[가-힣]/.test(findingWord(one)) || /[a-z]{2,} [a-z]{2,}/i.test(findingWord(one)))
           .map((one) => `${one} ~ ${findingWord(one)}`);
         verify(data, options).then((report) => done({...report, status: verdictOf(report), untold: untold(report)}),
           (error) => done({failed: String(error.stack)}));",
        &json!([data, options]),
    )
}

/// The answers of both, and of each check the records and bytes that are named.
#[track_caller]
fn agree(case: &str, program: &Value, browser: &Value) {
    let of = |report: &Value, name: &str| {
        let checks = report["checks"].as_array();
        assert!(checks.is_some(), "{case}: {report:#}");
        let checks = checks.unwrap();
        checks.iter().find(|check| check["check"] == name).cloned()
    };
    let places = |check: &Value| -> Vec<Value> {
        let place = |finding: &Value| json!([finding["seq"], finding["file"], finding["offset"]]);
        check["findings"].as_array().unwrap().iter().map(place).collect()
    };
    assert_eq!(browser["untold"], json!([]), "{case}: not said in Korean");
    assert_eq!(untold(program), Vec::<String>::new(), "{case}: not said in Korean");
    assert_eq!(program["root"], browser["root"], "{case}");
    assert_eq!(program["size"], browser["size"], "{case}");
    for check in program["checks"].as_array().unwrap() {
        let name = check["check"].as_str().unwrap();
        let other = of(browser, name).unwrap();
        assert_eq!(check["outcome"], other["outcome"], "{case}: {name}\n{check:#}\n{other:#}");
        assert_eq!(places(check), places(&other), "{case}: {name}");
        assert_eq!(check["omitted"], other["omitted"], "{case}: {name}");
        assert_eq!(check["examined"], other["examined"], "{case}: {name}");
    }
}

/// What the program prints of a report, the first findings of each check, that has no Korean.
pub(crate) fn untold(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    let findings = checks.flat_map(|check| check["findings"].as_array().unwrap().iter().take(3));
    let texts = findings.flat_map(|one| [&one["expected"], &one["found"]]);
    let texts = texts.map(|text| text.as_str().unwrap());
    // Anything else is a value.
    let are_words = |text: &&str| text.contains(' ') || ["another", "none", "null"].contains(text);
    let is_english = Regex::new("[a-z]{2,} [a-z]{2,}").unwrap();
    let is_hangul = |letter: char| ('가'..='힣').contains(&letter);
    let is_untold = |text: &&str| {
        let korean = words::finding(text);
        !korean.contains(is_hangul) || is_english.is_match(&korean.to_lowercase())
    };
    texts.filter(are_words).filter(is_untold).map(str::to_owned).collect()
}

/// Numbers that look drawn, the same each time.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// What the checks say of a ledger made by hand: those that fail.
#[track_caller]
fn failing(browser: &Browser, data: &Value) -> Vec<String> {
    let report = in_browser(browser, data, &json!({"trusted": data["keys"]}));
    let checks = report["checks"].as_array();
    assert!(checks.is_some(), "{report:#}");
    let checks = checks.unwrap();
    let failed = checks.iter().filter(|check| check["outcome"] == "fail");
    failed.map(|check| check["check"].as_str().unwrap().to_owned()).collect()
}

fn heartbeats() -> Vec<(String, Value)> {
    vec![("heartbeat".to_owned(), Value::Object(example::body(Kind::Heartbeat)))]
}

#[test]
fn a_sealed_file_that_was_changed_is_found() {
    let Some(browser) = Browser::start() else { return };
    let house = House::new();
    browser.open(&page_of(&house, &[]));
    let data = made::ledger(100, &heartbeats(), 28);
    assert_eq!(failing(&browser, &data), [""; 0]);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut data = data.clone();
        change(&mut data);
        failing(&browser, &data)
    };
    let replace = |text: &mut Value, from: &str, to: &str| {
        let changed = text.as_str().unwrap().replacen(from, to, 1);
        assert_ne!(text.as_str().unwrap(), changed);
        *text = json!(changed);
    };
    // A byte of a signature: nobody looks at those again, but at the digest of all.
    let of_bundle = with(&|data| replace(&mut data["bundles"][1]["text"], "AwMD", "AwQD"));
    assert_eq!(of_bundle, ["seals"]);
    let of_size = with(&|data| replace(&mut data["bundles"][0]["text"], "\n7\n", "\n8\n"));
    assert_eq!(of_size, ["seals", "checkpoints"]);
    let without = with(&|data| drop(data["bundles"].as_array_mut().unwrap().remove(0)));
    assert_eq!(without, ["seals", "checkpoints"]);
    let of_record = with(&|data| replace(&mut data["segments"][0]["text"], "uid 0", "uid 1"));
    assert_eq!(of_record, ["chain", "seals", "checkpoints"]);
    let cut = with(&|data| {
        let text = data["segments"][1]["text"].as_str().unwrap();
        let end = text.trim_end().rfind('\n').unwrap();
        data["segments"][1]["text"] = json!(text[..=end]);
    });
    assert!(cut.contains(&"seals".to_owned()) && cut.contains(&"chain".to_owned()), "{cut:?}");
    let early = with(&|data| {
        // What should begin the next file ends the one before it.
        let moved = data["segments"][1]["text"].as_str().unwrap().to_owned();
        let (seal, rest) = moved.split_once('\n').unwrap();
        let first = format!("{}{seal}\n", data["segments"][0]["text"].as_str().unwrap());
        data["segments"][0]["text"] = json!(first);
        data["segments"][1]["text"] = json!(rest);
    });
    assert!(early.contains(&"seals".to_owned()), "{early:?}");
    let back = with(&|data| replace(&mut data["segments"][2]["text"], "-05T18", "-03T18"));
    assert!(back.contains(&"time".to_owned()), "{back:?}");
}

/// The widest that a line of the page is, and the width that it has.
fn widths(browser: &Browser) -> (u64, u64) {
    let found = browser.run(
        "const all = [document.documentElement, ...document.querySelectorAll('main, table, td, th')];
         const over = all.filter((one) => one.scrollWidth > one.clientWidth + 1);
         return [over.length, document.querySelectorAll('main table').length];",
    );
    (found[0].as_u64().unwrap(), found[1].as_u64().unwrap())
}

#[test]
fn every_tab_is_shown_and_nothing_is_cut_off_in_print() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    let page = page_of(&house, &[]);
    assert_eq!(browser.open(&page), "not-checked", "the keys came from the ledger");
    let tabs = [
        "overview",
        "processing",
        "rights",
        "provision",
        "destruction",
        "incident",
        "reviews",
        "access",
        "forms",
        "records",
        "proof",
    ];
    for language in ["ko", "en"] {
        for tab in tabs {
            browser.run(&format!("byId('tab-{tab}').click()"));
            let (over, tables) = widths(&browser);
            assert_eq!(over, 0, "{tab} on the screen");
            assert!(tables > 0, "{tab} is empty");
            prints(&browser, tab);
        }
        assert_eq!(browser.run("return document.documentElement.lang"), language);
        browser.run("byId('language').click()");
    }
    browser.run("showForms([...shown.collection.runs.values()].find(({ commit }) => commit).name)");
    let signs = browser.run("return [...document.querySelectorAll('.form h3')].map((one) => one.textContent[0]).join('')");
    assert_eq!(signs, "❶❷❸❹❺❼❽❾❿", "no grade of risk is recorded");
    prints(&browser, "forms");
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Prints to PDF: A4, wide ledgers turned, every column on the paper.
fn prints(browser: &Browser, tab: &str) {
    let is_wide = !["overview", "forms", "proof"].contains(&tab);
    // Width of the page in CSS pixels, less its margins of 10 and 12 mm.
    let width = if is_wide { 1046 } else { 703 };
    browser.devtools(
        "Emulation.setDeviceMetricsOverride",
        &json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
    );
    browser.devtools("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    let (over, _) = widths(browser);
    assert_eq!(over, 0, "{tab} on paper");
    browser.devtools("Emulation.setEmulatedMedia", &json!({"media": ""}));
    browser.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
    let pdf = browser
        .devtools("Page.printToPDF", &json!({"preferCSSPageSize": true, "printBackground": true}));
    let pdf = BASE64.decode(pdf["data"].as_str().unwrap().as_bytes()).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    let boxes: Vec<&str> =
        text.split("/MediaBox").skip(1).map(|rest| rest.split(']').next().unwrap()).collect();
    assert!(!boxes.is_empty(), "{tab}");
    for found in boxes {
        let numbers: Vec<f64> = found
            .trim_matches(['[', ' '])
            .split_whitespace()
            .filter_map(|one| one.parse().ok())
            .collect();
        let (wide, high) = if is_wide { (842.0, 595.0) } else { (595.0, 842.0) };
        assert!(
            (numbers[2] - wide).abs() < 2.0 && (numbers[3] - high).abs() < 2.0,
            "{tab}: {found}"
        );
    }
}

/// Sources that are only looked up in are read and not published; what happened to a table
/// and who reviewed it is listed.
#[test]
fn rows_are_those_of_tables_and_incidents_and_reviews_are_listed() {
    let Some(browser) = Browser::start() else { return };
    let house = crate::lookup::house();
    house.run(&[]).exits(0);
    for (kind, key, value) in [
        (Kind::Incident, "happened", json!("메일 오발송")),
        (Kind::AdequacyReview, "purpose", json!({"result": "적합", "opinion": "목적이 분명함"})),
    ] {
        let mut body = example::body(kind);
        body.insert(key.to_owned(), value);
        crate::approvals::force(&house, kind, &body);
    }
    let records = house.records();
    let commit = records.iter().find(|record| record["type"] == "run.commit").unwrap();
    let rows = commit["body"]["outputs"][0]["rows"].as_u64().unwrap().to_string();
    let read: u64 = commit["body"]["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["rows"].as_u64().unwrap())
        .sum();
    assert_ne!(rows, read.to_string());
    browser.open(&page_of(&house, &[]));
    let texts = |script: &str| {
        browser.run(&format!("{script}; return [...document.querySelectorAll('main td')].map((one) => one.textContent)"))
    };
    let overview = texts("show('overview')");
    let overview = overview.as_array().unwrap();
    let visits = overview.iter().position(|cell| cell == "visits").unwrap();
    assert_eq!(overview[visits + 6], rows, "{overview:#?}");
    let result = browser.run(
        "showForms([...shown.collection.runs.keys()][0]);
         const form = [...document.querySelectorAll('.form')].find((one) => one.textContent.startsWith('❺'));
         const results = [...form.querySelectorAll('table')].find((one) => one.querySelector('thead').textContent.includes('원천 행'));
         return [...results.querySelectorAll('tbody tr')].map((row) => [row.cells[0].textContent, row.cells[2].textContent])",
    );
    let mut found: Vec<(String, String)> = serde_json::from_value(result).unwrap();
    found.sort();
    let read = |name: &str| (format!("{name}\n(표 없이 읽기만 함)"), "0".to_owned());
    assert_eq!(found, [read("accounts"), read("leases"), ("web".to_owned(), rows)]);
    assert!(texts("show('incident')").to_string().contains("메일 오발송"));
    let reviews = texts("show('reviews')").to_string();
    assert!(reviews.contains("목적 적합성: 적합, 목적이 분명함"), "{reviews}");
}

#[test]
fn the_filter_leaves_out_what_was_not_asked_for() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    let page = page_of(&house, &["--from", "2026-01-01", "--to", "2099-12-31"]);
    browser.open(&page);
    let rows = "return document.querySelectorAll('main tbody tr.open').length";
    browser.run("show('records')");
    assert_eq!(browser.run(rows), house.records().len());
    let search = |words: &str| {
        browser.run(&format!("const input = byId('filter-words'); input.value = {words:?}; input.dispatchEvent(new Event('input'))"));
        browser.run(rows).as_u64().unwrap()
    };
    assert_eq!(search("run.refused"), 1);
    assert_eq!(search("run.published"), 3);
    assert_eq!(search("nothing of the kind"), 0);
    browser.run("byId('filter-reset').click(); shown.filter.to = '2000-01-01'; draw()");
    assert_eq!(browser.run(rows), 0);
    browser.run("byId('filter-reset').click()");
    browser.run("show('overview')");
    let cards = browser
        .run("return [...document.querySelectorAll('.card b')].map((one) => one.textContent)");
    assert_eq!(cards[0], "3");
    assert_eq!(cards[1], "1");
    browser.run("document.querySelectorAll('#tab-records')[0].click(); document.querySelector('tr.open').click()");
    assert_eq!(
        browser.run("return JSON.parse(document.querySelector('dialog pre').textContent).seq"),
        0
    );
}

#[test]
fn a_page_in_which_a_byte_was_changed_turns_red() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    let page = page_of(&house, &[]);
    let text = fs::read_to_string(&page).unwrap();
    // In the records, not in the script behind them.
    let end = text.find("<script id=").unwrap();
    for (from, to) in [
        ("run.published", "run.publishee"),
        ("\\\"seq\\\":4", "\\\"seq\\\":5"),
        ("\\n7\\n", "\\n8\\n"),
    ] {
        let at = text[..end].rfind(from).unwrap();
        let changed = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
        let copy = house.path("changed.html");
        put(&copy, changed.as_bytes());
        assert_eq!(browser.open(&copy), "fail", "{from}");
        assert_eq!(
            browser.run("return document.querySelector('header .badge').className"),
            "badge fail"
        );
    }
    // Nor can the check itself be changed: the browser refuses to run it.
    let changed = text.replacen("function verdictOf(", "function verdictOff(", 1);
    put(&house.path("changed.html"), changed.as_bytes());
    browser.devtools(
        "Page.navigate",
        &json!({"url": format!("file://{}", house.path("changed.html").display())}),
    );
    assert_eq!(browser.run("return typeof verify"), "undefined");
}

/// Nothing that a record holds may become part of the page.
/// Somebody put keys where a broken tail would lie: one by its digest, one under another name.
#[test]
fn a_quarantined_key_is_not_on_the_page_and_is_judged_all_the_same() {
    let house = house();
    let keys = ["keys/ledger-ed25519.key", "custodian/custodian.key"];
    let keys = keys.map(|key| fs::read(house.path(key)).unwrap());
    let digest = HEXLOWER.encode(&Sha256::digest(&keys[0]));
    for (digest, key) in [&digest, &"0".repeat(64)].into_iter().zip(&keys) {
        let name = format!("quarantine/000000-00000000-{digest}.bin");
        house.put(&format!("ledger/{name}"), key);
        let page = house.path("page.html");
        let mut command = house.command(&["ledger", "report", "--out"]);
        let said = Said::from(command.arg(&page).output().unwrap()).exits(0);
        assert!(said.out.contains(&format!("ledger/{name}: left out")), "{}", said.out);
        let page = fs::read_to_string(page).unwrap();
        for key in &keys {
            let lines = key.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b"#"));
            let line = lines.max_by_key(|line| line.len()).unwrap();
            assert!(!page.contains(str::from_utf8(line).unwrap()));
            assert!(!page.contains(&BASE64.encode(key)));
        }
        assert!(page.contains(&HEXLOWER.encode(&Sha256::digest(key))));
        let Some(browser) = Browser::start() else { continue };
        browser.open(&house.path("page.html"));
        let report = browser.run("return {...shown.report, untold: []}");
        let program = gamyeong::ledger::verify::verify(&house.path("ledger"), None).unwrap();
        agree(&name, &program.to_value(), &report);
    }
    house.say(&["ledger", "verify"]).exits(6);
}

#[test]
fn what_records_hold_stays_text() {
    let Some(browser) = Browser::start() else { return };
    let evil = "</script><script>document.title='x'</script><img src=x onerror=alert(1)>{{script}}";
    let body = |kind: Kind| {
        let mut body = example::body(kind);
        for item in items::of(kind).items.iter().filter(|item| matches!(item.form, Form::Text)) {
            body.insert(item.key.to_owned(), json!(evil));
        }
        body.insert(evil.to_owned(), json!(evil));
        Value::Object(body)
    };
    let kinds = KINDS.into_iter().filter(|kind| !kind.is_of_run());
    let kinds = kinds.filter(|kind| *kind != Kind::SegmentSealed);
    let night: Vec<(String, Value)> =
        kinds.map(|kind| (kind.as_str().to_owned(), body(kind))).collect();
    let house = House::new();
    let page = with_data(
        &fs::read_to_string(page_of(&house, &[])).unwrap(),
        &made::ledger(3 * night.len(), &night, 28),
    );
    let path = house.path("evil.html");
    put(&path, page.as_bytes());
    // The files that the records of anchors name are not there, and nothing else is wrong.
    assert_eq!(browser.open(&path), "fail");
    let failed = browser.run(
        "return shown.report.checks.filter(({outcome}) => outcome === 'fail').flatMap(({check, findings, omitted}) =>
           [[check, omitted], ...findings.map(({seq, file, offset, expected, found}) => [typeof seq, file, typeof offset, expected, found])])",
    );
    let digest = format!("the file with digest {}", "0".repeat(64));
    // What the record names has not the form of a place in the ledger: the record is named.
    let missing = json!(["number", "records/000000.jsonl", "number", digest, "none"]);
    assert_eq!(failed, json!([["anchors", 0], missing, missing, missing]));
    let tabs =
        ["overview", "processing", "rights", "provision", "destruction", "access", "records"];
    for tab in tabs.into_iter().chain(["proof"]) {
        browser.run(&format!("show('{tab}')"));
        assert_eq!(
            browser.run("return document.querySelectorAll('img, main script').length"),
            0,
            "{tab}"
        );
        // It is there, as text. What is wrong is told without it.
        let shown = browser.run("return byId('main').textContent");
        assert_eq!(shown.as_str().unwrap().contains(evil), tab != "proof", "{tab}");
    }
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

/// A page with other data in it.
fn with_data(page: &str, data: &Value) -> String {
    let (before, rest) =
        page.split_once("<script type=\"application/json\" id=\"ledger\">").unwrap();
    let script = rest.find("<script id=").unwrap();
    let block = |mark: &str, value: &Value| {
        let text = value.to_string().replace('<', "\\u003c");
        format!("<script type=\"application/json\" {mark}>{text}</script>\n")
    };
    let mut head = data.clone();
    let mut parts = String::new();
    for of in ["segments", "bundles"] {
        for file in head[of].as_array_mut().unwrap().drain(..) {
            parts += &block("class=\"part\"", &json!({"of": of, "file": file}));
        }
    }
    format!("{before}{}{parts}{}", block("id=\"ledger\"", &head), &rest[script..])
}

/// Files that are dropped onto the page, as a person would drop them.
fn drops(browser: &Browser, files: &[(&str, &str)]) {
    browser.run("show('proof')");
    let done = browser.run_later(
        "const [files, done] = arguments;
         const transfer = new DataTransfer();
         for (const [name, text] of files) transfer.items.add(new File([text], name));
         const before = shown.report;
         document.querySelector('.drop').dispatchEvent(
           new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
         const look = () => shown.report === before ? setTimeout(look, 10) : setTimeout(() => done(null));
         look();",
        &json!([files]),
    );
    assert_eq!(done, Value::Null);
}

#[test]
fn what_is_dropped_onto_the_page_is_asked() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    let page = page_of(&house, &[]);
    let read = |name: &str| fs::read_to_string(house.path(name)).unwrap();
    let keys = read("ledger/keys.txt");
    let old = read("ledger/checkpoints/0000000004.note");
    let proof = house.say(&["ledger", "prove", "2"]).exits(0).out;
    let old_path = house.path("ledger/checkpoints/0000000004.note");
    let consistency = house.say(&["ledger", "consistency", old_path.to_str().unwrap()]).exits(0);
    let verdict = || browser.run("return document.documentElement.dataset.verdict");
    let kinds = || {
        let script =
            "return [...document.querySelectorAll('.drop li .what')].map((one) => one.textContent)";
        browser.run(script)
    };
    assert_eq!(browser.open(&page), "not-checked");
    drops(&browser, &[("keys.txt", &keys)]);
    assert_eq!(verdict(), "pass");
    drops(&browser, &[("old.note", &old), ("2.tlog-proof", &proof), ("c", &consistency.out)]);
    assert_eq!(verdict(), "pass");
    assert_eq!(
        kinds(),
        json!(["keys.txt: 검증키", "old.note: 체크포인트", "2.tlog-proof: 증명", "c: 증명"])
    );
    let examined = "return shown.report.checks.find(({check}) => check === 'continuity').examined";
    assert_eq!(browser.run(examined), 3);
    // The proof of another record than the one that stands there.
    let other = proof.replacen("index 2", "index 1", 1);
    drops(&browser, &[("other.tlog-proof", &other)]);
    assert_eq!(verdict(), "fail");
    let badges = "return [document.querySelector('header .badge').className,
        document.querySelector('#verdict').className]";
    assert_eq!(browser.run(badges), json!(["badge fail", "verdict fail"]));

    // What another ledger's keys vouch for.
    let another = self::house();
    let foreign = fs::read_to_string(another.path("ledger/head.note")).unwrap();
    assert_eq!(browser.open(&page), "not-checked");
    drops(&browser, &[("foreign.note", &foreign)]);
    assert_eq!(verdict(), "fail");
    let foreign = fs::read_to_string(another.path("ledger/keys.txt")).unwrap();
    assert_eq!(browser.open(&page), "not-checked");
    drops(&browser, &[("keys.txt", &foreign)]);
    assert_eq!(verdict(), "fail");
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

/// A large ledger is hashed in a worker, a small one in the page, and none differently.
#[test]
fn the_worker_hashes_as_the_page_does() {
    let Some(browser) = Browser::start() else { return };
    let house = House::new();
    browser.open(&page_of(&house, &[]));
    let mut data = made::ledger(1_500, &heartbeats(), 400);
    // A line that is torn off, and bytes that are no text.
    let last = data["segments"].as_array_mut().unwrap();
    last.push(json!({"name": "torn", "text": "one\ntwo"}));
    last.push(json!({"name": "empty", "text": ""}));
    last.push(json!({"name": "bytes", "base64": BASE64.encode(b"\xff\n\xfe\n")}));
    let hashed = browser.run_later(
        "const [files, done] = arguments;
         const text = (all) => JSON.stringify(all.map(({ends, leaves, roots, sha256, length}) =>
           [[...ends], toHex(leaves), toHex(roots), sha256, length]));
         (async () => {
           const worker = startWorker();
           const [there, here] = [[], []];
           for await (const one of hashedBy(worker, files)) there.push(one);
           worker.terminate();
           const hasher = new Hasher();
           for (const file of files) here.push(await hasher.take(file));
           done([text(there) === text(here), there.length, hasher.tree.size]);
         })().catch((error) => done(String(error.stack)));",
        &json!([data["segments"]]),
    );
    let files = data["segments"].as_array().unwrap().len();
    let records = 1 + 1_500 + (files - 4) + 3;
    assert_eq!(hashed, json!([true, files, records]));
    // A worker that does not come up is none: the page goes on by itself.
    let alone = browser.run_later(
        "const [files, done] = arguments;
         Worker = class { constructor() { setTimeout(() => this.onerror({preventDefault() {}})); }
           postMessage() {} terminate() {} };
         const large = files.map((file) => ({...file, text: file.text + \"xxxxxxxxxxx\\n\".repeat(1 << 16)}));
         (async () => {
           let count = 0;
           for await (const one of hashFiles(large)) count += one.ends.length;
           done(count);
         })().catch((error) => done(String(error.stack)));",
        &json!([data["segments"].as_array().unwrap()[..2]]),
    );
    let lines = |at: usize| data["segments"][at]["text"].as_str().unwrap().matches('\n').count();
    assert_eq!(alone, lines(0) + lines(1) + (2 << 16));
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

/// How long a large ledger takes: printed, not judged, since the machine is shared.
///
/// `GAMYEONG_PAGE_RECORDS=100000` for the figure in `docs/speed.md`.
#[test]
fn a_large_ledger_is_checked() {
    let Some(browser) = Browser::start() else { return };
    let wanted = std::env::var("GAMYEONG_PAGE_RECORDS").ok().and_then(|text| text.parse().ok());
    let size: usize = wanted.unwrap_or(3_000);
    let house = house();
    let kinds = ["run.begin", "run.input", "run.commit", "run.published"];
    let records = house.records();
    let night: Vec<(String, Value)> = kinds
        .map(|kind| {
            let record = records.iter().find(|record| record["type"] == kind).unwrap();
            (kind.to_owned(), record["body"].clone())
        })
        .to_vec();
    let page = with_data(
        &fs::read_to_string(page_of(&house, &[])).unwrap(),
        &made::ledger(size, &night, 255),
    );
    let path = house.path("large.html");
    browser.devtools("Performance.enable", &json!({"timeDomain": "threadTicks"}));
    put(&path, page.as_bytes());
    assert_eq!(browser.open(&path), "not-checked");
    let told = browser.run("return {size: shown.report.size, times: shown.times}");
    // What a machine that does nothing else would need: time on a processor, not on the clock.
    let metrics = browser.devtools("Performance.getMetrics", &json!({}));
    let metric = |name: &str| {
        let all = metrics["metrics"].as_array().unwrap().iter();
        let found = all.clone().find(|metric| metric["name"] == name).unwrap();
        found["value"].as_f64().unwrap()
    };
    let (thread, process) = (metric("ThreadTime"), metric("ProcessTime"));
    assert!(told["size"].as_u64().unwrap() >= size as u64);
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!(
            "{} records, {} bytes of page, milliseconds: {}; seconds of the page's thread: \
             {thread:.1}, of all threads: {process:.1}\n",
            told["size"],
            page.len(),
            told["times"],
        ),
    );
}

#[test]
fn the_page_and_the_program_say_findings_in_the_same_words() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let told = browser.run(
        "const filled = (english) => english.replaceAll('{*}', 'other bytes').replaceAll('{}', '7');
         return FINDING_PHRASES.map(([english]) => [filled(english), findingWord(filled(english))])",
    );
    let told = told.as_array().unwrap();
    assert!(told.len() > 100, "{}", told.len());
    for pair in told {
        let [english, korean] = [&pair[0], &pair[1]].map(|text| text.as_str().unwrap());
        assert_eq!(words::finding(english), korean, "{english}");
        assert_ne!(english, korean);
    }
    // A stranger may have written phrases within phrases without an end.
    let told = browser.run("return findingWord('means '.repeat(100000))");
    assert_eq!(told, words::finding(&words::shown(&"means ".repeat(100_000))));
}
