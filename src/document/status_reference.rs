//! Where the status of a document is told: draft-ietf-oauth-status-list §6.2.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::encoding::excerpt;

use super::attachment::Attachment;
use super::member::{MemberError, MemberFault, Members};
use super::name::is_uri;

/// The status list that tells whether a document was withdrawn since, and the place in it that is the document's.
///
/// ```
/// use wathiqa::document::StatusReference;
///
/// let reference = StatusReference::new("https://justice.example.gov.sy/status/2025", 412)?;
/// assert_eq!((reference.uri(), reference.index()), ("https://justice.example.gov.sy/status/2025", 412));
/// # Ok::<(), wathiqa::document::MemberError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StatusReference {
    uri: String,
    index: u64,
}

impl StatusReference {
    /// The largest index that every JSON reader keeps exactly (RFC 7493 §2.2).
    pub const MAX_INDEX: u64 = Attachment::MAX_SIZE;

    /// Place `index`, counted from 0, of the list that `uri` names. Nothing is ever fetched from there: it is a name.
    ///
    /// # Errors
    /// [`MemberError`] for what is not a URI (`status list 1`) and for an index above [`MAX_INDEX`](Self::MAX_INDEX).
    pub fn new(uri: impl Into<String>, index: u64) -> Result<Self, MemberError> {
        let uri = uri.into();
        if !is_uri(uri.as_bytes()) {
            return Err(MemberError::new("uri", MemberFault::Uri { found: excerpt(&uri) }));
        }
        if index > Self::MAX_INDEX {
            return Err(MemberError::new("idx", MemberFault::TooLarge { found: index, max: Self::MAX_INDEX }));
        }
        Ok(Self { uri, index })
    }

    pub(super) fn read(value: Value) -> Result<Self, MemberError> {
        let mut mechanisms = Members::of(value)?;
        let list = mechanisms.required("status_list")?;
        let within = |error: MemberError| error.within("status_list");
        let mut members = Members::of(list).map_err(within)?;
        let (uri, index) = (members.text("uri").map_err(within)?, members.integer("idx").map_err(within)?);
        members.finish().map_err(within)?;
        mechanisms.finish()?;
        Self::new(uri, index).map_err(within)
    }

    /// The name of the list, compared octet by octet.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The place in the list, from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }
}

impl Serialize for StatusReference {
    /// `{"status_list":{"idx":412,"uri":"https://.."}}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(1))?;
        members.serialize_entry("status_list", &StatusListMember(self))?;
        members.end()
    }
}

struct StatusListMember<'a>(&'a StatusReference);

impl Serialize for StatusListMember<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry("idx", &self.0.index)?;
        members.serialize_entry("uri", &self.0.uri)?;
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let reference = StatusReference::new("https://example.com/statuslists/1", 0).unwrap();
        let written = serde_json::to_value(&reference).unwrap();
        assert_eq!(written, json!({"status_list": {"idx": 0, "uri": "https://example.com/statuslists/1"}}));
        assert_eq!(StatusReference::read(written), Ok(reference));
    }

    #[test]
    fn what_is_not_a_place_in_a_list_is_refused() {
        let refused = |value| StatusReference::read(value).unwrap_err().within("status").to_string();
        let member = |list: Value| refused(json!({ "status_list": list }));
        let uri = "https://example.com/1";
        assert_eq!(refused(json!(null)), "document member status: null, expected an object");
        assert_eq!(refused(json!({})), "document member status.status_list: missing");
        assert_eq!(member(json!({"idx": 0})), "document member status.status_list.uri: missing");
        let text = member(json!({"idx": "0", "uri": uri}));
        assert_eq!(text, "document member status.status_list.idx: a string, expected an integer");
        let text = member(json!({"idx": -1, "uri": uri}));
        assert_eq!(text, "document member status.status_list.idx: a negative integer, expected an integer");
        let text = member(json!({"idx": 0, "uri": "statuslists/1"}));
        let expected =
            "document member status.status_list.uri: \"statuslists/1\" is not a URI such as https://example.org/a";
        assert_eq!(text, expected);
        assert!(
            member(json!({"idx": 0, "uri": uri, "bits": 1})).starts_with("document member status.status_list.bits: ")
        );
        let other = json!({"status_list": {"idx": 0, "uri": uri}, "other_list": {}});
        assert!(refused(other).starts_with("document member status.other_list: not known"));
    }

    #[test]
    fn an_index_is_one_that_every_reader_keeps() {
        assert!(StatusReference::new("urn:x", StatusReference::MAX_INDEX).is_ok());
        let error = StatusReference::new("urn:x", StatusReference::MAX_INDEX + 1).unwrap_err();
        assert_eq!(error.to_string(), "document member idx: 9007199254740992, expected at most 9007199254740991");
    }
}
