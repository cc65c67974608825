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
                let place = "compressed with Brotli or LZO".to_owned();
                return Err(Fault::Damaged { place });
            }
        }
    }
    Ok(())
}

/// A column whose text stays in the page where it is.
fn in_place(field: &Field) -> Field {
    match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => field.clone().with_data_type(DataType::Utf8View),
        _ => field.clone(),
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

/// Writes a value; nothing for null. `None` if it is out of the range of its type.
fn write(array: &dyn Array, row: usize, out: &mut String) -> Option<()> {
    use std::fmt::Write as _;

    if array.is_null(row) {
        return Some(());
    }
    macro_rules! value {
        ($type:ty) => {
            array.as_primitive::<$type>().value(row)
        };
    }
    macro_rules! plain {
        ($type:ty) => {{
            let _ = write!(out, "{}", value!($type));
        }};
    }
    match array.data_type() {
        DataType::Boolean => {
            let _ = write!(out, "{}", array.as_boolean().value(row));
        }
        DataType::Utf8View => out.push_str(array.as_string_view().value(row)),
        DataType::Int8 => plain!(Int8Type),
        DataType::Int16 => plain!(Int16Type),
        DataType::Int32 => plain!(Int32Type),
        DataType::Int64 => plain!(Int64Type),
        DataType::UInt8 => plain!(UInt8Type),
        DataType::UInt16 => plain!(UInt16Type),
        DataType::UInt32 => plain!(UInt32Type),
        DataType::UInt64 => plain!(UInt64Type),
        // Its own shortest text, not that of the double that it would become.
        DataType::Float32 => {
            let _ = write!(out, "{}", value!(Float32Type) + 0.0);
        }
        DataType::Float16 => cell::number(f64::from(value!(Float16Type)), out),
        DataType::Float64 => cell::number(value!(Float64Type), out),
        DataType::Decimal32(precision, scale) => {
            out.push_str(&Decimal32Type::format_decimal(value!(Decimal32Type), *precision, *scale));
        }
        DataType::Decimal64(precision, scale) => {
            out.push_str(&Decimal64Type::format_decimal(value!(Decimal64Type), *precision, *scale));
        }
        DataType::Decimal128(precision, scale) => {
            let value = value!(Decimal128Type);
            out.push_str(&Decimal128Type::format_decimal(value, *precision, *scale));
        }
        DataType::Decimal256(precision, scale) => {
            let value = value!(Decimal256Type);
            out.push_str(&Decimal256Type::format_decimal(value, *precision, *scale));
        }
        DataType::Date32 => return cell::day(value!(Date32Type).into(), out),
        DataType::Time32(_) => {
            let (seconds, nanos) = cell::parts(value!(Time32MillisecondType).into(), 1_000);
            return cell::clock(seconds, nanos, out);
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            let (seconds, nanos) = cell::parts(value!(Time64MicrosecondType), 1_000_000);
            return cell::clock(seconds, nanos, out);
        }
        DataType::Time64(_) => {
            let (seconds, nanos) = cell::parts(value!(Time64NanosecondType), 1_000_000_000);
            return cell::clock(seconds, nanos, out);
        }
        DataType::Timestamp(unit, zone) => {
            let (seconds, nanos) = match unit {
                TimeUnit::Millisecond => cell::parts(value!(TimestampMillisecondType), 1_000),
                TimeUnit::Microsecond => cell::parts(value!(TimestampMicrosecondType), 1_000_000),
                _ => cell::parts(value!(TimestampNanosecondType), 1_000_000_000),
            };
            return cell::time(seconds, nanos, zone.is_some(), out);
        }
        // Null, and what `is_text` has refused.
        _ => {}
    }
    Some(())
}
