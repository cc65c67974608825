//! `sample` and `drop_rows` of a source in; what speaks against them out.

use super::check::Check;
use super::document::join;
use super::pipeline_file::Source as SourceFile;
use super::plan::Column;
use super::problem::What;
use crate::protect::settings::rows::DropRows;
use crate::protect::technique::{Form, Technique};

impl Check<'_> {
    /// Columns of which some values take their rows away.
    pub(super) fn rows(
        &mut self,
        source: &SourceFile,
        columns: &[Column],
        at: &str,
    ) -> Vec<(String, DropRows)> {
        let table = format!("{at}.drop_rows");
        let mut drops = Vec::new();
        for (name, when) in &source.drop_rows {
            let key = join(&table, name);
            let Some(column) = columns.iter().find(|column| column.name == *name) else {
                let what = What::Column {
                    found: name.clone(),
                    source_name: source.name.clone(),
                    expected: columns.iter().map(|column| column.name.clone()).collect(),
                };
                self.fault(&key, what);
                continue;
            };
            let has_bounds = when.below.or(when.above).is_some() || when.sigma.is_some();
            let has_values = !when.values.is_empty();
            let is_fit = match (&column.technique, column.technique.form()) {
                (Technique::Serial(..), _) => false,
                (_, Form::Text) => has_values && !has_bounds,
                (_, Form::Integer) => has_bounds && !has_values,
                (_, Form::Pseudonym(..) | Form::Time | Form::Flag) => false,
            };
            // Of these nobody knows the value that stands in the table before the rows.
            let is_known = !matches!(column.technique.name(), "mac" | "seal");
            if is_fit && is_known {
                drops.push((name.clone(), when.clone()));
            } else {
                self.fault(&key, What::DropRows { found: name.clone() });
            }
        }
        drops
    }
}
