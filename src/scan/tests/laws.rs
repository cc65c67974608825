//! What holds for any text.

use proptest::prelude::*;

use super::super::{Kind, find, is_clean, mask};
use super::business::is_business;
use super::card::is_card;
use super::{hits, masked_is_clean};

/// Pieces that texts with many near misses are made of.
const PIECES: &str = "(010|02|031|0505|82|11|90|123|123456|900101|9001011234568|1234567|1234|5678|4111|M|S|M12345678|\
    M123A4567|101|81|23455|978|89|0|1|[0-9]{1,8}|０１０|１２３４|[a-z]{1,3}|Kim|Hong|kim|홍길동|홍|서울|은행|계좌|여권|면허|\
    성명|이름|name|userName|account|jumin1|jumin2|ci|di|@|＠|%40|%3D|%20|%2D|\\.kr|\\.com|\\.png|a\\.b|=|:|：|&|;|,|\\+|/|\\?|\
    \"|'|\\(|\\)|\\[|\\]|\\[name\\]|\\[mobile\\]|\\*|_|-|－|–|ㅡ|\\.| |\u{3000}|\n|MC0GCCqGSIb3DQIJAyEA|[A-Za-z0-9+/]{43}=|\
    [A-Za-z0-9+/]{86}==|o|x|O)";

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(PIECES, 0..24).prop_map(|pieces| pieces.concat()),
        // Values that are whole, close to each other.
        4 => prop::collection::vec(whole(), 0..8).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "[0-9\\-. ]{0,60}",
        1 => "[0-9０-９@=:%&가-힣a-zA-Z\\-]{0,200}",
    ]
}

/// A value, a mark, or a word.
fn whole() -> impl Strategy<Value = String> {
    "(900101-1234567|9001011234568|900101,1234568|900101 뒷자리 1234567|010-1234-5678|01012345678|\\+82-10-1234-5678|\\(02\\)234-5678|031-234-5678|\
     kim@example\\.kr|a\\.b@x\\.com|4111-1111-1111-1111|4111111111111111|101-81-23455|11-90-123456-78|서울 90-123456-78|\
     M12345678|M123A4567|계좌 110-123-456789|account=1101234567|110-123-456789|userName=kim|name=Kim Minsu|성명:홍길동|이름=김철수|\
     hp1=010&hp2=1234&hp3=5678|[A-Za-z0-9+/]{86}==|MC0GCCqGSIb3DQIJAyEA[A-Za-z0-9+/]{43}=|978-89-364-3367-3|2026-11-20|[-./@=:&_ +,%~;*|]|\
     [a-z0-9]|[가-힣]|여권|은행|name=|성명:|[0-9]{1,6}|\\(|\\)|%20|ox)"
        .prop_map(|piece| piece)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn spans_are_in_order_and_inside(text in text()) {
        let mut end = 0;
        for hit in hits(&text) {
            prop_assert!(hit.span.start >= end && hit.span.start < hit.span.end);
            prop_assert!(text.get(hit.span.clone()).is_some());
            end = hit.span.end;
        }
    }

    #[test]
    fn masked_text_is_clean(text in text()) {
        masked_is_clean(&text);
    }

    #[test]
    fn clean_is_without_hits(text in text()) {
        prop_assert_eq!(is_clean(&text), hits(&text).is_empty());
    }

    #[test]
    fn two_texts_have_the_hits_of_both(one in text(), other in text()) {
        let both = hits(&format!("{one}\n{other}"));
        for hit in hits(&one) {
            prop_assert!(both.contains(&hit), "{:?}", hit);
        }
        for mut hit in hits(&other) {
            hit.span.start += one.len() + 1;
            hit.span.end += one.len() + 1;
            prop_assert!(both.contains(&hit), "{:?}", hit);
        }
    }

    #[test]
    fn hits_are_added_to_those_before(text in text()) {
        let (mut once, mut twice) = (Vec::new(), Vec::new());
        find(&text, &mut once);
        find(&text, &mut twice);
        find(&text, &mut twice);
        prop_assert_eq!([once.clone(), once].concat(), twice);
    }

    #[test]
    fn place_does_not_matter(before in "[가-힣 ]{0,90}", kind in 0_usize..4) {
        let value = ["900101-1234567", "010-1234-5678", "kim@example.kr", "M123A4567"][kind];
        let found = hits(&format!("{before} {value}"));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].span.start, before.len() + 1);
    }

    #[test]
    fn a_resident_number_is_one_by_the_definition(
        first in "[0-9]{2}(0[0-9]|1[0-3])[0-3][0-9]", gap in "(-| |\\.|%2D|)", last in "[0-9]{7}",
    ) {
        let text = format!("{first}{gap}{last}");
        let is_found = hits(&text).iter().any(|hit| hit.kind == Kind::Resident);
        prop_assert_eq!(is_found, is_resident(&first, &gap, &last), "{}", text);
    }

    #[test]
    fn a_card_is_one_by_the_definition(digits in "[2-69][0-9]{15}", is_apart in any::<bool>()) {
        let apart = format!("{}-{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..12], &digits[12..]);
        let found = hits(if is_apart { &apart } else { &digits });
        prop_assert_eq!(found.iter().any(|hit| hit.kind == Kind::Card), is_card(&digits));
    }

    #[test]
    fn a_business_is_one_by_the_definition(text in "[0-9]{3}-[0-9]{2}-[0-9]{5}") {
        let is_found = hits(&text).iter().any(|hit| hit.kind == Kind::Business);
        prop_assert_eq!(is_found, is_business(&text));
    }

    #[test]
    fn masking_twice_is_masking_once(text in text()) {
        let (mut once, mut twice) = (String::new(), String::new());
        mask(&text, &hits(&text), &mut once);
        mask(&once, &hits(&once), &mut twice);
        prop_assert_eq!(once, twice);
    }
}

