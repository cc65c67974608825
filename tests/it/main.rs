//! Everything that is tested from outside, in one binary.

#![expect(clippy::unwrap_used, reason = "a set-up that fails is a test that fails")]

// Release builds cannot be killed at a named point.
#[cfg(debug_assertions)]
mod crash;
mod regressions;
