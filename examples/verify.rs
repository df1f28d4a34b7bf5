//! Verifies government documents, offline.
//!
//! ```text
//! cargo run --example verify
//! cargo run --example verify -- --anchor root.pem [--tsa-anchor tsa.pem] [--crl FILE...] [--status-list FILE...]
//!     [--register FILE --register-key PEM...] [--at RFC3339] FILE...
//! ```
//! Without arguments it makes a demonstration PKI in memory, issues a document, verifies it, alters one character, and
//! verifies that. With arguments it judges files against the anchors given, and nothing else. Revocation is checked by the
//! CRLs and OCSP responses given; without any the answer is indeterminate, unless `--skip-revocation` says not to look.
//! What is asked for else stands in a file of rules, `--policy FILE`; `{}` asks for what is asked without one.
//!
//! Exit status: 0 when every file passed, 1 when one failed, 2 when none failed and one is indeterminate, 3 for usage.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Parser;
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::document::{Document, Subject};
use wathiqa::encoding::base64;
use wathiqa::encoding::json::from_slice;
use wathiqa::issue::Issuer;
use wathiqa::oid::Oid;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::{Preset, RegisterPolicy, ValidationPolicy, ValidationRules};
use wathiqa::register::Register;
use wathiqa::report::Indication;
use wathiqa::status::VerifiedStatusList;
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::ocsp::OcspResponse;
use wathiqa::x509::path::{AcceptablePolicies, ExplicitPolicy, RevocationPolicy};
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore, certificates_from_pem};

#[derive(Parser)]
#[command(about = "Verifies government documents, offline")]
struct Arguments {
    /// Certificates, PEM, to trust for signers.
    #[arg(long = "anchor", value_name = "PEM", required = true)]
    anchors: Vec<PathBuf>,
    /// Certificates, PEM, to trust for time-stamping authorities.
    #[arg(long = "tsa-anchor", value_name = "PEM")]
    tsa_anchors: Vec<PathBuf>,
    /// Certificates, PEM, to build paths with that are not in the files.
    #[arg(long = "intermediate", value_name = "PEM")]
    intermediates: Vec<PathBuf>,
    /// Certificate revocation lists, DER or PEM.
    #[arg(long = "crl", value_name = "FILE")]
    crls: Vec<PathBuf>,
    /// OCSP responses, DER.
    #[arg(long = "ocsp", value_name = "FILE")]
    ocsp_responses: Vec<PathBuf>,
    /// Status lists of the issuers, JWS; one that does not hold ends the run.
    #[arg(long = "status-list", value_name = "FILE")]
    status_lists: Vec<PathBuf>,
    /// The register of entities, JWS; without one the keys and the authority of issuers are not checked.
    #[arg(long, value_name = "FILE", requires = "register_keys")]
    register: Option<PathBuf>,
    /// Certificates of the root keys of the register, PEM; more than half of them must have signed it.
    #[arg(long = "register-key", value_name = "PEM", requires = "register")]
    register_keys: Vec<PathBuf>,
    /// Mandates, JWS, for documents that one entity signed in the name of another.
    #[arg(long = "mandate", value_name = "FILE")]
    mandates: Vec<PathBuf>,
    /// Do not look at revocation; the report says that it was not checked.
    #[arg(long, conflicts_with_all = ["crls", "ocsp_responses"])]
    skip_revocation: bool,
    /// What to ask for: rules in a file, JSON, of which one may be given; or certificate policies by their identifiers, for
    /// one of which the signer's path must be valid.
    #[arg(long = "policy", value_name = "FILE|OID")]
    policies: Vec<String>,
    /// The time for which to judge; the clock's when left out.
    #[arg(long, value_name = "RFC3339")]
    at: Option<Instant>,
    /// What a signature is over and does not hold: a file that it names, by its own name or as NAME=FILE; one alone is also
    /// the payload of a signature that names none.
    #[arg(long = "detached", value_name = "[NAME=]FILE")]
    detached: Vec<String>,
    /// A file that a document names as an attachment, by its own name.
    #[arg(long = "attachment", value_name = "FILE")]
    attachments: Vec<PathBuf>,
    /// An RFC 4998 evidence record over the whole of a file, DER. One that is for another file proves nothing.
    #[arg(long = "evidence-record", value_name = "FILE")]
    evidence_records: Vec<PathBuf>,
    /// Judge the signature over any payload, also without a time-stamp; do not ask for a government document.
    #[arg(long)]
    any_payload: bool,
    /// Write every check of every signature and time-stamp, not the verdict alone.
    #[arg(long)]
    detailed: bool,
    /// Write reports as JSON, one to a line, with every check.
    #[arg(long)]
    json: bool,
    /// JWS files: compact, or JSON.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    if std::env::args_os().len() == 1 {
        return finish(demonstrate());
    }
    match Arguments::try_parse() {
        Ok(arguments) => finish(judge(&arguments)),
        Err(error) => {
            let status = if error.use_stderr() { ExitCode::from(3) } else { ExitCode::SUCCESS };
            drop(error.print());
            status
        }
    }
}

