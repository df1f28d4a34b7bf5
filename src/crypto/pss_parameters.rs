//! The parameters of RSASSA-PSS (RFC 4055 §3.1).
//!
//! ```text
//! RSASSA-PSS-params ::= SEQUENCE {
//!     hashAlgorithm     [0] HashAlgorithm     DEFAULT sha1Identifier,
//!     maskGenAlgorithm  [1] MaskGenAlgorithm  DEFAULT mgf1SHA1Identifier,
//!     saltLength        [2] INTEGER           DEFAULT 20,
//!     trailerField      [3] INTEGER           DEFAULT 1 }
//! ```
//!
//! One triple for each of SHA-256, SHA-384 and SHA-512 is usable: MGF1 with the same hash, a salt as long as the digest,
//! the trailer field 1. That is what JWS (RFC 7518 §3.5) and TLS 1.3 use, and all that `ring` implements. A trailer
//! field of 1 may be spelt out although DER leaves defaults out: RFC 4055 §3.1 tells readers to accept it.

use std::fmt;

use crate::crypto::algorithm_identifier::AlgorithmIdentifier;
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{DerError, DerErrorKind, Reader, Tag};
use crate::oid::{self, Oid};

/// A hash that RSASSA-PSS can be used with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum PssHash {
    Sha256,
    Sha384,
    Sha512,
}

impl PssHash {
    pub(super) fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Sha256 => DigestAlgorithm::Sha256,
            Self::Sha384 => DigestAlgorithm::Sha384,
            Self::Sha512 => DigestAlgorithm::Sha512,
        }
    }

    fn from_oid(oid: &Oid) -> Option<Self> {
        let known = [(oid::ID_SHA256, Self::Sha256), (oid::ID_SHA384, Self::Sha384), (oid::ID_SHA512, Self::Sha512)];
        known.into_iter().find_map(|(known, hash)| (known == *oid).then_some(hash))
    }
}

/// Reads RSASSA-PSS-params, all that `reader` holds, and answers the hash that decides all the rest.
pub(super) fn read(mut reader: Reader<'_>) -> Result<PssHash, PssParametersError> {
    let mut fields = reader.read(Tag::SEQUENCE)?.reader();
    reader.finish()?;
    let hash = explicit(&mut fields, 0)?.map_or(Ok(oid::ID_SHA1), hash_oid)?;
    let mask = explicit(&mut fields, 1)?.map_or(Ok(Mask::Mgf1(oid::ID_SHA1)), mask)?;
    let salt_length = number(&mut fields, 2, 20)?;
    let trailer_field = number(&mut fields, 3, 1)?;
    fields.finish()?;

    let hash = PssHash::from_oid(&hash).ok_or(UnsupportedPss::Hash { oid: hash })?;
    let expected = hash.digest();
    match mask {
        Mask::Mgf1(oid) if PssHash::from_oid(&oid) == Some(hash) => {}
        Mask::Mgf1(found) => return Err(UnsupportedPss::MaskHash { expected, found }.into()),
        Mask::Other(oid) => return Err(UnsupportedPss::MaskFunction { oid }.into()),
    }
    let expected = expected.output_len();
    if usize::try_from(salt_length) != Ok(expected) {
        return Err(UnsupportedPss::SaltLength { expected, found: salt_length }.into());
    }
    if trailer_field != 1 {
        return Err(UnsupportedPss::TrailerField { found: trailer_field }.into());
    }
    Ok(hash)
}

/// What stands under the explicit tag `[number]`, if it is there.
fn explicit<'a>(fields: &mut Reader<'a>, number: u32) -> Result<Option<Reader<'a>>, DerError> {
    Ok(fields.optional(Tag::context_constructed(number))?.map(|value| value.reader()))
}

fn number(fields: &mut Reader<'_>, tag: u32, default: u64) -> Result<u64, DerError> {
    let Some(mut inside) = explicit(fields, tag)? else { return Ok(default) };
    let found = inside.read(Tag::INTEGER)?.unsigned(u64::MAX)?;
    inside.finish()?;
    Ok(found)
}

