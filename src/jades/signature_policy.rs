//! The policy by which the signer wants the signature to be validated (`sigPId`, TS 119 182-1 §5.2.7).

use serde_json::Value;
#[cfg(feature = "issue")]
use serde_json::{Map, json};

use crate::digest::{Digest, DigestAlgorithm};
#[cfg(feature = "issue")]
use crate::encoding::base64;
use crate::encoding::der::{DerError, Reader, Tag};
use crate::encoding::json::{MemberTypeError, Members};
use crate::jades::{JadesError, ObjectId, digest_identifier};

/// A signature policy, by identifier and, usually, by the digest of its document.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignaturePolicyId {
    id: ObjectId,
    #[serde(skip)]
    digest: Option<Result<Digest, JadesError>>,
    digest_as_specified: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    qualifiers: Vec<PolicyQualifier>,
}

/// What a signature policy identifier adds to itself (§5.2.7.2).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PolicyQualifier {
    /// `spURI`: where a copy of the policy is.
    Uri(String),
    /// `spUserNotice`: a text to be shown, with the notice that it stands for.
    UserNotice(UserNotice),
    /// `spDSpec`: the technical specification that the policy document keeps.
    Specification(ObjectId),
    /// Another, by its name; not read.
    Other(String),
}

/// A text that a relying party is to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserNotice {
    /// Whose notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Which of its notices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notice_numbers: Vec<i64>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_text: Option<String>,
}

impl SignaturePolicyId {
    /// The policy `id`, whose document has this digest, over all its octets.
    ///
    /// # Errors
    /// [`JadesError::DigestAlgorithm`] for a SHA-1 digest.
    pub fn new(id: ObjectId, digest: Digest) -> Result<Self, JadesError> {
        if digest.algorithm() == DigestAlgorithm::Sha1 {
            return Err(JadesError::DigestAlgorithm { member: "digAlg", found: digest.algorithm().to_string() });
        }
        Ok(Self { id, digest: Some(Ok(digest)), digest_as_specified: false, qualifiers: Vec::new() })
    }

    /// Says where a copy of the policy is, `spURI`.
    #[must_use]
    pub fn with_uri(mut self, uri: impl Into<String>) -> Self {
        self.qualifiers.push(PolicyQualifier::Uri(uri.into()));
        self
    }

    /// Reads `sigPId`.
    pub(crate) fn read(header: Members<'_>) -> Result<Option<Self>, JadesError> {
        let Some(policy) = header.object("sigPId")? else { return Ok(None) };
        let missing = |missing| JadesError::Missing { inside: "sigPId", missing };
        let id = ObjectId::read("sigPId", policy.object("id")?.ok_or_else(|| missing("id"))?)?;
        let digest = match (policy.string("digAlg")?, policy.string("digVal")?) {
            (None, None) => None,
            (Some(algorithm), Some(value)) => {
                let algorithm = digest_identifier::algorithm("digAlg", algorithm);
                Some(algorithm.and_then(|algorithm| digest_identifier::digest("digVal", algorithm, value)))
            }
            (None, Some(_)) => return Err(missing("digAlg")),
            (Some(_), None) => return Err(missing("digVal")),
        };
        let digest_as_specified = policy.boolean("digPSp")?.unwrap_or_default();
        let qualifiers = policy.array("sigPQuals")?.unwrap_or_default();
        let qualifiers = qualifiers.iter().map(PolicyQualifier::read).collect::<Result<_, _>>()?;
        Ok(Some(Self { id, digest, digest_as_specified, qualifiers }))
    }

    /// The value of `sigPId` to write.
    #[cfg(feature = "issue")]
    pub(crate) fn to_json(&self) -> Value {
        let mut object = Map::from_iter([("id".to_owned(), self.id.to_json())]);
        if let Some(Ok(digest)) = &self.digest {
            object.insert("digAlg".to_owned(), json!(digest_identifier::identifier(digest.algorithm())));
            object.insert("digVal".to_owned(), json!(base64::encode_url(digest.as_octets())));
        }
        let uris: Vec<Value> = self.uris().map(|uri| json!({"spURI": uri})).collect();
        if !uris.is_empty() {
            object.insert("sigPQuals".to_owned(), uris.into());
        }
        object.into()
    }

