//! From octets to a document.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::budget::Limits;
use crate::codes::{CodeError, CodingScheme, DocumentKind};
use crate::encoding::base64;
use crate::encoding::excerpt;
use crate::encoding::json::{self, JsonError};
use crate::time::{Instant, Validity};

use super::attachment::Attachment;
use super::consistency::Inconsistency;
use super::member::{MemberError, MemberFault, Members};
use super::name::is_namespaced;
use super::status_reference::StatusReference;
use super::subject::Subject;
use super::{Document, Head, free_text};

impl<B: DeserializeOwned> Document<B> {
    /// Reads a document whose codes are of the default scheme.
    ///
    /// # Errors
    /// [`DocumentError`]: [`Json`](DocumentError::Json) for octets that are not strict JSON or not an object (`[]`, a
    /// member that stands twice), [`Type`](DocumentError::Type) and [`Version`](DocumentError::Version) for another
    /// `type`, [`Member`](DocumentError::Member) for a member that is missing, unknown or not what it must be, and
    /// [`Body`](DocumentError::Body) for a body that is not a `B`.
    pub fn from_slice(octets: &[u8], limits: &Limits) -> Result<Self, DocumentError> {
        Self::from_slice_in(octets, &CodingScheme::default(), limits)
    }

    /// Reads a document whose codes are of `scheme`.
    ///
    /// # Errors
    /// As [`from_slice`](Self::from_slice).
    pub fn from_slice_in(octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> Result<Self, DocumentError> {
        match json::from_slice::<Envelope<B>>(octets, limits) {
            Ok(Envelope { members, body }) => {
                let head = Head::read(members, scheme)?;
                let body = body.ok_or_else(|| MemberError::new("body", MemberFault::Missing))?;
                Ok(Self { head, body })
            }
            Err(error) => Err(without_body(error, octets, scheme, limits)),
        }
    }
}

/// Tells a body that is not a `B` from what makes the document itself unreadable: a document of a later version is
/// that, whatever its body looks like.
fn without_body(error: JsonError, octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> DocumentError {
    match json::from_slice::<Envelope<IgnoredAny>>(octets, limits) {
        Err(error) => DocumentError::Json(error),
        Ok(envelope) => match Head::read(envelope.members, scheme) {
            Err(reason) => reason,
            Ok(_) => DocumentError::Body(error),
        },
    }
}

impl Head {
    fn read(members: Map<String, Value>, scheme: &CodingScheme) -> Result<Self, DocumentError> {
        let mut members = Members::new(members);
        read_type(&mut members)?;
        let extensions = members.take_all(is_namespaced);
        let head = Self {
            number: code(&mut members, "number", |text| scheme.parse_document_number(text))?,
            issuer: code(&mut members, "issuer", |text| scheme.parse_entity(text))?,
            service: optional_code(&mut members, "service", |text| scheme.parse_service(text))?,
            kind: code(&mut members, "kind", str::parse::<DocumentKind>)?,
            issued_at: instant(&mut members, "issuedAt")?,
            validity: period(&mut members, "validity")?,
            status: status(&mut members)?,
            mandate: mandate(&mut members)?,
            language: in_member("language", members.text("language")?.parse(), MemberFault::Language)?,
            title: free_text::check("title", members.text("title")?)?,
            subject: subject(&mut members)?,
            attachments: attachments(members.optional_array("attachments")?)?,
            extensions,
        };
        members.finish()?;
        Ok(head)
    }
}

/// The `type` of a document that this crate reads and writes: what it is, and the version of its members.
pub(super) const TYPE: &str = "wathiqa-document/1";

/// Before anything else, for it says what anything else is.
fn read_type(members: &mut Members) -> Result<(), DocumentError> {
    let found = members.text("type")?;
    if found == TYPE {
        return Ok(());
    }
    let (expected, version) = TYPE.split_once('/').unwrap_or_default();
    match found.split_once('/') {
        Some((name, other)) if name == expected => {
            Err(DocumentError::Version { found: excerpt(other), supported: version })
        }
        _ => Err(DocumentError::Type { found: excerpt(&found) }),
    }
}

pub(super) fn code<T>(
    members: &mut Members,
    member: &str,
    parse: impl FnOnce(&str) -> Result<T, CodeError>,
) -> Result<T, MemberError> {
    in_member(member, parse(&members.text(member)?), MemberFault::Code)
}

fn optional_code<T>(
    members: &mut Members,
    member: &str,
    parse: impl FnOnce(&str) -> Result<T, CodeError>,
) -> Result<Option<T>, MemberError> {
    members.optional_text(member)?.map(|text| in_member(member, parse(&text), MemberFault::Code)).transpose()
}

/// A time in its one spelling: RFC 3339 in UTC with `Z`, in whole seconds.
fn instant(members: &mut Members, member: &str) -> Result<Instant, MemberError> {
    let text = members.text(member)?;
    let instant: Instant = in_member(member, text.parse(), MemberFault::Time)?;
    let expected = instant.whole_seconds().to_string();
    if text == expected {
        return Ok(instant);
    }
    Err(MemberError::new(member, MemberFault::TimeSpelling { found: excerpt(&text), expected }))
}

/// A period that may be absent.
pub(super) fn period(members: &mut Members, member: &str) -> Result<Option<Validity>, MemberError> {
    let read = |value| {
        let mut members = Members::of(value)?;
        let (not_before, not_after) = (instant(&mut members, "notBefore")?, instant(&mut members, "notAfter")?);
        members.finish()?;
        in_member("", Validity::new(not_before, not_after), MemberFault::Time)
    };
    members.optional(member).map(read).transpose().map_err(|error: MemberError| error.within(member))
}

/// The octets of a signed file.
fn mandate(members: &mut Members) -> Result<Option<Vec<u8>>, MemberError> {
    let Some(text) = members.optional_text("mandate")? else { return Ok(None) };
    in_member("mandate", base64::decode_url(&text), MemberFault::Base64).map(Some)
}

fn status(members: &mut Members) -> Result<Option<StatusReference>, MemberError> {
    members.optional("status").map(StatusReference::read).transpose().map_err(|error| error.within("status"))
}

fn subject(members: &mut Members) -> Result<Option<Subject>, MemberError> {
    members.optional("subject").map(Subject::read).transpose().map_err(|error| error.within("subject"))
}

fn attachments(elements: Vec<Value>) -> Result<Vec<Attachment>, MemberError> {
    let read =
        |(position, value)| Attachment::read(value).map_err(|error| error.within(&format!("attachments[{position}]")));
    let attachments = elements.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    unique_names(&attachments)?;
    Ok(attachments)
}

pub(super) fn unique_names(attachments: &[Attachment]) -> Result<(), MemberError> {
    let mut names = HashMap::new();
    for (position, attachment) in attachments.iter().enumerate() {
        if let Some(earlier) = names.insert(attachment.name(), position) {
            let fault = MemberFault::NameTwice { name: excerpt(attachment.name()), earlier };
            return Err(MemberError::new("name", fault).within(&format!("attachments[{position}]")));
        }
    }
    Ok(())
}

fn in_member<T, E>(member: &str, result: Result<T, E>, fault: impl FnOnce(E) -> MemberFault) -> Result<T, MemberError> {
    result.map_err(|error| MemberError::new(member, fault(error)))
}

/// The members of a document: the body as its own type, in the one pass over the octets, the others for [`Head`].
struct Envelope<B> {
    members: Map<String, Value>,
    body: Option<B>,
}

impl<'de, B: Deserialize<'de>> Deserialize<'de> for Envelope<B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor(PhantomData))
    }
}

