//! Documents over a PKI and a time-stamp authority of the `openssl` command line, in both directions.
//!
//! Its keys issue here, its time-stamps go into documents and its certificates lead to its roots; it verifies our
//! signature values, our certificate requests and the tokens of our authority. Then the bad input: files that `openssl`
//! signed, so that a bad one differs from a good one in the one thing that is wrong with it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::Duration;

use serde_json::Value;
use wathiqa::codes::CodingScheme;
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::issue::Issuer;
use wathiqa::jades::BaselineLevel;
use wathiqa::pki::{EntityName, certificate_request};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::Indication;
use wathiqa::time::Instant;
use wathiqa::tsp::{Authority, SerialNumber};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::Certificate;

use openssl::{DocumentPki, KeyType, OpenSsl, POLICY, Request, SIGNER, TimeStampPki};
use world::{
    Device, Draft, ENTITY, LATER, Parts, Replies, SIGNER_NAME, World, certificate, document, issue, key_of, now,
    passes, policy,
};

#[path = "support/openssl.rs"]
mod openssl;
#[path = "documents_openssl/refused.rs"]
mod refused;
#[path = "documents_openssl/world.rs"]
mod world;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What documents are signed with.
const ALGORITHMS: [(JwsAlgorithm, KeyType); 5] = [
    (JwsAlgorithm::Es256, KeyType::P256),
    (JwsAlgorithm::Es384, KeyType::P384),
    (JwsAlgorithm::Rs256, KeyType::Rsa3072),
    (JwsAlgorithm::Ps256, KeyType::Rsa3072),
    (JwsAlgorithm::EdDsa, KeyType::Ed25519),
];

#[test]
fn keys_of_openssl_issue_and_time_stamps_of_openssl_prove_when() -> Outcome {
    let since = now();
    let mut stampers = Vec::new();
    for key in KeyType::STAMPING {
        let Some(openssl) = OpenSsl::in_folder(&format!("stamps-{key:?}")) else { return Ok(()) };
        stampers.push((key, openssl));
    }
    let stampers: Vec<TimeStampPki<'_>> =
        stampers.iter().map(|(key, openssl)| TimeStampPki::new(openssl, *key)).collect();
    for key in KeyType::ALL {
        let Some(openssl) = OpenSsl::in_folder(&format!("issues-{key:?}")) else { return Ok(()) };
        let documents = DocumentPki::new(&openssl, key);
        for (algorithm, _) in ALGORITHMS.into_iter().filter(|(_, of)| *of == key) {
            let device = issue(&documents, Device::new(&openssl, &documents.signer, algorithm), Replies(&stampers[0]));
            holds(&device, &policy(&documents, &stampers[0]), algorithm, since);
            for time in &stampers {
                let octets = issue(&documents, key_of(&documents.signer, algorithm), Replies(time));
                holds(&octets, &policy(&documents, time), algorithm, since);
                let parts = Parts::of(&octets);
                time.verify(&parts.token(), parts.member("signature").as_bytes())?;
                let (input, value) = (parts.signing_input(), parts.value(algorithm));
                openssl.verify(&documents.signer, algorithm.name(), input.as_bytes(), &value)?;
                let other = input.replace('.', "..");
                openssl.verify(&documents.signer, algorithm.name(), other.as_bytes(), &value).unwrap_err();
            }
        }
    }
    Ok(())
}

#[test]
fn openssl_accepts_the_token_of_our_authority_inside_the_document() -> Outcome {
    let since = now();
    let Some(openssl) = OpenSsl::in_folder("our-authority") else { return Ok(()) };
    let documents = DocumentPki::new(&openssl, KeyType::P256);
    let serial = SerialNumber::from(0x7f01_2345);
    for (key, algorithm) in [
        (KeyType::P256, JwsAlgorithm::Es256),
        (KeyType::P384, JwsAlgorithm::Es384),
        (KeyType::Rsa3072, JwsAlgorithm::Rs256),
    ] {
        let time = TimeStampPki::new(&openssl, key);
        let signer = key_of(&time.authority, algorithm);
        let authority = Authority::new(signer, vec![certificate(&time.authority)], POLICY.parse()?)?.with_tsa_name();
        let key = key_of(&documents.signer, JwsAlgorithm::Es256);
        let octets = issue(&documents, key, authority.transport(|| (now(), serial.clone())));
        holds(&octets, &policy(&documents, &time), JwsAlgorithm::Es256, since);
        let parts = Parts::of(&octets);
        time.verify(&parts.token(), parts.member("signature").as_bytes())?;
        time.verify(&parts.token(), parts.member("protected").as_bytes()).unwrap_err();
    }
    Ok(())
}

