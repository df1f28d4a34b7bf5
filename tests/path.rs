//! Certification paths: which are found, which are refused, and in which words.

#[path = "support/issuing.rs"]
mod issuing;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use wathiqa::budget::Limits;
use wathiqa::codes::CodingScheme;
use wathiqa::crypto::{AlgorithmConstraints, AlgorithmRow, ListedAlgorithm};
use wathiqa::oid;
use wathiqa::x509::entity::{self, EntityError};
use wathiqa::x509::path::{
    CaKeyPurposes, DirectTrust, PathErrorKind, PathSettings, Purpose, RevocationOutcome, RevocationPolicy,
};
use wathiqa::x509::revocation::{RevocationSettings, UnknownRevocation};
use wathiqa::x509::{AnchorExtensions, AnchorValidity, Certificate, TrustAnchor, TrustStore};

use issuing::{NOW, Subject, authority, build, build_with, end_entity, refusal, settings, store, with};

#[test]
fn a_path_is_found_in_an_unordered_pool_with_strangers() {
    let (root, stranger) = (Subject::root("Root"), Subject::root("Stranger"));
    let ministry = root.authority("Ministry");
    let office = ministry.authority("Office");
    let signer = office.signer("Registrar");
    let decoy = stranger.authority("Ministry");
    let pool = [&decoy.certificate, &signer.certificate, &office.certificate, &root.certificate, &ministry.certificate];
    let path = build(&signer, &pool, &store(&[&stranger, &root])).unwrap();
    assert_eq!(
        path.certificates(),
        [signer.certificate.clone(), office.certificate.clone(), ministry.certificate.clone()]
    );
    assert_eq!(path.anchor().certificate(), Some(&root.certificate));
    assert_eq!(path.public_key(), signer.certificate.public_key());
    assert_eq!(path.validity(), signer.certificate.validity());
    assert_eq!(*path.revocation(), RevocationOutcome::NotChecked);
}

#[test]
fn a_name_and_a_key_are_an_anchor() {
    let root = Subject::root("Root");
    let signer = root.signer("Registrar");
    let name = root.certificate.subject().clone();
    let anchor = TrustAnchor::from_name_and_key(name.clone(), root.certificate.public_key().clone());
    let path = build(&signer, &[], &TrustStore::from_iter([anchor.clone(), anchor.clone()])).unwrap();
    assert_eq!(path.anchor(), &anchor);
    let store = TrustStore::from_iter([anchor.clone(), anchor]);
    assert_eq!((store.anchors().len(), store.by_subject(&name).count()), (1, 1));
    assert!(store.contains(&root.certificate) && !store.contains(&signer.certificate));
}

#[test]
fn the_search_backs_out_of_what_leads_nowhere() {
    let (old, new) = (Subject::root("Old root"), Subject::root("New root"));
    let ministry = old.authority("Ministry");
    let signer = ministry.signer("Registrar");
    // The same ministry under both roots; only the new one is trusted, and one of its certificates has expired.
    let cross = ministry.certified_by(&new, |_| ());
    let expired = ministry.certified_by(&new, |params| params.not_after = rcgen::date_time_ymd(2024, 1, 1));
    let pool = [&ministry.certificate, &old.certificate, &expired, &cross];
    let path = build(&signer, &pool, &store(&[&new])).unwrap();
    assert_eq!(path.certificates(), [signer.certificate.clone(), cross]);
}

#[test]
fn a_key_rollover_is_crossed_by_a_self_issued_certificate() {
    let root = Subject::root("Root");
    let renewed = Subject::root("Root");
    let signer = renewed.signer("Registrar");
    let new_with_old = renewed.certified_by(&root, |_| ());
    let path = build(&signer, &[&new_with_old], &store(&[&root])).unwrap();
    assert_eq!(path.certificates().len(), 2);
    // Self-issued certificates do not count for the path length (RFC 5280 §6.1.4 (l)).
    let mut none = settings(Purpose::Any);
    none.max_path_length = Some(0);
    assert!(build_with(&signer, &[&new_with_old], &store(&[&root]), NOW, &none, &Limits::default()).is_ok());
}

