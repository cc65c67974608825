//! Phrases with gaps and their Korean in; what the program says, in Korean, out.
//!
//! The auditors' page looks them up in the same way (`page/show/words.js`).

use regex::Regex;

/// What the program says, and in Korean. `{}` stands for one word that differs, `{*}` for
/// several: they are looked up themselves. `{=}` stands for a name or a number, which is nobody's
/// word but its own. All keep their order.
pub(super) type Pairs = [(&'static str, &'static str)];

/// A gap.
const GAP: &str = r"\{[*=]?\}";
/// Phrases within phrases that are looked up.
pub(super) const DEPTH: usize = 4;
/// Letters of a text that is looked up: a browser takes its time with what strangers wrote.
pub(super) const LONGEST: usize = 500;

/// Phrases to look up; of several that fit, the first.
pub(super) struct Phrases(Vec<Phrase>);

/// A phrase as something to look for, and what stands between its gaps in Korean.
struct Phrase {
    form: Regex,
    /// What stands before each gap, and whether that is looked up.
    gaps: Vec<(&'static str, bool)>,
    /// What stands behind the last.
    end: &'static str,
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
        for Phrase { form, gaps, end } in &self.0 {
            let Some(found) = form.captures(text) else { continue };
            let mut told = String::new();
            for ((before, is_phrase), gap) in gaps.iter().zip(found.iter().skip(1).flatten()) {
                told.push_str(before);
                let gap = gap.as_str();
                told.push_str(&if *is_phrase { within(gap, left) } else { gap.to_owned() });
            }
            return told + end;
        }
        text.to_owned()
    }

    /// That every phrase has a form, and the same gaps in Korean.
    #[cfg(test)]
    pub(super) fn are_those_of(&self, pairs: &Pairs) {
        assert_eq!(self.0.len(), pairs.len());
        let gap = Regex::new(GAP).unwrap();
        for ((english, korean), Phrase { form, gaps, .. }) in pairs.iter().zip(&self.0) {
            let [english_gaps, korean_gaps] = [english, korean]
                .map(|text| gap.find_iter(text).map(|gap| gap.as_str()).collect::<Vec<_>>());
            assert_eq!(english_gaps, korean_gaps, "{english}");
            assert_eq!(form.captures_len(), gaps.len() + 1, "{english}");
        }
    }
}

fn phrase((english, korean): &(&'static str, &'static str)) -> Option<Phrase> {
    let form = regex::escape(english).replace(r"\{\}", r"(\S+)");
    let form = form.replace(r"\{\*\}", "(.+)").replace(r"\{=\}", "(.+?)");
    let form = Regex::new(&format!("(?s)^{form}$")).ok()?;
    let mut gaps = Vec::new();
    let mut end = 0;
    for gap in Regex::new(GAP).ok()?.find_iter(korean) {
        gaps.push((&korean[end..gap.start()], gap.as_str() != "{=}"));
        end = gap.end();
    }
    Some(Phrase { form, gaps, end: &korean[end..] })
}
