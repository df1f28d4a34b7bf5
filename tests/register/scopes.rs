//! Anchors that are good for some entities, kinds and uses only (T14, T21).

use wathiqa::policy::RegisterUse;
use wathiqa::report::{Check, Outcome, Step};
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{AnchorScope, AnchorUse};

use super::*;

fn store(party: &Party, scope: AnchorScope) -> TrustStore {
    TrustStore::from_iter([TrustAnchor::from_certificate(party.certificate.clone()).with_scope(scope)])
}

fn everything() -> AnchorScope {
    AnchorScope::default()
}

fn policy(world: &World, signers: AnchorScope, time_stamps: AnchorScope) -> ValidationPolicy {
    let (signers, authorities) = (store(&world.root, signers), store(&world.time_root, time_stamps));
    ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip).with_register(RegisterUse::WhenGiven)
}

#[track_caller]
fn verdict(world: &World, policy: ValidationPolicy) -> Report {
    Verifier::new(policy).verify(&octets(&world.issue()), &Evidence::none(), at(NOW))
}

#[test]
fn an_entity_under_an_anchor_for_another_entity_does_not_pass() {
    let world = World::new();
    let other = everything().with_entities([code(OTHER)]);
    let report = verdict(&world, policy(&world, other, everything()));
    let root = world.root.certificate.subject();
    let reason = format!("trust anchor {root}: trusted for entity {OTHER}, used for entity {ENTITY}");
    refused(&report, SubIndication::ChainConstraintsFailure, &reason);
    let both = everything().with_entities([code(OTHER), code(ENTITY)]);
    passed(&verdict(&world, policy(&world, both.clone(), everything())));

    // Of two anchors with one key the one that is good for the entity serves.
    let scopes = [everything().with_entities([code(OTHER)]), both];
    let anchor = |scope| TrustAnchor::from_certificate(world.root.certificate.clone()).with_scope(scope);
    let anchors: TrustStore = scopes.into_iter().map(anchor).collect();
    let policy = ValidationPolicy::new(anchors, store(&world.time_root, everything()), RevocationPolicy::Skip);
    passed(&verdict(&world, policy));
}

#[test]
fn a_kind_outside_of_the_scope_of_the_anchor_does_not_pass() {
    let world = World::new();
    let decisions = everything().with_kinds([DocumentKind::DECISION]);
    let report = verdict(&world, policy(&world, decisions, everything()));
    refused(&report, SubIndication::ChainConstraintsFailure, "trusted for kind 004, used for kind 014");
    let report = verdict(&world, policy(&world, everything().with_kinds([residence()]), everything()));
    passed(&report);
    assert_eq!(report.check(Step::KindInAnchorScope).map(Check::outcome), Some(&Outcome::Passed));
}

#[test]
fn an_anchor_serves_the_uses_it_is_trusted_for() {
    let world = World::new();
    let only = |anchor_use| everything().with_uses([anchor_use]);
    passed(&verdict(&world, policy(&world, only(AnchorUse::Documents), only(AnchorUse::TimeStamps))));
    let report = verdict(&world, policy(&world, only(AnchorUse::TimeStamps), everything()));
    let root = world.root.certificate.subject();
    let reason = format!("trust anchor {root}: trusted for time-stamps, used for documents");
    refused(&report, SubIndication::ChainConstraintsFailure, &reason);
    let report = verdict(&world, policy(&world, everything(), only(AnchorUse::Documents)));
    let codes: Vec<_> = report.signatures()[0].time_stamps()[0].checks().iter().filter_map(Check::failure).collect();
    assert_eq!(codes.len(), 1, "{report}");
    assert_eq!(codes[0].1.code(), "anchor-scope-use");
    assert!(codes[0].1.to_string().ends_with("trusted for documents, used for time-stamps"), "{report}");
}

#[test]
fn keys_are_not_used_across_purposes() {
    let authority = Authority::granted();
    let world = &authority.world;
    // The key of a document signs a register.
    let issue = authority.issue();
    let file = signed(&issue, &[&world.signer, &authority.roots[0]]);
    let error = authority.open(&file, ISSUED).unwrap_err();
    assert_eq!(error.code(), "register-signatures");
    // A root key signs a document.
    let draft = world.draft_by(&authority.roots[0].certificate, serde_json::to_vec(&document()).unwrap());
    let report = authority.verify_file(&octets(&world.stamp(draft.sign(&authority.roots[0]))));
    assert_eq!(report.indication(), Indication::TotalFailed);
    assert_eq!(report.sub_indication(), Some(SubIndication::EntityMismatch), "{report}");
    // A root key that is trusted for documents only.
    let scoped = |anchor_use| -> TrustStore {
        let scope = everything().with_uses([anchor_use]);
        let anchor = |root: &Party| TrustAnchor::from_certificate(root.certificate.clone()).with_scope(scope.clone());
        authority.roots.iter().map(anchor).collect()
    };
    let file = signed(&issue, &[&authority.roots[0], &authority.roots[1]]);
    let open = |anchor_use| {
        let policy = RegisterPolicy::new(scoped(anchor_use), NonZeroUsize::new(2).unwrap()).unwrap();
        Register::open(&file, &policy, &Evidence::none(), at(ISSUED))
    };
    open(AnchorUse::Register).unwrap();
    let error = open(AnchorUse::Documents).unwrap_err().to_string();
    let root = authority.roots[0].certificate.subject();
    let expected = format!(
        "register: signed by 0 of the root keys, 2 are asked for: trust anchor {root}: trusted for documents, used for \
         the register"
    );
    assert_eq!(error, expected);
}
