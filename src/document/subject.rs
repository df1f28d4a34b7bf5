//! The person or body a document is about.

use serde_json::Value;

use crate::encoding::excerpt;

use super::free_text;
use super::member::{MemberError, MemberFault, Members};
use super::name::is_namespaced;

/// The person or body a document is about: a name and, where there is one, an identifier.
///
/// ```
/// use wathiqa::document::Subject;
/// let subject = Subject::new("ليلى حداد")?.with_identifier("sy.gov.example.national-number", "01010012345")?;
/// assert_eq!(subject.name(), "ليلى حداد");
/// # Ok::<(), wathiqa::document::MemberError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Subject {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<SubjectIdentifier>,
}

impl Subject {
    /// A subject with a name only.
    ///
    /// # Errors
    /// [`MemberError`] for a name that is blank or has controls, such as a line break.
    pub fn new(name: impl Into<String>) -> Result<Self, MemberError> {
        Ok(Self { name: free_text::check("name", name.into())?, identifier: None })
    }

    /// The same subject with the identifier `value` of the scheme `scheme`.
    ///
    /// # Errors
    /// [`MemberError`] for a scheme without a namespace (`national-number`), and a value that is blank or has controls.
    pub fn with_identifier(self, scheme: impl Into<String>, value: impl Into<String>) -> Result<Self, MemberError> {
        let identifier =
            SubjectIdentifier::new(scheme.into(), value.into()).map_err(|error| error.within("identifier"))?;
        Ok(Self { identifier: Some(identifier), ..self })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The identifier.
    #[must_use]
    pub fn identifier(&self) -> Option<&SubjectIdentifier> {
        self.identifier.as_ref()
    }

    pub(super) fn read(value: Value) -> Result<Self, MemberError> {
        let mut members = Members::of(value)?;
        let subject = Self::new(members.text("name")?)?;
        let identifier = members.optional("identifier").map(SubjectIdentifier::read).transpose();
        let identifier = identifier.map_err(|error| error.within("identifier"))?;
        members.finish()?;
        Ok(Self { identifier, ..subject })
    }
}

/// An identifier, and the scheme that says whom it identifies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct SubjectIdentifier {
    scheme: String,
    value: String,
}

impl SubjectIdentifier {
    /// The name of the scheme: a reversed domain or a URI, compared octet by octet.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The identifier within the scheme.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    fn new(scheme: String, value: String) -> Result<Self, MemberError> {
        if !is_namespaced(&scheme) {
            return Err(MemberError::new("scheme", MemberFault::NoNamespace { found: excerpt(&scheme) }));
        }
        Ok(Self { scheme, value: free_text::check("value", value)? })
    }

    fn read(value: Value) -> Result<Self, MemberError> {
        let mut members = Members::of(value)?;
        let identifier = Self::new(members.text("scheme")?, members.text("value")?)?;
        members.finish()?;
        Ok(identifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_a_name_and_perhaps_an_identifier() {
        let subject = Subject::new("بلدية حلب").unwrap();
        assert_eq!((subject.name(), subject.identifier()), ("بلدية حلب", None));
        let subject = subject.with_identifier("urn:example:body", "17/2").unwrap();
        let identifier = subject.identifier().unwrap();
        assert_eq!((identifier.scheme(), identifier.value()), ("urn:example:body", "17/2"));
        assert_eq!(Subject::read(serde_json::to_value(&subject).unwrap()), Ok(subject.clone()));

        let refused = |result: Result<Subject, MemberError>| result.unwrap_err().to_string();
        assert_eq!(refused(Subject::new(" ")), "document member name: blank");
        assert_eq!(
            refused(subject.clone().with_identifier("passport", "1")),
            "document member identifier.scheme: \"passport\" has no namespace, expected a name such as \
             sy.gov.example.name or a URI"
        );
        assert_eq!(
            refused(subject.with_identifier("urn:x", "1\n")),
            "document member identifier.value: character 2 is a control (U+000A)"
        );
    }
}
