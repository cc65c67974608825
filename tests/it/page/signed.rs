//! Signed reviews and approvals: the page checks them as the program does.

use gamyeong::ledger::approvals::Approval;
use gamyeong::ledger::record::Kind;
use gamyeong::ledger::verify;
use serde_json::{Map, Value, json};

use super::browser::Browser;
use super::{data, in_browser, page_of};
use crate::approvals::{NO, Scene, body, force};
use crate::house::{House, Said, put};

/// Both look at a ledger. Gives the answer to the check.
fn look(browser: &Browser, case: &str, house: &House) -> Value {
    let keys = std::fs::read_to_string(house.path("ledger/keys.txt")).unwrap();
    let trusted: Vec<_> = keys.lines().map(|line| line.parse().unwrap()).collect();
    let program = verify::verify(&house.path("ledger"), Some(&trusted)).unwrap().to_value();
    let there = in_browser(browser, &data(&house.path("ledger")), &json!({ "trusted": keys }));
    let check = |report: &Value| -> Value {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|check| check["check"] == "approvals").unwrap().clone()
    };
    assert_eq!(there["untold"], json!([]), "{case}: not said in Korean");
    let (of_program, of_page) = (check(&program), check(&there));
    let place = |check: &Value| {
        let finding = &check["findings"][0];
        json!([
            check["outcome"],
            check["examined"],
            finding["seq"],
            finding["file"],
            finding["offset"]
        ])
    };
    assert_eq!(place(&of_program), place(&of_page), "{case}");
    let found = |check: &Value| check["findings"][0]["found"].clone();
    let (left, right) = (found(&of_program), found(&of_page));
    // The page does not tell which record had the text.
    if !left.as_str().unwrap_or_default().contains("same text") {
        assert_eq!(left, right, "{case}");
    }
    of_page
}

#[test]
fn the_page_and_the_program_say_the_same_of_signed_approvals() {
    let Some(browser) = Browser::start() else { return };
    let scene = Scene::new();
    let kind = Kind::PlanApproved;
    scene.holder("cpo-1", "개인정보 보호책임자");
    scene.holder("reviewer-1", "검토자");
    let mut plan = body(kind);
    // Words of every plane, and what JSON escapes.
    plan.insert("reason".into(), json!("\"심의\" \\ 3호 \u{2028}\u{ffff}😀/é"));
    let note = scene.signed(kind, &plan, "cpo-1");
    scene.enter(kind, &note).exits(0);
    scene
        .enter(
            Kind::RiskReview,
            &scene.signed(Kind::RiskReview, &body(Kind::RiskReview), "reviewer-1"),
        )
        .exits(0);
    browser.open(&page_of(&scene.house, &[]));
    let sound = look(&browser, "untouched", &scene.house);
    assert_eq!([&sound["outcome"], &sound["examined"]], [&json!("pass"), &json!(2)]);

    for (case, kind, body, expected) in cases(&scene, &note) {
        let forged = scene.house.copied();
        force(&forged, kind, &body);
        assert_eq!(look(&browser, case, &forged)["outcome"], expected, "{case}");
    }
}

type Case = (&'static str, Kind, Map<String, Value>, &'static str);

/// Bodies that somebody puts into a ledger which has the approval `note` already.
fn cases(scene: &Scene, note: &str) -> Vec<Case> {
    let kind = Kind::PlanApproved;
    let approval = |note: &str| Approval::read(note.as_bytes()).unwrap().body;
    let mut other = body(kind);
    other.insert("reason".into(), json!("4호"));
    let signed = approval(&scene.signed(kind, &other, "cpo-1"));
    let with = |key: &str, value: Value| {
        let mut body = signed.clone();
        body.insert(key.to_owned(), value);
        body
    };
    let as_retention = approval(&scene.signed(
        Kind::RetentionApproved,
        &body(Kind::RetentionApproved),
        "reviewer-1",
    ));
    let mut of_two = body(Kind::AdequacyReview);
    of_two.insert("grade".into(), json!("중위험"));
    of_two.insert("reviewers".into(), json!([{"post": "a"}, {"post": "b"}]));
    let of_two = approval(&scene.signed(Kind::AdequacyReview, &of_two, "reviewer-1"));
    let ungranted = {
        let elsewhere = Scene::new();
        elsewhere.holder("cpo-1", "개인정보 보호책임자");
        approval(&elsewhere.signed(kind, &other, "cpo-1"))
    };
    vec![
        ("sound", kind, signed.clone(), "pass"),
        ("again", kind, approval(note), "fail"),
        ("other digest", kind, with("pipeline_sha256", json!("f".repeat(64))), "fail"),
        (
            "another key of JSON",
            kind,
            with("\u{ffff}", json!({"😀": 1, "\u{fffe}": [null, true]})),
            "fail",
        ),
        ("signature of no form", kind, with("signatures", json!(["— cpo-1 AAAA"])), "fail"),
        (
            "signature of another text",
            kind,
            with("signatures", approval(note)["signatures"].clone()),
            "fail",
        ),
        ("other role", Kind::RetentionApproved, as_retention, "fail"),
        ("one of two", Kind::AdequacyReview, of_two, "fail"),
        ("key of nobody", kind, ungranted, "fail"),
        ("on paper", kind, other.clone(), "pass"),
    ]
}

/// Two lines of signatures by two keys of one account: one person signed, in the workbook and
/// on the page.
#[test]
fn who_signed_with_two_keys_counts_once() {
    let scene = Scene::new();
    let kind = Kind::PlanApproved;
    scene.holder("cpo-1", "개인정보 보호책임자");
    let spare = scene.key("spare");
    scene.grant("cpo-1", "개인정보 보호책임자", NO, &spare);
    let first = scene.signed(kind, &body(kind), "cpo-1");
    let file = scene.path("first.note");
    put(&file, first.as_bytes());
    let both = scene.sign(kind, &file, "spare").exits(0).out;
    scene.enter(kind, &both).exits(0);
    // On paper.
    let mut paper = body(kind);
    paper.insert("reason".into(), json!("심의 4호"));
    force(&scene.house, kind, &paper);
    let records = scene.house.records();
    let signed = records.iter().find(|record| record["type"] == "plan.approved").unwrap();
    assert_eq!(signed["body"]["signatures"].as_array().unwrap().len(), 2);

    let files = scene.house.root.with_file_name("files");
    let mut command = scene.house.command(&["ledger", "report", "--csv", "--out"]);
    Said::from(command.arg(&files).output().unwrap()).exits(0);
    let text = std::fs::read(files.join("approvals.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.strip_prefix("\u{feff}".as_bytes()).unwrap());
    let at = reader.headers().unwrap().iter().position(|name| name == "전자서명 수").unwrap();
    let counts: Vec<String> = reader.records().map(|row| row.unwrap()[at].to_owned()).collect();
    assert_eq!(counts, ["1", "0"]);

    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&scene.house, &[]));
    let counts = browser.run(
        "show('reviews');
         return [...document.querySelectorAll('main tr.open')].map((row) => row.cells[8].textContent)",
    );
    assert_eq!(counts, json!(["1", "0"]));
}
