use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Int32Array,
    Int64Array, StringArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow::compute::concat_batches;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::statistics::Statistics;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;

/// What one row holds.
#[derive(Debug, Clone, Default)]
struct Row {
    text: Option<String>,
    pseudonym: Option<[u8; 16]>,
    status: Option<i32>,
    bytes: Option<i64>,
    time: Option<i64>,
    flag: Option<bool>,
}

fn table() -> Table {
    let column = |name: &str, form| Column { name: name.to_owned(), form, description: Vec::new() };
    let pseudonym = |encoding| Form::Pseudonym { encoding, length: 16 };
    let mut columns = vec![
        column("path", Form::Text),
        column("visitor", pseudonym(Encoding::Base32)),
        column("session", pseudonym(Encoding::Hex)),
        column("device", pseudonym(Encoding::Binary)),
        column("status", Form::Integer32),
        column("bytes", Form::Integer64),
        column("hour", Form::Time),
        column("is_member", Form::Flag),
    ];
    columns[1].description = [("technique", "hmac-sha-256"), ("item", "접속 IP")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
    Table { columns, metadata: vec![("purpose".to_owned(), "과학적 연구".to_owned())] }
}

/// Keys and values of a dictionary with more in it than the rows have.
fn dictionary<T: Ord + Clone>(
    cells: impl Iterator<Item = Option<T>> + Clone,
    spare: &[T],
    is_reversed: bool,
) -> (UInt32Array, Vec<T>) {
    let mut numbers: BTreeMap<T, u32> =
        cells.clone().flatten().chain(spare.iter().cloned()).map(|value| (value, 0)).collect();
    let last = u32::try_from(numbers.len()).unwrap();
    for (number, slot) in (0..last).zip(numbers.values_mut()) {
        *slot = if is_reversed { last - 1 - number } else { number };
    }
    let keys = cells.map(|cell| cell.map(|value| numbers[&value])).collect();
    let mut values: Vec<T> = numbers.into_keys().collect();
    if is_reversed {
        values.reverse();
    }
    (keys, values)
}

fn batch(rows: &[Row], is_reversed: bool) -> RecordBatch {
    let spare = ["unused".to_owned(), "가".to_owned()];
    let (keys, texts) = dictionary(rows.iter().map(|row| row.text.clone()), &spare, is_reversed);
    let texts = DictionaryArray::new(keys, Arc::new(StringArray::from(texts)));
    let (keys, values) =
        dictionary(rows.iter().map(|row| row.pseudonym), &[[7; 16], [9; 16]], is_reversed);
    let binary = BinaryArray::from_iter_values(&values);
    let fixed = FixedSizeBinaryArray::try_from_iter(values.iter()).unwrap();
    let pseudonyms: ArrayRef = Arc::new(DictionaryArray::new(keys.clone(), Arc::new(binary)));
    let fixed: ArrayRef = Arc::new(DictionaryArray::new(keys, Arc::new(fixed)));
    let columns: [ArrayRef; 8] = [
        Arc::new(texts),
        pseudonyms.clone(),
        fixed,
        pseudonyms,
        Arc::new(rows.iter().map(|row| row.status).collect::<Int32Array>()),
        Arc::new(rows.iter().map(|row| row.bytes).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.time).collect::<TimestampMicrosecondArray>()),
        Arc::new(rows.iter().map(|row| row.flag).collect::<BooleanArray>()),
    ];
    RecordBatch::try_from_iter(table().columns.into_iter().map(|column| column.name).zip(columns))
        .unwrap()
}

/// The columns as a reader should see them.
fn expected(rows: &[Row]) -> [ArrayRef; 8] {
    let spelled = |spell: &dyn Fn(&[u8]) -> String| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(spell(&row.pseudonym?))).collect::<StringArray>())
    };
    let binary = rows.iter().map(|row| row.pseudonym);
    let times: TimestampMicrosecondArray = rows.iter().map(|row| row.time).collect();
    [
        Arc::new(rows.iter().map(|row| row.text.as_deref()).collect::<StringArray>()),
        spelled(&|bytes| BASE32_NOPAD.encode(bytes).to_lowercase()),
        spelled(&|bytes| HEXLOWER.encode(bytes)),
        Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(binary, 16).unwrap()),
        Arc::new(rows.iter().map(|row| row.status).collect::<Int32Array>()),
        Arc::new(rows.iter().map(|row| row.bytes).collect::<Int64Array>()),
        Arc::new(times.with_timezone("UTC")),
        Arc::new(rows.iter().map(|row| row.flag).collect::<BooleanArray>()),
    ]
}

