//! Making a document.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::codes::{DocumentNumber, ServiceCode};
use crate::encoding::excerpt;
use crate::time::{Instant, Validity};

use super::attachment::Attachment;
use super::member::{MemberError, MemberFault};
use super::name::is_namespaced;
use super::reading::{DocumentError, unique_names};
use super::status_reference::StatusReference;
use super::subject::Subject;
use super::{Document, Head, free_text};

impl Document<()> {
    /// Starts a document with this number, issued at this time.
    ///
    /// The number says who issues and what kind the document is, so neither is asked for again. `issued_at` is in whole
    /// seconds.
    pub fn builder(number: DocumentNumber, issued_at: Instant) -> DocumentBuilder {
        DocumentBuilder {
            number,
            issued_at,
            service: None,
            validity: None,
            status: None,
            mandate: None,
            language: None,
            title: None,
            subject: None,
            attachments: Vec::new(),
            extensions: BTreeMap::new(),
        }
    }
}

/// A document in the making; [`Document::builder`] starts it, [`build`](Self::build) makes it.
#[derive(Debug, Clone)]
#[must_use]
pub struct DocumentBuilder {
    number: DocumentNumber,
    issued_at: Instant,
    service: Option<ServiceCode>,
    validity: Option<Validity>,
    status: Option<StatusReference>,
    mandate: Option<Vec<u8>>,
    language: Option<String>,
    title: Option<String>,
    subject: Option<Subject>,
    attachments: Vec<Attachment>,
    extensions: BTreeMap<String, Value>,
}

impl DocumentBuilder {
    /// The language of the document, a BCP 47 tag such as `ar` or `ar-SY`. Required.
    pub fn language(mut self, tag: impl Into<String>) -> Self {
        self.language = Some(tag.into());
        self
    }

    /// The title, one line. Required.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The service that the document is a result of.
    pub fn service(mut self, service: ServiceCode) -> Self {
        self.service = Some(service);
        self
    }

    /// The period in which the document is to be relied on, its ends in whole seconds.
    pub fn validity(mut self, validity: Validity) -> Self {
        self.validity = Some(validity);
        self
    }

    /// The signed [mandate](super::Mandate), a JWS, by which another entity signs the document in the name of its issuer.
    pub fn mandate(mut self, file: impl Into<Vec<u8>>) -> Self {
        self.mandate = Some(file.into());
        self
    }

    /// The status list that will tell whether the document was withdrawn, and its place there, which must be its own.
    pub fn status(mut self, status: StatusReference) -> Self {
        self.status = Some(status);
        self
    }

    /// The person or body the document is about.
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    /// One more attachment.
    pub fn attachment(mut self, attachment: Attachment) -> Self {
        self.attachments.push(attachment);
        self
    }

    /// The extension `name`, a reversed domain or a URI as in `sy.gov.example.counter`; a second value replaces the
    /// first.
    ///
    /// # Errors
    /// [`DocumentError::Member`] for a name without a namespace (`counter`) and a value that JSON cannot hold (a map
    /// whose keys are not texts).
    pub fn extension<T: Serialize + ?Sized>(mut self, name: &str, value: &T) -> Result<Self, DocumentError> {
        let refuse = |fault| MemberError::new(&excerpt(name), fault);
        if !is_namespaced(name) {
            return Err(refuse(MemberFault::NoNamespace { found: excerpt(name) }).into());
        }
        let value = serde_json::to_value(value).map_err(|error| refuse(MemberFault::NotJson(error.to_string())))?;
        self.extensions.insert(name.to_owned(), value);
        Ok(self)
    }

    /// The document with this body.
    ///
    /// # Errors
    /// [`DocumentError::Member`] for a language or title that is missing or not what it must be, a time with a
    /// fraction of a second, and two attachments with one name; [`DocumentError::Inconsistent`] for a moment of issue
    /// outside the year in the number.
    pub fn build<B>(self, body: B) -> Result<Document<B>, DocumentError> {
        let missing = |member| move || MemberError::new(member, MemberFault::Missing);
        let language = self.language.ok_or_else(missing("language"))?;
        let language = language.parse().map_err(|error| MemberError::new("language", MemberFault::Language(error)))?;
        let title = free_text::check("title", self.title.ok_or_else(missing("title"))?)?;
        in_whole_seconds("issuedAt", self.issued_at)?;
        if let Some(validity) = &self.validity {
            in_whole_seconds("validity.notBefore", validity.not_before())?;
            in_whole_seconds("validity.notAfter", validity.not_after())?;
        }
        unique_names(&self.attachments)?;
        let head = Head {
            number: self.number,
            issuer: self.number.entity(),
            service: self.service,
            kind: self.number.kind(),
            issued_at: self.issued_at,
            validity: self.validity,
            status: self.status,
            mandate: self.mandate,
            language,
            title,
            subject: self.subject,
            attachments: self.attachments,
            extensions: self.extensions,
        };
        let document = Document { head, body };
        match document.inconsistencies().into_iter().next() {
            None => Ok(document),
            Some(inconsistency) => Err(DocumentError::Inconsistent(inconsistency)),
        }
    }
}

