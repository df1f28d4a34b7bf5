//! Serial numbers and nonces: integers too long for a machine word, kept as octets.

use std::fmt;

/// The serial number of a time-stamp, unique for its authority: an INTEGER of at most 160 bits (RFC 3161 §2.4.2).
///
/// `Display` is hexadecimal, as the contents octets of the DER encoding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber(Box<[u8]>);

impl SerialNumber {
    /// Takes a number as big-endian octets, leading zeros or not.
    ///
    /// # Errors
    /// [`SerialNumberTooLong`] above 160 bits: 21 octets that start with `01`.
    pub fn from_be_octets(octets: &[u8]) -> Result<Self, SerialNumberTooLong> {
        Self::from_der_contents(&positive(octets))
    }

    /// Takes the contents octets of a DER INTEGER, which may be negative.
    pub(super) fn from_der_contents(contents: &[u8]) -> Result<Self, SerialNumberTooLong> {
        let magnitude = contents.strip_prefix(&[0x00]).unwrap_or(contents);
        if magnitude.len() > MAX_OCTETS { Err(SerialNumberTooLong) } else { Ok(Self(contents.into())) }
    }

    /// The contents octets of the DER INTEGER: two's complement, big-endian, as short as can be.
    #[must_use]
    pub fn as_der_contents(&self) -> &[u8] {
        &self.0
    }
}

impl From<u64> for SerialNumber {
    fn from(number: u64) -> Self {
        Self(positive(&number.to_be_bytes()))
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hexadecimal(&self.0, f)
    }
}

/// The serial number does not fit 160 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("serial number: more than 160 bits")]
#[non_exhaustive]
pub struct SerialNumberTooLong;

/// A number that a requester makes up and the answer repeats, so that an old answer cannot be played back
/// (RFC 3161 §2.4.1).
///
/// `Display` is hexadecimal, as the contents octets of the DER encoding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Nonce(Box<[u8]>);

impl Nonce {
    /// Takes a number as big-endian octets, leading zeros or not. It should be random and have at least 64 bits.
    #[must_use]
    pub fn from_be_octets(octets: &[u8]) -> Self {
        Self(positive(octets))
    }

    /// Takes the contents octets of a DER INTEGER.
    pub(super) fn from_der_contents(contents: &[u8]) -> Self {
        Self(contents.into())
    }

    /// The contents octets of the DER INTEGER: two's complement, big-endian, as short as can be.
    #[must_use]
    pub fn as_der_contents(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hexadecimal(&self.0, f)
    }
}

/// The contents octets of a DER INTEGER that is not negative.
fn positive(octets: &[u8]) -> Box<[u8]> {
    let significant = octets.iter().copied().skip_while(|octet| *octet == 0);
    let sign = match significant.clone().next() {
        Some(0x00..=0x7f) => None,
        Some(0x80..=0xff) | None => Some(0),
    };
    sign.into_iter().chain(significant).collect()
}

fn write_hexadecimal(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
}

/// 160 bits.
const MAX_OCTETS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_short_as_can_be() {
        let contents = |number: u64| SerialNumber::from(number).as_der_contents().to_vec();
        assert_eq!(contents(0), [0]);
        assert_eq!(contents(0x7f), [0x7f]);
        assert_eq!(contents(0x80), [0, 0x80]);
        assert_eq!(contents(0x1234), [0x12, 0x34]);
        assert_eq!(Nonce::from_be_octets(&[0, 0, 0xff]).to_string(), "0x00ff");
        assert_eq!(Nonce::from_be_octets(&[]), Nonce::from_be_octets(&[0]));
    }

    #[test]
    fn a_serial_number_has_at_most_160_bits() {
        assert_eq!(SerialNumber::from_be_octets(&[0xff; 20]).unwrap().as_der_contents().len(), 21);
        assert!(SerialNumber::from_be_octets(&[&[0; 30][..], &[0x01]].concat()).is_ok());
        assert_eq!(SerialNumber::from_be_octets(&[1; 21]), Err(SerialNumberTooLong));
        assert_eq!(SerialNumber::from_der_contents(&[0x80; 21]), Err(SerialNumberTooLong));
        assert!(SerialNumber::from_der_contents(&[0x80; 20]).is_ok());
        assert_eq!(SerialNumberTooLong.to_string(), "serial number: more than 160 bits");
    }
}
