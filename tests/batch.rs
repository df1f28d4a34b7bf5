//! Many documents under one signature: each file proves itself alone, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use wathiqa::batch::{Batch, BatchError, BatchedDocument, Manifest, SignedBatch};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, Signer};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::Document;
use wathiqa::encoding::base64::{decode_url, encode_url};
use wathiqa::issue::{IssueError, Issuer};
use wathiqa::merkle::MerkleTree;
use wathiqa::pki::{DemonstrationPki, EntityName, IssuedKey};
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Indication, Report, Step, SubIndication};
use wathiqa::sign::{Serialization, SignatureParameters, sign};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;

/// One entity with its key and time-stamps, and the lists of the day.
struct World {
    pki: DemonstrationPki,
    issued: IssuedKey,
    evidence: Evidence<'static>,
    verifier: Verifier,
}

const ENTITY: &str = "1234567889";
const OTHER: &str = "2345678930";

impl World {
    fn new() -> Self {
        let pki = DemonstrationPki::new(now()).unwrap();
        let name = EntityName::new(entity(ENTITY), &CodingScheme::default(), "SY", "وزارة العدل", "ختم").unwrap();
        let issued = pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap();
        let evidence = Evidence::none().with_revocation(pki.revocation_evidence(now(), &[]).unwrap());
        let verifier = Verifier::new(pki.validation_policy());
        Self { pki, issued, evidence, verifier }
    }

    fn issue(&self, documents: &[Document<Value>]) -> Result<SignedBatch, IssueError> {
        let time_stamps = self.pki.time_stamp_authority().transport(|| (now(), SerialNumber::from(1)));
        Issuer::new(&self.issued.key, self.issued.chain.clone(), time_stamps).unwrap().issue_batch(documents, now())
    }

    /// `manifest` under the entity's signature and nothing else: what its key could sign without this crate.
    fn sign(&self, manifest: &[u8], content_type: &str) -> Vec<u8> {
        let parameters = SignatureParameters::new(JwsAlgorithm::Es256, self.issued.chain.clone(), now()).unwrap();
        let parameters = parameters.with_content_type(content_type.to_owned());
        let parameters = parameters.with_serialization(Serialization::FlattenedJson);
        sign(manifest, parameters, &self.issued.key).unwrap().to_vec()
    }

    fn verify(&self, file: &[u8]) -> Report {
        self.verifier.verify(file, &self.evidence, now())
    }

    fn verify_b_b(&self, file: &[u8]) -> Report {
        let policy = self.pki.validation_policy().with_level(RequiredLevel::BB);
        Verifier::new(policy).verify(file, &self.evidence, now())
    }
}

fn now() -> Instant {
    "2025-03-01T09:30:00Z".parse().unwrap()
}

fn entity(code: &str) -> EntityCode {
    code.parse().unwrap()
}

fn document_of(entity: EntityCode, serial: u32) -> Document<Value> {
    let number = DocumentNumber::new(entity, DocumentKind::new(14).unwrap(), 2025, serial.into()).unwrap();
    let builder = Document::builder(number, "2025-03-01T06:30:00Z".parse().unwrap());
    builder.language("ar-SY").title("إيصال").build(json!({"amount": serial * 100})).unwrap()
}

fn documents(count: u32) -> Vec<Document<Value>> {
    (1..=count).map(|serial| document_of(entity(ENTITY), serial)).collect()
}

fn edit(file: &[u8], edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(file).unwrap();
    edit(&mut value);
    serde_json::to_vec(&value).unwrap()
}

#[track_caller]
fn refused(report: &Report, sub_indication: SubIndication, message: &str) {
    let reasons: Vec<_> = report.failures().map(ToString::to_string).collect();
    assert!(reasons.iter().any(|reason| reason == message), "{message} is not in {reasons:?}");
    assert_eq!(report.sub_indication(), Some(sub_indication), "{report}");
    assert!(report.verified_payload().is_none() && report.clone().into_verified::<Value>().is_err());
}

