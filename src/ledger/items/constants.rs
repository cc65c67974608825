//! The words that records and forms have for what is one of several.
//!
//! Source: 가명정보 처리 가이드라인(2026.3), forms 1 to 10; 표준 개인정보 보호지침, 별지 4호
//! and 5호; 개인정보의 안전성 확보조치 기준 제2조 (접속기록).

/// The three purposes of article 28-2 (처리 목적).
pub const PURPOSES: &[&str] = &["통계작성", "과학적 연구", "공익적 기록보존"];
/// Legal bases (처리 근거).
pub const BASES: &[&str] = &["법 제28조의2", "법 제15조제3항", "법 제17조제4항"];
/// Forms of use (활용 형태).
pub const USES: &[&str] = &["내부 활용", "제3자 제공", "위탁"];
/// Where it is worked with (처리환경).
pub const PLACES: &[&str] =
    &["개인정보 이노베이션 존", "결합전문기관", "기관 내부 분석공간", "외부 반출", "기타"];
/// Kinds of information (정보구분).
pub const INFO_KINDS: &[&str] = &["가명정보", "추가정보"];
/// Kinds of information that somebody may open.
pub const OPENED: &[&str] = &["가명정보", "추가정보", "개인정보"];
/// Acts of a processing (처리구분).
pub const ACTS: &[&str] = &["생성", "이용", "제공", "보관", "파기"];
/// What rights are for (권한 범위).
pub const SCOPES: &[&str] = &["생성", "조회"];
/// Grades of risk (위험도), the lowest first.
pub const GRADES: &[&str] = &["저위험", "중위험", "고위험"];
/// Results of a review (적정성 결과).
pub const RESULTS: &[&str] = &[FIT, CONDITIONAL, UNFIT];
/// Approved.
pub const FIT: &str = "적정";
/// Approved under a condition.
pub const CONDITIONAL: &str = "조건부 승인";
/// Not approved.
pub const UNFIT: &str = "부적정";
/// Results of one of the five checks of an adequacy review.
pub const FITS: &[&str] = &["적합", "부적합"];
/// Reasons of destruction (파기 사유).
pub const DESTRUCTION: &[&str] = &[
    "보유기간 경과",
    "처리 목적 달성",
    "가명정보 처리기간 경과",
    "추가정보 불필요",
    "식별정보 생성(법 제28조의5제2항)",
];
/// Whether a destruction is certain: no overwriting vouches for a medium that copies.
pub const CERTAINTIES: &[&str] = &["확인", "추정"];
/// What is done with what was opened (수행업무).
pub const TASKS: &[&str] =
    &["조회", "등록", "수정", "삭제", "출력", "다운로드", "가명처리", "제공", "파기"];
/// Whether a processing is the first, a changed one or a repeated one.
pub const TURNS: &[&str] = &["신규", "변경", REPEATED];
/// A repeated use: nothing that a review is about was changed.
pub const REPEATED: &str = "반복·유사 활용";
/// What the review of a change is about: any of these makes it another processing.
pub const REVIEWED: &[&str] = &["목적", "항목", "제공받는 자", "방법", "범위"];
/// Kinds of incidents (유출등). The last is that of article 28-5.
pub const INCIDENTS: &[&str] = &["분실", "도난", "유출", "위조", "변조", "훼손", "식별정보 생성"];
/// That somebody became recognisable (법 제28조의5제2항).
pub const RECOGNISABLE: &str = "식별정보 생성";
/// Roles that rights are given to. None may hold those of two.
pub const ROLES: &[&str] = &["가명처리 담당자", "추가정보 관리자", REVIEWER, CPO, "이용자", "감사"];
/// In place of a management number: rights for all of them.
pub const ALL_NUMBERS: &str = "전체";
/// Who reviews (적정성 검토자).
pub const REVIEWER: &str = "검토자";
/// The privacy officer (개인정보 보호책임자).
pub const CPO: &str = "개인정보 보호책임자";
/// How a check of a ledger ended, as its report names it.
pub const OUTCOMES: &[&str] = &["pass", "not-checked", "fail"];
/// How one ended whose result is recorded: nothing is appended to a ledger that failed.
pub const HELD: &[&str] = &["pass", "not-checked"];
/// How somebody else vouches for a ledger.
pub const MEANS: &[&str] = &[WITNESSED, STAMPED];
/// A second party signed (증인).
pub const WITNESSED: &str = "증인 서명";
/// An authority stamped the time (시점확인, RFC 3161).
pub const STAMPED: &str = "시점확인";
