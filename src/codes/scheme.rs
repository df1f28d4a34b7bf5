//! The layout of codes as data.

use std::borrow::Cow;

use super::document_kind::DocumentKind;
use super::document_number::DocumentNumber;
use super::entity::EntityCode;
use super::field::FieldRangeError;
use super::organization_identifier::OrganizationIdentifierPrefix;
use super::reader::{CodeError, CodeSubject, Reader};
use super::service::ServiceCode;

/// How wide codes are, and how a certificate names an entity.
///
/// The default has entity codes of 10 digits, service codes of 8, serials of 8, and the one prefix `GO:SY-`. As serde
/// data, for a configuration file, a scheme is
///
/// ```
/// use wathiqa::codes::CodingScheme;
/// let scheme = serde_json::json!({
///     "entityDigits": 10, "serviceDigits": 8, "serialDigits": 8, "organizationIdentifierPrefixes": ["GO:SY-"],
/// });
/// assert_eq!(serde_json::from_value::<CodingScheme>(scheme)?, CodingScheme::default());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// with every member present and no other.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(into = "Members", try_from = "Members")]
pub struct CodingScheme {
    widths: Widths,
    /// At least one, no two equal.
    prefixes: Cow<'static, [OrganizationIdentifierPrefix]>,
}

impl CodingScheme {
    /// This scheme with entity codes of `digits` digits, check digits included.
    ///
    /// # Errors
    /// [`SchemeError::Width`] outside 3 to 18.
    pub fn with_entity_digits(mut self, digits: u8) -> Result<Self, SchemeError> {
        self.widths.entity = width("entityDigits", digits, FLAT_MIN)?;
        Ok(self)
    }

    /// This scheme with service codes of `digits` digits, check digits included.
    ///
    /// # Errors
    /// [`SchemeError::Width`] outside 3 to 18.
    pub fn with_service_digits(mut self, digits: u8) -> Result<Self, SchemeError> {
        self.widths.service = width("serviceDigits", digits, FLAT_MIN)?;
        Ok(self)
    }

    /// This scheme with serials of `digits` digits.
    ///
    /// # Errors
    /// [`SchemeError::Width`] outside 1 to 18.
    pub fn with_serial_digits(mut self, digits: u8) -> Result<Self, SchemeError> {
        self.widths.serial = width("serialDigits", digits, SERIAL_MIN)?;
        Ok(self)
    }

    /// This scheme with these prefixes of `organizationIdentifier`. All are read; the first is the one written.
    ///
    /// # Errors
    /// [`SchemeError::NoPrefix`] for an empty list, [`SchemeError::PrefixTwice`] for two equal ones.
    pub fn with_organization_identifier_prefixes(
        mut self,
        prefixes: Vec<OrganizationIdentifierPrefix>,
    ) -> Result<Self, SchemeError> {
        if prefixes.is_empty() {
            return Err(SchemeError::NoPrefix);
        }
        for (position, prefix) in prefixes.iter().enumerate() {
            if prefixes.iter().take(position).any(|earlier| earlier == prefix) {
                return Err(SchemeError::PrefixTwice { prefix: prefix.clone() });
            }
        }
        self.prefixes = Cow::Owned(prefixes);
        Ok(self)
    }

    /// Digits of an entity code.
    #[must_use]
    pub fn entity_digits(&self) -> u8 {
        self.widths.entity
    }

    /// Digits of a service code.
    #[must_use]
    pub fn service_digits(&self) -> u8 {
        self.widths.service
    }

    /// Digits of the serial of a document number.
    #[must_use]
    pub fn serial_digits(&self) -> u8 {
        self.widths.serial
    }

    /// The prefixes of `organizationIdentifier`, in order.
    #[must_use]
    pub fn organization_identifier_prefixes(&self) -> &[OrganizationIdentifierPrefix] {
        &self.prefixes
    }

    /// Reads the canonical text of an entity code of this scheme.
    ///
    /// # Errors
    /// As [`EntityCode`]'s `FromStr`, with the width of this scheme.
    pub fn parse_entity(&self, text: &str) -> Result<EntityCode, CodeError> {
        EntityCode::read(Reader::canonical(CodeSubject::EntityCode, text), self.widths)
    }

