//! A report in; its stable form for programs out.

use serde_json::{Value, json};

use super::{Baseline, Column, Report, Side, Table};
use crate::pipeline::report::reason;

impl Report {
    /// The stable form.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "pipeline": self.pipeline,
            "date": self.date,
            "purpose": self.purpose,
            "tables": self.tables.iter().map(Table::to_json).collect::<Vec<_>>(),
            "baseline": self.baseline.as_ref().map(Baseline::to_json),
        })
    }
}

impl Table {
    fn to_json(&self) -> Value {
        let risk = self.risk.map(|risk| {
            json!({"persons_before": risk.persons, "k": risk.k, "k_persons": risk.k_persons})
        });
        json!({
            "name": self.name,
            "counts": self.counts,
            "risk": risk,
            "rules": self.rules,
            "is_drawn": self.is_drawn,
            "refused": self.refused.as_ref().map(reason),
            "columns": self.columns.iter().map(Column::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Column {
    fn to_json(&self) -> Value {
        let shares = self.shares.iter();
        let shares: Vec<Value> =
            shares.map(|(value, rows)| json!({"value": value, "rows": rows})).collect();
        json!({
            "name": self.name,
            "label": self.label,
            "field": self.field,
            "kind": self.kind.name(),
            "kind_ko": self.kind.korean(),
            "technique": self.technique,
            "technique_ko": self.technique_ko,
            "parameters": self.parameters,
            "role_ko": self.role_ko,
            "before": self.before.map(Side::to_json),
            "after": self.after.map(Side::to_json),
            "cells_blanked": self.blanked,
            "cells_masked": self.masked,
            "shares": shares,
        })
    }
}

impl Side {
    fn to_json(self) -> Value {
        let extreme = |(value, rows): (i64, u64)| json!({"value": value, "rows": rows});
        json!({
            "rows": self.rows,
            "distinct": self.distinct,
            "nulls": self.nulls,
            "min": self.extremes.map(|extremes| extreme(extremes.min)),
            "max": self.extremes.map(|extremes| extreme(extremes.max)),
            "unit": self.extremes.and_then(|of| of.are_times.then_some("seconds since 1970, local")),
        })
    }
}
