//! A signature of 2010 proves itself in 2040, under authorities that `openssl` runs at given times (`faketime`).
//!
//! ```text
//! 2010-03-01  signed, time-stamped by an authority that signs with SHA-1, as its CA and that of the signer do
//! 2010-03-02  archived (B-LTA), with the answer of an OCSP responder and lists
//! 2012-01-01  the certificate of the signer expires
//! 2012-06-01  SHA-1 is left behind two months before its end: time-stamped again, with SHA-256
//! 2013-03-01  the first authority is revoked
//! 2015-06-01  time-stamped again, with ECDSA
//! 2026-06-01  and again, before that authority expires and before the end of RSA with 2048 bits
//! 2028-01-01  the root of the signer expires
//! 2040-01-01  verified with the file and the two roots
//! ```
//!
//! This crate does not sign with RSA of 2048 bits, nor under a certificate that was signed with SHA-1. So `openssl` makes the
//! first signature too, as of 2010, and this crate makes another with the key of a colleague, who was ahead of the times.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]

use serde_json::{Value, json};
use wathiqa::crypto::SignatureAlgorithm;
use wathiqa::encoding::base64::{decode_url, encode_standard};
use wathiqa::jades::BaselineLevel;
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, Report};
use wathiqa::sign::augment::AugmentError;
use wathiqa::validation::{Evidence, validate};
use wathiqa::x509::path::{RevocationOutcome, RevocationPolicy};
use wathiqa::x509::revocation::{self, RevocationStatus};
use wathiqa::x509::{Certificate, TrustStore};

use world::{
    ARCHIVED, PAYLOAD, RENEWED, STAMPED, Story, VERIFIED, at, digest, encoded, items, names, stamps, story, verdict,
    with_items, world,
};

#[path = "openssl_story/authority.rs"]
mod authority;
#[path = "support/openssl.rs"]
mod openssl;
#[path = "openssl_story/records.rs"]
mod records;
#[path = "openssl_story/world.rs"]
mod world;

#[track_caller]
fn passes(report: &Report) {
    assert_eq!(report.indication(), Indication::TotalPassed, "{report}");
}

/// The verdict, and what each time-stamp comes to.
#[track_caller]
fn comes_to(report: &Report, expected: &str, of_stamps: &[&str]) {
    assert_eq!(verdict(report), expected, "{report}");
    assert_eq!(stamps(report), of_stamps, "{report}");
}

const PASSED: &str = "TOTAL_PASSED";

/// Why SHA-1 does not count, judged at `time`.
fn sha1(time: &str) -> String {
    format!("time-stamp: CMS: algorithm: SHA-1 could be relied on until 2012-08-01T00:00:00Z, judged at {time}")
}

/// The verdict that no signature time-stamp holds for `reason`.
fn none_holds(reason: &str) -> String {
    format!("INDETERMINATE / SIG_CONSTRAINTS_FAILURE: signature time-stamp: none holds, the first because: {reason}")
}

/// The verdict on a signature that nothing proves to be older than `time`.
fn too_weak(time: &str) -> String {
    format!(
        "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE_NO_POE: algorithm: RSA keys of 2048 bits could be relied on until \
         2029-01-01T00:00:00Z, judged at {time}"
    )
}

/// A token that SHA-1 takes, judged at `time`.
fn ended(time: &str) -> String {
    format!("INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE_NO_POE: {}", sha1(time))
}

fn revoked(number: usize, since: &str, reason: &str) -> String {
    format!("time-stamp: certificate CN=Time-stamp Authority {number},C=SY: revoked {since} ({reason})")
}

