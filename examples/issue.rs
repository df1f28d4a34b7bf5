//! Makes a demonstration PKI, and issues documents with it into a folder.
//!
//! ```text
//! cargo run --example issue -- FOLDER [--key KEY.pem --algorithm RS256] [--level B-LTA]
//! cargo run --example issue -- FOLDER --augment FILE --level B-LTA --anchor ROOT.pem --tsa-anchor TSA-ROOT.pem \
//!     --crl A.crl --crl B.crl
//! ```
//! The second form brings FILE to the level, or renews it, with the certificates and revocation lists given and a new
//! authority for time-stamps: it writes `augmented.json`, and `new-tsa-root.pem` with `new-tsa-root.crl`, which whoever
//! verifies needs beside the others.
//!
//! The first writes `root.pem` and `tsa-root.pem` (the anchors to trust), `signer.pem` (certificate, then its CA), `signer-key.pem`
//! (unless `--key` brings one), `root.crl`, `ministry-ca.crl` and `tsa-root.crl` (revocation lists, DER), `request.csr`
//! (what the entity would send its CA), `decision.json` (JAdES B-T, flattened JSON), `decision.jws` (JAdES B-B, compact),
//! `decision.payload.json` (what was signed), `annex.txt` with `decision-with-annex.json`, and `listed.json`,
//! `revoked.json`, `superseded.json` with `status-list.json`, which says what became of these three. For `decision.json`,
//! `decision.jws` and `decision-with-annex.json` there is an evidence record each, `NAME.ers`, all by one time-stamp, and the
//! same renewed by a stronger hash algorithm, `NAME.renewed.ers`. Then:
//!
//! ```text
//! cargo run --example verify -- --anchor FOLDER/root.pem --tsa-anchor FOLDER/tsa-root.pem --crl FOLDER/root.crl \
//!     --crl FOLDER/ministry-ca.crl --crl FOLDER/tsa-root.crl --evidence-record FOLDER/decision.json.renewed.ers \
//!     FOLDER/decision.json
//! ```

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use clap::Parser;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode, ServiceCode};
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::{Attachment, Document, DocumentBuilder, StatusReference};
use wathiqa::ers::{
    DataObject, DataObjects, HashTree, RecordVerifier, TimeStampSource, VerificationInputs, renew_hash_trees,
};
use wathiqa::issue::{Issuer, IssuerCertificate};
use wathiqa::jades::BaselineLevel;
use wathiqa::pki::{DemonstrationPki, EntityName, certificate_request};
use wathiqa::policy::ValidationPolicy;
use wathiqa::sign::Serialization;
use wathiqa::sign::augment::Augmenter;
use wathiqa::status::{StatusBits, StatusListEditor};
use wathiqa::time::Instant;
use wathiqa::tsp::{SerialNumber, Transport};
use wathiqa::validation::Evidence;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore, certificates_from_pem};

#[derive(Parser)]
#[command(about = "Makes a demonstration PKI, and issues documents with it into a folder")]
struct Arguments {
    /// Where to write; made if it is not there.
    folder: PathBuf,
    /// A PKCS#8 private key, PEM, to sign with instead of a new one.
    #[arg(long)]
    key: Option<PathBuf>,
    /// The baseline level of `decision.json`: B-B, B-T, B-LT or B-LTA.
    #[arg(long, default_value = "B-T", value_parser = level)]
    level: BaselineLevel,
    /// A JWS in JSON to augment, instead of issuing.
    #[arg(long, requires_all = ["anchor", "tsa_anchor"])]
    augment: Option<PathBuf>,
    /// Anchors of the signer of that file, PEM.
    #[arg(long)]
    anchor: Vec<PathBuf>,
    /// Anchors of the authorities of its time-stamps, PEM.
    #[arg(long)]
    tsa_anchor: Vec<PathBuf>,
    /// Revocation lists for it, DER.
    #[arg(long)]
    crl: Vec<PathBuf>,
    /// The algorithm to sign with.
    #[arg(long, default_value = "ES256")]
    algorithm: JwsAlgorithm,
}

/// The name of the list that says which decisions were withdrawn.
const STATUS_LIST: &str = "https://justice.example.gov.sy/status/decisions";

fn level(text: &str) -> Result<BaselineLevel, String> {
    let levels = [BaselineLevel::BB, BaselineLevel::BT, BaselineLevel::BLt, BaselineLevel::BLta];
    let found = levels.into_iter().find(|level| level.to_string() == text);
    found.ok_or_else(|| "expected B-B, B-T, B-LT or B-LTA".to_owned())
}

#[derive(serde::Serialize)]
struct Decision {
    subject: String,
    articles: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let folder = arguments.folder.as_path();
    fs::create_dir_all(folder)?;
    let now = Instant::try_from(time::OffsetDateTime::from(SystemTime::now()))?.whole_seconds();