#[test]
fn certificates_that_certify_each_other_end_the_search() {
    let root = Subject::root("Root");
    let (a, b) = (Subject::root("A"), Subject::root("B"));
    let (a_by_b, b_by_a) = (a.certified_by(&b, |_| ()), b.certified_by(&a, |_| ()));
    let signer = a.signer("Registrar");
    let pool = [&a.certificate, &b.certificate, &a_by_b, &b_by_a];
    assert_eq!(refusal(build(&signer, &pool, &store(&[&root]))), "certificate CN=A: self-issued, and no trust anchor");
}

#[test]
fn an_issuer_that_is_not_there_or_did_not_sign() {
    let root = Subject::root("Root");
    let ministry = root.authority("Ministry");
    let signer = ministry.signer("Registrar");
    let anchors = store(&[&root]);
    assert_eq!(
        refusal(build(&signer, &[], &anchors)),
        "certificate CN=Registrar: its issuer CN=Ministry is neither trusted nor among the certificates given"
    );
    let impostor = root.authority("Ministry");
    let error = build(&signer, &[&impostor.certificate], &anchors).unwrap_err();
    assert_eq!(error.to_string(), "certificate CN=Registrar: signature: does not fit the message and the key");
    assert_eq!(error.code(), "signature-invalid");
    let other_root = Subject::root("Root");
    assert_eq!(
        refusal(build(&signer, &[&ministry.certificate], &store(&[&other_root]))),
        "certificate CN=Ministry: signature: does not fit the message and the key"
    );
    assert_eq!(
        refusal(build(&signer, &[&ministry.certificate], &TrustStore::default())),
        "certificate CN=Ministry: its issuer CN=Root is neither trusted nor among the certificates given"
    );
}

#[test]
fn validity_has_both_ends_inside_and_says_the_bound() {
    let root = Subject::root("Root");
    let signer = root.signer("Registrar");
    let at = |time: &str| {
        build_with(&signer, &[], &store(&[&root]), time, &settings(Purpose::Any), &Limits::default())
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(at("2025-01-01T00:00:00Z"), Ok(()));
    assert_eq!(at("2026-01-01T00:00:00.9Z"), Ok(()));
    assert_eq!(
        at("2024-12-31T23:59:59Z").unwrap_err(),
        "certificate CN=Registrar: not valid before 2025-01-01T00:00:00Z, judged at 2024-12-31T23:59:59Z"
    );
    assert_eq!(
        at("2026-01-01T00:00:01Z").unwrap_err(),
        "certificate CN=Registrar: expired 2026-01-01T00:00:00Z, judged at 2026-01-01T00:00:01Z"
    );

    let late = |params: &mut CertificateParams| params.not_after = rcgen::date_time_ymd(2025, 2, 1);
    let ministry = root.issue(with(authority("Ministry"), late));
    let signer = ministry.signer("Registrar");
    assert_eq!(
        refusal(build(&signer, &[&ministry.certificate], &store(&[&root]))),
        "certificate CN=Ministry: expired 2025-02-01T00:00:00Z, judged at 2025-06-01T00:00:00Z"
    );
}

#[test]
fn only_a_ca_issues() {
    let root = Subject::root("Root");
    let refused = |params: CertificateParams| {
        let ministry = root.issue(params);
        let signer = ministry.signer("Registrar");
        refusal(build(&signer, &[&ministry.certificate], &store(&[&root])))
    };
    let not_ca = "certificate CN=Ministry: issues certificates, but basicConstraints does not say it is a CA";
    assert_eq!(refused(end_entity("Ministry")), not_ca);
    assert_eq!(refused(with(authority("Ministry"), |params| params.is_ca = IsCa::ExplicitNoCa)), not_ca);
    assert_eq!(
        refused(with(authority("Ministry"), |params| params.key_usages = vec![KeyUsagePurpose::CrlSign])),
        "certificate CN=Ministry: issues certificates, but keyUsage is cRLSign, expected keyCertSign among it"
    );
}

#[test]
fn path_length_is_counted_from_every_certificate_above() {
    let root = Subject::root("Root");
    let constrained = |constraint: u8| {
        let limit = |params: &mut CertificateParams| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(constraint));
        let ministry = root.issue(with(authority("Ministry"), limit));
        let office = ministry.authority("Office");
        let signer = office.signer("Registrar");
        build(&signer, &[&ministry.certificate, &office.certificate], &store(&[&root]))
    };
    assert!(constrained(1).is_ok());
    assert_eq!(
        refusal(constrained(0)),
        "certificate CN=Office: one intermediate certificate more than pathLenConstraint allows above it"
    );
}

