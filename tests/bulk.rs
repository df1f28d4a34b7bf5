//! Many documents: memory that does not grow with their count, and verdicts that are those of each alone, also where a signer
//! or an authority does what it can to make them differ.
//!
//! Memory is counted by the allocator of this test. Figures are printed: `cargo test --test bulk -- --nocapture`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::atomic::Ordering;

use counting::{IN_USE, PEAK, turn};
use serde_json::{Value, json};
use wathiqa::bulk::{BulkOutcome, BulkVerifier, Counts};
use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
use wathiqa::crypto::{Backend, Check, JwsAlgorithm, KnownKeyTables, KnownKeys, Signer, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::Document;
use wathiqa::encoding::base64::encode_url;
use wathiqa::issue::Issuer;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::policy::RequiredLevel;
use wathiqa::report::{Indication, SignatureReport};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::Certificate;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::RevocationEvidence;
use world::*;

#[path = "support/counting.rs"]
mod counting;
#[path = "support/world.rs"]
mod world;

fn in_use() -> usize {
    IN_USE.load(Ordering::Relaxed)
}

/// The most octets in use during `work`, beside those before it.
fn peak(work: impl FnOnce()) -> usize {
    let before = in_use();
    PEAK.store(before, Ordering::Relaxed);
    work();
    PEAK.load(Ordering::Relaxed) - before
}

/// Documents of an entity, B-T and as files of a batch, with what they are verified by.
struct Issued {
    verifier: Verifier,
    evidence: Evidence<'static>,
    b_t: Vec<Vec<u8>>,
    batch: Vec<Vec<u8>>,
}

impl Issued {
    fn new() -> Self {
        let (issued, now) = (at("2025-06-01T00:00:00Z"), at("2025-06-01T00:01:00Z"));
        let pki = DemonstrationPki::new(issued).unwrap();
        let entity: EntityCode = ENTITY.parse().unwrap();
        let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم").unwrap();
        let signer = pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap();
        let time_stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
        let issuer = Issuer::new(signer.key, signer.chain, time_stamps).unwrap();
        let documents: Vec<Document<Value>> = (1..5)
            .map(|serial| {
                let number = DocumentNumber::new(entity, DocumentKind::DECISION, 2025, serial).unwrap();
                Document::builder(number, now)
                    .language("ar-SY")
                    .title("إيصال")
                    .build(json!({"amount": serial}))
                    .unwrap()
            })
            .collect();
        Self {
            verifier: Verifier::new(pki.validation_policy()),
            evidence: Evidence::none().with_revocation(pki.revocation_evidence(issued, &[]).unwrap()),
            b_t: documents.iter().map(|document| issuer.issue(document, now).unwrap()).collect(),
            batch: issuer.issue_batch(&documents, now).unwrap().files().collect(),
        }
    }

    /// The peak of a run over `count` documents, all of which pass.
    fn peak(&self, documents: &[Vec<u8>], count: usize, tables: KnownKeyTables) -> usize {
        peak(|| {
            let bulk = BulkVerifier::new(self.verifier.clone()).with_known_keys(tables, Backend::Portable);
            let outcomes =
                bulk.verify(documents.iter().cycle().take(count), &self.evidence, at("2025-06-02T00:00:00Z"));
            let monitor = outcomes.monitor();
            assert!(outcomes.map(|outcome| outcome.indication()).all(|found| found == Indication::TotalPassed));
            assert_eq!(monitor.counts().straight, u64::try_from(count - 1).unwrap());
        })
    }
}

/// What is kept for the documents of one round, and not for those before it.
#[test]
fn memory_does_not_grow_with_the_count() {
    let (_turn, issued) = (turn(), Issued::new());
    for (form, documents, counts) in
        [("B-T", &issued.b_t, &[4096, 20_480][..]), ("batch", &issued.batch, &[4096, 20_480, 102_400])]
    {
        let peaks: Vec<usize> =
            counts.iter().map(|count| issued.peak(documents, *count, KnownKeyTables::Off)).collect();
        println!("{form}: {peaks:?} octets for {counts:?} documents");
        assert!(peaks.iter().all(|peak| *peak < peaks[0] + (64 << 10)), "{form}: {peaks:?}");
        assert!(peaks[0] < 4 << 20, "{form}: {peaks:?}");
    }
    let with_tables = issued.peak(&issued.b_t, 4096, KnownKeyTables::default());
    println!("B-T, with tables: {with_tables} octets");
    assert!(with_tables < 24 << 20, "{with_tables}");
}

/// Files whose reports are many times as long as they are.
#[test]
fn reports_wait_in_bounded_memory() {
    let (_turn, world) = (turn(), World::new());
    let signed = world.draft().sign(&world.signer);
    let tokens = sig_tst(&vec![Vec::new(); 10]);
    let of_64 = |signature: Value| octets(&json!({"payload": "", "signatures": vec![signature; 64]}));
    let stamped = of_64(json!({"protected": "e30", "signature": "", "header": {"etsiU": [tokens]}}));
    let certified = of_64(json!({"protected": signed["protected"], "signature": ""}));
    let bulk = BulkVerifier::new(Verifier::new(world.policy())).with_threads(2.try_into().unwrap());
    for (what, file, count) in [("tokens", &stamped, 4096), ("certificates", &certified, 1400)] {
        let evidence = Evidence::none();
        let one = peak(|| drop(world.verify(file)));
        let peak = peak(|| {
            let outcomes = bulk.verify(std::iter::repeat_n(file, count), &evidence, at(NOW));
            assert!(outcomes.map(|outcome| outcome.indication()).all(|found| found != Indication::TotalPassed));
        });
        println!("64 signatures with {what}: {peak} octets for {count} files, {one} for one");
        assert!(peak < 160 << 20, "{what}: {peak}");
    }
}

/// The members of a header as they are written for bulk verification, and what is signed and stamped under it.
struct Plain<'a> {
    /// The signer, and the certificates under the root.
    signer: (&'a Party, &'a [&'a Certificate]),
    tsa: &'a Party,
    /// Members before `iat`.
    members: String,
    iat: String,
    payload: Vec<u8>,
    token: Token<'a>,
}

/// Makes a token over a signature value.
type Token<'a> = Box<dyn Fn(&Party, &[u8]) -> Vec<u8> + 'a>;

impl<'a> Plain<'a> {
    fn new(world: &'a World, chain: &'a [&'a Certificate]) -> Self {
        Self {
            signer: (&world.signer, chain),
            tsa: &world.tsa,
            members: r#""typ":"jose+json""#.to_owned(),
            iat: at(NOW).unix_seconds().to_string(),
            payload: document().to_string().into_bytes(),
            token: Box::new(|tsa, data| token_at(tsa, data, NOW)),
        }
    }

    fn stamped_at(mut self, time: &'a str) -> Self {
        self.token = Box::new(move |tsa, data| token_at(tsa, data, time));
        self
    }

    fn with(mut self, member: &str, value: impl Into<Option<Value>>) -> Self {
        let mut document: Value = serde_json::from_slice(&self.payload).unwrap();
        match value.into() {
            Some(value) => document[member] = value,
            None => drop(document.as_object_mut().unwrap().remove(member)),
        }
        self.payload = document.to_string().into_bytes();
        self
    }

    fn signed(&self) -> Value {
        let (signer, chain) = self.signer;
        let (x5t, x5c) = (thumbprint(chain[0]), x5c(chain));
        let Self { members, iat, payload, .. } = self;
        let header = format!(
            r#"{{"alg":"ES256","cty":"{DOCUMENT_TYPE}","x5t#S256":"{x5t}","x5c":{x5c},{members},"iat":{iat}}}"#
        );
        sign_text(&header, payload, signer)
    }

    fn file(&self) -> Vec<u8> {
        let file = self.signed();
        let part = |name: &str| file[name].as_str().unwrap();
        let token = (self.token)(self.tsa, part("signature").as_bytes());
        spelt(&file, &[sig_tst(&[token])])
    }
}

/// As the crate writes it.
fn spelt(file: &Value, items: &[Value]) -> Vec<u8> {
    let part = |name: &str| file[name].as_str().unwrap();
    let (payload, protected, signature) = (part("payload"), part("protected"), part("signature"));
    let items: Vec<String> =
        items.iter().map(|item| format!(r#""{}""#, encode_url(item.to_string().as_bytes()))).collect();
    let items = items.join(",");
    format!(
        r#"{{"payload":"{payload}","protected":"{protected}","header":{{"etsiU":[{items}]}},"signature":"{signature}"}}"#
    )
    .into_bytes()
}

/// Every outcome of a run must be the verdict on the document alone.
#[track_caller]
fn as_alone(bulk: &BulkVerifier, evidence: &Evidence<'_>, time: Instant, documents: &[&Vec<u8>], what: &str) -> Counts {
    let outcomes = bulk.verify(documents, evidence, time);
    let monitor = outcomes.monitor();
    for outcome in outcomes {
        let alone = bulk.verifier().verify(outcome.document(), evidence, time);
        let what = format!("{what}, document {}: {alone}", outcome.position());
        let proven = alone.signatures().iter().filter_map(SignatureReport::proven_time).min();
        let passed = alone.indication() == Indication::TotalPassed;
        assert_eq!(
            (outcome.indication(), outcome.sub_indication()),
            (alone.indication(), alone.sub_indication()),
            "{what}"
        );
        assert_eq!(outcome.proven_time(), proven.filter(|_| passed), "{what}");
        let number = outcome.number().map(|number| number.to_string());
        assert_eq!(number, alone.unverified_document().map(|said| said.number.clone()).filter(|_| passed), "{what}");
        assert_eq!(*outcome.report(), alone, "{what}");
    }
    monitor.counts()
}

/// With other headers.
fn headers(world: &World, chain: &[&Certificate]) -> Vec<(String, Vec<u8>)> {
    let now = at(NOW).unix_seconds();
    let plain = || Plain::new(world, chain);
    let mut files = Vec::new();
    let mut add = |what: &str, file: Vec<u8>| files.push((what.to_owned(), file));
    for seconds in [-400_000_000, -1, 0, 1, 59, 60, 61, 119, 120, 121, 299, 300, 301, 3600, 8_000_000_000] {
        add(&format!("iat {seconds}"), Plain { iat: (now + seconds).to_string(), ..plain() }.file());
    }
    for iat in ["1", "1e9", "1748736000.0", "01748736000", "-1748736000", "17487360000", "null", "\"1748736000\""] {
        add(&format!("iat {iat}"), Plain { iat: iat.to_owned(), ..plain() }.file());
    }
    for members in [
        r#""typ":"jose+json","iat":1748736000"#,
        r#""typ":"jose+json","kid":"other""#,
        r#""typ":"jose+json","exp":1748735999"#,
        r#""typ":"jose+json","exp":1748736000"#,
        r#""typ":"jose+json","exp":1948736000"#,
        r#""typ":"jose+json","sigT":"2025-06-01T00:00:00Z""#,
        r#""typ":"jose+json","crit":["sigD"]"#,
        r#""typ":"jose+json","nbf":2948736000"#,
        r#""typ":"jose+json","b64":true"#,
        r#""typ":"jose+json","b64":false,"crit":["b64"]"#,
        r#""typ":"jose+json","alg":"ES256""#,
        r#""typ" : "jose+json""#,
        r#""typ":"JWT""#,
    ] {
        add(members, Plain { members: members.to_owned(), ..plain() }.file());
    }
    files
}

/// Over other payloads.
fn documents(world: &World, chain: &[&Certificate]) -> Vec<(String, Vec<u8>)> {
    let plain = || Plain::new(world, chain);
    let mut files = Vec::new();
    let mut add = |what: &str, file: Vec<u8>| files.push((what.to_owned(), file));
    let validity = |not_before: &str, not_after: &str| json!({"notBefore": not_before, "notAfter": not_after});
    let members: [(&str, Option<Value>); 25] = [
        ("issuer", Some(json!("2345678930"))),
        ("number", Some(json!("2345678930-014-2025-00012345-22"))),
        ("number", Some(json!("1234567889-014-2025-00012345-23"))),
        ("number", Some(json!("1234567889-015-2025-00012345-22"))),
        ("kind", Some(json!("015"))),
        ("service", Some(json!("40000182"))),
        ("service", Some(json!("40000183"))),
        ("issuedAt", Some(json!("2024-12-31T23:59:59Z"))),
        ("issuedAt", Some(json!("2025-12-31T23:59:59Z"))),
        ("issuedAt", Some(json!("2025-05-31T06:30:00+03:00"))),
        ("validity", Some(validity("2025-06-01T00:00:00Z", "2025-06-01T00:00:00Z"))),
        ("validity", Some(validity("2025-05-01T00:00:00Z", "2025-05-31T23:59:59Z"))),
        ("validity", Some(validity("2025-06-01T00:00:01Z", "2025-06-02T00:00:00Z"))),
        ("validity", Some(validity("2025-06-02T00:00:00Z", "2025-06-01T00:00:00Z"))),
        ("validity", Some(json!({}))),
        ("language", Some(json!("xx-invalid-tag-of-no-one"))),
        ("language", None),
        ("title", Some(json!("a\u{202e}b"))),
        ("title", Some(json!(""))),
        ("title", Some(json!("two\nlines"))),
        ("type", Some(json!("wathiqa-document/2"))),
        ("body", None),
        ("body", Some(json!({"x": [1.5, 1e300, -0.0, null, "\u{202e}"]}))),
        ("extra", Some(json!(1))),
        ("status", Some(json!({"status_list": {"uri": "https://example.gov.sy/s", "idx": 3}}))),
    ];
    for (member, value) in members {
        add(&format!("{member} {value:?}"), plain().with(member, value).file());
    }
    let text = document().to_string();
    for payload in [
        format!(" {text}"),
        format!("{text}\n"),
        format!("{text}x"),
        format!("\u{feff}{text}"),
        text.replacen("\"type\"", "\"t\\u0079pe\"", 1),
        text.replacen("\"since\":2011", "\"since\":2011,\"since\":2012", 1),
        text.replacen("\"since\":2011", "\"since\":1e999", 1),
        text.replacen("\"since\":2011", "\"since\":02011", 1),
        text.replacen("\"since\":2011", "\"since\":\"\\ud800\"", 1),
        text.replacen("\"since\":2011", &format!("\"since\":{}{}", "[".repeat(200), "]".repeat(200)), 1),
        String::new(),
    ] {
        add(&format!("payload {:.40}", payload), Plain { payload: payload.into_bytes(), ..plain() }.file());
    }
    let not_utf_8 = text.as_bytes().iter().map(|octet| if *octet == b'2' { 0xff } else { *octet }).collect();
    add("payload of no text", Plain { payload: not_utf_8, ..plain() }.file());
    files
}

/// With other time-stamps.
fn time_stamps(world: &World, chain: &[&Certificate]) -> Vec<(String, Vec<u8>)> {
    let plain = || Plain::new(world, chain);
    let mut files = Vec::new();
    let mut add = |what: &str, file: Vec<u8>| files.push((what.to_owned(), file));
    for time in [
        "2010-01-01T00:00:00Z",
        "2025-05-31T23:59:59Z",
        "2025-05-31T23:59:59.999Z",
        "2025-06-01T00:00:00.5Z",
        "2025-06-01T00:00:00.50Z",
        "2025-06-01T00:00:01Z",
        "2025-06-01T00:00:60Z",
        "2049-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
    ] {
        add(&format!("stamped at {time}"), plain().stamped_at(time).file());
    }
    let token_of = |serial_number, certificates: Vec<&'static str>| Plain {
        token: Box::new(move |tsa, data| {
            let imprint = DigestAlgorithm::Sha256.digest(data);
            let tst_info = TstInfo { imprint, gen_time: NOW, serial_number };
            let party = |name: &&str| if *name == "tsa" { &world.tsa } else { &world.time_root };
            let certificates: Vec<&Certificate> =
                certificates.iter().map(party).map(|party| &party.certificate).collect();
            token(tsa, &tst_info, &certificates)
        }),
        ..plain()
    };
    add("serial number 0", token_of(0, vec!["tsa"]).file());
    add("the largest serial number", token_of(u64::MAX, vec!["tsa"]).file());
    add("no certificate in the token", token_of(1, vec![]).file());
    add("two certificates in the token", token_of(1, vec!["tsa", "root"]).file());
    let other_data = Plain { token: Box::new(|tsa, _| token_at(tsa, b"something else", NOW)), ..plain() };
    add("a token over something else", other_data.file());
    add("a token of the signer", Plain { tsa: &world.signer, ..plain() }.file());
    let stranger = Party::root(ca("Time Root")).issue(tsa("TSA"));
    add("a token of a stranger", Plain { tsa: &stranger, ..plain() }.file());
    let second = world.time_root.issue(tsa("TSA"));
    add("a token of a second authority", Plain { tsa: &second, ..plain() }.file());
    let signed = plain().signed();
    let one = sig_tst(&[token_at(&world.tsa, signed["signature"].as_str().unwrap().as_bytes(), NOW)]);
    add("no item", spelt(&signed, &[]));
    add("two items", spelt(&signed, &[one.clone(), one.clone()]));
    add("another item", spelt(&signed, &[json!({"rVals": {}})]));
    add("an item in clear", octets(&with_clear_items(signed, vec![one])));

    files
}

/// Whatever a signer signs with its own key, and an authority stamps with its own, differs from a precedent in what may differ.
#[test]
fn a_signer_gets_no_other_verdict_among_many() {
    let (_turn, world) = (turn(), World::new());
    let chain = [&world.signer.certificate, &world.ministry.certificate];
    let files = [headers(&world, &chain), documents(&world, &chain), time_stamps(&world, &chain)].concat();
    let evidence = Evidence::none();
    let good = Plain::new(&world, &chain).file();
    let (mut straight, mut passed) = (0, 0);
    for level in [RequiredLevel::BT, RequiredLevel::BB] {
        let bulk = BulkVerifier::new(Verifier::new(world.policy().with_level(level)));
        for (what, file) in &files {
            // As what is like a precedent, and as the precedent.
            let after = as_alone(&bulk, &evidence, at(NOW), &[&good, file, file, &good], what);
            let before = as_alone(&bulk, &evidence, at(NOW), &[file, &good, file], what);
            straight += after.straight + before.straight;
            passed += after.passed + before.passed;
        }
        let all: Vec<&Vec<u8>> = files.iter().map(|(_, file)| file).chain([&good]).collect();
        let twice = as_alone(&bulk, &evidence, at(NOW), &all.repeat(2), "all");
        assert!(twice.straight >= twice.passed / 2 && twice.passed < twice.documents, "{twice:?}");
    }
    println!("{} files, {passed} passed, {straight} of them went straight", files.len());
    assert!(straight > 200 && passed > 400, "{straight} {passed}");
}

/// Lists that come and revoke while documents are stamped: a precedent speaks for its own period alone.
#[test]
fn a_precedent_speaks_for_no_other_time() {
    let (_turn, world) = (turn(), World::new());
    let chain = [&world.signer.certificate, &world.ministry.certificate];
    let revoked = [(&world.signer.certificate, "2025-06-15T12:00:00Z", None)];
    let lists: Vec<Crl> = vec![
        crl(&world.root, "2025-05-10T00:00:00Z", &[]),
        crl(&world.root, "2025-06-05T00:00:00Z", &[]),
        crl(&world.ministry, "2025-05-20T00:00:00Z", &[]),
        crl(&world.ministry, "2025-06-17T00:00:00Z", &revoked),
        crl(&world.time_root, "2025-05-10T00:00:00Z", &[]),
        crl(&world.time_root, "2025-06-09T00:00:00Z", &[]),
    ];
    let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
    let verifier = Verifier::new(world.policy_with(RevocationPolicy::default()));
    let mut times: Vec<i64> = (0..60).map(|step| at("2025-05-08T00:00:00Z").unix_seconds() + step * 61_200).collect();
    for moment in [
        "2025-05-20T00:00:00Z",
        "2025-06-05T00:00:00Z",
        "2025-06-09T00:00:00Z",
        "2025-06-15T12:00:00Z",
        "2025-06-17T00:00:00Z",
        "2025-06-19T00:00:00Z",
    ] {
        times.extend((-2..3).map(|second| at(moment).unix_seconds() + second));
    }
    let times: Vec<String> =
        times.into_iter().map(|time| Instant::from_unix_seconds(time).unwrap().to_string()).collect();
    let file = |time| {
        let iat = at(time).unix_seconds().to_string();
        Plain { iat, ..Plain::new(&world, &chain) }.stamped_at(time).file()
    };
    let files: Vec<Vec<u8>> = times.iter().map(|time| file(time)).collect();
    let forwards: Vec<&Vec<u8>> = files.iter().collect();
    let backwards: Vec<&Vec<u8>> = files.iter().rev().collect();
    // A step that meets them all: 37 and the count have no divisor in common.
    let across: Vec<&Vec<u8>> = (0..files.len()).map(|step| &files[step * 37 % files.len()]).collect();
    for time in ["2025-06-16T00:00:00Z", "2025-06-20T00:00:00Z", "2025-07-20T00:00:00Z"] {
        for documents in [&forwards, &backwards, &across] {
            let bulk = BulkVerifier::new(verifier.clone());
            let counts = as_alone(&bulk, &evidence, at(time), documents, time);
            assert!(counts.straight > 40 && counts.passed < counts.documents - 10, "{counts:?}");
        }
    }
}

/// The same verifier of many, asked with other evidence or for another time.
#[test]
fn a_precedent_of_one_run_is_none_for_the_next() {
    let (_turn, world) = (turn(), World::new());
    let chain = [&world.signer.certificate, &world.ministry.certificate];
    let bulk = BulkVerifier::new(Verifier::new(world.policy_with(RevocationPolicy::default())));
    let file = Plain::new(&world, &chain).file();
    let documents = [&file; 40];
    let day_before = "2025-05-31T00:00:00Z";
    let evidence = |revoked: &[Revocation<'_>], tsa: &[Revocation<'_>]| {
        let lists = [(&world.root, &[][..]), (&world.ministry, revoked), (&world.time_root, tsa)];
        let lists = lists.map(|(issuer, revoked)| crl(issuer, day_before, revoked)).to_vec();
        Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()))
    };
    let (good, now) = (evidence(&[], &[]), at(NOW));
    let revoked = evidence(&[(&world.signer.certificate, day_before, None)], &[]);
    let without_authority = evidence(&[], &[(&world.tsa.certificate, day_before, None)]);
    let passed = |evidence: &Evidence<'_>, time| as_alone(&bulk, evidence, time, &documents, "").passed;
    assert_eq!(passed(&good, now), 40);
    assert_eq!(passed(&revoked, now), 0);
    assert_eq!(passed(&without_authority, now), 0);
    assert_eq!(passed(&Evidence::none(), now), 0);
    assert_eq!(passed(&good, at("2025-05-31T23:59:59Z")), 0);
    assert_eq!(passed(&good, now), 40);
    // A policy that trusts others, with the tables of the first.
    let other = BulkVerifier::new(Verifier::new(World::new().policy()));
    assert_eq!(as_alone(&other, &good, now, &documents, "").passed, 0);
}

/// Every document has its own signer, its own CA above and its own authority: more of them than are kept.
#[test]
fn strangers_take_no_more_memory_than_they_are_given() {
    const STRANGERS: usize = 100;
    let (_turn, world) = (turn(), World::new());
    let parties: Vec<[Party; 3]> = (0..STRANGERS)
        .map(|_| {
            let above = world.root.issue(ca("Ministry"));
            let signer = above.issue(entity(ENTITY));
            [above, signer, world.time_root.issue(tsa("TSA"))]
        })
        .collect();
    let files: Vec<Vec<u8>> = parties
        .iter()
        .map(|[above, signer, tsa]| {
            let chain = [&signer.certificate, &above.certificate];
            Plain { signer: (signer, &chain), tsa, ..Plain::new(&world, &chain) }.file()
        })
        .collect();
    // Each twice in a row: a precedent, and what is like it. And all again, when most are forgotten.
    let documents: Vec<&Vec<u8>> = files.iter().flat_map(|file| [file, file]).collect();
    let documents = documents.repeat(2);
    let (evidence, verifier) = (Evidence::none(), Verifier::new(world.policy()));
    for cache_octets in [0, 256 << 10, 64 << 20] {
        let bulk = BulkVerifier::new(verifier.clone()).with_cache_octets(cache_octets);
        let bulk = bulk.with_known_keys(KnownKeyTables::Bounded { octets: 1 << 20 }, Backend::Portable);
        let counts = as_alone(&bulk, &evidence, at(NOW), &documents, "");
        assert_eq!(counts.passed, u64::try_from(documents.len()).unwrap());
        let kept = kept(&bulk, &documents);
        println!("{cache_octets} octets for {STRANGERS} strangers: {kept} kept, {} went straight", counts.straight);
        // Signers have half of it; some octets for keys that are only counted.
        assert!(kept < cache_octets / 2 + (512 << 10), "{cache_octets}: {kept}");
        let straight = usize::try_from(counts.straight).unwrap();
        let expected = match cache_octets {
            0 => 0..=0,
            // Only where one follows the other.
            0x40000 => 2 * STRANGERS..=2 * STRANGERS,
            _ => 3 * STRANGERS..=3 * STRANGERS,
        };
        assert!(expected.contains(&straight), "{straight}, expected {expected:?}");
    }
}

/// What a run keeps when all of `documents` were asked for.
fn kept(bulk: &BulkVerifier, documents: &[&Vec<u8>]) -> usize {
    let (evidence, before) = (Evidence::none(), in_use());
    let mut outcomes = bulk.verify(documents.iter(), &evidence, at(NOW));
    let passed = |outcome: BulkOutcome<'_, _>| outcome.indication() == Indication::TotalPassed;
    assert!(outcomes.by_ref().all(passed));
    in_use() - before
}

/// More keys than there is room for tables, in turns that make each of them earn one, each time all of them in use.
#[test]
fn tables_of_many_keys_stay_within_their_bound() {
    const BOUND: usize = 2 << 20;
    let _turn = turn();
    let keys: Vec<SoftwareKey> = (0..120).map(|_| SoftwareKey::generate(JwsAlgorithm::Es256).unwrap().key).collect();
    let mut signed: Vec<(&SoftwareKey, Vec<u8>)> = keys.iter().map(|key| (key, key.sign(b"octets").unwrap())).collect();
    signed.iter_mut().step_by(7).for_each(|(_, signature)| signature[40] ^= 1);
    let message: [&[u8]; 1] = [b"octets"];
    let check = |(key, signature): &'_ (&'_ SoftwareKey, Vec<u8>)| {
        (
            key.public_key().verify_jws(JwsAlgorithm::Es256, b"octets", signature),
            key.public_key().clone(),
            signature.clone(),
        )
    };
    let signed: Vec<_> = signed.iter().map(check).collect();
    for backend in Backend::ALL {
        let before = in_use();
        let known = KnownKeys::new(KnownKeyTables::Bounded { octets: BOUND }, backend);
        let most = peak(|| {
            for round in 0..6 {
                // Some sixteen times, so that they earn a table, between all the others once.
                for some in signed.chunks(20 + round) {
                    let many = some.iter().flat_map(|one| std::iter::repeat_n(one, 16)).chain(&signed);
                    let (expected, checks): (Vec<_>, Vec<_>) = many
                        .map(|(expected, key, signature)| {
                            (expected.clone(), Check::jws(key, JwsAlgorithm::Es256, &message, signature))
                        })
                        .unzip();
                    assert_eq!(known.verify(&checks), expected, "{known:?}");
                }
            }
        });
        let (kept, tables) = (in_use() - before, known.tables_kept());
        println!("{backend}: {tables} tables, {kept} octets kept, {most} at the highest");
        assert!(kept < BOUND + (128 << 10), "{backend}: {kept}");
        // Beside what is kept: the points of one call, and the tables that it still uses while others take their place.
        assert!(most < 4 * BOUND, "{backend}: {most}");
        assert_eq!(tables > 30, backend != Backend::Ring, "{backend}: {tables}");
    }
}
