//! Which certificate a status is of: RFC 6960 §4.1.1.

use std::fmt;

use super::OcspError;
use crate::crypto::PublicKey;
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{DerError, Reader, Tag, Value, Writer};
use crate::oid::{self, Oid};
use crate::x509::revocation::signed::optional_any;
use crate::x509::{Certificate, Name};

/// CertID: a certificate by digests of its issuer's name and key, and its serial number.
///
/// ```text
/// CertID ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING,
///     serialNumber CertificateSerialNumber }
/// ```
///
/// Any digest of this crate will do, SHA-1 too, whatever the algorithm constraints are: name and key are those of a
/// certificate at hand, so a collision that somebody made is of no use to him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    hash_algorithm: HashAlgorithm,
    issuer_name_hash: Box<[u8]>,
    issuer_key_hash: Box<[u8]>,
    serial_number: Box<[u8]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HashAlgorithm {
    Known(DigestAlgorithm),
    Unknown(Oid),
}

impl CertId {
    /// The identifier of `certificate`, issued with `issuer_key`.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm, certificate: &Certificate, issuer_key: &PublicKey) -> Self {
        Self {
            hash_algorithm: HashAlgorithm::Known(algorithm),
            issuer_name_hash: algorithm.digest(certificate.issuer().as_der()).as_octets().into(),
            issuer_key_hash: key_hash(algorithm, issuer_key),
            serial_number: certificate.serial_number().into(),
        }
    }

    /// Whether the identifier is that of `certificate`, issued with `issuer_key`; by its own hash algorithm.
    #[must_use]
    pub fn is_of(&self, certificate: &Certificate, issuer_key: &PublicKey) -> bool {
        *self.serial_number == *certificate.serial_number() && self.is_issued_by(certificate.issuer(), issuer_key)
    }

    /// Whether the identifier is that of some certificate by the issuer with this name and key.
    #[must_use]
    pub fn is_issued_by(&self, name: &Name, key: &PublicKey) -> bool {
        let HashAlgorithm::Known(algorithm) = self.hash_algorithm else { return false };
        *self.issuer_name_hash == *algorithm.digest(name.as_der()).as_octets()
            && self.issuer_key_hash == key_hash(algorithm, key)
    }

    /// The contents octets of the serial number.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        &self.serial_number
    }

    pub(super) fn read(sequence: &Value<'_>) -> Result<Self, OcspError> {
        let mut fields = sequence.reader();
        let algorithm = fields.read(Tag::SEQUENCE)?;
        let issuer_name_hash = fields.read(Tag::OCTET_STRING)?.contents().into();
        let issuer_key_hash = fields.read(Tag::OCTET_STRING)?.contents().into();
        let serial_number = fields.read(Tag::INTEGER)?.contents().into();
        fields.finish()?;
        Ok(Self { hash_algorithm: HashAlgorithm::read(&algorithm)?, issuer_name_hash, issuer_key_hash, serial_number })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.constructed(Tag::SEQUENCE, |fields| {
            fields.constructed(Tag::SEQUENCE, |algorithm| {
                algorithm.oid(&self.hash_algorithm.id());
                // RFC 3279 §2.1 and RFC 4055 §2.1 allow both; responders of the SHA-1 era expect NULL.
                algorithm.value(Tag::NULL, &[]);
            });
            fields.octet_string(&self.issuer_name_hash);
            fields.octet_string(&self.issuer_key_hash);
            fields.value(Tag::INTEGER, &self.serial_number);
        });
    }
}

impl fmt::Display for CertId {
    /// `serial number 1a2b`, in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("serial number ")?;
        self.serial_number.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl HashAlgorithm {
    fn id(&self) -> Oid {
        match self {
            Self::Known(algorithm) => {
                IDENTIFIERS.iter().find(|(_, known)| known == algorithm).map_or(oid::ID_SHA1, |(id, _)| id.clone())
            }
            Self::Unknown(id) => id.clone(),
        }
    }

    fn read(identifier: &Value<'_>) -> Result<Self, DerError> {
        let mut fields = identifier.reader();
        let id = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = optional_any(&mut fields)?;
        fields.finish()?;
        let known = IDENTIFIERS.iter().find(|(known, _)| *known == id);
        // With parameters it would be another algorithm than the one known.
        Ok(match known.filter(|_| parameters.is_none_or(|parameters| parameters.tag() == Tag::NULL)) {
            Some((_, algorithm)) => Self::Known(*algorithm),
            None => Self::Unknown(id),
        })
    }
}

const IDENTIFIERS: [(Oid, DigestAlgorithm); 4] = [
    (oid::ID_SHA1, DigestAlgorithm::Sha1),
    (oid::ID_SHA256, DigestAlgorithm::Sha256),
    (oid::ID_SHA384, DigestAlgorithm::Sha384),
    (oid::ID_SHA512, DigestAlgorithm::Sha512),
];

/// The digest of the key: of the contents of subjectPublicKey, without the octet that counts unused bits.
pub(super) fn key_hash(algorithm: DigestAlgorithm, key: &PublicKey) -> Box<[u8]> {
    algorithm.digest(subject_public_key(key).unwrap_or_default()).as_octets().into()
}

fn subject_public_key(key: &PublicKey) -> Result<&[u8], DerError> {
    let mut fields = Reader::new(key.spki_der()).read(Tag::SEQUENCE)?.reader();
    fields.read(Tag::SEQUENCE)?;
    Ok(fields.read(Tag::BIT_STRING)?.bit_string()?.octets())
}
