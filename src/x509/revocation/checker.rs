//! One judgement: which evidence is asked, and which answer counts.

use super::crl_processing::CrlProcessing;
use super::{
    CertificateIssuer, DelegateRevocation, Evidence, LaterRevocation, NotRevoked, RevocationError, RevocationInputs,
    RevocationScope, RevocationStatus, Revoked, Unknown, UnknownReason, UnknownRevocation,
};
use crate::budget::Budget;
use crate::time::Instant;
use crate::x509::Certificate;
use crate::x509::ocsp::{self, AcceptedStatus, CertStatus, OcspInputs, OcspRejection, OcspResponse};

/// What is shared by a judgement and those that it rests on: of the issuers of CRLs, of delegated responders.
pub(super) struct Checker<'b> {
    pub(super) budget: &'b mut Budget,
    /// The certificates being judged, each for the sake of the one before.
    in_progress: Vec<Certificate>,
}

/// An answer of one kind of evidence.
pub(super) enum Answer {
    NotRevoked(Vec<Evidence>),
    Revoked(Revoked),
    /// None; the reasons are noted.
    Nothing,
}

impl Answer {
    /// Revoked over unknown over not revoked.
    fn severity(&self) -> u8 {
        match self {
            Self::NotRevoked(_) => 0,
            Self::Nothing => 1,
            Self::Revoked(_) => 2,
        }
    }
}

