//! What must not pass, with the reason of each and the sub-indication that follows.

use std::time::Duration;

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::codes::EntityCode;
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::encoding::base64::encode_url;
use wathiqa::issue::Issuer;
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::Report;
use wathiqa::report::SubIndication::{
    self, CertificateChainGeneralFailure, ChainConstraintsFailure, CryptoConstraintsFailure,
    CryptoConstraintsFailureNoPoe, EntityMismatch, NoCertificateChainFound, NoSigningCertificateFound, NotYetValid,
    OutOfBoundsNoPoe, SigConstraintsFailure, SigCryptoFailure,
};
use wathiqa::tsp::{Authority, TimeStampToken};
use wathiqa::validation::Evidence;
use wathiqa::x509::path::RevocationPolicy;

use crate::openssl::{
    AUTHORITY, DocumentPki, Holder, KeyType, LONG, OpenSsl, POLICY, Request, SIGNER, STAMPER, TimeStampPki,
};
use crate::world::{
    Device, Draft, LATER, Parts, Replies, SUBJECT, World, certificate, document, key_of, now, passes, trust, value_by,
    verify,
};

const B_T: RequiredLevel = RequiredLevel::BT;
const B_B: RequiredLevel = RequiredLevel::BB;

#[test]
fn an_expired_certificate_needs_a_time_stamp_from_before() {
    let Some(openssl) = OpenSsl::in_folder("expired") else { return };
    let world = World::new(&openssl);
    let valid = |name, from, to| openssl.issue(&Request { validity: (from, to), ..world.request(name) });
    let tomorrow = now().checked_add(Duration::from_secs(86_400)).unwrap().to_string();
    let ending: String = tomorrow.chars().filter(|character| !matches!(character, '-' | ':' | 'T')).collect();

    let ending = valid("ending", "20200101000000Z", &ending);
    let draft = world.draft(&ending);
    passes(&world.verify(&world.stamped(&draft), B_T, LATER));
    passes(&world.verify(&world.signed(&draft), B_B, &tomorrow));
    let unstamped = world.signed(&draft);
    refused(world.verify(&unstamped, B_B, LATER), OutOfBoundsNoPoe, &["path-expired"]);
    let both = ["no-time-stamp", "path-expired"];
    refused(world.verify(&unstamped, B_T, LATER), SigConstraintsFailure, &both);

    // Back-dated: the claim is inside the validity, the proof is not.
    let expired = valid("expired", "20200101000000Z", "20210101000000Z");
    let draft = Draft { claimed: "2020-06-01T00:00:00Z".parse().unwrap(), ..world.draft(&expired) };
    refused(world.verify(&world.signed(&draft), B_B, LATER), OutOfBoundsNoPoe, &["path-expired"]);
    refused(world.verify(&world.stamped(&draft), B_T, LATER), OutOfBoundsNoPoe, &["path-expired"]);
    assert_eq!(world.not_issued(&expired), "path-expired");
    let key = key_of(&expired, JwsAlgorithm::Es256);
    let chain = [&expired, &world.documents.ministry].map(certificate);
    let issuer = Issuer::new(key, chain, Replies(&world.time)).unwrap();
    let error = issuer.issue(&document(), draft.claimed).unwrap_err();
    assert_eq!(error.code(), "sign-time-stamp-outside-validity");

    let early = valid("early", "20480101000000Z", "20491231235959Z");
    let stamped = world.stamped(&world.draft(&early));
    refused(world.verify(&stamped, B_T, LATER), NotYetValid, &["path-not-yet-valid"]);
    assert_eq!(world.not_issued(&early), "path-not-yet-valid");
}

