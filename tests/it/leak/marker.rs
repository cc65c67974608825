//! Markers in; everything that says the same as one of them out.

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER};
use memchr::memmem;

/// Where a marker stands in the input, and what it looks like there.
pub(super) const MARKERS: &[(&str, &[u8])] = &[
    ("address", b"198.51.100.231"),
    ("address, IPv6", b"2001:db8:71ce:4a9b:c3d5:e7f9:1b2d:4f60"),
    ("ident", b"kanari-ident-5217"),
    ("user", b"kanari.user.8364"),
    ("time", b"31/Kan/2026:03:17:29"),
    ("path", b"/my/kanari-wish-6408"),
    ("query", b"kanari+search+word"),
    ("query, EUC-KR", b"\xb1\xe8\xc4\xab\xb3\xaa\xb8\xae"),
    ("method", b"KANARIGET"),
    ("referer path", b"kanari-referer-page"),
    ("referer query", b"kanariref=20394857"),
    ("agent", b"KanariBrowser/93.71"),
    ("session", b"KA7NA1RI9SESSION35"),
    ("other cookie", b"GA1.2.7193820465"),
    ("rejected line", b"kanari-no-line-1593"),
    ("rejected line, truncated", b"kanari-cut-line-7751"),
    ("MAC", b"00:00:5e:00:53:c7"),
    ("card", b"CARD-4929-7781-KANARI"),
    ("name", "김카나리".as_bytes()),
    ("phone", b"010-9753-8642"),
    ("branch", "카나리분관".as_bytes()),
    ("minutes", b"kanari-minutes"),
    ("unlisted column", b"kanari-remark-2468"),
    ("header", b"kanari-header-1122"),
    ("rejected record", b"kanari-record-3344"),
];

/// Other bytes that say the same as a marker.
const BINARY: &[(&str, &[u8])] = &[
    (
        "address, IPv6, 16 bytes",
        b"\x20\x01\x0d\xb8\x71\xce\x4a\x9b\xc3\xd5\xe7\xf9\x1b\x2d\x4f\x60",
    ),
    ("MAC, 6 bytes", b"\x00\x00\x5e\x00\x53\xc7"),
    ("MAC, digits", b"00005e0053c7"),
    ("MAC, hyphens", b"00-00-5e-00-53-c7"),
    ("phone, digits", b"01097538642"),
];

/// Everything to be searched for: what it is, and its bytes.
pub(super) fn needles() -> Vec<(String, Vec<u8>)> {
    let mut needles = Vec::new();
    for (name, bytes) in MARKERS {
        every_form(name, bytes, &mut needles);
    }
    for (name, bytes) in BINARY {
        forms(name, bytes, &mut needles);
    }
    needles
}

/// The forms of one marker, and those of its text in other encodings.
pub(super) fn every_form(name: &str, bytes: &[u8], needles: &mut Vec<(String, Vec<u8>)>) {
    forms(name, bytes, needles);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if text.is_ascii() {
        return;
    }
    let escaped = text.encode_utf16().map(|unit| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    });
    let escaped = escaped.collect::<String>();
    needles.push((
        format!("{name}, JSON in capitals"),
        escaped.to_uppercase().replace("\\U", "\\u").into_bytes(),
    ));
    needles.push((format!("{name}, JSON"), escaped.into_bytes()));
    let (korean, _, is_lossy) = encoding_rs::EUC_KR.encode(text);
    if !is_lossy {
        forms(&format!("{name}, code page 949"), &korean, needles);
    }
}

/// The forms of one marker.
pub(super) fn forms(name: &str, bytes: &[u8], needles: &mut Vec<(String, Vec<u8>)>) {
    let mut add = |form: &str, bytes: Vec<u8>| needles.push((format!("{name}, {form}"), bytes));
    add("as it is", bytes.to_vec());
    add("lower case", bytes.to_ascii_lowercase());
    add("upper case", bytes.to_ascii_uppercase());
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    for (form, is_kept) in [("percent, all", false), ("percent", true)] {
        let part = |byte: &u8| {
            if is_kept && is_plain(byte) {
                char::from(*byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        };
        let text: String = bytes.iter().map(part).collect();
        add(form, text.to_lowercase().into_bytes());
        add(form, text.into_bytes());
    }
    let hex = HEXLOWER.encode(bytes);
    // As servers write bytes that are no letters, and identifiers that are no text.
    let escape = |byte: &u8| {
        let letter = || char::from(*byte).to_string();
        if is_plain(byte) { letter() } else { format!("\\x{byte:02x}") }
    };
    let escaped = bytes.iter().map(escape);
    add("escaped", escaped.collect::<String>().into_bytes());
    for mark in [":", "-"] {
        let text = hex.as_bytes().chunks(2).map(|digits| std::str::from_utf8(digits).unwrap());
        let text = text.collect::<Vec<_>>().join(mark);
        add("hex with marks, upper case", text.to_uppercase().into_bytes());
        add("hex with marks", text.into_bytes());
    }
    add("hex, upper case", hex.to_uppercase().into_bytes());
    add("hex", hex.into_bytes());
    for before in 0..3 {
        add("base64", aligned(&BASE64_NOPAD, 6, bytes, before));
        add("base64url", aligned(&BASE64URL_NOPAD, 6, bytes, before));
    }
    for before in 0..5 {
        let text = aligned(&BASE32_NOPAD, 5, bytes, before);
        add("base32, lower case", text.to_ascii_lowercase());
        add("base32", text);
    }
}

/// The digits that encode nothing but these bytes when `before` other bytes
/// stand in front of them.
fn aligned(encoding: &Encoding, bits: usize, bytes: &[u8], before: usize) -> Vec<u8> {
    let padded = [&vec![0; before], bytes].concat();
    let text = encoding.encode(&padded).into_bytes();
    text[(8 * before).div_ceil(bits)..8 * padded.len() / bits].to_vec()
}

/// Which of the needles are in the hay.
pub(super) fn found<'n>(needles: &'n [(String, Vec<u8>)], hay: &[u8]) -> Vec<&'n str> {
    let is_in = |needle: &Vec<u8>| memmem::find(hay, needle).is_some();
    needles.iter().filter(|(_, needle)| is_in(needle)).map(|(name, _)| name.as_str()).collect()
}