#[test]
fn every_document_of_a_batch_proves_itself_alone() {
    let world = World::new();
    for count in [1, 2, 3, 7, 8] {
        let documents = documents(count);
        let batch = world.issue(&documents).unwrap();
        assert_eq!(batch.files().count(), batch.len());
        for (file, document) in batch.files().zip(&documents) {
            let report = world.verify(&file);
            assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
            let lines = report.to_string();
            for line in ["manifest of the batch", "document in the batch", "issuer of the batch = issuer"] {
                assert!(lines.contains(&format!("  passed       {line}\n")), "{lines}");
            }
            assert_eq!(&*report.into_verified::<Value>().unwrap(), document);
        }
        assert_eq!(batch.file(batch.len()), None);
    }
}

/// Any validator of JAdES reads the file as what it is besides: the signature of the manifest.
#[test]
fn a_file_is_the_batch_signature_with_one_member_more() {
    let world = World::new();
    let batch = world.issue(&documents(3)).unwrap();
    let file = batch.file(1).unwrap();
    let report = world.verifier.verify_any_payload(&file, &world.evidence, now());
    assert_eq!(report.indication(), Indication::TotalPassed);
    let without = edit(&file, |file| drop(file.as_object_mut().unwrap().remove("batched")));
    let values: [Value; 2] = [&without, batch.signature()].map(|octets| serde_json::from_slice(octets).unwrap());
    assert_eq!(values[0], values[1]);
    let manifest =
        Manifest::from_slice_in(report.verified_payload().unwrap(), &CodingScheme::default(), &Limits::default());
    let manifest = manifest.unwrap();
    assert_eq!((manifest.issuer(), manifest.tree_size()), (entity(ENTITY), 3));
    let batched = BatchedDocument::from_slice(&file, &Limits::default()).unwrap();
    assert_eq!(batched.unverified_leaf_index(), 1);
    assert_eq!(batched.check(&manifest).unwrap(), documents(3)[1].to_vec().unwrap());
}

#[test]
fn the_signature_alone_is_no_document() {
    let world = World::new();
    let report = world.verify(world.issue(&documents(2)).unwrap().signature());
    refused(&report, SubIndication::SignedDataNotFound, "batch: member \"batched\" is missing");
}

#[test]
fn what_is_altered_beside_the_signature_is_not_in_the_batch() {
    let world = World::new();
    let batch = world.issue(&documents(6)).unwrap();
    let (file, other) = (batch.file(2).unwrap(), batch.file(3).unwrap());
    let other: Value = serde_json::from_slice(&other).unwrap();
    let message = |file: &[u8]| {
        let report = world.verify(file);
        assert_eq!(report.sub_indication(), Some(SubIndication::HashFailure), "{report}");
        assert_eq!(
            report.check(Step::DocumentFormat).unwrap().to_string(),
            "not checked  format of the document: an earlier check failed"
        );
        report.failures().next().unwrap().to_string()
    };
    let moved = edit(&file, |file| file["batched"]["leafIndex"] = json!(3));
    assert!(message(&moved).starts_with("batch: Merkle proof: leads to root "));
    let swapped = edit(&file, |file| file["batched"]["document"] = other["batched"]["document"].clone());
    assert!(message(&swapped).starts_with("batch: Merkle proof: leads to root "));
    let behind = edit(&file, |file| file["batched"]["leafIndex"] = json!(6));
    assert_eq!(message(&behind), "batch: Merkle tree: no entry 6, counted from 0, in a tree of 6");
    let short = edit(&file, |file| drop(file["batched"]["path"].as_array_mut().unwrap().pop()));
    assert_eq!(message(&short), "batch: Merkle proof: a path of 2 hashes, index and size give 3");
    let cut = edit(&file, |file| file["batched"]["path"][0] = encode_url(&[0; 31]).into());
    assert_eq!(message(&cut), "batch: Merkle proof: a hash of 31 octets, SHA-256 has 32");
    let empty = edit(&file, |file| file["batched"]["path"] = json!([]));
    assert_eq!(message(&empty), "batch: Merkle proof: a path of 0 hashes, index and size give 3");
}

