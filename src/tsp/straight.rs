//! Tokens like one that was judged before, walked over in place: for the one who reads millions of tokens of one authority.
//!
//! Two tokens of one authority differ in a few values: imprint, serial number, time and nonce, the digest of them among the
//! signed attributes, the signing time there, and the signature. A [`TokenShape`] is all the rest of a token, octet for
//! octet, so that nothing outside the signature can differ unseen. [`TokenShape::read`] finds those values in a token of
//! the same shape, and gives nothing for any other, which [`TimeStampToken`](super::TimeStampToken) reads.

mod layout;

use std::ops::Range;

use crate::encoding::der::{FractionalSeconds, Reader, Tag, Value};
use crate::oid;
use crate::time::Instant;

pub(crate) use self::layout::TokenLayouts;

/// What the tokens of one authority have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenShape {
    /// From one end of the token to the other, without the values that differ.
    constant: Constant<Box<[u8]>>,
    /// Where in the signed attributes the values stand that differ.
    holes: Vec<Range<usize>>,
    message_digest: Range<usize>,
}

/// The octets of a token that are the same in each: whole encodings, in the order of the token.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Constant<T> {
    version: T,
    digest_algorithms: T,
    /// With their tag; empty when there are none.
    certificates: T,
    tst_info: ConstantTstInfo<T>,
    signer_version_and_identifier: T,
    digest_algorithm: T,
    /// All of them, with the values that differ.
    attributes: T,
    signature_algorithm: T,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ConstantTstInfo<T> {
    version_and_policy: T,
    imprint_algorithm: T,
    /// Accuracy and ordering, as far as they are there.
    accuracy_and_ordering: T,
    has_nonce: bool,
    tsa: T,
}

/// The values that differ, where they lie in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenValues<'a> {
    /// The TSTInfo: what the digest among the signed attributes is of.
    pub(crate) tst_info: &'a [u8],
    /// The message imprint.
    pub(crate) imprint: &'a [u8],
    pub(crate) gen_time: Instant,
    /// The messageDigest attribute.
    pub(crate) message_digest: &'a [u8],
    /// The signed attributes with their tag and length; signed is SET in place of the tag.
    pub(crate) attributes: &'a [u8],
    pub(crate) signature: &'a [u8],
}

impl TokenShape {
    /// The shape of a token that was judged by [`verify`](super::verify); none when it has extensions or revocation
    /// information, or other attributes than are known to have no values that differ.
    pub(crate) fn of(token: &[u8]) -> Option<Self> {
        let (constant, values) = walk(token)?;
        let mut holes = Vec::new();
        let mut message_digest = None;
        let start = values.attributes.len();
        let mut attributes = Reader::new(values.attributes).read_any().ok()?.reader();
        while !attributes.is_empty() {
            let mut attribute = attributes.read(Tag::SEQUENCE).ok()?.reader();
            let attribute_type = attribute.read(Tag::OBJECT_IDENTIFIER).ok()?.oid().ok()?;
            let mut of_set = attribute.read(Tag::SET).ok()?.reader();
            let value = of_set.read_any().ok()?;
            let contents = value.contents_offset()..value.contents_offset() + value.contents().len();
            if attribute_type == oid::ID_MESSAGE_DIGEST {
                message_digest = Some(contents.clone());
                holes.push(contents);
            } else if attribute_type == oid::ID_SIGNING_TIME {
                holes.push(contents);
            } else if !CONSTANT.contains(&attribute_type) {
                return None;
            }
        }
        let message_digest = message_digest.filter(|range| range.end <= start)?;
        Some(Self { constant: constant.to_owned(), holes, message_digest })
    }

    /// The values of a token of this shape; `None` for any other token.
    pub(crate) fn read<'a>(&self, token: &'a [u8]) -> Option<TokenValues<'a>> {
        let (constant, mut values) = walk(token)?;
        if !self.constant.is(&constant) || !self.has_attributes(constant.attributes) {
            return None;
        }
        values.message_digest = values.attributes.get(self.message_digest.clone())?;
        Some(values)
    }

    /// About how many octets of memory it takes.
    pub(crate) fn octets(&self) -> usize {
        let Constant { certificates, attributes, .. } = &self.constant;
        certificates.len() + attributes.len() + 1024
    }

    /// Whether `attributes` are those of the shape, apart from the values that differ.
    fn has_attributes(&self, attributes: &[u8]) -> bool {
        let expected = &self.constant.attributes;
        let mut from = 0;
        let ends = self.holes.iter().map(|hole| (hole.start, hole.end)).chain([(expected.len(), expected.len())]);
        attributes.len() == expected.len()
            && ends.into_iter().all(|(start, end)| {
                let piece = std::mem::replace(&mut from, end)..start;
                attributes.get(piece.clone()) == expected.get(piece)
            })
    }
}

