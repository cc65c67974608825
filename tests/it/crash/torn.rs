//! Nights that come to the largest size a file may have: the write that
//! crosses it is made in part, and the process dies at the next.
//!
//! Source: setrlimit(2), `RLIMIT_FSIZE`; prlimit(1).

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output};

use super::house::{House, State, one_thread};
use super::{failures, is_all, none_of};

const SIGXFSZ: i32 = 25;

/// Above the largest file that a night writes, in bytes.
const MOST: u64 = 16_000;

fn run_to(house: &House, bytes: u64) -> Option<Output> {
    let mut prlimit = Command::new("prlimit");
    one_thread(&mut prlimit);
    prlimit.arg(format!("--fsize={bytes}")).arg("--core=0").arg(env!("CARGO_BIN_EXE_gamyeong"));
    prlimit.args(house.night()).output().ok()
}

#[test]
fn a_night_that_writes_part_of_a_file_is_made_good_by_the_next() {
    let first = House::of(State::Changed);
    let Some(unlimited) = run_to(&first, u64::from(u32::MAX)) else { return };
    assert!(unlimited.status.success(), "{unlimited:?}");

    let step = if is_all() { 61 } else { 311 };
    let mut cases = Vec::new();
    for state in [State::Secret, State::Changed] {
        cases.extend((1..MOST / step).map(|part| (state, part * step)));
    }
    let torn = std::sync::atomic::AtomicUsize::new(0);
    let failed = failures(&cases, |&(state, bytes)| {
        let label = |why| format!("{state:?}, {bytes} bytes: {why}");
        let house = House::of(state);
        let output = run_to(&house, bytes).ok_or(label("not run".to_owned()))?;
        match (output.status.signal(), output.status.code()) {
            (Some(SIGXFSZ), _) => torn.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
            (_, Some(0)) => 0,
            _ => return Err(label(format!("{output:?}"))),
        };
        house.runs().map_err(label)?;
        house.is_settled(state).map_err(label)
    });
    none_of(&failed, cases.len());
    assert!(torn.into_inner() > cases.len() / 2);
}
