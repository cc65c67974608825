//! Settings of parts of texts.

use schemars::JsonSchema;
use serde::Deserialize;

/// Characters or positions that may be given, at most.
pub const PLACES_MAX: u32 = 10_000;

/// What is kept of a text: exactly one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "must be { first = 3 } or { region = \"sido\" }")]
pub enum Partial {
    /// Its beginning.
    First(First),
    /// The region of an address.
    Region(RegionOf),
}

/// The beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// Characters that are kept, from 1 to 10,000. A text that has no more is kept
    /// whole.
    #[schemars(range(min = 1, max = 10_000))]
    pub first: u32,
}

/// The region of a Korean address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionOf {
    /// Which. Null where the address has none that is known.
    pub region: Region,
}

/// Regions of a Korean address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// 시·도, such as `서울특별시`.
    Sido,
    /// 시·군·구 with its 시·도, such as `서울특별시 강남구`.
    Sigungu,
}

/// Positions of a text that are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mask {
    /// The first character that is hidden, from 1.
    #[schemars(range(min = 1, max = 10_000))]
    pub from: u32,
    /// The last character that is hidden, `from` or more, at most 10,000.
    #[schemars(range(min = 1, max = 10_000))]
    pub to: u32,
    /// What stands in place of each. `*` if absent.
    #[serde(default = "star")]
    pub with: char,
}

fn star() -> char {
    '*'
}

/// Numbers that are not among those allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SenselessPart {
    #[error("`first` is {0}, must be 1 to {PLACES_MAX}")]
    First(u32),
    #[error("`from` is {0}, must be 1 to {PLACES_MAX}")]
    From(u32),
    #[error("`to` is {to}, must be {from} (`from`) to {PLACES_MAX}")]
    To { from: u32, to: u32 },
    #[error("`with` is a control character, must be one that can be seen")]
    With,
}

impl First {
    /// Says whether the number is among those allowed.
    ///
    /// # Errors
    ///
    /// It is 0 or above 10,000.
    pub fn check(self) -> Result<(), SenselessPart> {
        match self.first {
            1..=PLACES_MAX => Ok(()),
            found => Err(SenselessPart::First(found)),
        }
    }
}

impl Mask {
    /// Says whether the positions are among those allowed.
    ///
    /// # Errors
    ///
    /// `from` is 0 or above 10,000; `to` is below `from` or above 10,000; `with` is
    /// a control character.
    pub fn check(self) -> Result<(), SenselessPart> {
        let Self { from, to, with } = self;
        if !(1..=PLACES_MAX).contains(&from) {
            return Err(SenselessPart::From(from));
        }
        if !(from..=PLACES_MAX).contains(&to) {
            return Err(SenselessPart::To { from, to });
        }
        if with.is_control() { Err(SenselessPart::With) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Rule {
        partial: Option<Partial>,
        mask: Option<Mask>,
    }

    fn rule(text: &str) -> Option<Rule> {
        toml::from_str(text).ok()
    }

    #[test]
    fn parts_and_masks_are_tables() {
        let partial = |text: &str| rule(text).and_then(|rule| rule.partial);
        let first = Partial::First(First { first: 3 });
        assert_eq!(partial("partial = { first = 3 }"), Some(first));
        for (word, region) in [("sido", Region::Sido), ("sigungu", Region::Sigungu)] {
            let found = partial(&format!("partial = {{ region = '{word}' }}"));
            assert_eq!(found, Some(Partial::Region(RegionOf { region })));
        }
        let mask = rule("mask = { from = 2, to = 4 }").and_then(|rule| rule.mask);
        assert_eq!(mask, Some(Mask { from: 2, to: 4, with: '*' }));
        for refused in [
            "partial = { first = 3, region = 'sido' }",
            "partial = { first = -1 }",
            "partial = 'first'",
            "mask = { from = 2 }",
            "mask = { from = 2, to = 4, with = '##' }",
        ] {
            assert_eq!(rule(refused), None, "{refused}");
        }
    }

    #[test]
    fn numbers_have_limits() {
        use SenselessPart as E;
        assert_eq!(First { first: 1 }.check(), Ok(()));
        assert_eq!(First { first: 0 }.check(), Err(E::First(0)));
        let check = |from, to, with| Mask { from, to, with }.check();
        assert_eq!(check(1, 1, '*'), Ok(()));
        assert_eq!(check(0, 1, '*'), Err(E::From(0)));
        assert_eq!(check(3, 2, '*'), Err(E::To { from: 3, to: 2 }));
        assert_eq!(check(3, 20_000, '*'), Err(E::To { from: 3, to: 20_000 }));
        assert_eq!(check(3, 4, '\n'), Err(E::With));
    }

    #[test]
    fn the_schema_has_every_form() {
        let schema = serde_json::to_string(&schemars::schema_for!(Partial)).unwrap();
        for name in ["first", "region", "sido", "sigungu"] {
            assert!(schema.contains(&format!("\"{name}\"")), "{name}");
        }
    }
}
