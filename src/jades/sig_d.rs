//! `sigD` (TS 119 182-1 §5.2.8): the data objects that are signed and do not stand in the file.
//!
//! ```text
//! {"mId": "http://uri.etsi.org/19182/ObjectIdByURI",     "pars": [uri, ...], ["ctys": [type, ...]]}
//! {"mId": "http://uri.etsi.org/19182/ObjectIdByURIHash", "pars": [uri, ...], "hashM": id, "hashV": [base64url, ...],
//!  ["ctys": [type, ...]]}
//! ```
//! Accepted: those two mechanisms, with as many digests and types as references. Read and not resolved: `HttpHeaders`
//! (§5.2.8.2, requests of the web are no documents) and mechanisms that others may define. Refused: members of one
//! mechanism in the other, members that the standard does not have, a name that stands twice.
//!
//! A reference is a URI; percent-encoding is undone once to get the name that a data object is given by. Nothing is
//! fetched from it.

use crate::digest::Digest;
use crate::encoding::json::Members;
use crate::encoding::{excerpt, percent};
use crate::jades::header::media_type;
use crate::jades::{JadesError, digest_identifier};

/// What `sigD` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigD {
    mechanism: ReferenceMechanism,
    references: Vec<DataReference>,
}

/// How `sigD` refers to data objects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceMechanism {
    /// `ObjectIdByURI` (§5.2.8.3.2): the payload is the data objects, each base64url-encoded by itself unless `b64` is
    /// false, one behind the other. Where one ends and the next begins is not signed: octets at the end of one pass as well at
    /// the beginning of the next.
    ObjectIdByUri,
    /// `ObjectIdByURIHash` (§5.2.8.3.3): the payload is empty, and `sigD` holds a digest of each data object.
    ObjectIdByUriHash,
    /// `HttpHeaders` (§5.2.8.2): header fields of a request of the web.
    HttpHeaders,
    /// A mechanism that the standard does not define, by its identifier, at most 48 characters of it.
    Other(String),
}

/// One data object, as `sigD` refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataReference {
    name: String,
    media_type: Option<String>,
    digest: Option<Digest>,
}

impl SigD {
    /// Reads the value of `sigD`.
    pub(crate) fn read(sig_d: Members<'_>) -> Result<Self, JadesError> {
        let missing = |missing| JadesError::Missing { inside: "sigD", missing };
        let mechanism = match sig_d.string("mId")?.ok_or_else(|| missing("mId"))? {
            OBJECT_ID_BY_URI => ReferenceMechanism::ObjectIdByUri,
            OBJECT_ID_BY_URI_HASH => ReferenceMechanism::ObjectIdByUriHash,
            HTTP_HEADERS => ReferenceMechanism::HttpHeaders,
            other => ReferenceMechanism::Other(excerpt(other)),
        };
        let allowed: &[&str] = match mechanism {
            ReferenceMechanism::ObjectIdByUri => &["mId", "pars", "ctys"],
            ReferenceMechanism::ObjectIdByUriHash => &["mId", "pars", "hashM", "hashV", "ctys"],
            ReferenceMechanism::HttpHeaders | ReferenceMechanism::Other(_) => {
                return Ok(Self { mechanism, references: Vec::new() });
            }
        };
        if let Some(found) = sig_d.names().find(|name| !allowed.contains(name)) {
            return Err(JadesError::UnknownMember { inside: "sigD", found: excerpt(found) });
        }
        let uris = sig_d.strings("pars")?.ok_or_else(|| missing("pars"))?;
        if uris.is_empty() {
            return Err(JadesError::Empty { member: "pars" });
        }
        let mut digests = digests(sig_d, &mechanism, uris.len())?.into_iter();
        let mut media_types = as_many("ctys", sig_d.strings("ctys")?, uris.len())?.into_iter().flatten();
        let references: Vec<DataReference> = uris
            .iter()
            .map(|uri| DataReference {
                name: percent::decode(uri),
                media_type: media_types.next().map(media_type),
                digest: digests.next(),
            })
            .collect();
        let mut names: Vec<&str> = references.iter().map(DataReference::name).collect();
        names.sort_unstable();
        match names.windows(2).find_map(|pair| pair.first().filter(|first| Some(*first) == pair.last())) {
            Some(name) => Err(JadesError::NameTwice { name: excerpt(name) }),
            None => Ok(Self { mechanism, references }),
        }
    }

    /// How data objects are referred to.
    #[must_use]
    pub fn mechanism(&self) -> &ReferenceMechanism {
        &self.mechanism
    }

    /// The data objects, in the order in which they were signed; empty for a mechanism that is not resolved.
    #[must_use]
    pub fn references(&self) -> &[DataReference] {
        &self.references
    }
}

impl DataReference {
    /// The name by which the data object is to be given: the URI with its percent-encoding undone.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type that the signer gives the data object, with `application/` put back.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The digest that was signed: of the base64url-encoded data object, or of its octets when `b64` is false. `None`
    /// where the data object itself was signed.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }
}

