//! A URL, request target or referer in; parts of it that name nobody out.
//!
//! Source: RFC 3986 section 3; RFC 9112 section 3.2 for request targets.
//!
//! Not here: templates of paths, personal data inside paths.

/// What stands before the query, the fragment and path parameters.
///
/// Path parameters go because `;jsessionid=` is one. User information in an
/// address (`https://kim:secret@…`) goes with everything up to the `@`.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::url::path;
///
/// assert_eq!(path(b"/search?q=kim#top"), b"/search");
/// assert_eq!(path(b"/view;jsessionid=F00D?id=7"), b"/view");
/// ```
#[must_use]
pub fn path(url: &[u8]) -> &[u8] {
    let end = memchr::memchr3(b'?', b'#', b';', url).unwrap_or(url.len());
    let url = &url[..end];
    if url.first() == Some(&b'/') {
        return url;
    }
    match memchr::memchr_iter(b':', url).find(|&at| url[at..].starts_with(b"://")) {
        Some(scheme) => {
            let host = scheme + 3;
            let authority_end =
                memchr::memchr(b'/', &url[host..]).map_or(url.len(), |at| host + at);
            match memchr::memrchr(b'@', &url[host..authority_end]) {
                Some(at) => &url[host + at + 1..],
                None => url,
            }
        }
        None => url,
    }
}

/// Writes `name=value` pairs of the query whose names are in `allowed`, in the
/// order of `allowed`, joined by `&`; the first of several of a name. Leaves
/// `out` empty if there is none.
pub fn query(url: &[u8], allowed: &[String], out: &mut Vec<u8>) {
    out.clear();
    let Some(start) = memchr::memchr(b'?', url) else { return };
    let query = &url[start + 1..];
    let query = &query[..memchr::memchr(b'#', query).unwrap_or(query.len())];
    for name in allowed {
        let found = query.split(|&byte| byte == b'&').find_map(|pair| {
            pair.strip_prefix(name.as_bytes()).filter(|rest| rest.first() == Some(&b'='))
        });
        if let Some(value) = found {
            if !out.is_empty() {
                out.push(b'&');
            }
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn referers_keep_scheme_and_host() {
        assert_eq!(path(b"https://example.kr/a/b?c=d"), b"https://example.kr/a/b");
        assert_eq!(path(b"https://example.kr"), b"https://example.kr");
    }

    #[test]
    fn user_information_is_dropped() {
        assert_eq!(path(b"https://kim:secret@example.kr/a"), b"example.kr/a");
        assert_eq!(path(b"https://example.kr/@kim"), b"https://example.kr/@kim");
    }

    #[test]
    fn only_allowed_parameters_stay_and_in_the_listed_order() {
        let allowed = ["kdc".to_owned(), "page".to_owned()];
        let mut out = Vec::new();
        query(b"/s?page=2&q=kim&kdc=810&kdc=999#kdc=1", &allowed, &mut out);
        assert_eq!(out, b"kdc=810&page=2");
        query(b"/s?xkdc=1&kdcx=2&kdc", &allowed, &mut out);
        assert_eq!(out, b"");
        query(b"/s", &allowed, &mut out);
        assert_eq!(out, b"");
    }
}
