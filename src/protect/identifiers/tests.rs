//! What is found, and what is not.

use super::*;

const SEEDS: HashSeeds = [1, 2, 3, 4];

fn collected(raw: &[&str]) -> Identifiers {
    let mut identifiers = Identifiers::new(SEEDS);
    for raw in raw {
        identifiers.add(raw.as_bytes());
    }
    identifiers
}

fn those_of(raw: &[&str]) -> Known {
    collected(raw).known()
}

#[test]
fn an_identifier_is_found_in_every_notation_and_place() {
    let all = ["192.0.2.7", "Kim.Minsu", "00-11-22-aa-bb-cc", "L00012345", "김민수", "hong_gd"];
    let known = those_of(&all);
    for text in [
        "192.0.2.7",
        "http://192.0.2.7/x",
        "http://192.0.2.7:8080/x",
        "/from/::ffff:192.0.2.7",
        "/my/kim.minsu/list",
        "/my/KIM.MINSU",
        "q=a&user=kim.minsu",
        "/ap/0011.22aa.bbcc",
        "/card/l00012345.html",
        "/김민수/책",
        // Found by a new user: marks beside marks, particles, and other letters.
        "/my/hong_gd.html/wish",
        "u:hong_gd",
        "x_hong_gd-1",
        "김민수님이 반납",
        "김민수가",
        "책 김민수에게",
        "L00012345번 회원",
        "ａ ｈｏｎｇ＿ｇｄ",
        "\u{1100}\u{1175}\u{11b7}\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}",
    ] {
        assert!(known.are_in(text), "{text}");
    }
    for text in ["192.0.2.77", "/my/kim", "/minsu", "/l000123456", "/card", "", "/김민수진"] {
        assert!(!known.are_in(text), "{text}");
    }
}

/// Found by a review: it ended the program, and took the square of the time.
#[test]
fn a_list_of_addresses_may_be_long() {
    let list: Vec<String> = (0..50_000).map(|n| format!("10.{}.{}.7", n / 256, n % 256)).collect();
    let known = those_of(&[&list.join(", ")]);
    assert!(known.are_in("/from/10.0.9.7/") && known.are_in("10.195.79.7"));
    assert!(!known.are_in("10.196.79.7") && known.len() == 50_001);
}

#[test]
fn what_is_short_is_not_looked_for() {
    assert!(!those_of(&["12", "kim"]).are_in("/page/12/kim"));
    let known = those_of(&["20261120", "123456"]);
    assert!(known.have_number(20_261_120) && !known.have_number(123_456));
}

/// Found by a review: a telephone passed that was kept as a number.
#[test]
fn digits_with_marks_are_known_as_a_number() {
    let known = those_of(&["010-1234-5000", "110-123-45678900", "+82 31-123-4567", "0012-3456"]);
    for number in [1_012_345_000, 11_012_345_678_900, 311_234_567] {
        assert!(known.have_number(number) && known.have_number(-number), "{number}");
    }
    for number in [1_012_345_001, 123_456, 12_345_678] {
        assert!(!known.have_number(number), "{number}");
    }
    // An address is no number, nor is what no column of numbers can hold.
    let others = those_of(&["192.168.10.20", "99999999999999999999", "L10123450"]);
    assert!(!others.have_number(1_921_681_020) && !others.have_number(10_123_450));
}

#[test]
fn tables_are_put_together() {
    let mut one = collected(&["kim.minsu"]);
    one.merge(collected(&["lee.jiwon", "kim.minsu"]));
    let one = one.known();
    assert!(one.are_in("lee.jiwon") && one.are_in("kim.minsu"));
    assert_eq!(one.len(), 2);
}

/// Around the sizes at which digests are sorted, and beginnings get another bit.
#[test]
fn every_one_of_many_is_found_and_no_other() {
    for count in [0, 1, 2, 3, 255, 256, 257, FEW, FEW + 1, 2 * FEW + 1] {
        let mut identifiers = Identifiers::new(SEEDS);
        for number in 0..count {
            identifiers.add(format!("card-{number}").as_bytes());
            identifiers.add(b"card-0");
        }
        let known = identifiers.known();
        assert_eq!(known.len(), count);
        assert!((0..count).all(|number| known.are_in(&format!("/card-{number}/"))));
        assert!((count..count + 300).all(|number| !known.are_in(&format!("/card-{number}/"))));
    }
}