#[test]
fn critical_extensions_that_are_not_processed_are_refused_anywhere() {
    let extension = |critical: bool| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 55555, 9], vec![0x05, 0x00]);
        extension.set_criticality(critical);
        move |params: &mut CertificateParams| params.custom_extensions = vec![extension]
    };
    let root = Subject::root("Root");
    let refused = "critical extension 1.3.6.1.4.1.55555.9 is not processed";
    assert!(build(&root.issue(with(end_entity("Registrar"), extension(false))), &[], &store(&[&root])).is_ok());
    let leaf = root.issue(with(end_entity("Registrar"), extension(true)));
    assert_eq!(refusal(build(&leaf, &[], &store(&[&root]))), format!("certificate CN=Registrar: {refused}"));
    let ministry = root.issue(with(authority("Ministry"), extension(true)));
    let signer = ministry.signer("Registrar");
    assert_eq!(
        refusal(build(&signer, &[&ministry.certificate], &store(&[&root]))),
        format!("certificate CN=Ministry: {refused}")
    );
    let root = Subject::self_signed(with(authority("Root"), extension(true)));
    assert_eq!(
        refusal(build(&root.signer("Registrar"), &[], &store(&[&root]))),
        format!("trust anchor CN=Root: {refused}")
    );
}

#[test]
fn critical_distribution_points_are_processed_where_revocation_is_looked_at() {
    let critical = |id: &[u64]| {
        let mut extension = CustomExtension::from_oid_content(id, vec![0x30, 0x00]);
        extension.set_criticality(true);
        move |params: &mut CertificateParams| params.custom_extensions = vec![extension]
    };
    let root = Subject::root("Root");
    let mut soft = RevocationSettings::default();
    soft.unknown = UnknownRevocation::Allow;
    let looked_at = PathSettings::new(Purpose::Any, RevocationPolicy::Check(soft));
    let judge = |id: &[u64], settings: &PathSettings| {
        let leaf = root.issue(with(end_entity("Registrar"), critical(id)));
        build_with(&leaf, &[], &store(&[&root]), NOW, settings, &Limits::default()).map(drop).map_err(|e| e.to_string())
    };
    let refused = |id: &str| Err(format!("certificate CN=Registrar: critical extension {id} is not processed"));
    assert_eq!(judge(&[2, 5, 29, 46], &looked_at), Ok(()));
    assert_eq!(judge(&[2, 5, 29, 46], &settings(Purpose::Any)), refused("2.5.29.46"));
    assert_eq!(judge(&[1, 3, 6, 1, 4, 1, 55555, 9], &looked_at), refused("1.3.6.1.4.1.55555.9"));
}

