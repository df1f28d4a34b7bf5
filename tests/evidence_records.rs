//! Evidence records: what they do for a document in the report, and under `openssl ts`.
//!
//! The second half judges what the crate makes without the crate: a DER walker and the hash tree of RFC 4998 §4.3 in a few
//! lines of this file, and `openssl ts -verify` over the root that comes out.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]

use serde_json::json;
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
use wathiqa::digest::{Digest, DigestAlgorithm};
use wathiqa::encoding::der::{Reader, Tag, Writer};
use wathiqa::ers::{
    self, DataObject, DataObjectGroup, DataObjects, EvidenceRecord, HashTree, RecordVerifier, TimeStampSource,
    VerificationInputs, renew_hash_trees, renew_time_stamps,
};
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Indication, Report, SubIndication};
use wathiqa::time::Instant;
use wathiqa::tsp::{Authority, SerialNumber, Transport, TransportError};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use openssl::{KeyType, OpenSsl, POLICY, TimeStampPki};
use world::{Party, World, at, crl, octets, token_at};

#[path = "support/openssl.rs"]
mod openssl;
#[path = "support/world.rs"]
mod world;

const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;
const SHA512: DigestAlgorithm = DigestAlgorithm::Sha512;

/// The record of `file`, stamped by `party` at `time`, beside another file's.
fn record(party: &Party, file: &[u8], time: &str) -> EvidenceRecord {
    let pkcs8 = party.pair.serialize_der();
    let key = SoftwareKey::from_pkcs8_der(&pkcs8, JwsAlgorithm::Es256).unwrap();
    let authority = Authority::new(key, vec![party.certificate.clone()], "2.999.2".parse().unwrap()).unwrap();
    let transport = authority.transport(|| (at(time), SerialNumber::from(5)));
    let tree = HashTree::new(SHA256, [SHA256.digest(file), SHA256.digest(b"the neighbour")]).unwrap();
    let stamped = tree.stamp(&TimeStampSource::new(&transport)).unwrap();
    stamped.records().next().unwrap().unwrap()
}

#[test]
fn a_record_proves_when_a_signature_existed() {
    let world = World::new();
    let file = octets(&world.draft().sign(&world.signer));
    let verifier = Verifier::new(world.policy().with_level(RequiredLevel::BB));
    let record = record(&world.tsa, &file, "2025-06-02T00:00:00Z");
    let verdict = |file: &[u8], record: Option<&[u8]>| {
        let evidence = record.into_iter().fold(Evidence::none(), Evidence::with_evidence_record);
        verifier.verify(file, &evidence, at("2027-06-01T00:00:00Z"))
    };
    let alone = verdict(&file, None);
    assert_eq!(alone.sub_indication(), Some(SubIndication::OutOfBoundsNoPoe));
    assert!(alone.evidence_records().is_empty() && !serde_json::to_string(&alone).unwrap().contains("evidenceRecords"));

    let report = verdict(&file, Some(record.as_der()));
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    assert_eq!(report.signatures()[0].proven_time(), Some(at("2025-06-02T00:00:00Z")));
    let [of_record] = report.evidence_records() else { panic!("{report}") };
    assert_eq!(of_record.indication(), Indication::TotalPassed);
    assert_eq!(of_record.proven_time(), Some(at("2025-06-02T00:00:00Z")));
    let text = report.to_string();
    let shown = "evidence record 1 of 1: TOTAL_PASSED
  proven at    2025-06-02T00:00:00Z
  renew before 2040-01-01T00:00:00Z
  passed       evidence record
  archive time-stamp 1 of 1: over the file, TOTAL_PASSED, 2025-06-02T00:00:00Z
    stamped by   CN=TSA,C=SY
    passed       archive time-stamp
";
    assert!(text.ends_with(shown), "{text}");
    let written = serde_json::to_value(&report).unwrap();
    let one = &written["evidenceRecords"][0];
    assert_eq!(one["provenTime"], "2025-06-02T00:00:00Z");
    assert_eq!(one["archiveTimeStamps"][0]["renewal"], "initial");
    assert_eq!(one["archiveTimeStamps"][0]["until"], "2027-06-01T00:00:00Z");
    assert_eq!(one["checks"], json!([{"step": "evidence-record", "outcome": "passed"}]));
}

