//! Tables and sealed files that are not to be there: destroyed, or in no record.

use std::fs;
use std::path::PathBuf;

use gamyeong::ledger::items::example;
use gamyeong::ledger::record::Kind;
use serde_json::{Map, Value, json};

use crate::house::{DATE, House, files, log, put};

fn after_a_night() -> House {
    let house = House::new();
    // The last line is rejected, and sealed.
    house.put(&format!("logs/access-{DATE}.log"), log(12, 240) + "no line of this format\n");
    house.run(&[]).exits(0);
    house
}

/// A whole body of the processing that ran.
fn of_the_night(kind: Kind) -> Map<String, Value> {
    let mut body: Map<String, Value> = example::body(kind);
    body.insert("management_no".to_owned(), json!("26-01"));
    if body.contains_key("pipeline") {
        body.insert("pipeline".to_owned(), json!("visits"));
    }
    body
}

/// Enters a record with all its items, some of them changed. Gives its number.
#[track_caller]
fn enter(house: &House, kind: Kind, changes: &Value) -> u64 {
    let mut body: Map<String, Value> = of_the_night(kind);
    body.extend(changes.as_object().unwrap().clone());
    body.retain(|_, value| !value.is_null());
    let said = house.enter(kind.as_str(), &toml::to_string(&body).unwrap()).exits(0);
    said.out.split([' ', ':']).nth(1).unwrap().parse().unwrap()
}

/// Every step of the destruction of the table, as records have it.
fn record_destruction(house: &House, path: &str) {
    let request = enter(house, Kind::RetentionRequested, &json!({}));
    let approval = enter(house, Kind::RetentionApproved, &json!({ "request": request }));
    let destroyed = json!({"approval": approval, "pipeline": "visits", "paths": [path]});
    enter(house, Kind::DataDestroyed, &destroyed);
}

#[test]
fn a_table_whose_destruction_was_recorded_is_not_missed_and_must_be_gone() {
    let house = after_a_night();
    let table = house.table(DATE);
    let path = table.strip_prefix(house.path("store")).unwrap().to_str().unwrap().to_owned();
    record_destruction(&house, &path);

    let still = house.say(&["ledger", "verify", "--data"]).exits(1);
    assert!(still.out.contains(&format!("{path}: not-destroyed (run visits-")), "{}", still.out);

    fs::remove_file(&table).unwrap();
    let gone = house.say(&["ledger", "verify", "--data"]).exits(0);
    assert!(gone.out.contains("1 were destroyed, as records say"), "{}", gone.out);
    // Its proof says what stood there, and may stay or go.
    for proof in files(&house.path("store")) {
        fs::remove_file(proof).unwrap();
    }
    let gone = house.say(&["ledger", "verify", "--data", "--json"]).exits(0);
    let found = gone.json().pop().unwrap();
    let outcomes = found["data"].as_array().unwrap().iter();
    assert_eq!(outcomes.filter(|file| file["outcome"] == "destroyed").count(), 2);
}

/// Found by a review: `prune` took a folder as all that is in it, `verify` as nothing.
#[test]
fn a_folder_whose_destruction_was_recorded_covers_what_was_in_it() {
    let house = after_a_night();
    // A second night over the first, whose table stays beside the new one.
    house.put(&format!("logs/access-{DATE}.log"), log(12, 250) + "no line of this format\n");
    house.run(&[]).exits(0);
    record_destruction(&house, "visits/web/");
    fs::remove_dir_all(house.path("store/visits/web")).unwrap();

    let gone = house.say(&["ledger", "verify", "--data", "--json"]).exits(0).json().remove(0);
    let outcomes = gone["data"].as_array().unwrap().iter();
    assert_eq!(outcomes.filter(|file| file["outcome"] == "destroyed").count(), 4);
    let prune = house.say(&["ledger", "prune", "--json"]).exits(0);
    assert!(!prune.out.contains("not-destroyed"), "{}", prune.out);
}

