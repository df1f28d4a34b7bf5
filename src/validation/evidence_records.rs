//! Evidence records over the whole file (RFC 4998, EN 319 102-1 §5.6.2.4 proofs of existence).

use crate::budget::Budget;
use crate::ers::{
    ArchiveTimeStampFault, ArchiveTimeStampVerdict, DataObject, DataObjects, EvidenceRecord, RecordFault,
    RecordVerifier, VerificationInputs,
};
use crate::policy::ValidationPolicy;
use crate::report::{ArchiveTimeStampReport, CertificateSummary, Check, EvidenceRecordReport, Step, SubIndication};
use crate::time::Instant;
use crate::validation::{Evidence, time_stamp};

/// Judges every record of `evidence` over `octets`, as of `at`. They have a budget of their own, so that no record takes
/// anything from the signatures.
pub(super) fn validate(
    octets: &[u8],
    evidence: &Evidence<'_>,
    policy: &ValidationPolicy,
    at: Instant,
) -> Vec<EvidenceRecordReport> {
    let mut inputs = VerificationInputs::new(policy.time_stamp_trust_store(), policy.time_stamp_path(), at);
    inputs.pool = &evidence.certificates;
    inputs.evidence = Some(&evidence.revocation);
    inputs.policies = Some(policy.time_stamp_policies()).filter(|policies| !policies.is_empty());
    let mut verifier = RecordVerifier::new(inputs);
    let mut budget = Budget::new(policy.limits());
    evidence.evidence_records.iter().map(|record| one(octets, record, &mut verifier, &mut budget)).collect()
}

/// The earliest time at which a record proves that the file existed.
pub(super) fn earliest(reports: &[EvidenceRecordReport]) -> Option<Instant> {
    reports.iter().filter_map(EvidenceRecordReport::proven_time).min()
}

fn one(octets: &[u8], record: &[u8], verifier: &mut RecordVerifier<'_>, budget: &mut Budget) -> EvidenceRecordReport {
    let step = Step::EvidenceRecord;
    let record = match EvidenceRecord::from_der(record, budget.limits()) {
        Ok(record) => record,
        Err(error) => {
            let check = Check::failed(step, SubIndication::FormatFailure, error);
            return EvidenceRecordReport::new(None, Vec::new(), vec![check]);
        }
    };
    let verdict = verifier.verify(&record, DataObjects::Each(&[DataObject::Octets(octets)]), budget);
    let archive_time_stamps = verdict.archive_time_stamps().iter().map(report).collect();
    match verdict.into_result() {
        Ok(proof) => {
            let proven = Some((proof.time(), proof.renew_before()));
            EvidenceRecordReport::new(proven, archive_time_stamps, vec![Check::passed(step)])
        }
        Err(fault) => {
            let check = Check::failed(step, of_record(&fault), fault);
            EvidenceRecordReport::new(None, archive_time_stamps, vec![check])
        }
    }
}

fn report(verdict: &ArchiveTimeStampVerdict) -> ArchiveTimeStampReport {
    let step = Step::ArchiveTimeStamp;
    let (authority, check) = match &verdict.result {
        Ok(proof) => (proof.path().certificates().first().map(CertificateSummary::of), Check::passed(step)),
        Err(fault) => (None, Check::failed(step, of_archive_time_stamp(fault), fault.clone())),
    };
    ArchiveTimeStampReport::new(verdict.renewal, (verdict.time, verdict.until), authority, vec![check])
}

/// What a record that proves nothing is, in the words of EN 319 102-1.
fn of_record(fault: &RecordFault) -> SubIndication {
    match fault {
        RecordFault::ArchiveTimeStamp { fault, .. } => of_archive_time_stamp(fault),
        _ => SubIndication::SigConstraintsFailure,
    }
}

fn of_archive_time_stamp(fault: &ArchiveTimeStampFault) -> SubIndication {
    match fault {
        ArchiveTimeStampFault::DataObjectNotCovered { .. }
        | ArchiveTimeStampFault::NotOfTheGroup { .. }
        | ArchiveTimeStampFault::TimeStampNotCovered { .. } => SubIndication::HashFailure,
        ArchiveTimeStampFault::Order { .. } => SubIndication::TimestampOrderFailure,
        ArchiveTimeStampFault::Expired { .. } => SubIndication::OutOfBoundsNoPoe,
        ArchiveTimeStampFault::TimeStamp(error) => time_stamp::sub_indication(error, None),
        _ => SubIndication::SigConstraintsFailure,
    }
}
