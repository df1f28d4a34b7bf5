//! The same story, with an evidence record (RFC 4998) in place of archive time-stamps.

use std::sync::LazyLock;

use wathiqa::digest::DigestAlgorithm;
use wathiqa::ers::{
    DataObject, DataObjects, EvidenceRecord, HashTree, RecordVerifier, RenewalError, TimeStampSource,
    VerificationInputs, renew_hash_trees, renew_time_stamps,
};
use wathiqa::jades::BaselineLevel;
use wathiqa::report::{Check, Report};
use wathiqa::validation::Evidence;
use wathiqa::x509::revocation::RevocationEvidence;

use crate::authority::Revoked;
use crate::world::{ARCHIVED, RENEWED, STAMPED, Story, VERIFIED, World, at, story, verdict, with_items};
use crate::{PASSED, none_holds, passes, revoked, sha1, too_weak};

/// When the tree over the file is stamped.
const RECORDED: &str = "2010-03-02T09:00:00Z";

/// A B-LT file of 2010 and its record at each step: of 2010, with a time-stamp renewal in 2012, a hash-tree renewal in
/// 2015, another time-stamp renewal in 2026.
struct Recorded {
    world: &'static World,
    file: Vec<u8>,
    records: [EvidenceRecord; 4],
}

/// The records, made once; `None` where the tools are missing.
fn recorded() -> Option<&'static Recorded> {
    static RECORDS: LazyLock<Option<Recorded>> = LazyLock::new(|| story().map(Recorded::tell));
    RECORDS.as_ref()
}

impl Recorded {
    fn tell(Story { world, b_t, .. }: &Story) -> Self {
        let evidence = world.evidence_of_2010("2010-03-02T07:00:00Z", &world.signer);
        let file = world.augment(&b_t.octets, BaselineLevel::BLt, (1, ARCHIVED), &evidence).unwrap().octets;
        let digests = [&file[..], b"the neighbour"].map(|octets| DigestAlgorithm::Sha256.digest(octets));
        let tree = HashTree::new(DigestAlgorithm::Sha256, digests).unwrap();
        let stamped = tree.stamp(&TimeStampSource::new(&world.stamper(1, RECORDED))).unwrap();
        let first = stamped.records().next().unwrap().unwrap();
        let first = first.with_revocation(&lists(world, "2010-03-02T07:00:00Z", &[])).unwrap();
        let second = renew(world, &first, None, (2, RENEWED[0]), "2012-06-01T07:00:00Z").unwrap();
        let third = renew(world, &second, Some(&file), (3, RENEWED[1]), "2015-06-01T07:00:00Z").unwrap();
        let fourth = renew(world, &third, None, (4, RENEWED[2]), "2026-06-01T07:00:00Z").unwrap();
        Self { world, file, records: [first, second, third, fourth] }
    }

    /// The row of the record, and the verdict on the file.
    fn judged(&self, record: usize, evidence: &Evidence<'static>, time: &str) -> (String, String) {
        let evidence = evidence.clone().with_evidence_record(self.records[record].as_der());
        let report = self.world.judge(&self.file, &evidence, time);
        (row(&report), verdict(&report))
    }
}

