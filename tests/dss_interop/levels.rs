//! B-LT and B-LTA: DSS finds the level and passes what we augment, by the file and the roots alone.

use std::time::Duration;

use serde_json::json;
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::jades::BaselineLevel;
use wathiqa::sign::Serialization;
use wathiqa::sign::augment::Augmenter;
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;

use crate::dss::Dss;
use crate::world::World;
use crate::{level_of_dss, passed, verdict_of_dss};

/// Half an hour ago: after the CRLs were issued.
fn archiving(world: &World) -> Instant {
    world.now.checked_sub(Duration::from_secs(1800)).unwrap()
}

#[test]
fn dss_passes_what_we_augment() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &[]);
    for algorithm in [JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::Rs256] {
        let Some(holder) = world.holder(algorithm) else { continue };
        let mut file = world.sign(&holder, Serialization::FlattenedJson);
        let policy = world.pki.validation_policy();
        let evidence = Evidence::none().with_revocation(world.revocation());
        let augment = |file: &[u8], level, at| {
            let transport = world.pki.time_stamp_authority().transport(|| (at, SerialNumber::from(5)));
            Augmenter::new(&policy, transport).augment(file, level, &evidence, world.now).unwrap().octets
        };
        let (stamping, archiving) = (world.stamping(), archiving(&world));
        for (level, at) in [
            (BaselineLevel::BT, stamping),
            (BaselineLevel::BLt, archiving),
            (BaselineLevel::BLta, archiving),
            (BaselineLevel::BLta, world.now),
        ] {
            file = augment(&file, level, at);
            if level == BaselineLevel::BT {
                continue;
            }
            let said = dss.validate(&file, world.now.unix_seconds());
            let signature = &said["signatures"][0];
            assert_eq!(signature["level"], level_of_dss(level), "{algorithm}: {said:#}");
            assert_eq!(signature["bestSignatureTime"], stamping.unix_seconds(), "{algorithm}: {said:#}");
            for stamp in signature["timestamps"].as_array().unwrap() {
                assert_eq!((&stamp["indication"], &stamp["errors"]), (&json!("PASSED"), &json!([])), "{said:#}");
            }
            assert_eq!(verdict_of_dss(signature), passed(algorithm, level), "{algorithm}, {level}: {said:#}");
        }
    }
}
