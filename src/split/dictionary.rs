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
//! Not here: personal data inside values, such as a name in a search word.

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

/// Parts of names that mark a secret. Never read, never written.
const FORBIDDEN: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "비밀번호",
    "암호",
    "비번",
    "패스워드",
    "pin번호",
    "photo",
    "사진",
    "본인인증",
    "인증값",
    "인증번호",
    "주민등록번호",
    "주민번호",
    "외국인등록번호",
    "residentnumber",
    "rrn",
    "지문",
    "홍채",
    "authorization",
];

/// Words that mark a secret: `pin` is part of `shipping`, and no word of it.
const FORBIDDEN_WORDS: &[&str] = &["pin", "ci", "di", "pw", "otp", "secret"];

/// Parts of names of columns that hold an address of a network.
const ADDRESS: &[&str] = &[
    "ip주소",
    "ipaddr",
    "remoteaddr",
    "clientaddr",
    "clienthost",
    "xforwardedfor",
    "xrealip",
    "아이피",
    "clientendpoint",
];
/// Words of such names.
const ADDRESS_WORDS: &[&str] = &["ip", "ipv4", "ipv6", "xff", "forwarded"];

/// Parts of names of columns that hold a MAC address.
const DEVICE: &[&str] =
    &["mac주소", "macaddr", "맥주소", "단말", "callingstationid", "clientidentifier"];
/// Words of such names.
const DEVICE_WORDS: &[&str] = &["mac", "bssid", "duid", "hwaddr"];

/// Parts of names of columns that tell a person, account or device.
const OTHER: &[&str] = &[
    "card",
    "카드",
    "borrower",
    "대출자",
    "이용자번호",
    "이용자id",
    "회원번호",
    "회원id",
    "memberno",
    "memberid",
    "userid",
    "username",
    "login",
    "아이디",
    "계정",
    "성명",
    "성함",
    "이름",
    "핸드폰",
    "휴대폰",
    "휴대전화",
    "전화",
    "연락처",
    "phone",
    "mobile",
    "email",
    "이메일",
    "생년",
    "birth",
    "주소",
    "address",
    "가족id",
    "familyid",
    "여권",
    "passport",
    "운전면허",
    "session",
    "cookie",
    "쿠키",
    "계좌",
    "account",
    "학번",
    "사번",
    "patron",
    "token",
    "imei",
    "adid",
    "deviceid",
    "hostname",
    "remoteuser",
    "sslclient",
    "avpair",
    "interfaceid",
    "imsi",
];
/// Words of such names.
const OTHER_WORDS: &[&str] = &["name", "tel", "hp", "ssn", "uid", "iaid", "identity"];

/// Parts and words of names of columns that hold a point in time.
const TIME: &[&str] = &["일시", "시각", "timestamp", "datetime"];
const TIME_WORDS: &[&str] = &["time"];

/// Names of durations that would be sessions or points in time by their parts.
const DURATION: &[&str] = &["acct-session-time", "acct-delay-time", "session-timeout"];

/// Words of names of columns that hold the address of a page.
const URL_WORDS: &[&str] = &[
    "url",
    "uri",
    "referer",
    "referrer",
    "request",
    "requestpath",
    "query",
    "filename",
    "location",
];

/// Parts of names of columns that hold a user agent.
const AGENT: &[&str] = &["agent", "사용자에이전트"];

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
    let name = name.to_lowercase();
    let joined: String = name.chars().filter(|letter| !matches!(letter, ' ' | '_' | '-')).collect();
    // A run of Latin letters and digits is a word: `접속IP` has the word `ip`.
    let words: Vec<&str> = name.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let has = |parts: &[&str]| parts.iter().any(|part| joined.contains(part));
    let says = |list: &[&str]| words.iter().any(|word| list.contains(word));
    // Forbidden first: `cookie.password` and `카드비밀번호` are both.
    if has(FORBIDDEN) || says(FORBIDDEN_WORDS) {
        return Class::Forbidden;
    }
    match name.as_str() {
        "host" | "address" | "peer" | "proxy.address" => Class::Identifier(Identifier::Address),
        "ident" | "user" | "cookie" => Class::Identifier(Identifier::Other),
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
        "start" | "end" => Class::Observation(Observation::Time),
        name if DURATION.contains(&name) => Class::Observation(Observation::Other),
        _ if name.starts_with("cookie.") => Class::Identifier(Identifier::Other),
        _ if has(ADDRESS) || says(ADDRESS_WORDS) => Class::Identifier(Identifier::Address),
        _ if has(DEVICE) || says(DEVICE_WORDS) => Class::Identifier(Identifier::Device),
        _ if has(AGENT) => Class::Observation(Observation::Agent),
        _ if has(OTHER) || says(OTHER_WORDS) => Class::Identifier(Identifier::Other),
        _ if has(TIME) || says(TIME_WORDS) => Class::Observation(Observation::Time),
        _ if says(URL_WORDS) => Class::Observation(Observation::Url),
        _ => Class::Observation(Observation::Other),
    }
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

    #[test]
    fn what_was_done_is_an_observation() {
        all(
            &["branch", "kdc", "status", "shipping", "구분", "분관"],
            Class::Observation(Observation::Other),
        );
    }
}
