//! Documents, and `ring` beside us.

use std::error::Error;
use std::fmt;
use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Instant as Clock;

use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::bulk::Outcomes;
use wathiqa::crypto::{Backend, Check, JwsAlgorithm, KnownKeyTables, KnownKeys, PublicKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64;
use wathiqa::jws::Jws;
use wathiqa::report::Indication;
use wathiqa::x509::Certificate;

use crate::archive::{Archive, Form};
use crate::bulk;
use crate::clock::{median, number, per_second, per_second_on_one, processor_seconds};

/// What was measured of one form of documents; medians.
pub(crate) struct Rate {
    /// Documents a second.
    pub(crate) one_core: f64,
    /// Documents a second.
    pub(crate) two_cores: f64,
    /// Signatures a second by `ring` alone, on one core.
    pub(crate) ring_one_core: f64,
    /// Of `one_core` to `ring_one_core`, turn by turn.
    pub(crate) ratio: f64,
    /// The gain of the second core, in parts of `ring`'s own.
    pub(crate) scaling: f64,
}

/// Documents and signatures in turns.
pub(crate) fn rate(
    archive: &Archive,
    form: Form,
    backend: Backend,
    cores: NonZeroUsize,
    turns: usize,
) -> Result<Rate, Box<dyn Error>> {
    // The same signing inputs for all: those of B-B.
    let signed = Signed::of(archive.documents(Form::BB))?;
    let evidence = archive.evidence();
    let one = bulk(archive, form, backend, NonZeroUsize::MIN);
    let two = bulk(archive, form, backend, cores);
    let documents = || archive.documents(form).iter().cycle();
    let mut on_one = one.verify(documents(), &evidence, archive.at());
    let mut on_two = two.verify(documents(), &evidence, archive.at());
    for outcomes in [&mut on_one, &mut on_two] {
        passed(outcomes.by_ref().take(WARM_UP))?;
    }
    let mut rates: [Vec<f64>; 6] = Default::default();
    for _ in 0..turns.max(1) {
        let one_core = per_second_on_one(|| judged(&mut on_one, CHUNK))?;
        let ring_one = signed.ring(NonZeroUsize::MIN)?;
        let two_cores = per_second(|| judged(&mut on_two, 2 * CHUNK))?;
        let ring_two = signed.ring(cores)?;
        let found = [
            one_core,
            two_cores,
            ring_one,
            ring_two,
            one_core / ring_one,
            (two_cores / one_core) / (ring_two / ring_one),
        ];
        rates.iter_mut().zip(found).for_each(|(rates, found)| rates.push(found));
    }
    let [one_core, two_cores, ring_one_core, _, ratio, scaling] = rates.map(median);
    Ok(Rate { one_core, two_cores, ring_one_core, ratio, scaling })
}

/// How many documents were judged while `count` outcomes were asked for: a round judges all of its documents before the
/// first outcome is there.
fn judged<'a, I>(outcomes: &mut Outcomes<'a, I>, count: usize) -> Result<usize, Box<dyn Error>>
where
    I: Iterator<Item: AsRef<[u8]> + Send> + Send,
{
    let monitor = outcomes.monitor();
    let before = monitor.counts().documents;
    passed(outcomes.by_ref().take(count))?;
    Ok(usize::try_from(monitor.counts().documents - before)?)
}

/// A whole run over `count` B-T documents, and how many seconds it took.
pub(crate) fn total(
    archive: &Archive,
    backend: Backend,
    cores: NonZeroUsize,
    count: usize,
) -> Result<(usize, f64), Box<dyn Error>> {
    let bulk = bulk(archive, Form::BT, backend, cores);
    let evidence = archive.evidence();
    let start = Clock::now();
    passed(bulk.verify(archive.documents(Form::BT).iter().cycle().take(count), &evidence, archive.at()))?;
    Ok((count, start.elapsed().as_secs_f64()))
}

/// Where the time of one B-T document goes, in microseconds on one core.
pub(crate) struct Stages {
    whole: f64,
    signatures: f64,
}

impl Stages {
    pub(crate) fn to_json(&self) -> Value {
        let Self { whole, signatures } = self;
        json!({"signatures_us": signatures, "rest_us": whole - signatures})
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whole, signatures } = self;
        write!(f, "2 signatures {signatures:.2} us, all the rest {:.2} us", whole - signatures)
    }
}