#[test]
fn a_signature_of_2010_proves_itself_in_2040() {
    let Some(Story { world, b_t, archived, .. }) = story() else { return };
    assert_eq!(names(&b_t.octets), ["sigTst"]);
    let data = ["sigTst", "xVals", "rVals", "tstVD", "arcTst"];
    let renewals = [["tstVD", "arcTst"]; 3].concat();
    assert_eq!(names(&archived[3].octets), [&data[..], &renewals].concat());
    // SHA-1 ends before the first authority expires; the others expire before their algorithms end.
    let due = ["2012-08-01T00:00:00Z", "2017-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2046-01-01T00:00:00Z"];
    assert_eq!(b_t.renewal_due, at(due[0]));
    assert_eq!(archived.each_ref().map(|file| file.renewal_due), due.map(at));

    let policy = world.policy().with_level(RequiredLevel::BLta);
    let report = validate(&archived[3].octets, &Evidence::none(), &policy, at(VERIFIED));
    passes(&report);
    let signature = &report.signatures()[0];
    assert_eq!((signature.level(), signature.proven_time()), (Some(BaselineLevel::BLta), Some(at(STAMPED))));
    assert_eq!((signature.algorithm(), signature.renewal_due()), (Some("RS256"), Some(at(due[3]))));
    assert_eq!(stamps(&report), [PASSED; 5]);
    assert_eq!(report.verified_payload(), Some(PAYLOAD));

    // Without the root of the authorities nothing proves anything.
    let (signers, stampers) = (world.policy().trust_store().clone(), TrustStore::default());
    let policy = ValidationPolicy::new(signers, stampers, RevocationPolicy::default());
    let report = validate(&archived[3].octets, &Evidence::none(), &policy, at(VERIFIED));
    assert_eq!(verdict(&report), too_weak(VERIFIED));
    let not_trusted = "INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND: time-stamp: certificate CN=National Time Root,C=SY: \
                       self-issued, and no trust anchor";
    assert_eq!(stamps(&report)[4], not_trusted);
}

#[test]
fn a_signature_by_this_crate_goes_the_same_way() {
    let Some(world) = world() else { return };
    // What lasts is not signed with such a key, and not under SHA-1.
    assert_eq!(
        world.parameters(&world.signer).unwrap_err().to_string(),
        "signing: algorithm: an RSA key of 2048 bits is not allowed, at least 3072 are asked for"
    );
    let told = Story::tell(world, world.sign(&world.colleague, "colleague.key"), &world.colleague);
    let report = world.alone(&told.archived[3].octets, VERIFIED);
    comes_to(&report, PASSED, &[PASSED; 5]);
    assert_eq!(report.signatures()[0].proven_time(), Some(at(STAMPED)));
}

/// It was lost: the certificate in the answer was judged as if it were of today.
#[test]
fn an_archived_answer_outlives_the_algorithm_that_certified_its_responder() {
    let Some(Story { world, archived, .. }) = story() else { return };
    let answer = world.ministry.answer("2010-03-02T07:00:00Z", "responder", &world.signer);
    let [responder] = answer.certificates() else { panic!("{answer:?}") };
    assert_eq!(responder.signature_algorithm(), Ok(SignatureAlgorithm::RsaPkcs1Sha1));
    let report = world.alone(&archived[1].octets, "2012-08-01T00:00:00Z");
    comes_to(&report, PASSED, &[PASSED; 3]);
    let path = report.signatures()[0].certification_path().unwrap();
    let RevocationOutcome::Checked(statuses) = path.revocation() else { panic!("{report}") };
    let RevocationStatus::NotRevoked(of_signer) = &statuses[0] else { panic!("{report}") };
    assert!(matches!(of_signer.evidence(), [revocation::Evidence::OcspResponse(_)]), "{report}");
}

