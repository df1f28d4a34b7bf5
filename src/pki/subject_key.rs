//! Our keys in the form that the writer of certificates takes.

use rcgen::{PublicKeyData, SignatureAlgorithm, SigningKey};

use crate::crypto::{JwsAlgorithm, KeyKind, PublicKey, Signer, ecdsa};
use crate::encoding::der::{Reader, Tag};
use crate::pki::PkiError;

/// A public key with the octets of its subjectPublicKey taken out.
pub(super) struct SubjectKey {
    octets: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl SubjectKey {
    /// The key of `signer`, to be signed with by `signer`.
    pub(super) fn of_signer(signer: &impl Signer) -> Result<Self, PkiError> {
        let algorithm = match signer.algorithm() {
            JwsAlgorithm::Rs256 => &rcgen::PKCS_RSA_SHA256,
            JwsAlgorithm::Rs384 => &rcgen::PKCS_RSA_SHA384,
            JwsAlgorithm::Rs512 => &rcgen::PKCS_RSA_SHA512,
            JwsAlgorithm::Es256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            JwsAlgorithm::Es384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            JwsAlgorithm::EdDsa => &rcgen::PKCS_ED25519,
            algorithm => return Err(PkiError::Algorithm { algorithm }),
        };
        Ok(Self { octets: subject_public_key(signer.public_key())?, algorithm })
    }

    /// A key to be written into a certificate that another key signs.
    pub(super) fn of_subject(key: &PublicKey) -> Result<Self, PkiError> {
        let algorithm = match key.kind() {
            KeyKind::Rsa { .. } => &rcgen::PKCS_RSA_SHA256,
            KeyKind::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            KeyKind::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            KeyKind::Ed25519 => &rcgen::PKCS_ED25519,
            other => {
                return Err(PkiError::Writer { reason: format!("no certificate is made for a key of kind {other}") });
            }
        };
        Ok(Self { octets: subject_public_key(key)?, algorithm })
    }
}

impl PublicKeyData for SubjectKey {
    fn der_bytes(&self) -> &[u8] {
        &self.octets
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

/// A [`Signer`] for the writer of certificates.
pub(super) struct CertificateSigner<'a, S> {
    signer: &'a S,
    key: SubjectKey,
}

impl<'a, S: Signer> CertificateSigner<'a, S> {
    pub(super) fn new(signer: &'a S) -> Result<Self, PkiError> {
        Ok(Self { signer, key: SubjectKey::of_signer(signer)? })
    }
}

impl<S> PublicKeyData for CertificateSigner<'_, S> {
    fn der_bytes(&self) -> &[u8] {
        self.key.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.key.algorithm()
    }
}

impl<S: Signer> SigningKey for CertificateSigner<'_, S> {
    /// Certificates carry ECDSA signatures as DER, a signer gives them fixed (RFC 5480 appendix A, RFC 7518 §3.4).
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let fixed = self.signer.sign(message).map_err(|_| rcgen::Error::RemoteKeyError)?;
        let curve = match self.signer.algorithm() {
            JwsAlgorithm::Es256 => ecdsa::Curve::P256,
            JwsAlgorithm::Es384 => ecdsa::Curve::P384,
            _ => return Ok(fixed),
        };
        ecdsa::der_from_fixed(curve, &fixed).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// The octets of the BIT STRING in a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
fn subject_public_key(key: &PublicKey) -> Result<Vec<u8>, PkiError> {
    let read = || {
        let mut fields = Reader::new(key.spki_der()).read(Tag::SEQUENCE)?.reader();
        fields.read(Tag::SEQUENCE)?;
        Ok(fields.read(Tag::BIT_STRING)?.bit_string_octets()?.to_vec())
    };
    read().map_err(|error| PkiError::PublicKey(crate::crypto::PublicKeyError::Malformed(error)))
}