#[test]
fn a_record_that_does_not_hold_proves_nothing_and_says_why() {
    let world = World::new();
    let file = octets(&world.draft().sign(&world.signer));
    let verifier = Verifier::new(world.policy().with_level(RequiredLevel::BB));
    let judge = |record: &[u8], at: &str| {
        let report = verifier.verify(&file, &Evidence::none().with_evidence_record(record), world::at(at));
        let one = &report.evidence_records()[0];
        let reason = one.checks()[0].failure().map(|(_, reason)| reason.to_string()).unwrap_or_default();
        (report.sub_indication(), one.sub_indication(), reason)
    };
    let later = "2027-06-01T00:00:00Z";
    let no_poe = Some(SubIndication::OutOfBoundsNoPoe);
    let of_another = record(&world.tsa, b"another file", "2025-06-02T00:00:00Z");
    let hash = SHA256.digest(&file);
    assert_eq!(
        judge(of_another.as_der(), later),
        (
            no_poe,
            Some(SubIndication::HashFailure),
            format!("evidence record: archive time-stamp 1: data object 1 is not covered, no hash is {hash}")
        )
    );
    assert_eq!(
        judge(b"not a record", later),
        (
            no_poe,
            Some(SubIndication::FormatFailure),
            "evidence record: DER at octet 2: contents of 111 octets are announced, 10 are left".to_owned()
        )
    );
    let mine = record(&world.tsa, &file, "2025-06-02T00:00:00Z");
    let (_, indication, reason) = judge(mine.as_der(), "2041-06-01T00:00:00Z");
    assert_eq!(indication, no_poe);
    assert_eq!(
        reason,
        "evidence record: archive time-stamp 1: time-stamp: its path ends 2040-01-01T00:00:00Z and had to hold until \
         2041-06-01T00:00:00Z"
    );
    let (_, indication, reason) = judge(mine.as_der(), "2025-06-01T12:00:00Z");
    assert_eq!(indication, Some(SubIndication::SigConstraintsFailure));
    assert!(reason.ends_with("is after the time of validation 2025-06-01T12:00:00Z"), "{reason}");
    // Octets that are no signature have their record judged too.
    let record = record(&world.tsa, b"text", "2025-06-02T00:00:00Z");
    let report = verifier.verify(b"text", &Evidence::none().with_evidence_record(record.as_der()), at(later));
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure));
    assert_eq!(report.evidence_records()[0].indication(), Indication::TotalPassed);
}

fn sequence_of(components: &[&[u8]]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.value(Tag::SEQUENCE, &components.concat());
    writer.into_der()
}

fn octet_string(octets: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.octet_string(octets);
    writer.into_der()
}

