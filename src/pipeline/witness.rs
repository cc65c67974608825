//! Fields that give no column and tell who somebody is, in; digests of what stands in
//! them, against which the output is tested, out.
//!
//! A name that gives no column may still stand in a search word or a note. So what the
//! format or the header of a table is known to have is read for this, though it is
//! dropped.
//!
//! Not here: identifiers of which columns are made (`protect`).

use std::collections::BTreeSet;

use arrow::buffer::Buffer;

use crate::config::plan::Source;
use crate::parse::{Columns, Parser, Values};
use crate::protect::distinct::HashSeeds;
use crate::protect::identifiers::Identifiers;
use crate::source::Cut;
use crate::split::person::is_singular;

/// All cookies in one: no value of it stands anywhere else.
const COOKIES: &str = "cookie";

/// Takes down identifiers, chunk by chunk.
pub(super) struct Witness {
    /// Where they stand among the parsed fields.
    fields: Vec<usize>,
    identifiers: Identifiers,
}

impl Witness {
    /// For so many fields that stand behind those that are `wanted`.
    pub(super) fn new(source: &Source, extra: usize, seeds: HashSeeds) -> Self {
        let wanted = source.wanted();
        let read = wanted.iter().enumerate();
        // A session is looked up by an address that may give no column itself.
        let bare = read.filter(|(_, field)| {
            is_identifier(field) && source.columns.iter().all(|column| column.field != **field)
        });
        let fields = bare.map(|(index, _)| index).chain(wanted.len()..wanted.len() + extra);
        Self { fields: fields.collect(), identifiers: Identifiers::new(seeds) }
    }

    /// Takes down what stands in a chunk.
    pub(super) fn see(&mut self, columns: &Columns) {
        for &field in &self.fields {
            let mut last: &[u8] = b"";
            for raw in columns.fields.get(field).into_iter().flat_map(Values::iter).flatten() {
                if raw != last && raw != b"-" {
                    self.identifiers.add(raw);
                    last = raw;
                }
            }
        }
    }

    /// All that was taken down.
    pub(super) fn into_identifiers(self) -> Identifiers {
        self.identifiers
    }
}

/// Fields that tell who somebody is and that no column is made from: those of the
/// format, or of every header.
pub(super) fn fields(source: &Source, parser: &Parser, heads: &[Buffer]) -> Vec<String> {
    let wanted = source.wanted();
    let mut found: BTreeSet<String> = match source.format.fields() {
        Some(fields) => fields.into_iter().map(str::to_owned).collect(),
        // Where names move within a file, a line that lacks one would be rejected.
        None if !matches!(source.format.cut(), Cut::Records { .. }) => BTreeSet::new(),
        None => {
            let mut headers = heads.iter().map(|head| {
                let names = parser.columns(head).into_iter();
                names.filter_map(|name| String::from_utf8(name).ok()).collect::<BTreeSet<_>>()
            });
            let first = headers.next().unwrap_or_default();
            headers.fold(first, |all, header| &all & &header)
        }
    };
    found.retain(|field| is_identifier(field) && !wanted.contains(&field.as_str()));
    found.into_iter().collect()
}

fn is_identifier(field: &str) -> bool {
    field != COOKIES && is_singular(field)
}
