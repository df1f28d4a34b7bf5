//! Documents issued and verified from one end to the other, and what must not pass.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::{Attachment, Document, DocumentBuilder};
use wathiqa::encoding::base64::{decode_url, encode_url};
use wathiqa::issue::{IssueError, Issuer, IssuerCertificate};
use wathiqa::jades::BaselineLevel;
use wathiqa::pki::{DemonstrationPki, EntityName, IssuedKey, RevokedCertificate};
use wathiqa::policy::{AttachmentPolicy, Constraint, ConstraintLevel, Constraints, RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, NotChecked, Outcome, Report, SimpleReport, Step, SubIndication};
use wathiqa::sign::{self, Serialization, SignError, SignatureParameters};
use wathiqa::time::{Instant, Validity};
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::Certificate;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::{RevocationSettings, UnknownRevocation};

type Anything = Result<(), Box<dyn std::error::Error>>;

/// A PKI, an entity with a key, and the time at which all of it happens.
struct World {
    pki: DemonstrationPki,
    issued: IssuedKey,
    now: Instant,
}

const ENTITY: &str = "1234567889";

impl World {
    fn new(algorithm: JwsAlgorithm) -> Self {
        let now: Instant = "2025-03-01T09:30:00Z".parse().unwrap();
        let pki = DemonstrationPki::new(now).unwrap();
        let issued = pki.issue_signer(&Self::name(ENTITY), algorithm).unwrap();
        Self { pki, issued, now }
    }

    fn name(entity: &str) -> EntityName {
        let entity = entity.parse().unwrap();
        EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم وزارة العدل").unwrap()
    }

