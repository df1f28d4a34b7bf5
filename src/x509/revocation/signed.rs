//! What CRLs and OCSP responses have in common: octets, an algorithm, a signature.

use std::ops::Range;
use std::sync::OnceLock;

use crate::budget::{Budget, Exhausted, Resource};
use crate::crypto::{
    AlgorithmConstraints, AlgorithmError, ConstraintError, PublicKey, SignatureAlgorithm, SignatureError,
    SignatureValid,
};
use crate::encoding::der::{DerError, Reader, Tag, Value};

/// `SIGNED{ToBeSigned} ::= SEQUENCE { toBeSigned, algorithmIdentifier, signature BIT STRING, .. }`, as ranges of the octets
/// it was read from.
pub(in crate::x509) struct Signed {
    to_be_signed: Range<usize>,
    signature: Range<usize>,
    algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    /// The first key found to have made the signature: long lists are hashed once.
    signed_by: OnceLock<(PublicKey, SignatureValid)>,
}

impl Signed {
    pub(in crate::x509) fn new(
        to_be_signed: &Value<'_>,
        algorithm: &Value<'_>,
        signature: &Value<'_>,
    ) -> Result<Self, DerError> {
        Ok(Self {
            to_be_signed: range(to_be_signed.offset(), to_be_signed.as_der()),
            // The first octet of the contents counts unused bits.
            signature: range(signature.contents_offset() + 1, signature.bit_string_octets()?),
            algorithm: read_algorithm(algorithm)?,
            signed_by: OnceLock::new(),
        })
    }

    pub(in crate::x509) fn algorithm(&self) -> Result<SignatureAlgorithm, &AlgorithmError> {
        self.algorithm.as_ref().copied()
    }

    /// Whether `key` made the signature, by an algorithm that may be relied on. `der` is what this was read from.
    pub(in crate::x509) fn verify(
        &self,
        der: &[u8],
        key: &PublicKey,
        constraints: &AlgorithmConstraints,
        budget: &mut Budget,
    ) -> Result<SignatureValid, EvidenceSignatureError> {
        let algorithm = self.algorithm().map_err(|error| EvidenceSignatureError::Algorithm(error.clone()))?;
        constraints.check_of(der, algorithm, key)?;
        if let Some((_, valid)) = self.signed_by.get().filter(|(known, _)| known == key) {
            return Ok(*valid);
        }
        budget.draw(Resource::RevocationSignatures)?;
        let slice = |range: &Range<usize>| der.get(range.clone()).unwrap_or_default();
        let valid = key.verify(algorithm, slice(&self.to_be_signed), slice(&self.signature))?;
        let _another_key_was_first = self.signed_by.set((key.clone(), valid));
        Ok(valid)
    }
}

/// Why the signature of a CRL or an OCSP response is not one to rely on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceSignatureError {
    /// The algorithm is not supported.
    #[error("{0}")]
    Algorithm(AlgorithmError),
    /// Algorithm or key break the constraints.
    #[error("{0}")]
    Constraint(#[from] ConstraintError),
    /// The key did not make the signature, or cannot have.
    #[error("{0}")]
    Signature(#[from] SignatureError),
    /// There were more signatures to check than the budget allows.
    #[error("{0}")]
    Exhausted(#[from] Exhausted),
}

impl EvidenceSignatureError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Algorithm(error) => error.code(),
            Self::Constraint(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Exhausted(_) => "revocation-exhausted",
        }
    }
}

/// The algorithm of a checked AlgorithmIdentifier, or why this crate does not have it.
///
/// ```text
/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
/// ```
fn read_algorithm(identifier: &Value<'_>) -> Result<Result<SignatureAlgorithm, AlgorithmError>, DerError> {
    let mut fields = identifier.reader();
    let algorithm = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    let parameters = optional_any(&mut fields)?;
    fields.finish()?;
    let parameters = parameters.as_ref().map(Value::as_der);
    Ok(SignatureAlgorithm::from_algorithm_identifier(&algorithm, parameters))
}

/// The next value, if there is one.
pub(in crate::x509) fn optional_any<'a>(fields: &mut Reader<'a>) -> Result<Option<Value<'a>>, DerError> {
    if fields.is_empty() { Ok(None) } else { fields.read_any().map(Some) }
}

fn range(start: usize, octets: &[u8]) -> Range<usize> {
    start..start.saturating_add(octets.len())
}
