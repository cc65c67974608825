//! Nothing is lost, doubled or half-published, wherever a night is broken off.
//!
//! ```text
//! house ─► copy ─► run, broken off ─► run again ─► as if nothing had been ─► run: unchanged
//!                  at a kill point (`points`)
//!                  at a system call (`calls`): killed before it, or it fails
//!                  within a write (`torn`)
//! ```
//!
//! A kill leaves the page cache behind, a power failure does not. `order`
//! therefore reads the system calls themselves: nothing may be recorded as
//! published while a name or a byte of it could still be lost.

mod calls;
pub(crate) mod house;
mod lock;
pub(crate) mod order;
mod points;
mod torn;
mod trace;
mod tree;

use std::thread;

/// Everything, and not only what fits into a minute.
fn is_all() -> bool {
    std::env::var_os("GAMYEONG_CRASH_MATRIX").is_some_and(|value| value == "all")
}

/// Works through the cases two at a time and gives what failed.
fn failures<C: Sync>(cases: &[C], case: impl Fn(&C) -> Result<(), String> + Sync) -> Vec<String> {
    let (left, right) = cases.split_at(cases.len() / 2);
    let work = |cases: &[C]| cases.iter().filter_map(|c| case(c).err()).collect::<Vec<_>>();
    thread::scope(|scope| {
        let left = scope.spawn(|| work(left));
        let right = work(right);
        let mut failed = left.join().unwrap();
        failed.extend(right);
        failed
    })
}

#[track_caller]
fn none_of(failures: &[String], cases: usize) {
    assert!(failures.is_empty(), "{} of {cases} cases:\n{}", failures.len(), failures.join("\n"));
}
