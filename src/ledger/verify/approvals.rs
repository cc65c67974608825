//! Records of reviews and approvals in; findings about what was signed out.

use super::Audit;
use crate::ledger::approvals::{Approvals, Standing};
use crate::ledger::report::{Check, Lint};

impl Audit {
    /// Looks at every review and approval that stands among the records that could be read.
    pub(super) fn approvals(&mut self) {
        let mut approvals = Approvals::default();
        let seen = self.whole.iter();
        let judged = seen.filter_map(|(seq, record)| Some((*seq, approvals.see(record)?)));
        for (seq, found) in judged.collect::<Vec<_>>() {
            self.examined(Check::Approvals, 1);
            match found {
                Ok(Standing::Signed(_)) => {}
                Ok(Standing::Unsigned) => self.lints.push(Lint::Unsigned { seq }),
                Err(refusal) => {
                    let expected = "what its items say, signed by who had the right to";
                    self.fail_record(Check::Approvals, seq, expected, &refusal.to_string());
                }
            }
        }
    }
}
