//! Countersignatures: `cSig`.

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::encoding::base64::decode_url;
use wathiqa::policy::{Constraint, ConstraintLevel, Constraints, RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, Report, SignatureReport, Step, SubIndication};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

use crate::world::{ENTITY, NOW, Party, World, at, compact, entity, octets, with_clear_items, with_item};
use crate::{passed, refused, verdict, warning};

/// How a countersignature stands in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Compact,
    CompactDetached,
    Flattened,
    FlattenedDetached,
}

const FORMS: [Form; 4] = [Form::Compact, Form::CompactDetached, Form::Flattened, Form::FlattenedDetached];

impl Form {
    fn write(self, mut file: Value) -> Value {
        if matches!(self, Self::CompactDetached | Self::FlattenedDetached) {
            file["payload"] = "".into();
        }
        match self {
            Self::Compact | Self::CompactDetached => String::from_utf8(compact(&file)).unwrap().into(),
            Self::Flattened => file,
            Self::FlattenedDetached => {
                file.as_object_mut().unwrap().remove("payload");
                file
            }
        }
    }
}

/// The supervisor's signature over the value of `file`, flattened and attached.
fn over(world: &World, party: &Party, file: &Value) -> Value {
    let value = decode_url(file["signature"].as_str().unwrap()).unwrap();
    world.draft_by(&party.certificate, value).with("cty", None).sign(party)
}

fn supervisor(world: &World) -> Party {
    world.ministry.issue(entity(ENTITY))
}

fn policy(world: &World) -> ValidationPolicy {
    world.policy().with_level(RequiredLevel::BB)
}

/// Every countersignature must hold.
fn required() -> Constraints {
    Constraints::default().with(Constraint::CounterSignatures, ConstraintLevel::Fail)
}

fn judge(policy: ValidationPolicy, file: &Value) -> Report {
    Verifier::new(policy).verify(&octets(file), &Evidence::none(), at(NOW))
}

/// The only countersignature, which does not hold for this reason; the signature around it passes and warns.
#[track_caller]
fn apart<'a>(report: &'a Report, sub_indication: SubIndication, codes: &[&str]) -> &'a SignatureReport {
    passed(report);
    let [counter] = report.signatures()[0].counter_signatures() else { panic!("one: {report}") };
    let (word, found) = verdict(counter);
    assert_eq!((word.as_str(), &found[..]), (sub_indication.to_string().as_str(), codes), "{report}");
    assert_eq!(warning(report.check(Step::CounterSignatures).unwrap()), Some("counter-signatures"), "{report}");
    counter
}

#[test]
fn every_form_is_judged_by_itself() {
    let world = World::new();
    let supervisor = supervisor(&world);
    for form in FORMS {
        let master = world.draft().sign(&world.signer);
        let item = json!({"cSig": form.write(over(&world, &supervisor, &master))});
        for file in [with_item(master.clone(), &item), with_clear_items(master.clone(), vec![item.clone()])] {
            let report = judge(policy(&world).with_constraints(required()), &file);
            passed(&report);
            let [counter] = report.signatures()[0].counter_signatures() else { panic!("one: {report}") };
            assert_eq!((counter.indication(), counter.counter_signatures().len()), (Indication::TotalPassed, 0));
            assert_eq!(warning(report.check(Step::CounterSignatures).unwrap()), None);
            let text = report.to_string();
            assert!(text.contains("\n  countersignature 1 of 1: TOTAL_PASSED, B-B, ES256\n    signed by "), "{text}");
            let json = serde_json::to_value(&report).unwrap();
            assert_eq!(json["signatures"][0]["counterSignatures"][0]["indication"], "TOTAL_PASSED");
        }
    }
}

#[test]
fn a_countersignature_needs_no_time_stamp_of_its_own_and_is_judged_with_what_it_has() {
    let world = World::new();
    let supervisor = supervisor(&world);
    let master = world.issue();
    let counter = over(&world, &supervisor, &master);
    let file = with_item(master.clone(), &json!({"cSig": Form::Flattened.write(counter.clone())}));
    passed(&world.verify(&octets(&file)));
    let file = with_item(master.clone(), &json!({"cSig": world.stamp(counter)}));
    let report = world.verify(&octets(&file));
    passed(&report);
    assert_eq!(report.signatures()[0].counter_signatures()[0].proven_time(), Some(at(NOW)));
}

