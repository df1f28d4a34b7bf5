//! The entity code in a certificate: the subject attribute `organizationIdentifier` (OID 2.5.4.97).
//!
//! ETSI EN 319 412-1 clause 5.1.4 has the form
//!
//! ```text
//! organizationIdentifier = type country "-" reference
//! type                   = 3UPPER           ; of a named register: VAT, NTR
//!                        / 2UPPER ":"       ; defined nationally: GO:
//! country                = 2UPPER           ; ISO 3166-1
//! ```
//!
//! and the leftmost hyphen separates. What stands up to it must be, octet by octet, a prefix that the scheme lists;
//! what stands behind it is the canonical text of an entity code. Nothing is guessed: `GOVSY` has no reference and
//! names no entity.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::entity::EntityCode;
use super::reader::CodeError;
use super::scheme::{CodingScheme, SchemeError};
use super::text;
use crate::encoding::excerpt;

/// Type and country of an `organizationIdentifier`, with the hyphen: `GO:SY-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrganizationIdentifierPrefix(Cow<'static, str>);

impl OrganizationIdentifierPrefix {
    pub(super) const DEFAULT: [Self; 1] = [Self(Cow::Borrowed("GO:SY-"))];

    /// The prefix as text, with the hyphen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country of ISO 3166-1, two letters.
    #[must_use]
    pub fn country(&self) -> &str {
        self.0.get(3..5).unwrap_or_default()
    }
}

impl FromStr for OrganizationIdentifierPrefix {
    type Err = SchemeError;

    /// Reads a prefix such as `GO:SY-` or `NTRSY-`.
    ///
    /// # Errors
    /// [`SchemeError::NotAPrefix`] for anything else, such as `GO:SY`, `go:sy-` or `GOSY-`.
    fn from_str(text: &str) -> Result<Self, SchemeError> {
        let upper = |octet: &u8| octet.is_ascii_uppercase();
        match text.as_bytes() {
            [a, b, c, d, e, b'-'] if [a, b, d, e].into_iter().all(upper) && (upper(c) || *c == b':') => {
                Ok(Self(Cow::Owned(text.to_owned())))
            }
            _ => Err(SchemeError::NotAPrefix { text: excerpt(text) }),
        }
    }
}

impl fmt::Display for OrganizationIdentifierPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for OrganizationIdentifierPrefix {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for OrganizationIdentifierPrefix {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a prefix of organizationIdentifier as a string")
    }
}

impl CodingScheme {
    /// The entity that the subject of a certificate names, from the values of its `organizationIdentifier` and its
    /// `countryName`.
    ///
    /// ```
    /// # use wathiqa::codes::CodingScheme;
    /// let scheme = CodingScheme::default();
    /// let entity = scheme.entity_from_organization_identifier("GO:SY-1234567889", "SY")?;
    /// assert_eq!(entity.to_string(), "1234567889");
    /// # Ok::<(), wathiqa::codes::OrganizationIdentifierError>(())
    /// ```
    ///
    /// That each attribute stands in the subject exactly once is for the caller to see to.
    ///
    /// # Errors
    /// [`NoReference`](OrganizationIdentifierError::NoReference) for `GOVSY`,
    /// [`Prefix`](OrganizationIdentifierError::Prefix) for `VATSY-1234567889`,
    /// [`Country`](OrganizationIdentifierError::Country) for `GO:SY-1234567889` under another country, `sy` included,
    /// and [`Code`](OrganizationIdentifierError::Code) for `GO:SY-1234567803`.
    pub fn entity_from_organization_identifier(
        &self,
        identifier: &str,
        country: &str,
    ) -> Result<EntityCode, OrganizationIdentifierError> {
        let (before, reference) = identifier
            .split_once('-')
            .ok_or_else(|| OrganizationIdentifierError::NoReference { identifier: excerpt(identifier) })?;
        let prefix = self
            .organization_identifier_prefixes()
            .iter()
            .find(|prefix| prefix.as_str().strip_suffix('-') == Some(before))
            .ok_or_else(|| OrganizationIdentifierError::Prefix {
                identifier: excerpt(identifier),
                expected: self.organization_identifier_prefixes().to_vec(),
            })?;
        if country != prefix.country() {
            return Err(OrganizationIdentifierError::Country {
                identifier: excerpt(identifier),
                expected: prefix.country().to_owned(),
                found: excerpt(country),
            });
        }
        self.parse_entity(reference).map_err(OrganizationIdentifierError::Code)
    }

    /// The `organizationIdentifier` to write for `entity`: the first prefix of the scheme, then the code.
    #[must_use]
    pub fn organization_identifier(&self, entity: EntityCode) -> String {
        let prefix = self.organization_identifier_prefixes().first().map_or("", |prefix| prefix.as_str());
        format!("{prefix}{entity}")
    }
}

