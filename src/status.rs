//! Status lists: whether a document that was rightly signed was withdrawn since (draft-ietf-oauth-status-list).
//!
//! A signature holds for ever; a document may be revoked, suspended, or replaced by another. Its issuer says so in a list
//! of a few bits for each document. The document names the list and its place there
//! ([`StatusReference`](crate::document::StatusReference)), so that withdrawing one touches that one alone, and a list of a
//! million documents of which none was withdrawn is a hundred octets.
//!
//! The list is a payload of [its own type](MEDIA_TYPE), signed by the issuer as documents are. Its claims are those of the
//! draft's §5.1, with its `iss`, the `type` of all payloads of this crate, and since when an entry is what it is:
//!
//! ```text
//! status-list = { "type": "wathiqa-status-list/1", "iss": EntityCode, "sub": URI, "iat": seconds, "exp": seconds,
//!                 ["ttl": seconds,] "status_list": { "bits": 1 / 2 / 4 / 8, "lst": base64url(zlib(array)) },
//!                 ["changes": [ 1*change ]] }
//! change      = { "idx": integer, "status": 0 / 1 / 2 / 3, "since": seconds, ["by": DocumentNumber] }
//! seconds     = whole seconds since 1970 (RFC 7519 NumericDate); of "ttl" from "iat"
//! ```
//! In the array the place of index 0 is the least significant bits of the first octet. A value is 0 valid, 1 revoked,
//! 2 suspended, or 3, which the draft leaves to the application and which is superseded here.
//!
//! **Accepted**: members in any order; a list without `ttl` or `changes`; values without a change, which say no since
//! when. **Ignored**: nothing. **Rejected**, each with its reason: a member that is missing, of another type or unknown
//! (`aggregation_uri` too, for nothing is fetched here); a stream that is not zlib, is longer than
//! [`Limits::status_list_octets`](crate::budget::Limits::status_list_octets), or has octets behind it; changes out of order, after `iat`,
//! out of what is final (revoked, superseded), that change nothing, or do not end in the value of the array.
//!
//! An index with changes has all its changes, so that [`StatusList::status_at`] answers for a past time. A list is opened
//! by [`Verifier::open_status_list`](crate::verify::Verifier::open_status_list) and given as evidence. How old it may be, and
//! what becomes of a document whose list is not at hand, is said by [`StatusSettings`].

mod array;
mod change;
#[cfg(feature = "issue")]
mod editor;
mod error;
mod inflation;
mod judgement;
mod list;
mod reading;
#[cfg(feature = "issue")]
mod writing;

#[cfg(test)]
mod tests;

pub use array::{StatusArray, StatusBits, StatusType};
pub use change::{Change, ChangeFault};
#[cfg(feature = "issue")]
pub use editor::StatusListEditor;
pub use error::StatusListError;
pub(crate) use judgement::judge;
pub use judgement::{MissingStatusList, StaleStatusList, StatusError, StatusSettings};
pub use list::{StatusList, VerifiedStatusList};

/// The media type of a status list, without `application/`, as the header member `cty` has it (RFC 7515 §4.1.10).
///
/// Not the draft's `statuslist+jwt`, which is the type of a whole JWT: this is the payload of a JAdES signature, and what
/// is signed as a document can never be shown as a list.
pub const MEDIA_TYPE: &str = "vnd.wathiqa.status-list+json";
