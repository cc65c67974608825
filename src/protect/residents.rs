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
use super::technique::{Digits, Technique};
use crate::scan::is_resident_number;
use crate::split::Values;
use crate::split::person::is_singular;

/// Counts the rows of one column.
pub(super) struct Residents {
    look: Look,
    rows: u64,
    /// Rows with a value, and those of them that may be one without its first zeros.
    cells: u64,
    short: u64,
}

/// How values are looked at.
#[derive(Clone, Copy)]
enum Look {
    /// Not at all: nothing is made of who somebody is.
    Away,
    /// Only as what may have lost its first zeros: the rest is looked at as text.
    Short,
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
        } else if matches!(rule.technique, Technique::KeepText | Technique::Text(_)) {
            Look::Short
        } else {
            Look::Away
        };
        Self { look, rows: 0, cells: 0, short: 0 }
    }

    /// Looks at the rows of a chunk. `new` are the values of it that no chunk before had,
    /// if the column tells them apart.
    pub(super) fn see<'a>(&mut self, rows: &Values, new: Option<impl Iterator<Item = &'a [u8]>>) {
        let look = self.look;
        if matches!(look, Look::Away) {
            return;
        }
        for raw in rows.iter().flatten() {
            self.cells += 1;
            self.short += u64::from(is_short(raw));
        }
        if matches!(look, Look::Short) {
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

    /// Rows of all, once the last was seen. About one number of a hundred of ten digits could
    /// be one without its zeros: a column of them is not chance any more.
    pub(super) fn rows_in_all(&self) -> u64 {
        if 2 * self.short > self.cells { self.rows + self.short } else { self.rows }
    }
}

impl Look {
    fn has_one(self, raw: &[u8]) -> bool {
        match self {
            Self::Away | Self::Short => false,
            Self::Texts => has_resident(raw),
            Self::Numbers(digits) => is_resident(digits, raw),
        }
    }
}

/// True if a value is a number of fewer digits than a resident number and would be one with
/// zeros before it, as programs that take it for a number write those of persons born from
/// 2000 to 2009.
fn is_short(raw: &[u8]) -> bool {
    let is_of_length = (10..=12).contains(&raw.len());
    is_of_length && read_integer(Digits::Plain, raw).is_some_and(is_resident_number)
}

/// True if a cell of whole numbers is a resident number, with or without a sign. One of
/// fewer digits has lost its first zeros, or is something else: that is told by the whole
/// column.
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
    fn what_lost_its_zeros_is_short() {
        for cell in ["505054123456", "105053123456", "9001011234568", "0505054123456", "x"] {
            assert_eq!(is_short(cell.as_bytes()), cell.starts_with("505"), "{cell}");
        }
    }

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
