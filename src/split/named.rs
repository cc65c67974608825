//! The name of a field in; its letters and its words out, however it is written.
//!
//! ```text
//! 회원증 번호, 회원증_번호, 회원증(번호), ＭＥＭ＿ＮＯ, memNo2      회원증번호 … mem no
//! ```
//!
//! Source: Unicode, section 3.12 (Hangul syllables of several letters, as file systems and
//! programs of one maker write them).
//!
//! Not here: what a word says (`words`, `compose`).

/// A name, taken apart.
pub(super) struct Named {
    /// In small letters.
    pub(super) lower: String,
    /// Its letters and digits without what stands between.
    pub(super) joined: String,
    /// Runs of Latin letters and digits, in small letters: `접속IP` has the word `ip`, and
    /// `clientIp` two words.
    pub(super) words: Vec<String>,
    /// Its letters before brackets, and those in them.
    outside: String,
    inside: String,
}

impl Named {
    pub(super) fn new(name: &str) -> Named {
        let plain = plain(name);
        let lower = plain.to_lowercase();
        let joined = lower.chars().filter(|letter| letter.is_alphanumeric()).collect();
        let apart = humps_apart(&plain).to_lowercase();
        let words = apart.split(|letter: char| !letter.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let (mut outside, mut inside, mut depth) = (String::new(), String::new(), 0u32);
        for letter in lower.chars() {
            match letter {
                '(' | '[' | '<' | '{' => depth += 1,
                ')' | ']' | '>' | '}' => depth = depth.saturating_sub(1),
                _ if !letter.is_alphanumeric() => {}
                _ if depth > 0 => inside.push(letter),
                _ => outside.push(letter),
            }
        }
        Named { lower, joined, words, outside, inside }
    }

    /// True if a part of it stands somewhere in it.
    pub(super) fn has(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.joined.contains(part))
    }

    /// True if one of its words is in a list, also with a number behind it.
    pub(super) fn says(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| is_in(word, list))
    }

    /// Its letters without those in brackets: a unit or an example stands there.
    pub(super) fn outside(&self) -> &str {
        if self.outside.is_empty() { &self.joined } else { &self.outside }
    }

    /// All its letters; with brackets also those in them first, as `번호(회원)` means it.
    pub(super) fn readings(&self) -> [String; 3] {
        let turned = format!("{}{}", self.inside, self.outside);
        [self.joined.clone(), self.outside().to_owned(), turned]
    }
}

/// True if a word is in a list, or is but for a number behind it: `tel2`, but not `q1`.
pub(super) fn is_in(word: &str, list: &[&str]) -> bool {
    let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    list.contains(&word) || bare.len() > 1 && list.contains(&bare)
}

/// A name with a blank before every capital behind a small letter.
fn humps_apart(name: &str) -> String {
    let mut apart = String::with_capacity(name.len() + 4);
    let mut was_small = false;
    for letter in name.chars() {
        if was_small && letter.is_ascii_uppercase() {
            apart.push(' ');
        }
        was_small = letter.is_ascii_lowercase();
        apart.push(letter);
    }
    apart
}

/// Letters of full width are the usual ones, and syllables are one letter each.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        let narrow = match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0),
            _ => None,
        };
        let letter = narrow.unwrap_or(letter);
        match plain.chars().next_back().and_then(|last| syllable(last, letter)) {
            Some(joined) => {
                plain.pop();
                plain.push(joined);
            }
            None => plain.push(letter),
        }
    }
    plain
}

/// The syllable of two letters, if they make one.
fn syllable(first: char, second: char) -> Option<char> {
    let (first, second) = (u32::from(first), u32::from(second));
    match (first, second) {
        (0x1100..=0x1112, 0x1161..=0x1175) => {
            char::from_u32(0xac00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28)
        }
        (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (first - 0xac00).is_multiple_of(28) => {
            char::from_u32(first + second - 0x11a7)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        for name in [
            "회원증 번호",
            "회원증_번호",
            "[회원증] 번호",
            "회원증(번호)",
            "회원증\u{200b}번호",
            // As several letters.
            "\u{1112}\u{116c}\u{110b}\u{116f}\u{11ab}\u{110c}\u{1173}\u{11bc}\u{1107}\u{1165}\u{11ab}\u{1112}\u{1169}",
        ] {
            assert_eq!(Named::new(name).joined, "회원증번호", "{name}");
        }
        for name in ["memNo", "MEM_NO", "mem no", "ＭＥＭ＿ＮＯ", "(mem).no"] {
            assert_eq!(Named::new(name).words, ["mem", "no"], "{name}");
        }
    }

    #[test]
    fn a_number_behind_a_word_is_none_of_it() {
        assert!(is_in("tel2", &["tel"]) && is_in("ipv4", &["ipv4"]));
        assert!(!is_in("q1", &["q"]) && !is_in("telex", &["tel"]));
    }
}
