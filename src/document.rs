//! Government documents as structured data: who issued what, of which kind, when, about whom.
//!
//! A document is the payload that gets signed, one JSON object:
//!
//! ```text
//! document   = { "type": "wathiqa-document/1",   ; what this is, and the version of these members
//!                "number": DocumentNumber, "issuer": EntityCode, ["service": ServiceCode,] "kind": DocumentKind,
//!                "issuedAt": instant, ["validity": { "notBefore": instant, "notAfter": instant },]
//!                ["status": { "status_list": { "idx": integer, "uri": URI } },]
//!                ["mandate": base64url of a signed mandate,]
//!                "language": LanguageTag, "title": line, ["subject": subject,]
//!                "body": any JSON, ["attachments": [ *attachment ],] *(extension) }
//! subject    = { "name": line, ["identifier": { "scheme": namespaced-name, "value": line }] }
//! attachment = { "name": file-name, "mediaType": "type/subtype", "size": octets, "sha256": base64url }
//! instant    = RFC 3339 in UTC with "Z", whole seconds           ; 2025-03-01T06:30:00Z
//! line       = a string that is not blank and has no control characters
//! file-name  = a line without "/" or "\", not "." or "..", unique in the document
//! extension  = namespaced-name: any JSON          ; sy.gov.example.counter, https://example.org/counter
//! ```
//!
//! *Accepted:* members in any order, with any white space between them. *Ignored:* nothing outside the body. *Refused:*
//! a member that is missing, of another type (`null` included), or not known; a member that stands twice, at any depth;
//! a `type` of another name or version, before anything else is looked at, so that a reader of a later day says
//! "version 2" and not "unknown member". A member of any other name is an **extension** when its name is a reversed
//! domain or a URI, which no two authorities choose alike, and an error when it is not. Whoever does not know an
//! extension may pass it over; what must not be passed over belongs in the body.
//!
//! A `status` names the list that tells whether the document was withdrawn since ([`crate::status`]); it is the claim of
//! draft-ietf-oauth-status-list §6.2, and the list named is never fetched.
//!
//! A `mandate` is the signed document by which the issuer lets the entity that signs this one do so ([`Mandate`]); whoever
//! verifies the document can also be given it beside the file.
//!
//! Codes are read by the default [`CodingScheme`](crate::codes::CodingScheme), or by the one given to
//! [`Document::from_slice_in`]. That number, issuer, kind and year agree is not asked of what is read:
//! [`Document::inconsistencies`] tells, so that a verifier can name what contradicts. [`Document::builder`] makes none.
//!
//! The **body** is the caller's type, by serde. Give it `#[serde(deny_unknown_fields)]`, so that it is read as strictly
//! as the rest. Write amounts as integers or strings: JSON readers differ in the last digit of a fraction.
//!
//! Writing is **deterministic**: members in the order above, those inside body and extensions by name, no white space.
//! Nothing is written again to be verified: a signature is over the octets that were read.
//!
//! Free text may hold bidirectional controls, which right-to-left text may need and an attacker may misuse:
//! [`Document::bidi_controls`] reports them. Codes never hold them.
//!
//! ```
//! use wathiqa::budget::Limits;
//! use wathiqa::codes::{DocumentKind, DocumentNumber, EntityCode};
//! use wathiqa::document::{Attachment, Document, Subject};
//!
//! #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Residence {
//!     district: String,
//!     since: u16,
//! }
//!
//! let entity = EntityCode::from_body(12_345_678)?;
//! let number = DocumentNumber::new(entity, DocumentKind::new(14)?, 2025, 12_345)?;
//! let document = Document::builder(number, "2025-03-01T06:30:00Z".parse()?)
//!     .language("ar-SY")
//!     .title("شهادة سكن")
//!     .subject(Subject::new("ليلى حداد")?.with_identifier("sy.gov.example.national-number", "01010012345")?)
//!     .attachment(Attachment::of("المخطط.pdf", "application/pdf", b"%PDF-1.7 ...")?)
//!     .build(Residence { district: "الميدان".into(), since: 2011 })?;
//!
//! let octets = document.to_vec()?;
//! let read = Document::<Residence>::from_slice(&octets, &Limits::default())?;
//! assert_eq!(read, document);
//! assert_eq!(read.title(), "شهادة سكن");
//!
//! let other = String::from_utf8(octets)?.replace("\"title\"", "\"titel\"");
//! let error = Document::<Residence>::from_slice(other.as_bytes(), &Limits::default()).unwrap_err();
//! assert_eq!(error.to_string(), "document member title: missing");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attachment;
mod builder;
mod consistency;
mod free_text;
mod language;
mod mandate;
mod member;
mod name;
mod reading;
mod status_reference;
mod straight;
mod subject;
mod writing;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::codes::{DocumentKind, DocumentNumber, EntityCode, ServiceCode};
use crate::encoding::{excerpt, remark};
use crate::time::{Instant, Validity};

