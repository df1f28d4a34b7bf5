//! Accepting a response for one certificate: RFC 6960 §3.2, step by step.

use super::{CertStatus, OcspResponse, Responder, ResponderError, SingleResponse, authorize};
use crate::budget::{Budget, Exhausted};
use crate::crypto::AlgorithmConstraints;
use crate::oid::Oid;
use crate::time::Instant;
use crate::x509::Certificate;
use crate::x509::revocation::{CertificateIssuer, EvidenceSignatureError, Freshness, Untimely};

/// What a response is judged by.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OcspInputs<'a> {
    /// The certificate whose status is asked for.
    pub certificate: &'a Certificate,
    /// Who issued it.
    pub issuer: CertificateIssuer<'a>,
    /// The time for which the status is asked.
    pub at: Instant,
    /// The time at which the response is at hand: nothing it says can be of a later time.
    pub known_at: Instant,
    /// The nonce that was sent; `None` if none was, or if the response was not asked for here.
    pub nonce: Option<&'a [u8]>,
    /// How old a status may be.
    pub freshness: &'a Freshness,
    /// Which algorithms and keys may be relied on.
    pub algorithms: &'a AlgorithmConstraints,
}

impl<'a> OcspInputs<'a> {
    /// Inputs for a response at hand at the time `at`, and no nonce.
    #[must_use]
    pub fn new(
        certificate: &'a Certificate,
        issuer: CertificateIssuer<'a>,
        at: Instant,
        freshness: &'a Freshness,
        algorithms: &'a AlgorithmConstraints,
    ) -> Self {
        Self { certificate, issuer, at, known_at: at, nonce: None, freshness, algorithms }
    }
}

/// A status that was accepted; made by [`accept`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct AcceptedStatus {
    single: SingleResponse,
    responder: Responder,
    produced_at: Instant,
}

impl AcceptedStatus {
    /// The status.
    #[must_use]
    pub fn status(&self) -> CertStatus {
        self.single.status()
    }

    /// The status with all that is said of it.
    #[must_use]
    pub fn single_response(&self) -> &SingleResponse {
        &self.single
    }

    /// Who signed it.
    #[must_use]
    pub fn responder(&self) -> &Responder {
        &self.responder
    }

    /// When it was signed, by the responder's word.
    #[must_use]
    pub fn produced_at(&self) -> Instant {
        self.produced_at
    }
}

/// Accepts `response` for one certificate, by the steps of §3.2, or says why not.
///
/// Of several statuses of the certificate that are timely, a revoked one comes first and a good one last. Whether a
/// delegate is revoked is not looked at: see [`Responder::to_be_checked`].
///
/// # Errors
/// [`OcspRejection`]: no status of the certificate, a responder who may not answer for its issuer, another nonce, a
/// status that is stale.
pub fn accept(
    response: &OcspResponse,
    inputs: &OcspInputs<'_>,
    budget: &mut Budget,
) -> Result<AcceptedStatus, OcspRejection> {
    let statuses = step_1_certificate(response, inputs)?;
    let responder = steps_2_to_4_signer(response, inputs, budget)?;
    nonce(response, inputs)?;
    critical_extensions(response, &statuses)?;
    produced_at(response, inputs)?;
    let single = steps_5_and_6_times(&statuses, inputs)?;
    retained(single, response, inputs)?;
    Ok(AcceptedStatus { single: single.clone(), responder, produced_at: response.produced_at() })
}

/// 1. "The certificate identified in a received response corresponds to the certificate that was identified in the
///    corresponding request."
fn step_1_certificate<'a>(
    response: &'a OcspResponse,
    inputs: &OcspInputs<'_>,
) -> Result<Vec<&'a SingleResponse>, OcspRejection> {
    let is_of = |single: &&SingleResponse| single.cert_id().is_of(inputs.certificate, inputs.issuer.key);
    let statuses: Vec<_> = response.responses().iter().filter(is_of).collect();
    if statuses.is_empty() { Err(OcspRejection::OtherCertificate) } else { Ok(statuses) }
}

/// 2. "The signature on the response is valid."
/// 3. "The identity of the signer matches the intended recipient of the request."
/// 4. "The signer is currently authorized to provide a response for the certificate in question."
fn steps_2_to_4_signer(
    response: &OcspResponse,
    inputs: &OcspInputs<'_>,
    budget: &mut Budget,
) -> Result<Responder, OcspRejection> {
    // Of a response that was signed after the time it is asked about, the signer must be valid when he signed.
    let at = inputs.at.max(response.produced_at());
    Ok(authorize(response, inputs.issuer, at, inputs.algorithms, budget)?)
}

/// §4.4.1: the nonce sent is the nonce received. One that was not sent is of no matter.
fn nonce(response: &OcspResponse, inputs: &OcspInputs<'_>) -> Result<(), OcspRejection> {
    match (inputs.nonce, response.nonce()) {
        (Some(sent), Some(received)) if sent == received => Ok(()),
        (Some(_), Some(_)) => Err(OcspRejection::OtherNonce),
        (Some(_), None) => Err(OcspRejection::NoNonce),
        (None, _) => Ok(()),
    }
}

