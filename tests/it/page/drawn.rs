//! What the page draws of records: nights that are missing, approvals, rights and times.

use std::fs;
use std::path::PathBuf;

use gamyeong::ledger::items::{self, example};
use gamyeong::ledger::record::{KINDS, Kind};
use gamyeong::report::reasons;
use serde_json::{Map, Value, json};

use super::browser::Browser;
use super::{made, page_of, with_data};
use crate::forge::{self, Signed, TestSigner, Told};
use crate::house::{House, put};

/// A body with some items of its own.
fn body(kind: Kind, own: &Value) -> Map<String, Value> {
    let mut body = example::body(kind);
    body.extend(own.as_object().unwrap().clone());
    body
}

pub(super) fn told(kind: Kind, own: &Value) -> Told {
    Told {
        time: "2026-11-20T18:00:00.000Z".to_owned(),
        kind: kind.as_str().to_owned(),
        run: kind.is_of_run().then(|| "night".to_owned()),
        body: Value::Object(body(kind, own)),
    }
}

/// A page of these records, made at half past midnight of 27 November in Seoul.
pub(super) fn page(house: &House, more: Vec<Told>) -> PathBuf {
    let first = told(Kind::LedgerInit, &json!({}));
    let all: Vec<Told> = std::iter::once(first).chain(more).collect();
    let mut data = forge::data(&forge::ledger(&all, &made::signer(), Signed::Open));
    data["made"] = json!("2026-11-26T15:30:00.123456789Z");
    data["zone"] = json!("Asia/Seoul");
    let shell = fs::read_to_string(page_of(house, &[])).unwrap();
    let path = house.path("drawn.html");
    put(&path, with_data(&shell, &data).as_bytes());
    path
}

#[test]
fn a_button_for_more_is_drawn_only_where_there_is_more() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let buttons = || {
        browser.run(
            "return [...document.querySelectorAll('main button')]
               .filter((one) => one.textContent.includes('더 보기') && one.getClientRects().length > 0)
               .map((one) => one.textContent)",
        )
    };
    browser.run("show('records')");
    assert_eq!(buttons(), json!([]));
    let rows = "byId('main').replaceChildren(table([column('가', 'a', '9%', (one) => one)], Array(203).fill('나')))";
    browser.run(rows);
    assert_eq!(buttons(), json!(["더 보기 (3행)"]));
    browser.run("document.querySelector('main button').click()");
    assert_eq!(buttons(), json!([]));
}

#[test]
fn nights_are_missing_until_the_page_was_made() {
    let Some(browser) = Browser::start() else { return };
    let night = |date: &str| told(Kind::Heartbeat, &json!({"pipeline": "visits", "date": date}));
    let house = House::new();
    browser.open(&page(&house, vec![night("2026-11-18"), night("2026-11-20")]));
    let card = || {
        browser.run(
            "show('overview');
             const card = [...document.querySelectorAll('.card')].find((one) => one.textContent.includes('기록이 없는 밤'));
             return [card.className, ...[...card.children].map((one) => one.textContent)]",
        )
    };
    // The 19th, and the 21st to the 26th: nothing ran since.
    assert_eq!(
        card(),
        json!(["card bad", "7일", "기록이 없는 밤 (2026-11-26까지): 가명처리 1종, 7건"])
    );
    browser.run("shown.filter.to = '2026-11-22'");
    assert_eq!(
        card(),
        json!(["card bad", "3일", "기록이 없는 밤 (2026-11-22까지): 가명처리 1종, 3건"])
    );
    // No night of the days to come is missing.
    browser.run("shown.filter.to = '2099-12-31'");
    assert_eq!(
        card(),
        json!(["card bad", "7일", "기록이 없는 밤 (2026-11-26까지): 가명처리 1종, 7건"])
    );
    browser.run("shown.filter.to = '2026-11-18'");
    assert_eq!(card(), json!(["card", "0일", "기록이 없는 밤 (2026-11-18까지)"]));
}