/// Why an `organizationIdentifier` names no entity. Texts are kept to 48 characters, controls escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrganizationIdentifierError {
    /// No hyphen, so no reference.
    #[error("organizationIdentifier \"{identifier}\": no hyphen, so no reference to an entity")]
    NoReference {
        /// The value.
        identifier: String,
    },
    /// The scheme does not list what stands up to the leftmost hyphen.
    #[error("organizationIdentifier \"{identifier}\": expected it to start with {}", one_of(.expected))]
    Prefix {
        /// The value.
        identifier: String,
        /// The prefixes of the scheme.
        expected: Vec<OrganizationIdentifierPrefix>,
    },
    /// The subject's `countryName` is not the country of the prefix.
    #[error("organizationIdentifier \"{identifier}\": countryName is \"{found}\", expected {expected}")]
    Country {
        /// The value.
        identifier: String,
        /// The country of the prefix.
        expected: String,
        /// The `countryName` given.
        found: String,
    },
    /// The reference is not an entity code of the scheme.
    #[error("organizationIdentifier: {0}")]
    Code(CodeError),
}

impl OrganizationIdentifierError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoReference { .. } => "organization-identifier-no-reference",
            Self::Prefix { .. } => "organization-identifier-prefix",
            Self::Country { .. } => "organization-identifier-country",
            Self::Code(error) => error.code(),
        }
    }
}

fn one_of(prefixes: &[OrganizationIdentifierPrefix]) -> String {
    prefixes.iter().map(OrganizationIdentifierPrefix::as_str).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_exact_prefix_one_country_one_code() {
        let scheme = CodingScheme::default();
        let entity: EntityCode = "1234567889".parse().unwrap();
        assert_eq!(scheme.entity_from_organization_identifier("GO:SY-1234567889", "SY"), Ok(entity));
        assert_eq!(scheme.organization_identifier(entity), "GO:SY-1234567889");
        for (identifier, country, message) in [
            ("GOVSY", "SY", "organizationIdentifier \"GOVSY\": no hyphen, so no reference to an entity"),
            ("VATSY-1234567889", "SY", "organizationIdentifier \"VATSY-1234567889\": expected it to start with GO:SY-"),
            ("go:SY-1234567889", "SY", "organizationIdentifier \"go:SY-1234567889\": expected it to start with GO:SY-"),
            (
                "-GO:SY-1234567889",
                "SY",
                "organizationIdentifier \"-GO:SY-1234567889\": expected it to start with GO:SY-",
            ),
            (
                "GO:SY-1234567889",
                "TR",
                "organizationIdentifier \"GO:SY-1234567889\": countryName is \"TR\", expected SY",
            ),
            (
                "GO:SY-1234567889",
                "sy",
                "organizationIdentifier \"GO:SY-1234567889\": countryName is \"sy\", expected SY",
            ),
            (
                "GO:SY-1234567803",
                "SY",
                "organizationIdentifier: entity code 1234567803: check digits are 03, expected 89",
            ),
            (
                "GO:SY--1234567889",
                "SY",
                "organizationIdentifier: entity code -1234567889: character 1 is '-' (U+002D), expected a digit from 1 to 9",
            ),
            (
                "GO:SY-1234567889\0",
                "SY",
                "organizationIdentifier: entity code 1234567889\\0: character 11 is '\\0' (U+0000), expected the end",
            ),
        ] {
            let error = scheme.entity_from_organization_identifier(identifier, country).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn all_prefixes_are_read_and_the_first_is_written() {
        let prefixes = ["NTRSY-", "GO:SY-"].map(|prefix| prefix.parse().unwrap()).to_vec();
        let scheme = CodingScheme::default().with_organization_identifier_prefixes(prefixes).unwrap();
        let entity: EntityCode = "1234567889".parse().unwrap();
        for identifier in ["NTRSY-1234567889", "GO:SY-1234567889"] {
            assert_eq!(scheme.entity_from_organization_identifier(identifier, "SY"), Ok(entity));
        }
        assert_eq!(scheme.organization_identifier(entity), "NTRSY-1234567889");
        let error = scheme.entity_from_organization_identifier("GOVSY-1234567889", "SY").unwrap_err();
        let message = "organizationIdentifier \"GOVSY-1234567889\": expected it to start with NTRSY- or GO:SY-";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_prefix_has_the_form_of_en_319_412_1() {
        let prefix: OrganizationIdentifierPrefix = "GO:SY-".parse().unwrap();
        assert_eq!((prefix.as_str(), prefix.country()), ("GO:SY-", "SY"));
        for text in ["", "GO:SY", "go:sy-", "GOSY-", "G::SY-", "GO:S--", "GO:SY-1", "GO:SYR-", "GÖ:Y-"] {
            let error = text.parse::<OrganizationIdentifierPrefix>().unwrap_err();
            assert_eq!(error, SchemeError::NotAPrefix { text: text.to_owned() });
        }
    }
}
