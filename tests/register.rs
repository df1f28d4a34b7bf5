//! The register of entities: opened, followed from issue to issue, and asked about documents.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::num::NonZeroUsize;

use serde_json::Value;
use wathiqa::budget::Limits;
use wathiqa::codes::{DocumentKind, EntityCode, ServiceCode};
use wathiqa::crypto::{JwsAlgorithm, KeyDigest, Signer};
use wathiqa::policy::{RegisterPolicy, ValidationPolicy};
use wathiqa::register::{Event, Fact, Names, Register, RegisterEditor, RegisterIssue};
use wathiqa::report::{Indication, Report, SubIndication};
use wathiqa::sign::{SignatureParameters, SignedFile};
use wathiqa::validation::Evidence;
use wathiqa::verify::{RegisterError, Verifier};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};
use world::*;

#[path = "register/binding.rs"]
mod binding;
#[path = "register/issues.rs"]
mod issues;
#[path = "register/mandates.rs"]
mod mandates;
#[path = "register/scopes.rs"]
mod scopes;
#[path = "register/story.rs"]
mod story;
#[path = "support/world.rs"]
mod world;

/// Another entity than [`ENTITY`].
const OTHER: &str = "2345678930";

/// When the register is issued: after [`NOW`], so that it knows of it.
const ISSUED: &str = "2025-06-02T00:00:00Z";

/// When its next issue is due.
const DUE: &str = "2025-07-02T00:00:00Z";

fn code(text: &str) -> EntityCode {
    text.parse().unwrap()
}

fn key_of(certificate: &Certificate) -> KeyDigest {
    KeyDigest::of(certificate.public_key())
}

fn residence() -> DocumentKind {
    DocumentKind::new(14).unwrap()
}

/// A PKI, three root keys of the register, and the register so far.
struct Authority {
    world: World,
    roots: [Party; 3],
    editor: RegisterEditor,
}

impl Authority {
    /// The issuer exists since 1919 without a key or a kind, and so does another entity.
    fn new() -> Self {
        let root = |name: &str| {
            let mut params = params(name);
            params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
            params.not_before = rcgen::date_time_ymd(2019, 1, 1);
            params.not_after = rcgen::date_time_ymd(2050, 1, 1);
            Party::root(params)
        };
        let roots = ["Register key 1", "Register key 2", "Register key 3"].map(root);
        let mut authority = Self { world: World::new(), roots, editor: RegisterEditor::new() };
        for entity in [ENTITY, OTHER] {
            authority.record(entity, "1919-01-01T00:00:00Z", created());
        }
        authority
    }

    /// The issuer with its key and the kind of the document of [`World::issue`], since the first of January.
    fn granted() -> Self {
        let mut authority = Self::new();
        let key = key_of(&authority.world.signer.certificate);
        authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KeyAdded { key });
        authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KindGranted { kind: residence() });
        authority
    }

    /// Records a fact, on the day before the first issue.
    fn record(&mut self, entity: &str, effective: &str, fact: Fact) {
        self.editor.record(code(entity), Event::new(at(effective), at("2025-06-01T00:00:00Z"), fact)).unwrap();
    }

    fn policy(&self) -> RegisterPolicy {
        RegisterPolicy::new(self.root_keys(), NonZeroUsize::new(2).unwrap()).unwrap()
    }

    fn root_keys(&self) -> TrustStore {
        self.roots.iter().map(|root| TrustAnchor::from_certificate(root.certificate.clone())).collect()
    }

    fn issue(&self) -> RegisterIssue {
        self.editor.clone().issue(at(ISSUED), at(DUE)).unwrap()
    }

    /// The first issue, signed by two root keys and opened.
    fn register(&self) -> Register {
        self.open(&signed(&self.issue(), &[&self.roots[0], &self.roots[1]]), ISSUED).unwrap()
    }

    fn open(&self, octets: &[u8], time: &str) -> Result<Register, RegisterError> {
        Register::open(octets, &self.policy(), &Evidence::none(), at(time))
    }

    /// The verdict on the document of [`World::issue`] by the register so far.
    fn verify(&self) -> Report {
        self.verify_file(&octets(&self.world.issue()))
    }

    fn verify_file(&self, file: &[u8]) -> Report {
        self.verify_by(file, &self.world.policy())
    }

    fn verify_by(&self, file: &[u8], policy: &ValidationPolicy) -> Report {
        let register = self.register();
        let evidence = Evidence::none().with_register(&register);
        Verifier::new(policy.clone()).verify(file, &evidence, at(ISSUED))
    }
}

fn created() -> Fact {
    Fact::Created { names: Names::new("ar", "وزارة").unwrap(), parent: None }
}

/// A signature by each of `signers`, at the time of issue.
fn signed(issue: &RegisterIssue, signers: &[&Party]) -> Vec<u8> {
    let mut file: Option<SignedFile> = None;
    for signer in signers {
        let chain = [signer.certificate.clone()];
        let at = issue.information().issued_at();
        let prepared = issue.prepare(SignatureParameters::new(JwsAlgorithm::Es256, chain, at).unwrap()).unwrap();
        let value = signer.key.sign(prepared.signing_input()).unwrap();
        let signature = prepared.complete(&value).unwrap();
        file = Some(match file {
            None => SignedFile::parse(&signature.to_vec(), &Limits::default()).unwrap(),
            Some(file) => file.with_signature(&signature).unwrap(),
        });
    }
    file.unwrap().to_vec()
}

#[track_caller]
fn passed(report: &Report) {
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
}

#[track_caller]
fn refused(report: &Report, sub_indication: SubIndication, reason: &str) {
    assert_eq!(report.sub_indication(), Some(sub_indication), "{report}");
    assert_eq!(report.deciding_reason().unwrap().to_string(), reason, "{report}");
}
