//! This library beside its peers: random certification paths judged by it, by `certval` and by `openssl verify`.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`random`] | numbers from a seed |
//! | [`specification`] | certificates as data, and their DER |
//! | [`generator`] | chains that hold, and what may go wrong with them |
//! | [`judges`] | who judges |
//! | [`features`] | what a chain has, in words |
//! | [`excuses`] | why a peer may differ, written in those words |
//!
//! A workspace of its own: what the peers pull in is no part of the library's tree. `tests/differential.rs` judges,
//! `benches/path.rs` measures.

pub mod excuses;
pub mod features;
pub mod generator;
pub mod judges;
pub mod random;
pub mod specification;
