//! Checking a signature with a public key. `ring` does the arithmetic; here stands which algorithm fits which key.

use ring::rsa::PublicKeyComponents;
use ring::signature as backend;

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::jws_algorithm::JwsAlgorithm;
use crate::crypto::public_key::{KeyKind, KeyMaterial, PublicKey, RsaPublicKey, RsaUsage, UnsupportedKey};
use crate::digest::DigestAlgorithm;

/// Proof that a signature fits its message and key; made by [`PublicKey::verify`], [`PublicKey::verify_jws`] and
/// [`KnownKeys::verify`](crate::crypto::KnownKeys::verify) only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct SignatureValid {
    proof: (),
}

impl SignatureValid {
    /// For [`known_key`](crate::crypto::known_key) alone: whether the equation of FIPS 186-5 §6.4.2 was found to hold.
    pub(super) fn by_equation(holds: bool) -> Option<Self> {
        holds.then_some(Self { proof: () })
    }
}

impl PublicKey {
    /// Checks `signature` over the octets of `message`, in the form X.509 and CMS use: an ECDSA signature is a DER
    /// `Ecdsa-Sig-Value` (RFC 3279 §2.2.3), the others are octet strings.
    ///
    /// No [`AlgorithmConstraints`](crate::crypto::AlgorithmConstraints) are applied here: check them first.
    ///
    /// # Errors
    /// * [`SignatureError::UnsupportedKey`]: a key that can only be read, such as one on P-521.
    /// * [`SignatureError::KeyMismatch`]: ECDSA with an RSA key.
    /// * [`SignatureError::KeyRestricted`]: RSASSA-PKCS1-v1_5 with an id-RSASSA-PSS key.
    /// * [`SignatureError::UnsupportedAlgorithm`]: ECDSA with SHA-512; an RSA key above 8192 bits.
    /// * [`SignatureError::Invalid`]: everything fits, the signature does not.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<SignatureValid, SignatureError> {
        self.method(algorithm)?.verify(message, signature)
    }

    /// Checks `signature` over the octets of `message`, in the form JWS uses: an ECDSA signature is r and s, each as
    /// long as the curve's field (RFC 7518 §3.4). The curve must be that of the algorithm.
    ///
    /// # Errors
    /// As [`PublicKey::verify`], and [`SignatureError::JwsKeyMismatch`] for ES256 with a P-384 key, and
    /// [`SignatureError::Length`] for an ES256 signature of 63 octets.
    pub fn verify_jws(
        &self,
        algorithm: JwsAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<SignatureValid, SignatureError> {
        self.jws_method(algorithm)?.verify(message, signature)
    }

    /// Checks that a signature by `algorithm` could be one of this key, without a signature: what a signer asks of its
    /// key and certificate before it signs.
    ///
    /// # Errors
    /// As [`PublicKey::verify_jws`], without [`SignatureError::Length`] and [`SignatureError::Invalid`].
    pub fn check_jws_algorithm(&self, algorithm: JwsAlgorithm) -> Result<(), SignatureError> {
        self.jws_method(algorithm).map(drop)
    }

    fn method(&self, algorithm: SignatureAlgorithm) -> Result<Method<'_>, SignatureError> {
        let mismatch = || SignatureError::KeyMismatch { algorithm, key: self.kind().clone() };
        let unsupported = || SignatureError::UnsupportedAlgorithm { algorithm, key: self.kind().clone() };
        match (&self.material, algorithm) {
            (KeyMaterial::Unsupported, _) => Err(self.unsupported_key()),
            (KeyMaterial::Rsa(key), _) => {
                let scheme = RsaScheme::of(algorithm).ok_or_else(mismatch)?;
                if !key.usage.allows(scheme) {
                    return Err(SignatureError::KeyRestricted { algorithm });
                }
                let parameters = scheme.parameters(key.modulus_bits()).ok_or_else(unsupported)?;
                Ok(Method::Rsa { parameters, key })
            }
            (KeyMaterial::P256(point), SignatureAlgorithm::EcdsaSha256) => {
                Ok(Method::new(&backend::ECDSA_P256_SHA256_ASN1, point))
            }
            (KeyMaterial::P256(point), SignatureAlgorithm::EcdsaSha384) => {
                Ok(Method::new(&backend::ECDSA_P256_SHA384_ASN1, point))
            }
            (KeyMaterial::P384(point), SignatureAlgorithm::EcdsaSha256) => {
                Ok(Method::new(&backend::ECDSA_P384_SHA256_ASN1, point))
            }
            (KeyMaterial::P384(point), SignatureAlgorithm::EcdsaSha384) => {
                Ok(Method::new(&backend::ECDSA_P384_SHA384_ASN1, point))
            }
            (KeyMaterial::P256(_) | KeyMaterial::P384(_), SignatureAlgorithm::EcdsaSha512) => Err(unsupported()),
            (KeyMaterial::Ed25519(key), SignatureAlgorithm::Ed25519) => Ok(Method::new(&backend::ED25519, key)),
            (KeyMaterial::P256(_) | KeyMaterial::P384(_) | KeyMaterial::Ed25519(_), _) => Err(mismatch()),
        }
    }

    fn jws_method(&self, algorithm: JwsAlgorithm) -> Result<Method<'_>, SignatureError> {
        let fixed = |backend, key, length| Ok(Method::Octets { backend, key, fixed: Some((algorithm, length)) });
        match (&self.material, algorithm) {
            (KeyMaterial::Unsupported, _) => Err(self.unsupported_key()),
            (KeyMaterial::P256(point), JwsAlgorithm::Es256) => fixed(&backend::ECDSA_P256_SHA256_FIXED, point, 64),
            (KeyMaterial::P384(point), JwsAlgorithm::Es384) => fixed(&backend::ECDSA_P384_SHA384_FIXED, point, 96),
            (KeyMaterial::Ed25519(key), JwsAlgorithm::EdDsa) => fixed(&backend::ED25519, key, 64),
            (KeyMaterial::Rsa(_), _) if RsaScheme::of(algorithm.signature_algorithm()).is_some() => {
                self.method(algorithm.signature_algorithm())
            }
            _ => Err(SignatureError::JwsKeyMismatch { algorithm, key: self.kind().clone() }),
        }
    }

    fn unsupported_key(&self) -> SignatureError {
        match self.kind() {
            KeyKind::Unsupported(reason) => SignatureError::UnsupportedKey(reason.clone()),
            // Not reached: `kind` and `material` are read together. It fails closed if they ever part.
            _ => SignatureError::Invalid,
        }
    }
}

