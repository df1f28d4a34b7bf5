//! The code of a public entity.

use std::fmt;
use std::str::FromStr;

use super::digit_script::DigitScript;
use super::field::{CodeField, FieldRangeError};
use super::flat::FlatCode;
use super::reader::{CodeError, CodeSubject, Reader};
use super::scheme::Widths;
use super::text;

/// The code of a public entity: `1234567889` in the default scheme.
///
/// Flat: it says nothing about the entity, so a rename, a move or a merger never changes it, and it is never given to
/// another. `Display` is the canonical text, ASCII digits without separators, and so is serde's form. Codes order as
/// their numbers do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityCode(FlatCode);

impl EntityCode {
    /// The code of the default scheme with this body of eight digits; the check digits are computed.
    ///
    /// ```
    /// # use wathiqa::codes::EntityCode;
    /// assert_eq!(EntityCode::from_body(12_345_678)?.to_string(), "1234567889");
    /// # Ok::<(), wathiqa::codes::FieldRangeError>(())
    /// ```
    ///
    /// # Errors
    /// [`FieldRangeError`] for a body of fewer or more digits, such as `1234567`.
    pub fn from_body(body: u64) -> Result<Self, FieldRangeError> {
        Self::from_body_in(body, Widths::DEFAULT)
    }

    /// Reads what a person typed or a scanner read, by the default scheme; see [the two readers](super#two-readers).
    ///
    /// # Errors
    /// [`CodeError`] as [`FromStr`], and for digits of two scripts, such as `12345678٨٩`.
    pub fn parse_human(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::human(CodeSubject::EntityCode, text), Widths::DEFAULT)
    }

    /// The number before the check digits.
    #[must_use]
    pub fn body(self) -> u64 {
        self.0.body()
    }

    /// The two check digits, 2 to 98.
    #[must_use]
    pub fn check_digits(self) -> u8 {
        self.0.check_digits()
    }

    /// How many digits the code has, check digits included.
    #[must_use]
    pub fn digits(self) -> u8 {
        self.0.digits()
    }

    /// The code for a screen or paper: digits of `script` between U+2066 and U+2069, so that text around it cannot
    /// reorder it. Never for signed text: `FromStr` refuses it.
    #[must_use]
    pub fn display_form(self, script: DigitScript) -> String {
        script.display_form(&self.to_string())
    }

    pub(super) fn read(reader: Reader<'_>, widths: Widths) -> Result<Self, CodeError> {
        FlatCode::read(reader, widths.entity).map(Self)
    }

    pub(super) fn from_body_in(body: u64, widths: Widths) -> Result<Self, FieldRangeError> {
        FlatCode::from_body(body, widths.entity, CodeField::EntityBody).map(Self)
    }

    pub(super) fn from_flat(code: FlatCode) -> Self {
        Self(code)
    }

    pub(super) fn value(self) -> u64 {
        self.0.value()
    }
}

impl FromStr for EntityCode {
    type Err = CodeError;

    /// Reads canonical text of the default scheme: ten ASCII digits, the first not zero, the last two as computed.
    ///
    /// # Errors
    /// [`CodeError`] for another length (`12345678890`), another character (`1234-67889`, `١٢٣٤٥٦٧٨٨٩`), a first digit
    /// zero (`0234567889`), or other check digits (`1234567803`).
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::canonical(CodeSubject::EntityCode, text), Widths::DEFAULT)
    }
}

impl fmt::Display for EntityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.value())
    }
}

impl fmt::Debug for EntityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntityCode({self})")
    }
}

impl serde::Serialize for EntityCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for EntityCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "an entity code as a string")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_and_nothing_else() {
        let code: EntityCode = "1234567889".parse().unwrap();
        assert_eq!((code.body(), code.check_digits(), code.digits()), (12_345_678, 89, 10));
        assert_eq!((code.to_string(), format!("{code:?}")), ("1234567889".into(), "EntityCode(1234567889)".into()));
        for (text, message) in [
            ("", "entity code \"\": ends after 0 characters, expected 10"),
            ("123456788", "entity code 123456788: ends after 9 characters, expected 10"),
            ("12345678890", "entity code 12345678890: character 11 is '0' (U+0030), expected the end"),
            ("0234567889", "entity code 0234567889: character 1 is '0' (U+0030), expected a digit from 1 to 9"),
            ("1234-67889", "entity code 1234-67889: character 5 is '-' (U+002D), expected a digit from 0 to 9"),
            ("1234567803", "entity code 1234567803: check digits are 03, expected 89"),
            ("1234567889 ", "entity code 1234567889 : character 11 is ' ' (U+0020), expected the end"),
            ("+234567889", "entity code +234567889: character 1 is '+' (U+002B), expected a digit from 1 to 9"),
            ("1٢34567889", "entity code 1٢34567889: character 2 is '٢' (U+0662), expected a digit from 0 to 9"),
            (
                "1234\u{202E}67889",
                "entity code 1234\\u{202e}67889: character 5 is '\\u{202e}' (U+202E), expected a digit from 0 to 9",
            ),
        ] {
            assert_eq!(text.parse::<EntityCode>().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn people_may_write_their_digits_and_group_them() {
        let code: EntityCode = "1234567889".parse().unwrap();
        for text in
            ["1234567889", "1234 5678 89", "١٢٣٤٥٦٧٨٨٩", "۱۲۳۴۵۶۷۸۸۹", "\u{200F}١٢٣٤\u{A0}٥٦٧٨\u{202F}٨٩\u{2069}"]
        {
            assert_eq!(EntityCode::parse_human(text), Ok(code), "{text}");
        }
        for (text, message) in [
            (
                "12345678٨٩",
                "entity code 12345678٨٩: character 9 is an Arabic-Indic digit, the digits before it are ASCII",
            ),
            (
                " ١۲٣٤٥٦٧٨٨٩",
                "entity code  ١۲٣٤٥٦٧٨٨٩: character 3 is an Extended Arabic-Indic digit, the digits before it are Arabic-Indic",
            ),
            ("１234567889", "entity code １234567889: character 1 is '１' (U+FF11), expected a digit from 1 to 9"),
            ("1234\t567889", "entity code 1234\\t567889: character 5 is '\\t' (U+0009), expected a digit from 0 to 9"),
            ("1234-567889", "entity code 1234-567889: character 5 is '-' (U+002D), expected a digit from 0 to 9"),
            ("١٢٣٤ ٥٦٧٨", "entity code ١٢٣٤ ٥٦٧٨: ends after 8 characters, expected 10"),
            ("١٢٣٤٥٦٧٨٠٣", "entity code ١٢٣٤٥٦٧٨٠٣: check digits are 03, expected 89"),
        ] {
            assert_eq!(EntityCode::parse_human(text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn the_display_form_is_for_people_only() {
        let code: EntityCode = "1234567889".parse().unwrap();
        for script in [DigitScript::Ascii, DigitScript::ArabicIndic, DigitScript::ExtendedArabicIndic] {
            let shown = code.display_form(script);
            assert!(shown.parse::<EntityCode>().is_err(), "{script}");
            assert_eq!(EntityCode::parse_human(&shown), Ok(code), "{script}");
        }
    }
}
