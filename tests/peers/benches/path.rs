//! One path of three certificates, validated by this library, by `certval` with ring, and by `rustls-webpki`.
//!
//! `cargo bench --manifest-path tests/peers/Cargo.toml --target-dir target`. `rustls-webpki` rejects directoryName constraints,
//! so its chain, and one more figure of ours, is without constraint and policies.
//!
//! After the figures of each group comes a table of them beside the signatures alone. It is measured in turns, the best of many
//! rounds, so that what else the machine does strikes all alike.

#[path = "../../../benches/path/chain.rs"]
mod chain;

use std::error::Error;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant as Clock};

use certval::{
    CertificationPath, CertificationPathSettings, PDVCertificate, PDVTrustAnchorChoice, PkiEnvironment, TimeOfInterest,
    validate_path_rfc5280,
};
use criterion::Criterion;
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

/// Something that validates the path.
struct Contestant<'a> {
    name: &'static str,
    validate: Box<dyn FnMut() -> bool + 'a>,
}

impl<'a> Contestant<'a> {
    fn new(name: &'static str, validate: impl FnMut() -> bool + 'a) -> Self {
        Self { name, validate: Box::new(validate) }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let chain = Chain::new(Extras::ConstraintAndPolicies)?;
    let mut contestants = vec![signatures(&chain)?];
    contestants.extend(ours(&chain, ExplicitPolicy::Required)?);
    contestants.extend(certval(&chain)?);
    run(&mut criterion, "path of three, constraint and policies", contestants)?;

    let chain = Chain::new(Extras::Nothing)?;
    let mut contestants = vec![signatures(&chain)?];
    contestants.extend(ours(&chain, ExplicitPolicy::AsCertificatesSay)?);
    contestants.push(webpki(&chain)?);
    run(&mut criterion, "path of three, neither", contestants)?;
    criterion.final_summary();
    Ok(())
}

/// Measures each by itself, and then all in turns beside the first.
fn run(criterion: &mut Criterion, name: &str, mut contestants: Vec<Contestant<'_>>) -> Result<(), Box<dyn Error>> {
    let mut group = criterion.benchmark_group(name);
    for Contestant { name, validate } in &mut contestants {
        if !validate() {
            return Err(format!("{name}: not valid").into());
        }
        group.bench_function(*name, |bencher| bencher.iter(&mut *validate));
    }
    group.finish();
    let (rounds, turns) = if std::env::args().any(|argument| argument == "--test") { (1, 1) } else { (400, 10) };
    let mut best = vec![Duration::MAX; contestants.len()];
    for _ in 0..rounds {
        for (Contestant { validate, .. }, best) in contestants.iter_mut().zip(&mut best) {
            let start = Clock::now();
            (0..turns).for_each(|_| assert!(validate(), "not valid"));
            *best = start.elapsed().div_f64(turns.into()).min(*best);
        }
    }
    let alone = best[0].as_secs_f64() * 1e6;
    println!("{name}, in turns:");
    for (Contestant { name, .. }, best) in contestants.iter().zip(&best) {
        let time = best.as_secs_f64() * 1e6;
        println!("  {name:36} {time:8.1} µs, {:.3} of the signatures, {:6.1} µs beyond", time / alone, time - alone);
    }
    Ok(())
}

fn signatures(chain: &Chain) -> Result<Contestant<'_>, Box<dyn Error>> {
    let signatures = chain.signatures()?;
    let validate = move || black_box(&signatures).iter().all(Signature::is_valid);
    Ok(Contestant::new("its P-256 signatures by ring alone", validate))
}

fn ours(chain: &Chain, policy: ExplicitPolicy) -> Result<[Contestant<'_>; 2], Box<dyn Error>> {
    let at = Instant::from_unix_seconds(NOW.try_into()?)?;
    let store = TrustStore::from_iter([TrustAnchor::from_certificate(Certificate::from_der(&chain.anchor)?)]);
    let mut settings = PathSettings::new(Purpose::KeyPurpose(oid(EMAIL_PROTECTION)), RevocationPolicy::Skip);
    settings.policies.explicit_policy = policy;
    let build = move |leaf: &Certificate, pool: &[Certificate]| {
        let mut inputs = PathInputs::new(leaf, &store, at, &settings);
        inputs.pool = pool;
        path::build(&inputs, &mut Budget::new(&Limits::default())).is_ok()
    };
    let read = || {
        let [upper, lower] = &chain.intermediates;
        let pool = [Certificate::from_der(upper).ok()?, Certificate::from_der(lower).ok()?];
        Some((Certificate::from_der(&chain.leaf).ok()?, pool))
    };
    let (leaf, pool) = read().ok_or("not read")?;
    let build_again = build.clone();
    Ok([
        Contestant::new("wathiqa, parsed", move || build(black_box(&leaf), black_box(&pool))),
        Contestant::new("wathiqa, with parsing", move || read().is_some_and(|(leaf, pool)| build_again(&leaf, &pool))),
    ])
}

fn certval(chain: &Chain) -> Result<[Contestant<'_>; 2], Box<dyn Error>> {
    let mut environment = PkiEnvironment::new();
    environment.add_verify_signature_message_callback(verify_with_ring);
    let mut settings = CertificationPathSettings::new();
    settings.set_time_of_interest(TimeOfInterest::from_unix_secs(NOW)?);
    settings.set_require_ta_store(false);
    settings.set_initial_explicit_policy_indicator(true);
    settings.set_extended_key_usage_path(true);
    settings.set_extended_key_usage_from_oid_set(std::iter::once(EMAIL_PROTECTION.parse()?).collect());
    let anchor = PDVTrustAnchorChoice::try_from(&chain.anchor[..])?;
    let read = move || -> Result<CertificationPath, x509_cert::der::Error> {
        let [upper, lower] = &chain.intermediates;
        let intermediates = [PDVCertificate::try_from(&upper[..])?, PDVCertificate::try_from(&lower[..])?];
        let leaf = PDVCertificate::try_from(&chain.leaf[..])?;
        Ok(CertificationPath::new(anchor.clone(), intermediates.into_iter().collect(), leaf))
    };
    let validate = Rc::new(move |path: &CertificationPath| {
        validate_path_rfc5280(&environment, &settings, path, &mut certval::CertificationPathResults::new()).is_ok()
    });
    let path = read()?;
    let validate_again = Rc::clone(&validate);
    Ok([
        Contestant::new("certval, parsed", move || validate(black_box(&path))),
        Contestant::new("certval, with parsing", move || read().is_ok_and(|path| validate_again(&path))),
    ])
}

fn webpki(chain: &Chain) -> Result<Contestant<'_>, Box<dyn Error>> {
    let anchor = CertificateDer::from(&chain.anchor[..]);
    let anchors = [anchor_from_trusted_cert(&anchor)?.to_owned()];
    let intermediates: Vec<CertificateDer<'_>> =
        chain.intermediates.iter().map(|der| CertificateDer::from(&der[..])).collect();
    let leaf = CertificateDer::from(&chain.leaf[..]);
    let time = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    // id-kp-emailProtection
    let usage = KeyUsage::required_if_present(&[0x2b, 6, 1, 5, 5, 7, 3, 4]);
    let algorithms = [webpki::ring::ECDSA_P256_SHA256];
    let validate = move || -> Result<(), webpki::Error> {
        let leaf = EndEntityCert::try_from(black_box(&leaf))?;
        leaf.verify_for_usage(&algorithms, &anchors, &intermediates, time, usage, None, None).map(drop)
    };
    Ok(Contestant::new("rustls-webpki, with parsing", move || validate().is_ok()))
}
