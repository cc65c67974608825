//! A query to `MySQL` or `MariaDB` in; its rows, as text, out.
//!
//! In one transaction that reads only and sees one state; rows are taken as the
//! server sends them. It writes the values as text; a `TIMESTAMP`, which is of a
//! zone, and numbers with an exponent are written here as every table has them.
//!
//! Source: `MariaDB` 11 and `MySQL` 8 reference manuals, `COM_QUERY` response, data
//! types.

use mysql::consts::ColumnType;
use mysql::prelude::Queryable as _;
use mysql::{Column, Conn, Error, Value};

use super::database::Address;
use super::sink::{Sink, Stop};
use super::{Fault, Table, Wanted, cell};

/// The character set of what is no text.
const BINARY: u16 = 63;

/// What is said before the query.
const SETTINGS: [&str; 4] = [
    "SET time_zone = '+00:00'",
    "SET NAMES utf8mb4",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

/// How a value is written by the server.
#[derive(Clone, Copy)]
enum Written {
    /// As it is to be.
    Plain,
    Double,
    /// `2026-11-20 04:05:00`, in UTC.
    Zoned,
}

/// Puts the query and reads its rows to the end.
pub(super) fn read(
    address: &Address,
    query: &str,
    table: &Table,
    sink: &mut Sink,
) -> Result<(), Stop> {
    let options = address.mysql().map_err(|_| Fault::Connection { code: None })?;
    let mut connection = Conn::new(options).map_err(|error| unreachable(&error))?;
    for setting in SETTINGS {
        connection.query_drop(setting).map_err(|error| refused(&error))?;
    }
    // Alone it is one statement, whatever it says: with another behind it the server
    // refuses it.
    let statement = connection.prep(query).map_err(|error| refused(&error))?;
    let columns = statement.columns();
    let mut written = Vec::with_capacity(columns.len());
    for column in columns.iter() {
        let name = column.name_str();
        written.push(match (table.wants(&name), way(column)) {
            (Wanted::No, _) | (Wanted::IfPossible, None) => None,
            (Wanted::Yes, None) => {
                let column = name.into_owned();
                return Err(Fault::Type { column, found: "a type that is no text".into() }.into());
            }
            (_, way) => way,
        });
    }
    let names: Vec<_> = columns.iter().map(Column::name_str).collect();
    sink.header(names.iter().map(AsRef::as_ref))?;
    connection.close(statement).map_err(|error| refused(&error))?;
    let rows = connection.query_iter(query).map_err(|error| refused(&error))?;
    let mut text = String::new();
    for row in rows {
        let row = row.map_err(|error| refused(&error))?;
        for (column, written) in written.iter().enumerate() {
            text.clear();
            if let (Some(way), Some(Value::Bytes(value))) = (written, row.as_ref(column)) {
                write(*way, &String::from_utf8_lossy(value), &mut text);
            }
            sink.cell(text.as_bytes());
        }
        sink.end_row()?;
    }
    Ok(())
}

/// How values of a column are written; `None` for those that are no text.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed is refused")]
fn way(column: &Column) -> Option<Written> {
    match column.column_type() {
        ColumnType::MYSQL_TYPE_TIMESTAMP | ColumnType::MYSQL_TYPE_TIMESTAMP2 => {
            Some(Written::Zoned)
        }
        ColumnType::MYSQL_TYPE_FLOAT | ColumnType::MYSQL_TYPE_DOUBLE => Some(Written::Double),
        ColumnType::MYSQL_TYPE_DECIMAL
        | ColumnType::MYSQL_TYPE_NEWDECIMAL
        | ColumnType::MYSQL_TYPE_TINY
        | ColumnType::MYSQL_TYPE_SHORT
        | ColumnType::MYSQL_TYPE_INT24
        | ColumnType::MYSQL_TYPE_LONG
        | ColumnType::MYSQL_TYPE_LONGLONG
        | ColumnType::MYSQL_TYPE_YEAR
        | ColumnType::MYSQL_TYPE_NULL
        | ColumnType::MYSQL_TYPE_DATE
        | ColumnType::MYSQL_TYPE_NEWDATE
        | ColumnType::MYSQL_TYPE_TIME
        | ColumnType::MYSQL_TYPE_TIME2
        | ColumnType::MYSQL_TYPE_DATETIME
        | ColumnType::MYSQL_TYPE_DATETIME2 => Some(Written::Plain),
        ColumnType::MYSQL_TYPE_VARCHAR
        | ColumnType::MYSQL_TYPE_VAR_STRING
        | ColumnType::MYSQL_TYPE_STRING
        | ColumnType::MYSQL_TYPE_ENUM
        | ColumnType::MYSQL_TYPE_SET
        | ColumnType::MYSQL_TYPE_TINY_BLOB
        | ColumnType::MYSQL_TYPE_BLOB
        | ColumnType::MYSQL_TYPE_MEDIUM_BLOB
        | ColumnType::MYSQL_TYPE_LONG_BLOB
            if column.character_set() != BINARY =>
        {
            Some(Written::Plain)
        }
        _ => None,
    }
}

fn write(way: Written, value: &str, out: &mut String) {
    match (way, value.parse()) {
        (Written::Double, Ok(number)) => cell::number(number, out),
        (Written::Zoned, _) => {
            let (time, fraction) = value.split_once('.').unwrap_or((value, ""));
            out.push_str(&time.replacen(' ', "T", 1));
            let fraction = fraction.trim_end_matches('0');
            if !fraction.is_empty() {
                out.push('.');
                out.push_str(fraction);
            }
            out.push('Z');
        }
        (Written::Plain | Written::Double, _) => cell::text(value, out),
    }
}

/// The server cannot be reached, or lets nobody in.
fn unreachable(error: &Error) -> Fault {
    Fault::Connection { code: state(error) }
}

/// The server refuses the query. What it says beyond its code may quote data.
fn refused(error: &Error) -> Fault {
    Fault::Query { code: state(error), position: None }
}

fn state(error: &Error) -> Option<String> {
    if let Error::MySqlError(error) = error { Some(error.state.clone()) } else { None }
}
