//! Which algorithms and key sizes may be relied on.

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::public_key::{KeyMaterial, PublicKey, RsaPublicKey};
use crate::crypto::{roca, small_order};
use crate::digest::DigestAlgorithm;

/// What a policy asks of a signature's algorithm and key, before the signature itself is looked at.
///
/// The default refuses SHA-1 and RSA below 2048 bits. Keys of a factory that made them guessable (ROCA,
/// CVE-2017-15361) and Ed25519 keys of small order are always refused: such a signature may be anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlgorithmConstraints {
    /// The least bits of an RSA modulus. 2048: SP 800-131A rev. 2 §3. Nothing below 1024 can be verified whatever is set.
    pub min_rsa_modulus_bits: usize,
    /// Whether SHA-1 may be relied on. [`Sha1Use::Deny`]: collisions are within reach (SHAttered, 2017).
    pub sha1: Sha1Use,
}

impl Default for AlgorithmConstraints {
    fn default() -> Self {
        Self { min_rsa_modulus_bits: 2048, sha1: Sha1Use::Deny }
    }
}

/// Whether SHA-1 may be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sha1Use {
    /// It may not.
    Deny,
    /// It may: for test suites of its era and archives whose later time-stamps cover it.
    Allow,
}

impl AlgorithmConstraints {
    /// What is asked before anything is signed, whoever holds the key: the default, and RSA of 3072 bits, which has the
    /// 128 bits of strength of P-256 and Ed25519 (SP 800-57 part 1 rev. 5 table 2). What is verified was signed long ago;
    /// what is signed has to last.
    #[must_use]
    pub fn for_signing() -> Self {
        Self { min_rsa_modulus_bits: 3072, ..Self::default() }
    }

    /// Checks an algorithm with the key it is used with. A key that cannot be used passes here: verifying with it
    /// says why.
    ///
    /// # Errors
    /// * [`ConstraintError::Sha1`]: RSASSA-PKCS1-v1_5 with SHA-1, unless allowed.
    /// * [`ConstraintError::RsaModulusTooShort`]: an RSA key of 2047 bits by default.
    /// * [`ConstraintError::RocaKey`]: an RSA modulus with the ROCA fingerprint.
    /// * [`ConstraintError::Ed25519SmallOrder`]: an Ed25519 key of small order.
    pub fn check(&self, algorithm: SignatureAlgorithm, key: &PublicKey) -> Result<(), ConstraintError> {
        algorithm.digest().map_or(Ok(()), |digest| self.check_digest(digest))?;
        self.check_key(key)
    }

    /// Checks a key alone: that of a trust anchor, whose own signature nobody checks.
    ///
    /// # Errors
    /// [`ConstraintError::RsaModulusTooShort`], [`ConstraintError::RocaKey`] and [`ConstraintError::Ed25519SmallOrder`], as
    /// [`check`](Self::check).
    pub fn check_key(&self, key: &PublicKey) -> Result<(), ConstraintError> {
        match &key.material {
            KeyMaterial::Rsa(key) => self.check_rsa(key),
            KeyMaterial::Ed25519(key) if small_order::has_small_order(key) => Err(ConstraintError::Ed25519SmallOrder),
            KeyMaterial::Ed25519(_) | KeyMaterial::P256(_) | KeyMaterial::P384(_) | KeyMaterial::Unsupported => Ok(()),
        }
    }

    fn check_rsa(&self, key: &RsaPublicKey) -> Result<(), ConstraintError> {
        let (found, minimum) = (key.modulus_bits(), self.min_rsa_modulus_bits);
        if found < minimum {
            return Err(ConstraintError::RsaModulusTooShort { found, minimum });
        }
        if roca::has_fingerprint(&key.modulus) {
            return Err(ConstraintError::RocaKey);
        }
        Ok(())
    }

    /// Checks a digest that something rests on, such as a message imprint.
    ///
    /// # Errors
    /// [`ConstraintError::Sha1`] for SHA-1, unless allowed.
    pub fn check_digest(&self, digest: DigestAlgorithm) -> Result<(), ConstraintError> {
        match (digest, self.sha1) {
            (DigestAlgorithm::Sha1, Sha1Use::Deny) => Err(ConstraintError::Sha1),
            _ => Ok(()),
        }
    }
}

/// Which constraint an algorithm or key breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstraintError {
    /// Something rests on SHA-1.
    #[error("algorithm: SHA-1 is not allowed")]
    Sha1,
    /// The RSA modulus is too short.
    #[error("algorithm: an RSA key of {found} bits is not allowed, at least {minimum} are asked for")]
    RsaModulusTooShort {
        /// The bits found.
        found: usize,
        /// The least bits allowed.
        minimum: usize,
    },
    /// The RSA modulus has the fingerprint of CVE-2017-15361: its factors can be found.
    #[error("algorithm: the RSA key is of the kind whose factors can be found (ROCA, CVE-2017-15361)")]
    RocaKey,
    /// The Ed25519 key is a point of small order: signatures that nobody made hold with it.
    #[error("algorithm: the Ed25519 key is of small order, with which anything is a signature")]
    Ed25519SmallOrder,
}

impl ConstraintError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sha1 => "algorithm-sha1",
            Self::RsaModulusTooShort { .. } => "algorithm-rsa-modulus-too-short",
            Self::RocaKey => "algorithm-roca-key",
            Self::Ed25519SmallOrder => "algorithm-ed25519-small-order",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::example_keys::{ED25519_SPKI, RSA1024_SPKI, RSA2048_SPKI, key};

    #[test]
    fn the_default_refuses_what_is_weak_and_each_choice_is_named() {
        let strict = AlgorithmConstraints::default();
        let pkcs1 = SignatureAlgorithm::RsaPkcs1Sha256;
        assert_eq!(strict.check(pkcs1, &key(RSA2048_SPKI)), Ok(()));
        assert_eq!(strict.check(SignatureAlgorithm::Ed25519, &key(ED25519_SPKI)), Ok(()));
        let short = strict.check(pkcs1, &key(RSA1024_SPKI)).unwrap_err();
        assert_eq!(short.to_string(), "algorithm: an RSA key of 1024 bits is not allowed, at least 2048 are asked for");
        let short = AlgorithmConstraints::for_signing().check(pkcs1, &key(RSA2048_SPKI)).unwrap_err();
        assert_eq!(short, ConstraintError::RsaModulusTooShort { found: 2048, minimum: 3072 });
        let sha1 = strict.check(SignatureAlgorithm::RsaPkcs1Sha1, &key(RSA2048_SPKI)).unwrap_err();
        assert_eq!((sha1.to_string().as_str(), sha1.code()), ("algorithm: SHA-1 is not allowed", "algorithm-sha1"));

        let least = |min_rsa_modulus_bits| AlgorithmConstraints { min_rsa_modulus_bits, sha1: Sha1Use::Allow };
        assert_eq!(least(1024).check(SignatureAlgorithm::RsaPkcs1Sha1, &key(RSA1024_SPKI)), Ok(()));
        assert!(least(1025).check(SignatureAlgorithm::RsaPkcs1Sha1, &key(RSA1024_SPKI)).is_err());
        assert_eq!(least(1024).check_digest(DigestAlgorithm::Sha1), Ok(()));
    }
}
