//! What a document costs among many, beside what its signature costs `ring` alone.
//!
//! `cargo bench --bench bulk`. Documents of eight signers come again and again; each is verified each time. The first of them,
//! from which a run learns, come before the clock. `examples/throughput.rs` measures the same at scale and prints ratios.
//!
//! At last, in turns: documents judged without knowing their issuers, and such as name a status list, judged by the register
//! of entities and by the lists.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZeroUsize;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use wathiqa::budget::Limits;
use wathiqa::bulk::BulkVerifier;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{Backend, JwsAlgorithm, KeyDigest, KnownKeyTables, Signer};
use wathiqa::document::{Document, DocumentBuilder, StatusReference};
use wathiqa::issue::Issuer;
use wathiqa::jws::Jws;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::RegisterPolicy;
use wathiqa::register::{Event, Fact, Names, Register, RegisterEditor};
use wathiqa::report::Indication;
use wathiqa::sign::SignatureParameters;
use wathiqa::status::{StatusBits, StatusListEditor, VerifiedStatusList};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::TrustAnchor;

/// One round of the verifier.
const ROUND: usize = 2048;

/// When the PKI begins, when everything is signed, when it is verified, and until when lists are good.
const DAY_BEFORE: &str = "2026-03-01T00:00:00Z";
const NOW: &str = "2026-03-01T09:30:00Z";
const AT: &str = "2026-03-02T00:00:00Z";
const NEXT_UPDATE: &str = "2026-03-03T00:00:00Z";

fn main() -> Result<(), Box<dyn Error>> {
    let world = World::new()?;
    let jws = Jws::parse(world.documents.first().ok_or("no document")?, &Limits::default())?;
    let signature = jws.signatures().first().ok_or("no signature")?;
    let (input, value) = (signature.signing_input(None)?, signature.value());
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &world.point);
    key.verify(&input, value).map_err(|_| "the signature does not hold")?;

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("bulk");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one P-256 signature by ring alone", |bencher| {
        bencher.iter(|| key.verify(black_box(&input), black_box(value)).is_ok());
    });
    group.throughput(Throughput::Elements(u64::try_from(ROUND)?));
    let evidence = world.evidence()?;
    for backend in Backend::ALL.into_iter().filter(|backend| backend.is_available()) {
        let bulk = BulkVerifier::new(Verifier::new(world.pki.validation_policy()));
        let bulk = bulk.with_known_keys(KnownKeyTables::default(), backend);
        for (form, documents) in [("B-T", &world.documents), ("batch", &world.batch)] {
            round(&mut group, &format!("{form}, {backend}"), &bulk, documents, &evidence)?;
        }
    }
    let known = world.lists.iter().fold(world.evidence()?.with_register(&world.register), Evidence::with_status_list);
    let bulk = BulkVerifier::new(Verifier::new(world.pki.validation_policy()));
    round(&mut group, "B-T, without register and status lists", &bulk, &world.documents, &evidence)?;
    round(&mut group, "B-T, with register and status lists", &bulk, &world.listed, &known)?;
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// Measures one round over `documents`, after the one from which the verifier learns.
fn round(
    group: &mut BenchmarkGroup<'_, WallTime>,
    what: &str,
    bulk: &BulkVerifier,
    documents: &[Vec<u8>],
    evidence: &Evidence<'_>,
) -> Result<(), Box<dyn Error>> {
    let mut outcomes = bulk.verify(documents.iter().cycle(), evidence, AT.parse()?);
    let mut round = || outcomes.by_ref().take(ROUND).all(|one| one.indication() == Indication::TotalPassed);
    if !round() {
        return Err(format!("a document does not hold: {what}").into());
    }
    group.bench_function(format!("{ROUND} documents, {what}"), |bencher| bencher.iter(&mut round));
    Ok(())
}

/// What eight entities signed, and what is known of them.
struct World {
    pki: DemonstrationPki,
    /// The key of the first document.
    point: Vec<u8>,
    documents: Vec<Vec<u8>>,
    batch: Vec<Vec<u8>>,
    /// Documents that name a status list.
    listed: Vec<Vec<u8>>,
    lists: Vec<VerifiedStatusList>,
    register: Register,
}

