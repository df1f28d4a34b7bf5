//! Evidence records made here, under DSS.

use std::time::Duration;

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::ers::{
    DataObject, DataObjectGroup, DataObjects, EvidenceRecord, HashTree, RecordVerifier, TimeStampSource,
    VerificationInputs, renew_hash_trees, renew_time_stamps,
};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::x509::TrustStore;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::revocation::RevocationEvidence;

use crate::dss::Dss;
use crate::world::World;

const DOCUMENTS: [&[u8]; 5] = [b"first", b"second", b"third", b"annex to the third", b"fourth"];

/// A record over a document among others, one over a group, and one of a document alone; then each renewed in both ways.
struct Records<'a> {
    world: &'a World,
    trust_store: TrustStore,
    settings: PathSettings,
}

impl<'a> Records<'a> {
    fn new(world: &'a World) -> Self {
        let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip);
        Self { world, trust_store: world.pki.time_stamp_trust_store(), settings }
    }

    /// So many seconds after the signing.
    fn after(&self, seconds: u64) -> Instant {
        self.world.signing.checked_add(Duration::from_secs(seconds)).unwrap()
    }

    fn inputs(&self) -> VerificationInputs<'_> {
        VerificationInputs::new(&self.trust_store, &self.settings, self.world.now)
    }

    fn create(&self, groups: &[&[usize]]) -> Vec<EvidenceRecord> {
        let transport = self.world.pki.time_stamp_authority().transport(|| (self.after(10), SerialNumber::from(11)));
        let digest = |position: &usize| DigestAlgorithm::Sha256.digest(DOCUMENTS[*position]);
        let groups = groups.iter().map(|group| DataObjectGroup::new(group.iter().map(digest)));
        let tree = HashTree::new(DigestAlgorithm::Sha256, groups).unwrap();
        let stamped = tree.stamp(&TimeStampSource::new(&transport)).unwrap();
        stamped.records().map(Result::unwrap).collect()
    }

    fn renew(&self, records: &[EvidenceRecord], seconds: u64) -> Vec<EvidenceRecord> {
        let transport =
            self.world.pki.time_stamp_authority().transport(|| (self.after(seconds), SerialNumber::from(12)));
        let mut verifier = RecordVerifier::new(self.inputs());
        renew_time_stamps(records, &mut verifier, &TimeStampSource::new(&transport)).unwrap()
    }

    fn rehash(&self, records: &[EvidenceRecord], groups: &[&[usize]], seconds: u64) -> Vec<EvidenceRecord> {
        let transport =
            self.world.pki.time_stamp_authority().transport(|| (self.after(seconds), SerialNumber::from(13)));
        let object = |position: &usize| DataObject::Octets(DOCUMENTS[*position]);
        let objects: Vec<Vec<DataObject<'_>>> = groups.iter().map(|group| group.iter().map(object).collect()).collect();
        let with_data = records.iter().cloned().zip(objects.iter().map(|one| DataObjects::Each(one)));
        let with_data: Vec<_> = with_data.collect();
        let mut verifier = RecordVerifier::new(self.inputs());
        let source = TimeStampSource::new(&transport);
        renew_hash_trees(&with_data, DigestAlgorithm::Sha512, &mut verifier, &source).unwrap()
    }
}

fn passed(said: &Value, proven: Instant, count: usize) {
    assert_eq!((&said["indication"], &said["errors"]), (&json!("PASSED"), &json!([])), "{said:#}");
    assert_eq!(said["poe"], proven.unix_seconds(), "{said:#}");
    let stamps = said["timestamps"].as_array().unwrap();
    assert_eq!(stamps.len(), count, "{said:#}");
    assert!(stamps.iter().all(|one| one["indication"] == "PASSED" && one["imprintIntact"] == true), "{said:#}");
}

#[test]
fn dss_passes_our_evidence_records_and_their_renewals() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let (of, now) = (Records::new(&world), world.now.unix_seconds());
    let proven = of.after(10);
    let groups: [&[usize]; 4] = [&[0], &[1], &[2, 3], &[4]];
    let records = of.create(&groups);
    let renewed = of.renew(&records, 20);
    let rehashed = of.rehash(&renewed, &groups, 30);
    let again = of.renew(&rehashed, 40);
    for (count, records) in [(1, &records), (2, &renewed), (3, &rehashed), (4, &again)] {
        for (record, group) in records.iter().zip(groups) {
            let documents: Vec<&[u8]> = group.iter().map(|position| DOCUMENTS[*position]).collect();
            passed(&dss.record(record.as_der(), &documents, now), proven, count);
        }
    }
    let alone = of.create(&[&[0]]);
    passed(&dss.record(alone[0].as_der(), &DOCUMENTS[..1], now), proven, 1);
    let crls = world.crls.iter().map(|der| Crl::from_der(der, &Limits::default()).unwrap()).collect();
    let with_lists = alone[0].with_revocation(&RevocationEvidence::new(crls, Vec::new())).unwrap();
    passed(&dss.record(with_lists.as_der(), &DOCUMENTS[..1], now), proven, 1);
    passed(&dss.record(of.renew(&[with_lists], 20)[0].as_der(), &DOCUMENTS[..1], now), proven, 2);
    // Records of different time-stamps, under a tree of their own.
    let different = of.renew(&[of.create(&[&[0]]).remove(0), of.create(&[&[1], &[4]]).remove(0)], 20);
    passed(&dss.record(different[0].as_der(), &DOCUMENTS[..1], now), proven, 2);
    passed(&dss.record(different[1].as_der(), &DOCUMENTS[1..2], now), proven, 2);
}

#[test]
fn dss_fails_a_record_for_other_data_as_we_do() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let (of, now) = (Records::new(&world), world.now.unix_seconds());
    let groups: [&[usize]; 1] = [&[0]];
    for record in [of.create(&groups), of.rehash(&of.create(&groups), &groups, 30)].iter().flatten() {
        let said = dss.record(record.as_der(), &[b"other data"], now);
        assert_eq!(
            (&said["indication"], &said["subIndication"]),
            (&json!("FAILED"), &json!("HASH_FAILURE")),
            "{said:#}"
        );
    }
}
