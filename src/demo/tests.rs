use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

use jiff::civil::{Date, date};

use super::{Institution, Written, write_day};

const DATE: Date = date(2026, 11, 22);
const BOTH: [Institution; 2] = [Institution::Library, Institution::Welfare];

/// Files in memory.
#[derive(Default, Clone)]
struct Files(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

struct File {
    files: Files,
    path: String,
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut files = self.files.0.borrow_mut();
        files.get_mut(&self.path).expect("made when opened").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn day(
    institution: Institution,
    date: Date,
    web_lines: u64,
    seed: u64,
) -> (Vec<Written>, BTreeMap<String, String>) {
    let files = Files::default();
    let mut open = |path: &str| {
        let before = files.0.borrow_mut().insert(path.to_owned(), Vec::new());
        assert!(before.is_none(), "{path} is written twice");
        Ok(Box::new(File { files: files.clone(), path: path.to_owned() }) as Box<dyn Write>)
    };
    let written = write_day(institution, date, web_lines, seed, &mut open).unwrap();
    let texts =
        files.0.take().into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()));
    (written, texts.collect())
}

/// The fields of a line in combined form with a cookie, or why it is not in
/// it. Written from the format's description and not from the writer.
fn fields(line: &str) -> Result<[&str; 10], &'static str> {
    let (host, rest) = line.split_once(' ').ok_or("host")?;
    let (ident, rest) = rest.split_once(' ').ok_or("ident")?;
    let (user, rest) = rest.split_once(' ').ok_or("user")?;
    let (time, rest) =
        rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")).ok_or("time")?;
    let (request, rest) =
        rest.strip_prefix('"').and_then(|rest| rest.split_once("\" ")).ok_or("request")?;
    let (status, rest) = rest.split_once(' ').ok_or("status")?;
    status.parse::<u16>().ok().filter(|code| (100..600).contains(code)).ok_or("status")?;
    let (size, rest) = rest.split_once(' ').ok_or("size")?;
    if size != "-" {
        size.parse::<u64>().map_err(|_| "size")?;
    }
    let (referer, rest) =
        rest.strip_prefix('"').and_then(|rest| rest.split_once("\" ")).ok_or("referer")?;
    let (agent, rest) =
        rest.strip_prefix('"').and_then(|rest| rest.split_once("\" ")).ok_or("agent")?;
    let cookie = rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or("cookie")?;
    let fields = [host, ident, user, time, request, status, size, referer, agent, cookie];
    if fields.iter().any(|field| field.is_empty() || field.contains('"')) {
        return Err("quote");
    }
    Ok(fields)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

#[test]
fn same_seed_gives_the_same_bytes() {
    for institution in BOTH {
        assert_eq!(day(institution, DATE, 2_000, 7), day(institution, DATE, 2_000, 7));
    }
}

#[test]
fn other_seed_date_or_institution_gives_other_bytes_in_every_file() {
    let tomorrow = DATE.tomorrow().unwrap();
    let base = day(Institution::Library, DATE, 2_000, 7).1;
    let seed = day(Institution::Library, DATE, 2_000, 8).1;
    let date = day(Institution::Library, tomorrow, 2_000, 7).1;
    for (path, text) in &base {
        assert_ne!(text, &seed[path]);
        let moved = date[&path.replace("2026-11-22", "2026-11-23")]
            .replace("2026-11-23", "2026-11-22")
            .replace("23/Nov", "22/Nov");
        assert_ne!(text, &moved);
    }
    let welfare = day(Institution::Welfare, DATE, 2_000, 7).1;
    assert_ne!(base["logs/access-2026-11-22.log"], welfare["logs/access-2026-11-22.log"]);
}

#[test]
fn result_names_every_file_with_its_lines() {
    for institution in BOTH {
        for web_lines in [0, 1, 9, 2_000] {
            let (written, texts) = day(institution, DATE, web_lines, 1);
            assert_eq!(written.len(), texts.len());
            assert_eq!(written[0].lines, web_lines);
            for file in written {
                assert_eq!(file.lines, texts[&file.path].matches('\n').count() as u64);
            }
        }
    }
}

