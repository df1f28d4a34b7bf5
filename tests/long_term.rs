//! Documents that prove themselves decades later, by given times: augmentation to B-LT and B-LTA, renewal, and validation
//! with long-term data (EN 319 102-1 §5.6). Three PKIs follow one another: of 2025, 2034 and 2043. Certificates of signers
//! end after 2 years, of CAs and time-stamping authorities after 10, roots after 20.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber};
use wathiqa::crypto::{AlgorithmConstraints, AlgorithmRow, JwsAlgorithm, ListedAlgorithm};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::Document;
use wathiqa::encoding::base64::{decode_url, encode_standard, encode_url};
use wathiqa::issue::Issuer;
use wathiqa::jades::BaselineLevel;
use wathiqa::pki::{DemonstrationPki, EntityName, IssuedKey, RevokedCertificate};
use wathiqa::policy::{Constraint, ConstraintLevel, Constraints, RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, NotChecked, Outcome, Report, Step, SubIndication};
use wathiqa::sign::augment::{AugmentError, Augmented, Augmenter, Fetched, SourceError, ValidationDataSource, Wanted};
use wathiqa::sign::{self, Serialization, SignatureParameters, SignedFile};
use wathiqa::time::Instant;
use wathiqa::tsp::{SerialNumber, TimeStampRequest, request_token};
use wathiqa::validation::{Evidence, validate};
use wathiqa::verify::Verifier;
use wathiqa::x509::TrustStore;
use wathiqa::x509::crl::RevocationReason;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::RevocationEvidence;

/// The PKIs, and a signer of the first.
struct World {
    pkis: [DemonstrationPki; 3],
    signer: IssuedKey,
}

const SIGNED: &str = "2025-03-01T09:30:00Z";
const STAMPED: &str = "2025-03-01T09:30:05Z";
const ARCHIVED: &str = "2025-03-02T08:00:00Z";
const RENEWED: &str = "2034-06-02T08:00:00Z";
const RENEWED_AGAIN: &str = "2043-06-02T08:00:00Z";

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

impl World {
    fn new(algorithm: JwsAlgorithm) -> Self {
        let pkis =
            [SIGNED, "2034-06-01T00:00:00Z", "2043-06-01T00:00:00Z"].map(|now| DemonstrationPki::new(at(now)).unwrap());
        let entity = "1234567889".parse().unwrap();
        let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم").unwrap();
        let signer = pkis[0].issue_signer(&name, algorithm).unwrap();
        Self { pkis, signer }
    }

    /// Who verifies decades later trusts the roots of all three.
    fn policy(&self) -> ValidationPolicy {
        let anchors = |of: fn(&DemonstrationPki) -> TrustStore| -> TrustStore {
            self.pkis.iter().flat_map(|pki| of(pki).anchors().to_vec()).collect()
        };
        let (signers, stamps) =
            (anchors(DemonstrationPki::trust_store), anchors(DemonstrationPki::time_stamp_trust_store));
        ValidationPolicy::new(signers, stamps, RevocationPolicy::default())
    }

    /// The CRLs of the first `pkis` PKIs, issued at `this_update`.
    fn crls(&self, pkis: usize, this_update: &str, revoked: &[RevokedCertificate<'_>]) -> RevocationEvidence {
        let of = |pki: &DemonstrationPki| pki.revocation_evidence(at(this_update), revoked).unwrap().crls().to_vec();
        RevocationEvidence::new(self.pkis.iter().take(pkis).flat_map(of).collect(), Vec::new())
    }

    fn evidence(&self, pkis: usize, this_update: &str) -> Evidence<'static> {
        Evidence::none().with_revocation(self.crls(pkis, this_update, &[]))
    }

    fn b_b(&self) -> Vec<u8> {
        let key = &self.signer.key;
        let algorithm = wathiqa::crypto::Signer::algorithm(key);
        let parameters = SignatureParameters::new(algorithm, self.signer.chain.clone(), at(SIGNED)).unwrap();
        sign::sign(b"{\"decree\":1}", parameters.with_content_type("application/json"), key).unwrap().to_vec()
    }

    /// `file` brought to `level` at `time`, with the time-stamps of PKI `pki`.
    fn augment(
        &self,
        file: &[u8],
        level: BaselineLevel,
        (pki, time): (usize, &str),
        evidence: &Evidence<'_>,
    ) -> Result<Augmented, AugmentError> {
        let stamp = || (at(time), SerialNumber::from(9));
        let transport = self.pkis[pki].time_stamp_authority().transport(stamp);
        Augmenter::new(&self.policy(), transport).augment(file, level, evidence, at(time))
    }

    fn b_t(&self) -> Vec<u8> {
        let evidence = self.evidence(1, STAMPED);
        self.augment(&self.b_b(), BaselineLevel::BT, (0, STAMPED), &evidence).unwrap().octets
    }

