//! The subset of the Cryptographic Message Syntax that time-stamp tokens need (RFC 5652).
//!
//! ```text
//! ContentInfo ::= SEQUENCE {
//!     contentType  OBJECT IDENTIFIER,                                  -- id-signedData
//!     content      [0] EXPLICIT SignedData }
//! SignedData ::= SEQUENCE {
//!     version           CMSVersion,                                    -- what RFC 5652 §5.1 computes: 3 or 5
//!     digestAlgorithms  SET OF DigestAlgorithmIdentifier,              -- exactly one, that of the signer
//!     encapContentInfo  SEQUENCE {
//!         eContentType  OBJECT IDENTIFIER,
//!         eContent      [0] EXPLICIT OCTET STRING },                   -- OPTIONAL in RFC 5652, required here
//!     certificates      [0] IMPLICIT SET OF Certificate OPTIONAL,      -- X.509 only
//!     crls              [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
//!     signerInfos       SET OF SignerInfo }                            -- exactly one
//! ```
//!
//! **Accepted**: DER with one signer who has signed attributes. **Kept, not judged**: certificates (material for paths)
//! and revocation information (evidence for later). **Refused**: BER (indefinite lengths come out as
//! `der-length-indefinite`), detached content, attribute certificates, several signers or none, unsigned attributes.
//!
//! A CMS signature covers the content and the signed attributes, and nothing else. What lies outside is either a
//! certificate, which carries a signature of its own, or can say one thing only: versions are computed, `digestAlgorithms`
//! repeats the signer's, the signer identifier is compared with the certificate octet for octet, algorithms must fit each
//! other and the key, and nothing unsigned is let in. What is left are two spellings of one thing: parameters of a hash
//! function that are NULL or absent, and, unless the signer protects the algorithms (RFC 6211), rsaEncryption or
//! shaNWithRSAEncryption.

mod algorithm;
mod attribute;
mod ess;
#[cfg(all(test, feature = "issue"))]
pub(crate) mod fixture;
mod signed_data;
mod signer_info;
#[cfg(feature = "issue")]
mod signing;

use crate::crypto::{AlgorithmError, ConstraintError, SignatureAlgorithm, SignatureError};
use crate::digest::{Digest, DigestAlgorithm, DigestLengthError};
use crate::encoding::der::{DerError, Tag};
use crate::oid::Oid;
use crate::x509::NameError;

pub(crate) use self::algorithm::AlgorithmIdentifier;
pub use self::algorithm::UnsupportedDigest;
#[cfg(feature = "issue")]
pub(crate) use self::algorithm::digest_oid;
pub use self::signed_data::{RevocationInfo, SignedData};
pub use self::signer_info::{SignerIdentifier, SignerInfo};
#[cfg(feature = "issue")]
pub(crate) use self::signing::{SigningError, ToBeSigned};

