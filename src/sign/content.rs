//! What a signature is made over.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::{base64, excerpt, percent};
use crate::jades::{OBJECT_ID_BY_URI, OBJECT_ID_BY_URI_HASH, digest_identifier};
use crate::sign::header::short_media_type;
use crate::sign::{Serialization, SignError};
use crate::tsp::{StampedData, TimeStampToken};

/// What a signature is over, where it stands, and how it enters the octets to sign.
#[derive(Debug, Clone)]
pub struct Content<'a> {
    pub(super) place: Place<'a>,
    encoding: Encoding,
    time_stamps: Vec<TimeStampToken>,
}

/// Where the content stands.
#[derive(Debug, Clone)]
pub(super) enum Place<'a> {
    /// In the file.
    Attached(&'a [u8]),
    /// Beside the file, not named in it.
    Detached(&'a [u8]),
    /// Beside the file, named in `sigD`; with the digest algorithm, if `sigD` has digests.
    Named(Vec<DataObject<'a>>, Option<DigestAlgorithm>),
    /// It is the value of another signature.
    SignatureValue(Vec<u8>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base64Url,
    Unencoded,
}

/// A data object that is signed and does not stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataObject<'a> {
    name: &'a str,
    octets: &'a [u8],
    media_type: &'a str,
}

impl<'a> DataObject<'a> {
    /// The octets that whoever verifies is to give under `name`, a file name or a URI. It is written percent-encoded.
    #[must_use]
    pub fn new(name: &'a str, octets: &'a [u8]) -> Self {
        Self { name, octets, media_type: "application/octet-stream" }
    }

    /// Says what it is: a media type such as `application/pdf`; `application/octet-stream` unless said.
    #[must_use]
    pub fn with_media_type(mut self, media_type: &'a str) -> Self {
        self.media_type = media_type;
        self
    }
}

impl<'a> Content<'a> {
    /// A payload that stands in the file.
    #[must_use]
    pub fn attached(payload: &'a [u8]) -> Self {
        Self::at(Place::Attached(payload))
    }

    /// A payload that is left out of the file and not named there (RFC 7515 appendix F).
    #[must_use]
    pub fn detached(payload: &'a [u8]) -> Self {
        Self::at(Place::Detached(payload))
    }

    /// Data objects named in `sigD`, which together are the payload (`ObjectIdByURI`, TS 119 182-1 §5.2.8.3.2).
    ///
    /// Of several, where one ends and the next begins is not signed: [`by_uri_hash`](Self::by_uri_hash) signs that too.
    ///
    /// # Errors
    /// [`SignError::NoDataObject`] when there are none, [`SignError::NoName`] when one has no name,
    /// [`SignError::NameTwice`] when two have the same.
    pub fn by_uri(objects: impl IntoIterator<Item = DataObject<'a>>) -> Result<Self, SignError> {
        Self::named(objects, None)
    }

    /// Data objects named in `sigD` with a digest of each (`ObjectIdByURIHash`, TS 119 182-1 §5.2.8.3.3): whoever verifies
    /// sees which of them is not the one that was signed.
    ///
    /// # Errors
    /// As [`by_uri`](Self::by_uri), and [`SignError::Sha1`] for that algorithm.
    pub fn by_uri_hash(
        objects: impl IntoIterator<Item = DataObject<'a>>,
        algorithm: DigestAlgorithm,
    ) -> Result<Self, SignError> {
        if algorithm == DigestAlgorithm::Sha1 {
            return Err(SignError::Sha1 { of: "data objects" });
        }
        Self::named(objects, Some(algorithm))
    }

    pub(super) fn signature_value(value: Vec<u8>) -> Self {
        Self::at(Place::SignatureValue(value))
    }

    fn named(
        objects: impl IntoIterator<Item = DataObject<'a>>,
        algorithm: Option<DigestAlgorithm>,
    ) -> Result<Self, SignError> {
        let objects: Vec<DataObject<'a>> = objects.into_iter().collect();
        if objects.is_empty() {
            return Err(SignError::NoDataObject);
        }
        let mut names = BTreeSet::new();
        for object in &objects {
            if object.name.is_empty() {
                return Err(SignError::NoName);
            }
            if !names.insert(object.name) {
                return Err(SignError::NameTwice { name: excerpt(object.name) });
            }
        }
        Ok(Self::at(Place::Named(objects, algorithm)))
    }

    fn at(place: Place<'a>) -> Self {
        Self { place, encoding: Encoding::Base64Url, time_stamps: Vec::new() }
    }

    /// Signs the octets as they are, not in base64url: `"b64":false` (RFC 7797). A payload that stands in the file must then
    /// be text: UTF-8 in JSON, letters, digits, `-`, `_` and `~` in the compact form.
    #[must_use]
    pub fn unencoded(mut self) -> Self {
        self.encoding = Encoding::Unencoded;
        self
    }

    /// The digest to be time-stamped before signing, for [`with_time_stamp`](Self::with_time_stamp): of the content as it enters
    /// the octets to sign (TS 119 182-1 §5.2.6).
    #[must_use]
    pub fn time_stamp_imprint(&self, algorithm: DigestAlgorithm) -> Digest {
        algorithm.digest(&self.stamped())
    }

    /// Adds a time-stamp over the content, `adoTst`: a proof that the content is older than the signature.
    ///
    /// # Errors
    /// [`SignError::TimeStamp`] when the token is over something else, also when it was over the content before
    /// [`unencoded`](Self::unencoded); [`SignError::Sha1`] when it is over a SHA-1 digest.
    pub fn with_time_stamp(mut self, token: &TimeStampToken) -> Result<Self, SignError> {
        self.check_time_stamp(token)?;
        self.time_stamps.push(token.clone());
        Ok(self)
    }

    fn check_time_stamp(&self, token: &TimeStampToken) -> Result<(), SignError> {
        if token.unverified_tst_info().message_imprint().algorithm() == DigestAlgorithm::Sha1 {
            return Err(SignError::Sha1 { of: "a time-stamp" });
        }
        Ok(token.check_imprint(StampedData::Octets(&[&self.stamped()]))?)
    }

    /// What stands in the file, if anything does, for a file in this form.
    pub(super) fn in_file(&self, serialization: Serialization) -> Result<Option<String>, SignError> {
        let Place::Attached(payload) = self.place else { return Ok(None) };
        if self.encoding == Encoding::Base64Url {
            return Ok(Some(base64::encode_url(payload)));
        }
        let offset = match serialization {
            Serialization::Compact => payload.iter().position(|octet| !stands_in_compact(*octet)),
            Serialization::FlattenedJson | Serialization::GeneralJson => {
                std::str::from_utf8(payload).err().map(|error| error.valid_up_to())
            }
        };
        match (offset, String::from_utf8(payload.to_vec())) {
            (None, Ok(text)) => Ok(Some(text)),
            (offset, _) => Err(SignError::UnencodedPayload { offset: offset.unwrap_or_default(), serialization }),
        }
    }

    /// The payload as it stands in the octets to sign.
    pub(super) fn payload(&self) -> Cow<'_, [u8]> {
        match &self.place {
            Place::Named(_, Some(_)) => Cow::Borrowed(&[]),
            _ => self.stamped(),
        }
    }

    /// The content as time-stamps are over it.
    fn stamped(&self) -> Cow<'_, [u8]> {
        match &self.place {
            Place::Attached(payload) | Place::Detached(payload) => self.encode(payload),
            Place::SignatureValue(value) => self.encode(value),
            Place::Named(objects, _) => {
                let encoded: Vec<_> = objects.iter().map(|object| self.encode(object.octets)).collect();
                Cow::Owned(encoded.concat())
            }
        }
    }

    fn encode<'b>(&self, octets: &'b [u8]) -> Cow<'b, [u8]> {
        match self.encoding {
            Encoding::Base64Url => Cow::Owned(base64::encode_url(octets).into_bytes()),
            Encoding::Unencoded => Cow::Borrowed(octets),
        }
    }

    /// `b64`, `adoTst`, `sigD` and `crit`, each where there is one, after checking the time-stamps again.
    pub(super) fn header(&self) -> Result<ContentHeader, SignError> {
        self.time_stamps.iter().try_for_each(|token| self.check_time_stamp(token))?;
        let unencoded = self.encoding == Encoding::Unencoded;
        let sig_d = self.sig_d();
        let critical = [("b64", unencoded), ("sigD", sig_d.is_some())];
        let critical: Vec<&str> = critical.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect();
        let token = |token: &TimeStampToken| json!({"val": base64::encode_standard(token.as_der())});
        let tokens: Vec<Value> = self.time_stamps.iter().map(token).collect();
        Ok(ContentHeader {
            b64: unencoded.then_some(Value::Bool(false)),
            ado_tst: (!tokens.is_empty()).then(|| json!({"tstTokens": tokens})),
            sig_d,
            crit: (!critical.is_empty()).then(|| json!(critical)),
        })
    }

    fn sig_d(&self) -> Option<Value> {
        let Place::Named(objects, algorithm) = &self.place else { return None };
        let uris: Vec<String> = objects.iter().map(|object| percent::encode(object.name)).collect();
        let media_types: Vec<&str> = objects.iter().map(|object| short_media_type(object.media_type)).collect();
        let Some(algorithm) = algorithm else {
            return Some(json!({"mId": OBJECT_ID_BY_URI, "pars": uris, "ctys": media_types}));
        };
        let digest =
            |object: &DataObject<'_>| base64::encode_url(algorithm.digest(&self.encode(object.octets)).as_octets());
        Some(json!({
            "mId": OBJECT_ID_BY_URI_HASH,
            "pars": uris,
            "hashM": digest_identifier::identifier(*algorithm),
            "hashV": objects.iter().map(digest).collect::<Vec<_>>(),
            "ctys": media_types,
        }))
    }
}

/// What the content has in the protected header.
pub(super) struct ContentHeader {
    pub(super) b64: Option<Value>,
    pub(super) ado_tst: Option<Value>,
    pub(super) sig_d: Option<Value>,
    pub(super) crit: Option<Value>,
}

/// RFC 7797 §5.2: needs no escape in a URL, and is no dot.
fn stands_in_compact(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'~')
}