impl Constant<&[u8]> {
    fn to_owned(&self) -> Constant<Box<[u8]>> {
        let Self { version, digest_algorithms, certificates, tst_info, .. } = self;
        let Self { signer_version_and_identifier, digest_algorithm, attributes, signature_algorithm, .. } = self;
        Constant {
            version: (*version).into(),
            digest_algorithms: (*digest_algorithms).into(),
            certificates: (*certificates).into(),
            tst_info: ConstantTstInfo {
                version_and_policy: tst_info.version_and_policy.into(),
                imprint_algorithm: tst_info.imprint_algorithm.into(),
                accuracy_and_ordering: tst_info.accuracy_and_ordering.into(),
                has_nonce: tst_info.has_nonce,
                tsa: tst_info.tsa.into(),
            },
            signer_version_and_identifier: (*signer_version_and_identifier).into(),
            digest_algorithm: (*digest_algorithm).into(),
            attributes: (*attributes).into(),
            signature_algorithm: (*signature_algorithm).into(),
        }
    }
}

impl Constant<Box<[u8]>> {
    /// Whether `other` has the same octets, the attributes apart.
    fn is(&self, other: &Constant<&[u8]>) -> bool {
        let ConstantTstInfo { version_and_policy, imprint_algorithm, accuracy_and_ordering, has_nonce, tsa } =
            &self.tst_info;
        *self.version == *other.version
            && *self.digest_algorithms == *other.digest_algorithms
            && *self.certificates == *other.certificates
            && **version_and_policy == *other.tst_info.version_and_policy
            && **imprint_algorithm == *other.tst_info.imprint_algorithm
            && **accuracy_and_ordering == *other.tst_info.accuracy_and_ordering
            && *has_nonce == other.tst_info.has_nonce
            && **tsa == *other.tst_info.tsa
            && *self.signer_version_and_identifier == *other.signer_version_and_identifier
            && *self.digest_algorithm == *other.digest_algorithm
            && *self.signature_algorithm == *other.signature_algorithm
    }
}

/// Walks over a token of the structure that all tokens have, to its last octet. What is constant is not looked into: it is
/// compared with what was.
fn walk(token: &[u8]) -> Option<(Constant<&[u8]>, TokenValues<'_>)> {
    let mut whole = Reader::new(token);
    let mut content_info = read(&mut whole, Tag::SEQUENCE)?.reader();
    whole.finish().ok()?;
    is(&mut content_info, oid::ID_SIGNED_DATA.as_der_contents())?;
    let mut explicit = read(&mut content_info, Tag::context_constructed(0))?.reader();
    content_info.finish().ok()?;
    let mut signed_data = read(&mut explicit, Tag::SEQUENCE)?.reader();
    explicit.finish().ok()?;

    let version = read(&mut signed_data, Tag::INTEGER)?.as_der();
    let digest_algorithms = read(&mut signed_data, Tag::SET)?.as_der();
    let mut encapsulated = read(&mut signed_data, Tag::SEQUENCE)?.reader();
    is(&mut encapsulated, oid::ID_CT_TST_INFO.as_der_contents())?;
    let mut explicit = read(&mut encapsulated, Tag::context_constructed(0))?.reader();
    encapsulated.finish().ok()?;
    let content = read(&mut explicit, Tag::OCTET_STRING)?.contents();
    explicit.finish().ok()?;
    let certificates = signed_data.optional(Tag::context_constructed(0)).ok()?.map_or(&[][..], |value| value.as_der());
    let mut signer_infos = read(&mut signed_data, Tag::SET)?.reader();
    signed_data.finish().ok()?;
    let signer_info = read(&mut signer_infos, Tag::SEQUENCE)?;
    signer_infos.finish().ok()?;

    let mut components = signer_info.reader();
    let before = components.remaining();
    read(&mut components, Tag::INTEGER)?;
    components.read_any().ok()?;
    let signer_version_and_identifier = before.get(..before.len() - components.remaining().len())?;
    let digest_algorithm = read(&mut components, Tag::SEQUENCE)?.as_der();
    let attributes = read(&mut components, Tag::context_constructed(0))?.as_der();
    let signature_algorithm = read(&mut components, Tag::SEQUENCE)?.as_der();
    let signature = read(&mut components, Tag::OCTET_STRING)?.contents();
    components.finish().ok()?;

    let (tst_info, Variable { imprint, gen_time, .. }) = walk_tst_info(content)?;
    let constant = Constant {
        version,
        digest_algorithms,
        certificates,
        tst_info,
        signer_version_and_identifier,
        digest_algorithm,
        attributes,
        signature_algorithm,
    };
    Some((constant, TokenValues { tst_info: content, imprint, gen_time, message_digest: &[], attributes, signature }))
}

/// What differs in a TSTInfo.
struct Variable<'a> {
    imprint: &'a [u8],
    gen_time: Instant,
    /// The whole encoding.
    gen_time_der: &'a [u8],
    serial_number: &'a [u8],
    nonce: Option<&'a [u8]>,
}

