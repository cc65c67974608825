//! A source of random bytes, as an argument.
//!
//! Source: getrandom(2).
//!
//! Not here: what the bytes become. The keys inside sealed files are drawn by
//! the age library itself, see `sealed`.

use std::io;

/// Fills secrets. The program has one that does, [`Os`]; tests have others.
pub trait Randomness {
    /// Overwrites all of `bytes` with bytes nobody can predict.
    ///
    /// # Errors
    ///
    /// If there are none. What `bytes` holds then must not be used.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// Why there are no random bytes.
#[derive(Debug, thiserror::Error)]
pub enum NoRandomness {
    /// The system gave none.
    #[error("no random bytes from the system")]
    System(#[source] io::Error),
    /// What came cannot have been random: it was out of range every time.
    #[error("random bytes out of range {0} times in a row, source not random")]
    Stuck(u32),
}

/// The operating system's generator. Constructed by `cli` alone, so that
/// everything below it can be replayed.
#[derive(Debug, Clone, Copy)]
pub struct Os;

impl Randomness for Os {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|error| NoRandomness::System(io::Error::other(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_does_not_repeat_itself() {
        let (mut first, mut second) = ([0; 32], [0; 32]);
        Os.fill(&mut first).unwrap();
        Os.fill(&mut second).unwrap();
        assert_ne!(first, second);
    }
}
