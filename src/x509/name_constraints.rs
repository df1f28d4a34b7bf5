//! nameConstraints: RFC 5280 §4.2.1.10.
//!
//! ```text
//! NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL, excludedSubtrees [1] GeneralSubtrees OPTIONAL }
//! GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
//! GeneralSubtree  ::= SEQUENCE { base GeneralName, minimum [0] INTEGER DEFAULT 0, maximum [1] INTEGER OPTIONAL }
//! ```
//!
//! | form of name | a subtree is |
//! | --- | --- |
//! | directoryName | the first RDNs of the name, compared by §7.1 |
//! | dNSName | a host and the hosts below it; with a leading dot only those below |
//! | rfc822Name | one mailbox, all mailboxes on one host, or with a leading dot those on the hosts below |
//! | uniformResourceIdentifier | one host, or with a leading dot the hosts below it |
//! | iPAddress | an address and a mask of leading ones |
//! | any other | refused where a name of the form occurs, as §4.2.1.10 asks |
//!
//! Refused when read: no subtrees, `minimum` or `maximum`, a subtree that is not of these forms: `*.example` as a
//! dNSName, an address without its mask. A name that is malformed lies outside of what is permitted, and inside of what is
//! excluded, for its form. So does a directoryName that differs from what is excluded in TeletexString alone, which §7.1 does
//! not compare as text.

mod host;
mod subtree;

use std::iter;

use self::subtree::{Subject, Subtree};
use super::certificate::Certificate;
use super::extension::ExtensionError;
use super::general_name::GeneralName;
use crate::budget::{Budget, Exhausted, Limits, Resource};
use crate::encoding::der::{self, DerError, DerErrorKind, Reader, Tag, Value};
use crate::oid;

/// The names a CA may certify, itself or through the CAs below it.
#[derive(Debug, Clone)]
pub struct NameConstraints {
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
}

impl NameConstraints {
    /// Reads the value of the extension: one complete DER `NameConstraints`.
    ///
    /// # Errors
    /// [`ExtensionError::Der`] for what is not that type, such as `30 00` (no subtrees); [`ExtensionError::Subtree`] for a
    /// dNSName `*.example`.
    pub fn from_der(input: &[u8]) -> Result<Self, ExtensionError> {
        der::check(input, &Limits::default())?;
        Self::read(&Reader::new(input).read_any()?)
    }

    /// Compares one name with the subtrees of its form: `Ok(None)` if it is permitted and not excluded.
    ///
    /// # Errors
    /// [`Exhausted`] when `budget` has no [`Resource::NameComparisons`] left.
    pub fn check(&self, name: &GeneralName, budget: &mut Budget) -> Result<Option<NameViolation>, Exhausted> {
        self.check_subject(&Subject::new(name), budget)
    }

    pub(super) fn read(value: &Value<'_>) -> Result<Self, ExtensionError> {
        let mut fields = value.with_tag(Tag::SEQUENCE)?.reader();
        let permitted = fields.optional(Tag::context_constructed(0))?;
        let excluded = fields.optional(Tag::context_constructed(1))?;
        fields.finish()?;
        if permitted.is_none() && excluded.is_none() {
            let kind = DerErrorKind::Missing { expected: Tag::context_constructed(0) };
            return Err(DerError::new(kind, value.contents_offset()).into());
        }
        let read = |subtrees: Option<Value<'_>>| subtrees.map_or(Ok(Vec::new()), |subtrees| read_subtrees(&subtrees));
        Ok(Self { permitted: read(permitted)?, excluded: read(excluded)? })
    }

    fn check_subject(&self, subject: &Subject<'_>, budget: &mut Budget) -> Result<Option<NameViolation>, Exhausted> {
        let form = subject.form();
        // Every pair counts, before it is known whether the forms agree and where the search ends, so that the cost is the
        // product of what was presented.
        for _ in self.excluded.iter().chain(&self.permitted) {
            budget.draw(Resource::NameComparisons)?;
        }
        for subtree in self.excluded.iter().filter(|subtree| subtree.form() == form) {
            match subtree.excludes(subject) {
                None => return Ok(Some(NameViolation::FormNotSupported)),
                Some(true) => return Ok(Some(NameViolation::Excluded)),
                Some(false) => {}
            }
        }
        let mut is_constrained = false;
        for subtree in self.permitted.iter().filter(|subtree| subtree.form() == form) {
            match subtree.permits(subject) {
                None => return Ok(Some(NameViolation::FormNotSupported)),
                Some(true) => return Ok(None),
                Some(false) => is_constrained = true,
            }
        }
        Ok(is_constrained.then_some(NameViolation::NotPermitted))
    }
}

/// §6.1.3 (b) and (c): the names of `certificate` lie within the permitted and outside the excluded subtrees of all
/// `constraints` above it. `Ok(Some(..))` is the first name that does not.
///
/// The names are a subject that is not empty, the names in subjectAltName, and the mail addresses among the subject's
/// attributes, which §4.2.1.10 counts as rfc822Names in certificates without others; here they always count.
pub(super) fn check(
    certificate: &Certificate,
    constraints: &[&NameConstraints],
    budget: &mut Budget,
) -> Result<Option<(GeneralName, NameViolation)>, Exhausted> {
    if constraints.is_empty() {
        return Ok(None);
    }
    let subject = certificate.subject();
    let directory_name = iter::once(subject).filter(|name| !name.is_empty()).cloned().map(GeneralName::DirectoryName);
    let addresses = subject
        .attributes()
        .filter(|attribute| *attribute.attribute_type() == oid::AT_EMAIL_ADDRESS)
        .map(|attribute| GeneralName::Rfc822Name(attribute.text().unwrap_or_default().into()));
    let own: Vec<GeneralName> = directory_name.chain(addresses).collect();
    for name in own.iter().chain(certificate.subject_alt_name()) {
        let subject = Subject::new(name);
        for constraint in constraints {
            if let Some(violation) = constraint.check_subject(&subject, budget)? {
                return Ok(Some((name.clone(), violation)));
            }
        }
    }
    Ok(None)
}

/// How a name breaks name constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameViolation {
    /// The name is within no permitted subtree of its form, of a certificate that has such.
    #[error("within no permitted subtree")]
    NotPermitted,
    /// The name is within an excluded subtree.
    #[error("within an excluded subtree")]
    Excluded,
    /// Names of this form are constrained, and this crate cannot compare them.
    #[error("of a form that is constrained and cannot be compared")]
    FormNotSupported,
}

fn read_subtrees(subtrees: &Value<'_>) -> Result<Vec<Subtree>, ExtensionError> {
    let mut reader = subtrees.reader();
    let mut read = Vec::new();
    while read.is_empty() || !reader.is_empty() {
        let mut fields = reader.read(Tag::SEQUENCE)?.reader();
        let base = fields.read_any()?;
        // `minimum` is 0, its DEFAULT, and `maximum` is absent, in this profile.
        fields.finish()?;
        let form = GeneralName::read(&base)?;
        let refused = ExtensionError::Subtree { form: form.form(), offset: base.offset() };
        read.push(Subtree::new(form).ok_or(refused)?);
    }
    Ok(read)
}
