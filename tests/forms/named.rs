//! Data that the protected header names: `sigD`.

use serde_json::{Value, json};
use wathiqa::crypto::Signer;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64::encode_url;
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Report, SignedObjectState, Step, SubIndication};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

use crate::world::{NOW, World, at, container, octets, token_at};
use crate::{passed, refused, verdict};

const BY_URI: &str = "http://uri.etsi.org/19182/ObjectIdByURI";
const BY_HASH: &str = "http://uri.etsi.org/19182/ObjectIdByURIHash";

/// The files of a decision: the second has a name that cannot stand in a URI.
const FILES: [(&str, &[u8]); 2] =
    [("https://gov.example/decision.pdf", b"%PDF decision"), ("map 1.png", b"\x89PNG map")];
const URIS: [&str; 2] = ["https%3A//gov.example/decision.pdf", "map%201.png"];

#[derive(Clone, Copy, PartialEq)]
enum Encoding {
    Base64Url,
    AsItIs,
}

impl Encoding {
    fn of(self, octets: &[u8]) -> Vec<u8> {
        if self == Self::AsItIs { octets.to_vec() } else { encode_url(octets).into_bytes() }
    }
}

/// `sigD` over [`FILES`].
fn sig_d(mechanism: &str, encoding: Encoding) -> Value {
    let mut sig_d = json!({"mId": mechanism, "pars": URIS, "ctys": ["pdf", "image/png"]});
    if mechanism == BY_HASH {
        let digest = |octets| encode_url(DigestAlgorithm::Sha512.digest(&encoding.of(octets)).as_octets());
        sig_d["hashM"] = "S512".into();
        sig_d["hashV"] = json!(FILES.map(|(_, octets)| digest(octets)));
    }
    sig_d
}

/// A signature with this `sigD`, over [`FILES`], changed before it is signed.
fn signed_with(world: &World, sig_d: &Value, encoding: Encoding, change: impl FnOnce(&mut Value)) -> Value {
    let mut draft = world.draft_of(Vec::new()).with("cty", None).with("sigD", sig_d.clone());
    draft = match encoding {
        Encoding::Base64Url => draft.with("crit", json!(["sigD"])),
        Encoding::AsItIs => draft.with("b64", json!(false)).with("crit", json!(["b64", "sigD"])),
    };
    change(&mut draft.header);
    let protected = encode_url(draft.header.to_string().as_bytes());
    let payload =
        if sig_d["mId"] == BY_HASH { Vec::new() } else { FILES.map(|(_, octets)| encoding.of(octets)).concat() };
    let value = world.signer.key.sign(&[protected.as_bytes(), b".", &payload].concat()).unwrap();
    json!({"protected": protected, "signature": encode_url(&value)})
}

fn signed(world: &World, mechanism: &str, encoding: Encoding) -> Value {
    signed_with(world, &sig_d(mechanism, encoding), encoding, |_| {})
}

fn judge(world: &World, file: &Value, files: &[(&str, &[u8])]) -> Report {
    let evidence =
        files.iter().fold(Evidence::none(), |evidence, (name, octets)| evidence.with_detached_document(name, octets));
    let verifier = Verifier::new(world.policy().with_level(RequiredLevel::BB));
    verifier.verify_any_payload(&octets(file), &evidence, at(NOW))
}

const FORMS: [(&str, Encoding); 4] = [
    (BY_URI, Encoding::Base64Url),
    (BY_URI, Encoding::AsItIs),
    (BY_HASH, Encoding::Base64Url),
    (BY_HASH, Encoding::AsItIs),
];

