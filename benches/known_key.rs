//! What a signature costs by the tables of known keys, beside `ring`.
//!
//! `cargo bench --bench known_key`. First a table: all back-ends take turns over the same signatures, of 100 keys in no
//! order, so that a busy machine slows them alike; shown are medians and their ratios to `ring`. Then each by itself. Messages are
//! short: what is measured is the arithmetic, not the digest.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use wathiqa::crypto::{Backend, Check, JwsAlgorithm, KnownKeyTables, KnownKeys, PublicKey, Signer, SoftwareKey};

/// A message with its signature.
struct Signed {
    key: PublicKey,
    message: [u8; 4],
    signature: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    // As criterion understands it: each once, to see that it runs.
    let once = std::env::args().any(|argument| argument == "--test");
    for (algorithm, keys, blocks) in [(JwsAlgorithm::Es256, 100, 40), (JwsAlgorithm::Es384, 20, 8)] {
        let (keys, blocks) = if once { (2, 1) } else { (keys, blocks) };
        let signed = sign(algorithm, keys, blocks * BLOCK)?;
        let known = Backend::ALL.into_iter().filter(|backend| backend.is_available());
        let known: Vec<KnownKeys> = known.map(|backend| KnownKeys::new(KnownKeyTables::default(), backend)).collect();
        println!("{algorithm}, {} signatures of {keys} keys, blocks of {BLOCK}", signed.len());
        interleaved(&known, algorithm, &signed, if once { 1 } else { 15 });
        let mut group = criterion.benchmark_group(format!("{algorithm}, a block of {BLOCK}"));
        group.throughput(Throughput::Elements(u64::try_from(BLOCK)?)).sample_size(20);
        for known in &known {
            let mut turns = signed.chunks(BLOCK).cycle();
            group.bench_function(known.backend().to_string(), |bencher| {
                bencher.iter(|| turns.next().map(|block| verify(known, algorithm, block)));
            });
        }
    }
    Ok(())
}

fn sign(algorithm: JwsAlgorithm, keys: usize, count: usize) -> Result<Vec<Signed>, Box<dyn Error>> {
    let keys: Vec<SoftwareKey> =
        (0..keys).map(|_| SoftwareKey::generate(algorithm).map(|generated| generated.key)).collect::<Result<_, _>>()?;
    let mut state = 1_u32;
    let mut signed = Vec::new();
    for _ in 0..count {
        // Numerical Recipes' generator: an order that is the same in every run.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let chosen = usize::try_from(state >> 16)? % keys.len();
        let key = keys.get(chosen).ok_or("no key")?;
        let message = state.to_be_bytes();
        signed.push(Signed { key: key.public_key().clone(), message, signature: key.sign(&message)? });
    }
    Ok(signed)
}

/// Verifies `signed` at once, and returns how many hold.
fn verify(known: &KnownKeys, algorithm: JwsAlgorithm, signed: &[Signed]) -> usize {
    let pieces: Vec<[&[u8]; 1]> = signed.iter().map(|signed| [&signed.message[..]]).collect();
    let check = |(signed, pieces)| {
        let Signed { key, signature, .. }: &Signed = signed;
        let pieces: &[&[u8]; 1] = pieces;
        Check::jws(key, algorithm, pieces, signature)
    };
    let checks: Vec<Check<'_>> = signed.iter().zip(&pieces).map(check).collect();
    black_box(known.verify(&checks)).iter().filter(|answer| answer.is_ok()).count()
}

fn interleaved(known: &[KnownKeys], algorithm: JwsAlgorithm, signed: &[Signed], rounds: usize) {
    let mut times = vec![Vec::new(); known.len()];
    // The first round builds the tables.
    for round in 0..=rounds {
        for (known, times) in known.iter().zip(&mut times) {
            // A tenth is enough of what takes ten times as long.
            let tenth = signed.get(..signed.len() / 10).filter(|part| !part.is_empty()).unwrap_or(signed);
            let part = if known.backend() == Backend::Ring { tenth } else { signed };
            let begin = Instant::now();
            let valid: usize = part.chunks(BLOCK).map(|block| verify(known, algorithm, block)).sum();
            let time = begin.elapsed() / u32::try_from(part.len()).unwrap_or(u32::MAX);
            assert_eq!(valid, part.len());
            if round > 0 || rounds == 1 {
                times.push(time);
            }
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    let ring = known.iter().zip(&medians).find(|(known, _)| known.backend() == Backend::Ring).map(|(_, time)| *time);
    for (known, time) in known.iter().zip(&medians) {
        let ratio = ring.map_or(0.0, |ring| ring.as_secs_f64() / time.as_secs_f64());
        println!(
            "  {:<10} {:>8.2} µs a signature, {ratio:>5.1} times as fast as ring",
            known.backend().to_string(),
            time.as_secs_f64() * 1e6
        );
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Signatures given at once.
const BLOCK: usize = 256;
