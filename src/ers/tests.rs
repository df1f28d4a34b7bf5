//! Records of the crate's own making, altered in one place, and judged.

#![cfg(feature = "issue")]

use proptest::prelude::*;

use crate::budget::{Budget, Limits};
use crate::cms::fixture::{CA, Holder, Node, Profile, TSA};
use crate::crypto::{AlgorithmRow, ListedAlgorithm, SoftwareKey};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::{Tag, Writer};
use crate::ers::{
    ArchiveTimeStampFault, DataObject, DataObjectGroup, DataObjects, EvidenceRecord, HashTree, ProvenExistence,
    RecordFault, RecordVerifier, Renewal, TimeStampSource, VerificationInputs, renew_hash_trees, renew_time_stamps,
};
use crate::time::Instant;
use crate::tsp::{Authority, SerialNumber};
use crate::x509::path::{PathSettings, Purpose, RevocationPolicy};
use crate::x509::{TrustAnchor, TrustStore};

const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;
const SHA512: DigestAlgorithm = DigestAlgorithm::Sha512;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn year(year: u16) -> Instant {
    at(&format!("{year}-06-01T00:00:00Z"))
}

/// A root and what is asked of paths to it.
struct World {
    root: Holder,
    trust_store: TrustStore,
    settings: PathSettings,
}

impl World {
    fn new() -> Self {
        let root = Holder::new(&Profile::new("Root", CA), None);
        let trust_store = TrustStore::from_iter([TrustAnchor::from_certificate(root.certificate.clone())]);
        Self { root, trust_store, settings: PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip) }
    }

    /// An authority with a certificate for these years, the last one included.
    fn authority(&self, from: u16, to: u16) -> Authority<SoftwareKey> {
        let (from, to) = (format!("{from}0101000000Z"), format!("{to}1231235959Z"));
        let profile = Profile { validity: (&from, &to), ..Profile::new("TSA", TSA) };
        let tsa = Holder::new(&profile, Some(&self.root));
        Authority::new(tsa.key, vec![tsa.certificate], "1.3.6.1.4.1.55555.2".parse().unwrap()).unwrap()
    }

    fn inputs(&self, at: Instant) -> VerificationInputs<'_> {
        VerificationInputs::new(&self.trust_store, &self.settings, at)
    }

    /// Records for `groups`, stamped in 2025 by an authority until 2029.
    fn create<G: Into<DataObjectGroup>>(&self, groups: impl IntoIterator<Item = G>) -> Vec<EvidenceRecord> {
        let authority = self.authority(2020, 2029);
        let transport = authority.transport(|| (year(2025), SerialNumber::from(1)));
        let tree = HashTree::new(SHA256, groups).unwrap().stamp(&TimeStampSource::new(&transport)).unwrap();
        tree.records().map(Result::unwrap).collect()
    }

    /// The records renewed, all by one time-stamp of `stamped`, by an authority with a certificate until 5 years later.
    fn renew(&self, records: &[EvidenceRecord], stamped: u16) -> Result<Vec<EvidenceRecord>, String> {
        let authority = self.authority(stamped - 1, stamped + 5);
        let transport = authority.transport(|| (year(stamped), SerialNumber::from(2)));
        let mut verifier = RecordVerifier::new(self.inputs(year(stamped)));
        renew_time_stamps(records, &mut verifier, &TimeStampSource::new(&transport)).map_err(|error| error.to_string())
    }

    fn renew_trees(
        &self,
        records: &[(EvidenceRecord, DataObjects<'_>)],
        algorithm: DigestAlgorithm,
        stamped: u16,
    ) -> Result<Vec<EvidenceRecord>, String> {
        let authority = self.authority(stamped - 1, stamped + 5);
        let transport = authority.transport(|| (year(stamped), SerialNumber::from(3)));
        let mut verifier = RecordVerifier::new(self.inputs(year(stamped)));
        renew_hash_trees(records, algorithm, &mut verifier, &TimeStampSource::new(&transport))
            .map_err(|error| error.to_string())
    }

    fn judge(
        &self,
        record: &EvidenceRecord,
        objects: DataObjects<'_>,
        at: Instant,
    ) -> Result<ProvenExistence, RecordFault> {
        let mut budget = Budget::new(&Limits::default());
        super::verify(record, objects, self.inputs(at), &mut budget).into_result()
    }

    /// Why `record` does not prove `document` in 2026.
    fn fault(&self, record: &EvidenceRecord, document: &[u8]) -> String {
        self.judge(record, DataObjects::Each(&[DataObject::Octets(document)]), year(2026)).unwrap_err().to_string()
    }

    fn holds(&self, record: &EvidenceRecord, document: &[u8], at: Instant) -> bool {
        self.judge(record, DataObjects::Each(&[DataObject::Octets(document)]), at).is_ok()
    }
}

fn documents(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|number| format!("document {number}").into_bytes()).collect()
}

