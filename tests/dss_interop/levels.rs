//! B-LT and B-LTA: DSS finds the level and passes what we augment, by the file and the roots alone.

use std::time::Duration;

use serde_json::{Value, json};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::encoding::base64::{decode_url, encode_standard};
use wathiqa::issue::Issuer;
use wathiqa::jades::BaselineLevel;
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Indication, Outcome, Step};
use wathiqa::sign::Serialization;
use wathiqa::sign::augment::Augmenter;
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

use crate::dss::{Dss, signing};
use crate::world::{PAYLOAD, World};
use crate::{ALGORITHMS, level_of_dss, total_passed, verdict_of_dss};

/// Half an hour ago: after the CRLs were issued.
pub fn archiving(world: &World) -> Instant {
    world.now.checked_sub(Duration::from_secs(1800)).unwrap()
}

/// Ours, with all that was issued since at hand.
pub fn augmented(world: &World, file: &[u8], (level, at): (BaselineLevel, Instant)) -> Vec<u8> {
    let (policy, evidence) = (world.pki.validation_policy(), Evidence::none().with_revocation(world.revocation()));
    let transport = world.pki.time_stamp_authority().transport(|| (at, SerialNumber::from(5)));
    Augmenter::new(&policy, transport).augment(file, level, &evidence, world.now).unwrap().octets
}

fn passed_by_dss(dss: &mut Dss, world: &World, file: &[u8], (algorithm, level): (JwsAlgorithm, BaselineLevel)) {
    let said = dss.validate(file, world.now.unix_seconds());
    let signature = &said["signatures"][0];
    assert_eq!(signature["level"], level_of_dss(level), "{algorithm}: {said:#}");
    assert_eq!(signature["bestSignatureTime"], world.stamping().unix_seconds(), "{algorithm}: {said:#}");
    for stamp in signature["timestamps"].as_array().unwrap() {
        assert_eq!((&stamp["indication"], &stamp["errors"]), (&json!("PASSED"), &json!([])), "{said:#}");
    }
    assert_eq!(verdict_of_dss(signature), total_passed(), "{algorithm}, {level}: {said:#}");
}

/// By the file and the roots alone, at `level` and no less; `stamps` are the times of its time-stamps.
fn passed_by_us(world: &World, file: &[u8], level: BaselineLevel, stamps: &[Instant]) {
    let required = if level == BaselineLevel::BLt { RequiredLevel::BLt } else { RequiredLevel::BLta };
    let policy = world.pki.validation_policy().with_level(required);
    let report = Verifier::new(policy).verify_any_payload(file, &Evidence::none(), world.now);
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    let [signature] = report.signatures() else { panic!("one signature: {report}") };
    assert_eq!((signature.level(), signature.proven_time()), (Some(level), Some(world.stamping())), "{report}");
    // Every item was understood.
    assert_eq!(*report.check(Step::LongTermData).unwrap().outcome(), Outcome::Passed, "{report}");
    let found = signature.time_stamps().iter();
    assert!(found.clone().all(|stamp| stamp.indication() == Indication::TotalPassed), "{report}");
    assert_eq!(found.map(|stamp| stamp.unverified_time().unwrap()).collect::<Vec<_>>(), stamps, "{report}");
    assert_eq!(report.verified_payload(), Some(PAYLOAD.as_bytes()));
}

/// The names of the items of the only signature, in order.
fn items(file: &[u8]) -> Vec<String> {
    let file: Value = serde_json::from_slice(file).unwrap();
    let signature = file.get("signatures").map_or(&file, |signatures| &signatures[0]);
    let items = signature["header"]["etsiU"].as_array().unwrap().iter();
    let items = items.map(|item| serde_json::from_slice(&decode_url(item.as_str().unwrap()).unwrap()).unwrap());
    items.map(|item: Value| item.as_object().unwrap().keys().next().unwrap().clone()).collect()
}

