//! A format string with `$` in; its pieces out.
//!
//! ```text
//! $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent
//! ```
//!
//! Source: nginx 1.27, `ngx_http_log_module`, `ngx_http_core_module` (embedded
//! variables).

use super::apache::{cookie, header};
use super::compile::{FormatError, Piece};
use super::{Field, Kind};

/// The pieces of a format string.
pub(in crate::parse) fn pieces(format: &str) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        if letter != '$' {
            text.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let column = format[..format.len() - rest.len()].chars().count() + 1;
        let (name, behind) = variable(&rest[1..], column)?;
        rest = behind;
        pieces.push(Piece::Text(std::mem::take(&mut text).into_bytes()));
        pieces.push(Piece::Field(field(name), column));
    }
    pieces.push(Piece::Text(text.into_bytes()));
    pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    Ok(pieces)
}

/// The name of a variable and what follows it: `$name` or `${name}`.
fn variable(rest: &str, column: usize) -> Result<(&str, &str), FormatError> {
    if let Some(inside) = rest.strip_prefix('{') {
        return inside.split_once('}').ok_or(FormatError::Open { column });
    }
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let length = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
    if length == 0 {
        let directive = "$".to_owned();
        return Err(FormatError::Directive { column, directive, server: "nginx" });
    }
    Ok(rest.split_at(length))
}

/// The field of a variable. One that is not known here is one of the server's
/// own configuration.
fn field(name: &str) -> Field {
    let text = |name: &'static str| Field::new(name, Kind::Text);
    match name {
        "remote_addr" => text("host").or("peer"),
        "remote_port" => Field::new("peer.port", Kind::Count),
        "remote_user" => text("user"),
        "time_local" => Field::new("time", Kind::Clf),
        "time_iso8601" => text("time"),
        "msec" => Field::new("time", Kind::Decimal),
        "request" => text("request"),
        "request_method" => text("request.method"),
        "request_uri" => text("request.target"),
        "uri" | "document_uri" => text("request.path"),
        "args" | "query_string" => Field::new("request.query", Kind::Optional),
        "server_protocol" => text("request.protocol"),
        "status" => Field::new("status", Kind::Status),
        "body_bytes_sent" => Field::new("size", Kind::Count),
        "bytes_sent" => Field::new("sent", Kind::Count),
        "request_length" => Field::new("received", Kind::Count),
        "request_time" => Field::new("duration.s", Kind::Decimal),
        "host" => text("vhost"),
        "server_name" => text("server.name"),
        "server_addr" => text("server.address"),
        "server_port" => Field::new("port", Kind::Count),
        "realip_remote_addr" => text("peer"),
        "proxy_protocol_addr" => text("proxy.address"),
        "pipe" => Field::new("connection", Kind::Sign),
        _ => match name.split_once('_') {
            // One value for each server that was asked.
            Some(("upstream", _)) => Field::new(name.to_owned(), Kind::List),
            Some(("http", name)) => header(name),
            Some(("cookie", name)) => cookie(name),
            Some(("arg", name)) => Field::new(format!("request.query.{name}"), Kind::Text),
            Some(("sent", rest)) if rest.starts_with("http_") => {
                Field::new(format!("response.{}", rest[5..].replace('_', "-")), Kind::Text)
            }
            _ => Field::new(name.to_owned(), Kind::Text),
        },
    }
}