    fn policy(&self) -> ValidationPolicy {
        let (signers, authorities) = (self.pki.trust_store(), self.pki.time_stamp_trust_store());
        ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip)
    }

    /// Revocation checked, hard fail: the default.
    fn checking(&self, level: RequiredLevel) -> Verifier {
        Verifier::new(self.pki.validation_policy().with_level(level))
    }

    /// The CRLs issued at `this_update`, which list `revoked`.
    fn evidence(&self, this_update: &str, revoked: &[RevokedCertificate<'_>]) -> Evidence<'static> {
        let evidence = self.pki.revocation_evidence(this_update.parse().unwrap(), revoked).unwrap();
        Evidence::none().with_revocation(evidence)
    }

    fn builder() -> DocumentBuilder {
        let kind = DocumentKind::new(14).unwrap();
        let number = DocumentNumber::new(ENTITY.parse().unwrap(), kind, 2025, 12_345).unwrap();
        Document::builder(number, "2025-03-01T06:30:00Z".parse().unwrap()).language("ar-SY").title("شهادة سكن")
    }

    fn document() -> Document<Value> {
        Self::builder().build(json!({"district": "الميدان", "since": 2011})).unwrap()
    }

    fn issue(&self, document: &Document<Value>) -> Vec<u8> {
        let stamp = || (self.now, SerialNumber::from(1));
        let transport = self.pki.time_stamp_authority().transport(stamp);
        Issuer::new(&self.issued.key, self.issued.chain.clone(), transport).unwrap().issue(document, self.now).unwrap()
    }

    /// B-B over any octets that claim to be a document.
    fn sign(&self, payload: &[u8], signer: &impl Signer, chain: &[Certificate]) -> Vec<u8> {
        let parameters = SignatureParameters::new(signer.algorithm(), chain.iter().cloned(), self.now).unwrap();
        let parameters = parameters.with_content_type("application/vnd.wathiqa.document+json");
        sign::sign(payload, parameters, signer).unwrap().to_vec()
    }

    fn verify(&self, octets: &[u8]) -> Report {
        Verifier::new(self.policy()).verify(octets, &Evidence::none(), self.now)
    }

    /// The verdict where B-B suffices.
    fn verify_b_b(&self, octets: &[u8]) -> Report {
        Verifier::new(self.policy().with_level(RequiredLevel::BB)).verify(octets, &Evidence::none(), self.now)
    }
}

/// Verdict, the stable names of its reasons, and what the first says.
fn verdict(report: &Report) -> (String, Vec<&'static str>, String) {
    let sub_indication = report.sub_indication().map_or_else(String::new, |sub| sub.to_string());
    let codes = report.failures().map(|reason| reason.code()).collect();
    (sub_indication, codes, report.failures().next().map_or_else(String::new, ToString::to_string))
}

#[track_caller]
fn refused(report: &Report, sub_indication: SubIndication, code: &str) {
    assert_ne!(report.indication(), Indication::TotalPassed, "{report}");
    let (_, codes, _) = verdict(report);
    assert_eq!(report.sub_indication(), Some(sub_indication), "{codes:?}\n{report}");
    assert!(codes.contains(&code), "{code} is not in {codes:?}\n{report}");
}

#[test]
fn a_document_is_issued_and_verified_with_every_algorithm_whose_keys_we_make() {
    for (algorithm, name) in
        [(JwsAlgorithm::Es256, "ES256"), (JwsAlgorithm::Es384, "ES384"), (JwsAlgorithm::EdDsa, "EdDSA")]
    {
        let world = World::new(algorithm);
        let octets = world.issue(&World::document());
        let report = world.verify(&octets);
        assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
        let [signature] = report.signatures() else { panic!("one signature") };
        assert_eq!((signature.level(), signature.algorithm()), (Some(BaselineLevel::BT), Some(name)));
        assert_eq!(signature.claimed_signing_time(), Some(world.now));
        assert_eq!(signature.proven_time(), Some(world.now));
        assert_eq!(signature.path().len(), 3);
        let document = report.into_verified::<Value>().unwrap();
        assert_eq!(document.title(), "شهادة سكن");
        assert_eq!(document.body()["since"], 2011);
    }
}

#[test]
fn the_header_is_as_jades_has_it() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let file: Value = serde_json::from_slice(&world.issue(&World::document()))?;
    let header = String::from_utf8(decode_url(file["protected"].as_str().unwrap())?)?;
    let leaf = encode_url(world.issued.chain[0].digest(DigestAlgorithm::Sha256).as_octets());
    let start = format!(r#"{{"alg":"ES256","cty":"vnd.wathiqa.document+json","x5t#S256":"{leaf}","x5c":["MII"#);
    assert!(header.starts_with(&start), "{header}");
    assert!(header.ends_with(r#""],"typ":"jose+json","iat":1740821400}"#), "{header}");
    assert_eq!(file["header"]["etsiU"].as_array().unwrap().len(), 1);
    Ok(())
}

#[test]
fn what_was_not_looked_at_is_said() {
    let world = World::new(JwsAlgorithm::Es256);
    let report = world.verify(&world.issue(&World::document()));
    let why = |step| match report.check(step).unwrap().outcome() {
        Outcome::NotChecked(why) => *why,
        other => panic!("{step}: {other:?}"),
    };
    assert_eq!(why(Step::Revocation), NotChecked::ByPolicy);
    assert_eq!(why(Step::KeyInRegister), NotChecked::NoRegister);
    assert_eq!(why(Step::AuthorityInRegister), NotChecked::NoRegister);
    assert_eq!(why(Step::CounterSignatures), NotChecked::Absent);
    let json = serde_json::to_value(&report).unwrap();
    let checks = json["signatures"][0]["checks"].as_array().unwrap();
    let revocation = checks.iter().find(|check| check["step"] == "revocation").unwrap();
    assert_eq!(
        *revocation,
        json!({
            "step": "revocation",
            "outcome": "not-checked",
            "code": "by-policy",
            "reason": "the policy does not ask for it",
        })
    );
    assert_eq!(json["indication"], "TOTAL_PASSED");
    assert_eq!(json["signatures"][0]["level"], "B-T");
    assert_eq!(json["signatures"][0]["provenTime"], "2025-03-01T09:30:00Z");
    assert_eq!(json["signatures"][0]["timeStamps"][0]["kind"], "sigTst");
}

#[test]
fn a_remote_key_signs_in_two_steps_that_cannot_disagree() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let chain = world.issued.chain.clone();
    let certificate = IssuerCertificate::new(chain, JwsAlgorithm::Es256, CodingScheme::default())?;
    let prepared = certificate.prepare(&World::document(), world.now)?;
    assert_eq!(prepared.digest(), Some(DigestAlgorithm::Sha256.digest(prepared.signing_input())));
    let value = world.issued.key.sign(prepared.signing_input())?;
    let other = certificate.prepare(&World::builder().build(json!({}))?, world.now)?;
    assert_eq!(other.complete(&value).unwrap_err().code(), "signature-invalid");
    let signed = prepared.complete(&value)?;
    assert_eq!(signed.level(), BaselineLevel::BB);
    assert_eq!(world.verify_b_b(&signed.to_vec()).indication(), Indication::TotalPassed);

    let compact = certificate.with_serialization(Serialization::Compact).prepare(&World::document(), world.now)?;
    let value = world.issued.key.sign(compact.signing_input())?;
    let mut compact = compact.complete(&value)?.to_vec();
    compact.push(b'\n');
    assert_eq!(world.verify_b_b(&compact).indication(), Indication::TotalPassed);
    Ok(())
}

#[test]
fn an_issuer_refuses_what_no_verifier_would_pass() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let entity = EntityCode::from_body(98_765_432)?;
    let other = world.pki.issue_signer(&World::name(&entity.to_string()), JwsAlgorithm::Es256)?;
    let transport = world.pki.time_stamp_authority().transport(|| (world.now, SerialNumber::from(1)));
    let wrong_entity = Issuer::new(&other.key, other.chain.clone(), &transport)?.issue(&World::document(), world.now);
    assert_eq!(wrong_entity.unwrap_err().code(), "issue-wrong-entity");
    let wrong_key = Issuer::new(&other.key, world.issued.chain.clone(), &transport).map(drop);
    assert_eq!(wrong_key.unwrap_err().code(), "sign-other-key");

    let issuer = Issuer::new(&world.issued.key, world.issued.chain.clone(), &transport)?;
    let error = issuer.issue(&World::document(), "2031-01-01T00:00:00Z".parse()?).unwrap_err();
    assert_eq!(error.code(), "path-expired");
    assert_eq!(
        error.to_string(),
        "issuing: signing: certificate CN=ختم وزارة العدل,organizationIdentifier=GO:SY-1234567889,O=وزارة العدل,C=SY: \
         expired 2027-02-28T09:30:00Z, judged at 2031-01-01T00:00:00Z"
    );
    let curve = IssuerCertificate::new(world.issued.chain.clone(), JwsAlgorithm::Es384, CodingScheme::default());
    assert!(matches!(curve.unwrap_err(), IssueError::Sign(SignError::Signature(_))));
    let ca = vec![world.pki.ministry_ca().clone()];
    let error = SignatureParameters::new(JwsAlgorithm::Es256, ca, world.now).unwrap_err();
    assert_eq!(error.code(), "sign-ca-certificate");
    let reversed = [world.issued.chain[0].clone(), world.pki.time_stamp_root().clone()];
    let error = SignatureParameters::new(JwsAlgorithm::Es256, reversed, world.now).unwrap_err();
    assert_eq!(error.code(), "path-issuer-unknown");
    let compact = IssuerCertificate::new(world.issued.chain.clone(), JwsAlgorithm::Es256, CodingScheme::default())?
        .with_serialization(Serialization::Compact)
        .prepare(&World::document(), world.now)?;
    let value = world.issued.key.sign(compact.signing_input())?;
    let token = {
        let file: Value = serde_json::from_slice(&world.issue(&World::document()))?;
        let item: Value = serde_json::from_slice(&decode_url(file["header"]["etsiU"][0].as_str().unwrap())?)?;
        let der = wathiqa::encoding::base64::decode_standard(item["sigTst"]["tstTokens"][0]["val"].as_str().unwrap())?;
        wathiqa::tsp::TimeStampToken::from_der(&der, &Limits::default())?
    };
    let error = compact.complete(&value)?.with_signature_time_stamp(&token).unwrap_err();
    assert_eq!(error, SignError::CompactCannotGrow);
    let prepared = IssuerCertificate::new(world.issued.chain.clone(), JwsAlgorithm::Es256, CodingScheme::default())?
        .prepare(&World::document(), world.now)?;
    let value = world.issued.key.sign(prepared.signing_input())?;
    let error = prepared.complete(&value)?.with_signature_time_stamp(&token).unwrap_err();
    assert_eq!(error.code(), "time-stamp-message-imprint");
    Ok(())
}

#[test]
fn no_octet_of_a_signed_file_can_be_changed() {
    let world = World::new(JwsAlgorithm::Es256);
    let octets = world.issue(&World::document());
    assert_eq!(world.verify(&octets).indication(), Indication::TotalPassed);
    for position in 0..octets.len() {
        let mut altered = octets.clone();
        altered[position] ^= 1 << (position % 7);
        let report = world.verify(&altered);
        assert_ne!(report.indication(), Indication::TotalPassed, "octet {position}: {report}");
    }
    for cut in [0, 1, octets.len() / 2, octets.len() - 1] {
        refused(
            &world.verify(&octets[..cut]),
            SubIndication::FormatFailure,
            if cut == 0 { "jws-empty" } else { "json-syntax" },
        );
    }
    refused(&world.verify(&[&octets[..], b"{}"].concat()), SubIndication::FormatFailure, "json-syntax");
}

#[test]
fn a_signature_by_another_entity_or_a_stranger_is_seen_as_that() {
    let world = World::new(JwsAlgorithm::Es256);
    let payload = World::document().to_vec().unwrap();
    let entity = EntityCode::from_body(98_765_432).unwrap();
    let other = world.pki.issue_signer(&World::name(&entity.to_string()), JwsAlgorithm::Es256).unwrap();
    let report = world.verify_b_b(&world.sign(&payload, &other.key, &other.chain));
    refused(&report, SubIndication::EntityMismatch, "certificate-of-another-entity");
    assert_eq!(
        verdict(&report).2,
        format!("the certificate is entity {entity}'s, the document's issuer is 1234567889")
    );

    let stranger = World::new(JwsAlgorithm::Es256);
    let report = world.verify_b_b(&stranger.sign(&payload, &stranger.issued.key, &stranger.issued.chain));
    refused(&report, SubIndication::NoCertificateChainFound, "signature-invalid");
}

#[test]
fn the_number_must_be_the_issuers() {
    let world = World::new(JwsAlgorithm::Es256);
    let entity = EntityCode::from_body(98_765_432).unwrap();
    let mut document: Value = serde_json::from_slice(&World::document().to_vec().unwrap()).unwrap();
    let number = DocumentNumber::new(entity, DocumentKind::new(14).unwrap(), 2025, 12_345).unwrap();
    document["number"] = number.to_string().into();
    let octets = world.sign(&serde_json::to_vec(&document).unwrap(), &world.issued.key, &world.issued.chain);
    refused(&world.verify_b_b(&octets), SubIndication::EntityMismatch, "document-issuer-not-of-number");
    document["number"] = "1234567889-014-2025-00012345-22".into();
    document["kind"] = "015".into();
    let octets = world.sign(&serde_json::to_vec(&document).unwrap(), &world.issued.key, &world.issued.chain);
    refused(&world.verify_b_b(&octets), SubIndication::NumberMismatch, "document-kind-not-of-number");
}

/// A file with its protected header rewritten and signed again by the same key: what only the header is guilty of.
fn resigned(world: &World, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let payload = World::document().to_vec().unwrap();
    let mut file: Value =
        serde_json::from_slice(&world.sign(&payload, &world.issued.key, &world.issued.chain)).unwrap();
    let mut header: Value = serde_json::from_slice(&decode_url(file["protected"].as_str().unwrap()).unwrap()).unwrap();
    change(&mut header);
    let protected = encode_url(header.to_string().as_bytes());
    let input = format!("{protected}.{}", file["payload"].as_str().unwrap());
    file["protected"] = protected.into();
    file["signature"] = encode_url(&world.issued.key.sign(input.as_bytes()).unwrap()).into();
    serde_json::to_vec(&file).unwrap()
}

#[test]
fn a_header_that_breaks_a_rule_fails_though_its_signature_holds() {
    let world = World::new(JwsAlgorithm::Es256);
    assert_eq!(world.verify_b_b(&resigned(&world, |_| {})).indication(), Indication::TotalPassed);
    let other = World::new(JwsAlgorithm::Es256);
    let other_leaf = wathiqa::encoding::base64::encode_standard(other.issued.chain[0].as_der());
    let jwk = json!({"kty": "EC", "crv": "P-256"});
    let table: [(&str, Value, SubIndication, &str); 16] = [
        ("alg", json!("none"), SubIndication::SigCryptoFailure, "jws-algorithm-none"),
        ("alg", json!("HS256"), SubIndication::SigCryptoFailure, "jws-algorithm-symmetric"),
        ("alg", json!("ES384"), SubIndication::SigCryptoFailure, "signature-key-mismatch"),
        ("alg", json!(256), SubIndication::SigCryptoFailure, "jws-member-type"),
        ("alg", Value::Null, SubIndication::SigCryptoFailure, "jws-member-type"),
        ("iat", json!("1740821400"), SubIndication::FormatFailure, "jades-member-type"),
        ("iat", json!(1_740_822_400), SubIndication::SigConstraintsFailure, "claimed-in-future"),
        ("exp", json!(1_740_821_399), SubIndication::SigConstraintsFailure, "signature-expired"),
        ("sigT", json!("2025-03-01T09:30:00Z"), SubIndication::FormatFailure, "jades-two-signing-times"),
        ("typ", json!("JWT"), SubIndication::FormatFailure, "jades-type"),
        ("cty", json!("json"), SubIndication::FormatFailure, "content-type"),
        ("crit", json!([]), SubIndication::FormatFailure, "jws-crit-empty"),
        ("crit", json!(["nbf"]), SubIndication::FormatFailure, "jws-crit-not-understood"),
        ("sigD", json!({}), SubIndication::FormatFailure, "jades-payload-and-sig-d"),
        ("x5t#S256", json!("AAAA"), SubIndication::FormatFailure, "jades-digest-length"),
        ("x5c", json!([other_leaf]), SubIndication::NoSigningCertificateFound, "signing-certificate-differs"),
    ];
    for (member, value, sub_indication, code) in table {
        let report = world.verify_b_b(&resigned(&world, |header| header[member] = value.clone()));
        assert_ne!(report.indication(), Indication::TotalPassed, "{member}: {value}");
        let (found, codes, _) = verdict(&report);
        assert!(codes.contains(&code), "{member}: {value}: {codes:?}");
        assert_eq!(found, sub_indication.to_string(), "{member}: {value}: {codes:?}");
    }
    // A key in the header is never a source of keys: it changes nothing.
    let report = world.verify_b_b(&resigned(&world, |header| header["jwk"] = jwk));
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
}

#[test]
fn without_its_time_stamp_a_document_is_not_passed() {
    let world = World::new(JwsAlgorithm::Es256);
    let mut file: Value = serde_json::from_slice(&world.issue(&World::document())).unwrap();
    file.as_object_mut().unwrap().remove("header");
    let octets = serde_json::to_vec(&file).unwrap();
    let report = world.verify(&octets);
    refused(&report, SubIndication::SigConstraintsFailure, "no-time-stamp");
    assert_eq!(report.indication(), Indication::Indeterminate);
    // It holds where the policy takes B-B, and only while the certificate does.
    assert_eq!(world.verify_b_b(&octets).indication(), Indication::TotalPassed);
    let later = "2028-01-01T00:00:00Z".parse().unwrap();
    let verifier = Verifier::new(world.policy().with_level(RequiredLevel::BB));
    let report = verifier.verify(&octets, &Evidence::none(), later);
    refused(&report, SubIndication::OutOfBoundsNoPoe, "path-expired");
}

#[test]
fn a_time_stamp_outlives_the_certificate_and_not_its_authority() {
    let world = World::new(JwsAlgorithm::Es256);
    let octets = world.issue(&World::document());
    let judged = |at: &str| Verifier::new(world.policy()).verify(&octets, &Evidence::none(), at.parse().unwrap());
    // The signer's certificate ended in 2027, the authority's ends in 2035.
    let report = judged("2035-02-26T09:30:00Z");
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    let report = judged("2035-02-26T09:30:01Z");
    refused(&report, SubIndication::SigConstraintsFailure, "no-valid-time-stamp");
    let stamp = &report.signatures()[0].time_stamps()[0];
    assert_eq!(stamp.sub_indication(), Some(SubIndication::OutOfBoundsNoPoe), "{report}");
    let report = judged("2025-03-01T09:29:59Z");
    refused(&report, SubIndication::SigConstraintsFailure, "no-valid-time-stamp");
}

#[test]
fn a_time_stamp_by_a_stranger_or_over_something_else_proves_nothing() {
    let (world, stranger) = (World::new(JwsAlgorithm::Es256), World::new(JwsAlgorithm::Es256));
    let stamp = || (world.now, SerialNumber::from(1));
    let issuer = |transport| Issuer::new(&world.issued.key, world.issued.chain.clone(), transport).unwrap();
    let by_stranger =
        issuer(stranger.pki.time_stamp_authority().transport(stamp)).issue(&World::document(), world.now).unwrap();
    refused(&world.verify(&by_stranger), SubIndication::SigConstraintsFailure, "no-valid-time-stamp");
    // Where B-B suffices, a time-stamp that is there and does not hold is still not passed over.
    refused(&world.verify_b_b(&by_stranger), SubIndication::SigConstraintsFailure, "no-valid-time-stamp");

    let mut first: Value = serde_json::from_slice(&world.issue(&World::document())).unwrap();
    let second: Value = serde_json::from_slice(&world.issue(&World::builder().build(json!({})).unwrap())).unwrap();
    first["header"] = second["header"].clone();
    let copied = serde_json::to_vec(&first).unwrap();
    refused(&world.verify(&copied), SubIndication::SigConstraintsFailure, "broken-time-stamp");
}

#[test]
fn one_valid_time_stamp_suffices_beside_one_that_is_not_trusted_but_not_beside_a_broken_one() {
    let (world, stranger) = (World::new(JwsAlgorithm::Es256), World::new(JwsAlgorithm::Es256));
    let signature = |octets: &[u8]| -> Value { serde_json::from_slice(octets).unwrap() };
    let good = signature(&world.issue(&World::document()));
    let over = good["signature"].as_str().unwrap();
    let request = wathiqa::tsp::TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(over.as_bytes()));
    let respond = stranger.pki.time_stamp_authority().respond(request.as_der(), world.now, &SerialNumber::from(7));
    let token = wathiqa::tsp::TimeStampResponse::from_der(&respond, &Limits::default()).unwrap().into_token().unwrap();
    let item = |der: &[u8]| {
        let value = wathiqa::encoding::base64::encode_standard(der);
        encode_url(json!({"sigTst": {"tstTokens": [{"val": value}]}}).to_string().as_bytes())
    };
    let mut both = good.clone();
    both["header"]["etsiU"].as_array_mut().unwrap().push(item(token.as_der()).into());
    let report = world.verify(&serde_json::to_vec(&both).unwrap());
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    assert_eq!(report.signatures()[0].time_stamps().len(), 2);

    let mut broken = token.as_der().to_vec();
    let last = broken.len() - 1;
    broken[last] ^= 1;
    let mut both = good.clone();
    both["header"]["etsiU"].as_array_mut().unwrap().push(item(&broken).into());
    let report = world.verify(&serde_json::to_vec(&both).unwrap());
    assert_ne!(report.indication(), Indication::TotalPassed, "{report}");
}

