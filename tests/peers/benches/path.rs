//! One path of three certificates, validated by this library, by `certval` with ring, and by `rustls-webpki`.
//!
//! `cargo bench --manifest-path tests/peers/Cargo.toml --target-dir target`. `rustls-webpki` rejects directoryName constraints,
//! so its chain, and one more figure of ours, is without constraint and policies.

#[path = "../../../benches/path/chain.rs"]
mod chain;

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use certval::{
    CertificationPath, CertificationPathSettings, PDVCertificate, PDVTrustAnchorChoice, PkiEnvironment, TimeOfInterest,
    validate_path_rfc5280,
};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use rustls_pki_types::{CertificateDer, UnixTime};
use wathiqa::budget::{Budget, Limits};
use wathiqa::time::Instant;
use wathiqa::x509::path::{self, ExplicitPolicy, PathInputs, PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};
use wathiqa_peers::generator::EMAIL_PROTECTION;
use wathiqa_peers::judges::verify_with_ring;
use wathiqa_peers::specification::oid;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use chain::{Chain, Extras, NOW, Signature};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("path of three, constraint and policies");
    let chain = Chain::new(Extras::ConstraintAndPolicies)?;
    let signatures = chain.signatures()?;
    group.bench_function("its P-256 signatures by ring alone", |bencher| {
        bencher.iter(|| black_box(&signatures).iter().all(Signature::is_valid));
    });
    ours(&mut group, &chain, ExplicitPolicy::Required)?;
    certval(&mut group, &chain)?;
    group.finish();

    let mut group = criterion.benchmark_group("path of three, neither");
    let chain = Chain::new(Extras::Nothing)?;
    ours(&mut group, &chain, ExplicitPolicy::AsCertificatesSay)?;
    webpki(&mut group, &chain)?;
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn ours(group: &mut BenchmarkGroup<'_, WallTime>, chain: &Chain, policy: ExplicitPolicy) -> Result<(), Box<dyn Error>> {
    let at = Instant::from_unix_seconds(NOW.try_into()?)?;
    let store = TrustStore::from_iter([TrustAnchor::from_certificate(Certificate::from_der(&chain.anchor)?)]);
    let mut settings = PathSettings::new(Purpose::KeyPurpose(oid(EMAIL_PROTECTION)), RevocationPolicy::Skip);
    settings.policies.explicit_policy = policy;
    let build = |leaf: &Certificate, pool: &[Certificate]| {
        let mut inputs = PathInputs::new(leaf, &store, at, &settings);
        inputs.pool = pool;
        path::build(&inputs, &mut Budget::new(&Limits::default())).map_err(|error| error.to_string())
    };
    let read = || -> Result<_, Box<dyn Error>> {
        let [upper, lower] = &chain.intermediates;
        Ok((Certificate::from_der(&chain.leaf)?, [Certificate::from_der(upper)?, Certificate::from_der(lower)?]))
    };
    let (leaf, pool) = read()?;
    drop(build(&leaf, &pool)?);
    group.bench_function("wathiqa, parsed", |bencher| bencher.iter(|| build(black_box(&leaf), black_box(&pool))));
    group.bench_function("wathiqa, with parsing", |bencher| {
        bencher.iter(|| {
            let (leaf, pool) = read().ok()?;
            build(&leaf, &pool).ok()
        });
    });
    Ok(())
}

fn certval(group: &mut BenchmarkGroup<'_, WallTime>, chain: &Chain) -> Result<(), Box<dyn Error>> {
    let mut environment = PkiEnvironment::new();
    environment.add_verify_signature_message_callback(verify_with_ring);
    let mut settings = CertificationPathSettings::new();
    settings.set_time_of_interest(TimeOfInterest::from_unix_secs(NOW)?);
    settings.set_require_ta_store(false);
    settings.set_initial_explicit_policy_indicator(true);
    settings.set_extended_key_usage_path(true);
    settings.set_extended_key_usage_from_oid_set(std::iter::once(EMAIL_PROTECTION.parse()?).collect());
    let anchor = PDVTrustAnchorChoice::try_from(&chain.anchor[..])?;
    let read = || -> Result<CertificationPath, x509_cert::der::Error> {
        let [upper, lower] = &chain.intermediates;
        let intermediates = [PDVCertificate::try_from(&upper[..])?, PDVCertificate::try_from(&lower[..])?];
        let leaf = PDVCertificate::try_from(&chain.leaf[..])?;
        Ok(CertificationPath::new(anchor.clone(), intermediates.into_iter().collect(), leaf))
    };
    let validate = |path: &CertificationPath| {
        validate_path_rfc5280(&environment, &settings, path, &mut certval::CertificationPathResults::new())
    };
    let path = read()?;
    validate(&path).map_err(|error| format!("certval: {error:?}"))?;
    group.bench_function("certval, parsed", |bencher| bencher.iter(|| validate(black_box(&path))));
    group.bench_function("certval, with parsing", |bencher| bencher.iter(|| validate(&read().ok()?).ok()));
    Ok(())
}

fn webpki(group: &mut BenchmarkGroup<'_, WallTime>, chain: &Chain) -> Result<(), Box<dyn Error>> {
    let anchor = CertificateDer::from(&chain.anchor[..]);
    let anchors = [anchor_from_trusted_cert(&anchor)?];
    let intermediates: Vec<CertificateDer<'_>> =
        chain.intermediates.iter().map(|der| CertificateDer::from(&der[..])).collect();
    let leaf = CertificateDer::from(&chain.leaf[..]);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    // id-kp-emailProtection
    let usage = KeyUsage::required_if_present(&[0x2b, 6, 1, 5, 5, 7, 3, 4]);
    let algorithms = [webpki::ring::ECDSA_P256_SHA256];
    let validate = || -> Result<(), webpki::Error> {
        let leaf = EndEntityCert::try_from(black_box(&leaf))?;
        leaf.verify_for_usage(&algorithms, &anchors, &intermediates, time, usage, None, None).map(drop)
    };
    validate()?;
    group.bench_function("rustls-webpki, with parsing", |bencher| bencher.iter(validate));
    Ok(())
}
