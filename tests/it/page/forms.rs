//! What the page has of forms ❶ to ❿, and of entries that were corrected.

use gamyeong::ledger::record::Kind;
use serde_json::{Value, json};

use super::browser::Browser;
use super::drawn::{page, told};
use super::prints;
use crate::forge::Told;
use crate::house::House;

/// A processing of high risk with items of all kinds, for somebody.
fn processed(more: &Value) -> Vec<Told> {
    let item = |name: &str, technique: &str, korean: &str| {
        json!({"source": "web", "name": name, "label": name, "field": "host", "role": "준식별자",
            "technique": technique, "technique_ko": korean, "parameters_ko": "5 단위"})
    };
    let mut commit = json!({
        "management_no": "26-01", "pipeline": "visits", "risk": {"grade": "고위험"},
        "purpose_category": "과학적 연구", "recipient": "가나대학교", "turn": "신규",
        "sources": [{"name": "web", "item": "이용기록", "lines": 30},
            {"name": "dhcp", "item": "접속기록", "lines": 9}],
        "items": [item("visitor", "pseudonym", "일방향 암호화(HMAC-SHA-256)"),
            item("age", "round_number", "일반 라운딩"), item("loans", "coding", "상하단코딩"),
            item("browser", "agent", "문자데이터 범주화"), item("path", "path", "부분삭제")],
    });
    commit.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    vec![told(Kind::RunBegin, &json!({"pipeline": "visits"})), told(Kind::RunCommit, &commit)]
}

/// Of one form the rows of two columns, and of each table the headings and the rows.
fn form(browser: &Browser, sign: &str) -> Value {
    browser.run_with(
        "showForms('night');
         const form = [...document.querySelectorAll('.form')].find((one) => one.textContent.startsWith(arguments[0]));
         const text = (one) => one.textContent;
         return {fields: Object.fromEntries([...form.querySelectorAll('th[scope=row]')].map((one) => [text(one), text(one.nextSibling)])),
           tables: [...form.querySelectorAll('table.list')].map((one) => ({heads: [...one.querySelectorAll('thead th')].map(text),
             rows: [...one.querySelectorAll('tbody tr')].map((row) => [...row.cells].map(text))}))}",
        &json!([sign]),
    )
}

#[track_caller]
fn has(form: &Value, names: &[&str]) {
    let fields = form["fields"].as_object().unwrap();
    for name in names {
        assert!(fields.keys().any(|key| key.starts_with(name)), "{name}: {fields:#?}");
    }
}

#[test]
fn forms_have_all_their_rows_and_leave_empty_what_no_record_says() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page(&House::new(), processed(&json!({}))));
    request(&browser);
    plan(&browser);
    result(&browser);
    undertaking(&browser);
    for _ in ["ko", "en"] {
        prints(&browser, "forms");
        browser.run("byId('language').click()");
    }
}

fn request(browser: &Browser) {
    let form = form(browser, "❶");
    let rows = [
        "신청 구분",
        "접수번호",
        "기존 접수번호",
        "접수일",
        "신청자: 조직·부서",
        "신청자: 직위",
        "신청자: 성명",
        "신청자: 전화",
        "신청자: 이메일",
        "활용 목적",
        "세부 목적",
        "개인정보 명칭",
        "요청 항목",
        "결합 여부",
        "처리환경",
        "반복 제공",
        "예상 이용기간",
        "신청일",
        "부서장 서명",
        "첨부",
    ];
    has(&form, &rows);
    let of = |name: &str| form["fields"][name].as_str().unwrap().to_owned();
    assert_eq!(
        of("활용 목적"),
        "☐ 통계작성\u{a0}\u{a0} ☑ 과학적 연구\u{a0}\u{a0} ☐ 공익적 기록보존"
    );
    assert!(!of("처리환경").contains('☑') && of("처리환경").contains("☐ 결합전문기관"));
    assert_eq!(
        of("반복 제공 (1회·반복 n회)"),
        format!("☐ 1회\u{a0}\u{a0} ☐ 반복 ({})회", "\u{a0}".repeat(6))
    );
    for name in ["기존 접수번호", "접수일", "신청자: 성명", "결합 여부 (대상 정보·기관)"]
    {
        assert_eq!(of(name), "", "{name}");
    }
    reviews(browser);
}

