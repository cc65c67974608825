//! Row groups in; the same with the values of one column in other places out.
//!
//! Source: Fisher and Yates, in the form of Durstenfeld, CACM 7 (7), 1964, p. 420;
//! 가명정보 처리 가이드라인 (2026.3), 순열(치환).

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{concat, take};

use crate::aside::Error;
use crate::protect::Output;
use crate::vault::pseudonym::PseudonymKey;

/// Lets the values of one column change places.
pub(super) struct Permutation {
    draws: Draws,
}

/// Random numbers of a key, one after the other.
struct Draws {
    key: PseudonymKey,
    count: u64,
    left: Vec<u64>,
}

impl Permutation {
    /// That of a column, if it asks for one.
    pub(super) fn of(output: &mut Output) -> Option<Self> {
        let key = output.orders.take();
        Some(Self { draws: Draws { key: key?, count: 0, left: Vec::new() } })
    }

    /// Lets the values change places among all rows of the row groups.
    pub(super) fn apply(
        &mut self,
        column: usize,
        row_groups: &mut [RecordBatch],
    ) -> Result<(), Error> {
        let columns: Vec<&dyn arrow::array::Array> =
            row_groups.iter().map(|group| group.column(column).as_ref()).collect();
        let all = concat(&columns).map_err(Error::Arrow)?;
        let mut order: Vec<u32> = (0..u32::try_from(all.len()).unwrap_or(u32::MAX)).collect();
        for end in (1..order.len()).rev() {
            let other = self.draws.below(end as u64 + 1);
            order.swap(end, usize::try_from(other).unwrap_or(end));
        }
        let moved = take(&all, &UInt32Array::from(order), None).map_err(Error::Arrow)?;
        let mut start = 0;
        for group in row_groups {
            let mut arrays: Vec<ArrayRef> = group.columns().to_vec();
            arrays[column] = moved.slice(start, group.num_rows());
            start += group.num_rows();
            *group = RecordBatch::try_new(Arc::clone(group.schema_ref()), arrays)
                .map_err(Error::Arrow)?;
        }
        Ok(())
    }
}

impl Draws {
    /// A number from 0 to below `bound`, each as likely as any other.
    fn below(&mut self, bound: u64) -> u64 {
        // Numbers from here on would make the small ones likelier.
        let end = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = self.next();
            if drawn < end {
                return drawn % bound;
            }
        }
    }

    fn next(&mut self) -> u64 {
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
