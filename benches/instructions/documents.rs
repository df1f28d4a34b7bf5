//! Documents of two signers, one at a time and by many, and what they are verified by.

#![allow(unreachable_pub, reason = "the modules of a bench have no public")]

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::bulk::{BulkVerifier, json_lines};
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{Backend, Check, JwsAlgorithm, KnownKeyTables, KnownKeys, PublicKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::Document;
use wathiqa::encoding::base64;
use wathiqa::issue::Issuer;
use wathiqa::jws::Jws;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::Indication;
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use crate::{Answer, FOLDER, counted, measure};

/// How the documents are signed.
#[derive(Clone, Copy)]
pub enum Form {
    BB,
    BT,
    Batch,
}

struct Documents {
    roots: [Certificate; 2],
    evidence: Evidence<'static>,
    b_t: Vec<Vec<u8>>,
    batch: Vec<Vec<u8>>,
}

impl Documents {
    fn read() -> Result<Self, Box<dyn Error>> {
        let file = |name: &str| fs::read(folder().join(name));
        let certificate = |name| -> Result<_, Box<dyn Error>> { Ok(Certificate::from_der(&file(name)?)?) };
        let list = |name: &&str| -> Result<_, Box<dyn Error>> { Ok(Crl::from_der(&file(name)?, &Limits::default())?) };
        let lists = LISTS.iter().map(list).collect::<Result<_, _>>()?;
        let lines = |name| -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
            Ok(json_lines(&file(name)?).map(<[u8]>::to_vec).collect())
        };
        Ok(Self {
            roots: [certificate("root.der")?, certificate("tsa-root.der")?],
            evidence: Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new())),
            b_t: lines("b-t.jsonl")?,
            batch: lines("batch.jsonl")?,
        })
    }

    /// Those of one form; a B-B document is a B-T one less what is unsigned.
    fn of(&self, form: Form) -> Vec<Vec<u8>> {
        match form {
            Form::BB => self.b_t.iter().map(|document| without_time_stamp(document)).collect(),
            Form::BT => self.b_t.clone(),
            Form::Batch => self.batch.clone(),
        }
    }

    fn verifier(&self, form: Form) -> Verifier {
        let [signers, authorities] = self
            .roots
            .clone()
            .map(|root| -> TrustStore { [TrustAnchor::from_certificate(root)].into_iter().collect() });
        let level = if matches!(form, Form::BB) { RequiredLevel::BB } else { RequiredLevel::BT };
        Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::default()).with_level(level))
    }

    fn alone(&self, form: Form) -> Answer {
        let (verifier, documents) = (self.verifier(form), self.of(form));
        let document = documents.first().ok_or("no document")?;
        let at = AT.parse()?;
        measure(|| passed(verifier.verify(document, &self.evidence, at).indication()))
    }

    /// One round of a run that has learned all there is to learn, in which every key has its table.
    fn round(&self, form: Form) -> Answer {
        let (bulk, documents) = (BulkVerifier::new(self.verifier(form)), self.of(form));
        let mut outcomes = bulk.verify(documents.iter().cycle(), &self.evidence, AT.parse()?);
        measure(|| outcomes.by_ref().take(ROUND).try_for_each(|outcome| passed(outcome.indication())))
    }

    /// A whole run, which learns anew; the keys have their tables from one before.
    fn run(&self, form: Form, count: usize) -> Answer {
        let (bulk, documents) = (BulkVerifier::new(self.verifier(form)), self.of(form));
        let at = AT.parse()?;
        let run = |count| {
            let mut outcomes = bulk.verify(documents.iter().cycle().take(count), &self.evidence, at);
            outcomes.try_for_each(|outcome| passed(outcome.indication()))
        };
        run(ROUND)?;
        counted(&mut || run(count))
    }

    /// The signatures of the documents, with nothing around them.
    fn signatures(&self) -> Result<Vec<Signature>, Box<dyn Error>> {
        let read = |document: Vec<u8>| -> Result<Signature, Box<dyn Error>> {
            let jws = Jws::parse(&document, &Limits::default())?;
            let signature = jws.signatures().first().ok_or("no signature")?;
            let header: Value = serde_json::from_slice(&base64::decode_url(signature.received_protected())?)?;
            let certificate = |place: &str| -> Result<Certificate, Box<dyn Error>> {
                let text = header.pointer(place).and_then(Value::as_str).ok_or("no certificate")?;
                Ok(Certificate::from_der(&base64::decode_standard(text)?)?)
            };
            let chain = [certificate("/x5c/0")?, certificate("/x5c/1")?];
            let (input, value) = (signature.signing_input(None)?, signature.value().to_vec());
            Ok(Signature { key: chain[0].public_key().clone(), input, value, chain })
        };
        self.of(Form::BB).into_iter().map(read).collect()
    }
}

