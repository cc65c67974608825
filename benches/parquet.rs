//! What `release::table` costs beside the stock Arrow writer, which is given
//! the same dictionaries and Zstandard level 3 for all columns.
//!
//! ```text
//! cargo bench --bench parquet [-- REPEATS [COLUMN]]
//! ```
//!
//! A million made-up rows of an access log: hour, three pseudonyms, method,
//! path, status, bytes, referer, agent. CPU time is that of all threads, user
//! and system, from proc(5); it counts in hundredths of a second, so several
//! repeats are averaged. The stock writer is given pseudonyms as text, since it
//! spells none: its figure lacks that step.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]
#![expect(clippy::unwrap_used, reason = "a set-up that fails is a bench that fails")]

use std::convert::Infallible;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{
    ArrayRef, AsArray as _, BinaryArray, DictionaryArray, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow::datatypes::UInt32Type;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use gamyeong::release::table::{self, Column, Encoding, Form, Table};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sha2::{Digest as _, Sha256};

/// Rows of a row group.
const ROWS: u64 = 1_000_000;
/// Row groups of a file, all the same. Figures are per row group.
const ROW_GROUPS: u16 = 4;

fn main() {
    // `cargo bench` adds an argument of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let repeats = arguments.next().map_or(5, |repeats| repeats.parse().unwrap());
    let only = arguments.next();

    println!(
        "table                own CPU s  wall s       MB   stock CPU s  wall s       MB  CPU ratio"
    );
    for (name, encoding, length) in [
        ("base32, 16 bytes", Encoding::Base32, 16),
        ("hex, 32 bytes", Encoding::Hex, 32),
        ("binary, 16 bytes", Encoding::Binary, 16),
    ] {
        let (table, rows) = made_up(encoding, length, only.as_deref());
        let stock_rows = spelled(&table, &rows);
        let dir = tempfile::tempdir().unwrap();
        let [ours, stock] = [dir.path().join("own"), dir.path().join("stock")];
        let own = measured(repeats, &ours, || {
            let rows =
                std::iter::repeat_n(Ok::<_, Infallible>(rows.clone()), usize::from(ROW_GROUPS));
            table::write(&ours, &table, rows).unwrap();
        });
        let stock = measured(repeats, &stock, || write_stock(&stock, &stock_rows));
        println!(
            "{name:20} {:9.3} {:7.3} {:8.2} {:13.3} {:7.3} {:8.2} {:10.2}",
            own.cpu,
            own.wall,
            own.megabytes,
            stock.cpu,
            stock.wall,
            stock.megabytes,
            stock.cpu / own.cpu
        );
    }
}

/// Means of some repeats.
struct Figures {
    cpu: f64,
    wall: f64,
    megabytes: f64,
}

fn measured(repeats: u32, path: &Path, write: impl Fn()) -> Figures {
    let mut figures = Figures { cpu: 0.0, wall: 0.0, megabytes: 0.0 };
    let written = f64::from(repeats) * f64::from(ROW_GROUPS);
    // Once before, for the pages and the threads that stay.
    for repeat in 0..=repeats {
        let (started, used) = (Instant::now(), cpu_seconds());
        write();
        if repeat > 0 {
            figures.wall += started.elapsed().as_secs_f64() / written;
            figures.cpu += (cpu_seconds() - used) / written;
        }
        #[expect(clippy::cast_precision_loss, reason = "no file here has 2⁵² bytes")]
        let bytes = std::fs::metadata(path).unwrap().len() as f64;
        figures.megabytes = bytes / 1e6 / f64::from(ROW_GROUPS);
        std::fs::remove_file(path).unwrap();
    }
    figures
}

/// User and system time of the process, from `/proc/self/stat`.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The second field is a name and may hold anything; fields 14 and 15 count.
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks: u32 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u32>().unwrap())
        .sum();
    f64::from(ticks) / 100.0
}

fn write_stock(path: &Path, rows: &RecordBatch) {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap()))
        .set_max_row_group_row_count(Some(1 << 20))
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    for _ in 0..ROW_GROUPS {
        writer.write(rows).unwrap();
        writer.flush().unwrap();
    }
    writer.into_inner().unwrap().sync_all().unwrap();
}

/// The same rows with pseudonyms as the text they are written as.
fn spelled(table: &Table, rows: &RecordBatch) -> RecordBatch {
    let columns = table.columns.iter().zip(rows.columns()).map(|(column, array)| {
        let Form::Pseudonym { encoding, .. } = column.form else {
            return (column.name.clone(), array.clone());
        };
        let pseudonyms = array.as_dictionary::<UInt32Type>();
        let values = pseudonyms.values().as_binary::<i32>().iter().flatten();
        let values: ArrayRef = match encoding {
            Encoding::Base32 => Arc::new(StringArray::from_iter_values(
                values.map(|value| BASE32_NOPAD.encode(value)),
            )),
            Encoding::Hex => {
                Arc::new(StringArray::from_iter_values(values.map(|value| HEXLOWER.encode(value))))
            }
            Encoding::Binary => pseudonyms.values().clone(),
        };
        let array: ArrayRef = Arc::new(DictionaryArray::new(pseudonyms.keys().clone(), values));
        (column.name.clone(), array)
    });
    RecordBatch::try_from_iter(columns).unwrap()
}

