//! Attacks that broke document-signing systems, and those we could think of: each must be refused, for the right reason.
//!
//! A test whose name starts with `t` and a number is that row of the project's table of threats. Rows that need a register
//! of entities or its history (T14, T27), batches (T25), the status of documents (T15) and the journal (T15, T20) have tests of
//! their own. Revocation (T18, T19) and explosions of paths (T24) are held by the tests of paths, T4 and T22 are no rows,
//! T13 and T29 are gates on dependencies and sources, T31 is a test of the documentation.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::document::Attachment;
use wathiqa::encoding::base64::encode_url;
use wathiqa::journal::{Exhibit, Exhibits};
use wathiqa::oid;
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Indication, NotChecked, Outcome, Report, Step, SubIndication};
use wathiqa::validation::Evidence;
use wathiqa::verify::{ConflictError, ExhibitFault, Verifier};
use wathiqa::x509::crl::Crl;
use wathiqa::x509::ocsp::OcspResponse;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::{RevocationEvidence, RevocationSettings, UnknownRevocation};
use world::*;

#[path = "support/world.rs"]
mod world;

/// The stable names of every reason, also those of time-stamps.
fn codes(report: &Report) -> Vec<&'static str> {
    let stamps = report.signatures().iter().flat_map(|signature| signature.time_stamps());
    let stamps = stamps.flat_map(|stamp| stamp.checks()).filter_map(|check| match check.outcome() {
        Outcome::Failed { reason, .. } => Some(reason.code()),
        _ => None,
    });
    report.failures().map(|reason| reason.code()).chain(stamps).collect()
}

/// Not passed, for this reason among others, with nothing to be taken for verified.
#[track_caller]
fn refused(report: Report, sub_indication: SubIndication, code: &str) {
    let codes = codes(&report);
    assert!(codes.contains(&code), "{code} is not in {codes:?}\n{report}");
    assert_eq!(report.sub_indication(), Some(sub_indication), "{codes:?}\n{report}");
    assert_eq!(report.indication(), sub_indication.indication());
    assert!(report.verified_payload().is_none() && report.into_verified::<Value>().is_err());
}

#[track_caller]
fn passed(report: Report) {
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    report.into_verified::<Value>().unwrap();
}

#[test]
fn what_is_altered_below_passes_as_it_is() {
    let world = World::new();
    passed(world.verify(&octets(&world.issue())));
    passed(world.verify_b_b(&octets(&world.draft().sign(&world.signer))));
    passed(world.verify_b_b(&compact(&world.draft().sign(&world.signer))));
}

#[test]
fn t01_one_octet_more_in_an_attachment() {
    let world = World::new();
    let mut document = document();
    document["attachments"] =
        json!([serde_json::to_value(Attachment::of("plan.pdf", "application/pdf", b"%PDF-1.7").unwrap()).unwrap()]);
    let file = octets(&world.stamp(world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer)));
    let verifier = Verifier::new(world.policy());
    let with = |name, octets| verifier.verify(&file, &Evidence::none().with_attachment(name, octets), at(NOW));
    passed(with("plan.pdf", b"%PDF-1.7"));
    refused(with("plan.pdf", b"%PDF-1.7\n"), SubIndication::AttachmentAltered, "attachment-size");
    refused(with("plan.pdf", b"%PDF-1.8"), SubIndication::AttachmentAltered, "attachment-digest");
    refused(with("PLAN.pdf", b"%PDF-1.7"), SubIndication::SignedDataNotFound, "attachment-absent");
}

#[test]
fn t02_lengths_of_nothing_and_of_everything() {
    let world = World::new();
    for (size, code) in [
        (json!(0), "attachment-size"),
        (json!(u64::MAX), "document-integer-too-large"),
        (json!((1_u64 << 53)), "document-integer-too-large"),
        (json!(-1), "document-member-type"),
        (json!(8.0), "document-member-type"),
    ] {
        let mut document = document();
        let sha256 = encode_url(wathiqa::digest::DigestAlgorithm::Sha256.digest(b"%PDF-1.7").as_octets());
        document["attachments"] =
            json!([{"name": "plan.pdf", "mediaType": "application/pdf", "size": size, "sha256": sha256}]);
        let file = world.stamp(world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer));
        let evidence = Evidence::none().with_attachment("plan.pdf", b"%PDF-1.7");
        let report = Verifier::new(world.policy()).verify(&octets(&file), &evidence, at(NOW));
        let sub =
            if code == "attachment-size" { SubIndication::AttachmentAltered } else { SubIndication::FormatFailure };
        refused(report, sub, code);
    }
    let with_status = |index: Value| {
        let mut document = document();
        document["status"] = json!({"status_list": {"idx": index, "uri": "urn:x"}});
        world.verify_b_b(&octets(&world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer)))
    };
    refused(with_status(json!(u64::MAX)), SubIndication::FormatFailure, "document-integer-too-large");
    refused(with_status(json!(-1)), SubIndication::FormatFailure, "document-member-type");
    // A length of DER: nothing, all that there is, all that can be written, more than can be counted.
    for (length, code) in [
        (&[0][..], "der-missing"),
        (&[0x84, 0xff, 0xff, 0xff, 0xff], "der-truncated"),
        (&[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "der-truncated"),
        (&[0x89, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "der-length-too-large"),
        (&[0xff], "der-length-too-large"),
        (&[0x80], "der-length-indefinite"),
        (&[0x84, 0, 0, 0, 0], "der-length-not-minimal"),
    ] {
        let announced = [&[0x30], length].concat();
        let file = world.draft().with("x5c", json!([wathiqa::encoding::base64::encode_standard(&announced)]));
        refused(world.verify_b_b(&octets(&file.sign(&world.signer))), SubIndication::FormatFailure, code);
        let file = with_item(world.draft().sign(&world.signer), &sig_tst(&[announced]));
        refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, code);
    }
}

#[test]
fn t03_only_the_payload_that_was_signed_is_read() {
    let world = World::new();
    let file = world.issue();
    let evil = encode_url(document().to_string().replace("2011", "1999").as_bytes());
    // A second payload beside the signature, or in the header, is a member like any other: ignored.
    let part = json!({"payload": evil, "protected": file["protected"], "signature": file["signature"], "header": file["header"]});
    let report = world.verify(&octets(&json!({"payload": file["payload"], "signatures": [part]})));
    assert_eq!(report.into_verified::<Value>().unwrap().body()["since"], 2011);
    let mut swapped = file.clone();
    swapped["payload"] = evil.clone().into();
    refused(world.verify(&octets(&swapped)), SubIndication::SigCryptoFailure, "signature-invalid");
    // Two payloads, in either order.
    for (first, second) in [(&file["payload"], &json!(evil)), (&json!(evil), &file["payload"])] {
        let text = format!(
            r#"{{"payload":{first},"protected":{},"signature":{},"payload":{second}}}"#,
            file["protected"], file["signature"]
        );
        refused(world.verify(text.as_bytes()), SubIndication::FormatFailure, "json-duplicate-member");
    }
    // A flattened and a general signature in one file.
    let mut both = file.clone();
    both["signatures"] = json!([{"protected": file["protected"], "signature": file["signature"]}]);
    refused(world.verify(&octets(&both)), SubIndication::FormatFailure, "jws-two-forms");
}

#[test]
fn t05_alg_none_and_keys_used_as_secrets() {
    let world = World::new();
    for name in ["none", "None", "NONE", "nOnE", "", " ES256", "ES256 ", "es256", "ES256\u{0}", "ES512", "ES256K"] {
        let mut file = world.draft().with("alg", json!(name)).sign(&world.signer);
        let (sub_indication, code) = match name {
            "none" => (SubIndication::SigCryptoFailure, "jws-algorithm-none"),
            // Not known here: it is not known to be false either.
            _ => (SubIndication::CryptoConstraintsFailureNoPoe, "jws-algorithm-unsupported"),
        };
        refused(world.verify_b_b(&octets(&file)), sub_indication, code);
        file["signature"] = "".into();
        refused(world.verify_b_b(&octets(&file)), sub_indication, code);
        refused(world.verify_b_b(&compact(&file)), sub_indication, code);
    }
    // The public key as an HMAC secret, in every form an attacker has it in.
    let spki = world.signer.certificate.public_key().spki_der();
    for secret in [spki, &spki[26..], world.signer.certificate.as_der()] {
        let mut file = world.draft().with("alg", json!("HS256")).sign(&world.signer);
        let input = format!("{}.{}", file["protected"].as_str().unwrap(), file["payload"].as_str().unwrap());
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
        file["signature"] = encode_url(ring::hmac::sign(&key, input.as_bytes()).as_ref()).into();
        refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "jws-algorithm-symmetric");
    }
    // An algorithm in the unprotected header is none.
    let mut file = world.draft().with("alg", None).sign(&world.signer);
    file["header"] = json!({"alg": "ES256"});
    refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "jws-no-algorithm");
}

#[test]
fn t06_keys_and_certificates_of_the_attacker() {
    let world = World::new();
    // The whole chain again, same names, other keys.
    let stranger = World::new();
    let payload = serde_json::to_vec(&document()).unwrap();
    let forged = |draft: Draft| octets(&draft.sign(&stranger.signer));
    let theirs = stranger.draft_of(payload.clone());
    refused(world.verify_b_b(&forged(theirs.clone())), SubIndication::NoCertificateChainFound, "signature-invalid");
    // Their leaf under our CA's certificate.
    let mixed = theirs.clone().with("x5c", x5c(&[&stranger.signer.certificate, &world.ministry.certificate]));
    refused(world.verify_b_b(&forged(mixed)), SubIndication::NoCertificateChainFound, "signature-invalid");
    // Their root along with it, and a self-signed leaf.
    let rooted = x5c(&[&stranger.signer.certificate, &stranger.ministry.certificate, &stranger.root.certificate]);
    refused(
        world.verify_b_b(&forged(theirs.clone().with("x5c", rooted))),
        SubIndication::NoCertificateChainFound,
        "signature-invalid",
    );
    let alone = Party::root(entity(ENTITY));
    let file = world.draft_by(&alone.certificate, payload.clone()).sign(&alone);
    refused(world.verify_b_b(&octets(&file)), SubIndication::NoCertificateChainFound, "path-self-issued-not-trusted");
    // Our leaf pinned, their key: in x5c first, in x5c second, in a header of its own.
    let ours = world.draft_of(payload.clone());
    refused(world.verify_b_b(&forged(ours.clone())), SubIndication::SigCryptoFailure, "signature-invalid");
    let swapped = ours.clone().with("x5c", x5c(&[&stranger.signer.certificate, &world.ministry.certificate]));
    refused(
        world.verify_b_b(&forged(swapped)),
        SubIndication::NoSigningCertificateFound,
        "signing-certificate-differs",
    );
    let pinned = ours.clone().with("x5t#S256", json!(thumbprint(&stranger.signer.certificate)));
    refused(world.verify_b_b(&forged(pinned)), SubIndication::NoSigningCertificateFound, "signing-certificate-differs");
    let second = ours.clone().with("x5c", x5c(&[&world.signer.certificate, &stranger.signer.certificate]));
    refused(world.verify_b_b(&forged(second)), SubIndication::SigCryptoFailure, "signature-invalid");
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "x5c": x5c(&[&stranger.signer.certificate])});
    for (member, value) in [("jwk", jwk), ("jku", json!("https://e.example/k")), ("x5u", json!("file:///etc/passwd"))] {
        refused(
            world.verify_b_b(&forged(ours.clone().with(member, value.clone()))),
            SubIndication::SigCryptoFailure,
            "signature-invalid",
        );
        passed(world.verify_b_b(&octets(&ours.clone().with(member, value).sign(&world.signer))));
    }
    // Certificates from outside of the signature are material, never a choice of key.
    let file = with_item(
        stranger.draft_of(payload).with("x5c", None).sign(&stranger.signer),
        &x_vals(&[&stranger.signer.certificate]),
    );
    refused(world.verify_b_b(&octets(&file)), SubIndication::NoCertificateChainFound, "path-issuer-unknown");
    let file = with_item(ours.with("x5c", None).sign(&stranger.signer), &x_vals(&[&stranger.signer.certificate]));
    refused(world.verify_b_b(&octets(&file)), SubIndication::NoSigningCertificateFound, "signing-certificate-absent");
}

