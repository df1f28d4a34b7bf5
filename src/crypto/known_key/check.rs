//! What a signature is checked with.

use std::borrow::Cow;

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::ecdsa;
use crate::crypto::jws_algorithm::JwsAlgorithm;
use crate::crypto::known_key::block::{Claim, Limbs};
use crate::crypto::known_key::field::PrimeField;
use crate::crypto::known_key::point::Curve;
use crate::crypto::public_key::{KeyMaterial, PublicKey};
use crate::crypto::verification::{SignatureError, SignatureValid};
use crate::digest::DigestAlgorithm;

/// One signature to check: what is given to [`PublicKey::verify`] or [`PublicKey::verify_jws`].
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    key: &'a PublicKey,
    algorithm: Algorithm,
    message: &'a [&'a [u8]],
    /// SHA-256 of the message, if it is at hand.
    sha256: Option<&'a [u8; 32]>,
    signature: &'a [u8],
}

/// An algorithm, and with it the form of an ECDSA signature.
#[derive(Debug, Clone, Copy)]
enum Algorithm {
    X509(SignatureAlgorithm),
    Jws(JwsAlgorithm),
}

impl<'a> Check<'a> {
    /// A signature in the form of X.509 and CMS over `message`, whose pieces are one after the other what was signed.
    #[must_use]
    pub fn new(
        key: &'a PublicKey,
        algorithm: SignatureAlgorithm,
        message: &'a [&'a [u8]],
        signature: &'a [u8],
    ) -> Self {
        Self { key, algorithm: Algorithm::X509(algorithm), message, sha256: None, signature }
    }

    /// A signature in the form of JWS over `message`, whose pieces are one after the other what was signed, such as
    /// header, `.` and payload.
    #[must_use]
    pub fn jws(key: &'a PublicKey, algorithm: JwsAlgorithm, message: &'a [&'a [u8]], signature: &'a [u8]) -> Self {
        Self { key, algorithm: Algorithm::Jws(algorithm), message, sha256: None, signature }
    }

    /// The same check, with SHA-256 of the message. Where the algorithm has another hash function, it changes nothing.
    pub(crate) fn with_sha256(self, digest: &'a [u8; 32]) -> Self {
        Self { sha256: Some(digest), ..self }
    }

    /// The ordinary verification.
    ///
    /// # Errors
    /// Those of [`PublicKey::verify`] and [`PublicKey::verify_jws`].
    pub fn verify(&self) -> Result<SignatureValid, SignatureError> {
        let message = match self.message {
            [whole] => Cow::Borrowed(*whole),
            pieces => Cow::Owned(pieces.concat()),
        };
        match self.algorithm {
            Algorithm::X509(algorithm) => self.key.verify(algorithm, &message, self.signature),
            Algorithm::Jws(algorithm) => self.key.verify_jws(algorithm, &message, self.signature),
        }
    }

    /// The point of the key, if it and the algorithm are those of a curve that can have tables.
    pub(super) fn point(&self) -> Option<(ecdsa::Curve, &'a [u8])> {
        let ecdsa = matches!(
            self.algorithm,
            Algorithm::X509(SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384)
        );
        match (&self.key.material, self.algorithm) {
            (KeyMaterial::P256(point), Algorithm::Jws(JwsAlgorithm::Es256)) => Some((ecdsa::Curve::P256, point)),
            (KeyMaterial::P384(point), Algorithm::Jws(JwsAlgorithm::Es384)) => Some((ecdsa::Curve::P384, point)),
            (KeyMaterial::P256(point), _) if ecdsa => Some((ecdsa::Curve::P256, point)),
            (KeyMaterial::P384(point), _) if ecdsa => Some((ecdsa::Curve::P384, point)),
            _ => None,
        }
    }

    /// The numbers of the signature, unless it has not its form or they are out of range.
    pub(super) fn claim<C: Curve, T>(&self, table: &'a T) -> Option<Claim<'a, C, T>> {
        let curve = C::NAME;
        let (algorithm, [r, s]) = match self.algorithm {
            Algorithm::X509(algorithm) => (algorithm, ecdsa::scalars_from_der(curve, self.signature).ok()?),
            Algorithm::Jws(algorithm) if self.signature.len() == 2 * curve.scalar_len() => {
                (algorithm.signature_algorithm(), self.signature.split_at_checked(curve.scalar_len())?.into())
            }
            Algorithm::Jws(_) => return None,
        };
        let (r, s) = (scalar::<C>(r)?, scalar::<C>(s)?);
        let function = algorithm.digest()?;
        let e = match self.sha256.filter(|_| function == DigestAlgorithm::Sha256) {
            Some(digest) => C::Scalar::limbs(digest),
            None => {
                let mut hasher = function.hasher();
                self.message.iter().for_each(|piece| hasher.update(piece));
                C::Scalar::limbs(hasher.finish().as_octets())
            }
        };
        Some(Claim { table, e, r, s })
    }
}

/// A number from 1 to the order less 1 (FIPS 186-5 §6.4.2, step 1).
fn scalar<C: Curve>(octets: &[u8]) -> Option<Limbs<C>> {
    let limbs = C::Scalar::limbs(octets);
    let zero = limbs.as_ref().iter().all(|limb| *limb == 0);
    (!zero && C::Scalar::is_below_modulus(limbs)).then_some(limbs)
}
