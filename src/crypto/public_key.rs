//! Public keys: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), DER.
//!
//! ```text
//! SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
//! RSAPublicKey         ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }       RFC 8017 §A.1.1
//! ```
//!
//! * **Accepted:** rsaEncryption with NULL parameters (RFC 3279 §2.3.1); id-RSASSA-PSS without parameters, or with
//!   those of one usable triple, to which the key is then bound (RFC 4055 §1.2); id-ecPublicKey on the named curves P-256 and
//!   P-384, uncompressed (RFC 5480); id-Ed25519 without parameters (RFC 8410).
//! * **Readable, not usable:** any other algorithm or curve, compressed points, curves that are spelt out, PSS parameters
//!   that `ring` has not. See [`UnsupportedKey`].
//! * **Rejected:** what is not DER, trailing octets, and keys that contradict themselves: an even modulus, an exponent
//!   that is even or 1, a point of the wrong length. That a point lies on its curve is checked with each signature.

use std::fmt;

use crate::budget::Limits;
use crate::crypto::algorithm_identifier::AlgorithmIdentifier;
use crate::crypto::pss_parameters::{self, PssHash, PssParametersError, UnsupportedPss};
use crate::encoding::der::{self, DerError, Reader, Tag, Value};
use crate::oid::{self, Oid};

/// A public key, with the SubjectPublicKeyInfo it was read from.
///
/// Two keys are equal when their octets are.
#[derive(Clone)]
pub struct PublicKey {
    spki: Box<[u8]>,
    kind: KeyKind,
    /// Read from `spki`; its variant is that of `kind`.
    pub(super) material: KeyMaterial,
}

impl PublicKey {
    /// Reads one DER SubjectPublicKeyInfo with nothing after it.
    ///
    /// # Errors
    /// * [`PublicKeyError::Malformed`]: not DER, or not this structure, such as an empty input.
    /// * [`PublicKeyError::Parameters`]: rsaEncryption whose parameters are not NULL.
    /// * [`PublicKeyError::RsaModulus`], [`PublicKeyError::RsaExponent`]: an even modulus; the exponent 1.
    /// * [`PublicKeyError::Point`]: a P-256 point of 64 octets.
    /// * [`PublicKeyError::Ed25519Length`]: an Ed25519 key of 33 octets.
    pub fn from_spki_der(spki: &[u8]) -> Result<Self, PublicKeyError> {
        der::check(spki, &Limits::default())?;
        Self::from_value(&Reader::new(spki).read(Tag::SEQUENCE)?)
    }

    /// Reads the SubjectPublicKeyInfo in `value`, a SEQUENCE that was read from a checked input.
    pub(crate) fn from_value(value: &Value<'_>) -> Result<Self, PublicKeyError> {
        let mut fields = value.reader();
        let algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let key = fields.read(Tag::BIT_STRING)?;
        fields.finish()?;
        let (kind, material) = read(&algorithm, key)?;
        Ok(Self { spki: value.as_der().into(), kind, material })
    }

    /// The DER SubjectPublicKeyInfo, as received.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// What kind of key it is.
    #[must_use]
    pub fn kind(&self) -> &KeyKind {
        &self.kind
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl std::hash::Hash for PublicKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.spki.hash(state);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A kind of public key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// The bits of the modulus.
        modulus_bits: usize,
    },
    /// A point on the curve P-256 (secp256r1).
    P256,
    /// A point on the curve P-384 (secp384r1).
    P384,
    /// Ed25519.
    Ed25519,
    /// A key that can be read but not used.
    Unsupported(UnsupportedKey),
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { modulus_bits } => write!(f, "an RSA key of {modulus_bits} bits"),
            Self::P256 => f.write_str("a P-256 key"),
            Self::P384 => f.write_str("a P-384 key"),
            Self::Ed25519 => f.write_str("an Ed25519 key"),
            Self::Unsupported(key) => key.fmt(f),
        }
    }
}

