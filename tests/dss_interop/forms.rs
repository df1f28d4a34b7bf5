//! Data beside the file, parallel signatures and countersignatures, in both directions.

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::crypto::{JwsAlgorithm, Signer};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::jades::BaselineLevel;
use wathiqa::policy::{Constraint, ConstraintLevel, Constraints};
use wathiqa::report::{Indication, Report, SignedObjectState};
use wathiqa::sign::{Content, DataObject, Serialization, SignatureParameters, SignedFile, sign_content};
use wathiqa::validation::Evidence;

use crate::dss::{Dss, signing};
use crate::world::{Holder, PAYLOAD, World};
use crate::{total_passed, verdict_of_dss};

const FILES: [(&str, &[u8]); 2] = [("قرار 1.pdf", b"%PDF \xff"), ("https://gov.example/map+1.png", b"\x89PNG")];

const FORMS: [Serialization; 3] = [Serialization::Compact, Serialization::FlattenedJson, Serialization::GeneralJson];

fn objects() -> [DataObject<'static>; 2] {
    FILES.map(|(name, octets)| DataObject::new(name, octets))
}

fn parameters(world: &World, holder: &Holder, form: Serialization) -> SignatureParameters {
    let parameters = SignatureParameters::new(holder.key.algorithm(), holder.chain.clone(), world.signing).unwrap();
    parameters.with_serialization(form)
}

/// As the evidence of [`FILES`]; every countersignature must hold.
fn judge(world: &World, document: &[u8], files: &[(&str, &[u8])]) -> Report {
    let every = Constraints::default().with(Constraint::CounterSignatures, ConstraintLevel::Fail);
    let evidence =
        files.iter().fold(Evidence::none(), |evidence, (name, octets)| evidence.with_detached_document(name, octets));
    let evidence = if let [(_, payload)] = files { evidence.with_detached_payload(payload) } else { evidence };
    world.verify_with(document, evidence, every)
}

#[test]
fn dss_passes_data_that_we_name() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let holder = world.holder(JwsAlgorithm::Es256).unwrap();
    let by_hash = Content::by_uri_hash(objects(), DigestAlgorithm::Sha512).unwrap();
    let by_uri = Content::by_uri(objects()).unwrap();
    let detached = Content::detached(FILES[0].1);
    let altered = [FILES[0], (FILES[1].0, b"\x89GIF".as_slice())];
    for content in [by_hash.clone(), by_hash.unencoded(), by_uri.clone(), by_uri.unencoded()] {
        for form in FORMS {
            let document = sign_content(&content, parameters(&world, &holder, form), &holder.key).unwrap().to_vec();
            let said = dss.validate_with(&document, &FILES, world.now.unix_seconds());
            assert_eq!(verdict_of_dss(&said["signatures"][0]), total_passed(), "{form}: {said:#}");
            assert_eq!(said["signatures"][0]["structure"], json!([]), "{said:#}");
            let said = dss.validate_with(&document, &altered, world.now.unix_seconds());
            assert_eq!(said["signatures"][0]["indication"], "TOTAL_FAILED", "{said:#}");
            assert_eq!(judge(&world, &document, &altered).indication(), Indication::TotalFailed);
            let said = dss.validate_with(&document, &FILES[..1], world.now.unix_seconds());
            assert_eq!(said["signatures"][0]["subIndication"], "SIGNED_DATA_NOT_FOUND", "{said:#}");
            let report = judge(&world, &document, &FILES[..1]);
            assert_eq!(report.sub_indication().unwrap().to_string(), "SIGNED_DATA_NOT_FOUND");
        }
    }
    for content in [detached.clone(), detached.unencoded()] {
        for form in FORMS {
            let document = sign_content(&content, parameters(&world, &holder, form), &holder.key).unwrap().to_vec();
            let said = dss.validate_with(&document, &FILES[..1], world.now.unix_seconds());
            assert_eq!(verdict_of_dss(&said["signatures"][0]), total_passed(), "{form}: {said:#}");
        }
    }
}

