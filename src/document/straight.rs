//! What a verifier of many documents asks of one, read in place, without a tree of values.
//!
//! It reads less than [`Document::from_slice_in`](super::Document::from_slice_in) does, and nothing that this refuses. What
//! is out of the ordinary, attachments and extensions among it, is left to that reader.

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentNumber, EntityCode, ServiceCode};
use crate::encoding::json::{ScanMemory, Scanner};
use crate::time::{Instant, Validity};

use super::consistency::is_in_year;
use super::free_text;
use super::language::LanguageTag;
use super::name::{is_namespaced, is_uri};
use super::reading::TYPE;
use super::status_reference::StatusReference;

/// A document that agrees with itself and has neither attachments nor extensions. Its kind is that in its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StraightDocument<'a> {
    pub(crate) number: DocumentNumber,
    pub(crate) issuer: EntityCode,
    pub(crate) service: Option<ServiceCode>,
    pub(crate) validity: Option<Validity>,
    pub(crate) status: Option<StatusPlace<'a>>,
}

/// A place in a status list, as [`StatusReference`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusPlace<'a> {
    pub(crate) uri: &'a str,
    pub(crate) index: u64,
}

impl<'a> StraightDocument<'a> {
    /// Reads `octets` as a document, if they are one of the ordinary kind.
    pub(crate) fn read(
        octets: &'a [u8],
        scheme: &CodingScheme,
        limits: &Limits,
        memory: &mut ScanMemory,
    ) -> Option<Self> {
        let mut scanner = Scanner::new(octets, limits, memory)?;
        let mut members = Members::default();
        scanner.object(|scanner, name| members.read(scanner, name, scheme))?;
        scanner.finish()?;
        members.document()
    }
}

/// The members found so far, each once.
#[derive(Default)]
struct Members<'a> {
    format: Option<()>,
    /// As it is spelt, too.
    number: Option<(DocumentNumber, &'a str)>,
    issuer: Option<&'a [u8]>,
    service: Option<ServiceCode>,
    kind: Option<&'a [u8]>,
    issued_at: Option<Instant>,
    validity: Option<Validity>,
    status: Option<StatusPlace<'a>>,
    language: Option<()>,
    title: Option<()>,
    subject: Option<()>,
    body: Option<()>,
}

impl<'a> Members<'a> {
    fn read(&mut self, scanner: &mut Scanner<'a, '_>, name: &[u8], scheme: &CodingScheme) -> Option<()> {
        match name {
            b"type" => once(&mut self.format, (scanner.octets()? == TYPE.as_bytes()).then_some(())),
            b"number" => once(&mut self.number, number(scanner.string()?, scheme)),
            b"issuer" => once(&mut self.issuer, scanner.octets()),
            b"service" => once(&mut self.service, scheme.parse_service(scanner.string()?).ok()),
            b"kind" => once(&mut self.kind, scanner.octets()),
            b"issuedAt" => once(&mut self.issued_at, instant(scanner)),
            b"validity" => once(&mut self.validity, validity(scanner)),
            b"status" => once(&mut self.status, status(scanner)),
            b"language" => once(&mut self.language, is_language(scanner.octets()?).then_some(())),
            b"title" => once(&mut self.title, line(scanner)),
            b"subject" => once(&mut self.subject, subject(scanner)),
            b"body" => once(&mut self.body, scanner.value()),
            _ => None,
        }
    }

    fn document(self) -> Option<StraightDocument<'a>> {
        let Self { format: Some(()), language: Some(()), title: Some(()), body: Some(()), .. } = self else {
            return None;
        };
        // A code has one spelling: issuer and kind are those of the number if they are spelt as there.
        let (number, text) = self.number?;
        let mut fields = text.as_bytes().split(|octet| *octet == b'-');
        let agrees = fields.next() == Some(self.issuer?)
            && fields.next() == Some(self.kind?)
            && is_in_year(self.issued_at?, number.year());
        let Self { service, validity, status, .. } = self;
        agrees.then_some(StraightDocument { number, issuer: number.entity(), service, validity, status })
    }
}

/// Puts what was `found` in its `place`, if that is empty.
fn once<T>(place: &mut Option<T>, found: Option<T>) -> Option<()> {
    place.replace(found?).is_none().then_some(())
}

fn number<'a>(text: &'a str, scheme: &CodingScheme) -> Option<(DocumentNumber, &'a str)> {
    Some((scheme.parse_document_number(text).ok()?, text))
}

fn instant(scanner: &mut Scanner<'_, '_>) -> Option<Instant> {
    Instant::from_canonical(scanner.octets()?)
}

fn status<'a>(scanner: &mut Scanner<'a, '_>) -> Option<StatusPlace<'a>> {
    let mut place = None;
    scanner.object(|scanner, mechanism| match mechanism {
        b"status_list" => once(&mut place, status_list(scanner)),
        _ => None,
    })?;
    place
}

