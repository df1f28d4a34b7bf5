//! A small national PKI made by `rcgen`, and signed files whose every part can be altered before and after it is signed.
//!
//! ```ignore
//! let world = World::new();
//! let mut draft = world.draft();            // header and payload of a document, not signed yet
//! draft.header["typ"] = "JWT".into();
//! let file = draft.sign(&world.signer);     // flattened JSON, as a value
//! let file = world.stamp(file);             // with a signature time-stamp
//! world.verify(&octets(&file));
//! ```

#![allow(dead_code, reason = "each test uses a part of this")]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what cannot be made is a failed test")]

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, RevokedCertParams,
};
use serde_json::{Value, json};
use time::OffsetDateTime;
use wathiqa::budget::Limits;
use wathiqa::crypto::ecdsa::{self, Curve};
use wathiqa::crypto::{JwsAlgorithm, PublicKey, Signer, SoftwareKey};
use wathiqa::digest::{Digest, DigestAlgorithm};
use wathiqa::encoding::base64::{decode_url, encode_standard, encode_url};
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::oid::{self, Oid};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::Report;
use wathiqa::time::Instant;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

/// When everything happens that is not said to happen at another time.
pub const NOW: &str = "2025-06-01T00:00:00Z";

/// The entity of [`World::signer`].
pub const ENTITY: &str = "1234567889";

pub const DOCUMENT_TYPE: &str = "vnd.wathiqa.document+json";

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A P-256 key, its certificate, and what the certificate was made from.
pub struct Party {
    pub params: CertificateParams,
    pub pair: KeyPair,
    pub key: SoftwareKey,
    pub certificate: Certificate,
}

impl Party {
    pub fn root(params: CertificateParams) -> Self {
        let pair = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&pair).unwrap();
        Self::of(params, pair, &certificate)
    }

    /// Another party, certified by this one.
    pub fn issue(&self, params: CertificateParams) -> Self {
        let pair = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&pair, &Issuer::from_params(&self.params, &self.pair)).unwrap();
        Self::of(params, pair, &certificate)
    }

    /// A certificate over a key that is elsewhere.
    pub fn certify(&self, params: &CertificateParams, key: &impl PublicKeyData) -> Certificate {
        let certificate = params.signed_by(key, &Issuer::from_params(&self.params, &self.pair)).unwrap();
        Certificate::from_der(certificate.der()).unwrap()
    }

    fn of(params: CertificateParams, pair: KeyPair, certificate: &rcgen::Certificate) -> Self {
        let key = SoftwareKey::from_pkcs8_der(&pair.serialize_der(), JwsAlgorithm::Es256).unwrap();
        Self { params, pair, key, certificate: Certificate::from_der(certificate.der()).unwrap() }
    }
}

/// A raw public key for a certificate: the octets of subjectPublicKey.
pub struct RawKey(pub Vec<u8>, pub &'static rcgen::SignatureAlgorithm);

impl PublicKeyData for RawKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.1
    }
}

pub fn params(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "SY");
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params
}

pub fn ca(common_name: &str) -> CertificateParams {
    let mut params = params(common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A certificate for signing documents in the year 2025, of the entity with this code.
pub fn entity(code: &str) -> CertificateParams {
    organization(&format!("GO:SY-{code}"))
}

pub fn organization(identifier: &str) -> CertificateParams {
    let mut params = params("Registrar");
    params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), identifier);
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2026, 1, 1);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36])];
    params
}

/// Whether an extension is critical.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Critical {
    Yes,
    No,
}

/// A certificate for time-stamps, with these purposes in extKeyUsage.
pub fn authority(common_name: &str, purposes: &[Oid], critical: Critical) -> CertificateParams {
    let mut params = params(common_name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let mut value = Writer::new();
    value.constructed(Tag::SEQUENCE, |sequence| purposes.iter().for_each(|purpose| sequence.oid(purpose)));
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], value.into_der());
    extension.set_criticality(critical == Critical::Yes);
    params.custom_extensions = vec![extension];
    params
}

pub fn tsa(common_name: &str) -> CertificateParams {
    authority(common_name, &[oid::KP_TIME_STAMPING], Critical::Yes)
}

