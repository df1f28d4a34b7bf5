//! Extensions of requests and of TSTInfo; none is known here.
//!
//! ```text
//! Extensions ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE {
//!     extnID     OBJECT IDENTIFIER,
//!     critical   BOOLEAN DEFAULT FALSE,
//!     extnValue  OCTET STRING }
//! ```

use crate::encoding::der::{DerError, Tag, Value};
use crate::oid::Oid;

/// One extension, its value not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extension {
    pub(super) id: Oid,
    pub(super) critical: bool,
}

/// Reads Extensions under an IMPLICIT tag.
pub(super) fn read_extensions(value: &Value<'_>) -> Result<Vec<Extension>, ExtensionError> {
    let mut extensions: Vec<Extension> = Vec::new();
    let mut rest = value.reader();
    while !rest.is_empty() {
        let mut components = rest.read(Tag::SEQUENCE)?.reader();
        let id = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        let critical = components.optional(Tag::BOOLEAN)?.map_or(Ok(false), |value| value.true_or_absent())?;
        components.read(Tag::OCTET_STRING)?;
        components.finish()?;
        if extensions.iter().any(|known| known.id == id) {
            return Err(ExtensionError::Duplicate { id });
        }
        if extensions.len() >= MAX_EXTENSIONS {
            return Err(ExtensionError::TooMany { limit: MAX_EXTENSIONS });
        }
        extensions.push(Extension { id, critical });
    }
    if extensions.is_empty() { Err(ExtensionError::Empty) } else { Ok(extensions) }
}

/// Why octets are not Extensions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtensionError {
    /// Not DER, or not of the ASN.1 type.
    #[error("{0}")]
    Der(#[from] DerError),
    /// There is no extension in the list.
    #[error("the list of extensions is empty")]
    Empty,
    /// An extension stands twice.
    #[error("extension {id} stands twice")]
    Duplicate {
        /// The extension.
        id: Oid,
    },
    /// More than 64 extensions.
    #[error("more than {limit} extensions")]
    TooMany {
        /// The limit.
        limit: usize,
    },
}

impl ExtensionError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Empty => "extensions-empty",
            Self::Duplicate { .. } => "extension-duplicate",
            Self::TooMany { .. } => "extensions-too-many",
        }
    }
}

/// The most extensions of one request or token. 64: known tokens have one at most.
const MAX_EXTENSIONS: usize = 64;
