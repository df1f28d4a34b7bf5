//! Signing in the name of another entity, by its signed mandate and by nothing less.

use serde_json::json;
use wathiqa::codes::{CodingScheme, DocumentNumber};
use wathiqa::document::{Document, Mandate};
use wathiqa::encoding::base64::encode_url;
use wathiqa::issue::{IssueError, IssuerCertificate};
use wathiqa::report::{Check, NotChecked, Outcome, Step};
use wathiqa::time::Validity;

use super::*;

const MANDATED_KIND: &str = "014";

/// The issuer, and the entity that signs in its name.
struct Delegation {
    authority: Authority,
    delegate: Party,
}

impl Delegation {
    fn new() -> Self {
        let mut authority = Authority::granted();
        let delegate = authority.world.ministry.issue(entity(OTHER));
        authority.record(OTHER, "2025-01-01T00:00:00Z", Fact::KeyAdded { key: key_of(&delegate.certificate) });
        authority.record(ENTITY, "2025-01-01T00:00:00Z", Fact::KindGranted { kind: DocumentKind::MANDATE });
        Self { authority, delegate }
    }

    /// A mandate that is good for [`Self::document`], and what is `change`d about it, signed by `signer` at `time`.
    fn mandate_by(&self, signer: &Party, time: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let number = DocumentNumber::new(code(ENTITY), DocumentKind::MANDATE, 2025, 7).unwrap();
        let mut mandate = document();
        mandate["number"] = number.to_string().into();
        mandate["kind"] = "009".into();
        mandate["body"] = json!({
            "delegator": ENTITY,
            "delegate": OTHER,
            "kinds": ["006", MANDATED_KIND],
            "period": {"notBefore": "2025-05-01T00:00:00Z", "notAfter": "2025-06-30T23:59:59Z"},
        });
        change(&mut mandate);
        let world = &self.authority.world;
        let draft = world.draft_by(&signer.certificate, serde_json::to_vec(&mandate).unwrap());
        let draft = draft.with("iat", Value::from(at(time).unix_seconds()));
        octets(&world.stamp_at(draft.sign(signer), time))
    }

    fn mandate(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        self.mandate_by(&self.authority.world.signer, "2025-05-01T00:00:00Z", change)
    }

    /// The issuer's document, signed by the delegate now, with the mandate that it carries.
    fn document(&self, mandate: Option<&[u8]>, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut document = document();
        if let Some(mandate) = mandate {
            document["mandate"] = encode_url(mandate).into();
        }
        change(&mut document);
        let world = &self.authority.world;
        let draft = world.draft_by(&self.delegate.certificate, serde_json::to_vec(&document).unwrap());
        octets(&world.stamp(draft.sign(&self.delegate)))
    }

    /// The verdict with the register on a document that carries `mandate`.
    fn verdict(&self, mandate: &[u8]) -> Report {
        self.authority.verify_file(&self.document(Some(mandate), |_| {}))
    }
}

#[test]
fn another_entity_signs_by_mandate_carried_or_given() {
    let delegation = Delegation::new();
    let mandate = delegation.mandate(|_| {});
    let report = delegation.verdict(&mandate);
    passed(&report);
    assert_eq!(report.check(Step::Mandate).map(Check::outcome), Some(&Outcome::Passed));
    let outcome = report.check(Step::EntityOfCertificate).map(Check::outcome);
    assert_eq!(outcome, Some(&Outcome::NotChecked(NotChecked::Mandated)));
    let read = report.into_verified::<Value>().unwrap();
    assert_eq!((read.issuer(), read.mandate()), (code(ENTITY), Some(mandate.as_slice())));

    let file = delegation.document(None, |_| {});
    let register = delegation.authority.register();
    let evidence = Evidence::none().with_register(&register).with_mandate(b"none").with_mandate(&mandate);
    passed(&Verifier::new(delegation.authority.world.policy()).verify(&file, &evidence, at(ISSUED)));
    // Without a register the mandate is judged by three equalities, as its document is.
    let evidence = Evidence::none().with_mandate(&mandate);
    passed(&Verifier::new(delegation.authority.world.policy()).verify(&file, &evidence, at(NOW)));
    // And without a mandate there is none.
    let reason = format!("the certificate is entity {OTHER}'s, the document's issuer is {ENTITY}");
    refused(&delegation.authority.verify_file(&file), SubIndication::EntityMismatch, &reason);
}

