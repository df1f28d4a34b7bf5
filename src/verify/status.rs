//! The status of a document, by the lists given.

use serde_json::Value;

use crate::document::Document;
use crate::policy::ValidationPolicy;
use crate::report::{Check, NotChecked, Step, SubIndication};
use crate::status::{MissingStatusList, StatusError};
use crate::time::Instant;
use crate::validation::Evidence;

/// Step 5: the list that the document names does not say, at the time of validation, that it was withdrawn.
pub(super) fn check(
    document: &Document<Value>,
    evidence: &Evidence<'_>,
    policy: &ValidationPolicy,
    at: Instant,
) -> Check {
    let step = Step::Status;
    let Some(reference) = document.status() else { return Check::not_checked(step, NotChecked::Absent) };
    let judgement = evidence.judge_status((reference.uri(), reference.index()), document.issuer(), policy.status(), at);
    match judgement {
        Ok(()) => Check::passed(step),
        Err(StatusError::NoList { .. }) if policy.status().missing == MissingStatusList::Allow => {
            Check::not_checked(step, NotChecked::NoStatusList)
        }
        Err(error) => Check::failed(step, sub_indication(&error), error),
    }
}

/// What is known is final; what is not known may be told by another list.
fn sub_indication(error: &StatusError) -> SubIndication {
    match error {
        StatusError::Revoked { .. } => SubIndication::DocumentRevoked,
        StatusError::Suspended { .. } => SubIndication::DocumentSuspended,
        StatusError::Superseded { .. } => SubIndication::DocumentSuperseded,
        StatusError::Stale { .. } => SubIndication::TryLater,
        StatusError::NoList { .. }
        | StatusError::ListOfAnotherIssuer { .. }
        | StatusError::OutOfRange { .. }
        | StatusError::NotKnown { .. }
        | StatusError::SinceUnknown { .. } => SubIndication::StatusUnknown,
    }
}
