//! Base64 (RFC 4648), strict: one spelling for every sequence of octets.
//!
//! The URL and file-name safe alphabet (§5) is written and read without padding, as JWS does (RFC 7515 §2); the
//! standard alphabet (§4) with padding, as `x5c` and the binary values inside `etsiU` do. White space, the other
//! alphabet, wrong padding and set bits behind the last octet are refused.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(not(target_arch = "x86_64"))]
#[path = "base64/no_avx512.rs"]
mod avx512;
mod swift;

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::{DecodeError, Engine};

pub(crate) use self::swift::{decode_standard_into, decode_url_into, decode_url_onto, decode_url_to_vec, most_octets};

/// Writes `octets` as base64url without padding.
#[must_use]
pub fn encode_url(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

/// Reads base64url without padding.
///
/// # Errors
/// [`Base64Error`] with the offset: `Symbol` for `"ab+/"`, `"ab=="` or `"a b"`, `Length` for `"a"`, `TrailingBits` for
/// `"aR"`.
pub fn decode_url(text: &str) -> Result<Vec<u8>, Base64Error> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| match Base64Error::from_backend(&error, text) {
        Base64Error::Padding { offset } => Base64Error::Symbol { offset, found: b'=' },
        other => other,
    })
}

/// Writes `octets` as standard base64 with padding.
#[must_use]
pub fn encode_standard(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// Reads standard base64 with padding.
///
/// # Errors
/// [`Base64Error`] with the offset, as [`decode_url`], and `Padding` for `"aQ"`.
pub fn decode_standard(text: &str) -> Result<Vec<u8>, Base64Error> {
    STANDARD.decode(text).map_err(|error| Base64Error::from_backend(&error, text))
}

/// Reads standard base64 with padding to the end of `buffer`. What was read before an error was found stays in the buffer's
/// memory, which is the caller's to overwrite.
#[cfg(feature = "issue")]
pub(crate) fn append_standard(text: &str, buffer: &mut Vec<u8>) -> Result<(), Base64Error> {
    STANDARD.decode_vec(text, buffer).map_err(|error| Base64Error::from_backend(&error, text))
}

/// Why a text is not base64, with the offset in octets of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Base64Error {
    /// An octet is not of the alphabet, or padding stands where none may.
    #[error("base64: octet {found:#04x} at offset {offset} is not of the alphabet")]
    Symbol {
        /// Where it stands.
        offset: usize,
        /// The octet found.
        found: u8,
    },
    /// No sequence of octets has an encoding of this many symbols.
    #[error("base64: {symbols} symbols encode no whole number of octets")]
    Length {
        /// The number of symbols.
        symbols: usize,
    },
    /// The last symbol has bits set behind the last octet, so that two texts would mean the same.
    #[error("base64: the last symbol, at offset {offset}, has bits set that belong to no octet")]
    TrailingBits {
        /// Where the symbol stands.
        offset: usize,
    },
    /// Padding is missing or too long.
    #[error("base64: the padding at offset {offset} does not complete the last four symbols")]
    Padding {
        /// Where the padding should start.
        offset: usize,
    },
}

impl Base64Error {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Symbol { .. } => "base64-symbol",
            Self::Length { .. } => "base64-length",
            Self::TrailingBits { .. } => "base64-trailing-bits",
            Self::Padding { .. } => "base64-padding",
        }
    }

    fn from_backend(error: &DecodeError, text: &str) -> Self {
        match *error {
            DecodeError::InvalidByte(offset, found) => Self::Symbol { offset, found },
            DecodeError::InvalidLength(symbols) => Self::Length { symbols },
            DecodeError::InvalidLastSymbol { offset, .. } => Self::TrailingBits { offset },
            DecodeError::InvalidPadding => Self::Padding { offset: text.trim_end_matches('=').len() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_rfc_4648_section_10() {
        let vectors = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE")];
        for (plain, url) in vectors {
            assert_eq!(encode_url(plain.as_bytes()), url);
            assert_eq!(decode_url(url).unwrap(), plain.as_bytes());
            let standard = format!("{url}{}", "=".repeat((4 - url.len() % 4) % 4));
            assert_eq!(encode_standard(plain.as_bytes()), standard);
            assert_eq!(decode_standard(&standard).unwrap(), plain.as_bytes());
        }
        assert_eq!((encode_url(&[0xfb, 0xff]), encode_standard(&[0xfb, 0xff])), ("-_8".to_owned(), "+/8=".to_owned()));
    }

    #[test]
    fn a_second_spelling_is_refused_with_its_position() {
        let url = |text| decode_url(text).unwrap_err().to_string();
        assert_eq!(url("ab+/"), "base64: octet 0x2b at offset 2 is not of the alphabet");
        assert_eq!(url("Zg=="), "base64: octet 0x3d at offset 2 is not of the alphabet");
        assert_eq!(url("Zm 9v"), "base64: octet 0x20 at offset 2 is not of the alphabet");
        assert_eq!(url("Z"), "base64: 1 symbols encode no whole number of octets");
        assert_eq!(url("Zh"), "base64: the last symbol, at offset 1, has bits set that belong to no octet");
        let standard = |text| decode_standard(text).unwrap_err().to_string();
        assert_eq!(standard("Zg"), "base64: the padding at offset 2 does not complete the last four symbols");
        assert_eq!(standard("Zm9v\n"), "base64: octet 0x0a at offset 4 is not of the alphabet");
    }
}
