//! Texts in; the same laid out in columns of a terminal out. Hangul takes two.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns of the terminal that a plan takes at most.
pub(super) const TERMINAL: usize = 120;

/// A line, broken at blanks where it is too long; what follows is indented further.
pub(super) fn lines(text: &str, indent: usize) -> String {
    let more = indent + 2;
    let pieces = wrapped(text, TERMINAL - more);
    let mut laid = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        laid.push_str(&" ".repeat(if index == 0 { indent } else { more }));
        laid.push_str(piece);
        laid.push('\n');
    }
    laid
}

/// Pieces that each take at most so many columns. A word is broken only if it takes
/// more alone.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for part in broken(word, columns) {
            let Some(last) = pieces.last_mut() else { continue };
            if last.is_empty() {
                *last = part;
            } else if last.width() + 1 + part.width() <= columns {
                last.push(' ');
                last.push_str(&part);
            } else {
                pieces.push(part);
            }
        }
    }
    pieces
}

fn broken(word: &str, columns: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut width = 0;
    for letter in word.chars() {
        let of_letter = letter.width().unwrap_or(0);
        if width + of_letter > columns && width > 0 {
            parts.push(String::new());
            width = 0;
        }
        width += of_letter;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

/// Text that takes so many columns.
pub(in crate::cli) fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// Text that takes at most so many columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 0;
    let kept = text.chars().take_while(|letter| {
        width += letter.width().unwrap_or(0);
        width < columns
    });
    format!("{}…", kept.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_and_nothing_of_it_is_lost() {
        let text = "하나 둘셋 abcdefghijk lm";
        let pieces = wrapped(text, 8);
        assert_eq!(pieces, ["하나", "둘셋", "abcdefgh", "ijk lm"]);
        assert!(pieces.iter().all(|piece| piece.width() <= 8));
        assert_eq!(wrapped("", 8), [""]);
    }
}
