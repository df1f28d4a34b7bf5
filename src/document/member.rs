//! Members of JSON objects, taken one by one and by type, until none is left.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::codes::CodeError;
use crate::digest::{DigestAlgorithm, DigestLengthError};
use crate::encoding::base64::Base64Error;
use crate::encoding::excerpt;
use crate::encoding::json;
use crate::time::TimeError;

use super::language::LanguageTagError;

/// A member of a document is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("document member {member}: {fault}")]
#[non_exhaustive]
pub struct MemberError {
    /// Where: `title`, `attachments[0].size`.
    pub member: String,
    /// What is wrong.
    pub fault: MemberFault,
}

impl MemberError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    pub(super) fn new(member: &str, fault: MemberFault) -> Self {
        Self { member: member.to_owned(), fault }
    }

    /// The same error, of `outer` itself when it names no member, else of the member inside `outer`.
    pub(super) fn within(self, outer: &str) -> Self {
        let dot = if self.member.is_empty() { "" } else { "." };
        Self { member: format!("{outer}{dot}{}", self.member), ..self }
    }
}

/// What is wrong with a member. Texts are kept to 48 characters, controls escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MemberFault {
    /// It must be there and is not.
    #[error("missing")]
    Missing,
    /// It is there and nothing of that name may be.
    #[error("not known, and not an extension, whose name would have a namespace such as sy.gov.example.name")]
    Unknown,
    /// Another JSON type; `null` is a type of its own and never stands for an absent member.
    #[error("{found}, expected {expected}")]
    WrongType {
        /// The type found, with its article.
        found: &'static str,
        /// The type expected, with its article.
        expected: &'static str,
    },
    /// Not a code of the scheme.
    #[error("{0}")]
    Code(CodeError),
    /// Not a time, or a period that ends before it starts.
    #[error("{0}")]
    Time(TimeError),
    /// A time spelled in another way than UTC in whole seconds.
    #[error("\"{found}\", expected \"{expected}\"")]
    TimeSpelling {
        /// The text found.
        found: String,
        /// The one spelling of that time.
        expected: String,
    },
    /// Not a BCP 47 language tag.
    #[error("{0}")]
    Language(LanguageTagError),
    /// Nothing but white space.
    #[error("blank")]
    Blank,
    /// A control character or a line separator in a text of one line.
    #[error("character {position} is a control (U+{:04X})", u32::from(*.found))]
    Control {
        /// Where it stands, from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// A name that leads out of the folder it is saved in.
    #[error("\"{found}\" is a path, expected a name")]
    Path {
        /// The name.
        found: String,
    },
    /// The name of an identifier scheme has no namespace.
    #[error("\"{found}\" has no namespace, expected a name such as sy.gov.example.name or a URI")]
    NoNamespace {
        /// The name.
        found: String,
    },
    /// Not a URI of RFC 3986 with a scheme.
    #[error("\"{found}\" is not a URI such as https://example.org/a")]
    Uri {
        /// The text.
        found: String,
    },
    /// Not a media type of RFC 6838.
    #[error("\"{found}\" is not a media type such as application/pdf")]
    MediaType {
        /// The text.
        found: String,
    },
    /// A code that does not stand behind the one before it.
    #[error("codes must ascend, each once")]
    Order,
    /// Larger than the integers that every JSON reader keeps exactly (RFC 7493 §2.2).
    #[error("{found}, expected at most {max}")]
    TooLarge {
        /// The number.
        found: u64,
        /// The most.
        max: u64,
    },
    /// Not base64url.
    #[error("{0}")]
    Base64(Base64Error),
    /// Not as many octets as the digest has.
    #[error("{0}")]
    DigestLength(DigestLengthError),
    /// A digest by another algorithm.
    #[error("a digest by {found}, expected {}", DigestAlgorithm::Sha256)]
    DigestAlgorithm {
        /// The algorithm of the digest given.
        found: DigestAlgorithm,
    },
    /// Two attachments with one name.
    #[error("\"{name}\" is also the name of attachments[{earlier}]")]
    NameTwice {
        /// The name.
        name: String,
        /// The position of the first, from 0.
        earlier: usize,
    },
    /// An extension that is not what the caller asked for.
    #[error("{0}")]
    Shape(String),
    /// A value of the caller that JSON cannot hold, such as a map whose keys are not texts.
    #[error("cannot be written as JSON: {0}")]
    NotJson(String),
}

