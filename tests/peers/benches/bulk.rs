//! The documents of a hundred signers, verified by this library and by its peers, in turns, beside what `ring` takes for their
//! signatures alone.
//!
//! `cargo bench --manifest-path tests/peers/Cargo.toml --target-dir target --features openssl --bench bulk`, on one core.
//! `tests/documents.rs` shows what each looks at. A rate is the median of the turns, by the time that the thread had on the
//! processor, beside it by the clock; a ratio is that of each turn, and then the median. The first thousands of documents, from
//! which a bulk verifier learns, come before the first turn.

#[path = "../../../examples/throughput/clock.rs"]
mod clock;

use std::error::Error;
use std::hint::black_box;
use std::num::NonZeroUsize;

use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use wathiqa::bulk::BulkVerifier;
use wathiqa::crypto::{Backend, KnownKeyTables};
use wathiqa::encoding::base64;
use wathiqa::report::Indication;
use wathiqa_peers::archive::{Archive, Entry};
use wathiqa_peers::parts::{Form, Parts};
use wathiqa_peers::verifiers::{DocumentVerifier, Jades, Level, Ours};
#[cfg(feature = "openssl")]
use wathiqa_peers::verifiers::{Josekit, OpenSsl, Revocation};

use clock::{median, per_second, per_second_on_one, processor};

type Outcome = Result<(), Box<dyn Error>>;

/// Something that verifies, so many documents a turn, and how many a second it did in each. A turn takes a tenth of a second and
/// more: the system counts the time on the processor in steps of some milliseconds.
struct Contestant<'a> {
    name: String,
    documents: usize,
    verify: Box<dyn FnMut(usize) -> Outcome + 'a>,
    by_processor: Vec<f64>,
    by_clock: Vec<f64>,
}

impl<'a> Contestant<'a> {
    fn new(name: impl Into<String>, documents: usize, verify: impl FnMut(usize) -> Outcome + 'a) -> Self {
        let (by_processor, by_clock) = (Vec::new(), Vec::new());
        Self { name: name.into(), documents, verify: Box::new(verify), by_processor, by_clock }
    }

    /// A peer that verifies one document at a time: the one of `verifiers` at the place that stands with the document.
    fn peer(
        verifiers: Vec<impl DocumentVerifier + 'a>,
        documents: impl IntoIterator<Item = (usize, String)>,
        count: usize,
    ) -> Self {
        let documents: Vec<(usize, String)> = documents.into_iter().collect();
        let (name, mut at) = (verifiers[0].name(), 0);
        Self::new(name, count, move |count| {
            for _ in 0..count {
                let (verifier, document) = &documents[at % documents.len()];
                verifiers[*verifier].verify(black_box(document)).map_err(|error| format!("{name}: {error}"))?;
                at += 1;
            }
            Ok(())
        })
    }

    fn turn(&mut self, divisor: usize) -> Outcome {
        let Self { documents, verify, .. } = self;
        let (count, mut by_clock) = ((*documents / divisor).max(1), f64::NAN);
        let by_processor = per_second_on_one(|| {
            by_clock = per_second(|| verify(count).map(|()| count))?;
            Ok(count)
        })?;
        self.by_processor.push(by_processor);
        self.by_clock.push(by_clock);
        Ok(())
    }

    /// How many times as fast as `other`, turn by turn.
    fn ratio_to(&self, other: &Self) -> f64 {
        median(self.by_processor.iter().zip(&other.by_processor).map(|(one, other)| one / other).collect())
    }
}

fn main() -> Outcome {
    let is_test = std::env::args().any(|argument| argument == "--test");
    let (documents, turns, divisor) = if is_test { (64, 1, usize::MAX) } else { (4096, 15, 1) };
    let archive = Archive::new(documents)?;
    println!("{}, one core, {documents} documents, back-end {}", processor(), Backend::detect());
    #[cfg(feature = "openssl")]
    println!("{}", openssl::version::version());
    #[cfg(not(feature = "openssl"))]
    println!("SKIPPED: openssl and josekit, for want of the feature `openssl`");
    for (name, level) in [("B-B", Level::BB), ("B-T", Level::BT)] {
        let octets: Vec<Vec<u8>> = archive.entries().iter().map(|entry| octets(entry, level)).collect();
        let ours = Ours::new(&archive.trust()?, level)?;
        let bulk: Vec<(Backend, BulkVerifier)> = [Backend::detect(), Backend::Portable]
            .map(|backend| {
                let bulk = BulkVerifier::new(ours.verifier().clone()).with_threads(NonZeroUsize::MIN);
                (backend, bulk.with_known_keys(KnownKeyTables::default(), backend))
            })
            .into();
        let mut contestants = Vec::new();
        for (backend, bulk) in &bulk {
            contestants.push(in_bulk(*backend, bulk, &octets, &ours, if is_test { 64 } else { WARM_UP })?);
        }
        contestants.insert(1, alone(&archive)?);
        contestants.extend(one_by_one(&archive, level)?);
        for _ in 0..turns {
            for contestant in &mut contestants {
                contestant.turn(divisor)?;
            }
        }
        if is_test {
            contestants.iter().for_each(|one| println!("{name}: verified by {}", one.name));
        } else {
            print(name, &contestants);
        }
    }
    Ok(())
}

