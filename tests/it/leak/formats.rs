//! Canaries in every field of every format: a table is made of them, and a look-up of
//! sessions, and nothing of them gets out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use gamyeong::demo::geo::{Located, database};
use gamyeong::parse::{Format, Parser, Values};
use gamyeong::source::{self, CHUNK_BYTES};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::Workbook;

use super::marker::{every_form, found};
use super::samples::devices::DEVICES;
use super::samples::{LINES, NAMED, STRINGS, Sample, TABLE};
use super::{RAW, Scene, rows};
use crate::house::{DATE, House, Said, gamyeong, put};
use crate::tables::database::server::{MariaDb, PostgreSql, Server};

/// Rows of an input, each of somebody else.
const ROWS: u8 = 6;

/// What is held otherwise than as text.
const TABLES: [&str; 5] = ["csv", "xlsx", "parquet", "postgresql", "mysql"];

/// Who asks for pages, where sessions tell who that is.
const ASKED: &str = "«203.0.113.171» - - [«20/Nov/2026:03:17:21» +0900] \"GET / HTTP/1.1\" 200 12 \"-\" \"-\"\n\
    «2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f61» - - [«20/Nov/2026:03:17:21» +0900] \"GET / HTTP/1.1\" 200 12 \"-\" \"-\"\n";

/// Where the inputs are.
pub(super) const INPUT: &str = "raw/input-2026-11-20";

/// A template as the person of this number has it, and its markers.
fn written(template: &str, person: u8) -> (String, Vec<String>) {
    let (mut text, mut markers) = (String::new(), Vec::new());
    let mut parts = template.split('«');
    text += parts.next().unwrap();
    for part in parts {
        let (marker, after) = part.split_once('»').unwrap();
        let marker = of_person(marker, person);
        text += &marker;
        text += after;
        markers.push(marker);
    }
    (text, markers)
}

/// A marker counted on: by its last digit, or if it has none by its last letter.
fn of_person(marker: &str, person: u8) -> String {
    if let Some(same) = marker.strip_prefix('!') {
        return same.to_owned();
    }
    let mut bytes = marker.as_bytes().to_vec();
    let digit = bytes.iter_mut().rev().find(|byte| byte.is_ascii_digit());
    if let Some(digit) = digit {
        *digit = b'0' + (*digit - b'0' + person) % 10;
    } else if let Some(letter) = bytes.last_mut() {
        *letter += person;
    }
    String::from_utf8(bytes).unwrap()
}

/// The input as text.
pub(super) fn input_of(sample: &Sample) -> String {
    let (mut text, _) = written(sample.head, 0);
    for person in 0..ROWS {
        text += &written(sample.row, person).0;
    }
    text + &written(sample.tail, 0).0
}

/// What is searched for: the markers of the first person and what no row has.
fn needles(sample: &Sample) -> Vec<(String, Vec<u8>)> {
    let mut needles = Vec::new();
    let mut seen = BTreeSet::new();
    for template in [sample.head, sample.row, sample.tail] {
        for marker in written(template, 0).1 {
            if !seen.insert(marker.clone()) {
                continue;
            }
            every_form(&marker, marker.as_bytes(), &mut needles);
            if let Ok(number) = marker.parse::<i64>() {
                needles.push((format!("{marker}, 64 bits"), number.to_le_bytes().to_vec()));
            }
            if marker.contains("/11/") {
                let time = marker.replace('/', "-").replace(' ', "T");
                every_form(&time, time.as_bytes(), &mut needles);
            }
            if marker.contains('%') {
                let plain = percent_encoding(&marker);
                every_form(&plain, plain.as_bytes(), &mut needles);
            }
        }
    }
    // A person whose weeks are none keeps the time: one of nine draws.
    let is_moved = sample.fields.contains("shift");
    needles.extend(times().into_iter().filter(|(name, _)| !is_moved || !name.contains("times")));
    needles
}

fn percent_encoding(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, after) {
            let digits = String::from_utf8(vec![*high, *low]).unwrap();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The second of the first person, as it is written anywhere.
fn times() -> Vec<(String, Vec<u8>)> {
    let second = 1_795_112_241_i64;
    let texts = [
        "2026-11-20T03:17:21",
        "2026-11-20 03:17:21",
        "2026-11-19T18:17:21",
        "2026-11-19 18:17:21",
        "20/Nov/2026:03:17:21",
        "19/Nov/2026:18:17:21",
        "1795112241",
    ];
    let texts = texts.iter().map(|text| (format!("time, {text}"), text.as_bytes().to_vec()));
    let numbers = [1, 1_000, 1_000_000, 1_000_000_000];
    let numbers = numbers
        .iter()
        .map(|unit| (format!("time, times {unit}"), (second * unit).to_le_bytes().to_vec()));
    texts.chain(numbers).collect()
}

/// A house with what pipelines need besides.
fn house() -> House {
    static MADE: OnceLock<House> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let house = House::of("library");
        let network =
            Located { address: [203, 0, 113, 0].into(), bits: 24, country: *b"KR", system: 64_496 };
        house.put("lists/places.mmdb", database(&[network], 1_700_000_000));
        house.put("lists/robots.json", r#"[{"pattern": "^Kanari.*bot"}, {"pattern": "curl"}]"#);
        house.put("lists/types.csv", "text/html;글;*\nimage/png;그림;*\n");
        house
    });
    made.copied()
}

