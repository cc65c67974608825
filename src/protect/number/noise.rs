//! A number and its subject's draw in; the number with noise out.
//!
//! Technique 잡음 추가. The noise depends on the draw alone: with a draw of the
//! subject, all values of a subject have the same noise and their differences
//! stay exact, as the guideline asks for values over time.
//!
//! With the spread b, `uniform` gives each of −b … b with the same probability.
//! `laplace` gives k from −10b to 10b with a probability proportional to p^|k|,
//! p = b / (b + 1): the discrete Laplace distribution with mean 0, of which the
//! ends are cut off. Without the cut the mean distance from 0 is
//! 2b(b + 1) / (2b + 1), a little over b; what is cut off is 1 in 1,500 for b = 1,
//! 1 in 10,000 for b = 5, 1 in 22,000 for large ones.
//!
//! Source: Inusah and Kozubowski (2006), "A discrete analogue of the Laplace
//! distribution", Journal of Statistical Planning and Inference 136(3).
//!
//! Not here: differential privacy. Noise that is cut off, and that stays the same
//! for a subject, gives no such guarantee.

use super::draw;
use crate::protect::settings::number::{self, Shape};

/// Laplace noise is cut off at so many times the spread.
const CUT: u64 = 10;

/// Weight of 0 in the table of Laplace noise. With it all weights together stay
/// below 2^63, and the rarest, of 10 times the largest spread, is over 2^33.
const WEIGHT: u64 = 1 << 48;

/// Noise of one distribution.
#[derive(Debug, Clone)]
pub struct Noise(Distribution);

#[derive(Debug, Clone)]
enum Distribution {
    Uniform {
        spread: i64,
    },
    Laplace {
        /// At k: the weights of all whole numbers from −k to k together.
        within: Vec<u64>,
    },
}

impl Noise {
    /// Prepares the distribution. For Laplace noise that is a table of ten numbers
    /// for each of `spread`, 800 kB at most, made with integers: a weight is the
    /// one before times b / (b + 1), rounded down.
    #[must_use]
    pub fn new(settings: number::Noise) -> Self {
        let spread = settings.spread();
        Self(match settings.shape() {
            Shape::Uniform => Distribution::Uniform { spread },
            Shape::Laplace => Distribution::Laplace { within: within(spread.unsigned_abs()) },
        })
    }

    /// The number with the noise of a draw, or the end of `i64` if it lies beyond.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::number::noise::Noise;
    ///
    /// let settings = toml::from_str("spread = 5\nshape = 'uniform'").unwrap();
    /// let noise = Noise::new(settings);
    /// let of_kim = [7; 32];
    /// let (first, second) = (noise.apply(100, &of_kim), noise.apply(130, &of_kim));
    /// assert!((95..=105).contains(&first));
    /// assert_eq!(second - first, 30);
    /// ```
    #[must_use]
    pub fn apply(&self, value: i64, draw: &[u8; 32]) -> i64 {
        value.saturating_add(self.of(draw))
    }

    fn of(&self, draw: &[u8; 32]) -> i64 {
        match &self.0 {
            Distribution::Uniform { spread } => {
                let options = 2 * spread.unsigned_abs() + 1;
                draw::below(draw, options).cast_signed() - spread
            }
            Distribution::Laplace { within } => {
                let drawn = draw::below(draw, within.last().copied().unwrap_or(0));
                let distance = within.partition_point(|&all| all <= drawn);
                let Some(nearer) = distance.checked_sub(1).and_then(|before| within.get(before))
                else {
                    return 0;
                };
                // Both numbers at this distance have the same weight.
                let both = within.get(distance).map_or(0, |all| all - nearer);
                let size = i64::try_from(distance).unwrap_or(i64::MAX);
                if drawn - nearer < both / 2 { -size } else { size }
            }
        }
    }
}