/// A night in which nothing ran is one night, of however many pipelines.
#[test]
fn nights_that_are_missing_are_counted_once() {
    let Some(browser) = Browser::start() else { return };
    let night = |pipeline: &str, date: &str| {
        told(Kind::Heartbeat, &json!({"pipeline": pipeline, "date": date}))
    };
    let more = vec![
        night("loans", "2026-11-20"),
        night("visits", "2026-11-20"),
        night("visits", "2026-11-22"),
        night("web", "2026-11-24"),
    ];
    browser.open(&page(&House::new(), more));
    let card = browser.run(
        "const card = [...document.querySelectorAll('.card')].find((one) => one.textContent.includes('기록이 없는 밤'));
         return [...card.children].map((one) => one.textContent)",
    );
    // loans the 21st to the 26th, visits the 21st and 23rd to 26th, web the 25th and 26th.
    assert_eq!(card, json!(["6일", "기록이 없는 밤 (2026-11-26까지): 가명처리 3종, 13건"]));
}

/// A night that could not begin has a record, which says why: it is not among those without one.
#[test]
fn nights_that_could_not_begin_are_told_and_whether_their_date_was_read() {
    let Some(browser) = Browser::start() else { return };
    let blocked = |pipeline: &str, date: &str, reason: &str| {
        let own = json!({"pipeline": pipeline, "date": date, "exit_code": 1, "reason": reason});
        told(Kind::NightBlocked, &own)
    };
    let night = |date: &str| told(Kind::Heartbeat, &json!({"pipeline": "visits", "date": date}));
    let of_run = |kind: Kind, own: &Value| {
        let mut told = told(kind, own);
        told.run = Some("web-1".to_owned());
        told
    };
    let more = vec![
        night("2026-11-23"),
        blocked("visits", "2026-11-24", "changed"),
        blocked("visits", "2026-11-25", "changed"),
        night("2026-11-24"),
        blocked("loans", "2026-11-25", "not usable"),
        blocked("web", "2026-11-25", "not usable"),
        of_run(Kind::RunBegin, &json!({"pipeline": "web", "date": "2026-11-25"})),
        of_run(Kind::RunRefused, &json!({"pipeline": "web", "reason": "too many rejects"})),
    ];
    browser.open(&page(&House::new(), more));
    let found = browser.run(
        "const card = (word) => {
           const one = [...document.querySelectorAll('.card')].find((one) => one.textContent.includes(word));
           return [one.className, one.children[0].textContent];
         };
         const head = [...document.querySelectorAll('main h3')].find((one) => one.textContent === '가명처리 보류');
         const rows = [...head.nextElementSibling.querySelectorAll('tbody tr')];
         return [card('기록이 없는 밤'), card('가명처리 보류'),
           ...rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent))]",
    );
    let expected = json!([
        // The 26th alone: that of the 25th is on record.
        ["card bad", "1일"],
        ["card bad", "4"],
        ["visits", "2026-11-24", "1", "changed", "원천 없음"],
        ["visits", "2026-11-25", "1", "changed", "없음"],
        ["loans", "2026-11-25", "1", "not usable", "없음"],
        // One that was refused has no table either.
        ["web", "2026-11-25", "1", "not usable", "거부됨"],
    ]);
    assert_eq!(found, expected);
}

#[test]
fn a_management_number_that_became_another_stands_beside_it() {
    let Some(browser) = Browser::start() else { return };
    let numbers = json!({"management_no": "26-09", "was_management_no": "26-01"});
    browser.open(&page(&House::new(), vec![told(Kind::ConfigChange, &numbers)]));
    let of = |tab: &str| {
        let script =
            format!("show('{tab}'); return document.querySelector('main tbody').textContent");
        browser.run(&script).as_str().unwrap().to_owned()
    };
    let row = of("reviews");
    assert!(row.contains("26-09") && row.contains("이전 관리번호 26-01"), "{row}");
    // Whoever has the old one on paper finds the record by it.
    let found = browser.run(
        "const input = byId('filter-words');
         return ['26-01', '26-02'].map((words) => {
           input.value = words;
           input.dispatchEvent(new Event('input'));
           return document.querySelectorAll('main tbody tr.open').length;
         })",
    );
    assert_eq!(found, json!([1, 0]));
}

