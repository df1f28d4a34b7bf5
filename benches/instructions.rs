//! Work whose instructions are counted: unlike its time, they are the same on a busy machine.
//!
//! `.ci/instructions` runs each workload under callgrind and holds it to the count in `.ci/instructions.txt`. Inputs are files,
//! since new keys would cost something else each time; `cargo bench --bench instructions -- make` writes them anew.

#[path = "path/chain.rs"]
#[allow(dead_code, reason = "the whole chain is made for another bench")]
mod chain;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::{env, fs};

use wathiqa::budget::{Budget, Limits};
use wathiqa::time::Instant;
use wathiqa::x509::path::{self, ExplicitPolicy, PathInputs, PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use chain::{Chain, Extras, NOW, Signature};

type Answer = Result<(), Box<dyn Error>>;

fn main() -> Answer {
    // Cargo adds `--bench`.
    let name = env::args().skip(1).find(|argument| argument != "--bench").unwrap_or_default();
    match &*name {
        "make" => make(),
        "signatures-of-a-path" => signatures_of_a_path(),
        "certificates-of-a-path" => certificates_of_a_path(),
        "path-parsed" => path_parsed(),
        "path-with-parsing" => path_with_parsing(),
        _ => Err(format!("no workload {name:?}").into()),
    }
}

/// Runs `work` once for what is done only once, and then for the count, which is of this function alone.
fn measure(mut work: impl FnMut() -> Answer) -> Answer {
    work()?;
    counted(&mut work)
}

#[inline(never)]
fn counted(work: &mut dyn FnMut() -> Answer) -> Answer {
    black_box(work)()
}

/// By `ring` alone: what the paths below cannot do without.
fn signatures_of_a_path() -> Answer {
    let signatures = read()?.signatures()?;
    measure(|| if signatures.iter().all(Signature::is_valid) { Ok(()) } else { Err("a signature".into()) })
}

fn certificates_of_a_path() -> Answer {
    let chain = read()?;
    measure(|| certificates(&chain).map(drop))
}

fn path_parsed() -> Answer {
    let chain = read()?;
    let (certificates, store) = (certificates(&chain)?, store(&chain)?);
    measure(|| build(&certificates, &store))
}

fn path_with_parsing() -> Answer {
    let chain = read()?;
    let store = store(&chain)?;
    measure(|| build(&certificates(&chain)?, &store))
}

/// The leaf first.
fn certificates(chain: &Chain) -> Result<[Certificate; 3], Box<dyn Error>> {
    let [upper, lower] = &chain.intermediates;
    Ok([Certificate::from_der(&chain.leaf)?, Certificate::from_der(upper)?, Certificate::from_der(lower)?])
}

fn store(chain: &Chain) -> Result<TrustStore, Box<dyn Error>> {
    Ok(TrustStore::from_iter([TrustAnchor::from_certificate(Certificate::from_der(&chain.anchor)?)]))
}

fn build(certificates: &[Certificate; 3], store: &TrustStore) -> Answer {
    let [leaf, pool @ ..] = certificates;
    let mut settings = PathSettings::new(Purpose::DocumentSigning, RevocationPolicy::Skip);
    settings.policies.explicit_policy = ExplicitPolicy::Required;
    let mut inputs = PathInputs::new(leaf, store, Instant::from_unix_seconds(NOW.try_into()?)?, &settings);
    inputs.pool = pool;
    Ok(path::build(&inputs, &mut Budget::new(&Limits::default())).map(drop)?)
}

fn read() -> Result<Chain, Box<dyn Error>> {
    let file = |name| fs::read(Path::new(FOLDER).join(name));
    let [anchor, upper, lower, leaf] = FILES;
    Ok(Chain { anchor: file(anchor)?, intermediates: [file(upper)?, file(lower)?], leaf: file(leaf)? })
}

fn make() -> Answer {
    let Chain { anchor, intermediates: [upper, lower], leaf } = Chain::new(Extras::ConstraintAndPolicies)?;
    for (name, der) in FILES.into_iter().zip([anchor, upper, lower, leaf]) {
        fs::write(Path::new(FOLDER).join(name), der)?;
    }
    Ok(())
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions");

const FILES: [&str; 4] = ["anchor.der", "upper-ca.der", "lower-ca.der", "leaf.der"];
