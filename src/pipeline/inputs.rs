//! Sources and a date in; the files to read out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::config::house::{self, House};
use crate::config::plan::Plan;
use crate::error::Error;
use crate::fs;
use crate::source;

/// The files of each source, in the order of the pipeline.
pub(super) fn resolve(
    plan: &Plan,
    date: Date,
    instead: &BTreeMap<String, PathBuf>,
) -> Result<Vec<Vec<PathBuf>>, Error> {
    let mut files = Vec::with_capacity(plan.sources.len());
    for planned in &plan.sources {
        let found = if let Some(path) = instead.get(&planned.name) {
            // A path that was typed must be there; a pattern may match nothing.
            fs::standing(path).map_err(source::Error::from)?;
            vec![path.clone()]
        } else {
            let pattern = plan.house.resolve(&planned.pattern);
            source::resolve(&pattern.to_string_lossy(), date)?
        };
        for path in &found {
            own(&plan.house, path)?;
        }
        files.push(found);
    }
    Ok(files)
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