/// The table of purposes: extKeyUsage, keyUsage, and for which purposes they do.
#[test]
fn each_purpose_asks_for_its_key_usages() {
    use ExtendedKeyUsagePurpose as E;
    use KeyUsagePurpose as K;
    let root = Subject::root("Root");
    let document_signing = || E::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36]);
    let purposes = [Purpose::DocumentSigning, Purpose::OcspSigning, Purpose::KeyPurpose(oid::KP_TIME_STAMPING)];
    let table: [(Vec<E>, Vec<K>, [bool; 3]); 11] = [
        (vec![], vec![], [true, false, true]),
        (vec![], vec![K::DigitalSignature], [true, false, true]),
        (vec![], vec![K::ContentCommitment, K::KeyEncipherment], [true, false, true]),
        (vec![], vec![K::KeyEncipherment], [false, false, true]),
        (vec![document_signing()], vec![K::ContentCommitment], [true, false, false]),
        (vec![E::EmailProtection, E::ClientAuth], vec![], [true, false, false]),
        (vec![E::Any], vec![], [true, false, true]),
        (vec![E::ClientAuth], vec![], [false, false, false]),
        (vec![E::OcspSigning], vec![K::DigitalSignature], [false, true, false]),
        (vec![E::OcspSigning], vec![K::KeyAgreement], [false, false, false]),
        (vec![E::TimeStamping], vec![K::KeyAgreement], [false, false, true]),
    ];
    for (extended, usage, expected) in table {
        let leaf = root.issue(with(end_entity("Leaf"), |params| {
            params.extended_key_usages = extended.clone();
            params.key_usages = usage.clone();
        }));
        for (purpose, expected) in purposes.iter().zip(expected) {
            let found = build_with(&leaf, &[], &store(&[&root]), NOW, &settings(purpose.clone()), &Limits::default());
            assert_eq!(found.is_ok(), expected, "{purpose} with {extended:?}, {usage:?}: {found:?}");
        }
        assert!(build(&leaf, &[], &store(&[&root])).is_ok());
    }
    let leaf = root.issue(with(end_entity("Leaf"), |params| params.extended_key_usages = vec![E::EmailProtection]));
    let found = build_with(&leaf, &[], &store(&[&root]), NOW, &settings(Purpose::OcspSigning), &Limits::default());
    assert_eq!(refusal(found), "certificate CN=Leaf: not for OCSP signing: extKeyUsage is emailProtection");
    let leaf = root.issue(with(end_entity("Leaf"), |params| params.key_usages = vec![K::KeyAgreement]));
    let found = build_with(&leaf, &[], &store(&[&root]), NOW, &settings(Purpose::DocumentSigning), &Limits::default());
    assert_eq!(refusal(found), "certificate CN=Leaf: not for document signing: keyUsage is keyAgreement");
}