/// A root, a ministry's CA, a signer; a time-stamping authority under a root of its own.
pub struct World {
    pub root: Party,
    pub ministry: Party,
    pub signer: Party,
    pub time_root: Party,
    pub tsa: Party,
}

impl World {
    pub fn new() -> Self {
        let root = Party::root(ca("Root"));
        let ministry = root.issue(ca("Ministry"));
        let signer = ministry.issue(entity(ENTITY));
        let time_root = Party::root(ca("Time Root"));
        let tsa = time_root.issue(tsa("TSA"));
        Self { root, ministry, signer, time_root, tsa }
    }

    /// B-T, revocation skipped.
    pub fn policy(&self) -> ValidationPolicy {
        self.policy_with(RevocationPolicy::Skip)
    }

    pub fn policy_with(&self, revocation: RevocationPolicy) -> ValidationPolicy {
        let store = |party: &Party| TrustStore::from_iter([TrustAnchor::from_certificate(party.certificate.clone())]);
        ValidationPolicy::new(store(&self.root), store(&self.time_root), revocation)
    }

    pub fn verify(&self, octets: &[u8]) -> Report {
        self.verify_at(octets, NOW)
    }

    pub fn verify_at(&self, octets: &[u8], time: &str) -> Report {
        Verifier::new(self.policy()).verify(octets, &Evidence::none(), at(time))
    }

    /// The verdict where B-B suffices.
    pub fn verify_b_b(&self, octets: &[u8]) -> Report {
        Verifier::new(self.policy().with_level(RequiredLevel::BB)).verify(octets, &Evidence::none(), at(NOW))
    }

    /// The document of [`document`] by [`signer`](Self::signer), not signed yet.
    pub fn draft(&self) -> Draft {
        self.draft_of(serde_json::to_vec(&document()).unwrap())
    }

    pub fn draft_of(&self, payload: Vec<u8>) -> Draft {
        self.draft_by(&self.signer.certificate, payload)
    }

    /// A draft whose header pins `leaf`.
    pub fn draft_by(&self, leaf: &Certificate, payload: Vec<u8>) -> Draft {
        let header = json!({
            "alg": "ES256",
            "cty": DOCUMENT_TYPE,
            "x5t#S256": thumbprint(leaf),
            "x5c": x5c(&[leaf, &self.ministry.certificate]),
            "typ": "jose+json",
            "iat": at(NOW).unix_seconds(),
        });
        Draft { header, payload }
    }

    /// B-T: a file that passes.
    pub fn issue(&self) -> Value {
        self.stamp(self.draft().sign(&self.signer))
    }

    /// Adds a signature time-stamp of [`tsa`](Self::tsa), now.
    pub fn stamp(&self, file: Value) -> Value {
        self.stamp_at(file, NOW)
    }

    pub fn stamp_at(&self, file: Value, time: &str) -> Value {
        let token = token_at(&self.tsa, file["signature"].as_str().unwrap().as_bytes(), time);
        with_item(file, &sig_tst(&[token]))
    }
}

/// What a list says of a certificate: since when it is revoked, and why.
pub type Revocation<'a> = (&'a Certificate, &'a str, Option<rcgen::RevocationReason>);

