//! Known answers: the two Ed25519 keys and notes of the reference
//! implementation (golang.org/x/mod/sumdb/note, `note_test.go`, BSD-3), the two
//! ECDSA ones of github.com/transparency-dev/formats (`note_verifier_test.go`,
//! Apache-2.0), and the example of C2SP signed-note.

use super::super::checkpoint::{Checkpoint, Unacceptable};
use super::super::note::{Algorithm, BadKey, Note, Rejected, Signer as _, VerifierKey, sign};
use super::super::tree::Hash;
use super::{ORIGIN, TestSigner, keys, signer};

const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
const PETER_LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

const REKOR: &str = "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
const REKOR_NOTE: &str = "Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n";
const PIXEL: &str = "pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=";
const PIXEL_NOTE: &str = "DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n";

const SPEC_NOTE: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

fn key(text: &str) -> VerifierKey {
    text.parse().unwrap()
}

fn signed_by(note: &str, keys: &[VerifierKey]) -> Result<Vec<Algorithm>, Rejected> {
    Note::parse(note.as_bytes())?.signed_by(keys)
}

/// A checkpoint with both signatures of the test keys.
fn checkpoint_note() -> String {
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 3, root: Hash::of(b"root") };
    let note = sign(&checkpoint.to_string(), &signer(), &keys()).unwrap();
    String::from_utf8(note).unwrap()
}

#[test]
fn published_ed25519_notes_verify() {
    let note = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    let ed25519 = Algorithm::Ed25519;
    assert_eq!(signed_by(&note, &[key(PETER)]), Ok(vec![ed25519]));
    assert_eq!(signed_by(&note, &[key(PETER), key(ENOCH)]), Ok(vec![ed25519, ed25519]));
    assert_eq!(signed_by(&note, &[]), Ok(vec![]));
}

#[test]
fn published_ecdsa_notes_verify() {
    let keys = [key(REKOR), key(PIXEL)];
    assert_eq!(signed_by(REKOR_NOTE, &keys), Ok(vec![Algorithm::EcdsaP256]));
    assert_eq!(signed_by(PIXEL_NOTE, &keys), Ok(vec![Algorithm::EcdsaP256]));
    let key_id = [0xc0, 0xd2, 0x3d, 0x6a];
    let changed = REKOR_NOTE.replace("798034", "798035");
    assert_eq!(signed_by(&changed, &keys), Err(Rejected::Signature { key_id }));
}

#[test]
fn the_example_of_the_specification_is_split_at_its_last_empty_line() {
    let note = Note::parse(SPEC_NOTE.as_bytes()).unwrap();
    assert_eq!(note.signed_by(&[key(PETER)]), Ok(vec![]));
    assert!(Note::parse(SPEC_NOTE.replace("sera.\n\n", "sera.\n").as_bytes()).is_err());
}

#[test]
fn keys_are_written_as_they_are_read() {
    for text in [PETER, ENOCH, REKOR, PIXEL] {
        assert_eq!(key(text).to_string(), text);
    }
    for key in keys() {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
}

/// As the reference does: no part of a key is a key, and no changed one.
#[test]
fn every_mangled_key_is_refused() {
    for end in 0..PETER.len() {
        assert!(PETER[..end].parse::<VerifierKey>().is_err(), "first {end} bytes");
        assert!(PETER[end + 1..].parse::<VerifierKey>().is_err(), "from byte {end}");
    }
    for at in 0..PETER.len() {
        let mut bytes = PETER.as_bytes().to_vec();
        bytes[at] += 1;
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.parse::<VerifierKey>().is_err(), "byte {at}");
    }
    let refused = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    let unknown = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(refused(unknown), BadKey::Type);
    let long = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==";
    assert!(long.parse::<VerifierKey>().is_err());
    assert_eq!(refused(&REKOR.replace("c0d23d6a", "00000000")), BadKey::Id);
    assert_eq!(refused("rekor.sigstore.dev+12345678"), BadKey::Form);
}

