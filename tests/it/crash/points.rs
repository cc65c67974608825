//! Nights that kill themselves at a named point.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::house::{House, State, gamyeong, outcome, said, was_killed};
use super::tree::files;
use super::{failures, is_all, none_of};

/// Every point in the sources, in the order in which a night comes to them.
const POINTS: [&str; 25] = [
    "after-lock",
    "ledger-after-quarantine",
    "recover-before-remove",
    "after-recover",
    "after-secret",
    "ledger-before-write",
    "ledger-after-write",
    "ledger-after-sync",
    "ledger-after-readback",
    "ledger-after-sign",
    "ledger-after-checkpoint",
    "ledger-after-head",
    "after-begin",
    "after-partial",
    "after-table",
    "before-commit",
    "after-inputs",
    "after-commit",
    "publish-before-rename",
    "publish-after-side-car",
    "publish-after-aside",
    "publish-after-rename",
    "after-publish",
    "after-published",
    "after-side-car",
];

/// Points that are reached while an earlier crash is put right.
const SECOND: [&str; 6] = [
    "recover-before-remove",
    "publish-after-rename",
    "after-side-car",
    "after-recover",
    "ledger-after-write",
    "ledger-after-checkpoint",
];

/// Points of other commands than a night, which `anchor` and `witness` break off.
const ELSEWHERE: [&str; 3] = ["after-voucher", "witness-after-seen", "witness-after-out"];

fn points_in(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            points_in(&path, found);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let names =
                text.split("kill_point(\"").skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_point_of_the_sources_is_tested() {
    let mut found = BTreeSet::new();
    points_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let tested = POINTS.into_iter().chain(ELSEWHERE);
    assert_eq!(found, tested.map(str::to_owned).collect());
}

#[test]
fn a_night_that_is_killed_at_any_point_is_made_good_by_the_next() {
    let cases: Vec<(State, &str)> =
        State::ALL.iter().flat_map(|&state| POINTS.map(|point| (state, point))).collect();
    let reached = std::sync::Mutex::new(BTreeSet::new());
    let failed = failures(&cases, |&(state, point)| {
        let house = House::of(state);
        let output = house.run_to(point);
        if was_killed(&output) {
            reached.lock().unwrap().insert(point);
            house.runs().map_err(|why| format!("{state:?}, {point}: {why}"))?;
        } else {
            outcome(&output).map_err(|why| format!("{state:?}, {point} not reached: {why}"))?;
        }
        house.is_settled(state).map_err(|why| format!("{state:?}, {point}: {why}"))
    });
    none_of(&failed, cases.len());
    assert_eq!(reached.into_inner().unwrap(), POINTS.into(), "points that killed");
}

#[test]
fn a_night_may_be_killed_twice() {
    let states = if is_all() { &State::ALL[..] } else { &[State::New, State::Changed] };
    let mut cases = Vec::new();
    for &state in states {
        for (index, first) in POINTS.into_iter().enumerate() {
            let seconds = if is_all() { &SECOND[..] } else { &SECOND[index % 6..=index % 6] };
            cases.extend(seconds.iter().map(|&second| (state, first, second)));
        }
    }
    let failed = failures(&cases, |&(state, first, second)| {
        let label = |why| format!("{state:?}, {first}, {second}: {why}");
        let house = House::of(state);
        for point in [first, second] {
            let output = house.run_to(point);
            if !was_killed(&output) {
                outcome(&output).map_err(label)?;
            }
        }
        house.runs().map_err(label)?;
        house.is_settled(state).map_err(label)
    });
    none_of(&failed, cases.len());
}

#[test]
fn a_night_that_is_refused_publishes_nothing_wherever_it_is_killed() {
    let failed = failures(&POINTS, |point| {
        let house = House::of(State::Changed);
        // Two rows of three are alone in their class, half of the rows may be.
        house.write_rows("gate", "card,branch\nkim,east\nlee,west\n");
        let store = files(&house.root().join("store"));
        house.run_to(point);
        let output = gamyeong().args(house.night()).output().unwrap();
        let has_left = files(&house.root().join("store")) != store;
        if output.status.code() != Some(1) || has_left {
            return Err(format!("{point}: {}, left something: {has_left}", said(&output)));
        }
        house.is_verified().map_err(|why| format!("{point}: {why}"))
    });
    none_of(&failed, POINTS.len());
}
