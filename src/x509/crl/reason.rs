//! Why certificates are revoked: RFC 5280 §5.3.1, and sets of such reasons, §4.2.1.13.

use std::fmt;

use crate::encoding::der::{DerError, Value};

/// CRLReason: why a certificate was revoked.
///
/// ```text
/// CRLReason ::= ENUMERATED { unspecified (0), keyCompromise (1), cACompromise (2), affiliationChanged (3),
///     superseded (4), cessationOfOperation (5), certificateHold (6), removeFromCRL (8), privilegeWithdrawn (9),
///     aACompromise (10) }
/// ```
///
/// `Display` is the name in the RFC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationReason {
    /// No reason is given.
    Unspecified,
    /// The private key is known or suspected to be in other hands.
    KeyCompromise,
    /// The private key of a CA is.
    CaCompromise,
    /// The subject's name or other information changed.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// The certificate is no longer needed.
    CessationOfOperation,
    /// Suspended: it may be revoked for good, or released.
    CertificateHold,
    /// Released from hold, or expired; only in delta CRLs.
    RemoveFromCrl,
    /// A privilege named in the certificate was withdrawn.
    PrivilegeWithdrawn,
    /// The private key of an attribute authority is known or suspected to be in other hands.
    AaCompromise,
}

impl RevocationReason {
    /// The reason with this number; 7 is not used.
    pub(in crate::x509) fn from_number(number: &[u8]) -> Option<Self> {
        Some(match number {
            [0] => Self::Unspecified,
            [1] => Self::KeyCompromise,
            [2] => Self::CaCompromise,
            [3] => Self::AffiliationChanged,
            [4] => Self::Superseded,
            [5] => Self::CessationOfOperation,
            [6] => Self::CertificateHold,
            [8] => Self::RemoveFromCrl,
            [9] => Self::PrivilegeWithdrawn,
            [10] => Self::AaCompromise,
            _ => return None,
        })
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}

/// ReasonFlags: the reasons that a CRL or a distribution point covers.
///
/// ```text
/// ReasonFlags ::= BIT STRING { unused (0), keyCompromise (1), cACompromise (2), affiliationChanged (3), superseded (4),
///     cessationOfOperation (5), certificateHold (6), privilegeWithdrawn (7), aACompromise (8) }
/// ```
///
/// `Display` is the names, or `no reasons`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReasonFlags(u16);

impl ReasonFlags {
    /// Every reason: `all-reasons` of RFC 5280 §6.3.2.
    pub const ALL: Self = Self(0b1_1111_1110);
    /// None.
    pub const NONE: Self = Self(0);

    /// The reasons in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The reasons in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The reasons in this set that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Reads the BIT STRING, under its IMPLICIT tag. The unused bit 0 means nothing.
    pub(in crate::x509) fn read(value: &Value<'_>) -> Result<Self, DerError> {
        let bits = value.named_bits()?;
        let set = (1_u16..=8).filter(|position| bits.bit(usize::from(*position)));
        Ok(set.fold(Self::NONE, |flags, position| flags.union(Self(1 << position))))
    }
}

impl fmt::Display for ReasonFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, name) in (1_u16..).zip(NAMES).filter(|(position, _)| self.0 & (1 << position) != 0) {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        if separator.is_empty() { f.write_str("no reasons") } else { Ok(()) }
    }
}

/// The names of the bits from bit 1.
const NAMES: [&str; 8] = [
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::der::Reader;

    #[test]
    fn flags_are_read_from_bit_one_and_shown_by_name() {
        let read = |octets: &[u8]| ReasonFlags::read(&Reader::new(octets).read_any().unwrap());
        assert_eq!(read(&[0x83, 0x02, 0x05, 0x60]).unwrap().to_string(), "keyCompromise, cACompromise");
        assert_eq!(read(&[0x83, 0x03, 0x07, 0x00, 0x80]).unwrap().to_string(), "aACompromise");
        assert_eq!(read(&[0x83, 0x03, 0x07, 0xff, 0x80]), Ok(ReasonFlags::ALL));
        assert_eq!(read(&[0x83, 0x01, 0x00]).unwrap().to_string(), "no reasons");
        assert_eq!(
            read(&[0x83, 0x02, 0x04, 0x60]).unwrap_err().to_string(),
            "DER at octet 2: BIT STRING of named bits ends in bits that are not set"
        );
        let two = read(&[0x83, 0x02, 0x05, 0x60]).unwrap();
        assert_eq!(ReasonFlags::ALL.without(two).union(two), ReasonFlags::ALL);
        assert!(two.intersection(ReasonFlags::ALL.without(two)).is_empty());
    }

    #[test]
    fn reasons_have_the_numbers_of_the_rfc_and_seven_is_none() {
        let shown: Vec<Option<String>> =
            (0..=11).map(|number| RevocationReason::from_number(&[number]).map(|reason| reason.to_string())).collect();
        let expected = [
            "unspecified",
            "keyCompromise",
            "cACompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "",
            "removeFromCRL",
            "privilegeWithdrawn",
            "aACompromise",
            "",
        ];
        assert_eq!(shown.iter().map(|text| text.as_deref().unwrap_or("")).collect::<Vec<_>>(), expected);
        assert_eq!(RevocationReason::from_number(&[0, 1]), None);
    }
}
