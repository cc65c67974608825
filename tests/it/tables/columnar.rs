//! Files of Apache Parquet.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int8Array, Int32Array, Int64Array, ListArray, RecordBatch, StringArray, Time32MillisecondArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

use super::*;

const PATH: &str = "tables/loans-2026-11-20.parquet";
const SOURCE: &str = "path = \"tables/loans-{date}.parquet\"\nformat = \"parquet\"";

fn stored(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// [`loans`] as a program would store them: a card is a number, a time a time.
fn table(loans: &[Loan], compression: Compression) -> Vec<u8> {
    // 09:30 in Seoul.
    let time = |hour: u16| (1_795_132_800 + (i64::from(hour) - 9) * 3600 + 1800) * 1_000_000;
    let text = |value: fn(&Loan) -> &str| StringArray::from_iter_values(loans.iter().map(value));
    let times = TimestampMicrosecondArray::from_iter_values(loans.iter().map(|loan| time(loan.2)));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("remark", Arc::new(text(|loan| loan.4))),
        ("books", Arc::new(Int32Array::from_iter_values(loans.iter().map(|loan| loan.3)))),
        ("card", Arc::new(UInt64Array::from_iter_values(loans.iter().map(|loan| loan.0.into())))),
        ("branch", Arc::new(text(|loan| loan.1))),
        ("time", Arc::new(times.with_timezone("UTC"))),
    ];
    stored(columns, compression)
}

#[test]
fn the_same_rows_give_the_same_table() {
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
    ];
    for compression in compressions {
        let house = house(SOURCE);
        house.put(PATH, table(&loans(), compression));
        assert_eq!(published(&house), expected(), "{compression}");
        holds_no_remark(&house, PATH);
    }
}

#[test]
fn a_night_is_repeated_and_superseded_as_one_of_text() {
    let house = house(SOURCE);
    house.put(PATH, table(&loans(), Compression::SNAPPY));
    let first = run(&house, &[]).exits(0).json().pop().unwrap();
    let digest = sha256(&house.path(PATH));
    assert!(first.to_string().contains(&digest), "{first}");
    let before = house.tree();
    run(&house, &[]).exits(0);
    assert_eq!(house.tree(), before);
    house.put(PATH, table(&[loans(), loans()].concat(), Compression::SNAPPY));
    let second = run(&house, &[]).exits(0).json().pop().unwrap();
    // The header is a line as that of any table is.
    assert_eq!(conserved(&second)[..2], [81, 80]);
}

#[test]
fn who_stands_in_a_column_that_nobody_listed_is_looked_for() {
    let with = |name, house: &House| {
        let loans = loans();
        let text =
            |value: fn(&Loan) -> &str| StringArray::from_iter_values(loans.iter().map(value));
        let hours = StringArray::from_iter_values(
            loans.iter().map(|loan| format!("2026-11-20 {}:30:00", loan.2)),
        );
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("words", Arc::new(text(|_| "to kanari.kim"))),
            (name, Arc::new(text(|_| "kanari.kim"))),
            (
                "list",
                Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
                    None::<
                        Vec<Option<i32>>,
                    >;
                    40
                ])),
            ),
            (
                "userids",
                Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
                    None::<
                        Vec<Option<i32>>,
                    >;
                    40
                ])),
            ),
            ("books", Arc::new(Int32Array::from_iter_values(loans.iter().map(|loan| loan.3)))),
            (
                "card",
                Arc::new(UInt64Array::from_iter_values(loans.iter().map(|loan| loan.0.into()))),
            ),
            ("branch", Arc::new(text(|loan| loan.1))),
            ("time", Arc::new(hours)),
        ];
        house.put(PATH, stored(columns, Compression::SNAPPY));
    };
    let house = house(SOURCE);
    with("사용자ID", &house);
    refused_for_words(&house);
    with("shelf", &house);
    run(&house, &[]).exits(0);
}