/// Why octets are not a SignedData of this subset, or why its signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CmsError {
    /// Not DER, or not of the ASN.1 type: `30 80 ..`.
    #[error("CMS: {0}")]
    Der(#[from] DerError),
    /// A ContentInfo of another kind, such as id-envelopedData.
    #[error("CMS: the content is of type {found}, expected signed data")]
    NotSignedData {
        /// The content type.
        found: Oid,
    },
    /// The version is not the one that RFC 5652 §5.1 computes.
    #[error("CMS: signed data has version {found}, expected {expected}")]
    Version {
        /// What the contents ask for.
        expected: u64,
        /// What is written.
        found: u64,
    },
    /// `digestAlgorithms` is not the signer's digest algorithm alone.
    #[error("CMS: the digest algorithms announced are not that of the signer alone")]
    DigestAlgorithms,
    /// There is no content inside (a detached signature).
    #[error("CMS: the content is missing")]
    ContentMissing,
    /// A certificate that is not X.509, such as an attribute certificate `[2]`.
    #[error("CMS: a certificate of kind {found}, expected X.509")]
    CertificateKind {
        /// The tag found.
        found: Tag,
    },
    /// More certificates than [`Limits::certificates`](crate::budget::Limits::certificates).
    #[error("CMS: more than {limit} certificates")]
    TooManyCertificates {
        /// The limit.
        limit: usize,
    },
    /// More revocation information came along than [`Limits::revocation_values`](crate::budget::Limits::revocation_values).
    #[error("CMS: more than {limit} CRLs and OCSP responses")]
    TooManyRevocationValues {
        /// The limit.
        limit: usize,
    },
    /// The set of signers is empty.
    #[error("CMS: no signer")]
    NoSigner,
    /// There is more than one signer.
    #[error("CMS: more than one signer")]
    SeveralSigners,
    /// The version is not the one that belongs to the form of signer identifier (RFC 5652 §5.3).
    #[error("CMS: the signer has version {found}, expected {expected}")]
    SignerVersion {
        /// What the signer identifier asks for.
        expected: u64,
        /// What is written.
        found: u64,
    },
    /// The signer has no signed attributes.
    #[error("CMS: the signer has no signed attributes")]
    SignedAttributesMissing,
    /// The signer has unsigned attributes, which anyone can alter.
    #[error("CMS: unsigned attribute {first}; nothing unsigned is accepted")]
    UnsignedAttributes {
        /// The type of the first.
        first: Oid,
    },
    /// More than 64 signed attributes.
    #[error("CMS: more than {limit} signed attributes")]
    TooManyAttributes {
        /// The limit.
        limit: usize,
    },
    /// An attribute type stands twice.
    #[error("CMS: signed attribute {attribute} stands twice")]
    DuplicateAttribute {
        /// The attribute type.
        attribute: Oid,
    },
    /// An attribute that must be there is not.
    #[error("CMS: signed attribute {attribute} is missing")]
    AttributeMissing {
        /// The attribute type.
        attribute: Oid,
    },
    /// An attribute has no value or several, where one is required.
    #[error("CMS: signed attribute {attribute} does not have exactly one value")]
    AttributeValues {
        /// The attribute type.
        attribute: Oid,
    },
    /// The digest algorithm is not known.
    #[error("CMS: {0}")]
    Digest(#[from] UnsupportedDigest),
    /// A certificate hash is not as long as its algorithm makes it.
    #[error("CMS: certificate hash: {0}")]
    CertificateHashLength(#[from] DigestLengthError),
    /// The issuer in a SigningCertificate attribute is not a name.
    #[error("CMS: issuer of the signing certificate: {0}")]
    Name(#[from] NameError),
    /// The signature algorithm is not known.
    #[error("CMS: {0}")]
    Algorithm(#[from] AlgorithmError),
    /// Digest and signature algorithm do not belong together, such as SHA-384 and ECDSA with SHA-256.
    #[error("CMS: digest algorithm {digest} does not fit the signature algorithm {algorithm}")]
    DigestDoesNotFit {
        /// The digest algorithm.
        digest: DigestAlgorithm,
        /// The signature algorithm.
        algorithm: SignatureAlgorithm,
    },
    /// The signer identifier names none of the certificates at hand.
    #[error("CMS: the certificate of the signer is not at hand")]
    SignerNotFound,
    /// Neither SigningCertificate nor SigningCertificateV2 is there.
    #[error("CMS: the signed attributes name no signing certificate")]
    SigningCertificateMissing,
    /// The hash in the signed attributes is that of another certificate.
    #[error("CMS: the signed attributes name a certificate with {} {expected}, that of the signer has {found}", .expected.algorithm())]
    SigningCertificateHash {
        /// The hash in the attribute.
        expected: Digest,
        /// The hash of the signer's certificate.
        found: Digest,
    },
    /// Issuer and serial number in the signed attributes are those of another certificate.
    #[error("CMS: the signed attributes name another issuer or serial number than that of the signer's certificate")]
    SigningCertificateIssuerSerial,
    /// The contentType attribute is not the type of the content.
    #[error("CMS: the content is of type {expected}, the signed attributes say {found}")]
    ContentTypeMismatch {
        /// The type of the content.
        expected: Oid,
        /// The attribute.
        found: Oid,
    },
    /// The content is not what was signed.
    #[error("CMS: the content has {} {computed}, the signed attributes say otherwise", .computed.algorithm())]
    MessageDigest {
        /// The digest of the content.
        computed: Digest,
    },
    /// An algorithm is not the one the signer says it used (RFC 6211).
    #[error("CMS: {field} is not the algorithm that the signed attributes name")]
    AlgorithmProtection {
        /// The field of SignerInfo.
        field: &'static str,
    },
    /// The algorithm or the key is not relied on.
    #[error("CMS: {0}")]
    Constraint(#[from] ConstraintError),
    /// The signature does not hold.
    #[error("CMS: {0}")]
    Signature(#[from] SignatureError),
}

impl CmsError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::NotSignedData { .. } => "cms-not-signed-data",
            Self::Version { .. } => "cms-version",
            Self::DigestAlgorithms => "cms-digest-algorithms",
            Self::ContentMissing => "cms-content-missing",
            Self::CertificateKind { .. } => "cms-certificate-kind",
            Self::TooManyCertificates { .. } => "cms-too-many-certificates",
            Self::TooManyRevocationValues { .. } => "cms-too-many-revocation-values",
            Self::NoSigner => "cms-no-signer",
            Self::SeveralSigners => "cms-several-signers",
            Self::SignerVersion { .. } => "cms-signer-version",
            Self::SignedAttributesMissing => "cms-signed-attributes-missing",
            Self::UnsignedAttributes { .. } => "cms-unsigned-attributes",
            Self::TooManyAttributes { .. } => "cms-too-many-attributes",
            Self::DuplicateAttribute { .. } => "cms-duplicate-attribute",
            Self::AttributeMissing { .. } => "cms-attribute-missing",
            Self::AttributeValues { .. } => "cms-attribute-values",
            Self::Digest(error) => error.code(),
            Self::CertificateHashLength(_) => "cms-certificate-hash-length",
            Self::Name(error) => error.code(),
            Self::Algorithm(error) => error.code(),
            Self::DigestDoesNotFit { .. } => "cms-digest-does-not-fit",
            Self::SignerNotFound => "cms-signer-not-found",
            Self::SigningCertificateMissing => "cms-signing-certificate-missing",
            Self::SigningCertificateHash { .. } => "cms-signing-certificate-hash",
            Self::SigningCertificateIssuerSerial => "cms-signing-certificate-issuer-serial",
            Self::ContentTypeMismatch { .. } => "cms-content-type-mismatch",
            Self::MessageDigest { .. } => "cms-message-digest",
            Self::AlgorithmProtection { .. } => "cms-algorithm-protection",
            Self::Constraint(error) => error.code(),
            Self::Signature(error) => error.code(),
        }
    }
}

#[cfg(test)]
mod tests;
