//! The name of a field that tells who somebody is in; whether a value of it is one
//! person's alone, and whether it opens a session, out.
//!
//! Not here: which fields tell who somebody is (`dictionary`).

use super::dictionary::{Class, Identifier, class};
use super::named::Named;

/// Parts of names of identifiers whose values others have as well, or that are anything
/// that somebody wrote: that one stands in a table says nothing of a person.
const SHARED: &[&str] = &[
    "비고",
    "메모",
    "내용",
    "검색어",
    "comment",
    "keyword",
    "payload",
    "remark",
    "생년",
    "생일",
    "birth",
    "주소",
    "address",
    "juso",
    "connectinfo",
    "replymessage",
];
/// Words of such names.
const SHARED_WORDS: &[&str] = &[
    "memo",
    "note",
    "search",
    "srch",
    "srchwrd",
    "searchword",
    "sword",
    "stx",
    "kwd",
    "q",
    "body",
    "msg",
    "message",
    "lat",
    "lon",
    "lng",
    "gps",
    "addr",
    "brdt",
];

/// True if a value of an identifier is one person's, device's or account's, so that it
/// may stand nowhere else.
///
/// # Examples
///
/// ```
/// use gamyeong::split::person::is_singular;
///
/// assert!(is_singular("성명") && is_singular("host") && is_singular("cookie.JSESSIONID"));
/// assert!(!is_singular("비고") && !is_singular("생년월일") && !is_singular("도서관"));
/// ```
#[must_use]
pub fn is_singular(name: &str) -> bool {
    match class(name) {
        Class::Identifier(Identifier::Address | Identifier::Device) => true,
        Class::Identifier(Identifier::Other) => {
            let named = Named::new(name);
            !named.has(SHARED) && !named.says(SHARED_WORDS)
        }
        Class::Observation(_) | Class::Forbidden => false,
    }
}

/// Parts of names of what opens a session: who has its value may be that person until
/// it ends.
const SESSION: &[&str] = &["sess", "token", "세션", "jwt", "ticket", "remember"];
/// Words of such names.
const SESSION_WORDS: &[&str] = &["sid", "sso", "auth"];

/// True if the value of a field may open a session (세션 식별자).
///
/// # Examples
///
/// ```
/// use gamyeong::split::person::opens_session;
///
/// assert!(opens_session("cookie.JSESSIONID") && opens_session("cookie.connect.sid"));
/// assert!(!opens_session("cookie.lang") && !opens_session("Acct-Session-Time"));
/// ```
#[must_use]
pub fn opens_session(name: &str) -> bool {
    let named = Named::new(name);
    matches!(class(name), Class::Identifier(_)) && (named.has(SESSION) || named.says(SESSION_WORDS))
}