    /// Reads an entity code of this scheme as people write it.
    ///
    /// # Errors
    /// As [`EntityCode::parse_human`], with the width of this scheme.
    pub fn parse_entity_human(&self, text: &str) -> Result<EntityCode, CodeError> {
        EntityCode::read(Reader::human(CodeSubject::EntityCode, text), self.widths)
    }

    /// Reads the canonical text of a service code of this scheme.
    ///
    /// # Errors
    /// As [`ServiceCode`]'s `FromStr`, with the width of this scheme.
    pub fn parse_service(&self, text: &str) -> Result<ServiceCode, CodeError> {
        ServiceCode::read(Reader::canonical(CodeSubject::ServiceCode, text), self.widths)
    }

    /// Reads a service code of this scheme as people write it.
    ///
    /// # Errors
    /// As [`ServiceCode::parse_human`], with the width of this scheme.
    pub fn parse_service_human(&self, text: &str) -> Result<ServiceCode, CodeError> {
        ServiceCode::read(Reader::human(CodeSubject::ServiceCode, text), self.widths)
    }

    /// Reads the canonical text of a document number of this scheme.
    ///
    /// # Errors
    /// As [`DocumentNumber`]'s `FromStr`, with the widths of this scheme.
    pub fn parse_document_number(&self, text: &str) -> Result<DocumentNumber, CodeError> {
        DocumentNumber::read(Reader::canonical(CodeSubject::DocumentNumber, text), self.widths)
    }

    /// Reads a document number of this scheme as people write it.
    ///
    /// # Errors
    /// As [`DocumentNumber::parse_human`], with the widths of this scheme.
    pub fn parse_document_number_human(&self, text: &str) -> Result<DocumentNumber, CodeError> {
        DocumentNumber::read(Reader::human(CodeSubject::DocumentNumber, text), self.widths)
    }

    /// The entity code of this scheme with this body; the check digits are computed.
    ///
    /// # Errors
    /// [`FieldRangeError`] when the body has not two digits less than the code.
    pub fn entity_from_body(&self, body: u64) -> Result<EntityCode, FieldRangeError> {
        EntityCode::from_body_in(body, self.widths)
    }

    /// The service code of this scheme with this body; the check digits are computed.
    ///
    /// # Errors
    /// [`FieldRangeError`] when the body has not two digits less than the code.
    pub fn service_from_body(&self, body: u64) -> Result<ServiceCode, FieldRangeError> {
        ServiceCode::from_body_in(body, self.widths)
    }

    /// The document number of this scheme with these fields; the check digits are computed.
    ///
    /// # Errors
    /// [`FieldRangeError`] for an entity code of another width, a year after 9999, or a serial too long.
    pub fn document_number(
        &self,
        entity: EntityCode,
        kind: DocumentKind,
        year: u16,
        serial: u64,
    ) -> Result<DocumentNumber, FieldRangeError> {
        DocumentNumber::new_in(entity, kind, year, serial, self.widths)
    }
}

impl Default for CodingScheme {
    fn default() -> Self {
        Self { widths: Widths::DEFAULT, prefixes: Cow::Borrowed(&OrganizationIdentifierPrefix::DEFAULT) }
    }
}

/// The digits of each field that a scheme sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Widths {
    /// 3 to 18.
    pub(super) entity: u8,
    /// 3 to 18.
    pub(super) service: u8,
    /// 1 to 18.
    pub(super) serial: u8,
}

impl Widths {
    pub(super) const DEFAULT: Self = Self { entity: 10, service: 8, serial: 8 };
}

