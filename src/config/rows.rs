//! `sample` and `drop_rows` of a source in; what speaks against them out.

use super::check::Check;
use super::document::join;
use super::pipeline_file::Source as SourceFile;
use super::plan::Column;
use super::problem::What;
use crate::protect::settings::rows::DropRows;
use crate::protect::technique::{Form, OfDevice, OfUrl, Technique};

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
                if self.failed.contains(name) {
                    continue;
                }
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
            // What is known when all rows are, of which these would be some.
            let is_late = matches!(
                column.technique,
                Technique::Identifier(..)
                    | Technique::Device(OfDevice::Vendor { .. })
                    | Technique::Url(OfUrl::Learned(_))
            );
            let is_fit = match column.technique.form() {
                Form::Text => has_values && !has_bounds && !is_late,
                Form::Integer => has_bounds && !has_values && !is_late,
                Form::Pseudonym(..) | Form::Time | Form::Flag => false,
            };
            if is_fit {
                drops.push((name.clone(), when.clone()));
            } else {
                self.fault(&key, What::DropRows { found: name.clone() });
            }
        }
        drops
    }
}