/// Each fault of a record has its word of EN 319 102-1.
#[test]
fn what_a_record_that_proves_nothing_is() {
    let world = World::new();
    let file = octets(&world.draft().sign(&world.signer));
    let later = "2025-07-01T00:00:00Z";
    let record = record(&world.tsa, &file, "2025-06-02T00:00:00Z");
    let judged = |der: &[u8], limits: Limits| {
        let policy = world.policy().with_level(RequiredLevel::BB).with_limits(limits);
        let report = Verifier::new(policy).verify(&file, &Evidence::none().with_evidence_record(der), at(later));
        let [of_record] = report.evidence_records() else { panic!("{report}") };
        let reason = of_record.checks().iter().find_map(|check| check.failure()).unwrap().1.to_string();
        (of_record.sub_indication(), reason)
    };
    // The hash beside the document's is another one, so that the root is not the one that was stamped.
    let neighbour = SHA256.digest(b"the neighbour");
    let mut altered = record.as_der().to_vec();
    let place = altered.windows(32).position(|octets| octets == neighbour.as_octets()).unwrap();
    altered[place + 31] ^= 1;
    let (sub_indication, reason) = judged(&altered, Limits::default());
    assert_eq!(sub_indication, Some(SubIndication::HashFailure), "{reason}");
    // What it is about was encrypted.
    let mut fields = Reader::new(record.as_der()).read(Tag::SEQUENCE).unwrap().reader();
    let mut components = Vec::new();
    while !fields.is_empty() {
        components.push(fields.read_any().unwrap().as_der());
    }
    components.insert(2, &[0xa1, 5, 6, 1, 0x2a, 5, 0]);
    let expected = "evidence record: it is about data encrypted by 1.2, which is not supported";
    let found = judged(&sequence_of(&components), Limits::default());
    assert_eq!(found, (Some(SubIndication::SigConstraintsFailure), expected.to_owned()));
    // Renewed before it was made, by a time-stamp that holds.
    let token = record.archive_time_stamps().next().unwrap().token();
    let hashes = sequence_of(&[&octet_string(SHA256.digest(token.as_der()).as_octets())]);
    let earlier = token_at(&world.tsa, token.as_der(), world::NOW);
    let second = sequence_of(&[&[&[0xa2, 36][..], &hashes].concat(), &earlier]);
    let mut chain = Reader::new(record.as_der()).read(Tag::SEQUENCE).unwrap().reader();
    let (version, algorithms) = (chain.read_any().unwrap().as_der(), chain.read_any().unwrap().as_der());
    let mut chains = chain.read(Tag::SEQUENCE).unwrap().reader();
    let first = chains.read(Tag::SEQUENCE).unwrap().contents();
    let backdated = sequence_of(&[version, algorithms, &sequence_of(&[&sequence_of(&[first, &second])])]);
    let expected = "evidence record: archive time-stamp 2: its time 2025-06-01T00:00:00Z is before 2025-06-02T00:00:00Z, \
                    that of the one it renews";
    let found = judged(&backdated, Limits::default());
    assert_eq!(found, (Some(SubIndication::TimestampOrderFailure), expected.to_owned()));
    // More time-stamps than one file may have.
    let mut none = Limits::default();
    none.time_stamps = 0;
    let expected = "evidence record: archive time-stamp 1: limit reached: more than 0 time-stamps";
    let found = judged(record.as_der(), none);
    assert_eq!(found, (Some(SubIndication::SigConstraintsFailure), expected.to_owned()));
}

/// What a record holds itself is enough to judge it; a piece that is of something else is of no use.
#[test]
fn a_record_brings_its_own_revocation_lists() {
    let world = World::new();
    let file = b"a file".as_slice();
    let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::default());
    let anchor = TrustAnchor::from_certificate(world.time_root.certificate.clone());
    let trust_store = TrustStore::from_iter([anchor]);
    let judge = |record: &EvidenceRecord, time: &str| {
        let inputs = VerificationInputs::new(&trust_store, &settings, at(time));
        let mut budget = Budget::new(&Limits::default());
        ers::verify(record, DataObjects::Each(&[DataObject::Octets(file)]), inputs, &mut budget).into_result()
    };
    let list = |issuer: &Party, this_update: &str, revoked: &[world::Revocation<'_>]| {
        RevocationEvidence::new(vec![crl(issuer, this_update, revoked)], Vec::new())
    };
    let bare = record(&world.tsa, file, "2025-06-02T00:00:00Z");
    let later = "2025-07-01T00:00:00Z";
    assert_eq!(judge(&bare, later).unwrap_err().code(), "revocation-unknown");
    let stranger = bare.with_revocation(&list(&world.root, "2025-06-10T00:00:00Z", &[])).unwrap();
    assert_eq!(judge(&stranger, later).unwrap_err().code(), "revocation-unknown");
    let own = stranger.with_revocation(&list(&world.time_root, "2025-06-10T00:00:00Z", &[])).unwrap();
    assert_eq!(own.archive_time_stamps().next().unwrap().token().revocation().len(), 2);
    assert_eq!(judge(&own, later).unwrap().time(), at("2025-06-02T00:00:00Z"));
    let again = own.with_revocation(&list(&world.time_root, "2025-06-10T00:00:00Z", &[])).unwrap();
    assert_eq!(judge(&again, later).unwrap().time(), at("2025-06-02T00:00:00Z"));

    // The list says that the key was lost: before the record, nothing is proven.
    let lost = Some(rcgen::RevocationReason::KeyCompromise);
    let revoked = [(&world.tsa.certificate, "2025-06-01T00:00:00Z", lost)];
    let revoked = bare.with_revocation(&list(&world.time_root, "2025-06-10T00:00:00Z", &revoked)).unwrap();
    assert_eq!(judge(&revoked, later).unwrap_err().code(), "revoked");

    // Renewed by another authority in 2026: what each had is covered or its own, and nothing is given.
    let other = world.time_root.issue(world::tsa("TSA 2"));
    let key = SoftwareKey::from_pkcs8_der(&other.pair.serialize_der(), JwsAlgorithm::Es256).unwrap();
    let authority = Authority::new(key, vec![other.certificate.clone()], "2.999.2".parse().unwrap()).unwrap();
    let transport = authority.transport(|| (at("2026-06-02T00:00:00Z"), SerialNumber::from(6)));
    let fresh = list(&world.time_root, "2026-05-30T00:00:00Z", &[]);
    let mut inputs = VerificationInputs::new(&trust_store, &settings, at("2026-06-02T00:00:00Z"));
    inputs.evidence = Some(&fresh);
    let source = TimeStampSource::new(&transport);
    let renewed = renew_time_stamps(&[own], &mut RecordVerifier::new(inputs), &source).unwrap().remove(0);
    assert_eq!(judge(&renewed, "2027-06-01T00:00:00Z").unwrap_err().code(), "revocation-unknown");
    let whole = renewed.with_revocation(&fresh).unwrap();
    assert_eq!(judge(&whole, "2027-06-01T00:00:00Z").unwrap().time(), at("2025-06-02T00:00:00Z"));
}