    if let Some(file) = &arguments.augment {
        return augment(&arguments, file, now);
    }
    let pki = DemonstrationPki::new(now)?;
    let entity: EntityCode = "1234567889".parse()?;
    let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم وزارة العدل")?;
    let (key, chain) = signer(&arguments, &pki, &name)?;
    write(folder, "root.pem", pem(&[pki.root().clone()]))?;
    write(folder, "tsa-root.pem", pem(&[pki.time_stamp_root().clone()]))?;
    write(folder, "signer.pem", pem(&chain))?;
    if !matches!(key.algorithm(), JwsAlgorithm::Ps256 | JwsAlgorithm::Ps384 | JwsAlgorithm::Ps512) {
        write(folder, "request.csr", certificate_request(&name, &key)?)?;
    }

    for (name, crl) in ["root.crl", "ministry-ca.crl", "tsa-root.crl"].into_iter().zip(pki.crls(now, &[])?) {
        write(folder, name, crl)?;
    }

    let serial = AtomicU64::new(1);
    let stamp = || (now, SerialNumber::from(serial.fetch_add(1, Ordering::Relaxed)));
    let time_stamps = pki.time_stamp_authority().transport(stamp);
    let compact = IssuerCertificate::new(chain.clone(), key.algorithm(), CodingScheme::default())?
        .with_serialization(Serialization::Compact);
    let issuer = Issuer::new(key, chain, time_stamps)?;

    let decision = builder(entity, 1, now)?.build(body())?;
    write(folder, "decision.payload.json", decision.to_vec()?)?;
    let (policy, evidence) =
        (pki.validation_policy(), Evidence::none().with_revocation(pki.revocation_evidence(now, &[])?));
    let signed = match arguments.level {
        BaselineLevel::BB => issuer.sign(&decision, now)?.to_vec(),
        level => issuer.issue_at(&decision, level, (&policy, &evidence), now)?,
    };
    write(folder, "decision.json", signed)?;
    // The two steps of a key elsewhere: the octets go to it, the signature value comes back.
    let prepared = compact.prepare(&decision, now)?;
    let value = issuer.signer().sign(prepared.signing_input())?;
    write(folder, "decision.jws", prepared.complete(&value)?.to_vec())?;

    let annex = "الملحق الأول\n".as_bytes();
    let attachment = Attachment::of("annex.txt", "text/plain", annex)?;
    let with_annex = builder(entity, 2, now)?.attachment(attachment).build(body())?;
    write(folder, "annex.txt", annex)?;
    write(folder, "decision-with-annex.json", issuer.issue(&with_annex, now)?)?;
    withdraw(folder, &issuer, now)?;
    record(folder, &["decision.json", "decision.jws", "decision-with-annex.json"], &pki, now)?;
    println!("wrote {}", folder.display());
    Ok(())
}

/// Brings `file` to the level asked for, with time-stamps of a new authority.
fn augment(arguments: &Arguments, file: &Path, now: Instant) -> Result<(), Box<dyn Error>> {
    let pki = DemonstrationPki::new(now)?;
    let anchors = |files: &[PathBuf]| -> Result<Vec<TrustAnchor>, Box<dyn Error>> {
        let mut anchors = Vec::new();
        for file in files {
            anchors.extend(certificates_from_pem(&fs::read(file)?)?.into_iter().map(TrustAnchor::from_certificate));
        }
        Ok(anchors)
    };
    let signers = TrustStore::from_iter(anchors(&arguments.anchor)?);
    let new_root = TrustAnchor::from_certificate(pki.time_stamp_root().clone());
    let stamps = TrustStore::from_iter(anchors(&arguments.tsa_anchor)?.into_iter().chain([new_root]));
    let policy = ValidationPolicy::new(signers, stamps, RevocationPolicy::default());
    let mut crls = pki.revocation_evidence(now, &[])?.crls().to_vec();
    for file in &arguments.crl {
        crls.push(Crl::from_der(&fs::read(file)?, policy.limits())?);
    }
    let evidence = Evidence::none().with_revocation(RevocationEvidence::new(crls, Vec::new()));
    let time_stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
    let augmented = Augmenter::new(&policy, time_stamps).augment(&fs::read(file)?, arguments.level, &evidence, now)?;
    let folder = arguments.folder.as_path();
    write(folder, "augmented.json", &augmented.octets)?;
    write(folder, "new-tsa-root.pem", pem(&[pki.time_stamp_root().clone()]))?;
    let [_, _, crl] = <[Vec<u8>; 3]>::try_from(pki.crls(now, &[])?).map_err(|_| "three CAs have three lists")?;
    write(folder, "new-tsa-root.crl", crl)?;
    println!("{} is {}, to be renewed before {}", file.display(), arguments.level, augmented.renewal_due);
    Ok(())
}

