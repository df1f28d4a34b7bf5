//! The text form of names: RFC 4514 §2.

use std::fmt;

use super::{Attribute, RelativeDistinguishedName};
use crate::encoding::{is_bidi_control, is_line_separator};
use crate::oid::Oid;

/// Writes the RDNs, the last first (§2.1).
pub(super) fn write_name(f: &mut fmt::Formatter<'_>, rdns: &[RelativeDistinguishedName]) -> fmt::Result {
    for (position, rdn) in rdns.iter().rev().enumerate() {
        if position > 0 {
            f.write_str(",")?;
        }
        for (position, attribute) in rdn.attributes().iter().enumerate() {
            if position > 0 {
                f.write_str("+")?;
            }
            write_attribute(f, attribute)?;
        }
    }
    Ok(())
}

/// Writes `CN=value`, or `1.2.3=#hex` for a type without a name or a value without text (§2.3, §2.4).
pub(super) fn write_attribute(f: &mut fmt::Formatter<'_>, attribute: &Attribute) -> fmt::Result {
    match (short_name(attribute.attribute_type()), attribute.text()) {
        (Some(name), Some(text)) => {
            write!(f, "{name}=")?;
            write_escaped(f, text)
        }
        (Some(name), None) => write_hexadecimal(f, name, attribute.value_der()),
        (None, _) => write_hexadecimal(f, attribute.attribute_type(), attribute.value_der()),
    }
}

fn write_hexadecimal(f: &mut fmt::Formatter<'_>, name: impl fmt::Display, der: &[u8]) -> fmt::Result {
    write!(f, "{name}=#")?;
    der.iter().try_for_each(|octet| write!(f, "{octet:02X}"))
}

/// §2.4: what must be escaped, and beyond it control characters and those that turn the direction of the text, so that a
/// name in a message cannot rearrange the message.
fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.char_indices().next_back().map_or(0, |(position, _)| position);
    for (position, character) in text.char_indices() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
            ' ' if position == 0 || position == last => f.write_str("\\ ")?,
            '#' if position == 0 => f.write_str("\\#")?,
            _ if character.is_control() || is_bidi_control(character) || is_line_separator(character) => {
                let mut octets = [0; 4];
                character.encode_utf8(&mut octets).bytes().try_for_each(|octet| write!(f, "\\{octet:02X}"))?;
            }
            _ => write!(f, "{character}")?,
        }
    }
    Ok(())
}

/// The name of an attribute type: RFC 4514 §3, RFC 4519, and as X.520 and RFC 2985 call the last two.
fn short_name(attribute_type: &Oid) -> Option<&'static str> {
    SHORT_NAMES.iter().find(|(contents, _)| *contents == attribute_type.as_der_contents()).map(|(_, name)| *name)
}

const SHORT_NAMES: &[(&[u8], &str)] = &[
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x55, 4, 4], "sn"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 12], "title"),
    (&[0x55, 4, 13], "description"),
    (&[0x55, 4, 15], "businessCategory"),
    (&[0x55, 4, 17], "postalCode"),
    (&[0x55, 4, 41], "name"),
    (&[0x55, 4, 42], "givenName"),
    (&[0x55, 4, 43], "initials"),
    (&[0x55, 4, 44], "generationQualifier"),
    (&[0x55, 4, 46], "dnQualifier"),
    (&[0x55, 4, 97], "organizationIdentifier"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress"),
];
