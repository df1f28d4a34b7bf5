//! Why octets are not a CRL.

use crate::encoding::der::DerError;
use crate::oid::Oid;
use crate::time::Instant;
use crate::x509::revocation::extension_list::ExtensionListError;
use crate::x509::{Criticality, NameError};

/// Why octets are not a CRL, or not the extensions that belong to one. Offsets count from the first octet of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// Not DER, or not the ASN.1 type: a CRL followed by an octet, a revocation date that is no time.
    #[error("CRL: {0}")]
    Der(#[from] DerError),
    /// A name is malformed: a UTF8String that is not UTF-8.
    #[error("CRL: {0}")]
    Name(#[from] NameError),
    /// The version is there and is not v2 (§5.1.2.1): `02 01 00`.
    #[error("CRL: the version at octet {offset} is not 1, which stands for v2")]
    Version {
        /// Where.
        offset: usize,
    },
    /// A CRL without a version, so of version 1, has extensions (§5.1.2.1).
    #[error("CRL: extensions at octet {offset} in a CRL of version 1")]
    ExtensionsInVersion1 {
        /// Where.
        offset: usize,
    },
    /// `signature` inside what is signed and `signatureAlgorithm` beside it are not the same (§5.1.1.2).
    #[error("CRL: the algorithm that was signed is not the algorithm beside the signature")]
    SignatureAlgorithmMismatch,
    /// The next update is not after this one.
    #[error("CRL: nextUpdate {next_update} is not after thisUpdate {this_update}")]
    NextUpdate {
        /// When the CRL was issued.
        this_update: Instant,
        /// When the next one is to be issued.
        next_update: Instant,
    },
    /// The list is there and empty, which §5.1.2.6 forbids.
    #[error("CRL: the list of revoked certificates at octet {offset} is there, and empty")]
    EmptyList {
        /// Where.
        offset: usize,
    },
    /// An extension comes twice (§4.2).
    #[error("CRL: extension {id} comes twice, again at octet {offset}")]
    DuplicateExtension {
        /// Which.
        id: Oid,
        /// Where it comes again.
        offset: usize,
    },
    /// More than 64 extensions.
    #[error("CRL: more than {limit} extensions, at octet {offset}")]
    TooManyExtensions {
        /// The limit.
        limit: usize,
        /// Where the first is that is too many.
        offset: usize,
    },
    /// An extension is critical where the profile asks for the contrary, or the reverse (§5.2, §5.3).
    #[error("CRL: extension {id} at octet {offset} must {}be critical", if *expected == Criticality::Critical { "" } else { "not " })]
    Criticality {
        /// Which.
        id: Oid,
        /// What the profile asks for.
        expected: Criticality,
        /// Where.
        offset: usize,
    },
    /// A reason code that RFC 5280 §5.3.1 does not have: 7.
    #[error("CRL: the reason code at octet {offset} is not defined")]
    Reason {
        /// Where.
        offset: usize,
    },
    /// removeFromCRL in a CRL that is not a delta CRL (§5.3.1).
    #[error("CRL: removeFromCRL at octet {offset}, in a CRL that is no delta CRL")]
    RemoveFromCrl {
        /// Where the entry is.
        offset: usize,
    },
    /// An entry names a certificate issuer, and the CRL is not indirect (§5.3.3).
    #[error("CRL: the entry at octet {offset} is of another issuer, and the CRL is not indirect")]
    CertificateIssuer {
        /// Where the entry is.
        offset: usize,
    },
    /// issuingDistributionPoint is empty, which §5.2.5 forbids.
    #[error("CRL: issuingDistributionPoint at octet {offset} is empty")]
    EmptyScope {
        /// Where.
        offset: usize,
    },
    /// issuingDistributionPoint has more than one `onlyContains`, which §5.2.5 forbids.
    #[error("CRL: issuingDistributionPoint at octet {offset} limits the CRL to two kinds of certificates at once")]
    ContradictoryScope {
        /// Where.
        offset: usize,
    },
    /// A distribution point has neither a name nor a CRL issuer, which §4.2.1.13 forbids.
    #[error("CRL: the distribution point at octet {offset} has neither a name nor a CRL issuer")]
    DistributionPointWithoutName {
        /// Where.
        offset: usize,
    },
}

impl CrlError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Name(error) => error.code(),
            Self::Version { .. } => "crl-version",
            Self::ExtensionsInVersion1 { .. } => "crl-extensions-in-version-1",
            Self::SignatureAlgorithmMismatch => "crl-signature-algorithm-mismatch",
            Self::NextUpdate { .. } => "crl-next-update",
            Self::EmptyList { .. } => "crl-empty-list",
            Self::DuplicateExtension { .. } => "crl-duplicate-extension",
            Self::TooManyExtensions { .. } => "crl-too-many-extensions",
            Self::Criticality { .. } => "crl-extension-criticality",
            Self::Reason { .. } => "crl-reason",
            Self::RemoveFromCrl { .. } => "crl-remove-from-crl",
            Self::CertificateIssuer { .. } => "crl-certificate-issuer",
            Self::EmptyScope { .. } => "crl-empty-scope",
            Self::ContradictoryScope { .. } => "crl-contradictory-scope",
            Self::DistributionPointWithoutName { .. } => "crl-distribution-point-without-name",
        }
    }
}

impl From<ExtensionListError> for CrlError {
    fn from(error: ExtensionListError) -> Self {
        match error {
            ExtensionListError::Der(error) => Self::Der(error),
            ExtensionListError::Duplicate { id, offset } => Self::DuplicateExtension { id, offset },
            ExtensionListError::TooMany { limit, offset } => Self::TooManyExtensions { limit, offset },
        }
    }
}
