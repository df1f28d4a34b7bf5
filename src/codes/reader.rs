//! Reading codes from left to right, with the position of what is refused.

use std::fmt;
use std::str::Chars;

use super::digit_script::DigitScript;
use crate::encoding::{excerpt, is_bidi_control};

/// What a text was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodeSubject {
    /// An [`EntityCode`](super::EntityCode).
    EntityCode,
    /// A [`ServiceCode`](super::ServiceCode).
    ServiceCode,
    /// A [`DocumentKind`](super::DocumentKind).
    DocumentKind,
    /// A [`DocumentNumber`](super::DocumentNumber).
    DocumentNumber,
}

impl fmt::Display for CodeSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EntityCode => "entity code",
            Self::ServiceCode => "service code",
            Self::DocumentKind => "document kind",
            Self::DocumentNumber => "document number",
        })
    }
}

/// Why a text is not a code: which code, the text, and the reason with both sides.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{subject} {}: {reason}", shown(.text))]
#[non_exhaustive]
pub struct CodeError {
    /// What the text was read as.
    pub subject: CodeSubject,
    /// The text, at most 48 characters of it, controls escaped.
    pub text: String,
    /// What is wrong with it.
    pub reason: CodeErrorReason,
}

/// What is wrong with the text of a code. Positions count characters of the text as given, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeErrorReason {
    /// A character that may not stand where it stands.
    #[error("character {position} is '{}' (U+{:04X}), expected {expected}", .found.escape_debug(), u32::from(*.found))]
    Character {
        /// Where it stands.
        position: usize,
        /// The character.
        found: char,
        /// What may stand there.
        expected: ExpectedCharacter,
    },
    /// The text ends too soon.
    #[error("ends after {found} characters, expected {expected}")]
    EndsEarly {
        /// How many characters count; spaces and controls that are dropped do not.
        found: usize,
        /// How many the code has.
        expected: usize,
    },
    /// Digits of two scripts in one code.
    #[error("character {position} is an {found} digit, the digits before it are {expected}")]
    MixedDigits {
        /// Where the digit stands.
        position: usize,
        /// Its script.
        found: DigitScript,
        /// The script of the first digit.
        expected: DigitScript,
    },
    /// The check digits are not those of the digits before them.
    #[error("check digits are {found:02}, expected {expected:02}")]
    CheckDigits {
        /// The check digits in the text.
        found: u8,
        /// The check digits computed, 2 to 98.
        expected: u8,
    },
    /// The check digits of the entity code inside a document number are not those of the digits before them.
    #[error("check digits of the entity code are {found:02}, expected {expected:02}")]
    EntityCheckDigits {
        /// The check digits in the text.
        found: u8,
        /// The check digits computed, 2 to 98.
        expected: u8,
    },
    /// Kind 000, which names no kind.
    #[error("kind is 000, expected 001 to 999")]
    KindZero,
}

impl CodeError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.reason {
            CodeErrorReason::Character { .. } => "code-character",
            CodeErrorReason::EndsEarly { .. } => "code-ends-early",
            CodeErrorReason::MixedDigits { .. } => "code-mixed-digits",
            CodeErrorReason::CheckDigits { .. } => "code-check-digits",
            CodeErrorReason::EntityCheckDigits { .. } => "code-entity-check-digits",
            CodeErrorReason::KindZero => "code-kind-zero",
        }
    }
}

/// What may stand at a position of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExpectedCharacter {
    /// `1` to `9`.
    FirstDigit,
    /// `0` to `9`.
    Digit,
    /// `-`, U+002D.
    Hyphen,
    /// Nothing: the code is complete.
    End,
}

impl fmt::Display for ExpectedCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FirstDigit => "a digit from 1 to 9",
            Self::Digit => "a digit from 0 to 9",
            Self::Hyphen => "a hyphen (U+002D)",
            Self::End => "the end",
        })
    }
}

/// The characters that count, and how they may be spelled.
pub(super) struct Reader<'t> {
    subject: CodeSubject,
    text: &'t str,
    rest: Chars<'t>,
    /// Characters of the whole code.
    total: usize,
    /// Characters taken, those dropped included.
    position: usize,
    /// Characters taken that count.
    counted: usize,
    spelling: Spelling,
}

enum Spelling {
    Canonical,
    /// With the script of the digits so far.
    Human(Option<DigitScript>),
}

impl<'t> Reader<'t> {
    /// Reads canonical text: ASCII, nothing dropped.
    pub(super) fn canonical(subject: CodeSubject, text: &'t str) -> Self {
        Self { subject, text, rest: text.chars(), total: 0, position: 0, counted: 0, spelling: Spelling::Canonical }
    }

    /// Reads what people write: other digits too, spaces and bidirectional controls dropped.
    pub(super) fn human(subject: CodeSubject, text: &'t str) -> Self {
        Self { spelling: Spelling::Human(None), ..Self::canonical(subject, text) }
    }

    /// Says how many characters the whole code has.
    pub(super) fn expecting(self, total: usize) -> Self {
        Self { total, ..self }
    }

