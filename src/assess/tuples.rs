//! Codes of several columns in; one code per row for all of them out.

use hashbrown::HashTable;

use crate::protect::codes::Codes;
use crate::protect::distinct::ABSENT;

/// Joins the codes of several columns into one code per row: rows that agree
/// on all columns get the same, numbered by first occurrence. Also gives, for
/// each code, the global numbers of its values.
pub(super) fn combine(columns: &[Codes], rows: usize) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut joined = vec![0u32; rows];
    let mut tuples: Vec<Vec<u32>> = vec![Vec::new()];
    for column in columns {
        let mut known = Pairs::new(tuples.len(), column.global.len());
        let mut next: Vec<Vec<u32>> = Vec::new();
        for (joined, &code) in joined.iter_mut().zip(&column.rows) {
            let (number, is_new) = known.number(*joined, code, next.len());
            if is_new {
                let mut values = tuples[*joined as usize].clone();
                values.push(column.global[code as usize]);
                next.push(values);
            }
            *joined = number;
        }
        tuples = next;
    }
    (joined, tuples)
}

/// Numbers pairs of codes by first occurrence.
enum Pairs {
    /// A place for every pair there can be.
    Table { places: Vec<u32>, width: usize },
    /// Where those would be too many.
    Hash(HashTable<(u64, u32)>),
}

impl Pairs {
    /// Largest table: fits the second-level cache.
    const PLACES: usize = 1 << 18;

    fn new(left: usize, right: usize) -> Self {
        if left.saturating_mul(right) <= Self::PLACES {
            Self::Table { places: vec![ABSENT; left * right], width: right }
        } else {
            Self::Hash(HashTable::new())
        }
    }

    /// The number of a pair, `next` if it is new, and whether it is.
    fn number(&mut self, left: u32, right: u32, next: usize) -> (u32, bool) {
        let next = u32::try_from(next).unwrap_or(ABSENT);
        match self {
            Self::Table { places, width } => {
                let place = &mut places[left as usize * *width + right as usize];
                let is_new = *place == ABSENT;
                if is_new {
                    *place = next;
                }
                (*place, is_new)
            }
            Self::Hash(table) => {
                let pair = u64::from(left) << 32 | u64::from(right);
                if let Some((_, number)) = table.find(spread(pair), |(seen, _)| *seen == pair) {
                    return (*number, false);
                }
                table.insert_unique(spread(pair), (pair, next), |(seen, _)| spread(*seen));
                (next, true)
            }
        }
    }
}

/// Spreads a pair of dense codes over 64 bits. No key is needed: strangers
/// choose values, but codes are numbered by first occurrence.
///
/// Source: the finaliser of splitmix64 (Steele, Lea and Flood, "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014).
fn spread(pair: u64) -> u64 {
    let mixed = (pair ^ pair >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