/// The weights of −k … k together, for each k up to the cut.
fn within(spread: u64) -> Vec<u64> {
    let (mut weight, mut all) = (WEIGHT, WEIGHT);
    let further = (0..CUT * spread).map(|_| {
        // Below 2^48 times at most 10,000.
        weight = weight * spread / (spread + 1);
        all += 2 * weight;
        all
    });
    std::iter::once(WEIGHT).chain(further).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noise(spread: i64, shape: &str) -> Noise {
        Noise::new(toml::from_str(&format!("spread = {spread}\nshape = '{shape}'")).unwrap())
    }

    /// A draw of which `below` makes this number, if it is smaller than the options.
    fn drawn(number: u64) -> [u8; 32] {
        let mut draw = [0; 32];
        draw[8..16].copy_from_slice(&number.to_be_bytes());
        draw
    }

    fn table(noise: &Noise) -> Vec<u64> {
        match &noise.0 {
            Distribution::Laplace { within } => within.clone(),
            Distribution::Uniform { .. } => Vec::new(),
        }
    }

    #[test]
    fn uniform_noise_takes_every_value_once() {
        let noise = noise(5, "uniform");
        let found: Vec<i64> = (0..11).map(|number| noise.of(&drawn(number))).collect();
        assert_eq!(found, (-5..=5).collect::<Vec<_>>());
    }

    #[test]
    fn laplace_noise_is_drawn_by_weight() {
        let noise = noise(1, "laplace");
        let within = table(&noise);
        // p = 1/2: weights 2^48, 2^47, 2^46 …
        assert_eq!(within[..3], [1 << 48, 2 << 48, (2 << 48) + (2 << 46)]);
        assert_eq!(within.len(), 11);
        let last = within[10];
        for (number, expected) in [
            (0, 0),
            ((1 << 48) - 1, 0),
            (1 << 48, -1),
            ((1 << 48) + (1 << 47) - 1, -1),
            ((1 << 48) + (1 << 47), 1),
            ((2 << 48) - 1, 1),
            (2 << 48, -2),
            (last - 1, 10),
            (last, 0),
        ] {
            assert_eq!(noise.of(&drawn(number)), expected, "{number}");
        }
    }

    /// The formula with floating point, as the oracle.
    #[test]
    fn weights_are_those_of_the_formula() {
        for spread in [1, 2, 5, 100, 10_000] {
            let within = table(&noise(spread, "laplace"));
            assert!(within.last().unwrap() < &(1 << 63));
            let ratio = f64::from(u32::try_from(spread).unwrap());
            let ratio = ratio / (ratio + 1.0);
            let mut exact = 1.0;
            for pair in within.windows(2) {
                exact *= ratio;
                #[expect(clippy::cast_precision_loss, reason = "compared to a millionth")]
                let found = (pair[1] - pair[0]) as f64 / 2.0 / WEIGHT as f64;
                assert!((found / exact - 1.0).abs() < 1e-5, "{spread} {found} {exact}");
            }
        }
    }

    #[test]
    fn ends_of_the_range_are_no_panic() {
        let noise = noise(1_000_000_000_000_000, "uniform");
        assert_eq!(noise.apply(i64::MIN, &drawn(0)), i64::MIN);
        assert_eq!(noise.apply(i64::MAX, &drawn(2_000_000_000_000_000)), i64::MAX);
    }

    proptest! {
        #[test]
        fn noise_is_bounded_and_the_same_for_a_subject(
            spread in 1i64..10_000,
            is_laplace: bool,
            draw: [u8; 32],
            values in prop::collection::vec(-1_000_000i64..1_000_000, 1..10),
        ) {
            let (shape, most) = if is_laplace { ("laplace", 10 * spread) } else { ("uniform", spread) };
            let noise = noise(spread, shape);
            let of_subject = noise.apply(0, &draw);
            prop_assert!(of_subject.abs() <= most);
            for value in values {
                prop_assert_eq!(noise.apply(value, &draw) - value, of_subject);
            }
        }

        /// For every draw there is one of the opposite noise.
        #[test]
        fn noise_is_symmetric(spread in 1i64..100, part in 0u64..1_000_000) {
            let noise = noise(spread, "laplace");
            let within = table(&noise);
            let drawn_number = within.last().unwrap() / 1_000_000 * part;
            let found = noise.of(&drawn(drawn_number));
            let distance = usize::try_from(found.abs()).unwrap();
            if let Some(before) = distance.checked_sub(1) {
                let half = (within[distance] - within[before]) / 2;
                let other = if found < 0 { drawn_number + half } else { drawn_number - half };
                prop_assert_eq!(noise.of(&drawn(other)), -found);
            }
        }
    }
}
