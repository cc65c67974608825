//! `[source.fields]` of a pipeline file: what becomes of each field.

pub mod address;
pub mod agent;
pub mod category;
pub mod coding;
pub mod number;
pub mod part;
pub mod rows;
pub mod time;
pub mod url;
mod written;

use address::{Class, Place, Preserve, Seal};
use agent::Agent;
use category::Category;
use coding::Coding;
use number::{Microaggregate, Noise, Range, RoundNumber};
use part::{Mask, Partial};
use schemars::JsonSchema;
use serde::Deserialize;
use time::{HourBand, Shift, Unit, Weekday};
use url::{PathForm, Site};

/// What becomes of one field: one rule, or several that each give a column.
///
/// A field that is not listed does not appear in the output.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Rules {
    /// `"keep"` or `"drop"`: the column has the field's own name.
    Word(Word),
    /// One column.
    One(Box<Rule>),
    /// Several columns from one field.
    Several(Vec<Rule>),
}

/// A technique without parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// The value as it is. Refused for fields that identify a person.
    Keep,
    /// No column. Says that leaving the field out is meant.
    Drop,
}

/// One column and how it is made. Exactly one technique must be given.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of the output column. The field's own name if absent.
    #[serde(rename = "as")]
    pub column: Option<String>,

    /// Technique 미적용: the value as it is, as text or as a whole number.
    /// Refused for fields that identify a person.
    pub keep: Option<Keep>,

    /// Why the value is kept as it is (미적용 사유) or sealed. Needed for user agents and
    /// times that are kept, which nearly tell persons apart, and for `seal`; recorded, and
    /// told with the table.
    pub reason: Option<String>,

    /// Technique 일방향 암호화(HMAC): the value becomes a keyed pseudonym.
    pub pseudonym: Option<Pseudonym>,

    /// Technique 대체(일련번호): the value becomes a number from 1, in an order that
    /// says nothing of the values.
    pub serial: Option<Serial>,

    /// Technique 부분삭제: an IP address becomes the network it lies in, as
    /// text like `192.0.2.0/24`. Shorter prefixes are coarser.
    pub prefix: Option<Prefix>,

    /// Technique 양방향 암호화, prefix-preserving: an IP address becomes another one, and
    /// networks stay networks.
    pub preserve: Option<Preserve>,

    /// Technique 문자데이터 범주화: an IP address becomes the name of the network it lies
    /// in, or `private`, `shared` or `public`.
    pub class: Option<Class>,

    /// Technique 문자데이터 범주화: an IP address becomes a country or an autonomous
    /// system.
    pub place: Option<Place>,

    /// Technique 양방향 암호화: the value is sealed, and the key of its epoch opens it
    /// again. Needs a `reason`.
    pub seal: Option<Seal>,

    /// Technique 문자데이터 범주화: a MAC address becomes the vendor it was assigned to,
    /// or a flag that says whether it is randomised.
    pub mac: Option<Mac>,

    /// Technique 일반 라운딩: a time is rounded down to this unit, in local time.
    pub round: Option<Unit>,

    /// Technique 부분삭제: a time becomes the day of its week.
    pub weekday: Option<Weekday>,

    /// Technique 범위 방법: a time becomes the band of hours that it lies in.
    pub hour_band: Option<HourBand>,

    /// Technique 잡음 추가: the times of a person move by whole weeks.
    pub shift: Option<Shift>,

    /// Technique 일반, 랜덤 or 제어 라운딩: a whole number is rounded.
    pub round_number: Option<RoundNumber>,

    /// Technique 범위 방법: a whole number becomes an interval, as text.
    pub range: Option<Range>,

    /// Technique 상하단코딩: whole numbers beyond bounds become the bounds, or null.
    pub coding: Option<Coding>,

    /// Technique 잡음 추가: a number that is drawn for each person is added.
    pub noise: Option<Noise>,

    /// Technique 부분총계: a whole number becomes the mean of those like it.
    pub microaggregate: Option<Microaggregate>,

    /// Technique 부분삭제: the beginning of a text, or the region of an address.
    pub partial: Option<Partial>,

    /// Technique 마스킹: characters of a text are hidden.
    pub mask: Option<Mask>,

    /// Technique 부분삭제: a URL or request line becomes its path without
    /// query and fragment; a referer keeps scheme and host. Or 문자데이터 범주화: its
    /// template, of a list or learned.
    pub path: Option<PathForm>,

    /// Technique 부분삭제: the address of a page becomes the domain that somebody
    /// registered.
    pub site: Option<Site>,

    /// Technique 부분삭제: of a URL's query only these parameters stay, in this
    /// order. All others are dropped.
    pub query: Option<Vec<String>>,

    /// Technique 문자데이터 범주화: a user agent becomes its family, such as `Chrome`, its
    /// system, its class, or whether it is a robot.
    pub agent: Option<Agent>,

    /// Technique 문자데이터 범주화: values become categories, by a table, a hierarchy of the
    /// institution or a ready one.
    pub category: Option<Category>,

    /// Besides (특이정보, 로컬 일반화): what becomes of a text that too few persons have.
    pub rare: Option<Rare>,

    /// Besides (순열): the values of the column change places with each other, so that
    /// none is that of its row any more.
    #[serde(default)]
    pub permute: bool,

    /// Korean name of the column for records and codebooks. The column's name
    /// if absent.
    pub label: Option<String>,
}