    fn b_lta(&self) -> Vec<u8> {
        let evidence = self.evidence(1, "2025-03-02T00:00:00Z");
        self.augment(&self.b_t(), BaselineLevel::BLta, (0, ARCHIVED), &evidence).unwrap().octets
    }

    /// Renewed in 2034 by the second authority.
    fn renewed(&self) -> Vec<u8> {
        let evidence = self.evidence(2, "2034-06-02T00:00:00Z");
        self.augment(&self.b_lta(), BaselineLevel::BLta, (1, RENEWED), &evidence).unwrap().octets
    }

    /// The verdict with the file and the roots alone.
    fn alone(&self, file: &[u8], time: &str) -> Report {
        validate(file, &Evidence::none(), &self.policy(), at(time))
    }

    fn at_level(&self, file: &[u8], level: RequiredLevel, time: &str) -> Report {
        validate(file, &Evidence::none(), &self.policy().with_level(level), at(time))
    }

    /// A token over `octets` of PKI `pki` at `time`, as an item.
    fn item(&self, name: &str, octets: &[u8], (pki, time): (usize, &str)) -> String {
        let request = TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(octets));
        let transport = self.pkis[pki].time_stamp_authority().transport(|| (at(time), SerialNumber::from(3)));
        let token = request_token(&transport, &request, &Default::default()).unwrap();
        encoded(&json!({name: {"tstTokens": [{"val": encode_standard(token.as_der())}]}}))
    }

    /// An archive time-stamp over all of `file`, whatever else may be wrong.
    fn archived(&self, file: &[u8], by: (usize, &str)) -> Vec<u8> {
        let mut file: Value = serde_json::from_slice(file).unwrap();
        let text = |name: &str| file[name].as_str().unwrap().to_owned();
        let items = items(&file).concat();
        let over = format!("{}.{}.{}.{items}", text("payload"), text("protected"), text("signature"));
        let item = self.item("arcTst", over.as_bytes(), by);
        file["header"]["etsiU"].as_array_mut().unwrap().push(Value::from(item));
        serde_json::to_vec(&file).unwrap()
    }
}

fn encoded(item: &Value) -> String {
    encode_url(item.to_string().as_bytes())
}