/// What was laid aside is a file of its own, for both.
#[test]
fn a_superseded_table_is_destroyed_by_its_own_name() {
    let house = after_a_night();
    house.put(&format!("logs/access-{DATE}.log"), log(12, 250) + "no line of this format\n");
    house.run(&[]).exits(0);
    let path = format!("visits/web/date={DATE}/part-0.parquet");
    record_destruction(&house, &path);
    fs::remove_file(house.table(DATE)).unwrap();
    house.say(&["ledger", "verify", "--data"]).exits(0);
    let prune = house.say(&["ledger", "prune", "--json"]).exits(0);
    assert!(prune.out.contains("not-destroyed"), "{}", prune.out);

    let store = house.path("store");
    let aside =
        files(&store).into_iter().find(|path| path.to_str().unwrap().contains("superseded"));
    let aside = aside.unwrap();
    let name = aside.strip_prefix(&store).unwrap().to_str().unwrap().replace(".tlog-proof", "");
    record_destruction(&house, &name);
    fs::remove_file(store.join(&name)).unwrap();
    house.say(&["ledger", "verify", "--data"]).exits(0);
    let prune = house.say(&["ledger", "prune", "--json"]).exits(0);
    assert!(!prune.out.contains("not-destroyed"), "{}", prune.out);
}

#[test]
fn a_path_that_is_of_no_file_is_not_taken_as_destroyed() {
    let house = after_a_night();
    let whole = format!("visits/web/date={DATE}/part-0.parquet");
    let before = house.records().len();
    let vault = house.path("vault");
    let sealed = files(&vault).into_iter().find(|path| path.to_str().unwrap().contains("rejects"));
    let sealed = sealed.unwrap().strip_prefix(&vault).unwrap().to_str().unwrap().to_owned();
    for (kind, list, right, other) in [
        (Kind::DataDestroyed, "outputs", whole.as_str(), sealed.as_str()),
        (Kind::AdditionalDestroyed, "sealed", &sealed, &whole),
    ] {
        for path in
            ["store/visits/web", "/visits", "visit", "./visits", "visits/../visits", ".", other]
        {
            let mut body: Map<String, Value> = of_the_night(kind);
            body.remove("approval");
            body.insert("paths".to_owned(), json!([right, path]));
            let said = house.enter(kind.as_str(), &toml::to_string(&body).unwrap()).exits(3);
            let why = format!("`paths`: number 2 is no file in `{list}` of an earlier record");
            assert!(said.err.contains(&why), "{path}: {}", said.err);
        }
        assert_eq!(house.records().len(), before);
    }
    for (kind, whole) in [(Kind::DataDestroyed, &whole), (Kind::AdditionalDestroyed, &sealed)] {
        for path in ["visits", "visits/", whole] {
            enter(&house, kind, &json!({"paths": [path], "approval": null}));
        }
    }
}

#[test]
fn a_sealed_file_whose_destruction_was_recorded_is_not_missed() {
    let house = after_a_night();
    let vault = house.path("vault");
    let is_sealed = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "age");
    let sealed = files(&vault).into_iter().find(is_sealed).unwrap();
    let name = sealed.strip_prefix(&vault).unwrap().to_str().unwrap().to_owned();
    fs::remove_file(&sealed).unwrap();
    let missed = house.say(&["ledger", "verify", "--data"]).exits(1);
    assert!(missed.out.contains(&format!("{name}: missing")), "{}", missed.out);

    let destroyed = json!({"act": "파기", "info_kind": "추가정보", "paths": [name]});
    enter(&house, Kind::AdditionalDestroyed, &destroyed);
    house.say(&["ledger", "verify", "--data"]).exits(0);
}

/// Somebody put it there, or cut the records that named it.
#[test]
fn a_table_that_no_record_names_is_told_of() {
    let house = after_a_night();
    let bytes = fs::read(house.table(DATE)).unwrap();
    let stray = house.table("2026-11-19");
    fs::create_dir_all(stray.parent().unwrap()).unwrap();
    put(&stray, &bytes);
    let found = house.say(&["ledger", "verify", "--data"]).exits(1);
    assert!(found.out.contains("date=2026-11-19/part-0.parquet: unrecorded\n"), "{}", found.out);
    fs::remove_file(&stray).unwrap();
    house.say(&["ledger", "verify", "--data"]).exits(0);
}