fn reviews(browser: &Browser) {
    has(
        &form(browser, "❷"),
        &[
            "신청 제목",
            "책임자",
            "배경",
            "활용 데이터",
            "대상자 수",
            "활용 계획",
            "예상",
            "기대효과",
        ],
    );
    has(
        &form(browser, "❸"),
        &[
            "목적",
            "가명처리 대상",
            "활용하려는 자",
            "1단계",
            "2단계",
            "판단 이유",
            "조정 (반복·유사 활용, 정부 지정 안전환경, 비정형",
            "최종 위험도",
            "종합 검토 결과",
            "검토일",
            "검토자",
        ],
    );
}

fn plan(browser: &Browser) {
    let plan = &form(browser, "❹")["tables"];
    let files = ["No", "파일 관계 (주·부)", "파일명", "항목 수", "데이터 건수", "정보주체 수"];
    assert_eq!(plan[0]["heads"].as_array().unwrap()[..6], files);
    assert_eq!(plan[0]["heads"][7], "비고");
    let counted = |row: usize| [2, 3, 4].map(|at| plan[0]["rows"][row][at].clone());
    assert_eq!([counted(0), counted(1)], [["web", "5", "30"], ["dhcp", "0", "9"]]);
    let items = [
        "No",
        "파일명",
        "항목명",
        "유형",
        "항목 구분",
        "예시",
        "항목 설명 (원천 항목)",
        "가명처리 계획",
        "사유",
    ];
    assert_eq!(plan[1]["heads"], json!(items));
    let types: Vec<&Value> =
        plan[1]["rows"].as_array().unwrap().iter().map(|row| &row[3]).collect();
    // A path may be anything: its type is for somebody to say.
    assert_eq!(json!(types), json!(["KEY", "수치형", "수치형", "범주형", ""]));
    assert_eq!(plan[1]["rows"][1][4], "준식별자");
    assert_eq!(plan[1]["rows"][1][7], "일반 라운딩\n5 단위");
}

fn result(browser: &Browser) {
    let result = &form(browser, "❺")["tables"];
    assert_eq!(result[0]["heads"], json!(["데이터 유형", "순서", "방법 1", "방법 2", "방법 3"]));
    let methods = json!([
        ["결합키·KEY", "", "일방향 암호화(HMAC-SHA-256)", "", ""],
        ["범주형", "", "문자데이터 범주화", "", ""],
        ["수치형", "", "일반 라운딩", "상하단코딩", ""],
        ["기타", "", "부분삭제", "", ""]
    ]);
    assert_eq!(result[0]["rows"], methods);
    assert_eq!(result[1]["heads"][1], "예외 방법");
    assert_eq!(result[2]["heads"], json!(["항목", "값", "빈도수", "구성비(%)"]));
    assert_eq!(result[2]["rows"], json!([["browser", "", "", ""], ["", "", "", ""]]));
    let numbers = ["항목", "구분", "최솟값(Min)", "최솟값 빈도", "최댓값(Max)", "최댓값 빈도"];
    assert_eq!(result[3]["heads"], json!(numbers));
    let line = |name: &str, when: &str| json!([name, when, "", "", "", ""]);
    let lines = ["age", "loans", ""].map(|name| [line(name, "처리 전"), line(name, "처리 후")]);
    assert_eq!(result[3]["rows"], json!(lines.concat()));
    assert_eq!(result[4]["heads"], json!(["파일", "처리 전", "처리 후"]));
}

fn undertaking(browser: &Browser) {
    let undertaking = form(browser, "❾");
    let measures = [
        "제공받는 자",
        "이용기간",
        "안전성 확보조치 (법 제28조의4제1항, 시행령 제29조의5제1항제1호·제30조)",
        "가명정보와 추가정보의 분리 보관, 불필요한 추가정보의 파기 (시행령 제29조의5제1항제2호)",
        "가명정보와 추가정보에 대한 접근 권한의 분리 (시행령 제29조의5제1항제3호)",
        "처리 기록의 작성·보관 (법 제28조의4제3항",
        "재식별 금지 (법 제28조의5제1항)",
        "식별정보 생성 시 처리 중지, 지체 없는 회수·파기 (법 제28조의5제2항)",
        "확약일",
        "확약자",
    ];
    has(&undertaking, &measures);
    assert_eq!(
        undertaking["tables"][0]["heads"],
        json!(["No", "소속", "직위", "성명", "서약일", "서명"])
    );
    assert_eq!(undertaking["tables"][0]["rows"].as_array().unwrap().len(), 5);
    assert_eq!(form(browser, "❽")["tables"][0]["rows"].as_array().unwrap().len(), 3);
    assert_eq!(form(browser, "❿")["fields"]["일련번호"], "2");
}