/// The worst verdict as an exit status; what kept us from one as usage.
fn finish(verdict: Result<Indication, Box<dyn Error>>) -> ExitCode {
    match verdict {
        Ok(Indication::TotalPassed) => ExitCode::SUCCESS,
        Ok(Indication::TotalFailed) => ExitCode::from(1),
        Ok(Indication::Indeterminate) => ExitCode::from(2),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}

/// Judges the files named on the command line.
fn judge(arguments: &Arguments) -> Result<Indication, Box<dyn Error>> {
    let policy = policy(arguments)?;
    let at = match arguments.at {
        Some(at) => at,
        None => now()?,
    };
    let attachments = attachments(&arguments.attachments)?;
    let detached = arguments.detached.iter().map(|given| detached(given)).collect::<Result<Vec<_>, _>>()?;
    let records = arguments.evidence_records.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let mut evidence = Evidence::none()
        .with_certificates(certificates(&arguments.intermediates)?)
        .with_revocation(revocation_evidence(arguments)?);
    for (name, octets) in &detached {
        evidence = evidence.with_detached_document(name, octets);
    }
    if let [(_, payload)] = &detached[..] {
        evidence = evidence.with_detached_payload(payload);
    }
    for (name, octets) in &attachments {
        evidence = evidence.with_attachment(name, octets);
    }
    for record in &records {
        evidence = evidence.with_evidence_record(record);
    }
    let mandates = arguments.mandates.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    for mandate in &mandates {
        evidence = evidence.with_mandate(mandate);
    }
    let register = arguments.register.as_ref().map(|file| register(file, arguments, at)).transpose()?;
    if let Some(register) = &register {
        evidence = evidence.with_register(register);
    }
    let verifier = Verifier::new(policy);
    let status_lists = status_lists(&arguments.status_lists, &verifier, &evidence, at)?;
    for list in &status_lists {
        evidence = evidence.with_status_list(list);
    }
    let mut worst = Indication::TotalPassed;
    let mut out = std::io::stdout().lock();
    for file in &arguments.files {
        let octets = read(file)?;
        let report = if arguments.any_payload {
            verifier.verify_any_payload(&octets, &evidence, at)
        } else {
            verifier.verify(&octets, &evidence, at)
        };
        if arguments.json {
            writeln!(out, "{}", serde_json::json!({"file": file, "report": report}))?;
        } else if arguments.detailed {
            writeln!(out, "{}: {report}", file.display())?;
        } else {
            writeln!(out, "{}: {}", file.display(), report.to_simple())?;
        }
        worst = worst.max(report.indication());
    }
    Ok(worst)
}

/// What the arguments ask for.
fn policy(arguments: &Arguments) -> Result<ValidationPolicy, Box<dyn Error>> {
    let (mut rules, mut acceptable) = (None, BTreeSet::new());
    for given in &arguments.policies {
        match given.parse::<Oid>() {
            Ok(policy) => drop(acceptable.insert(policy)),
            Err(_) if rules.is_some() => return Err(format!("{given}: a second file of rules").into()),
            Err(_) => rules = Some(read_rules(Path::new(given))?),
        }
    }
    let preset = if arguments.any_payload { Preset::Signature } else { Preset::Document };
    let mut rules = rules.unwrap_or_else(|| preset.rules());
    if arguments.skip_revocation {
        rules.revocation = RevocationPolicy::Skip;
    }
    if !acceptable.is_empty() {
        rules.certificate_policies.acceptable = AcceptablePolicies::OneOf(acceptable);
        rules.certificate_policies.explicit_policy = ExplicitPolicy::Required;
    }
    let (signers, authorities) = (trust_store(&arguments.anchors)?, trust_store(&arguments.tsa_anchors)?);
    Ok(ValidationPolicy::from_rules(rules, signers, authorities))
}

fn read_rules(file: &Path) -> Result<ValidationRules, Box<dyn Error>> {
    let rules = from_slice(&read(file)?, &Limits::default());
    Ok(rules.map_err(|error| format!("{}: {error}", file.display()))?)
}

/// The register given, when most of its root keys signed it.
fn register(file: &Path, arguments: &Arguments, at: Instant) -> Result<Register, Box<dyn Error>> {
    let keys = trust_store(&arguments.register_keys)?;
    let majority = NonZeroUsize::MIN.saturating_add(keys.anchors().len() / 2);
    let policy = RegisterPolicy::new(keys, majority)?;
    let octets = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let opened = Register::open(&octets, &policy, &Evidence::none(), at);
    Ok(opened.map_err(|error| format!("{}: {error}", file.display()))?)
}

/// The CRLs and OCSP responses given.
fn revocation_evidence(arguments: &Arguments) -> Result<RevocationEvidence, Box<dyn Error>> {
    let limits = Limits::default();
    let mut crls = Vec::new();
    for file in &arguments.crls {
        let octets = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let der = if octets.starts_with(b"-----BEGIN") { pem::parse(&octets)?.into_contents() } else { octets };
        crls.push(Crl::from_der(&der, &limits).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    let mut responses = Vec::new();
    for file in &arguments.ocsp_responses {
        let response = OcspResponse::from_der(&read(file)?, &limits);
        responses.push(response.map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(RevocationEvidence::new(crls, responses))
}

/// The status lists given, each verified as documents are.
fn status_lists(
    files: &[PathBuf],
    verifier: &Verifier,
    evidence: &Evidence<'_>,
    at: Instant,
) -> Result<Vec<VerifiedStatusList>, Box<dyn Error>> {
    let mut lists = Vec::new();
    for file in files {
        let list = verifier.open_status_list(&read(file)?, evidence, at);
        lists.push(list.map_err(|report| format!("{}: {report}", file.display()))?);
    }
    Ok(lists)
}

/// The body of the document of the demonstration.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Residence {
    district: String,
    since: u16,
}

/// Issues a document in memory, verifies it, alters it, and verifies that. It passes when the first verdict is that the
/// document holds, and the second that it does not.
fn demonstrate() -> Result<Indication, Box<dyn Error>> {
    let now = now()?.whole_seconds();
    let pki = DemonstrationPki::new(now)?;
    let entity: EntityCode = "1234567889".parse()?;
    let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة الداخلية", "ختم الشؤون المدنية")?;
    let issued = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
    let time_stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
    let issuer = Issuer::new(issued.key, issued.chain, time_stamps)?;

    let number = DocumentNumber::new(entity, DocumentKind::new(14)?, now.year(), 12_345)?;
    let document = Document::builder(number, now)
        .language("ar-SY")
        .title("شهادة سكن")
        .subject(Subject::new("ليلى حداد")?)
        .build(Residence { district: "الميدان".to_owned(), since: 2011 })?;
    let signed = issuer.issue(&document, now)?;
    println!("issued {number}: {} octets of JAdES B-T\n", signed.len());

    let verifier = Verifier::new(pki.validation_policy());
    let evidence = Evidence::none().with_revocation(pki.revocation_evidence(now, &[])?);
    let report = verifier.verify(&signed, &evidence, now);
    println!("{report}");
    let verified = report.into_verified::<Residence>()?;
    println!("verified: {}, {} since {}\n", verified.title(), verified.body().district, verified.body().since);

    println!("the same with one digit of the payload altered:\n");
    let report = verifier.verify(&alter_payload(&signed)?, &evidence, now);
    println!("{report}");
    match report.into_verified::<Residence>() {
        Err(report) if report.indication() == Indication::TotalFailed => Ok(Indication::TotalPassed),
        _ => Err("the altered document was not found out".into()),
    }
}

/// Changes a year in the payload of a flattened JWS.
fn alter_payload(signed: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file: serde_json::Value = serde_json::from_slice(signed)?;
    let payload = file.get_mut("payload").ok_or("no payload")?;
    let document = String::from_utf8(base64::decode_url(payload.as_str().unwrap_or_default())?)?;
    let altered = document.replace("\"since\":2011", "\"since\":1911");
    *payload = base64::encode_url(altered.as_bytes()).into();
    Ok(serde_json::to_vec(&file)?)
}

fn trust_store(files: &[PathBuf]) -> Result<TrustStore, Box<dyn Error>> {
    Ok(certificates(files)?.into_iter().map(TrustAnchor::from_certificate).collect())
}

fn certificates(files: &[PathBuf]) -> Result<Vec<Certificate>, Box<dyn Error>> {
    let mut certificates = Vec::new();
    for file in files {
        certificates
            .extend(certificates_from_pem(&read(file)?).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    Ok(certificates)
}

/// The name and the octets of `NAME=FILE`, or of a file by its own name. A file whose name has an equals sign is given as
/// `NAME=FILE`.
fn detached(given: &str) -> Result<(String, Vec<u8>), Box<dyn Error>> {
    let (name, file) = match given.split_once('=') {
        Some((name, file)) => (name.to_owned(), Path::new(file)),
        None => {
            let file = Path::new(given);
            let name = file.file_name().ok_or_else(|| format!("{given}: not a file"))?;
            (name.to_string_lossy().into_owned(), file)
        }
    };
    let octets = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok((name, octets))
}

fn attachments(files: &[PathBuf]) -> Result<BTreeMap<String, Vec<u8>>, Box<dyn Error>> {
    let mut attachments = BTreeMap::new();
    for file in files {
        let name = file.file_name().ok_or_else(|| format!("{}: not a file", file.display()))?;
        let octets = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        attachments.insert(name.to_string_lossy().into_owned(), octets);
    }
    Ok(attachments)
}

/// Reads a file, but no more of it than shows that it is too large.
fn read(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let most = u64::try_from(Limits::default().input_octets)? + 1;
    let mut octets = Vec::new();
    let reading = File::open(file).and_then(|opened| opened.take(most).read_to_end(&mut octets));
    reading.map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(octets)
}

fn now() -> Result<Instant, Box<dyn Error>> {
    Ok(Instant::try_from(time::OffsetDateTime::from(SystemTime::now()))?)
}
