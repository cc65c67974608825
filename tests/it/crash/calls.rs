//! Nights in which one system call is the last one, or fails.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::house::{House, State, said, was_killed};
use super::trace::{self, Blow, Call};
use super::{failures, is_all, none_of};

/// One night to break.
struct Case {
    state: State,
    call: Call,
    blow: Blow,
}

/// The blows for a call, by what it does.
fn blows(call: &Call) -> &'static [Blow] {
    match call.name.as_str() {
        "write" | "pwrite64" | "openat" | "mkdir" => {
            &[Blow::Kill, Blow::Error("EIO"), Blow::Error("ENOSPC")]
        }
        _ => &[Blow::Kill, Blow::Error("EIO")],
    }
}

/// Sealed files begin with some twenty writes of a few bytes, a number that is
/// drawn, and nothing is made of them before they are whole.
fn is_of_a_header(call: &Call) -> bool {
    call.name == "write" && call.path().extension().is_some_and(|suffix| suffix == "age")
}

fn cases() -> Vec<Case> {
    let states = if is_all() { &State::ALL[..] } else { &[State::New, State::Changed] };
    let mut cases = Vec::new();
    for &state in states {
        let (_, calls) = trace::record(&House::of(state));
        for (index, call) in calls.into_iter().enumerate() {
            let is_sync = call.name.contains("sync");
            let is_move = call.name.starts_with("rename");
            let is_chosen = |blow: Blow| match is_all() {
                true => state == State::Changed || !is_of_a_header(&call) || index % 7 == 0,
                false => match blow {
                    Blow::Kill => is_sync || is_move || index % 29 == 0,
                    Blow::Error(_) => index % 11 == 0,
                },
            };
            let chosen = blows(&call).iter().copied().filter(|&blow| is_chosen(blow));
            cases.extend(chosen.map(|blow| Case { state, call: call.clone(), blow }));
        }
    }
    cases
}

fn case(case: &Case) -> Result<(), String> {
    let Case { state, call, blow } = case;
    let (name, path, nth) = (&call.name, call.path().display(), call.nth);
    let label = |why: String| format!("{state:?}, {name} {path} {nth}, {blow:?}: {why}");
    let house = House::of(*state);
    match trace::strike(&house, call, *blow) {
        None if is_of_a_header(call) => {}
        None => return Err(label("no such call".to_owned())),
        Some(output) => match blow {
            Blow::Kill if !was_killed(&output) => return Err(label(said(&output))),
            Blow::Error(_) if output.status.code().is_none_or(|code| code == 0) => {
                return Err(label(format!("called a success, {}", said(&output))));
            }
            Blow::Kill | Blow::Error(_) => {}
        },
    }
    house.runs().map_err(label)?;
    house.is_settled(*state).map_err(label)
}

#[test]
fn a_night_that_is_broken_off_at_any_system_call_is_made_good_by_the_next() {
    if !trace::is_there() {
        say("skipped: no strace, or it may not trace");
        return;
    }
    let cases = cases();
    let mut counts: BTreeMap<(State, Blow, &str), usize> = BTreeMap::new();
    for Case { state, call, blow } in &cases {
        *counts.entry((*state, *blow, &call.name)).or_default() += 1;
    }
    let failed = failures(&cases, case);
    for ((state, blow, name), count) in counts {
        say(&format!("{count:>5}  {state:?}, {blow:?} at {name}"));
    }
    say(&format!("{:>5}  cases, {} failed", cases.len(), failed.len()));
    none_of(&failed, cases.len());
}

/// Past the capture of the test harness: a test that was skipped, or how much
/// of the matrix was run, is to be seen in the log of every run.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "crash matrix: {text}");
}
