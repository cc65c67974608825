//! Texts with coarser ones that may stand for them, and the persons of each, in; texts
//! that enough persons share out.
//!
//! ```text
//! 사진 (2 persons) ─► 예술 (7)                       the next level of a hierarchy
//! 한국소설 (3) ─► 문학 (4: only those that went there) ─► 기타 ─► null
//! ```
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), 특이정보: 로컬 일반화, 로컬 삭제.

use std::collections::{BTreeMap, BTreeSet};

use super::distribution::Distribution;

/// What became of the texts of a column.
pub(super) struct Moved {
    /// The text of each value.
    pub(super) texts: Vec<Option<String>>,
    /// Values, and rows, that have a coarser text now.
    pub(super) generalised: (u64, u64),
    /// Values, and rows, that have none.
    pub(super) blanked: (u64, u64),
}

/// Moves every value whose text fewer than `persons_min` persons share to its next
/// one, until enough share each. `steps` are the texts of each value, from the finest
/// on; a value without any has no text, and is not counted.
pub(super) fn generalise(
    steps: &[Vec<String>],
    distribution: &Distribution,
    persons_min: u64,
) -> Moved {
    let there = |value: usize| distribution.rows[value] > 0 && !steps[value].is_empty();
    let mut at = vec![0; steps.len()];
    loop {
        let mut persons: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for value in (0..steps.len()).filter(|value| there(*value)) {
            let Some(text) = steps[value].get(at[value]) else { continue };
            let shared = persons.entry(text).or_default();
            let of_value = distribution.persons.get(value).into_iter().flatten();
            shared.extend(of_value.take(usize::try_from(persons_min).unwrap_or(usize::MAX)));
        }
        let is_rare = |value: &usize| {
            let text = steps[*value].get(at[*value]);
            there(*value)
                && text.is_some_and(|text| (persons[text.as_str()].len() as u64) < persons_min)
        };
        let rare: Vec<usize> = (0..steps.len()).filter(is_rare).collect();
        // Who is at the last step waits: others may still come there.
        let has_next = |value: &&usize| at[**value] + 1 < steps[**value].len();
        let mut moving: Vec<usize> = rare.iter().filter(has_next).copied().collect();
        if moving.is_empty() {
            moving = rare;
        }
        if moving.is_empty() {
            break;
        }
        for value in moving {
            at[value] += 1;
        }
    }
    let mut moved = Moved { texts: Vec::new(), generalised: (0, 0), blanked: (0, 0) };
    for (value, steps) in steps.iter().enumerate() {
        let text = steps.get(at[value]);
        let count = match text {
            _ if at[value] == 0 => None,
            Some(_) => Some(&mut moved.generalised),
            None => Some(&mut moved.blanked),
        };
        if let Some((values, rows)) = count {
            *values += 1;
            *rows += distribution.rows[value];
        }
        moved.texts.push(text.cloned());
    }
    moved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn distribution(persons: &[&[u32]]) -> Distribution {
        Distribution {
            rows: persons.iter().map(|persons| persons.len() as u64).collect(),
            persons: persons.iter().map(|persons| persons.iter().copied().collect()).collect(),
        }
    }

    fn steps(texts: &[&[&str]]) -> Vec<Vec<String>> {
        texts.iter().map(|steps| steps.iter().map(|text| (*text).to_owned()).collect()).collect()
    }

    #[test]
    fn rare_texts_go_up_until_enough_share_them() {
        let moved = generalise(
            &steps(&[
                &["사진", "예술", "기타"],
                &["회화", "예술", "기타"],
                &["소설", "문학", "기타"],
                &["시", "문학", "기타"],
                &["건축", "기술", "기타"],
            ]),
            &distribution(&[&[1, 2], &[2, 3], &[1, 2, 3, 4], &[5], &[5, 6]]),
            3,
        );
        let texts: Vec<_> = moved.texts.iter().map(Option::as_deref).collect();
        // Of `문학` there would be one person, of `기술` two: the two make three persons
        // only if they are different.
        assert_eq!(texts, [Some("예술"), Some("예술"), Some("소설"), None, None]);
        assert_eq!((moved.generalised, moved.blanked), ((2, 4), (2, 3)));
    }

    proptest! {
        /// Every text that is left is shared by enough persons.
        #[test]
        fn no_text_is_rare(
            values in prop::collection::vec(
                (prop::collection::btree_set(0u32..9, 1..5), 0usize..3, 0usize..2), 0..12),
            persons_min in 2u64..5,
        ) {
            let steps: Vec<Vec<String>> = values
                .iter()
                .enumerate()
                .map(|(value, (_, middle, _))| {
                    vec![format!("{value}"), format!("m{middle}"), "other".to_owned()]
                })
                .collect();
            let distribution = Distribution {
                rows: values.iter().map(|(persons, ..)| persons.len() as u64).collect(),
                persons: values.iter().map(|(persons, ..)| persons.clone()).collect(),
            };
            let moved = generalise(&steps, &distribution, persons_min);
            let mut shared: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
            for (text, (persons, ..)) in moved.texts.iter().zip(&values) {
                if let Some(text) = text {
                    shared.entry(text).or_default().extend(persons);
                }
            }
            for (text, persons) in shared {
                prop_assert!(persons.len() as u64 >= persons_min, "{text}");
            }
        }
    }
}
