//! An IP address in; the name of the network it belongs to out.
//!
//! | address | class |
//! |---|---|
//! | in listed networks | the name of the one with the longest prefix |
//! | else 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, `fc00::/7` | `private` |
//! | else 169.254.0.0/16, `fe80::/10`, 127.0.0.0/8, `::1` | `private` |
//! | else 100.64.0.0/10: many customers behind one address | `shared` |
//! | else | `public` |
//!
//! The listed networks become one sorted table per family, in which each entry
//! says whose the addresses from there on are. So an address costs one binary
//! search, however many networks there are and however they lie in each other.
//!
//! Source: RFC 1918, RFC 4193, RFC 3927, RFC 4291 sections 2.5.3 and 2.5.6,
//! RFC 1122 section 3.2.1.3, RFC 6598; RFC 4632 section 5.1 (longest prefix).
//!
//! Not here: how networks are written (`settings::address`).

use std::net::{IpAddr, Ipv4Addr};

use crate::protect::settings::address::{Class, Network};

/// Class of addresses that nobody else can reach.
pub const PRIVATE: &str = "private";

/// Class of addresses between a provider and its customers.
pub const SHARED: &str = "shared";

/// Class of all others.
pub const PUBLIC: &str = "public";

/// Classes of addresses, ready to be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    names: Vec<String>,
    v4: Table,
    v6: Table,
    written: String,
}

/// Why networks do not make classes. Names what stands in the pipeline file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No class is listed.
    #[error("`networks` lists no class, must list one or more")]
    Nothing,
    /// A class has no name.
    #[error("a class has an empty name")]
    Unnamed,
    /// A class has no network: no address would be in it.
    #[error("class `{}` lists no network, must list one or more", _0.escape_debug())]
    Empty(String),
    /// A network stands twice, in one class or in two.
    #[error(
        "network `{network}` stands twice, in class `{}` and in class `{}`",
        one.escape_debug(),
        other.escape_debug()
    )]
    Twice {
        /// The network.
        network: Network,
        /// The first class, by name.
        one: String,
        /// The second, which may be the same.
        other: String,
    },
}

impl Classes {
    /// Names and networks, one name a line.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The names of the listed networks.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Makes the tables. Networks may lie in each other; a class may be called
    /// like one of the three that are not listed.
    ///
    /// # Errors
    ///
    /// [`Error`] says which class or network does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// use gamyeong::protect::address::class::Classes;
    /// use gamyeong::protect::settings::address::{Class, Network};
    ///
    /// let main = vec![Network::try_from("10.1.0.0/16".to_owned())?];
    /// let networks = BTreeMap::from([("본관".to_owned(), main)]);
    /// let classes = Classes::new(&Class { networks })?;
    ///
    /// assert_eq!(classes.of("10.1.2.3".parse()?), "본관");
    /// assert_eq!(classes.of("10.2.2.3".parse()?), "private");
    /// assert_eq!(classes.of("192.0.2.7".parse()?), "public");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(settings: &Class) -> Result<Classes, Error> {
        if settings.networks.is_empty() {
            return Err(Error::Nothing);
        }
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (class, (name, networks)) in settings.networks.iter().enumerate() {
            if name.trim().is_empty() {
                return Err(Error::Unnamed);
            }
            if networks.is_empty() {
                return Err(Error::Empty(name.clone()));
            }
            for &network in networks {
                let table = if network.address().is_ipv4() { &mut v4 } else { &mut v6 };
                table.push((network, class));
            }
        }
        let names: Vec<String> = settings.networks.keys().cloned().collect();
        let written = settings.networks.iter().map(|(name, networks)| {
            let networks: Vec<String> = networks.iter().map(Network::to_string).collect();
            format!("{name}={}", networks.join(","))
        });
        let written = written.collect::<Vec<_>>().join("\n");
        Ok(Classes { v4: Table::new(v4, &names)?, v6: Table::new(v6, &names)?, names, written })
    }

    /// The class of an address; IPv4 in IPv6 is IPv4.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> &str {
        let address = address.to_canonical();
        let table = if address.is_ipv4() { &self.v4 } else { &self.v6 };
        match table.at(number(address)).and_then(|class| self.names.get(class)) {
            Some(name) => name,
            None => unlisted(address),
        }
    }
}

/// The addresses of one family, cut where their class changes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    /// First address and class, `None` between networks; sorted.
    parts: Vec<(u128, Option<usize>)>,
}

impl Table {
    fn new(mut networks: Vec<(Network, usize)>, names: &[String]) -> Result<Table, Error> {
        // Those that lie in another come after it.
        networks
            .sort_by_key(|(network, class)| (number(network.address()), network.bits(), *class));
        for pair in networks.windows(2) {
            if let [(network, one), (other, two)] = pair
                && network == other
            {
                let name = |class: &usize| names.get(*class).cloned().unwrap_or_default();
                return Err(Error::Twice { network: *network, one: name(one), other: name(two) });
            }
        }
        let mut table = Table { parts: Vec::new() };
        // The networks that the place reached lies in, the widest first.
        let mut around: Vec<(u128, usize)> = Vec::new();
        for (network, class) in networks {
            let start = number(network.address());
            while around.last().is_some_and(|(last, _)| *last < start) {
                table.leave(&mut around);
            }
            table.cut(start, Some(class));
            around.push((start | hosts(network), class));
        }
        while !around.is_empty() {
            table.leave(&mut around);
        }
        Ok(table)
    }

    /// From the end of the innermost network on, the one around it counts again.
    fn leave(&mut self, around: &mut Vec<(u128, usize)>) {
        let left = around.pop();
        // After the last address of all there is nothing.
        if let Some(start) = left.and_then(|(last, _)| last.checked_add(1)) {
            self.cut(start, around.last().map(|(_, class)| *class));
        }
    }

    fn cut(&mut self, start: u128, class: Option<usize>) {
        match self.parts.last_mut() {
            Some(part) if part.0 == start => part.1 = class,
            _ => self.parts.push((start, class)),
        }
    }

    fn at(&self, number: u128) -> Option<usize> {
        let after = self.parts.partition_point(|(start, _)| *start <= number);
        self.parts[..after].last().and_then(|(_, class)| *class)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_bits().into(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The bits that number hosts, all set.
fn hosts(network: Network) -> u128 {
    let bits = u32::from(network.bits());
    match network.address() {
        IpAddr::V4(_) => u32::MAX.checked_shr(bits).unwrap_or(0).into(),
        IpAddr::V6(_) => u128::MAX.checked_shr(bits).unwrap_or(0),
    }
}

fn unlisted(address: IpAddr) -> &'static str {
    match address {
        IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() || v4.is_loopback() => PRIVATE,
        IpAddr::V4(v4) if is_shared(v4) => SHARED,
        IpAddr::V6(v6)
            if v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback() =>
        {
            PRIVATE
        }
        IpAddr::V4(_) | IpAddr::V6(_) => PUBLIC,
    }
}

/// In 100.64.0.0/10.
fn is_shared(address: Ipv4Addr) -> bool {
    address.octets()[0] == 100 && address.octets()[1] & 0xc0 == 64
}

#[cfg(test)]
mod tests;
