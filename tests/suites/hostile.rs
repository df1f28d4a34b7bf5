//! `hostile`: inputs that broke others. Every reader must return, in a second and 64 MB; of JSON there are verdicts too.
//!
//! Rows have the field `part`, by which they are counted too.

use std::fmt::{self, Display};
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use peak_alloc::PeakAlloc;
use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::{JwsAlgorithm, PublicKey, SoftwareKey};
use wathiqa::encoding::{base64, der, json};
use wathiqa::jws::Jws;
use wathiqa::x509::crl::{Crl, DistributionPoint};
use wathiqa::x509::ocsp::OcspResponse;
use wathiqa::x509::path::{DirectTrust, PathInputs, PathSettings, Purpose, RevocationPolicy, build};
use wathiqa::x509::revocation::{self, RevocationEvidence, RevocationInputs, RevocationSettings};
use wathiqa::x509::{Certificate, GeneralName, Name, NameConstraints, TrustAnchor, TrustStore, certificates_from_pem};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::text;

/// Counts what is allocated.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The longest that one input may take.
const LONGEST: Duration = Duration::from_secs(1);

/// The most octets that may be allocated for one input at any time.
const MOST: usize = 64 << 20;

/// A folder of inputs without verdicts, and what reads them.
struct Corpus {
    folder: &'static str,
    read: fn(&[u8]),
}

const CORPORA: &[Corpus] = &[
    Corpus { folder: "cert", read: read_certificate },
    Corpus { folder: "crl", read: read_crl },
    Corpus { folder: "ocsp", read: read_ocsp_response },
    Corpus { folder: "der", read: read_der },
    Corpus { folder: "pem", read: read_pem },
];

/// The rows of the corpora that are there, and of `hostile/json/manifest.json`.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for corpus in CORPORA {
        let path = format!("hostile/{}", corpus.folder);
        for name in if folder.holds(&path) { folder.names(&path)? } else { Vec::new() } {
            let octets = folder.read(&format!("{path}/{name}"))?;
            let part = Map::from_iter([("part".to_owned(), corpus.folder.into())]);
            let name = format!("{}/{name}", corpus.folder);
            rows.push(Row::run(name.clone(), part, || bounded(&name, &octets, || (corpus.read)(&octets)).1));
        }
    }
    rows.extend(json_rows(folder)?);
    let [memory, for_an_octet, time] = &*MOST_SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    println!("hostile: {} inputs; most memory {memory}; most for an octet {for_an_octet}; longest {time}", rows.len());
    Ok(rows)
}

/// The most of something that was seen, and of which input.
#[derive(Default)]
struct Most {
    amount: u128,
    shown: String,
}

impl Most {
    fn note(&mut self, amount: u128, shown: impl FnOnce() -> String) {
        if amount > self.amount {
            (self.amount, self.shown) = (amount, shown());
        }
    }
}

impl Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The most memory, the most memory for one octet of an input of a kibioctet or more, the longest time.
static MOST_SEEN: Mutex<[Most; 3]> = Mutex::new([const { Most { amount: 0, shown: String::new() } }; 3]);

/// Runs `read` of the input `name`; agreement is that it stays within the bounds.
fn bounded<T>(name: &str, octets: &[u8], read: impl FnOnce() -> T) -> (T, Outcome) {
    MEMORY.reset_peak_usage();
    let (before, start) = (MEMORY.current_usage(), Clock::now());
    let answer = read();
    let (taken, allocated) = (start.elapsed(), MEMORY.peak_usage().saturating_sub(before));
    let [memory, for_an_octet, time] = &mut *MOST_SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let amount = |octets: usize| u128::try_from(octets).unwrap_or(u128::MAX);
    memory.note(amount(allocated), || format!("{} KiB, {name}", allocated >> 10));
    if let Some(each) = allocated.checked_div(octets.len()).filter(|_| octets.len() >= 1024) {
        for_an_octet.note(amount(each), || format!("{each}, {name} of {} octets", octets.len()));
    }
    time.note(taken.as_nanos(), || format!("{taken:.1?}, {name}"));
    let outcome = if taken <= LONGEST && allocated <= MOST {
        Outcome::Agree
    } else {
        Outcome::Disagree(format!("took {taken:?} and {allocated} octets of memory"))
    };
    (answer, outcome)
}

/// What was read; of a refusal, the reason is written out too.
fn read<T, E: Display>(result: Result<T, E>) -> Option<T> {
    result.map(black_box).map_err(|reason| black_box(reason.to_string())).ok()
}