/// How a kept value is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// Text, from UTF-8 or else code page 949; what is neither is escaped and
    /// counted.
    Text,
    /// A whole number; values that are not become null and are counted.
    Integer,
}

/// A keyed pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pseudonym {
    /// Values of the same domain get the same pseudonym wherever they stand;
    /// values of different domains can never be joined.
    pub domain: String,
    /// How a value is brought into its one canonical form first. Known from
    /// the field where absent; `text` for columns of tables.
    pub kind: Option<Kind>,
    /// How the pseudonym is written. 26 characters of base32 if absent.
    #[serde(default)]
    pub encoding: Encoding,
    /// How many bytes of the HMAC are kept: 16 if absent, or 32.
    #[serde(default)]
    pub bytes: Width,
    /// What becomes of MAC addresses that a device made up. `null` if absent.
    pub randomised: Option<Randomised>,
    /// Of a subject that is looked up: domain of those that are devices, such as
    /// that of MAC addresses elsewhere. `domain` is that of accounts.
    pub device_domain: Option<String>,
    /// Of a subject that is looked up: domain of those of which only the address
    /// is known.
    pub address_domain: Option<String>,
}

/// A serial number in random order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Serial {
    /// Orders of two domains have nothing to do with each other.
    pub domain: String,
    /// How a value is brought into its one canonical form first, as for pseudonyms.
    pub kind: Option<Kind>,
}

/// What becomes of a text that too few persons have (특이정보).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rare {
    /// The least number of persons that a text must be of.
    pub persons_min: PersonsMin,
    /// What stands in the place of all rarer ones, if as many persons have one of
    /// them. Null if absent.
    pub other: Option<String>,
}

/// A least number of persons: 2 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("minimum" = 2))]
pub struct PersonsMin(u32);

/// What becomes of randomised MAC addresses (무작위 MAC 주소): those that a device
/// made up and may change at will, so that one stands for no device for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Randomised {
    /// They are no key of a person: null, and counted.
    #[default]
    Null,
    /// They get pseudonyms like the others.
    Keep,
}

/// The canonical form of an identifier, over which its pseudonym is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An IP address: 4 or 16 bytes, port and zone removed.
    Ip,
    /// A MAC address: 6 bytes, from any notation, and from what holds one, such
    /// as a DUID. The address of a group is none.
    Mac,
    /// The bytes as logged.
    Text,
}

