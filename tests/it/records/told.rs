//! All faults of a file that is entered are told at once, each of them once.

use gamyeong::ledger::items::{self, Need, Writer, example};
use gamyeong::ledger::record::{KINDS, Kind};
use serde_json::json;

use super::entered::{body, toml};
use crate::house::House;

/// The lines of an error that tell of faults.
fn faults(err: &str) -> Vec<&str> {
    err.lines().filter(|line| line.contains("entry.toml:")).collect()
}

#[test]
fn an_empty_example_is_told_whole() {
    let house = House::new();
    for kind in KINDS.into_iter().filter(|kind| items::of(*kind).writer == Writer::Person) {
        let said = house.enter(kind.as_str(), &example::toml(kind)).exits(3);
        let told = faults(&said.err);
        for item in items::of(kind).items {
            let is_there = |line: &&&str| {
                let (key, of) = (format!("`{}`", item.key), format!("`{}.", item.key));
                line.contains(&key)
                    || line.contains(&of)
                    || line.contains(&format!("`{}[", item.key))
            };
            let number = told.iter().filter(is_there).count();
            // In the file as it comes numbers and flags have a value.
            let has_value = matches!(item.form, items::Form::Number | items::Form::Flag);
            match item.need {
                Need::Always if !has_value => assert!(number > 0, "{}: {}", item.key, said.err),
                Need::Without(_) => assert_eq!(number, 1, "{}: {}", item.key, said.err),
                Need::Always | Need::Never | Need::If(..) | Need::With(_) => {}
            }
            if item.need == Need::Always && item.form.items().is_none() && !has_value {
                assert_eq!(number, 1, "{}: {}", item.key, said.err);
            }
        }
    }
}

#[test]
fn alternatives_are_one_fault() {
    let house = House::new();
    let said = house.enter("incident", &example::toml(Kind::Incident)).exits(3);
    assert!(
        said.err.contains(": one of `subjects` and `subjects_unknown` is missing"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains(": one of `reported_at` and `not_reported` is missing"),
        "{}",
        said.err
    );
    let said = house.enter("provision", &example::toml(Kind::Provision)).exits(3);
    let both = "one of `period_end` and `period_none_reason` is missing";
    assert_eq!(said.err.matches("period_").count(), 2, "{}", said.err);
    assert!(said.err.contains(both), "{}", said.err);
    // Either will do, and one in no form is told as that.
    let mut of = body(Kind::Incident, &json!({}));
    of.remove("subjects_unknown");
    house.enter("incident", &toml(&of)).exits(0);
    of.insert("subjects".to_owned(), json!(-1));
    let said = house.enter("incident", &toml(&of)).exits(3);
    assert_eq!(faults(&said.err).len(), 1, "{}", said.err);
    assert!(said.err.contains("`subjects`: data subjects"), "{}", said.err);
}

#[test]
fn an_empty_word_is_missing_and_its_words_are_told() {
    let house = House::new();
    for blank in ["", " "] {
        let text = toml(&body(Kind::Incident, &json!({ "kind": blank })));
        let said = house.enter("incident", &text).exits(3);
        let told = "`kind`: kind of incident (유출등 구분) is missing, asked for by 법 제34조, \
            expected one of `분실`, `도난`";
        assert!(said.err.contains(told), "{}", said.err);
        assert_eq!(faults(&said.err).len(), 1, "{}", said.err);
    }
}

/// Of the structure, of items, of words, and of what cannot be: in one answer.
#[test]
fn faults_of_every_sort_are_told_together() {
    let house = House::new();
    let mut of = body(Kind::RightsGranted, &json!({"holder_ip": "not an ip", "scope": ["갱신"]}));
    of.insert("granted_on".to_owned(), json!("2026-11-20"));
    of.insert("operators".to_owned(), json!("x"));
    of.insert("account".to_owned(), json!(7));
    of.insert("reason".to_owned(), json!("010-1234-5678"));
    of.remove("supervisor");
    let text = toml(&of).replace("requested_on = \"2026-11-22\"", "requested_on = 2026-11-22");
    let said = house.enter("rights.granted", &text).exits(3);
    for told in [
        "found integer, expected string",
        "`holder_ip`: no IP address",
        "`reason`: looks like personal data",
        "found a date, expected string: put it in quotes",
        "not one of its words, expected one of `생성`, `조회`",
        "`supervisor`: supervisor (책임자) is missing",
        "unknown key `operators`",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    assert_eq!(faults(&said.err).len(), 7, "{}", said.err);
}

/// What the command line names and cannot be read is a fault of it.
#[test]
fn a_file_that_cannot_be_read_is_a_fault_of_the_command_line() {
    let house = House::new();
    let directory = house.root.to_str().unwrap();
    for path in ["/nowhere/entry.toml", directory] {
        let said = house.say(&["ledger", "enter", "incident", "--file", path]).exits(2);
        assert!(said.err.contains(&format!("`--file {path}`: cannot be read")), "{}", said.err);
        let sign = ["approve", "sign", "plan.approved", "--file", path, "--key", "/nowhere"];
        house.say(&sign).exits(2);
        let out = house.root.with_file_name("evidence.zip");
        let out = out.to_str().unwrap();
        house.say(&["ledger", "evidence", "2026", "--out", out, "--trust", path]).exits(2);
    }
}