/// As workbooks have it, and in English as the record does.
#[test]
fn why_a_night_came_to_nothing_is_told_in_both_languages() {
    let Some(browser) = Browser::start() else { return };
    let blocked = "keys or vault not usable: a key or its directory is open to others";
    let refused = "column `memo`: resident in 2 cells; column `a b`: name in 1 cells";
    let more = vec![
        told(Kind::NightBlocked, &json!({"pipeline": "loans", "reason": blocked})),
        Told {
            run: Some("web-1".to_owned()),
            ..told(Kind::RunBegin, &json!({"pipeline": "web", "date": "2026-11-25"}))
        },
        Told {
            run: Some("web-1".to_owned()),
            ..told(Kind::RunRefused, &json!({"pipeline": "web", "reason": refused}))
        },
    ];
    browser.open(&page(&House::new(), more));
    let overview = browser.run("return document.querySelector('main').textContent");
    let overview = overview.as_str().unwrap();
    for reason in [blocked, refused] {
        let korean = reasons::korean(reason);
        assert!(overview.contains(&korean) && !overview.contains(reason), "{overview}");
    }
    // Found by what is shown, and by what the record says.
    let found = browser.run(
        "const input = byId('filter-words');
         const of = (words) => {
           input.value = words;
           input.dispatchEvent(new Event('input'));
           return document.querySelector('main').textContent.includes('loans');
         };
         return ['다른 사람이', 'open to others', '없는 말', ''].map(of)",
    );
    assert_eq!(found, json!([true, true, false, true]));
    let rejects = "3 of 20 lines rejected, most often truncated:agent";
    let all = [blocked, refused, rejects, "none", "of a later version", &"; ".repeat(400)];
    let expected = all.map(|reason| json!(reasons::korean(reason)));
    assert_eq!(
        browser.run_with("return arguments[0].map(nightWord)", &json!([all])),
        json!(expected)
    );
    // What a stranger wrote stops no page.
    let hostile = ["column `", &"`: ".repeat(20_000)].concat();
    assert_eq!(browser.run_with("return nightWord(arguments[0])", &json!([hostile])), hostile);
    assert_eq!(
        browser.run_with("language = 'en'; return arguments[0].map(nightWord)", &json!([all])),
        json!(all)
    );
}

/// A number stands in dates as well, and in records of a run that do not say it themselves.
#[test]
fn a_management_number_finds_its_processings_and_records_alone() {
    let Some(browser) = Browser::start() else { return };
    let night = |number: &str, run: &str| {
        let own = json!({"management_no": number, "pipeline": "visits", "date": "2026-01-15",
            "period_start": "2026-01-01", "period_end": "2026-12-31"});
        [Kind::RunBegin, Kind::RunCommit, Kind::RunPublished].map(|kind| {
            let mut told =
                told(kind, &if kind == Kind::RunPublished { json!({}) } else { own.clone() });
            told.run = Some(run.to_owned());
            told
        })
    };
    let mut more = Vec::new();
    for (number, run) in
        [("26-01", "first"), ("26-02", "second"), ("126-01", "third"), ("26-011", "fourth")]
    {
        more.extend(night(number, run));
    }
    more.push(told(Kind::Provision, &json!({"management_no": "26-01"})));
    browser.open(&page(&House::new(), more));
    let found = |tab: &str, words: &str| {
        browser.run_with(
            "const [tab, words] = arguments;
             show(tab);
             const input = byId('filter-words');
             input.value = words;
             input.dispatchEvent(new Event('input'));
             const heads = [...document.querySelectorAll('main thead th')].map((one) => one.textContent);
             const [number, record] = ['관리번호', '일련번호'].map((name) => heads.indexOf(name));
             return [...document.querySelectorAll('main tbody tr.open')].map((row) => [row.cells[record].textContent, row.cells[number].textContent])",
            &json!([tab, words]),
        )
    };
    let of = |records: &[&str]| {
        json!(records.iter().map(|one| json!([one, "26-01"])).collect::<Vec<_>>())
    };
    assert_eq!(found("forms", "26-01"), of(&["2"]));
    assert_eq!(found("records", "26-01"), of(&["1", "2", "3", "13"]));
    assert_eq!(found("processing", "26-01"), of(&["2", "13"]));
    assert_eq!(found("provision", "26-01"), of(&["13"]));
    assert_eq!(found("forms", "26-02"), json!([["5", "26-02"]]));
    // Several words, a part of a word, and a part of a number that is none.
    assert_eq!(found("records", "run.com 26-01"), of(&["2"]));
    assert_eq!(found("records", "6-01"), json!([]));
    assert_eq!(found("records", "(26-01"), json!([]));
    // Times are found as they are shown, where the institution is.
    assert_eq!(found("records", "2026-11-21 26-02").as_array().unwrap().len(), 3);
    assert_eq!(found("records", "2026-11-20"), json!([]));
}

