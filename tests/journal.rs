//! The issue journal: numbers that many issuers share, documents that it bears out, and a number used twice (threat T20).

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::json;
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber};
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::document::{Document, DocumentError};
use wathiqa::issue::{IssueError, Issuer, RecordedIssueError};
use wathiqa::journal::{
    Audit, AuditedJournal, Exhibit, Exhibits, Journal, KeepingError, MemoryStore, RecordedEntry, TreeHead,
    VerifiedTreeHead,
};
use wathiqa::pki::{DemonstrationPki, EntityName, IssuedKey};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, NotChecked, Outcome, Step, SubIndication};
use wathiqa::time::Instant;
use wathiqa::tsp::{SerialNumber, Transport};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;

const MINISTRY: &str = "1234567889";
const PORTAL: &str = "2345678930";

fn now() -> Instant {
    "2025-03-01T09:30:00Z".parse().unwrap()
}

struct World {
    pki: DemonstrationPki,
    ministry: IssuedKey,
    portal: IssuedKey,
    journal: Journal<MemoryStore>,
}

impl World {
    fn new() -> Self {
        let pki = DemonstrationPki::new(now()).unwrap();
        let key = |entity: &str| {
            let entity = entity.parse().unwrap();
            let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم").unwrap();
            pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap()
        };
        let (ministry, portal) = (key(MINISTRY), key(PORTAL));
        let journal = Journal::new(MemoryStore::default(), MINISTRY.parse().unwrap(), ministry.key.public_key());
        Self { pki, ministry, portal, journal }
    }

    fn issuer<'a>(&'a self, key: &'a IssuedKey) -> Issuer<&'a SoftwareKey, impl Transport + 'a> {
        let stamps = self.pki.time_stamp_authority().transport(|| (now(), SerialNumber::from(1)));
        Issuer::new(&key.key, key.chain.clone(), stamps).unwrap()
    }

    fn issue_recorded(&self, title: &'static str) -> Vec<u8> {
        let issuer = self.issuer(&self.ministry);
        issuer.issue_recorded(&self.journal, DocumentKind::DECISION, now(), |number| document(number, title)).unwrap()
    }

    /// Signed with the ministry's key, past its journal.
    fn issue_unrecorded(&self, serial: u64, title: &'static str) -> Vec<u8> {
        self.issuer(&self.ministry).issue(&document(number(serial), title).unwrap(), now()).unwrap()
    }

    fn verifier(&self) -> Verifier {
        let (signers, authorities) = (self.pki.trust_store(), self.pki.time_stamp_trust_store());
        Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip))
    }

    fn signed_head(&self) -> Vec<u8> {
        self.issuer(&self.ministry).issue_tree_head(&self.journal.tree_head(now()).unwrap(), now()).unwrap()
    }

    fn head(&self) -> VerifiedTreeHead {
        self.verifier().open_tree_head(&self.signed_head(), &Evidence::none(), now()).unwrap()
    }

    fn audited(&self) -> AuditedJournal {
        Audit::new(&self.head()).run(self.journal.entries().unwrap()).unwrap()
    }

    /// The exhibit of the entry at `index` under the head as it is.
    fn recorded(&self, index: u64) -> Exhibit {
        let entries = self.journal.entries().unwrap();
        let entry = entries[usize::try_from(index).unwrap()].clone();
        let proof = self.journal.tree().unwrap().inclusion_proof(index).unwrap();
        Exhibit::RecordedEntry(RecordedEntry::new(entry, proof, self.signed_head()))
    }
}

fn number(serial: u64) -> DocumentNumber {
    DocumentNumber::new(MINISTRY.parse().unwrap(), DocumentKind::DECISION, 2025, serial).unwrap()
}

fn document(number: DocumentNumber, title: &str) -> Result<Document<serde_json::Value>, DocumentError> {
    Document::builder(number, now()).language("ar").title(title).build(json!({}))
}

#[test]
fn a_document_is_issued_under_the_next_number_and_borne_out() {
    let world = World::new();
    let signed: Vec<Vec<u8>> = ["قرار", "قرار ثان"].map(|title| world.issue_recorded(title)).to_vec();
    let journal = world.audited();
    let evidence = Evidence::none().with_journal(&journal);
    for (signed, serial) in signed.iter().zip(1..) {
        let report = world.verifier().verify(signed, &evidence, now());
        assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
        assert_eq!(report.check(Step::Journal).unwrap().outcome(), &Outcome::Passed);
        assert_eq!(report.unverified_document().unwrap().number, number(serial).to_string());
    }
    let report = world.verifier().verify(&signed[0], &Evidence::none(), now());
    assert_eq!(report.check(Step::Journal).unwrap().outcome(), &Outcome::NotChecked(NotChecked::NoJournal));
}