fn made_up(encoding: Encoding, length: usize, only: Option<&str>) -> (Table, RecordBatch) {
    let pseudonym = Form::Pseudonym { encoding, length };
    let path = |n: u64| format!("/library/book/{:x}/view.do?page={}", n * 2_654_435_761, n % 17);
    let referer = |n: u64| format!("https://www.example.kr/search/{:x}", n * 40_503);
    let agent = |n: u64| format!("Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Example/{n}", n % 130);
    let columns: Vec<(&str, Form, ArrayRef)> = vec![
        ("hour", Form::Time, Arc::new(TimestampMicrosecondArray::from_iter_values(hours()))),
        ("visitor", pseudonym, pseudonyms(1, 300_000, length)),
        ("user", pseudonym, pseudonyms(2, 60_000, length)),
        ("session", pseudonym, pseudonyms(3, 1_000_000, length)),
        (
            "method",
            Form::Text,
            texts(4, 4, |n| ["GET", "POST", "HEAD", "PUT"][usize::try_from(n).unwrap()].to_owned()),
        ),
        ("path", Form::Text, texts(5, 20_000, path)),
        (
            "status",
            Form::Integer32,
            Arc::new(Int32Array::from_iter_values(
                draws(6, 8).map(|n| 200 + 13 * i32::try_from(n).unwrap()),
            )),
        ),
        ("bytes", Form::Integer64, Arc::new(Int64Array::from_iter_values(sizes()))),
        ("referer", Form::Text, texts(8, 5_000, referer)),
        ("agent", Form::Text, texts(9, 2_000, agent)),
    ];
    let columns: Vec<_> =
        columns.into_iter().filter(|(name, ..)| only.is_none_or(|only| only == *name)).collect();
    let table = Table {
        columns: columns
            .iter()
            .map(|(name, form, _)| Column {
                name: (*name).to_owned(),
                form: *form,
                description: vec![],
            })
            .collect(),
        metadata: vec![],
    };
    let rows =
        RecordBatch::try_from_iter(columns.into_iter().map(|(name, _, array)| (name, array)));
    (table, rows.unwrap())
}

/// `ROWS` numbers below `end`, the same for the same seed (splitmix64).
fn draws(seed: u64, end: u64) -> impl Iterator<Item = u64> {
    (0..ROWS).map(move |row| {
        let z = (seed << 40 | row).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) % end
    })
}

/// In the order of the log: a night and a half.
fn hours() -> impl Iterator<Item = i64> {
    (0..ROWS)
        .map(|row| 1_790_000_000_000_000 + i64::try_from(row * 36 / ROWS).unwrap() * 3_600_000_000)
}

/// Sizes of 20,000 pages, and for every third row one of its own.
fn sizes() -> impl Iterator<Item = i64> {
    let pages = draws(5, 20_000).zip(draws(7, 3));
    pages.zip(draws(10, 900_000)).map(|((page, kind), size)| {
        i64::try_from(if kind == 0 { size } else { page * 37 % 65_536 }).unwrap()
    })
}

/// A dictionary in the order of first occurrence, as the pipeline makes it.
fn keys(seed: u64, distinct: u64) -> (UInt32Array, Vec<u64>) {
    let mut numbers = vec![u32::MAX; usize::try_from(distinct).unwrap()];
    let mut firsts = Vec::new();
    let keys = draws(seed, distinct).map(|value| {
        let number = &mut numbers[usize::try_from(value).unwrap()];
        if *number == u32::MAX {
            *number = u32::try_from(firsts.len()).unwrap();
            firsts.push(value);
        }
        *number
    });
    (UInt32Array::from_iter_values(keys), firsts)
}

fn texts(seed: u64, distinct: u64, text: impl Fn(u64) -> String) -> ArrayRef {
    let (keys, firsts) = keys(seed, distinct);
    let values = StringArray::from_iter_values(firsts.into_iter().map(text));
    Arc::new(DictionaryArray::new(keys, Arc::new(values)))
}

fn pseudonyms(seed: u64, distinct: u64, length: usize) -> ArrayRef {
    let (keys, firsts) = keys(seed, distinct);
    let digests =
        firsts.into_iter().map(|value| Sha256::digest((seed << 32 | value).to_le_bytes()));
    let values = BinaryArray::from_iter_values(digests.map(|digest| digest[..length].to_vec()));
    Arc::new(DictionaryArray::new(keys, Arc::new(values)))
}