#[test]
fn a_time_stamp_authority_is_one_and_nothing_else() {
    use KeyUsagePurpose as K;
    let root = Subject::root("Root");
    // SEQUENCE { timeStamping } and SEQUENCE { timeStamping, emailProtection }
    let alone = [0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 8].to_vec();
    let two = [[0x30, 0x14].as_slice(), &alone[2..], &alone[2..11], &[4]].concat();
    let judge = |critical: bool, value: &[u8], usage: &[K]| {
        let mut purposes = CustomExtension::from_oid_content(&[2, 5, 29, 37], value.to_vec());
        purposes.set_criticality(critical);
        let leaf = root.issue(with(end_entity("TSA"), |params| {
            params.custom_extensions = vec![purposes];
            params.key_usages = usage.to_vec();
        }));
        build_with(&leaf, &[], &store(&[&root]), NOW, &settings(Purpose::TimeStamping), &Limits::default())
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(judge(true, &alone, &[]), Ok(()));
    assert_eq!(judge(true, &alone, &[K::DigitalSignature, K::ContentCommitment]), Ok(()));
    assert_eq!(
        judge(false, &alone, &[]).unwrap_err(),
        "certificate CN=TSA: not for time-stamping: extKeyUsage is not critical"
    );
    assert_eq!(
        judge(true, &two, &[]).unwrap_err(),
        "certificate CN=TSA: not for time-stamping: extKeyUsage is timeStamping, emailProtection"
    );
    assert_eq!(
        judge(true, &alone, &[K::DigitalSignature, K::KeyEncipherment]).unwrap_err(),
        "certificate CN=TSA: not for time-stamping: keyUsage is digitalSignature, keyEncipherment"
    );
    let plain = root.signer("TSA");
    let found = build_with(&plain, &[], &store(&[&root]), NOW, &settings(Purpose::TimeStamping), &Limits::default());
    assert_eq!(refusal(found), "certificate CN=TSA: not for time-stamping: extKeyUsage is absent");
}

#[test]
fn what_a_ca_is_not_for_the_certificates_below_are_not_for() {
    use ExtendedKeyUsagePurpose as E;
    let root = Subject::root("Root");
    let mail = root.issue(with(authority("Mail CA"), |params| params.extended_key_usages = vec![E::EmailProtection]));
    let judge = |leaf: Vec<E>, settings: &PathSettings| {
        let leaf = mail.issue(with(end_entity("Leaf"), |params| params.extended_key_usages = leaf));
        build_with(&leaf, &[&mail.certificate], &store(&[&root]), NOW, settings, &Limits::default())
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let confine = settings(Purpose::DocumentSigning);
    assert_eq!(judge(vec![], &confine), Ok(()));
    assert_eq!(judge(vec![E::EmailProtection], &confine), Ok(()));
    let document_signing = || vec![E::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36])];
    assert_eq!(
        judge(document_signing(), &confine).unwrap_err(),
        "certificate CN=Leaf: not for document signing: extKeyUsage is documentSigning"
    );
    let stamps = settings(Purpose::KeyPurpose(oid::KP_TIME_STAMPING));
    assert_eq!(
        judge(vec![], &stamps).unwrap_err(),
        "certificate CN=Mail CA: not for key purpose 1.3.6.1.5.5.7.3.8: extKeyUsage is emailProtection"
    );
    let mut ignore = settings(Purpose::DocumentSigning);
    ignore.ca_key_purposes = CaKeyPurposes::Ignore;
    assert_eq!(judge(document_signing(), &ignore), Ok(()));
}

#[test]
fn an_anchor_is_held_to_its_certificate_unless_told_otherwise() {
    let judge = |change: fn(&mut CertificateParams), anchor: fn(TrustAnchor) -> TrustAnchor| {
        let root = Subject::self_signed(with(authority("Root"), change));
        let ministry = root.authority("Ministry");
        let signer = ministry.signer("Registrar");
        let anchor = anchor(TrustAnchor::from_certificate(root.certificate.clone()));
        let settings = settings(Purpose::DocumentSigning);
        let store = TrustStore::from_iter([anchor]);
        build_with(&signer, &[&ministry.certificate], &store, NOW, &settings, &Limits::default())
            .map(drop)
            .map_err(|error| error.to_string())
    };
    type Change = fn(&mut CertificateParams);
    let enforced: [(Change, &str); 4] = [
        (
            |params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)),
            "certificate CN=Ministry: one intermediate certificate more than pathLenConstraint allows above it",
        ),
        (
            |params| params.key_usages = vec![KeyUsagePurpose::CrlSign],
            "trust anchor CN=Root: issues certificates, but keyUsage is cRLSign, expected keyCertSign among it",
        ),
        (
            |params| params.is_ca = IsCa::ExplicitNoCa,
            "trust anchor CN=Root: issues certificates, but basicConstraints does not say it is a CA",
        ),
        (
            |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::TimeStamping],
            "trust anchor CN=Root: not for document signing: extKeyUsage is timeStamping",
        ),
    ];
    for (change, message) in enforced {
        assert_eq!(judge(change, |anchor| anchor).unwrap_err(), message);
        assert_eq!(judge(change, |anchor| anchor.with_extensions(AnchorExtensions::Ignore)), Ok(()));
    }
    let expired: Change = |params| params.not_after = rcgen::date_time_ymd(2025, 5, 1);
    assert_eq!(
        judge(expired, |anchor| anchor).unwrap_err(),
        "trust anchor CN=Root: expired 2025-05-01T00:00:00Z, judged at 2025-06-01T00:00:00Z"
    );
    assert_eq!(judge(expired, |anchor| anchor.with_validity(AnchorValidity::Ignore)), Ok(()));
    // A root of the first days has no extensions at all.
    assert_eq!(judge(|params| params.is_ca = IsCa::NoCa, |anchor| anchor), Ok(()));
}

