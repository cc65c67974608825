//! A file of Apache Parquet in; its rows, as text, out.
//!
//! Types are those of Parquet itself, whatever schema of another program the file
//! carries. Text is not copied out of the pages that hold it, so that a long value
//! that stands in a million rows takes its room once.
//!
//! Source: Apache Parquet 2.13, `LogicalTypes.md`.
//!
//! Not here: how values are written (`cell`).

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, AsArray as _, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Field, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Schema, Time32MillisecondType, Time64MicrosecondType, Time64NanosecondType,
    TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;

use super::sink::{Sink, Stop};
use super::{Fault, Table, Wanted, cell};

/// Rows that are decoded at a time.
const BATCH_ROWS: usize = 1024;

const FORMAT: &str = "a Parquet file that is whole";

/// Reads a file to its end.
pub(super) fn read(file: File, table: &Table, sink: &mut Sink) -> Result<(), Stop> {
    // What the library says may quote the file.
    let no_parquet = |_| Fault::NotA { expected: FORMAT };
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(&file, options).map_err(no_parquet)?;
    let schema = plain.schema();
    let fields = schema.fields();
    let read: Vec<bool> =
        fields.iter().map(|field| is_read(field, table)).collect::<Result<_, _>>()?;
    sink.header(fields.iter().map(|field| field.name().as_str()))?;

    let metadata = Arc::clone(plain.metadata());
    let places = read.iter().enumerate().filter(|(_, is_read)| **is_read).map(|(place, _)| place);
    let places: Vec<usize> = places.collect();
    known_codecs(&metadata, &read)?;
    let views = fields.iter().map(|field| Arc::new(in_place(field))).collect::<Vec<_>>();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(views)));
    let viewed = ArrowReaderMetadata::try_new(metadata, options).map_err(no_parquet)?;
    let mask = ProjectionMask::roots(viewed.metadata().file_metadata().schema_descr(), places);
    let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, viewed)
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(no_parquet)?;
    let mut row = 0;
    for batch in batches {
        let batch = batch.map_err(|_| Fault::Damaged { place: format!("behind row {row}") })?;
        rows(&batch, &read, row, sink)?;
        row += batch.num_rows() as u64;
    }
    Ok(())
}

/// Hands over the rows of a batch, before which there were `before`.
fn rows(batch: &RecordBatch, read: &[bool], before: u64, sink: &mut Sink) -> Result<(), Stop> {
    let mut text = String::new();
    for row in 0..batch.num_rows() {
        let mut columns = batch.columns().iter().zip(batch.schema_ref().fields());
        for is_read in read {
            text.clear();
            if *is_read && let Some((array, field)) = columns.next() {
                write(array, row, &mut text).ok_or_else(|| Fault::Range {
                    column: field.name().clone(),
                    row: before + row as u64 + 1,
                })?;
            }
            sink.cell(text.as_bytes());
        }
        sink.end_row()?;
    }
    Ok(())
}

/// Whether a column is read.
fn is_read(field: &Field, table: &Table) -> Result<bool, Fault> {
    match (table.wants(field.name()), is_text(field.data_type())) {
        (Wanted::No, _) | (Wanted::IfPossible, false) => Ok(false),
        (Wanted::Yes | Wanted::IfPossible, true) => Ok(true),
        (Wanted::Yes, false) => Err(Fault::Type {
            column: field.name().clone(),
            found: kind(field.data_type()).to_owned(),
        }),
    }
}

/// Refuses what was compressed in a way that is not known here.
fn known_codecs(metadata: &ParquetMetaData, read: &[bool]) -> Result<(), Fault> {
    let schema = metadata.file_metadata().schema_descr();
    for group in metadata.row_groups() {
        for (leaf, column) in group.columns().iter().enumerate() {
            let is_known =
                !matches!(column.compression(), Compression::LZO | Compression::BROTLI(_));
            if !is_known && read.get(schema.get_column_root_idx(leaf)) == Some(&true) {
                let expected = "compressed with Snappy, gzip, Zstandard or LZ4, or not at all";
                return Err(Fault::NotA { expected });
            }
        }
    }
    Ok(())
}

/// A column whose text stays in the page where it is.
fn in_place(field: &Field) -> Field {
    if matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8) {
        field.clone().with_data_type(DataType::Utf8View)
    } else {
        field.clone()
    }
}

/// Whether a value of the type is one of a table of text. Those that only a
/// schema of Arrow has do not come out of Parquet.
fn is_text(found: &DataType) -> bool {
    matches!(
        found,
        DataType::Null
            | DataType::Boolean
            | DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Float16
            | DataType::Float32
            | DataType::Float64
            | DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Date32
            | DataType::Time32(TimeUnit::Millisecond)
            | DataType::Time64(_)
            | DataType::Timestamp(
                TimeUnit::Millisecond | TimeUnit::Microsecond | TimeUnit::Nanosecond,
                _
            )
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
    )
}