fn items(file: &Value) -> Vec<String> {
    file["header"]["etsiU"].as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The names of the items, in order.
fn names(file: &[u8]) -> Vec<String> {
    let read = |item: String| serde_json::from_slice::<Value>(&decode_url(&item).unwrap()).unwrap();
    let name = |item: Value| item.as_object().unwrap().keys().next().unwrap().clone();
    items(&serde_json::from_slice(file).unwrap()).into_iter().map(read).map(name).collect()
}

/// `file` with its items changed.
fn with_items(file: &[u8], change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(file).unwrap();
    change(file["header"]["etsiU"].as_array_mut().unwrap());
    serde_json::to_vec(&file).unwrap()
}

#[track_caller]
fn passes(report: &Report) {
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
}

/// Verdict, and the codes of all reasons, those of time-stamps too.
#[track_caller]
fn refused(report: &Report, sub_indication: SubIndication, code: &str) {
    assert_eq!(report.sub_indication(), Some(sub_indication), "{report}");
    let stamps = report.signatures().iter().flat_map(|signature| signature.time_stamps());
    let of_stamps = stamps.flat_map(|stamp| stamp.checks()).filter_map(|check| check.failure());
    let codes: Vec<&str> =
        report.failures().map(|reason| reason.code()).chain(of_stamps.map(|(_, reason)| reason.code())).collect();
    assert!(codes.contains(&code), "{code} is not in {codes:?}\n{report}");
}

#[test]
fn a_document_goes_through_the_levels_and_outlives_everyone() {
    let world = World::new(JwsAlgorithm::Es256);
    let b_t = world.b_t();
    assert_eq!(names(&b_t), ["sigTst"]);
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let b_lt = world.augment(&b_t, BaselineLevel::BLt, (0, ARCHIVED), &evidence).unwrap();
    assert_eq!(names(&b_lt.octets), ["sigTst", "xVals", "rVals", "tstVD"]);
    passes(&world.at_level(&b_lt.octets, RequiredLevel::BLt, "2027-01-01T00:00:00Z"));

    // The signature, its time-stamp and the archive rest on the authority until 2035; the signer ended in 2027.
    let b_lta = world.augment(&b_lt.octets, BaselineLevel::BLta, (0, ARCHIVED), &evidence).unwrap();
    assert_eq!(names(&b_lta.octets), ["sigTst", "xVals", "rVals", "tstVD", "arcTst"]);
    assert_eq!(b_lta.renewal_due, at("2035-02-26T09:30:00Z"));
    let report = world.at_level(&b_lta.octets, RequiredLevel::BLta, "2035-02-26T09:30:00Z");
    passes(&report);
    let [signature] = report.signatures() else { panic!("{report}") };
    assert_eq!((signature.level(), signature.proven_time()), (Some(BaselineLevel::BLta), Some(at(STAMPED))));
    assert_eq!(signature.renewal_due(), Some(b_lta.renewal_due));
    for step in [Step::LongTermData, Step::TimeStampOrder, Step::BaselineLevel, Step::Revocation] {
        assert_eq!(*report.check(step).unwrap().outcome(), Outcome::Passed, "{step}: {report}");
    }
    refused(
        &world.alone(&b_lta.octets, "2035-02-26T09:30:01Z"),
        SubIndication::SigConstraintsFailure,
        "authority-expired",
    );

    // Renewed in time, by another authority, and again.
    let evidence = world.evidence(2, "2034-06-02T00:00:00Z");
    let renewed = world.augment(&b_lta.octets, BaselineLevel::BLta, (1, RENEWED), &evidence).unwrap();
    assert_eq!(names(&renewed.octets)[5..], ["tstVD", "anyValData", "arcTst"], "{:?}", names(&renewed.octets));
    passes(&world.at_level(&renewed.octets, RequiredLevel::BT, "2044-01-01T00:00:00Z"));
    let evidence = world.evidence(3, "2043-06-02T00:00:00Z");
    let again = world.augment(&renewed.octets, BaselineLevel::BLta, (2, RENEWED_AGAIN), &evidence).unwrap();
    assert_eq!(names(&again.octets).iter().filter(|name| *name == "arcTst").count(), 3);
    let report =
        validate(&again.octets, &evidence, &world.policy().with_level(RequiredLevel::BLta), at("2053-01-01T00:00:00Z"));
    passes(&report);
    let signature = &report.signatures()[0];
    assert_eq!(signature.proven_time(), Some(at(STAMPED)));
    assert_eq!(signature.time_stamps().len(), 4);
    // What was there is there still, octet for octet, and in its order.
    let (before, after) = (String::from_utf8(b_t).unwrap(), String::from_utf8(again.octets).unwrap());
    let (head, tail) = before.split_at(before.find("]}").unwrap());
    assert!(after.starts_with(head) && after.ends_with(tail));
}

#[test]
fn a_signer_that_is_revoked_later_leaves_what_was_proven() {
    let world = World::new(JwsAlgorithm::Es256);
    let revoked = RevokedCertificate::for_reason(
        &world.signer.chain[0],
        at("2026-06-01T00:00:00Z"),
        RevocationReason::KeyCompromise,
    );
    let evidence = Evidence::none().with_revocation(world.crls(1, "2026-07-01T00:00:00Z", &[revoked]));
    passes(&validate(&world.b_lta(), &evidence, &world.policy(), at("2026-07-02T00:00:00Z")));
    let policy = world.policy().with_level(RequiredLevel::BB);
    let report = validate(&world.b_b(), &evidence, &policy, at("2026-07-02T00:00:00Z"));
    refused(&report, SubIndication::RevokedNoPoe, "revoked");
    let error = world.augment(&world.b_b(), BaselineLevel::BT, (0, "2026-07-02T00:00:00Z"), &evidence).unwrap_err();
    assert_eq!(error.code(), "augment-does-not-hold");
    let text = error.to_string();
    assert!(text.starts_with("augmenting: the signature does not hold: certificate CN=ختم"), "{text}");
    assert!(text.ends_with("revoked 2026-06-01T00:00:00Z (keyCompromise)"), "{text}");
}

#[test]
fn an_authority_that_loses_its_key_takes_what_was_not_renewed_before() {
    let world = World::new(JwsAlgorithm::Es256);
    let (b_lta, renewed) = (world.b_lta(), world.renewed());
    let judged = |file: &[u8], since: &str, reason| {
        let authority = world.pkis[0].time_stamp_authority().certificate();
        let revoked = RevokedCertificate::for_reason(authority, at(since), reason);
        let crls = world.crls(2, "2034-08-01T00:00:00Z", &[revoked]);
        validate(file, &Evidence::none().with_revocation(crls), &world.policy(), at("2034-08-02T00:00:00Z"))
    };
    let (before, after) = ("2034-06-01T00:00:00Z", "2034-07-01T00:00:00Z");
    // Whoever has the key makes tokens of any time, but none that a later token covers.
    refused(&judged(&b_lta, after, RevocationReason::KeyCompromise), SubIndication::SigConstraintsFailure, "revoked");
    passes(&judged(&renewed, after, RevocationReason::KeyCompromise));
    refused(
        &judged(&renewed, before, RevocationReason::KeyCompromise),
        SubIndication::SigConstraintsFailure,
        "revoked",
    );
    // Who was merely superseded kept the key.
    passes(&judged(&b_lta, after, RevocationReason::Superseded));
}

#[test]
fn a_ca_that_loses_its_key_takes_what_was_not_proven_before() {
    let world = World::new(JwsAlgorithm::Es256);
    let since = at("2026-01-01T00:00:00Z");
    let revoked = RevokedCertificate::for_reason(world.pkis[0].ministry_ca(), since, RevocationReason::CaCompromise);
    let crls = world.crls(1, "2026-02-01T00:00:00Z", &[revoked]);
    let now = at("2026-02-02T00:00:00Z");
    // Its list of 2025 was archived in 2025; one that turns up in 2026 may have been made by anybody.
    let evidence = Evidence::none().with_revocation(crls.clone());
    passes(&validate(&world.b_lta(), &evidence, &world.policy(), now));
    let report = validate(&world.b_t(), &evidence, &world.policy(), now);
    refused(&report, SubIndication::RevokedCaNoPoe, "existence-not-proven");
    let reason = report.failures().next().unwrap().to_string();
    assert!(reason.ends_with("or one above, was revoked 2026-01-01T00:00:00Z"), "{reason}");
}

#[test]
fn an_algorithm_that_ended_leaves_what_is_proven_to_be_older() {
    let world = World::new(JwsAlgorithm::EdDsa);
    let ended = |end: &str| {
        let row = AlgorithmRow::new(ListedAlgorithm::Ed25519, 0).until(at(end));
        world.policy().with_algorithms(AlgorithmConstraints::default().without(ListedAlgorithm::Ed25519).with(row))
    };
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let now = at("2026-01-01T00:00:00Z");
    passes(&validate(&world.b_t(), &evidence, &ended("2025-06-01T00:00:00Z"), now));
    passes(&validate(&world.b_t(), &evidence, &ended("2025-03-01T09:30:06Z"), now));
    let policy = ended("2025-03-01T09:30:05Z");
    let late = validate(&world.b_t(), &evidence, &policy, now);
    refused(&late, SubIndication::CryptoConstraintsFailureNoPoe, "algorithm-ended");
    let unproven = validate(&world.b_b(), &evidence, &ended("2025-06-01T00:00:00Z").with_level(RequiredLevel::BB), now);
    refused(&unproven, SubIndication::CryptoConstraintsFailureNoPoe, "algorithm-ended");
    // A certificate that is younger than the end of its algorithm: no proof can help.
    let hopeless = validate(&world.b_t(), &evidence, &ended("2025-02-01T00:00:00Z"), now);
    refused(&hopeless, SubIndication::CryptoConstraintsFailure, "algorithm-ended");

    // Of the authority's own algorithm: each time-stamp must be covered before the end by one of another algorithm.
    let row = AlgorithmRow::new(ListedAlgorithm::Ecdsa, 256).until(at("2030-01-01T00:00:00Z"));
    let constraints = AlgorithmConstraints::default().without(ListedAlgorithm::Ecdsa).with(row);
    let policy = world.policy().with_algorithms(constraints);
    let report = validate(&world.b_lta(), &Evidence::none(), &policy, at("2029-12-31T23:59:59Z"));
    passes(&report);
    assert_eq!(report.signatures()[0].renewal_due(), Some(at("2030-01-01T00:00:00Z")));
    let report = validate(&world.b_lta(), &Evidence::none(), &policy, at("2030-01-01T00:00:00Z"));
    refused(&report, SubIndication::SigConstraintsFailure, "algorithm-ended");
}

#[test]
fn a_chain_that_breaks_in_the_middle_is_said_where() {
    let world = World::new(JwsAlgorithm::Es256);
    // Renewed a year after the first authority ended: nothing proves the archive time-stamp of 2025.
    let late = world.archived(&world.b_lta(), (1, "2036-03-01T00:00:00Z"));
    let evidence = world.evidence(2, "2036-03-01T00:00:00Z");
    let report = validate(&late, &evidence, &world.policy(), at("2036-03-02T00:00:00Z"));
    refused(&report, SubIndication::SigConstraintsFailure, "authority-expired");
    let [first, second, third] = report.signatures()[0].time_stamps() else { panic!("{report}") };
    assert_eq!(first.sub_indication(), Some(SubIndication::OutOfBoundsNoPoe));
    assert_eq!(second.sub_indication(), Some(SubIndication::OutOfBoundsNoPoe));
    assert_eq!(third.indication(), Indication::TotalPassed);
    let reason = second.checks().iter().find_map(|check| check.failure()).unwrap().1.to_string();
    assert_eq!(
        reason,
        "time-stamp: the authority's certificate CN=Demonstration Time-stamp Authority,O=Demonstration,C=SY expired \
         2035-02-26T09:30:00Z, the token is proven to have existed at 2036-03-01T00:00:00Z only"
    );
    // An archive time-stamp in the middle that is over something else breaks all, however good those around it are.
    let renewed = world.renewed();
    let other = world.item("arcTst", b"something else", (0, ARCHIVED));
    let broken = with_items(&renewed, |items| items[4] = Value::from(other));
    refused(&world.alone(&broken, "2040-01-01T00:00:00Z"), SubIndication::SigConstraintsFailure, "broken-time-stamp");
}

#[test]
fn items_that_were_moved_copied_or_lost_break_the_archive() {
    let world = World::new(JwsAlgorithm::Es256);
    let file = world.b_lta();
    // With all evidence at hand, so that nothing is wrong but the archive.
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let now = at("2026-01-01T00:00:00Z");
    let judged = |change: fn(&mut Vec<Value>)| validate(&with_items(&file, change), &evidence, &world.policy(), now);
    passes(&judged(|_| ()));
    let changes: [fn(&mut Vec<Value>); 5] = [
        |items| items.swap(1, 2),
        |items| items.swap(0, 1),
        |items| drop(items.remove(2)),
        |items| items.insert(1, items[0].clone()),
        |items| items.push(items[4].clone()),
    ];
    for change in changes {
        refused(&judged(change), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    }
    // A signature time-stamp that is said to be an archive time-stamp.
    let copied = judged(|items| {
        let token = String::from_utf8(decode_url(items[0].as_str().unwrap()).unwrap()).unwrap();
        items.push(Value::from(encode_url(token.replace("sigTst", "arcTst").as_bytes())));
    });
    refused(&copied, SubIndication::SigConstraintsFailure, "broken-time-stamp");
    // What comes behind the last archive time-stamp is covered by none, and hurts nothing.
    passes(&judged(|items| items.push(items[1].clone())));
}

/// The countersignature of the first signature of `file`, by another of the entity, on the day of the archive.
fn countersigned(world: &World, file: &[u8]) -> Vec<u8> {
    let name = "1234567889".parse().unwrap();
    let name = EntityName::new(name, &CodingScheme::default(), "SY", "وزارة العدل", "مصادقة").unwrap();
    let signer = world.pkis[0].issue_signer(&name, JwsAlgorithm::Es256).unwrap();
    let file = SignedFile::parse(file, &Limits::default()).unwrap();
    let parameters = SignatureParameters::new(JwsAlgorithm::Es256, signer.chain, at("2025-03-02T07:00:00Z")).unwrap();
    let counter = sign::sign_content(&file.signature_value(&[0]).unwrap(), parameters, &signer.key).unwrap();
    file.with_counter_signature(&[0], &counter).unwrap().to_vec()
}

#[test]
fn a_countersignature_lasts_as_long_as_the_archive_that_covers_it() {
    let world = World::new(JwsAlgorithm::Es256);
    let every = Constraints::default().with(Constraint::CounterSignatures, ConstraintLevel::Fail);
    let policy = world.policy().with_constraints(every);
    let alone = |file: &[u8], time| validate(file, &Evidence::none(), &policy, at(time));
    let countersigned_b_t = countersigned(&world, &world.b_t());
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let file = world.augment(&countersigned_b_t, BaselineLevel::BLta, (0, ARCHIVED), &evidence).unwrap().octets;
    assert_eq!(names(&file), ["sigTst", "cSig", "xVals", "rVals", "tstVD", "arcTst"]);
    // With the revocation data of the file; then when its signer's certificate has ended; then when that of the CA has.
    let late = world.augment(&file, BaselineLevel::BLta, (1, RENEWED), &world.evidence(2, "2034-06-02T00:00:00Z"));
    let late = late.unwrap().octets;
    for (file, time) in
        [(&file, "2025-03-02T09:00:00Z"), (&file, "2030-01-01T00:00:00Z"), (&late, "2040-01-01T00:00:00Z")]
    {
        let report = alone(file, time);
        passes(&report);
        let [counter] = report.signatures()[0].counter_signatures() else { panic!("{report}") };
        assert_eq!((counter.indication(), counter.proven_time()), (Indication::TotalPassed, Some(at(ARCHIVED))));
    }
    // Revoked since: after it was archived, and before.
    let revoked = |file: &[u8], since| {
        let report = validate(file, &Evidence::none(), &policy, at("2025-03-02T09:00:00Z"));
        let certificate =
            report.signatures()[0].counter_signatures()[0].certification_path().unwrap().certificates()[0].clone();
        let entry = [RevokedCertificate::for_reason(&certificate, at(since), RevocationReason::KeyCompromise)];
        let evidence = Evidence::none().with_revocation(world.crls(1, "2026-01-01T00:00:00Z", &entry));
        validate(file, &evidence, &policy, at("2026-01-02T00:00:00Z"))
    };
    passes(&revoked(&file, "2025-06-01T00:00:00Z"));
    let report = revoked(&file, "2025-03-02T07:30:00Z");
    assert_eq!(report.signatures()[0].counter_signatures()[0].sub_indication(), Some(SubIndication::Revoked));

    // Nothing covers it: without the archive time-stamp, and behind it.
    let expired = |file: &[u8]| {
        let report = alone(file, "2030-01-01T00:00:00Z");
        refused(&report, SubIndication::SigConstraintsFailure, "counter-signatures");
        let [counter] = report.signatures()[0].counter_signatures() else { panic!("{report}") };
        assert_eq!(counter.proven_time(), None);
        assert_eq!(counter.sub_indication(), Some(SubIndication::OutOfBoundsNoPoe), "{report}");
    };
    expired(&with_items(&file, |items| drop(items.pop())));
    expired(&countersigned(&world, &world.b_lta()));
    // A time-stamp over the signature alone proves nothing of what stands behind it.
    expired(&with_items(&file, |items| items[5] = items[0].clone()));
}

#[test]
fn validation_data_that_is_unreadable_or_of_others_is_not_passed_over() {
    let (world, other) = (World::new(JwsAlgorithm::Es256), World::new(JwsAlgorithm::Es256));
    let b_lt = |world: &World| {
        let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
        world.augment(&world.b_t(), BaselineLevel::BLt, (0, ARCHIVED), &evidence).unwrap().octets
    };
    let (file, others) = (b_lt(&world), items(&serde_json::from_slice(&b_lt(&other)).unwrap()));
    let judged = |file: &[u8]| world.at_level(file, RequiredLevel::BLt, "2025-04-01T00:00:00Z");
    passes(&judged(&file));
    let foreign = with_items(&file, |items| items[2] = Value::from(others[2].clone()));
    refused(&judged(&foreign), SubIndication::TryLater, "revocation-unknown");
    let unreadable = encoded(&json!({"rVals": {"crlVals": [{"val": "MAA="}]}}));
    let broken = with_items(&file, |items| items.push(Value::from(unreadable)));
    let report = judged(&broken);
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure), "{report}");
    assert!(report.failures().next().unwrap().to_string().starts_with("header: \"crlVals\" entry 0: "), "{report}");

    // Good data from elsewhere makes a signature hold, and not B-LT.
    let lacking = with_items(&file, |items| drop(items.remove(2)));
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let policy = world.policy().with_level(RequiredLevel::BLt);
    let report = validate(&lacking, &evidence, &policy, at("2025-03-20T00:00:00Z"));
    refused(&report, SubIndication::SigConstraintsFailure, "not-self-contained");
    passes(&validate(&lacking, &evidence, &world.policy(), at("2025-03-20T00:00:00Z")));
}

