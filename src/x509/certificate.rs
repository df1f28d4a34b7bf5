//! Certificates: RFC 5280 §4.1.
//!
//! ```text
//! Certificate    ::= SEQUENCE { tbsCertificate TBSCertificate, signatureAlgorithm AlgorithmIdentifier,
//!                               signatureValue BIT STRING }
//! TBSCertificate ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT v1, serialNumber INTEGER,
//!     signature AlgorithmIdentifier, issuer Name, validity SEQUENCE { notBefore Time, notAfter Time }, subject Name,
//!     subjectPublicKeyInfo SubjectPublicKeyInfo, issuerUniqueID [1] IMPLICIT BIT STRING OPTIONAL,
//!     subjectUniqueID [2] IMPLICIT BIT STRING OPTIONAL, extensions [3] EXPLICIT Extensions OPTIONAL }
//! ```
//!
//! Octets pass the strict DER gate, and are then read by the ASN.1 above to the last component with nothing left over, so
//! a certificate has one octet string. Refused beyond that: unique identifiers in a v1 certificate, extensions in one that is
//! not v3, an extension twice, the two algorithm identifiers not the same, a period that ends before it starts,
//! malformed contents of the extensions this crate types, and a public key that is malformed. What is read is held against
//! `x509-parser` in the tests, for every certificate of the public suites.
//!
//! Accepted, because RFC 5280 asks it of who issues and not of who validates: serial numbers that are zero, negative or
//! longer than 20 octets; an empty issuer; GeneralizedTime before 2050; keys and signature algorithms this crate cannot
//! use, which are a reason to reject only where something rests on them.

mod reading;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use super::certificate_policies::{CertificatePolicies, PolicyConstraints, PolicyMappings};
use super::extension::{AuthorityKeyIdentifier, BasicConstraints, ExtKeyUsage, Extension, KeyUsage};
use super::extension::{ExtensionError, KnownExtensions};
use super::general_name::GeneralName;
use super::name::{Name, NameError};
use super::name_constraints::NameConstraints;
use crate::budget::Limits;
use crate::crypto::{AlgorithmError, PublicKey, PublicKeyError, SignatureAlgorithm};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::DerError;
use crate::oid::Oid;
use crate::time::{TimeError, Validity};

/// An X.509 certificate, with its DER as received. Having one says nothing about trust.
///
/// Equality and hash are those of the DER. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    tbs: Range<usize>,
    serial_number: Range<usize>,
    signature_algorithm_identifier: Range<usize>,
    signature_value: Range<usize>,
    signature_algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    issuer: Name,
    subject: Name,
    validity: Validity,
    public_key: PublicKey,
    extensions: Vec<Extension>,
    known: KnownExtensions,
}

impl Certificate {
    /// Reads one complete DER certificate, within the default [`Limits`].
    ///
    /// # Errors
    /// [`CertificateError`], with the position where there is one: a trailing octet, a length in two octets that fits one,
    /// a second keyUsage extension.
    pub fn from_der(input: &[u8]) -> Result<Self, CertificateError> {
        Self::from_der_within(input, &Limits::default())
    }

    /// Reads a certificate that came inside of a file, of at most [`Limits::certificate_octets`].
    pub(crate) fn from_der_within(input: &[u8], limits: &Limits) -> Result<Self, CertificateError> {
        reading::read(input, limits).map(|inner| Self(Arc::new(inner)))
    }

    /// The DER of the certificate, as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The DER of `tbsCertificate`: what the issuer's signature covers.
    #[must_use]
    pub fn tbs_der(&self) -> &[u8] {
        self.slice(&self.0.tbs)
    }

    /// The digest of the certificate's DER: its fingerprint.
    #[must_use]
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Digest {
        algorithm.digest(self.as_der())
    }

