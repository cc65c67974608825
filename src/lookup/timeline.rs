//! Sessions of one kind of key (addresses, or devices) in any order in; who had
//! which key at a moment out.
//!
//! Of one key, the session that was told of last before a moment is the one that
//! counts, until it ends: a server does not give away what somebody has, so the
//! one before it is over by then, told or not. A session that was told of later
//! than it began holds from its beginning only where no other did.
//!
//! Not here: how a record says all this (`reading`).

use std::hash::Hash;

use ahash::RandomState;
use hashbrown::HashMap;

use super::TooMany;

/// Sessions of one source that are kept: 64 bytes each while they are read.
pub const SESSIONS: usize = 1 << 22;

/// Bytes of names of sessions that are kept while they are read.
const NAME_BYTES: usize = 256 << 20;

/// Somebody, or nobody, had a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Session<W> {
    /// When it was first told of.
    pub(super) seen: i64,
    /// When it began, at `seen` or before.
    pub(super) start: i64,
    /// When it ended: the first second that it does not hold.
    pub(super) end: i64,
    /// `None`: nobody had it any longer.
    pub(super) who: Option<W>,
}

/// The number of a session, and whose it is.
type Number<K> = (K, Box<[u8]>);

/// Where a session is, and when it was told of last.
type Last = (usize, i64);

/// Sessions while they are read.
pub(super) struct Timeline<K, W> {
    /// In the order of the input.
    sessions: Vec<(K, Session<W>)>,
    numbered: HashMap<Number<K>, Last, RandomState>,
    name_bytes: usize,
    limit: usize,
}

/// Who had which key.
pub(super) struct Found<K, W> {
    /// By key, then by start.
    sessions: Vec<Session<W>>,
    /// Where those of a key are.
    places: HashMap<K, (u32, u32), RandomState>,
}

impl<K: Copy + Eq + Ord + Hash, W: Copy + Eq> Timeline<K, W> {
    /// Takes so many sessions, usually [`SESSIONS`].
    pub(super) fn at_most(limit: usize) -> Self {
        let numbered = HashMap::with_hasher(RandomState::new());
        Timeline { sessions: Vec::new(), numbered, name_bytes: 0, limit }
    }

    /// Adds what one record tells, which was made at `told`. Records of one
    /// `number` tell of one session: it began when the first says, and ends when
    /// the last says.
    pub(super) fn add(
        &mut self,
        key: K,
        session: Session<W>,
        number: Option<&[u8]>,
        told: i64,
    ) -> Result<(), TooMany> {
        let at = self.sessions.len();
        if let Some(number) = number {
            if let Some((at, last)) = self.numbered.get_mut(&(key, number.into())) {
                let (_, known) = &mut self.sessions[*at];
                known.seen = known.seen.min(session.seen);
                known.start = known.start.min(session.start);
                if told >= *last {
                    *last = told;
                    known.end = session.end;
                }
                known.who = session.who.or(known.who);
                return Ok(());
            }
            self.name_bytes += number.len();
            self.numbered.insert((key, number.into()), (at, told));
        }
        if at >= self.limit || self.name_bytes > NAME_BYTES {
            return Err(TooMany { limit: self.limit, bytes: NAME_BYTES });
        }
        self.sessions.push((key, session));
        Ok(())
    }

    /// Puts them in order.
    pub(super) fn finish(mut self) -> Found<K, W> {
        drop(self.numbered);
        // Stable: of two that were told of at one moment the later record is the
        // later state.
        self.sessions.sort_by_key(|(key, session)| (*key, session.seen));
        let mut found = Found {
            sessions: Vec::with_capacity(self.sessions.len()),
            places: HashMap::with_hasher(RandomState::new()),
        };
        for of_key in self.sessions.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((key, _)) = of_key.first() else { continue };
            let first = found.sessions.len();
            in_order(of_key.iter().map(|(_, session)| *session), &mut found.sessions);
            let count = found.sessions.len() - first;
            // There are fewer than 2^22.
            let place = (u32::try_from(first).unwrap_or(0), u32::try_from(count).unwrap_or(0));
            found.places.insert(*key, place);
        }
        found
    }
}

/// Appends the sessions of one key, which come in the order in which they were
/// told of, so that their starts rise.
fn in_order<W: Copy + Eq>(of_key: impl Iterator<Item = Session<W>>, into: &mut Vec<Session<W>>) {
    let first = into.len();
    let mut last_end = i64::MIN;
    for mut session in of_key {
        session.start = session.start.max(last_end).min(session.seen);
        session.end = session.end.max(session.start);
        if let Some(before) = into[first..].last_mut() {
            if before.start == session.start && before.seen == session.seen {
                *before = session;
                last_end = last_end.max(session.end);
                continue;
            }
            before.end = before.end.min(session.start).max(before.start);
        }
        last_end = last_end.max(session.end);
        into.push(session);
    }
}

impl<K: Copy + Eq + Ord + Hash, W: Copy + Eq> Found<K, W> {
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
        self.sessions.iter().filter(|session| session.who.is_some()).count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn more_than_is_kept_is_refused() {
        let mut timeline = Timeline::<u32, u8>::at_most(3);
        let session = Session { seen: 0, start: 0, end: 1, who: Some(1) };
        for at in 0..3 {
            timeline.add(at, session, None, 0).unwrap();
        }
        assert!(timeline.add(3, session, None, 0).is_err());
    }

    fn sessions() -> impl Strategy<Value = Vec<Session<u8>>> {
        let one = (0..40i64, 0..10i64, 0..12i64, prop::option::weighted(0.9, 0..4u8));
        let one = one.prop_map(|(seen, before, length, who)| {
            let start = seen - before;
            let end = if who.is_some() { start + length } else { start };
            Session { seen, start, end, who }
        });
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        /// Nobody is named who is not told to have had it then; who was told of last
        /// counts while that holds; and one that was told of later counts only when
        /// that does not.
        #[test]
        fn nobody_is_named_who_is_not_told_of(sessions in sessions()) {
            let mut timeline = Timeline::at_most(SESSIONS);
            for session in &sessions {
                timeline.add(0u8, *session, None, session.seen).unwrap();
            }
            let found = timeline.finish();
            for moment in -12..60 {
                let who = found.at(0, moment);
                let covers = |one: &&Session<u8>| one.start <= moment && moment < one.end;
                let last = sessions.iter().filter(|one| one.seen <= moment).max_by_key(|one| one.seen);
                match last {
                    Some(last) if moment < last.end => prop_assert_eq!(who, last.who, "at {}", moment),
                    _ if who.is_some() => {
                        let mut later = sessions.iter().filter(|one| one.seen > moment).filter(covers);
                        prop_assert!(later.any(|one| one.who == who), "at {}", moment);
                        let mut earlier = sessions.iter().filter(|one| one.seen <= moment);
                        prop_assert!(!earlier.any(|one| covers(&one)), "at {}", moment);
                    }
                    _ => {}
                }
            }
        }
    }
}
