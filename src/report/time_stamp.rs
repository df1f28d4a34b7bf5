//! What was found about one time-stamp.

use std::fmt;

use crate::report::{CertificateSummary, Check, EvidenceSummary, Indication, SubIndication, conclusion};
use crate::time::Instant;
use crate::x509::path::CertificationPath;

/// The verdict on one time-stamp token.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeStampReport {
    kind: TimeStampKind,
    indication: Indication,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_indication: Option<SubIndication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified_time: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<CertificateSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    revocation_evidence: Vec<EvidenceSummary>,
    checks: Vec<Check>,
    #[serde(skip)]
    certification_path: Option<CertificationPath>,
}

impl TimeStampReport {
    pub(crate) fn new(
        kind: TimeStampKind,
        unverified_time: Option<Instant>,
        certification_path: Option<CertificationPath>,
        checks: Vec<Check>,
    ) -> Self {
        let (indication, sub_indication) = conclusion(&checks);
        let authority = certification_path.as_ref().and_then(|path| path.certificates().first());
        let authority = authority.map(CertificateSummary::of);
        let revocation_evidence = certification_path.as_ref().map(EvidenceSummary::of_path).unwrap_or_default();
        Self {
            kind,
            indication,
            sub_indication,
            unverified_time,
            authority,
            revocation_evidence,
            checks,
            certification_path,
        }
    }

    /// The path by which the token holds, with the evidence of revocation that was used.
    #[must_use]
    pub fn certification_path(&self) -> Option<&CertificationPath> {
        self.certification_path.as_ref()
    }

    /// What the time-stamp stands for.
    #[must_use]
    pub fn kind(&self) -> TimeStampKind {
        self.kind
    }

    /// The verdict on this time-stamp.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// Why it is not [`Indication::TotalPassed`].
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.sub_indication
    }

    /// The token's `genTime`, whether or not the token holds.
    #[must_use]
    pub fn unverified_time(&self) -> Option<Instant> {
        self.unverified_time
    }

    /// The authority's certificate, when the token holds.
    #[must_use]
    pub fn authority(&self) -> Option<&CertificateSummary> {
        self.authority.as_ref()
    }

    /// The checks, in the order in which they were made.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

impl fmt::Display for TimeStampReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.kind, self.indication)?;
        if let Some(sub_indication) = self.sub_indication {
            write!(f, " / {sub_indication}")?;
        }
        if let Some(time) = self.unverified_time {
            write!(f, ", {time}")?;
        }
        if let Some(authority) = &self.authority {
            write!(f, "\n    stamped by   {}", authority.subject)?;
        }
        self.checks.iter().try_for_each(|check| write!(f, "\n    {check}"))
    }
}

/// What a time-stamp token stands for, by the header parameter that holds it (TS 119 182-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub enum TimeStampKind {
    /// `adoTst`, over the signed data, before the signature.
    #[serde(rename = "adoTst")]
    Content,
    /// `sigTst`, over the signature value.
    #[serde(rename = "sigTst")]
    Signature,
    /// `sigRTst`, over the signature value and the references to validation data.
    #[serde(rename = "sigRTst")]
    SignatureAndReferences,
    /// `rfsTst`, over the references to validation data.
    #[serde(rename = "rfsTst")]
    References,
    /// `arcTst`, over everything before it.
    #[serde(rename = "arcTst")]
    Archive,
}

impl fmt::Display for TimeStampKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Content => "adoTst",
            Self::Signature => "sigTst",
            Self::SignatureAndReferences => "sigRTst",
            Self::References => "rfsTst",
            Self::Archive => "arcTst",
        })
    }
}
