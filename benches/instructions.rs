//! Work whose instructions are counted: unlike its time, they are the same on a busy machine.
//!
//! `.ci/instructions` runs each workload under callgrind and holds it to the count in `.ci/instructions.txt`. Inputs are files,
//! since new keys would cost something else each time; `cargo bench --bench instructions -- make` writes them anew, and
//! `make-documents` those of documents.
//!
//! Counted is what callgrind's processor does, which has neither AVX-512 nor instructions for SHA-256: the portable tables of
//! known keys, and digests that cost far more than elsewhere. So the tables are counted less the digests.

#[path = "path/chain.rs"]
#[allow(dead_code, reason = "the whole chain is made for another bench")]
mod chain;
#[path = "instructions/documents.rs"]
mod documents;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::{env, fs};

use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::Backend;
use wathiqa::time::Instant;
use wathiqa::x509::path::{self, ExplicitPolicy, PathInputs, PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use chain::{Chain, Extras, NOW, Signature};
use documents::Form;

type Answer = Result<(), Box<dyn Error>>;

fn main() -> Answer {
    // Cargo adds `--bench`.
    let name = env::args().skip(1).find(|argument| argument != "--bench").unwrap_or_default();
    match &*name {
        "make" => make(),
        "make-documents" => documents::make(),
        "back-end" => back_end(),
        "signatures-of-a-path" => signatures_of_a_path(),
        "certificates-of-a-path" => certificates_of_a_path(),
        "path-parsed" => path_parsed(),
        "path-with-parsing" => path_with_parsing(),
        "three-signatures" => documents::signatures_by_ring(2),
        "five-signatures" => documents::signatures_by_ring(4),
        "document-b-b" => documents::alone(Form::BB),
        "document-b-t" => documents::alone(Form::BT),
        "digest" => documents::digests(1),
        "digests-of-a-block" => documents::digests(documents::BLOCK),
        "known-key-check" => documents::known_key(1),
        "known-key-block" => documents::known_key(documents::BLOCK),
        "known-key-sixteen" => documents::known_key(documents::TABLE),
        "known-key-table" => documents::known_key_table(),
        "bulk-b-b" => documents::round(Form::BB),
        "bulk-b-t" => documents::round(Form::BT),
        "bulk-batch" => documents::round(Form::Batch),
        "run-of-1000" => documents::run(Form::BT, 1000),
        "run-of-10000" => documents::run(Form::BT, 10_000),
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

/// What computes with tables of known keys here, for whoever counts: under callgrind there is no AVX-512 to be found.
fn back_end() -> Answer {
    println!("back-end {}", Backend::detect());
    Ok(())
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
