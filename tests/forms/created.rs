//! What `sign` creates: every form validates, no altered octet does, and what must not be created is refused.

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64::{decode_url, encode_url};
use wathiqa::jades::{Commitment, ObjectId, SignaturePlace, SignaturePolicyId};
use wathiqa::policy::{Constraint, ConstraintLevel, Constraints, RequiredLevel};
use wathiqa::report::{Indication, Outcome, Report, SignedObjectState, Step, TimeStampKind};
use wathiqa::sign::{
    Content, DataObject, Serialization, SignError, SignatureParameters, SignedFile, SignedPayload, prepare_content,
    sign, sign_content,
};
use wathiqa::tsp::TimeStampToken;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

use crate::world::{
    ENTITY, NOW, Party, TstInfo, World, at, container, entity, octets, protected_header, token, token_at,
};
use crate::{passed, verdict};

const PAYLOAD: &[u8] = "{\"title\":\"قرار\"}".as_bytes();
const URL_SAFE: &[u8] = b"A-decision_1~";
const FILES: [(&str, &[u8]); 2] = [("قرار 1+1=100%.pdf", b"%PDF \xff"), ("https://gov.example/map.png", b"\x89PNG")];

const FORMS: [Serialization; 3] = [Serialization::Compact, Serialization::FlattenedJson, Serialization::GeneralJson];

fn objects() -> [DataObject<'static>; 2] {
    let [(first, one), (second, two)] = FILES;
    [DataObject::new(first, one).with_media_type("application/pdf"), DataObject::new(second, two)]
}

fn parameters_of(world: &World, party: &Party, form: Serialization) -> SignatureParameters {
    let chain = [&party.certificate, &world.ministry.certificate, &world.root.certificate].map(Clone::clone);
    SignatureParameters::new(JwsAlgorithm::Es256, chain, at(NOW)).unwrap().with_serialization(form)
}

fn parameters(world: &World, form: Serialization) -> SignatureParameters {
    parameters_of(world, &world.signer, form)
}

fn made(world: &World, content: &Content<'_>, form: Serialization) -> SignedPayload {
    sign_content(content, parameters(world, form), &world.signer.key).unwrap()
}

/// Every kind of content, with the evidence that it takes.
fn contents() -> Vec<(Content<'static>, Evidence<'static>)> {
    let named = || {
        FILES.iter().fold(Evidence::none(), |evidence, (name, octets)| evidence.with_detached_document(name, octets))
    };
    let by_hash = |algorithm| Content::by_uri_hash(objects(), algorithm).unwrap();
    vec![
        (Content::attached(PAYLOAD), Evidence::none()),
        (Content::attached(URL_SAFE).unencoded(), Evidence::none()),
        (Content::detached(FILES[0].1), Evidence::none().with_detached_payload(FILES[0].1)),
        (Content::detached(FILES[0].1).unencoded(), Evidence::none().with_detached_payload(FILES[0].1)),
        (Content::by_uri(objects()).unwrap(), named()),
        (Content::by_uri(objects()).unwrap().unencoded(), named()),
        (by_hash(DigestAlgorithm::Sha256), named()),
        (by_hash(DigestAlgorithm::Sha384), named()),
        (by_hash(DigestAlgorithm::Sha512).unencoded(), named()),
    ]
}

fn judge(world: &World, file: &[u8], evidence: &Evidence<'_>) -> Report {
    let every = Constraints::default().with(Constraint::CounterSignatures, ConstraintLevel::Fail);
    let policy = world.policy().with_level(RequiredLevel::BB).with_constraints(every);
    Verifier::new(policy).verify_any_payload(file, evidence, at(NOW))
}

fn stamp_of(world: &World, data: &[u8]) -> TimeStampToken {
    TimeStampToken::from_der(&token_at(&world.tsa, data, NOW), &Limits::default()).unwrap()
}

#[test]
fn every_content_in_every_form_validates() {
    let world = World::new();
    for (content, evidence) in contents() {
        for form in FORMS {
            let report = judge(&world, &made(&world, &content, form).to_vec(), &evidence);
            passed(&report);
            let states = report.signatures()[0].signed_objects().iter().map(|object| object.state());
            assert!(
                states
                    .into_iter()
                    .all(|state| { matches!(state, SignedObjectState::Matches | SignedObjectState::InPayload) })
            );
        }
    }
}