/// Writes row groups to a file of their own and gives its bytes.
fn written(table: &Table, row_groups: Vec<RecordBatch>) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("part-0.parquet");
    let written = write(&path, table, row_groups.into_iter().map(Ok::<_, Infallible>)).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    assert_eq!(written.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
    bytes
}

/// Opens bytes as a file, with the reader that comes with `parquet`.
fn opened(bytes: &[u8]) -> File {
    let file = tempfile::tempfile().unwrap();
    io::Write::write_all(&mut &file, bytes).unwrap();
    file
}

fn metadata(bytes: &[u8]) -> ParquetMetaData {
    SerializedFileReader::new(opened(bytes)).unwrap().metadata().clone()
}

#[track_caller]
fn reads_as(bytes: &[u8], rows: &[Row]) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(opened(bytes)).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    let found = concat_batches(&schema, &batches).unwrap();
    for (found, expected) in found.columns().iter().zip(&expected(rows)) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.num_rows(), rows.len());
}

/// Rows with about `distinct` different values in each column, and about one
/// null in `nulls`, or none if that is 0.
fn made_up(count: u64, distinct: u64, nulls: u64) -> Vec<Row> {
    let row = |n: u64| {
        // An arbitrary odd factor, to take the values out of order.
        let value = (n.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 20) % distinct;
        let number = i64::try_from(value).unwrap();
        let is_null = |column: u64| nulls > 0 && (n * 7 + column * 3).is_multiple_of(nulls);
        Row {
            text: (!is_null(0)).then(|| format!("/a/{value}")),
            pseudonym: (!is_null(1))
                .then(|| Sha256::digest(value.to_le_bytes())[..16].try_into().unwrap()),
            status: (!is_null(2)).then(|| i32::try_from(number).unwrap() - 5),
            bytes: (!is_null(3)).then_some(number << 40),
            time: (!is_null(4)).then_some(number * 3_600_000_000),
            flag: (!is_null(5)).then_some(value % 2 == 1),
        }
    };
    (0..count).map(row).collect()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        prop::option::of("|[ab]{1,3}|[\\PC]{0,80}"),
        prop::option::of(any::<u8>().prop_map(|byte| [byte; 16])),
        prop::option::of(any::<i32>()),
        prop::option::of(prop_oneof![0i64..4, any::<i64>()]),
        prop::option::of(prop_oneof![0i64..2, any::<i64>()]),
        any::<Option<bool>>(),
    );
    let row = row.prop_map(|(text, pseudonym, status, bytes, time, flag)| Row {
        text,
        pseudonym,
        status,
        bytes,
        time,
        flag,
    });
    prop::collection::vec(row, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_written_is_read(first in rows(), second in rows()) {
        let bytes = written(&table(), vec![batch(&first, false), batch(&second, false)]);
        reads_as(&bytes, &[first, second].concat());
    }

    #[test]
    fn order_of_the_dictionary_does_not_matter(rows in rows()) {
        let bytes = [false, true].map(|is_reversed| written(&table(), vec![batch(&rows, is_reversed)]));
        prop_assert!(bytes[0] == bytes[1]);
    }

    /// A part of a batch has buffers that do not begin at its first row.
    #[test]
    fn part_of_a_batch_is_written_as_if_it_were_all(rows in rows(), from in 0usize..60) {
        let from = from.min(rows.len());
        let whole = batch(&rows, false);
        let part = whole.slice(from, rows.len() - from);
        prop_assert!(written(&table(), vec![part]) == written(&table(), vec![batch(&rows[from..], false)]));
    }
}

#[test]
fn chunks_of_many_pages_are_read() {
    for (distinct, nulls) in [(1, 0), (2, 3), (5, 1), (300, 0), (70_000, 100), (100_000_000, 0)] {
        let rows = made_up(150_000, distinct, nulls);
        let row_groups = rows.chunks(100_000).map(|rows| batch(rows, false)).collect();
        reads_as(&written(&table(), row_groups), &rows);
    }
}

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn number_of_threads_does_not_matter() {
    let rows = made_up(70_000, 20_000, 7);
    let bytes = [1, 2, 5].map(|threads| {
        let row_groups = rows.chunks(3_000).map(|rows| batch(rows, false)).collect();
        in_threads(threads, || written(&table(), row_groups))
    });
    assert!(bytes[0] == bytes[1] && bytes[0] == bytes[2]);
}

