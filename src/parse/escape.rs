//! A value as a server writes it in; as the client sent it out.
//!
//! Source: Apache HTTP Server 2.4, `ap_escape_logitem`; nginx,
//! `ngx_http_log_module`, `escape=default`.
//!
//! Not here: percent-encoding of addresses, encodings of text (`protect`).

/// Undoes `\xHH`, `\"`, `\\` and the escapes of C. A backslash before anything
/// else stays.
pub(super) fn undo(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let escape = &rest[at + 1..];
        let (byte, length) = match escape {
            [b'x', high, low, ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'\\', 0),
            },
            [byte @ (b'"' | b'\\'), ..] => (*byte, 1),
            [b'n', ..] => (b'\n', 1),
            [b'r', ..] => (b'\r', 1),
            [b't', ..] => (b'\t', 1),
            [b'b', ..] => (0x08, 1),
            [b'f', ..] => (0x0c, 1),
            [b'v', ..] => (0x0b, 1),
            _ => (b'\\', 0),
        };
        out.push(byte);
        rest = &escape[length..];
    }
    out.extend_from_slice(rest);
    out
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Undoes percent-encoding.
pub(super) fn percent(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = memchr::memchr(b'%', rest) {
        out.extend_from_slice(&rest[..at]);
        let byte = match rest.get(at + 1..at + 3) {
            Some(&[high, low]) => hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        out.push(byte.unwrap_or(b'%'));
        rest = &rest[if byte.is_some() { at + 3 } else { at + 1 }..];
    }
    out.extend_from_slice(rest);
    out
}

/// Appends a value in which blanks are written as `+`.
#[inline]
pub(super) fn push_blanks(out: &mut Vec<u8>, value: &[u8]) {
    let start = out.len();
    out.extend_from_slice(value);
    for byte in &mut out[start..] {
        *byte = if *byte == b'+' { b' ' } else { *byte };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As Apache writes it.
    fn escaped(value: &[u8]) -> Vec<u8> {
        let escape = |&byte: &u8| match byte {
            b'"' | b'\\' => vec![b'\\', byte],
            b'\n' => b"\\n".to_vec(),
            b' '..=b'~' => vec![byte],
            _ => format!("\\x{byte:02x}").into_bytes(),
        };
        value.iter().flat_map(escape).collect()
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(value in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(undo(&escaped(&value)), value);
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for value in [r"OFFICE\kim", r"\", r"\x", r"\x4", r"\xg0", "a"] {
            assert_eq!(undo(value.as_bytes()), value.as_bytes(), "{value}");
        }
    }
}
