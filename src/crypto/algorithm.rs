//! Signature algorithms as X.509 and CMS name them: an OBJECT IDENTIFIER and parameters.

use std::fmt;

use crate::crypto::pss_parameters::{self, PssHash, PssParametersError, UnsupportedPss};
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{DerError, Reader};
use crate::oid::{self, Oid};

/// A signature algorithm with all that its parameters decide.
///
/// The curve of ECDSA is not part of it: the key says that. [`EcdsaSha512`](Self::EcdsaSha512) can be named but never
/// verified, since `ring` has no implementation; it is here so that the reason can name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-1 (RFC 3279 §2.2.1).
    RsaPkcs1Sha1,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 4055 §5).
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384 (RFC 4055 §5).
    RsaPkcs1Sha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 4055 §5).
    RsaPkcs1Sha512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 octets (RFC 4055 §3).
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 octets (RFC 4055 §3).
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512 and a salt of 64 octets (RFC 4055 §3).
    RsaPssSha512,
    /// ECDSA with SHA-256 (RFC 5758 §3.2).
    EcdsaSha256,
    /// ECDSA with SHA-384 (RFC 5758 §3.2).
    EcdsaSha384,
    /// ECDSA with SHA-512 (RFC 5758 §3.2); recognised, never verified.
    EcdsaSha512,
    /// Ed25519 (RFC 8410 §3).
    Ed25519,
}

impl SignatureAlgorithm {
    /// Reads the two fields of an AlgorithmIdentifier: `oid`, and `parameters` as one complete DER value, tag and length
    /// included, or `None` when the field is absent.
    ///
    /// * RSASSA-PKCS1-v1_5: NULL or absent. RFC 4055 §5 tells writers to write NULL and readers to accept both.
    /// * RSASSA-PSS: present (RFC 4055 §3.1), with the hash of MGF1 equal to the hash, a salt as long as the digest, and
    ///   the trailer field 1 or absent. The parameters of a hash may be NULL or absent (RFC 4055 §2.1).
    /// * ECDSA and Ed25519: absent (RFC 5758 §3.2, RFC 8410 §3).
    ///
    /// # Errors
    /// * [`AlgorithmError::Unknown`]: no signature algorithm of this crate, such as `1.2.840.10040.4.3` (DSA with SHA-1).
    /// * [`AlgorithmError::ParametersNotNull`]: sha256WithRSAEncryption with an INTEGER.
    /// * [`AlgorithmError::ParametersPresent`]: ecdsa-with-SHA256 with NULL.
    /// * [`AlgorithmError::ParametersMissing`]: id-RSASSA-PSS without parameters.
    /// * [`AlgorithmError::ParametersMalformed`]: id-RSASSA-PSS with parameters that are not RSASSA-PSS-params.
    /// * [`AlgorithmError::UnsupportedPss`]: id-RSASSA-PSS with a salt of 20 octets.
    pub fn from_algorithm_identifier(oid: &Oid, parameters: Option<&[u8]>) -> Result<Self, AlgorithmError> {
        if *oid == oid::ID_RSASSA_PSS {
            return Self::from_pss_parameters(parameters.ok_or(AlgorithmError::ParametersMissing)?);
        }
        let found = BY_OID.iter().find(|(known, ..)| known == oid);
        let (_, algorithm, rule) = found.ok_or_else(|| AlgorithmError::Unknown { oid: oid.clone() })?;
        match (rule, parameters) {
            (_, None) | (ParameterRule::NullOrAbsent, Some([0x05, 0x00])) => Ok(*algorithm),
            (ParameterRule::NullOrAbsent, Some(_)) => Err(AlgorithmError::ParametersNotNull { algorithm: *algorithm }),
            (ParameterRule::Absent, Some(_)) => Err(AlgorithmError::ParametersPresent { algorithm: *algorithm }),
        }
    }

    fn from_pss_parameters(parameters: &[u8]) -> Result<Self, AlgorithmError> {
        Ok(match pss_parameters::read(Reader::new(parameters))? {
            PssHash::Sha256 => Self::RsaPssSha256,
            PssHash::Sha384 => Self::RsaPssSha384,
            PssHash::Sha512 => Self::RsaPssSha512,
        })
    }

