//! A text in; its usual spelling, and the pieces of it that an identifier may be, out.
//!
//! Source: Unicode Standard Annex 15 (NFKC).
//!
//! Not here: which of them are known.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

/// A text as it is usually written: in small letters, each of usual width, and syllables of
/// one letter.
pub(super) fn usual(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        Cow::Owned(text.nfkc().collect::<String>().to_lowercase())
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Runs that are joined, at most.
pub(super) const SPAN: usize = 5;

/// Where runs of letters and digits begin and end. Latin ones and others are apart.
pub(super) fn runs(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let sort = |letter: char| (letter.is_alphanumeric(), letter.is_ascii());
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = letters.find(|(_, letter)| letter.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        while let Some((at, letter)) = letters.next_if(|(_, other)| sort(*other) == sort(first)) {
            end = at + letter.len_utf8();
        }
        Some((start, end))
    })
}

/// What may stand right behind a name: particles, and words that one is addressed by.
const PARTICLES: &str = "에게서 한테서 께서는 님께서 님에게 님한테 에게 한테 께서 님이 님은 님의 님을 님께 님도 님과 씨가 \
    씨는 씨의 씨를 씨도 이가 이는 이의 이를 이도 으로 이랑 하고 부터 까지 님 씨 군 양 이 가 은 는 을 를 의 에 와 과 도 만 \
    께 랑 로 야 아";

/// Korean names of three syllables or more that a word may be, with something behind them.
pub(super) fn without_particle(run: &str) -> impl Iterator<Item = &str> {
    /// Bytes of three syllables.
    const NAME: usize = 9;
    let names =
        PARTICLES.split_ascii_whitespace().filter_map(|particle| run.strip_suffix(particle));
    names.filter(|name| name.len() >= NAME)
}