/// A key that can be read but not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnsupportedKey {
    /// An algorithm this crate has no use for, such as `1.2.840.10040.4.1` (DSA).
    Algorithm(Oid),
    /// An elliptic curve other than P-256 and P-384, such as `1.3.132.0.35` (P-521).
    Curve(Oid),
    /// An elliptic curve given by its coefficients, or by inheritance, which RFC 5480 §2.1.1 forbids.
    UnnamedCurve,
    /// A point in compressed form, which RFC 5480 §2.2 lets readers refuse.
    CompressedPoint,
    /// An RSA key bound to parameters of RSASSA-PSS that cannot be used.
    Pss(UnsupportedPss),
}

impl fmt::Display for UnsupportedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(oid) => write!(f, "a key of the unsupported algorithm {oid}"),
            Self::Curve(oid) => write!(f, "a key on the unsupported curve {oid}"),
            Self::UnnamedCurve => f.write_str("a key on a curve that is not named"),
            Self::CompressedPoint => f.write_str("a key in compressed form"),
            Self::Pss(reason) => write!(f, "a key bound to unsupported parameters ({reason})"),
        }
    }
}

/// The part of a key that verification uses.
#[derive(Clone)]
pub(super) enum KeyMaterial {
    Rsa(RsaPublicKey),
    /// An uncompressed point on P-256, or the 65 octets that claim to be one.
    P256(Box<[u8]>),
    /// An uncompressed point on P-384, or the 97 octets that claim to be one.
    P384(Box<[u8]>),
    Ed25519(Box<[u8]>),
    Unsupported,
}

/// An RSA public key; both numbers big-endian without leading zeros.
#[derive(Clone)]
pub(super) struct RsaPublicKey {
    pub(super) modulus: Box<[u8]>,
    pub(super) exponent: Box<[u8]>,
    pub(super) usage: RsaUsage,
}

impl RsaPublicKey {
    pub(super) fn modulus_bits(&self) -> usize {
        // The first octet is not zero, and the last one is odd: at least one bit is set.
        let unset = self.modulus.first().map_or(0, |first| (0..8).take_while(|bit| first & (0x80 >> bit) == 0).count());
        self.modulus.len() * 8 - unset
    }
}

/// What the algorithm identifier of an RSA key allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RsaUsage {
    /// rsaEncryption.
    Any,
    /// id-RSASSA-PSS without parameters.
    Pss,
    /// id-RSASSA-PSS with parameters.
    PssWith(PssHash),
}

/// The rules of each algorithm for its parameters and its key.
fn read(identifier: &AlgorithmIdentifier<'_>, key: Value<'_>) -> Result<(KeyKind, KeyMaterial), PublicKeyError> {
    let octets = key.bit_string_octets()?;
    let AlgorithmIdentifier { algorithm, parameters } = identifier;
    let parameters_not = |rule| Err(PublicKeyError::Parameters { algorithm: algorithm.clone(), rule });
    // The contents of the BIT STRING follow the octet that counts unused bits.
    let inside = Reader::at(octets, key.contents_offset() + 1);
    if *algorithm == oid::RSA_ENCRYPTION {
        match parameters {
            Some(value) if value.tag() == Tag::NULL => read_rsa(inside, RsaUsage::Any),
            _ => parameters_not("NULL"),
        }
    } else if *algorithm == oid::ID_RSASSA_PSS {
        read_rsa_pss(inside, identifier.parameters_reader())
    } else if *algorithm == oid::ID_EC_PUBLIC_KEY {
        match parameters {
            Some(value) if value.tag() == Tag::OBJECT_IDENTIFIER => read_ec(octets, value.oid()?),
            Some(_) => Ok(unsupported(UnsupportedKey::UnnamedCurve)),
            None => parameters_not("a named curve"),
        }
    } else if *algorithm == oid::ID_ED25519 {
        match parameters {
            None => read_ed25519(octets),
            Some(_) => parameters_not("absent"),
        }
    } else {
        Ok(unsupported(UnsupportedKey::Algorithm(algorithm.clone())))
    }
}

fn unsupported(reason: UnsupportedKey) -> (KeyKind, KeyMaterial) {
    (KeyKind::Unsupported(reason), KeyMaterial::Unsupported)
}