#[test]
fn the_period_of_an_enforced_anchor_bounds_the_path() {
    let root =
        Subject::self_signed(with(authority("Root"), |params| params.not_after = rcgen::date_time_ymd(2025, 9, 1)));
    let signer = root.signer("Registrar");
    let ends = |anchor: TrustAnchor| {
        build(&signer, &[], &TrustStore::from_iter([anchor])).unwrap().validity().not_after().to_string()
    };
    let anchor = TrustAnchor::from_certificate(root.certificate.clone());
    assert_eq!(ends(anchor.clone()), "2025-09-01T00:00:00Z");
    assert_eq!(ends(anchor.with_validity(AnchorValidity::Ignore)), "2026-01-01T00:00:00Z");
}

#[test]
fn a_leaf_that_is_an_anchor_needs_direct_trust() {
    let lone = Subject::self_signed(end_entity("Lone"));
    let anchors = store(&[&lone]);
    assert_eq!(
        refusal(build(&lone, &[&lone.certificate], &anchors)),
        "certificate CN=Lone: a trust anchor itself, and direct trust is not allowed"
    );
    let mut direct = settings(Purpose::DocumentSigning);
    direct.direct_trust = DirectTrust::Accept;
    let path = build_with(&lone, &[], &anchors, NOW, &direct, &Limits::default()).unwrap();
    assert_eq!(path.certificates(), std::slice::from_ref(&lone.certificate));
    let found = build_with(&lone, &[], &anchors, "2027-01-01T00:00:00Z", &direct, &Limits::default());
    assert!(matches!(found.unwrap_err().kind, PathErrorKind::Expired { .. }));
    direct.purpose = Purpose::TimeStamping;
    let found = build_with(&lone, &[], &anchors, NOW, &direct, &Limits::default());
    assert!(matches!(found.unwrap_err().kind, PathErrorKind::ExtKeyUsage { .. }));
    assert_eq!(
        refusal(build(&lone, &[], &TrustStore::default())),
        "certificate CN=Lone: self-issued, and no trust anchor"
    );
    // Under another anchor it is a leaf like any other.
    let root = Subject::root("Root");
    let signer = root.signer("Registrar");
    assert_eq!(build(&signer, &[], &store(&[&signer, &root])).unwrap().anchor().certificate(), Some(&root.certificate));
}

#[test]
fn the_most_telling_reason_is_reported() {
    let root = Subject::root("Root");
    let ministry =
        root.issue(with(authority("Ministry"), |params| params.not_after = rcgen::date_time_ymd(2025, 2, 1)));
    // It does not say which key signed it, so that candidates are tried as they come.
    let signer = ministry.issue(with(end_entity("Registrar"), |params| {
        params.use_authority_key_identifier_extension = false;
    }));
    let impostor = Subject::root("Elsewhere").authority("Ministry");
    let not_ca = ministry.certified_by(&root, |params| params.is_ca = IsCa::NoCa);
    let later = ministry.certified_by(&root, |params| params.not_after = rcgen::date_time_ymd(2025, 3, 1));
    let pool = [&impostor.certificate, &not_ca, &ministry.certificate, &later];
    // Of two that tell as much it is the first.
    for order in [[0, 1, 2, 3], [2, 3, 1, 0], [1, 2, 0, 3]] {
        let pool = order.map(|position| pool[position]);
        assert_eq!(
            refusal(build(&signer, &pool, &store(&[&root]))),
            "certificate CN=Ministry: expired 2025-02-01T00:00:00Z, judged at 2025-06-01T00:00:00Z"
        );
    }
}

