//! The names of digest algorithms in JAdES (TS 119 182-1 §5.2.2.2): `S256`, `S384`, `S512`.

use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::{base64, excerpt};
use crate::jades::JadesError;

/// The algorithm that `identifier` names in `member`.
pub(crate) fn algorithm(member: &'static str, identifier: &str) -> Result<DigestAlgorithm, JadesError> {
    match identifier {
        "S256" => Ok(DigestAlgorithm::Sha256),
        "S384" => Ok(DigestAlgorithm::Sha384),
        "S512" => Ok(DigestAlgorithm::Sha512),
        other => Err(JadesError::DigestAlgorithm { member, found: excerpt(other) }),
    }
}

/// The name of `algorithm`; SHA-1 has none.
#[cfg(feature = "issue")]
pub(crate) fn identifier(algorithm: DigestAlgorithm) -> Option<&'static str> {
    match algorithm {
        DigestAlgorithm::Sha1 => None,
        DigestAlgorithm::Sha256 => Some("S256"),
        DigestAlgorithm::Sha384 => Some("S384"),
        DigestAlgorithm::Sha512 => Some("S512"),
    }
}

/// The digest by `algorithm` that `member` gives in base64url.
pub(crate) fn digest(member: &'static str, algorithm: DigestAlgorithm, value: &str) -> Result<Digest, JadesError> {
    let octets = base64::decode_url(value).map_err(|error| JadesError::Base64 { member, error })?;
    let length = |_| JadesError::DigestLength { member, octets: octets.len(), expected: algorithm.output_len() };
    Digest::new(algorithm, &octets).map_err(length)
}
