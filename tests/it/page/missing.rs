//! Items of records: the page finds missing what the program finds missing, in the same words.

use gamyeong::ledger::items::{self, Form, Item, example};
use gamyeong::ledger::record::{KINDS, Kind};
use gamyeong::report::words;
use regex::Regex;
use serde_json::{Map, Value, json};

use super::browser::Browser;
use super::page_of;
use crate::house::House;

/// What may stand where an item does, good and bad.
fn values() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "\u{3000}",
        "\u{feff}",
        "글",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "000000000000000000000000000000000000000000000000000000000000000G",
        "2026-11-22",
        "2026-02-29",
        "2024-02-29",
        "0000-01-01",
        "2026-11-22 ",
        "2026-11-22T00:00:00Z",
        "2026-11-22T18:00:00.123456789+09:00",
        "2026-11-22T18:00:00.1234567890Z",
        "2026-11-22T18:00:00.Z",
        "2026-11-22T18:00:00-00:00",
        "2026-11-22T18:00:00+23:59",
        "2026-11-22T18:00:00+24:00",
        "2026-11-22T18:00:00+09:60",
        "2026-11-22T18:00:00+0900",
        "2026-11-22T24:00:00Z",
        "2026-11-22T18:60:00Z",
        "2026-11-22T23:59:60Z",
        "2026-11-22t18:00:00z",
        "2026-11-22 18:00:00Z",
        "2026-11-22T18:00:00",
        "2026-11-22T18:00Z",
        "2026-11-31T18:00:00Z",
        "9999-12-30T22:00:00Z",
        "9999-12-31T00:00:00Z",
        "9999-12-31T00:00:00+23:00",
        "0000-01-01T00:00:00+23:59",
        "중위험",
        "저위험",
    ];
    let more = [
        json!(null),
        json!(0),
        json!(-1),
        json!(9_007_199_254_740_991_u64),
        json!(false),
        json!([]),
        json!([[]]),
        json!([{}]),
        json!(["글"]),
        json!(["글", ""]),
        json!([1]),
        json!({}),
        json!({"__proto__": 1}),
        json!({"constructor": "글"}),
    ];
    texts.iter().map(|text| json!(text)).chain(more).collect()
}

/// Bodies of a kind with one item, at any depth, taken out or replaced.
fn bodies(items: &[Item], whole: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut bodies = vec![whole.clone()];
    for item in items {
        let mut without = whole.clone();
        without.shift_remove(item.key);
        bodies.push(without);
        for value in values().into_iter().chain(words(&item.form)) {
            let mut body = whole.clone();
            body.insert(item.key.to_owned(), value);
            bodies.push(body);
        }
        let (Some(inner), Some(value)) = (item.form.items(), whole.get(item.key)) else { continue };
        let is_list = item.form.is_list();
        let table = if is_list { &value[0] } else { value };
        let Some(table) = table.as_object() else { continue };
        for changed in self::bodies(inner, table) {
            let mut body = whole.clone();
            let value = if is_list { json!([table, changed]) } else { json!(changed) };
            body.insert(item.key.to_owned(), value);
            bodies.push(body);
        }
    }
    bodies
}

fn words(form: &Form) -> Vec<Value> {
    let words = form.words().unwrap_or_default().iter();
    words.flat_map(|word| [json!(word), json!([word])]).collect()
}

fn lacks(kind: Kind, body: &Map<String, Value>) -> Value {
    let lacks = items::check(kind, body).err().into_iter().flat_map(|lacking| lacking.lacks);
    lacks.map(|lack| json!(lack.expected())).collect()
}

#[test]
fn the_page_misses_the_items_that_the_program_misses() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let mut count = 0;
    let form = Regex::new("^`[^`]+`, [^:]*[가-힣][^:]*: .*[가-힣]").unwrap();
    for kind in KINDS {
        let mut bodies = bodies(items::of(kind).items, &example::body(kind));
        for reviewers in 0..4 {
            for grade in ["저위험", "중위험", "고위험", "무위험"] {
                let mut body = example::body(kind);
                body.insert("grade".to_owned(), json!(grade));
                body.insert("reviewers".to_owned(), json!(vec![json!({"post": "글"}); reviewers]));
                bodies.push(body);
            }
        }
        let expected: Vec<Value> = bodies.iter().map(|body| lacks(kind, body)).collect();
        let script = "const [type, bodies] = arguments;
            return bodies.map((text) =>
              lacksOf({type, body: JSON.parse(text)}).map(({expected}) => expected))";
        let told = "const [type, bodies] = arguments;
            return [...new Set(bodies.flatMap((text) =>
              lacksOf({type, body: JSON.parse(text)}).map(({expected}) => expected)))]
              .map((one) => [one, findingWord(one)])";
        let texts: Vec<String> = bodies.iter().map(|body| json!(body).to_string()).collect();
        let found = browser.run_with(script, &json!([kind.as_str(), texts]));
        let told = browser.run_with(told, &json!([kind.as_str(), texts]));
        for pair in told.as_array().unwrap() {
            let [english, korean] = [&pair[0], &pair[1]].map(|text| text.as_str().unwrap());
            assert!(
                form.is_match(korean) && !korean.contains(") ("),
                "not said in Korean: {korean}"
            );
            assert_eq!(words::finding(english), korean);
        }
        for (index, body) in bodies.iter().enumerate() {
            assert_eq!(found[index], expected[index], "{}: {body:?}", kind.as_str());
        }
        count += bodies.len();
    }
    assert!(count > 20_000, "{count}");
    let unknown = "return lacksOf({type: 'toString', body: {}})";
    assert_eq!(browser.run(unknown), Value::Null);
}