#[test]
fn a_time_stamp_counts_only_by_a_certificate_for_that_alone() {
    let Some(openssl) = OpenSsl::in_folder("stampers") else { return };
    let world = World::new(&openssl);
    let stamper = |extensions: &[&str], validity| {
        let (subject, issuer) = ("/C=SY/O=National Time/CN=Time-stamp Authority 2", Some(&world.time.root));
        openssl.issue(&Request { subject, issuer, extensions, validity, ..world.request("stamper") })
    };
    let with = |line: usize, text| {
        let mut extensions = STAMPER;
        extensions[line] = text;
        extensions.to_vec()
    };
    let unknown = [&STAMPER[..], &["1.3.6.1.4.1.55555.9 = critical, DER:0500"]].concat();
    let ended = ("20200101000000Z", "20210101000000Z");
    let signed = || world.signed(&world.draft(&world.documents.signer));
    let good = stamper(&STAMPER, LONG);
    passes(&world.verify(&signed().stamped(|request| world.time.token_by(&good, request)), B_T, LATER));

    for (extensions, validity, sub_indication, code) in [
        (with(2, "extendedKeyUsage = timeStamping"), LONG, ChainConstraintsFailure, "path-ext-key-usage-not-critical"),
        (
            with(2, "extendedKeyUsage = critical, timeStamping, emailProtection"),
            LONG,
            ChainConstraintsFailure,
            "path-ext-key-usage",
        ),
        (
            with(2, "extendedKeyUsage = critical, anyExtendedKeyUsage"),
            LONG,
            ChainConstraintsFailure,
            "path-ext-key-usage",
        ),
        (with(2, ""), LONG, ChainConstraintsFailure, "path-ext-key-usage"),
        (
            with(1, "keyUsage = critical, digitalSignature, keyAgreement"),
            LONG,
            ChainConstraintsFailure,
            "path-key-usage",
        ),
        (unknown, LONG, ChainConstraintsFailure, "path-critical-extension"),
        (STAMPER.to_vec(), ended, CertificateChainGeneralFailure, "path-expired"),
    ] {
        let stamper = stamper(&extensions, validity);
        let stamped = signed().stamped(|request| world.time.token_by(&stamper, request));
        stamp_refused(world.policy(), &stamped, sub_indication, code);
        // `openssl` says the same of each, and our authority does not start with what is for something else.
        world.time.verify(&stamped.token(), stamped.member("signature").as_bytes()).unwrap_err();
        let key = key_of(&stamper, JwsAlgorithm::Es256);
        let authority = Authority::new(key, vec![certificate(&stamper)], POLICY.parse().unwrap());
        if code.contains("usage") {
            assert_eq!(authority.unwrap_err().code(), code);
        }
    }
}

#[test]
fn a_time_stamp_by_the_wrong_key_proves_nothing() {
    let Some(openssl) = OpenSsl::in_folder("wrong-key") else { return };
    let Some(elsewhere) = OpenSsl::in_folder("wrong-key-elsewhere") else { return };
    let world = World::new(&openssl);
    let (documents, time) = (&world.documents, &world.time);
    let root =
        Request { subject: "/CN=Other Root", issuer: None, extensions: &AUTHORITY, ..world.request("other-root") };
    let root = openssl.issue(&root);
    let other = Request { subject: "/CN=Other", issuer: Some(&root), extensions: &STAMPER, ..world.request("other") };
    let other = openssl.issue(&other);
    let signed = || world.signed(&world.draft(&documents.signer));
    for (signer, policy, sub_indication, code) in [
        (&other, world.policy(), NoCertificateChainFound, "path-issuer-unknown"),
        (&documents.ministry, world.policy(), NoCertificateChainFound, "path-issuer-unknown"),
        (&documents.ministry, world.undivided(), ChainConstraintsFailure, "path-ext-key-usage"),
        (&documents.signer, world.policy(), NoCertificateChainFound, "path-issuer-unknown"),
        (&documents.signer, world.undivided(), ChainConstraintsFailure, "path-ext-key-usage"),
    ] {
        stamp_refused(policy, &signed().stamped(|request| time.token_by(signer, request)), sub_indication, code);
    }
    // An authority and a root of the same names, with keys of their own.
    let namesake = TimeStampPki::new(&elsewhere, KeyType::P256);
    let stamped = signed().stamped(|request| namesake.token_by(&namesake.authority, request));
    stamp_refused(world.policy(), &stamped, NoCertificateChainFound, "signature-invalid");
}