#[test]
fn a_second_signature_must_hold_too() {
    let (world, stranger) = (World::new(JwsAlgorithm::Es256), World::new(JwsAlgorithm::Es256));
    let file = |octets: &[u8]| -> Value { serde_json::from_slice(octets).unwrap() };
    let first = file(&world.issue(&World::document()));
    let second = file(&stranger.issue(&World::document()));
    assert_eq!(first["payload"], second["payload"]);
    let part = |file: &Value| json!({"protected": file["protected"], "header": file["header"], "signature": file["signature"]});
    let general =
        |parts: Vec<Value>| serde_json::to_vec(&json!({"payload": first["payload"], "signatures": parts})).unwrap();
    let report = world.verify(&general(vec![part(&first)]));
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    let report = world.verify(&general(vec![part(&first), part(&second)]));
    refused(&report, SubIndication::SigConstraintsFailure, "no-valid-time-stamp");
    assert_eq!(report.signatures()[0].indication(), Indication::TotalPassed);
    assert_eq!(report.signatures()[1].indication(), Indication::Indeterminate);
}

#[test]
fn attachments_are_the_ones_that_were_signed() {
    let world = World::new(JwsAlgorithm::Es256);
    let annex = Attachment::of("الملحق.txt", "text/plain", b"annex").unwrap();
    let octets = world.issue(&World::builder().attachment(annex).build(json!({})).unwrap());
    let verifier = Verifier::new(world.policy());
    let with = |octets_of_annex: &'static [u8]| Evidence::none().with_attachment("الملحق.txt", octets_of_annex);
    assert_eq!(verifier.verify(&octets, &with(b"annex"), world.now).indication(), Indication::TotalPassed);
    let altered = verifier.verify(&octets, &with(b"annex "), world.now);
    refused(&altered, SubIndication::AttachmentAltered, "attachment-size");
    refused(
        &verifier.verify(&octets, &with(b"anneX"), world.now),
        SubIndication::AttachmentAltered,
        "attachment-digest",
    );
    let absent = verifier.verify(&octets, &Evidence::none(), world.now);
    refused(&absent, SubIndication::SignedDataNotFound, "attachment-absent");
    let lenient = Verifier::new(world.policy().with_attachments(AttachmentPolicy::AllowMissing));
    assert_eq!(lenient.verify(&octets, &Evidence::none(), world.now).indication(), Indication::TotalPassed);
}