/// As `docs/tables.md` has it.
#[test]
fn every_type_becomes_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("types.parquet");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("text, \"quoted\"", Arc::new(StringArray::from(vec![Some("a,\"b\"\r\n"), None]))),
        ("i8", Arc::new(Int8Array::from(vec![Some(-128), None]))),
        ("i64", Arc::new(Int64Array::from(vec![Some(i64::MIN), None]))),
        ("u64", Arc::new(UInt64Array::from(vec![Some(u64::MAX), None]))),
        ("f32", Arc::new(Float32Array::from(vec![Some(0.1), None]))),
        ("f64", Arc::new(Float64Array::from(vec![Some(1e21), None]))),
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("day", Arc::new(Date32Array::from(vec![Some(20_777), None]))),
        ("clock", Arc::new(Time32MillisecondArray::from(vec![Some(45_296_500), None]))),
        ("ms", Arc::new(TimestampMillisecondArray::from(vec![Some(-1), None]))),
        (
            "ns",
            Arc::new(TimestampNanosecondArray::from(vec![Some(1), None]).with_timezone("+09:00")),
        ),
        (
            "decimal",
            Arc::new(
                Decimal128Array::from(vec![Some(-12345), None])
                    .with_precision_and_scale(38, 2)
                    .unwrap(),
            ),
        ),
    ];
    crate::house::put(&path, &stored(columns, Compression::UNCOMPRESSED));
    let lines = [
        "\"text, \"\"quoted\"\"\",\"i8\",\"i64\",\"u64\",\"f32\",\"f64\",\"flag\",\"day\",\"clock\",\"ms\",\"ns\",\"decimal\"\n",
        "\"a,\"\"b\"\"\r\n\",-128,-9223372036854775808,18446744073709551615,0.1,1000000000000000000000,true,\
         2026-11-20,12:34:56.5,1969-12-31 23:59:59.999,1970-01-01T00:00:00.000000001Z,-123.45\n",
        ",,,,,,,,,,,\n",
    ];
    assert_eq!(text(&format("parquet"), &path, None).unwrap(), lines.concat());
    // Columns that nobody wants are there by name alone.
    let wanted = text(&format("parquet"), &path, Some(&["day"])).unwrap();
    assert!(wanted.ends_with("\n,,,,,,,2026-11-20,,,,\n,,,,,,,,,,,\n"), "{wanted}");
}

#[test]
fn what_is_no_text_is_refused_if_it_is_wanted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("types.parquet");
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("bytes", Arc::new(BinaryArray::from_vec(vec![b"kanari"]))),
        ("list", Arc::new(lists)),
        ("id", Arc::new(Int64Array::from(vec![7]))),
        ("day", Arc::new(Date32Array::from(vec![i32::MAX]))),
    ];
    crate::house::put(&path, &stored(columns, Compression::UNCOMPRESSED));
    let parquet = format("parquet");
    let header = "\"bytes\",\"list\",\"id\",\"day\"\n";
    assert_eq!(text(&parquet, &path, Some(&["id"])).unwrap(), format!("{header},,7,\n"));
    refused(&parquet, &path, Some(&["bytes"]), "column `bytes`: found bytes that are not said");
    refused(&parquet, &path, Some(&["list"]), "column `list`: found a list or structure");
    refused(&parquet, &path, Some(&["day"]), "column `day`, row 1: value out of the range");
}

#[test]
fn what_is_damaged_is_refused() {
    let whole = table(&loans(), Compression::SNAPPY);
    let damaged = [
        (b"".to_vec(), "not a Parquet file"),
        (b"card,branch,time,books\n".to_vec(), "not a Parquet file"),
        (whole[..whole.len() - 9].to_vec(), "not a Parquet file"),
        ([&whole[..4], &[0xff; 700], &whole[704..]].concat(), "behind row 0"),
    ];
    for (bytes, message) in damaged {
        let house = house(SOURCE);
        house.put(PATH, bytes);
        run_refused(&house, 4, message);
    }
}

#[test]
fn a_file_that_is_written_to_while_it_is_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("loans.parquet");
    crate::house::put(&path, &table(&loans(), Compression::SNAPPY));
    let parquet = format("parquet");
    let input = Input::from(path.as_path()).read_as(parquet.table(None));
    let mut reader = source::open(&[input], parquet.cut(), CHUNK_BYTES);
    assert!(reader.next().unwrap().is_some());
    let mut file = std::fs::File::options().append(true).open(&path).unwrap();
    file.write_all(b"x").unwrap();
    let error = reader.next().map(|_| ()).unwrap_err();
    assert!(matches!(error, source::Error::Changed { .. }), "{error}");
    assert!(reader.seen().is_empty());
}

