//! A signature between its two steps.

use serde_json::Value;

use crate::crypto::{JwsAlgorithm, Signer};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::base64;
use crate::sign::{Serialization, SignError, SignatureParameters, SignedPayload};
use crate::x509::Certificate;

/// Writes the protected header for `payload` and gives the octets to sign.
///
/// The payload is signed as it is, base64url-encoded (RFC 7515 §5.1).
#[must_use]
pub fn prepare(payload: &[u8], parameters: SignatureParameters) -> PreparedSignature {
    let protected = base64::encode_url(protected_header(&parameters).as_bytes());
    let payload = base64::encode_url(payload);
    PreparedSignature { signing_input: format!("{protected}.{payload}"), protected, payload, parameters }
}

/// Signs `payload` with `signer`, both steps at once.
///
/// # Errors
/// [`SignError::OtherKey`] when the signer does not hold the certificate's key, [`SignError::Signature`] when it signs
/// with another algorithm, [`SignError::Signer`] when it does not sign.
pub fn sign(payload: &[u8], parameters: SignatureParameters, signer: &impl Signer) -> Result<SignedPayload, SignError> {
    let prepared = prepare(payload, parameters);
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
    signing_input: String,
    protected: String,
    payload: String,
    parameters: SignatureParameters,
}

impl PreparedSignature {
    /// The octets to sign: `BASE64URL(protected) . BASE64URL(payload)`, ASCII (RFC 7515 §5.1).
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
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
        let Self { protected, payload, parameters, .. } = self;
        let signature = base64::encode_url(value);
        Ok(SignedPayload::new(protected, payload, signature, parameters.serialization(), validity))
    }

    fn signing_certificate(&self) -> Result<&Certificate, SignError> {
        self.parameters.chain().first().ok_or(SignError::NoCertificate)
    }
}

/// The protected header: `alg, cty, x5t#S256, x5c, typ, srCms, sigPl, srAts, sigPId, iat`, without spaces. `iat` is last so that everything before
/// it is the same for every document of a signer, and a verifier of many can know it by its octets.
fn protected_header(parameters: &SignatureParameters) -> String {
    let chain = parameters.chain();
    let thumbprint = chain.first().map(|leaf| leaf.digest(DigestAlgorithm::Sha256));
    let thumbprint = thumbprint.map(|digest| base64::encode_url(digest.as_octets())).unwrap_or_default();
    let x5c = chain.iter().map(|certificate| Value::String(base64::encode_standard(certificate.as_der())));
    let typ = match parameters.serialization() {
        Serialization::Compact => "jose",
        Serialization::FlattenedJson => "jose+json",
    };
    let mut members = vec![("alg", Value::from(parameters.algorithm().name()))];
    if let Some(media_type) = parameters.content_type() {
        members.push(("cty", Value::from(short_content_type(media_type))));
    }
    members.push(("x5t#S256", Value::from(thumbprint)));
    members.push(("x5c", Value::Array(x5c.collect())));
    members.push(("typ", Value::from(typ)));
    let properties = parameters.properties().into_iter();
    members.extend(properties.filter_map(|(name, value)| value.map(|value| (name, value))));
    members.push(("iat", Value::from(parameters.signing_time().unix_seconds())));
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// `cty` leaves `application/` out where no other `/` remains (RFC 7515 §4.1.10).
fn short_content_type(media_type: &str) -> &str {
    match media_type.strip_prefix("application/") {
        Some(rest) if !rest.contains('/') => rest,
        _ => media_type,
    }
}