#[test]
fn without_the_manifest_there_is_no_document() {
    let world = World::new();
    let file = world.issue(&documents(2)).unwrap().file(0).unwrap();
    let report = world.verify(&edit(&file, |file| drop(file.as_object_mut().unwrap().remove("payload"))));
    assert_eq!(report.sub_indication(), Some(SubIndication::SignedDataNotFound), "{report}");
    for (step, name) in
        [(Step::BatchManifest, "manifest of the batch"), (Step::BatchInclusion, "document in the batch")]
    {
        let line = format!("not checked  {name}: an earlier check failed");
        assert_eq!(report.check(step).unwrap().to_string(), line);
    }
    assert!(report.unverified_document().is_none());
}

/// T25: an inner node is no document, whatever its two hashes spell.
#[test]
fn t25_an_inner_node_is_not_a_document() {
    let world = World::new();
    let batch = world.issue(&documents(4)).unwrap();
    let first: Value = serde_json::from_slice(&batch.file(0).unwrap()).unwrap();
    let second: Value = serde_json::from_slice(&batch.file(1).unwrap()).unwrap();
    let hash = |file: &Value| decode_url(file["batched"]["path"][0].as_str().unwrap()).unwrap();
    let node = [hash(&second), hash(&first)].concat();
    let forged = edit(&batch.file(0).unwrap(), |file| {
        file["batched"]["document"] = encode_url(&node).into();
        file["batched"]["path"].as_array_mut().unwrap().remove(0);
    });
    let message = "batch: Merkle proof: a path of 1 hashes, index and size give 2";
    refused(&world.verify(&forged), SubIndication::HashFailure, message);
}

#[test]
fn no_changed_octet_beside_the_signature_passes() {
    let world = World::new();
    let file = world.issue(&documents(3)).unwrap().file(0).unwrap();
    let start = String::from_utf8(file.clone()).unwrap().find("\"batched\"").unwrap();
    for place in start..file.len() {
        let mut changed = file.clone();
        changed[place] ^= 1;
        let report = world.verify(&changed);
        assert_ne!(report.indication(), Indication::TotalPassed, "octet {place}: {report}");
    }
}

#[test]
fn members_of_another_form_are_refused() {
    let world = World::new();
    let file = world.issue(&documents(2)).unwrap().file(0).unwrap();
    let wrong = [json!(null), json!(true), json!(1.5), json!("x+"), json!([1]), json!({"a": 1}), json!(-1)];
    for member in ["leafIndex", "path", "document"] {
        for value in &wrong {
            let report = world.verify(&edit(&file, |file| file["batched"][member] = value.clone()));
            assert_ne!(report.indication(), Indication::TotalPassed, "{member}: {value}");
            assert!(report.failures().next().unwrap().to_string().starts_with("batch: member "), "{report}");
        }
        let absent = edit(&file, |file| drop(file["batched"].as_object_mut().unwrap().remove(member)));
        let message = format!("batch: member \"{member}\" is missing");
        refused(&world.verify(&absent), SubIndication::FormatFailure, &message);
    }
    for value in &wrong {
        let report = world.verify(&edit(&file, |file| file["batched"] = value.clone()));
        assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure), "{value}");
    }
    let more = edit(&file, |file| file["batched"]["treeSize"] = json!(2));
    refused(&world.verify(&more), SubIndication::FormatFailure, "batch: member \"treeSize\" is not known");
}