/// The definition, slowly: of a number that is a text by itself.
fn is_resident(first: &str, gap: &str, last: &str) -> bool {
    let digits: Vec<u32> =
        (first.to_owned() + last).chars().filter_map(|c| c.to_digit(10)).collect();
    let century = match digits[6] {
        1 | 2 | 5 | 6 => 19,
        3 | 4 | 7 | 8 => 20,
        _ => 18,
    };
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    let (year, month, day) = (century * 100 + two(0), two(2), two(4));
    let is_leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    let days = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let is_day = (1..=12).contains(&month) && day >= 1 && day <= days[month as usize - 1];
    if !is_day || !["", "."].contains(&gap) {
        return is_day;
    }
    let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let sum: u32 = (0..12).map(|place| digits[place] * weights[place]).sum();
    let is_foreign = (5..=8).contains(&digits[6]);
    let check = (if is_foreign { 13 - sum % 11 } else { 11 - sum % 11 }) % 10;
    let is_checked = check == digits[12];
    if gap == "." {
        return is_checked;
    }
    let value: u64 = (first.to_owned() + last).parse().unwrap();
    if (1_400_000_000_000..2_000_000_000_000).contains(&value) {
        return is_checked && [3, 4, 7, 8].contains(&digits[6]);
    }
    // A telephone abroad, 82 010.
    if first.starts_with("82010") {
        return is_checked;
    }
    let odd: u32 = digits.iter().step_by(2).sum();
    let even: u32 = digits.iter().skip(1).step_by(2).sum();
    let is_bar_code = digits[..3] == [8, 8, 0] && (odd + 3 * even).is_multiple_of(10);
    let needs_none = match digits[6] {
        3 | 4 => (2020..2040).contains(&year) && (year, month) >= (2020, 10),
        5 | 6 => true,
        7 | 8 => year < 2040,
        _ => false,
    };
    is_checked || (needs_none && !is_bar_code)
}

#[test]
fn hostile_texts_take_no_longer_than_others() {
    // Time is measured in `benches/scan.rs`; here it only must come to an end.
    for piece in [
        "1",
        "@",
        "-",
        "1-",
        "12-",
        "123-",
        "name=",
        "userName=",
        "a@",
        "a@a.",
        "%",
        "%3D",
        "=",
        "A",
        "A=",
        "０",
        "성명:",
        "은행 1234567890-",
        "12,",
        "12 뒤",
        "900101/",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        masked_is_clean(&text);
    }
}
