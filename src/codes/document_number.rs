//! The number of a document.

use std::fmt;
use std::str::FromStr;

use super::check_digits::Mod97;
use super::digit_script::DigitScript;
use super::document_kind::{self, DocumentKind};
use super::entity::EntityCode;
use super::field::{CodeField, FieldRangeError};
use super::flat::{CHECK_DIGITS, FlatCode};
use super::reader::{CodeError, CodeErrorReason, CodeSubject, Reader};
use super::scheme::Widths;
use super::text;

/// The number of a document: `1234567889-014-2025-00012345-22` in the default scheme.
///
/// The code of the issuing entity, the kind, the Gregorian year of issue, a serial within these three, and two check
/// digits over all digits before them. `Display` is the canonical text, and so is serde's form. Numbers order by
/// entity, kind, year and serial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    entity: EntityCode,
    kind: DocumentKind,
    year: u16,
    serial_digits: u8,
    serial: u64,
}

impl DocumentNumber {
    /// The number of the default scheme with these fields; the check digits are computed.
    ///
    /// ```
    /// # use wathiqa::codes::{DocumentKind, DocumentNumber, EntityCode};
    /// let entity = EntityCode::from_body(12_345_678)?;
    /// let number = DocumentNumber::new(entity, DocumentKind::new(14)?, 2025, 12_345)?;
    /// assert_eq!(number.to_string(), "1234567889-014-2025-00012345-22");
    /// # Ok::<(), wathiqa::codes::FieldRangeError>(())
    /// ```
    ///
    /// # Errors
    /// [`FieldRangeError`] for an entity code of another width, a year after 9999, or a serial of more than eight
    /// digits.
    pub fn new(entity: EntityCode, kind: DocumentKind, year: u16, serial: u64) -> Result<Self, FieldRangeError> {
        Self::new_in(entity, kind, year, serial, Widths::DEFAULT)
    }

    /// Reads what a person typed or a scanner read, by the default scheme; see [the two readers](super#two-readers).
    /// The hyphens are part of the number and must stand in their places.
    ///
    /// # Errors
    /// [`CodeError`] as [`FromStr`], and for digits of two scripts.
    pub fn parse_human(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::human(CodeSubject::DocumentNumber, text), Widths::DEFAULT)
    }

    /// The entity that issued the document.
    #[must_use]
    pub fn entity(self) -> EntityCode {
        self.entity
    }

    /// The kind of the document.
    #[must_use]
    pub fn kind(self) -> DocumentKind {
        self.kind
    }

    /// The Gregorian year of issue, 0 to 9999.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The serial within entity, kind and year.
    #[must_use]
    pub fn serial(self) -> u64 {
        self.serial
    }

    /// The two check digits, 2 to 98.
    #[must_use]
    pub fn check_digits(self) -> u8 {
        Mod97::new()
            .append(self.entity.value(), self.entity.digits())
            .append(u64::from(self.kind.value()), document_kind::DIGITS)
            .append(u64::from(self.year), YEAR_DIGITS)
            .append(self.serial, self.serial_digits)
            .check_digits()
    }

    /// The number for a screen or paper: digits of `script` between U+2066 and U+2069, and U+200E behind each hyphen,
    /// so that the fields stand in their order from left to right in any text. Never for signed text: `FromStr`
    /// refuses it.
    #[must_use]
    pub fn display_form(self, script: DigitScript) -> String {
        script.display_form(&self.to_string())
    }

    pub(super) fn new_in(
        entity: EntityCode,
        kind: DocumentKind,
        year: u16,
        serial: u64,
        widths: Widths,
    ) -> Result<Self, FieldRangeError> {
        CodeField::EntityCode.with_digits(entity.value(), widths.entity)?;
        CodeField::Year.within_digits(u64::from(year), YEAR_DIGITS)?;
        CodeField::Serial.within_digits(serial, widths.serial)?;
        Ok(Self { entity, kind, year, serial_digits: widths.serial, serial })
    }

    /// The grammar, from left to right.
    pub(super) fn read(reader: Reader<'_>, widths: Widths) -> Result<Self, CodeError> {
        let digits = [widths.entity, document_kind::DIGITS, YEAR_DIGITS, widths.serial, CHECK_DIGITS];
        let hyphens = digits.len() - 1;
        let mut reader = reader.expecting(digits.into_iter().map(usize::from).sum::<usize>() + hyphens);

        let entity = FlatCode::read_field(&mut reader, widths.entity, |found, expected| {
            CodeErrorReason::EntityCheckDigits { found, expected }
        })?;
        reader.hyphen()?;
        let kind = DocumentKind::read_field(&mut reader)?;
        reader.hyphen()?;
        let year = reader.number(YEAR_DIGITS)?;
        reader.hyphen()?;
        let serial = reader.number(widths.serial)?;
        reader.hyphen()?;

        let entity = EntityCode::from_flat(entity);
        // Four digits always fit.
        let year = u16::try_from(year).unwrap_or_default();
        let number = Self { entity, kind, year, serial_digits: widths.serial, serial };
        reader
            .check_digits(number.check_digits(), |found, expected| CodeErrorReason::CheckDigits { found, expected })?;
        reader.end()?;
        Ok(number)
    }
}