impl MemberFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "document-member-missing",
            Self::Unknown => "document-member-unknown",
            Self::WrongType { .. } => "document-member-type",
            Self::Code(error) => error.code(),
            Self::Time(_) => "document-time",
            Self::TimeSpelling { .. } => "document-time-spelling",
            Self::Language(error) => error.code(),
            Self::Blank => "document-text-blank",
            Self::Control { .. } => "document-text-control",
            Self::Path { .. } => "document-attachment-path",
            Self::NoNamespace { .. } => "document-no-namespace",
            Self::Uri { .. } => "document-uri",
            Self::MediaType { .. } => "document-media-type",
            Self::Order => "document-code-order",
            Self::TooLarge { .. } => "document-integer-too-large",
            Self::Base64(error) => error.code(),
            Self::DigestLength(_) => "document-digest-length",
            Self::DigestAlgorithm { .. } => "document-digest-algorithm",
            Self::NameTwice { .. } => "document-attachment-name-twice",
            Self::Shape(_) => "document-extension-shape",
            Self::NotJson(_) => "document-not-json",
        }
    }
}

/// The members of an object that nobody has taken yet.
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// The members of `value`. The error names no member: [`MemberError::within`] says which it is.
    pub(super) fn of(value: Value) -> Result<Self, MemberError> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            other => Err(wrong_type("", &other, "an object")),
        }
    }

    /// Takes a member that may be absent.
    pub(super) fn optional(&mut self, member: &str) -> Option<Value> {
        self.0.remove(member)
    }

    /// Takes a text that must be there.
    pub(super) fn text(&mut self, member: &str) -> Result<String, MemberError> {
        text(member, self.required(member)?)
    }

    /// Takes a text that may be absent.
    pub(super) fn optional_text(&mut self, member: &str) -> Result<Option<String>, MemberError> {
        self.optional(member).map(|value| text(member, value)).transpose()
    }

    /// Takes an integer that must be there; a fraction that has no fractional part is still not one.
    pub(super) fn integer(&mut self, member: &str) -> Result<u64, MemberError> {
        let value = self.required(member)?;
        match (value.as_u64(), &value) {
            (Some(integer), _) => Ok(integer),
            (None, Value::Number(number)) if number.is_i64() => {
                let (found, expected) = ("a negative integer", "an integer");
                Err(MemberError::new(member, MemberFault::WrongType { found, expected }))
            }
            (None, other) => Err(wrong_type(member, other, "an integer")),
        }
    }

    /// Takes an array that may be absent.
    pub(super) fn optional_array(&mut self, member: &str) -> Result<Vec<Value>, MemberError> {
        match self.optional(member) {
            None => Ok(Vec::new()),
            Some(Value::Array(elements)) => Ok(elements),
            Some(other) => Err(wrong_type(member, &other, "an array")),
        }
    }

    /// Takes every member left whose name is one of those that `wanted` wants.
    pub(super) fn take_all(&mut self, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Value> {
        let mut taken = BTreeMap::new();
        for (name, value) in std::mem::take(&mut self.0) {
            if wanted(&name) {
                taken.insert(name, value);
            } else {
                self.0.insert(name, value);
            }
        }
        taken
    }

    /// Makes sure that nothing is left.
    pub(super) fn finish(self) -> Result<(), MemberError> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(MemberError::new(&excerpt(name), MemberFault::Unknown)),
        }
    }

    /// Takes a member that must be there.
    pub(super) fn required(&mut self, member: &str) -> Result<Value, MemberError> {
        self.optional(member).ok_or_else(|| MemberError::new(member, MemberFault::Missing))
    }
}

fn text(member: &str, value: Value) -> Result<String, MemberError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_type(member, &other, "a string")),
    }
}

fn wrong_type(member: &str, found: &Value, expected: &'static str) -> MemberError {
    MemberError::new(member, MemberFault::WrongType { found: json::kind_of(found), expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(value: Value) -> Members {
        Members::of(value).ok().unwrap()
    }

    #[test]
    fn what_is_taken_is_taken_by_type() {
        let mut some = members(serde_json::json!({
            "text": "x", "null": null,
            "minus": -1, "half": 0.5, "one": 1.0, "most": u64::MAX, "list": [1], "flag": true,
        }));
        assert_eq!(some.text("text"), Ok("x".to_owned()));
        assert_eq!(some.integer("most"), Ok(u64::MAX));
        let refused = |result: Result<u64, MemberError>| result.unwrap_err().to_string();
        assert_eq!(refused(some.integer("minus")), "document member minus: a negative integer, expected an integer");
        assert_eq!(refused(some.integer("half")), "document member half: a fraction, expected an integer");
        assert_eq!(refused(some.integer("one")), "document member one: a fraction, expected an integer");
        assert_eq!(refused(some.integer("text")), "document member text: missing");
        let error = some.optional_text("null").unwrap_err().within("subject");
        assert_eq!(error.to_string(), "document member subject.null: null, expected a string");
        assert_eq!(some.optional_text("null"), Ok(None));
        assert_eq!(some.optional_array("list").map(|list| list.len()), Ok(1));
        let error = Members::of(Value::Bool(true)).err().unwrap().within("subject");
        assert_eq!(error.to_string(), "document member subject: a boolean, expected an object");
        let message = "document member flag: not known, and not an extension, whose name would have a namespace such as \
                       sy.gov.example.name";
        assert_eq!(some.finish().unwrap_err().to_string(), message);
    }
}
