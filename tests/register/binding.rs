//! Certificate = issuer = number = key in the register = kind and service granted, at the proven time.

use wathiqa::policy::RegisterUse;
use wathiqa::report::{Check, NotChecked, Outcome, Step};
use wathiqa::status::{StatusBits, StatusListEditor};

use super::*;

/// A document for a service.
fn with_service(authority: &Authority) -> Vec<u8> {
    let mut document = document();
    document["service"] = "40000182".into();
    let draft = authority.world.draft_of(serde_json::to_vec(&document).unwrap());
    octets(&authority.world.stamp(draft.sign(&authority.world.signer)))
}

#[test]
fn a_document_of_an_entity_that_may_issue_it_passes_by_five_equalities() {
    let authority = Authority::granted();
    let report = authority.verify();
    passed(&report);
    for step in [
        Step::EntityOfCertificate,
        Step::NumberOfDocument,
        Step::EntityInRegister,
        Step::KeyInRegister,
        Step::AuthorityInRegister,
    ] {
        assert_eq!(report.check(step).map(Check::outcome), Some(&Outcome::Passed), "{step}");
    }
    report.into_verified::<Value>().unwrap();
}

#[test]
fn without_a_register_three_equalities_are_checked_unless_the_policy_asks_for_all() {
    let authority = Authority::granted();
    let report = authority.world.verify(&octets(&authority.world.issue()));
    passed(&report);
    let register = [Step::EntityInRegister, Step::KeyInRegister, Step::AuthorityInRegister];
    for step in register {
        let outcome = report.check(step).unwrap().outcome();
        assert_eq!(*outcome, Outcome::NotChecked(NotChecked::NoRegister), "{step}");
    }
    let policy = authority.world.policy().with_register(RegisterUse::Require);
    let file = octets(&authority.world.issue());
    let report = Verifier::new(policy.clone()).verify(&file, &Evidence::none(), at(NOW));
    let reason = "the policy asks for a register of entities, none was given";
    refused(&report, SubIndication::RegisterUnavailable, reason);
    assert_eq!(report.indication(), Indication::Indeterminate);
    passed(&authority.verify_by(&file, &policy));
}

#[test]
fn a_register_whose_next_issue_is_due_judges_nothing() {
    let authority = Authority::granted();
    let register = authority.register();
    let evidence = Evidence::none().with_register(&register);
    let verifier = Verifier::new(authority.world.policy());
    let file = octets(&authority.world.issue());
    passed(&verifier.verify(&file, &evidence, at(DUE)));
    let report = verifier.verify(&file, &evidence, at("2025-07-02T00:00:01Z"));
    let reason =
        "issue 1 of the register was to be replaced by 2025-07-02T00:00:00Z, validated at 2025-07-02T00:00:01Z";
    refused(&report, SubIndication::RegisterUnavailable, reason);
    assert_eq!(report.indication(), Indication::Indeterminate);
}

#[test]
fn a_key_in_the_certificate_alone_does_not_pass() {
    // What a certification authority that is broken into could make (T14).
    let mut authority = Authority::new();
    authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KindGranted { kind: residence() });
    let key = key_of(&authority.world.signer.certificate);
    let reason = format!("the key {key} is not listed for entity {ENTITY}");
    refused(&authority.verify(), SubIndication::KeyNotListed, &reason);
    authority.record(OTHER, "2025-01-01T00:00:00Z", Fact::KeyAdded { key });
    let reason = format!("the key {key} is listed for entity {OTHER}, not for entity {ENTITY}");
    refused(&authority.verify(), SubIndication::KeyNotListed, &reason);
}

#[test]
fn an_entity_that_the_register_does_not_have_issues_nothing() {
    let mut authority = Authority::granted();
    authority.editor = RegisterEditor::new();
    authority.record(OTHER, "1919-01-01T00:00:00Z", created());
    let report = authority.verify();
    refused(&report, SubIndication::EntityNotActive, "entity 1234567889 is not in the register");
    for step in [Step::KeyInRegister, Step::AuthorityInRegister] {
        let outcome = report.check(step).map(Check::outcome);
        assert_eq!(outcome, Some(&Outcome::NotChecked(NotChecked::EarlierFailure)), "{step}");
    }
}

