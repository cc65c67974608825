//! A source of sessions in; who had which address, and the count of every record,
//! out.
//!
//! Nothing is written but the records that were rejected, sealed.
//!
//! Not here: what a record tells (`lookup`), whose lines are looked up (`table`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reading::Splitting;
use super::table::{Made, Means, Parsing, none_twice, parser, within_rejects};
use crate::config::plan::{Plan, Sessions, Source};
use crate::error::Error;
use crate::lookup::{Known, Lookup, Moment, Reading};
use crate::source::{self, CHUNK_BYTES, Input};

/// Who had which address, by the name of the source.
pub(super) type AllKnown<'p> = BTreeMap<&'p str, Arc<Known>>;

/// Reads one source of sessions.
pub(super) fn read(
    source: &Source,
    sessions: &Sessions,
    files: &[Input],
    means: &Means<'_>,
) -> Result<(Known, Made), Error> {
    if files.is_empty() {
        return Err(Error::NoSessions { source_name: source.name.clone() });
    }
    let too_many = |error| Error::Lookup { source_name: source.name.clone(), source: error };
    let Parsing { parser, unlisted, .. } = parser(source, files, means.date)?;
    let rejects = means.lazy(source, "rejects");
    let mut splitting = Splitting::new(files.len(), rejects, means.progress);
    let mut reader = source::open(files, source.format.cut(), CHUNK_BYTES);
    let mut reading = Reading::new(&sessions.fields);
    while let Some(chunk) = reader.next()? {
        let columns = parser.chunk(&chunk).map_err(|error| Error::Fields {
            path: files[chunk.file].path().to_owned(),
            source: error,
        })?;
        reading.add(&columns).map_err(too_many)?;
        splitting.chunk(&chunk, columns)?;
        reader.recycle(chunk);
    }
    let (known, silent) = reading.finish();
    splitting.seen(reader.seen());
    let Splitting { rejects, mut tally, .. } = splitting;
    tally.unlisted = unlisted;
    tally.sessions = Some((known.sessions() as u64, silent));
    within_rejects(source, files, &tally)?;
    none_twice(source, files, &tally)?;
    let sealed = rejects.finish()?.map(|finished| ("rejects", finished));
    Ok((known, Made { tally, output: None, sealed: sealed.into_iter().collect() }))
}

/// What looks up whom the lines of a source are about; `None` if it asks for
/// nobody.
pub(super) fn lookup(source: &Source, known: &AllKnown<'_>) -> Option<Lookup> {
    let subject = source.subject.as_ref()?;
    let wanted = source.wanted();
    let place = |field: &str| wanted.iter().position(|wanted| *wanted == field);
    let (written, zone) = (subject.written, subject.zone.clone());
    let time = Moment { field: place(&subject.time)?, written, zone };
    // `check` has made sure of the names.
    let known = subject.sessions.iter().filter_map(|name| known.get(name.as_str()).cloned());
    Some(Lookup::new(place(&subject.address)?, time, known.collect(), subject.keeps_randomised))
}

/// Reads all sources of sessions of a plan: what is known, and what became of
/// each by its place in the plan.
pub(super) fn all<'p>(
    plan: &'p Plan,
    files: &[Vec<Input>],
    means: &Means<'_>,
) -> Result<(AllKnown<'p>, BTreeMap<usize, Made>), Error> {
    let (mut known, mut made) = (AllKnown::new(), BTreeMap::new());
    for (place, (source, files)) in plan.sources.iter().zip(files).enumerate() {
        if let Some(sessions) = &source.sessions {
            let (found, of_source) = read(source, sessions, files, means)?;
            known.insert(&source.name, Arc::new(found));
            made.insert(place, of_source);
        }
    }
    Ok((known, made))
}