/// The key of an authority falls into other hands: what a record covered before is not forged.
#[test]
fn a_record_keeps_a_time_stamp_from_a_later_compromise() {
    let world = World::new();
    let file = octets(&world.issue());
    let other = world.time_root.issue(world::tsa("TSA 2"));
    let compromise = Some(rcgen::RevocationReason::KeyCompromise);
    let crls = vec![
        crl(&world.root, "2025-06-10T00:00:00Z", &[]),
        crl(&world.ministry, "2025-06-10T00:00:00Z", &[]),
        crl(&world.time_root, "2028-06-01T00:00:00Z", &[(&world.tsa.certificate, "2028-05-01T00:00:00Z", compromise)]),
    ];
    let evidence = Evidence::none().with_revocation(RevocationEvidence::new(crls, Vec::new()));
    let verifier = Verifier::new(world.policy_with(RevocationPolicy::default()));
    let verdict = |record: Option<&EvidenceRecord>| -> Report {
        let evidence =
            record.map(EvidenceRecord::as_der).into_iter().fold(evidence.clone(), Evidence::with_evidence_record);
        verifier.verify(&file, &evidence, at("2028-06-10T00:00:00Z"))
    };
    let alone = verdict(None);
    assert_eq!(alone.sub_indication(), Some(SubIndication::SigConstraintsFailure), "{alone}");
    let before = record(&other, &file, "2028-04-30T00:00:00Z");
    let report = verdict(Some(&before));
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
    assert_eq!(report.signatures()[0].proven_time(), Some(at(world::NOW)));
    let after = record(&other, &file, "2028-05-02T00:00:00Z");
    let report = verdict(Some(&after));
    assert_eq!(report.evidence_records()[0].indication(), Indication::TotalPassed, "{report}");
    assert_ne!(report.indication(), Indication::TotalPassed, "{report}");
    // Its own key has fallen: a record of it proves nothing either.
    let own = record(&world.tsa, &file, "2028-04-30T00:00:00Z");
    let report = verdict(Some(&own));
    assert_ne!(report.evidence_records()[0].indication(), Indication::TotalPassed, "{report}");
    assert_ne!(report.indication(), Indication::TotalPassed, "{report}");
}

