//! Whole numbers in; coarser, capped, noisy or averaged whole numbers, or text,
//! out.
//!
//! ```text
//! value ─────────────────────────────► round::{down, up, half}, range
//! value + draw ──────────────────────► round::random, noise
//! value + distribution of the column ► coding, microaggregate, outlier
//! value + sums of groups + draw ─────► controlled
//! ```
//!
//! A *draw* is 32 bytes that nobody can foretell without the column's key: an
//! HMAC-SHA-256 of what shall always be treated alike, such as a subject. A
//! *distribution* has each value of the column once, ascending, with the rows
//! that have it: fewer than 2^63 in all.
//!
//! Results are computed with integers alone, so they are the same on every
//! machine.
//!
//! Not here: which column gets which technique, keys, reading numbers.

pub mod round;

pub mod controlled;

pub mod range;

pub mod coding;

pub mod outlier;

pub mod noise;

pub mod microaggregate;

pub mod draw;

mod wide;
