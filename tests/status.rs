//! Documents withdrawn after they were issued, by signed status lists (threat T15), and lists that do not hold.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::num::NonZeroUsize;

use serde_json::{Value, json};
use wathiqa::bulk::BulkVerifier;
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber};
use wathiqa::crypto::{JwsAlgorithm, Signer};
use wathiqa::document::{Document, StatusReference};
use wathiqa::issue::{IssueError, Issuer};
use wathiqa::pki::{DemonstrationPki, EntityName, IssuedKey};
use wathiqa::policy::ValidationPolicy;
use wathiqa::report::{Indication, NotChecked, Outcome, Report, Step, SubIndication};
use wathiqa::sign::{self, SignatureParameters};
use wathiqa::status::{
    MissingStatusList, StaleStatusList, StatusBits, StatusList, StatusListEditor, StatusSettings, VerifiedStatusList,
};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;

const MINISTRY: &str = "1234567889";
const PORTAL: &str = "2345678930";
const URI: &str = "https://justice.example.gov.sy/status/2025";

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The day on which everything is signed, and the day on which it is asked for.
fn issued() -> Instant {
    at("2025-03-01T09:30:00Z")
}

struct World {
    pki: DemonstrationPki,
    ministry: IssuedKey,
    portal: IssuedKey,
}

impl World {
    fn new() -> Self {
        let pki = DemonstrationPki::new(issued()).unwrap();
        let key = |entity: &str| {
            let entity = entity.parse().unwrap();
            let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم").unwrap();
            pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap()
        };
        let (ministry, portal) = (key(MINISTRY), key(PORTAL));
        Self { pki, ministry, portal }
    }

    fn issuer<'a>(&'a self, key: &'a IssuedKey) -> Issuer<&'a impl Signer, impl wathiqa::tsp::Transport + 'a> {
        let stamps = self.pki.time_stamp_authority().transport(|| (issued(), SerialNumber::from(1)));
        Issuer::new(&key.key, key.chain.clone(), stamps).unwrap()
    }

    /// The document with this serial, at the index that is its serial.
    fn document(&self, serial: u64) -> Vec<u8> {
        self.issuer(&self.ministry).issue(&unsigned(serial), issued()).unwrap()
    }

    fn policy(&self) -> ValidationPolicy {
        let (signers, authorities) = (self.pki.trust_store(), self.pki.time_stamp_trust_store());
        ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip)
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.policy())
    }

    fn open(&self, octets: &[u8]) -> Result<VerifiedStatusList, Box<Report>> {
        self.verifier().open_status_list(octets, &Evidence::none(), issued())
    }

    /// The ministry's list, signed and opened again.
    fn opened(&self, list: &StatusList) -> VerifiedStatusList {
        self.open(&self.issuer(&self.ministry).issue_status_list(list, issued()).unwrap()).unwrap()
    }
}

fn unsigned(serial: u64) -> Document<Value> {
    let kind = DocumentKind::new(14).unwrap();
    let number = DocumentNumber::new(MINISTRY.parse().unwrap(), kind, 2025, serial).unwrap();
    let builder = Document::builder(number, at("2025-03-01T06:30:00Z")).language("ar").title("شهادة");
    builder.status(StatusReference::new(URI, serial).unwrap()).build(json!({})).unwrap()
}

fn editor(issuer: &str) -> StatusListEditor {
    StatusListEditor::new(URI, issuer.parse().unwrap(), StatusBits::Two, 100).unwrap()
}

/// A list as of noon, good for a week.
fn list(editor: &StatusListEditor) -> StatusList {
    editor.build(at("2025-03-01T09:00:00Z"), at("2025-03-08T09:00:00Z")).unwrap()
}

#[track_caller]
fn refused(report: &Report, sub_indication: SubIndication, reason: &str) {
    let reasons: Vec<String> = report.failures().map(ToString::to_string).collect();
    assert_eq!((report.sub_indication(), reasons), (Some(sub_indication), vec![reason.to_owned()]), "{report}");
}

fn outcome(report: &Report) -> &Outcome {
    report.check(Step::Status).unwrap().outcome()
}

