//! The name of a field that tells who somebody is in; whether a value of it is one
//! person's alone, and whether it opens a session, out.
//!
//! Not here: which fields tell who somebody is (`dictionary`).

use super::dictionary::{Class, Identifier, class};
use super::header;
use super::named::{Named, is_in};

/// Parts of names of identifiers whose values others have as well, or that are anything
/// that somebody wrote: that one stands in a table says nothing of a person.
const SHARED: &[&str] =
    &["생년", "생일", "birth", "주소", "address", "juso", "connectinfo", "replymessage"];

/// Those in which somebody wrote anything.
const REMARKS: &[&str] =
    &["비고", "메모", "내용", "검색어", "comment", "keyword", "payload", "remark"];

/// Parts of names of addresses of electronic mail.
const MAIL: &[&str] = &["email", "mail", "메일", "eml"];

/// Words of such names.
const SHARED_WORDS: &[&str] = &["lat", "lon", "lng", "gps", "addr", "brdt"];

/// Those in which somebody wrote anything.
const REMARK_WORDS: &[&str] = &[
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
];

/// Words of names of cookies in which a site keeps how somebody likes it: that many have.
const LIKINGS: &[&str] = &[
    "agree", "banner", "close", "color", "consent", "country", "currency", "dark", "font",
    "fontsize", "lang", "language", "layer", "layout", "locale", "menu", "mode", "notice", "pop",
    "popup", "region", "site", "size", "skin", "sort", "tab", "theme", "timezone", "today", "tz",
    "view", "zoom",
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
/// assert!(!is_singular("cookie.lang") && !is_singular("cookie.popup_12"));
/// assert!(is_singular("cookie.user") && is_singular("cookie.회원") && is_singular("cookie._ga"));
/// ```
#[must_use]
pub fn is_singular(name: &str) -> bool {
    match class(name) {
        Class::Identifier(Identifier::Address | Identifier::Device) => true,
        Class::Identifier(Identifier::Other) => {
            let named = Named::new(name);
            // An address of electronic mail is no address that others live at.
            let is_shared = named.has(SHARED) || named.says(SHARED_WORDS) || says_anything(&named);
            let is_shared = is_shared && !named.has(MAIL);
            !is_shared && !is_liking(&named)
        }
        Class::Observation(_) | Class::Forbidden => false,
    }
}

/// True for a field in which somebody may have written anything.
///
/// # Examples
///
/// ```
/// use gamyeong::split::person::is_remark;
///
/// assert!(is_remark("비고") && is_remark("memo2") && !is_remark("성명"));
/// ```
#[must_use]
pub fn is_remark(name: &str) -> bool {
    says_anything(&Named::new(name))
}

fn says_anything(named: &Named) -> bool {
    named.has(REMARKS) || named.says(REMARK_WORDS)
}

/// True if the name of a field says whose its values are. One that nobody knows, and that
/// is an identifier because anything may be in it, says nothing.
///
/// # Examples
///
/// ```
/// use gamyeong::split::person::tells_who;
///
/// assert!(tells_who("cs-username") && tells_who("request.headers.X-User-Id"));
/// assert!(!tells_who("x-edge-location") && !tells_who("resp_headers.X-Powered-By"));
/// assert!(tells_who("message.user.id") && tells_who("payload.userid") && tells_who("이메일주소"));
/// assert!(tells_who("users") && tells_who("remote_host") && !tells_who("x_forwarded_host"));
/// ```
#[must_use]
pub fn tells_who(name: &str) -> bool {
    let one = name.strip_suffix('s').filter(|one| is_singular(one));
    let name = one.unwrap_or(name);
    // What a key says is not taken back by those around it: `message.user.id`.
    if let Some((around, last)) = name.rsplit_once('.').filter(|_| !name.starts_with("cookie.")) {
        let is_named = is_singular(last) && !matches!(last.to_lowercase().as_str(), "name" | "id");
        let pair = around.rsplit('.').next().map(|before| format!("{before}_{last}"));
        if !is_of_machine(name) && (is_named || pair.is_some_and(|pair| is_singular(&pair))) {
            return !is_jar(name);
        }
    }
    if !is_singular(name) || is_jar(name) || is_of_machine(name) {
        return false;
    }
    let lower = name.to_lowercase();
    let field = header::field_of(name, &lower);
    let unmarked = field.unwrap_or(&lower).strip_prefix("x-").or(field);
    unmarked.is_none_or(|bare| is_singular(bare) || opens_session(bare))
}

/// True for the name of what the institution's own machines are called, in logs whose fields
/// are named by whoever set them up: it stands in every address of their pages.
fn is_of_machine(name: &str) -> bool {
    let words = Named::new(name).words;
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_end = words.last().is_some_and(|last| matches!(last.as_str(), "host" | "hostname"));
    let is_from = says(&["remote", "client", "peer", "source", "src", "user", "dhcp", "device"]);
    let is_within = words.first().is_some_and(|first| MACHINES.contains(&first.as_str()));
    (is_end && !is_from) || is_within
}

/// What the first words of names of machines and programs are.
const MACHINES: &[&str] = &[
    "server",
    "upstream",
    "backend",
    "local",
    "listen",
    "kubernetes",
    "k8s",
    "container",
    "docker",
    "pod",
    "node",
    "cluster",
    "process",
    "service",
    "logger",
    "agent",
    "beat",
    "fluentd",
    "syslog",
];

/// True for a cookie of which every word says how somebody likes a site.
fn is_liking(named: &Named) -> bool {
    let Some(cookie) = named.lower.strip_prefix("cookie.") else { return false };
    let is_one = |word: &String| is_in(word, LIKINGS) || word.parse::<u64>().is_ok();
    cookie.is_ascii() && named.words.len() > 1 && named.words[1..].iter().all(is_one)
}

/// Words around which a field of all cookies is called so.
const JAR: &[&str] = &[
    "cookie", "cookies", "cs", "header", "headers", "http", "req", "request", "resp", "response",
    "sc", "set",
];

/// True for a field of all cookies in one.
///
/// # Examples
///
/// ```
/// use gamyeong::split::person::is_jar;
///
/// assert!(is_jar("cookie") && is_jar("cs(Cookie)") && is_jar("request.headers.Cookie"));
/// assert!(!is_jar("cookie.JSESSIONID") && !is_jar("visitor_cookie"));
/// ```
#[must_use]
pub fn is_jar(name: &str) -> bool {
    let named = Named::new(name);
    let last = named.words.last().map(String::as_str);
    let is_around = |word: &String| JAR.contains(&word.as_str());
    matches!(last, Some("cookie" | "cookies"))
        && named.words.iter().all(is_around)
        && !named.lower.starts_with("cookie.")
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
