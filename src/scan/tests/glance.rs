//! What is passed over at a glance is no kind when it is read.

use proptest::prelude::*;

use super::super::glance::could_begin;
use super::super::{Hits, View};

/// What stands before a number: keys, words, letters, parts of escapes.
const BEFORE: &str = "(|앞자리 |&|\\?|\n|%|%2|%20|M|a|JB|１|계좌 |국민|여권 |면허|account=|a_c_c=|a&cc=|x=bank |gyejwa:|biz=|bsn=|saup:|\
    brn=|corp-no=|license=|DRIVER |isbn=|_=|date=|x1=|jumin=|tel=|\\+|\\(|1\\.|2-|서울 |/lib/|card=)";

/// Digits that many kinds begin with, and more.
const NUMBER: &str = "900101|(|0|010|02|031|0505|82|8210|82010|0082|978|17|20|11|28|3[0-8]|4|5[1-5]|62|9)[0-9]{0,12}|\
    [0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{7}|[0-9]{1,22}";

/// What stands behind it: marks, fields, words.
const BEHIND: &str = "(|&|&x=1|&x2=1234|&amp;x2=1234|a|A1234|[-. _+)(%,/\n]|은행| 은행|０|１２|%2D1234|%20|%|\
    [- ._)][0-9]{1,7}([- ._][0-9]{1,7}){0,3}|- |\\.do|－1234|( ?[,/:;~*|(]|--|…|／|%2C| 뒷자리 |뒤)[0-9]{7})";

/// How many ASCII digits stand from a place on.
fn run(text: &str, start: usize) -> usize {
    text.as_bytes()[start..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn nothing_is_passed_over(before in BEFORE, number in NUMBER, behind in BEHIND) {
        let text = format!("{before}{number}{behind}");
        let place = before.len();
        let view = View { bytes: text.as_bytes(), floor: 0 };
        // The digits of an escape are no number, and a run begins with its first digit.
        let is_start = view.digits_start(place) == Some(place)
            && !view.before(place).last().is_some_and(u8::is_ascii_digit);
        if is_start && !could_begin(view, place, run(&text, place)) {
            prop_assert_eq!(Hits::new(&text).number_at(place), None);
        }
    }
}

#[test]
fn most_dates_times_and_books_are_passed_over() {
    for text in [
        "isbn=9788936433673&x=1",
        "date=20261120",
        "_=1790000000000",
        "/lib/12345/list",
        "no=1234567890123456789012",
        "seq=123456789, ",
        "page=1234567.do",
    ] {
        let place = text.find(|mark: char| mark.is_ascii_digit()).unwrap();
        let view = View { bytes: text.as_bytes(), floor: 0 };
        assert!(!could_begin(view, place, run(text, place)), "{text}");
    }
}

#[test]
fn a_word_with_the_same_letters_is_enough() {
    for (text, expected) in [
        ("account=1234567890123&", true),
        ("계좌 1234567890123&", true),
        ("cat=1234567890123&", true),
        ("cat&=1234567890123&", false),
        ("biz=1234567890&", true),
        ("biz=12345678901&", false),
        ("driver=123456789012&", true),
        ("title=1234567890123&", false),
        ("a very long line of which the bank=1234567890123&", true),
    ] {
        let place = text.find(|mark: char| mark.is_ascii_digit()).unwrap();
        let view = View { bytes: text.as_bytes(), floor: 0 };
        assert_eq!(could_begin(view, place, run(text, place)), expected, "{text}");
    }
}
