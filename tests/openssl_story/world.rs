//! Who there is, and the file at each step of the story.

use std::sync::LazyLock;

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
use wathiqa::digest::{Digest, DigestAlgorithm};
use wathiqa::encoding::base64::{decode_url, encode_standard, encode_url};
use wathiqa::jades::BaselineLevel;
use wathiqa::policy::ValidationPolicy;
use wathiqa::report::{Check, Report, TimeStampReport};
use wathiqa::sign::augment::{AugmentError, Augmented, Augmenter};
use wathiqa::sign::{self, SignError, SignatureParameters};
use wathiqa::time::Instant;
use wathiqa::tsp::{TimeStampRequest, request_token};
use wathiqa::validation::{Evidence, validate};
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use crate::authority::{CertificationAuthority, Revoked, TimeStamping, Wanted};
use crate::openssl::{KeyType, OpenSsl, SIGNER, STAMPER};

pub const PAYLOAD: &[u8] = b"{\"decree\":1}";

pub const SIGNED: &str = "2010-03-01T09:30:00Z";
pub const STAMPED: &str = "2010-03-01T09:30:05Z";
pub const ARCHIVED: &str = "2010-03-02T08:00:00Z";
pub const RENEWED: [&str; 3] = ["2012-06-01T08:00:00Z", "2015-06-01T08:00:00Z", "2026-06-01T08:00:00Z"];
pub const VERIFIED: &str = "2040-01-01T00:00:00Z";

/// The time-stamping authorities, with the digest that each signs with.
pub const STAMPERS: [(&str, &str); 4] = [("tsa1", "sha1"), ("tsa2", "sha256"), ("tsa3", "sha256"), ("tsa4", "sha384")];

/// All that `openssl` runs.
pub struct World {
    pub openssl: &'static OpenSsl,
    pub root: CertificationAuthority<'static>,
    pub ministry: CertificationAuthority<'static>,
    pub time_root: CertificationAuthority<'static>,
    /// It has the name of the root, and nothing else of it.
    pub impostor: CertificationAuthority<'static>,
    /// 2048 bits, certified with SHA-1.
    pub signer: Certificate,
    /// 3072 bits, certified with SHA-256.
    pub colleague: Certificate,
}

/// The file at each step.
pub struct Story {
    pub world: &'static World,
    pub b_b: Vec<u8>,
    pub b_t: Augmented,
    /// Of 2010, 2012, 2015 and 2026.
    pub archived: [Augmented; 4],
}

/// The world, made once; `None` where its tools are missing.
pub fn world() -> Option<&'static World> {
    static OPENSSL: LazyLock<Option<OpenSsl>> = LazyLock::new(|| OpenSsl::with_clock("story"));
    static WORLD: LazyLock<Option<World>> = LazyLock::new(|| Some(World::new(OPENSSL.as_ref()?)));
    WORLD.as_ref()
}

/// The story of the signature that `openssl` made, told once.
pub fn story() -> Option<&'static Story> {
    static STORY: LazyLock<Option<Story>> = LazyLock::new(|| {
        let world = world()?;
        Some(Story::tell(world, world.sign_by_openssl(), &world.signer))
    });
    STORY.as_ref()
}

pub fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

impl World {
    pub fn new(openssl: &'static OpenSsl) -> Self {
        let rsa = Wanted {
            name: "root",
            subject: "/C=SY/CN=National Root CA",
            key: KeyType::Rsa2048,
            extensions: &[],
            validity: ("20080101000000Z", "20280101000000Z"),
            digest: "sha1",
        };
        let root = CertificationAuthority::root(openssl, &rsa);
        let impostor = CertificationAuthority::root(openssl, &Wanted { name: "impostor", ..rsa });
        let (name, subject, validity) = ("ministry", "/C=SY/CN=Ministry CA", ("20080601000000Z", "20180601000000Z"));
        let ministry = root.authority(&Wanted { name, subject, validity, ..rsa });
        let validity = ("20100101000000Z", "20120101000000Z");
        let signer =
            Wanted { name: "signer", subject: "/C=SY/CN=Civil Registry", extensions: &SIGNER, validity, ..rsa };
        let (name, subject, key) = ("colleague", "/C=SY/CN=Land Registry", KeyType::Rsa3072);
        let colleague = Wanted { name, subject, key, digest: "sha256", ..signer };
        let extensions = ["keyUsage = critical, digitalSignature", "extendedKeyUsage = OCSPSigning", "noCheck = yes"];
        let (name, subject) = ("responder", "/C=SY/CN=Responder");
        ministry.certify(&Wanted { name, subject, extensions: &extensions, validity, ..rsa });
        let (name, subject, key) = ("time-root", "/C=SY/CN=National Time Root", KeyType::Rsa3072);
        let validity = ("20080101000000Z", "20580101000000Z");
        let time_root = CertificationAuthority::root(openssl, &Wanted { name, subject, key, validity, ..rsa });
        let periods = [
            ("20090101000000Z", "20140101000000Z"),
            ("20120101000000Z", "20170101000000Z"),
            ("20150101000000Z", "20270101000000Z"),
            ("20260101000000Z", "20460101000000Z"),
        ];
        let keys = [KeyType::Rsa2048, KeyType::Rsa2048, KeyType::P256, KeyType::P384];
        for ((((name, digest), validity), key), number) in STAMPERS.into_iter().zip(periods).zip(keys).zip(1..) {
            let subject = format!("/C=SY/CN=Time-stamp Authority {number}");
            time_root.certify(&Wanted { name, subject: &subject, key, extensions: &STAMPER, validity, digest });
        }
        let [signer, colleague] = [signer, colleague].map(|wanted| ministry.certify(&wanted));
        Self { openssl, root, ministry, time_root, impostor, signer, colleague }
    }

