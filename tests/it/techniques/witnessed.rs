//! Who stands in a field that gives no column is looked for in the others, however the
//! input is written. Binary tables and databases: `tables`.

use std::fmt::Write as _;

use super::personal::holds_none;
use super::{Night, csv, loans};
use crate::house::{DATE, House, PIPELINE, log};

/// Words that stand in one line of all, in a column that is kept.
const WORDS: &str = "words = \"keep\"";

/// A night over another format than that of [`Night::put`].
#[track_caller]
fn night(format: &str, fields: &str) -> Night {
    let night = Night::new("", fields);
    night.house.edit("pipelines/loans.toml", "format = \"csv\"", &format!("format = \"{format}\""));
    night
}

/// Refused for the column of words. Nothing is told of what stood there.
#[track_caller]
fn is_refused(night: &Night, secrets: &[&str]) {
    let said = night.stops();
    assert!(said.contains("column `words`: identifier of the input in 1 cells"), "{said}");
    holds_none(night, secrets, &said);
}

/// What is no one's stands in words as often as it likes.
#[track_caller]
fn is_published(night: &Night) {
    night.run(&[]).exits(0);
    assert_eq!(night.column("words").len(), 60);
}

/// Lines of JSON, with more members each and these words in the fourth.
fn json(words: &str, more: impl Fn(u32) -> String) -> String {
    let mut text = String::new();
    for row in 0..60 {
        let (card, branch) = (40_000 + row % 20, ["중앙", "분당"][(row % 2) as usize]);
        let words = if row == 3 { words } else { "책" };
        let more = more(row);
        let _ =
            writeln!(text, r#"{{"card":"L{card}","branch":"{branch}","words":"{words}"{more}}}"#);
    }
    text
}

/// What a line of JSON has besides.
type Member = fn(u32) -> String;

#[test]
fn a_key_of_json_wherever_it_stands() {
    let unlisted = WORDS.to_owned();
    let dropped = |key: &str| format!("{WORDS}\n\"{key}\" = \"drop\"");
    let cases: [(&str, &str, Member); 12] = [
        ("성명", "이름3가", |row| format!(r#","성명":"이름{row}가""#)),
        ("member.login", "kim-3.minsu", |row| {
            format!(r#","member":{{"login":"kim-{row}.minsu"}}"#)
        }),
        // A number, a list, signs that are escaped, and a list in a list.
        ("회원번호", "20260003", |row| format!(r#","회원번호":{}"#, 20_260_000 + row)),
        ("a.logins", "kim3.minsu", |row| {
            format!(r#","a":{{"logins":["lee{row}.jiwon","kim{row}.minsu"]}}"#)
        }),
        ("userid", "kim3minsu", |row| format!(r#","userid":"k\u0069m{row}minsu""#)),
        ("userid", "kim3minsu", |row| format!(r#","userid":[["kim{row}minsu"],null,{{}}]"#)),
        // Found by a review: within lists and texts, and whatever the keys around say.
        ("ev", "kim3.minsu", |row| format!(r#","ev":[1,{{"user":"kim{row}.minsu"}}]"#)),
        ("body", "kim3.minsu", |row| format!(r#","body":"{{\"user\":\"kim{row}.minsu\"}}""#)),
        ("message.user.id", "kim3.minsu", |row| {
            format!(r#","message":{{"user":{{"id":"kim{row}.minsu"}}}}"#)
        }),
        ("payload.userid", "kim_3.minsu", |row| {
            format!(r#","payload":{{"userid":"kim_{row}.minsu"}}"#)
        }),
        // As cookies have names, and the words without escapes.
        ("userid", "김민3수", |row| format!(r#","userid":"%EA%B9%80%EB%AF%BC{row}%EC%88%98""#)),
        // In one line of all.
        ("email", "kim.minsu", |row| {
            (if row == 9 { r#","email":"kim.minsu""# } else { "" }).to_owned()
        }),
    ];
    for (key, secret, member) in cases {
        for fields in [&unlisted, &dropped(key)] {
            let night = night("json", fields);
            night.put(json(&format!("{secret} 님 예약"), member));
            is_refused(&night, &[secret]);
        }
    }
    let night = night("json", &unlisted);
    night.put(json("가나다라마 님 예약", |_| r#","서가":"가나다라마""#.to_owned()));
    is_published(&night);
}

/// Every address of its pages has it.
#[test]
fn what_a_server_is_called_is_no_ones() {
    let hosts: Member = |row| {
        format!(r#","host":"www.lib.example.kr","hostname":"m{}.lib.example.kr:8443""#, row % 2)
    };
    let words = "https://www.lib.example.kr/a m1.lib.example.kr:8443 anonymous";
    let night = night("json", WORDS);
    night.put(json(words, hosts));
    is_published(&night);
}

/// Names may change within a file, and cookies are in one field.
#[test]
fn a_field_or_a_cookie_of_a_log_that_names_its_fields() {
    let section = |fields: &str, from: u32, more: &dyn Fn(u32) -> String| {
        let mut text = format!("#Fields: card branch row words{fields}\n");
        for row in from..from + 30 {
            let (card, branch) = (40_000 + row % 20, ["중앙", "분당"][(row % 2) as usize]);
            let words = if row == 3 { "/my/kim.minsu/list" } else { "/book" };
            let _ = writeln!(text, "L{card} {branch} {row} {words}{}", more(row));
        }
        text
    };
    let user = |row: u32| (if row == 40 { " kim.minsu" } else { " -" }).to_owned();
    let jar = |row: u32| {
        let member = if row == 40 { "+member_id=kim.minsu;" } else { "" };
        format!(" lang=ko;{member}+theme=dark")
    };
    let none = |_: u32| String::new();
    let bare = section("", 0, &none);
    let fields = |more: &str| format!("{WORDS}\n{more}");
    for (fields, text) in [
        (fields(""), bare.clone() + &section(" cs-username", 30, &user)),
        (fields(""), section(" cs-username", 30, &user) + &bare),
        (
            fields("\"cookie.member_id\" = \"drop\""),
            section(" cs(Cookie)", 0, &jar)
                + &section(" x cs(Cookie)", 30, &|row| format!(" 1{}", jar(row))),
        ),
    ] {
        let night = night("w3c", &fields);
        night.put(text);
        is_refused(&night, &["kim.minsu"]);
    }
    let night = night("w3c", WORDS);
    night.put(bare + &section(" x-notice", 30, &user));
    is_published(&night);
}

#[test]
fn a_cookie_that_is_dropped() {
    for (cookie, code) in [("member_id", 1), ("theme", 0)] {
        let house = House::new();
        let pipeline = PIPELINE.replace("\"combined\"", "\"combined+cookie\"").replace(
            "[source.fields]\n",
            &format!("[source.fields]\n\"cookie.{cookie}\" = \"drop\"\n"),
        );
        house.put("pipelines/visits.toml", pipeline);
        let mut text = String::new();
        for (number, line) in log(12, 240).lines().enumerate() {
            let line = line.replace("/books/new", "/notice/kim.minsu");
            let value = if number % 12 == 3 { "kim.minsu" } else { "-" };
            let _ = writeln!(text, "{line} \"lang=ko; {cookie}={value}\"");
        }
        house.put(&format!("logs/access-{DATE}.log"), text);
        let said = house.run(&[]).exits(code);
        let is_told = said.err.contains("column `path`: identifier of the input in");
        assert_eq!(is_told, code == 1, "{}", said.err);
    }
}

/// Of two files, each has the name in a column that the other lacks.
#[test]
fn a_column_that_only_one_table_has() {
    let rows = |from: u32, secret: &str| {
        let mut rows = loans(60, 20).split_off(from as usize);
        rows.truncate(30);
        rows[3].insert("words", format!("{secret} 님 예약"));
        csv(&rows)
    };
    let with = |table: &str, name: &str, cell: &str| {
        let mut lines = table.lines();
        let mut text = format!("{},{name}\n", lines.next().unwrap());
        for line in lines {
            let _ = writeln!(text, "{line},{cell}");
        }
        text
    };
    for encoding in ["utf-8", "cp949"] {
        let source = format!("encoding = \"{encoding}\"");
        for (first, second, is_clean) in [
            (("성명", "홍길동"), ("비고란", "없음"), false),
            (("비고란", "없음"), ("성명", "홍길동"), false),
            (("비고란", "홍길동"), ("비고란", "없음"), true),
        ] {
            let night = Night::new(&source, WORDS);
            let encode = |text: String| match encoding {
                "cp949" => encoding_rs::EUC_KR.encode(&text).0.into_owned(),
                _ => text.into_bytes(),
            };
            night.put(encode(with(&rows(0, "홍길동"), first.0, first.1)));
            let path = format!("tables/loans-{DATE}-2.csv");
            night.house.put(&path, encode(with(&rows(30, "철수"), second.0, second.1)));
            if is_clean {
                is_published(&night);
            } else {
                is_refused(&night, &["홍길동"]);
            }
        }
    }
}

/// An attribute that few servers write.
#[test]
fn an_attribute_of_radius() {
    for (name, is_clean) in [("Stripped-User-Name", false), ("Connect-Info", true)] {
        let fields = "User-Name = { as = \"reader\", pseudonym = { domain = \"card\" } }\n\
                      NAS-Port-Type = { as = \"branch\", keep = \"text\" }\n\
                      Filter-Id = { as = \"words\", keep = \"text\" }";
        let night = night("radius", fields);
        night.house.edit(
            "pipelines/loans.toml",
            "card = { as = \"reader\", pseudonym = { domain = \"card\" } }\nbranch = \"keep\"\n",
            "",
        );
        let mut text = String::new();
        for row in 0..60 {
            let words = if row == 3 { "vlan of kim.minsu" } else { "vlan" };
            let other = if row == 9 { "kim.minsu" } else { "none" };
            let _ = writeln!(
                text,
                "Fri Nov 20 15:22:29 2026\n\tUser-Name = \"u{}\"\n\tCalling-Station-Id = \"00-00-5E-00-53-{:02x}\"\n\t\
                 NAS-Port-Type = Wireless-802.11\n\tFilter-Id = \"{words}\"\n\t{name} = \"{other}\"\n\t\
                 Acct-Status-Type = Start\n\tTimestamp = {}\n",
                row % 20,
                row % 20,
                1_795_155_749 + row
            );
        }
        night.put(text);
        if is_clean {
            is_published(&night);
        } else {
            is_refused(&night, &["kim.minsu"]);
        }
    }
}