/// T15: of documents that are all rightly signed, the one that is revoked fails and no other does.
#[test]
fn revoking_one_number_touches_that_document_alone() {
    let world = World::new();
    let documents: Vec<Vec<u8>> = (0..6).map(|serial| world.document(serial)).collect();
    let mut editor = editor(MINISTRY);
    editor.revoke(1, at("2025-03-01T08:00:00Z")).unwrap();
    editor.suspend(2, at("2025-03-01T08:15:00Z")).unwrap();
    editor.supersede(3, at("2025-03-01T08:30:00Z"), "1234567889-014-2025-00012345-22".parse().unwrap()).unwrap();
    editor.suspend(4, at("2025-03-01T08:00:00Z")).unwrap();
    editor.resume(4, at("2025-03-01T08:45:00Z")).unwrap();
    let opened = world.opened(&list(&editor));
    let evidence = Evidence::none().with_status_list(&opened);
    let verdict = |serial: usize| world.verifier().verify(&documents[serial], &evidence, at("2025-03-02T00:00:00Z"));
    for serial in [0, 4, 5] {
        let report = verdict(serial);
        assert_eq!((report.indication(), outcome(&report)), (Indication::TotalPassed, &Outcome::Passed), "{report}");
    }
    refused(&verdict(1), SubIndication::DocumentRevoked, "status: revoked since 2025-03-01T08:00:00Z");
    refused(&verdict(2), SubIndication::DocumentSuspended, "status: suspended since 2025-03-01T08:15:00Z");
    let by = "status: superseded since 2025-03-01T08:30:00Z by 1234567889-014-2025-00012345-22";
    refused(&verdict(3), SubIndication::DocumentSuperseded, by);
    assert_eq!(verdict(1).indication(), Indication::TotalFailed);
    assert!(!SubIndication::DocumentRevoked.is_etsi());
    assert!(verdict(1).into_verified::<Value>().is_err());
}

#[test]
fn a_document_was_valid_before_it_was_revoked() {
    let world = World::new();
    let document = world.document(1);
    let mut editor = editor(MINISTRY);
    editor.revoke(1, at("2025-06-01T00:00:00Z")).unwrap();
    let later = editor.build(at("2025-07-01T00:00:00Z"), at("2025-07-08T00:00:00Z")).unwrap();
    let opened = world.opened(&later);
    let evidence = Evidence::none().with_status_list(&opened);
    let verdict = |time: &str| world.verifier().verify(&document, &evidence, at(time));
    assert_eq!(verdict("2025-05-31T23:59:59Z").indication(), Indication::TotalPassed);
    refused(
        &verdict("2025-06-01T00:00:00Z"),
        SubIndication::DocumentRevoked,
        "status: revoked since 2025-06-01T00:00:00Z",
    );
    // A revocation is for good, however old the list that says so.
    refused(
        &verdict("2025-12-01T00:00:00Z"),
        SubIndication::DocumentRevoked,
        "status: revoked since 2025-06-01T00:00:00Z",
    );
}

#[test]
fn a_document_that_names_no_list_has_nothing_to_check() {
    let world = World::new();
    let number = "1234567889-014-2025-00012345-22".parse().unwrap();
    let builder = Document::builder(number, at("2025-03-01T06:30:00Z")).language("ar").title("شهادة");
    let signed = world.issuer(&world.ministry).issue(&builder.build(json!({})).unwrap(), issued()).unwrap();
    let report = world.verifier().verify(&signed, &Evidence::none(), issued());
    assert_eq!(report.indication(), Indication::TotalPassed);
    assert_eq!(outcome(&report), &Outcome::NotChecked(NotChecked::Absent));
}

#[test]
fn a_list_that_was_not_given_is_not_a_list_that_says_nothing() {
    let world = World::new();
    let document = world.document(0);
    let report = world.verifier().verify(&document, &Evidence::none(), issued());
    refused(&report, SubIndication::StatusUnknown, &format!("status: the list {URI} was not given"));
    assert_eq!(report.indication(), Indication::Indeterminate);

    let mut settings = StatusSettings::default();
    settings.missing = MissingStatusList::Allow;
    let report = Verifier::new(world.policy().with_status(settings)).verify(&document, &Evidence::none(), issued());
    assert_eq!(report.indication(), Indication::TotalPassed);
    assert_eq!(outcome(&report), &Outcome::NotChecked(NotChecked::NoStatusList));
}

