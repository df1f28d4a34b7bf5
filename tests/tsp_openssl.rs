//! Time-stamps across the border: `openssl ts -verify` accepts our authority's, and ours accepts `openssl ts -reply`'s.

use std::error::Error;

use openssl::{AUTHORITY, KeyType, LONG, OpenSsl, POLICY, Request, STAMPER, TimeStampPki, verify_token};
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::time::Instant;
use wathiqa::tsp::{
    Accuracy, Authority, Nonce, ProofOfExistence, RequestedCertificates, SerialNumber, StampedData, TimeStampError,
    TimeStampRequest, TimeStampResponse, TimeStampToken, VerificationInputs, request_token, verify,
};
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

#[path = "support/openssl.rs"]
mod openssl;

type Outcome = Result<(), Box<dyn Error>>;

const DATA: &[u8] = "وثيقة".as_bytes();

const IMPRINTS: [DigestAlgorithm; 3] = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];

fn jws_algorithm(key: KeyType) -> JwsAlgorithm {
    match key {
        KeyType::P256 => JwsAlgorithm::Es256,
        KeyType::P384 => JwsAlgorithm::Es384,
        KeyType::Rsa3072 => JwsAlgorithm::Rs256,
        KeyType::Ed25519 => JwsAlgorithm::EdDsa,
        other => unreachable!("no authority here has a key of kind {other:?}"),
    }
}

fn trust(root: &[u8]) -> Result<TrustStore, Box<dyn Error>> {
    Ok(TrustStore::from_iter([TrustAnchor::from_certificate(Certificate::from_der(root)?)]))
}

fn proof(
    token: &TimeStampToken,
    data: &[u8],
    trust_store: &TrustStore,
    at: &str,
) -> Result<ProofOfExistence, Box<dyn Error>> {
    let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip);
    let pieces = [data];
    let inputs = VerificationInputs::new(StampedData::Octets(&pieces), trust_store, &settings, at.parse()?);
    Ok(verify(token, &inputs, &mut Budget::new(&Limits::default()))?)
}

#[test]
fn openssl_accepts_the_tokens_of_our_authority() -> Outcome {
    for key in KeyType::STAMPING {
        let Some(openssl) = OpenSsl::in_folder(&format!("ours-{key:?}")) else { return Ok(()) };
        let pki = TimeStampPki::new(&openssl, key);
        let chain = vec![Certificate::from_der(pki.authority.certificate_der())?];
        let signer = SoftwareKey::from_pkcs8_pem(pki.authority.key_pem().as_bytes(), jws_algorithm(key))?;
        let authority = Authority::new(signer, chain, POLICY.parse()?)?
            .with_accuracy(Accuracy::from_micros(1_500_000))
            .with_ordering()
            .with_tsa_name();
        let transport =
            authority.transport(|| (Instant::from_unix_seconds(1_780_000_000).unwrap(), SerialNumber::from(u64::MAX)));
        for imprint in IMPRINTS {
            let request = TimeStampRequest::new(&imprint.digest(DATA)).with_nonce(Nonce::from_be_octets(&[0xa5; 8]));
            let token = request_token(&transport, &request, &Limits::default())?;
            pki.verify(token.as_der(), DATA)?;
            assert!(pki.verify(token.as_der(), b"other data").is_err());
            let proof = proof(&token, DATA, &trust(pki.root.certificate_der())?, "2026-06-01T00:00:00Z")?;
            assert_eq!(proof.latest().to_string(), "2026-05-28T20:26:41.5Z");
        }
    }
    Ok(())
}

