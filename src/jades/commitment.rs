//! What the signer commits to by signing (`srCms`, TS 119 182-1 §5.2.3).

use serde_json::Value;
#[cfg(feature = "issue")]
use serde_json::json;

use crate::encoding::json::{MemberTypeError, Members};
use crate::jades::{JadesError, ObjectId};

/// One commitment of the signer, such as proof of origin, of approval, of creation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Commitment {
    id: ObjectId,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    qualifiers: Vec<String>,
}

impl Commitment {
    /// The commitment that `id` identifies, without qualifiers.
    #[must_use]
    pub fn new(id: ObjectId) -> Self {
        Self { id, qualifiers: Vec::new() }
    }

    /// Reads `srCms`.
    pub(crate) fn read_all(header: Members<'_>) -> Result<Vec<Self>, JadesError> {
        let Some(entries) = header.array("srCms")? else { return Ok(Vec::new()) };
        if entries.is_empty() {
            return Err(JadesError::Empty { member: "srCms" });
        }
        entries.iter().map(Self::read).collect()
    }

    fn read(entry: &Value) -> Result<Self, JadesError> {
        let entry = entry.as_object().ok_or_else(|| MemberTypeError::new("srCms", "an array of objects", entry))?;
        let entry = Members::new(entry);
        let missing = JadesError::Missing { inside: "srCms", missing: "commId" };
        let id = ObjectId::read("commId", entry.object("commId")?.ok_or(missing)?)?;
        let qualifiers = entry.array("commQuals")?.unwrap_or_default().iter().map(Value::to_string).collect();
        Ok(Self { id, qualifiers })
    }

    /// The entry of `srCms` to write.
    #[cfg(feature = "issue")]
    pub(crate) fn to_json(&self) -> Value {
        json!({"commId": self.id.to_json()})
    }

    /// What is committed to.
    #[must_use]
    pub fn id(&self) -> &ObjectId {
        &self.id
    }

    /// The qualifiers, each as JSON; what they mean is for whoever defined the commitment.
    #[must_use]
    pub fn qualifiers(&self) -> &[String] {
        &self.qualifiers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<Vec<Commitment>, String> {
        let header: Value = serde_json::from_str(header).unwrap();
        Commitment::read_all(Members::new(header.as_object().unwrap())).map_err(|error| error.to_string())
    }

    #[test]
    fn commitments_are_read_with_their_qualifiers() {
        let text =
            r#"{"srCms":[{"commId":{"id":"urn:a","desc":"A"},"commQuals":[{"x":1}]},{"commId":{"id":"urn:b"}}]}"#;
        let [first, second] = &read(text).unwrap()[..] else { panic!("two") };
        assert_eq!((first.id().id(), first.id().description()), ("urn:a", Some("A")));
        assert_eq!(
            (first.qualifiers(), second),
            (&[r#"{"x":1}"#.to_owned()][..], &Commitment::new(ObjectId::new("urn:b")))
        );
        assert_eq!(read("{}"), Ok(vec![]));
        let table = [
            (r#"{"srCms":{}}"#, "header: member \"srCms\": expected an array, found an object"),
            (r#"{"srCms":[]}"#, "header: \"srCms\" is empty"),
            (r#"{"srCms":["urn:a"]}"#, "header: member \"srCms\": expected an array of objects, found a string"),
            (r#"{"srCms":[{}]}"#, "header: \"srCms\" has no member \"commId\""),
            (r#"{"srCms":[{"commId":{}}]}"#, "header: \"commId\" has no member \"id\""),
        ];
        for (header, expected) in table {
            assert_eq!(read(header).unwrap_err(), expected, "{header}");
        }
    }
}