#[test]
fn we_pass_what_dss_augments() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let (stamping, archiving) = (world.stamping(), archiving(&world));
    for (algorithm, name) in ALGORITHMS {
        let Some(holder) = world.holder(algorithm) else { continue };
        for serialization in ["FLATTENED_JSON_SERIALIZATION", "JSON_SERIALIZATION"] {
            for (level, stamps) in
                [(BaselineLevel::BLt, &[stamping][..]), (BaselineLevel::BLta, &[stamping, archiving])]
            {
                let parameters = signing((PAYLOAD.as_bytes(), world.signing), &holder, name, (level, serialization));
                let mut times = stamps.iter();
                let file = dss.make(&parameters, |digest| world.token(digest, *times.next().unwrap())).unwrap();
                assert_eq!(items(&file), &LONG_TERM[..stamps.len() + 3]);
                passed_by_us(&world, &file, level, stamps);
                // Each renews what the other made.
                let now = (BaselineLevel::BLta, world.now);
                let stamps = [stamps, &[world.now]].concat();
                let ours = augmented(&world, &file, now);
                passed_by_us(&world, &ours, BaselineLevel::BLta, &stamps);
                passed_by_dss(&mut dss, &world, &ours, (algorithm, BaselineLevel::BLta));
                let theirs = extended(&mut dss, &world, &file);
                assert_eq!(items(&theirs), [items(&file), vec!["arcTst".to_owned()]].concat());
                passed_by_us(&world, &theirs, BaselineLevel::BLta, &stamps);
            }
        }
    }
}

/// The items of a B-LTA, as both write them.
const LONG_TERM: [&str; 5] = ["sigTst", "xVals", "rVals", "tstVD", "arcTst"];

/// By DSS, to B-LTA once more.
fn extended(dss: &mut Dss, world: &World, file: &[u8]) -> Vec<u8> {
    let parts: Value = serde_json::from_slice(file).unwrap();
    let is_general = parts.get("signatures").is_some();
    let question = json!({
        "ask": "extend", "document": encode_standard(file), "level": "JAdES_BASELINE_LTA",
        "serialization": if is_general { "JSON_SERIALIZATION" } else { "FLATTENED_JSON_SERIALIZATION" },
    });
    dss.make(&question, |digest| world.token(digest, world.now)).unwrap()
}

#[test]
fn dss_renews_what_we_archived() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let (stamping, archiving) = (world.stamping(), archiving(&world));
    for (algorithm, _) in ALGORITHMS {
        let Some(holder) = world.holder(algorithm) else { continue };
        for serialization in [Serialization::FlattenedJson, Serialization::GeneralJson] {
            let file = augmented(&world, &world.sign(&holder, serialization), (BaselineLevel::BT, stamping));
            let file = augmented(&world, &file, (BaselineLevel::BLta, archiving));
            let renewed = extended(&mut dss, &world, &file);
            assert_eq!(items(&renewed), [&LONG_TERM[..], &["tstVD", "arcTst"]].concat());
            passed_by_us(&world, &renewed, BaselineLevel::BLta, &[stamping, archiving, world.now]);
            passed_by_dss(&mut dss, &world, &renewed, (algorithm, BaselineLevel::BLta));
        }
    }
}

/// The file of one document of a batch is the batch's signature to DSS, whatever stands beside it.
#[test]
fn dss_passes_the_file_of_a_document_in_a_batch() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let holder = world.holder(JwsAlgorithm::Es256).unwrap();
    let documents = [1, 2, 3].map(|serial| world.document(serial));
    let time_stamps = world.pki.time_stamp_authority().transport(|| (world.stamping(), SerialNumber::from(1)));
    let issuer = Issuer::new(&holder.key, holder.chain.clone(), time_stamps).unwrap();
    let batch = issuer.issue_batch(&documents, world.signing).unwrap();
    for file in batch.files() {
        let report = world.verify(&file);
        assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
        let said = dss.validate(&file, world.now.unix_seconds());
        let signature = &said["signatures"][0];
        assert_eq!(signature["level"], level_of_dss(BaselineLevel::BT), "{said:#}");
        assert_eq!(verdict_of_dss(signature), total_passed(), "{said:#}");
    }
}

#[test]
fn dss_passes_what_we_augment() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &[]);
    for (algorithm, _) in ALGORITHMS {
        let Some(holder) = world.holder(algorithm) else { continue };
        let mut file = world.sign(&holder, Serialization::FlattenedJson);
        let (stamping, archiving) = (world.stamping(), archiving(&world));
        for (level, at) in [
            (BaselineLevel::BT, stamping),
            (BaselineLevel::BLt, archiving),
            (BaselineLevel::BLta, archiving),
            (BaselineLevel::BLta, world.now),
        ] {
            file = augmented(&world, &file, (level, at));
            if level == BaselineLevel::BT {
                continue;
            }
            passed_by_dss(&mut dss, &world, &file, (algorithm, level));
        }
    }
}
