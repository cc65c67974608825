//! What a check of a ledger says, in; the same in Korean out.
//!
//! The phrases of findings are those of the auditors' page as well.

use std::sync::LazyLock;

use regex::Regex;

use super::phrases::{DEPTH, Phrases};
use crate::ledger::report::{Check, Reason, Status};

/// The Korean name of a check.
#[must_use]
pub fn check(check: Check) -> &'static str {
    match check {
        Check::Files => "파일 구성",
        Check::Keys => "공개키",
        Check::Trust => "키의 출처",
        Check::Records => "기록 형식",
        Check::Chain => "연결",
        Check::Time => "시각",
        Check::Seals => "월별 봉인",
        Check::Items => "법정 항목",
        Check::Approvals => "전자서명 승인",
        Check::Checkpoints => "체크포인트",
        Check::Signatures => "전자서명",
        Check::Head => "최신 상태",
        Check::Continuity => "연속성",
        Check::Anchors => "외부 확인",
        Check::Order => "처리 순서",
        Check::Conservation => "행 수 보존",
    }
}

/// An answer in Korean.
#[must_use]
pub fn outcome(outcome: Status) -> &'static str {
    match outcome {
        Status::Pass => "통과",
        Status::Fail => "실패",
        Status::NotChecked => "확인 안 함",
    }
}

/// Why something was not checked, in Korean, for somebody at a command line.
#[must_use]
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::KeysFromLedger => "검증키가 기록부 안의 것임, 따로 받은 것을 --trust 로 주십시오",
        Reason::NoKeys => "쓸 수 있는 검증키가 없음",
        Reason::NoEarlierCheckpoint => {
            "이전 체크포인트를 주지 않음(--earlier), 끝이 잘렸는지는 이것으로만 알 수 있음"
        }
        Reason::NoVouchers => "증인 서명도 시점확인도 없음",
        Reason::VouchersFromLedger => {
            "누가 확인했는지는 따로 받은 키나 인증서로 확인하지 않음(--witness-keys, --authority)"
        }
        Reason::NoOpenssl => "시점확인을 확인할 openssl 이 없거나 답하지 않음",
    }
}

