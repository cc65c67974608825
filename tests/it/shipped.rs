//! The table of techniques: each runs in a shipped pipeline and has a place in
//! `docs/techniques.md`, whose examples are rules that may run.
//!
//! Which techniques there are is taken from the schema of a rule, so a new one that
//! nobody ships or describes fails here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gamyeong::config;
use gamyeong::config::check;
use gamyeong::protect::settings::Rule;
use jiff::civil::date;
use toml::{Table, Value};

use crate::house::{House, files};

/// Keys of a rule that are no technique.
const NONE: [&str; 3] = ["as", "label", "reason"];

/// Techniques that are refused by name.
const REFUSED: [&str; 4] = ["hash", "ope", "fpe", "homomorphic"];

/// Techniques that stand in the source or its thresholds, not in a rule.
const OF_SOURCES: [&str; 3] = ["sample", "drop_rows", "value_persons_min"];

/// Techniques whose settings have several forms: each is shipped. Words, or keys.
const FORMS: &[(&str, &[&str])] = &[
    ("keep", &["text", "integer"]),
    ("place", &["country", "asn"]),
    ("mac", &["vendor", "randomised"]),
    ("round_number", &["random", "controlled"]),
    ("coding", &["top", "percentile"]),
    ("path", &["plain", "templates", "learn"]),
    ("agent", &["family", "os", "class", "bot"]),
    ("partial", &["first", "sigungu"]),
    ("category", &["map", "hierarchy", "kdc", "age", "region", "department"]),
    ("drop_rows", &["sigma", "values"]),
    ("shift", &["term"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    fs::read_to_string(root().join("docs/techniques.md")).unwrap()
}

/// What a rule may name.
fn techniques() -> BTreeSet<String> {
    let schema = serde_json::to_value(schemars::schema_for!(Rule)).unwrap();
    let keys = schema["properties"].as_object().unwrap().keys();
    let none = |key: &&String| !NONE.contains(&key.as_str());
    let found: BTreeSet<String> = keys.filter(none).cloned().collect();
    assert!(found.len() > 25, "{found:?}");
    found.into_iter().chain(OF_SOURCES.map(str::to_owned)).chain(["drop".to_owned()]).collect()
}

/// Technique → its settings, as `name` or `welfare name` of a pipeline has them.
type Used = BTreeMap<String, Vec<(String, Value)>>;

/// What all shipped pipelines use.
fn shipped() -> Used {
    let mut used = Used::new();
    for (institution, prefix) in [("library", ""), ("welfare", "welfare ")] {
        for path in files(&root().join("pipelines").join(institution)) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            if path.extension().unwrap() != "toml" || name == "institution" {
                continue;
            }
            let pipeline: Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            let name = format!("{prefix}{name}");
            let mut add = |technique: &str, settings: &Value| {
                used.entry(technique.to_owned())
                    .or_default()
                    .push((name.clone(), settings.clone()));
            };
            if let Some(blanked) = pipeline["assess"].get("value_persons_min") {
                add("value_persons_min", blanked);
            }
            for source in pipeline["source"].as_array().unwrap() {
                for key in OF_SOURCES {
                    source.get(key).into_iter().for_each(|settings| add(key, settings));
                }
                let fields = source.get("fields").and_then(Value::as_table);
                for rules in fields.into_iter().flat_map(Table::values) {
                    each(rules, &mut add);
                }
            }
        }
    }
    used
}

/// Calls `add` for every key of every rule of a field.
fn each(rules: &Value, add: &mut impl FnMut(&str, &Value)) {
    match rules {
        Value::String(word) => add(word, rules),
        Value::Array(several) => several.iter().for_each(|rules| each(rules, add)),
        Value::Table(rule) => rule.iter().for_each(|(key, settings)| add(key, settings)),
        // `check` has refused them.
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

#[test]
fn every_technique_is_shipped() {
    let used = shipped();
    for technique in techniques() {
        assert!(used.contains_key(&technique), "no shipped pipeline has `{technique}`");
    }
    for (technique, forms) in FORMS {
        let settings: Vec<String> =
            used[*technique].iter().map(|(_, settings)| settings.to_string()).collect();
        for form in *forms {
            let is_word = |text: &String| {
                text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == *form)
            };
            assert!(settings.iter().any(is_word), "no shipped pipeline has `{technique}`: {form}");
        }
    }
}

#[test]
fn every_technique_has_a_heading_and_stands_in_the_table() {
    let page = page();
    let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("### ")).collect();
    for technique in techniques() {
        let name = format!("`{technique}`");
        assert!(headings.iter().any(|line| line.contains(&name)), "no heading has {name}");
        assert!(page.contains(&format!("| {name} |")), "no row of the table has {name}");
    }
    for technique in REFUSED {
        assert!(page.contains(&format!("`{technique}`")), "{technique}");
    }
}

/// Pieces of a text in backticks, each with the word before it.
fn quoted(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let pieces: Vec<&str> = text.split('`').collect();
    let named = (1..pieces.len()).step_by(2);
    named
        .map(move |at| (pieces[at - 1].ends_with("welfare "), pieces[at]))
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn every_pipeline_that_the_table_names_has_the_technique() {
    let (page, used) = (page(), shipped());
    let mut rows = 0;
    // The table ends with an empty line.
    let table = page.lines().skip_while(|line| !line.starts_with("| family")).skip(2);
    for line in table.take_while(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, technique, .., shipped_in] = cells[..] else { continue };
        let technique = technique.trim_matches('`').split('.').next().unwrap();
        for (is_welfare, pipeline) in quoted(shipped_in) {
            let name = if is_welfare { format!("welfare {pipeline}") } else { pipeline.to_owned() };
            // A cookie is a field.
            let technique = if technique == "cookie" { "pseudonym" } else { technique };
            let has = used[technique].iter().any(|(of, _)| *of == name);
            assert!(has, "the table names `{name}` for `{technique}`");
            rows += 1;
        }
    }
    assert!(rows > 40, "only {rows} were found");
}

/// Korean words between quotes in a source.
fn korean(source: &str) -> BTreeSet<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let has_korean = |text: &&str| text.chars().any(|c| ('가'..='힣').contains(&c));
    let texts = code.split('"').skip(1).step_by(2).filter(has_korean);
    texts.map(|text| text.trim_start_matches(" + ").to_owned()).collect()
}

