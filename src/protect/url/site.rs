//! A referer in; the site that it names out, as the domain that somebody
//! registered.
//!
//! ```text
//! https://kim@blog.lib.example.co.kr:8443/a?b  ─► example.co.kr
//! https://kim.github.io/                       ─► github.io
//! http://192.0.2.7/   http://kim-pc.lan/       ─► address
//! ```
//!
//! Source: RFC 3986, section 3.2 (authority); WHATWG URL, host parsing (numbers
//! as IPv4); Mozilla's Public Suffix List, as compiled into `psl`. Under a suffix
//! of its private part, each name is one customer, often one person: there the
//! suffix itself is the site.
//!
//! Not here: IDNA. A name in Unicode and the same in `xn--` are two sites.

use std::net::Ipv4Addr;

use psl::Type;

/// Site of hosts that are addresses, or names that only a network of its own
/// knows, such as `kim-pc.lan`. Either may stand for one machine.
pub const ADDRESS: &str = "address";

/// Bytes of a host name, at most: RFC 1035, section 2.3.4.
const NAME_MAX: usize = 253;

/// Writes the site of a URL in lower case, and answers false if it has no host:
/// a path, `-`, or a scheme other than `http` and `https`. `//host/path` has one.
/// User information and port are dropped. One pass.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::url::site::site;
///
/// let mut out = Vec::new();
/// assert!(site(b"https://kim:secret@WWW.Example.co.kr:8443/a?b=c", &mut out));
/// assert_eq!(out, b"example.co.kr");
/// assert!(!site(b"/a?b=https://example.kr", &mut Vec::new()));
/// ```
pub fn site(url: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(host) = host(url) else { return false };
    if host.starts_with(b"[") {
        out.extend_from_slice(ADDRESS.as_bytes());
        return true;
    }
    let host = host.strip_suffix(b".").unwrap_or(host);
    if host.is_empty() || host.len() > NAME_MAX {
        return false;
    }
    let Ok(host) = str::from_utf8(host) else { return false };
    let host = host.to_lowercase();
    if !host.split('.').all(is_label) {
        return false;
    }
    out.extend_from_slice(if is_address(&host) { ADDRESS } else { registered(&host) }.as_bytes());
    true
}

/// True for the bare name of a site, as servers log their own: of three parts or more, of
/// which the last are a public suffix. One of two parts may be an account (`minsu.kim`).
///
/// # Examples
///
/// ```
/// use gamyeong::protect::url::site::is_site;
///
/// assert!(is_site(b"www.lib.example.kr") && is_site(b"M.example.co.kr:8443"));
/// assert!(!is_site(b"minsu.kim") && !is_site(b"a@b.example.kr") && !is_site(b"192.0.2.7"));
/// ```
#[must_use]
pub fn is_site(name: &[u8]) -> bool {
    let end = memchr::memrchr(b':', name).unwrap_or(name.len());
    let (host, port) = name.split_at(end);
    if host.len() > NAME_MAX || memchr::memchr_iter(b'.', host).count() < 2 {
        return false;
    }
    let Ok(host) = str::from_utf8(host) else { return false };
    let host = host.to_lowercase();
    port.iter().skip(1).all(u8::is_ascii_digit)
        && host.split('.').all(is_label)
        && !is_address(&host)
        && registered(&host) != ADDRESS
}

/// The host with `[` of an IPv6 address, without user information and port.
fn host(url: &[u8]) -> Option<&[u8]> {
    let rest = match memchr::memchr(b':', url) {
        Some(colon) if is_web(&url[..colon]) => url[colon + 1..].strip_prefix(b"//")?,
        _ => url.strip_prefix(b"//")?,
    };
    // A `\` divides like a `/`: that is how browsers read it.
    let end = rest.iter().position(|byte| b"/?#\\".contains(byte)).unwrap_or(rest.len());
    let authority = &rest[..end];
    let start = memchr::memrchr(b'@', authority).map_or(0, |at| at + 1);
    let host = &authority[start..];
    if host.starts_with(b"[") {
        return memchr::memchr(b']', host).map(|close| &host[..=close]);
    }
    Some(&host[..memchr::memchr(b':', host).unwrap_or(host.len())])
}

fn is_web(scheme: &[u8]) -> bool {
    scheme.eq_ignore_ascii_case(b"https") || scheme.eq_ignore_ascii_case(b"http")
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c) || is_letter(c))
}

fn is_letter(c: char) -> bool {
    !c.is_ascii() && (c.is_alphanumeric() || matches!(c, '\u{200c}' | '\u{200d}' | '\u{b7}'))
}

/// An IPv4 address in any notation that browsers read: one whose last part is a
/// number.
fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let is_hex = last
        .strip_prefix("0x")
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_hex || last.bytes().all(|byte| byte.is_ascii_digit()) || host.parse::<Ipv4Addr>().is_ok()
}

