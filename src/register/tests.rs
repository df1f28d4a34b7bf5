//! Histories that can be and that cannot, written and read.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentKind, EntityCode, ServiceCode};
use crate::crypto::KeyDigest;
use crate::register::{
    EntityHistory, Event, Existence, Fact, HistoryError, Names, RegisterEditor, RegisterFormatError, RegisterIssue,
};
use crate::time::Instant;

fn at(text: &str) -> Instant {
    let text = if text.len() == 4 { format!("{text}-01-01T00:00:00Z") } else { text.to_owned() };
    text.parse().unwrap()
}

fn code(body: u64) -> EntityCode {
    EntityCode::from_body(10_000_000 + body).unwrap()
}

fn key(octet: u8) -> KeyDigest {
    KeyDigest::from_octets([octet; 32])
}

fn created(parent: Option<EntityCode>) -> Fact {
    Fact::Created { names: Names::new("ar", "وزارة").unwrap(), parent }
}

/// Records facts of the year in which they take effect, all written down in 2025.
fn record(editor: &mut RegisterEditor, entity: u64, year: &str, fact: Fact) -> Result<(), HistoryError> {
    editor.record(code(entity), Event::new(at(year), at("2025"), fact))
}

#[track_caller]
fn refused(editor: &mut RegisterEditor, entity: u64, year: &str, fact: Fact) -> String {
    let before = editor.clone().issue(at("2026"), at("2027")).unwrap().to_vec();
    let error = record(editor, entity, year, fact).unwrap_err();
    let after = editor.clone().issue(at("2026"), at("2027")).unwrap().to_vec();
    assert_eq!(before, after, "what was refused left something behind");
    error.to_string()
}

fn read(octets: &[u8]) -> Result<RegisterIssue, RegisterFormatError> {
    RegisterIssue::from_slice(octets, &CodingScheme::default(), &Limits::default())
}

/// Two ministries, an agency of the first; the first merged into the second in 2024.
fn story() -> RegisterEditor {
    let mut editor = RegisterEditor::new();
    let kind = DocumentKind::DECISION;
    let service: ServiceCode = "40000182".parse().unwrap();
    let names = Names::new("ar", "وزارة الداخلية").unwrap().with("en", "Ministry of the Interior").unwrap();
    for (entity, year, fact) in [
        (1, "1919", created(None)),
        (2, "1919", created(None)),
        (3, "1950", created(Some(code(1)))),
        (1, "1960", Fact::Renamed { names }),
        (1, "2019", Fact::KeyAdded { key: key(1) }),
        (1, "2019", Fact::KindGranted { kind }),
        (1, "2020", Fact::ServiceGranted { service }),
        (1, "2021", Fact::KeyRevoked { key: key(1) }),
        (1, "2021", Fact::KeyAdded { key: key(2) }),
        (1, "2022", Fact::Suspended),
        (1, "2023", Fact::Resumed),
        (1, "2023", Fact::ServiceWithdrawn { service }),
        (3, "2024", Fact::Reparented { parent: Some(code(2)) }),
        (1, "2024", Fact::MergedInto { successor: code(2) }),
        (2, "2024", Fact::KindGranted { kind }),
        (2, "2024", Fact::KindWithdrawn { kind }),
        (4, "2024", created(Some(code(2)))),
        (4, "2024", Fact::SplitFrom { origin: code(1) }),
        (5, "2000", created(None)),
        (5, "2024", Fact::Abolished { successors: vec![code(2), code(4)] }),
    ] {
        record(&mut editor, entity, year, fact).unwrap();
    }
    editor
}

fn story_issue() -> RegisterIssue {
    story().issue(at("2026"), at("2027")).unwrap()
}

