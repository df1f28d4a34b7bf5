//! Attributes of the signer (`srAts`, TS 119 182-1 §5.2.5): what the signer claims, and what others say of them.

use serde_json::Value;
#[cfg(feature = "issue")]
use serde_json::json;

use crate::encoding::base64;
use crate::encoding::json::{MemberTypeError, Members};
use crate::jades::JadesError;

/// Attributes of the signer, such as roles. Signed with everything else, and apart from that not verified: who claims to be
/// a judge is not one for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignerAttributes {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claimed: Vec<AttributeValues>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signed_assertions: Vec<AttributeValues>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    certified: Vec<AttributeCertificate>,
}

/// Values of one media type and encoding (`qArrays`).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AttributeValues {
    /// The media type of each value, such as `text/plain`.
    pub media_type: String,
    /// How the values are encoded, such as `binary` for text as it stands, or `base64`.
    pub encoding: String,
    /// The values, encoded so; what is no string stands here as JSON.
    pub values: Vec<String>,
}

/// An attribute certificate, not read (`certifiedAttrs`).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub enum AttributeCertificate {
    /// `x509AttrCert`: DER of an X.509 attribute certificate (RFC 5755); base64 in a report.
    #[serde(rename = "x509", serialize_with = "as_base64")]
    X509(Vec<u8>),
    /// `otherAttrCert`: of another kind; base64 in a report.
    #[serde(rename = "other", serialize_with = "as_base64")]
    Other(Vec<u8>),
}

impl SignerAttributes {
    /// The claim of these roles, each a text.
    #[cfg(feature = "issue")]
    pub(crate) fn claimed_roles_of(roles: &[String]) -> Self {
        let (media_type, encoding) = (PLAIN_TEXT.to_owned(), AS_IT_STANDS.to_owned());
        let claimed = vec![AttributeValues { media_type, encoding, values: roles.to_vec() }];
        Self { claimed, ..Self::default() }
    }

    /// Reads `srAts`.
    pub(crate) fn read(header: Members<'_>) -> Result<Option<Self>, JadesError> {
        let Some(attributes) = header.object("srAts")? else { return Ok(None) };
        let claimed = values(attributes, "claimed")?;
        let signed_assertions = values(attributes, "signedAssertions")?;
        let certified = attributes.array("certified")?.unwrap_or_default();
        let certified: Vec<_> = certified.iter().map(AttributeCertificate::read).collect::<Result<_, _>>()?;
        let read = Self { claimed, signed_assertions, certified };
        if read == Self::default() { Err(JadesError::Empty { member: "srAts" }) } else { Ok(Some(read)) }
    }

    /// The value of `srAts` to write: the claims.
    #[cfg(feature = "issue")]
    pub(crate) fn to_json(&self) -> Value {
        let claimed = self.claimed.iter();
        let entry =
            |of: &AttributeValues| json!({"mediaType": of.media_type, "encoding": of.encoding, "qVals": of.values});
        json!({"claimed": claimed.map(entry).collect::<Vec<_>>()})
    }

    /// What the signer claims to be.
    #[must_use]
    pub fn claimed(&self) -> &[AttributeValues] {
        &self.claimed
    }

    /// The roles among it that are text as it stands.
    pub fn claimed_roles(&self) -> impl Iterator<Item = &str> {
        let texts = self.claimed.iter().filter(|of| of.media_type == PLAIN_TEXT && of.encoding == AS_IT_STANDS);
        texts.flat_map(|of| &of.values).map(String::as_str)
    }

    /// Assertions that someone else signed.
    #[must_use]
    pub fn signed_assertions(&self) -> &[AttributeValues] {
        &self.signed_assertions
    }

    /// Attribute certificates, not verified.
    #[must_use]
    pub fn certified(&self) -> &[AttributeCertificate] {
        &self.certified
    }
}

