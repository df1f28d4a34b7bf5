//! What a signature is made with.

use std::fmt;

use serde_json::Value;

use crate::budget::{Budget, Limits};
use crate::crypto::{AlgorithmConstraints, JwsAlgorithm};
use crate::jades::{Commitment, SignaturePlace, SignaturePolicyId, SignerAttributes};
use crate::sign::SignError;
use crate::time::Instant;
use crate::x509::path::{self, CertificationPath, DirectTrust, PathInputs, PathSettings, Purpose, RevocationPolicy};
use crate::x509::{AnchorValidity, BasicConstraints, Certificate, TrustAnchor, TrustStore};

/// How a JWS is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Serialization {
    /// `protected.payload.signature` (RFC 7515 §7.1). It can hold nothing beyond B-B.
    Compact,
    /// A JSON object with one signature (RFC 7515 §7.2.2).
    FlattenedJson,
    /// A JSON object with a list of signatures (RFC 7515 §7.2.1), to which others can be added.
    GeneralJson,
}

impl fmt::Display for Serialization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compact => "compact",
            Self::FlattenedJson => "flattened JSON",
            Self::GeneralJson => "general JSON",
        })
    }
}

/// The certificate chain, algorithm, claimed time, media type and serialization of a signature, checked together, and what
/// the signer adds: commitments, place, roles, policy.
#[derive(Debug, Clone)]
pub struct SignatureParameters {
    algorithm: JwsAlgorithm,
    chain: Vec<Certificate>,
    signing_time: Instant,
    content_type: Option<String>,
    serialization: Serialization,
    commitments: Vec<Commitment>,
    place: Option<SignaturePlace>,
    roles: Vec<String>,
    policy: Option<SignaturePolicyId>,
}

impl SignatureParameters {
    /// Parameters for a flattened JSON signature without a media type.
    ///
    /// `chain` is the signing certificate first, then the CAs up to the trust anchor or below it. A self-issued
    /// certificate at its end, the anchor, is left out of the signature: whoever verifies must have it from elsewhere.
    /// `signing_time` becomes `iat`.
    ///
    /// # Errors
    /// [`SignError::NoCertificate`] for an empty chain; [`SignError::Path`] when the first certificate has no valid path
    /// to the last at `signing_time`: one is expired, or not issued by another, or the first is not for signing
    /// documents; [`SignError::CaCertificate`] when the first is a CA's; [`SignError::Signature`] when `algorithm` does
    /// not fit the key (ES256 with P-384); [`SignError::Constraint`] for a weak key, such as RSA with
    /// 2048 bits ([`AlgorithmConstraints::for_signing`]); [`SignError::SigningTime`] for a time that `iat` cannot say.
    pub fn new(
        algorithm: JwsAlgorithm,
        chain: impl IntoIterator<Item = Certificate>,
        signing_time: Instant,
    ) -> Result<Self, SignError> {
        let given: Vec<Certificate> = chain.into_iter().collect();
        check_leaf(given.first().ok_or(SignError::NoCertificate)?, algorithm)?;
        let path = path(&given, signing_time)?;
        if signing_time != signing_time.whole_seconds() || signing_time.unix_seconds() < 0 {
            return Err(SignError::SigningTime { at: signing_time });
        }
        let top = given.last().filter(|top| given.len() > 1 && !top.is_self_issued()).cloned();
        let chain = path.certificates().iter().cloned().chain(top).collect();
        let serialization = Serialization::FlattenedJson;
        Ok(Self {
            algorithm,
            chain,
            signing_time,
            content_type: None,
            serialization,
            commitments: Vec::new(),
            place: None,
            roles: Vec::new(),
            policy: None,
        })
    }

    /// Says what the payload is: a media type such as `application/json`, written as `cty`.
    #[must_use]
    pub fn with_content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Says how to write the signature.
    #[must_use]
    pub fn with_serialization(mut self, serialization: Serialization) -> Self {
        self.serialization = serialization;
        self
    }

    /// Adds a commitment of the signer, written in `srCms`.
    #[must_use]
    pub fn with_commitment(mut self, commitment: Commitment) -> Self {
        self.commitments.push(commitment);
        self
    }

    /// Says where the signer signs, written as `sigPl`; a place that says nothing is not written.
    #[must_use]
    pub fn with_place(mut self, place: SignaturePlace) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds a role that the signer claims, a text, written in `srAts`.
    #[must_use]
    pub fn with_claimed_role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// Names the policy by which the signature is to be validated, written as `sigPId`.
    #[must_use]
    pub fn with_signature_policy(mut self, policy: SignaturePolicyId) -> Self {
        self.policy = Some(policy);
        self
    }

    /// `srCms`, `sigPl`, `srAts` and `sigPId`, each where there is one.
    pub(super) fn properties(&self) -> [Option<Value>; 4] {
        let commitments: Vec<Value> = self.commitments.iter().map(Commitment::to_json).collect();
        let roles = Some(&self.roles).filter(|roles| !roles.is_empty());
        [
            Some(commitments).filter(|commitments| !commitments.is_empty()).map(Value::Array),
            self.place.as_ref().and_then(SignaturePlace::to_json),
            roles.map(|roles| SignerAttributes::claimed_roles_of(roles).to_json()),
            self.policy.as_ref().map(SignaturePolicyId::to_json),
        ]
    }

    pub(super) fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    pub(super) fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    pub(super) fn signing_time(&self) -> Instant {
        self.signing_time
    }

    pub(super) fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    pub(super) fn serialization(&self) -> Serialization {
        self.serialization
    }
}

/// The path from the first certificate of `chain` to the last, which here plays the anchor: whoever verifies builds the
/// same, so what does not hold now is not signed with. A lone certificate is judged as its own anchor.
fn path(chain: &[Certificate], at: Instant) -> Result<CertificationPath, SignError> {
    let (leaf, issuers) = chain.split_first().ok_or(SignError::NoCertificate)?;
    let mut settings = PathSettings::new(Purpose::DocumentSigning, RevocationPolicy::Skip);
    settings.direct_trust = DirectTrust::Accept;
    let anchor = TrustAnchor::from_certificate(issuers.last().unwrap_or(leaf).clone());
    let trust_store = TrustStore::from_iter([anchor.with_validity(AnchorValidity::Enforce)]);
    let mut inputs = PathInputs::new(leaf, &trust_store, at, &settings);
    inputs.pool = issuers;
    Ok(path::build(&inputs, &mut Budget::new(&Limits::default()))?)
}

/// The certificate is not a CA's, and the algorithm is for its key.
fn check_leaf(leaf: &Certificate, algorithm: JwsAlgorithm) -> Result<(), SignError> {
    if leaf.basic_constraints().is_some_and(BasicConstraints::is_ca) {
        return Err(SignError::CaCertificate { subject: leaf.subject().to_string() });
    }
    leaf.public_key().check_jws_algorithm(algorithm)?;
    AlgorithmConstraints::for_signing().check(algorithm.signature_algorithm(), leaf.public_key())?;
    Ok(())
}
