//! Workbooks and CSV files, read again by other programs and compared with the records.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::process::Command;

use calamine::{Data, Reader as _, Xlsx};
use gamyeong::report::reasons;
use jiff::civil::Date;

use super::*;

/// A sheet below its heading: each row by the names of its columns.
fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<BTreeMap<String, Data>> {
    let range = book.worksheet_range(sheet).unwrap();
    let mut rows = range.rows().skip(2);
    let names: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    // Below the table stands the line for signatures.
    let rows = rows.take_while(|row| matches!(row[0], Data::Float(_)));
    rows.map(|row| names.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

#[track_caller]
fn date(cell: &Data) -> String {
    assert!(matches!(cell, Data::DateTime(_)), "{cell:?} is no date");
    let Data::DateTime(at) = cell else { return String::new() };
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn of_kind(house: &House, kind: &str) -> Vec<Value> {
    house.records().into_iter().filter(|record| record["type"] == kind).collect()
}

/// The day of a record in Korea.
fn day(record: &Value) -> String {
    let at: jiff::Timestamp = record["time"].as_str().unwrap().parse().unwrap();
    let seoul = jiff::tz::TimeZone::get("Asia/Seoul").unwrap();
    at.to_zoned(seoul).date().to_string()
}

/// What a person sees in a cell of a post.
fn post(value: &Value) -> String {
    let parts: Vec<&str> = ["body", "post"].iter().filter_map(|key| value[key].as_str()).collect();
    parts.join(" ")
}

#[test]
fn every_row_of_the_workbook_is_a_record() {
    let house = house();
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    let kinds = [
        "run.commit",
        "key.create",
        "key.retired",
        "key.destroyed",
        "additional.destroyed",
        "data.destroyed",
        "provision",
        "combination.files",
    ];
    let records: Vec<Value> = house
        .records()
        .into_iter()
        .filter(|record| kinds.contains(&record["type"].as_str().unwrap()))
        .collect();
    let found = rows(&mut book, "처리대장");
    assert_eq!(found.len(), records.len());
    for (row, record) in found.iter().zip(&records) {
        let body = &record["body"];
        assert_eq!(row["일련번호"], Data::Float(record["seq"].as_f64().unwrap()));
        assert_eq!(date(&row["처리일자"]), format!("{} 00:00:00", day(record)));
        for (name, key) in
            [("관리번호", "management_no"), ("정보구분", "info_kind"), ("처리구분", "act")]
        {
            assert_eq!(row[name], Data::String(body[key].as_str().unwrap().into()), "{record:#}");
        }
        assert_eq!(row["담당자"].to_string(), post(&body["operator"]));
        assert_eq!(row["책임자"].to_string(), post(&body["supervisor"]));
        assert_eq!(row["제공 시 받는 자"].to_string(), body["recipient"].as_str().unwrap_or(""));
        if let Some(end) = body["period_end"].as_str() {
            assert_eq!(date(&row["이용기간(끝)"]), format!("{end} 00:00:00"));
        }
        let labels = |item: &Value| item["label"].as_str().or(item.as_str()).unwrap().to_owned();
        let items = body["items"].as_array().map(|items| items.iter().map(labels).collect());
        let items: Vec<String> = items.unwrap_or_default();
        assert_eq!(row["항목"].to_string(), items.join(", "));
    }
    let purpose = found[1]["처리목적 및 내용"].to_string();
    assert!(purpose.contains("야간 시간대 홈페이지 이용과 대출의 관계"), "{purpose}");
}

#[test]
fn rights_destructions_accesses_and_requests_have_their_types() {
    let house = house();
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    let rights = rows(&mut book, "접근권한 관리대장");
    assert_eq!(rights.len(), 3);
    for (row, (kind, on)) in rights.iter().zip([
        ("rights.granted", "granted_on"),
        ("rights.changed", "changed_on"),
        ("rights.revoked", "revoked_on"),
    ]) {
        let body = &of_kind(&house, kind)[0]["body"];
        let on = body[on].as_str().unwrap();
        assert_eq!(date(&row["부여·변경·말소일자"]), format!("{on} 00:00:00"));
        assert_eq!(row["취급자"].to_string(), "kim-a");
        assert_eq!(row["소속"].to_string(), post(&body["holder"]));
        let why = row["처리 내역 및 사유"].to_string();
        assert!(why.contains(body["reason"].as_str().unwrap()), "{why}");
    }
    let destroyed = rows(&mut book, "파기대장");
    assert_eq!(destroyed.len(), 3);
    assert_eq!(date(&destroyed[2]["폐기일"]), "2026-11-24 00:30:00", "by the clock of Korea");
    assert_eq!(destroyed[2]["확인·추정"].to_string(), "추정");
    assert!(destroyed[2]["개인정보 파일명"].to_string().starts_with("방문 기록"));
    let accesses = rows(&mut book, "접속기록");
    assert_eq!(date(&accesses[0]["접속일시"]), "2026-11-22 00:00:00");
    assert_eq!(accesses[0]["정보주체 수"], Data::Float(1234.0));
    assert_eq!(accesses[1]["처리한 정보"], Data::String(FORMULA.into()), "no formula");
    for (sheet, has_instants) in [("접속기록", true), ("파기대장", true), ("처리대장", false)]
    {
        let about = book.worksheet_range(sheet).unwrap().get((1, 0)).unwrap().to_string();
        assert_eq!(about.contains("시각: Asia/Seoul"), has_instants, "{sheet}: {about}");
    }
    let requests = rows(&mut book, "파기 요청과 승인");
    let approval = &of_kind(&house, "retention.approved")[0]["body"];
    let on = format!("{} 00:00:00", approval["approved_on"].as_str().unwrap());
    assert_eq!(date(&requests[0]["승인일"]), on);
    assert_eq!(requests[0]["승인자"].to_string(), post(&approval["approver"]));
    let confirmed = of_kind(&house, "retention.done")[0]["body"]["confirmed_on"].clone();
    let confirmed = format!("{} 00:00:00", confirmed.as_str().unwrap());
    assert_eq!(date(&requests[0]["결과 확인일"]), confirmed);
    let commits = of_kind(&house, "run.commit");
    let processings = rows(&mut book, "처리 목록");
    assert_eq!(processings.len(), commits.len());
    for (row, record) in processings.iter().zip(&commits) {
        let lines = record["body"]["sources"][0]["lines"].as_f64().unwrap();
        assert_eq!(row["원천 행 수"], Data::Float(lines));
        let of = record["body"]["date"].as_str().unwrap();
        assert_eq!(date(&row["원천 일자"]), format!("{of} 00:00:00"));
        assert_eq!(row["상태"].to_string(), "저장 완료");
    }
    let approvals = rows(&mut book, "검토·승인");
    assert_eq!(approvals.len(), 4);
    assert!(approvals[0]["사유·의견"].to_string().ends_with(FORMULA));
}

/// A night opens what it reads, and says so in its own record.
#[test]
fn accesses_of_nights_stand_among_the_others_in_order_of_time() {
    let house = house();
    // Entered last, and of an instant before all others.
    enter(&house, Kind::Access, &json!({"account": "lee-b", "at": "2026-11-01T00:00:00Z"}));
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    let found = rows(&mut book, "접속기록");
    let accounts: Vec<String> = found.iter().map(|row| row["식별자"].to_string()).collect();
    let commits = of_kind(&house, "run.commit");
    let job = commits[0]["body"]["usage"][0]["account"].as_str().unwrap();
    // The last is a night that was refused.
    assert_eq!(accounts, ["lee-b", "kim-a", "kim-a", job, job, job]);
    let instants: Vec<String> = found.iter().map(|row| date(&row["접속일시"])).collect();
    assert!(instants.is_sorted(), "{instants:?}");
    for (row, record) in found[3..5].iter().zip(&commits) {
        let (body, usage) = (&record["body"], &record["body"]["usage"][0]);
        let at: jiff::Timestamp = usage["at"].as_str().unwrap().parse().unwrap();
        let seoul = at.to_zoned(jiff::tz::TimeZone::get("Asia/Seoul").unwrap());
        assert_eq!(date(&row["접속일시"]), seoul.strftime("%Y-%m-%d %H:%M:%S").to_string());
        assert_eq!(row["접속지"].to_string(), usage["from"].as_str().unwrap());
        assert_eq!(row["정보주체 수"], Data::Float(usage["subjects"].as_f64().unwrap()));
        assert_eq!(row["수행업무"].to_string(), "가명처리");
        let object = format!("visits {}", body["date"].as_str().unwrap());
        assert_eq!(row["처리한 정보"].to_string(), object);
        assert_eq!(row["정보구분"].to_string(), "가명정보");
        assert_eq!(row["관리번호"].to_string(), body["management_no"].as_str().unwrap());
        assert_eq!(row["일련번호"], Data::Float(record["seq"].as_f64().unwrap()));
    }
    let months = rows(&mut book, "접속기록 점검");
    let mut times: Vec<(String, f64)> = months
        .iter()
        .map(|row| (row["식별자"].to_string(), row["건수"].to_string().parse().unwrap()))
        .collect();
    times.sort_by(|left, right| left.0.cmp(&right.0));
    let nights = [(job.to_owned(), 1.0), (job.to_owned(), 2.0)];
    times.sort_by(|left, right| left.partial_cmp(right).unwrap());
    assert_eq!(times[..2], [("kim-a".into(), 2.0), ("lee-b".into(), 1.0)]);
    assert_eq!(times[2..], nights);
    let begun = of_kind(&house, "run.begin").pop().unwrap();
    let refused = &found[5];
    assert_eq!(date(&refused["접속일시"])[..10], day(&begun));
    assert_eq!(refused["식별자"].to_string(), begun["actor"].as_str().unwrap());
    assert_eq!(refused["접속지"].to_string(), begun["body"]["from"].as_str().unwrap());
    assert_eq!(refused["정보주체 수"].to_string(), "기록 없음");
    assert_eq!(refused["처리한 정보"].to_string(), "visits 2026-11-20");
    assert_eq!(refused["수행업무"].to_string(), "가명처리(거부)");
    let why = &of_kind(&house, "run.refused")[0]["body"]["reason"];
    assert_eq!(refused["사유"].to_string(), reasons::korean(why.as_str().unwrap()));
    assert_eq!(refused["일련번호"], Data::Float(begun["seq"].as_f64().unwrap()));
}

#[test]
fn verifications_are_listed_as_they_were_recorded() {
    let house = house();
    house.say(&["ledger", "verify", "--data", "--record"]).exits(0);
    house.say(&["ledger", "verify", "--record"]).exits(0);
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    let found = rows(&mut book, "기록 검증");
    let records = of_kind(&house, "verify.done");
    assert_eq!([found.len(), records.len()], [2, 2]);
    for (row, record) in found.iter().zip(&records) {
        let body = &record["body"];
        assert_eq!(date(&row["검증일시"])[..10], day(record));
        assert_eq!(row["식별자"].to_string(), body["account"].as_str().unwrap());
        assert_eq!(row["접속지"].to_string(), body["from"].as_str().unwrap());
        assert_eq!(row["검증한 기록 수"], Data::Float(record["seq"].as_f64().unwrap()));
        assert_eq!(row["뿌리값"].to_string(), body["root"].as_str().unwrap());
        assert_eq!(row["결과"].to_string(), "이상 없음(일부 확인 안 함)");
        assert_eq!(row["확인하지 않은 검사"].to_string(), "키의 출처, 연속성, 외부 확인");
    }
    let data = "통과: 파일 4, 기록과 다름 0, 읽을 수 없음 0, 파기됨 0";
    assert_eq!(found[0]["표·봉인 파일 대조"].to_string(), data);
    assert_eq!(found[1]["표·봉인 파일 대조"].to_string(), "대조하지 않음");
}

#[test]
fn no_cell_is_a_formula_and_every_sheet_prints_on_one_width() {
    let house = house();
    let bytes = written(&house, "report", "a.xlsx", &[]);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let sheets = names.iter().filter(|name| name.starts_with("xl/worksheets/sheet"));
    let mut seen = 0;
    for name in sheets {
        let text = std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
        assert!(text.contains("paperSize=\"9\""), "{name}: A4");
        assert!(text.contains("orientation=\"landscape\""), "{name}");
        assert!(
            text.contains("fitToHeight=\"0\"") && text.contains("<pageSetUpPr fitToPage=\"1\"/>")
        );
        seen += 1;
    }
    assert_eq!(seen, 11);
    let book = std::io::read_to_string(archive.by_name("xl/workbook.xml").unwrap()).unwrap();
    assert_eq!(book.matches("_xlnm.Print_Titles").count(), 11, "headings on every page");
    let strings =
        std::io::read_to_string(archive.by_name("xl/sharedStrings.xml").unwrap()).unwrap();
    for sign in ["담당자:", "책임자:", "처리담당자:", "처리부서장:", "(서명)"] {
        assert!(strings.contains(sign), "{sign}");
    }
}

#[test]
fn the_same_ledger_and_days_give_the_same_bytes() {
    let house = house();
    for more in [&[][..], &["--from", "2026-01-01", "--to", "2099-12-31"]] {
        let first = written(&house, "report", "a.xlsx", more);
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert!(first == written(&house, "report", "b.xlsx", more));
    }
}

/// Days are those of the institution's clock, and what lies outside them is not there.
#[test]
fn only_the_days_that_are_asked_for_are_listed() {
    let house = house();
    let last: Date = day(house.records().last().unwrap()).parse().unwrap();
    let before = last.yesterday().unwrap().yesterday().unwrap().to_string();
    let mut book = open(written(&house, "report", "a.xlsx", &["--to", &before]));
    for sheet in ["처리대장", "파기대장"] {
        assert!(rows(&mut book, sheet).is_empty(), "{sheet}");
        let range = book.worksheet_range(sheet).unwrap();
        assert_eq!(range.get((3, 0)).unwrap().to_string(), "해당하는 기록이 없습니다.");
    }
    // An access is of the day on which it was, and those of nights are of today.
    for (at, day) in
        [("2020-10-31T14:59:59Z", "2020-10-31"), ("2020-10-31T15:00:00Z", "2020-11-01")]
    {
        enter(&house, Kind::Access, &json!({"account": day, "at": at}));
        let days = ["--from", day, "--to", day];
        let mut book = open(written(&house, "report", "a.xlsx", &days));
        let found = rows(&mut book, "접속기록");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["식별자"].to_string(), day);
        let months = rows(&mut book, "접속기록 점검");
        assert_eq!(months.len(), 1);
        assert_eq!(
            [months[0]["월"].to_string(), months[0]["식별자"].to_string()],
            [&day[..7], day]
        );
        let dir = house.root.with_file_name("files");
        written(&house, "report", "files", &[&["--csv"][..], &days[..]].concat());
        for (file, lines) in [("accesses.csv", 2), ("accesses-by-month.csv", 2), ("rights.csv", 1)]
        {
            let text = fs::read_to_string(dir.join(file)).unwrap();
            assert_eq!(text.lines().count(), lines, "{file}: {text}");
        }
    }
    let mut book = open(written(&house, "report", "a.xlsx", &["--from", &before]));
    assert_eq!(rows(&mut book, "파기대장").len(), 3);
}

/// A text longer than a cell, and characters that XML and workbooks have their own ways with.
#[test]
fn odd_texts_come_back_as_they_were_recorded() {
    let house = House::new();
    let odd = "_x0041_ <&>\"' 가\u{301} 🙂";
    enter(&house, Kind::Access, &json!({"object": odd, "reason": "가".repeat(3)}));
    enter(&house, Kind::Access, &json!({"object": "a".repeat(40_000)}));
    enter(&house, Kind::Access, &json!({"object": "\u{ffff}끝"}));
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    let found = rows(&mut book, "접속기록");
    assert_eq!(found[0]["처리한 정보"].to_string(), odd);
    let long = found[1]["처리한 정보"].to_string();
    assert_eq!(long.encode_utf16().count(), 32_767);
    assert!(long.ends_with("(뒤는 줄임: 기록 참조)"));
    assert_eq!(found[2]["처리한 정보"].to_string(), "\u{fffd}끝");
}

#[test]
fn csv_files_hold_the_cells_of_the_workbook() {
    let house = house();
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    written(&house, "report", "files", &["--csv"]);
    let dir = house.root.with_file_name("files");
    let files = crate::house::files(&dir);
    assert_eq!(files.len(), 11);
    let (mut cells, mut guarded, mut zoned) = (0, 0, 0);
    for (name, sheet) in [
        ("processing", "처리대장"),
        ("rights", "접근권한 관리대장"),
        ("provisions", "제공대장"),
        ("destructions", "파기대장"),
        ("destruction-requests", "파기 요청과 승인"),
        ("incidents", "유출등 대장"),
        ("accesses-by-month", "접속기록 점검"),
        ("accesses", "접속기록"),
        ("processings", "처리 목록"),
        ("approvals", "검토·승인"),
    ] {
        let bytes = fs::read(dir.join(name).with_extension("csv")).unwrap();
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
        assert!(text.ends_with(b"\r\n"));
        let mut reader = csv::Reader::from_reader(text);
        let names = reader.headers().unwrap().clone();
        let sheet = rows(&mut book, sheet);
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), sheet.len(), "{name}");
        for (record, row) in records.iter().zip(&sheet) {
            for (heading, cell) in names.iter().zip(record) {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{name}: {cell}");
                let of = &row[heading.trim_end_matches(" (Asia/Seoul)")];
                let is_zoned = heading.ends_with(" (Asia/Seoul)");
                let is_date = matches!(of, Data::DateTime(_));
                let is_instant = is_date && !date(of).ends_with(" 00:00:00");
                assert!(is_zoned || !is_instant, "{name}: {heading}");
                zoned += usize::from(is_zoned && is_date);
                let other = if is_date { date(of) } else { of.to_string() };
                let other = other.replace(" 00:00:00", "");
                guarded += usize::from(cell.starts_with('\''));
                let plain = cell.strip_prefix('\'').unwrap_or(cell);
                assert_eq!(plain.replace(" 00:00:00", ""), other, "{name}: {heading}");
                cells += 1;
            }
        }
    }
    assert!(cells > 200, "{cells}");
    assert_eq!(guarded, 2);
    assert!(zoned > 5, "{zoned}");
}

