//! How busy each hour is in; the seconds at which things happen out.
//!
//! ```text
//! event i of n ─► (i + u) / n of the area under the curve ─► second of the day
//! ```
//!
//! Each event has its own slice of the area and lies somewhere inside it, so
//! that the times rise from event to event and no day has to be sorted.
//!
//! Source: stratified inverse-transform sampling; Devroye, "Non-Uniform
//! Random Variate Generation", 1986, II.2.
//!
//! Not here: dates and how a time is written.

use super::random::Random;

/// Seconds of a day.
pub(super) const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;

/// How much happens in each hour of the day, in any unit.
pub(super) struct Curve(pub(super) [u64; 24]);

/// A web site that is read in the evening and hardly at night.
pub(super) const LIBRARY_SITE: Curve = Curve([
    9, 5, 2, 1, 1, 2, 6, 14, 30, 46, 55, 52, 44, 50, 56, 55, 52, 46, 40, 42, 50, 54, 40, 20,
]);
/// Doors from nine to ten at night.
pub(super) const LIBRARY_DOORS: Curve =
    Curve([0, 0, 0, 0, 0, 0, 0, 0, 2, 48, 52, 46, 40, 50, 58, 60, 56, 44, 36, 34, 30, 18, 2, 0]);
/// Doors that close at six.
pub(super) const LIBRARY_DOORS_WEEKEND: Curve =
    Curve([0, 0, 0, 0, 0, 0, 0, 0, 2, 50, 70, 72, 56, 66, 78, 74, 60, 20, 0, 0, 0, 0, 0, 0]);
/// A site that people read after work.
pub(super) const WELFARE_SITE: Curve =
    Curve([4, 2, 1, 0, 0, 1, 4, 8, 22, 40, 44, 40, 34, 42, 44, 40, 38, 36, 34, 40, 46, 40, 22, 8]);
/// A centre with evening classes.
pub(super) const WELFARE_DOORS: Curve =
    Curve([0, 0, 0, 0, 0, 0, 0, 0, 2, 40, 50, 44, 30, 44, 50, 46, 40, 24, 30, 36, 20, 2, 0, 0]);
/// A centre whose visitors work all week and come on Sunday.
pub(super) const WELFARE_DOORS_WEEKEND: Curve =
    Curve([0, 0, 0, 0, 0, 0, 0, 0, 4, 60, 80, 78, 50, 80, 86, 70, 50, 10, 0, 0, 0, 0, 0, 0]);

impl Curve {
    /// The second of the day, below [`DAY`], of event `number` out of `count`.
    /// Rises with `number`.
    pub(super) fn second(&self, number: u64, count: u64, random: &mut Random) -> u64 {
        let area = self.0.iter().sum::<u64>() * HOUR;
        let place = u128::from(number) * u128::from(area) + u128::from(random.below(area));
        let mut left = u64::try_from(place / u128::from(count.max(1))).unwrap_or_default();
        let mut start = 0;
        for weight in self.0 {
            if left < weight * HOUR {
                return start + left / weight;
            }
            left -= weight * HOUR;
            start += HOUR;
        }
        DAY - 1
    }
}