impl FromStr for DocumentNumber {
    type Err = CodeError;

    /// Reads canonical text of the default scheme, as [`codes`](super) has its grammar.
    ///
    /// # Errors
    /// [`CodeError`] for a field of another width (`1234567889-14-2025-00012345-22`), another character (an en dash for
    /// a hyphen), kind `000`, other check digits at the end or in the entity code.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::canonical(CodeSubject::DocumentNumber, text), Widths::DEFAULT)
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entity, kind, year, serial, .. } = self;
        let width = usize::from(self.serial_digits);
        write!(f, "{entity}-{kind}-{year:04}-{serial:0width$}-{:02}", self.check_digits())
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentNumber({self})")
    }
}

impl serde::Serialize for DocumentNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for DocumentNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a document number as a string")
    }
}

const YEAR_DIGITS: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_and_nothing_else() {
        let text = "1234567889-014-2025-00012345-22";
        let number: DocumentNumber = text.parse().unwrap();
        assert_eq!(number.entity().to_string(), "1234567889");
        assert_eq!((number.kind().value(), number.year(), number.serial()), (14, 2025, 12_345));
        assert_eq!((number.check_digits(), number.to_string()), (22, text.to_owned()));
        assert_eq!(format!("{number:?}"), format!("DocumentNumber({text})"));
        for (text, reason) in [
            ("1234567889-014-2025-00012345", "ends after 28 characters, expected 31"),
            ("1234567889-014-2025-00012345-2", "ends after 30 characters, expected 31"),
            ("1234567889-014-2025-00012345-220", "character 32 is '0' (U+0030), expected the end"),
            ("1234567889-14-2025-00012345-22", "character 14 is '-' (U+002D), expected a digit from 0 to 9"),
            ("1234567889-0142-025-00012345-22", "character 15 is '2' (U+0032), expected a hyphen (U+002D)"),
            ("1234567889–014-2025-00012345-22", "character 11 is '–' (U+2013), expected a hyphen (U+002D)"),
            ("1234567889-014-2025-00012345-23", "check digits are 23, expected 22"),
            ("1234567803-014-2025-00012345-22", "check digits of the entity code are 03, expected 89"),
            ("1234567889-000-2025-00012345-22", "kind is 000, expected 001 to 999"),
            ("123456788901420250001234522", "character 11 is '0' (U+0030), expected a hyphen (U+002D)"),
        ] {
            let error = text.parse::<DocumentNumber>().unwrap_err();
            assert_eq!(error.to_string(), format!("document number {text}: {reason}"));
        }
    }

    #[test]
    fn people_may_write_their_digits_but_keep_the_hyphens() {
        let number: DocumentNumber = "1234567889-014-2025-00012345-22".parse().unwrap();
        let shown = number.display_form(DigitScript::ArabicIndic);
        assert_eq!(shown, "\u{2066}١٢٣٤٥٦٧٨٨٩-\u{200E}٠١٤-\u{200E}٢٠٢٥-\u{200E}٠٠٠١٢٣٤٥-\u{200E}٢٢\u{2069}");
        assert!(shown.parse::<DocumentNumber>().is_err());
        assert_eq!(DocumentNumber::parse_human(&shown), Ok(number));
        assert_eq!(DocumentNumber::parse_human("1234567889 - 014 - 2025 - 00012345 - 22"), Ok(number));
        let error = DocumentNumber::parse_human("١٢٣٤٥٦٧٨٨٩ ٠١٤").unwrap_err();
        let message = "document number ١٢٣٤٥٦٧٨٨٩ ٠١٤: character 12 is '٠' (U+0660), expected a hyphen (U+002D)";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn both_sides_of_each_field() {
        let entity = EntityCode::from_body(12_345_678).unwrap();
        let number = |year, serial| {
            DocumentNumber::new(entity, DocumentKind::DECISION, year, serial)
                .map(|number| number.to_string())
                .map_err(|error| error.to_string())
        };
        assert_eq!(number(0, 0).unwrap().get(..28), Some("1234567889-004-0000-00000000"));
        assert_eq!(number(9999, 99_999_999).unwrap().get(..28), Some("1234567889-004-9999-99999999"));
        assert_eq!(number(10_000, 1), Err("year of a document number: 10000, expected 0 to 9999".to_owned()));
        let message = "serial of a document number: 100000000, expected 0 to 99999999".to_owned();
        assert_eq!(number(2025, 100_000_000), Err(message));
    }
}
