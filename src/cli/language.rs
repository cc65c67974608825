//! Korean or English, for what is said to people.

use crate::pipeline::plan::Words;

/// The languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Language {
    /// The language of `LC_ALL`, `LC_MESSAGES` or `LANG`; English if none of
    /// them is Korean.
    #[must_use]
    pub fn of_environment() -> Self {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        let set = names.iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        if set.is_some_and(|value| value.starts_with("ko")) { Self::Ko } else { Self::En }
    }

    /// The text of this language.
    #[must_use]
    pub fn choose<'a>(self, korean: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Ko => korean,
            Self::En => english,
        }
    }

    /// The text of this language.
    #[must_use]
    pub fn of(self, words: &Words) -> &str {
        self.choose(&words.korean, &words.english)
    }
}
