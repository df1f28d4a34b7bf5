//! The time-stamps of a signature: what each stands for, whether it holds, and what it proves (EN 319 102-1 §5.4).
//!
//! Every token of every kind is read and judged by itself: imprint, then token, certificate and path of its authority.
//! What a token proves about the signature is for the signature time-stamps alone in this version.

use crate::budget::{Budget, Exhausted, Resource};
use crate::cms::CmsError;
use crate::jades::{EtsiU, EtsiUItem, HeaderParameters, Imprint, Received};
use crate::jws::JwsSignature;
use crate::report::{
    CertificateSummary, Check, NotChecked, Reason, Step, SubIndication, TimeStampKind, TimeStampReport,
};
use crate::time::Instant;
use crate::tsp::{self, ProofOfExistence, StampedData, TimeStampError, TimeStampToken, VerificationInputs};
use crate::validation::path;
use crate::validation::signature::Context;
use crate::x509::Certificate;

/// The reports of all time-stamps of a signature, and what they prove together.
pub(super) struct TimeStamps {
    pub(super) reports: Vec<TimeStampReport>,
    /// The earliest time that a valid signature time-stamp proves.
    earliest: Option<Instant>,
    /// That there are more than are looked at.
    exhausted: Option<Exhausted>,
}

impl TimeStamps {
    /// The earliest time at which a valid `sigTst` proves that the signature value existed.
    pub(super) fn earliest_signature_proof(&self) -> Option<Instant> {
        self.earliest
    }

    /// The limit that was reached, if not every token was looked at.
    pub(super) fn exhausted(&self) -> Option<Exhausted> {
        self.exhausted
    }

    pub(super) fn has_signature_time_stamp(&self) -> bool {
        self.of_signature().next().is_some()
    }

    /// Why the first signature time-stamp that does not hold does not.
    pub(super) fn first_signature_failure(&self) -> Option<&Reason> {
        self.of_signature().flat_map(TimeStampReport::checks).find_map(Check::failure).map(|(_, reason)| reason)
    }

    /// The first time-stamp that is not over what it stands for or that its signer did not make, counted from 1. A
    /// token that is whole and only not trusted is not broken: another may prove what it does not.
    pub(super) fn first_broken(&self) -> Option<(usize, &Reason)> {
        self.reports.iter().enumerate().find_map(|(position, report)| {
            let mut failures = report.checks().iter().filter_map(Check::failure);
            let broken = failures.find(|(sub_indication, _)| BROKEN.contains(sub_indication));
            broken.map(|(_, reason)| (position + 1, reason))
        })
    }

    fn of_signature(&self) -> impl Iterator<Item = &TimeStampReport> {
        self.reports.iter().filter(|report| report.kind() == TimeStampKind::Signature)
    }
}

/// Judges the tokens of `adoTst`, then those of `etsiU` in order. `data` is what time-stamps over the signed data are over,
/// if it was found.
pub(super) fn validate(
    context: &Context<'_>,
    signature: &JwsSignature,
    header: &HeaderParameters,
    etsi_u: &EtsiU,
    data: Option<&[u8]>,
    pool: &[Certificate],
    budget: &mut Budget,
) -> TimeStamps {
    let received = Received {
        data: data.unwrap_or_default(),
        protected: signature.received_protected(),
        signature: signature.received_signature(),
    };
    let stamps = TimeStamps { reports: Vec::new(), earliest: None, exhausted: None };
    let mut run = Run { context, pool, budget, stamps };
    for token in header.content_time_stamps() {
        let imprint = data.is_some().then(|| Imprint::content(received));
        run.token(TimeStampKind::Content, token, imprint.as_ref());
    }
    for (position, item) in etsi_u.items().iter().enumerate() {
        let (kind, imprint) = match item.name() {
            "sigTst" => (TimeStampKind::Signature, Some(Imprint::signature(received))),
            "sigRTst" => {
                (TimeStampKind::SignatureAndReferences, Imprint::signature_and_references(received, etsi_u, position))
            }
            "rfsTst" => (TimeStampKind::References, Imprint::references(etsi_u, position)),
            "arcTst" => {
                let imprint = data.and_then(|_| Imprint::archive(received, etsi_u, position));
                (TimeStampKind::Archive, imprint)
            }
            _ => continue,
        };
        run.item(kind, item, imprint.as_ref());
    }
    run.stamps
}

struct Run<'a, 'b> {
    context: &'a Context<'a>,
    pool: &'a [Certificate],
    budget: &'b mut Budget,
    stamps: TimeStamps,
}

impl Run<'_, '_> {
    /// Every token of one `etsiU` item. An unreadable container is a report of its own: nothing is passed over.
    fn item(&mut self, kind: TimeStampKind, item: &EtsiUItem, imprint: Option<&Imprint<'_>>) {
        match item.time_stamp_tokens() {
            Ok(tokens) => tokens.iter().for_each(|token| self.token(kind, token, imprint)),
            Err(error) => self.unreadable(kind, error),
        }
    }

    fn unreadable(&mut self, kind: TimeStampKind, error: impl Into<Reason>) {
        let checks = vec![
            Check::failed(Step::TimeStampToken, SubIndication::FormatFailure, error),
            Check::not_checked(Step::TimeStampImprint, NotChecked::EarlierFailure),
        ];
        self.stamps.reports.push(TimeStampReport::new(kind, None, None, checks));
    }

