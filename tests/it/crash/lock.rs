//! Two nights at once.

use std::fs::File;

use super::house::{House, State, gamyeong, said};
use super::tree::files;

#[test]
fn a_second_night_leaves_at_once_and_changes_nothing() {
    let house = House::of(State::Committed);
    let lock = File::options().write(true).open(house.root().join(".lock")).unwrap();
    lock.try_lock().unwrap();
    let before = files(&house.root());

    let second = gamyeong().args(house.night()).output().unwrap();
    assert_eq!(second.status.code(), Some(75), "{}", said(&second));
    assert_eq!(files(&house.root()), before);

    drop(lock);
    assert_eq!(house.runs().unwrap(), "unchanged");
    house.is_settled(State::Committed).unwrap();
}
