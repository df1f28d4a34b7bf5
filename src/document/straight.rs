//! What a verifier of many documents asks of one, read in place, without a tree of values.
//!
//! It reads less than [`Document::from_slice_in`](super::Document::from_slice_in) does, and nothing that this refuses. What
//! is out of the ordinary, attachments and extensions among it, is left to that reader.

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode, ServiceCode};
use crate::encoding::json::Scanner;
use crate::time::{Instant, Validity};

use super::consistency::inconsistencies;
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
    pub(crate) fn read(octets: &'a [u8], scheme: &CodingScheme, limits: &Limits) -> Option<Self> {
        let mut scanner = Scanner::new(octets, limits)?;
        let mut members = Members::default();
        scanner.object(|scanner, name| members.read(scanner, name, scheme))?;
        scanner.finish()?;
        members.document()
    }
}

/// The members found so far; the walk itself refuses one that stands twice.
#[derive(Default)]
struct Members<'a> {
    has_type: bool,
    number: Option<DocumentNumber>,
    issuer: Option<EntityCode>,
    service: Option<ServiceCode>,
    kind: Option<DocumentKind>,
    issued_at: Option<Instant>,
    validity: Option<Validity>,
    status: Option<StatusPlace<'a>>,
    has_language: bool,
    has_title: bool,
    has_body: bool,
}

impl<'a> Members<'a> {
    fn read(&mut self, scanner: &mut Scanner<'a>, name: &'a str, scheme: &CodingScheme) -> Option<()> {
        match name {
            "type" => self.has_type = (scanner.string()? == TYPE).then_some(true)?,
            "number" => self.number = Some(scheme.parse_document_number(scanner.string()?).ok()?),
            "issuer" => self.issuer = Some(scheme.parse_entity(scanner.string()?).ok()?),
            "service" => self.service = Some(scheme.parse_service(scanner.string()?).ok()?),
            "kind" => self.kind = Some(scanner.string()?.parse().ok()?),
            "issuedAt" => self.issued_at = Some(instant(scanner)?),
            "validity" => self.validity = Some(validity(scanner)?),
            "status" => self.status = Some(status(scanner)?),
            "language" => self.has_language = is_language(scanner.string()?).then_some(true)?,
            "title" => self.has_title = line(scanner).map(|()| true)?,
            "subject" => subject(scanner)?,
            "body" => self.has_body = scanner.value().map(|()| true)?,
            _ => return None,
        }
        Some(())
    }

    fn document(self) -> Option<StraightDocument<'a>> {
        let Self { has_type: true, has_language: true, has_title: true, has_body: true, .. } = self else {
            return None;
        };
        let (number, issuer) = (self.number?, self.issuer?);
        let agrees = inconsistencies(number, issuer, self.kind?, self.issued_at?).is_empty();
        let Self { service, validity, status, .. } = self;
        agrees.then_some(StraightDocument { number, issuer, service, validity, status })
    }
}

fn instant(scanner: &mut Scanner<'_>) -> Option<Instant> {
    Instant::from_canonical(scanner.string()?)
}

fn status<'a>(scanner: &mut Scanner<'a>) -> Option<StatusPlace<'a>> {
    let (mut uri, mut index) = (None, None);
    scanner.object(|scanner, mechanism| match mechanism {
        "status_list" => scanner.object(|scanner, name| {
            match name {
                "uri" => uri = Some(scanner.string().filter(|uri| is_uri(uri))?),
                "idx" => index = Some(scanner.integer().filter(|index| *index <= StatusReference::MAX_INDEX)?),
                _ => return None,
            }
            Some(())
        }),
        _ => None,
    })?;
    Some(StatusPlace { uri: uri?, index: index? })
}

fn validity(scanner: &mut Scanner<'_>) -> Option<Validity> {
    let (mut not_before, mut not_after) = (None, None);
    scanner.object(|scanner, name| {
        match name {
            "notBefore" => not_before = Some(instant(scanner)?),
            "notAfter" => not_after = Some(instant(scanner)?),
            _ => return None,
        }
        Some(())
    })?;
    Validity::new(not_before?, not_after?).ok()
}

/// The tags that most documents have need no closer look.
fn is_language(tag: &str) -> bool {
    matches!(tag, "ar" | "ar-SY" | "en" | "fr" | "ku") || tag.parse::<LanguageTag>().is_ok()
}

fn line(scanner: &mut Scanner<'_>) -> Option<()> {
    free_text::fault(scanner.string()?).is_none().then_some(())
}

fn subject(scanner: &mut Scanner<'_>) -> Option<()> {
    let mut has_name = false;
    scanner.object(|scanner, name| {
        match name {
            "name" => has_name = line(scanner).map(|()| true)?,
            "identifier" => identifier(scanner)?,
            _ => return None,
        }
        Some(())
    })?;
    has_name.then_some(())
}

fn identifier(scanner: &mut Scanner<'_>) -> Option<()> {
    let (mut has_scheme, mut has_value) = (false, false);
    scanner.object(|scanner, name| {
        match name {
            "scheme" => has_scheme = is_namespaced(scanner.string()?).then_some(true)?,
            "value" => has_value = line(scanner).map(|()| true)?,
            _ => return None,
        }
        Some(())
    })?;
    (has_scheme && has_value).then_some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::document::Document;

    fn straight(octets: &[u8]) -> Option<StraightDocument<'_>> {
        StraightDocument::read(octets, &CodingScheme::default(), &Limits::default())
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
            ("kind", json!("015")),
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
