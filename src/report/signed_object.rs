//! What was found of one data object that a signature names and that does not stand in the file.

use std::fmt;

use crate::digest::DigestAlgorithm;
use crate::encoding::excerpt;
use crate::jades::DataReference;

/// One data object of `sigD`, so that a reader sees which file is meant and whether it is the one that was signed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedObject {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    state: SignedObjectState,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl SignedObject {
    pub(crate) fn new(reference: &DataReference, state: SignedObjectState, given: Option<&[u8]>) -> Self {
        let (name, media_type) = (reference.name().to_owned(), reference.media_type().map(str::to_owned));
        let sha256 = given.map(|octets| DigestAlgorithm::Sha256.digest(octets).to_string());
        Self { name, media_type, state, sha256 }
    }

    /// The name by which it was signed and is to be given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type that the signer gave it.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// What was found.
    #[must_use]
    pub fn state(&self) -> SignedObjectState {
        self.state
    }

    /// SHA-256 of the octets that were given, in hexadecimal, as `sha256sum` shows it; `None` when none were.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }
}

impl fmt::Display for SignedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" {}", excerpt(&self.name), self.state)?;
        match &self.sha256 {
            Some(sha256) => write!(f, ", SHA-256 {sha256}"),
            None => Ok(()),
        }
    }
}

/// What was found of a data object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignedObjectState {
    /// It has the digest that was signed.
    Matches,
    /// It is part of what the signature value is over, which tells of all such objects together.
    InPayload,
    /// It does not have the digest that was signed.
    Differs,
    /// It was not given under this name.
    Absent,
    /// Several were given under this name.
    GivenTwice,
}

impl fmt::Display for SignedObjectState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Matches => "has the digest that was signed",
            Self::InPayload => "is in the octets that were signed",
            Self::Differs => "DIFFERS from what was signed",
            Self::Absent => "was not given",
            Self::GivenTwice => "was given twice",
        })
    }
}