#[test]
fn forms_are_filled_by_what_was_handed_over_as_it_is_right() {
    let Some(browser) = Browser::start() else { return };
    let given = |own: Value| {
        let mut all = json!({"management_no": "26-01", "pipeline": "visits", "place": "외부 반출"});
        all.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        told(Kind::Provision, &all)
    };
    let mut more = processed(&json!({}));
    more.extend([
        given(json!({"recipient": "가나대학교", "times": "1회", "contract": "틀림"})),
        given(json!({"recipient": "가나대학교", "times": "반복 12회", "contract": "2026-7", "corrects": 3})),
        given(json!({"recipient": "다라연구원", "times": "반복 3회", "contract": "2026-8"})),
        told(Kind::CombinationFiles, &json!({"management_no": "26-01", "pipeline": "visits", "other": "통계청"})),
    ]);
    browser.open(&page(&House::new(), more));
    let request = form(&browser, "❶");
    assert_eq!(request["fields"]["반복 제공 (1회·반복 n회)"], "반복 12회");
    assert!(request["fields"]["처리환경"].as_str().unwrap().contains("☑ 외부 반출"));
    let joined = request["fields"]["결합 여부 (대상 정보·기관)"].as_str().unwrap();
    assert!(joined.starts_with("통계청"), "{joined}");
    assert_eq!(form(&browser, "❾")["fields"]["제공 계약"], "2026-7");
}

/// The cards of the overview, by what they are called.
fn cards(browser: &Browser) -> Value {
    browser.run(
        "show('overview');
         return Object.fromEntries([...document.querySelectorAll('.card')].map(({children: [number, name]}) => [name.textContent.split(' (')[0], number.textContent]))",
    )
}

fn text(browser: &Browser, tab: &str) -> String {
    let found = browser.run(&format!("show('{tab}'); return byId('main').innerText"));
    found.as_str().unwrap().to_owned()
}

#[test]
fn what_was_corrected_is_marked_and_counts_once() {
    let Some(browser) = Browser::start() else { return };
    let kinds = [
        Kind::Provision,
        Kind::DataDestroyed,
        Kind::Incident,
        Kind::RetentionRequested,
        Kind::RightsGranted,
    ];
    let mut more = Vec::new();
    for kind in kinds {
        let number = more.len() + 1;
        let own = |more: Value| {
            let mut all = json!({"account": "kim-a", "management_no": "26-01", "public_key": null});
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            told(kind, &all)
        };
        more.push(own(json!({})));
        more.push(own(json!({"corrects": number})));
    }
    browser.open(&page(&House::new(), more));
    let found = cards(&browser);
    for name in ["제공", "파기 완료", "유출등", "파기 예정", "유효한 접근권한"]
    {
        assert_eq!(found[name], "1", "{name}: {found:#}");
    }
    for (tab, number) in [
        ("provision", 1),
        ("destruction", 3),
        ("incident", 5),
        ("destruction", 7),
        ("rights", 9),
        ("processing", 1),
        ("processing", 3),
    ] {
        let shown = text(&browser, tab);
        for mark in
            [format!("정정됨 → 일련번호 {}", number + 1), format!("정정: 일련번호 {number}")]
        {
            assert!(shown.contains(&mark), "{tab}: {mark}: {shown}");
        }
        assert_ne!(
            browser.run("return document.querySelectorAll('main tr.old').length"),
            0,
            "{tab}"
        );
    }
}

/// A correction takes no right away: whom the wrong entry gave one to has it until that is said.
#[test]
fn rights_given_to_a_wrong_account_are_held_until_they_are_revoked() {
    let Some(browser) = Browser::start() else { return };
    let right = |kind, account: &str, more: Value| {
        let mut all = json!({"account": account, "management_no": "26-01", "public_key": null});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        told(kind, &all)
    };
    let mut more = vec![
        right(Kind::RightsGranted, "kim-a", json!({})),
        right(Kind::RightsGranted, "lee-b", json!({"corrects": 1})),
    ];
    browser.open(&page(&House::new(), more.clone()));
    let holders = || {
        let found = browser.run(
            "show('overview');
             const heads = [...document.querySelectorAll('h3')].find((one) => one.textContent === '접근권한을 가진 사람');
             return [...heads.nextSibling.querySelectorAll('tbody tr')].map((row) => [row.cells[0].textContent, row.cells[5].textContent, row.className])",
        );
        let card = browser.run(
            "return [...document.querySelectorAll('.card')].map((one) => one.textContent).find((one) => one.includes('유효한 접근권한'))",
        );
        (found, card.as_str().unwrap().to_owned())
    };
    let (found, card) = holders();
    assert_eq!(card, "1유효한 접근권한 (그 밖에 정정된 부여 1건: 말소 기록 없음)");
    let wrong = json!(["kim-a", "2026-11-22\n정정됨 → 일련번호 2\n말소 기록 없음", "open old"]);
    assert_eq!(found, json!([wrong, ["lee-b", "2026-11-22\n정정: 일련번호 1", "open"]]));
    more.push(right(Kind::RightsRevoked, "kim-a", json!({})));
    browser.open(&page(&House::new(), more));
    let (found, card) = holders();
    assert_eq!((found.as_array().unwrap().len(), card.as_str()), (1, "1유효한 접근권한"));
}

