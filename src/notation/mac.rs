//! A MAC address, or what holds one, in; its six bytes out.
//!
//! | written as | example |
//! |---|---|
//! | address | `00:00:5e:00:53:01`, `00-00-5E-00-53-01`, `0000.5e00.5301`, `0000-5e00-5301`, `00005e005301` |
//! | station with its network | `00-00-5E-00-53-01:eduroam` |
//! | DUID of a link layer | `00:01:00:01:` time `:00:00:5e:00:53:01`, `00:03:00:01:00:00:5e:00:53:01` |
//! | DHCP client identifier | `01:00:00:5e:00:53:01`; `ff:` identity of the interface `:` DUID |
//! | interface of an IPv6 address | `fe80::200:5eff:fe00:5301` |
//!
//! Identifiers stand in hexadecimal, with colons, hyphens or nothing between the
//! bytes and `0x` before them or not, or are the bytes themselves. All of one
//! device give the same six bytes, so the same pseudonym.
//!
//! A DUID holds the address that one interface of the device had when it was
//! made, perhaps not the one in use.
//!
//! None: the address of a group, which is no device's, and the one that is all
//! zeros, a placeholder. DUIDs of other types and of other hardware hold no MAC
//! address. Seven bytes with colons of which the first is not `01` are none
//! either, although they could be a station at a network of a two-digit name.
//! One IPv6 address in 65,536 that was drawn at random has `ff:fe` in the place
//! where an interface's does.
//!
//! Source: IEEE 802-2014, section 8 (notations, I/G and U/L bits); RFC 3580,
//! section 3.20 and 3.21 (station identifiers); RFC 8415, section 11.2 and 11.4
//! (DUID-LLT, DUID-LL); RFC 2132, section 9.14, and RFC 4361, section 6.1
//! (client identifiers); RFC 4291, appendix A (EUI-64).
//!
//! Not here: what is done with an address that a device made up.

use super::address::v6;

/// Ethernet, as hardware type of RFC 826.
const ETHERNET: [u8; 2] = [0, 1];

/// A client identifier of RFC 4361 with a DUID-LLT: the longest that holds a MAC
/// address.
const MOST_BYTES: usize = 19;

/// Reads a MAC address in any notation, also from what holds one.
///
/// # Examples
///
/// ```
/// use gamyeong::notation::mac::mac;
///
/// let device = Some([0, 0, 0x5e, 0, 0x53, 1]);
/// assert_eq!(mac(b"0000.5e00.5301"), device);
/// assert_eq!(mac(b"00-00-5E-00-53-01:eduroam"), device);
/// assert_eq!(mac(b"00:03:00:01:00:00:5e:00:53:01"), device);
/// assert_eq!(mac(b"fe80::200:5eff:fe00:5301"), device);
/// assert_eq!(mac(b"0123456789"), None);
/// ```
#[must_use]
pub fn mac(raw: &[u8]) -> Option<[u8; 6]> {
    let mac =
        notation(raw).or_else(|| held(raw)).or_else(|| station(raw)).or_else(|| interface(raw))?;
    let is_group = mac[0] & 1 != 0;
    (!is_group && mac != [0; 6]).then_some(mac)
}

/// True if a MAC address is locally administered: made up by the device, in
/// phones at random. IEEE 802-2014 section 8.4, the U/L bit.
#[must_use]
pub fn is_randomised(mac: [u8; 6]) -> bool {
    mac[0] & 0b10 != 0
}

/// An address as such.
fn notation(raw: &[u8]) -> Option<[u8; 6]> {
    let group = match raw.len() {
        12 => 12,
        14 => 4,
        17 => 2,
        _ => return None,
    };
    let separator = raw.get(group).copied();
    let is_known = match separator {
        None => group == 12,
        Some(b'.') => group == 4,
        Some(b':') => group == 2,
        Some(b'-') => true,
        Some(_) => false,
    };
    if !is_known {
        return None;
    }
    let mut mac = [0u8; 6];
    let mut digits = 0;
    for (index, &byte) in raw.iter().enumerate() {
        if index % (group + 1) == group {
            if Some(byte) != separator {
                return None;
            }
            continue;
        }
        let place = mac.get_mut(digits / 2)?;
        *place = *place << 4 | digit(byte)?;
        digits += 1;
    }
    Some(mac)
}