    /// Whoever verifies trusts two roots.
    pub fn policy(&self) -> ValidationPolicy {
        let [signers, stamps] = [&self.root, &self.time_root]
            .map(|root| TrustStore::from_iter([TrustAnchor::from_certificate(root.certificate.clone())]));
        ValidationPolicy::new(signers, stamps, RevocationPolicy::default())
    }

    /// What can be had in 2010 about a signature by `signer`.
    pub fn evidence_of_2010(&self, time: &str, signer: &Certificate) -> Evidence<'static> {
        let lists = vec![self.root.list(time, "sha1", &[]), self.time_root.list(time, "sha1", &[])];
        let answer = self.ministry.answer(time, "responder", signer);
        Evidence::none().with_revocation(RevocationEvidence::new(lists, vec![answer]))
    }

    /// The list of the time-stamping authorities.
    pub fn time_list(&self, time: &str, revoked: &[Revoked<'_>]) -> Evidence<'static> {
        let list = self.time_root.list(time, "sha256", revoked);
        Evidence::none().with_revocation(RevocationEvidence::new(vec![list], Vec::new()))
    }

    /// The time-stamping authority `number`, from 1, at `time`.
    pub fn stamper(&self, number: usize, time: &'static str) -> TimeStamping<'static> {
        TimeStamping::new(self.openssl, STAMPERS[number - 1], time)
    }

    /// A signature of 2010, JAdES B-B, by `openssl` alone.
    pub fn sign_by_openssl(&self) -> Vec<u8> {
        let chain = [&self.signer, &self.ministry.certificate].map(|one| encode_standard(one.as_der()));
        let digest = DigestAlgorithm::Sha256.digest(self.signer.as_der());
        let header = json!({
            "alg": "RS256", "typ": "jose+json", "cty": "json", "iat": at(SIGNED).unix_seconds(),
            "x5c": chain, "x5t#S256": encode_url(digest.as_octets())
        });
        let [payload, protected] = [PAYLOAD, header.to_string().as_bytes()].map(encode_url);
        self.openssl.write("to-be-signed", format!("{protected}.{payload}"));
        let sign = ["dgst", "-sha256", "-sign", "signer.key", "-binary", "to-be-signed"];
        let signature = encode_url(&self.openssl.at(SIGNED).run(&sign));
        json!({"payload": payload, "protected": protected, "signature": signature}).to_string().into_bytes()
    }

    /// A signature by this crate under `certificate`, with the key in the file `key`.
    pub fn sign(&self, certificate: &Certificate, key: &str) -> Vec<u8> {
        let key = SoftwareKey::from_pkcs8_pem(&self.openssl.read(key), JwsAlgorithm::Rs256).unwrap();
        let parameters = self.parameters(certificate).unwrap().with_content_type("application/json");
        sign::sign(PAYLOAD, parameters, &key).unwrap().to_vec()
    }

    pub fn parameters(&self, certificate: &Certificate) -> Result<SignatureParameters, SignError> {
        let chain = [certificate.clone(), self.ministry.certificate.clone()];
        SignatureParameters::new(JwsAlgorithm::Rs256, chain, at(SIGNED))
    }

    /// `file` brought to `level`, with a time-stamp of the authority `number` of `time`.
    pub fn augment(
        &self,
        file: &[u8],
        level: BaselineLevel,
        (number, time): (usize, &'static str),
        evidence: &Evidence<'_>,
    ) -> Result<Augmented, AugmentError> {
        Augmenter::new(&self.policy(), self.stamper(number, time)).augment(file, level, evidence, at(time))
    }

    /// The verdict with the file and the roots alone.
    pub fn alone(&self, file: &[u8], time: &str) -> Report {
        self.judge(file, &Evidence::none(), time)
    }

    pub fn judge(&self, file: &[u8], evidence: &Evidence<'_>, time: &str) -> Report {
        validate(file, evidence, &self.policy(), at(time))
    }
}

impl Story {
    pub fn tell(world: &'static World, b_b: Vec<u8>, signer: &Certificate) -> Self {
        let evidence = world.evidence_of_2010("2010-03-01T09:00:00Z", signer);
        let b_t = world.augment(&b_b, BaselineLevel::BT, (1, STAMPED), &evidence).unwrap();
        let lta = |file: &Augmented, by, evidence: &Evidence<'_>| {
            world.augment(&file.octets, BaselineLevel::BLta, by, evidence).unwrap()
        };
        let first = lta(&b_t, (1, ARCHIVED), &world.evidence_of_2010("2010-03-02T07:00:00Z", signer));
        let [second, third, fourth] = RENEWED;
        let second = lta(&first, (2, second), &world.time_list("2012-06-01T07:00:00Z", &[]));
        let third = lta(&second, (3, third), &world.time_list("2015-06-01T07:00:00Z", &[]));
        let fourth = lta(&third, (4, fourth), &world.time_list("2026-06-01T07:00:00Z", &[]));
        Self { world, b_b, b_t, archived: [first, second, third, fourth] }
    }
}

/// The indication, the sub-indication, and the reason that decided.
pub fn verdict(report: &Report) -> String {
    let sub_indication = report.sub_indication().map(|one| format!(" / {one}")).unwrap_or_default();
    let reason = report.deciding_reason().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{}{sub_indication}{reason}", report.indication())
}

/// What each time-stamp of the signature comes to, in the order of the file.
pub fn stamps(report: &Report) -> Vec<String> {
    let of = |stamp: &TimeStampReport| {
        let reason = stamp.checks().iter().find_map(Check::failure).map(|(_, reason)| format!(": {reason}"));
        let sub_indication = stamp.sub_indication().map(|one| format!(" / {one}")).unwrap_or_default();
        format!("{}{sub_indication}{}", stamp.indication(), reason.unwrap_or_default())
    };
    report.signatures()[0].time_stamps().iter().map(of).collect()
}

/// `file` with its items changed.
pub fn with_items(file: &[u8], change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(file).unwrap();
    change(file["header"]["etsiU"].as_array_mut().unwrap());
    serde_json::to_vec(&file).unwrap()
}

pub fn items(file: &[u8]) -> Vec<String> {
    let file: Value = serde_json::from_slice(file).unwrap();
    file["header"]["etsiU"].as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The names of the items, in order.
pub fn names(file: &[u8]) -> Vec<String> {
    let read = |item: String| serde_json::from_slice::<Value>(&decode_url(&item).unwrap()).unwrap();
    items(file).into_iter().map(|item| read(item).as_object().unwrap().keys().next().unwrap().clone()).collect()
}

pub fn encoded(item: &Value) -> Value {
    Value::from(encode_url(item.to_string().as_bytes()))
}

pub fn digest(octets: &[u8]) -> Digest {
    DigestAlgorithm::Sha256.digest(octets)
}

impl World {
    /// A token over `imprint`, as an item.
    pub fn item(&self, name: &str, imprint: &Digest, (number, time): (usize, &'static str)) -> Value {
        let token = request_token(&self.stamper(number, time), &TimeStampRequest::new(imprint), &Limits::default());
        encoded(&json!({name: {"tstTokens": [{"val": encode_standard(token.unwrap().as_der())}]}}))
    }

    /// An archive time-stamp behind all of `file`, whatever may be wrong with it.
    pub fn archived(&self, file: &[u8], by: (usize, &'static str)) -> Vec<u8> {
        let parts: Value = serde_json::from_slice(file).unwrap();
        let text = |name: &str| parts[name].as_str().unwrap().to_owned();
        let over = format!("{}.{}.{}.{}", text("payload"), text("protected"), text("signature"), items(file).concat());
        let item = self.item("arcTst", &digest(over.as_bytes()), by);
        with_items(file, |items| items.push(item))
    }
}
