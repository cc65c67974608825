//! A word in; whether it begins with, or is, a surname out.
//!
//! Source: 통계청, 인구주택총조사 2015 (surnames of 1,000 persons and more); romanised as in
//! passports; for foreigners the most frequent of the countries that most of them come from.
//!
//! Not here: given names.

/// Surnames of one syllable.
const KOREAN: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변\
염여추도소석선설마길연위표명기반라나왕금옥육인맹제모탁국어은편용예경봉사부가복태목형계피두감음빈동온호범좌팽승간상시갈단";

/// Surnames of two.
const KOREAN_DOUBLE: [&str; 10] =
    ["남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방", "망절", "어금"];

/// In Latin letters, in lower case.
const LATIN: &str = "kim lee yi rhee park pak bak choi choe jung jeong chung jong kang gang cho jo yoon yun jang \
chang lim im rim han oh seo suh shin sin kwon gwon hwang ahn an song ryu yoo yu you hong \
jeon jun chun ko go koh moon mun son sohn yang bae pae baek paik baik heo hur huh nam shim \
sim noh roh ha kwak gwak sung seong cha joo ju woo koo gu min jin ji eom um chae won bang \
kong hyun ham byun yeom choo namgung nguyen tran pham hoang phan vu dang bui wang li zhang \
liu chen huang zhao wu zhou xu tanaka suzuki sato yamada santos reyes cruz garcia singh \
kumar khan smith johnson";

/// Words and parts of words that stand as values of `name=` and are no names.
const STOP_WORDS: &str = "전체 공지 공지사항 소설 소식 한국 한국사 한글 한자 서울 서울시 경기 경기도 강원 강원도 인천 \
광주 부산 제주 제주도 전북 전남 경북 경남 강남 강남구 강북 성남 성남시 수원 안양 안산 고양 \
용인 평택 하남 구리 남양주 오산 시흥 여주 이천 이용 이용안내 이용자 이용시간 이벤트 이미지 \
이메일 이름 이름없음 이전 이후 이번 이달의책 이주민 이주여성 정보 정보마당 정책 정기 \
정기간행물 정치 정치학 조회 조회수 조선 조선시대 지도 지역 지식 지원 지원사업 지리 지구과학 \
주간 주말 주제 주제별 주소 주민 주민센터 주차 주차장 문학 문화 문화행사 문화강좌 문의 문서 \
문제 민원 민법 민주주의 방문 방문자 방학특강 방송 변경 사용 사용자 사회 사회과학 사진 사업 \
사서 사서추천 상담 상담실 상호대차 상세 상세검색 상태 서비스 서명 서가 서적 선택 선생님 설정 \
설문 설문조사 성인 성명 소개 소장 소장자료 송파구 순수과학 시간 시설 시설안내 시작 시험 신간 \
신간도서 신규 신문 신착 신착도서 신청 신청자 신청안내 안내 안내문 안내데스크 언어 여행 여성 \
여성학 역사 연구 연락처 연도 연속간행물 연체 연장 영화 영어 영어회화 예약 예약자 예술 예정 \
오늘 오전 오후 오시는길 온라인 외국인 우리 우리말 우수도서 운영 운영시간 원문 원서 위치 유아 \
유아실 유형 음악 음악회 인기 인기도서 인문 인문학 인물 인터넷 인증 일반 임시 자료 자료실 \
자료검색 작가 작가와의만남 잡지 장르 장바구니 장소 장애인 저자 전자책 전자도서 전시 전시회 \
전화 전화번호 제목 제한 종교 종료 진로 진행 진행중 차례 참고 참고자료 채용 천문학 철학 \
청소년 총류 추가 추천 추천도서 출판사 통계 특강 하루 학교 학생 학습 현재 현황 홈 홈페이지 \
화면 화학 확인 회원 회원가입 휴관 휴관일 희망도서 도서 도서명 도서관 도서검색 도서실 도로 \
도움말 도시 동화 동화책 동아리 동영상 동시 동물 동의 마을 마당 마이페이지 만화 매일 메인 \
메뉴 목록 목차 목적 모두 모집 모집안내 미분류 비공개 비회원 검색 검색어 결과 경제 경제학 \
경영 계속 고객 고객센터 고전 고전문학 공개 공공 공연 공부 공간 과학 과학자 관리자 관심도서 \
교육 교실 구독 구분 국가 국내 국내도서 국어 국외 권수 그림책 기간 기관 기관명 기록 기본 기술 \
기술과학 기업 기타 기획 길찾기 김치 김장 나의서재 나눔 나무 남자 남성 노인 노동 노래 다국어 \
대기 대여 대출 대출자 대학 등록 등록자 로그인 로봇 반납 반납일 배송 배경 백과사전 부모 \
부모교육 부서 분관 분류 테스트 테스터 담당자 운영자 익명 무명 없음 미정 미입력 해당없음 \
유튜브 유료 무료 최근 최신 최신순 정확도 정확도순 정렬 가나다순 가격 가입 가족 가을 강의 \
강의실 강사 강좌 강좌명 개인 개인정보 건강 게시판 게시글 복지 복사 부록 봉사 봉사활동 봄 \
여름 상호 상품 상품명 선물 설화 소년 소녀 하늘 한식 한옥 현대 현대문학 형사 형법 호텔 호랑이 \
환경 황금 마음 마감 명작 명단 명사특강 모바일 주요 주문 주문자 진료 지하 지점 지부 채널 표지 \
표준 표시 함께 현장 석사 박사 박물관 박람회 배달 배움터 백일장 태그 태양 계절 계정 계약 국민 \
국사 용어 용도 편집 편지 편의시설";

