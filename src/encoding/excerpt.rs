//! Text from outside in messages: cut short, and unable to look like anything but itself.

/// The beginning of a text that came from outside, fit for a message between quotation marks: what does not print,
/// quotation marks and bidirectional controls are shown escaped, and what is beyond 48 characters is left out.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().escape_debug()),
        None => text.escape_debug().to_string(),
    }
}

/// A sentence, such as what another library says, which may quote the input, or a title: as [`excerpt`], but longer, and
/// with its own quotation marks left alone.
pub(crate) fn remark(text: &str) -> String {
    let mut rest = text.chars();
    let mut shown = String::new();
    for character in rest.by_ref().take(REMARK_CHARACTERS) {
        if character.is_control() || is_line_separator(character) || is_bidi_control(character) {
            shown.extend(character.escape_debug());
        } else {
            shown.push(character);
        }
    }
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The directional formatting characters of UAX #9 §2, implicit and explicit.
pub(crate) fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The line and paragraph separators of Unicode, which are no control characters.
pub(crate) fn is_line_separator(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

/// Longer than any code or name that could be right, short enough for a line.
const EXCERPT_CHARACTERS: usize = 48;

/// A long sentence.
const REMARK_CHARACTERS: usize = 240;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_and_length_is_bounded() {
        assert_eq!(excerpt("وثيقة\u{202E}\n\"\u{2028}"), "وثيقة\\u{202e}\\n\\\"\\u{2028}");
        assert_eq!(excerpt("كتابٌ"), "كتابٌ");
        assert_eq!(excerpt(&"7".repeat(48)), "7".repeat(48));
        assert_eq!(excerpt(&"ي".repeat(1 << 20)), format!("{}…", "ي".repeat(48)));
    }

    #[test]
    fn a_remark_keeps_its_own_quotation_marks() {
        assert_eq!(remark("unknown field `a\n\u{202E}\u{2029}\"`"), "unknown field `a\\n\\u{202e}\\u{2029}\"`");
        assert_eq!(remark(&"7".repeat(240)), "7".repeat(240));
        assert_eq!(remark(&"7".repeat(241)), format!("{}…", "7".repeat(240)));
    }
}
