//! The name of a field in; the line of a pipeline file that would give a column of
//! it out, for a person to decide on.
//!
//! Not here: whether anybody needs it.

use std::collections::BTreeSet;

use super::plan::Source;
use crate::split::dictionary::{Class, Identifier, Observation, class, is_count, is_query};
use crate::split::unknown::{Kind, Name};

/// Suggests lines for the fields of one source: no two make a column of one name.
///
/// # Examples
///
/// ```
/// use gamyeong::config::suggest::Suggest;
///
/// let mut suggest = Suggest::default();
/// assert_eq!(suggest.rule("agent").unwrap(), r#"agent = { as = "browser", agent = "family" }"#);
/// assert_eq!(suggest.rule("time").unwrap(), r#"time = { as = "hour", round = "1h" }"#);
/// assert_eq!(suggest.rule("end").unwrap(), r#"end = { as = "hour_end", round = "1h" }"#);
/// assert_eq!(suggest.rule("password"), None);
/// ```
#[derive(Default)]
pub struct Suggest {
    /// Names of columns that there are.
    taken: BTreeSet<String>,
}

impl Suggest {
    /// For a source that has columns already.
    #[must_use]
    pub fn beside(source: &Source) -> Self {
        let names = source.columns.iter().map(|column| column.name.clone());
        Self { taken: names.collect() }
    }

    /// The line of `[source.fields]` for a field; `None` for one that is never read.
    #[must_use]
    pub fn rule(&mut self, field: &str) -> Option<String> {
        self.typed(field, is_count(field))
    }

    /// The same of a field whose values are whole numbers, or are not.
    #[must_use]
    pub fn typed(&mut self, field: &str, is_number: bool) -> Option<String> {
        let rule = match class(field) {
            Class::Identifier(Identifier::Address) => format!(
                "[{{ {}pseudonym = {{ domain = \"ip\" }} }}, {{ {}prefix = {{ v4 = 16, v6 = 32 }} }}]",
                self.named("visitor", field),
                self.named("net", field),
            ),
            Class::Identifier(Identifier::Device) => {
                format!("{{ {}pseudonym = {{ domain = \"mac\" }} }}", self.named("device", field))
            }
            Class::Identifier(Identifier::Other) => {
                let own = field.rsplit('.').next().unwrap_or(field);
                let domain = quoted(&word(own));
                format!("{{ {}pseudonym = {{ domain = {domain} }} }}", self.named(field, field))
            }
            Class::Observation(Observation::Time) => {
                format!("{{ {}round = \"1h\" }}", self.named("hour", field))
            }
            Class::Observation(Observation::Url) if is_query(field) => {
                format!("{{ {}query = [\"page\"] }}", self.named("query", field))
            }
            Class::Observation(Observation::Url) => {
                format!("{{ {}path = \"plain\" }}", self.named("path", field))
            }
            Class::Observation(Observation::Agent) => {
                format!("{{ {}agent = \"family\" }}", self.named("browser", field))
            }
            Class::Observation(Observation::Other) => {
                let named = self.named(field, field);
                match (is_number, named.is_empty()) {
                    (true, _) => format!("{{ {named}keep = \"integer\" }}"),
                    (false, true) => "\"keep\"".to_owned(),
                    (false, false) => format!("{{ {named}keep = \"text\" }}"),
                }
            }
            Class::Forbidden => return None,
        };
        Some(format!("{} = {rule}", key(field)))
    }

    /// What names a column; nothing if it is called as the field is.
    fn named(&mut self, usual: &str, field: &str) -> String {
        let name = self.name(usual, field);
        if name == field { String::new() } else { format!("as = {}, ", quoted(&name)) }
    }

    /// A name that no other column has: the usual one, with that of the field behind it,
    /// with a number.
    fn name(&mut self, usual: &str, field: &str) -> String {
        let longer = format!("{usual}_{}", word(field).replace('-', "_"));
        let numbered = (2..).map(|number| format!("{longer}_{number}"));
        let mut names = [usual.to_owned(), longer.clone()].into_iter().chain(numbered);
        let free = names.find(|name| !self.taken.contains(name)).unwrap_or(longer);
        self.taken.insert(free.clone());
        free
    }

    /// The line that would let a name in that was found in the data of a source. Of
    /// a parameter it is the list of its field. `None` if it may not leave.
    #[must_use]
    pub fn admitting(&mut self, source: &Source, name: &Name) -> Option<String> {
        match name.kind {
            Kind::Field | Kind::Column | Kind::Key => self.rule(&name.name),
            Kind::Cookie => self.rule(&format!("cookie.{}", name.name)),
            Kind::Parameter => {
                // What is an address itself may hold anything.
                if !matches!(class(&name.name), Class::Observation(kind) if kind != Observation::Url)
                {
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
                let line = if is_new {
                    let column = quoted(&self.name("query", &name.field));
                    format!("{{ as = {column}, {list} }}")
                } else {
                    list
                };
                Some(format!("{line} # of {key}"))
            }
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
