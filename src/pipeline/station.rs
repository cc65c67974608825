//! A place that chunks pass one at a time, in the order of the input, whatever
//! thread brings them.
//!
//! Not here: what is done there.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Holds a `T` for whoever's turn it is. Turns count from 0.
pub(super) struct Station<T> {
    state: Mutex<State>,
    moved: Condvar,
    /// Locked by the one whose turn it is: never waited for.
    held: Mutex<T>,
}

struct State {
    turn: u64,
    /// Threads that wait for their turn. Mostly there is none to wake.
    waiting: usize,
    /// The first turn that is not let in.
    end: u64,
}

impl<T> Station<T> {
    pub(super) fn new(held: T) -> Self {
        let state = State { turn: 0, waiting: 0, end: u64::MAX };
        Self { state: Mutex::new(state), moved: Condvar::new(), held: Mutex::new(held) }
    }

    /// Waits until all turns before this one have passed and gives what is
    /// held to `work`. `None` if the station is closed to this turn.
    ///
    /// As long as it would wait it does `meanwhile` instead: a little of
    /// something else, and false if there is nothing. To fall asleep and be woken
    /// takes as long as many a wait.
    pub(super) fn pass<R>(
        &self,
        turn: u64,
        meanwhile: impl Fn() -> bool,
        work: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let state = self.wait(|state| state.turn != turn && turn < state.end, meanwhile);
        if turn >= state.end {
            return None;
        }
        drop(state);
        let done = work(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner));
        let mut state = self.state();
        state.turn += 1;
        let is_awaited = state.waiting > 0;
        drop(state);
        if is_awaited {
            self.moved.notify_all();
        }
        Some(done)
    }

    /// Waits until so many turns have passed, as [`Station::pass`] does. False if
    /// they will not.
    pub(super) fn has_passed(&self, turns: u64, meanwhile: impl Fn() -> bool) -> bool {
        let is_under_way = |state: &State| state.turn < turns && turns <= state.end;
        self.wait(is_under_way, meanwhile).turn >= turns
    }

    /// Lets nobody in from a turn on, nor wait: it will not come. Those before it
    /// pass as if nothing had been.
    pub(super) fn close(&self, from: u64) {
        let mut state = self.state();
        state.end = state.end.min(from);
        drop(state);
        self.moved.notify_all();
    }

    fn wait(
        &self,
        must_wait: impl Fn(&State) -> bool,
        meanwhile: impl Fn() -> bool,
    ) -> MutexGuard<'_, State> {
        let mut state = self.state();
        while must_wait(&state) {
            drop(state);
            let did_something = meanwhile();
            state = self.state();
            if !did_something && must_wait(&state) {
                state.waiting += 1;
                state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.waiting -= 1;
            }
        }
        state
    }

    /// Takes out what is held.
    pub(super) fn into_inner(self) -> T {
        self.held.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thread that panics closes all stations, so that what it left behind
    /// is not used.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn turns_pass_in_order_whatever_thread_brings_them() {
        let station = Station::new(Vec::new());
        let next = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    loop {
                        let turn = next.fetch_add(1, Ordering::Relaxed);
                        if turn >= 1_000 {
                            break;
                        }
                        station
                            .pass(turn, || turn.is_multiple_of(3), |seen| seen.push(turn))
                            .unwrap();
                    }
                });
            }
        });
        assert_eq!(station.into_inner(), (0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_waits_for_a_turn_that_does_not_come_is_let_go() {
        let station = Station::new(());
        thread::scope(|scope| {
            let waiting = scope.spawn(|| station.pass(1, || false, |()| ()));
            let counting = scope.spawn(|| station.has_passed(2, || false));
            while station.state().waiting < 2 {
                thread::yield_now();
            }
            station.close(1);
            assert_eq!(waiting.join().unwrap(), None);
            assert!(!counting.join().unwrap());
        });
        // What came before is not held up, whatever else is closed.
        station.close(2);
        assert_eq!(station.pass(0, || false, |()| ()), Some(()));
        assert!(station.has_passed(1, || false));
        assert_eq!(station.pass(1, || false, |()| ()), None);
    }

    #[test]
    fn what_is_done_meanwhile_comes_before_sleep() {
        let station = Station::new(());
        let left = AtomicU64::new(3);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let meanwhile = || {
                    let before = left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
                    before.is_ok()
                };
                station.pass(1, meanwhile, |()| ())
            });
            while station.state().waiting == 0 {
                thread::yield_now();
            }
            assert_eq!(left.load(Ordering::Relaxed), 0);
            station.pass(0, || false, |()| ());
            assert_eq!(waiting.join().unwrap(), Some(()));
        });
    }
}