#[test]
fn text_that_json_escapes_is_signed_as_it_is() {
    let world = World::new();
    let text = "سطر \"أول\"\n\\ \u{1}";
    let file = made(&world, &Content::attached(text.as_bytes()).unencoded(), Serialization::GeneralJson).to_vec();
    let report = judge(&world, &file, &Evidence::none());
    passed(&report);
    assert_eq!(report.verified_payload(), Some(text.as_bytes()));
}

#[test]
fn the_header_is_in_order_and_lists_what_is_critical() {
    let world = World::new();
    let digest = DigestAlgorithm::Sha256.digest(b"policy");
    let mut place = SignaturePlace::default();
    place.address_country = Some("SY".to_owned());
    let parameters = parameters(&world, Serialization::FlattenedJson)
        .with_commitment(Commitment::new(ObjectId::new("http://uri.etsi.org/01903/v1.2.2#ProofOfApproval")))
        .with_place(place)
        .with_claimed_role("وزير")
        .with_signature_policy(SignaturePolicyId::new(ObjectId::new("urn:oid:2.999.5"), digest).unwrap());
    let content = Content::by_uri_hash(objects(), DigestAlgorithm::Sha256).unwrap().unencoded();
    let content = content.with_time_stamp(&stamp_of(&world, &[FILES[0].1, FILES[1].1].concat())).unwrap();
    let file = sign_content(&content, parameters, &world.signer.key).unwrap().to_vec();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let text = String::from_utf8(decode_url(file["protected"].as_str().unwrap()).unwrap()).unwrap();
    let names =
        ["alg", "x5t#S256", "x5c", "typ", "b64", "srCms", "sigPl", "srAts", "adoTst", "sigPId", "sigD", "crit", "iat"];
    let places: Vec<usize> = names.iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    let header = protected_header(&file);
    assert_eq!(header["crit"], json!(["b64", "sigD"]));
    assert_eq!(header["sigD"]["ctys"], json!(["pdf", "octet-stream"]));
    assert_eq!(header["sigD"]["pars"][0], "%D9%82%D8%B1%D8%A7%D8%B1%201%2B1=100%25.pdf");
    let named =
        FILES.iter().fold(Evidence::none(), |evidence, (name, octets)| evidence.with_detached_document(name, octets));
    let report = judge(&world, &octets(&file), &named.with_signature_policy("urn:oid:2.999.5", b"policy"));
    passed(&report);
    let signature = &report.signatures()[0];
    assert_eq!(signature.commitments()[0].id().id(), "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval");
    assert_eq!(signature.place().unwrap().address_country.as_deref(), Some("SY"));
    assert!(signature.attributes().unwrap().claimed_roles().eq(["وزير"]));
    assert_eq!(*report.check(Step::SignaturePolicy).unwrap().outcome(), Outcome::Passed);
    assert_eq!(signature.time_stamps()[0].kind(), TimeStampKind::Content);
}

#[test]
fn no_octet_of_what_is_signed_can_be_altered() {
    let world = World::new();
    for (content, evidence) in contents() {
        let file: Value =
            serde_json::from_slice(&made(&world, &content, Serialization::FlattenedJson).to_vec()).unwrap();
        for member in ["protected", "payload", "signature"] {
            let Some(text) = file[member].as_str() else { continue };
            for position in 0..text.len() {
                let mut altered = text.as_bytes().to_vec();
                altered[position] ^= 1;
                let Ok(text) = String::from_utf8(altered) else { continue };
                let mut file = file.clone();
                file[member] = text.into();
                let report = judge(&world, &octets(&file), &evidence);
                assert_ne!(report.indication(), Indication::TotalPassed, "{member} {position}: {report}");
                let Some(signature) = report.signatures().first() else { continue };
                let value = signature.checks().iter().find(|check| check.step() == Step::Cryptography).unwrap();
                assert_ne!(*value.outcome(), Outcome::Passed, "{member} {position}: {report}");
                if member != "protected" {
                    let (word, codes) = verdict(signature);
                    let expected = ["signature-invalid", "base64-symbol", "base64-trailing-bits"];
                    assert!(codes.iter().all(|code| expected.contains(code)), "{member} {position}: {codes:?}");
                    assert_eq!((word.as_str(), codes.len()), ("SIG_CRYPTO_FAILURE", 1), "{member} {position}");
                }
            }
        }
    }
}

