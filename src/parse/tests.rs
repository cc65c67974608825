use super::*;

use std::fs;
use std::path::{Path, PathBuf};

use arrow::buffer::Buffer;
use proptest::prelude::*;

use crate::source::{self, Cut, LINE_BYTES};

const LINE: &str =
    r#"192.0.2.7 - kim [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326 "-" "curl/8.5""#;

type Row = Vec<Option<Vec<u8>>>;

fn format(name: &str) -> Format {
    Format::new(name).unwrap().unwrap()
}

/// One chunk as the source would give it.
fn chunk(bytes: &[u8], format: &Format) -> Chunk {
    let cut = format.cut();
    let is_table = matches!(cut, Cut::Records { .. });
    let length = if is_table { cut.first(bytes).unwrap_or(bytes.len()) } else { 0 };
    Chunk {
        file: 0,
        is_first: true,
        bytes: Buffer::from_slice_ref(bytes),
        head: Buffer::from_slice_ref(&bytes[..length]),
        overlong: None,
    }
}

fn parse(format: &Format, wanted: &[&str], bytes: &[u8]) -> Columns {
    Parser::new(format, wanted).unwrap().chunk(&chunk(bytes, format)).unwrap()
}

fn rows(columns: &Columns) -> Vec<Row> {
    let mut fields: Vec<_> = columns.fields.iter().map(Values::iter).collect();
    (0..columns.rows)
        .map(|_| fields.iter_mut().map(|field| field.next().unwrap().map(<[u8]>::to_vec)).collect())
        .collect()
}

/// The only row of a text, as text.
#[track_caller]
fn row(format: &Format, wanted: &[&str], text: &str) -> Vec<Option<String>> {
    let mut rows = rows(&parse(format, wanted, text.as_bytes()));
    assert_eq!(rows.len(), 1);
    rows.remove(0)
        .into_iter()
        .map(|value| value.map(|value| String::from_utf8(value).unwrap()))
        .collect()
}

