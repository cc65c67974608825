//! A URL, request target or referer in; parts of it that name nobody out.
//!
//! Source: RFC 3986 section 3; RFC 9112 section 3.2 for request targets.
//!
//! Not here: personal data inside paths.

use std::borrow::Cow;

use wide::u8x16;

pub mod learn;
pub mod segment;
pub mod site;
pub mod template;

/// What stands before the query, the fragment and path parameters, without user
/// information.
///
/// Path parameters go because `;jsessionid=` is one. The marks that begin these parts do
/// so escaped as well: servers undo the escapes before or after they divide. User
/// information goes from whatever looks like an address (`https://kim:secret@…`,
/// `//kim@…`), also inside a path; scheme and host stay.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::url::path;
///
/// assert_eq!(&*path(b"/search?q=kim#top"), b"/search");
/// assert_eq!(&*path(b"/view%3Bjsessionid=F00D?id=7"), b"/view");
/// assert_eq!(&*path(b"https://kim:secret@example.kr/a"), b"https://example.kr/a");
/// assert_eq!(&*path(b"GET /search?q=kim HTTP/1.1"), b"/search");
/// ```
#[must_use]
pub fn path(url: &[u8]) -> Cow<'_, [u8]> {
    let url = target(url);
    let end = first_of([b'?', b'#', b';'], url).unwrap_or(url.len());
    let end = escaped_end(&url[..end]).unwrap_or(end);
    let (url, behind) = url.split_at(end);
    let is_path = url.first() == Some(&b'/');
    if !is_path && authority(url).is_none() && memchr::memchr(b'=', url).is_some() {
        // A query by itself, and no address.
        return Cow::Borrowed(&[]);
    }
    let is_cut = is_user_cut(behind);
    if is_cut || has_at(url) { without_users(url, is_cut).into() } else { url.into() }
}

/// The target of a request line, `GET /a?b=c HTTP/1.1`; what is none, as it is. Logs whose
/// fields are named by whoever set them up have lines where others have targets.
///
/// Source: RFC 9112, section 3.
fn target(line: &[u8]) -> &[u8] {
    /// Letters of the longest method that is registered, `UPDATEREDIRECTREF`.
    const METHOD: usize = 17;
    if !line.first().is_some_and(u8::is_ascii_uppercase) {
        return line;
    }
    let blank = line.iter().take(METHOD + 1).position(|byte| *byte == b' ');
    let Some((method, rest)) = blank.map(|blank| line.split_at(blank)) else { return line };
    let rest = rest.trim_ascii_start();
    let is_line = method.iter().all(u8::is_ascii_uppercase)
        && (matches!(rest.first(), Some(b'/' | b'*')) || authority(rest).is_some());
    if !is_line {
        return line;
    }
    let version = memchr::memrchr(b' ', rest).filter(|&at| rest[at + 1..].starts_with(b"HTTP/"));
    &rest[..version.unwrap_or(rest.len())]
}

/// True if an `@` stands there, escaped or not.
fn has_at(url: &[u8]) -> bool {
    memchr::memchr2_iter(b'@', b'%', url).any(|at| unit(&url[at..]).0 == b'@')
}

/// True if what was cut off may have begun inside user information, in which a `;` or an
/// escaped mark may stand.
fn is_user_cut(behind: &[u8]) -> bool {
    matches!(behind.first(), Some(b';' | b'%'))
        && has_at(&behind[..first_of([b'/', b'?', b'#'], behind).unwrap_or(behind.len())])
}

/// Where a `?`, `#` or `;` stands that is escaped, once or more often.
fn escaped_end(url: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'%', url).find(|&at| matches!(unit(&url[at..]).0, b'?' | b'#' | b';'))
}

/// The byte that bytes begin with, or that an escape stands for, and how many bytes it
/// takes: of `%2540`, an escape of an escape, `@` and five. There must be one.
fn unit(bytes: &[u8]) -> (u8, usize) {
    let escape = || {
        let digits = bytes.strip_prefix(b"%")?;
        let again = 2 * digits.chunks_exact(2).take_while(|pair| pair == b"25").count();
        let [high, low] = *digits.get(again..)?.first_chunk()?;
        let value = |digit| char::from(digit).to_digit(16);
        let byte = u8::try_from(value(high)? << 4 | value(low)?).ok()?;
        Some((byte, again + 3))
    };
    escape().unwrap_or((bytes[0], 1))
}