#[test]
fn a_mandate_is_for_some_kinds_and_services_one_delegate_and_a_period() {
    let delegation = Delegation::new();
    let period = |from: &str, to: &str| json!({"notBefore": from, "notAfter": to});
    let (before, after) = ("2025-05-31T23:59:59Z", "2025-06-01T00:00:01Z");
    passed(&delegation.verdict(&delegation.mandate(|mandate| mandate["body"]["period"] = period(NOW, NOW))));
    let third = EntityCode::from_body(34_567_890).unwrap().to_string();
    type Change<'a> = Box<dyn FnOnce(&mut Value) + 'a>;
    let cases: Vec<(Change<'_>, String)> = vec![
        (
            Box::new(|mandate| mandate["body"]["period"] = period("2025-01-01T00:00:00Z", before)),
            format!("mandate: from 2025-01-01T00:00:00Z to {before}, the document was signed {NOW}"),
        ),
        (
            Box::new(|mandate| mandate["body"]["period"] = period(after, "2026-01-01T00:00:00Z")),
            format!("mandate: from {after} to 2026-01-01T00:00:00Z, the document was signed {NOW}"),
        ),
        (
            Box::new(|mandate| mandate["body"]["kinds"] = json!(["006"])),
            "mandate: not for documents of kind 014".to_owned(),
        ),
        (
            Box::new(|mandate| mandate["body"]["delegate"] = third.clone().into()),
            format!("mandate: to entity {third}, entity {OTHER} signed"),
        ),
        (
            Box::new(|mandate| mandate["body"]["services"] = json!(["40000182"])),
            "mandate: not for documents without a service".to_owned(),
        ),
        (
            Box::new(|mandate| mandate["body"]["delegator"] = third.clone().into()),
            format!("mandate: the delegator is entity {third}, the issuer is entity {ENTITY}"),
        ),
        (
            Box::new(|mandate| mandate["validity"] = period("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")),
            "mandate: a mandate has no \"validity\", its period is in its body".to_owned(),
        ),
        (
            Box::new(|mandate| mandate["body"]["kinds"] = json!(["009", "014"])),
            "mandate: a mandate is given by the entity itself, not by another in its name".to_owned(),
        ),
        (
            Box::new(|mandate| mandate["body"]["kinds"] = json!(["014", "006"])),
            "mandate: document member body.kinds[1]: codes must ascend, each once".to_owned(),
        ),
        (Box::new(|mandate| mandate["body"]["kinds"] = json!([])), "mandate: for no kind of documents".to_owned()),
        (
            Box::new(|mandate| mandate["body"]["until"] = "2030".into()),
            "mandate: document member body.until: not known, and not an extension, whose name would have a namespace \
             such as sy.gov.example.name"
                .to_owned(),
        ),
    ];
    for (change, reason) in cases {
        let report = delegation.verdict(&delegation.mandate(change));
        refused(&report, SubIndication::NoMandate, &reason);
        assert_eq!(report.indication(), Indication::TotalFailed);
    }
}

#[test]
fn a_mandate_is_itself_verified_wholly() {
    let mut delegation = Delegation::new();
    let world = &delegation.authority.world;
    // Signed with the document, and after it.
    passed(&delegation.verdict(&delegation.mandate_by(&world.signer, NOW, |_| {})));
    let late = delegation.mandate_by(&world.signer, "2025-06-01T00:00:01Z", |_| {});
    let reason = "mandate: signed 2025-06-01T00:00:01Z, after the document, signed 2025-06-01T00:00:00Z";
    refused(&delegation.verdict(&late), SubIndication::NoMandate, reason);
    // By the delegate itself, and by a third: a chain.
    let own = delegation.mandate_by(&delegation.delegate, "2025-05-01T00:00:00Z", |_| {});
    let reason = format!("mandate: the certificate is entity {OTHER}'s, the document's issuer is {ENTITY}");
    refused(&delegation.verdict(&own), SubIndication::NoMandate, &reason);
    let good = delegation.mandate(|_| {});
    let chained = delegation.mandate_by(&delegation.delegate, "2025-05-02T00:00:00Z", |mandate| {
        mandate["mandate"] = encode_url(&good).into();
    });
    refused(&delegation.verdict(&chained), SubIndication::NoMandate, &reason);
    // Altered, and no mandate at all.
    let altered = String::from_utf8(good.clone()).unwrap().replacen("\"signature\":\"", "\"signature\":\"AAAA", 1);
    let report = delegation.verdict(altered.as_bytes());
    assert_eq!(report.sub_indication(), Some(SubIndication::NoMandate), "{report}");
    let report = delegation.verdict(&octets(&world.issue()));
    refused(&report, SubIndication::NoMandate, "mandate: the document is of kind 014, expected 009");
    // What is not known of the mandate is not known of the document.
    let mut unstamped: Value = serde_json::from_slice(&good).unwrap();
    unstamped.as_object_mut().unwrap().remove("header");
    let report = delegation.verdict(&octets(&unstamped));
    assert_eq!(report.indication(), Indication::Indeterminate, "{report}");
    let reason = "mandate: signature time-stamp: the policy asks for B-T, there is none";
    refused(&report, SubIndication::SigConstraintsFailure, reason);

    // The issuer may not give mandates, or not any more.
    let kind = DocumentKind::MANDATE;
    delegation.authority.record(ENTITY, "2025-04-01T00:00:00Z", Fact::KindWithdrawn { kind });
    let reason = format!(
        "mandate: kind 009 was withdrawn from entity {ENTITY} 2025-04-01T00:00:00Z, document signed \
         2025-05-01T00:00:00Z"
    );
    refused(&delegation.verdict(&good), SubIndication::NoMandate, &reason);
}

