//! Where validation data comes from that is not at hand.

use std::fmt;

use crate::report::{Check, Reason, SignatureReport, TimeStampReport};
use crate::tsp::TimeStampError;
use crate::validation::Evidence;
use crate::x509::Certificate;
use crate::x509::crl::Crl;
use crate::x509::ocsp::OcspResponse;
use crate::x509::path::{PathError, PathErrorKind, PathSubject};
use crate::x509::revocation::{RevocationEvidence, RevocationStatus};

/// A way to certificates and revocation data, which the caller implements: a directory, a CA's responder, a folder.
pub trait ValidationDataSource: fmt::Debug + Send + Sync {
    /// Gives what is wanted, as far as there is any. Nothing of it is trusted, all of it is checked.
    ///
    /// # Errors
    /// [`SourceError`] when it cannot be known whether there is any: no connection.
    fn fetch(&self, wanted: &Wanted) -> Result<Fetched, SourceError>;
}

/// What is missing to judge a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// A certificate of the issuer of this one.
    IssuerOf(Certificate),
    /// A CRL or an OCSP response about this one, of the time asked about or later.
    RevocationOf(Certificate, String),
}

impl Wanted {
    /// What is missing first, of everything that a signature and its time-stamps are judged by.
    pub(super) fn first_of(signature: &SignatureReport) -> Option<Self> {
        let of_stamps = signature.time_stamps().iter().flat_map(TimeStampReport::checks);
        let failures = of_stamps.chain(signature.checks()).filter_map(Check::failure);
        failures.into_iter().find_map(|(_, reason)| match reason {
            Reason::Path(error) | Reason::TimeStamp(TimeStampError::Path(error)) => Self::of(error),
            _ => None,
        })
    }

    fn of(error: &PathError) -> Option<Self> {
        let PathSubject::Certificate(certificate) = &error.subject else { return None };
        match &error.kind {
            PathErrorKind::IssuerUnknown { .. } => Some(Self::IssuerOf(certificate.clone())),
            PathErrorKind::Revocation(status) => match status.as_ref() {
                RevocationStatus::Unknown(unknown) => {
                    Some(Self::RevocationOf(certificate.clone(), unknown.to_string()))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IssuerOf(certificate) => {
                write!(f, "no certificate of {}, which issued {}", certificate.issuer(), certificate.subject())
            }
            Self::RevocationOf(certificate, unknown) => write!(f, "certificate {}: {unknown}", certificate.subject()),
        }
    }
}

/// What a source has.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Fetched {
    /// Certificates.
    pub certificates: Vec<Certificate>,
    /// CRLs.
    pub crls: Vec<Crl>,
    /// OCSP responses.
    pub ocsp_responses: Vec<OcspResponse>,
}

impl Fetched {
    /// Adds it to what is at hand, and says whether there was anything new.
    pub(super) fn add_to(self, evidence: &mut Evidence<'_>) -> bool {
        let known = &evidence.revocation;
        let crls: Vec<Crl> = self.crls.into_iter().filter(|crl| !known.crls().contains(crl)).collect();
        let new = |response: &OcspResponse| !known.ocsp_responses().contains(response);
        let ocsp: Vec<OcspResponse> = self.ocsp_responses.into_iter().filter(new).collect();
        let certificates = self.certificates.into_iter();
        let certificates: Vec<_> = certificates.filter(|one| !evidence.certificates.contains(one)).collect();
        let is_new = !(crls.is_empty() && ocsp.is_empty() && certificates.is_empty());
        let crls = known.crls().iter().cloned().chain(crls).collect();
        let ocsp = known.ocsp_responses().iter().cloned().chain(ocsp).collect();
        evidence.revocation = RevocationEvidence::new(crls, ocsp);
        evidence.certificates.extend(certificates);
        is_new
    }
}

/// Why a source does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source of validation data: {reason}")]
#[non_exhaustive]
pub struct SourceError {
    /// What happened, in the words of the source.
    pub reason: String,
}

impl SourceError {
    /// An error with the source's own words.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }

    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "validation-data-source"
    }
}
