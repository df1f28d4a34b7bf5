//! Signing an issue of the register of entities: one signature of each root key, over one payload.

use crate::register::{MEDIA_TYPE, RegisterIssue};
use crate::sign::{PreparedSignature, Serialization, SignError, SignatureParameters, prepare};

impl RegisterIssue {
    /// The octets that one root key has to sign. `parameters` may say anything but the type of the payload and the
    /// form, which are set here; their chain is the certificate of the root key alone.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn prepare(&self, parameters: SignatureParameters) -> Result<PreparedSignature, SignError> {
        let parameters = parameters.with_content_type(format!("application/{MEDIA_TYPE}"));
        prepare(&self.to_vec(), parameters.with_serialization(Serialization::GeneralJson))
    }
}
