//! What stands in the input and the pipeline does not name: it is told with the
//! line that would let it in, or the run is refused. It never gets out.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use gamyeong::split::unknown::{Kind, Unknown};

use crate::house::{House, PIPELINE, conserved, log};

const LOG: &str = "logs/access-2026-11-20.log";

/// What a report says of things of one kind: name, rows and line.
fn unknown(report: &Value, kind: &str) -> Vec<(String, u64, Option<String>)> {
    let entries = report["unknown"].as_array().unwrap().iter();
    let of_kind = entries.filter(|entry| entry["kind"] == kind);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    of_kind
        .map(|entry| {
            (
                text(&entry["name"]).unwrap_or_default(),
                entry["rows"].as_u64().unwrap_or(0),
                text(&entry["toml"]),
            )
        })
        .collect()
}

/// The pipeline over a log with cookies.
fn with_cookies() -> House {
    let house = House::new();
    let pipeline =
        PIPELINE.replace("format = \"combined\"", "format = \"combined+cookie\"").replace(
            "[source.fields]\n",
            "[source.fields]\n\"cookie.lang\" = { pseudonym = { domain = \"lang\" } }\n",
        );
    house.put("pipelines/visits.toml", pipeline);
    let lines = log(12, 240);
    let mut text = String::new();
    for (number, line) in lines.lines().enumerate() {
        let line = line.replace("?kdc=", if number % 2 == 0 { "?page=2&kdc=" } else { "?kdc=" });
        let cookie = match number {
            0 => "lang=ko; 01012345678=1; kimcanary=1",
            n if n % 3 == 0 => "lang=ko; JSESSIONID=F00D",
            n if n % 3 == 1 => "lang=en; theme=dark",
            _ => "-",
        };
        let _ = writeln!(text, "{line} \"{cookie}\"");
    }
    house.put(LOG, text);
    house
}

#[test]
fn cookies_and_parameters_are_told_with_the_line_that_lets_them_in() {
    let house = with_cookies();
    let report = house.run_json(&[]);
    conserved(&report);
    let line = |text: &str| Some(text.to_owned());
    assert_eq!(
        unknown(&report, "cookie"),
        [
            (
                "JSESSIONID".into(),
                79,
                line("\"cookie.JSESSIONID\" = { pseudonym = { domain = \"jsessionid\" } }")
            ),
            ("theme".into(), 80, line("\"cookie.theme\" = { pseudonym = { domain = \"theme\" } }")),
        ]
    );
    assert_eq!(
        unknown(&report, "parameter"),
        [("page".into(), 120, line("query = [\"kdc\", \"page\"] # of request"))]
    );
    assert_eq!(
        unknown(&report, "field"),
        [
            ("ident".into(), 0, line("ident = { pseudonym = { domain = \"ident\" } }")),
            ("size".into(), 0, line("size = { keep = \"integer\" }")),
        ]
    );
    // A telephone number, and a name that stands in one line.
    assert_eq!(unknown(&report, "not shown: rare, or perhaps data"), [(String::new(), 2, None)]);
    let said = house.run(&["--json"]).out + &house.say(&["ledger", "list", "--json"]).out;
    for raw in ["canary", "01012345678", "JSESSIONID"] {
        assert!(!said.contains(raw), "{raw}");
    }
    let commit = house.records().into_iter().rfind(|record| record["type"] == "run.commit");
    let counts = commit.unwrap()["body"]["sources"][0]["unknown"].clone();
    assert_eq!(counts, json!({"cookie": 3, "parameter": 1}));
}