/// An address with a colon and the name of a network behind it.
fn station(raw: &[u8]) -> Option<[u8; 6]> {
    let of = |length| {
        let (address, rest) = raw.split_at_checked(length)?;
        let is_apart = rest.first() == Some(&b':');
        // More bytes with colons: an identifier of another kind.
        let goes_on = match rest {
            [_, high, low] | [_, high, low, b':', ..] => {
                address.get(2) == Some(&b':') && digit(*high).and(digit(*low)).is_some()
            }
            _ => false,
        };
        if is_apart && !goes_on { notation(address) } else { None }
    };
    [17, 14, 12].into_iter().find_map(of)
}

/// An address in an identifier of DHCP.
fn held(raw: &[u8]) -> Option<[u8; 6]> {
    match bytes_of(raw) {
        Some((bytes, length)) => identifier(&bytes[..length]),
        None => identifier(raw),
    }
}

fn identifier(bytes: &[u8]) -> Option<[u8; 6]> {
    match bytes {
        [1, mac @ ..] => mac.try_into().ok(),
        [0xff, _, _, _, _, duid @ ..] => duid_mac(duid),
        _ => duid_mac(bytes),
    }
}

fn duid_mac(duid: &[u8]) -> Option<[u8; 6]> {
    let (kind, rest) = duid.split_first_chunk::<4>()?;
    let [0, kind, hardware @ ..] = *kind else { return None };
    if hardware != ETHERNET {
        return None;
    }
    match kind {
        1 => rest.get(4..)?.try_into().ok(),
        3 => rest.try_into().ok(),
        _ => None,
    }
}

/// Bytes that are written in hexadecimal, and how many, but for a MAC address.
fn bytes_of(raw: &[u8]) -> Option<([u8; MOST_BYTES], usize)> {
    let raw = raw.strip_prefix(b"0x").unwrap_or(raw);
    let separator = raw.get(2).copied().filter(|byte| matches!(byte, b':' | b'-'));
    let step = if separator.is_some() { 3 } else { 2 };
    let mut bytes = [0; MOST_BYTES];
    let mut length = 0;
    for pair in raw.chunks(step) {
        let is_last = (length + 1) * step >= raw.len();
        let (high, low) = match *pair {
            [high, low] if separator.is_none() || is_last => (high, low),
            [high, low, between] if Some(between) == separator && !is_last => (high, low),
            _ => return None,
        };
        *bytes.get_mut(length)? = digit(high)? << 4 | digit(low)?;
        length += 1;
    }
    (length > 0).then_some((bytes, length))
}

/// An address in the lower half of an IPv6 address.
fn interface(raw: &[u8]) -> Option<[u8; 6]> {
    let octets = v6(str::from_utf8(raw).ok()?)?.octets();
    let [.., first, high, low, 0xff, 0xfe, x, y, z] = octets else { return None };
    Some([first ^ 0b10, high, low, x, y, z])
}