/// §4.4: a critical extension that is not recognised is a reason to reject.
fn critical_extensions(response: &OcspResponse, statuses: &[&SingleResponse]) -> Result<(), OcspRejection> {
    let of_statuses = statuses.iter().find_map(|single| single.unprocessed_critical_extension());
    match response.unprocessed_critical_extension().or(of_statuses) {
        Some(id) => Err(OcspRejection::CriticalExtension { id: id.clone() }),
        None => Ok(()),
    }
}

/// §2.4: producedAt is the time at which the responder signed. It is not in the future, and not before the certificate
/// was there to be asked about.
fn produced_at(response: &OcspResponse, inputs: &OcspInputs<'_>) -> Result<(), OcspRejection> {
    let produced_at = response.produced_at();
    if produced_at > inputs.known_at {
        return Err(OcspRejection::ProducedInFuture { produced_at, known_at: inputs.known_at });
    }
    let not_before = inputs.certificate.validity().not_before();
    if produced_at < not_before {
        return Err(OcspRejection::ProducedBeforeCertificate { produced_at, not_before });
    }
    Ok(())
}

/// 5. "The time at which the status being indicated is known to be correct (thisUpdate) is sufficiently recent."
/// 6. "When available, the time at or before which newer information will be available about the status of the
///    certificate (nextUpdate) is greater than the current time."
fn steps_5_and_6_times<'a>(
    statuses: &[&'a SingleResponse],
    inputs: &OcspInputs<'_>,
) -> Result<&'a SingleResponse, OcspRejection> {
    let mut untimely = OcspRejection::OtherCertificate;
    let mut worst: Option<&SingleResponse> = None;
    for single in statuses.iter().copied() {
        let timely = inputs.freshness.check(single.this_update(), single.next_update(), inputs.at, inputs.known_at);
        match timely {
            Ok(()) if worst.is_none_or(|worst| severity(single) > severity(worst)) => worst = Some(single),
            Ok(()) => {}
            Err(reason) => untimely = OcspRejection::Untimely(reason),
        }
    }
    worst.ok_or(untimely)
}

/// Revoked over unknown over good.
fn severity(single: &SingleResponse) -> u8 {
    match single.status() {
        CertStatus::Good => 0,
        CertStatus::Unknown => 1,
        CertStatus::Revoked { .. } => 2,
    }
}

/// §4.4.4: of a certificate that expired before the responder signed, `good` says something only when the archive cutoff
/// says that the responder still knows it.
fn retained(single: &SingleResponse, response: &OcspResponse, inputs: &OcspInputs<'_>) -> Result<(), OcspRejection> {
    let not_after = inputs.certificate.validity().not_after();
    let produced_at = response.produced_at().max(single.this_update());
    let is_kept = single.archive_cutoff().is_some_and(|cutoff| cutoff <= not_after);
    if produced_at > not_after && !is_kept && single.status() == CertStatus::Good {
        return Err(OcspRejection::NotRetained { produced_at, not_after });
    }
    Ok(())
}

/// Why a response is not accepted for a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspRejection {
    /// The response says nothing of the certificate.
    #[error("the response is not about this certificate")]
    OtherCertificate,
    /// Nobody who may answer for the issuer has signed.
    #[error("{0}")]
    Responder(#[from] ResponderError),
    /// The response repeats another nonce than the one sent.
    #[error("the response has another nonce than the request")]
    OtherNonce,
    /// A nonce was sent, and the response has none.
    #[error("the response does not repeat the nonce of the request")]
    NoNonce,
    /// A critical extension is not processed.
    #[error("the response has the critical extension {id}, which is not processed")]
    CriticalExtension {
        /// Which.
        id: Oid,
    },
    /// The response says it was signed later than it was at hand.
    #[error("signed {produced_at}, after {known_at}, when it was at hand")]
    ProducedInFuture {
        /// When it says it was signed.
        produced_at: Instant,
        /// When it was at hand.
        known_at: Instant,
    },
    /// The response was signed before the certificate became valid.
    #[error("signed {produced_at}, before the certificate became valid on {not_before}")]
    ProducedBeforeCertificate {
        /// When it was signed.
        produced_at: Instant,
        /// When the certificate became valid.
        not_before: Instant,
    },
    /// The status is not of the time asked about.
    #[error("{0}")]
    Untimely(#[from] Untimely),
    /// The certificate had expired when the response was signed, and nothing says that the responder still knew it.
    #[error(
        "signed {produced_at}, when the certificate had expired on {not_after}, without an archive cutoff that covers it"
    )]
    NotRetained {
        /// When it was signed.
        produced_at: Instant,
        /// When the certificate expired.
        not_after: Instant,
    },
}

impl OcspRejection {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherCertificate => "ocsp-other-certificate",
            Self::Responder(error) => error.code(),
            Self::OtherNonce => "ocsp-other-nonce",
            Self::NoNonce => "ocsp-no-nonce",
            Self::CriticalExtension { .. } => "ocsp-critical-extension",
            Self::ProducedInFuture { .. } => "ocsp-produced-in-future",
            Self::ProducedBeforeCertificate { .. } => "ocsp-produced-before-certificate",
            Self::Untimely(reason) => reason.code(),
            Self::NotRetained { .. } => "ocsp-not-retained",
        }
    }

    /// The limit that was reached.
    pub(in crate::x509) fn exhausted(&self) -> Option<Exhausted> {
        match self {
            Self::Responder(ResponderError::Signature(error) | ResponderError::CertificateSignature(error)) => {
                match error {
                    EvidenceSignatureError::Exhausted(exhausted) => Some(*exhausted),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