    /// One token: its imprint, then everything else about it.
    fn token(&mut self, kind: TimeStampKind, der: &[u8], imprint: Option<&Imprint<'_>>) {
        if let Err(error) = self.budget.draw(Resource::TimeStamps) {
            self.stamps.exhausted = Some(error);
            return;
        }
        let token = match TimeStampToken::from_der(der, self.context.policy.limits()) {
            Ok(token) => token,
            Err(error) => return self.unreadable(kind, error),
        };
        let Some(imprint) = imprint else { return self.without_imprint(kind, &token) };
        // Once: the octets may be all of the file, and each token makes them be read again.
        let digest = imprint.digest(token.unverified_tst_info().message_imprint().algorithm());
        let data = StampedData::Digest(&digest);
        let mut checks = vec![match token.check_imprint(data) {
            Ok(()) => Check::passed(Step::TimeStampImprint),
            Err(error) => Check::failed(Step::TimeStampImprint, SubIndication::HashFailure, error),
        }];
        let mut authority = None;
        match self.verify(&token, data) {
            Ok(proof) => {
                authority = proof.path().certificates().first().map(CertificateSummary::of);
                checks.push(Check::passed(Step::TimeStampToken));
                self.prove(kind, &proof);
            }
            Err(TimeStampError::MessageImprint { .. }) => checks.push(self.whole(&token)),
            Err(error) => {
                let sub_indication = sub_indication(&error);
                checks.push(Check::failed(Step::TimeStampToken, sub_indication, error));
            }
        }
        let time = Some(token.unverified_tst_info().gen_time());
        self.stamps.reports.push(TimeStampReport::new(kind, time, authority, checks));
    }

    /// A token whose imprint this version cannot compute: it proves nothing, and is still looked at.
    fn without_imprint(&mut self, kind: TimeStampKind, token: &TimeStampToken) {
        let checks = vec![Check::not_checked(Step::TimeStampImprint, NotChecked::NotProcessed), self.whole(token)];
        let time = Some(token.unverified_tst_info().gen_time());
        self.stamps.reports.push(TimeStampReport::new(kind, time, None, checks));
    }

    /// Whether the token is what its signer made, for one that proves nothing here.
    fn whole(&self, token: &TimeStampToken) -> Check {
        match token.verify_signature(self.pool, &self.context.settings.time_stamp_path.algorithms) {
            Ok(_) => Check::not_checked(Step::TimeStampToken, NotChecked::EarlierFailure),
            Err(error) => {
                let sub_indication = sub_indication(&error);
                Check::failed(Step::TimeStampToken, sub_indication, error)
            }
        }
    }

    fn verify(&mut self, token: &TimeStampToken, data: StampedData<'_>) -> Result<ProofOfExistence, TimeStampError> {
        let policy = self.context.policy;
        let (trust_store, settings) = (policy.time_stamp_trust_store(), &self.context.settings.time_stamp_path);
        let mut inputs = VerificationInputs::new(data, trust_store, settings, self.context.at);
        inputs.pool = self.pool;
        inputs.evidence = Some(&self.context.evidence.revocation);
        inputs.existed_at = self.context.existed_at;
        inputs.policies = Some(policy.time_stamp_policies()).filter(|policies| !policies.is_empty());
        self.budget.start_path();
        tsp::verify(token, &inputs, self.budget)
    }

    fn prove(&mut self, kind: TimeStampKind, proof: &ProofOfExistence) {
        if kind == TimeStampKind::Signature {
            let earliest = self.stamps.earliest.map_or(proof.time(), |earliest| earliest.min(proof.time()));
            self.stamps.earliest = Some(earliest);
        }
    }
}

/// What a token that does not hold is, in the words of §5.4.
pub(super) fn sub_indication(error: &TimeStampError) -> SubIndication {
    match error {
        TimeStampError::MessageImprint { .. } => SubIndication::HashFailure,
        TimeStampError::Cms(CmsError::Constraint(_)) => SubIndication::CryptoConstraintsFailureNoPoe,
        TimeStampError::Cms(CmsError::Signature(error)) if error.is_unsupported() => {
            SubIndication::CryptoConstraintsFailureNoPoe
        }
        TimeStampError::Cms(CmsError::SignerNotFound) => SubIndication::NoSigningCertificateFound,
        TimeStampError::Cms(CmsError::Signature(_)) => SubIndication::SigCryptoFailure,
        TimeStampError::Cms(CmsError::MessageDigest { .. }) => SubIndication::HashFailure,
        TimeStampError::Cms(_) | TimeStampError::ContentType { .. } | TimeStampError::TstInfo(_) => {
            SubIndication::FormatFailure
        }
        TimeStampError::Constraint(_) => SubIndication::CryptoConstraintsFailureNoPoe,
        TimeStampError::Path(error) => path::of_any(error),
        _ => SubIndication::SigConstraintsFailure,
    }
}

/// The failures of a token that is not what it is meant to be, whoever made it.
const BROKEN: [SubIndication; 3] =
    [SubIndication::HashFailure, SubIndication::SigCryptoFailure, SubIndication::FormatFailure];
