//! This library beside its peers: random certification paths judged by it, by `certval` and by `openssl verify`; documents
//! verified by it, by `jades`, by what the crate `openssl` has, and by `josekit`.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`random`] | numbers from a seed |
//! | [`specification`] | certificates as data, and their DER |
//! | [`generator`] | chains that hold, and what may go wrong with them |
//! | [`judges`] | who judges chains |
//! | [`features`] | what a chain has, in words |
//! | [`excuses`] | why a peer may differ, written in those words |
//! | [`parts`] | a signed document in its parts |
//! | [`workshop`] | documents that hold, and what may be wrong with them |
//! | [`archive`] | documents of a hundred signers |
//! | [`verifiers`] | who verifies documents |
//!
//! A workspace of its own: what the peers pull in is no part of the library's tree. `tests/differential.rs` judges chains and
//! `tests/documents.rs` documents; `benches/path.rs` and `benches/bulk.rs` measure. `README.md` has the figures. The feature
//! `openssl` adds the peers that need OpenSSL's library on the machine.

pub mod archive;
#[path = "../../../examples/throughput/documents.rs"]
mod documents;
pub mod excuses;
pub mod features;
pub mod generator;
pub mod judges;
pub mod parts;
pub mod random;
pub mod specification;
pub mod verifiers;
pub mod workshop;
