//! A word in; whether it begins with, or is, a surname out.
//!
//! Source: 통계청, 인구주택총조사 2015 (surnames of 1,000 persons and more); romanised as in
//! passports; for foreigners the most frequent of the countries that most of them come from.
//!
//! Not here: given names.

use super::words;

/// Bytes of a syllable of Hangul.
const SYLLABLE: usize = 3;

/// Surnames of one syllable.
const KOREAN: &str = "가 간 갈 감 강 경 계 고 공 곽 구 국 권 금 기 길 김 나 남 노 단 도 동 두 \
라 류 마 맹 명 모 목 문 민 박 반 방 배 백 범 변 복 봉 부 빈 사 상 서 석 선 설 성 소 손 송 승 \
시 신 심 안 양 어 엄 여 연 염 예 오 옥 온 왕 용 우 원 위 유 육 윤 은 음 이 인 임 장 전 정 제 \
조 좌 주 지 진 차 채 천 최 추 탁 태 팽 편 표 피 하 한 함 허 현 형 호 홍 황";

/// Surnames of two.
const KOREAN_DOUBLE: &str = "남궁 독고 동방 망절 사공 서문 선우 어금 제갈 황보";

/// In Latin letters, in lower case.
const LATIN: &str = "ahn an bae baek baik bak bang bui byun cha chae chang chen cho choe \
choi choo chun chung cruz dang eom gang garcia go gu gwak gwon ha ham han heo hoang hong \
huang huh hur hwang hyun im jang jeon jeong ji jin jo johnson jong joo ju jun jung kang khan \
kim ko koh kong koo kumar kwak kwon lee li lim liu min moon mun nam namgung nguyen noh oh \
pae paik pak park pham phan reyes rhee rim roh ryu santos sato seo seong shim shin sim sin \
singh smith sohn son song suh sung suzuki tanaka tran um vu wang won woo wu xu yamada yang \
yeom yi yoo yoon you yu yun zhang zhao zhou";

/// Words and parts of words that stand as values of `name=` and are no names.
const STOP_WORDS: &str = "가격 가나다순 가을 가입 가족 강남 강남구 강북 강사 강원 강원도 \
강의 강의실 강좌 강좌명 개인 개인정보 건강 검색 검색어 게시글 게시판 결과 경기 경기도 경남 \
경북 경영 경제 경제학 계속 계약 계절 계정 고객 고객센터 고양 고전 고전문학 공간 공개 공공 \
공부 공연 공지 공지사항 과학 과학자 관리자 관심도서 광주 교실 교육 구독 구리 구분 국가 국내 \
국내도서 국민 국사 국어 국외 권수 그림책 기간 기관 기관명 기록 기본 기술 기술과학 기업 기타 \
기획 길찾기 김장 김치 나눔 나무 나의서재 남성 남양주 남자 노동 노래 노인 다국어 담당자 대기 \
대여 대출 대출자 대학 도로 도서 도서검색 도서관 도서명 도서실 도시 도움말 동물 동시 동아리 \
동영상 동의 동화 동화책 등록 등록자 로그인 로봇 마감 마당 마을 마음 마이페이지 만화 매일 \
메뉴 메인 명단 명사특강 명작 모두 모바일 모집 모집안내 목록 목적 목차 무료 무명 문서 문의 \
문제 문학 문화 문화강좌 문화행사 미분류 미입력 미정 민법 민원 민주주의 박람회 박물관 박사 \
반납 반납일 방문 방문자 방송 방학특강 배경 배달 배송 배움터 백과사전 백일장 변경 복사 복지 \
봄 봉사 봉사활동 부록 부모 부모교육 부산 부서 분관 분류 비공개 비회원 사서 사서추천 사업 \
사용 사용자 사진 사회 사회과학 상담 상담실 상세 상세검색 상태 상품 상품명 상호 상호대차 서가 \
서명 서비스 서울 서울시 서적 석사 선물 선생님 선택 설문 설문조사 설정 설화 성남 성남시 성명 \
성인 소개 소녀 소년 소설 소식 소장 소장자료 송파구 수원 순수과학 시간 시설 시설안내 시작 \
시험 시흥 신간 신간도서 신규 신문 신착 신착도서 신청 신청안내 신청자 안내 안내데스크 안내문 \
안산 안양 언어 없음 여름 여성 여성학 여주 여행 역사 연구 연도 연락처 연속간행물 연장 연체 \
영어 영어회화 영화 예술 예약 예약자 예정 오늘 오산 오시는길 오전 오후 온라인 외국인 용도 \
용어 용인 우리 우리말 우수도서 운영 운영시간 운영자 원문 원서 위치 유료 유아 유아실 유튜브 \
유형 음악 음악회 이달의책 이름 이름없음 이메일 이미지 이번 이벤트 이용 이용시간 이용안내 \
이용자 이전 이주민 이주여성 이천 이후 익명 인기 인기도서 인문 인문학 인물 인증 인천 인터넷 \
일반 임시 자료 자료검색 자료실 작가 작가와의만남 잡지 장르 장바구니 장소 장애인 저자 전남 \
전북 전시 전시회 전자도서 전자책 전체 전화 전화번호 정기 정기간행물 정렬 정보 정보마당 정책 \
정치 정치학 정확도 정확도순 제목 제주 제주도 제한 조선 조선시대 조회 조회수 종교 종료 주간 \
주말 주문 주문자 주민 주민센터 주소 주요 주제 주제별 주차 주차장 지구과학 지도 지리 지부 \
지식 지역 지원 지원사업 지점 지하 진로 진료 진행 진행중 차례 참고 참고자료 채널 채용 천문학 \
철학 청소년 총류 최근 최신 최신순 추가 추천 추천도서 출판사 태그 태양 테스터 테스트 통계 \
특강 편의시설 편지 편집 평택 표시 표준 표지 하남 하늘 하루 학교 학생 학습 한국 한국사 한글 \
한식 한옥 한자 함께 해당없음 현대 현대문학 현장 현재 현황 형법 형사 호랑이 호텔 홈 홈페이지 \
화면 화학 확인 환경 황금 회원 회원가입 휴관 휴관일 희망도서";

