//! A format string with `%` in; its pieces out.
//!
//! ```text
//! %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"
//! ```
//!
//! Source: Apache HTTP Server 2.4, `mod_log_config` and `mod_logio`; Apache
//! Tomcat 9 and 10.1, `AccessLogValve`; `TmaxSoft` `WebtoB` 5, access log formats.

use super::compile::{FormatError, Piece};
use super::pattern::{Pattern, of_java};
use super::{Field, Kind};
use crate::parse::reason::Name;

/// Servers whose directives are written with `%`, and differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Server {
    Apache,
    /// `%D` and `%F` in milliseconds, up to version 9.
    Tomcat,
    /// `%D` and `%F` in microseconds, from 10.1.
    Tomcat10,
    WebtoB,
}

impl Server {
    fn name(self) -> &'static str {
        match self {
            Server::Apache => "Apache",
            Server::Tomcat | Server::Tomcat10 => "Tomcat",
            Server::WebtoB => "WebtoB",
        }
    }

    fn is_tomcat(self) -> bool {
        matches!(self, Server::Tomcat | Server::Tomcat10)
    }
}

/// A directive, as it is written: `%{Referer}i` has `argument` and `letter`.
struct Directive<'a> {
    whole: &'a str,
    argument: Option<&'a str>,
    letter: &'a str,
    /// From 1.
    column: usize,
}

/// The pieces of a format string.
pub(in crate::parse) fn pieces(format: &str, server: Server) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut clock = Clock::default();
    let mut text = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let column = format[..format.len() - rest.len()].chars().count() + 1;
        if letter != '%' {
            let (letter, length) = literal(rest, letter);
            text.push(letter);
            rest = &rest[length..];
            continue;
        }
        if let Some(behind) = rest.strip_prefix("%%") {
            text.push('%');
            rest = behind;
            continue;
        }
        let directive = directive(rest, column)?;
        rest = &rest[directive.whole.len()..];
        if let Some((pattern, name)) = time_pattern(&directive, server) {
            if !clock.takes(name, &text) {
                clock.end(&mut pieces)?;
                pieces.push(Piece::Text(std::mem::take(&mut text).into_bytes()));
            }
            clock.add(&std::mem::take(&mut text), &pattern, name, column);
            continue;
        }
        clock.end(&mut pieces)?;
        if directive.letter == "t" && directive.argument.is_none() {
            text.push('[');
        }
        pieces.push(Piece::Text(std::mem::take(&mut text).into_bytes()));
        if directive.letter == "t" && directive.argument.is_none() {
            text.push(']');
        }
        pieces.push(Piece::Field(field(&directive, server)?, column));
    }
    clock.end(&mut pieces)?;
    pieces.push(Piece::Text(text.into_bytes()));
    pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    Ok(pieces)
}

/// A character that stands for itself. In configuration files a quote is
/// written `\"`, a tab `\t`.
fn literal(rest: &str, letter: char) -> (char, usize) {
    match rest.get(..2) {
        Some("\\t") => ('\t', 2),
        Some("\\\"") => ('"', 2),
        Some("\\\\") => ('\\', 2),
        _ => (letter, letter.len_utf8()),
    }
}

/// Times whose directives follow each other, with what stands between: a time
/// may be put together from several.
#[derive(Default)]
struct Clock {
    /// The pattern of all of them, the name of the field, where it begins.
    pattern: Option<(String, &'static str, usize)>,
}

impl Clock {
    /// Whether a directive goes on with the time before `between`.
    fn takes(&self, name: &str, between: &str) -> bool {
        let same = self.pattern.as_ref().is_some_and(|(_, before, _)| *before == name);
        same && !between.contains(['"', '[', ']'])
    }

    fn add(&mut self, between: &str, pattern: &str, name: &'static str, column: usize) {
        let (whole, ..) = self.pattern.get_or_insert((String::new(), name, column));
        whole.push_str(&between.replace('%', "%%"));
        whole.push_str(pattern);
    }

    fn end(&mut self, pieces: &mut Vec<Piece>) -> Result<(), FormatError> {
        let Some((pattern, name, column)) = self.pattern.take() else { return Ok(()) };
        let kind = match Pattern::new(&pattern) {
            _ if pattern == CLF => Kind::Clf,
            Some(pattern) => Kind::Time(pattern),
            None => return Err(FormatError::Time { column, pattern }),
        };
        pieces.push(Piece::Field(Field::new(name, kind), column));
        Ok(())
    }
}

/// How `%t` writes a time.
const CLF: &str = "%d/%b/%Y:%H:%M:%S %z";

/// The pattern of a time directive that has one, and the name of its field.
fn time_pattern(directive: &Directive<'_>, server: Server) -> Option<(String, &'static str)> {
    let argument = directive.argument.filter(|_| directive.letter == "t")?;
    let (name, pattern) = match argument.split_once(':') {
        Some(("begin", pattern)) => ("time", pattern),
        Some(("end", pattern)) => ("end_time", pattern),
        _ => ("time", argument),
    };
    let pattern = match pattern {
        "sec" => "%s".to_owned(),
        "msec" | "usec" => return None,
        "msec_frac" => "%3f".to_owned(),
        "usec_frac" => "%6f".to_owned(),
        _ if server.is_tomcat() && !pattern.contains('%') => of_java(pattern)?,
        _ => pattern.to_owned(),
    };
    Some((pattern, name))
}

/// The directive at the start of `rest`, which begins with `%`.
fn directive(rest: &str, column: usize) -> Result<Directive<'_>, FormatError> {
    // `%400,501{User-agent}i`, `%!200{Referer}i`, `%>s`: when it is logged, and
    // which of several; where it is not, `-` is.
    let is_modifier = |letter: char| matches!(letter, '!' | ',' | '<' | '>' | '0'..='9');
    let mut after = rest[1..].trim_start_matches(is_modifier);
    let mut argument = None;
    if let Some(inside) = after.strip_prefix('{') {
        let (inner, behind) = inside.split_once('}').ok_or(FormatError::Open { column })?;
        argument = Some(inner);
        after = behind;
    }
    let length = match after.as_bytes() {
        [b'^', _, _, ..] if after.is_char_boundary(3) => 3,
        _ => after.chars().next().map_or(0, char::len_utf8),
    };
    let letter = after.get(..length).unwrap_or_default();
    let whole = &rest[..rest.len() - after.len() + letter.len()];
    Ok(Directive { whole, argument, letter, column })
}