impl World {
    fn new() -> Result<Self, Box<dyn Error>> {
        let (day_before, now): (Instant, Instant) = (DAY_BEFORE.parse()?, NOW.parse()?);
        let pki = DemonstrationPki::new(day_before)?;
        let (mut documents, mut batch, mut listed, mut lists) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut editor = RegisterEditor::new();
        let mut point = None;
        for body_of_code in 12_345_678..12_345_686 {
            let entity = EntityCode::from_body(body_of_code)?;
            let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة الداخلية", "ختم الشؤون المدنية")?;
            let signer = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
            let key = signer.chain.first().ok_or("no certificate")?.public_key();
            point.get_or_insert(key.spki_der().last_chunk::<65>().ok_or("no point")?.to_vec());
            for fact in [
                Fact::Created { names: Names::new("ar", "وزارة الداخلية")?, parent: None },
                Fact::KeyAdded { key: KeyDigest::of(key) },
                Fact::KindGranted { kind: DocumentKind::DECISION },
            ] {
                editor.record(entity, Event::new(day_before, day_before, fact))?;
            }
            let time_stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
            let issuer = Issuer::new(signer.key, signer.chain, time_stamps)?;
            let list = format!("https://example.gov.sy/status/{entity}");
            let mut of_signer = Vec::new();
            for serial in 1..33 {
                let named = builder(entity, serial, now)?.status(StatusReference::new(&list, serial)?).build(body())?;
                listed.push(issuer.issue(&named, now)?);
                of_signer.push(builder(entity, serial, now)?.build(body())?);
                documents.extend(of_signer.last().map(|document| issuer.issue(document, now)).transpose()?);
            }
            batch.extend(issuer.issue_batch(&of_signer, now)?.files());
            let list = StatusListEditor::new(&list, entity, StatusBits::Two, 1000)?.build(now, NEXT_UPDATE.parse()?)?;
            let opened = Verifier::new(pki.validation_policy());
            let evidence = Evidence::none().with_revocation(pki.revocation_evidence(day_before, &[])?);
            lists.push(opened.open_status_list(&issuer.issue_status_list(&list, now)?, &evidence, AT.parse()?)?);
        }
        let register = register(editor, &pki, now)?;
        Ok(Self { pki, point: point.ok_or("no point")?, documents, batch, listed, lists, register })
    }

    fn evidence(&self) -> Result<Evidence<'_>, Box<dyn Error>> {
        Ok(Evidence::none().with_revocation(self.pki.revocation_evidence(DAY_BEFORE.parse()?, &[])?))
    }
}

/// The register, signed by one root key and opened.
fn register(editor: RegisterEditor, pki: &DemonstrationPki, now: Instant) -> Result<Register, Box<dyn Error>> {
    let name = EntityName::new("1234567889".parse()?, &CodingScheme::default(), "SY", "السجل", "مفتاح السجل")?;
    let root = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
    let certificate = root.chain.into_iter().next().ok_or("no certificate")?;
    let issue = editor.issue(now, NEXT_UPDATE.parse()?)?;
    let prepared = issue.prepare(SignatureParameters::new(JwsAlgorithm::Es256, [certificate.clone()], now)?)?;
    let value = root.key.sign(prepared.signing_input())?;
    let anchors = [TrustAnchor::from_certificate(certificate)].into_iter().collect();
    let policy = RegisterPolicy::new(anchors, NonZeroUsize::MIN)?;
    Ok(Register::open(&prepared.complete(&value)?.to_vec(), &policy, &Evidence::none(), AT.parse()?)?)
}

fn builder(entity: EntityCode, serial: u64, now: Instant) -> Result<DocumentBuilder, Box<dyn Error>> {
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, now.year(), serial)?;
    Ok(Document::builder(number, now).language("ar-SY").title("شهادة سكن"))
}

fn body() -> serde_json::Value {
    let lines = vec![
        "دمشق شارع الثورة بناء العقار المحضر باسم المالك لغاية تاريخ قرار مجلس البلدية";
        12
    ];
    serde_json::json!({"district": "الميدان", "since": 2011, "lines": lines})
}