#[test]
fn a_stale_list_does_not_tell() {
    let world = World::new();
    let document = world.document(0);
    let opened = world.opened(&list(&editor(MINISTRY)));
    let evidence = Evidence::none().with_status_list(&opened);
    let verdict = |verifier: &Verifier, time: &str| verifier.verify(&document, &evidence, at(time));
    let (last, after) = ("2025-03-08T09:00:00Z", "2025-03-08T09:00:01Z");
    assert_eq!(verdict(&world.verifier(), last).indication(), Indication::TotalPassed);
    let stale = format!("status: the list {URI} is good until {last}, validated at {after}");
    refused(&verdict(&world.verifier(), after), SubIndication::TryLater, &stale);

    let mut settings = StatusSettings::default();
    settings.stale = StaleStatusList::Allow;
    let archive = Verifier::new(world.policy().with_status(settings));
    assert_eq!(verdict(&archive, after).indication(), Indication::TotalPassed);
}

#[test]
fn an_index_behind_the_end_of_the_list() {
    let world = World::new();
    let opened = world.opened(&list(&editor(MINISTRY)));
    let evidence = Evidence::none().with_status_list(&opened);
    let verdict = |serial| world.verifier().verify(&world.document(serial), &evidence, issued());
    assert_eq!(verdict(99).indication(), Indication::TotalPassed);
    let message = format!("status: the list {URI} has 100 entries, the document's is at index 100");
    refused(&verdict(100), SubIndication::StatusUnknown, &message);
}

/// A portal with a valid key of its own can neither sign the ministry's list nor put its own in the place of it.
#[test]
fn a_list_by_another_issuer() {
    let world = World::new();
    let portal = world.issuer(&world.portal);
    let error = portal.issue_status_list(&list(&editor(MINISTRY)), issued()).unwrap_err();
    assert!(matches!(error, IssueError::WrongEntity { .. }), "{error}");

    let forged = world.sign(&list(&editor(MINISTRY)).to_vec(), "application/vnd.wathiqa.status-list+json");
    let report = world.open(&forged).unwrap_err();
    let message = format!("the certificate is entity {PORTAL}'s, the document's issuer is {MINISTRY}");
    refused(&report, SubIndication::EntityMismatch, &message);

    let own = world.open(&portal.issue_status_list(&list(&editor(PORTAL)), issued()).unwrap()).unwrap();
    let evidence = Evidence::none().with_status_list(&own);
    let report = world.verifier().verify(&world.document(0), &evidence, issued());
    let message = format!("status: the list {URI} is entity {PORTAL}'s, the document's issuer is {MINISTRY}");
    refused(&report, SubIndication::StatusUnknown, &message);
    assert_eq!(report.indication(), Indication::Indeterminate);

    // Beside the ministry's own it changes nothing.
    let mut editor = editor(MINISTRY);
    editor.revoke(0, at("2025-03-01T08:00:00Z")).unwrap();
    let ministry = world.opened(&list(&editor));
    let both = Evidence::none().with_status_list(&own).with_status_list(&ministry);
    let report = world.verifier().verify(&world.document(0), &both, issued());
    refused(&report, SubIndication::DocumentRevoked, "status: revoked since 2025-03-01T08:00:00Z");
}

impl World {
    /// B-T by the portal over any octets that claim to be of this type.
    fn sign(&self, payload: &[u8], media_type: &str) -> Vec<u8> {
        let key = &self.portal;
        let parameters = SignatureParameters::new(key.key.algorithm(), key.chain.clone(), issued()).unwrap();
        let signed = sign::sign(payload, parameters.with_content_type(media_type), &key.key).unwrap();
        let stamps = self.pki.time_stamp_authority().transport(|| (issued(), SerialNumber::from(1)));
        let imprint = signed.time_stamp_imprint(wathiqa::digest::DigestAlgorithm::Sha256);
        let request = wathiqa::tsp::TimeStampRequest::new(&imprint);
        let token = wathiqa::tsp::request_token(&stamps, &request, &wathiqa::budget::Limits::default()).unwrap();
        signed.with_signature_time_stamp(&token).unwrap().to_vec()
    }
}