#[test]
fn nights_without_a_record_of_use_are_accesses_too() {
    let Some(browser) = Browser::start() else { return };
    let night = |kind: Kind, run: &str, own: Value| {
        let mut told = told(kind, &own);
        told.run = Some(run.to_owned());
        told
    };
    let mut body = json!({"pipeline": "visits", "date": "2026-11-19", "management_no": "26-01"});
    body["from"] = json!("gw-1");
    let begin = || body.clone();
    let more = vec![
        night(Kind::RunBegin, "first", begin()),
        night(Kind::RunRefused, "first", json!({"reason": "too many rejects"})),
        night(Kind::RunBegin, "second", begin()),
        night(Kind::RunUndone, "second", json!({"reason": "interrupted"})),
        night(Kind::RunBegin, "third", begin()),
        night(Kind::RunCommit, "third", json!({"usage": []})),
        night(Kind::RunUndone, "third", json!({"reason": "a fault"})),
        night(Kind::RunBegin, "fourth", begin()),
        night(Kind::RunCommit, "fourth", json!({"pipeline": "visits"})),
    ];
    browser.open(&page(&House::new(), more));
    let rows = browser.run(
        "show('access');
         const [months, all] = document.querySelectorAll('main table');
         const cells = (one) => [...one.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent));
         return [cells(months).map((row) => row.slice(2)), cells(all).map((row) => row.slice(1))]",
    );
    let row = |task: &str, why: &str, seq: &str| {
        json!([
            "uid 0",
            "2026-11-21 03:00:00",
            "gw-1",
            "visits 2026-11-19\n기록 없음",
            task,
            format!("{why}\n26-01"),
            seq
        ])
    };
    let all = rows[1].as_array().unwrap();
    assert_eq!(all.len(), 4, "{rows:#}");
    assert_eq!(all[0], row("가명처리(거부)", "too many rejects", "1"), "{rows:#}");
    assert_eq!(all[1], row("가명처리(취소)", "interrupted", "3"));
    assert_eq!(all[2], row("가명처리(취소)", "a fault", "5"));
    // One that recorded its use is listed by that alone.
    assert_eq!(all[3][6], "9");
    let months = rows[0].as_array().unwrap();
    assert!(months.contains(&json!(["가명처리(취소)", "2"])), "{rows:#}");
    let searched = browser.run(
        "const input = byId('filter-words'); input.value = 'interrupted'; input.dispatchEvent(new Event('input'));
         return document.querySelectorAll('main table')[1].querySelectorAll('tbody tr.open').length",
    );
    assert_eq!(searched, 1);
}

/// Of the same ledger the page and the workbook list the same kinds; see `tables` for their rows.
#[test]
fn keys_that_were_retired_stand_in_the_ledger_of_form_10() {
    let Some(browser) = Browser::start() else { return };
    let retired = told(Kind::KeyRetired, &json!({"retired_on": "2026-11-19", "epoch": "2026-10"}));
    browser.open(&page(&House::new(), vec![retired]));
    let shown = text(&browser, "processing");
    assert!(shown.contains("사용 중지일: 2026-11-19") && shown.contains("일련번호"), "{shown}");
    let listed = browser.run(
        "return Object.keys(ITEM_TABLES).filter((type) => ['info_kind', 'act'].every((key) => ITEM_TABLES[type].some((item) => item.key === key)) && type !== 'run.commit' && !(OF_FORM_10.includes(type) && LISTED.has(type)))",
    );
    assert_eq!(listed, json!([]));
    let heads = browser.run(
        "return [...document.querySelectorAll('main thead th')].map((one) => one.textContent)",
    );
    assert_eq!(heads[0], "일련번호");
    assert!(!heads.as_array().unwrap().contains(&json!("번호")), "{heads}");
}
