//! Nights in which one system call is the last one, or fails.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::house::{House, State, outcome, said, was_killed};
use super::trace::{self, Blow, Call};
use super::{failures, is_all, none_of, order};

/// States that are tested if there is little time.
const FEW: [State; 3] = [State::New, State::Changed, State::Month];

/// One night to break.
struct Case<'c> {
    state: State,
    /// The calls of a night that nobody breaks.
    calls: &'c [Call],
    /// Which of them meets with the blow.
    index: usize,
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

/// The others begin with something of their own and go on like these.
fn is_thorough(state: State) -> bool {
    FEW.contains(&state) || [State::Committed, State::Halfway].contains(&state)
}

/// What a night does in each state that is tested.
fn nights() -> Vec<(State, Vec<Call>)> {
    let is_chosen = |state: &State| {
        // A house without a secret makes the same calls, and those that make it.
        if is_all() { *state != State::Secret } else { FEW.contains(state) }
    };
    let states = State::ALL.into_iter().filter(is_chosen);
    states.map(|state| (state, trace::record(&House::of(state)).1)).collect()
}

fn cases(nights: &[(State, Vec<Call>)]) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for &(state, ref calls) in nights {
        for (index, call) in calls.iter().enumerate().filter(|(_, call)| !call.is_shadowed) {
            let is_sync = call.name.contains("sync");
            let is_move = call.name.starts_with("rename");
            let is_chosen = |blow: Blow| match blow {
                _ if is_all() && is_of_a_header(call) => state == State::Changed || index % 7 == 0,
                Blow::Kill => is_all() || is_sync || is_move || index % 29 == 0,
                Blow::Error(_) if call.name == "ftruncate" => true,
                Blow::Error(_) => is_all() && is_thorough(state) || index % 11 == 0,
            };
            let chosen = blows(call).iter().copied().filter(|&blow| is_chosen(blow));
            cases.extend(chosen.map(|blow| Case { state, calls, index, blow }));
        }
    }
    cases
}

fn case(case: &Case<'_>) -> Result<(), String> {
    let &Case { state, calls, index, blow } = case;
    let call = &calls[index];
    let (name, path, nth) = (&call.name, call.path().display(), call.nth);
    let label = |why: String| format!("{state:?}, {name} {path} {nth}, {blow:?}: {why}");
    let house = House::of(state);
    match trace::strike(&house, call, blow) {
        None if is_of_a_header(call) => return Ok(()),
        None => return Err(label("no such call".to_owned())),
        Some(output) => match blow {
            Blow::Kill if !was_killed(&output) => return Err(label(said(&output))),
            Blow::Error(_) if output.status.code().is_none_or(|code| code == 0) => {
                return Err(label(format!("called a success, {}", said(&output))));
            }
            Blow::Kill | Blow::Error(_) => {}
        },
    }
    if blow == Blow::Kill {
        let (output, after) = trace::record(&house);
        outcome(&output).map_err(label)?;
        order::is_safe(&calls[..index], &after).map_err(label)?;
    } else {
        house.runs().map_err(label)?;
    }
    house.is_settled(state).map_err(label)
}

#[test]
fn a_night_that_is_broken_off_at_any_system_call_is_made_good_by_the_next() {
    if !trace::is_there() {
        say("skipped: no strace, or it may not trace");
        return;
    }
    let nights = nights();
    let cases = cases(&nights);
    let mut counts: BTreeMap<(State, Blow, &str), usize> = BTreeMap::new();
    for &Case { state, calls, index, blow } in &cases {
        *counts.entry((state, blow, &calls[index].name)).or_default() += 1;
    }
    let failed = failures(&cases, case);
    for ((state, blow, name), count) in counts {
        say(&format!("{count:>5}  {state:?}, {blow:?} at {name}"));
    }
    let calls = || nights.iter().flat_map(|(_, calls)| calls);
    let shadowed = calls().filter(|call| call.is_shadowed).count();
    say(&format!("{shadowed:>5}  of {} calls are out of reach", calls().count()));
    assert!(shadowed * 20 < calls().count(), "{shadowed} calls are out of reach");
    say(&format!("{:>5}  cases, {} failed", cases.len(), failed.len()));
    none_of(&failed, cases.len());
}

/// Past the capture of the test harness: a test that was skipped, or how much
/// of the matrix was run, is to be seen in the log of every run.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "crash matrix: {text}");
}