fn octets(entry: &Entry, level: Level) -> Vec<u8> {
    match level {
        Level::BB => without_time_stamp(entry).into_bytes(),
        Level::BT => entry.octets.clone(),
    }
}

fn without_time_stamp(entry: &Entry) -> String {
    Parts { token: None, ..entry.parts.clone() }.to_json(Form::Standard)
}

/// This library's verifier of many, after it has learned.
fn in_bulk<'a>(
    backend: Backend,
    bulk: &'a BulkVerifier,
    documents: &'a [Vec<u8>],
    ours: &'a Ours,
    warm_up: usize,
) -> Result<Contestant<'a>, Box<dyn Error>> {
    let mut outcomes = bulk.verify(documents.iter().cycle(), ours.evidence(), ours.at());
    let mut verify = move |count| -> Outcome {
        for outcome in outcomes.by_ref().take(count) {
            if outcome.indication() != Indication::TotalPassed {
                return Err(format!("document {}:\n{}", outcome.position(), outcome.report()).into());
            }
        }
        Ok(())
    };
    verify(warm_up)?;
    Ok(Contestant::new(format!("wathiqa in bulk, {backend}"), 16_384, verify))
}

/// The unit: the same signing inputs with the same keys, by `ring` alone.
fn alone(archive: &Archive) -> Result<Contestant<'_>, Box<dyn Error>> {
    let mut signatures = Vec::new();
    for entry in archive.entries().iter().take(1024) {
        // The last 65 octets of a P-256 SubjectPublicKeyInfo are the uncompressed point.
        let point = archive.keys()[entry.signer].spki_der().last_chunk::<65>().ok_or("no point")?;
        signatures.push((point.to_vec(), entry.parts.signing_input(), base64::decode_url(&entry.parts.signature)?));
    }
    let mut at = 0;
    Ok(Contestant::new("ring, the document's signature alone", 4096, move |count| {
        for _ in 0..count {
            let (point, input, value) = &signatures[at % signatures.len()];
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(black_box(input.as_bytes()), value).map_err(|_| "ring: a signature does not hold")?;
            at += 1;
        }
        Ok(())
    }))
}

/// Those that verify one document at a time. A peer has a trust store for each CA, so that none tries roots in vain.
fn one_by_one(archive: &Archive, level: Level) -> Result<Vec<Contestant<'_>>, Box<dyn Error>> {
    let trust = archive.trust()?;
    let entries = || archive.entries().iter().take(512);
    let in_standard_form = |entry: &Entry| match level {
        Level::BB => Ok(without_time_stamp(entry)),
        Level::BT => String::from_utf8(entry.octets.clone()),
    };
    let standard = |which: fn(&Entry) -> usize| {
        entries().map(|entry| Ok((which(entry), in_standard_form(entry)?))).collect::<Result<Vec<_>, Box<dyn Error>>>()
    };
    let for_jades = entries().map(|entry| match level {
        Level::BB => Ok((entry.ca, without_time_stamp(entry))),
        Level::BT => Ok((entry.ca, archive.as_jades(entry)?)),
    });
    let jades = trust.iter().map(|trust| Jades::new(trust, level)).collect::<Result<Vec<_>, _>>()?;
    let contestants = vec![
        Contestant::peer(vec![Ours::new(&trust, level)?], standard(|_| 0)?, 256),
        Contestant::peer(jades, for_jades.collect::<Result<Vec<_>, Box<dyn Error>>>()?, 192),
    ];
    #[cfg(feature = "openssl")]
    let contestants = {
        let mut all = contestants;
        for revocation in [Revocation::Checked, Revocation::Skipped] {
            let openssl =
                trust.iter().map(|trust| OpenSsl::new(trust, level, revocation)).collect::<Result<Vec<_>, _>>()?;
            all.push(Contestant::peer(openssl, standard(|entry| entry.ca)?, 256));
        }
        let josekit = archive.keys().iter().map(Josekit::new).collect::<Result<Vec<_>, _>>()?;
        all.push(Contestant::peer(josekit, standard(|entry| entry.signer)?, 2048));
        all
    };
    Ok(contestants)
}

fn print(form: &str, contestants: &[Contestant<'_>]) {
    println!(
        "\n| {form} | documents/s | by the clock | of `ring` | `wathiqa` in bulk is |\n| --- | --- | --- | --- | --- |"
    );
    let [ours, ring, ..] = contestants else { return };
    for one in contestants {
        println!(
            "| {} | {:.0} | {:.0} | {:.3} | × {:.1} |",
            one.name,
            median(one.by_processor.clone()),
            median(one.by_clock.clone()),
            one.ratio_to(ring),
            ours.ratio_to(one)
        );
    }
}

/// Documents before the first turn: every signer has come, and every key has earned its table.
const WARM_UP: usize = 12_288;
