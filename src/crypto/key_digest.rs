//! A key named by its digest.

use std::fmt;

use crate::crypto::PublicKey;
use crate::digest::DigestAlgorithm;

/// A key by SHA-256 of its SubjectPublicKeyInfo (DER, RFC 5280 §4.1.2.7).
///
/// It stays the same in every certificate over the key: a renewed one, a cross-certificate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// The digest of `key`.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        let digest = DigestAlgorithm::Sha256.digest(key.spki_der());
        // SHA-256 has 32 octets.
        Self(digest.as_octets().try_into().unwrap_or_default())
    }

    /// The digest with these octets.
    #[must_use]
    pub fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// The octets.
    #[must_use]
    pub fn as_octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KeyDigest {
    /// Lower-case hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDigest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_shown_in_hexadecimal() {
        let mut octets = [0; 32];
        (octets[0], octets[31]) = (0x0a, 0xf0);
        let text = format!("0a{}f0", "00".repeat(30));
        let digest = KeyDigest::from_octets(octets);
        assert_eq!((digest.to_string(), format!("{digest:?}")), (text.clone(), format!("KeyDigest({text})")));
    }
}
