//! Bytes of a file or a text of a record in; whether somebody's key or secret seems to lie in it
//! out.
//!
//! A file that is handed on whole stays behind also if what looks like a key is none: that costs
//! less than the other way round. Records tell of keys in words and hold digests: in their texts
//! a mark counts with what a key is made of beside it.
//!
//! Source: RFC 7468 (PEM), age(1), `keys.example`.
//!
//! Not here: binary keys (DER), keys that are compressed or encrypted.

use super::secret::LENGTH;

/// Heads of keys and of files of keys, in any case. The last is that of every secret here.
const MARKS: [&[u8]; 4] = [b"AGE-SECRET-KEY-", b"AGE-PLUGIN-", b"PRIVATE KEY", b"# gamyeong "];

/// Characters of a key in one piece, at least: half of the shortest that is written in hex.
const PIECE: usize = LENGTH;

/// What a word ends in that a password is given to: `PGPASSWORD=`, `MYSQL_PWD=`.
const GIVEN_TO: [&[u8]; 5] = [b"password", b"passwd", b"pwd", b"passphrase", "비밀번호".as_bytes()];

/// True if a line holds the mark of a private key, a secret of its own, or a password: that of
/// an address, or one that is given to a word.
#[must_use]
pub fn holds_secret(bytes: &[u8]) -> bool {
    let is_secret = |line: &[u8]| {
        let line = line.trim_ascii();
        MARKS.iter().any(|mark| has(line, mark)) || is_digits(line) || has_password(line)
    };
    lines(bytes).any(is_secret)
}

/// True if a text of a record, which may tell of keys, holds one.
///
/// ```
/// use gamyeong::vault::recognise::text_holds_secret;
///
/// assert!(!text_holds_secret("서명용 PRIVATE KEY 유출"));
/// assert!(text_holds_secret("postgresql://job:geheim@db/library"));
/// assert!(text_holds_secret("host=db user=job password=geheim"));
/// ```
#[must_use]
pub fn text_holds_secret(text: &str) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut pieces = text.as_bytes().split(|&byte| !is_of_key(byte));
    // By itself it is a digest, which has as many.
    let has_piece = text.len() > 2 * LENGTH && pieces.any(|piece| piece.len() >= PIECE);
    has_piece && holds_secret(text.as_bytes()) || lines(text.as_bytes()).any(has_password)
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r' | 0))
}

fn has(line: &[u8], mark: &[u8]) -> bool {
    line.windows(mark.len()).any(|part| part.eq_ignore_ascii_case(mark))
}

/// The second line of a secret, also where the first was lost.
fn is_digits(line: &[u8]) -> bool {
    line.len() == 2 * LENGTH && line.iter().all(u8::is_ascii_hexdigit)
}

/// Of an address, or given to a word.
fn has_password(line: &[u8]) -> bool {
    let of_address = |&at: &usize| line[at..].starts_with(b"://") && is_of_account(&line[at + 3..]);
    let of_word = |&at: &usize| line[at] == b'=' && is_given(&line[..at], &line[at + 1..]);
    (0..line.len()).any(|at| of_address(&at) || of_word(&at))
}

/// `account:password@host`, also where `/`, `?` or `#` stand in the password as they are. They
/// end the authority (RFC 3986, section 3.2): of what stands before them behind a colon, digits
/// are a port, and the `@` behind it is none of an account.
fn is_of_account(rest: &[u8]) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'<' | b'>');
    let rest = &rest[..rest.iter().position(is_end).unwrap_or(rest.len())];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let authority = &rest[..end.unwrap_or(rest.len())];
    if let Some(at) = authority.iter().rposition(|&byte| byte == b'@') {
        return authority[..at].contains(&b':');
    }
    // An address of version 6 has colons in brackets.
    let host = authority.iter().position(|&byte| byte == b']').unwrap_or(0);
    let colon = authority[host..].iter().position(|&byte| byte == b':');
    let behind = colon.map(|colon| &authority[host + colon + 1..]);
    let is_port = |behind: &[u8]| behind.iter().all(u8::is_ascii_digit);
    behind.is_some_and(|behind| !is_port(behind)) && rest.contains(&b'@')
}