/// T15: what a hijacked portal signs with the ministry's own key holds as a signature, and is not in the journal.
#[test]
fn a_document_that_the_journal_does_not_have() {
    let world = World::new();
    world.issue_recorded("قرار");
    world.journal.void(world.journal.reserve(DocumentKind::DECISION, 2025).unwrap(), now()).unwrap();
    let journal = world.audited();
    let evidence = Evidence::none().with_journal(&journal);
    let verdict = |serial, title| {
        let report = world.verifier().verify(&world.issue_unrecorded(serial, title), &evidence, now());
        let reasons: Vec<String> = report.failures().map(ToString::to_string).collect();
        (report.sub_indication(), reasons.join("; "))
    };
    let absent = format!("journal: number {} is not in it, as of {}", number(7), now());
    assert_eq!(verdict(7, "مزور"), (Some(SubIndication::NotInJournal), absent));
    let void = format!("journal: number {} is void", number(2));
    assert_eq!(verdict(2, "مزور"), (Some(SubIndication::NotInJournal), void));
    assert_eq!(verdict(1, "مزور").0, Some(SubIndication::NotInJournal));
    assert!(verdict(1, "مزور").1.starts_with(&format!("journal: number {} is that of the document", number(1))));
    assert_eq!(verdict(1, "قرار").0, None);
    // What was signed after the head may have been entered after it.
    let early =
        TreeHead::new(MINISTRY.parse().unwrap(), "2025-03-01T09:29:59Z".parse().unwrap(), 0, empty_root()).unwrap();
    let early = world.issuer(&world.ministry).issue_tree_head(&early, now()).unwrap();
    let early = world.verifier().open_tree_head(&early, &Evidence::none(), now()).unwrap();
    let early = Audit::new(&early).run(Vec::<Vec<u8>>::new()).unwrap();
    let evidence = Evidence::none().with_journal(&early);
    let report = world.verifier().verify(&world.issue_unrecorded(1, "قرار"), &evidence, now());
    assert_eq!(report.sub_indication(), Some(SubIndication::TryLater), "{report}");
}

fn empty_root() -> wathiqa::digest::Digest {
    wathiqa::digest::DigestAlgorithm::Sha256.digest(b"")
}

#[test]
fn what_is_not_issued_makes_its_number_void() {
    let world = World::new();
    let issuer = world.issuer(&world.ministry);
    let untitled = issuer.issue_recorded(&world.journal, DocumentKind::DECISION, now(), |number| document(number, ""));
    assert!(matches!(untitled, Err(RecordedIssueError::Issue(IssueError::Document(_)))), "{untitled:?}");
    let other = issuer.issue_recorded(&world.journal, DocumentKind::DECISION, now(), |_| document(number(9), "قرار"));
    assert!(matches!(other, Err(RecordedIssueError::Issue(IssueError::OtherNumber { .. }))), "{other:?}");
    let portal = world.issuer(&world.portal);
    let not_ours = portal.issue_recorded(&world.journal, DocumentKind::DECISION, now(), |n| document(n, "قرار"));
    assert!(matches!(not_ours, Err(RecordedIssueError::Issue(IssueError::WrongEntity { .. }))), "{not_ours:?}");
    world.issue_recorded("قرار");
    let journal = world.audited();
    for serial in 1..=3 {
        let fault = journal.check(number(serial), &empty_root()).unwrap_err();
        assert_eq!(fault.code(), "journal-void");
    }
    assert_eq!(journal.check(number(4), &empty_root()).unwrap_err().code(), "journal-other-document");
}

