mod fixture;
mod steady_period;
mod token_shape;

use std::num::NonZeroUsize;

use proptest::prelude::*;

use self::fixture::Archive;
use super::judge::Desk;
use super::*;
use crate::codes::DocumentKind;
use crate::crypto::KeyDigest;
use crate::register::{Event, Fact, Names, Register, RegisterEditor};
use crate::report::{Indication, Report};
use crate::time::Instant;

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
    fn bulk_equals_single(picks in proptest::collection::vec(any::<prop::sample::Index>(), 0..60), count in 1_usize..5, cache in prop_oneof![Just(0_usize), Just(20_000), Just(1 << 20)]) {
        let archive = fixture::archive();
        let documents: Vec<&[u8]> = picks.iter().map(|pick| pick.get(&archive.documents).as_slice()).collect();
        let bulk = BulkVerifier::new(archive.verifier.clone()).with_threads(threads(count)).with_cache_octets(cache);
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
    assert!((1..=8192).contains(&judged), "{judged}");
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

/// The outcomes for `documents` behind all good ones, which are the precedents.
fn after_precedents(archive: &Archive, bulk: &BulkVerifier, documents: &[Vec<u8>]) -> (Vec<Report>, Counts) {
    let precedents = &archive.documents[..archive.good];
    let outcomes = bulk.verify(precedents.iter().chain(documents), &archive.evidence, archive.at);
    let monitor = outcomes.monitor();
    let reports = outcomes.skip(archive.good).map(|outcome| {
        let straight = outcome.went_straight();
        let report = outcome.into_report();
        assert!(!straight || report.indication() == Indication::TotalPassed, "{report}");
        report
    });
    (reports.collect(), monitor.counts())
}

#[test]
fn what_is_like_a_document_that_passed_goes_straight() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone());
    let good = archive.documents[..archive.good].to_vec();
    let (reports, counts) = after_precedents(archive, &bulk, &good);
    assert!(reports.iter().all(|report| report.indication() == Indication::TotalPassed));
    // Fifteen documents of four signers and a batch: the first of each is looked at alone.
    assert_eq!((counts.passed, counts.straight), (30, 25));
    let forgetful = BulkVerifier::new(archive.verifier.clone()).with_cache_octets(0);
    let (again, counts) = after_precedents(archive, &forgetful, &good);
    assert_eq!((counts.passed, counts.straight), (30, 0));
    assert_eq!(reports, again);
}

/// A register in which every signer of the archive may issue, until the day before it is issued the last that `withdrawn`
/// says may no more.
fn register(archive: &Archive, withdrawn: usize) -> Register {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let (early, late, issued) = (at("2026-01-01T00:00:00Z"), at("2026-03-01T00:00:00Z"), at("2026-03-01T12:00:00Z"));
    let mut editor = RegisterEditor::new();
    let signers = archive.documents[..archive.good].chunks(3).map(|of_signer| &of_signer[0]);
    for (position, file) in signers.enumerate() {
        let report = archive.verifier.verify(file, &archive.evidence, archive.at);
        let key = KeyDigest::of(report.signatures()[0].certificate().unwrap().public_key());
        let entity = report.unverified_document().unwrap().issuer.parse().unwrap();
        let kind = DocumentKind::DECISION;
        let names = Names::new("ar", "وزارة").unwrap();
        let mut record = |from, fact| editor.record(entity, Event::new(from, issued, fact)).unwrap();
        record(early, Fact::Created { names, parent: None });
        record(early, Fact::KeyAdded { key });
        record(early, Fact::KindGranted { kind });
        if position == withdrawn {
            record(late, Fact::KindWithdrawn { kind });
        }
    }
    let issue = editor.issue(issued, at("2026-04-01T00:00:00Z")).unwrap();
    let payload = issue.to_vec();
    Register::new(issue, payload)
}

#[test]
fn the_register_is_asked_about_each_document_that_goes_straight() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone());
    let good = &archive.documents[..archive.good];
    for (withdrawn, passed, straight) in [(usize::MAX, 30, 25), (0, 24, 20), (4, 24, 20)] {
        let register = register(archive, withdrawn);
        let evidence = archive.evidence.clone().with_register(&register);
        let outcomes = bulk.verify(good.iter().chain(good), &evidence, archive.at);
        let monitor = outcomes.monitor();
        for outcome in outcomes {
            let alone = archive.verifier.verify(outcome.document(), &evidence, archive.at);
            assert_eq!(*outcome.report(), alone);
        }
        assert_eq!((monitor.counts().passed, monitor.counts().straight), (passed, straight));
    }
    // A precedent of before is none for a register that says otherwise.
    let (all, none) = (register(archive, usize::MAX), register(archive, 0));
    let judge = |register| {
        let evidence = archive.evidence.clone().with_register(register);
        let counts = bulk.verify(good.iter().chain(good), &evidence, archive.at).map(|outcome| outcome.indication());
        counts.filter(|indication| *indication == Indication::TotalPassed).count()
    };
    assert_eq!((judge(&all), judge(&none)), (30, 24));
}

#[test]
fn a_document_with_an_octet_changed_is_judged_as_alone() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone());
    let good = &archive.documents[0];
    let changed: Vec<Vec<u8>> = (0..good.len()).step_by(61).map(|position| changed(good, position, 0x01)).collect();
    let (reports, _) = after_precedents(archive, &bulk, &changed);
    for (document, report) in changed.iter().zip(reports) {
        assert_eq!(report, archive.verifier.verify(document, &archive.evidence, archive.at));
        assert_ne!(report.indication(), Indication::TotalPassed);
    }
}

/// In every place of a document, of each algorithm: whatever goes straight must pass alone too.
#[test]
fn nothing_goes_straight_that_does_not_pass_alone() {
    let archive = fixture::archive();
    let bulk = BulkVerifier::new(archive.verifier.clone());
    let judge = Judge::new(&bulk, &archive.evidence, archive.at);
    // Every octet of the first and of the file of a batch, every fifth of the other algorithms.
    for (good, step) in archive.documents[..archive.good].chunks(3).map(|of_signer| &of_signer[0]).zip([1, 5, 5, 5, 1])
    {
        assert!(!judge.goes_straight(good), "without a precedent");
        let _outcome = judge.block::<_, ()>(&mut Desk::default(), 0, vec![Ok(good)]);
        assert!(judge.goes_straight(good));
        for (position, octet) in good.iter().enumerate().step_by(step) {
            let mut octets = vec![changed(good, position, 0x01), changed(good, position, 0x20), good.clone()];
            octets[2].remove(position);
            // Other symbols of the alphabet of base64.
            octets.extend(
                [b'A', b'z', b'_']
                    .into_iter()
                    .filter(|other| other != octet)
                    .map(|other| changed(good, position, octet ^ other)),
            );
            for octets in octets {
                if judge.goes_straight(&octets) {
                    let report = archive.verifier.verify(&octets, &archive.evidence, archive.at);
                    assert_eq!(report.indication(), Indication::TotalPassed, "octet {position}: {report}");
                }
            }
        }
    }
}

fn changed(good: &[u8], position: usize, change: u8) -> Vec<u8> {
    let mut octets = good.to_vec();
    octets[position] ^= change;
    octets
}