/// Why data is not a coding scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// A width is out of range.
    #[error("coding scheme: {field} is {found}, expected {min} to {max}")]
    Width {
        /// The serde name of the member.
        field: &'static str,
        /// The width given.
        found: u8,
        /// The least width.
        min: u8,
        /// The most width.
        max: u8,
    },
    /// No prefix of `organizationIdentifier` is given, so that no certificate could name an entity.
    #[error("coding scheme: no prefix of organizationIdentifier")]
    NoPrefix,
    /// A prefix of `organizationIdentifier` is given twice.
    #[error("coding scheme: prefix {prefix} of organizationIdentifier stands twice")]
    PrefixTwice {
        /// The prefix.
        prefix: OrganizationIdentifierPrefix,
    },
    /// A text is not a prefix of `organizationIdentifier`.
    #[error("coding scheme: \"{text}\" is not a prefix of organizationIdentifier such as GO:SY-")]
    NotAPrefix {
        /// The text, at most 48 characters of it, controls escaped.
        text: String,
    },
}

impl SchemeError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Width { .. } => "scheme-width",
            Self::NoPrefix => "scheme-no-prefix",
            Self::PrefixTwice { .. } => "scheme-prefix-twice",
            Self::NotAPrefix { .. } => "scheme-not-a-prefix",
        }
    }
}

/// A scheme as serde sees it.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    entity_digits: u8,
    service_digits: u8,
    serial_digits: u8,
    organization_identifier_prefixes: Vec<OrganizationIdentifierPrefix>,
}

impl From<CodingScheme> for Members {
    fn from(scheme: CodingScheme) -> Self {
        Self {
            entity_digits: scheme.widths.entity,
            service_digits: scheme.widths.service,
            serial_digits: scheme.widths.serial,
            organization_identifier_prefixes: scheme.prefixes.into_owned(),
        }
    }
}

impl TryFrom<Members> for CodingScheme {
    type Error = SchemeError;

    fn try_from(members: Members) -> Result<Self, SchemeError> {
        Self::default()
            .with_entity_digits(members.entity_digits)?
            .with_service_digits(members.service_digits)?
            .with_serial_digits(members.serial_digits)?
            .with_organization_identifier_prefixes(members.organization_identifier_prefixes)
    }
}

fn width(field: &'static str, found: u8, min: u8) -> Result<u8, SchemeError> {
    if (min..=MAX_DIGITS).contains(&found) {
        return Ok(found);
    }
    Err(SchemeError::Width { field, found, min, max: MAX_DIGITS })
}

/// One digit of body and two of check.
const FLAT_MIN: u8 = 3;

const SERIAL_MIN: u8 = 1;

/// What a `u64` holds of any digits.
const MAX_DIGITS: u8 = 18;

#[cfg(test)]
mod tests {
    use super::*;

    fn twelve() -> CodingScheme {
        CodingScheme::default().with_entity_digits(12).unwrap().with_serial_digits(6).unwrap()
    }

