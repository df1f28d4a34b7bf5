//! Signing an issue of the register of entities: one signature of each root key, over one payload.

use serde_json::{Value, json};

use crate::issue::IssueError;
use crate::register::{MEDIA_TYPE, RegisterIssue};
use crate::sign::{PreparedSignature, SignatureParameters, SignedPayload, prepare};

impl RegisterIssue {
    /// The octets that one root key has to sign. `parameters` may say anything but the type of the payload, which is set
    /// here; their chain is the certificate of the root key alone.
    #[must_use]
    pub fn prepare(&self, parameters: SignatureParameters) -> PreparedSignature {
        prepare(&self.to_vec(), parameters.with_content_type(format!("application/{MEDIA_TYPE}")))
    }
}

/// An issue of the register with the signatures of several root keys, in the general JSON form (RFC 7515 §7.2.1).
#[derive(Debug, Clone)]
pub struct SignedRegister {
    payload: Value,
    signatures: Vec<Value>,
}

impl SignedRegister {
    /// The register with its first signature.
    ///
    /// # Errors
    /// [`IssueError::NotParallel`] for a compact form, to which no other could be added.
    pub fn new(first: &SignedPayload) -> Result<Self, IssueError> {
        Self { payload: Value::Null, signatures: Vec::new() }.with_signature(first)
    }

    /// The register with another signature beside those that it has.
    ///
    /// # Errors
    /// [`IssueError::NotParallel`] for a compact form, and a signature over another payload.
    pub fn with_signature(mut self, signature: &SignedPayload) -> Result<Self, IssueError> {
        let Ok(Value::Object(mut members)) = serde_json::from_slice(&signature.to_vec()) else {
            return Err(IssueError::NotParallel);
        };
        match members.remove("payload") {
            Some(payload) if self.signatures.is_empty() => self.payload = payload,
            Some(payload) if payload == self.payload => {}
            _ => return Err(IssueError::NotParallel),
        }
        self.signatures.push(Value::Object(members));
        Ok(self)
    }

    /// The octets of the file.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        json!({"payload": self.payload, "signatures": self.signatures}).to_string().into_bytes()
    }
}