#[test]
fn exactly_the_malformed_lines_are_not_in_the_format() {
    for institution in BOTH {
        let (written, texts) = day(institution, DATE, 5_000, 3);
        let text = &texts["logs/access-2026-11-22.log"];
        let bad = text.lines().filter(|line| fields(line).is_err()).count() as u64;
        assert_eq!(bad, written[0].malformed);
        assert!(bad > 0 && bad * 100 < 5_000, "{bad} of 5000");
    }
}

#[test]
fn every_row_has_as_many_fields_as_its_header() {
    for institution in BOTH {
        for (path, text) in day(institution, DATE, 5_000, 3).1 {
            if !path.starts_with("tables/") {
                continue;
            }
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
            let header = reader.headers().unwrap().len();
            let mut rows = 0;
            for record in reader.records() {
                assert_eq!(record.unwrap().len(), header, "{path}");
                rows += 1;
            }
            assert!(rows >= 250, "{path} has {rows} rows");
        }
    }
}

#[test]
fn times_lie_on_the_day_and_never_go_back() {
    for institution in BOTH {
        for (path, text) in day(institution, DATE, 5_000, 3).1 {
            if path.starts_with("tables/lectures") {
                continue;
            }
            let mut last = String::new();
            for line in text.lines() {
                let time = if path.starts_with("logs/radius") {
                    let Some(time) = line.strip_prefix("Sun Nov 22 ") else { continue };
                    time.strip_suffix(" 2026").unwrap()
                } else if path.starts_with("logs/") {
                    let Ok([_, _, _, time, ..]) = fields(line) else { continue };
                    time.strip_prefix("22/Nov/2026:").unwrap().strip_suffix(" +0900").unwrap()
                } else {
                    let Some((time, _)) = line.split_once(',') else { continue };
                    let Some(time) = time.strip_prefix("2026-11-22 ") else {
                        assert!(last.is_empty(), "{path}: {time}");
                        continue;
                    };
                    time
                };
                time.parse::<jiff::civil::Time>().unwrap();
                assert!(*time >= *last, "{path}: {time} after {last}");
                last = time.to_owned();
            }
            assert!(!last.is_empty(), "{path}");
        }
    }
}

#[test]
fn courses_are_those_of_a_term_until_the_day() {
    let texts = day(Institution::Library, DATE, 5_000, 3).1;
    let times: Vec<&str> = texts["tables/lectures-2026-11-22.csv"]
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[0] < "2026-09-07" && *times.last().unwrap() < "2026-11-23", "{times:?}");
    // Who was there does not change when the table is exported again.
    let later = day(Institution::Library, DATE.tomorrow().unwrap(), 5_000, 3).1;
    let before = texts["tables/lectures-2026-11-22.csv"].split_once("\n2026-09-01").unwrap().1;
    assert!(later["tables/lectures-2026-11-23.csv"].contains(before.trim_end()));
}

#[test]
fn sessions_end_on_the_day_they_start() {
    let texts = day(Institution::Library, DATE, 20_000, 3).1;
    for line in texts["tables/wifi-2026-11-22.csv"].lines().skip(1) {
        let mut fields = line.split(',');
        let (start, end) = (fields.next().unwrap(), fields.next().unwrap());
        assert!(start < end && end.starts_with("2026-11-22 "), "{start} to {end}");
    }
}

