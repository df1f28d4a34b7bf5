//! Codes without structure: a body whose first digit is not zero, and two check digits.

use super::check_digits::Mod97;
use super::field::{CodeField, FieldRangeError};
use super::reader::{CodeError, CodeErrorReason, Reader};

/// The number a flat code spells. No leading zero, so the number and the text determine each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct FlatCode(u64);

impl FlatCode {
    /// Reads a whole code of `digits` digits.
    pub(super) fn read(reader: Reader<'_>, digits: u8) -> Result<Self, CodeError> {
        let mut reader = reader.expecting(usize::from(digits));
        let code =
            Self::read_field(&mut reader, digits, |found, expected| CodeErrorReason::CheckDigits { found, expected })?;
        reader.end()?;
        Ok(code)
    }

    /// Reads a field of a longer code.
    pub(super) fn read_field(
        reader: &mut Reader<'_>,
        digits: u8,
        reason: impl FnOnce(u8, u8) -> CodeErrorReason,
    ) -> Result<Self, CodeError> {
        let body_digits = digits.saturating_sub(CHECK_DIGITS);
        let body = reader.number_from_one(body_digits)?;
        let code = Self::with_check_digits(body, body_digits);
        reader.check_digits(code.check_digits(), reason)?;
        Ok(code)
    }

    /// The code of `digits` digits with this body.
    pub(super) fn from_body(body: u64, digits: u8, field: CodeField) -> Result<Self, FieldRangeError> {
        let body_digits = digits.saturating_sub(CHECK_DIGITS);
        Ok(Self::with_check_digits(field.with_digits(body, body_digits)?, body_digits))
    }

    pub(super) fn value(self) -> u64 {
        self.0
    }

    pub(super) fn body(self) -> u64 {
        self.0 / 100
    }

    pub(super) fn check_digits(self) -> u8 {
        u8::try_from(self.0 % 100).unwrap_or_default()
    }

    pub(super) fn digits(self) -> u8 {
        self.0.checked_ilog10().and_then(|log| u8::try_from(log + 1).ok()).unwrap_or_default()
    }

    fn with_check_digits(body: u64, body_digits: u8) -> Self {
        Self(body * 100 + u64::from(Mod97::new().append(body, body_digits).check_digits()))
    }
}

/// Of every code.
pub(super) const CHECK_DIGITS: u8 = 2;
