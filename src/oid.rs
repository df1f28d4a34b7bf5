//! Object identifiers, and the named ones this crate knows.
//!
//! An [`Oid`] holds the contents octets of its DER encoding, so that comparing is comparing bytes and an identifier
//! of any length is kept as received. Names of constants are those of the defining standard.

mod octets;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;

use self::octets::Octets;

/// An ASN.1 OBJECT IDENTIFIER (X.690 §8.19), as the contents octets of its DER encoding.
///
/// ```
/// use wathiqa::oid::{self, Oid};
/// let policy: Oid = "1.3.6.1.4.1.55555.2".parse()?;
/// assert_eq!(policy.to_string(), "1.3.6.1.4.1.55555.2");
/// assert_eq!(oid::KP_TIME_STAMPING.to_string(), "1.3.6.1.5.5.7.3.8");
/// # Ok::<(), oid::OidError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid(Octets);

impl Oid {
    /// Reads the contents octets (without tag and length) of a DER OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// [`OidError::Empty`] for no octets, [`OidError::LeadingZero`] for an arc that starts with `0x80`,
    /// [`OidError::Truncated`] for a last arc that is not finished (`[0x2a, 0x86]`), and [`OidError::ArcTooLarge`]
    /// for an arc of more than 128 bits.
    pub fn from_der_contents(octets: &[u8]) -> Result<Self, OidError> {
        Self::check_der_contents(octets)?;
        Ok(Self(Octets::new(octets)))
    }

    /// Whether [`from_der_contents`](Self::from_der_contents) would read `octets`.
    #[inline]
    pub(crate) fn check_der_contents(octets: &[u8]) -> Result<(), OidError> {
        if is_plain(octets) { Ok(()) } else { decode_arcs(octets, |_| ()) }
    }

    /// The contents octets of the DER encoding, without tag and length.
    #[must_use]
    pub fn as_der_contents(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arcs = Vec::new();
        decode_arcs(self.as_der_contents(), |arc| arcs.push(arc)).map_err(|_| fmt::Error)?;
        for (position, arc) in arcs.iter().enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            write!(f, "{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

impl FromStr for Oid {
    type Err = OidError;

    /// Reads the dotted form, such as `2.5.4.97`: no leading zeros, first arc 0 to 2, second below 40 unless the first
    /// is 2 (X.660 §A.2).
    fn from_str(dotted: &str) -> Result<Self, OidError> {
        encode_arcs(dotted)
            .map(|octets| Self(Octets::new(&octets)))
            .ok_or_else(|| OidError::NotDotted(dotted.to_owned()))
    }
}

impl serde::Serialize for Oid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Oid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Why octets or text are not an object identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OidError {
    /// There are no contents octets.
    #[error("object identifier: no octets")]
    Empty,
    /// An arc starts with the octet `0x80`, which DER forbids (X.690 §8.19.2).
    #[error("object identifier: arc at octet {offset} starts with a zero")]
    LeadingZero {
        /// Offset of the arc in the contents octets.
        offset: usize,
    },
    /// The last octet says that the arc goes on.
    #[error("object identifier: the last arc is not finished")]
    Truncated,
    /// An arc does not fit 128 bits (a UUID arc, X.667, is the largest in use).
    #[error("object identifier: arc at octet {offset} is larger than 128 bits")]
    ArcTooLarge {
        /// Offset of the arc in the contents octets.
        offset: usize,
    },
    /// The text is not of the form `1.2.3`.
    #[error("object identifier: \"{0}\" is not a dotted object identifier")]
    NotDotted(String),
}

impl OidError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "oid-empty",
            Self::LeadingZero { .. } => "oid-leading-zero",
            Self::Truncated => "oid-truncated",
            Self::ArcTooLarge { .. } => "oid-arc-too-large",
            Self::NotDotted(_) => "oid-not-dotted",
        }
    }
}

/// Whether `octets` are well formed and so few that no arc can be too large, which nearly all are: 18 octets hold 126 bits.
#[inline]
fn is_plain(octets: &[u8]) -> bool {
    let mut arc_starts = true;
    let mut leading_zero = false;
    for octet in octets {
        leading_zero |= arc_starts && *octet == 0x80;
        arc_starts = octet & 0x80 == 0;
    }
    (1..=18).contains(&octets.len()) && arc_starts && !leading_zero
}

/// Walks the arcs of `octets` (X.690 §8.19.2–4), giving each to `each`.
fn decode_arcs(octets: &[u8], mut each: impl FnMut(u128)) -> Result<(), OidError> {
    if octets.is_empty() {
        return Err(OidError::Empty);
    }
    let mut arc: Option<u128> = None;
    let mut start = 0;
    let mut first = true;
    for (offset, octet) in octets.iter().enumerate() {
        if arc.is_none() {
            start = offset;
            if *octet == 0x80 {
                return Err(OidError::LeadingZero { offset });
            }
        }
        let value = arc.unwrap_or(0);
        if value >> 121 != 0 {
            return Err(OidError::ArcTooLarge { offset: start });
        }
        let value = (value << 7) | u128::from(octet & 0x7f);
        if octet & 0x80 != 0 {
            arc = Some(value);
            continue;
        }
        arc = None;
        if std::mem::take(&mut first) {
            let top = (value / 40).min(2);
            each(top);
            each(value - top * 40);
        } else {
            each(value);
        }
    }
    if arc.is_some() { Err(OidError::Truncated) } else { Ok(()) }
}

