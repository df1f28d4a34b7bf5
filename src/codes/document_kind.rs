//! What kind of document a document is.

use std::fmt;
use std::str::FromStr;

use super::field::{CodeField, FieldRangeError};
use super::reader::{CodeError, CodeErrorReason, CodeSubject, Reader};
use super::text;

/// The kind of a document, 001 to 999: `014`.
///
/// Kinds 001 to 009 are official correspondence and named here; what the others mean is for whoever runs the scheme.
/// Three digits in every scheme. `Display` is the canonical text, and so is serde's form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentKind(u16);

impl DocumentKind {
    /// 001, a letter that goes out.
    pub const OUTGOING: Self = Self(1);
    /// 002, the registration of a letter that came in. Its number is the recipient's.
    pub const INCOMING_REGISTRATION: Self = Self(2);
    /// 003, a circular.
    pub const CIRCULAR: Self = Self(3);
    /// 004, a decision.
    pub const DECISION: Self = Self(4);
    /// 005, a memorandum.
    pub const MEMORANDUM: Self = Self(5);
    /// 006, a receipt.
    pub const RECEIPT: Self = Self(6);
    /// 009, a mandate, by which an entity lets another sign in its name.
    pub const MANDATE: Self = Self(9);

    /// The kind with this number.
    ///
    /// # Errors
    /// [`FieldRangeError`] outside 1 to 999.
    pub fn new(value: u16) -> Result<Self, FieldRangeError> {
        CodeField::Kind.in_range(u64::from(value), 1, 999)?;
        Ok(Self(value))
    }

    /// Reads what a person typed or a scanner read; see [the two readers](super#two-readers).
    ///
    /// # Errors
    /// [`CodeError`] as [`FromStr`], and for digits of two scripts, such as `01٤`.
    pub fn parse_human(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::human(CodeSubject::DocumentKind, text))
    }

    /// The number of the kind, 1 to 999.
    #[must_use]
    pub fn value(self) -> u16 {
        self.0
    }

    /// Whether the kind is official correspondence, 001 to 009.
    #[must_use]
    pub fn is_correspondence(self) -> bool {
        self.0 <= 9
    }

    /// The English name of a kind that this crate names.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::OUTGOING => "outgoing letter",
            Self::INCOMING_REGISTRATION => "incoming registration",
            Self::CIRCULAR => "circular",
            Self::DECISION => "decision",
            Self::MEMORANDUM => "memorandum",
            Self::RECEIPT => "receipt",
            Self::MANDATE => "mandate",
            _ => return None,
        })
    }

    pub(super) fn read_field(reader: &mut Reader<'_>) -> Result<Self, CodeError> {
        let value = reader.number(DIGITS)?;
        match u16::try_from(value) {
            Ok(value) if value != 0 => Ok(Self(value)),
            _ => Err(reader.refuse(CodeErrorReason::KindZero)),
        }
    }

    fn read(reader: Reader<'_>) -> Result<Self, CodeError> {
        let mut reader = reader.expecting(usize::from(DIGITS));
        let kind = Self::read_field(&mut reader)?;
        reader.end()?;
        Ok(kind)
    }
}

impl FromStr for DocumentKind {
    type Err = CodeError;

    /// Reads canonical text: three ASCII digits.
    ///
    /// # Errors
    /// [`CodeError`] for another length (`14`), another character (`0x4`), or `000`.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::read(Reader::canonical(CodeSubject::DocumentKind, text))
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl fmt::Debug for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentKind({self})")
    }
}

impl serde::Serialize for DocumentKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for DocumentKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer, "a document kind as a string of three digits")
    }
}

/// Of a kind, in every scheme: the named kinds would lose their meaning in another width.
pub(super) const DIGITS: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_never_zero() {
        let kind: DocumentKind = "014".parse().unwrap();
        assert_eq!((kind.value(), kind.to_string(), kind.is_correspondence()), (14, "014".into(), false));
        assert_eq!(DocumentKind::parse_human("٠١٤"), Ok(kind));
        assert_eq!(format!("{kind:?}"), "DocumentKind(014)");
        for (text, message) in [
            ("14", "document kind 14: ends after 2 characters, expected 3"),
            ("0140", "document kind 0140: character 4 is '0' (U+0030), expected the end"),
            ("0x4", "document kind 0x4: character 2 is 'x' (U+0078), expected a digit from 0 to 9"),
            ("000", "document kind 000: kind is 000, expected 001 to 999"),
        ] {
            assert_eq!(text.parse::<DocumentKind>().unwrap_err().to_string(), message);
        }
        assert_eq!(DocumentKind::new(999).map(DocumentKind::value), Ok(999));
        let message = |found| format!("kind of a document: {found}, expected 1 to 999");
        assert_eq!(DocumentKind::new(0).unwrap_err().to_string(), message(0));
        assert_eq!(DocumentKind::new(1000).unwrap_err().to_string(), message(1000));
    }

    #[test]
    fn correspondence_is_001_to_009_and_seven_of_them_have_names() {
        let kind = |value| DocumentKind::new(value).unwrap();
        assert!((1..=9).all(|value| kind(value).is_correspondence()) && !kind(10).is_correspondence());
        let names: Vec<_> = (1..=999).filter_map(|value| kind(value).name()).collect();
        let expected =
            ["outgoing letter", "incoming registration", "circular", "decision", "memorandum", "receipt", "mandate"];
        assert_eq!(names, expected);
        assert_eq!(DocumentKind::RECEIPT.to_string(), "006");
    }
}