/// Reads a certificate; one that can be read is shown, and used as leaf, issuer and anchor of itself.
fn read_certificate(octets: &[u8]) {
    let Some(certificate) = read(Certificate::from_der(octets)) else { return };
    black_box(format!("{} {certificate:?}", certificate.issuer()));
    let nobody = TrustStore::default();
    let itself: TrustStore = [TrustAnchor::from_certificate(certificate.clone())].into_iter().collect();
    for (trust_store, direct_trust) in
        [(&nobody, DirectTrust::Refuse), (&itself, DirectTrust::Refuse), (&itself, DirectTrust::Accept)]
    {
        let mut settings = PathSettings::new(Purpose::Any, RevocationPolicy::Skip);
        settings.direct_trust = direct_trust;
        let mut inputs = PathInputs::new(&certificate, trust_store, certificate.validity().not_before(), &settings);
        inputs.pool = std::slice::from_ref(&certificate);
        read(build(&inputs, &mut Budget::new(&Limits::default())));
    }
    let mut budget = Budget::new(&Limits::default());
    let subject = GeneralName::DirectoryName(certificate.subject().clone());
    for name in certificate.subject_alt_name().iter().chain([&subject]) {
        black_box(name.to_string());
        certificate.name_constraints().map(|constraints| read(constraints.check(name, &mut budget)));
    }
    read(DistributionPoint::of_certificate(&certificate));
}

/// Reads a CRL and looks a certificate up in it.
fn read_crl(octets: &[u8]) {
    let Some(crl) = read(Crl::from_der(octets, &Limits::default())) else { return };
    black_box(format!("{} {crl:?}", crl.issuer()));
    read(crl.find(crl.issuer(), &[1]));
}

/// Reads an OCSP response and asks it about the certificates in it, as if each were an anchor.
fn read_ocsp_response(octets: &[u8]) {
    let Some(response) = read(OcspResponse::from_der(octets, &Limits::default())) else { return };
    black_box(format!("{response:?}"));
    let (settings, at) = (RevocationSettings::default(), response.produced_at());
    let evidence = RevocationEvidence::new(Vec::new(), vec![response.clone()]);
    for certificate in response.certificates() {
        let anchor = TrustAnchor::from_certificate(certificate.clone());
        let inputs = RevocationInputs::new(&evidence, &anchor, at, &settings);
        let mut budget = Budget::new(&Limits::default());
        black_box(revocation::check(certificate, (&anchor).into(), &inputs, &mut budget).to_string());
    }
}

/// Reads DER as each of the types that have a reader.
fn read_der(octets: &[u8]) {
    read(der::check(octets, &Limits::default()));
    read(Name::from_der(octets)).map(|name| black_box(name.to_string()));
    read(GeneralName::all_from_der(octets));
    read(NameConstraints::from_der(octets));
    read(PublicKey::from_spki_der(octets));
    read_certificate(octets);
    read_crl(octets);
    read_ocsp_response(octets);
}

/// Reads PEM as certificates and as a key.
fn read_pem(octets: &[u8]) {
    read(certificates_from_pem(octets));
    read(SoftwareKey::from_pkcs8_pem(octets, JwsAlgorithm::Es256));
}

fn json_rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    const MANIFEST: &str = "hostile/json/manifest.json";
    let mut rows = Vec::new();
    for mut fields in if folder.holds(MANIFEST) { folder.manifest(MANIFEST)? } else { Vec::new() } {
        let file = text(&fields, "file")?.to_owned();
        let octets = folder.read(&format!("hostile/{file}"))?;
        fields.insert("part".to_owned(), "json".into());
        rows.push(Row::run(file.clone(), fields.clone(), || compare_json(&file, &octets, &fields)));
    }
    Ok(rows)
}

/// Compares with the verdict for headers where there is one: nothing here reads JSON more leniently than it reads headers.
fn compare_json(name: &str, octets: &[u8], row: &Map<String, Value>) -> Outcome {
    let in_header = text(row, "expect_in_jose_header").ok();
    let (result, bounds) = bounded(name, octets, || match in_header {
        Some(_) => read_header(octets),
        None => json::from_slice::<Value>(octets, &Limits::default()).map(drop).map_err(|error| error.to_string()),
    });
    let (answer, detail) = result.map_or_else(|reason| ("reject", reason), |()| ("accept", String::new()));
    match (in_header.or(text(row, "expect").ok()), bounds) {
        (_, Outcome::Disagree(problem)) => Outcome::Disagree(problem),
        (Some(expected), _) if expected == "either" || expected == answer => Outcome::Agree,
        (expected, _) => Outcome::Disagree(format!("expected {expected:?}, answered {answer}: {detail}")),
    }
}

/// Reads `octets` as a protected header; it is refused here only if the JSON is, not for what members it has.
fn read_header(octets: &[u8]) -> Result<(), String> {
    let compact = format!("{}.e30.AA", base64::encode_url(octets));
    match Jws::parse(compact.as_bytes(), &Limits::default()) {
        Err(error) if error.code().starts_with("json-") && error.code() != "json-shape" => Err(error.to_string()),
        _ => Ok(()),
    }
}
