//! Distinct paths and who visited them in; a template for each out, of which
//! none says more than what enough persons did.
//!
//! ```text
//! /book/81293            ─► /book/{id}        looks like an identifier
//! /user/kim/loans        ─► /user/{…}/loans   few persons each, enough together
//! /event/quiz/kim/3      ─► /event/{…}/*      too few at any place below
//! /admin/kim             ─► other             too few
//! ```
//!
//! Paths are divided segment by segment from the front. Segments that fewer than
//! `persons_min` persons have at one place become one, `{…}`, and are divided on
//! together. A template that fewer visited goes, with others of its kind, into
//! `/*` of the nearest place above it where they are enough together.
//!
//! What holds of the result, whatever goes in:
//!
//! - the paths of a template were visited by `persons_min` distinct persons or
//!   more; `other` alone may have fewer;
//! - a word in a template stood at that place, below the same words, in the paths
//!   of `persons_min` distinct persons or more;
//! - equal paths have one template, and the order of the input changes nothing.
//!
//! Source: k-anonymity, Sweeney 2002, over one attribute and persons instead of
//! rows; generalising by the tree of the paths is our own.
//!
//! Not here: who a person is; what stands before and behind a path
//! ([`path`](super::path)).

use std::collections::BTreeMap;

use super::segment::is_identifier;

/// Stands for a segment that looks like an identifier.
pub const IDENTIFIER: &str = "{id}";

/// Stands for segments that too few persons have each.
pub const FEW: &str = "{…}";

/// What is asked of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learning {
    /// Distinct persons that a template, and each word in it, must have. 1 hides
    /// nothing; 0 is taken as 1.
    pub persons_min: usize,
    /// Segments that are looked at; the rest of a longer path is `*`.
    pub depth: usize,
}

/// A path without query, and the persons that visited it.
#[derive(Debug, Clone, Copy)]
pub struct Visited<'a> {
    /// The path; one without `/` in front becomes `other`. One that stands here
    /// twice has the persons of both.
    pub path: &'a str,
    /// Numbers of distinct persons: all of them, or any `persons_min` of them.
    pub persons: &'a [u32],
}

/// The templates of some paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    templates: Vec<String>,
    of: Vec<Option<usize>>,
}

impl Learned {
    /// Finds the template of each path.
    ///
    /// Takes time in proportion to the bytes of the paths, and to their number
    /// times `depth` times `persons_min`, with a logarithm for sorting.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::url::learn::{Learned, Learning, Visited};
    ///
    /// let visits = [
    ///     Visited { path: "/book/81293", persons: &[1, 2] },
    ///     Visited { path: "/book/77", persons: &[3] },
    ///     Visited { path: "/user/kim", persons: &[1] },
    /// ];
    /// let learned = Learned::fit(&visits, Learning { persons_min: 3, depth: 8 });
    /// assert_eq!(learned.of(0), Some("/book/{id}"));
    /// assert_eq!(learned.of(1), Some("/book/{id}"));
    /// assert_eq!(learned.of(2), None);
    /// ```
    #[must_use]
    pub fn fit(visits: &[Visited<'_>], learning: Learning) -> Self {
        let mut fitting = Fitting {
            visits,
            persons_min: learning.persons_min.max(1),
            prefix: String::new(),
            learned: Self { templates: Vec::new(), of: vec![None; visits.len()] },
        };
        let group = visits.iter().enumerate().filter_map(|(visit, visited)| {
            Some(Going { visit, rest: visited.path.strip_prefix('/')? })
        });
        fitting.divide(group.collect(), learning.depth);
        fitting.learned
    }

    /// The template of a path, by its place in the input; `None` if it is one of
    /// the others.
    #[must_use]
    pub fn of(&self, visit: usize) -> Option<&str> {
        let template = self.of.get(visit).copied().flatten()?;
        self.templates.get(template).map(String::as_str)
    }
}

/// A path of which the front has been looked at.
#[derive(Clone, Copy)]
struct Going<'a> {
    visit: usize,
    /// What stands behind the last `/` that was looked at.
    rest: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Word(&'a str),
    Identifier,
    Few,
}

struct Fitting<'a> {
    visits: &'a [Visited<'a>],
    persons_min: usize,
    prefix: String,
    learned: Learned,
}

