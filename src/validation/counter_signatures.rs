//! Countersignatures (TS 119 182-1 §5.3.2): each is a signature over the value of the one that it stands in, judged by
//! itself, with a report of its own.
//!
//! It is judged with all the evidence around it, and exists since the earliest archive time-stamp that covers its item: so a
//! file keeps its countersignatures as it keeps its signature.
//!
//! A countersignature is held to what any signature is, except that it need have no time-stamp of its own. Its verdict is not
//! part of that of the signature around it: it stands in the unprotected header, where anyone can put a bad one. One that
//! does not hold is a warning there, or what the policy makes of it
//! ([`Constraint::CounterSignatures`](crate::policy::Constraint::CounterSignatures)).

use serde_json::Value;

use crate::budget::{Budget, Limits, Resource};
use crate::encoding::json::MemberTypeError;
use crate::jades::{EtsiU, EtsiUItem, JadesError};
use crate::jws::Jws;
use crate::report::{
    Check, Indication, NotChecked, Reason, SignatureFacts, SignatureParts, SignatureReport, Step, SubIndication,
    ValidationFault,
};
use crate::time::Instant;
use crate::validation::material::Material;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::validation::received::ReadSignature;
use crate::validation::signature::{self, Context, Run, Subject};
use crate::validation::time_stamps::TimeStamps;

impl Run<'_> {
    /// Judges every `cSig` of `etsi_u`, and what that makes of the signature around them.
    pub(super) fn counter_signatures(
        &mut self,
        etsi_u: &EtsiU,
        material: &Material<'_>,
        stamps: &TimeStamps,
        budget: &mut Budget,
    ) -> Vec<SignatureReport> {
        let step = Step::CounterSignatures;
        let items = etsi_u.items().iter().enumerate();
        let items: Vec<(usize, &EtsiUItem)> = items.filter(|(_, item)| item.name() == "cSig").collect();
        if items.is_empty() {
            self.checks.push(Check::not_checked(step, NotChecked::Absent));
            return Vec::new();
        }
        let limits = self.context.policy.limits().of_each(items.len());
        let mut reports = Vec::new();
        for (position, item) in &items {
            if let Err(error) = budget.draw(Resource::CounterSignatures) {
                reports.push(unreadable(error));
                break;
            }
            reports.push(match read(item.value(), &limits) {
                Ok(jws) => {
                    let archived = stamps.earliest_archive_of(*position);
                    let existed_at = self.context.existed_at.into_iter().chain(archived).min();
                    self.counter_signature((&jws, existed_at), material, &stamps.proofs, budget)
                }
                Err(reason) => unreadable(reason),
            });
        }
        let failed = reports.iter().filter(|report| report.indication() != Indication::TotalPassed).count();
        let fault = ValidationFault::CounterSignatures { failed, of: items.len() };
        self.checks.push(match failed {
            0 => Check::passed(step),
            _ => Check::failed(step, SubIndication::SigConstraintsFailure, fault),
        });
        reports
    }

    /// Of which all is proven to have existed at `existed_at`, if at all.
    fn counter_signature(
        &self,
        (jws, existed_at): (&Jws, Option<Instant>),
        material: &Material<'_>,
        proofs: &ProofsOfExistence,
        budget: &mut Budget,
    ) -> SignatureReport {
        let [signature] = jws.signatures() else {
            return unreadable(JadesError::CounterSignatureCount { found: jws.signatures().len() });
        };
        let depth = match self.context.subject {
            Subject::Data => 1,
            Subject::SignatureValue { depth, .. } => depth + 1,
        };
        let limit = self.context.policy.limits().counter_signature_depth;
        if depth > limit {
            return unreadable(JadesError::CounterSignatureDepth { limit });
        }
        let subject = Subject::SignatureValue { value: self.signature.value(), material, proofs, depth };
        let context = Context { jws, existed_at, subject, ..*self.context };
        let read = ReadSignature::read(signature, budget);
        signature::validate(&context, signature, &read, budget)
    }
}

/// A compact form as a string, or a JSON form as an object.
fn read(value: &Value, limits: &Limits) -> Result<Jws, Reason> {
    match value {
        Value::String(compact) => Ok(Jws::from_compact(compact, limits)?),
        Value::Object(json) => Ok(Jws::from_object(json.clone(), limits)?),
        other => Err(JadesError::from(MemberTypeError::new("cSig", "a string or an object", other)).into()),
    }
}

/// The report of what cannot be read as a signature.
fn unreadable(reason: impl Into<Reason>) -> SignatureReport {
    let check = Check::failed(Step::Format, SubIndication::FormatFailure, reason);
    SignatureReport::new(SignatureFacts::default(), None, SignatureParts::default(), vec![check])
}
