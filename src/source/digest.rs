//! The bytes of one file after the other in; the SHA-256 of each file out,
//! computed by whoever has the time.
//!
//! ```text
//! chunk ─► due ─► digested in order, by a thread that would have to wait,
//!                 or by the one that is done with a chunk
//! ```
//!
//! A digest goes through a file from its beginning, so one thread at a time can
//! be at it, and it is a fifth of the work of a night. Were it done while a chunk
//! is read, the other threads would wait for that long to read theirs.
//!
//! Source: FIPS 180-4 (SHA-256).
//!
//! Not here: which bytes (`stored`), who waits for what (`pipeline`).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use arrow::buffer::Buffer;
use sha2::{Digest as _, Sha256};

/// What is digested before it is asked again whether there is something better
/// to do: about 20 µs.
const PIECE_BYTES: usize = 32 << 10;

/// Chunks that may be due. Whoever brings more digests first, so that memory is
/// bounded whatever the others do.
pub(super) const MOST_DUE: usize = 64;

/// The digest of the file that is being read. Clones are the same digest.
#[derive(Clone, Default)]
pub struct Digest(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Chunks that nobody has begun with, in the order of the file.
    due: Mutex<VecDeque<Buffer>>,
    /// Only who holds this takes from `due`.
    at_work: Mutex<Work>,
}

#[derive(Default)]
struct Work {
    so_far: Sha256,
    /// The chunk that is begun, and how much of it is done.
    begun: Option<(Buffer, usize)>,
}

impl Digest {
    /// Digests a piece of what is due. False if there is none, or if another
    /// thread is at it.
    #[must_use]
    pub fn piece(&self) -> bool {
        let mut work = match self.0.at_work.try_lock() {
            Ok(work) => work,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        self.0.piece(&mut work)
    }

    /// Digests until at most so many chunks are due and not begun, unless
    /// another thread is at it.
    pub fn relieve(&self, most: usize) {
        while self.0.due().len() > most && self.piece() {}
    }

    /// Has the next bytes of the file digested by the time of
    /// [`Digest::finish`].
    pub(super) fn later(&self, bytes: Buffer) {
        let mut due = self.0.due();
        due.push_back(bytes);
        let is_too_much = due.len() > MOST_DUE;
        drop(due);
        if is_too_much {
            let mut work = self.0.at_work();
            while self.0.due().len() > MOST_DUE && self.0.piece(&mut work) {}
        }
    }

    /// Digests the next bytes of the file.
    pub(super) fn now(&self, bytes: &[u8]) {
        self.caught_up().so_far.update(bytes);
    }

    /// Where it is: what stands behind this can be taken back.
    pub(super) fn so_far(&self) -> Sha256 {
        self.caught_up().so_far.clone()
    }

    /// Takes back what came after [`Digest::so_far`].
    pub(super) fn back_to(&self, before: Sha256) {
        self.caught_up().so_far = before;
    }

    /// The digest of the file; the next bytes are those of another.
    pub(super) fn finish(&self) -> [u8; 32] {
        self.caught_up().so_far.finalize_reset().into()
    }

    fn caught_up(&self) -> MutexGuard<'_, Work> {
        let mut work = self.0.at_work();
        while self.0.piece(&mut work) {}
        work
    }
}

impl Shared {
    fn at_work(&self) -> MutexGuard<'_, Work> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn due(&self) -> MutexGuard<'_, VecDeque<Buffer>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn piece(&self, work: &mut Work) -> bool {
        let next = work.begun.take().or_else(|| Some((self.due().pop_front()?, 0)));
        let Some((chunk, done)) = next else { return false };
        let end = chunk.len().min(done + PIECE_BYTES);
        work.so_far.update(&chunk[done..end]);
        if end < chunk.len() {
            work.begun = Some((chunk, end));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Relaxed;
    use std::sync::atomic::{AtomicBool, AtomicUsize};
    use std::thread;

    use super::*;

    fn chunk(number: usize) -> Buffer {
        let bytes = (0..number * 9_973 % 100_000).map(|at| (at * number).to_le_bytes()[0]);
        Buffer::from_vec(bytes.collect::<Vec<u8>>())
    }

    /// FIPS 180-4, example `abc`, whatever way its bytes come.
    #[test]
    fn a_digest_is_that_of_the_bytes_in_their_order() {
        let digest = Digest::default();
        digest.later(Buffer::from_slice_ref(b"a"));
        digest.now(b"b");
        digest.later(Buffer::from_slice_ref(b"c"));
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(data_encoding::HEXLOWER.encode(&digest.finish()), abc);
        // The next file begins anew.
        assert_eq!(digest.finish(), *Sha256::digest(b""));
    }

    #[test]
    fn threads_that_help_change_nothing() {
        let digest = Digest::default();
        let mut expected = Sha256::new();
        let (is_over, helped) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !is_over.load(Relaxed) {
                        helped.fetch_add(usize::from(digest.piece()), Relaxed);
                    }
                });
            }
            digest.later(chunk(7));
            expected.update(chunk(7));
            while helped.load(Relaxed) == 0 {
                thread::yield_now();
            }
            for number in 0..300 {
                expected.update(chunk(number));
                if number % 7 == 0 {
                    digest.now(&chunk(number));
                } else {
                    digest.later(chunk(number));
                }
            }
            is_over.store(true, Relaxed);
        });
        assert_eq!(digest.finish(), *expected.finalize());
    }

    #[test]
    fn what_is_held_is_bounded_and_given_back() {
        let digest = Digest::default();
        for _ in 0..3 * MOST_DUE {
            digest.later(chunk(5));
            assert!(digest.0.due().len() <= MOST_DUE);
        }
        let last = chunk(5);
        digest.later(last.clone());
        digest.relieve(0);
        while digest.piece() {}
        assert!(last.into_vec::<u8>().is_ok());
    }
}