#[test]
fn a_clerk_sees_the_verdict_its_reason_and_who_signed_when() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let signed = world.issue(&World::document());
    let simple = world.verify(&signed).to_simple();
    let lines = "TOTAL_PASSED, validated at 2025-03-01T09:30:00Z\n\
                 document 1234567889-014-2025-00012345-22 of entity 1234567889: شهادة سكن\n\
                 signed by CN=ختم وزارة العدل,organizationIdentifier=GO:SY-1234567889,O=وزارة العدل,C=SY, B-T, \
                 proven at 2025-03-01T09:30:00Z\n";
    assert_eq!(simple.to_string(), lines);
    let altered = String::from_utf8(signed)?.replacen("\"payload\":\"ey", "\"payload\":\"eX", 1);
    let failed = world.verify(altered.as_bytes()).to_simple();
    let first: Vec<_> = failed.to_string().lines().take(2).map(str::to_owned).collect();
    assert_eq!(first[0], "TOTAL_FAILED / SIG_CRYPTO_FAILURE, validated at 2025-03-01T09:30:00Z");
    assert_eq!(first[1], "because signature: does not fit the message and the key");
    for report in [simple, failed] {
        assert_eq!(serde_json::from_str::<SimpleReport>(&serde_json::to_string(&report)?)?, report);
    }
    Ok(())
}

