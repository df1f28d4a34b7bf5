//! Documents under certificates of `openssl`: signed by this crate, or by `openssl` alone so that they may be bad.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::codes::{DocumentKind, DocumentNumber};
use wathiqa::crypto::{
    AlgorithmConstraints, AlgorithmRow, JwsAlgorithm, ListedAlgorithm, PublicKey, Signer, SignerError, SoftwareKey,
    ecdsa,
};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::Document;
use wathiqa::encoding::base64::{decode_standard, decode_url, encode_standard, encode_url};
use wathiqa::issue::{IssueError, Issuer};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, Report};
use wathiqa::time::Instant;
use wathiqa::tsp::{TimeStampRequest, TimeStampResponse, Transport, TransportError};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use crate::openssl::{DocumentPki, Holder, KeyType, LONG, OpenSsl, Request, SIGNER, TimeStampPki};

/// The issuer of the documents, as in `openssl::ENTITY`.
pub(crate) const ENTITY: &str = "1234567889";

/// The subject of the certificate of `DocumentPki`, RFC 4514.
pub(crate) const SIGNER_NAME: &str =
    "CN=Civil Registry Seal,organizationIdentifier=GO:SY-1234567889,O=وزارة العدل,C=SY";

/// A subject as good as that, as `-subj` takes it.
pub(crate) const SUBJECT: &str = "/C=SY/organizationIdentifier=GO:SY-1234567889/CN=Seal";

/// A quarter of a century after the documents, still inside the validity of [`LONG`].
pub(crate) const LATER: &str = "2049-06-01T00:00:00Z";

pub(crate) fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Instant::from_unix_seconds(i64::try_from(since.as_secs()).unwrap()).unwrap()
}

pub(crate) fn certificate(holder: &Holder) -> Certificate {
    Certificate::from_der(holder.certificate_der()).unwrap()
}

pub(crate) fn trust(roots: &[&Holder]) -> TrustStore {
    roots.iter().map(|root| TrustAnchor::from_certificate(certificate(root))).collect()
}

pub(crate) fn policy(documents: &DocumentPki, time: &TimeStampPki<'_>) -> ValidationPolicy {
    ValidationPolicy::new(trust(&[&documents.root]), trust(&[&time.root]), RevocationPolicy::Skip)
}

pub(crate) fn document() -> Document<Value> {
    let kind = DocumentKind::new(14).unwrap();
    let number = DocumentNumber::new(ENTITY.parse().unwrap(), kind, 2025, 12_345).unwrap();
    let builder = Document::builder(number, "2025-03-01T06:30:00Z".parse().unwrap()).language("ar-SY");
    builder.title("شهادة سكن").build(json!({"district": "الميدان", "since": 2011})).unwrap()
}

/// `openssl ts -reply` on files.
pub(crate) struct Replies<'a>(pub(crate) &'a TimeStampPki<'a>);

impl Transport for Replies<'_> {
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.0.reply(request))
    }
}

/// A key that stays where `openssl pkeyutl` has it.
pub(crate) struct Device<'a> {
    openssl: &'a OpenSsl,
    holder: &'a Holder,
    algorithm: JwsAlgorithm,
    public_key: PublicKey,
}

impl<'a> Device<'a> {
    pub(crate) fn new(openssl: &'a OpenSsl, holder: &'a Holder, algorithm: JwsAlgorithm) -> Self {
        Self { openssl, holder, algorithm, public_key: certificate(holder).public_key().clone() }
    }
}

impl Signer for Device<'_> {
    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(value_by(self.openssl, self.holder, self.algorithm.name(), message))
    }
}

/// The signature value by `openssl`, in the form of JWS; that of ES512, which nobody reads here, stays DER.
pub(crate) fn value_by(openssl: &OpenSsl, holder: &Holder, algorithm: &str, message: &[u8]) -> Vec<u8> {
    let value = openssl.sign(holder, algorithm, message);
    curve(algorithm).map_or(value.clone(), |curve| ecdsa::fixed_from_der(curve, &value).unwrap())
}