#[test]
fn questions_are_answered_for_every_time() {
    let issue = story_issue();
    let first = issue.entity(code(1)).unwrap();
    assert_eq!(first.existence(at("1900")), Existence::NotYet { created: at("1919") });
    assert_eq!(first.existence(at("1919")), Existence::Active);
    assert_eq!(first.existence(at("2022")), Existence::Suspended { since: at("2022") });
    assert_eq!(first.existence(at("2022-12-31T23:59:59Z")), Existence::Suspended { since: at("2022") });
    assert_eq!(first.existence(at("2023")), Existence::Active);
    assert_eq!(first.existence(at("2024")), Existence::Merged { since: at("2024"), successor: code(2) });
    assert_eq!(issue.entity(code(5)).unwrap().existence(at("2024")), Existence::Abolished { since: at("2024") });
    let name = |year: &str, language| first.names(at(year)).and_then(|names| names.in_language(language));
    assert_eq!(name("1918", "ar"), None);
    assert_eq!((name("1959", "ar"), name("1959", "en")), (Some("وزارة"), None));
    assert_eq!((name("1960", "ar"), name("2030", "en")), (Some("وزارة الداخلية"), Some("Ministry of the Interior")));
    let keys = |year: &str| first.keys(at(year)).collect::<Vec<_>>();
    assert_eq!(["2018", "2019", "2021", "2024"].map(keys), [vec![], vec![key(1)], vec![key(2)], vec![]]);
    assert!(first.kinds(at("2019")).eq([DocumentKind::DECISION]) && first.kinds(at("2024")).next().is_none());
    assert!(
        first.services(at("2022")).eq(["40000182".parse().unwrap()]) && first.services(at("2023")).next().is_none()
    );
    assert!(issue.entity(code(2)).unwrap().kinds(at("2024")).next().is_none());
    let parent = |year: &str| issue.entity(code(3)).unwrap().parent(at(year));
    assert_eq!(["1949", "1950", "2024"].map(parent), [None, Some(code(1)), Some(code(2))]);
    assert_eq!(issue.successors(code(1), at("2023")), []);
    assert_eq!(issue.successors(code(1), at("2024")), [code(2), code(4)]);
    assert_eq!(issue.successors(code(5), at("2024")), [code(2), code(4)]);
    assert_eq!(issue.entity_of_key(&key(1)), Some(code(1)));
    assert_eq!(issue.entities().map(EntityHistory::code).collect::<Vec<_>>(), [1, 2, 3, 4, 5].map(code));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_no_says_why() {
    let issue = story_issue();
    let (decision, circular) = (DocumentKind::DECISION, DocumentKind::CIRCULAR);
    let no = |result: Result<(), crate::register::RegisterFault>| result.unwrap_err().to_string();
    let service: ServiceCode = "40000182".parse().unwrap();
    let [one, two, five, none] = [1, 2, 5, 9].map(code);
    let k = [key(1), key(2), key(3)].map(|key| key.to_string());
    assert_eq!(issue.require_entity(one, at("2019")), Ok(()));
    assert_eq!(issue.require_key(one, &key(1), at("2019")), Ok(()));
    assert_eq!(issue.require_kind(one, decision, at("2019")), Ok(()));
    assert_eq!(issue.require_service(one, service, at("2020")), Ok(()));
    let asked = |year: &str, kind| {
        let (service, at) = (Some(service), at(year));
        issue.require_document(&crate::register::DocumentQuestion { issuer: one, key: key(1), kind, service, at })
    };
    assert_eq!(asked("2020", decision), Ok(()));
    assert_eq!(asked("2020", circular), issue.require_kind(one, circular, at("2020")));
    assert_eq!(asked("2019", decision), issue.require_service(one, service, at("2019")));
    assert_eq!(asked("2018", decision), issue.require_key(one, &key(1), at("2018")));
    assert_eq!(asked("2024", decision), issue.require_entity(one, at("2024")));
    let (t18, t19, t22, t24) =
        ("2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "2022-01-01T00:00:00Z", "2024-01-01T00:00:00Z");
    let (t20, t21, t23) = ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "2023-01-01T00:00:00Z");
    for (answer, message) in [
        (issue.require_entity(none, at("2019")), format!("entity {none} is not in the register")),
        (issue.require_key(none, &key(1), at("2019")), format!("entity {none} is not in the register")),
        (
            issue.require_entity(five, at("1999")),
            format!("entity {five} was created 2000-01-01T00:00:00Z, document signed 1999-01-01T00:00:00Z"),
        ),
        (issue.require_entity(one, at("2022")), format!("entity {one} was suspended {t22}, document signed {t22}")),
        (
            issue.require_entity(one, at("2024")),
            format!("entity {one} was merged into entity {two} {t24}, document signed {t24}"),
        ),
        (
            issue.require_entity(five, at("2024")),
            format!("entity {five} was abolished {t24}, document signed {t24}; successors {two}, {}", code(4)),
        ),
        (issue.require_key(one, &key(3), at("2019")), format!("the key {} is not listed for entity {one}", k[2])),
        (
            issue.require_key(two, &key(1), at("2019")),
            format!("the key {} is listed for entity {one}, not for entity {two}", k[0]),
        ),
        (
            issue.require_key(one, &key(2), at("2019")),
            format!("the key {} is listed for entity {one} from {t21} on, document signed {t19}", k[1]),
        ),
        (
            issue.require_key(one, &key(1), at("2022")),
            format!("the key {} of entity {one} was revoked {t21}, document signed {t22}", k[0]),
        ),
        (issue.require_kind(one, circular, at("2019")), format!("entity {one} was never granted kind 003")),
        (
            issue.require_kind(one, decision, at("2018")),
            format!("entity {one} was granted kind 004 {t19}, document signed {t18}"),
        ),
        (
            issue.require_kind(two, decision, at("2024")),
            format!("kind 004 was withdrawn from entity {two} {t24}, document signed {t24}"),
        ),
        (issue.require_service(two, service, at("2024")), format!("entity {two} was never granted service 40000182")),
        (
            issue.require_service(one, service, at("2019")),
            format!("entity {one} was granted service 40000182 {t20}, document signed {t19}"),
        ),
        (
            issue.require_service(one, service, at("2024")),
            format!("service 40000182 was withdrawn from entity {one} {t23}, document signed {t24}"),
        ),
    ] {
        assert_eq!(no(answer), message);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_history_forbids_is_refused_and_leaves_nothing_behind() {
    let mut editor = story();
    let of = |entity: u64| format!("register: entity {}, event", code(entity));
    let y = |year: &str| format!("{year}-01-01T00:00:00Z");
    let kind = DocumentKind::DECISION;
    let cases: Vec<(u64, &str, Fact, String)> = vec![
        (9, "2000", Fact::Suspended, format!("{} 1 (suspended): the entity was never created", of(9))),
        (
            1,
            "2025",
            created(None),
            format!("{} 12 (created): the code was given {} and is never given again", of(1), y("1919")),
        ),
        (
            5,
            "2025",
            created(None),
            format!("{} 3 (created): the code was given {} and is never given again", of(5), y("2000")),
        ),
        (
            3,
            "1949",
            Fact::Suspended,
            format!("{} 3 (suspended): takes effect before the entity is created, {}", of(3), y("1950")),
        ),
        (
            1,
            "2025",
            Fact::KeyAdded { key: key(9) },
            format!("{} 12 (key-added): takes effect {}, the entity ended {}", of(1), y("2025"), y("2024")),
        ),
        (
            1,
            "2018",
            Fact::Abolished { successors: vec![] },
            format!("{} 3 (key-added): takes effect {}, the entity ended {}", of(1), y("2019"), y("2018")),
        ),
        (2, "2024", Fact::Resumed, format!("{} 4 (resumed): ends what is not so", of(2))),
        (
            1,
            "2022-06-01T00:00:00Z",
            Fact::Suspended,
            format!("{} 12 (suspended): is so already since {}", of(1), y("2022")),
        ),
        (2, "2024", Fact::KindWithdrawn { kind }, format!("{} 4 (kind-withdrawn): ends what is not so", of(2))),
        (
            1,
            "2020",
            Fact::KindGranted { kind },
            format!("{} 12 (kind-granted): is so already since {}", of(1), y("2019")),
        ),
        (1, "2018", Fact::KeyRevoked { key: key(1) }, format!("{} 12 (key-revoked): ends what is not so", of(1))),
        (
            1,
            "2023",
            Fact::KeyAdded { key: key(1) },
            format!("{} 12 (key-added): the key was revoked {} and is never listed again", of(1), y("2021")),
        ),
        (
            2,
            "2025",
            Fact::KeyAdded { key: key(1) },
            format!("{} 4 (key-added): the key {} is listed for entity {}", of(2), key(1), code(1)),
        ),
        (
            2,
            "2025",
            Fact::MergedInto { successor: code(9) },
            format!("{} 4 (merged-into): entity {} is not in the register", of(2), code(9)),
        ),
        (
            2,
            "2025",
            Fact::MergedInto { successor: code(2) },
            format!("{} 4 (merged-into): names the entity itself", of(2)),
        ),
        (
            2,
            "2025",
            Fact::MergedInto { successor: code(1) },
            format!("{} 4 (merged-into): entity {} does not exist at {}", of(2), code(1), y("2025")),
        ),
        (
            2,
            "2025",
            Fact::Abolished { successors: vec![code(3), code(3)] },
            format!("{} 4 (abolished): names entity {} twice", of(2), code(3)),
        ),
        (
            2,
            "2025",
            Fact::Reparented { parent: Some(code(3)) },
            format!("{} 4 (reparented): entity {} itself belongs to this entity at {}", of(2), code(3), y("2025")),
        ),
        (
            2,
            "2025",
            Fact::Reparented { parent: None },
            format!("{} 4 (reparented): is so already since {}", of(2), y("1919")),
        ),
        (
            2,
            "2025",
            Fact::Renamed { names: Names::new("ar", "وزارة").unwrap() },
            format!("{} 4 (renamed): is so already since {}", of(2), y("1919")),
        ),
        (
            6,
            "1940",
            created(Some(code(3))),
            format!("{} 1 (created): entity {} does not exist at {}", of(6), code(3), y("1940")),
        ),
    ];
    for (entity, year, fact, message) in cases {
        assert_eq!(refused(&mut editor, entity, year, fact), message);
    }
}

#[test]
fn what_takes_effect_earlier_does_not_take_the_ground_from_under_what_is_there() {
    let mut editor = RegisterEditor::new();
    for (entity, year, fact) in [
        (7, "2010", created(None)),
        (9, "2010", created(None)),
        (8, "2020", created(Some(code(7)))),
        (9, "2022", Fact::Reparented { parent: Some(code(8)) }),
    ] {
        record(&mut editor, entity, year, fact).unwrap();
    }
    let [seven, eight, nine] = [7, 8, 9].map(code);
    let message =
        format!("register: entity {eight}, event 1 (created): entity {seven} does not exist at 2020-01-01T00:00:00Z");
    assert_eq!(refused(&mut editor, 7, "2015", Fact::Abolished { successors: vec![] }), message);
    // In 2018 nine belonged to none; in 2022 the way up from it would come back.
    let message = format!(
        "register: entity {nine}, event 2 (reparented): entity {eight} itself belongs to this entity at \
         2022-01-01T00:00:00Z"
    );
    assert_eq!(refused(&mut editor, 7, "2018", Fact::Reparented { parent: Some(nine) }), message);
    record(&mut editor, 9, "2021", Fact::Abolished { successors: vec![] }).unwrap_err();
    record(&mut editor, 7, "2023", Fact::Abolished { successors: vec![eight] }).unwrap();
}

#[test]
fn as_many_entities_are_above_one_as_the_limit_and_no_more() {
    let mut editor = RegisterEditor::new();
    for entity in 0..=32 {
        record(&mut editor, entity, "2000", created(entity.checked_sub(1).map(code))).unwrap();
    }
    let message = format!(
        "register: entity {}, event 1 (created): more than 32 entities are above entity {} and this one",
        code(33),
        code(32)
    );
    assert_eq!(refused(&mut editor, 33, "2000", created(Some(code(32)))), message);
}

#[test]
fn times_of_recording_do_not_run_backwards() {
    let mut editor = RegisterEditor::new();
    let event = |recorded: &str, fact| Event::new(at("2024"), at(recorded), fact);
    editor.record(code(1), event("2025", created(None))).unwrap();
    let error = editor.record(code(1), event("2024", Fact::Suspended)).unwrap_err();
    let message = "recorded 2024-01-01T00:00:00Z, before the event that stands before it, 2025-01-01T00:00:00Z";
    assert_eq!(error.fault.to_string(), message);
    let late = editor.clone().issue(at("2024"), at("2026")).unwrap_err();
    let message = format!(
        "register: entity {}, event 1 (created): recorded 2025-01-01T00:00:00Z, the register is issued \
         2024-01-01T00:00:00Z",
        code(1)
    );
    assert_eq!(late.to_string(), message);
    let error = editor.clone().issue(at("2025"), at("2025")).unwrap_err();
    let message =
        "register member listInformation.nextUpdate: 2025-01-01T00:00:00Z, expected a time after 2025-01-01T00:00:00Z";
    assert_eq!(error.to_string(), message);

    let issue = editor.issue(at("2025"), at("2026")).unwrap();
    let mut next = RegisterEditor::following(&issue);
    let error = next.record(code(1), event("2025", Fact::Suspended)).unwrap_err();
    let message = "recorded 2025-01-01T00:00:00Z, not after the previous issue of 2025-01-01T00:00:00Z";
    assert_eq!(error.fault.to_string(), message);
    next.record(code(1), event("2025-02-01T00:00:00Z", Fact::Suspended)).unwrap();
    let error = next.clone().issue(at("2025"), at("2026")).unwrap_err();
    assert_eq!(error.code(), "register-not-after");
    let second = next.issue(at("2025-02-01T00:00:00Z"), at("2026")).unwrap();
    assert_eq!(second.information().sequence_number(), 2);
    let digest = crate::digest::DigestAlgorithm::Sha256.digest(&issue.to_vec());
    assert_eq!(second.information().previous(), Some(&digest));
}

#[test]
fn an_issue_is_written_in_one_way_and_read_again() {
    let mut editor = RegisterEditor::new();
    let names = Names::new("en", "Justice").unwrap().with("ar", "وزارة العدل").unwrap();
    record(&mut editor, 1, "1919", Fact::Created { names, parent: None }).unwrap();
    record(&mut editor, 1, "2020", Fact::KeyAdded { key: key(0) }).unwrap();
    let octets = editor.issue(at("2025"), at("2026")).unwrap().to_vec();
    let expected = concat!(
        r#"{"type":"wathiqa-register/1","listInformation":{"sequenceNumber":1,"issuedAt":"2025-01-01T00:00:00Z","#,
        r#""nextUpdate":"2026-01-01T00:00:00Z"},"entities":[{"code":"1000000161","history":["#,
        r#"{"event":"created","effective":"1919-01-01T00:00:00Z","recorded":"2025-01-01T00:00:00Z","#,
        r#""names":{"ar":"وزارة العدل","en":"Justice"}},"#,
        r#"{"event":"key-added","effective":"2020-01-01T00:00:00Z","recorded":"2025-01-01T00:00:00Z","#,
        r#""key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}]}"#,
    );
    assert_eq!(String::from_utf8(octets.clone()).unwrap(), expected);
    assert_eq!(read(&octets).unwrap().to_vec(), octets);
    let whole = story_issue().to_vec();
    assert_eq!(read(&whole).unwrap().to_vec(), whole);
    let second = RegisterEditor::following(&story_issue()).issue(at("2026-02-01T00:00:00Z"), at("2027")).unwrap();
    assert_eq!(read(&second.to_vec()).unwrap().to_vec(), second.to_vec());
}

/// The story with the value at this JSON pointer replaced, or taken away.
fn with(pointer: &str, value: Option<Value>) -> Vec<u8> {
    let mut register: Value = serde_json::from_slice(&story_issue().to_vec()).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = register.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(members), Some(value)) => drop(members.insert(name.to_owned(), value)),
        (Value::Object(members), None) => drop(members.remove(name)),
        (Value::Array(elements), Some(value)) => elements[name.parse::<usize>().unwrap()] = value,
        (Value::Array(elements), None) => drop(elements.remove(name.parse::<usize>().unwrap())),
        _ => unreachable!(),
    }
    serde_json::to_vec(&register).unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_not_a_register_says_where() {
    for (pointer, value, message) in [
        (
            "/type",
            Some(json!("wathiqa-document/1")),
            "register: type is \"wathiqa-document/1\", expected wathiqa-register/1",
        ),
        ("/type", Some(json!("wathiqa-register/2")), "register: version 2, supported is 1"),
        ("/type", None, "register member type: missing"),
        ("/entities", None, "register member entities: missing"),
        ("/listInformation", None, "register member listInformation: missing"),
        (
            "/listInformation/sequenceNumber",
            Some(json!(0)),
            "register member listInformation.sequenceNumber: 0, expected at least 1",
        ),
        (
            "/listInformation/sequenceNumber",
            Some(json!(2)),
            "register member listInformation.previousIssue: missing from issue 2",
        ),
        (
            "/listInformation/previousIssue",
            Some(json!({"algorithm": "SHA-256", "value": "A".repeat(43)})),
            "register member listInformation.previousIssue: issue 1 has none before it",
        ),
        (
            "/listInformation/previousIssue",
            Some(json!({"algorithm": "SHA-512", "value": "A".repeat(43)})),
            "register member listInformation.previousIssue.value: digest: 32 octets, SHA-512 has 64",
        ),
        (
            "/listInformation/issuedAt",
            Some(json!("2026-01-01")),
            "register member listInformation.issuedAt: \"2026-01-01\", expected a time such as 2025-03-01T06:30:00Z",
        ),
        (
            "/entities/0/code",
            Some(json!("1000000103")),
            "register member entities[0].code: entity code 1000000103: check digits are 03, expected 61",
        ),
        (
            "/entities/1/code",
            Some(json!("1000000161")),
            "register member entities[1].code: 1000000161 stands after 1000000161, expected ascending codes, each once",
        ),
        ("/entities/1/history", None, "register member entities[1].history: missing"),
        (
            "/entities/1/history",
            Some(json!([])),
            "register: entity 1000000258, event 1 (none): the entity was never created",
        ),
        (
            "/entities/0/history/0/event",
            Some(json!("born")),
            "register member entities[0].history[0].event: \"born\" is not an event",
        ),
        ("/entities/0/history/0/names", None, "register member entities[0].history[0].names: missing"),
        ("/entities/0/history/0/names", Some(json!({})), "register member entities[0].history[0].names: missing"),
        (
            "/entities/0/history/0/names",
            Some(json!({"AR": "x"})),
            "register member entities[0].history[0].names.AR: language tag \"AR\": expected \"ar\"",
        ),
        (
            "/entities/0/history/0/names",
            Some(json!({"ar": " "})),
            "register member entities[0].history[0].names.ar: blank",
        ),
        (
            "/entities/0/history/0/kind",
            Some(json!("004")),
            "register member entities[0].history[0].kind: does not belong to the event \"created\"",
        ),
        (
            "/entities/0/history/2/key",
            Some(json!("AAAA")),
            "register member entities[0].history[2].key: digest: 3 octets, SHA-256 has 32",
        ),
        (
            "/entities/0/history/2/recorded",
            Some(json!("2027-01-01T00:00:00Z")),
            "register: entity 1000000161, event 4 (kind-granted): recorded 2025-01-01T00:00:00Z, before the event that stands before it, 2027-01-01T00:00:00Z",
        ),
        (
            "/entities/4/history/1/recorded",
            Some(json!("2027-01-01T00:00:00Z")),
            "register: entity 1000000549, event 2 (abolished): recorded 2027-01-01T00:00:00Z, the register is issued 2026-01-01T00:00:00Z",
        ),
        (
            "/entities/1",
            None,
            "register: entity 1000000161, event 11 (merged-into): entity 1000000258 is not in the register",
        ),
    ] {
        assert_eq!(read(&with(pointer, value)).unwrap_err().to_string(), message, "{pointer}");
    }
}

#[test]
fn members_are_of_one_type_and_stand_once() {
    let text = String::from_utf8(story_issue().to_vec()).unwrap();
    for (from, to, message) in [
        ("\"type\":", "\"typ\":", "unknown member \"typ\""),
        ("\"code\":", "\"cod\":", "unknown member \"cod\""),
        (
            "\"issuedAt\":",
            "\"issued\":",
            "unknown field `issued`, expected one of `sequenceNumber`, `previousIssue`, `issuedAt`, `nextUpdate`",
        ),
        ("\"event\":\"created\"", "\"event\":null", "invalid type: null, expected a string"),
        ("\"names\":", "\"parent\":null,\"names\":", "invalid type: null, expected a string"),
        ("\"names\":", "\"names\":{\"ar\":\"x\"},\"names\":", "duplicate field `names`"),
        ("\"names\":", "\"\\u006eames\":{\"ar\":\"x\"},\"names\":", "duplicate field `names`"),
        ("\"sequenceNumber\":1", "\"sequenceNumber\":1.0", "invalid type: floating point `1.0`, expected u64"),
        ("\"sequenceNumber\":1", "\"sequenceNumber\":-1", "invalid value: integer `-1`, expected u64"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        let RegisterFormatError::Json(error) = error else { panic!("{to}: {error}") };
        assert_eq!(error.fault.to_string(), message, "{to}");
        assert!(error.offset > 0 && error.offset <= text.len() + to.len(), "{to}: {}", error.offset);
    }
    let twice = text.replacen("\"code\":\"1000000161\"", "\"code\":\"1000000161\",\"code\":\"1000000161\"", 1);
    assert_eq!(read(twice.as_bytes()).unwrap_err().to_string(), "register member entities[0].code: stands twice");
    let twice = text.replacen("{\"ar\":\"وزارة\"}", "{\"ar\":\"وزارة\",\"\\u0061r\":\"أخرى\"}", 1);
    let message = "register member entities[0].history[0].names.ar: stands twice";
    assert_eq!(read(twice.as_bytes()).unwrap_err().to_string(), message);
    assert_eq!(read(format!("{text}x").as_bytes()).unwrap_err().code(), "json-syntax");
    assert_eq!(read(b"\xff").unwrap_err().code(), "json-not-utf8");
    assert_eq!(read(b"[]").unwrap_err().code(), "json-shape");
    let limits = |register_octets| Limits { register_octets, ..Limits::default() };
    let bounded = |limit| RegisterIssue::from_slice(text.as_bytes(), &CodingScheme::default(), &limits(limit));
    assert!(bounded(text.len()).is_ok());
    assert_eq!(bounded(text.len() - 1).unwrap_err().code(), "json-too-large");
}

/// Facts of a small world, so that they often meet.
fn facts() -> impl Strategy<Value = Fact> {
    let entity = (0_u64..4).prop_map(code);
    let kind = (1_u16..3).prop_map(|kind| DocumentKind::new(kind).unwrap());
    prop_oneof![
        4 => prop::option::of(entity.clone()).prop_map(created),
        1 => prop::option::of(entity.clone()).prop_map(|parent| Fact::Reparented { parent }),
        1 => entity.clone().prop_map(|successor| Fact::MergedInto { successor }),
        1 => entity.prop_map(|origin| Fact::SplitFrom { origin }),
        1 => Just(Fact::Abolished { successors: vec![] }),
        1 => Just(Fact::Suspended),
        1 => Just(Fact::Resumed),
        3 => (0_u8..3).prop_map(|octet| Fact::KeyAdded { key: key(octet) }),
        2 => (0_u8..3).prop_map(|octet| Fact::KeyRevoked { key: key(octet) }),
        3 => kind.clone().prop_map(|kind| Fact::KindGranted { kind }),
        2 => kind.prop_map(|kind| Fact::KindWithdrawn { kind }),
    ]
}

/// What holds at `at` by replaying the events from the beginning: existence, suspension, keys and kinds.
fn replayed(history: &EntityHistory, at: Instant) -> (bool, bool, Vec<KeyDigest>, Vec<DocumentKind>) {
    let mut events: Vec<&Event> = history.events().iter().filter(|event| event.effective() <= at).collect();
    events.sort_by_key(|event| event.effective());
    let (mut exists, mut suspended, mut keys, mut kinds) = (false, false, Vec::new(), Vec::new());
    for event in events {
        match event.fact() {
            Fact::Created { .. } => exists = true,
            Fact::MergedInto { .. } | Fact::Abolished { .. } => exists = false,
            Fact::Suspended => suspended = true,
            Fact::Resumed => suspended = false,
            Fact::KeyAdded { key } => keys.push(*key),
            Fact::KeyRevoked { key } => keys.retain(|listed| listed != key),
            Fact::KindGranted { kind } => kinds.push(*kind),
            Fact::KindWithdrawn { kind } => kinds.retain(|granted| granted != kind),
            _ => {}
        }
    }
    keys.sort_unstable();
    kinds.sort_unstable();
    (exists, suspended, keys, kinds)
}

proptest! {
    /// Whatever the editor takes, a reader reads, and both answer as a replay does.
    #[test]
    fn what_is_recorded_is_read_and_answered(
        steps in prop::collection::vec((0_u64..4, 2000_u16..2010, facts()), 1..60),
    ) {
        let mut editor = RegisterEditor::new();
        for (entity, year, fact) in steps {
            let _refused = record(&mut editor, entity, &year.to_string(), fact);
        }
        let issue = editor.issue(at("2026"), at("2027")).unwrap();
        let octets = issue.to_vec();
        let read = read(&octets).unwrap();
        prop_assert_eq!(read.to_vec(), octets);
        for history in read.entities() {
            for year in 1999..2012 {
                let moment = at(&year.to_string());
                let (exists, suspended, keys, kinds) = replayed(history, moment);
                let entity = history.code();
                prop_assert_eq!(read.require_entity(entity, moment).is_ok(), exists && !suspended);
                for octet in 0..3 {
                    let listed = keys.contains(&key(octet));
                    prop_assert_eq!(read.require_key(entity, &key(octet), moment).is_ok(), listed);
                }
                for kind in [1, 2].map(|kind| DocumentKind::new(kind).unwrap()) {
                    prop_assert_eq!(read.require_kind(entity, kind, moment).is_ok(), kinds.contains(&kind));
                }
                let listed: Vec<KeyDigest> = history.keys(moment).collect();
                prop_assert_eq!(listed, if exists { keys } else { vec![] });
                // The way up ends.
                let mut above = history.parent(moment);
                for _ in 0..5 {
                    above = above.and_then(|parent| read.entity(parent)).and_then(|parent| parent.parent(moment));
                }
                prop_assert_eq!(above, None);
            }
        }
    }
}