#[test]
fn every_korean_name_stands_on_the_page() {
    let page = page();
    let names = fs::read_to_string(root().join("src/protect/names.rs")).unwrap();
    let names = korean(&names);
    assert!(names.len() > 15, "{names:?}");
    for name in names.iter().map(String::as_str).chain(["표본추출", "행 항목 삭제", "로컬 삭제"])
    {
        assert!(page.contains(name), "{name}");
    }
    for kind in gamyeong::scan::Kind::ALL {
        assert!(page.contains(&format!("| `{}` | ", kind.name())), "{}", kind.name());
    }
}

/// A pipeline around an example of the page.
const AROUND: &str = r#"
name = "example"
purpose = { category = "과학적 연구", detail = "문서의 예시가 실행될 수 있는지 확인하는 시험이다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "month", reason = "시험" }

[[source]]
name = "example"
path = "tables/example-{date}.csv"
format = "csv"
zone = "Asia/Seoul"
item = "방문기록"
"#;

/// The pipeline of an example: rules, and what stands beside them in the source.
fn pipeline(example: Table) -> String {
    let mut pipeline: Table = AROUND.parse().unwrap();
    let mut fields: Table =
        toml::from_str("'카드' = { as = 'reader', pseudonym = { domain = 'c' } }").unwrap();
    let mut assess: Table = toml::from_str(
        "subject = 'reader'\nquasi_identifiers = ['reader']\nk_min = 2\nk_persons_min = 2\nmax_suppressed = 0.5",
    )
    .unwrap();
    let source = pipeline["source"][0].as_table_mut().unwrap();
    for (key, value) in example {
        match (key.as_str(), value) {
            ("sample" | "drop_rows", value) => drop(source.insert(key, value)),
            ("assess", Value::Table(thresholds)) => assess.extend(thresholds),
            (_, value) => drop(fields.insert(key, value)),
        }
    }
    source.insert("fields".to_owned(), fields.into());
    pipeline.insert("assess".to_owned(), assess.into());
    toml::to_string(&pipeline).unwrap()
}

#[test]
fn every_example_of_the_page_may_run() {
    let house = House::of("library");
    let opened = config::house::House::open(&house.root).unwrap();
    let page = page();
    // The branches of the page are those of a new house.
    let mut examples = 0;
    for block in page.split("```toml\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let example: Table = block.parse().unwrap_or_else(|error| panic!("{error}\n{block}"));
        house.put("pipelines/example.toml", pipeline(example));
        let plan =
            check::pipeline(&house.path("pipelines/example.toml"), &opened, date(2026, 11, 20));
        assert!(plan.is_ok(), "{block}\n{:?}", plan.err());
        examples += 1;
    }
    assert!(examples > 30, "only {examples} were found");
}
