//! Values of a field as they were logged in; in how many rows resident numbers stand,
//! out.
//!
//! For what is made of identifiers and of whole numbers, whatever that is: without a
//! statute nothing may be (개인정보 보호법 제24조의2). Texts that pass pieces of values on
//! are looked at when they are read (`screen`).
//!
//! Not here: what counts as one (`scan`).

use super::Rule;
use super::column::numbers::read_integer;
use super::screen::has_resident;
use super::technique::Digits;
use crate::scan::is_resident_number;
use crate::split::Values;
use crate::split::person::is_singular;

/// Counts the rows of one column.
pub(super) struct Residents {
    look: Look,
    rows: u64,
}

/// How values are looked at.
#[derive(Clone, Copy)]
enum Look {
    /// Not at all: nothing is made of who somebody is.
    Away,
    /// As texts.
    Texts,
    /// As whole numbers that are written so.
    Numbers(Digits),
}

impl Residents {
    /// For the column of a rule.
    pub(super) fn new(rule: &Rule) -> Self {
        let look = if let Some(digits) = rule.technique.digits() {
            Look::Numbers(digits)
        } else if rule.technique.is_of_identifier() || is_singular(&rule.field) {
            Look::Texts
        } else {
            Look::Away
        };
        Self { look, rows: 0 }
    }

    /// Looks at the rows of a chunk. `new` are the values of it that no chunk before had,
    /// if the column tells them apart.
    pub(super) fn see<'a>(&mut self, rows: &Values, new: Option<impl Iterator<Item = &'a [u8]>>) {
        let look = self.look;
        if matches!(look, Look::Away) {
            return;
        }
        // Each value once, as long as there is none: then the source stops, and it does not
        // matter that it takes longer.
        if self.rows == 0 && new.is_some_and(|mut new| !new.any(|raw| look.has_one(raw))) {
            return;
        }
        self.rows += rows.iter().flatten().filter(|raw| look.has_one(raw)).count() as u64;
    }

    /// Rows so far.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }
}

impl Look {
    fn has_one(self, raw: &[u8]) -> bool {
        match self {
            Self::Away => false,
            Self::Texts => has_resident(raw),
            Self::Numbers(digits) => is_resident(digits, raw),
        }
    }
}

/// True if a cell of whole numbers is a resident number, with or without a sign. One of
/// fewer digits has lost its first zeros, or is something else: that is told by the whole
/// column, when it is tested for leaks.
fn is_resident(digits: Digits, raw: &[u8]) -> bool {
    /// Digits of one.
    const DIGITS: usize = 13;
    raw.len() >= DIGITS
        && raw.iter().filter(|byte| byte.is_ascii_digit()).count() == DIGITS
        && read_integer(digits, raw).and_then(i64::checked_abs).is_some_and(is_resident_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_whatever_its_sign_and_groups() {
        for cell in ["9001011234568", "-9001011234568", "0505054123456"] {
            assert!(is_resident(Digits::Plain, cell.as_bytes()), "{cell}");
        }
        assert!(is_resident(Digits::Grouped, b"-9,001,011,234,568"));
        // No check digit, milliseconds, fourteen digits, twelve, no number.
        for cell in
            ["9001011234567", "1710123123459", "09001011234568", "505054123456", "9001011234568a"]
        {
            assert!(!is_resident(Digits::Grouped, cell.as_bytes()), "{cell}");
        }
    }
}
