//! What a register of ten thousand entities with twenty events each costs: to open, to keep, to ask.
//!
//! `cargo bench --bench register`. Opening is validating two signatures over 28 MB, which any signed file of that size costs,
//! and reading what was signed; the second is to stay below 200 ms, a question below 1 µs.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZeroUsize;

use criterion::{Criterion, SamplingMode};
use peak_alloc::PeakAlloc;
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, KeyDigest, Signer};
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::RegisterPolicy;
use wathiqa::register::{Event, Fact, Names, Register, RegisterEditor, RegisterIssue};
use wathiqa::sign::{SignatureParameters, SignedFile};
use wathiqa::time::Instant;
use wathiqa::validation::Evidence;
use wathiqa::x509::TrustAnchor;

/// Counts what is kept.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ENTITIES: u64 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let now: Instant = "2025-06-01T00:00:00Z".parse()?;
    let issue = editor(now)?.issue(now, "2025-07-01T00:00:00Z".parse()?)?;
    let events: usize = issue.entities().map(|history| history.events().len()).sum();
    let (file, policy) = signed(&issue, now)?;
    let payload = issue.to_vec();
    drop(issue);
    let open = || Register::open(&file, &policy, &Evidence::none(), now);

    let before = MEMORY.current_usage();
    let register = open()?;
    let kept = MEMORY.current_usage() - before;
    println!("{} entities, {events} events: a payload of {} octets, {kept} kept", ENTITIES, payload.len());

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("a register of ten thousand entities");
    let entity = EntityCode::from_body(10_000_000 + ENTITIES / 2)?;
    let (key, kind) = (key(ENTITIES / 2, 1), DocumentKind::new(14)?);
    let at: Instant = "2022-06-01T00:00:00Z".parse()?;
    group.bench_function("the four questions about one document", |bencher| {
        bencher.iter(|| {
            let (entity, key, at) = (black_box(entity), black_box(&key), black_box(at));
            let answers = register.require_entity(entity, at).and_then(|()| register.require_key(entity, key, at));
            answers.and_then(|()| register.require_kind(entity, black_box(kind), at))
        });
    });
    group.bench_function("a question whose answer is no", |bencher| {
        bencher.iter(|| register.require_kind(black_box(entity), DocumentKind::CIRCULAR, at));
    });
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    group.bench_function("read what was signed", |bencher| {
        bencher.iter(|| RegisterIssue::from_slice(&payload, &CodingScheme::default(), &Limits::default()));
    });
    group.bench_function("open the file", |bencher| bencher.iter(open));
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn key(entity: u64, number: u8) -> KeyDigest {
    let mut octets = [number; 32];
    for (place, octet) in octets.iter_mut().zip(entity.to_be_bytes()) {
        *place = octet;
    }
    KeyDigest::from_octets(octets)
}

/// Every entity with a name, a rename, a move, keys that are rolled, and what it was granted and not.
fn editor(now: Instant) -> Result<RegisterEditor, Box<dyn Error>> {
    let year = |year: i32| format!("{year}-01-01T00:00:00Z").parse::<Instant>();
    let mut editor = RegisterEditor::new();
    let above = EntityCode::from_body(10_000_000)?;
    for number in 0..ENTITIES {
        let entity = EntityCode::from_body(10_000_000 + number)?;
        let name = format!("مديرية الشؤون المدنية رقم {number}");
        let names = Names::new("ar", &name)?;
        let mut events = vec![(1919, Fact::Created { names: names.clone(), parent: None })];
        events.push((1970, Fact::Renamed { names: names.with("en", "Directorate of Civil Affairs")? }));
        let parent = Some(above).filter(|above| *above != entity);
        events.push((1980, if parent.is_some() { Fact::Reparented { parent } } else { Fact::Suspended }));
        for roll in 0..4_u8 {
            let from = 2014 + 3 * i32::from(roll);
            events.push((from, Fact::KeyAdded { key: key(number, roll) }));
            if roll > 0 {
                events.push((from, Fact::KeyRevoked { key: key(number, roll - 1) }));
            }
        }
        for kind in 10..20 {
            events.push((2014, Fact::KindGranted { kind: DocumentKind::new(kind)? }));
        }
        for (from, fact) in events {
            editor.record(entity, Event::new(year(from)?, now, fact))?;
        }
    }
    Ok(editor)
}

/// The issue signed by two keys, and the policy that asks for both.
fn signed(issue: &RegisterIssue, now: Instant) -> Result<(Vec<u8>, RegisterPolicy), Box<dyn Error>> {
    let pki = DemonstrationPki::new(now)?;
    let mut limits = Limits::default();
    limits.input_octets = limits.register_octets;
    let mut anchors = Vec::new();
    let mut file: Option<SignedFile> = None;
    for name in ["Register key 1", "Register key 2"] {
        let name = EntityName::new("1234567889".parse()?, &CodingScheme::default(), "SY", "السجل", name)?;
        let issued = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
        let certificate = issued.chain.into_iter().next().ok_or("no certificate")?;
        let parameters = SignatureParameters::new(JwsAlgorithm::Es256, [certificate.clone()], now)?;
        let prepared = issue.prepare(parameters)?;
        let value = issued.key.sign(prepared.signing_input())?;
        let signature = prepared.complete(&value)?;
        anchors.push(TrustAnchor::from_certificate(certificate));
        file = Some(match file {
            None => SignedFile::parse(&signature.to_vec(), &limits)?,
            Some(file) => file.with_signature(&signature)?,
        });
    }
    let policy = RegisterPolicy::new(anchors.into_iter().collect(), NonZeroUsize::MIN.saturating_add(1))?;
    Ok((file.ok_or("no signature")?.to_vec(), policy))
}