#[test]
fn a_policy_may_let_a_check_weigh_less() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let at = |text: &str| -> Instant { text.parse().unwrap() };
    let period = Validity::new(at("2025-03-01T00:00:00Z"), at("2025-12-31T23:59:59Z"))?;
    let signed = world.issue(&World::builder().validity(period).build(json!({}))?);
    let verify = |level| {
        let constraints = Constraints::default().with(Constraint::InForce, level);
        let verifier = Verifier::new(world.policy().with_constraints(constraints));
        verifier.verify(&signed, &Evidence::none(), at("2026-01-01T00:00:00Z"))
    };
    assert_eq!(verify(ConstraintLevel::Fail).indication(), Indication::TotalFailed);
    let warned = verify(ConstraintLevel::Warn);
    assert_eq!(warned.indication(), Indication::TotalPassed);
    assert_eq!(warned.warnings().map(wathiqa::report::Reason::code).collect::<Vec<_>>(), ["not-in-force"]);
    for level in [ConstraintLevel::Inform, ConstraintLevel::Ignore] {
        let report = verify(level);
        assert_eq!((report.indication(), report.warnings().count()), (Indication::TotalPassed, 0));
    }
    Ok(())
}

#[test]
fn a_document_is_in_force_in_its_own_period_only() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let validity = Validity::new("2025-03-01T00:00:00Z".parse()?, "2025-12-31T23:59:59Z".parse()?)?;
    let octets = world.issue(&World::builder().validity(validity).build(json!({}))?);
    let at = |at: &str| Verifier::new(world.policy()).verify(&octets, &Evidence::none(), at.parse().unwrap());
    assert_eq!(at("2025-12-31T23:59:59Z").indication(), Indication::TotalPassed);
    refused(&at("2026-01-01T00:00:00Z"), SubIndication::DocumentNotInForce, "not-in-force");
    Ok(())
}

