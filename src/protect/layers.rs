//! A text in; what stands under what covers it out, level by level.
//!
//! ```text
//! %2539%2530  ─► %39%30 ─► 90       escapes: of URLs, logs, programs and HTML
//! 9‹U+200B›0  ─► 90                 letters without width, marks over others
//! ٩٠          ─► 90                 digits of other scripts
//! 900101⏎1    ─► 900101,1           line ends between digits
//! ```
//!
//! People and browsers see through each of them, and each may cover another. All is
//! undone that can be, also what would change the meaning of a URL: what comes out is
//! searched and never released.
//!
//! Source: RFC 3986, section 2.1; ECMA-262, annex B (`%uHHHH`); WHATWG HTML, character
//! references; Unicode 14, general category Nd, and 5.2 (default-ignorable code points).
//!
//! Not here: what is found there (`scan`); which text a column has (`text`).

use encoding_rs::EUC_KR;

/// Levels that are looked through. Of a text with more of them nothing may stay: nobody
/// escapes so often but to hide.
pub(crate) const LEVELS: usize = 4;

/// What stands in a text below its surface.
pub(crate) struct Layers {
    /// Level by level, from the first below the surface on; mostly none.
    pub(crate) texts: Vec<String>,
    /// There are more levels than [`LEVELS`].
    pub(crate) is_deeper: bool,
}

/// Looks through a text. Time is linear in its length.
pub(crate) fn layers(text: &str) -> Layers {
    let mut texts: Vec<String> = Vec::new();
    loop {
        let surface = texts.last().map_or(text, String::as_str);
        let Some(start) = first_cover(surface) else {
            return Layers { texts, is_deeper: false };
        };
        if texts.len() == LEVELS {
            return Layers { texts, is_deeper: true };
        }
        texts.push(uncovered(surface, start));
    }
}

/// True if nothing stands below the surface.
pub(crate) fn is_bare(text: &str) -> bool {
    first_cover(text).is_none()
}

/// What a cover stands for.
#[derive(Clone, Copy)]
enum Under {
    Byte(u8),
    Letter(char),
    Nothing,
}

fn first_cover(text: &str) -> Option<usize> {
    let could_be = |byte: u8| !byte.is_ascii_graphic() && byte != b' ' || b"%\\&".contains(&byte);
    let places = text.bytes().enumerate().filter(|(_, byte)| could_be(*byte));
    places.map(|(place, _)| place).find(|place| cover(text, *place).is_some())
}

/// The text without its covers, of which the first stands at `start`.
fn uncovered(text: &str, start: usize) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&bytes[..start]);
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let Some((under, width)) = cover(text, at) else {
            out.push(byte);
            at += 1;
            continue;
        };
        match under {
            Under::Byte(byte) => out.push(byte),
            Under::Letter(letter) => {
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Under::Nothing => {}
        }
        at += width;
    }
    String::from_utf8(out).unwrap_or_else(|error| lossy(error.as_bytes()))
}

/// What the cover at `place` stands for, and its bytes; `None` if there is none. A place
/// inside a letter has none.
fn cover(text: &str, place: usize) -> Option<(Under, usize)> {
    let bytes = text.as_bytes();
    match bytes.get(place..)? {
        [b'%', b'u' | b'U', rest @ ..] | [b'\\', b'u', rest @ ..] => {
            Some((letter(hex(rest, 4)?)?, 6))
        }
        [b'%', rest @ ..] => Some((byte(rest)?, 3)),
        [b'\\', b'x', rest @ ..] => Some((byte(rest)?, 4)),
        [b'&', rest @ ..] => reference(rest).map(|(under, width)| (under, width + 1)),
        [b'\n' | b'\r', ..] => line_end(bytes, place).map(|width| (Under::Letter(','), width)),
        [b'\t', ..] => None,
        [control, ..] if control.is_ascii_control() => Some((Under::Nothing, 1)),
        [0x80..=0xff, ..] => {
            let letter = text.get(place..)?.chars().next()?;
            wide(letter).map(|under| (under, letter.len_utf8()))
        }
        _ => None,
    }
}

