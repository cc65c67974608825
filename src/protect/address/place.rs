//! An IP address and a `MaxMind DB` file in; a country or an autonomous system out.
//!
//! | field | in the file | written |
//! |---|---|---|
//! | country | `country.iso_code`, two capital letters | `KR` |
//! | asn | `autonomous_system_number`, 1 or more | `AS4766` |
//!
//! Everything is decoded when the file is taken in, each record once. What can
//! go wrong goes wrong there; after that an address costs a walk down the tree
//! of the file and a binary search. An address that the file does not know, or
//! only without this field, has no place. `country` is where the network is
//! used, not `registered_country`, where its owner has its seat.
//!
//! Source: `MaxMind DB` File Format Specification 2.0; ISO 3166-1; RFC 5396
//! (AS numbers as text, here after `AS`).
//!
//! Not here: where the file is read, its SHA-256 and its age. A file with a
//! flipped bit may still be a file, with another country: only the digest tells.

use std::collections::BTreeMap;
use std::net::IpAddr;

use maxminddb::{MaxMindDbError, PathElement, Reader, WithinOptions};
use serde::de::IgnoredAny;

use crate::protect::settings::address::PlaceField;

/// Most leaves of the tree of a sound file, for each of its nodes. A tree has one
/// leaf more than nodes, and IPv4 hangs in it up to four times: at `::/96` and
/// where it is mapped to, tunnelled by Teredo and by 6to4.
const LEAVES: u64 = 6;

/// The places of addresses, ready to be looked up.
pub struct Places {
    reader: Reader<Vec<u8>>,
    /// Where a record begins in the data, and what is written for it; sorted.
    answers: Vec<(usize, Box<str>)>,
}

/// Why a file gives no places. Names what is in the file, which is a list of
/// networks that anybody may have.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a `MaxMind DB` file, cut off, or damaged.
    #[error("not a sound MaxMind DB file")]
    Damaged(#[source] MaxMindDbError),
    /// Parts of the tree of networks hang in it in many places, or in themselves.
    #[error("not a sound MaxMind DB file: over {most} networks in {nodes} nodes")]
    Tangled {
        /// Nodes by the metadata.
        nodes: u32,
        /// Networks they may make.
        most: u64,
    },
    /// A record holds something else where the country or number should be.
    #[error(
        "not a sound MaxMind DB file: `{}` is `{}`, expected {}",
        key(*field),
        found.escape_debug(),
        expected(*field)
    )]
    Answer {
        /// What was looked up.
        field: PlaceField,
        /// What is there.
        found: String,
    },
    /// No record has the field: the file is of another kind.
    #[error(
        "no record has `{}`, and the type of the file is `{}`",
        key(*field),
        database_type.escape_debug()
    )]
    Another {
        /// What was looked up.
        field: PlaceField,
        /// What the file says it is.
        database_type: String,
    },
}

impl Places {
    /// Takes in a file as it is.
    ///
    /// Time grows with the networks in the file: about half a second for
    /// 500,000 of them.
    ///
    /// # Errors
    ///
    /// [`Error`] if it is not a sound file, or holds no such field. Never panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::demo::geo::{Located, database};
    /// use gamyeong::protect::address::place::Places;
    /// use gamyeong::protect::settings::address::PlaceField;
    ///
    /// let address = [192, 0, 2, 0].into();
    /// let file = database(&[Located { address, bits: 24, country: *b"KR", system: 64_496 }], 0);
    /// let places = Places::new(file, PlaceField::Country)?;
    ///
    /// let mut out = Vec::new();
    /// assert!(places.of([192, 0, 2, 7].into(), &mut out));
    /// assert_eq!(out, b"KR");
    /// assert!(!places.of([192, 0, 3, 7].into(), &mut out));
    ///
    /// assert!(Places::new(b"no such file".to_vec(), PlaceField::Country).is_err());
    /// # Ok::<(), gamyeong::protect::address::place::Error>(())
    /// ```
    pub fn new(file: Vec<u8>, field: PlaceField) -> Result<Places, Error> {
        let reader = Reader::from_source(file).map_err(Error::Damaged)?;
        let answers = answers(&reader, field)?;
        if answers.is_empty() {
            let database_type = reader.metadata().database_type.clone();
            return Err(Error::Another { field, database_type });
        }
        Ok(Places { reader, answers })
    }

