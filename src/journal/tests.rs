//! What is written is read, in one spelling; what an audit refuses.

use super::*;
use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentKind, DocumentNumber};
use crate::digest::{Digest, DigestAlgorithm};
use crate::merkle::MerkleTree;
use crate::time::Instant;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn number(serial: u64) -> DocumentNumber {
    DocumentNumber::new("1234567889".parse().unwrap(), DocumentKind::DECISION, 2025, serial).unwrap()
}

fn digest(text: &str) -> Digest {
    DigestAlgorithm::Sha256.digest(text.as_bytes())
}

fn issued(serial: u64, time: &str) -> Entry {
    let outcome = EntryOutcome::Issued { sha256: digest(&format!("document {serial}")) };
    Entry::new(number(serial), at(time), digest("key"), outcome).unwrap()
}

fn void(serial: u64, time: &str) -> Entry {
    Entry::new(number(serial), at(time), digest("key"), EntryOutcome::Void).unwrap()
}

fn read(octets: &[u8]) -> Result<Entry, JournalError> {
    Entry::from_slice_in(octets, &CodingScheme::default(), &Limits::default())
}

fn read_head(octets: &[u8]) -> Result<TreeHead, JournalError> {
    TreeHead::from_slice_in(octets, &CodingScheme::default(), &Limits::default())
}

