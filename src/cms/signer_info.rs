//! SignerInfo.
//!
//! ```text
//! SignerInfo ::= SEQUENCE {
//!     version             CMSVersion,              -- 1 with issuerAndSerialNumber, 3 with subjectKeyIdentifier
//!     sid                 SignerIdentifier,
//!     digestAlgorithm     DigestAlgorithmIdentifier,
//!     signedAttrs         [0] IMPLICIT SignedAttributes,         -- OPTIONAL in RFC 5652, required here
//!     signatureAlgorithm  SignatureAlgorithmIdentifier,
//!     signature           OCTET STRING,
//!     unsignedAttrs       [1] IMPLICIT UnsignedAttributes OPTIONAL }     -- refused
//! SignerIdentifier ::= CHOICE {
//!     issuerAndSerialNumber      SEQUENCE { issuer Name, serialNumber CertificateSerialNumber },
//!     subjectKeyIdentifier  [0]  IMPLICIT OCTET STRING }
//! ```

use crate::cms::algorithm::AlgorithmIdentifier;
use crate::cms::attribute::{SignedAttributes, read_attribute};
use crate::cms::{CmsError, SignedData};
use crate::crypto::{AlgorithmConstraints, SignatureAlgorithm, SignatureValid};
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{Reader, Tag, Value};
use crate::x509::Certificate;

/// One signature over the content, and who says to have made it.
#[derive(Debug, Clone)]
pub struct SignerInfo {
    identifier: SignerIdentifier,
    pub(super) digest_identifier: AlgorithmIdentifier,
    digest_algorithm: DigestAlgorithm,
    signature_identifier: AlgorithmIdentifier,
    signature_algorithm: SignatureAlgorithm,
    attributes: SignedAttributes,
    signature: Box<[u8]>,
}

impl SignerInfo {
    pub(super) fn from_value(value: &Value<'_>) -> Result<Self, CmsError> {
        let mut components = value.reader();
        let version = components.read(Tag::INTEGER)?.unsigned(u64::MAX)?;
        let identifier = SignerIdentifier::read(&mut components)?;
        if version != identifier.version() {
            return Err(CmsError::SignerVersion { expected: identifier.version(), found: version });
        }
        let digest_identifier = AlgorithmIdentifier::from_value(&components.read(Tag::SEQUENCE)?)?;
        let digest_algorithm = digest_identifier.digest_algorithm()?;
        let attributes = components.optional(Tag::context_constructed(0))?.ok_or(CmsError::SignedAttributesMissing)?;
        let attributes = SignedAttributes::from_value(&attributes)?;
        let signature_identifier = AlgorithmIdentifier::from_value(&components.read(Tag::SEQUENCE)?)?;
        let signature_algorithm = signature_identifier.signature_algorithm(digest_algorithm)?;
        let signature = components.read(Tag::OCTET_STRING)?.contents().into();
        if let Some(unsigned) = components.optional(Tag::context_constructed(1))? {
            let (first, _) = read_attribute(&mut unsigned.reader())?;
            return Err(CmsError::UnsignedAttributes { first });
        }
        components.finish()?;
        Ok(Self {
            identifier,
            digest_identifier,
            digest_algorithm,
            signature_identifier,
            signature_algorithm,
            attributes,
            signature,
        })
    }

    /// Who says to have signed.
    #[must_use]
    pub fn identifier(&self) -> &SignerIdentifier {
        &self.identifier
    }

    /// The hash over the content.
    #[must_use]
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest_algorithm
    }

    /// The signature algorithm; rsaEncryption is given as RSASSA-PKCS1-v1_5 with the digest algorithm.
    #[must_use]
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.signature_algorithm
    }

    /// Whether the signed attributes name `certificate` as the signing certificate (RFC 5035 §5, RFC 5816 §2.2.1).
    ///
    /// # Errors
    /// See [`SignedData::verify`](super::SignedData::verify), step 2.
    pub fn check_signing_certificate(&self, certificate: &Certificate) -> Result<(), CmsError> {
        if self.attributes.signing_certificates.is_empty() {
            return Err(CmsError::SigningCertificateMissing);
        }
        // Both attributes are evaluated when both are there (RFC 5035 §5).
        self.attributes.signing_certificates.iter().try_for_each(|named| named.check(certificate))
    }

    /// The steps 3 to 7 of [`SignedData::verify`](super::SignedData::verify).
    pub(super) fn verify(
        &self,
        signed_data: &SignedData,
        certificate: &Certificate,
        constraints: &AlgorithmConstraints,
    ) -> Result<SignatureValid, CmsError> {
        let (content_type, content) = (signed_data.content_type(), signed_data.unverified_content());
        if self.attributes.content_type != *content_type {
            let found = self.attributes.content_type.clone();
            return Err(CmsError::ContentTypeMismatch { expected: content_type.clone(), found });
        }
        let computed = self.digest_algorithm.digest(content);
        if computed.as_octets() != &*self.attributes.message_digest {
            return Err(CmsError::MessageDigest { computed });
        }
        if let Some(protection) = &self.attributes.algorithm_protection {
            protection.check(&self.digest_identifier, &self.signature_identifier)?;
        }
        let key = certificate.public_key();
        constraints.check_of(signed_data.as_der(), self.signature_algorithm, key)?;
        Ok(key.verify(self.signature_algorithm, &self.attributes.to_be_signed, &self.signature)?)
    }
}

/// How a SignerInfo names its certificate. No signature covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignerIdentifier {
    /// By issuer and serial number.
    IssuerAndSerialNumber {
        /// The issuer, a Name in DER.
        issuer: Box<[u8]>,
        /// The contents octets of the INTEGER.
        serial_number: Box<[u8]>,
    },
    /// By subject key identifier.
    SubjectKeyIdentifier(Box<[u8]>),
}

impl SignerIdentifier {
    fn read(components: &mut Reader<'_>) -> Result<Self, CmsError> {
        if let Some(identifier) = components.optional(Tag::context(0))? {
            return Ok(Self::SubjectKeyIdentifier(identifier.contents().into()));
        }
        let mut issuer_and_serial = components.read(Tag::SEQUENCE)?.reader();
        let issuer = issuer_and_serial.read(Tag::SEQUENCE)?.as_der().into();
        let serial_number = issuer_and_serial.read(Tag::INTEGER)?.contents().into();
        issuer_and_serial.finish()?;
        Ok(Self::IssuerAndSerialNumber { issuer, serial_number })
    }

    /// Whether this names `certificate`, octet for octet: since no signature covers it, no two spellings may pass.
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial_number } => {
                **issuer == *certificate.issuer().as_der() && **serial_number == *certificate.serial_number()
            }
            Self::SubjectKeyIdentifier(identifier) => {
                certificate.subject_key_identifier().is_some_and(|own| *own == **identifier)
            }
        }
    }

    /// The version that a SignerInfo with this identifier has (RFC 5652 §5.3).
    fn version(&self) -> u64 {
        match self {
            Self::IssuerAndSerialNumber { .. } => 1,
            Self::SubjectKeyIdentifier(_) => 3,
        }
    }
}
