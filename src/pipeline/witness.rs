//! Fields that give no column and tell who somebody is, in; digests of what stands in
//! them, against which the output is tested, out.
//!
//! ```text
//! the format has a field       user of a web log            always read
//! the input names it           a header, #Fields, a column  read where it stands
//! each line names it           a key of JSON                read where it stands
//! ```
//!
//! A name that gives no column may still stand in a search word or a note. So it is read
//! for this, though it is dropped or nobody listed it.
//!
//! Not here: identifiers of which columns are made (`protect`).

use std::collections::BTreeSet;

use crate::config::plan::Source;
use crate::parse::{Columns, Sought, Values};
use crate::protect::distinct::HashSeeds;
use crate::protect::identifiers::Identifiers;
use crate::protect::url::site::is_site;
use crate::split::person::{is_jar, is_singular, tells_who};

/// What the name of one cookie begins with.
const COOKIE: &str = "cookie.";

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
        let fields = self.fields.iter().filter_map(|&field| columns.fields.get(field));
        for values in fields.chain(&columns.beside) {
            let mut last: &[u8] = b"";
            for raw in values.iter().flatten() {
                // What the server is called stands in every address of its pages.
                if raw != last && !is_nobody(raw) && !is_site(raw) {
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

/// Fields that tell who somebody is, that no column is made from, and that may be asked
/// for whether a line has them or not: those of the format, and cookies that are dropped.
pub(super) fn fields(source: &Source) -> Vec<String> {
    let wanted = source.wanted();
    let asked = source.format.asked();
    // Where the input names its fields, one that is not there would be missed.
    let listed = source.listed.iter().map(String::as_str).filter(|_| !asked.is_empty());
    let listed = listed.filter(|field| !field.contains('?'));
    let found: BTreeSet<&str> = asked.iter().copied().chain(listed).collect();
    let found = found.into_iter();
    let found = found.filter(|field| is_identifier(field) && !wanted.contains(field));
    found.map(str::to_owned).collect()
}

/// The same of fields that the input names, wherever it has them.
pub(super) fn sought(source: &Source) -> Sought {
    let wanted = source.wanted();
    let dropped = source.listed.iter().filter(|field| !wanted.contains(&field.as_str()));
    let cookies = dropped.filter(|field| is_identifier(field));
    let cookies = cookies.filter_map(|field| field.strip_prefix(COOKIE)).map(str::to_owned);
    Sought { is_one: Some(tells_who), cookies: cookies.collect() }
}

/// Adds what stands at a path of JSON to what is seen.
pub(super) fn add(beside: &mut Values, raw: &str) {
    crate::parse::json_texts(raw, &mut |text| {
        beside.push_written(|into| into.extend_from_slice(text.as_bytes()));
    });
}

/// The same of what tells who somebody is in objects within a list or a text.
pub(super) fn add_within(beside: &mut Values, raw: &str) {
    crate::parse::json_members(raw, &mut |key, value| {
        if tells_who(key) {
            add(beside, value);
        }
    });
}

/// True for what programs write where there is nobody.
fn is_nobody(raw: &[u8]) -> bool {
    let names: [&[u8]; 6] =
        [b"-", b"anonymous", b"anonymoususer", b"guest", b"nobody", b"localhost"];
    names.iter().any(|name| raw.eq_ignore_ascii_case(name))
}

/// True if a value of a field is one person's. All cookies in one are not: that stands
/// nowhere else.
fn is_identifier(field: &str) -> bool {
    is_singular(field) && !is_jar(field)
}