/// What is signed as one thing cannot be shown as another (T30).
#[test]
fn a_document_is_no_list_and_a_list_no_document() {
    let world = World::new();
    let report = world.open(&world.document(0)).unwrap_err();
    let reasons: Vec<String> = report.failures().map(ToString::to_string).collect();
    let expected = [
        "document: the signature says its payload is application/vnd.wathiqa.document+json, expected \
         application/vnd.wathiqa.status-list+json",
        "status list: type is \"wathiqa-document/1\", expected wathiqa-status-list/1",
    ];
    assert_eq!(
        (report.sub_indication(), reasons),
        (Some(SubIndication::FormatFailure), expected.map(str::to_owned).to_vec())
    );

    let signed = world.issuer(&world.ministry).issue_status_list(&list(&editor(MINISTRY)), issued()).unwrap();
    let report = world.verifier().verify(&signed, &Evidence::none(), issued());
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure));

    // A list that is signed as a document, and a document that is signed as a list.
    let as_document = world.sign(&list(&editor(PORTAL)).to_vec(), "application/vnd.wathiqa.document+json");
    assert_eq!(world.open(&as_document).unwrap_err().sub_indication(), Some(SubIndication::FormatFailure));
    let as_list = world.sign(b"{\"type\":\"wathiqa-document/1\"}", "application/vnd.wathiqa.status-list+json");
    assert_eq!(world.open(&as_list).unwrap_err().failures().next().unwrap().code(), "status-list-type");
}

#[test]
fn an_altered_list_and_octets_that_are_none() {
    let world = World::new();
    let signed = world.issuer(&world.ministry).issue_status_list(&list(&editor(MINISTRY)), issued()).unwrap();
    let mut file: Value = serde_json::from_slice(&signed).unwrap();
    let payload = file["payload"].as_str().unwrap();
    let other = wathiqa::encoding::base64::encode_url(
        String::from_utf8(wathiqa::encoding::base64::decode_url(payload).unwrap())
            .unwrap()
            .replace("\"exp\":1741424400", "\"exp\":9741424400")
            .as_bytes(),
    );
    assert_ne!(payload, other);
    file["payload"] = json!(other);
    let report = world.open(file.to_string().as_bytes()).unwrap_err();
    assert_eq!(report.sub_indication(), Some(SubIndication::SigCryptoFailure), "{report}");
    let report = world.open(b"{}").unwrap_err();
    assert_eq!(
        report.check(Step::StatusListFormat).unwrap().outcome(),
        &Outcome::NotChecked(NotChecked::EarlierFailure)
    );
    assert_eq!(report.indication(), Indication::TotalFailed);
}

/// In bulk, too, a document that was withdrawn fails, also behind documents like it that passed; and those that stand are
/// judged by what they share, as if they named no list.
#[test]
fn bulk_asks_the_list_for_each_document() {
    let world = World::new();
    let documents: Vec<Vec<u8>> = (0..30).map(|serial| world.document(serial)).collect();
    let unsigned: Vec<_> = (0..30).map(unsigned).collect();
    let batch: Vec<Vec<u8>> = world.issuer(&world.ministry).issue_batch(&unsigned, issued()).unwrap().files().collect();
    let mut editor = editor(MINISTRY);
    for serial in [0, 11, 12, 29] {
        editor.revoke(serial, at("2025-03-01T08:00:00Z")).unwrap();
    }
    let opened = world.opened(&list(&editor));
    let evidence = Evidence::none().with_status_list(&opened);
    let day = at("2025-03-02T00:00:00Z");
    let bulk = BulkVerifier::new(world.verifier()).with_threads(NonZeroUsize::MIN);
    for documents in [&documents, &batch] {
        let outcomes = bulk.verify(documents, &evidence, day);
        let monitor = outcomes.monitor();
        for (outcome, document) in outcomes.zip(documents) {
            assert_eq!(*outcome.report(), world.verifier().verify(document, &evidence, day));
            let revoked = [0, 11, 12, 29].contains(&outcome.position());
            let expected = revoked.then_some(SubIndication::DocumentRevoked);
            assert_eq!(outcome.sub_indication(), expected, "{}", outcome.position());
        }
        let counts = monitor.counts();
        assert_eq!((counts.passed, counts.failed), (26, 4));
        assert!(counts.straight >= 20, "{counts:?}");
    }
    // Without the list none passes, straight or not.
    let none = Evidence::none();
    let mut unknown = bulk.verify(&documents, &none, day).map(|outcome| outcome.sub_indication());
    assert!(unknown.all(|sub_indication| sub_indication == Some(SubIndication::StatusUnknown)));
}

/// What bulk verification asks for every document is a look at one octet.
#[test]
fn a_status_is_looked_up_in_an_array() {
    let octets: Vec<u8> = (0..=255).collect();
    let array = wathiqa::status::StatusArray::from_octets(StatusBits::Two, octets);
    let naive = |index: u64| u8::try_from(index / 4).unwrap() >> (2 * (index % 4)) & 3;
    assert!((0..1024).all(|index| array.get(index) == Some(naive(index))));
    assert_eq!(array.get(1024), None);
}