/// The field of a directive.
fn field(directive: &Directive<'_>, server: Server) -> Result<Field, FormatError> {
    let own = if server.is_tomcat() { of_tomcat(directive, server) } else { None };
    own.or_else(|| of_request(directive)).or_else(|| of_answer(directive, server)).ok_or_else(
        || FormatError::Directive {
            column: directive.column,
            directive: directive.whole.to_owned(),
            server: server.name(),
        },
    )
}

fn text(name: &'static str) -> Field {
    Field::new(name, Kind::Text)
}

fn count(name: impl Into<Name>) -> Field {
    Field::new(name, Kind::Count)
}

/// A field whose name its directive gives.
fn named(prefix: &str, name: &str) -> Field {
    Field::new(format!("{prefix}.{}", name.to_ascii_lowercase()), Kind::Text)
}

/// What only Tomcat has, or means otherwise.
fn of_tomcat(directive: &Directive<'_>, server: Server) -> Option<Field> {
    let unit = if server == Server::Tomcat { "ms" } else { "us" };
    Some(match (directive.letter, directive.argument) {
        ("c", Some(name)) => cookie(name),
        ("D", _) => count(format!("duration.{unit}")),
        ("F", _) => Field::new(format!("commit.{unit}"), Kind::Decimal),
        ("I", _) => text("thread"),
        ("r", Some(name)) => named("attribute", name),
        ("s", Some(name)) => named("session", name),
        ("S", _) => text("session"),
        _ => return None,
    })
}

/// What a client sent, and who it is.
fn of_request(directive: &Directive<'_>) -> Option<Field> {
    Some(match (directive.letter, directive.argument) {
        ("a" | "h", Some("c")) => text("peer"),
        ("a", _) => text("host").or("address"),
        ("h", _) => text("host").or("peer"),
        ("l", _) => text("ident"),
        ("u", _) => text("user"),
        ("C", Some(name)) => cookie(name),
        ("i", Some(name)) => header(name),
        ("^ti" | "^to", Some(name)) => named("trailer", name),
        ("I", _) => count("received"),
        ("H", _) => text("request.protocol"),
        ("m", _) => text("request.method"),
        ("q", _) => Field::new("request.query", Kind::Optional),
        ("r", _) => text("request"),
        ("U", _) => text("request.path"),
        _ => return None,
    })
}

/// What was answered, when, and by what.
fn of_answer(directive: &Directive<'_>, server: Server) -> Option<Field> {
    Some(match (directive.letter, directive.argument) {
        ("A", _) => text("server.address"),
        ("b" | "B", _) => count("size"),
        ("c", None) if server == Server::WebtoB => text("responder"),
        ("c", None) | ("X", _) => Field::new("connection", Kind::Sign),
        ("D", _) => count("duration.us"),
        ("e", Some(name)) => named("env", name),
        ("f", _) => text("filename"),
        ("k", _) => count("keepalive"),
        ("L", _) => text("log_id"),
        ("n", Some(name)) => named("note", name),
        ("o", Some(name)) => named("response", name),
        ("O", _) => count("sent"),
        ("p", Some("remote")) => count("peer.port"),
        ("p", _) => count("port"),
        ("P", Some(_)) => text("thread"),
        ("P", None) => text("process"),
        ("R", _) => text("handler"),
        ("s", _) if directive.whole.starts_with("%<") => {
            Field::new("status.original", Kind::Status)
        }
        ("s", _) => Field::new("status", Kind::Status).or("status.original"),
        ("S", _) => count("transferred"),
        ("t", Some("end:msec" | "end:usec")) => count("end_time"),
        ("t", Some(argument)) if argument.ends_with("sec") => count("time"),
        ("t", None) => Field::new("time", Kind::Clf),
        ("T", Some(unit @ ("ms" | "us"))) => count(format!("duration.{unit}")),
        ("T", _) => Field::new("duration.s", Kind::Decimal),
        ("v" | "V", _) => text("vhost"),
        ("x", Some(name)) => named("variable", name),
        ("^FB", _) => count("first_byte.us"),
        _ => return None,
    })
}

/// A field of the request's header: some have a name of their own.
pub(super) fn header(name: &str) -> Field {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match name.as_str() {
        "referer" => Field::new("referer", Kind::Text),
        "user-agent" => Field::new("agent", Kind::Text),
        "cookie" => Field::new("cookie", Kind::Text),
        "x-forwarded-for" => Field::new("xff", Kind::List),
        _ => Field::new(format!("header.{name}"), Kind::Text),
    }
}

pub(super) fn cookie(name: &str) -> Field {
    Field::new(format!("cookie.{name}"), Kind::Text)
}