    /// The DER AlgorithmIdentifier to write: NULL parameters for RSASSA-PKCS1-v1_5, all parameters spelt out for
    /// RSASSA-PSS with the trailer field left out, none for the others.
    #[must_use]
    pub fn algorithm_identifier_der(self) -> &'static [u8] {
        match self {
            Self::RsaPkcs1Sha1 => &const { pkcs1_identifier(5) },
            Self::RsaPkcs1Sha256 => &const { pkcs1_identifier(11) },
            Self::RsaPkcs1Sha384 => &const { pkcs1_identifier(12) },
            Self::RsaPkcs1Sha512 => &const { pkcs1_identifier(13) },
            Self::RsaPssSha256 => &const { pss_identifier(1, 32) },
            Self::RsaPssSha384 => &const { pss_identifier(2, 48) },
            Self::RsaPssSha512 => &const { pss_identifier(3, 64) },
            Self::EcdsaSha256 => &const { ecdsa_identifier(2) },
            Self::EcdsaSha384 => &const { ecdsa_identifier(3) },
            Self::EcdsaSha512 => &const { ecdsa_identifier(4) },
            Self::Ed25519 => &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70],
        }
    }

    /// The hash applied to the message before it is signed; `None` for Ed25519, which signs the message itself.
    #[must_use]
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1Sha1 => Some(DigestAlgorithm::Sha1),
            Self::RsaPkcs1Sha256 | Self::RsaPssSha256 | Self::EcdsaSha256 => Some(DigestAlgorithm::Sha256),
            Self::RsaPkcs1Sha384 | Self::RsaPssSha384 | Self::EcdsaSha384 => Some(DigestAlgorithm::Sha384),
            Self::RsaPkcs1Sha512 | Self::RsaPssSha512 | Self::EcdsaSha512 => Some(DigestAlgorithm::Sha512),
            Self::Ed25519 => None,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self {
            Self::RsaPkcs1Sha1 | Self::RsaPkcs1Sha256 | Self::RsaPkcs1Sha384 | Self::RsaPkcs1Sha512 => {
                "RSASSA-PKCS1-v1_5"
            }
            Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512 => "RSASSA-PSS",
            Self::EcdsaSha256 | Self::EcdsaSha384 | Self::EcdsaSha512 => "ECDSA",
            Self::Ed25519 => "Ed25519",
        };
        match self.digest() {
            Some(digest) => write!(f, "{scheme} with {digest}"),
            None => f.write_str(scheme),
        }
    }
}

/// What the parameters field may hold.
enum ParameterRule {
    NullOrAbsent,
    Absent,
}

/// The algorithms that an identifier alone decides; RSASSA-PSS is decided by its parameters.
const BY_OID: [(Oid, SignatureAlgorithm, ParameterRule); 8] = [
    (oid::SHA1_WITH_RSA_ENCRYPTION, SignatureAlgorithm::RsaPkcs1Sha1, ParameterRule::NullOrAbsent),
    (oid::SHA256_WITH_RSA_ENCRYPTION, SignatureAlgorithm::RsaPkcs1Sha256, ParameterRule::NullOrAbsent),
    (oid::SHA384_WITH_RSA_ENCRYPTION, SignatureAlgorithm::RsaPkcs1Sha384, ParameterRule::NullOrAbsent),
    (oid::SHA512_WITH_RSA_ENCRYPTION, SignatureAlgorithm::RsaPkcs1Sha512, ParameterRule::NullOrAbsent),
    (oid::ECDSA_WITH_SHA256, SignatureAlgorithm::EcdsaSha256, ParameterRule::Absent),
    (oid::ECDSA_WITH_SHA384, SignatureAlgorithm::EcdsaSha384, ParameterRule::Absent),
    (oid::ECDSA_WITH_SHA512, SignatureAlgorithm::EcdsaSha512, ParameterRule::Absent),
    (oid::ID_ED25519, SignatureAlgorithm::Ed25519, ParameterRule::Absent),
];

/// `SEQUENCE { 1.2.840.113549.1.1.arc, NULL }`.
const fn pkcs1_identifier(arc: u8) -> [u8; 15] {
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, arc, 0x05, 0x00]
}

/// `SEQUENCE { id-RSASSA-PSS, SEQUENCE { [0] hash, [1] SEQUENCE { id-mgf1, hash }, [2] salt length } }`, where hash is
/// `SEQUENCE { 2.16.840.1.101.3.4.2.arc, NULL }`.
#[rustfmt::skip]
const fn pss_identifier(arc: u8, salt: u8) -> [u8; 67] {
    [
        0x30, 0x41, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, 0x30, 0x34,
        0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc, 0x05, 0x00,
        0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08,
        0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc, 0x05, 0x00,
        0xa2, 0x03, 0x02, 0x01, salt,
    ]
}

/// `SEQUENCE { 1.2.840.10045.4.3.arc }`.
const fn ecdsa_identifier(arc: u8) -> [u8; 12] {
    [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, arc]
}

/// Why an AlgorithmIdentifier names no signature algorithm that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AlgorithmError {
    /// The identifier is none of a signature algorithm of this crate.
    #[error("signature algorithm: {oid} is not supported")]
    Unknown {
        /// The identifier found.
        oid: Oid,
    },
    /// RSASSA-PKCS1-v1_5 has parameters other than NULL (RFC 4055 §5).
    #[error("signature algorithm: the parameters of {algorithm} are not NULL")]
    ParametersNotNull {
        /// The algorithm.
        algorithm: SignatureAlgorithm,
    },
    /// ECDSA or Ed25519 has parameters (RFC 5758 §3.2, RFC 8410 §3).
    #[error("signature algorithm: {algorithm} has parameters, it must have none")]
    ParametersPresent {
        /// The algorithm.
        algorithm: SignatureAlgorithm,
    },
    /// RSASSA-PSS has no parameters (RFC 4055 §3.1).
    #[error("signature algorithm: RSASSA-PSS without parameters")]
    ParametersMissing,
    /// The parameters of RSASSA-PSS are not DER RSASSA-PSS-params.
    #[error("signature algorithm: malformed RSASSA-PSS parameters: {0}")]
    ParametersMalformed(DerError),
    /// The parameters of RSASSA-PSS are well-formed, and none that can be used.
    #[error("signature algorithm: {0}")]
    UnsupportedPss(UnsupportedPss),
}

