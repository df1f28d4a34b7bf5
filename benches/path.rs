//! What a certification path costs, beside what its signatures cost alone.
//!
//! `cargo bench --bench path`. Three certificates on P-256 below an anchor, with a directoryName constraint, policies and a
//! mapping. The difference to the first figure is what is ours; less than 15 µs with parsing and 5 µs without is the aim.
//! `tests/peers/benches/path.rs` runs the same path beside other validators.

#[path = "path/chain.rs"]
mod chain;

use std::error::Error;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use wathiqa::budget::{Budget, Limits};
use wathiqa::time::Instant;
use wathiqa::x509::path::{self, ExplicitPolicy, PathInputs, PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use chain::{Chain, Extras, NOW, Signature};

fn main() -> Result<(), Box<dyn Error>> {
    let chain = Chain::new(Extras::ConstraintAndPolicies)?;
    let signatures = chain.signatures()?;
    let at = Instant::from_unix_seconds(NOW.try_into()?)?;
    let store = TrustStore::from_iter([TrustAnchor::from_certificate(Certificate::from_der(&chain.anchor)?)]);
    let mut settings = PathSettings::new(Purpose::DocumentSigning, RevocationPolicy::Skip);
    settings.policies.explicit_policy = ExplicitPolicy::Required;
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
    if build(&leaf, &pool)?.certificates().len() != signatures.len() {
        return Err("the path is not of three certificates".into());
    }

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("path of three");
    group.throughput(Throughput::Elements(1));
    group.bench_function("its P-256 signatures by ring alone", |bencher| {
        bencher.iter(|| black_box(&signatures).iter().all(Signature::is_valid));
    });
    group.bench_function("parsed", |bencher| bencher.iter(|| build(black_box(&leaf), black_box(&pool))));
    group.bench_function("with parsing", |bencher| {
        bencher.iter(|| {
            let (leaf, pool) = read().ok()?;
            build(&leaf, &pool).ok()
        });
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}
