//! What was found about one signature.

use std::fmt;

use crate::digest::DigestAlgorithm;
use crate::encoding::excerpt;
use crate::jades::{BaselineLevel, Commitment, SignaturePlace, SignaturePolicyId, SignerAttributes};
use crate::report::{Check, EvidenceSummary, Indication, SignedObject, SubIndication, TimeStampReport, conclusion};
use crate::time::Instant;
use crate::x509::path::CertificationPath;
use crate::x509::{Certificate, TrustAnchor};

/// The verdict on one signature.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignatureReport {
    indication: Indication,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_indication: Option<SubIndication>,
    #[serde(flatten)]
    facts: SignatureFacts,
    #[serde(flatten)]
    parts: SignatureParts,
    checks: Vec<Check>,
    #[serde(skip)]
    certificate: Option<Certificate>,
}

/// What stands in a signature and has a verdict of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignatureParts {
    pub(crate) time_stamps: Vec<TimeStampReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) counter_signatures: Vec<SignatureReport>,
}

/// What a signature says and what it was found to be, apart from any verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignatureFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<BaselineLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) algorithm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claimed_signing_time: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proven_time: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signing_certificate: Option<CertificateSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) path: Vec<CertificateSummary>,
    /// Where the path starts.
    #[serde(skip)]
    pub(crate) anchor: Option<TrustAnchor>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) signed_objects: Vec<SignedObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) commitments: Vec<Commitment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<SignaturePlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attributes: Option<SignerAttributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature_policy: Option<SignaturePolicyId>,
    #[serde(skip)]
    pub(crate) has_sig_d: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renewal_due: Option<Instant>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) revocation_evidence: Vec<EvidenceSummary>,
    #[serde(skip)]
    pub(crate) certification_path: Option<CertificationPath>,
}

impl SignatureReport {
    pub(crate) fn new(
        facts: SignatureFacts,
        certificate: Option<Certificate>,
        parts: SignatureParts,
        checks: Vec<Check>,
    ) -> Self {
        let (indication, sub_indication) = conclusion(&checks);
        Self { indication, sub_indication, facts, parts, checks, certificate }
    }

    /// Whether the signature is over data that it names, and not over a payload.
    pub(crate) fn has_sig_d(&self) -> bool {
        self.facts.has_sig_d
    }

    /// The certificate that the protected header pins, for what is bound to it.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The anchor of the path, for what is judged by its scope.
    pub(crate) fn anchor(&self) -> Option<&TrustAnchor> {
        self.facts.anchor.as_ref()
    }

    /// The verdict on this signature.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// Why it is not [`Indication::TotalPassed`].
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.sub_indication
    }

    /// The baseline level that the signature's structure shows; `None` when it shows none.
    #[must_use]
    pub fn level(&self) -> Option<BaselineLevel> {
        self.facts.level
    }

    /// The `alg` header parameter as received.
    #[must_use]
    pub fn algorithm(&self) -> Option<&str> {
        self.facts.algorithm.as_deref()
    }

    /// The media type that the protected header gives the payload, with `application/` put back.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.facts.content_type.as_deref()
    }

    /// Whether that is `application/` and `subtype`, in whatever case (RFC 2045 §5.1).
    pub(crate) fn is_over(&self, subtype: &str) -> bool {
        let found = self.content_type().and_then(|found| found.split_once('/'));
        found.is_some_and(|(of, found)| of.eq_ignore_ascii_case("application") && found.eq_ignore_ascii_case(subtype))
    }

    /// The signing time that the signer claims (`iat` or `sigT`).
    #[must_use]
    pub fn claimed_signing_time(&self) -> Option<Instant> {
        self.facts.claimed_signing_time
    }

    /// The earliest time at which a valid time-stamp proves that the signature existed.
    #[must_use]
    pub fn proven_time(&self) -> Option<Instant> {
        self.facts.proven_time
    }

    /// The signing certificate that was identified.
    #[must_use]
    pub fn signing_certificate(&self) -> Option<&CertificateSummary> {
        self.facts.signing_certificate.as_ref()
    }

    /// The certification path, signing certificate first, trust anchor last; empty when none was found.
    #[must_use]
    pub fn path(&self) -> &[CertificateSummary] {
        &self.facts.path
    }

    /// The path by which the signature holds, with the evidence of revocation that was used; `None` when none was found.
    #[must_use]
    pub fn certification_path(&self) -> Option<&CertificationPath> {
        self.facts.certification_path.as_ref()
    }

    /// When the signature must be time-stamped again at the latest: the first end of the certificates and algorithms of its
    /// last archive or signature time-stamp that holds.
    #[must_use]
    pub fn renewal_due(&self) -> Option<Instant> {
        self.facts.renewal_due
    }

    /// The time-stamps, in the order of the file.
    pub fn time_stamps(&self) -> &[TimeStampReport] {
        &self.parts.time_stamps
    }

    /// The countersignatures, in the order of the file. Each has a verdict of its own, which is not part of this one unless the policy
    /// weighs it so.
    pub fn counter_signatures(&self) -> &[Self] {
        &self.parts.counter_signatures
    }

    /// The data objects that the signature names and that do not stand in the file, in the order in which they were signed.
    #[must_use]
    pub fn signed_objects(&self) -> &[SignedObject] {
        &self.facts.signed_objects
    }

    /// What the signer commits to.
    #[must_use]
    pub fn commitments(&self) -> &[Commitment] {
        &self.facts.commitments
    }

    /// Where the signer claims to have signed.
    #[must_use]
    pub fn place(&self) -> Option<&SignaturePlace> {
        self.facts.place.as_ref()
    }

    /// What the signer claims to be. A claim: nothing here verifies it.
    #[must_use]
    pub fn attributes(&self) -> Option<&SignerAttributes> {
        self.facts.attributes.as_ref()
    }

    /// The policy by which the signer wants the signature to be validated.
    #[must_use]
    pub fn signature_policy(&self) -> Option<&SignaturePolicyId> {
        self.facts.signature_policy.as_ref()
    }

    /// The checks, in the order in which they were made.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

