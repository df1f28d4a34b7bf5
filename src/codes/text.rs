//! Codes as text in serde, and foreign text in messages.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Error, Visitor};

/// Reads a string by `FromStr`; `expecting` says what was wanted when it is no string.
pub(super) fn deserialize<'de, D, T>(deserializer: D, expecting: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    deserializer.deserialize_str(FromStrVisitor { expecting, output: PhantomData })
}

struct FromStrVisitor<T> {
    expecting: &'static str,
    output: PhantomData<T>,
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for FromStrVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// The beginning of a text that came from outside, fit for a message: controls, bidirectional ones too, are shown
/// escaped, and what is beyond 48 characters is left out.
pub(crate) fn excerpt(text: &str) -> String {
    let mut rest = text.chars();
    let mut shown: String = rest.by_ref().take(MAX_CHARACTERS).flat_map(char::escape_debug).collect();
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The directional formatting characters of UAX #9 §2, implicit and explicit.
pub(crate) fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Longer than any code or name that could be right, short enough for a line.
const MAX_CHARACTERS: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_and_length_is_bounded() {
        assert_eq!(excerpt("وثيقة\u{202E}\n"), "وثيقة\\u{202e}\\n");
        assert_eq!(excerpt(&"7".repeat(48)), "7".repeat(48));
        assert_eq!(excerpt(&"7".repeat(1 << 20)), format!("{}…", "7".repeat(48)));
    }
}
