//! The name of a field in; the line of a pipeline file that would give a column of
//! it out, for a person to decide on.
//!
//! Not here: whether anybody needs it.

use super::plan::Source;
use crate::split::dictionary::{Class, Identifier, Observation, class, is_query};
use crate::split::unknown::{Kind, Name};

/// The line of `[source.fields]` for a field; `None` for one that is never read.
///
/// # Examples
///
/// ```
/// use gamyeong::config::suggest::rule;
///
/// assert_eq!(rule("agent").unwrap(), r#"agent = { as = "browser", agent = "family" }"#);
/// assert_eq!(rule("password"), None);
/// ```
#[must_use]
pub fn rule(field: &str) -> Option<String> {
    let key = key(field);
    Some(match class(field) {
        Class::Identifier(Identifier::Address) => format!(
            "{key} = [{{ as = \"visitor\", pseudonym = {{ domain = \"ip\" }} }}, {{ as = \"net\", prefix = {{ v4 = 16, v6 = 32 }} }}]"
        ),
        Class::Identifier(Identifier::Device) => {
            format!("{key} = {{ as = \"device\", pseudonym = {{ domain = \"mac\" }} }}")
        }
        Class::Identifier(Identifier::Other) => {
            let own = field.rsplit('.').next().unwrap_or(field);
            format!("{key} = {{ pseudonym = {{ domain = {} }} }}", quoted(&word(own)))
        }
        Class::Observation(Observation::Time) => {
            format!("{key} = {{ as = \"hour\", round = \"1h\" }}")
        }
        Class::Observation(Observation::Url) if is_query(field) => {
            format!("{key} = {{ as = \"query\", query = [\"page\"] }}")
        }
        Class::Observation(Observation::Url) => {
            format!("{key} = {{ as = \"path\", path = \"plain\" }}")
        }
        Class::Observation(Observation::Agent) => {
            format!("{key} = {{ as = \"browser\", agent = \"family\" }}")
        }
        Class::Observation(Observation::Other) => format!("{key} = \"keep\""),
        Class::Forbidden => return None,
    })
}

/// The line that would let a name in that was found in the data of a source. Of
/// a parameter it is the list of its field. `None` if it may not leave.
#[must_use]
pub fn admitting(source: &Source, name: &Name) -> Option<String> {
    match name.kind {
        Kind::Field | Kind::Column | Kind::Key => rule(&name.name),
        Kind::Cookie => rule(&format!("cookie.{}", name.name)),
        Kind::Parameter => {
            if !matches!(class(&name.name), Class::Observation(_)) {
                return None;
            }
            let mut listed = source.listed_parameters(&name.field).map(<[String]>::to_vec);
            let is_new = listed.is_none();
            let listed = listed.get_or_insert_default();
            listed.push(name.name.clone());
            let names: Vec<String> = listed.iter().map(|name| quoted(name)).collect();
            let list = format!("query = [{}]", names.join(", "));
            let key = key(&name.field);
            // Its field has rules already: this is one more, or stands in one.
            let line = if is_new { format!("{{ as = \"query\", {list} }}") } else { list };
            Some(format!("{line} # of {key}"))
        }
    }
}

/// A key of TOML: quoted unless it is a bare one.
#[must_use]
pub fn key(field: &str) -> String {
    let is_bare =
        field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare && !field.is_empty() { field.to_owned() } else { quoted(field) }
}

/// A string of TOML.
#[must_use]
pub fn quoted(text: &str) -> String {
    // TOML has the escapes of JSON, and a line break in the text makes none here.
    serde_json::Value::from(text).to_string()
}

/// Lower-case letters and hyphens, of a text up to its first dot.
#[must_use]
pub fn word(text: &str) -> String {
    let stem = text.split('.').next().unwrap_or_default().to_lowercase();
    let letters =
        stem.chars().map(|letter| if letter.is_ascii_alphabetic() { letter } else { '-' });
    let name = letters.collect::<String>();
    let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "source".to_owned() } else { parts.join("-") }
}
