//! Message digests with the algorithm that made them (FIPS 180-4).

mod lanes;

use std::fmt;

use ring::digest as backend;

pub(crate) use self::lanes::{
    Message, Sha256Queue, Sha256Start, TwoBlocks, pad, padded_blocks, sha256_of_each, sha256_of_padded,
    sha256_of_two_blocks,
};

/// A hash function of the SHA family.
///
/// SHA-1 is here because certificate identifiers of old tokens and OCSP answers carry it; whether anything may rest on
/// it is for the algorithm constraints of a policy to say, and by default nothing may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-1, 20 octets; broken for collisions.
    #[serde(rename = "SHA-1")]
    Sha1,
    /// SHA-256, 32 octets.
    #[serde(rename = "SHA-256")]
    Sha256,
    /// SHA-384, 48 octets.
    #[serde(rename = "SHA-384")]
    Sha384,
    /// SHA-512, 64 octets.
    #[serde(rename = "SHA-512")]
    Sha512,
}

impl DigestAlgorithm {
    /// The number of octets of a digest.
    #[must_use]
    pub fn output_len(self) -> usize {
        self.backend().output_len()
    }

    /// The digest of `message`.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(message);
        hasher.finish()
    }

    /// A hasher that takes its message piece by piece.
    #[must_use]
    pub fn hasher(self) -> Hasher {
        Hasher { algorithm: self, context: backend::Context::new(self.backend()) }
    }

    fn backend(self) -> &'static backend::Algorithm {
        match self {
            Self::Sha1 => &backend::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &backend::SHA256,
            Self::Sha384 => &backend::SHA384,
            Self::Sha512 => &backend::SHA512,
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// A digest in the making.
#[derive(Clone)]
pub struct Hasher {
    algorithm: DigestAlgorithm,
    context: backend::Context,
}

impl Hasher {
    /// Appends `octets` to the message.
    pub fn update(&mut self, octets: &[u8]) {
        self.context.update(octets);
    }

    /// The digest of everything appended.
    #[must_use]
    pub fn finish(self) -> Digest {
        let octets = self.context.finish();
        Digest { algorithm: self.algorithm, octets: octets.as_ref().into() }
    }

    /// Appends the digest's octets to `buffer`: a tree of digests takes no allocation for each.
    pub(crate) fn finish_into(self, buffer: &mut Vec<u8>) {
        buffer.extend_from_slice(self.context.finish().as_ref());
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A digest value and the algorithm that made it; the length always fits the algorithm.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Digest {
    algorithm: DigestAlgorithm,
    octets: Box<[u8]>,
}

impl Digest {
    /// Takes `octets` as a digest by `algorithm`.
    ///
    /// # Errors
    /// [`DigestLengthError`] when the length does not fit, such as 32 octets for SHA-384.
    pub fn new(algorithm: DigestAlgorithm, octets: &[u8]) -> Result<Self, DigestLengthError> {
        if octets.len() != algorithm.output_len() {
            return Err(DigestLengthError { algorithm, found: octets.len() });
        }
        Ok(Self { algorithm, octets: octets.into() })
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The digest value.
    #[must_use]
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }
}

impl fmt::Display for Digest {
    /// Lower-case hexadecimal, without the algorithm.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({} {self})", self.algorithm)
    }
}

/// The octets given are not as many as the algorithm makes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("digest: {found} octets, {algorithm} has {}", .algorithm.output_len())]
#[non_exhaustive]
pub struct DigestLengthError {
    /// The algorithm named.
    pub algorithm: DigestAlgorithm,
    /// How many octets came.
    pub found: usize,
}

impl DigestLengthError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "digest-length"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_fips_180_4() {
        let answers = [
            (DigestAlgorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (DigestAlgorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                DigestAlgorithm::Sha384,
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                DigestAlgorithm::Sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        for (algorithm, hex) in answers {
            assert_eq!(algorithm.digest(b"abc").to_string(), hex);
            let mut hasher = algorithm.hasher();
            hasher.update(b"a");
            hasher.update(b"bc");
            assert_eq!(hasher.finish(), algorithm.digest(b"abc"));
        }
    }

    #[test]
    fn a_digest_of_the_wrong_length_cannot_be_made() {
        let error = Digest::new(DigestAlgorithm::Sha384, &[0; 32]).unwrap_err();
        assert_eq!(error.to_string(), "digest: 32 octets, SHA-384 has 48");
    }
}
