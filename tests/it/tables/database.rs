//! Queries, to servers that the tests start on a Unix socket and stop again.

pub(crate) mod server;

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use self::server::{MariaDb, PostgreSql, Server};
use super::*;

/// What both servers understand.
const ROWS: &str = "SELECT card, branch, at AS time, books, remark FROM loans ORDER BY id";

fn source(server: &dyn Server, query: &str) -> String {
    let format = server.format();
    format!("format = \"{format}\"\ndatabase = \"keys/loans.url\"\nquery = \"\"\"{query}\"\"\"")
}

/// A house whose keys have the address of the server.
#[track_caller]
fn house_at(server: &dyn Server, query: &str) -> House {
    let house = house(&source(server, query));
    put_address(&house, &server.url(), 0o600);
    house
}

#[track_caller]
fn put_address(house: &House, url: &str, mode: u32) {
    house.put("keys/loans.url", format!("{url}\n"));
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(house.path("keys/loans.url"), permissions).unwrap();
}

/// [`loans`] as statements of SQL.
fn statements(time: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let row = |(id, (card, branch, hour, books, remark)): (usize, Loan)| {
        let (branch, remark) = (quoted(branch), quoted(remark));
        format!("({id}, '{card}', {branch}, '2026-11-20 {hour:02}:30:00', {books}, {remark})")
    };
    let rows: Vec<String> = loans().into_iter().enumerate().map(row).collect();
    format!(
        "CREATE TABLE loans (id INT PRIMARY KEY, card VARCHAR(20), branch VARCHAR(40), \
         at {time}, books INT, remark VARCHAR(100));\nINSERT INTO loans VALUES {};\n",
        rows.join(", ")
    )
}

/// What holds of every server.
fn each(server: &dyn Server) {
    server.say(&statements(server.time()));
    let house = house_at(server, ROWS);
    assert_eq!(published(&house), expected());
    holds_no_address(&house, server);
    holds_no_remark(&house, "");

    // Nothing to do, and then something.
    let before = house.tree();
    run(&house, &[]).exits(0);
    assert_eq!(house.tree(), before);
    server.say("UPDATE loans SET books = 7 WHERE id = 3;");
    let report = run(&house, &[]).exits(0).json().pop().unwrap();
    assert_eq!(report["outcome"], "published");
    assert_eq!(conserved(&report)[..2], [41, 40]);
    server.say("UPDATE loans SET books = 300 WHERE id = 3;");

    // A date in a query; more rows than are fetched at a time; none at all.
    let dated = "SELECT l.card, l.branch, l.at AS time, l.books FROM loans l, loans m, loans n \
                 WHERE n.id < 2 AND l.at >= '{date}' AND l.at < '{date:%Y}-11-21' \
                 ORDER BY m.id, n.id, l.id";
    let dated_house = house_at(server, dated);
    let report = run(&dated_house, &[]).exits(0).json().pop().unwrap();
    assert_eq!(conserved(&report)[..2], [3201, 3200]);
    let none = ROWS.replace("ORDER", "WHERE id < 0 ORDER");
    let report = run(&house_at(server, &none), &[]).exits(0).json().pop().unwrap();
    assert_eq!(conserved(&report)[..2], [1, 0]);

    let who = "SELECT card, branch, at AS time, books, 'to kanari.kim' AS words, \
               'kanari.kim' AS login FROM loans ORDER BY id";
    refused_for_words(&house_at(server, who));

    refusals(server);
}

