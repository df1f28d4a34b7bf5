//! Certificate extensions: RFC 5280 §4.2.
//!
//! An extension's value is DER inside an OCTET STRING; the gate runs over it again before it is read. The extensions typed
//! here are refused when malformed, critical or not; of any other, the octets are kept.

use std::fmt;

use super::certificate_policies::{CertificatePolicies, PolicyConstraints, PolicyMappings};
use super::general_name::GeneralName;
use super::general_name::NameForm;
use super::name::NameError;
use super::name_constraints::NameConstraints;
use crate::budget::Limits;
use crate::encoding::der::{self, DerError, Reader, Tag, Value};
use crate::oid::{self, Oid};

/// One extension of a certificate, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    id: Oid,
    criticality: Criticality,
    value: Box<[u8]>,
}

impl Extension {
    pub(super) fn new(id: Oid, criticality: Criticality, value: &[u8]) -> Self {
        Self { id, criticality, value: value.into() }
    }

    /// What the extension is, such as keyUsage (2.5.29.15).
    #[must_use]
    pub fn id(&self) -> &Oid {
        &self.id
    }

    /// Whether a verifier that does not process the extension must reject the certificate.
    #[must_use]
    pub fn criticality(&self) -> Criticality {
        self.criticality
    }

    /// The contents of `extnValue`: DER of the extension's own type.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }
}

/// What a verifier does with an extension it does not process (RFC 5280 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the two values of a BOOLEAN")]
pub enum Criticality {
    /// It rejects the certificate.
    Critical,
    /// It ignores the extension.
    NonCritical,
}

/// The extensions of a certificate that this crate types.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownExtensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) ext_key_usage: Option<ExtKeyUsage>,
    pub(super) subject_key_identifier: Option<Box<[u8]>>,
    pub(super) authority_key_identifier: Option<AuthorityKeyIdentifier>,
    pub(super) subject_alt_name: Vec<GeneralName>,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) certificate_policies: Option<CertificatePolicies>,
    pub(super) policy_mappings: Option<PolicyMappings>,
    pub(super) policy_constraints: Option<PolicyConstraints>,
    pub(super) inhibit_any_policy: Option<u64>,
}

impl KnownExtensions {
    /// Reads `extension` if its type is known. The caller has made sure that each type comes once.
    pub(super) fn read(&mut self, extension: &Extension) -> Result<(), ExtensionError> {
        let id = extension.id();
        if !TYPED.contains(id) {
            return Ok(());
        }
        der::check(extension.value(), &Limits::default())?;
        let mut reader = Reader::new(extension.value());
        let value = reader.read_any()?;
        reader.finish()?;
        if *id == oid::CE_BASIC_CONSTRAINTS {
            self.basic_constraints = Some(BasicConstraints::read(&value)?);
        } else if *id == oid::CE_KEY_USAGE {
            self.key_usage = Some(KeyUsage::read(&value)?);
        } else if *id == oid::CE_EXT_KEY_USAGE {
            self.ext_key_usage = Some(ExtKeyUsage::read(&value, extension.criticality)?);
        } else if *id == oid::CE_SUBJECT_KEY_IDENTIFIER {
            self.subject_key_identifier = Some(value.with_tag(Tag::OCTET_STRING)?.contents().into());
        } else if *id == oid::CE_AUTHORITY_KEY_IDENTIFIER {
            self.authority_key_identifier = Some(AuthorityKeyIdentifier::read(&value)?);
        } else if *id == oid::CE_SUBJECT_ALT_NAME {
            // That there be one name at least (§4.2.1.6) is asked of CAs; OpenSSL's own responders have been without.
            let names = value.with_tag(Tag::SEQUENCE)?;
            self.subject_alt_name =
                if names.contents().is_empty() { Vec::new() } else { GeneralName::read_all(&names)? };
        } else if *id == oid::CE_NAME_CONSTRAINTS {
            self.name_constraints = Some(NameConstraints::read(&value)?);
        } else if *id == oid::CE_CERTIFICATE_POLICIES {
            self.certificate_policies = Some(CertificatePolicies::read(&value)?);
        } else if *id == oid::CE_POLICY_MAPPINGS {
            self.policy_mappings = Some(PolicyMappings::read(&value)?);
        } else if *id == oid::CE_POLICY_CONSTRAINTS {
            self.policy_constraints = Some(PolicyConstraints::read(&value)?);
        } else {
            self.inhibit_any_policy = Some(value.with_tag(Tag::INTEGER)?.unsigned(u64::MAX)?);
        }
        Ok(())
    }
}