/// The schemes an RSA key can be used with.
#[derive(Clone, Copy)]
enum RsaScheme {
    Pkcs1(DigestAlgorithm),
    Pss(DigestAlgorithm),
}

impl RsaScheme {
    fn of(algorithm: SignatureAlgorithm) -> Option<Self> {
        match algorithm {
            SignatureAlgorithm::RsaPkcs1Sha1 => Some(Self::Pkcs1(DigestAlgorithm::Sha1)),
            SignatureAlgorithm::RsaPkcs1Sha256 => Some(Self::Pkcs1(DigestAlgorithm::Sha256)),
            SignatureAlgorithm::RsaPkcs1Sha384 => Some(Self::Pkcs1(DigestAlgorithm::Sha384)),
            SignatureAlgorithm::RsaPkcs1Sha512 => Some(Self::Pkcs1(DigestAlgorithm::Sha512)),
            SignatureAlgorithm::RsaPssSha256 => Some(Self::Pss(DigestAlgorithm::Sha256)),
            SignatureAlgorithm::RsaPssSha384 => Some(Self::Pss(DigestAlgorithm::Sha384)),
            SignatureAlgorithm::RsaPssSha512 => Some(Self::Pss(DigestAlgorithm::Sha512)),
            SignatureAlgorithm::EcdsaSha256
            | SignatureAlgorithm::EcdsaSha384
            | SignatureAlgorithm::EcdsaSha512
            | SignatureAlgorithm::Ed25519 => None,
        }
    }

    /// What `ring` has for a modulus of so many bits: less below 2048, nothing below 1024 or above 8192.
    fn parameters(self, modulus_bits: usize) -> Option<&'static backend::RsaParameters> {
        match (self, modulus_bits) {
            (Self::Pkcs1(DigestAlgorithm::Sha1), 1024..=8192) => {
                Some(&backend::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY)
            }
            (Self::Pkcs1(DigestAlgorithm::Sha256), 1024..=2047) => {
                Some(&backend::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY)
            }
            (Self::Pkcs1(DigestAlgorithm::Sha512), 1024..=2047) => {
                Some(&backend::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY)
            }
            (Self::Pkcs1(DigestAlgorithm::Sha256), 2048..=8192) => Some(&backend::RSA_PKCS1_2048_8192_SHA256),
            (Self::Pkcs1(DigestAlgorithm::Sha384), 2048..=8192) => Some(&backend::RSA_PKCS1_2048_8192_SHA384),
            (Self::Pkcs1(DigestAlgorithm::Sha512), 2048..=8192) => Some(&backend::RSA_PKCS1_2048_8192_SHA512),
            (Self::Pss(DigestAlgorithm::Sha256), 2048..=8192) => Some(&backend::RSA_PSS_2048_8192_SHA256),
            (Self::Pss(DigestAlgorithm::Sha384), 2048..=8192) => Some(&backend::RSA_PSS_2048_8192_SHA384),
            (Self::Pss(DigestAlgorithm::Sha512), 2048..=8192) => Some(&backend::RSA_PSS_2048_8192_SHA512),
            _ => None,
        }
    }
}

