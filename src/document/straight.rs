//! What a verifier of many documents asks of one, read in place, without a tree of values.
//!
//! It reads less than [`Document::from_slice_in`](super::Document::from_slice_in) does, and nothing that this refuses. What
//! is out of the ordinary, attachments and extensions among it, is left to that reader.

mod before;

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

use self::before::MembersBefore;

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

/// Memory that one reading after the other uses.
#[derive(Debug, Default)]
pub(crate) struct StraightMemory {
    scan: ScanMemory,
    before: MembersBefore,
}

impl<'a> StraightDocument<'a> {
    /// Reads `octets` as a document, if they are one of the ordinary kind.
    pub(crate) fn read(
        octets: &'a [u8],
        scheme: &CodingScheme,
        limits: &Limits,
        memory: &mut StraightMemory,
    ) -> Option<Self> {
        let StraightMemory { scan, before } = memory;
        let mut scanner = Scanner::new(octets, limits, scan)?;
        let mut members = Members { octets, ..Members::default() };
        before.begin();
        let mut more = scanner.enter()?;
        while more {
            let start = scanner.place();
            if let Some(member) = before.pass(&mut scanner) {
                members.put(member, start.position())?;
                continue;
            }
            let member = Member::read(&mut scanner, start.position(), scheme)?;
            members.put(member, start.position())?;
            more = scanner.more()?;
            before.keep(member, more.then_some((&scanner, start)));
        }
        scanner.finish()?;
        members.document()
    }
}

/// A member, read.
#[derive(Debug, Clone, Copy)]
enum Member<'a> {
    Format,
    Number(DocumentNumber, Spelling),
    Issuer(Spelling),
    Service(ServiceCode),
    Kind(Spelling),
    IssuedAt(Instant),
    Validity(Validity),
    Status(StatusPlace<'a>),
    Language,
    Title,
    Subject,
    Body,
}

/// Where the contents of a string stand, from the beginning of their member on.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    start: usize,
    end: usize,
}

impl Spelling {
    /// Of a string with these contents, which has just been walked over in a member that begins at `start`.
    fn of(contents: &[u8], scanner: &Scanner<'_, '_>, start: usize) -> Self {
        let end = scanner.place().position() - start - 1;
        Self { start: end - contents.len(), end }
    }

    /// The same from the beginning of the text on.
    fn behind(self, start: usize) -> Self {
        Self { start: start + self.start, end: start + self.end }
    }
}

impl<'a> Member<'a> {
    /// Walks over a member, which begins at `start`.
    fn read(scanner: &mut Scanner<'a, '_>, start: usize, scheme: &CodingScheme) -> Option<Self> {
        Some(match scanner.name()? {
            b"type" if scanner.octets()? == TYPE.as_bytes() => Self::Format,
            b"number" => {
                let text = scanner.string()?;
                let number = scheme.parse_document_number(text).ok()?;
                Self::Number(number, Spelling::of(text.as_bytes(), scanner, start))
            }
            b"issuer" => Self::Issuer(Spelling::of(scanner.octets()?, scanner, start)),
            b"service" => Self::Service(scheme.parse_service(scanner.string()?).ok()?),
            b"kind" => Self::Kind(Spelling::of(scanner.octets()?, scanner, start)),
            b"issuedAt" => Self::IssuedAt(instant(scanner)?),
            b"validity" => Self::Validity(validity(scanner)?),
            b"status" => Self::Status(status(scanner)?),
            b"language" if is_language(scanner.octets()?) => Self::Language,
            b"title" => line(scanner).map(|()| Self::Title)?,
            b"subject" => subject(scanner).map(|()| Self::Subject)?,
            b"body" => scanner.value().map(|()| Self::Body)?,
            _ => return None,
        })
    }
}

