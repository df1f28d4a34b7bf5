//! An archive of good and bad documents, of several signers.

use std::ops::Range;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::json;

use crate::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use crate::crypto::{JwsAlgorithm, SoftwareKey};
use crate::document::Document;
use crate::issue::{Issuer, IssuerCertificate};
use crate::pki::{DemonstrationPki, EntityName, IssuedKey};
use crate::time::Instant;
use crate::tsp::{SerialNumber, Transport};
use crate::validation::Evidence;
use crate::verify::Verifier;

pub(super) struct Archive {
    pub(super) verifier: Verifier,
    pub(super) evidence: Evidence<'static>,
    pub(super) at: Instant,
    /// Good ones first.
    pub(super) documents: Vec<Vec<u8>>,
    /// How many are good.
    pub(super) good: usize,
}

/// The archive, made once for all tests.
pub(super) fn archive() -> &'static Archive {
    static ARCHIVE: OnceLock<Archive> = OnceLock::new();
    ARCHIVE.get_or_init(Archive::new)
}

pub(super) const ISSUED: &str = "2026-03-01T09:30:00Z";

impl Archive {
    fn new() -> Self {
        let issued: Instant = ISSUED.parse().unwrap();
        let pki = DemonstrationPki::new(issued).unwrap();
        let evidence = Evidence::none().with_revocation(pki.revocation_evidence(issued, &[]).unwrap());
        // The lists are of the moment of issue; a path is steady from a second later on.
        let first = issued.checked_add(Duration::from_secs(60)).unwrap();
        let algorithms = [JwsAlgorithm::Es256, JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::EdDsa];
        let mut documents = Vec::new();
        for (entity, algorithm) in (1_234_567_u64..).zip(algorithms) {
            let signer = Signer::new(&pki, EntityCode::from_body(entity * 10 + 1).unwrap(), algorithm);
            documents.extend((1..4).map(|serial| signer.document(&pki, serial, first)));
        }
        // The last signer is that of a batch of three.
        let batch = Signer::new(&pki, EntityCode::from_body(23_456_789).unwrap(), JwsAlgorithm::Es256);
        documents.extend(batch.batch(&pki, 1..4, first));
        let good = documents.len();
        let bad: Vec<Vec<u8>> = documents.iter().enumerate().map(|(position, good)| spoilt(good, position)).collect();
        documents.extend(bad);
        // A B-B, whose level the policy does not take.
        let signer = Signer::new(&pki, EntityCode::from_body(76_543_210).unwrap(), JwsAlgorithm::Es256);
        let parameters =
            |chain: Vec<_>| IssuerCertificate::new(chain, JwsAlgorithm::Es256, CodingScheme::default()).unwrap();
        let b_b = parameters(signer.issued.chain.clone()).prepare(&document(signer.entity, 9, issued), issued);
        let b_b = b_b.unwrap();
        let value = crate::crypto::Signer::sign(&signer.issued.key, b_b.signing_input()).unwrap();
        documents.push(b_b.complete(&value).unwrap().to_vec());
        // Of a PKI that nobody trusts, and of a number that is another entity's.
        let other = DemonstrationPki::new(issued).unwrap();
        let stranger = Signer::new(&other, signer.entity, JwsAlgorithm::Es256);
        documents.extend((1..4).map(|serial| stranger.document(&other, serial, issued)));
        documents.extend([&b""[..], b"a.b", b"{}", b"{\"payload\":\"\"}", b"[]"].map(<[u8]>::to_vec));
        let at = "2026-03-02T00:00:00Z".parse().unwrap();
        Self { verifier: Verifier::new(pki.validation_policy()), evidence, at, documents, good }
    }
}

/// A good document with an octet of it changed: another place in each.
fn spoilt(good: &[u8], position: usize) -> Vec<u8> {
    let mut bad = good.to_vec();
    let place = (position + 1) * bad.len() / 16;
    bad[place] = if bad[place] == b'A' { b'B' } else { b'A' };
    bad
}

pub(super) struct Signer {
    entity: EntityCode,
    issued: IssuedKey,
}

impl Signer {
    pub(super) fn new(pki: &DemonstrationPki, entity: EntityCode, algorithm: JwsAlgorithm) -> Self {
        let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة الداخلية", "ختم").unwrap();
        Self { entity, issued: pki.issue_signer(&name, algorithm).unwrap() }
    }

    /// The files of a batch.
    fn batch(&self, pki: &DemonstrationPki, serials: Range<u32>, at: Instant) -> Vec<Vec<u8>> {
        let documents: Vec<_> = serials.map(|serial| document(self.entity, serial, at)).collect();
        self.issuer(pki, 1, at, |issuer| issuer.issue_batch(&documents, at).unwrap().files().collect())
    }

    /// A B-T document.
    pub(super) fn document(&self, pki: &DemonstrationPki, serial: u32, at: Instant) -> Vec<u8> {
        self.issuer(pki, serial, at, |issuer| issuer.issue(&document(self.entity, serial, at), at).unwrap())
    }

    fn issuer<T>(
        &self,
        pki: &DemonstrationPki,
        serial: u32,
        at: Instant,
        make: impl FnOnce(&Issuer<SoftwareKey, &dyn Transport>) -> T,
    ) -> T {
        let key = SoftwareKey::from_pkcs8_der(self.issued.pkcs8.as_der(), self.algorithm()).unwrap();
        let transport = pki.time_stamp_authority().transport(|| (at, SerialNumber::from(u64::from(serial))));
        let transport: &dyn Transport = &transport;
        make(&Issuer::new(key, self.issued.chain.clone(), transport).unwrap())
    }

    fn algorithm(&self) -> JwsAlgorithm {
        crate::crypto::Signer::algorithm(&self.issued.key)
    }
}

fn document(entity: EntityCode, serial: u32, at: Instant) -> Document<serde_json::Value> {
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, at.year(), serial.into()).unwrap();
    let body = json!({"district": "الميدان", "since": 2011, "lines": ["أ", "ب\n\"ج\"", 1.5, true, null, {}]});
    Document::builder(number, at).language("ar-SY").title("شهادة سكن").build(body).unwrap()
}
