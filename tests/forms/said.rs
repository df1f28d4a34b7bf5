//! What the signer says beside the data: policy, commitments, roles, place.

use serde_json::{Value, json};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64::encode_url;
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Outcome, Report, Step, SubIndication};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

use crate::world::{NOW, World, at, octets};
use crate::{passed, refused};

const POLICY: &[u8] = b"Decisions are signed with the seal of the ministry.";

fn judge(world: &World, sig_p_id: &Value, evidence: &Evidence<'_>) -> Report {
    let file = world.draft().with("sigPId", sig_p_id.clone()).sign(&world.signer);
    Verifier::new(world.policy().with_level(RequiredLevel::BB)).verify(&octets(&file), evidence, at(NOW))
}

fn outcome(report: &Report) -> &Outcome {
    report.check(Step::SignaturePolicy).unwrap().outcome()
}

#[test]
fn a_policy_document_that_is_given_must_be_the_one_named() {
    let world = World::new();
    let digest = encode_url(DigestAlgorithm::Sha256.digest(POLICY).as_octets());
    let named = json!({"id": {"id": "urn:oid:2.999.5", "desc": "Seals"}, "digAlg": "S256", "digVal": digest,
        "sigPQuals": [{"spURI": "https://gov.example/seals"}]});
    let unknown = judge(&world, &named, &Evidence::none());
    passed(&unknown);
    assert!(matches!(outcome(&unknown), Outcome::NotChecked(_)), "{unknown}");
    for name in ["urn:oid:2.999.5", "https://gov.example/seals"] {
        let report = judge(&world, &named, &Evidence::none().with_signature_policy(name, POLICY));
        passed(&report);
        assert_eq!(*outcome(&report), Outcome::Passed, "{report}");
        let other = judge(&world, &named, &Evidence::none().with_signature_policy(name, b"Anything goes."));
        refused(&other, SubIndication::PolicyProcessingError, &["other-signature-policy"]);
    }
    let policy = unknown.signatures()[0].signature_policy().unwrap();
    assert_eq!((policy.id().id(), policy.id().description()), ("urn:oid:2.999.5", Some("Seals")));
    let json = serde_json::to_value(&unknown).unwrap();
    assert_eq!(json["signatures"][0]["signaturePolicy"]["qualifiers"], json!([{"uri": "https://gov.example/seals"}]));
}

#[test]
fn a_policy_digest_that_cannot_be_compared_is_not_passed_over() {
    let world = World::new();
    let given = Evidence::none().with_signature_policy("urn:p", POLICY);
    let digest = encode_url(DigestAlgorithm::Sha256.digest(POLICY).as_octets());
    let unknown = json!({"id": {"id": "urn:p"}, "digAlg": "1.2.840.113549.1.1.11", "digVal": digest});
    refused(&judge(&world, &unknown, &given), SubIndication::PolicyProcessingError, &["jades-digest-algorithm"]);
    passed(&judge(&world, &unknown, &Evidence::none()));
    // By a specification that is not known here: neither right nor wrong.
    let specified = json!({"id": {"id": "urn:p"}, "digAlg": "S256", "digVal": digest, "digPSp": true});
    let report = judge(&world, &specified, &given);
    passed(&report);
    assert!(matches!(outcome(&report), Outcome::NotChecked(_)), "{report}");
    let without = json!({"id": {"id": "urn:p"}});
    assert!(matches!(outcome(&judge(&world, &without, &given)), Outcome::NotChecked(_)));
}

#[test]
fn an_asn1_policy_has_its_digest_without_its_frame() {
    let world = World::new();
    let document = [0x30, 7, 0x30, 0, 0x30, 1, 5, 4, 0];
    let digest = |octets: &[u8]| encode_url(DigestAlgorithm::Sha256.digest(octets).as_octets());
    let named = |digest: String| json!({"id": {"id": "urn:p"}, "digAlg": "S256", "digVal": digest, "digPSp": true});
    let given = Evidence::none().with_signature_policy("urn:p", &document);
    let report = judge(&world, &named(digest(&document[2..7])), &given);
    assert_eq!(*outcome(&report), Outcome::Passed, "{report}");
    let whole = judge(&world, &named(digest(&document)), &given);
    refused(&whole, SubIndication::PolicyProcessingError, &["other-signature-policy"]);
}

#[test]
fn what_the_signer_claims_is_in_the_report() {
    let world = World::new();
    let draft = world
        .draft()
        .with("srCms", json!([{"commId": {"id": "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval"}}]))
        .with("sigPl", json!({"addressLocality": "دمشق"}))
        .with("srAts", json!({"claimed": [{"mediaType": "text/plain", "encoding": "binary", "qVals": ["قاض"]}]}));
    let report = world.verify_b_b(&octets(&draft.clone().sign(&world.signer)));
    passed(&report);
    let signature = &report.signatures()[0];
    assert_eq!(signature.commitments()[0].id().id(), "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval");
    assert_eq!(signature.place().unwrap().address_locality.as_deref(), Some("دمشق"));
    assert!(signature.attributes().unwrap().claimed_roles().eq(["قاض"]));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["signatures"][0]["place"], json!({"addressLocality": "دمشق"}));
    let faulty = draft.with("srCms", json!(["approved"])).sign(&world.signer);
    refused(&world.verify_b_b(&octets(&faulty)), SubIndication::FormatFailure, &["jades-member-type"]);
}
