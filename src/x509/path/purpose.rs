//! Key purposes as a table.

use std::borrow::Cow;
use std::fmt;

use super::{PathError, PathErrorKind};
use crate::oid::{self, Oid};
use crate::x509::{Certificate, Criticality, ExtKeyUsage, KeyUsage, KeyUsageBit};

/// What the certificate at the end of a path is to be used for.
///
/// keyUsage and extKeyUsage must both allow the use (RFC 5280 §4.2.1.12):
///
/// | purpose | extKeyUsage | keyUsage, if present |
/// | --- | --- | --- |
/// | `Any` | any, or none | any |
/// | `DocumentSigning` | none, or documentSigning (RFC 9336), emailProtection or anyExtendedKeyUsage among it | digitalSignature or contentCommitment among it |
/// | `TimeStamping` | timeStamping alone, critical (RFC 3161 §2.3) | digitalSignature, contentCommitment or both, nothing else |
/// | `OcspSigning` | OCSPSigning among it (RFC 6960 §4.2.2.2) | digitalSignature or contentCommitment among it |
/// | `KeyPurpose` | none, or the one named or anyExtendedKeyUsage among it | any |
///
/// `Display` is the name of the purpose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Purpose {
    /// Anything.
    Any,
    /// Signatures on documents.
    DocumentSigning,
    /// Time-stamps (RFC 3161).
    TimeStamping,
    /// Delegated OCSP responses (RFC 6960).
    OcspSigning,
    /// A key purpose by its identifier.
    KeyPurpose(Oid),
}

/// A row of the table.
struct Row {
    key_purposes: KeyPurposes,
    key_usage: Bits,
}

/// What is asked of extKeyUsage.
enum KeyPurposes {
    Any,
    /// If present, one of these or anyExtendedKeyUsage.
    OneOfOrAny(Cow<'static, [Oid]>),
    /// Present, with one of these.
    OneOf(&'static [Oid]),
    /// Present, critical, with this one and no other.
    OnlyCritical(Oid),
}

/// What is asked of keyUsage, if present.
enum Bits {
    Any,
    /// A signature bit among them.
    Signing,
    /// Signature bits and no other.
    SigningOnly,
}

impl Purpose {
    fn row(&self) -> Row {
        use {Bits as B, KeyPurposes as P};
        let (key_purposes, key_usage) = match self {
            Self::Any => (P::Any, B::Any),
            Self::DocumentSigning => (P::OneOfOrAny(Cow::Borrowed(DOCUMENT_SIGNING)), B::Signing),
            Self::TimeStamping => (P::OnlyCritical(oid::KP_TIME_STAMPING), B::SigningOnly),
            Self::OcspSigning => (P::OneOf(OCSP_SIGNING), B::Signing),
            Self::KeyPurpose(purpose) => (P::OneOfOrAny(Cow::Owned(vec![purpose.clone()])), B::Any),
        };
        Row { key_purposes, key_usage }
    }

    /// Checks a certificate on its own, as the last of a path whose CAs leave the purpose open.
    ///
    /// # Errors
    /// [`PathErrorKind::ExtKeyUsage`], [`PathErrorKind::ExtKeyUsageNotCritical`] or [`PathErrorKind::KeyUsage`], by the
    /// table above: a certificate without extKeyUsage for [`TimeStamping`](Self::TimeStamping).
    pub fn check_certificate(&self, certificate: &Certificate) -> Result<(), PathError> {
        let left = self.key_purposes();
        self.check(certificate, left.as_deref()).map_err(|kind| PathError::of(certificate, kind))
    }

    /// The key purposes any of which the purpose can rest on; `None` if none is asked for.
    pub(in crate::x509) fn key_purposes(&self) -> Option<Vec<Oid>> {
        match self.row().key_purposes {
            KeyPurposes::Any => None,
            KeyPurposes::OneOfOrAny(purposes) => Some(purposes.into_owned()),
            KeyPurposes::OneOf(purposes) => Some(purposes.to_vec()),
            KeyPurposes::OnlyCritical(purpose) => Some(vec![purpose]),
        }
    }

    /// Checks the last certificate of a path, whose CAs leave the key purposes `left`.
    pub(in crate::x509) fn check(&self, certificate: &Certificate, left: Option<&[Oid]>) -> Result<(), PathErrorKind> {
        let row = self.row();
        let purposes = certificate.ext_key_usage();
        if !row.key_purposes.allow(purposes, left.unwrap_or_default()) {
            return Err(PathErrorKind::ExtKeyUsage { purpose: self.clone(), found: purposes.cloned() });
        }
        if let (KeyPurposes::OnlyCritical(_), Some(purposes)) = (&row.key_purposes, purposes)
            && purposes.criticality() == Criticality::NonCritical
        {
            return Err(PathErrorKind::ExtKeyUsageNotCritical { purpose: self.clone() });
        }
        match certificate.key_usage() {
            Some(usage) if !row.key_usage.allow(usage) => {
                Err(PathErrorKind::KeyUsage { purpose: self.clone(), found: usage.clone() })
            }
            _ => Ok(()),
        }
    }
}

impl KeyPurposes {
    fn allow(&self, found: Option<&ExtKeyUsage>, left: &[Oid]) -> bool {
        let one_of_left = |found: &ExtKeyUsage| left.iter().any(|purpose| found.contains(purpose));
        match (self, found) {
            (Self::Any, _) | (Self::OneOfOrAny(_), None) => true,
            (Self::OneOfOrAny(_), Some(found)) => found.contains(&oid::ANY_EXTENDED_KEY_USAGE) || one_of_left(found),
            (Self::OneOf(_), Some(found)) => one_of_left(found),
            (Self::OnlyCritical(_), Some(found)) => one_of_left(found) && found.purposes().len() == 1,
            (Self::OneOf(_) | Self::OnlyCritical(_), None) => false,
        }
    }
}

impl Bits {
    fn allow(&self, found: &KeyUsage) -> bool {
        let signing = SIGNING.into_iter().any(|bit| found.allows(bit));
        match self {
            Self::Any => true,
            Self::Signing => signing,
            Self::SigningOnly => signing && found.bits().all(|bit| SIGNING.contains(&bit)),
        }
    }
}

const SIGNING: [KeyUsageBit; 2] = [KeyUsageBit::DigitalSignature, KeyUsageBit::ContentCommitment];

const DOCUMENT_SIGNING: &[Oid] = &[oid::KP_DOCUMENT_SIGNING, oid::KP_EMAIL_PROTECTION];

const OCSP_SIGNING: &[Oid] = &[oid::KP_OCSP_SIGNING];

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any purpose"),
            Self::DocumentSigning => f.write_str("document signing"),
            Self::TimeStamping => f.write_str("time-stamping"),
            Self::OcspSigning => f.write_str("OCSP signing"),
            Self::KeyPurpose(purpose) => write!(f, "key purpose {purpose}"),
        }
    }
}