fn refusals(server: &dyn Server) {
    let cases = [
        (3, "SELECT card, branch, at AS time FROM loans ORDER BY id", "`books`: not among the 3"),
        (4, "SELECT kanari FROM loans ORDER BY id", "query refused by the server (SQLSTATE 42"),
        (4, "SELEC card ORDER BY id", "query refused by the server (SQLSTATE 42"),
        (4, "SELECT 1 ORDER BY 1; DROP TABLE loans", "query refused by the server (SQLSTATE 42"),
    ];
    for (code, query, message) in cases {
        let house = house_at(server, query);
        run_refused(&house, code, message);
        holds_no_address(&house, server);
    }
    let hidden = format!(
        "SELECT card, branch, at AS time, books, password AS remark FROM loans, {} ORDER BY id",
        server.hidden()
    );
    run_refused(&house_at(server, &hidden), 4, "query refused by the server (SQLSTATE 42");

    // Keys: of others, on another machine, no URL, not there.
    let house = house_at(server, ROWS);
    let check = || house.say(&["check", house.path("pipelines/loans.toml").to_str().unwrap()]);
    check().exits(0);
    put_address(&house, &server.url(), 0o640);
    run_refused(&house, 5, "loans.url: file has mode 0640");
    let scheme = server.format();
    for (url, message) in [
        (format!("{scheme}://kanari:kanari@192.0.2.7/kanari"), "neither a Unix socket nor the"),
        ("kanari".to_owned(), "not the URL of one"),
    ] {
        put_address(&house, &url, 0o600);
        run_refused(&house, 5, message);
        assert!(check().exits(5).err.contains(message));
    }
    std::fs::remove_file(house.path("keys/loans.url")).unwrap();
    assert!(run(&house, &[]).exits(5).err.contains("loans.url"));
    // A password that is none; a server that is not there.
    let house = house_at(server, ROWS);
    put_address(&house, &server.url().replace("kanari-word", "kanari-other"), 0o600);
    run_refused(&house, 4, "server not reached, or refuses the connection (SQLSTATE 28");
    put_address(&house, &server.url().replace("gamyeong-socket", "nothing"), 0o600);
    run_refused(&house, 4, "server not reached, or refuses the connection");
    // No file takes the place of a query.
    let said = run(&house, &["--input", "loans=/etc/hostname"]).exits(2);
    assert!(said.err.contains("the source reads a query"), "{}", said.err);
}

/// Neither the password nor the place of the database is anywhere but in the keys.
#[track_caller]
fn holds_no_address(house: &House, server: &dyn Server) {
    for path in files(&house.root) {
        let bytes = std::fs::read(&path).unwrap();
        let is_there = memchr::memmem::find(&bytes, b"kanari-word").is_some()
            || memchr::memmem::find(&bytes, server.socket().as_bytes()).is_some();
        assert!(!is_there || path == house.path("keys/loans.url"), "{}", path.display());
    }
}

/// The text that a query becomes.
fn asked(server: &dyn Server, query: &str, wanted: Option<&[&str]>) -> Result<String, String> {
    let mut format = format(server.format());
    query.clone_into(&mut format.query_mut().unwrap().text);
    let mut table = format.table(wanted).unwrap();
    let engine = format.query().unwrap().engine;
    table.address = Some(source::Address::new(engine, server.url().into()).unwrap());
    let mut reader = source::open(&[Input::query("asked", table)], format.cut(), CHUNK_BYTES);
    let mut text = Vec::new();
    while let Some(chunk) = reader.next().map_err(|error| error.to_string())? {
        text.extend_from_slice(&chunk.bytes);
    }
    Ok(String::from_utf8(text).unwrap())
}

#[test]
fn rows_of_postgresql() {
    let Some(server) = PostgreSql::start() else { return };
    each(&server);
    // As `docs/tables.md` has it.
    let types = "SELECT 1::int8 AS a, 1.50::numeric AS b, 1e21::float8 AS c, 0.1::float4 AS d, \
        true AS e, date '2026-11-20' AS f, timestamp '2026-11-20 13:05:00.5' AS g, \
        timestamptz '2026-11-20 13:05:00+09' AS h, inet '192.0.2.7' AS i, 'a,\"b\"' AS j, \
        NULL::text AS k, time '13:05' AS l, uuid '00000000-0000-0000-0000-000000000001' AS m, \
        macaddr '00:00:5e:00:53:c7' AS n, '\\x00'::bytea AS o, ARRAY[1] AS p, '{}'::json AS q \
        ORDER BY 1";
    let lines = "\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\",\"n\",\"o\",\"p\",\"q\"\n\
        1,1.50,1000000000000000000000,0.1,true,2026-11-20,2026-11-20 13:05:00.5,\
        2026-11-20T04:05:00Z,192.0.2.7,\"a,\"\"b\"\"\",,13:05:00,00000000-0000-0000-0000-000000000001,\
        00:00:5e:00:53:c7,,,\n";
    assert_eq!(asked(&server, types, None).unwrap(), lines);
    for column in ["o", "p", "q"] {
        let error = asked(&server, types, Some(&[column])).unwrap_err();
        assert!(error.contains(&format!("column `{column}`: found a type that is no text")));
    }
    // What stops it amid its rows, which the server would quote.
    let amid = "SELECT CASE WHEN i = 900 THEN ('kanari' || i)::int ELSE i END AS a \
                FROM generate_series(1, 1000) i ORDER BY i";
    let error = asked(&server, amid, None).unwrap_err();
    assert_eq!(error, "asked: query refused by the server (SQLSTATE 22P02)");
    let error = asked(&server, "SELECT kanari FROM loans ORDER BY 1", None).unwrap_err();
    assert_eq!(error, "asked: query refused by the server (SQLSTATE 42703) at character 8");
    // It only reads.
    let writing = "WITH gone AS (DELETE FROM loans RETURNING id) SELECT id FROM gone ORDER BY id";
    assert!(asked(&server, writing, None).unwrap_err().contains("SQLSTATE"));
    assert!(asked(&server, ROWS, None).unwrap().lines().count() > 40);
}