fn digests(documents: &[Vec<u8>]) -> Vec<Digest> {
    documents.iter().map(|document| SHA256.digest(document)).collect()
}

fn read(octets: &[u8]) -> Result<EvidenceRecord, String> {
    EvidenceRecord::from_der(octets, &Limits::default()).map_err(|error| error.to_string())
}

/// The record after `alter` was at its tree of DER.
fn altered(record: &EvidenceRecord, alter: impl FnOnce(&mut Node)) -> Result<EvidenceRecord, String> {
    let mut node = Node::parse(record.as_der());
    alter(&mut node);
    read(&node.to_der())
}

/// Where the lists of the first archive time-stamp lie: sequence, chain, archive time-stamp, reducedHashtree.
const LISTS: [usize; 4] = [2, 0, 0, 1];

#[test]
fn every_document_has_a_record_that_proves_it_and_no_other() {
    let world = World::new();
    for count in [1, 2, 3, 4, 5, 7, 8, 9] {
        let documents = documents(count);
        let records = world.create(digests(&documents));
        assert_eq!(records.len(), count);
        for (record, document) in records.iter().zip(&documents) {
            let objects = [DataObject::Octets(document)];
            let proof = world.judge(record, DataObjects::Each(&objects), year(2026)).unwrap();
            assert_eq!((proof.time(), proof.latest(), proof.renewals().len()), (year(2025), year(2025), 0));
            assert_eq!(proof.renew_before(), at("2029-12-31T23:59:59Z"));
            assert_eq!(record.chains().len(), 1);
            let other = SHA256.digest(b"another");
            assert_eq!(
                world.fault(record, b"another"),
                format!("evidence record: archive time-stamp 1: data object 1 is not covered, no hash is {other}")
            );
            assert_eq!(read(record.as_der()).unwrap().as_der(), record.as_der());
        }
    }
}

#[test]
fn a_document_alone_needs_no_hash_tree() {
    let world = World::new();
    let record = world.create([SHA256.digest(b"alone")]).remove(0);
    let one = record.archive_time_stamps().next().unwrap();
    assert!(one.reduced_hash_tree().is_none());
    let group = [DataObject::Octets(b"alone")];
    assert!(world.judge(&record, DataObjects::Group(&group), year(2026)).is_ok());
    // The same with a list of one hash, as others write it.
    let hash = SHA256.digest(b"alone");
    let listed = altered(&record, |record| {
        let list = Node { tag: Tag::OCTET_STRING, contents: hash.as_octets().to_vec(), children: Vec::new() };
        let list = Node { tag: Tag::SEQUENCE, contents: Vec::new(), children: vec![list] };
        let tree = Node { tag: Tag::context_constructed(2), contents: Vec::new(), children: vec![list] };
        record.at(&[2, 0, 0]).children.insert(1, tree);
    });
    assert!(world.judge(&listed.unwrap(), DataObjects::Group(&group), year(2026)).is_ok());
}

