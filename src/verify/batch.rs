//! The document of a batch: from the signature over a manifest to the document that the file holds beside it.

use crate::batch::{self, BatchError, BatchedDocument, Manifest};
use crate::policy::ValidationPolicy;
use crate::report::{Check, NotChecked, Report, Step, SubIndication};

/// Whether every signature of the file says that it is over the manifest of a batch.
pub(super) fn is_signed_as_batch(report: &Report) -> bool {
    let signatures = report.signatures();
    !signatures.is_empty() && signatures.iter().all(|signature| signature.is_over(batch::MEDIA_TYPE))
}

/// Puts the document of `file` in the place of the manifest, once it is proven to be in the batch; else there is no
/// document to look at.
pub(super) fn open(report: Report, file: &[u8], policy: &ValidationPolicy) -> (Report, Option<Manifest>) {
    let manifest = match report.unverified_payload() {
        None => return (without_document(report, &[Step::BatchManifest, Step::BatchInclusion]), None),
        Some(payload) => Manifest::from_slice_in(payload, policy.coding_scheme(), policy.limits()),
    };
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(error) => {
            let failed = Check::failed(Step::BatchManifest, SubIndication::FormatFailure, error);
            return (without_document(report.with_checks([failed]), &[Step::BatchInclusion]), None);
        }
    };
    let report = report.with_checks([Check::passed(Step::BatchManifest)]);
    let batched = BatchedDocument::from_slice(file, policy.limits());
    match batched.and_then(|batched| batched.check(&manifest).map(<[u8]>::to_vec)) {
        Ok(document) => {
            let report = report.with_checks([Check::passed(Step::BatchInclusion)]);
            (report.with_payload(Some(document)), Some(manifest))
        }
        Err(error) => {
            let failed = Check::failed(Step::BatchInclusion, sub_indication(&error), error);
            (without_document(report.with_checks([failed]), &[]), None)
        }
    }
}

/// What a file that does not hold a document of its batch is.
fn sub_indication(error: &BatchError) -> SubIndication {
    match error {
        BatchError::Missing { member: "batched" } => SubIndication::SignedDataNotFound,
        BatchError::Inclusion(_) => SubIndication::HashFailure,
        _ => SubIndication::FormatFailure,
    }
}

fn without_document(report: Report, steps: &[Step]) -> Report {
    let checks: Vec<_> = steps.iter().map(|step| Check::not_checked(*step, NotChecked::EarlierFailure)).collect();
    report.with_checks(checks).with_payload(None)
}
