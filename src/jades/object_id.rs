//! Identifiers of things that a signature speaks of (`oId`, TS 119 182-1 §5.4.1).

#[cfg(feature = "issue")]
use serde_json::{Map, Value, json};

use crate::encoding::json::Members;
use crate::jades::JadesError;

/// A URI that identifies something (an OID is `urn:oid:1.2.3`), with a description and where it is documented.
///
/// Nothing is fetched from it; two are the same when their URIs are, octet for octet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectId {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<String>,
}

impl ObjectId {
    /// The identifier `uri`, such as `urn:oid:1.2.3` or `https://example.gov/policy/1`.
    #[must_use]
    pub fn new(uri: impl Into<String>) -> Self {
        Self { id: uri.into(), description: None, documents: Vec::new() }
    }

    /// Adds a description, for people.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Reads an `oId` that stands in `inside`.
    pub(crate) fn read(inside: &'static str, object: Members<'_>) -> Result<Self, JadesError> {
        let id = object.string("id")?.ok_or(JadesError::Missing { inside, missing: "id" })?.to_owned();
        let description = object.string("desc")?.map(str::to_owned);
        let documents = object.strings("docRefs")?.unwrap_or_default().into_iter().map(str::to_owned).collect();
        Ok(Self { id, description, documents })
    }

    /// The `oId` to write.
    #[cfg(feature = "issue")]
    pub(crate) fn to_json(&self) -> Value {
        let mut object = Map::from_iter([("id".to_owned(), json!(self.id))]);
        if let Some(description) = &self.description {
            object.insert("desc".to_owned(), json!(description));
        }
        if !self.documents.is_empty() {
            object.insert("docRefs".to_owned(), json!(self.documents));
        }
        object.into()
    }

    /// The URI.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The description, if there is one.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// URIs of documents about it.
    #[must_use]
    pub fn documents(&self) -> &[String] {
        &self.documents
    }
}
