//! The name of a field in; how it relates to a person out.
//!
//! Fields of access logs are known. Columns of tables are recognised by the
//! Korean and English names that such systems use; a column that is not
//! recognised is an observation, and appears only if the pipeline lists it.
//!
//! MAC addresses stand in what DHCP and RADIUS identify devices by, so that is a
//! device as well. What an access point calls itself is none of a person's.
//!
//! Source: the item lists (수집 항목) of the two example institutions' privacy
//! policies; guideline, item dictionary.
//!
//! Not here: how a name is taken apart (`named`), names that are put together of two
//! (`compose`), personal data inside values, such as a name in a search word.

use super::compose::{counts_persons, tells_a_person};
use super::header::{self, Observed};
use super::named::{Named, is_in};
use super::words::{
    ADDRESS, ADDRESS_WORDS, AGENT, DEVICE, DEVICE_WORDS, DURATION, FORBIDDEN, FORBIDDEN_WORDS,
    OTHER, OTHER_WORDS, SETTINGS, THINGS, TIME, TIME_WORDS, URL_WORDS,
};

/// How a field relates to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Tells a person, account, device or session by itself (식별자): it may
    /// leave only as a pseudonym, or coarser.
    Identifier(Identifier),
    /// Says what was done, where, when or with what.
    Observation(Observation),
    /// A secret, a picture of a person or an identity-verification value:
    /// refused even if a pipeline lists it.
    Forbidden,
}

/// Kinds of identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier {
    /// An IP address, or a list of them.
    Address,
    /// A MAC address.
    Device,
    /// An account, card, session or anything else.
    Other,
}

/// Kinds of observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// A point in time.
    Time,
    /// A URL or request line: may hold names and search words, so it is
    /// never kept whole.
    Url,
    /// A user agent: nearly tells devices apart, so it is never kept whole.
    Agent,
    /// Anything else.
    Other,
}

/// How the field `name` relates to a person.
///
/// Spaces, underscores, hyphens and capitals do not matter.
///
/// # Examples
///
/// ```
/// use gamyeong::split::dictionary::{class, Class, Identifier};
///
/// assert_eq!(class("cookie.JSESSIONID"), Class::Identifier(Identifier::Other));
/// assert_eq!(class("카드 비밀번호"), Class::Forbidden);
/// ```
#[must_use]
pub fn class(name: &str) -> Class {
    let named = Named::new(name);
    let has = |parts: &[&str]| named.has(parts);
    let says = |list: &[&str]| named.says(list);
    // Forbidden first: `cookie.password` and `카드비밀번호` are both.
    if has(FORBIDDEN) || says(FORBIDDEN_WORDS) || named.joined == "주민" {
        return Class::Forbidden;
    }
    let of_header = header::class(name);
    if let Some(Observed::Known(class)) = of_header {
        return class;
    }
    if let Some(class) = of_log(&named.lower) {
        return class;
    }
    if counts_persons(&named) {
        return Class::Observation(Observation::Other);
    }
    if has(ADDRESS) || says(ADDRESS_WORDS) {
        Class::Identifier(Identifier::Address)
    } else if has(DEVICE) || says(DEVICE_WORDS) {
        Class::Identifier(Identifier::Device)
    } else if has(AGENT) {
        Class::Observation(Observation::Agent)
    } else if has(OTHER) || says_who(&named) || of_header == Some(Observed::Unknown) {
        Class::Identifier(Identifier::Other)
    } else if tells_a_person(&named)
        || matches!(name, "Class" | "State")
        || matches!(named.joined.as_str(), "id" | "acct")
        || named.lower.starts_with("x-")
    {
        // Two are opaque to all but who made them: RFC 2865, sections 5.24 and 5.25.
        Class::Identifier(Identifier::Other)
    } else if has(TIME) || says(TIME_WORDS) {
        Class::Observation(Observation::Time)
    } else if says(URL_WORDS) {
        Class::Observation(Observation::Url)
    } else {
        Class::Observation(Observation::Other)
    }
}

/// True if a word of a name tells who somebody is, or that anybody may write anything
/// there. The name of a thing is none, nor is how a search is made (`searchType`).
fn says_who(named: &Named) -> bool {
    let words = &named.words;
    let is_setting = words.last().is_some_and(|last| is_in(last, SETTINGS));
    (0..words.len()).filter(|place| is_in(&words[*place], OTHER_WORDS)).any(|place| {
        let before = place.checked_sub(1).map(|before| words[before].as_str());
        match words[place].as_str() {
            "name" | "nm" => before.is_none_or(|before| !THINGS.contains(&before)),
            "search" | "srch" => !is_setting,
            _ => true,
        }
    })
}

