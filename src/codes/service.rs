//! The code of a service.

use std::fmt;
use std::str::FromStr;

use super::digit_script::DigitScript;
use super::field::{CodeField, FieldRangeError};
use super::flat::FlatCode;
use super::reader::{CodeError, CodeSubject, Reader};
use super::scheme::Widths;
use super::text;

/// The code of a service: `40000182` in the default scheme.
///
/// National, not of one entity: the service keeps its code when another entity takes it over. `Display` is the
/// canonical text, ASCII digits without separators, and so is serde's form. Codes order as their numbers do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceCode(FlatCode);

impl ServiceCode {
    /// The code of the default scheme with this body of six digits; the check digits are computed.
    ///
    /// ```
    /// # use wathiqa::codes::ServiceCode;
    /// assert_eq!(ServiceCode::from_body(400_001)?.to_string(), "40000182");
    /// # Ok::<(), wathiqa::codes::FieldRangeError>(())
    /// ```
    ///
    /// # Errors
    /// [`FieldRangeError`] for a body of fewer or more digits, such as `40000`.
    pub fn from_body(body: u64) -> Result<Self, FieldRangeError> {
        Self::from_body_in(body, Widths::DEFAULT)
    }

    /// Reads what a person typed or a scanner read, by the default scheme; see [the two readers](super#two-readers).
    ///
    /// # Errors
    /// [`CodeError`] as [`FromStr`], and for digits of two scripts, such as `400001٨٢`.
    pub fn parse_human(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::human(CodeSubject::ServiceCode, text), Widths::DEFAULT)
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
        FlatCode::read(reader, widths.service).map(Self)
    }

    pub(super) fn from_body_in(body: u64, widths: Widths) -> Result<Self, FieldRangeError> {
        FlatCode::from_body(body, widths.service, CodeField::ServiceBody).map(Self)
    }
}

impl FromStr for ServiceCode {
    type Err = CodeError;

    /// Reads canonical text of the default scheme: eight ASCII digits, the first not zero, the last two as computed.
    ///
    /// # Errors
    /// [`CodeError`] for another length (`400001820`), another character (`4000-182`, `٤٠٠٠٠١٨٢`), a first digit zero
    /// (`00000182`), or other check digits (`40000128`).
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::canonical(CodeSubject::ServiceCode, text), Widths::DEFAULT)
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.value())
    }
}

impl fmt::Debug for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceCode({self})")
    }
}

impl serde::Serialize for ServiceCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ServiceCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a service code as a string")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_and_nothing_else() {
        let code: ServiceCode = "40000182".parse().unwrap();
        assert_eq!((code.body(), code.check_digits(), code.digits()), (400_001, 82, 8));
        assert_eq!((code.to_string(), format!("{code:?}")), ("40000182".into(), "ServiceCode(40000182)".into()));
        for (text, message) in [
            ("4000018", "service code 4000018: ends after 7 characters, expected 8"),
            ("400001820", "service code 400001820: character 9 is '0' (U+0030), expected the end"),
            ("00000182", "service code 00000182: character 1 is '0' (U+0030), expected a digit from 1 to 9"),
            ("40000128", "service code 40000128: check digits are 28, expected 82"),
        ] {
            assert_eq!(text.parse::<ServiceCode>().unwrap_err().to_string(), message);
        }
        assert_eq!(ServiceCode::parse_human("٤٠٠ ٠٠١ ٨٢"), Ok(code));
        assert_eq!(code.display_form(DigitScript::ArabicIndic), "\u{2066}٤٠٠٠٠١٨٢\u{2069}");
    }

    #[test]
    fn the_alias_of_a_pair_of_check_digits_is_refused() {
        // Both are 1 modulo 97; ISO/IEC 7064 alone would take either.
        assert_eq!(10_000_798 % 97, 10_000_701 % 97);
        let code = ServiceCode::from_body(100_007).unwrap();
        assert_eq!(code.to_string(), "10000798");
        let error = "10000701".parse::<ServiceCode>().unwrap_err();
        assert_eq!(error.to_string(), "service code 10000701: check digits are 01, expected 98");
    }
}