/// A raw value, in a row or in one that is rejected, is in the input and, sealed, in
/// the vault.
#[test]
fn a_card_is_nowhere_but_in_the_input() {
    let house = house(&format!("{SOURCE}\nmax_rejects = 0.1"));
    let cards = (0..40).map(|row| format!("kanari-card-{}", row % 10));
    let long = "kanari-branch ".repeat(30_000);
    let branches = (0..40).map(|row| if row == 7 { long.as_str() } else { "중앙" });
    let times = (0..40).map(|row| format!("2026-11-20 09:{row}:00"));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("card", Arc::new(StringArray::from_iter_values(cards))),
        ("branch", Arc::new(StringArray::from_iter_values(branches))),
        ("time", Arc::new(StringArray::from_iter_values(times))),
        ("books", Arc::new(Int64Array::from_iter_values(0..40))),
    ];
    house.put(PATH, stored(columns, Compression::UNCOMPRESSED));
    let said = run(&house, &[]).exits(0);
    assert_eq!(conserved(&said.json()[0])[..3], [41, 39, 1]);
    assert!(!said.out.contains("kanari") && !said.err.contains("kanari"));
    for path in files(&house.root) {
        let bytes = std::fs::read(&path).unwrap();
        let is_there = memchr::memmem::find(&bytes, b"kanari").is_some();
        assert_eq!(is_there, path == house.path(PATH), "{}", path.display());
    }
    let table = house.path(&format!("store/loans/loans/date={DATE}/part-0.parquet"));
    for name in ["reader", "branch", "hour", "books"] {
        let is_there = |text: &String| text.contains("kanari");
        assert!(!column(&table, name).iter().flatten().any(is_there), "{name}");
    }
    let is_sealed = |path: &PathBuf| path.to_string_lossy().contains("/rejects-");
    assert!(files(&house.path("vault")).iter().any(is_sealed));
}

#[test]
fn a_column_that_is_missing_is_a_fault_of_the_pipeline() {
    let house = house(SOURCE);
    let columns: Vec<(&str, ArrayRef)> = vec![("card", Arc::new(Int64Array::from(vec![90_001])))];
    house.put(PATH, stored(columns, Compression::SNAPPY));
    run_refused(&house, 3, "`branch`: not among the 1 names");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a text is, it comes out of the columns of the table as it was; and
    /// nothing is null that was not empty.
    #[test]
    fn any_text_is_read_as_it_was(values: Vec<(Option<String>, String)>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("any.parquet");
        let first: StringArray = values.iter().map(|value| value.0.as_deref()).collect();
        let second = StringArray::from_iter_values(values.iter().map(|value| &value.1));
        let columns: Vec<(&str, ArrayRef)> =
            vec![("\u{feff}a", Arc::new(first)), ("b", Arc::new(second))];
        crate::house::put(&path, &stored(columns, Compression::UNCOMPRESSED));
        let parquet = format("parquet");
        let parser = gamyeong::parse::Parser::new(&parquet, &["\u{feff}a", "b"]).unwrap();
        let input = Input::from(path.as_path()).read_as(parquet.table(None));
        let mut reader = source::open(&[input], parquet.cut(), 64);
        let mut found = Vec::new();
        while let Some(chunk) = reader.next().unwrap() {
            let columns = parser.chunk(&chunk).unwrap();
            prop_assert!(columns.rejects.is_empty());
            let value = |value: Option<&[u8]>| value.map(|value| String::from_utf8(value.to_vec()).unwrap());
            let (first, second) = (columns.fields[0].iter(), columns.fields[1].iter());
            found.extend(first.zip(second).map(|(a, b)| (value(a), value(b))));
        }
        let full = |text: &String| !text.is_empty();
        let expected: Vec<_> = values
            .iter()
            .map(|(a, b)| (a.clone().filter(full), Some(b.clone()).filter(full)))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