/// What findings say, and in Korean.
pub(super) const PHRASES: &[(&str, &str)] = &[
    ("none", "없음"),
    ("another", "다른 것"),
    ("one", "있음"),
    ("null", "없음(null)"),
    ("none of it", "없음"),
    ("something else", "다른 것"),
    ("another note", "다른 문서"),
    ("other bytes", "다른 내용"),
    ("a file", "파일 있음"),
    ("no such file", "파일 없음(이 파일은 없어야 함)"),
    ("a file or directory", "파일 또는 폴더"),
    ("a name with the digest of the file", "파일의 해시값이 든 이름"),
    ("a checkpoint named after its size", "크기를 이름으로 한 체크포인트"),
    ("a voucher named after its size and digest", "크기와 해시값을 이름으로 한 확인 파일"),
    ("the next file of records", "다음 차례의 기록 파일"),
    (
        "an Ed25519 and an ECDSA P-256 key, one per line",
        "Ed25519 키와 ECDSA P-256 키, 한 줄에 하나씩",
    ),
    ("only keys that are trusted", "신뢰하는 키만"),
    ("public keys, one per line", "공개키, 한 줄에 하나씩"),
    ("{*}, as the file gives it", "{*} (파일에 적힌 대로)"),
    ("keys of one name", "이름이 같은 두 키"),
    ("keys of several", "이름이 다른 키"),
    ("the witness that signed", "서명한 증인"),
    ("means {*}", "확인 방법 {*}"),
    ("root {}", "뿌리값 {}"),
    ("at {}", "시각 {}"),
    ("policy {}", "정책 {}"),
    ("serial {}", "일련번호 {}"),
    ("no {}", "{} 없음"),
    ("{*} with id {}", "{*} 키, 번호 {}"),
    ("no keys", "키 없음"),
    ("one record at least", "기록 하나 이상"),
    ("a line feed", "줄바꿈"),
    ("the end of the file", "파일의 끝"),
    ("{} records or {} bytes at most", "기록 {}개 또는 {}바이트 이하"),
    ("{} records, {} bytes", "기록 {}개, {}바이트"),
    ("a record", "기록"),
    ("seq {}", "번호 {}"),
    ("a time not before {*}", "{*} 이후의 시각"),
    ("a record as in the checkpoint of size {}", "크기 {}의 체크포인트를 만들 때의 기록"),
    ("record: {} bytes, at most {}", "기록: {}바이트, {}바이트까지"),
    ("record: not readable: {*}", "기록을 읽을 수 없음: {*}"),
    ("record: keys differ from `{*}`", "기록의 키가 `{*}` 와 다름"),
    ("`{}`: not in the form that the field needs", "`{}`: 정해진 형식이 아님"),
    ("not UTF-8", "UTF-8 이 아님"),
    ("not JSON", "JSON 이 아님"),
    ("character {}: {*}", "{}번째 글자: {*}"),
    ("a number is not an integer", "정수가 아닌 수가 있음"),
    ("an integer is too large, must be below 2^53", "2^53 이상의 정수가 있음"),
    ("a string holds a control character", "제어 문자가 있음"),
    ("a key stands there twice", "같은 키가 두 번 있음"),
    ("the name of a run", "처리 이름"),
    ("the body of its type", "종류에 맞는 내용"),
    ("a record that may follow `nothing`", "처리를 시작하는 기록"),
    ("a record that may follow `begun`", "가명처리 시작 뒤에 올 수 있는 기록"),
    ("a record that may follow `committed`", "가명처리 기록 뒤에 올 수 있는 기록"),
    ("a record that may follow `published`", "가명정보 생성 뒤에 올 수 있는 기록"),
    ("a record that may follow `refused`", "가명처리 거부 뒤에 올 수 있는 기록"),
    ("a record that may follow `undone`", "가명처리 취소 뒤에 올 수 있는 기록"),
    ("{} lines, as in the files read", "읽은 파일과 같은 {}행"),
    ("a source with {} lines", "{}행인 원천"),
    ("{} lines accounted for", "설명된 행 {}"),
    ("{} lines", "{}행"),
    (
        "what its items say, signed by who had the right to",
        "항목과 같은 내용에 권한 있는 사람이 한 전자서명",
    ),
    ("approval: {*}", "승인: {*}"),
    ("the ledger's first record names no controller", "첫 기록에 개인정보처리자가 없음"),
    ("not in the form of a signed note", "서명한 문서의 형식이 아님"),
    ("what was signed says something else than the record", "서명한 내용이 기록과 다름"),
    ("key {} has no right to sign it", "키 {} 에 서명 권한이 없음"),
    ("key {} is of another role", "키 {} 의 역할이 다름"),
    ("signature does not verify, key id {}", "서명이 맞지 않음, 키 번호 {}"),
    ("signature does not verify, key {}", "서명이 맞지 않음, 키 {}"),
    ("signed by {}, and {} have reviewed", "{}명이 서명했으나 검토자는 {}명"),
    ("a record has the same text already", "같은 내용의 기록이 이미 있음"),
    ("a checkpoint", "체크포인트"),
    ("a checkpoint of {*}", "기록부 {*} 의 체크포인트"),
    ("a checkpoint that counts", "유효한 체크포인트"),
    ("both signatures of the ledger", "기록의 두 서명"),
    ("at most the {} stored records", "저장된 기록 {}개까지"),
    ("{} records, {} are known", "이 기록부에는 기록 {}개, 가져온 것에는 {}개"),
    ("{} records at least", "기록 {}개 이상"),
    ("{} records", "기록 {}개"),
    ("root {} of the stored records", "저장된 기록의 뿌리값 {}"),
    ("root {} at size {}", "뿌리값 {} (이 기록부의 처음 {}개)"),
    ("root {} brought for size {}", "뿌리값 {} (가져온 것의 처음 {}개)"),
    ("audit number {}", "감사 확인번호 {}"),
    ("the bytes of {}", "{} 와 같은 내용"),
    ("size {}, nothing to compare", "크기 {}, 비교할 것이 없음"),
    ("size {}", "크기 {}"),
    ("to be continued", "가져온 것에서 이어지는 기록부"),
    ("record {}: not the one that was proved", "기록 {}: 증명한 기록이 아님"),
    ("note: {*}", "문서: {*}"),
    ("no signature by a known {*} key, one is needed", "아는 {*} 키의 서명이 없음"),
    (
        "checkpoint: text is not three lines of origin, size and root",
        "체크포인트: 이름, 크기, 뿌리값의 세 줄이 아님",
    ),
    ("no seal within a file of records", "기록 파일 안에는 봉인 기록이 없어야 함"),
    ("a record of the month of its file", "파일의 달에 속하는 기록"),
    ("the records of a whole month, or no room", "한 달 전체의 기록이거나 빈자리 없음"),
    ("{} records of the month of the next", "다음 파일과 같은 달의 기록 {}개"),
    ("the checkpoints of a sealed file", "봉인한 파일의 체크포인트"),
    ("the seal of the file before", "앞 파일의 봉인 기록"),
    ("what its seal tells", "봉인 기록과 같은 것"),
    ("{} checkpoints", "체크포인트 {}개"),
    (
        "the checkpoint of size {}, with the stored root",
        "저장된 뿌리값과 같은 크기 {}의 체크포인트",
    ),
    ("the file with digest {}", "해시값이 {} 인 파일"),
    ("the signature of its witness", "증인의 서명"),
    ("a stamp on the checkpoint of {} records", "기록 {}개의 체크포인트에 대한 시점확인"),
    ("a stamp on {}", "{} 에 대한 시점확인"),
    ("stamp: not an RFC 3161 answer in DER", "시점확인: DER 로 된 RFC 3161 응답이 아님"),
    ("stamp: not of this ledger's checkpoints", "시점확인: 이 기록의 체크포인트에 대한 것이 아님"),
    ("there", "있어야 함"),
    ("{} at least", "{}개 이상"),
    ("a text", "글"),
    ("a whole number", "0 이상의 정수"),
    ("true or false", "예 또는 아니오"),
    ("a day as 2026-11-22", "날짜(2026-11-22 꼴)"),
    ("an instant as 2026-11-22T18:00:00Z", "일시(2026-11-22T18:00:00Z 꼴)"),
    ("a SHA-256 in 64 hexadecimal digits", "SHA-256 해시값(16진수 64자)"),
    ("one of its words", "정해진 말 가운데 하나"),
    ("a list of some of its words", "정해진 말의 목록"),
    ("a list of texts", "글의 목록"),
    ("a table", "표"),
    ("a list of tables", "표의 목록"),
    ("anything", "내용"),
    ("trusted keys", "신뢰하는 키"),
    ("a file of at most {} bytes", "{}바이트 이하의 파일"),
    ("a file of {} bytes", "{}바이트의 파일"),
    ("a directory", "폴더"),
    ("a link", "다른 곳을 가리키는 링크"),
    ("a pipe, socket or device", "파이프, 소켓이나 장치"),
    ("column {}: {*}", "{}번째 칸: {*}"),
    ("a stamp of the authority", "시점확인 기관의 시점확인"),
    ("`openssl ts -verify` refuses it: {*}", "`openssl ts -verify` 가 받아들이지 않음: {*}"),
    ("stamp: the authority gave none, its status is {}", "시점확인: 기관이 주지 않음, 상태 {}"),
    ("stamp: of another digest than SHA-256", "시점확인: SHA-256 이 아닌 해시값에 대한 것"),
];