#[test]
fn one_that_was_made_for_another_signature_is_found_out() {
    let world = World::new();
    let supervisor = supervisor(&world);
    let (master, other) = (world.draft().sign(&world.signer), world.draft().sign(&world.signer));
    assert_ne!(master["signature"], other["signature"]);
    for form in FORMS {
        let file = with_item(master.clone(), &json!({"cSig": form.write(over(&world, &supervisor, &other))}));
        let report = judge(policy(&world), &file);
        match form {
            Form::Compact | Form::Flattened => {
                let counter = apart(&report, SubIndication::HashFailure, &["other-signature-value"]);
                let value = counter.checks().iter().find(|check| check.step() == Step::Cryptography).unwrap();
                assert_eq!(*value.outcome(), wathiqa::report::Outcome::Passed);
            }
            Form::CompactDetached | Form::FlattenedDetached => {
                apart(&report, SubIndication::SigCryptoFailure, &["signature-invalid"]);
            }
        }
        let strict = policy(&world).with_constraints(required());
        refused(&judge(strict, &file), SubIndication::SigConstraintsFailure, &["counter-signatures"]);
    }
}

#[test]
fn one_that_was_altered_or_cannot_be_read_fails_by_itself() {
    let world = World::new();
    let supervisor = supervisor(&world);
    let master = world.draft().sign(&world.signer);
    let counter = over(&world, &supervisor, &master);
    let with = |value: Value| judge(policy(&world), &with_item(master.clone(), &json!({"cSig": value})));
    let mut altered = counter.clone();
    altered["signature"] = master["signature"].clone();
    apart(&with(altered), SubIndication::SigCryptoFailure, &["signature-invalid"]);
    let typed = world.draft_by(&supervisor.certificate, decode_url(master["signature"].as_str().unwrap()).unwrap());
    apart(&with(typed.sign(&supervisor)), SubIndication::FormatFailure, &["jades-in-counter-signature"]);
    let stranger = Party::root(entity(ENTITY));
    let foreign = over(&world, &stranger, &master);
    let report = with(foreign);
    assert_eq!(verdict(&report.signatures()[0].counter_signatures()[0]).0, "NO_CERTIFICATE_CHAIN_FOUND", "{report}");
    let part = json!({"protected": counter["protected"], "signature": counter["signature"]});
    let two = json!({"payload": counter["payload"], "signatures": [part, part]});
    apart(&with(two), SubIndication::FormatFailure, &["jades-counter-signature-count"]);
    apart(&with(json!(1)), SubIndication::FormatFailure, &["jades-member-type"]);
    apart(&with(json!("a.b")), SubIndication::FormatFailure, &["jws-parts"]);
    apart(&with(json!("é.b.c")), SubIndication::FormatFailure, &["base64-symbol"]);
    let report = with(json!({}));
    apart(&report, SubIndication::FormatFailure, &["jws-no-signature"]);
    let reason = report.check(Step::CounterSignatures).unwrap().warning().unwrap().to_string();
    assert_eq!(reason, "countersignatures: 1 of 1 do not hold, see their own reports");
    let line = "WARNING      countersignatures: 1 of 1 do not hold, see their own reports";
    assert!(report.to_string().contains(line), "{report}");
}

#[test]
fn one_does_not_hide_the_others() {
    let world = World::new();
    let supervisor = supervisor(&world);
    let master = world.draft().sign(&world.signer);
    let good = json!({"cSig": over(&world, &supervisor, &master)});
    let file = with_item(with_item(with_item(master, &json!({"cSig": 1})), &good), &json!({"cSig": "a.b"}));
    let report = judge(policy(&world), &file);
    passed(&report);
    let indications = report.signatures()[0].counter_signatures().iter().map(SignatureReport::indication);
    let (bad, good) = (Indication::TotalFailed, Indication::TotalPassed);
    assert!(indications.eq([bad, good, bad]), "{report}");
    let reason = report.check(Step::CounterSignatures).unwrap().warning().unwrap().to_string();
    assert_eq!(reason, "countersignatures: 2 of 3 do not hold, see their own reports");
}

