//! What was entered wrong: a record of its own says what is right, and the old one stays.

use gamyeong::ledger::items::{self, Writer};
use gamyeong::ledger::record::{KINDS, Kind};
use serde_json::json;

use super::entered::{enters, refuses};
use crate::house::House;

#[test]
fn a_correction_names_an_uncorrected_record_of_its_kind_and_number() {
    let house = House::new();
    let kind = Kind::Provision;
    let of = |number: &str, seq: u64| json!({"management_no": number, "corrects": seq});
    let first = enters(&house, kind, &json!({"management_no": "26-01", "recipient": "연구원 가"}));
    refuses(&house, kind, &of("26-01", 0), "corrects", "is a `provision`");
    refuses(&house, kind, &of("26-01", 99), "corrects", "is a `provision`");
    refuses(&house, Kind::Incident, &of("26-01", first), "corrects", "is a `incident`");
    refuses(&house, kind, &of("26-02", first), "corrects", "of another `management_no`");
    let second = enters(&house, kind, &of("26-01", first));
    let why = format!("record {second} corrects that one already");
    refuses(&house, kind, &of("26-01", first), "corrects", &why);
    let third = enters(&house, kind, &of("26-01", second));
    let listed = house.say(&["ledger", "list"]).exits(0).out;
    let line = |seq: u64| listed.lines().nth(usize::try_from(seq).unwrap()).unwrap();
    assert!(line(first).ends_with(&format!("  corrected by {second}")), "{listed}");
    let both = format!("  corrects {first}, corrected by {second}");
    assert!(line(second).ends_with(&both.replace(&format!("by {second}"), &format!("by {third}"))));
    assert!(line(third).ends_with(&format!("  corrects {second}")), "{listed}");
    assert!(!line(0).contains("correct"), "{listed}");
    let shown = house.say(&["ledger", "show", &third.to_string()]).exits(0).out;
    assert!(shown.contains(&format!("\"corrects\": {second}")), "{shown}");
    house.verify();
}

/// A grant with a wrong day is granted again in its place, and in no other.
#[test]
fn a_corrected_grant_is_no_second_one() {
    let house = House::new();
    let kind = Kind::RightsGranted;
    let first = enters(&house, kind, &json!({"reason": "오기"}));
    refuses(&house, kind, &json!({}), "account", "grants the same rights");
    enters(&house, kind, &json!({"corrects": first}));
    refuses(&house, kind, &json!({}), "account", "grants the same rights");
}

/// An incident that was of no processing at first may be of one in the end.
#[test]
fn a_correction_may_add_a_number() {
    let house = House::new();
    let none = json!({"management_no": ""});
    let first = enters(&house, Kind::Incident, &none);
    enters(&house, Kind::Incident, &json!({"management_no": "26-01", "corrects": first}));
}

/// What is signed is followed by a later approval; who opened what the program tells too.
#[test]
fn what_people_enter_and_do_not_sign_can_be_corrected() {
    for kind in KINDS {
        let kept = items::of(kind);
        let has = |key: &str| kept.items.iter().any(|item| item.key == key);
        let is_entered = kept.writer == Writer::Person && kind != Kind::Access;
        assert_eq!(has("corrects"), is_entered && !has("signatures"), "{kind:?}");
    }
}

/// What is published is what is right.
#[test]
fn a_corrected_provision_is_not_published() {
    let house = House::new();
    let first = enters(&house, Kind::Provision, &json!({"recipient": "연구원 가"}));
    enters(&house, Kind::Provision, &json!({"recipient": "연구원 나", "corrects": first}));
    let made = enters(&house, Kind::CombinationFiles, &json!({"agency": "기관 가"}));
    enters(&house, Kind::CombinationFiles, &json!({"agency": "기관 나", "corrects": made}));
    let out = house.root.with_file_name("status.json");
    house.say(&["ledger", "status", "--out", out.to_str().unwrap()]).exits(0);
    let text = std::fs::read_to_string(out).unwrap();
    for (right, wrong) in [("연구원 나", "연구원 가"), ("기관 나", "기관 가")] {
        assert!(text.contains(right) && !text.contains(wrong), "{text}");
    }
}