/// Fields of logs that their words would put elsewhere.
fn of_log(lower: &str) -> Option<Class> {
    Some(match lower {
        "host" | "address" | "peer" | "proxy.address" | "client" | "remote" | "src" | "c-dns" => {
            Class::Identifier(Identifier::Address)
        }
        "ident" | "user" | "cookie" | "c-port" => Class::Identifier(Identifier::Other),
        "request.method"
        | "request.protocol"
        | "status"
        | "size"
        | "server.address"
        | "server.name"
        | "server.hostname"
        | "s-ip"
        | "s-computername"
        | "s-sitename"
        | "request_processing_time"
        | "target_processing_time"
        | "response_processing_time"
        | "time-taken" => Class::Observation(Observation::Other),
        // The page's server, of a proxy for readers.
        "origin.address" | "r-host" => Class::Observation(Observation::Url),
        "start" | "end" => Class::Observation(Observation::Time),
        name if DURATION.contains(&name) => Class::Observation(Observation::Other),
        _ if lower.starts_with("cookie.") => Class::Identifier(Identifier::Other),
        _ => return None,
    })
}

/// True for a field that is the query of an address, without what stands before it.
///
/// # Examples
///
/// ```
/// use gamyeong::split::dictionary::is_query;
///
/// assert!(is_query("cs-uri-query") && is_query("request.query") && is_query("args"));
/// assert!(!is_query("request.target") && !is_query("cs-uri-stem"));
/// ```
#[must_use]
pub fn is_query(name: &str) -> bool {
    let name: String = name.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect();
    ["query", "querystring", "args"].iter().any(|end| name.ends_with(end))
}

/// True for a field of logs that is a whole number of something, and no point in time.
///
/// # Examples
///
/// ```
/// use gamyeong::split::dictionary::is_count;
///
/// assert!(is_count("size") && is_count("Acct-Session-Time"));
/// assert!(!is_count("time") && !is_count("권수"));
/// ```
#[must_use]
pub fn is_count(name: &str) -> bool {
    let lower = name.to_lowercase();
    COUNTS.contains(&lower.as_str()) || DURATION.contains(&lower.as_str())
}

/// Fields of logs that are whole numbers in every line.
const COUNTS: &[&str] = &[
    "status",
    "size",
    "sc-status",
    "sc-substatus",
    "sc-win32-status",
    "sc-bytes",
    "cs-bytes",
    "time-taken",
];

/// True for a name that the dictionary knows: it tells a header from data.
#[must_use]
pub fn is_known(name: &str) -> bool {
    class(name) != Class::Observation(Observation::Other)
}