/// What Excel users script with reads the same. Skipped where there is no openpyxl.
#[test]
fn openpyxl_reads_dates_numbers_and_the_print_setup() {
    let Some(python) = python() else { return };
    let house = house();
    written(&house, "report", "a.xlsx", &[]);
    let script = "
import datetime, json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
said = {'created': str(book.properties.created), 'sheets': {}}
for sheet in book:
    setup = sheet.page_setup
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert all(c.data_type != 'f' for row in sheet.iter_rows() for c in row), sheet.title
    said['sheets'][sheet.title] = {
        'setup': [str(setup.paperSize), setup.orientation, setup.fitToWidth, setup.fitToHeight, sheet.print_title_rows],
        'rows': [['%s:%s' % (type(v).__name__, v) for v in row] for row in rows],
    }
print(json.dumps(said))
";
    let mut command = Command::new(python);
    command.args(["-c", script]).arg(house.root.with_file_name("a.xlsx"));
    let said = Said::from(command.output().unwrap()).exits(0);
    let said: Value = serde_json::from_str(&said.out).unwrap();
    let sheets = said["sheets"].as_object().unwrap();
    assert_eq!(sheets.len(), 9);
    for sheet in sheets.values() {
        // One page wide is what stands where nothing stands.
        assert_eq!(sheet["setup"], json!(["9", "landscape", null, 0, "$3:$3"]), "{sheet:#}");
    }
    let row = &sheets["접속기록"]["rows"][3];
    assert_eq!(row[0], "int:1");
    assert_eq!(row[2], "datetime:2026-11-22 00:00:00");
    assert_eq!(row[5], "int:1234");
    let newest = house.records().last().unwrap()["time"].as_str().unwrap().to_owned();
    let created = said["created"].as_str().unwrap();
    let at: jiff::Timestamp = newest.parse().unwrap();
    let at = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    assert_eq!(created, at);
}