#[test]
fn each_step_holds_to_its_end_and_not_beyond() {
    let Some(Story { world, b_b, b_t, archived }) = story() else { return };
    let evidence = world.evidence_of_2010("2010-03-02T07:00:00Z", &world.signer);
    // Before it is archived, it needs evidence from elsewhere; before it is stamped, it ends with its certificate.
    let unknown = "time-stamp: certificate CN=Time-stamp Authority 1,C=SY: revocation unknown: no CRL and no OCSP \
                   response is about it";
    let try_later = format!("INDETERMINATE / TRY_LATER: {unknown}");
    comes_to(&world.alone(&b_t.octets, ARCHIVED), &none_holds(unknown), &[&try_later]);
    comes_to(&world.judge(&b_t.octets, &evidence, "2012-07-31T23:59:59Z"), PASSED, &[PASSED]);
    let end = "2012-08-01T00:00:00Z";
    comes_to(&world.judge(&b_t.octets, &evidence, end), &none_holds(&sha1(end)), &[&ended(end)]);
    let b_b_policy = world.policy().with_level(RequiredLevel::BB);
    let evidence = world.evidence_of_2010("2011-12-31T00:00:00Z", &world.signer);
    let judged = |time: &str| validate(b_b, &evidence, &b_b_policy, at(time));
    passes(&judged("2012-01-01T00:00:00Z"));
    let expired = "INDETERMINATE / OUT_OF_BOUNDS_NOT_REVOKED: certificate CN=Civil Registry,C=SY: expired \
                   2012-01-01T00:00:00Z, judged at 2012-01-01T00:00:01Z";
    comes_to(&judged("2012-01-01T00:00:01Z"), expired, &[]);

    let [first, second, third, fourth] = archived.each_ref().map(|file| &file.octets[..]);
    comes_to(&world.alone(first, "2012-07-31T23:59:59Z"), PASSED, &[PASSED; 2]);
    comes_to(&world.alone(first, end), &none_holds(&sha1(end)), &[&*ended(end); 2]);
    let out_of_bounds = |number: usize, not_after: &str, proven: &str| {
        format!(
            "INDETERMINATE / OUT_OF_BOUNDS_NO_POE: time-stamp: the authority's certificate CN=Time-stamp Authority \
             {number},C=SY expired {not_after}, the token is proven to have existed at {proven} only"
        )
    };
    // With the last time-stamp all those fall that rest on it, each for its own reason.
    comes_to(&world.alone(second, "2017-01-01T00:00:00Z"), PASSED, &[PASSED; 3]);
    let late = "2017-01-01T00:00:01Z";
    let last = out_of_bounds(2, "2017-01-01T00:00:00Z", late);
    comes_to(&world.alone(second, late), &none_holds(&sha1(late)), &[&ended(late), &ended(late), &last]);
    comes_to(&world.alone(third, "2027-01-01T00:00:00Z"), PASSED, &[PASSED; 4]);
    let late = "2027-01-01T00:00:01Z";
    let of_second = out_of_bounds(2, "2017-01-01T00:00:00Z", late);
    let last = out_of_bounds(3, "2027-01-01T00:00:00Z", late);
    let of_stamps = [&*ended(late), &*ended(late), &of_second, &last];
    comes_to(&world.alone(third, late), &none_holds(&sha1(late)), &of_stamps);
    comes_to(&world.alone(fourth, "2046-01-01T00:00:00Z"), PASSED, &[PASSED; 5]);
    let late = "2046-01-01T00:00:01Z";
    let of_stamps = [
        ended(late),
        ended(late),
        too_weak(late).replace("algorithm", "time-stamp: CMS: algorithm"),
        out_of_bounds(3, "2027-01-01T00:00:00Z", late),
        out_of_bounds(4, "2046-01-01T00:00:00Z", late),
    ];
    comes_to(&world.alone(fourth, late), &too_weak(late), &of_stamps.each_ref().map(String::as_str));
}

