//! The name of a field that holds what a client or server put into a header, a
//! variable or a note, in; how it relates to a person out.
//!
//! Anybody may put anything there, so what is not known to be harmless is an
//! identifier.
//!
//! Source: RFC 9110 (names of fields); W3C Trace Context; the field names of
//! Apache, nginx, Tomcat, Caddy and Traefik logs.
//!
//! Not here: all other names (`dictionary`).

use super::dictionary::{Class, Observation};

/// What such a name begins with, in lower case.
const PREFIXES: &[&str] = &[
    "header.",
    "response.",
    "trailer.",
    "note.",
    "env.",
    "attribute.",
    "variable.",
    "http_",
    "sent_http_",
    "upstream_http_",
    "upstream_cookie_",
    "jwt_",
    "oidc_",
];

/// What such a name of Traefik begins with: the name of a field follows, and that
/// has a capital.
const CAPITAL_PREFIXES: &[&str] = &["request_", "origin_", "downstream_"];

/// Fields that say nothing of a person.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "dnt",
    "expect",
    "expires",
    "host",
    "last-modified",
    "pragma",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "server",
    "te",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "vary",
    "via",
    "x-cache",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-requested-with",
    "ssl_cipher",
    "ssl_protocol",
];

/// Fields that hold the address of a page.
const URLS: &[&str] = &[
    "content-location",
    "location",
    "origin",
    "path_info",
    "path_translated",
    "referer",
    "refresh",
    "request_uri",
    "script_name",
    "x-accel-redirect",
    "x-original-url",
];

/// How a field relates to a person if its name is one of a header, variable or
/// note, and `None` otherwise or where it is to be seen by its words.
pub(super) fn class(name: &str) -> Option<Observed> {
    let lower = name.to_lowercase();
    let field = field_of(name, &lower)?.replace('_', "-");
    let is_in = |list: &[&str]| list.iter().any(|known| known.replace('_', "-") == field);
    Some(if is_in(HARMLESS) {
        Observed::Known(Class::Observation(Observation::Other))
    } else if is_in(URLS) {
        Observed::Known(Class::Observation(Observation::Url))
    } else if field == "user-agent" || field.starts_with("sec-ch-ua") {
        Observed::Known(Class::Observation(Observation::Agent))
    } else {
        Observed::Unknown
    })
}

/// What is known of a field of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Observed {
    /// This.
    Known(Class),
    /// Nothing: its words may say more, and otherwise it is an identifier.
    Unknown,
}

/// The name of the field in a name such as `header.x-user`, `cs(From)`,
/// `request.headers.From` or `request_From`, in lower case.
pub(super) fn field_of<'a>(name: &str, lower: &'a str) -> Option<&'a str> {
    if let Some(prefix) = PREFIXES.iter().find(|prefix| lower.starts_with(**prefix)) {
        return Some(&lower[prefix.len()..]);
    }
    if let Some(at) = lower.rfind("headers.") {
        // Of `request.headers.From.0`, an element of an array.
        return lower[at + "headers.".len()..].split('.').next();
    }
    // A unit behind the Korean name of a column is no header field.
    let inside = lower.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    if let Some(inside) = inside.filter(|_| lower.is_ascii()) {
        return Some(inside);
    }
    let prefix = CAPITAL_PREFIXES.iter().find(|prefix| lower.starts_with(**prefix))?;
    let is_field = name.as_bytes().get(prefix.len()).is_some_and(u8::is_ascii_uppercase);
    is_field.then(|| &lower[prefix.len()..])
}