struct Signature {
    key: PublicKey,
    input: Vec<u8>,
    value: Vec<u8>,
    /// The signer's certificate, and that of the CA above.
    chain: [Certificate; 2],
}

/// A document, judged by itself.
pub fn alone(form: Form) -> Answer {
    Documents::read()?.alone(form)
}

/// [`ROUND`] documents among many.
pub fn round(form: Form) -> Answer {
    Documents::read()?.round(form)
}

/// So many documents, from the first.
pub fn run(form: Form, count: usize) -> Answer {
    Documents::read()?.run(form, count)
}

/// By `ring` alone what the general way cannot do without: the signature of a document, and so many of certificates. It
/// checks those of the signer and of the CA above; with a time-stamp those of the token and of the authority; those of
/// revocation lists it has checked before.
pub fn signatures_by_ring(certificates: usize) -> Answer {
    let documents = Documents::read()?;
    let signatures = documents.signatures()?;
    let Signature { key, input, value, chain: [leaf, ca] } = signatures.first().ok_or("no signature")?;
    let algorithm = leaf.signature_algorithm().map_err(ToString::to_string)?;
    measure(|| {
        key.verify_jws(JwsAlgorithm::Es256, input, value).map(drop)?;
        (0..certificates).try_for_each(|_| {
            let valid = ca.public_key().verify(algorithm, leaf.tbs_der(), leaf.signature_value());
            Ok(valid.map(drop)?)
        })
    })
}

/// The digests of `count` signing inputs.
pub fn digests(count: usize) -> Answer {
    let signatures = Documents::read()?.signatures()?;
    measure(|| {
        let inputs = signatures.iter().cycle().take(count);
        inputs.for_each(|one| drop(black_box(DigestAlgorithm::Sha256.digest(&one.input))));
        Ok(())
    })
}

/// `count` signatures at once by keys that have a table.
pub fn known_key(count: usize) -> Answer {
    let signatures = Documents::read()?.signatures()?;
    let known = known_keys();
    verify(&known, &signatures, BLOCK)?;
    measure(|| verify(&known, &signatures, count))
}

/// As many signatures by a new key as earn it its table, which they are then decided by.
pub fn known_key_table() -> Answer {
    let signatures = Documents::read()?.signatures()?;
    // The documents of a signer are consecutive.
    let (first, second) = signatures.split_at(signatures.len() / 2);
    let known = known_keys();
    // The generator has its table before.
    verify(&known, first, BLOCK)?;
    counted(&mut || verify(&known, second, TABLE))
}

fn known_keys() -> KnownKeys {
    KnownKeys::new(KnownKeyTables::default(), Backend::detect())
}

fn verify(known: &KnownKeys, signatures: &[Signature], count: usize) -> Answer {
    let signatures = || signatures.iter().cycle().take(count);
    let inputs: Vec<[&[u8]; 1]> = signatures().map(|one| [one.input.as_slice()]).collect();
    let check = |(one, input)| {
        let Signature { key, value, .. }: &Signature = one;
        let input: &[&[u8]; 1] = input;
        Check::jws(key, JwsAlgorithm::Es256, input, value)
    };
    let checks: Vec<Check<'_>> = signatures().zip(&inputs).map(check).collect();
    let before = known.decided_by_tables();
    let hold = known.verify(&checks).iter().all(Result::is_ok);
    let by_tables = known.decided_by_tables() - before == u64::try_from(count)?;
    if hold && by_tables { Ok(()) } else { Err("a signature was not found to hold by a table".into()) }
}