fn digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAC: [u8; 6] = [0, 0, 0x5e, 0, 0x53, 1];

    fn hex(bytes: &[u8], between: &str) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(between)
    }

    /// One device in every notation.
    fn forms(mac: [u8; 6], filler: [u8; 4]) -> Vec<Vec<u8>> {
        let bare = hex(&mac, "");
        let mut texts = vec![
            bare.clone(),
            bare.to_uppercase(),
            hex(&mac, ":"),
            hex(&mac, "-").to_uppercase(),
            format!("{}.{}.{}", &bare[..4], &bare[4..8], &bare[8..]),
            format!("{}-{}-{}", &bare[..4], &bare[4..8], &bare[8..]),
            format!("{}:Library Wi-Fi", hex(&mac, "-").to_uppercase()),
            format!("{}:도서관", hex(&mac, ":")),
            format!("{}.{}.{}:x", &bare[..4], &bare[4..8], &bare[8..]),
        ];
        let interface = [
            0xfe,
            0x80,
            0,
            0,
            0,
            0,
            0,
            0,
            mac[0] ^ 2,
            mac[1],
            mac[2],
            0xff,
            0xfe,
            mac[3],
            mac[4],
            mac[5],
        ];
        texts.push(std::net::Ipv6Addr::from(interface).to_string());
        texts.push(format!("{}%wlan0", std::net::Ipv6Addr::from(interface)));
        let llt = [&[0, 1, 0, 1], &filler[..], &mac].concat();
        let ll = [&[0, 3, 0, 1], &mac[..]].concat();
        let mut forms = Vec::new();
        for bytes in [
            [&[0xff], &filler[..], &llt].concat(),
            [&[0xff], &filler[..], &ll].concat(),
            llt,
            ll,
            [&[1], &mac[..]].concat(),
        ] {
            texts.extend([hex(&bytes, ":"), hex(&bytes, "-"), hex(&bytes, "")]);
            texts.push(format!("0x{}", hex(&bytes, "").to_uppercase()));
            forms.push(bytes);
        }
        forms.extend(texts.into_iter().map(String::into_bytes));
        forms
    }

    proptest! {
        #[test]
        fn every_notation_of_a_mac_has_one_form(mac: [u8; 6], filler: [u8; 4]) {
            prop_assume!(mac[0] & 1 == 0 && mac != [0; 6]);
            for form in forms(mac, filler) {
                prop_assert_eq!(super::mac(&form), Some(mac), "{}", form.escape_ascii());
            }
        }

        #[test]
        fn a_group_has_none_in_any_notation(mac: [u8; 6], filler: [u8; 4]) {
            let mac = [mac[0] | 1, mac[1], mac[2], mac[3], mac[4], mac[5]];
            for form in forms(mac, filler) {
                prop_assert_eq!(super::mac(&form), None, "{}", form.escape_ascii());
            }
        }

        #[test]
        fn any_bytes_give_an_answer(raw in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = mac(&raw);
        }

        #[test]
        fn any_digits_give_an_answer(raw in "[0-9a-fx:.-]{0,40}") {
            let _ = mac(raw.as_bytes());
        }
    }

    #[test]
    fn what_is_no_address_of_a_device_has_none() {
        for raw in [
            "",
            "-",
            "00:00:5e:00:53",
            "00:00:5e-00:53:01",
            "0000.5e00.530g",
            "0000.5e00-5301",
            "00:00:5e:00:53:0101",
            "000:05e:00:53:01",
            "0123456789",
            "32:30",
            "31:32:33",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
            "00:00:5e:00:53:01:02",
            "00:00:5e:00:53:01eduroam",
            // Of an enterprise, by UUID, and of other hardware.
            "00:02:00:00:ab:11:00:00:5e:00:53:01",
            "00:04:00:00:5e:00:53:01:00:00:5e:00:53:01:00:00:5e:01",
            "00:03:00:06:00:00:5e:00:53:01",
            "00:03:00:01:00:00:5e:00:53",
            "2001:db8::1",
            "kim",
        ] {
            assert_eq!(mac(raw.as_bytes()), None, "{raw}");
        }
    }

    #[test]
    fn a_mac_address_is_an_account_of_some() {
        assert_eq!(mac(b"00005E005301"), Some(MAC));
    }

    #[test]
    fn the_second_bit_tells_randomised_addresses() {
        assert!(is_randomised([0x02, 0, 0, 0, 0, 1]));
        assert!(!is_randomised(MAC));
    }
}
