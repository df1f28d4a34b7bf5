//! PKCS#8: the structure around a private key, and the structures within.
//!
//! ```text
//! OneAsymmetricKey ::= SEQUENCE {                                    RFC 5958 §2
//!     version              INTEGER { v1(0), v2(1) },
//!     privateKeyAlgorithm  AlgorithmIdentifier,
//!     privateKey           OCTET STRING,
//!     attributes       [0] Attributes OPTIONAL,
//!     publicKey        [1] BIT STRING OPTIONAL }                     v2
//!
//! RSAPrivateKey ::= SEQUENCE { version INTEGER { two-prime(0) },     RFC 8017 §A.1.2
//!     modulus INTEGER, publicExponent INTEGER, .. }                  the rest is for `ring`
//!
//! ECPrivateKey ::= SEQUENCE { version INTEGER { v1(1) },             RFC 5915 §3
//!     privateKey OCTET STRING,
//!     parameters [0] EXPLICIT OBJECT IDENTIFIER OPTIONAL,
//!     publicKey  [1] EXPLICIT BIT STRING OPTIONAL }
//!
//! CurvePrivateKey ::= OCTET STRING                                   RFC 8410 §7
//! ```
//!
//! Nothing is copied but what is public.

use super::SoftwareKeyError;
use crate::crypto::algorithm_identifier::AlgorithmIdentifier;
use crate::crypto::public_key::PublicKey;
use crate::encoding::der::{Reader, Tag, Value, Writer};
use crate::oid::{self, Oid};

/// A private key, in place.
pub(super) struct PrivateKeyInfo<'a> {
    /// The AlgorithmIdentifier, DER; a SubjectPublicKeyInfo has the same one.
    algorithm: &'a [u8],
    /// The public key of version 2.
    claimed: Option<&'a [u8]>,
    pub(super) key: PrivateKey<'a>,
}

pub(super) enum PrivateKey<'a> {
    Rsa {
        /// The RSAPrivateKey, DER.
        der: &'a [u8],
        /// The RSAPublicKey, DER.
        public_key: Vec<u8>,
    },
    Ec {
        curve: Curve,
        scalar: &'a [u8],
        point: Option<&'a [u8]>,
    },
    Ed25519 {
        seed: &'a [u8],
    },
}

pub(super) enum Curve {
    P256,
    P384,
}

impl<'a> PrivateKeyInfo<'a> {
    pub(super) fn read(pkcs8: &'a [u8]) -> Result<Self, SoftwareKeyError> {
        let mut reader = Reader::new(pkcs8);
        let mut fields = reader.read(Tag::SEQUENCE)?.reader();
        reader.finish()?;
        if fields.peek()? == Some(Tag::SEQUENCE) {
            // EncryptedPrivateKeyInfo (RFC 5958 §3) starts with an AlgorithmIdentifier.
            return Err(SoftwareKeyError::Encrypted);
        }
        let version = fields.read(Tag::INTEGER)?.unsigned(1)?;
        let algorithm = fields.clone().read(Tag::SEQUENCE)?.as_der();
        let identifier = AlgorithmIdentifier::read(&mut fields)?;
        let key = fields.read(Tag::OCTET_STRING)?;
        let _attributes = fields.optional(Tag::context_constructed(0))?;
        let claimed = if version == 1 { fields.optional(Tag::context(1))? } else { None };
        let claimed = claimed.map(|value| value.bit_string_octets()).transpose()?;
        fields.finish()?;
        let key = read_key(&identifier, key, claimed)?;
        Ok(Self { algorithm, claimed, key })
    }

    /// The public key whose BIT STRING holds `octets`, which must be those claimed.
    pub(super) fn public_key(&self, octets: &[u8]) -> Result<PublicKey, SoftwareKeyError> {
        if self.claimed.is_some_and(|claimed| claimed != octets) {
            return Err(SoftwareKeyError::Contradiction { what: "private and public keys" });
        }
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.encoded(self.algorithm);
            writer.value(Tag::BIT_STRING, &[&[0], octets].concat());
        });
        Ok(PublicKey::from_spki_der(&writer.into_der())?)
    }
}

fn read_key<'a>(
    identifier: &AlgorithmIdentifier<'a>,
    key: Value<'a>,
    claimed: Option<&'a [u8]>,
) -> Result<PrivateKey<'a>, SoftwareKeyError> {
    let algorithm = &identifier.algorithm;
    if *algorithm == oid::RSA_ENCRYPTION || *algorithm == oid::ID_RSASSA_PSS {
        read_rsa(key)
    } else if *algorithm == oid::ID_EC_PUBLIC_KEY {
        let mut parameters = identifier.parameters_reader().unwrap_or(Reader::at(&[], key.offset()));
        let curve = parameters.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        read_ec(key, &curve, claimed)
    } else if *algorithm == oid::ID_ED25519 {
        let mut reader = key.reader();
        let seed = reader.read(Tag::OCTET_STRING)?.contents();
        reader.finish()?;
        Ok(PrivateKey::Ed25519 { seed })
    } else {
        Err(SoftwareKeyError::UnsupportedAlgorithm { oid: algorithm.clone() })
    }
}

fn read_rsa(key: Value<'_>) -> Result<PrivateKey<'_>, SoftwareKeyError> {
    let mut reader = key.reader();
    let mut fields = reader.read(Tag::SEQUENCE)?.reader();
    reader.finish()?;
    fields.read(Tag::INTEGER)?.unsigned(0)?;
    let (modulus, exponent) = (fields.read(Tag::INTEGER)?, fields.read(Tag::INTEGER)?);
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |writer| {
        writer.encoded(modulus.as_der());
        writer.encoded(exponent.as_der());
    });
    Ok(PrivateKey::Rsa { der: key.contents(), public_key: writer.into_der() })
}

fn read_ec<'a>(key: Value<'a>, curve_oid: &Oid, claimed: Option<&'a [u8]>) -> Result<PrivateKey<'a>, SoftwareKeyError> {
    let curve = if *curve_oid == oid::SECP256R1 {
        Curve::P256
    } else if *curve_oid == oid::SECP384R1 {
        Curve::P384
    } else {
        return Err(SoftwareKeyError::UnsupportedCurve { oid: curve_oid.clone() });
    };
    let mut reader = key.reader();
    let mut fields = reader.read(Tag::SEQUENCE)?.reader();
    reader.finish()?;
    if fields.read(Tag::INTEGER)?.unsigned(1)? != 1 {
        return Err(SoftwareKeyError::Contradiction { what: "structure and version" });
    }
    let scalar = fields.read(Tag::OCTET_STRING)?.contents();
    if let Some(parameters) = fields.optional(Tag::context_constructed(0))? {
        let mut inside = parameters.reader();
        let inner = inside.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        inside.finish()?;
        if inner != *curve_oid {
            return Err(SoftwareKeyError::Contradiction { what: "two curves" });
        }
    }
    let mut point = claimed;
    if let Some(public_key) = fields.optional(Tag::context_constructed(1))? {
        let mut inside = public_key.reader();
        point = Some(inside.read(Tag::BIT_STRING)?.bit_string_octets()?);
        inside.finish()?;
    }
    fields.finish()?;
    Ok(PrivateKey::Ec { curve, scalar, point })
}