fn read_rsa(mut key: Reader<'_>, usage: RsaUsage) -> Result<(KeyKind, KeyMaterial), PublicKeyError> {
    let mut fields = key.read(Tag::SEQUENCE)?.reader();
    key.finish()?;
    let modulus = natural(fields.read(Tag::INTEGER)?).filter(|modulus| is_odd(modulus));
    let exponent = natural(fields.read(Tag::INTEGER)?).filter(|exponent| is_odd(exponent) && *exponent != [1]);
    fields.finish()?;
    let modulus = modulus.ok_or(PublicKeyError::RsaModulus)?.into();
    let exponent = exponent.ok_or(PublicKeyError::RsaExponent)?.into();
    let key = RsaPublicKey { modulus, exponent, usage };
    Ok((KeyKind::Rsa { modulus_bits: key.modulus_bits() }, KeyMaterial::Rsa(key)))
}

/// The octets of an INTEGER without leading zeros, unless it is negative.
pub(super) fn natural(integer: Value<'_>) -> Option<&[u8]> {
    match integer.contents() {
        [0, rest @ ..] => Some(rest),
        [0x80..=0xff, ..] => None,
        positive => Some(positive),
    }
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last % 2 == 1)
}

/// RFC 4055 §1.2: parameters may be absent, and bind the key when present.
fn read_rsa_pss(key: Reader<'_>, parameters: Option<Reader<'_>>) -> Result<(KeyKind, KeyMaterial), PublicKeyError> {
    let Some(parameters) = parameters else { return read_rsa(key, RsaUsage::Pss) };
    match pss_parameters::read(parameters) {
        Ok(hash) => read_rsa(key, RsaUsage::PssWith(hash)),
        Err(PssParametersError::Malformed(error)) => Err(error.into()),
        Err(PssParametersError::Unsupported(reason)) => {
            read_rsa(key, RsaUsage::Pss)?;
            Ok(unsupported(UnsupportedKey::Pss(reason)))
        }
    }
}

/// RFC 5480 §2.2: a point in one of the forms of SEC 1 §2.3.3.
fn read_ec(point: &[u8], curve: Oid) -> Result<(KeyKind, KeyMaterial), PublicKeyError> {
    let (kind, coordinate) = if curve == oid::SECP256R1 {
        (KeyKind::P256, 32)
    } else if curve == oid::SECP384R1 {
        (KeyKind::P384, 48)
    } else {
        return Ok(unsupported(UnsupportedKey::Curve(curve)));
    };
    match (point.split_first(), &kind) {
        (Some((0x02 | 0x03, x)), _) if x.len() == coordinate => Ok(unsupported(UnsupportedKey::CompressedPoint)),
        (Some((0x04, xy)), KeyKind::P256) if xy.len() == 2 * coordinate => Ok((kind, KeyMaterial::P256(point.into()))),
        (Some((0x04, xy)), KeyKind::P384) if xy.len() == 2 * coordinate => Ok((kind, KeyMaterial::P384(point.into()))),
        _ => Err(PublicKeyError::Point { curve, expected: 1 + 2 * coordinate, found: point.len() }),
    }
}

/// RFC 8410 §4: the 32 octets of RFC 8032.
fn read_ed25519(key: &[u8]) -> Result<(KeyKind, KeyMaterial), PublicKeyError> {
    if key.len() != 32 {
        return Err(PublicKeyError::Ed25519Length { found: key.len() });
    }
    Ok((KeyKind::Ed25519, KeyMaterial::Ed25519(key.into())))
}

/// Why octets are not a public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// Not one DER SubjectPublicKeyInfo.
    #[error("public key: {0}")]
    Malformed(#[from] DerError),
    /// The parameters do not follow the rule of the algorithm.
    #[error("public key: the parameters of {algorithm} are not {rule}")]
    Parameters {
        /// The algorithm of the key.
        algorithm: Oid,
        /// What they must be.
        rule: &'static str,
    },
    /// The modulus is even or negative, so no product of two odd primes.
    #[error("public key: the RSA modulus is not an odd number")]
    RsaModulus,
    /// The exponent is even, 1 or negative.
    #[error("public key: the RSA exponent is not an odd number above 1")]
    RsaExponent,
    /// The point is neither uncompressed nor compressed, or has not the length of its curve.
    #[error("public key: the point of {found} octets is not one of {expected} octets on the curve {curve}")]
    Point {
        /// The curve named.
        curve: Oid,
        /// The octets of an uncompressed point on it.
        expected: usize,
        /// The octets found.
        found: usize,
    },
    /// An Ed25519 key is not 32 octets.
    #[error("public key: {found} octets, an Ed25519 key has 32")]
    Ed25519Length {
        /// The octets found.
        found: usize,
    },
}