    /// Takes a field of `digits` digits (at most 18) whose first may be zero.
    pub(super) fn number(&mut self, digits: u8) -> Result<u64, CodeError> {
        if let Some(value) = self.plain_number(digits) {
            return Ok(value);
        }
        (0..digits).try_fold(0, |value, _| Ok(value * 10 + self.digit(ExpectedCharacter::Digit)?))
    }

    /// Takes a field of ASCII digits at once, as most are; otherwise none of it, for it to be read digit by digit.
    fn plain_number(&mut self, digits: u8) -> Option<u64> {
        let Spelling::Canonical = self.spelling else { return None };
        let digits = usize::from(digits);
        let (field, rest) = self.rest.as_str().split_at_checked(digits)?;
        let value = field
            .bytes()
            .try_fold(0, |value, octet| octet.is_ascii_digit().then(|| value * 10 + u64::from(octet - b'0')))?;
        self.rest = rest.chars();
        (self.position, self.counted) = (self.position + digits, self.counted + digits);
        Some(value)
    }

    /// Takes a field of `digits` digits (at most 18) whose first may not be zero.
    pub(super) fn number_from_one(&mut self, digits: u8) -> Result<u64, CodeError> {
        if !self.rest.as_str().starts_with('0')
            && let Some(value) = self.plain_number(digits)
        {
            return Ok(value);
        }
        let first = self.digit(ExpectedCharacter::FirstDigit)?;
        (1..digits).try_fold(first, |value, _| Ok(value * 10 + self.digit(ExpectedCharacter::Digit)?))
    }

    /// Takes two check digits and compares them with `expected`.
    pub(super) fn check_digits(
        &mut self,
        expected: u8,
        reason: impl FnOnce(u8, u8) -> CodeErrorReason,
    ) -> Result<(), CodeError> {
        let found = self.number(2)?;
        if found == u64::from(expected) {
            return Ok(());
        }
        Err(self.refuse(reason(u8::try_from(found).unwrap_or_default(), expected)))
    }

    /// Takes a hyphen.
    pub(super) fn hyphen(&mut self) -> Result<(), CodeError> {
        if let Spelling::Canonical = self.spelling
            && let Some(rest) = self.rest.as_str().strip_prefix('-')
        {
            self.rest = rest.chars();
            (self.position, self.counted) = (self.position + 1, self.counted + 1);
            return Ok(());
        }
        match self.next_that_counts()? {
            Some(Counted { found: '-', .. }) => Ok(()),
            Some(other) => Err(self.unexpected(other, ExpectedCharacter::Hyphen)),
            None => Err(self.ends_early()),
        }
    }

    /// Makes sure that nothing that counts is left.
    pub(super) fn end(&mut self) -> Result<(), CodeError> {
        match self.next_that_counts()? {
            None => Ok(()),
            Some(other) => Err(self.unexpected(other, ExpectedCharacter::End)),
        }
    }

    /// The error that `reason` is about this text.
    pub(super) fn refuse(&self, reason: CodeErrorReason) -> CodeError {
        CodeError { subject: self.subject, text: excerpt(self.text), reason }
    }

    fn digit(&mut self, expected: ExpectedCharacter) -> Result<u64, CodeError> {
        let next = self.next_that_counts()?.ok_or_else(|| self.ends_early())?;
        match next.digit {
            Some(0) if expected == ExpectedCharacter::FirstDigit => Err(self.unexpected(next, expected)),
            Some(digit) => Ok(u64::from(digit)),
            None => Err(self.unexpected(next, expected)),
        }
    }

    fn next_that_counts(&mut self) -> Result<Option<Counted>, CodeError> {
        let Some(found) = self.next_not_dropped() else {
            return Ok(None);
        };
        self.counted += 1;
        let Spelling::Human(first_script) = &mut self.spelling else {
            return Ok(Some(Counted { found, digit: found.to_digit(10) }));
        };
        let Some((script, digit)) = DigitScript::of(found) else {
            return Ok(Some(Counted { found, digit: None }));
        };
        let expected = *first_script.get_or_insert(script);
        if script == expected {
            return Ok(Some(Counted { found, digit: Some(digit) }));
        }
        Err(self.refuse(CodeErrorReason::MixedDigits { position: self.position, found: script, expected }))
    }

    fn next_not_dropped(&mut self) -> Option<char> {
        for found in self.rest.by_ref() {
            self.position += 1;
            if matches!(self.spelling, Spelling::Canonical) || !is_dropped(found) {
                return Some(found);
            }
        }
        None
    }

    fn unexpected(&self, Counted { found, .. }: Counted, expected: ExpectedCharacter) -> CodeError {
        self.refuse(CodeErrorReason::Character { position: self.position, found, expected })
    }

    fn ends_early(&self) -> CodeError {
        self.refuse(CodeErrorReason::EndsEarly { found: self.counted, expected: self.total })
    }
}

/// A character that counts: as it stands in the text, and its value when it is a digit that may be one.
struct Counted {
    found: char,
    digit: Option<u32>,
}

/// Spaces people group digits with, and bidirectional controls.
fn is_dropped(character: char) -> bool {
    matches!(character, ' ' | '\u{00A0}' | '\u{202F}') || is_bidi_control(character)
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "\"\"" } else { text }
}