const PIPELINE: &str = r#"name = "kanari"
purpose = { category = "과학적 연구", detail = "야간 시간대 홈페이지 이용과 대출의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "month", reason = "한 달 안의 재방문율을 본다" }

SOURCES

[assess]
subject = "who"
quasi_identifiers = ["q"]
k_min = 2
k_persons_min = 2
max_suppressed = 0.5
"#;

/// `[[source]]` of a format.
fn source(name: &str, sample: &Sample, input: &str) -> String {
    format!(
        "[[source]]\nname = \"{name}\"\n{input}\nformat = '''{}'''\nzone = \"Asia/Seoul\"\n\
         item = \"서비스 이용기록\"\nmax_rejects = 0.9\n",
        sample.format
    )
}

fn table(sample: &Sample, input: &str) -> String {
    let source = source("rows", sample, input) + "[source.fields]\n" + sample.fields;
    let blanked = sample.blanked.iter().map(|column| format!("{column} = 3\n"));
    PIPELINE.replace("SOURCES", &source)
        + "[assess.value_persons_min]\n"
        + &blanked.collect::<String>()
}

/// Web pages by whom the sessions of a format name.
fn lookup(sample: &Sample) -> String {
    let sessions = source("sessions", sample, "path = \"raw/input-{date}*\"");
    let asked = Sample { format: "combined", ..*sample };
    let web = source("web", &asked, "path = \"raw/asked-{date}.log\"");
    // Its records name who wants to come in: no sessions, unless a pipeline says so.
    let told = match sample.format {
        "hostapd" => "device = \"mac\", user = \"user\", time = \"time\", ",
        _ => "",
    };
    let told = format!("sessions = {{ {told}longest = \"12h\" }}");
    PIPELINE.replace(
        "SOURCES",
        &format!(
            "{sessions}{told}\n\n{web}\
             subject = {{ address = \"host\", time = \"time\", sessions = [\"sessions\"] }}\n\
             [source.fields]\n\
             subject = {{ as = \"who\", pseudonym = {{ domain = \"user\", device_domain = \"device\", address_domain = \"ip\" }} }}\n\
             time = {{ as = \"q\", round = \"1h\" }}\n"
        ),
    )
}

/// Runs a house on a pipeline and searches everything.
#[track_caller]
fn stays_inside(house: House, name: &str, pipeline: &str, needles: &[(String, Vec<u8>)]) {
    house.put("pipelines/kanari.toml", pipeline);
    let mut scene = Scene::new(house);
    let path = scene.house.path("pipelines/kanari.toml");
    for more in [&["--lang", "ko"][..], &["--json"]] {
        let mut command = scene.house.command(&["run"]);
        command.arg(&path).args(["--date", DATE]).args(more);
        scene.take(0, &mut command);
    }
    scene.audit();
    let mut raw = [RAW, &["raw", "lists"]].concat();
    if pipeline.contains("shift = ") {
        // Nor as a text that is made of the table here.
        let is_time = |name: &str| name.starts_with("time, ") || name.contains("2026-11-");
        let others = needles.iter().filter(|(name, _)| !is_time(name)).cloned();
        scene.holds_none(&others.collect::<Vec<_>>(), &raw);
        raw.push("store");
    }
    scene.holds_none(needles, &raw);
    let table = scene.house.path(&format!("store/kanari/{name}/date={DATE}/part-0.parquet"));
    let rows: usize = rows(&table).iter().map(RecordBatch::num_rows).sum();
    assert!(rows >= ROWS.into(), "{rows} rows");
}

/// What is shown of a file to whoever sets a pipeline up: names of fields at most.
#[track_caller]
fn is_shown_masked(sample: &Sample, house: &House, needles: &[(String, Vec<u8>)]) {
    let path = house.path(INPUT);
    let is_name = |name: &str| name.contains("kanari-header") || name.contains("kanari-key");
    for args in [&["parse", sample.format][..], &["guess"], &["--lang", "ko", "guess"]] {
        let output = gamyeong().args(args).arg(&path).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let found: Vec<_> = found(needles, &said)
            .into_iter()
            .filter(|name| !is_name(&name.to_lowercase()))
            .collect();
        assert!(found.is_empty(), "{args:?}: {found:?}\n{}", String::from_utf8_lossy(&said));
    }
}

/// A house with the pipeline of a sample, and what is searched for.
pub(super) fn house_of(sample: &Sample) -> (House, Vec<(String, Vec<u8>)>) {
    let house = house();
    house.put("pipelines/kanari.toml", table(sample, "path = \"raw/input-{date}*\""));
    (house, needles(sample))
}

fn each(samples: &[Sample]) {
    for sample in samples {
        let needles = needles(sample);
        let house = house();
        house.put(INPUT, input_of(sample));
        is_shown_masked(sample, &house, &needles);
        stays_inside(house, "rows", &table(sample, "path = \"raw/input-{date}*\""), &needles);
    }
}

#[test]
fn no_line_of_a_server_gets_out() {
    each(LINES);
}

#[test]
fn no_line_of_a_format_that_is_spelt_out_or_names_its_fields_gets_out() {
    each(STRINGS);
    each(NAMED);
}

#[test]
fn no_record_of_a_device_gets_out() {
    each(DEVICES);
}

#[test]
fn no_session_gets_out() {
    for sample in DEVICES {
        let house = house();
        house.put(INPUT, input_of(sample));
        let asked: String = (0..ROWS).map(|person| written(ASKED, person).0).collect();
        house.put("raw/asked-2026-11-20.log", asked);
        stays_inside(house, "web", &lookup(sample), &needles(sample));
    }
}

/// The cells of [`TABLE`], its names first.
fn cells() -> Vec<Vec<String>> {
    let cells = |text: String| text.split('|').map(str::to_owned).collect();
    let rows = (0..ROWS).map(|person| written(TABLE.row, person).0);
    [TABLE.head.to_owned()].into_iter().chain(rows).map(cells).collect()
}

fn csv() -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in cells() {
        writer.write_record(row).unwrap();
    }
    let tail = written(TABLE.tail, 0).0.replace('|', ",");
    [writer.into_inner().unwrap(), tail.into_bytes(), b"\n".to_vec()].concat()
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("표").unwrap();
    for (row, cells) in (0..).zip(cells()) {
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<f64>() {
                Ok(number) if cell.len() < 10 => sheet.write(row, column, number).unwrap(),
                _ => sheet.write(row, column, cell).unwrap(),
            };
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn parquet() -> Vec<u8> {
    let cells = cells();
    let columns = cells[0].iter().enumerate().map(|(column, name)| {
        let values = cells[1..].iter().map(|row| &row[column]);
        (name, Arc::new(StringArray::from_iter_values(values)) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn of_format(format: &'static str) -> Sample {
    Sample { format, ..TABLE }
}

#[test]
fn no_cell_of_a_table_gets_out() {
    for (format, bytes) in [("csv", csv()), ("xlsx", workbook()), ("parquet", parquet())] {
        let sample = of_format(format);
        let needles = needles(&sample);
        let house = house();
        house.put(INPUT, bytes);
        is_shown_masked(&sample, &house, &needles);
        stays_inside(house, "rows", &table(&sample, "path = \"raw/input-{date}*\""), &needles);
    }
}

fn put_private(house: &House, path: &str, text: &str) {
    house.put(path, text);
    fs::set_permissions(house.path(path), fs::Permissions::from_mode(0o600)).unwrap();
}

#[track_caller]
fn no_row_gets_out(server: &dyn Server, quote: char) {
    let cells = cells();
    let names = cells[0].iter().map(|name| format!("{quote}{name}{quote}")).collect::<Vec<_>>();
    let columns = names.iter().map(|name| format!("{name} VARCHAR(100)")).collect::<Vec<_>>();
    let rows = cells[1..].iter().map(|row| format!("('{}')", row.join("', '")));
    server.say(&format!(
        "CREATE TABLE kanari ({});\nINSERT INTO kanari VALUES {};\n",
        columns.join(", "),
        rows.collect::<Vec<_>>().join(", ")
    ));
    let sample = of_format(server.format());
    let needles = needles(&sample);
    let query = format!("SELECT * FROM kanari ORDER BY {}", names[1]);
    let input = format!("database = \"keys/kanari.url\"\nquery = '{query}'");
    let house = house();
    put_private(&house, "keys/kanari.url", &server.url());
    stays_inside(house, "rows", &table(&sample, &input), &needles);
}

#[test]
fn no_row_of_postgresql_gets_out() {
    let Some(server) = PostgreSql::start() else { return };
    no_row_gets_out(&server, '"');
}

#[test]
fn no_row_of_mysql_gets_out() {
    let Some(server) = MariaDb::start() else { return };
    no_row_gets_out(&server, '`');
}

/// A library that panics over a cell is a damaged file, and says nothing.
#[cfg(debug_assertions)]
#[test]
fn a_panic_over_a_cell_is_a_damaged_file_and_tells_nothing() {
    let (house, needles) = house_of(&of_format("xlsx"));
    house.put(INPUT, workbook());
    let mut scene = Scene::new(house);
    let mut command = scene.house.command(&["run"]);
    command.arg(scene.house.path("pipelines/kanari.toml")).args(["--date", DATE]);
    scene.take(4, command.env("GAMYEONG_PANIC_AT", "table"));
    scene.audit();
    scene.holds_none(&needles, &[RAW, &["raw", "lists"]].concat());
}

/// What a pipeline lets out is found: the search looks at every column.
#[test]
fn a_marker_that_a_pipeline_lets_out_would_be_found() {
    let sample = LINES.iter().find(|sample| sample.format == "alb").unwrap();
    let (house, needles) = house_of(sample);
    house.put(INPUT, input_of(sample));
    let columns = ["elb", "group", "domain", "error", "path", "browser", "redirect"];
    let blanked = columns.map(|column| format!("\n{column} = 3")).concat();
    house.edit("pipelines/kanari.toml", &blanked, "");
    let mut run = house.command(&["run"]);
    let said = run.arg(house.path("pipelines/kanari.toml")).args(["--date", DATE]).output();
    Said::from(said.unwrap()).exits(0);
    let table = house.path(&format!("store/kanari/rows/date={DATE}/part-0.parquet"));
    let values = super::values(&table);
    let found = found(&needles, values.as_bytes());
    for marker in
        ["kanari-lb/50dc1", "arn:kanari:x1", "kanari-dom1.kr", "KanariError1", "카나리소원-6401"]
    {
        assert!(found.iter().any(|name| name.starts_with(marker)), "{marker}: {found:?}");
    }
}

/// Whoever adds a format adds a sample of it.
#[test]
fn every_format_has_a_sample() {
    let formats = String::from_utf8(gamyeong().arg("formats").output().unwrap().stdout).unwrap();
    let listed = formats.lines().filter(|line| !line.starts_with(' '));
    let listed: BTreeSet<_> = listed.filter_map(|line| line.split(' ').next()).collect();
    let named = [LINES, NAMED, DEVICES].concat().into_iter().map(|sample| sample.format);
    let tested: BTreeSet<_> = named.chain(TABLES).collect();
    assert_eq!(listed, tested);
}

/// Whoever adds a technique uses it in a sample.
#[test]
fn every_technique_is_used() {
    let schema = gamyeong().arg("schema").output().unwrap().stdout;
    let schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
    let names = schema["$defs"]["Rule"]["properties"].as_object().unwrap().keys();
    let others = ["as", "reason", "label"];
    let samples = [LINES, STRINGS, NAMED, DEVICES, &[TABLE]].concat();
    let used: String = samples.iter().map(|sample| sample.fields).collect();
    for name in names.filter(|name| !others.contains(&name.as_str())) {
        assert!(used.contains(&format!(" {name} = ")), "{name}");
    }
}

/// Every field of a sample holds a marker, but for those that are said to be too short.
#[test]
fn every_field_has_a_marker() {
    let dir = tempfile::tempdir().unwrap();
    let mut missing: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut marked: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for sample in [LINES, STRINGS, NAMED, DEVICES, &[TABLE]].concat() {
        let path = dir.path().join("input");
        put(&path, &if sample.format == "csv" { csv() } else { input_of(&sample).into_bytes() });
        let needles = needles(&sample);
        let format = Format::new(sample.format).unwrap().unwrap();
        let mut reader = source::open(&[path], format.cut(), CHUNK_BYTES);
        let chunk = reader.next().unwrap().unwrap();
        let names = format.named_by(&chunk).unwrap();
        let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
        let parser = Parser::dated(&format, &wanted, DATE.parse().unwrap()).unwrap();
        let columns = parser.chunk(&chunk).unwrap();
        for (name, values) in names.iter().zip(&columns.fields) {
            let is_marked = |value: &[u8]| {
                // A time may be in pieces.
                let is_piece = |needle: &[u8]| memchr::memmem::find(needle, value).is_some();
                !found(&needles, value).is_empty()
                    || value.len() > 7 && needles.iter().any(|(_, needle)| is_piece(needle))
            };
            let has_marker = Values::iter(values).flatten().any(is_marked);
            let list = if has_marker { &mut marked } else { &mut missing };
            list.entry(sample.format).or_default().insert(name.clone());
        }
        let bare = sample.bare.iter().map(ToString::to_string);
        marked.entry(sample.format).or_default().extend(bare);
    }
    for (format, fields) in &mut missing {
        fields.retain(|field| !marked[format].contains(field));
    }
    missing.retain(|_, fields| !fields.is_empty());
    assert!(missing.is_empty(), "{missing:#?}");
}