impl RsaUsage {
    /// RFC 4055 §1.2: an id-RSASSA-PSS key is for RSASSA-PSS, and for its own hash if it names one.
    fn allows(self, scheme: RsaScheme) -> bool {
        match (self, scheme) {
            (Self::Any, _) | (Self::Pss, RsaScheme::Pss(_)) => true,
            (Self::PssWith(bound), RsaScheme::Pss(hash)) => bound.digest() == hash,
            (Self::Pss | Self::PssWith(_), RsaScheme::Pkcs1(_)) => false,
        }
    }
}

/// A key with the one way to use it that its algorithm chose.
enum Method<'a> {
    Rsa {
        parameters: &'static backend::RsaParameters,
        key: &'a RsaPublicKey,
    },
    Octets {
        backend: &'static dyn backend::VerificationAlgorithm,
        key: &'a [u8],
        /// The length a signature of this JWS algorithm has.
        fixed: Option<(JwsAlgorithm, usize)>,
    },
}

impl<'a> Method<'a> {
    fn new(backend: &'static dyn backend::VerificationAlgorithm, key: &'a [u8]) -> Self {
        Self::Octets { backend, key, fixed: None }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<SignatureValid, SignatureError> {
        let answer = match self {
            Self::Rsa { parameters, key } => {
                PublicKeyComponents { n: &key.modulus, e: &key.exponent }.verify(parameters, message, signature)
            }
            Self::Octets { backend, key, fixed } => {
                if let Some((algorithm, expected)) = *fixed
                    && signature.len() != expected
                {
                    return Err(SignatureError::Length { algorithm, expected, found: signature.len() });
                }
                backend::UnparsedPublicKey::new(*backend, key).verify(message, signature)
            }
        };
        answer.map(|()| SignatureValid { proof: () }).map_err(|_| SignatureError::Invalid)
    }
}

/// Why a signature was not found valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The key can only be read.
    #[error("signature: {0} cannot be used")]
    UnsupportedKey(UnsupportedKey),
    /// The algorithm is none for a key of this kind.
    #[error("signature: {algorithm} does not fit {key}")]
    KeyMismatch {
        /// The algorithm asked for.
        algorithm: SignatureAlgorithm,
        /// The key.
        key: KeyKind,
    },
    /// The JWS algorithm is none for a key of this kind, or for its curve.
    #[error("signature: {algorithm} does not fit {key}")]
    JwsKeyMismatch {
        /// The algorithm asked for.
        algorithm: JwsAlgorithm,
        /// The key.
        key: KeyKind,
    },
    /// The key is bound to RSASSA-PSS, or to one hash of it, and the algorithm is another.
    #[error("signature: {algorithm} is not what the key is bound to (id-RSASSA-PSS)")]
    KeyRestricted {
        /// The algorithm asked for.
        algorithm: SignatureAlgorithm,
    },
    /// There is no implementation of the algorithm for such a key.
    #[error("signature: {algorithm} with {key} is not supported")]
    UnsupportedAlgorithm {
        /// The algorithm asked for.
        algorithm: SignatureAlgorithm,
        /// The key.
        key: KeyKind,
    },
    /// A JWS signature has not the length of its algorithm.
    #[error("signature: {found} octets, {algorithm} has {expected}")]
    Length {
        /// The algorithm asked for.
        algorithm: JwsAlgorithm,
        /// The octets it has.
        expected: usize,
        /// The octets found.
        found: usize,
    },
    /// The signature does not fit.
    #[error("signature: does not fit the message and the key")]
    Invalid,
}

