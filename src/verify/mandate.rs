//! Signing in the name of another entity.
//!
//! A mandate is a signed document of its own, judged as any: signature, time, path, binding of its issuer, register,
//! status. It must have been signed no later than the document, its period must hold the time at which the document is
//! proven to have been signed, and it is not itself given by mandate.

use std::cell::OnceCell;

use serde_json::Value;

use crate::codes::EntityCode;
use crate::document::{Document, Mandate, MandateError};
use crate::report::{Check, Indication, SignatureReport, Step, SubIndication};
use crate::time::Instant;
use crate::validation;
use crate::verify::SignedAs;
use crate::verify::document::{self, Judgement, MandateUse};

/// The mandates at hand for one document: judged when first asked about, each once.
pub(super) struct Mandates<'a> {
    document: &'a Document<Value>,
    judgement: &'a Judgement<'a>,
    judged: OnceCell<Vec<Judged>>,
}

/// A mandate that holds and when it was proven to have been signed; or why it does not.
type Judged = Result<(Mandate, Option<Instant>), (SubIndication, MandateError)>;

impl<'a> Mandates<'a> {
    pub(super) fn new(document: &'a Document<Value>, judgement: &'a Judgement<'a>) -> Self {
        Self { document, judgement, judged: OnceCell::new() }
    }

    /// The check that `signer` could sign the document in the name of its issuer at `at`; `None` without any mandate.
    pub(super) fn check(&self, signer: EntityCode, at: Instant) -> Option<Check> {
        let mut failure = None;
        for judged in self.judged.get_or_init(|| self.judge_all()) {
            match self.covers(judged, signer, at) {
                Ok(()) => return Some(Check::passed(Step::Mandate)),
                Err(found) => failure = failure.or(Some(found)),
            }
        }
        failure.map(|(sub_indication, error)| Check::failed(Step::Mandate, sub_indication, error))
    }

    fn covers(&self, judged: &Judged, signer: EntityCode, at: Instant) -> Result<(), (SubIndication, MandateError)> {
        let (mandate, given) = judged.as_ref().map_err(Clone::clone)?;
        mandate.check(self.document, signer, at).map_err(refuse)?;
        match given.filter(|given| *given > at) {
            Some(given) => Err(refuse(MandateError::GivenLater { given, at })),
            None => Ok(()),
        }
    }

    /// The one that the document carries first.
    fn judge_all(&self) -> Vec<Judged> {
        match self.judgement.mandates {
            MandateUse::Refuse => Vec::new(),
            MandateUse::Accept => {
                let given = self.judgement.evidence.mandates.iter().copied();
                self.document.mandate().into_iter().chain(given).map(|file| judge(file, self.judgement)).collect()
            }
        }
    }
}

fn judge(file: &[u8], judgement: &Judgement<'_>) -> Judged {
    let Judgement { evidence, policy, at, .. } = *judgement;
    let report = validation::validate(file, evidence, policy, at);
    let own = Judgement { mandates: MandateUse::Refuse, ..*judgement };
    let report = document::verify(report, &SignedAs::Document, &own);
    if report.indication() != Indication::TotalPassed {
        // What is not known of the mandate is not known of the document.
        let open = report.sub_indication().filter(|_| report.indication() == Indication::Indeterminate);
        let reason = report.deciding_reason().map(ToString::to_string).unwrap_or_default();
        return Err((open.unwrap_or(SubIndication::NoMandate), MandateError::DoesNotHold { reason }));
    }
    let payload = report.verified_payload().unwrap_or_default();
    let read = Document::<Value>::from_slice_in(payload, policy.coding_scheme(), policy.limits());
    let document = read.map_err(|error| refuse(MandateError::DoesNotHold { reason: error.to_string() }))?;
    let mandate = Mandate::of(&document, policy.coding_scheme()).map_err(refuse)?;
    let given = report.signatures().iter().filter_map(SignatureReport::proven_time).max();
    Ok((mandate, given))
}

fn refuse(error: MandateError) -> (SubIndication, MandateError) {
    (SubIndication::NoMandate, error)
}