#[test]
fn a_complete_path_tells_more_than_a_dead_end() {
    let root = Subject::root("Root");
    let ministry = root.authority("Ministry");
    let dead_end = ministry.certified_by(&Subject::root("Elsewhere"), |_| ());
    let expired = ministry.issue(with(end_entity("Registrar"), |params| {
        params.not_after = rcgen::date_time_ymd(2025, 2, 1);
    }));
    for pool in [[&dead_end, &ministry.certificate], [&ministry.certificate, &dead_end]] {
        assert_eq!(
            refusal(build(&expired, &pool, &store(&[&root]))),
            "certificate CN=Registrar: expired 2025-02-01T00:00:00Z, judged at 2025-06-01T00:00:00Z"
        );
    }
}

#[test]
fn what_cannot_issue_is_not_followed() {
    let root = Subject::root("Root");
    // Who certified the office is not asked.
    let office = root.authority("Ministry").signer("Office");
    assert_eq!(
        refusal(build(&office.signer("Registrar"), &[&office.certificate], &store(&[&root]))),
        "certificate CN=Office: issues certificates, but basicConstraints does not say it is a CA"
    );
}

#[test]
fn the_key_identifier_says_who_is_tried_first() {
    let root = Subject::root("Root");
    let ministry = root.authority("Ministry");
    let signer = ministry.signer("Registrar");
    let impostors: Vec<Subject> = (0..3).map(|_| root.authority("Ministry")).collect();
    let mut pool: Vec<&Certificate> = impostors.iter().map(|impostor| &impostor.certificate).collect();
    pool.insert(1, &ministry.certificate);
    let mut limits = Limits::default();
    limits.path_signatures = 2;
    assert!(build_with(&signer, &pool, &store(&[&root]), NOW, &settings(Purpose::Any), &limits).is_ok());
}

#[test]
fn the_key_at_the_end_must_be_one_to_rely_on() {
    let root = Subject::root("Root");
    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let signer = root.issue_for(end_entity("Registrar"), key);
    let without = settings(Purpose::Any).with_algorithms(|algorithms| algorithms.without(ListedAlgorithm::Ed25519));
    let judge = |settings: &PathSettings| {
        build_with(&signer, &[], &store(&[&root]), NOW, settings, &Limits::default()).map(drop)
    };
    assert_eq!(judge(&settings(Purpose::Any)), Ok(()));
    assert_eq!(judge(&without).unwrap_err().to_string(), "certificate CN=Registrar: algorithm: Ed25519 is not allowed");
}

#[test]
fn a_path_lasts_as_long_as_the_algorithms_it_is_signed_with() {
    let root = Subject::root("Root");
    let ministry = root.issue_for(authority("Ministry"), KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap());
    let signer = ministry.signer("Registrar");
    let path = build(&signer, &[&ministry.certificate], &store(&[&root])).unwrap();
    let end = |rows: &[(ListedAlgorithm, &str)]| {
        let constraints = rows.iter().fold(AlgorithmConstraints::default(), |constraints, (algorithm, end)| {
            let row = AlgorithmRow::new(*algorithm, 0).until(end.parse().unwrap());
            constraints.without(*algorithm).with(row)
        });
        path.first_end(&constraints).map(|end| end.to_string())
    };
    use ListedAlgorithm::{Ecdsa, Ed25519, Sha256, Sha384};
    assert_eq!(end(&[]), None);
    assert_eq!(end(&[(Sha384, "2030-01-01T00:00:00Z")]), None);
    assert_eq!(end(&[(Ecdsa, "2031-01-01T00:00:00Z")]).as_deref(), Some("2031-01-01T00:00:00Z"));
    assert_eq!(
        end(&[(Ecdsa, "2033-01-01T00:00:00Z"), (Sha256, "2032-01-01T00:00:00Z"), (Ed25519, "2034-01-01T00:00:00Z")])
            .as_deref(),
        Some("2032-01-01T00:00:00Z")
    );
    // The key of the signer signs no certificate.
    assert_eq!(
        end(&[(Ecdsa, "2035-01-01T00:00:00Z"), (Ed25519, "2034-01-01T00:00:00Z")]).as_deref(),
        Some("2034-01-01T00:00:00Z")
    );
}

