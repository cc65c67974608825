//! Lists of the institution: where they may lie, what they must be, and that another
//! list is another pipeline.

use std::fs;
use std::net::Ipv4Addr;

use gamyeong::demo::geo::{Located, database};

use super::{House, Night, loans, pipeline};

const LISTED: &str =
    "genre = { category = { hierarchy = \"lists/genre.csv\", level = 2, other = \"그 밖\" } }";

const GENRES: &str = "소설;문학;*\n시;문학;*\n사진;예술;*\n";

#[test]
fn a_list_is_a_file_of_the_house_that_can_be_read() {
    let night = Night::new("", "");
    let listed = |file: &str| {
        [
            format!("genre = {{ category = {{ hierarchy = \"{file}\", level = 1 }} }}"),
            format!("ip = {{ as = \"c\", place = {{ file = \"{file}\", field = \"country\" }} }}"),
            format!("words = {{ agent = {{ bot = {{ list = \"{file}\" }} }} }}"),
        ]
    };
    let says = |fields: &str, message: &str| {
        night.house.put("pipelines/loans.toml", pipeline("", fields));
        night.refused(message);
    };
    // One that is there, but elsewhere.
    night.house.put("../outside.csv", GENRES);
    for file in ["../outside.csv", "lists/../../outside.csv", "/etc/passwd"] {
        for fields in listed(file) {
            says(&fields, &format!("list `{file}`: a path within the house expected"));
        }
    }
    for fields in listed("lists/none") {
        says(&fields, "list `lists/none`: No such file or directory");
    }
    fs::create_dir_all(night.house.path("lists/folder")).unwrap();
    for fields in listed("lists/folder") {
        says(&fields, "list `lists/folder`: ");
    }
}

#[test]
fn a_damaged_list_says_what_is_wrong_with_it() {
    let fields = |file: &str| {
        [
            format!("genre = {{ category = {{ hierarchy = \"{file}\", level = 1 }} }}"),
            format!("ip = {{ as = \"c\", place = {{ file = \"{file}\", field = \"country\" }} }}"),
            format!("words = {{ agent = {{ bot = {{ list = \"{file}\" }} }} }}"),
        ]
    };
    let night = Night::new("", "");
    for (which, bytes, why) in [
        (0, "a;x;1\nb;x;2\n", "line 2 has the category of line 1 at level 1, another above it"),
        (0, "a;x;1\nb;x\n", "line 2 has 2 fields, must have 3 like the first"),
        (0, "a;x\na;x\n", "line 2 has the value of line 1"),
        (0, "\"a;x\n", "line 1 has a quote that is not closed"),
        (0, "", "no line, must have one per value"),
        (1, "", ""),
        (1, "no database\n", ""),
        (2, "", ""),
        (2, "[{\"pattern\": \"(\"}]", ""),
        (2, "{\"pattern\": \"bot\"}", ""),
    ] {
        night.house.put("lists/damaged", bytes);
        night.house.put("pipelines/loans.toml", pipeline("", &fields("lists/damaged")[which]));
        night.refused(&format!("list `lists/damaged`: {why}"));
    }
    // Half a database, and one with a byte changed at its end.
    let path = countries(&night);
    for bytes in [&path[..path.len() / 2], &[&path[..path.len() - 40], &[0xff; 40]].concat()] {
        night.house.put("lists/damaged", bytes);
        night.house.put("pipelines/loans.toml", pipeline("", &fields("lists/damaged")[1]));
        night.refused("list `lists/damaged`: ");
    }
}

/// A sound database of countries.
fn countries(night: &Night) -> Vec<u8> {
    let located = |part| Located {
        address: Ipv4Addr::new(192, 0, part, 0).into(),
        bits: 24,
        country: *b"KR",
        system: 64_496,
    };
    let bytes = database(&[located(2), located(4)], 1_795_000_000);
    night.house.put("lists/geo.mmdb", &bytes);
    let fields = "ip = { as = \"c\", place = { file = \"lists/geo.mmdb\", field = \"country\" } }";
    night.house.put("pipelines/loans.toml", pipeline("", fields));
    let path = night.house.path("pipelines/loans.toml");
    night.house.say(&["check", path.to_str().unwrap()]).exits(0);
    bytes
}

#[test]
fn levels_are_those_that_the_list_has() {
    let night = Night::new("", "");
    night.house.put("lists/genre.csv", GENRES);
    for (category, message) in [
        ("{ hierarchy = \"lists/genre.csv\", level = 0 }", "level is 0, must be 1 to 2"),
        ("{ hierarchy = \"lists/genre.csv\", level = 3 }", "level is 3, must be 1 to 2"),
        ("{ ready = \"age\", level = 9 }", "level is 9, must be 1 to 4"),
        ("{ ready = \"kdc\", level = 0 }", "level is 0, must be 1 to 3"),
    ] {
        let fields = format!("genre = {{ category = {category} }}");
        night.house.put("pipelines/loans.toml", pipeline("", &fields));
        night.refused(message);
    }
}

#[test]
fn another_list_is_another_pipeline() {
    let night = Night::new("", LISTED);
    night.house.put("lists/genre.csv", GENRES);
    let night = night.publish(&loans(60, 20));
    assert_eq!(night.column("genre")[0].as_deref(), Some("*"));
    let before = night.record("run.commit")["pipeline_sha256"].clone();
    let items = night.record("run.commit")["items"].clone();
    let parameters = items[2]["parameters"].as_str().unwrap().to_owned();
    assert!(parameters.starts_with("hierarchy file=lists/genre.csv sha256="), "{parameters}");
    let records = night.house.records().len();

    // The same list, and the same bytes written again.
    night.house.put("lists/genre.csv", GENRES);
    assert_eq!(night.run(&[]).exits(0).json()[0]["outcome"], "unchanged");

    night.house.put("lists/genre.csv", format!("{GENRES}회화;예술;*\n"));
    for _ in 0..2 {
        let said = night.run(&[]).exits(1);
        assert!(
            said.err.contains("error: pipeline `loans` was changed in 방법 since its baseline"),
            "{}",
            said.err
        );
        assert!(said.err.contains("plan.approved"));
    }
    // Nothing was done, nor recorded as begun; that it could not be is, once.
    let after = night.house.records();
    assert_eq!(after.len(), records + 1);
    assert_eq!(after[records]["type"], "night.blocked");
    let path = night.house.path("pipelines/loans.toml");
    night.house.say(&["check", path.to_str().unwrap()]).exits(1);

    let digest = House::unapproved(&night.run(&[]).exits(1));
    night.house.approve("loans", &digest, "회화 분류 추가");
    let report = night.run(&[]).exits(0).json().pop().unwrap();
    assert_eq!(report["outcome"], "published");
    let after = night.record("run.commit");
    assert_ne!(after["pipeline_sha256"], before);
    assert_eq!(night.record("config.change")["was_sha256"], before);
    assert_ne!(after["items"][2]["parameters"], parameters);
    // From here on it is the pipeline.
    assert_eq!(night.run(&[]).exits(0).json()[0]["outcome"], "unchanged");
    night.house.put("lists/genre.csv", GENRES);
    night.run(&[]).exits(1);
    night.house.verify();
}
