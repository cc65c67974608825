//! The name of a field in; how it relates to a person out.
//!
//! Fields of access logs are known. Columns of tables are recognised by the
//! Korean and English names that such systems use; a column that is not
//! recognised is an observation, and appears only if the pipeline lists it.
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
    "pwd",
    "비밀번호",
    "암호",
    "비번",
    "pin번호",
    "photo",
    "사진",
    "본인인증",
    "인증값",
    "주민등록번호",
    "주민번호",
    "외국인등록번호",
    "resident_number",
    "rrn",
    "지문",
    "홍채",
];

/// Names that are a secret only as a whole: `pin` is part of `shipping`.
const FORBIDDEN_WHOLE: &[&str] = &["pin", "ci", "di", "pw", "passphrase"];

/// Parts of names of columns that hold an address of a network.
const ADDRESS: &[&str] = &["ip주소", "ip_address", "ipaddr", "client_ip", "remote_addr", "아이피"];

/// Parts of names of columns that hold a MAC address.
const DEVICE: &[&str] = &["mac", "맥주소", "단말"];

/// Parts of names of columns that tell a person or account.
const OTHER: &[&str] = &[
    "card",
    "카드",
    "borrower",
    "대출자",
    "이용자번호",
    "회원번호",
    "member_no",
    "member_id",
    "user_id",
    "userid",
    "login",
    "아이디",
    "성명",
    "이름",
    "name_of_user",
    "핸드폰",
    "휴대폰",
    "전화",
    "phone",
    "mobile",
    "email",
    "e-mail",
    "이메일",
    "생년월일",
    "birth",
    "주소",
    "address",
    "가족id",
    "family_id",
    "여권",
    "passport",
    "session",
    "cookie",
    "쿠키",
    "계좌",
    "account",
];

/// How the field `name` relates to a person.
///
/// # Examples
///
/// ```
/// use gamyeong::split::dictionary::{class, Class, Identifier};
///
/// assert_eq!(class("cookie.JSESSIONID"), Class::Identifier(Identifier::Other));
/// assert_eq!(class("카드비밀번호"), Class::Forbidden);
/// ```
#[must_use]
pub fn class(name: &str) -> Class {
    let name = name.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    // Forbidden first: `cookie.password` and `카드비밀번호` are both.
    if has(FORBIDDEN) || FORBIDDEN_WHOLE.contains(&name.rsplit('.').next().unwrap_or(&name)) {
        return Class::Forbidden;
    }
    match name.as_str() {
        "host" | "xff" | "ip" => Class::Identifier(Identifier::Address),
        "ident" | "user" | "cookie" => Class::Identifier(Identifier::Other),
        "time" => Class::Observation(Observation::Time),
        "request" | "request.target" | "referer" => Class::Observation(Observation::Url),
        "agent" => Class::Observation(Observation::Agent),
        "request.method" | "request.protocol" | "status" | "size" => {
            Class::Observation(Observation::Other)
        }
        _ if name.starts_with("cookie.") => Class::Identifier(Identifier::Other),
        _ if has(ADDRESS) => Class::Identifier(Identifier::Address),
        _ if has(DEVICE) => Class::Identifier(Identifier::Device),
        _ if has(OTHER) => Class::Identifier(Identifier::Other),
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
        all(&["mac", "단말_MAC", "MAC주소"], Class::Identifier(Identifier::Device));
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

    #[test]
    fn what_was_done_is_an_observation() {
        all(
            &["branch", "kdc", "status", "shipping", "구분", "분관"],
            Class::Observation(Observation::Other),
        );
    }
}