fn walk_tst_info<'a>(content: &'a [u8]) -> Option<(ConstantTstInfo<&'a [u8]>, Variable<'a>)> {
    let mut whole = Reader::new(content);
    let mut components = read(&mut whole, Tag::SEQUENCE)?.reader();
    whole.finish().ok()?;
    let before = components.remaining();
    read(&mut components, Tag::INTEGER)?;
    read(&mut components, Tag::OBJECT_IDENTIFIER)?;
    let version_and_policy = before.get(..before.len() - components.remaining().len())?;
    let mut message_imprint = read(&mut components, Tag::SEQUENCE)?.reader();
    let imprint_algorithm = read(&mut message_imprint, Tag::SEQUENCE)?.as_der();
    let imprint = read(&mut message_imprint, Tag::OCTET_STRING)?.contents();
    message_imprint.finish().ok()?;
    let serial_number = read(&mut components, Tag::INTEGER)?;
    // 160 bits, with a zero in front of a first bit that is set.
    if serial_number.contents().len() > 20 {
        return None;
    }
    let (gen_time, gen_time_der) = read_gen_time(&mut components)?;
    let before = components.remaining();
    components.optional(Tag::SEQUENCE).ok()?;
    components.optional(Tag::BOOLEAN).ok()?;
    let accuracy_and_ordering = before.get(..before.len() - components.remaining().len())?;
    let nonce = components.optional(Tag::INTEGER).ok()?.map(|nonce| nonce.as_der());
    let tsa = components.optional(Tag::context_constructed(0)).ok()?.map_or(&[][..], |value| value.as_der());
    components.finish().ok()?;
    let constant = ConstantTstInfo {
        version_and_policy,
        imprint_algorithm,
        accuracy_and_ordering,
        has_nonce: nonce.is_some(),
        tsa,
    };
    let serial_number = serial_number.as_der();
    Some((constant, Variable { imprint, gen_time, gen_time_der, serial_number, nonce }))
}

/// The time, and its encoding. Time plus accuracy must be in the calendar.
fn read_gen_time<'a>(reader: &mut Reader<'a>) -> Option<(Instant, &'a [u8])> {
    let value = read(reader, Tag::GENERALIZED_TIME)?;
    let gen_time = value.generalized_time(FractionalSeconds::Allow).ok()?;
    (gen_time.year() <= LAST_YEAR).then_some((gen_time, value.as_der()))
}

fn read<'a>(reader: &mut Reader<'a>, tag: Tag) -> Option<Value<'a>> {
    reader.read_any().ok().filter(|value| value.tag() == tag)
}

/// Reads the identifier with these contents.
fn is(reader: &mut Reader<'_>, contents: &[u8]) -> Option<()> {
    (read(reader, Tag::OBJECT_IDENTIFIER)?.contents() == contents).then_some(())
}

/// The signed attributes that say the same in every token of one authority.
const CONSTANT: [oid::Oid; 4] = [
    oid::ID_CONTENT_TYPE,
    oid::ID_AA_CMS_ALGORITHM_PROTECTION,
    oid::ID_AA_SIGNING_CERTIFICATE,
    oid::ID_AA_SIGNING_CERTIFICATE_V2,
];

/// No accuracy is as long as the years behind this one.
const LAST_YEAR: u16 = 9000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::der::Writer;

    fn tst_info(serial_number: &[u8], gen_time: &str) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |components| {
            components.unsigned(1);
            components.oid(&oid::ANY_POLICY);
            components.constructed(Tag::SEQUENCE, |imprint| {
                imprint.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&oid::ID_SHA256));
                imprint.octet_string(&[7; 32]);
            });
            components.value(Tag::INTEGER, serial_number);
            components.value(Tag::GENERALIZED_TIME, gen_time.as_bytes());
        });
        writer.into_der()
    }

    /// What is near a limit is left to the other reader.
    #[test]
    fn serial_numbers_and_times_have_their_limits() {
        let is_read =
            |serial_number: &[u8], gen_time: &str| walk_tst_info(&tst_info(serial_number, gen_time)).is_some();
        assert!(is_read(&[0x7f; 20], "20260601120000Z") && !is_read(&[0x7f; 21], "20260601120000Z"));
        assert!(!is_read(&[0x7f; 22], "20260601120000Z"));
        assert!(is_read(&[1], "90001231235959Z") && !is_read(&[1], "90010101000000Z"));
        assert!(!is_read(&[1], "99991231235959Z"));
    }

    #[test]
    fn a_shape_knows_about_how_much_memory_it_takes() {
        let constant = Constant::<Box<[u8]>> {
            version: Box::default(),
            digest_algorithms: Box::default(),
            certificates: [0; 3000].into(),
            tst_info: ConstantTstInfo {
                version_and_policy: Box::default(),
                imprint_algorithm: Box::default(),
                accuracy_and_ordering: Box::default(),
                has_nonce: false,
                tsa: Box::default(),
            },
            signer_version_and_identifier: Box::default(),
            digest_algorithm: Box::default(),
            attributes: [0; 200].into(),
            signature_algorithm: Box::default(),
        };
        let shape = TokenShape { constant, holes: Vec::new(), message_digest: 0..0 };
        assert_eq!(shape.octets(), 3000 + 200 + 1024);
    }
}
