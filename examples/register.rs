//! Makes, changes and queries a register of entities, in a folder.
//!
//! ```text
//! cargo run --example register -- new FOLDER
//! cargo run --example register -- record FOLDER ENTITY EVENT [--effective RFC3339] [--name TAG=NAME...] [--other ENTITY...]
//!     [--certificate PEM] [--kind KIND] [--service SERVICE]
//! cargo run --example register -- show FOLDER [ENTITY] [--at RFC3339]
//! ```
//! `new` makes three root keys, `root-1-key.pem` to `root-3-key.pem`, their certificates `register-keys.pem`, and the first
//! issue, `register.json`, without entities. `record` opens the register, records an event, and writes the next issue,
//! good for a month, signed by two of the three. Events are those of the module `register`: `created`, `renamed`,
//! `key-added`, `kind-granted`. `show` asks it. After `cargo run --example issue -- FOLDER`:
//!
//! ```text
//! register() { cargo run --example register -- "$@"; }
//! register new FOLDER
//! register record FOLDER 1234567889 created --name ar='وزارة العدل'
//! register record FOLDER 1234567889 key-added --certificate FOLDER/signer.pem
//! register record FOLDER 1234567889 kind-granted --kind 004
//! register record FOLDER 1234567889 service-granted --service 40000182
//! cargo run --example verify -- --anchor FOLDER/root.pem .. --register FOLDER/register.json \
//!     --register-key FOLDER/register-keys.pem FOLDER/decision.json
//! ```
//! A document that was signed before its key was listed was not signed by a listed key: `--effective` says since when an
//! event holds, and the day before is the default.

use std::error::Error;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Parser, Subcommand};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, EntityCode, ServiceCode};
use wathiqa::crypto::{JwsAlgorithm, KeyDigest, Signer, SoftwareKey};
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::RegisterPolicy;
use wathiqa::register::{EntityHistory, Event, Fact, Names, Register, RegisterEditor, RegisterIssue};
use wathiqa::sign::{SignatureParameters, SignedFile};
use wathiqa::time::Instant;
use wathiqa::validation::Evidence;
use wathiqa::x509::{Certificate, TrustAnchor, certificates_from_pem};

#[derive(Parser)]
#[command(about = "Makes, changes and queries a register of entities")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes root keys and the first issue.
    New {
        /// Where to write; made if it is not there.
        folder: PathBuf,
    },
    /// Records an event in the next issue.
    Record(Box<Record>),
    /// Shows the register, or one entity of it.
    Show {
        /// Where the register is.
        folder: PathBuf,
        /// The entity to show; all when left out.
        entity: Option<EntityCode>,
        /// The time asked about; the clock's when left out.
        #[arg(long)]
        at: Option<Instant>,
    },
}

#[derive(clap::Args)]
struct Record {
    /// Where the register is.
    folder: PathBuf,
    /// The entity.
    entity: EntityCode,
    /// The event.
    event: String,
    /// Since when it holds; since a day ago when left out.
    #[arg(long)]
    effective: Option<Instant>,
    /// A name with its language, as in en=Justice.
    #[arg(long = "name")]
    names: Vec<String>,
    /// The parent, the successors, or where it came from.
    #[arg(long = "other")]
    others: Vec<EntityCode>,
    /// A certificate over the key, PEM; the first of the file.
    #[arg(long)]
    certificate: Option<PathBuf>,
    /// The kind of documents.
    #[arg(long)]
    kind: Option<DocumentKind>,
    /// The service.
    #[arg(long)]
    service: Option<ServiceCode>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let now = Instant::try_from(time::OffsetDateTime::from(SystemTime::now()))?.whole_seconds();
    match Arguments::parse().command {
        Command::New { folder } => new(&folder, now),
        Command::Record(record) => {
            let register = open(&record.folder, now)?;
            let mut editor = register.edit();
            let effective = record.effective.or_else(|| now.checked_sub(DAY)).unwrap_or(now);
            // An event belongs to the issue after the one that is there, whose second may not be over.
            let recorded = now.max(after(register.information().issued_at())?);
            editor.record(record.entity, Event::new(effective, recorded, fact(&record)?))?;
            write(&record.folder, editor, recorded)
        }
        Command::Show { folder, entity, at } => show(&open(&folder, now)?, entity, at.unwrap_or(now)),
    }
}

fn new(folder: &Path, now: Instant) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    // In earnest each root key is made and kept by a person of its own, in a device of its own.
    let pki = DemonstrationPki::new(now)?;
    let mut certificates = Vec::new();
    for number in 1..=ROOT_KEYS {
        let name = format!("Register key {number}");
        let name = EntityName::new("1000000161".parse()?, &CodingScheme::default(), "SY", "السجل الوطني", &name)?;
        let issued = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
        let key = pem::encode(&pem::Pem::new("PRIVATE KEY", issued.pkcs8.as_der()));
        fs::write(folder.join(format!("root-{number}-key.pem")), key)?;
        certificates.extend(issued.chain.into_iter().take(1));
    }
    let blocks = certificates.iter().map(|certificate| pem::Pem::new("CERTIFICATE", certificate.as_der()));
    fs::write(folder.join(KEYS), pem::encode_many(&blocks.collect::<Vec<_>>()))?;
    write(folder, RegisterEditor::new(), now)
}