#[test]
fn t06_anchors_of_one_store_are_none_of_the_other() {
    let world = World::new();
    // An entity certified by the time-stamp root, and a time-stamp authority certified by the documents' root.
    let entity = world.time_root.issue(entity(ENTITY));
    let file = world.draft_by(&entity.certificate, serde_json::to_vec(&document()).unwrap()).sign(&entity);
    refused(world.verify_b_b(&octets(&file)), SubIndication::NoCertificateChainFound, "path-issuer-unknown");
    let tsa = world.root.issue(tsa("TSA"));
    let file = world.draft().sign(&world.signer);
    let token = token_at(&tsa, file["signature"].as_str().unwrap().as_bytes(), NOW);
    let file = with_item(file, &sig_tst(&[token]));
    refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "path-issuer-unknown");
    // An anchor is there to issue: its own key signs no document.
    let anchor = Party::root(self::entity(ENTITY));
    let store = |party: &Party| {
        wathiqa::x509::TrustStore::from_iter([wathiqa::x509::TrustAnchor::from_certificate(party.certificate.clone())])
    };
    let policy =
        wathiqa::policy::ValidationPolicy::new(store(&anchor), store(&world.time_root), RevocationPolicy::Skip);
    let file = world.stamp(world.draft_by(&anchor.certificate, serde_json::to_vec(&document()).unwrap()).sign(&anchor));
    let report = Verifier::new(policy).verify(&octets(&file), &Evidence::none(), at(NOW));
    refused(report, SubIndication::NoCertificateChainFound, "path-directly-trusted");
}

/// One value of each JSON type, by its name.
const EACH_TYPE: [(&str, &str); 7] = [
    ("string", r#""x""#),
    ("integer", "1"),
    ("fraction", "1.5"),
    ("null", "null"),
    ("boolean", "true"),
    ("array", "[1]"),
    ("object", r#"{"x":1}"#),
];

fn of_types_other_than(right: &str) -> impl Iterator<Item = Value> {
    let others = EACH_TYPE.into_iter().filter(move |(name, _)| *name != right);
    others.map(|(_, text)| serde_json::from_str(text).unwrap())
}

#[test]
fn t07_header_members_of_another_type_are_not_absent() {
    let world = World::new();
    let format = SubIndication::FormatFailure;
    let table = [
        ("alg", "string", "jws-member-type", SubIndication::SigCryptoFailure),
        ("cty", "string", "jades-member-type", format),
        ("kid", "string", "jades-member-type", format),
        ("x5c", "none", "jades-member-type", format),
        ("x5t#S256", "string", "jades-member-type", format),
        ("x5t#o", "object", "jades-member-type", format),
        ("sigX5ts", "none", "jades-member-type", format),
        ("typ", "string", "jades-member-type", format),
        ("iat", "integer", "jades-member-type", format),
        ("sigT", "string", "jades-member-type", format),
        ("exp", "integer", "jades-member-type", format),
        ("adoTst", "object", "jades-member-type", format),
        ("sigD", "object", "jades-member-type", format),
        ("sigPl", "object", "jades-member-type", format),
        ("sigPId", "object", "jades-member-type", format),
        ("srCms", "none", "jades-member-type", format),
        ("srAts", "object", "jades-member-type", format),
        ("crit", "none", "jws-member-type", format),
        ("b64", "boolean", "jws-member-type", format),
    ];
    for (member, right, code, sub_indication) in table {
        for value in of_types_other_than(right) {
            // The one of its kind in the header.
            let draft = match member {
                "x5t#o" | "sigX5ts" => world.draft().with("x5t#S256", None),
                "sigT" => world.draft().with("iat", None),
                _ => world.draft(),
            };
            let file = draft.with(member, value).sign(&world.signer);
            refused(world.verify_b_b(&octets(&file)), sub_indication, code);
        }
    }
}

#[test]
fn t07_members_beside_the_header_of_another_type_are_not_absent() {
    let world = World::new();
    let file = world.draft().sign(&world.signer);
    let format = SubIndication::FormatFailure;
    for (member, right, sub_indication) in [
        ("payload", "string", SubIndication::SigCryptoFailure),
        ("protected", "string", format),
        ("signature", "string", format),
        ("header", "object", format),
    ] {
        for value in of_types_other_than(right) {
            let mut altered = file.clone();
            altered[member] = value;
            refused(world.verify_b_b(&octets(&altered)), sub_indication, "jws-member-type");
        }
    }
    for value in of_types_other_than("array") {
        let general = json!({"payload": file["payload"], "signatures": value});
        refused(world.verify_b_b(&octets(&general)), format, "jws-member-type");
        let mut altered = file.clone();
        altered["header"] = json!({"etsiU": value});
        refused(world.verify_b_b(&octets(&altered)), format, "jades-member-type");
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::Null => "null",
    }
}

#[test]
fn t07_document_members_of_another_type_are_not_absent() {
    let world = World::new();
    let mut whole = document();
    whole["service"] = json!("40000182");
    whole["validity"] = json!({"notBefore": "2025-01-01T00:00:00Z", "notAfter": "2026-01-01T00:00:00Z"});
    whole["status"] = json!({"status_list": {"idx": 0, "uri": "urn:x"}});
    whole["subject"] = json!({"name": "x"});
    whole["subject"]["identifier"] = json!({"scheme": "sy.gov.example.id", "value": "0101"});
    whole["mandate"] = json!("e30");
    whole["attachments"] = json!([Attachment::of("plan.pdf", "application/pdf", b"%PDF-1.7").unwrap()]);
    let file = world.draft_of(serde_json::to_vec(&whole).unwrap()).sign(&world.signer);
    assert!(world.verify_b_b(&octets(&file)).check(Step::DocumentFormat).unwrap().failure().is_none());
    // Every member at every depth.
    let mut members = Vec::new();
    places(&whole, "", &mut members);
    members.retain(|pointer| !pointer.is_empty() && !pointer.starts_with("/body"));
    assert_eq!(members.len(), 27, "{members:?}");
    for pointer in members {
        for value in of_types_other_than(type_of(whole.pointer(&pointer).unwrap())) {
            let mut altered = whole.clone();
            *altered.pointer_mut(&pointer).unwrap() = value;
            let file = world.draft_of(serde_json::to_vec(&altered).unwrap()).sign(&world.signer);
            refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "document-member-type");
        }
    }
    for member in document().as_object().unwrap().keys() {
        let mut altered = document();
        altered.as_object_mut().unwrap().remove(member);
        let file = world.draft_of(serde_json::to_vec(&altered).unwrap()).sign(&world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "document-member-missing");
    }
}

#[test]
fn t08_members_that_stand_twice() {
    let world = World::new();
    let duplicate = "json-duplicate-member";
    let header = world.draft().header.to_string();
    let header = header.strip_suffix('}').unwrap();
    let payload = serde_json::to_vec(&document()).unwrap();
    for twice in [
        r#","alg":"ES256"}"#,
        r#","\u0061lg":"none"}"#,
        r#","x":{"a":[{"b":1,"\u0062":2}]}}"#,
        r#","crit":["b64"],"crit":[]}"#,
    ] {
        let file = sign_text(&format!("{header}{twice}"), &payload, &world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, duplicate);
        refused(world.verify_b_b(&compact(&file)), SubIndication::FormatFailure, duplicate);
    }
    let text = document().to_string();
    let text = text.strip_suffix('}').unwrap();
    for twice in
        [r#","body":{}}"#, r#","\u0062ody":{}}"#, r#","issuer":"1234567889"}"#, r#","sy.gov.example.x":{"a":1,"a":1}}"#]
    {
        let file = world.draft_of(format!("{text}{twice}").into_bytes()).sign(&world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, duplicate);
    }
    let file = octets(&world.draft().sign(&world.signer));
    let file = std::str::from_utf8(&file).unwrap().strip_suffix('}').unwrap();
    for twice in [
        r#","payload":""}"#,
        r#","p\u0061yload":""}"#,
        r#","header":{"etsiU":[],"etsi\u0055":[]}}"#,
        r#","other":{"a":1,"a":2}}"#,
    ] {
        refused(world.verify_b_b(format!("{file}{twice}").as_bytes()), SubIndication::FormatFailure, duplicate);
    }
    let item = encode_url(br#"{"xVals":[],"x\u0056als":[]}"#);
    let altered = format!(r#"{file},"header":{{"etsiU":["{item}"]}}}}"#);
    refused(world.verify_b_b(altered.as_bytes()), SubIndication::FormatFailure, duplicate);
}

#[test]
fn t09_crit_and_b64() {
    let world = World::new();
    let table = [
        (json!([]), "jws-crit-empty"),
        (json!(["b64"]), "jws-crit-not-there"),
        (json!(["exp", "exp"]), "jws-crit-not-there"),
        (json!(["alg"]), "jws-crit-defined"),
        (json!(["crit"]), "jws-crit-defined"),
        (json!(["x5t#S256"]), "jws-crit-defined"),
        (json!(["nbf"]), "jws-crit-not-understood"),
        (json!(["B64"]), "jws-crit-not-understood"),
        (json!(["iat "]), "jws-crit-not-understood"),
        (json!([""]), "jws-crit-not-understood"),
        (json!(["iat", "iat"]), "jws-crit-twice"),
        (json!(["iat", "http://example.com/UNDEFINED"]), "jws-crit-not-understood"),
        (json!(["etsiU"]), "jws-crit-not-there"),
    ];
    for (value, code) in table {
        let file = world.draft().with("crit", value).sign(&world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, code);
    }
    // `b64` without `crit`, true or false.
    for value in [true, false] {
        let file = world.draft().with("b64", json!(value)).sign(&world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "jws-crit-not-listed");
    }
    // Signed as base64url, shown as the octets themselves, and the reverse.
    let draft = world.draft().with("b64", json!(false)).with("crit", json!(["b64"]));
    refused(world.verify_b_b(&octets(&draft.sign(&world.signer))), SubIndication::FormatFailure, "json-syntax");
    let mut file = draft.sign(&world.signer);
    file["payload"] = document().to_string().into();
    refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "signature-invalid");
    // `crit` and `b64` where nothing protects them.
    for (member, value) in [("crit", json!(["b64"])), ("b64", json!(false))] {
        let mut file = world.draft().sign(&world.signer);
        file["header"] = json!({member: value});
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "jws-unprotected");
    }
}

#[test]
fn t10_rsa_keys_that_are_short_or_guessable() {
    let world = World::new();
    let certified = |modulus: Vec<u8>| {
        let mut key = wathiqa::encoding::der::Writer::new();
        key.constructed(wathiqa::encoding::der::Tag::SEQUENCE, |key| {
            let sign: &[u8] = if modulus[0] & 0x80 == 0 { &[] } else { &[0] };
            key.value(wathiqa::encoding::der::Tag::INTEGER, &[sign, &modulus].concat());
            key.unsigned(65_537);
        });
        world.ministry.certify(&entity(ENTITY), &RawKey(key.into_der(), &rcgen::PKCS_RSA_SHA256))
    };
    let payload = serde_json::to_vec(&document()).unwrap();
    let judged = |certificate| {
        let draft = world.draft_by(&certificate, payload.clone()).with("alg", json!("RS256"));
        world.verify_b_b(&octets(&draft.sign(&world.signer)))
    };
    let short = judged(certified(vec![0xff; 255]));
    refused(short, SubIndication::SigCryptoFailure, "algorithm-rsa-ended");
    // An anchor with such a key, whoever it is said to have certified.
    let weak = judged_anchor(&world, certified(vec![0xff; 128]));
    refused(weak, SubIndication::CryptoConstraintsFailure, "algorithm-rsa-ended");
    // 65537^130, a power of 65537 modulo whatever prime.
    let roca = (0..130).fold(vec![1_u8], |number, _| times_65537(&number));
    refused(judged(certified(roca)), SubIndication::SigCryptoFailure, "algorithm-roca-key");
}

/// The verdict on a signature below an anchor with the key of `certificate`.
fn judged_anchor(world: &World, certificate: wathiqa::x509::Certificate) -> Report {
    let leaf = Party::root(entity(ENTITY)).issue(entity(ENTITY));
    let anchor = wathiqa::x509::TrustAnchor::from_certificate(certificate);
    let store = wathiqa::x509::TrustStore::from_iter([anchor]);
    let policy = wathiqa::policy::ValidationPolicy::new(store.clone(), store, RevocationPolicy::Skip);
    let draft = world.draft_by(&leaf.certificate, serde_json::to_vec(&document()).unwrap());
    let file = octets(&draft.with("x5c", x5c(&[&leaf.certificate])).sign(&leaf));
    Verifier::new(policy.with_level(RequiredLevel::BB)).verify(&file, &Evidence::none(), at(NOW))
}

/// A number, big-endian, times 65537.
fn times_65537(number: &[u8]) -> Vec<u8> {
    let shifted = number.iter().chain([&0, &0]).rev();
    let mut carry = 0;
    let mut product: Vec<u8> = shifted
        .zip(number.iter().rev().chain(std::iter::repeat(&0)))
        .map(|(one, other)| {
            let sum = u16::from(*one) + u16::from(*other) + carry;
            carry = sum >> 8;
            sum.to_le_bytes()[0]
        })
        .collect();
    product.push(carry.to_le_bytes()[0]);
    product.reverse();
    let start = product.iter().position(|octet| *octet != 0).unwrap();
    product.split_off(start)
}

#[test]
fn t11_ecdsa_values_that_no_key_made() {
    let world = World::new();
    let order = wathiqa::encoding::base64::decode_url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").unwrap();
    let zero = [0; 32];
    for value in [[&zero[..], &zero].concat(), [&order[..], &order].concat(), [&zero[..], &order].concat()] {
        let mut file = world.draft().sign(&world.signer);
        file["signature"] = encode_url(&value).into();
        refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "signature-invalid");
    }
    for length in [0, 1, 63, 65, 96, 70] {
        let mut file = world.draft().sign(&world.signer);
        file["signature"] = encode_url(&vec![1; length]).into();
        refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "signature-length");
    }
    for other in ["ES384", "EdDSA", "RS256", "PS512"] {
        let file = world.draft().with("alg", json!(other)).sign(&world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "signature-key-mismatch");
    }
}

