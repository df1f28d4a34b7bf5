//! What hostile files cost, up to the largest that is read: nothing passes, and time and memory grow with the file alone.
//!
//! Memory is counted by the allocator of this test. Figures are printed: `cargo test --test costs -- --nocapture`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use counting::{IN_USE, PEAK, turn};
use serde_json::{Value, json};
use wathiqa::batch::{BatchedDocument, Manifest};
use wathiqa::budget::Limits;
use wathiqa::codes::{CodingScheme, DocumentKind, EntityCode};
use wathiqa::crypto::KeyDigest;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::document::Document;
use wathiqa::encoding::base64::{encode_standard, encode_url};
use wathiqa::encoding::der::{Reader, Tag, Writer};
use wathiqa::ers::EvidenceRecord;
use wathiqa::journal::Exhibits;
use wathiqa::register::{Event, Fact, Names, RegisterEditor, RegisterIssue};
use wathiqa::report::Indication;
use wathiqa::status::StatusList;
use wathiqa::tsp::{TimeStampResponse, TimeStampToken};
use wathiqa::x509::Certificate;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::ocsp::OcspResponse;
use world::*;

#[path = "support/counting.rs"]
mod counting;
#[path = "support/world.rs"]
mod world;

/// The most octets in use for one octet of the input, its own copies and the report among them. The most that was seen are
/// 19, for names of a distribution point, texts of a time-stamp response and certificates of nothing but policy mappings.
const MOST_MEMORY: usize = 24;

/// The most octets in use for the members of one JSON text, however small the text.
const MOST_FOR_MEMBERS: usize = 96 << 20;

/// Unoptimised, and beside whatever else the machine does. The most that was seen are 5 seconds.
const MOST_TIME: Duration = Duration::from_secs(60);

/// Near the largest file that is read: 16 MiB.
const LARGE: usize = 15 << 20;

/// Verifies `file` and writes the report, both ways; `code` must be among the reasons.
#[track_caller]
fn bounded(what: &str, world: &World, file: &[u8], code: &str) {
    let before = IN_USE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let start = Instant::now();
    let report = world.verify(file);
    let written = report.to_string().len() + serde_json::to_vec(&report).unwrap().len();
    let (time, memory) = (start.elapsed(), PEAK.load(Ordering::Relaxed) - before);
    println!(
        "{what}: {} KiB in {time:.1?}, {} KiB of memory, {written} octets of report",
        file.len() >> 10,
        memory >> 10
    );
    let codes: Vec<_> = report.failures().map(|reason| reason.code()).collect();
    assert_ne!(report.indication(), Indication::TotalPassed, "{what}");
    assert!(codes.contains(&code), "{what}: {code} is not in {codes:?}");
    assert!(time < MOST_TIME, "{what}: {time:?}");
    assert!(memory < MOST_MEMORY * file.len() + (1 << 20), "{what}: {memory} octets for {}", file.len());
}

#[test]
fn texts_of_bidi_controls() {
    let (_turn, world) = (turn(), World::new());
    let control = "\u{202e}";
    let bodies = [
        ("one text of controls", json!(control.repeat(3_700_000))),
        ("a text of controls under a long name", json!({"x".repeat(5 << 20): control.repeat(1 << 20)})),
        (
            "long names of controls",
            json!({control.repeat(1 << 20): {control.repeat(1 << 20): control.repeat(1 << 20)}}),
        ),
    ];
    for (what, body) in bodies {
        let mut document = document();
        document["body"] = body;
        let file = world.draft_of(serde_json::to_vec(&document).unwrap()).sign(&world.signer);
        bounded(what, &world, &octets(&file), "no-time-stamp");
    }
}

