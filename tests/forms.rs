//! The forms of JAdES beside one signature over one payload: data that the signature names, countersignatures, policies
//! and claims of the signer; each as it should be, and altered.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]

use wathiqa::report::{Check, Indication, Outcome, Report, SignatureReport, SubIndication};

#[path = "forms/counter_signed.rs"]
mod counter_signed;
#[path = "forms/created.rs"]
mod created;
#[path = "forms/named.rs"]
mod named;
#[path = "forms/said.rs"]
mod said;
#[path = "support/world.rs"]
mod world;

/// The verdict in words, and the codes of the checks that failed.
fn verdict(signature: &SignatureReport) -> (String, Vec<&'static str>) {
    let word = match signature.sub_indication() {
        Some(sub_indication) => sub_indication.to_string(),
        None => signature.indication().to_string(),
    };
    let failures = signature.checks().iter().filter_map(Check::failure);
    (word, failures.map(|(_, reason)| reason.code()).collect())
}

#[track_caller]
fn refused(report: &Report, sub_indication: SubIndication, codes: &[&str]) {
    let (word, found) = verdict(&report.signatures()[0]);
    assert_eq!((word.as_str(), &found[..]), (sub_indication.to_string().as_str(), codes), "{report}");
    assert_eq!(report.sub_indication(), Some(sub_indication), "{report}");
}

#[track_caller]
fn passed(report: &Report) {
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
}

/// The code of the warning that a check gives.
fn warning(check: &Check) -> Option<&'static str> {
    match check.outcome() {
        Outcome::Warned { reason } => Some(reason.code()),
        _ => None,
    }
}
