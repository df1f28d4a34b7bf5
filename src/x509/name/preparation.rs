//! String preparation for comparing attribute values: RFC 4518 §2, as RFC 5280 §7.1 asks.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which two matching strings are equal, or `None` for a string with a character that RFC 4518 §2.4 prohibits;
/// such strings do not compare as text.
///
/// Steps: map (§2.2), normalise to form KC (§2.3), prohibit (§2.4), insignificant space (§2.6.1). Case is folded as
/// lower case of upper case of lower case, which is Unicode's full folding for every letter but the dotless i, kept apart by
/// hand; the first step is for the capital sharp s.
/// It is folded in normalised text, and what folding takes apart is normalised again.
pub(super) fn prepare(text: &str) -> Option<String> {
    prepare_simple(text).or_else(|| prepare_any(text))
}

/// Prepares what names are mostly written in: ASCII, and the letters of Arabic without their marks, which are normalised in any
/// order. `None` if there is anything else.
fn prepare_simple(text: &str) -> Option<String> {
    let mut prepared = String::with_capacity(text.len());
    let mut pending_space = false;
    for character in text.chars() {
        match character {
            '!'..='~' | '\u{621}'..='\u{64a}' => {
                if std::mem::take(&mut pending_space) {
                    prepared.push(' ');
                }
                prepared.push(character.to_ascii_lowercase());
            }
            ' ' => pending_space = !prepared.is_empty(),
            _ => return None,
        }
    }
    Some(prepared)
}

fn prepare_any(text: &str) -> Option<String> {
    let characters = text.chars().filter_map(map).nfkc().flat_map(fold_case).nfkc();
    without_insignificant_space(characters)
}

/// §2.2, without case.
fn map(character: char) -> Option<char> {
    match character {
        // Second and fifth paragraphs: white space controls and every separator.
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
        | '\u{3000}' => Some(' '),
        // First, third and fourth paragraphs: soft hyphens, variation selectors, controls, zero width.
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
        | '\u{e0020}'..='\u{e007f}' => None,
        _ => Some(character),
    }
}

fn fold_case(character: char) -> impl Iterator<Item = char> {
    let dotless_i = (character == '\u{131}').then_some(character);
    let folded =
        dotless_i.is_none().then(|| character.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    dotless_i.into_iter().chain(folded.into_iter().flatten())
}

/// §2.6.1, and §2.4 on the way: outer space dropped, inner space one space. A space that a combining mark stands on is none.
fn without_insignificant_space(characters: impl Iterator<Item = char>) -> Option<String> {
    let mut prepared = String::new();
    let mut pending_space = false;
    let mut characters = characters.peekable();
    while let Some(character) = characters.next() {
        if is_prohibited(character) {
            return None;
        }
        if character == ' ' && !characters.peek().copied().is_some_and(is_combining_mark) {
            pending_space = !prepared.is_empty();
            continue;
        }
        if std::mem::take(&mut pending_space) {
            prepared.push(' ');
        }
        prepared.push(character);
    }
    Some(prepared)
}

/// §2.4: private use, non-characters, the replacement character. U+0340 and U+0341 do not outlast normalisation.
fn is_prohibited(character: char) -> bool {
    let is_listed = matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffd}');
    is_listed || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use unicode_normalization::{IsNormalized, is_nfkc_quick};

    use super::*;

    #[test]
    fn each_step_of_the_preparation() {
        let table = [
            ("Ministry  of\tJustice ", "ministry of justice"),
            ("   ", ""),
            ("\u{200f}وزارة\u{a0}\u{3000}العدل\u{200e}", "وزارة العدل"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("STRA\u{1e9e}E", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("σίσυφος", "σίσυφοσ"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("I", "i"),
            ("\u{131}", "\u{131}"),
            // Composed and decomposed: alef with hamza above, e with acute, Hangul; and Arabic presentation forms.
            ("\u{623}", "\u{623}"),
            ("\u{627}\u{654}", "\u{623}"),
            ("SANT\u{c9}", "santé"),
            ("Sante\u{301}", "santé"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
            ("\u{feeb}\u{fefb}", "\u{647}\u{644}\u{627}"),
            ("\u{ff21}\u{fb01}\u{2120}", "afism"),
            // Marks in another order; a space that carries one.
            ("a\u{323}\u{301}", "\u{1ea1}\u{301}"),
            ("a\u{301}\u{323}", "\u{1ea1}\u{301}"),
            ("a \u{301}b", "a \u{301}b"),
            ("a  \u{301}b", "a  \u{301}b"),
        ];
        for (text, prepared) in table {
            assert_eq!(prepare(text).as_deref(), Some(prepared), "{text:?}");
        }
        for prohibited in ["\u{e000}", "a\u{fffd}", "\u{fdd0}", "\u{1fffe}", "\u{10ffff}"] {
            assert_eq!(prepare(prohibited), None, "{prohibited:?}");
        }
    }

    /// Every character of the planes that have letters: alone, decomposed, and prepared before.
    #[test]
    fn however_a_character_is_written_it_is_the_same() {
        for character in '\0'..='\u{3ffff}' {
            let text = character.to_string();
            let prepared = prepare(&text);
            assert_eq!(prepare(&text.nfd().collect::<String>()), prepared, "{character:?}");
            if let Some(prepared) = prepared {
                assert_eq!(prepare(&prepared).as_deref(), Some(&*prepared), "{character:?}");
            }
        }
    }

    #[test]
    fn simple_characters_are_normalised_in_any_order() {
        let simple = |character: &char| prepare_simple(&character.to_string()).is_some();
        for character in ('\0'..='\u{ffff}').filter(simple) {
            // `Yes`: no character of such a text is replaced, or composed with another; and nothing but marks is reordered.
            assert_eq!(is_nfkc_quick(std::iter::once(character)), IsNormalized::Yes, "{character:?}");
            assert!(!is_combining_mark(character), "{character:?}");
            assert_eq!(prepare_simple(&character.to_string()), prepare_any(&character.to_string()), "{character:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn preparing_twice_changes_nothing(text in ".*") {
            if let Some(once) = prepare(&text) {
                proptest::prop_assert_eq!(prepare(&once), Some(once));
            }
        }

        #[test]
        fn simple_text_is_prepared_as_any_is(text in "[ -~\u{621}-\u{64a}]*") {
            proptest::prop_assert_eq!(prepare_simple(&text), prepare_any(&text));
            proptest::prop_assert!(prepare_simple(&text).is_some());
        }

        #[test]
        fn a_decomposed_text_is_the_same(text in "[\u{c0}-\u{24f}\u{300}-\u{370}\u{620}-\u{670}a-z ]*") {
            let decomposed: String = text.nfd().collect();
            proptest::prop_assert_eq!(prepare(&decomposed), prepare(&text));
        }
    }
}
