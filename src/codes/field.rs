//! Numbers that are to become a field of a code.

use std::fmt;

/// A field of a code that is made from a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodeField {
    /// An entity code without its check digits.
    EntityBody,
    /// A service code without its check digits.
    ServiceBody,
    /// A whole entity code, as the first field of a document number.
    EntityCode,
    /// The kind of a document.
    Kind,
    /// The Gregorian year of issue.
    Year,
    /// The serial within entity, kind and year.
    Serial,
}

impl fmt::Display for CodeField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EntityBody => "body of an entity code",
            Self::ServiceBody => "body of a service code",
            Self::EntityCode => "entity code of a document number",
            Self::Kind => "kind of a document",
            Self::Year => "year of a document number",
            Self::Serial => "serial of a document number",
        })
    }
}

/// A number does not fit the field it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {found}, expected {min} to {max}")]
#[non_exhaustive]
pub struct FieldRangeError {
    /// The field.
    pub field: CodeField,
    /// The number given.
    pub found: u64,
    /// The least that fits.
    pub min: u64,
    /// The most that fits.
    pub max: u64,
}

impl FieldRangeError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "code-field-range"
    }
}

impl CodeField {
    /// `found`, if it is in `min` to `max`.
    pub(super) fn in_range(self, found: u64, min: u64, max: u64) -> Result<u64, FieldRangeError> {
        if (min..=max).contains(&found) { Ok(found) } else { Err(FieldRangeError { field: self, found, min, max }) }
    }

    /// `found`, if it has exactly `digits` decimal digits and the first is not zero.
    pub(super) fn with_digits(self, found: u64, digits: u8) -> Result<u64, FieldRangeError> {
        let ceiling = power_of_ten(digits);
        self.in_range(found, ceiling / 10, ceiling - 1)
    }

    /// `found`, if `digits` decimal digits can write it.
    pub(super) fn within_digits(self, found: u64, digits: u8) -> Result<u64, FieldRangeError> {
        self.in_range(found, 0, power_of_ten(digits) - 1)
    }
}

/// 10 to the power of `digits`, which a scheme bounds by 18; 10^19 still fits.
fn power_of_ten(digits: u8) -> u64 {
    10u64.saturating_pow(u32::from(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_both_bounds() {
        let body = |found| CodeField::EntityBody.with_digits(found, 8).map_err(|error| error.to_string());
        assert_eq!(body(10_000_000), Ok(10_000_000));
        assert_eq!(body(99_999_999), Ok(99_999_999));
        let message = |found: u64| Err(format!("body of an entity code: {found}, expected 10000000 to 99999999"));
        assert_eq!(body(9_999_999), message(9_999_999));
        assert_eq!(body(100_000_000), message(100_000_000));

        let serial = |found| CodeField::Serial.within_digits(found, 8).map_err(|error| error.to_string());
        assert_eq!(serial(0), Ok(0));
        assert_eq!(serial(99_999_999), Ok(99_999_999));
        let message = "serial of a document number: 100000000, expected 0 to 99999999".to_owned();
        assert_eq!(serial(100_000_000), Err(message));
    }

    #[test]
    fn the_widest_field_has_eighteen_digits() {
        assert_eq!(CodeField::Serial.within_digits(999_999_999_999_999_999, 18), Ok(999_999_999_999_999_999));
        assert!(CodeField::Serial.within_digits(1_000_000_000_000_000_000, 18).is_err());
    }
}
