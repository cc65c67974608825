//! A Korean address in; its 시·도 and 시·군·구 by their full names out.
//!
//! ```text
//! 서울 강남구 테헤란로 1            ─► 서울특별시 강남구
//! 경기도 성남시 분당구 판교역로 99  ─► 경기도 성남시
//! 세종특별자치시 한누리대로 1       ─► 세종특별자치시
//! 경북 군위군 군위읍                ─► 대구광역시 군위군
//! ```
//!
//! The list is that of 2026 (`region.csv`): 226 시·군·구, 세종특별자치시, the two
//! 행정시 of 제주, what changed on 2026-07-01 under both names, since logs are older:
//! 중구, 동구 and 서구 of 인천 beside 제물포구, 영종구, 검단구 and 서해구; 광주광역시 and 전라남도
//! beside 전남광주통합특별시. Districts of a city without a council of their own
//! (일반구) stay with the city. A unit that took another's place whole has its
//! name: see `FORMER`.
//!
//! Source: 지방자치법, articles 2 and 3, and the acts on single units (인천광역시
//! 제물포구·영종구 및 검단구 설치 등에 관한 법률, 2024); 도로명주소법 시행령, article 6 for
//! the order of an address.
//!
//! Not here: addresses that begin below the 시·도; Unicode in decomposed form.

use super::{Hierarchy, HierarchyError};

const LIST: &str = include_str!("region.csv");

/// Full names and the others that stand in addresses. `광주시` is none: it is a
/// city of 경기도 as well.
const NAMES: [(&str, &[&str]); 18] = [
    ("서울특별시", &["서울", "서울시"]),
    ("부산광역시", &["부산", "부산시"]),
    ("대구광역시", &["대구", "대구시"]),
    ("인천광역시", &["인천", "인천시"]),
    ("광주광역시", &["광주"]),
    ("대전광역시", &["대전", "대전시"]),
    ("울산광역시", &["울산", "울산시"]),
    ("세종특별자치시", &["세종", "세종시"]),
    ("경기도", &["경기"]),
    ("강원특별자치도", &["강원", "강원도"]),
    ("충청북도", &["충북"]),
    ("충청남도", &["충남"]),
    ("전북특별자치도", &["전북", "전라북도"]),
    ("전라남도", &["전남"]),
    ("경상북도", &["경북"]),
    ("경상남도", &["경남"]),
    ("제주특별자치도", &["제주", "제주도"]),
    ("전남광주통합특별시", &["전남광주", "전남광주특별시", "광주특별시"]),
];

/// Units that became another, whole, and what they are now.
const FORMER: [(&str, &str, &str); 10] = [
    // 2023-07-01
    ("경상북도", "군위군", "대구광역시 군위군"),
    // 2018-07-01
    ("인천광역시", "남구", "인천광역시 미추홀구"),
    // 2014-07-01
    ("충청북도", "청원군", "충청북도 청주시"),
    // 2013-09-23
    ("경기도", "여주군", "경기도 여주시"),
    // 2012-07-01
    ("충청남도", "연기군", "세종특별자치시"),
    // 2012-01-01
    ("충청남도", "당진군", "충청남도 당진시"),
    // 2010-07-01
    ("경상남도", "마산시", "경상남도 창원시"),
    ("경상남도", "진해시", "경상남도 창원시"),
    // 2006-07-01
    ("제주특별자치도", "북제주군", "제주특별자치도 제주시"),
    ("제주특별자치도", "남제주군", "제주특별자치도 서귀포시"),
];

/// Words in front of the 시·도 that are passed over, such as `대한민국` and a postal
/// code, at most.
const BEFORE: usize = 2;

/// Bytes of a word that is looked at, at most: three times the longest name.
const WORD_MAX: usize = 96;

/// The regions of the country.
#[derive(Debug, Clone)]
pub struct Regions {
    list: Hierarchy,
}

impl Regions {
    /// Reads the list that comes with the program.
    ///
    /// # Errors
    ///
    /// Never in a program whose tests have passed.
    pub fn new() -> Result<Self, HierarchyError> {
        Ok(Self { list: Hierarchy::read(LIST.as_bytes())? })
    }