/// `hashM` and `hashV` of the mechanism that has them.
fn digests(sig_d: Members<'_>, mechanism: &ReferenceMechanism, count: usize) -> Result<Vec<Digest>, JadesError> {
    if *mechanism != ReferenceMechanism::ObjectIdByUriHash {
        return Ok(Vec::new());
    }
    let missing = |missing| JadesError::Missing { inside: "sigD", missing };
    let algorithm = digest_identifier::algorithm("hashM", sig_d.string("hashM")?.ok_or_else(|| missing("hashM"))?)?;
    let values = as_many("hashV", sig_d.strings("hashV")?, count)?.ok_or_else(|| missing("hashV"))?;
    values.into_iter().map(|value| digest_identifier::digest("hashV", algorithm, value)).collect()
}

/// `values`, of which there are none at all or `expected`.
fn as_many<'a>(
    member: &'static str,
    values: Option<Vec<&'a str>>,
    expected: usize,
) -> Result<Option<Vec<&'a str>>, JadesError> {
    match values.as_ref().map(Vec::len).filter(|found| *found != expected) {
        Some(found) => Err(JadesError::ReferenceCount { member, found, expected }),
        None => Ok(values),
    }
}

/// `mId` of the mechanism by reference (§5.2.8.3.2).
pub(crate) const OBJECT_ID_BY_URI: &str = "http://uri.etsi.org/19182/ObjectIdByURI";

/// `mId` of the mechanism by reference and digest (§5.2.8.3.3).
pub(crate) const OBJECT_ID_BY_URI_HASH: &str = "http://uri.etsi.org/19182/ObjectIdByURIHash";

const HTTP_HEADERS: &str = "http://uri.etsi.org/19182/HttpHeaders";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: &Value) -> Result<SigD, String> {
        SigD::read(Members::new(value.as_object().unwrap())).map_err(|error| error.to_string())
    }

    fn by_hash() -> Value {
        let digest = "A".repeat(43);
        json!({"mId": OBJECT_ID_BY_URI_HASH, "pars": ["a.pdf", "b%20c"], "hashM": "S256", "hashV": [digest, digest]})
    }

    #[test]
    fn names_types_and_digests_belong_together() {
        let mut value = by_hash();
        value["ctys"] = json!(["pdf", "text/html"]);
        let sig_d = read(&value).unwrap();
        assert_eq!(*sig_d.mechanism(), ReferenceMechanism::ObjectIdByUriHash);
        let [first, second] = sig_d.references() else { panic!("two") };
        assert_eq!((first.name(), first.media_type()), ("a.pdf", Some("application/pdf")));
        assert_eq!((second.name(), second.media_type()), ("b c", Some("text/html")));
        assert_eq!(first.digest().unwrap().as_octets(), [0; 32]);
        let by_uri = read(&json!({"mId": OBJECT_ID_BY_URI, "pars": ["https%3A//a/%D9%88"]})).unwrap();
        assert_eq!(by_uri.references()[0].name(), "https://a/و");
        assert_eq!((by_uri.references()[0].digest(), by_uri.references()[0].media_type()), (None, None));
    }

    #[test]
    fn what_is_not_resolved_is_named() {
        let http = read(&json!({"mId": HTTP_HEADERS, "pars": ["(request-target)"], "anything": 1})).unwrap();
        assert_eq!((http.mechanism(), http.references()), (&ReferenceMechanism::HttpHeaders, &[][..]));
        let other = read(&json!({"mId": "urn:x"})).unwrap();
        assert_eq!(*other.mechanism(), ReferenceMechanism::Other("urn:x".to_owned()));
    }

    #[test]
    fn each_fault_has_its_sentence() {
        let with = |member: &str, value: Value| {
            let mut changed = by_hash();
            changed[member] = value;
            changed
        };
        let without = |member: &str| {
            let mut changed = by_hash();
            changed.as_object_mut().unwrap().remove(member);
            changed
        };
        let table = [
            (without("mId"), "header: \"sigD\" has no member \"mId\""),
            (without("pars"), "header: \"sigD\" has no member \"pars\""),
            (without("hashM"), "header: \"sigD\" has no member \"hashM\""),
            (without("hashV"), "header: \"sigD\" has no member \"hashV\""),
            (with("pars", json!([])), "header: \"pars\" is empty"),
            (with("pars", json!(["a", 1])), "header: member \"pars\": expected an array of strings, found an integer"),
            (with("pars", json!(["a"])), "header: \"hashV\" has 2 entries, \"pars\" has 1"),
            (with("ctys", json!(["pdf"])), "header: \"ctys\" has 1 entries, \"pars\" has 2"),
            (with("pars", json!(["a b", "a%20b"])), "header: \"sigD\" names \"a b\" twice"),
            (
                with("hashM", json!("http://www.w3.org/2001/04/xmlenc#sha256")),
                "header: \"hashM\": digest algorithm \"http://www.w3.org/2001/04/xmlenc#sha256\", expected S256, S384 or S512",
            ),
            (with("hashM", json!("S512")), "header: \"hashV\": 32 octets, its algorithm makes 64"),
            (
                with("spare", json!(1)),
                "header: \"sigD\" has a member \"spare\", which the standard does not have there",
            ),
            (
                json!({"mId": OBJECT_ID_BY_URI, "pars": ["a"], "hashM": "S256"}),
                "header: \"sigD\" has a member \"hashM\", which the standard does not have there",
            ),
        ];
        for (value, expected) in table {
            assert_eq!(read(&value).unwrap_err(), expected, "{value}");
        }
    }
}