#[test]
fn what_is_renewed_too_late_or_out_of_its_time_is_not_saved() {
    let Some(Story { world, archived, .. }) = story() else { return };
    let renew = |file: &[u8], by: (usize, &'static str), list: &str| {
        world.augment(file, BaselineLevel::BLta, by, &world.time_list(list, &[])).map(drop)
    };
    let refusal = |result: Result<(), AugmentError>| result.unwrap_err().to_string();
    let [first, second, third, _] = archived.each_ref().map(|file| &file.octets[..]);
    assert_eq!(renew(first, (2, "2012-07-31T23:59:59Z"), "2012-07-31T00:00:00Z"), Ok(()));
    let late = "2012-08-01T00:00:00Z";
    let does_not_hold = |reason: &str| format!("augmenting: the signature does not hold: {reason}");
    let none = |time: &str| format!("signature time-stamp: none holds, the first because: {}", sha1(time));
    assert_eq!(refusal(renew(first, (2, "2012-08-01T00:00:00Z"), late)), does_not_hold(&none(late)));
    // Whoever does it all the same has a time-stamp that holds and proves too little.
    let forced = world.archived(first, (2, "2012-08-01T00:00:00Z"));
    let report = world.judge(&forced, &world.time_list(late, &[]), "2012-08-02T00:00:00Z");
    comes_to(&report, &none_holds(&sha1(late)), &[&ended(late), &ended(late), PASSED]);
    let late = "2017-01-01T00:00:01Z";
    let forced = world.archived(second, (3, "2017-01-01T00:00:01Z"));
    let report = world.judge(&forced, &world.time_list(late, &[]), "2017-01-02T00:00:00Z");
    let gap = "INDETERMINATE / OUT_OF_BOUNDS_NO_POE: time-stamp: the authority's certificate CN=Time-stamp Authority \
               2,C=SY expired 2017-01-01T00:00:00Z, the token is proven to have existed at 2017-01-01T00:00:01Z only";
    comes_to(&report, &none_holds(&sha1(late)), &[&ended(late), &ended(late), gap, PASSED]);

    // A token from the future proves nothing; what holds without it, holds.
    let early = "2015-06-01T07:59:59Z";
    let future = format!("time-stamp: its time 2015-06-01T08:00:00Z is after the time of validation {early}");
    let of_stamp = format!("INDETERMINATE / SIG_CONSTRAINTS_FAILURE: {future}");
    comes_to(&world.alone(third, early), PASSED, &[PASSED, PASSED, PASSED, &of_stamp]);
    let policy = world.policy().with_level(RequiredLevel::BLta);
    let fails = format!("baseline level: an archive time-stamp does not hold: {future}");
    let report = validate(third, &Evidence::none(), &policy, at(early));
    assert_eq!(verdict(&report), format!("INDETERMINATE / SIG_CONSTRAINTS_FAILURE: {fails}"));
    assert_eq!(refusal(renew(third, (2, "2015-06-01T07:59:59Z"), "2015-05-31T00:00:00Z")), does_not_hold(&fails));
    let backwards = world.archived(third, (2, "2015-05-31T00:00:00Z"));
    let evidence = world.time_list("2015-05-31T00:00:00Z", &[]);
    let order = "INDETERMINATE / TIMESTAMP_ORDER_FAILURE: time-stamp 5 of 2015-05-31T00:00:00Z covers or follows \
                 time-stamp 4 of 2015-06-01T08:00:00Z";
    comes_to(&world.judge(&backwards, &evidence, "2015-06-02T00:00:00Z"), order, &[PASSED; 5]);
}

