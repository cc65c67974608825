//! Groups of digits in; bank account, or not, out.
//!
//! Banks write accounts in many ways and publish few, so 10 to 14 digits in up to four
//! groups are one only near a bank: behind `account=` or 계좌, behind the name of a
//! bank, or with the name of a bank right behind.
//!
//! Source: 금융결제원, 금융기관 공동코드 (names of banks).
//!
//! Not here: accounts without a bank.

use super::context::{View, digit};
use super::number::{Gap, Number, is_ean};
use super::words::contains;
use super::{Hit, Kind};

/// Fewest and most digits.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=14;

/// Most groups.
const GROUPS: usize = 4;

pub(super) const KEYS: [&str; 9] =
    ["account", "acct", "acnt", "accno", "bankno", "banknum", "gyejwa", "acc", "bank"];

/// Words of which one is enough.
pub(super) const WORDS: [&str; 17] = [
    "계좌",
    "입금",
    "송금",
    "이체",
    "예금주",
    "은행",
    "뱅크",
    "농협",
    "수협",
    "신협",
    "새마을금고",
    "우체국",
    "저축",
    "환불",
    "bank",
    "account no",
    "account number",
];

/// Banks whose names are words as well: only right before a number in groups.
const SHORT: [&str; 14] = [
    "국민",
    "신한",
    "우리",
    "하나",
    "기업",
    "토스",
    "카카오",
    "케이",
    "씨티",
    "제일",
    "부산",
    "대구",
    "산업",
    "KB",
];

/// Bytes behind a number in which a bank is named.
const BEHIND: usize = 24;

/// The account that begins with the first group.
pub(super) fn at(view: View<'_>, number: &Number) -> Option<Hit> {
    let groups = extent(view, number)?;
    let (start, end) = (number.start(), number.end(groups));
    let digits = number.digits(groups);
    let is_isbn = is_ean(digits) && matches!(digits, [9, 7, 8 | 9, ..]);
    if view.is_word_before(start) || view.is_number_before(start) || is_isbn {
        return None;
    }
    let is_account = is_at_bank(view, start)
        || (groups > 1 && (is_behind_short(view, start) || is_bank_behind(view, end)));
    is_account.then_some(Hit { kind: Kind::Account, span: start..end })
}

/// The most groups that have as many digits as an account, no letter behind them,
/// and nothing in common with a resident number.
fn extent(view: View<'_>, number: &Number) -> Option<usize> {
    let groups = number.groups();
    if number.digits(groups.len()).len() < *DIGITS.start() {
        return None;
    }
    let mut found = None;
    for (place, group) in groups.iter().take(GROUPS).enumerate() {
        let next = groups.get(place + 1);
        // What stands before the hyphen of a resident number ends it.
        if next.is_some_and(|next| (group.length, next.length) == (6, 7)) {
            break;
        }
        let is_length = DIGITS.contains(&number.digits(place + 1).len());
        if is_length && !view.is_word_at(group.end) {
            found = Some(place + 1);
        }
        if group.gap != Gap::Hyphen {
            break;
        }
    }
    found
}

/// True if a key or a word says that it is an account.
fn is_at_bank(view: View<'_>, start: usize) -> bool {
    // The tree, a frequent word of titles.
    view.is_about(start, &KEYS, &WORDS) && !view.is_near(start, &["은행나무"])
}

/// True if the short name of a bank stands right before.
fn is_behind_short(view: View<'_>, start: usize) -> bool {
    let before = view.window(start);
    let before = match before {
        [before @ .., b' ' | b'+' | b':' | b')' | b'-'] | before => before,
    };
    SHORT.iter().any(|bank| before.ends_with(bank.as_bytes()))
}

/// True if the name of a bank stands right behind, with nothing but blanks,
/// brackets and the rest of its name in between.
fn is_bank_behind(view: View<'_>, end: usize) -> bool {
    let behind = view.from(end);
    let behind = &behind[..behind.len().min(BEHIND)];
    let start = behind.iter().take_while(|byte| matches!(byte, b' ' | b'(' | b'+' | b',')).count();
    let name = &behind[start..];
    // A word: to the first byte of ASCII, or of a full-width digit.
    let length = name
        .iter()
        .enumerate()
        .position(|(place, byte)| byte.is_ascii() || digit(&name[place..]).is_some())
        .unwrap_or(name.len());
    ["은행", "뱅크", "농협", "우체국", "새마을금고", "신협", "수협"]
        .iter()
        .any(|bank| contains(&name[..length], bank.as_bytes()))
}
