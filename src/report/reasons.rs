//! Why a night came to nothing, as its record has it, in; the same in Korean out.
//!
//! Records have it in English, as they have the kinds of records and the codes of rejected lines:
//! a text that the program writes is the same everywhere. Whoever reads a ledger here reads
//! Korean.
//!
//! Not here: reasons that people gave, which stand as they are.

use std::sync::LazyLock;

use super::phrases::{DEPTH, LONGEST, Phrases};

/// What the program says in `run.refused`, `run.undone` and `night.blocked`.
pub(super) const REASONS: &[(&str, &str)] = &[
    ("pipeline not usable: {*}", "처리 설정을 쓸 수 없음: {*}"),
    ("its processing period ended on {=}", "처리 기간이 {=}에 끝남"),
    (
        "its purpose is not in the privacy policy in force",
        "처리 목적이 시행 중인 개인정보 처리방침에 없음",
    ),
    ("no privacy policy is in force", "시행 중인 개인정보 처리방침이 없음"),
    (
        "it holds what looks like personal data or a secret",
        "개인정보나 비밀값으로 보이는 글이 있음",
    ),
    ("faults found: {=}, the first in line {=}", "오류 {=}건, 첫 오류는 {=}행"),
    ("no house", "기관 설정을 찾을 수 없음"),
    ("stores lie in one another", "저장소가 서로 겹침"),
    ("input not readable: {*}", "원천 자료를 읽을 수 없음: {*}"),
    ("compressed data damaged or cut off", "압축 자료가 손상되었거나 끝이 잘림"),
    ("empty where compressed data should be", "압축 자료여야 할 파일이 비어 있음"),
    ("larger than is read", "읽을 수 있는 크기를 넘음"),
    ("no regular file", "일반 파일이 아님"),
    ("changed while it was read", "읽는 동안 바뀜"),
    ("no table as expected", "정해진 형식의 표가 아님"),
    ("no usable path", "쓸 수 없는 경로"),
    ("keys or vault not usable: {*}", "비밀키나 금고를 쓸 수 없음: {*}"),
    ("a key or its directory is open to others", "비밀키나 그 폴더를 다른 사람이 읽을 수 있음"),
    ("something else where a key should be", "비밀키 자리에 다른 것이 있음"),
    ("keys of another institution", "다른 기관의 비밀키"),
    ("a key is there already", "비밀키가 이미 있음"),
    ("a key file is not whole", "비밀키 파일이 온전하지 않음"),
    ("a name that no key can have", "비밀키에 쓸 수 없는 이름"),
    ("no randomness", "난수를 얻을 수 없음"),
    ("a sealed file cannot be opened", "봉인한 파일을 열 수 없음"),
    ("keys not usable: {*}", "비밀키를 쓸 수 없음: {*}"),
    ("no address of a database", "데이터베이스 주소가 없음"),
    ("a secret that was made is lost", "만들었던 비밀키가 없어짐"),
    ("a file is not there", "파일이 없음"),
    ("no permission for a file", "파일에 대한 권한이 없음"),
    ("no room on the disk", "디스크 공간이 부족함"),
    ("a file could not be read or written", "파일을 읽거나 쓸 수 없음"),
    (
        "{=} of {=} rows lie in classes below `assess.k_min` or `assess.k_persons_min`, limit is {=}",
        "최소 행 수(`assess.k_min`)나 최소 사람 수(`assess.k_persons_min`)보다 작은 동질집합에 든 것이 {=}행(전체 {=}행), 한도 {=}",
    ),
    (
        "all {=} rows lie in classes below `assess.k_min` or `assess.k_persons_min`",
        "{=}행 모두 최소 행 수(`assess.k_min`)나 최소 사람 수(`assess.k_persons_min`)보다 작은 동질집합에 있음",
    ),
    (
        "quasi-identifiers make more than {=} equivalence classes",
        "준식별자의 조합이 {=}가지를 넘음",
    ),
    (
        "{=} of {=} lines rejected, most often {*}",
        "해석하지 못한 것이 {=}행(전체 {=}행), 가장 많은 사유: {*}",
    ),
    ("truncated:{=}", "`{=}` 항목에서 행이 끊김"),
    ("delimiter:{=}", "`{=}` 항목 앞뒤의 구분 문자가 없음"),
    ("number:{=}", "`{=}` 항목이 범위 안의 수가 아님"),
    ("time:{=}", "`{=}` 항목이 정해진 형식의 시각이 아님"),
    ("missing:{=}", "`{=}` 항목이 파일 머리글에 없음"),
    ("trailing", "마지막 항목 뒤에 글자가 더 있음"),
    ("too-long", "한 행이 너무 긺"),
    ("fields", "항목 수가 머리글과 다름"),
    ("quote", "따옴표가 닫히지 않음"),
    ("encoding", "정해진 문자 인코딩이 아님"),
    ("json", "JSON 객체가 아니거나 키가 두 번 있음"),
    ("no-header", "`#Fields` 머리글이 없음"),
    ("{=} rows read, {=} in what was published before", "읽은 것이 {=}행, 앞서 처리할 때는 {=}행"),
    (
        "resident numbers in {=} columns, {=} rows",
        "주민등록번호·외국인등록번호가 항목 {=}개, {=}행에 있음",
    ),
    (
        "resident numbers in {=} columns, {=} cells",
        "주민등록번호·외국인등록번호가 항목 {=}개, {=}칸에 있음",
    ),
    ("column `{=}`: {*} in {=} cells", "`{=}` 항목에 {*} {=}칸"),
    ("column {=}: {*}", "`{=}` 항목: {*}"),
    ("the column has fewer rows than `least`", "행 수가 `least` 보다 적음"),
    (
        "bottom coding ends above the beginning of top coding",
        "하단코딩의 끝이 상단코딩의 시작보다 위에 있음",
    ),
    ("identifier of the input", "원천 자료의 식별자"),
    ("resident", "주민등록번호·외국인등록번호"),
    ("passport", "여권번호"),
    ("licence", "운전면허번호"),
    ("mobile", "휴대전화번호"),
    ("landline", "유선전화번호"),
    ("email", "전자우편주소"),
    ("card", "카드번호"),
    ("account", "계좌번호"),
    ("business", "사업자등록번호"),
    ("token", "본인확인값(CI·DI)"),
    ("name", "성명"),
    (
        "changed in {=} since the baseline, and not approved",
        "기준이 된 처리와 달라졌으나 승인 기록이 없음: {=}",
    ),
    (
        "pipeline changed since its last record, and no reason given",
        "처리 설정이 마지막 기록과 다르고 사유가 없음",
    ),
    ("input of another controller", "다른 개인정보처리자의 자료"),
    ("a text holds what must not be recorded", "기록하면 안 되는 글이 있음"),
    ("record `{=}`: {*}", "기록(`{=}`)의 항목이 빠졌거나 형식이 다름: {*}"),
    ("`{=}`: {=} is missing, asked for by {=}", "`{=}`, {=}: 없음, 근거 {=}"),
    ("`{=}`: {=} is missing", "`{=}`, {=}: 없음"),
    ("`{=}`: {=} is not in its form, expected {=}", "`{=}`, {=}: 정해진 형식이 아님({=})"),
    ("`{=}`: {=} has too few entries, at least {=} expected", "`{=}`, {=}: 너무 적음({=}개 이상)"),
    ("and {=} more", "그 밖에 {=}건"),
    ("fields of the pipeline not found in the input", "처리 설정의 항목이 원천 자료에 없음"),
    ("records cannot be read or written", "처리 기록을 읽거나 쓸 수 없음"),
    ("processing record cannot be written", "처리 기록을 쓸 수 없음"),
    ("input has what the pipeline does not name", "처리 설정에 없는 것이 원천 자료에 있음"),
    ("records of sessions not there", "접속 세션의 기록이 없음"),
    ("more sessions than are kept", "접속 세션이 다룰 수 있는 수보다 많음"),
    ("an input file was there twice", "같은 원천 파일이 두 번 있음"),
    ("output not written", "결과를 쓰지 못함"),
    ("committed output not there", "기록된 가명정보 파일이 없음"),
    ("not begun", "시작하지 않음"),
    ("finished at the next start", "다음에 시작할 때 마무리함"),
    ("interrupted before its commit", "가명처리 기록 전에 중단됨"),
];

