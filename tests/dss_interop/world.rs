//! A PKI, its CRLs, a signer, and the times of everything: three hours ago the PKI was made, two hours ago was signed, one
//! hour ago the CRLs were issued, now is judged. DSS looks at the clock when it signs, so the day is today.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber};
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::digest::{Digest, DigestAlgorithm};
use wathiqa::document::Document;
use wathiqa::encoding::base64::{encode_standard, encode_url};
use wathiqa::issue::Issuer;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::{Constraints, RequiredLevel, ValidationPolicy};
use wathiqa::report::Report;
use wathiqa::sign::{self, Serialization, SignatureParameters};
use wathiqa::time::Instant;
use wathiqa::tsp::{SerialNumber, TimeStampRequest, request_token};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::Certificate;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::Purpose;
use wathiqa::x509::revocation::RevocationEvidence;

use crate::openssl::OpenSsl;

pub const PAYLOAD: &str = r#"{"title":"قرار رقم ١","subject":"إجازة"}"#;

pub struct World {
    pub pki: DemonstrationPki,
    pub crls: Vec<Vec<u8>>,
    pub signing: Instant,
    pub now: Instant,
}

/// A key with its certificates, and its PKCS#8 form for the others.
pub struct Holder {
    pub key: SoftwareKey,
    pub pkcs8: Vec<u8>,
    pub chain: Vec<Certificate>,
}

impl World {
    pub fn new() -> Self {
        let now = Instant::try_from(time::OffsetDateTime::from(SystemTime::now())).unwrap().whole_seconds();
        let ago = |hours: u32| now.checked_sub(Duration::from_secs(3600) * hours).unwrap();
        let pki = DemonstrationPki::new(ago(3)).unwrap();
        let crls = pki.crls(ago(1), &[]).unwrap();
        Self { pki, crls, signing: ago(2), now }
    }

    /// A signer for `algorithm`; RSA keys are made by openssl. `None` where there is none.
    pub fn holder(&self, algorithm: JwsAlgorithm) -> Option<Holder> {
        let name = EntityName::new("1234567889".parse().unwrap(), &CodingScheme::default(), "SY", "وزارة العدل", "ختم");
        let name = name.unwrap();
        if !matches!(algorithm, JwsAlgorithm::Rs256 | JwsAlgorithm::Ps256) {
            let issued = self.pki.issue_signer(&name, algorithm).unwrap();
            return Some(Holder { key: issued.key, pkcs8: issued.pkcs8.as_der().to_vec(), chain: issued.chain });
        }
        let openssl = OpenSsl::in_folder(&algorithm.to_string())?;
        openssl.run(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", "key.pem"]);
        let pkcs8 = openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-outform", "DER"]);
        let key = SoftwareKey::from_pkcs8_der(&pkcs8, algorithm).unwrap();
        let chain = self.pki.certify(&name, key.public_key()).unwrap();
        Some(Holder { key, pkcs8, chain })
    }

    /// What both are to trust.
    pub fn anchors(&self) -> [&Certificate; 2] {
        [self.pki.root(), self.pki.time_stamp_root()]
    }

    /// Our signature over `PAYLOAD`, B-B.
    pub fn sign(&self, holder: &Holder, serialization: Serialization) -> Vec<u8> {
        let parameters = SignatureParameters::new(holder.key.algorithm(), holder.chain.clone(), self.signing).unwrap();
        let parameters = parameters.with_content_type("application/json").with_serialization(serialization);
        sign::sign(PAYLOAD.as_bytes(), parameters, &holder.key).unwrap().to_vec()
    }

    pub fn document(&self, serial: u64) -> Document<Value> {
        let year = self.signing.year();
        let number = DocumentNumber::new("1234567889".parse().unwrap(), DocumentKind::DECISION, year, serial).unwrap();
        let document = Document::builder(number, self.signing).language("ar-SY").title("قرار");
        document.build(json!({"subject": "إجازة"})).unwrap()
    }

    /// A document, issued: B-T.
    pub fn issue(&self, holder: &Holder) -> Vec<u8> {
        let document = self.document(1);
        let stamp = || (self.stamping(), SerialNumber::from(1));
        let time_stamps = self.pki.time_stamp_authority().transport(stamp);
        Issuer::new(&holder.key, holder.chain.clone(), time_stamps).unwrap().issue(&document, self.signing).unwrap()
    }

    /// The CRLs, read.
    pub fn revocation(&self) -> RevocationEvidence {
        let crls = self.crls.iter().map(|der| Crl::from_der(der, &Limits::default()).unwrap()).collect();
        RevocationEvidence::new(crls, Vec::new())
    }

    /// When signatures are stamped: just after they are made.
    pub fn stamping(&self) -> Instant {
        self.signing.checked_add(Duration::from_secs(5)).unwrap()
    }

    /// A token of the authority for a digest, DER.
    pub fn token(&self, digest: &Digest, at: Instant) -> Vec<u8> {
        let request = TimeStampRequest::new(digest);
        let transport = self.pki.time_stamp_authority().transport(|| (at, SerialNumber::from(7)));
        request_token(&transport, &request, &Limits::default()).unwrap().as_der().to_vec()
    }

    /// The etsiU item `sigTst` over a signature value as it stands in the file.
    pub fn signature_time_stamp(&self, signature: &str, at: Instant) -> Value {
        let token = self.token(&DigestAlgorithm::Sha256.digest(signature.as_bytes()), at);
        json!({"sigTst": {"tstTokens": [{"val": encode_standard(&token)}]}})
    }

    /// A flattened B-T whose protected header and payload are exactly these octets, signed and stamped.
    pub fn crafted(&self, holder: &Holder, header: &str, payload: &str) -> Value {
        let (protected, payload) = (encode_url(header.as_bytes()), encode_url(payload.as_bytes()));
        let signature = encode_url(&holder.key.sign(format!("{protected}.{payload}").as_bytes()).unwrap());
        let item = encode_url(self.signature_time_stamp(&signature, self.stamping()).to_string().as_bytes());
        json!({"payload": payload, "protected": protected, "header": {"etsiU": [item]}, "signature": signature})
    }

    /// Our verdict: B-B suffices, revocation by the CRLs, hard fail.
    pub fn verify(&self, octets: &[u8]) -> Report {
        self.verify_with(octets, Evidence::none(), Constraints::default())
    }

    /// The same with what else is given, under other constraints.
    pub fn verify_with(&self, octets: &[u8], evidence: Evidence<'_>, constraints: Constraints) -> Report {
        let evidence = evidence.with_revocation(self.revocation());
        Verifier::new(self.policy().with_constraints(constraints)).verify_any_payload(octets, &evidence, self.now)
    }

    /// The same by the file and the roots alone.
    pub fn verify_alone(&self, octets: &[u8]) -> Report {
        Verifier::new(self.policy()).verify_any_payload(octets, &Evidence::none(), self.now)
    }

    fn policy(&self) -> ValidationPolicy {
        let policy = self.pki.validation_policy().with_level(RequiredLevel::BB);
        policy.with_signer_purpose(Purpose::DocumentSigning)
    }
}
