//! The time-stamps of a signature: what each stands for, whether it holds, and what it proves (EN 319 102-1 §5.4, §5.6.3).
//!
//! Each token covers what stands before it, so they are judged from the last to the first: what the later ones prove
//! decides when the earlier ones are judged.

use crate::budget::{Budget, Exhausted};
use crate::jades::{EtsiU, HeaderParameters, Imprint, Received};
use crate::jws::JwsSignature;
use crate::report::{Check, Reason, SubIndication, TimeStampKind, TimeStampReport, ValidationFault};
use crate::time::Instant;
use crate::tsp::ProofOfExistence;
use crate::validation::material::Material;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::validation::signature::{Context, Subject};
use crate::validation::time_stamp::Judge;
use crate::validation::tokens::{Found, Tokens};
use crate::x509::Certificate;

/// The reports of all time-stamps of a signature, and what they prove together.
pub(super) struct TimeStamps {
    pub(super) reports: Vec<TimeStampReport>,
    /// What is proven to have existed when.
    pub(super) proofs: ProofsOfExistence,
    /// Those that hold, in the order of the file.
    pub(super) valid: Vec<Valid>,
    /// That there are more than are looked at.
    exhausted: Option<Exhausted>,
}

/// A time-stamp that holds.
pub(super) struct Valid {
    /// Its position among the time-stamps of the file, from 0.
    report: usize,
    pub(super) kind: TimeStampKind,
    /// The position in `etsiU` of the item that holds it.
    position: Option<usize>,
    pub(super) proof: ProofOfExistence,
}

impl TimeStamps {
    /// The earliest time at which a valid `sigTst` proves that the signature value existed.
    pub(super) fn earliest_signature_proof(&self) -> Option<Instant> {
        let of_signature = self.valid.iter().filter(|valid| valid.kind == TimeStampKind::Signature);
        of_signature.map(|valid| valid.proof.time()).min()
    }

    /// The earliest time at which a valid `arcTst` proves that the item at `position` of `etsiU` existed.
    pub(super) fn earliest_archive_of(&self, position: usize) -> Option<Instant> {
        let over_it = |valid: &&Valid| valid.kind == TimeStampKind::Archive && valid.position > Some(position);
        self.valid.iter().filter(over_it).map(|valid| valid.proof.time()).min()
    }

    /// The limit that was reached, if not every token was looked at.
    pub(super) fn exhausted(&self) -> Option<Exhausted> {
        self.exhausted
    }

    pub(super) fn has_signature_time_stamp(&self) -> bool {
        self.of(TimeStampKind::Signature).next().is_some()
    }

    /// Why the first time-stamp of `kind` that does not hold does not.
    pub(super) fn first_failure(&self, kind: TimeStampKind) -> Option<&Reason> {
        self.of(kind).flat_map(TimeStampReport::checks).find_map(Check::failure).map(|(_, reason)| reason)
    }

    /// The first time-stamp that is not over what it stands for or that its signer did not make, counted from 1. A
    /// token that is whole and only not trusted is not broken: another may prove what it does not.
    pub(super) fn first_broken(&self) -> Option<(usize, &Reason)> {
        let failures = self.reports.iter().zip(1..).flat_map(|(report, position)| {
            report.checks().iter().filter_map(Check::failure).map(move |failure| (position, failure))
        });
        let mut broken = failures.filter(|(_, (sub_indication, _))| BROKEN.contains(sub_indication));
        broken.next().map(|(position, (_, reason))| (position, reason))
    }

    /// The first pair of time-stamps that hold, of which the one that must be earlier is later, counted from 1.
    pub(super) fn out_of_order(&self) -> Option<ValidationFault> {
        let pairs = self.valid.iter().flat_map(|later| self.valid.iter().map(move |earlier| (earlier, later)));
        let wrong = |(earlier, later): &(&Valid, &Valid)| {
            later.is_after(earlier) && earlier.proof.time() > later.proof.latest()
        };
        let (earlier, later) = pairs.into_iter().find(wrong)?;
        Some(ValidationFault::TimeStampOrder {
            earlier: (earlier.report + 1, earlier.proof.time()),
            later: (later.report + 1, later.proof.time()),
        })
    }

    fn of(&self, kind: TimeStampKind) -> impl Iterator<Item = &TimeStampReport> {
        self.reports.iter().filter(move |report| report.kind() == kind)
    }
}

impl Valid {
    /// Whether the file says that this one was made after `other`: it covers it, or what is only made after it.
    fn is_after(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            (TimeStampKind::Content, _) => false,
            (_, TimeStampKind::Content) => true,
            (TimeStampKind::Archive | TimeStampKind::SignatureAndReferences, _) => other.position < self.position,
            _ => false,
        }
    }
}

/// A signature with its parts, for its time-stamps.
pub(super) struct Stamped<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) signature: &'a JwsSignature,
    pub(super) header: &'a HeaderParameters,
    pub(super) etsi_u: &'a EtsiU,
    pub(super) material: &'a Material<'a>,
    /// What time-stamps over the signed data are over, if it was found.
    pub(super) data: Option<&'a [u8]>,
}