#[test]
fn the_body_must_be_of_the_type_asked_for() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Other {
        #[expect(dead_code, reason = "never read: parsing fails")]
        name: String,
    }
    let world = World::new(JwsAlgorithm::Es256);
    let report = world.verify(&world.issue(&World::document()));
    let report = report.into_verified::<Other>().unwrap_err();
    refused(&report, SubIndication::FormatFailure, "document-body");
    let any = Verifier::new(world.policy()).verify_any_payload(
        &world.issue(&World::document()),
        &Evidence::none(),
        world.now,
    );
    assert_eq!(any.indication(), Indication::TotalPassed);
    assert!(any.verified_payload().is_some());
    assert!(any.into_verified::<Value>().is_err(), "a payload that was not read as a document is no verified document");
}

#[test]
fn hostile_octets_are_a_report_and_cost_little() {
    let world = World::new(JwsAlgorithm::Es256);
    let nested = format!(r#"{{"payload":"","signatures":{}"#, "[".repeat(100_000));
    let deep_header = format!("{}.e30.AA", encode_url("[".repeat(100_000).as_bytes()));
    let huge = vec![b'a'; 100 << 20];
    let duplicate = br#"{"payload":"","signature":"","sign\u0061ture":""}"#;
    let inputs: [(&[u8], &str); 8] = [
        (b"", "jws-empty"),
        (b"\xff\xfe\x00", "jws-not-ascii"),
        (b"{\"payload\":\"\xff\"}", "json-not-utf8"),
        (nested.as_bytes(), "json-too-deep"),
        (deep_header.as_bytes(), "json-too-deep"),
        (&huge, "jws-too-large"),
        (duplicate, "json-duplicate-member"),
        (b"not a signature at all", "jws-parts"),
    ];
    for (octets, code) in inputs {
        let report = world.verify(octets);
        refused(&report, SubIndication::FormatFailure, code);
        assert!(report.signatures().is_empty() && report.verified_payload().is_none());
        assert!(report.into_verified::<Value>().is_err());
    }
}

#[test]
fn a_detached_payload_is_given_as_evidence() {
    let world = World::new(JwsAlgorithm::Es256);
    let mut file: Value = serde_json::from_slice(&world.issue(&World::document())).unwrap();
    file.as_object_mut().unwrap().remove("payload");
    let octets = serde_json::to_vec(&file).unwrap();
    refused(&world.verify(&octets), SubIndication::SignedDataNotFound, "payload-absent");
    let payload = World::document().to_vec().unwrap();
    let evidence = Evidence::none().with_detached_payload(&payload);
    let report = Verifier::new(world.policy()).verify(&octets, &evidence, world.now);
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    let verified = report.clone().into_verified::<Value>().unwrap();
    assert_eq!((verified.report(), verified.title()), (&report, "شهادة سكن"));
    assert_eq!(verified.into_inner().title(), "شهادة سكن");
}

#[test]
fn keys_made_elsewhere_are_certified() -> Anything {
    let world = World::new(JwsAlgorithm::Es256);
    let key = SoftwareKey::generate(JwsAlgorithm::EdDsa)?.key;
    let chain = world.pki.certify(&World::name(ENTITY), key.public_key())?;
    let report = world.verify_b_b(&world.sign(&World::document().to_vec()?, &key, &chain));
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    Ok(())
}

fn revoked<'a>(certificate: &'a Certificate, since: &str) -> RevokedCertificate<'a> {
    RevokedCertificate::new(certificate, since.parse().unwrap())
}