/// How a pseudonym is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// RFC 4648 base32 in lower case without padding.
    #[default]
    Base32,
    /// Lower-case hexadecimal.
    Hex,
    /// The bytes themselves.
    Binary,
}

/// How many bytes of the HMAC a pseudonym has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("enum" = [16, 32]))]
pub struct Width(u32);

/// A network prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prefix {
    /// Bits of an IPv4 address that stay.
    pub v4: BitsV4,
    /// Bits of an IPv6 address that stay.
    pub v6: BitsV6,
}

/// 8, 16 or 24: a longer IPv4 prefix would be an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("enum" = [8, 16, 24]))]
pub struct BitsV4(u32);

/// 32, 48 or 64: the bits after these number devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("enum" = [32, 48, 64]))]
pub struct BitsV6(u32);

/// What is kept of a MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Mac {
    /// Vendor of the address block (IEEE registry), if at least [`DEVICES_MIN`] devices
    /// of the table are of it; else null, as it is for randomised addresses.
    Vendor,
    /// True if the address is locally administered, which phones do at random.
    Randomised,
    /// As the first, with another least number of devices.
    #[schemars(untagged)]
    VendorOf {
        /// That number.
        vendor: VendorOf,
    },
}

/// A vendor, if enough devices are of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VendorOf {
    /// The least number of devices of the table: 2 or more.
    pub devices_min: PersonsMin,
}

/// Devices that must share a vendor if a pipeline says no other number: fewer would
/// tell the one person with that phone.
pub const DEVICES_MIN: u64 = 5;

/// A number that is not one of those allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Senseless {
    #[error("pseudonym has {0} bytes, must be 16 or 32")]
    Width(u32),
    #[error("least number of persons is {0}, must be 2 or more")]
    PersonsMin(u32),
    #[error("sample is one in {0}, must be 2 or more")]
    OneIn(u32),
    #[error("IPv4 prefix is {0} bits, must be 8, 16 or 24")]
    BitsV4(u32),
    #[error("IPv6 prefix is {0} bits, must be 32, 48 or 64")]
    BitsV6(u32),
}

impl TryFrom<u32> for PersonsMin {
    type Error = Senseless;

    fn try_from(persons: u32) -> Result<Self, Senseless> {
        if persons < 2 { Err(Senseless::PersonsMin(persons)) } else { Ok(Self(persons)) }
    }
}

impl PersonsMin {
    /// The number.
    #[must_use]
    pub fn count(self) -> u64 {
        u64::from(self.0)
    }
}

impl Pseudonym {
    /// The domains of devices and of addresses, if what it is made of is looked up.
    #[must_use]
    pub fn looked_up(&self) -> Option<(&str, &str)> {
        self.device_domain.as_deref().zip(self.address_domain.as_deref())
    }
}

impl TryFrom<u32> for Width {
    type Error = Senseless;

    fn try_from(bytes: u32) -> Result<Self, Senseless> {
        if matches!(bytes, 16 | 32) { Ok(Self(bytes)) } else { Err(Senseless::Width(bytes)) }
    }
}

impl TryFrom<u32> for BitsV4 {
    type Error = Senseless;

    fn try_from(bits: u32) -> Result<Self, Senseless> {
        if matches!(bits, 8 | 16 | 24) { Ok(Self(bits)) } else { Err(Senseless::BitsV4(bits)) }
    }
}

impl TryFrom<u32> for BitsV6 {
    type Error = Senseless;

    fn try_from(bits: u32) -> Result<Self, Senseless> {
        if matches!(bits, 32 | 48 | 64) { Ok(Self(bits)) } else { Err(Senseless::BitsV6(bits)) }
    }
}

impl Default for Width {
    fn default() -> Self {
        Self(16)
    }
}

impl Width {
    /// 16 or 32.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.0 as usize
    }
}

impl BitsV4 {
    /// 8, 16 or 24.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }
}

impl BitsV6 {
    /// 32, 48 or 64.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }
}