#[test]
fn levels_are_what_the_structure_shows() {
    let world = World::new(JwsAlgorithm::Es256);
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let judged =
        |file: &[u8], level| validate(file, &evidence, &world.policy().with_level(level), at("2025-03-03T00:00:00Z"));
    let b_t = world.b_t();
    let report = judged(&b_t, RequiredLevel::BLt);
    refused(&report, SubIndication::SigConstraintsFailure, "level-not-reached");
    assert_eq!(
        report.failures().next().unwrap().to_string(),
        "baseline level: the policy asks for B-LT, the signature shows B-T"
    );
    refused(&judged(&b_t, RequiredLevel::BLta), SubIndication::SigConstraintsFailure, "level-not-reached");
    // §6.3: one token in each sigTst. Two good ones prove the time, and are not B-T.
    let two = with_items(&b_t, |items| {
        let mut item: Value = serde_json::from_slice(&decode_url(items[0].as_str().unwrap()).unwrap()).unwrap();
        let tokens = item["sigTst"]["tstTokens"].as_array_mut().unwrap();
        tokens.push(tokens[0].clone());
        items[0] = Value::from(encoded(&item));
    });
    let report = judged(&two, RequiredLevel::BT);
    refused(&report, SubIndication::SigConstraintsFailure, "level-not-reached");
    assert_eq!(report.signatures()[0].level(), Some(BaselineLevel::BB));
    passes(&judged(&two, RequiredLevel::BB));
}