impl fmt::Display for SignatureReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.indication)?;
        if let Some(sub_indication) = self.sub_indication {
            write!(f, " / {sub_indication}")?;
        }
        if let Some(level) = self.facts.level {
            write!(f, ", {level}")?;
        }
        if let Some(algorithm) = &self.facts.algorithm {
            write!(f, ", {}", excerpt(algorithm))?;
        }
        if let Some(certificate) = &self.facts.signing_certificate {
            // The certificate that the header pins signed only what verifies.
            let label = if self.indication == Indication::TotalPassed { "signed by   " } else { "names signer" };
            write!(f, "\n  {label} {}", certificate.subject)?;
        }
        if let Some(time) = self.facts.claimed_signing_time {
            write!(f, "\n  claimed at   {time}")?;
        }
        if let Some(time) = self.facts.proven_time {
            write!(f, "\n  proven at    {time}")?;
        }
        for check in &self.checks {
            write!(f, "\n  {check}")?;
        }
        for object in &self.facts.signed_objects {
            write!(f, "\n  data object  {object}")?;
        }
        let time_stamps = &self.parts.time_stamps;
        for (position, time_stamp) in time_stamps.iter().enumerate() {
            write!(f, "\n  time-stamp {} of {}: {time_stamp}", position + 1, time_stamps.len())?;
        }
        let counter_signatures = &self.parts.counter_signatures;
        for (position, report) in counter_signatures.iter().enumerate() {
            let nested = report.to_string().replace('\n', "\n  ");
            write!(f, "\n  countersignature {} of {}: {nested}", position + 1, counter_signatures.len())?;
        }
        Ok(())
    }
}

/// A certificate, for showing which one is meant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CertificateSummary {
    /// The subject, as in RFC 4514.
    pub subject: String,
    /// SHA-256 of the DER, in hexadecimal; absent for a trust anchor that is only a name and a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl CertificateSummary {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let sha256 = certificate.digest(DigestAlgorithm::Sha256).to_string();
        Self { subject: certificate.subject().to_string(), sha256: Some(sha256) }
    }

    /// The certificates of a path, then its anchor.
    pub(crate) fn of_path(path: &CertificationPath) -> Vec<Self> {
        let anchor = Self::of_anchor(path.anchor());
        path.certificates().iter().map(Self::of).chain([anchor]).collect()
    }

    fn of_anchor(anchor: &TrustAnchor) -> Self {
        let named = || Self { subject: anchor.subject().to_string(), sha256: None };
        anchor.certificate().map_or_else(named, Self::of)
    }
}
