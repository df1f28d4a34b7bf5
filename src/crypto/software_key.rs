//! A private key held in memory.
//!
//! Read from PKCS#8 (RFC 5958, RFC 5208), DER or PEM (RFC 7468 §10), or generated.
//!
//! * **Accepted:** RSA of 3072 to 4096 bits with the exponent 65537; P-256 and P-384 with the public key, in the
//!   ECPrivateKey (RFC 5915) or beside it; Ed25519 with or without the public key (RFC 8410).
//! * **Ignored:** the attributes of PKCS#8.
//! * **Rejected:** an algorithm that does not fit the key, shorter RSA keys, parts that contradict each other, encrypted
//!   keys, the older PEM forms `RSA PRIVATE KEY` and `EC PRIVATE KEY`, anything after the key.
//!
//! Every octet of a private key that this crate holds is overwritten when it is let go. `ring` keeps its own copy of the
//! key while the [`SoftwareKey`] lives, and overwrites neither that nor what it wrote when it made a key. For keys that
//! deserve better, implement [`Signer`] over a device.

mod pem;
mod pkcs8;

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{self as backend, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaEncoding, RsaKeyPair};
use zeroize::Zeroizing;

use self::pkcs8::{Curve, PrivateKey, PrivateKeyInfo};
use crate::crypto::constraints::{AlgorithmConstraints, ConstraintError};
use crate::crypto::jws_algorithm::JwsAlgorithm;
use crate::crypto::public_key::{KeyMaterial, PublicKey, PublicKeyError};
use crate::crypto::signer::{Signer, SignerError};
use crate::crypto::verification::SignatureError;
use crate::encoding::base64::Base64Error;
use crate::encoding::der::DerError;
use crate::oid::Oid;

/// A private key in memory that signs with one algorithm.
///
/// It cannot be copied, shown or written out. Randomness for ECDSA and RSASSA-PSS comes from the operating system.
///
/// ```
/// use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
/// let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
/// let signature = key.sign(b"octets")?;
/// let _valid = key.public_key().verify_jws(JwsAlgorithm::Es256, b"octets", &signature)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Neither of these compiles:
///
/// ```compile_fail,E0599
/// # use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
/// # let key = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap().key;
/// let copy: SoftwareKey = key.clone();
/// ```
///
/// ```compile_fail,E0277
/// # use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
/// # let key = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap().key;
/// let written = serde_json::to_string(&key);
/// ```
pub struct SoftwareKey {
    secret: Secret,
    algorithm: JwsAlgorithm,
    /// The public half of `secret`: a signature by the one was verified with the other. `algorithm` fits it.
    public_key: PublicKey,
    random: SystemRandom,
}