fn registered(host: &str) -> &str {
    let Some(suffix) = psl::suffix(host.as_bytes()) else { return ADDRESS };
    let found = match suffix.typ() {
        None => return ADDRESS,
        Some(Type::Private) => suffix.as_bytes(),
        // A suffix by itself names nobody.
        Some(Type::Icann) => {
            psl::domain(host.as_bytes()).map_or(suffix.as_bytes(), |domain| domain.as_bytes())
        }
    };
    // Both are ends of the host that begin behind a dot.
    host.get(host.len() - found.len()..).unwrap_or(ADDRESS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn names(url: &str, expected: Option<&str>) {
        let mut out = Vec::new();
        let found = site(url.as_bytes(), &mut out).then(|| String::from_utf8(out).unwrap());
        assert_eq!(found.as_deref(), expected, "{url}");
    }

    #[test]
    fn a_site_is_what_was_registered() {
        names("https://example.co.kr/", Some("example.co.kr"));
        names("https://a.b.example.co.kr/a", Some("example.co.kr"));
        names("http://lib.seoul.go.kr?q=1", Some("seoul.go.kr"));
        names("HTTPS://M.Search.EXAMPLE.com", Some("example.com"));
        names("//www.example.ac.kr/a", Some("example.ac.kr"));
        names("https://go.kr/", Some("go.kr"));
        names("https://www.example.kr./", Some("example.kr"));
        // The rules `*.ck` and `!www.ck`.
        names("https://a.b.c.ck/", Some("b.c.ck"));
        names("https://a.www.ck/", Some("www.ck"));
    }

    #[test]
    fn customers_of_a_private_suffix_are_one() {
        names("https://kim.github.io/a", Some("github.io"));
        names("https://github.io/", Some("github.io"));
        names("https://a.kim.github.io/", Some("github.io"));
    }

    #[test]
    fn user_information_and_port_are_no_host() {
        names("https://kim:secret@example.kr:8443/@x", Some("example.kr"));
        names("https://kim@evil.com@example.kr/", Some("example.kr"));
        names("https://example.kr\\@evil.com/", Some("example.kr"));
        names("https://example.kr?@evil.com", Some("example.kr"));
        names("https://example.kr:", Some("example.kr"));
    }

    #[test]
    fn addresses_and_names_of_a_network_are_one() {
        for url in [
            "http://192.0.2.7/",
            "http://192.0.2.7:80",
            "http://[2001:db8::7]:80/",
            "http://3221225991/",
            "http://0xC0.0.2.0x7/",
            "http://localhost:8080/",
            "http://kim-pc.lan/",
            "http://pc_7/",
        ] {
            names(url, Some(ADDRESS));
        }
    }

    #[test]
    fn what_has_no_host_is_none() {
        for url in [
            "",
            "-",
            "/a",
            "/a?u=https://example.kr",
            "example.kr/a",
            "https:///a",
            "https://",
            "https:example.kr",
            "https://@/",
            "https://a..kr/",
            "https://exa mple.kr/",
            "android-app://com.example/",
            "data:text/html,a",
            "http://[2001:db8::7/",
            "https://exam%70le.kr/",
        ] {
            names(url, None);
        }
        names(&format!("https://{}.kr/", "a".repeat(300)), None);
        assert!(!site(b"https://\xff.kr/", &mut Vec::new()));
    }

    #[test]
    fn names_in_other_scripts_are_names() {
        names("https://www.도서관.한국/", Some("도서관.한국"));
        names("https://WWW.ÉCOLE.FR/", Some("école.fr"));
        names("https://www.xn--3e0bz6z.xn--3e0b707e/", Some("xn--3e0bz6z.xn--3e0b707e"));
    }

    #[test]
    fn hostile_urls_are_linear() {
        for piece in ["@", ":", "a.", "[", "//", "한."] {
            let url = format!("https://{}", piece.repeat(1_000_000));
            site(url.as_bytes(), &mut Vec::new());
        }
    }

    proptest! {
        #[test]
        fn what_is_before_the_registered_name_changes_nothing(
            before in "([a-z0-9]{1,8}\\.){0,3}", user in "([a-z:]{1,8}@)?", port in "(:[0-9]{1,5})?",
            path in "([/?#][ -~]{0,20})?",
        ) {
            let mut out = Vec::new();
            let url = format!("https://{user}{before}example.or.kr{port}{path}");
            prop_assert!(site(url.as_bytes(), &mut out));
            prop_assert_eq!(out, b"example.or.kr");
        }

        #[test]
        fn any_bytes_have_an_answer(url in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut out = Vec::new();
            let found = site(&url, &mut out);
            prop_assert_eq!(found, !out.is_empty());
            let mut web = b"http://".to_vec();
            web.extend(&url);
            out.clear();
            site(&web, &mut out);
            prop_assert!(str::from_utf8(&out).is_ok());
        }
    }
}
