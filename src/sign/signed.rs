//! A payload with its signature, and what is added behind it.

use serde_json::{Value, json};

use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::base64;
use crate::jades::BaselineLevel;
use crate::sign::{Serialization, SignError};
use crate::time::Validity;
use crate::tsp::{StampedData, TimeStampToken};

/// A signed payload: B-B when made, B-T once it carries a signature time-stamp.
#[derive(Debug, Clone)]
pub struct SignedPayload {
    protected: String,
    /// As it stands in the file; `None` when it does not.
    payload: Option<String>,
    signature: String,
    serialization: Serialization,
    /// The signature value that this is a countersignature over, if it is one.
    counter_signed: Option<Vec<u8>>,
    /// Of the signing certificate: a time-stamp from outside it proves nothing.
    validity: Validity,
    etsi_u: Vec<String>,
}

impl SignedPayload {
    pub(super) fn new(
        protected: String,
        payload: Option<String>,
        signature: String,
        serialization: Serialization,
        validity: Validity,
    ) -> Self {
        Self { protected, payload, signature, serialization, counter_signed: None, validity, etsi_u: Vec::new() }
    }

    pub(super) fn counter_signing(self, counter_signed: Option<Vec<u8>>) -> Self {
        Self { counter_signed, ..self }
    }

    pub(super) fn counter_signed(&self) -> Option<&[u8]> {
        self.counter_signed.as_deref()
    }

    pub(super) fn serialization(&self) -> Serialization {
        self.serialization
    }

    pub(super) fn payload_in_file(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    /// The baseline level reached.
    #[must_use]
    pub fn level(&self) -> BaselineLevel {
        if self.etsi_u.is_empty() { BaselineLevel::BB } else { BaselineLevel::BT }
    }

    /// The digest to be time-stamped: of the base64url signature value, ASCII (TS 119 182-1 §5.3.4).
    #[must_use]
    pub fn time_stamp_imprint(&self, algorithm: DigestAlgorithm) -> Digest {
        algorithm.digest(self.signature.as_bytes())
    }

    /// Adds `token` as a signature time-stamp, `sigTst`: B-T.
    ///
    /// # Errors
    /// [`SignError::CompactCannotGrow`] for a compact serialization, [`SignError::TimeStamp`] when the token is over
    /// something else, [`SignError::Sha1`] when it is over a SHA-1 digest, [`SignError::TimeStampOutsideValidity`] when the signing certificate was not valid at its time.
    pub fn with_signature_time_stamp(mut self, token: &TimeStampToken) -> Result<Self, SignError> {
        if self.serialization == Serialization::Compact {
            return Err(SignError::CompactCannotGrow);
        }
        if token.unverified_tst_info().message_imprint().algorithm() == DigestAlgorithm::Sha1 {
            return Err(SignError::Sha1 { of: "a time-stamp" });
        }
        token.check_imprint(StampedData::Octets(&[self.signature.as_bytes()]))?;
        let at = token.unverified_tst_info().gen_time();
        if !self.validity.contains(at) {
            return Err(SignError::TimeStampOutsideValidity { at, validity: self.validity });
        }
        let item = json!({"sigTst": {"tstTokens": [{"val": base64::encode_standard(token.as_der())}]}});
        self.etsi_u.push(base64::encode_url(item.to_string().as_bytes()));
        Ok(self)
    }

    /// The octets of the JWS: ASCII for the compact form, UTF-8 JSON without spaces for the others.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let payload = self.payload.as_deref();
        let member = payload.map(|payload| format!("\"payload\":{},", Value::from(payload))).unwrap_or_default();
        match self.serialization {
            Serialization::Compact => {
                format!("{}.{}.{}", self.protected, payload.unwrap_or_default(), self.signature)
            }
            Serialization::FlattenedJson => format!("{{{member}{}}}", self.members()),
            Serialization::GeneralJson => format!("{{{member}\"signatures\":[{{{}}}]}}", self.members()),
        }
        .into_bytes()
    }

    /// `protected`, `header` and `signature`, without the object around them.
    fn members(&self) -> String {
        let header = if self.etsi_u.is_empty() {
            String::new()
        } else {
            format!("\"header\":{},", json!({"etsiU": self.etsi_u}))
        };
        format!("\"protected\":\"{}\",{header}\"signature\":\"{}\"", self.protected, self.signature)
    }

    /// The signature as an object that stands in another, without its payload.
    pub(super) fn signature_object(&self) -> Value {
        let mut object = json!({"protected": self.protected, "signature": self.signature});
        if let (Some(members), false) = (object.as_object_mut(), self.etsi_u.is_empty()) {
            members.insert("header".to_owned(), json!({"etsiU": self.etsi_u}));
        }
        object
    }
}
