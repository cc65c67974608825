//! A report in; its stable form for programs out.

use serde_json::{Value, json};

use super::{Baseline, Column, Need, Report, Side, Table};
use crate::pipeline::report::reason;

impl Report {
    /// The stable form.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "pipeline": self.pipeline,
            "date": self.date,
            "said": self.said,
            "exit_code": self.exit_code(),
            "needs": self.needs.iter().map(Need::to_json).collect::<Vec<_>>(),
            "looked_for": self.looked_for,
            "tables": self.tables.iter().map(Table::to_json).collect::<Vec<_>>(),
            "baseline": self.baseline.as_ref().map(Baseline::to_json),
        })
    }
}

impl Need {
    fn to_json(&self) -> Value {
        match self {
            Self::Changed => json!({"what": "accept-change", "why": "pipeline changed"}),
            Self::Unapproved { sha256, changed } => json!({
                "what": "plan.approved",
                "why": "pipeline changed",
                "pipeline_sha256": sha256,
                "changed": changed,
            }),
            Self::Fewer { source, found, published } => json!({
                "what": "accept-change",
                "why": "fewer rows",
                "source": source,
                "rows": found,
                "published": published,
            }),
        }
    }
}

impl Table {
    fn to_json(&self) -> Value {
        let risk = self.risk.map(|risk| {
            json!({
                "persons_before": risk.persons,
                "persons_after": risk.persons_after,
                "k": risk.k,
                "k_persons": risk.k_persons,
            })
        });
        let subjects = self
            .subjects
            .map(|of| json!({"users": of.users, "devices": of.devices, "addresses": of.addresses}));
        json!({
            "name": self.name,
            "said": self.said,
            "counts": self.counts,
            "unlisted": self.unlisted,
            "unlisted_columns": self.unlisted_columns,
            "absent": self.absent,
            "subjects": subjects,
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
            "reason": self.reason,
            "role_ko": self.role_ko,
            "before": self.before.map(Side::to_json),
            "after": self.after.map(Side::to_json),
            "unread": self.unread,
            "is_mostly_unread": self.mostly_unread().is_some(),
            "is_emptied": self.emptied().is_some(),
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
