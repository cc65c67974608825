//! Counted equivalence classes in; which of them, and which values, must go, out.
//!
//! Blanking a rare value joins classes, and suppressing a class takes persons
//! from values, so both are decided together until nothing changes. Rare
//! values are only ever added, so that it ends.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use crate::protect::distinct::ABSENT;

/// An equivalence class before anything was taken out.
#[derive(Debug, Clone)]
pub struct Class {
    /// Number of the value of each quasi-identifier; `u32::MAX` for absent.
    pub values: Vec<u32>,
    /// Rows in it.
    pub rows: u64,
    /// Numbers of the persons in it.
    pub persons: RoaringBitmap,
}

/// Thresholds, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Least rows per class.
    pub rows: u64,
    /// Least persons per class.
    pub persons: u64,
}

/// What must go so that the rest meets the thresholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// For each class: is it suppressed?
    pub is_suppressed: Vec<bool>,
    /// For each quasi-identifier, the values to blank, by number.
    pub rare: Vec<Vec<bool>>,
    /// Rows in the smallest class that stays; `None` if none does.
    pub k: Option<u64>,
    /// Persons in the class that has the fewest of those that stay.
    pub k_persons: Option<u64>,
    /// Classes that stay, after blanking joined some.
    pub classes: u64,
    /// Classes that go.
    pub suppressed_classes: u64,
}

/// Decides what must go.
///
/// `value_persons_min` gives, for each quasi-identifier, the least number of
/// persons for each of its values, 0 for no such threshold; `values` how many
/// values it has.
///
/// In what stays, every class has at least `thresholds.rows` rows and
/// `thresholds.persons` persons, and every value of a quasi-identifier at
/// least its number of persons.
#[must_use]
pub fn decide(
    classes: &[Class],
    thresholds: Thresholds,
    value_persons_min: &[u64],
    values: &[usize],
) -> Decision {
    let mut rare: Vec<Vec<bool>> = values.iter().map(|&count| vec![false; count]).collect();
    loop {
        let joined = join(classes, &rare);
        let stays = |class: &Joined| {
            class.rows >= thresholds.rows && class.persons.len() >= thresholds.persons
        };
        if add_rare(joined.values().filter(|class| stays(class)), value_persons_min, &mut rare) {
            continue;
        }
        let mut is_suppressed = vec![false; classes.len()];
        for class in joined.values().filter(|class| !stays(class)) {
            for &member in &class.members {
                is_suppressed[member] = true;
            }
        }
        let kept = || joined.values().filter(|class| stays(class));
        let classes = kept().count();
        return Decision {
            is_suppressed,
            rare,
            k: kept().map(|class| class.rows).min(),
            k_persons: kept().map(|class| class.persons.len()).min(),
            classes: classes as u64,
            suppressed_classes: (joined.len() - classes) as u64,
        };
    }
}

/// Classes that agree once rare values are blanked.
struct Joined {
    values: Vec<u32>,
    members: Vec<usize>,
    rows: u64,
    persons: RoaringBitmap,
}

fn join(classes: &[Class], rare: &[Vec<bool>]) -> BTreeMap<Vec<u32>, Joined> {
    let mut joined: BTreeMap<Vec<u32>, Joined> = BTreeMap::new();
    for (index, class) in classes.iter().enumerate() {
        let values: Vec<u32> = class
            .values
            .iter()
            .zip(rare)
            .map(|(&value, rare)| if is_rare(rare, value) { ABSENT } else { value })
            .collect();
        let into = joined.entry(values.clone()).or_insert_with(|| Joined {
            values,
            members: Vec::new(),
            rows: 0,
            persons: RoaringBitmap::new(),
        });
        into.members.push(index);
        into.rows += class.rows;
        into.persons |= &class.persons;
    }
    joined
}

/// Marks values that too few persons of the `kept` classes have. Answers
/// whether there were any.
fn add_rare<'a>(
    kept: impl Iterator<Item = &'a Joined>,
    persons_min: &[u64],
    rare: &mut [Vec<bool>],
) -> bool {
    if persons_min.iter().all(|&min| min == 0) {
        return false;
    }
    let mut persons: Vec<BTreeMap<u32, RoaringBitmap>> = vec![BTreeMap::new(); persons_min.len()];
    for class in kept {
        for (column, &value) in class.values.iter().enumerate() {
            if value != ABSENT && persons_min[column] > 0 {
                *persons[column].entry(value).or_default() |= &class.persons;
            }
        }
    }
    let mut is_any = false;
    for (column, by_value) in persons.iter().enumerate() {
        for (&value, persons) in by_value {
            if persons.len() < persons_min[column] {
                rare[column][value as usize] = true;
                is_any = true;
            }
        }
    }
    is_any
}

fn is_rare(rare: &[bool], value: u32) -> bool {
    value != ABSENT && rare.get(value as usize).is_some_and(|&is_rare| is_rare)
}