enum Secret {
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Ecdsa(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

impl SoftwareKey {
    /// Reads a PKCS#8 private key, DER, that is to sign with `algorithm`.
    ///
    /// The key signs once and its public half verifies that, so that parts that do not belong together are found out.
    ///
    /// # Errors
    /// * [`SoftwareKeyError::Malformed`]: not DER PKCS#8, such as an empty input.
    /// * [`SoftwareKeyError::Encrypted`]: an EncryptedPrivateKeyInfo.
    /// * [`SoftwareKeyError::UnsupportedAlgorithm`], [`SoftwareKeyError::UnsupportedCurve`]: an Ed448 key; a P-521 key.
    /// * [`SoftwareKeyError::PublicKeyMissing`]: an EC key without its public half.
    /// * [`SoftwareKeyError::PublicKey`]: a public half that is malformed, such as an even RSA modulus.
    /// * [`SoftwareKeyError::Weak`], [`SoftwareKeyError::RsaExponent`]: RSA of 2048 bits; the exponent 3.
    /// * [`SoftwareKeyError::Contradiction`], [`SoftwareKeyError::Rejected`]: the public key is that of another key.
    /// * [`SoftwareKeyError::AlgorithmMismatch`]: ES256 with a P-384 key.
    pub fn from_pkcs8_der(pkcs8: &[u8], algorithm: JwsAlgorithm) -> Result<Self, SoftwareKeyError> {
        let info = PrivateKeyInfo::read(pkcs8)?;
        let random = SystemRandom::new();
        let (secret, public_key) = match &info.key {
            PrivateKey::Rsa { der, public_key } => rsa(&info, der, public_key, algorithm)?,
            PrivateKey::Ec { curve, scalar, point } => {
                let point = point.ok_or(SoftwareKeyError::PublicKeyMissing)?;
                let backend = match curve {
                    Curve::P256 => &backend::ECDSA_P256_SHA256_FIXED_SIGNING,
                    Curve::P384 => &backend::ECDSA_P384_SHA384_FIXED_SIGNING,
                };
                let pair = EcdsaKeyPair::from_private_key_and_public_key(backend, scalar, point, &random)
                    .map_err(SoftwareKeyError::from_ring)?;
                let public_key = info.public_key(pair.public_key().as_ref())?;
                (Secret::Ecdsa(Box::new(pair)), public_key)
            }
            PrivateKey::Ed25519 { seed } => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(SoftwareKeyError::from_ring)?;
                let public_key = info.public_key(pair.public_key().as_ref())?;
                (Secret::Ed25519(Box::new(pair)), public_key)
            }
        };
        public_key.check_jws_algorithm(algorithm).map_err(SoftwareKeyError::AlgorithmMismatch)?;
        Self { secret, algorithm, public_key, random }.proven()
    }

    /// Reads a PKCS#8 private key, PEM (RFC 7468 §10), that is to sign with `algorithm`. Text before and after the one
    /// block is ignored.
    ///
    /// # Errors
    /// As [`from_pkcs8_der`](Self::from_pkcs8_der), and
    /// * [`SoftwareKeyError::NotPem`]: there is no `-----BEGIN`, or no end that fits it.
    /// * [`SoftwareKeyError::PemLabel`]: another block comes first, such as `RSA PRIVATE KEY`.
    /// * [`SoftwareKeyError::PemMoreThanOne`]: there is another block.
    /// * [`SoftwareKeyError::PemBase64`]: the block is not base64.
    pub fn from_pkcs8_pem(
        pem: &(impl AsRef<[u8]> + ?Sized),
        algorithm: JwsAlgorithm,
    ) -> Result<Self, SoftwareKeyError> {
        Self::from_pkcs8_der(&pem::read(pem.as_ref())?, algorithm)
    }

    /// Makes a new key for ES256, ES384 or EdDSA.
    ///
    /// # Errors
    /// * [`SoftwareKeyError::CannotGenerate`]: an RSA algorithm; `openssl genpkey` makes such keys.
    /// * [`SoftwareKeyError::NoRandomness`]: the operating system gave none.
    pub fn generate(algorithm: JwsAlgorithm) -> Result<GeneratedKey, SoftwareKeyError> {
        let random = SystemRandom::new();
        let document = match algorithm {
            JwsAlgorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&backend::ECDSA_P256_SHA256_FIXED_SIGNING, &random),
            JwsAlgorithm::Es384 => EcdsaKeyPair::generate_pkcs8(&backend::ECDSA_P384_SHA384_FIXED_SIGNING, &random),
            JwsAlgorithm::EdDsa => Ed25519KeyPair::generate_pkcs8(&random),
            _ => return Err(SoftwareKeyError::CannotGenerate { algorithm }),
        };
        let document = document.map_err(|_| SoftwareKeyError::NoRandomness)?;
        let pkcs8 = Pkcs8Octets(Zeroizing::new(document.as_ref().to_vec()));
        Ok(GeneratedKey { key: Self::from_pkcs8_der(pkcs8.as_der(), algorithm)?, pkcs8 })
    }

    /// The pairwise consistency test (FIPS 140-3 IG 10.3.A).
    fn proven(self) -> Result<Self, SoftwareKeyError> {
        const MESSAGE: &[u8] = b"wathiqa: do the halves of this key belong together?";
        let signature = self.sign(MESSAGE).map_err(|_| SoftwareKeyError::Contradiction { what: "private numbers" })?;
        match self.public_key.verify_jws(self.algorithm, MESSAGE, &signature) {
            Ok(_) => Ok(self),
            Err(_) => Err(SoftwareKeyError::Contradiction { what: "private and public numbers" }),
        }
    }
}

