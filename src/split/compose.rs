//! A name that is put together of whom it is about and what of them, in; whether a value
//! of it tells a person, out.
//!
//! ```text
//! 회원증 번호     mem_no     custNo      USER_ID          who, and a number or a name
//! 이용자 수       user_type  book_no     도서관명          how many, of what kind, of a thing
//! ```
//!
//! A person, a card or a paper of theirs, alone or with what numbers or names it, tells
//! one; with what counts or sorts them it does not. What numbers a thing (`book_no`,
//! 좌석번호, 우편번호, 청구기호) is an observation, also a number of something that one
//! person did (예약번호, 접수번호): it tells a loan or a visit, of which there are rows.
//!
//! Source: 공공데이터 공통표준용어 (행정안전부), whose abbreviations databases of public
//! bodies use: MBR, STDNT, PTNT, `APLCNT_NM`, TELNO.
//!
//! Not here: names of one part (`words`).

use super::named::{Named, is_in};

/// Who somebody is, in one word that is nothing else wherever it ends a name.
const PERSONS: &[&str] = &[
    "사용자",
    "이용자",
    "이용인",
    "대출자",
    "대출인",
    "반납자",
    "연체자",
    "예약자",
    "신청자",
    "신청인",
    "요청자",
    "요청인",
    "접수자",
    "등록자",
    "수정자",
    "처리자",
    "작성자",
    "담당자",
    "관리자",
    "결재자",
    "가입자",
    "방문자",
    "방문객",
    "출입자",
    "내방자",
    "참가자",
    "참여자",
    "참석자",
    "수강생",
    "수강자",
    "교육생",
    "응시자",
    "지원자",
    "구직자",
    "근로자",
    "봉사자",
    "후원자",
    "기부자",
    "입소자",
    "수급자",
    "수령인",
    "수령자",
    "수신자",
    "수신인",
    "발신자",
    "발신인",
    "상담자",
    "내담자",
    "상담사",
    "민원인",
    "보호자",
    "대리인",
    "대표자",
    "계약자",
    "구매자",
    "주문자",
    "결제자",
    "납부자",
    "예금주",
    "세대주",
    "배우자",
    "소유자",
    "운전자",
    "환자",
    "강사",
    "학부모",
];

/// Who somebody is, in a word that others end with too: 정회원, 초등학생.
const GROUPS: &[&str] = &[
    "회원",
    "고객",
    "학생",
    "직원",
    "사원",
    "교사",
    "교직원",
    "공무원",
    "대상자",
    "구성원",
    "본인",
];

/// The same, if something numbers or names them: alone they count or sort (아동, 가족).
const RELATED: &[&str] = &[
    "부모",
    "자녀",
    "아동",
    "어린이",
    "가족",
    "가구원",
    "개인",
    "외국인",
    "장애인",
    "비자",
    "사증",
    "체류",
    "면허",
    "휴대",
    "폰",
    "보험",
];

/// Papers that are one person's.
const PAPERS: &[&str] = &[
    "회원증",
    "대출증",
    "이용증",
    "이용자증",
    "열람증",
    "독서증",
    "도서관증",
    "학생증",
    "신분증",
    "출입증",
    "사원증",
    "공무원증",
    "면허증",
    "보험증",
    "장애인증",
];

/// What numbers or names one of them.
const NUMBERING: &[&str] = &[
    "번호",
    "id",
    "no",
    "아이디",
    "명",
    "성명",
    "이름",
    "코드",
    "식별자",
    "식별번호",
    "고유번호",
    "일련번호",
    "등록번호",
    "바코드",
    "키",
];

/// What counts or sorts them.
const COUNTING: &[&str] = &["수", "유형", "구분", "등급", "여부"];

/// Who somebody is, as names of columns abbreviate it; and what is one person's.
const PERSON_WORDS: &[&str] = &[
    "user",
    "usr",
    "member",
    "mem",
    "mber",
    "mbr",
    "cust",
    "customer",
    "client",
    "emp",
    "empl",
    "emplyr",
    "employee",
    "staff",
    "student",
    "stdnt",
    "stdt",
    "stud",
    "std",
    "stu",
    "patron",
    "patient",
    "ptnt",
    "reader",
    "rdr",
    "borrower",
    "brwr",
    "person",
    "prsn",
    "psn",
    "indv",
    "guest",
    "visitor",
    "vstr",
    "applicant",
    "aplcnt",
    "applcnt",
    "guardian",
    "prtcr",
    "cvplr",
    "teacher",
    "tchr",
    "worker",
    "holder",
    "subscriber",
    "buyer",
    "donor",
    "resident",
    "citizen",
    "foreigner",
    "participant",
    "attendee",
    "trainee",
    "learner",
    "instructor",
    "acct",
    "acnt",
    "psprt",
    "badge",
    "lgn",
    "login",
    "sabun",
    "principal",
    "actor",
    "operator",
    "oprtr",
    "creator",
    "crtr",
    "reg",
    "rgtr",
    "mdfr",
    "updusr",
    "esntl",
    "uniq",
    "hp",
    "mbl",
    "mbtl",
    "tel",
    "vhr",
    "vhcl",
];

