//! What holds a private key.

use std::sync::Arc;

use crate::crypto::jws_algorithm::JwsAlgorithm;
use crate::crypto::public_key::PublicKey;

/// A private key that signs with one algorithm: in memory, in a smart card, behind a network.
///
/// An implementation may block. It must sign exactly the octets given, and its answers to
/// [`public_key`](Self::public_key) and [`algorithm`](Self::algorithm) must not change. What it signs is verified
/// before it is used, so that a signer that breaks this is found out at once.
pub trait Signer: Send + Sync {
    /// The public key that verifies what this signs.
    fn public_key(&self) -> &PublicKey;

    /// The one algorithm it signs with.
    fn algorithm(&self) -> JwsAlgorithm;

    /// Signs the octets of `message`. The answer has the JWS form: r and s of equal, fixed length for ECDSA
    /// (RFC 7518 §3.4).
    ///
    /// # Errors
    /// [`SignerError`], such as when the device that holds the key does not answer.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;
}

macro_rules! delegate {
    ($($pointer:ty),*) => {$(
        impl<S: Signer + ?Sized> Signer for $pointer {
            fn public_key(&self) -> &PublicKey {
                (**self).public_key()
            }

            fn algorithm(&self) -> JwsAlgorithm {
                (**self).algorithm()
            }

            fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
                (**self).sign(message)
            }
        }
    )*};
}

delegate!(&S, Box<S>, Arc<S>);

/// Why there is no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The holder of the key could not be reached; trying again may help.
    #[error("signer: not available: {reason}")]
    Unavailable {
        /// What happened, in the words of the implementation.
        reason: String,
    },
    /// The holder of the key answered that it will not sign.
    #[error("signer: refused: {reason}")]
    Refused {
        /// Why, in the words of the implementation.
        reason: String,
    },
    /// The computation failed: there was no randomness, or the private key contradicts itself.
    #[error("signer: the signature could not be computed")]
    Failed,
}

impl SignerError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "signer-unavailable",
            Self::Refused { .. } => "signer-refused",
            Self::Failed => "signer-failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_words_and_a_name_that_stays() {
        let reason = || "the device is locked".to_owned();
        for (error, text, code) in [
            (
                SignerError::Unavailable { reason: reason() },
                "signer: not available: the device is locked",
                "signer-unavailable",
            ),
            (SignerError::Refused { reason: reason() }, "signer: refused: the device is locked", "signer-refused"),
            (SignerError::Failed, "signer: the signature could not be computed", "signer-failed"),
        ] {
            assert_eq!((error.to_string().as_str(), error.code()), (text, code));
        }
    }
}