#[test]
fn a_pipeline_may_refuse_what_it_does_not_name() {
    let house = with_cookies();
    house.edit("pipelines/visits.toml", "max_rejects = 0.2", "on_unknown = \"refuse\"");
    let said = house.run(&[]).exits(1);
    for told in [
        "cookie `theme`: \"cookie.theme\" = { pseudonym",
        "parameter `page`: query = [\"kdc\", \"page\"]",
        "field `size`: size = { keep = \"integer\" }",
        "(2 more not shown",
        "\nhint: let in what the purpose needs",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    assert!(!said.err.contains("canary"), "{}", said.err);
    house.holds_no_output();

    // All of it named, and the two lines of strangers gone.
    house.edit(
        "pipelines/visits.toml",
        "user = \"drop\"",
        "user = \"drop\"\nident = \"drop\"\nsize = \"drop\"\n\"request?page\" = \"drop\"\n\"cookie.JSESSIONID\" = \"drop\"\n\"cookie.theme\" = \"drop\"",
    );
    house.edit(LOG, "; 01012345678=1; kimcanary=1", "");
    let report = house.run_json(&["--accept-change", "reviewed"]);
    assert_eq!(report["unknown"], json!([]));
    house.verify();
}

#[test]
fn a_parameter_is_named_to_be_dropped_alone() {
    let house = House::new();
    house.edit(
        "pipelines/visits.toml",
        "user = \"drop\"",
        "user = \"drop\"\n\"request?q\" = \"keep\"",
    );
    let path = house.path("pipelines/visits.toml");
    let said = house.say(&["check", path.to_str().unwrap()]).exits(3);
    assert!(
        said.err.contains("`request?q` is a parameter of a query: `drop` expected"),
        "{}",
        said.err
    );
}

/// The pipeline over lines of JSON.
fn json_lines() -> House {
    let house = House::new();
    let (head, rest) = PIPELINE.split_once("[source.fields]\n").unwrap();
    let (_, assess) = rest.split_once("[assess]\n").unwrap();
    let fields = r#"[source.fields]
"request.ip" = [{ as = "visitor", pseudonym = { domain = "ip", kind = "ip" } }, { as = "net", prefix = { v4 = 16, v6 = 32 } }]
time = { as = "hour", round = "1h" }
"request.uri" = { as = "path", path = "plain" }
"request.headers" = "drop"
"request.referer" = { as = "referer", path = "plain" }

[assess]
"#;
    let head = head.replace("format = \"combined\"", "format = \"json\"");
    house.put("pipelines/visits.toml", head + fields + assess);
    let mut text = String::new();
    for number in 0..120 {
        let extra = if number % 2 == 0 { r#","trace":{"id":"x","a b":1}"# } else { "" };
        let named = if number == 7 { r#","kim@example.kr":1,"일반인":2"# } else { "" };
        let _ = writeln!(
            text,
            r#"{{"time":"2026-11-20T20:00:00+09:00","request":{{"ip":"192.0.2.{}","uri":"/a?b=1","headers":{{"X-Y":[1]}}}}{extra}{named}}}"#,
            number % 12
        );
    }
    house.put(LOG, text);
    house
}

#[test]
fn keys_of_json_are_told_and_listed_ones_that_never_come() {
    let house = json_lines();
    let report = house.run_json(&[]);
    let line = |text: &str| Some(text.to_owned());
    assert_eq!(
        unknown(&report, "key"),
        [("trace.id".into(), 60, line("\"trace.id\" = { pseudonym = { domain = \"id\" } }"))]
    );
    assert_eq!(
        unknown(&report, "parameter"),
        [("b".into(), 120, line("{ as = \"query\", query = [\"b\"] } # of \"request.uri\""))]
    );
    // `trace.a b`, an address and a word that is no program's.
    assert_eq!(unknown(&report, "not shown: rare, or perhaps data"), [(String::new(), 62, None)]);
    let commit = house.records().into_iter().rfind(|record| record["type"] == "run.commit");
    assert_eq!(commit.unwrap()["body"]["sources"][0]["absent"], json!(["request.referer"]));
    let house = json_lines();
    let said = house.run(&[]).exits(0);
    assert!(said.out.contains("  listed, and in no line: request.referer\n"), "{}", said.out);
    assert!(
        said.out
            .contains("    \"trace.id\" = { pseudonym = { domain = \"id\" } }  # key, 60 rows\n"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("kim"), "{}", said.out);
    let house = json_lines();
    let path = house.path("pipelines/visits.toml");
    let said = house.say(&["--lang", "ko", "run", path.to_str().unwrap(), "--date", "2026-11-20"]);
    assert!(said.exits(0).out.contains("# JSON 키, 60 행\n"));
}

/// The walk through the keys is as lenient as what reads the rows: a line that it
/// could not follow would be one in which nothing new is seen.
#[test]
fn a_row_whose_values_no_library_takes_has_its_keys_told() {
    let house = json_lines();
    house.edit("pipelines/visits.toml", "max_rejects = 0.2", "on_unknown = \"refuse\"");
    let line = r#"{"time":"2026-11-20T20:00:00+09:00","request":{"ip":"192.0.2.1","uri":"/a","headers":1,"referer":"/"},"number":1e999,"half":"\ud800"}"#;
    house.put(LOG, format!("{line}\n").repeat(12));
    let said = house.run(&[]).exits(1);
    assert!(said.err.contains("key `number`") && said.err.contains("key `half`"), "{}", said.err);
    assert!(!said.err.contains("not shown"), "{}", said.err);
}

/// Numbers of persons, whatever stands before them.
#[test]
fn names_with_numbers_are_not_shown() {
    let house = with_cookies();
    house.edit(LOG, "; 01012345678=1; kimcanary=1", "");
    let text = std::fs::read_to_string(house.path(LOG)).unwrap();
    let text = text
        .replace("?page=2&", "?page=2&member_phone_010-1234-5678=1&")
        .replace("theme=dark", "theme=dark; sess_of_member_20231234567=1");
    house.put(LOG, text);
    let said = house.run(&["--json"]).exits(0);
    for raw in ["1234", "2023"] {
        assert!(!said.json()[0]["unknown"].to_string().contains(raw), "{}", said.out);
    }
}

/// `path` is what stands before the question mark: of a query by itself, all of it.
#[test]
fn a_query_by_itself_has_no_path() {
    let house = json_lines();
    for field in ["request.query", "args", "querystring", "cs-uri-query"] {
        for rule in ["{ as = \"q\", path = \"plain\" }", "{ as = \"q\", keep = \"text\" }"] {
            let house = house.copied();
            let listed = format!("\"request.headers\" = \"drop\"\n\"{field}\" = {rule}");
            house.edit("pipelines/visits.toml", "\"request.headers\" = \"drop\"", &listed);
            let path = house.path("pipelines/visits.toml");
            let said = house.say(&["check", path.to_str().unwrap()]).exits(3);
            assert!(said.err.contains("`query`"), "{field} {rule}: {}", said.err);
        }
    }
}

#[test]
fn the_order_of_chunks_is_all_that_the_names_depend_on() {
    let house = with_cookies();
    let one = house.copied();
    let told = |house: &House, threads: &str| {
        let mut command = house.night("2026-11-20", &["--json"]);
        command.env("RAYON_NUM_THREADS", threads);
        let said = crate::house::Said::from(command.output().unwrap()).exits(0);
        said.json().pop().unwrap()["unknown"].clone()
    };
    assert_eq!(told(&house, "4"), told(&one, "1"));
}

proptest! {
    /// A thousand names at most, whatever is asked for.
    #[test]
    fn no_more_names_are_kept_than_there_is_room_for(names in prop::collection::vec("[a-z]{3,5}", 0..3000)) {
        let mut all = Unknown::default();
        for name in &names {
            let mut one = Unknown::default();
            one.add(Kind::Parameter, "request", name, 1);
            all.merge(one);
        }
        let kept: u64 = all.names().map(|(_, rows)| rows).sum();
        prop_assert!(all.names().count() <= 1000);
        prop_assert_eq!(kept + all.others(), names.len() as u64);
    }
}