struct EnvelopeVisitor<B>(PhantomData<B>);

impl<'de, B: Deserialize<'de>> Visitor<'de> for EnvelopeVisitor<B> {
    type Value = Envelope<B>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Envelope<B>, A::Error> {
        let mut envelope = Envelope { members: Map::new(), body: None };
        while let Some(name) = access.next_key::<String>()? {
            if name == "body" {
                envelope.body = Some(access.next_value()?);
            } else {
                envelope.members.insert(name, access.next_value()?);
            }
        }
        Ok(envelope)
    }
}

/// Why octets or values are not a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Not JSON that this crate accepts, or not an object.
    #[error("document: {0}")]
    Json(JsonError),
    /// Another type of data.
    #[error("document: type is \"{found}\", expected {}", TYPE)]
    Type {
        /// The type found, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// A document of a version that this crate does not read.
    #[error("document: version {found}, supported is {supported}")]
    Version {
        /// The version found, at most 48 characters of it, controls escaped.
        found: String,
        /// The version this crate reads and writes.
        supported: &'static str,
    },
    /// A member is not what it must be.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// The body is not of the type asked for.
    #[error("document body: {0}")]
    Body(JsonError),
    /// Members contradict each other; only making a document asks, see [`Document::inconsistencies`].
    #[error("document: {0}")]
    Inconsistent(Inconsistency),
}