fn passed(indication: Indication) -> Answer {
    if indication == Indication::TotalPassed { Ok(()) } else { Err(format!("a document: {indication}").into()) }
}

/// The B-B document inside a B-T one: what is unsigned left out.
fn without_time_stamp(document: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(document);
    let (before, rest) = text.split_once(r#","header":"#).unwrap_or((&text, ""));
    let after = rest.find(r#","signature":"#).and_then(|at| rest.get(at..)).unwrap_or_default();
    format!("{before}{after}").into_bytes()
}

/// Writes the files anew.
pub fn make() -> Answer {
    fs::create_dir_all(folder())?;
    let now: Instant = ISSUED.parse()?;
    let pki = DemonstrationPki::new(now)?;
    fs::write(folder().join("root.der"), pki.root().as_der())?;
    fs::write(folder().join("tsa-root.der"), pki.time_stamp_root().as_der())?;
    for (name, list) in LISTS.iter().zip(pki.crls(now, &[])?) {
        fs::write(folder().join(name), list)?;
    }
    let at = now.checked_add(Duration::from_secs(60)).ok_or("no time")?;
    let (mut b_t, mut batch) = (Vec::new(), Vec::new());
    for body in [12_345_678, 23_456_789] {
        let entity = EntityCode::from_body(body)?;
        let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة الداخلية", "ختم الشؤون المدنية")?;
        let signer = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
        let time_stamps = pki.time_stamp_authority().transport(|| (at, SerialNumber::from(1)));
        let issuer = Issuer::new(signer.key, signer.chain, time_stamps)?;
        for serial in 1..=DOCUMENTS {
            b_t.push(issuer.issue(&document(entity, serial, at)?, at)?);
        }
        let documents = (1..=BATCH).map(|serial| document(entity, serial, at)).collect::<Result<Vec<_>, _>>()?;
        batch.extend(issuer.issue_batch(&documents, at)?.files().step_by(usize::try_from(BATCH / DOCUMENTS)?));
    }
    fs::write(folder().join("b-t.jsonl"), b_t.join(&b'\n'))?;
    fs::write(folder().join("batch.jsonl"), batch.join(&b'\n'))?;
    Ok(())
}

fn document(entity: EntityCode, serial: u64, at: Instant) -> Result<Document<Value>, Box<dyn Error>> {
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, at.year(), serial)?;
    let lines = ["دمشق شارع الثورة بناء العقار المحضر باسم المالك لغاية تاريخ قرار مجلس البلدية"; 12];
    let body = json!({"district": "الميدان", "since": 2011, "lines": lines});
    Ok(Document::builder(number, at).language("ar-SY").title("شهادة سكن").build(body)?)
}

fn folder() -> PathBuf {
    Path::new(FOLDER).join("documents")
}

/// Revocation lists of the root, of the CA under it and of the authority's root.
const LISTS: [&str; 3] = ["root-crl.der", "ministry-ca-crl.der", "tsa-root-crl.der"];

/// When everything is signed, and when it is verified.
const ISSUED: &str = "2026-03-01T09:30:00Z";
const AT: &str = "2026-03-02T00:00:00Z";

/// Documents of each signer in a file.
const DOCUMENTS: u64 = 4;

/// Documents of a batch, of which the file has [`DOCUMENTS`]: ten hashes prove each.
const BATCH: u64 = 1024;

/// Documents that the verifier takes at once, on one thread.
const ROUND: usize = 2048;

/// Signatures that the tables take at once.
pub const BLOCK: usize = 256;

/// Signatures that earn a key its table.
pub const TABLE: usize = 16;