/// The signatures are measured alone, without the digests of what they are over; the rest is what is left of a document.
pub(crate) fn stages(archive: &Archive, backend: Backend) -> Result<Stages, Box<dyn Error>> {
    let signed = Signed::of(archive.documents(Form::BB))?;
    let bulk = bulk(archive, Form::BT, backend, NonZeroUsize::MIN);
    let evidence = archive.evidence();
    let mut outcomes = bulk.verify(archive.documents(Form::BT).iter().cycle(), &evidence, archive.at());
    passed(outcomes.by_ref().take(WARM_UP))?;
    let whole = 1e6 / per_second_on_one(|| judged(&mut outcomes, CHUNK))?;
    let now = || processor_seconds().unwrap_or_default();
    let micros = |count: usize, start: f64| (now() - start) * 1e6 / number(count);
    let (known, count) = (KnownKeys::new(KnownKeyTables::default(), backend), signed.signatures.len());
    // So often that every key has earned its table.
    for one in (0..4).flat_map(|_| signed.signatures.chunks(256)) {
        black_box(signed.known(&known, one));
    }
    let start = now();
    for one in signed.signatures.chunks(256) {
        black_box(signed.known(&known, one));
    }
    let with_digests = micros(count, start);
    let start = now();
    signed.signatures.iter().for_each(|one| drop(black_box(DigestAlgorithm::Sha256.digest(&one.input))));
    let inputs = micros(count, start);
    Ok(Stages { whole, signatures: 2.0 * (with_digests - inputs) })
}

/// The signatures of documents, with nothing around them.
struct Signed {
    signatures: Vec<Signature>,
}

struct Signature {
    key: PublicKey,
    point: Vec<u8>,
    input: Vec<u8>,
    value: Vec<u8>,
}

impl Signed {
    /// Of the first few thousand.
    fn of(documents: &[Vec<u8>]) -> Result<Self, Box<dyn Error>> {
        let read = |document: &Vec<u8>| -> Result<Signature, Box<dyn Error>> {
            let jws = Jws::parse(document, &Limits::default())?;
            let signature = jws.signatures().first().ok_or("no signature")?;
            let header: Value = serde_json::from_slice(&base64::decode_url(signature.received_protected())?)?;
            let leaf = header.pointer("/x5c/0").and_then(Value::as_str).ok_or("no certificate")?;
            let key = Certificate::from_der(&base64::decode_standard(leaf)?)?.public_key().clone();
            // The last 65 octets of a P-256 SubjectPublicKeyInfo are the uncompressed point.
            let point = key.spki_der().last_chunk::<65>().ok_or("no point")?.to_vec();
            Ok(Signature { key, point, input: signature.signing_input(None)?, value: signature.value().to_vec() })
        };
        Ok(Self { signatures: documents.iter().take(SIGNED).map(read).collect::<Result<_, _>>()? })
    }

    /// Signatures a second by `ring` alone, on so many threads.
    fn ring(&self, threads: NonZeroUsize) -> Result<f64, Box<dyn Error>> {
        let verify = || {
            self.signatures.iter().take(RING).all(|one| {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &one.point)
                    .verify(black_box(&one.input), &one.value)
                    .is_ok()
            })
        };
        let count = threads.get() * RING.min(self.signatures.len());
        let verify_all = || {
            let all = thread::scope(|scope| {
                let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(verify)).collect();
                verify() && others.into_iter().all(|other| other.join().unwrap_or(false))
            });
            if all { Ok(count) } else { Err("ring: a signature does not hold".into()) }
        };
        if threads == NonZeroUsize::MIN { per_second_on_one(verify_all) } else { per_second(verify_all) }
    }

    fn known(&self, known: &KnownKeys, signatures: &[Signature]) -> bool {
        let inputs: Vec<[&[u8]; 1]> = signatures.iter().map(|one| [one.input.as_slice()]).collect();
        let checks: Vec<Check<'_>> = signatures
            .iter()
            .zip(&inputs)
            .map(|(one, input)| Check::jws(&one.key, JwsAlgorithm::Es256, input, &one.value))
            .collect();
        known.verify(&checks).iter().all(Result::is_ok)
    }
}

fn passed<'a, D: AsRef<[u8]>>(
    outcomes: impl Iterator<Item = wathiqa::bulk::BulkOutcome<'a, D>>,
) -> Result<(), Box<dyn Error>> {
    for outcome in outcomes {
        if outcome.indication() != Indication::TotalPassed {
            return Err(format!("document {} does not pass:\n{}", outcome.position(), outcome.report()).into());
        }
    }
    Ok(())
}

/// The highest memory of the process, less that of the documents it holds.
pub(crate) fn peak_mib(documents: usize) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    peak.map_or(f64::NAN, |kib| (kib - number(documents / 1024)) / 1024.0)
}

/// Documents before the clock starts: every signer has come, and every key has earned its table.
const WARM_UP: usize = 12_288;

/// Documents of one turn on one core: whole rounds of the verifier, so many that it is little to begin after others.
const CHUNK: usize = 16_384;

/// Documents whose signatures are measured alone.
const SIGNED: usize = 4096;

/// Signatures of one turn of `ring`, on each thread.
const RING: usize = 1500;