#[test]
fn references_are_said_not_to_be_processed_and_their_time_stamps_are_judged() {
    let world = World::new(JwsAlgorithm::Es256);
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let judged = |file: &[u8]| validate(file, &evidence, &world.policy(), at("2025-03-03T00:00:00Z"));
    let with_references = with_items(&world.b_t(), |items| {
        items.push(Value::from(encoded(&json!({"xRefs": []}))));
    });
    let file: Value = serde_json::from_slice(&with_references).unwrap();
    let items = items(&file);
    let over = format!("{}.{}", file["signature"].as_str().unwrap(), items.concat());
    let of_signature = world.item("sigRTst", over.as_bytes(), (0, ARCHIVED));
    let of_references = world.item("rfsTst", items[1].as_bytes(), (0, ARCHIVED));
    let stamped = with_items(&with_references, |items| {
        items.extend([of_signature.clone(), of_references.clone()].map(Value::from));
    });
    for file in [&with_references, &stamped] {
        let report = judged(file);
        passes(&report);
        let outcome = report.signatures()[0].checks().iter().find(|check| check.step() == Step::LongTermData);
        assert_eq!(outcome.unwrap().outcome(), &Outcome::NotChecked(NotChecked::NotProcessed), "{report}");
    }
    let report = judged(&stamped);
    let stamps = report.signatures()[0].time_stamps();
    assert_eq!(stamps.len(), 3, "{report}");
    assert!(stamps.iter().all(|stamp| stamp.indication() == Indication::TotalPassed), "{report}");
    // Over other references than those that are there.
    let other = encoded(&json!({"xRefs": [{}]}));
    let altered = with_items(&stamped, |items| items[1] = Value::from(other));
    refused(&judged(&altered), SubIndication::SigConstraintsFailure, "broken-time-stamp");
}