#[test]
fn a_key_anybody_can_sign_for_is_refused() {
    // The neutral element of the curve.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifierKey::ed25519(ORIGIN, &neutral), Err(BadKey::Bytes));
}

/// Found by a review: the page takes no other spelling.
#[test]
fn a_key_with_a_compressed_point_is_refused() {
    let whole = TestSigner::new(7).p256_public_spki();
    assert!(VerifierKey::p256(ORIGIN, &whole).is_ok());
    let (x, y) = whole[27..].split_at(32);
    let head = [&[0x30, 0x39], &whole[2..23], &[0x03, 0x22, 0x00, 2 + (y[31] & 1)]].concat();
    let compressed = [head.as_slice(), x].concat();
    let read = <p256::ecdsa::VerifyingKey as p256::pkcs8::DecodePublicKey>::from_public_key_der;
    assert_eq!(read(&compressed).ok(), read(&whole).ok(), "it is the same key");
    assert_eq!(VerifierKey::p256(ORIGIN, &compressed), Err(BadKey::Bytes));
}

#[test]
fn names_that_would_break_a_line_are_refused() {
    for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb"] {
        let public = TestSigner::new(7).ed25519.verifying_key().to_bytes();
        assert_eq!(VerifierKey::ed25519(name, &public), Err(BadKey::Name));
    }
}

#[test]
fn notes_out_of_form_are_refused() {
    let good = format!("{TEXT}\n{PETER_LINE}");
    assert!(Note::parse(good.as_bytes()).is_ok());
    let peter = PETER_LINE.trim_end();
    let bad = [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{peter}"),
        format!("\u{1}{TEXT}\n{PETER_LINE}"),
        format!("{TEXT}\r\n\n{PETER_LINE}"),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad+Name")),
        format!("{TEXT}\n{}", PETER_LINE.replace('—', "-")),
        format!("{TEXT}\n{}", PETER_LINE.replace("nAM=", "nAM")),
        format!("{TEXT}\n{}", PETER_LINE.replace("nAM=", "nAN=")),
        format!("{TEXT}\n— PeterNeumann x08gow==\n"),
        // Two spellings in a row: what the page refuses, and the library would take.
        format!("{TEXT}\n— PeterNeumann x08gow==AAAA\n"),
        format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"),
        format!("{TEXT}\n{}", PETER_LINE.repeat(101)),
    ];
    for note in bad {
        assert_eq!(Note::parse(note.as_bytes()), Err(Rejected::Form), "{note}");
        assert!(!Note::is_of(note.as_bytes(), TEXT), "{note}");
    }
    assert_eq!(Note::parse(&[b"\xff", good.as_bytes()].concat()), Err(Rejected::Form));
}

#[test]
fn a_note_of_a_text_is_one_that_reads_as_it() {
    let good = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    assert!(Note::is_of(good.as_bytes(), TEXT));
    let is_alike = |note: &[u8]| {
        let read = Note::parse(note).is_ok_and(|note| note.text() == TEXT);
        assert_eq!(Note::is_of(note, TEXT), read, "{}", note.escape_ascii());
    };
    for at in 0..good.len() {
        for odd in [b"".as_slice(), b"\n", b"\n\n", b"=", b"A", b" ", b"\t", b"+", b"\x7f", b"\xff"]
        {
            is_alike(&[&good.as_bytes()[..at], odd, &good.as_bytes()[at..]].concat());
            is_alike(&[&good.as_bytes()[..at], odd, &good.as_bytes()[at + 1..]].concat());
        }
        is_alike(&good.as_bytes()[..at]);
    }
    is_alike(format!("{TEXT}\n{PETER_LINE}\n{ENOCH_LINE}").as_bytes());
    is_alike(format!("{TEXT}\n{}", PETER_LINE.repeat(100)).as_bytes());
    // As long as a note may be, and a byte longer.
    let long = format!("{TEXT}\n{PETER_LINE}— {} x08gowAA\n", "n".repeat(1 << 20));
    for bytes in [1 << 20, (1 << 20) + 1] {
        let note = long.replacen(&"n".repeat(long.len() - bytes), "", 1);
        assert_eq!(note.len(), bytes);
        assert_eq!(Note::parse(note.as_bytes()).is_ok(), bytes == 1 << 20);
        is_alike(note.as_bytes());
    }
}

