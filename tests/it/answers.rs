//! Logs that others wrote and for which others wrote down what is in them, field
//! by field. Not part of the repository: see `../shared/data`.
//!
//! Each test prints how many fields agree, and what does not and why.

#![expect(clippy::print_stdout, reason = "the scores")]
#![expect(clippy::print_stderr, reason = "a test that did not run says so")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _, StringArray};
use arrow::datatypes::UInt32Type;
use gamyeong::parse::{Encoding, Format, Parser, Values};
use gamyeong::pipeline::trial::{self, Content};
use gamyeong::protect::distinct::HashSeeds;
use gamyeong::protect::keys::KeyRing;
use gamyeong::protect::technique::{OfUrl, Technique};
use gamyeong::protect::{Output, Rule};
use gamyeong::vault::pseudonym::EpochSecret;
use gamyeong::vault::random::Os;
use gamyeong::{source, split};

const SEEDS: HashSeeds = [1, 2, 3, 4];

/// A folder of the reference, if it is there.
pub(crate) fn reference(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !path.is_dir() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The fields of one line; nothing where it has none.
type Fields = BTreeMap<String, String>;

/// Every line of a file that is a row, by its number from 1; and that no line is
/// lost.
pub(crate) fn rows(format: &str, path: &Path) -> BTreeMap<u64, Fields> {
    let format = Format::new(format).unwrap().unwrap();
    let mut rows = BTreeMap::new();
    let date = jiff::civil::date(2026, 11, 25);
    let count = trial::lines(&format, path, date, |line| {
        if let Content::Row(values) = line.content {
            let text = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
            let fields = values
                .iter()
                .filter_map(|(name, raw)| Some(((*name).to_owned(), text((*raw)?))))
                .collect();
            rows.insert(line.number, fields);
        }
        Ok(true)
    })
    .unwrap();
    let other = count.rejected + count.excluded + count.blank;
    assert_eq!(count.lines, count.rows + other, "{}", path.display());
    rows
}

/// Counts what agrees.
#[derive(Default)]
struct Score {
    agree: usize,
    total: usize,
    disagree: Vec<String>,
}

impl Score {
    fn compare(&mut self, place: &str, expected: &str, found: Option<&str>) {
        self.total += 1;
        if found == Some(expected) {
            self.agree += 1;
        } else {
            self.disagree.push(format!("{place}: expected {expected:?}, found {found:?}"));
        }
    }

    /// Prints the score; what disagrees must be what is known to.
    fn end(self, file: &str, known: &[&str]) {
        println!("{file}: {}/{} agree", self.agree, self.total);
        self.disagree.iter().for_each(|what| println!("  {what}"));
        let is_known = |what: &String| known.iter().any(|known| what.starts_with(known));
        assert!(self.disagree.iter().all(is_known), "{file}: {:#?}", self.disagree);
        assert!(self.total > 0 && self.disagree.len() <= known.len(), "{file}");
    }
}

/// One answer of `parser.assert`: `…[3].Evt.Parsed["status"] == "200"`.
struct Answer {
    index: usize,
    field: String,
    value: String,
}

/// The answers of the parsing stage for one parser, with the line each is of.
fn answers(path: &Path, parser: &str) -> Vec<(String, Fields)> {
    let text = std::fs::read_to_string(path).unwrap();
    let prefix = format!("results[\"s01-parse\"][\"{parser}\"][");
    let answers = text.lines().filter_map(|line| {
        let (index, rest) = line.strip_prefix(&prefix)?.split_once(']')?;
        let (field, value) = rest.strip_prefix(".Evt.Parsed[\"")?.split_once("\"] == ")?;
        let value = serde_json::from_str(&value.replace('\t', "\\t")).unwrap();
        Some(Answer { index: index.parse().ok()?, field: field.to_owned(), value })
    });
    let mut by_index: BTreeMap<usize, Fields> = BTreeMap::new();
    for Answer { index, field, value } in answers {
        by_index.entry(index).or_default().insert(field, value);
    }
    by_index.into_values().filter_map(|mut of| Some((of.remove("message")?, of))).collect()
}

/// A name of theirs, and what it is here.
type Same<'a> = (&'a str, fn(&Fields) -> Option<String>);