    /// The 시·군·구 of an address with its 시·도, by their full names; 세종특별자치시 has
    /// none and is its own. `None` if either is not of the list.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::hierarchy::region::Regions;
    ///
    /// let regions = Regions::new()?;
    /// assert_eq!(regions.sigungu("서울 강남구 테헤란로 1"), Some("서울특별시 강남구"));
    /// assert_eq!(regions.sigungu("서울 강낭구"), None);
    /// assert_eq!(regions.sido("서울 강낭구"), Some("서울특별시"));
    /// # Ok::<(), gamyeong::protect::hierarchy::HierarchyError>(())
    /// ```
    #[must_use]
    pub fn sigungu(&self, address: &str) -> Option<&str> {
        let (sido, next) = sido(address)?;
        if let Some(found) = self.list.at(sido, 0) {
            return Some(found);
        }
        let word = next?;
        let former = FORMER.iter().find(|(of, old, _)| *of == sido && *old == word);
        if let Some((_, _, now)) = former {
            return self.list.at(now, 0);
        }
        self.unit(sido, word).or_else(|| {
            // `성남시분당구`, written as one.
            word.match_indices('시')
                .filter(|_| word.ends_with('구'))
                .find_map(|(at, city)| self.unit(sido, &word[..at + city.len()]))
        })
    }

    /// The 시·도 of an address by its full name, that of the 시·군·구 as it is now if
    /// there is one. `None` if the address does not begin with one.
    #[must_use]
    pub fn sido(&self, address: &str) -> Option<&str> {
        match self.sigungu(address) {
            Some(unit) => self.list.at(unit, 1),
            None => sido(address).map(|(name, _)| name),
        }
    }

    /// The list: 시·군·구, then 시·도, 권역 and `*`.
    #[must_use]
    pub fn list(&self) -> &Hierarchy {
        &self.list
    }

    fn unit(&self, sido: &str, word: &str) -> Option<&str> {
        self.list.at(&format!("{sido} {word}"), 0)
    }
}

/// The full name of the 시·도, and the word behind it.
fn sido(address: &str) -> Option<(&'static str, Option<&str>)> {
    let mut words =
        address.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let mut name = words.next()?;
    for _ in 0..BEFORE {
        if !is_before(name) {
            break;
        }
        name = words.next()?;
    }
    let is_meant = |(full, others): &&(&str, &[&str])| *full == name || others.contains(&name);
    let (full, _) = NAMES.iter().find(is_meant)?;
    Some((full, words.next().filter(|word| word.len() <= WORD_MAX)))
}