#[test]
fn an_entry_has_one_spelling() {
    let entry = issued(7, "2025-03-01T09:30:00.9Z");
    let text = String::from_utf8(entry.to_vec()).unwrap();
    let expected = concat!(
        r#"{"type":"wathiqa-journal-entry/1","number":"1234567889-004-2025-00000007-27","time":"2025-03-01T09:30:00Z","#,
        r#""key":"LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM","outcome":"issued","#
    );
    assert!(text.starts_with(expected), "{text}");
    for entry in [entry, void(8, "2025-03-01T09:30:00Z")] {
        assert_eq!(read(&entry.to_vec()), Ok(entry));
    }
    let refused = |from: &str, to: &str| read(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
    assert_eq!(refused("\"time\"", " \"time\""), "journal: spelled otherwise than it is written, from octet 77");
    assert_eq!(refused("{", "{\"more\":1,"), "journal: spelled otherwise than it is written, from octet 2");
    assert_eq!(refused("09:30:00Z", "12:30:00+03:00"), "journal: spelled otherwise than it is written, from octet 96");
    assert_eq!(refused("09:30:00Z", "09:30:00.5Z"), "journal: member \"time\" is \"2025-03-01T09:30:00.5Z\"");
    assert_eq!(
        refused("entry/1", "entry/2"),
        "journal: type is \"wathiqa-journal-entry/2\", expected wathiqa-journal-entry/1"
    );
    assert_eq!(refused("issued", "lost"), "journal: member \"outcome\" is \"lost\"");
    assert_eq!(refused("\"number\"", "\"n\""), "journal: member \"number\" is missing");
    assert!(refused("\"sha256\":\"", "\"sha256\":\"A").starts_with("journal: member \"sha256\" is \"AM_l5"));
    assert_eq!(read(text.replace("\"issued\"", "\"void\"").as_bytes()).unwrap_err().code(), "journal-spelling");
    let check_digits =
        "journal: member \"number\": document number 1234567889-004-2025-00000007-28: check digits are 28, expected 27";
    assert_eq!(refused("-27\"", "-28\""), check_digits);
    assert_eq!(read(b"[]").unwrap_err().code(), "json-shape");
    let sha1 =
        Entry::new(number(1), at("2025-03-01T00:00:00Z"), DigestAlgorithm::Sha1.digest(b"key"), EntryOutcome::Void);
    assert_eq!(sha1.unwrap_err().to_string(), "journal: member \"key\" is \"a digest by SHA-1\"");
}

#[test]
fn a_tree_head_has_one_spelling() {
    let head = TreeHead::new("1234567889".parse().unwrap(), at("2025-03-01T09:30:00Z"), 3, digest("root")).unwrap();
    let open = head.clone().with_open([number(9), number(2), number(9)]);
    assert_eq!(open.open(), [number(2), number(9)]);
    for head in [head, open.clone()] {
        assert_eq!(read_head(&head.to_vec()), Ok(head));
    }
    let text = String::from_utf8(open.to_vec()).unwrap();
    assert!(
        text.ends_with(r#""open":["1234567889-004-2025-00000002-42","1234567889-004-2025-00000009-21"]}"#),
        "{text}"
    );
    let swapped = text.replace("00000002-42", "x").replace("00000009-21", "00000002-42").replace('x', "00000009-21");
    assert_eq!(read_head(swapped.as_bytes()).unwrap_err().code(), "journal-spelling");
    assert_eq!(
        read_head(text.replace(":3,", ":-3,").as_bytes()).unwrap_err().to_string(),
        "journal: member \"treeSize\" is \"-3\""
    );
    assert_eq!(read_head(text.replace(":3,", ":\"3\",").as_bytes()).unwrap_err().code(), "journal-member-type");
    let no_text = text.replace("\"1234567889-004-2025-00000002-42\"", "2");
    assert_eq!(read_head(no_text.as_bytes()).unwrap_err().to_string(), "journal: member \"open\" is \"an integer\"");
}

#[test]
fn exhibits_are_read_as_they_were_written() {
    let mut tree = MerkleTree::new(DigestAlgorithm::Sha256).unwrap();
    for entry in ["a", "b", "c"] {
        tree.push(entry.as_bytes());
    }
    let recorded = RecordedEntry::new(b"b".to_vec(), tree.inclusion_proof(1).unwrap(), b"head".to_vec());
    let exhibits =
        Exhibits { first: Exhibit::SignedDocument(b"file".to_vec()), second: Exhibit::RecordedEntry(recorded.clone()) };
    let written = exhibits.to_vec();
    assert_eq!(Exhibits::from_slice(&written, &Limits::default()), Ok(exhibits));
    let text = String::from_utf8(written).unwrap();
    let refused = |from: &str, to: &str| {
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text);
        Exhibits::from_slice(altered.as_bytes(), &Limits::default()).unwrap_err().code()
    };
    assert_eq!(refused("\"leafIndex\":1", "\"leafIndex\":3"), "journal-value");
    assert_eq!(refused("\"leafIndex\":1", "\"leafIndex\":1,\"more\":1"), "journal-value");
    assert_eq!(refused("\"signedDocument\"", "\"signed\""), "journal-member-missing");
    assert_eq!(refused("[{", "[{},{"), "journal-value");
    let head =
        |size| TreeHead::new("1234567889".parse().unwrap(), at("2025-03-01T09:30:00Z"), size, tree.root()).unwrap();
    assert_eq!(recorded.check(&head(3)), Ok(()));
    assert_eq!(recorded.check(&head(4)).unwrap_err().code(), "merkle-size-out-of-range");
}

/// The head over `entries` at the end of the day.
fn head(entries: &[Entry], open: &[DocumentNumber]) -> VerifiedTreeHead {
    let mut tree = MerkleTree::new(DigestAlgorithm::Sha256).unwrap();
    entries.iter().for_each(|entry| tree.push(&entry.to_vec()));
    let issuer = "1234567889".parse().unwrap();
    let head = TreeHead::new(issuer, at("2025-03-01T23:59:59Z"), tree.size(), tree.root()).unwrap();
    VerifiedTreeHead::new(head.with_open(open.iter().copied()))
}

fn octets(entries: &[Entry]) -> Vec<Vec<u8>> {
    entries.iter().map(Entry::to_vec).collect()
}

/// What the audit of `entries` says by a head that is over them.
fn audited(entries: &[Entry], open: &[DocumentNumber]) -> Result<AuditedJournal, String> {
    Audit::new(&head(entries, open)).run(octets(entries)).map_err(|error| error.to_string())
}

/// Serials out of order, one void, one open.
fn good() -> Vec<Entry> {
    let time = "2025-03-01T09:00:00Z";
    vec![issued(2, time), issued(1, time), void(3, "2025-03-01T09:00:01Z"), issued(5, "2025-03-01T10:00:00Z")]
}

#[test]
fn a_good_journal_is_audited_and_tells() {
    let journal = audited(&good(), &[number(4)]).unwrap();
    assert_eq!(journal.open(), [number(4)]);
    assert_eq!(journal.entry(number(5)).map(|(index, _)| index), Some(3));
    assert_eq!(journal.check(number(1), &digest("document 1")), Ok(()));
    let says = |serial, text| journal.check(number(serial), &digest(text)).unwrap_err();
    assert_eq!(
        says(6, "document 6").to_string(),
        format!("journal: number {} is not in it, as of 2025-03-01T23:59:59Z", number(6))
    );
    assert_eq!(says(3, "document 3").to_string(), format!("journal: number {} is void", number(3)));
    let (found, expected) = (digest("another"), digest("document 1"));
    assert_eq!(
        says(1, "another").to_string(),
        format!("journal: number {} is that of the document with digest {expected}, not {found}", number(1))
    );
    assert!(audited(&[], &[]).is_ok() && audited(&[], &[number(1)]).is_ok());
}

#[test]
fn a_number_twice_a_gap_and_time_backwards() {
    let noon = "2025-03-01T12:00:00Z";
    let mut twice = good();
    twice.push(issued(1, noon));
    assert_eq!(
        audited(&twice, &[number(4)]).unwrap_err(),
        format!("journal entry 4: number {} is that of entry 1, too", number(1))
    );
    assert_eq!(
        audited(&good(), &[]).unwrap_err(),
        format!("journal: serial 4 of kind 004 and year 2025 is missing, there is {}", number(5))
    );
    assert_eq!(
        audited(&good()[1..], &[number(4)]).unwrap_err(),
        format!("journal: serial 2 of kind 004 and year 2025 is missing, there is {}", number(3))
    );
    let mut back = good();
    back.push(issued(6, "2025-03-01T09:59:59Z"));
    assert_eq!(
        audited(&back, &[number(4)]).unwrap_err(),
        "journal entry 4: made at 2025-03-01T09:59:59Z, the one before it at 2025-03-01T10:00:00Z"
    );
    let mut late = good();
    late.push(issued(6, "2025-03-02T00:00:00Z"));
    assert_eq!(
        audited(&late, &[number(4)]).unwrap_err(),
        "journal entry 4: made at 2025-03-02T00:00:00Z, the head at 2025-03-01T23:59:59Z"
    );
    assert_eq!(
        audited(&good(), &[number(5)]).unwrap_err(),
        format!("journal entry 3: number {} has this entry, the head says that it is open", number(5))
    );
    assert_eq!(audited(&[issued(0, noon)], &[]).unwrap_err(), format!("journal: number {} has serial 0", number(0)));
    let other = DocumentNumber::new("2345678930".parse().unwrap(), DocumentKind::DECISION, 2025, 1).unwrap();
    let other = Entry::new(other, at(noon), digest("key"), EntryOutcome::Void).unwrap();
    assert_eq!(
        audited(&[other], &[]).unwrap_err(),
        "journal entry 0: a number of entity 2345678930, the journal is entity 1234567889's"
    );
    let error = Audit::new(&head(&good(), &[number(4)])).run([b"{}"]).unwrap_err();
    assert_eq!(error.to_string(), "journal entry 0: journal: member \"type\" is missing");
}

#[test]
fn a_rewritten_journal_does_not_fit_its_heads() {
    let open = [number(4)];
    let now = head(&good(), &open);
    let run = |audit: &Audit<'_>, entries: &[Entry]| audit.run(octets(entries)).map(drop).map_err(|error| error.code());
    let mut rewritten = good();
    rewritten[1] = void(1, "2025-03-01T09:00:00Z");
    assert_eq!(run(&Audit::new(&now), &rewritten), Err("audit-root"));
    assert_eq!(run(&Audit::new(&now), &good()[..3]), Err("audit-size"));

    // A head over what was rewritten is contradicted by the head that was seen before.
    let (before, rewritten_head) = (head(&good()[..2], &[]), head(&rewritten, &open));
    assert_eq!(run(&Audit::new(&now).with_earlier(&before), &good()), Ok(()));
    assert_eq!(run(&Audit::new(&rewritten_head), &rewritten), Ok(()));
    assert_eq!(run(&Audit::new(&rewritten_head).with_earlier(&before), &rewritten), Err("audit-root"));
    assert_eq!(run(&Audit::new(&before).with_earlier(&now), &good()[..2]), Err("audit-shrunk"));
    let open_before = head(&good()[..2], &[number(3), number(9)]);
    assert_eq!(run(&Audit::new(&now).with_earlier(&open_before), &good()), Err("audit-open-vanished"));
    let other = TreeHead::new(
        "2345678930".parse().unwrap(),
        now.time(),
        0,
        MerkleTree::new(DigestAlgorithm::Sha256).unwrap().root(),
    );
    let other = VerifiedTreeHead::new(other.unwrap());
    assert_eq!(run(&Audit::new(&now).with_earlier(&other), &good()), Err("audit-head-of-another-entity"));
    let later = TreeHead::new(now.issuer(), at("2025-03-02T00:00:00Z"), 2, before.root().clone()).unwrap();
    let later = VerifiedTreeHead::new(later);
    assert_eq!(run(&Audit::new(&now).with_earlier(&later), &good()), Err("audit-heads-backwards"));
}