/// Compares a log with `parser.assert`, line by line, each line in the first of
/// the formats that it is in. `names` are their names and ours.
fn assert_file(folder: &str, parser: &str, formats: &[&str], names: &[Same<'_>], known: &[&str]) {
    let Some(dir) = reference("web/expected").map(|dir| dir.join(folder)) else { return };
    let log = dir.join(format!("{folder}.log"));
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let parsed: Vec<_> = formats.iter().map(|format| rows(format, &log)).collect();
    let mut score = Score::default();
    for (message, expected) in answers(&dir.join("parser.assert"), parser) {
        let is_it = |line: &&str| line.trim_end() == message.trim_end();
        // Their answers for error logs have what is behind the time alone.
        let Some(at) = lines.iter().position(is_it) else { continue };
        let number = at as u64 + 1;
        let found = parsed.iter().find_map(|rows| rows.get(&number));
        for (name, ours) in names {
            let Some(value) = expected.get(*name) else { continue };
            let found = found.map(|found| ours(found).unwrap_or_else(|| "-".to_owned()));
            score.compare(&format!("line {number}, {name}"), value, found.as_deref());
        }
    }
    score.end(folder, known);
}

fn of(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).cloned()
}

/// A part of `GET /a HTTP/1.1`.
fn part(fields: &Fields, part: usize) -> Option<String> {
    of(fields, "request")?.split(' ').nth(part).map(|part| part.trim_start_matches("HTTP/").into())
}

/// A log of requests to a virtual host, as Apache and nginx have none by name.
const OF_HOST: &str = r#"%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i""#;

#[test]
fn apache_logs_agree() {
    assert_file(
        "apache2-logs",
        "crowdsecurity/apache2-logs",
        &["combined", "common", "vhost_combined", OF_HOST],
        &[
            ("clientip", |f| of(f, "host")),
            ("ident", |f| of(f, "ident")),
            ("auth", |f| of(f, "user")),
            ("timestamp", |f| of(f, "time")),
            ("verb", |f| part(f, 0)),
            ("request", |f| part(f, 1)),
            ("httpversion", |f| part(f, 2)),
            ("response", |f| of(f, "status")),
            ("bytes", |f| of(f, "size").or_else(|| of(f, "sent"))),
            ("referrer", |f| of(f, "referer")),
            ("http_user_agent", |f| of(f, "agent")),
            ("target_fqdn", |f| of(f, "vhost")),
            ("port", |f| of(f, "port")),
        ],
        &[],
    );
}

#[test]
fn nginx_logs_agree() {
    const PORT: &str = r#"$host:$server_port $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;
    const NO_USER: &str = r#"$remote_addr - [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;
    assert_file(
        "nginx_http-logs",
        "crowdsecurity/nginx-logs",
        &["combined", PORT, OF_HOST, NO_USER],
        &[
            ("remote_addr", |f| of(f, "host")),
            ("remote_user", |f| of(f, "user")),
            ("time_local", |f| of(f, "time")),
            ("verb", |f| part(f, 0)),
            ("request", |f| part(f, 1)),
            ("http_version", |f| part(f, 2)),
            ("status", |f| of(f, "status")),
            ("body_bytes_sent", |f| of(f, "size")),
            ("http_referer", |f| of(f, "referer")),
            ("http_user_agent", |f| of(f, "agent")),
            ("target_fqdn", |f| of(f, "vhost")),
        ],
        &[],
    );
}

