//! One signature of a JWS.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::budget::Limits;
use crate::crypto::{JwsAlgorithm, PublicKey, SignatureValid};
use crate::encoding::base64;
use crate::encoding::json::{self, Members};
use crate::jws::payload::{Payload, PayloadEncoding};
use crate::jws::{CriticalRules, JwsError};

/// One signature with its headers, as received. The two headers are never merged.
#[derive(Debug, Clone)]
pub struct JwsSignature {
    protected: String,
    protected_header: Map<String, Value>,
    unprotected_header: Option<Map<String, Value>>,
    signature: String,
    value: Vec<u8>,
    encoding: PayloadEncoding,
    payload: Arc<Payload>,
}

impl JwsSignature {
    /// The protected header as received, base64url; empty when there is none.
    #[must_use]
    pub fn received_protected(&self) -> &str {
        &self.protected
    }

    /// The signature value as received, base64url.
    #[must_use]
    pub fn received_signature(&self) -> &str {
        &self.signature
    }

    /// The signature value, octets.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// A string member of the protected header, not verified; `None` also when it is of another type.
    #[must_use]
    pub fn unverified_string(&self, name: &str) -> Option<&str> {
        self.protected().string(name).ok().flatten()
    }

    pub(crate) fn protected(&self) -> Members<'_> {
        Members::new(&self.protected_header)
    }

    pub(crate) fn unprotected(&self) -> Option<Members<'_>> {
        self.unprotected_header.as_ref().map(Members::new)
    }

    /// The algorithm that the protected header names.
    ///
    /// # Errors
    /// [`JwsError::NoAlgorithm`] when it names none, also when the unprotected header does; [`JwsError::Member`] when
    /// `alg` is no string; [`JwsError::Algorithm`] for `none`, `HS256`, `ES512` and unknown names.
    pub fn algorithm(&self) -> Result<JwsAlgorithm, JwsError> {
        Ok(self.protected().string("alg")?.ok_or(JwsError::NoAlgorithm)?.parse()?)
    }

    /// Judges `crit` by `rules` (RFC 7515 §4.1.11).
    ///
    /// # Errors
    /// [`JwsError::Critical`] for an empty list, a name twice, one that RFC 7515 defines, one not understood, one not
    /// there, or one not listed that must be; [`JwsError::Member`] when it is no array of strings.
    pub fn check_critical(&self, rules: &CriticalRules<'_>) -> Result<(), JwsError> {
        rules.check(self.protected(), self.unprotected())
    }

    /// The octets that the signature is over (RFC 7515 §5.1, RFC 7797 §3), with the payload of the file, or with
    /// `detached` where the file has none.
    ///
    /// # Errors
    /// [`JwsError::PayloadAbsent`] when neither has one, [`JwsError::TwoPayloads`] when both have,
    /// [`JwsError::Base64`] or [`JwsError::Member`] when the payload in the file is unreadable.
    pub fn signing_input(&self, detached: Option<&[u8]>) -> Result<Vec<u8>, JwsError> {
        let payload = self.payload_in_signing_input(detached)?;
        Ok([self.protected.as_bytes(), b".", &payload].concat())
    }

    /// The payload as it stands in the signing input: base64url, or the octets themselves where `b64` is false.
    pub(crate) fn payload_in_signing_input(&self, detached: Option<&[u8]>) -> Result<Vec<u8>, JwsError> {
        match (self.payload.as_ref(), detached) {
            (Payload::Unreadable(error), _) => Err(error.clone()),
            (Payload::Detached, None) => Err(JwsError::PayloadAbsent),
            (Payload::Attached { .. }, Some(_)) => Err(JwsError::TwoPayloads),
            (Payload::Attached { received, .. }, None) => Ok(received.clone().into_bytes()),
            (Payload::Detached, Some(octets)) => Ok(match self.encoding {
                PayloadEncoding::Base64Url => base64::encode_url(octets).into_bytes(),
                PayloadEncoding::Unencoded => octets.to_vec(),
            }),
        }
    }

    /// Verifies the signature value with `key`.
    ///
    /// `crit` is not looked at here: call [`check_critical`](Self::check_critical) first.
    ///
    /// # Errors
    /// As [`algorithm`](Self::algorithm) and [`signing_input`](Self::signing_input); [`JwsError::Signature`] when the
    /// algorithm does not fit the key or the value does not verify.
    pub fn verify(&self, key: &PublicKey, detached: Option<&[u8]>) -> Result<SignatureValid, JwsError> {
        let algorithm = self.algorithm()?;
        Ok(key.verify_jws(algorithm, &self.signing_input(detached)?, &self.value)?)
    }

    pub(super) fn encoding(&self) -> PayloadEncoding {
        self.encoding
    }
}

/// The members of a signature as they stand in the file.
pub(super) struct Parts {
    pub(super) protected: Option<String>,
    pub(super) header: Option<Map<String, Value>>,
    pub(super) signature: String,
}

impl Parts {
    /// Reads the headers and the value; the payload comes when the encoding is known of all signatures.
    pub(super) fn read(self, position: usize, limits: &Limits) -> Result<JwsSignature, JwsError> {
        let Self { protected, header: unprotected_header, signature } = self;
        if protected.is_none() && unprotected_header.is_none() {
            return Err(JwsError::NoHeader { position });
        }
        let protected = protected.unwrap_or_default();
        let protected_header = protected_header(&protected, position, limits)?;
        if let Some(unprotected) = &unprotected_header {
            disjoint(&protected_header, unprotected)?;
        }
        let value = base64::decode_url(&signature).map_err(|error| JwsError::Base64 { part: "signature", error })?;
        let encoding = match Members::new(&protected_header).boolean("b64")? {
            Some(false) => PayloadEncoding::Unencoded,
            Some(true) | None => PayloadEncoding::Base64Url,
        };
        let payload = Arc::new(Payload::Detached);
        Ok(JwsSignature { protected, protected_header, unprotected_header, signature, value, encoding, payload })
    }
}

impl JwsSignature {
    pub(super) fn with_payload(mut self, payload: Arc<Payload>) -> Self {
        self.payload = payload;
        self
    }
}

/// An absent protected header is the empty string (RFC 7515 §7.2.1); a present one is an object.
fn protected_header(protected: &str, position: usize, limits: &Limits) -> Result<Map<String, Value>, JwsError> {
    if protected.is_empty() {
        return Ok(Map::new());
    }
    let octets = base64::decode_url(protected).map_err(|error| JwsError::Base64 { part: "protected", error })?;
    json::parse_object(&octets, limits).map_err(|error| JwsError::ProtectedHeader { position, error })
}

/// RFC 7515 §4: the two headers have no member in common; `crit` and `b64` must be protected.
fn disjoint(protected: &Map<String, Value>, unprotected: &Map<String, Value>) -> Result<(), JwsError> {
    if let Some(name) = protected.keys().find(|name| unprotected.contains_key(*name)) {
        return Err(JwsError::InBothHeaders { name: name.clone() });
    }
    match ["crit", "b64"].into_iter().find(|name| unprotected.contains_key(*name)) {
        Some(name) => Err(JwsError::Unprotected { name }),
        None => Ok(()),
    }
}