#[test]
fn t12_ed25519_keys_that_sign_everything() {
    let world = World::new();
    let payload = serde_json::to_vec(&document()).unwrap();
    let mut one = [0; 32];
    one[0] = 1;
    let mut one_again = [0xff; 32];
    (one_again[0], one_again[31]) = (0xee, 0x7f);
    for point in [one, one_again] {
        // With the neutral element as key, R = neutral and S = 0 hold for every message.
        let certificate = world.ministry.certify(&entity(ENTITY), &RawKey(point.to_vec(), &rcgen::PKCS_ED25519));
        let mut file = world.draft_by(&certificate, payload.clone()).with("alg", json!("EdDSA")).sign(&world.signer);
        file["signature"] = encode_url(&[&one[..], &[0; 32]].concat()).into();
        let report = world.verify(&octets(&world.stamp(file)));
        refused(report, SubIndication::CryptoConstraintsFailureNoPoe, "algorithm-ed25519-small-order");
    }
}

#[test]
fn t16_a_claimed_time_proves_nothing() {
    let world = World::new();
    // The certificate ended with 2025; the signature claims to be older and has nothing to show for it.
    let claimed = world.draft().with("iat", json!(at("2025-12-01T00:00:00Z").unix_seconds())).sign(&world.signer);
    let lenient = Verifier::new(world.policy().with_level(RequiredLevel::BB));
    let late = |file: &Value| lenient.verify(&octets(file), &Evidence::none(), at("2026-06-01T00:00:00Z"));
    refused(late(&claimed), SubIndication::OutOfBoundsNoPoe, "path-expired");
    // Nor does a time of validation before the certificate began, and nothing proves one.
    let young = world.draft().with("iat", json!(at("2024-06-01T00:00:00Z").unix_seconds())).sign(&world.signer);
    let report = lenient.verify(&octets(&young), &Evidence::none(), at("2024-06-01T00:00:00Z"));
    refused(report, SubIndication::OutOfBoundsNoPoe, "path-not-yet-valid");
    // Time-stamped after the end, before the beginning, and later than now.
    let stamped = |time| world.stamp_at(claimed.clone(), time);
    refused(late(&stamped("2026-01-01T00:00:01Z")), SubIndication::OutOfBoundsNoPoe, "path-expired");
    let early = world.draft().with("iat", json!(at("2024-06-01T00:00:00Z").unix_seconds())).sign(&world.signer);
    refused(late(&world.stamp_at(early, "2024-06-01T00:00:00Z")), SubIndication::NotYetValid, "path-not-yet-valid");
    refused(
        late(&stamped("2026-06-01T00:00:00.5Z")),
        SubIndication::SigConstraintsFailure,
        "time-stamp-from-the-future",
    );
    refused(late(&stamped("2027-01-01T00:00:00Z")), SubIndication::SigConstraintsFailure, "time-stamp-from-the-future");
    passed(late(&stamped("2025-12-31T23:59:59.999Z")));
    // The earliest of several valid time-stamps counts, in whatever order; one of them alone too late does not help.
    let both = world.stamp_at(stamped("2026-02-01T00:00:00Z"), "2025-12-02T00:00:00Z");
    passed(late(&both));
    // Claimed later than proven, by more than clocks differ; claimed later than now.
    let seconds = |time: &str| json!(at(time).unix_seconds());
    for (iat, passes) in [("2025-06-01T00:10:00Z", true), ("2025-06-01T00:10:01Z", false)] {
        let file = world.stamp(world.draft().with("iat", seconds(iat)).sign(&world.signer));
        let report = world.verify_at(&octets(&file), "2025-07-01T00:00:00Z");
        match passes {
            true => passed(report),
            false => refused(report, SubIndication::SigConstraintsFailure, "claimed-after-proven"),
        }
        let file = octets(&world.draft().with("iat", seconds(iat)).sign(&world.signer));
        match passes {
            true => passed(world.verify_b_b(&file)),
            false => refused(world.verify_b_b(&file), SubIndication::SigConstraintsFailure, "claimed-in-future"),
        }
    }
}

