//! From a document to octets.

use serde::Serialize;
use serde::ser::{Error, SerializeMap, Serializer};
use serde_json::Value;

use crate::encoding::base64;
use crate::time::Validity;

use super::Document;
use super::free_text::BidiControl;
use super::member::{MemberError, MemberFault};
use super::reading::{DocumentError, TYPE};

impl<B: Serialize> Document<B> {
    /// The document as JSON, deterministic: members in the order of [the module](super), those inside body and
    /// extensions by name, no white space. The same document always makes the same octets. A `f64` that is not a number
    /// JSON knows (NaN, infinity) becomes `null`, as `serde_json` has it.
    ///
    /// # Errors
    /// [`DocumentError::Member`] for a body that JSON cannot hold, such as a map whose keys are not texts.
    pub fn to_vec(&self) -> Result<Vec<u8>, DocumentError> {
        serde_json::to_vec(self).map_err(|error| not_json(&error))
    }

    /// The bidirectional controls in the texts of the document, body and extensions included, in the order of member
    /// names; the first thousand.
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec).
    pub fn bidi_controls(&self) -> Result<Vec<BidiControl>, DocumentError> {
        serde_json::to_value(self).map(|value| BidiControl::all_in(&value)).map_err(|error| not_json(&error))
    }
}

/// Everything but the body always can be written.
fn not_json(error: &serde_json::Error) -> DocumentError {
    MemberError::new("body", MemberFault::NotJson(error.to_string())).into()
}

impl<B: Serialize> Serialize for Document<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let head = &self.head;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("type", TYPE)?;
        members.serialize_entry("number", &head.number)?;
        members.serialize_entry("issuer", &head.issuer)?;
        if let Some(service) = &head.service {
            members.serialize_entry("service", service)?;
        }
        members.serialize_entry("kind", &head.kind)?;
        members.serialize_entry("issuedAt", &head.issued_at)?;
        if let Some(validity) = head.validity {
            members.serialize_entry("validity", &Period(validity))?;
        }
        if let Some(status) = &head.status {
            members.serialize_entry("status", status)?;
        }
        if let Some(mandate) = &head.mandate {
            members.serialize_entry("mandate", &base64::encode_url(mandate))?;
        }
        members.serialize_entry("language", &head.language)?;
        members.serialize_entry("title", &head.title)?;
        if let Some(subject) = &head.subject {
            members.serialize_entry("subject", subject)?;
        }
        members.serialize_entry("body", &sorted(serde_json::to_value(&self.body).map_err(S::Error::custom)?))?;
        if !head.attachments.is_empty() {
            members.serialize_entry("attachments", &head.attachments)?;
        }
        for (name, value) in &head.extensions {
            members.serialize_entry(name, &sorted(value.clone()))?;
        }
        members.end()
    }
}

/// `value` with the members of every object by name, which they are not in a build that turned on `serde_json`'s
/// `preserve_order`.
fn sorted(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

pub(super) struct Period(pub(super) Validity);

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry("notBefore", &self.0.not_before())?;
        members.serialize_entry("notAfter", &self.0.not_after())?;
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use crate::document::{Attachment, DocumentBuilder, StatusReference, Subject};

    use super::*;

    fn start() -> DocumentBuilder {
        let number = "1234567889-014-2025-00012345-22".parse().unwrap();
        Document::builder(number, "2025-03-01T06:30:00Z".parse().unwrap()).language("ar").title("قرار")
    }

    #[test]
    fn members_stand_in_one_order() {
        let at = |text: &str| text.parse().unwrap();
        let document = start()
            .attachment(Attachment::of("a", "text/plain", b"abc").unwrap())
            .subject(Subject::new("س").unwrap().with_identifier("urn:x", "1").unwrap())
            .service("40000182".parse().unwrap())
            .status(StatusReference::new("urn:list", 7).unwrap())
            .mandate(b"{}")
            .validity(Validity::new(at("2025-03-01T00:00:00Z"), at("2025-12-31T23:59:59Z")).unwrap())
            .extension("urn:b", &HashMap::from([("z", 1), ("a", 2), ("m", 3)]))
            .and_then(|builder| builder.extension("urn:a", &1))
            .and_then(|builder| builder.build(HashMap::from([("b", 1), ("c", 2), ("a", 3)])))
            .unwrap();
        let expected = concat!(
            r#"{"type":"wathiqa-document/1","number":"1234567889-014-2025-00012345-22","issuer":"1234567889","#,
            r#""service":"40000182","kind":"014","issuedAt":"2025-03-01T06:30:00Z","#,
            r#""validity":{"notBefore":"2025-03-01T00:00:00Z","notAfter":"2025-12-31T23:59:59Z"},"#,
            r#""status":{"status_list":{"idx":7,"uri":"urn:list"}},"mandate":"e30","#,
            r#""language":"ar","title":"قرار","subject":{"name":"س","identifier":{"scheme":"urn:x","value":"1"}},"#,
            r#""body":{"a":3,"b":1,"c":2},"attachments":[{"name":"a","mediaType":"text/plain","size":3,"#,
            r#""sha256":"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"}],"urn:a":1,"urn:b":{"a":2,"m":3,"z":1}}"#,
        );
        assert_eq!(String::from_utf8(document.to_vec().unwrap()).unwrap(), expected);
    }

    #[test]
    fn a_body_that_json_cannot_hold_is_refused() {
        let document = start().build(BTreeMap::from([((1, 2), 3)])).unwrap();
        let message = "document member body: cannot be written as JSON: key must be a string";
        assert_eq!(document.to_vec().unwrap_err().to_string(), message);
        assert_eq!(document.bidi_controls().unwrap_err().to_string(), message);
    }

    #[test]
    fn bidi_controls_are_reported_and_not_refused() {
        let document = start().title("دفع\u{202E}gnp.exe").build(["\u{2067}نعم\u{2069}"]).unwrap();
        let found: Vec<_> = document.bidi_controls().unwrap().iter().map(ToString::to_string).collect();
        let expected = [
            "document member body[0]: character 1 is a bidirectional control (U+2067)",
            "document member body[0]: character 5 is a bidirectional control (U+2069)",
            "document member title: character 4 is a bidirectional control (U+202E)",
        ];
        assert_eq!(found, expected);
        assert_eq!(start().build("وثيقة بلا حيل").unwrap().bidi_controls(), Ok(vec![]));
    }
}
