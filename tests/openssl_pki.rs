//! Documents under a PKI that `openssl` made, stamped by `openssl ts`, from issuing to the verdict.

use std::error::Error;
use std::time::SystemTime;

use serde_json::{Value, json};
use wathiqa::codes::{DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
use wathiqa::document::Document;
use wathiqa::encoding::base64::{decode_standard, decode_url};
use wathiqa::issue::Issuer;
use wathiqa::policy::ValidationPolicy;
use wathiqa::report::{Indication, Report, SubIndication};
use wathiqa::time::Instant;
use wathiqa::tsp::{Transport, TransportError};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use openssl::{DocumentPki, ENTITY, Holder, KeyType, OpenSsl, Request, SIGNER, TimeStampPki};

#[path = "support/openssl.rs"]
mod openssl;

type Outcome = Result<(), Box<dyn Error>>;

/// Each algorithm of documents, with the key of the authority that stamps them.
const CASES: [(JwsAlgorithm, KeyType, KeyType); 5] = [
    (JwsAlgorithm::Es256, KeyType::P256, KeyType::Rsa3072),
    (JwsAlgorithm::Es384, KeyType::P384, KeyType::P384),
    (JwsAlgorithm::EdDsa, KeyType::Ed25519, KeyType::P256),
    (JwsAlgorithm::Ps256, KeyType::Rsa3072, KeyType::P256),
    (JwsAlgorithm::Rs256, KeyType::Rsa3072, KeyType::Rsa3072),
];

/// `openssl ts -reply`, asked directly.
struct Asked<'a>(&'a TimeStampPki<'a>);

impl Transport for Asked<'_> {
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.0.reply(request))
    }
}

fn now() -> Result<Instant, Box<dyn Error>> {
    Ok(Instant::try_from(time::OffsetDateTime::from(SystemTime::now()))?)
}

fn issuer<'a>(
    signer: &Holder,
    ministry: &Holder,
    algorithm: JwsAlgorithm,
    stamps: &'a TimeStampPki<'a>,
) -> Result<Issuer<SoftwareKey, Asked<'a>>, Box<dyn Error>> {
    let key = SoftwareKey::from_pkcs8_pem(signer.key_pem().as_bytes(), algorithm)?;
    let chain = [signer, ministry].map(|holder| Certificate::from_der(holder.certificate_der()));
    Ok(Issuer::new(key, chain.into_iter().collect::<Result<Vec<_>, _>>()?, Asked(stamps))?)
}

fn document(entity: &str, at: Instant) -> Result<Document<Value>, Box<dyn Error>> {
    let number = DocumentNumber::new(entity.parse()?, DocumentKind::DECISION, at.year(), 1)?;
    Ok(Document::builder(number, at).language("ar-SY").title("قرار").build(json!({"article": 1}))?)
}

fn judged(octets: &[u8], signers: &Holder, authorities: &Holder, at: Instant) -> Result<Report, Box<dyn Error>> {
    let trust = |root: &Holder| {
        let certificate = Certificate::from_der(root.certificate_der())?;
        Ok::<_, Box<dyn Error>>(TrustStore::from_iter([TrustAnchor::from_certificate(certificate)]))
    };
    let policy = ValidationPolicy::new(trust(signers)?, trust(authorities)?, RevocationPolicy::Skip);
    Ok(Verifier::new(policy).verify(octets, &Evidence::none(), at))
}

/// The signature value as it stands in the file, which is what is stamped, and the first token of the first `sigTst`.
fn stamped(octets: &[u8]) -> Result<(String, Vec<u8>), Box<dyn Error>> {
    let text = |value: &Value, pointer: &str| {
        let text = value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| format!("no text at {pointer}"))
    };
    let file: Value = serde_json::from_slice(octets)?;
    let item: Value = serde_json::from_slice(&decode_url(&text(&file, "/header/etsiU/0")?)?)?;
    Ok((text(&file, "/signature")?, decode_standard(&text(&item, "/sigTst/tstTokens/0/val")?)?))
}

#[test]
fn documents_are_issued_stamped_and_verified() -> Outcome {
    for (algorithm, key, stamping) in CASES {
        let Some(openssl) = OpenSsl::in_folder(&format!("{algorithm}")) else { return Ok(()) };
        let (pki, stamps) = (DocumentPki::new(&openssl, key), TimeStampPki::new(&openssl, stamping));
        let issuer = issuer(&pki.signer, &pki.ministry, algorithm, &stamps)?;
        assert_eq!(format!("GO:SY-{}", issuer.entity()), ENTITY);
        let at = now()?.whole_seconds();
        let signed = issuer.issue(&document("1234567889", at)?, at)?;

        let (value, token) = stamped(&signed)?;
        stamps.verify(&token, value.as_bytes())?;

        let report = judged(&signed, &pki.root, &stamps.root, now()?)?;
        assert_eq!(report.indication(), Indication::TotalPassed, "{algorithm}: {report}");
        let verified = report.into_verified::<Value>()?;
        assert_eq!((verified.title(), verified.body()), ("قرار", &json!({"article": 1})));

        // An anchor is for one of the two: the document CA vouches for no time, the time-stamp CA for no entity.
        for (anchors, reason) in [
            ((&stamps.root, &stamps.root), SubIndication::NoCertificateChainFound),
            ((&pki.root, &pki.root), SubIndication::SigConstraintsFailure),
        ] {
            let report = judged(&signed, anchors.0, anchors.1, now()?)?;
            assert_eq!(report.indication(), Indication::Indeterminate, "{algorithm}: {report}");
            assert_eq!(report.sub_indication(), Some(reason), "{algorithm}: {report}");
        }
    }
    Ok(())
}

#[test]
fn an_issuer_refuses_an_expired_certificate_and_a_document_of_another_entity() -> Outcome {
    let Some(openssl) = OpenSsl::in_folder("refused") else { return Ok(()) };
    let (key, algorithm) = (KeyType::P256, JwsAlgorithm::Es256);
    let (pki, stamps) = (DocumentPki::new(&openssl, key), TimeStampPki::new(&openssl, key));
    let at = now()?.whole_seconds();

    let subject = format!("/C=SY/organizationIdentifier={ENTITY}/CN=Old Seal");
    let validity = ("20200101000000Z", "20210101000000Z");
    let issuer_of = Some(&pki.ministry);
    let request = Request { name: "old", subject: &subject, key, issuer: issuer_of, extensions: &SIGNER, validity };
    let old = issuer(&openssl.issue(&request), &pki.ministry, algorithm, &stamps)?;
    let refused = old.issue(&document("1234567889", at)?, at).unwrap_err().to_string();
    let name = format!("CN=Old Seal,organizationIdentifier={ENTITY},C=SY");
    assert_eq!(refused, format!("issuing: signing: certificate {name}: expired 2021-01-01T00:00:00Z, judged at {at}"));

    let other = EntityCode::from_body(76_543_210)?.to_string();
    let signer = issuer(&pki.signer, &pki.ministry, algorithm, &stamps)?;
    let refused = signer.issue(&document(&other, at)?, at).unwrap_err().to_string();
    assert!(refused.contains(&other) && refused.contains("1234567889"), "{refused}");
    Ok(())
}