impl AttributeCertificate {
    fn read(entry: &Value) -> Result<Self, JadesError> {
        let entry = entry.as_object().ok_or_else(|| MemberTypeError::new("certified", "an array of objects", entry))?;
        let (entry, members) = (Members::new(entry), entry.len());
        let (kind, object): (fn(Vec<u8>) -> Self, _) =
            match (entry.object("x509AttrCert")?, entry.object("otherAttrCert")?) {
                (Some(object), None) if members == 1 => (Self::X509, object),
                (None, Some(object)) if members == 1 => (Self::Other, object),
                _ => return Err(JadesError::OneMember { member: "certified", members }),
            };
        let value = object.string("val")?.ok_or(JadesError::Missing { inside: "certified", missing: "val" })?;
        let octets = base64::decode_standard(value);
        octets.map(kind).map_err(|error| JadesError::Base64 { member: "certified", error })
    }

    /// The octets.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        match self {
            Self::X509(octets) | Self::Other(octets) => octets,
        }
    }
}

/// A `qArrays` member.
fn values(attributes: Members<'_>, member: &'static str) -> Result<Vec<AttributeValues>, JadesError> {
    let entries = attributes.array(member)?.unwrap_or_default();
    let read = |entry: &Value| {
        let entry = entry.as_object().ok_or_else(|| MemberTypeError::new(member, "an array of objects", entry))?;
        let entry = Members::new(entry);
        let missing = |missing| JadesError::Missing { inside: member, missing };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Ok(AttributeValues {
            media_type: entry.string("mediaType")?.ok_or_else(|| missing("mediaType"))?.to_owned(),
            encoding: entry.string("encoding")?.ok_or_else(|| missing("encoding"))?.to_owned(),
            values: entry.array("qVals")?.ok_or_else(|| missing("qVals"))?.iter().map(text).collect(),
        })
    };
    entries.iter().map(read).collect()
}

fn as_base64<S: serde::Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&base64::encode_standard(octets))
}

const PLAIN_TEXT: &str = "text/plain";

/// `binary` (RFC 2045 §2.9): the octets as they are.
const AS_IT_STANDS: &str = "binary";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &Value) -> Result<Option<SignerAttributes>, String> {
        SignerAttributes::read(Members::new(header.as_object().unwrap())).map_err(|error| error.to_string())
    }

    #[test]
    fn roles_come_back_as_they_were_claimed() {
        let roles = ["قاض".to_owned(), "clerk".to_owned()];
        let attributes = SignerAttributes::claimed_roles_of(&roles);
        let again = read(&json!({"srAts": attributes.to_json()})).unwrap().unwrap();
        assert!(again.claimed_roles().eq(["قاض", "clerk"]));
        assert_eq!(again, attributes);
    }

    #[test]
    fn each_kind_is_read_apart() {
        let values = json!([{"mediaType": "application/json", "encoding": "binary", "qVals": [{"a": 1}, "b"]}]);
        let certified = json!([{"x509AttrCert": {"val": "MAA="}}, {"otherAttrCert": {"val": "AA=="}}]);
        let read_all = read(&json!({"srAts": {"signedAssertions": values, "certified": certified}})).unwrap().unwrap();
        assert_eq!(read_all.signed_assertions()[0].values, ["{\"a\":1}", "b"]);
        assert_eq!(
            read_all.certified(),
            [AttributeCertificate::X509(vec![0x30, 0]), AttributeCertificate::Other(vec![0])]
        );
        assert_eq!((read_all.claimed_roles().next(), read(&json!({}))), (None, Ok(None)));
        let report = serde_json::to_value(&read_all).unwrap();
        assert_eq!(report["certified"], json!([{"x509": "MAA="}, {"other": "AA=="}]));
        let table = [
            (json!({}), "header: \"srAts\" is empty"),
            (json!({"claimed": ["judge"]}), "header: member \"claimed\": expected an array of objects, found a string"),
            (json!({"claimed": [{"mediaType": "a", "encoding": "b"}]}), "header: \"claimed\" has no member \"qVals\""),
            (json!({"certified": [{}]}), "header: an entry of \"certified\" has 0 members, expected one"),
            (json!({"certified": [{"x509AttrCert": {}}]}), "header: \"certified\" has no member \"val\""),
        ];
        for (value, expected) in table {
            assert_eq!(read(&json!({"srAts": value})).unwrap_err(), expected, "{value}");
        }
    }
}