impl Member<'_> {
    /// A number for each kind of member.
    fn kind(&self) -> usize {
        match self {
            Self::Format => 0,
            Self::Number(..) => 1,
            Self::Issuer(_) => 2,
            Self::Service(_) => 3,
            Self::Kind(_) => 4,
            Self::IssuedAt(_) => 5,
            Self::Validity(_) => 6,
            Self::Status(_) => 7,
            Self::Language => 8,
            Self::Title => 9,
            Self::Subject => 10,
            Self::Body => 11,
        }
    }

    /// The same where it says what it says by its octets alone: not what is read by a scheme, nor what is borrowed.
    fn by_octets(self) -> Option<Member<'static>> {
        Some(match self {
            Self::Format => Member::Format,
            Self::Issuer(spelling) => Member::Issuer(spelling),
            Self::Kind(spelling) => Member::Kind(spelling),
            Self::IssuedAt(instant) => Member::IssuedAt(instant),
            Self::Validity(validity) => Member::Validity(validity),
            Self::Language => Member::Language,
            Self::Title => Member::Title,
            Self::Subject => Member::Subject,
            Self::Number(..) | Self::Service(_) | Self::Status(_) | Self::Body => return None,
        })
    }
}

/// How many kinds of members there are.
const KINDS: usize = 12;

/// The members found so far, each once.
#[derive(Default)]
struct Members<'a> {
    octets: &'a [u8],
    format: Option<()>,
    number: Option<(DocumentNumber, Spelling)>,
    issuer: Option<Spelling>,
    service: Option<ServiceCode>,
    kind: Option<Spelling>,
    issued_at: Option<Instant>,
    validity: Option<Validity>,
    status: Option<StatusPlace<'a>>,
    language: Option<()>,
    title: Option<()>,
    subject: Option<()>,
    body: Option<()>,
}

impl<'a> Members<'a> {
    /// Takes a member that begins at `start`.
    fn put(&mut self, member: Member<'a>, start: usize) -> Option<()> {
        match member {
            Member::Format => once(&mut self.format, ()),
            Member::Number(number, spelling) => once(&mut self.number, (number, spelling.behind(start))),
            Member::Issuer(spelling) => once(&mut self.issuer, spelling.behind(start)),
            Member::Service(service) => once(&mut self.service, service),
            Member::Kind(spelling) => once(&mut self.kind, spelling.behind(start)),
            Member::IssuedAt(instant) => once(&mut self.issued_at, instant),
            Member::Validity(validity) => once(&mut self.validity, validity),
            Member::Status(place) => once(&mut self.status, place),
            Member::Language => once(&mut self.language, ()),
            Member::Title => once(&mut self.title, ()),
            Member::Subject => once(&mut self.subject, ()),
            Member::Body => once(&mut self.body, ()),
        }
    }

    fn document(self) -> Option<StraightDocument<'a>> {
        let Self { format: Some(()), language: Some(()), title: Some(()), body: Some(()), .. } = self else {
            return None;
        };
        // A code has one spelling: issuer and kind are those of the number if they are spelt as there.
        let (number, spelling) = self.number?;
        let mut fields = self.spelt(spelling)?.split(|octet| *octet == b'-');
        let agrees = fields.next() == Some(self.spelt(self.issuer?)?)
            && fields.next() == Some(self.spelt(self.kind?)?)
            && is_in_year(self.issued_at?, number.year());
        let Self { service, validity, status, .. } = self;
        agrees.then_some(StraightDocument { number, issuer: number.entity(), service, validity, status })
    }

    fn spelt(&self, spelling: Spelling) -> Option<&'a [u8]> {
        self.octets.get(spelling.start..spelling.end)
    }
}

/// Puts what was `found` in its `place`, if that is empty.
fn once<T>(place: &mut Option<T>, found: T) -> Option<()> {
    place.replace(found).is_none().then_some(())
}

fn instant(scanner: &mut Scanner<'_, '_>) -> Option<Instant> {
    Instant::from_canonical(scanner.octets()?)
}

fn status<'a>(scanner: &mut Scanner<'a, '_>) -> Option<StatusPlace<'a>> {
    let mut place = None;
    scanner.object(|scanner, mechanism| match mechanism {
        b"status_list" => once(&mut place, status_list(scanner)?),
        _ => None,
    })?;
    place
}