pub(crate) fn curve(algorithm: &str) -> Option<ecdsa::Curve> {
    match algorithm {
        "ES256" => Some(ecdsa::Curve::P256),
        "ES384" => Some(ecdsa::Curve::P384),
        _ => None,
    }
}

/// A signed file taken apart without any code that wrote it.
pub(crate) struct Parts {
    pub(crate) file: Value,
}

impl Parts {
    pub(crate) fn of(octets: &[u8]) -> Self {
        Self { file: serde_json::from_slice(octets).unwrap() }
    }

    pub(crate) fn member(&self, name: &str) -> &str {
        self.file[name].as_str().unwrap()
    }

    pub(crate) fn signing_input(&self) -> String {
        format!("{}.{}", self.member("protected"), self.member("payload"))
    }

    /// The signature value, ECDSA as DER.
    pub(crate) fn value(&self, algorithm: JwsAlgorithm) -> Vec<u8> {
        let value = decode_url(self.member("signature")).unwrap();
        curve(algorithm.name()).map_or(value.clone(), |curve| ecdsa::der_from_fixed(curve, &value).unwrap())
    }

    /// With one more token, DER, to answer the DER request for a time-stamp over the signature value.
    pub(crate) fn stamped(mut self, token: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let imprint = DigestAlgorithm::Sha256.digest(self.member("signature").as_bytes());
        let token = encode_standard(&token(TimeStampRequest::new(&imprint).as_der()));
        let item = encode_url(json!({"sigTst": {"tstTokens": [{"val": token}]}}).to_string().as_bytes());
        match &mut self.file["header"]["etsiU"] {
            Value::Array(items) => items.push(item.into()),
            absent => *absent = json!([item]),
        }
        self
    }

    /// The DER token in the one `etsiU` item.
    pub(crate) fn token(&self) -> Vec<u8> {
        let [item] = self.file["header"]["etsiU"].as_array().unwrap().as_slice() else { panic!("one item") };
        let item: Value = serde_json::from_slice(&decode_url(item.as_str().unwrap()).unwrap()).unwrap();
        let [token] = item["sigTst"]["tstTokens"].as_array().unwrap().as_slice() else { panic!("one token") };
        decode_standard(token["val"].as_str().unwrap()).unwrap()
    }
}

/// The PKCS#8 PEM of `openssl genpkey`, read here.
pub(crate) fn key_of(holder: &Holder, algorithm: JwsAlgorithm) -> SoftwareKey {
    SoftwareKey::from_pkcs8_pem(holder.key_pem().as_bytes(), algorithm).unwrap()
}

/// A document under the certificate of `documents.signer`.
pub(crate) fn issue(documents: &DocumentPki, signer: impl Signer, time_stamps: impl Transport) -> Vec<u8> {
    let chain = [&documents.signer, &documents.ministry].map(certificate);
    Issuer::new(signer, chain, time_stamps).unwrap().issue(&document(), now()).unwrap()
}

/// A PKI of P-256 keys, and files that `openssl` signs under it.
pub(crate) struct World<'a> {
    pub(crate) openssl: &'a OpenSsl,
    pub(crate) documents: DocumentPki,
    pub(crate) time: TimeStampPki<'a>,
}

/// A file to sign, with everything that can be wrong about who signs it.
#[derive(Clone)]
pub(crate) struct Draft<'a> {
    /// Whose key signs.
    pub(crate) signer: &'a Holder,
    pub(crate) algorithm: &'static str,
    /// What `x5c` holds, and what `x5t#S256` is the digest of.
    pub(crate) chain: Vec<&'a Holder>,
    pub(crate) pinned: &'a Holder,
    /// `iat`.
    pub(crate) claimed: Instant,
}

impl<'a> World<'a> {
    pub(crate) fn new(openssl: &'a OpenSsl) -> Self {
        let key = KeyType::P256;
        Self { openssl, documents: DocumentPki::new(openssl, key), time: TimeStampPki::new(openssl, key) }
    }

    pub(crate) fn policy(&self) -> ValidationPolicy {
        policy(&self.documents, &self.time)
    }