#[test]
fn time_stamps_out_of_order_or_from_the_future_are_said() {
    let world = World::new(JwsAlgorithm::Es256);
    let evidence = world.evidence(1, "2025-03-01T00:00:00Z");
    let error = world.augment(&world.b_t(), BaselineLevel::BLta, (0, "2025-03-01T09:30:04Z"), &evidence).unwrap_err();
    // At that time the signature time-stamp was to come.
    let AugmentError::DoesNotHold(report) = error else { panic!("{error}") };
    refused(&report, SubIndication::SigConstraintsFailure, "time-stamp-from-the-future");
    let backdated = world.archived(&world.b_t(), (0, "2025-03-01T09:30:04Z"));
    let report = validate(&backdated, &evidence, &world.policy(), at("2025-03-02T00:00:00Z"));
    refused(&report, SubIndication::TimestampOrderFailure, "time-stamp-order");
    let order = report.check(Step::TimeStampOrder).unwrap().failure().unwrap().1.to_string();
    assert_eq!(order, "time-stamp 2 of 2025-03-01T09:30:04Z covers or follows time-stamp 1 of 2025-03-01T09:30:05Z");
}

#[test]
fn what_is_stamped_before_signing_is_older_than_the_signature() {
    let world = World::new(JwsAlgorithm::Es256);
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let judged = |of_content: &str| {
        let content = sign::Content::attached(b"{}");
        let request = TimeStampRequest::new(&content.time_stamp_imprint(DigestAlgorithm::Sha256));
        let transport = world.pkis[0].time_stamp_authority().transport(|| (at(of_content), SerialNumber::from(2)));
        let token = request_token(&transport, &request, &Default::default()).unwrap();
        let content = content.with_time_stamp(&token).unwrap();
        let parameters = SignatureParameters::new(JwsAlgorithm::Es256, world.signer.chain.clone(), at(SIGNED)).unwrap();
        let signed = sign::sign_content(&content, parameters, &world.signer.key).unwrap();
        let token = TimeStampRequest::new(&signed.time_stamp_imprint(DigestAlgorithm::Sha256));
        let transport = world.pkis[0].time_stamp_authority().transport(|| (at(STAMPED), SerialNumber::from(3)));
        let token = request_token(&transport, &token, &Default::default()).unwrap();
        let file = signed.with_signature_time_stamp(&token).unwrap().to_vec();
        validate(&file, &evidence, &world.policy(), at("2025-03-03T00:00:00Z"))
    };
    passes(&judged("2025-03-01T09:29:00Z"));
    passes(&judged(STAMPED));
    refused(&judged("2025-03-01T09:30:06Z"), SubIndication::TimestampOrderFailure, "time-stamp-order");
}

