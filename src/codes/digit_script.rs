//! The digits people write codes with.

use std::fmt;

/// Ten decimal digits of Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigitScript {
    /// `0123456789`, U+0030 to U+0039.
    Ascii,
    /// `٠١٢٣٤٥٦٧٨٩`, U+0660 to U+0669.
    ArabicIndic,
    /// `۰۱۲۳۴۵۶۷۸۹`, U+06F0 to U+06F9.
    ExtendedArabicIndic,
}

impl DigitScript {
    /// The script and the value of `character`, when it is a digit of one of the three.
    pub(super) fn of(character: char) -> Option<(Self, u32)> {
        [Self::Ascii, Self::ArabicIndic, Self::ExtendedArabicIndic].into_iter().find_map(|script| {
            let value = u32::from(character).checked_sub(script.zero())?;
            (value <= 9).then_some((script, value))
        })
    }

    /// Canonical text as a person is to see it: the digits of this script, and the fields in their order from left to
    /// right whatever stands around them.
    pub(super) fn display_form(self, canonical: &str) -> String {
        let mut shown = String::from(LEFT_TO_RIGHT_ISOLATE);
        for character in canonical.chars() {
            let digit = character.to_digit(10).and_then(|value| char::from_u32(self.zero() + value));
            shown.push(digit.unwrap_or(character));
            if digit.is_none() {
                // Arabic-Indic digits count as right-to-left for a neutral between them (UAX #9, N1), so that an
                // isolate alone would still show the fields in reverse.
                shown.push(LEFT_TO_RIGHT_MARK);
            }
        }
        shown.push(POP_DIRECTIONAL_ISOLATE);
        shown
    }

    fn zero(self) -> u32 {
        match self {
            Self::Ascii => 0x30,
            Self::ArabicIndic => 0x660,
            Self::ExtendedArabicIndic => 0x6F0,
        }
    }
}

impl fmt::Display for DigitScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ascii => "ASCII",
            Self::ArabicIndic => "Arabic-Indic",
            Self::ExtendedArabicIndic => "Extended Arabic-Indic",
        })
    }
}

const LEFT_TO_RIGHT_MARK: char = '\u{200E}';
const LEFT_TO_RIGHT_ISOLATE: char = '\u{2066}';
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_each_script() {
        for (zero, nine, script) in [
            ('0', '9', DigitScript::Ascii),
            ('٠', '٩', DigitScript::ArabicIndic),
            ('۰', '۹', DigitScript::ExtendedArabicIndic),
        ] {
            assert_eq!(DigitScript::of(zero), Some((script, 0)));
            assert_eq!(DigitScript::of(nine), Some((script, 9)));
            let (before, after) = (u32::from(zero) - 1, u32::from(nine) + 1);
            assert_eq!(char::from_u32(before).and_then(DigitScript::of), None);
            assert_eq!(char::from_u32(after).and_then(DigitScript::of), None);
        }
        // Devanagari, fullwidth and mathematical digits are digits of Unicode, not of these scripts.
        assert!(['१', '１', '𝟏', '²', 'a'].into_iter().all(|other| DigitScript::of(other).is_none()));
    }

    #[test]
    fn the_display_form_is_isolated_and_keeps_the_order_of_fields() {
        assert_eq!(DigitScript::ArabicIndic.display_form("12-90"), "\u{2066}١٢-\u{200E}٩٠\u{2069}");
        assert_eq!(DigitScript::ExtendedArabicIndic.display_form("12-90"), "\u{2066}۱۲-\u{200E}۹۰\u{2069}");
        assert_eq!(DigitScript::Ascii.display_form("12-90"), "\u{2066}12-\u{200E}90\u{2069}");
    }
}