/// Two values of DER: tag, whole, contents. No checks: the records were read before.
fn children(mut der: &[u8]) -> Vec<(u8, &[u8], &[u8])> {
    let mut all = Vec::new();
    while !der.is_empty() {
        let (header, length) = match der[1] {
            short @ 0..0x80 => (2, usize::from(short)),
            long => {
                let count = usize::from(long & 0x7f);
                (2 + count, der[2..2 + count].iter().fold(0, |length, octet| length << 8 | usize::from(*octet)))
            }
        };
        let (whole, rest) = der.split_at(header + length);
        all.push((der[0], whole, &whole[header..]));
        der = rest;
    }
    all
}

/// What this file makes of an archive time-stamp: its first list, the root, the token.
struct Recomputed {
    first: Vec<Vec<u8>>,
    root: Vec<u8>,
    token: Vec<u8>,
}

/// The chains of a record in DER, with the whole encoding of each.
fn chains(record: &[u8]) -> Vec<(Vec<u8>, Vec<Recomputed>)> {
    let components = children(children(record)[0].2);
    let sequence = components.last().unwrap().2;
    let recompute = |archive_time_stamp: &[u8], hash: &dyn Fn(&[u8]) -> Vec<u8>| {
        let components = children(archive_time_stamp);
        let token = components.last().unwrap().1.to_vec();
        let tree = components.iter().find(|(tag, ..)| *tag == 0xa2).map(|(_, _, lists)| children(lists));
        let lists: Vec<Vec<Vec<u8>>> = tree.into_iter().flatten().map(|(_, _, hashes)| list(hashes)).collect();
        let mut root: Option<Vec<u8>> = None;
        for list in &lists {
            let mut hashes: Vec<Vec<u8>> = list.iter().cloned().chain(root).collect();
            hashes.sort();
            root = Some(hash(&hashes.concat()));
        }
        Recomputed { first: lists.first().cloned().unwrap_or_default(), root: root.unwrap_or_default(), token }
    };
    let chain = |(position, (_, whole, contents)): (usize, (u8, &[u8], &[u8]))| {
        let algorithm = [SHA256, SHA512][position];
        let hash = |octets: &[u8]| algorithm.digest(octets).as_octets().to_vec();
        (whole.to_vec(), children(contents).into_iter().map(|(_, _, one)| recompute(one, &hash)).collect())
    };
    children(sequence).into_iter().enumerate().map(chain).collect()
}

fn list(hashes: &[u8]) -> Vec<Vec<u8>> {
    children(hashes).into_iter().map(|(_, _, hash)| hash.to_vec()).collect()
}

/// `openssl ts -reply` as the authority.
struct Replying<'a>(&'a TimeStampPki<'a>);

impl Transport for Replying<'_> {
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.0.reply(request))
    }
}

/// Whether `openssl ts -verify` takes `token` for one over the digest `root`.
fn openssl_takes(openssl: &OpenSsl, token: &[u8], root: &[u8]) -> bool {
    openssl.write("ats.token", token);
    let root: String = root.iter().map(|octet| format!("{octet:02x}")).collect();
    let verify = ["ts", "-verify", "-digest", &root, "-in", "ats.token", "-token_in", "-CAfile", "tsa-root.pem"];
    openssl.try_run(&verify, &[]).is_ok()
}