/// What a type is called in a message: its names inside may be anything.
fn kind(found: &DataType) -> &'static str {
    if found.is_nested() {
        "a list or structure"
    } else if matches!(
        found,
        DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    ) {
        "bytes that are not said to be text"
    } else {
        "a type that is not known"
    }
}

/// The value of an array of this type.
macro_rules! value {
    ($type:ty, $array:expr, $row:expr) => {
        $array.as_primitive::<$type>().value($row)
    };
}

/// Writes a value; nothing for null. `None` if it is out of the range of its type.
fn write(array: &dyn Array, row: usize, out: &mut String) -> Option<()> {
    if array.is_null(row) {
        return Some(());
    }
    let found = array.data_type();
    if found.is_temporal() {
        return moment(array, row, out);
    }
    if found.is_decimal() {
        decimal(array, row, out);
    } else if found.is_numeric() {
        number(array, row, out);
    } else if *found == DataType::Boolean {
        out.push_str(if array.as_boolean().value(row) { "true" } else { "false" });
    } else if *found == DataType::Utf8View {
        cell::text(array.as_string_view().value(row), out);
    }
    Some(())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the types are those that are numbers")]
fn number(array: &dyn Array, row: usize, out: &mut String) {
    use std::fmt::Write as _;

    let _ = match array.data_type() {
        DataType::Int8 => write!(out, "{}", value!(Int8Type, array, row)),
        DataType::Int16 => write!(out, "{}", value!(Int16Type, array, row)),
        DataType::Int32 => write!(out, "{}", value!(Int32Type, array, row)),
        DataType::Int64 => write!(out, "{}", value!(Int64Type, array, row)),
        DataType::UInt8 => write!(out, "{}", value!(UInt8Type, array, row)),
        DataType::UInt16 => write!(out, "{}", value!(UInt16Type, array, row)),
        DataType::UInt32 => write!(out, "{}", value!(UInt32Type, array, row)),
        DataType::UInt64 => write!(out, "{}", value!(UInt64Type, array, row)),
        // Its own shortest text, not that of the double that it would become.
        DataType::Float32 => write!(out, "{}", value!(Float32Type, array, row) + 0.0),
        DataType::Float16 => {
            cell::number(f64::from(value!(Float16Type, array, row)), out);
            Ok(())
        }
        DataType::Float64 => {
            cell::number(value!(Float64Type, array, row), out);
            Ok(())
        }
        _ => Ok(()),
    };
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the types are those that are decimals")]
fn decimal(array: &dyn Array, row: usize, out: &mut String) {
    match array.data_type() {
        DataType::Decimal32(precision, scale) => {
            let value = value!(Decimal32Type, array, row);
            out.push_str(&Decimal32Type::format_decimal(value, *precision, *scale));
        }
        DataType::Decimal64(precision, scale) => {
            let value = value!(Decimal64Type, array, row);
            out.push_str(&Decimal64Type::format_decimal(value, *precision, *scale));
        }
        DataType::Decimal128(precision, scale) => {
            let value = value!(Decimal128Type, array, row);
            out.push_str(&Decimal128Type::format_decimal(value, *precision, *scale));
        }
        DataType::Decimal256(precision, scale) => {
            let value = value!(Decimal256Type, array, row);
            out.push_str(&Decimal256Type::format_decimal(value, *precision, *scale));
        }
        _ => {}
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the types are those that are times")]
fn moment(array: &dyn Array, row: usize, out: &mut String) -> Option<()> {
    const MILLI: i64 = 1_000;
    const MICRO: i64 = 1_000_000;
    const NANO: i64 = 1_000_000_000;
    let (value, per_second) = match array.data_type() {
        DataType::Date32 => return cell::day(value!(Date32Type, array, row).into(), out),
        DataType::Time32(_) => (value!(Time32MillisecondType, array, row).into(), MILLI),
        DataType::Time64(TimeUnit::Microsecond) => {
            (value!(Time64MicrosecondType, array, row), MICRO)
        }
        DataType::Time64(_) => (value!(Time64NanosecondType, array, row), NANO),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            (value!(TimestampMillisecondType, array, row), MILLI)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            (value!(TimestampMicrosecondType, array, row), MICRO)
        }
        DataType::Timestamp(..) => (value!(TimestampNanosecondType, array, row), NANO),
        _ => return Some(()),
    };
    let (seconds, nanos) = cell::parts(value, per_second);
    if let DataType::Timestamp(_, zone) = array.data_type() {
        cell::time(seconds, nanos, zone.is_some(), out)
    } else {
        cell::clock(seconds, nanos, out)
    }
}