impl AlgorithmError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "signature-algorithm-unsupported",
            Self::ParametersNotNull { .. } => "signature-algorithm-parameters-not-null",
            Self::ParametersPresent { .. } => "signature-algorithm-parameters-present",
            Self::ParametersMissing => "signature-algorithm-parameters-missing",
            Self::ParametersMalformed(_) => "signature-algorithm-parameters-malformed",
            Self::UnsupportedPss(reason) => reason.code(),
        }
    }
}

impl From<PssParametersError> for AlgorithmError {
    fn from(error: PssParametersError) -> Self {
        match error {
            PssParametersError::Malformed(error) => Self::ParametersMalformed(error),
            PssParametersError::Unsupported(reason) => Self::UnsupportedPss(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Limits;
    use crate::encoding::der;

    const ALL: [SignatureAlgorithm; 11] = [
        SignatureAlgorithm::RsaPkcs1Sha1,
        SignatureAlgorithm::RsaPkcs1Sha256,
        SignatureAlgorithm::RsaPkcs1Sha384,
        SignatureAlgorithm::RsaPkcs1Sha512,
        SignatureAlgorithm::RsaPssSha256,
        SignatureAlgorithm::RsaPssSha384,
        SignatureAlgorithm::RsaPssSha512,
        SignatureAlgorithm::EcdsaSha256,
        SignatureAlgorithm::EcdsaSha384,
        SignatureAlgorithm::EcdsaSha512,
        SignatureAlgorithm::Ed25519,
    ];

    /// Splits what `algorithm_identifier_der` writes into the two arguments of `from_algorithm_identifier`.
    fn split(der: &[u8]) -> (Oid, Option<&[u8]>) {
        let oid_end = 4 + usize::from(der[3]);
        let rest = &der[oid_end..];
        (Oid::from_der_contents(&der[4..oid_end]).unwrap(), (!rest.is_empty()).then_some(rest))
    }

    #[test]
    fn what_is_written_is_read_as_the_same_algorithm() {
        for algorithm in ALL {
            let (oid, parameters) = split(algorithm.algorithm_identifier_der());
            assert_eq!(SignatureAlgorithm::from_algorithm_identifier(&oid, parameters), Ok(algorithm));
            assert_eq!(der::check(algorithm.algorithm_identifier_der(), &Limits::default()), Ok(()));
            if let Some(digest) = algorithm.digest() {
                assert!(algorithm.to_string().ends_with(&digest.to_string()));
            }
        }
    }

    #[test]
    fn parameters_follow_the_rule_of_their_algorithm() {
        let read = |oid: &Oid, parameters| SignatureAlgorithm::from_algorithm_identifier(oid, parameters);
        assert_eq!(read(&oid::SHA256_WITH_RSA_ENCRYPTION, None), Ok(SignatureAlgorithm::RsaPkcs1Sha256));
        let reasons = [
            (
                read(&oid::SHA256_WITH_RSA_ENCRYPTION, Some(&[2, 1, 0])),
                "signature algorithm: the parameters of RSASSA-PKCS1-v1_5 with SHA-256 are not NULL",
                "signature-algorithm-parameters-not-null",
            ),
            (
                read(&oid::ECDSA_WITH_SHA384, Some(&[5, 0])),
                "signature algorithm: ECDSA with SHA-384 has parameters, it must have none",
                "signature-algorithm-parameters-present",
            ),
            (
                read(&oid::ID_RSASSA_PSS, None),
                "signature algorithm: RSASSA-PSS without parameters",
                "signature-algorithm-parameters-missing",
            ),
            (
                read(&"1.2.840.10040.4.3".parse().unwrap(), None),
                "signature algorithm: 1.2.840.10040.4.3 is not supported",
                "signature-algorithm-unsupported",
            ),
        ];
        for (answer, text, code) in reasons {
            let error = answer.unwrap_err();
            assert_eq!((error.to_string().as_str(), error.code()), (text, code));
        }
        let malformed = read(&oid::ID_RSASSA_PSS, Some(&[0x30, 0x02, 0x05, 0x00])).unwrap_err();
        assert_eq!(
            malformed.to_string(),
            "signature algorithm: malformed RSASSA-PSS parameters: DER at octet 2: 2 trailing octets"
        );
        assert_eq!(malformed.code(), "signature-algorithm-parameters-malformed");
    }
}
