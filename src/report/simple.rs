//! The verdict in a few lines, for a clerk at a counter.

use std::fmt;

use crate::encoding::remark;
use crate::report::{DocumentSummary, Indication, Reason, Report, SignatureReport, SubIndication};
use crate::time::Instant;

/// What a clerk needs of a [`Report`]: the verdict, the one reason for it, whose document it is, and who signed when.
///
/// As JSON, by serde, in both directions:
///
/// ```text
/// simple    = {"indication", ["subIndication"], ["reason"], "warnings": [*text], "validatedAt", ["document": document],
///              "signatures": [*signature]}
/// document  = {"number", "issuer", "title", "bidiControls"}
/// signature = {"indication", ["subIndication"], ["level"], ["signer"], ["claimedSigningTime"], ["provenTime"]}
/// ```
///
/// The reason is the sentence that decided the verdict; there is none when it passed. What the document says of itself is
/// to be believed only with [`Indication::TotalPassed`], and is shown so.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SimpleReport {
    /// The verdict.
    pub indication: Indication,
    /// Why it is not [`Indication::TotalPassed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// The reason that decided the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What does not hold and the policy lets pass with a warning.
    pub warnings: Vec<String>,
    /// The time for which the verdict was asked.
    pub validated_at: Instant,
    /// What the document says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentSummary>,
    /// Each signature, in the order of the file.
    pub signatures: Vec<SimpleSignature>,
}

/// One signature in a [`SimpleReport`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SimpleSignature {
    /// The verdict on it.
    pub indication: Indication,
    /// Why it is not [`Indication::TotalPassed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// The baseline level that its structure shows: `B-T`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The subject of the signing certificate, as RFC 4514 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// The signing time that the signer claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_signing_time: Option<Instant>,
    /// The time at which it is proven to have existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proven_time: Option<Instant>,
}

impl Report {
    /// The verdict in a few lines.
    pub fn to_simple(&self) -> SimpleReport {
        SimpleReport {
            indication: self.indication(),
            sub_indication: self.sub_indication(),
            reason: self.deciding_reason().map(Reason::to_string),
            warnings: self.warnings().map(Reason::to_string).collect(),
            validated_at: self.validated_at(),
            document: self.unverified_document().cloned(),
            signatures: self.signatures().iter().map(SimpleSignature::of).collect(),
        }
    }
}

impl SimpleSignature {
    fn of(report: &SignatureReport) -> Self {
        Self {
            indication: report.indication(),
            sub_indication: report.sub_indication(),
            level: report.level().map(|level| level.to_string()),
            signer: report.signing_certificate().map(|certificate| certificate.subject.clone()),
            claimed_signing_time: report.claimed_signing_time(),
            proven_time: report.proven_time(),
        }
    }
}

impl fmt::Display for SimpleReport {
    /// The verdict and its reason, the document, who signed and when, and what the policy warns of: a line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.indication)?;
        if let Some(sub_indication) = self.sub_indication {
            write!(f, " / {sub_indication}")?;
        }
        writeln!(f, ", validated at {}", self.validated_at)?;
        if let Some(reason) = &self.reason {
            writeln!(f, "because {}", remark(reason))?;
        }
        let passed = self.indication == Indication::TotalPassed;
        if let Some(document) = &self.document {
            writeln!(f, "{}document {document}", if passed { "" } else { "said to be " })?;
        }
        for signature in &self.signatures {
            writeln!(f, "{signature}")?;
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "warning: {}", remark(warning)))
    }
}

impl fmt::Display for SimpleSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = if self.indication == Indication::TotalPassed { "signed by" } else { "names as signer" };
        write!(f, "{label} {}", self.signer.as_deref().map_or_else(|| "nobody".to_owned(), remark))?;
        if let Some(level) = &self.level {
            write!(f, ", {}", remark(level))?;
        }
        match (self.proven_time, self.claimed_signing_time) {
            (Some(proven), _) => write!(f, ", proven at {proven}"),
            (None, Some(claimed)) => write!(f, ", claimed at {claimed}"),
            (None, None) => Ok(()),
        }
    }
}