/// One thing has one name: here, in the workbook and in the list of what can be entered.
#[test]
fn kinds_are_called_as_in_the_tables_of_items() {
    let Some(browser) = Browser::start() else { return };
    let kinds =
        KINDS.into_iter().filter(|kind| *kind != Kind::SegmentSealed && *kind != Kind::LedgerInit);
    browser.open(&page(&House::new(), kinds.map(|kind| told(kind, &json!({}))).collect()));
    for language in ["ko", "en"] {
        let shown = browser.run(
            "show('records');
             return [...document.querySelectorAll('main tbody tr')].map((row) => row.cells[2].textContent)",
        );
        let shown: Vec<String> = serde_json::from_value(shown).unwrap();
        for kind in KINDS.into_iter().filter(|kind| *kind != Kind::SegmentSealed) {
            let kept = items::of(kind);
            let name = if language == "ko" { kept.korean } else { kept.english };
            assert!(shown.contains(&format!("{name}\n{}", kind.as_str())), "{name}: {shown:?}");
        }
        browser.run("byId('language').click()");
    }
    let text = |tab: &str| {
        browser.run(&format!("show('{tab}'); return byId('main').textContent")).to_string()
    };
    for (tab, name) in [("rights", "접근권한 부여"), ("processing", "비밀키 생성")] {
        assert!(text(tab).contains(name), "{tab}");
    }
    assert!(
        text("records").contains("Asia/Seoul 시간대")
            && !text("records").contains("저장된 그대로입니다")
    );
    let head = browser.run("return byId('head').textContent");
    assert!(head.to_string().contains("시각: Asia/Seoul"), "{head}");
}

#[test]
fn accesses_of_nights_stand_among_the_others_in_order_of_time() {
    let Some(browser) = Browser::start() else { return };
    let access = |account: &str, at: &str| {
        told(Kind::Access, &json!({"account": account, "at": at, "from": "192.0.2.1"}))
    };
    let usage = |account: &str, at: &str, subjects: u64| json!({"account": account, "at": at, "from": "batch", "subjects": subjects, "task": "가명처리"});
    let usages =
        [usage("job", "2026-11-20T10:00:00Z", 1234), usage("job", "2026-11-20T08:00:00Z", 5)];
    let more = vec![
        access("lee-b", "2026-11-20T09:00:00Z"),
        told(Kind::RunBegin, &json!({})),
        told(
            Kind::RunCommit,
            &json!({"usage": usages, "pipeline": "visits", "date": "2026-11-19"}),
        ),
        access("kim-a", "2026-11-20T07:00:00+00:00"),
    ];
    browser.open(&page(&House::new(), more));
    let rows = browser.run(
        "show('access');
         const [months, all] = document.querySelectorAll('main table');
         const cells = (one) => [...one.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent));
         return [cells(months).map((row) => row.slice(1)), cells(all)]",
    );
    let of = |row: &Value| json!([row[1], row[2], row[3], row[7]]);
    let all: Vec<Value> = rows[1].as_array().unwrap().iter().map(of).collect();
    let expected = [
        json!(["kim-a", "2026-11-20 16:00:00", "192.0.2.1", "4"]),
        json!(["job", "2026-11-20 17:00:00", "batch", "3"]),
        json!(["lee-b", "2026-11-20 18:00:00", "192.0.2.1", "1"]),
        json!(["job", "2026-11-20 19:00:00", "batch", "3"]),
    ];
    assert_eq!(all, expected, "{rows:#}");
    assert_eq!(rows[1][3][4], "visits 2026-11-19\n1234");
    assert_eq!(rows[1][3][5], "가명정보\n가명처리");
    let months = rows[0].as_array().unwrap();
    assert!(months.contains(&json!(["job", "가명처리", "2"])), "{rows:#}");
    assert_eq!(months.len(), 3, "{rows:#}");
}