#[test]
fn augmentation_refuses_what_would_not_last() {
    let world = World::new(JwsAlgorithm::Es256);
    let evidence = world.evidence(1, "2025-03-02T00:00:00Z");
    let refusal =
        |file: &[u8], level| world.augment(file, level, (0, ARCHIVED), &evidence).map(drop).unwrap_err().to_string();
    let (b_t, b_lta) = (world.b_t(), world.b_lta());
    assert_eq!(refusal(&b_t, BaselineLevel::BT), "augmenting: the signature is B-T, asked for B-T");
    assert_eq!(refusal(&b_lta, BaselineLevel::BLt), "augmenting: the signature is B-LTA, asked for B-LT");
    assert_eq!(refusal(&world.b_b(), BaselineLevel::BB), "augmenting: the signature is B-B, asked for B-B");
    let clear = with_items(&b_t, |items| {
        items[0] = serde_json::from_slice(&decode_url(items[0].as_str().unwrap()).unwrap()).unwrap();
    });
    assert_eq!(
        refusal(&clear, BaselineLevel::BLta),
        "augmenting: the items of \"etsiU\" are in clear, base64url strings are expected"
    );
    let mixed = with_items(&b_t, |items| items.push(json!({"xVals": []})));
    assert_eq!(
        refusal(&mixed, BaselineLevel::BLta),
        "augmenting: etsiU item 1: an object, the items before are a string"
    );
    let parameters = SignatureParameters::new(JwsAlgorithm::Es256, world.signer.chain.clone(), at(SIGNED)).unwrap();
    let compact = sign::sign(b"x", parameters.with_serialization(Serialization::Compact), &world.signer.key).unwrap();
    assert_eq!(
        refusal(&compact.to_vec(), BaselineLevel::BT),
        "augmenting: a compact serialization cannot hold more than B-B, use flattened JSON"
    );
    let mut altered: Value = serde_json::from_slice(&b_t).unwrap();
    altered["payload"] = Value::from("e30");
    let altered = refusal(&serde_json::to_vec(&altered).unwrap(), BaselineLevel::BLta);
    assert_eq!(altered, "augmenting: the signature does not hold: signature: does not fit the message and the key");
    // Of another PKI, which is not trusted here.
    let untrusted = refusal(&World::new(JwsAlgorithm::Es256).b_t(), BaselineLevel::BLta);
    assert!(untrusted.starts_with("augmenting: "), "{untrusted}");
    // Nothing is left to say for a signer that has expired without a time-stamp.
    let late = world.augment(&world.b_b(), BaselineLevel::BT, (0, "2028-01-01T00:00:00Z"), &evidence).unwrap_err();
    assert_eq!(late.code(), "augment-does-not-hold");
}