/// What places and things end with.
const STOP_SUFFIXES: &[&str] = &[
    "도서관",
    "자료실",
    "열람실",
    "센터",
    "학교",
    "대학",
    "교실",
    "문고",
    "서점",
    "은행",
    "병원",
    "공원",
    "박물관",
    "미술관",
    "복지관",
    "문화원",
    "주민센터",
    "출판사",
    "신문",
    "소설",
    "도서",
    "자료",
    "검색",
    "안내",
    "목록",
    "행사",
    "강좌",
    "특강",
    "게시판",
    "페이지",
    "사이트",
    "시스템",
    "프로그램",
    "서비스",
    "테스트",
    "관리자",
    "담당자",
    "사용자",
    "이용자",
    "운영자",
    "역사",
    "문학",
    "과학",
    "경제",
    "여행",
    "이야기",
];

/// Latin words that stand as values and are no names.
const STOP_LATIN: &str = "admin administrator all anonymous any asc author book books board center city default demo \
desc false file guest home id image index korea library list login main manager master \
member menu name nan new none notice null operator page root search seoul service session \
sort system test tester title true type undefined unknown user username value www http https \
university school club guide event news info the of and for";

/// True if a word is a surname and one to three syllables, also behind a surname of two.
pub(super) fn is_korean(word: &str) -> bool {
    let syllables = word.chars().count();
    let has_double = KOREAN_DOUBLE.iter().any(|surname| word.starts_with(surname));
    let has_single = word.chars().next().is_some_and(|first| KOREAN.contains(first));
    (has_single && (2..=4).contains(&syllables)) || (has_double && (3..=5).contains(&syllables))
}

/// True for a surname by itself.
pub(super) fn is_surname(word: &str) -> bool {
    let mut syllables = word.chars();
    let is_single = match (syllables.next(), syllables.next()) {
        (Some(first), None) => KOREAN.contains(first),
        _ => false,
    };
    is_single || KOREAN_DOUBLE.contains(&word)
}

/// True for a surname in Latin letters.
pub(super) fn is_latin(word: &[u8]) -> bool {
    is_among(LATIN, word)
}

/// True for words that such values hold and that are no names.
pub(super) fn is_stopped(word: &str) -> bool {
    is_among(STOP_WORDS, word.as_bytes()) || STOP_SUFFIXES.iter().any(|end| word.ends_with(end))
}

/// The same for Latin words.
pub(super) fn is_stopped_latin(word: &[u8]) -> bool {
    is_among(STOP_LATIN, word)
}

fn is_among(words: &str, word: &[u8]) -> bool {
    words.split(' ').any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}