#[test]
fn revocation_is_checked_by_default_and_unknown_is_not_passed() {
    let world = World::new(JwsAlgorithm::Es256);
    let octets = world.issue(&World::document());
    let verifier = world.checking(RequiredLevel::BT);
    let report = verifier.verify(&octets, &Evidence::none(), world.now);
    // The authority's certificate is judged first: without a proven time nothing of the signature holds.
    refused(&report, SubIndication::SigConstraintsFailure, "revocation-unknown");

    let report = verifier.verify(&octets, &world.evidence("2025-03-01T00:00:00Z", &[]), world.now);
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    assert_eq!(*report.check(Step::Revocation).unwrap().outcome(), Outcome::Passed);
    // Lists of today know of the time of the signature; a list that was due before it does not.
    let later: Instant = "2026-06-01T00:00:00Z".parse().unwrap();
    let report = verifier.verify(&octets, &world.evidence("2026-05-20T00:00:00Z", &[]), later);
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    let report = world.checking(RequiredLevel::BB).verify(
        &world.sign(&World::document().to_vec().unwrap(), &world.issued.key, &world.issued.chain),
        &world.evidence("2025-03-01T00:00:00Z", &[]),
        later,
    );
    refused(&report, SubIndication::TryLater, "revocation-unknown");
}

#[test]
fn a_revoked_certificate_fails_what_was_signed_after_and_nothing_before() {
    let world = World::new(JwsAlgorithm::Es256);
    let octets = world.issue(&World::document());
    let leaf = &world.issued.chain[0];
    let later: Instant = "2025-03-10T00:00:00Z".parse().unwrap();
    let judged = |level, revoked: &[RevokedCertificate<'_>]| {
        world.checking(level).verify(&octets, &world.evidence("2025-03-09T00:00:00Z", revoked), later)
    };
    let before = judged(RequiredLevel::BT, &[revoked(leaf, "2025-02-28T12:00:00Z")]);
    refused(&before, SubIndication::Revoked, "revoked");
    assert_eq!(before.deciding_reason().map(|reason| reason.code()), Some("revoked"));
    assert!(before.to_string().contains("\nbecause certificate CN="), "{before}");
    assert_eq!(before.indication(), Indication::TotalFailed);
    assert_eq!(
        before.failures().next().unwrap().to_string(),
        "certificate CN=ختم وزارة العدل,organizationIdentifier=GO:SY-1234567889,O=وزارة العدل,C=SY: \
         revoked 2025-02-28T12:00:00Z"
    );
    let after = judged(RequiredLevel::BT, &[revoked(leaf, "2025-03-05T00:00:00Z")]);
    assert_eq!(after.indication(), Indication::TotalPassed, "{after}");
    let ca = judged(RequiredLevel::BT, &[revoked(world.pki.ministry_ca(), "2025-02-28T12:00:00Z")]);
    refused(&ca, SubIndication::RevokedCaNoPoe, "revoked");
    let hold = RevokedCertificate::on_hold(leaf, "2025-02-28T12:00:00Z".parse().unwrap());
    refused(&judged(RequiredLevel::BT, &[hold]), SubIndication::TryLater, "revoked");
    let authority = world.pki.time_stamp_authority().certificate();
    let stamps = judged(RequiredLevel::BT, &[revoked(authority, "2025-02-28T12:00:00Z")]);
    refused(&stamps, SubIndication::SigConstraintsFailure, "no-valid-time-stamp");
    assert_eq!(stamps.signatures()[0].time_stamps()[0].sub_indication(), Some(SubIndication::Revoked));
}

