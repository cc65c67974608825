//! A place that chunks pass one at a time, in the order of the input, whatever
//! thread brings them.
//!
//! Not here: what is done there.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Holds a `T` for whoever's turn it is. Turns count from 0.
pub(super) struct Station<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
}

struct State<T> {
    turn: u64,
    /// Threads that wait for their turn. Mostly there is none to wake.
    waiting: usize,
    is_closed: bool,
    held: T,
}

impl<T> Station<T> {
    pub(super) fn new(held: T) -> Self {
        let state = State { turn: 0, waiting: 0, is_closed: false, held };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    /// Waits until all turns before this one have passed and gives what is
    /// held to `work`. `None` if the station is closed.
    pub(super) fn pass<R>(&self, turn: u64, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut state = self.state();
        while state.turn != turn && !state.is_closed {
            state.waiting += 1;
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        if state.is_closed {
            return None;
        }
        let done = work(&mut state.held);
        state.turn += 1;
        let is_awaited = state.waiting > 0;
        drop(state);
        if is_awaited {
            self.moved.notify_all();
        }
        Some(done)
    }

    /// Lets nobody in any more, nor wait: a turn will not come.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.moved.notify_all();
    }

    /// Takes out what is held.
    pub(super) fn into_inner(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).held
    }

    /// A thread that panics closes all stations, so that what it left behind
    /// is not used.
    fn state(&self) -> MutexGuard<'_, State<T>> {
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
                        station.pass(turn, |seen| seen.push(turn)).unwrap();
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
            let waiting = scope.spawn(|| station.pass(1, |()| ()));
            station.close();
            assert_eq!(waiting.join().unwrap(), None);
        });
        assert_eq!(station.pass(0, |()| ()), None);
    }
}