    #[test]
    fn a_code_of_another_width_is_another_code() {
        let scheme = twelve();
        let wide = scheme.entity_from_body(1_234_567_890).unwrap();
        assert_eq!(scheme.parse_entity(&wide.to_string()), Ok(wide));
        assert_eq!((wide.to_string().as_str(), wide.digits()), ("123456789092", 12));
        let error = "123456789092".parse::<EntityCode>().unwrap_err();
        assert_eq!(error.to_string(), "entity code 123456789092: check digits are 90, expected 89");

        let narrow: EntityCode = "1234567889".parse().unwrap();
        let error = scheme.parse_entity("1234567889").unwrap_err();
        assert_eq!(error.to_string(), "entity code 1234567889: ends after 10 characters, expected 12");
        let error = scheme.document_number(narrow, DocumentKind::DECISION, 2025, 1).unwrap_err();
        let message = "entity code of a document number: 1234567889, expected 100000000000 to 999999999999";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn numbers_of_two_schemes_differ_though_their_fields_agree() {
        let narrow = CodingScheme::default().with_serial_digits(6).unwrap();
        let entity = EntityCode::from_body(12_345_678).unwrap();
        let short = narrow.document_number(entity, DocumentKind::DECISION, 2025, 7).unwrap();
        let long = DocumentNumber::new(entity, DocumentKind::DECISION, 2025, 7).unwrap();
        assert_ne!(short, long);
        assert_eq!(narrow.parse_document_number(&short.to_string()), Ok(short));
        assert!(narrow.parse_document_number(&long.to_string()).is_err());
        assert!(short.to_string().parse::<DocumentNumber>().is_err());
        let shown = short.display_form(crate::codes::DigitScript::ArabicIndic);
        assert_eq!(narrow.parse_document_number_human(&shown), Ok(short));
    }

    #[test]
    fn both_ends_of_each_width() {
        let scheme = CodingScheme::default;
        for digits in [3, 18] {
            let entity = scheme().with_entity_digits(digits).unwrap();
            let body = 10u64.pow(u32::from(digits) - 2) - 1;
            let code = entity.entity_from_body(body).unwrap();
            assert_eq!(entity.parse_entity(&code.to_string()), Ok(code));
            let service = scheme().with_service_digits(digits).unwrap();
            let code = service.service_from_body(body).unwrap();
            assert_eq!(service.parse_service_human(&code.to_string()), Ok(code));
            assert_eq!(service.parse_service(&code.to_string()), Ok(code));
            assert_eq!(code.digits(), digits);
        }
        for digits in [2, 19] {
            let error = scheme().with_entity_digits(digits).unwrap_err();
            assert_eq!(error.to_string(), format!("coding scheme: entityDigits is {digits}, expected 3 to 18"));
            let error = scheme().with_service_digits(digits).unwrap_err();
            assert_eq!(error.to_string(), format!("coding scheme: serviceDigits is {digits}, expected 3 to 18"));
        }
        assert!(scheme().with_serial_digits(1).is_ok() && scheme().with_serial_digits(18).is_ok());
        for digits in [0, 19] {
            let error = scheme().with_serial_digits(digits).unwrap_err();
            assert_eq!(error.to_string(), format!("coding scheme: serialDigits is {digits}, expected 1 to 18"));
        }
    }

    #[test]
    fn each_reason_has_a_name_that_stays() {
        let scheme = CodingScheme::default;
        assert_eq!(scheme().with_entity_digits(2).unwrap_err().code(), "scheme-width");
        assert_eq!(scheme().with_organization_identifier_prefixes(Vec::new()).unwrap_err().code(), "scheme-no-prefix");
        let prefix: OrganizationIdentifierPrefix = "GO:SY-".parse().unwrap();
        let twice = scheme().with_organization_identifier_prefixes(vec![prefix.clone(), prefix]).unwrap_err();
        assert_eq!(twice.code(), "scheme-prefix-twice");
        assert_eq!("GO:SY".parse::<OrganizationIdentifierPrefix>().unwrap_err().code(), "scheme-not-a-prefix");
        let error = CodingScheme::default().entity_from_body(1).unwrap_err();
        assert_eq!((error.code(), error.found), ("code-field-range", 1));
    }

    #[test]
    fn a_scheme_is_data() {
        let json =
            r#"{"entityDigits":12,"serviceDigits":8,"serialDigits":6,"organizationIdentifierPrefixes":["GO:SY-"]}"#;
        assert_eq!(serde_json::to_string(&twelve()).unwrap(), json);
        assert_eq!(serde_json::from_str::<CodingScheme>(json).unwrap(), twelve());
        let scheme = twelve().with_service_digits(9).unwrap();
        assert_eq!((scheme.entity_digits(), scheme.service_digits(), scheme.serial_digits()), (12, 9, 6));
        for (from, to, message) in [
            ("12", "2", "coding scheme: entityDigits is 2, expected 3 to 18"),
            ("[\"GO:SY-\"]", "[]", "coding scheme: no prefix of organizationIdentifier"),
            (
                "[\"GO:SY-\"]",
                "[\"GO:SY-\",\"GO:SY-\"]",
                "coding scheme: prefix GO:SY- of organizationIdentifier stands twice",
            ),
            (
                "GO:SY-",
                "GO:SY",
                "coding scheme: \"GO:SY\" is not a prefix of organizationIdentifier such as GO:SY- at line 1",
            ),
            ("\"serialDigits\":6,", "", "missing field `serialDigits`"),
            ("\"serialDigits\"", "\"serial\"", "unknown field `serial`"),
        ] {
            let error = serde_json::from_str::<CodingScheme>(&json.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
        }
    }
}
