//! What a pipeline file says of IP addresses, besides `prefix`.
//!
//! ```toml
//! host = [
//!     { as = "subnet", preserve = { domain = "ip" } },
//!     { as = "site", class = { networks = { "본관" = ["10.1.0.0/16", "2001:db8:1::/48"] } } },
//!     { as = "country", place = { file = "lists/country.mmdb", field = "country" } },
//! ]
//! card = { seal = { domain = "card" } }
//! ```
//!
//! Source: RFC 4632 section 3.1 (how networks are written), RFC 4291 section 2.3.
//!
//! Not here: whether the networks fit together (`protect::address::class`), what
//! is in the file (`protect::address::place`).

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Technique 양방향 암호화, prefix-preserving: an IP address becomes another one.
/// Addresses of one network become addresses of one network, of any length. The
/// tree of networks shows: a network can be told by its traffic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preserve {
    /// Addresses of the same domain become the same wherever they stand; those
    /// of different domains can never be joined.
    pub domain: String,
}

/// Technique 양방향 암호화: a value is sealed, and can be opened again with the
/// key of its epoch until that is destroyed. Equal values are sealed alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Values of the same domain are sealed alike wherever they stand; those of
    /// different domains can never be joined.
    pub domain: String,
}

/// Technique 문자데이터 범주화: an IP address becomes the name of the listed network
/// it lies in, or else `private`, `shared` or `public`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Name → networks, such as `"10.1.0.0/16"` or `"2001:db8:1::/48"`. Of
    /// several that an address lies in, the one with the longest prefix counts.
    pub networks: BTreeMap<String, Vec<Network>>,
}

/// Technique 문자데이터 범주화: an IP address becomes the country it is used in, or
/// the number of the autonomous system that announces it. Null where the file
/// does not know.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// A file in the `MaxMind DB` format, such as `GeoLite2-Country` or `GeoLite2-ASN`.
    pub file: PathBuf,
    /// What is looked up in it.
    pub field: PlaceField,
}

/// What is looked up of an IP address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceField {
    /// The country, as ISO 3166-1 alpha-2 code: `KR`.
    Country,
    /// The autonomous system, by its number: `AS4766`.
    Asn,
}

/// A network: an address and how many bits of it count, `10.1.0.0/16`.
///
/// No bit after those is set, and IPv4 is not written as IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("pattern" = "^[0-9A-Fa-f.:]+/[0-9]{1,3}$"))]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// Why something is no network. Names what stands in the pipeline file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNetwork {
    /// Not an address, a slash and a number.
    #[error("network `{}` not understood, must be like `10.1.0.0/16`", _0.escape_debug())]
    Malformed(String),
    /// More bits than an address of this family has.
    #[error("network `{network}` has more than {most} bits")]
    Bits {
        /// As written.
        network: String,
        /// 32 or 128.
        most: u8,
    },
    /// The address is one of a host in the network.
    #[error("network `{network}` has bits after its prefix, must be `{meant}`")]
    HostBits {
        /// As written.
        network: String,
        /// Without these bits.
        meant: Network,
    },
    /// An IPv4 network as IPv6, where no address would be looked up.
    #[error("network `{0}` is IPv4 written as IPv6, must be written as IPv4")]
    Mapped(String),
}

impl PlaceField {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Asn => "asn",
        }
    }
}

impl Network {
    /// The first address of the network.
    #[must_use]
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// The length of the prefix, up to 32 or 128.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.bits
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl TryFrom<String> for Network {
    type Error = NotNetwork;

    fn try_from(written: String) -> Result<Self, NotNetwork> {
        let Some((address, bits)) = parts(&written) else {
            return Err(NotNetwork::Malformed(written));
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        if bits > most {
            return Err(NotNetwork::Bits { network: written, most });
        }
        if address.to_canonical() != address {
            return Err(NotNetwork::Mapped(written));
        }
        let meant = Network { address: first(address, bits), bits };
        if meant.address != address {
            return Err(NotNetwork::HostBits { network: written, meant });
        }
        Ok(meant)
    }
}

fn parts(written: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = written.split_once('/')?;
    // The standard library also takes `+8`.
    let is_number = bits.bytes().all(|byte| byte.is_ascii_digit());
    Some((address.parse().ok()?, bits.parse().ok().filter(|_| is_number)?))
}

/// The address with only the first `bits` bits.
fn first(address: IpAddr, bits: u8) -> IpAddr {
    let bits = u32::from(bits);
    match address {
        IpAddr::V4(v4) => {
            IpAddr::V4((v4.to_bits() & !u32::MAX.checked_shr(bits).unwrap_or(0)).into())
        }
        IpAddr::V6(v6) => {
            IpAddr::V6((v6.to_bits() & !u128::MAX.checked_shr(bits).unwrap_or(0)).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(written: &str) -> Result<String, NotNetwork> {
        Network::try_from(written.to_owned()).map(|network| network.to_string())
    }

    #[test]
    fn a_network_is_written_back_as_it_was() {
        for written in ["0.0.0.0/0", "10.1.0.0/16", "192.0.2.7/32", "::/0", "2001:db8:1::/48"] {
            assert_eq!(network(written).as_deref(), Ok(written));
        }
        assert_eq!(network("2001:DB8:0::/32").as_deref(), Ok("2001:db8::/32"));
    }

    #[test]
    fn what_is_no_network_is_refused_with_its_reason() {
        for written in
            ["", "10.1.0.0", "10.1.0.0/", "10.1/16", "10.1.0.0/+16", "10.1.0.0/256", "x/8", "::/-1"]
        {
            assert_eq!(network(written), Err(NotNetwork::Malformed(written.to_owned())));
        }
        let says = |written| network(written).unwrap_err().to_string();
        assert_eq!(says("10.1.0.0/33"), "network `10.1.0.0/33` has more than 32 bits");
        assert_eq!(says("::/129"), "network `::/129` has more than 128 bits");
        assert_eq!(
            says("10.1.2.0/16"),
            "network `10.1.2.0/16` has bits after its prefix, must be `10.1.0.0/16`"
        );
        assert_eq!(
            says("::ffff:10.1.0.0/112"),
            "network `::ffff:10.1.0.0/112` is IPv4 written as IPv6, must be written as IPv4"
        );
    }

    #[test]
    fn settings_are_read_as_they_are_written() {
        let class: Class = toml::from_str("networks = { '본관' = ['10.1.0.0/16'] }").unwrap();
        assert_eq!(class.networks["본관"][0].bits(), 16);
        let place: Place = toml::from_str("file = 'lists/asn.mmdb'\nfield = 'asn'").unwrap();
        assert_eq!(place.field, PlaceField::Asn);
        let error = toml::from_str::<Class>("networks = { a = ['10.1.2.0/16'] }").unwrap_err();
        assert!(error.message().contains("must be `10.1.0.0/16`"), "{error}");
        assert!(toml::from_str::<Class>("networks = {}\nother = 1").is_err());
        assert!(toml::from_str::<Preserve>("domain = 'ip'\nbits = 8").is_err());
    }
}