#[test]
fn without_a_signing_certificate_the_register_is_not_asked() {
    let authority = Authority::granted();
    let world = &authority.world;
    let file = octets(&world.stamp(world.draft().with("x5c", None).sign(&world.signer)));
    let report = authority.verify_file(&file);
    assert_eq!(report.sub_indication(), Some(SubIndication::NoSigningCertificateFound), "{report}");
    for step in [Step::EntityInRegister, Step::KeyInRegister, Step::AuthorityInRegister] {
        let outcome = report.check(step).map(Check::outcome);
        assert_eq!(outcome, Some(&Outcome::NotChecked(NotChecked::EarlierFailure)), "{step}");
    }
}

#[test]
fn a_key_in_the_register_alone_does_not_pass() {
    // What whoever changes the register could make: the key is listed, its certificate names another entity.
    let authority = Authority::granted();
    let world = &authority.world;
    let certificate = world.ministry.certify(&entity(OTHER), &world.signer.pair);
    let draft = world.draft_by(&certificate, serde_json::to_vec(&document()).unwrap());
    let report = authority.verify_file(&octets(&world.stamp(draft.sign(&world.signer))));
    let reason = format!("the certificate is entity {OTHER}'s, the document's issuer is {ENTITY}");
    refused(&report, SubIndication::EntityMismatch, &reason);
    assert_eq!(report.check(Step::KeyInRegister).map(Check::outcome), Some(&Outcome::Passed));
}

#[test]
fn keys_hold_from_when_they_are_listed_until_they_are_revoked() {
    let case = |listed: &str, revoked: Option<&str>| {
        let mut authority = Authority::new();
        let key = key_of(&authority.world.signer.certificate);
        authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KindGranted { kind: residence() });
        authority.record(ENTITY, listed, Fact::KeyAdded { key });
        if let Some(revoked) = revoked {
            authority.record(ENTITY, revoked, Fact::KeyRevoked { key });
        }
        (authority.verify(), key)
    };
    passed(&case(NOW, None).0);
    passed(&case("2025-01-01T00:00:00Z", Some("2025-06-01T00:00:01Z")).0);
    let (report, key) = case("2025-06-01T00:00:01Z", None);
    let reason =
        format!("the key {key} is listed for entity {ENTITY} from 2025-06-01T00:00:01Z on, document signed {NOW}");
    refused(&report, SubIndication::KeyNotListed, &reason);
    let (report, key) = case("2025-01-01T00:00:00Z", Some(NOW));
    let reason = format!("the key {key} of entity {ENTITY} was revoked {NOW}, document signed {NOW}");
    refused(&report, SubIndication::KeyNotListed, &reason);
}

#[test]
fn kinds_and_services_are_granted_at_the_proven_time() {
    let case = |facts: &[(&str, Fact)]| {
        let mut authority = Authority::new();
        let key = key_of(&authority.world.signer.certificate);
        authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KeyAdded { key });
        for (effective, fact) in facts {
            authority.record(ENTITY, effective, fact.clone());
        }
        authority.verify_file(&with_service(&authority))
    };
    let service: ServiceCode = "40000182".parse().unwrap();
    let (kind, early, late) = (residence(), "2025-01-01T00:00:00Z", "2025-06-01T00:00:01Z");
    let (granted, served) = (Fact::KindGranted { kind }, Fact::ServiceGranted { service });
    passed(&case(&[(early, granted.clone()), (early, served.clone())]));
    for (facts, reason) in [
        (vec![(early, served.clone())], format!("entity {ENTITY} was never granted kind 014")),
        (
            vec![(early, served.clone()), (late, granted.clone())],
            format!("entity {ENTITY} was granted kind 014 {late}, document signed {NOW}"),
        ),
        (
            vec![(early, served.clone()), (early, granted.clone()), (NOW, Fact::KindWithdrawn { kind })],
            format!("kind 014 was withdrawn from entity {ENTITY} {NOW}, document signed {NOW}"),
        ),
        (vec![(early, granted.clone())], format!("entity {ENTITY} was never granted service 40000182")),
        (
            vec![(early, granted.clone()), (late, served.clone())],
            format!("entity {ENTITY} was granted service 40000182 {late}, document signed {NOW}"),
        ),
        (
            vec![(early, granted), (early, served), (NOW, Fact::ServiceWithdrawn { service })],
            format!("service 40000182 was withdrawn from entity {ENTITY} {NOW}, document signed {NOW}"),
        ),
    ] {
        let report = case(&facts);
        refused(&report, SubIndication::NoAuthority, &reason);
        assert_eq!(report.indication(), Indication::TotalFailed);
    }
}