#[test]
fn an_authority_that_was_revoked_takes_what_was_not_renewed() {
    let Some(Story { world, archived, .. }) = story() else { return };
    let list = |time: &str, since: &str, reason: &str| world.time_list(time, &[("tsa1", since, reason)]);
    let [first, second, _, fourth] = archived.each_ref().map(|file| &file.octets[..]);
    // Between the first renewal, of June 2012, and the end of SHA-1.
    let judged = |file: &[u8], since: &str, reason: &str| {
        world.judge(file, &list("2012-07-14T00:00:00Z", since, reason), "2012-07-15T00:00:00Z")
    };
    let (before, after, compromise) = ("2012-05-01T00:00:00Z", "2012-07-01T00:00:00Z", "keyCompromise");
    for since in [before, after] {
        // Who was superseded keeps the key, and made no tokens since.
        comes_to(&judged(first, since, "superseded"), PASSED, &[PASSED; 2]);
        comes_to(&judged(second, since, "superseded"), PASSED, &[PASSED; 3]);
        let reason = revoked(1, since, compromise);
        let taken = format!("TOTAL_FAILED / REVOKED: {reason}");
        comes_to(&judged(first, since, compromise), &none_holds(&reason), &[&*taken; 2]);
        if since == after {
            comes_to(&judged(second, since, compromise), PASSED, &[PASSED; 3]);
        } else {
            comes_to(&judged(second, since, compromise), &none_holds(&reason), &[&taken, &taken, PASSED]);
        }
    }
    // A superseded authority did not make what has a later time.
    let early = "2010-03-01T09:30:05Z";
    let taken = format!("TOTAL_FAILED / REVOKED: {}", revoked(1, early, "superseded"));
    let report = judged(second, early, "superseded");
    comes_to(&report, &none_holds(&revoked(1, early, "superseded")), &[&taken, &taken, PASSED]);

    // What the lists of 2013 say changes nothing in 2040, be the reason what it may.
    for reason in ["superseded", compromise] {
        let lists = list("2013-12-14T00:00:00Z", "2013-03-01T00:00:00Z", reason);
        comes_to(&world.judge(fourth, &lists, VERIFIED), PASSED, &[PASSED; 5]);
    }
    // Each authority holds up those before it: with the second fall all that only it covered in time.
    let lists = world.time_list("2015-07-14T00:00:00Z", &[("tsa2", "2015-05-01T00:00:00Z", compromise)]);
    let taken = format!("TOTAL_FAILED / REVOKED: {}", revoked(2, "2015-05-01T00:00:00Z", compromise));
    let of_stamps = [&ended(RENEWED[1]), &ended(RENEWED[1]), &taken[..], PASSED];
    let report = world.judge(&archived[2].octets, &lists, "2015-07-15T00:00:00Z");
    comes_to(&report, &none_holds(&sha1(RENEWED[1])), &of_stamps);
}

#[test]
fn a_thief_of_an_old_key_proves_nothing_with_its_old_time() {
    let Some(Story { world, b_b, .. }) = story() else { return };
    // The key of the first authority, stolen in 2013, makes a token of 2010 over a signature of today.
    let mut file: Value = serde_json::from_slice(b_b).unwrap();
    let value = digest(file["signature"].as_str().unwrap().as_bytes());
    file["header"] = json!({"etsiU": [world.item("sigTst", &value, (1, STAMPED))]});
    let forged = file.to_string().into_bytes();
    let evidence = world.evidence_of_2010("2010-03-02T07:00:00Z", &world.signer);
    let now = "2013-04-01T00:00:00Z";
    comes_to(&world.judge(&forged, &evidence, now), &none_holds(&sha1(now)), &[&ended(now)]);
    // An honest authority says when it saw that.
    let seen = "2013-03-02T00:00:00Z";
    let archived = world.archived(&forged, (2, "2013-03-02T00:00:00Z"));
    let evidence = world.time_list("2013-03-02T00:00:00Z", &[("tsa1", "2013-03-01T00:00:00Z", "keyCompromise")]);
    comes_to(&world.judge(&archived, &evidence, now), &none_holds(&sha1(seen)), &[&ended(seen), PASSED]);
}

