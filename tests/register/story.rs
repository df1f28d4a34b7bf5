//! Two ministries merge, keys roll, a document is revoked, and a letter of 2019 still holds in 2040.

use serde_json::json;
use wathiqa::codes::DocumentNumber;
use wathiqa::status::{StatusBits, StatusListEditor};

use super::*;

const INTERIOR: &str = ENTITY;
const ENDOWMENTS: &str = OTHER;
const URI: &str = "https://interior.example.gov.sy/status";

/// A PKI that lasts from 2015 to 2060.
fn long_lived() -> World {
    let years = |mut params: rcgen::CertificateParams, from: i32, to: i32| {
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        params
    };
    let root = Party::root(years(ca("Root"), 2015, 2060));
    let ministry = root.issue(years(ca("Ministry"), 2015, 2060));
    let signer = ministry.issue(years(entity(ENDOWMENTS), 2019, 2021));
    let time_root = Party::root(years(ca("Time Root"), 2015, 2060));
    let tsa = time_root.issue(years(tsa("TSA"), 2015, 2060));
    World { root, ministry, signer, time_root, tsa }
}

fn certified(world: &World, code: &str, from: i32, to: i32) -> Party {
    let mut params = entity(code);
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(to, 1, 1);
    world.ministry.issue(params)
}

/// A letter of `issuer` with this serial, signed and time-stamped at `time`.
fn letter(world: &World, signer: &Party, issuer: &str, serial: u64, time: &str) -> Vec<u8> {
    let number = DocumentNumber::new(code(issuer), DocumentKind::OUTGOING, at(time).year(), serial).unwrap();
    let document = json!({
        "type": "wathiqa-document/1",
        "number": number.to_string(),
        "issuer": issuer,
        "kind": "001",
        "issuedAt": time,
        "status": {"status_list": {"idx": serial, "uri": URI}},
        "language": "ar",
        "title": "كتاب",
        "body": {},
    });
    let mut document = document;
    if issuer == ENDOWMENTS {
        document.as_object_mut().unwrap().remove("status");
    }
    sign(world, signer, &serde_json::to_vec(&document).unwrap(), DOCUMENT_TYPE, time)
}