#[test]
fn an_issuer_issues_at_the_level_asked_for() {
    let world = World::new(JwsAlgorithm::Es256);
    let number = DocumentNumber::new("1234567889".parse().unwrap(), DocumentKind::DECISION, 2025, 1).unwrap();
    let document = Document::builder(number, at(SIGNED)).language("ar-SY").title("قرار").build(json!({})).unwrap();
    let stamp = || (at(STAMPED), SerialNumber::from(1));
    let transport = world.pkis[0].time_stamp_authority().transport(stamp);
    let issuer = Issuer::new(&world.signer.key, world.signer.chain.clone(), transport).unwrap();
    let (policy, evidence) = (world.policy(), world.evidence(1, SIGNED));
    let issue = |level, evidence: &Evidence<'_>| issuer.issue_at(&document, level, (&policy, evidence), at(SIGNED));
    for (level, last) in [(BaselineLevel::BT, "sigTst"), (BaselineLevel::BLt, "tstVD"), (BaselineLevel::BLta, "arcTst")]
    {
        let file = issue(level, &evidence).unwrap();
        assert_eq!(names(&file).last().map(String::as_str), Some(last));
        let required = if level == BaselineLevel::BT { RequiredLevel::BT } else { RequiredLevel::BLt };
        let report = Verifier::new(policy.clone().with_level(required)).verify(&file, &evidence, at(ARCHIVED));
        passes(&report);
        assert_eq!(report.signatures()[0].level(), Some(level));
    }
    let error = issue(BaselineLevel::BLt, &Evidence::none()).unwrap_err();
    assert_eq!(error.code(), "augment-missing");
}

#[test]
fn what_is_missing_is_named_or_fetched() {
    /// Has all there is, and remembers nothing.
    #[derive(Debug)]
    struct Directory(RevocationEvidence);
    impl ValidationDataSource for Directory {
        fn fetch(&self, wanted: &Wanted) -> Result<Fetched, SourceError> {
            let Wanted::RevocationOf(certificate, _) = wanted else { return Err(SourceError::new("no such shelf")) };
            let mut fetched = Fetched::default();
            fetched.crls = self.0.crls_of(certificate.issuer()).cloned().collect();
            Ok(fetched)
        }
    }
    let world = World::new(JwsAlgorithm::Es256);
    let b_t = world.b_t();
    let error = world.augment(&b_t, BaselineLevel::BLta, (0, ARCHIVED), &Evidence::none()).unwrap_err();
    assert!(matches!(&error, AugmentError::Missing(Wanted::RevocationOf(..))), "{error}");
    assert_eq!(
        error.to_string(),
        "augmenting: certificate CN=Demonstration Time-stamp Authority,O=Demonstration,C=SY: revocation unknown: no CRL and no \
         OCSP response is about it"
    );
    let stamp = || (at(ARCHIVED), SerialNumber::from(9));
    let policy = world.policy();
    let augmenter = || Augmenter::new(&policy, world.pkis[0].time_stamp_authority().transport(stamp));
    let full = Directory(world.crls(1, "2025-03-02T00:00:00Z", &[]));
    let augmented = augmenter().with_source(&full).augment(&b_t, BaselineLevel::BLta, &Evidence::none(), at(ARCHIVED));
    passes(&world.at_level(&augmented.unwrap().octets, RequiredLevel::BLta, "2030-01-01T00:00:00Z"));
    let empty = Directory(RevocationEvidence::default());
    let error = augmenter().with_source(&empty).augment(&b_t, BaselineLevel::BLta, &Evidence::none(), at(ARCHIVED));
    assert_eq!(error.unwrap_err().code(), "augment-missing");
}
