//! What verifying one document costs, beside what its signatures cost alone.
//!
//! `cargo bench --bench verify`. A B-T document under a path of two certificates holds five P-256 signatures: its own,
//! two of the signer's path, the token's, and one of the authority's path. The difference between the two figures is what
//! is ours: JSON, DER, digests, names, the report.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::document::Document;
use wathiqa::issue::Issuer;
use wathiqa::jws::Jws;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::ValidationPolicy;
use wathiqa::report::Indication;
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{TrustAnchor, TrustStore};

/// Signatures of one document: see above.
const SIGNATURES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let now: Instant = "2026-03-01T09:30:00Z".parse()?;
    let pki = DemonstrationPki::new(now)?;
    let (document, key) = issue(&pki, now)?;

    let anchor = |certificate| TrustStore::from_iter([TrustAnchor::from_certificate(certificate)]);
    let (signers, authorities) = (anchor(pki.root().clone()), anchor(pki.time_stamp_root().clone()));
    let verifier = Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip));
    let report = verifier.verify(&document, &Evidence::none(), now);
    if report.indication() != Indication::TotalPassed {
        return Err(format!("the document does not hold:\n{report}").into());
    }

    let jws = Jws::parse(&document, &Limits::default())?;
    let signature = jws.signatures().first().ok_or("no signature")?;
    let (input, value) = (signature.signing_input(None)?, signature.value());
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key);
    key.verify(&input, value).map_err(|_| "the signature does not hold")?;

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("verify");
    group.throughput(Throughput::Elements(1));
    group.bench_function("five P-256 signatures by ring alone", |bencher| {
        bencher.iter(|| (0..SIGNATURES).all(|_| key.verify(black_box(&input), black_box(value)).is_ok()));
    });
    group.bench_function("one B-T document", |bencher| {
        bencher.iter(|| verifier.verify(black_box(&document), &Evidence::none(), now));
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// A document, and the point of the key that signed it.
fn issue(pki: &DemonstrationPki, now: Instant) -> Result<(Vec<u8>, Vec<u8>), Box<dyn Error>> {
    let entity = "1234567889".parse()?;
    let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة الداخلية", "ختم الشؤون المدنية")?;
    let issued = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
    let leaf = issued.chain.first().ok_or("no certificate")?;
    // The last 65 octets of a P-256 SubjectPublicKeyInfo are the uncompressed point.
    let point = leaf.public_key().spki_der().last_chunk::<65>().ok_or("no point")?.to_vec();
    let time_stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
    let issuer = Issuer::new(issued.key, issued.chain, time_stamps)?;
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, now.year(), 12_345)?;
    let body = serde_json::json!({"district": "الميدان", "since": 2011});
    let document = Document::builder(number, now).language("ar-SY").title("شهادة سكن").build(body)?;
    Ok((issuer.issue(&document, now)?, point))
}