#[track_caller]
fn gives(format: &Format, wanted: &[&str], text: &str, expected: &[Option<&str>]) {
    let found = row(format, wanted, text);
    assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn rejects(line: &str, expected: Reason) {
    let columns = parse(&format("combined"), &["host"], line.as_bytes());
    assert_eq!(columns.rejects, [Reject { line: 0, span: 0..line.len(), reason: expected }]);
    assert_eq!((columns.lines, columns.rows), (1, 0));
}

#[test]
fn every_prefix_is_rejected_and_none_panics() {
    for end in 1..LINE.len() {
        let columns = parse(&format("combined"), &["host"], &LINE.as_bytes()[..end]);
        assert_eq!(columns.rejects.len(), 1, "prefix of {end} bytes");
    }
    assert_eq!(parse(&format("combined"), &["host"], LINE.as_bytes()).rows, 1);
}

#[test]
fn all_fields_come_in_the_order_asked_for() {
    let format_fields = format("combined");
    let fields = format_fields.fields().unwrap();
    let expected = [
        Some("192.0.2.7"),
        None,
        Some("kim"),
        Some("10/Oct/2025:13:55:36 +0900"),
        Some("GET /a HTTP/1.1"),
        Some("200"),
        Some("2326"),
        None,
        Some("curl/8.5"),
    ];
    gives(&format("combined"), &fields, LINE, &expected);
    gives(
        &format("combined"),
        &["agent", "host", "agent"],
        LINE,
        &[expected[8], expected[0], expected[8]],
    );
    let common = LINE.split_once(r#" "-""#).unwrap().0;
    gives(&format("common"), &["size", "user"], common, &[Some("2326"), Some("kim")]);
    let extra = format!(r#"{LINE} "192.0.2.8, 192.0.2.9""#);
    gives(&format("combined+xff"), &["xff"], &extra, &[Some("192.0.2.8, 192.0.2.9")]);
}

#[test]
fn a_backslash_hides_the_next_byte_and_is_undone() {
    for (agent, sent) in [
        (r#"a\"b"#, "a\"b"),
        (r"a\\", r"a\"),
        (r"\x22", "\""),
        (r#"\\\""#, r#"\""#),
        (r"\xed\x95\x9c", "한"),
    ] {
        gives(&format("combined"), &["agent"], &LINE.replace("curl/8.5", agent), &[Some(sent)]);
    }
    rejects(&LINE.replace("curl/8.5", r"a\"), Reason::Truncated("agent".into()));
    rejects(&LINE.replace("curl/8.5", r"a\\\"), Reason::Truncated("agent".into()));
    rejects(&LINE.replace("curl/8.5", r#"a" b"#), Reason::Trailing);
}

#[test]
fn a_backslash_or_quote_in_a_word_is_a_byte_like_others() {
    gives(
        &format("combined"),
        &["user"],
        &LINE.replace("kim", r#"OFFICE\"kim"#),
        &[Some(r#"OFFICE"kim"#)],
    );
    gives(&format("combined"), &["user"], &LINE.replace("kim", r"kim\"), &[Some(r"kim\")]);
}

#[test]
fn status_must_be_a_status() {
    for status in ["99", "+200", "20x", "0200", "--", "2000"] {
        rejects(
            &LINE.replace("200 2326", &format!("{status} 2326")),
            Reason::Number("status".into()),
        );
    }
    for status in ["100", "599", "000", "999"] {
        gives(
            &format("combined"),
            &["status"],
            &LINE.replace("200 2", &format!("{status} 2")),
            &[Some(status)],
        );
    }
}

#[test]
fn size_is_digits_that_fit_or_a_dash() {
    for size in ["+1", "1k", "18446744073709551616", "--"] {
        rejects(&LINE.replace("2326", size), Reason::Number("size".into()));
    }
    for size in ["0", "18446744073709551615", "00000000000000000000001"] {
        gives(&format("combined"), &["size"], &LINE.replace("2326", size), &[Some(size)]);
    }
    gives(&format("combined"), &["size"], &LINE.replace("2326", "-"), &[None]);
}

#[test]
fn fields_are_one_space_apart() {
    rejects(&LINE.replace(r#""-" "#, r#""-""#), Reason::Delimiter("agent".into()));
    rejects(&LINE.replace("- kim", "-  kim"), Reason::Delimiter("user".into()));
    rejects(&LINE.replace("kim", "kim lee"), Reason::Delimiter("time".into()));
    rejects(&format!(" {LINE}"), Reason::Delimiter("host".into()));
    rejects(&LINE.replace('[', ""), Reason::Delimiter("time".into()));
    rejects(&LINE.replace(']', ""), Reason::Delimiter("request".into()));
}

#[test]
fn nothing_may_follow_the_last_field() {
    rejects(&format!("{LINE} "), Reason::Trailing);
    rejects(&format!("{LINE} 0.004"), Reason::Trailing);
}

#[test]
fn any_bytes_may_stand_in_quotes() {
    for request in ["\0\u{1}\t", "\u{16}\u{3}", "한글", "] ["] {
        let line = LINE.replace("GET /a HTTP/1.1", request);
        gives(&format("combined"), &["request", "request.method"], &line, &[Some(request), None]);
    }
    for nothing in ["-", ""] {
        let line = LINE.replace("GET /a HTTP/1.1", nothing);
        gives(&format("combined"), &["request"], &line, &[None]);
    }
}

#[test]
fn a_request_is_divided_or_all_its_parts_are_null() {
    #[track_caller]
    fn parts(request: &str, expected: [Option<&str>; 3]) {
        let line = LINE.replace("GET /a HTTP/1.1", request);
        let wanted = ["request.method", "request.target", "request.protocol"];
        gives(&format("combined"), &wanted, &line, &expected);
    }
    parts("GET /a?b=c HTTP/1.1", [Some("GET"), Some("/a?b=c"), Some("HTTP/1.1")]);
    parts("M-SEARCH * HTTP/2.0", [Some("M-SEARCH"), Some("*"), Some("HTTP/2.0")]);
    parts("GET /", [Some("GET"), Some("/"), None]);
    parts("GET /a b HTTP/1.0", [Some("GET"), Some("/a b"), Some("HTTP/1.0")]);
    for request in
        ["GET", "GET ", " / HTTP/1.1", "GET /a b", "GET HTTP/1.1 ", "G<T / HTTP/1.1", "-"]
    {
        parts(request, [None; 3]);
    }
}

#[test]
fn a_cookie_is_the_first_of_its_name() {
    #[track_caller]
    fn session(cookie: &str, expected: Option<&str>) {
        gives(
            &format("combined+cookie"),
            &["cookie.SID"],
            &format!(r#"{LINE} "{cookie}""#),
            &[expected],
        );
    }
    session("SID=1", Some("1"));
    session("a=b; SID=1; SID=2", Some("1"));
    session("a=b;SID=x=y;c=d", Some("x=y"));
    session("a=SID=1; XSID=2; SID2=3; sid=4", None);
    session("SID=; a=b", None);
    session("SID", None);
    session("-", None);
    session("", None);
}

#[test]
fn line_endings_are_lf_or_crlf_and_empty_lines_are_blank() {
    let text = format!("{LINE}\r\n\r\n\nx\r\n{LINE}");
    let columns = parse(&format("combined"), &["agent"], text.as_bytes());
    assert_eq!(rows(&columns), vec![vec![Some(b"curl/8.5".to_vec())]; 2]);
    assert_eq!((columns.lines, columns.blank), (5, 2));
    let at = LINE.len() + 5;
    let expected = Reject { line: 3, span: at..at + 1, reason: Reason::Truncated("ident".into()) };
    assert_eq!(columns.rejects, [expected]);
}

#[test]
fn values_are_places_in_the_chunk_and_not_copies() {
    let chunk = chunk(LINE.as_bytes(), &format("combined"));
    let columns = Parser::new(&format("combined"), &["request"]).unwrap().chunk(&chunk).unwrap();
    let value = columns.fields[0].iter().next().flatten().unwrap();
    let start = LINE.find("GET").unwrap();
    assert_eq!(value.as_ptr(), chunk.bytes[start..].as_ptr());
}

#[test]
fn a_name_that_no_field_has_is_refused_with_those_there_are() {
    let error = Parser::new(&format("common"), &["host", "agent"]).err().unwrap();
    let expected = "`agent`: no field of format `common`, which has host, ident, user, time, request, \
                    status, size, request.method, request.target, request.protocol";
    assert_eq!(error.to_string(), expected);
    for (written, name) in [
        ("combined", "cookie.SID"),
        ("combined+cookie", "cookie."),
        ("combined+xff", "cookie"),
        ("combined", "request.query"),
    ] {
        assert!(Parser::new(&format(written), &[name]).is_err(), "{name}");
    }
}

/// Found by a review: all of these lost lines or moved values.
#[test]
fn a_format_string_is_read_as_servers_write_by_it() {
    #[track_caller]
    fn reads(format_string: &str, line: &str, expected: &[(&str, Option<&str>)]) {
        let format = format(format_string);
        let (names, values): (Vec<&str>, Vec<_>) = expected.iter().copied().unzip();
        gives(&format, &names, line, &values);
    }
    let query = [("request.query", None), ("status", Some("200"))];
    reads("%h \"%m %U%q %H\" %s", "::1 \"GET /a HTTP/1.1\" 200", &query);
    reads("%h %U%q %s", "::1 /a 200", &query);
    reads("$remote_addr $uri $args $status", "::1 /a  200", &query);
    let time = [("time", Some("10/Oct/2025:13:55:36 +0900")), ("status", Some("200"))];
    reads("$remote_addr|$time_local|$status", "::1|10/Oct/2025:13:55:36 +0900|200", &time);
    reads("%h \"%{%d/%b/%Y:%H:%M:%S %z}t\" %s", "::1 \"10/Oct/2025:13:55:36 +0900\" 200", &time);
    reads(
        "$upstream_addr $upstream_status $http_x_forwarded_for $remote_user $uri",
        "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80 502, 200 192.0.2.7, 192.0.2.8 kim /a",
        &[
            ("upstream_addr", Some("10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80")),
            ("upstream_status", Some("502, 200")),
            ("xff", Some("192.0.2.7, 192.0.2.8")),
            ("user", Some("kim")),
            ("request.path", Some("/a")),
        ],
    );
    // A blank more, and the line is of another format.
    let format = format("$remote_addr $remote_user $request_uri");
    assert_eq!(parse(&format, &["user"], b"::1 kim lee /a").rejects.len(), 1);
    assert_eq!(parse(&format, &["user"], b"::1 kim /a").rows, 1);
}

#[test]
fn an_address_of_a_proxy_s_client_has_no_port() {
    for (client, host) in [("192.0.2.7:3331", "192.0.2.7"), ("2001:db8::7:3331", "2001:db8::7")] {
        let line = format!(
            "Oct 10 13:55:36 lb haproxy: {client} [10/Oct/2025:13:55:36.655] in b/s 1/0/3/6/9 200 +27 - - ---- 1/1/1/1/0 0/0 {{kim@example.kr}} \"GET /a HTTP/1.1\""
        );
        let haproxy = format("haproxy");
        gives(&haproxy, &["host", "sent"], &line, &[Some(host), Some("+27")]);
        for hidden in ["captured", "syslog"] {
            assert!(Parser::new(&haproxy, &[hidden]).is_err());
        }
    }
}

#[test]
fn a_time_that_is_none_is_a_reject_or_counted_as_unread() {
    for time in ["", "10.Oct.2025:13:55:36 +0900", "10/Oct/2025:13:55:36"] {
        let line = LINE.replace("10/Oct/2025:13:55:36 +0900", time);
        assert_eq!(parse(&format("combined"), &["time"], line.as_bytes()).rows, 0, "{time}");
    }
    let line = "192.0.2.7, -, 2/31/25, 13:55:36, W3SVC1, WEB01, 10.0.0.5, 12, 163, 2326, 200, 0, GET, /a, -,";
    gives(&format("iis"), &["time"], line, &[Some("2/31/25, 13:55:36")]);
}

#[test]
fn a_member_that_stands_twice_is_a_reject_wherever_it_stands() {
    let json = format("json");
    for line in [
        r#"{"a":{"b":"first"},"a":{"c":2}}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":1,"\u0061":{"b":2}}"#,
    ] {
        assert_eq!(parse(&json, &["a.b"], line.as_bytes()).rejects.len(), 1, "{line}");
    }
    gives(&json, &["a.b"], r#"{"x":1,"x":2,"a":{"b":3}}"#, &[Some("3")]);
}

/// Their patterns stand in the program: one that did not compile would be a text.
#[test]
fn times_of_named_formats_without_offset_are_times() {
    for name in ["iis", "haproxy"] {
        assert_eq!(format(name).clock("time"), Clock::Local, "{name}");
    }
}

/// Each dot doubled the ways to divide a key.
#[test]
fn a_key_of_dots_is_no_tree() {
    let key = ".".repeat(60);
    let line = format!(r#"{{"{key}":7}}"#);
    gives(&format("json"), &[&key], &line, &[Some("7")]);
}

#[test]
fn a_quote_that_a_client_sends_to_iis_keeps_no_line_out() {
    let text = "#Fields: c-ip cs(User-Agent) sc-status\n192.0.2.7 \"curl+8 200\n";
    let wanted = ["c-ip", "cs(User-Agent)", "sc-status"];
    gives(&format("w3c"), &wanted, text, &[Some("192.0.2.7"), Some("\"curl 8"), Some("200")]);
}

#[test]
fn names_lead_to_formats_and_back() {
    for listed in Format::listed() {
        assert_eq!(format(listed.name).name(), listed.name);
    }
    assert!(Format::new("Combined").is_none());
}

#[test]
fn messages_and_codes_name_the_field_and_show_no_content() {
    assert_eq!(Reason::Truncated("user".into()).to_string(), "line ends inside `user`");
    let codes = [
        (Reason::Truncated("agent".into()), "truncated:agent"),
        (Reason::Delimiter("user".into()), "delimiter:user"),
        (Reason::Number("status".into()), "number:status"),
        (Reason::Trailing, "trailing"),
        (Reason::TooLong, "too-long"),
        (Reason::Fields, "fields"),
        (Reason::Quote, "quote"),
    ];
    for (reason, code) in codes {
        assert_eq!(reason.code(), code);
    }
}

#[test]
fn a_table_gives_its_columns_by_name() {
    let text = "\u{feff}id,\"na\"\"me\",note\r\n1,kim,\"a,\nb\"\r\n\r\n2,,\"say \"\"hi\"\", she said\"\r\n3\r\n";
    let columns = parse(&format("csv"), &["note", "id", "na\"me"], text.as_bytes());
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let expected = [
        vec![text("a,\nb"), text("1"), text("kim")],
        vec![text("say \"hi\", she said"), text("2"), None],
    ];
    assert_eq!(rows(&columns), expected);
    assert_eq!((columns.lines, columns.rows, columns.blank), (5, 2, 2));
    assert_eq!(columns.rejects.len(), 1);
    let reject = &columns.rejects[0];
    assert_eq!((reject.line, &reject.reason), (4, &Reason::Fields));
}

#[test]
fn a_quote_that_is_never_closed_is_a_reject() {
    let columns = parse(&format("csv"), &["b"], b"a,b\n1,\"x\n2,y\n");
    assert_eq!((columns.lines, columns.rows), (2, 0));
    assert_eq!(columns.rejects, [Reject { line: 1, span: 4..12, reason: Reason::Quote }]);
}

#[test]
fn a_table_may_have_other_marks() {
    let mut format = format("csv");
    let csv = Csv { delimiter: b';', quote: b'\'', ..Csv::default() };
    *format.csv_mut().unwrap() = csv;
    gives(&format, &["b"], "a;b\n\"x;'y;\nz'\n", &[Some("y;\nz")]);
}

#[test]
fn a_header_line_has_every_wanted_name_once() {
    let parser = Parser::new(&format("csv"), &["name"]).unwrap();
    assert!(parser.check_head(b"id,name\n").is_ok());
    let missing = parser.check_head(b"1,kim,x\n").unwrap_err();
    assert_eq!(missing.to_string(), "`name`: not among the 3 names of the header line");
    assert_eq!(parser.check_head(b""), Err(Error::Missing { field: "name".into(), columns: 0 }));
    assert_eq!(parser.check_head(b"name,name"), Err(Error::Twice { field: "name".into() }));
}

#[test]
fn a_line_beyond_the_cap_is_one_reject_of_the_cap_s_length() {
    let long = "x".repeat(LINE_BYTES + 1);
    let text = format!("{LINE}\n{long}\n{LINE}\n");
    let columns = parse(&format("combined"), &["host"], text.as_bytes());
    let start = LINE.len() + 1;
    let expected = Reject { line: 1, span: start..start + LINE_BYTES, reason: Reason::TooLong };
    assert_eq!(columns.rejects, [expected]);
    assert_eq!((columns.lines, columns.rows), (3, 2));
}

/// What all chunks of the files come to.
#[derive(Debug, Default, PartialEq)]
struct Total {
    lines: u64,
    blank: u64,
    rows: Vec<Row>,
    /// Reason and first bytes.
    rejects: Vec<(Reason, Vec<u8>)>,
}

fn total(files: &[PathBuf], format: &Format, wanted: &[&str], chunk_bytes: usize) -> Total {
    let parser = Parser::new(format, wanted).unwrap();
    let mut reader = source::open(files, format.cut(), chunk_bytes);
    let mut total = Total::default();
    while let Some(chunk) = reader.next().unwrap() {
        let columns = parser.chunk(&chunk).unwrap();
        total.lines += columns.lines;
        total.blank += columns.blank;
        total.rows.extend(rows(&columns));
        for Reject { span, reason, .. } in columns.rejects {
            total.rejects.push((reason, chunk.bytes[span].to_vec()));
        }
        reader.recycle(chunk);
    }
    assert_eq!(total.lines, (total.rows.len() + total.rejects.len()) as u64 + total.blank);
    total
}

#[test]
fn chunk_size_changes_nothing() {
    let dir = tempfile::TempDir::new().unwrap();
    let long = "y".repeat(LINE_BYTES);
    let texts = [
        format!("{LINE}\n\n{long}yy\n{LINE}\nbroken\n{LINE}").repeat(3),
        format!("id,name\n1,\"a\nb\"\n2,{long}\n3,\"never closed\n{LINE}\n").repeat(2),
        format!("id,name\n1,\"{}\n4,x\n", "no end\n".repeat(LINE_BYTES / 5)),
    ];
    for (text, name, field) in
        [(&texts[0], "combined", "agent"), (&texts[1], "csv", "name"), (&texts[2], "csv", "id")]
    {
        let format = &format(name);
        let path = dir.path().join("a");
        let mut file = fs::File::create(&path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let whole = total(std::slice::from_ref(&path), format, &[field], source::CHUNK_BYTES);
        assert!(!whole.rows.is_empty() && !whole.rejects.is_empty());
        for chunk_bytes in [64, 1000, 65_536, LINE_BYTES, LINE_BYTES + 1, 300_001] {
            assert!(
                total(std::slice::from_ref(&path), format, &[field], chunk_bytes) == whole,
                "{chunk_bytes}"
            );
        }
    }
}

/// Logs that nobody of this project wrote; not part of the repository. The one
/// line of the second ends inside `agent`; 89 of the third are wrapped in two.
#[test]
fn real_logs_have_as_many_rejects_as_broken_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/web");
    if !folder.is_dir() {
        skipped(&folder);
        return;
    }
    for (name, written, lines, rejected) in [
        ("zanbil-100k.log.gz", "combined+xff", 100_000, 0),
        ("apache-10k.log.gz", "combined", 10_000, 1),
        ("nasa-broken-lines.log.gz", "common", 1930, 89),
    ] {
        let wanted = ["host", "request.method", "status"];
        let found = total(&[folder.join(name)], &format(written), &wanted, source::CHUNK_BYTES);
        assert_eq!((found.lines, found.rejects.len()), (lines, rejected), "{name}");
    }
    let empty = source::open(&[folder.join("hackers-3k.log.gz")], Cut::Lines, 1024).next().err();
    assert!(matches!(empty, Some(source::Error::Empty { .. })));
}

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn skipped(folder: &Path) {
    eprintln!("skipped: {} is not there", folder.display());
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        LINE, "\"", "\\", " ", "-", "[", "]", "\n", "\r\n", "\"a\" ", "200 1 ", ",", "x", "\0",
    ]);
    let bytes = prop::collection::vec(any::<u8>(), 0..4);
    let piece = prop_oneof![8 => pieces.prop_map(|piece| piece.as_bytes().to_vec()), 1 => bytes];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_become_rows_rejects_and_blanks(text in any_text()) {
        for listed in Format::listed() {
            let format = format(listed.name);
            let wanted = format.fields().unwrap_or_default();
            let text = [listed.example.as_bytes(), b"\n", &text].concat();
            let columns = parse(&format, &wanted, &text);
            let excluded: u64 = columns.excluded.values().sum();
            let sum = (columns.rows + columns.rejects.len()) as u64 + columns.blank + excluded;
            prop_assert_eq!(columns.lines, sum);
            prop_assert!(columns.fields.iter().all(|field| field.len() == columns.rows));
            for Reject { span, .. } in &columns.rejects {
                prop_assert!(text.get(span.clone()).is_some());
            }
            if matches!(format.cut(), Cut::Lines | Cut::Directives) {
                let lfs = memchr::memchr_iter(b'\n', &text).count();
                let last = usize::from(text.last().is_some_and(|&byte| byte != b'\n'));
                prop_assert_eq!(columns.lines, (lfs + last) as u64);
            }
        }
    }

    #[test]
    fn what_is_written_is_read(
        words in prop::collection::vec("[!-\\[^-~]{1,20}", 3),
        quoted in prop::collection::vec("[ -~가-힣]{1,30}", 4),
        time in "[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}",
        status in 100_u16..600,
        size: u64,
    ) {
        let [host, ident, user] = [&words[0], &words[1], &words[2]];
        let escaped: Vec<String> =
            quoted.iter().map(|text| text.replace('\\', r"\\").replace('"', "\\\"")).collect();
        let [request, referer, agent, cookie] = [&escaped[0], &escaped[1], &escaped[2], &escaped[3]];
        let line = format!(
            "{host} {ident} {user} [{time}] \"{request}\" {status} {size} \"{referer}\" \"{agent}\" \"{cookie}\"\r\n"
        );
        let format = format("combined+cookie");
        let found = rows(&parse(&format, &format.fields().unwrap(), line.as_bytes()));
        let (status, size) = (status.to_string(), size.to_string());
        let [request, referer, agent, cookie] = [&quoted[0], &quoted[1], &quoted[2], &quoted[3]];
        let written = [host, ident, user, &time, request, &status, &size, referer, agent, cookie];
        let written: Row = written
            .iter()
            .map(|text| (*text != "-" && !text.is_empty()).then(|| text.as_bytes().to_vec()))
            .collect();
        prop_assert_eq!(found, [written]);
    }

    /// Lines of the W3C format with one blank between values are read another way
    /// than those with more.
    #[test]
    fn values_may_be_any_number_of_blanks_apart(
        lines in prop::collection::vec(
            prop::collection::vec("-|[a-z+]{1,6}|\"[a-z+]{0,3}\"|a\"b|a=[+1]{0,2};b=2", 4..7),
            0..6,
        ),
        blank in "[ \t]",
        end in "\r?\n",
    ) {
        let read = |blank: &str| {
            let lines = lines.iter().map(|words| words.join(blank) + &end);
            let text = format!("#Fields: date time c-ip cs(User-Agent) cs(Cookie)\n{}", lines.collect::<String>());
            let found = parse(&format("w3c"), &["time", "c-ip", "cs(User-Agent)", "cookie.a"], text.as_bytes());
            let rejects: Vec<_> = found.rejects.iter().map(|reject| (reject.line, reject.reason.clone())).collect();
            (rows(&found), rejects)
        };
        prop_assert_eq!(read(&blank), read(&blank.repeat(2)));
    }

    /// The `csv` crate as the other opinion, on tables that it wrote and on
    /// bytes that nobody would.
    #[test]
    fn tables_are_read_as_the_csv_crate_reads_them(
        table in prop::collection::vec(prop::collection::vec("[a\",\n\r 한]{0,6}", 3), 0..8),
        raw in prop::collection::vec(prop::sample::select(b"ab,\"\n".to_vec()), 0..60),
    ) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["x", "y", "z"]).unwrap();
        for record in &table {
            writer.write_record(record).unwrap();
        }
        let written = writer.into_inner().unwrap();
        let columns = parse(&format("csv"), &["x", "y", "z"], &written);
        let value = |text: &String| (!text.is_empty()).then(|| text.as_bytes().to_vec());
        let expected: Vec<Row> =
            table.iter().map(|record| record.iter().map(value).collect()).collect();
        prop_assert_eq!(rows(&columns), expected);
        prop_assert_eq!((columns.blank, columns.rejects.len()), (1, 0));

        let text = [b"x,y\n".to_vec(), raw].concat();
        let columns = parse(&format("csv"), &["x", "y"], &text);
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(true)
            .flexible(true)
            .terminator(::csv::Terminator::Any(b'\n'))
            .from_reader(text.as_slice());
        let mut records: Vec<::csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
        if columns.rejects.last().is_some_and(|reject| reject.reason == Reason::Quote) {
            records.pop();
        }
        let value = |text: &[u8]| (!text.is_empty()).then(|| text.to_vec());
        let expected: Vec<Row> = records
            .iter()
            .filter(|record| record.len() == 2)
            .map(|record| record.iter().map(value).collect())
            .collect();
        prop_assert_eq!(rows(&columns), expected);
        let fields = columns.rejects.iter().filter(|reject| reject.reason == Reason::Fields);
        prop_assert_eq!(columns.rows + fields.count(), records.len());
    }
}
