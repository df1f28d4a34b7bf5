//! The payload of a JWS, as received and as octets.

use crate::encoding::base64;
use crate::jws::JwsError;

/// Whether the payload is base64url-encoded in the signing input (RFC 7797 `b64`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PayloadEncoding {
    /// `b64` is absent or true.
    Base64Url,
    /// `b64` is false: the octets themselves.
    Unencoded,
}

/// The payload of a JWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payload {
    /// In the file: the string received and the octets it stands for.
    Attached {
        /// What stands in the signing input.
        received: String,
        /// What was signed.
        octets: Vec<u8>,
    },
    /// Left out (RFC 7515 appendix F).
    Detached,
    /// In the file and unreadable: every signature over it fails with this reason.
    Unreadable(JwsError),
}

impl Payload {
    pub(super) fn read(received: String, encoding: PayloadEncoding) -> Self {
        match encoding {
            PayloadEncoding::Unencoded => Self::Attached { octets: received.clone().into_bytes(), received },
            PayloadEncoding::Base64Url => match base64::decode_url(&received) {
                Ok(octets) => Self::Attached { received, octets },
                Err(error) => Self::Unreadable(JwsError::Base64 { part: "payload", error }),
            },
        }
    }

    pub(super) fn octets(&self) -> Option<&[u8]> {
        match self {
            Self::Attached { octets, .. } => Some(octets),
            Self::Detached | Self::Unreadable(_) => None,
        }
    }
}
