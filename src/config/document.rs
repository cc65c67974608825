//! A TOML file in; the value it holds and the place of every key, or all that
//! is wrong with it, out.
//!
//! Structure is checked against the JSON Schema of the type, which reports
//! every fault at once where deserialising would stop at the first.
//!
//! Source: TOML 1.1; JSON Schema 2020-12, the keywords that `schemars` writes.
//!
//! Not here: what the values mean together (`check`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::problem::{Problem, What};

/// A file that was read, with the place of every key in it.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Path of a key, such as `source[0].fields.host` → where its value is.
    places: BTreeMap<String, Range<usize>>,
}

impl Document {
    /// Reads `text` as a `T`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the syntax or, if that is right, with the
    /// structure.
    pub fn read<T>(path: &Path, bytes: Vec<u8>) -> Result<(Self, T), Vec<Problem>>
    where
        T: DeserializeOwned + JsonSchema,
    {
        Self::read_as(path, bytes, &schemars::schema_for!(T).to_value())
    }

    /// Reads `text` as what has this JSON Schema.
    ///
    /// # Errors
    ///
    /// As [`Document::read`].
    pub fn read_as<T>(
        path: &Path,
        bytes: Vec<u8>,
        schema: &Value,
    ) -> Result<(Self, T), Vec<Problem>>
    where
        T: DeserializeOwned,
    {
        let (document, value, problems) = Self::read_all(path, bytes, schema)?;
        if problems.is_empty() { Ok((document, value)) } else { Err(problems) }
    }

    /// The same, with what is wrong with the structure beside the value, if there is one all the
    /// same: for who asks more of it and tells everything at once.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the syntax, or with the structure if that is no `T`.
    pub fn read_all<T>(
        path: &Path,
        bytes: Vec<u8>,
        schema: &Value,
    ) -> Result<(Self, T, Vec<Problem>), Vec<Problem>>
    where
        T: DeserializeOwned,
    {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let end = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let document = Self { path: path.to_owned(), text, places: BTreeMap::new() };
                return Err(vec![document.problem_at(Some(end..end), What::NotUtf8)]);
            }
        };
        let mut document = Self { path: path.to_owned(), text, places: BTreeMap::new() };
        let (table, errors) = DeTable::parse_recoverable(&document.text);
        if !errors.is_empty() {
            return Err(document.syntax(&errors));
        }
        let mut walk = Walk { root: schema, places: BTreeMap::new(), faults: Vec::new() };
        let span = table.span();
        walk.table(table.get_ref(), &span, schema, "");
        let Walk { places, faults, .. } = walk;
        let problem = |(span, what)| document.problem_at(Some(span), what);
        let mut problems: Vec<Problem> = faults.into_iter().map(problem).collect();
        problems.sort_by_key(|problem| (problem.line, problem.column));
        match toml::from_str(&document.text) {
            Ok(value) => {
                document.places = places;
                Ok((document, value, problems))
            }
            Err(_) if !problems.is_empty() => Err(problems),
            Err(error) => {
                let what = What::Toml(error.message().to_owned());
                Err(vec![document.problem_at(error.span(), what)])
            }
        }
    }

    /// What is wrong with the syntax. Behind a bracket that nobody closed everything is.
    fn syntax(&self, errors: &[toml::de::Error]) -> Vec<Problem> {
        let problem = |(index, error): (usize, &toml::de::Error)| {
            let open = error.span().and_then(|span| self.open_at(span.start));
            let error_text = error.message().to_owned();
            let what = match open {
                None => What::Toml(error_text),
                Some((bracket, line)) if index == 0 => {
                    What::Open { error: error_text, bracket, line }
                }
                Some(_) => return None,
            };
            Some(self.problem_at(error.span(), what))
        };
        let mut problems: Vec<Problem> = errors.iter().enumerate().filter_map(problem).collect();
        // What else is told of one place follows from the first.
        problems.dedup_by_key(|problem| (problem.line, problem.column));
        problems
    }

    /// The innermost bracket that is open at a place and stands on a line before it.
    fn open_at(&self, place: usize) -> Option<(&'static str, usize)> {
        let mut open = Vec::new();
        let tokens = Source::new(&self.text).lex().take_while(|token| token.span().start() < place);
        for token in tokens {
            let (kind, at) = (token.kind(), token.span().start());
            if kind == TokenKind::LeftCurlyBracket {
                open.push(("{", at));
            } else if kind == TokenKind::LeftSquareBracket {
                open.push(("[", at));
            } else {
                // One of the other sort closes nothing.
                let closed = match kind == TokenKind::RightCurlyBracket {
                    true => "{",
                    false if kind == TokenKind::RightSquareBracket => "[",
                    false => continue,
                };
                open.pop_if(|(bracket, _)| *bracket == closed);
            }
        }
        let (bracket, at) = open.pop()?;
        let line = self.line(at);
        (line < self.line(place)).then_some((bracket, line))
    }

    /// The line of a place, from 1.
    fn line(&self, place: usize) -> usize {
        let before = &self.text.as_bytes()[..place.min(self.text.len())];
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    /// A fault at the value of `key`, or of the nearest table above it.
    #[must_use]
    pub fn problem(&self, key: &str, what: What) -> Problem {
        let mut key = key;
        loop {
            if let Some(span) = self.places.get(key) {
                return self.problem_at(Some(span.clone()), what);
            }
            match key.rfind(['.', '[']) {
                Some(end) => key = &key[..end],
                None => return self.problem_at(None, what),
            }
        }
    }

    /// Where in the file the value of `key` begins, for keeping the order of
    /// what was written.
    #[must_use]
    pub fn position(&self, key: &str) -> usize {
        self.places.get(key).map_or(usize::MAX, |span| span.start)
    }

    /// True if a fault stands at the value of `key` or within it.
    #[must_use]
    pub fn is_within(&self, key: &str, problem: &Problem) -> bool {
        self.places.get(key).is_some_and(|span| {
            let end = Some(span.end.saturating_sub(1)..span.end);
            let [first, last] = [Some(span.clone()), end].map(|span| {
                let Problem { line, column, .. } = self.problem_at(span, What::Control);
                (line, column)
            });
            (first..=last).contains(&(problem.line, problem.column))
        })
    }

    fn problem_at(&self, span: Option<Range<usize>>, what: What) -> Problem {
        let at = span.map_or(0, |span| span.start.min(self.text.len()));
        let before = &self.text.as_bytes()[..at];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |lf| lf + 1);
        let line = self.line(at);
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
        Problem { path: self.path.clone(), line, column, what }
    }
}

