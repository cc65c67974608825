//! A ledger that somebody may be appending to in; what is there between two
//! appends out.
//!
//! A record, its checkpoint and the head are three files, written one after the
//! other. Whoever reads them meanwhile finds what looks like a fault.
//!
//! Not here: what is looked for.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::files::Layout;
use crate::fs;

/// Looks at most. A night appends some tens of records, with its work between.
const LOOKS: usize = 20;

/// How long the head is watched for a change, ten times the length of an append
/// on a slow disk.
const PATIENCE: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(10);

/// What `look` finds. Where that is not sound and the ledger goes on, looks
/// again: a fault is one that stays while nobody appends. `None` if it goes on
/// all the time.
pub fn steadily<T>(
    dir: &Path,
    mut look: impl FnMut() -> T,
    is_sound: impl Fn(&T) -> bool,
) -> Option<T> {
    let head = Layout::new(dir).head();
    let read = || fs::read_regular(&head).ok();
    for _ in 0..LOOKS {
        let before = read();
        let found = look();
        let mut waited = Duration::ZERO;
        while !is_sound(&found) && read() == before && waited < PATIENCE {
            thread::sleep(STEP);
            waited += STEP;
        }
        if is_sound(&found) || waited >= PATIENCE {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn write(head: &Path, text: &str) {
        let mut file = std::fs::File::create(head).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    }

    /// Found by a review: a check beside a night said that the ledger was broken.
    #[test]
    fn what_was_found_amid_an_append_is_looked_at_again() {
        let dir = tempfile::tempdir().unwrap();
        let head = dir.path().join("head.note");
        write(&head, "1");
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            // Three records are appended, one while each of the first looks.
            write(&head, &(looks.get() + 1).min(4).to_string());
            looks.get()
        };
        assert_eq!(steadily(dir.path(), look, |found| *found == 4), Some(4));
    }

    #[test]
    fn a_fault_that_stays_is_found() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("head.note"), "1");
        let looks = Cell::new(0);
        let look = || looks.set(looks.get() + 1);
        assert_eq!(steadily(dir.path(), look, |()| false), Some(()));
        assert_eq!(looks.get(), 1);
    }

    #[test]
    fn a_ledger_that_goes_on_all_the_time_is_not_judged() {
        let dir = tempfile::tempdir().unwrap();
        let looks = Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            write(&dir.path().join("head.note"), &looks.get().to_string());
        };
        assert_eq!(steadily(dir.path(), look, |()| false), None);
        assert_eq!(looks.get(), LOOKS);
    }
}
