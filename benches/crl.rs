//! What a revocation list of a million entries costs: to read, to keep, to look up in.
//!
//! `cargo bench --bench crl`. Each entry has a serial number of 16 octets in no order, and a reason: 49 MB of DER. Kept are
//! these octets and four more for each entry. The signature, and with it the hash over all of them, is checked once.

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, SamplingMode, Throughput};
use peak_alloc::PeakAlloc;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, SigningKey};
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::SignatureAlgorithm;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::oid;
use wathiqa::time::Instant;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::revocation::{self, RevocationEvidence, RevocationInputs, RevocationSettings, RevocationStatus};
use wathiqa::x509::{Certificate, TrustAnchor};

/// Counts what is kept.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ENTRIES: u32 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "A CA that revokes");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = Certificate::from_der(params.self_signed(&key)?.der())?;
    let der = list(&ca, &key)?;

    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let crl = Crl::from_der(&der, &Limits::default())?;
    let (kept, peak) = (MEMORY.current_usage() - before, MEMORY.peak_usage() - before);
    println!("{} entries: {} octets of DER, {kept} kept, {peak} at most while reading", crl.len(), der.len());

    let at: Instant = "2026-06-02T00:00:00Z".parse()?;
    let anchor = TrustAnchor::from_certificate(ca.clone());
    let evidence = RevocationEvidence::new(vec![crl.clone()], Vec::new());
    let settings = RevocationSettings::default();
    let inputs = RevocationInputs::new(&evidence, &anchor, at, &settings);
    let judge = || revocation::check(&ca, (&anchor).into(), &inputs, &mut Budget::new(&Limits::default()));
    if !matches!(judge(), RevocationStatus::NotRevoked(_)) {
        return Err(judge().to_string().into());
    }

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("a list of a million entries");
    let (listed, absent) = (serial_number(ENTRIES / 2), serial_number(ENTRIES));
    group.bench_function("look up a certificate that is on it", |bencher| {
        bencher.iter(|| crl.find(ca.subject(), black_box(&listed)));
    });
    group.bench_function("look up a certificate that is not", |bencher| {
        bencher.iter(|| crl.find(ca.subject(), black_box(&absent)));
    });
    group.bench_function("judge a certificate by it, its signature known", |bencher| bencher.iter(judge));
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(u64::from(ENTRIES)));
    group.bench_function("read", |bencher| bencher.iter(|| Crl::from_der(black_box(&der), &Limits::default())));
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// A CRL by `ca`, whose key is `key`.
fn list(ca: &Certificate, key: &KeyPair) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut tbs = Writer::new();
    tbs.constructed(Tag::SEQUENCE, |tbs| {
        tbs.unsigned(1);
        tbs.encoded(SignatureAlgorithm::EcdsaSha256.algorithm_identifier_der());
        tbs.encoded(ca.subject().as_der());
        tbs.value(Tag::UTC_TIME, b"260601000000Z");
        tbs.value(Tag::UTC_TIME, b"260608000000Z");
        tbs.constructed(Tag::SEQUENCE, |list| (0..ENTRIES).for_each(|number| write_entry(list, number)));
    });
    let tbs = tbs.into_der();
    let signature = [vec![0], key.sign(&tbs)?].concat();
    let mut whole = Writer::new();
    whole.constructed(Tag::SEQUENCE, |whole| {
        whole.encoded(&tbs);
        whole.encoded(SignatureAlgorithm::EcdsaSha256.algorithm_identifier_der());
        whole.value(Tag::BIT_STRING, &signature);
    });
    Ok(whole.into_der())
}

fn write_entry(list: &mut Writer, number: u32) {
    list.constructed(Tag::SEQUENCE, |entry| {
        entry.value(Tag::INTEGER, &serial_number(number));
        entry.value(Tag::UTC_TIME, b"260301000000Z");
        entry.constructed(Tag::SEQUENCE, |extensions| {
            extensions.constructed(Tag::SEQUENCE, |extension| {
                extension.oid(&oid::CE_CRL_REASON);
                extension.octet_string(&[0x0a, 1, 1]);
            });
        });
    });
}

/// 16 octets in no order, positive.
fn serial_number(number: u32) -> Vec<u8> {
    let digest = DigestAlgorithm::Sha256.digest(&number.to_be_bytes());
    [1].iter().chain(digest.as_octets()).take(16).copied().collect()
}