fn in_whole_seconds(member: &str, instant: Instant) -> Result<(), MemberError> {
    if instant.nanosecond() == 0 {
        return Ok(());
    }
    let (found, expected) = (instant.to_string(), instant.whole_seconds().to_string());
    Err(MemberError::new(member, MemberFault::TimeSpelling { found, expected }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DocumentBuilder {
        let number = "1234567889-014-2025-00012345-22".parse().unwrap();
        Document::builder(number, "2025-03-01T06:30:00Z".parse().unwrap())
    }

    fn refused(builder: DocumentBuilder) -> String {
        builder.build(()).unwrap_err().to_string()
    }

    #[test]
    fn the_number_says_who_and_what() {
        let document = start().language("ar").title("قرار").build(()).unwrap();
        assert_eq!(document.issuer(), document.number().entity());
        assert_eq!(document.kind(), document.number().kind());
        assert_eq!(document.inconsistencies(), []);
    }

    #[test]
    fn what_could_not_be_read_is_not_made() {
        assert_eq!(refused(start().title("قرار")), "document member language: missing");
        assert_eq!(refused(start().language("ar")), "document member title: missing");
        let complete = || start().language("ar").title("قرار");
        assert_eq!(refused(complete().title("\u{A0}")), "document member title: blank");
        assert_eq!(
            refused(complete().language("Arabic")),
            "document member language: language tag \"Arabic\": expected \"arabic\""
        );
        let attachment = || Attachment::of("a", "text/plain", b"").unwrap();
        assert_eq!(
            refused(complete().attachment(attachment()).attachment(attachment())),
            "document member attachments[1].name: \"a\" is also the name of attachments[0]"
        );
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let validity = Validity::new(at("2025-03-01T00:00:00Z"), at("2025-03-31T23:59:59.9Z")).unwrap();
        assert_eq!(
            refused(complete().validity(validity)),
            "document member validity.notAfter: \"2025-03-31T23:59:59.9Z\", expected \"2025-03-31T23:59:59Z\""
        );
        let mut builder = complete();
        builder.issued_at = at("2025-03-01T06:30:00.25Z");
        assert_eq!(
            refused(builder),
            "document member issuedAt: \"2025-03-01T06:30:00.25Z\", expected \"2025-03-01T06:30:00Z\""
        );
        let mut builder = complete();
        builder.issued_at = at("2026-06-01T00:00:00Z");
        let message =
            "document: issued at 2026-06-01T00:00:00Z, the year in number 1234567889-014-2025-00012345-22 is 2025";
        assert_eq!(refused(builder), message);
    }

    #[test]
    fn an_extension_has_a_namespace_and_a_value() {
        let refuse = |result: Result<DocumentBuilder, DocumentError>| result.unwrap_err().to_string();
        assert_eq!(
            refuse(start().extension("counter", &7)),
            "document member counter: \"counter\" has no namespace, expected a name such as sy.gov.example.name or a URI"
        );
        assert_eq!(
            refuse(start().extension("sy.gov.x", &BTreeMap::from([((1, 2), 3)]))),
            "document member sy.gov.x: cannot be written as JSON: key must be a string"
        );
        let builder = start().language("ar").title("قرار").extension("urn:x:b", &7).unwrap();
        let document = builder.extension("sy.gov.x", "نافذة").unwrap().build(()).unwrap();
        assert_eq!(document.extension_names().collect::<Vec<_>>(), ["sy.gov.x", "urn:x:b"]);
        assert_eq!(document.extension("urn:x:b"), Ok(Some(7)));
        assert_eq!(document.extension::<u8>("urn:x:c"), Ok(None));
        let error = document.extension::<u8>("sy.gov.x").unwrap_err();
        let message = "document member sy.gov.x: invalid type: string \"نافذة\", expected u8";
        assert_eq!((error.to_string().as_str(), error.code()), (message, "document-extension-shape"));
    }
}
