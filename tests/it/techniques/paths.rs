//! Templates that are learned from the paths of a night: what stands in the table is no
//! more than what enough persons did.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Night, Row, Rules, loans};
use crate::protect::{ring, secret};

const LEARNED: &str =
    "page = { path = { learn = { persons_min = 3 } } }\nrow = { keep = \"integer\" }";

/// Segments of a template against those of a path, from the front.
fn matches(template: &[&str], path: &[&str]) -> bool {
    match (template, path) {
        (["*"], [_, ..]) | ([], []) => true,
        // What looks like an identifier, or what few have.
        (["{id}" | "{…}", template @ ..], [_, path @ ..]) => matches(template, path),
        ([word, template @ ..], [same, path @ ..]) => word == same && matches(template, path),
        _ => false,
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').skip(1).collect()
}

/// Checks the rows of a night: `persons_min` is 3.
fn holds(rows: &[Row], templates: &[Option<String>]) -> Result<(), TestCaseError> {
    let mut readers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut of_path: BTreeMap<&str, &str> = BTreeMap::new();
    for (row, template) in rows.iter().zip(templates) {
        let template = template.as_deref().unwrap();
        readers.entry(template).or_default().insert(&row["card"]);
        // Equal paths have one template.
        prop_assert_eq!(*of_path.entry(&row["page"]).or_insert(template), template);
        let is_match = matches(&segments(template), &segments(&row["page"]));
        prop_assert!(template == "other" || is_match, "{} {}", template, &row["page"]);
    }
    for (template, readers) in &readers {
        prop_assert!(*template == "other" || readers.len() >= 3, "{}: {:?}", template, readers);
    }
    // A word of a template stands there in the paths of as many persons, below the same
    // place.
    for template in readers.keys().filter(|template| **template != "other") {
        let words = segments(template);
        for (place, word) in words.iter().enumerate() {
            if matches!(*word, "{id}" | "{…}" | "*") {
                continue;
            }
            let has = |row: &&Row| {
                let path = segments(&row["page"]);
                path.len() > place && matches(&words[..=place], &path[..=place])
            };
            let persons: BTreeSet<&str> =
                rows.iter().filter(has).map(|row| row["card"].as_str()).collect();
            prop_assert!(persons.len() >= 3, "{} {}", template, word);
        }
    }
    Ok(())
}

#[test]
fn every_template_is_of_enough_persons_for_any_paths() {
    let rules = Rules::new("", LEARNED);
    let secret = secret("loans", 7);
    let segment = prop_oneof!["[ab]", "[0-9]{4}", "kim[0-9]"];
    let path = prop::collection::vec(segment, 1..4);
    let visits = prop::collection::vec((path, 0u32..8), 1..60);
    proptest!(ProptestConfig::with_cases(96), |(visits in visits, size in 1usize..40)| {
        let rows: Vec<Row> = visits.iter().zip(loans(60, 8)).map(|((path, reader), mut row)| {
            row.insert("page", format!("/{}", path.join("/")));
            row.insert("card", format!("L{:05}", 40_000 + reader));
            row
        }).collect();
        let cells = rules.protect(&ring(&secret), &rows, size);
        holds(&rows, cells.of("page"))?;
    });
}

#[test]
fn a_night_of_paths_shows_what_many_did_and_nobody_s_account() {
    let mut rows = loans(300, 60);
    for (number, row) in rows.iter_mut().enumerate() {
        let page = match number % 5 {
            0 => format!("/book/{}", 81_000 + number),
            1 => "/notice".to_owned(),
            2 => format!("/user/reader{number}/loans"),
            3 => format!("/notice/{}?kdc=8", ["new", "old"][number % 2]),
            _ if number == 4 => "/admin/backup".to_owned(),
            _ => "/".to_owned(),
        };
        row.insert("page", page);
    }
    let night = Night::new("", LEARNED).publish(&rows);
    let made = night.column("page");
    for row in &mut rows {
        let path = row["page"].split('?').next().unwrap().to_owned();
        row.insert("page", path);
    }
    holds(&rows, &made).unwrap();
    let templates: BTreeSet<&str> = made.iter().flatten().map(String::as_str).collect();
    let expected =
        ["/", "/book/{id}", "/notice", "/notice/new", "/notice/old", "/user/{…}/loans", "other"];
    assert_eq!(templates, BTreeSet::from(expected));
    assert_eq!(made.iter().filter(|path| path.as_deref() == Some("other")).count(), 1);
}
