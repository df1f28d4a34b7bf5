//! Why octets are no entry and no tree head.

use crate::codes::CodeError;
use crate::encoding::json::{JsonError, MemberTypeError};

/// Why octets are not an entry of a journal, a tree head, or evidence from one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Not JSON that this crate accepts, or not an object.
    #[error("journal: {0}")]
    Json(#[from] JsonError),
    /// A member of another JSON type.
    #[error("journal: {0}")]
    MemberType(#[from] MemberTypeError),
    /// Another type of data, or another version of this one.
    #[error("journal: type is \"{found}\", expected {expected}")]
    Type {
        /// The type found, at most 48 characters of it, controls escaped.
        found: String,
        /// The type expected.
        expected: &'static str,
    },
    /// A member that must be there and is not.
    #[error("journal: member \"{member}\" is missing")]
    Missing {
        /// Its name.
        member: &'static str,
    },
    /// A member that is not what it must be: a digest of 31 octets, a time with a fraction, a negative size.
    #[error("journal: member \"{member}\" is \"{found}\"")]
    Value {
        /// Its name.
        member: &'static str,
        /// What it is, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// Not a code of the scheme.
    #[error("journal: member \"{member}\": {error}")]
    Code {
        /// Its name.
        member: &'static str,
        /// What is wrong with the code.
        error: CodeError,
    },
    /// It says what it should, in another spelling: a member more, another order, white space.
    #[error("journal: spelled otherwise than it is written, from octet {offset}")]
    Spelling {
        /// The first octet that differs.
        offset: usize,
    },
}

impl JournalError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::MemberType(_) => "journal-member-type",
            Self::Type { .. } => "journal-type",
            Self::Missing { .. } => "journal-member-missing",
            Self::Value { .. } => "journal-value",
            Self::Code { error, .. } => error.code(),
            Self::Spelling { .. } => "journal-spelling",
        }
    }
}