#[test]
fn a_number_is_recorded_once_and_one_left_open_is_voided() {
    let world = World::new();
    let (first, left) = (
        world.journal.reserve(DocumentKind::DECISION, 2025).unwrap(),
        world.journal.reserve(DocumentKind::DECISION, 2025).unwrap(),
    );
    assert_eq!(world.journal.record(first, b"one", now()), Ok(0));
    assert_eq!(world.journal.record(first, b"two", now()), Err(KeepingError::NotOpen { number: first }));
    assert_eq!(world.journal.void(number(77), now()), Err(KeepingError::NotOpen { number: number(77) }));
    assert_eq!(world.audited().open(), [left]);
    assert_eq!(world.journal.void_open(now()), Ok(vec![left]));
    assert_eq!(world.journal.record(left, b"late", now()).unwrap_err().code(), "journal-not-open");
    assert_eq!(world.audited().open(), []);
    // A clock that went back does not take the journal with it.
    let third = world.journal.reserve(DocumentKind::DECISION, 2025).unwrap();
    world.journal.record(third, b"three", "2020-01-01T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(world.audited().entry(third).unwrap().1.time(), now());
    assert_eq!(world.journal.tree_head("2020-01-01T00:00:00Z".parse().unwrap()).unwrap().time(), now());
}

#[test]
fn a_head_by_another_entity_and_one_that_is_none() {
    let world = World::new();
    let head = world.journal.tree_head(now()).unwrap();
    let error = world.issuer(&world.portal).issue_tree_head(&head, now()).unwrap_err();
    assert!(matches!(error, IssueError::WrongEntity { .. }), "{error}");
    let open = |octets: &[u8]| world.verifier().open_tree_head(octets, &Evidence::none(), now());
    let report = open(&world.issue_recorded("قرار")).unwrap_err();
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure));
    let codes: Vec<&str> = report.failures().map(|reason| reason.code()).collect();
    assert_eq!(codes, ["content-type", "journal-type"]);
    let report = world.verifier().verify(&world.signed_head(), &Evidence::none(), now());
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure));
}

/// A head proves by itself that an earlier one was of its beginning.
#[test]
fn heads_are_consistent() {
    let world = World::new();
    world.issue_recorded("قرار");
    let earlier = world.head();
    world.issue_recorded("قرار ثان");
    world.issue_recorded("قرار ثالث");
    let head = world.head();
    let proof = world.journal.tree().unwrap().consistency_proof(earlier.tree_size()).unwrap();
    assert_eq!(proof.verify(earlier.root(), head.root()), Ok(()));
    assert_eq!(proof.verify(&empty_root(), head.root()).unwrap_err().code(), "merkle-root");
    assert!(Audit::new(&head).with_earlier(&earlier).run(world.journal.entries().unwrap()).is_ok());
}

/// T20: two documents with one number, shown by any two of their files and their entries, offline, from a file.
#[test]
fn a_number_used_twice_is_proved_to_anyone() {
    let world = World::new();
    let signed = world.issue_recorded("قرار");
    let forged = world.issue_unrecorded(1, "قرار آخر");
    let document = |octets: &[u8]| Exhibit::SignedDocument(octets.to_vec());
    let judged = |first: Exhibit, second: Exhibit| {
        let file = Exhibits { first, second }.to_vec();
        let exhibits = Exhibits::from_slice(&file, &Limits::default()).unwrap();
        world.verifier().verify_conflict(&exhibits, &Evidence::none(), now())
    };
    for (first, second) in [(document(&signed), document(&forged)), (world.recorded(0), document(&forged))] {
        let conflict = judged(first, second).unwrap();
        assert_eq!(conflict.number(), number(1));
        assert_ne!(conflict.first(), conflict.second());
    }
    let says = |first, second| {
        let error = judged(first, second).unwrap_err();
        (error.code(), error.to_string())
    };
    let same = format!("both exhibits are of one document with number {}", number(1));
    assert_eq!(says(document(&signed), world.recorded(0)), ("conflict-same-document", same));
    let numbers = format!("the exhibits are of numbers {} and {}", number(1), number(2));
    let second = document(&world.issue_unrecorded(2, "قرار"));
    assert_eq!(says(document(&signed), second), ("conflict-other-number", numbers));
}