/// Judges every token, the last first.
pub(super) fn validate(subject: &Stamped<'_>, tokens: &Tokens, budget: &mut Budget) -> TimeStamps {
    let received = Received {
        data: subject.data.unwrap_or_default(),
        protected: subject.signature.received_protected(),
        signature: subject.signature.received_signature(),
    };
    let mut proofs = match subject.context.subject {
        Subject::Data => ProofsOfExistence::new(subject.context.at),
        Subject::SignatureValue { proofs, .. } => proofs.clone(),
    };
    if let Some(time) = subject.context.existed_at {
        subject.cover_everything(tokens, time, &mut proofs);
    }
    let (mut reports, mut valid) = (Vec::new(), Vec::new());
    for (report, found) in tokens.found.iter().enumerate().rev() {
        let imprint = subject.imprint(found, received);
        let judge = Judge { context: subject.context, material: subject.material, proofs: &proofs };
        let (judged, proof) = judge.judge(found, imprint.as_ref(), budget);
        reports.push(judged);
        if let Some(proof) = proof {
            subject.cover(found, tokens, proof.time(), &mut proofs);
            valid.push(Valid { report, kind: found.kind, position: found.position, proof });
        }
    }
    reports.reverse();
    valid.reverse();
    TimeStamps { reports, proofs, valid, exhausted: tokens.exhausted }
}

impl<'a> Stamped<'a> {
    /// What the token is over; `None` where this version cannot tell.
    fn imprint(&self, found: &Found, received: Received<'a>) -> Option<Imprint<'a>> {
        match (found.kind, found.position) {
            (TimeStampKind::Content, _) => self.data.map(|_| Imprint::content(received)),
            (TimeStampKind::Signature, _) => Some(Imprint::signature(received)),
            (TimeStampKind::SignatureAndReferences, Some(position)) => {
                Imprint::signature_and_references(received, self.etsi_u, position)
            }
            (TimeStampKind::References, Some(position)) => Imprint::references(self.etsi_u, position),
            (TimeStampKind::Archive, Some(position)) => {
                self.data.and_then(|_| Imprint::archive(received, self.etsi_u, position))
            }
            _ => None,
        }
    }

    /// §5.6.2.3: what a token that holds proves, of what a verdict can rest on. A content time-stamp is older than the
    /// signature, and references are not what they refer to.
    fn cover(&self, found: &Found, tokens: &Tokens, time: Instant, proofs: &mut ProofsOfExistence) {
        let position = match (found.kind, found.position) {
            (TimeStampKind::Signature, _) => return self.cover_signature(tokens, time, proofs),
            (TimeStampKind::Archive | TimeStampKind::SignatureAndReferences, Some(position)) => position,
            _ => return,
        };
        self.cover_signature(tokens, time, proofs);
        let is_covered = |of: &Found| match found.kind {
            TimeStampKind::Archive => of.position.is_some_and(|of| of < position),
            _ => of.kind == TimeStampKind::Signature && of.position.is_some_and(|of| of < position),
        };
        let covered = tokens.found.iter().filter(|of| is_covered(of));
        covered.filter_map(|of| of.token.as_ref().ok()).for_each(|token| {
            proofs.prove(token.as_der(), time);
            token.certificates().iter().for_each(|certificate| proofs.prove(certificate.as_der(), time));
        });
        if found.kind == TimeStampKind::Archive {
            self.material.objects_before(position).for_each(|object| proofs.prove(object, time));
        }
    }

    /// The signature value, and what is signed with it: the protected header with its certificates and tokens.
    fn cover_signature(&self, tokens: &Tokens, time: Instant, proofs: &mut ProofsOfExistence) {
        proofs.prove(self.signature.received_signature().as_bytes(), time);
        self.header.certificates().iter().map(Certificate::as_der).for_each(|object| proofs.prove(object, time));
        let of_header = tokens.found.iter().filter(|found| found.position.is_none());
        of_header.filter_map(|found| found.token.as_ref().ok()).for_each(|token| proofs.prove(token.as_der(), time));
    }

    /// For a proof over the whole file.
    fn cover_everything(&self, tokens: &Tokens, time: Instant, proofs: &mut ProofsOfExistence) {
        self.cover_signature(tokens, time, proofs);
        tokens.readable().for_each(|(_, token)| {
            proofs.prove(token.as_der(), time);
            token.certificates().iter().for_each(|certificate| proofs.prove(certificate.as_der(), time));
        });
        self.material.objects_before(usize::MAX).for_each(|object| proofs.prove(object, time));
    }
}

/// The failures of a token that is not what it is meant to be, whoever made it.
const BROKEN: [SubIndication; 3] =
    [SubIndication::HashFailure, SubIndication::SigCryptoFailure, SubIndication::FormatFailure];