/// Issues three documents that name a status list, withdraws two of them, and issues the list, which says so.
fn withdraw<S: Signer, T: Transport>(folder: &Path, issuer: &Issuer<S, T>, now: Instant) -> Result<(), Box<dyn Error>> {
    let entity = issuer.entity();
    for (name, serial) in [("listed.json", 3), ("revoked.json", 4), ("superseded.json", 5)] {
        let document = builder(entity, serial, now)?.status(StatusReference::new(STATUS_LIST, serial)?);
        write(folder, name, issuer.issue(&document.build(body())?, now)?)?;
    }
    let mut statuses = StatusListEditor::new(STATUS_LIST, entity, StatusBits::Two, 1000)?;
    statuses.revoke(4, now)?;
    statuses.supersede(5, now, DocumentNumber::new(entity, DocumentKind::DECISION, now.year(), 1)?)?;
    let week = Duration::from_secs(7 * 86_400);
    let list = statuses.build(now, now.checked_add(week).ok_or("no week is left")?)?;
    write(folder, "status-list.json", issuer.issue_status_list(&list, now)?)
}

/// An evidence record for each file, all by one time-stamp; then all renewed by one more.
fn record(folder: &Path, names: &[&str], pki: &DemonstrationPki, now: Instant) -> Result<(), Box<dyn Error>> {
    let files = names.iter().map(|name| fs::read(folder.join(name))).collect::<Result<Vec<_>, _>>()?;
    let transport = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1_000)));
    let source = TimeStampSource::new(&transport);
    let tree = HashTree::new(DigestAlgorithm::Sha256, files.iter().map(|file| DigestAlgorithm::Sha256.digest(file)))?;
    let records = tree.stamp(&source)?.records().collect::<Result<Vec<_>, _>>()?;

    // Years later, before SHA-256 falls or the certificate of the authority ends.
    let (trust_store, evidence) = (pki.time_stamp_trust_store(), pki.revocation_evidence(now, &[])?);
    let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::default());
    let mut inputs = VerificationInputs::new(&trust_store, &settings, now);
    inputs.evidence = Some(&evidence);
    let objects: Vec<[DataObject<'_>; 1]> = files.iter().map(|file| [DataObject::Octets(file)]).collect();
    let with_data: Vec<_> = records.iter().cloned().zip(objects.iter().map(|one| DataObjects::Each(one))).collect();
    let renewed = renew_hash_trees(&with_data, DigestAlgorithm::Sha512, &mut RecordVerifier::new(inputs), &source)?;
    for ((name, record), renewed) in names.iter().zip(records).zip(renewed) {
        write(folder, &format!("{name}.ers"), record.as_der())?;
        write(folder, &format!("{name}.renewed.ers"), renewed.as_der())?;
    }
    Ok(())
}

/// The key given and a certificate over it, or a new key with one.
fn signer(
    arguments: &Arguments,
    pki: &DemonstrationPki,
    name: &EntityName,
) -> Result<(SoftwareKey, Vec<Certificate>), Box<dyn Error>> {
    if let Some(path) = &arguments.key {
        let key = SoftwareKey::from_pkcs8_pem(&fs::read(path)?, arguments.algorithm)?;
        let chain = pki.certify(name, key.public_key())?;
        return Ok((key, chain));
    }
    let issued = pki.issue_signer(name, arguments.algorithm)?;
    let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", issued.pkcs8.as_der()));
    write(&arguments.folder, "signer-key.pem", pem)?;
    Ok((issued.key, issued.chain))
}

fn builder(entity: EntityCode, serial: u64, now: Instant) -> Result<DocumentBuilder, Box<dyn Error>> {
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, now.year(), serial)?;
    let service: ServiceCode = "40000182".parse()?;
    Ok(Document::builder(number, now).language("ar-SY").title("قرار بشأن تنظيم خدمات الكاتب بالعدل").service(service))
}

fn body() -> Decision {
    Decision {
        subject: "تنظيم خدمات الكاتب بالعدل".to_owned(),
        articles: vec!["يعمل بهذا القرار من تاريخ صدوره.".to_owned(), "يبلغ من يلزم لتنفيذه.".to_owned()],
    }
}

fn pem(certificates: &[Certificate]) -> String {
    let blocks = certificates.iter().map(|certificate| pem::Pem::new("CERTIFICATE", certificate.as_der()));
    pem::encode_many(&blocks.collect::<Vec<_>>())
}

fn write(folder: &Path, name: &str, octets: impl AsRef<[u8]>) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(folder.join(name), octets)?)
}
