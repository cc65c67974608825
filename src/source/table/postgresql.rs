//! A query to `PostgreSQL` in; its rows, as text, out.
//!
//! In one transaction that reads only and sees one state, from a cursor: neither
//! side holds more than some rows. The server writes the values as text; what
//! it writes in a way of its own, truth values, numbers with an exponent and times
//! of a zone, is written here as every table has it.
//!
//! Source: `PostgreSQL` 17, 8.5.2 (date/time output), `DECLARE`, `FETCH`, 55 (message
//! flow).

use postgres::error::ErrorPosition;
use postgres::types::{Kind, Type};
use postgres::{Client, IsolationLevel, NoTls, SimpleQueryMessage, Transaction};

use super::database::Address;
use super::sink::{Sink, Stop};
use super::{Fault, Table, Wanted, cell};

/// Settings that change how values are written.
const SETTINGS: &str = "SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle = 'ISO'; \
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'";

/// How a value is written by the server.
#[derive(Clone, Copy)]
enum Written {
    /// As it is to be.
    Plain,
    Flag,
    Single,
    Double,
    /// `2026-11-20 04:05:00+00`.
    Zoned,
}

/// Puts the query and reads its rows to the end.
pub(super) fn read(
    address: &Address,
    query: &str,
    table: &Table,
    sink: &mut Sink,
) -> Result<(), Stop> {
    let config = address.postgresql().map_err(|_| unreachable(None))?;
    let mut client: Client = config.connect(NoTls).map_err(|error| unreachable(Some(&error)))?;
    let started = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start();
    let mut transaction = started.map_err(|error| refused(&error, false))?;
    transaction.batch_execute(SETTINGS).map_err(|error| refused(&error, false))?;
    // Alone it is one statement, whatever it says: with another behind it the server
    // refuses it.
    let statement = transaction.prepare(query).map_err(|error| refused(&error, true))?;
    let columns = statement.columns();
    let mut written = Vec::with_capacity(columns.len());
    for column in columns {
        written.push(match (table.wants(column.name()), way(column.type_())) {
            (Wanted::No, _) | (Wanted::IfPossible, None) => None,
            (Wanted::Yes, None) => {
                let column = column.name().to_owned();
                return Err(Fault::Type { column, found: "a type that is no text".into() }.into());
            }
            (_, way) => way,
        });
    }
    sink.header(columns.iter().map(postgres::Column::name))?;
    let cursor = format!("DECLARE gamyeong NO SCROLL CURSOR FOR {query}");
    transaction.batch_execute(&cursor).map_err(|error| refused(&error, false))?;
    while rows(&mut transaction, &written, sink)? > 0 {}
    Ok(())
}

/// Hands over the next rows, and says how many there were.
fn rows(
    transaction: &mut Transaction<'_>,
    written: &[Option<Written>],
    sink: &mut Sink,
) -> Result<usize, Stop> {
    let fetched = transaction.simple_query("FETCH 32 FROM gamyeong");
    let fetched = fetched.map_err(|error| refused(&error, false))?;
    let mut count = 0;
    let mut text = String::new();
    for message in fetched {
        let SimpleQueryMessage::Row(row) = message else { continue };
        for (column, written) in written.iter().enumerate() {
            text.clear();
            if let (Some(way), Some(value)) = (written, row.try_get(column).unwrap_or(None)) {
                write(*way, value, &mut text);
            }
            sink.cell(text.as_bytes());
        }
        sink.end_row()?;
        count += 1;
    }
    Ok(count)
}

/// How values of a type are written; `None` for those that are no text.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed is refused")]
fn way(found: &Type) -> Option<Written> {
    match found.kind() {
        Kind::Enum(_) => return Some(Written::Plain),
        Kind::Domain(inner) => return way(inner),
        Kind::Simple => {}
        _ => return None,
    }
    Some(match *found {
        Type::BOOL => Written::Flag,
        Type::FLOAT4 => Written::Single,
        Type::FLOAT8 => Written::Double,
        Type::TIMESTAMPTZ => Written::Zoned,
        Type::INT2
        | Type::INT4
        | Type::INT8
        | Type::OID
        | Type::NUMERIC
        | Type::TEXT
        | Type::VARCHAR
        | Type::BPCHAR
        | Type::NAME
        | Type::CHAR
        | Type::UUID
        | Type::DATE
        | Type::TIME
        | Type::TIMESTAMP
        | Type::INET
        | Type::CIDR
        | Type::MACADDR
        | Type::MACADDR8 => Written::Plain,
        // Of an extension, and so without a number of its own.
        _ if found.name() == "citext" => Written::Plain,
        _ => return None,
    })
}

fn write(way: Written, value: &str, out: &mut String) {
    match way {
        Written::Plain => cell::text(value, out),
        Written::Flag => out.push_str(if value == "t" { "true" } else { "false" }),
        Written::Single => match value.parse::<f32>() {
            Ok(number) => {
                use std::fmt::Write as _;
                let _ = write!(out, "{}", number + 0.0);
            }
            Err(_) => out.push_str(value),
        },
        Written::Double => match value.parse() {
            Ok(number) => cell::number(number, out),
            Err(_) => out.push_str(value),
        },
        // `infinity` has no zone, and no meaning as a time.
        Written::Zoned => match value.strip_suffix("+00") {
            Some(time) => {
                out.push_str(&time.replacen(' ', "T", 1));
                out.push('Z');
            }
            None => out.push_str(value),
        },
    }
}

/// The server cannot be reached, or lets nobody in.
fn unreachable(error: Option<&postgres::Error>) -> Fault {
    let code = error.and_then(postgres::Error::code).map(|code| code.code().to_owned());
    Fault::Connection { code }
}

/// The server refuses the query. `is_of_text` if a place in it is one in the
/// query as the pipeline has it. What it says beyond that may quote data.
fn refused(error: &postgres::Error, is_of_text: bool) -> Fault {
    let code = error.code().map(|code| code.code().to_owned());
    let position = match error.as_db_error().and_then(|error| error.position()) {
        Some(ErrorPosition::Original(position)) if is_of_text => Some(*position),
        _ => None,
    };
    Fault::Query { code, position }
}