    /// Which policy.
    #[must_use]
    pub fn id(&self) -> &ObjectId {
        &self.id
    }

    /// The digest of the policy document.
    ///
    /// # Errors
    /// [`JadesError::DigestAlgorithm`] when it is by an algorithm that is not known, `"digAlg":"S3-256"`;
    /// [`JadesError::Base64`] and [`JadesError::DigestLength`] when it is no digest.
    pub fn digest(&self) -> Option<Result<&Digest, &JadesError>> {
        self.digest.as_ref().map(Result::as_ref)
    }

    /// Whether the digest is as a technical specification has it, `digPSp`, and not over all octets of the document.
    #[must_use]
    pub fn is_digest_as_specified(&self) -> bool {
        self.digest_as_specified
    }

    /// What is added to it.
    #[must_use]
    pub fn qualifiers(&self) -> &[PolicyQualifier] {
        &self.qualifiers
    }

    /// Where copies of the policy are.
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        self.qualifiers.iter().filter_map(|qualifier| match qualifier {
            PolicyQualifier::Uri(uri) => Some(uri.as_str()),
            _ => None,
        })
    }

    /// The digest of `document` that stands for it: over its octets, or as its specification has it. Of the specifications
    /// only the ASN.1 one is known (ETSI TR 102 272); `None` for a document of another.
    pub(crate) fn digest_of(&self, document: &[u8], expected: &Digest) -> Option<Digest> {
        let octets = if self.digest_as_specified { asn1_policy(document).ok()? } else { document.to_vec() };
        Some(expected.algorithm().digest(&octets))
    }
}

impl PolicyQualifier {
    fn read(entry: &Value) -> Result<Self, JadesError> {
        let entry = entry.as_object().ok_or_else(|| MemberTypeError::new("sigPQuals", "an array of objects", entry))?;
        let (qualifier, members) = (Members::new(entry), entry.len());
        let [name] = qualifier.names().collect::<Vec<_>>()[..] else {
            return Err(JadesError::OneMember { member: "sigPQuals", members });
        };
        if let Some(uri) = qualifier.value("spURI").map(|_| qualifier.string("spURI")) {
            return Ok(Self::Uri(uri?.unwrap_or_default().to_owned()));
        }
        if let Some(notice) = qualifier.value("spUserNotice").map(|_| qualifier.object("spUserNotice")) {
            return notice?.map_or(Ok(UserNotice::default()), UserNotice::read).map(Self::UserNotice);
        }
        match qualifier.value("spDSpec") {
            None => Ok(Self::Other(name.to_owned())),
            // Older signers write the identifier without the object around it.
            Some(Value::String(uri)) => Ok(Self::Specification(ObjectId::new(uri))),
            Some(value) => {
                let object = value.as_object().ok_or_else(|| MemberTypeError::new("spDSpec", "an object", value))?;
                ObjectId::read("spDSpec", Members::new(object)).map(Self::Specification)
            }
        }
    }
}

impl UserNotice {
    fn read(notice: Members<'_>) -> Result<Self, JadesError> {
        let mut read = Self { explicit_text: notice.string("explText")?.map(str::to_owned), ..Self::default() };
        if let Some(reference) = notice.object("noticeRef")? {
            read.organization = reference.string("organization")?.map(str::to_owned);
            let numbers = reference.array("noticeNumbers")?.unwrap_or_default().iter();
            let number = |value: &Value| {
                value.as_i64().ok_or_else(|| MemberTypeError::new("noticeNumbers", "an array of integers", value))
            };
            read.notice_numbers = numbers.map(number).collect::<Result<_, _>>()?;
        }
        Ok(read)
    }
}