/// Those of them that are somebody also where they end a name.
const BARE_WORDS: &[&str] = &[
    "user",
    "usr",
    "sabun",
    "principal",
    "actor",
    "operator",
    "customer",
    "employee",
    "student",
    "stdnt",
    "patient",
    "ptnt",
    "person",
    "guest",
    "visitor",
    "aplcnt",
    "teacher",
    "resident",
    "citizen",
    "foreigner",
    "participant",
    "attendee",
    "trainee",
    "learner",
    "instructor",
];

/// What numbers or names one of them.
const NUMBER_WORDS: &[&str] =
    &["no", "id", "num", "number", "nbr", "nm", "name", "cd", "code", "key", "seq", "sn", "idx"];

/// True if a value of a field with this name tells a person.
pub(super) fn tells_a_person(name: &Named) -> bool {
    let alone = name.outside();
    let is_alone = ends(alone, PERSONS) || ends(alone, PAPERS) || GROUPS.contains(&alone);
    is_alone || name.readings().iter().any(|name| is_numbered(name)) || in_latin(&name.words)
}

/// True if it says how many persons there are, or of what kind.
pub(super) fn counts_persons(name: &Named) -> bool {
    let counted = COUNTING.iter().filter_map(|end| name.outside().strip_suffix(end));
    counted.into_iter().any(|who| ends(who, PERSONS) || ends(who, GROUPS) || ends(who, RELATED))
}

fn ends(name: &str, list: &[&str]) -> bool {
    list.iter().any(|end| name.ends_with(end))
}

/// `회원증번호` is a paper and what numbers it.
fn is_numbered(name: &str) -> bool {
    let numbered = NUMBERING.iter().filter_map(|end| name.strip_suffix(end));
    numbered
        .into_iter()
        .any(|who| [PERSONS, GROUPS, RELATED, PAPERS].iter().any(|of| ends(who, of)))
}

/// `mem_no`, `memNo`, `MEMNO2` and `user`.
fn in_latin(words: &[String]) -> bool {
    let is_person = |word: &str| PERSON_WORDS.contains(&word);
    let is_pair = |pair: &[String]| is_person(&pair[0]) && is_in(&pair[1], NUMBER_WORDS);
    let is_joined = |word: &String| {
        let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        NUMBER_WORDS.iter().filter_map(|end| bare.strip_suffix(end)).any(is_person)
    };
    let is_by = words.len() > 1 && words.last().is_some_and(|last| last == "by");
    is_by
        || words.windows(2).any(is_pair)
        || words.iter().any(is_joined)
        || words.last().is_some_and(|last| is_in(last, BARE_WORDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of persons, and of what is theirs.
    const PERSONAL: &str = "회원증번호|도서관 회원증 번호|독서회원번호|회원증|대출증번호|대출증|이용증번호
        학생증번호|고객번호|고객명|사용자|사용자ID|사용자 ID|환자명|환자|휴대번호|법정대리인|강사명|수강자|구직자
        수령인|대출인|직원번호|사원번호|자녀명|아동이름|가족번호|이용자|회원|회원(번호)|번호(회원)|[회원] 번호
        고객번호(필수)|회원 No.|회원코드|체류번호|비자번호|MEM_NO|mem_id|memNo|MEMNO|memno1|cust_no|custId|emp_no
        EMP-NO|stdnt_no|STDNT_NM|std_no|ptnt_no|mbr_no|mberId|USER_NM|userNo|user_key|user_seq|person|student
        patient|reader_no|acct_no|acntNo|telno|hpNo|mblTelno|rgtr_id|frst_rgtr_id|lastUpdusrId|login_user|vhrno
        esntl_id|lgn_id|LGN_ID|sabun|principal|regId|created_by|actor|operator|oprtr_id";

    /// Names of things, and of what was done.
    const OTHERS: &str = "청구기호|좌석번호|강의실번호|우편번호|KDC|도서관명|도서관|프로그램명|자료명|강좌명|예약번호
        접수번호|관리번호|번호|순번|호실번호|버스번호|이용번호|이용일수|이용시간(분)|대출권수(회원)|대출건수(이용자)
        강사료|국적|인원(명)|아동|외국인|가족|status|size|book_no|bookNo|book_id|seat_no|room_no|branch_id
        program_nm|user_type|user_cnt|userCount|member_grade|person_count|no|num|code|acc_no|order|sort|memo_yn";

    fn names(table: &str) -> impl Iterator<Item = &str> {
        table.split(['|', '\n']).map(str::trim)
    }

    /// Found by a review: most of the first could be kept.
    #[test]
    fn who_and_what_numbers_them_is_an_identifier() {
        for name in names(PERSONAL) {
            assert!(tells_a_person(&Named::new(name)), "{name}");
        }
        for name in names(OTHERS) {
            assert!(!tells_a_person(&Named::new(name)), "{name}");
        }
    }

    #[test]
    fn how_many_persons_there_are_is_an_observation() {
        for name in names("이용자수|방문자 수|회원등급|이용자 유형|보호자여부|아동수(명)")
        {
            assert!(counts_persons(&Named::new(name)), "{name}");
        }
        for name in names("회원번호|이용횟수|권수|이용자명|수|유형") {
            assert!(!counts_persons(&Named::new(name)), "{name}");
        }
    }
}
