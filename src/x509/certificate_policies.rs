//! The extensions about certificate policies: RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14.
//!
//! ```text
//! CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
//! PolicyInformation   ::= SEQUENCE { policyIdentifier OBJECT IDENTIFIER,
//!                                    policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
//! PolicyQualifierInfo ::= SEQUENCE { policyQualifierId OBJECT IDENTIFIER, qualifier ANY }
//! PolicyMappings      ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy OBJECT IDENTIFIER,
//!                                                              subjectDomainPolicy OBJECT IDENTIFIER }
//! PolicyConstraints   ::= SEQUENCE { requireExplicitPolicy [0] INTEGER OPTIONAL, inhibitPolicyMapping [1] INTEGER OPTIONAL }
//! InhibitAnyPolicy    ::= INTEGER
//! ```
//!
//! Refused when read: a policy that comes twice, policyConstraints without either component, negative counts.

use std::collections::{BTreeMap, BTreeSet};

use super::extension::ExtensionError;
use crate::encoding::der::{DerError, DerErrorKind, Tag, Value};
use crate::oid::{self, Oid};

/// certificatePolicies: under which policies the certificate was issued, or for a CA, may issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePolicies {
    policies: BTreeSet<Oid>,
    unknown_qualifier: Option<Oid>,
}

impl CertificatePolicies {
    /// The policies.
    pub fn policies(&self) -> impl Iterator<Item = &Oid> {
        self.policies.iter()
    }

    /// Whether `policy` is named; anyPolicy is a policy like any other here.
    #[must_use]
    pub fn contains(&self, policy: &Oid) -> bool {
        self.policies.contains(policy)
    }

    /// A policy qualifier that is neither a pointer to a practice statement nor a notice to the user.
    #[must_use]
    pub fn unknown_qualifier(&self) -> Option<&Oid> {
        self.unknown_qualifier.as_ref()
    }

    pub(super) fn read(value: &Value<'_>) -> Result<Self, ExtensionError> {
        let mut reader = value.with_tag(Tag::SEQUENCE)?.reader();
        let mut read = Self { policies: BTreeSet::new(), unknown_qualifier: None };
        while read.policies.is_empty() || !reader.is_empty() {
            let mut fields = reader.read(Tag::SEQUENCE)?.reader();
            let policy = fields.read(Tag::OBJECT_IDENTIFIER)?;
            if !read.policies.insert(policy.oid()?) {
                return Err(ExtensionError::PolicyTwice { offset: policy.offset() });
            }
            if let Some(qualifiers) = fields.optional(Tag::SEQUENCE)? {
                read.qualifiers(&qualifiers)?;
            }
            fields.finish()?;
        }
        Ok(read)
    }

    fn qualifiers(&mut self, qualifiers: &Value<'_>) -> Result<(), DerError> {
        let mut reader = qualifiers.reader();
        let mut is_first = true;
        while std::mem::take(&mut is_first) || !reader.is_empty() {
            let mut fields = reader.read(Tag::SEQUENCE)?.reader();
            let id = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
            fields.read_any()?;
            fields.finish()?;
            if id != oid::QT_CPS && id != oid::QT_UNOTICE {
                self.unknown_qualifier.get_or_insert(id);
            }
        }
        Ok(())
    }
}

/// policyMappings: which policies of the subject's domain stand for one of the issuer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyMappings {
    mappings: BTreeMap<Oid, BTreeSet<Oid>>,
}

impl PolicyMappings {
    /// Each policy of the issuer's domain, with the policies of the subject's domain it is mapped to.
    pub fn mappings(&self) -> impl Iterator<Item = (&Oid, &BTreeSet<Oid>)> {
        self.mappings.iter()
    }

    pub(super) fn read(value: &Value<'_>) -> Result<Self, DerError> {
        let mut reader = value.with_tag(Tag::SEQUENCE)?.reader();
        let mut mappings: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
        while mappings.is_empty() || !reader.is_empty() {
            let mut fields = reader.read(Tag::SEQUENCE)?.reader();
            let issuer_domain = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
            let subject_domain = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
            fields.finish()?;
            mappings.entry(issuer_domain).or_default().insert(subject_domain);
        }
        Ok(Self { mappings })
    }
}

/// policyConstraints: after how many certificates a policy must be acceptable, and mapping ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyConstraints {
    require_explicit_policy: Option<u64>,
    inhibit_policy_mapping: Option<u64>,
}

impl PolicyConstraints {
    /// The certificates, self-issued ones not counted, that may follow before an acceptable policy is required.
    #[must_use]
    pub fn require_explicit_policy(&self) -> Option<u64> {
        self.require_explicit_policy
    }

    /// The certificates, self-issued ones not counted, that may follow before policies are no longer mapped.
    #[must_use]
    pub fn inhibit_policy_mapping(&self) -> Option<u64> {
        self.inhibit_policy_mapping
    }

    pub(super) fn read(value: &Value<'_>) -> Result<Self, DerError> {
        let mut fields = value.with_tag(Tag::SEQUENCE)?.reader();
        let count = |value: Value<'_>| value.unsigned(u64::MAX);
        let require_explicit_policy = fields.optional(Tag::context(0))?.map(count).transpose()?;
        let inhibit_policy_mapping = fields.optional(Tag::context(1))?.map(count).transpose()?;
        fields.finish()?;
        if require_explicit_policy.is_none() && inhibit_policy_mapping.is_none() {
            let kind = DerErrorKind::Missing { expected: Tag::context(0) };
            return Err(DerError::new(kind, value.contents_offset()));
        }
        Ok(Self { require_explicit_policy, inhibit_policy_mapping })
    }
}