fn sign(world: &World, signer: &Party, payload: &[u8], cty: &str, time: &str) -> Vec<u8> {
    let draft = world.draft_by(&signer.certificate, payload.to_vec()).with("cty", Value::from(cty));
    let draft = draft.with("iat", Value::from(at(time).unix_seconds()));
    octets(&world.stamp_at(draft.sign(signer), time))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn a_letter_of_2019_holds_in_2040_by_the_register_of_2040() {
    let world = long_lived();
    let endowments_2021 = certified(&world, ENDOWMENTS, 2021, 2026);
    let interior = [(2019, 2024), (2024, 2030), (2030, 2045)].map(|(from, to)| certified(&world, INTERIOR, from, to));
    let authority = Authority { world, ..Authority::new() };
    let world = &authority.world;
    let year = |year: i32| format!("{year}-01-01T00:00:00Z");
    let signers = [&authority.roots[0], &authority.roots[2]];

    // 2019: the first issue. Every year another, until 2040.
    let mut editor = RegisterEditor::new();
    let kind = DocumentKind::OUTGOING;
    for (entity, key) in [(INTERIOR, &interior[0]), (ENDOWMENTS, &world.signer)] {
        for fact in [created(), Fact::KeyAdded { key: key_of(&key.certificate) }, Fact::KindGranted { kind }] {
            editor.record(code(entity), Event::new(at(&year(2019)), at(&year(2019)), fact)).unwrap();
        }
    }
    let open = |issue: &RegisterIssue, time: &str| authority.open(&signed(issue, &signers), time).unwrap();
    let mut register = open(&editor.issue(at(&year(2019)), at(&year(2020))).unwrap(), &year(2019));
    let first = register.clone();
    let roll = |old: &Party, new: &Party| {
        let (old, new) = (key_of(&old.certificate), key_of(&new.certificate));
        vec![Fact::KeyRevoked { key: old }, Fact::KeyAdded { key: new }]
    };
    for now in 2020..=2040 {
        let mut editor = register.edit();
        let events = match now {
            2021 => vec![(ENDOWMENTS, roll(&world.signer, &endowments_2021))],
            2024 => vec![
                (INTERIOR, roll(&interior[0], &interior[1])),
                (ENDOWMENTS, vec![Fact::MergedInto { successor: code(INTERIOR) }]),
            ],
            2030 => vec![(INTERIOR, roll(&interior[1], &interior[2]))],
            _ => vec![],
        };
        for (entity, facts) in events {
            for fact in facts {
                editor.record(code(entity), Event::new(at(&year(now)), at(&year(now)), fact)).unwrap();
            }
        }
        let issue = editor.issue(at(&year(now)), at(&year(now + 1))).unwrap();
        let file = signed(&issue, &signers);
        register = register.advance(&file, &authority.policy(), &Evidence::none(), at(&year(now))).unwrap();
    }
    assert_eq!(register.information().sequence_number(), 22);

    // The list of the interior as of 2040: its letter 3 is revoked.
    let mut status = StatusListEditor::new(URI, code(INTERIOR), StatusBits::Two, 100).unwrap();
    status.revoke(3, at("2039-01-01T00:00:00Z")).unwrap();
    let list = status.build(at("2040-05-01T00:00:00Z"), at("2040-07-01T00:00:00Z")).unwrap();
    let file = sign(world, &interior[2], &list.to_vec(), "vnd.wathiqa.status-list+json", "2040-05-01T00:00:00Z");
    let now = "2040-06-01T00:00:00Z";
    let verifier = Verifier::new(world.policy());
    let list = verifier.open_status_list(&file, &Evidence::none(), at(now)).unwrap();
    let evidence = Evidence::none().with_register(&register).with_status_list(&list);
    let verdict = |file: &[u8]| verifier.verify(file, &evidence, at(now));

    let (spring_2019, spring_2025) = ("2019-04-01T00:00:00Z", "2025-04-01T00:00:00Z");
    let letter_of_2019 = letter(world, &world.signer, ENDOWMENTS, 1, spring_2019);
    passed(&verdict(&letter_of_2019));
    passed(&verdict(&letter(world, &interior[0], INTERIOR, 2, spring_2019)));
    passed(&verdict(&letter(world, &interior[1], INTERIOR, 4, spring_2025)));
    passed(&verdict(&letter(world, &interior[2], INTERIOR, 5, "2040-05-31T00:00:00Z")));
    // Revoking one number touches that letter alone (T15).
    let revoked = verdict(&letter(world, &interior[1], INTERIOR, 3, spring_2025));
    refused(&revoked, SubIndication::DocumentRevoked, "status: revoked since 2039-01-01T00:00:00Z");
    // The merged ministry's key signs no more, though its certificate is valid still.
    let late = verdict(&letter(world, &endowments_2021, ENDOWMENTS, 1, spring_2025));
    let reason =
        format!("entity {ENDOWMENTS} was merged into entity {INTERIOR} {}, document signed {spring_2025}", year(2024));
    refused(&late, SubIndication::EntityNotActive, &reason);
    // A key that was rolled signs no more.
    let rolled = verdict(&letter(world, &interior[0], INTERIOR, 6, "2024-01-01T00:00:00Z"));
    assert_eq!(rolled.indication(), Indication::TotalFailed);
    assert!(rolled.failures().any(|reason| reason.code() == "register-key-revoked"), "{rolled}");
    // Who followed the register knows when it is served from the beginning again.
    assert_eq!(register.successors(code(ENDOWMENTS), at(now)), [code(INTERIOR)]);
    let again = signed(&first, &signers);
    let error = register.advance(&again, &authority.policy(), &Evidence::none(), at(now)).unwrap_err();
    assert_eq!(error.to_string(), "register: issue 1 is older than issue 22, which is known");
}
