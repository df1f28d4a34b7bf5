//! The text of the string types a name can use (X.690 §8.23).

use std::borrow::Cow;

use crate::encoding::der::{Tag, Value};

/// The octets are not a string of their type.
#[derive(Debug)]
pub(super) struct NotText;

/// The text of `value`: `None` when it is no string, or one whose octets have no single reading.
///
/// Where the octets are UTF-8 themselves, the text is borrowed.
pub(super) fn decode<'a>(value: &Value<'a>) -> Result<Option<Cow<'a, str>>, NotText> {
    let octets = value.contents();
    let text = match value.tag() {
        Tag::UTF8_STRING => Cow::Borrowed(std::str::from_utf8(octets).map_err(|_| NotText)?),
        Tag::PRINTABLE_STRING | Tag::NUMERIC_STRING | Tag::IA5_STRING | Tag::VISIBLE_STRING => ascii(octets)?,
        Tag::BMP_STRING => Cow::Owned(bmp(octets)?),
        Tag::UNIVERSAL_STRING => Cow::Owned(universal(octets)?),
        Tag::TELETEX_STRING if octets.iter().copied().all(is_printable) => ascii(octets)?,
        _ => return Ok(None),
    };
    Ok(Some(text))
}

fn ascii(octets: &[u8]) -> Result<Cow<'_, str>, NotText> {
    match std::str::from_utf8(octets) {
        Ok(text) if text.is_ascii() => Ok(Cow::Borrowed(text)),
        _ => Err(NotText),
    }
}

/// UCS-2: two octets a character, no surrogates (X.680 §41.15).
fn bmp(octets: &[u8]) -> Result<String, NotText> {
    let (pairs, []) = octets.as_chunks::<2>() else { return Err(NotText) };
    let character = |pair: &[u8; 2]| char::from_u32(u32::from(u16::from_be_bytes(*pair))).ok_or(NotText);
    pairs.iter().map(character).collect()
}

/// UCS-4: four octets a character.
fn universal(octets: &[u8]) -> Result<String, NotText> {
    let (quads, []) = octets.as_chunks::<4>() else { return Err(NotText) };
    quads.iter().map(|quad| char::from_u32(u32::from_be_bytes(*quad)).ok_or(NotText)).collect()
}

/// The alphabet of PrintableString, which T.61 and ASCII write alike.
fn is_printable(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&octet)
}
