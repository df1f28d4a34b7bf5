//! A signature between its two steps.

use crate::crypto::{JwsAlgorithm, Signer};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::base64;
use crate::sign::content::{Content, Place};
use crate::sign::{SignError, SignatureParameters, SignedPayload, header};
use crate::x509::Certificate;

/// Writes the protected header for `payload`, which stands in the file, and gives the octets to sign.
///
/// The payload is signed as it is, base64url-encoded (RFC 7515 §5.1).
///
/// # Errors
/// As [`prepare_content`], none of which a payload in base64url meets.
pub fn prepare(payload: &[u8], parameters: SignatureParameters) -> Result<PreparedSignature, SignError> {
    prepare_content(&Content::attached(payload), parameters)
}

/// Writes the protected header for `content` and gives the octets to sign.
///
/// # Errors
/// [`SignError::UnencodedPayload`] when an unencoded payload cannot stand in a file of the form that `parameters` say: octets
/// that are not UTF-8 in JSON, a full stop in the compact form; [`SignError::ContentType`] when they give a media type to data
/// objects or to a signature value; [`SignError::TimeStamp`] when a time-stamp is over another encoding of the content.
pub fn prepare_content(content: &Content<'_>, parameters: SignatureParameters) -> Result<PreparedSignature, SignError> {
    let protected = base64::encode_url(header::write(content, &parameters)?.as_bytes());
    let signing_input = [protected.as_bytes(), b".", &content.payload()].concat();
    let payload = content.in_file(parameters.serialization())?;
    let counter_signed = match &content.place {
        Place::SignatureValue(value) => Some(value.clone()),
        _ => None,
    };
    Ok(PreparedSignature { signing_input, protected, payload, counter_signed, parameters })
}

/// Signs `payload`, which stands in the file, with `signer`, both steps at once.
///
/// # Errors
/// [`SignError::OtherKey`] when the signer does not hold the certificate's key, [`SignError::Signature`] when it signs
/// with another algorithm, [`SignError::Signer`] when it does not sign.
pub fn sign(payload: &[u8], parameters: SignatureParameters, signer: &impl Signer) -> Result<SignedPayload, SignError> {
    sign_content(&Content::attached(payload), parameters, signer)
}

/// Signs `content` with `signer`, both steps at once.
///
/// # Errors
/// As [`prepare_content`] and [`sign`].
pub fn sign_content(
    content: &Content<'_>,
    parameters: SignatureParameters,
    signer: &impl Signer,
) -> Result<SignedPayload, SignError> {
    let prepared = prepare_content(content, parameters)?;
    let certificate = prepared.signing_certificate()?;
    if certificate.public_key().spki_der() != signer.public_key().spki_der() {
        return Err(SignError::OtherKey { subject: certificate.subject().to_string() });
    }
    let value = signer.sign(prepared.signing_input())?;
    prepared.complete(&value)
}

/// A signature that waits for its value: the protected header, the payload and the octets to sign, fixed together.
///
/// For a key elsewhere: send [`signing_input`](Self::signing_input), or [`digest`](Self::digest) where the device signs
/// digests, keep this value, and give the answer to [`complete`](Self::complete).
#[derive(Debug, Clone)]
pub struct PreparedSignature {
    signing_input: Vec<u8>,
    protected: String,
    payload: Option<String>,
    counter_signed: Option<Vec<u8>>,
    parameters: SignatureParameters,
}

impl PreparedSignature {
    /// The octets to sign: `BASE64URL(protected) . BASE64URL(payload)`, ASCII (RFC 7515 §5.1), or the payload as it is behind
    /// the full stop (RFC 7797 §3).
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        &self.signing_input
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.parameters.algorithm()
    }

    /// The digest of the octets to sign, for a device that signs digests; `None` for EdDSA, which signs the octets
    /// themselves (RFC 8032 §5.1.6).
    #[must_use]
    pub fn digest(&self) -> Option<Digest> {
        let algorithm = match self.algorithm() {
            JwsAlgorithm::Rs256 | JwsAlgorithm::Ps256 | JwsAlgorithm::Es256 => DigestAlgorithm::Sha256,
            JwsAlgorithm::Rs384 | JwsAlgorithm::Ps384 | JwsAlgorithm::Es384 => DigestAlgorithm::Sha384,
            JwsAlgorithm::Rs512 | JwsAlgorithm::Ps512 => DigestAlgorithm::Sha512,
            JwsAlgorithm::EdDsa => return None,
        };
        Some(algorithm.digest(self.signing_input()))
    }

    /// Takes the signature value and gives the B-B signature, after verifying it with the signing certificate's key.
    ///
    /// `value` has the JWS form: for ECDSA r and s of fixed length, 64 octets for ES256 and 96 for ES384
    /// (RFC 7518 §3.4). What a device gives as DER is turned with [`crate::crypto::ecdsa::fixed_from_der`].
    ///
    /// # Errors
    /// [`SignError::Signature`] when the value does not verify: another key signed, or something else was signed.
    pub fn complete(self, value: &[u8]) -> Result<SignedPayload, SignError> {
        let certificate = self.signing_certificate()?;
        let _valid = certificate.public_key().verify_jws(self.algorithm(), self.signing_input(), value)?;
        let validity = certificate.validity();
        let Self { protected, payload, counter_signed, parameters, .. } = self;
        let (signature, serialization) = (base64::encode_url(value), parameters.serialization());
        Ok(SignedPayload::new(protected, payload, signature, serialization, validity).counter_signing(counter_signed))
    }

    fn signing_certificate(&self) -> Result<&Certificate, SignError> {
        self.parameters.chain().first().ok_or(SignError::NoCertificate)
    }
}
