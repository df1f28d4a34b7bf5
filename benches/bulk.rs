//! What a document costs among many, beside what its signature costs `ring` alone.
//!
//! `cargo bench --bench bulk`. Documents of eight signers come again and again; each is verified each time. The first of them,
//! from which a run learns, come before the clock. `examples/throughput.rs` measures the same at scale and prints ratios.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use wathiqa::budget::Limits;
use wathiqa::bulk::BulkVerifier;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{Backend, JwsAlgorithm, KnownKeyTables};
use wathiqa::document::Document;
use wathiqa::issue::Issuer;
use wathiqa::jws::Jws;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::report::Indication;
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

/// One round of the verifier.
const ROUND: usize = 2048;

fn main() -> Result<(), Box<dyn Error>> {
    let (day_before, now, at): (Instant, Instant, Instant) =
        ("2026-03-01T00:00:00Z".parse()?, "2026-03-01T09:30:00Z".parse()?, "2026-03-02T00:00:00Z".parse()?);
    let pki = DemonstrationPki::new(day_before)?;
    let evidence = Evidence::none().with_revocation(pki.revocation_evidence(day_before, &[])?);
    let mut signers = Vec::new();
    for signer in 0..8 {
        let entity = EntityCode::from_body(12_345_678 + signer)?;
        let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة الداخلية", "ختم الشؤون المدنية")?;
        signers.push((entity, pki.issue_signer(&name, JwsAlgorithm::Es256)?));
    }
    let point =
        signers.first().and_then(|(_, signer)| signer.chain.first()?.public_key().spki_der().last_chunk::<65>());
    let point = point.ok_or("no point")?.to_vec();
    let mut documents = Vec::new();
    let mut batch = Vec::new();
    for (entity, signer) in signers {
        let issuer = Issuer::new(
            signer.key,
            signer.chain,
            pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1))),
        )?;
        let of_signer = (1..33).map(|serial| document(entity, serial, now)).collect::<Result<Vec<_>, _>>()?;
        for document in &of_signer {
            documents.push(issuer.issue(document, now)?);
        }
        batch.extend(issuer.issue_batch(&of_signer, now)?.files());
    }

    let jws = Jws::parse(documents.first().ok_or("no document")?, &Limits::default())?;
    let signature = jws.signatures().first().ok_or("no signature")?;
    let (input, value) = (signature.signing_input(None)?, signature.value());
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(&input, value).map_err(|_| "the signature does not hold")?;

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("bulk");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one P-256 signature by ring alone", |bencher| {
        bencher.iter(|| key.verify(black_box(&input), black_box(value)).is_ok());
    });
    group.throughput(Throughput::Elements(u64::try_from(ROUND)?));
    for backend in Backend::ALL.into_iter().filter(|backend| backend.is_available()) {
        let bulk = BulkVerifier::new(Verifier::new(pki.validation_policy()));
        let bulk = bulk.with_known_keys(KnownKeyTables::default(), backend);
        for (form, documents) in [("B-T", &documents), ("batch", &batch)] {
            let mut outcomes = bulk.verify(documents.iter().cycle(), &evidence, at);
            let mut round = || outcomes.by_ref().take(ROUND).all(|one| one.indication() == Indication::TotalPassed);
            if !round() {
                return Err(format!("a document of form {form} does not hold").into());
            }
            group.bench_function(format!("{ROUND} documents, {form}, {backend}"), |bencher| bencher.iter(&mut round));
        }
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn document(entity: EntityCode, serial: u64, now: Instant) -> Result<Document<serde_json::Value>, Box<dyn Error>> {
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, now.year(), serial)?;
    let lines = vec![
        "دمشق شارع الثورة بناء العقار المحضر باسم المالك لغاية تاريخ قرار مجلس البلدية";
        12
    ];
    let body = serde_json::json!({"district": "الميدان", "since": 2011, "lines": lines});
    Ok(Document::builder(number, now).language("ar-SY").title("شهادة سكن").build(body)?)
}