#[test]
fn data_objects_that_were_signed_pass_and_are_shown() {
    let world = World::new();
    for (mechanism, encoding) in FORMS {
        let report = judge(&world, &signed(&world, mechanism, encoding), &FILES);
        passed(&report);
        let [decision, map] = report.signatures()[0].signed_objects() else { panic!("two: {report}") };
        let state = if mechanism == BY_HASH { SignedObjectState::Matches } else { SignedObjectState::InPayload };
        assert_eq!(
            (decision.name(), decision.media_type(), decision.state()),
            (FILES[0].0, Some("application/pdf"), state)
        );
        assert_eq!((map.name(), map.media_type(), map.state()), ("map 1.png", Some("image/png"), state));
        assert_eq!(map.sha256(), Some(DigestAlgorithm::Sha256.digest(FILES[1].1).to_string().as_str()));
        assert_eq!(report.verified_payload(), None);
        // The order in which they are given does not matter, nor what else is given.
        let [decision, map] = FILES;
        passed(&judge(&world, &signed(&world, mechanism, encoding), &[map, ("other", b"x"), decision]));
    }
}

#[test]
fn a_data_object_that_was_altered_is_named() {
    let world = World::new();
    let altered = [FILES[0], (FILES[1].0, b"\x89PNG mop".as_slice())];
    for (mechanism, encoding) in FORMS {
        let report = judge(&world, &signed(&world, mechanism, encoding), &altered);
        if mechanism == BY_URI {
            refused(&report, SubIndication::SigCryptoFailure, &["signature-invalid"]);
            continue;
        }
        refused(&report, SubIndication::HashFailure, &["data-object-differs"]);
        let states = report.signatures()[0].signed_objects().iter().map(|object| object.state());
        assert!(states.eq([SignedObjectState::Matches, SignedObjectState::Differs]), "{report}");
        let digest = |octets| DigestAlgorithm::Sha512.digest(&encoding.of(octets)).to_string();
        let reason = format!(
            "signed data: \"map 1.png\" has digest {}, signed was {}",
            digest(altered[1].1),
            digest(FILES[1].1)
        );
        assert_eq!(report.deciding_reason().unwrap().to_string(), reason);
        let line = format!(
            "data object  \"map 1.png\" DIFFERS from what was signed, SHA-256 {}",
            DigestAlgorithm::Sha256.digest(altered[1].1)
        );
        assert!(report.to_string().contains(&line), "{report}");
    }
}

#[test]
fn data_objects_missing_renamed_or_doubled_are_not_found() {
    let world = World::new();
    let [decision, map] = FILES;
    for (mechanism, encoding) in FORMS {
        let file = signed(&world, mechanism, encoding);
        let not_found = |files: &[(&str, &[u8])], codes: &[&str]| {
            refused(&judge(&world, &file, files), SubIndication::SignedDataNotFound, codes);
        };
        not_found(&[], &["data-object-absent", "data-object-absent"]);
        not_found(&[decision], &["data-object-absent"]);
        // Under another name it is not the one that was named, even where its digest says so.
        not_found(&[decision, ("map%201.png", map.1)], &["data-object-absent"]);
        not_found(&[decision, ("Map 1.png", map.1)], &["data-object-absent"]);
        not_found(&[decision, map, map], &["data-object-given-twice"]);
        let swapped = judge(&world, &file, &[(decision.0, map.1), (map.0, decision.1)]);
        if mechanism == BY_HASH {
            refused(&swapped, SubIndication::HashFailure, &["data-object-differs", "data-object-differs"]);
        } else {
            refused(&swapped, SubIndication::SigCryptoFailure, &["signature-invalid"]);
        }
        // A payload given instead of them does not stand in for them.
        let evidence = Evidence::none().with_detached_payload(decision.1);
        let report = Verifier::new(world.policy().with_level(RequiredLevel::BB));
        let report = report.verify_any_payload(&octets(&file), &evidence, at(NOW));
        refused(&report, SubIndication::SignedDataNotFound, &["data-object-absent", "data-object-absent"]);
    }
}

#[test]
fn what_sig_d_says_is_signed() {
    let world = World::new();
    for (mechanism, encoding) in FORMS {
        let mut file = signed(&world, mechanism, encoding);
        let mut header = crate::world::protected_header(&file);
        header["sigD"]["ctys"] = json!(["pdf", "image/gif"]);
        file["protected"] = encode_url(header.to_string().as_bytes()).into();
        refused(&judge(&world, &file, &FILES), SubIndication::SigCryptoFailure, &["signature-invalid"]);
        // The same signature, said to be over its payload.
        let mut file = signed(&world, mechanism, encoding);
        file["payload"] = "".into();
        refused(&judge(&world, &file, &FILES), SubIndication::FormatFailure, &["jades-payload-and-sig-d"]);
    }
}

