//! Sources and a date in; the files to read, their sizes and digests, out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use jiff::Span;
use jiff::civil::Date;

use crate::config::house::{self, House};
use crate::config::plan::{Plan, Source};
use crate::error::{Error, Usage};
use crate::parse::Format;
use crate::source::{self, Address, Also, Compression, Input, Table};
use crate::split::person::tells_who;
use crate::vault::keys::Keys;

/// The files of each source, in the order of the pipeline. Whatever their names
/// are later, no others are read.
pub(super) fn resolve(
    plan: &Plan,
    date: Date,
    instead: &BTreeMap<String, PathBuf>,
    keys: &Keys,
) -> Result<Vec<Vec<Input>>, Error> {
    let mut files = Vec::with_capacity(plan.sources.len());
    for planned in &plan.sources {
        if planned.format.query().is_some() {
            if instead.contains_key(&planned.name) {
                let name = planned.name.clone();
                return Err(Error::Usage(Usage::InputOfQuery { name }));
            }
            files.push(vec![query(planned, date, keys)?]);
            continue;
        }
        let found = if let Some(path) = instead.get(&planned.name) {
            // A path that was typed must be there; a pattern may match nothing.
            vec![Input::find(path)?]
        } else {
            of_days(plan, planned, date)?
        };
        for file in &found {
            own(&plan.house, file.path())?;
        }
        none_beside_its_copy(&planned.name, &found)?;
        let table = table(planned, &planned.format);
        files.push(found.into_iter().map(|file| file.read_as(table.clone())).collect());
    }
    Ok(files)
}

/// The query of a source for a date, with the address of its database.
fn query(planned: &Source, date: Date, keys: &Keys) -> Result<Input, Error> {
    let format = planned.format.on(date)?;
    let name = format!("{} ({})", planned.name, format.name());
    // `check` has made sure that there is a query.
    let mut table =
        table(planned, &format).ok_or_else(|| Error::Usage(Usage::Format(name.clone())))?;
    table.address = address(planned, keys)?;
    Ok(Input::query(&name, table))
}

/// How a source is read that is no text: with the columns that it wants, and those that
/// tell who somebody is. Of sessions nothing is put out.
fn table(planned: &Source, format: &Format) -> Option<Table> {
    let also = planned.sessions.is_none().then_some(Also(tells_who));
    format.table(Some(&planned.wanted())).map(|table| Table { also, ..table })
}

/// Where the database of a source is; `None` if it reads files.
pub(super) fn address(planned: &Source, keys: &Keys) -> Result<Option<Address>, Error> {
    let (Some(query), Some(file)) = (planned.format.query(), &planned.database) else {
        return Ok(None);
    };
    let refused = |source| Error::Address { path: keys.dir().join(file), source };
    Address::new(query.engine, keys.address(file)?).map(Some).map_err(refused)
}

/// The files of the date and, for sessions that began before, of the days before
/// it, oldest first. A pattern without a date matches the same every day.
fn of_days(plan: &Plan, planned: &Source, date: Date) -> Result<Vec<Input>, Error> {
    let days = planned.sessions.as_ref().map_or(0, |sessions| sessions.days_before);
    let own = source::resolve(&plan.house.root, &planned.pattern, date)?;
    // Those of other days would not stand for it.
    if days == 0 || own.is_empty() {
        return Ok(own);
    }
    let mut found: Vec<Input> = Vec::new();
    for before in (0..=days).rev() {
        let day = date.saturating_sub(Span::new().days(before));
        for file in source::resolve(&plan.house.root, &planned.pattern, day)? {
            if !found.iter().any(|known| known.path() == file.path()) {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// Number and size of each source's files.
pub(super) fn sizes(files: &[Vec<Input>]) -> Vec<(usize, u64)> {
    let size = |files: &Vec<Input>| (files.len(), files.iter().map(Input::bytes).sum());
    files.iter().map(size).collect()
}

/// Source and digest of every file, in order.
pub(super) fn digests(plan: &Plan, files: &[Vec<Input>]) -> Result<Vec<(String, String)>, Error> {
    let mut digests = Vec::new();
    for (planned, files) in plan.sources.iter().zip(files) {
        for file in files {
            let seen = source::digest(file)?;
            digests.push((planned.name.clone(), HEXLOWER.encode(&seen.sha256)));
        }
    }
    Ok(digests)
}

/// Refuses a log beside its compressed copy: while a log is rotated both are
/// there, and both match the pattern.
fn none_beside_its_copy(source: &str, files: &[Input]) -> Result<(), Error> {
    let mut seen = BTreeMap::new();
    for path in files.iter().map(Input::path) {
        let is_compressed = Compression::promised(path) != Compression::None;
        let name = if is_compressed { path.with_extension("") } else { path.to_owned() };
        if let Some(first) = seen.insert(name, path) {
            return Err(Error::SameInput {
                source_name: source.to_owned(),
                first: first.to_owned(),
                second: path.to_owned(),
            });
        }
    }
    Ok(())
}

/// Refuses a file that lies in the house of another controller.
fn own(own: &House, path: &Path) -> Result<(), Error> {
    let Some(root) = house::root_of(path) else { return Ok(()) };
    let other = House::open(&root)?.institution.controller.id;
    let expected = &own.institution.controller.id;
    if other == *expected {
        Ok(())
    } else {
        Err(Error::OtherHouse { path: path.to_owned(), found: other, expected: expected.clone() })
    }
}
