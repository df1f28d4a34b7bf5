//! What the long-term data of a signature comes to (EN 319 102-1 §5.6.3), once its parts were judged.

use crate::jades::{BaselineLevel, EtsiU};
use crate::policy::RequiredLevel;
use crate::report::{Check, NotChecked, Reason, Step, SubIndication, TimeStampKind, ValidationFault};
use crate::time::Instant;
use crate::validation::signature::Context;
use crate::validation::time_stamps::TimeStamps;

/// Everything that was added after the signature time-stamp is whole, and holds as far as anything was rested on it.
pub(super) fn long_term_data(etsi_u: &EtsiU, stamps: &TimeStamps) -> Check {
    let step = Step::LongTermData;
    if let Some((position, reason)) = stamps.first_broken() {
        let fault = ValidationFault::BrokenTimeStamp { position, reason: reason.to_string() };
        return Check::failed(step, SubIndication::SigConstraintsFailure, fault);
    }
    let has = |names: &[&str]| etsi_u.items().iter().any(|item| names.contains(&item.name()));
    let in_clear = etsi_u.items().iter().any(|item| item.name() == "arcTst" && item.received().is_none());
    if !has(LONG_TERM) {
        Check::not_checked(step, NotChecked::Absent)
    } else if in_clear || has(NOT_PROCESSED) {
        Check::not_checked(step, NotChecked::NotProcessed)
    } else if stamps.first_failure(TimeStampKind::Archive).is_some() {
        // Whole and not trusted: nothing rests on it, and something else may have proven what it does not.
        Check::not_checked(step, NotChecked::EarlierFailure)
    } else {
        Check::passed(step)
    }
}

/// Time-stamps that hold were made in the order of what they cover; `None` where there is nothing to compare.
pub(super) fn order(stamps: &TimeStamps) -> Option<Check> {
    if stamps.valid.len() < 2 {
        return None;
    }
    Some(match stamps.out_of_order() {
        None => Check::passed(Step::TimeStampOrder),
        Some(fault) => Check::failed(Step::TimeStampOrder, SubIndication::TimestampOrderFailure, fault),
    })
}

/// The level that the policy asks for is shown, and what it promises is kept. `alone` is why the signature does not hold by
/// the data in the file alone. `None` where a check before this one says it: up to B-T.
pub(super) fn level(
    context: &Context<'_>,
    found: Option<BaselineLevel>,
    stamps: &TimeStamps,
    alone: impl FnOnce() -> Option<Reason>,
) -> Option<Check> {
    let step = Step::BaselineLevel;
    let fail = |fault| Some(Check::failed(step, SubIndication::SigConstraintsFailure, fault));
    let required = context.level();
    let Some(found) = found else {
        // The header does not keep B-B, which has failed already.
        return (required > RequiredLevel::BT).then(|| Check::not_checked(step, NotChecked::EarlierFailure));
    };
    if found < required.baseline() {
        // Without any signature time-stamp, that check says so.
        let said = required == RequiredLevel::BT && !stamps.has_signature_time_stamp();
        return if said {
            None
        } else {
            fail(ValidationFault::LevelNotReached { required: required.baseline(), found })
        };
    }
    if required <= RequiredLevel::BT {
        return None;
    }
    if let Some(reason) = alone() {
        return fail(ValidationFault::NotSelfContained { reason: reason.to_string() });
    }
    match stamps.first_failure(TimeStampKind::Archive) {
        Some(reason) if required == RequiredLevel::BLta => {
            fail(ValidationFault::ArchiveTimeStampFails { reason: reason.to_string() })
        }
        _ => Some(Check::passed(step)),
    }
}

/// When the signature must be time-stamped again at the latest: when the first of the certificates of its last time-stamp
/// expires, or of the algorithms that it rests on. `None` without a time-stamp that holds.
pub(super) fn renewal_due(context: &Context<'_>, stamps: &TimeStamps) -> Option<Instant> {
    let of_signature = |kind| matches!(kind, TimeStampKind::Archive | TimeStampKind::Signature);
    let last = stamps.valid.iter().rev().find(|valid| of_signature(valid.kind))?;
    let algorithms = &context.policy.time_stamp_path().algorithms;
    Some(last.proof.good_until(algorithms))
}

/// The `etsiU` items of levels beyond B-T.
const LONG_TERM: &[&str] = &[
    "xVals",
    "rVals",
    "axVals",
    "arVals",
    "tstVD",
    "anyValData",
    "arcTst",
    "xRefs",
    "rRefs",
    "axRefs",
    "arRefs",
    "sigRTst",
    "rfsTst",
];

/// Those that are not looked at: references stand for values that are elsewhere.
const NOT_PROCESSED: &[&str] = &["axVals", "arVals", "xRefs", "rRefs", "axRefs", "arRefs"];
