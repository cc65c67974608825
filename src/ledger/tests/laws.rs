//! Runs in order and out of it, lines kept and lost.

use bumpalo::Bump;
use serde_json::{Map, Value, json};

use super::super::json::Table;
use super::super::laws::{Breach, Step, Violation, check};
use super::super::record::Kind;

fn steps(list: &[(&str, Value)]) -> Vec<(u64, Step)> {
    let step = |(seq, (name, body)): (usize, &(&str, Value))| {
        let (body, arena) = (body.as_object().cloned().unwrap_or_default(), Bump::new());
        let kind = format!("run.{name}").parse().unwrap();
        (seq as u64, Step::of(kind, Some("r-1"), Table::of(&body, &arena)).unwrap())
    };
    list.iter().enumerate().map(step).collect()
}

/// Runs with these types in this order: which of them come too early or
/// too late.
#[track_caller]
fn order(types: &str, wrong: &[u64]) {
    let list: Vec<_> = types.split(' ').map(|name| (name, json!({}))).collect();
    let found: Vec<u64> = check(&steps(&list)).order.iter().map(|v| v.seq).collect();
    assert_eq!(found, wrong, "{types}");
}

fn input(source: &str, lines: &[u64]) -> (&'static str, Value) {
    let files: Vec<Value> = lines.iter().map(|n| file(*n, [*n, 0, 0, 0, 0])).collect();
    ("input", json!({"source": source, "files": files}))
}

fn file(lines: u64, [rows, rejected, suppressed, excluded, blank]: [u64; 5]) -> Value {
    json!({
        "sha256": "00", "bytes": 9, "lines": lines, "rows": rows, "rejected": rejected,
        "suppressed": suppressed, "excluded": excluded, "blank": blank,
    })
}

fn source(name: &str, lines: u64, counts: [u64; 5]) -> Value {
    let [rows, rejected, suppressed, excluded, blank] = counts;
    json!({
        "name": name, "lines": lines, "rows": rows, "rejected": rejected,
        "suppressed": suppressed, "excluded": excluded, "blank": blank,
    })
}

fn conserved(inputs: &[(&'static str, Value)], sources: &Value) -> Vec<Breach> {
    let mut list = vec![("begin", json!({}))];
    list.extend_from_slice(inputs);
    list.push(("commit", json!({"sources": sources, "outputs": []})));
    check(&steps(&list)).conservation.into_iter().map(|v| v.breach).collect()
}

#[test]
fn runs_go_through_their_stages_in_order() {
    order("begin input input commit published", &[]);
    order("begin commit published", &[]);
    order("begin input refused", &[]);
    order("begin undone", &[]);
    order("begin input commit undone", &[]);
}

#[test]
fn every_other_order_is_found() {
    order("input", &[0]);
    order("published", &[0]);
    order("begin begin", &[1]);
    order("begin published", &[1]);
    order("begin commit input published", &[2]);
    order("begin commit refused", &[2]);
    order("begin commit commit", &[2]);
    order("begin refused commit", &[2]);
    order("begin commit published undone", &[3]);
    order("begin commit undone published", &[3]);
}

#[test]
fn runs_without_end_are_named() {
    let open = check(&steps(&[("begin", json!({}))]));
    assert_eq!(open.unfinished, ["r-1"]);
    let ended = check(&steps(&[("begin", json!({})), ("undone", json!({}))]));
    assert!(ended.unfinished.is_empty());
}

#[test]
fn a_record_of_a_run_names_it() {
    let step = Step::of(Kind::RunBegin, None, Table::of(&Map::new(), &Bump::new())).unwrap();
    assert_eq!(check(&[(0, step)]).order, [Violation { seq: 0, breach: Breach::NoRun }]);
}

#[test]
fn lines_that_add_up_are_conserved() {
    let inputs = [input("web", &[5, 0]), input("wifi", &[3]), input("web", &[4])];
    let sources = [source("web", 9, [5, 1, 1, 1, 1]), source("wifi", 3, [3, 0, 0, 0, 0])];
    assert_eq!(conserved(&inputs, &json!(sources)), []);
}

#[test]
fn a_lost_line_is_found_wherever_it_was_lost() {
    let sources = json!([source("web", 9, [5, 1, 1, 1, 0])]);
    let expected = [Breach::Unbalanced { lines: 9, accounted: 8 }];
    assert_eq!(conserved(&[input("web", &[9])], &sources), expected);

    let sources = json!([source("web", 8, [8, 0, 0, 0, 0])]);
    let expected = [Breach::Input { files: 9, lines: 8 }];
    assert_eq!(conserved(&[input("web", &[9])], &sources), expected);

    let expected = [Breach::Forgotten { files: 9 }];
    assert_eq!(conserved(&[input("web", &[9])], &json!([])), expected);
}

#[test]
fn a_lost_line_is_found_in_its_file_too() {
    let sources = json!([source("web", 9, [5, 1, 1, 1, 1])]);
    let files = [file(4, [4, 0, 0, 0, 0]), file(5, [1, 1, 1, 1, 0])];
    let input = json!({"source": "web", "files": files});
    let expected = [Breach::Unbalanced { lines: 5, accounted: 4 }];
    assert_eq!(conserved(&[("input", input)], &sources), expected);
}

#[test]
fn a_source_is_counted_once() {
    let web = source("web", 2, [2, 0, 0, 0, 0]);
    let expected = [Breach::Input { files: 0, lines: 2 }];
    assert_eq!(conserved(&[input("web", &[2])], &json!([web, web])), expected);
}

#[test]
fn bodies_out_of_form_and_sums_too_large_are_found() {
    assert_eq!(conserved(&[], &json!(null)), [Breach::Shape]);
    assert_eq!(conserved(&[("input", json!({}))], &json!([])), [Breach::Shape]);
    assert_eq!(conserved(&[], &json!([{"name": "web"}])), [Breach::Shape]);
    let large = source("web", 0, [u64::MAX, 1, 0, 0, 0]);
    assert_eq!(conserved(&[], &json!([large])), [Breach::Shape]);
}
