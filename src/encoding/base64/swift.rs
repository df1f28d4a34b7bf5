//! Reading base64 for the one who reads millions of texts: what is wrong with a text is not told.

use std::slice;

use base64_simd::{AsOut, Base64, STANDARD, URL_SAFE_NO_PAD};

use super::avx512::Avx512;

/// Reads base64url without padding into `buffer`, which grows as needed and may be used again; `None` where
/// [`decode_url`](super::decode_url) has an error.
pub(crate) fn decode_url_into<'b>(text: &[u8], buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    URL.decode(text, grown(buffer, text))
}

/// The same; `None` also where `place` is too short. Three octets for four symbols, or a part of four, are enough.
pub(crate) fn decode_url_onto<'b>(text: &[u8], place: &'b mut [u8]) -> Option<&'b [u8]> {
    if place.len() < most_octets(text) { None } else { URL.decode(text, place) }
}

/// The same.
pub(crate) fn decode_url_to_vec(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let length = decode_url_into(text, &mut octets)?.len();
    octets.truncate(length);
    Some(octets)
}

/// Reads standard base64 with padding into `buffer`, as [`decode_url_into`].
pub(crate) fn decode_standard_into<'b>(text: &[u8], buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    CLASSIC.decode(text, grown(buffer, text))
}

fn grown<'b>(buffer: &'b mut Vec<u8>, text: &[u8]) -> &'b mut [u8] {
    let most = most_octets(text);
    if buffer.len() < most {
        buffer.resize(most, 0);
    }
    buffer
}

/// The octets that `text` is at most.
pub(crate) fn most_octets(text: &[u8]) -> usize {
    text.len().div_ceil(4) * 3
}

/// What the symbols of an alphabet stand for, by their codes; of what is no symbol, the highest bit.
pub(super) type Values = [[u8; 64]; 2];

/// An alphabet, for vectors and for processors without them.
struct Alphabet {
    values: Values,
    /// Whether `=` fills up the last four symbols.
    is_padded: bool,
    otherwise: Base64,
}

static URL: Alphabet = Alphabet { values: values(*b"-_"), is_padded: false, otherwise: URL_SAFE_NO_PAD };

static CLASSIC: Alphabet = Alphabet { values: values(*b"+/"), is_padded: true, otherwise: STANDARD };

impl Alphabet {
    /// Reads `text` into `place`, which is long enough.
    fn decode<'b>(&self, text: &[u8], place: &'b mut [u8]) -> Option<&'b [u8]> {
        let Some(avx512) = Avx512::detect() else {
            let length = self.otherwise.decode(text, place.as_out()).ok()?.len();
            return place.get(..length);
        };
        let (blocks, rest) = self.symbols(text)?.as_chunks();
        let (octets, _) = place.as_chunks_mut();
        if !avx512.decode(&self.values, blocks, octets) {
            return None;
        }
        let read = blocks.len() * OCTETS;
        let length = self.decode_last(avx512, rest, place.get_mut(read..)?)?;
        place.get(..read + length)
    }

    /// `text` without its padding.
    fn symbols<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        if !self.is_padded {
            return Some(text);
        }
        let symbols = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
        text.len().is_multiple_of(4).then_some(symbols)
    }

    /// Reads fewer symbols than a block has; answers how many octets they are.
    fn decode_last(&self, avx512: Avx512, symbols: &[u8], place: &mut [u8]) -> Option<usize> {
        let (mut block, mut octets) = ([ZERO; SYMBOLS], [0; OCTETS]);
        block.get_mut(..symbols.len())?.copy_from_slice(symbols);
        if !avx512.decode(&self.values, slice::from_ref(&block), slice::from_mut(&mut octets)) {
            return None;
        }
        let (whole, bits) = (symbols.len() * 6 / 8, symbols.len() * 6 % 8);
        let (octets, behind) = octets.split_at_checked(whole)?;
        // One symbol of four is no octet. What is left of a last symbol behind the last octet has no bits (RFC 4648 §3.5).
        if bits == 6 || behind.first() != Some(&0) {
            return None;
        }
        place.get_mut(..whole)?.copy_from_slice(octets);
        Some(whole)
    }
}

/// The values of an alphabet with these last two symbols.
const fn values([value_62, value_63]: [u8; 2]) -> Values {
    let mut values = [[0; 64]; 2];
    let mut places = values.as_flattened_mut();
    let mut code = 0;
    while let [place, more @ ..] = places {
        *place = match code {
            b'A'..=b'Z' => code - b'A',
            b'a'..=b'z' => code - b'a' + 26,
            b'0'..=b'9' => code - b'0' + 52,
            _ if code == value_62 => 62,
            _ if code == value_63 => 63,
            _ => 0x80,
        };
        (places, code) = (more, code + 1);
    }
    values
}

/// The symbol for no bits.
const ZERO: u8 = b'A';

/// Symbols of a vector.
pub(super) const SYMBOLS: usize = 64;

/// What they stand for.
pub(super) const OCTETS: usize = 48;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encoding::base64::{decode_standard, decode_url, encode_standard, encode_url};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn only_ascii_is_a_symbol(symbols in 1_usize..300, position in any::<prop::sample::Index>(), octet in 0x80_u8..) {
            let mut text = vec![b'A'; symbols * 4];
            let position = position.index(text.len());
            if let Some(place) = text.get_mut(position) { *place = octet }
            prop_assert_eq!(decode_url_to_vec(&text), None);
            let mut buffer = Vec::new();
            prop_assert_eq!(decode_standard_into(&text, &mut buffer), None);
        }

        #[test]
        fn both_decoders_agree(octets in proptest::collection::vec(any::<u8>(), 0..200), position in any::<prop::sample::Index>(), symbol in "[-_+/=AQgwz9 \n.]", change in any::<bool>()) {
            for mut text in [encode_url(&octets), encode_standard(&octets)] {
                if change && !text.is_empty() {
                    let position = position.index(text.len());
                    text.replace_range(position..=position, &symbol);
                }
                let mut buffer = Vec::new();
                let (url, standard) = (decode_url(&text).ok(), decode_standard(&text).ok());
                prop_assert_eq!(decode_url_into(text.as_bytes(), &mut buffer), url.as_deref(), "{}", text);
                prop_assert_eq!(decode_url_to_vec(text.as_bytes()), url, "{}", text);
                prop_assert_eq!(decode_standard_into(text.as_bytes(), &mut buffer), standard.as_deref(), "{}", text);
            }
        }
    }

    #[test]
    fn a_buffer_may_be_used_again() {
        let mut buffer = Vec::new();
        for text in ["Zm9vYmFyYmF6", "", "Zg", "Zm8", "Zh", "Z", "Zg==", "Zm 9v", "-_8", "+/8=", "Zm9vYg=="] {
            assert_eq!(decode_url_into(text.as_bytes(), &mut buffer), decode_url(text).ok().as_deref(), "{text}");
            assert_eq!(
                decode_standard_into(text.as_bytes(), &mut buffer),
                decode_standard(text).ok().as_deref(),
                "{text}"
            );
        }
    }
}
