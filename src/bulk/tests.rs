mod fixture;

use std::num::NonZeroUsize;

use proptest::prelude::*;

use self::fixture::Archive;
use super::*;
use crate::report::{Indication, Report};

fn threads(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

/// The reports of `documents` in bulk, each beside the position and the document that the outcome says it is of.
fn reports(archive: &Archive, bulk: &BulkVerifier, documents: &[&[u8]]) -> Vec<Report> {
    let outcomes = bulk.verify(documents, &archive.evidence, archive.at);
    let mut reports = Vec::new();
    for (position, outcome) in outcomes.enumerate() {
        assert_eq!(outcome.position(), u64::try_from(position).unwrap());
        assert_eq!(*outcome.document(), &documents[position]);
        assert_eq!(*outcome.report(), archive.verifier.verify(documents[position], &archive.evidence, archive.at));
        let verdict = (outcome.indication(), outcome.sub_indication());
        let report = outcome.into_report();
        assert_eq!((report.indication(), report.sub_indication()), verdict);
        reports.push(report);
    }
    assert_eq!(reports.len(), documents.len());
    reports
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn bulk_equals_single(picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..60), count in 1_usize..5) {
        let archive = fixture::archive();
        let documents: Vec<&[u8]> = picks.iter().map(|pick| pick.get(&archive.documents).as_slice()).collect();
        let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(count));
        reports(archive, &bulk, &documents);
    }
}

#[test]
fn the_archive_has_every_verdict() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(2));
    let documents: Vec<&[u8]> = archive.documents.iter().map(Vec::as_slice).collect();
    let reports = reports(archive, &bulk, &documents);
    let passed = |report: &Report| report.indication() == Indication::TotalPassed;
    assert!(reports[..archive.good].iter().all(passed) && !reports[archive.good..].iter().any(passed));
    for indication in [Indication::TotalPassed, Indication::Indeterminate, Indication::TotalFailed] {
        assert!(reports.iter().filter(|report| report.indication() == indication).count() > 2, "{indication}");
    }
}

#[test]
fn a_verified_document_has_its_body() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone());
    let mut outcomes = bulk.verify(&archive.documents[..1], &archive.evidence, archive.at);
    let verified = outcomes.next().unwrap().into_verified::<serde_json::Value>().unwrap();
    assert_eq!(verified.body()["district"], "الميدان");
    assert!(outcomes.next().is_none());
}

#[test]
fn order_is_kept_over_many_rounds() {
    let archive = fixture::archive();
    let documents: Vec<String> = (0..9000).map(|number| format!("{number}.x")).collect();
    for count in [1, 3] {
        let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(count));
        let mut outcomes = bulk.verify(documents.iter(), &archive.evidence, archive.at);
        let monitor = outcomes.monitor();
        assert_eq!(monitor.counts(), Counts::default());
        for (position, expected) in documents.iter().enumerate() {
            let outcome = outcomes.next().unwrap();
            assert_eq!((outcome.position(), outcome.document()), (u64::try_from(position).unwrap(), &expected));
        }
        assert!(outcomes.next().is_none() && outcomes.next().is_none());
        let octets = u64::try_from(documents.iter().map(String::len).sum::<usize>()).unwrap();
        assert_eq!(monitor.counts(), Counts { documents: 9000, octets, failed: 9000, ..Counts::default() });
    }
}

#[test]
fn a_document_that_does_not_arrive_is_told_in_its_place() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(2));
    let documents = [Ok("a.b"), Err("lost"), Ok("c.d"), Err("gone")];
    let outcomes = bulk.try_verify(documents, &archive.evidence, archive.at);
    let found: Vec<_> =
        outcomes.map(|outcome| outcome.map(|outcome| (outcome.position(), *outcome.document()))).collect();
    assert_eq!(found, [Ok((0, "a.b")), Err("lost"), Ok((2, "c.d")), Err("gone")]);
}

#[test]
fn a_cancelled_run_ends() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(2));
    // Documents without an end: only a cancelled run ends.
    let mut outcomes = bulk.verify(std::iter::repeat("a.b"), &archive.evidence, archive.at);
    let monitor = outcomes.monitor();
    assert_eq!(outcomes.next().unwrap().position(), 0);
    assert!(!monitor.is_cancelled());
    monitor.cancel();
    assert!(outcomes.next().is_none() && monitor.is_cancelled());
    let judged = monitor.counts().documents;
    assert!((1..=4096).contains(&judged), "{judged}");
    assert_eq!(bulk.verify(std::iter::repeat("a.b"), &archive.evidence, archive.at).take(5000).count(), 5000);
}

#[test]
fn what_waits_in_memory_is_bounded() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(2));
    // 1 MiB each: a round holds 64 of them, and what the two threads took at the same time.
    let documents = std::iter::repeat_with(|| vec![b'x'; 1 << 20]);
    let mut outcomes = bulk.verify(documents, &archive.evidence, archive.at);
    assert!(outcomes.next().is_some());
    let judged = outcomes.monitor().counts().documents;
    assert!((64..=66).contains(&judged), "{judged}");
}