#[test]
fn json_of_the_smallest_values() {
    let (_turn, world) = (turn(), World::new());
    let array = format!(r#"{{"x":[{}0]}}"#, "0,".repeat(262_000));
    let members: Vec<String> = (0..200_000).map(|number| format!(r#""{number:x}":0"#)).collect();
    let object = format!(r#"{{"x":{{{}}}}}"#, members.join(","));
    for (shape, text) in [("array", array), ("object", object)] {
        let part = encode_url(text.as_bytes());
        let parts = LARGE / (part.len() + 60);
        let file = with_clear_items(world.draft().sign(&world.signer), vec![part.clone().into(); parts]);
        bounded(&format!("etsiU, each item an {shape}"), &world, &octets(&file), "json-too-many-members");
        let signatures = vec![json!({"protected": part, "signature": ""}); parts];
        let file = octets(&json!({"payload": "", "signatures": signatures}));
        bounded(&format!("protected headers, each an {shape}"), &world, &file, "json-too-many-members");
        let file = world.draft_of(text.into_bytes()).sign(&world.signer);
        bounded(&format!("a payload, an {shape}"), &world, &octets(&file), "document-member-missing");
    }
    let file = format!(r#"{{"payload":"","x":{}1{}}}"#, "[".repeat(LARGE / 2), "]".repeat(LARGE / 2));
    bounded("arrays in arrays", &world, file.as_bytes(), "json-too-deep");
}

#[test]
fn tokens_that_each_look_through_many_certificates() {
    let (_turn, world) = (turn(), World::new());
    let stranger = Party::root(ca("Stranger"));
    let authority = stranger.issue(tsa("Authority"));
    let file = world.draft().sign(&world.signer);
    let imprint = DigestAlgorithm::Sha256.digest(file["signature"].as_str().unwrap().as_bytes());
    let tst_info = |serial_number| TstInfo { imprint: imprint.clone(), gen_time: NOW, serial_number };
    let tokens: Vec<Vec<u8>> = (0..2000).map(|number| token(&authority, &tst_info(number), &[])).collect();
    let others: Vec<Certificate> = (0..1000).map(|_| stranger.certify(&authority.params, &authority.pair)).collect();
    let pool: Vec<&Certificate> = others.iter().chain([&authority.certificate]).collect();
    let file = with_clear_items(file, vec![x_vals(&pool), sig_tst(&tokens)]);
    bounded("2000 tokens, 1001 certificates", &world, &octets(&file), "limit-reached");
}

#[test]
fn tokens_over_large_payloads() {
    let (_turn, world) = (turn(), World::new());
    let authority = Party::root(ca("Stranger")).issue(tsa("Authority"));
    let one = token_at(&authority, b"something else", NOW);
    let mut draft = world.draft_of(vec![b' '; 7 << 20]);
    let mut file = draft.sign(&world.signer);
    for _ in 0..1000 {
        file = with_item(file, &json!({"arcTst": container(std::slice::from_ref(&one))}));
    }
    bounded("1000 archive time-stamps over 7 MiB", &world, &octets(&file), "limit-reached");
    draft.header["adoTst"] = container(&vec![one; 1500]);
    bounded("1500 content time-stamps over 7 MiB", &world, &octets(&draft.sign(&world.signer)), "limit-reached");
}

#[test]
fn many_signatures_over_a_large_payload() {
    let (_turn, world) = (turn(), World::new());
    let file = world.draft_of(vec![b' '; 11 << 20]).sign(&world.signer);
    let part = json!({"protected": file["protected"], "signature": file["signature"]});
    let file = json!({"payload": file["payload"], "signatures": vec![part; 64]});
    bounded("64 signatures over 11 MiB", &world, &octets(&file), "no-time-stamp");
}

#[test]
fn many_certificates() {
    let (_turn, world) = (turn(), World::new());
    let certificate = encode_standard(world.ministry.certificate.as_der());
    let mut draft = world.draft();
    draft.header["x5c"] = vec![certificate.clone(); LARGE * 3 / 4 / certificate.len()].into();
    bounded("a header of certificates", &world, &octets(&draft.sign(&world.signer)), "jades-too-many-certificates");
}

#[test]
fn certificates_of_the_smallest_values() {
    let (_turn, world) = (turn(), World::new());
    let certificate = &world.signer.certificate;
    let empty_name = [0xa4, 0x02, 0x30, 0x00];
    let mapping = |number| sequence(&[&oid(number), &oid(number)]);
    let with = |id: u8, value: Vec<u8>| {
        let extension = sequence(&[&[0x06, 0x03, 0x55, 0x1d, id], &tagged(Tag::OCTET_STRING, &value)]);
        with_component(certificate.as_der(), 7, &tagged(Tag::context_constructed(3), &sequence(&[&extension])))
    };
    let extensions = tagged(Tag::context_constructed(3), &filled(extension));
    for (what, der) in [
        ("alternative names", with(17, filled(|_| empty_name.to_vec()))),
        ("key purposes", with(37, filled(|_| vec![0x06, 0x01, 0x2a]))),
        ("policies", with(32, filled(|number| sequence(&[&oid(number)])))),
        ("policy mappings", with(33, filled(mapping))),
        ("attributes", with_component(certificate.as_der(), 5, &filled(|_| vec![0x31, 7, 0x30, 5, 6, 1, 0x2a, 5, 0]))),
        ("extensions", with_component(certificate.as_der(), 7, &extensions)),
    ] {
        let leaf = Certificate::from_der(&der).unwrap();
        let mut draft = world.draft_by(&leaf, Vec::new());
        let entry = encode_standard(&der);
        draft.header["x5c"] = vec![Value::from(entry.clone()); 10].into();
        let what = format!("certificates of {what}");
        bounded(&what, &world, &octets(&draft.sign(&world.signer)), "json-syntax");
    }
}

#[test]
fn cross_certificates() {
    let (_turn, world) = (turn(), World::new());
    for (what, length) in [("short", 1), ("long", 50_000)] {
        let name = |layer: usize| ca(&format!("{layer}{}", "x".repeat(length)));
        // Three keys in each layer, each certified by each of the layer above: 3^8 ways, none to an anchor.
        let mut above: Vec<Party> = (0..3).map(|_| Party::root(name(0))).collect();
        let mut pool = Vec::new();
        for layer in 1..=8 {
            let next: Vec<Party> = (0..3).map(|_| above[0].issue(name(layer))).collect();
            for (one, issuer) in next.iter().flat_map(|one| above.iter().map(move |issuer| (one, issuer))) {
                pool.push(issuer.certify(&one.params, &one.pair));
            }
            above = next;
        }
        let leaf = above[0].issue(entity(ENTITY));
        let file = world.draft_by(&leaf.certificate, Vec::new()).sign(&leaf);
        let file = with_item(file, &x_vals(&pool.iter().collect::<Vec<_>>()));
        bounded(&format!("cross-certificates with {what} names"), &world, &octets(&file), "path-exhausted");
    }
    // Two keys that certify each other, a few hundred times.
    let (one, other) = (Party::root(ca("One")), Party::root(ca("Other")));
    let certify = |by: &Party, whom: &Party| (0..450).map(|_| by.certify(&whom.params, &whom.pair)).collect::<Vec<_>>();
    let pool = [certify(&one, &other), certify(&other, &one)].concat();
    let leaf = one.issue(entity(ENTITY));
    let file = world.draft_by(&leaf.certificate, Vec::new()).sign(&leaf);
    let file = with_item(file, &x_vals(&pool.iter().collect::<Vec<_>>()));
    bounded("450 certificates each of two keys", &world, &octets(&file), "path-exhausted");
}

/// A certificate or CRL with the component of this number in what is signed replaced; its signature is of no more worth.
fn with_component(signed: &[u8], position: usize, component: &[u8]) -> Vec<u8> {
    let mut outer = Reader::new(signed).read(Tag::SEQUENCE).unwrap().reader();
    let mut tbs = outer.read(Tag::SEQUENCE).unwrap().reader();
    let mut components = Vec::new();
    while !tbs.is_empty() {
        components.push(tbs.read_any().unwrap().as_der());
    }
    components[position] = component;
    sequence(&[&sequence(&components), outer.remaining()])
}

/// A SEQUENCE of as many of `element` as a certificate has room for.
fn filled(element: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    let mut elements = Vec::new();
    let mut number = 0;
    while elements.len() < 255 << 10 {
        elements.extend(element(number));
        number += 1;
    }
    sequence(&[&elements])
}

fn sequence(components: &[&[u8]]) -> Vec<u8> {
    tagged(Tag::SEQUENCE, &components.concat())
}

fn tagged(tag: Tag, contents: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.value(tag, contents);
    writer.into_der()
}

/// An object identifier, another for every number below 2^20.
fn oid(number: u32) -> Vec<u8> {
    let [_, high, middle, low] = (number << 4).to_be_bytes();
    let groups = [high >> 1, (high & 1) << 6 | middle >> 2, (middle & 3) << 5 | low >> 3];
    vec![0x06, 0x05, 0x2a, 0x81, 0x80 | groups[0], 0x80 | groups[1], groups[2]]
}

/// Readers alone, of octets that nothing was verified of: each of these is at its format's densest.
#[test]
fn reading_revocation_lists() {
    let (_turn, world) = (turn(), World::new());
    let list = crl(&world.root, NOW, &[]);
    let reader = |what, position, component: &[u8]| {
        let der = with_component(list.as_der(), position, component);
        reader(what, &der, |der| Crl::from_der(der, &Limits::default()).map(drop).map_err(|error| error.code()));
    };
    let entry = sequence(&[&[2, 1, 1], &tagged(Tag::UTC_TIME, b"250101000000Z")]);
    reader("a CRL of entries", 5, &many(&entry));
    let extensions = |list: &[u8]| tagged(Tag::context_constructed(0), list);
    reader("a CRL of one extension again and again", 5, &extensions(&many(&extension(1))));
    let distinct: Vec<u8> = (0..1 << 20).flat_map(extension).collect();
    reader("a CRL of extensions", 5, &extensions(&sequence(&[&distinct])));
    let names = tagged(Tag::context_constructed(0), &retagged(0xa0, &many(&[0x82, 0x00])));
    let point = tagged(Tag::OCTET_STRING, &sequence(&[&names]));
    let point = sequence(&[&sequence(&[&[6, 3, 0x55, 0x1d, 28, 1, 1, 0xff], &point])]);
    reader("a CRL of names of its distribution point", 5, &extensions(&point));
}

#[test]
fn reading_ocsp_responses() {
    let _turn = turn();
    let time = tagged(Tag::GENERALIZED_TIME, b"20250601000000Z");
    let certificate = sequence(&[&sequence(&[&[6, 3, 0x2b, 0x0e, 3]]), &[4, 0], &[4, 0], &[2, 1, 1]]);
    let single = sequence(&[&certificate, &[0x80, 0], &time]);
    let ecdsa_with_sha256 = sequence(&[&[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]]);
    let reader = |what, singles: &[u8], rest: &[u8]| {
        let by_key = tagged(Tag::context_constructed(2), &tagged(Tag::OCTET_STRING, &[1; 20]));
        let data = sequence(&[&by_key, &time, singles, rest]);
        let basic = sequence(&[&data, &ecdsa_with_sha256, &[3, 2, 0, 0]]);
        let basic = sequence(&[&[6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1], &tagged(Tag::OCTET_STRING, &basic)]);
        let der = sequence(&[&[10, 1, 0], &tagged(Tag::context_constructed(0), &basic)]);
        reader(what, &der, |der| {
            OcspResponse::from_der(der, &Limits::default()).map(drop).map_err(|error| error.code())
        });
    };
    reader("an OCSP response of certificates", &many(&single), &[]);
    let list = tagged(Tag::context_constructed(1), &many(&extension(1)));
    reader("an OCSP response of extensions", &sequence(&[&single]), &list);
}

#[test]
fn reading_time_stamps() {
    let (_turn, world) = (turn(), World::new());
    let token = token_at(&world.tsa, b"data", NOW);
    let reader_of_token = |what, position, component: &[u8]| {
        let mut fields = Reader::new(&token).read(Tag::SEQUENCE).unwrap().reader();
        let content_type = fields.read_any().unwrap().as_der();
        let mut signed_data = fields.read_any().unwrap().reader().read(Tag::SEQUENCE).unwrap().reader();
        let mut components = Vec::new();
        while !signed_data.is_empty() {
            components.push(signed_data.read_any().unwrap().as_der());
        }
        components.insert(position, component);
        let der = sequence(&[content_type, &tagged(Tag::context_constructed(0), &sequence(&components))]);
        reader(what, &der, |der| {
            TimeStampToken::from_der(der, &Limits::default()).map(drop).map_err(|error| error.code())
        });
    };
    reader_of_token("a token of revocation lists", 4, &retagged(0xa1, &many(&[0x30, 0])));
    let other = tagged(Tag::context_constructed(1), &[6, 1, 0x2a, 5, 0]);
    reader_of_token("a token of other evidence", 4, &retagged(0xa1, &many(&other)));
    reader_of_token("a token of certificates", 3, &retagged(0xa0, &many(&[0x30, 0])));
    let texts = sequence(&[&sequence(&[&[2, 1, 2], &many(&[0x0c, 0])])]);
    reader("a time-stamp response of texts", &texts, |der| {
        TimeStampResponse::from_der(der, &Limits::default()).map(drop).map_err(|error| error.code())
    });
}

#[test]
fn reading_evidence_records() {
    let (_turn, world) = (turn(), World::new());
    let sha256 = sequence(&[&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]]);
    let token = token_at(&world.tsa, b"data", NOW);
    let reader = |what, crypto_infos: &[u8], tree: &[u8]| {
        let chains = sequence(&[&sequence(&[&sequence(&[tree, &token])])]);
        let der = sequence(&[&[2, 1, 1], &sequence(&[&sha256]), crypto_infos, &chains]);
        reader(what, &der, |der| {
            EvidenceRecord::from_der(der, &Limits::default()).map(drop).map_err(|error| error.code())
        });
    };
    let attribute = sequence(&[&[6, 1, 0x2a], &[0x31, 0]]);
    reader("a record of attributes", &retagged(0xa0, &many(&attribute)), &[]);
    let hashes = |list: u32| {
        let hash = |number: u32| [&[4, 32][..], &[0; 24], &list.to_be_bytes(), &number.to_be_bytes()].concat();
        sequence(&[&(0..8000).flat_map(hash).collect::<Vec<u8>>()])
    };
    let lists: Vec<u8> = (0..50).flat_map(hashes).collect();
    reader("a record of hashes", &[], &tagged(Tag::context_constructed(2), &lists));
}

#[test]
fn reading_json() {
    let _turn = turn();
    let (limits, scheme) = (&Limits::default(), CodingScheme::default());
    let filled = |before: &str, element: &str, after: &str| {
        let count = (250_000).min(LARGE / (element.len() + 1));
        format!("{before}{}{after}", vec![element; count].join(",")).into_bytes()
    };
    let read = |octets: &[u8]| Document::<Value>::from_slice(octets, limits).map(drop).map_err(|error| error.code());
    let whole = document().to_string();
    let before = |member: &str| format!("{},\"{member}\":[", whole.strip_suffix('}').unwrap());
    json_reader("a document of attachments", &filled(&before("attachments"), "{}", "]}"), read);
    json_reader("a document of an extension", &filled(&before("sy.gov.example.x"), "[]", "]}"), read);
    let read = |octets: &[u8]| Manifest::from_slice_in(octets, &scheme, limits).map(drop).map_err(|error| error.code());
    json_reader("a manifest of arrays", &filled("{\"x\":[", "[]", "]}"), read);
    let read = |octets: &[u8]| BatchedDocument::from_slice(octets, limits).map(drop).map_err(|error| error.code());
    json_reader("a batch file of hashes", &filled("{\"batched\":{\"leafIndex\":0,\"path\":[", "\"\"", "]}}"), read);
    let read =
        |octets: &[u8]| StatusList::from_slice_in(octets, &scheme, limits).map(drop).map_err(|error| error.code());
    json_reader("a status list of changes", &filled("{\"changes\":[", "{\"a\":0}", "]}"), read);
    let read = |octets: &[u8]| Exhibits::from_slice(octets, limits).map(drop).map_err(|error| error.code());
    let exhibit = "{\"entry\":\"\",\"leafIndex\":0,\"treeSize\":1,\"treeHead\":\"\",\"path\":[";
    let exhibits = format!("{{\"type\":\"wathiqa-exhibits/1\",\"exhibits\":[{exhibit}");
    json_reader("exhibits of hashes", &filled(&exhibits, "\"\"", "]},{}]}"), read);
    let read =
        |octets: &[u8]| RegisterIssue::from_slice(octets, &scheme, limits).map(drop).map_err(|error| error.code());
    let register = "{\"type\":\"wathiqa-register/1\",\"entities\":[";
    json_reader("a register of entities", &filled(register, "{}", "]}"), read);
}

/// Reads `octets`, which may be refused, within [`MOST_MEMORY`] octets for one and [`MOST_TIME`].
#[track_caller]
fn reader(what: &str, octets: &[u8], read: impl FnOnce(&[u8]) -> Result<(), &'static str>) {
    reader_with(1 << 20, what, octets, read);
}

/// The same of JSON, whose members take what they take however few octets they are written in: of the 262,144 that a text may
/// have, half may be objects of one member, for which `serde_json` allocates 632 octets each.
#[track_caller]
fn json_reader(what: &str, octets: &[u8], read: impl FnOnce(&[u8]) -> Result<(), &'static str>) {
    reader_with(MOST_FOR_MEMBERS, what, octets, read);
}

#[track_caller]
fn reader_with(more: usize, what: &str, octets: &[u8], read: impl FnOnce(&[u8]) -> Result<(), &'static str>) {
    let before = IN_USE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let start = Instant::now();
    let answer = read(octets);
    let (time, memory) = (start.elapsed(), PEAK.load(Ordering::Relaxed) - before);
    let tenths = 10 * memory / octets.len();
    let (each, tenth) = (tenths / 10, tenths % 10);
    println!("{what}: {} KiB in {time:.1?}, {each}.{tenth} octets of memory for one: {answer:?}", octets.len() >> 10);
    assert!(time < MOST_TIME, "{what}: {time:?}");
    assert!(memory < MOST_MEMORY * octets.len() + more, "{what}: {memory} octets for {}", octets.len());
}

/// A SEQUENCE of as many of `element` as a file has room for.
fn many(element: &[u8]) -> Vec<u8> {
    sequence(&[&element.repeat(LARGE / element.len())])
}

/// A SEQUENCE under another tag.
fn retagged(tag: u8, list: &[u8]) -> Vec<u8> {
    [&[tag], &list[1..]].concat()
}

/// An empty extension, another for every number.
fn extension(number: u32) -> Vec<u8> {
    sequence(&[&oid(number), &[4, 0]])
}

/// A register takes memory by its octets, and a question whose answer is yes takes none.
#[test]
fn registers() {
    let _turn = turn();
    let (from, now) = (at("2019-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z"));
    let entity = |number| EntityCode::from_body(10_000_000 + number).unwrap();
    let key = |number: u64, roll: u64| {
        let octets = DigestAlgorithm::Sha256.digest(&[number, roll].map(u64::to_be_bytes).concat());
        KeyDigest::from_octets(octets.as_octets().try_into().unwrap())
    };
    let mut editor = RegisterEditor::new();
    for number in 0..200 {
        let names = Names::new("ar", "مديرية").unwrap();
        let keys = (0..9).map(|roll| Fact::KeyAdded { key: key(number, roll) });
        let kinds = (10..20).map(|kind| Fact::KindGranted { kind: DocumentKind::new(kind).unwrap() });
        for fact in [Fact::Created { names, parent: None }].into_iter().chain(keys).chain(kinds) {
            editor.record(entity(number), Event::new(from, now, fact)).unwrap();
        }
    }
    let payload = editor.issue(now, at("2025-02-01T00:00:00Z")).unwrap().to_vec();
    let before = IN_USE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let issue = RegisterIssue::from_slice(&payload, &CodingScheme::default(), &Limits::default()).unwrap();
    let peak = PEAK.load(Ordering::Relaxed) - before;
    println!("a register of {} octets: {peak} octets of memory", payload.len());
    assert!(peak < 5 * payload.len(), "{peak} octets for {}", payload.len());

    let before = IN_USE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    for number in 0..200 {
        let kind = DocumentKind::new(14).unwrap();
        let answers = issue.require_entity(entity(number), now);
        let answers = answers.and_then(|()| issue.require_key(entity(number), &key(number, 4), now));
        answers.and_then(|()| issue.require_kind(entity(number), kind, now)).unwrap();
    }
    let asked = PEAK.load(Ordering::Relaxed) - before;
    // The digests of the keys asked about, one at a time.
    assert!(asked < 1024, "{asked} octets for questions");
}
