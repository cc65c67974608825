//! A rule in; what kind of item its column is for the forms out.

use crate::config::plan::Source;
use crate::protect::Rule;
use crate::protect::technique::{Form, OfAddress, OfText, OfUrl, Technique};

/// Kinds of items (항목 유형).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It stands for a person, device or session (KEY).
    Key,
    /// One of some values (범주형).
    Category,
    /// A number or a time (수치형).
    Number,
    /// Text (텍스트).
    Text,
}

/// What kind of item a column is. Text that is kept is one of some values only if each
/// is of several persons.
pub(super) fn kind(source: &Source, rule: &Rule) -> Kind {
    let set = source.assess.as_ref();
    let is_counted = set.is_some_and(|set| set.value_persons_min.contains_key(&rule.name))
        || rule.refinement.rare.is_some();
    match &rule.technique {
        Technique::KeepText if !is_counted => Kind::Text,
        Technique::Identifier(..) | Technique::Address(OfAddress::Preserve(_)) => Kind::Key,
        Technique::Url(OfUrl::Path | OfUrl::Query(_))
        | Technique::Text(OfText::First(_) | OfText::Mask(_)) => Kind::Text,
        Technique::KeepText
        | Technique::Address(_)
        | Technique::Device(_)
        | Technique::Time(..)
        | Technique::Number(..)
        | Technique::Url(_)
        | Technique::Agent(_)
        | Technique::Text(_)
        | Technique::Category(_) => match rule.form() {
            Form::Integer | Form::Time => Kind::Number,
            Form::Text | Form::Flag | Form::Pseudonym(..) => Kind::Category,
        },
    }
}

impl Kind {
    /// Its Korean name (항목 유형).
    #[must_use]
    pub fn korean(self) -> &'static str {
        match self {
            Self::Key => "KEY",
            Self::Category => "범주형",
            Self::Number => "수치형",
            Self::Text => "텍스트",
        }
    }

    /// Its English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Category => "category",
            Self::Number => "number",
            Self::Text => "text",
        }
    }
}
