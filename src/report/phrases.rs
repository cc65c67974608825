//! Phrases with gaps and their Korean in; what the program says, in Korean, out.
//!
//! The auditors' page looks them up in the same way (`page/show/words.js`).

use regex::Regex;

/// What the program says, and in Korean. `{}` stands for one word that differs, `{*}` for
/// several: they are looked up themselves, and keep their order.
pub(super) type Pairs = [(&'static str, &'static str)];

/// Phrases within phrases that are looked up.
pub(super) const DEPTH: usize = 4;
/// Letters of a text that is looked up: a browser takes its time with what strangers wrote.
pub(super) const LONGEST: usize = 500;

/// Phrases to look up; of several that fit, the first.
pub(super) struct Phrases(Vec<Phrase>);

/// A phrase as something to look for, and what stands between its gaps in Korean.
struct Phrase {
    form: Regex,
    korean: Vec<&'static str>,
}

impl Phrases {
    pub(super) fn of(pairs: &Pairs) -> Self {
        Self(pairs.iter().filter_map(phrase).collect())
    }

    /// A text in Korean; as it stands if it is no phrase. What stands in gaps is looked up by
    /// `within`, as deep as is left of `depth`.
    pub(super) fn look_up(
        &self,
        text: &str,
        depth: usize,
        within: &dyn Fn(&str, usize) -> String,
    ) -> String {
        let Some(left) = depth.checked_sub(1) else { return text.to_owned() };
        for Phrase { form, korean } in &self.0 {
            let Some(found) = form.captures(text) else { continue };
            let gaps = found.iter().skip(1).flatten().map(|gap| within(gap.as_str(), left));
            let gaps = gaps.chain([String::new()]);
            return korean
                .iter()
                .zip(gaps)
                .flat_map(|(part, gap)| [(*part).to_owned(), gap])
                .collect();
        }
        text.to_owned()
    }

    /// That every phrase has a form, and as many gaps in Korean.
    #[cfg(test)]
    pub(super) fn are_those_of(&self, pairs: &Pairs) {
        assert_eq!(self.0.len(), pairs.len());
        for ((english, _), Phrase { form, korean }) in pairs.iter().zip(&self.0) {
            assert_eq!(form.captures_len(), korean.len(), "{english}");
        }
    }
}

fn phrase((english, korean): &(&'static str, &'static str)) -> Option<Phrase> {
    let form = regex::escape(english).replace(r"\{\*\}", "(.+)").replace(r"\{\}", r"(\S+)");
    let form = Regex::new(&format!("(?s)^{form}$")).ok()?;
    let korean = korean.split("{*}").flat_map(|part| part.split("{}")).collect();
    Some(Phrase { form, korean })
}