#[test]
fn manifests_of_another_form_are_refused() {
    let manifest = {
        let mut batch = Batch::new(entity(ENTITY), DigestAlgorithm::Sha256).unwrap();
        batch.push(b"{}".to_vec());
        batch.manifest().unwrap()
    };
    let read = |octets: &[u8]| Manifest::from_slice_in(octets, &CodingScheme::default(), &Limits::default());
    assert_eq!(read(&manifest.to_vec()), Ok(manifest.clone()));
    let refusal = |member: &str, value: Value| {
        let octets = edit(&manifest.to_vec(), |manifest| manifest[member] = value);
        read(&octets).unwrap_err().to_string()
    };
    let cases = [
        ("type", json!("wathiqa-batch/2"), "batch: type is \"wathiqa-batch/2\", expected \"wathiqa-batch/1\""),
        ("type", json!(1), "batch: member \"type\": expected a string, found an integer"),
        ("issuer", json!("1234567803"), "batch: issuer: entity code 1234567803: check digits are 03, expected 89"),
        ("issuer", json!(1_234_567_889), "batch: member \"issuer\": expected a string, found an integer"),
        ("hashAlgorithm", json!("SHA-1"), "batch: hash function \"SHA-1\", known are SHA-256, SHA-384, SHA-512"),
        ("hashAlgorithm", json!("SHA-384"), "batch: a root of 32 octets, SHA-384 has 48"),
        ("hashAlgorithm", json!(null), "batch: member \"hashAlgorithm\": expected a string, found null"),
        ("treeSize", json!(0), "batch: no document"),
        ("treeSize", json!(-1), "batch: member \"treeSize\" is -1"),
        ("treeSize", json!(1.5), "batch: member \"treeSize\": expected an integer, found a fraction"),
        ("treeSize", json!("1"), "batch: member \"treeSize\": expected an integer, found a string"),
        ("root", json!("AAAA"), "batch: a root of 3 octets, SHA-256 has 32"),
        ("root", json!("A="), "batch: member \"root\": base64: octet 0x3d at offset 1 is not of the alphabet"),
        ("root", json!([]), "batch: member \"root\": expected a string, found an array"),
        ("note", json!("x"), "batch: member \"note\" is not known"),
    ];
    for (member, value, message) in cases {
        assert_eq!(refusal(member, value), message);
    }
    for member in ["type", "issuer", "hashAlgorithm", "treeSize", "root"] {
        let octets = edit(&manifest.to_vec(), |manifest| drop(manifest.as_object_mut().unwrap().remove(member)));
        assert_eq!(read(&octets).unwrap_err().to_string(), format!("batch: member \"{member}\" is missing"));
    }
    assert_eq!(read(b"[]").unwrap_err().to_string(), "batch: JSON at octet 0: expected an object, found an array");
}

/// T30: what is signed as a document is no batch, and a batch is no document.
#[test]
fn t30_a_batch_and_a_document_do_not_stand_for_each_other() {
    let world = World::new();
    let batch = world.issue(&documents(2)).unwrap();
    let manifest: Value = serde_json::from_slice(batch.signature()).unwrap();
    let manifest = decode_url(manifest["payload"].as_str().unwrap()).unwrap();
    let batched = serde_json::from_slice::<Value>(&batch.file(0).unwrap()).unwrap()["batched"].clone();
    // The manifest, signed as if it were a document.
    let signed = world.sign(&manifest, "application/vnd.wathiqa.document+json");
    let file = edit(&signed, |file| file["batched"] = batched.clone());
    let report = world.verify_b_b(&file);
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure));
    assert_eq!(report.failures().next().unwrap().code(), "document-type");
    // A document, signed as if it were a manifest.
    let document = documents(1)[0].to_vec().unwrap();
    let file = edit(&world.sign(&document, "application/vnd.wathiqa.batch+json"), |file| file["batched"] = batched);
    let message = "batch: type is \"wathiqa-document/1\", expected \"wathiqa-batch/1\"";
    refused(&world.verify_b_b(&file), SubIndication::FormatFailure, message);
}

/// The key of one entity cannot put another's document into its batch, nor sign another's batch.
#[test]
fn a_batch_is_of_one_entity() {
    let world = World::new();
    let sign = |issuer: &str, document: &Document<Value>| {
        let mut batch = Batch::new(entity(issuer), DigestAlgorithm::Sha256).unwrap();
        batch.push(document.to_vec().unwrap());
        let manifest = batch.manifest().unwrap().to_vec();
        let signature = world.sign(&manifest, "application/vnd.wathiqa.batch+json");
        world.verify_b_b(&batch.with_signature(signature, &Limits::default()).unwrap().file(0).unwrap())
    };
    let (own, foreign) = (document_of(entity(ENTITY), 1), document_of(entity(OTHER), 1));
    assert_eq!(sign(ENTITY, &own).indication(), Indication::TotalPassed);
    let message = "the batch is entity 1234567889's, the document's issuer is 2345678930";
    refused(&sign(ENTITY, &foreign), SubIndication::EntityMismatch, message);
    let message = "the batch is entity 2345678930's, the document's issuer is 1234567889";
    refused(&sign(OTHER, &own), SubIndication::EntityMismatch, message);
    let message = "the certificate is entity 1234567889's, the document's issuer is 2345678930";
    refused(&sign(OTHER, &foreign), SubIndication::EntityMismatch, message);
}