/// True for what is no name of a field.
#[must_use]
pub fn is_data(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    name.is_empty()
        || name.trim_start_matches('@').contains('@')
        || name.matches(':').count() > 1
        // A path within a line of JSON: its keys are a program's words.
        || name.contains('.') && !name.is_ascii()
        || name.chars().count() > 60
        // A number of somebody's, whatever stands before it.
        || digits >= 6
        || 2 * digits > name.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all(names: &[&str], expected: Class) {
        for name in names {
            assert_eq!(class(name), expected, "{name}");
        }
    }

    #[test]
    fn secrets_are_forbidden_wherever_they_stand() {
        all(
            &[
                "패스워드",
                "주민등록 번호",
                "user_pw",
                "비밀번호",
                "카드비밀번호",
                "Password",
                "user_password",
                "PIN",
                "이용자사진",
                "본인인증값",
                "cookie.pwd",
                "CI",
                "주민등록번호",
            ],
            Class::Forbidden,
        );
    }

    /// `cs(From)` is a field of a header that nobody knows; this is not.
    #[test]
    fn a_unit_behind_a_korean_name_makes_it_no_header_field() {
        all(&["이용시간(분)", "금액(원)"], Class::Observation(Observation::Other));
        all(&["cs(From)", "연락처(휴대전화)"], Class::Identifier(Identifier::Other));
    }

    #[test]
    fn who_is_behind_a_row_is_an_identifier() {
        all(&["host", "xff", "client_ip", "IP주소"], Class::Identifier(Identifier::Address));
        all(
            &["mac", "단말_MAC", "MAC주소", "duid", "client_identifier", "Calling-Station-Id"],
            Class::Identifier(Identifier::Device),
        );
        all(
            &["ip", "Framed-IP-Address", "Framed-IPv6-Address", "Tunnel-Client-Endpoint"],
            Class::Identifier(Identifier::Address),
        );
        all(
            &[
                "hostname",
                "User-Name",
                "Stripped-User-Name",
                "Chargeable-User-Identity",
                "EAP-Identity",
                "3GPP-IMSI",
                "Acct-Session-Id",
                "Acct-Unique-Session-Id",
                "Framed-Interface-Id",
                "Cisco-AVPair",
                "session",
                "iaid",
            ],
            Class::Identifier(Identifier::Other),
        );
        all(
            &[
                "user",
                "cookie._ga",
                "대출자번호",
                "card_no",
                "이메일주소",
                "집주소",
                "생년월일",
                "회원번호",
            ],
            Class::Identifier(Identifier::Other),
        );
    }

    /// Found by a review: all of these could be kept.
    #[test]
    fn common_spellings_are_recognised() {
        all(&["접속IP", "접속_IP", "user-ip"], Class::Identifier(Identifier::Address));
        all(
            &["연락처", "학번", "회원 ID", "user_name", "name"],
            Class::Identifier(Identifier::Other),
        );
        all(&["접속일시", "loan_time"], Class::Observation(Observation::Time));
        all(&["user_agent"], Class::Observation(Observation::Agent));
        all(&["url", "page_url"], Class::Observation(Observation::Url));
    }

    #[test]
    fn what_networks_note_of_themselves_is_an_observation() {
        all(
            &[
                "ssid",
                "ap",
                "server",
                "interface",
                "event",
                "reason",
                "subnet",
                "lifetime",
                "prefix_len",
                "Called-Station-Id",
                "NAS-Identifier",
                "Acct-Session-Time",
                "Acct-Delay-Time",
                "Session-Timeout",
                "Acct-Input-Octets",
            ],
            Class::Observation(Observation::Other),
        );
        all(
            &["time", "start", "end", "Timestamp", "Event-Timestamp"],
            Class::Observation(Observation::Time),
        );
        all(&["User-Password", "CHAP-Password"], Class::Forbidden);
    }

    /// Found by a review of the names that formats give.
    #[test]
    fn what_anybody_may_put_into_a_header_is_an_identifier() {
        all(
            &[
                "header.from",
                "header.x-user",
                "cs(From)",
                "note.user",
                "env.auth_user",
                "attribute.user",
                "variable.ssl_client_s_dn",
                "http_user",
                "request.headers.From.0",
                "request_X-User",
                "TLSClientSubject",
                "response.etag",
                "resp_headers.Etag",
                "header.x-client-id",
                "uuid",
                "visitorId",
                "user.id",
                "mail",
                "Class",
                "c-port",
                "ClientPort",
                "remote_port",
                "msg",
                "request.tls.client_serial",
            ],
            Class::Identifier(Identifier::Other),
        );
        all(
            &["clientip", "clientIp", "ClientIP", "client", "env.remote_host", "srcip", "c-dns"],
            Class::Identifier(Identifier::Address),
        );
        all(&["header.x-api-key", "request.headers.X-Api-Key"], Class::Forbidden);
        all(
            &["header.origin", "RequestLine", "response.location", "r-host"],
            Class::Observation(Observation::Url),
        );
        all(&["ts", "StartUTC", "date_local", "msec"], Class::Observation(Observation::Time));
        all(&["header.sec-ch-ua", "cs(User-Agent)"], Class::Observation(Observation::Agent));
        all(
            &[
                "header.accept-language",
                "cs(Content-Type)",
                "request_Connection",
                "guide",
                "user_type",
                "class",
                "state",
            ],
            Class::Observation(Observation::Other),
        );
    }

    /// Found by a review: a search for `SIMPLE` was somebody's words.
    #[test]
    fn how_a_search_is_made_is_an_observation() {
        all(
            &[
                "searchType",
                "search_field",
                "searchOption",
                "searchSort",
                "searchCnd",
                "sort",
                "order",
            ],
            Class::Observation(Observation::Other),
        );
        all(
            &["search", "searchText", "searchWord", "searchKeyword", "searchValue", "q", "srchWrd"],
            Class::Identifier(Identifier::Other),
        );
    }

    /// Found by the same: `ID` could be kept, and `id` not.
    #[test]
    fn whoever_a_name_is_put_together_of_is_an_identifier() {
        all(
            &["ID", "Id", "id", "회원증번호", "MEM_NO", "custNo", "사용자", "tel2", "생일", "brdt"],
            Class::Identifier(Identifier::Other),
        );
        all(
            &[
                "방문자수",
                "프로그램명",
                "LIB_NM",
                "server_name",
                "book_name",
                "Class_Type",
                "우편번호",
                "좌석번호",
                "강의실번호",
                "청구기호",
                "KDC",
                "book_no",
                "status",
                "size",
            ],
            Class::Observation(Observation::Other),
        );
        all(&["rrno", "IHIDNUM", "user_pw2"], Class::Forbidden);
    }

    #[test]
    fn what_was_done_is_an_observation() {
        all(
            &["branch", "kdc", "status", "shipping", "구분", "분관"],
            Class::Observation(Observation::Other),
        );
    }
}
