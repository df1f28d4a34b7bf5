//! Protected headers that differ in their last member alone: `iat`, in ten digits.
//!
//! ```text
//! header = prefix digits "}"        prefix ends in ,"iat":        digits = 10DIGIT, the first not 0
//! ```
//! Before the digits nothing differs between the documents of a signer who writes `iat` last, as this crate does. So a
//! header is known by the text of its prefix, compared in full, without being decoded; and the digest of a signing
//! input goes on from the state that the prefix left.

use std::hash::Hash;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::digest::{DigestAlgorithm, Hasher, Sha256Start};
use crate::time::Instant;

/// A protected header in base64url, taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct SplitHeader<'a> {
    /// Whole groups of four symbols, all of which stand for octets of the prefix.
    pub(super) text: &'a [u8],
    /// The symbols behind it.
    pub(super) tail: &'a [u8],
    /// The octets of the prefix that stand in `tail`, none to two.
    rest: ([u8; 2], usize),
    /// `iat`.
    pub(super) issued_at: Instant,
}

impl<'a> SplitHeader<'a> {
    /// Takes `protected` apart, if it ends in ten digits and `}`.
    pub(super) fn read(protected: &'a [u8]) -> Option<Self> {
        let octets = protected.len() / 4 * 3 + [0, 0, 1, 2].get(protected.len() % 4)?;
        let prefix = octets.checked_sub(DIGITS + 1)?;
        let (text, tail) = protected.split_at_checked(prefix / 3 * 4)?;
        let mut decoded = [0; DIGITS + 3];
        let length = URL_SAFE_NO_PAD.decode_slice(tail, &mut decoded).ok()?;
        let (rest, [digits @ .., b'}']) = decoded.get(..length)?.split_at_checked(prefix % 3)? else { return None };
        let [b'1'..=b'9', ..] = digits else { return None };
        let seconds = digits
            .iter()
            .try_fold(0_i64, |value, octet| octet.is_ascii_digit().then(|| value * 10 + i64::from(octet - b'0')))?;
        let issued_at = (digits.len() == DIGITS).then(|| Instant::from_unix_seconds(seconds).ok())??;
        let rest = match *rest {
            [] => ([0, 0], 0),
            [one] => ([one, 0], 1),
            [one, two] => ([one, two], 2),
            _ => return None,
        };
        Some(Self { text, tail, rest, issued_at })
    }
}

impl SplitHeader<'_> {
    /// Some of the octets in which headers of different signers differ: of the digest of the certificate, and of the middle.
    pub(super) fn sample(&self) -> impl Hash {
        let piece = |start: usize| self.text.get(start..).and_then(|rest| rest.first_chunk::<16>()).copied();
        (self.text.len(), piece(96), piece(self.text.len() / 3))
    }
}

/// All of a header but its `iat`.
#[derive(Debug, Clone)]
pub(super) struct KnownHeader {
    text: Box<[u8]>,
    rest: ([u8; 2], usize),
    /// SHA-256 after `text`.
    hasher: Hasher,
    /// The same for the lanes of the processor, if it has them.
    start: Option<Sha256Start>,
}

impl KnownHeader {
    /// The prefix of a header whose octets are `header`, if its last member is `iat`.
    ///
    /// The quotation mark before `iat` opens a name there: as the end of a string it could not stand before a letter.
    pub(super) fn of(split: &SplitHeader<'_>, header: &[u8]) -> Option<Self> {
        let prefix = header.get(..header.len().checked_sub(DIGITS + 1)?)?;
        if !prefix.ends_with(b",\"iat\":") {
            return None;
        }
        let mut hasher = DigestAlgorithm::Sha256.hasher();
        hasher.update(split.text);
        Some(Self { text: split.text.into(), rest: split.rest, hasher, start: Sha256Start::of(split.text) })
    }

    /// Whether `split` is this header, with whatever `iat`.
    pub(super) fn is(&self, split: &SplitHeader<'_>) -> bool {
        *self.text == *split.text && self.rest == split.rest
    }

    /// The SHA-256 hasher that has read as much of a signing input as `text` is.
    pub(super) fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }

    /// What the lanes of the processor left behind as much of a signing input as `text` is.
    pub(super) fn start(&self) -> Option<&Sha256Start> {
        self.start.as_ref()
    }

    /// How many octets it is.
    pub(super) fn octets(&self) -> usize {
        self.text.len()
    }
}

/// The digits of a time from 2001 to 2286.
const DIGITS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64::encode_url;

    #[test]
    fn a_header_is_known_by_all_but_its_time() {
        for padding in ["", "x", "xy", "xyz"] {
            let header = |name: &str, digits: &str| format!(r#"{{"alg":"{padding}",{name}{digits}}}"#);
            let known = header("\"iat\":", "1700000000");
            let text = encode_url(known.as_bytes());
            let split = SplitHeader::read(text.as_bytes()).unwrap();
            assert_eq!(split.issued_at.unix_seconds(), 1_700_000_000);
            assert_eq!([split.text, split.tail].concat(), text.as_bytes());
            let known = KnownHeader::of(&split, known.as_bytes()).unwrap();
            let is = |header: String| {
                SplitHeader::read(encode_url(header.as_bytes()).as_bytes()).map(|split| known.is(&split))
            };
            assert_eq!(is(header("\"iat\":", "9999999999")), Some(true));
            for (name, digits) in [
                ("\"iat\":", "0700000000"),
                ("\"iat\":", "170000000x"),
                ("\"iat\":", "17e0000000"),
                ("\"iat\":-", "700000000"),
            ] {
                assert_ne!(is(header(name, digits)), Some(true), "{name}{digits}");
            }
            assert_eq!(is(header("\"iax\":", "1700000000")), Some(false));
            assert_ne!(is(header("\"iat\":", "17000000000")), Some(true));
            assert_ne!(is(header("\"iat\":", "170000000")), Some(true));
            let mut hasher = known.hasher();
            hasher.update(split.tail);
            assert_eq!(hasher.finish(), DigestAlgorithm::Sha256.digest(text.as_bytes()));
        }
    }

    #[test]
    fn what_ends_otherwise_is_not_known() {
        for header in ["", "}", "{\"iat\":1700000000 }", "{\"iat\":170000000}", "{\"iat\":1700000000}x"] {
            assert!(SplitHeader::read(encode_url(header.as_bytes()).as_bytes()).is_none(), "{header}");
        }
        for header in ["{\"exp\":1700000000}", "{\"iat\":1700000000}", "{\"a\":\"\\\"iat\":1700000000}"] {
            let text = encode_url(header.as_bytes());
            let split = SplitHeader::read(text.as_bytes()).unwrap();
            assert!(KnownHeader::of(&split, header.as_bytes()).is_none(), "{header}");
        }
        // The last symbol has bits that belong to no octet, a symbol of the other alphabet, one too many.
        let text = encode_url(b"{\"a\":12,\"iat\":1700000000}");
        for text in [text.replace("fQ", "fR"), text.replacen('e', "+", 1), format!("{text}A"), format!("{text}==")] {
            let split = SplitHeader::read(text.as_bytes());
            let same = encode_url(b"{\"a\":12,\"iat\":1700000000}");
            let known = KnownHeader::of(&SplitHeader::read(same.as_bytes()).unwrap(), b"{\"a\":12,\"iat\":1700000000}")
                .unwrap();
            assert!(!split.is_some_and(|split| known.is(&split)), "{text}");
        }
    }
}
