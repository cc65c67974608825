//! Bugs that were found, one test each. The first line of a test says what
//! found it.

use serde_json::Value;

use crate::house::{House, PIPELINE, log};

/// What `check` says about the good pipeline with one text replaced.
#[track_caller]
fn refusal(from: &str, to: &str) -> String {
    let house = House::new();
    house.put("pipelines/visits.toml", PIPELINE.replace(from, to));
    let path = house.path("pipelines/visits.toml");
    house.say(&["check", path.to_str().unwrap()]).exits(3).err
}

/// Found by breaking the example pipelines by hand: a slip inside the rule of
/// a field was reported as `found table, expected string or string`.
#[test]
fn a_slip_inside_a_rule_is_named() {
    let said = refusal("round = \"1h\"", "rond = \"1h\"");
    assert!(said.contains("unknown key `rond`, expected one of `as`, `keep`"), "{said}");
    let said = refusal("domain = \"ip\"", "domain = 7");
    assert!(said.contains("found integer, expected string"), "{said}");
}

/// Found by breaking the example pipelines by hand: a number that is none of
/// those allowed was reported as `data did not match any variant of untagged
/// enum Rules`.
#[test]
fn a_number_inside_a_rule_is_named() {
    let said = refusal("v4 = 16", "v4 = 15");
    assert!(said.contains("found 15, expected 8 or 16 or 24"), "{said}");
    let said = refusal("v4 = 16", "v4 = 0x0f");
    assert!(said.contains("found 15, expected 8 or 16 or 24"), "{said}");
}

/// Found by the golden command lines: `ledger verify` checked the counts of
/// sources and not those of files, so that a file whose lines did not add up
/// was found by the chain alone.
#[test]
fn lines_of_a_file_that_do_not_add_up_are_a_finding() {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(20, 200));
    house.run(&[]).exits(0);
    house.edit(
        "ledger/records/000000.jsonl",
        "\"lines\":200,\"rows\":200,\"rejected\":0,\"suppressed\":0,\"excluded\":0,\"blank\":0}]}",
        "\"lines\":200,\"rows\":199,\"rejected\":0,\"suppressed\":0,\"excluded\":0,\"blank\":0}]}",
    );
    let said = house.say(&["ledger", "verify", "--json"]).exits(6);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let conservation = checks.iter().find(|check| check["check"] == "conservation").unwrap();
    assert_eq!(conservation["outcome"], "fail");
    assert_eq!(conservation["findings"][0]["found"], "199 lines accounted for");
}