    /// The contents octets of the serial number's INTEGER: big-endian, two's complement.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        self.slice(&self.0.serial_number)
    }

    /// Who signed the certificate.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// Whose key the certificate certifies.
    #[must_use]
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// The period in which the issuer answers for the certificate.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.0.validity
    }

    /// The certified key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// The algorithm of the issuer's signature, or why this crate does not have it.
    ///
    /// # Errors
    /// [`AlgorithmError`], for DSA for example. The certificate can be read, but no path can rest on it.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, &AlgorithmError> {
        self.0.signature_algorithm.as_ref().copied()
    }

    /// The DER of `signatureAlgorithm`, parameters included.
    #[must_use]
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.slice(&self.0.signature_algorithm_identifier)
    }

    /// The octets of the issuer's signature; for ECDSA a DER `Ecdsa-Sig-Value`.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        self.slice(&self.0.signature_value)
    }

    /// All extensions, in order.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// The extension `id`, of which there is one at most.
    #[must_use]
    pub fn extension(&self, id: &Oid) -> Option<&Extension> {
        self.0.extensions.iter().find(|extension| extension.id() == id)
    }

    /// basicConstraints.
    #[must_use]
    pub fn basic_constraints(&self) -> Option<&BasicConstraints> {
        self.0.known.basic_constraints.as_ref()
    }

    /// keyUsage.
    #[must_use]
    pub fn key_usage(&self) -> Option<&KeyUsage> {
        self.0.known.key_usage.as_ref()
    }

    /// extKeyUsage.
    #[must_use]
    pub fn ext_key_usage(&self) -> Option<&ExtKeyUsage> {
        self.0.known.ext_key_usage.as_ref()
    }

    /// The octets of subjectKeyIdentifier.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.known.subject_key_identifier.as_deref()
    }

    /// authorityKeyIdentifier.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.0.known.authority_key_identifier.as_ref()
    }

    /// The names in subjectAltName, none if there is no such extension.
    #[must_use]
    pub fn subject_alt_name(&self) -> &[GeneralName] {
        &self.0.known.subject_alt_name
    }

    /// nameConstraints.
    #[must_use]
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.0.known.name_constraints.as_ref()
    }

    /// certificatePolicies.
    #[must_use]
    pub fn certificate_policies(&self) -> Option<&CertificatePolicies> {
        self.0.known.certificate_policies.as_ref()
    }

    /// policyMappings.
    #[must_use]
    pub fn policy_mappings(&self) -> Option<&PolicyMappings> {
        self.0.known.policy_mappings.as_ref()
    }

    /// policyConstraints.
    #[must_use]
    pub fn policy_constraints(&self) -> Option<&PolicyConstraints> {
        self.0.known.policy_constraints.as_ref()
    }

    /// inhibitAnyPolicy: the certificates, self-issued ones not counted, that may follow before anyPolicy no longer counts.
    #[must_use]
    pub fn inhibit_any_policy(&self) -> Option<u64> {
        self.0.known.inhibit_any_policy
    }

    /// Whether issuer and subject are the same name (RFC 5280 §3.2 *self-issued*); the signature is not looked at.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer().matches(self.subject())
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.as_der() == other.as_der()
    }
}

impl Eq for Certificate {}

impl Hash for Certificate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_der().hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject(), self.digest(DigestAlgorithm::Sha256))
    }
}

/// Why octets are not a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not DER, or not the ASN.1 type: a certificate followed by an octet, a serial number that is no INTEGER.
    #[error("certificate: {0}")]
    Der(#[from] DerError),
    /// Issuer or subject is not a name: a UTF8String that is not UTF-8.
    #[error("certificate: {0}")]
    Name(#[from] NameError),
    /// The version does not have the component that is there (§4.1.2.1): extensions in a v1 certificate.
    #[error("certificate: {component} in a certificate of version {version}")]
    Version {
        /// The component.
        component: &'static str,
        /// The version, as written out: 1 for v1.
        version: u32,
    },
    /// `signature` inside what is signed and `signatureAlgorithm` beside it are not the same (§4.1.1.2).
    #[error("certificate: the algorithm that was signed is not the algorithm beside the signature")]
    SignatureAlgorithmMismatch,
    /// The validity period ends before it starts.
    #[error("certificate: {0}")]
    Validity(#[from] TimeError),
    /// The public key is malformed.
    #[error("certificate: {0}")]
    PublicKey(#[from] PublicKeyError),
    /// An extension comes twice (§4.2).
    #[error("certificate: extension {id} comes twice")]
    DuplicateExtension {
        /// Which.
        id: Oid,
    },
    /// The contents of an extension are malformed; offsets count from their first octet.
    #[error("certificate: extension {id}: {reason}")]
    Extension {
        /// Which.
        id: Oid,
        /// What is wrong.
        reason: ExtensionError,
    },
}

impl CertificateError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Name(error) => error.code(),
            Self::Version { .. } => "certificate-version",
            Self::SignatureAlgorithmMismatch => "certificate-signature-algorithm-mismatch",
            Self::Validity(_) => "certificate-validity",
            Self::PublicKey(error) => error.code(),
            Self::DuplicateExtension { .. } => "certificate-duplicate-extension",
            Self::Extension { reason, .. } => reason.code(),
        }
    }
}