#[test]
fn no_octet_of_a_data_object_can_be_altered() {
    let world = World::new();
    let by_hash = Content::by_uri_hash(objects(), DigestAlgorithm::Sha256).unwrap();
    let by_uri = Content::by_uri(objects()).unwrap();
    for (content, expected) in [
        (by_hash.clone(), ("HASH_FAILURE", "data-object-differs")),
        (by_hash.unencoded(), ("HASH_FAILURE", "data-object-differs")),
        (by_uri.clone(), ("SIG_CRYPTO_FAILURE", "signature-invalid")),
        (by_uri.unencoded(), ("SIG_CRYPTO_FAILURE", "signature-invalid")),
    ] {
        let file = made(&world, &content, Serialization::Compact).to_vec();
        for position in 0..FILES[0].1.len() {
            let mut altered = FILES[0].1.to_vec();
            altered[position] ^= 1;
            let evidence = Evidence::none().with_detached_document(FILES[0].0, &altered);
            let report = judge(&world, &file, &evidence.with_detached_document(FILES[1].0, FILES[1].1));
            let (word, codes) = verdict(&report.signatures()[0]);
            assert_eq!((word.as_str(), &codes[..]), (expected.0, &[expected.1][..]), "{report}");
        }
    }
}

#[test]
fn where_a_data_object_ends_is_signed_with_its_digest_alone() {
    let world = World::new();
    // Three octets go from the end of one file to the beginning of the next.
    let (first, second) = (&FILES[0].1[..3], [&FILES[0].1[3..], FILES[1].1].concat());
    let evidence = Evidence::none().with_detached_document(FILES[0].0, first);
    let evidence = evidence.with_detached_document(FILES[1].0, &second);
    let judged = |content: &Content<'_>| {
        judge(&world, &made(&world, content, Serialization::Compact).to_vec(), &evidence).indication()
    };
    let by_uri = Content::by_uri(objects()).unwrap();
    assert_eq!(judged(&by_uri), Indication::TotalPassed);
    assert_eq!(judged(&by_uri.unencoded()), Indication::TotalPassed);
    let by_hash = Content::by_uri_hash(objects(), DigestAlgorithm::Sha256).unwrap();
    assert_eq!(judged(&by_hash), Indication::TotalFailed);
    assert_eq!(judged(&by_hash.unencoded()), Indication::TotalFailed);
}

#[test]
fn parallel_signatures_stand_beside_each_other() {
    let world = World::new();
    let second = world.ministry.issue(entity(ENTITY));
    for (content, evidence) in contents() {
        let first = made(&world, &content, Serialization::GeneralJson);
        let first =
            first.clone().with_signature_time_stamp(&stamp_of(&world, signature_text(&first).as_bytes())).unwrap();
        let file = SignedFile::parse(&first.to_vec(), &Limits::default()).unwrap();
        let parameters = parameters_of(&world, &second, Serialization::GeneralJson);
        let beside = sign_content(&content, parameters, &second.key).unwrap();
        let stamp = stamp_of(&world, signature_text(&beside).as_bytes());
        let file = file.with_signature(&beside.with_signature_time_stamp(&stamp).unwrap()).unwrap();
        let report = judge(&world, &file.to_vec(), &evidence);
        passed(&report);
        let [one, two] = report.signatures() else { panic!("two: {report}") };
        assert_eq!((one.proven_time(), two.proven_time()), (Some(at(NOW)), Some(at(NOW))));
        assert_ne!(one.signing_certificate(), two.signing_certificate());
        // One that fails fails the file.
        let mut altered: Value = serde_json::from_slice(&file.to_vec()).unwrap();
        altered["signatures"][1]["signature"] = altered["signatures"][0]["signature"].clone();
        assert_eq!(judge(&world, &octets(&altered), &evidence).indication(), Indication::TotalFailed);
    }
}

/// The value as it stands in a JSON form.
fn signature_text(signed: &SignedPayload) -> String {
    let file: Value = serde_json::from_slice(&signed.to_vec()).unwrap();
    let signature = file.pointer("/signatures/0/signature").or(file.get("signature")).unwrap();
    signature.as_str().unwrap().to_owned()
}