fn status_list<'a>(scanner: &mut Scanner<'a, '_>) -> Option<StatusPlace<'a>> {
    let (mut uri, mut index) = (None, None);
    scanner.object(|scanner, name| match name {
        b"uri" => once(&mut uri, scanner.string().filter(|uri| is_uri(uri.as_bytes()))),
        b"idx" => once(&mut index, scanner.integer().filter(|index| *index <= StatusReference::MAX_INDEX)),
        _ => None,
    })?;
    Some(StatusPlace { uri: uri?, index: index? })
}

fn validity(scanner: &mut Scanner<'_, '_>) -> Option<Validity> {
    let (mut not_before, mut not_after) = (None, None);
    scanner.object(|scanner, name| match name {
        b"notBefore" => once(&mut not_before, instant(scanner)),
        b"notAfter" => once(&mut not_after, instant(scanner)),
        _ => None,
    })?;
    Validity::new(not_before?, not_after?).ok()
}

/// The tags that most documents have need no closer look.
fn is_language(tag: &[u8]) -> bool {
    matches!(tag, b"ar" | b"ar-SY" | b"en" | b"fr" | b"ku")
        || str::from_utf8(tag).is_ok_and(|tag| tag.parse::<LanguageTag>().is_ok())
}

fn line(scanner: &mut Scanner<'_, '_>) -> Option<()> {
    let text = scanner.octets()?;
    let holds = free_text::is_plain_line(text) || free_text::fault(str::from_utf8(text).ok()?).is_none();
    holds.then_some(())
}

fn subject(scanner: &mut Scanner<'_, '_>) -> Option<()> {
    let (mut full_name, mut number) = (None, None);
    scanner.object(|scanner, name| match name {
        b"name" => once(&mut full_name, line(scanner)),
        b"identifier" => once(&mut number, identifier(scanner)),
        _ => None,
    })?;
    full_name
}