#[test]
fn openssl_takes_every_token_over_the_root_that_is_recomputed_here() {
    let Some(openssl) = OpenSsl::in_folder("roots") else { return };
    let pki = TimeStampPki::new(&openssl, KeyType::P256);
    let anchor = TrustAnchor::from_certificate(Certificate::from_der(pki.root.certificate_der()).unwrap());
    let (trust_store, settings) =
        (TrustStore::from_iter([anchor]), PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip));
    let inputs = VerificationInputs::new(&trust_store, &settings, at("2049-01-01T00:00:00Z"));
    let key = SoftwareKey::from_pkcs8_pem(pki.authority.key_pem().as_bytes(), JwsAlgorithm::Es256).unwrap();
    let chain = vec![Certificate::from_der(pki.authority.certificate_der()).unwrap()];
    let authority = Authority::new(key, chain, POLICY.parse().unwrap()).unwrap();
    let ours = authority.transport(|| (Instant::from_unix_seconds(1_780_000_000).unwrap(), SerialNumber::from(7)));

    let transports: [&dyn Transport; 2] = [&ours, &Replying(&pki)];
    for transport in transports {
        let source = TimeStampSource::new(transport);
        let documents: Vec<Vec<u8>> = (0..7_u8).map(|number| vec![number; 40]).collect();
        let alone = documents[..5].iter().map(|document| DataObjectGroup::from(SHA256.digest(document)));
        let group = DataObjectGroup::new(documents[5..].iter().map(|document| SHA256.digest(document)));
        let stamped = HashTree::new(SHA256, alone.chain([group])).unwrap().stamp(&source).unwrap();
        let records: Vec<EvidenceRecord> = stamped.records().map(Result::unwrap).collect();
        let mut verifier = RecordVerifier::new(inputs);
        let renewed = renew_time_stamps(&records, &mut verifier, &source).unwrap();
        let objects: Vec<Vec<DataObject<'_>>> = (0..6)
            .map(|number| if number < 5 { &documents[number..=number] } else { &documents[5..] })
            .map(|of_record| of_record.iter().map(|document| DataObject::Octets(document)).collect())
            .collect();
        let with_data: Vec<_> = renewed.into_iter().zip(objects.iter().map(|all| DataObjects::Each(all))).collect();
        let renewed = renew_hash_trees(&with_data, SHA512, &mut verifier, &source).unwrap();

        // Revocation lists in a token leave its signature as it was.
        let list = RevocationEvidence::new(vec![crl(&Party::root(world::ca("CA")), world::NOW, &[])], Vec::new());
        let with_list = chains(records[0].with_revocation(&list).unwrap().as_der());
        assert!(openssl_takes(&openssl, &with_list[0].1[0].token, &with_list[0].1[0].root));

        for (number, record) in renewed.iter().enumerate() {
            openssl.write("record.der", record.as_der());
            openssl.run(&["asn1parse", "-inform", "DER", "-in", "record.der"]);
            let of_record = if number < 5 { &documents[number..=number] } else { &documents[5..] };
            let read = chains(record.as_der());
            let [(sha_256_chain, first), (_, second)] = read.as_slice() else { panic!("two chains") };
            let ([initial, renewal], [rehashed]) = (first.as_slice(), second.as_slice()) else { panic!("2 and 1") };
            // The data objects are in the first list of the first; the second is over its token alone.
            for document in of_record {
                assert!(initial.first.contains(&digest(SHA256, document)));
            }
            assert!(number < 5 || initial.first.len() == 2);
            assert!(openssl_takes(&openssl, &initial.token, &initial.root));
            assert!(renewal.first.is_empty());
            assert!(openssl_takes(&openssl, &renewal.token, &digest(SHA256, &initial.token)));
            // The third is over each data object with all that is older: H(H(d) || H(SEQUENCE { chain })).
            let older = digest(SHA512, &sequence(sha_256_chain));
            for document in of_record {
                let both = [digest(SHA512, document), older.clone()].concat();
                assert!(rehashed.first.contains(&digest(SHA512, &both)));
            }
            assert!(openssl_takes(&openssl, &rehashed.token, &rehashed.root));
            assert!(!openssl_takes(&openssl, &rehashed.token, &digest(SHA512, b"another root")));
            let mut budget = Budget::new(&Limits::default());
            let verdict = ers::verify(record, DataObjects::Each(&objects[number]), inputs, &mut budget);
            assert_eq!(verdict.into_result().unwrap().renewals().len(), 2);
        }
    }
}

fn digest(algorithm: DigestAlgorithm, octets: &[u8]) -> Vec<u8> {
    Digest::as_octets(&algorithm.digest(octets)).to_vec()
}

/// `octets` in a SEQUENCE of less than 64 KiB.
fn sequence(octets: &[u8]) -> Vec<u8> {
    let length = u16::try_from(octets.len()).unwrap().to_be_bytes();
    let header: &[u8] = if octets.len() < 256 { &[0x30, 0x81, length[1]] } else { &[0x30, 0x82, length[0], length[1]] };
    [header, octets].concat()
}