/// What places and things end with.
const STOP_SUFFIXES: &str = "강좌 검색 게시판 경제 공원 과학 관리자 교실 담당자 대학 도서 \
도서관 목록 문고 문학 문화원 미술관 박물관 병원 복지관 사용자 사이트 서비스 서점 센터 소설 \
시스템 신문 안내 여행 역사 열람실 운영자 은행 이야기 이용자 자료 자료실 주민센터 출판사 \
테스트 특강 페이지 프로그램 학교 행사";

/// Latin words that stand as values and are no names.
const STOP_LATIN: &str = "admin administrator all and anonymous any asc author board book \
books center city club default demo desc event false file for guest guide home http https id \
image index info korea library list login main manager master member menu name nan new news \
none notice null of operator page root school search seoul service session sort system test \
tester the title true type undefined university unknown user username value www";

/// True if a word is a surname and one to three syllables, also behind a surname of two.
pub(super) fn is_korean(word: &[u8]) -> bool {
    let begins_with = |bytes, surnames| {
        word.split_at_checked(bytes).is_some_and(|(surname, _)| words::is_among(surnames, surname))
    };
    match word.len() / SYLLABLE {
        2 => begins_with(SYLLABLE, KOREAN),
        3 | 4 => begins_with(SYLLABLE, KOREAN) || begins_with(2 * SYLLABLE, KOREAN_DOUBLE),
        5 => begins_with(2 * SYLLABLE, KOREAN_DOUBLE),
        _ => false,
    }
}

/// True for a surname by itself.
pub(super) fn is_surname(word: &[u8]) -> bool {
    words::is_among(KOREAN, word) || words::is_among(KOREAN_DOUBLE, word)
}

/// True for a surname in Latin letters.
pub(super) fn is_latin(word: &[u8]) -> bool {
    words::is_among_folded(LATIN, word)
}

/// True for words of Hangul that such values hold and that are no names.
pub(super) fn is_stopped(word: &[u8]) -> bool {
    // The endings are two to four syllables.
    let is_ending = |syllables: usize| {
        let start = word.len().checked_sub(syllables * SYLLABLE);
        start.is_some_and(|start| words::is_among(STOP_SUFFIXES, &word[start..]))
    };
    words::is_among(STOP_WORDS, word) || (2..=4).any(is_ending)
}

/// The same for Latin words.
pub(super) fn is_stopped_latin(word: &[u8]) -> bool {
    words::is_among_folded(STOP_LATIN, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order() {
        for list in [KOREAN, KOREAN_DOUBLE, LATIN, STOP_WORDS, STOP_SUFFIXES, STOP_LATIN] {
            assert!(words::is_in_order(list), "{list}");
        }
    }

    #[test]
    fn surnames_and_stopped_words_are_told() {
        for name in ["이수", "홍길동", "남궁민수", "남궁민수진", "김가나다"] {
            assert!(is_korean(name.as_bytes()), "{name}");
        }
        for word in ["이", "홍길동홍길", "쇼팽", "가나다라마"] {
            assert!(!is_korean(word.as_bytes()), "{word}");
        }
        for word in ["분당도서관", "전체", "주민센터", "운영자"] {
            assert!(is_stopped(word.as_bytes()), "{word}");
        }
        assert!(is_latin(b"KIM") && is_latin(b"nguyen") && !is_latin(b"library"));
        assert!(is_stopped_latin(b"Library") && !is_stopped_latin(b"kim"));
    }
}