/// A list of `issuer`, good for a month.
pub fn crl(issuer: &Party, this_update: &str, revoked: &[Revocation<'_>]) -> Crl {
    let this_update = OffsetDateTime::from(at(this_update));
    let entry = |(certificate, date, reason): &Revocation<'_>| RevokedCertParams {
        serial_number: certificate.serial_number().to_vec().into(),
        revocation_time: at(date).into(),
        reason_code: *reason,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update,
        next_update: this_update + time::Duration::days(30),
        crl_number: 1_u64.into(),
        issuing_distribution_point: None,
        revoked_certs: revoked.iter().map(entry).collect(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    let list = params.signed_by(&Issuer::from_params(&issuer.params, &issuer.pair)).unwrap();
    Crl::from_der(list.der(), &Limits::default()).unwrap()
}

/// A document that passes: its JSON.
pub fn document() -> Value {
    json!({
        "type": "wathiqa-document/1",
        "number": "1234567889-014-2025-00012345-22",
        "issuer": ENTITY,
        "kind": "014",
        "issuedAt": "2025-05-31T06:30:00Z",
        "language": "ar-SY",
        "title": "شهادة سكن",
        "body": {"district": "الميدان", "since": 2011},
    })
}

/// What is to be signed.
#[derive(Clone)]
pub struct Draft {
    pub header: Value,
    pub payload: Vec<u8>,
}

impl Draft {
    /// Sets a header member, or takes it out with [`Value::Null`]'s absence: `None`.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Option<Value>>) -> Self {
        let header = self.header.as_object_mut().unwrap();
        match value.into() {
            Some(value) => drop(header.insert(member.to_owned(), value)),
            None => drop(header.remove(member)),
        }
        self
    }

    /// The flattened JSON of the signature by `party`.
    pub fn sign(&self, party: &Party) -> Value {
        sign_text(&self.header.to_string(), &self.payload, party)
    }
}

/// Signs a protected header that is any text.
pub fn sign_text(header: &str, payload: &[u8], party: &Party) -> Value {
    let (protected, payload) = (encode_url(header.as_bytes()), encode_url(payload));
    let value = party.key.sign(format!("{protected}.{payload}").as_bytes()).unwrap();
    json!({"payload": payload, "protected": protected, "signature": encode_url(&value)})
}

/// The compact form of a flattened one.
pub fn compact(file: &Value) -> Vec<u8> {
    let part = |name: &str| file[name].as_str().unwrap();
    format!("{}.{}.{}", part("protected"), part("payload"), part("signature")).into_bytes()
}

pub fn octets(file: &Value) -> Vec<u8> {
    serde_json::to_vec(file).unwrap()
}

pub fn protected_header(file: &Value) -> Value {
    serde_json::from_slice(&decode_url(file["protected"].as_str().unwrap()).unwrap()).unwrap()
}

/// Appends an item to `etsiU`, base64url-encoded.
pub fn with_item(mut file: Value, item: &Value) -> Value {
    let items = &mut file["header"]["etsiU"];
    if items.is_null() {
        *items = json!([]);
    }
    items.as_array_mut().unwrap().push(encode_url(item.to_string().as_bytes()).into());
    file
}

/// Puts `items` into `etsiU` as objects.
pub fn with_clear_items(mut file: Value, items: Vec<Value>) -> Value {
    file["header"]["etsiU"] = Value::Array(items);
    file
}

pub fn sig_tst(tokens: &[Vec<u8>]) -> Value {
    json!({"sigTst": container(tokens)})
}

pub fn container(tokens: &[Vec<u8>]) -> Value {
    let tokens: Vec<Value> = tokens.iter().map(|token| json!({"val": encode_standard(token)})).collect();
    json!({"tstTokens": tokens})
}

pub fn x_vals(certificates: &[&Certificate]) -> Value {
    let values = certificates.iter().map(|one| json!({"x509Cert": {"val": encode_standard(one.as_der())}}));
    json!({"xVals": values.collect::<Vec<_>>()})
}

pub fn thumbprint(certificate: &Certificate) -> String {
    encode_url(certificate.digest(DigestAlgorithm::Sha256).as_octets())
}

pub fn x5c(certificates: &[&Certificate]) -> Value {
    certificates.iter().map(|certificate| Value::from(encode_standard(certificate.as_der()))).collect()
}

/// A time-stamp token by `party` over `data`, with the party's certificate inside.
pub fn token_at(party: &Party, data: &[u8], time: &str) -> Vec<u8> {
    let imprint = DigestAlgorithm::Sha256.digest(data);
    let tst_info = TstInfo { imprint, gen_time: time, serial_number: 1 };
    token(party, &tst_info, &[&party.certificate])
}

/// What a token says.
pub struct TstInfo<'a> {
    pub imprint: Digest,
    pub gen_time: &'a str,
    pub serial_number: u64,
}