#[test]
fn t16_numeric_dates_have_one_form_and_an_end() {
    let world = World::new();
    let header = world.draft().with("iat", None).header.to_string();
    let header = header.strip_suffix('}').unwrap();
    let payload = serde_json::to_vec(&document()).unwrap();
    for (iat, code) in [
        ("1748736000.0", "jades-member-type"),
        ("1.748736e9", "jades-member-type"),
        ("-0", "jades-member-type"),
        ("9223372036854775808", "jades-member-type"),
        ("18446744073709551616", "json-wide-integer"),
        ("253402300800", "jades-signing-time-form"),
        ("-62167219201", "jades-signing-time-form"),
    ] {
        let file = sign_text(&format!(r#"{header},"iat":{iat}}}"#), &payload, &world.signer);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, code);
    }
    for (sig_t, code) in [
        ("2025-05-31T06:30:00Z", None),
        ("2025-07-15T00:00:00Z", Some("jades-sig-t-too-late")),
        ("2025-05-31T06:30:00z", Some("jades-signing-time-form")),
        ("2025-05-31 06:30:00Z", Some("jades-signing-time-form")),
        ("2025-05-31T06:30:00.0Z", Some("jades-signing-time-form")),
        ("2025-05-31T06:30:00+00:00", Some("jades-signing-time-form")),
        ("2025-05-31T24:00:00Z", Some("jades-signing-time-form")),
        ("", Some("jades-signing-time-form")),
    ] {
        let file = octets(&world.draft().with("iat", None).with("sigT", json!(sig_t)).sign(&world.signer));
        match code {
            None => passed(world.verify_b_b(&file)),
            Some(code) => refused(world.verify_b_b(&file), SubIndication::FormatFailure, code),
        }
    }
    // `exp` is the first moment at which the signature is not to be accepted (RFC 7519 §4.1.4).
    for (exp, passes) in
        [("2025-06-01T00:00:01Z", true), ("2025-06-01T00:00:00Z", false), ("2025-05-31T23:59:59Z", false)]
    {
        let draft = world.draft().with("exp", json!(at(exp).unix_seconds()));
        let report = world.verify(&octets(&world.stamp(draft.sign(&world.signer))));
        match passes {
            true => passed(report),
            false => refused(report, SubIndication::SigConstraintsFailure, "signature-expired"),
        }
    }
}

#[test]
fn t16_evidence_that_turns_up_after_its_ca_ended_proves_nothing() {
    let world = World::new();
    let mut params = ca("Ministry until September");
    params.not_after = rcgen::date_time_ymd(2025, 9, 1);
    let ministry = world.root.issue(params);
    let signer = ministry.issue(entity(ENTITY));
    let draft = world.draft_by(&signer.certificate, serde_json::to_vec(&document()).unwrap());
    let draft = draft.with("x5c", x5c(&[&signer.certificate, &ministry.certificate]));
    let file = octets(&world.stamp(draft.sign(&signer)));
    let lists = [&world.root, &ministry, &world.time_root].map(|party| crl(party, NOW, &[])).to_vec();
    let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
    let verifier = Verifier::new(world.policy_with(RevocationPolicy::default()));
    let judged = |time| verifier.verify(&file, &evidence, at(time));
    passed(judged("2025-06-20T00:00:00Z"));
    passed(judged("2025-09-01T00:00:00Z"));
    // The list of June may have been made by whoever found the key of the CA in September.
    refused(judged("2025-09-01T00:00:01Z"), SubIndication::NoPoe, "existence-not-proven");
    // Who takes what nobody knows for good has no list to doubt.
    let mut settings = RevocationSettings::default();
    settings.unknown = UnknownRevocation::Allow;
    let lenient = Verifier::new(world.policy_with(RevocationPolicy::Check(settings)));
    passed(lenient.verify(&file, &Evidence::none(), at("2025-09-01T00:00:01Z")));
}

#[test]
fn t17_time_stamps_by_who_is_not_an_authority() {
    let world = World::new();
    let file = world.draft().sign(&world.signer);
    let signature = file["signature"].as_str().unwrap().as_bytes();
    let with = |party: &Party| with_item(file.clone(), &sig_tst(&[token_at(party, signature, NOW)]));
    let judged = |party: &Party, code| {
        refused(world.verify(&octets(&with(party))), SubIndication::SigConstraintsFailure, code);
        // Where B-B suffices, what is there must hold all the same.
        refused(world.verify_b_b(&octets(&with(party))), SubIndication::SigConstraintsFailure, code);
    };
    passed(world.verify(&octets(&with(&world.time_root.issue(tsa("Another"))))));
    // The document's own signer, its CA, a stranger, an authority that certified itself.
    judged(&world.signer, "path-issuer-unknown");
    judged(&world.ministry, "path-issuer-unknown");
    judged(&Party::root(ca("Time Root")).issue(tsa("TSA")), "signature-invalid");
    judged(&Party::root(tsa("TSA")), "path-self-issued-not-trusted");
    // Under the right root, for another purpose.
    let purposes = |purposes: &[oid::Oid], critical| world.time_root.issue(authority("TSA", purposes, critical));
    judged(&purposes(&[oid::KP_TIME_STAMPING], Critical::No), "path-ext-key-usage-not-critical");
    judged(&purposes(&[oid::KP_TIME_STAMPING, oid::KP_DOCUMENT_SIGNING], Critical::Yes), "path-ext-key-usage");
    judged(&purposes(&[oid::KP_TIME_STAMPING, oid::KP_TIME_STAMPING], Critical::Yes), "path-ext-key-usage");
    judged(&purposes(&[oid::ANY_EXTENDED_KEY_USAGE], Critical::Yes), "path-ext-key-usage");
    judged(&purposes(&[oid::KP_OCSP_SIGNING], Critical::Yes), "path-ext-key-usage");
    judged(&world.time_root.issue(params("TSA")), "path-ext-key-usage");
    judged(&world.time_root.issue(entity(ENTITY)), "path-ext-key-usage");
    let mut encipherment = tsa("TSA");
    encipherment.key_usages.push(rcgen::KeyUsagePurpose::KeyEncipherment);
    judged(&world.time_root.issue(encipherment), "path-key-usage");
    judged(&world.time_root, "path-directly-trusted");
    // In the right hands, at the wrong time.
    let mut retired = tsa("TSA");
    retired.not_after = rcgen::date_time_ymd(2025, 5, 31);
    judged(&world.time_root.issue(retired), "path-expired");
    let mut future = tsa("TSA");
    future.not_before = rcgen::date_time_ymd(2025, 6, 2);
    judged(&world.time_root.issue(future), "path-not-yet-valid");
}

#[test]
fn t17_a_token_taken_from_elsewhere() {
    let world = World::new();
    let payload = |year: u16| {
        let mut document = document();
        document["body"]["since"] = year.into();
        serde_json::to_vec(&document).unwrap()
    };
    let old = world.stamp_at(world.draft_of(payload(2011)).sign(&world.signer), "2025-05-31T12:00:00Z");
    let mut new = world.draft_of(payload(2012)).sign(&world.signer);
    new["header"] = old["header"].clone();
    refused(world.verify(&octets(&new)), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    refused(world.verify_b_b(&octets(&new)), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    // Beside a valid one of its own, a copied token is still not passed over.
    refused(world.verify(&octets(&world.stamp(new))), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    // In the list of a valid one; under the names of other kinds; as what the protected header holds.
    let file = world.draft_of(payload(2012)).sign(&world.signer);
    let own = token_at(&world.tsa, file["signature"].as_str().unwrap().as_bytes(), NOW);
    let other = token_at(&world.tsa, old["signature"].as_str().unwrap().as_bytes(), NOW);
    for tokens in [[own.clone(), other.clone()], [other.clone(), own.clone()]] {
        let file = with_item(file.clone(), &sig_tst(&tokens));
        refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    }
    for kind in ["sigRTst", "rfsTst", "arcTst"] {
        let item = json!({kind: container(std::slice::from_ref(&own))});
        let renamed = with_item(file.clone(), &item);
        refused(world.verify(&octets(&renamed)), SubIndication::SigConstraintsFailure, "no-time-stamp");
        let beside = with_item(world.stamp(file.clone()), &item);
        refused(world.verify(&octets(&beside)), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    }
    let draft = world.draft().with("adoTst", container(std::slice::from_ref(&own)));
    refused(world.verify(&octets(&draft.sign(&world.signer))), SubIndication::SigConstraintsFailure, "no-time-stamp");
    let file = world.stamp(draft.sign(&world.signer));
    refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "broken-time-stamp");
}

#[test]
fn t17_a_token_over_another_form_of_the_signature() {
    let world = World::new();
    let file = world.draft().sign(&world.signer);
    let text = file["signature"].as_str().unwrap();
    let value = wathiqa::encoding::base64::decode_url(text).unwrap();
    let json = format!("\"{text}\"");
    let input = format!("{}.{}", file["protected"].as_str().unwrap(), file["payload"].as_str().unwrap());
    for data in [&value[..], json.as_bytes(), input.as_bytes(), b""] {
        let file = with_item(file.clone(), &sig_tst(&[token_at(&world.tsa, data, NOW)]));
        refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "time-stamp-message-imprint");
    }
}

#[test]
fn t18_an_authority_whose_key_is_in_other_hands_dates_nothing() {
    let world = World::new();
    let file = octets(&world.issue());
    // Judged in September, by lists of September.
    let judged = |lists: [Crl; 3]| {
        let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists.to_vec(), Vec::new()));
        let verifier = Verifier::new(world.policy_with(RevocationPolicy::default()));
        verifier.verify(&file, &evidence, at("2025-09-02T00:00:00Z"))
    };
    let september = "2025-09-01T00:00:00Z";
    let of = |party, revoked: &[Revocation<'_>]| crl(party, september, revoked);
    let (root, ministry) = (of(&world.root, &[]), of(&world.ministry, &[]));
    let with_tsa = |date, reason| {
        judged([root.clone(), ministry.clone(), of(&world.time_root, &[(&world.tsa.certificate, date, reason)])])
    };
    passed(judged([root.clone(), ministry.clone(), of(&world.time_root, &[])]));
    let constraints = SubIndication::SigConstraintsFailure;
    let (may, august) = ("2025-05-01T00:00:00Z", "2025-08-01T00:00:00Z");
    use rcgen::RevocationReason as Reason;
    // Revoked before the time-stamp, whatever for.
    for reason in [None, Some(Reason::KeyCompromise), Some(Reason::Superseded)] {
        refused(with_tsa(may, reason), constraints, "revoked");
    }
    // Revoked after the time that the time-stamp itself states: who has the key states any time (RFC 3161 §4).
    for reason in [Reason::AffiliationChanged, Reason::Superseded, Reason::CessationOfOperation] {
        passed(with_tsa(august, Some(reason)));
    }
    for reason in [None, Some(Reason::KeyCompromise), Some(Reason::CaCompromise), Some(Reason::PrivilegeWithdrawn)] {
        refused(with_tsa(august, reason), constraints, "revoked");
    }
    // The signer's time is proven by the authority: what became of his key later does not matter, what was before does.
    let with_signer = |date| {
        let list = of(&world.ministry, &[(&world.signer.certificate, date, Some(Reason::KeyCompromise))]);
        judged([root.clone(), list, of(&world.time_root, &[])])
    };
    passed(with_signer(august));
    refused(with_signer(may), SubIndication::Revoked, "revoked");
}

#[test]
fn t18_running_out_of_budget_is_not_the_same_as_nothing_known() {
    let world = World::new();
    let file = octets(&world.issue());
    let list = |party: &Party, revoked: &[Revocation<'_>]| crl(party, NOW, revoked);
    let may = "2025-05-01T00:00:00Z";
    let judged = |signer: &[Revocation<'_>], signatures: usize| {
        let lists = vec![list(&world.root, &[]), list(&world.ministry, signer), list(&world.time_root, &[])];
        let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
        let mut settings = RevocationSettings::default();
        settings.unknown = UnknownRevocation::Allow;
        let mut limits = Limits::default();
        limits.revocation_signatures = signatures;
        let policy = world.policy_with(RevocationPolicy::Check(settings)).with_limits(limits);
        Verifier::new(policy).verify(&file, &evidence, at(NOW))
    };
    let signer = (&world.signer.certificate, may, None);
    passed(judged(&[], 2));
    refused(judged(&[signer], 2), SubIndication::Revoked, "revoked");
    // Nothing is known, which this policy lets pass.
    let allowed = {
        let mut settings = RevocationSettings::default();
        settings.unknown = UnknownRevocation::Allow;
        let policy = world.policy_with(RevocationPolicy::Check(settings));
        Verifier::new(policy).verify(&file, &Evidence::none(), at(NOW))
    };
    passed(allowed);
    // One list of two can be looked at: the policy lets pass what nobody knows, not what was not looked up.
    refused(judged(&[signer], 1), SubIndication::CertificateChainGeneralFailure, "path-exhausted");
}

/// An OCSP response about no certificate of this world, by nobody.
fn unrelated_ocsp_response() -> Vec<u8> {
    use wathiqa::encoding::der::Tag;
    let value = |tag: Tag, contents: &[&[u8]]| {
        let mut writer = wathiqa::encoding::der::Writer::new();
        writer.value(tag, &contents.concat());
        writer.into_der()
    };
    let sequence = |contents: &[&[u8]]| value(Tag::SEQUENCE, contents);
    let time = value(Tag::GENERALIZED_TIME, &[b"20250601000000Z"]);
    let certificate = sequence(&[&sequence(&[&[6, 5, 0x2b, 0x0e, 3, 2, 0x1a]]), &[4, 0], &[4, 0], &[2, 1, 1]]);
    let singles = sequence(&[&sequence(&[&certificate, &[0x80, 0], &time])]);
    let by_key = value(Tag::context_constructed(2), &[&value(Tag::OCTET_STRING, &[&[1; 20]])]);
    let ecdsa_with_sha256 = sequence(&[&[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]]);
    let basic = sequence(&[&sequence(&[&by_key, &time, &singles]), &ecdsa_with_sha256, &[3, 2, 0, 0]]);
    let basic = sequence(&[&[6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1], &value(Tag::OCTET_STRING, &[&basic])]);
    sequence(&[&[10, 1, 0], &value(Tag::context_constructed(0), &[&basic])])
}

#[test]
fn t18_lists_inside_of_a_token_count_as_those_beside_it() {
    let world = World::new();
    let lists = vec![crl(&world.root, NOW, &[]), crl(&world.ministry, NOW, &[])];
    let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
    let verifier = Verifier::new(world.policy_with(RevocationPolicy::default()));
    let file = world.draft().sign(&world.signer);
    let bare = token_at(&world.tsa, file["signature"].as_str().unwrap().as_bytes(), NOW);
    let judged = |token: &[u8]| {
        let file = with_item(file.clone(), &sig_tst(&[token.to_vec()]));
        verifier.verify(&octets(&file), &evidence, at(NOW))
    };
    let with = |list: &Crl, responses: Vec<OcspResponse>| {
        let token = wathiqa::tsp::TimeStampToken::from_der(&bare, &Limits::default()).unwrap();
        let evidence = RevocationEvidence::new(vec![list.clone()], responses);
        token.with_revocation(&evidence, &Limits::default()).unwrap().as_der().to_vec()
    };
    let holding = |list: &Crl| with(list, Vec::new());
    let constraints = SubIndication::SigConstraintsFailure;
    refused(judged(&bare), constraints, "revocation-unknown");
    let list = crl(&world.time_root, NOW, &[]);
    passed(judged(&holding(&list)));
    let revoked = crl(&world.time_root, NOW, &[(&world.tsa.certificate, "2025-05-01T00:00:00Z", None)]);
    refused(judged(&holding(&revoked)), constraints, "revoked");
    // An OCSP response beside it is read too, and so is evidence of a kind that nobody knows.
    let both = with(&list, vec![OcspResponse::from_der(&unrelated_ocsp_response(), &Limits::default()).unwrap()]);
    passed(judged(&both));
    let format = both.windows(10).position(|octets| octets == [6, 8, 0x2b, 6, 1, 5, 5, 7, 16, 2]).unwrap();
    let mut unknown = both.clone();
    unknown[format + 9] = 3;
    passed(judged(&unknown));
    let mut unauthorized = both.clone();
    let status = both[format..].windows(3).position(|octets| octets == [10, 1, 0]).unwrap() + format;
    unauthorized[status + 2] = 6;
    let report = judged(&unauthorized);
    assert!(codes(&report).contains(&"ocsp-response-beside-error"), "{:?}", codes(&report));
    assert_ne!(report.indication(), Indication::TotalPassed);
    // No signature covers it: a list of which an octet is changed is one that cannot be read, or not its issuer's.
    let token = holding(&list);
    let start = token.windows(list.as_der().len()).position(|octets| octets == list.as_der()).unwrap();
    let version = token[start..].windows(3).position(|octets| octets == [2, 1, 1]).unwrap() + start;
    for (place, code) in [(version + 2, "crl-version"), (start + list.as_der().len() - 1, "revocation-unknown")] {
        let mut altered = token.clone();
        altered[place] ^= 4;
        let report = judged(&altered);
        assert!(codes(&report).contains(&code), "{code}: {:?}", codes(&report));
        assert_ne!(report.indication(), Indication::TotalPassed);
    }
}

#[test]
fn t20_a_document_that_does_not_hold_shows_no_number_used_twice() {
    let world = World::new();
    let another = |title: &str| {
        let mut document = document();
        document["title"] = title.into();
        serde_json::to_vec(&document).unwrap()
    };
    let judged = |second: Value| {
        let exhibit = |file: &Value| Exhibit::SignedDocument(octets(file));
        let exhibits = Exhibits { first: exhibit(&world.issue()), second: exhibit(&second) };
        Verifier::new(world.policy()).verify_conflict(&exhibits, &Evidence::none(), at(NOW)).map(|_| ())
    };
    let second = world.stamp(world.draft_of(another("أخرى")).sign(&world.signer));
    judged(second.clone()).unwrap();
    // A text that the issuer did not sign, and one that another entity signed for the issuer's number.
    let mut unsigned = second;
    unsigned["payload"] = encode_url(&another("ثالثة")).into();
    let ConflictError::Exhibit { place: 2, fault } = judged(unsigned).unwrap_err() else { panic!("another place") };
    assert_eq!(fault.code(), "signature-invalid");
    let stranger = world.ministry.issue(entity("2345678930"));
    let foreign = world.stamp(world.draft_by(&stranger.certificate, another("أخرى")).sign(&stranger));
    let ConflictError::Exhibit { place: 2, fault } = judged(foreign).unwrap_err() else { panic!("another place") };
    let ExhibitFault::Report(report) = fault else { panic!("{fault}") };
    refused(*report, SubIndication::EntityMismatch, "certificate-of-another-entity");
}

#[test]
fn t18_a_list_by_whoever_took_a_key_hides_nothing_that_was_archived() {
    let world = World::new();
    let time_ca = world.time_root.issue(ca("Time CA"));
    let below = time_ca.issue(tsa("TSA below a CA"));
    let lists = |time, revoked: &[Revocation<'_>]| {
        let clean = |party| crl(party, time, &[]);
        vec![clean(&world.root), clean(&world.ministry), clean(&time_ca), crl(&world.time_root, time, revoked)]
    };
    let file = world.draft().sign(&world.signer);
    let signature = file["signature"].as_str().unwrap().to_owned();
    let imprint = wathiqa::digest::DigestAlgorithm::Sha256.digest(signature.as_bytes());
    let tst_info = TstInfo { imprint, gen_time: NOW, serial_number: 1 };
    let stamped = token(&below, &tst_info, &[&below.certificate, &time_ca.certificate]);
    let of_today = lists(NOW, &[]);
    let of_today = of_today.iter().map(|list| wathiqa::encoding::base64::encode_standard(list.as_der()));
    let of_today: Vec<Value> = of_today.map(|list| json!({"val": list})).collect();
    let b_lt = with_item(with_item(file, &sig_tst(&[stamped])), &json!({"rVals": {"crlVals": of_today}}));
    let text = |name: &str| b_lt[name].as_str().unwrap();
    let items = b_lt["header"]["etsiU"].as_array().unwrap();
    let items: String = items.iter().map(|item| item.as_str().unwrap()).collect();
    let over = format!("{}.{}.{signature}.{items}", text("payload"), text("protected"));
    let archived = token_at(&world.tsa, over.as_bytes(), "2025-06-02T00:00:00Z");
    let b_lta = with_item(b_lt.clone(), &json!({"arcTst": container(&[archived])}));

    // The key of the CA is lost in 2026, and a list of it turns up that is younger than the loss.
    let lost = Some(rcgen::RevocationReason::CaCompromise);
    let lists = lists("2026-02-01T00:00:00Z", &[(&time_ca.certificate, "2026-01-01T00:00:00Z", lost)]);
    let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
    let verifier = Verifier::new(world.policy_with(RevocationPolicy::default()));
    let judged = |file: &Value| verifier.verify(&octets(file), &evidence, at("2026-02-02T00:00:00Z"));
    passed(judged(&b_lta));
    // Without the archive, whoever has the key could have made all of it (RFC 3161 §4).
    refused(judged(&b_lt), SubIndication::SigConstraintsFailure, "revoked");
}

#[test]
fn t21_keys_for_one_thing_used_for_another() {
    let world = World::new();
    let payload = serde_json::to_vec(&document()).unwrap();
    let judged = |params: rcgen::CertificateParams, sub_indication, code| {
        let party = world.ministry.issue(params);
        let file = world.draft_by(&party.certificate, payload.clone()).sign(&party);
        refused(world.verify_b_b(&octets(&file)), sub_indication, code);
    };
    let chain = SubIndication::ChainConstraintsFailure;
    let purpose = |purpose| {
        let mut params = entity(ENTITY);
        params.extended_key_usages = vec![purpose];
        params
    };
    judged(purpose(rcgen::ExtendedKeyUsagePurpose::TimeStamping), chain, "path-ext-key-usage");
    judged(purpose(rcgen::ExtendedKeyUsagePurpose::OcspSigning), chain, "path-ext-key-usage");
    judged(purpose(rcgen::ExtendedKeyUsagePurpose::ServerAuth), chain, "path-ext-key-usage");
    let usage = |usages| {
        let mut params = entity(ENTITY);
        params.key_usages = usages;
        params
    };
    use rcgen::KeyUsagePurpose as Usage;
    judged(usage(vec![Usage::KeyCertSign]), chain, "path-key-usage");
    judged(usage(vec![Usage::CrlSign, Usage::KeyAgreement]), chain, "path-key-usage");
    // A CA of the entity, and a certificate that an entity issued though it is no CA.
    let mut authority = usage(vec![Usage::KeyCertSign, Usage::DigitalSignature]);
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    judged(authority, chain, "ca-certificate");
    let sub = world.signer.issue(entity(ENTITY));
    let draft = world.draft_by(&sub.certificate, payload.clone());
    let draft = draft.with("x5c", x5c(&[&sub.certificate, &world.signer.certificate, &world.ministry.certificate]));
    refused(world.verify_b_b(&octets(&draft.sign(&sub))), chain, "path-not-ca");
    let mut unknown = entity(ENTITY);
    let mut extension = rcgen::CustomExtension::from_oid_content(&[2, 999, 7], vec![5, 0]);
    extension.set_criticality(true);
    unknown.custom_extensions = vec![extension];
    judged(unknown, chain, "path-critical-extension");
}

#[test]
fn an_entity_is_named_once_in_one_spelling() {
    let world = World::new();
    let payload = serde_json::to_vec(&document()).unwrap();
    let judged = |params: rcgen::CertificateParams, code| {
        let party = world.ministry.issue(params);
        let file = world.draft_by(&party.certificate, payload.clone()).sign(&party);
        refused(world.verify_b_b(&octets(&file)), SubIndication::EntityMismatch, code);
    };
    judged(entity("9876543242"), "code-check-digits");
    for (identifier, code) in [
        ("GOVSY-1234567889", "organization-identifier-prefix"),
        ("GO:SY-1234567889 ", "code-character"),
        ("GO:SY-1234567889\u{200b}", "code-character"),
        ("GO:SY-\u{202e}1234567889", "code-character"),
        ("GO:SY-١٢٣٤٥٦٧٨٨٩", "code-character"),
        ("GO:SY--1234567889", "code-character"),
        ("go:sy-1234567889", "organization-identifier-prefix"),
        ("GO:SY", "organization-identifier-no-reference"),
        ("", "organization-identifier-no-reference"),
    ] {
        judged(organization(identifier), code);
    }
    let mut country = entity(ENTITY);
    country.distinguished_name.push(rcgen::DnType::CountryName, "sy");
    judged(country, "organization-identifier-country");
    let mut none = params("Registrar");
    none.key_usages = entity(ENTITY).key_usages;
    judged(none, "entity-absent");
}

#[test]
fn t23_what_is_cut_short_or_too_deep_is_a_report() {
    let world = World::new();
    let file = octets(&world.issue());
    for end in (0..file.len()).step_by(7) {
        assert_ne!(world.verify(&file[..end]).indication(), Indication::TotalPassed, "cut at {end}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let header = world.draft().header.to_string();
    let payload = serde_json::to_vec(&document()).unwrap();
    let nested = header.replacen('{', &format!(r#"{{"x":{deep},"#), 1);
    refused(
        world.verify_b_b(&octets(&sign_text(&nested, &payload, &world.signer))),
        SubIndication::FormatFailure,
        "json-too-deep",
    );
    let nested = document().to_string().replacen('{', &format!(r#"{{"sy.gov.x":{deep},"#), 1);
    let file = world.draft_of(nested.into_bytes()).sign(&world.signer);
    refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "json-too-deep");
    let mut file = world.draft().sign(&world.signer);
    file["header"] = json!({"etsiU": [encode_url(format!(r#"{{"x":{deep}}}"#).as_bytes())]});
    refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "json-too-deep");
    refused(
        world.verify_b_b(format!(r#"{{"payload":"","header":{deep}}}"#).as_bytes()),
        SubIndication::FormatFailure,
        "json-too-deep",
    );
    // A gigabyte announced, in a certificate and in a token.
    let announced = [0x30, 0x84, 0x40, 0, 0, 0, 0x30];
    let draft = world.draft().with("x5c", json!([wathiqa::encoding::base64::encode_standard(&announced)]));
    refused(world.verify_b_b(&octets(&draft.sign(&world.signer))), SubIndication::FormatFailure, "der-truncated");
    let file = with_item(world.draft().sign(&world.signer), &sig_tst(&[announced.to_vec()]));
    refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "der-truncated");
    let nested = [0x30, 0x80].repeat(50_000);
    let file = with_item(world.draft().sign(&world.signer), &sig_tst(&[nested]));
    refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "der-length-indefinite");
}

#[test]
fn t23_each_limit_of_a_file_has_two_sides() {
    let world = World::new();
    let judged = |file: &Value, set: &dyn Fn(&mut Limits)| {
        let mut limits = Limits::default();
        set(&mut limits);
        Verifier::new(world.policy().with_limits(limits)).verify(&octets(file), &Evidence::none(), at(NOW))
    };
    let format = SubIndication::FormatFailure;
    // Two signatures with a time-stamp each.
    let part = |file: &Value| json!({"protected": file["protected"], "header": file["header"], "signature": file["signature"]});
    let (one, other) = (world.issue(), world.issue());
    let file = json!({"payload": one["payload"], "signatures": [part(&one), part(&other)]});
    passed(judged(&file, &|limits| limits.time_stamps = 2));
    refused(judged(&file, &|limits| limits.time_stamps = 1), format, "limit-reached");
    passed(judged(&file, &|limits| limits.signatures = 2));
    refused(judged(&file, &|limits| limits.signatures = 1), format, "jws-too-many-signatures");
    // Three signatures on the certificates of each.
    passed(judged(&file, &|limits| limits.signature_checks = 6));
    let general = SubIndication::CertificateChainGeneralFailure;
    refused(judged(&file, &|limits| limits.signature_checks = 5), general, "path-exhausted");
    passed(judged(&file, &|limits| limits.path_signatures = 2));
    refused(judged(&file, &|limits| limits.path_signatures = 1), general, "path-exhausted");
    passed(judged(&file, &|limits| limits.path_candidates = 6));
    refused(judged(&file, &|limits| limits.path_candidates = 5), general, "path-exhausted");
    // A token that is not looked at is not passed over, whatever those before it prove.
    let copies = with_item(one.clone(), &json!({"sigTst": decoded(&one["header"]["etsiU"][0])["sigTst"]}));
    passed(judged(&copies, &|limits| limits.time_stamps = 2));
    refused(judged(&copies, &|limits| limits.time_stamps = 1), format, "limit-reached");
    passed(judged(&copies, &|limits| limits.etsi_u_items = 2));
    refused(judged(&copies, &|limits| limits.etsi_u_items = 1), format, "jades-too-many-items");
    // Certificates in the header, beside it, in a token.
    passed(judged(&one, &|limits| limits.certificates = 2));
    refused(judged(&one, &|limits| limits.certificates = 1), format, "jades-too-many-certificates");
    let values = x_vals(&[&world.ministry.certificate; 3]);
    let file = with_item(one.clone(), &values);
    passed(judged(&file, &|limits| limits.certificates = 3));
    refused(judged(&file, &|limits| limits.certificates = 2), format, "jades-too-many-certificates");
    let unstamped = world.draft().sign(&world.signer);
    let tst_info = TstInfo {
        imprint: wathiqa::digest::DigestAlgorithm::Sha256.digest(unstamped["signature"].as_str().unwrap().as_bytes()),
        gen_time: NOW,
        serial_number: 1,
    };
    let token = token(&world.tsa, &tst_info, &[&world.tsa.certificate; 3]);
    let file = with_item(unstamped, &sig_tst(&[token]));
    passed(judged(&file, &|limits| limits.certificates = 3));
    let constraints = SubIndication::SigConstraintsFailure;
    refused(judged(&file, &|limits| limits.certificates = 2), constraints, "cms-too-many-certificates");
    // A certificate of 256 KiB and one octet.
    let largest = Limits::default().certificate_octets;
    let sized = |octets: usize| {
        let mut params = entity(ENTITY);
        params.custom_extensions = vec![rcgen::CustomExtension::from_oid_content(&[2, 999, 8], vec![0; octets])];
        world.ministry.certify(&params, &world.signer.pair)
    };
    let overhead = sized(200_000).as_der().len() - 200_000;
    let certificate = sized(largest - overhead - 2);
    assert!((largest - 4..=largest).contains(&certificate.as_der().len()));
    let mut longer = certificate.as_der().to_vec();
    longer.resize(largest + 1, 0);
    let error = wathiqa::x509::Certificate::from_der(&longer).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        ("der-input-too-long", "certificate: DER at octet 0: the input has more than 262144 octets".to_owned())
    );
}

fn decoded(item: &Value) -> Value {
    serde_json::from_slice(&wathiqa::encoding::base64::decode_url(item.as_str().unwrap()).unwrap()).unwrap()
}

#[test]
fn t26_a_key_identifier_decides_nothing() {
    let world = World::new();
    let other = world.ministry.issue(entity("9876543202"));
    let kid = |party: &Party| json!(encode_url(party.certificate.subject().as_der()));
    passed(world.verify_b_b(&octets(&world.draft().with("kid", kid(&other)).sign(&world.signer))));
    let draft = world.draft().with("kid", kid(&world.signer)).with("x5t#S256", json!(thumbprint(&other.certificate)));
    let draft = draft.with("x5c", x5c(&[&other.certificate, &world.ministry.certificate]));
    refused(
        world.verify_b_b(&octets(&draft.sign(&world.signer))),
        SubIndication::SigCryptoFailure,
        "signature-invalid",
    );
    refused(
        world.verify_b_b(&octets(&draft.sign(&other))),
        SubIndication::EntityMismatch,
        "certificate-of-another-entity",
    );
}

#[test]
fn t28_texts_that_read_as_others() {
    let world = World::new();
    let judged = |member: &str, value: &str| {
        let mut document = document();
        document[member] = value.into();
        world.verify_b_b(&octets(&world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer)))
    };
    for number in [
        "\u{202e}1234567889-014-2025-00012345-22",
        "1234567889-014-2025-00012345-22\u{200f}",
        "١٢٣٤٥٦٧٨٨٩-014-2025-00012345-22",
        "1234567889\u{2011}014-2025-00012345-22",
    ] {
        refused(judged("number", number), SubIndication::FormatFailure, "code-character");
    }
    refused(judged("title", "شهادة\nTOTAL_PASSED"), SubIndication::FormatFailure, "document-text-control");
    let report = judged("title", "\u{202e}شهادة");
    let line = "document 1234567889-014-2025-00012345-22 of entity 1234567889: \\u{202e}شهادة (its texts hold 1 bidi control)\n";
    assert!(report.to_string().contains(line), "{report}");
    // Decomposed where the signer wrote composed: other octets, so another signature.
    let mut document = document();
    document["title"] = "caf\u{e9}".into();
    let mut file = world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer);
    document["title"] = "cafe\u{301}".into();
    file["payload"] = encode_url(&serde_json::to_vec(&document).unwrap()).into();
    refused(world.verify_b_b(&octets(&file)), SubIndication::SigCryptoFailure, "signature-invalid");
}

#[test]
fn t28_what_a_file_says_cannot_rearrange_a_report() {
    let world = World::new();
    let forged = "x\nTOTAL_PASSED, validated at 2025-06-01T00:00:00Z\u{202e}";
    let drafts = [
        world.draft().with("alg", json!(forged)),
        world.draft().with("typ", json!(forged)),
        world.draft().with("cty", json!(forged)),
        world.draft().with("crit", json!([forged])),
        world.draft().with("iat", None).with("sigT", json!(forged)),
        world.draft().with("x5t#S256", None).with("x5t#o", json!({"digAlg": forged, "digVal": "AA"})),
    ];
    let files = drafts.iter().map(|draft| octets(&draft.sign(&world.signer)));
    let members = [("issuer", json!(forged)), ("type", json!(forged)), ("language", json!(forged)), (forged, json!(1))];
    let payloads = members.into_iter().map(|(member, value)| {
        let mut document = document();
        document[member] = value;
        octets(&world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer))
    });
    let escaped = forged.replace('\n', "\\n");
    let twice = format!(r#"{{"{escaped}":1,"{escaped}":2}}"#).into_bytes();
    for file in files.chain(payloads).chain([twice]) {
        let report = world.verify_b_b(&file);
        assert_ne!(report.indication(), Indication::TotalPassed);
        let text = report.to_string();
        assert!(!text.lines().any(|line| line.starts_with("TOTAL_PASSED")), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
    // And no more of it is shown than tells what it was.
    for member in ["alg", "typ", "cty"] {
        let file = octets(&world.draft().with(member, json!("x".repeat(1 << 20))).sign(&world.signer));
        assert!(world.verify_b_b(&file).to_string().len() < 10_000, "{member}");
    }
}

#[test]
fn t30_a_signature_over_something_else() {
    let world = World::new();
    let judged = |member: &str, value: Option<Value>, code| {
        let file = world.draft().with(member, value.clone()).sign(&world.signer);
        let report = world.verify_b_b(&octets(&file));
        match code {
            None => passed(report),
            Some(code) => refused(report, SubIndication::FormatFailure, code),
        }
    };
    judged("cty", None, Some("content-type"));
    judged("cty", Some("vnd.wathiqa.batch+json".into()), Some("batch-type"));
    for cty in [
        "json",
        "vnd.wathiqa.status-list+json",
        "vnd.wathiqa.document",
        "vnd.wathiqa.document+json ",
        " vnd.wathiqa.document+json",
        "vnd.wathiqa.document+json;v=1",
        "vnd.wathiqa.document+json; charset=utf-8",
        "application/vnd.wathiqa.document+json;",
        "application/application/vnd.wathiqa.document+json",
        "text/vnd.wathiqa.document+json",
        "/vnd.wathiqa.document+json",
        "vnd.wathiqa.document+json\u{0}",
        "",
    ] {
        judged("cty", Some(json!(cty)), Some("content-type"));
    }
    judged("cty", Some(json!("application/vnd.wathiqa.document+json")), None);
    // Media types are compared without case (RFC 2045 §5.1).
    judged("cty", Some(json!("application/VND.wathiqa.Document+JSON")), None);
    for typ in
        ["JWT", "JOSE", "jose ", "Jose+json", "application/application/jose", "application/", "jose+json;x=1", ""]
    {
        judged("typ", Some(json!(typ)), Some("jades-type"));
    }
    for typ in [None, Some(json!("jose")), Some(json!("application/jose+json"))] {
        judged("typ", typ, None);
    }
    // A payload of another kind, signed as it is.
    for payload in [&b"{}"[..], b"[]", b"", b"null", b"{\"type\":\"wathiqa-batch/1\"}"] {
        let file = world.draft_of(payload.to_vec()).sign(&world.signer);
        let report = world.verify_b_b(&octets(&file));
        assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure), "{report}");
        assert!(report.into_verified::<Value>().is_err());
    }
    // Validated as any payload, a document is no verified document.
    let report = Verifier::new(world.policy()).verify_any_payload(&octets(&world.issue()), &Evidence::none(), at(NOW));
    assert!(report.verified_payload().is_some());
    assert!(report.into_verified::<Value>().is_err());
}

#[test]
fn nothing_unprotected_stands_in_for_what_must_be_protected() {
    let world = World::new();
    let table = [
        ("iat", SubIndication::FormatFailure, "jades-no-signing-time"),
        ("cty", SubIndication::FormatFailure, "content-type"),
        ("alg", SubIndication::SigCryptoFailure, "jws-no-algorithm"),
        ("x5t#S256", SubIndication::FormatFailure, "jades-no-certificate-reference"),
    ];
    for (member, sub_indication, code) in table {
        let mut file = world.draft().with(member, None).sign(&world.signer);
        file["header"] = json!({member: world.draft().header[member]});
        refused(world.verify_b_b(&octets(&file)), sub_indication, code);
    }
    for member in ["alg", "iat", "cty", "typ", "x5c", "x5t#S256"] {
        let mut file = world.draft().sign(&world.signer);
        file["header"] = json!({member: world.draft().header[member]});
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "jws-in-both-headers");
    }
    // What a protected header does not have, an unprotected one does not add.
    let stranger = World::new();
    let mut file = world.draft().with("x5c", None).sign(&stranger.signer);
    file["header"] = json!({"x5c": x5c(&[&stranger.signer.certificate]), "exp": 9_999_999_999_u64, "kid": "x"});
    refused(world.verify_b_b(&octets(&file)), SubIndication::NoSigningCertificateFound, "signing-certificate-absent");
    // All of it unprotected.
    let mut file = world.draft().sign(&world.signer);
    file["header"] = world.draft().header;
    file.as_object_mut().unwrap().remove("protected");
    refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, "jades-no-signing-time");
    // A time-stamp in the protected header is not one over the signature.
    let file = world.issue();
    let draft = world.draft().with("etsiU", file["header"]["etsiU"].clone()).with("crit", json!(["etsiU"]));
    refused(world.verify(&octets(&draft.sign(&world.signer))), SubIndication::SigConstraintsFailure, "no-time-stamp");
}

#[test]
fn etsi_u_is_read_wholly_in_one_form() {
    let world = World::new();
    let file = world.draft().sign(&world.signer);
    let token = token_at(&world.tsa, file["signature"].as_str().unwrap().as_bytes(), NOW);
    let stamp = sig_tst(std::slice::from_ref(&token));
    let encoded = encode_url(stamp.to_string().as_bytes());
    passed(world.verify(&octets(&with_item(file.clone(), &stamp))));
    passed(world.verify(&octets(&with_clear_items(file.clone(), vec![stamp.clone()]))));
    let unknown = json!({"sy.gov.example": [1, {"x": null}]});
    passed(world.verify(&octets(&with_item(with_item(file.clone(), &unknown), &stamp))));
    let wrong = |items: Vec<Value>, code| {
        let file = with_clear_items(file.clone(), items);
        refused(world.verify(&octets(&file)), SubIndication::FormatFailure, code);
        refused(world.verify_b_b(&octets(&file)), SubIndication::FormatFailure, code);
    };
    wrong(vec![], "jades-empty");
    wrong(vec![stamp.clone(), encoded.clone().into()], "jades-mixed-etsi-u");
    wrong(vec![encoded.clone().into(), stamp.clone()], "jades-mixed-etsi-u");
    wrong(vec![json!({})], "jades-item-members");
    wrong(vec![json!({"sigTst": stamp["sigTst"], "xVals": []})], "jades-item-members");
    wrong(vec![json!([stamp.clone()])], "jades-member-type");
    wrong(vec![json!(null)], "jades-member-type");
    wrong(vec![format!("{encoded}=").into()], "base64-symbol");
    wrong(vec![format!(" {encoded}").into()], "base64-symbol");
    wrong(vec![format!("{encoded}\n").into()], "base64-symbol");
    wrong(vec![encode_url(b"not json").into()], "json-syntax");
    wrong(vec![encode_url(format!("{stamp} x").as_bytes()).into()], "json-syntax");
    wrong(vec![json!({"xVals": {}})], "jades-member-type");
    wrong(vec![json!({"xVals": [{"x509Cert": {}}]})], "jades-missing-member");
    wrong(vec![json!({"xVals": [{"x509Cert": {"val": "AA=="}}]})], "der-tag-reserved");
    wrong(vec![json!({"anyValData": {"xVals": 1}})], "jades-member-type");
    // A container that cannot be read is not passed over, beside a valid one either.
    for (container, code) in [
        (json!({}), "jades-missing-member"),
        (json!({"tstTokens": []}), "jades-empty"),
        (json!({"tstTokens": {}}), "jades-member-type"),
        (json!({"tstTokens": [{}]}), "jades-missing-member"),
        (json!({"tstTokens": [{"val": 1}]}), "jades-member-type"),
        (json!({"tstTokens": [{"val": encode_url(&token)}]}), "base64"),
        (json!([]), "jades-member-type"),
    ] {
        let file = with_clear_items(file.clone(), vec![stamp.clone(), json!({"sigTst": container})]);
        let report = world.verify(&octets(&file));
        assert!(codes(&report).iter().any(|found| found.starts_with(code)), "{container}: {:?}", codes(&report));
        refused(report, SubIndication::SigConstraintsFailure, "broken-time-stamp");
    }
    // Names are compared with case; what is no `sigTst` proves no time.
    for name in ["SigTst", "sigTst ", "sigtst", "sigTst\u{0}"] {
        let file = with_clear_items(file.clone(), vec![json!({name: stamp["sigTst"]})]);
        refused(world.verify(&octets(&file)), SubIndication::SigConstraintsFailure, "no-time-stamp");
    }
}

#[test]
fn base64_has_one_spelling_everywhere() {
    let world = World::new();
    let file = world.issue();
    for part in ["protected", "payload", "signature"] {
        let text = file[part].as_str().unwrap();
        let bits = match text.len() % 4 {
            0 => None,
            2 => Some(text.len() - 1),
            _ => Some(text.len() - 1),
        };
        let mut spellings = vec![
            format!("{text}="),
            format!("{text}\n"),
            format!(" {text}"),
            format!("{text}\u{0}"),
            text.replacen('e', "e\r", 1),
        ];
        if let Some(last) = bits {
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let position = alphabet.iter().position(|symbol| *symbol == text.as_bytes()[last]).unwrap();
            spellings.push(format!("{}{}", &text[..last], char::from(alphabet[position + 1])));
        }
        for spelling in spellings.into_iter().filter(|spelling| spelling != text) {
            let mut altered = file.clone();
            altered[part] = spelling.into();
            let report = world.verify(&octets(&altered));
            assert!(codes(&report).iter().any(|code| code.starts_with("base64-")), "{part}: {:?}", codes(&report));
            assert_ne!(report.indication(), Indication::TotalPassed);
        }
    }
    let leaf = wathiqa::encoding::base64::encode_standard(world.signer.certificate.as_der());
    for spelling in [
        format!("{leaf}\n"),
        leaf.trim_end_matches('=').to_owned() + "====",
        leaf.replace(['+', '/'], "-"),
        format!("\n{leaf}"),
    ] {
        let draft = world.draft().with("x5c", json!([spelling]));
        let report = world.verify_b_b(&octets(&draft.sign(&world.signer)));
        assert!(codes(&report).iter().any(|code| code.starts_with("base64-")), "{:?}", codes(&report));
        assert_ne!(report.indication(), Indication::TotalPassed);
    }
}

#[test]
fn every_signature_of_a_file_must_hold() {
    let world = World::new();
    let (first, other) = (world.issue(), world.ministry.issue(entity(ENTITY)));
    let payload = serde_json::to_vec(&document()).unwrap();
    let part = |file: &Value| json!({"protected": file["protected"], "header": file["header"], "signature": file["signature"]});
    let judged = |parts: Vec<Value>| world.verify(&octets(&json!({"payload": first["payload"], "signatures": parts})));
    let second = world.stamp(world.draft_by(&other.certificate, payload.clone()).sign(&other));
    passed(judged(vec![part(&first), part(&second)]));
    // One that does not hold, wherever it stands.
    let mut broken = part(&second);
    broken["signature"] = first["signature"].clone();
    for parts in [[part(&first), broken.clone()], [broken, part(&first)]] {
        refused(judged(parts.to_vec()), SubIndication::SigCryptoFailure, "signature-invalid");
    }
    // One without a time-stamp, with the other's, of another entity, over a payload of another kind.
    let mut bare = part(&second);
    bare.as_object_mut().unwrap().remove("header");
    refused(judged(vec![part(&first), bare]), SubIndication::SigConstraintsFailure, "no-time-stamp");
    let mut borrowed = part(&second);
    borrowed["header"] = first["header"].clone();
    refused(judged(vec![part(&first), borrowed]), SubIndication::SigConstraintsFailure, "broken-time-stamp");
    let foreign = world.ministry.issue(entity("9876543202"));
    let file = world.stamp(world.draft_by(&foreign.certificate, payload.clone()).sign(&foreign));
    refused(judged(vec![part(&first), part(&file)]), SubIndication::EntityMismatch, "certificate-of-another-entity");
    let file = world.stamp(world.draft().with("cty", json!("json")).sign(&world.signer));
    refused(judged(vec![part(&first), part(&file)]), SubIndication::FormatFailure, "content-type");
    // None at all, and signatures that differ in how the payload is encoded.
    refused(judged(vec![]), SubIndication::FormatFailure, "jws-no-signature");
    let unencoded = world.draft().with("b64", json!(false)).with("crit", json!(["b64"]));
    let unencoded = world.stamp(unencoded.sign(&world.signer));
    refused(judged(vec![part(&first), part(&unencoded)]), SubIndication::FormatFailure, "jws-different-b64");
    refused(judged(vec![part(&first); 65]), SubIndication::FormatFailure, "jws-too-many-signatures");
}

#[test]
fn a_detached_payload_is_the_one_that_was_signed() {
    let world = World::new();
    let payload = serde_json::to_vec(&document()).unwrap();
    let attached = world.issue();
    let mut detached = attached.clone();
    detached.as_object_mut().unwrap().remove("payload");
    let judged = |file: &Value, payload: &[u8]| {
        let evidence = Evidence::none().with_detached_payload(payload);
        Verifier::new(world.policy()).verify(&octets(file), &evidence, at(NOW))
    };
    passed(judged(&detached, &payload));
    let evil = document().to_string().replace("2011", "1999").into_bytes();
    refused(judged(&detached, &evil), SubIndication::SigCryptoFailure, "signature-invalid");
    refused(judged(&detached, b""), SubIndication::SigCryptoFailure, "signature-invalid");
    refused(world.verify(&octets(&detached)), SubIndication::SignedDataNotFound, "payload-absent");
    // A payload in the file and another beside it: neither is chosen.
    refused(judged(&attached, &payload), SubIndication::SigCryptoFailure, "jws-two-payloads");
    refused(judged(&attached, &evil), SubIndication::SigCryptoFailure, "jws-two-payloads");
    // An empty payload is a payload; `null` is none and no payload either.
    let mut empty = attached.clone();
    empty["payload"] = "".into();
    refused(judged(&empty, &payload), SubIndication::SigCryptoFailure, "jws-two-payloads");
    // Named by `sigD`, with and without a payload.
    let draft = world
        .draft()
        .with("sigD", json!({"mId": "http://uri.etsi.org/19182/ObjectIdByURI", "pars": ["letter"]}))
        .with("crit", json!(["sigD"]));
    let file = world.stamp(draft.sign(&world.signer));
    refused(world.verify(&octets(&file)), SubIndication::FormatFailure, "jades-payload-and-sig-d");
    let mut file = file;
    file.as_object_mut().unwrap().remove("payload");
    refused(judged(&file, &payload), SubIndication::FormatFailure, "no-payload");
}

#[test]
fn a_policy_that_the_signer_names_is_not_passed_over_in_silence() {
    let world = World::new();
    let why = |draft: Draft| {
        let report = world.verify_b_b(&octets(&draft.sign(&world.signer)));
        assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
        match report.check(Step::SignaturePolicy).unwrap().outcome() {
            Outcome::NotChecked(why) => *why,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(why(world.draft()), NotChecked::Absent);
    assert_eq!(why(world.draft().with("sigPId", json!({"id": {"id": "urn:oid:2.999.5"}}))), NotChecked::NotProcessed);
}

/// A step of xorshift64: the same rearrangements every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// Every place in `value`, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(at, one)| places(one, &format!("{here}/{at}"), found));
        }
        Value::Object(members) => members.iter().for_each(|(name, one)| places(one, &format!("{here}/{name}"), found)),
        _ => {}
    }
}

/// Removes, copies or swaps something.
fn rearrange(file: &mut Value, dice: &mut Dice) {
    let mut all = Vec::new();
    places(file, "", &mut all);
    let [one, other] = [(); 2].map(|()| all[dice.below(all.len())].clone());
    let value = file.pointer(&other).unwrap().clone();
    match dice.below(4) {
        0 => {
            let Some((outer, name)) = one.rsplit_once('/') else { return };
            match file.pointer_mut(outer).unwrap() {
                Value::Object(members) => drop(members.remove(name)),
                Value::Array(elements) => drop(elements.remove(name.parse().unwrap())),
                _ => {}
            }
        }
        1 => *file.pointer_mut(&one).unwrap() = value,
        2 => match file.pointer_mut(&one).unwrap() {
            Value::Array(elements) => elements.insert(dice.below(elements.len() + 1), value),
            Value::Object(members) => drop(members.insert("protected".to_owned(), value)),
            found => *found = value,
        },
        _ => {
            let before = std::mem::take(file.pointer_mut(&one).unwrap());
            if let Some(there) = file.pointer_mut(&other) {
                let there = std::mem::replace(there, before);
                if let Some(here) = file.pointer_mut(&one) {
                    *here = there;
                }
            }
        }
    }
}

#[test]
fn parts_of_good_files_in_another_order_prove_no_more_than_they_did() {
    let world = World::new();
    let payload = serde_json::to_vec(&document()).unwrap();
    let other = world.ministry.issue(entity(ENTITY));
    // Time-stamped in May and in June; and of another document, in April.
    let second = world
        .draft_by(&other.certificate, payload.clone())
        .with("iat", json!(at("2025-05-01T00:00:00Z").unix_seconds()));
    let second = world.stamp_at(second.sign(&other), "2025-05-01T00:00:00Z");
    let first = world.stamp_at(world.stamp(world.draft().sign(&world.signer)), "2025-06-02T00:00:00Z");
    let mut another = document();
    another["body"] = json!("another");
    let another = world
        .draft_of(serde_json::to_vec(&another).unwrap())
        .with("iat", json!(at("2025-04-01T00:00:00Z").unix_seconds()));
    let another = world.stamp_at(another.sign(&world.signer), "2025-04-01T00:00:00Z");
    let part = |file: &Value| json!({"protected": file["protected"], "header": file["header"], "signature": file["signature"]});
    let good = json!({"payload": first["payload"], "signatures": [part(&first), part(&second)], "spare": another});
    let proven =
        |report: &Report| -> Vec<_> { report.signatures().iter().filter_map(|one| one.proven_time()).collect() };
    let of_each = [at(NOW), at("2025-05-01T00:00:00Z"), at("2025-06-02T00:00:00Z")];
    let judged = |file: &Value| world.verify_at(&octets(file), "2025-07-01T00:00:00Z");
    assert_eq!(proven(&judged(&good)), of_each[..2]);
    let (mut dice, mut passed) = (Dice(0x2545_f491_4f6c_dd1d), 0);
    for round in 0..2000 {
        let mut file = good.clone();
        (0..=dice.below(3)).for_each(|_| rearrange(&mut file, &mut dice));
        let report = judged(&file);
        if report.indication() != Indication::TotalPassed {
            continue;
        }
        passed += 1;
        let another_passed = report.verified_payload() != Some(&payload[..]);
        let times = if another_passed { vec![at("2025-04-01T00:00:00Z")] } else { of_each.to_vec() };
        assert!(proven(&report).iter().all(|time| times.contains(time)), "round {round}: {file}");
        assert_eq!(proven(&report).len(), report.signatures().len(), "round {round}: {file}");
    }
    // What nothing depends on was removed often enough for the rest to mean something.
    assert!((100..1900).contains(&passed), "{passed}");
}

#[test]
fn any_time_can_be_asked_about() {
    let world = World::new();
    let file = octets(&world.issue());
    passed(world.verify_at(&file, "2040-01-01T00:00:00.999999999Z"));
    let late = world.verify_at(&file, "9999-12-31T23:59:59.999999999Z");
    refused(late, SubIndication::SigConstraintsFailure, "no-valid-time-stamp");
    for early in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2025-05-31T23:59:59.999999999Z"] {
        refused(world.verify_at(&file, early), SubIndication::SigConstraintsFailure, "time-stamp-from-the-future");
    }
}

#[test]
fn t03_no_debug_text_holds_a_private_key() {
    let pair = rcgen::KeyPair::generate().unwrap();
    let pkcs8 = pair.serialize_der();
    let key = wathiqa::crypto::SoftwareKey::from_pkcs8_der(&pkcs8, wathiqa::crypto::JwsAlgorithm::Es256).unwrap();
    let generated = wathiqa::crypto::SoftwareKey::generate(wathiqa::crypto::JwsAlgorithm::EdDsa).unwrap();
    let seed: Vec<u8> = generated.pkcs8.as_der()[16..48].to_vec();
    // The scalar follows SEQUENCE, version, algorithm, OCTET STRING, SEQUENCE, version and its own OCTET STRING header.
    let scalar = &pkcs8[36..68];
    for (text, secret) in [(format!("{key:?} {key:#?}"), scalar), (format!("{generated:?} {generated:#?}"), &seed)] {
        let decimal: Vec<String> = secret.iter().map(ToString::to_string).collect();
        let hexadecimal: String = secret.iter().map(|octet| format!("{octet:02x}")).collect();
        assert!(!text.contains(&decimal[..4].join(", ")) && !text.contains(&decimal[..4].join(",\n")), "{text}");
        assert!(!text.to_lowercase().contains(&hexadecimal[..8]), "{text}");
    }
}

/// The tests that `SECURITY.md` names are there: `` `file::test` ``, in `tests/file.rs` or below `tests/file/`.
#[test]
fn every_test_that_the_table_of_threats_names_exists() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let page = fs::read_to_string(tests.join("../SECURITY.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let named: Vec<(&str, &str)> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter_map(|name| name.split_once("::"))
        .filter(|(_, test)| !test.contains(char::is_uppercase))
        .collect();
    assert!(named.len() > 40, "{} names", named.len());
    for (file, test) in named {
        let mut sources = fs::read_to_string(tests.join(file).with_extension("rs")).unwrap();
        for below in fs::read_dir(tests.join(file)).into_iter().flatten() {
            sources += &fs::read_to_string(below.unwrap().path()).unwrap();
        }
        assert!(sources.contains(&format!("fn {test}(")), "{file}::{test}");
    }
}