    /// One that trusts both roots for everything, so that purposes alone keep the two apart.
    pub(crate) fn undivided(&self) -> ValidationPolicy {
        let roots = trust(&[&self.documents.root, &self.time.root]);
        ValidationPolicy::new(roots.clone(), roots, RevocationPolicy::Skip)
    }

    /// The policy with another minimum for RSA.
    pub(crate) fn rsa_of(&self, bits: usize) -> ValidationPolicy {
        let row = AlgorithmRow::new(ListedAlgorithm::Rsa, bits);
        let constraints = AlgorithmConstraints::default().without(ListedAlgorithm::Rsa).with(row);
        self.policy().with_algorithms(constraints)
    }

    /// What makes the ministry certify a good signer.
    pub(crate) fn request<'b>(&'b self, name: &'b str) -> Request<'b> {
        let (key, issuer) = (KeyType::P256, Some(&self.documents.ministry));
        Request { name, subject: SUBJECT, key, issuer, extensions: &SIGNER, validity: LONG }
    }

    /// What `signer` signs as it should.
    pub(crate) fn draft<'b>(&'b self, signer: &'b Holder) -> Draft<'b> {
        let chain = vec![signer, &self.documents.ministry];
        Draft { signer, algorithm: "ES256", chain, pinned: signer, claimed: now() }
    }

    pub(crate) fn protected(draft: &Draft<'_>) -> String {
        let x5c: Vec<String> = draft.chain.iter().map(|one| encode_standard(one.certificate_der())).collect();
        let pin = encode_url(DigestAlgorithm::Sha256.digest(draft.pinned.certificate_der()).as_octets());
        let header = json!({
            "alg": draft.algorithm, "cty": "vnd.wathiqa.document+json", "typ": "jose+json",
            "x5t#S256": pin, "x5c": x5c, "iat": draft.claimed.unix_seconds(),
        });
        encode_url(header.to_string().as_bytes())
    }

    /// B-B, signed by `openssl`.
    pub(crate) fn signed(&self, draft: &Draft<'_>) -> Parts {
        let (protected, payload) = (Self::protected(draft), encode_url(&document().to_vec().unwrap()));
        let input = format!("{protected}.{payload}");
        let signature = encode_url(&value_by(self.openssl, draft.signer, draft.algorithm, input.as_bytes()));
        Parts { file: json!({"payload": payload, "protected": protected, "signature": signature}) }
    }

    /// B-T, time-stamped by `openssl`.
    pub(crate) fn stamped(&self, draft: &Draft<'_>) -> Parts {
        self.signed(draft).stamped(|request| self.token(request))
    }

    /// What the authority answers.
    pub(crate) fn token(&self, request: &[u8]) -> Vec<u8> {
        let response = TimeStampResponse::from_der(&self.time.reply(request), &Limits::default()).unwrap();
        response.into_token().unwrap().as_der().to_vec()
    }

    /// The verdict with what is needed for `level`.
    pub(crate) fn verify(&self, parts: &Parts, level: RequiredLevel, at: &str) -> Report {
        let policy = self.policy().with_level(level);
        verify(policy, parts, &Evidence::none(), at)
    }

    /// Why our issuer does not issue with the key and certificate of `signer`.
    pub(crate) fn not_issued(&self, signer: &Holder) -> &'static str {
        let key = key_of(signer, JwsAlgorithm::Es256);
        let chain = [signer, &self.documents.ministry].map(certificate);
        let issued = Issuer::new(key, chain, Replies(&self.time));
        issued
            .and_then(|issuer| issuer.issue(&document(), now()))
            .map_err(|error: IssueError| error.code())
            .unwrap_err()
    }
}

pub(crate) fn verify(policy: ValidationPolicy, parts: &Parts, evidence: &Evidence<'_>, at: &str) -> Report {
    Verifier::new(policy).verify(&serde_json::to_vec(&parts.file).unwrap(), evidence, at.parse().unwrap())
}

#[track_caller]
pub(crate) fn passes(report: &Report) {
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
}