#[test]
fn a_group_is_all_of_it_and_nothing_else() {
    let world = World::new();
    let parts: Vec<Vec<u8>> = documents(3);
    let group = DataObjectGroup::new(digests(&parts));
    let records = world.create([group, SHA256.digest(b"neighbour").into()]);
    let objects: Vec<DataObject<'_>> = parts.iter().map(|part| DataObject::Octets(part)).collect();
    let judge = |objects: DataObjects<'_>| world.judge(&records[0], objects, year(2026)).map_err(|e| e.to_string());
    assert!(judge(DataObjects::Group(&objects)).is_ok());
    assert!(judge(DataObjects::Each(&objects[..2])).is_ok());
    let left_out = SHA256.digest(&parts[2]);
    assert_eq!(
        judge(DataObjects::Group(&objects[..2])).unwrap_err(),
        format!("evidence record: archive time-stamp 1: hash {left_out} is not of the group")
    );
    let more = [objects[0], objects[1], objects[2], DataObject::Octets(b"neighbour")];
    let neighbour = SHA256.digest(b"neighbour");
    assert_eq!(
        judge(DataObjects::Group(&more)).unwrap_err(),
        format!("evidence record: archive time-stamp 1: data object 4 is not covered, no hash is {neighbour}")
    );
    assert_eq!(judge(DataObjects::Each(&[])).unwrap_err(), "evidence record: no data object to look for");
    // Beside its neighbour, a document alone is no group of its own.
    let alone = [DataObject::Octets(b"neighbour")];
    let judged = world.judge(&records[1], DataObjects::Group(&alone), year(2026));
    assert_eq!(judged.unwrap_err().code(), "evidence-record-not-of-the-group");
}

#[test]
fn digests_do_where_the_octets_are_elsewhere() {
    let world = World::new();
    let record = world.create([SHA256.digest(b"one"), SHA256.digest(b"two")]).remove(0);
    let digests = [SHA512.digest(b"one"), SHA256.digest(b"one")];
    assert!(world.judge(&record, DataObjects::Each(&[DataObject::Digests(&digests)]), year(2026)).is_ok());
    let judged = world.judge(&record, DataObjects::Each(&[DataObject::Digests(&digests[..1])]), year(2026));
    let expected = "evidence record: archive time-stamp 1: the SHA-256 digest of data object 1 was not given";
    assert_eq!(judged.unwrap_err().to_string(), expected);
}

