//! How many documents a second, beside how many signatures `ring` verifies in the same run.
//!
//! ```text
//! cargo run --release --example throughput -- [--json] [--backend NAME] [--documents N] [--total N] [--linearity] [--small-pages]
//! ```
//! Makes N documents (20,000) of 100 signers under 3 CAs, with bodies of 1 to 4 KB and a time-stamp each, keeps them under
//! `target/`, and verifies them from memory: as B-B (without the time-stamp), as B-T, and as files of batches of 1,024
//! under one signature. Every document is verified each time it comes; a verdict is never kept.
//!
//! The ratio is that of documents a second to signatures a second that `ring` verifies alone, over the same signing inputs
//! with the same keys, on as many threads. The two are measured in turns, and the median of the ratios is given: other work
//! on the machine then slows both. Rates are of the steady state: the first thousands of documents, from which a run learns,
//! come before the clock starts. `--total` times a whole run, its start included; `--linearity`
//! whole runs over 1,000, 10,000 and so on to 3,615,100 documents, with the memory of each.
//!
//! Tables of known keys are megabytes that are read here and there, so the allocator is asked for huge pages, as a service
//! would: the C library of Linux by `GLIBC_TUNABLES=glibc.malloc.hugetlb=1`, with which this program starts itself again.
//! `--small-pages` leaves that out.
//!
//! Table on standard output; with `--json` one object there, and the table on standard error.

mod archive;
mod clock;
mod documents;
mod linearity;
mod measure;
mod pages;

use std::error::Error;
use std::num::NonZeroUsize;

use clap::{Parser, ValueEnum};
use serde_json::{Value, json};
use wathiqa::bulk::BulkVerifier;
use wathiqa::crypto::{Backend, KnownKeyTables};

use archive::{Archive, Form};
use linearity::Run;
use measure::Rate;

#[derive(Parser)]
#[command(about = "Measures bulk verification beside ring")]
struct Arguments {
    /// Print one JSON object on standard output, and the table on standard error.
    #[arg(long)]
    json: bool,
    /// What computes with tables of known keys; the fastest of this processor if left out.
    #[arg(long, value_enum)]
    backend: Option<BackendName>,
    /// How many different documents there are.
    #[arg(long, default_value_t = 20_000)]
    documents: usize,
    /// Also time a whole run over so many B-T documents, the different ones again and again.
    #[arg(long)]
    total: Option<usize>,
    /// Also time whole runs over 1,000 to 3,615,100 B-T documents.
    #[arg(long)]
    linearity: bool,
    /// Do not ask the system for huge pages.
    #[arg(long)]
    small_pages: bool,
    /// Measure one form of documents alone.
    #[arg(long, value_enum)]
    only: Option<Form>,
    /// How often each rate is measured.
    #[arg(long, default_value_t = 5)]
    turns: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum BackendName {
    Portable,
    Avx512,
    Ring,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if !arguments.small_pages && pages::are_small() {
        return pages::again_with_huge_ones();
    }
    let backend = backend(arguments.backend)?;
    let archive = Archive::open_or_make(arguments.documents)?;
    let cores = std::thread::available_parallelism()?.min(NonZeroUsize::new(2).unwrap_or(NonZeroUsize::MIN));

    let mut table =
        vec![format!("{}, {cores} cores used, {} documents, back-end {backend}", clock::processor(), archive.len())];
    table.push(pages::asked_for());
    // Before anything else has taken memory that the process keeps.
    let runs = if arguments.linearity { linearity::runs(&archive, backend, cores)? } else { Vec::new() };
    table.extend(runs.iter().map(Run::row));
    let mut rates = Vec::new();
    for form in Form::ALL.into_iter().filter(|form| arguments.only.is_none_or(|only| only == *form)) {
        let rate = measure::rate(&archive, form, backend, cores, arguments.turns)?;
        table.push(row(form, &rate));
        rates.push((form.name(), rate));
    }
    let stages = measure::stages(&archive, backend)?;
    table.push(format!("a B-T document, of one core: {stages}"));
    let total = arguments.total.map(|total| measure::total(&archive, backend, cores, total)).transpose()?;
    if let Some((count, seconds)) = total {
        table.push(format!("{count} B-T documents on {cores} cores: {seconds:.2} s"));
    }
    let peak = measure::peak_mib(archive.octets());
    table.push(format!("memory at the highest, beside the {} MiB of documents: {peak:.0} MiB", archive.octets() >> 20));

    if arguments.json {
        eprintln!("{}", table.join("\n"));
        println!("{}", object(&rates, backend, &stages, total, (peak, &runs)));
    } else {
        println!("{}", table.join("\n"));
    }
    Ok(())
}

fn backend(name: Option<BackendName>) -> Result<Backend, Box<dyn Error>> {
    let Some(name) = name else { return Ok(Backend::detect()) };
    let word = match name {
        BackendName::Portable => "portable",
        BackendName::Avx512 => "avx512",
        BackendName::Ring => "ring",
    };
    let found = Backend::ALL.into_iter().find(|backend| backend.to_string() == word);
    let found = found.ok_or_else(|| format!("no back-end {word} in this version"))?;
    if found.is_available() { Ok(found) } else { Err(format!("this processor does not have {word}").into()) }
}

/// A verifier as an archive would use it.
fn bulk(archive: &Archive, form: Form, backend: Backend, threads: NonZeroUsize) -> BulkVerifier {
    BulkVerifier::new(archive.verifier(form)).with_threads(threads).with_known_keys(KnownKeyTables::default(), backend)
}

/// One line of the table.
fn row(form: Form, rate: &Rate) -> String {
    let Rate { one_core, two_cores, ring_one_core, ratio, scaling } = rate;
    format!(
        "{:<6} {one_core:>9.0} documents/s on 1 core, {two_cores:>9.0} on 2 ({scaling:.2} of ring's gain); ring alone {ring_one_core:>7.0}/s; ratio {ratio:.2}",
        form.name()
    )
}

fn object(
    rates: &[(&'static str, Rate)],
    backend: Backend,
    stages: &measure::Stages,
    total: Option<(usize, f64)>,
    (peak_mib, runs): (f64, &[Run]),
) -> Value {
    let each = |value: &dyn Fn(&Rate) -> Value| -> Value {
        Value::Object(rates.iter().map(|(name, rate)| ((*name).to_owned(), value(rate))).collect())
    };
    json!({
        "processor": clock::processor(),
        "backend": backend.to_string(),
        "pages": pages::asked_for(),
        "ratio_to_ring": each(&|rate| json!(rate.ratio)),
        "documents_per_second": each(&|rate| json!({"one_core": rate.one_core, "two_cores": rate.two_cores})),
        "scaling_to_ring": each(&|rate| json!(rate.scaling)),
        "ring_raw_per_second": rates.first().map(|(_, rate)| rate.ring_one_core),
        "stages": stages.to_json(),
        "peak_mib": peak_mib,
        "linearity": runs.iter().map(Run::to_json).collect::<Vec<_>>(),
        "total": total.map(|(documents, seconds)| json!({"documents": documents, "seconds": seconds})),
    })
}