impl PublicKeyError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(error) => error.code(),
            Self::Parameters { .. } => "public-key-parameters",
            Self::RsaModulus => "public-key-rsa-modulus",
            Self::RsaExponent => "public-key-rsa-exponent",
            Self::Point { .. } => "public-key-point",
            Self::Ed25519Length { .. } => "public-key-length",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

    use super::*;
    use crate::crypto::example_keys::{
        ED25519_SPKI, P256_SPKI, P384_SPKI, P521_SPKI, RSA1024_SPKI, RSA2048_SPKI, key, octets,
    };
    use crate::encoding::der::Writer;

    fn spki(algorithm: &Oid, parameters: &[u8], key: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.constructed(Tag::SEQUENCE, |writer| {
                writer.value(Tag::OBJECT_IDENTIFIER, algorithm.as_der_contents());
                writer.encoded(parameters);
            });
            writer.value(Tag::BIT_STRING, &[&[0], key].concat());
        });
        writer.into_der()
    }

    fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.value(Tag::INTEGER, modulus);
            writer.value(Tag::INTEGER, exponent);
        });
        writer.into_der()
    }

    const P256_PARAMETERS: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    const P384_PARAMETERS: [u8; 7] = [6, 5, 0x2b, 0x81, 4, 0, 0x22];

    #[test]
    fn keys_of_openssl_are_read_and_kept_as_they_came() {
        let kinds = [
            (P256_SPKI, "a P-256 key"),
            (P384_SPKI, "a P-384 key"),
            (P521_SPKI, "a key on the unsupported curve 1.3.132.0.35"),
            (ED25519_SPKI, "an Ed25519 key"),
            (RSA1024_SPKI, "an RSA key of 1024 bits"),
            (RSA2048_SPKI, "an RSA key of 2048 bits"),
        ];
        for (text, kind) in kinds {
            let key = key(text);
            assert_eq!(key.kind().to_string(), kind);
            assert_eq!(key.spki_der(), octets(text));
            assert_eq!(PublicKey::from_spki_der(key.spki_der()), Ok(key));
        }
        assert_eq!(format!("{:?}", key(P256_SPKI)), "PublicKey { kind: P256, .. }");
    }

    #[test]
    fn keys_are_told_apart_by_their_hashes() {
        let hash = |text| BuildHasherDefault::<DefaultHasher>::default().hash_one(key(text));
        assert_eq!(hash(P256_SPKI), hash(P256_SPKI));
        assert_ne!(hash(P256_SPKI), hash(P384_SPKI));
    }

    #[test]
    fn a_key_that_cannot_be_used_is_still_read() {
        let pss_sha1 = spki(&oid::ID_RSASSA_PSS, &[0x30, 0], &rsa(&[3], &[3]));
        let cases = [
            (
                spki(&"1.2.840.10040.4.1".parse().unwrap(), &[], &[2, 1, 5]),
                "a key of the unsupported algorithm 1.2.840.10040.4.1",
            ),
            (spki(&oid::ID_EC_PUBLIC_KEY, &P256_PARAMETERS, &[3; 33]), "a key in compressed form"),
            (spki(&oid::ID_EC_PUBLIC_KEY, &[0x30, 0], &[4; 65]), "a key on a curve that is not named"),
            (
                pss_sha1,
                "a key bound to unsupported parameters (RSASSA-PSS with the hash 1.3.14.3.2.26 is not supported)",
            ),
        ];
        for (der, kind) in cases {
            assert_eq!(PublicKey::from_spki_der(&der).unwrap().kind().to_string(), kind);
        }
    }

    #[test]
    fn the_bits_of_a_modulus_are_counted_from_the_first_that_is_set() {
        for (modulus, bits) in [(&[1, 1][..], 9), (&[0x7f, 0xff], 15), (&[0, 0x80, 1], 16), (&[5], 3)] {
            let key = PublicKey::from_spki_der(&spki(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(modulus, &[3]))).unwrap();
            assert_eq!(*key.kind(), KeyKind::Rsa { modulus_bits: bits });
        }
    }

    #[test]
    fn a_key_that_contradicts_itself_is_refused() {
        let point = [&[4][..], &[1; 63]].concat();
        let cases = [
            (
                spki(&oid::RSA_ENCRYPTION, &[], &rsa(&[5], &[3])),
                "public key: the parameters of 1.2.840.113549.1.1.1 are not NULL",
            ),
            (
                spki(&oid::RSA_ENCRYPTION, &P256_PARAMETERS, &rsa(&[5], &[3])),
                "public key: the parameters of 1.2.840.113549.1.1.1 are not NULL",
            ),
            (spki(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[6], &[3])), "public key: the RSA modulus is not an odd number"),
            (
                spki(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[0x81], &[3])),
                "public key: the RSA modulus is not an odd number",
            ),
            (spki(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[0], &[3])), "public key: the RSA modulus is not an odd number"),
            (
                spki(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[5], &[1])),
                "public key: the RSA exponent is not an odd number above 1",
            ),
            (
                spki(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[5], &[4])),
                "public key: the RSA exponent is not an odd number above 1",
            ),
            (
                spki(&oid::RSA_ENCRYPTION, &[5, 0], &[&rsa(&[5], &[3])[..], &[0]].concat()),
                "public key: DER at octet 28: 1 trailing octets",
            ),
            (
                spki(&oid::ID_EC_PUBLIC_KEY, &P256_PARAMETERS, &point),
                "public key: the point of 64 octets is not one of 65 octets on the curve 1.2.840.10045.3.1.7",
            ),
            (
                spki(&oid::ID_EC_PUBLIC_KEY, &P256_PARAMETERS, &[3; 32]),
                "public key: the point of 32 octets is not one of 65 octets on the curve 1.2.840.10045.3.1.7",
            ),
            (
                spki(&oid::ID_EC_PUBLIC_KEY, &P384_PARAMETERS, &[4; 65]),
                "public key: the point of 65 octets is not one of 97 octets on the curve 1.3.132.0.34",
            ),
            (
                spki(&oid::ID_EC_PUBLIC_KEY, &[], &point),
                "public key: the parameters of 1.2.840.10045.2.1 are not a named curve",
            ),
            (spki(&oid::ID_ED25519, &[5, 0], &[1; 32]), "public key: the parameters of 1.3.101.112 are not absent"),
            (spki(&oid::ID_ED25519, &[], &[1; 33]), "public key: 33 octets, an Ed25519 key has 32"),
            (vec![], "public key: DER at octet 0: the input ends where a tag is expected"),
            (vec![0x30, 0], "public key: DER at octet 2: expected SEQUENCE, found the end"),
        ];
        for (der, reason) in cases {
            assert_eq!(PublicKey::from_spki_der(&der).unwrap_err().to_string(), reason);
        }
    }

    #[test]
    fn each_reason_has_a_name_that_stays() {
        let code = |algorithm: &Oid, parameters: &[u8], key: &[u8]| {
            PublicKey::from_spki_der(&spki(algorithm, parameters, key)).unwrap_err().code()
        };
        assert_eq!(code(&oid::RSA_ENCRYPTION, &[], &rsa(&[5], &[3])), "public-key-parameters");
        assert_eq!(code(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[6], &[3])), "public-key-rsa-modulus");
        assert_eq!(code(&oid::RSA_ENCRYPTION, &[5, 0], &rsa(&[5], &[1])), "public-key-rsa-exponent");
        assert_eq!(code(&oid::ID_EC_PUBLIC_KEY, &P256_PARAMETERS, &[4; 64]), "public-key-point");
        assert_eq!(code(&oid::ID_ED25519, &[], &[1; 33]), "public-key-length");
    }

    #[test]
    fn no_octet_of_a_key_can_be_left_out_or_added() {
        for text in [P256_SPKI, RSA1024_SPKI, ED25519_SPKI] {
            let der = octets(text);
            for length in 0..der.len() {
                assert!(PublicKey::from_spki_der(&der[..length]).is_err());
            }
            assert!(PublicKey::from_spki_der(&[&der[..], &[0]].concat()).is_err());
        }
    }
}