/// Whichever thread meets which error first.
#[test]
fn the_first_error_in_the_order_of_the_file_is_told() {
    let good = batch(&made_up(2_000, 90, 3), false);
    let column = |at: usize| {
        let mut columns = good.columns().to_vec();
        columns[at] = Arc::new(BooleanArray::from(vec![true; good.num_rows()]));
        let named = columns.into_iter().enumerate().map(|(at, array)| (at.to_string(), array));
        Ok(RecordBatch::try_from_iter(named).unwrap())
    };
    let end = |at: usize| Err(io::Error::other(format!("row group {at}")));
    let cases = [
        (4, vec![column(5), end(5)], "column `bytes`: not encoded"),
        (4, vec![column(6), column(2)], "column `hour`: not encoded"),
        (2, vec![end(2)], "row group 2"),
        (0, vec![column(3), column(0), end(0)], "column `device`: not encoded"),
    ];
    for (before, rest, expected) in cases {
        for threads in [1, 2, 5] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("part-0.parquet");
            let rest = rest.iter().map(|rows| match rows {
                Ok(rows) => Ok(rows.clone()),
                Err(error) => Err(io::Error::other(error.to_string())),
            });
            let mut row_groups =
                std::iter::repeat_with(|| Ok(good.clone())).take(before).chain(rest);
            let mut is_at_end = false;
            let once = std::iter::from_fn(|| {
                assert!(!is_at_end, "asked again");
                let next = row_groups.next();
                is_at_end = !matches!(next, Some(Ok(_)));
                next
            });
            let stopped = in_threads(threads, || write(&path, &table(), once)).unwrap_err();
            assert_eq!(stopped.to_string(), expected, "{threads} threads");
        }
    }
}

#[test]
fn a_panic_sends_all_threads_away_and_goes_on() {
    let good = batch(&made_up(2_000, 90, 3), false);
    for threads in [1, 2, 5] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part-0.parquet");
        let row_groups = (0..9).map(|number| {
            assert!(number < 5, "row group 5");
            Ok::<_, Infallible>(good.clone())
        });
        let wrote = in_threads(threads, || {
            std::panic::catch_unwind(AssertUnwindSafe(|| write(&path, &table(), row_groups)))
        });
        assert!(wrote.is_err());
    }
}

#[test]
fn key_of_a_missing_value_is_a_null() {
    let texts = StringArray::from(vec![Some("a"), None]);
    let keys = UInt32Array::from(vec![Some(1), Some(0), None]);
    let array: ArrayRef = Arc::new(DictionaryArray::new(keys, Arc::new(texts)));
    let table = Table { columns: vec![table().columns.swap_remove(0)], metadata: Vec::new() };
    let bytes = written(&table, vec![RecordBatch::try_from_iter([("path", array)]).unwrap()]);
    let reader = ParquetRecordBatchReaderBuilder::try_new(opened(&bytes)).unwrap();
    let found = reader.build().unwrap().next().unwrap().unwrap();
    let expected = StringArray::from(vec![None, Some("a"), None]);
    assert_eq!(found.column(0).as_ref(), &expected as &dyn Array);
    assert_eq!(
        metadata(&bytes).row_group(0).column(0).statistics().unwrap().null_count_opt(),
        Some(2)
    );
}

#[test]
fn value_that_no_row_has_is_not_in_the_file() {
    let texts = StringArray::from(vec!["kept", "suppressed"]);
    let array: ArrayRef =
        Arc::new(DictionaryArray::new(UInt32Array::from(vec![0, 0]), Arc::new(texts)));
    let table = Table { columns: vec![table().columns.swap_remove(0)], metadata: Vec::new() };
    let bytes = written(&table, vec![RecordBatch::try_from_iter([("path", array)]).unwrap()]);
    let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(has(b"kept") && !has(b"suppressed"));
}

#[test]
fn table_without_rows_has_its_schema() {
    let bytes = written(&table(), Vec::new());
    reads_as(&bytes, &[]);
    assert_eq!(metadata(&bytes).num_row_groups(), 0);
    assert_eq!(bytes, written(&table(), vec![batch(&[], false)]));
}