impl DocumentError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Type { .. } => "document-type",
            Self::Version { .. } => "document-version",
            Self::Member(error) => error.code(),
            Self::Body(_) => "document-body",
            Self::Inconsistent(error) => error.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A document with every member, and a body that is read strictly.
    fn whole() -> Value {
        json!({
            "type": "wathiqa-document/1",
            "number": "1234567889-014-2025-00012345-22",
            "issuer": "1234567889",
            "service": "40000182",
            "kind": "014",
            "issuedAt": "2025-03-01T06:30:00Z",
            "validity": { "notBefore": "2025-03-01T00:00:00Z", "notAfter": "2026-02-28T23:59:59Z" },
            "status": { "status_list": { "idx": 412, "uri": "https://example.com/statuslists/1" } },
            "mandate": "e30",
            "language": "ar-SY",
            "title": "شهادة سكن",
            "subject": { "name": "ليلى حداد", "identifier": { "scheme": "urn:example:person", "value": "0101" } },
            "body": { "district": "الميدان", "since": 2011 },
            "attachments": [
                { "name": "المخطط.pdf", "mediaType": "application/pdf", "size": 3,
                  "sha256": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0" },
            ],
            "sy.gov.example.counter": { "window": 7 },
        })
    }

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Residence {
        district: String,
        since: u16,
    }

    fn read(value: &Value) -> Result<Document<Residence>, DocumentError> {
        Document::from_slice(value.to_string().as_bytes(), &Limits::default())
    }

    fn refused(value: &Value) -> String {
        read(value).unwrap_err().to_string()
    }

    /// The whole document with the value at this JSON pointer (RFC 6901) replaced, or taken away.
    fn with(pointer: &str, value: Option<Value>) -> Value {
        let mut document = whole();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => parent.insert(name.to_owned(), value),
            None => parent.remove(name),
        };
        document
    }

    #[test]
    fn a_whole_document_is_read() {
        let document = read(&whole()).unwrap();
        assert_eq!(document.number().to_string(), "1234567889-014-2025-00012345-22");
        assert_eq!(document.issuer().to_string(), "1234567889");
        assert_eq!(document.service().map(|code| code.to_string()), Some("40000182".to_owned()));
        assert_eq!(document.kind().value(), 14);
        assert_eq!(document.issued_at().to_string(), "2025-03-01T06:30:00Z");
        assert_eq!(document.validity().unwrap().not_after().to_string(), "2026-02-28T23:59:59Z");
        assert_eq!(document.status().map(StatusReference::index), Some(412));
        assert_eq!(document.mandate(), Some(b"{}".as_slice()));
        assert_eq!((document.language().as_str(), document.title()), ("ar-SY", "شهادة سكن"));
        assert_eq!(document.subject().unwrap().identifier().unwrap().value(), "0101");
        assert_eq!(document.body(), &Residence { district: "الميدان".to_owned(), since: 2011 });
        assert_eq!(document.attachments().len(), 1);
        assert_eq!(document.attachment("المخطط.pdf").unwrap().check(b"abc"), Ok(()));
        assert_eq!(document.attachment("خطة.pdf"), None);
        assert_eq!(document.inconsistencies(), []);
        assert_eq!(document.into_body().since, 2011);
    }

    #[test]
    fn members_that_may_be_absent_are_absent() {
        let mut document = whole();
        for member in ["service", "validity", "status", "mandate", "subject", "attachments", "sy.gov.example.counter"] {
            document.as_object_mut().unwrap().remove(member).unwrap();
        }
        let document = read(&document).unwrap();
        assert_eq!((document.service(), document.validity(), document.subject()), (None, None, None));
        assert_eq!((document.status(), document.mandate()), (None, None));
        assert_eq!((document.attachments().len(), document.extension_names().count()), (0, 0));
    }

    #[test]
    fn every_member_by_every_wrong_type() {
        const REQUIRED: [&str; 13] = [
            "/type",
            "/number",
            "/issuer",
            "/kind",
            "/issuedAt",
            "/language",
            "/title",
            "/validity/notBefore",
            "/validity/notAfter",
            "/subject/name",
            "/subject/identifier/scheme",
            "/subject/identifier/value",
            "/attachments/0/size",
        ];
        let strings = REQUIRED.into_iter().filter(|pointer| *pointer != "/attachments/0/size").chain([
            "/service",
            "/attachments/0/name",
            "/attachments/0/mediaType",
            "/attachments/0/sha256",
        ]);
        let of_type = |expected: &'static str, pointers: Vec<&'static str>| (expected, pointers);
        let rows = [
            of_type("a string", strings.collect()),
            of_type("an integer", vec!["/attachments/0/size"]),
            of_type("an object", vec!["/validity", "/subject", "/subject/identifier"]),
            of_type("an array", vec!["/attachments"]),
        ];
        let values = [
            ("a string", json!("x")),
            ("an integer", json!(1)),
            ("a fraction", json!(1.5)),
            ("null", json!(null)),
            ("a boolean", json!(true)),
            ("an array", json!([])),
            ("an object", json!({})),
        ];
        for (expected, pointers) in rows {
            for pointer in pointers {
                let member = pointer.trim_start_matches('/').replace("/0/", "[0].").replace('/', ".");
                for (found, value) in values.iter().filter(|(found, _)| *found != expected) {
                    let message = format!("document member {member}: {found}, expected {expected}");
                    assert_eq!(refused(&with(pointer, Some(value.clone()))), message);
                }
            }
        }
        for pointer in REQUIRED {
            let member = pointer.trim_start_matches('/').replace("/0/", "[0].").replace('/', ".");
            assert_eq!(refused(&with(pointer, None)), format!("document member {member}: missing"));
        }
        assert_eq!(refused(&with("/body", None)), "document member body: missing");
        let mut document = whole();
        document["attachments"] = json!([whole()["attachments"][0], "x"]);
        assert_eq!(refused(&document), "document member attachments[1]: a string, expected an object");
    }

    #[test]
    fn every_member_twice() {
        for (name, value) in whole().as_object().unwrap() {
            let text = whole().to_string();
            let twice = format!("{},\"{name}\":{value}}}", text.strip_suffix('}').unwrap());
            let error = Document::<Value>::from_slice(twice.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!(error.code(), "json-duplicate-member", "{name}");
            assert!(error.to_string().ends_with(&format!("member \"{name}\" stands twice")), "{error}");
        }
    }

    #[test]
    fn every_unknown_member() {
        let unknown = "not known, and not an extension, whose name would have a namespace such as sy.gov.example.name";
        for (pointer, member) in [
            ("/titel", "titel"),
            ("/Title", "Title"),
            ("/validity/note", "validity.note"),
            ("/subject/sy.gov.x", "subject.sy.gov.x"),
            ("/subject/identifier/note", "subject.identifier.note"),
            ("/attachments/0/note", "attachments[0].note"),
            ("/a..b", "a..b"),
            ("/\u{202E}x", "\\u{202e}x"),
        ] {
            assert_eq!(refused(&with(pointer, Some(json!(1)))), format!("document member {member}: {unknown}"));
        }
    }

    #[test]
    fn texts_that_are_not_what_the_member_holds() {
        for (pointer, value, message) in [
            (
                "/number",
                "1234567889-014-2025-00012345-23",
                "number: document number 1234567889-014-2025-00012345-23: check digits are 23, expected 22",
            ),
            ("/issuer", "1234567803", "issuer: entity code 1234567803: check digits are 03, expected 89"),
            (
                "/issuer",
                "١٢٣٤٥٦٧٨٨٩",
                "issuer: entity code ١٢٣٤٥٦٧٨٨٩: character 1 is '١' (U+0661), expected a digit from 1 to 9",
            ),
            ("/service", "40000128", "service: service code 40000128: check digits are 28, expected 82"),
            ("/kind", "14", "kind: document kind 14: ends after 2 characters, expected 3"),
            ("/issuedAt", "2025-03-01", "issuedAt: time: \"2025-03-01\" is not an RFC 3339 date and time"),
            (
                "/issuedAt",
                "2025-03-01T09:30:00+03:00",
                "issuedAt: \"2025-03-01T09:30:00+03:00\", expected \"2025-03-01T06:30:00Z\"",
            ),
            (
                "/issuedAt",
                "2025-03-01T06:30:00.5Z",
                "issuedAt: \"2025-03-01T06:30:00.5Z\", expected \"2025-03-01T06:30:00Z\"",
            ),
            (
                "/issuedAt",
                "2025-03-01t06:30:00z",
                "issuedAt: \"2025-03-01t06:30:00z\", expected \"2025-03-01T06:30:00Z\"",
            ),
            (
                "/validity/notAfter",
                "2025-02-28T23:59:59Z",
                "validity: period: ends 2025-02-28T23:59:59Z, before it starts 2025-03-01T00:00:00Z",
            ),
            ("/language", "ar-sy", "language: language tag \"ar-sy\": expected \"ar-SY\""),
            ("/title", "", "title: blank"),
            ("/title", "قرار\n", "title: character 5 is a control (U+000A)"),
        ] {
            assert_eq!(refused(&with(pointer, Some(json!(value)))), format!("document member {message}"));
        }
    }

    #[test]
    fn texts_inside_that_are_not_what_the_member_holds() {
        for (pointer, value, message) in [
            ("/subject/name", "\t", "subject.name: character 1 is a control (U+0009)"),
            (
                "/subject/identifier/scheme",
                "passport",
                "subject.identifier.scheme: \"passport\" has no namespace, expected a name such as sy.gov.example.name or a URI",
            ),
            ("/attachments/0/name", "../a.pdf", "attachments[0].name: \"../a.pdf\" is a path, expected a name"),
            (
                "/attachments/0/mediaType",
                "pdf",
                "attachments[0].mediaType: \"pdf\" is not a media type such as application/pdf",
            ),
            ("/attachments/0/sha256", "ungW", "attachments[0].sha256: digest: 3 octets, SHA-256 has 32"),
            (
                "/attachments/0/sha256",
                "ungW=",
                "attachments[0].sha256: base64: octet 0x3d at offset 4 is not of the alphabet",
            ),
        ] {
            assert_eq!(refused(&with(pointer, Some(json!(value)))), format!("document member {message}"));
        }
    }

    #[test]
    fn sizes_out_of_range_and_names_that_stand_twice() {
        let size = refused(&with("/attachments/0/size", Some(json!(1u64 << 53))));
        assert_eq!(size, "document member attachments[0].size: 9007199254740992, expected at most 9007199254740991");
        let size = refused(&with("/attachments/0/size", Some(json!(-1))));
        assert_eq!(size, "document member attachments[0].size: a negative integer, expected an integer");
        let mut document = whole();
        document["attachments"] = json!([whole()["attachments"][0], whole()["attachments"][0]]);
        let message = "document member attachments[1].name: \"المخطط.pdf\" is also the name of attachments[0]";
        assert_eq!(refused(&document), message);
    }

    #[test]
    fn another_type_or_version_is_told_before_anything_else() {
        let mut later = with("/type", Some(json!("wathiqa-document/2")));
        later["body"] = json!(["of", "another", "shape"]);
        later["seal"] = json!(true);
        later.as_object_mut().unwrap().remove("title");
        assert_eq!(refused(&later), "document: version 2, supported is 1");
        assert_eq!(read(&later).unwrap_err().code(), "document-version");
        for other in ["wathiqa-batch/1", "wathiqa-document", "", "WATHIQA-DOCUMENT/1"] {
            let message = format!("document: type is \"{other}\", expected wathiqa-document/1");
            assert_eq!(refused(&with("/type", Some(json!(other)))), message);
        }
    }

    #[test]
    fn a_body_of_another_type_is_told_apart_and_placed() {
        let error = read(&with("/body/since", Some(json!("2011")))).unwrap_err();
        assert_eq!(error.code(), "document-body");
        assert!(error.to_string().contains("invalid type: string \"2011\", expected u16"), "{error}");
        let DocumentError::Body(JsonError { offset, .. }) = error else { panic!("{error}") };
        let text = with("/body/since", Some(json!("2011"))).to_string();
        assert!(text[..=offset].ends_with("\"2011\""), "{}", &text[..=offset]);
        assert!(refused(&with("/body/note", Some(json!(1)))).contains("unknown field `note`"));
        // A fault of the document itself is told first.
        let mut both = with("/body/since", Some(json!("2011")));
        both["title"] = json!("");
        assert_eq!(refused(&both), "document member title: blank");
    }

    #[test]
    fn what_is_not_an_object_is_not_a_document() {
        for (text, message) in [
            ("", "document: JSON at octet 0: EOF while parsing a value"),
            ("[]", "document: JSON at octet 0: invalid type: sequence, expected a document as an object"),
            ("{}", "document member type: missing"),
            ("{} {}", "document: JSON at octet 3: trailing characters"),
        ] {
            let error = Document::<Value>::from_slice(text.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        let deep = whole().to_string().replace("2011", &("[".repeat(100_000) + &"]".repeat(100_000)));
        let error = Document::<Value>::from_slice(deep.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "json-too-deep");
    }

    #[test]
    fn codes_of_another_scheme_are_read_by_that_scheme() {
        let scheme = CodingScheme::default().with_entity_digits(12).unwrap();
        let entity = scheme.entity_from_body(1_234_567_890).unwrap();
        let number = scheme.document_number(entity, DocumentKind::DECISION, 2025, 1).unwrap();
        let mut document = with("/number", Some(json!(number)));
        document["issuer"] = json!(entity);
        document["kind"] = json!("004");
        let octets = document.to_string().into_bytes();
        let read = Document::<Value>::from_slice_in(&octets, &scheme, &Limits::default()).unwrap();
        assert_eq!((read.number(), read.issuer()), (number, entity));
        let error = Document::<Value>::from_slice(&octets, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "code-entity-check-digits");
    }

    #[test]
    fn contradictions_are_read_and_can_be_asked_for() {
        let mut document = with("/issuer", Some(json!("2345678930")));
        document["kind"] = json!("004");
        document["issuedAt"] = json!("2023-03-01T06:30:00Z");
        let found: Vec<_> = read(&document).unwrap().inconsistencies().iter().map(ToString::to_string).collect();
        let number = "1234567889-014-2025-00012345-22";
        let expected = [
            format!("issuer is 2345678930, the entity in number {number} is 1234567889"),
            format!("kind is 004, the kind in number {number} is 014"),
            format!("issued at 2023-03-01T06:30:00Z, the year in number {number} is 2025"),
        ];
        assert_eq!(found, expected);
    }
}