#[test]
fn what_followed_a_request_names_it_and_is_of_the_same_number() {
    let Some(browser) = Browser::start() else { return };
    let of = |kind, number: &str, more: &Value| {
        let mut own = more.clone();
        own["management_no"] = json!(number);
        told(kind, &own)
    };
    let approved = |number, on: &str| {
        of(Kind::RetentionApproved, number, &json!({"request": 1, "approved_on": on}))
    };
    let done = |number, on: &str| {
        of(Kind::RetentionDone, number, &json!({"request": 1, "confirmed_on": on}))
    };
    let mut more = vec![
        of(Kind::RetentionRequested, "26-01", &json!({})),
        approved("26-02", "2026-01-02"),
        done("26-02", "2026-01-03"),
    ];
    let followed = |more: Vec<Told>| {
        browser.open(&page(&House::new(), more));
        browser.run(
            "return retentions(shown.collection).map(({ approval, done }) =>
               [approval?.body.approved_on ?? null, done?.body.confirmed_on ?? null])",
        )
    };
    assert_eq!(followed(more.clone()), json!([[null, null]]));
    more.extend([approved("26-01", "2026-01-04"), done("26-01", "2026-01-05")]);
    assert_eq!(followed(more), json!([["2026-01-04", "2026-01-05"]]));
}

#[test]
fn the_overview_tells_of_the_last_verification() {
    let Some(browser) = Browser::start() else { return };
    let house = House::new();
    let told_of = |more: Vec<Told>| {
        browser.open(&page(&house, more));
        let text = browser.run("show('overview'); return byId('main').textContent");
        text.as_str().unwrap().to_owned()
    };
    assert!(told_of(Vec::new()).contains("마지막 검증 기록없음"));
    let check = |check: &str, outcome: &str| json!({"check": check, "outcome": outcome, "examined": 2, "reason": "no-keys"});
    let at = |at: &str, size: u64, result: &str| {
        let data = json!({"asked": true, "result": result, "files": 7, "bad": 3, "unread": 0, "destroyed": 0});
        let checks = [check("files", "pass"), check("trust", "not-checked")];
        told(
            Kind::VerifyDone,
            &json!({"at": at, "size": size, "result": result, "checks": checks, "data": data}),
        )
    };
    let text = told_of(vec![
        at("2026-11-20T10:00:00Z", 1, "not-checked"),
        at("2026-11-20T17:30:00Z", 1234, "fail"),
    ]);
    assert!(text.contains("마지막 검증 기록2026-11-21 02:30:00 · 기록 1,234건 · 실패"), "{text}");
    for row in [
        "1,234실패키의 출처실패: 파일 7, 기록과 다름 3",
        "1이상 없음(일부 확인 안 함)키의 출처확인 안 함: 파일 7, 기록과 다름 3",
    ] {
        assert!(text.contains(row), "{text}");
    }
}

