//! The number of a document, by the journals given.

use serde_json::Value;

use crate::digest::DigestAlgorithm;
use crate::document::Document;
use crate::journal::JournalFault;
use crate::report::{Check, NotChecked, Report, Step, SubIndication};
use crate::time::Instant;
use crate::validation::Evidence;

/// The journal of the issuer gives the number to this document. `report` is on its signatures, `payload` its octets.
pub(super) fn check(report: &Report, payload: &[u8], document: &Document<Value>, evidence: &Evidence<'_>) -> Check {
    let step = Step::Journal;
    let own = evidence.journals.iter().filter(|journal| journal.issuer() == document.issuer());
    let Some(journal) = own.max_by_key(|journal| journal.time()) else {
        return Check::not_checked(step, NotChecked::NoJournal);
    };
    match journal.check(document.number(), &DigestAlgorithm::Sha256.digest(payload)) {
        Ok(()) => Check::passed(step),
        Err(fault) => Check::failed(step, sub_indication(&fault, journal.time(), report), fault),
    }
}

/// A number that is not there may have been entered after the head, unless the document was signed before it.
fn sub_indication(fault: &JournalFault, head: Instant, report: &Report) -> SubIndication {
    let proven = report.signatures().iter().filter_map(|signature| signature.proven_time()).min();
    match fault {
        JournalFault::Absent { .. } if proven.is_none_or(|proven| proven > head) => SubIndication::TryLater,
        _ => SubIndication::NotInJournal,
    }
}