/// Joins a table's path and a key of it; keys with dots are quoted.
#[must_use]
pub fn join(table: &str, key: &str) -> String {
    let quoted = if key.contains(['.', '[']) { format!("\"{key}\"") } else { key.to_owned() };
    if table.is_empty() { quoted } else { format!("{table}.{quoted}") }
}

type Fault = (Range<usize>, What);

/// Goes through values and their schemas side by side.
struct Walk<'s> {
    root: &'s Value,
    places: BTreeMap<String, Range<usize>>,
    faults: Vec<Fault>,
}

impl<'s> Walk<'s> {
    fn resolve(&self, schema: &'s Value) -> &'s Value {
        let target = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Value, path: &str) {
        let schema = self.resolve(schema);
        self.places.insert(path.to_owned(), value.span());
        if let Some(choices) = ["anyOf", "oneOf"].iter().find_map(|key| schema[key].as_array()) {
            return self.choice(value, choices, path);
        }
        let fault = mismatch(value.get_ref(), schema);
        if let Some(what) = fault {
            self.faults.push((value.span(), what));
            return;
        }
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, &value.span(), schema, path),
            DeValue::Array(array) => {
                for (index, item) in array.iter().enumerate() {
                    self.value(item, &schema["items"], &format!("{path}[{index}]"));
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }

    fn table(&mut self, table: &DeTable<'_>, span: &Range<usize>, schema: &'s Value, path: &str) {
        let schema = self.resolve(schema);
        let properties = schema["properties"].as_object();
        for (key, value) in table {
            let inner = join(path, key.get_ref());
            match properties.and_then(|properties| properties.get(key.get_ref().as_ref())) {
                Some(property) => self.value(value, property, &inner),
                None if schema["additionalProperties"].is_object() => {
                    self.value(value, &schema["additionalProperties"], &inner);
                }
                None if properties.is_none() => {}
                None => {
                    let expected = properties.into_iter().flat_map(|p| p.keys().cloned()).collect();
                    let found = key.get_ref().to_string();
                    let refused = What::refused(&found);
                    let what = refused.unwrap_or(What::UnknownKey { found, expected });
                    self.faults.push((key.span(), what));
                }
            }
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            if let Some(key) = required.as_str().filter(|key| !table.contains_key(*key)) {
                self.faults.push((span.clone(), What::MissingKey { key: join(path, key) }));
            }
        }
    }

    /// False if no value of this type fits, whatever it holds.
    fn could_be(&self, value: &DeValue<'_>, schema: &'s Value) -> bool {
        let schema = self.resolve(schema);
        match ["anyOf", "oneOf"].iter().find_map(|key| schema[key].as_array()) {
            Some(choices) => choices.iter().any(|choice| self.could_be(value, choice)),
            None => schema["type"].is_null() || is_type(value, &schema["type"]),
        }
    }

    /// One of several schemas must fit. If none does, the faults against the
    /// one that comes closest are reported.
    fn choice(&mut self, value: &Spanned<DeValue<'_>>, choices: &'s [Value], path: &str) {
        let mut best: Option<Vec<Fault>> = None;
        let mut words = Vec::new();
        for choice in choices {
            let choice = self.resolve(choice);
            words.extend(allowed_words(choice));
            if !self.could_be(value.get_ref(), choice) {
                continue;
            }
            let mut walk = Walk { root: self.root, places: BTreeMap::new(), faults: Vec::new() };
            walk.value(value, choice, path);
            if walk.faults.is_empty() {
                self.places.append(&mut walk.places);
                return;
            }
            if best.as_ref().is_none_or(|best| walk.faults.len() < best.len()) {
                best = Some(walk.faults);
            }
        }
        match (best, value.get_ref()) {
            (_, DeValue::String(found)) if !words.is_empty() => {
                let found = found.to_string();
                let refused = What::refused(&found);
                let what = refused.unwrap_or(What::NotOneOf { found, expected: words });
                self.faults.push((value.span(), what));
            }
            (Some(mut faults), _) => self.faults.append(&mut faults),
            (None, found) => {
                let expected = choices.iter().filter_map(|choice| {
                    self.resolve(choice)["type"].as_str().filter(|name| *name != "null")
                });
                let expected: BTreeSet<String> = expected.map(str::to_owned).collect();
                let expected = expected.into_iter().collect();
                self.faults.push((value.span(), What::Type { found: type_name(found), expected }));
            }
        }
    }
}

/// What is wrong with a value by itself.
fn mismatch(value: &DeValue<'_>, schema: &Value) -> Option<What> {
    if !schema["type"].is_null() && !is_type(value, &schema["type"]) {
        let names = type_names(&schema["type"]);
        let expected = names.into_iter().filter(|name| *name != "null").map(str::to_owned);
        return Some(What::Type { found: type_name(value), expected: expected.collect() });
    }
    let words = allowed_words(schema);
    // Texts go into records, which are single lines that people read.
    if let DeValue::String(found) = value
        && found.contains(char::is_control)
    {
        return Some(What::Control);
    }
    if let DeValue::String(found) = value
        && !words.is_empty()
        && !words.iter().any(|word| word == found)
    {
        return Some(What::NotOneOf { found: found.to_string(), expected: words });
    }
    if let (DeValue::Integer(found), Some(listed)) = (value, schema["enum"].as_array()) {
        let expected: Vec<String> = listed.iter().map(Value::to_string).collect();
        let number = i64::from_str_radix(found.as_str(), found.radix());
        let found = number.map_or_else(|_| found.to_string(), |number| number.to_string());
        return (!expected.contains(&found)).then_some(What::NumberNotOneOf { found, expected });
    }
    // Bounds of numbers are left to the types that enforce them: their
    // messages say why.
    let least = schema["minItems"].as_u64()?;
    let items = value.as_array()?.len() as u64;
    (items < least).then_some(What::TooFew { least })
}

fn allowed_words(schema: &Value) -> Vec<String> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    listed.chain(schema["const"].as_str()).map(str::to_owned).collect()
}

fn is_type(value: &DeValue<'_>, expected: &Value) -> bool {
    let found = type_name(value).0;
    let fits = |name: &&str| *name == found || (found == "integer" && *name == "number");
    type_names(expected).iter().any(fits)
}

/// The one or several types that a schema names.
fn type_names(types: &Value) -> Vec<&str> {
    match types.as_array() {
        Some(names) => names.iter().filter_map(Value::as_str).collect(),
        None => types.as_str().into_iter().collect(),
    }
}

/// The JSON Schema name of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeName(&'static str);

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            "object" => "table",
            other => other,
        })
    }
}

fn type_name(value: &DeValue<'_>) -> TypeName {
    TypeName(match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    })
}