/// A Python with openpyxl, if the machine has one: that of `GAMYEONG_PYTHON`, or the usual.
fn python() -> Option<String> {
    let named = std::env::var("GAMYEONG_PYTHON").ok();
    named.into_iter().chain(["python3".to_owned()]).find(|python| {
        let has = Command::new(python).args(["-c", "import openpyxl"]).output();
        has.is_ok_and(|output| output.status.success())
    })
}

/// An entry that was wrong, and the same as it is right, in the workbook, in CSV and in the index
/// of the evidence.
#[test]
fn a_corrected_entry_is_marked_in_workbook_and_csv_and_counts_once() {
    let house = House::new();
    let wrong = enter(&house, Kind::Provision, &json!({"recipient": "가나대학"}));
    let own = json!({"recipient": "가나대학교", "corrects": wrong});
    let right = enter(&house, Kind::Provision, &own);
    let (after, before) = (format!("정정됨 → 일련번호 {right}"), format!("정정: 일련번호 {wrong}"));
    let mut book = open(written(&house, "report", "a.xlsx", &[]));
    for (sheet, column) in [("제공대장", "이용 목적"), ("처리대장", "처리목적 및 내용")]
    {
        let found = rows(&mut book, sheet);
        for (row, (number, mark)) in found.iter().zip([(wrong, &after), (right, &before)]) {
            assert_eq!(row["일련번호"].to_string(), number.to_string());
            assert!(row[column].to_string().ends_with(mark.as_str()), "{sheet}: {row:?}");
        }
    }
    written(&house, "report", "files", &["--csv"]);
    let dir = house.root.with_file_name("files");
    for file in ["provisions.csv", "processing.csv"] {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        assert!(text.contains(&after) && text.contains(&before), "{file}: {text}");
    }
    let index = evidence::index(&house);
    assert!(index.contains("<th scope=\"row\">제공</th><td>1건</td>"), "{index}");
}