#[test]
fn statistics_bound_all_columns_but_pseudonyms() {
    let bytes = written(&table(), vec![batch(&made_up(1000, 10, 9), false)]);
    let metadata = metadata(&bytes);
    let group = metadata.row_group(0);
    let bounds = |column: usize| {
        let statistics = group.column(column).statistics()?;
        Some((statistics.min_bytes_opt()?, statistics.max_bytes_opt()?))
    };
    assert_eq!(bounds(0), Some((&b"/a/0"[..], &b"/a/9"[..])));
    assert_eq!([1, 2, 3].map(|column| group.column(column).statistics()), [None; 3]);
    assert_eq!(bounds(4), Some((&(-5i32).to_le_bytes()[..], &4i32.to_le_bytes()[..])));
    assert_eq!(bounds(5), Some((&[0; 8][..], &(9i64 << 40).to_le_bytes()[..])));
    assert_eq!(bounds(7), Some((&[0][..], &[1][..])));
    let Some(Statistics::ByteArray(text)) = group.column(0).statistics() else { panic!() };
    assert_eq!(text.distinct_count(), Some(10));
    assert!(text.min_is_exact() && text.max_is_exact());
    let nulls = made_up(1000, 10, 9).iter().filter(|row| row.text.is_none()).count();
    assert_eq!(text.null_count_opt(), Some(nulls as u64));
}

#[test]
fn descriptions_stand_in_the_footer_and_at_the_field() {
    let bytes = written(&table(), Vec::new());
    let reader = ParquetRecordBatchReaderBuilder::try_new(opened(&bytes)).unwrap();
    let field = reader.schema().field(1);
    assert_eq!(field.metadata().get("item").map(AsRef::as_ref), Some("접속 IP"));
    let file = reader.metadata().file_metadata();
    assert_eq!(file.created_by(), Some(concat!("gamyeong ", env!("CARGO_PKG_VERSION"))));
    let pairs = file.key_value_metadata().unwrap();
    let value = |key: &str| pairs.iter().find(|pair| pair.key == key)?.value.as_deref();
    assert_eq!(value("purpose"), Some("과학적 연구"));
    let json = r#"{"technique":"hmac-sha-256","item":"접속 IP"}"#;
    assert_eq!(value("gamyeong.column.visitor"), Some(json));
}

/// Writes one row group to a table and gives why that is refused.
fn refused(table: &Table, rows: RecordBatch) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("part-0.parquet");
    let stopped = write(&path, table, [Ok::<_, Infallible>(rows)].into_iter()).unwrap_err();
    let because = Error::source(&stopped).map(|cause| format!(": {cause}"));
    format!("{stopped}{}", because.unwrap_or_default())
}

#[test]
fn what_does_not_fit_is_refused() {
    let rows = batch(&made_up(3, 3, 0), false);
    let mut broken = table();
    broken.columns[4].form = Form::Integer64;
    assert_eq!(
        refused(&broken, rows.clone()),
        "column `status`: not encoded: array of Int32, expected 64-bit integers"
    );
    let mut broken = table();
    broken.columns[1].form = Form::Pseudonym { encoding: Encoding::Base32, length: 32 };
    assert_eq!(
        refused(&broken, rows.clone()),
        "column `visitor`: not encoded: pseudonym of 16 bytes, expected 32"
    );
    let mut broken = table();
    broken.columns[1].form = Form::Pseudonym { encoding: Encoding::Binary, length: 0 };
    assert_eq!(
        refused(&broken, rows.clone()),
        "column `visitor`: not encoded: pseudonyms of 0 bytes asked for, expected 1 to 64"
    );
    let mut broken = table();
    broken.columns.pop();
    assert_eq!(refused(&broken, rows.clone()), "row group: 8 columns found, 7 expected");
    broken.columns[0].name = "hour".to_owned();
    assert_eq!(refused(&broken, rows.clone()), "column `hour`: name used twice");
    broken.columns.clear();
    assert_eq!(refused(&broken, rows), "table: no column, at least one expected");
}

#[test]
fn error_of_the_rows_stops_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("part-0.parquet");
    let rows = [Ok(batch(&made_up(3, 3, 0), false)), Err(fmt::Error)];
    let stopped = write(&path, &table(), rows.into_iter()).unwrap_err();
    assert!(matches!(stopped, Stopped::RowGroup(fmt::Error)));
    assert!(SerializedFileReader::new(File::open(path).unwrap()).is_err());
}

#[test]
fn nulls_alone_take_few_bytes() {
    let rows = vec![Row::default(); 70_000];
    let bytes = written(&table(), vec![batch(&rows, false)]);
    reads_as(&bytes, &rows);
    assert!(bytes.len() < 4096, "{} bytes", bytes.len());
}
