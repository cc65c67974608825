//! `gamyeong plan`: what it says is what a run does, and it does nothing.

use serde_json::Value;

use crate::house::{DATE, House, log, rows, texts};

fn planned() -> House {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(12, 240));
    house
}

fn plan(house: &House, more: &[&str]) -> Vec<String> {
    let path = house.path("pipelines/visits.toml").display().to_string();
    ["plan", &path, "--date", DATE].iter().chain(more).map(ToString::to_string).collect()
}

fn said(house: &House, more: &[&str], code: i32) -> crate::house::Said {
    let arguments = plan(house, more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    house.say(&arguments).exits(code)
}

fn json(house: &House) -> Value {
    said(house, &["--json"], 0).json().remove(0)
}

fn column<'p>(plan: &'p Value, name: &str) -> &'p Value {
    let columns = plan["tables"][0]["columns"].as_array().unwrap();
    columns.iter().find(|column| column["name"] == name).unwrap()
}

#[test]
fn a_plan_writes_nothing() {
    let house = planned();
    let before = house.tree();
    said(&house, &[], 0);
    json(&house);
    assert_eq!(house.tree(), before);
}

/// Against the table that a run makes of the same input.
#[test]
fn what_is_planned_is_what_a_run_does() {
    let house = planned();
    let planned = json(&house);
    let report = house.run_json(&[]);
    for count in ["lines", "rows", "rejected", "suppressed", "excluded", "blank"] {
        assert_eq!(planned["tables"][0]["counts"][count], report["sources"][0][count], "{count}");
    }
    assert_eq!(planned["tables"][0]["risk"]["k"], report["risk"]["k"]);
    let batches = rows(&house.table(DATE));
    for name in ["visitor", "net", "path", "query", "method", "status", "referer", "browser"] {
        let values: Vec<Option<String>> =
            batches.iter().flat_map(|batch| texts(batch.column_by_name(name).unwrap())).collect();
        let distinct: std::collections::BTreeSet<_> = values.iter().flatten().collect();
        let nulls = values.iter().filter(|value| value.is_none()).count();
        let after = &column(&planned, name)["after"];
        assert_eq!(after["distinct"], distinct.len(), "{name}");
        assert_eq!(after["nulls"], nulls, "{name}");
        assert_eq!(after["rows"], values.len(), "{name}");
    }
}

#[test]
fn a_plan_has_what_the_forms_ask_for() {
    let plan = json(&planned());
    let of = |name: &str, key: &str| column(&plan, name)[key].clone();
    assert_eq!(of("visitor", "kind_ko"), "KEY");
    assert_eq!(of("net", "kind_ko"), "범주형");
    assert_eq!(of("hour", "kind_ko"), "수치형");
    assert_eq!(of("path", "kind_ko"), "텍스트");
    assert_eq!(of("visitor", "technique_ko"), "일방향 암호화(HMAC-SHA-256)");
    assert_eq!(of("visitor", "before")["distinct"], 12);
    // Times as they are logged, by the second, and by the hour.
    let shown = |seconds: i64| jiff::Timestamp::from_second(seconds).unwrap().to_string();
    let min = |side: &str| shown(of("hour", side)["min"]["value"].as_i64().unwrap());
    assert_eq!(min("before"), "2026-11-20T19:00:00Z");
    assert_eq!(of("hour", "before")["min"]["rows"], 1);
    assert_eq!(min("after"), "2026-11-20T19:00:00Z");
    assert_eq!(of("hour", "after")["min"]["rows"], 60);
    assert_eq!(of("status", "before")["max"], serde_json::json!({"value": 200, "rows": 240}));
    assert_eq!(of("browser", "shares"), serde_json::json!([{"value": "Chrome", "rows": 240}]));
    // Nothing of a key or a text is shown as it was logged.
    assert_eq!(of("visitor", "shares"), serde_json::json!([]));
    assert_eq!(of("path", "shares"), serde_json::json!([]));
}

#[test]
fn a_plan_says_what_was_changed_since_it_was_recorded() {
    let house = planned();
    let baseline = |house: &House| json(house)["baseline"].clone();
    assert_eq!(baseline(&house), Value::Null);
    assert!(said(&house, &[], 0).out.contains("no plan was recorded yet"));
    house.run(&[]).exits(0);
    assert_eq!(baseline(&house)["differences"], serde_json::json!([]));
    assert_eq!(baseline(&house)["is_same"], true);
    house.edit("pipelines/visits.toml", "v4 = 16", "v4 = 8");
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 4");
    house.edit("pipelines/visits.toml", "referer = { as = \"referer\", path = \"plain\" }\n", "");
    house.edit("pipelines/visits.toml", "referer = 2\n", "");
    let differences = baseline(&house)["differences"].clone();
    let names: Vec<&str> = differences
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| difference["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "column web.net",
            "column web.referer",
            "gate web: k_min",
            "value_persons_min web.referer"
        ]
    );
    assert_eq!(differences[1]["is"], Value::Null);
    assert_eq!((&differences[2]["was"], &differences[2]["is"]), (&"3".into(), &"4".into()));
    let said = said(&house, &[], 0).out;
    assert!(said.contains("gate web: k_min: 3 → 4"), "{said}");
}

#[test]
fn a_plan_that_would_be_refused_says_so() {
    let house = planned();
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 300");
    let said = said(&house, &[], 1);
    assert!(said.out.contains("a run would be refused"), "{}", said.out);
    assert!(said.err.contains("all 240 rows lie in classes below"), "{}", said.err);
    let arguments = plan(&house, &["--json"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let json = house.say(&arguments).exits(1).json().remove(0);
    assert_eq!(column(&json, "net")["after"], Value::Null);
    assert_eq!(column(&json, "net")["before"]["distinct"], 12);
}