#[test]
fn an_anchor_for_one_of_signers_and_time_stamps_is_none_for_the_other() {
    let Some(openssl) = OpenSsl::in_folder("anchors") else { return };
    let world = World::new(&openssl);
    let stamped = world.stamped(&world.draft(&world.documents.signer));
    let (signers, time) = (&world.documents.root, &world.time.root);
    let policy = |one, other| ValidationPolicy::new(trust(&[one]), trust(&[other]), RevocationPolicy::Skip);
    let verdict = |policy| verify(policy, &stamped, &Evidence::none(), LATER);
    passes(&verdict(policy(signers, time)));
    passes(&verdict(world.undivided()));
    refused(verdict(policy(signers, signers)), SigConstraintsFailure, &["no-valid-time-stamp"]);
    refused(verdict(policy(time, time)), NoCertificateChainFound, &["path-issuer-unknown"]);
    let both = ["no-valid-time-stamp", "path-issuer-unknown"];
    refused(verdict(policy(time, signers)), SigConstraintsFailure, &both);
}

#[test]
fn a_token_moved_from_another_signature_is_broken() {
    let Some(openssl) = OpenSsl::in_folder("moved") else { return };
    let world = World::new(&openssl);
    let draft = world.draft(&world.documents.signer);
    let token = world.stamped(&draft).token();
    TimeStampToken::from_der(&token, &Limits::default()).unwrap();
    // ECDSA signs the same octets with another value each time.
    let moved = world.signed(&draft).stamped(|_| token.clone());
    let both = ["no-valid-time-stamp", "broken-time-stamp"];
    refused(world.verify(&moved, B_T, LATER), SigConstraintsFailure, &both);
}