/// The extensions that [`KnownExtensions`] reads, inhibitAnyPolicy last. Path validation processes them all, or they ask
/// nothing of it: key identifiers are hints to the search.
pub(super) const TYPED: [Oid; 11] = [
    oid::CE_BASIC_CONSTRAINTS,
    oid::CE_KEY_USAGE,
    oid::CE_EXT_KEY_USAGE,
    oid::CE_SUBJECT_KEY_IDENTIFIER,
    oid::CE_AUTHORITY_KEY_IDENTIFIER,
    oid::CE_SUBJECT_ALT_NAME,
    oid::CE_NAME_CONSTRAINTS,
    oid::CE_CERTIFICATE_POLICIES,
    oid::CE_POLICY_MAPPINGS,
    oid::CE_POLICY_CONSTRAINTS,
    oid::CE_INHIBIT_ANY_POLICY,
];

/// Why the contents of an extension are refused; offsets count from their first octet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtensionError {
    /// Not DER, or not the ASN.1 type of the extension.
    #[error(transparent)]
    Der(#[from] DerError),
    /// A name in it is malformed.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The base of a name constraint is no subtree of its form: a dNSName `*.example`, an address without a mask.
    #[error("{form} at octet {offset} is no subtree of names")]
    Subtree {
        /// The form of the name.
        form: NameForm,
        /// Offset of the base.
        offset: usize,
    },
    /// A certificate policy comes twice (§4.2.1.4).
    #[error("the policy at octet {offset} comes twice")]
    PolicyTwice {
        /// Offset of the second.
        offset: usize,
    },
}

impl ExtensionError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Name(error) => error.code(),
            Self::Subtree { .. } => "extension-subtree",
            Self::PolicyTwice { .. } => "extension-policy-twice",
        }
    }
}

/// basicConstraints (§4.2.1.9): whether the subject is a CA, and how many CAs may follow.
///
/// ```text
/// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    ca: bool,
    path_len_constraint: Option<u64>,
}

impl BasicConstraints {
    /// Whether the certified key may verify signatures on certificates.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.ca
    }

    /// The most intermediate certificates, self-issued ones not counted, that may follow this one in a path.
    #[must_use]
    pub fn path_len_constraint(&self) -> Option<u64> {
        self.path_len_constraint
    }

    fn read(value: &Value<'_>) -> Result<Self, DerError> {
        let mut fields = value.with_tag(Tag::SEQUENCE)?.reader();
        let ca = fields.optional(Tag::BOOLEAN)?.map_or(Ok(false), |ca| ca.true_or_absent())?;
        let path_len_constraint = fields.optional(Tag::INTEGER)?.map(|len| len.unsigned(u64::MAX)).transpose()?;
        fields.finish()?;
        Ok(Self { ca, path_len_constraint })
    }
}

/// keyUsage (§4.2.1.3): what the certified key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUsage {
    bits: Box<[u8]>,
}

impl KeyUsage {
    /// Whether `usage` is among the bits set.
    #[must_use]
    pub fn allows(&self, usage: KeyUsageBit) -> bool {
        let position = usage.position();
        self.bits.get(position / 8).is_some_and(|octet| octet & (0x80 >> (position % 8)) != 0)
    }

    /// The bits set, in order.
    pub fn bits(&self) -> impl Iterator<Item = KeyUsageBit> + '_ {
        KeyUsageBit::ALL.into_iter().filter(|bit| self.allows(*bit))
    }

    fn read(value: &Value<'_>) -> Result<Self, DerError> {
        Ok(Self { bits: value.with_tag(Tag::BIT_STRING)?.named_bits()?.octets().into() })
    }
}

impl fmt::Display for KeyUsage {
    /// The names of the bits set, such as `digitalSignature, keyCertSign`, or `nothing`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for bit in self.bits() {
            write!(f, "{separator}{bit}")?;
            separator = ", ";
        }
        if separator.is_empty() { f.write_str("nothing") } else { Ok(()) }
    }
}

/// A bit of [`KeyUsage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyUsageBit {
    /// Signatures other than on certificates and CRLs.
    DigitalSignature,
    /// Signatures that the signer shall not deny; once called nonRepudiation.
    ContentCommitment,
    /// Encrypting keys.
    KeyEncipherment,
    /// Encrypting data directly.
    DataEncipherment,
    /// Agreeing on keys.
    KeyAgreement,
    /// Signatures on certificates.
    KeyCertSign,
    /// Signatures on revocation lists.
    CrlSign,
    /// Key agreement for encrypting only.
    EncipherOnly,
    /// Key agreement for decrypting only.
    DecipherOnly,
}

