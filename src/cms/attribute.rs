//! Signed attributes.
//!
//! ```text
//! SignedAttributes ::= SET SIZE (1..MAX) OF Attribute            -- DER; [0] IMPLICIT in SignerInfo
//! Attribute ::= SEQUENCE {
//!     attrType    OBJECT IDENTIFIER,
//!     attrValues  SET OF AttributeValue }
//!
//! CMSAlgorithmProtection ::= SEQUENCE {                           -- RFC 6211
//!     digestAlgorithm         DigestAlgorithmIdentifier,
//!     signatureAlgorithm  [1] IMPLICIT SignatureAlgorithmIdentifier OPTIONAL,
//!     macAlgorithm        [2] IMPLICIT MessageAuthenticationCodeAlgorithm OPTIONAL }
//! ```
//!
//! Read: contentType and messageDigest, which must be there, CMSAlgorithmProtection, and the two attributes that name the
//! signing certificate. Ignored, being covered by the signature and of no effect: all others, signingTime among them.
//! Refused: an attribute type that stands twice, an attribute of those read with other than one value, attributes out of
//! DER order (RFC 5652 §5.3 asks for DER).

use crate::cms::CmsError;
use crate::cms::algorithm::AlgorithmIdentifier;
use crate::cms::ess::{SigningCertificate, SigningCertificateVersion};
use crate::encoding::der::{Reader, Tag, Value, check_set_order};
use crate::oid::{self, Oid};

/// The signed attributes of a signer, as far as they are read.
#[derive(Debug, Clone)]
pub(super) struct SignedAttributes {
    /// The octets that the signature covers: the attributes under the universal tag SET (RFC 5652 §5.4).
    pub(super) to_be_signed: Box<[u8]>,
    pub(super) content_type: Oid,
    pub(super) message_digest: Box<[u8]>,
    pub(super) algorithm_protection: Option<AlgorithmProtection>,
    /// SigningCertificate and SigningCertificateV2, those that are there.
    pub(super) signing_certificates: Vec<SigningCertificate>,
}

impl SignedAttributes {
    /// Reads the value tagged [0].
    pub(super) fn from_value(value: &Value<'_>) -> Result<Self, CmsError> {
        check_set_order(value)?;
        let attributes = Attributes::from_value(value)?;
        let content_type =
            attributes.required(&oid::ID_CONTENT_TYPE, |values| Ok(values.read(Tag::OBJECT_IDENTIFIER)?.oid()?))?;
        let message_digest = attributes
            .required(&oid::ID_MESSAGE_DIGEST, |values| Ok(values.read(Tag::OCTET_STRING)?.contents().into()))?;
        let algorithm_protection =
            attributes.optional(&oid::ID_AA_CMS_ALGORITHM_PROTECTION, AlgorithmProtection::read)?;
        let version_1 = attributes.optional(&oid::ID_AA_SIGNING_CERTIFICATE, |values| {
            SigningCertificate::read(values, SigningCertificateVersion::V1)
        })?;
        let version_2 = attributes.optional(&oid::ID_AA_SIGNING_CERTIFICATE_V2, |values| {
            SigningCertificate::read(values, SigningCertificateVersion::V2)
        })?;
        Ok(Self {
            to_be_signed: under_universal_tag(value),
            content_type,
            message_digest,
            algorithm_protection,
            signing_certificates: version_1.into_iter().chain(version_2).collect(),
        })
    }
}

/// The algorithms that the signer says it used (RFC 6211).
#[derive(Debug, Clone)]
pub(super) struct AlgorithmProtection {
    digest_algorithm: AlgorithmIdentifier,
    signature_algorithm: AlgorithmIdentifier,
}

impl AlgorithmProtection {
    fn read(values: &mut Reader<'_>) -> Result<Self, CmsError> {
        let sequence = values.read(Tag::SEQUENCE)?;
        let mut components = sequence.reader();
        let digest_algorithm = AlgorithmIdentifier::from_value(&components.read(Tag::SEQUENCE)?)?;
        // In a SignerInfo signatureAlgorithm must be there and macAlgorithm must not (RFC 6211 §2).
        let signature_algorithm = AlgorithmIdentifier::from_value(&components.read(Tag::context_constructed(1))?)?;
        components.finish()?;
        Ok(Self { digest_algorithm, signature_algorithm })
    }

    /// Checks that the SignerInfo names the same algorithms (RFC 6211 §3).
    pub(super) fn check(&self, digest: &AlgorithmIdentifier, signature: &AlgorithmIdentifier) -> Result<(), CmsError> {
        if !self.digest_algorithm.says_the_same(digest) {
            return Err(CmsError::AlgorithmProtection { field: "digestAlgorithm" });
        }
        if !self.signature_algorithm.says_the_same(signature) {
            return Err(CmsError::AlgorithmProtection { field: "signatureAlgorithm" });
        }
        Ok(())
    }
}

/// Attributes by type, each type once.
struct Attributes<'a>(Vec<(Oid, Value<'a>)>);

impl<'a> Attributes<'a> {
    fn from_value(value: &Value<'a>) -> Result<Self, CmsError> {
        let mut attributes: Vec<(Oid, Value<'a>)> = Vec::new();
        let mut rest = value.reader();
        while !rest.is_empty() {
            let (attribute_type, values) = read_attribute(&mut rest)?;
            if attributes.last().is_some_and(|_| attributes.len() >= MAX_ATTRIBUTES) {
                return Err(CmsError::TooManyAttributes { limit: MAX_ATTRIBUTES });
            }
            if attributes.iter().any(|(known, _)| *known == attribute_type) {
                return Err(CmsError::DuplicateAttribute { attribute: attribute_type });
            }
            attributes.push((attribute_type, values));
        }
        Ok(Self(attributes))
    }

    fn required<T>(
        &self,
        attribute: &Oid,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, CmsError>,
    ) -> Result<T, CmsError> {
        self.optional(attribute, read)?.ok_or_else(|| CmsError::AttributeMissing { attribute: attribute.clone() })
    }

    /// Reads the one value of `attribute`.
    fn optional<T>(
        &self,
        attribute: &Oid,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, CmsError>,
    ) -> Result<Option<T>, CmsError> {
        let Some((_, values)) = self.0.iter().find(|(known, _)| known == attribute) else { return Ok(None) };
        let mut values = values.reader();
        let not_one = || CmsError::AttributeValues { attribute: attribute.clone() };
        if values.is_empty() {
            return Err(not_one());
        }
        let value = read(&mut values)?;
        if values.is_empty() { Ok(Some(value)) } else { Err(not_one()) }
    }
}

/// Reads one Attribute: its type and the SET of its values.
pub(super) fn read_attribute<'a>(attributes: &mut Reader<'a>) -> Result<(Oid, Value<'a>), CmsError> {
    let mut components = attributes.read(Tag::SEQUENCE)?.reader();
    let attribute_type = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    let values = components.read(Tag::SET)?;
    components.finish()?;
    Ok((attribute_type, values))
}

/// The encoding of `value` with the tag SET in place of [0]; length and contents stay as received.
fn under_universal_tag(value: &Value<'_>) -> Box<[u8]> {
    let after_tag = value.as_der().iter().skip(1).copied();
    std::iter::once(UNIVERSAL_SET).chain(after_tag).collect()
}

const UNIVERSAL_SET: u8 = 0x31;

/// The most attributes of one signer. 64: tokens have three to eight.
const MAX_ATTRIBUTES: usize = 64;