#[test]
fn openssl_certifies_what_we_request_and_the_certificate_issues() -> Outcome {
    let Some(openssl) = OpenSsl::in_folder("requests") else { return Ok(()) };
    let documents = DocumentPki::new(&openssl, KeyType::P256);
    let time = TimeStampPki::new(&openssl, KeyType::P256);
    let rsa = openssl.run(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]);
    let generated = |algorithm| SoftwareKey::generate(algorithm).map(|generated| generated.key);
    let name = EntityName::new(ENTITY.parse()?, &CodingScheme::default(), "SY", "وزارة العدل", "Civil Registry Seal")?;
    // A request is signed with RS256 by a key that signs documents with PS256.
    for (key, algorithm) in [
        (generated(JwsAlgorithm::Es256)?, None),
        (generated(JwsAlgorithm::Es384)?, None),
        (generated(JwsAlgorithm::EdDsa)?, None),
        (SoftwareKey::from_pkcs8_pem(&rsa, JwsAlgorithm::Rs256)?, None),
        (SoftwareKey::from_pkcs8_pem(&rsa, JwsAlgorithm::Rs256)?, Some(JwsAlgorithm::Ps256)),
    ] {
        let request = certificate_request(&name, &key)?;
        let show = ["req", "-verify", "-inform", "DER", "-noout", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8"];
        let said = openssl.said(&show, &request);
        assert!(said.contains("verify OK") && said.contains(&format!("subject={SIGNER_NAME}\n")), "{said}");
        let mut altered = request.clone();
        *altered.last_mut().unwrap() ^= 1;
        let said = openssl.said(&show, &altered);
        assert!(!said.contains("verify OK"), "{said}");

        let certificate = Certificate::from_der(&openssl.certify_request(&request, &documents.ministry, &SIGNER))?;
        let key = match algorithm {
            Some(algorithm) => SoftwareKey::from_pkcs8_pem(&rsa, algorithm)?,
            None => key,
        };
        let (algorithm, since) = (key.algorithm(), now());
        let chain = [certificate, self::certificate(&documents.ministry)];
        let octets = Issuer::new(key, chain, Replies(&time))?.issue(&document(), now())?;
        holds(&octets, &policy(&documents, &time), algorithm, since);
    }
    let error = certificate_request(&name, &SoftwareKey::from_pkcs8_pem(&rsa, JwsAlgorithm::Ps256)?).unwrap_err();
    assert_eq!(error.code(), "pki-algorithm");
    Ok(())
}

#[test]
fn what_openssl_signed_without_us_passes() {
    let Some(openssl) = OpenSsl::in_folder("theirs") else { return };
    let world = World::new(&openssl);
    for (algorithm, key) in ALGORITHMS {
        let signer = openssl.issue(&Request { key, ..world.request("theirs") });
        let draft = Draft { algorithm: algorithm.name(), ..world.draft(&signer) };
        passes(&world.verify(&world.stamped(&draft), RequiredLevel::BT, LATER));
    }
}

/// Asserts that `octets` pass, long after, as what they are.
#[track_caller]
fn holds(octets: &[u8], policy: &ValidationPolicy, algorithm: JwsAlgorithm, since: Instant) {
    let report = Verifier::new(policy.clone()).verify(octets, &Evidence::none(), LATER.parse().unwrap());
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    assert_eq!(report.sub_indication(), None);
    assert_eq!(report.unverified_document().unwrap().issuer, ENTITY);
    let [signature] = report.signatures() else { panic!("one signature") };
    assert_eq!((signature.level(), signature.algorithm()), (Some(BaselineLevel::BT), Some(algorithm.name())));
    let proven = signature.proven_time().unwrap();
    assert!(since <= proven && proven <= now().checked_add(Duration::from_secs(2)).unwrap(), "{proven}");
    assert!(signature.claimed_signing_time().unwrap() <= proven);
    let path: Vec<&str> = signature.path().iter().map(|certificate| certificate.subject.as_str()).collect();
    let authorities =
        ["CN=Ministry of Justice CA,O=Ministry of Justice,C=SY", "CN=National Root CA,O=National Root,C=SY"];
    assert_eq!(path, [&[SIGNER_NAME], &authorities[..]].concat());
    let [stamp] = signature.time_stamps() else { panic!("one time-stamp") };
    assert_eq!(stamp.unverified_time(), Some(proven));
    assert_eq!(stamp.authority().unwrap().subject, "CN=Time-stamp Authority 1,O=National Time,C=SY");
    assert_eq!(report.into_verified::<Value>().unwrap().body()["since"], 2011);
}
