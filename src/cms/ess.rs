//! The signed attributes that name the signing certificate (RFC 2634 §5.4, RFC 5035 §3 and §4).
//!
//! ```text
//! SigningCertificate ::= SEQUENCE {
//!     certs     SEQUENCE OF ESSCertID,                 -- first: the signing certificate
//!     policies  SEQUENCE OF PolicyInformation OPTIONAL }
//! ESSCertID ::= SEQUENCE {
//!     certHash      OCTET STRING,                      -- SHA-1 of the whole certificate
//!     issuerSerial  IssuerSerial OPTIONAL }
//!
//! SigningCertificateV2 ::= SEQUENCE {
//!     certs     SEQUENCE OF ESSCertIDv2,
//!     policies  SEQUENCE OF PolicyInformation OPTIONAL }
//! ESSCertIDv2 ::= SEQUENCE {
//!     hashAlgorithm  AlgorithmIdentifier DEFAULT {algorithm id-sha256},
//!     certHash       OCTET STRING,
//!     issuerSerial   IssuerSerial OPTIONAL }
//!
//! IssuerSerial ::= SEQUENCE {
//!     issuer        GeneralNames,                      -- one directoryName [4]
//!     serialNumber  CertificateSerialNumber }
//! ```
//!
//! Checked: the first identifier, hash and, if present, issuer and serial number. The identifiers after it are read for
//! their form only: RFC 5035 §3 has them limit authorization certificates, and time-stamps have none; the certificates of
//! the path are judged by path validation. The same goes for the policies. A hashAlgorithm equal to its DEFAULT is let
//! pass: many authorities write it, and the signature covers it.

use crate::cms::CmsError;
use crate::cms::algorithm::AlgorithmIdentifier;
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::{Reader, Tag};
use crate::x509::{Certificate, Name};

/// Which of the two attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SigningCertificateVersion {
    /// SigningCertificate, with ESSCertID: SHA-1 only.
    V1,
    /// SigningCertificateV2, with ESSCertIDv2: any hash.
    V2,
}

/// The certificate that the signer says it signed with.
#[derive(Debug, Clone)]
pub(super) struct SigningCertificate {
    hash: Digest,
    issuer_serial: Option<IssuerSerial>,
}

#[derive(Debug, Clone)]
struct IssuerSerial {
    issuer: Name,
    serial_number: Box<[u8]>,
}

impl SigningCertificate {
    pub(super) fn read(values: &mut Reader<'_>, version: SigningCertificateVersion) -> Result<Self, CmsError> {
        let mut components = values.read(Tag::SEQUENCE)?.reader();
        let mut identifiers = components.read(Tag::SEQUENCE)?.reader();
        let signing_certificate = Self::read_identifier(&mut identifiers, version)?;
        while !identifiers.is_empty() {
            Self::read_identifier(&mut identifiers, version)?;
        }
        components.optional(Tag::SEQUENCE)?;
        components.finish()?;
        Ok(signing_certificate)
    }

    fn read_identifier(identifiers: &mut Reader<'_>, version: SigningCertificateVersion) -> Result<Self, CmsError> {
        let mut components = identifiers.read(Tag::SEQUENCE)?.reader();
        let algorithm = match version {
            SigningCertificateVersion::V1 => DigestAlgorithm::Sha1,
            SigningCertificateVersion::V2 => match components.optional(Tag::SEQUENCE)? {
                Some(value) => AlgorithmIdentifier::from_value(&value)?.digest_algorithm()?,
                None => DigestAlgorithm::Sha256,
            },
        };
        let hash = Digest::new(algorithm, components.read(Tag::OCTET_STRING)?.contents())?;
        let issuer_serial = match components.optional(Tag::SEQUENCE)? {
            Some(value) => Some(IssuerSerial::read(&mut value.reader())?),
            None => None,
        };
        components.finish()?;
        Ok(Self { hash, issuer_serial })
    }

    /// Checks that `certificate` is the one that is named.
    pub(super) fn check(&self, certificate: &Certificate) -> Result<(), CmsError> {
        let found = certificate.digest(self.hash.algorithm());
        if found != self.hash {
            return Err(CmsError::SigningCertificateHash { expected: self.hash.clone(), found });
        }
        let agrees = self.issuer_serial.as_ref().is_none_or(|named| {
            named.issuer.matches(certificate.issuer()) && *named.serial_number == *certificate.serial_number()
        });
        if agrees { Ok(()) } else { Err(CmsError::SigningCertificateIssuerSerial) }
    }
}

impl IssuerSerial {
    fn read(components: &mut Reader<'_>) -> Result<Self, CmsError> {
        let mut general_names = components.read(Tag::SEQUENCE)?.reader();
        let mut directory_name = general_names.read(Tag::context_constructed(4))?.reader();
        let issuer = Name::from_der(directory_name.read(Tag::SEQUENCE)?.as_der())?;
        directory_name.finish()?;
        general_names.finish()?;
        let serial_number = components.read(Tag::INTEGER)?.contents().into();
        components.finish()?;
        Ok(Self { issuer, serial_number })
    }
}
