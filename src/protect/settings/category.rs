//! Settings of categories.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Values and their categories: exactly one kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "must be { map = { value = \"category\" } }, { hierarchy = \"list.csv\", level = 1 } or { ready = \"kdc\", level = 1 }"
)]
pub enum Category {
    /// Written out in the pipeline file.
    Mapped(MappedCategory),
    /// In a file of the institution.
    Listed(ListedCategory),
    /// One that comes with the program.
    Ready(ReadyCategory),
}

/// Categories that are written out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappedCategory {
    /// Value → category. Values are compared as logged.
    pub map: BTreeMap<String, String>,
    /// Category of every value that `map` does not name. Null if absent.
    pub other: Option<String>,
}

/// Categories of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedCategory {
    /// File in the form of ARX's hierarchies: a line per value, then its category
    /// at each level, divided by `;` or `,`. UTF-8 or code page 949. From the
    /// institution's folder.
    pub hierarchy: String,
    /// Which level, from 1. Higher ones are coarser.
    #[schemars(range(min = 1, max = 32))]
    pub level: u32,
    /// Category of every value that the file does not name. Null if absent.
    pub other: Option<String>,
}

/// Categories that come with the program.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadyCategory {
    /// Which.
    pub ready: Ready,
    /// Which level, from 1. Higher ones are coarser.
    #[schemars(range(min = 1, max = 4))]
    pub level: u32,
    /// Category of every value that cannot be read. Null if absent.
    pub other: Option<String>,
}

/// The hierarchies that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ready {
    /// Class numbers of 한국십진분류법: 강 (`810 한국문학`), 류 (`800 문학`), all.
    Kdc,
    /// Years of age: five years, ten years, a time of life, all. 80 and above are
    /// one.
    Age,
    /// Korean addresses: 시·도, 권역, all.
    Region,
    /// Rooms of a library: their kind, all.
    Department,
}

impl Ready {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kdc => "kdc",
            Self::Age => "age",
            Self::Region => "region",
            Self::Department => "department",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Rule {
        category: Category,
    }

    fn category(text: &str) -> Option<Category> {
        toml::from_str(text).ok().map(|rule: Rule| rule.category)
    }

    #[test]
    fn the_table_of_old_still_works() {
        let found = category("category = { map = { A = '1층' }, other = '기타' }");
        let map = [("A".to_owned(), "1층".to_owned())].into();
        let expected = MappedCategory { map, other: Some("기타".into()) };
        assert_eq!(found, Some(Category::Mapped(expected)));
    }

    #[test]
    fn files_and_ready_ones_have_a_level() {
        let found = category("category = { hierarchy = 'lists/x.csv', level = 2 }");
        let listed = ListedCategory { hierarchy: "lists/x.csv".into(), level: 2, other: None };
        assert_eq!(found, Some(Category::Listed(listed)));
        for ready in [Ready::Kdc, Ready::Age, Ready::Region, Ready::Department] {
            let name = ready.name();
            let found = category(&format!("category = {{ ready = '{name}', level = 1 }}"));
            assert_eq!(
                found,
                Some(Category::Ready(ReadyCategory { ready, level: 1, other: None }))
            );
        }
        for refused in [
            "category = { hierarchy = 'x.csv' }",
            "category = { ready = 'ddc', level = 1 }",
            "category = { ready = 'kdc', hierarchy = 'x', level = 1 }",
            "category = { map = {}, level = 1 }",
            "category = 'kdc'",
        ] {
            assert_eq!(category(refused), None, "{refused}");
        }
    }

    #[test]
    fn the_schema_has_every_form() {
        let schema = serde_json::to_string(&schemars::schema_for!(Category)).unwrap();
        for name in ["map", "hierarchy", "level", "ready", "department"] {
            assert!(schema.contains(&format!("\"{name}\"")), "{name}");
        }
    }
}
