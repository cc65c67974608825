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

/// True if a line holds the mark of a private key, a secret of its own, or an address with a
/// password.
#[must_use]
pub fn holds_secret(bytes: &[u8]) -> bool {
    let is_secret = |line: &[u8]| {
        let line = line.trim_ascii();
        MARKS.iter().any(|mark| has(line, mark)) || is_digits(line) || has_password(line)
    };
    bytes.split(|byte| matches!(byte, b'\n' | b'\r' | 0)).any(is_secret)
}

/// True if a text of a record, which may tell of keys, holds one.
///
/// ```
/// use gamyeong::vault::recognise::text_holds_secret;
///
/// assert!(!text_holds_secret("서명용 PRIVATE KEY 유출"));
/// assert!(text_holds_secret("postgresql://job:geheim@db/library"));
/// ```
#[must_use]
pub fn text_holds_secret(text: &str) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut pieces = text.as_bytes().split(|&byte| !is_of_key(byte));
    // By itself it is a digest, which has as many.
    let has_piece = text.len() > 2 * LENGTH && pieces.any(|piece| piece.len() >= PIECE);
    (has_piece || text.contains("://")) && holds_secret(text.as_bytes())
}

fn has(line: &[u8], mark: &[u8]) -> bool {
    line.windows(mark.len()).any(|part| part.eq_ignore_ascii_case(mark))
}

/// The second line of a secret, also where the first was lost.
fn is_digits(line: &[u8]) -> bool {
    line.len() == 2 * LENGTH && line.iter().all(u8::is_ascii_hexdigit)
}

/// `scheme://account:password@host`.
fn has_password(line: &[u8]) -> bool {
    let mut places = (0..line.len()).filter(|&at| line[at..].starts_with(b"://"));
    places.any(|at| {
        let rest = &line[at + 3..];
        let end = rest.iter().position(|byte| matches!(byte, b'/' | b' ' | b'"'));
        let authority = &rest[..end.unwrap_or(rest.len())];
        let account = authority.iter().rposition(|&byte| byte == b'@').map(|end| &authority[..end]);
        account.is_some_and(|account| account.contains(&b':'))
    })
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
}