pub use attachment::{Attachment, AttachmentError};
pub use builder::DocumentBuilder;
pub use consistency::Inconsistency;
pub use free_text::BidiControl;
pub(crate) use free_text::{line, may_have_bidi_control};
pub use language::{LanguageTag, LanguageTagError, LanguageTagFault};
pub use mandate::{Mandate, MandateError};
pub use member::{MemberError, MemberFault};
pub use reading::DocumentError;
pub use status_reference::StatusReference;
pub(crate) use straight::{StatusPlace, StraightDocument, StraightMemory};
pub use subject::{Subject, SubjectIdentifier};

/// The media type of a document, without `application/`, as the header member `cty` has it (RFC 7515 §4.1.10).
pub const MEDIA_TYPE: &str = "vnd.wathiqa.document+json";

/// A government document with a body of type `B`; [the module](self) has its form.
///
/// Made by [`Document::builder`] or read by [`Document::from_slice`]. That a document was read says nothing of who
/// wrote it: that is for a verifier to find out.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<B> {
    head: Head,
    body: B,
}

/// Everything but the body.
#[derive(Debug, Clone, PartialEq)]
struct Head {
    number: DocumentNumber,
    issuer: EntityCode,
    service: Option<ServiceCode>,
    kind: DocumentKind,
    issued_at: Instant,
    validity: Option<Validity>,
    status: Option<StatusReference>,
    /// A signed file.
    mandate: Option<Vec<u8>>,
    language: LanguageTag,
    title: String,
    subject: Option<Subject>,
    /// No two of one name.
    attachments: Vec<Attachment>,
    /// By names with a namespace.
    extensions: BTreeMap<String, Value>,
}

impl<B> Document<B> {
    /// The number of the document.
    #[must_use]
    pub fn number(&self) -> DocumentNumber {
        self.head.number
    }

    /// The entity that issued the document, as the document says.
    #[must_use]
    pub fn issuer(&self) -> EntityCode {
        self.head.issuer
    }

    /// The service that the document is a result of.
    #[must_use]
    pub fn service(&self) -> Option<ServiceCode> {
        self.head.service
    }

    /// The kind of the document.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        self.head.kind
    }

    /// When the document was issued, as the document says, in whole seconds.
    #[must_use]
    pub fn issued_at(&self) -> Instant {
        self.head.issued_at
    }

    /// The period in which the document is to be relied on.
    #[must_use]
    pub fn validity(&self) -> Option<Validity> {
        self.head.validity
    }

    /// The mandate that the document carries: a JWS, not verified.
    #[must_use]
    pub fn mandate(&self) -> Option<&[u8]> {
        self.head.mandate.as_deref()
    }

    /// The status list that tells whether the document was withdrawn since, and its place there.
    #[must_use]
    pub fn status(&self) -> Option<&StatusReference> {
        self.head.status.as_ref()
    }

    /// The language of the title and of the body.
    #[must_use]
    pub fn language(&self) -> &LanguageTag {
        &self.head.language
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.head.title
    }

    /// The person or body the document is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        self.head.subject.as_ref()
    }

    /// The attachments, in order.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.head.attachments
    }

    /// The attachment of this name.
    #[must_use]
    pub fn attachment(&self, name: &str) -> Option<&Attachment> {
        self.head.attachments.iter().find(|attachment| attachment.name() == name)
    }

    /// The names of the extensions, in order.
    pub fn extension_names(&self) -> impl Iterator<Item = &str> {
        self.head.extensions.keys().map(String::as_str)
    }

    /// The extension `name` as a `T`, when the document has it.
    ///
    /// # Errors
    /// [`MemberError`] when it is not a `T`, such as a text where `T` is a number.
    pub fn extension<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, MemberError> {
        let extension = self.head.extensions.get(name).map(T::deserialize).transpose();
        extension.map_err(|error| MemberError::new(&excerpt(name), MemberFault::Shape(remark(&error.to_string()))))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The body alone.
    #[must_use]
    pub fn into_body(self) -> B {
        self.body
    }
}