#[test]
fn openssl_accepts_a_token_with_an_intermediate_certificate() -> Outcome {
    let Some(openssl) = OpenSsl::in_folder("ours-intermediate") else { return Ok(()) };
    let key = KeyType::P384;
    let authority_of = |name, subject, issuer, extensions: &[&str]| {
        openssl.issue(&Request { name, subject, key, issuer, extensions, validity: LONG })
    };
    let root = authority_of("root", "/CN=Root", None, &AUTHORITY);
    let middle = authority_of("middle", "/CN=Middle", Some(&root), &AUTHORITY);
    let stamper = authority_of("stamper", "/CN=Stamper", Some(&middle), &STAMPER);
    let chain =
        vec![Certificate::from_der(stamper.certificate_der())?, Certificate::from_der(middle.certificate_der())?];
    let signer = SoftwareKey::from_pkcs8_pem(stamper.key_pem().as_bytes(), jws_algorithm(key))?;
    let authority = Authority::new(signer, chain, POLICY.parse()?)?;
    let request = TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(DATA));
    let answer = |request: &TimeStampRequest| {
        let response = authority.respond(request.as_der(), "2026-06-01T12:00:00Z".parse()?, &SerialNumber::from(1));
        Ok::<_, Box<dyn Error>>(TimeStampResponse::from_der(&response, &Limits::default())?.into_token_for(request)?)
    };
    let token = answer(&request)?;
    verify_token(&openssl, token.as_der(), DATA, root.certificate_pem())?;
    assert_eq!(
        proof(&token, DATA, &trust(root.certificate_der())?, "2026-06-01T12:00:00Z")?.path().certificates().len(),
        2
    );

    let short = answer(&request.with_certificates(RequestedCertificates::LeftOut))?;
    assert!(verify_token(&openssl, short.as_der(), DATA, root.certificate_pem()).is_err());
    let error = proof(&short, DATA, &trust(root.certificate_der())?, "2026-06-01T12:00:00Z").unwrap_err();
    assert_eq!(error.to_string(), "time-stamp: CMS: the certificate of the signer is not at hand");
    Ok(())
}

#[test]
fn openssl_prints_what_our_authority_says() -> Outcome {
    let Some(openssl) = OpenSsl::in_folder("ours-printed") else { return Ok(()) };
    let pki = TimeStampPki::new(&openssl, KeyType::P256);
    let chain = vec![Certificate::from_der(pki.authority.certificate_der())?];
    let signer = SoftwareKey::from_pkcs8_pem(pki.authority.key_pem().as_bytes(), JwsAlgorithm::Es256)?;
    let authority = Authority::new(signer, chain, POLICY.parse()?)?.with_accuracy(Accuracy::from_micros(2_000_001));
    let print = |request: &[u8]| {
        let time = "2026-06-01T12:00:00.25Z".parse()?;
        openssl.write("response.tsr", authority.respond(request, time, &SerialNumber::from(0x1234)));
        let printed = openssl.run(&["ts", "-reply", "-in", "response.tsr", "-text"]);
        Ok::<_, Box<dyn Error>>(String::from_utf8(printed)?)
    };
    let request = TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(DATA));
    let granted = print(request.as_der())?;
    for line in [
        "Status: Granted.",
        "Serial number: 0x1234",
        "12:00:00.25 2026 GMT",
        "Accuracy: 0x02 seconds, unspecified millis, 0x01 micros",
    ] {
        assert!(granted.contains(line), "no \"{line}\" in {granted}");
    }
    let rejected = print(b"not a request")?;
    for line in ["Status: Rejected.", "the data submitted has the wrong format", "TST info:\nNot included."] {
        assert!(rejected.contains(line), "no \"{line}\" in {rejected}");
    }
    let rejected = print(request.with_policy("1.2.3".parse()?).as_der())?;
    assert!(rejected.contains("the requested TSA policy is not supported"), "{rejected}");
    Ok(())
}

