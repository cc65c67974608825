//! Public tables and the text of the privacy policy.

use super::*;

fn status(house: &House, more: &[&str]) -> Value {
    serde_json::from_slice(&written(house, "status", "a.json", more)).unwrap()
}

#[test]
fn nights_of_one_processing_are_one_row_as_they_were_recorded() {
    let house = house();
    let status = status(&house, &[]);
    assert_eq!(status["controller"], "성남시 도서관사업소");
    let used = status["used"].as_array().unwrap();
    assert_eq!(used.len(), 1, "{used:#?}");
    let records = house.records();
    let commit = records.iter().find(|record| record["type"] == "run.commit").unwrap();
    let body = &commit["body"];
    assert_eq!(used[0]["controller"], body["controller"]["name"]);
    assert_eq!(used[0]["category"], body["purpose_category"]);
    assert_eq!(used[0]["purpose"], body["purpose_detail"]);
    assert_eq!(used[0]["period"]["start"], body["period_start"]);
    assert_eq!(used[0]["period"]["end"], body["period_end"]);
    let labels: Vec<&Value> =
        body["items"].as_array().unwrap().iter().map(|item| &item["label"]).collect();
    assert_eq!(used[0]["items"], json!(labels));
    assert_eq!(used[0]["collected"], json!(["서비스 이용기록"]));
    let provided = status["provided"].as_array().unwrap();
    assert_eq!(provided.len(), 1);
    assert_eq!(provided[0]["recipient"], "연구원 <가>");
    assert_eq!(status["combined"][0]["agency"], "결합기관");
    assert_eq!(status["entrusted"], json!([]));
    assert_eq!(status["ledger"]["size"], records.len());
}

/// Another purpose is another row, and a run that was undone is none.
#[test]
fn a_changed_processing_is_another_row_and_a_processor_is_named() {
    let house = House::new();
    house.put("logs/access-2026-11-18.log", log(20, 200));
    Said::from(house.night("2026-11-18", &[]).output().unwrap()).exits(0);
    house.edit("pipelines/visits.toml", "야간 시간대 홈페이지 이용과", "주말 홈페이지 이용과");
    house.edit(
        "institution.toml",
        "zone = \"Asia/Seoul\"",
        "zone = \"Asia/Seoul\"\nprocessor = [{ name = \"(주)가나\", work = \"시스템 운영\" }]",
    );
    house.put("logs/access-2026-11-19.log", log(20, 200));
    let said: Said = house.night("2026-11-19", &[]).output().unwrap().into();
    house.approve("visits", &House::unapproved(&said.exits(1)), "목적 변경");
    Said::from(house.night("2026-11-19", &[]).output().unwrap()).exits(0);
    let status = status(&house, &[]);
    let used = status["used"].as_array().unwrap();
    assert_eq!(used.len(), 2);
    assert!(used[1]["purpose"].as_str().unwrap().starts_with("주말"));
    assert_eq!(status["entrusted"][0]["processor"], "(주)가나");
    let policy = status["policy"][3]["paragraphs"][0].as_str().unwrap();
    assert!(policy.contains("(주)가나 / 위탁업무: 시스템 운영"), "{policy}");
}

/// Accounts, addresses and posts are in the ledger and stay there.
#[test]
fn nothing_about_a_person_is_published() {
    let house = house();
    for file in ["a.html", "a.csv", "a.json"] {
        let text = String::from_utf8(written(&house, "status", file, &[])).unwrap();
        for word in ["kim-a", "취급자", "도서관운영과", "uid ", "접속지\"", "소속 직위"]
        {
            assert!(!text.contains(word), "{file}: {word}");
        }
        assert!(text.contains("야간 시간대 홈페이지"), "{file}");
    }
}

#[test]
fn the_policy_has_its_six_items_and_says_what_the_records_say() {
    let house = house();
    let whole = status(&house, &[]);
    let policy = whole["policy"].as_array().unwrap();
    let headings = ["처리 목적", "기간", "제3자 제공", "위탁", "항목", "안전성 확보조치"];
    assert_eq!(policy.len(), headings.len());
    for (section, heading) in policy.iter().zip(headings) {
        assert!(section["heading"].as_str().unwrap().contains(heading), "{section:#}");
        assert!(!section["paragraphs"].as_array().unwrap().is_empty());
    }
    let safety = policy[5]["paragraphs"].to_string();
    assert!(safety.contains("접근권한을 구분하여 부여하고"), "{safety}");
    assert!(safety.contains("추가정보를 파기하고"), "{safety}");
    // What no record tells is left to the institution, and nothing is promised for it.
    assert!(safety.contains("[기관 기재: 전산실"), "{safety}");
    let bare = House::new();
    let bare = status(&bare, &[]);
    let safety = bare["policy"][5]["paragraphs"].to_string();
    assert!(!safety.contains("구분하여 부여하고"), "{safety}");
    assert!(safety.contains("처리 기록에 권한 부여 내역이 없습니다"), "{safety}");
    assert_eq!(bare["policy"][2]["paragraphs"], json!(["제3자에게 제공한 가명정보가 없습니다."]));
}

#[test]
fn the_page_has_no_script_and_no_markup_of_a_record() {
    let house = house();
    let html = String::from_utf8(written(&house, "status", "a.html", &[])).unwrap();
    assert!(html.contains("연구원 &lt;가&gt;") && !html.contains("연구원 <가>"));
    assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"));
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest =
        data_encoding::BASE64.encode(&<sha2::Sha256 as sha2::Digest>::digest(style.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'");
    assert!(html.contains(&policy), "{html}");
    for title in ["이용 현황", "제공 현황", "위탁 현황", "결합 현황", "통합형"] {
        assert!(html.contains(title), "{title}");
    }
}

#[test]
fn the_csv_is_the_unified_table() {
    let house = house();
    let bytes = written(&house, "status", "a.csv", &[]);
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::Reader::from_reader(text);
    assert_eq!(&reader.headers().unwrap()[0], "개인정보처리자");
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let acts: Vec<&str> = rows.iter().map(|row| &row[1]).collect();
    assert_eq!(acts, ["이용", "제공", "결합"]);
    assert!(rows.iter().all(|row| &row[0] == "성남시 도서관사업소"));
}

#[test]
fn days_that_are_asked_for_choose_what_is_published() {
    let house = house();
    let status = status(&house, &["--to", "2020-12-31"]);
    assert_eq!(status["used"], json!([]));
    assert_eq!(status["to"], "2020-12-31");
}

/// As every other day of the page; for machines it stays as it was recorded.
#[test]
fn the_newest_record_is_told_by_the_clock_of_the_institution() {
    let house = house();
    let newest = house.records().last().unwrap()["time"].as_str().unwrap().to_owned();
    let at: jiff::Timestamp = newest.parse().unwrap();
    let at = at.in_tz("Asia/Seoul").unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string();
    let told = format!("{at} (Asia/Seoul)");
    let page = String::from_utf8(written(&house, "status", "a.html", &[])).unwrap();
    assert!(page.contains(&told) && !page.contains(&newest), "{told}");
    assert_eq!(status(&house, &[])["ledger"]["newest"], newest);
    let index = evidence::index(&house);
    assert!(index.contains(&told) && !index.contains(&newest), "{told}");
}