impl<'b> Checker<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        Self { budget, in_progress: Vec::new() }
    }

    /// See [`check_path`](super::check_path).
    pub(super) fn path(
        &mut self,
        certificates: &[Certificate],
        inputs: &RevocationInputs<'_>,
    ) -> Result<Vec<RevocationStatus>, RevocationError> {
        let mut statuses = Vec::with_capacity(certificates.len());
        let judged = match inputs.settings.scope {
            RevocationScope::Path => certificates.len(),
            RevocationScope::Leaf => 1,
        };
        // From the anchor down: what a revoked CA says of those below is of no interest.
        for (position, certificate) in certificates.iter().enumerate().take(judged).rev() {
            if inputs.anchor_keys().any(|anchor| anchor.is_of(certificate)) {
                continue;
            }
            let issuer = match certificates.get(position + 1) {
                Some(issuer) => issuer.into(),
                None => inputs.anchor.into(),
            };
            let status = self.status(certificate, issuer, inputs);
            match (&status, inputs.settings.unknown) {
                (RevocationStatus::NotRevoked(_), _) => {}
                // That nobody knows may be let pass; that nobody looked may not.
                (RevocationStatus::Unknown(_), UnknownRevocation::Allow) if status.exhausted().is_none() => {}
                (RevocationStatus::Revoked(_) | RevocationStatus::Unknown(_), _) => {
                    return Err(RevocationError { certificate: certificate.clone(), status: Box::new(status) });
                }
            }
            statuses.push(status);
        }
        statuses.reverse();
        Ok(statuses)
    }

    /// See [`check`](super::check).
    pub(super) fn status(
        &mut self,
        certificate: &Certificate,
        issuer: CertificateIssuer<'_>,
        inputs: &RevocationInputs<'_>,
    ) -> RevocationStatus {
        if self.in_progress.contains(certificate) {
            return RevocationStatus::Unknown(Unknown::new(vec![UnknownReason::Circular]));
        }
        self.in_progress.push(certificate.clone());
        let mut reasons = Vec::new();
        let ocsp = self.by_ocsp(certificate, issuer, inputs, &mut reasons);
        let crls = CrlProcessing::new(self, certificate, issuer, inputs).run(&mut reasons);
        self.in_progress.pop();
        match (ocsp, crls) {
            (Answer::Revoked(one), Answer::Revoked(other)) => {
                RevocationStatus::Revoked(if one.since() <= other.since() { one } else { other })
            }
            (Answer::Revoked(revoked), _) | (_, Answer::Revoked(revoked)) => RevocationStatus::Revoked(revoked),
            // What was not looked at might say revoked.
            _ if reasons.iter().any(|reason| reason.exhausted().is_some()) => {
                RevocationStatus::Unknown(Unknown::new(reasons))
            }
            (Answer::NotRevoked(evidence), _) | (_, Answer::NotRevoked(evidence)) => {
                RevocationStatus::NotRevoked(NotRevoked::new(inputs.at, evidence))
            }
            (Answer::Nothing, Answer::Nothing) => RevocationStatus::Unknown(Unknown::new(reasons)),
        }
    }

    /// Whether `certificate` is the one being judged right now.
    pub(super) fn is_judging(&self, certificate: &Certificate) -> bool {
        self.in_progress.last() == Some(certificate)
    }

    /// What the OCSP responses say: of those accepted the one of the latest time.
    fn by_ocsp(
        &mut self,
        certificate: &Certificate,
        issuer: CertificateIssuer<'_>,
        inputs: &RevocationInputs<'_>,
        reasons: &mut Vec<UnknownReason>,
    ) -> Answer {
        let settings = inputs.settings;
        let mut ocsp_inputs =
            OcspInputs::new(certificate, issuer, inputs.at, &settings.freshness, &settings.algorithms);
        ocsp_inputs.known_at = inputs.known_at;
        let mut latest: Option<(Instant, Answer)> = None;
        for response in inputs.evidence.ocsp_responses() {
            let produced_at = response.produced_at();
            let accepted = match ocsp::accept(response, &ocsp_inputs, self.budget) {
                Ok(accepted) => accepted,
                Err(OcspRejection::OtherCertificate) => continue,
                Err(reason) => {
                    reasons.push(UnknownReason::Ocsp { produced_at, reason });
                    continue;
                }
            };
            if let Err(reason) = self.delegate(&accepted, issuer, inputs) {
                reasons.push(UnknownReason::Delegate { produced_at, reason });
                continue;
            }
            let this_update = accepted.single_response().this_update();
            let answer = answer(&accepted, response, inputs);
            if matches!(answer, Answer::Nothing) {
                reasons.push(UnknownReason::UnknownToResponder { produced_at });
            }
            let is_later = latest
                .as_ref()
                .is_none_or(|(time, latest)| (this_update, answer.severity()) > (*time, latest.severity()));
            if is_later {
                latest = Some((this_update, answer));
            }
        }
        latest.map_or(Answer::Nothing, |(_, answer)| answer)
    }

    /// RFC 6960 §4.2.2.2.1: whether the delegate who signed is revoked, unless his certificate or the policy says that this
    /// is not to be looked at.
    fn delegate(
        &mut self,
        accepted: &AcceptedStatus,
        issuer: CertificateIssuer<'_>,
        inputs: &RevocationInputs<'_>,
    ) -> Result<(), RevocationError> {
        let Some(delegate) = accepted.responder().to_be_checked() else { return Ok(()) };
        if inputs.settings.delegates == DelegateRevocation::Ignore {
            return Ok(());
        }
        // When he signed is his word alone.
        let (at, later) = (inputs.at.max(accepted.produced_at()), LaterRevocation::Count);
        let inputs = RevocationInputs { at, later, ..*inputs };
        match self.status(delegate, issuer, &inputs) {
            RevocationStatus::NotRevoked(_) => Ok(()),
            status => Err(RevocationError { certificate: delegate.clone(), status: Box::new(status) }),
        }
    }
}

/// What an accepted status says of the time asked about.
fn answer(accepted: &AcceptedStatus, response: &OcspResponse, inputs: &RevocationInputs<'_>) -> Answer {
    let single = accepted.single_response();
    let evidence = Evidence::OcspResponse(response.clone());
    match single.status() {
        CertStatus::Good => Answer::NotRevoked(vec![evidence]),
        CertStatus::Unknown => Answer::Nothing,
        CertStatus::Revoked { date, reason } => {
            let revoked = Revoked { date, reason, invalidity_date: single.invalidity_date(), evidence };
            if revoked.leaves(inputs, single.this_update()) {
                return Answer::NotRevoked(vec![revoked.evidence]);
            }
            Answer::Revoked(revoked)
        }
    }
}