#[test]
fn the_search_ends_at_its_budget_and_says_so() {
    let root = Subject::root("Root");
    let mut chain = vec![root.authority("CA 1")];
    for number in 2..=3 {
        chain.push(chain.last().unwrap().authority(&format!("CA {number}")));
    }
    let signer = chain.last().unwrap().signer("Registrar");
    let pool: Vec<&Certificate> = chain.iter().map(|authority| &authority.certificate).collect();
    let judge = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        build_with(&signer, &pool, &store(&[&root]), NOW, &settings(Purpose::Any), &limits)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(judge(|limits| limits.path_signatures = 4), Ok(()));
    assert_eq!(
        judge(|limits| limits.path_signatures = 3).unwrap_err(),
        "certificate CN=CA 1: limit reached: more than 3 signature checks while building paths"
    );
    assert_eq!(judge(|limits| limits.path_candidates = 4), Ok(()));
    assert_eq!(
        judge(|limits| limits.path_candidates = 3).unwrap_err(),
        "certificate CN=CA 1: limit reached: more than 3 candidate issuers"
    );
    assert_eq!(judge(|limits| limits.path_length = 4), Ok(()));
    assert_eq!(
        judge(|limits| limits.path_length = 3).unwrap_err(),
        "certificate CN=CA 2: the path would have more than 3 certificates"
    );
    assert_eq!(
        judge(|limits| limits.path_length = 2).unwrap_err(),
        "certificate CN=CA 3: the path would have more than 2 certificates"
    );
}

#[test]
fn a_web_of_cross_certificates_costs_no_more_than_the_budget() {
    let authorities: Vec<Subject> = (0..12).map(|_| Subject::root("Everyone")).collect();
    let mut web = Vec::new();
    for subject in &authorities {
        web.extend(authorities.iter().map(|issuer| subject.certified_by(issuer, |_| ())));
    }
    let signer = authorities[0].signer("Registrar");
    let pool: Vec<&Certificate> = web.iter().collect();
    let error = build(&signer, &pool, &store(&[&Subject::root("Root")])).unwrap_err();
    assert!(matches!(error.kind, PathErrorKind::Exhausted(_)), "{error}");
    // A trusted one among them is found at once.
    assert!(build(&signer, &pool, &store(&[&authorities[0]])).is_ok());
}

#[test]
fn the_entity_is_the_one_identifier_under_the_one_country() {
    let root = Subject::root("Root");
    let organization_identifier = || DnType::CustomDnType(vec![2, 5, 4, 97]);
    let entity = |attributes: &[(DnType, &str)]| {
        let leaf = root.issue(with(end_entity("Registrar"), |params| {
            for (attribute, value) in attributes {
                params.distinguished_name.push(attribute.clone(), *value);
            }
        }));
        entity::entity_code(&leaf.certificate, &CodingScheme::default())
    };
    let right = (organization_identifier(), "GO:SY-1234567889");
    let country = (DnType::CountryName, "SY");
    assert_eq!(entity(&[country.clone(), right.clone()]).unwrap().to_string(), "1234567889");
    assert_eq!(
        entity(std::slice::from_ref(&country)).unwrap_err().to_string(),
        "certificate subject: no organizationIdentifier"
    );
    assert_eq!(entity(std::slice::from_ref(&right)), Err(EntityError::Absent { attribute: "countryName" }));
    assert_eq!(
        entity(&[(DnType::CountryName, "EG"), right]).unwrap_err().to_string(),
        "certificate subject: organizationIdentifier \"GO:SY-1234567889\": countryName is \"EG\", expected SY"
    );
    assert_eq!(
        entity(&[country, (organization_identifier(), "GO:SY-1234567803")]).unwrap_err().to_string(),
        "certificate subject: organizationIdentifier: entity code 1234567803: check digits are 03, expected 89"
    );
}
