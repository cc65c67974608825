//! A table that waits at the gate in; what the gate makes of it, without writing it, out.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::Risk;
use super::after::After;
use crate::assess;
use crate::assess::gate::Gate;
use crate::assess::leak::LeakTest;
use crate::config::plan::Source;
use crate::error::Error;
use crate::protect::Rule;

/// What the gate makes of a table.
pub(super) struct Gated {
    pub(super) after: After,
    pub(super) risk: Option<Risk>,
    pub(super) suppressed: u64,
    /// Cells by column.
    pub(super) blanked: BTreeMap<String, u64>,
    pub(super) refused: Option<Error>,
}

impl Gated {
    pub(super) fn of(
        source: &Source,
        rules: &[Rule],
        zone: &TimeZone,
        (gate, leak_test, file_rows): (Gate, LeakTest, Vec<u64>),
    ) -> Result<Self, Error> {
        let after = After::new(source, rules, zone);
        let mut gated =
            Self { after, risk: None, suppressed: 0, blanked: BTreeMap::new(), refused: None };
        if gate.rows() == 0 {
            return Ok(gated);
        }
        let failed = |error| Error::Assess { source_name: source.name.clone(), source: error };
        let mut cleared = match gate.clear(file_rows, Box::new(|_| Ok(())), leak_test) {
            Ok(cleared) => cleared,
            Err(error) => return Ok(Self { refused: Some(refusal(failed(error))?), ..gated }),
        };
        for row_group in cleared.by_ref() {
            match row_group {
                Ok(row_group) => gated.after.see(&row_group),
                Err(error) => {
                    gated.refused = Some(refusal(failed(error))?);
                    break;
                }
            }
        }
        let found = cleared.assessment();
        let (persons, k, k_persons) = (found.persons, found.k, found.k_persons);
        let subject = source.assess.as_ref().map(|set| set.subject.as_str());
        let subject = rules.iter().position(|rule| Some(rule.name.as_str()) == subject);
        let persons_after = subject.map_or(0, |subject| gated.after.side(subject).distinct);
        // What leads back to people is not shown to those who plan either.
        gated.risk =
            gated.refused.is_none().then_some(Risk { persons, persons_after, k, k_persons });
        gated.suppressed = found.suppressed;
        gated.blanked = found.blanked.iter().map(|of| (of.column.clone(), of.cells)).collect();
        Ok(gated)
    }
}

/// An answer of the gate is a part of the report; a failure is not.
fn refusal(error: Error) -> Result<Error, Error> {
    let is_answer = matches!(
        error,
        Error::Assess { source: assess::Error::Shortfall(_) | assess::Error::Leak(_), .. }
    );
    if is_answer { Ok(error) } else { Err(error) }
}
