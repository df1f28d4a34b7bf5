//! What the outcomes of a round take in memory until they are asked for.

use crate::report::{Report, SignatureReport, TimeStampReport};
use crate::x509::Certificate;
use crate::x509::path::CertificationPath;

/// About how many octets of memory `report` takes; rather too many. A file of a few hundred octets can have a report of a
/// hundred thousand: what many of them take is bounded by this alone.
pub(super) fn octets(report: &Report) -> usize {
    let payload = report.unverified_payload().map_or(0, <[u8]>::len);
    let signatures: usize = report.signatures().iter().map(of_signature).sum();
    payload + signatures + (1 + report.evidence_records().len()) * PART
}

fn of_signature(signature: &SignatureReport) -> usize {
    let time_stamps: usize = signature.time_stamps().iter().map(of_time_stamp).sum();
    let counter_signatures: usize = signature.counter_signatures().iter().map(of_signature).sum();
    let certificate = signature.certificate().map_or(0, of_certificate);
    PART + certificate + of_path(signature.certification_path()) + time_stamps + counter_signatures
}

fn of_time_stamp(time_stamp: &TimeStampReport) -> usize {
    SMALL_PART + of_path(time_stamp.certification_path())
}

fn of_path(path: Option<&CertificationPath>) -> usize {
    path.map_or(0, |path| path.certificates().iter().map(of_certificate).sum())
}

fn of_certificate(certificate: &Certificate) -> usize {
    certificate.as_der().len() * READ
}

/// A document, a signature, an evidence record: each with a dozen checks and their reasons.
const PART: usize = 4 << 10;

/// A time-stamp.
const SMALL_PART: usize = 1 << 10;

/// What a certificate takes when it is read, in lengths of its encoding: 13 at most, where it is nothing but policy mappings.
const READ: usize = 16;
