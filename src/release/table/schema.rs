//! A table's columns in; its schema for Arrow and for Parquet, and the pairs
//! of the file's footer, out.
//!
//! Source: Apache Parquet format, "Logical Types"; the footer's key
//! `ARROW:schema` as Arrow's own writers set it.
//!
//! Not here: rows.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Metadata, Schema, TimeUnit};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::SchemaDescriptor;
use serde_json::{Map, Value};

use super::{Column, Encoding, Form, Table};

/// The columns as Parquet knows them.
pub(super) fn of(table: &Table) -> Result<SchemaDescriptor, ParquetError> {
    ArrowSchemaConverter::new().schema_root("table").convert(&arrow(table))
}

/// How the footer is written.
pub(super) fn properties(table: &Table) -> WriterPropertiesPtr {
    let own = table.metadata.iter().map(|(key, value)| pair(key.clone(), value.clone()));
    let columns = table.columns.iter().filter(|column| !column.description.is_empty());
    let pairs =
        own.chain(columns.map(|column| {
            pair(format!("gamyeong.column.{}", column.name), json(&column.description))
        }));
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("gamyeong ", env!("CARGO_PKG_VERSION")).to_owned())
        // Without bounds of single pages, where they are is of no use.
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(pairs.collect()))
        .build();
    add_encoded_arrow_schema_to_metadata(&arrow(table), &mut properties);
    Arc::new(properties)
}

/// The columns as a reader is to see them: no dictionary.
fn arrow(table: &Table) -> Schema {
    Schema::new(table.columns.iter().map(field).collect::<Vec<_>>())
}

fn field(column: &Column) -> Field {
    let kind = match column.form {
        Form::Pseudonym { encoding: Encoding::Binary, length } => {
            // Longer ones are refused before.
            DataType::FixedSizeBinary(i32::try_from(length).unwrap_or(i32::MAX))
        }
        Form::Text | Form::Pseudonym { .. } => DataType::Utf8,
        Form::Integer32 => DataType::Int32,
        Form::Integer64 => DataType::Int64,
        Form::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Form::Flag => DataType::Boolean,
    };
    Field::new(&column.name, kind, true)
        .with_metadata(column.description.iter().cloned().collect::<Metadata>())
}

fn pair(key: String, value: String) -> KeyValue {
    KeyValue { key, value: Some(value) }
}

fn json(description: &[(String, String)]) -> String {
    let object: Map<String, Value> = description
        .iter()
        .map(|(key, value)| (key.clone(), Value::String(value.clone())))
        .collect();
    Value::Object(object).to_string()
}
