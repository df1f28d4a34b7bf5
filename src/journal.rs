//! The issue journal: what an entity issued under which number, in a log that cannot be rewritten unseen.
//!
//! A key in the wrong hands signs documents that no signature check tells from true ones. The journal tells: every number
//! that an entity gives out is an entry of an append-only log (RFC 9162), whose tree heads are signed and time-stamped and
//! held by others too. Whoever has the entries and a head can [audit](Audit) them: no number was used twice, none is
//! missing, time never ran backwards, and nothing that an earlier head covers was changed.
//!
//! ```text
//! entry     = { "type": "wathiqa-journal-entry/1", "number": DocumentNumber, "time": instant, "key": base64url,
//!               ("outcome": "issued", "sha256": base64url / "outcome": "void") }
//! tree-head = { "type": "wathiqa-tree-head/1", "issuer": EntityCode, "time": instant, "treeSize": integer,
//!               "root": base64url, ["open": [ 1*DocumentNumber ]] }
//! instant   = RFC 3339 in UTC with "Z", whole seconds
//! ```
//! `sha256` is the digest of the document's own octets, the payload that is signed, so that a signature may be augmented
//! later; `key` the digest of the SubjectPublicKeyInfo of the key that was to sign. A number is **reserved**, then
//! **issued** or **void**; one that is reserved when a head is made stands under `open` there. Serials of a kind and year
//! begin at 1, and a gap that is neither void nor open is missing.
//!
//! **Accepted**: one spelling, the one written: members in this order, no white space; `open` ascending. **Refused**:
//! everything else.
//!
//! [`InclusionProof`](crate::merkle::InclusionProof) and [`ConsistencyProof`](crate::merkle::ConsistencyProof) say for one
//! entry, and for one earlier head, what an audit says for all. Two documents with one number are [`Exhibits`], which a
//! third party checks with [`Verifier::verify_conflict`](crate::verify::Verifier::verify_conflict).
//!
//! With the feature `issue`, `Journal` keeps one over any [`JournalStore`]; [`MemoryStore`] is the one for tests.

mod audit;
mod audit_error;
mod entry;
mod error;
mod exhibit;
#[cfg(feature = "issue")]
mod keeping;
mod memory_store;
mod store;
mod tree_head;

#[cfg(test)]
mod tests;

pub use audit::{Audit, AuditedJournal, JournalFault};
pub use audit_error::AuditError;
pub use entry::{Entry, EntryOutcome};
pub use error::JournalError;
pub use exhibit::{Exhibit, Exhibits, RecordedEntry};
#[cfg(feature = "issue")]
pub use keeping::{Journal, KeepingError};
pub use memory_store::{MemoryStore, MemoryTransaction};
pub use store::{JournalStore, JournalTransaction, Series};
pub use tree_head::{TreeHead, VerifiedTreeHead};

/// The media type of a tree head, without `application/`, as the header member `cty` has it (RFC 7515 §4.1.10).
pub const MEDIA_TYPE: &str = "vnd.wathiqa.tree-head+json";