/// The list of the time-stamping authorities, signed with SHA-1 until that ends.
fn lists(world: &World, time: &str, revoked: &[Revoked<'_>]) -> RevocationEvidence {
    let digest = if time < "2012" { "sha1" } else { "sha256" };
    RevocationEvidence::new(vec![world.time_root.list(time, digest, revoked)], Vec::new())
}

/// The record renewed with the list of `time`, by its time-stamp, or by its hash tree where the file is given.
fn renew(
    world: &World,
    record: &EvidenceRecord,
    file: Option<&[u8]>,
    (number, time): (usize, &'static str),
    list: &str,
) -> Result<EvidenceRecord, RenewalError> {
    let (policy, lists) = (world.policy(), lists(world, list, &[]));
    let mut inputs = VerificationInputs::new(policy.time_stamp_trust_store(), policy.time_stamp_path(), at(time));
    inputs.evidence = Some(&lists);
    let (stamper, mut verifier) = (world.stamper(number, time), RecordVerifier::new(inputs));
    let source = TimeStampSource::new(&stamper);
    let renewed = match file {
        None => renew_time_stamps(std::slice::from_ref(record), &mut verifier, &source)?,
        Some(file) => {
            let objects = [DataObject::Octets(file)];
            let records = [(record.clone(), DataObjects::Each(&objects))];
            renew_hash_trees(&records, DigestAlgorithm::Sha512, &mut verifier, &source)?
        }
    };
    Ok(renewed[0].with_revocation(&lists).unwrap())
}

/// What the record comes to, and before when it is to be renewed.
fn row(report: &Report) -> String {
    let [record] = report.evidence_records() else { panic!("{report}") };
    let reason = record.checks().iter().find_map(Check::failure).map(|(_, reason)| format!(": {reason}"));
    let sub_indication = record.sub_indication().map(|one| format!(" / {one}")).unwrap_or_default();
    let due = record.renew_before().map(|due| format!(", renew before {due}")).unwrap_or_default();
    format!("{}{sub_indication}{}{due}", record.indication(), reason.unwrap_or_default())
}

/// A record that does not hold, for the reason of its archive time-stamp `number`.
fn fails(indication: &str, number: usize, reason: &str) -> String {
    format!("{indication}: evidence record: archive time-stamp {number}: {reason}")
}

fn holds_until(due: &str) -> (String, String) {
    (format!("{PASSED}, renew before {due}"), PASSED.to_owned())
}

#[test]
fn a_record_carries_a_signature_of_2010_to_2040() {
    let Some(recorded) = recorded() else { return };
    let Recorded { world, file, records } = recorded;
    let evidence = Evidence::none().with_evidence_record(records[3].as_der());
    let report = world.judge(file, &evidence, VERIFIED);
    passes(&report);
    let [record] = report.evidence_records() else { panic!("{report}") };
    assert_eq!(report.signatures()[0].proven_time(), Some(at(STAMPED)));
    assert_eq!((record.proven_time(), record.renew_before()), (Some(at(RECORDED)), Some(at("2046-01-01T00:00:00Z"))));

    // Each step holds until the first end of its last time-stamp, which is that of SHA-1 before that of the authority.
    let alone = |record: usize, time: &str| recorded.judged(record, &Evidence::none(), time);
    assert_eq!(alone(0, "2012-07-31T23:59:59Z"), holds_until("2012-08-01T00:00:00Z"));
    let end = "2012-08-01T00:00:00Z";
    let row = fails("INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE_NO_POE", 1, &sha1(end));
    assert_eq!(alone(0, end), (row, none_holds(&sha1(end))));
    for (record, end, late) in [
        (1, "2017-01-01T00:00:00Z", "2017-01-01T00:00:01Z"),
        (2, "2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z"),
        (3, "2046-01-01T00:00:00Z", "2046-01-01T00:00:01Z"),
    ] {
        assert_eq!(alone(record, end), holds_until(end));
        let reason = format!("time-stamp: its path ends {end} and had to hold until {late}");
        let of_file = if record == 3 { too_weak(late) } else { none_holds(&sha1(late)) };
        assert_eq!(alone(record, late), (fails("INDETERMINATE / OUT_OF_BOUNDS_NO_POE", record + 1, &reason), of_file));
    }
    // A record from the future proves nothing; what holds without it, holds.
    let early = "2012-05-31T00:00:00Z";
    let reason = format!("time-stamp: its time {} is after the time of validation {early}", RENEWED[0]);
    assert_eq!(alone(1, early), (fails("INDETERMINATE / SIG_CONSTRAINTS_FAILURE", 2, &reason), PASSED.to_owned()));
}

#[test]
fn a_record_that_is_renewed_too_late_or_for_another_file_is_refused() {
    let Some(Recorded { world, file, records }) = recorded() else { return };
    let late = "2012-08-01T00:00:00Z";
    let error = renew(world, &records[0], None, (2, "2012-08-01T00:00:00Z"), late).unwrap_err();
    let reason = format!("evidence record: archive time-stamp 1: {}", sha1(late));
    assert_eq!(error.to_string(), format!("renewal: record 1: {reason}"));
    let error = renew(world, &records[1], Some(b"another"), (3, RENEWED[1]), "2015-06-01T07:00:00Z").unwrap_err();
    let hash = DigestAlgorithm::Sha256.digest(b"another");
    let reason = format!("evidence record: archive time-stamp 1: data object 1 is not covered, no hash is {hash}");
    assert_eq!(error.to_string(), format!("renewal: record 1: {reason}"));

    // The record of one file proves nothing for another, such as one whose items were swapped.
    let altered = with_items(file, |items| items.swap(1, 2));
    let report = world.judge(&altered, &Evidence::none().with_evidence_record(records[3].as_der()), VERIFIED);
    let hash = DigestAlgorithm::Sha256.digest(&altered);
    let reason = format!("data object 1 is not covered, no hash is {hash}");
    assert_eq!(row(&report), fails("TOTAL_FAILED / HASH_FAILURE", 1, &reason));
    assert_eq!(verdict(&report), too_weak(VERIFIED));
}

#[test]
fn an_authority_that_was_revoked_takes_the_record_that_was_not_renewed() {
    let Some(recorded) = recorded() else { return };
    let judged = |record: usize, since: &str, reason: &str| {
        let lists = lists(recorded.world, "2012-07-14T00:00:00Z", &[("tsa1", since, reason)]);
        recorded.judged(record, &Evidence::none().with_revocation(lists), "2012-07-15T00:00:00Z")
    };
    let (before, after, compromise) = ("2012-05-01T00:00:00Z", "2012-07-01T00:00:00Z", "keyCompromise");
    let (first, second) = (holds_until("2012-08-01T00:00:00Z"), holds_until("2017-01-01T00:00:00Z"));
    let taken = |since: &str| {
        let reason = revoked(1, since, compromise);
        let row = fails("TOTAL_FAILED / REVOKED", 1, &reason);
        (row, none_holds(&reason))
    };
    for since in [before, after] {
        assert_eq!(judged(0, since, "superseded"), first);
        assert_eq!(judged(1, since, "superseded"), second);
        assert_eq!(judged(0, since, compromise), taken(since));
    }
    assert_eq!(judged(1, after, compromise), second);
    assert_eq!(judged(1, before, compromise), taken(before));
}

/// A list beside the record may be of any day, whatever it says; one that the next time-stamp covers is of its own.
#[test]
fn a_list_beside_the_record_does_not_outlive_its_algorithm() {
    let Some(Recorded { world, file, .. }) = recorded() else { return };
    let tree = HashTree::new(DigestAlgorithm::Sha256, [DigestAlgorithm::Sha256.digest(file)]).unwrap();
    let stamped = tree.stamp(&TimeStampSource::new(&world.stamper(1, RECORDED))).unwrap();
    let bare = stamped.records().next().unwrap().unwrap();
    let of_2010 = lists(world, "2010-03-02T07:00:00Z", &[]);
    let judged = |record: &EvidenceRecord, time: &str| {
        let evidence = Evidence::none().with_revocation(of_2010.clone()).with_evidence_record(record.as_der());
        row(&world.judge(file, &evidence, time))
    };
    // The list of 2012 is in the time-stamp of 2012, which the one of 2010 does not ask.
    let renewed = renew(world, &bare, None, (2, RENEWED[0]), "2012-06-01T07:00:00Z").unwrap();
    let whole = bare.with_revocation(&of_2010).unwrap();
    let whole = renew(world, &whole, None, (2, RENEWED[0]), "2012-06-01T07:00:00Z").unwrap();
    let due = format!("{PASSED}, renew before 2017-01-01T00:00:00Z");
    let (before, end) = ("2012-07-31T23:59:59Z", "2012-08-01T00:00:00Z");
    assert_eq!([judged(&renewed, before), judged(&whole, before), judged(&whole, end)], [&due[..]; 3]);
    let reason = format!(
        "time-stamp: certificate CN=Time-stamp Authority 1,C=SY: revocation unknown: CRL of \"CN=National Time \
         Root,C=SY\" issued 2010-03-02T07:00:00Z: algorithm: SHA-1 could be relied on until {end}, judged at {end}"
    );
    assert_eq!(judged(&renewed, end), fails("INDETERMINATE / TRY_LATER", 1, &reason));
}