#[test]
fn rows_of_mariadb() {
    let Some(server) = MariaDb::start() else { return };
    each(&server);
    // As `docs/tables.md` has it.
    server.say(
        "SET time_zone = '+09:00'; CREATE TABLE types (a BIGINT, b DECIMAL(5,2), c DOUBLE, d FLOAT, \
         e BOOLEAN, f DATE, g DATETIME(3), h TIMESTAMP(3) NULL, i TEXT CHARACTER SET euckr, \
         j VARCHAR(9), k TIME, l BLOB, m BIT(3), n TIMESTAMP NULL); \
         INSERT INTO types VALUES (-1, 1.5, 1e21, 0.1, TRUE, '2026-11-20', \
         '2026-11-20 13:05:00.5', '2026-11-20 13:05:00.5', '가', 'a,\"b\"', '13:05', 'x', b'1', \
         '2026-11-20 13:05:00');",
    );
    let types = "SELECT *, NULL AS o FROM types ORDER BY 1";
    let lines = "\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\",\"n\",\"o\"\n\
        -1,1.50,1000000000000000000000,0.1,1,2026-11-20,2026-11-20 13:05:00.500,\
        2026-11-20T04:05:00.5Z,가,\"a,\"\"b\"\"\",13:05:00,,,2026-11-20T04:05:00Z,\n";
    assert_eq!(asked(&server, types, None).unwrap(), lines);
    for column in ["l", "m"] {
        let error = asked(&server, types, Some(&[column])).unwrap_err();
        assert!(error.contains(&format!("column `{column}`: found a type that is no text")));
    }
    let error = asked(&server, "SELECT kanari FROM loans ORDER BY 1", None).unwrap_err();
    assert_eq!(error, "asked: query refused by the server (SQLSTATE 42S22)");
    // It only reads.
    let writing = "DELETE FROM loans ORDER BY id";
    assert!(asked(&server, writing, None).unwrap_err().contains("SQLSTATE"));
    assert!(asked(&server, ROWS, None).unwrap().lines().count() > 40);
}

#[test]
fn a_query_that_cannot_be_repeated_or_says_too_much_is_refused() {
    let complete =
        "format = \"postgresql\"\nquery = \"SELECT card ORDER BY 1\"\ndatabase = \"keys/a.url\"";
    let cases = [
        (complete.replace("ORDER BY 1", ""), "`ORDER BY` expected"),
        (complete.replace("keys/a.url", "a.url"), "`a.url` is not a file `NAME.url` in the"),
        (complete.replace("a.url", "a.key"), "`keys/a.key` is not a file `NAME.url` in the"),
        (complete.replace("a.url", "../a.url"), "`keys/../a.url` is not a file `NAME.url`"),
        (format!("{complete}\npath = \"a\""), "`path` is not for format `postgresql`"),
        ("format = \"mysql\"".to_owned(), "key `query` is missing"),
        ("format = \"mysql\"\nquery = \"x ORDER BY y\"".to_owned(), "key `database` is missing"),
        ("format = \"csv\"".to_owned(), "key `path` is missing"),
        (
            complete.replace("postgresql", "csv"),
            "`query` is for format `postgresql` or `mysql` only",
        ),
        (format!("{complete}\nsheet = \"a\""), "`sheet` is for format `xlsx` only"),
    ];
    for (source, message) in cases {
        let house = house(&source);
        let said = house.say(&["check", house.path("pipelines/loans.toml").to_str().unwrap()]);
        let said = said.exits(3);
        assert!(said.err.contains(message), "{message}: {}", said.err);
    }
    let mut parse = Command::new(env!("CARGO_BIN_EXE_gamyeong"));
    let said = Said::from(parse.args(["parse", "mysql", "/etc/hostname"]).output().unwrap());
    assert!(said.exits(2).err.contains("reads a query, not a file"));
}