#[test]
fn an_entity_that_was_suspended_or_had_ended_issues_nothing() {
    let (before, after) = ("2025-05-01T00:00:00Z", "2025-06-01T00:00:01Z");
    let successor = code(OTHER);
    let abolished = |successors| Fact::Abolished { successors };
    let signed = format!("document signed {NOW}");
    for (fact, reason) in [
        (Fact::Suspended, format!("entity {ENTITY} was suspended {before}, {signed}")),
        (abolished(vec![]), format!("entity {ENTITY} was abolished {before}, {signed}")),
        (abolished(vec![successor]), format!("entity {ENTITY} was abolished {before}, {signed}; successor {OTHER}")),
        (Fact::MergedInto { successor }, format!("entity {ENTITY} was merged into entity {OTHER} {before}, {signed}")),
    ] {
        let mut authority = Authority::granted();
        authority.record(ENTITY, before, fact.clone());
        refused(&authority.verify(), SubIndication::EntityNotActive, &reason);
        // The document is older than what befell its issuer: it holds for ever.
        let mut authority = Authority::granted();
        authority.record(ENTITY, after, fact);
        passed(&authority.verify());
    }
}

#[test]
fn what_a_register_does_not_have_yet_a_newer_one_may_have() {
    let mut authority = Authority::new();
    authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KindGranted { kind: residence() });
    let key = key_of(&authority.world.signer.certificate);
    let register = authority.register();
    // Signed on the day after the register was issued.
    let later = "2025-06-03T00:00:00Z";
    let file = octets(&authority.world.stamp_at(authority.world.draft().sign(&authority.world.signer), later));
    let evidence = Evidence::none().with_register(&register);
    let report = Verifier::new(authority.world.policy()).verify(&file, &evidence, at(later));
    let reason = format!("the key {key} is not listed for entity {ENTITY}");
    refused(&report, SubIndication::RegisterUnavailable, &reason);
    assert_eq!(report.indication(), Indication::Indeterminate);
    // What was signed when it was issued it knows of.
    let file = octets(&authority.world.stamp_at(authority.world.draft().sign(&authority.world.signer), ISSUED));
    let report = Verifier::new(authority.world.policy()).verify(&file, &evidence, at(later));
    refused(&report, SubIndication::KeyNotListed, &reason);
    assert_eq!(report.indication(), Indication::TotalFailed);
}

#[test]
fn without_a_certificate_the_register_is_not_asked() {
    let authority = Authority::granted();
    let world = &authority.world;
    let report = authority.verify_file(&octets(&world.stamp(world.draft().with("x5c", None).sign(&world.signer))));
    assert_eq!(report.sub_indication(), Some(SubIndication::NoSigningCertificateFound), "{report}");
    for step in [Step::EntityInRegister, Step::KeyInRegister, Step::AuthorityInRegister] {
        let outcome = report.check(step).map(Check::outcome);
        assert_eq!(outcome, Some(&Outcome::NotChecked(NotChecked::EarlierFailure)), "{step}");
    }
}