/// Signs the next issue by the first two root keys, and puts it in the place of the last.
fn write(folder: &Path, editor: RegisterEditor, issued_at: Instant) -> Result<(), Box<dyn Error>> {
    let next_update = issued_at.checked_add(DAY * 30).ok_or("no such time")?;
    let issue: RegisterIssue = editor.issue(issued_at, next_update)?;
    let mut file: Option<SignedFile> = None;
    for (number, certificate) in (1..=THRESHOLD.get()).zip(root_certificates(folder)?) {
        let pem = fs::read(folder.join(format!("root-{number}-key.pem")))?;
        let key = SoftwareKey::from_pkcs8_pem(&pem, JwsAlgorithm::Es256)?;
        let prepared = issue.prepare(SignatureParameters::new(JwsAlgorithm::Es256, [certificate], issued_at)?)?;
        let value = key.sign(prepared.signing_input())?;
        let signature = prepared.complete(&value)?;
        file = Some(match file {
            None => SignedFile::parse(&signature.to_vec(), &Limits::default())?,
            Some(file) => file.with_signature(&signature)?,
        });
    }
    fs::write(folder.join(REGISTER), file.ok_or("no signature")?.to_vec())?;
    let information = issue.information();
    println!("issue {} of {} entities, until {next_update}", information.sequence_number(), issue.entities().len());
    Ok(())
}

fn open(folder: &Path, now: Instant) -> Result<Register, Box<dyn Error>> {
    let keys = root_certificates(folder)?.into_iter().map(TrustAnchor::from_certificate).collect();
    let policy = RegisterPolicy::new(keys, THRESHOLD)?;
    Ok(Register::open(&fs::read(folder.join(REGISTER))?, &policy, &Evidence::none(), now)?)
}

fn root_certificates(folder: &Path) -> Result<Vec<Certificate>, Box<dyn Error>> {
    Ok(certificates_from_pem(&fs::read(folder.join(KEYS))?)?)
}

/// The event that the arguments say.
fn fact(record: &Record) -> Result<Fact, Box<dyn Error>> {
    let other = || record.others.first().copied();
    let required = || other().ok_or("--other is missing");
    let kind = || record.kind.ok_or("--kind is missing");
    let service = || record.service.ok_or("--service is missing");
    Ok(match record.event.as_str() {
        "created" => Fact::Created { names: names(&record.names)?, parent: other() },
        "renamed" => Fact::Renamed { names: names(&record.names)? },
        "reparented" => Fact::Reparented { parent: other() },
        "merged-into" => Fact::MergedInto { successor: required()? },
        "split-from" => Fact::SplitFrom { origin: required()? },
        "abolished" => Fact::Abolished { successors: record.others.clone() },
        "suspended" => Fact::Suspended,
        "resumed" => Fact::Resumed,
        "key-added" => Fact::KeyAdded { key: key(record)? },
        "key-revoked" => Fact::KeyRevoked { key: key(record)? },
        "kind-granted" => Fact::KindGranted { kind: kind()? },
        "kind-withdrawn" => Fact::KindWithdrawn { kind: kind()? },
        "service-granted" => Fact::ServiceGranted { service: service()? },
        "service-withdrawn" => Fact::ServiceWithdrawn { service: service()? },
        other => return Err(format!("{other}: not an event").into()),
    })
}

fn names(given: &[String]) -> Result<Names, Box<dyn Error>> {
    let mut names: Option<Names> = None;
    for name in given {
        let (tag, name) = name.split_once('=').ok_or_else(|| format!("{name}: not TAG=NAME"))?;
        names = Some(match names {
            None => Names::new(tag, name)?,
            Some(names) => names.with(tag, name)?,
        });
    }
    names.ok_or_else(|| "--name is missing".into())
}

fn key(record: &Record) -> Result<KeyDigest, Box<dyn Error>> {
    let file = record.certificate.as_ref().ok_or("--certificate is missing")?;
    let certificates = certificates_from_pem(&fs::read(file)?)?;
    Ok(KeyDigest::of(certificates.first().ok_or("no certificate")?.public_key()))
}

fn show(register: &Register, entity: Option<EntityCode>, at: Instant) -> Result<(), Box<dyn Error>> {
    let information = register.information();
    println!(
        "issue {} of {}, the next by {}",
        information.sequence_number(),
        information.issued_at(),
        information.next_update()
    );
    let of_entity = |code| register.entity(code).ok_or_else(|| format!("entity {code} is not in the register"));
    let shown: Vec<&EntityHistory> = match entity {
        Some(code) => vec![of_entity(code)?],
        None => register.entities().collect(),
    };
    for history in shown {
        println!("{} at {at}: {:?}", history.code(), history.existence(at));
        for (language, name) in history.names(at).into_iter().flat_map(Names::iter) {
            println!("  name ({language}): {name}");
        }
        if let Some(parent) = history.parent(at) {
            println!("  belongs to {parent}");
        }
        history.keys(at).for_each(|key| println!("  key {key}"));
        history.kinds(at).for_each(|kind| println!("  kind {kind}"));
        history.services(at).for_each(|service| println!("  service {service}"));
        register.successors(history.code(), at).iter().for_each(|successor| println!("  succeeded by {successor}"));
        if entity.is_some() {
            for event in history.events() {
                let word = event.fact().word();
                println!("  since {}, recorded {}: {word}", event.effective(), event.recorded());
            }
        }
    }
    Ok(())
}

fn after(moment: Instant) -> Result<Instant, &'static str> {
    moment.checked_add(Duration::from_secs(1)).ok_or("no such time")
}

const ROOT_KEYS: usize = 3;
const THRESHOLD: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);
const DAY: Duration = Duration::from_secs(86_400);
const REGISTER: &str = "register.json";
const KEYS: &str = "register-keys.pem";