/// The identifier of a hash, whose parameters are NULL or absent (RFC 4055 §2.1).
fn hash_oid(mut reader: Reader<'_>) -> Result<Oid, DerError> {
    let identifier = AlgorithmIdentifier::read(&mut reader)?;
    reader.finish()?;
    match identifier.parameters {
        Some(value) if value.tag() != Tag::NULL => {
            let kind = DerErrorKind::UnexpectedTag { expected: Tag::NULL, found: value.tag() };
            Err(DerError::new(kind, value.offset()))
        }
        _ => Ok(identifier.algorithm),
    }
}

/// A mask generation function.
enum Mask {
    /// MGF1 with this hash.
    Mgf1(Oid),
    Other(Oid),
}

fn mask(mut reader: Reader<'_>) -> Result<Mask, DerError> {
    let identifier = AlgorithmIdentifier::read(&mut reader)?;
    reader.finish()?;
    if identifier.algorithm != oid::ID_MGF1 {
        return Ok(Mask::Other(identifier.algorithm));
    }
    // Without parameters there is no hash; reading one says so with its place.
    hash_oid(identifier.parameters_reader().unwrap_or(reader)).map(Mask::Mgf1)
}

/// Why RSASSA-PSS-params cannot be used.
pub(super) enum PssParametersError {
    Malformed(DerError),
    Unsupported(UnsupportedPss),
}

impl From<DerError> for PssParametersError {
    fn from(error: DerError) -> Self {
        Self::Malformed(error)
    }
}

impl From<UnsupportedPss> for PssParametersError {
    fn from(reason: UnsupportedPss) -> Self {
        Self::Unsupported(reason)
    }
}

/// Why well-formed parameters of RSASSA-PSS are none of the three that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnsupportedPss {
    /// The hash is not SHA-256, SHA-384 or SHA-512; left out, it is SHA-1.
    Hash {
        /// The hash found.
        oid: Oid,
    },
    /// The mask generation function is not MGF1.
    MaskFunction {
        /// The function found.
        oid: Oid,
    },
    /// MGF1 uses another hash than the message.
    MaskHash {
        /// The hash of the message.
        expected: DigestAlgorithm,
        /// The hash of MGF1; left out, it is SHA-1.
        found: Oid,
    },
    /// The salt is not as long as the digest.
    SaltLength {
        /// The octets of the digest.
        expected: usize,
        /// The octets of the salt; left out, 20.
        found: u64,
    },
    /// The trailer field is not 1.
    TrailerField {
        /// The number found.
        found: u64,
    },
}

impl UnsupportedPss {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hash { .. } => "pss-hash-unsupported",
            Self::MaskFunction { .. } => "pss-mask-function-unsupported",
            Self::MaskHash { .. } => "pss-mask-hash-unsupported",
            Self::SaltLength { .. } => "pss-salt-length-unsupported",
            Self::TrailerField { .. } => "pss-trailer-field-unsupported",
        }
    }
}

impl fmt::Display for UnsupportedPss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash { oid } => write!(f, "RSASSA-PSS with the hash {oid} is not supported"),
            Self::MaskFunction { oid } => {
                write!(f, "RSASSA-PSS with the mask generation function {oid} is not supported")
            }
            Self::MaskHash { expected, found } => {
                write!(f, "RSASSA-PSS with {expected} and MGF1 with the hash {found} is not supported")
            }
            Self::SaltLength { expected, found } => {
                write!(f, "RSASSA-PSS with a salt of {found} octets is not supported, expected {expected}")
            }
            Self::TrailerField { found } => write!(f, "RSASSA-PSS with the trailer field {found}, expected 1"),
        }
    }
}

