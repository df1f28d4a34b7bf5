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
    payload: String,
    signature: String,
    serialization: Serialization,
    /// Of the signing certificate: a time-stamp from outside it proves nothing.
    validity: Validity,
    etsi_u: Vec<String>,
}

impl SignedPayload {
    pub(super) fn new(
        protected: String,
        payload: String,
        signature: String,
        serialization: Serialization,
        validity: Validity,
    ) -> Self {
        Self { protected, payload, signature, serialization, validity, etsi_u: Vec::new() }
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
    /// something else, [`SignError::TimeStampOutsideValidity`] when the signing certificate was not valid at its time.
    pub fn with_signature_time_stamp(mut self, token: &TimeStampToken) -> Result<Self, SignError> {
        if self.serialization == Serialization::Compact {
            return Err(SignError::CompactCannotGrow);
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

    /// The octets of the JWS: ASCII for the compact form, UTF-8 JSON without spaces for the flattened one.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let Self { protected, payload, signature, .. } = self;
        match self.serialization {
            Serialization::Compact => format!("{protected}.{payload}.{signature}"),
            Serialization::FlattenedJson if self.etsi_u.is_empty() => {
                format!(r#"{{"payload":"{payload}","protected":"{protected}","signature":"{signature}"}}"#)
            }
            Serialization::FlattenedJson => {
                let header =
                    json!({"etsiU": self.etsi_u.iter().map(String::as_str).map(Value::from).collect::<Vec<_>>()});
                format!(
                    r#"{{"payload":"{payload}","protected":"{protected}","header":{header},"signature":"{signature}"}}"#
                )
            }
        }
        .into_bytes()
    }
}