#[test]
fn parallel_signatures_that_do_not_go_together_are_refused() {
    let world = World::new();
    let parse = |signed: &SignedPayload| SignedFile::parse(&signed.to_vec(), &Limits::default());
    let general = |content: &Content<'_>| made(&world, content, Serialization::GeneralJson);
    let attached = general(&Content::attached(PAYLOAD));
    let refused = |file: &SignedPayload, signed: &SignedPayload| {
        parse(file).unwrap().with_signature(signed).unwrap_err().to_string()
    };
    let flattened = made(&world, &Content::attached(PAYLOAD), Serialization::FlattenedJson);
    let compact = made(&world, &Content::attached(PAYLOAD), Serialization::Compact);
    assert_eq!(
        refused(&flattened, &attached),
        "adding a signature: the file is flattened, only the general JSON form holds several"
    );
    for other in [&flattened, &compact] {
        assert_eq!(
            refused(&attached, other),
            "adding a signature: the signature is for another form, only the general JSON form holds several"
        );
    }
    assert_eq!(parse(&compact).unwrap_err(), SignError::CompactCannotGrow);
    assert_eq!(SignedFile::parse(b"{}", &Limits::default()).unwrap_err().code(), "jws-no-signature");
    for other in [Content::attached(b"other"), Content::detached(PAYLOAD), Content::by_uri(objects()).unwrap()] {
        assert_eq!(refused(&attached, &general(&other)), "adding a signature: it is over something else");
    }
    let detached = general(&Content::detached(PAYLOAD));
    let unencoded = general(&Content::detached(PAYLOAD).unencoded());
    assert_eq!(refused(&detached, &unencoded), "adding a signature: JWS: signatures differ in \"b64\"");
    // The same octets in the file, signed in two ways.
    let text = encode_url(PAYLOAD);
    let unencoded = general(&Content::attached(text.as_bytes()).unencoded());
    assert_eq!(refused(&attached, &unencoded), "adding a signature: JWS: signatures differ in \"b64\"");
    let mut limits = Limits::default();
    limits.signatures = 2;
    let file = SignedFile::parse(&attached.to_vec(), &limits).unwrap().with_signature(&attached).unwrap();
    assert_eq!(file.unverified_payload(), Some(PAYLOAD));
    assert_eq!(file.with_signature(&attached).unwrap_err().code(), "jws-too-many-signatures");
}

/// A countersignature by the supervisor over the signature at `path`.
fn counter_signed(
    world: &World,
    file: &SignedFile,
    path: &[usize],
    form: Serialization,
) -> Result<SignedFile, SignError> {
    let supervisor = world.ministry.issue(entity(ENTITY));
    let content = file.signature_value(path)?;
    let counter = sign_content(&content, parameters_of(world, &supervisor, form), &supervisor.key)?;
    file.with_counter_signature(path, &counter)
}

#[test]
fn countersignatures_nest_and_validate() {
    let world = World::new();
    for form in [Serialization::FlattenedJson, Serialization::GeneralJson] {
        let signed = made(&world, &Content::attached(PAYLOAD), form);
        let stamp = stamp_of(&world, signature_text(&signed).as_bytes());
        for signed in [signed.clone(), signed.with_signature_time_stamp(&stamp).unwrap()] {
            let file = SignedFile::parse(&signed.to_vec(), &Limits::default()).unwrap();
            let file = counter_signed(&world, &file, &[0], Serialization::Compact).unwrap();
            let file = counter_signed(&world, &file, &[0], Serialization::FlattenedJson).unwrap();
            let file = counter_signed(&world, &file, &[0, 1], Serialization::FlattenedJson).unwrap();
            let file = counter_signed(&world, &file, &[0, 1, 0], Serialization::Compact).unwrap();
            let report = judge(&world, &file.to_vec(), &Evidence::none());
            passed(&report);
            let [compact, flattened] = report.signatures()[0].counter_signatures() else { panic!("two: {report}") };
            assert_eq!((compact.counter_signatures().len(), flattened.counter_signatures().len()), (0, 1));
            assert_eq!(flattened.counter_signatures()[0].counter_signatures()[0].indication(), Indication::TotalPassed);
            let refused = |path: &[usize]| file.signature_value(path).unwrap_err().to_string();
            let compact = "time-stamping: a compact serialization cannot hold a time-stamp, use flattened JSON";
            assert_eq!(
                counter_signed(&world, &file, &[0, 0], Serialization::Compact).unwrap_err().to_string(),
                compact
            );
            assert_eq!(refused(&[0, 2]), "adding a signature: the file has no signature [0, 2]");
            assert_eq!(refused(&[1]), "adding a signature: the file has no signature [1]");
            assert_eq!(refused(&[]), "adding a signature: the file has no signature []");
        }
    }
}