fn is_before(word: &str) -> bool {
    word == "대한민국" || word.bytes().all(|byte| byte.is_ascii_digit() || b"()[]-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(address: &str, sido: Option<&str>, sigungu: Option<&str>) {
        let regions = Regions::new().unwrap();
        assert_eq!((regions.sido(address), regions.sigungu(address)), (sido, sigungu), "{address}");
    }

    #[test]
    fn both_old_and_short_names_are_read() {
        for address in ["서울특별시 강남구 테헤란로 1", "서울 강남구", "서울시\u{3000}강남구"]
        {
            reads(address, Some("서울특별시"), Some("서울특별시 강남구"));
        }
        for address in ["경기도 성남시 분당구 판교역로 99", "경기 성남시", "경기 성남시분당구 1"]
        {
            reads(address, Some("경기도"), Some("경기도 성남시"));
        }
        for address in ["강원특별자치도 춘천시", "강원도 춘천시", "강원 춘천시 1"]
        {
            reads(address, Some("강원특별자치도"), Some("강원특별자치도 춘천시"));
        }
        reads("전라북도 전주시 덕진구", Some("전북특별자치도"), Some("전북특별자치도 전주시"));
        reads("(06236) 부산 중구 1", Some("부산광역시"), Some("부산광역시 중구"));
        reads("대한민국 04524 서울특별시, 중구", Some("서울특별시"), Some("서울특별시 중구"));
        reads("경기 광주시 1", Some("경기도"), Some("경기도 광주시"));
        reads("경기 부천시 원미구 1", Some("경기도"), Some("경기도 부천시"));
        reads("경남 창원시마산합포구", Some("경상남도"), Some("경상남도 창원시"));
    }

    #[test]
    fn sejong_has_no_districts() {
        for address in ["세종특별자치시 한누리대로 1", "세종시", "세종 조치원읍"]
        {
            reads(address, Some("세종특별자치시"), Some("세종특별자치시"));
        }
    }

    #[test]
    fn what_became_another_has_its_name() {
        reads("경북 군위군 군위읍", Some("대구광역시"), Some("대구광역시 군위군"));
        reads("대구 군위군 군위읍", Some("대구광역시"), Some("대구광역시 군위군"));
        reads("인천 남구 1", Some("인천광역시"), Some("인천광역시 미추홀구"));
        reads("충남 연기군 조치원읍", Some("세종특별자치시"), Some("세종특별자치시"));
        let regions = Regions::new().unwrap();
        for (sido, old, now) in FORMER {
            assert_eq!(regions.sigungu(&format!("{sido} {old}")), Some(now));
            assert_eq!(regions.list().at(&format!("{sido} {old}"), 0), None);
        }
    }

    #[test]
    fn the_units_of_2026_stand_beside_those_before() {
        for name in ["중구", "동구", "서구", "제물포구", "영종구", "검단구"] {
            let expected = format!("인천광역시 {name}");
            reads(&format!("인천 {name}"), Some("인천광역시"), Some(&expected));
        }
        reads("광주 북구", Some("광주광역시"), Some("광주광역시 북구"));
        reads(
            "전남광주통합특별시 북구",
            Some("전남광주통합특별시"),
            Some("전남광주통합특별시 북구"),
        );
        let list = Regions::new().unwrap().list;
        for unit in ["광주광역시 북구", "전남광주통합특별시 북구", "전라남도 나주시"]
        {
            assert_eq!(list.at(unit, 2), Some("호남권"));
        }
    }

    #[test]
    fn what_is_not_of_the_list_is_none() {
        for address in ["", "   ", "강남구 테헤란로", "광주시 북구", "서울강남구", "Seoul", "*"]
        {
            reads(address, None, None);
        }
        reads("서울 강낭구", Some("서울특별시"), None);
        reads("서울", Some("서울특별시"), None);
        reads("경기 강남구", Some("경기도"), None);
        reads("경기 성남시x", Some("경기도"), None);
    }

    #[test]
    fn the_list_has_every_unit_once() {
        let regions = Regions::new().unwrap();
        // 226 시·군·구, 세종, two 행정시; and of 2026-07-01: four of 인천, 27 of 전남광주.
        assert_eq!(regions.list().values(), 226 + 1 + 2 + 4 + 27);
        for unit in regions.list().iter() {
            assert_eq!(regions.sigungu(unit), Some(unit));
            assert!(unit.starts_with(regions.sido(unit).unwrap()));
        }
        let full: std::collections::BTreeSet<_> =
            regions.list().iter().filter_map(|unit| regions.list().at(unit, 1)).collect();
        assert_eq!(full, NAMES.iter().map(|(full, _)| *full).collect());
    }

    #[test]
    fn long_addresses_are_linear() {
        let regions = Regions::new().unwrap();
        for piece in ["시", "시구", " ", "0", "(", "경기 "] {
            let _ = regions.sigungu(&format!("경기 {}", piece.repeat(1_000_000)));
            let _ = regions.sigungu(&piece.repeat(1_000_000));
        }
    }

    proptest! {
        #[test]
        fn what_stands_behind_changes_nothing(behind in " \\PC{0,40}", pick in any::<prop::sample::Index>()) {
            let regions = Regions::new().unwrap();
            let units: Vec<&str> = regions.list().iter().collect();
            let unit = units[pick.index(units.len())];
            prop_assert_eq!(regions.sigungu(&format!("{unit}{behind}")), Some(unit));
        }
    }
}