#[test]
fn sixteen_and_more_signatures_are_accepted() {
    let note = format!("{TEXT}\n{}{PETER_LINE}", ENOCH_LINE.repeat(99));
    assert_eq!(signed_by(&note, &[key(PETER)]), Ok(vec![Algorithm::Ed25519]));
}

#[test]
fn both_algorithms_are_needed() {
    let note = checkpoint_note();
    let [ed25519, p256] = keys();
    let open = |note: &str, keys: &[VerifierKey]| Checkpoint::open(note.as_bytes(), keys);
    assert_eq!(open(&note, &keys()).unwrap().size, 3);

    let missing = |algorithm| Err(Unacceptable::Note(Rejected::Missing { algorithm }));
    assert_eq!(open(&note, std::slice::from_ref(&ed25519)), missing(Algorithm::EcdsaP256));
    assert_eq!(open(&note, std::slice::from_ref(&p256)), missing(Algorithm::Ed25519));
    assert_eq!(open(&note, &[]), missing(Algorithm::Ed25519));

    let lines: Vec<&str> = note.split_inclusive('\n').collect();
    let without_p256 = lines[..5].concat();
    assert_eq!(open(&without_p256, &keys()), missing(Algorithm::EcdsaP256));
}

#[test]
fn a_bad_signature_by_a_known_key_rejects_the_note() {
    let note = checkpoint_note();
    let keys = [keys().as_slice(), &[key(PETER)]].concat();
    let with_bad = format!("{note}{PETER_LINE}");
    let key_id = [0xc7, 0x4f, 0x20, 0xa3];
    assert_eq!(
        Checkpoint::open(with_bad.as_bytes(), &keys),
        Err(Unacceptable::Note(Rejected::Signature { key_id }))
    );
    assert!(Checkpoint::open(with_bad.as_bytes(), &super::keys()).is_ok());
}

#[test]
fn another_key_of_the_same_name_does_not_count() {
    let others = VerifierKey::of(&TestSigner::new(8)).unwrap();
    let missing = Rejected::Missing { algorithm: Algorithm::Ed25519 };
    assert_eq!(
        Checkpoint::open(checkpoint_note().as_bytes(), &others),
        Err(Unacceptable::Note(missing))
    );
}

#[test]
fn a_signer_that_signs_wrongly_is_noticed_before_anything_is_published() {
    let others = VerifierKey::of(&TestSigner::new(8)).unwrap();
    assert!(matches!(sign("text\n", &signer(), &others), Err(Rejected::Signature { .. })));
}

#[test]
fn checkpoint_texts_have_one_form() {
    assert_eq!(Hash::from_base64(&"AA==".repeat(32)), None);
    let root = Hash::of(b"root").to_base64();
    let good = format!("{ORIGIN}\n3\n{root}\n");
    assert_eq!(Checkpoint::parse(&good).unwrap().to_string(), good);
    let bad = [
        good.trim_end().to_owned(),
        good.replace("\n3\n", "\n03\n"),
        good.replace("\n3\n", "\n+3\n"),
        good.replace("\n3\n", "\n9007199254740992\n"),
        good.replace(ORIGIN, ""),
        good.replace(&root, &root[1..]),
        good.replace(&root, "AAAA"),
        format!("{good}extension\n"),
        format!("{good}\n"),
    ];
    for text in bad {
        assert_eq!(Checkpoint::parse(&text), Err(Unacceptable::Text), "{text}");
    }
}