fn identifier(scanner: &mut Scanner<'_, '_>) -> Option<()> {
    let (mut scheme, mut value) = (None, None);
    scanner.object(|scanner, name| match name {
        b"scheme" => once(&mut scheme, scanner.string().filter(|scheme| is_namespaced(scheme))),
        b"value" => once(&mut value, line(scanner)),
        _ => None,
    })?;
    scheme.and(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::document::Document;

    fn straight(octets: &[u8]) -> Option<StraightDocument<'_>> {
        StraightDocument::read(octets, &CodingScheme::default(), &Limits::default(), &mut ScanMemory::default())
    }

    fn ordinary() -> Value {
        json!({
            "type": "wathiqa-document/1", "number": "1234567889-014-2025-00012345-22", "issuer": "1234567889",
            "service": "40000182", "kind": "014", "issuedAt": "2025-03-01T06:30:00Z",
            "validity": { "notBefore": "2025-03-01T00:00:00Z", "notAfter": "2026-02-28T23:59:59Z" },
            "status": { "status_list": { "idx": 412, "uri": "https://example.com/1" } },
            "language": "ar-SY", "title": "شهادة سكن",
            "subject": { "name": "ليلى حداد", "identifier": { "scheme": "urn:example:person", "value": "0101" } },
            "body": { "district": "الميدان", "since": 2011, "text": "a\n\"b\"" },
        })
    }

    /// What the reader of trees reads in the same document, if that agrees with itself.
    fn by_tree<'a>(octets: &[u8], uri: &'a str) -> Option<StraightDocument<'a>> {
        let document = Document::<Value>::from_slice(octets, &Limits::default()).ok()?;
        let (number, issuer, validity) = (document.number(), document.issuer(), document.validity());
        let status = document.status().map(|status| {
            assert_eq!(status.uri(), uri);
            StatusPlace { uri, index: status.index() }
        });
        let straight = StraightDocument { number, issuer, service: document.service(), validity, status };
        document.inconsistencies().is_empty().then_some(straight)
    }

    /// The URI that the straight reader finds.
    fn uri(octets: &[u8]) -> &str {
        straight(octets).and_then(|document| document.status).map_or("", |status| status.uri)
    }

    #[test]
    fn an_ordinary_document_is_read_as_by_the_other_reader() {
        let octets = ordinary().to_string().into_bytes();
        assert!(straight(&octets).is_some());
        assert_eq!(straight(&octets), by_tree(&octets, uri(&octets)));
        for optional in ["service", "validity", "status", "subject"] {
            let mut document = ordinary();
            document.as_object_mut().unwrap().remove(optional).unwrap();
            let octets = document.to_string().into_bytes();
            assert!(straight(&octets).is_some());
            assert_eq!(straight(&octets), by_tree(&octets, uri(&octets)), "{optional}");
        }
    }

    #[test]
    fn what_is_not_ordinary_is_left_to_the_other_reader() {
        for (name, value) in [
            ("attachments", json!([])),
            ("urn:x", json!(1)),
            ("title", json!("\u{1}")),
            ("type", json!("wathiqa-document/2")),
            ("issuer", json!("8765432102")),
            ("issuer", json!("1234567889-014")),
            ("issuer", json!("")),
            ("kind", json!("015")),
            ("kind", json!("14")),
            ("kind", json!(14)),
            ("issuedAt", json!("2027-03-01T06:30:00Z")),
            ("language", json!("AR")),
            ("subject", json!({})),
            ("subject", json!({"name": " "})),
            ("subject", json!({"name": "a", "identifier": {"scheme": "x", "value": "1"}})),
            ("validity", json!({"notBefore": "2025-03-01T00:00:00Z"})),
            ("validity", json!({"notBefore": "2025-03-02T00:00:00Z", "notAfter": "2025-03-01T00:00:00Z"})),
            ("body", json!({"a": "\u{1}"})),
            ("status", json!({})),
            ("status", json!({"status_list": {"idx": 1}})),
            ("status", json!({"status_list": {"idx": -1, "uri": "urn:x"}})),
            ("status", json!({"status_list": {"idx": 0.5, "uri": "urn:x"}})),
            ("status", json!({"status_list": {"idx": 9_007_199_254_740_992_u64, "uri": "urn:x"}})),
            ("status", json!({"status_list": {"idx": 1, "uri": "x"}})),
            ("status", json!({"status_list": {"idx": 1, "uri": "urn:x", "bits": 1}})),
            ("status", json!({"status_list": {"idx": 1, "uri": "urn:x"}, "other": {}})),
            ("x", json!(1)),
        ] {
            let mut document = ordinary();
            document[name] = value;
            assert_eq!(straight(document.to_string().as_bytes()), None, "{document}");
        }
        for needed in ["type", "number", "issuer", "kind", "issuedAt", "language", "title", "body"] {
            let mut document = ordinary();
            document.as_object_mut().unwrap().remove(needed).unwrap();
            assert_eq!(straight(document.to_string().as_bytes()), None, "{needed}");
        }
    }

    #[test]
    fn a_member_that_stands_twice_is_left_to_the_other_reader() {
        let document = ordinary().to_string();
        for member in [
            "\"type\":\"wathiqa-document/1\"",
            "\"number\":\"1234567889-014-2025-00012345-22\"",
            "\"issuer\":\"1234567889\"",
            "\"service\":\"40000182\"",
            "\"kind\":\"014\"",
            "\"issuedAt\":\"2025-03-01T06:30:00Z\"",
            "\"notBefore\":\"2025-03-01T00:00:00Z\"",
            "\"notAfter\":\"2026-02-28T23:59:59Z\"",
            "\"validity\":{\"notAfter\":\"2026-02-28T23:59:59Z\",\"notBefore\":\"2025-03-01T00:00:00Z\"}",
            "\"idx\":412",
            "\"uri\":\"https://example.com/1\"",
            "\"status_list\":{\"idx\":412,\"uri\":\"https://example.com/1\"}",
            "\"status\":{\"status_list\":{\"idx\":412,\"uri\":\"https://example.com/1\"}}",
            "\"language\":\"ar-SY\"",
            "\"title\":\"شهادة سكن\"",
            "\"name\":\"ليلى حداد\"",
            "\"scheme\":\"urn:example:person\"",
            "\"value\":\"0101\"",
            "\"identifier\":{\"scheme\":\"urn:example:person\",\"value\":\"0101\"}",
            "\"subject\":{\"identifier\":{\"scheme\":\"urn:example:person\",\"value\":\"0101\"},\"name\":\"ليلى حداد\"}",
            "\"district\":\"الميدان\"",
            "\"body\":{\"district\":\"الميدان\",\"since\":2011,\"text\":\"a\\n\\\"b\\\"\"}",
        ] {
            assert!(document.contains(member), "{member}");
            let twice = document.replace(member, &format!("{member},{member}"));
            assert!(straight(document.as_bytes()).is_some());
            assert_eq!(straight(twice.as_bytes()), None, "{twice}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

        #[test]
        fn whatever_it_reads_the_other_reader_reads_alike(position in any::<prop::sample::Index>(), octet in any::<u8>(), cut in any::<bool>()) {
            let mut octets = ordinary().to_string().into_bytes();
            let position = position.index(octets.len());
            if cut { octets.remove(position); } else { octets[position] = octet; }
            if let Some(document) = straight(&octets) {
                prop_assert_eq!(Some(document), by_tree(&octets, uri(&octets)));
            }
        }
    }
}
