//! Which entity a certificate names (ETSI EN 319 412-1 §5.1.4).
//!
//! ```text
//! subject = C=SY, organizationIdentifier=GO:SY-1234567889, ..
//! ```
//!
//! Exactly one `organizationIdentifier` and one `countryName`, in text, that the coding scheme accepts together. Anything
//! else names no entity; nothing is guessed from other attributes or from subjectAltName.

use super::certificate::Certificate;
use super::name::Attribute;
use crate::codes::{CodingScheme, EntityCode, OrganizationIdentifierError};
use crate::oid::{self, Oid};

/// The entity that the subject of `certificate` names, by `scheme`.
///
/// The certificate is only read: whether it can be trusted is for a [path](super::path) to say.
///
/// # Errors
/// [`EntityError`]: a subject without `organizationIdentifier`, or with two; `VATSY-1234567889`; `GO:SY-1234567889`
/// under another country; a code whose check digits are wrong.
pub fn entity_code(certificate: &Certificate, scheme: &CodingScheme) -> Result<EntityCode, EntityError> {
    let identifier = only(certificate, &oid::AT_ORGANIZATION_IDENTIFIER, "organizationIdentifier")?;
    let country = only(certificate, &oid::AT_COUNTRY_NAME, "countryName")?;
    Ok(scheme.entity_from_organization_identifier(identifier, country)?)
}

/// The text of the one attribute of this type in the subject.
fn only<'a>(
    certificate: &'a Certificate,
    attribute_type: &Oid,
    attribute: &'static str,
) -> Result<&'a str, EntityError> {
    let mut found = certificate.subject().attributes().filter(|candidate| candidate.attribute_type() == attribute_type);
    let first = found.next().ok_or(EntityError::Absent { attribute })?;
    let others = found.count();
    if others > 0 {
        return Err(EntityError::Several { attribute, found: others + 1 });
    }
    Attribute::text(first).ok_or(EntityError::NotText { attribute })
}

/// Why a certificate names no entity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntityError {
    /// The subject does not have the attribute.
    #[error("certificate subject: no {attribute}")]
    Absent {
        /// `organizationIdentifier` or `countryName`.
        attribute: &'static str,
    },
    /// The subject has the attribute more than once.
    #[error("certificate subject: {found} attributes {attribute}, expected one")]
    Several {
        /// `organizationIdentifier` or `countryName`.
        attribute: &'static str,
        /// How many there are.
        found: usize,
    },
    /// The value of the attribute is not text.
    #[error("certificate subject: {attribute} is not text")]
    NotText {
        /// `organizationIdentifier` or `countryName`.
        attribute: &'static str,
    },
    /// The scheme does not accept the identifier.
    #[error("certificate subject: {0}")]
    Identifier(#[from] OrganizationIdentifierError),
}

impl EntityError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "entity-absent",
            Self::Several { .. } => "entity-several",
            Self::NotText { .. } => "entity-not-text",
            Self::Identifier(error) => error.code(),
        }
    }
}