static FORMS: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(REASONS));

/// Why a night came to nothing, in Korean; as it stands if no version of this program says so.
///
/// # Examples
///
/// ```
/// use gamyeong::report::reasons::korean;
///
/// assert_eq!(korean("input not readable: a file is not there"), "원천 자료를 읽을 수 없음: 파일이 없음");
/// assert_eq!(korean("of a later version"), "of a later version");
/// ```
#[must_use]
pub fn korean(reason: &str) -> String {
    // What was found in several columns stands one behind the other.
    let korean = |part: &str| match part.chars().nth(LONGEST) {
        None => within(part, DEPTH),
        Some(_) => part.to_owned(),
    };
    reason.split("; ").map(korean).collect::<Vec<_>>().join("; ")
}

fn within(text: &str, depth: usize) -> String {
    FORMS.look_up(text, depth, &within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_form_and_as_many_gaps_in_korean() {
        FORMS.are_those_of(REASONS);
    }

    #[test]
    fn what_was_found_in_several_columns_is_told_of_each() {
        let of = [
            (
                "column `memo`: resident in 2 cells; column `a b`: identifier of the input in 1 cells",
                "`memo` 항목에 주민등록번호·외국인등록번호 2칸; `a b` 항목에 원천 자료의 식별자 1칸",
            ),
            (
                "3 of 20 lines rejected, most often missing:cs(Cookie)",
                "해석하지 못한 것이 3행(전체 20행), 가장 많은 사유: `cs(Cookie)` 항목이 파일 머리글에 없음",
            ),
            (
                "3 of 20 lines rejected, most often time:처리 일시",
                "해석하지 못한 것이 3행(전체 20행), 가장 많은 사유: `처리 일시` 항목이 정해진 형식의 시각이 아님",
            ),
            (
                "record `run.commit`: `purpose`: purpose (처리 목적) is missing; and 2 more",
                "기록(`run.commit`)의 항목이 빠졌거나 형식이 다름: `purpose`, purpose (처리 목적): 없음; 그 밖에 2건",
            ),
            (
                "record `run.begin`: `items[0].how`: how (방법) is missing, asked for by 법; `a`: b (다) is missing",
                "기록(`run.begin`)의 항목이 빠졌거나 형식이 다름: `items[0].how`, how (방법): 없음, 근거 법; `a`, b (다): 없음",
            ),
            // Names of columns and fields are no words of the program.
            ("column `name`: mobile in 3 cells", "`name` 항목에 휴대전화번호 3칸"),
            (
                "9 of 9 lines rejected, most often truncated:account",
                "해석하지 못한 것이 9행(전체 9행), 가장 많은 사유: `account` 항목에서 행이 끊김",
            ),
            ("급함", "급함"),
        ];
        for (english, expected) in of {
            assert_eq!(korean(english), expected);
        }
    }
}