/// Read from the format's description and not by the parser.
#[test]
fn accounts_are_logged_in_from_addresses_of_the_network_until_the_record() {
    let texts = day(Institution::Library, DATE, 5_000, 3).1;
    let mut records = 0;
    for record in
        texts["logs/radius-2026-11-22.detail"].split("\n\n").filter(|text| !text.is_empty())
    {
        let value = |name: &str| {
            let attribute = format!("\t{name} = ");
            let line = record.lines().find_map(|line| line.strip_prefix(&*attribute));
            line.unwrap_or_else(|| panic!("{name}: {record}")).trim_matches('"').to_owned()
        };
        let address = value("Framed-IP-Address");
        assert!(address.starts_with("10.10.") || address.starts_with("172.16."), "{address}");
        let end = jiff::Timestamp::from_second(value("Timestamp").parse().unwrap()).unwrap();
        let clock = end.in_tz("Asia/Seoul").unwrap().strftime("%a %b %e %H:%M:%S %Y").to_string();
        assert_eq!(record.lines().next(), Some(&*clock));
        let length: i64 = value("Acct-Session-Time").parse().unwrap();
        assert!((3_600..=86_400).contains(&length), "{length}");
        assert_eq!(value("Acct-Status-Type"), "Stop");
        records += 1;
    }
    assert!(records > 500, "{records}");
}

#[test]
fn queries_decode_to_valid_utf_8_with_korean_in_it() {
    for institution in BOTH {
        let texts = day(institution, DATE, 5_000, 3).1;
        let mut korean = 0;
        for line in texts["logs/access-2026-11-22.log"].lines() {
            let Ok([_, _, _, _, request, ..]) = fields(line) else { continue };
            let decoded = String::from_utf8(percent_decoded(request)).unwrap();
            korean += u64::from(decoded.chars().any(|char| ('가'..='힣').contains(&char)));
        }
        assert!(korean > 100, "{korean} requests with Korean words");
    }
}

#[test]
fn day_holds_what_must_not_get_out() {
    let texts = day(Institution::Library, DATE, 20_000, 3).1;
    let log = &texts["logs/access-2026-11-22.log"];
    for marker in ["tel=010-0000-", "q=010-0000-", "?name=%", "/my/wishlist/", ";jsessionid="] {
        assert!(log.contains(marker), "{marker}");
    }
    assert!(texts["tables/wifi-2026-11-22.csv"].contains("'s phone"));
    assert!(texts["tables/loans-2026-11-22.csv"].contains("홍길동"));
    assert!(texts["tables/misuse-2026-11-22.csv"].contains("010-0000-"));
}

#[test]
fn day_is_not_uniform() {
    let texts = day(Institution::Library, DATE, 20_000, 3).1;
    let mut hours = [0; 24];
    let mut hosts = BTreeMap::new();
    for line in texts["logs/access-2026-11-22.log"].lines() {
        let Ok([host, _, _, time, ..]) = fields(line) else { continue };
        hours[time[12..14].parse::<usize>().unwrap()] += 1;
        *hosts.entry(host).or_insert(0) += 1;
    }
    assert!(hours[15] > 20 * hours[3].max(1), "{hours:?}");
    assert!(hosts.len() > 2_000, "{} addresses", hosts.len());
    let most = hosts.values().max().unwrap();
    assert!(*most > 30, "the busiest address has {most} lines");
}

#[test]
fn people_come_back_the_next_day() {
    let cards = |date: Date| {
        let texts = day(Institution::Library, date, 20_000, 3).1;
        let text = &texts[&format!("tables/gate-{date}.csv")];
        let rows = text.lines().skip(1).filter_map(|line| line.split(',').nth(1));
        rows.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    let (today, tomorrow) = (cards(DATE), cards(DATE.tomorrow().unwrap()));
    let both = today.intersection(&tomorrow).count();
    assert!(both * 5 > today.len(), "{both} of {}", today.len());
    assert!(both < today.len());
}

#[test]
fn file_that_cannot_be_opened_is_an_error() {
    let mut opened = 0;
    let mut open = |_: &str| {
        opened += 1;
        if opened == 2 {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(Box::new(io::sink()) as Box<dyn Write>)
    };
    let error = write_day(Institution::Library, DATE, 10, 1, &mut open).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

#[test]
fn random_numbers_are_those_of_the_paper() {
    // What Vigna's `splitmix64.c` (2015) gives for the seed 1234567.
    let mut random = super::random::Random::new(1_234_567);
    assert_eq!(random.number(), 6_457_827_717_110_365_317);
    assert_eq!(random.number(), 3_203_168_211_198_807_973);
    assert_eq!(random.number(), 9_817_491_932_198_370_423);
}