/// Form ❹ of a processing behind these approvals, which are records 1 and on.
fn form_4(browser: &Browser, plans: &[Value], commit: &Value) -> Value {
    let of = |kind, more: &Value| {
        let mut own = json!({"pipeline": "visits", "management_no": "2026-1", "pipeline_sha256": "a".repeat(64)});
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        told(kind, &own)
    };
    let mut all: Vec<Told> = plans.iter().map(|plan| of(Kind::PlanApproved, plan)).collect();
    all.push(of(Kind::RunBegin, &json!({})));
    let mut commit = commit.clone();
    // A low risk asks for no form ❹.
    commit["risk"] = json!({"grade": "중위험"});
    all.push(of(Kind::RunCommit, &commit));
    // Too late for this processing.
    all.push(of(Kind::PlanApproved, &json!({"result": "적정", "reason": "나중"})));
    browser.open(&page(&House::new(), all));
    browser.run(
        "showForms('night');
         const form = [...document.querySelectorAll('.form')].find((one) => one.textContent.startsWith('❹'));
         const rows = [...form.querySelectorAll('th[scope=row]')].map((one) => [one.textContent, one.nextSibling.textContent]);
         return Object.fromEntries(rows)",
    )
}

#[test]
fn the_form_of_a_plan_shows_the_approval_of_its_processing() {
    let Some(browser) = Browser::start() else { return };
    let other = "b".repeat(64);
    let conditional = json!({"result": "조건부 적정", "condition": "3월", "reason": "하나"});
    let refused = json!({"result": "부적정", "reason": "둘"});
    let foreign = json!({"result": "적정", "reason": "셋", "pipeline_sha256": other});
    let elsewhere = json!({"result": "적정", "reason": "넷", "management_no": "2026-2"});

    let all = [conditional.clone(), refused.clone(), foreign.clone(), elsewhere.clone()];
    // It names the first.
    let form = form_4(&browser, &all, &json!({"approval": 1}));
    let shown = ["검토 결과", "조건", "판단 이유", "전자서명"].map(|key| form[key].clone());
    assert_eq!(json!(shown), json!(["조건부 적정", "3월", "하나", "없음"]));
    // It names none: the newest of its version, which refused.
    let form = form_4(&browser, &all, &json!({"approval": null}));
    assert_eq!([&form["검토 결과"], &form["판단 이유"]], ["부적정", "둘"]);
    // Those of other versions and numbers are not its own.
    let form = form_4(&browser, &[foreign.clone(), elsewhere], &json!({"approval": null}));
    let shown = ["검토 결과", "판단 이유", "승인일", "승인자"].map(|key| form[key].clone());
    assert_eq!(json!(shown), json!(["", "", "", ""]));
    // One that is named counts whatever its version: a change that needed no new one.
    let form = form_4(&browser, &[foreign], &json!({"approval": 1}));
    assert_eq!(form["판단 이유"], "셋");
    // Signed by somebody without rights.
    let signed = json!({"text": ["gamyeong approval v1"], "signatures": ["x"], "reason": "다섯"});
    let form = form_4(&browser, &[signed], &json!({"approval": 1}));
    assert_eq!([&form["판단 이유"], &form["전자서명"]], ["다섯", "있음, 맞지 않음"]);
}

