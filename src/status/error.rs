//! Why a status list is none.

use crate::codes::CodeError;
use crate::encoding::base64::Base64Error;
use crate::encoding::json::{JsonError, MemberTypeError};
use crate::status::{ChangeFault, StatusType};
use crate::time::{Instant, TimeError};

/// Why octets are not a status list, or a list cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusListError {
    /// Not JSON that this crate accepts, or not an object.
    #[error("status list: {0}")]
    Json(#[from] JsonError),
    /// Another type of data, or another version of this one.
    #[error("status list: type is \"{found}\", expected wathiqa-status-list/1")]
    Type {
        /// The type found, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// A member of another JSON type.
    #[error("status list: {0}")]
    MemberType(#[from] MemberTypeError),
    /// A member that must be there and is not.
    #[error("status list: member \"{member}\" is missing")]
    Missing {
        /// Its name.
        member: &'static str,
    },
    /// A member that nothing is known of.
    #[error("status list: member \"{member}\" is not known")]
    Unknown {
        /// Its name, at most 48 characters of it, controls escaped.
        member: String,
    },
    /// Not a code of the scheme.
    #[error("status list: member \"{member}\": {error}")]
    Code {
        /// The member.
        member: &'static str,
        /// What is wrong with the code.
        error: CodeError,
    },
    /// The name of the list is not a URI.
    #[error("status list: \"{found}\" is not a URI")]
    Uri {
        /// The text, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// A time out of range, or with a fraction of a second that a list cannot say.
    #[error("status list: member \"{member}\": {error}")]
    Time {
        /// The member.
        member: &'static str,
        /// What is wrong with it.
        error: TimeError,
    },
    /// A time with a fraction of a second, which a list cannot say.
    #[error("status list: {at} is not a whole number of seconds")]
    Fraction {
        /// The time.
        at: Instant,
    },
    /// Negative where only a positive number means something.
    #[error("status list: member \"{member}\" is {found}")]
    Negative {
        /// The member.
        member: &'static str,
        /// The number.
        found: i64,
    },
    /// It ends before it begins.
    #[error("status list: issued at {issued_at}, expires {expires}")]
    ExpiresBeforeIssue {
        /// When it was issued.
        issued_at: Instant,
        /// When it ends.
        expires: Instant,
    },
    /// No way to divide an octet.
    #[error("status list: {found} bits for a status, expected 1, 2, 4 or 8")]
    Bits {
        /// The number.
        found: i64,
    },
    /// The array is not base64url.
    #[error("status list: the array: {0}")]
    Base64(#[from] Base64Error),
    /// The array is not a zlib stream.
    #[error("status list: the array is no zlib stream: {fault}")]
    Zlib {
        /// What is wrong with it.
        fault: &'static str,
    },
    /// The array has more octets than [`Limits::status_list_octets`](crate::budget::Limits::status_list_octets).
    #[error("status list: the array has more than {limit} octets")]
    ArrayTooLarge {
        /// The limit.
        limit: usize,
    },
    /// Something follows the zlib stream.
    #[error("status list: {count} octets behind the zlib stream")]
    TrailingOctets {
        /// How much.
        count: usize,
    },
    /// The changes of an entry contradict each other or the array.
    #[error("status list, entry {index}: {fault}")]
    Change {
        /// The entry.
        index: u64,
        /// What is wrong.
        fault: ChangeFault,
    },
    /// A status that has no room in the bits of the list.
    #[error("status list, entry {index}: {status} does not fit {bits} bits")]
    DoesNotFit {
        /// The entry.
        index: u64,
        /// The status.
        status: StatusType,
        /// The bits of each entry.
        bits: u8,
    },
}

impl StatusListError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Type { .. } => "status-list-type",
            Self::MemberType(_) => "status-list-member-type",
            Self::Missing { .. } => "status-list-member-missing",
            Self::Unknown { .. } => "status-list-member-unknown",
            Self::Code { error, .. } => error.code(),
            Self::Uri { .. } => "status-list-uri",
            Self::Time { .. } | Self::Fraction { .. } => "status-list-time",
            Self::Negative { .. } => "status-list-negative",
            Self::ExpiresBeforeIssue { .. } => "status-list-expires-before-issue",
            Self::Bits { .. } => "status-list-bits",
            Self::Base64(error) => error.code(),
            Self::Zlib { .. } => "status-list-zlib",
            Self::ArrayTooLarge { .. } => "status-list-too-large",
            Self::TrailingOctets { .. } => "status-list-trailing-octets",
            Self::Change { .. } => "status-list-change",
            Self::DoesNotFit { .. } => "status-list-does-not-fit",
        }
    }
}
