//! Signature algorithms as JWS names them: the header parameter `alg` (RFC 7518 §3.1, RFC 8037 §3.1).

use std::fmt;
use std::str::FromStr;

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::encoding::excerpt;

/// A JWS signature algorithm.
///
/// `Display` and `FromStr` use the registered name, case and all.
///
/// ```
/// use wathiqa::crypto::{JwsAlgorithm, JwsAlgorithmError};
/// assert_eq!("ES256".parse(), Ok(JwsAlgorithm::Es256));
/// assert_eq!("none".parse::<JwsAlgorithm>(), Err(JwsAlgorithmError::Unsecured));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JwsAlgorithm {
    /// `RS256`: RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// `RS384`: RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// `RS512`: RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// `PS256`: RSASSA-PSS with SHA-256 and MGF1 with SHA-256.
    Ps256,
    /// `PS384`: RSASSA-PSS with SHA-384 and MGF1 with SHA-384.
    Ps384,
    /// `PS512`: RSASSA-PSS with SHA-512 and MGF1 with SHA-512.
    Ps512,
    /// `ES256`: ECDSA with P-256 and SHA-256.
    Es256,
    /// `ES384`: ECDSA with P-384 and SHA-384.
    Es384,
    /// `EdDSA`, here always with Ed25519.
    EdDsa,
}

impl JwsAlgorithm {
    const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The algorithm as X.509 and CMS name it. ES256 and ES384 fix the curve too, which this does not say.
    #[must_use]
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Rs256 => SignatureAlgorithm::RsaPkcs1Sha256,
            Self::Rs384 => SignatureAlgorithm::RsaPkcs1Sha384,
            Self::Rs512 => SignatureAlgorithm::RsaPkcs1Sha512,
            Self::Ps256 => SignatureAlgorithm::RsaPssSha256,
            Self::Ps384 => SignatureAlgorithm::RsaPssSha384,
            Self::Ps512 => SignatureAlgorithm::RsaPssSha512,
            Self::Es256 => SignatureAlgorithm::EcdsaSha256,
            Self::Es384 => SignatureAlgorithm::EcdsaSha384,
            Self::EdDsa => SignatureAlgorithm::Ed25519,
        }
    }

    /// The registered name, the value of `alg`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl fmt::Display for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for JwsAlgorithm {
    type Err = JwsAlgorithmError;

    fn from_str(name: &str) -> Result<Self, JwsAlgorithmError> {
        if let Some(algorithm) = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name) {
            return Ok(algorithm);
        }
        Err(match name {
            "none" => JwsAlgorithmError::Unsecured,
            "HS256" | "HS384" | "HS512" => JwsAlgorithmError::Symmetric { name: name.to_owned() },
            _ => JwsAlgorithmError::Unsupported { name: excerpt(name) },
        })
    }
}

/// Why a name is not that of an algorithm that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsAlgorithmError {
    /// `none`: there is no signature at all (RFC 7518 §3.6).
    #[error("alg: \"none\" means that nothing is signed")]
    Unsecured,
    /// `HS256`, `HS384`, `HS512`: whoever can verify can also sign, so it proves nothing to a third party.
    #[error("alg: \"{name}\" is symmetric, a public key is asked for")]
    Symmetric {
        /// The name found.
        name: String,
    },
    /// Any other name, such as `ES512` or `es256`.
    #[error("alg: \"{name}\" is not supported")]
    Unsupported {
        /// The name found, at most 48 characters of it, controls escaped.
        name: String,
    },
}

impl JwsAlgorithmError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsecured => "jws-algorithm-none",
            Self::Symmetric { .. } => "jws-algorithm-symmetric",
            Self::Unsupported { .. } => "jws-algorithm-unsupported",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact_and_the_rest_has_a_reason() {
        for algorithm in JwsAlgorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        let cases = [
            ("none", "alg: \"none\" means that nothing is signed", "jws-algorithm-none"),
            ("HS384", "alg: \"HS384\" is symmetric, a public key is asked for", "jws-algorithm-symmetric"),
            ("ES512", "alg: \"ES512\" is not supported", "jws-algorithm-unsupported"),
            ("es256", "alg: \"es256\" is not supported", "jws-algorithm-unsupported"),
            ("None", "alg: \"None\" is not supported", "jws-algorithm-unsupported"),
            ("ES256\u{202e}\n", "alg: \"ES256\\u{202e}\\n\" is not supported", "jws-algorithm-unsupported"),
        ];
        for (name, text, code) in cases {
            let error = name.parse::<JwsAlgorithm>().unwrap_err();
            assert_eq!((error.to_string().as_str(), error.code()), (text, code));
        }
        let error = "x".repeat(1000).parse::<JwsAlgorithm>().unwrap_err();
        assert_eq!(error, JwsAlgorithmError::Unsupported { name: format!("{}…", "x".repeat(48)) });
    }
}
