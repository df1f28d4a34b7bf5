//! What was found.

use std::fmt;

use super::{RevocationInputs, UnknownReason};
use crate::budget::Exhausted;
use crate::time::Instant;
use crate::x509::Certificate;
use crate::x509::crl::{Crl, RevocationReason};
use crate::x509::ocsp::OcspResponse;

/// What the evidence says of a certificate at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationStatus {
    /// Not revoked.
    NotRevoked(NotRevoked),
    /// Revoked.
    Revoked(Revoked),
    /// The evidence does not tell.
    Unknown(Unknown),
}

impl RevocationStatus {
    /// A stable identifier.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRevoked(_) => "not-revoked",
            Self::Revoked(_) => "revoked",
            Self::Unknown(_) => "revocation-unknown",
        }
    }

    /// The limit that kept the evidence from being looked at, if one did.
    #[must_use]
    pub fn exhausted(&self) -> Option<Exhausted> {
        let Self::Unknown(unknown) = self else { return None };
        unknown.reasons().iter().find_map(UnknownReason::exhausted)
    }
}

impl fmt::Display for RevocationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRevoked(status) => status.fmt(f),
            Self::Revoked(status) => status.fmt(f),
            Self::Unknown(status) => status.fmt(f),
        }
    }
}

/// Proof that accepted evidence says a certificate was not revoked at a time; made by [`check`](super::check) and
/// [`check_path`](super::check_path) only.
///
/// `Display`: `not revoked at 2026-06-02T00:00:00Z`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NotRevoked {
    at: Instant,
    evidence: Vec<Evidence>,
}

impl NotRevoked {
    pub(super) fn new(at: Instant, evidence: Vec<Evidence>) -> Self {
        Self { at, evidence }
    }

    /// The time.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }

    /// What says so: one OCSP response, or the CRLs that together cover all reasons of revocation, deltas included.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

impl fmt::Display for NotRevoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not revoked at {}", self.at)
    }
}

/// Evidence that was accepted, with its octets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// A CRL.
    Crl(Crl),
    /// An OCSP response.
    OcspResponse(OcspResponse),
}

/// A certificate is revoked: since when, why, and what says so.
///
/// `Display`: `revoked 2026-03-01T00:00:00Z (keyCompromise)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Revoked {
    pub(super) date: Instant,
    pub(super) reason: Option<RevocationReason>,
    pub(super) invalidity_date: Option<Instant>,
    pub(super) evidence: Evidence,
}

impl Revoked {
    /// When the issuer revoked it.
    #[must_use]
    pub fn date(&self) -> Instant {
        self.date
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> Option<RevocationReason> {
        self.reason
    }

    /// Since when the private key is known or suspected to be in other hands.
    #[must_use]
    pub fn invalidity_date(&self) -> Option<Instant> {
        self.invalidity_date
    }

    /// Since when nothing may rest on the certificate: the earlier of the two dates.
    #[must_use]
    pub fn since(&self) -> Instant {
        self.invalidity_date.map_or(self.date, |invalidity| invalidity.min(self.date))
    }

    /// What says so.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Whether this leaves the certificate good at the time that `inputs` ask about, by evidence issued on `this_update`: it
    /// was revoked later, and later revocation does not count.
    ///
    /// A date that was to come when the evidence was issued counts as past: nobody lists what is still good.
    pub(super) fn leaves(&self, inputs: &RevocationInputs<'_>, this_update: Instant) -> bool {
        self.since() > inputs.at && self.date <= this_update && inputs.later.leaves_earlier(self.since(), self.reason)
    }
}

impl fmt::Display for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revoked {}", self.date)?;
        if let Some(reason) = self.reason {
            write!(f, " ({reason})")?;
        }
        match self.invalidity_date {
            Some(invalidity_date) => write!(f, ", invalid since {invalidity_date}"),
            None => Ok(()),
        }
    }
}

/// The evidence does not tell whether a certificate is revoked: why, for each piece that could have.
///
/// `Display`: `revocation unknown: no CRL and no OCSP response is about it`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    reasons: Vec<UnknownReason>,
}

impl Unknown {
    pub(super) fn new(mut reasons: Vec<UnknownReason>) -> Self {
        if reasons.is_empty() {
            reasons.push(UnknownReason::NoEvidence);
        }
        Self { reasons }
    }

    /// The reasons, one or more.
    #[must_use]
    pub fn reasons(&self) -> &[UnknownReason] {
        &self.reasons
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("revocation unknown")?;
        let mut separator = ": ";
        for reason in &self.reasons {
            write!(f, "{separator}{reason}")?;
            separator = "; ";
        }
        Ok(())
    }
}

/// A certificate of a path that is revoked, or of which nothing is known where that is denied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("certificate {}: {status}", certificate.subject())]
#[non_exhaustive]
pub struct RevocationError {
    /// The certificate.
    pub certificate: Certificate,
    /// What was found.
    pub status: Box<RevocationStatus>,
}

impl RevocationError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.status.code()
    }
}