/// A story of 20 years: stamped 2025 until 2029, renewed 2028 until 2033, new hash function 2032 until 2037, renewed 2036
/// until 2041.
fn renewed(world: &World, documents: &[Vec<u8>]) -> Vec<EvidenceRecord> {
    let records = world.create(digests(documents));
    let records = world.renew(&records, 2028).unwrap();
    let objects: Vec<[DataObject<'_>; 1]> = documents.iter().map(|one| [DataObject::Octets(one)]).collect();
    let with_data: Vec<_> = records.into_iter().zip(objects.iter().map(|one| DataObjects::Each(one))).collect();
    let records = world.renew_trees(&with_data, SHA512, 2032).unwrap();
    world.renew(&records, 2036).unwrap()
}

#[test]
fn renewals_carry_the_first_time_over_decades() {
    let world = World::new();
    let documents = documents(5);
    let records = renewed(&world, &documents);
    for (record, document) in records.iter().zip(&documents) {
        let shape: Vec<usize> = record.chains().iter().map(|chain| chain.archive_time_stamps().len()).collect();
        assert_eq!(shape, [2, 2]);
        let mut budget = Budget::new(&Limits::default());
        let objects = [DataObject::Octets(document)];
        let verdict = super::verify(record, DataObjects::Each(&objects), world.inputs(year(2041)), &mut budget);
        let found: Vec<_> =
            verdict.archive_time_stamps().iter().map(|one| (one.renewal, one.time, one.until)).collect();
        let expected = [
            (Renewal::Initial, year(2025), year(2028)),
            (Renewal::TimeStamp, year(2028), year(2032)),
            (Renewal::HashTree, year(2032), year(2036)),
            (Renewal::TimeStamp, year(2036), year(2041)),
        ];
        assert_eq!(found, expected);
        let proof = verdict.into_result().unwrap();
        assert_eq!((proof.time(), proof.renewals().len()), (year(2025), 3));
        assert_eq!(proof.renew_before(), at("2041-12-31T23:59:59Z"));
        assert!(world.holds(record, document, at("2041-12-31T23:59:59Z")));
        assert_eq!(
            world.judge(record, DataObjects::Each(&objects), year(2042)).unwrap_err().to_string(),
            "evidence record: archive time-stamp 4: time-stamp: its path ends 2041-12-31T23:59:59Z and had to hold until \
             2042-06-01T00:00:00Z"
        );
        // The old hash function alone was enough only for the old chain.
        let sha_256 = [SHA256.digest(document)];
        let judged = world.judge(record, DataObjects::Each(&[DataObject::Digests(&sha_256)]), year(2041));
        assert_eq!(judged.unwrap_err().code(), "evidence-record-digest-missing");
    }
    // All share what was added to a time-stamp they shared.
    let last = |record: &EvidenceRecord| record.last().unwrap().token().as_der().to_vec();
    assert!(records.iter().all(|record| last(record) == last(&records[0])));
    assert!(records[0].last().unwrap().reduced_hash_tree().is_none());
}

#[test]
fn records_of_different_time_stamps_are_renewed_under_one() {
    let world = World::new();
    let records: Vec<EvidenceRecord> = documents(3).iter().flat_map(|one| world.create([SHA256.digest(one)])).collect();
    let renewed = world.renew(&records, 2028).unwrap();
    for (record, document) in renewed.iter().zip(documents(3)) {
        assert!(record.last().unwrap().reduced_hash_tree().is_some());
        assert!(world.holds(record, &document, year(2033)));
    }
}

#[test]
fn a_renewal_is_refused_with_its_reason() {
    let world = World::new();
    let records = world.create([SHA256.digest(b"one"), SHA256.digest(b"two")]);
    let one = [DataObject::Octets(b"one")];
    let each = DataObjects::Each(&one);
    assert_eq!(world.renew(&[], 2028).unwrap_err(), "renewal: no record");
    assert_eq!(
        world.renew(&records, 2030).unwrap_err(),
        "renewal: record 1: evidence record: archive time-stamp 1: time-stamp: its path ends 2029-12-31T23:59:59Z and had to \
         hold until 2030-06-01T00:00:00Z"
    );
    let with_data = |record: &EvidenceRecord, objects| [(record.clone(), objects)];
    assert_eq!(world.renew_trees(&[], SHA512, 2028).unwrap_err(), "renewal: no record");
    assert_eq!(
        world.renew_trees(&with_data(&records[0], each), SHA256, 2028).unwrap_err(),
        "renewal: record 1 is by SHA-256, SHA-256 is not stronger"
    );
    let stronger = world.renew_trees(&with_data(&records[0], each), SHA512, 2028).unwrap();
    assert_eq!(
        world.renew_trees(&with_data(&stronger[0], each), DigestAlgorithm::Sha384, 2030).unwrap_err(),
        "renewal: record 1 is by SHA-512, SHA-384 is not stronger"
    );
    assert_eq!(
        world.renew(&[records[1].clone(), stronger[0].clone()], 2029).unwrap_err(),
        "renewal: record 2 is by SHA-512, the first is by SHA-256"
    );
    let other =
        world.renew_trees(&with_data(&records[1], DataObjects::Each(&[DataObject::Octets(b"x")])), SHA512, 2028);
    let hash = SHA256.digest(b"x");
    assert_eq!(
        other.unwrap_err(),
        format!(
            "renewal: record 1: evidence record: archive time-stamp 1: data object 1 is not covered, no hash is {hash}"
        )
    );
    let digests = [SHA256.digest(b"one")];
    let old_digest = [DataObject::Digests(&digests)];
    assert_eq!(
        world.renew_trees(&with_data(&records[0], DataObjects::Each(&old_digest)), SHA512, 2028).unwrap_err(),
        "renewal: the SHA-512 digest of data object 1 of record 1 was not given"
    );
    let twice = [(records[0].clone(), each), (records[0].clone(), each)];
    assert_eq!(
        world.renew_trees(&twice, SHA512, 2028).unwrap_err(),
        "renewal: hash tree: groups 1 and 2 hold the same"
    );
}

#[test]
fn a_renewal_with_a_clock_that_runs_behind_is_refused() {
    let world = World::new();
    let records = world.create([SHA256.digest(b"one")]);
    let authority = world.authority(2020, 2033);
    let transport = authority.transport(|| (year(2024), SerialNumber::from(2)));
    let mut verifier = RecordVerifier::new(world.inputs(year(2028)));
    let error = renew_time_stamps(&records, &mut verifier, &TimeStampSource::new(&transport)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "renewal: record 1: evidence record: archive time-stamp 2: its time 2024-06-01T00:00:00Z is before \
         2025-06-01T00:00:00Z, that of the one it renews"
    );
}

#[test]
fn a_tree_is_refused_with_its_reason() {
    let one = SHA256.digest(b"one");
    let refused = |groups: Vec<DataObjectGroup>| HashTree::new(SHA256, groups).unwrap_err().to_string();
    assert_eq!(refused(vec![]), "hash tree: no data object");
    assert_eq!(refused(vec![one.clone().into(), DataObjectGroup::new([])]), "hash tree: group 2 is empty");
    assert_eq!(
        refused(vec![SHA256.digest(b"two").into(), one.clone().into(), one.clone().into()]),
        "hash tree: groups 2 and 3 hold the same"
    );
    assert_eq!(
        refused(vec![DataObjectGroup::new([one.clone(), one.clone()])]),
        "hash tree: groups 1 and 1 hold the same"
    );
    assert_eq!(
        refused(vec![SHA512.digest(b"one").into()]),
        "hash tree: group 1 has a digest by SHA-512, expected SHA-256"
    );
    let sha_1 = HashTree::new(DigestAlgorithm::Sha1, [DigestAlgorithm::Sha1.digest(b"one")]).unwrap_err();
    assert_eq!(sha_1.to_string(), "hash tree: algorithm: SHA-1 is not allowed");
    let world = World::new();
    let token = world.create([one]).remove(0).last().unwrap().token().clone();
    let other = HashTree::new(SHA256, [SHA256.digest(b"two")]).unwrap().stamped_by(token).unwrap_err();
    assert_eq!(other.code(), "time-stamp-message-imprint");
}

#[test]
fn a_thousand_documents_share_one_token_that_is_judged_once() {
    let world = World::new();
    let documents = documents(1000);
    let records = world.create(documents.iter().map(|document| SHA256.digest(document)));
    let token = records[0].last().unwrap().token().as_der();
    let mut verifier = RecordVerifier::new(world.inputs(year(2026)));
    let none = Limits { path_signatures: 0, ..Limits::default() };
    let mut judge = |record: &EvidenceRecord, document: &[u8], limits: &Limits| {
        let objects = [DataObject::Octets(document)];
        verifier.verify(record, DataObjects::Each(&objects), &mut Budget::new(limits)).into_result()
    };
    let first = judge(&records[0], &documents[0], &none).unwrap_err().to_string();
    assert_eq!(
        first,
        "evidence record: archive time-stamp 1: time-stamp: certificate CN=TSA: limit reached: more than 0 signature checks \
         while building paths"
    );
    assert!(judge(&records[0], &documents[0], &Limits::default()).is_ok());
    for (record, document) in records.iter().zip(&documents) {
        assert_eq!(record.last().unwrap().token().as_der(), token);
        assert!(record.last().unwrap().reduced_hash_tree().unwrap().lists().len() <= 10);
        assert_eq!(judge(record, document, &none).unwrap().time(), year(2025));
    }
    // What is remembered is the token, not that it is over this document.
    assert_eq!(judge(&records[0], &documents[2], &none).unwrap_err().code(), "evidence-record-data-object-not-covered");
    let forged = altered(&records[7], |record| {
        record.at(&LISTS).children.pop();
    });
    let error = judge(&forged.unwrap(), &documents[7], &none).unwrap_err();
    assert_eq!(error.code(), "time-stamp-message-imprint");
}

#[test]
fn an_altered_tree_leads_nowhere() {
    let world = World::new();
    let documents = documents(4);
    let record = world.create(digests(&documents)).remove(0);
    let document = documents[0].as_slice();
    let of_lists = |alter: fn(&mut Vec<Node>)| {
        altered(&record, |record| alter(&mut record.at(&LISTS).children)).map(|record| world.fault(&record, document))
    };
    let not_covered = "evidence record: archive time-stamp 1: data object 1 is not covered";
    assert!(of_lists(|lists| lists.swap(0, 1)).unwrap().starts_with(not_covered));
    assert!(of_lists(|lists| drop(lists.remove(0))).unwrap().starts_with(not_covered));
    let imprint = "evidence record: archive time-stamp 1: time-stamp: it is for SHA-256";
    assert!(of_lists(|lists| drop(lists.pop())).unwrap().starts_with(imprint));
    // Another hash in a list, where it belongs in the order.
    let padded = of_lists(|lists| {
        let mut added = lists[1].children[0].clone();
        added.contents = vec![0xff; 32];
        lists[1].children.push(added);
    });
    assert!(padded.unwrap().starts_with(imprint));
    let offset_of = |text: &str| text.split(' ').nth(4).unwrap().trim_end_matches(':').parse::<usize>().unwrap();
    let unsorted = of_lists(|lists| lists[0].children.reverse()).unwrap_err();
    let at_octet = |offset: usize, what: &str| format!("evidence record at octet {offset}: {what}");
    assert_eq!(unsorted, at_octet(offset_of(&unsorted), "a hash that is not greater than the one before it"));
    let twice = of_lists(|lists| {
        let again = lists[0].children[1].clone();
        lists[0].children.push(again);
    });
    // One octet more, for the length of the tree.
    assert_eq!(
        twice.unwrap_err(),
        at_octet(offset_of(&unsorted) + 35, "a hash that is not greater than the one before it")
    );
    // Two hashes as one octet string hash to the same, and are not one hash.
    let merged = of_lists(|lists| {
        let second = lists[0].children.pop().unwrap();
        lists[0].children[0].contents.extend(second.contents);
    });
    let first = offset_of(&unsorted) - 34;
    assert_eq!(merged.unwrap_err(), at_octet(first, "digest: 64 octets, SHA-256 has 32"));
    let empty = of_lists(|lists| lists[1].children.clear()).unwrap_err();
    assert_eq!(empty, at_octet(offset_of(&empty), "a list without hashes"));
    let no_list = of_lists(Vec::clear).unwrap_err();
    assert_eq!(no_list, at_octet(offset_of(&no_list), "a hash tree without lists"));
}

#[test]
fn a_record_that_is_put_together_otherwise_is_not_read() {
    let world = World::new();
    let documents = documents(2);
    let record = renewed(&world, &documents).remove(0);
    let refused = |alter: fn(&mut Node)| {
        let text = altered(&record, alter).unwrap_err();
        text.split_once(": ").map(|(_, what)| what.to_owned()).unwrap_or(text)
    };
    assert_eq!(refused(|record| record.at(&[0]).contents = vec![2]), "version 2, expected 1");
    assert_eq!(refused(|record| record.at(&[2]).children.clear()), "no chain of archive time-stamps");
    assert_eq!(refused(|record| record.at(&[2, 1]).children.clear()), "a chain without archive time-stamps");
    assert_eq!(refused(|record| drop(record.at(&[1]).children.pop())), "SHA-512 is used and not listed");
    assert_eq!(
        refused(|record| {
            let other = record.at(&[2, 1, 0]).clone();
            record.at(&[2, 0]).children.push(other);
        }),
        "an archive time-stamp by SHA-512 in a chain by SHA-256"
    );
    assert_eq!(
        refused(|record| {
            let sha_512 = record.at(&[2, 1, 0, 0]).clone();
            *record.at(&[2, 0, 0, 0]) = sha_512;
        }),
        "an archive time-stamp by SHA-512 holds a time-stamp by SHA-256"
    );
    assert_eq!(
        refused(|record| record.at(&[2, 0, 0, 0, 0]).contents = vec![0x2b, 0x24, 3, 2, 1]),
        "hash function 1.3.36.3.2.1 is not supported"
    );
    assert_eq!(
        refused(|record| record.at(&[2, 0, 0, 2, 0]).contents = vec![0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]),
        "time-stamp: CMS: the content is of type 1.2.840.113549.1.7.1, expected signed data"
    );
    let der = record.as_der();
    let cut = read(&der[..der.len() - 1]).unwrap_err();
    assert!(cut.starts_with("evidence record: DER at octet 4: contents of "), "{cut}");
    assert_eq!(
        read(&[der, &[0]].concat()).unwrap_err(),
        format!("evidence record: DER at octet {}: 1 trailing octets", der.len())
    );
}

#[test]
fn a_sequence_that_is_broken_in_the_middle_proves_nothing() {
    let world = World::new();
    let documents = documents(2);
    let record = renewed(&world, &documents).remove(0);
    let fault = |alter: fn(&mut Node)| {
        let record = altered(&record, alter).unwrap();
        let objects = [DataObject::Octets(&documents[0])];
        let fault = world.judge(&record, DataObjects::Each(&objects), year(2037)).unwrap_err();
        let RecordFault::ArchiveTimeStamp { position, fault } = fault else { panic!("{fault}") };
        (position, fault.code())
    };
    let (data, time_stamp) = ("evidence-record-data-object-not-covered", "evidence-record-time-stamp-not-covered");
    assert_eq!(fault(|record| record.at(&[2]).children.swap(0, 1)), (1, data));
    assert_eq!(fault(|record| record.at(&[2, 0]).children.swap(0, 1)), (1, data));
    assert_eq!(fault(|record| drop(record.at(&[2, 0]).children.remove(0))), (1, data));
    assert_eq!(fault(|record| record.at(&[2, 1]).children.swap(0, 1)), (3, data));
    // A renewal left out at the end of the older chain: what the newer one stamped was another sequence.
    assert_eq!(fault(|record| drop(record.at(&[2, 0]).children.pop())), (2, data));
    assert_eq!(fault(|record| drop(record.at(&[2]).children.remove(0))), (1, data));
    // A renewal of another record.
    assert_eq!(
        fault(|record| {
            let first = record.at(&[2, 0, 0]).clone();
            record.at(&[2, 0]).children.push(first);
        }),
        (3, time_stamp)
    );
    // Without its last chain it is whole, and expired.
    let shorter = altered(&record, |record| drop(record.at(&[2]).children.pop())).unwrap();
    assert!(world.holds(&shorter, &documents[0], at("2033-12-31T23:59:59Z")));
    assert!(!world.holds(&shorter, &documents[0], year(2034)));
}

/// SHA-256 ends in 2033: what was renewed by another hash function before stays proven, what was only stamped again does not.
#[test]
fn an_algorithm_must_hold_until_the_next_time_stamp() {
    let mut world = World::new();
    let documents = documents(2);
    let rehashed = renewed(&world, &documents).remove(0);
    let records = world.create(digests(&documents));
    let stamped = world.renew(&world.renew(&records, 2028).unwrap(), 2032).unwrap().remove(0);
    let objects = [DataObject::Octets(&documents[0])];
    let judge = |world: &World, record, at| world.judge(record, DataObjects::Each(&objects), at);
    let row = AlgorithmRow::new(ListedAlgorithm::Sha256, 0).until(at("2033-01-01T00:00:00Z"));
    let es_256 = world.settings.algorithms.clone();
    // Signatures here are by ES256 and certificates too: an end of SHA-256 is one of theirs.
    world.settings.algorithms = es_256.without(ListedAlgorithm::Sha256).with(row);
    // The authority of its last time-stamp lasts longer, and yet it is to be renewed before that.
    let proof = judge(&world, &stamped, at("2032-12-31T23:59:59Z")).unwrap();
    assert_eq!(proof.renew_before(), at("2033-01-01T00:00:00Z"));
    assert_eq!(
        judge(&world, &stamped, at("2033-01-01T00:00:00Z")).unwrap_err().to_string(),
        "evidence record: archive time-stamp 3: time-stamp: message imprint: algorithm: SHA-256 could be relied on until \
         2033-01-01T00:00:00Z, judged at 2033-01-01T00:00:00Z"
    );
    // The chain by SHA-256 ended in 2032; what fails in the one by SHA-512 is the signature of its authority.
    let fault = judge(&world, &rehashed, at("2036-06-02T00:00:00Z")).unwrap_err();
    assert!(matches!(fault, RecordFault::ArchiveTimeStamp { position: 3, .. }), "{fault}");
}

#[test]
fn no_time_stamp_is_from_the_future() {
    let world = World::new();
    let record = world.create([SHA256.digest(b"one")]).remove(0);
    let one = [DataObject::Octets(b"one")];
    let judged = world.judge(&record, DataObjects::Each(&one), year(2024)).unwrap_err();
    assert_eq!(
        judged.to_string(),
        "evidence record: archive time-stamp 1: time-stamp: its time 2025-06-01T00:00:00Z is after the time of validation \
         2024-06-01T00:00:00Z"
    );
    assert!(world.holds(&record, b"one", year(2025)));
}

#[test]
fn a_stranger_stamps_for_nobody() {
    let (world, strange) = (World::new(), World::new());
    let record = strange.create([SHA256.digest(b"one")]).remove(0);
    let one = [DataObject::Octets(b"one")];
    let fault = world.judge(&record, DataObjects::Each(&one), year(2026)).unwrap_err();
    assert!(matches!(fault, RecordFault::ArchiveTimeStamp { position: 1, fault: ArchiveTimeStampFault::TimeStamp(_) }));
}

#[test]
fn a_record_about_encrypted_data_is_read_and_never_holds() {
    let world = World::new();
    let record = world.create([SHA256.digest(b"one")]).remove(0);
    let info = |tag: u32, contents: &dyn Fn(&mut Writer)| {
        let mut writer = Writer::new();
        writer.constructed(Tag::context_constructed(tag), |info| contents(info));
        Node::parse(&writer.into_der())
    };
    let oid = "2.999.1".parse().unwrap();
    let encryption = info(1, &|info| {
        info.oid(&oid);
        info.value(Tag::NULL, &[]);
    });
    let crypto = info(0, &|info| {
        info.constructed(Tag::SEQUENCE, |attribute| {
            attribute.oid(&oid);
            attribute.constructed(Tag::SET, |values| values.unsigned(5));
        });
    });
    let encrypted = altered(&record, |record| record.children.insert(2, encryption)).unwrap();
    assert_eq!(
        world.fault(&encrypted, b"one"),
        "evidence record: it is about data encrypted by 2.999.1, which is not supported"
    );
    let with_crypto_infos = altered(&record, |record| record.children.insert(2, crypto)).unwrap();
    assert_eq!(with_crypto_infos.crypto_infos(), std::slice::from_ref(&oid));
    assert!(world.holds(&with_crypto_infos, b"one", year(2026)));
    let renewed = world.renew(&[with_crypto_infos], 2028).unwrap();
    assert_eq!(renewed[0].crypto_infos(), [oid]);
    assert!(world.holds(&renewed[0], b"one", year(2033)));
}

#[test]
fn every_limit_holds_what_it_says_and_no_more() {
    let world = World::new();
    let record = renewed(&world, &documents(4)).remove(0);
    let read = |limits: Limits| EvidenceRecord::from_der(record.as_der(), &limits).map_err(|error| error.code());
    let limits = |chains, time_stamps, lists, hashes| Limits {
        archive_time_stamp_chains: chains,
        archive_time_stamps: time_stamps,
        reduced_hash_tree_lists: lists,
        reduced_hash_tree_hashes: hashes,
        ..Limits::default()
    };
    assert!(read(limits(2, 4, 2, 2)).is_ok());
    for (too_few, code) in [
        (limits(1, 4, 2, 2), "evidence-record-too-many-chains"),
        (limits(2, 3, 2, 2), "evidence-record-too-many-archive-time-stamps"),
        (limits(2, 4, 1, 2), "evidence-record-too-many-lists"),
        (limits(2, 4, 2, 1), "evidence-record-too-many-hashes"),
    ] {
        assert_eq!(read(too_few).map(|_| ()), Err(code));
    }
    let document = documents(4).remove(0);
    let objects = [DataObject::Octets(&document)];
    let judge = |time_stamps| {
        let mut budget = Budget::new(&Limits { time_stamps, ..Limits::default() });
        super::verify(&record, DataObjects::Each(&objects), world.inputs(year(2037)), &mut budget).into_result()
    };
    assert!(judge(4).is_ok());
    assert_eq!(
        judge(3).unwrap_err().to_string(),
        "evidence record: archive time-stamp 4: limit reached: more than 3 time-stamps"
    );
}

proptest! {
    /// Whatever the groups, the record of each proves its data objects, and them as a group where they have a list of
    /// their own.
    #[test]
    fn any_groups_are_proven(sizes in prop::collection::vec(1_usize..5, 1..20)) {
        let algorithm = SHA256;
        let mut number = 0_u32;
        let groups: Vec<Vec<Digest>> = sizes.iter().map(|size| {
            (0..*size).map(|_| { number += 1; algorithm.digest(&number.to_be_bytes()) }).collect()
        }).collect();
        let tree = HashTree::new(algorithm, groups.iter().cloned().map(DataObjectGroup::new)).unwrap();
        let root = tree.root().clone();
        let world = World::new();
        let authority = world.authority(2020, 2029);
        let transport = authority.transport(|| (year(2025), SerialNumber::from(1)));
        let stamped = tree.stamp(&TimeStampSource::new(&transport)).unwrap();
        for (record, group) in stamped.records().zip(&groups) {
            let record = record.unwrap();
            let one = record.last().unwrap();
            prop_assert_eq!(one.root(), root.clone());
            prop_assert!(group.iter().all(|digest| one.first_hashes().contains(digest)));
            prop_assert!(group.len() == 1 || one.first_hashes().len() == group.len());
        }
    }
}