#[test]
fn cloudfront_logs_agree() {
    assert_file(
        "aws-cloudfront-logs",
        "crowdsecurity/aws-cloudfront",
        &["cloudfront"],
        &[
            ("c_ip", |f| of(f, "c-ip")),
            ("c_port", |f| of(f, "c-port")),
            ("cs_bytes", |f| of(f, "cs-bytes")),
            ("cs_cookie", |f| of(f, "cs(Cookie)")),
            ("cs_host", |f| of(f, "cs(Host)")),
            ("cs_method", |f| of(f, "cs-method")),
            ("cs_protocol", |f| of(f, "cs-protocol")),
            ("cs_protocol_version", |f| of(f, "cs-protocol-version")),
            ("cs_referer", |f| of(f, "cs(Referer)")),
            ("cs_uri_query", |f| of(f, "cs-uri-query")),
            ("cs_uri_stem", |f| of(f, "cs-uri-stem")),
            ("cs_user_agent", |f| of(f, "cs(User-Agent)")),
            ("sc_bytes", |f| of(f, "sc-bytes")),
            ("sc_content_len", |f| of(f, "sc-content-len")),
            ("sc_content_type", |f| of(f, "sc-content-type")),
            ("sc_range_start", |f| of(f, "sc-range-start")),
            ("sc_status", |f| of(f, "sc-status")),
            ("ssl_cipher", |f| of(f, "ssl-cipher")),
            ("ssl_protocol", |f| of(f, "ssl-protocol")),
            ("time", |f| of(f, "time")?.split_once(' ').map(|(_, time)| time.to_owned())),
            ("time_taken", |f| of(f, "time-taken")),
            ("time_to_first_byte", |f| of(f, "time-to-first-byte")),
            ("x_edge_detailed_result_type", |f| of(f, "x-edge-detailed-result-type")),
            ("x_edge_location", |f| of(f, "x-edge-location")),
            ("x_edge_request_id", |f| of(f, "x-edge-request-id")),
            ("x_edge_response_result_type", |f| of(f, "x-edge-response-result-type")),
            ("x_edge_result_type", |f| of(f, "x-edge-result-type")),
            ("x_forwarded_for", |f| of(f, "x-forwarded-for")),
            ("x_host_header", |f| of(f, "x-host-header")),
            ("fle_status", |f| of(f, "fle-status")),
            ("fle_encrypted_fields", |f| of(f, "fle-encrypted-fields")),
        ],
        // CloudFront writes a blank as %20, and it is undone here.
        &["line 1, sc_content_type", "line 2, sc_content_type"],
    );
}

#[test]
fn traefik_logs_agree() {
    assert_file(
        "traefik_json",
        "crowdsecurity/traefik-logs",
        &["json"],
        &[
            ("body_bytes_sent", |f| of(f, "DownstreamContentSize")),
            ("http_user_agent", |f| of(f, "request_User-Agent")),
            ("http_version", |f| of(f, "RequestProtocol").map(|p| p.replace("HTTP/", ""))),
            ("remote_addr", |f| of(f, "ClientHost")),
            ("request", |f| of(f, "RequestPath")),
            ("request_addr", |f| of(f, "RequestAddr")),
            ("request_duration_in_ms", |f| of(f, "Duration")),
            ("status", |f| of(f, "DownstreamStatus")),
            ("time_local", |f| of(f, "time")),
            ("traefik_router_name", |f| of(f, "RouterName")),
            ("verb", |f| of(f, "RequestMethod")),
        ],
        // Theirs is the last of two addresses; here they stay together.
        &["line 7, remote_addr"],
    );
}