/// Against what the check of signatures says, which is held to the program elsewhere.
#[test]
fn who_holds_rights_is_who_can_sign() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let keys: Vec<String> =
        (1..4).map(|seed| TestSigner::new(seed).keys()[0].to_string()).collect();
    let found = browser.run_with(
        "const [keys] = arguments;
         let state = 20261126;
         const draw = (list) => {
           state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
           return list[(state >>> 16) % list.length];
         };
         const known = keys.filter((key) => readKey(key)?.algorithm === ED25519).length;
         let [compared, held] = [0, 0];
         for (let round = 0; round < 3000; round++) {
           const rows = Array.from({length: 1 + draw([1, 2, 3, 4, 5, 6, 7])}, (_, seq) => ({seq,
             type: draw(['rights.granted', 'rights.granted', 'rights.changed', 'rights.revoked']),
             body: {management_no: draw(['전체', '1', '2']), account: draw(['a', 'b']), role: draw(['검토자', '결재자', '취급자']),
               info_kind: draw(['가명정보', '추가정보']), public_key: draw([...keys, null])}}));
           const now = rightsHeld({of: () => rows});
           for (const number of ['1', '2', '3']) {
             const is = now.filter((one) => one.key !== null && (one.number === number || (one.number === '전체' && !one.except.includes(number))));
             const text = (all) => [...new Set(all.map(({key, account, role}) => `${key.line} ${account} ${role}`))].sort().join();
             const [left, right] = [text(is), text(grantedFor(number, rows.map(rightOf)))];
             if (left !== right) return [number, left, right, JSON.stringify(rows)];
             compared += 1;
             held += right === '' ? 0 : 1;
           }
         }
         return [known, compared, held > 1000];",
        &json!([keys]),
    );
    assert_eq!(found, json!([3, 9000, true]));
    // Who has no key has rights as well, until they are taken away, of whatever kind.
    let accounts = browser.run(
        "const row = (type, number, account, kind) => ({type, body: {management_no: number, account, info_kind: kind}});
         const held = (...rows) => rightsHeld({of: () => rows}).map(({account, number, except}) => [account, number, except.join()].join(' '));
         const granted = [row('rights.granted', '1', 'a', '가명정보'), row('rights.granted', '2', 'a', '추가정보'), row('rights.granted', '전체', 'b', '가명정보')];
         return [held(...granted), held(...granted, row('rights.revoked', '전체', 'a', '가명정보')), held(...granted, row('rights.revoked', '1', 'b', '가명정보')),
           held(...granted, ...granted), held(...granted, row('rights.granted', '1', 'a', '추가정보'))]",
    );
    let all = ["a 1 ", "a 2 ", "b 전체 "];
    // What is given once more is the same right, and of another kind of data another.
    let more = ["a 1 ", "a 2 ", "b 전체 ", "a 1 "];
    assert_eq!(accounts, json!([all, ["b 전체 "], ["a 1 ", "a 2 ", "b 전체 1"], all, more]));
}

#[test]
fn times_are_the_institutions_and_findings_korean() {
    let Some(browser) = Browser::start() else { return };
    let house = House::new();
    let kinds = KINDS.into_iter().filter(|kind| {
        !matches!(kind, Kind::LedgerInit | Kind::SegmentSealed) && !kind.is_of_run()
    });
    let mut all: Vec<Told> = kinds.map(|kind| told(kind, &json!({}))).collect();
    "2026-11-20T17:59:59.500Z".clone_into(&mut all[3].time);
    // The file that the record of an anchor names is not there, and a time goes back.
    assert_eq!(browser.open(&page(&house, all)), "fail");
    for language in ["ko", "en"] {
        for tab in ["overview", "rights", "destruction", "access", "records", "proof"] {
            browser.run(&format!("show('{tab}')"));
            let found = browser.run(
                "return [document.body.innerText.match(/\\d{4}-\\d\\d-\\d\\d(T|\\n\\d\\d:)[^ ]*|\\d\\d:\\d\\dZ/g),
                   [...document.querySelectorAll('td')].filter((one) => /\\d{4}-\\d\\d-\\d\\d/.test(one.textContent) && one.querySelector('.day, .hash') === null).map((one) => one.textContent),
                   [...document.querySelectorAll('.day')].filter((one) => one.getClientRects().length !== 1).length]",
            );
            assert_eq!(found, json!([null, [], 0]), "{tab} in {language}");
        }
        let text = browser.run("return byId('main').innerText");
        let text = text.as_str().unwrap();
        let (korean, english) = (text.contains("해시값이"), text.contains("the file with digest"));
        assert_eq!([korean, english], [language == "ko", language == "en"], "{text}");
        assert!(text.contains("2026-11-21 02:59:59.500"), "{text}");
        let foot = browser.run("return byId('foot').textContent");
        assert!(foot.as_str().unwrap().ends_with(" 2026-11-27 00:30:00"), "{foot}");
        browser.run("show('access')");
        let cells = browser.run("return byId('main').innerText");
        assert!(cells.as_str().unwrap().contains("2026-11-23 03:00:00"), "{cells}");
        browser.run("byId('language').click()");
    }
}
