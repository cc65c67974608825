//! Row groups in; the same with the values of one column in other places out.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), 순열(치환).

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, RecordBatch};
use arrow::compute::{concat, take};

use crate::aside::Error;
use crate::protect::Output;
use crate::protect::order::Order;

/// Lets the values of one column change places.
pub(super) struct Permutation {
    order: Order,
}

impl Permutation {
    /// That of a column, if it asks for one.
    pub(super) fn of(output: &mut Output) -> Option<Self> {
        output.order.take().map(|order| Self { order })
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
        let moved = take(&all, &self.order.next(all.len()), None).map_err(Error::Arrow)?;
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