#[test]
fn what_cannot_be_resolved_has_its_own_reason() {
    let world = World::new();
    let judged = |sig_d: &Value| judge(&world, &signed_with(&world, sig_d, Encoding::AsItIs, |_| {}), &FILES);
    let http = json!({"mId": "http://uri.etsi.org/19182/HttpHeaders", "pars": ["digest"]});
    refused(&judged(&http), SubIndication::SignedDataNotFound, &["sig-d-http-headers"]);
    refused(&judged(&json!({"mId": "urn:x"})), SubIndication::SignedDataNotFound, &["sig-d-mechanism-unknown"]);
    let mut twice = sig_d(BY_HASH, Encoding::AsItIs);
    twice["pars"] = json!(["a b", "a%20b"]);
    refused(&judged(&twice), SubIndication::FormatFailure, &["jades-name-twice"]);
    let mut no_digest = sig_d(BY_HASH, Encoding::AsItIs);
    no_digest["hashM"] = "http://www.w3.org/2001/04/xmlenc#sha512".into();
    refused(&judged(&no_digest), SubIndication::FormatFailure, &["jades-digest-algorithm"]);
    let uncritical = signed_with(&world, &sig_d(BY_HASH, Encoding::Base64Url), Encoding::Base64Url, |header| {
        header.as_object_mut().unwrap().remove("crit");
    });
    refused(&judge(&world, &uncritical, &FILES), SubIndication::FormatFailure, &["jws-crit-not-listed"]);
}

#[test]
fn a_signature_over_named_data_is_no_document() {
    let world = World::new();
    let document = serde_json::to_vec(&crate::world::document()).unwrap();
    let sig_d = json!({"mId": BY_URI, "pars": ["document.json"]});
    let draft = world.draft_of(document.clone()).with("sigD", sig_d).with("crit", json!(["sigD"]));
    let mut file = draft.sign(&world.signer);
    file.as_object_mut().unwrap().remove("payload");
    let evidence = Evidence::none().with_detached_document("document.json", &document).with_detached_payload(&document);
    let verifier = Verifier::new(world.policy().with_level(RequiredLevel::BB));
    passed(&verifier.verify_any_payload(&octets(&file), &evidence, at(NOW)));
    let report = verifier.verify(&octets(&file), &evidence, at(NOW));
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure), "{report}");
    assert_eq!(report.deciding_reason().unwrap().code(), "no-payload");
    assert!(report.into_verified::<Value>().is_err());
}

#[test]
fn content_time_stamps_are_over_the_data_objects() {
    let world = World::new();
    for (mechanism, encoding) in FORMS {
        let data = FILES.map(|(_, octets)| encoding.of(octets)).concat();
        let stamped = |data: &[u8]| {
            let token = token_at(&world.tsa, data, NOW);
            let sig_d = sig_d(mechanism, encoding);
            signed_with(&world, &sig_d, encoding, |header| header["adoTst"] = container(&[token]))
        };
        let report = judge(&world, &stamped(&data), &FILES);
        passed(&report);
        let [stamp] = report.signatures()[0].time_stamps() else { panic!("one: {report}") };
        assert_eq!(stamp.indication(), wathiqa::report::Indication::TotalPassed, "{report}");
        refused(
            &judge(&world, &stamped(b"other"), &FILES),
            SubIndication::SigConstraintsFailure,
            &["broken-time-stamp"],
        );
        // Without the data nobody can say what was stamped.
        let report = judge(&world, &stamped(&data), &FILES[..1]);
        assert_eq!(verdict(&report.signatures()[0]).0, "SIGNED_DATA_NOT_FOUND", "{report}");
        let stamp = &report.signatures()[0].time_stamps()[0];
        assert_eq!(stamp.checks()[0].step(), Step::TimeStampImprint);
        assert!(matches!(stamp.checks()[0].outcome(), wathiqa::report::Outcome::NotChecked(_)), "{report}");
    }
}