#[test]
fn an_exhibit_that_does_not_hold_shows_nothing() {
    let world = World::new();
    let signed = world.issue_recorded("قرار");
    world.journal.void(world.journal.reserve(DocumentKind::DECISION, 2025).unwrap(), now()).unwrap();
    let document = || Exhibit::SignedDocument(signed.clone());
    let judged = |exhibit| {
        let exhibits = Exhibits { first: document(), second: exhibit };
        world.verifier().verify_conflict(&exhibits, &Evidence::none(), now()).unwrap_err()
    };
    let void = judged(world.recorded(1));
    assert_eq!(void.to_string(), "exhibit 2: journal: the entry gives the number to no document");
    assert_eq!(void.code(), "exhibit-void");
    let mut altered: serde_json::Value = serde_json::from_slice(&signed).unwrap();
    altered["payload"] = json!(wathiqa::encoding::base64::encode_url(b"{}"));
    assert_eq!(judged(Exhibit::SignedDocument(altered.to_string().into_bytes())).code(), "signature-invalid");

    // An entry that nobody entered, with the proof of one that was.
    let tree = world.journal.tree().unwrap();
    let entry = String::from_utf8(world.journal.entries().unwrap()[0].clone()).unwrap();
    let invented = entry.replace("\"time\":\"2025-03-01T09:30:00Z\"", "\"time\":\"2025-03-01T09:30:01Z\"").into_bytes();
    let invented = RecordedEntry::new(invented, tree.inclusion_proof(0).unwrap(), world.signed_head());
    assert_eq!(judged(Exhibit::RecordedEntry(invented)).code(), "merkle-root");
    // The portal's head over an entry for the ministry's number.
    let mut tree = wathiqa::merkle::MerkleTree::new(wathiqa::digest::DigestAlgorithm::Sha256).unwrap();
    tree.push(entry.as_bytes());
    let head = TreeHead::new(PORTAL.parse().unwrap(), now(), 1, tree.root()).unwrap();
    let head = world.issuer(&world.portal).issue_tree_head(&head, now()).unwrap();
    let foreign = RecordedEntry::new(entry.into_bytes(), tree.inclusion_proof(0).unwrap(), head);
    assert_eq!(judged(Exhibit::RecordedEntry(foreign)).code(), "exhibit-number-of-another-entity");

    // An entry that is none, though the ministry's head is over it.
    let mut tree = wathiqa::merkle::MerkleTree::new(wathiqa::digest::DigestAlgorithm::Sha256).unwrap();
    tree.push(b"{}");
    let head = TreeHead::new(MINISTRY.parse().unwrap(), now(), 1, tree.root()).unwrap();
    let head = world.issuer(&world.ministry).issue_tree_head(&head, now()).unwrap();
    let none =
        judged(Exhibit::RecordedEntry(RecordedEntry::new(b"{}".to_vec(), tree.inclusion_proof(0).unwrap(), head)));
    assert_eq!(none.to_string(), "exhibit 2: journal: member \"type\" is missing");
    assert_eq!(none.code(), "journal-member-missing");

    let b_b = Verifier::new(world.verifier().policy().clone().with_level(RequiredLevel::BB));
    assert!(
        b_b.verify_conflict(&Exhibits { first: document(), second: document() }, &Evidence::none(), now()).is_err()
    );
}

/// What each of several issuers does with a number that it reserved.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Record,
    Void,
    Leave,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Concurrent issuers get each serial once, and an audit finds no gap that is not explained.
    #[test]
    fn concurrent_issuers_share_no_number(fates in prop::collection::vec(prop::collection::vec(
        prop_oneof![3 => Just(Fate::Record), 1 => Just(Fate::Void), 1 => Just(Fate::Leave)], 0..12), 1..5)) {
        let key = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap().key;
        let journal = Journal::new(MemoryStore::default(), MINISTRY.parse().unwrap(), key.public_key());
        let work = |fates: &[Fate]| -> Vec<DocumentNumber> {
            let mut given = Vec::new();
            for fate in fates {
                let number = journal.reserve(DocumentKind::DECISION, 2025).unwrap();
                match fate {
                    Fate::Record => drop(journal.record(number, number.to_string().as_bytes(), now()).unwrap()),
                    Fate::Void => drop(journal.void(number, now()).unwrap()),
                    Fate::Leave => {}
                }
                given.push(number);
            }
            given
        };
        let mut given: Vec<DocumentNumber> = std::thread::scope(|scope| {
            let issuers: Vec<_> = fates.iter().map(|fates| scope.spawn(|| work(fates))).collect();
            issuers.into_iter().flat_map(|issuer| issuer.join().unwrap()).collect()
        });
        given.sort();
        let expected: Vec<DocumentNumber> = (1..).map(number).take(given.len()).collect();
        prop_assert_eq!(&given, &expected);
        let left = fates.iter().flatten().filter(|fate| matches!(fate, Fate::Leave)).count();
        prop_assert_eq!(journal.tree_head(now()).unwrap().open().len(), left);
        prop_assert_eq!(journal.void_open(now()).unwrap().len(), left);
        let entries = journal.entries().unwrap();
        prop_assert_eq!(entries.len(), given.len());
        let mut entered: Vec<DocumentNumber> = entries.iter().map(|entry| {
            wathiqa::journal::Entry::from_slice_in(entry, &CodingScheme::default(), &Limits::default()).unwrap().number()
        }).collect();
        entered.sort();
        prop_assert_eq!(entered, expected);
    }
}