#[test]
fn a_countersignature_may_be_time_stamped() {
    let world = World::new();
    let signed = made(&world, &Content::attached(PAYLOAD), Serialization::FlattenedJson);
    let file = SignedFile::parse(&signed.to_vec(), &Limits::default()).unwrap();
    let content = file.signature_value(&[0]).unwrap();
    let counter = sign_content(&content, parameters(&world, Serialization::FlattenedJson), &world.signer.key).unwrap();
    let stamp = stamp_of(&world, signature_text(&counter).as_bytes());
    let file = file.with_counter_signature(&[0], &counter.with_signature_time_stamp(&stamp).unwrap()).unwrap();
    let report = judge(&world, &file.to_vec(), &Evidence::none());
    passed(&report);
    assert_eq!(report.signatures()[0].counter_signatures()[0].proven_time(), Some(at(NOW)));
}

#[test]
fn what_a_time_stamp_covers_is_not_countersigned() {
    let world = World::new();
    let signed = made(&world, &Content::attached(PAYLOAD), Serialization::FlattenedJson);
    let file = SignedFile::parse(&signed.to_vec(), &Limits::default()).unwrap();
    let file = counter_signed(&world, &file, &[0], Serialization::FlattenedJson).unwrap();
    let value: Value = serde_json::from_slice(&file.to_vec()).unwrap();
    let archived = crate::world::with_item(value, &json!({"arcTst": container(&[vec![0x30, 0]])}));
    let archived = SignedFile::parse(&octets(&archived), &Limits::default()).unwrap();
    let error = counter_signed(&world, &archived, &[0, 0], Serialization::Compact).unwrap_err();
    assert_eq!(error.to_string(), "adding a signature: the time-stamp in etsiU item 1 covers the countersignature");
    // One that comes after the time-stamp is not covered by it, nor is a signature itself.
    let later = counter_signed(&world, &archived, &[0], Serialization::FlattenedJson).unwrap();
    counter_signed(&world, &later, &[0, 1], Serialization::Compact).unwrap();
}

#[test]
fn countersignatures_of_something_else_are_refused() {
    let world = World::new();
    let signed = || made(&world, &Content::attached(PAYLOAD), Serialization::FlattenedJson);
    let parse = |signed: &SignedPayload| SignedFile::parse(&signed.to_vec(), &Limits::default()).unwrap();
    let (file, other) = (parse(&signed()), parse(&signed()));
    let over = |file: &SignedFile, form| {
        sign_content(&file.signature_value(&[0]).unwrap(), parameters(&world, form), &world.signer.key).unwrap()
    };
    let foreign = over(&other, Serialization::FlattenedJson);
    assert_eq!(file.with_counter_signature(&[0], &foreign).unwrap_err(), SignError::OtherPayload);
    assert_eq!(file.with_counter_signature(&[0], &signed()).unwrap_err(), SignError::OtherPayload);
    let general = over(&file, Serialization::GeneralJson);
    assert_eq!(file.with_counter_signature(&[0], &general).unwrap_err().code(), "sign-not-general");
    // A countersignature is no parallel signature.
    let detached = parse(&made(&world, &Content::detached(PAYLOAD), Serialization::GeneralJson));
    assert_eq!(detached.with_signature(&general).unwrap_err(), SignError::OtherPayload);
    let typed = parameters(&world, Serialization::Compact).with_content_type("text/plain");
    let error = prepare_content(&file.signature_value(&[0]).unwrap(), typed).unwrap_err();
    assert_eq!(error.to_string(), "signing: a media type was given for a signature value");
    let mixed = json!({"etsiU": [{"xVals": []}, encode_url(b"{\"rVals\":{}}")]});
    let mut value: Value = serde_json::from_slice(&file.to_vec()).unwrap();
    value["header"] = mixed;
    let mixed = SignedFile::parse(&octets(&value), &Limits::default()).unwrap();
    let error = mixed.signature_value(&[0]).unwrap_err().to_string();
    assert_eq!(error, "adding a signature: etsiU item 1: a string, the items before are an object");
    // In the form of the items that are there.
    value["header"] = json!({"etsiU": [{"note": 1}]});
    let clear = SignedFile::parse(&octets(&value), &Limits::default()).unwrap();
    let clear = counter_signed(&world, &clear, &[0], Serialization::FlattenedJson).unwrap();
    let clear = counter_signed(&world, &clear, &[0, 0], Serialization::Compact).unwrap();
    passed(&judge(&world, &clear.to_vec(), &Evidence::none()));
    let value: Value = serde_json::from_slice(&clear.to_vec()).unwrap();
    assert!(value.pointer("/header/etsiU/1/cSig/header/etsiU/0").unwrap().is_string());
}

