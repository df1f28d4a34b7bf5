//! The distinguished name of a public entity.

use rcgen::string::PrintableString;
use rcgen::{DistinguishedName, DnType, DnValue};

use crate::codes::{CodingScheme, EntityCode};
use crate::pki::PkiError;

/// The name of an entity in its certificate: `countryName`, `organizationName`, `organizationIdentifier` with its
/// national code (ETSI EN 319 412-1 §5.1.4), `commonName`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityName {
    country: String,
    organization: String,
    common_name: String,
    identifier: Option<String>,
}

impl EntityName {
    /// The name of `entity`, whose code is written as the first prefix of `scheme` has it.
    ///
    /// # Errors
    /// [`PkiError::OrganizationIdentifier`] when `country` is not the country of that prefix, and [`PkiError::Name`]
    /// when it is not two capital letters, or when a text is empty or longer than 64 characters (RFC 5280 appendix A).
    pub fn new(
        entity: EntityCode,
        scheme: &CodingScheme,
        country: &str,
        organization: &str,
        common_name: &str,
    ) -> Result<Self, PkiError> {
        let identifier = scheme.organization_identifier(entity);
        scheme.entity_from_organization_identifier(&identifier, country)?;
        Ok(Self { identifier: Some(identifier), ..Self::without_code(country, organization, common_name)? })
    }

    /// A name without a code, for a CA.
    pub(super) fn without_code(country: &str, organization: &str, common_name: &str) -> Result<Self, PkiError> {
        let refuse = |attribute, value: &str, expected| PkiError::Name { attribute, value: value.to_owned(), expected };
        if country.len() != 2 || !country.bytes().all(|octet| octet.is_ascii_uppercase()) {
            return Err(refuse("countryName", country, "two capital letters"));
        }
        for (attribute, value) in [("organizationName", organization), ("commonName", common_name)] {
            if !(1..=64).contains(&value.chars().count()) {
                return Err(refuse(attribute, value, "1 to 64 characters"));
            }
        }
        let owned = str::to_owned;
        let (country, organization, common_name) = (owned(country), owned(organization), owned(common_name));
        Ok(Self { country, organization, common_name, identifier: None })
    }

    /// In the form that the writer of certificates takes.
    pub(super) fn distinguished_name(&self) -> Result<DistinguishedName, PkiError> {
        let mut name = DistinguishedName::new();
        let country = PrintableString::try_from(self.country.as_str()).map_err(PkiError::from_writer)?;
        name.push(DnType::CountryName, DnValue::PrintableString(country));
        name.push(DnType::OrganizationName, self.organization.as_str());
        if let Some(identifier) = &self.identifier {
            name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), identifier.as_str());
        }
        name.push(DnType::CommonName, self.common_name.as_str());
        Ok(name)
    }
}