fn status_list<'a>(scanner: &mut Scanner<'a, '_>) -> Option<StatusPlace<'a>> {
    let (mut uri, mut index) = (None, None);
    scanner.object(|scanner, name| match name {
        b"uri" => once(&mut uri, scanner.string().filter(|uri| is_uri(uri.as_bytes()))?),
        b"idx" => once(&mut index, scanner.integer().filter(|index| *index <= StatusReference::MAX_INDEX)?),
        _ => None,
    })?;
    Some(StatusPlace { uri: uri?, index: index? })
}

fn validity(scanner: &mut Scanner<'_, '_>) -> Option<Validity> {
    let (mut not_before, mut not_after) = (None, None);
    scanner.object(|scanner, name| match name {
        b"notBefore" => once(&mut not_before, instant(scanner)?),
        b"notAfter" => once(&mut not_after, instant(scanner)?),
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
        b"name" => once(&mut full_name, line(scanner)?),
        b"identifier" => once(&mut number, identifier(scanner)?),
        _ => None,
    })?;
    full_name
}

fn identifier(scanner: &mut Scanner<'_, '_>) -> Option<()> {
    let (mut scheme, mut value) = (None, None);
    scanner.object(|scanner, name| match name {
        b"scheme" => once(&mut scheme, scanner.string().filter(|scheme| is_namespaced(scheme))?),
        b"value" => once(&mut value, line(scanner)?),
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
        StraightDocument::read(octets, &CodingScheme::default(), &Limits::default(), &mut StraightMemory::default())
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

    /// Documents that are much alike: members in another order, left out, said twice, of other contents, and a few octets
    /// that are others.
    fn altered() -> impl Strategy<Value = Vec<u8>> {
        let other = json!({
            "number": "8765432102-015-2025-00000007-29", "issuer": "8765432102", "kind": "015",
            "issuedAt": "2025-04-01T06:30:00Z", "validity": { "notBefore": "2025-04-01T00:00:00Z" },
            "language": "en", "title": "a", "subject": { "name": "b" }, "type": "other",
        });
        let members: Vec<_> = [ordinary(), other]
            .iter()
            .flat_map(|document| document.as_object().unwrap().clone())
            .map(|(name, value)| format!("{}:{value}", json!(name)))
            .collect();
        let count = ordinary().as_object().unwrap().len();
        let swaps = proptest::collection::vec((0..count, 0..count), 0..2);
        let others = proptest::collection::vec((0..count, 0..members.len()), 0..2);
        let octet = proptest::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>()));
        (swaps, others, prop_oneof![4 => Just(0), 1 => 1..3_usize], octet).prop_map(
            move |(swaps, others, left_out, octet)| {
                let mut document = members[..count].to_vec();
                others.iter().for_each(|(at, other)| document[*at].clone_from(&members[*other]));
                swaps.iter().for_each(|(one, other)| document.swap(*one, *other));
                document.truncate(count - left_out);
                let mut octets = format!("{{{}}}", document.join(",")).into_bytes();
                if let Some((at, octet)) = octet {
                    let at = at.index(octets.len());
                    octets[at] = octet;
                }
                octets
            },
        )
    }

    /// Limits that hold an ordinary document, and some that do not.
    fn limits() -> impl Strategy<Value = Limits> {
        let ordinary = || Just(Limits::default());
        let few = (10..24_usize, 1..5_usize);
        prop_oneof![3 => ordinary(), 1 => few.prop_map(|(json_members, json_depth)| Limits { json_members, json_depth, ..Limits::default() })]
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

        #[test]
        fn what_was_read_before_changes_nothing(documents in proptest::collection::vec((altered(), limits()), 1..6)) {
            let (scheme, mut memory) = (CodingScheme::default(), StraightMemory::default());
            for (octets, limits) in &documents {
                let read = StraightDocument::read(octets, &scheme, limits, &mut memory);
                let alone = StraightDocument::read(octets, &scheme, limits, &mut StraightMemory::default());
                prop_assert_eq!(read, alone, "{}", String::from_utf8_lossy(octets));
            }
        }
    }
}