#[test]
fn without_a_proof_of_time_revocation_and_expiry_stay_open() {
    let world = World::new(JwsAlgorithm::Es256);
    let octets = world.sign(&World::document().to_vec().unwrap(), &world.issued.key, &world.issued.chain);
    let leaf = &world.issued.chain[0];
    let judged = |this_update, at: &str, revoked: &[RevokedCertificate<'_>]| {
        let evidence = world.evidence(this_update, revoked);
        world.checking(RequiredLevel::BB).verify(&octets, &evidence, at.parse().unwrap())
    };
    let revoked = judged("2025-03-09T00:00:00Z", "2025-03-10T00:00:00Z", &[revoked(leaf, "2025-03-05T00:00:00Z")]);
    refused(&revoked, SubIndication::RevokedNoPoe, "revoked");
    assert_eq!(revoked.indication(), Indication::Indeterminate);
    let expired = judged("2027-02-15T00:00:00Z", "2027-03-10T00:00:00Z", &[]);
    refused(&expired, SubIndication::OutOfBoundsNotRevoked, "path-expired");
    let unknown = judged("2026-02-15T00:00:00Z", "2027-03-10T00:00:00Z", &[]);
    refused(&unknown, SubIndication::OutOfBoundsNoPoe, "path-expired");
}

#[test]
fn soft_fail_is_named_and_reported() {
    let world = World::new(JwsAlgorithm::Es256);
    let mut settings = RevocationSettings::default();
    settings.unknown = UnknownRevocation::Allow;
    let (signers, authorities) = (world.pki.trust_store(), world.pki.time_stamp_trust_store());
    let verifier = Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::Check(settings)));
    let report = verifier.verify(&world.issue(&World::document()), &Evidence::none(), world.now);
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    let outcome = report.check(Step::Revocation).unwrap().outcome();
    assert_eq!(*outcome, Outcome::NotChecked(NotChecked::NothingKnown));
}

/// Whoever reads a report on a terminal must see the crate's lines and no others.
#[test]
fn what_a_file_says_cannot_write_lines_of_the_report_or_turn_them_around() {
    let forged = "x\n  passed       forged\u{202e}";
    let world = World::new(JwsAlgorithm::Es256);
    let changes: [(&str, Value); 8] = [
        ("alg", json!(forged)),
        ("cty", json!(forged)),
        ("typ", json!(forged)),
        ("crit", json!([forged])),
        ("x5t#S256", json!(forged)),
        ("x5t#o", json!({"digAlg": forged, "digVal": ""})),
        ("sigT", json!(forged)),
        ("adoTst", json!({"tstTokens": [{"val": forged}]})),
    ];
    let mut reports = Vec::new();
    for (member, value) in changes {
        reports.push(world.verify_b_b(&resigned(&world, |header| {
            let header = header.as_object_mut().unwrap();
            match member {
                "sigT" => drop(header.remove("iat")),
                "x5t#o" => drop(header.remove("x5t#S256")),
                _ => {}
            }
            header.insert(member.to_owned(), value.clone());
        })));
    }
    let payload = World::document().to_vec().unwrap();
    let entity = ENTITY.parse().unwrap();
    let name = EntityName::new(entity, &CodingScheme::default(), "SY", forged, forged).unwrap();
    let issued = world.pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap();
    reports.push(world.verify_b_b(&world.sign(&payload, &issued.key, &issued.chain)));
    for change in ["type", "issuedAt", "issuer", "number", "kind", "title", "language", forged] {
        let mut document: Value = serde_json::from_slice(&payload).unwrap();
        document[change] = json!(forged);
        let octets = serde_json::to_vec(&document).unwrap();
        reports.push(world.verify_b_b(&world.sign(&octets, &world.issued.key, &world.issued.chain)));
    }
    for octets in [format!("{{\"{0}\":1,\"{0}\":1}}", forged.escape_default()), format!("{{\"{}", forged)] {
        reports.push(world.verify_b_b(octets.as_bytes()));
    }
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {}
    let unknown = world.verify(&world.issue(&World::builder().build(json!({forged: 1})).unwrap()));
    reports.push(*unknown.into_verified::<Strict>().map(drop).unwrap_err());
    for report in reports {
        let text = report.to_string();
        assert!(!text.lines().any(|line| line.starts_with("  passed       forged")), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
}

#[test]
fn a_report_says_who_signed_only_of_what_holds() {
    let world = World::new(JwsAlgorithm::Es256);
    let octets = world.issue(&World::document());
    let line = |report: &Report, with| report.to_string().lines().find(|line| line.contains(with)).unwrap().to_owned();
    let (head, signer) = (|report: &Report| line(report, "document 1"), |report: &Report| line(report, "CN="));
    let (number, name) =
        ("1234567889-014-2025-00012345-22", "CN=ختم وزارة العدل,organizationIdentifier=GO:SY-1234567889");
    let report = world.verify(&octets);
    assert_eq!(head(&report), format!("document {number} of entity 1234567889: شهادة سكن"));
    assert_eq!(signer(&report), format!("  signed by    {name},O=وزارة العدل,C=SY"));

    let mut file: Value = serde_json::from_slice(&octets).unwrap();
    let payload = decode_url(file["payload"].as_str().unwrap()).unwrap();
    let altered = String::from_utf8(payload).unwrap().replace("2011", "1911");
    file["payload"] = encode_url(altered.as_bytes()).into();
    let report = world.verify(&serde_json::to_vec(&file).unwrap());
    refused(&report, SubIndication::SigCryptoFailure, "signature-invalid");
    assert_eq!(head(&report), format!("said to be document {number} of entity 1234567889: شهادة سكن"));
    assert_eq!(signer(&report), format!("  names signer {name},O=وزارة العدل,C=SY"));
}
