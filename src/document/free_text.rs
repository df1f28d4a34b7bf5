//! Text that people wrote.

use serde_json::Value;

use crate::encoding::{excerpt, is_bidi_control, is_line_separator};

use super::member::{MemberError, MemberFault};

/// `text`, if it is one line that is not blank. Controls, line separators included, are refused; bidirectional controls
/// are not, for right-to-left text may need them, and are reported instead.
pub(super) fn check(member: &str, text: String) -> Result<String, MemberError> {
    line(text).map_err(|fault| MemberError::new(member, fault))
}

/// As [`check`], of a text that is no member of a document.
pub(crate) fn line(text: String) -> Result<String, MemberFault> {
    match fault(&text) {
        Some(fault) => Err(fault),
        None => Ok(text),
    }
}

/// Why `text` is not one line, or blank.
pub(super) fn fault(text: &str) -> Option<MemberFault> {
    let control = |character: char| character.is_control() || is_line_separator(character);
    let found = text.chars().zip(1..).find(|(found, _)| control(*found));
    if let Some((found, position)) = found {
        return Some(MemberFault::Control { position, found });
    }
    text.trim().is_empty().then_some(MemberFault::Blank)
}

/// Whether `text`, in UTF-8, is seen at once to be one line that is not blank, as most is: it begins with a character of
/// ASCII or of Arabic that is no white space, and no octet is a control or can be of one (U+0080 to U+009F begin with `c2`,
/// the separators U+2028 and U+2029 with `e2`).
pub(super) fn is_plain_line(text: &[u8]) -> bool {
    matches!(text.first(), Some(0x21..=0x7e | 0xd8..=0xdb))
        && text.iter().fold(true, |plain, octet| plain & !matches!(octet, 0..=0x1f | 0x7f | 0xc2 | 0xe2))
}

/// A bidirectional control in a text: what it may hide is for whoever shows the document to judge (Trojan Source,
/// CVE-2021-42574).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("document member {member}: character {position} is a bidirectional control (U+{:04X})", u32::from(*.character))]
#[non_exhaustive]
pub struct BidiControl {
    /// The member: `title`, `body.lines[2]`. A member whose name has the control is named so too. Of each name at most 48
    /// characters are kept.
    pub member: String,
    /// Where in the text, in characters from 1.
    pub position: usize,
    /// The control: U+061C, U+200E, U+200F, U+202A to U+202E or U+2066 to U+2069.
    pub character: char,
}

/// Whether a document written as `text` can have a bidirectional control: as one of those in UTF-8 (U+061C is `d8 9c`, the
/// others begin with `e2`), or by an escape. Most have neither, and need not be walked through.
pub(crate) fn may_have_bidi_control(text: &[u8]) -> bool {
    memchr::memchr(0xe2, text).is_some()
        || memchr::memmem::find(text, b"\xd8\x9c").is_some()
        || memchr::memmem::find(text, b"\\u").is_some()
}

impl BidiControl {
    /// Those in the names and texts of `value`, in order; the first thousand.
    pub(super) fn all_in(value: &Value) -> Vec<Self> {
        let mut found = Vec::new();
        walk(value, &mut String::new(), &mut found);
        found
    }
}

fn walk(value: &Value, path: &mut String, found: &mut Vec<BidiControl>) {
    let length = path.len();
    match value {
        Value::String(text) => look_at(text, path, found),
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate() {
                path.push_str(&format!("[{position}]"));
                walk(element, path, found);
                path.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(&excerpt(name));
                look_at(name, path, found);
                walk(member, path, found);
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn look_at(text: &str, path: &str, found: &mut Vec<BidiControl>) {
    let controls = text.chars().zip(1..).filter(|(character, _)| is_bidi_control(*character));
    let left = MOST_REPORTED.saturating_sub(found.len());
    let controls = controls.map(|(character, position)| BidiControl { member: path.to_owned(), position, character });
    found.extend(controls.take(left));
}

/// Each report names its member, so a text of controls alone would otherwise cost many times what it holds.
const MOST_REPORTED: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_and_not_blank() {
        let line = |text: &str| check("title", text.to_owned()).map_err(|error| error.to_string());
        assert_eq!(line("قرار\u{200F} 12"), Ok("قرار\u{200F} 12".to_owned()));
        assert_eq!(line(""), Err("document member title: blank".to_owned()));
        assert_eq!(line("\u{A0} \u{2003}"), Err("document member title: blank".to_owned()));
        assert_eq!(line("قرار\n"), Err("document member title: character 5 is a control (U+000A)".to_owned()));
        assert_eq!(line("\u{85}"), Err("document member title: character 1 is a control (U+0085)".to_owned()));
        assert_eq!(line("a\u{2028}b"), Err("document member title: character 2 is a control (U+2028)".to_owned()));
    }

    #[test]
    fn a_plain_line_has_no_fault() {
        let is_plain = |text: &str| is_plain_line(text.as_bytes());
        for character in '\u{0}'..='\u{10ffff}' {
            let mut buffer = [b'a'; 5];
            let length = character.encode_utf8(&mut buffer[1..]).len();
            let text = std::str::from_utf8(&buffer[..=length]).unwrap();
            for text in [text, &text[1..]] {
                assert!(!is_plain(text) || fault(text).is_none(), "{text:?}");
            }
        }
        assert!(is_plain("ليلى حداد") && is_plain("01010012345") && is_plain("Décision 12"));
        assert!(!is_plain("") && !is_plain(" a") && !is_plain("a\n") && !is_plain("قرار\u{2028}"));
    }

    #[test]
    fn no_bidi_control_hides_from_the_look_at_the_octets() {
        for control in ('\u{0}'..='\u{10ffff}').filter(|character| is_bidi_control(*character)) {
            assert!(may_have_bidi_control(format!("{{\"a\":\"قرار{control}\"}}").as_bytes()), "{control:?}");
            let escaped = format!("{{\"a\":\"\\u{:04x}\"}}", u32::from(control));
            assert!(may_have_bidi_control(escaped.as_bytes()), "{escaped}");
        }
        assert!(!may_have_bidi_control("{\"a\":\"قرار رقم ١٢\\n\"}".as_bytes()));
    }

    #[test]
    fn bidi_controls_are_found_at_any_depth_in_names_too() {
        let value = serde_json::json!({
            "title": "ab\u{202E}c", "body": { "lines": ["x", ["\u{2066}"]], "n\u{200F}": 1 }, "z": "٠١٢ عربي",
        });
        let found: Vec<_> = BidiControl::all_in(&value).iter().map(ToString::to_string).collect();
        let expected = [
            "document member body.lines[1][0]: character 1 is a bidirectional control (U+2066)",
            "document member body.n\\u{200f}: character 2 is a bidirectional control (U+200F)",
            "document member title: character 3 is a bidirectional control (U+202E)",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_thousand_are_reported_each_in_a_few_words() {
        let named =
            |count| serde_json::json!({ "\u{202E}".repeat(count): "x".repeat(9), "y".repeat(100_000): "\u{202E}" });
        assert_eq!(BidiControl::all_in(&named(998)).len(), 999);
        let found = BidiControl::all_in(&named(100_000));
        assert_eq!(found.len(), 1000);
        assert!(found.iter().all(|control| control.member.len() < 500));
    }
}