impl std::error::Error for UnsupportedPss {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_name_that_stays() {
        let oid = oid::ID_SHA1;
        assert_eq!(UnsupportedPss::Hash { oid: oid.clone() }.code(), "pss-hash-unsupported");
        assert_eq!(UnsupportedPss::MaskFunction { oid }.code(), "pss-mask-function-unsupported");
        assert_eq!(UnsupportedPss::SaltLength { expected: 32, found: 20 }.code(), "pss-salt-length-unsupported");
        assert_eq!(UnsupportedPss::TrailerField { found: 2 }.code(), "pss-trailer-field-unsupported");
    }

    const SHA256: [u8; 15] = [0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0];
    const SHA256_BARE: [u8; 13] = [0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    const SHA384: [u8; 15] = [0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0];
    const MGF1: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8];

    fn wrap(tag: u8, contents: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(contents.len()).unwrap()], contents].concat()
    }

    fn answer(fields: &[&[u8]]) -> Result<PssHash, String> {
        let der = wrap(0x30, &fields.concat());
        read(Reader::new(&der)).map_err(|error| match error {
            PssParametersError::Malformed(error) => error.to_string(),
            PssParametersError::Unsupported(reason) => reason.to_string(),
        })
    }

    #[test]
    fn the_one_usable_set_is_read_in_each_spelling() {
        let mask = |hash: &[u8]| wrap(0xa1, &wrap(0x30, &[&MGF1, hash].concat()));
        let (salt, trailer) = (wrap(0xa2, &[2, 1, 32]), wrap(0xa3, &[2, 1, 1]));
        for hash in [&SHA256[..], &SHA256_BARE] {
            assert_eq!(answer(&[&wrap(0xa0, hash), &mask(&SHA256_BARE), &salt]), Ok(PssHash::Sha256));
            assert_eq!(answer(&[&wrap(0xa0, hash), &mask(&SHA256), &salt, &trailer]), Ok(PssHash::Sha256));
        }
    }

    #[test]
    fn every_other_set_is_refused_with_its_reason() {
        let hash = wrap(0xa0, &SHA256);
        let mask = wrap(0xa1, &wrap(0x30, &[&MGF1[..], &SHA256].concat()));
        let other_mask = wrap(0xa1, &wrap(0x30, &[&MGF1[..], &SHA384].concat()));
        let salt = wrap(0xa2, &[2, 1, 32]);
        let cases: [(&[&[u8]], &str); 10] = [
            (&[], "RSASSA-PSS with the hash 1.3.14.3.2.26 is not supported"),
            (&[&hash, &salt], "RSASSA-PSS with SHA-256 and MGF1 with the hash 1.3.14.3.2.26 is not supported"),
            (
                &[&hash, &other_mask, &salt],
                "RSASSA-PSS with SHA-256 and MGF1 with the hash 2.16.840.1.101.3.4.2.2 is not supported",
            ),
            (
                &[&hash, &wrap(0xa1, &SHA256), &salt],
                "RSASSA-PSS with the mask generation function 2.16.840.1.101.3.4.2.1 is not supported",
            ),
            (&[&hash, &mask], "RSASSA-PSS with a salt of 20 octets is not supported, expected 32"),
            (
                &[&hash, &mask, &wrap(0xa2, &[2, 1, 33])],
                "RSASSA-PSS with a salt of 33 octets is not supported, expected 32",
            ),
            (&[&hash, &mask, &salt, &wrap(0xa3, &[2, 1, 2])], "RSASSA-PSS with the trailer field 2, expected 1"),
            (&[&hash, &mask, &salt, &wrap(0xa4, &[2, 1, 2])], "DER at octet 54: 5 trailing octets"),
            (&[&hash, &wrap(0xa1, &wrap(0x30, &MGF1)), &salt], "DER at octet 34: expected SEQUENCE, found the end"),
            (&[&wrap(0xa0, &[0x30, 6, 6, 1, 0x2a, 2, 1, 0])], "DER at octet 9: expected NULL, found INTEGER"),
        ];
        for (fields, reason) in cases {
            assert_eq!(answer(fields).unwrap_err(), reason);
        }
    }
}