impl SignatureError {
    /// Whether there is no implementation to judge by: the signature was not found false, and may hold elsewhere.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::UnsupportedKey(_) | Self::UnsupportedAlgorithm { .. })
    }

    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedKey(_) => "signature-key-unsupported",
            Self::KeyMismatch { .. } | Self::JwsKeyMismatch { .. } => "signature-key-mismatch",
            Self::KeyRestricted { .. } => "signature-key-restricted",
            Self::UnsupportedAlgorithm { .. } => "signature-algorithm-unsupported",
            Self::Length { .. } => "signature-length",
            Self::Invalid => "signature-invalid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::ecdsa;
    use crate::crypto::example_keys::{
        ED25519, ED25519_SPKI, MESSAGE, P256_SHA256, P256_SHA384, P256_SPKI, P384_SHA256, P384_SHA384, P384_SPKI,
        P521_SPKI, RSA1024_SHA1, RSA1024_SHA256, RSA1024_SPKI, RSA2048_PSS_SHA256, RSA2048_SHA256, RSA2048_SPKI, key,
        octets,
    };

    #[test]
    fn signatures_of_openssl_hold_and_no_longer_when_anything_is_changed() {
        let cases = [
            (P256_SPKI, SignatureAlgorithm::EcdsaSha256, P256_SHA256),
            (P256_SPKI, SignatureAlgorithm::EcdsaSha384, P256_SHA384),
            (P384_SPKI, SignatureAlgorithm::EcdsaSha256, P384_SHA256),
            (P384_SPKI, SignatureAlgorithm::EcdsaSha384, P384_SHA384),
            (ED25519_SPKI, SignatureAlgorithm::Ed25519, ED25519),
            (RSA1024_SPKI, SignatureAlgorithm::RsaPkcs1Sha1, RSA1024_SHA1),
            (RSA1024_SPKI, SignatureAlgorithm::RsaPkcs1Sha256, RSA1024_SHA256),
            (RSA2048_SPKI, SignatureAlgorithm::RsaPkcs1Sha256, RSA2048_SHA256),
            (RSA2048_SPKI, SignatureAlgorithm::RsaPssSha256, RSA2048_PSS_SHA256),
        ];
        for (spki, algorithm, signature) in cases {
            let (key, mut signature) = (key(spki), octets(signature));
            assert!(key.verify(algorithm, MESSAGE, &signature).is_ok(), "{algorithm}");
            assert_eq!(key.verify(algorithm, b"octet", &signature), Err(SignatureError::Invalid));
            assert_eq!(key.verify(algorithm, MESSAGE, &[]), Err(SignatureError::Invalid));
            assert_eq!(key.verify(algorithm, MESSAGE, &[&signature[..], &[0]].concat()), Err(SignatureError::Invalid));
            *signature.last_mut().unwrap() ^= 1;
            assert_eq!(key.verify(algorithm, MESSAGE, &signature), Err(SignatureError::Invalid));
        }
    }

    #[test]
    fn the_jws_form_is_of_fixed_length() {
        let signature = ecdsa::fixed_from_der(ecdsa::Curve::P256, &octets(P256_SHA256)).unwrap();
        assert!(key(P256_SPKI).verify_jws(JwsAlgorithm::Es256, MESSAGE, &signature).is_ok());
        let error = key(P256_SPKI).verify_jws(JwsAlgorithm::Es256, MESSAGE, &octets(P256_SHA256)).unwrap_err();
        assert_eq!(error.to_string(), "signature: 71 octets, ES256 has 64");
        let signature = ecdsa::fixed_from_der(ecdsa::Curve::P384, &octets(P384_SHA384)).unwrap();
        assert!(key(P384_SPKI).verify_jws(JwsAlgorithm::Es384, MESSAGE, &signature).is_ok());
        assert!(key(ED25519_SPKI).verify_jws(JwsAlgorithm::EdDsa, MESSAGE, &octets(ED25519)).is_ok());
        assert!(key(RSA2048_SPKI).verify_jws(JwsAlgorithm::Ps256, MESSAGE, &octets(RSA2048_PSS_SHA256)).is_ok());
        assert_eq!(
            key(RSA2048_SPKI).verify_jws(JwsAlgorithm::Rs256, MESSAGE, &octets(RSA2048_PSS_SHA256)),
            Err(SignatureError::Invalid)
        );
    }

    #[test]
    fn an_equation_that_does_not_hold_proves_nothing() {
        assert_eq!(SignatureValid::by_equation(true), Some(SignatureValid { proof: () }));
        assert_eq!(SignatureValid::by_equation(false), None);
    }

    #[test]
    fn short_rsa_keys_are_judged_as_far_as_they_can_be() {
        let judged = |algorithm| key(RSA1024_SPKI).verify(algorithm, MESSAGE, &octets(RSA1024_SHA256)).unwrap_err();
        assert_eq!(judged(SignatureAlgorithm::RsaPkcs1Sha512), SignatureError::Invalid);
        assert!(!judged(SignatureAlgorithm::RsaPkcs1Sha512).is_unsupported());
        assert_eq!(judged(SignatureAlgorithm::RsaPkcs1Sha384).code(), "signature-algorithm-unsupported");
        assert!(judged(SignatureAlgorithm::RsaPkcs1Sha384).is_unsupported());
    }

    #[test]
    fn long_rsa_keys_are_judged_by_every_scheme() {
        let key = key(RSA2048_SPKI);
        for algorithm in [
            SignatureAlgorithm::RsaPkcs1Sha1,
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::RsaPkcs1Sha384,
            SignatureAlgorithm::RsaPkcs1Sha512,
            SignatureAlgorithm::RsaPssSha256,
            SignatureAlgorithm::RsaPssSha384,
            SignatureAlgorithm::RsaPssSha512,
        ] {
            assert_eq!(key.verify(algorithm, MESSAGE, &[0; 256]), Err(SignatureError::Invalid), "{algorithm}");
        }
    }

    #[test]
    fn the_key_decides_what_can_be_used_with_it() {
        let reason = |spki: &str, algorithm: SignatureAlgorithm| key(spki).verify(algorithm, b"", b"").unwrap_err();
        let cases = [
            (
                reason(P521_SPKI, SignatureAlgorithm::EcdsaSha512),
                "signature: a key on the unsupported curve 1.3.132.0.35 cannot be used",
            ),
            (
                reason(P256_SPKI, SignatureAlgorithm::EcdsaSha512),
                "signature: ECDSA with SHA-512 with a P-256 key is not supported",
            ),
            (
                reason(P256_SPKI, SignatureAlgorithm::RsaPssSha256),
                "signature: RSASSA-PSS with SHA-256 does not fit a P-256 key",
            ),
            (
                reason(RSA2048_SPKI, SignatureAlgorithm::Ed25519),
                "signature: Ed25519 does not fit an RSA key of 2048 bits",
            ),
            (
                reason(RSA1024_SPKI, SignatureAlgorithm::RsaPssSha256),
                "signature: RSASSA-PSS with SHA-256 with an RSA key of 1024 bits is not supported",
            ),
            (
                key(P384_SPKI).check_jws_algorithm(JwsAlgorithm::Es256).unwrap_err(),
                "signature: ES256 does not fit a P-384 key",
            ),
            (
                key(P521_SPKI).check_jws_algorithm(JwsAlgorithm::Es256).unwrap_err(),
                "signature: a key on the unsupported curve 1.3.132.0.35 cannot be used",
            ),
            (
                key(ED25519_SPKI).check_jws_algorithm(JwsAlgorithm::Ps256).unwrap_err(),
                "signature: PS256 does not fit an Ed25519 key",
            ),
            (
                key(RSA2048_SPKI).check_jws_algorithm(JwsAlgorithm::Es256).unwrap_err(),
                "signature: ES256 does not fit an RSA key of 2048 bits",
            ),
        ];
        for (error, text) in cases {
            assert_eq!(error.to_string(), text);
        }
        assert_eq!(key(RSA2048_SPKI).check_jws_algorithm(JwsAlgorithm::Ps512), Ok(()));
    }

    #[test]
    fn an_rsa_key_bound_to_pss_is_used_for_that_alone() {
        // The RSA key under id-RSASSA-PSS: the algorithm identifier is replaced, the lengths with it.
        let bound = |identifier: &[u8]| {
            let plain = octets(RSA2048_SPKI);
            let contents = [identifier, &plain[19..]].concat();
            let mut writer = crate::encoding::der::Writer::new();
            writer.value(crate::encoding::der::Tag::SEQUENCE, &contents);
            PublicKey::from_spki_der(&writer.into_der()).unwrap()
        };
        let bare = &[0x30, 0x0b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0a];
        let signature = octets(RSA2048_PSS_SHA256);
        for identifier in [&bare[..], SignatureAlgorithm::RsaPssSha256.algorithm_identifier_der()] {
            let key = bound(identifier);
            assert!(key.verify(SignatureAlgorithm::RsaPssSha256, MESSAGE, &signature).is_ok());
            assert!(key.verify_jws(JwsAlgorithm::Ps256, MESSAGE, &signature).is_ok());
            let error = key.verify(SignatureAlgorithm::RsaPkcs1Sha256, MESSAGE, &octets(RSA2048_SHA256)).unwrap_err();
            assert_eq!(
                error.to_string(),
                "signature: RSASSA-PKCS1-v1_5 with SHA-256 is not what the key is bound to (id-RSASSA-PSS)"
            );
        }
        let sha384 = bound(SignatureAlgorithm::RsaPssSha384.algorithm_identifier_der());
        let error = sha384.verify(SignatureAlgorithm::RsaPssSha256, MESSAGE, &signature).unwrap_err();
        assert_eq!(error.code(), "signature-key-restricted");
    }
}