impl<'a> Fitting<'a> {
    /// Gives templates to paths below the prefix, and those back that are too few
    /// for one.
    fn divide(&mut self, group: Vec<Going<'a>>, depth: usize) -> Vec<usize> {
        let mut left = Vec::new();
        if depth == 0 {
            left.extend(group.iter().map(|going| going.visit));
        } else {
            for (segment, members) in self.segments(group) {
                let before = self.prefix.len();
                self.prefix.push('/');
                self.prefix.push_str(segment.text());
                left.extend(self.child(members, depth - 1));
                self.prefix.truncate(before);
            }
        }
        // Of the root that would be all that is left: the others.
        if self.prefix.is_empty() || !self.is_enough(left.iter().copied()) {
            return left;
        }
        let template = format!("{}/*", self.prefix);
        self.assign(template, &left);
        Vec::new()
    }

    /// The paths by their next segment, with those together that too few persons
    /// have.
    fn segments(&self, group: Vec<Going<'a>>) -> BTreeMap<Segment<'a>, Vec<Next<'a>>> {
        let mut segments: BTreeMap<Segment<'_>, Vec<Next<'_>>> = BTreeMap::new();
        for Going { visit, rest } in group {
            let (text, rest) =
                rest.split_once('/').map_or((rest, None), |(text, rest)| (text, Some(rest)));
            let segment =
                if is_identifier(text) { Segment::Identifier } else { Segment::Word(text) };
            segments.entry(segment).or_default().push(Next { visit, rest });
        }
        let few: Vec<Next<'_>> = segments
            .extract_if(.., |_, members| !self.is_enough(members.iter().map(|next| next.visit)))
            .flat_map(|(_, members)| members)
            .collect();
        if !few.is_empty() {
            segments.insert(Segment::Few, few);
        }
        segments
    }

    /// Gives templates to the paths of one segment, which the prefix ends in.
    fn child(&mut self, members: Vec<Next<'a>>, depth: usize) -> Vec<usize> {
        let mut ended = Vec::new();
        let mut going = Vec::new();
        for Next { visit, rest } in members {
            match rest {
                Some(rest) => going.push(Going { visit, rest }),
                None => ended.push(visit),
            }
        }
        if self.is_enough(ended.iter().copied()) {
            self.assign(self.prefix.clone(), &ended);
            ended.clear();
        }
        if !going.is_empty() {
            ended.extend(self.divide(going, depth));
        }
        ended
    }

    fn assign(&mut self, template: String, visits: &[usize]) {
        let number = self.learned.templates.len();
        self.learned.templates.push(template);
        for &visit in visits {
            self.learned.of[visit] = Some(number);
        }
    }

    /// True if the visits are of enough distinct persons.
    fn is_enough(&self, visits: impl Iterator<Item = usize>) -> bool {
        let mut persons: Vec<u32> = Vec::with_capacity(self.persons_min.min(64));
        for visit in visits {
            for &person in self.visits[visit].persons {
                if let Err(at) = persons.binary_search(&person) {
                    persons.insert(at, person);
                    if persons.len() >= self.persons_min {
                        return true;
                    }
                }
            }
        }
        false
    }
}

/// A path with a segment, and what stands behind it; `None` if the path ends.
struct Next<'a> {
    visit: usize,
    rest: Option<&'a str>,
}