#[test]
fn validation_data_of_others_is_of_no_use() {
    let Some(Story { world, b_t, .. }) = story() else { return };
    let time = "2010-03-02T07:00:00Z";
    let evidence = world.evidence_of_2010(time, &world.signer);
    let file = world.augment(&b_t.octets, BaselineLevel::BLt, (1, ARCHIVED), &evidence).unwrap().octets;
    let policy = world.policy().with_level(RequiredLevel::BLt);
    let judged = |position: usize, place: &str, der: &[u8]| {
        let altered = with_items(&file, |items| {
            let mut item: Value =
                serde_json::from_slice(&decode_url(items[position].as_str().unwrap()).unwrap()).unwrap();
            *item.pointer_mut(place).unwrap() = Value::from(encode_standard(der));
            items[position] = encoded(&item);
        });
        validate(&altered, &Evidence::none(), &policy, at("2010-04-01T00:00:00Z"))
    };
    let answer = |certificate: &Certificate| world.ministry.answer(time, "responder", certificate);
    let (ocsp, crl) = ("/rVals/ocspVals/0/val", "/rVals/crlVals/0/val");
    passes(&judged(2, ocsp, answer(&world.signer).as_der()));
    passes(&judged(2, crl, world.root.list(time, "sha1", &[]).as_der()));
    let unknown = |subject: &str| {
        format!("certificate CN={subject},C=SY: revocation unknown: no CRL and no OCSP response is about it")
    };
    let try_later = |subject: &str| format!("INDETERMINATE / TRY_LATER: {}", unknown(subject));
    // The answer about a colleague has another serial number.
    comes_to(&judged(2, ocsp, answer(&world.colleague).as_der()), &try_later("Civil Registry"), &[PASSED]);
    // The list of another CA, and one by a CA that only has the name.
    let others = world.time_root.list(time, "sha1", &[]);
    comes_to(&judged(2, crl, others.as_der()), &try_later("Ministry CA"), &[PASSED]);
    let of_root = |time: &str, reason: &str| {
        format!(
            "INDETERMINATE / TRY_LATER: certificate CN=Ministry CA,C=SY: revocation unknown: CRL of \"CN=National Root \
             CA,C=SY\" issued {time}: {reason}"
        )
    };
    let impostor = world.impostor.list(time, "sha1", &[]);
    let does_not_fit = of_root(time, "signature: does not fit the message and the key");
    comes_to(&judged(2, crl, impostor.as_der()), &does_not_fit, &[PASSED]);
    let others = world.ministry.list(time, "sha1", &[]);
    let reason = format!("time-stamp: {}", unknown("Time-stamp Authority 1"));
    let report = judged(3, "/tstVD/rVals/crlVals/0/val", others.as_der());
    comes_to(&report, &none_holds(&reason), &[&format!("INDETERMINATE / TRY_LATER: {reason}")]);
    // Of another time: from the future, and too old for the signature.
    let at_other = |time: &str| judged(2, crl, world.root.list(time, "sha1", &[]).as_der());
    let (future, old) = ("2010-05-01T00:00:00Z", "2010-01-02T00:00:00Z");
    let reason = format!("issued {future}, after 2010-04-01T00:00:00Z, when it was at hand");
    comes_to(&at_other(future), &of_root(future, &reason), &[PASSED]);
    let reason = "stale: newer was due on 2010-02-01T00:00:00Z, asked for 2010-03-01T09:30:05Z";
    comes_to(&at_other(old), &of_root(old, reason), &[PASSED]);
}

/// What an archive time-stamp at `position` of `file` is over (TS 119 182-1 §5.3.6.2.2), written down again.
fn covered(file: &[u8], position: usize) -> String {
    let parts: Value = serde_json::from_slice(file).unwrap();
    let [payload, protected, signature] =
        ["payload", "protected", "signature"].map(|name| parts[name].as_str().unwrap());
    format!("{payload}.{protected}.{signature}.{}", items(file)[..position].concat())
}

/// The reports of broken archive time-stamps of `file`, which was `original`: those over something else than they were.
fn broken(file: &[u8], original: &[u8]) -> Vec<String> {
    let (now, then) = (items(file), items(original));
    let names = names(file);
    let mut stamp = 0;
    let mut broken = Vec::new();
    for (position, (item, name)) in now.iter().zip(&names).enumerate() {
        stamp += usize::from(name.ends_with("Tst"));
        let was = then.iter().position(|one| one == item).unwrap();
        if name == "arcTst" && covered(file, position) != covered(original, was) {
            let [found, is] = [covered(original, was), covered(file, position)].map(|octets| digest(octets.as_bytes()));
            broken.push(format!("time-stamp {stamp}: time-stamp: it is for SHA-256 {found}, the data has {is}"));
        }
    }
    broken
}

