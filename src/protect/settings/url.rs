//! Settings of paths and sites.

use schemars::JsonSchema;
use serde::Deserialize;

/// Distinct persons of a learned template, at least.
pub const PERSONS_MIN: u32 = 2;

/// Distinct persons that may be asked of a learned template, at most: so many are
/// held for each path.
pub const PERSONS_MAX: u32 = 1_000;

/// Segments that may be looked at, at most.
pub const DEPTH_MAX: u32 = 32;

/// Segments that are looked at where none are given.
pub const DEPTH: u32 = 8;

/// What is kept of a URL or request line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "must be \"plain\", { templates = [\"/book/{id}\"] } or { learn = { persons_min = 5 } }"
)]
pub enum PathForm {
    /// A word.
    Word(PathWord),
    /// The template of a list that it matches.
    Listed(ListedPaths),
    /// A template that is found in the paths of the night.
    Learned(LearnedPaths),
}

/// What is kept of a URL or request line, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PathWord {
    /// The path, or the whole address of a referer, up to `?`, `#` or `;`.
    Plain,
}

/// Templates that the institution lists.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedPaths {
    /// Templates, of which the first that matches is taken. `{name}` stands for one
    /// segment, `*` at the end for any rest. A word in a template is kept as it is,
    /// so none should name a person.
    #[schemars(length(min = 1, max = 10_000))]
    pub templates: Vec<String>,
    /// What other paths become. `other` if absent.
    #[serde(default)]
    pub unlisted: Unlisted,
}

/// What paths become that no template matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unlisted {
    /// The text `other`.
    #[default]
    Other,
    /// Null.
    Null,
}

/// Templates that are found in the paths of the night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnedPaths {
    /// What is asked of them.
    pub learn: Learn,
}

/// What is asked of templates that are found in the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learn {
    /// Distinct persons that a template, and each word in it, must have, from 2 to
    /// 1,000. More of them hide more; there is no default, since it is a decision
    /// like `k_min`.
    #[schemars(range(min = 2, max = 1_000))]
    pub persons_min: u32,
    /// Segments of a path that are looked at, from 1 to 32; the rest becomes `*`.
    /// 8 if absent.
    #[serde(default = "depth")]
    #[schemars(range(min = 1, max = 32))]
    pub depth: u32,
}

fn depth() -> u32 {
    DEPTH
}

/// What is kept of a referer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Site {
    /// The domain that somebody registered, such as `example.co.kr`; `address` for
    /// IP addresses and names of a network of its own.
    Domain,
}

/// Numbers that are not among those allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SenselessLearn {
    #[error("`persons_min` is {0}, must be {PERSONS_MIN} to {PERSONS_MAX}")]
    Persons(u32),
    #[error("`depth` is {0}, must be 1 to {DEPTH_MAX}")]
    Depth(u32),
}

impl Learn {
    /// Says whether the numbers are among those allowed.
    ///
    /// # Errors
    ///
    /// `persons_min` is below 2 or above 1,000; `depth` is 0 or above 32.
    pub fn check(self) -> Result<(), SenselessLearn> {
        match self {
            Self { persons_min, .. } if !(PERSONS_MIN..=PERSONS_MAX).contains(&persons_min) => {
                Err(SenselessLearn::Persons(persons_min))
            }
            Self { depth, .. } if !(1..=DEPTH_MAX).contains(&depth) => {
                Err(SenselessLearn::Depth(depth))
            }
            Self { .. } => Ok(()),
        }
    }
}

impl PathForm {
    /// The path as it is, without templates.
    pub const PLAIN: Self = Self::Word(PathWord::Plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Rule {
        path: PathForm,
    }

    fn path(text: &str) -> Result<PathForm, String> {
        toml::from_str(text).map(|rule: Rule| rule.path).map_err(|fault| fault.to_string())
    }

    #[test]
    fn the_word_of_old_still_works() {
        assert_eq!(path("path = 'plain'"), Ok(PathForm::PLAIN));
    }

    #[test]
    fn lists_and_learning_are_tables() {
        let listed = path("path = { templates = ['/book/{id}'], unlisted = 'null' }").unwrap();
        let templates = vec!["/book/{id}".to_owned()];
        assert_eq!(listed, PathForm::Listed(ListedPaths { templates, unlisted: Unlisted::Null }));
        let learned = path("path = { learn = { persons_min = 5 } }").unwrap();
        let learn = Learn { persons_min: 5, depth: 8 };
        assert_eq!(learned, PathForm::Learned(LearnedPaths { learn }));
        for refused in [
            "path = 'plan'",
            "path = { templates = ['/a'], other = 'x' }",
            "path = { learn = { persons_min = 5, k = 3 } }",
            "path = { learn = { depth = 8 } }",
        ] {
            assert!(path(refused).unwrap_err().contains("must be \"plain\""), "{refused}");
        }
    }

    #[test]
    fn numbers_have_limits() {
        let check = |persons_min, depth| Learn { persons_min, depth }.check();
        assert_eq!(check(2, 1), Ok(()));
        assert_eq!(check(1_000, 32), Ok(()));
        assert_eq!(check(1, 8), Err(SenselessLearn::Persons(1)));
        assert_eq!(check(1_001, 8), Err(SenselessLearn::Persons(1_001)));
        assert_eq!(check(5, 0), Err(SenselessLearn::Depth(0)));
        assert_eq!(check(5, 33), Err(SenselessLearn::Depth(33)));
    }

    #[test]
    fn the_schema_has_every_form() {
        let schema = serde_json::to_string(&schemars::schema_for!(PathForm)).unwrap();
        for name in ["plain", "templates", "unlisted", "persons_min", "depth"] {
            assert!(schema.contains(name), "{name}");
        }
    }
}