/// What a library made of its proxy's log: every line of it as a row of a table,
/// and the usage events that it counts.
#[test]
fn a_library_s_proxy_agrees() {
    let Some(dir) = reference("library") else { return };
    let table = std::fs::read_to_string(dir.join("sd.2012-11-30.300.csv")).unwrap();
    let log = rows("ezproxy", &dir.join("sd.2012-11-30.300.log"));
    let mut score = Score::default();
    for (number, line) in (1_u64..).zip(table.lines().skip(1)) {
        let expected: Vec<&str> = line.split(';').collect();
        let found = &log[&number];
        let time = moment(&found["time"]);
        let place = |name| format!("line {number}, {name}");
        // An address may hold the delimiter of their table.
        let last = expected.len() - 1;
        score.compare(&place("host"), expected[0], found.get("host").map(String::as_str));
        score.compare(&place("login"), expected[1], found.get("user").map(String::as_str));
        score.compare(&place("datetime"), &moment(expected[2]), Some(&time));
        score.compare(&place("url"), &expected[3..last - 2].join(";"), part(found, 1).as_deref());
        score.compare(
            &place("status"),
            expected[last - 2],
            found.get("status").map(String::as_str),
        );
        score.compare(&place("size"), expected[last - 1], found.get("size").map(String::as_str));
    }
    assert_eq!(score.total, (table.lines().count() - 1) * 6);
    score.end("sd.2012-11-30.300.csv", &[]);

    for (file, format) in [
        ("sd.2012-11-30.300", "ezproxy"),
        ("univ_lyon.ezproxy", "ezproxy"),
        ("ul.ezproxy", r#"%h %u %l %t "%r" %s %b %{ezproxy-groups}i"#),
        ("test.apache", "combined"),
    ] {
        let answer = std::fs::read(dir.join(format!("{file}.result.json"))).unwrap();
        let events: Vec<serde_json::Value> = serde_json::from_slice(&answer).unwrap();
        let rows = rows(format, &dir.join(format!("{file}.log")));
        let mut score = Score::default();
        for (event, expected) in events.iter().enumerate() {
            let text = |name: &str| expected[name].as_str().unwrap();
            let time = moment(text("datetime"));
            // The proxy of one library puts `/http/` before the address.
            let url = |fields: &Fields| {
                let url = part(fields, 1).unwrap_or_default();
                url.strip_prefix("/http/").map_or(url.clone(), |rest| format!("http://{rest}"))
            };
            // The same address may be asked for twice in a second.
            let same = rows
                .values()
                .filter(|fields| moment(&fields["time"]) == time && url(fields) == text("url"));
            let found = same.max_by_key(|fields| fields["size"] == text("size"));
            for (name, ours) in [("login", "user"), ("status", "status"), ("size", "size")] {
                let found = found.and_then(|fields| fields.get(ours)).map(String::as_str);
                score.compare(&format!("event {event}, {name}"), text(name), found);
            }
        }
        score.end(file, &[]);
    }
}

/// A time in either form, as one that can be compared.
fn moment(text: &str) -> String {
    let parsed = jiff::Zoned::strptime("%d/%b/%Y:%H:%M:%S %z", text).map(|zoned| zoned.timestamp());
    parsed.or_else(|_| text.parse::<jiff::Timestamp>()).unwrap().to_string()
}

/// Search words in every way that they reach a log: as bytes of either encoding,
/// percent-encoded, escaped by Apache, cut in the middle of a letter.
#[test]
fn korean_search_words_agree() {
    let Some(dir) = reference("korean") else { return };
    let answer = std::fs::read(dir.join("access_mixed_encoding.expected.json")).unwrap();
    let expected: Vec<serde_json::Value> = serde_json::from_slice(&answer).unwrap();
    let format = Format::new("combined").unwrap().unwrap();
    let parser = Parser::new(&format, &["request.target"]).unwrap();
    let log = dir.join("access_mixed_encoding.log");
    let mut reader = source::open(&[log], format.cut(), source::CHUNK_BYTES);
    let technique = Technique::Url(OfUrl::Query(vec!["searchKeyword".into()]));
    let rule = Rule::new("word", "request.target", 0, technique);
    let secret = EpochSecret::in_memory("answers", &mut Os).unwrap();
    let keys =
        KeyRing { secret: &secret, controller: "a", purpose: "b", recipient: "c", table: "" };
    let mut output = Output::new(rule, &keys, SEEDS, false);
    while let Some(chunk) = reader.next().unwrap() {
        let columns = parser.chunk(&chunk).unwrap();
        assert!(columns.rejects.is_empty());
        output.push(&split::columns(columns, chunk.bytes.clone()).0);
    }
    let array = output.take();
    let words = array.as_dictionary::<UInt32Type>().downcast_dict::<StringArray>().unwrap();
    assert_eq!(words.len(), expected.len());
    let mut score = Score::default();
    let mut cut = 0;
    for (row, expected) in expected.iter().enumerate() {
        let place = format!("line {}, {}", expected["line"], expected["kind"]);
        let word = words.values().value(words.keys().value(row) as usize);
        let word = word.strip_prefix("searchKeyword=").unwrap();
        match expected["title"].as_str() {
            // They leave a plus as it is, where a form means a blank.
            Some(title) => score.compare(&place, &title.replace('+', " "), Some(word)),
            // Where a letter of one byte was cut off, the rest is a text.
            None => cut += u64::from(word != "1Q8"),
        }
    }
    assert_eq!(output.undecoded(), cut, "what is cut in a letter is in no encoding");
    score.end("access_mixed_encoding", &[]);
}

/// A table of all public libraries, as a Korean spreadsheet writes it.
#[test]
fn a_table_in_code_page_949_is_read_whole() {
    let Some(dir) = reference("korean") else { return };
    let mut format = Format::new("csv").unwrap().unwrap();
    format.csv_mut().unwrap().encoding = Encoding::Cp949;
    let mut reader =
        source::open(&[dir.join("library_info.cp949.csv.gz")], format.cut(), source::CHUNK_BYTES);
    let wanted = ["도서관명", "소재지도로명주소", "제공기관명"];
    let parser = Parser::new(&format, &wanted).unwrap();
    let (mut rows, mut first) = (0, None);
    while let Some(chunk) = reader.next().unwrap() {
        let columns = parser.chunk(&chunk).unwrap();
        assert!(columns.rejects.is_empty());
        rows += columns.rows;
        first.get_or_insert_with(|| {
            let text = |field: &Values| field.iter().next().flatten().map(<[u8]>::to_vec).unwrap();
            columns
                .fields
                .iter()
                .map(text)
                .map(|raw| String::from_utf8(raw).unwrap())
                .collect::<Vec<_>>()
        });
    }
    assert_eq!(rows, 3_557);
    assert_eq!(first.unwrap(), ["판교인생", "경기도 성남시 분당구 판교역로 99", "경기도 성남시"]);
}

/// Found by a review: those that need a header were never tried.
#[test]
fn the_example_of_every_format_is_a_row_of_it() {
    let dir = tempfile::tempdir().unwrap();
    for listed in Format::listed() {
        if Format::new(listed.name).unwrap().unwrap().table(None).is_some() {
            // It is no line of a file.
            continue;
        }
        let path = dir.path().join("example");
        std::fs::File::create(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, listed.example.as_bytes()))
            .unwrap();
        assert!(!rows(listed.name, &path).is_empty(), "{}", listed.name);
    }
}