#[test]
fn a_code_that_was_given_is_not_inherited() {
    // The old body's letters cannot become a new body's: its code is never given again.
    let mut authority = Authority::granted();
    authority.record(ENTITY, "2025-06-01T00:00:00Z", Fact::Abolished { successors: vec![code(OTHER)] });
    let again = Event::new(at("2025-06-01T12:00:00Z"), at("2025-06-01T12:00:00Z"), created());
    let error = authority.editor.record(code(ENTITY), again).unwrap_err();
    let reason = "the code was given 1919-01-01T00:00:00Z and is never given again";
    assert_eq!(error.fault.to_string(), reason);
    // Nor in another spelling: the check digits are recomputed, digits are ASCII, the width is fixed.
    for spelling in ["1234567803", "١٢٣٤٥٦٧٨٨٩", "01234567889", "1234567889 "] {
        let mut register: Value = serde_json::from_slice(&authority.issue().to_vec()).unwrap();
        register["entities"][1]["code"] = spelling.into();
        let octets = serde_json::to_vec(&register).unwrap();
        let scheme = wathiqa::codes::CodingScheme::default();
        let error = RegisterIssue::from_slice(&octets, &scheme, &Limits::default()).unwrap_err();
        assert!(error.code().starts_with("code-"), "{spelling}: {error}");
    }
}

#[test]
fn of_two_certificates_under_one_kid_the_one_that_the_header_pins_counts() {
    // T26: `kid` is a hint, which leads neither to a certificate nor to a key in the register.
    let authority = Authority::granted();
    let world = &authority.world;
    let twin = world.ministry.issue(entity(ENTITY));
    let payload = serde_json::to_vec(&document()).unwrap();
    let file = |party: &Party| {
        let draft = world.draft_by(&party.certificate, payload.clone()).with("kid", Value::from("one-kid-for-both"));
        octets(&world.stamp(draft.sign(party)))
    };
    passed(&authority.verify_file(&file(&world.signer)));
    let reason = format!("the key {} is not listed for entity {ENTITY}", key_of(&twin.certificate));
    refused(&authority.verify_file(&file(&twin)), SubIndication::KeyNotListed, &reason);
}

#[test]
fn a_status_list_is_signed_by_a_key_that_the_register_lists() {
    // Or who makes a certification authority certify a key could take back what was withdrawn.
    let authority = Authority::granted();
    let world = &authority.world;
    let editor = StatusListEditor::new("urn:list", code(ENTITY), StatusBits::One, 8).unwrap();
    let list = editor.build(at(NOW), at(DUE)).unwrap();
    let file_at = |party: &Party, time: &str| {
        let draft = world.draft_by(&party.certificate, list.to_vec());
        let draft = draft.with("cty", Value::from("vnd.wathiqa.status-list+json"));
        octets(&world.stamp_at(draft.sign(party), time))
    };
    let file = |party: &Party| file_at(party, NOW);
    let register = authority.register();
    let evidence = Evidence::none().with_register(&register);
    let open = |file: &[u8], evidence: &Evidence<'_>| {
        let verifier = Verifier::new(world.policy());
        verifier.open_status_list(file, evidence, at(ISSUED)).map(|_| ())
    };
    open(&file(&world.signer), &evidence).unwrap();
    let other = world.ministry.issue(entity(ENTITY));
    open(&file(&other), &Evidence::none()).unwrap();
    let reason = format!("the key {} is not listed for entity {ENTITY}", key_of(&other.certificate));
    refused(&open(&file(&other), &evidence).unwrap_err(), SubIndication::KeyNotListed, &reason);
    // A newer register may have a key that signed after this one was issued.
    let report = open(&file_at(&other, ISSUED), &evidence).unwrap_err();
    refused(&report, SubIndication::KeyNotListed, &reason);
    let later = "2025-06-02T00:00:01Z";
    let report =
        Verifier::new(world.policy()).open_status_list(&file_at(&other, later), &evidence, at(later)).unwrap_err();
    refused(&report, SubIndication::RegisterUnavailable, &reason);
}