impl KeyUsageBit {
    const ALL: [Self; 9] = [
        Self::DigitalSignature,
        Self::ContentCommitment,
        Self::KeyEncipherment,
        Self::DataEncipherment,
        Self::KeyAgreement,
        Self::KeyCertSign,
        Self::CrlSign,
        Self::EncipherOnly,
        Self::DecipherOnly,
    ];

    fn position(self) -> usize {
        match self {
            Self::DigitalSignature => 0,
            Self::ContentCommitment => 1,
            Self::KeyEncipherment => 2,
            Self::DataEncipherment => 3,
            Self::KeyAgreement => 4,
            Self::KeyCertSign => 5,
            Self::CrlSign => 6,
            Self::EncipherOnly => 7,
            Self::DecipherOnly => 8,
        }
    }
}

impl fmt::Display for KeyUsageBit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DigitalSignature => "digitalSignature",
            Self::ContentCommitment => "contentCommitment",
            Self::KeyEncipherment => "keyEncipherment",
            Self::DataEncipherment => "dataEncipherment",
            Self::KeyAgreement => "keyAgreement",
            Self::KeyCertSign => "keyCertSign",
            Self::CrlSign => "cRLSign",
            Self::EncipherOnly => "encipherOnly",
            Self::DecipherOnly => "decipherOnly",
        })
    }
}

/// extKeyUsage (§4.2.1.12): the purposes the certified key is for.
///
/// ```text
/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtKeyUsage {
    purposes: Vec<Oid>,
    criticality: Criticality,
}

impl ExtKeyUsage {
    /// The purposes, one or more, in the order of the encoding.
    #[must_use]
    pub fn purposes(&self) -> &[Oid] {
        &self.purposes
    }

    /// Whether `purpose` is named; anyExtendedKeyUsage is a purpose like any other here.
    #[must_use]
    pub fn contains(&self, purpose: &Oid) -> bool {
        self.purposes.contains(purpose)
    }

    /// Whether the extension is critical, as RFC 3161 §2.3 asks of a time-stamp authority's.
    #[must_use]
    pub fn criticality(&self) -> Criticality {
        self.criticality
    }

    fn read(value: &Value<'_>, criticality: Criticality) -> Result<Self, DerError> {
        let mut reader = value.with_tag(Tag::SEQUENCE)?.reader();
        let mut purposes = Vec::new();
        while purposes.is_empty() || !reader.is_empty() {
            purposes.push(reader.read(Tag::OBJECT_IDENTIFIER)?.oid()?);
        }
        Ok(Self { purposes, criticality })
    }
}

impl fmt::Display for ExtKeyUsage {
    /// The purposes by name where they have one here, else dotted: `timeStamping, 1.3.6.1.5.5.7.3.1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for purpose in &self.purposes {
            f.write_str(separator)?;
            match PURPOSE_NAMES.iter().find(|(named, _)| named == purpose) {
                Some((_, name)) => f.write_str(name)?,
                None => write!(f, "{purpose}")?,
            }
            separator = ", ";
        }
        Ok(())
    }
}

const PURPOSE_NAMES: [(Oid, &str); 5] = [
    (oid::ANY_EXTENDED_KEY_USAGE, "anyExtendedKeyUsage"),
    (oid::KP_EMAIL_PROTECTION, "emailProtection"),
    (oid::KP_TIME_STAMPING, "timeStamping"),
    (oid::KP_OCSP_SIGNING, "OCSPSigning"),
    (oid::KP_DOCUMENT_SIGNING, "documentSigning"),
];

/// authorityKeyIdentifier (§4.2.1.1): which of the issuer's keys signed.
///
/// The issuer's own issuer and serial number, which the extension may also hold, are a hint this crate does not use.
///
/// ```text
/// AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] IMPLICIT OCTET STRING OPTIONAL,
///     authorityCertIssuer [1] IMPLICIT GeneralNames OPTIONAL, authorityCertSerialNumber [2] IMPLICIT INTEGER OPTIONAL }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    key_identifier: Option<Box<[u8]>>,
}

impl AuthorityKeyIdentifier {
    /// The subjectKeyIdentifier of the issuer's certificate.
    #[must_use]
    pub fn key_identifier(&self) -> Option<&[u8]> {
        self.key_identifier.as_deref()
    }

    fn read(value: &Value<'_>) -> Result<Self, DerError> {
        let mut fields = value.with_tag(Tag::SEQUENCE)?.reader();
        let key_identifier = fields.optional(Tag::context(0))?.map(|id| id.contents().into());
        fields.optional(Tag::context_constructed(1))?;
        fields.optional(Tag::context(2))?;
        fields.finish()?;
        Ok(Self { key_identifier })
    }
}