static FORMS: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(PHRASES));

/// An item that the law asks for: path, English name, Korean name, what is asked.
static ITEM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)^(`[^`]+`), .*? \((.+)\): ([^:]+|.* as .*)$").ok());

/// Letters of a text of a finding that are shown: what stands in a file of a stranger may be long.
const SHOWN: usize = 500;

/// What was expected or found, as it is shown: without control characters, which a terminal would
/// obey, and with its beginning alone if it is long.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(SHOWN) {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    if text.chars().nth(SHOWN).is_some() { shown + "…" } else { shown }
}

/// What was expected or found, in Korean; as it stands if it is a value. Takes a text as it is
/// [`shown`].
#[must_use]
pub fn finding(text: &str) -> String {
    within(text, DEPTH)
}

fn within(text: &str, depth: usize) -> String {
    match ITEM.as_ref().and_then(|item| item.captures(text)) {
        Some(item) if depth > 0 => {
            format!("{}, {}: {}", &item[1], &item[2], within(&item[3], depth - 1))
        }
        _ => FORMS.look_up(text, depth, &within),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::verify;

    #[test]
    fn every_phrase_has_a_form_and_as_many_gaps_in_korean() {
        FORMS.are_those_of(PHRASES);
        assert!(ITEM.is_some());
    }

    #[test]
    fn phrases_are_looked_up_within_phrases() {
        let of = [
            ("a record", "기록"),
            ("44 records, 60 are known", "이 기록부에는 기록 44개, 가져온 것에는 60개"),
            ("root 0a at size 4", "뿌리값 0a (이 기록부의 처음 4개)"),
            ("no such file", "파일 없음(이 파일은 없어야 함)"),
            ("note: signature does not verify, key id 0a", "문서: 서명이 맞지 않음, 키 번호 0a"),
            (
                "record: not readable: column 3: not JSON",
                "기록을 읽을 수 없음: 3번째 칸: JSON 이 아님",
            ),
            ("`day`, Day (처리일): a day as 2026-11-22", "`day`, 처리일: 날짜(2026-11-22 꼴)"),
            ("`who`, Officer (담당자): there", "`who`, 담당자: 있어야 함"),
            ("a record\nor two", "a record\nor two"),
            ("0000000012.note", "0000000012.note"),
        ];
        for (english, korean) in of {
            assert_eq!(finding(english), korean);
        }
    }

    #[test]
    fn what_is_long_is_cut_and_no_terminal_obeys_it() {
        let hostile = "means ".repeat(100_000);
        let cut = shown(&hostile);
        assert_eq!(cut.chars().count(), SHOWN + 1);
        assert!(!finding(&cut).is_empty());
        assert_eq!(shown("a\n\u{1b}[1m\u{9b}가"), "a\\n\\u{1b}[1m\\u{9b}가");
    }

    /// The page has these names beside what each check is about.
    #[test]
    fn checks_and_answers_are_called_as_in_the_page() {
        let page = include_str!("page/show/words.js");
        let nowhere = tempfile::tempdir().unwrap();
        let report = verify::verify(nowhere.path(), None).unwrap();
        let table =
            page.split_once("const CHECK_WORDS = {\n").unwrap().1.split_once("};").unwrap().0;
        assert_eq!(table.lines().count(), report.checks.len());
        for checked in report.checks {
            let name = checked.check.as_str();
            let row = format!("  {name}: [\"{}\", \"{name}\", ", check(checked.check));
            assert!(table.contains(&row), "{row}");
        }
        for status in [Status::Pass, Status::Fail, Status::NotChecked] {
            let name = status.as_str().replace('-', " ");
            let row = format!(": [\"{}\", \"{name}\"],\n", outcome(status));
            assert!(page.contains(&row), "{row}");
        }
    }
}