/// Found by a review: directives were told apart by case, and lost in a long head.
#[test]
fn directives_hold_from_chunk_to_chunk() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log");
    let rows_of = |count: usize| "2025-10-10 04:55:36 192.0.2.7 kim\n".repeat(count);
    let comments =
        (0..30_000).fold(String::new(), |text, number| text + &format!("#X{number}: y\n"));
    let text = format!(
        "#fields: date time cs-username c-ip\n{comments}#Fields : date time c-ip cs-username\n{}",
        rows_of(20_000)
    );
    std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), text.as_bytes()).unwrap();
    let format = Format::new("w3c").unwrap().unwrap();
    let parser = Parser::new(&format, &["c-ip"]).unwrap();
    let mut reader = source::open(&[path], format.cut(), 1_000);
    let mut found = 0;
    while let Some(chunk) = reader.next().unwrap() {
        let columns = parser.chunk(&chunk).unwrap();
        assert!(columns.fields[0].iter().all(|value| value == Some(b"192.0.2.7")));
        found += columns.rows;
    }
    assert_eq!(found, 20_000);
}

/// W3C logs of nine programs, with directives in mid-file, blank lines, quotes and
/// bytes in no encoding; nobody wrote answers for them. Rows, as a person counts
/// them; one file has more values a line than fields.
#[test]
fn every_line_of_real_w3c_logs_is_accounted_for() {
    let Some(dir) = reference("iis") else { return };
    for (file, expected) in [
        ("iis6.log", 12),
        ("iis10.log", 1),
        ("iis10_cookies.log", 3),
        ("logfile_w3c.0", 1),
        ("logfile_w3c.1", 1),
        ("logfile_w3c.2", 14),
        ("logfile_w3c.3", 3),
        ("logfile_w3c.4", 2),
        ("logfile_w3c.5", 0),
        ("logfile_w3c.6", 1),
        ("logfile_w3c_big.0", 210),
    ] {
        assert_eq!(rows("w3c", &dir.join(file)).len(), expected, "{file}");
    }
    assert_eq!(rows("iis", &dir.join("iis_native_format.log")).len(), 2);
    let Some(dir) = reference("web") else { return };
    assert_eq!(rows("webtob", &dir.join("webtob_access.log")).len(), 1);
    assert_eq!(rows("webtob5", &dir.join("webtob_access.log")).len(), 2);
}
