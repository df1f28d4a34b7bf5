//! Properties that hold for every document.

#![expect(clippy::unwrap_used, reason = "a panic here is a failing test")]

use proptest::prelude::*;
use proptest::string::string_regex;

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::codes::{DocumentKind, DocumentNumber, EntityCode, ServiceCode};
use wathiqa::document::{Attachment, Document, DocumentBuilder, Subject};
use wathiqa::time::{Instant, Validity};

/// A line of text, Arabic or not, bidirectional controls among it.
fn lines() -> impl Strategy<Value = String> {
    string_regex("[\"\\\\a-z٠-٩ا-ي\u{200F}\u{202E}🕊-]([ -~٠-٩ا-ي\u{64B}-\u{652}\u{2066}-\u{2069}🕊]{0,20})").unwrap()
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,5}(\\.[a-z][a-zA-Z0-9_-]{0,5}){1,3}", "urn:[a-z]{2,5}:[a-z0-9/?#.]{1,9}"]
}

/// Any JSON that this crate keeps exactly. Fractions are left out: `serde_json` may read one a last digit off.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A number and a moment in its year.
fn issues() -> impl Strategy<Value = (DocumentNumber, Instant)> {
    let number = (10_000_000..100_000_000u64, 1..=999u16, 0..100_000_000u64);
    (number, -60_000_000_000..=250_000_000_000i64).prop_map(|((body, kind, serial), seconds)| {
        let issued_at = Instant::from_unix_seconds(seconds).unwrap();
        let entity = EntityCode::from_body(body).unwrap();
        let kind = DocumentKind::new(kind).unwrap();
        (DocumentNumber::new(entity, kind, issued_at.year(), serial).unwrap(), issued_at)
    })
}

fn subjects() -> impl Strategy<Value = Subject> {
    (lines(), prop::option::of((names(), lines()))).prop_map(|(name, identifier)| {
        let subject = Subject::new(name).unwrap();
        match identifier {
            None => subject,
            Some((scheme, value)) => subject.with_identifier(scheme, value).unwrap(),
        }
    })
}

fn attachments() -> impl Strategy<Value = Vec<Attachment>> {
    let file = (any::<Vec<u8>>(), "[a-z]{1,4}/[a-z0-9][a-z0-9.+-]{0,9}");
    prop::collection::btree_map("[a-zا-ي][ a-z.ا-ي]{0,9}", file, 0..4).prop_map(|files| {
        files.into_iter().map(|(name, (octets, kind))| Attachment::of(name, kind, &octets).unwrap()).collect()
    })
}

fn documents() -> impl Strategy<Value = Document<Value>> {
    let head = (issues(), lines(), prop::sample::select(vec!["ar", "ar-SY", "ckb-Arab-IQ", "en", "x-old"]));
    let service = prop::option::of((100_000..1_000_000u64).prop_map(|body| ServiceCode::from_body(body).unwrap()));
    let validity = prop::option::of((0..=4_000_000_000i64, 0..=4_000_000_000i64));
    let rest = (service, validity, prop::option::of(subjects()), attachments());
    let extensions = prop::collection::btree_map(names(), values(), 0..4);
    (head, rest, extensions, values()).prop_map(
        |(((number, issued_at), title, language), (service, validity, subject, attachments), extensions, body)| {
            let builder = Document::builder(number, issued_at).language(language).title(title);
            let builder = service.into_iter().fold(builder, DocumentBuilder::service);
            let builder = validity.into_iter().fold(builder, |builder, (start, length)| {
                let at = |seconds| Instant::from_unix_seconds(seconds).unwrap();
                builder.validity(Validity::new(at(start), at(start + length)).unwrap())
            });
            let builder = subject.into_iter().fold(builder, DocumentBuilder::subject);
            let builder = attachments.into_iter().fold(builder, DocumentBuilder::attachment);
            let builder =
                extensions.iter().fold(builder, |builder, (name, value)| builder.extension(name, value).unwrap());
            builder.build(body).unwrap()
        },
    )
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_document(document in documents()) {
        let octets = document.to_vec().unwrap();
        let read = Document::<Value>::from_slice(&octets, &Limits::default()).unwrap();
        prop_assert_eq!(&read, &document);
        prop_assert_eq!(read.to_vec().unwrap(), octets);
        prop_assert_eq!(read.inconsistencies(), []);
    }

    #[test]
    fn order_and_white_space_are_no_matter(document in documents()) {
        let tree: Value = serde_json::from_slice(&document.to_vec().unwrap()).unwrap();
        let spaced = serde_json::to_vec_pretty(&tree).unwrap();
        prop_assert_eq!(Document::<Value>::from_slice(&spaced, &Limits::default()).unwrap(), document);
    }

    #[test]
    fn any_octets_are_a_document_or_an_error(octets in any::<Vec<u8>>()) {
        prop_assert!(Document::<Value>::from_slice(&octets, &Limits::default()).is_err());
    }

    #[test]
    fn a_changed_octet_never_reads_as_the_same_document(
        document in documents(), at in any::<prop::sample::Index>(), bit in 0..8u32,
    ) {
        let mut octets = document.to_vec().unwrap();
        *at.get_mut(&mut octets) ^= 1 << bit;
        if let Ok(read) = Document::<Value>::from_slice(&octets, &Limits::default()) {
            prop_assert_ne!(read, document);
        }
    }
}

#[test]
fn a_typed_body_and_any_body_agree() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Grant {
        amount_in_piastres: u64,
        purpose: Option<String>,
    }
    let number = "1234567889-014-2025-00012345-22".parse().unwrap();
    let builder = Document::builder(number, "2025-03-01T06:30:00Z".parse().unwrap()).language("ar").title("منحة");
    let grant = Grant { amount_in_piastres: u64::MAX, purpose: None };
    let octets = builder.build(grant).unwrap().to_vec().unwrap();
    let any = Document::<Value>::from_slice(&octets, &Limits::default()).unwrap();
    assert_eq!(any.body(), &json!({ "amount_in_piastres": u64::MAX, "purpose": null }));
    let typed = Document::<Grant>::from_slice(&octets, &Limits::default()).unwrap();
    assert_eq!(typed.body(), &Grant { amount_in_piastres: u64::MAX, purpose: None });
    assert_eq!(typed.to_vec().unwrap(), any.to_vec().unwrap());
}
