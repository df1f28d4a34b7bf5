//! The two forms of an ECDSA signature value.
//!
//! JWS writes r and s one after the other, each as long as the field of the curve (RFC 7518 §3.4). X.509 and CMS write
//! DER (RFC 3279 §2.2.3):
//!
//! ```text
//! Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
//! ```
//!
//! A conversion checks the form alone. That r and s lie between 1 and the order of the curve is checked with the
//! signature; a signature is always verified in the form it was received in.

use crate::crypto::public_key::natural;
use crate::encoding::der::{DerError, Reader, Tag, Writer};

/// A curve whose signatures can be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// P-256: r and s have 32 octets each.
    P256,
    /// P-384: r and s have 48 octets each.
    P384,
}

impl Curve {
    /// The octets of r, and of s.
    #[must_use]
    pub fn scalar_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

/// The DER form of a JWS signature value.
///
/// # Errors
/// [`FormError::Length`] when `fixed` has not twice the octets of a scalar, such as 63 octets for P-256.
pub fn der_from_fixed(curve: Curve, fixed: &[u8]) -> Result<Vec<u8>, FormError> {
    let expected = 2 * curve.scalar_len();
    if fixed.len() != expected {
        return Err(FormError::Length { expected, found: fixed.len() });
    }
    let (r, s) = fixed.split_at(curve.scalar_len());
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |writer| {
        writer.value(Tag::INTEGER, &integer_contents(r));
        writer.value(Tag::INTEGER, &integer_contents(s));
    });
    Ok(writer.into_der())
}

/// The JWS form of a DER signature value.
///
/// # Errors
/// * [`FormError::Malformed`]: `der` is not one DER Ecdsa-Sig-Value, such as one with trailing octets.
/// * [`FormError::Negative`]: r or s is negative.
/// * [`FormError::ScalarTooLong`]: r or s has more octets than the curve, such as 33 for P-256.
pub fn fixed_from_der(curve: Curve, der: &[u8]) -> Result<Vec<u8>, FormError> {
    let mut fixed = Vec::with_capacity(2 * curve.scalar_len());
    for scalar in scalars_from_der(curve, der)? {
        fixed.resize(fixed.len() + curve.scalar_len() - scalar.len(), 0);
        fixed.extend_from_slice(scalar);
    }
    Ok(fixed)
}

/// The octets of r and s without leading zeros, at most as many as the curve has.
///
/// # Errors
/// As [`fixed_from_der`].
pub(super) fn scalars_from_der(curve: Curve, der: &[u8]) -> Result<[&[u8]; 2], FormError> {
    let mut reader = Reader::new(der);
    let mut fields = reader.read(Tag::SEQUENCE)?.reader();
    reader.finish()?;
    let mut scalar = || {
        let scalar = natural(fields.read(Tag::INTEGER)?).ok_or(FormError::Negative)?;
        let (expected, found) = (curve.scalar_len(), scalar.len());
        if found > expected { Err(FormError::ScalarTooLong { expected, found }) } else { Ok(scalar) }
    };
    let scalars = [scalar()?, scalar()?];
    fields.finish()?;
    Ok(scalars)
}

/// The contents of a DER INTEGER: as few octets as keep the sign bit clear.
fn integer_contents(scalar: &[u8]) -> Vec<u8> {
    let significant = scalar.iter().copied().skip_while(|octet| *octet == 0);
    let sign_bit_set = significant.clone().next().is_none_or(|first| first & 0x80 != 0);
    sign_bit_set.then_some(0).into_iter().chain(significant).collect()
}

/// Why a signature value does not have its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// The JWS form has not the length of the curve.
    #[error("ECDSA signature: {found} octets, expected {expected}")]
    Length {
        /// The octets of the curve.
        expected: usize,
        /// The octets found.
        found: usize,
    },
    /// The DER form has a number too long for the curve.
    #[error("ECDSA signature: a number of {found} octets, at most {expected} fit the curve")]
    ScalarTooLong {
        /// The most octets.
        expected: usize,
        /// The octets found.
        found: usize,
    },
    /// The DER form has a negative number.
    #[error("ECDSA signature: a number is negative")]
    Negative,
    /// The DER form is not DER, or not this structure.
    #[error("ECDSA signature: {0}")]
    Malformed(#[from] DerError),
}

impl FormError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "ecdsa-signature-length",
            Self::ScalarTooLong { .. } => "ecdsa-signature-scalar-too-long",
            Self::Negative => "ecdsa-signature-negative",
            Self::Malformed(error) => error.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_reason_has_a_name_that_stays() {
        assert_eq!(FormError::Length { expected: 64, found: 63 }.code(), "ecdsa-signature-length");
        assert_eq!(FormError::ScalarTooLong { expected: 32, found: 33 }.code(), "ecdsa-signature-scalar-too-long");
        assert_eq!(FormError::Negative.code(), "ecdsa-signature-negative");
    }

    proptest! {
        #[test]
        fn the_two_forms_are_inverses(octets in proptest::collection::vec(any::<u8>(), 96), zeros in 0_usize..48) {
            for curve in [Curve::P256, Curve::P384] {
                let mut fixed = octets[..2 * curve.scalar_len()].to_vec();
                fixed.iter_mut().take(zeros).for_each(|octet| *octet = 0);
                let der = der_from_fixed(curve, &fixed).unwrap();
                prop_assert_eq!(fixed_from_der(curve, &der).unwrap(), fixed);
            }
        }
    }

    #[test]
    fn a_value_without_its_form_is_refused_with_the_reason() {
        let error = der_from_fixed(Curve::P256, &[1; 63]).unwrap_err();
        assert_eq!(error.to_string(), "ECDSA signature: 63 octets, expected 64");
        let der = der_from_fixed(Curve::P384, &[1; 96]).unwrap();
        let error = fixed_from_der(Curve::P256, &der).unwrap_err();
        assert_eq!(error.to_string(), "ECDSA signature: a number of 48 octets, at most 32 fit the curve");
        let cases: [(&[u8], &str); 4] = [
            (&[0x30, 6, 2, 1, 0x81, 2, 1, 1], "ECDSA signature: a number is negative"),
            (&[0x30, 6, 2, 1, 1, 2, 1, 1, 0], "ECDSA signature: DER at octet 8: 1 trailing octets"),
            (&[0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1], "ECDSA signature: DER at octet 8: 3 trailing octets"),
            (&[0x30, 7, 2, 2, 0, 1, 2, 1, 1], "ECDSA signature: DER at octet 4: INTEGER has a redundant first octet"),
        ];
        for (der, reason) in cases {
            assert_eq!(fixed_from_der(Curve::P256, der).unwrap_err().to_string(), reason);
        }
    }
}