/// The rule for signing with RSA (stricter than for verifying): at least 3072 bits, no ROCA, the exponent 65537.
fn rsa(
    info: &PrivateKeyInfo<'_>,
    der: &[u8],
    public_key: &[u8],
    algorithm: JwsAlgorithm,
) -> Result<(Secret, PublicKey), SoftwareKeyError> {
    let public_key = info.public_key(public_key)?;
    AlgorithmConstraints::for_signing().check_key(&public_key).map_err(SoftwareKeyError::Weak)?;
    if !matches!(&public_key.material, KeyMaterial::Rsa(key) if *key.exponent == [1, 0, 1]) {
        return Err(SoftwareKeyError::RsaExponent);
    }
    let encoding: &'static dyn RsaEncoding = match algorithm {
        JwsAlgorithm::Rs256 => &backend::RSA_PKCS1_SHA256,
        JwsAlgorithm::Rs384 => &backend::RSA_PKCS1_SHA384,
        JwsAlgorithm::Rs512 => &backend::RSA_PKCS1_SHA512,
        JwsAlgorithm::Ps256 => &backend::RSA_PSS_SHA256,
        JwsAlgorithm::Ps384 => &backend::RSA_PSS_SHA384,
        JwsAlgorithm::Ps512 => &backend::RSA_PSS_SHA512,
        JwsAlgorithm::Es256 | JwsAlgorithm::Es384 | JwsAlgorithm::EdDsa => {
            let key = public_key.kind().clone();
            return Err(SoftwareKeyError::AlgorithmMismatch(SignatureError::JwsKeyMismatch { algorithm, key }));
        }
    };
    let pair = RsaKeyPair::from_der(der).map_err(SoftwareKeyError::from_ring)?;
    Ok((Secret::Rsa(Box::new(pair), encoding), public_key))
}

impl Signer for SoftwareKey {
    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        match &self.secret {
            Secret::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &self.random, message, &mut signature).map_err(|_| SignerError::Failed)?;
                Ok(signature)
            }
            Secret::Ecdsa(pair) => {
                let signature = pair.sign(&self.random, message).map_err(|_| SignerError::Failed)?;
                Ok(signature.as_ref().to_vec())
            }
            Secret::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareKey")
            .field("algorithm", &self.algorithm)
            .field("public_key", &self.public_key)
            .finish_non_exhaustive()
    }
}

/// A key just made, and the only chance to store it.
#[derive(Debug)]
#[non_exhaustive]
pub struct GeneratedKey {
    /// The key.
    pub key: SoftwareKey,
    /// Its PKCS#8 form.
    pub pkcs8: Pkcs8Octets,
}

/// A PKCS#8 private key, DER; overwritten when let go. It cannot be copied or written out either, but by
/// [`as_der`](Self::as_der):
///
/// ```compile_fail,E0599
/// # use wathiqa::crypto::{JwsAlgorithm, Pkcs8Octets, SoftwareKey};
/// # let pkcs8 = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap().pkcs8;
/// let copy: Pkcs8Octets = pkcs8.clone();
/// ```
pub struct Pkcs8Octets(Zeroizing<Vec<u8>>);

impl Pkcs8Octets {
    /// The DER octets. Whatever they are copied to is for the caller to protect.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pkcs8Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs8Octets").finish_non_exhaustive()
    }
}