#[test]
fn dss_passes_our_parallel_signatures_and_countersignatures() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let holder = |algorithm| world.holder(algorithm).unwrap();
    let (first, second) = (holder(JwsAlgorithm::Es256), holder(JwsAlgorithm::Es384));
    let content = Content::attached(PAYLOAD.as_bytes());
    let sign = |content: &Content<'_>, holder: &Holder, form| {
        sign_content(content, parameters(&world, holder, form), &holder.key).unwrap()
    };
    let file = sign(&content, &first, Serialization::GeneralJson).to_vec();
    let file = SignedFile::parse(&file, &Limits::default()).unwrap();
    let file = file.with_signature(&sign(&content, &second, Serialization::GeneralJson)).unwrap();
    let counter = |file: &SignedFile, path: &[usize], form| {
        let counter = sign(&file.signature_value(path).unwrap(), &second, form);
        file.with_counter_signature(path, &counter).unwrap()
    };
    let file = counter(&file, &[0], Serialization::FlattenedJson);
    let file = counter(&file, &[0, 0], Serialization::Compact);
    let file = counter(&file, &[1], Serialization::Compact);
    assert_eq!(judge(&world, &file.to_vec(), &[]).indication(), Indication::TotalPassed);
    let said = dss.validate(&file.to_vec(), world.now.unix_seconds());
    let signatures = said["signatures"].as_array().unwrap();
    let countersignatures = signatures.iter().filter(|signature| signature["countersignature"] == true).count();
    assert_eq!((signatures.len(), countersignatures), (5, 3), "{said:#}");
    for signature in signatures {
        assert_eq!(verdict_of_dss(signature), total_passed(), "{said:#}");
        assert_eq!(signature["structure"], json!([]), "{said:#}");
    }
    // A countersignature over another signature: both find it out, and let the signature around it pass.
    let other = sign(&content, &first, Serialization::FlattenedJson).to_vec();
    let other = SignedFile::parse(&other, &Limits::default()).unwrap();
    let mut moved: Value = serde_json::from_slice(&other.to_vec()).unwrap();
    let value: Value = serde_json::from_slice(&file.to_vec()).unwrap();
    moved["header"] = value["signatures"][1]["header"].clone();
    let said = dss.validate(moved.to_string().as_bytes(), world.now.unix_seconds());
    let indications: Vec<&Value> =
        said["signatures"].as_array().unwrap().iter().map(|signature| &signature["indication"]).collect();
    assert_eq!(indications, ["TOTAL_PASSED", "TOTAL_FAILED"], "{said:#}");
    let report = world.verify(moved.to_string().as_bytes());
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    assert_eq!(report.signatures()[0].counter_signatures()[0].indication(), Indication::TotalFailed, "{report}");
}

/// What DSS signs, as `change` says.
fn by_dss(dss: &mut Dss, world: &World, holder: &Holder, payload: &[u8], change: &Value) -> Vec<u8> {
    let kind = (BaselineLevel::BB, "JSON_SERIALIZATION");
    let mut parameters = signing((payload, world.signing), holder, "ECDSA_SHA256", kind);
    parameters.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    dss.make(&parameters, |digest| world.token(digest, world.stamping())).unwrap()
}

#[test]
fn we_pass_data_that_dss_names() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let holder = world.holder(JwsAlgorithm::Es256).unwrap();
    for mechanism in ["OBJECT_ID_BY_URI", "OBJECT_ID_BY_URI_HASH", "NO_SIG_D"] {
        let files = if mechanism == "NO_SIG_D" { &FILES[..1] } else { &FILES[..] };
        for serialization in ["COMPACT_SERIALIZATION", "FLATTENED_JSON_SERIALIZATION", "JSON_SERIALIZATION"] {
            for (b64, level) in [(true, "JAdES_BASELINE_B"), (false, "JAdES_BASELINE_B"), (true, "JAdES_BASELINE_T")] {
                if serialization == "COMPACT_SERIALIZATION" && level == "JAdES_BASELINE_T" {
                    continue;
                }
                let document = by_dss(
                    &mut dss,
                    &world,
                    &holder,
                    b"",
                    &json!({
                        "mechanism": mechanism, "serialization": serialization, "b64": b64, "level": level,
                        "detached": crate::dss::named(files),
                    }),
                );
                let report = judge(&world, &document, files);
                assert_eq!(report.indication(), Indication::TotalPassed, "{mechanism} {serialization} {b64}: {report}");
                let objects = report.signatures()[0].signed_objects();
                let expected = match mechanism {
                    "OBJECT_ID_BY_URI" => Some(SignedObjectState::InPayload),
                    "OBJECT_ID_BY_URI_HASH" => Some(SignedObjectState::Matches),
                    _ => None,
                };
                assert!(objects.iter().all(|object| Some(object.state()) == expected), "{report}");
                assert_eq!(objects.len(), if expected.is_some() { 2 } else { 0 }, "{report}");
            }
        }
    }
}

#[test]
fn we_pass_parallel_signatures_and_countersignatures_of_dss() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let holder = world.holder(JwsAlgorithm::Es256).unwrap();
    let first = by_dss(&mut dss, &world, &holder, PAYLOAD.as_bytes(), &json!({}));
    let two = by_dss(&mut dss, &world, &holder, &first, &json!({}));
    let report = judge(&world, &two, &[]);
    assert_eq!((report.indication(), report.signatures().len()), (Indication::TotalPassed, 2), "{report}");
    for serialization in ["COMPACT_SERIALIZATION", "FLATTENED_JSON_SERIALIZATION"] {
        for packaging in [json!({}), json!({"mechanism": "NO_SIG_D"})] {
            let mut change = json!({"countersign": true, "serialization": serialization});
            change.as_object_mut().unwrap().extend(packaging.as_object().unwrap().clone());
            let document = by_dss(&mut dss, &world, &holder, &two, &change);
            let report = judge(&world, &document, &[]);
            assert_eq!(report.indication(), Indication::TotalPassed, "{serialization}: {report}");
            let counters: Vec<usize> =
                report.signatures().iter().map(|signature| signature.counter_signatures().len()).collect();
            assert_eq!(counters, [1, 0], "{report}");
        }
    }
}
