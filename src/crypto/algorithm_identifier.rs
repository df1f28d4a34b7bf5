//! The ASN.1 type AlgorithmIdentifier (RFC 5280 §4.1.1.2).
//!
//! ```text
//! AlgorithmIdentifier ::= SEQUENCE {
//!     algorithm   OBJECT IDENTIFIER,
//!     parameters  ANY DEFINED BY algorithm OPTIONAL }
//! ```

use crate::encoding::der::{DerError, Reader, Tag, Value};
use crate::oid::Oid;

/// An AlgorithmIdentifier, in place.
#[derive(Debug, Clone)]
pub(crate) struct AlgorithmIdentifier<'a> {
    pub(crate) algorithm: Oid,
    pub(crate) parameters: Option<Value<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut fields = reader.read(Tag::SEQUENCE)?.reader();
        let algorithm = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = if fields.is_empty() { None } else { Some(fields.read_any()?) };
        fields.finish()?;
        Ok(Self { algorithm, parameters })
    }

    /// A cursor at the parameters, or at their absence.
    pub(crate) fn parameters_reader(&self) -> Option<Reader<'a>> {
        self.parameters.map(|value| Reader::at(value.as_der(), value.offset()))
    }
}
