//! A ZIP file in; whether it can be read as a workbook within bounds, out.
//!
//! Every part is decompressed once before anything of it is believed: the sizes
//! that a ZIP file gives are what somebody wrote there.
//!
//! Source: ECMA-376 part 2, Open Packaging Conventions; PKWARE APPNOTE.
//!
//! Not here: what the parts say (`workbook`).

use std::fs::File;
use std::io::{BufReader, Read, Seek as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Fault;
use crate::source::{EXPANSION_FREE_BYTES, EXPANSION_RATIO};

/// The most that a part which is read into memory may have: all but sheets, and
/// so the words of all sheets.
pub(super) const PART_BYTES: u64 = 128 << 20;

/// The most parts of a workbook. Those of people have dozens.
const PARTS: usize = 10_000;

/// What a compound file begins with: an encrypted workbook is one.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";

/// How many different words the table of words is said to have. A reader makes
/// room for as many at once.
const COUNT: &[u8] = b"uniqueCount";

/// What a file that is no workbook is not.
pub(super) const FORMAT: &str = "a workbook (.xlsx) that is whole";

/// Refuses a file of so many bytes that is no workbook, or that is one of which
/// reading would take more memory or time than its size gives reason for.
pub(super) fn check(file: &mut File, stored: u64) -> Result<(), Fault> {
    let no_workbook = |_| Fault::NotA { expected: FORMAT };
    let mut start = Vec::new();
    file.by_ref().take(4).read_to_end(&mut start).map_err(no_workbook)?;
    file.rewind().map_err(no_workbook)?;
    if start == COMPOUND {
        return Err(Fault::Sealed);
    }
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| refused(&error))?;
    if archive.len() > PARTS {
        return Err(Fault::Damaged { place: format!("more than {PARTS} parts") });
    }
    let mut given = 0;
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(|error| refused(&error))?;
        let name = part.name().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let is_sheet = name.replace('\\', "/").contains("worksheets/sheet");
        let has_words = name.ends_with("sharedstrings.xml");
        let before = given;
        let mut words = Vec::new();
        let mut piece = vec![0; 64 << 10];
        loop {
            let damaged = |_| Fault::Damaged { place: format!("part {}", number + 1) };
            let read = part.read(&mut piece).map_err(damaged)?;
            if read == 0 {
                break;
            }
            given += read as u64;
            if given > EXPANSION_FREE_BYTES && given > stored.saturating_mul(EXPANSION_RATIO) {
                return Err(Fault::Expands { stored, given });
            }
            if !is_sheet && given - before > PART_BYTES {
                return Err(Fault::Part { part: number + 1 });
            }
            if has_words {
                words.extend_from_slice(&piece[..read]);
            }
        }
        if !are_there(&words) {
            let place = format!("part {}, more words are said to be there than are", number + 1);
            return Err(Fault::Damaged { place });
        }
    }
    Ok(())
}

/// Whether the words that are said to be there can be: each takes some bytes.
fn are_there(words: &[u8]) -> bool {
    memchr::memmem::find_iter(words, COUNT).all(|at| {
        let rest = &words[at + COUNT.len()..];
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || b"=\"'+".contains(byte);
        let digits = rest.iter().skip_while(|byte| is_between(byte));
        let digits = digits.take_while(|byte| byte.is_ascii_digit());
        let count = digits.fold(0_usize, |count, digit| {
            count.saturating_mul(10).saturating_add(usize::from(digit - b'0'))
        });
        count <= words.len()
    })
}

fn refused(error: &ZipError) -> Fault {
    if matches!(error, ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) {
        Fault::Sealed
    } else {
        Fault::NotA { expected: FORMAT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_believed_if_there_is_room_for_them() {
        assert!(are_there(b""));
        assert!(are_there(b"<sst count=\"9\" uniqueCount=\"2\"><si><t>a</t></si>"));
        assert!(!are_there(b"<sst uniqueCount = '999999999'>"));
        assert!(!are_there(b"<sst uniqueCount=\"99999999999999999999999\">"));
    }
}
