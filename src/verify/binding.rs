//! The binding of a document to an entity: certificate = issuer = number.
//!
//! A signature says which key signed; the binding says that the key is the issuer's. Each equality is a check of its
//! own with a reason of its own, so that ministry A signing with its valid key "from" ministry B is seen as just that.

use serde_json::Value;

use crate::batch::Manifest;
use crate::codes::EntityCode;
use crate::document::{Document, Inconsistency};
use crate::policy::ValidationPolicy;
use crate::report::{Check, NotChecked, Report, Step, SubIndication, ValidationFault};
use crate::verify::SignedAs;
use crate::verify::authority::{self, Signed};
use crate::verify::document::Judgement;
use crate::verify::mandate::Mandates;
use crate::x509::entity::entity_code;
use crate::x509::{BasicConstraints, Certificate};

/// Step 4: entity in every signing certificate, entity and kind in the number; key and authority in a register.
pub(super) fn checks(
    report: &Report,
    signed: &SignedAs,
    document: &Document<Value>,
    judgement: &Judgement<'_>,
) -> Vec<Check> {
    let Judgement { evidence, policy, at, .. } = *judgement;
    let mut checks = Vec::new();
    if let SignedAs::InBatch(Some(manifest)) = signed {
        checks.push(issuer_of_batch(manifest, document));
    }
    let mandates = Mandates::new(document, judgement);
    let mut signers = Vec::new();
    for signature in report.signatures() {
        let Some(certificate) = signature.certificate() else {
            checks.push(Check::not_checked(Step::EntityOfCertificate, NotChecked::EarlierFailure));
            continue;
        };
        let at = signature.proven_time().unwrap_or(at);
        let entity = entity_code(certificate, policy.coding_scheme());
        let other = entity.ok().filter(|entity| *entity != document.issuer() && !is_ca(certificate));
        let mandate = other.and_then(|signer| mandates.check(signer, at));
        let signer = other.filter(|_| mandate.is_some()).unwrap_or(document.issuer());
        match mandate {
            None => checks.push(entity_of_certificate(certificate, document.issuer(), policy)),
            Some(check) => {
                checks.push(Check::not_checked(Step::EntityOfCertificate, NotChecked::Mandated));
                checks.push(check);
            }
        }
        signers.push(Signed { document, certificate, signer, at });
    }
    checks.extend(number_of_document(document));
    checks.extend(report.signatures().iter().filter_map(|signature| authority::anchor_scope(signature, document)));
    match authority::register_in_use(evidence.register, policy.register(), at) {
        Err(unasked) => checks.extend(unasked),
        Ok(_) if signers.is_empty() => checks.extend(authority::without_certificate()),
        Ok(register) => checks.extend(signers.into_iter().flat_map(|signed| authority::checks(register, signed))),
    }
    checks
}

fn is_ca(certificate: &Certificate) -> bool {
    certificate.basic_constraints().is_some_and(BasicConstraints::is_ca)
}

fn issuer_of_batch(manifest: &Manifest, document: &Document<Value>) -> Check {
    let (batch, issuer) = (manifest.issuer(), document.issuer());
    if batch == issuer {
        return Check::passed(Step::IssuerOfBatch);
    }
    let fault = ValidationFault::BatchOfAnotherEntity { batch, issuer };
    Check::failed(Step::IssuerOfBatch, SubIndication::EntityMismatch, fault)
}

/// The entity in `certificate` is `issuer`.
pub(super) fn entity_of_certificate(certificate: &Certificate, issuer: EntityCode, policy: &ValidationPolicy) -> Check {
    let (step, mismatch) = (Step::EntityOfCertificate, SubIndication::EntityMismatch);
    if is_ca(certificate) {
        let fault = ValidationFault::CaCertificate { subject: certificate.subject().to_string() };
        return Check::failed(step, SubIndication::ChainConstraintsFailure, fault);
    }
    match entity_code(certificate, policy.coding_scheme()) {
        Ok(certificate) if certificate == issuer => Check::passed(step),
        Ok(certificate) => {
            Check::failed(step, mismatch, ValidationFault::CertificateOfAnotherEntity { certificate, issuer })
        }
        Err(error) => Check::failed(step, mismatch, error),
    }
}

/// Entity, kind and year in the number are those of the document.
fn number_of_document(document: &Document<Value>) -> Vec<Check> {
    let inconsistencies = document.inconsistencies();
    if inconsistencies.is_empty() {
        return vec![Check::passed(Step::NumberOfDocument)];
    }
    let failed = |inconsistency| {
        let sub_indication = match inconsistency {
            Inconsistency::Issuer { .. } => SubIndication::EntityMismatch,
            _ => SubIndication::NumberMismatch,
        };
        Check::failed(Step::NumberOfDocument, sub_indication, inconsistency)
    };
    inconsistencies.into_iter().map(failed).collect()
}