/// The contents octets of the dotted form, or `None` when it is malformed.
fn encode_arcs(dotted: &str) -> Option<Vec<u8>> {
    let arcs = dotted.split('.').map(parse_arc).collect::<Option<Vec<u128>>>()?;
    let (top, rest) = arcs.split_first()?;
    let (second, rest) = rest.split_first()?;
    if *top > 2 || (*top < 2 && *second >= 40) {
        return None;
    }
    let mut octets = Vec::new();
    for arc in std::iter::once(&second.checked_add(top * 40)?).chain(rest) {
        let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
        for group in (0..groups).rev() {
            let more = if group == 0 { 0 } else { 0x80 };
            octets.push(u8::try_from((arc >> (7 * group)) & 0x7f).ok()? | more);
        }
    }
    Some(octets)
}

fn parse_arc(text: &str) -> Option<u128> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if canonical { text.parse().ok() } else { None }
}

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident = $dotted:literal;)*) => {$(
        $(#[$doc])*
        pub const $name: Oid = {
            const PARSED: &ObjectIdentifier = &ObjectIdentifier::new_unwrap($dotted);
            Oid(Octets::Long(Cow::Borrowed(PARSED.as_bytes())))
        };
    )*};
}

named! {
    // Attribute types (RFC 5280 appendix A.1, X.520).
    /// commonName.
    AT_COMMON_NAME = "2.5.4.3";
    /// serialNumber, of a subject.
    AT_SERIAL_NUMBER = "2.5.4.5";
    /// countryName.
    AT_COUNTRY_NAME = "2.5.4.6";
    /// organizationName.
    AT_ORGANIZATION_NAME = "2.5.4.10";
    /// organizationalUnitName.
    AT_ORGANIZATIONAL_UNIT_NAME = "2.5.4.11";
    /// organizationIdentifier (X.520 §6.4.4, ETSI EN 319 412-1 §5.1.4).
    AT_ORGANIZATION_IDENTIFIER = "2.5.4.97";

    /// emailAddress (RFC 2985 §5.2.1).
    AT_EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

    // Certificate extensions (RFC 5280 §4.2).
    /// subjectKeyIdentifier.
    CE_SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// keyUsage.
    CE_KEY_USAGE = "2.5.29.15";
    /// subjectAltName.
    CE_SUBJECT_ALT_NAME = "2.5.29.17";
    /// issuerAltName.
    CE_ISSUER_ALT_NAME = "2.5.29.18";
    /// basicConstraints.
    CE_BASIC_CONSTRAINTS = "2.5.29.19";
    /// nameConstraints.
    CE_NAME_CONSTRAINTS = "2.5.29.30";
    /// cRLDistributionPoints.
    CE_CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// certificatePolicies.
    CE_CERTIFICATE_POLICIES = "2.5.29.32";
    /// anyPolicy, a certificate policy.
    ANY_POLICY = "2.5.29.32.0";
    /// policyMappings.
    CE_POLICY_MAPPINGS = "2.5.29.33";
    /// authorityKeyIdentifier.
    CE_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// policyConstraints.
    CE_POLICY_CONSTRAINTS = "2.5.29.36";
    /// extKeyUsage.
    CE_EXT_KEY_USAGE = "2.5.29.37";
    /// anyExtendedKeyUsage, a key purpose.
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// inhibitAnyPolicy.
    CE_INHIBIT_ANY_POLICY = "2.5.29.54";
    /// authorityInfoAccess.
    PE_AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";

    // Policy qualifiers (RFC 5280 §4.2.1.4).
    /// id-qt-cps, a pointer to a certification practice statement.
    QT_CPS = "1.3.6.1.5.5.7.2.1";
    /// id-qt-unotice, a notice to the user.
    QT_UNOTICE = "1.3.6.1.5.5.7.2.2";

    // CRL and CRL entry extensions (RFC 5280 §5.2, §5.3).
    /// cRLNumber.
    CE_CRL_NUMBER = "2.5.29.20";
    /// reasonCode, of an entry.
    CE_CRL_REASON = "2.5.29.21";
    /// invalidityDate, of an entry.
    CE_INVALIDITY_DATE = "2.5.29.24";
    /// deltaCRLIndicator.
    CE_DELTA_CRL_INDICATOR = "2.5.29.27";
    /// issuingDistributionPoint.
    CE_ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// certificateIssuer, of an entry.
    CE_CERTIFICATE_ISSUER = "2.5.29.29";
    /// freshestCRL.
    CE_FRESHEST_CRL = "2.5.29.46";
    /// expiredCertsOnCRL (X.509 §9.5.2.8).
    CE_EXPIRED_CERTS_ON_CRL = "2.5.29.60";

    // OCSP (RFC 6960).
    /// id-pkix-ocsp-basic, the type of a basic response.
    PKIX_OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// id-pkix-ocsp-nonce.
    PKIX_OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// id-pkix-ocsp-crl, which CRL a status was found on.
    PKIX_OCSP_CRL = "1.3.6.1.5.5.7.48.1.3";
    /// id-pkix-ocsp-nocheck, of a responder's certificate.
    PKIX_OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    /// id-pkix-ocsp-archive-cutoff.
    PKIX_OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    /// id-pkix-ocsp-extended-revoke.
    PKIX_OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";
    /// The list of signed certificate timestamps in an OCSP response (RFC 6962 §3.3).
    OCSP_SIGNED_CERTIFICATE_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.5";

    // Key purposes (RFC 5280 §4.2.1.12).
    /// id-kp-emailProtection.
    KP_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// id-kp-timeStamping (RFC 3161 §2.3).
    KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// id-kp-OCSPSigning (RFC 6960 §4.2.2.2).
    KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// id-kp-documentSigning (RFC 9336).
    KP_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36";

    // CMS and time-stamps (RFC 5652, RFC 3161, RFC 5816).
    /// id-signedData.
    ID_SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// id-contentType, a signed attribute.
    ID_CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// id-messageDigest, a signed attribute.
    ID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// id-signingTime, a signed attribute.
    ID_SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// id-ct-TSTInfo, the content type of a time-stamp.
    ID_CT_TST_INFO = "1.2.840.113549.1.9.16.1.4";
    /// id-aa-signingCertificate, with ESSCertID (SHA-1).
    ID_AA_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// id-aa-signingCertificateV2, with ESSCertIDv2.
    ID_AA_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// An OCSPResponse as a RevocationInfoChoice (RFC 5940).
    ID_RI_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";
    /// id-aa-CMSAlgorithmProtection (RFC 6211), a signed attribute.
    ID_AA_CMS_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";

    // Digest algorithms (FIPS 180-4; RFC 5754).
    /// SHA-1.
    ID_SHA1 = "1.3.14.3.2.26";
    /// SHA-256.
    ID_SHA256 = "2.16.840.1.101.3.4.2.1";
    /// SHA-384.
    ID_SHA384 = "2.16.840.1.101.3.4.2.2";
    /// SHA-512.
    ID_SHA512 = "2.16.840.1.101.3.4.2.3";

    // Public keys and signatures (RFC 3279, RFC 4055, RFC 5480, RFC 5758, RFC 8410).
    /// rsaEncryption.
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// sha1WithRSAEncryption.
    SHA1_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.5";
    /// id-mgf1.
    ID_MGF1 = "1.2.840.113549.1.1.8";
    /// id-RSASSA-PSS.
    ID_RSASSA_PSS = "1.2.840.113549.1.1.10";
    /// sha256WithRSAEncryption.
    SHA256_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.11";
    /// sha384WithRSAEncryption.
    SHA384_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.12";
    /// sha512WithRSAEncryption.
    SHA512_WITH_RSA_ENCRYPTION = "1.2.840.113549.1.1.13";
    /// id-ecPublicKey.
    ID_EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// secp256r1, the curve P-256.
    SECP256R1 = "1.2.840.10045.3.1.7";
    /// secp384r1, the curve P-384.
    SECP384R1 = "1.3.132.0.34";
    /// ecdsa-with-SHA256.
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    /// ecdsa-with-SHA384.
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    /// ecdsa-with-SHA512.
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";
    /// id-Ed25519.
    ID_ED25519 = "1.3.101.112";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_octets_are_inverses() {
        for dotted in
            ["2.5.4.97", "1.3.6.1.5.5.7.3.8", "2.999.3", "0.9.2342.19200300.100.1.25", "1.2.840.113549.1.1.10"]
        {
            let oid: Oid = dotted.parse().unwrap();
            assert_eq!(oid.to_string(), dotted);
            assert_eq!(Oid::from_der_contents(oid.as_der_contents()).unwrap(), oid);
        }
    }

    #[test]
    fn malformed_octets_are_refused_with_their_reason() {
        assert_eq!(Oid::from_der_contents(&[]), Err(OidError::Empty));
        assert_eq!(Oid::from_der_contents(&[0x2a, 0x86]), Err(OidError::Truncated));
        assert_eq!(Oid::from_der_contents(&[0x2a, 0x80, 0x01]), Err(OidError::LeadingZero { offset: 1 }));
        let mut long = vec![0x2a];
        long.extend([0xff; 19]);
        long.push(0x7f);
        assert_eq!(Oid::from_der_contents(&long), Err(OidError::ArcTooLarge { offset: 1 }));
        // 19 octets of which the first has two bits: 128 in all.
        let largest = [&[0x2a, 0x83][..], &[0xff; 17], &[0x7f]].concat();
        assert_eq!(Oid::from_der_contents(&largest).unwrap().as_der_contents(), largest);
        assert_eq!(
            "1.x".parse::<Oid>().unwrap_err().to_string(),
            "object identifier: \"1.x\" is not a dotted object identifier"
        );
    }
}
