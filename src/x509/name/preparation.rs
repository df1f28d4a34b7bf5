//! String preparation for comparing attribute values: RFC 4518 §2, as RFC 5280 §7.1 asks.

/// The form in which two matching strings are equal, or `None` for a string with a character that RFC 4518 §2.4 prohibits;
/// such strings do not compare as text.
///
/// Steps: map (§2.2), prohibit (§2.4), insignificant space (§2.6.1). Normalisation (§2.3) is left out, see
/// [`Name::matches`](super::Name::matches). Case is folded as `toLowercase(toUppercase(c))`, which is Unicode's full
/// folding for every letter but the dotless i, kept apart by hand.
pub(super) fn prepare(text: &str) -> Option<String> {
    let mut prepared = String::with_capacity(text.len());
    let mut pending_space = false;
    for character in text.chars() {
        match Mapped::of(character) {
            Mapped::Prohibited => return None,
            Mapped::Nothing => {}
            Mapped::Space => pending_space = !prepared.is_empty(),
            Mapped::Itself => {
                if std::mem::take(&mut pending_space) {
                    prepared.push(' ');
                }
                fold_case(character, &mut prepared);
            }
        }
    }
    Some(prepared)
}

enum Mapped {
    Itself,
    Space,
    Nothing,
    Prohibited,
}

impl Mapped {
    fn of(character: char) -> Self {
        if character.is_ascii_graphic() {
            return Self::Itself;
        }
        match character {
            // §2.2, second and fifth paragraphs: white space controls and every separator.
            '\t'..='\r'
            | '\u{85}'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => Self::Space,
            // §2.2, first, third and fourth paragraphs: soft hyphens, variation selectors, controls, zero width.
            '\u{ad}'
            | '\u{1806}'
            | '\u{34f}'
            | '\u{180b}'..='\u{180d}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{fffc}'
            | '\u{0}'..='\u{8}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2063}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}' => Self::Nothing,
            // §2.4: private use, non-characters, the replacement character, and U+0340, U+0341.
            '\u{340}'
            | '\u{341}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{f0000}'..='\u{10ffff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fffd}' => Self::Prohibited,
            other if u32::from(other) & 0xfffe == 0xfffe => Self::Prohibited,
            _ => Self::Itself,
        }
    }
}

fn fold_case(character: char, into: &mut String) {
    match character {
        _ if character.is_ascii() => into.push(character.to_ascii_lowercase()),
        // The dotless i; and, to spare them the way through Unicode's tables, the scripts without case: Hebrew, Arabic and on.
        '\u{131}' | '\u{590}'..='\u{109f}' => into.push(character),
        _ => into.extend(character.to_uppercase().flat_map(char::to_lowercase)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_of_the_preparation() {
        let table = [
            ("Ministry  of\tJustice ", "ministry of justice"),
            ("   ", ""),
            ("\u{200f}وزارة\u{a0}\u{3000}العدل\u{200e}", "وزارة العدل"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("σίσυφος", "σίσυφοσ"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("I", "i"),
            ("\u{131}", "\u{131}"),
        ];
        for (text, prepared) in table {
            assert_eq!(prepare(text).as_deref(), Some(prepared), "{text:?}");
        }
        for prohibited in ["\u{e000}", "a\u{fffd}", "\u{fdd0}", "\u{1fffe}", "\u{10ffff}"] {
            assert_eq!(prepare(prohibited), None, "{prohibited:?}");
        }
    }

    #[test]
    fn scripts_that_are_left_as_they_are_have_no_case() {
        for character in '\u{590}'..='\u{109f}' {
            assert!(character.to_uppercase().flat_map(char::to_lowercase).eq([character]), "{character:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn preparing_twice_changes_nothing(text in ".*") {
            if let Some(once) = prepare(&text) {
                proptest::prop_assert_eq!(prepare(&once), Some(once));
            }
        }
    }
}