#[test]
fn an_issuer_refuses_what_no_verifier_would_pass() {
    let world = World::new();
    let refusal = |documents: &[Document<Value>]| world.issue(documents).unwrap_err().to_string();
    assert_eq!(refusal(&[]), "issuing: batch: no document");
    let twice = [&documents(3)[..], &documents(1)].concat();
    let message = "document 4 of a batch has the number 1234567889-014-2025-00000001-97 of an earlier one";
    assert_eq!(refusal(&twice), message);
    let foreign = [documents(1), vec![document_of(entity(OTHER), 7)]].concat();
    let message = "document 2 of a batch: issuing: the document is entity 2345678930's, \
                   the certificate is entity 1234567889's";
    assert_eq!(refusal(&foreign), message);
    let weak = Batch::new(entity(ENTITY), DigestAlgorithm::Sha1).unwrap_err();
    assert_eq!(weak.to_string(), "batch: Merkle tree: SHA-1 is broken for collisions");
}

/// For a key elsewhere; and a batch signature that grows later is put into the files that are out already.
#[test]
fn a_signature_that_grew_goes_into_every_file() {
    let world = World::new();
    let time_stamps = world.pki.time_stamp_authority().transport(|| (now(), SerialNumber::from(1)));
    let issuer = Issuer::new(&world.issued.key, world.issued.chain.clone(), time_stamps).unwrap();
    let batch = issuer.certificate().batch(&documents(3)).unwrap();
    let prepared = issuer.certificate().prepare_batch(&batch, now()).unwrap();
    let value = world.issued.key.sign(prepared.signing_input()).unwrap();
    let b_b = batch.clone().with_signature(prepared.complete(&value).unwrap().to_vec(), &Limits::default()).unwrap();
    let early = b_b.file(2).unwrap();
    assert_eq!(world.verify_b_b(&early).indication(), Indication::TotalPassed);
    assert_eq!(world.verify(&early).sub_indication(), Some(SubIndication::SigConstraintsFailure));

    let b_t = world.issue(&documents(3)).unwrap();
    let batched = BatchedDocument::from_slice(&early, &Limits::default()).unwrap();
    let (scheme, limits) = (CodingScheme::default(), Limits::default());
    let grown = batched.with_signature(b_t.signature(), &scheme, &limits).unwrap();
    assert_eq!(grown, b_t.file(2).unwrap());
    assert_eq!(world.verify(&grown).indication(), Indication::TotalPassed);

    let error = batched.with_signature(&grown, &scheme, &limits).unwrap_err();
    assert_eq!(error.to_string(), "batch: the signature holds a document already");
    let other = world.issue(&documents(4)).unwrap();
    let error = batched.with_signature(other.signature(), &scheme, &limits).unwrap_err();
    assert!(matches!(error, BatchError::Inclusion(_)), "{error}");
    let error = batch.with_signature(other.signature().to_vec(), &limits).unwrap_err();
    assert_eq!(error.to_string(), "batch: the signature is not over the manifest of this batch");
}

#[test]
fn a_compact_signature_has_no_place_for_a_document() {
    let world = World::new();
    let mut batch = Batch::new(entity(ENTITY), DigestAlgorithm::Sha384).unwrap();
    batch.push(documents(1)[0].to_vec().unwrap());
    let parameters = SignatureParameters::new(JwsAlgorithm::Es256, world.issued.chain.clone(), now()).unwrap();
    let parameters = parameters.with_serialization(Serialization::Compact);
    let compact = sign(&batch.manifest().unwrap().to_vec(), parameters, &world.issued.key).unwrap().to_vec();
    let error = batch.with_signature(compact, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "batch: a compact signature has no place for a document, use JSON");
}

#[test]
fn a_tree_of_a_batch_is_that_of_the_module_merkle() {
    let mut tree = MerkleTree::new(DigestAlgorithm::Sha512).unwrap();
    let mut batch = Batch::new(entity(ENTITY), DigestAlgorithm::Sha512).unwrap();
    for document in documents(5) {
        tree.push(&document.to_vec().unwrap());
        batch.push(document.to_vec().unwrap());
    }
    assert_eq!(*batch.manifest().unwrap().root(), tree.root());
}
