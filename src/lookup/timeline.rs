//! Sessions of one kind of key (addresses, or devices) in any order in; who had
//! which key at a moment out.
//!
//! A session that was told of while it went on is the one that counts from then
//! on, until it ends: a server does not give away what somebody has, so the one
//! before is over by then, told or not. It counts from the beginning that it claims
//! only where nobody else may have had the key: not where another was told to have
//! it, and not where the end of another was never told.
//!
//! Not here: how a record says all this (`reading`), which records tell of one
//! session (`known`).

use std::hash::Hash;

use ahash::RandomState;
use hashbrown::HashMap;

/// Somebody, or nobody, had a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Session<W> {
    /// When it was first told of.
    pub(super) seen: i64,
    /// When it began, at `seen` or before.
    pub(super) start: i64,
    /// When it was last told to go on, or to have ended.
    pub(super) last: i64,
    /// When it ended: the first second that it does not hold.
    pub(super) end: i64,
    /// Whether that was told, and is not how long it may last at most.
    pub(super) is_end_told: bool,
    /// `None`: nobody had it any longer.
    pub(super) who: Option<W>,
}

/// Who had which key.
pub(super) struct Found<K, W> {
    /// By key, then by start. None reaches into the next one.
    sessions: Vec<Session<W>>,
    /// Where those of a key are.
    places: HashMap<K, (u32, u32), RandomState>,
}

impl<W> Session<W> {
    /// True for one that was told of when it was over.
    fn is_past(&self) -> bool {
        self.is_end_told && self.seen >= self.end
    }

    /// Its place among the others: when it was told of, or, if that was when it was
    /// over, when it began.
    pub(super) fn from(&self) -> i64 {
        if self.is_past() { self.start } else { self.seen }
    }

    /// Up to when somebody is told to have had the key.
    fn told(&self) -> i64 {
        if self.is_end_told { self.end } else { self.last }
    }
}

impl<K: Copy + Eq + Ord + Hash, W: Copy> Found<K, W> {
    /// Puts sessions in order, which come in the order of the input.
    pub(super) fn new(mut sessions: Vec<(K, Session<W>)>) -> Found<K, W> {
        // Stable: of two that were told of at one moment the later record is the
        // later state.
        sessions.sort_by_key(|(key, session)| (*key, session.from()));
        let places = HashMap::with_hasher(RandomState::new());
        let mut found = Found { sessions: Vec::with_capacity(sessions.len()), places };
        for of_key in sessions.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((key, _)) = of_key.first() else { continue };
            let first = found.sessions.len();
            in_order(of_key.iter().map(|(_, session)| *session), &mut found.sessions);
            let count = found.sessions.len() - first;
            // There are fewer than 2^32.
            let place = (u32::try_from(first).unwrap_or(0), u32::try_from(count).unwrap_or(0));
            found.places.insert(*key, place);
        }
        found
    }

    /// Who had a key at a moment.
    pub(super) fn at(&self, key: K, moment: i64) -> Option<W> {
        let &(first, count) = self.places.get(&key)?;
        let of_key = &self.sessions[first as usize..][..count as usize];
        let before = of_key.partition_point(|session| session.start <= moment);
        let session = of_key[..before].last()?;
        session.who.filter(|_| moment < session.end)
    }

    /// How many sessions of somebody there are.
    pub(super) fn count(&self) -> usize {
        self.sessions.iter().filter(|one| one.who.is_some() && one.start < one.end).count()
    }
}

/// Appends the sessions of one key, in the order of [`Session::from`], so that their
/// starts rise and none reaches into the next one.
fn in_order<W: Copy>(of_key: impl Iterator<Item = Session<W>>, into: &mut Vec<Session<W>>) {
    let first = into.len();
    // Up to when others are told to have had the key.
    let mut told = i64::MIN;
    let mut of_key = of_key.peekable();
    while let Some(mut session) = of_key.next() {
        // Of a lease whose server says when it began.
        let is_later_state = |next: &Session<W>| {
            session.start == session.seen
                && (next.start, next.seen) == (session.start, session.seen)
        };
        if of_key.peek().is_some_and(is_later_state) {
            continue;
        }
        let claimed = session.start;
        // It had the key by then at the latest.
        let is_past = session.is_past();
        let known = if is_past { session.end } else { session.seen };
        session.start = claimed.max(told).min(known);
        told = told.max(session.told());
        if let Some(before) = into[first..].last_mut() {
            if !before.is_end_told && before.end > session.start {
                session.start = known;
            }
            let cut = if !before.is_end_told {
                claimed.max(before.last)
            } else if is_past {
                // Both are told to have had it.
                claimed
            } else {
                session.start
            };
            before.end = before.end.min(cut).max(before.start);
            session.start = session.start.max(before.start);
        }
        session.end = session.end.max(session.start);
        // Of one that is past and held nowhere nothing hangs; `who` apart it would
        // say that nobody has the key.
        if session.who.is_none() || session.start < session.end {
            into.push(session);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sessions() -> impl Strategy<Value = Vec<Session<u8>>> {
        let one =
            (0..40i64, 0..10i64, 0..12i64, any::<bool>(), prop::option::weighted(0.9, 0..4u8));
        let one = one.prop_map(|(seen, before, length, is_end_told, who)| {
            let start = seen - before;
            let end = if is_end_told { start + length } else { seen + length };
            let nobody =
                Session { seen, start: seen, last: seen, end: seen, is_end_told: true, who };
            match who {
                Some(_) => Session { start, end, is_end_told, ..nobody },
                None => nobody,
            }
        });
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        /// Nobody is named who is not told to have had the key then. Whoever was told
        /// of last is named or nobody is; and is named if the end was told, unless
        /// somebody is told afterwards to have had it.
        #[test]
        fn nobody_is_named_who_is_not_told_of(sessions in sessions()) {
            let found = Found::new(sessions.iter().map(|session| (0u8, *session)).collect());
            for moment in -12..60 {
                let who = found.at(0, moment);
                let covers = |one: &Session<u8>| one.start <= moment && moment < one.end;
                let claims = sessions.iter().any(|one| covers(one) && one.who == who);
                prop_assert!(who.is_none() || claims, "at {}", moment);
                let before = sessions.iter().filter(|one| one.from() <= moment);
                let Some(last) = before.max_by_key(|one| one.from()) else { continue };
                if covers(last) {
                    prop_assert!(who.is_none() || who == last.who, "at {}", moment);
                    let is_contested = sessions.iter().any(|one| one.is_past() && one.start <= moment);
                    if last.is_end_told && !is_contested {
                        prop_assert_eq!(who, last.who, "at {}", moment);
                    }
                }
            }
        }

        #[test]
        fn starts_rise_and_none_reaches_into_the_next(sessions in sessions()) {
            let found = Found::new(sessions.iter().map(|session| (0u8, *session)).collect());
            for pair in found.sessions.windows(2) {
                prop_assert!(pair[0].start <= pair[1].start && pair[0].end <= pair[1].start);
            }
        }
    }
}