#[test]
fn a_certificate_that_names_no_entity_or_another_or_is_for_something_else() {
    let Some(openssl) = OpenSsl::in_folder("signers") else { return };
    let world = World::new(&openssl);
    let another = EntityCode::from_body(98_765_432).unwrap();
    let another = format!("/C=SY/organizationIdentifier=GO:SY-{another}/CN=Seal");
    let entity =
        |subject: &str, code: &'static str| (subject.to_owned(), SIGNER.to_vec(), EntityMismatch, vec![code], code);
    let purpose = |extensions: &[&'static str], code: &'static str| {
        (SUBJECT.to_owned(), extensions.to_vec(), ChainConstraintsFailure, vec![code], code)
    };
    let usage = |usage: &'static str| [SIGNER[0], usage, SIGNER[2], SIGNER[3]];
    let extended = |extension: &'static str| [&SIGNER[..], &[extension]].concat();
    let ca = [&AUTHORITY[..], &["authorityKeyIdentifier = keyid"]].concat();
    let signing_ca = [AUTHORITY[0], "keyUsage = critical, digitalSignature, keyCertSign", AUTHORITY[2]];
    let refused_ca = |extensions: &[&'static str], codes: &[&'static str]| {
        let constraints = ChainConstraintsFailure;
        (SUBJECT.to_owned(), extensions.to_vec(), constraints, codes.to_vec(), "sign-ca-certificate")
    };
    let mut table = vec![
        entity("/C=SY/O=Ministry of Justice/CN=Seal", "entity-absent"),
        entity("/organizationIdentifier=GO:SY-1234567889/CN=Seal", "entity-absent"),
        entity(&SUBJECT.replace("/CN", "/organizationIdentifier=GO:SY-1234567889/CN"), "entity-several"),
        entity(&SUBJECT.replace("/CN", "+organizationIdentifier=VATSY-1/CN"), "entity-several"),
        entity(&SUBJECT.replace("/C=SY", "/C=SY/C=TR"), "entity-several"),
        entity(&SUBJECT.replace("/C=SY", "/C=TR"), "organization-identifier-country"),
        entity(&SUBJECT.replace("GO:SY-1234567889", "GOVSY"), "organization-identifier-no-reference"),
        entity(&SUBJECT.replace("GO:SY", "GOVSY"), "organization-identifier-prefix"),
        entity("/C=TR/organizationIdentifier=GO:TR-1234567889/CN=Seal", "organization-identifier-prefix"),
        entity(&SUBJECT.replace("1234567889", "1234567803"), "code-check-digits"),
        purpose(&extended("1.3.6.1.4.1.55555.9 = critical, DER:0500"), "path-critical-extension"),
        purpose(&extended("extendedKeyUsage = serverAuth"), "path-ext-key-usage"),
        purpose(&STAMPER, "path-ext-key-usage"),
        purpose(&usage("keyUsage = critical, keyAgreement"), "path-key-usage"),
        refused_ca(&signing_ca, &["ca-certificate"]),
        refused_ca(&ca, &["ca-certificate", "path-key-usage"]),
    ];
    let wrong = vec!["certificate-of-another-entity"];
    table.push((another, SIGNER.to_vec(), EntityMismatch, wrong, "issue-wrong-entity"));
    let good = openssl.issue(&world.request("good"));
    passes(&world.verify(&world.stamped(&world.draft(&good)), B_T, LATER));
    for (subject, extensions, sub_indication, codes, not_issued) in table {
        let signer = openssl.issue(&Request { subject: &subject, extensions: &extensions, ..world.request("bad") });
        let report = world.verify(&world.stamped(&world.draft(&signer)), B_T, LATER);
        refused(report, sub_indication, &codes);
        assert_eq!(world.not_issued(&signer), not_issued, "{subject}");
    }
}

#[test]
fn the_key_of_the_time_stamp_authority_signs_no_document() {
    let Some(openssl) = OpenSsl::in_folder("authority-signs") else { return };
    let world = World::new(&openssl);
    let authority = &world.time.authority;
    let stamped = world.stamped(&Draft { chain: vec![authority], ..world.draft(authority) });
    refused(world.verify(&stamped, B_T, LATER), EntityMismatch, &["entity-absent", "path-issuer-unknown"]);
    let report = verify(world.undivided(), &stamped, &Evidence::none(), LATER);
    refused(report, EntityMismatch, &["entity-absent", "path-ext-key-usage"]);
    assert_eq!(world.not_issued(authority), "entity-absent");
}

#[test]
fn a_leaf_swapped_for_another_is_found_by_its_digest_or_by_the_signature() {
    let Some(openssl) = OpenSsl::in_folder("swapped") else { return };
    let world = World::new(&openssl);
    let (signer, ministry) = (&world.documents.signer, &world.documents.ministry);
    let another = EntityCode::from_body(98_765_432).unwrap();
    let subject = format!("/C=SY/organizationIdentifier=GO:SY-{another}/CN=Seal");
    // Another entity, with a key of its own and with this one's.
    let stranger = openssl.issue(&Request { subject: &subject, ..world.request("stranger") });
    let twin = openssl.certify(&Request { subject: &subject, ..world.request("twin") }, signer.key_pem());
    let good = world.draft(signer);
    passes(&world.verify(&world.stamped(&good), B_T, LATER));

    let differs = (NoSigningCertificateFound, vec!["signing-certificate-differs"]);
    for chain in [vec![&stranger, ministry], vec![&twin, ministry], vec![ministry, signer]] {
        let stamped = world.stamped(&Draft { chain, ..good.clone() });
        refused(world.verify(&stamped, B_T, LATER), differs.0, &differs.1);
    }
    // The header rewritten around the swapped leaf, the signature kept.
    for swapped in [&stranger, &twin] {
        let mut stamped = world.stamped(&good);
        stamped.file["protected"] = World::protected(&world.draft(swapped)).into();
        let codes = ["certificate-of-another-entity", "signature-invalid"];
        refused(world.verify(&stamped, B_T, LATER), SigCryptoFailure, &codes);
    }
    // Signed anew under the twin: the key is right, the entity is not.
    let stamped = world.stamped(&Draft { signer, ..world.draft(&twin) });
    let codes = ["certificate-of-another-entity"];
    refused(world.verify(&stamped, B_T, LATER), EntityMismatch, &codes);
    // Another entity's key under the right certificate.
    let stamped = world.stamped(&Draft { signer: &stranger, ..good.clone() });
    refused(world.verify(&stamped, B_T, LATER), SigCryptoFailure, &["signature-invalid"]);
}

#[test]
fn certificates_that_the_file_leaves_out_are_given_beside_it() {
    let Some(openssl) = OpenSsl::in_folder("left-out") else { return };
    let Some(elsewhere) = OpenSsl::in_folder("left-out-elsewhere") else { return };
    let world = World::new(&openssl);
    let (signer, ministry) = (&world.documents.signer, &world.documents.ministry);
    let namesake = DocumentPki::new(&elsewhere, KeyType::P256);
    let given = |holders: &[&Holder]| Evidence::none().with_certificates(holders.iter().map(|one| certificate(one)));
    let verdict = |parts: &Parts, holders: &[&Holder]| verify(world.policy(), parts, &given(holders), LATER);
    let no_chain = NoCertificateChainFound;

    let leaf_only = world.stamped(&Draft { chain: vec![signer], ..world.draft(signer) });
    refused(verdict(&leaf_only, &[]), no_chain, &["path-issuer-unknown"]);
    refused(verdict(&leaf_only, &[&namesake.ministry]), no_chain, &["signature-invalid"]);
    passes(&verdict(&leaf_only, &[ministry]));
    passes(&verdict(&leaf_only, &[&namesake.root, &namesake.ministry, &world.time.root, ministry]));

    let key = key_of(signer, JwsAlgorithm::Es256);
    let issuer = Issuer::new(key, [certificate(signer)], Replies(&world.time)).unwrap();
    let issued = Parts::of(&issuer.issue(&document(), now()).unwrap());
    refused(verdict(&issued, &[]), no_chain, &["path-issuer-unknown"]);
    passes(&verdict(&issued, &[ministry]));

    // A whole other country: the same names, other keys, everything valid in itself.
    let theirs = Draft { chain: vec![&namesake.signer, &namesake.ministry], ..world.draft(&namesake.signer) };
    let mut parts = world.signed(&Draft { signer, ..theirs });
    let value = value_by(&elsewhere, &namesake.signer, "ES256", parts.signing_input().as_bytes());
    parts.file["signature"] = encode_url(&value).into();
    let stamped = parts.stamped(|request| world.token(request));
    refused(verdict(&stamped, &[]), no_chain, &["signature-invalid"]);
}

#[test]
fn rsa_keys_of_2048_bits_verify_and_sign_nothing_and_those_of_1024_do_neither() {
    let Some(openssl) = OpenSsl::in_folder("short-rsa") else { return };
    let world = World::new(&openssl);
    for (key, bits, algorithm) in [
        (KeyType::Rsa2048, 2048, JwsAlgorithm::Rs256),
        (KeyType::Rsa2048, 2048, JwsAlgorithm::Ps256),
        (KeyType::Rsa1024, 1024, JwsAlgorithm::Rs256),
    ] {
        let signer = openssl.issue(&Request { key, ..world.request("short") });
        let stamped = world.stamped(&Draft { algorithm: algorithm.name(), ..world.draft(&signer) });
        let verdict = |policy| verify(policy, &stamped, &Evidence::none(), LATER);
        passes(&verdict(world.rsa_of(bits)));
        // The key of the signature, then the key that the path ends with.
        let codes = ["algorithm-rsa-modulus-too-short"; 2];
        refused(verdict(world.rsa_of(bits + 1)), CryptoConstraintsFailureNoPoe, &codes);
        match bits {
            // Stamped before such keys ended.
            2048 => passes(&verdict(world.policy())),
            // Certified after such keys ended.
            _ => refused(verdict(world.policy()), CryptoConstraintsFailure, &["algorithm-rsa-ended"; 2]),
        }

        let chain = [&signer, &world.documents.ministry].map(certificate);
        let issuer = Issuer::new(Device::new(&openssl, &signer, algorithm), chain, Replies(&world.time));
        let error = issuer.and_then(|issuer| issuer.issue(&document(), now())).map(drop).unwrap_err();
        let text = format!("algorithm: an RSA key of {bits} bits is not allowed, at least 3072 are asked for");
        assert_eq!((error.code(), error.to_string()), (codes[0], format!("issuing: signing: {text}")));
    }
    let stamper = Request {
        key: KeyType::Rsa2048,
        issuer: Some(&world.time.root),
        extensions: &STAMPER,
        ..world.request("stamper")
    };
    let stamper = openssl.issue(&stamper);
    let device = Device::new(&openssl, &stamper, JwsAlgorithm::Rs256);
    let error = Authority::new(device, vec![certificate(&stamper)], POLICY.parse().unwrap()).unwrap_err();
    assert_eq!(error.code(), "algorithm-rsa-modulus-too-short");
}

#[test]
fn a_signature_that_cannot_be_verified_here_is_not_called_false() {
    let Some(openssl) = OpenSsl::in_folder("unverifiable") else { return };
    let world = World::new(&openssl);
    let unknown = CryptoConstraintsFailureNoPoe;
    let large = openssl.issue(&Request { key: KeyType::P521, ..world.request("large") });
    let stamped = world.stamped(&Draft { algorithm: "ES512", ..world.draft(&large) });
    refused(world.verify(&stamped, B_T, LATER), unknown, &["jws-algorithm-unsupported", "path-key-unsupported"]);

    let small = openssl.issue(&Request { key: KeyType::Rsa1024, ..world.request("small") });
    let stamped = world.stamped(&Draft { algorithm: "PS256", ..world.draft(&small) });
    let report = verify(world.rsa_of(1024), &stamped, &Evidence::none(), LATER);
    refused(report, unknown, &["signature-algorithm-unsupported"]);

    let root = Some(&world.documents.root);
    let ca =
        openssl.issue(&Request { key: KeyType::P521, issuer: root, extensions: &AUTHORITY, ..world.request("ca") });
    let below = openssl.issue(&Request { issuer: Some(&ca), ..world.request("below") });
    let stamped = world.stamped(&Draft { chain: vec![&below, &ca], ..world.draft(&below) });
    refused(world.verify(&stamped, B_T, LATER), unknown, &["signature-key-unsupported"]);

    // A time-stamp that nobody here can judge proves nothing, and takes nothing from one that does.
    let issuer = Some(&world.time.root);
    let stamper = Request { key: KeyType::P521, issuer, extensions: &STAMPER, ..world.request("stamper") };
    let stamper = openssl.issue(&stamper);
    let signed = world.signed(&world.draft(&world.documents.signer));
    let stamped = signed.stamped(|request| world.time.token_by(&stamper, request));
    stamp_refused(world.policy(), &stamped, unknown, "signature-key-unsupported");
    passes(&world.verify(&stamped.stamped(|request| world.token(request)), B_T, LATER));
}

/// Asserts the verdict and every reason, in order: those of the document first, then those of the signature.
#[track_caller]
fn refused(report: Report, sub_indication: SubIndication, reasons: &[&str]) {
    let found: Vec<&str> = report.failures().map(|reason| reason.code()).collect();
    assert_eq!((report.sub_indication(), found.as_slice()), (Some(sub_indication), reasons), "{report}");
    assert_eq!(report.indication(), sub_indication.indication());
    assert!(report.verified_payload().is_none() && report.into_verified::<Value>().is_err());
}

/// Asserts that the token is over this signature, why it counts for nothing, and that nothing else is wrong with the
/// file; whether a time-stamp is asked for or only there.
#[track_caller]
fn stamp_refused(policy: ValidationPolicy, stamped: &Parts, sub_indication: SubIndication, code: &str) {
    for level in [B_T, B_B] {
        let report = verify(policy.clone().with_level(level), stamped, &Evidence::none(), LATER);
        let [stamp] = report.signatures()[0].time_stamps() else { panic!("one time-stamp") };
        assert_eq!((stamp.sub_indication(), stamp.authority()), (Some(sub_indication), None), "{report}");
        let checks = serde_json::to_value(stamp.checks()).unwrap();
        assert_eq!((&checks[0]["outcome"], &checks[1]["code"]), (&json!("passed"), &json!(code)), "{report}");
        refused(report, SigConstraintsFailure, &["no-valid-time-stamp"]);
    }
}
