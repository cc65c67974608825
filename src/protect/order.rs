//! A key in; orders that nobody can foretell without it out.
//!
//! Source: Fisher and Yates, in the form of Durstenfeld, CACM 7 (7), 1964, p. 420;
//! 가명정보 처리 가이드라인 (2026.3), 순열(치환).

use arrow::array::UInt32Array;

use crate::vault::pseudonym::PseudonymKey;

/// Orders of a key, one after the other: the same key gives the same ones.
pub struct Order {
    key: PseudonymKey,
    /// How often it was asked for numbers.
    count: u64,
    left: Vec<u64>,
}

impl Order {
    /// The orders of a key that is used for nothing else.
    #[must_use]
    pub fn new(key: PseudonymKey) -> Self {
        Self { key, count: 0, left: Vec::new() }
    }

    /// The next order: the numbers from 0 to below `count`, each order as likely as any
    /// other.
    pub fn next(&mut self, count: usize) -> UInt32Array {
        let mut order: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
        for end in (1..order.len()).rev() {
            let other = self.below(end as u64 + 1);
            order.swap(end, usize::try_from(other).unwrap_or(end));
        }
        order.into()
    }

    /// A number from 0 to below `bound`, each as likely as any other.
    fn below(&mut self, bound: u64) -> u64 {
        // Numbers from here on would make the small ones likelier.
        let end = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = self.draw();
            if drawn < end {
                return drawn % bound;
            }
        }
    }

    fn draw(&mut self) -> u64 {
        if let Some(drawn) = self.left.pop() {
            return drawn;
        }
        let bytes = self.key.pseudonym(&self.count.to_le_bytes());
        self.count += 1;
        let (numbers, _) = bytes.as_chunks::<8>();
        self.left.extend(numbers.iter().copied().map(u64::from_le_bytes));
        self.left.pop().unwrap_or(0)
    }
}