/// The value of so many hexadecimal digits.
fn hex(bytes: &[u8], digits: usize) -> Option<u32> {
    let digits = bytes.get(..digits)?;
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

fn byte(bytes: &[u8]) -> Option<Under> {
    u8::try_from(hex(bytes, 2)?).ok().map(Under::Byte)
}

/// A half of a pair is no letter, and stands for nothing that is looked for.
fn letter(code: u32) -> Option<Under> {
    char::from_u32(code).map(Under::Letter)
}

/// References by name that stand in numbers and addresses.
const NAMED: [(&[u8], Under); 20] = [
    (b"amp;", Under::Letter('&')),
    (b"nbsp;", Under::Letter(' ')),
    (b"ensp;", Under::Letter(' ')),
    (b"emsp;", Under::Letter(' ')),
    (b"thinsp;", Under::Letter(' ')),
    (b"ndash;", Under::Letter('-')),
    (b"mdash;", Under::Letter('-')),
    (b"horbar;", Under::Letter('-')),
    (b"hyphen;", Under::Letter('-')),
    (b"dash;", Under::Letter('-')),
    (b"minus;", Under::Letter('-')),
    (b"shy;", Under::Letter('-')),
    (b"lowbar;", Under::Letter('_')),
    (b"period;", Under::Letter('.')),
    (b"sol;", Under::Letter('/')),
    (b"comma;", Under::Letter(',')),
    (b"commat;", Under::Letter('@')),
    (b"percnt;", Under::Letter('%')),
    (b"zwj;", Under::Nothing),
    (b"zwnj;", Under::Nothing),
];

/// A character reference behind its `&`.
fn reference(bytes: &[u8]) -> Option<(Under, usize)> {
    /// Digits of the longest.
    const LONGEST: usize = 7;
    let Some(number) = bytes.strip_prefix(b"#") else {
        let named = NAMED.iter().find(|(name, _)| bytes.starts_with(name));
        return named.map(|(name, under)| (*under, name.len()));
    };
    let (radix, digits) = match number {
        [b'x' | b'X', digits @ ..] => (16, digits),
        digits => (10, digits),
    };
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let length = zeros + digits[zeros..].iter().take(LONGEST + 1).take_while(is_digit).count();
    let written = str::from_utf8(digits.get(..length)?).ok()?;
    let under = letter(u32::from_str_radix(written, radix).ok()?)?;
    // Browsers do without the semicolon.
    let end = usize::from(digits.get(length) == Some(&b';'));
    Some((under, bytes.len() - digits.len() + length + end))
}

/// Bytes of the line ends from `place` on, if the parts of a number stand on both sides.
fn line_end(bytes: &[u8], place: usize) -> Option<usize> {
    let is_part =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    if !is_part(bytes[..place].last()) {
        return None;
    }
    let is_end = |byte: &&u8| matches!(byte, b'\n' | b'\r');
    let width = bytes[place..].iter().take_while(is_end).count();
    is_part(bytes.get(place + width)).then_some(width)
}

/// Zeros of scripts, each followed by its nine other digits; but for those that `scan`
/// reads: ASCII and full-width.
const ZEROS: [u32; 64] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
    0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0,
    0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0,
    0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE,
    0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// What a letter that is not ASCII stands for, if not for itself.
fn wide(letter: char) -> Option<Under> {
    let code = u32::from(letter);
    match code {
        // Most are Hangul or Chinese.
        0x3165..=0x9FFF | 0xAC00..=0xD7FF => None,
        // Controls, marks over letters, what has no width, fillers, variants, tags.
        0x80..=0x9F
        | 0xAD
        | 0x300..=0x36F
        | 0x61C
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180F
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x1AB0..=0x1ACE
        | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20F0
        | 0xFE20..=0xFE2F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0
        | 0xFFF9..=0xFFFB
        | 0xE0000..=0xE0FFF => Some(Under::Nothing),
        // Blanks that `scan` does not know: Ogham's and Braille's.
        0x1680 | 0x2800 => Some(Under::Letter(' ')),
        0x2028 | 0x2029 => Some(Under::Letter('\n')),
        _ => {
            let script = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
            let digit = char::from_digit(code - ZEROS[script], 10)?;
            Some(Under::Letter(digit))
        }
    }
}

/// By whichever encoding says more of the bytes.
fn lossy(bytes: &[u8]) -> String {
    let utf8 = String::from_utf8_lossy(bytes);
    let (cp949, _) = EUC_KR.decode_without_bom_handling(bytes);
    let unread = |text: &str| text.chars().filter(|letter| *letter == '\u{FFFD}').count();
    // Digits and Latin letters are the same in both.
    if unread(&utf8) <= unread(&cp949) { utf8.into_owned() } else { cp949.into_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn hides(text: &str, levels: &[&str]) {
        let found = layers(text);
        let texts: Vec<&str> = found.texts.iter().map(String::as_str).collect();
        assert_eq!((texts.as_slice(), found.is_deeper), (levels, false), "{text}");
        assert_eq!(is_bare(text), levels.is_empty());
    }

    #[test]
    fn every_level_is_looked_at() {
        hides("%39%30-1", &["90-1"]);
        hides("%2539x", &["%39x", "9x"]);
        hides("us%2565r0003", &["us%65r0003", "user0003"]);
        hides("%25252539", &["%252539", "%2539", "%39", "9"]);
        hides(r"%u0039\u0030\x31", &["901"]);
        hides("&#45;&#x2D;&#45 &amp;#45;&nbsp;", &["--- &#45; ", "--- - "]);
        hides("%E2%80%8B9", &["\u{200b}9", "9"]);
        // In no encoding.
        hides("%ED9", &["\u{fffd}9"]);
        hides("%c7%d1", &["한"]);
    }

    #[test]
    fn what_has_no_width_is_nothing() {
        for letter in [
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2060}',
            '\u{feff}',
            '\u{fe0f}',
            '\u{ad}',
            '\u{336}',
            '\u{20e3}',
            '\u{e0020}',
            '\0',
            '\u{3164}',
        ] {
            hides(&format!("9{letter}0"), &["90"]);
        }
    }

    #[test]
    fn digits_of_other_scripts_are_digits() {
        hides("٠١٩ ۰۹ ०९ 𝟎𝟗𝟘𝟡 𝟶𝟿", &["019 09 09 0909 09"]);
        // Letters beside them are none.
        hides("ٟ٪߿॰ 가나 ０９ ①", &[]);
    }

    #[test]
    fn lines_end_inside_numbers() {
        hides("900101\n1234567", &["900101,1234567"]);
        hides("900101-\r\n1234567", &["900101-,1234567"]);
        hides("900101\u{2028}1234567", &["900101\n1234567", "900101,1234567"]);
        hides("900101\nabc\n1\n", &[]);
    }

    #[test]
    fn what_hides_nothing_is_bare() {
        for text in
            ["", "100%", "%zz", "a&b=c&#", r"C:\users", "한글 말\u{3000}글", "&nope;", "&#x;", "\t"]
        {
            hides(text, &[]);
        }
    }

    #[test]
    fn a_fifth_level_is_not_looked_at() {
        let text = "%25".to_owned() + &"25".repeat(3) + "39";
        let found = layers(&text);
        assert!(found.is_deeper && found.texts.len() == LEVELS, "{:?}", found.texts);
    }

    #[test]
    fn hostile_texts_are_linear() {
        for piece in ["%25", "%", "&", "&#", "&#9", "1\n", "\n", "\u{200b}", "\\u", "25"] {
            layers(&piece.repeat(200_000));
            layers(&("%".to_owned() + &piece.repeat(200_000)));
        }
    }

    proptest! {
        #[test]
        fn any_text_has_layers(text in "(%|25|39|[&#;\\\\xu\n]|[0-9]|\u{200b}|\u{660}|\\PC){0,30}") {
            let found = layers(&text);
            prop_assert_eq!(found.texts.is_empty(), is_bare(&text));
            let last = found.texts.last().unwrap_or(&text);
            prop_assert!(found.is_deeper || is_bare(last));
        }
    }
}