    /// Appends the place of an address, and answers false if it has none. IPv4
    /// in IPv6 is IPv4.
    pub fn of(&self, address: IpAddr, out: &mut Vec<u8>) -> bool {
        // Fails for IPv6 in a file of IPv4 alone; that the rest is sound was seen.
        let Ok(found) = self.reader.lookup(address.to_canonical()) else {
            return false;
        };
        let Some(offset) = found.offset() else {
            return false;
        };
        match self.answers.binary_search_by_key(&offset, |(offset, _)| *offset) {
            Ok(at) => {
                out.extend_from_slice(self.answers[at].1.as_bytes());
                true
            }
            Err(_) => false,
        }
    }

    /// What the file says it is, such as `GeoLite2-Country`.
    #[must_use]
    pub fn database_type(&self) -> &str {
        &self.reader.metadata().database_type
    }

    /// When the file says it was built, in seconds since 1970.
    #[must_use]
    pub fn build_epoch(&self) -> u64 {
        self.reader.metadata().build_epoch
    }
}

/// Walks the whole tree and decodes every record in it, once.
fn answers(reader: &Reader<Vec<u8>>, field: PlaceField) -> Result<Vec<(usize, Box<str>)>, Error> {
    let nodes = reader.metadata().node_count;
    let most = LEAVES * u64::from(nodes);
    // Every leaf is to come out, also empty ones: a tree that leads back into
    // itself would be walked forever in between.
    let options =
        WithinOptions::default().include_networks_without_data().include_aliased_networks();
    let mut answers = BTreeMap::new();
    for (leaf, network) in (0..).zip(reader.networks(options).map_err(Error::Damaged)?) {
        let network = network.map_err(Error::Damaged)?;
        if leaf >= most {
            return Err(Error::Tangled { nodes, most });
        }
        let Some(offset) = network.offset() else { continue };
        if answers.contains_key(&offset) {
            continue;
        }
        network.decode::<IgnoredAny>().map_err(Error::Damaged)?;
        let answer = match field {
            PlaceField::Country => {
                network.decode_path(&PATH_COUNTRY).map_err(Error::Damaged)?.map(country)
            }
            PlaceField::Asn => network.decode_path(&PATH_ASN).map_err(Error::Damaged)?.map(system),
        };
        answers.insert(offset, answer.transpose()?);
    }
    Ok(answers.into_iter().filter_map(|(offset, answer)| Some((offset, answer?))).collect())
}

const PATH_COUNTRY: [PathElement<'static>; 2] =
    [PathElement::Key("country"), PathElement::Key("iso_code")];
const PATH_ASN: [PathElement<'static>; 1] = [PathElement::Key("autonomous_system_number")];

fn country(code: &str) -> Result<Box<str>, Error> {
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code.into())
    } else {
        Err(Error::Answer { field: PlaceField::Country, found: code.to_owned() })
    }
}

fn system(number: u32) -> Result<Box<str>, Error> {
    match number {
        0 => Err(Error::Answer { field: PlaceField::Asn, found: number.to_string() }),
        _ => Ok(format!("AS{number}").into()),
    }
}

fn key(field: PlaceField) -> &'static str {
    match field {
        PlaceField::Country => "country.iso_code",
        PlaceField::Asn => "autonomous_system_number",
    }
}

fn expected(field: PlaceField) -> &'static str {
    match field {
        PlaceField::Country => "two capital letters",
        PlaceField::Asn => "1 or more",
    }
}