/// What the digest of an ASN.1 signature policy is over (ETSI TR 102 272 annex A): the first two components, hash algorithm
/// and policy, without the SEQUENCE around them.
fn asn1_policy(document: &[u8]) -> Result<Vec<u8>, DerError> {
    let mut whole = Reader::new(document);
    let mut policy = whole.read(Tag::SEQUENCE)?.reader();
    whole.finish()?;
    let (algorithm, info) = (policy.read(Tag::SEQUENCE)?, policy.read(Tag::SEQUENCE)?);
    Ok([algorithm.as_der(), info.as_der()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(policy: &Value) -> Result<SignaturePolicyId, String> {
        let header = json!({"sigPId": policy});
        let read = SignaturePolicyId::read(Members::new(header.as_object().unwrap()));
        read.map(Option::unwrap).map_err(|error| error.to_string())
    }

    #[test]
    fn a_policy_comes_back_as_it_was_written() {
        let digest = DigestAlgorithm::Sha384.digest(b"policy");
        let policy = SignaturePolicyId::new(ObjectId::new("urn:oid:1.2.3").with_description("d"), digest).unwrap();
        let policy = policy.with_uri("https://example.gov/policy");
        assert_eq!(read(&policy.to_json()), Ok(policy));
        let error =
            SignaturePolicyId::new(ObjectId::new("urn:p"), DigestAlgorithm::Sha1.digest(b"policy")).unwrap_err();
        assert_eq!(error.to_string(), "header: \"digAlg\": digest algorithm \"SHA-1\", expected S256, S384 or S512");
    }

    #[test]
    fn qualifiers_are_read_each_as_what_it_is() {
        let policy = read(&json!({"id": {"id": "urn:p"}, "sigPQuals": [
            {"spURI": "http://x"}, {"spUserNotice": {"noticeRef": {"organization": "O", "noticeNumbers": [1, 2]}, "explText": "T"}},
            {"spDSpec": {"id": "urn:s"}}, {"spDSpec": "urn:old"}, {"other": 1},
        ]}));
        let notice =
            UserNotice { organization: Some("O".into()), notice_numbers: vec![1, 2], explicit_text: Some("T".into()) };
        let policy = policy.unwrap();
        let expected = [
            PolicyQualifier::Uri("http://x".into()),
            PolicyQualifier::UserNotice(notice),
            PolicyQualifier::Specification(ObjectId::new("urn:s")),
            PolicyQualifier::Specification(ObjectId::new("urn:old")),
            PolicyQualifier::Other("other".into()),
        ];
        assert_eq!((policy.qualifiers(), policy.digest()), (&expected[..], None));
    }

    #[test]
    fn a_digest_of_an_unknown_kind_does_not_hide_the_policy() {
        let policy = read(&json!({"id": {"id": "urn:p"}, "digAlg": "1.2.840.113549.1.1.11", "digVal": "AA"})).unwrap();
        let error = policy.digest().unwrap().unwrap_err().to_string();
        assert_eq!(
            error,
            "header: \"digAlg\": digest algorithm \"1.2.840.113549.1.1.11\", expected S256, S384 or S512"
        );
        let table = [
            (json!({}), "header: \"sigPId\" has no member \"id\""),
            (json!({"id": "urn:p"}), "header: member \"id\": expected an object, found a string"),
            (json!({"id": {"id": "urn:p"}, "digAlg": "S256"}), "header: \"sigPId\" has no member \"digVal\""),
            (json!({"id": {"id": "urn:p"}, "digVal": "AA"}), "header: \"sigPId\" has no member \"digAlg\""),
            (
                json!({"id": {"id": "urn:p"}, "digPSp": 1}),
                "header: member \"digPSp\": expected a boolean, found an integer",
            ),
            (
                json!({"id": {"id": "urn:p"}, "sigPQuals": [{}]}),
                "header: an entry of \"sigPQuals\" has 0 members, expected one",
            ),
        ];
        for (policy, expected) in table {
            assert_eq!(read(&policy).unwrap_err(), expected, "{policy}");
        }
    }

    #[test]
    fn a_digest_as_specified_leaves_the_frame_out() {
        let digest = DigestAlgorithm::Sha256.digest(&[0x30, 0, 0x30, 1, 5]);
        let of = |as_specified: bool, document: &[u8]| {
            let policy = SignaturePolicyId::new(ObjectId::new("urn:p"), digest.clone()).unwrap();
            SignaturePolicyId { digest_as_specified: as_specified, ..policy }.digest_of(document, &digest)
        };
        let document = [0x30, 7, 0x30, 0, 0x30, 1, 5, 4, 0];
        assert_eq!(of(true, &document), Some(digest.clone()));
        assert_ne!(of(false, &document), Some(digest.clone()));
        assert_eq!(of(false, &[0x30, 0, 0x30, 1, 5]), Some(digest.clone()));
        assert_eq!(of(true, b"%PDF"), None);
    }
}