#[test]
fn the_register_is_asked_for_the_key_of_the_delegate_and_the_authority_of_the_issuer() {
    let mut delegation = Delegation::new();
    let mandate = delegation.mandate(|_| {});
    let key = key_of(&delegation.delegate.certificate);
    delegation.authority.record(OTHER, NOW, Fact::Suspended);
    let reason = format!("entity {OTHER} was suspended {NOW}, document signed {NOW}");
    refused(&delegation.verdict(&mandate), SubIndication::EntityNotActive, &reason);
    let mut delegation = Delegation { authority: Delegation::new().authority, ..delegation };
    let reason = format!("the key {key} is not listed for entity {OTHER}");
    refused(&delegation.verdict(&delegation.mandate(|_| {})), SubIndication::KeyNotListed, &reason);
    delegation = Delegation::new();
    delegation.authority.record(ENTITY, NOW, Fact::KindWithdrawn { kind: residence() });
    let reason = format!("kind 014 was withdrawn from entity {ENTITY} {NOW}, document signed {NOW}");
    refused(&delegation.verdict(&delegation.mandate(|_| {})), SubIndication::NoAuthority, &reason);
}

#[test]
fn a_delegate_that_the_register_does_not_know_signs_for_nobody() {
    let authority = Delegation::new().authority;
    let third = EntityCode::from_body(34_567_890).unwrap().to_string();
    let delegate = authority.world.ministry.issue(entity(&third));
    let delegation = Delegation { authority, delegate };
    let report = delegation.verdict(&delegation.mandate(|mandate| mandate["body"]["delegate"] = third.clone().into()));
    refused(&report, SubIndication::EntityNotActive, &format!("entity {third} is not in the register"));
    for step in [Step::KeyInRegister, Step::AuthorityInRegister] {
        let outcome = report.check(step).map(Check::outcome);
        assert_eq!(outcome, Some(&Outcome::NotChecked(NotChecked::EarlierFailure)), "{step}");
    }
}

#[test]
fn an_issuer_needs_no_mandate_for_its_own_documents() {
    let delegation = Delegation::new();
    let mut document = document();
    document["mandate"] = encode_url(&delegation.mandate(|_| {})).into();
    let world = &delegation.authority.world;
    let draft = world.draft_of(serde_json::to_vec(&document).unwrap());
    let report = delegation.authority.verify_file(&octets(&world.stamp(draft.sign(&world.signer))));
    passed(&report);
    assert_eq!(report.check(Step::EntityOfCertificate).map(Check::outcome), Some(&Outcome::Passed));
    assert_eq!(report.check(Step::Mandate), None);
}

#[test]
fn an_issuer_signs_for_another_by_its_mandate_alone() {
    let delegation = Delegation::new();
    let chain = || [delegation.delegate.certificate.clone(), delegation.authority.world.ministry.certificate.clone()];
    let certificate = || IssuerCertificate::new(chain(), JwsAlgorithm::Es256, CodingScheme::default()).unwrap();
    let number = |kind| DocumentNumber::new(code(ENTITY), kind, 2025, 1).unwrap();
    let letter = |kind| Document::builder(number(kind), at(NOW)).language("ar").title("شهادة").build(()).unwrap();
    let prepare = |certificate: &IssuerCertificate, kind| certificate.prepare(&letter(kind), at(NOW)).map(|_| ());
    let message = |result: Result<(), IssueError>| result.unwrap_err().to_string();
    let wrong = format!("issuing: the document is entity {ENTITY}'s, the certificate is entity {OTHER}'s");
    assert_eq!(message(prepare(&certificate(), residence())), wrong);
    let mandate = delegation.mandate(|_| {});
    let mandated = certificate().with_mandate(&mandate).unwrap();
    prepare(&mandated, residence()).unwrap();
    let other = message(prepare(&mandated, DocumentKind::DECISION));
    assert_eq!(other, "issuing: mandate: not for documents of kind 004");
    let to_another = delegation
        .mandate(|mandate| mandate["body"]["delegate"] = EntityCode::from_body(34_567_890).unwrap().to_string().into());
    assert_eq!(certificate().with_mandate(&to_another).unwrap_err().code(), "mandate-to-another");
    assert_eq!(certificate().with_mandate(b"{}").unwrap_err().code(), "mandate-does-not-hold");
    // What is written is what is read.
    let period = Validity::new(at("2025-05-01T00:00:00Z"), at("2025-06-30T23:59:59Z")).unwrap();
    let kinds = [DocumentKind::RECEIPT, residence()];
    let body = Mandate::new(code(ENTITY), code(OTHER), kinds, period).unwrap();
    let services = ["40000182".parse().unwrap()];
    let body = body.with_services(services);
    let document =
        Document::builder(number(DocumentKind::MANDATE), at(NOW)).language("ar").title("تفويض").build(body.clone());
    let octets = document.unwrap().to_vec().unwrap();
    let document = Document::<Value>::from_slice(&octets, &Limits::default()).unwrap();
    assert_eq!(Mandate::of(&document, &CodingScheme::default()), Ok(body));
}
