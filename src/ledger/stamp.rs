//! A checkpoint in; the request for a time stamp out. An answer in; what it stamps and when out.
//!
//! ```text
//! request  TimeStampReq  { 1, SHA-256 of the checkpoint's text, certReq }
//! answer   TimeStampResp { granted, ContentInfo { SignedData { …, TSTInfo { policy, imprint,
//!                          serial, time } … } } }
//! ```
//!
//! What is stamped is the text of a checkpoint without its signatures: whoever has the records
//! can make it for every size.
//!
//! Source: RFC 3161 sections 2.4.1 and 2.4.2; RFC 5652 section 5; ITU-T X.690 (DER).
//!
//! Not here: whether an authority signed it (`openssl`).

use der::asn1::ObjectIdentifier;
use der::{AnyRef, Class, Decode as _, Reader as _, SliceReader, Tag, Tagged as _};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::checkpoint::Checkpoint;
use super::tree::Hash;

/// Answers have a certificate or two and no more.
pub const MAX_BYTES: usize = 1 << 18;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// A request up to the digest: `SEQUENCE { 1, SEQUENCE { SEQUENCE { sha-256, NULL }, OCTET STRING`.
const REQUEST: [u8; 24] = [
    0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];
/// Its end: that the certificates are to be in the answer.
const WITH_CERTIFICATES: [u8; 3] = [0x01, 0x01, 0xff];

/// What an answer says. Whether an authority said so is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// SHA-256 of what was stamped.
    pub imprint: Hash,
    /// The policy of the authority: an object identifier.
    pub policy: String,
    /// The number that the authority gave it, in hexadecimal digits.
    pub serial: String,
    /// When.
    pub time: Timestamp,
}

/// Why bytes are no stamp that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoStamp {
    /// They are no answer, or not in its one encoding.
    #[error("stamp: not an RFC 3161 answer in DER")]
    Form,
    /// The authority refused.
    #[error("stamp: the authority gave none, its status is {status}")]
    Status {
        /// `PKIStatus`, from 2.
        status: u8,
    },
    /// It stamps a digest of another kind.
    #[error("stamp: of another digest than SHA-256")]
    Digest,
}

/// The request for a stamp on a checkpoint.
#[must_use]
pub fn request(checkpoint: &Checkpoint) -> Vec<u8> {
    [REQUEST.as_slice(), imprint(checkpoint).as_bytes(), &WITH_CERTIFICATES].concat()
}

/// What a stamp on a checkpoint is over.
#[must_use]
pub fn imprint(checkpoint: &Checkpoint) -> Hash {
    Hash::of(checkpoint.to_string().as_bytes())
}

/// Reads an answer.
///
/// # Errors
///
/// [`NoStamp`] if it is none, or none over a SHA-256.
pub fn read(bytes: &[u8]) -> Result<Stamp, NoStamp> {
    if bytes.len() > MAX_BYTES {
        return Err(NoStamp::Form);
    }
    let info = info(bytes)?.ok_or(NoStamp::Form)?;
    stamp(info).ok_or(NoStamp::Form)?
}

/// The bytes of `TSTInfo`; `None` if there are none.
fn info(bytes: &[u8]) -> Result<Option<&[u8]>, NoStamp> {
    let response = AnyRef::from_der(bytes).map_err(|_| NoStamp::Form)?;
    let mut response = of(response, Tag::Sequence).map(Parts).ok_or(NoStamp::Form)?;
    let status = response.take(Tag::Sequence).and_then(|status| Parts(status).take(Tag::Integer));
    match status.ok_or(NoStamp::Form)? {
        // Granted, perhaps with changes.
        [0 | 1] => {}
        [status] => return Err(NoStamp::Status { status: *status }),
        _ => return Err(NoStamp::Form),
    }
    Ok((|| {
        let mut content = Parts(response.take(Tag::Sequence)?);
        let is_signed = content.oid()? == SIGNED_DATA;
        let mut explicit = Parts(content.context()?);
        let mut signed = Parts(explicit.take(Tag::Sequence)?);
        signed.take(Tag::Integer)?;
        signed.take(Tag::Set)?;
        let mut inner = Parts(signed.take(Tag::Sequence)?);
        let is_info = inner.oid()? == TST_INFO;
        let mut octets = Parts(inner.context()?);
        let info = octets.take(Tag::OctetString)?;
        let is_whole = [response, content, explicit, inner, octets].iter().all(Parts::is_empty);
        (is_signed && is_info && is_whole).then_some(info)
    })())
}

/// Reads `TSTInfo`; `None` if it is none.
fn stamp(info: &[u8]) -> Option<Result<Stamp, NoStamp>> {
    let mut outer = Parts(info);
    let mut info = Parts(outer.take(Tag::Sequence)?);
    if info.take(Tag::Integer)? != [1] || !outer.is_empty() {
        return None;
    }
    let policy = info.oid()?.to_string();
    let mut imprint = Parts(info.take(Tag::Sequence)?);
    let mut algorithm = Parts(imprint.take(Tag::Sequence)?);
    let digest = imprint.take(Tag::OctetString)?;
    if algorithm.oid()? != SHA256 {
        return Some(Err(NoStamp::Digest));
    }
    let imprint = Hash::from_hex(&data_encoding::HEXLOWER.encode(digest))?;
    let serial = data_encoding::HEXLOWER.encode(info.take(Tag::Integer)?);
    let time = time(info.take(Tag::GeneralizedTime)?)?;
    Some(Ok(Stamp { imprint, policy, serial, time }))
}

/// `YYYYMMDDhhmmss`, perhaps with a fraction, and `Z`.
fn time(bytes: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| whole.get(from..to)?.parse::<i8>().ok();
    let year = whole.get(..4)?.parse().ok()?;
    let (month, day) = (number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(8, 10)?, number(10, 12)?, number(12, 14)?);
    let time = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Elements one after the other.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn next(&mut self) -> Option<AnyRef<'a>> {
        let mut reader = SliceReader::new(self.0).ok()?;
        let part = AnyRef::decode(&mut reader).ok()?;
        let read = usize::try_from(u32::from(reader.position())).ok()?;
        self.0 = self.0.get(read..)?;
        Some(part)
    }

    fn take(&mut self, tag: Tag) -> Option<&'a [u8]> {
        of(self.next()?, tag)
    }

    fn oid(&mut self) -> Option<ObjectIdentifier> {
        let bytes = self.take(Tag::ObjectIdentifier)?;
        ObjectIdentifier::from_bytes(bytes).ok().filter(|_| has_one_spelling(bytes))
    }

    /// What stands in `[0] EXPLICIT`.
    fn context(&mut self) -> Option<&'a [u8]> {
        let part = self.next()?;
        let tag = part.tag();
        let is_zero = tag.class() == Class::ContextSpecific && tag.number().value() == 0;
        (is_zero && tag.is_constructed()).then(|| part.value())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// True if every arc of an object identifier begins with no zero and is below 2^32, as they are
/// written with dots: what the library makes of others is left open.
fn has_one_spelling(bytes: &[u8]) -> bool {
    let mut arcs = bytes.get(1..).unwrap_or_default().split_inclusive(|byte| *byte < 0x80);
    let value = |arc: &[u8]| arc.iter().fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
    let is_one = |arc: &[u8]| {
        arc.first() != Some(&0x80) && arc.len() <= 5 && u32::try_from(value(arc)).is_ok()
    };
    arcs.all(is_one) && bytes.last().is_some_and(|byte| *byte < 0x80)
}

fn of(part: AnyRef<'_>, tag: Tag) -> Option<&[u8]> {
    (part.tag() == tag).then(|| part.value())
}