/// Why there is no key. No message holds anything of the private key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SoftwareKeyError {
    /// Not DER, or not a PKCS#8 private key.
    #[error("private key: {0}")]
    Malformed(#[from] DerError),
    /// The key is encrypted.
    #[error("private key: it is encrypted; `openssl pkey` decrypts it")]
    Encrypted,
    /// A key of another algorithm.
    #[error("private key: the algorithm {oid} is not supported")]
    UnsupportedAlgorithm {
        /// The algorithm found.
        oid: Oid,
    },
    /// A key on another curve than P-256 and P-384.
    #[error("private key: the curve {oid} is not supported")]
    UnsupportedCurve {
        /// The curve found.
        oid: Oid,
    },
    /// An EC key without its public half, which `ring` does not compute.
    #[error("private key: the public key is missing; `openssl ec`, then `openssl pkcs8 -topk8 -nocrypt`, add it")]
    PublicKeyMissing,
    /// The public half is malformed.
    #[error("private key: {0}")]
    PublicKey(#[from] PublicKeyError),
    /// The key is too weak to sign with.
    #[error("private key: {0}")]
    Weak(ConstraintError),
    /// The exponent of an RSA key is not 65537.
    #[error("private key: the RSA exponent is not 65537")]
    RsaExponent,
    /// Two parts of the key contradict each other.
    #[error("private key: its {what} do not belong together")]
    Contradiction {
        /// Which parts.
        what: &'static str,
    },
    /// The implementation will not have the key.
    #[error("private key: rejected ({detail})")]
    Rejected {
        /// The one word it gives, such as `InconsistentComponents` or `TooLarge`.
        detail: String,
    },
    /// The algorithm does not fit the key.
    #[error("private key: {0}")]
    AlgorithmMismatch(SignatureError),
    /// Keys for this algorithm cannot be made here.
    #[error("private key: a key for {algorithm} cannot be made here; `openssl genpkey` makes it")]
    CannotGenerate {
        /// The algorithm asked for.
        algorithm: JwsAlgorithm,
    },
    /// The operating system gave no randomness.
    #[error("private key: the operating system gave no randomness")]
    NoRandomness,
    /// No PEM block, or one without an end.
    #[error("private key: there is no complete PEM block")]
    NotPem,
    /// The PEM block is another one.
    #[error("private key: found the PEM block \"{}\", expected \"PRIVATE KEY\"{}", .found.escape_debug(), pem::hint(.found))]
    PemLabel {
        /// The label found, at most its first 40 characters.
        found: String,
    },
    /// There is more than one PEM block.
    #[error("private key: there is more than one PEM block")]
    PemMoreThanOne,
    /// The PEM block is not base64.
    #[error("private key: {0}")]
    PemBase64(#[from] Base64Error),
}

impl SoftwareKeyError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(error) => error.code(),
            Self::Encrypted => "private-key-encrypted",
            Self::UnsupportedAlgorithm { .. } => "private-key-algorithm-unsupported",
            Self::UnsupportedCurve { .. } => "private-key-curve-unsupported",
            Self::PublicKeyMissing => "private-key-public-key-missing",
            Self::PublicKey(error) => error.code(),
            Self::Weak(error) => error.code(),
            Self::RsaExponent => "private-key-rsa-exponent",
            Self::Contradiction { .. } => "private-key-contradiction",
            Self::Rejected { .. } => "private-key-rejected",
            Self::AlgorithmMismatch(error) => error.code(),
            Self::CannotGenerate { .. } => "private-key-cannot-generate",
            Self::NoRandomness => "private-key-no-randomness",
            Self::NotPem => "private-key-not-pem",
            Self::PemLabel { .. } => "private-key-pem-label",
            Self::PemMoreThanOne => "private-key-pem-more-than-one",
            Self::PemBase64(error) => error.code(),
        }
    }

    /// The reason of ring, whose types stay inside.
    fn from_ring(error: ring::error::KeyRejected) -> Self {
        Self::Rejected { detail: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64;
    use crate::encoding::der::{Reader, Tag, Value, Writer};

    const GENERATED: [JwsAlgorithm; 3] = [JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::EdDsa];

    /// Version, algorithm and key of a PKCS#8 structure.
    fn parts(pkcs8: &[u8]) -> Vec<Value<'_>> {
        let mut fields = Reader::new(pkcs8).read(Tag::SEQUENCE).unwrap().reader();
        (0..3).map(|_| fields.read_any().unwrap()).collect()
    }

    fn pkcs8(version: u64, algorithm: &[u8], key: &[u8], rest: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.unsigned(version);
            writer.encoded(algorithm);
            writer.value(Tag::OCTET_STRING, key);
            writer.encoded(rest);
        });
        writer.into_der()
    }

    fn value(tag: Tag, contents: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.value(tag, contents);
        writer.into_der()
    }

    fn reason(pkcs8: &[u8], algorithm: JwsAlgorithm) -> String {
        SoftwareKey::from_pkcs8_der(pkcs8, algorithm).unwrap_err().to_string()
    }

    #[test]
    fn each_reason_has_a_name_that_stays() {
        let code = |pem: &str| SoftwareKey::from_pkcs8_pem(pem.as_bytes(), JwsAlgorithm::Es256).unwrap_err().code();
        assert_eq!(code(""), "private-key-not-pem");
        assert_eq!(
            code("-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n"),
            "private-key-pem-label"
        );
        let cannot = SoftwareKey::generate(JwsAlgorithm::Ps256).unwrap_err();
        assert_eq!(cannot.code(), "private-key-cannot-generate");
        let GeneratedKey { pkcs8, .. } = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap();
        let mismatch = SoftwareKey::from_pkcs8_der(pkcs8.as_der(), JwsAlgorithm::EdDsa).unwrap_err();
        assert_eq!(mismatch.code(), "signature-key-mismatch");
    }

    #[test]
    fn a_generated_key_signs_and_can_be_read_again() {
        for algorithm in GENERATED {
            let GeneratedKey { key, pkcs8 } = SoftwareKey::generate(algorithm).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            let again = SoftwareKey::from_pkcs8_der(pkcs8.as_der(), algorithm).unwrap();
            assert_eq!(again.public_key(), key.public_key());
            let signature = key.sign(b"octets").unwrap();
            assert!(again.public_key().verify_jws(algorithm, b"octets", &signature).is_ok());
            assert!(again.public_key().verify_jws(algorithm, b"other", &signature).is_err());
            let shown = format!("{key:?} {pkcs8:?}");
            assert!(shown.ends_with(", .. } Pkcs8Octets { .. }"), "{shown}");
        }
        let error = SoftwareKey::generate(JwsAlgorithm::Ps256).unwrap_err();
        assert_eq!(error.to_string(), "private key: a key for PS256 cannot be made here; `openssl genpkey` makes it");
    }

    #[test]
    fn the_algorithm_must_fit_the_key() {
        let p384 = SoftwareKey::generate(JwsAlgorithm::Es384).unwrap().pkcs8;
        for algorithm in [JwsAlgorithm::Es256, JwsAlgorithm::Rs256, JwsAlgorithm::EdDsa] {
            let expected = format!("private key: signature: {algorithm} does not fit a P-384 key");
            assert_eq!(reason(p384.as_der(), algorithm), expected);
        }
    }

    #[test]
    fn ed25519_is_read_in_both_versions_and_the_public_key_must_agree() {
        let generated = SoftwareKey::generate(JwsAlgorithm::EdDsa).unwrap();
        let [_, algorithm, key] = parts(generated.pkcs8.as_der()).try_into().unwrap();
        let (algorithm, key) = (algorithm.as_der(), key.contents());
        let public_key = &generated.key.public_key().spki_der()[12..];
        let claim = |octets: &[u8]| value(Tag::context(1), &[&[0], octets].concat());
        let attributes = value(Tag::context_constructed(0), &[]);
        let accepted = [
            pkcs8(0, algorithm, key, &[]),
            pkcs8(0, algorithm, key, &attributes),
            pkcs8(1, algorithm, key, &claim(public_key)),
            pkcs8(1, algorithm, key, &[attributes, claim(public_key)].concat()),
        ];
        for der in accepted {
            let read = SoftwareKey::from_pkcs8_der(&der, JwsAlgorithm::EdDsa).unwrap();
            assert_eq!(read.public_key(), generated.key.public_key());
        }
        let refused = [
            (
                pkcs8(1, algorithm, key, &claim(&[7; 32])),
                "private key: its private and public keys do not belong together",
            ),
            (pkcs8(0, algorithm, key, &claim(public_key)), "private key: DER at octet 48: 35 trailing octets"),
            (pkcs8(2, algorithm, key, &[]), "private key: DER at octet 4: INTEGER is not in the range 0 to 1"),
            (
                pkcs8(0, algorithm, &key[..33], &[]),
                "private key: DER at octet 16: contents of 32 octets are announced, 31 are left",
            ),
            (pkcs8(0, algorithm, &value(Tag::OCTET_STRING, &[1; 31]), &[]), "private key: rejected (InvalidEncoding)"),
            (
                pkcs8(0, &[0x30, 5, 6, 3, 0x2b, 0x65, 0x71], key, &[]),
                "private key: the algorithm 1.3.101.113 is not supported",
            ),
        ];
        for (der, text) in refused {
            assert_eq!(reason(&der, JwsAlgorithm::EdDsa), text);
        }
    }

    #[test]
    fn an_ec_key_needs_its_public_half_in_one_place_or_the_other() {
        let generated = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap();
        let other = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap();
        let [_, algorithm, key] = parts(generated.pkcs8.as_der()).try_into().unwrap();
        let algorithm = algorithm.as_der();
        let scalar = {
            let mut fields = key.reader().read(Tag::SEQUENCE).unwrap().reader();
            fields.read(Tag::INTEGER).unwrap();
            fields.read(Tag::OCTET_STRING).unwrap().as_der()
        };
        let point = |key: &SoftwareKey| [&[0], &key.public_key().spki_der()[26..]].concat();
        let inner =
            |version: u8, rest: &[Vec<u8>]| value(Tag::SEQUENCE, &[&[2, 1, version], scalar, &rest.concat()].concat());
        let inner_point = |key| value(Tag::context_constructed(1), &value(Tag::BIT_STRING, &point(key)));
        let outer_point = |key| value(Tag::context(1), &point(key));
        let curve = |last| value(Tag::context_constructed(0), &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, last]);

        let own = &generated.key;
        let accepted = [
            pkcs8(0, algorithm, &inner(1, &[inner_point(own)]), &[]),
            pkcs8(0, algorithm, &inner(1, &[curve(7), inner_point(own)]), &[]),
            pkcs8(1, algorithm, &inner(1, &[]), &outer_point(own)),
            pkcs8(1, algorithm, &inner(1, &[inner_point(own)]), &outer_point(own)),
        ];
        for der in accepted {
            assert_eq!(SoftwareKey::from_pkcs8_der(&der, JwsAlgorithm::Es256).unwrap().public_key(), own.public_key());
        }
        let foreign = &other.key;
        let refused = [
            (
                pkcs8(0, algorithm, &inner(1, &[]), &[]),
                "private key: the public key is missing; `openssl ec`, then `openssl pkcs8 -topk8 -nocrypt`, add it",
            ),
            (
                pkcs8(0, algorithm, &inner(1, &[inner_point(foreign)]), &[]),
                "private key: rejected (InconsistentComponents)",
            ),
            (
                pkcs8(1, algorithm, &inner(1, &[inner_point(own)]), &outer_point(foreign)),
                "private key: its private and public keys do not belong together",
            ),
            (
                pkcs8(0, algorithm, &inner(1, &[curve(1), inner_point(own)]), &[]),
                "private key: its two curves do not belong together",
            ),
            (
                pkcs8(0, algorithm, &inner(0, &[inner_point(own)]), &[]),
                "private key: its structure and version do not belong together",
            ),
            (
                pkcs8(0, &[0x30, 16, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x23], &[], &[]),
                "private key: the curve 1.3.132.0.35 is not supported",
            ),
        ];
        for (der, text) in refused {
            assert_eq!(reason(&der, JwsAlgorithm::Es256), text);
        }
    }

    #[test]
    fn a_weak_rsa_key_may_not_sign() {
        const RSA: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
        let rsa = |octets: usize, exponent: &[u8]| {
            let mut writer = Writer::new();
            writer.constructed(Tag::SEQUENCE, |writer| {
                writer.unsigned(0);
                writer.value(Tag::INTEGER, &[vec![0], vec![0xab; octets]].concat());
                writer.value(Tag::INTEGER, exponent);
            });
            pkcs8(0, &RSA, &writer.into_der(), &[])
        };
        let cases = [
            (
                rsa(256, &[1, 0, 1]),
                "private key: algorithm: an RSA key of 2048 bits is not allowed, at least 3072 are asked for",
            ),
            (
                rsa(383, &[1, 0, 1]),
                "private key: algorithm: an RSA key of 3064 bits is not allowed, at least 3072 are asked for",
            ),
            (rsa(384, &[3]), "private key: the RSA exponent is not 65537"),
            (rsa(384, &[1, 0, 1]), "private key: rejected (InvalidEncoding)"),
            (rsa(384, &[2]), "private key: public key: the RSA exponent is not an odd number above 1"),
        ];
        for (der, text) in cases {
            assert_eq!(reason(&der, JwsAlgorithm::Ps256), text);
        }
        let text = "private key: signature: ES256 does not fit an RSA key of 3072 bits";
        assert_eq!(reason(&rsa(384, &[1, 0, 1]), JwsAlgorithm::Es256), text);
    }

    #[test]
    fn a_pem_block_is_read_and_other_blocks_are_named() {
        let generated = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap();
        let body = base64::encode_standard(generated.pkcs8.as_der());
        let (first, second) = body.split_at(64);
        let block = |label: &str| format!("-----BEGIN {label}-----\n{first}\n{second}\n-----END {label}-----\n");
        let read = |text: &str| SoftwareKey::from_pkcs8_pem(text.as_bytes(), JwsAlgorithm::Es256);
        let good = block("PRIVATE KEY");
        for text in [good.clone(), good.replace('\n', "\r\n"), format!("Bag Attributes: none\n{good}\nend\n")] {
            assert_eq!(read(&text).unwrap().public_key(), generated.key.public_key());
        }
        let cases = [
            (
                block("EC PRIVATE KEY"),
                "private key: found the PEM block \"EC PRIVATE KEY\", expected \"PRIVATE KEY\"; \
                 `openssl pkcs8 -topk8 -nocrypt` converts it",
            ),
            (block("CERTIFICATE"), "private key: found the PEM block \"CERTIFICATE\", expected \"PRIVATE KEY\""),
            (block("ENCRYPTED PRIVATE KEY"), "private key: it is encrypted; `openssl pkey` decrypts it"),
            (format!("{good}{good}"), "private key: there is more than one PEM block"),
            (good.replace("END PRIVATE", "END PUBLIC"), "private key: there is no complete PEM block"),
            (body.clone(), "private key: there is no complete PEM block"),
            (
                good.replace(first, &format!("!{first}")),
                "private key: base64: octet 0x21 at offset 0 is not of the alphabet",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(&text).unwrap_err().to_string(), expected);
        }
        assert_eq!(SoftwareKey::from_pkcs8_pem(&[0xff], JwsAlgorithm::Es256).unwrap_err(), SoftwareKeyError::NotPem);
    }

    #[test]
    fn no_octet_of_a_key_can_be_left_out_or_changed_unseen() {
        for algorithm in GENERATED {
            let generated = SoftwareKey::generate(algorithm).unwrap();
            let der = generated.pkcs8.as_der();
            for length in 0..der.len() {
                assert!(SoftwareKey::from_pkcs8_der(&der[..length], algorithm).is_err());
            }
            // An EC key is the same key in version 2 of the structure as in version 1.
            let version = parts(der)[0].contents_offset();
            for position in (0..der.len()).filter(|position| *position != version) {
                let mut changed = der.to_vec();
                changed[position] ^= 1;
                assert!(SoftwareKey::from_pkcs8_der(&changed, algorithm).is_err(), "{algorithm} octet {position}");
            }
        }
    }
}