#[test]
fn we_accept_the_tokens_of_openssl() -> Outcome {
    for key in KeyType::STAMPING {
        let Some(openssl) = OpenSsl::in_folder(&format!("theirs-{key:?}")) else { return Ok(()) };
        let pki = TimeStampPki::new(&openssl, key);
        let trust_store = trust(pki.root.certificate_der())?;
        for imprint in IMPRINTS {
            let request = TimeStampRequest::new(&imprint.digest(DATA))
                .with_nonce(Nonce::from_be_octets(&[0x81; 8]))
                .with_policy(POLICY.parse()?);
            let response = TimeStampResponse::from_der(&pki.reply(request.as_der()), &Limits::default())?;
            let token = response.into_token_for(&request)?;
            let proof = proof(&token, DATA, &trust_store, "2049-12-31T23:59:59Z")?;
            assert_eq!(proof.imprint(), &imprint.digest(DATA));
            assert_eq!(proof.accuracy(), Some(Accuracy::from_micros(1_500_000)));

            let error = self::proof(&token, b"other data", &trust_store, "2049-12-31T23:59:59Z").unwrap_err();
            assert!(matches!(error.downcast_ref(), Some(TimeStampError::MessageImprint { .. })), "{error}");
            let error = self::proof(&token, DATA, &trust_store, "2020-01-01T00:00:00Z").unwrap_err();
            assert!(matches!(error.downcast_ref(), Some(TimeStampError::FromTheFuture { .. })), "{error}");
            let error = self::proof(&token, DATA, &TrustStore::default(), "2049-12-31T23:59:59Z").unwrap_err();
            assert!(matches!(error.downcast_ref(), Some(TimeStampError::Path(_))), "{error}");
        }
    }
    Ok(())
}

#[test]
fn a_request_that_openssl_made_is_answered() -> Outcome {
    let Some(openssl) = OpenSsl::in_folder("their-request") else { return Ok(()) };
    let pki = TimeStampPki::new(&openssl, KeyType::P256);
    let signer = SoftwareKey::from_pkcs8_pem(pki.authority.key_pem().as_bytes(), JwsAlgorithm::Es256)?;
    let chain = vec![Certificate::from_der(pki.authority.certificate_der())?];
    let authority = Authority::new(signer, chain, POLICY.parse()?)?;
    openssl.write("data", DATA);
    openssl.run(&["ts", "-query", "-data", "data", "-sha512", "-cert", "-tspolicy", POLICY, "-out", "their.tsq"]);
    let response =
        authority.respond(&openssl.read("their.tsq"), "2026-06-01T12:00:00Z".parse()?, &SerialNumber::from(1));
    openssl.write("our.tsr", response);
    openssl.run(&["ts", "-verify", "-queryfile", "their.tsq", "-in", "our.tsr", "-CAfile", "tsa-root.pem"]);
    Ok(())
}

#[test]
fn an_authority_may_sign_with_rsassa_pss_or_ed25519() -> Outcome {
    let Some(openssl) = OpenSsl::in_folder("ours-other") else { return Ok(()) };
    for (key, algorithm) in [(KeyType::Rsa3072, JwsAlgorithm::Ps384), (KeyType::Ed25519, JwsAlgorithm::EdDsa)] {
        let issue = |name, issuer, extensions: &[&str]| {
            let subject = format!("/CN={name}");
            openssl.issue(&Request { name, subject: &subject, key, issuer, extensions, validity: LONG })
        };
        let root = issue("root", None, &AUTHORITY);
        let stamper = issue("stamper", Some(&root), &STAMPER);
        let chain = vec![Certificate::from_der(stamper.certificate_der())?];
        let signer = SoftwareKey::from_pkcs8_pem(stamper.key_pem().as_bytes(), algorithm)?;
        let authority = Authority::new(signer, chain, POLICY.parse()?)?;
        let request = TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(DATA));
        let at = "2026-06-01T12:00:00Z";
        let response = authority.respond(request.as_der(), at.parse()?, &SerialNumber::from(1));
        let token = TimeStampResponse::from_der(&response, &Limits::default())?.into_token_for(&request)?;
        assert_eq!(token.signer_info().signature_algorithm(), algorithm.signature_algorithm());
        proof(&token, DATA, &trust(root.certificate_der())?, at)?;
    }
    Ok(())
}