impl<'a> Segment<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Word(text) => text,
            Self::Identifier => IDENTIFIER,
            Self::Few => FEW,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn fit(visits: &[(&str, Vec<u32>)], persons_min: usize, depth: usize) -> Vec<Option<String>> {
        let visits: Vec<_> =
            visits.iter().map(|(path, persons)| Visited { path, persons }).collect();
        let learned = Learned::fit(&visits, Learning { persons_min, depth });
        (0..visits.len()).map(|visit| learned.of(visit).map(str::to_owned)).collect()
    }

    #[track_caller]
    fn learns(rows: &[(&str, &[u32], Option<&str>)]) {
        let visits: Vec<_> =
            rows.iter().map(|(path, persons, _)| (*path, persons.to_vec())).collect();
        let found = fit(&visits, 3, 8);
        for ((path, _, expected), found) in rows.iter().zip(&found) {
            assert_eq!(found.as_deref(), *expected, "{path}");
        }
    }

    #[test]
    fn identifiers_are_one() {
        learns(&[
            ("/book/1", &[1], Some("/book/{id}")),
            ("/book/2", &[2], Some("/book/{id}")),
            ("/book/3", &[3], Some("/book/{id}")),
            ("/book", &[1, 2, 3], Some("/book")),
            ("/book/1/cover.jpg", &[1, 2, 4], Some("/book/{id}/cover.jpg")),
        ]);
    }

    #[test]
    fn what_few_have_is_one_and_divided_on() {
        learns(&[
            ("/user/kim/loans", &[1], Some("/user/{…}/loans")),
            ("/user/lee/loans", &[2], Some("/user/{…}/loans")),
            ("/user/park/loans", &[3], Some("/user/{…}/loans")),
            ("/user/help/loans", &[1, 2, 3], Some("/user/help/loans")),
        ]);
    }

    #[test]
    fn what_is_too_few_goes_to_the_nearest_place_above_where_it_is_enough() {
        learns(&[
            ("/event/quiz/a", &[1], Some("/event/{…}/*")),
            ("/event/quiz/b/c", &[2], Some("/event/{…}/*")),
            ("/event/talk/b/d/e", &[3], Some("/event/{…}/*")),
            ("/lib/map", &[1, 2, 3], Some("/lib/map")),
            ("/lib/map/a", &[1], Some("/lib/*")),
            ("/lib/map/b", &[2], Some("/lib/*")),
            ("/lib/seats", &[3], Some("/lib/*")),
            ("/admin/kim", &[1], None),
            ("admin", &[1, 2, 3], None),
            ("", &[1, 2, 3], None),
            ("*", &[1, 2, 3], None),
        ]);
    }

    #[test]
    fn a_segment_that_reads_as_a_placeholder_is_an_identifier() {
        learns(&[
            ("/a/{…}", &[1, 2, 3], Some("/a/{id}")),
            ("/a/*", &[1, 2, 3], Some("/a/{id}")),
            ("/a/x", &[1], None),
        ]);
    }

    #[test]
    fn segments_behind_the_depth_are_the_rest() {
        let visits = [("/a/b/c/d", vec![1, 2]), ("/a/b/e", vec![3, 4])];
        assert_eq!(fit(&visits, 2, 2), [Some("/a/b/*".into()), Some("/a/b/*".into())]);
        assert_eq!(fit(&visits, 2, 0), [None, None]);
        assert_eq!(fit(&visits, 2, 8)[0].as_deref(), Some("/a/b/c/d"));
    }

    #[test]
    fn hostile_paths_are_linear() {
        let long = "/a".repeat(500_000);
        let deep = [("/", vec![1]), (long.as_str(), vec![1, 2, 3])];
        assert_eq!(fit(&deep, 3, 8)[1].as_deref(), Some("/a/a/a/a/a/a/a/a/*"));
        let many: Vec<String> = (0..100_000).map(|n| format!("/x{n}y/{}/z", n % 1_000)).collect();
        let persons: Vec<u32> = vec![7];
        let visits: Vec<_> = many.iter().map(|path| Visited { path, persons: &persons }).collect();
        let learned = Learned::fit(&visits, Learning { persons_min: 50, depth: 32 });
        assert!((0..visits.len()).all(|visit| learned.of(visit).is_none()));
    }

    /// True if a path begins with segments that these parts of a template stand for.
    fn begins_like(path: &str, parts: &[&str]) -> bool {
        let mut segments = path.split('/');
        segments.next() == Some("")
            && parts.iter().all(|part| match (*part, segments.next()) {
                ("{id}", Some(segment)) => is_identifier(segment),
                ("{…}", Some(_)) => true,
                (word, segment) => segment == Some(word),
            })
    }

    fn anything() -> impl Strategy<Value = Vec<(String, Vec<u32>)>> {
        let path = "(/(a|b|c|kim|77|\\{…\\}|\\*|)){0,5}|[a-c/*]{0,4}";
        prop::collection::vec((path, prop::collection::vec(0u32..8, 0..4)), 0..40)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_template_says_what_too_few_did(
            visits in anything(), persons_min in 1usize..6, depth in 0usize..6,
        ) {
            let visits: Vec<_> = visits.iter().map(|(p, v)| (p.as_str(), v.clone())).collect();
            let found = fit(&visits, persons_min, depth);
            let mut classes: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
            for ((_, persons), template) in visits.iter().zip(&found) {
                if let Some(template) = template {
                    classes.entry(template).or_default().extend(persons);
                }
            }
            for (template, persons) in &classes {
                prop_assert!(persons.len() >= persons_min, "{} has {:?}", template, persons);
                // Each word: persons of all paths that have it at this place, below
                // the same words.
                let parts: Vec<&str> = template.split('/').skip(1).collect();
                prop_assert!(parts.len() <= depth + 1);
                for (at, word) in parts.iter().enumerate() {
                    if ["{id}", "{…}", "*"].contains(word) {
                        continue;
                    }
                    let with_word: BTreeSet<u32> = visits
                        .iter()
                        .filter(|(path, _)| begins_like(path, &parts[..=at]))
                        .flat_map(|(_, persons)| persons.iter().copied())
                        .collect();
                    prop_assert!(with_word.len() >= persons_min, "{} in {}", word, template);
                }
            }
        }

        #[test]
        fn the_order_of_the_input_changes_nothing_and_equal_paths_are_equal(
            visits in anything(), persons_min in 1usize..6, depth in 0usize..6,
        ) {
            let visits: Vec<_> = visits.iter().map(|(p, v)| (p.as_str(), v.clone())).collect();
            let found = fit(&visits, persons_min, depth);
            let by_path: BTreeMap<&str, &Option<String>> =
                visits.iter().map(|(path, _)| *path).zip(&found).collect();
            for ((path, _), template) in visits.iter().zip(&found) {
                prop_assert_eq!(&by_path[path], &template);
            }
            let reversed: Vec<_> = visits.iter().rev().cloned().collect();
            let mut back = fit(&reversed, persons_min, depth);
            back.reverse();
            prop_assert_eq!(found, back);
        }

        #[test]
        fn bounded_lists_of_persons_are_enough(visits in anything(), persons_min in 1usize..4) {
            let visits: Vec<_> = visits.iter().map(|(p, v)| (p.as_str(), v.clone())).collect();
            // Equal paths have one list, as the distinct paths of a column do.
            let mut whole: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
            for (path, persons) in &visits {
                whole.entry(path).or_default().extend(persons);
            }
            let all: Vec<_> =
                whole.iter().map(|(path, persons)| (*path, persons.iter().copied().collect())).collect();
            let few: Vec<_> = whole
                .iter()
                .map(|(path, persons)| (*path, persons.iter().copied().take(persons_min).collect()))
                .collect();
            prop_assert_eq!(fit(&all, persons_min, 8), fit(&few, persons_min, 8));
        }

        #[test]
        fn a_template_matches_its_paths(visits in anything(), persons_min in 1usize..4) {
            let visits: Vec<_> = visits.iter().map(|(p, v)| (p.as_str(), v.clone())).collect();
            for ((path, _), template) in visits.iter().zip(fit(&visits, persons_min, 8)) {
                let Some(template) = template else { continue };
                let mut segments = path.split('/').skip(1);
                for part in template.split('/').skip(1) {
                    match (part, segments.next()) {
                        ("*", Some(_)) => segments = "".split('/').skip(1),
                        ("{id}", Some(segment)) => prop_assert!(is_identifier(segment)),
                        ("{…}", Some(_)) => {}
                        (word, segment) => prop_assert_eq!(Some(word), segment),
                    }
                }
                prop_assert_eq!(segments.next(), None);
            }
        }
    }
}