/// The same without what stands before the last `@` of each part that could be the
/// authority of an address: behind two slashes, or a colon and one, and where no path
/// begins. If one `is_cut` off before its `@`, all of it goes.
fn without_users(url: &[u8], is_cut: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(url.len());
    let mut start = (url.first() != Some(&b'/')).then_some(0);
    let (mut at, mut before) = (0, b' ');
    while at < url.len() {
        let (byte, width) = unit(&url[at..]);
        let written = &url[at..at + width];
        at += width;
        if let (b'@', Some(start)) = (byte, start) {
            out.truncate(start);
        } else {
            out.extend_from_slice(written);
        }
        // Browsers read a `\` as a slash. Whether it ends an authority is not agreed on, so
        // that more goes.
        if matches!(byte, b'/' | b'\\') && matches!(before, b'/' | b'\\' | b':') {
            start = Some(out.len());
        } else if written == b"/" {
            start = None;
        }
        before = byte;
    }
    if let (true, Some(start)) = (is_cut, start) {
        out.truncate(start);
    }
    out
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
    let url = target(url);
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

    /// The definition, part by part.
    fn path_by_definition(url: &str) -> String {
        let end = url.find(['?', '#', ';']).unwrap_or(url.len());
        let (url, behind) = url.split_at(end);
        if !url.starts_with('/') && !url.contains("://") && url.contains('=') {
            return String::new();
        }
        let parts: Vec<&str> = url.split('/').collect();
        let is_authority = |at: usize| match at {
            0 => true,
            1 => parts[0].ends_with(':'),
            _ => parts[at - 1].is_empty() || parts[at - 1].ends_with(':'),
        };
        let without_user = |(at, part): (usize, &&str)| {
            let rest = behind.split(['/', '?', '#']).next().unwrap_or_default();
            let is_cut = at + 1 == parts.len() && rest.starts_with(';') && rest.contains('@');
            match part.rfind('@').filter(|_| is_authority(at)) {
                _ if is_cut && is_authority(at) => String::new(),
                Some(user) => part[user + 1..].to_owned(),
                None => (*part).to_owned(),
            }
        };
        parts.iter().enumerate().map(without_user).collect::<Vec<_>>().join("/")
    }

    proptest! {
        #[test]
        fn path_is_that_of_the_definition(
            url in "(https://|http://|app-1://|/|)[a-c@/:.=]{0,40}([?#;]|)[a-c@/:?;#]{0,20}",
        ) {
            let found = String::from_utf8_lossy(&path(url.as_bytes())).into_owned();
            prop_assert_eq!(found, path_by_definition(&url));
        }

        #[test]
        fn the_first_of_three_is_found_at_every_place(bytes in prop::collection::vec(0u8..6, 0..70)) {
            let expected = bytes.iter().position(|byte| *byte < 3);
            prop_assert_eq!(first_of([0, 1, 2], &bytes), expected);
        }
    }

    #[track_caller]
    fn becomes(url: &str, expected: &str) {
        assert_eq!(String::from_utf8_lossy(&path(url.as_bytes())), expected, "{url}");
    }

    #[test]
    fn referers_keep_scheme_and_host() {
        becomes("https://example.kr/a/b?c=d", "https://example.kr/a/b");
        becomes("https://example.kr", "https://example.kr");
        becomes("https://kim:secret@example.kr/a", "https://example.kr/a");
        becomes("https://example.kr/@kim", "https://example.kr/@kim");
    }

    /// Found by a review: without a scheme it stayed.
    #[test]
    fn user_information_never_stays() {
        for url in [
            "//kim:secret@example.kr/a",
            "//kim%3Asecret%40example.kr/a",
            "//kim@secret@example.kr/a",
            "//kim%2Fsecret%2540example.kr/a",
            r"//kim\secret@example.kr/a",
        ] {
            becomes(url, "//example.kr/a");
            becomes(&format!("/go{url}"), "/go//example.kr/a");
            becomes(&format!("/go/https:{url}#x"), "/go/https://example.kr/a");
        }
        becomes(r"/\kim:secret@example.kr/a", r"/\example.kr/a");
        becomes("https:/kim:secret@example.kr/a", "https:/example.kr/a");
        becomes("/go/https:%2F%2Fkim:secret@example.kr%2Fa", "/go/https:%2F%2Fexample.kr%2Fa");
        becomes("kim:secret@example.kr:443", "example.kr:443");
        becomes("mailto:kim@example.kr", "example.kr");
        for user in ["kim;secret", "kim%3Bsecret", "kim%23secret", "kim%253Fsecret"] {
            becomes(&format!("https://{user}@example.kr/a"), "https://");
        }
        becomes("https://example.kr;a=b/@c", "https://example.kr");
        becomes("https://example.kr?a=b@c", "https://example.kr");
        becomes("/view;user=kim@example.kr", "/view");
    }

    /// Found by a review: a session stood behind a `;` that was escaped.
    #[test]
    fn a_path_ends_at_an_escaped_mark() {
        for mark in ["%3B", "%3b", "%3F", "%23", "%253B", "%2525252523"] {
            becomes(&format!("/view{mark}jsessionid=F00DBABE12345678"), "/view");
            becomes(&format!("https://example.kr/a%20b{mark}x"), "https://example.kr/a%20b");
        }
        for path in ["/100%", "/%253", "/%25", "/a%2Fb", "/%ED%95%9C", "/%253x", "/%25zz"] {
            becomes(path, path);
        }
    }

    #[test]
    fn hostile_paths_are_linear() {
        for piece in ["@", "%40", "%25", "25", "//@", "%", "%2540", ":/"] {
            let _ = path(("//".to_owned() + &piece.repeat(500_000)).as_bytes());
        }
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