#[test]
fn items_that_were_copied_moved_doubled_or_swapped_are_found() {
    let Some(Story { world, archived, .. }) = story() else { return };
    let file = &archived[3].octets;
    let count = items(file).len();
    let mut changes: Vec<(String, Vec<u8>)> = Vec::new();
    for position in 0..count {
        let mut add = |what: &str, change: &dyn Fn(&mut Vec<Value>)| {
            changes.push((format!("{what} {position}"), with_items(file, change)));
        };
        add("lost", &|items| drop(items.remove(position)));
        add("doubled", &|items| items.insert(position, items[position].clone()));
        add("copied behind all", &|items| items.push(items[position].clone()));
        add("copied before all", &|items| items.insert(0, items[position].clone()));
        if position + 1 < count {
            add("moved behind all", &|items| {
                let item = items.remove(position);
                items.push(item);
            });
        }
        add("swapped with the next", &|items| items.swap(position, (position + 1) % count));
    }
    let mut harmless = Vec::new();
    for (what, altered) in changes {
        let report = world.alone(&altered, VERIFIED);
        let expected = broken(&altered, file);
        let of_stamps = stamps(&report);
        let numbered = of_stamps.iter().zip(1..).filter_map(|(row, number)| {
            Some(format!("time-stamp {number}: {}", row.strip_prefix("TOTAL_FAILED / HASH_FAILURE: ")?))
        });
        assert_eq!(numbered.collect::<Vec<_>>(), expected, "{what}: {report}");
        match expected.first() {
            Some(first) => {
                let failures: Vec<String> = report.failures().map(ToString::to_string).collect();
                assert!(failures.contains(first), "{what}: {first} is not in {report}");
                assert_eq!(report.indication(), Indication::Indeterminate, "{what}: {report}");
            }
            // Without the last renewal everything is whole, and over.
            None if what == "lost 10" => assert_eq!(verdict(&report), too_weak(VERIFIED), "{report}"),
            None => {
                assert_eq!(verdict(&report), PASSED, "{what}: {report}");
                harmless.push(what);
            }
        }
    }
    // What stands behind the last archive time-stamp is covered by none.
    let copied = [0, 1, 2, 3, 5, 7, 9].map(|position| format!("copied behind all {position}"));
    assert_eq!(harmless, copied);
}

#[test]
fn a_chain_that_is_broken_in_the_middle_breaks_all() {
    let Some(Story { world, archived, .. }) = story() else { return };
    let file = &archived[3].octets;
    assert_eq!(names(file)[6], "arcTst");
    // In the place of the archive time-stamp of 2012, the one of another signature, and one of 2012 over something else,
    // with an imprint that is right for neither.
    let told = Story::tell(world, world.sign(&world.colleague, "colleague.key"), &world.colleague);
    let others = Value::from(items(&told.archived[1].octets)[6].clone());
    let of_others = digest(covered(&told.archived[1].octets, 6).as_bytes());
    let octets = b"something else";
    let item = world.item("arcTst", &digest(octets), (2, "2012-06-01T08:00:00Z"));
    for (item, imprint) in [(others, of_others), (item, digest(octets))] {
        let altered = with_items(file, |items| items[6] = item);
        let report = world.alone(&altered, VERIFIED);
        assert_eq!(verdict(&report), too_weak(VERIFIED), "{report}");
        let is = digest(covered(file, 6).as_bytes());
        let reason = format!("time-stamp: it is for SHA-256 {imprint}, the data has {is}");
        let of_stamps = stamps(&report);
        assert_eq!(of_stamps[2], format!("TOTAL_FAILED / HASH_FAILURE: {reason}"));
        assert_eq!(of_stamps[..2], [ended(VERIFIED), ended(VERIFIED)]);
        let failures: Vec<String> = report.failures().map(ToString::to_string).collect();
        assert_eq!(failures.last(), Some(&format!("time-stamp 3: {reason}")), "{report}");
        // While nothing else has ended, that alone is the reason.
        let altered = with_items(&altered, |items| items.truncate(7));
        let report = world.alone(&altered, "2012-07-01T00:00:00Z");
        let alone = format!("INDETERMINATE / SIG_CONSTRAINTS_FAILURE: time-stamp 3: {reason}");
        comes_to(&report, &alone, &[PASSED, PASSED, &of_stamps[2]]);
    }
}
