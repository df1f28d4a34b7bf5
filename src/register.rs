//! The register of entities: who may issue what, signed.
//!
//! A valid signature says which key signed. The register says whose key that was, and what its holder was entitled to: for
//! every entity that ever had a code, the dated events of its life. It is a JSON document of its own media type, signed
//! with JAdES by several root keys, after the shape of the lists of trusted entities of ETSI TS 119 602.
//!
//! ```text
//! register    = { "type": "wathiqa-register/1", "listInformation": information, "entities": [ *entity ] }
//! information = { "sequenceNumber": integer, ["previousIssue": { "algorithm": "SHA-256" / "SHA-384" / "SHA-512",
//!                 "value": base64url }], "issuedAt": instant, "nextUpdate": instant }
//! entity      = { "code": EntityCode, "history": [ 1*event ] }            ; ascending codes, each once
//! event       = { "event": word, "effective": instant, "recorded": instant, *(member of the event) }
//! instant     = RFC 3339 in UTC with "Z", whole seconds
//! ```
//!
//! | event | its members | |
//! | --- | --- | --- |
//! | `created` | `names`, `parent`? | the first of every entity, and of none the second |
//! | `renamed` | `names` | an object: language tag (RFC 5646) to name; replaces all |
//! | `reparented` | `parent`? | without one: belongs to none |
//! | `merged-into` | `successor` | the entity ends |
//! | `split-from` | `origin` | of the new entity; the other may go on |
//! | `abolished` | `successors`? | the entity ends |
//! | `suspended`, `resumed` | | |
//! | `key-added`, `key-revoked` | `key` | base64url of SHA-256 of the SubjectPublicKeyInfo |
//! | `kind-granted`, `kind-withdrawn` | `kind` | kinds of documents it may issue |
//! | `service-granted`, `service-withdrawn` | `service` | services for which it may issue |
//!
//! | TS 119 602 | here |
//! | --- | --- |
//! | LoTEVersionIdentifier, LoTEType | `type` |
//! | LoTESequenceNumber, ListIssueDateTime, NextUpdate | `sequenceNumber`, `issuedAt`, `nextUpdate` |
//! | TrustedEntitiesList, TEInformation (TEName) | `entities`, `names` |
//! | ServiceDigitalIdentity, ServiceStatus, StatusStartingTime, ServiceHistory | events: nothing is ever overwritten |
//! | HistoricalInformationPeriod | none: history is for ever |
//!
//! **A history** stands in the order of recording and is appended to, never changed: a code that was given stays given, so
//! no new body can inherit the letters of an old one. What an event says holds from `effective` on, which may lie before
//! `recorded` or after it. Replayed in the order of `effective` the events of an entity must make sense, and so must they
//! beside those of the others: see [`HistoryFault`] for what is refused, by the reader as by the [`RegisterEditor`].
//!
//! **Keys** are listed by digest of the public key, not of a certificate: a certificate that is renewed leaves the
//! register as it is, and one that a CA issues for another key is still not listed. A key belongs to one entity for ever.
//!
//! **A [`Register`]** is an issue that enough root keys signed, so having one is the proof of that; how many is said by the
//! [`RegisterPolicy`](crate::policy::RegisterPolicy). `Register::open` verifies one issue, `Register::advance` takes the one
//! that follows and nothing else: an older issue, another of the same number, one in which history was changed, and the same
//! one when the next is due are each an error of its own. Keep the last issue seen and advance from it.
//!
//! **Questions** are of a time: [`RegisterIssue::require_entity`] and its kin are pure functions of the register, an entity,
//! a key, kind or service, and a time, each two searches in ordered maps; [`RegisterIssue::require_document`] asks them all. They are what a verifier asks about a document at
//! its proven time. What a register does not have, for it is older than that time, it cannot deny: then the verdict is
//! indeterminate.
//!
//! **Accepted**: members in any order. **Refused**: a member that is missing, not known, stands twice or belongs to another
//! event; `null`; codes that do not ascend; a digest by SHA-1.

mod answer;
mod editor;
mod entities;
mod entity;
mod error;
mod event;
mod issue;
mod questions;
mod raw;
mod reading;
#[cfg(test)]
mod tests;
mod timeline;
mod verified;
mod writing;

pub use answer::RegisterFault;
pub use editor::RegisterEditor;
pub use entity::{EntityHistory, Existence};
pub use error::{HistoryError, HistoryFault, RegisterFormatError, RegisterMemberFault};
pub use event::{Event, Fact, Names};
pub use issue::{ListInformation, RegisterIssue};
pub use questions::DocumentQuestion;
pub use verified::{Register, SuccessionError};

/// The media type of a register, without `application/`, as the header member `cty` has it (RFC 7515 §4.1.10).
pub const MEDIA_TYPE: &str = "vnd.wathiqa.register+json";

/// The `type` of a register that this crate reads and writes.
pub(crate) const TYPE: &str = "wathiqa-register/1";
