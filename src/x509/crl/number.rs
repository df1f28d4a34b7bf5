//! CRL numbers: RFC 5280 §5.2.3.

use std::cmp::Ordering;
use std::fmt;

use crate::encoding::der::{DerError, DerErrorKind, Tag, Value};

/// `CRLNumber ::= INTEGER (0..MAX)`: CRLs of one issuer and one scope are counted upwards.
///
/// `Display` is decimal up to 16 octets, else hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CrlNumber(Box<[u8]>);

impl CrlNumber {
    pub(super) fn read(value: &Value<'_>) -> Result<Self, DerError> {
        let value = value.with_tag(Tag::INTEGER)?;
        match value.contents() {
            [0x80..=0xff, ..] => {
                Err(DerError::new(DerErrorKind::IntegerRange { max: u64::MAX }, value.contents_offset()))
            }
            [0, magnitude @ ..] | magnitude => Ok(Self(magnitude.into())),
        }
    }
}

impl Ord for CrlNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        // Without leading zeros, the longer is the larger.
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for CrlNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for CrlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() <= size_of::<u128>() {
            return write!(f, "{}", self.0.iter().fold(0_u128, |number, octet| (number << 8) | u128::from(*octet)));
        }
        f.write_str("0x")?;
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::der::Reader;

    fn number(octets: &[u8]) -> Result<CrlNumber, String> {
        CrlNumber::read(&Reader::new(octets).read_any().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_compare_as_numbers() {
        let nine = number(&[2, 1, 9]).unwrap();
        let big = number(&[2, 2, 0, 0x80]).unwrap();
        let bigger = number(&[2, 2, 1, 0]).unwrap();
        assert!(number(&[2, 1, 0]).unwrap() < nine && nine < big && big < bigger);
        assert_eq!((nine.to_string(), big.to_string(), bigger.to_string()), ("9".into(), "128".into(), "256".into()));
        let long = number(&[[2, 17, 1].as_slice(), &[0; 16]].concat()).unwrap();
        assert_eq!(long.to_string(), "0x0100000000000000000000000000000000");
        assert!(number(&[2, 1, 0xff]).unwrap_err().starts_with("DER at octet 2: INTEGER is not in the range 0"));
        assert_eq!(number(&[4, 0]).unwrap_err(), "DER at octet 0: expected INTEGER, found OCTET STRING");
    }
}
