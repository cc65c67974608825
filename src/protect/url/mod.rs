//! A URL, request target or referer in; parts of it that name nobody out.
//!
//! Source: RFC 3986 section 3; RFC 9112 section 3.2 for request targets.
//!
//! Not here: personal data inside paths.

use wide::u8x16;

pub mod learn;
pub mod segment;
pub mod site;
pub mod template;

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
    let url = &url[..first_of([b'?', b'#', b';'], url).unwrap_or(url.len())];
    if url.first() == Some(&b'/') {
        return url;
    }
    let Some(start) = authority(url) else {
        // A query by itself, and no address.
        return if memchr::memchr(b'=', url).is_some() { &[] } else { url };
    };
    let rest = &url[start..];
    match first_of([b'/', b'@', b'@'], rest) {
        Some(at) if rest[at] == b'@' => {
            let end = memchr::memchr(b'/', rest).unwrap_or(rest.len());
            let user_end = memchr::memrchr(b'@', &rest[..end]).unwrap_or(at);
            &rest[user_end + 1..]
        }
        _ => url,
    }
}

/// Where the authority of an address begins: behind the first `://`.
fn authority(url: &[u8]) -> Option<usize> {
    let usual = [b"https://".as_slice(), b"http://"].into_iter().find(|s| url.starts_with(s));
    usual.map(<[u8]>::len).or_else(|| {
        memchr::memchr_iter(b':', url).find(|&at| url[at..].starts_with(b"://")).map(|at| at + 3)
    })
}

/// The place of the first byte that is one of three. Sixteen at a time, in
/// line: addresses are short, and a call costs as much as the search.
#[inline]
fn first_of(wanted: [u8; 3], bytes: &[u8]) -> Option<usize> {
    let [a, b, c] = wanted.map(u8x16::splat);
    let in_block = |block: [u8; 16]| {
        let block = u8x16::new(block);
        let hits = (block.simd_eq(a) | block.simd_eq(b) | block.simd_eq(c)).to_bitmask();
        (hits != 0).then(|| hits.trailing_zeros() as usize)
    };
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (number, block) in blocks.iter().enumerate() {
        if let Some(at) = in_block(*block) {
            return Some(number * 16 + at);
        }
    }
    match bytes.last_chunk() {
        // What it has in common with the blocks has no hit.
        Some(last) => in_block(*last).map(|at| bytes.len() - 16 + at),
        None => rest.iter().position(|byte| wanted.contains(byte)),
    }
}

/// Writes `name=value` pairs of the query whose names are in `allowed`, in the
/// order of `allowed`, joined by `&`; the first of several of a name. Leaves
/// `out` empty if there is none. A query may stand by itself, without `?`, as in
/// `cs-uri-query` of IIS: what is no path and no address is one.
pub fn query(url: &[u8], allowed: &[String], out: &mut Vec<u8>) {
    out.clear();
    let query = match memchr::memchr(b'?', url) {
        Some(start) => &url[start + 1..],
        None if url.starts_with(b"/") || authority(url).is_some() => return,
        None => url,
    };
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
    use proptest::prelude::*;

    use super::*;

    /// The definition, byte by byte.
    fn path_by_definition(url: &str) -> &str {
        let url = url.split(['?', '#', ';']).next().unwrap_or_default();
        match url.split_once("://") {
            Some((_, rest)) if !url.starts_with('/') => {
                let authority = rest.split('/').next().unwrap_or_default();
                authority.rfind('@').map_or(url, |at| &rest[at + 1..])
            }
            _ if !url.starts_with('/') && !url.contains("://") && url.contains('=') => "",
            _ => url,
        }
    }

    proptest! {
        #[test]
        fn path_is_that_of_the_definition(
            url in "(https://|http://|app-1://|/|)[a-c@/:.=]{0,40}([?#;]|)[a-c@/:?;#]{0,20}",
        ) {
            prop_assert_eq!(path(url.as_bytes()), path_by_definition(&url).as_bytes());
        }

        #[test]
        fn the_first_of_three_is_found_at_every_place(bytes in prop::collection::vec(0u8..6, 0..70)) {
            let expected = bytes.iter().position(|byte| *byte < 3);
            prop_assert_eq!(first_of([0, 1, 2], &bytes), expected);
        }
    }

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
        for none in ["/s", "/kdc=1", "https://kdc=1", ""] {
            query(none.as_bytes(), &allowed, &mut out);
            assert_eq!(out, b"", "{none}");
        }
    }

    /// Found by a new user: logs that have the query apart gave nulls.
    #[test]
    fn a_query_by_itself_has_no_question_mark() {
        let mut out = Vec::new();
        query(b"page=2&q=kim", &["page".to_owned()], &mut out);
        assert_eq!(out, b"page=2");
    }
}
