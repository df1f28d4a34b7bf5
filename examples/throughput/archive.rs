//! The documents: made once, kept on disk, verified from memory.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, EntityCode};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::issue::Issuer;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::time::{Instant, TimeError};
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use crate::documents::{Random, document};

/// How the documents are signed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Form {
    BB,
    BT,
    Batch,
}

impl Form {
    pub(crate) const ALL: [Self; 3] = [Self::BB, Self::BT, Self::Batch];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BB => "b_b",
            Self::BT => "b_t",
            Self::Batch => "batch",
        }
    }
}

pub(crate) struct Archive {
    roots: Vec<Certificate>,
    time_stamp_roots: Vec<Certificate>,
    revocation: RevocationEvidence,
    at: Instant,
    b_b: Vec<Vec<u8>>,
    b_t: Vec<Vec<u8>>,
    batch: Vec<Vec<u8>>,
}

impl Archive {
    /// The archive under `target/`, made if it is not there.
    pub(crate) fn open_or_make(documents: usize) -> Result<Self, Box<dyn Error>> {
        let folder = folder(documents);
        if !folder.join("complete").exists() {
            eprintln!("making {documents} documents in {}", folder.display());
            make(&folder, documents)?;
        }
        let read_all = |name: &str| {
            (0..CAS).map(|ca| fs::read(folder.join(format!("{name}-{ca}.der")))).collect::<Result<Vec<_>, _>>()
        };
        let certificates = |name: &str| -> Result<Vec<Certificate>, Box<dyn Error>> {
            Ok(read_all(name)?.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>()?)
        };
        let lists = (0..3).map(|list| read_all(&format!("crl-{list}"))).collect::<Result<Vec<_>, _>>()?.concat();
        let lists = lists.iter().map(|der| Crl::from_der(der, &Limits::default())).collect::<Result<_, _>>()?;
        let b_t = lines(&folder.join("b_t.jsonl"))?;
        Ok(Self {
            roots: certificates("root")?,
            time_stamp_roots: certificates("tsa-root")?,
            revocation: RevocationEvidence::new(lists, Vec::new()),
            at: after(ISSUED + 86_400)?,
            b_b: b_t.iter().map(|document| without_time_stamp(document)).collect(),
            batch: lines(&folder.join("batch.jsonl"))?,
            b_t,
        })
    }

    pub(crate) fn documents(&self, form: Form) -> &[Vec<u8>] {
        match form {
            Form::BB => &self.b_b,
            Form::BT => &self.b_t,
            Form::Batch => &self.batch,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.b_t.len()
    }

    /// The octets of all documents.
    pub(crate) fn octets(&self) -> usize {
        Form::ALL.into_iter().flat_map(|form| self.documents(form)).map(Vec::capacity).sum()
    }

    /// Trusts the roots and asks for revocation; B-B passes where that is what is verified.
    pub(crate) fn verifier(&self, form: Form) -> Verifier {
        let store =
            |roots: &[Certificate]| roots.iter().cloned().map(TrustAnchor::from_certificate).collect::<TrustStore>();
        let (signers, authorities) = (store(&self.roots), store(&self.time_stamp_roots));
        let level = if form == Form::BB { RequiredLevel::BB } else { RequiredLevel::BT };
        Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::default()).with_level(level))
    }

    pub(crate) fn evidence(&self) -> Evidence<'_> {
        Evidence::none().with_revocation(self.revocation.clone())
    }

    /// The time of validation: the day after the documents were issued.
    pub(crate) fn at(&self) -> Instant {
        self.at
    }
}

fn folder(documents: usize) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    target.join("throughput").join(format!("v1-{documents}"))
}

fn lines(path: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    Ok(wathiqa::bulk::json_lines(&fs::read(path)?).map(<[u8]>::to_vec).collect())
}

/// The B-B document inside a B-T one: what is unsigned left out.
fn without_time_stamp(document: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(document);
    let (before, rest) = text.split_once(r#","header":"#).unwrap_or((&text, ""));
    let after = rest.find(r#","signature":"#).and_then(|at| rest.get(at..)).unwrap_or_default();
    format!("{before}{after}").into_bytes()
}

/// Documents of `CAS` national PKIs in turn, one of which stamps the time for all.
fn make(folder: &Path, documents: usize) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let now = after(ISSUED)?;
    let pkis = (0..CAS).map(|_| DemonstrationPki::new(now)).collect::<Result<Vec<_>, _>>()?;
    for (ca, pki) in pkis.iter().enumerate() {
        fs::write(folder.join(format!("root-{ca}.der")), pki.root().as_der())?;
        fs::write(folder.join(format!("tsa-root-{ca}.der")), pki.time_stamp_root().as_der())?;
        for (list, der) in pki.crls(now, &[])?.iter().enumerate() {
            fs::write(folder.join(format!("crl-{list}-{ca}.der")), der)?;
        }
    }
    let (serial, clock) = (AtomicU64::new(1), AtomicI64::new(ISSUED));
    let stamp = || {
        let serial = SerialNumber::from(serial.fetch_add(1, Ordering::Relaxed));
        (after(clock.load(Ordering::Relaxed) + 2).unwrap_or(now), serial)
    };
    let time_stamps = pkis.first().ok_or("no PKI")?.time_stamp_authority();
    let mut issuers = Vec::new();
    for signer in 0..SIGNERS {
        let entity = EntityCode::from_body(10_000_000 + u64::try_from(signer)? * 611_953)?;
        let name = EntityName::new(entity, &CodingScheme::default(), "SY", &format!("Ministry {signer}"), "Seal")?;
        let issued = pkis.get(signer % CAS).ok_or("no PKI")?.issue_signer(&name, JwsAlgorithm::Es256)?;
        issuers.push((entity, Issuer::new(issued.key, issued.chain, time_stamps.transport(stamp))?));
    }
    let mut random = Random::default();
    let (mut b_t, mut batch) = (
        BufWriter::new(File::create(folder.join("b_t.jsonl"))?),
        BufWriter::new(File::create(folder.join("batch.jsonl"))?),
    );
    for number in 0..documents {
        let (entity, issuer) = random.one_of(&issuers).ok_or("no signer")?;
        let seconds = ISSUED + 30 + i64::try_from(number % 80_000)?;
        clock.store(seconds, Ordering::Relaxed);
        let at = after(seconds)?;
        let document = document(*entity, u64::try_from(number)?, at, &mut random)?;
        b_t.write_all(&issuer.issue(&document, at)?)?;
        b_t.write_all(b"\n")?;
    }
    for first in (0..documents).step_by(BATCH) {
        let (entity, issuer) = random.one_of(&issuers).ok_or("no signer")?;
        let numbers = first..documents.min(first + BATCH);
        let at = after(ISSUED + 30)?;
        let documents = numbers
            .map(|number| document(*entity, u64::try_from(number)?, at, &mut random))
            .collect::<Result<Vec<_>, _>>()?;
        for file in issuer.issue_batch(&documents, at)?.files() {
            batch.write_all(&file)?;
            batch.write_all(b"\n")?;
        }
    }
    b_t.flush()?;
    batch.flush()?;
    fs::write(folder.join("complete"), b"")?;
    Ok(())
}

const CAS: usize = 3;
const SIGNERS: usize = 100;
/// Documents of one batch.
const BATCH: usize = 1024;
/// 2026-03-01T00:00:00Z.
const ISSUED: i64 = 1_772_323_200;

fn after(seconds: i64) -> Result<Instant, TimeError> {
    Instant::from_unix_seconds(seconds)
}