/// `word=value`, also with blanks between them, if the word is one for a password and the value
/// more than a mark for one that was left out, such as `***`.
fn is_given(before: &[u8], behind: &[u8]) -> bool {
    let word = before.trim_ascii_end();
    let is_word = GIVEN_TO.iter().any(|end| {
        word.len() >= end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end)
    });
    let value = behind.trim_ascii_start();
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'&' | b';' | b',');
    let value = &value[..value.iter().position(is_end).unwrap_or(value.len())];
    is_word && value.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::approver::ApproverKey;
    use crate::vault::cosigning::CosigningKey;
    use crate::vault::custodian;
    use crate::vault::keys::Keys;
    use crate::vault::random::Os;
    use crate::vault::signing::SigningKeys;

    fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
        let entries = crate::fs::list(dir).unwrap();
        entries
            .into_iter()
            .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
            .collect()
    }

    /// What this program writes, and what it does not take for a key.
    #[test]
    fn every_kind_of_key_file_is_known_and_public_keys_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let keys = Keys::create(&root.join("keys"), "seongnam-library").unwrap();
        keys.create_epoch_secret("visits", "2026-11", &mut Os).unwrap();
        SigningKeys::generate(&keys, &mut Os).unwrap();
        let (identity, recipient) = custodian::generate();
        identity.write_new(&root.join("custodian.key")).unwrap();
        keys.create_custodian(&recipient).unwrap();
        ApproverKey::generate(root, "reviewer-1", &mut Os).unwrap();
        CosigningKey::generate(&root.join("witness.key"), &mut Os).unwrap();
        let mut known = 0;
        for path in files(root) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let is_public = name == "controller" || path.extension() == Some("pub".as_ref());
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(holds_secret(&bytes), !is_public, "{name}");
            known += u32::from(!is_public);
        }
        assert!(known >= 6, "{known}");
    }

    #[test]
    fn keys_of_others_and_pieces_of_keys_are_known_and_torn_records_are_not() {
        let hex = "0123456789abcdef".repeat(4);
        for text in [
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n".to_owned(),
            "-----begin ec private key-----".to_owned(),
            "-----BEGIN OPENSSH PRIVATE KEY-----\r\nb3Blbg\r\n".to_owned(),
            "-----BEGIN PGP PRIVATE KEY BLOCK-----".to_owned(),
            "{\"seq\":7,\"note\":\"AGE-SECRET-KEY-1QQ".to_owned(),
            "age-secret-key-1qq".to_owned(),
            "# gamyeong signing key of a witness v1".to_owned(),
            format!("{{\"seq\":7}}\r\n{hex}\r\n"),
            hex.to_uppercase(),
            "postgresql://job:geheim@/library?host=/run/postgresql".to_owned(),
            "PGPASSWORD=geheim".to_owned(),
        ] {
            assert!(holds_secret(text.as_bytes()), "{text}");
        }
        for text in [
            String::new(),
            format!("{{\"seq\":7,\"sha256\":\"{hex}\""),
            format!("{hex}0"),
            "{\"url\":\"https://example.kr:443/a@b\"".to_owned(),
            "# a comment\n\0\0\0".to_owned(),
        ] {
            assert!(!holds_secret(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn texts_tell_of_keys_and_hold_none() {
        let hex = "0123456789abcdef".repeat(4);
        for words in [
            "서명용 private key 유출",
            "AGE-SECRET-KEY- 로 시작하는 파일",
            "# gamyeong 로 시작하는 파일",
            hex.as_str(),
            "https://example.kr:443/a@b",
        ] {
            assert!(!text_holds_secret(words), "{words}");
        }
        for key in [
            format!("AGE-SECRET-KEY-1{}", &hex[..58].to_uppercase()),
            format!("-----BEGIN PRIVATE KEY----- MC4CAQAw{} ", &hex[..56]),
            format!("# gamyeong signing key {hex}"),
            "postgresql://job:geheim@db/library".to_owned(),
        ] {
            assert!(text_holds_secret(&key), "{key}");
        }
    }

    #[test]
    fn a_password_of_an_address_or_behind_its_word_is_one_and_a_port_or_a_word_is_none() {
        for text in [
            "https://job:geheim@db/x",
            "https://job:ge/heim@db/x",
            "https://job:ge?heim@db/x",
            "https://job:ge#heim@db/x",
            "https://job:ge@heim@db/x",
            "https://job:@db/x",
            "https://job:geheim@[2001:db8::1]:5432/x",
            "see https://x.kr:8080?to=a@b and mysql://job:geheim@db/x",
            "jdbc:postgresql://db/x?user=job&password=geheim",
            "jdbc:sqlserver://db:1433;user=job;Password=geheim;",
            "Server=db;Uid=job;Pwd=geheim",
            "host=db user=job password = geheim",
            "host=db password='ge heim'",
            "PGPASSWORD=geheim psql -h db",
            "MYSQL_PWD=geheim",
            "spring.datasource.passwd=geheim",
            "비밀번호=geheim",
            "password=비밀",
        ] {
            assert!(holds_secret(text.as_bytes()), "{text}");
            assert!(text_holds_secret(text), "{text}");
        }
        for text in [
            "https://x.kr:8080?to=a@b",
            "https://x.kr:8080#a@b",
            "https://x.kr?t=12:30&to=a@b",
            "https://x.kr:/a@b",
            "https://x.kr:443/a@b",
            "https://[2001:db8::1]/a@b",
            "https://[2001:db8::1]:443/a@b",
            "https://job@db/x",
            "https://x.kr/a:b and kim@example.kr",
            "password reset page",
            "the page /password?next=/a",
            "비밀번호 변경 화면의 이용",
            "password=",
            "password=***",
            "password=&user=job",
            "WHERE pwd = ?",
            "passwords=3",
            "a PRIVATE KEY got lost, see https://example.kr",
        ] {
            assert!(!text_holds_secret(text), "{text}");
        }
    }
}