impl TstInfo<'_> {
    fn to_der(&self) -> Vec<u8> {
        let time: String = self.gen_time.chars().filter(|character| !matches!(character, '-' | 'T' | ':')).collect();
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |tst_info| {
            tst_info.unsigned(1);
            tst_info.oid(&"2.999.1".parse().unwrap());
            tst_info.constructed(Tag::SEQUENCE, |imprint| {
                match self.imprint.algorithm() {
                    DigestAlgorithm::Sha1 => {
                        imprint.constructed(Tag::SEQUENCE, |sha1| sha1.oid(&"1.3.14.3.2.26".parse().unwrap()));
                    }
                    _ => sha256(imprint),
                }
                imprint.octet_string(self.imprint.as_octets());
            });
            tst_info.unsigned(self.serial_number);
            tst_info.value(Tag::GENERALIZED_TIME, time.as_bytes());
        });
        writer.into_der()
    }
}

/// A token by whoever, for whatever purpose their certificate is: RFC 3161 and RFC 5652, ES256.
pub fn token(party: &Party, tst_info: &TstInfo<'_>, certificates: &[&Certificate]) -> Vec<u8> {
    let content = tst_info.to_der();
    let attributes = attributes(&content, &party.certificate);
    let mut to_be_signed = Writer::new();
    to_be_signed.set_of(Tag::SET, attributes.clone());
    let signature = party.key.sign(&to_be_signed.into_der()).unwrap();
    let signature = ecdsa::der_from_fixed(Curve::P256, &signature).unwrap();
    let mut token = Writer::new();
    token.constructed(Tag::SEQUENCE, |content_info| {
        content_info.oid(&oid::ID_SIGNED_DATA);
        content_info.constructed(Tag::context_constructed(0), |explicit| {
            explicit.constructed(Tag::SEQUENCE, |signed_data| {
                signed_data.unsigned(3);
                signed_data.constructed(Tag::SET, sha256);
                signed_data.constructed(Tag::SEQUENCE, |encapsulated| {
                    encapsulated.oid(&oid::ID_CT_TST_INFO);
                    encapsulated.constructed(Tag::context_constructed(0), |explicit| explicit.octet_string(&content));
                });
                if !certificates.is_empty() {
                    let certificates = certificates.iter().map(|one| one.as_der().to_vec()).collect();
                    signed_data.set_of(Tag::context_constructed(0), certificates);
                }
                signed_data.constructed(Tag::SET, |signers| {
                    signers.constructed(Tag::SEQUENCE, |signer| {
                        signer.unsigned(1);
                        signer.constructed(Tag::SEQUENCE, |issuer_and_serial| {
                            issuer_and_serial.encoded(party.certificate.issuer().as_der());
                            issuer_and_serial.value(Tag::INTEGER, party.certificate.serial_number());
                        });
                        sha256(signer);
                        signer.set_of(Tag::context_constructed(0), attributes);
                        signer.encoded(party.key.algorithm().signature_algorithm().algorithm_identifier_der());
                        signer.octet_string(&signature);
                    });
                });
            });
        });
    });
    token.into_der()
}

fn sha256(writer: &mut Writer) {
    writer.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&oid::ID_SHA256));
}

fn attributes(content: &[u8], certificate: &Certificate) -> Vec<Vec<u8>> {
    let attribute = |id: &Oid, write: &dyn Fn(&mut Writer)| {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |attribute| {
            attribute.oid(id);
            attribute.constructed(Tag::SET, write);
        });
        writer.into_der()
    };
    let hash = certificate.digest(DigestAlgorithm::Sha256);
    vec![
        attribute(&oid::ID_CONTENT_TYPE, &|value| value.oid(&oid::ID_CT_TST_INFO)),
        attribute(&oid::ID_MESSAGE_DIGEST, &|value| {
            value.octet_string(DigestAlgorithm::Sha256.digest(content).as_octets());
        }),
        attribute(&oid::ID_AA_SIGNING_CERTIFICATE_V2, &|value| {
            value.constructed(Tag::SEQUENCE, |signing_certificate| {
                signing_certificate.constructed(Tag::SEQUENCE, |identifiers| {
                    identifiers.constructed(Tag::SEQUENCE, |first| first.octet_string(hash.as_octets()));
                });
            });
        }),
    ]
}

/// The key in a SubjectPublicKeyInfo of our own making.
pub fn ed25519_spki(point: &[u8; 32]) -> PublicKey {
    let prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    PublicKey::from_spki_der(&[&prefix[..], point].concat()).unwrap()
}