#[test]
fn what_must_not_be_signed_is_refused() {
    let world = World::new();
    let [object, _] = objects();
    let refused = |result: Result<Content<'_>, SignError>| result.unwrap_err().to_string();
    assert_eq!(refused(Content::by_uri([])), "signing: no data object was given");
    assert_eq!(refused(Content::by_uri([DataObject::new("", b"x")])), "signing: a data object without a name");
    let twice = "signing: two data objects are called \"قرار 1+1=100%.pdf\"";
    assert_eq!(refused(Content::by_uri([object, object])), twice);
    let twice_by_hash = Content::by_uri_hash([object, object], DigestAlgorithm::Sha256);
    assert_eq!(refused(twice_by_hash), twice);
    let sha_1 = Content::by_uri_hash([object], DigestAlgorithm::Sha1);
    assert_eq!(refused(sha_1), "signing: SHA-1 for data objects, expected SHA-256, SHA-384 or SHA-512");
    let prepared = |content: &Content<'_>, parameters| prepare_content(content, parameters).unwrap_err().to_string();
    let unencoded = |payload, form| prepared(&Content::attached(payload).unencoded(), parameters(&world, form));
    for form in [Serialization::FlattenedJson, Serialization::GeneralJson] {
        let expected = format!("signing: octet 5 of the payload cannot stand unencoded in the {form} form");
        assert_eq!(unencoded(FILES[0].1, form), expected);
    }
    let expected = "signing: octet 1 of the payload cannot stand unencoded in the compact form";
    assert_eq!(unencoded(b"a$", Serialization::Compact), expected);
    assert_eq!(unencoded(b"a.b", Serialization::Compact), expected);
    let typed = parameters(&world, Serialization::Compact).with_content_type("application/pdf");
    let error = prepared(&Content::by_uri([object]).unwrap(), typed);
    assert_eq!(error, "signing: a media type was given for data objects, which have types of their own");
    // A time-stamp over something else, over another encoding, or over SHA-1.
    let content = Content::detached(PAYLOAD);
    assert_eq!(
        content.clone().with_time_stamp(&stamp_of(&world, b"x")).unwrap_err().code(),
        "time-stamp-message-imprint"
    );
    let stamp = stamp_of(&world, encode_url(PAYLOAD).as_bytes());
    let imprint = content.time_stamp_imprint(DigestAlgorithm::Sha256);
    assert_eq!(imprint, DigestAlgorithm::Sha256.digest(encode_url(PAYLOAD).as_bytes()));
    let stamped = content.with_time_stamp(&stamp).unwrap();
    made(&world, &stamped, Serialization::Compact);
    let error = prepare_content(&stamped.unencoded(), parameters(&world, Serialization::Compact)).unwrap_err();
    assert_eq!(error.code(), "time-stamp-message-imprint");
    let digest = DigestAlgorithm::Sha1.digest(encode_url(PAYLOAD).as_bytes());
    let tst_info = TstInfo { imprint: digest, gen_time: NOW, serial_number: 1 };
    let der = token(&world.tsa, &tst_info, &[&world.tsa.certificate]);
    let old = TimeStampToken::from_der(&der, &Limits::default()).unwrap();
    let error = Content::detached(PAYLOAD).with_time_stamp(&old).unwrap_err();
    assert_eq!(error, SignError::Sha1 { of: "a time-stamp" });
}

#[test]
fn an_algorithm_is_for_its_own_key() {
    let world = World::new();
    let chain = || [&world.signer.certificate, &world.ministry.certificate].map(Clone::clone);
    for name in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"] {
        let algorithm: JwsAlgorithm = name.parse().unwrap();
        let made = SignatureParameters::new(algorithm, chain(), at(NOW));
        match algorithm {
            JwsAlgorithm::Es256 => drop(sign(PAYLOAD, made.unwrap(), &world.signer.key).unwrap()),
            _ => assert_eq!(made.unwrap_err().code(), "signature-key-mismatch", "{algorithm}"),
        }
    }
}