/// A file whose signature is countersigned, the countersignature too, and so on.
fn nested(world: &World, depth: usize) -> Value {
    let supervisor = supervisor(world);
    let mut chain = vec![world.draft().sign(&world.signer)];
    for _ in 0..depth {
        chain.push(over(world, &supervisor, chain.last().unwrap()));
    }
    let mut inner = chain.pop().unwrap();
    while let Some(outer) = chain.pop() {
        inner = with_clear_items(outer, vec![json!({"cSig": inner})]);
    }
    inner
}

#[test]
fn nesting_and_number_have_two_sides() {
    let world = World::new();
    let mut limits = Limits::default();
    (limits.counter_signature_depth, limits.counter_signatures) = (2, 2);
    let policy = policy(&world).with_limits(limits);
    let report = judge(policy.clone(), &nested(&world, 2));
    passed(&report);
    let outer = &report.signatures()[0].counter_signatures()[0];
    assert_eq!(outer.counter_signatures()[0].indication(), Indication::TotalPassed, "{report}");
    assert_eq!(warning(report.check(Step::CounterSignatures).unwrap()), None, "{report}");

    let mut limits = Limits::default();
    limits.counter_signature_depth = 2;
    let report = judge(policy.clone().with_limits(limits), &nested(&world, 3));
    let outer = &report.signatures()[0].counter_signatures()[0];
    let inner = &outer.counter_signatures()[0].counter_signatures()[0];
    assert_eq!(verdict(inner), ("FORMAT_FAILURE".to_owned(), vec!["jades-counter-signature-depth"]), "{report}");
    // The warning is of the one around it; what stands further out holds.
    assert_eq!((outer.indication(), report.indication()), (Indication::TotalPassed, Indication::TotalPassed));

    let master = world.draft().sign(&world.signer);
    let good = json!({"cSig": over(&world, &supervisor(&world), &master)});
    let many = |count: usize| (0..count).fold(master.clone(), |file, _| with_item(file, &good));
    assert_eq!(warning(judge(policy.clone(), &many(2)).check(Step::CounterSignatures).unwrap()), None);
    let report = judge(policy.clone(), &many(4));
    let counters = report.signatures()[0].counter_signatures();
    assert_eq!((counters.len(), verdict(&counters[2]).1), (3, vec!["limit-reached"]), "{report}");
    let strict = policy.with_constraints(required());
    refused(&judge(strict, &many(3)), SubIndication::SigConstraintsFailure, &["counter-signatures"]);
}

#[test]
fn nothing_that_is_given_for_the_document_is_taken_for_a_countersignature() {
    let world = World::new();
    let supervisor = supervisor(&world);
    let payload = serde_json::to_vec(&crate::world::document()).unwrap();
    let mut master = world.draft().sign(&world.signer);
    master.as_object_mut().unwrap().remove("payload");
    // Over the payload, not over the signature value.
    let mut wrong = world.draft_by(&supervisor.certificate, payload.clone()).with("cty", None).sign(&supervisor);
    wrong.as_object_mut().unwrap().remove("payload");
    let right = Form::FlattenedDetached.write(over(&world, &supervisor, &master));
    let evidence = Evidence::none().with_detached_payload(&payload);
    for (counter, expected) in [(wrong, Indication::TotalFailed), (right, Indication::TotalPassed)] {
        let file = with_item(master.clone(), &json!({"cSig": counter}));
        let report = Verifier::new(policy(&world)).verify(&octets(&file), &evidence, at(NOW));
        passed(&report);
        assert_eq!(report.signatures()[0].counter_signatures()[0].indication(), expected, "{report}");
    }
    // `sigD` has no place in one.
    let sig_d = json!({"mId": "http://uri.etsi.org/19182/ObjectIdByURI", "pars": ["a"]});
    let value = decode_url(master["signature"].as_str().unwrap()).unwrap();
    let draft = world.draft_by(&supervisor.certificate, value).with("cty", None).with("sigD", sig_d);
    let counter = draft.with("crit", json!(["sigD"])).sign(&supervisor);
    let file = with_item(world.draft().sign(&world.signer), &json!({"cSig": counter}));
    let report = judge(policy(&world), &file);
    let (word, codes) = verdict(&report.signatures()[0].counter_signatures()[0]);
    assert_eq!((word.as_str(), codes[0]), ("FORMAT_FAILURE", "jades-in-counter-signature"), "{report}");
}
