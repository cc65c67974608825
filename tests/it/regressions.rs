//! One test for each bug that was found, with what found it.

/// Found by breaking nights off.
#[cfg(debug_assertions)]
mod nights {
    use std::fs::{self, File};

    use crate::crash::house::{House, State, gamyeong, said};
    use crate::crash::order::syncs_after_a_kill;

    /// Found by `crash::calls`: a directory that was there counted as safe, also
    /// when its maker had died between making and syncing it.
    #[test]
    fn a_directory_whose_maker_died_is_synced_by_whoever_needs_it_next() {
        syncs_after_a_kill(State::New, "keys");
        syncs_after_a_kill(State::New, "store/visits/gate");
        syncs_after_a_kill(State::New, "vault/visits/gate");
    }

    /// Found by `crash::calls`: a secret was recorded as made, and pseudonyms with
    /// it published, while its name could still be lost.
    #[test]
    fn a_secret_whose_maker_died_is_synced_before_it_is_recorded() {
        syncs_after_a_kill(State::New, "keys/visits");
    }

    /// Found by `crash::calls`: a table that already had its name was recorded as
    /// published while the name could still be lost.
    #[test]
    fn a_table_that_was_renamed_before_a_crash_is_synced_after_it() {
        syncs_after_a_kill(State::New, "store/visits/gate/date=2026-11-20");
        // Set aside, with nothing in its place.
        syncs_after_a_kill(State::Changed, "store/visits/wifi/date=2026-11-20");
    }

    /// Found by reading `pipeline` for `crash`: a run that failed after its commit
    /// was followed by another one of the same pipeline in the same night. The
    /// next start could not publish both, and no start could from then on.
    #[test]
    fn a_pipeline_given_twice_does_not_overtake_its_own_failure() {
        let house = House::of(State::Secret);
        let obstacle = house.root().join("store/visits");
        File::create(&obstacle).unwrap();
        let mut arguments = house.night();
        arguments.insert(1, arguments[1].clone());
        let output = gamyeong().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{}", said(&output));

        fs::remove_file(&obstacle).unwrap();
        house.runs().unwrap();
        house.is_settled(State::Secret).unwrap();
    }
}
